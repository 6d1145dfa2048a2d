/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tableview.c - measuring, laying out and drawing columns.
 */
#include "config.h"

#include "tableview.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define GAP 2
#define SAMPLES 512

void rt_tableview_init(struct rt_tableview *t, const struct rt_tableview_ops *ops)
{
	*t = (struct rt_tableview){.ops = ops, .sort = -1};
	rt_assert(ops->column_count <= RT_TABLEVIEW_COLUMNS);
}

static void measure_row(struct rt_tableview *t, const void *ctx, size_t row, struct rt_buf *text)
{
	for (size_t i = 0; i < t->ops->column_count; i++) {
		struct rt_tableview_cell cell = {.text = text, .style = RT_ROLE_TEXT};
		int width;
		rt_buf_clear(text);
		t->ops->cell(ctx, row, i, &cell);
		width = (int)rt_str_width(rt_buf_str(text));
		if (width > t->need[i])
			t->need[i] = width;
		if (width && strcmp(rt_buf_str(text), "-") != 0)
			t->says[i] = true;
	}
}

void rt_tableview_measure(struct rt_tableview *t, const void *ctx, size_t count)
{
	struct rt_buf text = RT_BUF_MAX(1024);
	size_t step = count / SAMPLES + 1;

	rt_list_set_count(&t->list, count);
	for (size_t i = 0; i < t->ops->column_count; i++) {
		const struct rt_tableview_column *col = &t->ops->columns[i];
		/* The mark of the sorted column needs room, unless it can stand in the gap. */
		t->need[i] = (int)rt_str_width(col->title) + (col->sortable && !col->right);
		t->says[i] = false;
	}
	for (size_t row = 0; row < count; row += step)
		measure_row(t, ctx, row, &text);
	rt_buf_done(&text);
}

static int wanted(const struct rt_tableview *t, size_t i)
{
	const struct rt_tableview_column *c = &t->ops->columns[i];
	int w = t->need[i];

	if (c->rank && !t->says[i] && t->list.count)
		return 0;
	if (c->max && w > c->max)
		w = c->max;
	return w > c->min ? w : c->min;
}

static int total(const struct rt_tableview *t)
{
	int sum = 0, shown = 0;

	for (size_t i = 0; i < t->ops->column_count; i++) {
		sum += t->width[i];
		shown += t->width[i] > 0;
	}
	return sum + (shown > 1 ? (shown - 1) * GAP : 0);
}

enum squeeze { GROWN, ABOVE_MIN, ANY, SQUEEZES }; /* which columns give room, in this order */

static int keeps(const struct rt_tableview *t, size_t i, enum squeeze which)
{
	const struct rt_tableview_column *c = &t->ops->columns[i];

	if (which == GROWN && !c->grow)
		return t->width[i];
	return which == ANY ? 1 : c->min;
}

/* The widest column that has something to give. */
static size_t widest(const struct rt_tableview *t, enum squeeze which)
{
	size_t best = t->ops->column_count;

	for (size_t i = 0; i < t->ops->column_count; i++)
		if (t->width[i] > keeps(t, i, which) &&
		    (best == t->ops->column_count || t->width[i] > t->width[best]))
			best = i;
	return best;
}

/* Takes columns from what takes what is left over, then from the widest, until the rest fits. */
static void shrink(struct rt_tableview *t, int w)
{
	for (int which = GROWN; which < SQUEEZES && total(t) > w;) {
		size_t i = widest(t, (enum squeeze)which);
		if (i < t->ops->column_count)
			t->width[i]--;
		else
			which++;
	}
}

static bool drop_one(struct rt_tableview *t)
{
	size_t worst = t->ops->column_count;

	for (size_t i = 0; i < t->ops->column_count; i++) {
		if (!t->width[i] || !t->ops->columns[i].rank)
			continue;
		if (worst == t->ops->column_count ||
		    t->ops->columns[i].rank > t->ops->columns[worst].rank)
			worst = i;
	}
	if (worst == t->ops->column_count)
		return false;
	t->width[worst] = 0;
	return true;
}

