/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect_gateway.c - expected conditions of GatewayClasses, Gateways, listeners and ListenerSets
 * (gateway-api §6.2, §7). The facts have been judged; here they become rows.
 */
#include "config.h"

#include "expect.h"

const char *rt_ref_fault_text(struct rt_arena *a, const struct rt_ref_fact *r)
{
	const char *what = rt_ref_text(a, r->ref);

	switch (r->fault) {
	case RT_REF_KIND:
		return rt_arena_printf(a, "%s is of a kind that cannot be used here", what);
	case RT_REF_GRANT:
		return rt_arena_printf(a, "no ReferenceGrant in namespace %s admits the use of %s",
		    r->ref.ns ? r->ref.ns : "", what);
	case RT_REF_ABSENT:
		return rt_arena_printf(a, "%s does not exist", what);
	case RT_REF_CONTENT:
		return rt_arena_printf(a, "%s: %s", what, r->why);
	case RT_REF_SCOPE:
		return rt_arena_printf(a, "%s needs %s namespace", what, r->ref.ns ? "no" : "a");
	case RT_REF_OK:
		break;
	}
	return rt_arena_printf(a, "%s is usable", what);
}

static struct rt_verdict_in says(enum rt_tri is, enum rt_reason reason, const char *message)
{
	return (struct rt_verdict_in){.is = is, .reason = reason, .message = message};
}

/* Nothing is expected, because there is nobody to report it. */
static struct rt_verdict_in nobody(const char *why)
{
	return (struct rt_verdict_in){.is = RT_NO, .unwanted = true, .message = why};
}

const char *rt_unmanaged_text(struct rt_arena *a, const struct rt_gateway_fact *g)
{
	const char *name = g->gateway->gateway_class_name;

	if (rt_gateway_managed(g) != RT_NO)
		return NULL;
	return rt_arena_printf(a, "GatewayClass %s %s: no controller reports", name ? name : "",
	    g->class_fact ? "is not accepted" : "does not exist");
}

/* ---------------------------------------------------------------- GatewayClass (§7.3) */

void rt_expect_class(struct rt_expecting *e, const struct rt_class_fact *c)
{
	const struct rt_ref_fact *p = c->parameters;
	bool good = c->accepted == RT_YES;

	rt_expect_subject(e, &c->gc->obj, c->gc->conditions);
	rt_expect(e, RT_COND_ACCEPTED,
	    says(c->accepted, good ? RT_REASON_ACCEPTED : RT_REASON_INVALID_PARAMETERS,
		p && !good ? rt_ref_fault_text(e->a, p) : "The class can be served"));
	rt_expect_rest(e);
}

/* ---------------------------------------------------------------- listener (§6.2) */

static const char *conflict_text(struct rt_arena *a, const struct rt_listener_fact *l)
{
	const struct rt_listener_fact *w = l->conflict_with;
	const char *name = w && w->spec->name ? w->spec->name : "";

	if (!w)
		return "Another listener is in the way";
	return rt_arena_printf(a, "It conflicts with listener %s of %s on port %lld", name,
	    rt_obj_text(a, w->owner), (long long)l->spec->port);
}

static const struct rt_ref_fact *first_bad(const struct rt_ref_fact *v, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (v[i].ok != RT_YES)
			return &v[i];
	return NULL;
}

static const char *accepted_text(struct rt_arena *a, const struct rt_listener_fact *l)
{
	if (l->accepted == RT_YES)
		return "The listener is valid";
	if (l->conflict)
		return conflict_text(a, l);
	if (l->accepted_reason == RT_REASON_UNSUPPORTED_PROTOCOL)
		return rt_arena_printf(a, "Protocol %s is not supported",
		    l->spec->protocol ? l->spec->protocol : "(none)");
	if (l->accepted_reason == RT_REASON_UNSUPPORTED_VALUE)
		return "TLS mode Terminate is not supported for TLSRoutes";
	return "No CA certificate of the frontend validation is usable";
}

static const char *resolved_text(struct rt_arena *a, const struct rt_listener_fact *l)
{
	const struct rt_ref_fact *bad = first_bad(l->certificates.v, l->certificates.len);

	if (l->resolved == RT_YES)
		return "All references of the listener are usable";
	if (!bad && l->frontend)
		bad = first_bad(l->frontend->cas.v, l->frontend->cas.len);
	if (bad)
		return rt_ref_fault_text(a, bad);
	const struct rt_route_group_kind *k =
	    l->invalid_kind >= 0 ? &l->spec->allowed_routes->kinds.v[l->invalid_kind] : NULL;
	return rt_arena_printf(a, "Kind %s cannot be served by protocol %s",
	    k ? rt_route_kind_text(a, k) : "", l->spec->protocol ? l->spec->protocol : "(none)");
}

