/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route.c - rules about routes and their parents: attachment (gateway-api §4) and route status.
 * What a route refers to is in backend.c, its matches are in match.c.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

#include "rutter/hostname.h"

#define CORE_SERVICE_HINT "Write group: \"\" beside kind: Service"

typedef void (*parent_fn)(struct rt_check *c, const struct rt_parent_fact *p);

static void each_parent(struct rt_check *c, parent_fn fn)
{
	for (size_t end = rt_rule_slice(c, c->an->routes.len, RT_SOME); c->at < end; c->at++) {
		const struct rt_route_fact *r = c->an->routes.v[c->at];

		for (size_t k = 0; k < r->parents.len; k++)
			if (r->parents.v[k].index != SIZE_MAX)
				fn(c, &r->parents.v[k]);
	}
}

static const char *route_name(struct rt_check *c, const struct rt_parent_fact *p)
{
	return rt_name(c, &p->route->route->obj);
}

/* Raised on spec.parentRefs[i].member (member may be NULL), tied and related to the parent. */
/* The specification fixes the stage, but the controller has spoken otherwise. */
static void contradicted(struct rt_finding *f, const struct rt_parent_fact *p)
{
	const struct rt_route_parent_status *e = p->status;

	if (e && rt_condition_is(
		     rt_current_condition(&p->route->route->obj, e->conditions, RT_COND_ACCEPTED),
		     "True"))
		rt_because(f, "reported all the same: Accepted=True by %s",
		    e->controller_name ? e->controller_name : "its status");
}

static struct rt_finding *raise_parent(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_parent_fact *p, const char *member)
{
	struct rt_finding *f = rt_raise(c, code, holds, &p->route->route->obj,
	    "spec.parentRefs[%zu]%s%s", p->index, member ? "." : "", member ? member : "");

	if (!f)
		return NULL;
	rt_tie_parent(f, p);
	if (p->present == RT_YES)
		rt_relate(f, p->ref);
	rt_group(f, "%s %s %lld", rt_ref_name(c, p->ref),
	    p->spec->section_name ? p->spec->section_name : "", (long long)p->spec->port);
	if (p->accepted == RT_NO)
		contradicted(f, p);
	return f;
}

static enum rt_tri stage_holds(const struct rt_parent_fact *p, enum rt_stage stage)
{
	if (p->present != RT_YES || p->stage != stage)
		return RT_NO;
	return rt_tri_not(p->accepted);
}

/* ---------------------------------------------------------------- the parent itself */

/* Kinds of which it is known that no controller takes them. Experimental ones come and go with the
 * release: the cluster says whether it has them. */
static bool is_no_parent(const struct rt_ref *ref)
{
	return rt_group_is_known(ref->group) && strcmp(ref->group, RT_GROUP_GATEWAY_X) != 0;
}

static void parent_kind(struct rt_check *c, const struct rt_parent_fact *p)
{
	enum rt_tri holds;
	struct rt_finding *f;

	if (p->kind != RT_PARENT_OTHER)
		return;
	holds = is_no_parent(&p->ref) ? RT_YES : rt_tri_not(rt_kind_served(c->an, &p->ref));
	f = raise_parent(c, RT_F_RT27, holds, p, "kind");
	if (!f)
		return;
	if (strcmp(p->ref.kind, "Service") == 0 && strcmp(p->ref.group, RT_GROUP_GATEWAY) == 0) {
		rt_say(f,
		    "parentRef kind Service of %s lacks group: \"\"; no controller will take it",
		    route_name(c, p));
		rt_advise(f, CORE_SERVICE_HINT);
		return;
	}
	rt_say(f, "parentRef kind %s (group \"%s\") of %s %s", p->ref.kind, p->ref.group,
	    route_name(c, p),
	    holds == RT_YES ? "cannot be a parent; no controller will take it"
			    : "is not known to be a parent");
}

void rt_check_RT27(struct rt_check *c)
{
	each_parent(c, parent_kind);
}

