/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tab_yaml.c - YAML with its keys coloured. The text is shown as it is, not parsed: a key is what
 * stands before ": " or a line's end, after blanks and dashes.
 */
#include "config.h"

#include <string.h>

#include "app.h"

#define LINES_MAX 100000

/* The length of "  - key:" at the start of a line, or 0. */
static size_t key_len(const char *s, size_t len)
{
	size_t i = strspn(s, " -");

	if (i >= len || s[i] == '#')
		return 0;
	if (s[i] == '"' || s[i] == '\'') {
		const char *end = memchr(s + i + 1, s[i], len - i - 1);
		i = end ? (size_t)(end - s) + 1 : len;
	}
	while (i < len && !(s[i] == ':' && (i + 1 == len || s[i + 1] == ' ')))
		i++;
	return i < len ? i + 1 : 0;
}

static void put_line(struct rt_doc *d, const char *s, size_t len)
{
	size_t key = key_len(s, len);
	const char *text = rt_arena_strndup(&d->arena, s, len);

	rt_doc_line(d, (int)strspn(text, " -") + 2);
	if (key)
		rt_doc_put(d, RT_ROLE_YAML_KEY, rt_arena_strndup(&d->arena, s, key));
	rt_doc_put(
	    d, text[strspn(text, " ")] == '#' ? RT_ROLE_DIM : RT_ROLE_YAML_VALUE, text + key);
}

void rt_doc_yaml(struct rt_doc *d, const char *text)
{
	for (int n = 0; *text && n < LINES_MAX; n++) {
		size_t len = strcspn(text, "\n");
		put_line(d, text, len);
		text += len + (text[len] == '\n');
	}
}

void rt_tab_yaml(const struct rt_tab_in *in, struct rt_doc *d)
{
	const char *text = rt_detail_text(in, RT_ASK_YAML, d);

	if (text)
		rt_doc_yaml(d, text);
}
