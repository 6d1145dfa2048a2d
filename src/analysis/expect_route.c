/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect_route.c - expected conditions of routes, per parentRef (gateway-api §4, §5).
 */
#include "config.h"

#include "expect.h"

static const rt_conditions no_conditions = {0};

/* ---------------------------------------------------------------- messages */

static const char *name_of(const struct rt_candidate *c)
{
	return c->listener->spec->name ? c->listener->spec->name : "";
}

/* The first candidate that failed at the stage that decided. */
static const struct rt_candidate *failed_at(const struct rt_parent_fact *p, enum rt_stage stage)
{
	for (size_t i = 0; i < p->candidates.len; i++)
		if (p->candidates.v[i].failed == stage)
			return &p->candidates.v[i];
	return NULL;
}

static const char *accepted_text(struct rt_arena *a, const struct rt_parent_fact *p)
{
	const struct rt_candidate *c = failed_at(p, p->stage);
	const char *parent = rt_ref_text(a, p->ref);
	const struct rt_obj *o = &p->route->route->obj;

	switch (p->stage) {
	case RT_STAGE_PARENT:
		return rt_arena_printf(a, "%s does not exist", parent);
	case RT_STAGE_SECTION:
		if (!p->spec->section_name)
			return rt_arena_printf(a, "%s has no listeners", parent);
		return rt_arena_printf(
		    a, "%s has no listener \"%.253s\"", parent, p->spec->section_name);
	case RT_STAGE_PORT:
		return rt_arena_printf(
		    a, "No listener of %s is on port %lld", parent, (long long)p->spec->port);
	case RT_STAGE_KIND:
		return rt_arena_printf(a, "Listener %s of %s does not take %s", c ? name_of(c) : "",
		    parent, o->kind_name);
	case RT_STAGE_NAMESPACE:
		return rt_arena_printf(a, "Listener %s of %s takes no routes from namespace %s",
		    c ? name_of(c) : "", parent, o->ns ? o->ns : "");
	case RT_STAGE_HOSTNAME:
		return rt_arena_printf(
		    a, "No hostname of the route meets a listener of %s", parent);
	case RT_STAGE_VALUE:
		return rt_arena_printf(
		    a, "Rule %d: %s", p->route->faults.v[0].rule, p->route->faults.v[0].why);
	case RT_STAGE_ATTACHED:
		break;
	}
	return rt_arena_printf(a, "The route is attached to %s", parent);
}

static const char *backend_text(struct rt_arena *a, const struct rt_backend_fact *b)
{
	const char *what = rt_ref_text(a, b->ref_to);
	const char *field = rt_backend_field(a, b);
	long long port = (long long)b->spec->port;

	switch (b->fault) {
	case RT_BACKEND_KIND:
		return rt_arena_printf(a, "%s: %s is not a backend", field, what);
	case RT_BACKEND_GRANT:
		return rt_arena_printf(a, "%s: no ReferenceGrant in namespace %s admits %s", field,
		    b->ref_to.ns, what);
	case RT_BACKEND_ABSENT:
		return rt_arena_printf(a, "%s: %s does not exist", field, what);
	case RT_BACKEND_NO_PORT:
		return rt_arena_printf(a, "%s: %s is named without port", field, what);
	case RT_BACKEND_PORT:
		return rt_arena_printf(a, "%s: %s has no port %lld", field, what, port);
	case RT_BACKEND_PROTOCOL:
		return rt_arena_printf(a, "%s: port %lld of %s has another protocol than the route",
		    field, port, what);
	case RT_BACKEND_APP_PROTOCOL:
		return rt_arena_printf(
		    a, "%s: appProtocol of port %lld is not supported", field, port);
	case RT_BACKEND_OK:
		break;
	}
	if (b->policy)
		return rt_arena_printf(a, "%s: %s of %s cannot be put into effect", field,
		    rt_obj_text(a, &b->policy->policy->obj), what);
	return "All references are usable";
}

static const char *resolved_text(struct rt_arena *a, const struct rt_route_fact *r)
{
	if (r->culprit)
		return backend_text(a, r->culprit);
	for (size_t i = 0; i < r->extensions.len; i++)
		if (r->extensions.v[i].present != RT_YES)
			return rt_arena_printf(a, "spec.rules[%d].filters: %s does not exist",
			    r->extensions.v[i].rule, rt_ref_text(a, r->extensions.v[i].ref_to));
	return "All references are usable";
}