static void parent_exists(struct rt_check *c, const struct rt_parent_fact *p)
{
	enum rt_tri holds = rt_tri_not(p->present);
	struct rt_finding *f;

	if (p->kind == RT_PARENT_OTHER || p->kind == RT_PARENT_SERVICE_IMPORT || !*p->ref.name)
		return; /* without a name it is refused: GC15 */
	f = raise_parent(c, RT_F_RT01, holds, p, NULL);
	if (!f)
		return;
	rt_say(f, "%s names %s, which %s%s", route_name(c, p), rt_ref_name(c, p->ref),
	    rt_missing(c, p->ref, holds),
	    holds == RT_YES ? rt_fmt(c, "%s; nobody will report on it", rt_suggest(c, p->ref))
			    : "");
}

void rt_check_RT01(struct rt_check *c)
{
	each_parent(c, parent_exists);
}

/* ---------------------------------------------------------------- its listeners */

static size_t own_listeners(const struct rt_parent_fact *p, struct rt_listener_fact *const **ret)
{
	if (p->set) {
		*ret = p->set->listeners.v;
		return p->set->listeners.len;
	}
	*ret = p->gateway ? p->gateway->listeners.v : NULL;
	return p->gateway ? p->gateway->listeners.len : 0;
}

static const char *listener_names(struct rt_check *c, const struct rt_parent_fact *p)
{
	struct rt_listener_fact *const *v;
	size_t n = own_listeners(p, &v);
	rt_lines names = {0};

	for (size_t i = 0; i < n; i++)
		rt_vec_push(&names, &c->work, v[i]->spec->name ? v[i]->spec->name : "");
	return rt_listed(c, &names, 6);
}

/* A ListenerSet of the Gateway that has a listener of that name. */
static const struct rt_listener_set_fact *set_with(const struct rt_parent_fact *p)
{
	for (size_t i = 0; p->gateway && !p->set && i < p->gateway->sets.len; i++) {
		const struct rt_listener_set_fact *set = p->gateway->sets.v[i];

		for (size_t k = 0; k < set->listeners.len; k++)
			if (rt_streq(set->listeners.v[k]->spec->name, p->spec->section_name))
				return set;
	}
	return NULL;
}

static const char *section_names(struct rt_check *c, const struct rt_parent_fact *p)
{
	rt_lines names = {0};

	if (p->kind != RT_PARENT_SERVICE)
		return listener_names(c, p);
	for (size_t i = 0; i < p->service->service->ports.len; i++) {
		const char *name = p->service->service->ports.v[i].name;

		rt_vec_push(&names, &c->work, name && *name ? name : "unnamed");
	}
	return rt_listed(c, &names, 6);
}

static void section(struct rt_check *c, const struct rt_parent_fact *p)
{
	struct rt_finding *f =
	    raise_parent(c, RT_F_RT02, stage_holds(p, RT_STAGE_SECTION), p, "sectionName");
	const struct rt_listener_set_fact *set;

	if (!f)
		return;
	if (!p->spec->section_name) {
		rt_say(f, "%s has no listeners; %s does not attach", rt_ref_name(c, p->ref),
		    route_name(c, p));
		return;
	}
	rt_say(f, "%s has no %s \"%s\" (%s); %s does not attach", rt_ref_name(c, p->ref),
	    p->kind == RT_PARENT_SERVICE ? "port" : "listener", p->spec->section_name,
	    section_names(c, p), route_name(c, p));
	set = set_with(p);
	if (!set)
		return;
	rt_because(f, "%s, which belongs to the Gateway, has a listener of that name",
	    rt_name(c, &set->set->obj));
	rt_relate_obj(f, &set->set->obj);
	rt_advise(f, "Make %s the parent, or correct sectionName", rt_name(c, &set->set->obj));
}

void rt_check_RT02(struct rt_check *c)
{
	each_parent(c, section);
}

static const char *port_numbers(struct rt_check *c, const struct rt_parent_fact *p)
{
	struct rt_listener_fact *const *v;
	size_t n = own_listeners(p, &v);
	rt_lines words = {0};

	for (size_t i = 0; i < n; i++) {
		const char *word = rt_fmt(c, "%lld", (long long)v[i]->spec->port);
		bool known = false;

		for (size_t k = 0; k < words.len; k++)
			known = known || strcmp(words.v[k], word) == 0;
		if (!known)
			rt_vec_push(&words, &c->work, word);
	}
	for (size_t i = 0; p->service && i < p->service->service->ports.len; i++)
		rt_vec_push(&words, &c->work,
		    rt_fmt(c, "%lld", (long long)p->service->service->ports.v[i].port));
	return rt_listed(c, &words, 6);
}

