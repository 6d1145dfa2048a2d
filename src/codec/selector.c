/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selector.c - label queries: kubectl's text form, matching, and writing.
 */
#include "config.h"

#include "rutter/selector.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/str.h"
#include "rutter/vec.h"

#define SPACES " \t\r\n"
#define HINT "write it as kubectl -l takes it: a=b,c!=d,e in (f,g),h notin (i),j,!k"

struct parser {
	struct rt_arena *arena;
	const char *text, *at;
	const char *why;
	RT_VEC(struct rt_requirement) found;
};

const char *rt_pairs_get(struct rt_pairs p, const char *key)
{
	size_t low = 0, high = p.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(p.v[middle].key, key);

		if (order == 0)
			return p.v[middle].value;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void skip_spaces(struct parser *p)
{
	p->at += strspn(p->at, SPACES);
}

static bool take(struct parser *p, const char *token)
{
	size_t len = strlen(token);

	skip_spaces(p);
	if (strncmp(p->at, token, len) != 0)
		return false;
	p->at += len;
	return true;
}

/* A word of label characters, possibly empty; NULL and why when it holds another. */
static const char *take_word(struct parser *p)
{
	size_t len;

	skip_spaces(p);
	len = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");
	if (p->at[len] && !strchr(SPACES ",=!()<>", p->at[len])) {
		p->at += len;
		p->why = "a character that no label has";
		return NULL;
	}
	p->at += len;
	return rt_arena_strndup(p->arena, p->at - len, len);
}

static bool take_values(struct parser *p, struct rt_requirement *r)
{
	RT_VEC(const char *) values = {0};

	if (!take(p, "(")) {
		p->why = "expected '('";
		return false;
	}
	do {
		const char *word = take_word(p);

		if (!word)
			return false;
		rt_vec_push(&values, p->arena, word);
	} while (take(p, ","));
	if (!take(p, ")")) {
		p->why = "expected ',' or ')'";
		return false;
	}
	rt_vec_sort(&values, rt_str_order);
	r->values = values.v;
	r->value_count = values.len;
	return true;
}

static bool take_one_value(struct parser *p, struct rt_requirement *r)
{
	const char **value = rt_arena_alloc(p->arena, sizeof(*value));

	*value = take_word(p);
	r->values = value;
	r->value_count = 1;
	return *value != NULL;
}

/* What stands after a key. */
static bool take_operation(struct parser *p, struct rt_requirement *r)
{
	static const struct {
		const char *token;
		enum rt_selector_op op;
		bool set;
	} operators[] = {
	    {"==", RT_SEL_IN, false},
	    {"=", RT_SEL_IN, false},
	    {"!=", RT_SEL_NOT_IN, false},
	    {"notin", RT_SEL_NOT_IN, true},
	    {"in", RT_SEL_IN, true},
	};

	skip_spaces(p);
	if (!*p->at || *p->at == ',') {
		r->op = RT_SEL_EXISTS;
		return true;
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(operators); i++) {
		if (!take(p, operators[i].token))
			continue;
		r->op = operators[i].op;
		return operators[i].set ? take_values(p, r) : take_one_value(p, r);
	}
	p->why = strchr("<>", *p->at) ? "'<' and '>' are not supported"
				      : "expected =, ==, !=, in, notin or ','";
	return false;
}

static bool take_requirement(struct parser *p)
{
	struct rt_requirement r = {0};
	bool negated = take(p, "!");

	r.key = take_word(p);
	if (!r.key)
		return false;
	if (!*r.key) {
		p->why = "expected a label key";
		return false;
	}
	if (negated)
		r.op = RT_SEL_NOT_EXISTS;
	else if (!take_operation(p, &r))
		return false;
	rt_vec_push(&p->found, p->arena, r);
	return true;
}

enum rt_status rt_selector_parse(
    struct rt_arena *a, const char *text, struct rt_selector *ret, struct rt_error *err)
{
	struct parser p = {.arena = a, .text = text, .at = text};

	skip_spaces(&p);
	if (*p.at) {
		bool ok = take_requirement(&p);

		while (ok && take(&p, ","))
			ok = take_requirement(&p);
		skip_spaces(&p);
		if (ok && *p.at)
			p.why = "expected ','";
	}
	if (p.why) {
		rt_fail(err, RT_USAGE, "bad label selector '%s': %s at column %zu", text, p.why,
		    (size_t)(p.at - text) + 1);
		rt_error_hint(err, HINT);
		return RT_USAGE;
	}
	*ret = (struct rt_selector){p.found.v, p.found.len};
	return RT_OK;
}

static bool has_value(const struct rt_requirement *r, const char *value)
{
	for (size_t i = 0; i < r->value_count; i++)
		if (strcmp(r->values[i], value) == 0)
			return true;
	return false;
}

static bool requirement_match(const struct rt_requirement *r, struct rt_pairs labels)
{
	const char *value = rt_pairs_get(labels, r->key);

	switch (r->op) {
	case RT_SEL_IN:
		return value && has_value(r, value);
	case RT_SEL_NOT_IN:
		return !value || !has_value(r, value);
	case RT_SEL_EXISTS:
		return value != NULL;
	case RT_SEL_NOT_EXISTS:
		return value == NULL;
	case RT_SEL_INVALID:
		break;
	}
	return false;
}

bool rt_selector_match(const struct rt_selector *s, struct rt_pairs labels)
{
	for (size_t i = 0; i < s->len; i++)
		if (!requirement_match(&s->v[i], labels))
			return false;
	return true;
}

static void write_values(struct rt_buf *out, const struct rt_requirement *r, bool negated)
{
	rt_buf_puts(out, r->key);
	if (r->value_count == 1) {
		rt_buf_printf(out, "%s%s", negated ? "!=" : "=", r->values[0]);
		return;
	}
	rt_buf_puts(out, negated ? " notin (" : " in (");
	for (size_t i = 0; i < r->value_count; i++)
		rt_buf_printf(out, "%s%s", i > 0 ? "," : "", r->values[i]);
	rt_buf_putc(out, ')');
}

void rt_selector_write(struct rt_buf *out, const struct rt_selector *s)
{
	for (size_t i = 0; i < s->len; i++) {
		const struct rt_requirement *r = &s->v[i];

		if (i > 0)
			rt_buf_putc(out, ',');
		switch (r->op) {
		case RT_SEL_IN:
		case RT_SEL_NOT_IN:
			write_values(out, r, r->op == RT_SEL_NOT_IN);
			break;
		case RT_SEL_EXISTS:
			rt_buf_puts(out, r->key);
			break;
		case RT_SEL_NOT_EXISTS:
			rt_buf_printf(out, "!%s", r->key);
			break;
		case RT_SEL_INVALID:
			/* The form in which a server, too, finds nothing. */
			rt_buf_printf(out, "%s,!%s", r->key, r->key);
			break;
		}
	}
}
