/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docview.c - wrapping, scrolling and searching a doc.
 * Lines are wrapped at blanks into rows; a row is a range of columns of its line, so a row is drawn
 * by drawing the whole line shifted and clipped.
 */
#include "config.h"

#include <string.h>

#include "doc.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define WRAP_MIN 8 /* columns below which wrapping makes no sense */
#define ROWS_PER_LINE 400

void rt_docview_done(struct rt_docview *v)
{
	rt_vec_free(&v->rows);
	rt_regex_free(v->search);
	v->search = NULL;
}

/* ---------------------------------------------------------------- wrapping */

struct wrapper {
	struct rt_docview *v;
	uint32_t line;
	int indent;
	int from, col; /* start of the row, where we are */
	int blank;     /* column after the last blank in this row, or -1 */
	int joint;     /* column after the last mark that a long name may be parted at, or -1 */
	size_t rows;
};

static void end_row(struct wrapper *w, int to)
{
	struct rt_doc_row row = {.line = w->line, .from = w->from, .to = to};

	rt_vec_push(&w->v->rows, NULL, row);
	w->rows++;
	w->from = to;
	w->blank = w->joint = -1;
}

/* At a blank, in a long name after a mark, else where there is no more room; never so early that
 * most of the row stays empty. */
static int break_at(const struct wrapper *w, int room)
{
	int least = w->from + room / 3;

	if (!w->rows && least < w->indent)
		least = w->indent; /* the name of a fact does not stand alone */
	if (w->blank > least)
		return w->blank;
	return w->joint > least ? w->joint : w->col;
}

static void wrap_cp(struct wrapper *w, uint32_t cp, int width)
{
	int room = w->v->width - (w->rows ? w->indent : 0);

	if (w->col + width - w->from > room && cp != ' ' && w->rows < ROWS_PER_LINE)
		end_row(w, break_at(w, room));
	w->col += width;
	if (cp == ' ')
		w->blank = w->col;
	else if (cp < 0x80 && strchr("/.-=,:;", (int)cp))
		w->joint = w->col;
}

static void wrap_line(struct rt_docview *v, size_t index)
{
	const struct rt_doc_line *line = &v->doc->lines.v[index];
	struct wrapper w = {.v = v, .line = (uint32_t)index, .blank = -1, .joint = -1};

	w.indent = line->indent < v->width - WRAP_MIN ? line->indent : 0;
	for (size_t i = 0; i < line->count; i++) {
		const char *s = v->doc->spans.v[line->first + i].text;
		size_t left = strlen(s);
		while (left) {
			uint32_t cp;
			size_t n = rt_utf8_decode(s, left, &cp);
			cp = rt_cp_clean(cp, false);
			if (v->nowrap || v->width < WRAP_MIN)
				w.col += rt_cp_width(cp);
			else
				wrap_cp(&w, cp, rt_cp_width(cp));
			s += n;
			left -= n;
		}
	}
	end_row(&w, w.col);
}

static void wrap(struct rt_docview *v)
{
	v->rows.len = 0;
	for (size_t i = 0; v->doc && i < v->doc->lines.len; i++)
		wrap_line(v, i);
}

/* ---------------------------------------------------------------- the window */

static size_t first_row(const struct rt_docview *v, size_t line)
{
	size_t low = 0, high = v->rows.len;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (v->rows.v[mid].line < line)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The cursor's line is in view: its first row at least, all of it where there is room. */
static void follow_cursor(struct rt_docview *v)
{
	size_t height = v->height > 0 ? (size_t)v->height : 0;
	size_t from = first_row(v, v->list.cursor), to = first_row(v, v->list.cursor + 1);

	if (to > v->top + height)
		v->top = to - height;
	if (from < v->top)
		v->top = from;
	if (v->top + height > v->rows.len)
		v->top = v->rows.len > height ? v->rows.len - height : 0;
}

void rt_docview_set(struct rt_docview *v, const struct rt_doc *doc, bool keep)
{
	v->doc = doc;
	rt_list_set_count(&v->list, doc ? doc->lines.len : 0);
	if (!keep) {
		v->list.cursor = 0;
		v->top = 0;
		v->left = 0;
	}
	wrap(v);
	follow_cursor(v);
}

void rt_docview_fit(struct rt_docview *v, int w, int h)
{
	if (v->width != w) {
		v->width = w;
		wrap(v);
	}
	v->height = h;
	v->list.height = h > 0 ? (size_t)h : 0;
	follow_cursor(v);
}

void rt_docview_scroll(struct rt_docview *v, int rows)
{
	size_t height = v->height > 0 ? (size_t)v->height : 0;
	size_t last = v->rows.len > height ? v->rows.len - height : 0;

	if (rows < 0)
		v->top = v->top > (size_t)-rows ? v->top - (size_t)-rows : 0;
	else
		v->top = v->top + (size_t)rows < last ? v->top + (size_t)rows : last;
	if (!v->rows.len)
		return;
	if (v->rows.v[v->top].line > v->list.cursor)
		rt_list_go(&v->list, v->rows.v[v->top].line);
	if (height && v->top + height <= v->rows.len &&
	    v->rows.v[v->top + height - 1].line < v->list.cursor)
		rt_list_go(&v->list, v->rows.v[v->top + height - 1].line);
}

void rt_docview_click(struct rt_docview *v, int y)
{
	size_t row = v->top + (size_t)(y < 0 ? 0 : y);

	if (row < v->rows.len)
		rt_list_go(&v->list, v->rows.v[row].line);
}

bool rt_docview_action(struct rt_docview *v, enum rt_action a)
{
	if (a == RT_ACTION_WRAP) {
		v->nowrap = !v->nowrap;
		v->left = 0;
		wrap(v);
	} else if (a == RT_ACTION_NEXT_MATCH || a == RT_ACTION_PREV_MATCH) {
		rt_docview_next(v, a == RT_ACTION_NEXT_MATCH ? 1 : -1);
	} else if (v->nowrap && a == RT_ACTION_RIGHT) {
		v->left += v->width / 2;
	} else if (v->nowrap && a == RT_ACTION_LEFT && v->left) {
		v->left = v->left > v->width / 2 ? v->left - v->width / 2 : 0;
	} else if (!rt_list_action(&v->list, a)) {
		return false;
	}
	follow_cursor(v);
	return true;
}

void rt_docview_position(const struct rt_docview *v, struct rt_buf *out)
{
	size_t height = v->height > 0 ? (size_t)v->height : 0;

	if (v->rows.len > height)
		rt_buf_printf(out, "%zu/%zu", v->top + height, (size_t)v->rows.len);
}

const struct rt_doc_line *rt_docview_line(const struct rt_docview *v)
{
	if (!v->doc || v->list.cursor >= v->doc->lines.len)
		return NULL;
	return &v->doc->lines.v[v->list.cursor];
}

/* ---------------------------------------------------------------- searching */

static bool line_matches(const struct rt_docview *v, size_t line)
{
	struct rt_buf text = {0};
	bool found;

	rt_doc_line_text(v->doc, line, &text);
	found = rt_regex_match(v->search, rt_buf_str(&text), NULL, 0) == RT_YES;
	rt_buf_done(&text);
	return found;
}

static bool find_from(struct rt_docview *v, size_t start, int step)
{
	size_t count = v->doc ? v->doc->lines.len : 0;

	if (!v->search)
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t line = (start + (step > 0 ? i : count - i)) % count;
		if (line_matches(v, line)) {
			rt_list_go(&v->list, line);
			follow_cursor(v);
			return true;
		}
	}
	return false;
}

