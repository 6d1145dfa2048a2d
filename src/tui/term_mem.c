/* SPDX-License-Identifier: Apache-2.0 */
/*
 * term_mem.c - a terminal without a terminal, for tests and scripted sessions.
 */
#include "config.h"

#include <string.h>

#include "rutter/mem.h"
#include "rutter/term.h"

struct mem_term {
	struct rt_term term;
	struct rt_grid grid; /* the last frame */
	int w, h;
	RT_VEC(struct rt_event) events;
	size_t next; /* of events */
	char *copied;
};

static struct mem_term *self(struct rt_term *t)
{
	return (struct mem_term *)t;
}

static const struct mem_term *self_const(const struct rt_term *t)
{
	return (const struct mem_term *)t;
}

static void mem_size(struct rt_term *t, int *ret_w, int *ret_h)
{
	*ret_w = self(t)->w;
	*ret_h = self(t)->h;
}

static bool mem_read(struct rt_term *t, struct rt_event *ret)
{
	struct mem_term *m = self(t);

	if (m->next == m->events.len) {
		m->next = m->events.len = 0;
		return false;
	}
	*ret = m->events.v[m->next++];
	return true;
}

static void mem_present(struct rt_term *t, const struct rt_grid *g, const struct rt_theme *theme)
{
	struct mem_term *m = self(t);

	(void)theme;
	rt_grid_resize(&m->grid, g->w, g->h);
	memcpy(m->grid.cells, g->cells, (size_t)g->w * (size_t)g->h * sizeof(*g->cells));
	for (size_t i = 0; i < g->clusters.len; i++)
		rt_vec_push(&m->grid.clusters, NULL, g->clusters.v[i]);
	m->grid.ascii = g->ascii;
	m->grid.cursor_x = g->cursor_x;
	m->grid.cursor_y = g->cursor_y;
}

static void mem_nothing(struct rt_term *t)
{
	(void)t;
}

static void mem_mouse(struct rt_term *t, bool on)
{
	(void)t;
	(void)on;
}

static void mem_copy(struct rt_term *t, const char *text)
{
	struct mem_term *m = self(t);

	free(m->copied);
	m->copied = rt_xstrdup(text);
}

static void mem_close(struct rt_term *t)
{
	struct mem_term *m = self(t);

	rt_grid_done(&m->grid);
	rt_vec_free(&m->events);
	free(m->copied);
	free(m);
}

static const struct rt_term_ops mem_ops = {
    .size = mem_size,
    .read = mem_read,
    .present = mem_present,
    .suspend = mem_nothing,
    .resume = mem_nothing,
    .redraw = mem_nothing,
    .mouse = mem_mouse,
    .copy = mem_copy,
    .close = mem_close,
};

struct rt_term *rt_term_memory(int w, int h, enum rt_depth depth, bool ascii)
{
	struct mem_term *m = rt_xcalloc(1, sizeof(*m));

	m->term = (struct rt_term){.ops = &mem_ops, .depth = depth, .ascii = ascii};
	m->w = w;
	m->h = h;
	return &m->term;
}

void rt_term_memory_feed(struct rt_term *t, const struct rt_event *event)
{
	rt_vec_push(&self(t)->events, NULL, *event);
}

void rt_term_memory_resize(struct rt_term *t, int w, int h)
{
	self(t)->w = w;
	self(t)->h = h;
	rt_term_memory_feed(t, &(struct rt_event){.type = RT_EVENT_RESIZE});
}

const struct rt_grid *rt_term_memory_grid(const struct rt_term *t)
{
	return &self_const(t)->grid;
}

const char *rt_term_memory_copied(const struct rt_term *t)
{
	return self_const(t)->copied ? self_const(t)->copied : "";
}
