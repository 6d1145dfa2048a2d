/* SPDX-License-Identifier: Apache-2.0 */
/*
 * actions.c - what each action does. An action goes to the pane that has the keys first; what it
 * does not take is looked up in one table here.
 */
#include "config.h"

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

static struct rt_target target_of(struct rt_tui *t)
{
	struct rt_pane *p = rt_tui_focused(t);
	struct rt_target target = {0};

	if (p)
		rt_pane_target(p, &target);
	else
		target.ref = *rt_detail_ref(t->detail);
	return target;
}

/* ---------------------------------------------------------------- opening */

static void act_open(struct rt_tui *t, enum rt_action a)
{
	const struct rt_doc_line *line;
	struct rt_target target;

	(void)a;
	if (t->focus == RT_FOCUS_DETAIL) {
		line = rt_docview_line(rt_detail_view(t->detail));
		if (line && line->link)
			rt_tui_open(t, line->link);
		return;
	}
	target = target_of(t);
	if (!target.ref.name)
		return;
	if (target.finding || t->view == RT_VIEW_TRACE)
		rt_tui_open(t, &target.ref);
	else
		t->focus = RT_FOCUS_DETAIL;
}

static void act_tab(struct rt_tui *t, enum rt_action a)
{
	if (!rt_detail_ref(t->detail)->name)
		return;
	rt_detail_show(t->detail, (enum rt_tab)(a - RT_ACTION_TAB_SUMMARY));
	t->focus = RT_FOCUS_DETAIL;
}

static void act_view(struct rt_tui *t, enum rt_action a)
{
	rt_tui_show(t, (enum rt_view)(a - RT_ACTION_VIEW_TOPOLOGY), false);
}

static void act_last_view(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	rt_tui_show(t, t->last_view, false);
}

static void act_history(struct rt_tui *t, enum rt_action a)
{
	rt_tui_history(t, a == RT_ACTION_BACK_IN_TIME ? -1 : 1);
}

/* ---------------------------------------------------------------- panes */

static void act_pane(struct rt_tui *t, enum rt_action a)
{
	int step = a == RT_ACTION_NEXT_PANE ? 1 : RT_FOCUS_COUNT - 1;
	int slot = (int)t->focus;

	if (t->full) {
		t->full = false;
		rt_tui_layout(t);
	}
	do
		slot = (slot + step) % RT_FOCUS_COUNT;
	while (!t->rects[slot].w && slot != (int)t->focus);
	t->focus = (enum rt_focus)slot;
}

static void act_full(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->full = !t->full;
}

static void act_header(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->no_header = !t->no_header;
}

/* ---------------------------------------------------------------- finding things */

static void act_filter(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	if (rt_tui_place(t) & RT_IN_LIST)
		rt_tui_prompt(t, RT_PROMPT_FILTER, "");
	else
		rt_tui_prompt(t, RT_PROMPT_SEARCH, "");
}

static void act_problems(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->shown.problems = !t->shown.problems;
	rt_tui_lists_changed(t);
}

static void clear_namespaces(struct rt_tui *t)
{
	for (size_t i = 0; i < t->shown.namespaces.len; i++)
		free(t->shown.namespaces.v[i]);
	t->shown.namespaces.len = 0;
	rt_tui_lists_changed(t);
}

static void act_all_namespaces(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	clear_namespaces(t);
}

static void act_warp(struct rt_tui *t, enum rt_action a)
{
	struct rt_target target = target_of(t);
	char *ns;

	(void)a;
	if (!target.ref.ns)
		return;
	ns = rt_xstrdup(target.ref.ns);
	clear_namespaces(t);
	rt_vec_push(&t->shown.namespaces, NULL, ns);
	rt_tui_lists_changed(t);
}

static void act_pick(struct rt_tui *t, enum rt_action a)
{
	rt_tui_pick(t, a == RT_ACTION_NAMESPACES ? RT_PICK_NAMESPACE
		       : a == RT_ACTION_CONTEXTS ? RT_PICK_CONTEXT
		       : a == RT_ACTION_HISTORY  ? RT_PICK_HISTORY
						 : RT_PICK_THEME);
}

