/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planes.c - where controllers run and what carries the traffic (controllers §1). The generic steps
 * come first, owner and label; a row of the table adds what its controller does otherwise.
 */
#include "config.h"

#include <stdio.h>
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

static bool pod_listed(const rt_pods *pods, const struct rt_pod *p)
{
	for (size_t i = 0; i < pods->len; i++)
		if (pods->v[i] == p)
			return true;
	return false;
}

static void pods_matching(const struct rt_analysis *an, const char *ns, const char *selector,
    struct rt_arena *a, rt_pods *ret)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_POD, &objs);
	struct rt_selector sel;

	if (rt_selector_parse(a, selector, &sel, NULL) != RT_OK)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct rt_pod *p = (const struct rt_pod *)objs[i];
		if ((!ns || rt_streq(ns, objs[i]->ns)) &&
		    rt_selector_match(&sel, objs[i]->labels) && !pod_listed(ret, p))
			rt_vec_push(ret, a, p);
	}
}

/* Pods of any of the alternatives; false when one of them was not read. */
static bool pods_of_list(const struct rt_analysis *an, const char *ns, const char *list,
    struct rt_arena *a, rt_pods *ret)
{
	bool known = true;

	for (const char *one; (one = next_selector(a, &list));) {
		pods_matching(an, ns, one, a, ret);
		known = known && rt_pods_known(an, ns, one);
	}
	return known;
}

static size_t count_ready(const rt_pods *pods)
{
	size_t n = 0;

	for (size_t i = 0; i < pods->len; i++)
		n += rt_pod_ready(pods->v[i]) == RT_YES;
	return n;
}

/* ---------------------------------------------------------------- control planes */

