/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.c - regular expression, inverse, fuzzy and label filters.
 */
#include "config.h"

#include "filter.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/mem.h"
#include "rutter/regex.h"
#include "rutter/str.h"

struct rt_row_filter {
	char *text;
	struct rt_regex *regex; /* one of these three */
	const char *fuzzy;      /* in text */
	bool labels;
	bool inverse;
	struct rt_selector selector;
	struct rt_arena arena;
};

static bool looks_like_labels(const char *s)
{
	return strchr(s, '=') || strstr(s, " in (") || strstr(s, " notin (");
}

static const char *skip_blanks(const char *s)
{
	while (*s == ' ')
		s++;
	return s;
}

static enum rt_status compile(struct rt_row_filter *f, struct rt_error *err)
{
	const char *s = skip_blanks(f->text);

	if (!strncmp(s, "-f", 2) && (s[2] == ' ' || !s[2])) {
		f->fuzzy = skip_blanks(s + 2);
		return RT_OK;
	}
	if (!strncmp(s, "-l", 2) && (s[2] == ' ' || !s[2])) {
		f->labels = true;
		return rt_selector_parse(&f->arena, skip_blanks(s + 2), &f->selector, err);
	}
	if (looks_like_labels(s)) {
		f->labels = true;
		return rt_selector_parse(&f->arena, s, &f->selector, err);
	}
	f->inverse = *s == '!';
	return rt_regex_new(f->inverse ? s + 1 : s, RT_REGEX_ICASE, &f->regex, err);
}

enum rt_status rt_row_filter_new(const char *text, struct rt_row_filter **ret, struct rt_error *err)
{
	struct rt_row_filter *f;
	enum rt_status st;

	if (!*skip_blanks(text)) {
		*ret = NULL;
		return RT_OK;
	}
	f = rt_xcalloc(1, sizeof(*f));
	f->text = rt_xstrdup(text);
	st = compile(f, err);
	if (st == RT_OK)
		*ret = f;
	else
		rt_row_filter_free(f);
	return st;
}

void rt_row_filter_free(struct rt_row_filter *f)
{
	if (!f)
		return;
	rt_regex_free(f->regex);
	rt_arena_done(&f->arena);
	free(f->text);
	free(f);
}

static bool fuzzy_pass(const char *wanted, const char *text)
{
	for (; *wanted; wanted++) {
		if (*wanted == ' ')
			continue;
		while (*text && rt_char_lower(*text) != rt_char_lower(*wanted))
			text++;
		if (!*text)
			return false;
		text++;
	}
	return true;
}

bool rt_row_filter_pass(const struct rt_row_filter *f, const char *text, struct rt_pairs labels)
{
	if (!f)
		return true;
	if (f->labels)
		return rt_selector_match(&f->selector, labels);
	if (f->fuzzy)
		return fuzzy_pass(f->fuzzy, text);
	return (rt_regex_match(f->regex, text, NULL, 0) == RT_YES) != f->inverse;
}

const char *rt_row_filter_text(const struct rt_row_filter *f)
{
	return f ? f->text : "";
}
