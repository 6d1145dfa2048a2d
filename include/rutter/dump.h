/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump.h - the routing graph as text: tree, JSON, Graphviz, Mermaid.
 */
#ifndef RUTTER_DUMP_H
#define RUTTER_DUMP_H

#include "rutter/graph.h"
#include "rutter/text.h"

struct rt_dump_opts {
	const struct rt_text_style *style; /* tree only */
	bool wide;                 /* tree: slices, Pods, certificates and data planes too */
	unsigned mark;             /* only nodes with this mark (rt_graph_mark); 0: all */
	struct rt_findings beside; /* tree: to be told too, though they sit on no node */
};

void rt_dump_tree(struct rt_buf *out, struct rt_graph *g, const struct rt_dump_opts *opts);
void rt_dump_json(struct rt_buf *out, const struct rt_graph *g, const struct rt_store *store,
    const struct rt_dump_opts *opts);
void rt_dump_dot(struct rt_buf *out, const struct rt_graph *g, const struct rt_dump_opts *opts);
void rt_dump_mermaid(struct rt_buf *out, const struct rt_graph *g, const struct rt_dump_opts *opts);

#endif
