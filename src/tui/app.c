/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app.c - life and state of the terminal UI: world, views, history, work, frames.
 */
#include "config.h"

#include "app.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"

#define FLASH_MS 900
#define HOLD_MS 400
#define INPUT_WORK_MS 4

static const struct rt_pane_ops *const view_ops[RT_VIEW_COUNT] = {
#define V(X, id, name, ...) [RT_VIEW_##id] = &rt_##name##_pane,
    RT_VIEWS(V, )
#undef V
	[RT_VIEW_OBJECTS] = &rt_objects_pane,
    [RT_VIEW_TRACE] = &rt_trace_pane,
};

/* ---------------------------------------------------------------- objects by key */

char *rt_ref_key(const struct rt_ref *ref)
{
	return rt_xprintf("%s/%s/%s/%s", ref->group ? ref->group : "", ref->kind ? ref->kind : "",
	    ref->ns ? ref->ns : "", ref->name);
}

bool rt_ref_of_key(const char *key, struct rt_arena *a, struct rt_ref *ret)
{
	const char *part[4];
	char *copy = rt_arena_strdup(a, key);

	for (int i = 0; i < 4; i++) {
		char *end = i < 3 ? strchr(copy, '/') : NULL;
		part[i] = copy;
		if (i < 3 && !end)
			return false;
		if (end) {
			*end = '\0';
			copy = end + 1;
		}
	}
	*ret = (struct rt_ref){part[0], part[1], *part[2] ? part[2] : NULL, part[3]};
	return true;
}

struct finding_list {
	RT_VEC(const struct rt_finding *) v;
};

static void index_findings(struct rt_tui *t)
{
	rt_map_done(&t->finding_index);
	rt_arena_reset(&t->world_arena);
	t->finding_index = (struct rt_map){0};
	for (size_t i = 0; t->world.findings && i < t->world.findings->len; i++) {
		const struct rt_finding *f = t->world.findings->v[i];
		char *key = rt_ref_key(&f->object);
		struct finding_list *list = rt_map_get(&t->finding_index, key);
		if (!list) {
			list = rt_arena_new(&t->world_arena, struct finding_list);
			rt_map_set(&t->finding_index, key, list);
		}
		rt_vec_push(&list->v, &t->world_arena, f);
		free(key);
	}
}

size_t rt_tui_findings_of(
    const struct rt_tui *t, const struct rt_ref *ref, const struct rt_finding *const **ret)
{
	const struct finding_list *list;
	char *key;

	*ret = NULL;
	if (!ref->name)
		return 0;
	key = rt_ref_key(ref);
	list = rt_map_get(&t->finding_index, key);
	free(key);
	if (!list)
		return 0;
	*ret = list->v.v;
	return list->v.len;
}

bool rt_tui_namespace_shown(const struct rt_tui *t, const char *ns)
{
	if (!t->shown.namespaces.len || !ns)
		return true;
	for (size_t i = 0; i < t->shown.namespaces.len; i++)
		if (!strcmp(t->shown.namespaces.v[i], ns))
			return true;
	return false;
}

/* As check -n has it: the object or a related one is in a namespace that is shown. */
bool rt_tui_finding_shown(const struct rt_tui *t, const struct rt_finding *f)
{
	bool shown =
	    !t->shown.namespaces.len || (f->object.ns && rt_tui_namespace_shown(t, f->object.ns));

	for (size_t i = 0; i < f->related.len && !shown; i++)
		shown = f->related.v[i].ns && rt_tui_namespace_shown(t, f->related.v[i].ns);
	return shown;
}

static void count_shown(struct rt_tui *t)
{
	t->tally = (struct rt_tally){0};
	for (size_t i = 0; t->world.findings && i < t->world.findings->len; i++) {
		const struct rt_finding *f = t->world.findings->v[i];
		if (rt_tui_finding_shown(t, f))
			rt_tally_count(&t->tally, f);
	}
}

/* ---------------------------------------------------------------- theme */

static char *find_theme(void *ctx, const char *name, size_t *ret_len)
{
	const struct rt_tui *t = ctx;

	return rt_theme_read(t->theme_dirs, name, ret_len);
}

/* The theme is used all the same: one wrong line need not cost the others. */
static void say_warnings(struct rt_tui *t, const struct rt_buf *warnings)
{
	const char *text = rt_buf_str(warnings);
	size_t first = strcspn(text, "\n"), lines = 0;

	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	if (lines == 1)
		rt_tui_say(t, true, "theme %.*s", (int)first, text);
	else if (lines)
		rt_tui_say(t, true, "theme %.*s (and %zu more)", (int)first, text, lines - 1);
}

