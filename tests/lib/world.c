/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.c - a store from YAML text.
 */
#include "config.h"

#include "tests/lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/yaml.h"
#include "tests/lib/tap.h"

void world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->store = rt_store_new(RT_STORE_FILES);
	rt_arena_init(&w->arena);
}

static bool is_object(const struct rt_value *v)
{
	return rt_value_get_str(v, "kind") && rt_value_get_str(v, "apiVersion");
}

static enum rt_status keep_plain(struct world *w, const struct rt_value *v, struct rt_error *err)
{
	struct rt_buf text = {0};
	if (w->plain_count == RT_ARRAY_LEN(w->plain))
		return rt_fail(err, RT_LIMIT, "too many documents that are no objects");
	rt_value_write(&text, v);
	enum rt_status st =
	    rt_value_from_json(text.data, text.len, "document", &w->plain[w->plain_count], err);
	w->plain_count += st == RT_OK;
	rt_buf_done(&text);
	return st;
}

static enum rt_status put(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct world *w = ctx;
	const struct rt_value *v = rt_value_of(doc->value);
	struct rt_obj *obj = NULL;
	if (rt_value_is_null(v))
		return RT_OK;
	if (!is_object(v))
		return keep_plain(w, v, err);
	struct rt_decode_in in = {.value = doc->value, .origin = {.item = -1, .line = doc->line}};
	enum rt_status st = rt_decode(rt_store_intern(w->store), &in, &w->arena, &obj, NULL, err);
	if (st == RT_OK)
		rt_store_put(w->store, obj);
	return st;
}

bool world_yaml(struct world *w, const char *text)
{
	struct rt_error err = {0};
	if (rt_yaml_parse(text, strlen(text), "test", put, w, &err) == RT_OK)
		return true;
	tap_diag("%s", err.msg);
	return false;
}

bool world_file(struct world *w, const char *path)
{
	struct rt_buf text = {0};
	char block[4096];
	FILE *f = fopen(path, "r");
	if (!f) {
		tap_diag("%s cannot be opened", path);
		return false;
	}
	for (size_t n; (n = fread(block, 1, sizeof(block), f)) > 0;)
		rt_buf_add(&text, block, n);
	fclose(f);
	bool ok = world_yaml(w, rt_buf_str(&text));
	rt_buf_done(&text);
	return ok;
}

void world_done(struct world *w)
{
	for (size_t i = 0; i < w->plain_count; i++)
		rt_value_free(w->plain[i]);
	rt_store_free(w->store);
	rt_arena_done(&w->arena);
}