static void port(struct rt_check *c, const struct rt_parent_fact *p)
{
	struct rt_finding *f = raise_parent(c, RT_F_RT03, stage_holds(p, RT_STAGE_PORT), p, "port");
	long long number = (long long)p->spec->port;

	if (!f)
		return;
	if (p->service)
		rt_say(f, "%s has no port %lld (%s); %s does not attach", rt_ref_name(c, p->ref),
		    number, port_numbers(c, p), route_name(c, p));
	else if (p->spec->section_name)
		rt_say(f, "Listener %s of %s is not on port %lld (%s); %s does not attach",
		    p->spec->section_name, rt_ref_name(c, p->ref), number, port_numbers(c, p),
		    route_name(c, p));
	else
		rt_say(f, "No listener of %s is on port %lld (%s); %s does not attach",
		    rt_ref_name(c, p->ref), number, port_numbers(c, p), route_name(c, p));
}

void rt_check_RT03(struct rt_check *c)
{
	each_parent(c, port);
}

/* ---------------------------------------------------------------- what they admit */

static const struct rt_candidate *candidate_failed(
    const struct rt_parent_fact *p, enum rt_stage stage)
{
	for (size_t i = 0; i < p->candidates.len; i++)
		if (p->candidates.v[i].failed == stage)
			return &p->candidates.v[i];
	return p->candidates.len ? &p->candidates.v[0] : NULL;
}

static const char *namespaces_from(const struct rt_listener_fact *l)
{
	const struct rt_allowed_routes *a = l->spec->allowed_routes;

	return a && a->namespaces ? a->namespaces->from : NULL;
}

static void explain_namespace(
    struct rt_check *c, struct rt_finding *f, const struct rt_parent_fact *p, enum rt_tri holds)
{
	const struct rt_candidate *cand = candidate_failed(p, RT_STAGE_NAMESPACE);
	const struct rt_listener_fact *l;
	const char *from;

	if (!f || !cand)
		return;
	l = cand->listener;
	from = namespaces_from(l);
	if (!from || strcmp(from, "Same") == 0)
		rt_say(f,
		    "Listener %s of %s takes routes from namespace %s only (from: Same%s); %s is "
		    "refused",
		    l->spec->name, rt_name(c, l->owner), l->owner->ns, from ? "" : ", the default",
		    route_name(c, p));
	else if (strcmp(from, "Selector") != 0)
		rt_say(f,
		    "Listener %s of %s takes routes from no namespace (from: %s); %s is refused",
		    l->spec->name, rt_name(c, l->owner), from, route_name(c, p));
	else
		rt_say(f,
		    "Listener %s of %s takes routes from namespaces by label (from: %s), namespace "
		    "%s %s; %s is refused",
		    l->spec->name, rt_name(c, l->owner), from, p->route->route->obj.ns,
		    holds == RT_YES ? "does not match" : "could not be read", route_name(c, p));
	for (size_t i = 0; p->candidates.len > 1 && i < p->candidates.len; i++)
		rt_because(f, "listener %s refuses it", p->candidates.v[i].listener->spec->name);
	rt_advise(f,
	    "On %s, set allowedRoutes.namespaces of listener %s to All or to a Selector; a "
	    "ReferenceGrant does not help",
	    rt_name(c, l->owner), l->spec->name);
}

static void admitted_namespace(struct rt_check *c, const struct rt_parent_fact *p)
{
	enum rt_tri holds = stage_holds(p, RT_STAGE_NAMESPACE);

	explain_namespace(c, raise_parent(c, RT_F_RT04, holds, p, NULL), p, holds);
}

void rt_check_RT04(struct rt_check *c)
{
	each_parent(c, admitted_namespace);
}

static const char *kinds_of(struct rt_check *c, const struct rt_listener_fact *l)
{
	rt_lines words = {0};

	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if (l->kinds & RT_ROUTE_BIT(k))
			rt_vec_push(&words, &c->work, rt_kind_info((enum rt_kind)k)->kind);
	return words.len ? rt_listed(c, &words, 5) : "no route kind";
}

