/* SPDX-License-Identifier: Apache-2.0 */
/*
 * looks.c - what rows said before.
 */
#include "config.h"

#include "looks.h"

#define ROWS_MAX 5000 /* lists with more rows do not show what changed */

void rt_looks_begin(struct rt_looks *l, unsigned world, size_t count)
{
	l->keep = count <= ROWS_MAX;
	l->compare = l->keep && l->last.live > 0 && l->world != world;
	l->any = false;
	l->world = world;
}

bool rt_looks_take(struct rt_looks *l, uint64_t key, uint64_t look)
{
	const char *name = (const char *)&key;
	uintptr_t now = (uintptr_t)(look << 1 | 1); /* never 0, which would be absent */
	bool changed = l->compare && (uintptr_t)rt_map_get_n(&l->last, name, sizeof(key)) != now;

	if (l->keep)
		rt_map_set_n(&l->next, name, sizeof(key), (void *)now);
	l->any = l->any || changed;
	return changed;
}

bool rt_looks_end(struct rt_looks *l)
{
	rt_map_done(&l->last);
	l->last = l->next;
	l->next = (struct rt_map){0};
	return l->any;
}

void rt_looks_done(struct rt_looks *l)
{
	rt_map_done(&l->last);
	rt_map_done(&l->next);
}
