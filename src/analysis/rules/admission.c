/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admission.c - GC15: what the API server would refuse, for objects that have not met one yet
 * (gateway-api §1.1, §1.3). Rules that a finding of their own is about are left to it: equal
 * listeners (LS02), missing certificates (LS03), filters (RT22), enums (RT25), rules without
 * backends (RT16). Names of hosts and paths are in admission_text.c.
 */
#include "config.h"

#include "../admission.h"
#include "../rules.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#define MAX_LISTENERS 64
#define MAX_ADDRESSES 16
#define MAX_PARENTS 32
#define MAX_HOSTNAMES 16
#define MAX_TLS_HOSTNAMES 1024
#define MAX_RULES 16
#define MAX_MATCHES 64
#define MAX_MATCHES_IN_ALL 127
#define MAX_BACKENDS 16
#define MAX_GRANT_ENTRIES 16
#define MAX_TARGETS 16
#define MAX_CAS 8
#define MAX_SANS 5
#define MAX_FRONTENDS 64
#define MAX_WEIGHT 1000000

struct admission {
	struct rt_check *c;
	const struct rt_obj *obj;
};

static void refuse(const struct admission *a, const char *why, const char *field, ...)
    RT_PRINTF(3, 4);
static void refuse(const struct admission *a, const char *why, const char *field, ...)
{
	struct rt_finding *f;
	va_list ap;

	va_start(ap, field);
	f = rt_raise(
	    a->c, RT_F_GC15, RT_YES, a->obj, "%s", rt_arena_vprintf(&a->c->work, field, ap));
	va_end(ap);
	rt_say(f, "%s is refused by the API server: %s", rt_name(a->c, a->obj), why);
}

static const char *quoted(
    const struct admission *a, const char *what, const char *value, const char *why)
{
	return rt_fmt(a->c, "%s \"%.80s\" %s", what, value, why);
}

static void count(const struct admission *a, size_t n, size_t min, size_t max, const char *field)
{
	if (n > max)
		refuse(
		    a, rt_fmt(a->c, "%zu entries, at most %zu are allowed", n, max), "%s", field);
	else if (n < min)
		refuse(a, rt_fmt(a->c, "at least %zu entry is required", min), "%s", field);
}

static void required(const struct admission *a, const char *value, const char *field)
{
	if (!value || !*value)
		refuse(a, rt_fmt(a->c, "%s is required", field), "%s", field);
}

static void port_range(const struct admission *a, int64_t port, bool needed, const char *field)
{
	if (port == RT_INT_UNSET) {
		if (needed)
			refuse(a, "port is required", "%s", field);
	} else if (port < 1 || port > 65535) {
		refuse(a, rt_fmt(a->c, "port %lld is not between 1 and 65535", (long long)port),
		    "%s", field);
	}
}

static void hostname(const struct admission *a, const char *host, const char *field)
{
	const char *why = host ? rt_hostname_fault(host) : NULL;

	if (why)
		refuse(a, quoted(a, "hostname", host, why), "%s", field);
}

/* ---------------------------------------------------------------- listeners */

static bool one_of(const char *s, const char *words)
{
	return s && rt_controller_lists(words, s);
}

/* An enum of a Gateway; those of routes have RT25. */
static void choice(
    const struct admission *a, const char *value, const char *words, const char *field)
{
	if (value && !one_of(value, words))
		refuse(a, rt_fmt(a->c, "\"%.40s\" is none of %s", value, words), "%s", field);
}

static void listener(const struct admission *a, const struct rt_listener *l, size_t i)
{
	const char *at = rt_fmt(a->c, "spec.listeners[%zu]", i);
	bool plain = one_of(l->protocol, "HTTP TCP UDP");

	if (!l->name || !*l->name)
		refuse(a, "name is required", "%s.name", at);
	if (!l->protocol || !*l->protocol)
		refuse(a, "protocol is required", "%s.protocol", at);
	if (l->tls)
		choice(a, l->tls->mode, "Terminate Passthrough", rt_fmt(a->c, "%s.tls.mode", at));
	if (l->allowed_routes && l->allowed_routes->namespaces)
		choice(a, l->allowed_routes->namespaces->from, "All Selector Same None",
		    rt_fmt(a->c, "%s.allowedRoutes.namespaces.from", at));
	port_range(a, l->port, true, rt_fmt(a->c, "%s.port", at));
	if (l->tls && plain)
		refuse(a, rt_fmt(a->c, "tls must not be set for protocol %s", l->protocol),
		    "%s.tls", at);
	if (l->tls && rt_streq(l->protocol, "HTTPS") && rt_streq(l->tls->mode, "Passthrough"))
		refuse(a, "protocol HTTPS must not pass TLS through", "%s.tls.mode", at);
	if (l->hostname && *l->hostname && one_of(l->protocol, "TCP UDP"))
		refuse(a, rt_fmt(a->c, "hostname must not be set for protocol %s", l->protocol),
		    "%s.hostname", at);
	else
		hostname(a, l->hostname, rt_fmt(a->c, "%s.hostname", at));
}

