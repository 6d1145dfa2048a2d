/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes.c - the flat routing table: what is served, host by host, in the order of precedence.
 * The table is made when the view is first looked at, and again when the world has changed.
 */
#include "config.h"

#include "../app.h"
#include "rows.h"
#include "rutter/routes_report.h"

#define LOOK_EVERY 16 /* steps between looks at the clock */

enum { STATE, HOST, PATH, MATCH, ENTRY, ROUTE, BACKEND, READY, WORD, COLUMNS };

static const struct rt_tableview_column columns[COLUMNS] = {
    [STATE] = {.title = "", .min = 1},
    [HOST] = {.title = "HOST", .min = 16, .max = 40, .sortable = true},
    [PATH] = {.title = "PATH", .min = 10, .max = 40, .sortable = true},
    [MATCH] = {.title = "MATCH", .min = 6, .max = 30, .sortable = true, .rank = 2},
    [ENTRY] = {.title = "ENTRY", .min = 24, .max = 32, .sortable = true, .rank = 5},
    [ROUTE] = {.title = "ROUTE", .min = 34, .max = 40, .sortable = true, .rank = 4},
    [BACKEND] = {.title = "BACKEND", .min = 18, .max = 48, .sortable = true, .grow = true},
    [READY] = {.title = "READY", .min = 5, .sortable = true, .right = true, .rank = 3},
    [WORD] = {.title = "STATE", .min = 8, .max = 28, .sortable = true, .rank = 1},
};

static const enum rt_route_cell cells[COLUMNS] = {
    [HOST] = RT_CELL_HOST,
    [PATH] = RT_CELL_PATH,
    [MATCH] = RT_CELL_MATCH,
    [ENTRY] = RT_CELL_ENTRY,
    [ROUTE] = RT_CELL_ROUTE,
    [BACKEND] = RT_CELL_BACKEND,
    [READY] = RT_CELL_READY,
    [WORD] = RT_CELL_STATE,
};

struct routes {
	struct rt_rows rows;
	struct rt_arena arena;
	struct rt_routes table;
	struct rt_routes_build *build; /* under way, or NULL */
	unsigned world;                /* that the table is of */
};

static const struct routes *self(const struct rt_rows *r)
{
	return (const struct routes *)r;
}

static enum rt_node_state row_state(const struct rt_route_row *row)
{
	static const enum rt_node_state states[RT_ROW_STATE_COUNT] = {
	    [RT_ROW_OK] = RT_STATE_OK,
	    [RT_ROW_REDIRECT] = RT_STATE_OK,
	    [RT_ROW_PARTIAL] = RT_STATE_WARNING,
	    [RT_ROW_BROKEN] = RT_STATE_ERROR,
	    [RT_ROW_UNKNOWN] = RT_STATE_UNKNOWN,
	    [RT_ROW_SHADOWED] = RT_STATE_WARNING,
	};

	return states[row->state];
}

static void begin(struct routes *t, const struct rt_analysis *an)
{
	rt_routes_end(t->build);
	t->build = NULL;
	rt_arena_reset(&t->arena);
	t->table = (struct rt_routes){0};
	t->world = t->rows.pane.tui->world_count;
	if (an)
		t->build = rt_routes_begin(an, &t->arena);
}

static bool prepare(struct rt_rows *r, int64_t until_ms)
{
	struct routes *t = (struct routes *)r;
	const struct rt_tui *tui = r->pane.tui;

	if (t->world != tui->world_count)
		begin(t, tui->world.an);
	for (int n = 0; t->build; n++) {
		if (!rt_routes_step(t->build, &t->table)) {
			rt_routes_end(t->build);
			t->build = NULL;
		} else if (n % LOOK_EVERY == 0 && tui->ops->clock_ms(tui->ctx) >= until_ms) {
			return true;
		}
	}
	return false;
}

