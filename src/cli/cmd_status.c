/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_status.c - `rutter status`: the conditions a conformant controller would report.
 */
#include "config.h"

#include "cli.h"
#include "rutter/status_report.h"

static bool shows(const struct rt_narrow *n, const struct rt_obj *o)
{
	return rt_narrow_shows(n, o->ns, o->labels);
}

static void narrow(struct rt_status_report *r, const struct rt_narrow *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->conditions.len; i++)
		if (shows(n, r->conditions.v[i].obj))
			r->conditions.v[kept++] = r->conditions.v[i];
	r->conditions.len = kept;
	kept = 0;
	for (size_t i = 0; i < r->listeners.len; i++)
		if (shows(n, r->listeners.v[i].listener->owner))
			r->listeners.v[kept++] = r->listeners.v[i];
	r->listeners.len = kept;
	kept = 0;
	for (size_t i = 0; i < r->gateways.len; i++)
		if (shows(n, &r->gateways.v[i].gateway->gateway->obj))
			r->gateways.v[kept++] = r->gateways.v[i];
	r->gateways.len = kept;
}

static int run(struct rt_cli *cli)
{
	struct rt_store *store;
	struct rt_narrow n;
	struct rt_error err = {0};
	int format = rt_cli_format(cli);

	if (format < 0)
		return 2;
	if (rt_features_check(cli->opts.features, &err) != RT_OK)
		return rt_cli_fail(cli, &err);
	int status = rt_cli_narrow(cli, &n);
	if (status == 0)
		status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	struct rt_analysis_opts opts = {
	    .now = cli->env->now, .features = cli->opts.features, .closed_world = true};
	struct rt_analysis *an = rt_analyze(store, &opts);
	struct rt_status_report report = {0};
	rt_status_judge(an, &cli->arena, &report);
	narrow(&report, &n);
	if (rt_cli_format_is(cli, "json"))
		rt_status_report_json(&cli->out, &report, store);
	else
		rt_status_report_text(&cli->out, &report, &cli->style);
	rt_analysis_free(an);
	rt_store_free(store);
	return 0;
}

const struct rt_command rt_cmd_status = {
    .name = "status",
    .summary = "conditions: expected beside reported",
    .about = "Computes the conditions that a conformant controller would report for every "
	     "GatewayClass, Gateway, listener, ListenerSet, route (for each parentRef) and "
	     "BackendTLSPolicy, and shows them beside those that are reported.\n"
	     "The world is closed: what the input does not hold does not exist, endpoints "
	     "excepted. Where the specification leaves a value to the implementation, nothing is "
	     "expected. Verdicts: agree, differ, missing (expected, not reported), unexpected "
	     "(reported for a parent that should have none), stale (reported for an older "
	     "generation), unknown (something needed could not be read).",
    .formats = "table json",
    .exits = "0",
    .reads = true,
    .run = run,
};
