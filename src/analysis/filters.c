/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filters.c - path modifiers, redirects, and running a list of filters.
 */
#include "config.h"

#include "filters.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"

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
		rt_net_apply(&e->request, f->request_headers);
		rt_net_apply(&e->response, f->response_headers);
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