static void listeners(const struct admission *a, rt_listeners ls)
{
	count(a, ls.len, 1, MAX_LISTENERS, "spec.listeners");
	for (size_t i = 0; i < ls.len && i < MAX_LISTENERS; i++) {
		listener(a, &ls.v[i], i);
		for (size_t k = 0; k < i; k++)
			if (ls.v[i].name && rt_streq(ls.v[i].name, ls.v[k].name)) {
				refuse(a, quoted(a, "listener name", ls.v[i].name, "is used twice"),
				    "spec.listeners[%zu].name", i);
				break;
			}
	}
}

/* ---------------------------------------------------------------- Gateway and friends */

static void gateway_class(const struct admission *a)
{
	const struct rt_gateway_class *gc = (const struct rt_gateway_class *)a->obj;

	required(a, gc->controller_name, "spec.controllerName");
	if (gc->controller_name && *gc->controller_name && !strchr(gc->controller_name, '/'))
		refuse(a,
		    quoted(
			a, "controllerName", gc->controller_name, "is not of the form domain/path"),
		    "spec.controllerName");
}

static void addresses(const struct admission *a, const struct rt_gateway *g)
{
	count(a, g->addresses.len, 0, MAX_ADDRESSES, "spec.addresses");
	for (size_t i = 0; i < g->addresses.len && i < MAX_ADDRESSES; i++)
		for (size_t k = 0; k < i; k++)
			if (g->addresses.v[i].value &&
			    rt_streq(g->addresses.v[i].type, g->addresses.v[k].type) &&
			    rt_streq(g->addresses.v[i].value, g->addresses.v[k].value)) {
				refuse(a,
				    quoted(a, "address", g->addresses.v[i].value, "is given twice"),
				    "spec.addresses[%zu]", i);
				break;
			}
}

static void frontend_ports(const struct admission *a, const struct rt_gateway *g)
{
	const struct rt_gateway_frontend *f = g->tls ? g->tls->frontend : NULL;

	for (size_t i = 0; f && i < f->per_port.len && i < MAX_FRONTENDS; i++)
		for (size_t k = 0; k < i; k++)
			if (f->per_port.v[i].port == f->per_port.v[k].port) {
				refuse(a,
				    rt_fmt(a->c, "port %lld is given twice",
					(long long)f->per_port.v[i].port),
				    "spec.tls.frontend.perPort[%zu].port", i);
				break;
			}
}

static void gateway(const struct admission *a)
{
	const struct rt_gateway *g = (const struct rt_gateway *)a->obj;

	required(a, g->gateway_class_name, "spec.gatewayClassName");
	listeners(a, g->listeners);
	if (g->allowed_listeners && g->allowed_listeners->namespaces)
		choice(a, g->allowed_listeners->namespaces->from, "All Selector Same None",
		    "spec.allowedListeners.namespaces.from");
	addresses(a, g);
	frontend_ports(a, g);
}

static void listener_set(const struct admission *a)
{
	const struct rt_listener_set *s = (const struct rt_listener_set *)a->obj;

	required(a, s->parent_ref ? s->parent_ref->name : NULL, "spec.parentRef");
	listeners(a, s->listeners);
}

