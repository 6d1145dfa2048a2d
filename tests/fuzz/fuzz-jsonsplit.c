/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-jsonsplit.c - the same bytes give the same items however they are cut into portions and none
 * is longer than was asked for.
 */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "rutter/jsonsplit.h"
#include "tests/lib/fuzz.h"

enum { MAX_ITEM = 512, MAX_DEPTH = 20 };

static const struct rt_keep keep_metadata[] = {{"name", NULL}, {"namespace", NULL}, {NULL, NULL}};
static const struct rt_keep keep[] = {{"apiVersion", NULL}, {"kind", NULL},
    {"metadata", keep_metadata}, {"spec", NULL}, {NULL, NULL}};

static const struct rt_keep *choose(void *ctx, const char *api_version, const char *kind)
{
	(void)ctx;
	(void)api_version;
	return kind && strcmp(kind, "Whole") == 0 ? NULL : keep;
}

static bool is_json(const char *text, size_t len)
{
	struct rt_error err = {0};
	json_t *value;

	if (rt_json_parse(text, len, "input", &value, &err) != RT_OK)
		return false;
	json_decref(value);
	return true;
}

static bool take(void *ctx, const struct rt_split_item *item)
{
	struct rt_buf *out = ctx;

	FUZZ_CHECK(item->json[item->len] == '\0');
	FUZZ_CHECK(item->len <= MAX_ITEM);
	rt_buf_printf(out, "%zu %llu %u %d %s %s %s ", item->index,
	    (unsigned long long)item->offset, item->line, item->oversized,
	    item->event ? item->event : "-", item->status_manager ? item->status_manager : "-",
	    item->spec_time ? item->spec_time : "-");
	/* Where an oversized item is cut depends on the portions; it is not read anyway. */
	if (!item->oversized)
		rt_buf_add(out, item->json, item->len);
	rt_buf_putc(out, '\n');
	return true;
}

/* Everything that can be seen of one run, as text. */
static void split(
    enum rt_split_mode mode, const char *bytes, size_t size, size_t portion, struct rt_buf *out)
{
	static const struct rt_split_ops ops = {.keep = choose, .item = take};
	struct rt_error err = {0};
	struct rt_split *s = rt_split_new(mode, &ops, out, MAX_ITEM, MAX_DEPTH);
	enum rt_status st = RT_OK;

	for (size_t at = 0; at < size && st == RT_OK; at += portion)
		st = rt_split_feed(s, bytes + at, size - at < portion ? size - at : portion, &err);
	if (st == RT_OK)
		st = rt_split_end(s, &err);
	const struct rt_split_header *h = rt_split_header(s);

	rt_buf_printf(out, "%d %s %s %s %s %d %s\n", (int)st,
	    h->resource_version ? h->resource_version : "-",
	    h->continue_token ? h->continue_token : "-", h->api_version ? h->api_version : "-",
	    h->kind ? h->kind : "-", h->complete, err.msg);
	rt_split_free(s);
}

/* The first byte chooses the mode and the portion. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_buf whole = {0}, cut = {0};

	if (size < 1)
		return 0;
	const char *text = (const char *)data + 1;
	enum rt_split_mode mode = (enum rt_split_mode)(data[0] % 3);
	size_t portion = data[0] / 3 % 7 + 1;

	split(mode, text, size - 1, size, &whole);
	split(mode, text, size - 1, portion, &cut);
	if (is_json(text, size - 1))
		FUZZ_CHECK(strcmp(rt_buf_str(&whole), rt_buf_str(&cut)) == 0);
	rt_buf_done(&whole);
	rt_buf_done(&cut);
	return 0;
}
