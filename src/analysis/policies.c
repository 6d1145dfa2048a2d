/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policies.c - BackendTLSPolicy: targets, conflicts, CA references, ancestors (gateway-api §8).
 */
#include "config.h"

#include <string.h>

#include "private.h"

static bool section_named(const struct rt_policy_target *t)
{
	return t->section_name && t->section_name[0];
}

static bool section_is(const struct rt_policy_target *t, const char *name)
{
	return section_named(t) && rt_streq(t->section_name, name);
}

/* ---------------------------------------------------------------- targets */

static void target_resolve(
    struct rt_analysis *an, struct rt_policy_fact *p, struct rt_target_fact *t)
{
	const char *ns = p->policy->obj.ns;
	struct rt_ref ref = {t->spec->group ? t->spec->group : "",
	    t->spec->kind ? t->spec->kind : "", ns, t->spec->name ? t->spec->name : ""};

	t->policy = p;
	t->present = rt_analysis_find(an, ref, NULL);
	if (t->present != RT_YES || ref.group[0] || strcmp(ref.kind, "Service") != 0)
		return;
	t->service = rt_service_fact_of(an, ns, ref.name);
	if (!t->service)
		return;
	if (section_named(t->spec) &&
	    !rt_service_has_port(t->service->service, t->spec->section_name)) {
		t->present = RT_NO;
		t->section_missing = true;
	}
}

static int policy_age_cmp(const void *a, const void *b)
{
	const struct rt_policy_fact *const *x = a, *const *y = b;

	return rt_obj_age_cmp(&(*x)->policy->obj, &(*y)->policy->obj);
}

static bool targets_same(const struct rt_target_fact *a, const struct rt_target_fact *b)
{
	if (section_named(a->spec) != section_named(b->spec))
		return false;
	return !section_named(a->spec) || section_is(a->spec, b->spec->section_name);
}

/* The oldest policy of the Service with the same target and sectionName, if it is older than t's.
 */
static const struct rt_policy_fact *older_rival(const struct rt_target_fact *t)
{
	const struct rt_service_fact *s = t->service;

	for (size_t i = 0; i < s->policies.len && s->policies.v[i] != t->policy; i++) {
		const struct rt_policy_fact *other = s->policies.v[i];
		for (size_t k = 0; k < other->targets.len; k++)
			if (other->targets.v[k].service == s &&
			    targets_same(&other->targets.v[k], t))
				return other;
	}
	return NULL;
}

/* ---------------------------------------------------------------- conditions */

static void judge_cas(struct rt_policy_fact *p, enum rt_tri *any)
{
	p->resolved = RT_YES;
	p->resolved_reason = RT_REASON_RESOLVED_REFS;
	*any = p->cas.len ? RT_NO : RT_YES;
	for (size_t i = 0; i < p->cas.len; i++) {
		const struct rt_ref_fact *r = &p->cas.v[i];
		*any = rt_tri_or(*any, r->ok);
		if (r->ok == RT_YES || p->resolved == RT_NO)
			continue;
		p->resolved = r->ok;
		p->resolved_reason = r->fault == RT_REF_KIND ? RT_REASON_INVALID_KIND
							     : RT_REASON_INVALID_CA_CERTIFICATE_REF;
	}
}

/* TargetNotFound when no target is there; Conflicted when every target that is there has an older
 * policy. */
static void judge_targets(struct rt_policy_fact *p)
{
	enum rt_tri present = RT_NO;
	size_t lost = 0, there = 0;

	for (size_t i = 0; i < p->targets.len; i++) {
		const struct rt_target_fact *t = &p->targets.v[i];
		present = rt_tri_or(present, t->present);
		there += t->present == RT_YES;
		lost += t->present == RT_YES && t->winner;
	}
	if (present != RT_YES) {
		p->accepted = present;
		p->accepted_reason = RT_REASON_TARGET_NOT_FOUND;
	} else if (lost && lost == there) {
		p->accepted = RT_NO;
		p->accepted_reason = RT_REASON_CONFLICTED;
	}
}

/* Well-known CA certificates are those of the system, or some that an implementation knows by a
 * name with its domain. */
static bool well_known(const char *name)
{
	return name && (strcmp(name, "System") == 0 || strchr(name, '/'));
}

static void policy_judge(struct rt_policy_fact *p)
{
	const struct rt_tls_validation *v = p->policy->validation;
	bool no_ca =
	    !v || (v->ca_certificate_refs.len == 0 && !well_known(v->well_known_ca_certificates));
	enum rt_tri any_ca;

	judge_cas(p, &any_ca);
	p->accepted = RT_YES;
	p->accepted_reason = RT_REASON_ACCEPTED;
	judge_targets(p);
	if (p->accepted != RT_YES)
		return;
	if (no_ca) {
		p->accepted = RT_NO;
		p->accepted_reason = RT_REASON_INVALID;
	} else if (any_ca != RT_YES) {
		p->accepted = any_ca;
		p->accepted_reason = RT_REASON_NO_VALID_CA_CERTIFICATE;
	}
	p->usable = p->accepted;
}

/* ---------------------------------------------------------------- passes */

static void policy_init(struct rt_analysis *an, struct rt_policy_fact *p)
{
	const struct rt_backend_tls_policy *b = p->policy;

	for (size_t i = 0; i < b->target_refs.len; i++) {
		struct rt_target_fact t = {.spec = &b->target_refs.v[i], .index = i};
		target_resolve(an, p, &t);
		rt_vec_push(&p->targets, &an->arena, t);
		if (!t.service)
			continue;
		struct rt_service_fact *s = t.service;
		if (!s->policies.len || s->policies.v[s->policies.len - 1] != p)
			rt_vec_push(&s->policies, &an->arena, p);
	}
	for (size_t i = 0; b->validation && i < b->validation->ca_certificate_refs.len; i++) {
		struct rt_ref_fact r;
		rt_ref_ca(an, NULL, &b->validation->ca_certificate_refs.v[i], b->obj.ns, &r);
		r.index = i;
		rt_vec_push(&p->cas, &an->arena, r);
	}
}

