/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - jansson behind our limits, and a writer whose output is safe on a terminal.
 */
#include "config.h"

#include "rutter/json.h"

#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "path.h"
#include "quote.h"
#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/str.h"
#include "rutter/utf8.h"
#include "rutter/vec.h"

/* Kubernetes objects nest some 20 deep (schemas in CRDs more); walkers recurse on values. */
#define DEPTH_MAX 512

/* Whether some value nests deeper than DEPTH_MAX: before jansson, which recurses, sees it. */
static bool too_deep(const char *text, size_t len)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '"')
			in_string = !in_string;
		else if (in_string)
			i += c == '\\';
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > DEPTH_MAX)
			return true;
	}
	return false;
}

enum rt_status rt_json_parse_at(const char *text, size_t len, const struct rt_json_place *place,
    struct json_t **ret, struct rt_error *err)
{
	json_error_t why;
	json_t *value;
	uint64_t column;

	if (too_deep(text, len))
		return rt_fail(err, RT_INPUT, "%s:%u:%llu: nested deeper than %d", place->source,
		    place->line, (unsigned long long)place->column, DEPTH_MAX);
	/* NUL is legal in a JSON string, and one odd annotation must not cost the object. */
	value = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
	if (!value) {
		column = (uint64_t)why.column + (why.line > 1 ? 0 : place->column - 1);
		return rt_fail(err, RT_INPUT, "%s:%u:%llu: %s", place->source,
		    place->line + (unsigned)why.line - 1, (unsigned long long)column, why.text);
	}
	*ret = value;
	return RT_OK;
}

enum rt_status rt_json_parse(
    const char *text, size_t len, const char *source, struct json_t **ret, struct rt_error *err)
{
	struct rt_json_place start = {source, 1, 1};

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	return rt_json_parse_at(text, len, &start, ret, err);
}

void rt_json_free(struct json_t *value)
{
	json_decref(value);
}

const struct json_t *rt_json_at(const struct json_t *value, const char *path)
{
	struct rt_arena scratch = {0};
	struct rt_steps steps = rt_path_parse(&scratch, path);

	for (size_t i = 0; value && i < steps.len; i++)
		value = steps.v[i].key ? json_object_get(value, steps.v[i].key)
				       : json_array_get(value, steps.v[i].index);
	rt_arena_done(&scratch);
	return value;
}

static void add_escape(struct rt_buf *out, uint32_t cp, enum rt_quote_style style)
{
	if (cp < 0x10000)
		rt_buf_printf(out, "\\u%04x", (unsigned)cp);
	else if (style == RT_QUOTE_YAML)
		rt_buf_printf(out, "\\U%08x", (unsigned)cp);
	else
		rt_buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (cp >> 10)),
		    (unsigned)(0xdc00 | (cp & 0x3ff)));
}

static void add_quoted_cp(
    struct rt_buf *out, uint32_t cp, const char *bytes, size_t len, enum rt_quote_style style)
{
	static const char short_from[] = "\"\\\b\f\n\r\t";
	static const char short_to[] = "\"\\bfnrt";
	const char *at = cp > 0 && cp < 0x80 ? strchr(short_from, (int)cp) : NULL;

	if (at) {
		rt_buf_putc(out, '\\');
		rt_buf_putc(out, short_to[at - short_from]);
	} else if (rt_cp_unsafe(cp)) {
		add_escape(out, cp, style);
	} else if (cp == 0xfffd) {
		rt_buf_puts(out, "\xef\xbf\xbd"); /* also for bytes that are not UTF-8 */
	} else {
		rt_buf_add(out, bytes, len);
	}
}

void rt_quote(struct rt_buf *out, const char *s, size_t len, enum rt_quote_style style)
{
	rt_buf_putc(out, '"');
	while (len > 0) {
		uint32_t cp;
		size_t used = rt_utf8_decode(s, len, &cp);

		add_quoted_cp(out, cp, s, used, style);
		s += used;
		len -= used;
	}
	rt_buf_putc(out, '"');
}

void rt_json_quote(struct rt_buf *out, const char *s)
{
	rt_quote(out, s, strlen(s), RT_QUOTE_JSON);
}

/* The shortest decimal form that reads back as the same number, always with '.' or an exponent. */
static void real_write(struct rt_buf *out, double value)
{
	char text[40], *point;

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	/* Whatever the locale's decimal point is, it is the one character that %g may vary. */
	point = strstr(text, localeconv()->decimal_point);
	if (point)
		*point = '.';
	rt_buf_puts(out, text);
	if (!strpbrk(text, ".e"))
		rt_buf_puts(out, ".0");
}

static void write_object(struct rt_buf *out, const json_t *value, bool keep_order)
{
	/* jansson's iterators take a mutable object even to read it. */
	json_t *object = json_incref((json_t *)(uintptr_t)value);
	RT_VEC(const char *) keys = {0};

	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it))
		rt_vec_push(&keys, NULL, json_object_iter_key(it));
	if (!keep_order)
		rt_vec_sort(&keys, rt_str_order);
	rt_buf_putc(out, '{');
	for (size_t i = 0; i < keys.len; i++) {
		if (i > 0)
			rt_buf_putc(out, ',');
		rt_json_quote(out, keys.v[i]);
		rt_buf_putc(out, ':');
		rt_json_write(out, json_object_get(object, keys.v[i]), keep_order);
	}
	rt_buf_putc(out, '}');
	rt_vec_free(&keys);
	json_decref(object);
}

static void write_array(struct rt_buf *out, const json_t *value, bool keep_order)
{
	rt_buf_putc(out, '[');
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (i > 0)
			rt_buf_putc(out, ',');
		rt_json_write(out, json_array_get(value, i), keep_order);
	}
	rt_buf_putc(out, ']');
}

void rt_json_write(struct rt_buf *out, const struct json_t *value, bool keep_order)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		write_object(out, value, keep_order);
		break;
	case JSON_ARRAY:
		write_array(out, value, keep_order);
		break;
	case JSON_STRING:
		rt_quote(out, json_string_value(value), json_string_length(value), RT_QUOTE_JSON);
		break;
	case JSON_INTEGER:
		rt_buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		real_write(out, json_real_value(value));
		break;
	case JSON_TRUE:
		rt_buf_puts(out, "true");
		break;
	case JSON_FALSE:
		rt_buf_puts(out, "false");
		break;
	case JSON_NULL:
		rt_buf_puts(out, "null");
		break;
	}
}

const char *rt_json_library(void)
{
	return jansson_version_str();
}
