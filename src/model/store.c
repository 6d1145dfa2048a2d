/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - objects by identity, and sorted lists of them.
 */
#include "config.h"

#include "rutter/store.h"

#include <string.h>

#include "rutter/intern.h"
#include "rutter/kind_core.h"
#include "rutter/mem.h"
#include "store_int.h"

struct rt_store *rt_store_new(enum rt_store_mode mode)
{
	struct rt_store *s = rt_xcalloc(1, sizeof(*s));
	s->mode = mode;
	s->context = rt_xstrdup("files");
	s->intern = rt_intern_new();
	rt_arena_init(&s->arena);
	s->tables = rt_xcalloc(RT_KIND_COUNT, sizeof(*s->tables));
	s->know = rt_xcalloc(1, sizeof(*s->know));
	return s;
}

/* Payloads of Secrets do not outlive their use. */
static void wipe(struct rt_pairs p)
{
	for (size_t i = 0; i < p.len; i++)
		explicit_bzero((char *)(uintptr_t)p.v[i].value, strlen(p.v[i].value));
}

static void free_obj(struct rt_obj *o)
{
	if (o && o->kind == RT_KIND_SECRET) {
		const struct rt_secret *s = (const struct rt_secret *)o;
		wipe(s->data);
		wipe(s->text);
	}
	free(o);
}

/* Called after the version was counted up. */
static void retire(struct rt_store *s, struct rt_obj *o)
{
	if (s->keep_old)
		rt_vec_push(&s->old, NULL, ((struct retired){o, s->version}));
	else
		free_obj(o);
}

void rt_store_keep_old(struct rt_store *s)
{
	s->keep_old = true;
}

void rt_store_sweep(struct rt_store *s, uint64_t version)
{
	size_t n = 0;
	while (n < s->old.len && s->old.v[n].version <= version)
		free_obj(s->old.v[n++].obj);
	s->old.len -= n;
	if (n > 0)
		memmove(s->old.v, s->old.v + n, s->old.len * sizeof(*s->old.v));
}

void rt_store_free(struct rt_store *s)
{
	if (!s)
		return;
	rt_store_sweep(s, UINT64_MAX);
	rt_vec_free(&s->old);
	for (size_t k = 0; k < RT_KIND_COUNT; k++) {
		struct kind_table *t = &s->tables[k];
		for (size_t i = 0; i < t->slots.len; i++) {
			free_obj(t->slots.v[i]->obj);
			free(t->slots.v[i]);
		}
		rt_vec_free(&t->slots);
		rt_vec_free(&t->view);
		rt_map_done(&t->by_name);
	}
	free(s->tables);
	rt_map_done(&s->others);
	rt_knowledge_done(s->know);
	free(s->know);
	rt_arena_done(&s->arena);
	rt_intern_free(s->intern);
	free(s->context);
	free(s);
}

enum rt_store_mode rt_store_mode(const struct rt_store *s)
{
	return s->mode;
}

void rt_store_set_mode(struct rt_store *s, enum rt_store_mode mode)
{
	s->mode = mode;
	s->version++;
}

void rt_store_set_stripped(struct rt_store *s)
{
	s->stripped = true;
	s->version++;
}

bool rt_store_stripped(const struct rt_store *s)
{
	return s->stripped;
}

struct rt_intern *rt_store_intern(struct rt_store *s)
{
	return s->intern;
}

const struct rt_keep *rt_store_keep(struct rt_store *s, enum rt_kind k)
{
	if (!s->keep[k])
		s->keep[k] = rt_keep_build(&s->arena, k);
	return s->keep[k];
}

uint64_t rt_store_version(const struct rt_store *s)
{
	return s->version;
}

void rt_store_set_context(struct rt_store *s, const char *context)
{
	free(s->context);
	s->context = rt_xstrdup(context);
	s->version++;
}

const char *rt_store_context(const struct rt_store *s)
{
	return s->context;
}

/* ------------------------------------------------------------------ identity */

/* Parts of the key within a kind's table; foreign kinds share one table. */
static size_t key_parts(enum rt_kind k, const struct rt_ref *r, const char *parts[4])
{
	size_t n = 0;
	if (k == RT_KIND_OTHER) {
		parts[n++] = r->group;
		parts[n++] = r->kind;
	}
	parts[n++] = r->ns ? r->ns : "";
	parts[n++] = r->name ? r->name : "";
	return n;
}

static struct slot *slot_of(const struct rt_store *s, enum rt_kind k, const struct rt_ref *r)
{
	const char *parts[4];
	size_t n = key_parts(k, r, parts);
	return rt_map_get_parts(&s->tables[k].by_name, n, parts);
}

