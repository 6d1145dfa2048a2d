/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.c - rules with unknown values or filters that exclude each other (gateway-api §4.4).
 * Of each rule the first faults are kept; a route whose rules are all bad is not accepted.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "private.h"

/* Where a fault was found: the rule and the path below it. */
struct spot {
	struct rt_analysis *an;
	struct rt_route_fact *route;
	const struct rt_rule *rule;
	int index;
	size_t found; /* faults of the rule */
};

/* More than anybody reads; a rule may hold thousands. */
#define MOST_FAULTS 16

/* Keeps a fault; fmt: the path below spec.rules[i]. */
static void fault(struct spot *s, enum rt_reason reason, const char *why, const char *fmt, ...)
    RT_PRINTF(4, 5);
static void fault(struct spot *s, enum rt_reason reason, const char *why, const char *fmt, ...)
{
	va_list ap;

	if (s->found++ >= MOST_FAULTS)
		return;
	va_start(ap, fmt);
	const char *under = rt_arena_vprintf(&s->an->arena, fmt, ap);
	va_end(ap);
	struct rt_rule_fault f = {.reason = reason,
	    .rule = s->index,
	    .why = why,
	    .field = rt_arena_printf(&s->an->arena, "spec.rules[%d].%s", s->index, under)};
	rt_vec_push(&s->route->faults, &s->an->arena, f);
}

/* ---------------------------------------------------------------- values of the API's enums */

static const char *const match_types[] = {"Exact", "RegularExpression", NULL};
static const char *const path_types[] = {"Exact", "PathPrefix", "RegularExpression", NULL};
static const char *const methods[] = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", NULL};
static const char *const schemes[] = {"http", "https", NULL};
static const char *const modifier_types[] = {"ReplaceFullPath", "ReplacePrefixMatch", NULL};
static const char *const http_filters[] = {"RequestHeaderModifier", "ResponseHeaderModifier",
    "RequestMirror", "RequestRedirect", "URLRewrite", "ExtensionRef", "CORS", "ExternalAuth", NULL};
