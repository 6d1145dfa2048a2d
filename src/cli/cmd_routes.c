/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_routes.c - `rutter routes [HOST|KIND[/NAME]…]`: the flat routing table.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/routes_report.h"

/* One word of the command line: a host, or KIND[/[NAMESPACE/]NAME]. */
struct pick {
	const char *host; /* NULL: an object */
	enum rt_kind kind;
	const char *ns, *name;
};
typedef RT_VEC(struct pick) picks;

static int parse_pick(struct rt_cli *cli, const char *word, struct pick *ret)
{
	size_t len = strcspn(word, "/");
	const char *kind = rt_arena_strndup(&cli->arena, word, len);
	*ret = (struct pick){.kind = RT_KIND_OTHER};
	if (!rt_kind_parse(kind, &ret->kind)) {
		if (word[len])
			return rt_cli_usage(cli, "\"%s\" is no kind that rutter reads", kind);
		ret->host = word;
		return 0;
	}
	if (!word[len])
		return 0;
	const char *rest = word + len + 1, *slash = strchr(rest, '/');
	if (slash)
		ret->ns = rt_arena_strndup(&cli->arena, rest, (size_t)(slash - rest));
	ret->name = slash ? slash + 1 : rest;
	if (!ret->name[0])
		return rt_cli_usage(cli, "\"%s\" lacks the name after the slash", word);
	return 0;
}

static bool picked(const picks *p, const struct rt_route_row *row)
{
	for (size_t i = 0; i < p->len; i++) {
		const struct pick *k = &p->v[i];
		if (k->host ? rt_row_takes_host(row, k->host)
			    : rt_row_names(row, k->kind, k->ns, k->name))
			return true;
	}
	return p->len == 0;
}

/* -n and -l: by the route or Ingress, or by the Gateway. */
static bool narrowed(const struct rt_narrow *n, const struct rt_route_row *row)
{
	if (rt_narrow_shows(n, row->route->ns, row->route->labels))
		return true;
	const struct rt_gateway_fact *gw = row->listener ? row->listener->gateway : NULL;
	return gw && rt_narrow_shows(n, gw->gateway->obj.ns, gw->gateway->obj.labels);
}

static void print(struct rt_cli *cli, const struct rt_routes_view *v, const struct rt_store *store)
{
	if (rt_cli_format_is(cli, "json"))
		rt_routes_json(&cli->out, v, store);
	else if (rt_cli_format_is(cli, "csv"))
		rt_routes_csv(&cli->out, v);
	else
		rt_routes_table(&cli->out, v, &cli->style);
}

static int answer(struct rt_cli *cli, const struct rt_store *store, const picks *p)
{
	struct rt_narrow n;
	struct rt_routes routes;
	RT_VEC(size_t) shown = {0};
	int status = rt_cli_narrow(cli, &n);
	if (status != 0)
		return status;
	struct rt_analysis *an = rt_analyze(store, &(struct rt_analysis_opts){
						       .now = cli->env->now,
						       .features = cli->opts.features,
						       .closed_world = true,
						   });
	rt_routes_of(an, &cli->arena, &routes);
	for (size_t i = 0; i < routes.rows.len; i++)
		if (picked(p, &routes.rows.v[i]) && narrowed(&n, &routes.rows.v[i]))
			rt_vec_push(&shown, &cli->arena, i);
	print(cli, &(struct rt_routes_view){&routes, shown.v, shown.len}, store);
	rt_analysis_free(an);
	return 0;
}

static int run(struct rt_cli *cli)
{
	struct rt_error err = {0};
	struct rt_store *store = NULL;
	picks p = {0};
	int status = 0;
	for (size_t i = 0; status == 0 && i < cli->args.len; i++) {
		struct pick one;
		status = parse_pick(cli, cli->args.v[i], &one);
		if (status == 0)
			rt_vec_push(&p, &cli->arena, one);
	}
	if (status == 0 && rt_features_check(cli->opts.features, &err) != RT_OK)
		status = rt_cli_fail(cli, &err);
	if (status == 0)
		status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	status = answer(cli, store, &p);
	rt_store_free(store);
	return status;
}

const struct rt_command rt_cmd_routes = {
    .name = "routes",
    .arguments = "[HOST|KIND[/NAME]…]",
    .summary = "the routing table, one line a host and match",
    .about = "Lists everything that is served, Gateway API and Ingress side by side, one line a "
	     "host, path and match: entry point and listener or class, route and rule, backends "
	     "with their shares, ready endpoints, state. Lines of one host stand in order of "
	     "precedence; a rule that another one always beats is marked with that one.\n\n"
	     "A host, a kind or an object narrows the table to what has to do with it.",
    .formats = "table json csv",
    .exits = "0",
    .reads = true,
    .run = run,
};
