/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canvas.h - a screen in memory.
 * A grid owns the cells of one frame; a canvas is a rectangle of it with its own origin, passed by
 * value. Everything drawn is clipped to the canvas. Drawing is where foreign text is cleaned: no
 * control character, invalid byte or bidi control gets into a cell, whatever the string holds.
 * A wide character is a cell of width 2 followed by one of width 0; what cuts it in half leaves a
 * space, so columns hold. Combining characters share the cell of their base (a cluster).
 *
 *	struct rt_grid grid = {0};
 *	rt_grid_resize(&grid, 80, 24);
 *	rt_put(rt_canvas_all(&grid), 2, 1, RT_ROLE_TEXT, name);
 *	rt_grid_done(&grid);
 */
#ifndef RUTTER_CANVAS_H
#define RUTTER_CANVAS_H

#include "rutter/fwd.h"
#include "rutter/glyph.h"
#include "rutter/theme.h"
#include "rutter/vec.h"

#define RT_CELL_CLUSTER 0x80000000u /* the rest of glyph is an index into clusters */
#define RT_CLUSTER_MAX 5            /* base and combining characters; more are dropped */

struct rt_cell {
	uint32_t glyph; /* code point, or RT_CELL_CLUSTER | index */
	uint16_t style;
	uint8_t width; /* 1, 2, or 0 right of a wide cell */
	uint8_t spare;
};

struct rt_cluster {
	uint32_t cp[RT_CLUSTER_MAX]; /* ends at the first 0 */
};

struct rt_grid {
	int w, h;
	bool ascii;             /* nothing but ASCII is drawn */
	int cursor_x, cursor_y; /* -1: no cursor shown */
	struct rt_cell *cells;  /* h rows of w */
	RT_VEC(struct rt_cluster) clusters;
};

struct rt_canvas {
	struct rt_grid *grid;
	int x, y, w, h; /* in cells of the grid */
};

void rt_grid_resize(struct rt_grid *g, int w, int h); /* cleared */
void rt_grid_clear(struct rt_grid *g);
void rt_grid_done(struct rt_grid *g);
/* The code points of a cell, RT_CLUSTER_MAX at most, 0-terminated when fewer. */
void rt_grid_cps(const struct rt_grid *g, const struct rt_cell *c, uint32_t cp[RT_CLUSTER_MAX]);
/* The text of the frame, blanks at line ends dropped. */
void rt_grid_dump(const struct rt_grid *g, struct rt_buf *out);
/* One letter a cell for its role, selected and other looks as a second layer (see tests). */
void rt_grid_dump_styles(const struct rt_grid *g, struct rt_buf *out);
void rt_grid_row_text(const struct rt_grid *g, int row, struct rt_buf *out);

struct rt_canvas rt_canvas_all(struct rt_grid *g);
struct rt_canvas rt_canvas_sub(struct rt_canvas c, int x, int y, int w, int h); /* clipped to c */

/* All return the columns the text takes, drawn or clipped. x and y may lie outside. */
int rt_put(struct rt_canvas c, int x, int y, uint16_t style, const char *s);
int rt_putf(struct rt_canvas c, int x, int y, uint16_t style, const char *fmt, ...) RT_PRINTF(5, 6);
int rt_put_glyph(struct rt_canvas c, int x, int y, uint16_t style, enum rt_glyph g);
/* At most w columns, the last one an ellipsis if s is longer; returns the columns used. */
int rt_put_cut(struct rt_canvas c, int x, int y, uint16_t style, int w, const char *s);
/* Ends at column x + w instead of starting at x. */
int rt_put_right(struct rt_canvas c, int x, int y, uint16_t style, int w, const char *s);

void rt_fill(struct rt_canvas c, uint16_t style); /* blanks */
void rt_box(struct rt_canvas c, uint16_t style);
/* A box that stands under another one: its top is that one's bottom, in a style of its own. */
void rt_box_below(struct rt_canvas c, uint16_t style, uint16_t top);
/* Gives every cell of a row another look, keeping roles. */
/* All that was drawn takes one style: it lies behind something now. */
void rt_recede(struct rt_canvas c, uint16_t style);
void rt_set_look(struct rt_canvas c, int x, int y, int len, enum rt_look look);
void rt_set_cursor(struct rt_canvas c, int x, int y);

#endif
