/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.c - insertion-ordered hash map from byte strings to pointers.
 * Entries stand in one array in the order they came; an open-addressed table of indexes points
 * into it. A removed entry stays as a gap (key NULL) until the array is next rebuilt.
 */
#include "config.h"

#include "rutter/map.h"

#include <string.h>

#include "hash.h"
#include "rutter/buf.h"
#include "rutter/mem.h"

#define PART_SEPARATOR '\x1f'

/* Odd 64-bit constants without pattern (fractional digits of irrational numbers). */
#define MIX_A UINT64_C(0x9e3779b97f4a7c15)
#define MIX_B UINT64_C(0xd6e8feb86659fd93)

static inline uint64_t fold_multiply(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t rt_hash_seeded(const void *p, size_t len, uint64_t seed)
{
	const unsigned char *s = p;
	uint64_t h = seed ^ (len * MIX_B), word;

	for (; len >= 8; s += 8, len -= 8) {
		memcpy(&word, s, 8);
		h = fold_multiply(h ^ word, MIX_A) + word;
	}
	if (len > 0) {
		word = 0;
		memcpy(&word, s, len);
		h = fold_multiply(h ^ word, MIX_A) + word;
	}
	return fold_multiply(h ^ MIX_B, MIX_A);
}

uint64_t rt_hash(const void *p, size_t len)
{
	return rt_hash_seeded(p, len, MIX_A);
}

uint64_t rt_hash_seed(void)
{
	static const char anchor = 0;

	return (uint64_t)(uintptr_t)&anchor * MIX_B;
}

uint64_t rt_hash_parts(size_t count, const char *const *parts)
{
	uint64_t h = rt_hash_seed();

	for (size_t i = 0; i < count; i++)
		h = rt_hash_seeded(parts[i] ? parts[i] : "", parts[i] ? strlen(parts[i]) : 0, h);
	return h;
}

void rt_map_done(struct rt_map *m)
{
	for (size_t i = 0; i < m->len; i++)
		free(m->entries[i].key);
	free(m->entries);
	free(m->slots);
	memset(m, 0, sizeof(*m));
}

static struct rt_map_entry *find(const struct rt_map *m, const char *key, size_t len, uint64_t hash)
{
	size_t mask = m->slot_count - 1;

	if (m->slot_count == 0)
		return NULL;
	for (size_t i = hash & mask; m->slots[i] != 0; i = (i + 1) & mask) {
		struct rt_map_entry *e = &m->entries[m->slots[i] - 1];

		if (e->key && e->hash == hash && e->len == len && memcmp(e->key, key, len) == 0)
			return e;
	}
	return NULL;
}

static void take_slot(struct rt_map *m, size_t index)
{
	size_t mask = m->slot_count - 1;
	size_t i = m->entries[index].hash & mask;

	while (m->slots[i] != 0)
		i = (i + 1) & mask;
	m->slots[i] = (uint32_t)(index + 1);
}

/* Closes the gaps, grows when mostly alive, and fills a fresh slot table (at most half full). */
static void rebuild(struct rt_map *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->len; i++)
		if (m->entries[i].key)
			m->entries[kept++] = m->entries[i];
	m->len = kept;
	if (kept >= m->cap / 2) {
		m->cap = m->cap ? m->cap * 2 : 8;
		rt_assert(m->cap <= UINT32_MAX / 2);
		m->entries = rt_xrealloc(m->entries, m->cap, sizeof(*m->entries));
	}
	free(m->slots);
	m->slot_count = m->cap * 2;
	m->slots = rt_xcalloc(m->slot_count, sizeof(*m->slots));
	for (size_t i = 0; i < m->len; i++)
		take_slot(m, i);
}

void *rt_map_get(const struct rt_map *m, const char *key)
{
	return rt_map_get_n(m, key, strlen(key));
}

void *rt_map_get_n(const struct rt_map *m, const char *key, size_t len)
{
	const struct rt_map_entry *e;

	if (m->live == 0)
		return NULL;
	e = find(m, key, len, rt_hash_seeded(key, len, rt_hash_seed()));
	return e ? e->value : NULL;
}

void *rt_map_set(struct rt_map *m, const char *key, void *value)
{
	return rt_map_set_n(m, key, strlen(key), value);
}

void *rt_map_set_n(struct rt_map *m, const char *key, size_t len, void *value)
{
	uint64_t hash = rt_hash_seeded(key, len, rt_hash_seed());
	struct rt_map_entry *e = find(m, key, len, hash);

	rt_assert(value);
	if (e) {
		void *before = e->value;

		e->value = value;
		return before;
	}
	if (m->len == m->cap)
		rebuild(m);
	m->entries[m->len] = (struct rt_map_entry){
	    .key = rt_xstrndup(key, len), .len = len, .hash = hash, .value = value};
	take_slot(m, m->len);
	m->len++;
	m->live++;
	return NULL;
}

static void *remove_n(struct rt_map *m, const char *key, size_t len)
{
	struct rt_map_entry *e = find(m, key, len, rt_hash_seeded(key, len, rt_hash_seed()));
	void *before;

	if (!e)
		return NULL;
	before = e->value;
	free(e->key);
	e->key = NULL;
	e->value = NULL;
	m->live--;
	return before;
}

void *rt_map_remove(struct rt_map *m, const char *key)
{
	return remove_n(m, key, strlen(key));
}

/* Joins parts into small when they fit, else into big; NULL parts count as "". */
struct joined {
	char small[256];
	struct rt_buf big;
	const char *key;
	size_t len;
};

static void join(struct joined *j, size_t count, const char *const *parts)
{
	size_t len = 0;

	j->big = (struct rt_buf){0};
	j->key = j->small;
	for (size_t i = 0; i < count; i++) {
		const char *part = parts[i] ? parts[i] : "";
		size_t n = strlen(part);

		if (j->key == j->small && len + n + 1 > sizeof(j->small)) {
			rt_buf_add(&j->big, j->small, len);
			j->key = NULL;
		}
		if (j->key) {
			memcpy(j->small + len, part, n);
			j->small[len + n] = PART_SEPARATOR;
		} else {
			rt_buf_add(&j->big, part, n);
			rt_buf_putc(&j->big, PART_SEPARATOR);
		}
		len += n + 1;
	}
	j->len = len;
	if (!j->key)
		j->key = rt_buf_str(&j->big);
}

void *rt_map_get_parts(const struct rt_map *m, size_t count, const char *const *parts)
{
	struct joined j;
	void *value;

	join(&j, count, parts);
	value = rt_map_get_n(m, j.key, j.len);
	rt_buf_done(&j.big);
	return value;
}

void *rt_map_set_parts(struct rt_map *m, size_t count, const char *const *parts, void *value)
{
	struct joined j;
	void *before;

	join(&j, count, parts);
	before = rt_map_set_n(m, j.key, j.len, value);
	rt_buf_done(&j.big);
	return before;
}

void *rt_map_remove_parts(struct rt_map *m, size_t count, const char *const *parts)
{
	struct joined j;
	void *before;

	join(&j, count, parts);
	before = remove_n(m, j.key, j.len);
	rt_buf_done(&j.big);
	return before;
}