static void admitted_kind(struct rt_check *c, const struct rt_parent_fact *p)
{
	struct rt_finding *f = raise_parent(c, RT_F_RT05, stage_holds(p, RT_STAGE_KIND), p, NULL);
	const struct rt_candidate *cand = candidate_failed(p, RT_STAGE_KIND);

	if (!f || !cand)
		return;
	rt_say(f, "Listener %s of %s (%s) takes %s, not %s; %s is refused",
	    cand->listener->spec->name, rt_name(c, cand->listener->owner),
	    cand->listener->spec->protocol, kinds_of(c, cand->listener),
	    p->route->route->obj.kind_name, route_name(c, p));
	for (size_t i = 0; p->candidates.len > 1 && i < p->candidates.len; i++)
		rt_because(f, "listener %s (%s) takes %s", p->candidates.v[i].listener->spec->name,
		    p->candidates.v[i].listener->spec->protocol,
		    kinds_of(c, p->candidates.v[i].listener));
}

void rt_check_RT05(struct rt_check *c)
{
	each_parent(c, admitted_kind);
}

/* ---------------------------------------------------------------- hostnames */

static const char *listed_hostnames(struct rt_check *c, const struct rt_route *r)
{
	rt_lines words = {0};

	for (size_t i = 0; i < r->hostnames.len; i++)
		rt_vec_push(&words, &c->work, r->hostnames.v[i]);
	return rt_listed(c, &words, 3);
}

static const char *candidate_hostnames(struct rt_check *c, const struct rt_parent_fact *p)
{
	rt_lines words = {0};

	for (size_t i = 0; i < p->candidates.len; i++)
		if (p->candidates.v[i].failed == RT_STAGE_HOSTNAME)
			rt_vec_push(&words, &c->work, p->candidates.v[i].listener->spec->hostname);
	return rt_listed(c, &words, 3);
}

static void hostnames(struct rt_check *c, const struct rt_parent_fact *p)
{
	const struct rt_route *r = p->route->route;
	enum rt_tri holds = stage_holds(p, RT_STAGE_HOSTNAME);
	struct rt_finding *f = rt_raise(c, RT_F_RT06, holds, &r->obj, "spec.hostnames");

	if (!f)
		return;
	rt_tie_parent(f, p);
	rt_relate(f, p->ref);
	rt_group(f, "%s", rt_ref_name(c, p->ref));
	rt_say(f, "%s (%s) matches no hostname of %s (%s)", rt_name(c, &r->obj),
	    listed_hostnames(c, r), rt_ref_name(c, p->ref), candidate_hostnames(c, p));
	contradicted(f, p);
}

void rt_check_RT06(struct rt_check *c)
{
	each_parent(c, hostnames);
}

static bool host_is_served(const struct rt_route_fact *r, const char *host)
{
	const char *both;

	for (size_t i = 0; i < r->attachments.len; i++)
		if (rt_hostname_intersect(
			r->attachments.v[i]->listener->spec->hostname, host, &both))
			return true;
	return false;
}

static bool parents_are_open(const struct rt_route_fact *r)
{
	for (size_t i = 0; i < r->parents.len; i++)
		if (r->parents.v[i].accepted == RT_UNKNOWN || r->parents.v[i].present == RT_UNKNOWN)
			return true;
	return false;
}

void rt_check_RT07(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->routes.len; i++) {
		const struct rt_route_fact *r = c->an->routes.v[i];
		enum rt_tri holds = parents_are_open(r) ? RT_UNKNOWN : RT_YES;

		if (!r->attachments.len || !rt_route_has_hostnames(r->route->obj.kind))
			continue;
		for (size_t k = 0; k < r->route->hostnames.len; k++) {
			const char *host = r->route->hostnames.v[k];
			struct rt_finding *f;

			if (host_is_served(r, host))
				continue;
			f = rt_raise(c, RT_F_RT07, holds, &r->route->obj, "spec.hostnames[%zu]", k);
			rt_say(f, "%s of %s matches no listener%s; requests for it are not served",
			    host, rt_name(c, &r->route->obj),
			    holds == RT_YES ? "" : " that could be read");
			rt_tie(f, RT_TIE_ROUTE, rt_name(c, &r->route->obj));
			for (size_t j = 0; j < r->attachments.len; j++)
				rt_relate_obj(f, r->attachments.v[j]->listener->owner);
		}
	}
}

