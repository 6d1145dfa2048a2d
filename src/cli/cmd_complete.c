/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_complete.c - `rutter __complete WORD…`: candidates for the last word, one a line with a
 * description, then kubectl's directive line. Reads no cluster: a key press must not wait.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/kinds.h"

/* Directives of kubectl's completion protocol. */
enum { FILES = 0, NO_FILES = 4 };

static void offer(struct rt_cli *cli, const char *prefix, const char *word, const char *about)
{
	if (strncmp(word, prefix, strlen(prefix)) != 0)
		return;
	rt_buf_puts(&cli->out, word);
	if (about)
		rt_buf_printf(&cli->out, "\t%s", about);
	rt_buf_putc(&cli->out, '\n');
}

static void offer_list(struct rt_cli *cli, const char *prefix, const char *words)
{
	for (const char *p = words; p && *p;) {
		size_t n = strcspn(p, " ");
		offer(cli, prefix, rt_arena_strndup(&cli->arena, p, n), NULL);
		p += n + (p[n] == ' ');
	}
}

static const struct rt_command *command_of(const rt_args *words)
{
	for (size_t i = 0; i + 1 < words->len; i++)
		if (rt_command_by_name(words->v[i]))
			return rt_command_by_name(words->v[i]);
	return NULL;
}

/* The option whose value the last word is, when the word before is one that takes a value. */
static const struct rt_option *pending_option(const rt_args *words)
{
	const char *before = words->len >= 2 ? words->v[words->len - 2] : "";
	const struct rt_option *o = NULL;
	if (strncmp(before, "--", 2) == 0)
		o = rt_option_by_name(before + 2, strlen(before + 2));
	else if (before[0] == '-' && before[1] && !before[2])
		o = rt_option_by_letter(before[1]);
	return o && o->type != RT_OPT_BOOL ? o : NULL;
}

static int offer_value(
    struct rt_cli *cli, const char *prefix, const struct rt_option *o, const struct rt_command *c)
{
	if (strcmp(o->name, "output") == 0)
		offer_list(cli, prefix, c ? c->formats : NULL);
	else
		offer_list(cli, prefix, o->values);
	bool path = strcmp(o->argument, "PATH") == 0 || strcmp(o->argument, "FILE") == 0;
	return path ? FILES : NO_FILES;
}

static void offer_options(struct rt_cli *cli, const char *prefix, const struct rt_command *c)
{
	for (size_t i = 0; i < rt_option_count; i++) {
		const struct rt_option *o = &rt_option_table[i];
		if (o->group && strlen(o->name) > 1 && (!c || rt_command_takes(c, o)))
			offer(cli, prefix, rt_arena_printf(&cli->arena, "--%s", o->name), o->help);
	}
}

static void offer_words(struct rt_cli *cli, const char *prefix, const struct rt_command *c)
{
	for (size_t i = 0; !c && i < rt_cli_command_count; i++)
		if (!rt_cli_commands[i]->hidden && strcmp(rt_cli_commands[i]->name, "tui") != 0)
			offer(cli, prefix, rt_cli_commands[i]->name, rt_cli_commands[i]->summary);
	if (c && c->arguments && strncmp(c->arguments, "[KIND", 5) == 0)
		for (size_t k = 0; k < RT_KIND_SNAPSHOT_INFO; k++)
			offer(cli, prefix, rt_kind_info((enum rt_kind)k)->plural, NULL);
	if (c && strcmp(c->name, "completion") == 0)
		offer_list(cli, prefix, "bash zsh fish");
	if (c && strcmp(c->name, "help") == 0)
		offer_words(cli, prefix, NULL);
}

static int run(struct rt_cli *cli)
{
	const char *last = cli->args.len > 0 ? cli->args.v[cli->args.len - 1] : "";
	const struct rt_command *c = command_of(&cli->args);
	const struct rt_option *o = pending_option(&cli->args);
	int directive = NO_FILES;
	if (o)
		directive = offer_value(cli, last, o, c);
	else if (last[0] == '-')
		offer_options(cli, last, c);
	else
		offer_words(cli, last, c);
	rt_buf_printf(&cli->out, ":%d\n", directive);
	return 0;
}

const struct rt_command rt_cmd_complete = {
    .name = "__complete", .summary = "", .about = "", .hidden = true, .run = run};
