/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netpol.c - SV11: NetworkPolicies that keep the data plane of a Gateway or an Ingress controller
 * away from the Pods of a Service.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

/* A data plane that leads to the Service, with the ports it uses there. */
struct source {
	const struct rt_obj *owner; /* Gateway, or IngressClass */
	const struct rt_gateway_fact *gw;
	const struct rt_data_plane *plane;
	const struct rt_service_port *port;
};
typedef RT_VEC(struct source) sources;

static void add_source(struct rt_check *c, sources *all, struct source s)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->v[i].owner == s.owner && all->v[i].port == s.port)
			return;
	rt_vec_push(all, &c->work, s);
}

static sources sources_of(struct rt_check *c, const struct rt_service_fact *sf)
{
	sources all = {0};

	for (size_t i = 0; i < sf->backends.len; i++) {
		const struct rt_backend_fact *b = sf->backends.v[i];

		for (size_t k = 0; b->port && k < b->route->attachments.len; k++) {
			const struct rt_gateway_fact *gw =
			    b->route->attachments.v[k]->listener->gateway;

			if (gw)
				add_source(c, &all,
				    (struct source){&gw->gateway->obj, gw,
					rt_plane_of_gateway(c, gw), b->port});
		}
	}
	for (size_t i = 0; i < sf->ingress_backends.len; i++) {
		const struct rt_ingress_backend_fact *b = sf->ingress_backends.v[i];
		const struct rt_ingress_fact *in = b->ingress;

		if (b->port && in->claimed == RT_YES && in->class_fact && in->controller)
			add_source(c, &all,
			    (struct source){&in->class_fact->ic->obj, NULL,
				rt_plane_of_ingress(c, in), b->port});
	}
	return all;
}

/* ---------------------------------------------------------------- one data plane */

struct outcome {
	size_t cut, open, pods;
	RT_VEC(const struct rt_network_policy *) policies;
};

static void note_policies(struct rt_check *c, struct outcome *o, const struct rt_netpol_verdict *v)
{
	for (size_t i = 0; i < v->policies.len; i++) {
		bool known = false;

		for (size_t k = 0; k < o->policies.len; k++)
			known = known || o->policies.v[k] == v->policies.v[i];
		if (!known)
			rt_vec_push(&o->policies, &c->work, v->policies.v[i]);
	}
}

static bool on_host_network(const rt_pods *pods)
{
	for (size_t i = 0; i < pods->len; i++)
		if (pods->v[i]->spec.host_network == RT_FLAG_TRUE)
			return true;
	return false;
}

static struct outcome judge(struct rt_check *c, const struct source *s, const rt_pods *backends)
{
	bool unread = !s->plane->pods_known && !s->plane->pods.len;
	struct outcome o = {.pods = backends->len};

	for (size_t i = 0; i < backends->len; i++) {
		struct rt_netpol_verdict v = {0};
		struct rt_netpol_question q = {&s->plane->pods, backends->v[i], s->port};

		rt_netpol_admits(c->an, &q, &c->work, &v);
		note_policies(c, &o, &v);
		if (!v.policies.len || v.admitted == RT_YES)
			continue;
		if (v.admitted == RT_UNKNOWN || unread || on_host_network(&s->plane->pods))
			o.open++;
		else
			o.cut++;
	}
	return o;
}

static size_t port_index(const struct rt_service *s, const struct rt_service_port *p)
{
	return (size_t)(p - s->ports.v);
}

static const char *plane_namespace(const struct source *s)
{
	return s->plane->pods.len       ? s->plane->pods.v[0]->obj.ns
	       : s->plane->services.len ? s->plane->services.v[0]->obj.ns
					: s->owner->ns;
}

/* The labels of the data plane's Pods, as far as its Service selects by some. */
static const char *pod_labels(struct rt_check *c, const struct source *s)
{
	struct rt_pairs labels =
	    s->plane->services.len ? s->plane->services.v[0]->selector : (struct rt_pairs){0};
	rt_lines words = {0};

	for (size_t i = 0; i < labels.len; i++)
		rt_vec_push(
		    &words, &c->work, rt_fmt(c, "%s: %s", labels.v[i].key, labels.v[i].value));
	return words.len ? rt_fmt(c, ", podSelector: {matchLabels: {%s}}",
			       rt_listed(c, &words, words.len))
			 : "";
}

static const char *snippet(struct rt_check *c, const struct source *s)
{
	const char *ns = plane_namespace(s);

	return rt_fmt(c,
	    "Add to spec.ingress of the policy: {from: [{namespaceSelector: {matchLabels: "
	    "{kubernetes.io/metadata.name: %s}}%s}]}",
	    ns ? ns : "", pod_labels(c, s));
}

static bool is_vendor_policy(const struct rt_obj *obj)
{
	return rt_streq(obj->group, "cilium.io") || rt_streq(obj->group, "crd.projectcalico.org") ||
	       rt_streq(obj->group, "projectcalico.org");
}

