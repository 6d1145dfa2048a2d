/* SPDX-License-Identifier: Apache-2.0 */
/*
 * want.h - one question to a cluster beyond its lists (see wants.h for who asks).
 */
#ifndef RUTTER_WANT_H
#define RUTTER_WANT_H

#include "rutter/model.h"

enum rt_want_type {
	RT_WANT_OBJECT, /* one object by name; Secrets and foreign kinds as metadata */
	RT_WANT_PODS,   /* Pods of a namespace (NULL: all) by label selector */
};
struct rt_want {
	enum rt_want_type type;
	struct rt_ref ref;         /* RT_WANT_OBJECT */
	const char *ns, *selector; /* RT_WANT_PODS; selector in kubectl's form, "" for all */
};
/* The key of its answer in the store. In arena. */
const char *rt_want_key(struct rt_arena *a, const struct rt_want *w);
#endif
