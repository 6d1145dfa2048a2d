/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canvas.c - cells, clipping, wide and combining characters, and the cleaning of what is drawn.
 * put_cp is the only function that writes text into cells; everything else goes through it.
 */
#include "config.h"

#include "rutter/canvas.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define REPLACEMENT 0xfffd
#define SIDE_MAX 4096 /* no terminal is larger; keeps w * h small */

static const struct rt_cell blank = {.glyph = ' ', .width = 1};

void rt_grid_resize(struct rt_grid *g, int w, int h)
{
	w = w < 0 ? 0 : w > SIDE_MAX ? SIDE_MAX : w;
	h = h < 0 ? 0 : h > SIDE_MAX ? SIDE_MAX : h;
	g->cells = rt_xrealloc(g->cells, (size_t)w * (size_t)h + 1, sizeof(*g->cells));
	g->w = w;
	g->h = h;
	rt_grid_clear(g);
}

void rt_grid_clear(struct rt_grid *g)
{
	for (int i = 0; i < g->w * g->h; i++)
		g->cells[i] = blank;
	g->clusters.len = 0;
	g->cursor_x = g->cursor_y = -1;
}

void rt_grid_done(struct rt_grid *g)
{
	free(g->cells);
	g->cells = NULL;
	g->w = g->h = 0;
	rt_vec_free(&g->clusters);
}

void rt_grid_cps(const struct rt_grid *g, const struct rt_cell *c, uint32_t cp[RT_CLUSTER_MAX])
{
	memset(cp, 0, RT_CLUSTER_MAX * sizeof(*cp));
	if (c->glyph & RT_CELL_CLUSTER)
		memcpy(cp, g->clusters.v[c->glyph & ~RT_CELL_CLUSTER].cp,
		    RT_CLUSTER_MAX * sizeof(*cp));
	else
		cp[0] = c->glyph;
}

struct rt_canvas rt_canvas_all(struct rt_grid *g)
{
	return (struct rt_canvas){.grid = g, .w = g->w, .h = g->h};
}

struct rt_canvas rt_canvas_sub(struct rt_canvas c, int x, int y, int w, int h)
{
	int right = x + w < c.w ? x + w : c.w;
	int bottom = y + h < c.h ? y + h : c.h;

	x = x < 0 ? 0 : x;
	y = y < 0 ? 0 : y;
	return (struct rt_canvas){
	    .grid = c.grid,
	    .x = c.x + x,
	    .y = c.y + y,
	    .w = right > x ? right - x : 0,
	    .h = bottom > y ? bottom - y : 0,
	};
}

static struct rt_cell *cell_at(struct rt_canvas c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c.w || y >= c.h)
		return NULL;
	return &c.grid->cells[(c.y + y) * c.grid->w + c.x + x];
}

/* Before the cell at grid column gx is overwritten: a wide character it is half of becomes spaces.
 */
static void break_wide(struct rt_grid *g, struct rt_cell *cell, int gx)
{
	if (cell->width == 2 && gx + 1 < g->w) {
		cell[1].glyph = ' ';
		cell[1].width = 1;
	} else if (cell->width == 0 && gx > 0) {
		cell[-1].glyph = ' ';
		cell[-1].width = 1;
	}
	cell->width = 1;
}

static void put_cell(struct rt_canvas c, int x, int y, uint32_t cp, uint16_t style)
{
	struct rt_cell *cell = cell_at(c, x, y);

	if (!cell)
		return;
	if (cell->width != 1)
		break_wide(c.grid, cell, c.x + x);
	*cell = (struct rt_cell){.glyph = cp, .style = style, .width = 1};
}

/* A wide character of which one half is clipped away leaves a space in the other. */
static void put_wide(struct rt_canvas c, int x, int y, uint32_t cp, uint16_t style)
{
	struct rt_cell *left = cell_at(c, x, y), *right = cell_at(c, x + 1, y);

	put_cell(c, x, y, ' ', style);
	put_cell(c, x + 1, y, ' ', style);
	if (!left || !right)
		return;
	left->glyph = cp;
	left->width = 2;
	right->glyph = 0;
	right->width = 0;
}

