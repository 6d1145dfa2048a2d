/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme_file.c - the members of a theme file of ours. Its name is for people: a theme goes by that
 *of the file.
 *
 *	name: nord
 *	extends: default
 *	palette: {bg: "#2e3440", fg: "#d8dee9"}
 *	roles:
 *	  state.error: {fg: red, attr: [bold]}
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "rutter/mem.h"
#include "theme_int.h"

struct attr_name {
	const char *name;
	enum rt_attr bit;
};

static const struct attr_name attr_names[] = {
    {"bold", RT_ATTR_BOLD},
    {"dim", RT_ATTR_DIM},
    {"italic", RT_ATTR_ITALIC},
    {"reverse", RT_ATTR_REVERSE},
    {"underline", RT_ATTR_UNDERLINE},
};

static unsigned attr_bit(const char *name)
{
	for (size_t i = 0; name && i < RT_ARRAY_LEN(attr_names); i++)
		if (!strcmp(attr_names[i].name, name))
			return attr_names[i].bit;
	return 0;
}

static void read_attr(
    const struct rt_theme_reader *r, enum rt_role role, const struct rt_value *list)
{
	char path[128];
	int bits = 0;

	if (rt_value_type(list) != RT_VALUE_ARRAY) {
		snprintf(path, sizeof(path), "roles['%s'].attr", rt_role_names[role]);
		rt_theme_warn(r, path, "attr is a list, such as [bold]");
		return;
	}
	for (size_t i = 0; i < rt_value_len(list); i++) {
		const char *name = rt_value_str(rt_value_at(list, i));
		unsigned bit = attr_bit(name);
		if (!bit) {
			snprintf(path, sizeof(path), "roles['%s'].attr", rt_role_names[role]);
			rt_theme_warn(r, path, "no attribute called \"%s\"", name ? name : "");
		}
		bits |= (int)bit;
	}
	r->raw->attr[role] = bits;
}

static void read_role(const struct rt_theme_reader *r, const char *name, const struct rt_value *v)
{
	enum rt_role role = rt_role_by_name(name);
	char path[256];

	snprintf(path, sizeof(path), "roles['%s']", name);
	if (role == RT_ROLE_COUNT) {
		rt_theme_warn(r, path, "no role called \"%s\"", name);
		return;
	}
	for (struct rt_value_iter it = {.object = v}; rt_value_next(&it);) {
		const char *text = rt_value_str(it.value);
		if (!strcmp(it.key, "attr"))
			read_attr(r, role, it.value);
		else if (!strcmp(it.key, "fg") && text)
			rt_theme_set_text(&r->raw->fg[role], text);
		else if (!strcmp(it.key, "bg") && text)
			rt_theme_set_text(&r->raw->bg[role], text);
		else
			rt_theme_warn(r, path,
			    "%s: fg and bg are texts, attr is a list; \"%s\" is not", name, it.key);
	}
}

static void read_palette(const struct rt_theme_reader *r, const struct rt_value *palette)
{
	for (struct rt_value_iter it = {.object = palette}; rt_value_next(&it);) {
		const char *text = rt_value_str(it.value);
		if (text)
			free(rt_map_set(&r->raw->palette, it.key, rt_xstrdup(text)));
		else
			rt_theme_warn(
			    r, "palette", "%s: a colour is a text, such as \"#aabbcc\"", it.key);
	}
}

void rt_theme_read_ours(const struct rt_theme_reader *r, const struct rt_value *doc)
{
	for (struct rt_value_iter it = {.object = doc}; rt_value_next(&it);) {
		if (!strcmp(it.key, "palette")) {
			read_palette(r, it.value);
		} else if (!strcmp(it.key, "roles")) {
			for (struct rt_value_iter role = {.object = it.value};
			     rt_value_next(&role);)
				read_role(r, role.key, role.value);
		} else if (strcmp(it.key, "extends") != 0 && strcmp(it.key, "name") != 0) {
			rt_theme_warn(r, it.key, "a theme has no \"%s\"", it.key);
		}
	}
}
