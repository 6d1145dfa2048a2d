/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway.c - rules about Gateways as a whole: class, status, address, data plane (gateway-api
 * §7.1).
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

#include "rutter/map.h"

typedef void (*gateway_fn)(struct rt_check *c, const struct rt_gateway_fact *gw);

static void each_gateway(struct rt_check *c, gateway_fn fn)
{
	for (size_t i = 0; i < c->an->gateways.len; i++)
		fn(c, c->an->gateways.v[i]);
}

static struct rt_finding *raise_gateway(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_gateway_fact *gw, const char *field)
{
	struct rt_finding *f = rt_raise(c, code, holds, &gw->gateway->obj, "%s", field);

	rt_tie_gateway(f, gw);
	return f;
}

static const char *gateway_name(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	return rt_name(c, &gw->gateway->obj);
}

/* ---------------------------------------------------------------- class */

static void relate_routes(
    struct rt_check *c, struct rt_finding *f, const struct rt_gateway_fact *gw)
{
	for (size_t i = 0; f && i < c->an->routes.len; i++)
		for (size_t k = 0; k < c->an->routes.v[i]->parents.len; k++)
			if (c->an->routes.v[i]->parents.v[k].gateway == gw)
				rt_relate_obj(f, &c->an->routes.v[i]->route->obj);
}

static void class_exists(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	enum rt_tri holds = rt_tri_not(gw->class_present);
	struct rt_ref missing = {
	    RT_GROUP_GATEWAY, "GatewayClass", NULL, gw->gateway->gateway_class_name};
	struct rt_finding *f;

	if (holds == RT_NO || !missing.name)
		return;
	f = raise_gateway(c, RT_F_GW01, holds, gw, "spec.gatewayClassName");
	rt_say(f, "%s names %s, which %s%s; nobody serves it", gateway_name(c, gw),
	    rt_ref_name(c, missing), rt_missing(c, missing, holds), rt_suggest(c, missing));
	if (holds == RT_UNKNOWN)
		rt_say(f, "%s names %s, which %s", gateway_name(c, gw), rt_ref_name(c, missing),
		    rt_missing(c, missing, holds));
	relate_routes(c, f, gw);
}

void rt_check_GW01(struct rt_check *c)
{
	each_gateway(c, class_exists);
}

static void parameters(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_ref_fact *p = gw->parameters;
	enum rt_tri holds = p ? rt_tri_not(p->ok) : RT_NO;
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	f = raise_gateway(c, RT_F_GW10, holds, gw, "spec.infrastructure.parametersRef");
	rt_say(f, "%s names %s, which %s%s", gateway_name(c, gw), rt_ref_name(c, p->ref),
	    rt_missing(c, p->ref, holds), holds == RT_YES ? "; the Gateway is not accepted" : "");
}

void rt_check_GW10(struct rt_check *c)
{
	each_gateway(c, parameters);
}

/* ---------------------------------------------------------------- reported status */

static size_t route_count(const struct rt_gateway_fact *gw)
{
	struct rt_map routes = {0};
	size_t n;

	for (size_t i = 0; i < gw->merged.len; i++)
		for (size_t k = 0; k < gw->merged.v[i]->attached.len; k++) {
			struct rt_route_fact *r = gw->merged.v[i]->attached.v[k]->route;

			rt_map_set_n(&routes, (const char *)&r, sizeof(r), r);
		}
	n = routes.live;
	rt_map_done(&routes);
	return n;
}

/* The part of the spec that a reason is about. */
static const struct {
	const char *reason, *field;
} reason_fields[] = {
    {"UnsupportedAddress", "spec.addresses"},
    {"InvalidParameters", "spec.infrastructure.parametersRef"},
    {"ListenersNotValid", "spec.listeners"},
};

static const char *field_of_reason(const char *reason)
{
	for (size_t i = 0; reason && i < RT_ARRAY_LEN(reason_fields); i++)
		if (strcmp(reason_fields[i].reason, reason) == 0)
			return reason_fields[i].field;
	return "spec";
}

static void accepted(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_condition *cond =
	    rt_current_condition(&gw->gateway->obj, gw->gateway->conditions, RT_COND_ACCEPTED);
	const char *tail = "";
	struct rt_finding *f;
	size_t n;

	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_gateway(c, RT_F_GW02, RT_YES, gw, field_of_reason(cond->reason));
	n = route_count(gw);
	if (n)
		tail = n == 1 ? "; its route is not served"
			      : rt_fmt(c, "; its %zu routes are not served", n);
	rt_echo(f, cond, gw->class_fact ? gw->class_fact->gc->controller_name : NULL);
	rt_say(
	    f, "%s is not accepted %s%s", gateway_name(c, gw), rt_quote_condition(c, cond), tail);
}

