/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listener.c - rules about listeners of Gateways and ListenerSets, and about ListenerSets
 * themselves (gateway-api §6, §7.2). What concerns certificates is in certificate.c.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

#include "rutter/features.h"
#include "rutter/hostname.h"

typedef void (*listener_fn)(struct rt_check *c, const struct rt_listener_fact *l);

static void each_listener(struct rt_check *c, listener_fn fn)
{
	for (size_t i = 0; i < c->an->listeners.len; i++)
		fn(c, c->an->listeners.v[i]);
}

static struct rt_finding *raise_listener(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_listener_fact *l, const char *member)
{
	struct rt_finding *f = rt_raise(c, code, holds, l->owner, "spec.listeners[%zu]%s%s",
	    l->index, *member ? "." : "", member);

	rt_tie_listener(f, l);
	return f;
}

/* "Listener https of Gateway infra/public" */
static const char *listener_name(struct rt_check *c, const struct rt_listener_fact *l)
{
	return rt_fmt(
	    c, "Listener %s of %s", l->spec->name ? l->spec->name : "", rt_name(c, l->owner));
}

static const char *controller_of(const struct rt_listener_fact *l)
{
	const struct rt_class_fact *cf = l->gateway ? l->gateway->class_fact : NULL;

	return cf ? cf->gc->controller_name : NULL;
}

static const struct rt_condition *reported(const struct rt_listener_fact *l, const char *type)
{
	return l->status ? rt_current_condition(l->owner, l->status->conditions, type) : NULL;
}

/* ---------------------------------------------------------------- echoes */

static void accepted(struct rt_check *c, const struct rt_listener_fact *l)
{
	const struct rt_condition *cond = reported(l, RT_COND_ACCEPTED);
	const char *tail = "";
	struct rt_finding *f;
	size_t n = l->attached.len;

	if (!rt_condition_is(cond, "False"))
		cond = reported(l, RT_COND_CONFLICTED);
	if (!cond || !rt_condition_is_bad(cond->type, cond->status) ||
	    rt_condition_is(cond, "Unknown"))
		return;
	f = raise_listener(c, RT_F_LS01, RT_YES, l, "");
	if (n)
		tail = rt_fmt(c, "; %zu route%s it", n, n == 1 ? " loses" : "s lose");
	rt_echo(f, cond, controller_of(l));
	rt_say(
	    f, "%s is not accepted %s%s", listener_name(c, l), rt_quote_condition(c, cond), tail);
}

void rt_check_LS01(struct rt_check *c)
{
	each_listener(c, accepted);
}

static void programmed(struct rt_check *c, const struct rt_listener_fact *l)
{
	const struct rt_condition *cond = reported(l, RT_COND_PROGRAMMED);
	struct rt_finding *f;

	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_listener(c, RT_F_LS25, RT_YES, l, "");
	rt_echo(f, cond, controller_of(l));
	rt_say(f, "%s is not programmed %s", listener_name(c, l), rt_quote_condition(c, cond));
}

void rt_check_LS25(struct rt_check *c)
{
	each_listener(c, programmed);
}

static void refs_resolved(struct rt_check *c, const struct rt_listener_fact *l)
{
	const struct rt_condition *cond = reported(l, RT_COND_RESOLVED_REFS);
	bool kinds = cond && rt_streq(cond->reason, "InvalidRouteKinds");
	struct rt_finding *f;

	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_listener(c, RT_F_LS26, RT_YES, l, kinds ? "allowedRoutes" : "tls");
	rt_echo(f, cond, controller_of(l));
	rt_say(
	    f, "%s has unresolved references %s", listener_name(c, l), rt_quote_condition(c, cond));
}

void rt_check_LS26(struct rt_check *c)
{
	each_listener(c, refs_resolved);
}

/* ---------------------------------------------------------------- conflicts */

static const char *describe(struct rt_check *c, const struct rt_listener_fact *l)
{
	return rt_fmt(c, "port %lld, %s%s%s", (long long)l->spec->port, l->spec->protocol,
	    l->spec->hostname ? ", " : "", l->spec->hostname ? l->spec->hostname : "");
}

