/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backend.c - rules about what a route's rules refer to: backendRefs, endpoints, filters
 * (gateway-api §5, §9.5, §9.6).
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

typedef void (*backend_fn)(struct rt_check *c, const struct rt_backend_fact *b);

static void each_backend(struct rt_check *c, backend_fn fn)
{
	for (size_t end = rt_rule_slice(c, c->an->routes.len, RT_SOME); c->at < end; c->at++) {
		const struct rt_route_fact *r = c->an->routes.v[c->at];

		for (size_t k = 0; k < r->backends.len; k++)
			fn(c, &r->backends.v[k]);
	}
}

/* ---------------------------------------------------------------- the walk */

/* Does the walk of this reference end at step? After an open step it goes on, and what follows is
 * open too. */
static enum rt_tri step_holds(
    const struct rt_check *c, const struct rt_backend_fact *b, enum rt_backend_fault step)
{
	if (b->ok == RT_YES)
		return RT_NO;
	if (b->fault == step)
		return rt_tri_not(b->ok);
	if (b->ok == RT_UNKNOWN && b->fault < step && step == RT_BACKEND_ABSENT &&
	    rt_analysis_find(c->an, b->ref_to, NULL) == RT_NO)
		return RT_UNKNOWN;
	return RT_NO;
}

/* A current ResolvedRefs=True of some controller. */
static const struct rt_route_parent_status *says_resolved(const struct rt_route *r)
{
	for (size_t i = 0; i < r->parents.len; i++)
		if (rt_condition_is(rt_current_condition(
					&r->obj, r->parents.v[i].conditions, RT_COND_RESOLVED_REFS),
			"True"))
			return &r->parents.v[i];
	return NULL;
}

/* What comes of a request that no backend serves; HTTP knows the status. */
static const struct {
	enum rt_kind kind;
	const char *share, *rule;
} unserved[] = {
    {RT_KIND_HTTP_ROUTE, NULL, "matching requests get 500"},
    {RT_KIND_GRPC_ROUTE, "gets UNAVAILABLE", "matching calls get UNAVAILABLE"},
    {RT_KIND_TLS_ROUTE, "has its connections rejected", "its connections are rejected"},
    {RT_KIND_TCP_ROUTE, "has its connections rejected", "its connections are rejected"},
    {RT_KIND_UDP_ROUTE, "has its packets dropped", "its packets are dropped"},
};

static const char *status_words(const struct rt_backend_fact *b, const char *http)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(unserved); i++)
		if (unserved[i].kind == b->route->route->obj.kind && unserved[i].share)
			return unserved[i].share;
	return http;
}

/* What the fault does to traffic, with the share where there are several backends. */
static const char *consequence(
    struct rt_check *c, const struct rt_backend_fact *b, const char *http)
{
	const char *rule = rt_fmt(c, "rule %d of %s", b->rule, rt_name(c, &b->route->route->obj));
	double share = rt_backend_share(b);

	if (b->place == RT_PLACE_MIRROR)
		return rt_fmt(c, "%s mirrors nothing there", rule);
	if (b->place == RT_PLACE_EXTERNAL_AUTH)
		return rt_fmt(c, "%s lets no request through", rule);
	if (share <= 0)
		return rt_fmt(c, "%s gives it no weight", rule);
	if (share > 0.999)
		return rt_fmt(c, "%s %s", rule, status_words(b, http));
	return rt_fmt(c, "%.3g %% of %s %s", share * 100, rule, status_words(b, http));
}

static struct rt_finding *raise_backend(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_backend_fact *b, const char *member)
{
	const struct rt_route_parent_status *e;
	struct rt_finding *f;

	if (holds == RT_NO)
		return NULL;
	f = rt_raise(
	    c, code, holds, &b->route->route->obj, "%s%s", rt_backend_field(&c->work, b), member);
	rt_tie_backend(f, b);
	rt_group(f, "%s %lld", rt_ref_name(c, b->ref_to), (long long)b->spec->port);
	e = says_resolved(b->route->route);
	if (e && b->fault != RT_BACKEND_OK)
		rt_because(f, "reported all the same: ResolvedRefs=True by %s",
		    e->controller_name ? e->controller_name : "its status");
	return f;
}

