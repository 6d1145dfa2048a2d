/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-jsonsplit.c - the item splitter. Every input is fed whole, byte by byte, and cut in two at
 * each place: the outcome must be the same text each time.
 */
#include "config.h"

#include "rutter/jsonsplit.h"

#include <stdio.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "tests/lib/tap.h"

#define MAX_ITEM 4096
#define MAX_DEPTH 16

/* Feeds text in portions; first bytes at once, then step bytes each. */
struct portions {
	size_t first, step;
};

struct run {
	const char *input;
	const struct rt_keep *keep;
	size_t stop_after; /* items, 0: never */
	size_t count;
	struct rt_buf asked; /* what keep was asked for */
	struct rt_buf out;
};

static const struct rt_keep *on_keep(void *ctx, const char *api_version, const char *kind)
{
	struct run *r = ctx;

	rt_buf_printf(&r->asked, "%s/%s ", api_version ? api_version : "-", kind ? kind : "-");
	return r->keep;
}

static unsigned line_at(const char *text, uint64_t offset)
{
	unsigned line = 1;

	for (uint64_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static bool on_item(void *ctx, const struct rt_split_item *item)
{
	struct run *r = ctx;

	if (strlen(item->json) != item->len)
		rt_buf_puts(&r->out, "LENGTH ");
	rt_buf_printf(&r->out, "%s%zu.%zu:%u %s", item->element ? "e" : "d", item->doc, item->index,
	    item->line, item->json);
	if (r->input[item->offset] != item->json[0] ||
	    line_at(r->input, item->offset) != item->line)
		rt_buf_printf(&r->out, " WRONG OFFSET %llu", (unsigned long long)item->offset);
	if (item->event)
		rt_buf_printf(&r->out, " event=%s", item->event);
	if (item->status_manager)
		rt_buf_printf(&r->out, " manager=%s", item->status_manager);
	if (item->spec_time)
		rt_buf_printf(&r->out, " time=%s", item->spec_time);
	if (item->oversized)
		rt_buf_puts(&r->out, " oversized");
	rt_buf_putc(&r->out, '\n');
	return ++r->count != r->stop_after;
}

static void note_header(struct run *r, const struct rt_split_header *h)
{
	if (h->api_version || h->kind || h->resource_version || h->continue_token || h->complete)
		rt_buf_printf(&r->out, "list %s %s rv=%s continue=%s%s\n",
		    h->api_version ? h->api_version : "-", h->kind ? h->kind : "-",
		    h->resource_version ? h->resource_version : "-",
		    h->continue_token ? h->continue_token : "-", h->complete ? " complete" : "");
}

static void run(
    struct run *r, enum rt_split_mode mode, const char *text, size_t len, struct portions by)
{
	static const struct rt_split_ops ops = {.keep = on_keep, .item = on_item};
	struct rt_split *s = rt_split_new(mode, &ops, r, MAX_ITEM, MAX_DEPTH);
	struct rt_error err = {0};
	enum rt_status st = RT_OK;
	size_t n = by.first;

	r->input = text;
	for (size_t at = 0; at < len && st == RT_OK; at += n, n = by.step) {
		/* A copy of its own, so that reading beyond a portion is found. */
		struct rt_buf portion = {0};

		n = n < len - at ? n : len - at;
		rt_buf_add(&portion, text + at, n);
		st = rt_split_feed(s, portion.data, n, &err);
		rt_buf_done(&portion);
	}
	if (st == RT_OK)
		st = rt_split_end(s, &err);
	note_header(r, rt_split_header(s));
	if (st != RT_OK)
		rt_buf_printf(&r->out, "%s %s\n", st == RT_INPUT ? "INPUT" : "OTHER", err.msg);
	rt_split_free(s);
}

static void run_done(struct run *r)
{
	rt_buf_done(&r->asked);
	rt_buf_done(&r->out);
}

struct sample {
	const char *name;
	enum rt_split_mode mode;
	const struct rt_keep *keep;
	const char *text, *want, *asked;
};

static bool same_outcome(const struct sample *c, struct portions by)
{
	struct run r = {.keep = c->keep};
	bool same;

	run(&r, c->mode, c->text, strlen(c->text), by);
	same = strcmp(rt_buf_str(&r.out), c->want) == 0;
	if (!same)
		tap_diag("portions of %zu, then %zu:\n%s", by.first, by.step, rt_buf_str(&r.out));
	run_done(&r);
	return same;
}

static void check(const struct sample *c)
{
	size_t len = strlen(c->text);
	struct run r = {.keep = c->keep};
	bool same = true;

	run(&r, c->mode, c->text, len, (struct portions){len, len});
	tap_is_str(rt_buf_str(&r.out), c->want, "%s", c->name);
	if (c->asked)
		tap_is_str(rt_buf_str(&r.asked), c->asked, "%s: what keep is asked", c->name);
	run_done(&r);
	for (size_t step = 1; step <= 3; step++)
		same = same && same_outcome(c, (struct portions){step, step});
	for (size_t cut = 1; cut < len && same; cut++)
		same = same_outcome(c, (struct portions){cut, len});
	tap_ok(same, "%s: the same however it arrives", c->name);
}

static const struct rt_keep keep_ports[] = {{"port", NULL}, {"name", NULL}, {0}};
static const struct rt_keep keep_spec[] = {{"ports", keep_ports}, {"type", NULL}, {0}};
static const struct rt_keep keep_meta[] = {{"name", NULL}, {"labels", NULL}, {0}};
static const struct rt_keep keep_all_of[] = {{"a", NULL}, {0}};
static const struct rt_keep keep_status[] = {{"*", keep_all_of}, {0}};
static const struct rt_keep keep_service[] = {{"apiVersion", NULL}, {"metadata", keep_meta},
    {"spec", keep_spec}, {"status", keep_status}, {0}};
static const struct rt_keep keep_no_meta[] = {{"spec", NULL}, {0}};

static const struct sample samples[] = {
    {"a list", RT_SPLIT_LIST, NULL,
	"{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"12\"},"
	"\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"x\":[1,{}]}]}",
	"e0.0:1 {\"metadata\":{\"name\":\"a\"}}\n"
	"e0.1:1 {\"x\":[1,{}]}\n"
	"list v1 ServiceList rv=12 continue=- complete\n",
	"-/- -/- "},
    {"metadata behind the items", RT_SPLIT_LIST, NULL,
	"{\"apiVersion\":\"g/v1\",\"items\":[{\"apiVersion\":\"g/v1\",\"kind\":\"A\"}],"
	"\"kind\":\"AList\",\"metadata\":{\"continue\":\"e\\u003d\\/"
	"\",\"resourceVersion\":\"3\"}}\n",
	"e0.0:1 {\"apiVersion\":\"g/v1\",\"kind\":\"A\"}\n"
	"list g/v1 AList rv=3 continue=e=/ complete\n",
	"g/v1/A "},
    {"an empty list", RT_SPLIT_LIST, NULL, " {\"kind\":\"XList\",\"items\" : [ ] } ",
	"list - XList rv=- continue=- complete\n", ""},
    {"no list at all", RT_SPLIT_LIST, NULL,
	"{\"kind\":\"Status\",\"items\":null,\"code\":403,\"a\":[{\"items\":[1]}]}",
	"list - Status rv=- continue=- complete\n", ""},
    {"projection", RT_SPLIT_LIST, keep_service,
	"{\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Service\","
	"\"metadata\":{\"uid\":\"u\",\"name\":\"a\",\"labels\":{\"l\":\"1\"},\"x\":{}},"
	"\"spec\":{\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"name\":\"}\"},[{\"port\":1,\"q\":"
	"2}],3],"
	"\"clusterIP\":\"c\",\"type\":\"T\"},\"data\":{\"a\":\"\\\"]}\\\\\"},"
	"\"status\":{\"p\":{\"a\":1,\"b\":2},\"q\":[{\"a\":3}],\"r\":null}}]}",
	"e0.0:1 "
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\",\"labels\":"
	"{\"l\":\"1\"}},\"spec\":{\"ports\":[{\"port\":80,\"name\":\"}\"},[{\"port\":1}],3],"
	"\"type\":\"T\"},"
	"\"status\":{\"p\":{\"a\":1},\"q\":[{\"a\":3}],\"r\":null}}\n"
	"list - - rv=- continue=- complete\n",
	"v1/Service "},
    {"kind behind the rest", RT_SPLIT_LIST, keep_service,
	"{\"items\":[{\"data\":{\"x\":1},\"metadata\":{\"uid\":\"u\",\"name\":\"a\"},\"kind\":"
	"\"Service\","
	"\"spec\":{\"type\":\"T\",\"z\":0},\"apiVersion\":\"v1\"},{\"data\":1}]}",
	"e0.0:1 {\"metadata\":{\"name\":\"a\"},\"kind\":\"Service\",\"spec\":{\"type\":\"T\"},"
	"\"apiVersion\":\"v1\"}\n"
	"e0.1:1 {}\n"
	"list - - rv=- continue=- complete\n",
	"v1/Service -/- "},
    {"metadata that is not kept", RT_SPLIT_LIST, keep_no_meta,
	"{\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"X\",\"metadata\":{\"name\":\"a\","
	"\"managedFields\":["
	"{\"manager\":\"m\",\"subresource\":\"status\"}]},\"spec\":[{\"deep\":1}]}]}",
	"e0.0:1 {\"apiVersion\":\"v1\",\"kind\":\"X\",\"metadata\":{},\"spec\":[{\"deep\":1}]} "
	"manager=m\n"
	"list - - rv=- continue=- complete\n",
	NULL},
    {"keys with escapes", RT_SPLIT_LIST, keep_service,
	"{\"it\\u0065ms\":[{\"api\\u0056ersion\":\"v\\u0031\",\"\\u006bind\":"
	"\"S\\u00e9\\ud83d\\ude00\","
	"\"sp\\u0065c\":{\"ty\\u0070e\":1,\"ty\\\\pe\":2,\"type\\\"\":3}}]}",
	"e0.0:1 {\"api\\u0056ersion\":\"v\\u0031\",\"\\u006bind\":\"S\\u00e9\\ud83d\\ude00\","
	"\"sp\\u0065c\":{\"ty\\u0070e\":1}}\n"
	"list - - rv=- continue=- complete\n",
	"v1/S\xc3\xa9\xf0\x9f\x98\x80 "},
    {"managedFields", RT_SPLIT_LIST, NULL,
	"{\"items\":[{\"metadata\":{\"name\":\"a\",\"managedFields\":["
	"{\"manager\":\"kubectl\",\"operation\":\"Apply\",\"time\":\"2026-01-01T00:00:00Z\","
	"\"fieldsV1\":{\"f:spec\":{}}},"
	"{\"manager\":\"old\",\"time\":\"2026-01-02T00:00:00Z\",\"subresource\":\"status\"},"
	"{\"manager\":\"new\",\"time\":\"2026-01-04T00:00:00Z\",\"subresource\":\"status\"},"
	"{\"manager\":\"older\",\"time\":\"2026-01-03T00:00:00Z\",\"subresource\":\"status\"},"
	"{\"manager\":\"hpa\",\"time\":\"2026-01-09T00:00:00Z\",\"subresource\":\"scale\"},"
	"{\"manager\":\"edit\",\"time\":\"2026-01-03T00:00:00Z\",\"subresource\":\"\"},"
	"{\"manager\":\"first\",\"time\":\"2026-01-02T00:00:00+02:00\"},{\"manager\":\"none\"},7],"
	"\"uid\":\"u\"}},"
	"{\"metadata\":{\"managedFields\":null}},{\"metadata\":{\"managedFields\":{\"manager\":"
	"\"no\"}}},"
	"{\"metadata\":null}]}",
	"e0.0:1 {\"metadata\":{\"name\":\"a\",\"uid\":\"u\"}} manager=new "
	"time=2026-01-03T00:00:00Z\n"
	"e0.1:1 {\"metadata\":{}}\n"
	"e0.2:1 {\"metadata\":{}}\n"
	"e0.3:1 {\"metadata\":null}\n"
	"list - - rv=- continue=- complete\n",
	NULL},
    {"lines", RT_SPLIT_LIST, NULL,
	"\n{\n \"items\": [\n  {\n \"a\": \"\\n\"\n },\r\n\n {\"b\":1}\n, {\"c\":2}, null, [1], "
	"\"s\", -1.5e3 ]\n}\n",
	"e0.0:4 {\"a\":\"\\n\"}\n"
	"e0.1:8 {\"b\":1}\n"
	"e0.2:9 {\"c\":2}\n"
	"e0.3:9 null\n"
	"e0.4:9 [1]\n"
	"e0.5:9 \"s\"\n"
	"e0.6:9 -1.5e3\n"
	"list - - rv=- continue=- complete\n",
	NULL},
    {"byte order mark", RT_SPLIT_LIST, NULL, "\xef\xbb\xbf{\"items\":[]}",
	"list - - rv=- continue=- complete\n", NULL},
    {"documents", RT_SPLIT_DOCS, NULL,
	"{\"kind\":\"A\"}\n{\"kind\":\"List\",\"items\":[{\"kind\":\"B\"},{\"kind\":\"C\"}]}{"
	"\"apiVersion\":\"v1\","
	"\"items\":[{\"kind\":\"D\"}],\"kind\":\"List\"} 12 true\n\"s\" [1] null",
	"d0.0:1 {\"kind\":\"A\"}\n"
	"e1.0:2 {\"kind\":\"B\"}\n"
	"e1.1:2 {\"kind\":\"C\"}\n"
	"e2.0:2 {\"kind\":\"D\"}\n"
	"d3.3:2 12\n"
	"d4.4:2 true\n"
	"d5.5:3 \"s\"\n"
	"d6.6:3 [1]\n"
	"d7.7:3 null\n",
	NULL},
    {"a number at the end", RT_SPLIT_DOCS, NULL, "1\n---\n2.5", "d0.0:1 1\nd1.1:3 2.5\n", NULL},
    {"items that are none", RT_SPLIT_DOCS, NULL,
	"{\"kind\":\"Menu\",\"items\":[1]}{\"items\":{\"a\":1}}{\"kind\":\"AList\",\"items\":null}"
	"{\"items\":null,\"kind\":\"BList\"}{\"kind\":\"AllowList\",\"spec\":1}{\"spec\":{"
	"\"items\":[2]}}",
	"d0.0:1 {\"kind\":\"Menu\",\"items\":[1]}\n"
	"d1.1:1 {\"items\":{\"a\":1}}\n"
	"d4.4:1 {\"kind\":\"AllowList\",\"spec\":1}\n"
	"d5.5:1 {\"spec\":{\"items\":[2]}}\n",
	NULL},
    {"a list of one kind says it once", RT_SPLIT_DOCS, keep_service,
	"{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"a\","
	"\"q\":1}}]}",
	"e0.0:1 {\"metadata\":{\"name\":\"a\"}}\n"
	"list v1 ServiceList rv=- continue=- complete\n",
	"v1/ServiceList -/- "},
    {"no document", RT_SPLIT_DOCS, NULL, " \n", "", ""},
    {"watch events", RT_SPLIT_WATCH, keep_service,
	"{\"type\":\"ADDED\",\"object\":{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{"
	"\"name\":\"a\",\"u\":1}}}\n"
	"{\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"spec\":{\"type\":2}},\"type\":"
	"\"ERR\\u004fR\"}\n"
	"{\"type\":\"X\"}{\"object\":null}",
	"d0.0:1 {\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}} "
	"event=ADDED\n"
	"d1.1:2 {\"kind\":\"Status\",\"apiVersion\":\"v1\",\"spec\":{\"type\":2}} event=ERROR\n"
	"d3.2:3 null\n",
	"v1/Service v1/Status -/- "},
    /* what cannot be JSON */
    {"truncated", RT_SPLIT_LIST, NULL, "{\"items\":[{\"a\":1},\n{\"b\":",
	"e0.0:1 {\"a\":1}\nINPUT 2:6: the input ends inside a document\n", NULL},
    {"nothing", RT_SPLIT_LIST, NULL, "\n ", "INPUT 2:2: the input is empty\n", NULL},
    {"HTML", RT_SPLIT_LIST, NULL, "<html>", "INPUT 1:1: expected an object, not '<'\n", NULL},
    {"two lists", RT_SPLIT_LIST, NULL, "{}\n{}",
	"list - - rv=- continue=- complete\nINPUT 2:1: text behind the document\n", NULL},
    {"no comma", RT_SPLIT_LIST, NULL, "{\"items\":[\n{\"a\":1}\n {}]}",
	"e0.0:2 {\"a\":1}\nINPUT 3:2: expected ',' or ']', not '{'\n", NULL},
    {"no colon", RT_SPLIT_DOCS, NULL, "{\"a\" 1}", "INPUT 1:6: expected ':', not '1'\n", NULL},
    {"a bare name", RT_SPLIT_DOCS, NULL, "{a:1}",
	"INPUT 1:2: expected a member's name or '}', not 'a'\n", NULL},
    {"comma at the end", RT_SPLIT_DOCS, NULL, "{\"a\":1,}",
	"INPUT 1:8: expected a member's name, not '}'\n", NULL},
    {"comma at an array's end", RT_SPLIT_LIST, NULL, "{\"items\":[1,]}",
	"e0.0:1 1\nINPUT 1:13: expected a value, not ']'\n", NULL},
    {"wrong bracket", RT_SPLIT_LIST, NULL, "{\"items\":[}",
	"INPUT 1:11: expected a value, not '}'\n", NULL},
    {"a word", RT_SPLIT_DOCS, NULL, "[1]\nnope",
	"d0.0:1 [1]\nINPUT 2:2: expected true, false or null, not 'o'\n", NULL},
    {"a control byte", RT_SPLIT_DOCS, NULL, "{\"a\":\x01}",
	"INPUT 1:6: expected a value, not byte 0x01\n", NULL},
};

/* Runs of escapes at every place of a block, in a string and in a container, dropped and kept. */
static void check_escapes(void)
{
	bool same = true;

	for (size_t n = 0; n < 140; n++) {
		struct rt_buf text = {0}, want = {0}, value = {0};
		struct run r = {.keep = keep_service};

		rt_buf_puts(&value, "{\"a\":\"");
		for (size_t i = 0; i < n; i++)
			rt_buf_puts(&value, n % 3 == 0 ? "\\\\" : n % 3 == 1 ? "\\\"]" : "}\\\\");
		rt_buf_puts(&value, "\\\"\",\"b\":[\"[\",{}]}");
		rt_buf_printf(&text,
		    "{\"kind\":\"XList\",\"x\":%s,\"items\":[{\"spec\":{\"ports\":[[],%s],\"type\":"
		    "%s,\"t\":%s}}]}",
		    value.data, value.data, value.data, value.data);
		rt_buf_printf(&want,
		    "e0.0:1 {\"spec\":{\"ports\":[[],{}],\"type\":%s}}\nlist - XList rv=- "
		    "continue=- complete\n",
		    value.data);
		run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){text.len, 1});
		run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){65 + n, 64});
		if (same && (strncmp(r.out.data, want.data, want.len) != 0 ||
				strcmp(r.out.data + want.len, want.data) != 0)) {
			same = false;
			tap_diag("%zu escapes:\n%s", n, r.out.data);
		}
		run_done(&r);
		rt_buf_done(&text);
		rt_buf_done(&want);
		rt_buf_done(&value);
	}
	tap_ok(same, "escapes across block boundaries");
}