/* ---------------------------------------------------------------- copying, writing */

/* One line: a shell that it is pasted into would run what a line break ends. */
static void copy(struct rt_tui *t, const char *text)
{
	struct rt_buf line = {0};

	if (!*text) {
		rt_tui_say(t, false, "nothing to copy here");
		return;
	}
	rt_clean(&line, text, false);
	t->term->ops->copy(t->term, rt_buf_str(&line));
	rt_tui_say(t, false, "copied %s", rt_buf_str(&line));
	rt_buf_done(&line);
}

/* Of our own making: what is foreign in it is quoted. */
static void copy_manifest(struct rt_tui *t, const char *text)
{
	t->term->ops->copy(t->term, text);
	rt_tui_say(t, false, "copied the manifest");
}

static void copy_line(struct rt_tui *t, const struct rt_docview *v)
{
	const struct rt_doc_line *line = rt_docview_line(v);
	struct rt_buf b = {0};

	if (line && line->manifest) {
		copy_manifest(t, line->copy);
		return;
	}
	if (line && line->copy)
		rt_buf_puts(&b, line->copy);
	else if (line)
		rt_doc_line_text(v->doc, v->list.cursor, &b);
	copy(t, rt_buf_str(&b));
	rt_buf_done(&b);
}

static void act_copy(struct rt_tui *t, enum rt_action a)
{
	struct rt_buf b = {0};
	struct rt_target target;

	(void)a;
	if (t->focus == RT_FOCUS_DETAIL) {
		copy_line(t, rt_detail_view(t->detail));
		return;
	}
	target = target_of(t);
	if (target.finding && target.finding->fix_manifest)
		copy_manifest(t, target.finding->fix_manifest);
	else if (target.finding)
		copy(t, target.finding->fix ? target.finding->fix : target.finding->message);
	else if (rt_tui_focused(t)->ops->url && rt_tui_focused(t)->ops->url(rt_tui_focused(t), &b))
		copy(t, rt_buf_str(&b));
	else
		copy(t, target.ref.name ? target.ref.name : "");
	rt_buf_done(&b);
}

static void act_copy_namespace(struct rt_tui *t, enum rt_action a)
{
	struct rt_target target = target_of(t);

	(void)a;
	copy(t, target.ref.ns ? target.ref.ns : "");
}

static void act_export(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	rt_tui_prompt(t, RT_PROMPT_COMMAND, "export ");
}

/* ---------------------------------------------------------------- trace, mend */

/* A request that would meet what is at hand: a row may know one of its own. */
static bool url_at_hand(struct rt_tui *t, struct rt_buf *out)
{
	const struct rt_pane *p = rt_tui_focused(t);
	struct rt_target target = target_of(t);

	if (p && p->ops->url)
		return p->ops->url(p, out);
	if (!target.node && target.ref.name && t->world.graph)
		target.node = rt_graph_find(t->world.graph, target.ref);
	return target.node && rt_url_of_node(t->world.an, target.node, out);
}

static void act_trace(struct rt_tui *t, enum rt_action a)
{
	struct rt_buf b = {0};

	(void)a;
	if (!url_at_hand(t, &b))
		rt_buf_puts(&b, "https://");
	rt_tui_prompt(t, RT_PROMPT_TRACE, rt_buf_str(&b));
	rt_buf_done(&b);
}

static void act_mend(struct rt_tui *t, enum rt_action a)
{
	struct rt_target target = target_of(t);
	const struct rt_finding *f = target.finding;

	(void)a;
	if (!f)
		f = rt_detail_finding(t->detail);
	if (f)
		rt_tui_mend(t, f);
	else
		rt_tui_say(t, false, "nothing to mend here");
}

/* ---------------------------------------------------------------- leaving */

bool rt_tui_can_go_back(const struct rt_tui *t)
{
	return t->full || t->focus != RT_FOCUS_MAIN || t->shown.filter || rt_tui_is_drilled(t);
}

