/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep.c - the members that a kind's schema reads, in the form the item splitter takes.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/jsonsplit.h"
#include "rutter/model.h"
#include "schema.h"

static const struct rt_keep *of_schema(struct rt_arena *a, const struct rt_schema *s);

static const struct rt_keep *of_only(struct rt_arena *a, const char *only)
{
	size_t n = 1;
	for (const char *p = only; *p; p++)
		n += *p == ' ';
	struct rt_keep *keep = rt_arena_calloc(a, n + 1, sizeof(*keep));
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(only, " ");
		keep[i].key = rt_arena_strndup(a, only, len);
		only += len + 1;
	}
	return keep;
}

static const struct rt_keep *of_schema(struct rt_arena *a, const struct rt_schema *s)
{
	struct rt_keep *keep = rt_arena_calloc(a, s->count + 1, sizeof(*keep));
	for (size_t i = 0; i < s->count; i++) {
		const struct rt_field *f = &s->fields[i];
		keep[i].key = f->key;
		if (f->only)
			keep[i].sub = of_only(a, f->only);
		else if (f->sub)
			keep[i].sub = of_schema(a, f->sub);
	}
	return keep;
}

const struct rt_keep *rt_keep_build(struct rt_arena *a, enum rt_kind k)
{
	const struct rt_schema *s = rt_kind_schema(k);
	const struct rt_keep *members = of_schema(a, s);
	struct rt_keep *keep = rt_arena_calloc(a, s->count + 3, sizeof(*keep));
	keep[0].key = "apiVersion";
	keep[1].key = "kind";
	memcpy(keep + 2, members, (s->count + 1) * sizeof(*keep));
	return keep;
}
