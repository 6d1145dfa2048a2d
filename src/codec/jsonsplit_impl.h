/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonsplit_impl.h - the splitter's inside: jsonsplit.c takes bytes apart into tokens,
 * jsonsplit_item.c knows what members mean and builds the items.
 */
#ifndef RUTTER_CODEC_JSONSPLIT_IMPL_H
#define RUTTER_CODEC_JSONSPLIT_IMPL_H

#include "jsonscan.h"
#include "rutter/buf.h"
#include "rutter/jsonsplit.h"

/* What a container is; this decides what its members mean. */
enum role {
	ROLE_OPAQUE,
	ROLE_LIST,      /* a list document */
	ROLE_LIST_META, /* its metadata */
	ROLE_ITEMS,     /* its items */
	ROLE_EVENT,     /* a watch event */
	ROLE_ITEM,      /* an item; in RT_SPLIT_DOCS also a document that may turn out a list */
	ROLE_META,      /* an item's metadata */
	ROLE_MANAGED,   /* its managedFields */
	ROLE_MANAGER,   /* an entry of them */
	ROLE_KEPT,      /* a container some of whose members are kept */
};

enum fact {
	FACT_NONE,
	FACT_LIST_API_VERSION,
	FACT_LIST_KIND,
	FACT_RESOURCE_VERSION,
	FACT_CONTINUE, /* the list's own end here */
	FACT_EVENT,
	FACT_API_VERSION,
	FACT_KIND,
	FACT_MANAGER,
	FACT_TIME,
	FACT_SUBRESOURCE,
	FACT_STATUS_MANAGER, /* the two that an item's managers come to */
	FACT_SPEC_TIME,
	FACT_COUNT
};

/* What to do with the next value. */
struct plan {
	enum role role;
	enum fact fact;
	bool output;
	const struct rt_keep *keep; /* of ROLE_KEPT and ROLE_META; NULL keeps all */
};

struct frame {
	enum role role;
	bool array, output;
	bool any; /* a member or element was written: a comma comes first */
	const struct rt_keep *keep;
};

enum state {
	STATE_DOCUMENT, /* between documents */
	STATE_KEY_OR_END,
	STATE_KEY,
	STATE_IN_KEY,
	STATE_COLON,
	STATE_VALUE_OR_END,
	STATE_VALUE,
	STATE_IN_STRING,
	STATE_IN_CONTAINER,
	STATE_IN_SCALAR,
	STATE_AFTER_VALUE,
};

struct item_state {
	struct rt_buf text;
	bool open; /* its text is being built, or waits for the end of its event */
	bool oversized;
	bool keep_known;
	bool early; /* members were copied before keep was known */
	bool null_items;
	const struct rt_keep *keep;
	int64_t status_time, spec_time;
	uint64_t offset, column;
	unsigned line;
};

struct rt_split {
	enum rt_split_mode mode;
	bool single; /* one item, its keep list given: the second pass over an item */
	const struct rt_split_ops *ops;
	void *ctx;
	size_t max_depth;

	enum state state;
	struct frame *frames;
	size_t depth;
	struct plan plan;
	struct rt_scan scan;
	struct rt_buf cut_key;   /* the start of a key that the end of a chunk has cut */
	struct rt_buf plain_key; /* a key with its escapes resolved */
	const char *literal;     /* the rest of true, false or null while in one */

	struct item_state item;
	struct rt_buf spare; /* the other of two item texts */
	struct rt_buf facts[FACT_COUNT];
	bool fact_set[FACT_COUNT];
	struct rt_split_header header;
	size_t index, doc;
	bool any_document;
	struct rt_split *second; /* for items with early members */

	const char *chunk; /* the bytes being fed */
	uint64_t chunk_offset;
	uint64_t line_offset; /* newlines are counted up to here */
	uint64_t line_start;
	unsigned line;
	struct rt_error error; /* status other than RT_OK: it ended */
};

/* jsonsplit.c */
void rt_split_count_lines(struct rt_split *s, const char *to);
uint64_t rt_split_offset(const struct rt_split *s, const char *p);

/* jsonsplit_item.c */
bool rt_split_opens(enum role role, char c); /* may a value that starts with c be this role? */
void rt_split_forget(struct rt_split *s, enum fact f);
void rt_split_settle(struct rt_split *s, enum fact f); /* all bytes of a fact are there */
void rt_split_put(struct rt_split *s, const char *bytes, size_t len); /* to the item's text */
void rt_split_begin_item(struct rt_split *s, const char *p);
void rt_split_enter(struct rt_split *s, enum role role, const char *p);
bool rt_split_leave(struct rt_split *s, enum role role); /* false: the callback wants no more */
/* key is the raw text between the quotes. */
void rt_split_plan_member(struct rt_split *s, const char *key, size_t len);
void rt_split_skip_member(struct rt_split *s);
void rt_split_plan_element(struct rt_split *s);

#endif
