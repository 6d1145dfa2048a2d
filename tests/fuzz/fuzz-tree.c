/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-tree.c - the light tree holds what jansson holds, and refuses what it refuses; it decodes
 * with members given twice, which jansson's trees never have; a place is within the text.
 */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/intern.h"
#include "rutter/json.h"
#include "rutter/model.h"
#include "rutter/tree.h"
#include "tests/lib/fuzz.h"

static bool same(const struct rt_tree *a, const struct rt_tree *b);

static bool same_children(const struct rt_tree *a, const struct rt_tree *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (!a->key != !b->key || (a->key && strcmp(a->key, b->key) != 0) || !same(a, b))
			return false;
	return !a && !b;
}

static bool same(const struct rt_tree *a, const struct rt_tree *b)
{
	if (a->type != b->type || a->len != b->len)
		return false;
	switch (a->type) {
	case RT_TREE_NULL:
	case RT_TREE_FALSE:
	case RT_TREE_TRUE:
		return true;
	case RT_TREE_INTEGER:
		return a->u.integer == b->u.integer;
	case RT_TREE_REAL:
		return a->u.real == b->u.real;
	case RT_TREE_STRING:
		return memcmp(a->u.text, b->u.text, a->len + 1) == 0;
	case RT_TREE_ARRAY:
	case RT_TREE_OBJECT:
		return same_children(a->u.first, b->u.first);
	}
	return false;
}

static bool has_twins(const struct rt_tree *t)
{
	for (const struct rt_tree *m = rt_tree_members(t); m; m = m->next)
		if (rt_tree_get(t, m->key) != m || has_twins(m))
			return true;
	for (const struct rt_tree *e = rt_tree_elements(t); e; e = e->next)
		if (has_twins(e))
			return true;
	return false;
}

static void compare(struct rt_arena *a, const struct rt_tree *t, const char *text, size_t size)
{
	struct json_t *value = NULL;

	FUZZ_CHECK(rt_json_parse(text, size, "input", &value, NULL) == RT_OK);
	FUZZ_CHECK(has_twins(t) || same(t, rt_tree_of(a, value)));
	json_decref(value);
}

static void decode(struct rt_arena *a, const struct rt_tree *t)
{
	struct rt_intern *intern = rt_intern_new();
	struct rt_decode_in in = {.tree = t};
	struct rt_obj *obj = NULL;

	if (rt_decode(intern, &in, a, &obj, NULL, NULL) == RT_OK)
		json_decref(rt_encode(obj));
	free(obj);
	rt_intern_free(intern);
}

static void locate(const char *text, size_t size)
{
	unsigned lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	FUZZ_CHECK(rt_json_value_len(text, size) <= size);
	FUZZ_CHECK(rt_json_locate(text, size, "spec.rules[1].x") <= lines);
	FUZZ_CHECK(rt_json_locate(text, size, "metadata.labels['a']") <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct rt_arena a = {0};
	struct rt_error err = {0};
	const struct rt_tree *t;

	if (rt_tree_parse(&a, text, size, "input", &t, &err) == RT_OK) {
		compare(&a, t, text, size);
		decode(&a, t);
	} else {
		FUZZ_CHECK(strncmp(err.msg, "input:", 6) == 0);
	}
	locate(text, size);
	rt_arena_done(&a);
	return 0;
}