/* Reasons that fit as well, where several things are wrong and the specification names no order. */
static uint64_t resolved_also(const struct rt_listener_fact *l)
{
	uint64_t also = 0;

	for (size_t i = 0; i < l->certificates.len; i++)
		if (l->certificates.v[i].ok == RT_NO)
			also |= UINT64_C(1) << (l->certificates.v[i].fault == RT_REF_GRANT
						    ? RT_REASON_REF_NOT_PERMITTED
						    : RT_REASON_INVALID_CERTIFICATE_REF);
	if (l->frontend && l->frontend->resolved == RT_NO)
		also |= UINT64_C(1) << l->frontend->reason;
	if (l->invalid_kind >= 0)
		also |= UINT64_C(1) << RT_REASON_INVALID_ROUTE_KINDS;
	return also;
}

/* SANs are known only where the certificates are; then either reason will do. */
static void expect_overlap(struct rt_expecting *e, const struct rt_listener_fact *l)
{
	if (!l->overlaps)
		return;
	struct rt_verdict_in in = says(RT_YES, RT_REASON_OVERLAPPING_HOSTNAMES,
	    rt_arena_printf(e->a, "Its hostname overlaps with that of listener %s",
		l->overlaps->spec->name ? l->overlaps->spec->name : ""));
	in.also = UINT64_C(1) << RT_REASON_OVERLAPPING_CERTIFICATES;
	rt_expect(e, RT_COND_OVERLAPPING_TLS, in);
}

/* Of a conflict an entry of a ListenerSet may name the general reason, and between listeners of TCP
 * or UDP no reason is fixed (§6.1). */
static uint64_t conflict_also(const struct rt_listener_fact *l)
{
	bool by_port = l->protocol == RT_PROTOCOL_TCP || l->protocol == RT_PROTOCOL_UDP;

	return l->conflict && (l->set || by_port) ? UINT64_C(1) << RT_REASON_LISTENER_CONFLICT : 0;
}

/* That there is none need not be said: it is judged where it is (§6.1). */
static void expect_conflict(struct rt_expecting *e, const struct rt_listener_fact *l)
{
	struct rt_verdict_in in = says(RT_YES, l->conflict, accepted_text(e->a, l));

	in.also = conflict_also(l);
	if (!l->conflict) {
		if (!rt_condition_find(e->reported, RT_COND_CONFLICTED))
			return;
		in = says(l->gateway && l->gateway->merge_open ? RT_UNKNOWN : RT_NO,
		    RT_REASON_NO_CONFLICTS, "No other listener is in the way");
	}
	rt_expect(e, RT_COND_CONFLICTED, in);
}

/* Of a holder that is refused as a whole upstream says nothing more: its listeners may stay. */
static bool holder_refused(const struct rt_listener_fact *l)
{
	return (l->set && l->set->accepted == RT_NO) ||
	       (l->gateway && l->gateway->accepted == RT_NO);
}

static void expect_listener_conditions(
    struct rt_expecting *e, const struct rt_listener_fact *l, enum rt_tri managed)
{
	const char *accepted = accepted_text(e->a, l), *resolved = resolved_text(e->a, l);
	struct rt_verdict_in in = says(l->accepted, l->accepted_reason, accepted);

	in.is = managed == RT_YES ? l->accepted : managed;
	in.open = l->accepted_open;
	in.also = conflict_also(l);
	rt_expect(e, RT_COND_ACCEPTED, in);
	in = says(l->programmed, l->programmed_reason,
	    l->programmed == RT_YES ? "The listener is in service"
	    : l->accepted == RT_NO  ? accepted
				    : resolved);
	in.is = managed == RT_YES ? l->programmed : managed;
	in.open = l->programmed_open || (l->programmed == RT_YES && holder_refused(l));
	in.also = conflict_also(l);
	rt_expect(e, RT_COND_PROGRAMMED, in);
	in = says(l->resolved, l->resolved_reason, resolved);
	in.is = managed == RT_YES ? l->resolved : managed;
	in.open = l->resolved_open;
	in.also = resolved_also(l);
	rt_expect(e, RT_COND_RESOLVED_REFS, in);
	if (managed == RT_YES) {
		expect_conflict(e, l);
		expect_overlap(e, l);
	}
}

static enum rt_tri set_managed(const struct rt_listener_set_fact *s)
{
	if (!s->parent_kind_ok || s->unsupported)
		return RT_NO;
	return s->gateway ? rt_gateway_managed(s->gateway) : s->parent_present;
}