void rt_policies_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_BACKEND_TLS_POLICY, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_policy_fact *p = rt_arena_new(&an->arena, struct rt_policy_fact);
		p->policy = (const struct rt_backend_tls_policy *)objs[i];
		policy_init(an, p);
		rt_vec_push(&an->policies, &an->arena, p);
	}
	for (size_t i = 0; i < an->services.len; i++)
		rt_vec_sort(&an->services.v[i]->policies, policy_age_cmp);
	for (size_t i = 0; i < an->policies.len; i++) {
		struct rt_policy_fact *p = an->policies.v[i];
		for (size_t k = 0; k < p->targets.len; k++)
			if (p->targets.v[k].service)
				p->targets.v[k].winner = older_rival(&p->targets.v[k]);
		policy_judge(p);
	}
}

/* ---------------------------------------------------------------- which one is in force */

const struct rt_policy_fact *rt_policy_for(
    const struct rt_service_fact *svc, const struct rt_service_port *port)
{
	const struct rt_policy_fact *whole = NULL;

	for (size_t i = 0; i < svc->policies.len; i++) {
		const struct rt_policy_fact *p = svc->policies.v[i];
		for (size_t k = 0; k < p->targets.len; k++) {
			const struct rt_target_fact *t = &p->targets.v[k];
			if (t->service != svc || t->winner || t->present == RT_NO)
				continue;
			if (port && section_is(t->spec, port->name))
				return p;
			if (!section_named(t->spec) && !whole)
				whole = p;
		}
	}
	return whole;
}

/* ---------------------------------------------------------------- ancestors */

static bool covers(const struct rt_policy_fact *p, const struct rt_backend_fact *b)
{
	for (size_t i = 0; i < p->targets.len; i++) {
		const struct rt_target_fact *t = &p->targets.v[i];
		if (t->service != b->service)
			continue;
		/* A port that is not there concerns every user of the Service: TargetNotFound. */
		if (!section_named(t->spec) || t->section_missing ||
		    (b->port && section_is(t->spec, b->port->name)))
			return true;
	}
	return false;
}

static const struct rt_policy_ancestor *ancestor_status(
    const struct rt_policy_fact *p, const struct rt_gateway_fact *g)
{
	const struct rt_obj *gw = &g->gateway->obj;

	for (size_t i = 0; i < p->policy->ancestors.len; i++) {
		const struct rt_parent_ref *r = &p->policy->ancestors.v[i].ancestor_ref;
		const char *ns = r->ns && r->ns[0] ? r->ns : p->policy->obj.ns;
		if (rt_streq(r->group, RT_GROUP_GATEWAY) && rt_streq(r->kind, "Gateway") &&
		    rt_streq(r->name, gw->name) && rt_streq(ns, gw->ns))
			return &p->policy->ancestors.v[i];
	}
	return NULL;
}

static void ancestor_add(
    struct rt_analysis *an, struct rt_policy_fact *p, const struct rt_gateway_fact *g)
{
	for (size_t i = 0; i < p->ancestors.len; i++)
		if (p->ancestors.v[i].gateway == g)
			return;
	struct rt_ancestor_fact a = {.gateway = g, .status = ancestor_status(p, g)};
	rt_vec_push(&p->ancestors, &an->arena, a);
}

static int ancestor_cmp(const void *a, const void *b)
{
	const struct rt_ancestor_fact *x = a, *y = b;
	struct rt_ref rx = rt_obj_ref(&x->gateway->gateway->obj);
	struct rt_ref ry = rt_obj_ref(&y->gateway->gateway->obj);

	return rt_ref_cmp(&rx, &ry);
}

static bool supports_policies(const struct rt_listener_fact *l)
{
	return rt_features_on(&l->gateway->features, RT_FEATURE_BackendTLSPolicy);
}

static void gateways_add(
    struct rt_analysis *an, struct rt_policy_fact *p, const struct rt_route_fact *r)
{
	for (size_t i = 0; i < r->attachments.len; i++) {
		const struct rt_attachment *at = r->attachments.v[i];
		const struct rt_listener_fact *l = at->listener;
		if (!at->rival && l->gateway && !l->passthrough && supports_policies(l))
			ancestor_add(an, p, l->gateway);
	}
}

/* A policy reaches the Gateways whose accepted routes lead to its target with the gateway speaking
 * to the backend itself: not through passthrough, not for plain TCP and UDP. */
static void route_reach(struct rt_analysis *an, const struct rt_route_fact *r)
{
	enum rt_kind kind = r->route->obj.kind;

	if (kind == RT_KIND_TCP_ROUTE || kind == RT_KIND_UDP_ROUTE)
		return;
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_backend_fact *b = &r->backends.v[i];
		for (size_t k = 0; b->service && k < b->service->policies.len; k++)
			if (covers(b->service->policies.v[k], b))
				gateways_add(an, b->service->policies.v[k], r);
	}
}

void rt_policies_reach(struct rt_analysis *an)
{
	if (!an->policies.len)
		return;
	for (size_t i = 0; i < an->routes.len; i++)
		route_reach(an, an->routes.v[i]);
	for (size_t i = 0; i < an->policies.len; i++)
		rt_vec_sort(&an->policies.v[i]->ancestors, ancestor_cmp);
}
