/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filters.c - net header changes, path modifiers, redirects, and running a list of filters.
 */
#include "config.h"

#include "filters.h"

#include <string.h>
#include <strings.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/vec.h"

/* ------------------------------------------------------------------ net header changes */

static struct rt_net_change *entry(struct rt_net *n, const char *name)
{
	for (size_t i = 0; i < n->v.len; i++)
		if (strcasecmp(n->v.v[i].name, name) == 0)
			return &n->v.v[i];
	rt_vec_push(&n->v, n->arena, (struct rt_net_change){.name = name});
	return &n->v.v[n->v.len - 1];
}

void rt_net_set(struct rt_net *n, const char *name, const char *value)
{
	struct rt_net_change *c = entry(n, name);
	*c = (struct rt_net_change){.name = name, .set = value};
}

void rt_net_add(struct rt_net *n, const char *name, const char *value)
{
	struct rt_net_change *c = entry(n, name);
	if (c->removed)
		*c = (struct rt_net_change){.name = name, .set = value};
	else
		rt_vec_push(&c->added, n->arena, value);
}

void rt_net_remove(struct rt_net *n, const char *name)
{
	struct rt_net_change *c = entry(n, name);
	*c = (struct rt_net_change){.name = name, .removed = true};
}

static bool seen(const struct rt_header *v, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (v[j].name && strcasecmp(v[j].name, v[i].name) == 0)
			return true;
	return false;
}

/* One modifier: set, add, remove; of equal names in one list the first counts. */
static void net_apply(struct rt_net *n, const struct rt_header_change *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->set.len; i++)
		if (c->set.v[i].name && !seen(c->set.v, i))
			rt_net_set(n, c->set.v[i].name, c->set.v[i].value ? c->set.v[i].value : "");
	for (size_t i = 0; i < c->add.len; i++)
		if (c->add.v[i].name && !seen(c->add.v, i))
			rt_net_add(n, c->add.v[i].name, c->add.v[i].value ? c->add.v[i].value : "");
	for (size_t i = 0; i < c->remove.len; i++)
		rt_net_remove(n, c->remove.v[i]);
}

struct rt_net rt_net_copy(const struct rt_net *n)
{
	struct rt_net copy = {.arena = n->arena};
	for (size_t i = 0; i < n->v.len; i++) {
		struct rt_net_change c = n->v.v[i];
		c.added.v = NULL;
		c.added.len = c.added.cap = 0;
		for (size_t j = 0; j < n->v.v[i].added.len; j++)
			rt_vec_push(&c.added, n->arena, n->v.v[i].added.v[j]);
		rt_vec_push(&copy.v, n->arena, c);
	}
	return copy;
}

struct rt_header_change rt_net_result(const struct rt_net *n)
{
	RT_VEC(struct rt_header) set = {0}, add = {0};
	RT_VEC(const char *) removed = {0};
	for (size_t i = 0; i < n->v.len; i++) {
		const struct rt_net_change *c = &n->v.v[i];
		if (c->removed)
			rt_vec_push(&removed, n->arena, c->name);
		if (c->set)
			rt_vec_push(&set, n->arena, (struct rt_header){c->name, c->set});
		for (size_t j = 0; j < c->added.len; j++)
			rt_vec_push(&add, n->arena, (struct rt_header){c->name, c->added.v[j]});
	}
	return (struct rt_header_change){
	    .set = {set.v, set.len}, .add = {add.v, add.len}, .remove = {removed.v, removed.len}};
}

/* ------------------------------------------------------------------ paths and redirects */

static size_t trimmed(const char *s)
{
	size_t n = strlen(s);
	while (n > 0 && s[n - 1] == '/')
		n--;
	return n;
}

