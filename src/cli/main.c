/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - the program's door: reads environment and command line, runs one command, writes its
 * output.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "rutter/log.h"

static enum rt_status read_color(struct rt_cli *cli, struct rt_error *err)
{
	static const struct {
		const char *name;
		enum rt_color color;
	} names[] = {{"never", RT_COLOR_NEVER}, {"16", RT_COLOR_16}, {"256", RT_COLOR_256},
	    {"truecolor", RT_COLOR_TRUE}};
	const char *when = cli->opts.color ? cli->opts.color : "auto";
	const char *term = rt_env_get(cli->env, "TERM");
	if (strcmp(when, "auto") == 0) {
		bool plain = !cli->env->stdout_tty || rt_env_get(cli->env, "NO_COLOR") || !term ||
			     strcmp(term, "dumb") == 0;
		cli->style.color = plain ? RT_COLOR_NEVER : RT_COLOR_16;
		return RT_OK;
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(names); i++)
		if (strcmp(when, names[i].name) == 0) {
			cli->style.color = names[i].color;
			return RT_OK;
		}
	return rt_fail(err, RT_USAGE, "--color %s: knows auto, never, 16, 256 and truecolor", when);
}

/* Other users see command lines: no token stays in ours, not even one that a later one replaces. */
static void hide_tokens(struct rt_cli *cli)
{
	for (size_t i = 0; i < cli->opts.tokens.len; i++) {
		char *typed = (char *)(uintptr_t)cli->opts.tokens.v[i];
		cli->opts.tokens.v[i] = rt_arena_strdup(&cli->arena, typed);
		rt_log_secret(cli->opts.tokens.v[i]);
		memset(typed, 'x', strlen(typed));
	}
}

static enum rt_status open_log(const struct rt_cli *cli, struct rt_error *err)
{
	const char *path =
	    cli->opts.log_file ? cli->opts.log_file : rt_env_get(cli->env, "RUTTER_LOG");
	const char *level = cli->opts.verbosity;
	if (!level && !path)
		return RT_OK;
	if (level && (level[0] < '0' || level[0] > '9' || (level[1] && strcmp(level, "10") != 0)))
		return rt_fail(err, RT_USAGE, "-v %s: a level is a number from 0 to 10", level);
	int n = level ? level[0] - '0' : 6;
	return rt_log_open(path, level && level[1] ? 10 : n, err);
}

/* As kubectl's plugins do: named kubectl-rutter, the program shows the words that start it. */
static const char *program_name(const char *argv0)
{
	const char *base = argv0 ? strrchr(argv0, '/') : NULL;
	base = base ? base + 1 : argv0;
	return base && strncmp(base, "kubectl-", 8) == 0 ? "kubectl rutter" : "rutter";
}

static void take_command(struct rt_cli *cli)
{
	cli->command = cli->args.len > 0 ? rt_command_by_name(cli->args.v[0]) : NULL;
	if (!cli->command)
		return;
	cli->args.len--;
	memmove(cli->args.v, cli->args.v + 1, cli->args.len * sizeof(*cli->args.v));
}

/* Where the first word was no command: without one the terminal UI takes what follows. */
static enum rt_status need_command(struct rt_cli *cli, struct rt_error *err)
{
	const char *word = cli->args.len > 0 ? cli->args.v[0] : NULL;
	if (cli->command)
		return RT_OK;
	if (word && !strchr(word, '/'))
		return rt_command_unknown(cli->program, word, err);
	cli->command = rt_command_by_name(!word && cli->opts.help ? "help" : "tui");
	return RT_OK;
}

/* Options that another command has are refused, not ignored. */
static enum rt_status check_options(const struct rt_cli *cli, struct rt_error *err)
{
	static const struct rt_options none;
	for (size_t i = 0; i < rt_option_count; i++) {
		const struct rt_option *o = &rt_option_table[i];
		size_t size = o->type == RT_OPT_BOOL ? sizeof(bool) : sizeof(char *);
		const char *p = (const char *)&cli->opts + o->offset;
		bool set = memcmp(p, (const char *)&none + o->offset, size) != 0;
		if (set && !rt_command_takes(cli->command, o))
			return rt_fail(
			    err, RT_USAGE, "%s takes no --%s", cli->command->name, o->name);
	}
	return RT_OK;
}