/* ---------------------------------------------------------------- reported status */

/* The parentRef that a status entry is about; NULL: an orphan. */
static const struct rt_parent_fact *parent_of_entry(
    const struct rt_route_fact *r, const struct rt_route_parent_status *e)
{
	const struct rt_parent_fact *near = NULL;
	const char *ns = e->parent_ref.ns ? e->parent_ref.ns : r->route->obj.ns;
	struct rt_ref ref = {e->parent_ref.group, e->parent_ref.kind, ns, e->parent_ref.name};

	for (size_t i = 0; i < r->parents.len; i++) {
		const struct rt_parent_fact *p = &r->parents.v[i];

		if (p->status == e)
			return p;
		if (p->index == SIZE_MAX || rt_ref_cmp(&p->ref, &ref) != 0)
			continue;
		if (rt_streq(p->spec->section_name, e->parent_ref.section_name) &&
		    p->spec->port == e->parent_ref.port)
			return p;
		if (!e->parent_ref.section_name && e->parent_ref.port == RT_INT_UNSET)
			near = p;
	}
	return near;
}

typedef void (*entry_fn)(struct rt_check *c, const struct rt_route_fact *r,
    const struct rt_route_parent_status *e, const struct rt_parent_fact *p);

static void each_entry(struct rt_check *c, entry_fn fn)
{
	for (size_t end = rt_rule_slice(c, c->an->routes.len, RT_SOME); c->at < end; c->at++) {
		const struct rt_route_fact *r = c->an->routes.v[c->at];

		for (size_t k = 0; k < r->route->parents.len; k++) {
			const struct rt_route_parent_status *e = &r->route->parents.v[k];
			const struct rt_parent_fact *p = parent_of_entry(r, e);

			if (p)
				fn(c, r, e, p);
		}
	}
}

static void accepted(struct rt_check *c, const struct rt_route_fact *r,
    const struct rt_route_parent_status *e, const struct rt_parent_fact *p)
{
	const struct rt_condition *cond =
	    rt_current_condition(&r->route->obj, e->conditions, RT_COND_ACCEPTED);
	struct rt_finding *f;

	if (!rt_condition_is(cond, "False"))
		return;
	f = raise_parent(c, RT_F_RT08, RT_YES, p, NULL);
	rt_echo(f, cond, e->controller_name);
	rt_say(f, "%s is not accepted by %s %s", rt_name(c, &r->route->obj), rt_ref_name(c, p->ref),
	    rt_quote_condition(c, cond));
}

void rt_check_RT08(struct rt_check *c)
{
	each_entry(c, accepted);
}

static bool class_is_accepted(const struct rt_gateway_fact *gw)
{
	const struct rt_gateway_class *gc = gw->class_fact ? gw->class_fact->gc : NULL;

	return gc && rt_condition_is(
			 rt_current_condition(&gc->obj, gc->conditions, RT_COND_ACCEPTED), "True");
}

static void missing_status(struct rt_check *c, const struct rt_parent_fact *p)
{
	const struct rt_obj *route = &p->route->route->obj;
	struct rt_finding *f;
	const char *age;

	if (p->status || p->present != RT_YES || !p->gateway || !class_is_accepted(p->gateway) ||
	    !rt_observed(c, route) || !rt_settled(c, route))
		return;
	f = raise_parent(c, RT_F_RT09, RT_YES, p, NULL);
	age = rt_ago(c, rt_last_change(c, route));
	rt_say(f, "No controller reports on %s for %s%s%s", route_name(c, p),
	    rt_ref_name(c, p->ref), *age ? " since " : "", age);
	rt_because(f, "GatewayClass %s is accepted", p->gateway->gateway->gateway_class_name);
}

void rt_check_RT09(struct rt_check *c)
{
	each_parent(c, missing_status);
}

/* The condition to go by; Accepted beside "Fall Back" keeps the generation of the last good spec.
 */
