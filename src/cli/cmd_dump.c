/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_dump.c - `rutter dump [KIND[/NAME]…]`: the routing graph as text.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/dump.h"
#include "view.h"

/* One KIND, KIND/NAME or KIND/NAMESPACE/NAME of the command line. */
struct pick {
	enum rt_kind kind;
	const char *ns, *name; /* NULL: any */
};

static int parse_pick(struct rt_cli *cli, const char *word, struct pick *ret)
{
	size_t len = strcspn(word, "/");
	const char *kind = rt_arena_strndup(&cli->arena, word, len);
	*ret = (struct pick){RT_KIND_OTHER, NULL, NULL};
	if (!rt_kind_parse(kind, &ret->kind))
		return rt_cli_usage(cli, "\"%s\" is no kind that rutter reads", kind);
	if (!word[len])
		return 0;
	const char *rest = word + len + 1;
	const char *slash = strchr(rest, '/');
	if (slash)
		ret->ns = rt_arena_strndup(&cli->arena, rest, (size_t)(slash - rest));
	ret->name = slash ? slash + 1 : rest;
	if (!*ret->name)
		return rt_cli_usage(cli, "\"%s\" lacks the name after the slash", word);
	return 0;
}

static bool picked(const struct pick *p, const struct rt_node *n)
{
	if (n->type != RT_NODE_OBJECT || !n->obj || n->obj->kind != p->kind)
		return false;
	if (p->ns && (!n->obj->ns || strcmp(p->ns, n->obj->ns) != 0))
		return false;
	return !p->name || strcmp(p->name, n->obj->name) == 0;
}

static bool narrowed_in(const struct rt_narrow *narrow, const struct rt_node *n)
{
	return n->type == RT_NODE_OBJECT && n->obj &&
	       rt_narrow_shows(narrow, n->obj->ns, n->obj->labels);
}

/* Marks what is connected with the picked objects, or with all that -n and -l leave. 0: nothing is.
 * pick NULL: every object. */
static unsigned mark_connected(
    struct rt_graph *g, const struct pick *p, const struct rt_narrow *narrow, unsigned mark)
{
	RT_VEC(struct rt_node *) hits = {0};
	for (size_t i = 0; i < g->nodes.len; i++) {
		struct rt_node *n = g->nodes.v[i];
		if ((!p || picked(p, n)) && narrowed_in(narrow, n))
			rt_vec_push(&hits, NULL, n);
	}
	for (size_t i = 0; i < hits.len; i++)
		mark = rt_graph_mark(g, hits.v[i], mark);
	rt_vec_free(&hits);
	return mark;
}

static int pick_all(struct rt_cli *cli, struct rt_graph *g, unsigned *ret)
{
	struct rt_narrow narrow;
	int status = rt_cli_narrow(cli, &narrow);
	bool all = narrow.namespace_count == 0 && !narrow.by_labels;
	if (status != 0 || (all && cli->args.len == 0))
		return status;
	if (cli->args.len == 0) {
		*ret = mark_connected(g, NULL, &narrow, 0);
		if (*ret == 0)
			*ret = ++g->marks; /* nothing is left: an empty graph, no failure */
		return 0;
	}
	for (size_t i = 0; i < cli->args.len; i++) {
		struct pick p;
		status = parse_pick(cli, cli->args.v[i], &p);
		if (status != 0)
			return status;
		unsigned before = *ret;
		*ret = mark_connected(g, &p, &narrow, before);
		if (*ret == 0 && p.name) {
			rt_cli_warn(cli, "%s: no such object in the graph", cli->args.v[i]);
			return rt_status_exit(RT_FOUND);
		}
	}
	if (*ret == 0)
		*ret = ++g->marks;
	return 0;
}

static int write_graph(struct rt_cli *cli, const struct rt_view *view)
{
	struct rt_dump_opts opts = {.style = &cli->style, .findings = view->findings};
	int status = pick_all(cli, view->graph, &opts.mark);
	if (status != 0)
		return status;
	opts.wide = rt_cli_format_is(cli, "wide");
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
	struct rt_store *store = NULL;
	int status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	struct rt_view *view = rt_view_begin(store,
	    &(struct rt_analysis_opts){.now = cli->env->now, .features = cli->opts.features});
	while (rt_view_step(view))
		;
	status = write_graph(cli, view);
	rt_view_free(view);
	rt_store_free(store);
	return status;
}

const struct rt_command rt_cmd_dump = {
    .name = "dump",
    .arguments = "[KIND[/NAME]...]",
    .summary = "print the routing graph",
    .about = "Prints how traffic is routed, from classes over Gateways, listeners, routes and "
	     "Ingresses to Services and Pods, with what is broken on its way. A KIND or KIND/NAME "
	     "narrows it to what is connected with those objects; so do -n and -l.",
    .formats = "tree wide json dot mermaid",
    .exits = "0, 1 no such object",
    .reads = true,
    .run = run,
};
