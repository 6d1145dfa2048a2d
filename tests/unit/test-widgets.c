/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-widgets.c - list, table, doc view, input line, picker and filter, from plain data.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "rutter/term.h"
#include "src/tui/filter.h"
#include "src/tui/looks.h"
#include "src/tui/widgets/doc.h"
#include "src/tui/widgets/input.h"
#include "src/tui/widgets/picker.h"
#include "src/tui/widgets/tableview.h"
#include "tests/lib/tap.h"

static struct rt_grid grid;

static struct rt_canvas fresh(int w, int h)
{
	rt_grid_resize(&grid, w, h);
	return rt_canvas_all(&grid);
}

static void is_screen(const char *want, const char *what)
{
	struct rt_buf b = {0};

	rt_grid_dump(&grid, &b);
	tap_is_str(rt_buf_str(&b), want, "%s", what);
	rt_buf_done(&b);
}

/* ---------------------------------------------------------------- list */

static void test_list(void)
{
	struct rt_list l = {0};

	rt_list_set_count(&l, 100);
	rt_list_fit(&l, 10);
	rt_list_action(&l, RT_ACTION_UP);
	tap_is_int((int)l.cursor, 0, "up at the top stays");
	rt_list_action(&l, RT_ACTION_HALF_DOWN);
	tap_is_int((int)l.cursor, 5, "half a page");
	rt_list_action(&l, RT_ACTION_PAGE_DOWN);
	tap_is_int((int)l.cursor, 14, "a page keeps a line");
	rt_list_fit(&l, 10);
	tap_is_int((int)l.top, 5, "the cursor comes into view");
	rt_list_action(&l, RT_ACTION_BOTTOM);
	rt_list_fit(&l, 10);
	tap_is_int((int)l.top, 90, "the last page is full");
	rt_list_set_count(&l, 3);
	rt_list_fit(&l, 10);
	tap_is_int((int)l.cursor, 2, "fewer rows: the cursor is on the last");
	tap_is_int((int)l.top, 0, "and no blank rows above");
	rt_list_set_count(&l, 0);
	rt_list_fit(&l, 10);
	rt_list_action(&l, RT_ACTION_DOWN);
	tap_is_int((int)(l.cursor + l.top), 0, "an empty list");
	rt_list_set_count(&l, 100);
	rt_list_fit(&l, 10);
	rt_list_scroll(&l, 3);
	tap_is_int((int)l.top, 3, "the wheel scrolls");
	tap_is_int((int)l.cursor, 3, "and takes the cursor along at the edge only");
	tap_ok(!rt_list_action(&l, RT_ACTION_TRACE), "other actions are not taken");
}

/* ---------------------------------------------------------------- table */

static void cell(const void *ctx, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	static const char *const hosts[] = {
	    "shop.example.com", "a.example.org", "\xe6\xbc\xa2\xe5\xad\x97.example.com"};

	(void)ctx;
	if (column == 0)
		rt_buf_puts(ret->text, hosts[row % 3]);
	else if (column == 1)
		rt_buf_printf(ret->text, "%zu", row * 100);
	else
		rt_buf_puts(ret->text, "Service shop/cart");
}

static const struct rt_tableview_column columns[] = {
    {.title = "HOST", .min = 6, .sortable = true, .grow = true},
    {.title = "READY", .min = 5, .right = true, .sortable = true, .rank = 1},
    {.title = "BACKEND", .min = 8, .max = 20, .rank = 2},
};
static const struct rt_tableview_ops table_ops = {columns, RT_ARRAY_LEN(columns), cell};