static void hostname_conflict(struct rt_check *c, const struct rt_listener_fact *l)
{
	const struct rt_listener_fact *w = l->conflict_with;
	struct rt_finding *f;

	if (l->conflict != RT_REASON_HOSTNAME_CONFLICT || !w)
		return;
	f = raise_listener(c, RT_F_LS02, RT_YES, l, "hostname");
	rt_relate_obj(f, w->owner);
	if (w->owner == l->owner) {
		rt_group(f, "%s", describe(c, l));
		rt_say(f, "Listeners %s and %s of %s are the same (%s); neither is served",
		    l->spec->name, w->spec->name, rt_name(c, l->owner), describe(c, l));
	} else {
		rt_say(f, "%s conflicts with listener %s of %s (%s); the latter wins",
		    listener_name(c, l), w->spec->name, rt_name(c, w->owner), describe(c, l));
	}
}

/* ListenerSets may join, and could not be read: somebody may clash with this Gateway. */
static void merge_open(struct rt_check *c, const struct rt_gateway_fact *gw)
{
	struct rt_finding *f;

	enum rt_scope_state st =
	    rt_store_scope(c->store, RT_GROUP_GATEWAY, "ListenerSet", NULL, NULL);

	if (!gw->merge_open || !gw->gateway->allowed_listeners || !rt_scope_in_vain(st))
		return;
	f = rt_raise(c, RT_F_LS02, RT_UNKNOWN, &gw->gateway->obj, "spec.listeners");
	rt_tie_gateway(f, gw);
	rt_say(f,
	    "Whether a ListenerSet clashes with listeners of %s is not known: ListenerSets could "
	    "not be read",
	    rt_name(c, &gw->gateway->obj));
}

void rt_check_LS02(struct rt_check *c)
{
	each_listener(c, hostname_conflict);
	for (size_t i = 0; i < c->an->gateways.len; i++)
		merge_open(c, c->an->gateways.v[i]);
}

static bool is_http(const struct rt_listener_fact *l)
{
	return l->protocol == RT_PROTOCOL_HTTP;
}

/* HTTP beside HTTPS or TLS is an inference (gateway-api §6.1): the controller may know better. */
static bool spoken_against(const struct rt_listener_fact *l, const struct rt_listener_fact *w)
{
	bool tcp = l->protocol == RT_PROTOCOL_TCP || w->protocol == RT_PROTOCOL_TCP;

	return !tcp && is_http(l) != is_http(w) &&
	       rt_condition_is(reported(l, RT_COND_ACCEPTED), "True");
}

static void protocol_conflict(struct rt_check *c, const struct rt_listener_fact *l)
{
	const struct rt_listener_fact *w = l->conflict_with;
	struct rt_finding *f;

	if (l->conflict != RT_REASON_PROTOCOL_CONFLICT || !w || spoken_against(l, w))
		return;
	f = raise_listener(c, RT_F_LS15, RT_YES, l, "protocol");
	rt_relate_obj(f, w->owner);
	if (w->owner == l->owner) {
		rt_group(f, "%lld", (long long)l->spec->port);
		rt_say(f,
		    "Listeners %s (%s) and %s (%s) of %s both use port %lld; neither is served",
		    l->spec->name, l->spec->protocol, w->spec->name, w->spec->protocol,
		    rt_name(c, l->owner), (long long)l->spec->port);
	} else {
		rt_say(f, "%s (%s) and listener %s (%s) of %s both use port %lld; the latter wins",
		    listener_name(c, l), l->spec->protocol, w->spec->name, w->spec->protocol,
		    rt_name(c, w->owner), (long long)l->spec->port);
	}
}

void rt_check_LS15(struct rt_check *c)
{
	each_listener(c, protocol_conflict);
}

static void overlap(struct rt_check *c, const struct rt_listener_fact *l)
{
	const struct rt_listener_fact *o = l->overlaps;
	struct rt_finding *f;

	if (!o || !l->gateway || !l->terminates || !o->terminates ||
	    rt_hostname_specificity(l->spec->hostname) <=
		rt_hostname_specificity(o->spec->hostname) ||
	    rt_features_declared(
		&l->gateway->features, RT_FEATURE_GatewayHTTPSListenerDetectMisdirectedRequests))
		return;
	f = raise_listener(c, RT_F_LS09, RT_YES, l, "hostname");
	rt_group(f, "%lld", (long long)l->spec->port);
	rt_relate_obj(f, o->owner);
	rt_say(f,
	    "Listeners %s (%s) and %s (%s) of %s overlap on %lld; HTTP/2 clients may reuse a "
	    "connection and get 404",
	    o->spec->name, o->spec->hostname ? o->spec->hostname : "every host", l->spec->name,
	    l->spec->hostname, rt_name(c, &l->gateway->gateway->obj), (long long)l->spec->port);
}