static const struct rt_condition *stale_condition(
    const struct rt_obj *route, const struct rt_route_parent_status *e)
{
	const struct rt_condition *partial =
	    rt_current_condition(route, e->conditions, RT_COND_PARTIALLY_INVALID);
	bool fall_back = rt_condition_is(partial, "True") && partial->message &&
			 strncmp(partial->message, "Fall Back", 9) == 0;

	for (size_t i = 0; i < e->conditions.len; i++) {
		const struct rt_condition *cond = &e->conditions.v[i];

		if (cond->observed_generation >= route->generation)
			continue;
		if (!(fall_back && rt_streq(cond->type, RT_COND_ACCEPTED)))
			return cond;
	}
	return NULL;
}

static void stale(struct rt_check *c, const struct rt_route_fact *r,
    const struct rt_route_parent_status *e, const struct rt_parent_fact *p)
{
	const struct rt_obj *route = &r->route->obj;
	const struct rt_condition *cond = stale_condition(route, e);
	struct rt_finding *f;
	const char *age;

	if (!cond || !rt_settled(c, route))
		return;
	f = rt_raise(
	    c, RT_F_RT10, RT_YES, route, "status.parents[%zu]", (size_t)(e - r->route->parents.v));
	age = rt_ago(c, rt_last_edit(c, route));
	rt_tie_parent(f, p);
	rt_relate(f, p->ref);
	rt_say(f,
	    "%s: status for %s is of generation %lld, spec is %lld%s%s; the last edit is not "
	    "processed",
	    rt_name(c, route), rt_ref_name(c, p->ref), (long long)cond->observed_generation,
	    (long long)route->generation, *age ? ", unchanged for " : "", age);
	if (e->controller_name)
		rt_because(f, "status is written by %s", e->controller_name);
	if (!*age)
		rt_because(f, "when the spec was last written is not known");
}

void rt_check_RT10(struct rt_check *c)
{
	each_entry(c, stale);
}

/* ---------------------------------------------------------------- reported on the route */

/* One finding for each controller: every parent carries the same value. */
static struct rt_finding *raise_entry(struct rt_check *c, enum rt_code code,
    const struct rt_route_parent_status *e, const struct rt_parent_fact *p,
    const struct rt_condition *cond)
{
	struct rt_finding *f = rt_raise(c, code, RT_YES, &p->route->route->obj, "spec.rules");

	rt_tie_parent(f, p);
	rt_relate(f, p->ref);
	rt_echo(f, cond, e->controller_name);
	rt_group(f, "%s", e->controller_name ? e->controller_name : "");
	for (size_t i = 0; i < p->route->backends.len; i++)
		if (p->route->backends.v[i].service)
			rt_tie(f, RT_TIE_SERVICE,
			    rt_path_name(c, &p->route->backends.v[i].service->service->obj));
	return f;
}

static void refs_resolved(struct rt_check *c, const struct rt_route_fact *r,
    const struct rt_route_parent_status *e, const struct rt_parent_fact *p)
{
	const struct rt_condition *cond =
	    rt_current_condition(&r->route->obj, e->conditions, RT_COND_RESOLVED_REFS);

	if (rt_condition_is(cond, "False"))
		rt_say(raise_entry(c, RT_F_RT28, e, p, cond),
		    "%s has unresolved references %s, says %s", rt_name(c, &r->route->obj),
		    rt_quote_condition(c, cond),
		    e->controller_name ? e->controller_name : "its status");
}

void rt_check_RT28(struct rt_check *c)
{
	each_entry(c, refs_resolved);
}

static void partially_invalid(struct rt_check *c, const struct rt_route_fact *r,
    const struct rt_route_parent_status *e, const struct rt_parent_fact *p)
{
	const struct rt_condition *cond =
	    rt_current_condition(&r->route->obj, e->conditions, RT_COND_PARTIALLY_INVALID);
	const char *message;
	struct rt_finding *f;

	if (!rt_condition_is(cond, "True"))
		return;
	message = cond->message ? cond->message : "";
	f = raise_entry(c, RT_F_RT29, e, p, cond);
	if (strncmp(message, "Fall Back", 9) == 0)
		rt_say(f, "%s is invalid, an earlier version of it is still served (\"%.90s\")",
		    rt_name(c, &r->route->obj), message);
	else
		rt_say(f, "%s is served in part (\"%.100s\")", rt_name(c, &r->route->obj), message);
}

void rt_check_RT29(struct rt_check *c)
{
	each_entry(c, partially_invalid);
}
