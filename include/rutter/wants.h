/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wants.h - what the analysis would like to know beyond the lists.
 * Pods are never listed cluster-wide, ConfigMaps and foreign kinds never listed at all (design §3):
 * after the lists the analysis names what it needs, a cluster source asks exactly that and puts the
 * objects and the answers into the store, and the analysis runs again. May take a few rounds.
 */
#ifndef RUTTER_WANTS_H
#define RUTTER_WANTS_H

#include "rutter/store.h"
#include "rutter/vec.h"
#include "rutter/want.h"

struct rt_analysis;
typedef RT_VEC(struct rt_want) rt_wants;

/* Questions that the store has no answer to yet, each once, sorted. Strings in arena. */
void rt_wants_collect(const struct rt_store *s, struct rt_arena *a, rt_wants *ret);
/* The same in steps, where the analysis was made already; a step that returns false is the last. */
struct rt_wanting;
struct rt_wanting *rt_wants_begin(const struct rt_analysis *an, struct rt_arena *a, rt_wants *ret);
bool rt_wants_step(struct rt_wanting *w);
void rt_wants_free(struct rt_wanting *w); /* NULL-safe */

#endif
