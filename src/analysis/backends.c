/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backends.c - backendRefs of routes, of RequestMirror and ExternalAuth filters, and ExtensionRefs:
 * what they lead to, and ResolvedRefs of the route (gateway-api §5).
 */
#include "config.h"

#include <string.h>

#include "private.h"

#define GROUP_MCS "multicluster.x-k8s.io"

/* ---------------------------------------------------------------- one step each, in order */

static void settle(struct rt_backend_fact *b, enum rt_tri ok, enum rt_backend_fault fault)
{
	/* The first false step decides; an open one stays open whatever follows. */
	if (b->ok != RT_YES || ok == RT_YES)
		return;
	b->ok = ok;
	b->fault = fault;
}

/* Is the (group, kind) one that the API defines as backend (§5.1)? A vendor's own kind may be one
 * where it is served; in a closed world only the API's own count. */
static enum rt_tri kind_supported(const struct rt_analysis *an, const struct rt_ref *r)
{
	static const struct {
		const char *group, *kind;
	} known[] = {
	    {"", "Service"}, {GROUP_MCS, "ServiceImport"}, {RT_GROUP_GATEWAY_X, "XBackend"}};

	for (size_t i = 0; i < RT_ARRAY_LEN(known); i++)
		if (strcmp(known[i].group, r->group) == 0 && strcmp(known[i].kind, r->kind) == 0)
			return RT_YES;
	if (an->opts.closed_world || rt_group_is_known(r->group))
		return RT_NO;
	return rt_kind_served(an, r);
}

/* Features that judge the route: those of the first Gateway it names. */
static const struct rt_features *route_features(const struct rt_route_fact *r)
{
	for (size_t i = 0; i < r->parents.len; i++)
		if (r->parents.v[i].gateway)
			return &r->parents.v[i].gateway->features;
	return NULL;
}

/* A grant is needed for Gateway-bound routes only: mesh routes may name any namespace (§5.1). */
static void step_grant(struct rt_analysis *an, struct rt_backend_fact *b)
{
	const struct rt_obj *o = &b->route->route->obj;
	struct rt_referrer from = {o->group, o->kind_name, o->ns, route_features(b->route)};

	b->permission.granted = RT_YES;
	if (!b->route->gateway_bound && b->route->parents.len)
		return;
	b->permission = rt_grant_ask(an, &from, &b->ref_to);
	settle(b, b->permission.granted, RT_BACKEND_GRANT);
}

static void step_object(struct rt_analysis *an, struct rt_backend_fact *b)
{
	enum rt_tri present = rt_analysis_find(an, b->ref_to, &b->obj);

	settle(b, present, RT_BACKEND_ABSENT);
	if (present == RT_YES && !b->ref_to.group[0] && strcmp(b->ref_to.kind, "Service") == 0)
		b->service = rt_service_fact_of(an, b->ref_to.ns, b->ref_to.name);
}

/* The route kind tells the transport; a Service may have one port number in both. */
static bool transport_fits(const struct rt_backend_fact *b, const struct rt_service_port *p)
{
	bool udp = rt_streq(p->protocol, "UDP");

	return udp == (b->route->route->obj.kind == RT_KIND_UDP_ROUTE);
}

static void step_port(struct rt_backend_fact *b)
{
	const struct rt_service *s = b->service->service;

	if (b->spec->port == RT_INT_UNSET) {
		settle(b, RT_NO, RT_BACKEND_NO_PORT);
		return;
	}
	for (size_t i = 0; i < s->ports.len; i++) {
		if (s->ports.v[i].port != b->spec->port)
			continue;
		if (!b->port || transport_fits(b, &s->ports.v[i]))
			b->port = &s->ports.v[i];
		if (transport_fits(b, b->port))
			return;
	}
	settle(b, RT_NO, b->port ? RT_BACKEND_PROTOCOL : RT_BACKEND_PORT);
}

/* appProtocol that needs a feature the class lacks (§5.5). */
static void step_app_protocol(struct rt_backend_fact *b, const struct rt_features *f)
{
	static const struct {
		const char *app_protocol;
		enum rt_feature needs;
	} table[] = {
	    {"kubernetes.io/h2c", RT_FEATURE_HTTPRouteBackendProtocolH2C},
	    {"kubernetes.io/ws", RT_FEATURE_HTTPRouteBackendProtocolWebSocket},
	    {"kubernetes.io/wss", RT_FEATURE_HTTPRouteBackendProtocolWebSocket},
	};

	if (!b->port || !b->port->app_protocol || !f ||
	    b->route->route->obj.kind != RT_KIND_HTTP_ROUTE)
		return;
	for (size_t i = 0; i < RT_ARRAY_LEN(table); i++)
		if (strcmp(table[i].app_protocol, b->port->app_protocol) == 0 &&
		    !rt_features_on(f, table[i].needs))
			settle(b, RT_NO, RT_BACKEND_APP_PROTOCOL);
}