const char *rt_path_modify(struct rt_arena *a, const struct rt_path_modifier *m,
    const struct rt_path_match *match, const char *path)
{
	if (!m || !m->type)
		return path;
	if (strcmp(m->type, "ReplaceFullPath") == 0) {
		const char *full = m->replace_full_path;
		return full && full[0] ? full : "/";
	}
	if (strcmp(m->type, "ReplacePrefixMatch") != 0)
		return path;
	const char *prefix = match && match->value ? match->value : "/";
	const char *with = m->replace_prefix_match ? m->replace_prefix_match : "";
	if (!rt_path_prefix(prefix, path))
		return path; /* the match was no prefix: refused by §4.4, nothing to replace */
	const char *rest = path + trimmed(prefix);
	if (rest[0])
		return rt_arena_printf(a, "%.*s%s", (int)trimmed(with), with, rest);
	return with[0] && trimmed(with) ? rt_arena_strndup(a, with, trimmed(with)) : "/";
}

static int scheme_port(const char *scheme)
{
	return strcmp(scheme, "https") == 0 ? 443 : strcmp(scheme, "http") == 0 ? 80 : 0;
}

/* The whole Location from its parts; port 0 or the scheme's own is left out. */
static const char *location(
    struct rt_arena *a, const struct rt_trace_redirect *r, const char *query)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	bool ipv6 = strchr(r->host, ':') != NULL;
	rt_buf_printf(&out, "%s://%s%s%s", r->scheme, ipv6 ? "[" : "", r->host, ipv6 ? "]" : "");
	if (r->port && r->port != scheme_port(r->scheme))
		rt_buf_printf(&out, ":%d", r->port);
	rt_buf_puts(&out, r->path);
	if (query)
		rt_buf_printf(&out, "?%s", query);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

const struct rt_trace_redirect *rt_redirect_of(
    struct rt_arena *a, const struct rt_redirect *r, const struct rt_redirect_in *in)
{
	struct rt_trace_redirect *out = rt_arena_new(a, struct rt_trace_redirect);
	const char *asked = rt_scheme_is_tls(in->req->scheme) ? "https" : "http";
	out->scheme = r->scheme ? r->scheme : asked;
	out->host = r->hostname ? r->hostname : in->req->host;
	out->path = rt_path_modify(a, r->path, in->match, in->path);
	out->status = r->status_code == RT_INT_UNSET ? 302 : (int)r->status_code;
	if (r->port != RT_INT_UNSET)
		out->port = (int)r->port;
	else
		out->port = r->scheme ? scheme_port(r->scheme) : in->listener_port;
	if (out->port == scheme_port(out->scheme))
		out->port = 0;
	out->location = location(a, out, in->req->query);
	return out;
}

/* ------------------------------------------------------------------ a list of filters */

double rt_mirror_percent(const struct rt_mirror *m)
{
	if (m->percent != RT_INT_UNSET)
		return (double)m->percent;
	if (!m->fraction || m->fraction->numerator == RT_INT_UNSET)
		return 100.0;
	int64_t den = m->fraction->denominator;
	if (den == RT_INT_UNSET || den <= 0)
		den = 100;
	return 100.0 * (double)m->fraction->numerator / (double)den;
}

static void run_cors(const struct rt_view *v, const struct rt_cors *cors, struct rt_effect *e)
{
	e->cors = rt_cors_apply(v, cors, &e->response);
	if (rt_cors_preflight(v))
		e->answered_cors = true;
}

void rt_filters_run(const struct rt_view *v, rt_filters filters, const struct rt_path_match *match,
    int listener_port, struct rt_effect *e)
{
	for (size_t i = 0; i < filters.len && !e->redirect && !e->answered_cors; i++) {
		const struct rt_filter *f = &filters.v[i];
		net_apply(&e->request, f->request_headers);
		net_apply(&e->response, f->response_headers);
		if (f->cors)
			run_cors(v, f->cors, e);
		if (f->rewrite && f->rewrite->hostname)
			e->host = f->rewrite->hostname;
		if (f->rewrite && f->rewrite->path && e->path)
			e->path =
			    rt_path_modify(e->request.arena, f->rewrite->path, match, e->path);
		if (f->external_auth)
			e->external_auth = true;
		if (f->redirect && e->path) {
			struct rt_redirect_in in = {v->req, match, listener_port, e->path};
			e->redirect = rt_redirect_of(e->request.arena, f->redirect, &in);
		}
	}
}
