/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topology.c - the routing graph as a tree: classes, Gateways, listeners, routes, rules, Services.
 * The tree is a list of visible rows over the graph; nothing is copied from it. A row is known by
 * the hash of its path, so folds and the cursor outlive a new world. A node that a filter finds is
 * shown with the way to it, and everything below it can be unfolded.
 */
#include "config.h"

#include <string.h>

#include "../app.h"
#include "../looks.h"
#include "../widgets/list.h"
#include "rutter/buf.h"

#define DEPTH_MAX 24
#define ROWS_MAX 400000
#define LOOK_EVERY 64    /* nodes between looks at the clock */
#define OPEN_CHILDREN 60 /* a branch with more starts folded */
#define SMALL_GRAPH 1500 /* nodes up to which broken routes start unfolded */

enum fold { FOLD_USUAL, FOLD_NONE, FOLD_ALL };

struct tree_row {
	struct rt_node *node;
	const struct rt_edge *edge; /* NULL: a root */
	uint64_t path;
	uint16_t depth;
	bool open, has_children;
	bool changed;   /* with the last world */
	bool below_hit; /* an ancestor passed the filter: no further check */
};

struct topology {
	struct rt_pane pane;
	struct rt_list list;
	RT_VEC(struct tree_row) rows;
	struct rt_map toggled; /* path hash: folded otherwise than usual */
	enum fold fold;
	bool filtering;       /* rows are made for the first time since the filter changed */
	bool checking;        /* a filter or namespaces are in force */
	size_t at;            /* nodes checked so far */
	RT_VEC(uint8_t) hits; /* by node index: HIT, LEADS */
	struct rt_looks looks;
	uint64_t here; /* path of the cursor's row */
	int width;
};

enum { HIT = 1, LEADS = 2 };

static struct topology *self(struct rt_pane *p)
{
	return (struct topology *)p;
}

static const struct topology *self_const(const struct rt_pane *p)
{
	return (const struct topology *)p;
}

static void done(struct rt_pane *p)
{
	rt_vec_free(&self(p)->rows);
	rt_vec_free(&self(p)->hits);
	rt_map_done(&self(p)->toggled);
	rt_looks_done(&self(p)->looks);
}

/* ---------------------------------------------------------------- the filter */

static bool passes(const struct rt_tui *t, const struct rt_node *n, struct rt_buf *text)
{
	if (t->shown.namespaces.len && !(n->ref.ns && rt_tui_namespace_shown(t, n->ref.ns)))
		return false;
	if (!t->shown.filter)
		return true;
	rt_buf_clear(text);
	rt_buf_printf(text, "%s %s", n->label, n->summary);
	return rt_row_filter_pass(
	    t->shown.filter, rt_buf_str(text), n->obj ? n->obj->labels : (struct rt_pairs){0});
}

/* Everything that leads to a hit is marked, each node once. */
static void mark_up(struct topology *t, const struct rt_node *n)
{
	for (size_t i = 0; i < n->in.len; i++) {
		const struct rt_node *from = n->in.v[i]->from;
		if (t->hits.v[from->index] & LEADS)
			continue;
		t->hits.v[from->index] |= LEADS;
		mark_up(t, from);
	}
}

/* The rows point at nodes of the graph that is going. */
static void drop(struct rt_pane *p)
{
	self(p)->rows.len = 0;
	rt_list_set_count(&self(p)->list, 0);
}

static bool check_nodes(struct topology *t, int64_t until_ms)
{
	struct rt_tui *tui = t->pane.tui;
	const struct rt_graph *g = tui->world.graph;
	struct rt_buf text = {0};

	while (t->at < g->nodes.len) {
		const struct rt_node *n = g->nodes.v[t->at++];
		if (passes(tui, n, &text)) {
			t->hits.v[n->index] |= HIT | LEADS;
			mark_up(t, n);
		}
		if (t->at % LOOK_EVERY == 0 && tui->ops->clock_ms(tui->ctx) >= until_ms)
			break;
	}
	rt_buf_done(&text);
	return t->at < g->nodes.len;
}

