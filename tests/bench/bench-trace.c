/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-trace.c - how long a trace takes among 5,000 routes on 20 Gateways, and the routing table
 * with 50,000 rows. Prints one JSON object of milliseconds; tests/bench/run.py shows it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/routes_report.h"
#include "rutter/trace.h"
#include "tests/lib/world.h"

enum { GATEWAYS = 20, ROUTES = 5000, RULES = 10, TRACES = 50, SCREEN = 60 };

/* CPU time: what else the machine does is none of ours. */
static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void put_world(struct rt_buf *out)
{
	rt_buf_puts(out, "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
			 "metadata: {name: c}\nspec: {controllerName: example.com/c}\n");
	for (int i = 0; i < GATEWAYS; i++)
		rt_buf_printf(out,
		    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
		    "metadata: {name: g%d, namespace: d}\nspec: {gatewayClassName: c, listeners: "
		    "[{name: h, port: 80, protocol: HTTP, hostname: \"*.g%d.test\"}]}\n",
		    i, i);
	for (int i = 0; i < ROUTES; i++) {
		rt_buf_printf(out,
		    "---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d, namespace: d}\n"
		    "spec: {ports: [{port: 80}]}\n"
		    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
		    "metadata: {name: r%d, namespace: d}\nspec:\n  parentRefs: [{name: g%d}]\n"
		    "  hostnames: [\"h%d.g%d.test\"]\n  rules:\n",
		    i, i, i % GATEWAYS, i / 40, i % GATEWAYS);
		for (int j = 0; j < RULES; j++)
			rt_buf_printf(out,
			    "  - {matches: [{path: {value: \"/r%d/p%d\"}, headers: [{name: v, "
			    "value: "
			    "\"1\"}]}], backendRefs: [{name: s%d, port: 80}]}\n",
			    i, j, i);
	}
}

/* Of all Gateways, as without --gateway; the mean of hits and misses. */
static double trace_ms(const struct rt_analysis *an)
{
	static const char *const headers[] = {"V: 1"};
	double began = now_ms();
	for (int i = 0; i < TRACES; i++) {
		struct rt_arena a = {0};
		struct rt_request req;
		struct rt_trace t;
		int route = i * 97 % ROUTES;
		struct rt_request_args args = {
		    .url = rt_arena_printf(&a, "http://h%d.g%d.test/r%d/p7/x", route / 40,
			route % GATEWAYS, i % 2 ? route : -1),
		    .headers = headers,
		    .header_count = 1};
		if (rt_request_parse(&a, &args, &req, NULL) == RT_OK)
			rt_trace_run(an, &a, &req, &(struct rt_trace_opts){0}, &t);
		rt_arena_done(&a);
	}
	return (now_ms() - began) / TRACES;
}

static void table(const struct rt_analysis *an)
{
	struct rt_arena a = {0};
	struct rt_routes routes;
	struct rt_buf out = {0};
	double began = now_ms();
	rt_routes_of(an, &a, &routes);
	double built = now_ms();
	size_t *index = rt_arena_calloc(&a, routes.rows.len + 1, sizeof(*index));
	for (size_t i = 0; i < routes.rows.len; i++)
		index[i] = i;
	for (size_t i = 0; i < SCREEN && i < routes.rows.len; i++)
		for (unsigned c = 0; c < RT_CELL_COUNT; c++)
			rt_route_cell_text(&out, &routes, i, (enum rt_route_cell)c);
	double screen = now_ms();
	rt_routes_json(&out, &(struct rt_routes_view){&routes, index, routes.rows.len}, NULL);
	printf("\"rows\": %zu, \"table_ms\": %.2f, \"screen_ms\": %.3f, \"json_ms\": %.1f}\n",
	    routes.rows.len, built - began, screen - built, now_ms() - screen);
	rt_buf_done(&out);
	rt_arena_done(&a);
}

int main(void)
{
	struct world w;
	struct rt_buf text = {0};
	world_init(&w);
	put_world(&text);
	if (!world_yaml(&w, rt_buf_str(&text)))
		return EXIT_FAILURE;
	rt_buf_done(&text);
	double began = now_ms();
	struct rt_analysis *an =
	    rt_analyze(w.store, &(struct rt_analysis_opts){.closed_world = true});
	printf("{\"analysis_ms\": %.1f, ", now_ms() - began);
	printf("\"trace_ms\": %.2f, ", trace_ms(an));
	table(an);
	rt_analysis_free(an);
	world_done(&w);
	return EXIT_SUCCESS;
}
