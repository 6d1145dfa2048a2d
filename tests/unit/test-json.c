/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-json.c - parsing under limits, and writing that is safe on a terminal.
 */
#include "config.h"

#include "rutter/json.h"

#include <jansson.h>
#include <string.h>

#include "rutter/buf.h"
#include "tests/lib/tap.h"

/* Parses and writes again; NULL when parsing fails. Borrowed until the next call. */
static const char *rewritten(const char *text, size_t len, bool keep_order, struct rt_error *err)
{
	static struct rt_buf out;
	struct json_t *value;

	rt_buf_done(&out);
	if (!text || rt_json_parse(text, len, "in.json", &value, err) != RT_OK)
		return NULL;
	rt_json_write(&out, value, keep_order);
	json_decref(value);
	return rt_buf_str(&out);
}

static void check_write(void)
{
	static const char *const cases[][3] = {
	    /* input, sorted, in order */
	    {"{\"b\":1,\"a\":[true,false,null]}", "{\"a\":[true,false,null],\"b\":1}",
		"{\"b\":1,\"a\":[true,false,null]}"},
	    {" 7 ", "7", "7"},
	    {"-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
	    {"0.1", "0.1", "0.1"},
	    {"1.0", "1.0", "1.0"},
	    {"1e300", "1e+300", "1e+300"},
	    {"0.30000000000000004", "0.30000000000000004", "0.30000000000000004"},
	    {"{}", "{}", "{}"},
	    {"[]", "[]", "[]"},
	    {"{\"a\":1,\"a\":2}", "{\"a\":2}", "{\"a\":2}"},
	    {"\"a\\u0000b\"", "\"a\\u0000b\"", "\"a\\u0000b\""},
	    {"\"\\u001b[31m\\u009b\\u202e\\u2028\\ufeff\"",
		"\"\\u001b[31m\\u009b\\u202e\\u2028\\ufeff\"",
		"\"\\u001b[31m\\u009b\\u202e\\u2028\\ufeff\""},
	    {"\"\\udb40\\udc41\"", "\"\\udb40\\udc41\"", "\"\\udb40\\udc41\""},
	    {"\"\\ud83d\\ude00 \\u00e9\"", "\"\xf0\x9f\x98\x80 \xc3\xa9\"",
		"\"\xf0\x9f\x98\x80 \xc3\xa9\""},
	    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
	    {"\xef\xbb\xbf{}", "{}", "{}"},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		size_t len = strlen(cases[i][0]);

		tap_is_str(rewritten(cases[i][0], len, false, NULL), cases[i][1], "sorted %zu", i);
		tap_is_str(rewritten(cases[i][0], len, true, NULL), cases[i][2], "in order %zu", i);
	}
}

static void check_errors(void)
{
	static const char *const cases[][2] = {
	    {"{\n  \"a\": nope\n}", "in.json:2:"},
	    {"", "in.json:1:0: "},
	    {"{\"a\":1", "in.json:1:"},
	    {"{} x", "in.json:1:"},
	    {"99999999999999999999", "too big integer"},
	    {"\"\xff\"", "in.json:1:"},
	};
	struct rt_error err;
	char deep[5000];

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		tap_ok(!rewritten(cases[i][0], strlen(cases[i][0]), true, &err), "refused %zu", i);
		tap_ok(strstr(err.msg, cases[i][1]) && err.status == RT_INPUT,
		    "says where and why: %s", err.msg);
	}
	memset(deep, '[', 2500);
	memset(deep + 2500, ']', 2500);
	tap_ok(!rewritten(deep, sizeof(deep), true, &err), "deep nesting is refused");
	tap_ok(strstr(err.msg, "nested deeper") != NULL, "by our limit: %s", err.msg);
	tap_ok(rewritten(deep + 2400, 200, true, &err) != NULL, "some nesting is fine");
}

static void check_quote(void)
{
	struct rt_buf b = {0};

	rt_json_quote(&b, "bad \xff\xc3 \xef\xbf\xbd end");
	tap_is_str(rt_buf_str(&b), "\"bad \xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd end\"",
	    "bytes that are not UTF-8");
	rt_buf_done(&b);
}

int main(void)
{
	check_write();
	check_errors();
	check_quote();
	rewritten(NULL, 0, true, NULL);
	return tap_done();
}
