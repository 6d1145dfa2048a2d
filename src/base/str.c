/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.c - comparing, searching and folding short strings; wiping secret ones.
 */
#include "config.h"

#include "rutter/str.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"

bool rt_streq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

bool rt_str_listed(const char *const *list, size_t count, const char *s)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	return false;
}

int rt_str_word_index(const char *words, const char *word, size_t len)
{
	for (int index = 0; *words; index++) {
		size_t n = strcspn(words, " ");
		if (n == len && memcmp(words, word, n) == 0)
			return index;
		words += n + (words[n] == ' ');
	}
	return -1;
}

bool rt_str_has_word(const char *words, const char *word)
{
	return rt_str_word_index(words, word, strlen(word)) >= 0;
}

char rt_char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char *rt_str_lower(char *s)
{
	for (char *p = s; *p; p++)
		*p = rt_char_lower(*p);
	return s;
}

const char *rt_str_lowered(struct rt_arena *a, const char *s)
{
	return rt_str_lower(rt_arena_strdup(a, s ? s : ""));
}

int rt_str_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void rt_str_wipe(char **s)
{
	if (*s)
		explicit_bzero(*s, strlen(*s));
	free(*s);
	*s = NULL;
}
