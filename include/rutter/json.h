/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - jansson with our limits, and small helpers for writing JSON.
 * jansson is visible in codec, model and report only; this header names its type and nothing more.
 */
#ifndef RUTTER_JSON_H
#define RUTTER_JSON_H

#include "rutter/err.h"

struct json_t;

struct rt_json_place {
	const char *source;
	unsigned line;
	uint64_t column;
};

/* One whole JSON value. source names the input in errors (RT_INPUT, with line and column).
 * Caller owns *ret (json_decref). */
RT_NODISCARD enum rt_status rt_json_parse(
    const char *text, size_t len, const char *source, struct json_t **ret, struct rt_error *err);
void rt_json_free(struct json_t *value); /* NULL-safe; for modules that do not see jansson */
/* The same of a part of source: its first byte stands at that line and column, from 1. */
RT_NODISCARD enum rt_status rt_json_parse_at(const char *text, size_t len,
    const struct rt_json_place *place, struct json_t **ret, struct rt_error *err);
/* Bytes up to the end of the value that text starts with; 0 when its end is not there. */
size_t rt_json_value_len(const char *text, size_t len);
/* The line, from 1, of a field of the value that text starts with, by a path as rt_yaml_locate
 * takes it. 0 when the value cannot be read. */
unsigned rt_json_locate(const char *text, size_t len, const char *path);
/* The value at such a path, all of it, or NULL. Borrowed. */
const struct json_t *rt_json_at(const struct json_t *value, const char *path);
/* Appends s as a JSON string with its quotes. Control characters, C1 and bidi controls are written
 * as \uXXXX, so that the text is safe on a terminal too. Invalid UTF-8 becomes U+FFFD. */
void rt_json_quote(struct rt_buf *out, const char *s);
/* Appends the value as compact JSON with sorted keys (false) or as given (true). */
void rt_json_write(struct rt_buf *out, const struct json_t *value, bool keep_order);
/* Appends the value as block-style YAML, terminal-safe as rt_json_quote. indent in columns. */
void rt_yaml_write(struct rt_buf *out, const struct json_t *value, int indent);

/* The version of jansson that this runs with. */
const char *rt_json_library(void);

#endif
