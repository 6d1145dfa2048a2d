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
	s->tables[RT_KIND_OTHER].table.foreign = true;
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
		struct table *t = &s->tables[k].table;
		for (size_t i = 0; i < t->objs.len; i++)
			free_obj(t->objs.v[i]);
		table_done(t);
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

/* ------------------------------------------------------------------ changes */

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
	struct rt_obj *old = table_put(&s->tables[obj->kind].table, obj);
	s->version++;
	if (old) {
		note_duplicate(s, old, obj);
		retire(s, old);
	}
	note_groups(s, obj);
}

bool rt_store_remove(struct rt_store *s, struct rt_ref ref)
{
	struct rt_obj *old = table_remove(&s->tables[rt_kind_of(ref.group, ref.kind)].table, &ref);
	if (!old)
		return false;
	s->version++;
	retire(s, old);
	return true;
}

/* ------------------------------------------------------------------ look-ups */

size_t rt_store_list(const struct rt_store *s, enum rt_kind k, const struct rt_obj *const **ret)
{
	return table_list(&s->tables[k].table, ret);
}

size_t rt_store_count(const struct rt_store *s, enum rt_kind k)
{
	return s->tables[k].table.live;
}

const struct rt_obj *rt_store_get(
    const struct rt_store *s, enum rt_kind k, const char *ns, const char *name)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	struct rt_ref ref = {info->group, info->kind, ns, name};
	return table_get(&s->tables[k].table, &ref);
}

const struct rt_obj *rt_store_get_ref(const struct rt_store *s, struct rt_ref ref)
{
	enum rt_kind k = rt_kind_of(ref.group, ref.kind);
	const struct rt_obj *o = table_get(&s->tables[k].table, &ref);
	/* Whether a foreign kind is namespaced is not known from a file: such an object without
	 * namespace was put into "default". */
	if (!o && k == RT_KIND_OTHER && !ref.ns) {
		ref.ns = "default";
		o = table_get(&s->tables[k].table, &ref);
	}
	return o;
}
