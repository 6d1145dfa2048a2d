/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.c - from the options to a store full of objects.
 */
#include "config.h"

#include "cli.h"
#include "rutter/source.h"

static int fail_and_free(const struct rt_cli *cli, struct rt_store *s, const struct rt_error *err)
{
	rt_store_free(s);
	return rt_cli_fail(cli, err);
}

/* Else a check of the wrong folder would look like a check without findings. */
static void held_nothing(void *ctx, const char *shown, bool directory)
{
	const struct rt_cli *cli = ctx;
	const char *where = directory ? "in its *.yaml, *.yml and *.json" : "in it";
	const char *help = directory && !cli->opts.recursive ? "; -R descends into subfolders" : "";
	rt_cli_warn(cli, "nothing read from %s: no object %s%s", shown, where, help);
}

static int open_files(struct rt_cli *cli, struct rt_store **ret)
{
	struct rt_error err = {0};
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	struct rt_files_opts opts = {
	    .paths = cli->opts.filenames.v,
	    .count = cli->opts.filenames.len,
	    .recursive = cli->opts.recursive,
	    .keep_stdin = &cli->stdin_text,
	    .held_nothing = held_nothing,
	    .ctx = cli,
	};
	if (rt_source_files(s, &opts, &err) != RT_OK)
		return fail_and_free(cli, s, &err);
	*ret = s;
	return 0;
}

static int open_demo(struct rt_cli *cli, struct rt_store **ret)
{
	struct rt_error err = {0};
	struct rt_store *s = rt_store_new(RT_STORE_SNAPSHOT);
	rt_store_set_context(s, "demo");
	if (rt_source_demo(s, cli->env->now, &err) != RT_OK)
		return fail_and_free(cli, s, &err);
	*ret = s;
	return 0;
}

int rt_input_open(struct rt_cli *cli, struct rt_store **ret)
{
	*ret = NULL;
	if (cli->opts.demo && cli->opts.filenames.len > 0)
		return rt_cli_usage(cli, "--demo and -f exclude each other");
	int status = cli->opts.demo                ? open_demo(cli, ret)
		     : cli->opts.filenames.len > 0 ? open_files(cli, ret)
						   : rt_input_cluster(cli, ret);
	if (status == 0)
		rt_cli_say_unread(cli, *ret);
	return status;
}

int rt_input_overlay(struct rt_cli *cli, struct rt_store *store)
{
	struct rt_error err = {0};
	struct rt_files_opts opts = {
	    .paths = cli->opts.overlays.v,
	    .count = cli->opts.overlays.len,
	    .recursive = cli->opts.recursive,
	    .keep_stdin = &cli->stdin_text,
	    .overlay = true,
	    .held_nothing = held_nothing,
	    .ctx = cli,
	};
	if (opts.count == 0)
		return 0;
	if (rt_source_files(store, &opts, &err) != RT_OK)
		return rt_cli_fail(cli, &err);
	return 0;
}

/* What was left out is said by every command; check has findings for it. */
static void warn_of_problems(const struct rt_cli *cli, const struct rt_store *store)
{
	const struct rt_input_problem *p;
	size_t n = rt_store_problems(store, &p), left_out = 0;
	const struct rt_input_problem *first = NULL;
	for (size_t i = 0; i < n; i++) {
		if (p[i].duplicate)
			continue;
		first = first ? first : &p[i];
		left_out++;
	}
	if (left_out == 0)
		return;
	rt_cli_warn(cli, "%zu object%s left out: %s %s: %s%s", left_out,
	    left_out == 1 ? " is" : "s are", first->ref.kind ? first->ref.kind : "object",
	    first->ref.name ? first->ref.name : "without name", first->message,
	    left_out > 1 ? " (check names them all)" : "");
}

int rt_input_read(struct rt_cli *cli, struct rt_store **ret)
{
	int status = rt_input_open(cli, ret);
	if (status != 0)
		return status;
	status = rt_input_overlay(cli, *ret);
	if (status == 0) {
		warn_of_problems(cli, *ret);
		return 0;
	}
	rt_store_free(*ret);
	*ret = NULL;
	return status;
}
