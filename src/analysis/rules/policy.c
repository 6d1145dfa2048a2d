/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c - rules about BackendTLSPolicies (gateway-api §8), and about policies of other kinds as
 * far as these are alike: what they target and what controllers report on them.
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
		rt_say(f, "%s targets %s, which %s%s", policy_name(c, t->policy),
		    rt_ref_name(c, ref), rt_missing(c, ref, holds),
		    holds == RT_YES
			? rt_fmt(c, "%s; TLS to it is not configured", rt_suggest(c, ref))
			: "");
	if (t->section_missing)
		rt_relate(f, ref);
}

/* ---------------------------------------------------------------- targets of other kinds */

typedef void (*other_fn)(struct rt_check *c, const struct rt_other *p);

static void each_other(struct rt_check *c, other_fn fn)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_OTHER, &v);

	for (size_t i = 0; i < n; i++)
		fn(c, (const struct rt_other *)v[i]);
}

static struct rt_finding *raise_other(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_other *p, const char *field)
{
	struct rt_finding *f = rt_raise(c, code, holds, &p->obj, "%s", field);

	rt_tie(f, RT_TIE_POLICY, f ? rt_name(c, &p->obj) : NULL);
	return f;
}

/* What policies attach to; other targets are their own affair. */
static bool is_target_kind(enum rt_kind k)
{
	return k == RT_KIND_GATEWAY_CLASS || k == RT_KIND_GATEWAY || k == RT_KIND_LISTENER_SET ||
	       k == RT_KIND_SERVICE || rt_kind_is_route(k);
}

/* "listener" or "port" where the object has none of that name; what a section of a route is
 * depends on the policy. */
static const char *section_lacking(const struct rt_obj *obj, const char *name)
{
	if (!name)
		return NULL;
	if (obj->kind == RT_KIND_GATEWAY)
		return rt_listeners_have(((const struct rt_gateway *)obj)->listeners, name)
			   ? NULL
			   : "listener";
	if (obj->kind == RT_KIND_LISTENER_SET)
		return rt_listeners_have(((const struct rt_listener_set *)obj)->listeners, name)
			   ? NULL
			   : "listener";
	if (obj->kind == RT_KIND_SERVICE)
		return rt_service_has_port((const struct rt_service *)obj, name) ? NULL : "port";
	return NULL;
}

static void other_target(struct rt_check *c, const struct rt_other *p,
    const struct rt_policy_target *t, const char *field)
{
	enum rt_kind k = rt_kind_of(t->group, t->kind);
	struct rt_ref ref = {
	    t->group, t->kind, rt_kind_info(k)->namespaced ? p->obj.ns : NULL, t->name};
	const struct rt_obj *obj = NULL;
	struct rt_finding *f;
	enum rt_tri holds;
	const char *section;

	if (!is_target_kind(k) || !*t->name)
		return;
	holds = rt_tri_not(rt_analysis_find(c->an, ref, &obj));
	section = holds == RT_NO ? section_lacking(obj, t->section_name) : NULL;
	f = raise_other(c, RT_F_PL01, section ? RT_YES : holds, p, field);
	if (section) {
		rt_say(f,
		    "%s targets %s \"%s\" of %s, which has no %s of that name; it has no effect",
		    rt_name(c, &p->obj), section, t->section_name, rt_ref_name(c, ref), section);
		rt_relate(f, ref);
	} else {
		rt_say(f, "%s targets %s, which %s%s", rt_name(c, &p->obj), rt_ref_name(c, ref),
		    rt_missing(c, ref, holds),
		    holds == RT_YES ? rt_fmt(c, "%s; it has no effect", rt_suggest(c, ref)) : "");
	}
}

static void other_targets(struct rt_check *c, const struct rt_other *p)
{
	if (p->target_ref)
		other_target(c, p, p->target_ref, "spec.targetRef");
	for (size_t i = 0; i < p->target_refs.len; i++)
		other_target(c, p, &p->target_refs.v[i], rt_fmt(c, "spec.targetRefs[%zu]", i));
}

void rt_check_PL01(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++)
		for (size_t k = 0; k < c->an->policies.v[i]->targets.len; k++)
			target_exists(c, &c->an->policies.v[i]->targets.v[k]);
	each_other(c, other_targets);
}

/* ---------------------------------------------------------------- conflicts */

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