void rt_check_GW02(struct rt_check *c)
{
	each_gateway(c, accepted);
}

/* A condition of the CRD's default (Unknown) was written by nobody: GW13. */
static const struct rt_condition *stale_among(const struct rt_obj *obj, rt_conditions conds)
{
	for (size_t i = 0; i < conds.len; i++)
		if (conds.v[i].observed_generation < obj->generation &&
		    !rt_condition_is(&conds.v[i], "Unknown"))
			return &conds.v[i];
	return NULL;
}

static void stale(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_gateway *g = gw->gateway;
	const struct rt_condition *cond = stale_among(&g->obj, g->conditions);
	struct rt_finding *f;
	const char *age;

	for (size_t i = 0; !cond && i < g->status_listeners.len; i++)
		cond = stale_among(&g->obj, g->status_listeners.v[i].conditions);
	if (!cond || !rt_settled(c, &g->obj))
		return;
	f = raise_gateway(c, RT_F_GW03, RT_YES, gw, "status");
	age = rt_ago(c, rt_last_edit(c, &g->obj));
	rt_say(f,
	    "%s: status is of generation %lld, spec is %lld%s%s; the controller has not processed "
	    "the last edit",
	    gateway_name(c, gw), (long long)cond->observed_generation, (long long)g->obj.generation,
	    *age ? ", unchanged for " : "", age);
	if (!*age)
		rt_because(f, "when the spec was last written is not known");
}

void rt_check_GW03(struct rt_check *c)
{
	each_gateway(c, stale);
}

static void programmed(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_condition *cond =
	    rt_current_condition(&gw->gateway->obj, gw->gateway->conditions, RT_COND_PROGRAMMED);
	struct rt_finding *f;

	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_gateway(c, RT_F_GW12, RT_YES, gw, "status.conditions");
	rt_echo(f, cond, gw->class_fact ? gw->class_fact->gc->controller_name : NULL);
	rt_say(f, "%s is not programmed %s", gateway_name(c, gw), rt_quote_condition(c, cond));
}

void rt_check_GW12(struct rt_check *c)
{
	each_gateway(c, programmed);
}

static enum rt_tri class_accepted(const struct rt_gateway_fact *gw)
{
	const struct rt_gateway_class *gc = gw->class_fact ? gw->class_fact->gc : NULL;

	if (!gc)
		return gw->class_present == RT_UNKNOWN ? RT_UNKNOWN : RT_NO;
	return rt_tri_of(rt_condition_is(
	    rt_current_condition(&gc->obj, gc->conditions, RT_COND_ACCEPTED), "True"));
}

static void unprocessed(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_gateway *g = gw->gateway;
	const struct rt_condition *cond = rt_condition_find(g->conditions, RT_COND_ACCEPTED);
	struct rt_finding *f;
	enum rt_tri holds;
	const char *age;

	if ((cond && !rt_condition_is(cond, "Unknown")) || !rt_observed(c, &g->obj) ||
	    !rt_settled(c, &g->obj))
		return;
	holds = class_accepted(gw);
	f = raise_gateway(c, RT_F_GW13, holds, gw, "spec.gatewayClassName");
	if (!f)
		return;
	age = rt_ago(c, rt_last_change(c, &g->obj));
	rt_say(f, "No controller has processed %s%s%s%s", gateway_name(c, gw), *age ? " for " : "",
	    age,
	    holds == RT_YES
		? rt_fmt(c, " although GatewayClass %s is accepted", g->gateway_class_name)
		: "; its GatewayClass could not be read");
}

void rt_check_GW13(struct rt_check *c)
{
	each_gateway(c, unprocessed);
}

/* ---------------------------------------------------------------- client certificate */

static void client_certificate(
    struct rt_check *c, const struct rt_gateway_fact *gw, enum rt_code code, bool grant)
{
	const struct rt_ref_fact *r = gw->client_certificate;
	struct rt_secret_maker maker = {0};
	struct rt_finding *f;
	enum rt_tri holds;

