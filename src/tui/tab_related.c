/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tab_related.c - what an object refers to and what refers to it, each a link.
 * Parts (listeners, rules, paths) are shown inline between the objects they connect.
 */
#include "config.h"

#include "app.h"

#define DEPTH_MAX 4 /* of parts within parts */

void rt_doc_ref(struct rt_doc *d, const struct rt_ref *ref)
{
	rt_doc_putf(d, RT_ROLE_KIND, "%s ", ref->kind);
	if (ref->ns)
		rt_doc_putf(d, RT_ROLE_NAME, "%s/", ref->ns);
	rt_doc_put(d, RT_ROLE_NAME, ref->name);
	rt_doc_link(d, *ref);
}

static uint16_t link_role(enum rt_link_state s)
{
	static const enum rt_role roles[] = {
	    [RT_LINK_FINE] = RT_ROLE_OK,
	    [RT_LINK_UNKNOWN] = RT_ROLE_UNKNOWN,
	    [RT_LINK_NOT_PERMITTED] = RT_ROLE_ERROR,
	    [RT_LINK_BROKEN] = RT_ROLE_ERROR,
	};

	return (uint16_t)roles[s];
}

static enum rt_glyph link_glyph(enum rt_link_state s)
{
	static const enum rt_glyph glyphs[] = {
	    [RT_LINK_FINE] = RT_GLYPH_OK,
	    [RT_LINK_UNKNOWN] = RT_GLYPH_UNKNOWN,
	    [RT_LINK_NOT_PERMITTED] = RT_GLYPH_DENIED,
	    [RT_LINK_BROKEN] = RT_GLYPH_ERROR,
	};

	return glyphs[s];
}

static bool is_part(const struct rt_node *n)
{
	return n->type == RT_NODE_LISTENER || n->type == RT_NODE_RULE || n->type == RT_NODE_PATH;
}

static void put_edge(
    const struct rt_tab_in *in, struct rt_doc *d, const struct rt_edge *e, bool out, int depth)
{
	const struct rt_node *other = out ? e->to : e->from;

	rt_doc_line(d, 2 * depth + 4);
	rt_doc_putf(d, RT_ROLE_TEXT, "%*s", 2 * depth, "");
	rt_doc_glyph(d, link_role(e->state), link_glyph(e->state), in->ascii);
	rt_doc_put(d, RT_ROLE_TEXT, " ");
	if (other->type == RT_NODE_OBJECT)
		rt_doc_ref(d, &other->ref);
	else
		rt_doc_put(d, RT_ROLE_TEXT, other->label);
	if (*rt_edge_text(e))
		rt_doc_putf(d, RT_ROLE_TEXT, " %s", rt_edge_text(e));
	if (other->summary && *other->summary)
		rt_doc_putf(d, RT_ROLE_DIM, "  %s", other->summary);
	if (e->why)
		rt_doc_putf(d, link_role(e->state), "  %s", e->why);
	if (e->field && !is_part(other))
		rt_doc_putf(d, RT_ROLE_DIM, "  %s", e->field);
}

static size_t put_edges(
    const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n, bool out, int depth)
{
	size_t count = out ? n->out.len : n->in.len;

	for (size_t i = 0; i < count; i++) {
		const struct rt_edge *e = out ? n->out.v[i] : n->in.v[i];
		const struct rt_node *other = out ? e->to : e->from;
		put_edge(in, d, e, out, depth);
		if (is_part(other) && depth < DEPTH_MAX)
			put_edges(in, d, other, out, depth + 1);
	}
	return count;
}

static void heading(struct rt_doc *d, const char *text)
{
	if (d->lines.len)
		rt_doc_line(d, 0);
	rt_doc_line(d, 0);
	rt_doc_put(d, RT_ROLE_STRONG, text);
}

static void nothing(struct rt_doc *d)
{
	rt_doc_line(d, 0);
	rt_doc_put(d, RT_ROLE_DIM, "  nothing");
}

void rt_tab_related(const struct rt_tab_in *in, struct rt_doc *d)
{
	const struct rt_node *n = rt_graph_find(in->tui->world.graph, in->ref);

	if (!n) {
		rt_doc_line(d, 0);
		rt_doc_put(d, RT_ROLE_DIM, "not part of the routing graph");
		return;
	}
	heading(d, "Referred to by");
	if (!put_edges(in, d, n, false, 1))
		nothing(d);
	heading(d, "Refers to");
	if (!put_edges(in, d, n, true, 1))
		nothing(d);
}
