/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_locate.c - the line on which a field of a document stands.
 * Follows the path through libyaml's events and stops as soon as the answer is known, so that a
 * large file costs only what stands before the field.
 */
#include "config.h"

#include <string.h>
#include <yaml.h>

#include "path.h"
#include "rutter/arena.h"
#include "rutter/yaml.h"

struct walk {
	yaml_parser_t parser;
	yaml_event_t event;
	unsigned line; /* of the deepest part found so far; 0: none */
};

static bool next(struct walk *w)
{
	yaml_event_delete(&w->event);
	return yaml_parser_parse(&w->parser, &w->event) == 1;
}

static int depth_change(yaml_event_type_t type)
{
	if (type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT)
		return 1;
	return type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT ? -1 : 0;
}

/* From the first event of a node to its last. */
static bool skip_node(struct walk *w)
{
	int depth = depth_change(w->event.type);

	while (depth > 0) {
		if (!next(w))
			return false;
		depth += depth_change(w->event.type);
	}
	return true;
}

/* Moves to the document's first content. */
static bool seek_document(struct walk *w, size_t doc)
{
	size_t seen = 0;

	while (next(w)) {
		if (w->event.type == YAML_STREAM_END_EVENT)
			return false;
		if (w->event.type == YAML_DOCUMENT_START_EVENT && seen++ == doc)
			return next(w);
	}
	return false;
}

static void found(struct walk *w)
{
	w->line = (unsigned)w->event.start_mark.line + 1;
}

/* In a mapping: stops at the member's value, whose key's line counts. */
static bool enter_member(struct walk *w, const char *key)
{
	while (next(w) && w->event.type != YAML_MAPPING_END_EVENT) {
		bool same = w->event.type == YAML_SCALAR_EVENT &&
			    strcmp((const char *)w->event.data.scalar.value, key) == 0;

		if (same) {
			found(w);
			return next(w);
		}
		if (!skip_node(w) || !next(w) || !skip_node(w))
			return false;
	}
	return false;
}

static bool enter_element(struct walk *w, size_t index)
{
	for (size_t i = 0; next(w) && w->event.type != YAML_SEQUENCE_END_EVENT; i++) {
		if (i == index) {
			found(w);
			return true;
		}
		if (!skip_node(w))
			return false;
	}
	return false;
}

static bool enter(struct walk *w, const struct rt_step *step)
{
	if (step->key && w->event.type == YAML_MAPPING_START_EVENT)
		return enter_member(w, step->key);
	if (!step->key && w->event.type == YAML_SEQUENCE_START_EVENT)
		return enter_element(w, step->index);
	return false;
}

unsigned rt_yaml_locate(const char *text, size_t len, size_t doc, const char *path)
{
	struct rt_arena scratch = {0};
	struct rt_steps steps = rt_path_parse(&scratch, path);
	struct walk w = {0};

	if (yaml_parser_initialize(&w.parser)) {
		yaml_parser_set_input_string(&w.parser, (const unsigned char *)text, len);
		if (seek_document(&w, doc)) {
			found(&w);
			for (size_t i = 0; i < steps.len && enter(&w, &steps.v[i]); i++)
				;
		}
		yaml_event_delete(&w.event);
		yaml_parser_delete(&w.parser);
	}
	rt_arena_done(&scratch);
	return w.line;
}
