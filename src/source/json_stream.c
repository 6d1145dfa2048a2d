/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_stream.c - JSON manifests, Lists and snapshots of any size, one object at a time.
 * An object that means nothing to us is a problem of the store; bytes that are no JSON end the run.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/intern.h"
#include "rutter/json.h"
#include "rutter/jsonsplit.h"
#include "rutter/manifest.h"
#include "rutter/mem.h"
#include "rutter/tree.h"
#include "rutter/vec.h"
#include "source_int.h"

#define ITEM_MAX ((size_t)64 << 20)
#define DEPTH_MAX 256
#define WINDOW_MIN ((size_t)16 << 10)
/* Of all elements that wait for the end of their list. */
#define WAITING_MAX (4 * ITEM_MAX)

/* An element that does not say what it is, of a list that has not said it yet. */
struct waiting {
	char *json;
	size_t len;
	struct rt_origin origin;
	char *status_manager, *spec_time; /* or NULL */
};

struct rt_json_stream {
	struct rt_store *store;
	struct rt_split *split;
	struct rt_arena scratch;
	struct rt_origin origin;
	int fd;
	RT_VEC(struct waiting) waiting;
	size_t waiting_bytes;
	struct rt_error broken; /* an item that is not JSON */
};

bool rt_source_is_json(const char *text, size_t len)
{
	const char *p = text, *end = text + len;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	while (p < end && strchr(" \t\r\n", *p) && *p)
		p++;
	if (p == end || *p++ != '{')
		return false;
	while (p < end && strchr(" \t\r\n", *p) && *p)
		p++;
	return p < end && (*p == '"' || *p == '}');
}

bool rt_source_value_at(int fd, uint64_t offset, struct rt_buf *ret)
{
	for (size_t window = WINDOW_MIN; window <= ITEM_MAX; window *= 4) {
		char *text = rt_xmalloc(window);
		ssize_t n = pread(fd, text, window, (off_t)offset);
		size_t len = n > 0 ? rt_json_value_len(text, (size_t)n) : 0;

		if (len > 0)
			rt_buf_add(ret, text, len);
		free(text);
		if (len > 0 || n < (ssize_t)window)
			return len > 0;
	}
	return false;
}

/* ------------------------------------------------------------------ what is kept */

/* Fits every group there is; a longer one is none that we decode. */
struct group {
	char text[256];
};

static const struct rt_keep *keep_of(
    struct rt_json_stream *r, const char *api_version, const char *kind)
{
	const char *slash = strchr(api_version, '/');
	size_t len = slash ? (size_t)(slash - api_version) : 0;
	struct group group = {""};

	if (len < sizeof(group.text))
		memcpy(group.text, api_version, len);
	return rt_store_keep(r->store, rt_kind_of(group.text, kind));
}

static const struct rt_keep *on_keep(void *ctx, const char *api_version, const char *kind)
{
	struct rt_json_stream *r = ctx;
	const struct rt_split_header *h = rt_split_header(r->split);
	struct rt_decode_in in = {0};
	const struct rt_keep *keep = NULL;

	if (kind && api_version && !rt_manifest_is_list(kind))
		return keep_of(r, api_version, kind);
	if (!kind)
		rt_manifest_list_of(&r->scratch, h->api_version, h->kind, &in);
	if (in.default_kind)
		keep = keep_of(r, h->api_version, in.default_kind);
	return keep;
}

/* ------------------------------------------------------------------ items */

static void put_unread(
    struct rt_json_stream *r, const struct rt_origin *origin, const char *message)
{
	struct rt_input_problem p = {.origin = *origin, .message = message};

	rt_store_add_problem(r->store, &p);
}

/* The item's text is what was kept of it: for line and column it is read again as it stands, where
 * that can be done. */
static void tell_place(struct rt_json_stream *r, const struct rt_split_item *item)
{
	struct rt_json_place place = {rt_source_shown(r->origin.file), item->line, item->column};
	struct rt_buf text = {0};
	struct json_t *value = NULL;

	rt_fail(&r->broken, RT_INPUT, "%s:%u:%llu: not JSON", place.source, place.line,
	    (unsigned long long)place.column);
	if (!rt_source_value_at(r->fd, item->offset, &text))
		rt_buf_add(&text, item->json, item->len);
	if (rt_json_parse_at(text.data, text.len, &place, &value, &r->broken) == RT_OK)
		rt_json_free(value);
	rt_buf_done(&text);
}

/* "kind" of a list of one kind may stand behind the items that rely on it: jq -S sorts so. */
static bool waits_for_list(
    const struct rt_split_header *h, const struct rt_split_item *item, const struct rt_tree *tree)
{
	return item->element && (!h->kind || !h->api_version) && tree->type == RT_TREE_OBJECT &&
	       (!rt_tree_get(tree, "kind") || !rt_tree_get(tree, "apiVersion"));
}

static void wait_for_list(
    struct rt_json_stream *r, const struct rt_split_item *item, const struct rt_origin *origin)
{
	struct waiting w = {.len = item->len, .origin = *origin};

