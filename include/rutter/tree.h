/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h - a JSON text as a light tree in an arena, for what is decoded by the hundred thousand.
 * Own code beside jansson because a big list is decoded object by object, and a jansson tree of an
 * object costs several times what decoding it does: an allocation for each value and a hash table
 * for each object. Whatever this parser refuses jansson is asked about, so there is one opinion of
 * what JSON is, and one wording of errors.
 *
 *	for (const struct rt_tree *m = rt_tree_members(spec); m; m = m->next)
 *		if (strcmp(m->key, "ports") == 0) ...
 *
 * Members keep their order; of members with one key all are there, and the last counts.
 */
#ifndef RUTTER_TREE_H
#define RUTTER_TREE_H

#include "rutter/err.h"

struct json_t;

enum rt_tree_type {
	RT_TREE_NULL,
	RT_TREE_FALSE,
	RT_TREE_TRUE,
	RT_TREE_INTEGER,
	RT_TREE_REAL,
	RT_TREE_STRING,
	RT_TREE_ARRAY,
	RT_TREE_OBJECT,
};

struct rt_tree {
	const char *key;            /* of a member; NULL in an array and at the top */
	const struct rt_tree *next; /* the next of its array or object */
	union {
		const char *text; /* NUL-terminated */
		int64_t integer;
		double real;
		const struct rt_tree *first;
	} u;
	uint32_t len; /* bytes of a string; elements; members */
	enum rt_tree_type type;
};

/* One whole JSON value; all of it in arena. Errors as rt_json_parse has them. */
RT_NODISCARD enum rt_status rt_tree_parse(struct rt_arena *a, const char *text, size_t len,
    const char *source, const struct rt_tree **ret, struct rt_error *err);
/* The same tree from a value that is there already; its strings are copied. */
const struct rt_tree *rt_tree_of(struct rt_arena *a, const struct json_t *value);

/* All readers take NULL (absent), and any type where another was meant, as absent. */
static inline const struct rt_tree *rt_tree_members(const struct rt_tree *t)
{
	return t && t->type == RT_TREE_OBJECT ? t->u.first : NULL;
}

static inline const struct rt_tree *rt_tree_elements(const struct rt_tree *t)
{
	return t && t->type == RT_TREE_ARRAY ? t->u.first : NULL;
}

static inline size_t rt_tree_count(const struct rt_tree *t)
{
	return t && t->type == RT_TREE_ARRAY ? t->len : 0;
}

static inline const char *rt_tree_str(const struct rt_tree *t)
{
	return t && t->type == RT_TREE_STRING ? t->u.text : NULL;
}

static inline size_t rt_tree_str_len(const struct rt_tree *t)
{
	return t && t->type == RT_TREE_STRING ? t->len : 0;
}

const struct rt_tree *rt_tree_get(const struct rt_tree *object, const char *key);
const char *rt_tree_get_str(const struct rt_tree *object, const char *key);

#endif