/* The table points at facts of the world. */
static void drop(struct rt_rows *r)
{
	struct routes *t = (struct routes *)r;

	rt_routes_end(t->build);
	t->build = NULL;
	t->table = (struct rt_routes){0};
}

static size_t make(struct rt_rows *r)
{
	return self(r)->table.rows.len;
}

static void cell(const struct rt_rows *r, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	const struct rt_routes *table = &self(r)->table;
	enum rt_node_state s;

	if (row >= table->rows.len)
		return;
	s = row_state(&table->rows.v[row]);
	if (column == STATE)
		rt_buf_puts(ret->text, rt_glyph_str(rt_state_glyph(s), r->pane.tui->grid.ascii));
	else
		rt_route_cell_text(ret->text, table, row, cells[column]);
	if (column == STATE || column == WORD || column == READY)
		ret->style = rt_state_role(s);
	else if (column == MATCH || column == ENTRY)
		ret->style = RT_ROLE_DIM;
}

static bool backend_shown(const struct rt_tui *t, const struct rt_route_row *row)
{
	for (size_t i = 0; i < row->target->backends.len; i++)
		if (row->target->backends.v[i].ref.ns &&
		    rt_tui_namespace_shown(t, row->target->backends.v[i].ref.ns))
			return true;
	return false;
}

static bool passes(const struct rt_rows *r, size_t row)
{
	const struct rt_route_row *x = &self(r)->table.rows.v[row];
	const struct rt_tui *t = r->pane.tui;

	if (t->shown.problems && row_state(x) == RT_STATE_OK)
		return false;
	return rt_tui_namespace_shown(t, x->route->ns) || backend_shown(t, x);
}

static struct rt_pairs labels(const struct rt_rows *r, size_t row)
{
	return self(r)->table.rows.v[row].route->labels;
}

static bool target(const struct rt_rows *r, size_t row, struct rt_target *ret)
{
	if (row >= self(r)->table.rows.len)
		return false;
	ret->ref = rt_obj_ref(self(r)->table.rows.v[row].route);
	return true;
}

static void key(const struct rt_rows *r, size_t row, struct rt_buf *out)
{
	const struct rt_route_row *x = &self(r)->table.rows.v[row];

	if (row >= self(r)->table.rows.len)
		return;
	rt_buf_printf(out, "%s %s/%s %d %d %s %s", x->route->kind_name,
	    x->route->ns ? x->route->ns : "", x->route->name, x->rule, x->match,
	    x->host ? x->host : "", x->entry.name ? x->entry.name : "");
}

static const struct rt_rows_ops rows_ops = {
    .columns = columns,
    .column_count = COLUMNS,
    .make = make,
    .cell = cell,
    .passes = passes,
    .labels = labels,
    .target = target,
    .key = key,
    .prepare = prepare,
    .drop = drop,
};

static void init(struct rt_pane *p)
{
	rt_rows_init(p, &rows_ops);
}

static void done(struct rt_pane *p)
{
	rt_routes_end(((struct routes *)p)->build);
	rt_arena_done(&((struct routes *)p)->arena);
	rt_rows_done(p);
}

static const struct rt_route_row *current(const struct rt_pane *p)
{
	const struct rt_rows *r = (const struct rt_rows *)p;
	size_t row;

	if (!rt_rows_current(r, &row) || row >= self(r)->table.rows.len)
		return NULL;
	return &self(r)->table.rows.v[row];
}

static bool url(const struct rt_pane *p, struct rt_buf *out)
{
	const struct rt_route_row *row = current(p);

	return row && rt_url_of_row(row, out);
}

const struct rt_pane_ops rt_routes_pane = {
    .title = "Routes",
    .empty = "nothing is served",
    .place = RT_IN_LIST | RT_IN_TABLE,
    .share = 68,
    .size = sizeof(struct routes),
    .init = init,
    .done = done,
    .url = url,
    RT_ROWS_PANE_OPS,
};
