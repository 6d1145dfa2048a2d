/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.c - bump allocation with one lifetime.
 * Chunks double in size up to a cap, so that a large pass costs few system calls and a small one
 * little memory. Free space is poisoned under AddressSanitizer: using what a reset ended is found.
 */
#include "config.h"

#include "rutter/arena.h"

#include <stdio.h>
#include <string.h>

#include "rutter/mem.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, len) ((void)(p), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(p, len) ((void)(p), (void)(len))
#endif

#define CHUNK_MIN ((size_t)4096)
#define CHUNK_MAX ((size_t)1 << 20)

struct rt_arena_chunk {
	struct rt_arena_chunk *older;
	size_t size; /* of data */
	_Alignas(max_align_t) char data[];
};

void rt_arena_init(struct rt_arena *a)
{
	memset(a, 0, sizeof(*a));
}

static void free_chunks(struct rt_arena_chunk *c)
{
	while (c) {
		struct rt_arena_chunk *older = c->older;

		ASAN_UNPOISON_MEMORY_REGION(c->data, c->size);
		free(c);
		c = older;
	}
}

static void start_chunk(struct rt_arena *a, struct rt_arena_chunk *c)
{
	a->chunk = c;
	a->next = c->data;
	a->end = c->data + c->size;
	ASAN_POISON_MEMORY_REGION(c->data, c->size);
}

void rt_arena_reset(struct rt_arena *a)
{
	struct rt_arena_chunk *keep = a->chunk;

	a->total = 0;
	if (!keep)
		return;
	free_chunks(keep->older);
	keep->older = NULL;
	/* One giant allocation must not pin its memory for the rest of a long run. */
	if (keep->size > CHUNK_MAX) {
		free_chunks(keep);
		rt_arena_init(a);
		return;
	}
	start_chunk(a, keep);
}

void rt_arena_done(struct rt_arena *a)
{
	free_chunks(a->chunk);
	rt_arena_init(a);
}

void rt_arena_wipe(struct rt_arena *a)
{
	for (struct rt_arena_chunk *c = a->chunk; c; c = c->older) {
		ASAN_UNPOISON_MEMORY_REGION(c->data, c->size);
		explicit_bzero(c->data, c->size);
	}
	rt_arena_done(a);
}

static void add_chunk(struct rt_arena *a, size_t need)
{
	size_t size = a->chunk ? a->chunk->size * 2 : CHUNK_MIN;
	struct rt_arena_chunk *c;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < need)
		size = need;
	c = rt_xmalloc(sizeof(*c) + size);
	c->size = size;
	c->older = a->chunk;
	start_chunk(a, c);
}

static size_t room_for(size_t size)
{
	const size_t align = _Alignof(max_align_t);

	rt_assert(size < SIZE_MAX / 4);
	return (size ? size + align - 1 : align) & ~(align - 1);
}

void *rt_arena_alloc(struct rt_arena *a, size_t size)
{
	size_t need = room_for(size);
	char *p;

	if (!a->next || need > (size_t)(a->end - a->next))
		add_chunk(a, need);
	p = a->next;
	a->next += need;
	a->total += need;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return memset(p, 0, size);
}

bool rt_arena_extend(struct rt_arena *a, void *p, size_t before, size_t size)
{
	char *end = p ? (char *)p + room_for(before) : NULL;
	size_t more = room_for(size) - room_for(before);

	if (!p || end != a->next || more > (size_t)(a->end - a->next))
		return false;
	a->next += more;
	a->total += more;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	memset((char *)p + before, 0, size - before);
	return true;
}

void *rt_arena_calloc(struct rt_arena *a, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	return rt_arena_alloc(a, bytes);
}

char *rt_arena_strdup(struct rt_arena *a, const char *s)
{
	return s ? rt_arena_strndup(a, s, strlen(s)) : NULL;
}

char *rt_arena_strndup(struct rt_arena *a, const char *s, size_t len)
{
	char *copy = rt_arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *rt_arena_printf(struct rt_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = rt_arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}

char *rt_arena_vprintf(struct rt_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	rt_assert(len >= 0);
	text = rt_arena_alloc(a, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}