static void reset(struct rt_pane *p)
{
	struct topology *t = self(p);
	const struct rt_graph *g = p->tui->world.graph;

	t->filtering = p->tui->shown.filter != NULL;
	t->checking = p->tui->shown.filter || p->tui->shown.namespaces.len;
	t->at = 0;
	t->hits.len = 0;
	for (size_t i = 0; g && t->checking && i < g->nodes.len; i++)
		rt_vec_push(&t->hits, NULL, 0);
}

/* ---------------------------------------------------------------- rows */

static enum rt_node_state link_state(const struct rt_edge *e)
{
	if (!e || e->state == RT_LINK_FINE)
		return RT_STATE_OK;
	return e->state == RT_LINK_UNKNOWN ? RT_STATE_UNKNOWN : RT_STATE_ERROR;
}

static enum rt_node_state row_state(const struct rt_node *n, const struct rt_edge *e)
{
	enum rt_node_state s = rt_node_worst(n), link = link_state(e);

	return s > link ? s : link;
}

static uint64_t path_hash(uint64_t parent, const struct rt_node *n)
{
	return (parent * 0x9e3779b97f4a7c15ULL) ^ rt_hash(n->id, strlen(n->id));
}

/* What is open until somebody says otherwise: down to the listeners, and the way to what is
 * broken while the whole is small enough to be looked over. */
static bool usually_open(const struct topology *t, const struct rt_node *n)
{
	bool object = n->type == RT_NODE_OBJECT;

	if (t->fold != FOLD_USUAL)
		return t->fold == FOLD_ALL;
	if (t->checking && t->hits.v[n->index] == LEADS)
		return true;
	if (t->checking && t->pane.tui->shown.filter)
		return false;
	if (n->out.len > OPEN_CHILDREN || n->type == RT_NODE_CONTROLLER)
		return false;
	if (!object)
		return n->type == RT_NODE_LISTENER || n->type == RT_NODE_NO_CLASS ||
		       n->total.by_severity[RT_SEV_ERROR] > 0;
	if (!n->obj || n->obj->kind == RT_KIND_GATEWAY_CLASS || n->obj->kind == RT_KIND_GATEWAY ||
	    n->obj->kind == RT_KIND_LISTENER_SET || n->obj->kind == RT_KIND_INGRESS_CLASS)
		return true;
	return t->pane.tui->world.graph->nodes.len <= SMALL_GRAPH &&
	       n->total.by_severity[RT_SEV_ERROR] > 0 && n->obj->kind != RT_KIND_SERVICE;
}

static bool is_open(const struct topology *t, const struct rt_node *n, uint64_t path)
{
	bool toggled = rt_map_get_n(&t->toggled, (const char *)&path, sizeof(path)) != NULL;

	return usually_open(t, n) != toggled;
}

static void set_open(struct topology *t, const struct rt_node *n, uint64_t path, bool open)
{
	static char yes;

	if (is_open(t, n, path) == open)
		return;
	if (!rt_map_get_n(&t->toggled, (const char *)&path, sizeof(path))) {
		rt_map_set_n(&t->toggled, (const char *)&path, sizeof(path), &yes);
		return;
	}
	struct rt_map rest = {0};
	RT_MAP_EACH (&t->toggled, e)
		if (memcmp(e->key, &path, sizeof(path)) != 0)
			rt_map_set_n(&rest, e->key, e->len, e->value);
	rt_map_done(&t->toggled);
	t->toggled = rest;
}

/* A route's only rule that matches everything says no more than the route: skipped. */
static const struct rt_node *branch_of(const struct rt_node *n)
{
	const struct rt_node *rule;

	if (n->type != RT_NODE_OBJECT || !n->obj || !rt_kind_is_route(n->obj->kind) ||
	    n->out.len != 1)
		return n;
	rule = n->out.v[0]->to;
	if (rule->type != RT_NODE_RULE || (*rule->summary && strcmp(rule->summary, "/") != 0))
		return n;
	return rule;
}

static bool edge_counts(const struct rt_edge *e)
{
	return strcmp(e->kind, "dataPlane") != 0 || e->state != RT_LINK_FINE;
}