static void kind(struct rt_check *c, const struct rt_backend_fact *b)
{
	struct rt_finding *f =
	    raise_backend(c, RT_F_RT13, step_holds(c, b, RT_BACKEND_KIND), b, ".kind");

	if (!f)
		return;
	rt_group(f, "%s", rt_ref_name(c, b->ref_to));
	if (rt_streq(b->ref_to.kind, "Service"))
		rt_advise(f, "Write group: \"\", the core group, or leave it out");
	if (f->certain)
		rt_say(f, "%s names backend kind %s%s%s%s, which is not a backend; %s",
		    rt_name(c, &b->route->route->obj), b->ref_to.kind, *b->ref_to.group ? " (" : "",
		    b->ref_to.group, *b->ref_to.group ? ")" : "", consequence(c, b, "gets 500"));
	else
		rt_say(f, "%s names backend kind %s (%s), which is not known to be served",
		    rt_name(c, &b->route->route->obj), b->ref_to.kind, b->ref_to.group);
}

void rt_check_RT13(struct rt_check *c)
{
	each_backend(c, kind);
}

static void grant(struct rt_check *c, const struct rt_backend_fact *b)
{
	struct rt_finding *f =
	    raise_backend(c, RT_F_RT15, step_holds(c, b, RT_BACKEND_GRANT), b, ".namespace");

	if (!f)
		return;
	rt_offer_grant(f, &b->route->route->obj, b->ref_to, &b->permission);
	if (f->certain)
		rt_say(f, "%s may not use %s: no ReferenceGrant in namespace %s%s; %s",
		    rt_name(c, &b->route->route->obj), rt_ref_name(c, b->ref_to), b->ref_to.ns,
		    b->permission.near_misses.len ? " admits it" : "",
		    consequence(c, b, "gets 500"));
	else
		rt_say(f,
		    "Whether %s may use %s is not known: ReferenceGrants of namespace %s were not "
		    "read",
		    rt_name(c, &b->route->route->obj), rt_ref_name(c, b->ref_to), b->ref_to.ns);
}

void rt_check_RT15(struct rt_check *c)
{
	each_backend(c, grant);
}

static void absent(struct rt_check *c, const struct rt_backend_fact *b)
{
	enum rt_tri holds = step_holds(c, b, RT_BACKEND_ABSENT);
	struct rt_finding *f;

	if (!*b->ref_to.name)
		return; /* refused: GC15 */
	f = raise_backend(c, RT_F_RT12, holds, b, "");
	if (!f)
		return;
	rt_group(f, "%s", rt_ref_name(c, b->ref_to));
	if (holds == RT_UNKNOWN)
		rt_say(f, "%s, which rule %d of %s names, %s", rt_ref_name(c, b->ref_to), b->rule,
		    rt_name(c, &b->route->route->obj), rt_missing(c, b->ref_to, holds));
	else
		rt_say(f, "%s does not exist%s; %s", rt_ref_name(c, b->ref_to),
		    rt_suggest(c, b->ref_to), consequence(c, b, "gets 500"));
}

void rt_check_RT12(struct rt_check *c)
{
	each_backend(c, absent);
}

/* ---------------------------------------------------------------- ports */

static bool is_target_port(const struct rt_service *s, int64_t number)
{
	for (size_t i = 0; i < s->ports.len; i++)
		if (s->ports.v[i].target_port.number == number)
			return true;
	return false;
}

/* That a port the Service lacks makes the reference invalid is an inference (gateway-api §5, 3):
 * a controller that reports it resolved has decided otherwise. */
static void port(struct rt_check *c, const struct rt_backend_fact *b)
{
	enum rt_tri given = step_holds(c, b, RT_BACKEND_PORT);
	enum rt_tri holds = rt_tri_or(given, step_holds(c, b, RT_BACKEND_NO_PORT));
	struct rt_finding *f;
	const struct rt_service *s;

	if (holds == RT_NO || says_resolved(b->route->route))
		return;
	f = raise_backend(c, RT_F_RT14, holds, b, ".port");
	if (given == RT_NO) {
		rt_say(f, "%s gives no port for %s; %s", rt_name(c, &b->route->route->obj),
		    rt_ref_name(c, b->ref_to), consequence(c, b, "fails"));
		return;
	}
	if (!b->service)
		return;
	s = b->service->service;
	rt_relate_obj(f, &s->obj);
	rt_say(f, "%s has no port %lld (%s); %s", rt_name(c, &s->obj), (long long)b->spec->port,
	    rt_port_numbers(c, s, b->spec->port), consequence(c, b, "fails"));
	if (is_target_port(s, b->spec->port))
		rt_advise(f, "Use the Service's port, not its targetPort");
}

void rt_check_RT14(struct rt_check *c)
{
	each_backend(c, port);
}

