/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme.c - roles, inheritance, and the colours of every role and look at one depth.
 * Loading gathers texts (theme_int.h); this file turns them into colours and mends what could not
 * be read: a text that lacks contrast is moved towards white or black, so that no palette, ours or
 * a user's, hides a word.
 */
#include "config.h"

#include "rutter/theme.h"

#include <string.h>

#include "color.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/yaml.h"
#include "theme_int.h"

struct role_style {
	int32_t fg, bg;
	unsigned attr;
};

struct rt_theme {
	struct role_style role[RT_ROLE_COUNT]; /* 0xRRGGBB, parents already applied */
	struct rt_style baked[RT_LOOK_COUNT][RT_ROLE_COUNT];
};

void rt_theme_set_text(char **slot, const char *value)
{
	free(*slot);
	*slot = rt_xstrdup(value);
}

void rt_theme_warn(const struct rt_theme_reader *r, const char *path, const char *fmt, ...)
{
	va_list ap;

	if (!r->warnings)
		return;
	rt_buf_printf(r->warnings, "%s:%u: ", r->in->source,
	    rt_yaml_locate(r->in->text, r->in->len, 0, path));
	va_start(ap, fmt);
	rt_buf_vprintf(r->warnings, fmt, ap);
	va_end(ap);
	rt_buf_putc(r->warnings, '\n');
}

static void raw_init(struct rt_theme_raw *raw)
{
	*raw = (struct rt_theme_raw){0};
	for (int i = 0; i < RT_ROLE_COUNT; i++)
		raw->attr[i] = -1;
}

static void raw_done(struct rt_theme_raw *raw)
{
	for (int i = 0; i < RT_ROLE_COUNT; i++) {
		free(raw->fg[i]);
		free(raw->bg[i]);
	}
	RT_MAP_EACH (&raw->palette, e)
		free(e->value);
	rt_map_done(&raw->palette);
}

/* A palette name, which may stand for another one, or a colour. */
static bool find_color(const struct rt_theme_raw *raw, const char *text, int32_t *ret)
{
	for (int hops = 0; hops < RT_THEME_DEPTH_MAX; hops++) {
		const char *next = rt_map_get(&raw->palette, text);
		if (!next)
			break;
		if (rt_color_parse(next, ret))
			return true;
		text = next;
	}
	return rt_color_parse(text, ret);
}

/* The role's own colour or the nearest forebear's; a bad one is told of where it stands. */
static int32_t role_color(const struct rt_theme_reader *r, char *const *texts, enum rt_role role)
{
	enum rt_role from = role;
	int32_t color = -1;

	while (!texts[from] && from != rt_role_parents[from])
		from = rt_role_parents[from];
	if (texts[from] && !find_color(r->raw, texts[from], &color) && from == role)
		rt_theme_warn(
		    r, "roles", "%s: no colour called \"%s\"", rt_role_names[role], texts[role]);
	return color;
}

static unsigned role_attr(const struct rt_theme_raw *raw, enum rt_role role)
{
	while (raw->attr[role] < 0) {
		if (role == rt_role_parents[role])
			return 0;
		role = rt_role_parents[role];
	}
	return (unsigned)raw->attr[role];
}

static struct rt_theme *theme_of(const struct rt_theme_reader *r)
{
	struct rt_theme *t = rt_xcalloc(1, sizeof(*t));

	for (int i = 0; i < RT_ROLE_COUNT; i++) {
		enum rt_role role = (enum rt_role)i;
		t->role[i].fg = role_color(r, r->raw->fg, role);
		t->role[i].bg = role_color(r, r->raw->bg, role);
		t->role[i].attr = role_attr(r->raw, role);
	}
	rt_theme_bake(t, RT_DEPTH_NONE);
	return t;
}

const char *rt_theme_text(const char *name)
{
	for (size_t i = 0; rt_theme_texts[i][0]; i++)
		if (!strcmp(rt_theme_texts[i][0], name))
			return rt_theme_texts[i][1];
	return NULL;
}

