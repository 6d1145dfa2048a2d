/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attach.c - which listeners a route attaches to, and why not to the others (gateway-api §4).
 * For every parentRef on its own: sectionName and port, then kind and namespace, then hostnames.
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/hostname.h"

#define GROUP_MCS "multicluster.x-k8s.io"

/* ---------------------------------------------------------------- the parent */

static enum rt_parent_kind parent_kind(const struct rt_ref *r)
{
	static const struct {
		const char *group, *kind;
		enum rt_parent_kind is;
	} table[] = {
	    {RT_GROUP_GATEWAY, "Gateway", RT_PARENT_GATEWAY},
	    {RT_GROUP_GATEWAY, "ListenerSet", RT_PARENT_LISTENER_SET},
	    {"", "Service", RT_PARENT_SERVICE},
	    {GROUP_MCS, "ServiceImport", RT_PARENT_SERVICE_IMPORT},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(table); i++)
		if (strcmp(table[i].group, r->group) == 0 && strcmp(table[i].kind, r->kind) == 0)
			return table[i].is;
	return RT_PARENT_OTHER;
}

static void parent_resolve(struct rt_analysis *an, struct rt_parent_fact *p)
{
	const struct rt_parent_ref *s = p->spec;
	const char *ns = p->route->route->obj.ns;

	p->ref = (struct rt_ref){s->group ? s->group : RT_GROUP_GATEWAY,
	    s->kind ? s->kind : "Gateway", s->ns && s->ns[0] ? s->ns : ns, s->name ? s->name : ""};
	p->kind = parent_kind(&p->ref);
	p->present = rt_analysis_find(an, p->ref, NULL);
	switch (p->kind) {
	case RT_PARENT_GATEWAY:
		p->gateway = rt_gateway_fact_of(an, p->ref.ns, p->ref.name);
		break;
	case RT_PARENT_LISTENER_SET:
		p->set = rt_listener_set_fact_of(an, p->ref.ns, p->ref.name);
		p->gateway = p->set ? p->set->gateway : NULL;
		break;
	case RT_PARENT_SERVICE:
		p->service = rt_service_fact_of(an, p->ref.ns, p->ref.name);
		break;
	case RT_PARENT_SERVICE_IMPORT:
	case RT_PARENT_OTHER:
		break;
	}
}

/* ---------------------------------------------------------------- candidates */

/* What sectionName and port leave of the parent's own listeners. */
static void candidates_select(struct rt_analysis *an, struct rt_parent_fact *p)
{
	struct rt_listener_fact *const *v = p->set ? p->set->listeners.v : NULL;
	size_t len = p->set ? p->set->listeners.len : 0;
	bool section_met = false;

	if (p->kind == RT_PARENT_GATEWAY && p->gateway) {
		v = p->gateway->listeners.v;
		len = p->gateway->listeners.len;
	}
	if (p->spec->section_name)
		RT_VEC_RESERVE(&p->candidates, &an->arena, 1);
	else
		RT_VEC_RESERVE(&p->candidates, &an->arena, len);
	for (size_t i = 0; i < len; i++) {
		if (!rt_section_matches(p->spec, v[i]->spec->name))
			continue;
		section_met = true;
		if (!rt_port_matches(p->spec, v[i]->spec->port))
			continue;
		struct rt_candidate c = {.listener = v[i], .failed = RT_STAGE_ATTACHED};
		rt_vec_push(&p->candidates, &an->arena, c);
	}
	p->stage = section_met ? RT_STAGE_PORT : RT_STAGE_SECTION;
}

/* The namespace that counts is that of the object which holds the listener (§4.2). */
static enum rt_tri namespace_admitted(
    struct rt_analysis *an, const struct rt_listener_fact *l, const char *ns)
{
	const struct rt_allowed_routes *a = l->spec->allowed_routes;

	return rt_namespaces_admit(an, a ? a->namespaces : NULL, "Same", l->owner->ns, ns);
}

static bool any_hostname_meets(const struct rt_route_fact *r, const char *listener)
{
	const char *met;

	for (size_t i = 0; i < r->hostnames.len; i++)
		if (rt_hostname_intersect(listener, r->hostnames.v[i], &met))
			return true;
	return r->hostnames.len == 0;
}