/* Closes what is open, one thing at a time; false when nothing is. */
static bool close_one(struct rt_tui *t)
{
	if (t->full)
		t->full = false;
	else if (t->focus != RT_FOCUS_MAIN)
		t->focus = RT_FOCUS_MAIN;
	else if (t->shown.filter) {
		rt_row_filter_free(t->shown.filter);
		t->shown.filter = NULL;
		rt_tui_lists_changed(t);
	} else
		return false;
	return true;
}

static void act_cancel(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	if (!close_one(t) && rt_tui_is_drilled(t))
		rt_tui_history(t, -1);
}

static void act_quit(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->quitting = true;
	t->ops->quit(t->ctx);
}

static void act_back(struct rt_tui *t, enum rt_action a)
{
	if (close_one(t))
		return;
	if (rt_tui_is_drilled(t))
		rt_tui_history(t, -1);
	else
		act_quit(t, a);
}

static void act_help(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	rt_tui_help(t);
}

static void act_aliases(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	rt_tui_aliases(t);
}

static void act_redraw(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->term->ops->redraw(t->term);
}

static void act_reload(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->ops->reload(t->ctx);
	rt_detail_again(t->detail);
}

static void act_login(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->ops->login(t->ctx);
}

static void act_suspend(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	t->ops->suspend(t->ctx);
}

static void act_command(struct rt_tui *t, enum rt_action a)
{
	(void)a;
	rt_tui_prompt(t, RT_PROMPT_COMMAND, "");
}

/* ---------------------------------------------------------------- the table */

static void (*const doers[RT_ACTION_COUNT])(struct rt_tui *t, enum rt_action a) = {
    [RT_ACTION_MEND] = act_mend,
    [RT_ACTION_TRACE] = act_trace,
    [RT_ACTION_FILTER] = act_filter,
    [RT_ACTION_COMMAND] = act_command,
    [RT_ACTION_OPEN] = act_open,
#define V(X, id, ...) [RT_ACTION_TAB_##id] = act_tab,
    RT_TABS(V, )
#undef V
	[RT_ACTION_HISTORY] = act_pick,
    [RT_ACTION_FULLSCREEN] = act_full,
    [RT_ACTION_PROBLEMS] = act_problems,
    [RT_ACTION_COPY] = act_copy,
    [RT_ACTION_COPY_NAMESPACE] = act_copy_namespace,
    [RT_ACTION_NEXT_PANE] = act_pane,
    [RT_ACTION_PREV_PANE] = act_pane,
#define V(X, id, ...) [RT_ACTION_VIEW_##id] = act_view,
    RT_VIEWS(V, )
#undef V
	[RT_ACTION_ALL_NAMESPACES] = act_all_namespaces,
    [RT_ACTION_NAMESPACES] = act_pick,
    [RT_ACTION_CONTEXTS] = act_pick,
    [RT_ACTION_THEMES] = act_pick,
    [RT_ACTION_WARP] = act_warp,
    [RT_ACTION_BACK_IN_TIME] = act_history,
    [RT_ACTION_FORWARD_IN_TIME] = act_history,
    [RT_ACTION_LAST_VIEW] = act_last_view,
    [RT_ACTION_HEADER] = act_header,
    [RT_ACTION_RELOAD] = act_reload,
    [RT_ACTION_LOGIN] = act_login,
    [RT_ACTION_EXPORT] = act_export,
    [RT_ACTION_REDRAW] = act_redraw,
    [RT_ACTION_SUSPEND] = act_suspend,
    [RT_ACTION_ALIASES] = act_aliases,
    [RT_ACTION_HELP] = act_help,
    [RT_ACTION_CANCEL] = act_cancel,
    [RT_ACTION_BACK] = act_back,
    [RT_ACTION_QUIT] = act_quit,
};

void rt_tui_act(struct rt_tui *t, enum rt_action a)
{
	struct rt_pane *p = rt_tui_focused(t);
	bool taken = p ? rt_pane_action(p, a) : rt_detail_action(t->detail, a);

	if (taken && p)
		rt_tui_follow(t);
	else if (!taken && doers[a])
		doers[a](t, a);
	t->dirty = true;
}
