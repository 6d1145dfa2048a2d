/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme_int.h - a theme while it is being read: texts by role, not yet colours.
 * theme.c owns and resolves it; theme_file.c and theme_k9s.c fill it.
 */
#ifndef RT_TUI_THEME_INT_H
#define RT_TUI_THEME_INT_H

#include "rutter/map.h"
#include "rutter/theme.h"
#include "rutter/value.h"

#define RT_THEME_DEPTH_MAX 8 /* extends of extends */

struct rt_theme_raw {
	struct rt_map palette;                       /* name to colour text, both owned */
	char *fg[RT_ROLE_COUNT], *bg[RT_ROLE_COUNT]; /* NULL: the parent's */
	int attr[RT_ROLE_COUNT];                     /* enum rt_attr bits, -1: the parent's */
};

/* What a reader of theme files works with. */
struct rt_theme_reader {
	const struct rt_theme_input *in;
	struct rt_theme_raw *raw;
	struct rt_buf *warnings; /* may be NULL */
};

void rt_theme_warn(const struct rt_theme_reader *r, const char *path, const char *fmt, ...)
    RT_PRINTF(3, 4);
extern const enum rt_role rt_role_parents[RT_ROLE_COUNT];
extern const unsigned rt_role_mono_attrs[RT_ROLE_COUNT]; /* where there is no colour */
/* The role of that name, or RT_ROLE_COUNT. */
enum rt_role rt_role_by_name(const char *name);
void rt_theme_set_text(char **slot, const char *value);
void rt_theme_read_ours(const struct rt_theme_reader *r, const struct rt_value *doc);
void rt_theme_read_k9s(const struct rt_theme_reader *r, const struct rt_value *k9s);

/* Name and text of every file of themes/, put into the program when it is built; ends with NULL. */
extern const char *const rt_theme_texts[][2];
/* The text of that name; NULL: there is none. */
const char *rt_theme_text(const char *name);

#endif
