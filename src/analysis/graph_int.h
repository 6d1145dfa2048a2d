/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_int.h - the pieces a graph is put together from.
 */
#ifndef RUTTER_ANALYSIS_GRAPH_INT_H
#define RUTTER_ANALYSIS_GRAPH_INT_H

#include "rutter/graph.h"
#include "rutter/vec.h"

enum graph_stage {
	GRAPH_HEADS,    /* classes, Gateways, ListenerSets, listeners */
	GRAPH_ATTACHED, /* routes below their listeners */
	GRAPH_PARENTS,  /* routes that a parent refuses or that have none */
	GRAPH_INGRESSES,
	GRAPH_FINDINGS,
	GRAPH_DONE,
};
/* A listener whose routes have not been put below it yet. */
struct graph_pending {
	struct rt_node *node;
	const struct rt_listener_fact *listener;
};
struct graph_builder {
	struct rt_graph *g;
	const struct rt_analysis *an;
	const struct rt_findings *findings;
	enum graph_stage stage;
	size_t at, route; /* how far the stage is */
	RT_VEC(struct graph_pending) pending;
};

const char *graph_object_id(struct rt_arena *a, struct rt_ref r);
/* The object's node, made on the first call; obj may be NULL. */
struct rt_node *graph_object(struct graph_builder *b, struct rt_ref ref, const struct rt_obj *obj);
/* A part of an object, made on the first call; name is unique within the object. */
struct rt_node *graph_part(struct graph_builder *b, enum rt_node_type type, struct rt_node *whole,
    const char *name, int part);
bool graph_is_new(const struct rt_node *n); /* nothing was put below it yet */
void graph_root(struct graph_builder *b, struct rt_node *n);
/* Fine until the caller says otherwise. One edge of a kind between two nodes: asked again, the
 * first is returned. */
struct rt_edge *graph_edge(
    struct graph_builder *b, struct rt_node *from, struct rt_node *to, const char *kind);
/* Reads a tri: yes leaves the edge fine, no breaks it, unknown opens it. */
void graph_judge(struct rt_edge *e, enum rt_tri ok, const char *why);
const char *graph_printf(struct graph_builder *b, const char *fmt, ...) RT_PRINTF(2, 3);
/* Hostnames for a glance: the first two, and how many more. */
const char *graph_names(struct graph_builder *b, const char *const *names, size_t len);

/* The stages; those with more than a little to do are told where to go on (at) and say false when
 * there is nothing left. */
void graph_heads(struct graph_builder *b);
bool graph_attached(struct graph_builder *b);
bool graph_parents(struct graph_builder *b);
void graph_ingress_classes(struct graph_builder *b);
bool graph_ingresses(struct graph_builder *b);
/* The Service below from, with its slices and Pods. svc NULL: any other backend. */
struct rt_node *graph_service(struct graph_builder *b, const struct rt_service_fact *svc);
void graph_controller(
    struct graph_builder *b, struct rt_node *class_node, const struct rt_controller *c);

#endif
