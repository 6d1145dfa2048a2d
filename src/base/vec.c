/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vec.c - growth of the plain-struct arrays of vec.h.
 * Doubling on the heap or in an arena. In an arena the outgrown block stays until the arena ends,
 * unless it was the last that was handed out: then it grows in its place.
 */
#include "config.h"

#include "rutter/vec.h"

#include <string.h>

#include "rutter/mem.h"

void *rt_vec_grow(struct rt_arena *a, void *v, size_t len, size_t *cap, size_t esize)
{
	size_t first = esize <= 16 ? 8 : esize <= 64 ? 4 : 2; /* most vectors stay that short */
	size_t bigger = *cap ? *cap * 2 : first;
	void *moved;

	rt_assert(bigger > *cap && bigger < SIZE_MAX / 4 / esize);
	if (a && rt_arena_extend(a, v, *cap * esize, bigger * esize)) {
		moved = v;
	} else if (a) {
		moved = rt_arena_calloc(a, bigger, esize);
		if (len > 0)
			memcpy(moved, v, len * esize);
	} else {
		moved = rt_xrealloc(v, bigger, esize);
	}
	*cap = bigger;
	return moved;
}