void rt_control_plane_of(const struct rt_analysis *an, const struct rt_controller *c,
    struct rt_arena *a, struct rt_control_plane *ret)
{
	*ret = (struct rt_control_plane){.controller = c, .known = RT_NO};
	if (!c)
		return;
	ret->outside = !c->pods;
	if (ret->outside)
		return;
	ret->known = rt_tri_of(pods_of_list(an, NULL, c->pods, a, &ret->pods));
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
		rt_control_plane_of(an, &table[i], &an->arena, &plane);
		if (plane.pods.len && table[i].unclassed == RT_UNCLASSED_TAKEN)
			rt_vec_push(&t->v, &an->arena, &table[i]);
		else if (plane.pods.len || plane.known != RT_YES)
			t->open = true;
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

static bool owned_by(const struct rt_obj *o, const struct rt_obj *gw)
{
	for (size_t i = 0; i < o->owners.len; i++)
		if (gw->uid && rt_streq(o->owners.v[i].uid, gw->uid))
			return true;
	return false;
}

static bool label_is(const struct rt_obj *o, const char *key, const char *value)
{
	return key && rt_streq(rt_pairs_get(o->labels, key), value);
}

/* A vendor's own label, name or annotation for the Services of a Gateway. */
static bool vendor_service(
    const struct rt_controller *c, const struct rt_service *s, const struct rt_obj *gw)
{
	char name[320];

	if (label_is(&s->obj, c->owner_label, gw->name)) {
		if (c->owner_ns_label)
			return label_is(&s->obj, c->owner_ns_label, gw->ns);
		return rt_streq(s->obj.ns, gw->ns);
	}
	if (!c->service_name || !rt_streq(s->obj.ns, gw->ns))
		return false;
	const char *at = strstr(c->service_name, "%s");
	snprintf(name, sizeof(name), "%.*s%s", at ? (int)(at - c->service_name) : 0,
	    c->service_name, gw->name);
	return at && strcmp(name, s->obj.name) == 0;
}

static bool service_has_address(const struct rt_service *s, const char *address)
{
	if (rt_streq(s->cluster_ip, address))
		return true;
	for (size_t i = 0; i < s->external_ips.len; i++)
		if (rt_streq(s->external_ips.v[i], address))
			return true;
	for (size_t i = 0; i < s->load_balancer.len; i++)
		if (rt_streq(s->load_balancer.v[i].ip, address) ||
		    rt_streq(s->load_balancer.v[i].hostname, address))
			return true;
	return false;
}

/* Moves host behind word; false when it does not start with it. */
static bool skip_word(const char **host, const char *word)
{
	size_t len = word ? strlen(word) : 0;

	if (strncmp(*host, word ? word : "", len) != 0)
		return false;
	*host += len;
	return true;
}

/* name.ns.svc or name.ns.svc.DOMAIN */
static bool is_service_dns(const struct rt_service *s, const char *host)
{
	return skip_word(&host, s->obj.name) && skip_word(&host, ".") &&
	       skip_word(&host, s->obj.ns) && skip_word(&host, ".svc") &&
	       (*host == '\0' || *host == '.');
}

static bool gateway_has_address(const struct rt_gateway *gw, const struct rt_service *s)
{
	for (size_t i = 0; i < gw->status_addresses.len; i++) {
		const char *v = gw->status_addresses.v[i].value;
		if (v && v[0] && (service_has_address(s, v) || is_service_dns(s, v)))
			return true;
	}
	for (size_t i = 0; i < gw->addresses.len; i++) {
		const struct rt_address *ad = &gw->addresses.v[i];
		if (rt_streq(ad->type, "Hostname") && ad->value && is_service_dns(s, ad->value))
			return true;
	}
	return false;
}

/* konghq.com/publish-service=ns/name[,ns/name] on the Gateway. */
static bool published(
    const struct rt_controller *c, const struct rt_obj *gw, const struct rt_service *s)
{
	const char *list =
	    c->publish_annotation ? rt_pairs_get(gw->annotations, c->publish_annotation) : NULL;
	char name[640];
	int n = list ? snprintf(name, sizeof(name), "%s/%s", s->obj.ns, s->obj.name) : 0;

	while (list && *list && n > 0) {
		list += strspn(list, ", ");
		size_t len = strcspn(list, ", ");
		if (len == (size_t)n && memcmp(list, name, len) == 0)
			return true;
		list += len;
	}
	return false;
}

static enum rt_located gateway_service(const struct rt_gateway_fact *g, const struct rt_service *s)
{
	const struct rt_obj *gw = &g->gateway->obj;
	const struct rt_controller *c = g->class_fact ? g->class_fact->controller : NULL;

	if (owned_by(&s->obj, gw))
		return RT_LOCATED_OWNER;
	if (rt_streq(s->obj.ns, gw->ns) && label_is(&s->obj, LABEL_GATEWAY_NAME, gw->name))
		return RT_LOCATED_LABEL;
	if (c && (vendor_service(c, s, gw) || published(c, gw, s)))
		return RT_LOCATED_VENDOR;
	if (gateway_has_address(g->gateway, s))
		return RT_LOCATED_ADDRESS;
	return RT_LOCATED_NOT;
}

/* The strongest kind of evidence wins; Services of the weaker kinds are left out. */
static void locate_services(const struct rt_analysis *an, const struct rt_gateway_fact *g,
    struct rt_arena *a, struct rt_data_plane *d)
{
	enum rt_located best = RT_LOCATED_NOT;

	for (size_t i = 0; i < an->services.len; i++) {
		const struct rt_service *s = an->services.v[i]->service;
		enum rt_located how = gateway_service(g, s);

		if (how == RT_LOCATED_NOT || (best != RT_LOCATED_NOT && how > best))
			continue;
		if (how != best)
			d->services.len = 0;
		best = how;
		service_add(d, a, s, how);
	}
}

/* ---------------------------------------------------------------- data planes: Pods */

static void pods_add(struct rt_data_plane *d, struct rt_arena *a, const rt_pods *more)
{
	for (size_t i = 0; i < more->len; i++)
		if (!pod_listed(&d->pods, more->v[i]))
			rt_vec_push(&d->pods, a, more->v[i]);
}

static void pods_of_services(
    const struct rt_analysis *an, struct rt_arena *a, struct rt_data_plane *d)
{
	d->pods_known = d->services.len > 0;
	for (size_t i = 0; i < d->services.len; i++) {
		rt_pods pods;
		bool known = rt_service_pods(an, d->services.v[i], a, &pods) == RT_YES;
		d->pods_known = d->pods_known && known;
		pods_add(d, a, &pods);
	}
}

static void pods_of_label(const struct rt_analysis *an, const struct rt_obj *gw, struct rt_arena *a,
    struct rt_data_plane *d)
{
	struct rt_pair label = {LABEL_GATEWAY_NAME, gw->name};
	rt_pods pods;