/* ---------------------------------------------------------------- routes */

/* With several different faults the specification names no order: each reason will do. */
static uint64_t resolved_also(const struct rt_route_fact *r)
{
	uint64_t also = 0;

	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_backend_fact *b = &r->backends.v[i];
		if (b->ok == RT_NO && b->fault == RT_BACKEND_PORT)
			return RT_ANY_REASON;
		if (b->ok == RT_NO)
			also |= UINT64_C(1) << b->reason;
	}
	return also;
}

static uint64_t accepted_also(const struct rt_parent_fact *p)
{
	uint64_t also = 0;

	for (size_t i = 0; p->stage == RT_STAGE_VALUE && i < p->route->faults.len; i++)
		also |= UINT64_C(1) << p->route->faults.v[i].reason;
	return also;
}

/* An older route, or one of a kind that comes first, is in the way. */
static void expect_ousted(
    struct rt_expecting *e, const struct rt_parent_fact *p, struct rt_verdict_in *in)
{
	bool mesh = p->kind == RT_PARENT_SERVICE;

	in->is = RT_NO;
	/* On listeners upstream fixes no reason (§12.7). */
	in->reason = mesh ? RT_REASON_CONFLICTED : RT_REASON_NONE;
	in->message = rt_arena_printf(e->a, "%s %s", rt_obj_text(e->a, &p->kind_rival->route->obj),
	    mesh ? "is of a kind that comes first" : "is older and has one of its hostnames");
}

static void expect_accepted(
    struct rt_expecting *e, const struct rt_parent_fact *p, enum rt_tri managed)
{
	struct rt_verdict_in in = {
	    .is = managed == RT_YES ? p->accepted : managed,
	    .reason = p->reason,
	    .also = accepted_also(p),
	    .message = accepted_text(e->a, p),
	};
	enum rt_feature beyond;

	if (p->kind_rival && managed == RT_YES) {
		expect_ousted(e, p, &in);
	} else if (in.is == RT_YES && rt_parent_beyond(p, &beyond)) {
		in.open = true;
		in.open_why = rt_arena_printf(e->a,
		    "GatewayClass %s does not list %s: the rules that use it may be refused",
		    p->gateway->gateway->gateway_class_name, rt_feature_name(beyond));
	}
	rt_expect(e, RT_COND_ACCEPTED, in);
}

static void expect_resolved(
    struct rt_expecting *e, const struct rt_route_fact *r, enum rt_tri managed)
{
	struct rt_verdict_in in = {
	    .is = managed == RT_YES ? r->resolved : managed,
	    .reason = r->resolved_reason,
	    .also = resolved_also(r),
	    .message = resolved_text(e->a, r),
	    .open = r->resolved_open,
	};

	rt_expect(e, RT_COND_RESOLVED_REFS, in);
}

/* PartiallyInvalid is only ever present as True (§4.4). */
static void expect_partially(struct rt_expecting *e, const struct rt_route_fact *r)
{
	if (!r->faults.len || r->rejected)
		return;
	rt_expect(e, RT_COND_PARTIALLY_INVALID,
	    (struct rt_verdict_in){.is = RT_YES,
		.reason = RT_REASON_UNSUPPORTED_VALUE,
		.message =
		    rt_arena_printf(e->a, "Rule %d: %s", r->faults.v[0].rule, r->faults.v[0].why)});
}

/* Does someone report for this parentRef? Only who can trace it to a class of its own (§2.5). */
static enum rt_tri parent_managed(const struct rt_parent_fact *p)
{
	if (p->set && p->set->unsupported)
		return RT_NO;
	if (p->gateway)
		return rt_gateway_managed(p->gateway);
	if (p->set) /* a ListenerSet without Gateway */
		return p->set->parent_kind_ok ? p->set->parent_present : RT_NO;
	return p->present;
}

/* A set that its Gateway does not admit: what its routes get is left open. */
static bool left_open(const struct rt_parent_fact *p)
{
	return p->set && p->set->allowed != RT_YES;
}

/* Services without an address of their own should be no parents (§10): who takes them nevertheless
 * is judged. */
