/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c - rules about BackendTLSPolicies (gateway-api §8).
 */
#include "config.h"

#include "../rules.h"

static const char *policy_name(struct rt_check *c, const struct rt_policy_fact *p)
{
	return rt_name(c, &p->policy->obj);
}

static struct rt_finding *raise_policy(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_policy_fact *p, const char *field)
{
	struct rt_finding *f = rt_raise(c, code, holds, &p->policy->obj, "%s", field);

	if (!f)
		return NULL;
	rt_tie(f, RT_TIE_POLICY, policy_name(c, p));
	for (size_t i = 0; i < p->targets.len; i++)
		if (p->targets.v[i].service)
			rt_tie(f, RT_TIE_SERVICE,
			    rt_path_name(c, &p->targets.v[i].service->service->obj));
	return f;
}

/* ---------------------------------------------------------------- targets */

static void target_exists(struct rt_check *c, const struct rt_target_fact *t)
{
	struct rt_ref ref = {
	    t->spec->group, t->spec->kind, t->policy->policy->obj.ns, t->spec->name};
	enum rt_tri holds = rt_tri_not(t->present);
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	f = raise_policy(
	    c, RT_F_PL01, holds, t->policy, rt_fmt(c, "spec.targetRefs[%zu]", t->index));
	if (t->section_missing)
		rt_say(f,
		    "%s targets port \"%s\" of %s, which has no port of that name; TLS to it is "
		    "not "
		    "configured",
		    policy_name(c, t->policy), t->spec->section_name, rt_ref_name(c, ref));
	else
		rt_say(f, "%s targets %s, which %s%s; TLS to it is not configured",
		    policy_name(c, t->policy), rt_ref_name(c, ref), rt_missing(c, holds),
		    holds == RT_YES ? rt_suggest(c, ref) : "");
	if (t->section_missing)
		rt_relate(f, ref);
}

void rt_check_PL01(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++)
		for (size_t k = 0; k < c->an->policies.v[i]->targets.len; k++)
			target_exists(c, &c->an->policies.v[i]->targets.v[k]);
}

static void target_taken(struct rt_check *c, const struct rt_target_fact *t)
{
	const struct rt_obj *loser = &t->policy->policy->obj, *winner;
	struct rt_finding *f;
	bool aged;

	if (!t->winner)
		return;
	winner = &t->winner->policy->obj;
	aged = winner->created != loser->created && winner->created != RT_TIME_UNSET;
	f = raise_policy(
	    c, RT_F_PL02, RT_YES, t->policy, rt_fmt(c, "spec.targetRefs[%zu]", t->index));
	rt_relate_obj(f, winner);
	rt_group(f, "%s", rt_name(c, winner));
	rt_say(f, "%s has no effect: %s %s and targets the same %s", policy_name(c, t->policy),
	    rt_path_name(c, winner), aged ? "is older" : "sorts first", t->spec->kind);
	rt_relate(f, (struct rt_ref){t->spec->group, t->spec->kind, loser->ns, t->spec->name});
}

void rt_check_PL02(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++)
		for (size_t k = 0; k < c->an->policies.v[i]->targets.len; k++)
			target_taken(c, &c->an->policies.v[i]->targets.v[k]);
}

/* ---------------------------------------------------------------- CAs */

static const char *ca_fault(struct rt_check *c, const struct rt_ref_fact *r)
{
	if (r->fault == RT_REF_KIND)
		return rt_fmt(c, "%s is no ConfigMap", rt_ref_name(c, r->ref));
	if (r->fault == RT_REF_ABSENT)
		return rt_fmt(c, "%s %s", rt_ref_name(c, r->ref), rt_missing(c, rt_tri_not(r->ok)));
	return rt_fmt(c, "%s %s", rt_ref_name(c, r->ref), r->why ? r->why : "has no usable ca.crt");
}

struct ca_count {
	size_t good, bad, open;
};

static struct ca_count count_cas(const struct rt_policy_fact *p)
{
	struct ca_count n = {0};