/* A raw NUL in a key is no JSON, but must be survived. */
static void check_nul(void)
{
	static const char text[] =
	    "{\"kind\":\"XList\",\"items\":[{\"spec\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\":1,"
	    "\"spec\":{\"type\":2}}]}";
	struct run r = {.keep = keep_service};

	run(&r, RT_SPLIT_LIST, text, sizeof(text) - 1, (struct portions){sizeof(text), 1});
	tap_is_str(rt_buf_str(&r.out),
	    "e0.0:1 {\"spec\":{\"type\":2}}\nlist - XList rv=- continue=- complete\n",
	    "NUL bytes in a key");
	run_done(&r);
}

static void check_stop(void)
{
	struct run r = {.stop_after = 2};
	const char *text = "{\"items\":[1,2,3,4]}";

	run(&r, RT_SPLIT_LIST, text, strlen(text), (struct portions){1, 1});
	tap_is_str(
	    rt_buf_str(&r.out), "e0.0:1 1\ne0.1:1 2\nOTHER stopped\n", "the callback stops it");
	run_done(&r);
}

static void check_oversized(void)
{
	struct run r = {0};
	struct rt_buf text = {0};
	const char *out;

	rt_buf_puts(&text, "{\"items\":[{\"a\":\"");
	rt_buf_pad(&text, 'x', (size_t)2 * MAX_ITEM);
	rt_buf_puts(&text, "\"},{\"b\":1}]}");
	run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){64, 64});
	out = rt_buf_str(&r.out);
	tap_ok(strstr(out, " oversized\n") && r.out.len < MAX_ITEM + 200,
	    "a large item is cut and marked");
	tap_ok(strstr(out, " {\"b\":1}\n") != NULL, "the next one is read");
	run_done(&r);

	r = (struct run){.keep = keep_service};
	rt_buf_clear(&text);
	rt_buf_puts(&text, "{\"kind\":\"XList\",\"items\":[{\"a\":\"");
	rt_buf_pad(&text, 'x', (size_t)2 * MAX_ITEM);
	rt_buf_puts(&text, "\",\"spec\":{\"type\":1}}]}");
	run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){64, 64});
	tap_ok(strstr(rt_buf_str(&r.out), " {\"spec\":{\"type\":1}}\n") != NULL,
	    "what is dropped does not count");
	run_done(&r);
	rt_buf_done(&text);
}