static struct slot *new_slot(struct rt_store *s, enum rt_kind k, const struct rt_ref *r)
{
	const char *parts[4];
	size_t n = key_parts(k, r, parts);
	struct kind_table *t = &s->tables[k];
	struct slot *slot = rt_xcalloc(1, sizeof(*slot));
	rt_map_set_parts(&t->by_name, n, parts, slot);
	rt_vec_push(&t->slots, NULL, slot);
	t->unsorted = true;
	return slot;
}

static void count(struct rt_store *s, const struct rt_obj *o, size_t step)
{
	s->tables[o->kind].live += step;
}

static void note_groups(struct rt_store *s, struct rt_obj *o)
{
	if (o->origin.overlay)
		return;
	s->tables[o->kind].in_base = true;
	if (strcmp(o->group, RT_GROUP_GATEWAY) == 0)
		s->gateway_api = true;
	if (o->kind == RT_KIND_OTHER)
		rt_map_set_parts(&s->others, 2, (const char *const[]){o->group, o->kind_name}, s);
}

static void note_duplicate(struct rt_store *s, const struct rt_obj *old, const struct rt_obj *obj)
{
	if (!old->origin.file || !obj->origin.file || obj->origin.overlay)
		return;
	struct rt_input_problem p = {.duplicate = true, .ref = rt_obj_ref(obj)};
	p.origin = obj->origin;
	p.other = old->origin;
	rt_store_add_problem(s, &p);
}

void rt_store_put(struct rt_store *s, struct rt_obj *obj)
{
	struct rt_ref ref = rt_obj_ref(obj);
	struct slot *slot = slot_of(s, obj->kind, &ref);
	if (!slot)
		slot = new_slot(s, obj->kind, &ref);
	s->version++;
	if (slot->obj) {
		note_duplicate(s, slot->obj, obj);
		count(s, slot->obj, (size_t)-1);
		retire(s, slot->obj);
	}
	slot->obj = obj;
	count(s, obj, 1);
	note_groups(s, obj);
	s->tables[obj->kind].stale = true;
}

bool rt_store_remove(struct rt_store *s, struct rt_ref ref)
{
	enum rt_kind k = rt_kind_of(ref.group, ref.kind);
	const char *parts[4];
	size_t n = key_parts(k, &ref, parts);
	struct slot *slot = rt_map_remove_parts(&s->tables[k].by_name, n, parts);
	if (!slot)
		return false;
	s->version++;
	count(s, slot->obj, (size_t)-1);
	retire(s, slot->obj);
	slot->obj = NULL; /* the slot goes when the list is brought up to date */
	s->tables[k].stale = true;
	return true;
}

/* ------------------------------------------------------------------ look-ups */

static int slot_cmp(const void *a, const void *b)
{
	struct rt_ref x = rt_obj_ref((*(struct slot *const *)a)->obj);
	struct rt_ref y = rt_obj_ref((*(struct slot *const *)b)->obj);
	return rt_ref_cmp(&x, &y);
}

static void refresh(struct kind_table *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->slots.len; i++) {
		if (t->slots.v[i]->obj)
			t->slots.v[n++] = t->slots.v[i];
		else
			free(t->slots.v[i]);
	}
	t->slots.len = n;
	if (t->unsorted)
		rt_vec_sort(&t->slots, slot_cmp);
	t->view.len = 0;
	for (size_t i = 0; i < n; i++)
		rt_vec_push(&t->view, NULL, t->slots.v[i]->obj);
	t->unsorted = t->stale = false;
}

size_t rt_store_list(const struct rt_store *s, enum rt_kind k, const struct rt_obj *const **ret)
{
	struct kind_table *t = &s->tables[k];
	if (t->stale)
		refresh(t);
	*ret = t->view.v;
	return t->view.len;
}

size_t rt_store_count(const struct rt_store *s, enum rt_kind k)
{
	return s->tables[k].live;
}

const struct rt_obj *rt_store_get(
    const struct rt_store *s, enum rt_kind k, const char *ns, const char *name)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	struct rt_ref ref = {info->group, info->kind, ns, name};
	const struct slot *slot = slot_of(s, k, &ref);
	return slot ? slot->obj : NULL;
}

const struct rt_obj *rt_store_get_ref(const struct rt_store *s, struct rt_ref ref)
{
	enum rt_kind k = rt_kind_of(ref.group, ref.kind);
	const struct slot *slot = slot_of(s, k, &ref);
	/* Whether a foreign kind is namespaced is not known from a file: such an object without
	 * namespace was put into "default". */
	if (!slot && k == RT_KIND_OTHER && !ref.ns) {
		ref.ns = "default";
		slot = slot_of(s, k, &ref);
	}
	return slot ? slot->obj : NULL;
}