bool rt_docview_next(struct rt_docview *v, int step)
{
	size_t count = v->doc ? v->doc->lines.len : 0;

	if (!count)
		return false;
	return find_from(v, step > 0 ? v->list.cursor + 1 : v->list.cursor + count - 1, step);
}

enum rt_status rt_docview_search(struct rt_docview *v, const char *pattern, struct rt_error *err)
{
	struct rt_regex *fresh = NULL;
	enum rt_status st = RT_OK;

	if (pattern && *pattern)
		st = rt_regex_new(pattern, RT_REGEX_ICASE, &fresh, err);
	if (st != RT_OK)
		return st;
	rt_regex_free(v->search);
	v->search = fresh;
	if (!fresh || find_from(v, v->list.cursor, 1))
		return RT_OK;
	return rt_fail(err, RT_NOT_FOUND, "nothing matches");
}

/* ---------------------------------------------------------------- drawing */

static int width_of(const char *s, size_t len)
{
	char *copy = rt_xstrndup(s, len);
	int width = (int)rt_str_width(copy);

	free(copy);
	return width;
}

/* Marks the hits in a row: canvas columns shift by x, the row shows from ... to. */
static void draw_hits(
    const struct rt_docview *v, struct rt_canvas c, const struct rt_doc_row *row, int x, int y)
{
	struct rt_buf text = {0};
	const char *s;
	size_t hit[1][2];

	rt_doc_line_text(v->doc, row->line, &text);
	s = rt_buf_str(&text);
	while (*s && rt_regex_match(v->search, s, hit, 1) == RT_YES && hit[0][1] > hit[0][0]) {
		int at = width_of(rt_buf_str(&text), (size_t)(s - rt_buf_str(&text)) + hit[0][0]);
		int len = width_of(s + hit[0][0], hit[0][1] - hit[0][0]);
		for (int i = at; i < at + len; i++)
			if (i >= row->from && i < row->to)
				rt_set_look(c, x + i, y, 1, RT_LOOK_MATCHED);
		s += hit[0][1];
	}
	rt_buf_done(&text);
}

static void draw_row(
    const struct rt_docview *v, struct rt_canvas c, const struct rt_doc_row *row, enum rt_look look)
{
	const struct rt_doc_line *line = &v->doc->lines.v[row->line];
	int indent = row->from && line->indent < v->width - WRAP_MIN ? line->indent : 0;
	int to = v->nowrap ? v->left + c.w : row->to;
	struct rt_canvas part = rt_canvas_sub(c, indent, 0, to - row->from - v->left, 1);
	int x = -row->from - v->left;

	for (size_t i = 0; i < line->count; i++) {
		const struct rt_doc_span *span = &v->doc->spans.v[line->first + i];
		x += rt_put(part, x, 0, span->style, span->text);
	}
	if (look != RT_LOOK_PLAIN && row->line == v->list.cursor)
		rt_set_look(c, 0, 0, c.w, look);
	if (v->search)
		draw_hits(v, part, row, -row->from - v->left, 0);
	if (v->nowrap && row->to > v->left + c.w)
		rt_put_glyph(c, c.w - 1, 0, RT_ROLE_DIM, RT_GLYPH_ELLIPSIS);
}

void rt_docview_draw(const struct rt_docview *v, struct rt_canvas c, enum rt_look look)
{
	for (int y = 0; y < c.h && v->top + (size_t)y < v->rows.len; y++)
		draw_row(v, rt_canvas_sub(c, 0, y, c.w, 1), &v->rows.v[v->top + (size_t)y], look);
}
