/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_dump.c - `rutter dump [KIND[/NAME]…]`: the routing graph as text.
 */
#include "config.h"

#include "cli.h"
#include "rutter/dump.h"
#include "rutter/obj_pattern.h"
#include "view.h"

typedef RT_VEC(struct rt_obj_pattern) picks;

static bool narrowed_in(const struct rt_narrow *narrow, const struct rt_node *n)
{
	return n->type == RT_NODE_OBJECT && n->obj && rt_narrow_shows(narrow, n->obj);
}

/* Marks what is connected with the picked objects (p NULL: any object) that -n and -l leave. False:
 * there are none. */
static bool mark_connected(struct rt_graph *g, const struct rt_obj_pattern *p,
    const struct rt_narrow *narrow, unsigned mark)
{
	RT_VEC(struct rt_node *) hits = {0};
	for (size_t i = 0; i < g->nodes.len; i++) {
		struct rt_node *n = g->nodes.v[i];
		if ((!p || rt_obj_pattern_takes(p, n->ref)) && narrowed_in(narrow, n))
			rt_vec_push(&hits, NULL, n);
	}
	for (size_t i = 0; i < hits.len; i++)
		(void)rt_graph_mark(g, hits.v[i], mark);
	bool any = hits.len > 0;
	rt_vec_free(&hits);
	return any;
}

/* Sets *ret to the mark of what is shown; 0: all of it. Exit status. */
static int mark_shown(struct rt_cli *cli, struct rt_graph *g, const picks *p, unsigned *ret)
{
	if (rt_narrow_is_all(&cli->narrow) && p->len == 0)
		return 0;
	*ret = ++g->marks; /* where nothing is left: an empty graph, no failure */
	if (p->len == 0)
		(void)mark_connected(g, NULL, &cli->narrow, *ret);
	for (size_t i = 0; i < p->len; i++) {
		bool any = mark_connected(g, &p->v[i], &cli->narrow, *ret);
		if (!any && p->v[i].name) {
			rt_cli_warn(cli, "%s: no such object in the graph", cli->args.v[i]);
			return rt_status_exit(RT_FOUND);
		}
	}
	return 0;
}

static bool picked(const picks *p, struct rt_ref ref)
{
	for (size_t i = 0; i < p->len; i++)
		if (rt_obj_pattern_takes(&p->v[i], ref))
			return true;
	return p->len == 0;
}

/* Findings on what has no place in the graph, as far as they are asked for. */
static struct rt_findings beside(struct rt_cli *cli, const struct rt_view *view, const picks *p)
{
	const struct rt_finding_filter by = rt_narrow_filter(&cli->narrow);
	struct rt_findings all = rt_findings_filter(&cli->arena, view->findings, &by);
	RT_VEC(const struct rt_finding *) kept = {0};
	struct rt_findings ret = {0};
	for (size_t i = 0; i < all.len; i++) {
		const struct rt_finding *f = all.v[i];
		if (rt_graph_find(view->graph, f->object) || !picked(p, f->object))
			continue;
		rt_vec_push(&kept, &cli->arena, f);
		rt_tally_count(&ret.tally, f);
	}
	ret.v = kept.v;
	ret.len = kept.len;
	return ret;
}

static int write_graph(struct rt_cli *cli, const struct rt_view *view, const picks *p)
{
	struct rt_dump_opts opts = {.style = &cli->style};
	int status = mark_shown(cli, view->graph, p, &opts.mark);
	if (status != 0)
		return status;
	opts.wide = rt_cli_format_is(cli, "wide");
	opts.beside = beside(cli, view, p);
	if (rt_cli_format_is(cli, "json"))
		rt_dump_json(&cli->out, view->graph, view->store, &opts);
	else if (rt_cli_format_is(cli, "dot"))
		rt_dump_dot(&cli->out, view->graph, &opts);
	else if (rt_cli_format_is(cli, "mermaid"))
		rt_dump_mermaid(&cli->out, view->graph, &opts);
	else
		rt_dump_tree(&cli->out, view->graph, &opts);
	return 0;
}

static int run(struct rt_cli *cli)
{
	struct rt_error err = {0};
	struct rt_store *store = NULL;
	picks p = {0};
	enum rt_status st = RT_OK;
	for (size_t i = 0; st == RT_OK && i < cli->args.len; i++) {
		struct rt_obj_pattern one = {0};
		st = rt_obj_pattern_parse(&cli->arena, cli->args.v[i], &one, &err);
		rt_vec_push(&p, &cli->arena, one);
	}
	if (st != RT_OK)
		return rt_cli_fail(cli, &err);
	int status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	struct rt_view *view = rt_view_begin(store,
	    &(struct rt_analysis_opts){.now = cli->env->now, .features = cli->opts.features});
	while (rt_view_step(view))
		;
	status = write_graph(cli, view, &p);
	rt_view_free(view);
	rt_store_free(store);
	return status;
}

static const struct rt_example examples[] = {
    {"The whole graph, to paste into a chat", "rutter dump"},
    {"What hangs together with one route", "rutter dump httproute/cart -n shop"},
    {"A drawing of one Gateway", "rutter dump gtw/infra/public -o dot | dot -Tsvg >public.svg"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_dump = {
    .name = "dump",
    .arguments = "[KIND[/NAME]...]",
    .summary = "print the routing graph",
    .about = "Prints how traffic is routed, from classes over Gateways, listeners, routes and "
	     "Ingresses to Services and Pods, with what is broken on its way. A KIND or KIND/NAME "
	     "narrows it to what is connected with those objects; so do -n and -l.",
    .examples = examples,
    .formats = "tree wide json dot mermaid",
    .exits = "0, 1 no such object",
    .reads = true,
    .run = run,
};
