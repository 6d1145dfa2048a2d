/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_locate.c - where a value ends and on which line a field stands, without a parse: what the
 * path does not lead through is skipped by its brackets.
 */
#include "config.h"

#include <string.h>

#include "jsonscan.h"
#include "path.h"
#include "rutter/arena.h"
#include "rutter/json.h"

struct walk {
	const char *p, *end;
	const char *found; /* the deepest part so far */
	struct rt_arena *arena;
};

/* Behind the value at p, or NULL. */
static const char *skip_value(const char *p, const char *end)
{
	struct rt_scan scan = {.depth = 1, .limit = UINT64_MAX};

	if (p == end)
		return NULL;
	if (*p == '"')
		return rt_scan_string(&scan, p + 1, end);
	if (*p == '{' || *p == '[')
		return rt_scan_container(&scan, p + 1, end);
	while (p < end && *p && !strchr(",]} \t\r\n", *p))
		p++;
	return p;
}

size_t rt_json_value_len(const char *text, size_t len)
{
	const char *p = rt_scan_space(text, text + len);
	const char *behind = skip_value(p, text + len);

	return behind ? (size_t)(behind - text) : 0;
}

static bool take(struct walk *w, char c)
{
	w->p = rt_scan_space(w->p, w->end);
	if (w->p == w->end || *w->p != c)
		return false;
	w->p++;
	return true;
}

static bool skip(struct walk *w)
{
	const char *behind = skip_value(rt_scan_space(w->p, w->end), w->end);

	if (behind)
		w->p = behind;
	return behind != NULL;
}

/* At a key: is it this one? Moves behind the colon. */
static bool take_key(struct walk *w, const char *key, bool *ret_same)
{
	const char *from = w->p + 1;
	char *text;

	if (w->p == w->end || *w->p != '"' || !skip(w))
		return false;
	text = rt_arena_strndup(w->arena, from, (size_t)(w->p - 1 - from));
	text[rt_scan_unescape(text, strlen(text))] = '\0';
	*ret_same = strcmp(text, key) == 0;
	return take(w, ':');
}

static bool enter_member(struct walk *w, const char *key)
{
	bool same;

	do {
		const char *at = w->p = rt_scan_space(w->p, w->end);

		if (!take_key(w, key, &same))
			return false;
		if (same) {
			w->found = at;
			return true;
		}
	} while (skip(w) && take(w, ','));
	return false;
}

static bool enter_element(struct walk *w, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!skip(w) || !take(w, ','))
			return false;
	w->p = rt_scan_space(w->p, w->end);
	if (w->p == w->end || *w->p == ']')
		return false;
	w->found = w->p;
	return true;
}

static bool enter(struct walk *w, const struct rt_step *step)
{
	if (step->key)
		return take(w, '{') && enter_member(w, step->key);
	return take(w, '[') && enter_element(w, step->index);
}

unsigned rt_json_locate(const char *text, size_t len, const char *path)
{
	struct rt_arena scratch = {0};
	struct rt_steps steps = rt_path_parse(&scratch, path);
	struct walk w = {
	    .p = rt_scan_space(text, text + len), .end = text + len, .arena = &scratch};

	if (w.p < w.end && strchr("{[\"", *w.p) && *w.p)
		w.found = w.p;
	for (size_t i = 0; w.found && i < steps.len && enter(&w, &steps.v[i]); i++)
		;
	rt_arena_done(&scratch);
	return w.found ? (unsigned)rt_scan_lines(text, w.found) + 1 : 0;
}
