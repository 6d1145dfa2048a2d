/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controllers.c - who answers for each class, and what carries each Gateway's traffic.
 */
#include "config.h"

#include "../app.h"
#include "rows.h"
#include "rutter/buf.h"

enum { STATE, WHAT, CONTROLLER, WHERE, READY, COLUMNS };

static const struct rt_tableview_column columns[COLUMNS] = {
    [STATE] = {.title = "", .min = 1},
    [WHAT] = {.title = "FOR", .min = 26, .max = 48, .sortable = true},
    [CONTROLLER] = {.title = "CONTROLLER", .min = 13, .grow = true, .sortable = true},
    [WHERE] = {.title = "NAMESPACE", .max = 28, .sortable = true, .rank = 1},
    [READY] = {.title = "READY", .min = 5, .right = true},
};

struct plane_row {
	struct rt_ref ref; /* class or Gateway; borrowed from the world */
	const char *controller, *where, *ready;
	enum rt_node_state state;
};

struct controllers {
	struct rt_rows rows;
	struct rt_arena arena;
	RT_VEC(struct plane_row) v;
};

static const struct controllers *self(const struct rt_rows *r)
{
	return (const struct controllers *)r;
}

static const char *ready_text(struct rt_arena *a, size_t ready, const rt_pods *pods, bool outside,
    enum rt_tri known, enum rt_node_state *ret_state)
{
	*ret_state = RT_STATE_OK;
	if (outside)
		return "outside";
	if (!pods->len) {
		*ret_state = known == RT_YES ? RT_STATE_WARNING : RT_STATE_UNKNOWN;
		return known == RT_YES ? "none" : "unread";
	}
	if (ready < pods->len)
		*ret_state = ready ? RT_STATE_WARNING : RT_STATE_ERROR;
	return rt_arena_printf(a, "%zu/%zu", ready, (size_t)pods->len);
}

/* Findings about a class or Gateway count, wherever its Pods are; those of its listeners and routes
 * say nothing about what runs. */
static enum rt_node_state worst(
    const struct rt_tui *t, const struct rt_ref *ref, enum rt_node_state s)
{
	const struct rt_finding *const *found;
	size_t n = rt_tui_findings_of(t, ref, &found);

	for (size_t i = 0; i < n; i++)
		if (!rt_finding_in_areas(rt_finding_info(found[i]->code), "LS") &&
		    rt_finding_state(found[i]) > s)
			s = rt_finding_state(found[i]);
	return s;
}

static void add(struct controllers *c, struct plane_row row)
{
	row.state = worst(c->rows.pane.tui, &row.ref, row.state);
	rt_vec_push(&c->v, NULL, row);
}

static void add_class(struct controllers *c, const struct rt_obj *o,
    const struct rt_controller *known, const char *name)
{
	const struct rt_analysis *an = c->rows.pane.tui->world.an;
	struct plane_row row = {.ref = rt_obj_ref(o), .where = ""};
	struct rt_control_plane plane = {0};

	row.controller = known ? known->title : name ? name : "";
	if (known) {
		rt_control_plane_of(an, known, &plane);
		row.ready = ready_text(
		    &c->arena, plane.ready, &plane.pods, plane.outside, plane.known, &row.state);
		row.where = plane.pods.len ? plane.pods.v[0]->obj.ns : "";
	} else {
		row.ready = "unknown";
		row.state = RT_STATE_UNKNOWN;
	}
	add(c, row);
}

