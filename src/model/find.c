/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.c - whether an object is there, is not, or cannot be told from what was read.
 */
#include "config.h"

#include "rutter/store.h"
#include "rutter/want.h"
#include "store_int.h"

static enum rt_scope_state named_answer(const struct rt_store *s, struct rt_ref ref)
{
	if (s->know->answer_list.len == 0)
		return RT_SCOPE_UNASKED;
	struct rt_arena a = {0};
	struct rt_want w = {.type = RT_WANT_OBJECT, .ref = ref};
	enum rt_scope_state st = rt_store_answer(s, rt_want_key(&a, &w), NULL);
	rt_arena_done(&a);
	return st;
}

bool rt_store_is_broken(const struct rt_store *s, struct rt_ref ref)
{
	const char *parts[] = {ref.group, ref.kind, ref.ns ? ref.ns : "", ref.name};

	return s->know->broken.live > 0 && ref.name &&
	       rt_map_get_parts(&s->know->broken, RT_ARRAY_LEN(parts), parts) != NULL;
}

enum rt_tri rt_store_find(const struct rt_store *s, struct rt_ref ref, const struct rt_obj **ret)
{
	const struct rt_obj *o = rt_store_get_ref(s, ref);
	if (o) {
		if (ret)
			*ret = o;
		return RT_YES;
	}
	if (rt_store_is_broken(s, ref))
		return RT_UNKNOWN;
	enum rt_scope_state answer = named_answer(s, ref);
	if (answer == RT_SCOPE_ABSENT)
		return RT_NO;
	if (answer != RT_SCOPE_UNASKED)
		return RT_UNKNOWN;
	/* A live cluster lists TLS Secrets only; one that is not among them may be of another type.
	 */
	if (s->mode == RT_STORE_CLUSTER && rt_kind_of(ref.group, ref.kind) == RT_KIND_SECRET)
		return RT_UNKNOWN;
	return rt_store_known(s, ref.group, ref.kind, ref.ns) ? RT_NO : RT_UNKNOWN;
}
