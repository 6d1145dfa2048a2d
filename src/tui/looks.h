/* SPDX-License-Identifier: Apache-2.0 */
/*
 * looks.h - what the rows of a list said in the world before, so that those that say something else
 * now can stand out for a moment.
 *
 *	rt_looks_begin(&l, tui->world_count, count);
 *	... for each: row->changed = rt_looks_take(&l, key, look);
 *	if (rt_looks_end(&l))			one of them has changed
 *
 * key tells rows apart and outlives worlds; look is a hash of what the row says.
 */
#ifndef RT_TUI_LOOKS_H
#define RT_TUI_LOOKS_H

#include "rutter/fwd.h"
#include "rutter/map.h"

struct rt_looks {
	struct rt_map last, next;
	unsigned world;    /* of last; 0: none */
	bool compare, any; /* rows are compared; one has changed */
	bool keep;         /* few enough to be remembered */
};

void rt_looks_begin(struct rt_looks *l, unsigned world, size_t count);
/* True: the row is new, or said something else in the world before. */
bool rt_looks_take(struct rt_looks *l, uint64_t key, uint64_t look);
bool rt_looks_end(struct rt_looks *l);
void rt_looks_done(struct rt_looks *l);

#endif
