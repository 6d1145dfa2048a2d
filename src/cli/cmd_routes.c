/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_routes.c - `rutter routes [HOST|KIND[/NAME]…]`: the flat routing table.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/routes_report.h"

/* One word of the command line. */
struct word {
	const char *host; /* NULL: an object */
	struct rt_obj_pattern object;
};
typedef RT_VEC(struct word) words;

static enum rt_status parse_word(
    struct rt_cli *cli, const char *text, struct word *ret, struct rt_error *err)
{
	enum rt_kind kind;
	*ret = (struct word){0};
	if (strchr(text, '/') || rt_kind_parse(text, &kind))
		return rt_obj_pattern_parse(&cli->arena, text, &ret->object, err);
	ret->host = text;
	return RT_OK;
}

static bool picked(const words *p, const struct rt_route_row *row)
{
	for (size_t i = 0; i < p->len; i++) {
		const struct word *w = &p->v[i];
		if (w->host ? rt_row_takes_host(row, w->host) : rt_row_names(row, &w->object))
			return true;
	}
	return p->len == 0;
}

/* -n and -l: by the route or Ingress, or by the Gateway. */
static bool narrowed(const struct rt_narrow *n, const struct rt_route_row *row)
{
	const struct rt_gateway_fact *gw = row->listener ? row->listener->gateway : NULL;
	return rt_narrow_shows(n, row->route) || (gw && rt_narrow_shows(n, &gw->gateway->obj));
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

static void answer(struct rt_cli *cli, const struct rt_store *store, const words *p)
{
	struct rt_routes routes;
	RT_VEC(size_t) shown = {0};
	struct rt_analysis *an = rt_analyze(store, &(struct rt_analysis_opts){
						       .now = cli->env->now,
						       .features = cli->opts.features,
						       .closed_world = true,
						   });
	rt_routes_of(an, &cli->arena, &routes);
	for (size_t i = 0; i < routes.rows.len; i++)
		if (picked(p, &routes.rows.v[i]) && narrowed(&cli->narrow, &routes.rows.v[i]))
			rt_vec_push(&shown, &cli->arena, i);
	print(cli, &(struct rt_routes_view){&routes, shown.v, shown.len}, store);
	rt_analysis_free(an);
}

static int run(struct rt_cli *cli)
{
	struct rt_error err = {0};
	struct rt_store *store = NULL;
	words p = {0};
	enum rt_status st = RT_OK;
	for (size_t i = 0; st == RT_OK && i < cli->args.len; i++) {
		struct word w;
		st = parse_word(cli, cli->args.v[i], &w, &err);
		rt_vec_push(&p, &cli->arena, w);
	}
	if (st != RT_OK)
		return rt_cli_fail(cli, &err);
	int status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	answer(cli, store, &p);
	rt_store_free(store);
	return 0;
}

static const struct rt_example examples[] = {
    {"Who serves a host", "rutter routes shop.example.com"},
    {"Everything that leads to a Service", "rutter routes svc/shop/cart"},
    {"For a spreadsheet", "rutter routes -o csv >routes.csv"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_routes = {
    .name = "routes",
    .arguments = "[HOST|KIND[/NAME]...]",
    .summary = "the routing table, one line a host and match",
    .about =
	"Lists everything that is served, Gateway API and Ingress side by side, one line a "
	"host, path and match: entry point and listener or class, route and rule, backends "
	"with their shares, ready endpoints, state. Lines of one host stand in order of "
	"precedence; a rule that another one always beats is marked with that one.\n\n"
	"A host, a kind or an object narrows the table to what has to do with it.\n\n"
	"On a terminal that is too narrow for the columns each line becomes a paragraph below its "
	"host; a pipe gets the columns.",
    .examples = examples,
    .formats = "table json csv",
    .exits = "0",
    .reads = true,
    .run = run,
};