	if (!r || r->ok == RT_YES || (r->fault == RT_REF_GRANT) != grant)
		return;
	holds = rt_tri_not(r->ok);
	if (r->fault == RT_REF_ABSENT) {
		maker.certificate = rt_secret_maker_of(c, &gw->gateway->obj, r->ref).certificate;
		holds = rt_secret_missing(c, &gw->gateway->obj, &maker, holds);
	}
	f = raise_gateway(c, code, holds, gw,
	    gw->gateway->tls && gw->gateway->tls->backend ? "spec.tls.backend.clientCertificateRef"
							  : "spec.backendTLS.clientCertificateRef");
	if (grant) {
		rt_offer_grant(f, &gw->gateway->obj, r->ref, &r->permission);
		rt_say(f,
		    holds == RT_YES ? "%s may not use %s: no ReferenceGrant in namespace %s"
				    : "Whether %s may use %s is not known: ReferenceGrants of "
				      "namespace %s were not read",
		    gateway_name(c, gw), rt_ref_name(c, r->ref), r->ref.ns);
	} else if (r->fault == RT_REF_KIND)
		rt_say(f, "%s names %s as client certificate; only a Secret can be one",
		    gateway_name(c, gw), rt_ref_name(c, r->ref));
	else if (r->fault == RT_REF_CONTENT)
		rt_say(f, "%s: %s%s", rt_ref_name(c, r->ref),
		    r->why ? r->why : "its content is unusable",
		    holds == RT_YES ? "; backends that ask for a client certificate fail" : "");
	else
		rt_say(f, "%s names %s as client certificate, which %s%s", gateway_name(c, gw),
		    rt_ref_name(c, r->ref), rt_missing(c, r->ref, holds),
		    holds == RT_YES ? "; backends that ask for one fail" : "");
	rt_relate_maker(f, &maker);
}

void rt_check_GW14(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->gateways.len; i++)
		client_certificate(c, c->an->gateways.v[i], RT_F_GW14, false);
}

void rt_check_GW15(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->gateways.len; i++)
		client_certificate(c, c->an->gateways.v[i], RT_F_GW15, true);
}

/* ---------------------------------------------------------------- data plane */

static bool refused(const struct rt_check *c, const char *kind, const char *ns)
{
	enum rt_scope_state st = rt_store_scope(c->store, "", kind, ns, NULL);

	return rt_scope_in_vain(st);
}

/* The LoadBalancer Service of the data plane, when it and all its like wait for an address. */
static const struct rt_service *waiting_service(const struct rt_data_plane *dp)
{
	const struct rt_service *ret = NULL;

	for (size_t i = 0; i < dp->services.len; i++) {
		const struct rt_service *s = dp->services.v[i];

		if (!rt_streq(s->type, "LoadBalancer"))
			continue;
		if (s->load_balancer.len || s->external_ips.len)
			return NULL;
		ret = ret ? ret : s;
	}
	return ret;
}

static void address(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_gateway *g = gw->gateway;
	const struct rt_condition *cond =
	    rt_current_condition(&g->obj, g->conditions, RT_COND_PROGRAMMED);
	const struct rt_data_plane *dp;
	const struct rt_service *s;
	struct rt_finding *f;
	const char *age;

	if (g->status_addresses.len || !rt_observed(c, &g->obj) || !rt_settled(c, &g->obj))
		return;
	dp = rt_plane_of_gateway(c, gw);
	s = waiting_service(dp);
	if (s) {
		f = raise_gateway(c, RT_F_GW05, RT_YES, gw, "status.addresses");
		age = rt_ago(c, s->obj.created);
		rt_say(f, "%s has no address: %s waits for a load balancer%s%s",
		    gateway_name(c, gw), rt_name(c, &s->obj), *age ? " since " : "", age);
		rt_relate_obj(f, &s->obj);
	} else if (!dp->services.len && refused(c, "Service", g->obj.ns) &&
		   rt_condition_is(cond, "False") && rt_streq(cond->reason, "AddressNotAssigned")) {
		f = raise_gateway(c, RT_F_GW05, RT_UNKNOWN, gw, "status.addresses");
		rt_say(f,
		    "%s has no address; whether its Service waits for a load balancer could not be "
		    "read",
		    gateway_name(c, gw));
	}
}

void rt_check_GW05(struct rt_check *c)
{
	each_gateway(c, address);
}

static bool pods_expected(const struct rt_data_plane *dp)
{
	for (size_t i = 0; i < dp->services.len; i++)
		if (dp->services.v[i]->selector.len)
			return true;
	return dp->pods.len > 0;
}

static const char *trouble(struct rt_check *c, const rt_pods *pods)
{
	for (size_t i = 0; i < pods->len; i++) {
		const char *why = rt_pod_trouble(&c->work, pods->v[i]);

		if (why)
			return rt_fmt(c, ", %s", why);
	}
	return "";
}

static const char *plane_namespace(const struct rt_data_plane *dp, const struct rt_gateway *g)
{
	return dp->services.len ? dp->services.v[0]->obj.ns : g->obj.ns;
}

static bool pods_refused(
    struct rt_check *c, const struct rt_data_plane *dp, const struct rt_gateway *g)
{
	for (size_t i = 0; i < dp->services.len; i++)
		if (rt_pods_refused(c, dp->services.v[i]->obj.ns,
			rt_labels_text(&c->work, dp->services.v[i]->selector)))
			return true;
	return refused(c, "Pod", plane_namespace(dp, g));
}

