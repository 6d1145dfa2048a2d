/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.c - where everything stands, the boxes and the bottom line.
 */
#include "config.h"

#include <string.h>

#include "app.h"
#include "rutter/buf.h"
#include "rutter/utf8.h"

#define MIN_W 60
#define MIN_H 16
#define SIDE_BY_SIDE 100 /* columns from which list and detail stand beside each other */
#define DETAIL_MAX 78    /* columns of the detail; lines longer than that read badly */
#define BOX_MAX 92       /* columns of a box over the screen */
#define STRIP_FROM 26    /* rows of the body from which findings show below the tree */

static bool too_small(const struct rt_tui *t)
{
	return t->w < MIN_W || t->h < MIN_H;
}

/* ---------------------------------------------------------------- layout */

/* Two panes that stand upon each other share a border. */
static void split(
    struct rt_rect whole, int above, struct rt_rect *ret_above, struct rt_rect *ret_below)
{
	*ret_above = (struct rt_rect){whole.x, whole.y, whole.w, above};
	*ret_below = (struct rt_rect){whole.x, whole.y + above - 1, whole.w, whole.h - above + 1};
}

/* Whichever has the keys gets the more of a room that is too small for both. */
static void stack(struct rt_tui *t, struct rt_rect body)
{
	int share = t->focus == RT_FOCUS_DETAIL ? 36 : 56;

	split(body, (body.h * share + 50) / 100, &t->rects[RT_FOCUS_MAIN],
	    &t->rects[RT_FOCUS_DETAIL]);
}

static void side_by_side(struct rt_tui *t, struct rt_rect body)
{
	int w = body.w * t->panes[t->view]->ops->share / 100;
	int strip;

	if (body.w - w > DETAIL_MAX)
		w = body.w - DETAIL_MAX;

	t->rects[RT_FOCUS_MAIN] = (struct rt_rect){body.x, body.y, w, body.h};
	t->rects[RT_FOCUS_DETAIL] = (struct rt_rect){body.x + w, body.y, body.w - w, body.h};
	if (t->view != RT_VIEW_TOPOLOGY || body.h < STRIP_FROM)
		return;
	strip = body.h / 4 > 14 ? 14 : body.h / 4;
	split(t->rects[RT_FOCUS_MAIN], body.h - strip, &t->rects[RT_FOCUS_MAIN],
	    &t->rects[RT_FOCUS_STRIP]);
}

static void fit_pane(struct rt_pane *p, const struct rt_rect *r)
{
	if (r->w && p->ops->fit)
		p->ops->fit(p, r->w - 2, r->h - 2);
}

static int head_rows(const struct rt_tui *t)
{
	return t->no_header ? 0 : 1;
}

void rt_tui_layout(struct rt_tui *t)
{
	struct rt_rect body = {0, head_rows(t), t->w, t->h - head_rows(t) - 1};

	memset(t->rects, 0, sizeof(t->rects));
	if (too_small(t))
		return;
	if (t->w >= SIDE_BY_SIDE)
		side_by_side(t, body);
	else
		stack(t, body);
	if (t->focus == RT_FOCUS_STRIP && !t->rects[RT_FOCUS_STRIP].w)
		t->focus = RT_FOCUS_MAIN;
	if (t->full) {
		memset(t->rects, 0, sizeof(t->rects));
		t->rects[t->focus] = body;
	}
	fit_pane(rt_tui_main(t), &t->rects[RT_FOCUS_MAIN]);
	fit_pane(t->strip, &t->rects[RT_FOCUS_STRIP]);
	if (t->rects[RT_FOCUS_DETAIL].w)
		rt_detail_fit(
		    t->detail, t->rects[RT_FOCUS_DETAIL].w - 2, t->rects[RT_FOCUS_DETAIL].h - 2);
}

/* ---------------------------------------------------------------- boxes */

static struct rt_canvas rect_canvas(struct rt_canvas screen, const struct rt_rect *r)
{
	return rt_canvas_sub(screen, r->x, r->y, r->w, r->h);
}

static struct rt_canvas inside(struct rt_canvas box)
{
	return rt_canvas_sub(box, 1, 1, box.w - 2, box.h - 2);
}

/* A pane that another one stands upon: where that has the keys, their common border says so. */
static bool is_below(const struct rt_tui *t, enum rt_focus slot)
{
	return slot != RT_FOCUS_MAIN && t->rects[RT_FOCUS_MAIN].w &&
	       t->rects[slot].y > t->rects[RT_FOCUS_MAIN].y;
}

