/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph.h - the routing graph: GatewayClass → Gateway → listener → Route → rule → Service →
 * EndpointSlice → Pod, and IngressClass → Ingress → path → Service → …
 * Made from the facts of an analysis and, where given, its findings; dump and the topology view
 * show it. A graph owns its nodes and edges and borrows objects, facts and findings.
 *
 * Objects that are referred to but not there have nodes too (obj NULL). Every edge knows the field
 * it comes from and its state. An object has one node however many edges lead to it.
 */
#ifndef RUTTER_GRAPH_H
#define RUTTER_GRAPH_H

#include "rutter/analysis_ingress.h"
#include "rutter/findings.h"
#include "rutter/map.h"

enum rt_node_type {
	RT_NODE_OBJECT,
	RT_NODE_LISTENER,   /* part of a Gateway or ListenerSet */
	RT_NODE_RULE,       /* part of a Route */
	RT_NODE_PATH,       /* part of an Ingress: one path, or its default backend */
	RT_NODE_CONTROLLER, /* the control plane of a class */
	RT_NODE_NO_CLASS,   /* stands where Ingresses name no class */
};
enum rt_node_state {
	RT_STATE_OK,
	RT_STATE_INFO,
	RT_STATE_UNKNOWN,
	RT_STATE_WARNING,
	RT_STATE_ERROR
};
const char *rt_node_state_name(enum rt_node_state s); /* ok info unknown warning error */

enum rt_link_state { RT_LINK_FINE, RT_LINK_UNKNOWN, RT_LINK_NOT_PERMITTED, RT_LINK_BROKEN };
const char *rt_link_state_name(enum rt_link_state s); /* fine unknown not-permitted broken */

struct graph_builder;
struct rt_edge;
struct rt_node {
	const char *id; /* "gateway.networking.k8s.io/Gateway/infra/public#listener/https" */
	enum rt_node_type type;
	struct rt_ref ref;        /* the object it is, or is part of */
	const struct rt_obj *obj; /* NULL: not there */
	int part;                 /* index of the listener, rule or path; -1 */
	const char *label;        /* "Gateway infra/public", "https :443 HTTPS *.example.com" */
	const char *summary; /* what is worth a glance: addresses, hostnames, 2/2 ready; or "" */
	enum rt_node_state state;                   /* of itself */
	struct rt_tally own;                        /* findings on it */
	struct rt_tally total;                      /* and on everything below it, each once */
	RT_VEC(struct rt_edge *) out, in;           /* in document order */
	RT_VEC(const struct rt_finding *) findings; /* on it, worst first */
	size_t index;                               /* in nodes */
	unsigned mark;                              /* scratch of rt_graph_mark */
	unsigned told; /* scratch of counting and of writers: a number from ++marks says done */
};
struct rt_edge {
	struct rt_node *from, *to;
	const char *kind; /* gateway listener listenerSet route rule backend slice pod ingress … */
	const char *label; /* "90%", "mirror"; or NULL */
	const char *field; /* of the object that holds the reference, or NULL */
	enum rt_link_state state;
	const char *why; /* for every state but fine: one clause */
};

struct rt_graph {
	struct rt_arena arena;
	struct rt_map by_id;
	RT_VEC(struct rt_node *) nodes; /* roots and listeners first, then what hangs below them */
	RT_VEC(struct rt_edge *) edges;
	RT_VEC(struct rt_node *) roots;
	unsigned marks;
	struct graph_builder *builder; /* NULL when it is built */
};

/* In steps, each of a fraction of a millisecond: rt_graph_begin, then rt_graph_step until it says
 * false. findings may be NULL. */
struct rt_graph *rt_graph_begin(const struct rt_analysis *an, const struct rt_findings *findings);
bool rt_graph_step(struct rt_graph *g);
struct rt_graph *rt_graph_build(const struct rt_analysis *an, const struct rt_findings *findings);
void rt_graph_free(struct rt_graph *g);                                     /* NULL-safe */
struct rt_node *rt_graph_find(const struct rt_graph *g, struct rt_ref ref); /* NULL: not shown */
/* What one finding makes of its place; RT_STATE_INFO: nothing, it is only for information. */
enum rt_node_state rt_finding_state(const struct rt_finding *f);
/* Of a node and everything below it. */
enum rt_node_state rt_node_worst(const struct rt_node *n);
/* Marks everything that leads to the node or that the node leads to, with the returned mark
 * (compare node->mark). Repeat with the same mark to add more nodes: mark 0 starts a new one. */
unsigned rt_graph_mark(struct rt_graph *g, struct rt_node *n, unsigned mark);
/* Makes total of every node count only what sits on nodes with this mark. */
void rt_graph_recount(struct rt_graph *g, unsigned mark);

#endif
