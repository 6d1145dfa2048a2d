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

/* Conditions, references, ports: hardly anything else is in them, and to walk them costs more than
 * to decode the little that is too much. */
static bool is_small(const struct rt_field *f)
{
	if (f->type != RT_F_LIST && f->type != RT_F_PTR && f->type != RT_F_ONE)
		return false;
	for (size_t i = 0; i < f->sub->count; i++) {
		enum rt_field_type type = f->sub->fields[i].type;
		if (f->sub->fields[i].sub || type == RT_F_PAIRS || type == RT_F_PRESENT)
			return false;
	}
	return true;
}

static const struct rt_keep *of_schema(
    struct rt_arena *a, const struct rt_schema *s, bool small_whole)
{
	struct rt_keep *keep = rt_arena_calloc(a, s->count + 1, sizeof(*keep));
	for (size_t i = 0; i < s->count; i++) {
		const struct rt_field *f = &s->fields[i];
		keep[i].key = f->key;
		if (f->only)
			keep[i].sub = of_only(a, f->only);
		else if (f->sub && !(small_whole && is_small(f)))
			keep[i].sub = of_schema(a, f->sub, small_whole);
	}
	return keep;
}

const struct rt_keep *rt_keep_build(struct rt_arena *a, enum rt_kind k)
{
	const struct rt_schema *s = rt_kind_schema(k);
	/* The versions of a CustomResourceDefinition hold whole schemas beside their names. */
	const struct rt_keep *members = of_schema(a, s, k != RT_KIND_CRD);
	struct rt_keep *keep = rt_arena_calloc(a, s->count + 3, sizeof(*keep));
	keep[0].key = "apiVersion";
	keep[1].key = "kind";
	memcpy(keep + 2, members, (s->count + 1) * sizeof(*keep));
	return keep;
}