static void candidate_judge(
    struct rt_analysis *an, const struct rt_route_fact *f, struct rt_candidate *c)
{
	const struct rt_listener_fact *l = c->listener;
	const struct rt_route *r = f->route;

	if (!(l->kinds & RT_ROUTE_BIT(r->obj.kind))) {
		c->failed = RT_STAGE_KIND;
		return;
	}
	enum rt_tri admitted = namespace_admitted(an, l, r->obj.ns);
	if (admitted == RT_NO) {
		c->failed = RT_STAGE_NAMESPACE;
		return;
	}
	c->open = admitted == RT_UNKNOWN;
	if (!any_hostname_meets(f, l->spec->hostname))
		c->failed = RT_STAGE_HOSTNAME;
}

/* ---------------------------------------------------------------- Accepted */

/* The stage at which the last candidate dies decides (§4). */
static void judge_candidates(struct rt_parent_fact *p)
{
	static const struct {
		enum rt_stage stage;
		enum rt_reason reason;
	} order[] = {
	    {RT_STAGE_HOSTNAME, RT_REASON_NO_MATCHING_LISTENER_HOSTNAME},
	    {RT_STAGE_NAMESPACE, RT_REASON_NOT_ALLOWED_BY_LISTENERS},
	    {RT_STAGE_KIND, RT_REASON_NOT_ALLOWED_BY_LISTENERS},
	};
	bool open = false;

	for (size_t i = 0; i < p->candidates.len; i++) {
		const struct rt_candidate *c = &p->candidates.v[i];
		if (c->failed == RT_STAGE_ATTACHED && !c->open) {
			p->accepted = RT_YES;
			p->stage = RT_STAGE_ATTACHED;
			p->reason = RT_REASON_ACCEPTED;
			return;
		}
		open = open || c->failed == RT_STAGE_ATTACHED;
	}
	if (open) {
		p->accepted = RT_UNKNOWN;
		p->stage = RT_STAGE_NAMESPACE;
		return;
	}
	for (size_t k = 0; k < RT_ARRAY_LEN(order); k++)
		for (size_t i = 0; i < p->candidates.len; i++)
			if (p->candidates.v[i].failed == order[k].stage) {
				rt_parent_reject(p, order[k].stage, order[k].reason);
				return;
			}
	rt_parent_reject(p, p->stage, RT_REASON_NO_MATCHING_PARENT);
}

static void judge_values(struct rt_parent_fact *p)
{
	const struct rt_route_fact *r = p->route;

	if (p->accepted != RT_NO && r->rejected)
		rt_parent_reject(p, RT_STAGE_VALUE, r->faults.v[0].reason);
}

static void parent_judge(struct rt_analysis *an, struct rt_parent_fact *p)
{
	if (p->kind == RT_PARENT_SERVICE) {
		rt_mesh_parent_judge(p);
		judge_values(p);
		return;
	}
	bool set_refused = p->set && rt_listener_set_admitted(p->set) == RT_NO;
	if ((p->kind == RT_PARENT_GATEWAY && !p->gateway) ||
	    (p->kind == RT_PARENT_LISTENER_SET && (!p->gateway || set_refused)) ||
	    p->kind >= RT_PARENT_SERVICE_IMPORT) {
		p->stage = RT_STAGE_PARENT;
		p->accepted = p->present == RT_UNKNOWN ? RT_UNKNOWN : RT_NO;
		return;
	}
	candidates_select(an, p);
	for (size_t i = 0; i < p->candidates.len; i++)
		candidate_judge(an, p->route, &p->candidates.v[i]);
	judge_candidates(p);
	judge_values(p);
}

/* ---------------------------------------------------------------- attachments */

/* The route's names are distinct, so that only the listener's own can come twice: where several of
 * the route's are wider. */
static void intersect_all(struct rt_arena *a, const struct rt_route_fact *r, const char *listener,
    struct rt_attachment *ret)
{
	const char **v = rt_arena_calloc(a, r->hostnames.len ? r->hostnames.len : 1, sizeof(*v));
	bool own = false;
	size_t len = 0;