enum rt_status rt_tui_set_theme(struct rt_tui *t, const char *name, struct rt_error *err)
{
	struct rt_theme_input in = {.source = name, .find = find_theme, .ctx = t};
	struct rt_buf warnings = RT_BUF_MAX(64 * 1024);
	struct rt_theme *fresh = NULL;
	char *text = rt_theme_read(t->theme_dirs, name, &in.len);
	enum rt_status st;

	if (!text) {
		st = rt_fail(err, RT_USAGE, "no theme called %s", name);
		rt_error_hint(err, ":theme lists them; your own are NAME.yaml in %s",
		    t->theme_dirs[0] ? t->theme_dirs[0] : "the configuration folder");
		return st;
	}
	in.text = text;
	st = rt_theme_load(&in, &fresh, &warnings, err);
	free(text);
	if (st == RT_OK) {
		char *asked = rt_xstrdup(name);
		free(t->theme_name);
		t->theme_name = asked;
		say_warnings(t, &warnings);
		rt_theme_free(t->theme);
		t->theme = fresh;
		rt_theme_bake(t->theme, t->term->depth);
		t->term->ops->redraw(t->term);
		t->dirty = true;
	}
	rt_buf_done(&warnings);
	return st;
}

void rt_tui_lists_changed(struct rt_tui *t)
{
	for (int i = 0; i < RT_VIEW_COUNT; i++)
		t->panes[i]->stale = true;
	t->strip->stale = true;
	count_shown(t);
	t->dirty = true;
}

/* ---------------------------------------------------------------- the world */

/* --open KIND/NAME or KIND/NS/NAME: as soon as it is there. What is not there when all has been
 * read is said to be missing, once. */
static void open_wanted(struct rt_tui *t)
{
	struct rt_target target = {0};
	const struct rt_obj *o;

	if (!t->wanted.name || !t->world.an)
		return;
	o = rt_tui_find_object(t, &t->wanted);
	if (!o && (t->head.feed == RT_FEED_READING || t->head.feed == RT_FEED_UNREAD))
		return;
	if (o) {
		target.ref = rt_obj_ref(o);
		rt_tui_select(t, &target.ref);
		if (t->world.graph)
			target.node = rt_graph_find(t->world.graph, target.ref);
		rt_detail_set(t->detail, &target);
		t->focus = target.node ? RT_FOCUS_MAIN : RT_FOCUS_DETAIL;
	} else {
		rt_tui_say_not_found(t, &t->wanted);
	}
	t->wanted.name = NULL;
}

static void select_wanted(struct rt_tui *t)
{
	open_wanted(t);
	if (t->wanted_trace && t->world.an) {
		char *request = t->wanted_trace;
		t->wanted_trace = NULL;
		rt_tui_trace(t, request);
		free(request);
	}
}

void rt_tui_set_world(struct rt_tui *t, const struct rt_world *w)
{
	for (int i = 0; i < RT_VIEW_COUNT; i++)
		if (t->panes[i]->ops->drop)
			t->panes[i]->ops->drop(t->panes[i]);
	t->strip->ops->drop(t->strip);
	t->world = *w;
	t->world_count++;
	t->hold_until = t->ops->clock_ms(t->ctx) + HOLD_MS;
	index_findings(t);
	rt_tui_lists_changed(t);
	rt_detail_world(t->detail);
	select_wanted(t);
}

void rt_tui_set_head(struct rt_tui *t, const struct rt_tui_head *head)
{
	rt_head_set(&t->head, head);
	t->dirty = true;
}

void rt_tui_say(struct rt_tui *t, bool failed, const char *fmt, ...)
{
	va_list ap;

	rt_buf_clear(&t->message);
	va_start(ap, fmt);
	rt_buf_vprintf(&t->message, fmt, ap);
	va_end(ap);
	t->message_failed = failed;
	t->dirty = true;
}

/* ---------------------------------------------------------------- coming and going */

