/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.c - YAML documents as JSON values, built from libyaml's events.
 * The tree is built with an explicit stack. An alias shares its anchor's value, so memory stays
 * linear in the text; what aliases add up to when walked, in size and in depth, is bounded.
 */
#include "config.h"

#include "rutter/yaml.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "rutter/buf.h"
#include "rutter/map.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"
#include "rutter/vec.h"
#include "yaml_scalar.h"

#define DEPTH_MAX 256
/* What aliases may stand for in one document, all told: values, and text by the piece. */
#define ALIAS_SIZE_MAX 500000
#define TEXT_PIECE 32

/* What a value comes to when it is walked, aliases counted in full. */
struct extent {
	size_t size;  /* values, and pieces of text */
	size_t depth; /* levels of mappings and sequences */
};

/* One open mapping or sequence. */
struct frame {
	json_t *value;
	char *anchor;   /* to be known once complete, or NULL */
	char *key;      /* of the mapping's next value; NULL: a key comes next */
	json_t *merges; /* array of mappings to merge in, or NULL */
	bool merging;   /* the next value belongs to "<<" */
	struct extent extent;
};

/* A complete anchored value. */
struct anchor {
	json_t *value;
	struct extent extent;
};

struct builder {
	const char *source;
	struct rt_error *err;
	yaml_event_t event;
	RT_VEC(struct frame) stack;
	struct rt_map anchors; /* name to struct anchor */
	size_t alias_size;
	json_t *root; /* the finished document */
	RT_VEC(unsigned) item_lines;
};

static enum rt_status refuse_at(struct builder *b, yaml_mark_t mark, const char *why)
{
	return rt_fail(
	    b->err, RT_INPUT, "%s:%zu:%zu: %s", b->source, mark.line + 1, mark.column + 1, why);
}

static enum rt_status refuse(struct builder *b, const char *why)
{
	return refuse_at(b, b->event.start_mark, why);
}

static void frame_done(struct frame *f)
{
	json_decref(f->value);
	json_decref(f->merges);
	free(f->anchor);
	free(f->key);
}

static void builder_clear(struct builder *b)
{
	for (size_t i = 0; i < b->stack.len; i++)
		frame_done(&b->stack.v[i]);
	b->stack.len = 0;
	RT_MAP_EACH (&b->anchors, e) {
		struct anchor *a = e->value;

		json_decref(a->value);
		free(a);
	}
	rt_map_done(&b->anchors);
	json_decref(b->root);
	b->root = NULL;
	b->alias_size = 0;
	b->item_lines.len = 0;
}

static void set_anchor(struct builder *b, const char *name, json_t *value, struct extent extent)
{
	struct anchor *a = rt_xcalloc(1, sizeof(*a)), *before;

	a->value = json_incref(value);
	a->extent = extent;
	before = rt_map_set(&b->anchors, name, a);
	if (before)
		json_decref(before->value);
	free(before);
}

static const char *scalar_text(const yaml_event_t *event)
{
	return (const char *)event->data.scalar.value;
}

static json_t *scalar_value(const yaml_event_t *event)
{
	const char *text = scalar_text(event);
	const char *tag = (const char *)event->data.scalar.tag;
	size_t len = event->data.scalar.length;

	/* An explicit core tag other than !!str asks for the same resolution, quoted or not. */
	if (tag ? strncmp(tag, YAML_STR_TAG, 18) == 0 && strcmp(tag, YAML_STR_TAG) != 0 &&
		      strcmp(tag, "tag:yaml.org,2002:binary") != 0
		: event->data.scalar.plain_implicit)
		return rt_yaml_resolve(text, len);
	return json_stringn_nocheck(text, len);
}

static struct extent extent_of_text(size_t len)
{
	return (struct extent){.size = 1 + len / TEXT_PIECE};
}

/* Mapping keys are strings in JSON: numbers and booleans by their value, as kubectl writes them. */
static enum rt_status take_key(struct builder *b, struct frame *f)
{
	json_t *value;
	struct rt_buf text = {0};

