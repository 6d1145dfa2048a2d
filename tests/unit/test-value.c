/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-value.c - the view of JSON and YAML for modules without jansson: right types, wrong types,
 * absence, order, several documents.
 */
#include "config.h"

#include "rutter/value.h"

#include <string.h>

#include "rutter/buf.h"
#include "tests/lib/tap.h"

static void test_readers(void)
{
	static const char text[] = "{\"s\":\"text\",\"i\":-7,\"r\":1.5,\"t\":true,\"n\":null,\"a\":"
				   "[1,\"two\"],\"o\":{\"k\":\"v\"}}";
	struct rt_value *v = NULL;
	struct rt_error err;

	tap_is_int(rt_value_from_json(text, strlen(text), "t", &v, &err), RT_OK, "parses");
	tap_is_str(rt_value_get_str(v, "s"), "text", "a string");
	tap_is_int((long long)rt_value_len(rt_value_get(v, "s")), 4, "its length");
	tap_is_int(rt_value_int(rt_value_get(v, "i"), 0), -7, "an integer");
	tap_is_int(rt_value_int(rt_value_get(v, "s"), 5), 5, "no integer");
	tap_ok(rt_value_bool(rt_value_get(v, "t"), false), "a boolean");
	tap_ok(rt_value_bool(rt_value_get(v, "s"), true), "no boolean");
	tap_ok(rt_value_is_null(rt_value_get(v, "n")), "null");
	tap_ok(rt_value_is_null(rt_value_get(v, "none")), "absent is null too");
	tap_ok(!rt_value_is_null(v), "an object is not");
	tap_is_str(rt_value_get_str(rt_value_get(v, "o"), "k"), "v", "a path");
	tap_ok(!rt_value_get(rt_value_get(rt_value_get(v, "s"), "x"), "y"), "a path into text");
	tap_is_str(rt_value_str(rt_value_at(rt_value_get(v, "a"), 1)), "two", "an element");
	tap_ok(!rt_value_at(rt_value_get(v, "a"), 2), "beyond the end");
	tap_is_int((long long)rt_value_len(rt_value_get(v, "a")), 2, "elements");
	tap_is_int((long long)rt_value_len(v), 7, "members");
	tap_is_int((long long)rt_value_len(NULL), 0, "of nothing");
	rt_value_free(v);
	rt_value_free(NULL);
}

static void test_types(void)
{
	static const char text[] = "[null,true,1,1.5,\"s\",[],{}]";
	static const enum rt_value_type want[] = {RT_VALUE_NULL, RT_VALUE_BOOL, RT_VALUE_INT,
	    RT_VALUE_REAL, RT_VALUE_STRING, RT_VALUE_ARRAY, RT_VALUE_OBJECT, RT_VALUE_ABSENT};
	struct rt_value *v = NULL;

	tap_is_int(rt_value_from_json(text, strlen(text), "t", &v, NULL), RT_OK, "parses");
	for (size_t i = 0; i < RT_ARRAY_LEN(want); i++)
		tap_is_int(
		    rt_value_type(rt_value_at(v, i)), want[i], "%s", rt_value_type_name(want[i]));
	rt_value_wipe(v);
}

static void test_order(void)
{
	static const char text[] = "{\"z\":1,\"a\":{\"y\":[2,\"\\u001b\"]},\"m\":null}";
	struct rt_value *v = NULL;
	struct rt_buf keys = {0}, json = {0};

	tap_is_int(rt_value_from_json(text, strlen(text), "t", &v, NULL), RT_OK, "parses");
	for (struct rt_value_iter it = {.object = v}; rt_value_next(&it);)
		rt_buf_printf(&keys, "%s=%d ", it.key, (int)rt_value_type(it.value));
	tap_is_str(rt_buf_str(&keys), "z=3 a=7 m=1 ", "members come in their order");
	rt_value_write(&json, v);
	tap_is_str(rt_buf_str(&json), text, "written as they were");
	for (struct rt_value_iter it = {.object = rt_value_get(v, "z")}; rt_value_next(&it);)
		tap_ok(false, "a number has no members");
	rt_buf_done(&keys);
	rt_buf_done(&json);
	rt_value_free(v);
}

static void test_documents(void)
{
	static const struct {
		const char *text, *json;
		bool more;
	} rows[] = {
	    {"", "null", false},
	    {"# nothing\n", "null", false},
	    {"a: 1\n", "{\"a\":1}", false},
	    {"a: 1\n---\nb: 2\n", "{\"a\":1}", true},
	    {"a: 1\n---\nbroken: [\n", "{\"a\":1}", true},
	    {"{\"a\": [true, x]}", "{\"a\":[true,\"x\"]}", false},
	};
	struct rt_value *v = NULL;
	struct rt_error err = {0};

	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		struct rt_buf json = {0};
		bool more = !rows[i].more;
		enum rt_status st =
		    rt_value_from_yaml(rows[i].text, strlen(rows[i].text), "t", &v, &more, NULL);
		tap_is_int(st, RT_OK, "document %zu", i);
		rt_value_write(&json, v);
		tap_is_str(rt_buf_str(&json), rows[i].json, "its first document");
		tap_ok(more == rows[i].more, "and whether there is more");
		rt_buf_done(&json);
		rt_value_wipe(v);
	}
	tap_is_int(rt_value_from_yaml("a: [", 4, "file", &v, NULL, &err), RT_INPUT, "broken");
	tap_ok(strncmp(err.msg, "file:", 5) == 0, "with its place: %s", err.msg);
}

int main(void)
{
	test_readers();
	test_types();
	test_order();
	test_documents();
	return tap_done();
}
