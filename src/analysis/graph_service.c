/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_service.c - Service → EndpointSlice → Pod, and the control plane of a class.
 */
#include "config.h"

#include <string.h>

#include "graph_int.h"

/* A Service behind which nothing is ready is broken, whoever is to be told of it. */
static void put_endpoints(
    struct graph_builder *b, struct rt_node *node, const struct rt_service_fact *svc)
{
	const struct rt_service *s = svc->service;
	if (strcmp(s->type, "ExternalName") == 0) {
		node->summary =
		    graph_printf(b, "ExternalName %s", s->external_name ? s->external_name : "");
		return;
	}
	const struct rt_endpoint_count *e = rt_endpoints_count(b->an, svc, NULL);
	if (e->known == RT_YES) {
		node->summary = graph_printf(b, "%zu/%zu ready", e->ready, e->total);
		if (!e->ready)
			node->state = RT_STATE_ERROR;
	}
}

static void add_endpoint(
    struct graph_builder *b, struct rt_node *slice, const struct rt_endpoint *e, size_t index)
{
	if (!e->target || !e->target->kind || strcmp(e->target->kind, "Pod") != 0)
		return;
	const char *ns = e->target->ns ? e->target->ns : slice->ref.ns;
	struct rt_ref ref = {"", "Pod", ns, e->target->name ? e->target->name : ""};
	const struct rt_obj *o = rt_store_get(b->an->store, RT_KIND_POD, ns, ref.name);
	struct rt_node *pod = graph_object(b, ref, o);
	bool ready = rt_endpoint_ready(e);
	if (!ready)
		pod->state = RT_STATE_WARNING;
	pod->summary = ready ? "ready" : "not ready";
	if (o && !ready) {
		const char *trouble =
		    rt_pod_trouble(&b->g->arena, (const struct rt_pod *)(const void *)o);
		pod->summary = trouble ? trouble : pod->summary;
	}
	struct rt_edge *edge = graph_edge(b, slice, pod, "pod");
	edge->field = graph_printf(b, "endpoints[%zu].targetRef", index);
	graph_judge(edge, ready ? RT_YES : RT_NO, NULL); /* the Pod says why */
}

static void add_slice(
    struct graph_builder *b, struct rt_node *service, const struct rt_endpoint_slice *s)
{
	struct rt_node *node = graph_object(b, rt_obj_ref(&s->obj), &s->obj);
	node->summary =
	    graph_printf(b, "%s, %zu endpoint%s", s->address_type ? s->address_type : "",
		(size_t)s->endpoints.len, s->endpoints.len == 1 ? "" : "s");
	graph_edge(b, service, node, "slice")->field =
	    "metadata.labels['kubernetes.io/service-name']";
	for (size_t i = 0; i < s->endpoints.len; i++)
		add_endpoint(b, node, &s->endpoints.v[i], i);
}

struct rt_node *graph_service(struct graph_builder *b, const struct rt_service_fact *svc)
{
	const struct rt_obj *o = &svc->service->obj;
	struct rt_node *node = graph_object(b, rt_obj_ref(o), o);
	if (!graph_is_new(node) || node->summary[0])
		return node;
	put_endpoints(b, node, svc);
	for (size_t i = 0; i < svc->slices.len; i++)
		add_slice(b, node, svc->slices.v[i]);
	return node;
}

void graph_controller(
    struct graph_builder *b, struct rt_node *class_node, const struct rt_controller *c)
{
	struct rt_control_plane plane = {0};
	if (!c)
		return;
	rt_control_plane_of(b->an, c, &plane);
	if (!plane.outside && (plane.pods.len > 0 || plane.known == RT_YES)) {
		struct rt_node *n = graph_part(b, RT_NODE_CONTROLLER, class_node, "controller", -1);
		n->label = graph_printf(b, "controller %s", c->title);
		n->obj = NULL;
		n->summary = plane.pods.len == 0
				 ? "no Pods found"
				 : graph_printf(b, "%s  %zu/%zu ready", plane.pods.v[0]->obj.ns,
				       plane.ready, (size_t)plane.pods.len);
		n->state = plane.ready == 0 ? RT_STATE_WARNING : RT_STATE_OK;
		graph_edge(b, class_node, n, "controller");
		for (size_t i = 0; i < plane.pods.len; i++) {
			const struct rt_obj *o = &plane.pods.v[i]->obj;
			struct rt_node *pod = graph_object(b, rt_obj_ref(o), o);
			const char *trouble = rt_pod_trouble(&b->g->arena, plane.pods.v[i]);
			pod->summary = trouble ? trouble : "ready";
			if (trouble)
				pod->state = RT_STATE_WARNING;
			graph_edge(b, n, pod, "pod");
		}
	}
}
