/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.c - keys and mouse: to the line being typed, to a box, or to an action.
 */
#include "config.h"

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"

/* ---------------------------------------------------------------- the line being typed */

static void close_prompt(struct rt_tui *t)
{
	t->mode = RT_MODE_NORMAL;
	rt_buf_clear(&t->hint);
}

void rt_tui_prompt(struct rt_tui *t, enum rt_prompt p, const char *text)
{
	t->mode = RT_MODE_PROMPT;
	t->prompt = p;
	t->recall = t->histories[p].len;
	rt_input_set(&t->input, text);
	/* As in an address bar: a URL that is pasted takes the place of the one at hand. */
	t->input.offered = p == RT_PROMPT_TRACE && *text;
	rt_buf_clear(&t->hint);
	rt_buf_clear(&t->message);
}

static void set_filter(struct rt_tui *t, const char *text)
{
	struct rt_row_filter *f = NULL;
	struct rt_error err = {0};

	rt_buf_clear(&t->hint);
	if (rt_row_filter_new(text, &f, &err) != RT_OK) {
		rt_buf_puts(&t->hint, err.msg); /* still being typed: the last good one holds */
		return;
	}
	rt_row_filter_free(t->shown.filter);
	t->shown.filter = f;
	rt_tui_lists_changed(t);
}

static void search(struct rt_tui *t, const char *pattern)
{
	struct rt_pane *p = rt_tui_focused(t);
	struct rt_error err = {0};
	bool good;

	rt_buf_clear(&t->hint);
	if (p)
		good = !p->ops->search || p->ops->search(p, pattern, &err);
	else
		good = rt_docview_search(rt_detail_view(t->detail), pattern, &err) == RT_OK;
	if (!good)
		rt_buf_puts(&t->hint, err.msg);
}

/* Filters and searches show their effect while they are typed. */
static void prompt_changed(struct rt_tui *t)
{
	if (t->prompt == RT_PROMPT_FILTER)
		set_filter(t, rt_input_text(&t->input));
	else if (t->prompt == RT_PROMPT_SEARCH)
		search(t, rt_input_text(&t->input));
	else
		rt_buf_clear(&t->hint);
	if (t->prompt == RT_PROMPT_COMMAND) {
		struct rt_buf completed = {0};
		rt_tui_complete(t, rt_input_text(&t->input), &completed, &t->hint);
		rt_buf_done(&completed);
	}
}

static void prompt_enter(struct rt_tui *t)
{
	char *text = rt_xstrdup(rt_input_text(&t->input));

	close_prompt(t);
	rt_history_add(&t->histories[t->prompt], text);
	if (t->prompt == RT_PROMPT_FILTER)
		set_filter(t, text); /* an empty line drops the filter there was */
	else if (t->prompt == RT_PROMPT_COMMAND)
		rt_tui_command(t, text);
	else if (t->prompt == RT_PROMPT_TRACE && *text)
		rt_tui_trace(t, text);
	free(text);
}

static void prompt_escape(struct rt_tui *t)
{
	close_prompt(t);
	if (t->prompt == RT_PROMPT_FILTER)
		set_filter(t, "");
	else if (t->prompt == RT_PROMPT_SEARCH)
		search(t, "");
}

static void recall(struct rt_tui *t, int step)
{
	const rt_history *h = &t->histories[t->prompt];

	if (step < 0 ? t->recall == 0 : t->recall >= h->len)
		return;
	t->recall = step < 0 ? t->recall - 1 : t->recall + 1;
	rt_input_set(&t->input, t->recall < h->len ? h->v[t->recall] : "");
	prompt_changed(t);
}

static void complete(struct rt_tui *t)
{
	struct rt_buf out = {0};

	if (t->prompt != RT_PROMPT_COMMAND)
		return;
	rt_tui_complete(t, rt_input_text(&t->input), &out, &t->hint);
	if (out.len)
		rt_input_set(&t->input, rt_buf_str(&out));
	rt_buf_done(&out);
	prompt_changed(t);
}

static void prompt_key(struct rt_tui *t, uint32_t key)
{
	switch (key) {
	case RT_KEY_ENTER:
		prompt_enter(t);
		return;
	case RT_KEY_ESCAPE:
	case RT_CTRL('c'):
		prompt_escape(t);
		return;
	case RT_KEY_UP:
	case RT_CTRL('p'):
		recall(t, -1);
		return;
	case RT_KEY_DOWN:
	case RT_CTRL('n'):
		recall(t, 1);
		return;
	case RT_KEY_TAB:
		complete(t);
		return;
	default:
		break;
	}
	if (key == RT_KEY_BACKSPACE && !*rt_input_text(&t->input))
		prompt_escape(t);
	else if (rt_input_key(&t->input, key) == RT_INPUT_CHANGED)
		prompt_changed(t);
}