	if (b->event.type != YAML_SCALAR_EVENT)
		return refuse(b, "a mapping key that is not a scalar");
	if (strlen(scalar_text(&b->event)) != b->event.data.scalar.length)
		return refuse(b, "a mapping key with a NUL byte");
	f->merging = b->event.data.scalar.plain_implicit && !b->event.data.scalar.tag &&
		     strcmp(scalar_text(&b->event), "<<") == 0;
	value = scalar_value(&b->event);
	if (json_is_string(value))
		rt_buf_add(&text, json_string_value(value), json_string_length(value));
	else
		rt_json_write(&text, value, true);
	if (b->event.data.scalar.anchor)
		set_anchor(
		    b, (const char *)b->event.data.scalar.anchor, value, extent_of_text(text.len));
	json_decref(value);
	f->extent.size += text.len / TEXT_PIECE;
	f->key = rt_buf_take(&text);
	return RT_OK;
}

static enum rt_status take_merge(struct builder *b, struct frame *f, json_t *value)
{
	bool ok = json_is_object(value);

	if (!f->merges)
		f->merges = json_array();
	if (ok)
		json_array_append(f->merges, value);
	if (json_is_array(value)) {
		ok = true;
		for (size_t i = 0; i < json_array_size(value); i++)
			ok = ok && json_is_object(json_array_get(value, i));
		if (ok)
			json_array_extend(f->merges, value);
	}
	json_decref(value);
	return ok ? RT_OK : refuse(b, "'<<' merges mappings only");
}

/* Puts a complete value where it belongs. Consumes value. */
static enum rt_status place(struct builder *b, json_t *value, struct extent extent)
{
	struct frame *f;
	enum rt_status st = RT_OK;

	if (b->stack.len == 0) {
		b->root = value;
		return RT_OK;
	}
	f = &b->stack.v[b->stack.len - 1];
	f->extent.size += extent.size;
	if (f->extent.depth <= extent.depth)
		f->extent.depth = extent.depth + 1;
	if (json_is_array(f->value)) {
		json_array_append_new(f->value, value);
		return RT_OK;
	}
	if (f->merging)
		st = take_merge(b, f, value);
	else
		json_object_set_new_nocheck(f->value, f->key, value);
	f->merging = false;
	free(f->key);
	f->key = NULL;
	return st;
}

/* Own keys win over merged ones, and earlier merged mappings over later ones. */
static void apply_merges(struct frame *f)
{
	for (size_t i = 0; i < json_array_size(f->merges); i++)
		json_object_update_missing(f->value, json_array_get(f->merges, i));
}

static enum rt_status open_frame(struct builder *b, json_t *value, const yaml_char_t *anchor)
{
	struct frame f = {.value = value, .extent = {.size = 1, .depth = 1}};

	if (b->stack.len >= DEPTH_MAX) {
		json_decref(value);
		return refuse(b, "nested too deep");
	}
	if (anchor)
		f.anchor = rt_xstrdup((const char *)anchor);
	rt_vec_push(&b->stack, NULL, f);
	return RT_OK;
}

static enum rt_status close_frame(struct builder *b)
{
	struct frame f = b->stack.v[b->stack.len - 1];
	json_t *value = json_incref(f.value);

	b->stack.len--;
	apply_merges(&f);
	if (f.anchor)
		set_anchor(b, f.anchor, value, f.extent);
	frame_done(&f);
	return place(b, value, f.extent);
}

static const char too_much[] = "aliases stand for too many values";

static bool spend(struct builder *b, const struct anchor *a)
{
	b->alias_size += a->extent.size;
	return b->alias_size <= ALIAS_SIZE_MAX;
}

static enum rt_status on_alias(struct builder *b)
{
	const char *name = (const char *)b->event.data.alias.anchor;
	const struct anchor *a = rt_map_get(&b->anchors, name);

	for (size_t i = 0; i < b->stack.len && !a; i++)
		if (b->stack.v[i].anchor && strcmp(b->stack.v[i].anchor, name) == 0)
			return refuse(b, "an alias inside its own anchor");
	if (!a)
		return refuse(b, "an alias to an anchor that is not there");
	if (b->stack.len + a->extent.depth > DEPTH_MAX)
		return refuse(b, "nested too deep");
	return spend(b, a) ? place(b, json_incref(a->value), a->extent) : refuse(b, too_much);
}

