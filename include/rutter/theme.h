/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme.h - what a cell means, and what that looks like.
 * Drawing code names a role (what the text is) and a state (selected, matched ...); a theme turns
 * the two into colours and attributes once, for one colour depth. A theme file sets a palette and
 * single roles; whatever it leaves out comes from the role's parent, so a short file is a whole
 * theme. k9s skin files are read as they are.
 * A theme owns itself; rt_theme_free releases it.
 *
 *	rt_theme_load(text, len, "nord.yaml", &theme, &warnings, err);
 *	struct rt_style s = rt_theme_style(theme, RT_STYLE(RT_ROLE_ERROR, RT_LOOK_SELECTED));
 */
#ifndef RUTTER_THEME_H
#define RUTTER_THEME_H

#include "rutter/err.h"

enum rt_attr {
	RT_ATTR_BOLD = 1,
	RT_ATTR_DIM = 2,
	RT_ATTR_UNDERLINE = 4,
	RT_ATTR_REVERSE = 8,
	RT_ATTR_ITALIC = 16,
};

/* What a role is for decides how readable it has to be: 4.5:1 for text, 3:1 for chrome. */
enum rt_role_use { RT_USE_TEXT, RT_USE_CHROME };

/*        id            name              parent         use     without colour      letter in dumps
 */
#define RT_ROLES(X)                                                                                \
	X(TEXT, "text", TEXT, TEXT, 0, '.')                                                        \
	X(DIM, "text.dim", TEXT, CHROME, 0, 'd')                                                   \
	X(STRONG, "text.strong", TEXT, TEXT, RT_ATTR_BOLD, 'B')                                    \
	X(CHROME, "chrome", TEXT, CHROME, 0, 'c')                                                  \
	X(BORDER, "chrome.border", CHROME, CHROME, 0, 'b')                                         \
	X(BORDER_FOCUS, "chrome.border.focus", BORDER, CHROME, RT_ATTR_BOLD, 'f')                  \
	X(TITLE, "chrome.title", TEXT, TEXT, RT_ATTR_BOLD, 't')                                    \
	X(COLUMN, "chrome.column", TEXT, TEXT, RT_ATTR_BOLD, 'k')                                  \
	X(HEADER, "header", TEXT, TEXT, RT_ATTR_REVERSE, 'h')                                      \
	X(HEADER_NAME, "header.name", HEADER, TEXT, RT_ATTR_REVERSE | RT_ATTR_BOLD, 'H')           \
	X(HEADER_DIM, "header.dim", HEADER, CHROME, RT_ATTR_REVERSE, 'i')                          \
	X(HEADER_OK, "header.ok", HEADER, TEXT, RT_ATTR_REVERSE, 'G')                              \
	X(HEADER_WARNING, "header.warning", HEADER, TEXT, RT_ATTR_REVERSE | RT_ATTR_BOLD, 'V')     \
	X(HEADER_ERROR, "header.error", HEADER, TEXT, RT_ATTR_REVERSE | RT_ATTR_BOLD, 'R')         \
	X(HINT, "hint", DIM, CHROME, 0, 'n')                                                       \
	X(HINT_KEY, "hint.key", TEXT, TEXT, RT_ATTR_BOLD, 'K')                                     \
	X(TAB, "tab", DIM, CHROME, 0, 'a')                                                         \
	X(TAB_ACTIVE, "tab.active", TEXT, TEXT, RT_ATTR_BOLD | RT_ATTR_UNDERLINE, 'A')             \
	X(KIND, "object.kind", TEXT, TEXT, 0, 'o')                                                 \
	X(NAME, "object.name", TEXT, TEXT, 0, 'm')                                                 \
	X(OK, "state.ok", TEXT, TEXT, RT_ATTR_DIM, 'g')                                            \
	X(INFO, "state.info", TEXT, TEXT, 0, 'u')                                                  \
	X(WARNING, "state.warning", TEXT, TEXT, 0, 'v')                                            \
	X(ERROR, "state.error", TEXT, TEXT, RT_ATTR_BOLD, 'r')                                     \
	X(UNKNOWN, "state.unknown", TEXT, TEXT, 0, 'q')                                            \
	X(SELECTION, "selection", TEXT, TEXT, RT_ATTR_REVERSE, 's')                                \
	X(SELECTION_BLUR, "selection.blur", TEXT, TEXT, RT_ATTR_UNDERLINE, 'S')                    \
	X(MATCH, "match", TEXT, TEXT, RT_ATTR_REVERSE, 'M')                                        \
	X(CHANGED, "changed", TEXT, TEXT, RT_ATTR_BOLD, 'C')                                       \
	X(INPUT, "input", TEXT, TEXT, 0, 'p')                                                      \
	X(PROMPT, "input.prompt", INPUT, TEXT, RT_ATTR_BOLD, 'P')                                  \
	X(YAML_KEY, "yaml.key", TEXT, TEXT, 0, 'y')                                                \
	X(YAML_VALUE, "yaml.value", TEXT, TEXT, 0, 'Y')