	if (r->hostnames.len == 0)
		v[len++] = rt_route_has_hostnames(r->route->obj.kind) ? listener : NULL;
	for (size_t i = 0; i < r->hostnames.len; i++) {
		const char *met;
		if (!rt_hostname_intersect(listener, r->hostnames.v[i], &met))
			continue;
		bool is_own = rt_hostname_equal(met, listener);
		if (!is_own || !own)
			v[len++] = met;
		own = own || is_own;
	}
	ret->hostnames.v = v;
	ret->hostnames.len = len;
}

static void attach(struct rt_analysis *an, struct rt_parent_fact *p, struct rt_listener_fact *l)
{
	/* Routes are taken one after the other: a repeat is the listener's last one. */
	if (l->attached.len && l->attached.v[l->attached.len - 1]->route == p->route)
		return;
	struct rt_attachment *at = rt_arena_new(&an->arena, struct rt_attachment);
	at->route = p->route;
	at->listener = l;
	at->parent = p;
	intersect_all(&an->arena, p->route, l->spec->hostname, at);
	rt_vec_push(&l->attached, &an->arena, at);
	rt_vec_push(&p->route->attachments, &an->arena, at);
}

static void parent_attach(struct rt_analysis *an, struct rt_parent_fact *p)
{
	for (size_t i = 0; i < p->candidates.len; i++) {
		struct rt_candidate *c = &p->candidates.v[i];
		if (c->failed != RT_STAGE_ATTACHED || p->stage == RT_STAGE_VALUE)
			continue;
		if (c->open)
			c->listener->attached_open = true;
		else
			attach(an, p, c->listener);
	}
}

/* ---------------------------------------------------------------- reported status (§12.11) */

static bool entry_fits(
    const struct rt_parent_fact *p, const struct rt_route_parent_status *st, bool tolerant)
{
	const struct rt_parent_ref *e = &st->parent_ref;
	const char *ns = e->ns && e->ns[0] ? e->ns : p->route->route->obj.ns;

	if (!rt_streq(e->group ? e->group : RT_GROUP_GATEWAY, p->ref.group) ||
	    !rt_streq(e->kind ? e->kind : "Gateway", p->ref.kind) || !rt_streq(ns, p->ref.ns) ||
	    !rt_streq(e->name, p->ref.name))
		return false;
	bool section = rt_streq(e->section_name, p->spec->section_name);
	bool port = e->port == p->spec->port;
	if (tolerant) {
		section = section || !e->section_name;
		port = port || e->port == RT_INT_UNSET;
	}
	return section && port;
}

static bool by_controller(const struct rt_parent_fact *p, const struct rt_route_parent_status *st)
{
	const struct rt_class_fact *c = p->gateway ? p->gateway->class_fact : NULL;

	return !c || rt_streq(c->gc->controller_name, st->controller_name);
}

/* Does another parentRef name the same object? Then an entry has to name the section, too. */
static bool shares_object(const struct rt_route_fact *r, const struct rt_parent_fact *p)
{
	for (size_t i = 0; i < r->parents.len; i++)
		if (&r->parents.v[i] != p && rt_ref_cmp(&r->parents.v[i].ref, &p->ref) == 0)
			return true;
	return false;
}

static const struct rt_route_parent_status *status_find(
    const struct rt_parent_fact *p, bool tolerant, bool of_its_controller)
{
	const struct rt_route *r = p->route->route;

	for (size_t i = 0; i < r->parents.len; i++)
		if (entry_fits(p, &r->parents.v[i], tolerant) &&
		    by_controller(p, &r->parents.v[i]) == of_its_controller)
			return &r->parents.v[i];
	return NULL;
}

static void statuses_join(struct rt_route_fact *r)
{
	for (size_t i = 0; i < r->parents.len && r->route->parents.len; i++) {
		struct rt_parent_fact *p = &r->parents.v[i];
		p->status = status_find(p, false, true);
		if (!p->status && !shares_object(r, p))
			p->status = status_find(p, true, true);
		if (!p->status)
			p->foreign = status_find(p, true, false);
	}
}

/* ---------------------------------------------------------------- routes */

static void parent_add(
    struct rt_analysis *an, struct rt_route_fact *r, const struct rt_parent_ref *spec, size_t index)
{
	struct rt_parent_fact p = {.route = r, .spec = spec, .index = index};

