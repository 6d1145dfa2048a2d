/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wants.c - what the analysis would still ask of a cluster: named objects that references lead to,
 * and Pods that explain why nothing is ready, who controls and who carries the traffic.
 */
#include "config.h"

#include "rutter/wants.h"

#include <string.h>

#include "private.h"
#include "rutter/mem.h"

struct rt_wanting {
	const struct rt_store *store;
	const struct rt_analysis *an;
	struct rt_arena *a;   /* of the caller: holds the wants */
	struct rt_map asked;  /* keys */
	struct rt_arena temp; /* of this run */
	rt_wants *out;
	size_t part; /* that is next */
};

static void want(struct rt_wanting *c, const struct rt_want *w)
{
	const char *key = rt_want_key(&c->temp, w);

	if (rt_store_answer(c->store, key, NULL) != RT_SCOPE_UNASKED || rt_map_get(&c->asked, key))
		return;
	rt_map_set(&c->asked, key, c);
	struct rt_want copy = {.type = w->type};
	copy.ref.group = rt_arena_strdup(c->a, w->ref.group);
	copy.ref.kind = rt_arena_strdup(c->a, w->ref.kind);
	copy.ref.ns = rt_arena_strdup(c->a, w->ref.ns);
	copy.ref.name = rt_arena_strdup(c->a, w->ref.name);
	copy.ns = rt_arena_strdup(c->a, w->ns);
	copy.selector = rt_arena_strdup(c->a, w->selector);
	rt_vec_push(c->out, c->a, copy);
}

/* ---------------------------------------------------------------- objects by name */

static void want_object(struct rt_wanting *c, const struct rt_ref *ref)
{
	if (!ref->name || !ref->name[0] || !ref->kind || !ref->kind[0])
		return;
	if (rt_store_find(c->store, *ref, NULL) != RT_UNKNOWN)
		return;
	want(c, &(struct rt_want){.type = RT_WANT_OBJECT, .ref = *ref});
}

/* A reference that fails before its object matters is not asked for: what may not be used must not
 * be looked at either. */
static void want_ref(struct rt_wanting *c, const struct rt_ref_fact *r)
{
	if (r && r->fault != RT_REF_KIND && r->permission.granted != RT_NO)
		want_object(c, &r->ref);
}

static void want_refs(struct rt_wanting *c, const struct rt_ref_fact *v, size_t len)
{
	for (size_t i = 0; i < len; i++)
		want_ref(c, &v[i]);
}

static void want_gateway_refs(struct rt_wanting *c)
{
	const struct rt_analysis *an = c->an;

	for (size_t i = 0; i < an->classes.len; i++)
		want_ref(c, an->classes.v[i]->parameters);
	for (size_t i = 0; i < an->gateways.len; i++) {
		const struct rt_gateway_fact *g = an->gateways.v[i];
		want_ref(c, g->parameters);
		want_ref(c, g->client_certificate);
		for (size_t k = 0; k < g->frontends.len; k++)
			want_refs(c, g->frontends.v[k]->cas.v, g->frontends.v[k]->cas.len);
	}
	for (size_t i = 0; i < an->listeners.len; i++)
		want_refs(
		    c, an->listeners.v[i]->certificates.v, an->listeners.v[i]->certificates.len);
	for (size_t i = 0; i < an->policies.len; i++) {
		const struct rt_policy_fact *p = an->policies.v[i];
		want_refs(c, p->cas.v, p->cas.len);
		for (size_t k = 0; k < p->targets.len; k++) {
			const struct rt_policy_target *t = p->targets.v[k].spec;
			want_object(
			    c, &(struct rt_ref){t->group, t->kind, p->policy->obj.ns, t->name});
		}
	}
}

static void want_route_refs(struct rt_wanting *c)
{
	for (size_t i = 0; i < c->an->routes.len; i++) {
		const struct rt_route_fact *r = c->an->routes.v[i];
		for (size_t k = 0; k < r->backends.len; k++) {
			const struct rt_backend_fact *b = &r->backends.v[k];
			if (b->fault != RT_BACKEND_KIND || b->ok == RT_UNKNOWN)
				if (b->permission.granted != RT_NO)
					want_object(c, &b->ref_to);
		}
		for (size_t k = 0; k < r->extensions.len; k++)
			want_object(c, &r->extensions.v[k].ref_to);
		for (size_t k = 0; k < r->parents.len; k++)
			if (r->parents.v[k].kind >= RT_PARENT_SERVICE_IMPORT)
				want_object(c, &r->parents.v[k].ref);
	}
}

