/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump_json.c - the graph as the contract's Graph document.
 */
#include "config.h"

#include "rutter/dump.h"
#include "rutter/jsonout.h"

static const char *type_name(const struct rt_node *n)
{
	static const char *const names[] = {
	    [RT_NODE_OBJECT] = "object",
	    [RT_NODE_LISTENER] = "listener",
	    [RT_NODE_RULE] = "rule",
	    [RT_NODE_PATH] = "path",
	    [RT_NODE_CONTROLLER] = "controller",
	    [RT_NODE_NO_CLASS] = "no-class",
	};
	return names[n->type];
}

static bool shown(const struct rt_dump_opts *opts, const struct rt_node *n)
{
	return !opts->mark || n->mark == opts->mark;
}

static void put_node(struct rt_json_out *j, const struct rt_node *n)
{
	rt_json_object(j, NULL);
	rt_json_string(j, "id", n->id);
	rt_json_string(j, "type", type_name(n));
	rt_json_ref(j, "object", n->ref);
	rt_json_bool(j, "present", n->obj != NULL || n->type == RT_NODE_CONTROLLER);
	rt_json_string(j, "state", rt_node_state_name(n->state));
	rt_json_string(j, "label", n->label);
	rt_json_string(j, "summary", n->summary);
	rt_json_array(j, "findings");
	for (size_t i = 0; i < n->findings.len; i++)
		rt_json_string(j, NULL, rt_finding_info(n->findings.v[i]->code)->code);
	rt_json_close(j);
	rt_json_close(j);
}

static void put_edge(struct rt_json_out *j, const struct rt_edge *e)
{
	rt_json_object(j, NULL);
	rt_json_string(j, "from", e->from->id);
	rt_json_string(j, "to", e->to->id);
	rt_json_string(j, "kind", e->kind);
	rt_json_string(j, "state", rt_link_state_name(e->state));
	rt_json_string(j, "field", e->field);
	rt_json_string(j, "label", e->label);
	rt_json_string(j, "why", e->why);
	rt_json_close(j);
}

void rt_dump_json(struct rt_buf *out, const struct rt_graph *g, const struct rt_store *store,
    const struct rt_dump_opts *opts)
{
	struct rt_json_out j = rt_json_document(out, "Graph");
	rt_json_array(&j, "nodes");
	for (size_t i = 0; i < g->nodes.len; i++)
		if (shown(opts, g->nodes.v[i]))
			put_node(&j, g->nodes.v[i]);
	rt_json_close(&j);
	rt_json_array(&j, "edges");
	for (size_t i = 0; i < g->edges.len; i++)
		if (shown(opts, g->edges.v[i]->from) && shown(opts, g->edges.v[i]->to))
			put_edge(&j, g->edges.v[i]);
	rt_json_close(&j);
	rt_json_document_end(&j, store);
}