struct walk {
	struct topology *t;
	const struct rt_node *way[DEPTH_MAX]; /* from the root to here */
};

static bool shown(
    const struct walk *w, const struct rt_node *n, const struct rt_edge *e, bool below_hit)
{
	const struct topology *t = w->t;

	if (t->checking && !below_hit && !(t->hits.v[n->index] & LEADS))
		return false;
	return !t->pane.tui->shown.problems || row_state(n, e) > RT_STATE_INFO;
}

static bool on_the_way(const struct walk *w, const struct rt_node *n, int depth)
{
	for (int i = 0; i < depth; i++)
		if (w->way[i] == n)
			return true;
	return false;
}

static void add_row(struct walk *w, struct rt_node *n, const struct rt_edge *e, int depth,
    const struct tree_row *parent);

/* EndpointSlices are left out: their Pods hang off the Service. */
static bool is_slice(const struct rt_edge *e)
{
	return !strcmp(e->kind, "slice") && e->to->out.len > 0;
}

static void add_children(
    struct walk *w, const struct rt_node *branch, int depth, const struct tree_row *row)
{
	for (size_t i = 0; i < branch->out.len; i++) {
		const struct rt_edge *e = branch->out.v[i];
		if (is_slice(e))
			add_children(w, e->to, depth, row);
		else if (edge_counts(e))
			add_row(w, e->to, e, depth, row);
	}
}

static bool any_child(const struct walk *w, const struct rt_node *branch, bool below_hit)
{
	for (size_t i = 0; i < branch->out.len; i++) {
		const struct rt_edge *e = branch->out.v[i];
		if (is_slice(e) ? any_child(w, e->to, below_hit)
				: edge_counts(e) && shown(w, e->to, e, below_hit))
			return true;
	}
	return false;
}

static void add_row(struct walk *w, struct rt_node *n, const struct rt_edge *e, int depth,
    const struct tree_row *parent)
{
	struct topology *t = w->t;
	const struct rt_node *branch = branch_of(n);
	struct tree_row row = {.node = n, .edge = e, .depth = (uint16_t)depth};

	row.below_hit = parent && parent->below_hit;
	if (t->rows.len >= ROWS_MAX || on_the_way(w, n, depth) || !shown(w, n, e, row.below_hit))
		return;
	row.below_hit = row.below_hit || (t->checking && t->hits.v[n->index] & HIT);
	row.path = path_hash(parent ? parent->path : 0, n);
	row.has_children = depth + 1 < DEPTH_MAX && any_child(w, branch, row.below_hit);
	row.open = row.has_children && is_open(t, n, row.path);
	rt_vec_push(&t->rows, NULL, row);
	w->way[depth] = n;
	if (row.open)
		add_children(w, branch, depth + 1, &row);
}

static bool is_hit(const struct topology *t, size_t row)
{
	return t->hits.v[t->rows.v[row].node->index] & HIT;
}

/* The row the cursor was on; while a filter is typed the first one that it finds. */
static void find_here(struct topology *t)
{
	size_t found = t->rows.len, hit = t->rows.len;

	for (size_t i = 0; i < t->rows.len; i++) {
		if (found == t->rows.len && t->rows.v[i].path == t->here)
			found = i;
		if (hit == t->rows.len && t->checking && is_hit(t, i))
			hit = i;
	}
	if (t->filtering && hit < t->rows.len && (found == t->rows.len || !is_hit(t, found)))
		found = hit;
	else if (!t->pane.tui->touched)
		found = 0;
	if (found < t->rows.len)
		rt_list_go(&t->list, found);
}

static void take_here(struct topology *t)
{
	if (t->list.cursor < t->rows.len)
		t->here = t->rows.v[t->list.cursor].path;
}

/* ---------------------------------------------------------------- what changed */

static uint64_t look_of(const struct tree_row *row)
{
	const struct rt_node *n = row->node;
	const char *why = row->edge && row->edge->why ? row->edge->why : "";
	uint64_t hash = rt_hash(n->label, strlen(n->label));

	hash = hash * 31 + rt_hash(n->summary, strlen(n->summary));
	hash = hash * 31 + rt_hash(why, strlen(why));
	return hash * 31 + row_state(n, row->edge);
}