static void want_ingress_refs(struct rt_wanting *c)
{
	const struct rt_analysis *an = c->an;

	for (size_t i = 0; i < an->ingress_classes.len; i++)
		want_ref(c, an->ingress_classes.v[i]->parameters);
	for (size_t i = 0; i < an->ingresses.len; i++) {
		const struct rt_ingress_fact *f = an->ingresses.v[i];
		if (!f->certificates_elsewhere)
			want_refs(c, f->secrets.v, f->secrets.len);
		for (size_t k = 0; k < f->backends.len; k++)
			want_object(c, &f->backends.v[k].ref_to);
	}
}

/* ---------------------------------------------------------------- Pods */

static void want_pods(struct rt_wanting *c, const char *ns, const char *selector)
{
	if (!rt_pods_known(c->an, ns, selector))
		want(c, &(struct rt_want){.type = RT_WANT_PODS, .ns = ns, .selector = selector});
}

static void want_service_pods(struct rt_wanting *c, const struct rt_service *s)
{
	if (s->selector.len)
		want_pods(c, s->obj.ns, rt_labels_text(&c->temp, s->selector));
}

/* Is some port of the Service without a ready endpoint? */
static bool lacks_endpoints(struct rt_wanting *c, const struct rt_service_fact *s)
{
	for (size_t i = 0; i < s->service->ports.len; i++) {
		const struct rt_endpoint_count *e =
		    rt_endpoints_count(c->an, s, &s->service->ports.v[i]);
		if (e->known == RT_YES && e->ready == 0)
			return true;
	}
	return false;
}

/* Namespaces whose NetworkPolicies may stand between a data plane and its backends. */
static void restricted_namespaces(struct rt_wanting *c, struct rt_map *ret)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(c->store, RT_KIND_NETWORK_POLICY, &objs);

	for (size_t i = 0; i < n; i++)
		if (objs[i]->ns &&
		    rt_netpol_restricts_ingress((const struct rt_network_policy *)objs[i]))
			rt_map_set(ret, objs[i]->ns, c);
}

static void want_backend_pods(struct rt_wanting *c)
{
	struct rt_map restricted = {0};

	restricted_namespaces(c, &restricted);
	for (size_t i = 0; i < c->an->services.len; i++) {
		const struct rt_service_fact *s = c->an->services.v[i];
		if (!s->routed || !s->service->selector.len)
			continue;
		if (rt_map_get(&restricted, s->service->obj.ns))
			want_pods(c, s->service->obj.ns, "");
		else if (lacks_endpoints(c, s))
			want_service_pods(c, s->service);
	}
	rt_map_done(&restricted);
}

/* The alternatives of a selector of the table of controllers, cluster-wide. */
static void want_selectors(struct rt_wanting *c, const char *list)
{
	while (list && *list) {
		const char *bar = strstr(list, " | ");
		size_t len = bar ? (size_t)(bar - list) : strlen(list);
		want_pods(c, NULL, rt_arena_strndup(&c->temp, list, len));
		list = bar ? bar + 3 : NULL;
	}
}

static void want_controller(struct rt_wanting *c, const struct rt_controller *row)
{
	if (!row)
		return;
	want_selectors(c, row->pods);
	want_selectors(c, row->data_pods);
}

/* A class that nobody has claimed wants its controller too: is there one? */
static bool is_of_interest(const struct rt_class_fact *cf)
{
	const struct rt_condition *cond = rt_condition_find(cf->gc->conditions, RT_COND_ACCEPTED);

	return cf->gateways.len || !cond || rt_streq(cond->status, "Unknown");
}

/* Controllers that may take an Ingress whose class is not there, by the name of the class alone. */
static void want_by_class_name(struct rt_wanting *c, const char *name)
{
	const struct rt_controller *table;
	size_t n = rt_controllers(&table);

	for (size_t i = 0; i < n; i++)
		if (table[i].matches_class_name &&
		    rt_controller_lists(table[i].annotation_values, name))
			want_selectors(c, table[i].pods);
}

/* Traefik can serve the classes of ingress-nginx. */
static void want_stand_in(struct rt_wanting *c, const struct rt_controller *row)
{
	if (row && row->retired)
		want_selectors(c, rt_controller_by_id("traefik")->pods);
}

