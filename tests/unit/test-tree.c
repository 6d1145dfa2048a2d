/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-tree.c - the light tree says what jansson says, of good input and bad.
 */
#include "config.h"

#include "rutter/tree.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/json.h"
#include "tests/lib/tap.h"

static void write_tree(struct rt_buf *out, const struct rt_tree *t)
{
	const char *separator = "";

	switch (t->type) {
	case RT_TREE_NULL:
		rt_buf_puts(out, "null");
		break;
	case RT_TREE_FALSE:
		rt_buf_puts(out, "false");
		break;
	case RT_TREE_TRUE:
		rt_buf_puts(out, "true");
		break;
	case RT_TREE_INTEGER:
		rt_buf_printf(out, "%lld", (long long)t->u.integer);
		break;
	case RT_TREE_REAL:
		rt_buf_printf(out, "%.17g", t->u.real);
		break;
	case RT_TREE_STRING:
		rt_buf_printf(out, "%u:", t->len);
		rt_json_quote(out, t->u.text);
		break;
	case RT_TREE_ARRAY:
		rt_buf_printf(out, "%u[", t->len);
		for (const struct rt_tree *e = rt_tree_elements(t); e; e = e->next) {
			rt_buf_puts(out, separator);
			write_tree(out, e);
			separator = ",";
		}
		rt_buf_putc(out, ']');
		break;
	case RT_TREE_OBJECT:
		rt_buf_printf(out, "%u{", t->len);
		for (const struct rt_tree *m = rt_tree_members(t); m; m = m->next) {
			rt_buf_puts(out, separator);
			rt_json_quote(out, m->key);
			rt_buf_putc(out, ':');
			write_tree(out, m);
			separator = ",";
		}
		rt_buf_putc(out, '}');
		break;
	}
}

/* The tree's text, or the error. */
static void parsed(struct rt_buf *out, const char *text, size_t len)
{
	struct rt_arena a = {0};
	struct rt_error err;
	const struct rt_tree *t;

	if (rt_tree_parse(&a, text, len, "in", &t, &err) == RT_OK)
		write_tree(out, t);
	else
		rt_buf_puts(out, err.msg);
	rt_arena_done(&a);
}

static void by_jansson(struct rt_buf *out, const char *text, size_t len)
{
	struct rt_arena a = {0};
	struct rt_error err;
	struct json_t *value;

	if (rt_json_parse(text, len, "in", &value, &err) == RT_OK) {
		write_tree(out, rt_tree_of(&a, value));
		json_decref(value);
	} else {
		rt_buf_puts(out, err.msg);
	}
	rt_arena_done(&a);
}

static void same_as_jansson(const char *text, size_t len, const char *name)
{
	struct rt_buf ours = {0}, theirs = {0};

	parsed(&ours, text, len);
	by_jansson(&theirs, text, len);
	tap_is_str(rt_buf_str(&ours), rt_buf_str(&theirs), "%s", name);
	rt_buf_done(&ours);
	rt_buf_done(&theirs);
}

static void check_same(void)
{
	static const char *const texts[] = {"{}", "[]", "null", "true", "false", "0", "-0", "-1",
	    "9223372036854775807", "-9223372036854775808", "1.5", "-1e3", "1E+2", "0.1", "1e400",
	    "\"\"", "\"a\"", "\"a\\u0000b\"", "\"\\u00e9\\ud83d\\ude00\"", "\"\\ud83d\"",
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	    "{\"a\":1,\"b\":[true,{\"c\":null}],\"d\":{\"e\":{}}}", " { \"a\" : [ 1 , 2 ] } \n",
	    "[[],[[]],{}]", "{\"\\u0061\":1}", "\xc3\xa9", "\"\xc3\xa9\xf0\x9f\x98\x80\"",
	    /* refused */
	    "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1,}", "{a:1}",
	    "{1:1}", "{\"a\" 1}", "[1 2]", "01", "-", "+1", "1.", ".5", "1e", "0x10", "tru",
	    "nulll", "truefalse", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
	    "\"\xff\"", "\"\xc3\"", "\"\n\"", "\"\x01\"", "{} {}", "[] x", "{\"a\\u0000b\":1}",
	    "\xef\xbb\xbf{}", "'a'", "NaN", "[1]]"};

	for (size_t i = 0; i < RT_ARRAY_LEN(texts); i++)
		same_as_jansson(texts[i], strlen(texts[i]), texts[i]);
	same_as_jansson("{\"a\":1}\0", 8, "a NUL behind");
	same_as_jansson("[1,\0 2]", 7, "a NUL inside");
	same_as_jansson("\"a\0b\"", 5, "a NUL in a string");
}