static void step_policy(const struct rt_analysis *an, struct rt_backend_fact *b)
{
	b->policy = rt_policy_for(b->service, b->port);
	b->policy_known = b->policy ? RT_YES
				    : rt_tri_of(rt_analysis_known(
					  an, RT_GROUP_GATEWAY, "BackendTLSPolicy", b->ref_to.ns));
}

/* What the specification says of each fault. Of a port that the Service lacks it fixes the status
 * only; the reason is the one that is common (§5.3), and of a reference without port there is none
 * (§5.4). */
static const enum rt_reason reasons[] = {
    [RT_BACKEND_OK] = RT_REASON_RESOLVED_REFS,
    [RT_BACKEND_KIND] = RT_REASON_INVALID_KIND,
    [RT_BACKEND_GRANT] = RT_REASON_REF_NOT_PERMITTED,
    [RT_BACKEND_ABSENT] = RT_REASON_BACKEND_NOT_FOUND,
    [RT_BACKEND_NO_PORT] = RT_REASON_NONE,
    [RT_BACKEND_PORT] = RT_REASON_BACKEND_NOT_FOUND,
    [RT_BACKEND_PROTOCOL] = RT_REASON_UNSUPPORTED_PROTOCOL,
    [RT_BACKEND_APP_PROTOCOL] = RT_REASON_UNSUPPORTED_PROTOCOL,
};

static void backend_resolve(struct rt_analysis *an, struct rt_backend_fact *b)
{
	const struct rt_backend_ref *s = b->spec;
	const char *own_ns = b->route->route->obj.ns;

	b->ref_to = (struct rt_ref){s->group ? s->group : "", s->kind ? s->kind : "Service",
	    s->ns && s->ns[0] ? s->ns : own_ns, s->name ? s->name : ""};
	b->ok = RT_YES;
	settle(b, kind_supported(an, &b->ref_to), RT_BACKEND_KIND);
	if (b->ok != RT_NO)
		step_grant(an, b);
	if (b->ok != RT_NO)
		step_object(an, b);
	if (b->service) {
		b->external_name = rt_streq(b->service->service->type, "ExternalName");
		step_port(b);
		step_app_protocol(b, route_features(b->route));
		step_policy(an, b);
	}
	b->reason = reasons[b->fault];
}

/* ---------------------------------------------------------------- every reference of a route */

static void backend_add(
    struct rt_analysis *an, const struct rt_backend_fact *at, const struct rt_backend_ref *spec)
{
	struct rt_backend_fact b = *at;

	b.spec = spec;
	backend_resolve(an, &b);
	rt_vec_push(&b.route->backends, &an->arena, b);
}

static void extension_add(
    struct rt_analysis *an, const struct rt_backend_fact *at, const struct rt_object_ref *spec)
{
	struct rt_extension_fact e = {.rule = at->rule, .ref = at->ref, .filter = at->filter};

	e.ref_to = rt_ref_resolve(spec, at->route->route->obj.ns);
	e.ref_to.ns = at->route->route->obj.ns;
	e.present = rt_analysis_find(an, e.ref_to, NULL);
	rt_vec_push(&at->route->extensions, &an->arena, e);
}

static void filters_walk(struct rt_analysis *an, struct rt_backend_fact at, rt_filters l)
{
	for (size_t i = 0; i < l.len; i++) {
		const struct rt_filter *f = &l.v[i];
		at.filter = (int)i;
		if (f->mirror) {
			at.place = RT_PLACE_MIRROR;
			backend_add(an, &at, &f->mirror->backend_ref);
		}
		if (f->external_auth) {
			at.place = RT_PLACE_EXTERNAL_AUTH;
			backend_add(an, &at, &f->external_auth->backend_ref);
		}
		if (f->extension_ref)
			extension_add(an, &at, f->extension_ref);
	}
}

static void rule_walk(struct rt_analysis *an, struct rt_route_fact *r, int index)
{
	const struct rt_rule *rule = &r->route->rules.v[index];
	struct rt_backend_fact at = {.route = r, .rule = index, .ref = -1, .filter = -1};

	filters_walk(an, at, rule->filters);
	for (size_t i = 0; i < rule->backend_refs.len; i++) {
		at.ref = (int)i;
		at.filter = -1;
		at.place = RT_PLACE_BACKEND;
		backend_add(an, &at, &rule->backend_refs.v[i]);
		filters_walk(an, at, rule->backend_refs.v[i].filters);
	}
}

/* ---------------------------------------------------------------- ResolvedRefs of the route */

static void judge_extensions(struct rt_route_fact *r)
{
	for (size_t i = 0; i < r->extensions.len; i++) {
		if (r->extensions.v[i].present == RT_YES || r->resolved == RT_NO)
			continue;
		r->resolved = r->extensions.v[i].present;
		r->resolved_reason = RT_REASON_NONE; /* must fail; no reason is fixed */
	}
}