static unsigned offers_of(const struct rt_tui_ops *ops)
{
	unsigned o = 0;

	if (ops->yaml || (ops->ask && ops->asks & 1u << RT_ASK_YAML))
		o |= RT_OFFER_YAML;
	if (ops->ask && ops->asks & 1u << RT_ASK_EVENTS)
		o |= RT_OFFER_EVENTS;
	if (ops->ask && ops->asks & 1u << RT_ASK_LOGS)
		o |= RT_OFFER_LOGS;
	o |= ops->contexts && ops->use_context ? RT_OFFER_CONTEXTS : 0;
	o |= ops->reload ? RT_OFFER_RELOAD : 0;
	o |= ops->login ? RT_OFFER_LOGIN : 0;
	o |= ops->suspend ? RT_OFFER_SUSPEND : 0;
	o |= ops->write ? RT_OFFER_WRITE : 0;
	return o;
}

static enum rt_status take_labels(struct rt_tui *t, const char *labels, struct rt_error *err)
{
	enum rt_status st = RT_OK;
	char *text;

	if (!labels)
		return RT_OK;
	text = rt_xprintf("-l %s", labels);
	st = rt_row_filter_new(text, &t->shown.filter, err);
	free(text);
	return st;
}

static enum rt_status take_open(struct rt_tui *t, const char *open, struct rt_error *err)
{
	enum rt_status st = RT_OK;

	if (open)
		st = rt_obj_pattern_parse(&t->wanted_arena, open, &t->wanted, err);
	if (st == RT_OK && open && !t->wanted.name)
		st = rt_fail(err, RT_USAGE, "%s: which one? KIND/NAME opens it", open);
	return st;
}

enum rt_status rt_tui_new(const struct rt_tui_opts *opts, const struct rt_tui_ops *ops, void *ctx,
    struct rt_tui **ret, struct rt_error *err)
{
	struct rt_tui *t = rt_xcalloc(1, sizeof(*t));
	enum rt_status st;

	t->ops = ops;
	t->ctx = ctx;
	t->offers = offers_of(ops);
	t->term = opts->term;
	t->grid.ascii = t->term->ascii;
	memcpy(t->theme_dirs, opts->theme_dirs, sizeof(t->theme_dirs));
	t->message = RT_BUF_MAX(4096);
	t->hint = RT_BUF_MAX(4096);
	st = rt_tui_set_theme(t, opts->theme ? opts->theme : "default", err);
	if (st == RT_OK)
		st = take_open(t, opts->open, err);
	if (st == RT_OK)
		st = take_labels(t, opts->labels, err);
	if (st != RT_OK) {
		rt_tui_free(t);
		return st;
	}
	for (int i = 0; i < RT_VIEW_COUNT; i++)
		t->panes[i] = rt_pane_new(view_ops[i], t);
	t->strip = rt_pane_new(&rt_findings_pane, t);
	t->detail = rt_detail_new(t);
	for (size_t i = 0; i < opts->namespace_count; i++)
		rt_vec_push(&t->shown.namespaces, NULL, rt_xstrdup(opts->namespaces[i]));
	t->wanted_trace = opts->trace ? rt_xstrdup(opts->trace) : NULL;
	t->mouse = opts->mouse;
	rt_tui_resized(t);
	*ret = t;
	return RT_OK;
}

static void free_world_things(struct rt_tui *t)
{
	rt_map_done(&t->finding_index);
	rt_arena_done(&t->world_arena);
	for (int i = 0; i < RT_VIEW_COUNT; i++)
		rt_pane_free(t->panes[i]);
	rt_pane_free(t->strip);
	rt_detail_free(t->detail);
	rt_row_filter_free(t->shown.filter);
	for (size_t i = 0; i < t->shown.namespaces.len; i++)
		free(t->shown.namespaces.v[i]);
	rt_vec_free(&t->shown.namespaces);
}

static void free_typing(struct rt_tui *t)
{
	rt_input_done(&t->input);
	for (int i = 0; i < RT_PROMPT_COUNT; i++)
		rt_history_done(&t->histories[i]);
	rt_buf_done(&t->hint);
	rt_buf_done(&t->message);
	rt_picker_done(&t->picker);
	rt_docview_done(&t->box_view);
	rt_doc_done(&t->box);
	free(t->box_copy);
}

void rt_tui_free(struct rt_tui *t)
{
	if (!t)
		return;
	free_world_things(t);
	free_typing(t);
	rt_tui_stops_done(t);
	rt_head_done(&t->head);
	rt_arena_done(&t->wanted_arena);
	free(t->wanted_trace);
	rt_theme_free(t->theme);
	free(t->theme_name);
	free(t->theme_before);
	rt_grid_done(&t->grid);
	t->term->ops->close(t->term);
	free(t);
}

