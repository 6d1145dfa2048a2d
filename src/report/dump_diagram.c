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

/* What is more than itself within a quoted label, and how it is written there. */
struct escape {
	char c;
	const char *written;
};
static const struct escape dot_escapes[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'&', "&amp;"}, {0}};
/* Mermaid makes HTML of it; '#' begins its entities, a backquote its Markdown. */
static const struct escape mermaid_escapes[] = {{'"', "#quot;"}, {'<', "#lt;"}, {'>', "#gt;"},
    {'&', "#amp;"}, {'#', "#35;"}, {'`', "#96;"}, {'\\', "#92;"}, {0}};

static void put_label(struct rt_buf *out, const char *text, const struct escape *escapes)
{
	struct rt_buf clean = {0};
	rt_clean(&clean, text, false);
	for (const char *p = rt_buf_str(&clean); *p; p++) {
		const struct escape *e = escapes;
		while (e->c && e->c != *p)
			e++;
		if (e->c)
			rt_buf_puts(out, e->written);
		else
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
		put_label(out, n->label, dot_escapes);
		if (*n->summary) {
			rt_buf_puts(out, "\\n");
			put_label(out, n->summary, dot_escapes);
		}
		rt_buf_printf(out, "\", color=%s%s];\n", colors[n->state],
		    n->obj || n->type == RT_NODE_CONTROLLER ? "" : ", style=dashed");
	}
	for (size_t i = 0; i < g->edges.len; i++) {
		const struct rt_edge *e = g->edges.v[i];
		if (!drawn(opts, e->from) || !drawn(opts, e->to))
			continue;
		rt_buf_printf(out, "  n%zu -> n%zu [label=\"", e->from->index, e->to->index);
		put_label(out, e->why ? e->why : e->label ? e->label : "", dot_escapes);
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
		put_label(out, n->label, mermaid_escapes);
		if (*n->summary) {
			rt_buf_puts(out, "<br>");
			put_label(out, n->summary, mermaid_escapes);
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
			put_label(out, text, mermaid_escapes);
			rt_buf_puts(out, "\"|");
		}
		rt_buf_printf(out, " n%zu\n", e->to->index);
	}
	rt_buf_puts(out, "  classDef broken stroke:#c00,stroke-width:2px\n");
}
