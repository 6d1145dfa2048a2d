/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_locate.c - the line on which a field of a document stands.
 * Follows the path through libyaml's events and stops as soon as the answer is known, so that a
 * large file costs only what stands before the field.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "rutter/arena.h"
#include "rutter/vec.h"
#include "rutter/yaml.h"

/* One step of a path: a member, or an element when key is NULL. */
struct step {
	const char *key;
	size_t index;
};

struct steps {
	const struct step *v;
	size_t len;
};

/* ['key'], ["key"] or [3]; NULL when it is none of them. */
static const char *take_bracket(struct rt_arena *a, const char *s, struct step *ret)
{
	char quote = s[1];
	const char *end;
	char *number_end;

	if (quote == '\'' || quote == '"') {
		end = strchr(s + 2, quote);
		if (!end || end[1] != ']')
			return NULL;
		ret->key = rt_arena_strndup(a, s + 2, (size_t)(end - s - 2));
		return end + 2;
	}
	ret->key = NULL;
	ret->index = strtoul(s + 1, &number_end, 10);
	return number_end > s + 1 && *number_end == ']' ? number_end + 1 : NULL;
}

/* Whatever cannot be read ends the path: the part before it still leads somewhere. */
static struct steps parse_path(struct rt_arena *a, const char *path)
{
	RT_VEC(struct step) steps = {0};
	struct step step = {0};

	while (path && *path) {
		if (*path == '[') {
			path = take_bracket(a, path, &step);
			if (!path)
				break;
		} else {
			size_t len;

			path += *path == '.';
			len = strcspn(path, ".[");
			step.key = rt_arena_strndup(a, path, len);
			path += len;
		}
		rt_vec_push(&steps, a, step);
	}
	return (struct steps){steps.v, steps.len};
}

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

static bool enter(struct walk *w, const struct step *step)
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
	struct steps steps = parse_path(&scratch, path);
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
