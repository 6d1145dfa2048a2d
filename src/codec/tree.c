/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.c - the light tree: one copy of the text, in which strings end where their quotes were, and
 * nodes from the arena. Strict by RFC 8259; whatever it does not take is left to jansson to judge.
 */
#include "config.h"

#include "rutter/tree.h"

#include <jansson.h>
#include <string.h>

#include "jsonscan.h"
#include "rutter/arena.h"
#include "rutter/json.h"
#include "rutter/utf8.h"

#define DEPTH_MAX 500
#define NODES_AT_ONCE 32

struct parser {
	struct rt_arena *arena;
	char *p;                    /* the text ends with a NUL, which nothing takes */
	struct rt_tree *free_nodes; /* a row of them */
	size_t free_count;
	unsigned depth;
};

static bool parse_value(struct parser *s, struct rt_tree *t);

static inline void skip_space(struct parser *s)
{
	while (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t')
		s->p++;
}

static inline bool take(struct parser *s, char c)
{
	if (*s->p != c)
		return false;
	s->p++;
	return true;
}

static struct rt_tree *new_node(struct parser *s)
{
	if (s->free_count == 0) {
		s->free_count = NODES_AT_ONCE;
		s->free_nodes = rt_arena_calloc(s->arena, s->free_count, sizeof(*s->free_nodes));
	}
	s->free_count--;
	return s->free_nodes++;
}

static bool is_escape(const char *p)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (p[1] != 'u')
		return p[1] && strchr("\"\\/bfnrt", p[1]);
	/* Surrogates come in pairs or not at all; rare enough to be left to jansson. */
	if ((p[2] == 'd' || p[2] == 'D') && p[3] > '7')
		return false;
	return strspn(p + 2, hex) >= 4;
}

/* Behind the opening quote. Finds the closing one; *ret_plain: nothing is escaped. */
static char *find_quote(char *p, bool *ret_plain)
{
	*ret_plain = true;
	for (;;) {
		unsigned char c = (unsigned char)*p;
		uint32_t cp;
		size_t used = 1;

		if (c == '"')
			return p;
		if (c < 0x20)
			return NULL;
		if (c == '\\') {
			if (!is_escape(p))
				return NULL;
			*ret_plain = false;
			used = 2;
		} else if (c >= 0x80) {
			used = rt_utf8_decode(p, strnlen(p, 4), &cp);
			if (used == 1)
				return NULL;
		}
		p += used;
	}
}

/* At the opening quote. Ends the string in place. */
static bool parse_string(struct parser *s, const char **ret, uint32_t *ret_len)
{
	bool plain;
	char *from = s->p + 1, *quote;

	if (*s->p != '"')
		return false;
	quote = find_quote(from, &plain);
	if (!quote)
		return false;
	s->p = quote + 1;
	if (!plain)
		quote = from + rt_scan_unescape(from, (size_t)(quote - from));
	*quote = '\0';
	*ret = from;
	*ret_len = (uint32_t)(quote - from);
	return true;
}

/* jansson reads them without regard to the locale. */
static bool parse_real(struct parser *s, size_t len, struct rt_tree *t)
{
	json_t *value = json_loadb(s->p, len, JSON_DECODE_ANY, NULL);
	bool ok = json_is_real(value);

	t->type = RT_TREE_REAL;
	t->u.real = json_real_value(value);
	json_decref(value);
	s->p += len;
	return ok;
}

static bool parse_number(struct parser *s, struct rt_tree *t)
{
	bool negative = *s->p == '-', large = false;
	char *digits = s->p + negative, *end = digits;
	int64_t n = 0;

	for (; *end >= '0' && *end <= '9'; end++)
		large = large || __builtin_mul_overflow(n, 10, &n) ||
			__builtin_sub_overflow(n, *end - '0', &n);
	if (*end == '.' || *end == 'e' || *end == 'E')
		return parse_real(s, strspn(s->p, "0123456789.eE+-"), t);
	/* Summed up below zero, where there is one number more. */
	if (end == digits || (*digits == '0' && end > digits + 1))
		return false;
	if (large || (!negative && n == INT64_MIN)) {
		/* A number all the same: the field that it is too large for says so. */
		t->type = RT_TREE_REAL;
		t->u.real = strtod(s->p, NULL);
		s->p = end;
		return true;
	}
	t->type = RT_TREE_INTEGER;
	t->u.integer = negative ? n : -n;
	s->p = end;
	return true;
}

static bool parse_word(struct parser *s, struct rt_tree *t)
{
	static const struct {
		const char *word;
		enum rt_tree_type type;
	} words[] = {{"true", RT_TREE_TRUE}, {"false", RT_TREE_FALSE}, {"null", RT_TREE_NULL}};

	for (size_t i = 0; i < RT_ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(s->p, words[i].word, len) != 0)
			continue;
		s->p += len;
		t->type = words[i].type;
		return true;
	}
	return false;
}

static bool parse_key(struct parser *s, struct rt_tree *t)
{
	uint32_t len;

	skip_space(s);
	if (!parse_string(s, &t->key, &len) || strlen(t->key) != len)
		return false;
	skip_space(s);
	return take(s, ':');
}

