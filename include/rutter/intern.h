/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intern.h - one copy of each repeated string.
 * Append-only, for bounded vocabularies: namespaces, label keys and values, kinds, groups, port
 * and class names. High-churn strings (Pod names, messages) stay in their object's block.
 * Two interned strings of one table are equal exactly when their pointers are.
 */
#ifndef RUTTER_INTERN_H
#define RUTTER_INTERN_H

#include "rutter/fwd.h"

struct rt_intern *rt_intern_new(void);
void rt_intern_free(struct rt_intern *t); /* NULL-safe; ends every string it gave */
/* Borrowed until rt_intern_free. NULL gives NULL. */
const char *rt_intern(struct rt_intern *t, const char *s);
const char *rt_intern_n(struct rt_intern *t, const char *s, size_t len);

#endif
