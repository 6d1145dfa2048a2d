/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-action.c - the tables of actions and commands: complete, and without double bindings.
 */
#include "config.h"

#include "rutter/action.h"

#include <string.h>

#include "rutter/term.h"
#include "tests/lib/tap.h"

#define ALL_OFFERS 0xffffu

/* Calls fn for every word of a list. */
static void each_word(const char *words, void (*fn)(const char *word, void *ctx), void *ctx)
{
	while (*words) {
		char word[32] = "";
		size_t len = strcspn(words, " ");
		memcpy(word, words, len < sizeof(word) ? len : sizeof(word) - 1);
		fn(word, ctx);
		words += len + (words[len] == ' ');
	}
}

struct key_check {
	int action;
	bool good;
};

static void check_key(const char *word, void *ctx)
{
	struct key_check *check = ctx;
	const struct rt_action_info *info = &rt_actions[check->action];
	uint32_t key;
	char back[16];

	if (!rt_key_parse(word, &key)) {
		tap_diag("%s: %s is no key", info->name, word);
		check->good = false;
		return;
	}
	rt_key_name(key, back);
	if (strcmp(back, word) != 0) {
		tap_diag("%s: %s comes back as %s", info->name, word, back);
		check->good = false;
	}
	for (unsigned bit = 1; bit <= RT_IN_DETAIL; bit <<= 1) {
		if (info->where != RT_EVERYWHERE && (info->where & bit) &&
		    (int)rt_action_find(key, bit, ALL_OFFERS) != check->action) {
			tap_diag("%s at place %u does %d, not %s", word, bit,
			    (int)rt_action_find(key, bit, ALL_OFFERS), info->name);
			check->good = false;
		}
	}
	if (info->where == RT_EVERYWHERE &&
	    (int)rt_action_find(key, 0, ALL_OFFERS) != check->action) {
		tap_diag("%s is bound twice everywhere", word);
		check->good = false;
	}
}

static void test_keys(void)
{
	for (int i = 0; i < RT_ACTION_COUNT; i++) {
		struct key_check check = {.action = i, .good = true};
		each_word(rt_actions[i].keys, check_key, &check);
		tap_ok(check.good, "keys of %s reach it", rt_actions[i].name);
		tap_ok(rt_actions[i].help[0] && strlen(rt_actions[i].help) <= 90,
		    "%s has a line of help", rt_actions[i].name);
	}
}

static void test_places(void)
{
	tap_is_int(rt_action_find('w', RT_IN_LIST | RT_IN_TREE, 0), RT_ACTION_WARP, "w in a list");
	tap_is_int(rt_action_find('w', RT_IN_TEXT, 0), RT_ACTION_WRAP, "w in a text");
	tap_is_int(rt_action_find('g', RT_IN_LIST, 0), RT_ACTION_TOP, "g in a list");
	tap_is_int(rt_action_find('g', RT_IN_LIST | RT_IN_MENDABLE, 0), RT_ACTION_MEND,
	    "g where findings are");
	tap_is_int(rt_action_find('l', RT_IN_LIST, 0), RT_ACTION_NONE,
	    "l does nothing where no logs are on offer");
	tap_is_int(
	    rt_action_find('l', RT_IN_LIST, RT_OFFER_LOGS), RT_ACTION_TAB_LOGS, "l with logs");
	tap_is_int(
	    rt_action_find('e', RT_IN_LIST, RT_OFFER_LOGS), RT_ACTION_NONE, "e without events");
	tap_is_int(
	    rt_action_find(0x6f22, RT_IN_LIST, ALL_OFFERS), RT_ACTION_NONE, "an unbound key");
}

static void check_command(const char *word, void *ctx)
{
	struct key_check *check = ctx;

	if ((int)rt_tui_command_find(word, strlen(word), ALL_OFFERS) != check->action) {
		tap_diag("%s is the name of another command too", word);
		check->good = false;
	}
}

static void test_commands(void)
{
	for (int i = 0; i < RT_TUI_COMMAND_COUNT; i++) {
		struct key_check check = {.action = i, .good = true};
		each_word(rt_tui_commands[i].names, check_command, &check);
		tap_ok(check.good, "names of %s are its own", rt_tui_commands[i].names);
	}
	tap_is_int(
	    rt_tui_command_find("ctx", 3, 0), RT_TUI_COMMAND_COUNT, "no :ctx without contexts");
	tap_is_int(
	    rt_tui_command_find("ns foo", 2, 0), RT_TUI_COMMAND_NS, "a name ends at its length");
	tap_is_int(rt_tui_command_find("n", 1, 0), RT_TUI_COMMAND_COUNT, "a prefix is no name");
}

int main(void)
{
	test_keys();
	test_places();
	test_commands();
	return tap_done();
}