static void mark_changes(struct topology *t)
{
	rt_looks_begin(&t->looks, t->pane.tui->world_count, t->rows.len);
	for (size_t i = 0; i < t->rows.len; i++)
		t->rows.v[i].changed =
		    rt_looks_take(&t->looks, t->rows.v[i].path, look_of(&t->rows.v[i]));
	if (rt_looks_end(&t->looks))
		rt_tui_flash(t->pane.tui);
}

static void make_rows(struct topology *t)
{
	const struct rt_graph *g = t->pane.tui->world.graph;
	struct walk w = {.t = t};

	t->rows.len = 0;
	for (size_t i = 0; g && i < g->roots.len; i++)
		add_row(&w, g->roots.v[i], NULL, 0, NULL);
	rt_list_set_count(&t->list, t->rows.len);
	find_here(t);
	take_here(t);
	mark_changes(t);
}

static bool work(struct rt_pane *p, int64_t until_ms)
{
	struct topology *t = self(p);

	if (!p->tui->world.graph) {
		t->rows.len = 0;
		rt_list_set_count(&t->list, 0);
		return false;
	}
	if (t->checking && check_nodes(t, until_ms))
		return true;
	make_rows(t);
	t->filtering = false;
	return false;
}

/* ---------------------------------------------------------------- drawing */

static void fit(struct rt_pane *p, int w, int h)
{
	self(p)->width = w;
	rt_list_fit(&self(p)->list, h > 0 ? (size_t)h : 0);
}

/* "Gateway infra/public": the kind in its own colour. */
static int put_label(struct rt_canvas c, int x, int y, const struct rt_node *n)
{
	size_t kind = n->type == RT_NODE_OBJECT ? strlen(n->ref.kind) : 0;
	int start = x;

	if (kind && !strncmp(n->label, n->ref.kind, kind)) {
		x += rt_put(c, x, y, RT_ROLE_KIND, n->ref.kind);
		x += rt_put(c, x, y, RT_ROLE_NAME, n->label + kind);
	} else {
		x += rt_put(c, x, y, RT_ROLE_NAME, n->label);
	}
	return x - start;
}

static int put_rule(struct rt_canvas c, int x, int y, const struct rt_node *n)
{
	bool named = strchr(n->label + strcspn(n->label, " ") + (n->label[0] != '\0'), ' ') != NULL;
	int start = x;

	if (!*n->summary)
		return rt_put(c, x, y, RT_ROLE_NAME, n->label);
	x += rt_put(c, x, y, RT_ROLE_NAME, n->summary);
	if (named)
		x += 2 + rt_put(c, x + 2, y, RT_ROLE_DIM, n->label);
	return x - start;
}

/* Returns the column after the text, which may be more than fits. */
static int put_text(struct rt_canvas c, const struct tree_row *row)
{
	const struct rt_node *n = row->node;
	const struct rt_edge *e = row->edge;
	bool bad = row_state(n, e) == RT_STATE_ERROR;
	int x = 0;

	if (n->type == RT_NODE_RULE)
		return put_rule(c, 0, 0, n);
	if (e && (!strcmp(e->kind, "certificate") || !strcmp(e->kind, "policy")))
		x += 1 + rt_put(c, x, 0, RT_ROLE_DIM, e->kind);
	x += put_label(c, x, 0, n);
	if (e && *rt_edge_text(e))
		x += 1 + rt_put(c, x + 1, 0, RT_ROLE_STRONG, rt_edge_text(e));
	if (e && e->why)
		x += 2 + rt_put(c, x + 2, 0, bad ? RT_ROLE_ERROR : RT_ROLE_UNKNOWN, e->why);
	if (n->summary && *n->summary)
		x += 2 + rt_put(c, x + 2, 0, RT_ROLE_DIM, n->summary);
	return x;
}