static void test_table(void)
{
	struct rt_tableview t;
	struct rt_canvas c;

	rt_tableview_init(&t, &table_ops);
	rt_tableview_measure(&t, NULL, 3);
	c = fresh(42, 4);
	rt_tableview_fit(&t, c.w, c.h);
	rt_tableview_draw(&t, NULL, c, RT_LOOK_SELECTED);
	is_screen("HOST              READY  BACKEND\n"
		  "shop.example.com      0  Service shop/cart\n"
		  "a.example.org       100  Service shop/cart\n"
		  "\xe6\xbc\xa2\xe5\xad\x97.example.com    200  Service shop/cart\n",
	    "a table with room; wide characters keep columns");
	c = fresh(30, 2);
	rt_tableview_fit(&t, c.w, c.h);
	rt_tableview_draw(&t, NULL, c, RT_LOOK_SELECTED);
	is_screen("HOST    READY  BACKEND\nshop.\xe2\x80\xa6      0  Service shop/c\xe2\x80\xa6\n",
	    "less room: columns shrink, the one that grows with the room first");
	c = fresh(20, 2);
	t.sort = 0;
	rt_tableview_fit(&t, c.w, c.h);
	rt_tableview_draw(&t, NULL, c, RT_LOOK_SELECTED);
	is_screen("HOST\xe2\x86\x91          READY\nshop.example\xe2\x80\xa6      0\n",
	    "little room: the column of the highest rank goes, the sorted one is marked");
	rt_tableview_sort_step(&t, 1);
	tap_is_int(t.sort, 1, "sort moves to the next sortable column");
	rt_tableview_sort_step(&t, 1);
	tap_is_int(t.sort, 1, "and stops at the last one");
	tap_is_int(rt_tableview_column_at(&t, 0), 0, "column at the left edge");
	rt_tableview_measure(&t, NULL, 50000);
	c = fresh(60, 10);
	rt_tableview_fit(&t, c.w, c.h);
	rt_list_go(&t.list, 49999);
	rt_tableview_fit(&t, c.w, c.h);
	rt_tableview_draw(&t, NULL, c, RT_LOOK_SELECTED);
	tap_is_int((int)t.list.top, 49991, "50,000 rows: the last page");
}

static void dashes(const void *ctx, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	(void)ctx;
	rt_buf_puts(ret->text, column == 1 && row ? "POST" : column == 1 ? "-" : "a");
}

static void test_idle_column(void)
{
	static const struct rt_tableview_column cols[] = {
	    {.title = "X", .min = 1}, {.title = "MATCH", .min = 4, .rank = 1}};
	static const struct rt_tableview_ops ops = {cols, RT_ARRAY_LEN(cols), dashes};
	struct rt_tableview t;

	rt_tableview_init(&t, &ops);
	rt_tableview_measure(&t, NULL, 1);
	rt_tableview_fit(&t, 20, 2);
	tap_is_int(t.width[1], 0, "a column that says nothing is left out");
	rt_tableview_measure(&t, NULL, 2);
	rt_tableview_fit(&t, 20, 2);
	tap_is_int(t.width[1], 5, "until it says something");
}

/* ---------------------------------------------------------------- doc */

static void test_long_names(void)
{
	struct rt_doc d = {0};
	struct rt_docview v = {0};
	struct rt_canvas c = fresh(20, 4);

	rt_doc_line(&d, 6);
	rt_doc_put(&d, RT_ROLE_TEXT, "host  r24.team-213.example.com");
	rt_doc_line(&d, 2);
	rt_doc_put(&d, RT_ROLE_TEXT, "by example.com/gateway-class");
	rt_docview_fit(&v, 20, 4);
	rt_docview_set(&v, &d, false);
	rt_docview_draw(&v, c, RT_LOOK_PLAIN);
	is_screen("host  r24.team-213.\n      example.com\nby example.com/\n  gateway-class\n",
	    "a long name parts at its marks, and does not leave what it explains");
	rt_docview_done(&v);
	rt_doc_done(&d);
}

static void test_doc(void)
{
	struct rt_doc d = {0};
	struct rt_docview v = {0};
	struct rt_canvas c = fresh(20, 5);
	struct rt_error err = {0};

	rt_doc_line(&d, 2);
	rt_doc_put(&d, RT_ROLE_TEXT, "one two three four five six seven");
	rt_doc_line(&d, 0);
	rt_doc_put(&d, RT_ROLE_KIND, "Service ");
	rt_doc_put(&d, RT_ROLE_NAME, "shop/cart");
	rt_doc_link(&d, (struct rt_ref){"", "Service", "shop", "cart"});
	rt_doc_line(&d, 0);
	rt_doc_put(&d, RT_ROLE_TEXT, "averyveryverylongwordwithoutanyblank");
	rt_docview_fit(&v, 20, 5);
	rt_docview_set(&v, &d, false);
	rt_docview_draw(&v, c, RT_LOOK_PLAIN);
	is_screen("one two three four\n  five six seven\nService shop/cart\n"
		  "averyveryverylongwor\ndwithoutanyblank\n",
	    "lines wrap at blanks, continue indented, and break where they must");
	rt_docview_action(&v, RT_ACTION_DOWN);
	tap_is_str(rt_docview_line(&v)->link->name, "cart", "the cursor goes by lines");
	rt_docview_action(&v, RT_ACTION_BOTTOM);
	rt_docview_fit(&v, 20, 3);
	tap_is_int((int)v.top, 2, "the whole last line is in view");
	rt_docview_action(&v, RT_ACTION_WRAP);
	c = fresh(20, 3);
	rt_docview_draw(&v, c, RT_LOOK_PLAIN);
	is_screen(
	    "one two three four \xe2\x80\xa6\nService shop/cart\naveryveryverylongwo\xe2\x80\xa6\n",
	    "without wrapping a long line is cut");
	tap_is_int(rt_docview_search(&v, "CART|seven", &err), RT_OK, "a search");
	tap_is_int((int)v.list.cursor, 0, "goes on from the top");
	rt_docview_next(&v, 1);
	tap_is_int((int)v.list.cursor, 1, "next");
	rt_docview_next(&v, 1);
	tap_is_int((int)v.list.cursor, 0, "and round again");
	rt_docview_next(&v, -1);
	tap_is_int((int)v.list.cursor, 1, "back");
	tap_is_int(rt_docview_search(&v, "nowhere", &err), RT_NOT_FOUND, "what no line has");
	tap_is_int(rt_docview_search(&v, "(", &err), RT_USAGE, "a bad pattern is an error");
	rt_docview_done(&v);
	rt_doc_done(&d);
}

