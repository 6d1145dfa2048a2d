/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.c - struct rt_value is a json_t seen from outside codec: the same pointer, never defined.
 * Readers tolerate NULL and the wrong type, so that hostile documents need no checks per step.
 */
#include "config.h"

#include "rutter/value.h"

#include <jansson.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "rutter/yaml.h"

static const json_t *json_of(const struct rt_value *v)
{
	return (const json_t *)(const void *)v;
}

/* jansson takes non-const pointers where it only reads, and for what only an owner may do. */
static json_t *writable(const struct rt_value *v)
{
	return (json_t *)(uintptr_t)v;
}

const struct rt_value *rt_value_of(const struct json_t *json)
{
	return (const struct rt_value *)(const void *)json;
}

enum rt_status rt_value_from_json(
    const char *text, size_t len, const char *source, struct rt_value **ret, struct rt_error *err)
{
	json_t *json = NULL;
	enum rt_status status = rt_json_parse(text, len, source, &json, err);
	if (status == RT_OK)
		*ret = (struct rt_value *)(void *)json;
	return status;
}

struct first_document {
	json_t *value;
	bool more;
};

/* Ends the run at the second document: what follows the first is not this reader's business. */
static enum rt_status take_first(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct first_document *first = ctx;
	(void)err;
	if (first->value) {
		first->more = true;
		return RT_CANCELLED;
	}
	first->value = json_incref(doc->value);
	return RT_OK;
}

enum rt_status rt_value_from_yaml(const char *text, size_t len, const char *source,
    struct rt_value **ret, bool *ret_more, struct rt_error *err)
{
	struct first_document first = {0};
	enum rt_status status = rt_yaml_parse(text, len, source, take_first, &first, err);
	if (!first.value && status != RT_OK)
		return status;
	if (ret_more)
		*ret_more = status != RT_OK;
	*ret = (struct rt_value *)(void *)(first.value ? first.value : json_null());
	return RT_OK;
}

void rt_value_free(struct rt_value *v)
{
	json_decref(writable(v));
}

/* Values that an alias shares are met twice, which does no harm. */
static void wipe(json_t *json)
{
	size_t i;
	json_t *element;
	const char *key;

	if (json_is_string(json)) {
		explicit_bzero(
		    (char *)(uintptr_t)json_string_value(json), json_string_length(json));
		return;
	}
	json_array_foreach(json, i, element) wipe(element);
	json_object_foreach(json, key, element) wipe(element);
}

void rt_value_wipe(struct rt_value *v)
{
	wipe(writable(v));
	rt_value_free(v);
}

enum rt_value_type rt_value_type(const struct rt_value *v)
{
	if (!v)
		return RT_VALUE_ABSENT;
	switch (json_typeof(json_of(v))) {
	case JSON_OBJECT:
		return RT_VALUE_OBJECT;
	case JSON_ARRAY:
		return RT_VALUE_ARRAY;
	case JSON_STRING:
		return RT_VALUE_STRING;
	case JSON_INTEGER:
		return RT_VALUE_INT;
	case JSON_REAL:
		return RT_VALUE_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return RT_VALUE_BOOL;
	case JSON_NULL:
		return RT_VALUE_NULL;
	}
	return RT_VALUE_ABSENT;
}

const char *rt_value_type_name(enum rt_value_type t)
{
	static const char *const names[] = {
	    [RT_VALUE_ABSENT] = "nothing",
	    [RT_VALUE_NULL] = "null",
	    [RT_VALUE_BOOL] = "a boolean",
	    [RT_VALUE_INT] = "a number",
	    [RT_VALUE_REAL] = "a number",
	    [RT_VALUE_STRING] = "text",
	    [RT_VALUE_ARRAY] = "a list",
	    [RT_VALUE_OBJECT] = "a mapping",
	};
	return names[t];
}

bool rt_value_is_null(const struct rt_value *v)
{
	return !v || json_is_null(json_of(v));
}

const struct rt_value *rt_value_get(const struct rt_value *v, const char *key)
{
	return rt_value_of(json_object_get(json_of(v), key));
}

const char *rt_value_str(const struct rt_value *v)
{
	return json_string_value(json_of(v));
}

const char *rt_value_get_str(const struct rt_value *v, const char *key)
{
	return rt_value_str(rt_value_get(v, key));
}

size_t rt_value_len(const struct rt_value *v)
{
	const json_t *json = json_of(v);
	if (json_is_string(json))
		return json_string_length(json);
	return json_is_array(json) ? json_array_size(json) : json_object_size(json);
}

bool rt_value_bool(const struct rt_value *v, bool otherwise)
{
	return v && json_is_boolean(json_of(v)) ? json_is_true(json_of(v)) : otherwise;
}

int64_t rt_value_int(const struct rt_value *v, int64_t otherwise)
{
	return v && json_is_integer(json_of(v)) ? (int64_t)json_integer_value(json_of(v))
						: otherwise;
}

const struct rt_value *rt_value_at(const struct rt_value *v, size_t index)
{
	return rt_value_of(json_array_get(json_of(v), index));
}

bool rt_value_next(struct rt_value_iter *it)
{
	json_t *object = writable(it->object);
	it->at = it->at ? json_object_iter_next(object, it->at) : json_object_iter(object);
	it->key = it->at ? json_object_iter_key(it->at) : NULL;
	it->value = it->at ? rt_value_of(json_object_iter_value(it->at)) : NULL;
	return it->at != NULL;
}

void rt_value_write(struct rt_buf *out, const struct rt_value *v)
{
	if (v)
		rt_json_write(out, json_of(v), true);
	else
		rt_buf_puts(out, "null");
}