/* ---------------------------------------------------------------- boxes */

static void picker_key(struct rt_tui *t, uint32_t key)
{
	switch (rt_picker_key(&t->picker, key)) {
	case RT_PICKER_TAKEN:
		t->mode = RT_MODE_NORMAL;
		rt_tui_picked(t);
		break;
	case RT_PICKER_CLOSED:
		t->mode = RT_MODE_NORMAL;
		rt_tui_pick_looks(t, true);
		break;
	case RT_PICKER_OPEN:
		rt_tui_pick_looks(t, false);
		break;
	}
}

static void box_copy(struct rt_tui *t)
{
	struct rt_buf b = {0};

	if (t->box_copy)
		rt_buf_puts(&b, t->box_copy);
	else
		rt_doc_text(&t->box, &b);
	t->term->ops->copy(t->term, rt_buf_str(&b));
	rt_tui_say(t, false, "copied");
	rt_buf_done(&b);
}

static void box_key(struct rt_tui *t, uint32_t key)
{
	enum rt_action a = rt_action_find(key, RT_IN_TEXT, t->offers);

	if (a == RT_ACTION_COPY)
		box_copy(t);
	else if (a == RT_ACTION_BACK || a == RT_ACTION_CANCEL || a == RT_ACTION_HELP ||
		 a == RT_ACTION_MEND || a == RT_ACTION_OPEN || a == RT_ACTION_QUIT)
		t->mode = RT_MODE_NORMAL;
	else if (a == RT_ACTION_UP || a == RT_ACTION_DOWN)
		rt_docview_scroll(&t->box_view, a == RT_ACTION_UP ? -1 : 1);
	else
		rt_docview_action(&t->box_view, a);
}

/* ---------------------------------------------------------------- keys */

void rt_tui_key(struct rt_tui *t, uint32_t key)
{
	enum rt_action a;

	t->touched = true;
	if (t->mode == RT_MODE_PROMPT) {
		prompt_key(t, key);
		return;
	}
	rt_buf_clear(&t->message);
	if (t->mode == RT_MODE_PICKER) {
		picker_key(t, key);
	} else if (t->mode == RT_MODE_BOX) {
		box_key(t, key);
	} else {
		a = rt_action_find(key, rt_tui_place(t), t->offers);
		if (a != RT_ACTION_NONE)
			rt_tui_act(t, a);
	}
}

/* ---------------------------------------------------------------- mouse */

static bool within(const struct rt_rect *r, int x, int y)
{
	return r->w && x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h;
}

static void mouse_in(struct rt_tui *t, enum rt_focus slot, const struct rt_event *e)
{
	const struct rt_rect *r = &t->rects[slot];
	struct rt_event inner = *e;
	struct rt_pane *p;

	inner.x = e->x - r->x - 1;
	inner.y = e->y - r->y - 1;
	if (e->mouse == RT_MOUSE_PRESS)
		t->focus = slot;
	if (inner.x < 0 || inner.y < 0 || inner.x >= r->w - 2 || inner.y >= r->h - 2)
		return;
	if (slot == RT_FOCUS_DETAIL) {
		rt_detail_mouse(t->detail, &inner);
		return;
	}
	p = slot == RT_FOCUS_STRIP ? t->strip : rt_tui_main(t);
	if (p->ops->mouse)
		p->ops->mouse(p, &inner);
	if (t->focus == slot)
		rt_tui_follow(t);
}

void rt_tui_mouse(struct rt_tui *t, const struct rt_event *e)
{
	int wheel = e->mouse == RT_MOUSE_WHEEL_UP ? -3 : e->mouse == RT_MOUSE_WHEEL_DOWN ? 3 : 0;

	t->touched = true;
	rt_buf_clear(&t->message);
	if (t->mode == RT_MODE_BOX && wheel)
		rt_docview_scroll(&t->box_view, wheel);
	if (t->mode != RT_MODE_NORMAL)
		return;
	for (int slot = 0; slot < RT_FOCUS_COUNT; slot++) {
		if (within(&t->rects[slot], e->x, e->y)) {
			mouse_in(t, (enum rt_focus)slot, e);
			return;
		}
	}
}
