/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect_policy.c - expected conditions of BackendTLSPolicies, per ancestor (gateway-api §8).
 */
#include "config.h"

#include "expect.h"

static const rt_conditions no_conditions = {0};

static const char *policy_text(struct rt_arena *a, const struct rt_policy_fact *p)
{
	if (p->accepted == RT_YES)
		return "The policy is in force";
	if (p->accepted_reason == RT_REASON_TARGET_NOT_FOUND)
		return "No target exists";
	const char *known =
	    p->policy->validation ? p->policy->validation->well_known_ca_certificates : NULL;
	if (p->accepted_reason == RT_REASON_INVALID)
		return known ? rt_arena_printf(a, "Nobody knows CA certificates \"%.64s\"", known)
			     : "No CA certificate is named";
	if (p->accepted_reason == RT_REASON_NO_VALID_CA_CERTIFICATE)
		return p->cas.len ? rt_ref_fault_text(a, &p->cas.v[0]) : "No CA is usable";
	for (size_t i = 0; i < p->targets.len; i++)
		if (p->targets.v[i].winner)
			return rt_arena_printf(a, "%s is older and has the same target",
			    rt_obj_text(a, &p->targets.v[i].winner->policy->obj));
	return "An older policy has the same target";
}

static const char *policy_refs_text(struct rt_arena *a, const struct rt_policy_fact *p)
{
	for (size_t i = 0; i < p->cas.len; i++)
		if (p->cas.v[i].ok != RT_YES)
			return rt_ref_fault_text(a, &p->cas.v[i]);
	return "All references are usable";
}

static void expect_ancestor(
    struct rt_expecting *e, const struct rt_policy_fact *p, const struct rt_ancestor_fact *an)
{
	struct rt_ref *ref = rt_arena_new(e->a, struct rt_ref);

	*ref = rt_obj_ref(&an->gateway->gateway->obj);
	rt_expect_subject(e, &p->policy->obj, an->status ? an->status->conditions : no_conditions);
	e->parent = ref;
	e->controller = an->status ? an->status->controller_name : NULL;
	rt_expect(e, RT_COND_ACCEPTED,
	    (struct rt_verdict_in){
		.is = p->accepted, .reason = p->accepted_reason, .message = policy_text(e->a, p)});
	rt_expect(e, RT_COND_RESOLVED_REFS,
	    (struct rt_verdict_in){.is = p->resolved,
		.reason = p->resolved_reason,
		.message = policy_refs_text(e->a, p)});
	rt_expect_rest(e);
}

/* Could some route that was not read lead from the Gateway to a target? */
static bool routes_unread(const struct rt_gateway_fact *g)
{
	for (size_t i = 0; i < g->merged.len; i++)
		if (g->merged.v[i]->attached_open)
			return true;
	return g->merge_open;
}

/* Is the ancestor one that nobody should report for: a Gateway that is gone, or from which no
 * accepted route leads to a target (§8)? Of other kinds of ancestors nothing is said. */
static bool ancestor_unwanted(
    const struct rt_expecting *e, const struct rt_policy_fact *p, const struct rt_ref *ref)
{
	const struct rt_gateway_fact *g;

	if (!rt_streq(ref->group, RT_GROUP_GATEWAY) || !rt_streq(ref->kind, "Gateway"))
		return false;
	g = rt_gateway_fact_of(e->an, ref->ns, ref->name);
	if (!g)
		return rt_analysis_find(e->an, *ref, NULL) == RT_NO;
	for (size_t i = 0; i < p->ancestors.len; i++)
		if (p->ancestors.v[i].gateway == g)
			return false;
	return rt_features_on(&g->features, RT_FEATURE_BackendTLSPolicy) && !routes_unread(g);
}

static bool ancestor_shown(const struct rt_policy_fact *p, const struct rt_policy_ancestor *entry)
{
	for (size_t i = 0; i < p->ancestors.len; i++)
		if (p->ancestors.v[i].status == entry)
			return true;
	return false;
}

/* Entries for ancestors that no accepted route leads from. */
static void expect_orphans(struct rt_expecting *e, const struct rt_policy_fact *p)
{
	const struct rt_backend_tls_policy *b = p->policy;

	for (size_t i = 0; i < b->ancestors.len; i++) {
		const struct rt_policy_ancestor *st = &b->ancestors.v[i];
		if (ancestor_shown(p, st))
			continue;
		rt_expect_subject(e, &b->obj, st->conditions);
		rt_expect_entry(e, &st->ancestor_ref, st->controller_name);
		bool unwanted = ancestor_unwanted(e, p, e->parent);
		rt_expect(e, RT_COND_ACCEPTED,
		    (struct rt_verdict_in){.is = unwanted ? RT_NO : RT_YES,
			.unwanted = unwanted,
			.open = !unwanted,
			.message = "No accepted route leads from there to a target"});
		rt_expect_rest(e);
	}
}

void rt_expect_policy(struct rt_expecting *e, const struct rt_policy_fact *p)
{
	for (size_t i = 0; i < p->ancestors.len; i++)
		if (rt_gateway_managed(p->ancestors.v[i].gateway) != RT_NO)
			expect_ancestor(e, p, &p->ancestors.v[i]);
	expect_orphans(e, p);
}
