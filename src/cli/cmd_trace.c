/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_trace.c - `rutter trace`: what one request would meet, hop by hop.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "rutter/obj_pattern.h"
#include "rutter/trace_report.h"

/* "NS/NAME" into its parts; exit status, 0 when fine or not given. */
static int split(struct rt_cli *cli, const char *option, const char *text, const char **ret_ns,
    const char **ret_name)
{
	if (!text || rt_ns_name_parse(&cli->arena, text, ret_ns, ret_name))
		return 0;
	return rt_cli_usage(cli, "--%s %s: it takes NAMESPACE/NAME", option, text);
}

static int port(struct rt_cli *cli, int *ret)
{
	const char *text = cli->opts.port;
	char *end = NULL;
	if (!text)
		return 0;
	long n = strtol(text, &end, 10);
	if (*end || end == text || n < 1 || n > 65535)
		return rt_cli_usage(cli, "--port %s: it takes a number from 1 to 65535", text);
	*ret = (int)n;
	return 0;
}

static int parse(struct rt_cli *cli, struct rt_request *req, struct rt_trace_opts *opts)
{
	struct rt_error err = {0};
	struct rt_request_args args = {.headers = cli->opts.headers.v,
	    .header_count = cli->opts.headers.len,
	    .sni = cli->opts.sni,
	    .cert = cli->opts.cert};
	if (cli->args.len < 1 || cli->args.len > 2)
		return rt_cli_usage(cli, "trace takes [METHOD] URL");
	if (cli->args.len == 2 && strstr(cli->args.v[0], "://"))
		return rt_cli_usage(cli, "trace takes [METHOD] URL, in that order");
	args.url = cli->args.v[cli->args.len - 1];
	args.method = cli->args.len == 2 ? cli->args.v[0] : NULL;
	if (cli->opts.gateway && cli->opts.ingress)
		return rt_cli_usage(cli, "--gateway and --ingress exclude each other");
	int status = port(cli, &args.port);
	if (status == 0)
		status =
		    split(cli, "gateway", cli->opts.gateway, &opts->gateway_ns, &opts->gateway);
	if (status == 0)
		status =
		    split(cli, "ingress", cli->opts.ingress, &opts->ingress_ns, &opts->ingress);
	if (status != 0)
		return status;
	if (rt_request_parse(&cli->arena, &args, req, &err) != RT_OK)
		return rt_cli_fail(cli, &err);
	return 0;
}

/* -n and -l: results whose entry or route they show; where nobody listens is always shown. */
static void narrow(const struct rt_narrow *n, const struct rt_store *store, struct rt_trace *t)
{
	size_t kept = 0;
	for (size_t i = 0; i < t->results.len; i++) {
		const struct rt_trace_result *r = &t->results.v[i];
		const struct rt_obj *entry =
		    r->entry.name ? rt_store_get_ref(store, r->entry) : NULL;
		bool shown = !entry || rt_narrow_shows(n, entry);
		if (r->route)
			shown |= rt_narrow_shows(n, &r->route->obj);
		if (shown)
			t->results.v[kept++] = *r;
	}
	t->results.len = kept;
}

static int answer(struct rt_cli *cli, const struct rt_store *store, const struct rt_request *req,
    const struct rt_trace_opts *opts)
{
	struct rt_trace t;
	struct rt_analysis *an = rt_analyze(store, &(struct rt_analysis_opts){
						       .now = cli->env->now,
						       .features = cli->opts.features,
						       .closed_world = true,
						   });
	rt_trace_run(an, &cli->arena, req, opts, &t);
	narrow(&cli->narrow, store, &t);
	if (rt_cli_format_is(cli, "json"))
		rt_trace_json(&cli->out, &t, store);
	else
		rt_trace_text(&cli->out, &t, &cli->style);
	int status = rt_trace_served(&t) ? 0 : 1;
	rt_analysis_free(an);
	return status;
}

static int run(struct rt_cli *cli)
{
	struct rt_request req;
	struct rt_trace_opts opts = {0};
	struct rt_store *store = NULL;
	int status = parse(cli, &req, &opts);
	if (status == 0)
		status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	status = answer(cli, store, &req, &opts);
	rt_store_free(store);
	return status;
}

static const struct rt_example examples[] = {
    {"Why does it answer 503?", "rutter trace https://shop.example.com/cart"},
    {"Another method, with a header",
	"rutter trace -H 'x-version: v2' POST http://shop.example.com/cart"},
    {"A gRPC call, at one Gateway",
	"rutter trace --gateway infra/public grpcs://api.example.com/shop.Cart/List"},
    {"A TLS connection by the name it asks for",
	"rutter trace --sni vault.example.com tls://10.0.0.40:443"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_trace = {
    .name = "trace",
    .arguments = "[METHOD] URL",
    .summary = "what one request would meet, hop by hop",
    .about =
	"Follows one request through Gateway API and Ingress alike: entry point, listener, route, "
	"rule and match, filters, backends with their shares, endpoints and Pods; or names the "
	"first hop that fails, why, and how to mend it.\n\n"
	"URL schemes: http, https, grpc and grpcs (the path is /package.Service/Method), "
	"tls://host:port, tcp://host:port, udp://host:port. METHOD is GET, for gRPC POST, unless "
	"given.",
    .examples = examples,
    .formats = "text json",
    .exits = "0 some result is served: forwarded to a backend that works, redirected, or answered "
	     "with a status below 400; else 1",
    .reads = true,
    .run = run,
};
