/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - bump allocation with one lifetime.
 * For scratch that ends together: one decode, one analysis pass, one report. An arena owns all it
 * hands out; nothing is freed singly. Zero-initialise (or rt_arena_init) before use.
 */
#ifndef RUTTER_ARENA_H
#define RUTTER_ARENA_H

#include <stdarg.h>

#include "rutter/fwd.h"

struct rt_arena_chunk;
struct rt_arena {
	struct rt_arena_chunk *chunk; /* newest first */
	char *next, *end;
	size_t total; /* bytes handed out since init or reset */
};

void rt_arena_init(struct rt_arena *a);
void rt_arena_reset(struct rt_arena *a); /* forgets everything, keeps one chunk for reuse */
void rt_arena_done(struct rt_arena *a);  /* frees everything; a may be used again */
void rt_arena_wipe(struct rt_arena *a);  /* for secrets: zeroes, then frees */

/* Zeroed, aligned for any type; size 0 gives a valid unique pointer. */
RT_MALLOC void *rt_arena_alloc(struct rt_arena *a, size_t size);
RT_MALLOC void *rt_arena_calloc(struct rt_arena *a, size_t count, size_t size);
/* Makes the block that was handed out last larger, in its place; false: it was not the last, or
 * there is no room. p may be NULL. */
bool rt_arena_extend(struct rt_arena *a, void *p, size_t before, size_t size);
/* NULL gives NULL. */
char *rt_arena_strdup(struct rt_arena *a, const char *s);
RT_MALLOC char *rt_arena_strndup(struct rt_arena *a, const char *s, size_t len);
RT_MALLOC char *rt_arena_printf(struct rt_arena *a, const char *fmt, ...) RT_PRINTF(2, 3);
RT_MALLOC char *rt_arena_vprintf(struct rt_arena *a, const char *fmt, va_list ap) RT_PRINTF(2, 0);
#define rt_arena_new(a, type) ((type *)rt_arena_alloc((a), sizeof(type)))

#endif