static enum rt_status load_raw(const struct rt_theme_reader *r, int depth, struct rt_error *err);

/* Reads the theme that this one extends into the same raw theme, below it. */
static enum rt_status load_base(
    const struct rt_theme_reader *r, const char *name, int depth, struct rt_error *err)
{
	struct rt_theme_input in = {.source = name, .find = r->in->find, .ctx = r->in->ctx};
	struct rt_theme_reader base = {.in = &in, .raw = r->raw};
	char *found = NULL;
	enum rt_status st;

	if (depth >= RT_THEME_DEPTH_MAX)
		return rt_fail(err, RT_INPUT, "%s: themes extend each other in a circle", name);
	/* The default is always ours, whatever a user's file of that name says: that extends it. */
	if (in.find && strcmp(name, "default") != 0)
		in.text = found = in.find(in.ctx, name, &in.len);
	if (!in.text) {
		in.text = rt_theme_text(name);
		in.len = in.text ? strlen(in.text) : 0;
	}
	if (!in.text)
		return rt_fail(
		    err, RT_INPUT, "%s: extends \"%s\", which is no theme", r->in->source, name);
	st = load_raw(&base, depth + 1, err);
	free(found);
	return st;
}

static enum rt_status load_doc(
    const struct rt_theme_reader *r, const struct rt_value *doc, int depth, struct rt_error *err)
{
	const struct rt_value *k9s = rt_value_get(doc, "k9s");
	const char *base = rt_value_get_str(doc, "extends");
	enum rt_status st;

	if (rt_value_type(doc) != RT_VALUE_OBJECT)
		return rt_fail(
		    err, RT_INPUT, "%s: a theme is a map with palette and roles", r->in->source);
	if (!base && r->in->text != rt_theme_text("default"))
		base = "default";
	if (base) {
		st = load_base(r, base, depth, err);
		if (st != RT_OK)
			return st;
	}
	if (k9s)
		rt_theme_read_k9s(r, k9s);
	else
		rt_theme_read_ours(r, doc);
	return RT_OK;
}

static enum rt_status load_raw(const struct rt_theme_reader *r, int depth, struct rt_error *err)
{
	struct rt_value *doc = NULL;
	enum rt_status st =
	    rt_value_from_yaml(r->in->text, r->in->len, r->in->source, &doc, NULL, err);

	if (st == RT_OK)
		st = load_doc(r, doc, depth, err);
	rt_value_free(doc);
	return st;
}

enum rt_status rt_theme_load(const struct rt_theme_input *in, struct rt_theme **ret,
    struct rt_buf *warnings, struct rt_error *err)
{
	struct rt_theme_raw raw;
	struct rt_theme_reader r = {.in = in, .raw = &raw, .warnings = warnings};
	enum rt_status st;

	raw_init(&raw);
	st = load_raw(&r, 0, err);
	if (st == RT_OK)
		*ret = theme_of(&r);
	raw_done(&raw);
	return st;
}

void rt_theme_free(struct rt_theme *t)
{
	free(t);
}

static double wanted_contrast(enum rt_role role)
{
	return rt_role_uses[role] == RT_USE_TEXT ? 4.5 : 3.0;
}

static struct rt_style bake_mono(enum rt_role role, enum rt_look look)
{
	static const enum rt_role of_look[RT_LOOK_COUNT] = {
	    [RT_LOOK_SELECTED] = RT_ROLE_SELECTION,
	    [RT_LOOK_BLURRED] = RT_ROLE_SELECTION_BLUR,
	    [RT_LOOK_MATCHED] = RT_ROLE_MATCH,
	    [RT_LOOK_CHANGED] = RT_ROLE_CHANGED,
	};
	struct rt_style s = {-1, -1, rt_role_mono_attrs[role]};

	if (look != RT_LOOK_PLAIN)
		s.attr |= rt_role_mono_attrs[of_look[look]];
	return s;
}