static void reference_grant(const struct admission *a)
{
	const struct rt_reference_grant *g = (const struct rt_reference_grant *)a->obj;

	count(a, g->from.len, 1, MAX_GRANT_ENTRIES, "spec.from");
	count(a, g->to.len, 1, MAX_GRANT_ENTRIES, "spec.to");
	for (size_t i = 0; i < g->from.len; i++)
		if (!g->from.v[i].ns || !g->from.v[i].kind || !g->from.v[i].group)
			refuse(a, "group, kind and namespace are required", "spec.from[%zu]", i);
	for (size_t i = 0; i < g->to.len; i++)
		if (!g->to.v[i].kind || !g->to.v[i].group)
			refuse(a, "group and kind are required", "spec.to[%zu]", i);
}

static void backend_tls_policy(const struct admission *a)
{
	const struct rt_backend_tls_policy *p = (const struct rt_backend_tls_policy *)a->obj;
	const struct rt_tls_validation *v = p->validation;
	bool well_known = v && v->well_known_ca_certificates && *v->well_known_ca_certificates;

	count(a, p->target_refs.len, 1, MAX_TARGETS, "spec.targetRefs");
	if (!v) {
		refuse(a, "spec.validation is required", "spec.validation");
		return;
	}
	required(a, v->hostname, "spec.validation.hostname");
	count(a, v->ca_certificate_refs.len, 0, MAX_CAS, "spec.validation.caCertificateRefs");
	count(a, v->subject_alt_names.len, 0, MAX_SANS, "spec.validation.subjectAltNames");
	if (well_known == (v->ca_certificate_refs.len > 0))
		refuse(a,
		    "exactly one of caCertificateRefs and wellKnownCACertificates is required",
		    "spec.validation");
}

/* ---------------------------------------------------------------- routes: parents and hosts */

static bool same_parent(
    const struct rt_obj *o, const struct rt_parent_ref *x, const struct rt_parent_ref *y)
{
	return rt_streq(x->group, y->group) && rt_streq(x->kind, y->kind) &&
	       rt_streq(x->name, y->name) && rt_streq(x->ns ? x->ns : o->ns, y->ns ? y->ns : o->ns);
}

/* Two references to one parent must both name a section (or a port) and differ in it. */
static bool told_apart(const struct rt_parent_ref *x, const struct rt_parent_ref *y)
{
	bool sections = x->section_name && y->section_name;
	bool ports = x->port != RT_INT_UNSET && y->port != RT_INT_UNSET;

	return (sections && !rt_streq(x->section_name, y->section_name)) ||
	       (ports && x->port != y->port);
}

static void parents(const struct admission *a, const struct rt_route *r)
{
	count(a, r->parent_refs.len, 0, MAX_PARENTS, "spec.parentRefs");
	for (size_t i = 0; i < r->parent_refs.len && i < MAX_PARENTS; i++) {
		const struct rt_parent_ref *p = &r->parent_refs.v[i];

		if (!p->name || !*p->name)
			refuse(a, "name is required", "spec.parentRefs[%zu].name", i);
		port_range(a, p->port, false, rt_fmt(a->c, "spec.parentRefs[%zu].port", i));
		for (size_t k = 0; k < i; k++)
			if (same_parent(&r->obj, p, &r->parent_refs.v[k]) &&
			    !told_apart(p, &r->parent_refs.v[k])) {
				refuse(a,
				    "two parentRefs name the same object without different "
				    "sectionNames",
				    "spec.parentRefs[%zu]", i);
				break;
			}
	}
}

/* Only TLSRoute before v1 may go without hostnames. */
static void hostnames(const struct admission *a, const struct rt_route *r)
{
	bool tls = r->obj.kind == RT_KIND_TLS_ROUTE;
	bool old = r->obj.api_version && strstr(r->obj.api_version, "/v1alpha2");

	if (!rt_route_has_hostnames(r->obj.kind))
		return;
	count(a, r->hostnames.len, tls && !old, tls ? MAX_TLS_HOSTNAMES : MAX_HOSTNAMES,
	    "spec.hostnames");
	for (size_t i = 0; i < r->hostnames.len && i < MAX_TLS_HOSTNAMES; i++)
		hostname(a, r->hostnames.v[i], rt_fmt(a->c, "spec.hostnames[%zu]", i));
}

/* ---------------------------------------------------------------- routes: rules */

static void named(
    const struct admission *a, const struct rt_name_match *v, size_t len, const char *at)
{
	for (size_t i = 0; i < len; i++)
		if (!v[i].name || !*v[i].name)
			refuse(a, "name is required", "%s[%zu].name", at, i);
}

