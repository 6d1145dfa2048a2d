/* SPDX-License-Identifier: Apache-2.0 */
/*
 * objects.c - all objects of one kind, as ":httproutes" asks for them.
 */
#include "config.h"

#include "../app.h"
#include "rows.h"
#include "rutter/buf.h"

enum { STATE, NAMESPACE, NAME, SUMMARY, AGE, COLUMNS };

static const struct rt_tableview_column columns[COLUMNS] = {
    [STATE] = {.title = "", .min = 1},
    [NAMESPACE] = {.title = "NAMESPACE", .max = 24, .sortable = true},
    [NAME] = {.title = "NAME", .min = 12, .max = 48, .sortable = true},
    [SUMMARY] = {.title = "SUMMARY", .min = 10, .grow = true, .rank = 2},
    [AGE] = {.title = "AGE", .min = 3, .right = true, .rank = 1, .ages = true},
};

static const struct rt_obj *object_at(const struct rt_rows *r, size_t row)
{
	const struct rt_analysis *an = r->pane.tui->world.an;
	const struct rt_obj *const *list;
	size_t count = an ? rt_store_list(an->store, r->pane.tui->kind, &list) : 0;

	return row < count ? list[row] : NULL;
}

static const struct rt_node *node_of(const struct rt_rows *r, const struct rt_obj *o)
{
	const struct rt_graph *g = r->pane.tui->world.graph;

	return g ? rt_graph_find(g, rt_obj_ref(o)) : NULL;
}

static enum rt_node_state state_of(const struct rt_rows *r, const struct rt_obj *o)
{
	const struct rt_node *n = node_of(r, o);

	return n ? rt_node_worst(n) : RT_STATE_OK;
}

static size_t make(struct rt_rows *r)
{
	const struct rt_analysis *an = r->pane.tui->world.an;

	return an ? rt_store_count(an->store, r->pane.tui->kind) : 0;
}

static void cell(const struct rt_rows *r, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	const struct rt_obj *o = object_at(r, row);
	const struct rt_node *n;
	enum rt_node_state s;

	if (!o)
		return;
	switch (column) {
	case STATE:
		s = state_of(r, o);
		rt_rows_state(r, s, ret);
		break;
	case NAMESPACE:
		rt_buf_puts(ret->text, o->ns ? o->ns : "");
		break;
	case NAME:
		rt_buf_puts(ret->text, o->name);
		ret->style = RT_ROLE_NAME;
		break;
	case SUMMARY:
		n = node_of(r, o);
		rt_buf_puts(ret->text, n && n->summary ? n->summary : "");
		ret->style = RT_ROLE_DIM;
		break;
	default:
		if (o->created != RT_TIME_UNSET)
			rt_age_write(ret->text, r->pane.tui->world.now - o->created);
		ret->style = RT_ROLE_DIM;
		break;
	}
}

static bool passes(const struct rt_rows *r, size_t row)
{
	const struct rt_obj *o = object_at(r, row);

	if (r->pane.tui->shown.problems && state_of(r, o) <= RT_STATE_INFO)
		return false;
	return rt_tui_namespace_shown(r->pane.tui, o->ns);
}

static struct rt_pairs labels(const struct rt_rows *r, size_t row)
{
	const struct rt_obj *o = object_at(r, row);
	return o ? o->labels : (struct rt_pairs){0};
}

static bool target(const struct rt_rows *r, size_t row, struct rt_target *ret)
{
	const struct rt_obj *o = object_at(r, row);

	if (o)
		ret->ref = rt_obj_ref(o);
	return o != NULL;
}

static void key(const struct rt_rows *r, size_t row, struct rt_buf *out)
{
	const struct rt_obj *o = object_at(r, row);

	if (o)
		rt_buf_printf(out, "%s/%s", o->ns ? o->ns : "", o->name);
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
};

static void init(struct rt_pane *p)
{
	rt_rows_init(p, &rows_ops);
}

static void subtitle(const struct rt_pane *p, struct rt_buf *out)
{
	rt_buf_puts(out, rt_kind_info(p->tui->kind)->kind);
}

const struct rt_pane_ops rt_objects_pane = {
    .title = "",
    .empty = "none of this kind",
    .place = RT_IN_LIST | RT_IN_TABLE,
    .share = 50,
    .size = sizeof(struct rt_rows),
    .init = init,
    .done = rt_rows_done,
    .subtitle = subtitle,
    RT_ROWS_PANE_OPS,
};