void rt_check_LS09(struct rt_check *c)
{
	each_listener(c, overlap);
}

/* ---------------------------------------------------------------- kinds and protocols */

static const char *remaining_kinds(struct rt_check *c, const struct rt_listener_fact *l)
{
	rt_lines words = {0};

	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if (l->kinds & RT_ROUTE_BIT(k))
			rt_vec_push(&words, &c->work, rt_kind_info((enum rt_kind)k)->kind);
	if (!words.len)
		return "no route kind remains";
	return rt_fmt(c, "only %s remain%s", rt_listed(c, &words, 5), words.len == 1 ? "s" : "");
}

static void route_kind(struct rt_check *c, const struct rt_listener_fact *l, size_t i)
{
	const struct rt_route_group_kind *k = &l->spec->allowed_routes->kinds.v[i];
	enum rt_kind kind = rt_kind_of(k->group ? k->group : "", k->kind ? k->kind : "");
	struct rt_finding *f;

	if (rt_kind_is_route(kind) && (l->kinds & RT_ROUTE_BIT(kind)))
		return;
	f = rt_raise(c, RT_F_LS10, RT_YES, l->owner, "spec.listeners[%zu].allowedRoutes.kinds[%zu]",
	    l->index, i);
	rt_tie_listener(f, l);
	rt_say(f, "%s allows %s, which protocol %s cannot serve%s; %s", listener_name(c, l),
	    rt_route_kind_text(&c->work, k), l->spec->protocol ? l->spec->protocol : "",
	    l->gateway && l->gateway->features.listed ? " with this class" : "",
	    remaining_kinds(c, l));
}

static void route_kinds(struct rt_check *c, const struct rt_listener_fact *l)
{
	if (l->protocol == RT_PROTOCOL_OTHER)
		return; /* LS17 speaks; what a vendor's protocol serves is not known */
	for (size_t i = 0; l->invalid_kind >= 0 && i < l->spec->allowed_routes->kinds.len; i++)
		route_kind(c, l, i);
}

void rt_check_LS10(struct rt_check *c)
{
	each_listener(c, route_kinds);
}

/* A controller of the table has the protocol, and the class could not be read. */
static bool may_be_known(const struct rt_listener_fact *l, const char *protocol)
{
	const struct rt_controller *table;
	size_t n = rt_controllers(&table);

	if (l->gateway && l->gateway->class_present != RT_UNKNOWN)
		return false;
	for (size_t i = 0; i < n; i++)
		if (table[i].protocols && rt_controller_lists(table[i].protocols, protocol))
			return true;
	return false;
}

static void unsupported_protocol(struct rt_check *c, const struct rt_listener_fact *l)
{
	const char *protocol = l->spec->protocol ? l->spec->protocol : "";
	bool vendor = strchr(protocol, '/') || may_be_known(l, protocol);
	struct rt_finding *f;

	if (!*protocol || (l->protocol == RT_PROTOCOL_OTHER && l->known_protocol))
		return; /* without one it is refused: GC15 */
	if (l->protocol == RT_PROTOCOL_OTHER && vendor) {
		if (rt_condition_find(
			l->status ? l->status->conditions : (rt_conditions){0}, RT_COND_ACCEPTED))
			return;
		f = raise_listener(c, RT_F_LS17, RT_UNKNOWN, l, "protocol");
		rt_say(f, "%s uses protocol %s; whether its class supports that is not known",
		    listener_name(c, l), protocol);
		return;
	}
	if (l->protocol != RT_PROTOCOL_OTHER &&
	    (l->accepted != RT_NO || l->accepted_reason != RT_REASON_UNSUPPORTED_PROTOCOL))
		return;
	f = raise_listener(c, RT_F_LS17, RT_YES, l, "protocol");
	if (l->protocol == RT_PROTOCOL_OTHER)
		rt_say(f,
		    "%s uses protocol %s, which does not exist; HTTP, HTTPS, TLS, TCP and UDP do",
		    listener_name(c, l), protocol);
	else
		rt_say(f, "%s uses %s, which GatewayClass %s does not support", listener_name(c, l),
		    protocol, l->gateway ? l->gateway->gateway->gateway_class_name : "");
}