static void want_controllers(struct rt_wanting *c)
{
	const struct rt_analysis *an = c->an;
	const struct rt_controller *table;
	size_t n = rt_controllers(&table);
	bool unclassed = false;

	for (size_t i = 0; i < an->classes.len; i++)
		if (is_of_interest(an->classes.v[i]))
			want_controller(c, an->classes.v[i]->controller);
	for (size_t i = 0; i < an->ingress_classes.len; i++)
		if (an->ingress_classes.v[i]->ingresses.len) {
			want_controller(c, an->ingress_classes.v[i]->controller);
			want_stand_in(c, an->ingress_classes.v[i]->controller);
		}
	for (size_t i = 0; i < an->ingresses.len; i++) {
		const struct rt_ingress_fact *f = an->ingresses.v[i];
		if (!f->class_fact)
			want_controller(c, f->controller);
		if (f->ingress->ingress_class_name && f->field_present == RT_NO)
			want_by_class_name(c, f->ingress->ingress_class_name);
		unclassed = unclassed || (!f->annotation && !f->ingress->ingress_class_name);
	}
	for (size_t i = 0; unclassed && i < n; i++)
		if (table[i].unclassed != RT_UNCLASSED_IGNORED)
			want_selectors(c, table[i].pods);
}

static void want_data_planes(struct rt_wanting *c)
{
	for (size_t i = 0; i < c->an->gateways.len; i++) {
		const struct rt_gateway_fact *g = c->an->gateways.v[i];
		const struct rt_obj *gw = &g->gateway->obj;
		struct rt_data_plane d;
		rt_data_plane_of_gateway(c->an, g, &c->temp, &d);
		for (size_t k = 0; k < d.services.len; k++)
			want_service_pods(c, d.services.v[k]);
		if (!d.services.len && !d.outside)
			want_pods(c, gw->ns,
			    rt_arena_printf(
				&c->temp, "gateway.networking.k8s.io/gateway-name=%s", gw->name));
	}
}

/* ---------------------------------------------------------------- all */

static int want_cmp(const void *a, const void *b)
{
	const struct rt_want *x = a, *y = b;
	int order = (int)x->type - (int)y->type;

	if (!order && x->type == RT_WANT_OBJECT)
		return rt_ref_cmp(&x->ref, &y->ref);
	if (!order)
		order = strcmp(x->ns ? x->ns : "", y->ns ? y->ns : "");
	return order ? order
		     : strcmp(x->selector ? x->selector : "", y->selector ? y->selector : "");
}

/* Each a step of its own: some walk over all routes. */
static void (*const parts[])(struct rt_wanting *c) = {want_gateway_refs, want_route_refs,
    want_ingress_refs, want_backend_pods, want_controllers, want_data_planes};

struct rt_wanting *rt_wants_begin(const struct rt_analysis *an, struct rt_arena *a, rt_wants *ret)
{
	struct rt_wanting *w = rt_xcalloc(1, sizeof(*w));

	*ret = (rt_wants){0};
	*w = (struct rt_wanting){.store = an->store, .an = an, .a = a, .out = ret};
	/* Only a live cluster can be asked. */
	if (rt_store_mode(an->store) != RT_STORE_CLUSTER)
		w->part = RT_ARRAY_LEN(parts);
	return w;
}

bool rt_wants_step(struct rt_wanting *w)
{
	if (w->part == RT_ARRAY_LEN(parts))
		return false;
	parts[w->part++](w);
	if (w->part < RT_ARRAY_LEN(parts))
		return true;
	rt_vec_sort(w->out, want_cmp);
	return false;
}

void rt_wants_free(struct rt_wanting *w)
{
	if (!w)
		return;
	rt_map_done(&w->asked);
	rt_arena_done(&w->temp);
	free(w);
}

void rt_wants_collect(const struct rt_store *s, struct rt_arena *a, rt_wants *ret)
{
	*ret = (rt_wants){0};
	if (rt_store_mode(s) != RT_STORE_CLUSTER)
		return;
	struct rt_analysis *an = rt_analyze(s, &(struct rt_analysis_opts){.now = RT_TIME_UNSET});
	struct rt_wanting *w = rt_wants_begin(an, a, ret);
	while (rt_wants_step(w))
		continue;
	rt_wants_free(w);
	rt_analysis_free(an);
}
