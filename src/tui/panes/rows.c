/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c - the common part of panes with a table.
 */
#include "config.h"

#include "rows.h"

#include <string.h>

#include "../app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define LOOK_EVERY 64 /* rows between looks at the clock */

static struct rt_rows *self(struct rt_pane *p)
{
	return (struct rt_rows *)p;
}

static const struct rt_rows *self_const(const struct rt_pane *p)
{
	return (const struct rt_rows *)p;
}

static void cell(const void *ctx, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	const struct rt_rows *r = ctx;

	r->ops->cell(r, r->shown.v[row], column, ret);
}

void rt_rows_init(struct rt_pane *p, const struct rt_rows_ops *ops)
{
	struct rt_rows *r = self(p);

	r->ops = ops;
	r->table_ops = (struct rt_tableview_ops){ops->columns, ops->column_count, cell};
	rt_tableview_init(&r->table, &r->table_ops);
}

void rt_rows_done(struct rt_pane *p)
{
	struct rt_rows *r = self(p);

	rt_vec_free(&r->shown);
	rt_vec_free(&r->next);
	rt_vec_free(&r->changed);
	rt_looks_done(&r->looks);
	rt_buf_done(&r->here);
}

bool rt_rows_current(const struct rt_rows *r, size_t *ret_row)
{
	if (r->table.list.cursor >= r->shown.len)
		return false;
	*ret_row = r->shown.v[r->table.list.cursor];
	return true;
}

void rt_rows_state(const struct rt_rows *r, enum rt_node_state s, struct rt_tableview_cell *ret)
{
	rt_buf_puts(ret->text, rt_glyph_str(rt_state_glyph(s), r->pane.tui->grid.ascii));
	ret->style = rt_state_role(s);
}

bool rt_rows_target(const struct rt_pane *p, struct rt_target *ret)
{
	const struct rt_rows *r = self_const(p);
	size_t row;

	if (!rt_rows_current(r, &row) || !r->ops->target(r, row, ret))
		return false;
	if (p->tui->world.graph)
		ret->node = rt_graph_find(p->tui->world.graph, ret->ref);
	return true;
}

static bool go(struct rt_rows *r, size_t row)
{
	for (size_t i = 0; i < r->shown.len; i++) {
		if (r->shown.v[i] == row) {
			rt_list_go(&r->table.list, i);
			return true;
		}
	}
	return false;
}

bool rt_rows_select(struct rt_pane *p, const struct rt_ref *ref)
{
	struct rt_rows *r = self(p);

	for (size_t row = 0; row < r->count; row++) {
		struct rt_target t = {0};
		if (r->ops->target(r, row, &t) && !rt_ref_cmp(&t.ref, ref) && go(r, row))
			return true;
	}
	return false;
}

/* The cursor moved, by whatever: its row is found again by this key in another world. */
static void take_key(struct rt_rows *r)
{
	size_t row;

	rt_buf_clear(&r->here);
	if (rt_rows_current(r, &row))
		r->ops->key(r, row, &r->here);
}

/* ---------------------------------------------------------------- what is shown, in which order */

static void empty(struct rt_rows *r)
{
	if (r->shown.len)
		r->cursor = r->table.list.cursor;
	r->shown.len = r->changed.len = 0;
	r->count = 0;
	rt_list_set_count(&r->table.list, 0);
}

/* The rows are of a world that is going. */
void rt_rows_drop(struct rt_pane *p)
{
	struct rt_rows *r = self(p);

	empty(r);
	if (r->ops->drop)
		r->ops->drop(r);
}

void rt_rows_reset(struct rt_pane *p)
{
	struct rt_rows *r = self(p);

	empty(r);
	r->next.len = 0;
	r->at = 0;
	r->made = false;
}

static void row_text(const struct rt_rows *r, size_t row, struct rt_buf *out)
{
	for (size_t i = 0; i < r->ops->column_count; i++) {
		struct rt_tableview_cell c = {.text = out, .style = RT_ROLE_TEXT};
		r->ops->cell(r, row, i, &c);
		rt_buf_putc(out, ' ');
	}
}

static bool passes(const struct rt_rows *r, size_t row, struct rt_buf *scratch)
{
	const struct rt_row_filter *f = r->pane.tui->shown.filter;
	struct rt_pairs labels = {0};

	if (!r->ops->passes(r, row))
		return false;
	if (!f || &r->pane == r->pane.tui->strip)
		return true;
	if (r->ops->labels)
		labels = r->ops->labels(r, row);
	rt_buf_clear(scratch);
	row_text(r, row, scratch);
	return rt_row_filter_pass(f, rt_buf_str(scratch), labels);
}

