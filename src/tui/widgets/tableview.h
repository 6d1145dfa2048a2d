/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tableview.h - columns over rows that somebody else holds.
 * A column's width follows from what its cells need (told once, when the rows change), its bounds
 * and the room there is; where room is short the columns of the highest rank are left out whole,
 * and wherever one that may be left out has nothing to say.
 * Drawing asks for the cells of visible rows only.
 */
#ifndef RT_TUI_TABLEVIEW_H
#define RT_TUI_TABLEVIEW_H

#include "list.h"
#include "rutter/canvas.h"

#define RT_TABLEVIEW_COLUMNS 16

struct rt_tableview_column {
	const char *title;
	int min, max;  /* columns on screen; max 0: as wide as its widest cell */
	unsigned rank; /* 0: always there; the highest goes first */
	bool right;    /* numbers */
	bool grow;     /* takes what is left over */
	bool sortable;
	bool ages; /* changes with time alone, which is no news */
};

/* The text of one cell, written into text (empty at the call), and its role. */
struct rt_tableview_cell {
	struct rt_buf *text;
	uint16_t style;
};

struct rt_tableview_ops {
	const struct rt_tableview_column *columns;
	size_t column_count;
	void (*cell)(const void *ctx, size_t row, size_t column, struct rt_tableview_cell *ret);
};

struct rt_tableview {
	const struct rt_tableview_ops *ops;
	struct rt_list list;
	int need[RT_TABLEVIEW_COLUMNS];  /* widest cell seen */
	bool says[RT_TABLEVIEW_COLUMNS]; /* some cell is neither empty nor "-" */
	int width[RT_TABLEVIEW_COLUMNS]; /* as laid out; 0: left out */
	int sort;                        /* column, -1: the rows' own order */
	bool descending;
};

void rt_tableview_init(struct rt_tableview *t, const struct rt_tableview_ops *ops);
/* The rows have changed: measures up to 512 of them, evenly spread. */
void rt_tableview_measure(struct rt_tableview *t, const void *ctx, size_t count);
void rt_tableview_fit(struct rt_tableview *t, int w, int h); /* title row included */
void rt_tableview_draw(
    const struct rt_tableview *t, const void *ctx, struct rt_canvas c, enum rt_look cursor_look);
/* Which column's title is at x, or -1. */
int rt_tableview_column_at(const struct rt_tableview *t, int x);
/* The next sortable column to the left or right of the one sorted by. */
void rt_tableview_sort_step(struct rt_tableview *t, int step);

#endif
