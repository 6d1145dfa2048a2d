/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.h - what panes with a table do alike: filtering and sorting in slices, moving, the mouse,
 * writing as text.
 * A pane embeds struct rt_rows first, makes its own rows and names them by index; the table shows
 * those that pass, in the order asked for.
 */
#ifndef RT_TUI_ROWS_H
#define RT_TUI_ROWS_H

#include "../looks.h"
#include "../pane.h"
#include "../widgets/tableview.h"
#include "rutter/buf.h"
#include "rutter/graph.h"
#include "rutter/selector.h"
#include "rutter/vec.h"

struct rt_rows;

struct rt_rows_ops {
	const struct rt_tableview_column *columns;
	size_t column_count;
	/* NULL, or what has to be done before the rows can be made; true: there is more of it. */
	bool (*prepare)(struct rt_rows *r, int64_t until_ms);
	/* Makes the rows from the world; returns how many there are. */
	size_t (*make)(struct rt_rows *r);
	void (*cell)(
	    const struct rt_rows *r, size_t row, size_t column, struct rt_tableview_cell *ret);
	/* By namespaces and problems-only; the filter is applied to the cells' text. */
	bool (*passes)(const struct rt_rows *r, size_t row);
	struct rt_pairs (*labels)(const struct rt_rows *r, size_t row); /* NULL: none */
	/* Its ref, and its finding where it is one; the node follows from the ref. False: the row
	 * is gone. */
	bool (*target)(const struct rt_rows *r, size_t row, struct rt_target *ret);
	/* What a row is known by when the world changes. */
	void (*key)(const struct rt_rows *r, size_t row, struct rt_buf *out);
	void (*drop)(struct rt_rows *r); /* NULL, or: nothing may point into the world any more */
};

struct rt_rows {
	struct rt_pane pane;
	const struct rt_rows_ops *ops;
	struct rt_tableview table;
	struct rt_tableview_ops table_ops;
	size_t count;           /* rows made */
	RT_VEC(uint32_t) shown; /* rows in the order they are shown */
	RT_VEC(uint32_t) next;  /* the same while it is being worked out */
	size_t at;              /* rows looked at so far */
	size_t cursor;          /* where it was when the rows were dropped */
	bool made;
	struct rt_looks looks;
	RT_VEC(bool) changed; /* of shown: says something else than in the world before */
	struct rt_buf here;   /* key of the row the cursor is on */
};

void rt_rows_init(struct rt_pane *p, const struct rt_rows_ops *ops);
void rt_rows_done(struct rt_pane *p);
void rt_rows_drop(struct rt_pane *p);
void rt_rows_reset(struct rt_pane *p);
bool rt_rows_work(struct rt_pane *p, int64_t until_ms);
void rt_rows_fit(struct rt_pane *p, int w, int h);
void rt_rows_draw(const struct rt_pane *p, struct rt_canvas c, bool focused);
bool rt_rows_action(struct rt_pane *p, enum rt_action a);
bool rt_rows_target(const struct rt_pane *p, struct rt_target *ret);
bool rt_rows_select(struct rt_pane *p, const struct rt_ref *ref);
void rt_rows_mouse(struct rt_pane *p, const struct rt_event *e);
void rt_rows_position(const struct rt_pane *p, struct rt_buf *out);
void rt_rows_write(const struct rt_pane *p, struct rt_buf *out);
/* Those of struct rt_pane_ops that every such pane takes from here. */
#define RT_ROWS_PANE_OPS                                                                           \
	.drop = rt_rows_drop, .reset = rt_rows_reset, .work = rt_rows_work, .fit = rt_rows_fit,    \
	.draw = rt_rows_draw, .action = rt_rows_action, .target = rt_rows_target,                  \
	.select = rt_rows_select, .mouse = rt_rows_mouse, .position = rt_rows_position,            \
	.write = rt_rows_write

/* The row under the cursor; false when there is none. */
bool rt_rows_current(const struct rt_rows *r, size_t *ret_row);
/* The cell that shows a state by its sign. */
void rt_rows_state(const struct rt_rows *r, enum rt_node_state s, struct rt_tableview_cell *ret);

#endif
