/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planes.c - where controllers run and what carries the traffic (controllers §1). The generic steps
 * come first, owner and label; a row of the table adds what its controller does otherwise.
 */
#include "config.h"

#include <string.h>

#include "private.h"

#define LABEL_GATEWAY_NAME "gateway.networking.k8s.io/gateway-name"

/* ---------------------------------------------------------------- table selectors */

/* The alternatives of a selector list, separated by " | ". */
static const char *next_selector(struct rt_arena *a, const char **list)
{
	if (!*list || !**list)
		return NULL;
	const char *bar = strstr(*list, " | ");
	const char *one =
	    bar ? rt_arena_strndup(a, *list, (size_t)(bar - *list)) : rt_arena_strdup(a, *list);
	*list = bar ? bar + 3 : NULL;
	return one;
}

/* Those that are not in it yet. A list that is the first is borrowed: Gateways may share thousands
 * of Pods. */
static void pods_add(rt_pods *all, struct rt_arena *a, const rt_pods *more)
{
	struct rt_map listed = {0};

	if (all->len == 0) {
		*all = (rt_pods){more->v, more->len, more->len};
		return;
	}
	for (size_t i = 0; i < all->len; i++)
		rt_map_set_n(&listed, (const char *)&all->v[i], sizeof(all->v[i]), all);
	for (size_t i = 0; i < more->len; i++)
		if (!rt_map_set_n(&listed, (const char *)&more->v[i], sizeof(more->v[i]), all))
			rt_vec_push(all, a, more->v[i]);
	rt_map_done(&listed);
}

static void pods_matching(
    const struct rt_analysis *an, const char *selector, struct rt_arena *a, rt_pods *ret)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_POD, &objs);
	struct rt_selector sel;

	if (rt_selector_parse(a, selector, &sel, NULL) != RT_OK)
		return;
	for (size_t i = 0; i < n; i++)
		if (rt_selector_match(&sel, objs[i]->labels))
			rt_vec_push(ret, a, (const struct rt_pod *)objs[i]);
}

/* Pods of any of the alternatives, wherever they are; looked for once. */
struct table_pods {
	rt_pods pods;
	bool known; /* each alternative was read */
};

static const struct table_pods *pods_of_list(const struct rt_analysis *an, const char *list)
{
	struct rt_analysis_private *p = an->priv;
	struct table_pods *t = rt_map_get(&p->pods_in_table, list);
	struct rt_arena scratch = {0};
	const char *rest = list;

	if (t)
		return t;
	t = rt_arena_new(&p->lazy, struct table_pods);
	t->known = true;
	for (const char *one; (one = next_selector(&scratch, &rest));) {
		rt_pods some = {0};
		pods_matching(an, one, &p->lazy, &some);
		pods_add(&t->pods, &p->lazy, &some);
		t->known = t->known && rt_pods_known(an, NULL, one);
	}
	rt_arena_done(&scratch);
	rt_map_set(&p->pods_in_table, list, t);
	return t;
}

static size_t count_ready(const rt_pods *pods)
{
	size_t n = 0;

	for (size_t i = 0; i < pods->len; i++)
		n += rt_pod_ready(pods->v[i]) == RT_YES;
	return n;
}

/* ---------------------------------------------------------------- control planes */

void rt_control_plane_of(
    const struct rt_analysis *an, const struct rt_controller *c, struct rt_control_plane *ret)
{
	*ret = (struct rt_control_plane){.controller = c, .known = RT_NO};
	if (!c)
		return;
	ret->outside = !c->pods;
	if (ret->outside)
		return;
	const struct table_pods *found = pods_of_list(an, c->pods);
	ret->pods = found->pods;
	ret->known = rt_tri_of(found->known);
	if (ret->pods.len)
		ret->known = RT_YES;
	ret->ready = count_ready(&ret->pods);
}

