/* SPDX-License-Identifier: Apache-2.0 */
/*
 * predicate.c - canonical keys of matches and the order of precedence between them.
 */
#include "config.h"

#include "predicate.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rutter/analysis.h"
#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/str.h"
#include "rutter/vec.h"

/* A byte that neither a name nor a value can hold, so that joined parts stay apart. */
#define SEP '\x1f'

static bool same(const char *a, const char *b, bool ignore_case)
{
	return ignore_case ? strcasecmp(a, b) == 0 : strcmp(a, b) == 0;
}

bool rt_match_name_counts(const struct rt_name_match *v, size_t i, bool ignore_case)
{
	for (size_t j = 0; j < i; j++)
		if (v[j].name && v[i].name && same(v[j].name, v[i].name, ignore_case))
			return false;
	return true;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static void put_lower(struct rt_buf *out, const char *s)
{
	for (; *s; s++)
		rt_buf_putc(out, rt_char_lower(*s));
}

/* One "name SEP type SEP value" a counting entry, sorted. */
static void put_names(struct rt_buf *out, struct rt_arena *a, const struct rt_name_match *v,
    size_t len, bool ignore_case)
{
	RT_VEC(const char *) parts = {0};
	for (size_t i = 0; i < len; i++) {
		if (!rt_match_name_counts(v, i, ignore_case))
			continue;
		RT_AUTO_BUF struct rt_buf one = {0};
		if (ignore_case)
			put_lower(&one, or_empty(v[i].name));
		else
			rt_buf_puts(&one, or_empty(v[i].name));
		rt_buf_putc(&one, SEP);
		rt_buf_puts(&one, or_empty(v[i].type));
		rt_buf_putc(&one, SEP);
		rt_buf_puts(&one, or_empty(v[i].value));
		rt_vec_push(&parts, a, rt_arena_strdup(a, rt_buf_str(&one)));
	}
	rt_vec_sort(&parts, rt_str_order);
	for (size_t i = 0; i < parts.len; i++) {
		rt_buf_putc(out, SEP);
		rt_buf_puts(out, parts.v[i]);
	}
	rt_buf_puts(out, "\x1e");
}

size_t rt_prefix_len(const char *value)
{
	size_t n = value ? strlen(value) : 0;
	while (n > 0 && value[n - 1] == '/')
		n--;
	return n;
}

static void put_path(struct rt_buf *out, const struct rt_path_match *p)
{
	const char *type = p->type ? p->type : "PathPrefix", *value = p->value ? p->value : "/";
	bool prefix = strcmp(type, "PathPrefix") == 0;
	rt_buf_puts(out, type);
	rt_buf_putc(out, SEP);
	rt_buf_add(out, value, prefix ? rt_prefix_len(value) : strlen(value));
	rt_buf_puts(out, "\x1e");
}

static void put_grpc(struct rt_buf *out, const struct rt_grpc_method *g)
{
	bool service = g && g->service && g->service[0], method = g && g->method && g->method[0];
	rt_buf_puts(out, (service || method) ? or_empty(g->type) : "");
	rt_buf_putc(out, SEP);
	rt_buf_puts(out, service ? g->service : "");
	rt_buf_putc(out, SEP);
	rt_buf_puts(out, method ? g->method : "");
	rt_buf_puts(out, "\x1e");
}

const char *rt_predicate_key(
    struct rt_arena *a, enum rt_kind route_kind, const struct rt_route_match *m)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	if (route_kind == RT_KIND_GRPC_ROUTE)
		put_grpc(&out, m->grpc);
	else
		put_path(&out, &m->path);
	rt_buf_puts(&out, or_empty(m->method));
	rt_buf_puts(&out, "\x1e");
	put_names(&out, a, m->headers.v, m->headers.len, true);
	put_names(&out, a, m->query_params.v, m->query_params.len, false);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

static void put_names_text(
    struct rt_buf *out, const char *what, const struct rt_name_match *v, size_t len)
{
	bool ignore_case = strcmp(what, "header") == 0;
	for (size_t i = 0; i < len; i++) {
		if (!rt_match_name_counts(v, i, ignore_case))
			continue;
		bool regex = v[i].type && strcmp(v[i].type, "RegularExpression") == 0;
		rt_buf_printf(out, "%s%s %s%s%s", out->len ? ", " : "", what, or_empty(v[i].name),
		    regex ? "~" : "=", or_empty(v[i].value));
	}
}

static void put_grpc_text(struct rt_buf *out, const struct rt_grpc_method *g)
{
	bool service = g && g->service && g->service[0], method = g && g->method && g->method[0];
	if (!service && !method) {
		rt_buf_puts(out, "any RPC");
		return;
	}
	bool regex = g->type && strcmp(g->type, "RegularExpression") == 0;
	rt_buf_printf(out, "%s%s/%s", regex ? "RegularExpression " : "", service ? g->service : "*",
	    method ? g->method : "*");
}

const char *rt_predicate_text(
    struct rt_arena *a, enum rt_kind route_kind, const struct rt_route_match *m)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	if (route_kind == RT_KIND_GRPC_ROUTE)
		put_grpc_text(&out, m->grpc);
	else
		rt_buf_printf(&out, "%s%s%s %s", or_empty(m->method), m->method ? " " : "",
		    m->path.type ? m->path.type : "PathPrefix",
		    m->path.value ? m->path.value : "/");
	put_names_text(&out, "header", m->headers.v, m->headers.len);
	put_names_text(&out, "query", m->query_params.v, m->query_params.len);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

const char *rt_predicate_headers_text(struct rt_arena *a, const struct rt_route_match *m)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	put_names_text(&out, "header", m->headers.v, m->headers.len);
	put_names_text(&out, "query", m->query_params.v, m->query_params.len);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

/* ------------------------------------------------------------------ precedence */

static int64_t counting(const struct rt_name_match *v, size_t len, bool ignore_case)
{
	int64_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += rt_match_name_counts(v, i, ignore_case);
	return n;
}

static int64_t path_class(const char *type)
{
	if (!type || strcmp(type, "PathPrefix") == 0)
		return 0;
	return strcmp(type, "Exact") == 0 ? 2 : 1;
}

static void rank_http(struct rt_rank *r, const struct rt_route_match *m)
{
	r->key[RT_RANK_PATH_TYPE] = path_class(m->path.type);
	/* Only among prefixes does the length count; two Exact that match are equal anyway. */
	r->key[RT_RANK_PATH] = (int64_t)strlen(m->path.value ? m->path.value : "/");
	r->key[RT_RANK_METHOD] = m->method != NULL;
	r->key[RT_RANK_QUERY] = counting(m->query_params.v, m->query_params.len, false);
}

static void rank_grpc(struct rt_rank *r, const struct rt_route_match *m)
{
	if (!m->grpc)
		return;
	r->key[RT_RANK_PATH] = (int64_t)strlen(or_empty(m->grpc->service));
	r->key[RT_RANK_METHOD] = (int64_t)strlen(or_empty(m->grpc->method));
}

struct rt_rank rt_rank_of(const struct rt_route *route, size_t rule, size_t match, const char *host)
{
	const struct rt_route_match *m = NULL;
	struct rt_rank r = {.route = &route->obj, .rule = rule, .match = match};
	size_t len = host ? strlen(host) : 0;
	r.key[RT_RANK_HOST_EXACT] = host && host[0] != '*' ? (int64_t)len : 0;
	r.key[RT_RANK_HOST] = (int64_t)len;
	if (rule >= route->rules.len || match >= rt_rule_matches(&route->rules.v[rule], &m))
		return r;
	if (route->obj.kind == RT_KIND_GRPC_ROUTE)
		rank_grpc(&r, &m[match]);
	else
		rank_http(&r, &m[match]);
	r.key[RT_RANK_HEADERS] = counting(m[match].headers.v, m[match].headers.len, true);
	return r;
}

static int num_cmp(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int rt_rank_cmp(const struct rt_rank *a, const struct rt_rank *b, enum rt_rank_field *ret_field)
{
	enum rt_rank_field ignored;
	enum rt_rank_field *f = ret_field ? ret_field : &ignored;
	int c = 0;

	for (unsigned k = 0; k < RT_RANK_KEYS; k++) {
		*f = (enum rt_rank_field)k;
		c = num_cmp(b->key[k], a->key[k]);
		if (c)
			return c;
	}
	*f = a->route->created == b->route->created ? RT_RANK_NAME : RT_RANK_AGE;
	c = a->route == b->route ? 0 : rt_obj_age_cmp(a->route, b->route);
	if (c == 0)
		c = num_cmp((int64_t)a->route->kind, (int64_t)b->route->kind);
	if (c)
		return c;
	*f = RT_RANK_RULE;
	c = num_cmp((int64_t)a->rule, (int64_t)b->rule);
	if (c)
		return c;
	c = num_cmp((int64_t)a->match, (int64_t)b->match);
	*f = c ? RT_RANK_MATCH : RT_RANK_EQUAL;
	return c;
}

const char *rt_rank_field_text(enum rt_rank_field f)
{
	static const char *const texts[] = {
	    [RT_RANK_HOST_EXACT] = "hostname is more specific",
	    [RT_RANK_HOST] = "hostname is more specific",
	    [RT_RANK_PATH_TYPE] = "path type goes first",
	    [RT_RANK_PATH] = "path is longer",
	    [RT_RANK_METHOD] = "match names the method",
	    [RT_RANK_HEADERS] = "match has more headers",
	    [RT_RANK_QUERY] = "match has more query parameters",
	    [RT_RANK_AGE] = "route is older",
	    [RT_RANK_NAME] = "route comes first by name",
	    [RT_RANK_RULE] = "rule comes first in the route",
	    [RT_RANK_MATCH] = "match comes first in the rule",
	    [RT_RANK_EQUAL] = "match is the same",
	};
	_Static_assert(RT_ARRAY_LEN(texts) == RT_RANK_EQUAL + 1, "one text a field");
	return texts[f];
}

/* ------------------------------------------------------------------ Ingress */

const char *rt_ingress_path_type(const struct rt_ingress_path *p)
{
	return p->path_type && p->path_type[0] ? p->path_type : "ImplementationSpecific";
}

const char *rt_ingress_path_value(const struct rt_ingress_path *p)
{
	return p->path && p->path[0] ? p->path : "/";
}

bool rt_ingress_path_equal(const struct rt_ingress_path *a, const struct rt_ingress_path *b)
{
	return strcmp(rt_ingress_path_value(a), rt_ingress_path_value(b)) == 0 &&
	       strcmp(rt_ingress_path_type(a), rt_ingress_path_type(b)) == 0;
}

const char *rt_ingress_predicate_key(struct rt_arena *a, const struct rt_ingress_path *p)
{
	const char *type = rt_ingress_path_type(p), *value = rt_ingress_path_value(p);
	size_t len = strcmp(type, "Prefix") == 0 ? rt_prefix_len(value) : strlen(value);
	return rt_arena_printf(a, "%s%c%.*s", type, SEP, (int)len, value);
}

const char *rt_ingress_predicate_text(struct rt_arena *a, const struct rt_ingress_path *p)
{
	return rt_arena_printf(a, "%s %s", rt_ingress_path_type(p), rt_ingress_path_value(p));
}

const char *rt_nginx_annotation(const struct rt_ingress *ing, const char *name)
{
	char key[128];
	int n = snprintf(key, sizeof(key), "nginx.ingress.kubernetes.io/%s", name);
	if (n < 0 || (size_t)n >= sizeof(key))
		return NULL;
	return rt_pairs_get(ing->obj.annotations, key);
}

static bool is_true(const char *s)
{
	return s && strcasecmp(s, "true") == 0;
}

bool rt_nginx_path_spreads(const struct rt_ingress *ing, const struct rt_ingress_path *p)
{
	const char *target = rt_nginx_annotation(ing, "rewrite-target");
	if (is_true(rt_nginx_annotation(ing, "use-regex")))
		return true;
	return target && target[0] && strcmp(rt_ingress_path_value(p), target) != 0;
}
