/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - the documents of one YAML text.
 */
#include "config.h"

#include "rutter/arena.h"
#include "rutter/intern.h"
#include "rutter/manifest.h"
#include "rutter/tree.h"
#include "rutter/yaml.h"
#include "source_int.h"

struct reading {
	struct rt_store *store;
	struct rt_arena scratch;
	struct rt_origin origin;
};

static enum rt_status take_document(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct reading *r = ctx;
	struct rt_decode_in in = {.tree = rt_tree_of(&r->scratch, doc->value), .origin = r->origin};
	(void)err;
	in.origin.line = doc->line;
	in.origin.doc = (unsigned)doc->index;
	if (in.tree->type != RT_TREE_NULL)
		rt_manifest_put_item(r->store, &r->scratch, &in, doc->item_lines);
	rt_arena_reset(&r->scratch);
	return RT_OK;
}

enum rt_status rt_source_text_read(struct rt_store *s, const char *name, bool overlay,
    const char *text, size_t len, struct rt_error *err)
{
	struct reading r = {.store = s};
	r.origin = (struct rt_origin){.file = rt_intern(rt_store_intern(s), name),
	    .item = -1,
	    .offset = -1,
	    .overlay = overlay};
	enum rt_status st =
	    rt_yaml_parse(text, len, name ? rt_source_shown(name) : "demo", take_document, &r, err);
	rt_arena_done(&r.scratch);
	return st;
}
