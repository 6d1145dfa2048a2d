/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h - the objects of one kind: found by identity, listed in order.
 * Objects stand in one array; an open-addressed table of positions finds them by the hash of their
 * identity, whose strings stay the objects' own. Zero-initialise; table_done frees the table only.
 */
#ifndef RUTTER_MODEL_TABLE_H
#define RUTTER_MODEL_TABLE_H

#include "rutter/model.h"
#include "rutter/vec.h"

struct place {
	uint32_t hash;
	uint32_t at; /* position + 1 in objs, 0 free */
};

struct table {
	RT_VEC(struct rt_obj *) objs; /* NULL where one was removed; sorted unless unsorted */
	struct place *places;         /* at most half of them taken */
	size_t place_count, live;
	bool unsorted;
	bool
	    foreign; /* kinds without a table of their own: group and kind belong to the identity */
};

void table_done(struct table *t);
const struct rt_obj *table_get(const struct table *t, const struct rt_ref *ref);
/* The object that stood there, now the caller's, or NULL. */
struct rt_obj *table_put(struct table *t, struct rt_obj *obj);
struct rt_obj *table_remove(struct table *t, const struct rt_ref *ref);
/* Sorted by namespace and name, foreign ones by group and kind first. */
size_t table_list(struct table *t, const struct rt_obj *const **ret);

#endif
