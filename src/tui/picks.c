/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picks.c - the boxes to choose from: namespaces, contexts, themes, earlier requests.
 */
#include "config.h"

#include <string.h>

#include "app.h"
#include "rutter/map.h"
#include "rutter/mem.h"

#define ALL_NAMESPACES "all namespaces"

struct ns_count {
	size_t objects, errors;
};

/* Namespaces that objects of the graph are in, with what a glance should tell. */
static void count_namespaces(const struct rt_tui *t, struct rt_map *counts, struct rt_arena *a)
{
	for (size_t i = 0; t->world.graph && i < t->world.graph->nodes.len; i++) {
		const struct rt_node *n = t->world.graph->nodes.v[i];
		struct ns_count *c;
		if (!n->obj || n->type != RT_NODE_OBJECT || !n->ref.ns)
			continue;
		c = rt_map_get(counts, n->ref.ns);
		if (!c) {
			c = rt_arena_new(a, struct ns_count);
			rt_map_set(counts, n->ref.ns, c);
		}
		c->objects++;
	}
	for (size_t i = 0; t->world.findings && i < t->world.findings->len; i++) {
		const struct rt_finding *f = t->world.findings->v[i];
		struct ns_count *c = f->object.ns ? rt_map_get(counts, f->object.ns) : NULL;
		if (c && rt_finding_state(f) == RT_STATE_ERROR)
			c->errors++;
	}
}

static char *count_note(const struct ns_count *c)
{
	const char *objects = c->objects == 1 ? "object" : "objects";

	if (!c->errors)
		return rt_xprintf("%zu %s", c->objects, objects);
	return rt_xprintf(
	    "%zu %s, %zu %s", c->objects, objects, c->errors, c->errors == 1 ? "error" : "errors");
}

static int by_key(const void *a, const void *b)
{
	const struct rt_map_entry *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

static void pick_namespace(struct rt_tui *t)
{
	RT_VEC(const struct rt_map_entry *) sorted = {0};
	struct rt_map counts = {0};
	struct rt_arena a = {0};

	rt_picker_open(&t->picker, "Namespace");
	rt_picker_add(&t->picker, ALL_NAMESPACES, NULL, !t->shown.namespaces.len);
	count_namespaces(t, &counts, &a);
	RT_MAP_EACH (&counts, e)
		rt_vec_push(&sorted, NULL, e);
	if (sorted.len)
		qsort(sorted.v, sorted.len, sizeof(*sorted.v), by_key);
	for (size_t i = 0; i < sorted.len; i++) {
		char *note = count_note(sorted.v[i]->value);
		rt_picker_add(&t->picker, sorted.v[i]->key, note,
		    t->shown.namespaces.len && rt_tui_namespace_shown(t, sorted.v[i]->key));
		free(note);
	}
	rt_vec_free(&sorted);
	rt_map_done(&counts);
	rt_arena_done(&a);
}

static void pick_context(struct rt_tui *t)
{
	const char *current = NULL;
	const char *const *names = t->ops->contexts(t->ctx, &current);

	rt_picker_open(&t->picker, "Context");
	for (; names && *names; names++)
		rt_picker_add(&t->picker, *names, NULL, current && !strcmp(*names, current));
}

static void add_theme(void *ctx, const char *name)
{
	struct rt_tui *t = ctx;

	rt_picker_add(&t->picker, name, NULL, !strcmp(name, t->theme_name));
}

static void pick_history(struct rt_tui *t)
{
	const rt_history *h = &t->histories[RT_PROMPT_TRACE];

	rt_picker_open(&t->picker, "Requests");
	for (size_t i = h->len; i-- > 0;)
		rt_picker_add(&t->picker, h->v[i], NULL, false);
}

void rt_tui_pick(struct rt_tui *t, enum rt_pick what)
{
	t->pick = what;
	switch (what) {
	case RT_PICK_NAMESPACE:
		pick_namespace(t);
		break;
	case RT_PICK_CONTEXT:
		pick_context(t);
		break;
	case RT_PICK_THEME:
		rt_picker_open(&t->picker, "Theme");
		rt_theme_list(t->theme_dirs, add_theme, t);
		free(t->theme_before);
		t->theme_before = rt_xstrdup(t->theme_name);
		break;
	case RT_PICK_HISTORY:
		pick_history(t);
		break;
	case RT_PICK_CONTAINER:
		rt_picker_open(&t->picker, "Pod and container");
		rt_detail_sources(t->detail, &t->picker);
		break;
	}
	rt_picker_ready(&t->picker);
	t->mode = RT_MODE_PICKER;
}

static void run(struct rt_tui *t, const char *command, const char *argument)
{
	char *line = rt_xprintf("%s %s", command, argument);

	rt_tui_command(t, line);
	free(line);
}

void rt_tui_pick_looks(struct rt_tui *t, bool closed)
{
	const struct rt_picker_item *item = rt_picker_item(&t->picker);
	const char *name = closed ? t->theme_before : item ? item->text : NULL;
	struct rt_error err = {0};

	if (t->pick != RT_PICK_THEME || !name || !strcmp(name, t->theme_name))
		return;
	if (rt_tui_set_theme(t, name, &err) != RT_OK)
		rt_tui_say(t, true, "%s", err.msg);
}

void rt_tui_picked(struct rt_tui *t)
{
	const struct rt_picker_item *item = rt_picker_item(&t->picker);

	switch (t->pick) {
	case RT_PICK_NAMESPACE:
		run(t, "ns", strcmp(item->text, ALL_NAMESPACES) ? item->text : "all");
		break;
	case RT_PICK_CONTEXT:
		run(t, "ctx", item->text);
		break;
	case RT_PICK_THEME:
		run(t, "theme", item->text);
		break;
	case RT_PICK_HISTORY:
		rt_tui_trace(t, item->text);
		break;
	case RT_PICK_CONTAINER:
		rt_detail_picked(t->detail, rt_picker_index(&t->picker));
		break;
	}
}