/* On a selection a word keeps its colour where that can be read, else it takes the selection's. */
static int32_t fg_on(const struct rt_theme *t, enum rt_role role, enum rt_role over)
{
	int32_t fg = t->role[role].fg, bg = t->role[over].bg;

	if (fg < 0 || bg < 0 || rt_contrast(fg, bg) < wanted_contrast(role))
		return t->role[over].fg;
	return fg;
}

/* Terminals of eight colours show bold ones bright: that is how the other eight are reached, and
 * why bold is dropped where its bright colour could not be read. */
static void bold_is_bright(struct rt_style *s, double contrast)
{
	if (s->fg >= 8) {
		s->fg &= 7;
		s->attr |= RT_ATTR_BOLD;
	} else if (s->fg >= 0 && s->bg >= 0 &&
		   rt_contrast(rt_color_rgb(s->fg | 8), rt_color_rgb(s->bg)) < contrast) {
		s->attr &= ~(unsigned)RT_ATTR_BOLD;
	}
}

/* With few colours a selection's background may be that of all text: then it is marked otherwise.
 */
static void mark_row(
    const struct rt_theme *t, struct rt_style *s, enum rt_look look, enum rt_depth depth)
{
	if (s->bg != rt_color_bg(t->role[RT_ROLE_TEXT].bg, depth))
		return;
	if (look == RT_LOOK_SELECTED || look == RT_LOOK_MATCHED)
		s->attr |= RT_ATTR_REVERSE;
	else if (look == RT_LOOK_BLURRED)
		s->attr |= RT_ATTR_UNDERLINE;
}

static struct rt_style bake_color(
    const struct rt_theme *t, enum rt_role role, enum rt_look look, enum rt_depth depth)
{
	struct role_style s = t->role[role];
	struct rt_style out;

	switch (look) {
	case RT_LOOK_PLAIN:
	case RT_LOOK_COUNT:
		break;
	case RT_LOOK_SELECTED:
		s.fg = fg_on(t, role, RT_ROLE_SELECTION);
		s.bg = t->role[RT_ROLE_SELECTION].bg;
		s.attr |= t->role[RT_ROLE_SELECTION].attr;
		break;
	case RT_LOOK_BLURRED:
		s.fg = fg_on(t, role, RT_ROLE_SELECTION_BLUR);
		s.bg = t->role[RT_ROLE_SELECTION_BLUR].bg;
		s.attr |= t->role[RT_ROLE_SELECTION_BLUR].attr;
		break;
	case RT_LOOK_MATCHED:
		s = t->role[RT_ROLE_MATCH];
		break;
	case RT_LOOK_CHANGED:
		s.fg = t->role[RT_ROLE_CHANGED].fg;
		s.attr |= t->role[RT_ROLE_CHANGED].attr;
		break;
	}
	out.attr = s.attr;
	out.bg = rt_color_bg(s.bg, depth);
	out.fg = rt_color_fg(s.fg, out.bg, depth, wanted_contrast(role));
	if (depth == RT_DEPTH_8 || depth == RT_DEPTH_16)
		mark_row(t, &out, look, depth);
	if (depth == RT_DEPTH_8)
		bold_is_bright(&out, wanted_contrast(role));
	return out;
}

void rt_theme_bake(struct rt_theme *t, enum rt_depth depth)
{
	for (int look = 0; look < RT_LOOK_COUNT; look++) {
		for (int role = 0; role < RT_ROLE_COUNT; role++) {
			struct rt_style *s = &t->baked[look][role];
			if (depth == RT_DEPTH_NONE)
				*s = bake_mono((enum rt_role)role, (enum rt_look)look);
			else
				*s = bake_color(t, (enum rt_role)role, (enum rt_look)look, depth);
		}
	}
}

struct rt_style rt_theme_style(const struct rt_theme *t, uint16_t style)
{
	return t->baked[RT_STYLE_LOOK(style)][RT_STYLE_ROLE(style)];
}
