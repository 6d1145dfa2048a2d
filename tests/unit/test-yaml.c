/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-yaml.c - YAML read as kubectl reads it, written so that it reads back, and located.
 */
#include "config.h"

#include "rutter/yaml.h"

#include <jansson.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

struct collected {
	struct rt_buf json; /* documents joined by " | " */
	struct rt_buf lines;
};

static enum rt_status collect(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct collected *c = ctx;

	(void)err;
	rt_buf_puts(&c->json, doc->index ? " | " : "");
	rt_json_write(&c->json, doc->value, false);
	rt_buf_printf(&c->lines, "%s%u", doc->index ? " " : "", doc->line);
	return RT_OK;
}

static void is_yaml_n(const char *text, size_t len, const char *json, const char *name)
{
	struct collected c = {0};
	struct rt_error err = {0};
	enum rt_status st = rt_yaml_parse(text, len, "f.yaml", collect, &c, &err);

	tap_is_str(st == RT_OK ? rt_buf_str(&c.json) : err.msg, json, "%s", name);
	rt_buf_done(&c.json);
	rt_buf_done(&c.lines);
}

static void is_yaml(const char *text, const char *json, const char *name)
{
	is_yaml_n(text, strlen(text), json, name);
}

static void check_scalars(void)
{
	/* Facts of go-yaml v2 and kubectl's way from YAML to JSON. */
	static const char *const cases[][2] = {
	    {"yes", "true"},
	    {"Off", "false"},
	    {"y", "true"},
	    {"N", "false"},
	    {"tRue", "\"tRue\""},
	    {"~", "null"},
	    {"null", "null"},
	    {"nULL", "\"nULL\""},
	    {"\"null\"", "\"null\""},
	    {"'80'", "\"80\""},
	    {"80", "80"},
	    {"+80", "80"},
	    {"-5", "-5"},
	    {"0x1F", "31"},
	    {"0o17", "15"},
	    {"017", "15"},
	    {"0b101", "5"},
	    {"-0b101", "-5"},
	    {"08", "8"},
	    {"1_000", "1000"},
	    {"80.0", "80"},
	    {"0.5", "0.5"},
	    {".5", "0.5"},
	    {"5.", "5"},
	    {"1e3", "1000"},
	    {"1E-2", "0.01"},
	    {"1e400", "\"1e400\""},
	    {".inf", "\".inf\""},
	    {".nan", "\".nan\""},
	    {"1.2.3", "\"1.2.3\""},
	    {"10.0.0.1", "\"10.0.0.1\""},
	    {"12:30:45", "\"12:30:45\""},
	    {"2024-01-01", "\"2024-01-01\""},
	    {"2024-01-01T00:00:00Z", "\"2024-01-01T00:00:00Z\""},
	    {"0x", "\"0x\""},
	    {"0xfg", "\"0xfg\""},
	    {"-", "[null]"},
	    {"+", "\"+\""},
	    {".", "\".\""},
	    {"9223372036854775807", "9223372036854775807"},
	    {"18446744073709551615", "1.8446744073709552e+19"},
	    {"99999999999999999999999", "1e+23"},
	    {"1e6", "1000000.0"},
	    {"!!str 80", "\"80\""},
	    {"!!int \"80\"", "80"},
	    {"! 80", "\"80\""},
	    {"!Ref x", "\"x\""},
	    {"!!binary aGk=", "\"aGk=\""},
	    {"'a''b'", "\"a'b\""},
	    {"\"\\x41\\u00e9\"", "\"A\xc3\xa9\""},
	    {"plain text", "\"plain text\""},
	    {"=", "\"=\""},
	    {"<<", "\"<<\""},
	    {"\"\"", "\"\""},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		is_yaml(cases[i][0], cases[i][1], cases[i][0]);
}

static void check_structure(void)
{
	is_yaml("a: 1\nb:\n- x\n- q: z\n", "{\"a\":1,\"b\":[\"x\",{\"q\":\"z\"}]}", "block");
	is_yaml("{a: [1, {b: c}]}", "{\"a\":[1,{\"b\":\"c\"}]}", "flow");
	is_yaml("", "", "no text, no document");
	is_yaml("# only a comment\n", "", "a comment is no document");
	is_yaml("---\n---\na: 1\n...\n---\n", "null | {\"a\":1} | null", "empty documents");
	is_yaml("a:\nb: \n", "{\"a\":null,\"b\":null}", "no value is null");
	is_yaml("80: a\ntrue: b\n0x10: c\n'80': d\n~: e\n1.5: f\n",
	    "{\"1.5\":\"f\",\"16\":\"c\",\"80\":\"d\",\"null\":\"e\",\"true\":\"b\"}",
	    "keys become strings; the last of a kind wins");
	is_yaml("t: |\n  a\n   b\n\nf: >-\n  a\n  b\n", "{\"f\":\"a b\",\"t\":\"a\\n b\\n\"}",
	    "literal and folded text");
	is_yaml("a: 1\r\nb: |\r\n  x\r\n  y\r\n", "{\"a\":1,\"b\":\"x\\ny\\n\"}", "CRLF");
	is_yaml("\xef\xbb\xbf"
		"a: 1\n",
	    "{\"a\":1}", "byte order mark");
	is_yaml("\xef\xbb\xbf"
		"a: 1\n---\n\xef\xbb\xbf"
		"b: 2\nc: 3\n",
	    "{\"a\":1} | {\"b\":2,\"c\":3}", "a mark in each joined part");
	is_yaml_n("\xff\xfe"
		  "a\0:\0 \0\x31\0",
	    10, "{\"a\":1}", "UTF-16");
	is_yaml("{\"a\": [1, \"x\\/y\", true], \"b\": null}", "{\"a\":[1,\"x/y\",true],\"b\":null}",
	    "JSON");
	is_yaml("\"a\\0b\"", "\"a\\u0000b\"", "a NUL in a text");
}

static void check_anchors(void)
{
	is_yaml("a: &x {p: 1}\nb: *x\nc: [*x, *x]\n",
	    "{\"a\":{\"p\":1},\"b\":{\"p\":1},\"c\":[{\"p\":1},{\"p\":1}]}", "aliases");
	is_yaml("a: &x 1\nb: &x 2\nc: *x\n", "{\"a\":1,\"b\":2,\"c\":2}", "an anchor set anew");
	is_yaml("&k key: 1\nb: {*k : 2}\n", "{\"b\":{\"key\":2},\"key\":1}", "an alias as key");
	is_yaml("d: &d {p: 1, q: 2}\nm:\n  <<: *d\n  q: 3\n",
	    "{\"d\":{\"p\":1,\"q\":2},\"m\":{\"p\":1,\"q\":3}}", "merge");
	is_yaml("d: &d {p: 1, q: 2}\nm: {q: 3, <<: *d}\n",
	    "{\"d\":{\"p\":1,\"q\":2},\"m\":{\"p\":1,\"q\":3}}",
	    "own keys win wherever they stand");
	is_yaml("m:\n  <<: [{p: 1}, {p: 2, q: 2}]\n  r: 3\n", "{\"m\":{\"p\":1,\"q\":2,\"r\":3}}",
	    "merging several: the earlier wins");
	is_yaml("m: {\"<<\": 1}", "{\"m\":{\"<<\":1}}", "a quoted << is a key");
	is_yaml("a: &x 1\n---\nb: *x\n", "f.yaml:3:4: an alias to an anchor that is not there",
	    "anchors end with their document");
	is_yaml("a: &x [*x]\n", "f.yaml:1:8: an alias inside its own anchor", "a loop");
	is_yaml("a: {<<: 1}\n", "f.yaml:1:9: '<<' merges mappings only", "merging a number");
}

/* 64 KiB of text, and 300 lines that repeat it. */
static void repeat_text(struct rt_buf *b, const char *line)
{
	rt_buf_clear(b);
	rt_buf_puts(b, "t: &t ");
	rt_buf_pad(b, 'x', 65536);
	rt_buf_puts(b, "\na:\n");
	for (int i = 0; i < 300; i++)
		rt_buf_puts(b, line);
}

/* Lists in lists, 200 deep, around inner. */
static void add_nest(struct rt_buf *b, const char *anchor, const char *inner)
{
	rt_buf_printf(b, "%s: &%s ", anchor, anchor);
	rt_buf_pad(b, '[', 200);
	rt_buf_puts(b, inner);
	rt_buf_pad(b, ']', 200);
	rt_buf_putc(b, '\n');
}

static void check_bombs(void)
{
	struct rt_buf b = {0};

	rt_buf_puts(&b, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 10; i++)
		rt_buf_printf(&b, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i,
		    i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	is_yaml(rt_buf_str(&b), "f.yaml:6:34: aliases stand for too many values", "billion laughs");
	rt_buf_clear(&b);
	rt_buf_pad(&b, '[', 300);
	is_yaml(rt_buf_str(&b), "f.yaml:1:257: nested too deep", "deep nesting");
	rt_buf_clear(&b);
	add_nest(&b, "a", "x");
	add_nest(&b, "b", "*a");
	is_yaml(rt_buf_str(&b), "f.yaml:2:207: nested too deep", "deep nesting by an alias");
	repeat_text(&b, "- *t\n");
	is_yaml(rt_buf_str(&b), "f.yaml:247:3: aliases stand for too many values",
	    "one long text again and again");
	repeat_text(&b, "- {*t : 1}\n");
	is_yaml(rt_buf_str(&b), "f.yaml:247:4: aliases stand for too many values",
	    "one long text as key again and again");
	rt_buf_done(&b);
}

static void check_errors(void)
{
	is_yaml("a: 1\nb:\n\t- x\n",
	    "f.yaml:3:1: a tab where YAML allows spaces only while scanning for the next token",
	    "a tab, with its place");
	is_yaml("\xc3\xa9\xc3\xa9: 1\n\xc3\xa9:\n\t- x\n",
	    "f.yaml:3:1: a tab where YAML allows spaces only while scanning for the next token",
	    "a tab behind non-ASCII text");
	is_yaml("a: 1\n b: 2\n", "f.yaml:2:3: mapping values are not allowed in this context",
	    "bad indentation");
	is_yaml("a: [1, 2\nb: 3\n",
	    "f.yaml:2:2: did not find expected ',' or ']' while parsing a flow sequence",
	    "open bracket");
	is_yaml("? [a]\n: 1\n", "f.yaml:1:3: a mapping key that is not a scalar", "complex key");
	is_yaml("a: 1\nb: \xff\n", "f.yaml:2:4: invalid leading UTF-8 octet", "not UTF-8");
	is_yaml("a: 1\nb: \x01\n", "f.yaml:2:4: control characters are not allowed", "control");
}

static enum rt_status stop(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	(*(int *)ctx)++;
	return doc->index == 1 ? rt_fail(err, RT_LIMIT, "enough") : RT_OK;
}

static void check_callback(void)
{
	static const char text[] = "# c\n\na: 1\n---\n# d\nb: 2\n--- x\n---\n";
	struct collected c = {0};
	struct rt_error err;
	int calls = 0;

	tap_is_int(rt_yaml_parse(text, strlen(text), "f", collect, &c, &err), RT_OK, "parsed");
	tap_is_str(rt_buf_str(&c.lines), "3 6 7 9", "lines of the first content");
	rt_buf_done(&c.json);
	rt_buf_done(&c.lines);
	tap_is_int(rt_yaml_parse(text, strlen(text), "f", stop, &calls, &err), RT_LIMIT,
	    "the callback's status ends the run");
	tap_is_int(calls, 2, "at once");
}

static void check_locate(void)
{
	static const char text[] = "# comment\n"
				   "kind: A\n"
				   "---\n"
				   "metadata:\n"
				   "  name: x\n"
				   "  annotations:\n"
				   "    a.b/c: v\n"
				   "spec:\n"
				   "  rules:\n"
				   "  - matches:\n"
				   "    - path: /\n"
				   "    backendRefs:\n"
				   "    - name: one\n"
				   "    - name: two\n"
				   "      port: 80\n"
				   "  - {}\n";
	static const struct {
		size_t doc;
		const char *path;
		unsigned line;
	} cases[] = {
	    {0, "kind", 2},
	    {0, "", 2},
	    {1, "", 4},
	    {1, "metadata.name", 5},
	    {1, "metadata.annotations['a.b/c']", 7},
	    {1, "metadata.annotations[\"a.b/c\"]", 7},
	    {1, "spec.rules", 9},
	    {1, "spec.rules[0]", 10},
	    {1, "spec.rules[0].backendRefs", 12},
	    {1, "spec.rules[0].backendRefs[1]", 14},
	    {1, "spec.rules[0].backendRefs[1].port", 15},
	    {1, "spec.rules[0].backendRefs[1].weight", 14},
	    {1, "spec.rules[1].matches", 16},
	    {1, "spec.rules[7].matches", 9},
	    {1, "spec.rules.matches", 9},
	    {1, "status.x", 4},
	    {1, "spec[0]", 8},
	    {1, "spec['rules", 8},
	    {1, "spec.rules[x]", 9},
	    {2, "kind", 0},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		tap_is_int(rt_yaml_locate(text, strlen(text), cases[i].doc, cases[i].path),
		    cases[i].line, "document %zu, %s", cases[i].doc, cases[i].path);
	tap_is_int(rt_yaml_locate("{\n\"items\": [\n{},\n{\"a\":\n1}]}", 27, 0, "items[1].a"), 4,
	    "in JSON");
	tap_is_int(rt_yaml_locate("a: [", 4, 0, "b"), 1, "broken behind: the deepest part");
	tap_is_int(rt_yaml_locate("\t", 1, 0, "b"), 0, "broken at once");
}

/* Reads JSON, writes YAML, reads that: must be the same value. */
static void round_trip(const char *json)
{
	struct rt_buf yaml = {0}, sorted = {0};
	struct json_t *value;

	if (rt_json_parse(json, strlen(json), "test", &value, NULL) != RT_OK) {
		tap_ok(false, "%s is not JSON", json);
		return;
	}
	rt_yaml_write(&yaml, value, 0);
	rt_json_write(&sorted, value, false);
	is_yaml(rt_buf_str(&yaml), rt_buf_str(&sorted), json);
	json_decref(value);
	rt_buf_done(&yaml);
	rt_buf_done(&sorted);
}

static void check_write(void)
{
	static const char *const strings[] = {"", " ", "a", "a b", " a", "a ", "-", "- a", "-a",
	    "?", ":", "a:", "a: b", "a:b", "a #b", "a#b", "#a", "yes", "No", "null", "~", "~x",
	    "80", "0x1f", "1.5", ".5", "1e3", "0o17", "1_0", "12:30", "2024-01-01", "10.0.0.1",
	    "1.2.3", ".", "..", "...", "---", "--- a", ".inf", ".nan", ".well-known", "<<", "=",
	    "!x", "&a", "*a", "@a", "`a", "%a", "|", ">", "'a'", "a'b", "{a}", "[a]", "a,b", "a]",
	    "true", "True", "on", "n", "nn", "+1", "\\n", "\\nx", "x\\n", "x\\n\\n", "x\\ny",
	    "x\\n y", " x\\ny", "x\\n\\ny\\n", "x \\ny", "x\\ty", "\\tx\\ny", "x\\r\\ny", "x\\ny ",
	    "\\u001b[31m", "\\u0085", "\\u202e", "\\ud83d\\ude00", "\\udb40\\udc41", "\\u0000",
	    "\\ufeff", "\\u2028", "---\\na", "a\\n---\\nb", "# a\\nb", "#!/bin/sh\\necho\\n",
	    "/healthz", "*.example.com", "example.com", "sha256:abc", "1Gi", "100m"};
	struct rt_buf b = {0};

	for (size_t i = 0; i < RT_ARRAY_LEN(strings); i++) {
		rt_buf_clear(&b);
		rt_buf_printf(&b, "{\"%s\":[\"%s\",{\"k\":\"%s\"},[\"%s\"]]}", strings[i],
		    strings[i], strings[i], strings[i]);
		if (!strstr(strings[i], "\\u0000"))
			round_trip(rt_buf_str(&b));
		rt_buf_clear(&b);
		rt_buf_printf(&b, "\"%s\"", strings[i]);
		round_trip(rt_buf_str(&b));
	}
	rt_buf_done(&b);
	round_trip(
	    "{\"a\":{},\"b\":[],\"c\":[[],{},[[1,2],[3]]],\"d\":[{\"e\":1,\"f\":[{\"g\":2}]}]}");
	round_trip("[1,-1,0.5,1e300,true,false,null,9223372036854775807]");
	round_trip("7");
}

static void check_layout(void)
{
	static const char json[] =
	    "{\"kind\":\"A\",\"spec\":{\"list\":[{\"name\":\"x\",\"port\":80},"
	    "\"y\"],\"text\":\"l1\\nl2\\n\",\"none\":{},\"zero\":\"0\"}}";
	static const char yaml[] = "  kind: A\n"
				   "  spec:\n"
				   "    list:\n"
				   "    - name: x\n"
				   "      port: 80\n"
				   "    - \"y\"\n"
				   "    text: |\n"
				   "      l1\n"
				   "      l2\n"
				   "    none: {}\n"
				   "    zero: \"0\"\n";
	struct rt_buf b = {0};
	struct json_t *value;

	if (rt_json_parse(json, strlen(json), "test", &value, NULL) != RT_OK)
		return;
	rt_yaml_write(&b, value, 2);
	tap_is_str(rt_buf_str(&b), yaml, "layout");
	json_decref(value);
	rt_buf_done(&b);
}

int main(void)
{
	check_scalars();
	check_structure();
	check_anchors();
	check_bombs();
	check_errors();
	check_callback();
	check_locate();
	check_write();
	check_layout();
	return tap_done();
}
