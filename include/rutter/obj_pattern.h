/* SPDX-License-Identifier: Apache-2.0 */
/*
 * obj_pattern.h - objects as people name them: KIND, KIND/NAME or KIND/NAMESPACE/NAME.
 * The kind is taken as kubectl takes it (rt_kind_parse). Strings are in the arena of the caller.
 */
#ifndef RUTTER_OBJ_PATTERN_H
#define RUTTER_OBJ_PATTERN_H

#include "rutter/err.h"
#include "rutter/model.h"

struct rt_nearest;

struct rt_obj_pattern {
	enum rt_kind kind;
	const char *ns, *name; /* NULL: any */
};

/* RT_USAGE when the kind is unknown (the hint says which was meant, or which there are), or when a
 * part is empty or too many. */
RT_NODISCARD enum rt_status rt_obj_pattern_parse(
    struct rt_arena *a, const char *text, struct rt_obj_pattern *ret, struct rt_error *err);
bool rt_obj_pattern_takes(const struct rt_obj_pattern *p, struct rt_ref ref);

/* "NAMESPACE/NAME", neither empty. False: it is not. */
bool rt_ns_name_parse(
    struct rt_arena *a, const char *text, const char **ret_ns, const char **ret_name);
/* Every name of every kind that can be picked. */
void rt_kinds_offer(struct rt_nearest *n);

#endif
