/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_status.c - `rutter status`: the conditions a conformant controller would report.
 */
#include "config.h"

#include "cli.h"
#include "rutter/status_report.h"
#include "watch.h"

static void narrow(struct rt_status_report *r, const struct rt_narrow *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->conditions.len; i++)
		if (rt_narrow_shows(n, r->conditions.v[i].obj))
			r->conditions.v[kept++] = r->conditions.v[i];
	r->conditions.len = kept;
	kept = 0;
	for (size_t i = 0; i < r->listeners.len; i++)
		if (rt_narrow_shows(n, r->listeners.v[i].listener->owner))
			r->listeners.v[kept++] = r->listeners.v[i];
	r->listeners.len = kept;
	kept = 0;
	for (size_t i = 0; i < r->gateways.len; i++)
		if (rt_narrow_shows(n, &r->gateways.v[i].gateway->gateway->obj))
			r->gateways.v[kept++] = r->gateways.v[i];
	r->gateways.len = kept;
}

static struct rt_analysis *judge(const struct rt_cli *cli, const struct rt_store *store,
    struct rt_arena *a, struct rt_status_report *ret)
{
	struct rt_analysis_opts opts = {
	    .now = rt_env_clock(cli->env), .features = cli->opts.features, .closed_world = true};
	struct rt_analysis *an = rt_analyze(store, &opts);

	rt_status_judge(an, a, ret);
	narrow(ret, &cli->narrow);
	return an;
}

static int report(struct rt_cli *cli, const struct rt_store *store)
{
	struct rt_arena scratch = {0};
	struct rt_status_report r = {0};
	struct rt_analysis *an = judge(cli, store, &scratch, &r);

	if (rt_cli_format_is(cli, "json"))
		rt_status_report_json(&cli->out, &r, store);
	else
		rt_status_report_text(&cli->out, &r, &cli->style);
	rt_analysis_free(an);
	rt_arena_done(&scratch);
	return 0;
}

/* A condition in one line, for --watch. */
static const char *row_text(struct rt_arena *a, const struct rt_condition_row *row)
{
	const char *reason = rt_reason_name(row->expected.reason);
	struct rt_buf t = {0};

	rt_buf_puts(&t, rt_obj_text(a, row->obj));
	if (row->parent)
		rt_buf_printf(&t, " at %s", rt_ref_text(a, *row->parent));
	if (row->parent_section)
		rt_buf_printf(&t, " %s", row->parent_section);
	if (row->listener)
		rt_buf_printf(&t, " listener %s", row->listener);
	rt_buf_printf(&t, ": %s expected %s%s%s", row->type,
	    row->expected.status ? row->expected.status : "open", reason ? " " : "",
	    reason ? reason : "");
	if (row->reported)
		rt_buf_printf(&t, ", reported %s %s%s", row->reported->status,
		    row->reported->reason ? row->reported->reason : "",
		    row->stale ? " (stale)" : "");
	const char *text = rt_arena_strdup(a, rt_buf_str(&t));
	rt_buf_done(&t);
	return text;
}

static void condition_lines(
    struct rt_cli *cli, const struct rt_store *store, struct rt_arena *a, rt_watch_lines *ret)
{
	struct rt_status_report r = {0};
	struct rt_analysis *an = judge(cli, store, a, &r);

	for (size_t i = 0; i < r.conditions.len; i++) {
		const char *text = row_text(a, &r.conditions.v[i]);
		rt_vec_push(ret, a, ((struct rt_watch_line){text, text}));
	}
	rt_analysis_free(an);
}

static int run(struct rt_cli *cli)
{
	struct rt_store *store;

	if (cli->opts.watch)
		return rt_watch(cli, &(struct rt_watch_ops){.report = report,
					 .lines = condition_lines,
					 .documents = rt_cli_format_is(cli, "json")});
	int status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	status = report(cli, store);
	rt_store_free(store);
	return status;
}

static const struct rt_example examples[] = {
    {"What the controllers report, and what they should", "rutter status -n shop"},
    {"Only what differs",
	"rutter status -o json | jq '.conditions[] | select(.verdict == \"differ\")'"},
    {"Changes as they happen", "rutter status --watch"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_status = {
    .name = "status",
    .summary = "conditions: expected beside reported",
    .about = "Computes the conditions that a conformant controller would report for every "
	     "GatewayClass, Gateway, listener, ListenerSet, route (for each parentRef) and "
	     "BackendTLSPolicy, and shows them beside those that are reported.\n"
	     "The world is closed: what the input does not hold does not exist, endpoints "
	     "excepted. Where the specification leaves a value to the implementation, nothing is "
	     "expected, and the verdict is open. Verdicts: agree, differ, missing (expected, not "
	     "reported), unexpected "
	     "(reported for a parent that should have none), stale (reported for an older "
	     "generation), unknown (something needed could not be read).",
    .examples = examples,
    .formats = "table json",
    .exits = "0",
    .reads = true,
    .run = run,
};