/* Returns the columns that state and counts take at the right edge. */
static int put_state(struct rt_canvas c, int y, const struct tree_row *row)
{
	enum rt_node_state s = row_state(row->node, row->edge);
	const struct rt_tally *t = &row->node->total;
	size_t count = s == RT_STATE_ERROR     ? t->by_severity[RT_SEV_ERROR]
		       : s == RT_STATE_WARNING ? t->by_severity[RT_SEV_WARNING]
					       : 0;
	struct rt_buf b = {0};
	int width;

	if (count)
		rt_buf_printf(&b, "%zu", count);
	width = count ? (int)b.len + 2 : 1;
	rt_put_glyph(c, c.w - 1 - (width > 4 ? width : 4), y, rt_state_role(s), rt_state_glyph(s));
	rt_put(c, c.w + 1 - (width > 4 ? width : 4), y, rt_state_role(s), rt_buf_str(&b));
	rt_buf_done(&b);
	return (width > 4 ? width : 4) + 2;
}

static void draw_row(const struct tree_row *row, struct rt_canvas c, int y)
{
	int right = put_state(c, y, row);
	int x = 1 + 2 * row->depth;
	struct rt_canvas text = rt_canvas_sub(c, x + 2, y, c.w - right - x - 2, 1);

	rt_put_glyph(c, x, y, RT_ROLE_DIM,
	    row->open           ? RT_GLYPH_OPEN
	    : row->has_children ? RT_GLYPH_CLOSED
				: RT_GLYPH_LEAF);
	if (put_text(text, row) > text.w)
		rt_put_glyph(text, text.w - 1, 0, RT_ROLE_DIM, RT_GLYPH_ELLIPSIS);
}

static void draw(const struct rt_pane *p, struct rt_canvas c, bool focused)
{
	const struct topology *t = self_const(p);

	for (size_t i = 0; i < t->list.height && t->list.top + i < t->rows.len; i++) {
		size_t row = t->list.top + i;
		draw_row(&t->rows.v[row], c, (int)i);
		if (t->rows.v[row].changed && rt_tui_is_flashing(p->tui))
			rt_set_look(c, 0, (int)i, c.w, RT_LOOK_CHANGED);
		if (row == t->list.cursor)
			rt_set_look(
			    c, 0, (int)i, c.w, focused ? RT_LOOK_SELECTED : RT_LOOK_BLURRED);
	}
}

static void position(const struct rt_pane *p, struct rt_buf *out)
{
	const struct topology *t = self_const(p);

	if (t->rows.len)
		rt_buf_printf(out, "%zu/%zu", t->list.cursor + 1, t->rows.len);
}

/* ---------------------------------------------------------------- actions */

static void toggle(struct topology *t, bool open)
{
	const struct tree_row *row = &t->rows.v[t->list.cursor];

	set_open(t, row->node, row->path, open);
	take_here(t);
	make_rows(t);
}

static void to_parent(struct topology *t)
{
	size_t i = t->list.cursor;
	unsigned depth = t->rows.v[i].depth;

	while (i > 0 && t->rows.v[i].depth >= depth)
		i--;
	if (depth)
		rt_list_go(&t->list, i);
}

static bool fold_action(struct topology *t, enum rt_action a)
{
	const struct tree_row *row = &t->rows.v[t->list.cursor];

	if (a == RT_ACTION_FOLD) {
		if (row->has_children)
			toggle(t, !row->open);
	} else if (a == RT_ACTION_LEFT) {
		if (row->open)
			toggle(t, false);
		else
			to_parent(t);
	} else if (a == RT_ACTION_RIGHT) {
		if (row->has_children && !row->open)
			toggle(t, true);
		else if (row->open)
			rt_list_action(&t->list, RT_ACTION_DOWN);
	} else {
		return false;
	}
	return true;
}

static bool action(struct rt_pane *p, enum rt_action a)
{
	struct topology *t = self(p);

	if (a == RT_ACTION_FOLD_ALL) {
		rt_map_done(&t->toggled);
		t->toggled = (struct rt_map){0};
		t->fold = t->fold == FOLD_USUAL ? FOLD_ALL
			  : t->fold == FOLD_ALL ? FOLD_NONE
						: FOLD_USUAL;
		make_rows(t);
		return true;
	}
	if (t->list.cursor >= t->rows.len)
		return false;
	if (!fold_action(t, a) && !rt_list_action(&t->list, a))
		return false;
	take_here(t);
	return true;
}

