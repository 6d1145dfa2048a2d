/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateways.c - GatewayClasses, Gateways and ListenerSets: how they hang together and what their own
 * conditions should be (gateway-api §7).
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/controllers.h"

/* ---------------------------------------------------------------- GatewayClass (§7.3) */

/* Is a kind namespaced, as far as the kinds table or a CRD tells? */
static enum rt_tri kind_namespaced(
    const struct rt_analysis *an, const char *group, const char *kind)
{
	enum rt_kind k = rt_kind_of(group, kind);
	const struct rt_obj *const *crds;

	if (k != RT_KIND_OTHER)
		return rt_tri_of(rt_kind_info(k)->namespaced);
	size_t n = rt_store_list(an->store, RT_KIND_CRD, &crds);
	for (size_t i = 0; i < n; i++) {
		const struct rt_crd *crd = (const struct rt_crd *)crds[i];
		if (rt_streq(crd->crd_group, group) && rt_streq(crd->crd_kind, kind) && crd->scope)
			return rt_tri_of(strcmp(crd->scope, "Namespaced") == 0);
	}
	return RT_UNKNOWN;
}

static struct rt_ref_fact *class_parameters(
    struct rt_analysis *an, const struct rt_gateway_class *gc)
{
	if (!gc->parameters_ref)
		return NULL;
	struct rt_ref_fact *r = rt_arena_new(&an->arena, struct rt_ref_fact);
	struct rt_ref ref = rt_ref_resolve(gc->parameters_ref, NULL);
	rt_ref_plain(an, ref, r);
	enum rt_tri namespaced = kind_namespaced(an, ref.group, ref.kind);
	if ((namespaced == RT_YES && !ref.ns) || (namespaced == RT_NO && ref.ns)) {
		r->ok = RT_NO;
		r->fault = RT_REF_SCOPE;
	}
	return r;
}

void rt_classes_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_GATEWAY_CLASS, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_class_fact *c = rt_arena_new(&an->arena, struct rt_class_fact);
		c->gc = (const struct rt_gateway_class *)objs[i];
		c->controller = rt_controller_of_gateway(c->gc->controller_name);
		rt_features_init(&c->features, c->gc, an->opts.features);
		c->parameters = class_parameters(an, c->gc);
		c->accepted = c->parameters ? c->parameters->ok : RT_YES;
		rt_vec_push(&an->classes, &an->arena, c);
	}
}

/* ---------------------------------------------------------------- frontend validation (§6.4) */

static enum rt_reason ca_reason(enum rt_ref_fault fault)
{
	switch (fault) {
	case RT_REF_KIND:
		return RT_REASON_INVALID_CA_CERTIFICATE_KIND;
	case RT_REF_GRANT:
		return RT_REASON_REF_NOT_PERMITTED;
	case RT_REF_OK:
	case RT_REF_ABSENT:
	case RT_REF_CONTENT:
	case RT_REF_SCOPE:
		break;
	}
	return RT_REASON_INVALID_CA_CERTIFICATE_REF;
}

static void frontend_judge(struct rt_frontend_fact *f)
{
	f->resolved = RT_YES;
	f->any_valid = f->cas.len ? RT_NO : RT_YES;
	for (size_t i = 0; i < f->cas.len; i++) {
		const struct rt_ref_fact *r = &f->cas.v[i];
		f->any_valid = rt_tri_or(f->any_valid, r->ok);
		if (r->ok != RT_YES && f->resolved != RT_NO) {
			f->resolved = r->ok;
			f->reason = ca_reason(r->fault);
		}
	}
}

static struct rt_frontend_fact *frontend_add(struct rt_analysis *an, struct rt_gateway_fact *gw,
    int64_t port, const struct rt_frontend_validation *validation)
{
	struct rt_frontend_fact *f = rt_arena_new(&an->arena, struct rt_frontend_fact);
	const struct rt_obj *o = &gw->gateway->obj;
	struct rt_referrer from = {o->group, o->kind_name, o->ns, &gw->features};

	f->port = port;
	f->validation = validation;
	for (size_t i = 0; f->validation && i < f->validation->ca_certificate_refs.len; i++) {
		struct rt_ref_fact r;
		rt_ref_ca(an, &from, &f->validation->ca_certificate_refs.v[i], o->ns, &r);
		r.index = i;
		rt_vec_push(&f->cas, &an->arena, r);
	}
	frontend_judge(f);
	if (f->validation && rt_streq(f->validation->mode, "AllowInsecureFallback"))
		gw->insecure_frontend = true;
	rt_vec_push(&gw->frontends, &an->arena, f);
	return f;
}

