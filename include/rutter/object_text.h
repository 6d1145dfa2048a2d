/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object_text.h - one object as YAML, as far as rutter reads it.
 */
#ifndef RUTTER_OBJECT_TEXT_H
#define RUTTER_OBJECT_TEXT_H

#include "rutter/model.h"

/* Terminal-safe; never a Secret's payload. Caller frees. */
char *rt_object_yaml(const struct rt_obj *o);

#endif
