/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extended.c - which extended feature a route makes use of that a class does not have (gateway-api
 * §11). What becomes of its rules then is not said: they may be dropped or refused.
 */
#include "config.h"

#include "private.h"

/* Where something is made use of: a rule, and in it a filter of the rule or of a backendRef. */
struct use {
	const struct rt_rule *rule;
	rt_filters filters;
	const struct rt_filter *filter;
	bool of_backend;
};

struct extended {
	enum rt_feature feature;
	bool (*uses)(const struct use *u);
};

/* ---------------------------------------------------------------- rules */

static bool matches_method(const struct use *u)
{
	for (size_t i = 0; i < u->rule->matches.len; i++)
		if (u->rule->matches.v[i].method)
			return true;
	return false;
}

static bool matches_query(const struct use *u)
{
	for (size_t i = 0; i < u->rule->matches.len; i++)
		if (u->rule->matches.v[i].query_params.len)
			return true;
	return false;
}

static bool limits_request(const struct use *u)
{
	return u->rule->timeouts && u->rule->timeouts->request;
}

static bool limits_backend_request(const struct use *u)
{
	return u->rule->timeouts && u->rule->timeouts->backend_request;
}

static bool retries(const struct use *u)
{
	return u->rule->retry;
}

static const struct extended of_rules[] = {
    {RT_FEATURE_HTTPRouteMethodMatching, matches_method},
    {RT_FEATURE_HTTPRouteQueryParamMatching, matches_query},
    {RT_FEATURE_HTTPRouteRequestTimeout, limits_request},
    {RT_FEATURE_HTTPRouteBackendTimeout, limits_backend_request},
    {RT_FEATURE_HTTPRouteRetry, retries},
};

/* ---------------------------------------------------------------- filters */

static bool mirrors(const struct use *u)
{
	return u->filter->mirror;
}

static bool mirrors_again(const struct use *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->filters.len; i++)
		n += u->filters.v[i].mirror != NULL;
	return u->filter->mirror && n > 1;
}

static bool mirrors_a_part(const struct use *u)
{
	const struct rt_mirror *m = u->filter->mirror;

	return m && (m->percent != RT_INT_UNSET || m->fraction);
}

static bool changes_response(const struct use *u)
{
	return u->filter->response_headers;
}

static bool redirects_path(const struct use *u)
{
	return u->filter->redirect && u->filter->redirect->path;
}

static bool redirects_port(const struct use *u)
{
	return u->filter->redirect && u->filter->redirect->port != RT_INT_UNSET;
}

static bool redirects_scheme(const struct use *u)
{
	return u->filter->redirect && u->filter->redirect->scheme;
}

static bool redirects_303(const struct use *u)
{
	return u->filter->redirect && u->filter->redirect->status_code == 303;
}

static bool redirects_307(const struct use *u)
{
	return u->filter->redirect && u->filter->redirect->status_code == 307;
}

static bool redirects_308(const struct use *u)
{
	return u->filter->redirect && u->filter->redirect->status_code == 308;
}

static bool rewrites_host(const struct use *u)
{
	return u->filter->rewrite && u->filter->rewrite->hostname;
}

static bool rewrites_path(const struct use *u)
{
	return u->filter->rewrite && u->filter->rewrite->path;
}

static bool answers_cors(const struct use *u)
{
	return u->filter->cors;
}

static bool backend_changes_request(const struct use *u)
{
	return u->of_backend && u->filter->request_headers;
}

static bool backend_rewrites(const struct use *u)
{
	return u->of_backend && u->filter->rewrite;
}

static bool backend_redirects(const struct use *u)
{
	return u->of_backend && u->filter->redirect;
}

static const struct extended of_filters[] = {
    {RT_FEATURE_HTTPRouteRequestMirror, mirrors},
    {RT_FEATURE_HTTPRouteRequestMultipleMirrors, mirrors_again},
    {RT_FEATURE_HTTPRouteRequestPercentageMirror, mirrors_a_part},
    {RT_FEATURE_HTTPRouteResponseHeaderModification, changes_response},
    {RT_FEATURE_HTTPRoutePathRedirect, redirects_path},
    {RT_FEATURE_HTTPRoutePortRedirect, redirects_port},
    {RT_FEATURE_HTTPRouteSchemeRedirect, redirects_scheme},
    {RT_FEATURE_HTTPRoute303RedirectStatusCode, redirects_303},
    {RT_FEATURE_HTTPRoute307RedirectStatusCode, redirects_307},
    {RT_FEATURE_HTTPRoute308RedirectStatusCode, redirects_308},
    {RT_FEATURE_HTTPRouteHostRewrite, rewrites_host},
    {RT_FEATURE_HTTPRoutePathRewrite, rewrites_path},
    {RT_FEATURE_HTTPRouteCORS, answers_cors},
    {RT_FEATURE_HTTPRouteBackendRequestHeaderModification, backend_changes_request},
    {RT_FEATURE_HTTPRouteBackendURLRewrite, backend_rewrites},
    {RT_FEATURE_HTTPRouteBackendRequestRedirect, backend_redirects},
};

/* ---------------------------------------------------------------- the whole route */

static bool lacks(const struct extended *v, size_t len, const struct use *u,
    const struct rt_features *f, enum rt_feature *ret)
{
	for (size_t i = 0; i < len; i++)
		if (!rt_features_on(f, v[i].feature) && v[i].uses(u)) {
			*ret = v[i].feature;
			return true;
		}
	return false;
}

static bool filters_beyond(
    struct use u, rt_filters l, const struct rt_features *f, enum rt_feature *ret)
{
	u.filters = l;
	for (size_t i = 0; i < l.len; i++) {
		u.filter = &l.v[i];
		if (lacks(of_filters, RT_ARRAY_LEN(of_filters), &u, f, ret))
			return true;
	}
	return false;
}

static bool rule_beyond(struct use u, const struct rt_features *f, enum rt_feature *ret)
{
	if (lacks(of_rules, RT_ARRAY_LEN(of_rules), &u, f, ret) ||
	    filters_beyond(u, u.rule->filters, f, ret))
		return true;
	u.of_backend = true;
	for (size_t i = 0; i < u.rule->backend_refs.len; i++)
		if (filters_beyond(u, u.rule->backend_refs.v[i].filters, f, ret))
			return true;
	return false;
}

bool rt_parent_beyond(const struct rt_parent_fact *p, enum rt_feature *ret)
{
	const struct rt_route *route = p->route->route;
	const struct rt_features *f = p->gateway ? &p->gateway->features : NULL;

	if (!f || route->obj.kind != RT_KIND_HTTP_ROUTE)
		return false;
	if (p->spec->port != RT_INT_UNSET &&
	    !rt_features_on(f, RT_FEATURE_HTTPRouteParentRefPort)) {
		*ret = RT_FEATURE_HTTPRouteParentRefPort;
		return true;
	}
	for (size_t i = 0; i < route->rules.len; i++) {
		struct use u = {.rule = &route->rules.v[i]};
		if (rule_beyond(u, f, ret))
			return true;
	}
	return false;
}
