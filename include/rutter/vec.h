/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vec.h - growable arrays as plain structs.
 *
 *	RT_VEC(const struct rt_obj *) found = {0};
 *	rt_vec_push(&found, NULL, obj);		heap: end with rt_vec_free(&found)
 *	rt_vec_push(&found, arena, obj);	arena: ends with the arena
 *	for (size_t i = 0; i < found.len; i++) use(found.v[i]);
 *
 * One vector is grown either on the heap or in one arena, never both.
 */
#ifndef RUTTER_VEC_H
#define RUTTER_VEC_H

#include <stdlib.h>

#include "rutter/arena.h"
#include "rutter/fwd.h"

#define RT_VEC(type)                                                                               \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t len, cap;                                                                   \
	}

/* Room for one more element of esize bytes; returns the (moved) block and updates *cap. */
void *rt_vec_grow(struct rt_arena *a, void *v, size_t len, size_t *cap, size_t esize);

#define rt_vec_push(vec, arena, ...)                                                               \
	do {                                                                                       \
		if ((vec)->len == (vec)->cap)                                                      \
			(vec)->v = rt_vec_grow(                                                    \
			    (arena), (vec)->v, (vec)->len, &(vec)->cap, sizeof(*(vec)->v));        \
		(vec)->v[(vec)->len++] = (__VA_ARGS__);                                            \
	} while (0)
#define rt_vec_free(vec)                                                                           \
	do {                                                                                       \
		free((vec)->v);                                                                    \
		(vec)->v = NULL;                                                                   \
		(vec)->len = (vec)->cap = 0;                                                       \
	} while (0)
#define rt_vec_sort(vec, cmp)                                                                      \
	do {                                                                                       \
		if ((vec)->len > 1)                                                                \
			qsort((vec)->v, (vec)->len, sizeof(*(vec)->v), (cmp));                     \
	} while (0)

#endif