static const char *targets_field(const struct rt_other *p)
{
	return p->target_ref ? "spec.targetRef" : "spec.targetRefs";
}

/* Who wins among policies of other kinds is theirs to say. */
static void other_conflicted(struct rt_check *c, const struct rt_other *p)
{
	for (size_t i = 0; i < p->ancestors.len; i++) {
		const struct rt_condition *cond =
		    rt_current_condition(&p->obj, p->ancestors.v[i].conditions, RT_COND_ACCEPTED);
		struct rt_finding *f;

		if (!rt_condition_is(cond, "False") || !rt_streq(cond->reason, "Conflicted"))
			continue;
		f = raise_other(c, RT_F_PL02, RT_YES, p, targets_field(p));
		rt_group(f, "conflicted");
		rt_say(
		    f, "%s has no effect: another policy has the same target", rt_name(c, &p->obj));
		if (cond->message && *cond->message)
			rt_because(f, "%s", cond->message);
	}
}

void rt_check_PL02(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++)
		for (size_t k = 0; k < c->an->policies.v[i]->targets.len; k++)
			target_taken(c, &c->an->policies.v[i]->targets.v[k]);
	each_other(c, other_conflicted);
}

/* ---------------------------------------------------------------- CAs */

static const char *ca_fault(struct rt_check *c, const struct rt_ref_fact *r)
{
	if (r->fault == RT_REF_KIND)
		return rt_fmt(c, "%s is no ConfigMap", rt_ref_name(c, r->ref));
	if (r->fault == RT_REF_ABSENT)
		return rt_fmt(
		    c, "%s %s", rt_ref_name(c, r->ref), rt_missing(c, r->ref, rt_tri_not(r->ok)));
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
		rt_vec_push(&words, &c->work,
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
			if (k > 0) /* the first is in the message */
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

/* The condition of an ancestor that says what is wrong, or NULL. */
static const struct rt_condition *refusal(
    const struct rt_obj *policy, const struct rt_policy_ancestor *a)
{
	static const char *const types[] = {RT_COND_ACCEPTED, RT_COND_RESOLVED_REFS};

	for (size_t i = 0; i < RT_ARRAY_LEN(types); i++) {
		const struct rt_condition *cond =
		    rt_current_condition(policy, a->conditions, types[i]);

		if (rt_condition_is(cond, "False"))
			return cond;
	}
	return NULL;
}

static void say_refused(struct rt_finding *f, const struct rt_obj *policy,
    const struct rt_policy_ancestor *a, const struct rt_condition *cond)
{
	struct rt_ref ref = {a->ancestor_ref.group, a->ancestor_ref.kind,
	    a->ancestor_ref.ns ? a->ancestor_ref.ns : policy->ns, a->ancestor_ref.name};
	struct rt_check *c = f->note->check;

	rt_echo(f, cond, a->controller_name);
	rt_group(f, "%s %s %s", a->controller_name ? a->controller_name : "", cond->type,
	    cond->reason ? cond->reason : "");
	rt_relate(f, ref);
	rt_say(f, "%s %s for %s %s", rt_name(c, policy),
	    rt_streq(cond->type, RT_COND_ACCEPTED) ? "is not accepted"
						   : "has unresolved references",
	    rt_ref_name(c, ref), rt_quote_condition(c, cond));
}

static void other_refused(struct rt_check *c, const struct rt_other *p)
{
	for (size_t i = 0; i < p->ancestors.len; i++) {
		const struct rt_condition *cond = refusal(&p->obj, &p->ancestors.v[i]);

		if (cond)
			say_refused(raise_other(c, RT_F_PL06, RT_YES, p, targets_field(p)), &p->obj,
			    &p->ancestors.v[i], cond);
	}
}

static void refused(struct rt_check *c, const struct rt_policy_fact *p)
{
	const struct rt_backend_tls_policy *policy = p->policy;

	for (size_t i = 0; i < policy->ancestors.len; i++) {
		const struct rt_condition *cond = refusal(&policy->obj, &policy->ancestors.v[i]);

		if (cond)
			say_refused(raise_policy(c, RT_F_PL06, RT_YES, p, "spec.targetRefs"),
			    &policy->obj, &policy->ancestors.v[i], cond);
	}
}

void rt_check_PL06(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->policies.len; i++)
		refused(c, c->an->policies.v[i]);
	each_other(c, other_refused);
}
