/* SPDX-License-Identifier: Apache-2.0 */
/*
 * want.c - the key under which the store remembers what a question came to.
 */
#include "config.h"

#include "rutter/want.h"

#include "rutter/arena.h"

const char *rt_want_key(struct rt_arena *a, const struct rt_want *w)
{
	if (w->type == RT_WANT_PODS)
		return rt_arena_printf(
		    a, "pods|%s|%s", w->ns ? w->ns : "", w->selector ? w->selector : "");
	return rt_arena_printf(a, "object|%s|%s|%s|%s", w->ref.group, w->ref.kind,
	    w->ref.ns ? w->ref.ns : "", w->ref.name);
}