static void add_gateway(struct controllers *c, const struct rt_gateway_fact *g)
{
	const struct rt_analysis *an = c->rows.pane.tui->world.an;
	struct plane_row row = {.ref = rt_obj_ref(&g->gateway->obj), .where = ""};
	struct rt_data_plane plane = {0};

	rt_data_plane_of_gateway(an, g, &c->arena, &plane);
	if (plane.how == RT_LOCATED_NOT && !plane.outside)
		return;
	row.controller = plane.services.len ? rt_arena_printf(&c->arena, "data plane %s",
						  plane.services.v[0]->obj.name)
					    : "data plane";
	row.ready = ready_text(&c->arena, plane.ready, &plane.pods, plane.outside,
	    plane.pods_known ? RT_YES : RT_UNKNOWN, &row.state);
	row.where = plane.pods.len       ? plane.pods.v[0]->obj.ns
		    : plane.services.len ? plane.services.v[0]->obj.ns
					 : "";
	add(c, row);
}

static size_t make(struct rt_rows *r)
{
	struct controllers *c = (struct controllers *)r;
	const struct rt_analysis *an = r->pane.tui->world.an;

	rt_arena_reset(&c->arena);
	c->v.len = 0;
	for (size_t i = 0; an && i < an->classes.len; i++) {
		const struct rt_class_fact *f = an->classes.v[i];
		add_class(c, &f->gc->obj, f->controller, f->gc->controller_name);
		for (size_t j = 0; j < f->gateways.len; j++)
			add_gateway(c, f->gateways.v[j]);
	}
	for (size_t i = 0; an && i < an->ingress_classes.len; i++) {
		const struct rt_ingress_class_fact *f = an->ingress_classes.v[i];
		add_class(c, &f->ic->obj, f->controller, f->ic->controller);
	}
	return c->v.len;
}

static void cell(const struct rt_rows *r, size_t row, size_t column, struct rt_tableview_cell *ret)
{
	const struct plane_row *p = &self(r)->v.v[row];

	switch (column) {
	case STATE:
		rt_rows_state(r, p->state, ret);
		break;
	case WHAT:
		rt_buf_printf(ret->text, "%s %s%s%s", p->ref.kind, p->ref.ns ? p->ref.ns : "",
		    p->ref.ns ? "/" : "", p->ref.name);
		ret->style = RT_ROLE_NAME;
		break;
	case CONTROLLER:
		rt_buf_puts(ret->text, p->controller);
		break;
	case WHERE:
		rt_buf_puts(ret->text, p->where);
		ret->style = RT_ROLE_DIM;
		break;
	default:
		rt_buf_puts(ret->text, p->ready);
		ret->style = rt_state_role(p->state);
		break;
	}
}

static bool passes(const struct rt_rows *r, size_t row)
{
	const struct plane_row *p = &self(r)->v.v[row];

	if (r->pane.tui->shown.problems && p->state <= RT_STATE_INFO)
		return false;
	return rt_tui_namespace_shown(r->pane.tui, p->ref.ns);
}

static bool target(const struct rt_rows *r, size_t row, struct rt_target *ret)
{
	if (row >= self(r)->v.len)
		return false;
	ret->ref = self(r)->v.v[row].ref;
	return true;
}

static void key(const struct rt_rows *r, size_t row, struct rt_buf *out)
{
	const struct plane_row *p = &self(r)->v.v[row];

	rt_buf_printf(out, "%s/%s/%s", p->ref.kind, p->ref.ns ? p->ref.ns : "", p->ref.name);
}

static const struct rt_rows_ops rows_ops = {
    .columns = columns,
    .column_count = COLUMNS,
    .make = make,
    .cell = cell,
    .passes = passes,
    .target = target,
    .key = key,
};

static void init(struct rt_pane *p)
{
	rt_rows_init(p, &rows_ops);
}

static void done(struct rt_pane *p)
{
	struct controllers *c = (struct controllers *)p;

	rt_arena_done(&c->arena);
	rt_vec_free(&c->v);
	rt_rows_done(p);
}

const struct rt_pane_ops rt_controllers_pane = {
    .title = "Controllers and data planes",
    .empty = "no classes, so no controllers",
    .place = RT_IN_LIST | RT_IN_TABLE,
    .share = 54,
    .size = sizeof(struct controllers),
    .init = init,
    .done = done,
    RT_ROWS_PANE_OPS,
};