static bool doubtful_service(const struct rt_parent_fact *p)
{
	if (!p->service || p->status)
		return false;
	const struct rt_service *s = p->service->service;
	return rt_streq(s->cluster_ip, "None") || rt_streq(s->type, "ExternalName");
}

/* Is there no mesh, as far as the features tell? */
static bool without_mesh(const struct rt_expecting *e, const struct rt_parent_fact *p)
{
	struct rt_features f;

	if (p->kind != RT_PARENT_SERVICE)
		return false;
	rt_features_init(&f, NULL, e->an->opts.features);
	return !rt_features_on(&f, RT_FEATURE_Mesh);
}

static const char *unmanaged_text(struct rt_arena *a, const struct rt_parent_fact *p)
{
	if (p->set && p->set->unsupported)
		return "The class does not support ListenerSets";
	if (p->gateway)
		return rt_unmanaged_text(a, p->gateway);
	if (p->kind == RT_PARENT_OTHER)
		return rt_arena_printf(a, "%s cannot be a parent", p->ref.kind);
	if (p->service)
		return "There is no mesh";
	return rt_arena_printf(
	    a, "%s does not exist", rt_ref_text(a, p->set ? p->set->parent_ref : p->ref));
}

static void expect_parent(struct rt_expecting *e, const struct rt_parent_fact *p)
{
	enum rt_tri managed = parent_managed(p);
	bool vendor = p->kind == RT_PARENT_OTHER || p->kind == RT_PARENT_SERVICE_IMPORT;

	rt_expect_subject(
	    e, &p->route->route->obj, p->status ? p->status->conditions : no_conditions);
	e->parent = &p->ref;
	e->parent_section = p->spec->section_name;
	e->parent_port = p->spec->port;
	e->controller = p->status ? p->status->controller_name : NULL;
	e->foreign = p->foreign ? p->foreign->controller_name : NULL;
	if (managed == RT_NO || without_mesh(e, p)) {
		rt_expect(e, RT_COND_ACCEPTED,
		    (struct rt_verdict_in){
			.is = RT_NO, .unwanted = true, .message = unmanaged_text(e->a, p)});
	} else if (vendor || left_open(p) || doubtful_service(p)) {
		rt_expect(e, RT_COND_ACCEPTED, (struct rt_verdict_in){.is = RT_YES, .open = true});
	} else {
		expect_accepted(e, p, managed);
		expect_resolved(e, p->route, managed);
		if (managed == RT_YES)
			expect_partially(e, p->route);
	}
	rt_expect_rest(e);
}

/* sectionName and port of an entry: as in the parentRef, or left out (§12.11). */
static bool echoes(const struct rt_parent_ref *entry, const struct rt_parent_ref *spec)
{
	bool section = !entry->section_name || rt_streq(entry->section_name, spec->section_name);

	return section && (entry->port == RT_INT_UNSET || entry->port == spec->port);
}

static bool named_by_spec(
    const struct rt_route_fact *r, const struct rt_parent_ref *entry, const struct rt_ref *ref)
{
	for (size_t i = 0; i < r->parents.len; i++)
		if (rt_ref_cmp(&r->parents.v[i].ref, ref) == 0 &&
		    echoes(entry, r->parents.v[i].spec))
			return true;
	return false;
}

/* Entries for parents that no parentRef names: a controller that is gone left them. */
static void expect_orphans(struct rt_expecting *e, const struct rt_route_fact *r)
{
	const struct rt_route *route = r->route;

	for (size_t i = 0; i < route->parents.len; i++) {
		const struct rt_route_parent_status *st = &route->parents.v[i];
		struct rt_ref ref = rt_entry_ref(&st->parent_ref, route->obj.ns);
		if (named_by_spec(r, &st->parent_ref, &ref))
			continue;
		rt_expect_subject(e, &route->obj, st->conditions);
		rt_expect_entry(e, &st->parent_ref, st->controller_name);
		rt_expect(e, RT_COND_ACCEPTED,
		    (struct rt_verdict_in){.is = RT_NO,
			.unwanted = true,
			.message = "No parentRef of the route names it"});
		rt_expect_rest(e);
	}
}

void rt_expect_route(struct rt_expecting *e, const struct rt_route_fact *r)
{
	for (size_t i = 0; i < r->parents.len; i++)
		expect_parent(e, &r->parents.v[i]);
	expect_orphans(e, r);
}
