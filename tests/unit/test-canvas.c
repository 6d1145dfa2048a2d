/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-canvas.c - cells: clipping, wide and combining characters, hostile text.
 */
#include "config.h"

#include "rutter/canvas.h"

#include <locale.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"
#include "tests/lib/tap.h"

static struct rt_grid grid;

static struct rt_canvas fresh(int w, int h, bool ascii)
{
	rt_grid_resize(&grid, w, h);
	grid.ascii = ascii;
	return rt_canvas_all(&grid);
}

static void is_row(int y, const char *want, const char *what)
{
	struct rt_buf b = {0};

	rt_grid_row_text(&grid, y, &b);
	tap_is_str(rt_buf_str(&b), want, "%s", what);
	rt_buf_done(&b);
}

struct put_case {
	const char *what, *text;
	int x, w; /* w < 0: not cut */
	bool ascii;
	const char *row;
	int used;
};

static const struct put_case put_cases[] = {
    {"plain", "shop", 1, -1, false, " shop", 4},
    {"clipped on the right", "abcdefghijkl", 6, -1, false, "      abcd", 12},
    {"clipped on the left", "abcdef", -2, -1, false, "cdef", 6},
    {"wide", "\xe6\xbc\xa2\xe5\xad\x97", 0, -1, false, "\xe6\xbc\xa2\xe5\xad\x97", 4},
    {"wide cut at the right edge leaves a blank", "a\xe6\xbc\xa2", 8, -1, false, "        a", 3},
    {"wide cut at the left edge leaves a blank", "\xe6\xbc\xa2x", -1, -1, false, " x", 3},
    {"combining shares a cell", "e\xcc\x81x", 0, -1, false, "e\xcc\x81x", 2},
    {"combining without a base", "\xcc\x81x", 0, -1, false, "\xef\xbf\xbdx", 2},
    {"ellipsis", "abcdef", 0, 4, false, "abc\xe2\x80\xa6", 4},
    {"no ellipsis when it fits", "abcd", 0, 4, false, "abcd", 4},
    {"ellipsis before a wide one", "ab\xe6\xbc\xa2z", 0, 4, false, "ab\xe2\x80\xa6", 3},
    {"ascii ellipsis", "abcdef", 0, 4, true, "abc~", 4},
    {"ascii replaces", "caf\xc3\xa9", 0, -1, true, "caf?", 4},
    {"escape sequence", "a\033[2Jb", 0, -1, false, "a\xef\xbf\xbd[2Jb", 6},
    {"C1 control",
	"a\xc2\x9b"
	"1mb",
	0, -1, false,
	"a\xef\xbf\xbd"
	"1mb",
	5},
    {"newline and tab", "a\nb\tc", 0, -1, false, "a b c", 5},
    {"bidi override", "a\xe2\x80\xaex", 0, -1, false, "a\xef\xbf\xbdx", 3},
    {"invalid bytes", "a\xff\xfex", 0, -1, false, "a\xef\xbf\xbd\xef\xbf\xbdx", 4},
    {"variation selector is dropped", "\xe2\x9d\xa4\xef\xb8\x8fx", 0, -1, false, "\xe2\x9d\xa4x",
	2},
    {"nothing", NULL, 0, -1, false, "", 0},
};

static void test_put(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(put_cases); i++) {
		const struct put_case *c = &put_cases[i];
		struct rt_canvas all = fresh(10, 2, c->ascii);
		int used = c->w < 0 ? rt_put(all, c->x, 0, RT_ROLE_TEXT, c->text)
				    : rt_put_cut(all, c->x, 0, RT_ROLE_TEXT, c->w, c->text);
		is_row(0, c->row, c->what);
		tap_is_int(used, c->used, "%s: columns used", c->what);
		is_row(1, "", c->what);
	}
}

static void test_overwrite(void)
{
	struct rt_canvas c = fresh(10, 1, false);

	rt_put(c, 0, 0, RT_ROLE_TEXT, "\xe6\xbc\xa2\xe5\xad\x97");
	rt_put(c, 1, 0, RT_ROLE_TEXT, "x");
	is_row(0, " x\xe5\xad\x97", "writing over the right half blanks the left");
	rt_put(c, 2, 0, RT_ROLE_TEXT, "y");
	is_row(0, " xy", "writing over the left half blanks the right");
	c = fresh(10, 1, false);
	rt_put(c, 0, 0, RT_ROLE_TEXT, "\xe6\xbc\xa2\xe5\xad\x97");
	rt_put(c, 1, 0, RT_ROLE_TEXT, "\xe6\xbc\xa2");
	is_row(0, " \xe6\xbc\xa2", "a wide one over two halves blanks both");
}