/* Adds a combining character to what was drawn at x (the base's own column). */
static void put_combining(struct rt_canvas c, int x, int y, uint32_t cp)
{
	struct rt_cell *cell = cell_at(c, x, y);
	struct rt_grid *g = c.grid;

	if (!cell || cell->width == 0)
		return;
	if (!(cell->glyph & RT_CELL_CLUSTER)) {
		struct rt_cluster fresh = {{cell->glyph, cp}};
		uint32_t index = (uint32_t)g->clusters.len;
		rt_vec_push(&g->clusters, NULL, fresh);
		cell->glyph = RT_CELL_CLUSTER | index;
		return;
	}
	struct rt_cluster *cluster = &g->clusters.v[cell->glyph & ~RT_CELL_CLUSTER];
	for (int i = 1; i < RT_CLUSTER_MAX; i++) {
		if (!cluster->cp[i]) {
			cluster->cp[i] = cp;
			return;
		}
	}
}

/* Variation selectors turn a narrow symbol into a wide one in some terminals only. */
static bool is_variation(uint32_t cp)
{
	return cp >= 0xfe00 && cp <= 0xfe0f;
}

/* Where the next character of a text goes. */
struct pen {
	int x,
	    base; /* base: column of the last character that can carry a combining one, else -1 */
	bool draw;
};

static void put_cp(struct rt_canvas c, struct pen *p, int y, uint32_t cp, uint16_t style)
{
	int width;

	if (is_variation(cp))
		return;
	cp = rt_cp_clean(cp, c.grid->ascii);
	width = rt_cp_width(cp);
	if (width == 0 && p->base < 0) {
		cp = REPLACEMENT; /* a combining character without a base */
		width = 1;
	}
	if (width == 0) {
		if (p->draw)
			put_combining(c, p->base, y, cp);
		return;
	}
	if (p->draw && width == 2)
		put_wide(c, p->x, y, cp, style);
	else if (p->draw)
		put_cell(c, p->x, y, cp, style);
	p->base = p->x;
	p->x += width;
}

int rt_put(struct rt_canvas c, int x, int y, uint16_t style, const char *s)
{
	struct pen p = {.x = x, .base = -1, .draw = y >= 0 && y < c.h};
	size_t left = s ? strlen(s) : 0;

	while (left) {
		uint32_t cp;
		size_t n = rt_utf8_decode(s, left, &cp);
		p.draw = p.draw && p.x < c.w;
		put_cp(c, &p, y, cp, style);
		s += n;
		left -= n;
	}
	return p.x - x;
}

int rt_putf(struct rt_canvas c, int x, int y, uint16_t style, const char *fmt, ...)
{
	struct rt_buf b = RT_BUF_MAX(4096);
	va_list ap;
	int used;

	va_start(ap, fmt);
	rt_buf_vprintf(&b, fmt, ap);
	va_end(ap);
	used = rt_put(c, x, y, style, rt_buf_str(&b));
	rt_buf_done(&b);
	return used;
}

int rt_put_glyph(struct rt_canvas c, int x, int y, uint16_t style, enum rt_glyph g)
{
	put_cell(c, x, y, rt_glyph_cp(g, c.grid->ascii), style);
	return 1;
}

/* Columns of s, given up once they exceed limit: a megabyte of label costs no more than a line. */
static int width_to(const char *s, int limit, bool ascii)
{
	struct rt_grid none = {.ascii = ascii};
	struct pen p = {.base = -1};
	size_t left = s ? strlen(s) : 0;

	while (left && p.x <= limit) {
		uint32_t cp;
		size_t n = rt_utf8_decode(s, left, &cp);
		put_cp((struct rt_canvas){.grid = &none}, &p, 0, cp, 0);
		s += n;
		left -= n;
	}
	return p.x;
}

int rt_put_cut(struct rt_canvas c, int x, int y, uint16_t style, int w, const char *s)
{
	struct pen p = {.x = x, .base = -1, .draw = y >= 0 && y < c.h};
	size_t left = s ? strlen(s) : 0;
	bool cut;

	if (w <= 0 || !left)
		return 0;
	cut = width_to(s, w, c.grid->ascii) > w;
	while (left) {
		uint32_t cp;
		size_t n = rt_utf8_decode(s, left, &cp);
		int width = rt_cp_width(rt_cp_clean(cp, c.grid->ascii));
		if (cut && p.x + width > x + w - 1)
			break;
		put_cp(c, &p, y, cp, style);
		s += n;
		left -= n;
	}
	if (cut) {
		rt_put_glyph(c, p.x, y, style, RT_GLYPH_ELLIPSIS);
		p.x++;
	}
	return p.x - x;
}

int rt_put_right(struct rt_canvas c, int x, int y, uint16_t style, int w, const char *s)
{
	int width = width_to(s, w, c.grid->ascii);

	return rt_put_cut(c, width < w ? x + w - width : x, y, style, w, s);
}