static void frontends_init(struct rt_analysis *an, struct rt_gateway_fact *gw)
{
	const struct rt_gateway *spec = gw->gateway;
	const struct rt_gateway_frontend *f = spec->tls ? spec->tls->frontend : NULL;

	if (f && f->fallback)
		frontend_add(an, gw, RT_INT_UNSET, f->fallback->validation);
	for (size_t i = 0; f && i < f->per_port.len; i++) {
		const struct rt_frontend_port *p = &f->per_port.v[i];
		frontend_add(an, gw, p->port, p->tls ? p->tls->validation : NULL);
	}
	for (size_t i = 0; i < spec->listeners.len; i++) {
		const struct rt_listener *l = &spec->listeners.v[i];
		if (l->tls && l->tls->frontend_validation)
			frontend_add(an, gw, l->port, l->tls->frontend_validation)->listener = l;
	}
}

/* ---------------------------------------------------------------- Gateway: facts */

static bool address_type_known(const char *type)
{
	static const char *const types[] = {"IPAddress", "Hostname", "NamedAddress"};

	for (size_t i = 0; type && i < RT_ARRAY_LEN(types); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return !type;
}

/* Asked for by value: whether it can be bound is the implementation's to know. */
static bool address_is_static(const struct rt_address *a)
{
	return a->value && a->value[0];
}

/* The first address of a type that the API does not define: UnsupportedAddress (§7.1). Whether a
 * class without GatewayStaticAddresses refuses the others, too, is not said. */
static int unsupported_address(const struct rt_gateway *gw)
{
	for (size_t i = 0; i < gw->addresses.len; i++)
		if (!address_type_known(gw->addresses.v[i].type))
			return (int)i;
	return -1;
}

static void gateway_class_join(struct rt_analysis *an, struct rt_gateway_fact *g)
{
	const char *name = g->gateway->gateway_class_name;
	struct rt_ref ref = {RT_GROUP_GATEWAY, "GatewayClass", NULL, name ? name : ""};

	g->class_fact = rt_class_fact_of(an, name);
	if (g->class_fact) {
		g->class_present = RT_YES;
		g->features = g->class_fact->features;
		rt_vec_push(&g->class_fact->gateways, &an->arena, g);
		return;
	}
	g->class_present = rt_analysis_find(an, ref, NULL);
	rt_features_init(&g->features, NULL, an->opts.features);
}

static void gateway_refs_init(struct rt_analysis *an, struct rt_gateway_fact *g)
{
	const struct rt_gateway *gw = g->gateway;
	const struct rt_obj *o = &gw->obj;
	struct rt_referrer from = {o->group, o->kind_name, o->ns, &g->features};

	if (gw->infrastructure && gw->infrastructure->parameters_ref) {
		struct rt_ref ref = rt_ref_resolve(gw->infrastructure->parameters_ref, o->ns);
		ref.ns = o->ns;
		g->parameters = rt_arena_new(&an->arena, struct rt_ref_fact);
		rt_ref_plain(an, ref, g->parameters);
	}
	const struct rt_gateway_backend_tls *backend =
	    gw->tls && gw->tls->backend ? gw->tls->backend : gw->backend_tls;
	if (backend && backend->client_certificate_ref) {
		g->client_certificate = rt_arena_new(&an->arena, struct rt_ref_fact);
		rt_ref_secret(an, &from, backend->client_certificate_ref, g->client_certificate);
	}
	frontends_init(an, g);
}

void rt_gateways_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_GATEWAY, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_gateway_fact *g = rt_arena_new(&an->arena, struct rt_gateway_fact);
		g->gateway = (const struct rt_gateway *)objs[i];
		gateway_class_join(an, g);
		gateway_refs_init(an, g);
		g->unsupported_address = unsupported_address(g->gateway);
		rt_vec_push(&an->gateways, &an->arena, g);
		rt_listeners_init(an, g, NULL, objs[i]);
		if (rt_streq(g->gateway->default_scope, "All"))
			rt_vec_push(&an->priv->default_gateways, &an->arena, g);
	}
}

/* ---------------------------------------------------------------- ListenerSet: facts (§7.2) */

static void set_parent_join(struct rt_analysis *an, struct rt_listener_set_fact *s)
{
	static const struct rt_object_ref none = {0};
	const struct rt_object_ref *p = s->set->parent_ref ? s->set->parent_ref : &none;

	s->parent_ref = rt_ref_resolve(p, s->set->obj.ns);
	s->parent_kind_ok = strcmp(s->parent_ref.group, RT_GROUP_GATEWAY) == 0 &&
			    strcmp(s->parent_ref.kind, "Gateway") == 0;
	if (!s->parent_kind_ok)
		return;
	s->parent_present = rt_analysis_find(an, s->parent_ref, NULL);
	s->gateway = rt_gateway_fact_of(an, s->parent_ref.ns, s->parent_ref.name);
	if (!s->gateway)
		return;
	const struct rt_gateway *gw = s->gateway->gateway;
	const struct rt_allowed_listeners *allowed = gw->allowed_listeners;
	s->allowed = rt_namespaces_admit(
	    an, allowed ? allowed->namespaces : NULL, "None", gw->obj.ns, s->set->obj.ns);
	s->unsupported = !rt_features_on(&s->gateway->features, RT_FEATURE_ListenerSet);
	rt_vec_push(&s->gateway->sets, &an->arena, s);
}

