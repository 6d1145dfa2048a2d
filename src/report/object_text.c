/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object_text.c - one object as YAML.
 */
#include "config.h"

#include "rutter/object_text.h"

#include <jansson.h>

#include "rutter/buf.h"
#include "rutter/json.h"

/* kubectl's copy of what was applied: of a Secret that is its payload. */
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

static char *yaml_of(const struct rt_obj *o, json_t *value)
{
	struct rt_buf out = {0};
	json_t *meta = json_object_get(value, "metadata");

	json_object_del(meta, "managedFields");
	if (o->kind == RT_KIND_SECRET)
		json_object_del(json_object_get(meta, "annotations"), LAST_APPLIED);
	rt_yaml_write(&out, value, 0);
	return rt_buf_take(&out);
}

char *rt_object_yaml(const struct rt_obj *o)
{
	json_t *value = rt_encode(o);
	char *text = yaml_of(o, value);

	json_decref(value);
	return text;
}

enum rt_status rt_object_yaml_of_list(
    const struct rt_obj *o, const char *json, size_t len, char **ret, struct rt_error *err)
{
	json_t *list = NULL;
	enum rt_status st = rt_json_parse(json, len, "the object", &list, err);

	if (st != RT_OK)
		return st;
	json_t *item = json_array_get(json_object_get(list, "items"), 0);
	if (json_is_object(item)) {
		json_t *value = json_object();
		/* Items of built-in lists lack both. */
		json_object_set_new(value, "apiVersion", json_string(o->api_version));
		json_object_set_new(value, "kind", json_string(o->kind_name));
		json_object_update_missing(value, item);
		*ret = yaml_of(o, value);
		json_decref(value);
	} else {
		st = rt_fail(err, RT_INPUT, "the object is not there any more");
	}
	json_decref(list);
	return st;
}
