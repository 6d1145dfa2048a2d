/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-theme.c - every shipped theme can be read at every depth; inheritance, k9s skins, errors.
 */
#include "config.h"

#include "rutter/theme.h"

#include <stdio.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

static const char *const shipped[] = {"default", "light", "high-contrast", "mono", "solarized-dark",
    "solarized-light", "nord", "gruvbox", "dracula", "catppuccin"};

static const char *const depth_names[] = {"no", "8", "16", "256", "24-bit"};

static char *read_theme(void *ctx, const char *name, size_t *ret_len)
{
	const char *top = getenv("TOP_SRCDIR");
	char path[1024];
	struct rt_buf b = {0};
	char chunk[4096];
	size_t n;
	FILE *f;

	(void)ctx;
	snprintf(path, sizeof(path), "%s/themes/%s.yaml", top ? top : ".", name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		rt_buf_add(&b, chunk, n);
	fclose(f);
	*ret_len = b.len;
	return rt_buf_take(&b);
}

static int32_t rgb_of(int32_t color, enum rt_depth depth)
{
	return depth == RT_DEPTH_TRUE ? color : rt_color_rgb(color);
}

/* Text and background as the terminal would show them; terminal's own colours are not judged. */
static bool readable(const struct rt_theme *t, enum rt_depth depth)
{
	bool good = true;

	for (int look = 0; look < RT_LOOK_COUNT; look++) {
		for (int role = 0; role < RT_ROLE_COUNT; role++) {
			struct rt_style s = rt_theme_style(t, RT_STYLE(role, look));
			double want = rt_role_uses[role] == RT_USE_TEXT ? 4.5 : 3.0;
			double got;
			int fg = s.fg;
			if (fg < 0 || s.bg < 0)
				continue;
			if (depth == RT_DEPTH_8 && (s.attr & RT_ATTR_BOLD))
				fg |= 8; /* bold is bright there */
			got = rt_contrast(rgb_of(fg, depth), rgb_of(s.bg, depth));
			if (got >= want)
				continue;
			tap_diag("%s look %d: %d on %d is %.2f:1", rt_role_names[role], look, s.fg,
			    s.bg, got);
			good = false;
		}
	}
	return good;
}

static bool same(struct rt_style a, struct rt_style b)
{
	return a.fg == b.fg && a.attr == b.attr;
}

static bool severities_differ(const struct rt_theme *t)
{
	struct rt_style e = rt_theme_style(t, RT_ROLE_ERROR);
	struct rt_style w = rt_theme_style(t, RT_ROLE_WARNING);
	struct rt_style o = rt_theme_style(t, RT_ROLE_OK);

	return !same(e, w) && !same(w, o) && !same(e, o);
}

static bool selection_shows(const struct rt_theme *t)
{
	for (int role = 0; role < RT_ROLE_COUNT; role++) {
		struct rt_style plain = rt_theme_style(t, RT_STYLE(role, RT_LOOK_PLAIN));
		struct rt_style picked = rt_theme_style(t, RT_STYLE(role, RT_LOOK_SELECTED));
		if (plain.bg == picked.bg && plain.attr == picked.attr &&
		    role != RT_ROLE_SELECTION && role < RT_ROLE_HEADER)
			return false;
	}
	return true;
}

static void test_shipped(const char *name)
{
	struct rt_theme_input in = {.source = name, .find = read_theme};
	struct rt_buf warnings = {0};
	struct rt_error err = {0};
	struct rt_theme *t = NULL;
	char *text = read_theme(NULL, name, &in.len);

	if (!tap_ok(text != NULL, "themes/%s.yaml is there", name))
		return;
	in.text = text;
	if (!tap_is_int(
		rt_theme_load(&in, &t, &warnings, &err), RT_OK, "%s loads: %s", name, err.msg))
		return;
	tap_is_str(rt_buf_str(&warnings), "", "%s has no unknown member", name);
	for (int depth = RT_DEPTH_NONE; depth <= RT_DEPTH_TRUE; depth++) {
		rt_theme_bake(t, (enum rt_depth)depth);
		tap_ok(readable(t, (enum rt_depth)depth), "%s can be read in %s colours", name,
		    depth_names[depth]);
		tap_ok(selection_shows(t), "%s shows the selected row in %s colours", name,
		    depth_names[depth]);
		if (depth != RT_DEPTH_8)
			tap_ok(severities_differ(t), "%s tells severities apart in %s colours",
			    name, depth_names[depth]);
	}
	rt_theme_free(t);
	rt_buf_done(&warnings);
	free(text);
}

/* The themes of our own making need no mending: what the file says is what is shown. */
static void test_unmended(const char *name, int32_t error, int32_t text)
{
	struct rt_theme_input in = {.source = name, .find = read_theme};
	struct rt_theme *t = NULL;
	char *file = read_theme(NULL, name, &in.len);

	in.text = file;
	if (rt_theme_load(&in, &t, NULL, NULL) == RT_OK) {
		rt_theme_bake(t, RT_DEPTH_TRUE);
		tap_is_int(rt_theme_style(t, RT_ROLE_ERROR).fg, error, "%s: error as given", name);
		tap_is_int(rt_theme_style(t, RT_ROLE_TEXT).fg, text, "%s: text as given", name);
	}
	rt_theme_free(t);
	free(file);
}

static struct rt_theme *load(const char *text, struct rt_buf *warnings, struct rt_error *err)
{
	struct rt_theme_input in = {
	    .text = text, .len = strlen(text), .source = "t.yaml", .find = read_theme};
	struct rt_theme *t = NULL;

	if (rt_theme_load(&in, &t, warnings, err) != RT_OK)
		return NULL;
	rt_theme_bake(t, RT_DEPTH_TRUE);
	return t;
}

static void test_inheritance(void)
{
	struct rt_theme *t = load("name: short\n"
				  "palette: {bg: '#000000', fg: '#ffffff', mine: orange}\n"
				  "roles:\n"
				  "  state.error: {fg: mine, attr: [bold, underline]}\n"
				  "  header: {fg: mine}\n",
	    NULL, NULL);
	struct rt_style s;

	tap_ok(t != NULL, "a theme of two colours loads");
	s = rt_theme_style(t, RT_ROLE_ERROR);
	tap_is_int(s.fg, 0xffa500, "a role's own colour, by palette and W3C name");
	tap_is_int(s.attr, RT_ATTR_BOLD | RT_ATTR_UNDERLINE, "attributes");
	tap_is_int(s.bg, 0, "the background comes from the root");
	tap_is_int(
	    rt_theme_style(t, RT_ROLE_TEXT).fg, 0xffffff, "the palette reaches default's roles");
	rt_theme_free(t);
}

static void test_mending(void)
{
	struct rt_theme *t =
	    load("palette: {bg: '#202020', fg: '#ffffff', red: '#302020'}\n", NULL, NULL);
	struct rt_style s = rt_theme_style(t, RT_ROLE_ERROR);

	tap_ok(s.fg != 0x302020, "a colour that could not be read is moved");
	tap_ok(rt_contrast(s.fg, s.bg) >= 4.5, "far enough");
	tap_ok(rt_contrast(s.fg, s.bg) < 6, "and no further than needed");
	rt_theme_free(t);
}

static void test_k9s(void)
{
	struct rt_theme *t =
	    load("foreground: &fg \"#f8f8f2\"\n"
		 "bg: &bg \"#101010\"\n"
		 "k9s:\n"
		 "  body: {fgColor: *fg, bgColor: *bg, logoColor: fuchsia}\n"
		 "  frame:\n"
		 "    border: {fgColor: dodgerblue, focusColor: aliceblue}\n"
		 "    status: {errorColor: orangered}\n"
		 "  views:\n"
		 "    table: {fgColor: blue, cursorFgColor: black, cursorBgColor: aqua}\n",
		NULL, NULL);

	if (!tap_ok(t != NULL, "a k9s skin with anchors loads"))
		return;
	tap_is_int(rt_theme_style(t, RT_ROLE_TEXT).fg, 0xf8f8f2, "body.fgColor");
	tap_is_int(rt_theme_style(t, RT_ROLE_TEXT).bg, 0x101010, "body.bgColor");
	tap_is_int(rt_theme_style(t, RT_ROLE_BORDER).fg, 0x1e90ff, "frame.border.fgColor");
	tap_is_int(rt_theme_style(t, RT_ROLE_ERROR).fg, 0xff4500, "frame.status.errorColor");
	tap_is_int(rt_theme_style(t, RT_STYLE(RT_ROLE_TEXT, RT_LOOK_SELECTED)).bg, 0x00ffff,
	    "views.table.cursorBgColor");
	rt_theme_free(t);
}

struct bad_case {
	const char *what, *text, *want;
};

static void test_warnings(void)
{
	static const struct bad_case cases[] = {
	    {"an unknown role", "name: a\nroles:\n  text: {fg: red}\n  nope: {fg: red}\n",
		"t.yaml:4: no role called \"nope\"\n"},
	    {"an unknown member", "nam: a\n", "t.yaml:1: a theme has no \"nam\"\n"},
	    {"an unknown colour", "roles:\n  text: {fg: reddish}\n",
		"t.yaml:1: text: no colour called \"reddish\"\n"},
	    {"an unknown attribute", "roles:\n  text: {attr: [blink]}\n",
		"t.yaml:2: no attribute called \"blink\"\n"},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		struct rt_buf warnings = {0};
		struct rt_theme *t = load(cases[i].text, &warnings, NULL);
		const char *got = rt_buf_str(&warnings);
		/* A colour is told once for every role that takes it. */
		char first[256];
		snprintf(first, sizeof(first), "%.*s", (int)(strcspn(got, "\n") + 1), got);
		tap_is_str(first, cases[i].want, "%s is a warning with its line", cases[i].what);
		tap_ok(t != NULL, "%s does not stop the theme", cases[i].what);
		rt_theme_free(t);
		rt_buf_done(&warnings);
	}
}

static void test_errors(void)
{
	struct rt_error err = {0};

	tap_ok(!load("roles: [", NULL, &err), "broken YAML is an error");
	tap_ok(!strncmp(err.msg, "t.yaml:", 7), "with its place: %s", err.msg);
	tap_ok(!load("extends: nowhere\n", NULL, &err), "an absent base is an error");
	tap_is_str(err.msg, "t.yaml: extends \"nowhere\", which is no theme", "and says so");
	tap_ok(!load("- a\n", NULL, &err), "a list is no theme");
	tap_ok(!load("", NULL, &err), "an empty file is no theme");
}

struct color_case {
	const char *text;
	bool ok;
	int32_t rgb;
};

static void test_colors(void)
{
	static const struct color_case cases[] = {{"#fff", true, 0xffffff},
	    {"#1E90ff", true, 0x1e90ff}, {"DodgerBlue", true, 0x1e90ff}, {"default", true, -1},
	    {"transparent", true, -1}, {"#12", false, 0}, {"#12345g", false, 0}, {"", false, 0},
	    {"nocolour", false, 0}, {"yellowgreen", true, 0x9acd32}, {"aliceblue", true, 0xf0f8ff}};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		int32_t got = 0;
		bool ok = rt_color_parse(cases[i].text, &got);
		tap_ok(ok == cases[i].ok && (!ok || got == cases[i].rgb), "colour \"%s\"",
		    cases[i].text);
	}
	tap_ok(rt_contrast(0, 0xffffff) > 20.9, "black and white are 21:1");
}

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(shipped); i++)
		test_shipped(shipped[i]);
	test_unmended("default", 0xff6b6b, 0xd5d8df);
	test_unmended("light", 0xb3151f, 0x24292f);
	test_inheritance();
	test_mending();
	test_k9s();
	test_warnings();
	test_errors();
	test_colors();
	return tap_done();
}