/* Does the gateway itself speak to the backends, so that a BackendTLSPolicy counts (§8)? */
static bool policies_apply(const struct rt_route_fact *r)
{
	enum rt_kind kind = r->route->obj.kind;

	for (size_t i = 0; kind == RT_KIND_TLS_ROUTE && i < r->attachments.len; i++)
		if (!r->attachments.v[i]->listener->passthrough)
			return true;
	return kind == RT_KIND_HTTP_ROUTE || kind == RT_KIND_GRPC_ROUTE;
}

/* A policy that cannot be put into effect makes the reference invalid (§5.7); without
 * BackendTLSPolicy among the features it may go unnoticed. */
static enum rt_tri ref_valid(const struct rt_backend_fact *b)
{
	const struct rt_features *f = route_features(b->route);

	if (b->ok != RT_YES || !b->policy || !policies_apply(b->route) ||
	    (f && !rt_features_on(f, RT_FEATURE_BackendTLSPolicy)))
		return b->ok;
	return b->policy->usable;
}

/* What the specification leaves open of a reference that leads somewhere. */
static bool ref_open(const struct rt_backend_fact *b)
{
	const struct rt_features *f = route_features(b->route);
	bool unnoticed = b->policy && policies_apply(b->route) && f &&
			 !rt_features_on(f, RT_FEATURE_BackendTLSPolicy);

	return b->ok == RT_YES && (b->external_name || unnoticed);
}

/* False if any reference of any rule is bad; with several the first in document order speaks. */
static void judge_resolved(struct rt_route_fact *r)
{
	r->resolved = RT_YES;
	r->resolved_reason = RT_REASON_RESOLVED_REFS;
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_backend_fact *b = &r->backends.v[i];
		enum rt_tri valid = ref_valid(b);
		r->resolved_open = r->resolved_open || ref_open(b);
		if (valid == RT_YES || r->resolved == RT_NO ||
		    (r->resolved == RT_UNKNOWN && valid == RT_UNKNOWN))
			continue;
		r->resolved = valid;
		r->resolved_reason = b->ok == RT_YES ? RT_REASON_NONE : b->reason;
		r->culprit = b;
	}
	judge_extensions(r);
	if (r->resolved == RT_NO)
		r->resolved_open = false;
}

static void services_link(struct rt_analysis *an, struct rt_route_fact *r)
{
	bool attached = r->attachments.len > 0;

	for (size_t i = 0; i < r->parents.len; i++)
		attached = attached || (r->parents.v[i].kind == RT_PARENT_SERVICE &&
					   r->parents.v[i].accepted == RT_YES);
	for (size_t i = 0; i < r->backends.len; i++) {
		struct rt_backend_fact *b = &r->backends.v[i];
		if (!b->service)
			continue;
		rt_vec_push(&b->service->backends, &an->arena, b);
		b->service->routed = b->service->routed || attached;
	}
}

static size_t count_refs(const struct rt_route *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->rules.len; i++)
		n += r->rules.v[i].backend_refs.len;
	return n;
}

bool rt_backends_resolve(struct rt_analysis *an, size_t *at)
{
	size_t n = an->routes.len, end = n - *at > RT_SLICE ? *at + RT_SLICE : n;

	for (; *at < end; ++*at) {
		struct rt_route_fact *r = an->routes.v[*at];
		RT_VEC_RESERVE(&r->backends, &an->arena, count_refs(r->route));
		for (size_t k = 0; k < r->route->rules.len; k++)
			rule_walk(an, r, (int)k);
		judge_resolved(r);
		services_link(an, r);
	}
	return end == n;
}

/* ---------------------------------------------------------------- for readers */

const char *rt_backend_field(struct rt_arena *a, const struct rt_backend_fact *b)
{
	const char *filter = b->place == RT_PLACE_MIRROR ? "requestMirror" : "externalAuth";

	if (b->place == RT_PLACE_BACKEND)
		return rt_arena_printf(a, "spec.rules[%d].backendRefs[%d]", b->rule, b->ref);
	if (b->ref < 0)
		return rt_arena_printf(
		    a, "spec.rules[%d].filters[%d].%s.backendRef", b->rule, b->filter, filter);
	return rt_arena_printf(a, "spec.rules[%d].backendRefs[%d].filters[%d].%s.backendRef",
	    b->rule, b->ref, b->filter, filter);
}

double rt_backend_share(const struct rt_backend_fact *b)
{
	const struct rt_rule *rule = &b->route->route->rules.v[b->rule];
	double sum = 0;

	if (b->place != RT_PLACE_BACKEND)
		return 0;
	for (size_t i = 0; i < rule->backend_refs.len; i++)
		if (rule->backend_refs.v[i].weight > 0)
			sum += (double)rule->backend_refs.v[i].weight;
	return sum > 0 && b->spec->weight > 0 ? (double)b->spec->weight / sum : 0;
}

size_t rt_route_rule_backends(
    const struct rt_route_fact *r, int rule, const struct rt_backend_fact **ret)
{
	size_t lo = 0, n = 0;

	while (lo < r->backends.len && r->backends.v[lo].rule < rule)
		lo++;
	while (lo + n < r->backends.len && r->backends.v[lo + n].rule == rule)
		n++;
	*ret = r->backends.v + lo;
	return n;
}