const struct rt_unclassed_takers *rt_unclassed_takers_get(struct rt_analysis *an)
{
	const struct rt_controller *table;
	size_t n = rt_controllers(&table);

	if (an->priv->takers)
		return an->priv->takers;
	struct rt_unclassed_takers *t = rt_arena_new(&an->arena, struct rt_unclassed_takers);
	for (size_t i = 0; i < n; i++) {
		struct rt_control_plane plane;
		if (table[i].unclassed == RT_UNCLASSED_IGNORED || !table[i].pods)
			continue;
		rt_control_plane_of(an, &table[i], &plane);
		if (plane.pods.len && table[i].unclassed == RT_UNCLASSED_TAKEN)
			rt_vec_push(&t->v, &an->arena, &table[i]);
		else if (plane.pods.len)
			t->by_flag = true;
		else if (plane.known != RT_YES)
			t->unread = true;
	}
	an->priv->takers = t;
	return t;
}

/* ---------------------------------------------------------------- data planes: Services */

static void service_add(
    struct rt_data_plane *d, struct rt_arena *a, const struct rt_service *s, enum rt_located how)
{
	for (size_t i = 0; i < d->services.len; i++)
		if (d->services.v[i] == s)
			return;
	d->how = how;
	rt_vec_push(&d->services, a, s);
}

static bool label_is(const struct rt_obj *o, const char *key, const char *value)
{
	return key && rt_streq(rt_pairs_get(o->labels, key), value);
}

struct locating {
	const struct rt_analysis *an;
	const struct rt_gateway *gateway;
	const struct rt_controller *controller; /* NULL: not known */
	struct rt_arena *a;
	struct rt_data_plane *plane;
};

static void named_add(struct locating *l, const char *ns, const char *name, enum rt_located how)
{
	const struct rt_service_fact *s = rt_service_fact_of(l->an, ns, name);

	if (s)
		service_add(l->plane, l->a, s->service, how);
}

/* ownerReferences that hold the Gateway's uid. */
static void by_owner(struct locating *l)
{
	const struct rt_service_list *all =
	    rt_services_by(l->an, RT_BY_OWNER, l->gateway->obj.uid, NULL);

	for (size_t i = 0; i < all->v.len; i++)
		service_add(l->plane, l->a, all->v.v[i], RT_LOCATED_OWNER);
}

/* The label of GEP-1762, in the Gateway's namespace. */
static void by_label(struct locating *l)
{
	const struct rt_obj *gw = &l->gateway->obj;
	const struct rt_service_list *all =
	    rt_services_by(l->an, RT_BY_LABEL, LABEL_GATEWAY_NAME, gw->name);

	for (size_t i = 0; i < all->v.len; i++)
		if (rt_streq(all->v.v[i]->obj.ns, gw->ns))
			service_add(l->plane, l->a, all->v.v[i], RT_LOCATED_LABEL);
}

/* konghq.com/publish-service=ns/name[,ns/name] on the Gateway. */
static void by_annotation(struct locating *l, const char *list)
{
	while (list && *list) {
		list += strspn(list, ", ");
		size_t len = strcspn(list, ", ");
		const char *one = rt_arena_strndup(l->a, list, len), *slash = strchr(one, '/');
		if (slash)
			named_add(l, rt_arena_strndup(l->a, one, (size_t)(slash - one)), slash + 1,
			    RT_LOCATED_VENDOR);
		list += len;
	}
}

/* A vendor's own label, name or annotation. */
static void by_vendor(struct locating *l)
{
	const struct rt_controller *c = l->controller;
	const struct rt_obj *gw = &l->gateway->obj;

	if (!c)
		return;
	const struct rt_service_list *all =
	    c->owner_label ? rt_services_by(l->an, RT_BY_LABEL, c->owner_label, gw->name) : NULL;
	for (size_t i = 0; all && i < all->v.len; i++) {
		const struct rt_obj *o = &all->v.v[i]->obj;
		bool ours = c->owner_ns_label ? label_is(o, c->owner_ns_label, gw->ns)
					      : rt_streq(o->ns, gw->ns);
		if (ours)
			service_add(l->plane, l->a, all->v.v[i], RT_LOCATED_VENDOR);
	}
	const char *at = c->service_name ? strstr(c->service_name, "%s") : NULL;
	if (at)
		named_add(l, gw->ns,
		    rt_arena_printf(
			l->a, "%.*s%s", (int)(at - c->service_name), c->service_name, gw->name),
		    RT_LOCATED_VENDOR);
	if (c->publish_annotation)
		by_annotation(l, rt_pairs_get(gw->annotations, c->publish_annotation));
}