struct sort_key {
	const char *text;
	uint32_t row;
};

/* Numbers in the texts count as numbers; equal texts keep the table's own order. */
static int by_text(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;
	int order = strverscmp(x->text, y->text);

	return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void sort_rows(struct rt_rows *r)
{
	struct rt_arena arena = {0};
	struct rt_buf text = {0};
	struct sort_key *keys = rt_xcalloc(r->next.len + 1, sizeof(*keys));
	size_t n = r->next.len;

	for (size_t i = 0; i < n; i++) {
		struct rt_tableview_cell c = {.text = &text, .style = RT_ROLE_TEXT};
		rt_buf_clear(&text);
		r->ops->cell(r, r->next.v[i], (size_t)r->table.sort, &c);
		keys[i] =
		    (struct sort_key){rt_arena_strdup(&arena, rt_buf_str(&text)), r->next.v[i]};
	}
	qsort(keys, n, sizeof(*keys), by_text);
	for (size_t i = 0; i < n; i++)
		r->next.v[r->table.descending ? n - 1 - i : i] = keys[i].row;
	free(keys);
	rt_buf_done(&text);
	rt_arena_done(&arena);
}

static void find_here(struct rt_rows *r)
{
	struct rt_buf key = {0};

	if (!r->pane.tui->touched)
		rt_list_go(&r->table.list, 0);
	for (size_t i = 0; r->pane.tui->touched && r->here.len && i < r->shown.len; i++) {
		rt_buf_clear(&key);
		r->ops->key(r, r->shown.v[i], &key);
		if (key.len == r->here.len && !memcmp(key.data, r->here.data, key.len)) {
			rt_list_go(&r->table.list, i);
			break;
		}
	}
	rt_buf_done(&key);
}

/* All that a row says but what time alone changes. */
static uint64_t look_of(const struct rt_rows *r, size_t row, struct rt_buf *text)
{
	rt_buf_clear(text);
	for (size_t i = 0; i < r->ops->column_count; i++) {
		struct rt_tableview_cell c = {.text = text, .style = RT_ROLE_TEXT};
		if (!r->ops->columns[i].ages)
			r->ops->cell(r, row, i, &c);
		rt_buf_putc(text, ' ');
	}
	return rt_hash(rt_buf_str(text), text->len);
}

static void mark_changes(struct rt_rows *r)
{
	struct rt_buf text = RT_BUF_MAX(4096);

	rt_looks_begin(&r->looks, r->pane.tui->world_count, r->shown.len);
	r->changed.len = 0;
	for (size_t i = 0; r->looks.keep && i < r->shown.len; i++) {
		uint64_t key;
		rt_buf_clear(&text);
		r->ops->key(r, r->shown.v[i], &text);
		key = rt_hash(rt_buf_str(&text), text.len);
		rt_vec_push(&r->changed, NULL,
		    rt_looks_take(&r->looks, key, look_of(r, r->shown.v[i], &text)));
	}
	if (rt_looks_end(&r->looks))
		rt_tui_flash(r->pane.tui);
	rt_buf_done(&text);
}

static void swap_in(struct rt_rows *r)
{
	if (r->table.sort >= 0)
		sort_rows(r);
	r->shown.len = 0;
	for (size_t i = 0; i < r->next.len; i++)
		rt_vec_push(&r->shown, NULL, r->next.v[i]);
	rt_tableview_measure(&r->table, r, r->shown.len);
	rt_list_go(&r->table.list, r->cursor);
	find_here(r);
	take_key(r);
	mark_changes(r);
}

bool rt_rows_work(struct rt_pane *p, int64_t until_ms)
{
	struct rt_rows *r = self(p);
	struct rt_buf scratch = RT_BUF_MAX(4096);
	struct rt_tui *t = p->tui;

	if (!r->made) {
		if (r->ops->prepare && r->ops->prepare(r, until_ms))
			return true;
		r->count = r->ops->make(r);
		r->made = true;
	}
	while (r->at < r->count) {
		if (passes(r, r->at, &scratch))
			rt_vec_push(&r->next, NULL, (uint32_t)r->at);
		r->at++;
		if (r->at % LOOK_EVERY == 0 && t->ops->clock_ms(t->ctx) >= until_ms)
			break;
	}
	rt_buf_done(&scratch);
	if (r->at < r->count)
		return true;
	swap_in(r);
	return false;
}

/* ---------------------------------------------------------------- on screen */

void rt_rows_fit(struct rt_pane *p, int w, int h)
{
	rt_tableview_fit(&self(p)->table, w - 2, h);
}

void rt_rows_draw(const struct rt_pane *p, struct rt_canvas c, bool focused)
{
	const struct rt_rows *r = self_const(p);
	const struct rt_list *l = &r->table.list;

	rt_tableview_draw(&r->table, r, rt_canvas_sub(c, 1, 0, c.w - 2, c.h),
	    focused ? RT_LOOK_SELECTED : RT_LOOK_BLURRED);
	for (size_t i = 0; i < l->height && l->top + i < r->changed.len; i++)
		if (r->changed.v[l->top + i] && l->top + i != l->cursor &&
		    rt_tui_is_flashing(p->tui))
			rt_set_look(c, 1, (int)i + 1, c.w - 2, RT_LOOK_CHANGED);
}

static bool sort_action(struct rt_rows *r, enum rt_action a)
{
	if (a == RT_ACTION_SORT_LEFT || a == RT_ACTION_SORT_RIGHT) {
		rt_tableview_sort_step(&r->table, a == RT_ACTION_SORT_LEFT ? -1 : 1);
		r->table.descending = false;
	} else if (a == RT_ACTION_SORT_REVERSE && r->table.sort >= 0) {
		if (r->table.descending)
			r->table.sort = -1;
		r->table.descending = !r->table.descending && r->table.sort >= 0;
	} else {
		return false;
	}
	r->pane.stale = true;
	return true;
}

bool rt_rows_action(struct rt_pane *p, enum rt_action a)
{
	struct rt_rows *r = self(p);

	if (sort_action(r, a))
		return true;
	if (!rt_list_action(&r->table.list, a))
		return false;
	take_key(r);
	return true;
}

static void click_title(struct rt_rows *r, int x)
{
	int column = rt_tableview_column_at(&r->table, x);

	if (column < 0 || !r->ops->columns[column].sortable)
		return;
	r->table.descending = r->table.sort == column && !r->table.descending;
	r->table.sort = column;
	r->pane.stale = true;
}

void rt_rows_mouse(struct rt_pane *p, const struct rt_event *e)
{
	struct rt_rows *r = self(p);
	size_t row = r->table.list.top + (size_t)(e->y > 0 ? e->y - 1 : 0);

	if (e->mouse != RT_MOUSE_PRESS)
		rt_list_scroll(&r->table.list, e->mouse == RT_MOUSE_WHEEL_UP ? -3 : 3);
	else if (e->y == 0)
		click_title(r, e->x - 1);
	else if (row < r->shown.len && row == r->table.list.cursor)
		rt_tui_act(p->tui, RT_ACTION_OPEN);
	else if (row < r->shown.len)
		rt_list_go(&r->table.list, row);
	if (!p->stale)
		take_key(r);
}

void rt_rows_position(const struct rt_pane *p, struct rt_buf *out)
{
	const struct rt_rows *r = self_const(p);

	if (!r->shown.len)
		return;
	rt_buf_printf(out, "%zu/%zu", r->table.list.cursor + 1, r->shown.len);
	if (r->shown.len < r->count)
		rt_buf_printf(out, " of %zu", r->count);
}

void rt_rows_write(const struct rt_pane *p, struct rt_buf *out)
{
	const struct rt_rows *r = self_const(p);
	struct rt_buf text = {0};

	for (size_t i = 0; i < r->ops->column_count; i++)
		rt_buf_printf(out, "%s%s", i ? "\t" : "", r->ops->columns[i].title);
	rt_buf_putc(out, '\n');
	for (size_t row = 0; row < r->shown.len; row++) {
		for (size_t i = 0; i < r->ops->column_count; i++) {
			struct rt_tableview_cell c = {.text = &text};
			rt_buf_clear(&text);
			r->ops->cell(r, r->shown.v[row], i, &c);
			if (i)
				rt_buf_putc(out, '\t');
			rt_clean(out, rt_buf_str(&text), false);
		}
		rt_buf_putc(out, '\n');
	}
	rt_buf_done(&text);
}
