/* SPDX-License-Identifier: Apache-2.0 */
/*
 * findings.c - everything that is wrong, worst first.
 */
#include "config.h"

#include "../app.h"
#include "rows.h"
#include "rutter/buf.h"

enum { STATE, CODE, OBJECT, FINDING, COLUMNS };

static const struct rt_tableview_column columns[COLUMNS] = {
    [STATE] = {.title = "", .min = 1},
    [CODE] = {.title = "CODE", .min = 4, .sortable = true},
    [OBJECT] = {.title = "OBJECT", .min = 12, .max = 48, .sortable = true},
    [FINDING] = {.title = "FINDING", .min = 20, .grow = true, .sortable = true},
};

static const struct rt_finding *finding_at(const struct rt_rows *r, size_t row)
{
	const struct rt_findings *all = r->pane.tui->world.findings;

	return all && row < all->len ? all->v[row] : NULL;
}

static size_t make(struct rt_rows *r)
{
	const struct rt_findings *all = r->pane.tui->world.findings;

	return all ? all->len : 0;
}

static void put_object(struct rt_buf *out, const struct rt_ref *ref)
{
	rt_buf_printf(
	    out, "%s %s%s%s", ref->kind, ref->ns ? ref->ns : "", ref->ns ? "/" : "", ref->name);
}

static void cell(const struct rt_rows *r, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	const struct rt_finding *f = finding_at(r, row);
	enum rt_node_state s;

	if (!f)
		return;
	s = rt_finding_state(f);
	switch (column) {
	case STATE:
		rt_rows_state(r, s, ret);
		break;
	case CODE:
		rt_buf_puts(ret->text, rt_finding_info(f->code)->code);
		ret->style = rt_state_role(s);
		break;
	case OBJECT:
		put_object(ret->text, &f->object);
		ret->style = RT_ROLE_NAME;
		break;
	default: /* the name alone says most where there is no room for more */
		rt_buf_printf(ret->text, "%s: %s", rt_finding_info(f->code)->name, f->message);
		break;
	}
}

static bool passes(const struct rt_rows *r, size_t row)
{
	const struct rt_finding *f = finding_at(r, row);
	const struct rt_tui *t = r->pane.tui;

	if (t->shown.problems && rt_finding_state(f) == RT_STATE_INFO)
		return false;
	return rt_tui_finding_shown(t, f);
}

static struct rt_pairs labels(const struct rt_rows *r, size_t row)
{
	const struct rt_finding *f = finding_at(r, row);

	return f && f->obj ? f->obj->labels : (struct rt_pairs){0};
}

static bool target(const struct rt_rows *r, size_t row, struct rt_target *ret)
{
	ret->finding = finding_at(r, row);
	if (ret->finding)
		ret->ref = ret->finding->object;
	return ret->finding != NULL;
}

static void key(const struct rt_rows *r, size_t row, struct rt_buf *out)
{
	const struct rt_finding *f = finding_at(r, row);

	if (!f)
		return;
	rt_buf_printf(out, "%d ", (int)f->code);
	put_object(out, &f->object);
	rt_buf_printf(out, " %s", f->message);
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

/* " (6 errors, 2 warnings, 1 unknown)" */
static void subtitle(const struct rt_pane *p, struct rt_buf *out)
{
	const struct rt_tally *t = &p->tui->tally;
	const struct {
		size_t n;
		const char *one, *many;
	} counts[] = {
	    {t->by_severity[RT_SEV_ERROR], "error", "errors"},
	    {t->by_severity[RT_SEV_WARNING], "warning", "warnings"},
	    {t->unknown, "unknown", "unknown"},
	};
	const char *before = " (";

	for (size_t i = 0; i < RT_ARRAY_LEN(counts); i++) {
		if (!counts[i].n)
			continue;
		rt_buf_printf(out, "%s%zu %s", before, counts[i].n,
		    counts[i].n == 1 ? counts[i].one : counts[i].many);
		before = ", ";
	}
	if (*before == ',')
		rt_buf_putc(out, ')');
}

const struct rt_pane_ops rt_findings_pane = {
    .title = "Findings",
    .empty = "nothing is wrong",
    .place = RT_IN_LIST | RT_IN_TABLE | RT_IN_MENDABLE,
    .share = 58,
    .size = sizeof(struct rt_rows),
    .init = init,
    .done = rt_rows_done,
    .subtitle = subtitle,
    RT_ROWS_PANE_OPS,
};