/* Where jansson gives up: a number that fits no field is for the field to refuse. */
static void check_large(void)
{
	static const char *const texts[] = {
	    "9223372036854775808", "-9223372036854775809", "1000000000000000000000000000000"};

	for (size_t i = 0; i < RT_ARRAY_LEN(texts); i++) {
		struct rt_arena a = {0};
		const struct rt_tree *t = NULL;

		if (rt_tree_parse(&a, texts[i], strlen(texts[i]), "in", &t, NULL) != RT_OK)
			t = NULL;
		tap_ok(t && t->type == RT_TREE_REAL, "%s is read, as no whole number", texts[i]);
		rt_arena_done(&a);
	}
}

/* Cuts and single changed bytes of a valid text. */
static void check_damage(void)
{
	static const char good[] =
	    "{\"a\":[1,-2.5,\"x\\u0041\\n\"],\"b\":{\"c\":true,\"dd\":null},\"\xc3\xa9\":false}";
	char text[sizeof(good)];
	size_t wrong = 0, len = strlen(good);

	for (size_t at = 0; at <= len; at++)
		for (int byte = 0; byte < 256; byte += 3) {
			struct rt_buf ours = {0}, theirs = {0};

			memcpy(text, good, sizeof(good));
			text[at] = (char)byte;
			parsed(&ours, text, byte == 0 ? at : len);
			by_jansson(&theirs, text, byte == 0 ? at : len);
			if (strcmp(rt_buf_str(&ours), rt_buf_str(&theirs)) != 0 && ++wrong < 5)
				tap_diag("%.*s\n%s\n%s", (int)len, text, rt_buf_str(&ours),
				    rt_buf_str(&theirs));
			rt_buf_done(&ours);
			rt_buf_done(&theirs);
		}
	tap_is_int((long long)wrong, 0, "of damaged texts both say the same");
}

static void check_depth(void)
{
	char deep[2000];

	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	same_as_jansson(deep, 2000, "too deep");
	same_as_jansson(deep + 700, 600, "300 deep");
}

static void check_readers(void)
{
	struct rt_arena a = {0};
	const struct rt_tree *t;
	const char *text = "{\"s\":\"x\",\"n\":1,\"a\":[1,2],\"s\":\"last\"}";

	if (rt_tree_parse(&a, text, strlen(text), "in", &t, NULL) != RT_OK)
		return;
	tap_is_str(rt_tree_get_str(t, "s"), "last", "of one key the last counts");
	tap_is_str(rt_tree_get_str(t, "n"), NULL, "a number is no string");
	tap_is_str(rt_tree_get_str(t, "z"), NULL, "absent");
	tap_is_str(rt_tree_get_str(NULL, "z"), NULL, "absent from nothing");
	tap_is_int((long long)rt_tree_count(rt_tree_get(t, "a")), 2, "elements");
	tap_is_int((long long)rt_tree_count(t), 0, "an object has none");
	tap_ok(!rt_tree_members(rt_tree_get(t, "a")) && !rt_tree_elements(t), "each its own");
	tap_is_int((long long)rt_tree_str_len(rt_tree_get(t, "n")), 0, "a number has no length");
	rt_arena_done(&a);
}

int main(void)
{
	check_same();
	check_large();
	check_damage();
	check_depth();
	check_readers();
	return tap_done();
}