static bool has_keys(const struct rt_tui *t, enum rt_focus slot)
{
	return t->focus == slot && t->mode == RT_MODE_NORMAL;
}

static uint16_t border(bool focused)
{
	return focused ? RT_ROLE_BORDER_FOCUS : RT_ROLE_BORDER;
}

static void put_titles(struct rt_canvas box, const char *title, const char *right)
{
	int room = box.w - 4;
	int width = (int)rt_str_width(right);

	if (*right && width + 12 < room) {
		rt_putf(box, box.w - width - 4, 0, RT_ROLE_HINT, " %s ", right);
		room -= width + 3;
	}
	if (*title) {
		int used = rt_put_cut(box, 2, 0, RT_ROLE_TITLE, room - 1, title);
		rt_put(box, 1, 0, RT_ROLE_TITLE, " ");
		rt_put(box, 2 + used, 0, RT_ROLE_TITLE, " ");
	}
}

static void frame(const struct rt_tui *t, struct rt_canvas box, enum rt_focus slot,
    const struct rt_buf *title, const struct rt_buf *right)
{
	uint16_t style = border(has_keys(t, slot));

	if (is_below(t, slot))
		rt_box_below(box, style, border(has_keys(t, slot) || has_keys(t, RT_FOCUS_MAIN)));
	else
		rt_box(box, style);
	put_titles(box, rt_buf_str(title), rt_buf_str(right));
}

/* What stands in an empty list, and below it what can be done. */
static void paint_empty(const struct rt_tui *t, const struct rt_pane *p, struct rt_canvas c)
{
	const struct rt_head *h = &t->head;
	const char *why = p->ops->empty, *what = NULL;
	bool strip = p == t->strip;
	int y = 1;

	if (h->feed == RT_FEED_READING)
		why = "reading";
	else if (h->feed == RT_FEED_UNREAD)
		why = "nothing could be read so far",
		what = "C-r tries again, C-o chooses another context";
	else if (!t->world.graph)
		why = "nothing was read";
	else if (t->shown.filter && !strip)
		why = "nothing passes the filter", what = "Esc drops it";
	else if (t->shown.problems && !strip)
		why = "no problems", what = "z shows everything";
	else if (t->shown.namespaces.len)
		why = "nothing in these namespaces", what = "0 shows all";
	else if (h->unread)
		what = "some kinds could not be read: 3 says which rights are missing";
	rt_put_cut(c, 2, 1, RT_ROLE_TEXT, c.w - 4, why);
	if (h->feed == RT_FEED_UNREAD && h->feed_text)
		rt_put_cut(c, 2, ++y, RT_ROLE_ERROR, c.w - 4, h->feed_text);
	if (what)
		rt_put_cut(c, 2, ++y, RT_ROLE_DIM, c.w - 4, what);
}

static void paint_pane(
    const struct rt_tui *t, struct rt_canvas screen, const struct rt_pane *p, enum rt_focus slot)
{
	struct rt_canvas box = rect_canvas(screen, &t->rects[slot]);
	bool list = p->ops->place & RT_IN_LIST;
	struct rt_buf title = {0}, right = {0};
	struct rt_target target;

	if (!t->rects[slot].w)
		return;
	rt_buf_puts(&title, p->ops->title);
	if (p->ops->subtitle)
		p->ops->subtitle(p, &title);
	if (t->shown.problems && list)
		rt_buf_puts(&title, ", problems only");
	if (t->shown.filter && slot == RT_FOCUS_MAIN && list)
		rt_buf_printf(&title, "  /%s", rt_row_filter_text(t->shown.filter));
	if (p->ops->position)
		p->ops->position(p, &right);
	frame(t, box, slot, &title, &right);
	p->ops->draw(p, inside(box), has_keys(t, slot));
	if (list && !p->busy && !rt_pane_target(p, &target))
		paint_empty(t, p, inside(box));
	rt_buf_done(&title);
	rt_buf_done(&right);
}

