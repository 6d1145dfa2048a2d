/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intern.c - one copy of each repeated string.
 * Strings lie in an arena; an open-addressed table of (hash, string) at most half full finds them.
 */
#include "config.h"

#include "rutter/intern.h"

#include <string.h>

#include "hash.h"
#include "rutter/arena.h"
#include "rutter/mem.h"

struct slot {
	const char *s; /* NULL: free */
	uint32_t len, hash;
};

struct rt_intern {
	struct rt_arena strings;
	struct slot *slots;
	size_t slot_count, used;
};

struct rt_intern *rt_intern_new(void)
{
	return rt_xcalloc(1, sizeof(struct rt_intern));
}

void rt_intern_free(struct rt_intern *t)
{
	if (!t)
		return;
	rt_arena_done(&t->strings);
	free(t->slots);
	free(t);
}

static void grow(struct rt_intern *t)
{
	size_t count = t->slot_count ? t->slot_count * 2 : 64;
	struct slot *slots = rt_xcalloc(count, sizeof(*slots));

	for (size_t i = 0; i < t->slot_count; i++) {
		size_t at = t->slots[i].hash & (count - 1);

		if (!t->slots[i].s)
			continue;
		while (slots[at].s)
			at = (at + 1) & (count - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
}

const char *rt_intern(struct rt_intern *t, const char *s)
{
	return s ? rt_intern_n(t, s, strlen(s)) : NULL;
}

const char *rt_intern_n(struct rt_intern *t, const char *s, size_t len)
{
	uint32_t hash;
	size_t at;

	if (!s)
		return NULL;
	rt_assert(len < UINT32_MAX);
	if (t->used >= t->slot_count / 2)
		grow(t);
	hash = (uint32_t)rt_hash_seeded(s, len, rt_hash_seed());
	for (at = hash & (t->slot_count - 1); t->slots[at].s; at = (at + 1) & (t->slot_count - 1))
		if (t->slots[at].hash == hash && t->slots[at].len == len &&
		    memcmp(t->slots[at].s, s, len) == 0)
			return t->slots[at].s;
	t->slots[at] = (struct slot){rt_arena_strndup(&t->strings, s, len), (uint32_t)len, hash};
	t->used++;
	return t->slots[at].s;
}
