/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.c - the one table of commands. A new command is its own file and one X() here.
 */
#include "config.h"

#include <string.h>

#include "cli.h"
#include "rutter/nearest.h"

/* In the order of the list of commands. */
#define COMMANDS(X)                                                                                \
	X(tui)                                                                                     \
	X(dump)                                                                                    \
	X(routes)                                                                                  \
	X(status)                                                                                  \
	X(check)                                                                                   \
	X(trace)                                                                                   \
	X(snapshot)                                                                                \
	X(explain)                                                                                 \
	X(completion)                                                                              \
	X(version)                                                                                 \
	X(help)                                                                                    \
	X(complete)                                                                                \
	X(man)                                                                                     \
	X(readme)

#define X(name) extern const struct rt_command rt_cmd_##name;
COMMANDS(X)
#undef X

const struct rt_command *const rt_cli_commands[] = {
#define X(name) &rt_cmd_##name,
    COMMANDS(X)
#undef X
};
const size_t rt_cli_command_count = RT_ARRAY_LEN(rt_cli_commands);

const struct rt_command *rt_command_by_name(const char *name)
{
	for (size_t i = 0; i < rt_cli_command_count; i++)
		if (strcmp(rt_cli_commands[i]->name, name) == 0)
			return rt_cli_commands[i];
	return NULL;
}

enum rt_status rt_command_unknown(const char *program, const char *word, struct rt_error *err)
{
	struct rt_nearest near = {.wrong = word};
	enum rt_kind kind;
	for (size_t i = 0; i < rt_cli_command_count; i++)
		if (!rt_cli_commands[i]->hidden)
			rt_nearest_offer(&near, rt_cli_commands[i]->name);
	(void)rt_fail(err, RT_USAGE, "unknown command \"%s\"", word);
	if (rt_option_by_name(word, strlen(word)))
		rt_error_hint(err, "did you mean --%s?", word);
	else if (rt_kind_parse(word, &kind))
		rt_error_hint(err, "did you mean %s dump %s?", program, word);
	else if (near.word)
		rt_error_hint(err, "did you mean %s?", near.word);
	return RT_USAGE;
}

bool rt_command_takes(const struct rt_command *c, const struct rt_option *o)
{
	bool is_format = o->offset == offsetof(struct rt_options, output);
	return (!is_format || c->formats) && rt_option_applies(o, c->name);
}

bool rt_option_in_use(const struct rt_option *o)
{
	for (size_t i = 0; i < rt_cli_command_count; i++)
		if (rt_command_takes(rt_cli_commands[i], o))
			return true;
	return false;
}