/* managed: does someone report on the listener at all? */
static void expect_listener(
    struct rt_expecting *e, const struct rt_listener_fact *l, enum rt_tri managed)
{
	static const rt_conditions none = {0};
	struct rt_listener_row row = {.listener = l, .attached_expected = RT_INT_UNSET};

	rt_expect_subject(e, l->owner, l->status ? l->status->conditions : none);
	e->listener = l->spec->name ? l->spec->name : "";
	if (managed != RT_NO)
		expect_listener_conditions(e, l, managed);
	else
		e->unwanted = !l->set || set_managed(l->set) == RT_NO;
	rt_expect_rest(e);
	row.kinds_expected = managed == RT_YES;
	if (managed == RT_YES && !l->attached_open)
		row.attached_expected = (int64_t)(l->attached.len - l->ousted);
	rt_vec_push(&e->out->listeners, e->a, row);
}

/* Entries for listeners that the spec does not have: left from an older one. */
static void expect_gone_listeners(struct rt_expecting *e, const struct rt_obj *owner,
    rt_listeners specs, rt_listener_statuses reported)
{
	for (size_t i = 0; i < reported.len; i++) {
		const struct rt_listener_status *st = &reported.v[i];
		if (rt_listeners_have(specs, st->name))
			continue;
		rt_expect_subject(e, owner, st->conditions);
		e->listener = st->name;
		rt_expect(e, RT_COND_ACCEPTED, nobody("There is no listener of that name"));
		rt_expect_rest(e);
	}
}

/* ---------------------------------------------------------------- Gateway (§7.1) */

static const char *gateway_text(struct rt_arena *a, const struct rt_gateway_fact *g)
{
	if (g->accepted_reason == RT_REASON_INVALID_PARAMETERS)
		return rt_ref_fault_text(a, g->parameters);
	if (g->accepted_reason == RT_REASON_UNSUPPORTED_ADDRESS)
		return rt_arena_printf(
		    a, "spec.addresses[%d] is not supported", g->unsupported_address);
	if (g->accepted == RT_NO)
		return "No listener is valid";
	if (g->accepted_reason == RT_REASON_LISTENERS_NOT_VALID)
		return "Some listeners are not valid";
	return "The Gateway is valid";
}

static const char *programmed_text(struct rt_arena *a, const struct rt_gateway_fact *g)
{
	if (g->programmed == RT_YES)
		return "The Gateway is in service";
	if (g->accepted != RT_YES)
		return gateway_text(a, g);
	if (g->programmed_reason == RT_REASON_ADDRESS_NOT_ASSIGNED)
		return "The class does not assign addresses by their type alone";
	if (g->programmed == RT_UNKNOWN)
		return "Whether a listener is in service could not be read in full";
	return "No listener is in service";
}

/* The condition came with client certificates for backends: who has them sums up in it what is
 * wrong with references (§7.1). A controller that reports on the Gateway without it, and whose
 * class does not name the feature, is older: of that nothing is made. */
static bool sums_up_refs(const struct rt_gateway_fact *g)
{
	const enum rt_feature f = RT_FEATURE_GatewayBackendClientCertificate;
	rt_conditions reported = g->gateway->conditions;

	if (rt_condition_find(reported, RT_COND_RESOLVED_REFS))
		return true;
	if (!rt_features_on(&g->features, f))
		return false;
	if (g->client_certificate)
		return true;
	return g->resolved == RT_NO && (!reported.len || rt_features_declared(&g->features, f));
}

static void expect_gateway_refs(
    struct rt_expecting *e, const struct rt_gateway_fact *g, enum rt_tri managed)
{
	const char *text = "All references are usable";

	if (!sums_up_refs(g))
		return;
	if (g->client_certificate && g->client_certificate->ok != RT_YES)
		text = rt_ref_fault_text(e->a, g->client_certificate);
	else if (g->resolved != RT_YES)
		text = "A listener has references that cannot be used";
	rt_expect(e, RT_COND_RESOLVED_REFS,
	    says(managed == RT_YES ? g->resolved : managed, g->resolved_reason, text));
}

static bool insecure_frontend(const struct rt_gateway_fact *g)
{
	return g->insecure_frontend &&
	       rt_features_on(&g->features,
		   RT_FEATURE_GatewayFrontendClientCertificateValidationInsecureFallback);
}

static void expect_gateway_conditions(
    struct rt_expecting *e, const struct rt_gateway_fact *g, enum rt_tri managed)
{
	const char *text = gateway_text(e->a, g);
	struct rt_verdict_in in = says(g->accepted, g->accepted_reason, text);

