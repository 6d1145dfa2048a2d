/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_check.c - `rutter check`: what is wrong, why, and how to mend it.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/check_report.h"
#include "rutter/source.h"
#include "watch.h"

/* One world judged: its facts and the findings that borrow from them. */
struct judged {
	struct rt_analysis *an;
	struct rt_check *check;
};

static struct judged judge(const struct rt_cli *cli, const struct rt_store *store)
{
	int64_t now = rt_env_clock(cli->env);
	struct rt_analysis_opts opts = {.now = now, .features = cli->opts.features};
	struct judged j = {.an = rt_analyze(store, &opts)};

	j.check = rt_check_new(&(struct rt_check_in){.an = j.an, .now = now});
	while (rt_check_step(j.check))
		;
	return j;
}

static void judged_done(struct judged *j)
{
	rt_check_free(j->check);
	rt_analysis_free(j->an);
}

/* -1: the option's value is no level. */
static int fail_level(const struct rt_cli *cli)
{
	const char *text = cli->opts.fail_on ? cli->opts.fail_on : "error";

	for (int s = 0; s < RT_SEV_COUNT; s++)
		if (strcmp(text, rt_severity_name((enum rt_severity)s)) == 0)
			return s;
	return strcmp(text, "never") == 0 ? RT_SEV_COUNT : -1;
}

static unsigned line_of(void *ctx, const struct rt_origin *origin, const char *field)
{
	return rt_line_find(ctx, origin, field);
}

static const struct {
	const char *format;
	void (*write)(struct rt_buf *out, const struct rt_check_report *r);
} writers[] = {
    {"json", rt_check_report_json},
    {"sarif", rt_check_report_sarif},
    {"junit", rt_check_report_junit},
    {"github", rt_check_report_github},
};

static void write_report(struct rt_cli *cli, const struct rt_check_report *r)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(writers); i++)
		if (rt_cli_format_is(cli, writers[i].format)) {
			writers[i].write(&cli->out, r);
			return;
		}
	rt_check_report_text(&cli->out, r, &cli->style);
}

static struct rt_findings narrowed(
    const struct rt_cli *cli, struct rt_arena *a, const struct rt_findings *all)
{
	const struct rt_finding_filter by = rt_narrow_filter(&cli->narrow);

	return rt_findings_filter(a, all, &by);
}

/* was: the findings without the overlay, NULL when there is none. */
static int report(struct rt_cli *cli, const struct rt_store *store, const struct rt_findings *was)
{
	struct rt_arena scratch = {0};
	struct judged j = judge(cli, store);
	struct rt_findings now = narrowed(cli, &scratch, rt_check_result(j.check));
	struct rt_findings_change change;
	struct rt_check_report r = {.shown = now,
	    .store = store,
	    .fail_on = (enum rt_severity)fail_level(cli),
	    .version = PACKAGE_VERSION,
	    .line = line_of,
	    .ctx = rt_line_finder_new(&cli->stdin_text)};

	if (was) {
		r.shown = now = rt_findings_without_new_echoes(&scratch, was, &now);
		change = rt_findings_compare(&scratch, was, &now);
		r.change = &change;
	}
	write_report(cli, &r);
	rt_line_finder_free(r.ctx);
	int status = rt_check_report_fails(&r) ? 1 : 0;
	judged_done(&j);
	rt_arena_done(&scratch);
	return status;
}

static int report_world(struct rt_cli *cli, const struct rt_store *store)
{
	return report(cli, store, NULL);
}

/* A finding in one line, for --watch. */
static void finding_lines(
    struct rt_cli *cli, const struct rt_store *store, struct rt_arena *a, rt_watch_lines *ret)
{
	struct judged j = judge(cli, store);
	struct rt_findings now = narrowed(cli, a, rt_check_result(j.check));

	for (size_t i = 0; i < now.len; i++) {
		const struct rt_finding *f = now.v[i];
		const struct rt_finding_info *info = rt_finding_info(f->code);
		const char *object = rt_ref_text(a, f->object);
		const char *severity = f->certain ? rt_severity_name(info->severity) : "unknown";
		struct rt_watch_line line = {.key = rt_arena_printf(a, "%s %s %s %s", info->code,
						 severity, object, f->field ? f->field : ""),
		    .text = rt_arena_printf(
			a, "%s %s %s: %s", severity, info->code, object, f->message)};

		rt_vec_push(ret, a, line);
	}
	judged_done(&j);
}

/* Judges the world without the overlay first, and keeps what was found: facts end with the objects
 * that the overlay replaces. */
static int check_overlay(struct rt_cli *cli, struct rt_store *store)
{
	struct judged j = judge(cli, store);
	struct rt_findings was = narrowed(cli, &cli->arena, rt_check_result(j.check));
	int status;

	was = rt_findings_copy(&cli->arena, &was);
	judged_done(&j);
	status = rt_input_overlay(cli, store);
	return status ? status : report(cli, store, &was);
}

static int run(struct rt_cli *cli)
{
	struct rt_store *store = NULL;
	int status;

	if (fail_level(cli) < 0)
		return rt_cli_usage(cli,
		    "--fail-on takes error, warning, info or never, not \"%s\"", cli->opts.fail_on);
	if (cli->opts.watch)
		return rt_watch(cli, &(struct rt_watch_ops){.report = report_world,
					 .lines = finding_lines,
					 .documents = !rt_cli_format_is(cli, "text")});
	status = rt_input_open(cli, &store);
	if (status != 0)
		return status;
	status = cli->opts.overlays.len ? check_overlay(cli, store) : report(cli, store, NULL);
	rt_store_free(store);
	return status;
}

static const struct rt_example examples[] = {
    {"A cluster, warnings counting too", "rutter check --fail-on warning"},
    {"Manifests in CI; no cluster is needed",
	"rutter check -f manifests/ -R -o sarif >findings.sarif"},
    {"What a change would break and mend", "rutter check --overlay new.yaml"},
    {"What kustomize makes", "kustomize build . | rutter check -f -"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_check = {
    .name = "check",
    .summary = "what is wrong, why, and how to mend it",
    .about =
	"Judges every object and prints findings, the worst first: code, object, field, what "
	"it does to traffic, the evidence, and the mend; for a missing ReferenceGrant the "
	"manifest to apply. rutter explain CODE says more about each.\n"
	"One cause gives one finding: what follows from it is in its evidence. Where something "
	"that decides was not read, the finding is marked ? and counted as unknown, never as "
	"an error. In manifests a kind of which the input holds nothing is unknown, not "
	"absent.\n"
	"With --overlay it says what the overlay introduces, mends and leaves.",
    .examples = examples,
    .formats = "text json sarif junit github",
    .exits = "0 nothing at the level of --fail-on, 1 something",
    .reads = true,
    .run = run,
};