/* ---------------------------------------------------------------- running */

void rt_tui_resized(struct rt_tui *t)
{
	t->term->ops->size(t->term, &t->w, &t->h);
	/* Terminals crop, wrap or clear as they like: nothing on the screen is known any more. */
	t->term->ops->redraw(t->term);
	t->dirty = true;
}

void rt_tui_suspend(struct rt_tui *t)
{
	t->suspended = true;
	t->term->ops->suspend(t->term);
}

void rt_tui_resume(struct rt_tui *t)
{
	t->suspended = false;
	t->term->ops->resume(t->term);
	rt_tui_resized(t);
}

bool rt_tui_has_work(const struct rt_tui *t)
{
	const struct rt_pane *p = t->panes[t->view];

	return p->stale || p->busy || t->strip->stale || t->strip->busy;
}

void rt_tui_work(struct rt_tui *t, int64_t until_ms)
{
	struct rt_pane *p = rt_tui_main(t);
	bool was = p->stale || p->busy;

	rt_pane_work(p, until_ms);
	if (!p->busy)
		rt_pane_work(t->strip, until_ms);
	if (was)
		t->dirty = true;
	if (was && !p->busy && t->focus != RT_FOCUS_DETAIL)
		rt_tui_follow(t);
}

void rt_tui_handle_input(struct rt_tui *t)
{
	struct rt_event e = {0};

	/* While suspended the keys are somebody else's; one of ours may have suspended just now.
	 * Lists are brought up to date between keys that come in one go, so that each of them means
	 * what it would mean if typed slowly. */
	while (!t->quitting && !t->suspended && t->term->ops->read(t->term, &e)) {
		if (rt_tui_has_work(t))
			rt_tui_work(t, t->ops->clock_ms(t->ctx) + INPUT_WORK_MS);
		t->dirty = true;
		if (e.type == RT_EVENT_KEY)
			rt_tui_key(t, e.key);
		else if (e.type == RT_EVENT_MOUSE)
			rt_tui_mouse(t, &e);
		else if (e.type == RT_EVENT_RESIZE)
			rt_tui_resized(t);
		else
			t->ops->quit(t->ctx);
	}
	rt_tui_work(t, t->ops->clock_ms(t->ctx) + INPUT_WORK_MS);
}

void rt_tui_flash(struct rt_tui *t)
{
	t->flash_until = t->ops->clock_ms(t->ctx) + FLASH_MS;
	t->dirty = true;
}

bool rt_tui_is_flashing(const struct rt_tui *t)
{
	return t->flash_until > t->ops->clock_ms(t->ctx);
}

/* As rt_detail_rests_ms, for a detail that is to be seen. */
static int rests_ms(const struct rt_tui *t)
{
	bool seen = t->rects[RT_FOCUS_DETAIL].w && !t->suspended;

	return seen ? rt_detail_rests_ms(t->detail) : -1;
}

bool rt_tui_wants_frame(const struct rt_tui *t)
{
	/* A list that is being made from a new world is not shown empty for the moment it takes. */
	if (t->suspended || (rt_tui_has_work(t) && t->ops->clock_ms(t->ctx) < t->hold_until))
		return false;
	return t->dirty || (t->flash_until && !rt_tui_is_flashing(t)) || rests_ms(t) == 0;
}

void rt_tui_draw(struct rt_tui *t)
{
	if (t->suspended)
		return;
	if (!rt_tui_is_flashing(t))
		t->flash_until = 0;
	rt_grid_resize(&t->grid, t->w, t->h);
	rt_tui_layout(t);
	rt_tui_paint(t);
	t->term->ops->present(t->term, &t->grid, t->theme);
	t->dirty = false;
}

int rt_tui_next_ms(const struct rt_tui *t)
{
	int flash = t->flash_until ? (int)(t->flash_until - t->ops->clock_ms(t->ctx)) : -1;
	int rest = rests_ms(t);

	if (rt_tui_wants_frame(t) || rt_tui_has_work(t))
		return 0;
	return rest < 0 || (flash >= 0 && flash < rest) ? flash : rest;
}

bool rt_tui_is_busy(const struct rt_tui *t)
{
	return rt_tui_has_work(t) || rt_detail_waits(t->detail);
}

void rt_tui_answer(struct rt_tui *t, unsigned ticket, const char *text, size_t len, bool last,
    const struct rt_error *err)
{
	rt_detail_answer(t->detail, ticket, text, len, last, err);
	t->dirty = true;
}