static void paint_detail(const struct rt_tui *t, struct rt_canvas screen)
{
	struct rt_canvas box = rect_canvas(screen, &t->rects[RT_FOCUS_DETAIL]);
	const struct rt_ref *ref = rt_detail_ref(t->detail);
	struct rt_buf title = {0}, right = {0};

	if (!t->rects[RT_FOCUS_DETAIL].w)
		return;
	if (ref->name)
		rt_buf_printf(&title, "%s %s%s%s", ref->kind, ref->ns ? ref->ns : "",
		    ref->ns ? "/" : "", ref->name);
	rt_docview_position(rt_detail_view(t->detail), &right);
	frame(t, box, RT_FOCUS_DETAIL, &title, &right);
	rt_detail_draw(t->detail, inside(box), t->focus == RT_FOCUS_DETAIL);
	rt_buf_done(&title);
	rt_buf_done(&right);
}

/* ---------------------------------------------------------------- bottom line */

unsigned rt_tui_place(const struct rt_tui *t)
{
	unsigned place;

	if (t->focus == RT_FOCUS_DETAIL)
		return rt_detail_place(t->detail);
	place = t->focus == RT_FOCUS_STRIP ? t->strip->ops->place : t->panes[t->view]->ops->place;
	return place;
}

static int hint_width(const struct rt_action_info *info)
{
	return (int)(strcspn(info->keys, " ") + strlen(info->hint)) + 3;
}

static int put_hint(const struct rt_tui *t, struct rt_canvas c, int x, enum rt_action a)
{
	const struct rt_action_info *info = &rt_actions[a];
	bool quits = a == RT_ACTION_BACK && !rt_tui_can_go_back(t);
	int start = x;

	x += rt_putf(c, x, 0, RT_ROLE_HINT_KEY, "%.*s", (int)strcspn(info->keys, " "), info->keys);
	x += 1 + rt_put(c, x + 1, 0, RT_ROLE_HINT, quits ? "quit" : info->hint);
	return x - start + 2;
}

/* Does the key of an action do that action here, or something else? */
static bool reachable(const struct rt_tui *t, enum rt_action a, unsigned place)
{
	char name[16] = "";
	size_t len = strcspn(rt_actions[a].keys, " ");
	uint32_t key;

	memcpy(name, rt_actions[a].keys, len < sizeof(name) ? len : sizeof(name) - 1);
	return rt_key_parse(name, &key) && rt_action_find(key, place, t->offers) == a;
}

/* What only this place has comes first; help and back always have their corner. */
static bool hinted(const struct rt_tui *t, enum rt_action a, unsigned place, bool special)
{
	const struct rt_action_info *info = &rt_actions[a];

	return info->hint && a != RT_ACTION_HELP && a != RT_ACTION_BACK &&
	       (info->where != RT_EVERYWHERE) == special && reachable(t, a, place);
}

static void paint_hints(const struct rt_tui *t, struct rt_canvas c)
{
	static const enum rt_action always[] = {RT_ACTION_HELP, RT_ACTION_BACK};
	unsigned place = rt_tui_place(t);
	int x = 1, end = c.w;

	for (size_t i = 0; i < RT_ARRAY_LEN(always); i++)
		end -= hint_width(&rt_actions[always[i]]);
	for (int i = 0; i < 2 * RT_ACTION_COUNT; i++) {
		enum rt_action a = (enum rt_action)(i % RT_ACTION_COUNT);
		if (!hinted(t, a, place, i < RT_ACTION_COUNT))
			continue;
		if (x + hint_width(&rt_actions[a]) > end)
			break;
		x += put_hint(t, c, x, a);
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(always); i++)
		end += put_hint(t, c, end, always[i]);
}

/* The keys of what lies over the screen. */
static void paint_box_hints(const struct rt_tui *t, struct rt_canvas c)
{
	static const char *const picker[] = {"Enter", "take", "Esc", "close", NULL};
	static const char *const box[] = {"j k", "scroll", "c", "copy", "q", "close", NULL};
	const char *const *hint = t->mode == RT_MODE_PICKER ? picker : box;

	for (int x = 1; *hint; hint += 2) {
		x += 1 + rt_put(c, x, 0, RT_ROLE_HINT_KEY, hint[0]);
		x += 2 + rt_put(c, x, 0, RT_ROLE_HINT, hint[1]);
	}
}

#define PROMPT_ROOM 24 /* columns that a hint leaves for what is typed */