/* ---------------------------------------------------------------- input */

static void type(struct rt_input *in, const char *text)
{
	for (; *text; text++)
		rt_input_key(in, *text == ' ' ? (uint32_t)RT_KEY_SPACE : (uint32_t)*text);
}

static void test_input(void)
{
	struct rt_input in = {0};
	rt_history h = {0};
	struct rt_canvas c = fresh(8, 1);

	type(&in, "shop cart");
	rt_input_key(&in, 0xe9);
	tap_is_str(rt_input_text(&in), "shop cart\xc3\xa9", "typed");
	rt_input_draw(&in, c);
	is_screen("p cart\xc3\xa9\n", "scrolled to the cursor");
	tap_is_int(grid.cursor_x, 7, "with the cursor in view");
	rt_input_key(&in, RT_KEY_BACKSPACE);
	tap_is_str(rt_input_text(&in), "shop cart", "a character is erased whole");
	rt_input_key(&in, RT_CTRL('w'));
	tap_is_str(rt_input_text(&in), "shop ", "C-w erases a word");
	rt_input_key(&in, RT_KEY_HOME);
	type(&in, "x");
	rt_input_key(&in, RT_KEY_DELETE);
	tap_is_str(rt_input_text(&in), "xhop ", "insert and delete at the start");
	rt_input_key(&in, RT_CTRL('k'));
	tap_is_str(rt_input_text(&in), "x", "C-k erases to the end");
	tap_is_int(rt_input_key(&in, RT_KEY_TAB), RT_INPUT_IGNORED, "Tab is not for the line");
	tap_is_int(rt_input_key(&in, 0x202e), RT_INPUT_IGNORED, "a bidi override is not typed");
	rt_history_add(&h, "a");
	rt_history_add(&h, "b");
	rt_history_add(&h, "a");
	tap_is_int((int)h.len, 2, "a history holds each once");
	tap_is_str(h.v[1], "a", "the latest last");
	rt_history_done(&h);
	rt_input_set(&in, "https://offered");
	in.offered = true;
	type(&in, "http");
	tap_is_str(rt_input_text(&in), "http", "what is pasted replaces what was offered");
	rt_input_set(&in, "https://offered");
	in.offered = true;
	rt_input_key(&in, RT_KEY_LEFT);
	type(&in, "x");
	tap_is_str(rt_input_text(&in), "https://offerexd", "another key first: it is edited");
	rt_input_done(&in);
}

/* ---------------------------------------------------------------- picker */

#define LINE4 "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
#define BAR "\xe2\x94\x82"
#define PICKER                                                                                     \
	"\n"                                                                                       \
	"\n"                                                                                       \
	"        \xe2\x94\x8c\xe2\x94\x80 Namespace " LINE4 LINE4                                  \
	"\xe2\x94\x80\xe2\x94\x80\xe2\x94\x90\n"                                                   \
	"        " BAR " /                    " BAR "\n"                                           \
	"        " BAR "   all                " BAR "\n"                                           \
	"        " BAR "   infra    3 objects " BAR "\n"                                           \
	"        " BAR " \xe2\x97\x8f shop    12 objects " BAR "\n"                                \
	"        \xe2\x94\x94" LINE4 LINE4 LINE4 LINE4 LINE4                                       \
	"\xe2\x94\x80\xe2\x94\x80\xe2\x94\x98\n"                                                   \
	"\n\n\n\n"