/* Before anything is dropped, each column has to be given its minimum only. */
static int least(const struct rt_tableview *t)
{
	int sum = 0, shown = 0;

	for (size_t i = 0; i < t->ops->column_count; i++) {
		if (!t->width[i])
			continue;
		sum += t->ops->columns[i].min < t->width[i] ? t->ops->columns[i].min : t->width[i];
		shown++;
	}
	return sum + (shown > 1 ? (shown - 1) * GAP : 0);
}

/* What a wide column's going has made room for comes back, the most wanted first, where no other
 * has to be cut for it. */
static void bring_back(struct rt_tableview *t, int w)
{
	unsigned highest = 0;

	for (size_t i = 0; i < t->ops->column_count; i++)
		if (t->ops->columns[i].rank > highest)
			highest = t->ops->columns[i].rank;
	for (unsigned rank = 1; rank <= highest; rank++) {
		for (size_t i = 0; i < t->ops->column_count; i++) {
			if (t->width[i] || t->ops->columns[i].rank != rank)
				continue;
			t->width[i] = wanted(t, i);
			if (total(t) > w)
				t->width[i] = 0;
		}
	}
}

void rt_tableview_fit(struct rt_tableview *t, int w, int h)
{
	for (size_t i = 0; i < t->ops->column_count; i++)
		t->width[i] = wanted(t, i);
	while (least(t) > w && drop_one(t))
		continue;
	bring_back(t, w);
	shrink(t, w);
	for (size_t i = 0; i < t->ops->column_count; i++)
		if (t->ops->columns[i].grow && t->width[i] && total(t) < w)
			t->width[i] += w - total(t);
	rt_list_fit(&t->list, h > 1 ? (size_t)h - 1 : 0);
}

static void draw_titles(const struct rt_tableview *t, struct rt_canvas c)
{
	int x = 0;

	for (size_t i = 0; i < t->ops->column_count; i++) {
		const struct rt_tableview_column *col = &t->ops->columns[i];
		int w = t->width[i], used;
		if (!w)
			continue;
		if (col->right)
			rt_put_right(c, x, 0, RT_ROLE_COLUMN, w, col->title);
		used = col->right ? w : rt_put_cut(c, x, 0, RT_ROLE_COLUMN, w, col->title);
		if (t->sort == (int)i)
			rt_put_glyph(c, x + used, 0, RT_ROLE_COLUMN,
			    t->descending ? RT_GLYPH_DOWN : RT_GLYPH_UP);
		x += w + GAP;
	}
}

static void draw_row(
    const struct rt_tableview *t, const void *ctx, struct rt_canvas c, size_t row, int y)
{
	struct rt_buf text = RT_BUF_MAX(1024);
	int x = 0;

	for (size_t i = 0; i < t->ops->column_count; i++) {
		struct rt_tableview_cell cell = {.text = &text, .style = RT_ROLE_TEXT};
		int w = t->width[i];
		if (!w)
			continue;
		rt_buf_clear(&text);
		t->ops->cell(ctx, row, i, &cell);
		if (t->ops->columns[i].right)
			rt_put_right(c, x, y, cell.style, w, rt_buf_str(&text));
		else
			rt_put_cut(c, x, y, cell.style, w, rt_buf_str(&text));
		x += w + GAP;
	}
	rt_buf_done(&text);
}

void rt_tableview_draw(
    const struct rt_tableview *t, const void *ctx, struct rt_canvas c, enum rt_look cursor_look)
{
	draw_titles(t, c);
	for (size_t i = 0; i < t->list.height && t->list.top + i < t->list.count; i++) {
		size_t row = t->list.top + i;
		int y = (int)i + 1;
		draw_row(t, ctx, c, row, y);
		if (row == t->list.cursor)
			rt_set_look(c, 0, y, c.w, cursor_look);
	}
}

int rt_tableview_column_at(const struct rt_tableview *t, int x)
{
	int at = 0;

	for (size_t i = 0; i < t->ops->column_count; i++) {
		if (!t->width[i])
			continue;
		if (x >= at && x < at + t->width[i] + GAP)
			return (int)i;
		at += t->width[i] + GAP;
	}
	return -1;
}

void rt_tableview_sort_step(struct rt_tableview *t, int step)
{
	int count = (int)t->ops->column_count;

	for (int i = t->sort + step; i >= -1 && i < count; i += step) {
		if (i == -1 || t->ops->columns[i].sortable) {
			t->sort = i;
			return;
		}
	}
}
