/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-arena.c - arenas and the vectors that grow in them.
 */
#include "config.h"

#include "rutter/arena.h"

#include <stdint.h>
#include <string.h>

#include "rutter/vec.h"
#include "tests/lib/tap.h"

static bool all_zero(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

static void check_alloc(void)
{
	struct rt_arena a = {0};
	bool aligned = true, zeroed = true, apart = true;
	char *last = NULL;

	for (size_t size = 0; size < 3000; size += 7) {
		char *p = rt_arena_alloc(&a, size);

		aligned = aligned && (uintptr_t)p % _Alignof(max_align_t) == 0;
		zeroed = zeroed && all_zero(p, size);
		apart = apart && p != last;
		memset(p, 0xff, size);
		last = p;
	}
	tap_ok(aligned, "every block is aligned for any type");
	tap_ok(zeroed, "every block is zeroed");
	tap_ok(apart, "size 0 gives a pointer of its own");
	tap_ok(a.total > 600000, "total counts what was handed out (%zu)", a.total);

	rt_arena_reset(&a);
	tap_is_int((long long)a.total, 0, "reset forgets");
	tap_ok(a.chunk != NULL, "reset keeps a chunk");
	last = rt_arena_calloc(&a, 1000, 5);
	tap_ok(all_zero(last, 5000), "reused memory is zeroed again");

	last = rt_arena_alloc(&a, 5 << 20);
	memset(last, 1, 5 << 20);
	rt_arena_reset(&a);
	tap_ok(a.chunk == NULL, "reset does not hold on to a giant chunk");
	tap_is_str(rt_arena_strdup(&a, "again"), "again", "usable after that");
	rt_arena_done(&a);
	tap_is_str(rt_arena_strdup(&a, "and"), "and", "usable after done");
	rt_arena_done(&a);
}

static void check_strings(void)
{
	struct rt_arena a = {0};
	char *long_text = rt_arena_printf(&a, "%5000d", 7);

	tap_ok(rt_arena_strdup(&a, NULL) == NULL, "strdup of NULL is NULL");
	tap_is_str(rt_arena_strndup(&a, "abcdef", 3), "abc", "strndup cuts");
	tap_is_str(rt_arena_strndup(&a, "", 0), "", "strndup of nothing");
	tap_is_str(rt_arena_printf(&a, "%s-%d", "x", 12), "x-12", "printf");
	tap_is_int((long long)strlen(long_text), 5000, "a text longer than a chunk");
	rt_arena_done(&a);
}

static void check_extend(void)
{
	struct rt_arena a = {0};
	char *first = rt_arena_alloc(&a, 10), *last = rt_arena_alloc(&a, 10);

	memset(last, 0xff, 10);
	tap_ok(!rt_arena_extend(&a, first, 10, 20), "an earlier block stays as it is");
	tap_ok(rt_arena_extend(&a, last, 10, 500), "the last one grows where it stands");
	tap_ok(all_zero(last + 10, 490), "zeroed from where it ended");
	first = rt_arena_alloc(&a, 16);
	tap_ok(first >= last + 500, "and the next begins behind it");
	tap_ok(!rt_arena_extend(&a, first, 16, 1 << 20), "not beyond its chunk");
	tap_ok(!rt_arena_extend(&a, NULL, 0, 8), "nor from nothing");
	rt_arena_done(&a);
}

static int compare_int(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void check_vec(void)
{
	struct rt_arena a = {0};
	RT_VEC(int) in_arena = {0};
	RT_VEC(int) on_heap = {0};
	bool same = true;

	for (int i = 999; i >= 0; i--) {
		rt_vec_push(&in_arena, &a, i);
		rt_vec_push(&on_heap, NULL, i);
	}
	tap_is_int((long long)in_arena.len, 1000, "a vector holds what was pushed");
	rt_vec_sort(&in_arena, compare_int);
	rt_vec_sort(&on_heap, compare_int);
	for (int i = 0; i < 1000; i++)
		same = same && in_arena.v[i] == i && on_heap.v[i] == i;
	tap_ok(same, "sorted, in an arena and on the heap");
	rt_vec_free(&on_heap);
	tap_ok(on_heap.v == NULL && on_heap.len == 0, "freed");
	rt_arena_done(&a);
}

int main(void)
{
	check_alloc();
	check_strings();
	check_extend();
	check_vec();
	return tap_done();
}
