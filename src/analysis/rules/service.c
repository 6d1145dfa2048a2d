/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service.c - rules about Services that routes or Ingresses lead to, and the Pods behind them.
 * In manifests the templates of workloads stand for Pods.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

#include "rutter/nearest.h"

typedef void (*service_fn)(struct rt_check *c, const struct rt_service_fact *sf);

static void each_routed(struct rt_check *c, service_fn fn)
{
	for (size_t end = rt_rule_slice(c, c->an->services.len, RT_SOME); c->at < end; c->at++)
		if (c->an->services.v[c->at]->routed)
			fn(c, c->an->services.v[c->at]);
}

/* A canary waits with weight 0 and no Pod, cert-manager's solver has one for seconds: nobody misses
 * them. */
static bool gets_traffic(const struct rt_service_fact *sf)
{
	for (size_t i = 0; i < sf->backends.len; i++)
		if (sf->backends.v[i]->place != RT_PLACE_BACKEND ||
		    rt_backend_share(sf->backends.v[i]) > 0)
			return true;
	for (size_t i = 0; i < sf->ingress_backends.len; i++)
		if (!sf->ingress_backends.v[i]->ingress->acme_solver)
			return true;
	return false;
}

static bool is_live(const struct rt_backend_fact *b)
{
	return b->route->attachments.len > 0;
}

static struct rt_finding *raise_service(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_service_fact *sf, const char *field)
{
	struct rt_finding *f = rt_raise(c, code, holds, &sf->service->obj, "%s", field);

	if (!f)
		return NULL;
	rt_tie(f, RT_TIE_SERVICE, rt_path_name(c, &sf->service->obj));
	for (size_t i = 0; i < sf->backends.len; i++) {
		const struct rt_obj *route = &sf->backends.v[i]->route->route->obj;

		rt_relate_obj(f, route);
		rt_tie(f, RT_TIE_ROUTE, rt_name(c, route));
	}
	for (size_t i = 0; i < sf->ingress_backends.len; i++)
		rt_relate_obj(f, &sf->ingress_backends.v[i]->ingress->ingress->obj);
	return f;
}

/* A rule may name a Service more than once, with other ports or weights: they stand together. */
static double share_of_rule(const struct rt_service_fact *sf, size_t first, size_t *ret_next)
{
	const struct rt_backend_fact *b = sf->backends.v[first];
	double share = 0;
	size_t i = first;

	for (; i < sf->backends.len && sf->backends.v[i]->route == b->route &&
	       sf->backends.v[i]->rule == b->rule;
	     i++)
		share += rt_backend_share(sf->backends.v[i]);
	*ret_next = i;
	return share;
}

/* What stops working, one line for each rule or path. */
static void consequences(struct rt_check *c, struct rt_finding *f, const struct rt_service_fact *sf)
{
	if (!f)
		return;
	f->note->tells_consequences = true;
	for (size_t i = 0, next; i < sf->backends.len; i = next) {
		const struct rt_backend_fact *b = sf->backends.v[i];
		double share = share_of_rule(sf, i, &next);

		if (share > 0)
			rt_because(f, "%s rule %d %s, %.3g %%", rt_name(c, &b->route->route->obj),
			    b->rule, rt_no_endpoint_words(b), share * 100);
	}
	for (size_t i = 0; i < sf->ingress_backends.len; i++)
		rt_because(f, "%s gets 503 at %s",
		    rt_name(c, &sf->ingress_backends.v[i]->ingress->ingress->obj),
		    rt_ingress_backend_field(&c->work, sf->ingress_backends.v[i]));
}

/* ---------------------------------------------------------------- SV01: the selector */

/* The first object at or after the namespace: lists are sorted by namespace, and looking through
 * all Pods for each Service would be a matter of their product. */
static size_t first_in(const struct rt_obj *const *v, size_t n, const char *ns)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;
		if (strcmp(v[mid]->ns ? v[mid]->ns : "", ns) < 0)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/* Pods, or workloads that stand for them. */