static void add_nested(struct rt_buf *text, const char *open, const char *close, int depth)
{
	for (int i = 0; i < depth; i++)
		rt_buf_puts(text, open);
	rt_buf_puts(text, "1");
	for (int i = 0; i < depth; i++)
		rt_buf_puts(text, close);
}

static void check_depth(void)
{
	static const struct rt_keep walked[] = {{"a", walked}, {0}};
	struct run r = {0};
	struct rt_buf text = {0};
	const char *out;

	rt_buf_puts(&text, "{\"deep\":");
	add_nested(&text, "[", "]", 5000);
	rt_buf_puts(&text, ",\"items\":[");
	add_nested(&text, "[", "]", MAX_DEPTH - 1);
	rt_buf_puts(&text, ",");
	add_nested(&text, "[", "]", 5000);
	rt_buf_puts(&text, ",{\"last\":1}]}");
	run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){100, 100});
	out = rt_buf_str(&r.out);
	tap_ok(strstr(out, "]]]]]]]]]]]]]] oversized\n") == NULL || strstr(out, "e0.0:"),
	    "reads it all");
	tap_ok(strstr(out, "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]") != NULL, "some depth is fine");
	tap_ok(strstr(out, "e0.1:") && strstr(out, " oversized\ne0.2:"), "a deep item is marked");
	tap_ok(strstr(out, " {\"last\":1}\n") != NULL, "the next one is read");
	run_done(&r);

	r = (struct run){.keep = walked};
	rt_buf_clear(&text);
	rt_buf_puts(&text, "{\"kind\":\"XList\",\"items\":[");
	add_nested(&text, "{\"a\":", "}", 100);
	rt_buf_puts(&text, ",{\"a\":{\"a\":1,\"b\":2}}]}");
	run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){100, 100});
	out = rt_buf_str(&r.out);
	tap_ok(strstr(out, " oversized\n") != NULL, "a deep item that is walked, too");
	tap_ok(strstr(out, " {\"a\":{\"a\":1}}\n") != NULL, "the next one is projected");
	run_done(&r);
	rt_buf_done(&text);
}

