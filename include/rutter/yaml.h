/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.h - YAML documents as JSON values.
 * Scalars resolve as in go-yaml v2, which kubectl uses: YAML 1.1 booleans, numbers and null for
 * plain scalars, text for quoted ones. Anchors, aliases and merge keys work under a node budget;
 * BOM and CRLF are accepted; duplicate keys: the last wins.
 */
#ifndef RUTTER_YAML_H
#define RUTTER_YAML_H

#include "rutter/json.h"

struct rt_yaml_doc {
	struct json_t *value; /* borrowed until the callback returns; null for an empty document */
	unsigned line;        /* of the document's first content, from 1 */
	size_t index;         /* 0, 1, … in the stream */
	const unsigned *item_lines; /* where each element of its top-level "items" begins */
	size_t item_count;
};
typedef enum rt_status (*rt_yaml_fn)(
    void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err);

/* Calls fn for each document in turn; a status other than RT_OK from fn ends the run and is
 * returned. A broken document: RT_INPUT, "source:line:column: why". */
RT_NODISCARD enum rt_status rt_yaml_parse(const char *text, size_t len, const char *source,
    rt_yaml_fn fn, void *ctx, struct rt_error *err);

/* The line of a field in document number doc of the text (JSON is YAML here too), for a path such
 * as items[3].spec.rules[0].backendRefs[1] or metadata.annotations['a.b/c']. The deepest part of
 * the path that exists counts; 0 when the document cannot be read. */
unsigned rt_yaml_locate(const char *text, size_t len, size_t doc, const char *path);

/* The version of libyaml that this runs with. */
const char *rt_yaml_library(void);

#endif