/* What the port's appProtocol asks for. */
static void protocol(struct rt_check *c, const struct rt_backend_fact *b)
{
	enum rt_tri transport = step_holds(c, b, RT_BACKEND_PROTOCOL);
	enum rt_tri holds = rt_tri_or(transport, step_holds(c, b, RT_BACKEND_APP_PROTOCOL));
	const struct rt_obj *route = &b->route->route->obj;
	struct rt_finding *f;

	if (holds == RT_NO || !b->service || !b->port || says_resolved(b->route->route))
		return;
	f = raise_backend(c, RT_F_RT26, holds, b, ".port");
	rt_relate_obj(f, &b->service->service->obj);
	if (transport != RT_NO)
		rt_say(f, "Port %lld of %s is %s, %s needs %s", (long long)b->port->port,
		    rt_name(c, &b->service->service->obj), b->port->protocol, rt_name(c, route),
		    route->kind == RT_KIND_UDP_ROUTE ? "UDP" : "TCP");
	else
		rt_say(f, "Port %lld of %s speaks %s, which the class of %s does not list",
		    (long long)b->port->port, rt_name(c, &b->service->service->obj),
		    b->port->app_protocol ? b->port->app_protocol : "another protocol",
		    rt_name(c, route));
}

void rt_check_RT26(struct rt_check *c)
{
	each_backend(c, protocol);
}

/* ---------------------------------------------------------------- rules without backends */

static bool answers_itself(const struct rt_rule *rule)
{
	for (size_t i = 0; i < rule->filters.len; i++)
		if (rt_streq(rule->filters.v[i].type, "RequestRedirect") ||
		    rt_streq(rule->filters.v[i].type, "ExtensionRef"))
			return true;
	return false;
}

static bool has_weight(const struct rt_rule *rule)
{
	for (size_t i = 0; i < rule->backend_refs.len; i++)
		if (rule->backend_refs.v[i].weight > 0)
			return true;
	return false;
}

static const char *rule_answer(const struct rt_route *r)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(unserved); i++)
		if (unserved[i].kind == r->obj.kind)
			return unserved[i].rule;
	return "nothing is served";
}

void rt_check_RT16(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->routes.len; i++) {
		const struct rt_route *r = c->an->routes.v[i]->route;

		for (size_t k = 0; k < r->rules.len; k++) {
			struct rt_finding *f;

			if (has_weight(&r->rules.v[k]) || answers_itself(&r->rules.v[k]))
				continue;
			f = rt_raise(
			    c, RT_F_RT16, RT_YES, &r->obj, "spec.rules[%zu].backendRefs", k);
			rt_say(f, "Rule %zu of %s has no backend%s; %s", k, rt_name(c, &r->obj),
			    r->rules.v[k].backend_refs.len ? " with weight" : "", rule_answer(r));
			rt_tie(f, RT_TIE_ROUTE, rt_name(c, &r->obj));
		}
	}
}

/* ---------------------------------------------------------------- endpoints */

static bool is_external_name(const struct rt_service *s)
{
	return rt_streq(s->type, "ExternalName");
}

/* Endpoints of a resolved backend that gets traffic. What is not read is open where it was asked
 * for and refused, and silent in manifests (findings §1). */
static enum rt_tri endpoints(
    struct rt_check *c, const struct rt_backend_fact *b, struct rt_endpoint_count *ret)
{
	enum rt_scope_state st;

	if (b->ok == RT_NO || !b->service || !b->port || is_external_name(b->service->service) ||
	    (b->place == RT_PLACE_BACKEND && rt_backend_share(b) <= 0))
		return RT_NO;
	if (!rt_endpoints_told(c, b->service))
		return RT_NO;
	*ret = *rt_endpoints_count(c->an, b->service, b->port);
	if (ret->known == RT_YES)
		return b->ok;
	st = rt_store_scope(c->store, RT_GROUP_DISCOVERY, "EndpointSlice", b->ref_to.ns, NULL);
	return rt_scope_in_vain(st) ? RT_UNKNOWN : RT_NO;
}

/* By the controller of the first Gateway that serves the route. */
static const char *no_endpoint_status(const struct rt_backend_fact *b)
{
	const struct rt_controller *controller = NULL;
	for (size_t i = 0; i < b->route->attachments.len && !controller; i++) {
		const struct rt_gateway_fact *gw = b->route->attachments.v[i]->listener->gateway;
		if (gw && gw->class_fact)
			controller = gw->class_fact->controller;
	}
	return rt_no_endpoint_status(controller) == 500 ? "gets 500" : "gets 503";
}

const char *rt_no_endpoint_words(const struct rt_backend_fact *b)
{
	return status_words(b, no_endpoint_status(b));
}

