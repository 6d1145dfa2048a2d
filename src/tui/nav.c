/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nav.c - from view to view and object to object, and the way back.
 */
#include "config.h"

#include <string.h>

#include "app.h"
#include "panes/trace.h"

#define STOPS_MAX 200

struct rt_pane *rt_tui_main(struct rt_tui *t)
{
	return t->panes[t->view];
}

struct rt_pane *rt_tui_focused(struct rt_tui *t)
{
	if (t->focus == RT_FOCUS_DETAIL)
		return NULL;
	return t->focus == RT_FOCUS_STRIP ? t->strip : rt_tui_main(t);
}

static struct rt_stop here(struct rt_tui *t)
{
	struct rt_stop stop = {.view = t->view, .kind = t->kind, .tab = rt_detail_tab(t->detail)};
	const struct rt_ref *ref = rt_detail_ref(t->detail);

	if (ref->name)
		stop.key = rt_ref_key(ref);
	return stop;
}

static void stops_cut(struct rt_tui *t, size_t len)
{
	while (t->stops.len > len)
		free(t->stops.v[--t->stops.len].key);
}

/* Before going somewhere else: this place can be come back to. */
static void leave(struct rt_tui *t, bool drilled)
{
	struct rt_stop stop = here(t);

	stop.drilled = drilled;
	stops_cut(t, t->stop);
	if (t->stops.len == STOPS_MAX) {
		free(t->stops.v[0].key);
		memmove(&t->stops.v[0], &t->stops.v[1], (STOPS_MAX - 1) * sizeof(*t->stops.v));
		t->stops.len--;
	}
	rt_vec_push(&t->stops, NULL, stop);
	t->stop = t->stops.len;
}

bool rt_tui_is_drilled(const struct rt_tui *t)
{
	return t->stop > 0 && t->stops.v[t->stop - 1].drilled;
}

static void clear_filter(struct rt_tui *t)
{
	if (!t->shown.filter)
		return;
	rt_row_filter_free(t->shown.filter);
	t->shown.filter = NULL;
	rt_tui_lists_changed(t);
}

static void set_view(struct rt_tui *t, enum rt_view view)
{
	if (t->view != view) {
		t->last_view = t->view;
		clear_filter(t);
	}
	t->view = view;
	t->focus = RT_FOCUS_MAIN;
	t->full = false;
	t->dirty = true;
}

void rt_tui_show(struct rt_tui *t, enum rt_view view, bool drilled)
{
	if (t->view == view && view != RT_VIEW_OBJECTS) {
		t->focus = RT_FOCUS_MAIN;
		return;
	}
	leave(t, drilled);
	set_view(t, view);
	rt_tui_follow(t);
}

void rt_tui_follow(struct rt_tui *t)
{
	struct rt_pane *p = t->focus == RT_FOCUS_STRIP ? t->strip : rt_tui_main(t);
	struct rt_target target;

	t->dirty = true;
	if (rt_pane_target(p, &target))
		rt_detail_set(t->detail, &target);
}

bool rt_tui_select(struct rt_tui *t, const struct rt_ref *ref)
{
	struct rt_pane *p = rt_tui_main(t);

	t->touched = true;
	while (rt_pane_work(p, INT64_MAX))
		continue;
	return p->ops->select && p->ops->select(p, ref);
}

void rt_tui_open(struct rt_tui *t, const struct rt_ref *ref)
{
	struct rt_target target = {.ref = *ref};

	leave(t, true);
	if (t->view != RT_VIEW_TOPOLOGY && t->view != RT_VIEW_TRACE)
		set_view(t, RT_VIEW_TOPOLOGY);
	clear_filter(t);
	rt_tui_select(t, ref);
	if (t->world.graph)
		target.node = rt_graph_find(t->world.graph, *ref);
	rt_detail_set(t->detail, &target);
	rt_detail_show(t->detail, RT_TAB_SUMMARY);
	t->focus = RT_FOCUS_DETAIL;
	t->dirty = true;
}

void rt_tui_trace(struct rt_tui *t, const char *request)
{
	rt_history_add(&t->histories[RT_PROMPT_TRACE], request);
	if (t->view != RT_VIEW_TRACE)
		rt_tui_show(t, RT_VIEW_TRACE, true);
	t->focus = RT_FOCUS_MAIN;
	rt_trace_pane_set(t->panes[RT_VIEW_TRACE], request);
	t->dirty = true;
}

static void go_to(struct rt_tui *t, const struct rt_stop *stop)
{
	struct rt_arena a = {0};
	struct rt_target target = {0};

	if (t->kind != stop->kind)
		t->panes[RT_VIEW_OBJECTS]->stale = true;
	t->kind = stop->kind;
	set_view(t, stop->view);
	if (stop->key && rt_ref_of_key(stop->key, &a, &target.ref)) {
		rt_tui_select(t, &target.ref);
		if (t->world.graph)
			target.node = rt_graph_find(t->world.graph, target.ref);
		rt_detail_set(t->detail, &target);
	}
	rt_detail_show(t->detail, stop->tab);
	rt_arena_done(&a);
}

void rt_tui_history(struct rt_tui *t, int step)
{
	struct rt_stop place;

	if (step < 0 ? t->stop == 0 : t->stop + 1 >= t->stops.len)
		return;
	place = here(t);
	if (t->stop == t->stops.len) {
		rt_vec_push(&t->stops, NULL, place);
	} else {
		free(t->stops.v[t->stop].key);
		t->stops.v[t->stop] = place;
	}
	t->stop = step < 0 ? t->stop - 1 : t->stop + 1;
	go_to(t, &t->stops.v[t->stop]);
}

void rt_tui_stops_done(struct rt_tui *t)
{
	stops_cut(t, 0);
	rt_vec_free(&t->stops);
}