	for (size_t i = 0; i < p->cas.len; i++)
		if (p->cas.v[i].ok == RT_YES)
			n.good++;
		else if (p->cas.v[i].ok == RT_NO)
			n.bad++;
		else
			n.open++;
	return n;
}

static const char *targets_text(struct rt_check *c, const struct rt_policy_fact *p)
{
	rt_lines words = {0};

	for (size_t i = 0; i < p->targets.len; i++)
		rt_vec_push(&words, &c->arena,
		    rt_fmt(c, "%s %s/%s", p->targets.v[i].spec->kind, p->policy->obj.ns,
			p->targets.v[i].spec->name));
	return rt_listed(c, &words, 2);
}

void rt_check_PL03(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++) {
		const struct rt_policy_fact *p = c->an->policies.v[i];
		struct ca_count n = count_cas(p);
		struct rt_finding *f;

		if (n.good || !(n.bad || n.open))
			continue;
		f = raise_policy(c, RT_F_PL03, n.open ? RT_UNKNOWN : RT_YES, p,
		    "spec.validation.caCertificateRefs");
		rt_say(f, "%s %s (%s); %s %s 5xx", policy_name(c, p),
		    n.open ? "may have no usable CA" : "has no usable CA",
		    ca_fault(c, &p->cas.v[0]), targets_text(c, p), n.open ? "would get" : "gets");
		for (size_t k = 0; k < p->cas.len; k++) {
			rt_because(f, "%s", ca_fault(c, &p->cas.v[k]));
			rt_relate(f, p->cas.v[k].ref);
		}
		for (size_t k = 0; k < p->targets.len; k++)
			if (p->targets.v[k].service)
				rt_relate_obj(f, &p->targets.v[k].service->service->obj);
	}
}

static void some_ca(struct rt_check *c, const struct rt_policy_fact *p, const struct rt_ref_fact *r)
{
	struct ca_count n = count_cas(p);
	struct rt_finding *f;

	if (r->ok == RT_YES || !n.good)
		return;
	f = raise_policy(c, RT_F_PL05, rt_tri_not(r->ok), p,
	    rt_fmt(c, "spec.validation.caCertificateRefs[%zu]", r->index));
	rt_say(f, "%s: %s; %zu of %zu CAs %s used", policy_name(c, p), ca_fault(c, r), n.good,
	    p->cas.len, n.good == 1 ? "is" : "are");
	rt_relate(f, r->ref);
}

void rt_check_PL05(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++)
		for (size_t k = 0; k < c->an->policies.v[i]->cas.len; k++)
			some_ca(c, c->an->policies.v[i], &c->an->policies.v[i]->cas.v[k]);
}

/* ---------------------------------------------------------------- reported status */

static void ancestor(
    struct rt_check *c, const struct rt_policy_fact *p, const struct rt_policy_ancestor *a)
{
	const struct rt_obj *obj = &p->policy->obj;
	const struct rt_condition *cond =
	    rt_current_condition(obj, a->conditions, RT_COND_ACCEPTED);
	struct rt_ref ref = {a->ancestor_ref.group, a->ancestor_ref.kind,
	    a->ancestor_ref.ns ? a->ancestor_ref.ns : obj->ns, a->ancestor_ref.name};
	const char *what = "is not accepted";
	struct rt_finding *f;

	if (!rt_condition_is(cond, "False")) {
		cond = rt_current_condition(obj, a->conditions, RT_COND_RESOLVED_REFS);
		what = "has unresolved references";
	}
	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_policy(c, RT_F_PL06, RT_YES, p, "spec.targetRefs");
	rt_echo(f, cond, a->controller_name);
	rt_group(f, "%s %s %s", a->controller_name ? a->controller_name : "", cond->type,
	    cond->reason ? cond->reason : "");
	rt_relate(f, ref);
	rt_say(f, "%s %s for %s %s", policy_name(c, p), what, rt_ref_name(c, ref),
	    rt_quote_condition(c, cond));
}

void rt_check_PL06(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++) {
		const struct rt_policy_fact *p = c->an->policies.v[i];

		for (size_t k = 0; k < p->policy->ancestors.len; k++)
			ancestor(c, p, &p->policy->ancestors.v[k]);
	}
}