	in.is = managed == RT_YES ? g->accepted : managed;
	rt_expect(e, RT_COND_ACCEPTED, in);
	in = says(g->programmed, g->programmed_reason, programmed_text(e->a, g));
	in.is = managed == RT_YES ? g->programmed : managed;
	in.open = g->programmed_open;
	rt_expect(e, RT_COND_PROGRAMMED, in);
	expect_gateway_refs(e, g, managed);
	if (insecure_frontend(g) && managed == RT_YES)
		rt_expect(e, RT_COND_INSECURE_FRONTEND,
		    says(RT_YES, RT_REASON_CONFIGURATION_CHANGED,
			"Clients without a valid certificate are let in"));
}

/* attachedListenerSets: allowed, and accepted themselves (§7.1). */
static int64_t attached_sets(const struct rt_gateway_fact *g)
{
	int64_t n = 0;

	if (g->merge_open || rt_gateway_managed(g) != RT_YES)
		return RT_INT_UNSET;
	for (size_t i = 0; i < g->sets.len; i++) {
		if (g->sets.v[i]->accepted == RT_UNKNOWN)
			return RT_INT_UNSET;
		n += rt_listener_set_admitted(g->sets.v[i]) == RT_YES &&
		     g->sets.v[i]->accepted == RT_YES;
	}
	return n;
}

void rt_expect_gateway(struct rt_expecting *e, const struct rt_gateway_fact *g)
{
	enum rt_tri managed = rt_gateway_managed(g);
	struct rt_gateway_row row = {.gateway = g, .sets_expected = attached_sets(g)};

	rt_expect_subject(e, &g->gateway->obj, g->gateway->conditions);
	if (managed == RT_NO)
		rt_expect(e, RT_COND_ACCEPTED, nobody(rt_unmanaged_text(e->a, g)));
	else
		expect_gateway_conditions(e, g, managed);
	rt_expect_rest(e);
	for (size_t i = 0; i < g->listeners.len; i++)
		expect_listener(e, g->listeners.v[i], managed);
	expect_gone_listeners(
	    e, &g->gateway->obj, g->gateway->listeners, g->gateway->status_listeners);
	rt_vec_push(&e->out->gateways, e->a, row);
}

/* ---------------------------------------------------------------- ListenerSet (§7.2) */

static const char *set_text(struct rt_arena *a, const struct rt_listener_set_fact *s)
{
	if (s->accepted_reason == RT_REASON_NOT_ALLOWED)
		return rt_arena_printf(a, "%s admits no ListenerSet of namespace %s",
		    rt_obj_text(a, &s->gateway->gateway->obj), s->set->obj.ns);
	if (s->accepted_reason == RT_REASON_PARENT_NOT_ACCEPTED)
		return rt_arena_printf(
		    a, "%s is not accepted", rt_obj_text(a, &s->gateway->gateway->obj));
	if (s->accepted == RT_NO)
		return "No listener is valid";
	if (s->accepted_reason == RT_REASON_LISTENERS_NOT_VALID)
		return "Some listeners are not valid";
	return "The ListenerSet is valid";
}

static const char *set_unmanaged_text(struct rt_arena *a, const struct rt_listener_set_fact *s)
{
	if (s->unsupported)
		return rt_arena_printf(a, "GatewayClass %s does not support ListenerSets",
		    s->gateway->gateway->gateway_class_name);
	if (s->gateway)
		return rt_unmanaged_text(a, s->gateway);
	return rt_arena_printf(a, "%s does not exist", rt_ref_text(a, s->parent_ref));
}

void rt_expect_listener_set(struct rt_expecting *e, const struct rt_listener_set_fact *s)
{
	enum rt_tri managed = set_managed(s), entries = managed;

	rt_expect_subject(e, &s->set->obj, s->set->conditions);
	if (managed == RT_NO) {
		rt_expect(e, RT_COND_ACCEPTED, nobody(set_unmanaged_text(e->a, s)));
	} else {
		const char *text = set_text(e->a, s);
		rt_expect(e, RT_COND_ACCEPTED,
		    says(managed == RT_YES ? s->accepted : managed, s->accepted_reason, text));
		rt_expect(e, RT_COND_PROGRAMMED,
		    says(managed == RT_YES ? s->programmed : managed, s->programmed_reason, text));
		entries = rt_tri_and(managed, s->allowed);
	}
	rt_expect_rest(e);
	for (size_t i = 0; i < s->listeners.len; i++)
		expect_listener(e, s->listeners.v[i], entries);
	expect_gone_listeners(e, &s->set->obj, s->set->listeners, s->set->status_listeners);
}