	if (item->len > WAITING_MAX - r->waiting_bytes) {
		put_unread(
		    r, origin, "its list says of which kind it is only behind 256 MiB of items");
		return;
	}
	r->waiting_bytes += item->len;
	w.json = rt_xstrndup(item->json, item->len);
	w.status_manager = item->status_manager ? rt_xstrdup(item->status_manager) : NULL;
	w.spec_time = item->spec_time ? rt_xstrdup(item->spec_time) : NULL;
	rt_vec_push(&r->waiting, NULL, w);
}

static void put_waiting(struct rt_json_stream *r, const struct waiting *w)
{
	const struct rt_split_header *h = rt_split_header(r->split);
	struct rt_decode_in in = {
	    .origin = w->origin, .status_manager = w->status_manager, .spec_time = w->spec_time};

	if (rt_tree_parse(&r->scratch, w->json, w->len, r->origin.file, &in.tree, NULL) == RT_OK) {
		rt_manifest_list_of(&r->scratch, h->api_version, h->kind, &in);
		rt_manifest_put_item(r->store, &r->scratch, &in, NULL);
	}
	rt_arena_reset(&r->scratch);
}

static void drop_waiting(struct rt_json_stream *r)
{
	for (size_t i = 0; i < r->waiting.len; i++) {
		free(r->waiting.v[i].json);
		free(r->waiting.v[i].status_manager);
		free(r->waiting.v[i].spec_time);
	}
	rt_vec_free(&r->waiting);
	r->waiting_bytes = 0;
}

static void on_list_end(void *ctx)
{
	struct rt_json_stream *r = ctx;
	const char *kind = rt_split_header(r->split)->kind;

	/* "items" of another kind than a list's is its own affair. */
	for (size_t i = 0; (!kind || rt_manifest_is_list(kind)) && i < r->waiting.len; i++)
		put_waiting(r, &r->waiting.v[i]);
	drop_waiting(r);
}

static bool on_item(void *ctx, const struct rt_split_item *item)
{
	struct rt_json_stream *r = ctx;
	const struct rt_split_header *h = rt_split_header(r->split);
	struct rt_decode_in in = {.origin = r->origin,
	    .status_manager = item->status_manager,
	    .spec_time = item->spec_time};

	in.origin.line = item->line;
	in.origin.offset = (int64_t)item->offset;
	in.origin.doc = (unsigned)item->doc;
	in.origin.item = item->element ? (int)item->index : -1;
	if (item->oversized) {
		put_unread(r, &in.origin,
		    "it is larger than 64 MiB, or nested too deep, and was not read");
		return true;
	}
	if (rt_tree_parse(&r->scratch, item->json, item->len, r->origin.file, &in.tree, NULL) !=
	    RT_OK) {
		tell_place(r, item);
		return false;
	}
	if (waits_for_list(h, item, in.tree)) {
		wait_for_list(r, item, &in.origin);
	} else if (item->element || in.tree->type != RT_TREE_NULL) {
		if (item->element)
			rt_manifest_list_of(&r->scratch, h->api_version, h->kind, &in);
		rt_manifest_put_item(r->store, &r->scratch, &in, NULL);
	}
	rt_arena_reset(&r->scratch);
	return true;
}

/* ------------------------------------------------------------------ the stream */

struct rt_json_stream *rt_json_stream_new(
    struct rt_store *s, const char *name, bool overlay, int fd)
{
	static const struct rt_split_ops ops = {
	    .keep = on_keep, .item = on_item, .list_end = on_list_end};
	struct rt_json_stream *r = rt_xcalloc(1, sizeof(*r));

	r->store = s;
	r->fd = fd;
	r->origin.file = rt_intern(rt_store_intern(s), name);
	r->origin.overlay = overlay;
	r->split = rt_split_new(RT_SPLIT_DOCS, &ops, r, ITEM_MAX, DEPTH_MAX);
	return r;
}

void rt_json_stream_free(struct rt_json_stream *r)
{
	if (!r)
		return;
	rt_split_free(r->split);
	drop_waiting(r);
	rt_arena_done(&r->scratch);
	free(r);
}

/* why: the splitter's error, which starts with the place. */
static enum rt_status settle(
    struct rt_json_stream *r, enum rt_status st, const struct rt_error *why, struct rt_error *err)
{
	if (r->broken.status == RT_OK)
		return st == RT_OK
			   ? st
			   : rt_fail(err, st, "%s:%s", rt_source_shown(r->origin.file), why->msg);
	if (err)
		*err = r->broken;
	return r->broken.status;
}

enum rt_status rt_json_stream_feed(
    struct rt_json_stream *r, const char *bytes, size_t len, struct rt_error *err)
{
	struct rt_error why = {0};

	return settle(r, rt_split_feed(r->split, bytes, len, &why), &why, err);
}

enum rt_status rt_json_stream_end(struct rt_json_stream *r, struct rt_error *err)
{
	struct rt_error why = {0};

	return settle(r, rt_split_end(r->split, &why), &why, err);
}
