/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object_text.c - one object as YAML.
 */
#include "config.h"

#include "rutter/object_text.h"

#include <jansson.h>

#include "rutter/buf.h"
#include "rutter/json.h"

char *rt_object_yaml(const struct rt_obj *o)
{
	struct rt_buf out = {0};
	json_t *value = rt_encode(o);
	rt_yaml_write(&out, value, 0);
	json_decref(value);
	return rt_buf_take(&out);
}
