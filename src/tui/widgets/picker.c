/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picker.c - the box with a list and a line to narrow it.
 */
#include "config.h"

#include "picker.h"

#include <string.h>

#include "rutter/mem.h"
#include "rutter/term.h"
#include "rutter/utf8.h"

void rt_picker_open(struct rt_picker *p, const char *title)
{
	rt_picker_done(p);
	p->title = title;
}

void rt_picker_add(struct rt_picker *p, const char *text, const char *note, bool marked)
{
	struct rt_picker_item item = {
	    .text = rt_xstrdup(text),
	    .note = note ? rt_xstrdup(note) : NULL,
	    .marked = marked,
	};

	rt_vec_push(&p->items, NULL, item);
}

void rt_picker_done(struct rt_picker *p)
{
	for (size_t i = 0; i < p->items.len; i++) {
		free(p->items.v[i].text);
		free(p->items.v[i].note);
	}
	rt_vec_free(&p->items);
	rt_vec_free(&p->shown);
	rt_input_done(&p->input);
	*p = (struct rt_picker){0};
}

static void narrow(struct rt_picker *p)
{
	const char *wanted = rt_input_text(&p->input);

	p->shown.len = 0;
	for (size_t i = 0; i < p->items.len; i++)
		if (strcasestr(p->items.v[i].text, wanted))
			rt_vec_push(&p->shown, NULL, i);
	rt_list_set_count(&p->list, p->shown.len);
}

void rt_picker_ready(struct rt_picker *p)
{
	narrow(p);
	for (size_t i = 0; i < p->shown.len; i++)
		if (p->items.v[p->shown.v[i]].marked)
			rt_list_go(&p->list, i);
}

static enum rt_action picker_move(uint32_t key)
{
	switch (key) {
	case RT_KEY_UP:
	case RT_CTRL('p'):
		return RT_ACTION_UP;
	case RT_KEY_DOWN:
	case RT_CTRL('n'):
		return RT_ACTION_DOWN;
	case RT_KEY_PAGE_UP:
		return RT_ACTION_PAGE_UP;
	case RT_KEY_PAGE_DOWN:
		return RT_ACTION_PAGE_DOWN;
	default:
		return RT_ACTION_NONE;
	}
}

enum rt_picker_result rt_picker_key(struct rt_picker *p, uint32_t key)
{
	if (key == RT_KEY_ESCAPE || key == RT_CTRL('c'))
		return RT_PICKER_CLOSED;
	if (key == RT_KEY_ENTER)
		return p->shown.len ? RT_PICKER_TAKEN : RT_PICKER_OPEN;
	if (rt_list_action(&p->list, picker_move(key)))
		return RT_PICKER_OPEN;
	if (rt_input_key(&p->input, key) == RT_INPUT_CHANGED) {
		p->list.cursor = 0;
		narrow(p);
	}
	return RT_PICKER_OPEN;
}

size_t rt_picker_index(const struct rt_picker *p)
{
	return p->list.cursor < p->shown.len ? p->shown.v[p->list.cursor] : SIZE_MAX;
}

const struct rt_picker_item *rt_picker_item(const struct rt_picker *p)
{
	return p->list.cursor < p->shown.len ? &p->items.v[p->shown.v[p->list.cursor]] : NULL;
}

static int clamp(int v, int low, int high)
{
	return v > high ? high : v < low ? low : v;
}

static int widest(const struct rt_picker *p)
{
	size_t w = rt_str_width(p->title) + 4;

	for (size_t i = 0; i < p->items.len; i++) {
		const struct rt_picker_item *item = &p->items.v[i];
		size_t need = rt_str_width(item->text) + 4;
		if (item->note)
			need += rt_str_width(item->note) + 2;
		w = need > w ? need : w;
	}
	return (int)(w > 200 ? 200 : w);
}

static void draw_item(const struct rt_picker_item *item, struct rt_canvas c, int y, bool here)
{
	int used;

	if (item->marked)
		rt_put_glyph(c, 0, y, RT_ROLE_OK, RT_GLYPH_LIVE);
	used = rt_put_cut(c, 2, y, RT_ROLE_TEXT, c.w - 2, item->text);
	if (item->note && 2 + used + 2 < c.w)
		rt_put_right(c, 2 + used + 2, y, RT_ROLE_DIM, c.w - used - 4, item->note);
	if (here)
		rt_set_look(c, 0, y, c.w, RT_LOOK_SELECTED);
}

void rt_picker_draw(struct rt_picker *p, struct rt_canvas screen)
{
	int w = clamp(widest(p) + 4, 24, screen.w - 4);
	int h = clamp((int)p->items.len + 3, 6, screen.h - 2);
	struct rt_canvas box = rt_canvas_sub(screen, (screen.w - w) / 2, (screen.h - h) / 3, w, h);
	struct rt_canvas line = rt_canvas_sub(box, 2, 1, w - 4, 1);
	struct rt_canvas list = rt_canvas_sub(box, 2, 2, w - 4, h - 3);

	rt_fill(box, RT_ROLE_TEXT);
	rt_box(box, RT_ROLE_BORDER_FOCUS);
	rt_putf(box, 2, 0, RT_ROLE_TITLE, " %s ", p->title);
	rt_fill(line, RT_ROLE_INPUT);
	rt_put(line, 0, 0, RT_ROLE_PROMPT, "/");
	rt_input_draw(&p->input, rt_canvas_sub(line, 1, 0, line.w - 1, 1));
	rt_list_fit(&p->list, (size_t)list.h);
	for (int y = 0; y < list.h && p->list.top + (size_t)y < p->shown.len; y++) {
		size_t row = p->list.top + (size_t)y;
		draw_item(&p->items.v[p->shown.v[row]], list, y, row == p->list.cursor);
	}
	if (!p->shown.len)
		rt_put(list, 2, 0, RT_ROLE_DIM, "nothing matches");
}