static void data_plane(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_data_plane *dp = rt_plane_of_gateway(c, gw);
	const struct rt_controller *row = gw->class_fact ? gw->class_fact->controller : NULL;
	enum rt_tri holds = RT_YES;
	struct rt_finding *f;

	if (dp->how == RT_LOCATED_NOT || dp->outside || dp->ready || !pods_expected(dp))
		return;
	if (!dp->pods_known) {
		if (!pods_refused(c, dp, gw->gateway))
			return;
		holds = RT_UNKNOWN;
	}
	f = raise_gateway(c, RT_F_GW07, holds, gw, "metadata.name");
	if (row && row->shares_pods)
		rt_tie(f, RT_TIE_PODS, row->id);
	if (holds == RT_YES)
		rt_say(f, "No data-plane pod of %s is ready (0 of %zu%s); connections are refused",
		    gateway_name(c, gw), dp->pods.len, trouble(c, &dp->pods));
	else
		rt_say(f, "Whether a data-plane pod of %s is ready could not be read",
		    gateway_name(c, gw));
	rt_relate_pods(f, &dp->pods);
	for (size_t i = 0; i < dp->services.len; i++)
		rt_relate_obj(f, &dp->services.v[i]->obj);
}

void rt_check_GW07(struct rt_check *c)
{
	each_gateway(c, data_plane);
}

/* ---------------------------------------------------------------- GW08: ports */

/* Some controllers listen on the port behind the Service's: a targetPort counts too. A named one
 * that no Pod at hand resolves leaves it open. */
static enum rt_tri carries(const struct rt_service_port *p, const struct rt_listener_fact *l,
    const struct rt_data_plane *dp)
{
	bool udp = l->protocol == RT_PROTOCOL_UDP;

	if (rt_streq(p->protocol, "UDP") != udp)
		return RT_NO;
	if (p->port == l->spec->port || p->target_port.number == l->spec->port)
		return RT_YES;
	if (!p->target_port.text)
		return RT_NO;
	for (size_t i = 0; i < dp->pods.len; i++)
		if (rt_target_port(p, &dp->pods.v[i]->spec) == l->spec->port)
			return RT_YES;
	return dp->pods.len ? RT_NO : RT_UNKNOWN;
}

static const char *exposed(struct rt_check *c, const struct rt_service *s)
{
	rt_lines words = {0};

	for (size_t i = 0; i < s->ports.len; i++)
		rt_vec_push(&words, &c->work, rt_fmt(c, "%lld", (long long)s->ports.v[i].port));
	return words.len ? rt_listed(c, &words, 6) : "no port";
}

static void listener_port(
    struct rt_check *c, const struct rt_listener_fact *l, const struct rt_data_plane *dp)
{
	const struct rt_condition *cond =
	    l->status ? rt_current_condition(l->owner, l->status->conditions, RT_COND_PROGRAMMED)
		      : NULL;
	struct rt_finding *f;

	if (rt_condition_is(cond, "False") || l->protocol == RT_PROTOCOL_OTHER)
		return;
	for (size_t i = 0; i < dp->services.len; i++)
		for (size_t k = 0; k < dp->services.v[i]->ports.len; k++)
			if (carries(&dp->services.v[i]->ports.v[k], l, dp) != RT_NO)
				return;
	f = rt_raise(c, RT_F_GW08, RT_YES, l->owner, "spec.listeners[%zu].port", l->index);
	rt_tie_listener(f, l);
	rt_say(f, "Listener %s of %s uses port %lld, %s exposes %s", l->spec->name,
	    rt_name(c, l->owner), (long long)l->spec->port, rt_name(c, &dp->services.v[0]->obj),
	    exposed(c, dp->services.v[0]));
	for (size_t i = 0; i < dp->services.len; i++)
		rt_relate_obj(f, &dp->services.v[i]->obj);
}

/* One open finding a Gateway, where its Services were asked for and refused. */
static void ports_open(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	struct rt_finding *f;

	if (!rt_observed(c, &gw->gateway->obj) || !refused(c, "Service", gw->gateway->obj.ns))
		return;
	f = raise_gateway(c, RT_F_GW08, RT_UNKNOWN, gw, "spec.listeners");
	rt_say(f, "Whether a Service exposes the listener ports of %s could not be read",
	    gateway_name(c, gw));
}

static void ports(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const struct rt_data_plane *dp = rt_plane_of_gateway(c, gw);

	if (dp->outside)
		return;
	if (!dp->services.len) {
		ports_open(c, gw);
		return;
	}
	for (size_t i = 0; i < gw->merged.len; i++)
		listener_port(c, gw->merged.v[i], dp);
}

void rt_check_GW08(struct rt_check *c)
{
	each_gateway(c, ports);
}
