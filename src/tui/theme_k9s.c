/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme_k9s.c - a k9s skin as a theme.
 * One table says which leaf of a skin colours which role; every other leaf is about screens that
 * do not exist here and is passed over. Several leaves for one role: the later row wins, so that
 * older names of a leaf stand before newer ones.
 */
#include "config.h"

#include "theme_int.h"

enum layer { FG, BG };

struct skin_leaf {
	const char *path[4]; /* below k9s: */
	enum rt_role role;
	enum layer layer;
};

static const struct skin_leaf leaves[] = {
    {{"body", "fgColor"}, RT_ROLE_TEXT, FG},
    {{"body", "bgColor"}, RT_ROLE_TEXT, BG},
    {{"body", "bgColor"}, RT_ROLE_HEADER, BG},
    {{"body", "logoColor"}, RT_ROLE_HEADER_NAME, FG},
    {{"info", "fgColor"}, RT_ROLE_HEADER, FG},
    {{"info", "sectionColor"}, RT_ROLE_HEADER_DIM, FG},
    {{"prompt", "fgColor"}, RT_ROLE_INPUT, FG},
    {{"prompt", "bgColor"}, RT_ROLE_INPUT, BG},
    {{"frame", "border", "fgColor"}, RT_ROLE_BORDER, FG},
    {{"frame", "border", "focusColor"}, RT_ROLE_BORDER_FOCUS, FG},
    {{"frame", "menu", "fgColor"}, RT_ROLE_HINT, FG},
    {{"frame", "menu", "keyColor"}, RT_ROLE_HINT_KEY, FG},
    {{"frame", "title", "fgColor"}, RT_ROLE_TITLE, FG},
    {{"frame", "title", "highlightColor"}, RT_ROLE_TAB_ACTIVE, FG},
    {{"frame", "status", "newColor"}, RT_ROLE_INFO, FG},
    {{"frame", "status", "modifyColor"}, RT_ROLE_CHANGED, FG},
    {{"frame", "status", "pendingColor"}, RT_ROLE_WARNING, FG},
    {{"frame", "status", "errorColor"}, RT_ROLE_ERROR, FG},
    {{"frame", "status", "errorColor"}, RT_ROLE_HEADER_ERROR, FG},
    {{"frame", "status", "killColor"}, RT_ROLE_UNKNOWN, FG},
    {{"frame", "status", "completedColor"}, RT_ROLE_DIM, FG},
    {{"views", "table", "fgColor"}, RT_ROLE_NAME, FG},
    {{"views", "table", "header", "fgColor"}, RT_ROLE_COLUMN, FG},
    {{"views", "table", "cursorColor"}, RT_ROLE_SELECTION, BG},
    {{"views", "table", "cursorBgColor"}, RT_ROLE_SELECTION, BG},
    {{"views", "table", "cursorFgColor"}, RT_ROLE_SELECTION, FG},
    {{"views", "yaml", "keyColor"}, RT_ROLE_YAML_KEY, FG},
    {{"views", "yaml", "valueColor"}, RT_ROLE_YAML_VALUE, FG},
};

void rt_theme_read_k9s(const struct rt_theme_reader *r, const struct rt_value *k9s)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(leaves); i++) {
		const struct skin_leaf *leaf = &leaves[i];
		const struct rt_value *v = k9s;
		for (size_t j = 0; j < RT_ARRAY_LEN(leaf->path) && leaf->path[j]; j++)
			v = rt_value_get(v, leaf->path[j]);
		if (!rt_value_str(v))
			continue;
		rt_theme_set_text(
		    leaf->layer == FG ? &r->raw->fg[leaf->role] : &r->raw->bg[leaf->role],
		    rt_value_str(v));
	}
}
