/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.h - the small questions about strings that every module asks.
 * ASCII only, whatever the locale: names of the API, of DNS and of HTTP know no other case.
 * Nothing is owned or kept.
 *
 *	rt_str_has_word("HTTP TCP UDP", "TCP")		is true
 *	rt_str_lowered(arena, "Example.com")		is "example.com"
 */
#ifndef RUTTER_STR_H
#define RUTTER_STR_H

#include "rutter/fwd.h"

/* NULL equals NULL only. */
bool rt_streq(const char *a, const char *b);
/* Is s one of the strings of a list? */
bool rt_str_listed(const char *const *list, size_t count, const char *s);
/* Which of the words that words holds, separated by spaces, is word, of len bytes? -1: none. */
int rt_str_word_index(const char *words, const char *word, size_t len);
bool rt_str_has_word(const char *words, const char *word);
/* In place; returns s. */
char *rt_str_lower(char *s);
/* A copy; NULL gives "". */
const char *rt_str_lowered(struct rt_arena *a, const char *s);
char rt_char_lower(char c);
/* For qsort and bsearch over arrays of strings. */
int rt_str_order(const void *a, const void *b);
/* Overwrites a secret before it frees it; *s becomes NULL. */
void rt_str_wipe(char **s);

#endif