/* name.ns.svc or name.ns.svc.DOMAIN */
static void by_dns(struct locating *l, const char *host)
{
	const char *dot = strchr(host, '.');
	const char *end = dot ? strchr(dot + 1, '.') : NULL;

	if (!end || strncmp(end, ".svc", 4) != 0 || (end[4] && end[4] != '.'))
		return;
	named_add(l, rt_arena_strndup(l->a, dot + 1, (size_t)(end - dot - 1)),
	    rt_arena_strndup(l->a, host, (size_t)(dot - host)), RT_LOCATED_ADDRESS);
}

/* Services at an address. One that more of them share does not tell which carries the traffic. */
#define SHARING_MAX 64

static const struct rt_service_list *services_at(const struct rt_analysis *an, const char *address)
{
	static const struct rt_service_list none;
	const struct rt_service_list *all = rt_services_by(an, RT_BY_ADDRESS, address, NULL);

	return all->v.len <= SHARING_MAX ? all : &none;
}

static void by_address(struct locating *l)
{
	const struct rt_gateway *gw = l->gateway;

	for (size_t i = 0; i < gw->status_addresses.len; i++) {
		const char *v = gw->status_addresses.v[i].value;
		if (!v || !v[0])
			continue;
		const struct rt_service_list *all = services_at(l->an, v);
		for (size_t k = 0; k < all->v.len; k++)
			service_add(l->plane, l->a, all->v.v[k], RT_LOCATED_ADDRESS);
		by_dns(l, v);
	}
	for (size_t i = 0; i < gw->addresses.len; i++)
		if (rt_streq(gw->addresses.v[i].type, "Hostname") && gw->addresses.v[i].value)
			by_dns(l, gw->addresses.v[i].value);
}

static int service_cmp(const void *a, const void *b)
{
	const struct rt_service *const *x = a, *const *y = b;
	struct rt_ref rx = rt_obj_ref(&(*x)->obj), ry = rt_obj_ref(&(*y)->obj);

	return rt_ref_cmp(&rx, &ry);
}

/* The strongest kind of evidence wins; Services of the weaker kinds are left out. */
static void locate_services(struct locating *l)
{
	static void (*const steps[])(struct locating *) = {
	    by_owner, by_label, by_vendor, by_address};

	for (size_t i = 0; i < RT_ARRAY_LEN(steps) && !l->plane->services.len; i++)
		steps[i](l);
	rt_vec_sort(&l->plane->services, service_cmp);
}

/* ---------------------------------------------------------------- data planes: Pods */

static void pods_of_services(
    const struct rt_analysis *an, struct rt_arena *a, struct rt_data_plane *d)
{
	d->pods_known = d->services.len > 0;
	for (size_t i = 0; i < d->services.len; i++) {
		rt_pods pods;
		bool known = rt_service_pods(an, d->services.v[i], &pods) == RT_YES;
		d->pods_known = d->pods_known && known;
		pods_add(&d->pods, a, &pods);
	}
}

static void pods_of_label(const struct rt_analysis *an, const struct rt_obj *gw, struct rt_arena *a,
    struct rt_data_plane *d)
{
	struct rt_pair label = {LABEL_GATEWAY_NAME, gw->name};
	rt_pods pods;

	rt_pods_select(an, gw->ns, (struct rt_pairs){&label, 1}, &pods);
	if (pods.len && d->how == RT_LOCATED_NOT)
		d->how = RT_LOCATED_LABEL;
	pods_add(&d->pods, a, &pods);
}

static bool selects(const struct rt_service *s, const struct rt_obj *pod)
{
	if (!rt_streq(pod->ns, s->obj.ns))
		return false;
	for (size_t i = 0; i < s->selector.len; i++)
		if (!label_is(pod, s->selector.v[i].key, s->selector.v[i].value))
			return false;
	return true;
}

