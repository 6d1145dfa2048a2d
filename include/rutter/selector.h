/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selector.h - label queries, as kubectl -l writes them and as LabelSelector holds them.
 */
#ifndef RUTTER_SELECTOR_H
#define RUTTER_SELECTOR_H

#include "rutter/err.h"

/* One label, annotation or other string map entry. */
struct rt_pair {
	const char *key, *value;
};
/* Sorted by key. */
struct rt_pairs {
	const struct rt_pair *v;
	size_t len;
};
/* NULL when absent. */
const char *rt_pairs_get(struct rt_pairs p, const char *key);

enum rt_selector_op { RT_SEL_IN, RT_SEL_NOT_IN, RT_SEL_EXISTS, RT_SEL_NOT_EXISTS, RT_SEL_INVALID };
struct rt_requirement {
	const char *key;
	enum rt_selector_op op;
	const char *const *values;
	size_t value_count;
};
/* All requirements hold. None: everything matches. */
struct rt_selector {
	const struct rt_requirement *v;
	size_t len;
};

/* a=b,c!=d,e in (f,g),h notin (i),j,!k. Strings live in arena. RT_USAGE names the place. */
RT_NODISCARD enum rt_status rt_selector_parse(
    struct rt_arena *a, const char *text, struct rt_selector *ret, struct rt_error *err);
/* NotIn and != match where the key is absent. RT_SEL_INVALID matches nothing. */
bool rt_selector_match(const struct rt_selector *s, struct rt_pairs labels);
/* The kubectl form, for messages and for the labelSelector parameter. */
void rt_selector_write(struct rt_buf *out, const struct rt_selector *s);

#endif
