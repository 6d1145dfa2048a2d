/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match.c - what HTTP and gRPC matching share: the view of a request, headers, query parameters,
 * regular expressions, and the words for what failed.
 */
#include "config.h"

#include "match.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "predicate.h"
#include "rutter/arena.h"
#include "rutter/regex.h"
#include "rutter/str.h"
#include "rutter/url.h"
#include "rutter/vec.h"

#define PARAMS_MAX 4096 /* a 64 KiB query holds more only when it is made to hurt */

enum rt_tri rt_tri_and(enum rt_tri a, enum rt_tri b)
{
	if (a == RT_NO || b == RT_NO)
		return RT_NO;
	return a == RT_YES && b == RT_YES ? RT_YES : RT_UNKNOWN;
}

/* Repeated headers are one header whose values are joined by commas (RFC 9110 §5.3). */
static void init_headers(struct rt_view *v)
{
	RT_VEC(struct rt_header) out = {0};
	for (size_t i = 0; i < v->req->headers.len; i++) {
		struct rt_header h = v->req->headers.v[i];
		const char *name = rt_str_lowered(v->arena, h.name);
		size_t j = 0;
		while (j < out.len && strcmp(out.v[j].name, name) != 0)
			j++;
		if (j == out.len)
			rt_vec_push(&out, v->arena, (struct rt_header){name, h.value});
		else
			out.v[j].value =
			    rt_arena_printf(v->arena, "%s,%s", out.v[j].value, h.value);
	}
	v->headers.v = out.v;
	v->headers.len = out.len;
}

static void init_params(struct rt_view *v)
{
	RT_VEC(struct rt_header) out = {0};
	const char *p = v->req->query;
	while (p && *p && out.len < PARAMS_MAX) {
		size_t len = strcspn(p, "&");
		const char *eq = memchr(p, '=', len);
		size_t name = eq ? (size_t)(eq - p) : len;
		if (len > 0)
			rt_vec_push(&out, v->arena,
			    (struct rt_header){rt_url_decode(v->arena, p, name, true),
				eq ? rt_url_decode(v->arena, eq + 1, len - name - 1, true) : ""});
		p += len + (p[len] == '&');
	}
	v->params.v = out.v;
	v->params.len = out.len;
}

void rt_view_init(struct rt_view *v, struct rt_arena *a, const struct rt_request *req)
{
	*v = (struct rt_view){.req = req, .arena = a};
	init_headers(v);
	init_params(v);
	const char *slash = req->path ? strchr(req->path + 1, '/') : NULL;
	if (slash && slash != req->path + 1 && slash[1] && !strchr(slash + 1, '/')) {
		v->service = rt_arena_strndup(a, req->path + 1, (size_t)(slash - req->path - 1));
		v->rpc = slash + 1;
	}
}

const char *rt_view_header(const struct rt_view *v, const char *name)
{
	for (size_t i = 0; i < v->headers.len; i++)
		if (strcasecmp(v->headers.v[i].name, name) == 0)
			return v->headers.v[i].value;
	return NULL;
}

/* The first of the name. */
static const char *view_param(const struct rt_view *v, const char *name)
{
	for (size_t i = 0; i < v->params.len; i++)
		if (strcmp(v->params.v[i].name, name) == 0)
			return v->params.v[i].value;
	return NULL;
}

static bool repeats(rt_headers list, const char *name, bool ignore_case)
{
	const char *first = NULL;
	for (size_t i = 0; i < list.len; i++) {
		const char *have = list.v[i].name;
		if (ignore_case ? strcasecmp(have, name) != 0 : strcmp(have, name) != 0)
			continue;
		if (first && strcmp(first, list.v[i].value) != 0)
			return true;
		first = first ? first : list.v[i].value;
	}
	return false;
}

const char *rt_view_repeats(const struct rt_view *v, const struct rt_route_match *m)
{
	for (size_t i = 0; i < m->headers.len; i++)
		if (m->headers.v[i].name && repeats(v->req->headers, m->headers.v[i].name, true))
			return rt_arena_printf(v->arena, "header %s", m->headers.v[i].name);
	for (size_t i = 0; i < m->query_params.len; i++)
		if (m->query_params.v[i].name &&
		    repeats(v->params, m->query_params.v[i].name, false))
			return rt_arena_printf(
			    v->arena, "query parameter %s", m->query_params.v[i].name);
	return NULL;
}

bool rt_view_is_grpc(const struct rt_view *v)
{
	if (rt_scheme_is_grpc(v->req->scheme))
		return true;
	const char *type = rt_view_header(v, "content-type");
	return type && v->req->method && strcmp(v->req->method, "POST") == 0 &&
	       strncasecmp(type, "application/grpc", strlen("application/grpc")) == 0;
}

void rt_miss_add(struct rt_miss *miss, enum rt_miss_part part, size_t index)
{
	if (miss->count++ == 0) {
		miss->part = part;
		miss->index = index;
	}
}

/* ------------------------------------------------------------------ comparing */