/* Services that select one of the Pods. */
static void services_of_pods(
    const struct rt_analysis *an, struct rt_arena *a, struct rt_data_plane *d)
{
	for (size_t i = 0; i < d->pods.len; i++) {
		const struct rt_obj *pod = &d->pods.v[i]->obj;
		for (size_t k = 0; k < pod->labels.len; k++) {
			const struct rt_service_list *all = rt_services_by(
			    an, RT_BY_SELECTOR, pod->labels.v[k].key, pod->labels.v[k].value);
			for (size_t m = 0; m < all->v.len; m++)
				if (selects(all->v.v[m], pod))
					service_add(d, a, all->v.v[m], RT_LOCATED_VENDOR);
		}
	}
	rt_vec_sort(&d->services, service_cmp);
}

/* Controllers whose own Pods serve every Gateway, and those with one fixed data plane. */
static void pods_of_row(const struct rt_analysis *an, const struct rt_controller *c,
    struct rt_arena *a, struct rt_data_plane *d)
{
	const char *list = c->shares_pods ? c->pods : c->data_pods;

	if (!list)
		return;
	const struct table_pods *found = pods_of_list(an, list);
	d->pods_known = d->pods_known || found->known;
	if (found->pods.len && d->how == RT_LOCATED_NOT)
		d->how = RT_LOCATED_VENDOR;
	pods_add(&d->pods, a, &found->pods);
}

static void finish(struct rt_data_plane *d, const struct rt_analysis *an)
{
	d->ready = count_ready(&d->pods);
	d->known = rt_tri_of(rt_store_known(an->store, "", "Service", NULL) || d->services.len);
}

/* Owners and labels give a Gateway its own Pods; a shared data plane is looked for only without. */
static bool has_own_pods(const struct rt_controller *c)
{
	return c->owner_label && !c->shares_pods && !c->shared_data_plane;
}

void rt_data_plane_of_gateway(const struct rt_analysis *an, const struct rt_gateway_fact *gw,
    struct rt_arena *a, struct rt_data_plane *ret)
{
	const struct rt_controller *c = gw->class_fact ? gw->class_fact->controller : NULL;

	*ret = (struct rt_data_plane){.outside = c && c->outside};
	struct locating l = {an, gw->gateway, c, a, ret};
	locate_services(&l);
	pods_of_services(an, a, ret);
	pods_of_label(an, &gw->gateway->obj, a, ret);
	if (c && !ret->pods.len && !has_own_pods(c)) {
		pods_of_row(an, c, a, ret);
		if (!ret->services.len && c->shares_pods)
			services_of_pods(an, a, ret);
	}
	finish(ret, an);
}

static void services_of_load_balancer(const struct rt_analysis *an, const struct rt_ingress *ing,
    struct rt_arena *a, struct rt_data_plane *d)
{
	for (size_t i = 0; i < ing->load_balancer.len; i++) {
		const struct rt_lb_ingress *lb = &ing->load_balancer.v[i];
		const char *addresses[] = {lb->ip, lb->hostname};
		for (size_t k = 0; k < RT_ARRAY_LEN(addresses); k++) {
			const struct rt_service_list *all = services_at(an, addresses[k]);
			for (size_t m = 0; m < all->v.len; m++)
				service_add(d, a, all->v.v[m], RT_LOCATED_ADDRESS);
		}
	}
	rt_vec_sort(&d->services, service_cmp);
}

void rt_data_plane_of_ingress(const struct rt_analysis *an, const struct rt_ingress_fact *ing,
    struct rt_arena *a, struct rt_data_plane *ret)
{
	const struct rt_controller *c = ing->controller;

	*ret = (struct rt_data_plane){.outside = c && c->outside};
	services_of_load_balancer(an, ing->ingress, a, ret);
	pods_of_services(an, a, ret);
	if (c && !ret->pods.len) {
		pods_of_row(an, c, a, ret);
		if (!ret->services.len)
			services_of_pods(an, a, ret);
	}
	finish(ret, an);
}
