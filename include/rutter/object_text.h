/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object_text.h - one object as YAML.
 */
#ifndef RUTTER_OBJECT_TEXT_H
#define RUTTER_OBJECT_TEXT_H

#include "rutter/err.h"
#include "rutter/model.h"

/* As far as rutter reads it. Terminal-safe; never a Secret's payload. Caller frees. */
char *rt_object_yaml(const struct rt_obj *o);
/* As a server's list of that object alone has it, without managedFields, which nobody reads and
 * every reader has to scroll past. Likewise safe. RT_INPUT: no list; the object is not in it. */
RT_NODISCARD enum rt_status rt_object_yaml_of_list(
    const struct rt_obj *o, const char *json, size_t len, char **ret, struct rt_error *err);

#endif