enum rt_tri rt_listener_set_admitted(const struct rt_listener_set_fact *s)
{
	return s->unsupported ? RT_NO : s->allowed;
}

static int set_age_cmp(const void *a, const void *b)
{
	const struct rt_listener_set_fact *const *x = a, *const *y = b;

	return rt_obj_age_cmp(&(*x)->set->obj, &(*y)->set->obj);
}

/* The merged set in the order of precedence: the Gateway's own in document order, then those of
 * allowed sets, oldest set first (§6.1). */
static void merge_listeners(struct rt_analysis *an, struct rt_gateway_fact *g)
{
	rt_vec_sort(&g->sets, set_age_cmp);
	for (size_t i = 0; i < g->listeners.len; i++)
		rt_vec_push(&g->merged, &an->arena, g->listeners.v[i]);
	for (size_t i = 0; i < g->sets.len; i++) {
		struct rt_listener_set_fact *s = g->sets.v[i];
		enum rt_tri admitted = rt_listener_set_admitted(s);
		if (admitted == RT_UNKNOWN)
			g->merge_open = true;
		for (size_t k = 0; admitted == RT_YES && k < s->listeners.len; k++)
			rt_vec_push(&g->merged, &an->arena, s->listeners.v[k]);
	}
	if (g->gateway->allowed_listeners &&
	    !rt_analysis_known(an, RT_GROUP_GATEWAY, "ListenerSet", NULL))
		g->merge_open = true;
}

void rt_listener_sets_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_LISTENER_SET, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_listener_set_fact *s =
		    rt_arena_new(&an->arena, struct rt_listener_set_fact);
		s->set = (const struct rt_listener_set *)objs[i];
		set_parent_join(an, s);
		rt_vec_push(&an->listener_sets, &an->arena, s);
		rt_listeners_init(an, s->gateway, s, objs[i]);
	}
	for (size_t i = 0; i < an->gateways.len; i++)
		merge_listeners(an, an->gateways.v[i]);
}

/* ---------------------------------------------------------------- Gateway: conditions (§7.1) */

struct listener_count {
	size_t all, accepted, refused, accepted_unknown;
	size_t programmed, unprogrammed, programmed_open;
};

static struct listener_count count_listeners(struct rt_listener_fact *const *v, size_t len)
{
	struct listener_count n = {.all = len};

	for (size_t i = 0; i < len; i++) {
		n.accepted += v[i]->accepted == RT_YES;
		n.refused += v[i]->accepted == RT_NO;
		n.accepted_unknown += v[i]->accepted == RT_UNKNOWN;
		n.programmed += v[i]->programmed == RT_YES && !v[i]->programmed_open;
		n.unprogrammed += v[i]->programmed == RT_NO;
		n.programmed_open += v[i]->programmed_open;
	}
	return n;
}

/* ListenersNotValid with True: some are bad; with False: none is good. */
static enum rt_tri accepted_by_listeners(const struct listener_count *n, enum rt_reason *reason)
{
	*reason = n->refused ? RT_REASON_LISTENERS_NOT_VALID : RT_REASON_ACCEPTED;
	if (n->all && n->refused == n->all)
		return RT_NO;
	return n->accepted_unknown ? RT_UNKNOWN : RT_YES;
}

static void gateway_accepted(struct rt_gateway_fact *g, const struct listener_count *n)
{
	if (g->parameters && g->parameters->ok != RT_YES) {
		g->accepted = g->parameters->ok;
		g->accepted_reason = RT_REASON_INVALID_PARAMETERS;
	} else if (g->unsupported_address >= 0) {
		g->accepted = RT_NO;
		g->accepted_reason = RT_REASON_UNSUPPORTED_ADDRESS;
	} else {
		g->accepted = accepted_by_listeners(n, &g->accepted_reason);
	}
}

static size_t count_static_addresses(const struct rt_gateway *gw)
{
	size_t n = 0;

	for (size_t i = 0; i < gw->addresses.len; i++)
		n += address_is_static(&gw->addresses.v[i]);
	return n;
}