static void test_picker(void)
{
	struct rt_picker p = {0};
	struct rt_canvas c = fresh(40, 12);

	rt_picker_open(&p, "Namespace");
	rt_picker_add(&p, "all", NULL, false);
	rt_picker_add(&p, "infra", "3 objects", false);
	rt_picker_add(&p, "shop", "12 objects", true);
	rt_picker_ready(&p);
	tap_is_str(rt_picker_item(&p)->text, "shop", "starts on the one in force");
	rt_picker_draw(&p, c);
	is_screen(PICKER, "a box with the items and their notes");
	rt_picker_key(&p, 'i');
	rt_picker_key(&p, 'n');
	tap_is_int((int)p.shown.len, 1, "typing narrows");
	tap_is_int(rt_picker_key(&p, RT_KEY_ENTER), RT_PICKER_TAKEN, "Enter takes");
	tap_is_str(rt_picker_item(&p)->text, "infra", "what is under the cursor");
	rt_picker_key(&p, 'x');
	tap_is_int(rt_picker_key(&p, RT_KEY_ENTER), RT_PICKER_OPEN, "nothing to take");
	tap_is_int(rt_picker_key(&p, RT_KEY_ESCAPE), RT_PICKER_CLOSED, "Esc closes");
	rt_picker_done(&p);
}

/* ---------------------------------------------------------------- filter */

struct filter_case {
	const char *filter, *text;
	bool pass;
};

static void test_filter(void)
{
	static const struct rt_pair pairs[] = {{"app", "cart"}, {"tier", "web"}};
	static const struct rt_pairs labels = {pairs, 2};
	static const struct filter_case cases[] = {
	    {"cart", "HTTPRoute shop/Cart", true},
	    {"^shop", "HTTPRoute shop/cart", false},
	    {"!cart", "HTTPRoute shop/cart", false},
	    {"!cart", "HTTPRoute shop/web", true},
	    {"-f hrsc", "HTTPRoute shop/cart", true},
	    {"-f zz", "HTTPRoute shop/cart", false},
	    {"-l app=cart", "anything", true},
	    {"app!=cart", "anything", false},
	    {"tier in (web,api)", "anything", true},
	    {"", "anything", true},
	};
	struct rt_error err = {0};
	struct rt_row_filter *f = NULL;

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		f = NULL;
		tap_is_int(rt_row_filter_new(cases[i].filter, &f, &err), RT_OK, "\"%s\" parses",
		    cases[i].filter);
		tap_ok(rt_row_filter_pass(f, cases[i].text, labels) == cases[i].pass,
		    "\"%s\" on %s", cases[i].filter, cases[i].text);
		rt_row_filter_free(f);
	}
	tap_is_int(rt_row_filter_new("(", &f, &err), RT_USAGE, "a bad expression is an error");
}

/* ---------------------------------------------------------------- what changed */

static bool changes(struct rt_looks *l, unsigned world, const uint64_t (*rows)[2], size_t count)
{
	rt_looks_begin(l, world, count);
	for (size_t i = 0; i < count; i++)
		rt_looks_take(l, rows[i][0], rows[i][1]);
	return rt_looks_end(l);
}

static void test_looks(void)
{
	const uint64_t before[][2] = {{1, 10}, {2, 20}}, after[][2] = {{1, 10}, {2, 21}},
		       more[][2] = {{1, 10}, {2, 21}, {3, 30}};
	struct rt_looks l = {0};

	tap_ok(!changes(&l, 1, before, 2), "nothing is news at first");
	tap_ok(!changes(&l, 2, before, 2), "nor what stays as it was");
	tap_ok(changes(&l, 3, after, 2), "a row that says something else is");
	tap_ok(!changes(&l, 3, more, 3), "what a filter brings into view is not");
	tap_ok(!changes(&l, 4, more, 3), "nor later");
	tap_ok(!changes(&l, 5, after, 2), "nor that a row has gone");
	tap_ok(changes(&l, 6, more, 3), "one that has come is");
	rt_looks_done(&l);
}

int main(void)
{
	setlocale(LC_ALL, "");
	test_list();
	test_table();
	test_idle_column();
	test_long_names();
	test_doc();
	test_input();
	test_picker();
	test_filter();
	test_looks();
	rt_grid_done(&grid);
	return tap_done();
}