static enum rt_status on_scalar(struct builder *b)
{
	json_t *value = scalar_value(&b->event);
	struct extent extent = extent_of_text(b->event.data.scalar.length);

	if (b->event.data.scalar.anchor)
		set_anchor(b, (const char *)b->event.data.scalar.anchor, value, extent);
	return place(b, value, extent);
}

static bool wants_key(const struct builder *b)
{
	const struct frame *f = b->stack.len ? &b->stack.v[b->stack.len - 1] : NULL;

	return f && json_is_object(f->value) && !f->key;
}

/* "*a : x": rare, but legal where the anchor is a scalar. */
static enum rt_status take_alias_key(struct builder *b, struct frame *f)
{
	const char *name = (const char *)b->event.data.alias.anchor;
	const struct anchor *a = rt_map_get(&b->anchors, name);

	if (!a || !json_is_string(a->value))
		return refuse(b, "a mapping key that is not a scalar");
	if (!spend(b, a))
		return refuse(b, too_much);
	f->extent.size += a->extent.size;
	f->key = rt_xstrdup(json_string_value(a->value));
	return RT_OK;
}

static enum rt_status on_key(struct builder *b)
{
	struct frame *f = &b->stack.v[b->stack.len - 1];

	if (b->event.type == YAML_SCALAR_EVENT)
		return take_key(b, f);
	if (b->event.type == YAML_ALIAS_EVENT)
		return take_alias_key(b, f);
	return refuse(b, "a mapping key that is not a scalar");
}

/* Another element of the document's own "items"? Lists are told by line where they begin. */
static void note_item(struct builder *b)
{
	const struct frame *f = b->stack.v;

	if (b->stack.len == 2 && json_is_array(f[1].value) && json_is_object(f[0].value) &&
	    strcmp(f[0].key, "items") == 0)
		rt_vec_push(&b->item_lines, NULL, (unsigned)b->event.start_mark.line + 1);
}

/* An event inside a document. */
static enum rt_status on_node(struct builder *b)
{
	bool ends =
	    b->event.type == YAML_MAPPING_END_EVENT || b->event.type == YAML_SEQUENCE_END_EVENT;

	if (ends)
		return close_frame(b);
	note_item(b);
	if (wants_key(b))
		return on_key(b);
	if (b->event.type == YAML_ALIAS_EVENT)
		return on_alias(b);
	if (b->event.type == YAML_SCALAR_EVENT)
		return on_scalar(b);
	if (b->event.type == YAML_MAPPING_START_EVENT)
		return open_frame(b, json_object(), b->event.data.mapping_start.anchor);
	return open_frame(b, json_array(), b->event.data.sequence_start.anchor);
}

/* The reader knows the byte offset only. */
static yaml_mark_t mark_of_offset(const char *text, size_t len, size_t offset)
{
	yaml_mark_t mark = {0};

	for (size_t i = 0; i < offset && i < len; i++) {
		mark.column = text[i] == '\n' ? 0 : mark.column + 1;
		mark.line += text[i] == '\n';
	}
	return mark;
}

struct input {
	const char *text;
	size_t len;
};

/* Marks count characters; one line is walked to find the byte. */
static bool is_tab_at(struct input in, yaml_mark_t mark)
{
	const char *s = in.text, *end = in.text + in.len;
	uint32_t cp;

	for (size_t line = 0; s && line < mark.line; line++) {
		s = memchr(s, '\n', (size_t)(end - s));
		s = s ? s + 1 : NULL;
	}
	for (size_t column = 0; s && s < end && column < mark.column; column++)
		s += rt_utf8_decode(s, (size_t)(end - s), &cp);
	return s && s < end && *s == '\t';
}

static enum rt_status parser_failed(struct builder *b, const yaml_parser_t *parser, struct input in)
{
	const char *why = parser->problem ? parser->problem : "not YAML";
	char text[256];

