/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - the objects of one kind: found by identity, listed in order.
 * A removed object leaves a gap, so that no other changes its position; gaps are closed when the
 * list is next wanted or the array full.
 */
#include "config.h"

#include "table.h"

#include <string.h>

#include "rutter/map.h"
#include "rutter/mem.h"

/* Namespaces, groups and kinds of objects are interned: mostly the same pointer. */
static int shared_cmp(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a ? a : "", b ? b : "");
}

static int identity_cmp(const struct table *t, const struct rt_ref *a, const struct rt_ref *b)
{
	int d = t->foreign ? shared_cmp(a->group, b->group) : 0;

	if (d == 0 && t->foreign)
		d = shared_cmp(a->kind, b->kind);
	if (d == 0)
		d = shared_cmp(a->ns, b->ns);
	return d ? d : shared_cmp(a->name, b->name);
}

static uint32_t hash_of(const struct table *t, const struct rt_ref *r)
{
	const char *parts[] = {r->ns, r->name, r->group, r->kind};

	return (uint32_t)rt_hash_parts(t->foreign ? 4 : 2, parts);
}

static void take_place(struct table *t, uint32_t hash, size_t at)
{
	size_t mask = t->place_count - 1, i = hash & mask;

	while (t->places[i].at)
		i = (i + 1) & mask;
	t->places[i] = (struct place){hash, (uint32_t)at + 1};
}

/* The element of objs that holds this identity. */
static struct rt_obj **find(const struct table *t, const struct rt_ref *ref, uint32_t hash)
{
	size_t mask = t->place_count - 1;

	if (t->live == 0)
		return NULL;
	for (size_t i = hash & mask; t->places[i].at; i = (i + 1) & mask) {
		struct rt_obj **o = &t->objs.v[t->places[i].at - 1];

		if (!*o || t->places[i].hash != hash)
			continue;
		struct rt_ref r = rt_obj_ref(*o);
		if (identity_cmp(t, &r, ref) == 0)
			return o;
	}
	return NULL;
}

static void close_gaps(struct table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->objs.len; i++)
		if (t->objs.v[i])
			t->objs.v[n++] = t->objs.v[i];
	t->objs.len = n;
}

/* Fresh places for objects whose positions changed, with room for many more: a table that is nearly
 * full of coming and going objects must not settle for each. */
static void settle(struct table *t)
{
	size_t count = t->place_count ? t->place_count : 16;

	while (t->objs.len >= count / 8 * 3)
		count *= 2;
	rt_assert(count <= UINT32_MAX / 2);
	free(t->places);
	t->places = rt_xcalloc(count, sizeof(*t->places));
	t->place_count = count;
	for (size_t i = 0; i < t->objs.len; i++) {
		struct rt_ref r = rt_obj_ref(t->objs.v[i]);

		take_place(t, hash_of(t, &r), i);
	}
}

static int cmp(const void *a, const void *b, void *table)
{
	struct rt_ref x = rt_obj_ref(*(const struct rt_obj *const *)a);
	struct rt_ref y = rt_obj_ref(*(const struct rt_obj *const *)b);

	return identity_cmp(table, &x, &y);
}

/* Lists of a server come nearly in order, and often quite. */
static bool comes_last(struct table *t, const struct rt_obj *obj)
{
	const struct rt_obj *last = t->objs.len ? t->objs.v[t->objs.len - 1] : NULL;

	return t->objs.len == 0 || (last && cmp(&last, &obj, t) < 0);
}

void table_done(struct table *t)
{
	rt_vec_free(&t->objs);
	free(t->places);
	*t = (struct table){0};
}

const struct rt_obj *table_get(const struct table *t, const struct rt_ref *ref)
{
	struct rt_obj *const *o = find(t, ref, hash_of(t, ref));

	return o ? *o : NULL;
}

struct rt_obj *table_put(struct table *t, struct rt_obj *obj)
{
	struct rt_ref ref = rt_obj_ref(obj);
	uint32_t hash = hash_of(t, &ref);
	struct rt_obj **there = find(t, &ref, hash);

	if (there) {
		struct rt_obj *old = *there;

		*there = obj;
		return old;
	}
	if (t->objs.len >= t->place_count / 2) {
		close_gaps(t);
		settle(t);
	}
	t->unsorted = t->unsorted || !comes_last(t, obj);
	take_place(t, hash, t->objs.len);
	rt_vec_push(&t->objs, NULL, obj);
	t->live++;
	return NULL;
}

struct rt_obj *table_remove(struct table *t, const struct rt_ref *ref)
{
	struct rt_obj **there = find(t, ref, hash_of(t, ref));

	if (!there)
		return NULL;
	struct rt_obj *old = *there;

	*there = NULL;
	t->live--;
	return old;
}

size_t table_list(struct table *t, const struct rt_obj *const **ret)
{
	if (t->unsorted || t->live < t->objs.len) {
		close_gaps(t);
		if (t->unsorted && t->objs.len > 1)
			qsort_r(t->objs.v, t->objs.len, sizeof(*t->objs.v), cmp, t);
		t->unsorted = false;
		settle(t);
	}
	*ret = (const struct rt_obj *const *)t->objs.v;
	return t->objs.len;
}