static void paint_prompt(const struct rt_tui *t, struct rt_canvas c)
{
	static const struct {
		const char *sign, *hint; /* the hint stands while nothing is typed */
	} prompts[RT_PROMPT_COUNT] = {
	    [RT_PROMPT_FILTER] = {"/", "expression  !not  -l label=value  -f fuzzy"},
	    [RT_PROMPT_SEARCH] = {"search /", "expression"},
	    [RT_PROMPT_COMMAND] = {":", "command or kind; Tab completes"},
	    [RT_PROMPT_TRACE] = {"trace ", "[METHOD] URL; Up: earlier ones"},
	};
	const char *hint = rt_buf_str(&t->hint);
	int x, room, width;

	if (!*hint && !*rt_input_text(&t->input))
		hint = prompts[t->prompt].hint;
	else if (!*hint && t->input.offered)
		hint = "Enter takes it, typing replaces it";
	rt_fill(c, RT_ROLE_INPUT);
	x = rt_put(c, 0, 0, RT_ROLE_PROMPT, prompts[t->prompt].sign);
	room = c.w - x;
	width = (int)rt_str_width(hint);
	width = width < room - PROMPT_ROOM ? width : room - PROMPT_ROOM;
	if (*hint && width > 0) {
		rt_put_cut(c, c.w - width - 1, 0, RT_ROLE_INPUT, width, hint);
		room -= width + 3;
	}
	rt_input_draw(&t->input, rt_canvas_sub(c, x, 0, room, 1));
}

static void paint_bottom(const struct rt_tui *t, struct rt_canvas screen)
{
	struct rt_canvas c = rt_canvas_sub(screen, 0, screen.h - 1, screen.w, 1);

	if (t->mode == RT_MODE_PROMPT)
		paint_prompt(t, c);
	else if (t->message.len)
		rt_put_cut(c, 1, 0, t->message_failed ? RT_ROLE_ERROR : RT_ROLE_TEXT, c.w - 2,
		    rt_buf_str(&t->message));
	else if (t->mode == RT_MODE_NORMAL)
		paint_hints(t, c);
	else
		paint_box_hints(t, c);
}

/* ---------------------------------------------------------------- all of it */

static void paint_box(struct rt_tui *t, struct rt_canvas screen)
{
	int most = screen.w - 4 > BOX_MAX ? BOX_MAX : screen.w - 4;
	int w = rt_doc_width(&t->box) + 4 < most ? rt_doc_width(&t->box) + 4 : most;
	int rows, h;
	struct rt_canvas box;
	struct rt_buf right = {0};

	rt_docview_fit(&t->box_view, w - 4, screen.h - 4);
	rows = (int)t->box_view.rows.len + 2;
	h = rows < screen.h - 2 ? rows : screen.h - 2;
	rt_docview_fit(&t->box_view, w - 4, h - 2);
	box = rt_canvas_sub(screen, (screen.w - w) / 2, (screen.h - h) / 2, w, h);
	rt_fill(box, RT_ROLE_TEXT);
	rt_box(box, RT_ROLE_BORDER_FOCUS);
	rt_docview_position(&t->box_view, &right);
	put_titles(box, t->box_title, rt_buf_str(&right));
	rt_buf_done(&right);
	rt_docview_draw(&t->box_view, rt_canvas_sub(box, 2, 1, w - 4, h - 2), RT_LOOK_PLAIN);
}

/* What lies behind a box; but a theme is chosen by what it does to everything else. */
static bool recedes(const struct rt_tui *t)
{
	return t->mode == RT_MODE_BOX || (t->mode == RT_MODE_PICKER && t->pick != RT_PICK_THEME);
}

void rt_tui_paint(struct rt_tui *t)
{
	struct rt_canvas screen = rt_canvas_all(&t->grid);

	rt_fill(screen, RT_ROLE_TEXT);
	if (too_small(t)) {
		rt_putf(screen, 0, 0, RT_ROLE_TEXT, "rutter needs %dx%d, this is %dx%d", MIN_W,
		    MIN_H, t->w, t->h);
		return;
	}
	if (!t->no_header)
		rt_head_paint(t, rt_canvas_sub(screen, 0, 0, screen.w, 1));
	paint_pane(t, screen, rt_tui_main(t), RT_FOCUS_MAIN);
	paint_pane(t, screen, t->strip, RT_FOCUS_STRIP);
	paint_detail(t, screen);
	paint_bottom(t, screen);
	if (recedes(t))
		rt_recede(
		    rt_canvas_sub(screen, 0, head_rows(t), screen.w, screen.h - head_rows(t) - 1),
		    RT_ROLE_DIM);
	if (t->mode == RT_MODE_PICKER)
		rt_picker_draw(&t->picker, screen);
	else if (t->mode == RT_MODE_BOX)
		paint_box(t, screen);
}
