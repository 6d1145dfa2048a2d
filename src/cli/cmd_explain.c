/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_explain.c - `rutter explain`: what a code, a reason or a kind means, and how to mend it.
 */
#include "config.h"

#include "cli.h"
#include "rutter/check_report.h"
#include "rutter/nearest.h"
#include "rutter/obj_pattern.h"
#include "rutter/reasons.h"

static int unknown(struct rt_cli *cli, const char *what)
{
	struct rt_error err = {0};
	struct rt_nearest near = {.wrong = what};

	for (int c = 0; c < RT_CODE_COUNT; c++)
		rt_nearest_offer(&near, rt_finding_info((enum rt_code)c)->name);
	for (int r = RT_REASON_NONE + 1; r < RT_REASON_COUNT; r++)
		rt_nearest_offer(&near, rt_reason_name((enum rt_reason)r));
	rt_kinds_offer(&near);
	(void)rt_fail(&err, RT_NOT_FOUND, "explaining %s: no such code, reason or kind", what);
	if (near.word)
		rt_error_hint(&err, "did you mean %s?", near.word);
	else
		rt_error_hint(&err, "rutter explain without an argument lists every code");
	(void)rt_cli_fail(cli, &err);
	return rt_status_exit(RT_FOUND);
}

static int run(struct rt_cli *cli)
{

	if (cli->args.len > 1)
		return rt_cli_usage(cli, "explain takes one code, reason or kind");
	if (cli->args.len == 0) {
		rt_explain_list(&cli->out, &cli->style);
		return 0;
	}
	if (rt_explain(&cli->out, cli->args.v[0], &cli->style))
		return 0;
	return unknown(cli, cli->args.v[0]);
}

static const struct rt_example examples[] = {
    {"A finding", "rutter explain RT15"},
    {"What a controller reports", "rutter explain NotAllowedByListeners"},
    {"A kind and its findings", "rutter explain httproute"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_explain = {
    .name = "explain",
    .arguments = "[CODE|REASON|KIND]",
    .summary = "what a finding, a reason or a kind means",
    .about = "Explains a code of a finding (RT15), the reason of a condition (RefNotPermitted) or "
	     "a kind (gtw): what it means, when it arises, what must have been read for certainty, "
	     "and how to mend it. Without an argument it lists every code.",
    .examples = examples,
    .exits = "0, 1 unknown",
    .run = run,
};