enum rt_role {
#define X(id, name, parent, use, mono, letter) RT_ROLE_##id,
	RT_ROLES(X)
#undef X
	    RT_ROLE_COUNT
};

/* What happens to be true of a cell beside its role. */
enum rt_look {
	RT_LOOK_PLAIN,
	RT_LOOK_SELECTED, /* the row the cursor is on, in the pane that has the keys */
	RT_LOOK_BLURRED,  /* the same in a pane that has not */
	RT_LOOK_MATCHED,  /* hit of a search */
	RT_LOOK_CHANGED,  /* changed a moment ago */
	RT_LOOK_COUNT
};

#define RT_STYLE(role, look) ((uint16_t)((unsigned)(role) | (unsigned)(look) << 8))
#define RT_STYLE_ROLE(style) ((enum rt_role)((style)&0xff))
#define RT_STYLE_LOOK(style) ((enum rt_look)((style) >> 8))

enum rt_depth { RT_DEPTH_NONE, RT_DEPTH_8, RT_DEPTH_16, RT_DEPTH_256, RT_DEPTH_TRUE };

/* Colours are what the depth asks for: 0xRRGGBB, a palette index, or -1 for the terminal's own. */
struct rt_style {
	int32_t fg, bg;
	unsigned attr; /* enum rt_attr bits */
};

struct rt_theme;

extern const char *const rt_role_names[RT_ROLE_COUNT];
extern const char rt_role_letters[RT_ROLE_COUNT];
extern const enum rt_role_use rt_role_uses[RT_ROLE_COUNT];

/* Gives the text of the theme called name (an extends:), or NULL. Caller frees what it returns. */
typedef char *(*rt_theme_find_fn)(void *ctx, const char *name, size_t *ret_len);

/* A theme of ours or a k9s skin. What it does not know goes to warnings as "source:line: ..."
 * lines (NULL: dropped). find may be NULL: then only the built-in default can be extended. */
struct rt_theme_input {
	const char *text, *source;
	size_t len;
	rt_theme_find_fn find;
	void *ctx;
};
RT_NODISCARD enum rt_status rt_theme_load(const struct rt_theme_input *in, struct rt_theme **ret,
    struct rt_buf *warnings, struct rt_error *err);
void rt_theme_free(struct rt_theme *t); /* NULL-safe */

/* Resolves every role and look for a depth; a theme starts at RT_DEPTH_NONE. */
void rt_theme_bake(struct rt_theme *t, enum rt_depth depth);
struct rt_style rt_theme_style(const struct rt_theme *t, uint16_t style);

/* Contrast of two 0xRRGGBB colours by WCAG 2, 1 to 21. */
double rt_contrast(int32_t a, int32_t b);
/* The 0xRRGGBB that a palette index stands for in xterm. */
int32_t rt_color_rgb(int index);
/* #rgb, #rrggbb, a W3C colour name, or "default" (-1). False when it is none of these. */
bool rt_color_parse(const char *s, int32_t *ret);

#endif