static bool target(const struct rt_pane *p, struct rt_target *ret)
{
	const struct topology *t = self_const(p);

	if (t->list.cursor >= t->rows.len)
		return false;
	ret->node = t->rows.v[t->list.cursor].node;
	ret->ref = ret->node->ref;
	if (ret->node->type == RT_NODE_NO_CLASS)
		ret->ref = (struct rt_ref){0};
	return true;
}

/* The node that n hangs off in the tree: the first one that leads to it and has a row. */
static const struct rt_node *tree_parent(const struct rt_node *n)
{
	const struct rt_node *from = n->in.len ? n->in.v[0]->from : NULL;

	if (!from || !from->in.len)
		return from;
	if (is_slice(from->in.v[0]) || branch_of(from->in.v[0]->from) == from)
		return from->in.v[0]->from;
	return from;
}

/* Unfolds the way from a root to the node; returns the path of the node's row. */
static uint64_t unfold_to(struct topology *t, const struct rt_node *n, int depth)
{
	const struct rt_node *from = depth < DEPTH_MAX ? tree_parent(n) : NULL;
	uint64_t path;

	if (!from)
		return path_hash(0, n);
	path = unfold_to(t, from, depth + 1);
	set_open(t, from, path, true);
	return path_hash(path, n);
}

static bool select_ref(struct rt_pane *p, const struct rt_ref *ref)
{
	struct topology *t = self(p);
	const struct rt_node *n =
	    p->tui->world.graph ? rt_graph_find(p->tui->world.graph, *ref) : NULL;

	if (!n)
		return false;
	for (size_t i = 0; i < t->rows.len; i++) {
		if (t->rows.v[i].node == n) {
			rt_list_go(&t->list, i);
			take_here(t);
			return true;
		}
	}
	t->here = unfold_to(t, n, 0);
	make_rows(t);
	return t->list.cursor < t->rows.len && t->rows.v[t->list.cursor].node == n;
}

static void mouse(struct rt_pane *p, const struct rt_event *e)
{
	struct topology *t = self(p);
	size_t row = t->list.top + (size_t)e->y;

	if (e->mouse != RT_MOUSE_PRESS)
		rt_list_scroll(&t->list, e->mouse == RT_MOUSE_WHEEL_UP ? -3 : 3);
	else if (row >= t->rows.len)
		return;
	else if (e->x <= 2 + 2 * t->rows.v[row].depth && t->rows.v[row].has_children) {
		rt_list_go(&t->list, row);
		toggle(t, !t->rows.v[row].open);
	} else if (row == t->list.cursor)
		rt_tui_act(p->tui, RT_ACTION_OPEN);
	else
		rt_list_go(&t->list, row);
	take_here(t);
}

static void write_text(const struct rt_pane *p, struct rt_buf *out)
{
	const struct topology *t = self_const(p);
	struct rt_grid g = {.ascii = p->tui->grid.ascii};

	rt_grid_resize(&g, 160, 1);
	for (size_t i = 0; i < t->rows.len; i++) {
		rt_grid_clear(&g);
		draw_row(&t->rows.v[i], rt_canvas_all(&g), 0);
		rt_grid_row_text(&g, 0, out);
		rt_buf_putc(out, '\n');
	}
	rt_grid_done(&g);
}

const struct rt_pane_ops rt_topology_pane = {
    .title = "Topology",
    .empty = "no classes, Gateways, routes or Ingresses",
    .place = RT_IN_LIST | RT_IN_TREE,
    .share = 54,
    .size = sizeof(struct topology),
    .done = done,
    .drop = drop,
    .reset = reset,
    .work = work,
    .fit = fit,
    .draw = draw,
    .action = action,
    .target = target,
    .select = select_ref,
    .mouse = mouse,
    .position = position,
    .write = write_text,
};