static void test_sub(void)
{
	struct rt_canvas c = fresh(10, 4, false);
	struct rt_canvas sub = rt_canvas_sub(c, 2, 1, 4, 2);

	rt_box(sub, RT_ROLE_BORDER);
	rt_put(sub, 1, 0, RT_ROLE_TITLE, "title");
	is_row(0, "", "nothing above a sub canvas");
	is_row(1, "  \xe2\x94\x8ctit", "text is clipped to the sub canvas");
	is_row(3, "", "nothing below it");
	sub = rt_canvas_sub(c, 8, 3, 9, 9);
	tap_is_int(sub.w, 2, "a sub canvas is clipped to its parent: width");
	tap_is_int(sub.h, 1, "a sub canvas is clipped to its parent: height");
	sub = rt_canvas_sub(c, 12, 9, 3, 3);
	tap_is_int(sub.w + sub.h, 0, "outside: empty");
	rt_put(sub, 0, 0, RT_ROLE_TEXT, "x");
	rt_fill(sub, RT_ROLE_TEXT);
	is_row(3, "", "drawing on an empty canvas does nothing");
}

static void test_right(void)
{
	struct rt_canvas c = fresh(10, 2, false);

	rt_put_right(c, 2, 0, RT_ROLE_TEXT, 6, "12");
	is_row(0, "      12", "right-aligned");
	rt_put_right(c, 2, 1, RT_ROLE_TEXT, 3, "12345");
	is_row(1, "  12\xe2\x80\xa6", "too long: cut from the left edge");
}

static bool grid_is_sound(void)
{
	for (int y = 0; y < grid.h; y++) {
		for (int x = 0; x < grid.w; x++) {
			const struct rt_cell *c = &grid.cells[y * grid.w + x];
			uint32_t cp[RT_CLUSTER_MAX];
			if (c->width == 0 && (x == 0 || c[-1].width != 2))
				return false;
			if (c->width == 2 && (x + 1 == grid.w || c[1].width != 0))
				return false;
			rt_grid_cps(&grid, c, cp);
			for (int i = 0; i < RT_CLUSTER_MAX && cp[i]; i++)
				if (rt_cp_unsafe(cp[i]))
					return false;
		}
	}
	return true;
}

/* Pieces of text that a name or message could hold, put together at random. */
static void test_hostile(void)
{
	static const char *const pieces[] = {"a", "\033[31m", "\xe6\xbc\xa2", "\xcc\x81", "\n",
	    "\xff", "\xc2\x9b", "\xe2\x80\xae", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
	    "\xe0\xb8\x81\xe0\xb8\xb4\xe0\xb9\x88", "\r", "\x7f", "\xef\xb8\x8f", "\xd7\x90"};
	uint32_t seed = 12345;
	bool sound = true;

	for (int round = 0; round < 3000 && sound; round++) {
		struct rt_canvas c = fresh(1 + round % 23, 3, round % 5 == 0);
		for (int n = 0; n < 6; n++) {
			struct rt_buf b = {0};
			int x, y;
			for (int i = 0; i < 8; i++) {
				seed = seed * 1664525 + 1013904223;
				rt_buf_puts(&b, pieces[(seed >> 16) % RT_ARRAY_LEN(pieces)]);
			}
			x = (int)(seed >> 8 & 31) - 6;
			y = (int)(seed >> 4 & 3);
			if (n & 1)
				rt_put(c, x, y, RT_ROLE_TEXT, rt_buf_str(&b));
			else
				rt_put_cut(c, x, y, RT_ROLE_TEXT, 1 + n, rt_buf_str(&b));
			rt_buf_done(&b);
		}
		sound = grid_is_sound();
	}
	tap_ok(sound, "no control characters, every wide cell whole, whatever is drawn");
}

static void test_long(void)
{
	struct rt_canvas c = fresh(10, 1, false);
	struct rt_buf b = {0};

	rt_buf_pad(&b, 'x', 1 << 20);
	rt_put_cut(c, 0, 0, RT_ROLE_TEXT, 10, rt_buf_str(&b));
	is_row(0, "xxxxxxxxx\xe2\x80\xa6", "a megabyte in ten columns");
	rt_buf_done(&b);
}

static void test_looks(void)
{
	struct rt_canvas c = fresh(4, 2, false);
	struct rt_buf b = {0};

	rt_put(c, 0, 0, RT_ROLE_ERROR, "ab");
	rt_set_look(c, 0, 0, 4, RT_LOOK_SELECTED);
	rt_grid_dump_styles(&grid, &b);
	tap_is_str(rt_buf_str(&b), "rr.. #\n.... .\n", "roles stay under a look");
	rt_buf_done(&b);
}

int main(void)
{
	setlocale(LC_ALL, "");
	test_put();
	test_overwrite();
	test_sub();
	test_right();
	test_hostile();
	test_long();
	test_looks();
	rt_grid_done(&grid);
	return tap_done();
}