void rt_check_LS17(struct rt_check *c)
{
	each_listener(c, unsupported_protocol);
}

static void unsupported_value(struct rt_check *c, const struct rt_listener_fact *l)
{
	struct rt_finding *f;

	if (l->accepted != RT_NO || l->accepted_reason != RT_REASON_UNSUPPORTED_VALUE)
		return;
	f = raise_listener(c, RT_F_LS21, RT_YES, l, "tls.mode");
	rt_say(f, "%s terminates TLS for TLSRoutes, which GatewayClass %s does not support",
	    listener_name(c, l), l->gateway ? l->gateway->gateway->gateway_class_name : "");
}

void rt_check_LS21(struct rt_check *c)
{
	each_listener(c, unsupported_value);
}

/* ---------------------------------------------------------------- LS11: attached routes */

static bool status_is_current(const struct rt_listener_fact *l)
{
	if (!l->status->conditions.len)
		return false;
	for (size_t i = 0; i < l->status->conditions.len; i++)
		if (!rt_current(l->owner, &l->status->conditions.v[i]))
			return false;
	return true;
}

static bool says_accepted(const struct rt_attachment *a)
{
	const struct rt_route *r = a->route->route;

	return a->parent->status &&
	       rt_condition_is(
		   rt_current_condition(&r->obj, a->parent->status->conditions, RT_COND_ACCEPTED),
		   "True");
}

static bool all_settled(const struct rt_check *c, const struct rt_listener_fact *l)
{
	if (!rt_settled(c, l->owner))
		return false;
	for (size_t i = 0; i < l->attached.len; i++)
		if (!rt_settled(c, &l->attached.v[i]->route->route->obj))
			return false;
	return true;
}

/* Routes that should count but do not say that they are accepted. */
static void relate_difference(
    struct rt_check *c, struct rt_finding *f, const struct rt_listener_fact *l, rt_lines *names)
{
	for (size_t i = 0; i < l->attached.len; i++) {
		const struct rt_obj *route = &l->attached.v[i]->route->route->obj;

		if (says_accepted(l->attached.v[i]))
			continue;
		rt_vec_push(names, &c->work, rt_name(c, route));
		rt_relate_obj(f, route);
		rt_tie(f, RT_TIE_ROUTE, rt_name(c, route));
	}
}

/* A kind that the listener takes and that was not read may add to the number. */
static bool routes_unread(const struct rt_check *c, const struct rt_listener_fact *l)
{
	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if ((l->kinds & RT_ROUTE_BIT(k)) && !rt_analysis_known(c->an, RT_GROUP_GATEWAY,
							rt_kind_info((enum rt_kind)k)->kind, NULL))
			return true;
	return l->attached_open;
}

static size_t status_index(const struct rt_listener_fact *l)
{
	if (l->set)
		return (size_t)(l->status - l->set->set->status_listeners.v);
	return (size_t)(l->status - l->gateway->gateway->status_listeners.v);
}

static void attached_routes(struct rt_check *c, const struct rt_listener_fact *l)
{
	int64_t n = l->status ? l->status->attached_routes : RT_INT_UNSET;
	rt_lines missing = {0};
	struct rt_finding *f;
	bool open;

	/* Of routes with a rival few controllers refuse the younger: either number will do. */
	if (n == RT_INT_UNSET ||
	    (n <= (int64_t)l->attached.len && n >= (int64_t)(l->attached.len - l->ousted)) ||
	    !rt_observed(c, l->owner) || !status_is_current(l) || !all_settled(c, l))
		return;
	open = routes_unread(c, l);
	f = rt_raise(c, RT_F_LS11, open ? RT_UNKNOWN : RT_YES, l->owner,
	    "status.listeners[%zu].attachedRoutes", status_index(l));
	rt_tie_listener(f, l);
	if (n < (int64_t)l->attached.len)
		relate_difference(c, f, l, &missing);
	rt_say(f, "%s reports %lld attached route%s, %zu expected%s%s%s", listener_name(c, l),
	    (long long)n, n == 1 ? "" : "s", l->attached.len, missing.len ? " (missing: " : "",
	    rt_listed(c, &missing, 2), missing.len ? ")" : "");
	if (open)
		rt_because(f, "not every route or Namespace could be read");
}