static const char *const grpc_filters[] = {
    "RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "ExtensionRef", NULL};

/* Absent values have been defaulted or are not required. */
static bool unknown(const char *value, const char *const *known)
{
	if (!value)
		return false;
	for (; *known; known++)
		if (strcmp(*known, value) == 0)
			return false;
	return true;
}

static const char *not_one_of(
    struct spot *s, const char *what, const char *value, const char *const *known)
{
	const char *list = *known;

	for (known++; *known; known++)
		list = rt_arena_printf(&s->an->arena, "%s, %s", list, *known);
	return rt_arena_printf(&s->an->arena, "%s \"%.64s\" is unknown (%s)", what, value, list);
}

#define CHECK_VALUE(s, what, value, known, ...)                                                    \
	do {                                                                                       \
		if ((s)->found < MOST_FAULTS && unknown(value, known))                             \
			fault(s, RT_REASON_UNSUPPORTED_VALUE, not_one_of(s, what, value, known),   \
			    __VA_ARGS__);                                                          \
	} while (0)

static void match_values(struct spot *s, const struct rt_route_match *m, int i)
{
	CHECK_VALUE(s, "path type", m->path.type, path_types, "matches[%d].path.type", i);
	CHECK_VALUE(s, "method", m->method, methods, "matches[%d].method", i);
	if (m->grpc)
		CHECK_VALUE(s, "method match type", m->grpc->type, match_types,
		    "matches[%d].method.type", i);
	for (size_t k = 0; k < m->headers.len; k++)
		CHECK_VALUE(s, "header match type", m->headers.v[k].type, match_types,
		    "matches[%d].headers[%zu].type", i, k);
	for (size_t k = 0; k < m->query_params.len; k++)
		CHECK_VALUE(s, "query parameter match type", m->query_params.v[k].type, match_types,
		    "matches[%d].queryParams[%zu].type", i, k);
}

static bool redirect_code(int64_t code)
{
	return (code >= 301 && code <= 303) || code == 307 || code == 308;
}

static void filter_values(struct spot *s, const struct rt_filter *f, const char *path)
{
	bool grpc = s->route->route->obj.kind == RT_KIND_GRPC_ROUTE;

	CHECK_VALUE(s, "filter type", f->type, grpc ? grpc_filters : http_filters, "%s.type", path);
	if (f->redirect) {
		CHECK_VALUE(s, "redirect scheme", f->redirect->scheme, schemes,
		    "%s.requestRedirect.scheme", path);
		if (f->redirect->status_code != RT_INT_UNSET &&
		    !redirect_code(f->redirect->status_code))
			fault(s, RT_REASON_UNSUPPORTED_VALUE,
			    "the redirect status is none of 301, 302, 303, 307, 308",
			    "%s.requestRedirect.statusCode", path);
		if (f->redirect->path)
			CHECK_VALUE(s, "path modifier type", f->redirect->path->type,
			    modifier_types, "%s.requestRedirect.path.type", path);
	}
	if (f->rewrite && f->rewrite->path)
		CHECK_VALUE(s, "path modifier type", f->rewrite->path->type, modifier_types,
		    "%s.urlRewrite.path.type", path);
}

/* ---------------------------------------------------------------- filters that exclude each other
 */

/* Filters that may stand at most once in a list. */
static const char *const once[] = {"CORS", "RequestHeaderModifier", "ResponseHeaderModifier",
    "RequestRedirect", "URLRewrite", NULL};

static bool has_filter(rt_filters l, const char *type)
{
	for (size_t i = 0; i < l.len; i++)
		if (rt_streq(l.v[i].type, type))
			return true;
	return false;
}

static bool replaces_prefix(const struct rt_filter *f)
{
	const struct rt_path_modifier *p = f->redirect  ? f->redirect->path
					   : f->rewrite ? f->rewrite->path
							: NULL;

	return p && rt_streq(p->type, "ReplacePrefixMatch");
}

/* ReplacePrefixMatch needs exactly one match, and that a PathPrefix: an absent one is "/". */
static bool one_prefix_match(const struct rt_rule *r)
{
	const struct rt_route_match *m;
	size_t n = rt_rule_matches(r, &m);

	return n == 1 && rt_streq(m->path.type, "PathPrefix");
}

/* One fault a list: they exclude each other as a whole. */
static void filters_exclusive(struct spot *s, rt_filters l, const char *path)
{
	size_t had = s->found;

	if (has_filter(l, "RequestRedirect") && has_filter(l, "URLRewrite"))
		fault(s, RT_REASON_INCOMPATIBLE_FILTERS, "it redirects and rewrites", "%s", path);
	for (size_t i = 0; i < l.len && s->found == had; i++) {
		if (replaces_prefix(&l.v[i]) && !one_prefix_match(s->rule))
			fault(s, RT_REASON_NONE,
			    "ReplacePrefixMatch needs exactly one match of type PathPrefix",
			    "%s[%zu]", path, i);
		rt_filters before = {l.v, i};
		if (s->found == had && l.v[i].type && !unknown(l.v[i].type, once) &&
		    has_filter(before, l.v[i].type))
			fault(s, RT_REASON_NONE,
			    rt_arena_printf(&s->an->arena, "%s is given twice", l.v[i].type),
			    "%s[%zu]", path, i);
	}
}

static void filters_judge(struct spot *s, rt_filters l, const char *path)
{
	for (size_t i = 0; i < l.len; i++) {
		char at[96];
		snprintf(at, sizeof(at), "%s[%zu]", path, i);
		filter_values(s, &l.v[i], at);
	}
	filters_exclusive(s, l, path);
}

static void rule_judge(struct spot *s)
{
	const struct rt_rule *r = s->rule;

	for (size_t i = 0; i < r->matches.len; i++)
		match_values(s, &r->matches.v[i], (int)i);
	size_t had = s->found;
	filters_judge(s, r->filters, "filters");
	if (s->found == had && has_filter(r->filters, "RequestRedirect") && r->backend_refs.len)
		fault(s, RT_REASON_NONE, "it redirects and names backends", "filters");
	for (size_t i = 0; i < r->backend_refs.len; i++) {
		char at[64];
		snprintf(at, sizeof(at), "backendRefs[%zu].filters", i);
		filters_judge(s, r->backend_refs.v[i].filters, at);
	}
}

void rt_rules_judge(struct rt_analysis *an, struct rt_route_fact *r)
{
	enum rt_kind kind = r->route->obj.kind;

	if (kind != RT_KIND_HTTP_ROUTE && kind != RT_KIND_GRPC_ROUTE)
		return;
	size_t bad = 0;
	for (size_t i = 0; i < r->route->rules.len; i++) {
		struct spot s = {an, r, &r->route->rules.v[i], (int)i, 0};
		rule_judge(&s);
		bad += s.found > 0;
	}
	r->rejected = bad && bad == r->route->rules.len;
}