static void ready(struct rt_check *c, const struct rt_backend_fact *b)
{
	struct rt_endpoint_count e = {0};
	enum rt_tri holds = endpoints(c, b, &e);
	struct rt_finding *f;

	if (holds == RT_NO || e.ready || e.draining)
		return;
	f = raise_backend(c, RT_F_RT17, holds, b, "");
	rt_relate_obj(f, &b->service->service->obj);
	if (e.known == RT_YES)
		rt_say(f, "%s has no ready endpoint for port %lld (0 of %zu); %s",
		    rt_name(c, &b->service->service->obj), (long long)b->port->port, e.total,
		    consequence(c, b, no_endpoint_status(b)));
	else
		rt_say(f,
		    "Whether %s has a ready endpoint for port %lld is not known: EndpointSlices "
		    "were not read",
		    rt_name(c, &b->service->service->obj), (long long)b->port->port);
	if (e.port_missing)
		rt_because(f, "its EndpointSlices have no port named \"%s\"",
		    b->port->name ? b->port->name : "");
}

void rt_check_RT17(struct rt_check *c)
{
	each_backend(c, ready);
}

static void partly_ready(struct rt_check *c, const struct rt_backend_fact *b)
{
	struct rt_endpoint_count e = {0};
	enum rt_tri holds = endpoints(c, b, &e);
	struct rt_finding *f;

	if (holds == RT_NO || e.known != RT_YES || e.total < 2 || !e.ready ||
	    e.ready * 2 >= e.total)
		return;
	f = raise_backend(c, RT_F_RT18, holds, b, "");
	rt_relate_obj(f, &b->service->service->obj);
	rt_say(f, "%s has %zu of %zu endpoints ready", rt_name(c, &b->service->service->obj),
	    e.ready, e.total);
}

void rt_check_RT18(struct rt_check *c)
{
	each_backend(c, partly_ready);
}

/* ---------------------------------------------------------------- filters */

static const char *filter_field(struct rt_check *c, const struct rt_extension_fact *x)
{
	if (x->ref < 0)
		return rt_fmt(c, "spec.rules[%d].filters[%d].extensionRef", x->rule, x->filter);
	return rt_fmt(c, "spec.rules[%d].backendRefs[%d].filters[%d].extensionRef", x->rule, x->ref,
	    x->filter);
}

static void extension(
    struct rt_check *c, const struct rt_route_fact *r, const struct rt_extension_fact *x)
{
	enum rt_tri holds = rt_tri_not(x->present);
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	f = rt_raise(c, RT_F_RT21, holds, &r->route->obj, "%s", filter_field(c, x));
	rt_tie(f, RT_TIE_ROUTE, rt_name(c, &r->route->obj));
	rt_group(f, "%s", rt_ref_name(c, x->ref_to));
	rt_say(f, "%s names %s, which %s%s", rt_name(c, &r->route->obj), rt_ref_name(c, x->ref_to),
	    rt_missing(c, x->ref_to, holds),
	    holds == RT_YES ? rt_fmt(c, "; rule %d answers with an error", x->rule) : "");
}

void rt_check_RT21(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->routes.len; i++) {
		const struct rt_route_fact *r = c->an->routes.v[i];

		for (size_t k = 0; k < r->extensions.len; k++)
			extension(c, r, &r->extensions.v[k]);
	}
}

/* Without the index of one filter: filters exclude each other as a list. */
static int list_length(const char *field)
{
	size_t len = strlen(field);

	if (len && field[len - 1] == ']')
		while (len && field[len] != '[')
			len--;
	return (int)len;
}

static void faults(struct rt_check *c, enum rt_code code, bool unsupported_value)
{
	for (size_t i = 0; i < c->an->routes.len; i++) {
		const struct rt_route_fact *r = c->an->routes.v[i];

		for (size_t k = 0; k < r->faults.len; k++) {
			const struct rt_rule_fault *x = &r->faults.v[k];
			struct rt_finding *f;

			if ((x->reason == RT_REASON_UNSUPPORTED_VALUE) != unsupported_value)
				continue;
			f = rt_raise(c, code, RT_YES, &r->route->obj, "%.*s",
			    unsupported_value ? (int)strlen(x->field) : list_length(x->field),
			    x->field);
			rt_tie(f, RT_TIE_ROUTE, rt_name(c, &r->route->obj));
			if (unsupported_value)
				rt_say(f, "%s: %s", rt_name(c, &r->route->obj), x->why);
			else
				rt_say(f, "Rule %d of %s is refused: %s", x->rule,
				    rt_name(c, &r->route->obj), x->why);
			rt_because(f, r->rejected ? "the route is refused as a whole"
						  : "the other rules may still be served");
		}
	}
}

void rt_check_RT22(struct rt_check *c)
{
	faults(c, RT_F_RT22, false);
}

void rt_check_RT25(struct rt_check *c)
{
	faults(c, RT_F_RT25, true);
}