/* Policies of network plug-ins are named where the input holds them, and not judged. */
static void name_vendor_policies(struct rt_check *c, struct rt_finding *f, const char *ns)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_OTHER, &v);

	for (size_t i = 0; f && i < n; i++)
		if (is_vendor_policy(v[i]) && rt_streq(v[i]->ns, ns) &&
		    strstr(v[i]->kind_name, "NetworkPolicy"))
			rt_because(f, "%s is not judged", rt_name(c, v[i]));
}

/* So are those that limit what leaves the data plane. */
static void name_egress_policies(
    struct rt_check *c, struct rt_finding *f, const struct source *s, const char *ns)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_NETWORK_POLICY, &v);

	for (size_t i = 0; f && i < n; i++) {
		const struct rt_network_policy *p = (const struct rt_network_policy *)v[i];
		bool egress = false;

		for (size_t k = 0; k < p->policy_types.len; k++)
			egress = egress || rt_streq(p->policy_types.v[k], "Egress");
		if (egress && rt_streq(v[i]->ns, ns) && s->plane->pods.len &&
		    rt_label_selector_match(&p->pod_selector, s->plane->pods.v[0]->obj.labels))
			rt_because(f, "%s limits what leaves the data plane; that is not judged",
			    rt_name(c, v[i]));
	}
}

static void report(struct rt_check *c, const struct rt_service_fact *sf, const struct source *s,
    const struct outcome *o)
{
	const struct rt_service *svc = sf->service;
	const char *ns = plane_namespace(s);
	struct rt_finding *f;

	if (!o->policies.len || (!o->cut && !o->open))
		return;
	f = rt_raise(c, RT_F_SV11, o->cut ? RT_YES : RT_UNKNOWN, &svc->obj, "spec.ports[%zu]",
	    port_index(svc, s->port));
	rt_tie(f, RT_TIE_SERVICE, rt_path_name(c, &svc->obj));
	rt_tie_gateway(f, s->gw);
	rt_group(f, "%s", rt_name(c, s->owner));
	rt_say(f, "%s %s traffic from %s (%s) to %s port %lld; %zu of %zu pods are cut off",
	    rt_name(c, &o->policies.v[0]->obj), o->cut ? "admits no" : "may admit no", ns ? ns : "",
	    rt_name(c, s->owner), rt_name(c, &svc->obj), (long long)s->port->port,
	    o->cut ? o->cut : o->open, o->pods);
	rt_advise(f, "%s", snippet(c, s));
	for (size_t i = 0; i < o->policies.len; i++)
		rt_relate_obj(f, &o->policies.v[i]->obj);
	rt_relate_obj(f, s->owner);
	name_vendor_policies(c, f, svc->obj.ns);
	name_egress_policies(c, f, s, ns);
}

/* In an ambient mesh traffic arrives through another port than the Service's. */
static bool ambient(const struct rt_check *c, const char *ns)
{
	const struct rt_obj *obj = rt_store_get(c->store, RT_KIND_NAMESPACE, NULL, ns);

	return obj && rt_streq(rt_pairs_get(obj->labels, "istio.io/dataplane-mode"), "ambient");
}

static bool has_policies(const struct rt_check *c, const char *ns)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_NETWORK_POLICY, &v);

	for (size_t i = 0; i < n; i++)
		if (rt_streq(v[i]->ns, ns))
			return true;
	return false;
}

static bool policies_refused(const struct rt_check *c, const char *ns)
{
	enum rt_scope_state st =
	    rt_store_scope(c->store, RT_GROUP_NETWORKING, "NetworkPolicy", ns, NULL);

	return rt_scope_in_vain(st);
}

/* Asked for and not answered: some policy may cut the data plane off. */
static void policies_unread(
    struct rt_check *c, const struct rt_service_fact *sf, const struct source *s)
{
	const struct rt_service *svc = sf->service;
	struct rt_finding *f = rt_raise(
	    c, RT_F_SV11, RT_UNKNOWN, &svc->obj, "spec.ports[%zu]", port_index(svc, s->port));

	rt_tie(f, RT_TIE_SERVICE, rt_path_name(c, &svc->obj));
	rt_tie_gateway(f, s->gw);
	rt_group(f, "%s", rt_name(c, s->owner));
	rt_say(f, "Whether %s may reach %s port %lld is not known: NetworkPolicies were not read",
	    rt_name(c, s->owner), rt_name(c, &svc->obj), (long long)s->port->port);
	rt_relate_obj(f, s->owner);
}

void rt_check_SV11(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->services.len; i++) {
		const struct rt_service_fact *sf = c->an->services.v[i];
		const char *ns = sf->service->obj.ns;
		bool known = has_policies(c, ns);
		rt_pods pods = {0};
		sources all;

		if (!sf->routed || (!known && !policies_refused(c, ns)) || ambient(c, ns))
			continue;
		rt_service_pods(c->an, sf->service, &pods);
		if (!pods.len)
			continue;
		all = sources_of(c, sf);
		for (size_t k = 0; k < all.len; k++) {
			const struct rt_data_plane *plane = all.v[k].plane;
			struct outcome o;

			if (plane->how == RT_LOCATED_NOT || plane->outside)
				continue;
			if (!known) {
				policies_unread(c, sf, &all.v[k]);
				continue;
			}
			o = judge(c, &all.v[k], &pods);
			report(c, sf, &all.v[k], &o);
		}
	}
}