void rt_fill(struct rt_canvas c, uint16_t style)
{
	for (int y = 0; y < c.h; y++)
		for (int x = 0; x < c.w; x++)
			put_cell(c, x, y, ' ', style);
}

static void hline(struct rt_canvas c, int x, int y, int len, uint16_t style)
{
	for (int i = 0; i < len; i++)
		rt_put_glyph(c, x + i, y, style, RT_GLYPH_HLINE);
}

static void vline(struct rt_canvas c, int x, int y, int len, uint16_t style)
{
	for (int i = 0; i < len; i++)
		rt_put_glyph(c, x, y + i, style, RT_GLYPH_VLINE);
}

void rt_box(struct rt_canvas c, uint16_t style)
{
	if (c.w < 2 || c.h < 2)
		return;
	hline(c, 1, 0, c.w - 2, style);
	hline(c, 1, c.h - 1, c.w - 2, style);
	vline(c, 0, 1, c.h - 2, style);
	vline(c, c.w - 1, 1, c.h - 2, style);
	rt_put_glyph(c, 0, 0, style, RT_GLYPH_TOP_LEFT);
	rt_put_glyph(c, c.w - 1, 0, style, RT_GLYPH_TOP_RIGHT);
	rt_put_glyph(c, 0, c.h - 1, style, RT_GLYPH_BOTTOM_LEFT);
	rt_put_glyph(c, c.w - 1, c.h - 1, style, RT_GLYPH_BOTTOM_RIGHT);
}

void rt_box_below(struct rt_canvas c, uint16_t style, uint16_t top)
{
	rt_box(c, style);
	hline(c, 1, 0, c.w - 2, top);
	rt_put_glyph(c, 0, 0, top, RT_GLYPH_JOIN_LEFT);
	rt_put_glyph(c, c.w - 1, 0, top, RT_GLYPH_JOIN_RIGHT);
}

void rt_recede(struct rt_canvas c, uint16_t style)
{
	for (int y = 0; y < c.h; y++) {
		for (int x = 0; x < c.w; x++) {
			struct rt_cell *cell = cell_at(c, x, y);
			if (cell)
				cell->style = style;
		}
	}
}

void rt_set_look(struct rt_canvas c, int x, int y, int len, enum rt_look look)
{
	for (int i = 0; i < len; i++) {
		struct rt_cell *cell = cell_at(c, x + i, y);
		if (cell)
			cell->style = RT_STYLE(RT_STYLE_ROLE(cell->style), look);
	}
}

void rt_set_cursor(struct rt_canvas c, int x, int y)
{
	if (!cell_at(c, x, y))
		return;
	c.grid->cursor_x = c.x + x;
	c.grid->cursor_y = c.y + y;
}

void rt_grid_row_text(const struct rt_grid *g, int row, struct rt_buf *out)
{
	const struct rt_cell *cells = &g->cells[row * g->w];
	int end = g->w;

	while (end > 0 && cells[end - 1].glyph == ' ')
		end--;
	for (int x = 0; x < end; x++) {
		uint32_t cp[RT_CLUSTER_MAX];
		rt_grid_cps(g, &cells[x], cp);
		for (int i = 0; i < RT_CLUSTER_MAX && cp[i]; i++) {
			char utf8[4];
			rt_buf_add(out, utf8, rt_utf8_encode(cp[i], utf8));
		}
	}
}

void rt_grid_dump(const struct rt_grid *g, struct rt_buf *out)
{
	for (int y = 0; y < g->h; y++) {
		rt_grid_row_text(g, y, out);
		rt_buf_putc(out, '\n');
	}
}

void rt_grid_dump_styles(const struct rt_grid *g, struct rt_buf *out)
{
	static const char looks[RT_LOOK_COUNT] = {'.', '#', '=', '*', '+'};

	for (int y = 0; y < g->h; y++) {
		const struct rt_cell *row = &g->cells[y * g->w];
		for (int x = 0; x < g->w; x++)
			rt_buf_putc(out, rt_role_letters[RT_STYLE_ROLE(row[x].style)]);
		/* A look is that of whole rows, so its first other letter says it. */
		char look = '.';
		for (int x = 0; x < g->w && look == '.'; x++)
			look = looks[RT_STYLE_LOOK(row[x].style)];
		rt_buf_putc(out, ' ');
		rt_buf_putc(out, look);
		rt_buf_putc(out, '\n');
	}
}
