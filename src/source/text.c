/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - the documents of one YAML or JSON text.
 */
#include "config.h"

#include "rutter/intern.h"
#include "rutter/manifest.h"
#include "rutter/yaml.h"
#include "source_int.h"

struct reading {
	struct rt_store *store;
	struct rt_origin origin;
};

static enum rt_status take_document(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct reading *r = ctx;
	struct rt_origin origin = r->origin;
	(void)err;
	origin.line = doc->line;
	origin.doc = (unsigned)doc->index;
	rt_manifest_put(r->store, doc->value, origin);
	return RT_OK;
}

enum rt_status rt_source_text_read(struct rt_store *s, const char *name, bool overlay,
    const char *text, size_t len, struct rt_error *err)
{
	struct reading r = {.store = s};
	r.origin.file = rt_intern(rt_store_intern(s), name);
	r.origin.overlay = overlay;
	return rt_yaml_parse(text, len, name ? name : "demo", take_document, &r, err);
}