/* Behind the opening bracket. */
static bool parse_container(struct parser *s, struct rt_tree *t, bool object)
{
	const struct rt_tree **link = &t->u.first;
	char close = object ? '}' : ']';

	t->u.first = NULL;
	t->type = object ? RT_TREE_OBJECT : RT_TREE_ARRAY;
	skip_space(s);
	if (take(s, close))
		return true;
	do {
		struct rt_tree *child = new_node(s);

		if ((object && !parse_key(s, child)) || !parse_value(s, child))
			return false;
		*link = child;
		link = &child->next;
		t->len++;
		skip_space(s);
	} while (take(s, ','));
	return take(s, close);
}

static bool parse_value(struct parser *s, struct rt_tree *t)
{
	bool ok;

	skip_space(s);
	switch (*s->p) {
	case '"':
		t->type = RT_TREE_STRING;
		return parse_string(s, &t->u.text, &t->len);
	case '{':
	case '[':
		if (s->depth >= DEPTH_MAX)
			return false;
		s->depth++;
		s->p++;
		ok = parse_container(s, t, s->p[-1] == '{');
		s->depth--;
		return ok;
	case 't':
	case 'f':
	case 'n':
		return parse_word(s, t);
	default:
		return parse_number(s, t);
	}
}

static const struct rt_tree *parse(struct rt_arena *a, const char *text, size_t len)
{
	struct parser s = {.arena = a, .p = rt_arena_strndup(a, text, len)};
	const char *end = s.p + len;
	struct rt_tree *root = new_node(&s);

	if (!parse_value(&s, root))
		return NULL;
	skip_space(&s);
	return s.p == end ? root : NULL;
}

enum rt_status rt_tree_parse(struct rt_arena *a, const char *text, size_t len, const char *source,
    const struct rt_tree **ret, struct rt_error *err)
{
	const struct rt_tree *root = len < UINT32_MAX ? parse(a, text, len) : NULL;
	struct json_t *value;
	enum rt_status st;

	if (!root) {
		st = rt_json_parse(text, len, source, &value, err);
		if (st != RT_OK)
			return st;
		root = rt_tree_of(a, value);
		json_decref(value);
	}
	*ret = root;
	return RT_OK;
}

/* ------------------------------------------------------------------ from jansson */

static void copy_value(struct rt_arena *a, const json_t *value, struct rt_tree *t);

static void copy_array(struct rt_arena *a, const json_t *value, struct rt_tree *t)
{
	const struct rt_tree **link = &t->u.first;

	t->len = (uint32_t)json_array_size(value);
	for (size_t i = 0; i < t->len; i++) {
		struct rt_tree *child = rt_arena_new(a, struct rt_tree);

		copy_value(a, json_array_get(value, i), child);
		*link = child;
		link = &child->next;
	}
}

static void copy_object(struct rt_arena *a, const json_t *value, struct rt_tree *t)
{
	json_t *object = (json_t *)(uintptr_t)value; /* the iterators take no const */
	const struct rt_tree **link = &t->u.first;

	t->len = (uint32_t)json_object_size(value);
	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
		struct rt_tree *child = rt_arena_new(a, struct rt_tree);

		child->key = rt_arena_strdup(a, json_object_iter_key(it));
		copy_value(a, json_object_iter_value(it), child);
		*link = child;
		link = &child->next;
	}
}

static void copy_value(struct rt_arena *a, const json_t *value, struct rt_tree *t)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		t->type = RT_TREE_OBJECT;
		copy_object(a, value, t);
		break;
	case JSON_ARRAY:
		t->type = RT_TREE_ARRAY;
		copy_array(a, value, t);
		break;
	case JSON_STRING:
		t->type = RT_TREE_STRING;
		t->len = (uint32_t)json_string_length(value);
		t->u.text = rt_arena_strndup(a, json_string_value(value), t->len);
		break;
	case JSON_INTEGER:
		t->type = RT_TREE_INTEGER;
		t->u.integer = json_integer_value(value);
		break;
	case JSON_REAL:
		t->type = RT_TREE_REAL;
		t->u.real = json_real_value(value);
		break;
	case JSON_TRUE:
		t->type = RT_TREE_TRUE;
		break;
	case JSON_FALSE:
		t->type = RT_TREE_FALSE;
		break;
	case JSON_NULL:
		t->type = RT_TREE_NULL;
		break;
	}
}

const struct rt_tree *rt_tree_of(struct rt_arena *a, const struct json_t *value)
{
	struct rt_tree *root = rt_arena_new(a, struct rt_tree);

	copy_value(a, value, root);
	return root;
}

/* ------------------------------------------------------------------ readers */

const struct rt_tree *rt_tree_get(const struct rt_tree *object, const char *key)
{
	const struct rt_tree *found = NULL;

	for (const struct rt_tree *m = rt_tree_members(object); m; m = m->next)
		if (strcmp(m->key, key) == 0)
			found = m;
	return found;
}

const char *rt_tree_get_str(const struct rt_tree *object, const char *key)
{
	return rt_tree_str(rt_tree_get(object, key));
}
