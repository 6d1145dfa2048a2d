/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump_diagram.c - the graph for Graphviz and for Mermaid. Slices and Pods are left out: a diagram
 * shows the way, the tree shows the ends.
 */
#include "config.h"

#include <string.h>

#include "rutter/dump.h"
#include "rutter/utf8.h"

static bool drawn(const struct rt_dump_opts *opts, const struct rt_node *n)
{
	if (opts->mark && n->mark != opts->mark)
		return false;
	return strcmp(n->ref.kind, "EndpointSlice") != 0 && strcmp(n->ref.kind, "Pod") != 0;
}

/* Quotes and backslashes would end a label; everything else is text once it is clean. */
static void put_label(struct rt_buf *out, const char *text, const char *quote)
{
	struct rt_buf clean = {0};
	rt_clean(&clean, text, false);
	for (const char *p = rt_buf_str(&clean); *p; p++) {
		if (*p == '"')
			rt_buf_puts(out, quote);
		else if (*p != '\\')
			rt_buf_putc(out, *p);
	}
	rt_buf_done(&clean);
}

void rt_dump_dot(struct rt_buf *out, const struct rt_graph *g, const struct rt_dump_opts *opts)
{
	static const char *const colors[] = {
	    [RT_STATE_OK] = "black",
	    [RT_STATE_INFO] = "black",
	    [RT_STATE_UNKNOWN] = "purple",
	    [RT_STATE_WARNING] = "orange3",
	    [RT_STATE_ERROR] = "red3",
	};
	rt_buf_puts(out, "digraph rutter {\n  rankdir=LR;\n  node [shape=box];\n");
	for (size_t i = 0; i < g->nodes.len; i++) {
		const struct rt_node *n = g->nodes.v[i];
		if (!drawn(opts, n))
			continue;
		rt_buf_printf(out, "  n%zu [label=\"", i);
		put_label(out, n->label, "\\\"");
		if (*n->summary) {
			rt_buf_puts(out, "\\n");
			put_label(out, n->summary, "\\\"");
		}
		rt_buf_printf(out, "\", color=%s%s];\n", colors[n->state],
		    n->obj || n->type == RT_NODE_CONTROLLER ? "" : ", style=dashed");
	}
	for (size_t i = 0; i < g->edges.len; i++) {
		const struct rt_edge *e = g->edges.v[i];
		if (!drawn(opts, e->from) || !drawn(opts, e->to))
			continue;
		rt_buf_printf(out, "  n%zu -> n%zu [label=\"", e->from->index, e->to->index);
		put_label(out, e->why ? e->why : e->label ? e->label : "", "\\\"");
		rt_buf_printf(out, "\"%s];\n",
		    e->state == RT_LINK_FINE ? "" : ", color=red3, fontcolor=red3, style=dashed");
	}
	rt_buf_puts(out, "}\n");
}

void rt_dump_mermaid(struct rt_buf *out, const struct rt_graph *g, const struct rt_dump_opts *opts)
{
	rt_buf_puts(out, "flowchart LR\n");
	for (size_t i = 0; i < g->nodes.len; i++) {
		const struct rt_node *n = g->nodes.v[i];
		if (!drawn(opts, n))
			continue;
		rt_buf_printf(out, "  n%zu[\"", i);
		put_label(out, n->label, "#quot;");
		if (*n->summary) {
			rt_buf_puts(out, "<br>");
			put_label(out, n->summary, "#quot;");
		}
		rt_buf_printf(out, "\"]%s\n", n->state == RT_STATE_ERROR ? ":::broken" : "");
	}
	for (size_t i = 0; i < g->edges.len; i++) {
		const struct rt_edge *e = g->edges.v[i];
		if (!drawn(opts, e->from) || !drawn(opts, e->to))
			continue;
		rt_buf_printf(
		    out, "  n%zu %s", e->from->index, e->state == RT_LINK_FINE ? "-->" : "-.->");
		const char *text = e->why ? e->why : e->label;
		if (text) {
			rt_buf_puts(out, "|\"");
			put_label(out, text, "#quot;");
			rt_buf_puts(out, "\"|");
		}
		rt_buf_printf(out, " n%zu\n", e->to->index);
	}
	rt_buf_puts(out, "  classDef broken stroke:#c00,stroke-width:2px\n");
}