/* Many portions of a large list: memory stays with one item, and all of it is found. */
static void check_large(void)
{
	struct rt_buf text = {0};
	struct run r = {.keep = keep_service};
	const char *at;
	size_t found = 0;

	rt_buf_puts(&text, "{\"kind\":\"ServiceList\",\"items\":[");
	for (int i = 0; i < 500; i++)
		rt_buf_printf(&text,
		    "%s{\"metadata\":{\"name\":\"s%d\",\"managedFields\":[{\"manager\":\"m\","
		    "\"fieldsV1\":{\"f:x\\\\\":{\"}\":{}}}}]},\"spec\":{\"type\":%d,\"t\":[%d]}}",
		    i ? ",\n" : "", i, i, i);
	rt_buf_puts(&text, "]}");
	run(&r, RT_SPLIT_LIST, text.data, text.len, (struct portions){1000, 997});
	at = rt_buf_str(&r.out);
	for (int i = 0; i < 500; i++) {
		char want[80];

		snprintf(want, sizeof(want),
		    ":%d {\"metadata\":{\"name\":\"s%d\"},\"spec\":{\"type\":%d}}\n", i + 1, i, i);
		at = strstr(at, want);
		if (!at)
			break;
		found++;
	}
	tap_is_int((long long)found, 500, "each item, with its line");
	run_done(&r);
	rt_buf_done(&text);
}

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(samples); i++)
		check(&samples[i]);
	check_escapes();
	check_nul();
	check_stop();
	check_oversized();
	check_depth();
	check_large();
	rt_split_free(NULL);
	return tap_done();
}
