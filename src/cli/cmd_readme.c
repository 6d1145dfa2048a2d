/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_readme.c - `rutter __readme BLOCK`: the README's tables, from the tables of the program. A
 * test fails when the two part.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/action.h"
#include "rutter/findings.h"

/* '|' would end a cell. */
static void put_cell(struct rt_buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '|')
			rt_buf_putc(out, '\\');
		rt_buf_putc(out, *p);
	}
}

static void put_commands(struct rt_buf *out)
{
	rt_buf_puts(out, "| command | does | formats (`-o`) |\n|---|---|---|\n");
	for (size_t i = 0; i < rt_cli_command_count; i++) {
		const struct rt_command *c = rt_cli_commands[i];
		if (c->hidden)
			continue;
		bool tui = strcmp(c->name, "tui") == 0;
		rt_buf_printf(out, "| `rutter%s%s", tui ? "" : " ", tui ? "" : c->name);
		if (c->arguments) {
			rt_buf_putc(out, ' ');
			put_cell(out, c->arguments);
		}
		rt_buf_printf(out, "` | %s | %s |\n", c->summary, c->formats ? c->formats : "");
	}
}

static void put_findings(struct rt_buf *out)
{
	rt_buf_puts(out, "| code | name | severity |\n|---|---|---|\n");
	for (size_t i = 0; i < RT_CODE_COUNT; i++) {
		const struct rt_finding_info *f = rt_finding_info((enum rt_code)i);
		rt_buf_printf(
		    out, "| %s | %s | %s |\n", f->code, f->name, rt_severity_name(f->severity));
	}
}

static void put_keys(struct rt_buf *out)
{
	for (int g = 0; g < RT_ACTIONS_COUNT; g++) {
		rt_buf_printf(
		    out, "%s| %s | |\n|---|---|\n", g ? "\n" : "", rt_action_group_names[g]);
		for (int i = 0; i < RT_ACTION_COUNT; i++) {
			const struct rt_action_info *a = &rt_actions[i];
			if ((int)a->group != g)
				continue;
			rt_buf_puts(out, "| `");
			put_cell(out, a->keys);
			rt_buf_printf(out, "` | %s |\n", a->help);
		}
	}
}

static const struct {
	const char *name;
	void (*put)(struct rt_buf *out);
} blocks[] = {{"commands", put_commands}, {"findings", put_findings}, {"keys", put_keys}};

static int run(struct rt_cli *cli)
{
	const char *name = cli->args.len == 1 ? cli->args.v[0] : "";
	for (size_t i = 0; i < RT_ARRAY_LEN(blocks); i++)
		if (strcmp(blocks[i].name, name) == 0) {
			blocks[i].put(&cli->out);
			return 0;
		}
	return rt_cli_usage(cli, "no block \"%s\": commands, findings or keys", name);
}

const struct rt_command rt_cmd_readme = {
    .name = "__readme", .summary = "", .about = "", .hidden = true, .run = run};