static void match(const struct admission *a, const struct rt_route_match *m, const char *at)
{
	const char *why = NULL;

	if (a->obj->kind == RT_KIND_HTTP_ROUTE && one_of(m->path.type, "Exact PathPrefix"))
		why = rt_path_fault(m->path.value ? m->path.value : "");
	if (why)
		refuse(a, quoted(a, "path", m->path.value ? m->path.value : "", why),
		    "%s.path.value", at);
	if (m->grpc && !(m->grpc->service && *m->grpc->service) &&
	    !(m->grpc->method && *m->grpc->method))
		refuse(a, "a method match needs a service or a method", "%s.method", at);
	named(a, m->headers.v, m->headers.len, rt_fmt(a->c, "%s.headers", at));
	named(a, m->query_params.v, m->query_params.len, rt_fmt(a->c, "%s.queryParams", at));
}

static void timeouts(const struct admission *a, const struct rt_timeouts *t, const char *at)
{
	int64_t whole = 0, try = 0;

	if (t->request && !rt_gateway_duration(t->request, &whole))
		refuse(a, quoted(a, "duration", t->request, "is not like 10s, 500ms or 1h30m"),
		    "%s.timeouts.request", at);
	if (t->backend_request && !rt_gateway_duration(t->backend_request, &try))
		refuse(a,
		    quoted(a, "duration", t->backend_request, "is not like 10s, 500ms or 1h30m"),
		    "%s.timeouts.backendRequest", at);
	if (whole > 0 && try > whole)
		refuse(
		    a, "backendRequest is longer than request", "%s.timeouts.backendRequest", at);
}

static bool star_in_company(rt_strings l)
{
	for (size_t i = 0; l.len > 1 && i < l.len; i++)
		if (strcmp(l.v[i], "*") == 0)
			return true;
	return false;
}

static void cors(const struct admission *a, const struct rt_cors *cors, const char *at)
{
	if (star_in_company(cors->allow_origins))
		refuse(a, "\"*\" must stand alone", "%s.cors.allowOrigins", at);
	if (star_in_company(cors->allow_methods))
		refuse(a, "\"*\" must stand alone", "%s.cors.allowMethods", at);
	if (star_in_company(cors->allow_headers))
		refuse(a, "\"*\" must stand alone", "%s.cors.allowHeaders", at);
}

/* A filter carries the member that its type names, and no other. */
static const struct {
	const char *type, *member;
	size_t offset;
} filter_members[] = {
    {"RequestHeaderModifier", "requestHeaderModifier", offsetof(struct rt_filter, request_headers)},
    {"ResponseHeaderModifier", "responseHeaderModifier",
	offsetof(struct rt_filter, response_headers)},
    {"RequestMirror", "requestMirror", offsetof(struct rt_filter, mirror)},
    {"RequestRedirect", "requestRedirect", offsetof(struct rt_filter, redirect)},
    {"URLRewrite", "urlRewrite", offsetof(struct rt_filter, rewrite)},
    {"CORS", "cors", offsetof(struct rt_filter, cors)},
    {"ExtensionRef", "extensionRef", offsetof(struct rt_filter, extension_ref)},
    {"ExternalAuth", "externalAuth", offsetof(struct rt_filter, external_auth)},
};

static void filter_member(const struct admission *a, const struct rt_filter *f, const char *at)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(filter_members); i++) {
		const char *p = (const char *)f + filter_members[i].offset;
		bool named = rt_streq(f->type, filter_members[i].type);
		const void *member;

		memcpy(&member, p, sizeof(member));
		if (named && !member)
			refuse(a,
			    rt_fmt(a->c, "a filter of type %s needs %s", f->type,
				filter_members[i].member),
			    "%s.%s", at, filter_members[i].member);
		else if (!named && member && f->type)
			refuse(a,
			    rt_fmt(a->c, "a filter of type %.64s must not have %s", f->type,
				filter_members[i].member),
			    "%s.%s", at, filter_members[i].member);
	}
}

static void filters(const struct admission *a, rt_filters l, const char *under)
{
	for (size_t i = 0; i < l.len; i++) {
		const char *at = rt_fmt(a->c, "%s.filters[%zu]", under, i);

		filter_member(a, &l.v[i], at);
		if (l.v[i].cors)
			cors(a, l.v[i].cors, at);
	}
}