bool rt_path_prefix(const char *prefix, const char *path)
{
	size_t len = strlen(prefix);
	while (len > 0 && prefix[len - 1] == '/')
		len--;
	return strncmp(path, prefix, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static enum rt_tri try_regex(const char *pattern, unsigned flags, const char *text)
{
	struct rt_regex *re = NULL;
	if (rt_regex_new(pattern, flags, &re, NULL) != RT_OK)
		return RT_UNKNOWN;
	enum rt_tri hit = rt_regex_match(re, text, NULL, 0);
	rt_regex_free(re);
	return hit;
}

enum rt_tri rt_match_regex(const char *pattern, const char *text)
{
	enum rt_tri whole = try_regex(pattern, RT_REGEX_FULL, text);
	if (whole != RT_NO)
		return whole;
	/* Some implementations search, some anchor at the start: where that would match, say so. */
	return try_regex(pattern, 0, text) == RT_NO ? RT_NO : RT_UNKNOWN;
}

static enum rt_tri match_value(const struct rt_name_match *m, const char *have, bool *regex)
{
	if (!have)
		return RT_NO;
	const char *want = m->value ? m->value : "";
	if (!m->type || strcmp(m->type, "Exact") == 0)
		return strcmp(have, want) == 0 ? RT_YES : RT_NO;
	if (strcmp(m->type, "RegularExpression") != 0)
		return RT_NO; /* an unknown type: the rule is not served (gateway-api §4.4) */
	*regex = true;
	return rt_match_regex(want, have);
}

enum rt_tri rt_match_names(
    const struct rt_view *v, const struct rt_route_match *m, struct rt_miss *ret)
{
	enum rt_tri all = RT_YES;
	for (size_t i = 0; i < m->headers.len; i++) {
		const struct rt_name_match *h = &m->headers.v[i];
		if (!h->name || !rt_match_name_counts(m->headers.v, i, true))
			continue;
		enum rt_tri hit = match_value(h, rt_view_header(v, h->name), &ret->regex);
		if (hit != RT_YES)
			rt_miss_add(ret, RT_MISS_HEADER, i);
		all = rt_tri_and(all, hit);
	}
	for (size_t i = 0; i < m->query_params.len; i++) {
		const struct rt_name_match *q = &m->query_params.v[i];
		if (!q->name || !rt_match_name_counts(m->query_params.v, i, false))
			continue;
		enum rt_tri hit = match_value(q, view_param(v, q->name), &ret->regex);
		if (hit != RT_YES)
			rt_miss_add(ret, RT_MISS_QUERY, i);
		all = rt_tri_and(all, hit);
	}
	return all;
}

/* ------------------------------------------------------------------ normalised paths */

/* Dot segments and doubled slashes of an absolute path, in place; false: above the root. */
static bool squeeze(char *path)
{
	char *out = path;
	for (const char *p = path; *p;) {
		size_t len = strcspn(p + 1, "/") + 1; /* "/segment" */
		if (len == 1 && p[1] != '\0') {
			p++; /* doubled slash */
			continue;
		}
		if (len == 2 && p[1] == '.') {
			p += len;
			if (!*p)
				*out++ = '/';
			continue;
		}
		if (len == 3 && p[1] == '.' && p[2] == '.') {
			if (out == path)
				return false;
			while (out > path && *--out != '/')
				;
			p += len;
			if (!*p)
				*out++ = '/';
			continue;
		}
		memmove(out, p, len);
		out += len;
		p += len;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
	return true;
}

const char *rt_path_normalise(struct rt_arena *a, const char *path)
{
	for (const char *p = path; *p; p++)
		if (*p == '%') {
			if (!isxdigit((unsigned char)p[1]) || !isxdigit((unsigned char)p[2]))
				return NULL;
			if (p[1] == '0' && p[2] == '0')
				return NULL;
		}
	char *plain = rt_url_decode(a, path, strlen(path), false);
	if (plain[0] != '/')
		return NULL;
	return squeeze(plain) ? plain : NULL;
}

/* ------------------------------------------------------------------ words */

static const char *value_text(
    struct rt_arena *a, const char *what, const struct rt_name_match *m, const char *have)
{
	bool regex = m->type && strcmp(m->type, "RegularExpression") == 0;
	if (!have)
		return rt_arena_printf(a, "%s %s is absent, it needs %s\"%s\"", what, m->name,
		    regex ? "a match of " : "", m->value ? m->value : "");
	return rt_arena_printf(a, "%s %s is \"%s\", %s \"%s\"", what, m->name, have,
	    regex ? "which does not match" : "not", m->value ? m->value : "");
}

static const char *path_text(
    struct rt_arena *a, const struct rt_view *v, const struct rt_path_match *p)
{
	const char *type = p->type ? p->type : "PathPrefix", *value = p->value ? p->value : "/";
	if (strcmp(type, "Exact") == 0)
		return rt_arena_printf(a, "path %s is not exactly %s", v->req->path, value);
	if (strcmp(type, "RegularExpression") == 0)
		return rt_arena_printf(
		    a, "path %s does not match the whole of %s", v->req->path, value);
	return rt_arena_printf(a, "path %s is not below %s", v->req->path, value);
}

const char *rt_miss_text(struct rt_arena *a, const struct rt_view *v,
    const struct rt_route_match *m, const struct rt_miss *miss)
{
	const struct rt_grpc_method *g = m->grpc;
	const struct rt_name_match *n = NULL;
	switch (miss->part) {
	case RT_MISS_PATH:
		return path_text(a, v, &m->path);
	case RT_MISS_METHOD:
		return rt_arena_printf(a, "method is %s, not %s", v->req->method, m->method);
	case RT_MISS_SERVICE:
		if (!rt_view_is_grpc(v) || !v->service)
			return "the request is not gRPC";
		return rt_arena_printf(a, "service is %s, not %s", v->service ? v->service : "none",
		    g && g->service ? g->service : "");
	case RT_MISS_RPC:
		return rt_arena_printf(a, "gRPC method is %s, not %s", v->rpc ? v->rpc : "none",
		    g && g->method ? g->method : "");
	case RT_MISS_HEADER:
		n = &m->headers.v[miss->index];
		return value_text(a, "header", n, rt_view_header(v, n->name));
	case RT_MISS_QUERY:
		n = &m->query_params.v[miss->index];
		return value_text(a, "query parameter", n, view_param(v, n->name));
	case RT_MISS_NONE:
		break;
	}
	return "nothing";
}
