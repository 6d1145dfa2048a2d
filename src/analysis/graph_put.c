/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_put.c - the pieces that a graph is put together from: nodes, parts of nodes, edges.
 */
#include "config.h"

#include <string.h>

#include "graph_int.h"

const char *graph_printf(struct graph_builder *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	const char *s = rt_arena_vprintf(&b->g->arena, fmt, ap);
	va_end(ap);
	return s;
}

const char *graph_object_id(struct rt_arena *a, struct rt_ref r)
{
	return rt_arena_printf(a, "%s/%s/%s%s%s", r.group, r.kind, r.ns ? r.ns : "",
	    r.ns ? "/" : "", r.name ? r.name : "");
}

static struct rt_node *new_node(struct graph_builder *b, const char *id)
{
	struct rt_node *n = rt_arena_new(&b->g->arena, struct rt_node);
	n->id = id;
	n->part = -1;
	n->index = b->g->nodes.len;
	n->label = n->summary = "";
	rt_map_set(&b->g->by_id, id, n);
	rt_vec_push(&b->g->nodes, NULL, n);
	return n;
}

struct rt_node *graph_object(struct graph_builder *b, struct rt_ref ref, const struct rt_obj *obj)
{
	const char *id = graph_object_id(&b->g->arena, ref);
	struct rt_node *n = rt_map_get(&b->g->by_id, id);
	if (n && obj && !n->obj) { /* first met where nobody may say whether it exists */
		n->obj = obj;
		n->state = RT_STATE_OK;
	}
	if (n)
		return n;
	n = new_node(b, id);
	n->type = RT_NODE_OBJECT;
	n->ref = ref;
	n->obj = obj;
	n->label = rt_ref_text(&b->g->arena, ref);
	return n;
}

struct rt_node *graph_part(struct graph_builder *b, enum rt_node_type type, struct rt_node *whole,
    const char *name, int part)
{
	const char *id = graph_printf(b, "%s#%s", whole->id, name);
	struct rt_node *n = rt_map_get(&b->g->by_id, id);
	if (n)
		return n;
	n = new_node(b, id);
	n->type = type;
	n->ref = whole->ref;
	n->obj = whole->obj;
	n->part = part;
	return n;
}

bool graph_is_new(const struct rt_node *n)
{
	return n->out.len == 0;
}

void graph_root(struct graph_builder *b, struct rt_node *n)
{
	for (size_t i = 0; i < b->g->roots.len; i++)
		if (b->g->roots.v[i] == n)
			return;
	rt_vec_push(&b->g->roots, NULL, n);
}

struct rt_edge *graph_edge(
    struct graph_builder *b, struct rt_node *from, struct rt_node *to, const char *kind)
{
	/* A node of many (a Service, a listener) may have a long list on one side only. */
	bool by_out = from->out.len <= to->in.len;
	size_t len = by_out ? from->out.len : to->in.len;
	for (size_t i = 0; i < len; i++) {
		struct rt_edge *e = by_out ? from->out.v[i] : to->in.v[i];
		if (e->from == from && e->to == to && strcmp(e->kind, kind) == 0)
			return e;
	}
	struct rt_edge *e = rt_arena_new(&b->g->arena, struct rt_edge);
	e->from = from;
	e->to = to;
	e->kind = kind;
	rt_vec_push(&from->out, &b->g->arena, e);
	rt_vec_push(&to->in, &b->g->arena, e);
	rt_vec_push(&b->g->edges, NULL, e);
	return e;
}

void graph_judge(struct rt_edge *e, enum rt_tri ok, const char *why)
{
	if (ok == RT_YES)
		return;
	e->state = ok == RT_NO ? RT_LINK_BROKEN : RT_LINK_UNKNOWN;
	e->why = why;
}

const char *graph_names(struct graph_builder *b, const char *const *names, size_t len)
{
	if (len == 0)
		return "";
	if (len == 1)
		return names[0] ? names[0] : "*";
	if (len == 2)
		return graph_printf(
		    b, "%s, %s", names[0] ? names[0] : "*", names[1] ? names[1] : "*");
	return graph_printf(
	    b, "%s, %s, +%zu", names[0] ? names[0] : "*", names[1] ? names[1] : "*", len - 2);
}