static void backend(const struct admission *a, const struct rt_backend_ref *b, const char *at)
{
	if (!b->name || !*b->name)
		refuse(a, "name is required", "%s.name", at);
	if (b->port != RT_INT_UNSET)
		port_range(a, b->port, false, rt_fmt(a->c, "%s.port", at));
	if (b->weight < 0 || b->weight > MAX_WEIGHT)
		refuse(a,
		    rt_fmt(a->c, "weight %lld is not between 0 and 1000000", (long long)b->weight),
		    "%s.weight", at);
	filters(a, b->filters, at);
}

static void rule(const struct admission *a, const struct rt_rule *r, const char *at)
{
	count(a, r->matches.len, 0, MAX_MATCHES, rt_fmt(a->c, "%s.matches", at));
	count(a, r->backend_refs.len, 0, MAX_BACKENDS, rt_fmt(a->c, "%s.backendRefs", at));
	for (size_t i = 0; i < r->matches.len && i < MAX_MATCHES; i++)
		match(a, &r->matches.v[i], rt_fmt(a->c, "%s.matches[%zu]", at, i));
	for (size_t i = 0; i < r->backend_refs.len && i < MAX_BACKENDS; i++)
		backend(a, &r->backend_refs.v[i], rt_fmt(a->c, "%s.backendRefs[%zu]", at, i));
	filters(a, r->filters, at);
	if (r->timeouts)
		timeouts(a, r->timeouts, at);
}

static bool one_rule_only(const struct rt_obj *o)
{
	bool old = o->api_version && strstr(o->api_version, "/v1alpha2");

	return !old && (o->kind == RT_KIND_TLS_ROUTE || o->kind == RT_KIND_TCP_ROUTE ||
			   o->kind == RT_KIND_UDP_ROUTE);
}

static void rules(const struct admission *a, const struct rt_route *r)
{
	size_t total = 0, min = rt_kind_is_route(r->obj.kind) && one_rule_only(&r->obj) ? 1 : 0;

	count(a, r->rules.len, min, one_rule_only(&r->obj) ? 1 : MAX_RULES, "spec.rules");
	for (size_t i = 0; i < r->rules.len && i < MAX_RULES; i++) {
		const char *name = r->rules.v[i].name;

		total += r->rules.v[i].matches.len;
		rule(a, &r->rules.v[i], rt_fmt(a->c, "spec.rules[%zu]", i));
		for (size_t k = 0; name && k < i; k++)
			if (rt_streq(name, r->rules.v[k].name)) {
				refuse(a, quoted(a, "rule name", name, "is used twice"),
				    "spec.rules[%zu].name", i);
				break;
			}
	}
	if (total > MAX_MATCHES_IN_ALL)
		refuse(a,
		    rt_fmt(a->c, "%zu matches in all rules, fewer than 128 are allowed", total),
		    "spec.rules");
}

static void route(const struct admission *a)
{
	const struct rt_route *r = (const struct rt_route *)a->obj;

	parents(a, r);
	hostnames(a, r);
	rules(a, r);
}

/* ---------------------------------------------------------------- */

static const struct {
	enum rt_kind kind;
	void (*admit)(const struct admission *a);
} kinds[] = {
    {RT_KIND_GATEWAY_CLASS, gateway_class},
    {RT_KIND_GATEWAY, gateway},
    {RT_KIND_LISTENER_SET, listener_set},
    {RT_KIND_HTTP_ROUTE, route},
    {RT_KIND_GRPC_ROUTE, route},
    {RT_KIND_TLS_ROUTE, route},
    {RT_KIND_TCP_ROUTE, route},
    {RT_KIND_UDP_ROUTE, route},
    {RT_KIND_REFERENCE_GRANT, reference_grant},
    {RT_KIND_BACKEND_TLS_POLICY, backend_tls_policy},
};

void rt_check_GC15(struct rt_check *c)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(kinds); i++) {
		const struct rt_obj *const *v;
		size_t n = rt_store_list(c->store, kinds[i].kind, &v);

		for (size_t k = 0; k < n; k++)
			if (rt_unapplied(c, v[k]))
				kinds[i].admit(&(struct admission){c, v[k]});
	}
}