/* An address of which only the type is given has to be assigned: not everyone can. */
static bool address_unassignable(const struct rt_gateway_fact *g)
{
	return count_static_addresses(g->gateway) < g->gateway->addresses.len &&
	       !rt_features_on(&g->features, RT_FEATURE_GatewayAddressEmpty);
}

static void gateway_programmed(struct rt_gateway_fact *g, const struct listener_count *n)
{
	g->programmed_reason = RT_REASON_NONE;
	if (g->accepted != RT_YES) {
		g->programmed = g->accepted;
	} else if (address_unassignable(g)) {
		g->programmed = RT_NO;
		g->programmed_reason = RT_REASON_ADDRESS_NOT_ASSIGNED;
	} else if (count_static_addresses(g->gateway)) {
		g->programmed = RT_YES;
		g->programmed_open = true;
	} else if (n->programmed || !n->all) {
		/* One listener in service suffices (§12.5). */
		g->programmed = RT_YES;
		g->programmed_reason = RT_REASON_PROGRAMMED;
	} else {
		g->programmed = n->unprogrammed == n->all ? RT_NO : RT_UNKNOWN;
		g->programmed_open = n->programmed_open > 0;
	}
}

static void gateway_resolved(struct rt_gateway_fact *g)
{
	const struct rt_ref_fact *c = g->client_certificate;

	g->resolved = RT_YES;
	g->resolved_reason = RT_REASON_RESOLVED_REFS;
	if (c && c->ok != RT_YES) {
		g->resolved = c->ok;
		g->resolved_reason = rt_ref_not_permitted(c)
					 ? RT_REASON_REF_NOT_PERMITTED
					 : RT_REASON_INVALID_CLIENT_CERTIFICATE_REF;
		return;
	}
	for (size_t i = 0; i < g->listeners.len; i++) {
		const struct rt_listener_fact *l = g->listeners.v[i];
		if (l->resolved == RT_YES || g->resolved == RT_NO)
			continue;
		g->resolved = l->resolved;
		g->resolved_reason = RT_REASON_LISTENERS_NOT_RESOLVED;
	}
}

void rt_gateways_judge(struct rt_analysis *an)
{
	for (size_t i = 0; i < an->gateways.len; i++) {
		struct rt_gateway_fact *g = an->gateways.v[i];
		struct listener_count n = count_listeners(g->listeners.v, g->listeners.len);
		gateway_accepted(g, &n);
		gateway_programmed(g, &n);
		gateway_resolved(g);
	}
}

enum rt_tri rt_gateway_managed(const struct rt_gateway_fact *g)
{
	if (!g->class_fact)
		return g->class_present;
	return g->class_fact->accepted;
}

/* ---------------------------------------------------------------- ListenerSet: conditions (§7.2)
 */

static void set_both(struct rt_listener_set_fact *s, enum rt_tri tri, enum rt_reason reason)
{
	s->accepted = s->programmed = tri;
	s->accepted_reason = s->programmed_reason = reason;
}

/* An entry is valid when it is accepted and its references lead somewhere; kinds that remain keep
 * working, so partly invalid kinds do not count. */
static enum rt_tri entry_valid(const struct rt_listener_fact *l)
{
	bool kinds_only =
	    l->resolved == RT_NO && l->resolved_reason == RT_REASON_INVALID_ROUTE_KINDS;

	return rt_tri_and(l->accepted, kinds_only ? RT_YES : l->resolved);
}

static void set_by_listeners(struct rt_listener_set_fact *s)
{
	enum rt_tri any = RT_NO, all = RT_YES;

	for (size_t i = 0; i < s->listeners.len; i++) {
		enum rt_tri valid = entry_valid(s->listeners.v[i]);
		any = rt_tri_or(any, valid);
		all = rt_tri_and(all, valid);
	}
	set_both(s, any, RT_REASON_LISTENERS_NOT_VALID);
	if (any != RT_YES)
		return;
	s->programmed_reason = RT_REASON_PROGRAMMED;
	if (all == RT_YES)
		s->accepted_reason = RT_REASON_ACCEPTED;
}

void rt_listener_sets_judge(struct rt_analysis *an)
{
	for (size_t i = 0; i < an->listener_sets.len; i++) {
		struct rt_listener_set_fact *s = an->listener_sets.v[i];
		if (!s->gateway) {
			set_both(s, s->parent_present, RT_REASON_NONE);
		} else if (s->allowed != RT_YES) {
			set_both(s, s->allowed, RT_REASON_NOT_ALLOWED);
		} else if (s->gateway->accepted != RT_YES) {
			set_both(s, s->gateway->accepted, RT_REASON_PARENT_NOT_ACCEPTED);
			s->programmed_reason = RT_REASON_NONE;
		} else {
			set_by_listeners(s);
		}
	}
}
