/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.h - read-only view of parsed JSON and YAML for modules that do not see jansson.
 * For small documents whose shape is looked at once: kubeconfigs, Status bodies, discovery,
 * themes. Every reader takes NULL (absent) and gives absent back, so a path is walked without
 * checks in between:
 *
 *	struct rt_value *doc = NULL;
 *	if (rt_value_from_json(text, len, "/api", &doc, err) != RT_OK) ...
 *	const char *kind = rt_value_str(rt_value_get(doc, "kind"));
 *	rt_value_free(doc);
 *
 * What a reader returns is borrowed from the document. Lines are told by rt_yaml_locate (yaml.h).
 */
#ifndef RUTTER_VALUE_H
#define RUTTER_VALUE_H

#include "rutter/err.h"

struct rt_value;
struct json_t;

enum rt_value_type {
	RT_VALUE_ABSENT,
	RT_VALUE_NULL,
	RT_VALUE_BOOL,
	RT_VALUE_INT,
	RT_VALUE_REAL,
	RT_VALUE_STRING,
	RT_VALUE_ARRAY,
	RT_VALUE_OBJECT,
};

/* One whole JSON value. Caller owns *ret. */
RT_NODISCARD enum rt_status rt_value_from_json(
    const char *text, size_t len, const char *source, struct rt_value **ret, struct rt_error *err);
/* The first document of a YAML (or JSON) stream; an empty stream gives null. *ret_more, when not
 * NULL, tells whether anything follows: it is not looked at, broken or not. Caller owns *ret. */
RT_NODISCARD enum rt_status rt_value_from_yaml(const char *text, size_t len, const char *source,
    struct rt_value **ret, bool *ret_more, struct rt_error *err);
void rt_value_free(struct rt_value *v); /* NULL-safe */
void rt_value_wipe(
    struct rt_value *v); /* for secrets: zeroes every string, then frees; NULL-safe */

/* The view of a value that a module with jansson holds; borrowed. */
const struct rt_value *rt_value_of(const struct json_t *json);

enum rt_value_type rt_value_type(const struct rt_value *v);
const char *rt_value_type_name(enum rt_value_type t); /* "a number", "a list", ... for errors */
/* Absent as well as null: where the API draws no line between the two. */
bool rt_value_is_null(const struct rt_value *v);

const struct rt_value *rt_value_get(const struct rt_value *v, const char *key);
const char *rt_value_str(const struct rt_value *v);                      /* NULL unless a string */
const char *rt_value_get_str(const struct rt_value *v, const char *key); /* the two in one */
size_t rt_value_len(const struct rt_value *v); /* bytes of a string, elements, members; else 0 */
bool rt_value_bool(const struct rt_value *v, bool otherwise);
int64_t rt_value_int(const struct rt_value *v, int64_t otherwise);
const struct rt_value *rt_value_at(const struct rt_value *v, size_t index); /* array element */

/* Members of an object in their order:
 *	for (struct rt_value_iter it = {.object = v}; rt_value_next(&it);) use(it.key, it.value); */
struct rt_value_iter {
	const struct rt_value *object;
	void *at;
	const char *key;
	const struct rt_value *value;
};
bool rt_value_next(struct rt_value_iter *it);

/* Compact JSON, members in the order given; null for absent. */
void rt_value_write(struct rt_buf *out, const struct rt_value *v);

#endif