/* --help asks about the command, whatever else was typed. */
static void help_instead(struct rt_cli *cli)
{
	const struct rt_command *help = rt_command_by_name("help");
	cli->opts.output = NULL;
	if (cli->command == help)
		return;
	cli->args.len = 0;
	rt_vec_push(&cli->args, NULL, cli->command->name);
	cli->command = help;
}

static int run_command(struct rt_cli *cli)
{
	if (cli->args.len > 0 && !cli->command->arguments && !cli->command->hidden)
		return rt_cli_usage(cli, "%s takes no argument", cli->command->name);
	if (rt_cli_format(cli) < 0)
		return rt_status_exit(RT_USAGE);
	return cli->command->run(cli);
}

/* A reader that went away is no failure (and SIGPIPE is ignored): the program ends quietly. */
static int flush(struct rt_cli *cli, int status)
{
	if (cli->out.len > 0)
		fwrite(cli->out.data, 1, cli->out.len, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE) {
		struct rt_error err;
		(void)rt_fail(&err, RT_IO, "writing the output: %s", strerror(errno));
		return rt_cli_fail(cli, &err);
	}
	return status;
}

/* The words to complete are half a command line: none of them is for this run. */
static bool asks_completion(struct rt_cli *cli, int argc, char *const *argv)
{
	if (argc < 2 || strcmp(argv[1], "__complete") != 0)
		return false;
	for (int i = 2; i < argc; i++)
		rt_vec_push(&cli->args, NULL, (const char *)argv[i]);
	cli->command = rt_command_by_name(argv[1]);
	return true;
}

static enum rt_status prepare(struct rt_cli *cli, int argc, char **argv, struct rt_error *err)
{
	if (asks_completion(cli, argc, argv))
		return RT_OK;
	enum rt_status st = rt_options_parse(argc, argv, &cli->opts, &cli->args, err);
	hide_tokens(cli);
	take_command(cli);
	if (st == RT_OK)
		st = read_color(cli, err);
	if (st == RT_OK)
		st = open_log(cli, err);
	if (st == RT_OK)
		st = need_command(cli, err);
	if (st == RT_OK && cli->opts.help)
		help_instead(cli);
	else if (st == RT_OK)
		st = check_options(cli, err);
	if (st == RT_OK && !cli->opts.help)
		st = rt_features_check(cli->opts.features, err);
	if (st == RT_OK && !cli->opts.help)
		st = rt_narrow_read(&cli->arena, &cli->opts, &cli->narrow, err);
	cli->style.ascii = cli->opts.ascii || !cli->env->utf8;
	cli->style.width = cli->env->columns;
	cli->style.terminal = cli->env->stdout_tty;
	return st;
}

/* Or the next file to be opened would get what is written to stderr. */
static void keep_standard_descriptors(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct rt_env env = {0};
	struct rt_error err = {0};
	struct rt_cli cli = {.env = &env};

	keep_standard_descriptors();
	/* Characters alone: numbers are JSON's and YAML's, whatever a comma means to the user. */
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	rt_env_read(&env);
	cli.program = program_name(argv[0]);
	int status;
	if (prepare(&cli, argc, argv, &err) != RT_OK) {
		status = rt_cli_fail(&cli, &err);
	} else {
		status = run_command(&cli);
		status = flush(&cli, status);
	}
	rt_buf_done(&cli.out);
	rt_buf_wipe(&cli.stdin_text);
	rt_arena_wipe(&cli.arena);
	rt_vec_free(&cli.args);
	rt_options_done(&cli.opts);
	rt_log_close();
	return status;
}
