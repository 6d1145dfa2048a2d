/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonsplit.h - cut JSON into items while it arrives.
 *
 * A push scanner: feed it bytes in any portions and it hands out one item at a time, each a
 * complete JSON text of its own, with every member removed that no decoder reads. A parser then
 * sees one small object instead of a whole page (a jansson tree is 15 times its text).
 *
 * RT_SPLIT_LIST    one list document: the elements of its top-level "items"
 * RT_SPLIT_DOCS    concatenated documents, also with "---" between them: lists give their elements,
 *                  everything else is an item
 * RT_SPLIT_WATCH   concatenated {"type":…,"object":…} events: the object is the item
 *
 * metadata may stand before or after items; both are read. metadata.managedFields is dropped after
 * two facts were taken from it (see struct rt_split_item). Dropped values are checked for balanced
 * brackets only; kept ones are the parser's matter.
 * Not jansson because jansson needs the whole document in memory before it answers.
 */
#ifndef RUTTER_JSONSPLIT_H
#define RUTTER_JSONSPLIT_H

#include "rutter/err.h"

/* Which members survive: arrays ended by key NULL. sub NULL keeps the whole value; otherwise sub
 * applies to the value's members, through any number of arrays. Key "*" stands for every key. */
struct rt_keep {
	const char *key;
	const struct rt_keep *sub;
};

enum rt_split_mode { RT_SPLIT_LIST, RT_SPLIT_DOCS, RT_SPLIT_WATCH };

struct rt_split_item {
	const char *json; /* borrowed until the callback returns; NUL-terminated */
	size_t len;
	const char *event;          /* RT_SPLIT_WATCH: the event's type, else NULL */
	const char *status_manager; /* newest manager of the status subresource, or NULL */
	const char *spec_time; /* newest RFC 3339 time of an entry without subresource, or NULL */
	uint64_t offset;       /* of the item's first byte in the input */
	unsigned line;         /* of the item's first byte, from 1 */
	uint64_t column;
	size_t index;   /* 0, 1, … within its list, document stream or watch */
	size_t doc;     /* number of the document it is in, from 0 */
	bool element;   /* of a list's items, not a document or event of its own */
	bool oversized; /* over max_item or max_depth: json is cut and cannot be parsed */
};

/* What a list's own metadata says; each NULL until seen. Borrowed from the splitter. */
struct rt_split_header {
	const char *resource_version, *continue_token, *api_version, *kind;
	bool complete; /* the document was read to its closing brace */
};

struct rt_split_ops {
	/* Asked once an item's apiVersion and kind are known (or at its end), with the item's own,
	 * NULL where it has none. The elements of a list of one kind (ServiceList; the header has
	 * it) are taken to have none when they do not begin with them. NULL keeps everything. */
	const struct rt_keep *(*keep)(void *ctx, const char *api_version, const char *kind);
	/* false stops: rt_split_feed then returns RT_CANCELLED. */
	bool (*item)(void *ctx, const struct rt_split_item *item);
	/* A list has ended and its header is complete, whatever stood behind the items. May be
	 * NULL. */
	void (*list_end)(void *ctx);
};

struct rt_split;

/* max_item bounds one item's kept bytes, max_depth the nesting. ops and ctx outlive the splitter.
 */
struct rt_split *rt_split_new(enum rt_split_mode mode, const struct rt_split_ops *ops, void *ctx,
    size_t max_item, unsigned max_depth);
/* RT_INPUT, "line:column: why", on bytes that cannot be JSON; items before stay delivered. */
RT_NODISCARD enum rt_status rt_split_feed(
    struct rt_split *s, const char *bytes, size_t len, struct rt_error *err);
/* The input ended: RT_INPUT when that was in the middle of a document. */
RT_NODISCARD enum rt_status rt_split_end(struct rt_split *s, struct rt_error *err);
const struct rt_split_header *rt_split_header(const struct rt_split *s);
void rt_split_free(struct rt_split *s); /* NULL-safe */

#endif