static bool namespace_has_pods(const struct rt_check *c, const char *ns)
{
	for (int k = RT_KIND_POD; k <= RT_KIND_JOB; k++) {
		const struct rt_obj *const *v;
		size_t n = rt_store_list(c->store, (enum rt_kind)k, &v);

		size_t first = first_in(v, n, ns);

		if (first < n && rt_streq(v[first]->ns, ns))
			return true;
	}
	return false;
}

/* Can it be told that no Pod has the labels? Pods that nobody asked for say nothing. */
static enum rt_tri pods_told(struct rt_check *c, const struct rt_service *s, bool known)
{
	if (rt_store_mode(c->store) == RT_STORE_FILES)
		return rt_tri_of(namespace_has_pods(c, s->obj.ns));
	if (known)
		return RT_YES;
	if (rt_pods_refused(c, s->obj.ns, rt_labels_text(&c->work, s->selector)))
		return RT_UNKNOWN;
	return RT_NO;
}

/* A label value that was probably meant, and how many Pods or templates have it. */
struct near_miss {
	const char *key, *value;
	size_t count, distance;
};

static void consider(struct near_miss *m, struct rt_pairs want, struct rt_pairs have)
{
	for (size_t i = 0; i < want.len; i++) {
		const char *value = rt_pairs_get(have, want.v[i].key);
		size_t d;

		if (!value || strcmp(value, want.v[i].value) == 0)
			continue;
		d = rt_edit_distance(value, want.v[i].value);
		if (m->value && strcmp(m->value, value) == 0) {
			m->count++;
		} else if (!m->value || d < m->distance) {
			*m = (struct near_miss){want.v[i].key, value, 1, d};
		}
	}
}

static struct near_miss nearest(const struct rt_check *c, const struct rt_service *s)
{
	struct near_miss m = {0};
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_POD, &v);

	for (size_t i = first_in(v, n, s->obj.ns); i < n && rt_streq(v[i]->ns, s->obj.ns); i++)
		consider(&m, s->selector, v[i]->labels);
	for (int k = RT_KIND_DEPLOYMENT; !m.value && k <= RT_KIND_JOB; k++) {
		n = rt_store_list(c->store, (enum rt_kind)k, &v);
		for (size_t i = first_in(v, n, s->obj.ns); i < n && rt_streq(v[i]->ns, s->obj.ns);
		     i++)
			consider(
			    &m, s->selector, ((const struct rt_workload *)v[i])->template_labels);
	}
	return m;
}

static const char *miss_text(struct rt_check *c, const struct rt_service *s)
{
	struct near_miss m = nearest(c, s);

	if (!m.value)
		return "";
	return rt_fmt(
	    c, " (%zu pod%s %s=%s)", m.count, m.count == 1 ? " has" : "s have", m.key, m.value);
}

/* A workload of these labels that is to have no Pods; *ret_running: one that is to have some. */
static const struct rt_workload *idle_workload(
    struct rt_check *c, const struct rt_service *s, bool *ret_running)
{
	const struct rt_workload *ret = NULL;
	rt_workloads all = {0};

	*ret_running = false;
	rt_workloads_select(c->an, s->obj.ns, s->selector, &c->work, &all);
	for (size_t i = 0; i < all.len; i++)
		if (all.v[i]->replicas == 0)
			ret = all.v[i];
		else
			*ret_running = true;
	return ret;
}

static bool has_ready_endpoints(struct rt_check *c, const struct rt_service_fact *sf)
{
	const struct rt_endpoint_count *e = rt_endpoints_count(c->an, sf, NULL);

	return e->known == RT_YES && e->ready > 0;
}

