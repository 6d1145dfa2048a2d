/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_help.c - `rutter help [COMMAND]`, from the tables of commands and options.
 */
#include "config.h"

#include <string.h>

#include "cli.h"

static void put_option(struct rt_cli *cli, const struct rt_option *o, const char *about)
{
	struct rt_buf left = {0};
	if (o->letter && strlen(o->name) == 1)
		rt_buf_printf(&left, "  -%c", o->letter);
	else if (o->letter)
		rt_buf_printf(&left, "  -%c, --%s", o->letter, o->name);
	else
		rt_buf_printf(&left, "      --%s", o->name);
	if (o->argument)
		rt_buf_printf(&left, " %s", o->argument);
	const unsigned column = 34;
	rt_buf_puts(&cli->out, rt_buf_str(&left));
	if (left.len + 2 > column) {
		rt_buf_putc(&cli->out, '\n');
		rt_buf_pad(&cli->out, ' ', column);
	} else {
		rt_buf_pad(&cli->out, ' ', column - left.len);
	}
	rt_text_wrap(&cli->out, &cli->style, column, about);
	rt_buf_putc(&cli->out, '\n');
	rt_buf_done(&left);
}

/* command NULL: every option. */
static void put_options(struct rt_cli *cli, const struct rt_command *command)
{
	for (size_t g = 0; g < rt_option_group_count; g++) {
		bool headed = false;
		for (size_t i = 0; i < rt_option_count; i++) {
			const struct rt_option *o = &rt_option_table[i];
			if (!o->group || strcmp(o->group, rt_option_groups[g]) != 0)
				continue;
			if (command ? !rt_command_takes(command, o) : !rt_option_in_use(o))
				continue;
			if (!headed)
				rt_buf_printf(&cli->out, "\n%s:\n", o->group);
			headed = true;
			put_option(cli, o, command ? o->help : rt_option_about(&cli->arena, o));
		}
	}
}

static void put_overview(struct rt_cli *cli)
{
	rt_buf_printf(&cli->out,
	    "Shows how traffic gets into a Kubernetes cluster, and where it runs aground.\n\n"
	    "Usage: %s [COMMAND] [OPTIONS]\n\nCommands:\n",
	    cli->program);
	for (size_t i = 0; i < rt_cli_command_count; i++) {
		const struct rt_command *c = rt_cli_commands[i];
		if (!c->hidden)
			rt_buf_printf(&cli->out, "  %-12s %s\n", c->name, c->summary);
	}
	rt_buf_puts(&cli->out, "\nWithout a command the terminal UI opens.\n");
	put_options(cli, NULL);
	rt_buf_puts(&cli->out, "\n");
	rt_text_wrap(&cli->out, &cli->style, 0,
	    rt_arena_printf(&cli->arena,
		"Exit status: 2 wrong usage or unreadable input, 3 nothing of the cluster could be "
		"read; %s help COMMAND tells what else a command returns.",
		cli->program));
	rt_buf_putc(&cli->out, '\n');
}

static void put_examples(struct rt_cli *cli, const struct rt_example *e)
{
	const size_t name = strlen("rutter");
	rt_buf_puts(&cli->out, e ? "\nExamples:\n" : "");
	for (; e && e->line; e++) {
		bool named = strncmp(e->line, "rutter", name) == 0;
		rt_buf_printf(&cli->out, "  # %s\n  %s%s\n", e->about, named ? cli->program : "",
		    named ? e->line + name : e->line);
	}
}

static int put_command(struct rt_cli *cli, const struct rt_command *c)
{
	bool tui = strcmp(c->name, "tui") == 0;
	rt_buf_printf(&cli->out, "Usage: %s%s%s%s%s [OPTIONS]\n\n", cli->program, tui ? "" : " ",
	    tui ? "" : c->name, c->arguments ? " " : "", c->arguments ? c->arguments : "");
	rt_text_wrap(&cli->out, &cli->style, 0, c->about);
	rt_buf_putc(&cli->out, '\n');
	if (c->formats)
		rt_buf_printf(
		    &cli->out, "\nFormats (-o): %s; the first is the default.\n", c->formats);
	if (c->exits) {
		rt_text_wrap(&cli->out, &cli->style, 0,
		    rt_arena_printf(&cli->arena, "Exit status: %s; 2 usage or input%s.", c->exits,
			c->reads ? ", 3 cluster" : ""));
		rt_buf_putc(&cli->out, '\n');
	}
	put_examples(cli, c->examples);
	if (c->reads)
		put_options(cli, c);
	return 0;
}

static int run(struct rt_cli *cli)
{
	if (cli->args.len == 0) {
		put_overview(cli);
		return 0;
	}
	struct rt_error err;
	const struct rt_command *c = rt_command_by_name(cli->args.v[0]);
	if (c)
		return put_command(cli, c);
	(void)rt_command_unknown(cli->program, cli->args.v[0], &err);
	return rt_cli_fail(cli, &err);
}

const struct rt_command rt_cmd_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "what the program or a command does",
    .about = "Prints what the program can do, or what one command does and which options it takes.",
    .exits = "0",
    .run = run,
};
