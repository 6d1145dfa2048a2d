/* SPDX-License-Identifier: Apache-2.0 */
/*
 * help.c - texts over the screen: the help, made from the tables of actions and commands, and the
 * mend of a finding.
 */
#include "config.h"

#include <string.h>

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define KEYS_COLUMN 16

static void open_box(struct rt_tui *t, const char *title)
{
	rt_doc_clear(&t->box);
	free(t->box_copy);
	t->box_copy = NULL;
	t->box_title = title;
	t->mode = RT_MODE_BOX;
}

static void close_box(struct rt_tui *t)
{
	rt_docview_set(&t->box_view, &t->box, false);
}

static void heading(struct rt_doc *d, const char *text)
{
	if (d->lines.len)
		rt_doc_line(d, 0);
	rt_doc_line(d, 0);
	rt_doc_put(d, RT_ROLE_TITLE, text);
}

static void help_row(struct rt_doc *d, const char *left, const char *right)
{
	rt_doc_line(d, KEYS_COLUMN);
	rt_doc_put(d, RT_ROLE_TEXT, "  ");
	rt_doc_put(d, RT_ROLE_HINT_KEY, left);
	rt_doc_pad(d, KEYS_COLUMN);
	rt_doc_put(d, RT_ROLE_TEXT, right);
}

static void help_actions(struct rt_tui *t, enum rt_action_group group)
{
	heading(&t->box, rt_action_group_names[group]);
	for (int i = 0; i < RT_ACTION_COUNT; i++)
		if (rt_actions[i].group == group && rt_action_offered((enum rt_action)i, t->offers))
			help_row(&t->box, rt_actions[i].keys, rt_actions[i].help);
}

static void help_commands(struct rt_tui *t)
{
	heading(&t->box, "Commands");
	for (int i = 0; i < RT_TUI_COMMAND_COUNT; i++) {
		const struct rt_tui_command_info *info = &rt_tui_commands[i];
		int len = (int)strcspn(info->names, " ");
		char *left;
		if (info->needs & ~t->offers)
			continue;
		left = rt_xprintf(":%.*s %s", len, info->names, info->argument);
		rt_doc_line(&t->box, KEYS_COLUMN);
		rt_doc_put(&t->box, RT_ROLE_TEXT, "  ");
		rt_doc_put(&t->box, RT_ROLE_HINT_KEY, left);
		rt_doc_pad(&t->box, 2 * KEYS_COLUMN);
		rt_doc_put(&t->box, RT_ROLE_TEXT, info->help);
		free(left);
	}
	rt_doc_line(&t->box, KEYS_COLUMN);
	rt_doc_put(&t->box, RT_ROLE_TEXT, "  ");
	rt_doc_put(&t->box, RT_ROLE_HINT_KEY, ":KIND [NS/NAME]");
	rt_doc_pad(&t->box, 2 * KEYS_COLUMN);
	rt_doc_put(&t->box, RT_ROLE_TEXT, "all objects of a kind, or one of them");
}

void rt_tui_help(struct rt_tui *t)
{
	open_box(t, "Help");
	for (int g = 0; g < RT_ACTIONS_COUNT; g++)
		help_actions(t, (enum rt_action_group)g);
	help_commands(t);
	close_box(t);
}

void rt_tui_aliases(struct rt_tui *t)
{
	open_box(t, "Kinds");
	for (int k = 0; k < RT_KIND_OTHER; k++) {
		const struct rt_kind_info *info = rt_kind_info((enum rt_kind)k);
		rt_doc_line(&t->box, 0);
		rt_doc_put(&t->box, RT_ROLE_KIND, info->kind);
		rt_doc_pad(&t->box, 28);
		rt_doc_put(&t->box, RT_ROLE_TEXT, info->plural);
		rt_doc_pad(&t->box, 56);
		rt_doc_put(&t->box, RT_ROLE_TEXT, info->shorts);
	}
	close_box(t);
}

void rt_tui_mend(struct rt_tui *t, const struct rt_finding *f)
{
	open_box(t, "Mend");
	rt_doc_finding(&t->box, f, t->grid.ascii, false);
	if (f->fix_manifest) {
		rt_doc_line(&t->box, 0);
		rt_doc_yaml(&t->box, f->fix_manifest);
		rt_doc_line(&t->box, 0);
		rt_doc_line(&t->box, 0);
		rt_doc_put(&t->box, RT_ROLE_DIM, "c copies the manifest");
		t->box_copy = rt_xstrdup(f->fix_manifest);
	} else if (f->fix) {
		struct rt_buf line = {0};
		rt_clean(&line, f->fix, false);
		t->box_copy = rt_buf_take(&line);
	}
	close_box(t);
}