static void selector(struct rt_check *c, const struct rt_service_fact *sf)
{
	const struct rt_service *s = sf->service;
	const struct rt_workload *idle;
	struct rt_finding *f;
	rt_pods pods = {0};
	enum rt_tri holds;
	bool running;

	if (!s->selector.len || rt_streq(s->type, "ExternalName") || !gets_traffic(sf))
		return;
	holds = pods_told(c, s, rt_service_pods(c->an, s, &pods) == RT_YES);
	if (pods.len || holds == RT_NO)
		return;
	idle = idle_workload(c, s, &running);
	if (running || has_ready_endpoints(c, sf) || rt_other_makes_pods(c, s->obj.ns, s->selector))
		return;
	f = raise_service(c, RT_F_SV01, holds, sf, "spec.selector");
	if (holds == RT_UNKNOWN)
		rt_say(f, "Whether selector %s of %s matches a pod could not be read",
		    rt_labels_text(&c->work, s->selector), rt_name(c, &s->obj));
	else if (idle)
		rt_say(f, "Selector %s of %s matches no pod: %s is scaled to 0",
		    rt_labels_text(&c->work, s->selector), rt_name(c, &s->obj),
		    rt_name(c, &idle->obj));
	else
		rt_say(f, "Selector %s of %s matches no pod%s",
		    rt_labels_text(&c->work, s->selector), rt_name(c, &s->obj), miss_text(c, s));
	if (idle)
		rt_relate_obj(f, &idle->obj);
	consequences(c, f, sf);
}

void rt_check_SV01(struct rt_check *c)
{
	each_routed(c, selector);
}

/* ---------------------------------------------------------------- SV02: not ready */

struct reason_count {
	const char *why;
	size_t n;
};

static int by_count(const void *a, const void *b)
{
	const struct reason_count *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->why, y->why);
}

static const char *reasons_text(struct rt_check *c, const rt_pods *pods)
{
	RT_VEC(struct reason_count) all = {0};
	rt_lines words = {0};

	for (size_t i = 0; i < pods->len; i++) {
		const char *why = rt_pod_trouble(&c->work, pods->v[i]);
		size_t k = 0;

		while (why && k < all.len && strcmp(all.v[k].why, why) != 0)
			k++;
		if (why && k == all.len)
			rt_vec_push(&all, &c->work, (struct reason_count){why, 0});
		if (why)
			all.v[k].n++;
	}
	rt_vec_sort(&all, by_count);
	for (size_t i = 0; i < all.len; i++)
		rt_vec_push(&words, &c->work, rt_fmt(c, "%s on %zu", all.v[i].why, all.v[i].n));
	return rt_listed(c, &words, 3);
}

static void pods_ready(struct rt_check *c, const struct rt_service_fact *sf)
{
	const struct rt_service *s = sf->service;
	struct rt_finding *f;
	rt_pods pods = {0};

	if (!s->selector.len || rt_streq(s->type, "ExternalName") || !gets_traffic(sf) ||
	    s->publish_not_ready_addresses == RT_FLAG_TRUE)
		return;
	rt_service_pods(c->an, s, &pods);
	if (!pods.len)
		return;
	for (size_t i = 0; i < pods.len; i++)
		if (rt_pod_ready(pods.v[i]) != RT_NO)
			return;
	f = raise_service(c, RT_F_SV02, RT_YES, sf, "spec.selector");
	if (pods.len == 1)
		rt_say(f, "The only pod of %s is not ready (%s)", rt_name(c, &s->obj),
		    rt_pod_trouble(&c->work, pods.v[0]));
	else
		rt_say(f, "None of %zu pods of %s is ready (%s)", pods.len, rt_name(c, &s->obj),
		    reasons_text(c, &pods));
	rt_advise(f, "Read the events and the log of %s", rt_name(c, &pods.v[0]->obj));
	rt_relate_pods(f, &pods);
	consequences(c, f, sf);
}

void rt_check_SV02(struct rt_check *c)
{
	each_routed(c, pods_ready);
}

/* ---------------------------------------------------------------- SV03: named target ports */

static bool port_is_routed(const struct rt_service_fact *sf, const struct rt_service_port *p)
{
	for (size_t i = 0; i < sf->backends.len; i++)
		if (sf->backends.v[i]->port == p && is_live(sf->backends.v[i]))
			return true;
	for (size_t i = 0; i < sf->ingress_backends.len; i++)
		if (sf->ingress_backends.v[i]->port == p)
			return true;
	return false;
}