	rt_pods_select(an, gw->ns, (struct rt_pairs){&label, 1}, a, &pods);
	if (pods.len && d->how == RT_LOCATED_NOT)
		d->how = RT_LOCATED_LABEL;
	pods_add(d, a, &pods);
}

/* A Service that selects one of the Pods. */
static void services_of_pods(
    const struct rt_analysis *an, struct rt_arena *a, struct rt_data_plane *d)
{
	for (size_t i = 0; i < an->services.len; i++) {
		const struct rt_service *s = an->services.v[i]->service;
		bool selects = false;
		for (size_t k = 0; s->selector.len && k < d->pods.len && !selects; k++) {
			const struct rt_obj *p = &d->pods.v[k]->obj;
			selects = rt_streq(p->ns, s->obj.ns);
			for (size_t m = 0; selects && m < s->selector.len; m++)
				selects = label_is(p, s->selector.v[m].key, s->selector.v[m].value);
		}
		if (selects)
			service_add(d, a, s, RT_LOCATED_VENDOR);
	}
}

/* Controllers whose own Pods serve every Gateway, and those with one fixed data plane. */
static void pods_of_row(const struct rt_analysis *an, const struct rt_controller *c,
    struct rt_arena *a, struct rt_data_plane *d)
{
	const char *list = c->shares_pods ? c->pods : c->data_pods;
	rt_pods pods = {0};

	if (!list)
		return;
	bool known = pods_of_list(an, NULL, list, a, &pods);
	d->pods_known = d->pods_known || known;
	if (pods.len && d->how == RT_LOCATED_NOT)
		d->how = RT_LOCATED_VENDOR;
	pods_add(d, a, &pods);
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
	locate_services(an, gw, a, ret);
	pods_of_services(an, a, ret);
	pods_of_label(an, &gw->gateway->obj, a, ret);
	if (c && !ret->pods.len && !has_own_pods(c)) {
		pods_of_row(an, c, a, ret);
		if (!ret->services.len && c->shares_pods)
			services_of_pods(an, a, ret);
	}
	finish(ret, an);
}

static bool ingress_has_address(const struct rt_ingress *ing, const struct rt_service *s)
{
	for (size_t i = 0; i < ing->load_balancer.len; i++) {
		const struct rt_lb_ingress *lb = &ing->load_balancer.v[i];
		if ((lb->ip && service_has_address(s, lb->ip)) ||
		    (lb->hostname && service_has_address(s, lb->hostname)))
			return true;
	}
	return false;
}

void rt_data_plane_of_ingress(const struct rt_analysis *an, const struct rt_ingress_fact *ing,
    struct rt_arena *a, struct rt_data_plane *ret)
{
	const struct rt_controller *c = ing->controller;

	*ret = (struct rt_data_plane){.outside = c && c->outside};
	for (size_t i = 0; i < an->services.len; i++)
		if (ingress_has_address(ing->ingress, an->services.v[i]->service))
			service_add(ret, a, an->services.v[i]->service, RT_LOCATED_ADDRESS);
	pods_of_services(an, a, ret);
	if (c && !ret->pods.len) {
		pods_of_row(an, c, a, ret);
		if (!ret->services.len)
			services_of_pods(an, a, ret);
	}
	finish(ret, an);
}
