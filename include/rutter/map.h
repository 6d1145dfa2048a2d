/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.h - hash map from byte strings to pointers.
 * The map copies its keys and borrows its values. Iteration order is insertion order, so that
 * output never depends on hash values. Zero-initialise before use; rt_map_done frees.
 */
#ifndef RUTTER_MAP_H
#define RUTTER_MAP_H

#include "rutter/fwd.h"

struct rt_map_entry {
	char *key;
	size_t len;
	uint64_t hash;
	void *value;
};
struct rt_map {
	struct rt_map_entry *entries; /* in insertion order; removed ones have key NULL */
	size_t len, cap;              /* entries used, allocated */
	uint32_t *slots;              /* index + 1 into entries, 0 free */
	size_t slot_count, live;
};

void rt_map_done(struct rt_map *m);
void *rt_map_get(const struct rt_map *m, const char *key); /* NULL when absent */
void *rt_map_get_n(const struct rt_map *m, const char *key, size_t len);
/* Returns the value that was there before, or NULL. value must not be NULL. */
void *rt_map_set(struct rt_map *m, const char *key, void *value);
void *rt_map_set_n(struct rt_map *m, const char *key, size_t len, void *value);
void *rt_map_remove(struct rt_map *m, const char *key);
/* The key joined from parts with a byte no name holds (0x1f); for (kind, namespace, name). */
void *rt_map_get_parts(const struct rt_map *m, size_t count, const char *const *parts);
void *rt_map_set_parts(struct rt_map *m, size_t count, const char *const *parts, void *value);
void *rt_map_remove_parts(struct rt_map *m, size_t count, const char *const *parts);

#define RT_MAP_EACH(m, e)                                                                          \
	for (const struct rt_map_entry *e = (m)->entries; e && e < (m)->entries + (m)->len; e++)   \
		if (e->key)

uint64_t rt_hash(const void *p, size_t len);
/* Of several strings (NULL counts as ""); seeded: no peer can choose strings that collide. */
uint64_t rt_hash_parts(size_t count, const char *const *parts);

#endif
