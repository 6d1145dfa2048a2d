/* SPDX-License-Identifier: Apache-2.0 */
/*
 * action.c - the tables of actions and commands, and how a key or a name finds its row.
 */
#include "config.h"

#include "rutter/action.h"

#include <string.h>

#include "rutter/str.h"
#include "rutter/term.h"

const struct rt_action_info rt_actions[RT_ACTION_COUNT] = {
#define X(id, name, keys, where, needs, group, hint, help)                                         \
	[RT_ACTION_##id] = {(name), (keys), (where), (needs), RT_ACTIONS_##group, (hint), (help)},
    RT_ACTIONS(X)
#undef X
};

const struct rt_tui_command_info rt_tui_commands[RT_TUI_COMMAND_COUNT] = {
#define X(id, names, argument, needs, help)                                                        \
	[RT_TUI_COMMAND_##id] = {(names), (argument), (needs), (help)},
    RT_TUI_COMMANDS(X)
#undef X
};

const char *const rt_action_group_names[RT_ACTIONS_COUNT] = {
    [RT_ACTIONS_VIEWS] = "Views",
    [RT_ACTIONS_DETAIL] = "Detail",
    [RT_ACTIONS_FIND] = "Filtering and sorting",
    [RT_ACTIONS_MOVE] = "Moving",
    [RT_ACTIONS_OTHER] = "Other",
};

bool rt_action_offered(enum rt_action a, unsigned offers)
{
	return (rt_actions[a].needs & ~offers) == 0;
}

static bool bound_to(const char *keys, uint32_t key)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		char name[16] = "";
		uint32_t parsed;
		memcpy(name, keys, len < sizeof(name) ? len : sizeof(name) - 1);
		if (rt_key_parse(name, &parsed) && parsed == key)
			return true;
		keys += len + (keys[len] == ' ');
	}
	return false;
}

enum rt_action rt_action_find(uint32_t key, unsigned place, unsigned offers)
{
	enum rt_action found = RT_ACTION_NONE;

	for (int i = 0; i < RT_ACTION_COUNT; i++) {
		const struct rt_action_info *info = &rt_actions[i];
		bool here = info->where == RT_EVERYWHERE || (info->where & place);
		if (!here || !rt_action_offered((enum rt_action)i, offers) ||
		    !bound_to(info->keys, key))
			continue;
		if (info->where != RT_EVERYWHERE)
			return (enum rt_action)i;
		if (found == RT_ACTION_NONE)
			found = (enum rt_action)i;
	}
	return found;
}

enum rt_tui_command rt_tui_command_find(const char *name, size_t len, unsigned offers)
{
	for (int i = 0; i < RT_TUI_COMMAND_COUNT; i++)
		if ((rt_tui_commands[i].needs & ~offers) == 0 &&
		    rt_str_word_index(rt_tui_commands[i].names, name, len) >= 0)
			return (enum rt_tui_command)i;
	return RT_TUI_COMMAND_COUNT;
}