	if (parser->error == YAML_MEMORY_ERROR)
		return rt_fail(b->err, RT_LIMIT, "%s: out of memory", b->source);
	if (parser->error == YAML_READER_ERROR)
		return refuse_at(b, mark_of_offset(in.text, in.len, parser->problem_offset), why);
	if (is_tab_at(in, parser->problem_mark))
		why = "a tab where YAML allows spaces only";
	snprintf(text, sizeof(text), "%s%s%s", why, parser->context ? " " : "",
	    parser->context ? parser->context : "");
	return refuse_at(b, parser->problem_mark, text);
}

/* Reads the nodes of one document into b->root. */
static enum rt_status read_document(
    struct builder *b, yaml_parser_t *parser, struct input in, unsigned *ret_line)
{
	enum rt_status st = RT_OK;
	bool first = true;

	while (st == RT_OK) {
		if (!yaml_parser_parse(parser, &b->event))
			return parser_failed(b, parser, in);
		if (first)
			*ret_line = (unsigned)b->event.start_mark.line + 1;
		first = false;
		if (b->event.type == YAML_DOCUMENT_END_EVENT) {
			yaml_event_delete(&b->event);
			break;
		}
		st = on_node(b);
		yaml_event_delete(&b->event);
	}
	return st;
}

static enum rt_status read_stream(
    struct builder *b, yaml_parser_t *parser, struct input in, rt_yaml_fn fn, void *ctx)
{
	struct rt_yaml_doc doc = {0};

	for (;;) {
		yaml_event_type_t type;
		enum rt_status st;

		if (!yaml_parser_parse(parser, &b->event))
			return parser_failed(b, parser, in);
		type = b->event.type;
		yaml_event_delete(&b->event);
		if (type == YAML_STREAM_END_EVENT)
			return RT_OK;
		if (type != YAML_DOCUMENT_START_EVENT)
			continue;
		st = read_document(b, parser, in, &doc.line);
		if (st != RT_OK)
			return st;
		doc.value = b->root;
		doc.item_lines = b->item_lines.v;
		doc.item_count = b->item_lines.len;
		st = fn(ctx, &doc, b->err);
		builder_clear(b);
		if (st != RT_OK)
			return st;
		doc.index++;
	}
}

/* Files joined after one another bring their byte order marks along; libyaml counts one at the
 * start of a later line as a column. Returns the text without them (caller frees), or NULL. */
static char *without_inner_boms(struct input in, size_t *ret_len)
{
	static const char bom[] = "\n\xef\xbb\xbf";
	const char *from = in.text, *end = in.text + in.len;
	const char *at = memmem(from, in.len, bom, 4);
	struct rt_buf out = {0};

	if (!at)
		return NULL;
	while (at) {
		rt_buf_add(&out, from, (size_t)(at + 1 - from));
		from = at + 4;
		at = memmem(from, (size_t)(end - from), bom, 4);
	}
	rt_buf_add(&out, from, (size_t)(end - from));
	*ret_len = out.len;
	return rt_buf_take(&out);
}

enum rt_status rt_yaml_parse(const char *text, size_t len, const char *source, rt_yaml_fn fn,
    void *ctx, struct rt_error *err)
{
	struct input in = {text, len};
	RT_AUTO_FREE char *copy = without_inner_boms(in, &len);
	struct builder b = {.source = source, .err = err};
	yaml_parser_t parser;
	enum rt_status st;

	if (copy)
		in = (struct input){copy, len};
	if (!yaml_parser_initialize(&parser))
		return rt_fail(err, RT_LIMIT, "%s: out of memory", source);
	yaml_parser_set_input_string(&parser, (const unsigned char *)in.text, in.len);
	st = read_stream(&b, &parser, in, fn, ctx);
	yaml_parser_delete(&parser);
	builder_clear(&b);
	rt_vec_free(&b.stack);
	rt_vec_free(&b.item_lines);
	return st;
}

const char *rt_yaml_library(void)
{
	return yaml_get_version_string();
}