/* Container ports of all selected Pods, or of the workloads that stand for them. */
struct ports_seen {
	rt_lines names;
	size_t specs; /* with at least one container */
	bool found;
};

static void see_ports(struct rt_check *c, struct ports_seen *seen, const struct rt_pod_spec *spec,
    const struct rt_service_port *port)
{
	if (!spec->containers.len)
		return;
	seen->specs++;
	if (rt_target_port(port, spec) != RT_INT_UNSET)
		seen->found = true;
	for (size_t i = 0; i < spec->containers.len; i++)
		for (size_t k = 0; k < spec->containers.v[i].ports.len; k++) {
			const char *name = spec->containers.v[i].ports.v[k].name;
			bool known = !name;

			for (size_t j = 0; !known && j < seen->names.len; j++)
				known = strcmp(seen->names.v[j], name) == 0;
			if (!known)
				rt_vec_push(&seen->names, &c->work, name);
		}
}

static struct ports_seen look_at_ports(
    struct rt_check *c, const struct rt_service *s, const struct rt_service_port *port)
{
	struct ports_seen seen = {0};
	rt_workloads workloads = {0};
	rt_pods pods = {0};

	rt_service_pods(c->an, s, &pods);
	for (size_t i = 0; i < pods.len; i++)
		see_ports(c, &seen, &pods.v[i]->spec, port);
	if (pods.len)
		return seen;
	rt_workloads_select(c->an, s->obj.ns, s->selector, &c->work, &workloads);
	for (size_t i = 0; i < workloads.len; i++)
		see_ports(c, &seen, &workloads.v[i]->spec, port);
	return seen;
}

static void target_port(struct rt_check *c, const struct rt_service_fact *sf, size_t i)
{
	const struct rt_service *s = sf->service;
	const struct rt_service_port *p = &s->ports.v[i];
	struct ports_seen seen;
	struct rt_finding *f;

	if (!p->target_port.text || !port_is_routed(sf, p))
		return;
	seen = look_at_ports(c, s, p);
	if (!seen.specs || seen.found)
		return;
	f = raise_service(c, RT_F_SV03, RT_YES, sf, rt_fmt(c, "spec.ports[%zu].targetPort", i));
	rt_tie(f, RT_TIE_PORT, rt_fmt(c, "%s %lld", rt_path_name(c, &s->obj), (long long)p->port));
	rt_say(f,
	    "targetPort \"%s\" of %s names no container port (%s); port %lld has no endpoints",
	    p->target_port.text, rt_name(c, &s->obj),
	    seen.names.len ? rt_listed(c, &seen.names, 4) : "none has a name", (long long)p->port);
	consequences(c, f, sf);
}

void rt_check_SV03(struct rt_check *c)
{
	for (size_t end = rt_rule_slice(c, c->an->services.len, RT_SOME); c->at < end; c->at++) {
		const struct rt_service_fact *sf = c->an->services.v[c->at];

		for (size_t k = 0;
		     sf->routed && sf->service->selector.len && k < sf->service->ports.len; k++)
			target_port(c, sf, k);
	}
}

/* ---------------------------------------------------------------- SV08 */

/* An advice of the Gateway API (gateway-api §5, 6); Ingress controllers serve such Services. */
static void external_name(struct rt_check *c, const struct rt_service_fact *sf)
{
	bool by_route = false;
	struct rt_finding *f;

	if (!rt_streq(sf->service->type, "ExternalName"))
		return;
	for (size_t i = 0; i < sf->backends.len; i++)
		by_route = by_route || is_live(sf->backends.v[i]);
	if (!by_route)
		return;
	f = raise_service(c, RT_F_SV08, RT_YES, sf, "spec.type");
	rt_say(f, "%s is an ExternalName; conformant implementations may refuse it",
	    rt_name(c, &sf->service->obj));
}

void rt_check_SV08(struct rt_check *c)
{
	each_routed(c, external_name);
}