void rt_check_LS11(struct rt_check *c)
{
	each_listener(c, attached_routes);
}

/* ---------------------------------------------------------------- ListenerSets */

static struct rt_finding *raise_set(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_listener_set_fact *set, const char *field)
{
	struct rt_finding *f = rt_raise(c, code, holds, &set->set->obj, "%s", field);

	rt_tie_set(f, set);
	return f;
}

static const char *allowed_from(const struct rt_gateway *g)
{
	const struct rt_allowed_listeners *a = g->allowed_listeners;

	return a && a->namespaces && a->namespaces->from ? a->namespaces->from : "None";
}

static void allowed(struct rt_check *c, const struct rt_listener_set_fact *set)
{
	enum rt_tri holds = set->gateway ? rt_tri_not(set->allowed) : RT_NO;
	const char *ns = set->set->obj.ns, *from;
	const struct rt_gateway *g;
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	g = set->gateway->gateway;
	from = allowed_from(g);
	f = raise_set(c, RT_F_LS12, holds, set, "spec.parentRef");
	rt_relate_obj(f, &g->obj);
	rt_say(f, "%s %s ListenerSets from namespace %s (allowedListeners.namespaces.from is %s)",
	    rt_name(c, &g->obj), holds == RT_YES ? "allows no" : "may not allow", ns, from);
	if (holds == RT_UNKNOWN)
		rt_because(f, "the labels of Namespace %s could not be read", ns);
	rt_advise(f,
	    "On %s, set spec.allowedListeners.namespaces: {from: Selector, selector: "
	    "{matchLabels: {kubernetes.io/metadata.name: %s}}}",
	    rt_name(c, &g->obj), ns);
}

void rt_check_LS12(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->listener_sets.len; i++)
		allowed(c, c->an->listener_sets.v[i]);
}

static void set_parent(struct rt_check *c, const struct rt_listener_set_fact *set)
{
	const char *name = rt_name(c, &set->set->obj);
	struct rt_finding *f;
	enum rt_tri holds;

	if (!set->parent_ref.name || !*set->parent_ref.name)
		return; /* refused: GC15 */
	if (!set->parent_kind_ok) {
		f = raise_set(c, RT_F_LS16, RT_YES, set, "spec.parentRef");
		rt_say(f, "%s names %s %s as parent; only a Gateway can be one", name,
		    set->parent_ref.kind ? set->parent_ref.kind : "",
		    set->parent_ref.name ? set->parent_ref.name : "");
		return;
	}
	holds = rt_tri_not(set->parent_present);
	if (holds == RT_NO)
		return;
	f = raise_set(c, RT_F_LS16, holds, set, "spec.parentRef");
	rt_say(f, "%s names %s, which %s%s; nobody will report on it", name,
	    rt_ref_name(c, set->parent_ref), rt_missing(c, set->parent_ref, holds),
	    holds == RT_YES ? rt_suggest(c, set->parent_ref) : "");
}

void rt_check_LS16(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->listener_sets.len; i++)
		set_parent(c, c->an->listener_sets.v[i]);
}

static void set_accepted(struct rt_check *c, const struct rt_listener_set_fact *set)
{
	const struct rt_listener_set *s = set->set;
	const struct rt_condition *cond =
	    rt_current_condition(&s->obj, s->conditions, RT_COND_ACCEPTED);
	const char *what = "is not accepted";
	struct rt_finding *f;

	if (!rt_condition_is(cond, "False")) {
		cond = rt_current_condition(&s->obj, s->conditions, RT_COND_PROGRAMMED);
		what = "is not programmed";
	}
	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_set(c, RT_F_LS27, RT_YES, set, "spec");
	rt_echo(f, cond,
	    set->gateway && set->gateway->class_fact ? set->gateway->class_fact->gc->controller_name
						     : NULL);
	rt_say(f, "%s %s %s; routes on it are not served", rt_name(c, &s->obj), what,
	    rt_quote_condition(c, cond));
}

void rt_check_LS27(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->listener_sets.len; i++)
		set_accepted(c, c->an->listener_sets.v[i]);
}