	parent_resolve(an, &p);
	if (p.kind == RT_PARENT_GATEWAY || p.kind == RT_PARENT_LISTENER_SET)
		r->gateway_bound = true;
	rt_vec_push(&r->parents, &an->arena, p);
}

/* Does a parentRef name the whole Gateway already? */
static bool names_gateway(const struct rt_route_fact *r, const struct rt_gateway_fact *g)
{
	for (size_t i = 0; i < r->parents.len; i++) {
		const struct rt_parent_fact *p = &r->parents.v[i];
		if (p->kind == RT_PARENT_GATEWAY && p->gateway == g && !p->spec->section_name &&
		    p->spec->port == RT_INT_UNSET)
			return true;
	}
	return false;
}

/* useDefaultGateways: All attaches to every Gateway with defaultScope All (§2.7). */
static void default_parents_add(struct rt_analysis *an, struct rt_route_fact *r)
{
	if (!rt_streq(r->route->use_default_gateways, "All"))
		return;
	for (size_t i = 0; i < an->priv->default_gateways.len; i++) {
		const struct rt_gateway_fact *g = an->priv->default_gateways.v[i];
		const struct rt_obj *o = &g->gateway->obj;
		if (names_gateway(r, g))
			continue;
		struct rt_parent_ref *p = rt_arena_new(&an->arena, struct rt_parent_ref);
		p->group = RT_GROUP_GATEWAY;
		p->kind = "Gateway";
		p->ns = o->ns;
		p->name = o->name;
		p->port = RT_INT_UNSET;
		parent_add(an, r, p, SIZE_MAX);
	}
}

/* Case is no difference between hostnames. */
static void hostnames_init(struct rt_analysis *an, struct rt_route_fact *r)
{
	const struct rt_route *route = r->route;
	struct rt_map seen = {0};
	size_t len = 0;

	if (!rt_route_has_hostnames(route->obj.kind) || route->hostnames.len == 0)
		return;
	const char **v = rt_arena_calloc(&an->arena, route->hostnames.len, sizeof(*v));
	for (size_t i = 0; i < route->hostnames.len; i++) {
		const char *name = route->hostnames.v[i];
		if (route->hostnames.len == 1 ||
		    !rt_map_set(&seen, rt_str_lowered(&an->arena, name), r))
			v[len++] = name;
	}
	r->hostnames.v = v;
	r->hostnames.len = len;
	rt_map_done(&seen);
}

static void route_init(struct rt_analysis *an, struct rt_route_fact *r)
{
	hostnames_init(an, r);
	RT_VEC_RESERVE(&r->parents, &an->arena, r->route->parent_refs.len);
	for (size_t i = 0; i < r->route->parent_refs.len; i++)
		parent_add(an, r, &r->route->parent_refs.v[i], i);
	default_parents_add(an, r);
	rt_rules_judge(an, r);
	for (size_t i = 0; i < r->parents.len; i++)
		parent_judge(an, &r->parents.v[i]);
	for (size_t i = 0; i < r->parents.len; i++)
		parent_attach(an, &r->parents.v[i]);
	statuses_join(r);
}

bool rt_routes_attach(struct rt_analysis *an, size_t *at)
{
	rt_slice_begin(an, *at, RT_KIND_HTTP_ROUTE, RT_KIND_UDP_ROUTE);
	for (size_t end = rt_slice_end(an, *at); *at < end; ++*at) {
		struct rt_route_fact *r = rt_arena_new(&an->arena, struct rt_route_fact);
		r->route = (const struct rt_route *)an->priv->list[*at];
		rt_vec_push(&an->routes, &an->arena, r);
		route_init(an, r);
	}
	return *at == an->priv->list_len;
}

/* Routes of a kind that could not be read may be attached, too (§6.6). */
void rt_attached_open(struct rt_analysis *an)
{
	unsigned unread = 0;

	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++) {
		const struct rt_kind_info *info = rt_kind_info((enum rt_kind)k);
		if (!rt_analysis_known(an, info->group, info->kind, NULL))
			unread |= RT_ROUTE_BIT(k);
	}
	for (size_t i = 0; i < an->listeners.len; i++)
		if (an->listeners.v[i]->kinds & unread)
			an->listeners.v[i]->attached_open = true;
}
