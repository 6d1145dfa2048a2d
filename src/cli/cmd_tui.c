/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_tui.c - `rutter [KIND/NAME]`: the terminal UI.
 */
#include "config.h"

#include "session.h"

static bool logs_to_screen(const struct rt_cli *cli)
{
	return cli->opts.verbosity && !cli->opts.log_file && !rt_env_get(cli->env, "RUTTER_LOG") &&
	       cli->env->stderr_tty && !cli->opts.script;
}

static int run(struct rt_cli *cli)
{
	struct rt_error err = {0};
	const char *open = cli->args.len > 0 ? cli->args.v[0] : NULL;
	if (cli->args.len > 1)
		return rt_cli_usage(cli, "one object at most can be opened");
	if (!cli->opts.script && (!cli->env->stdin_tty || !cli->env->stdout_tty)) {
		(void)rt_fail(&err, RT_USAGE,
		    "the terminal UI needs a terminal; without one use %s dump", cli->program);
		return rt_cli_fail(cli, &err);
	}
	if (logs_to_screen(cli))
		return rt_cli_usage(
		    cli, "-v would write over the screen: give a file with --log-file");
	return rt_session_run(cli, open, cli->opts.script);
}

static const struct rt_example examples[] = {
    {"The cluster of the current context", "rutter"},
    {"Opened on one object", "rutter httproute/shop/cart"},
    {"Opened on a trace", "rutter --trace https://shop.example.com/cart"},
    {"A cluster to look around in", "rutter --demo"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_tui = {
    .name = "tui",
    .arguments = "[KIND/NAME]",
    .summary = "open the terminal UI",
    .about = "Opens the terminal UI, on one object if it is named, or on a trace with --trace URL. "
	     "? shows the keys.",
    .examples = examples,
    .exits = "0",
    .reads = true,
    .run = run,
};
