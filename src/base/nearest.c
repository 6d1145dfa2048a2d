/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nearest.c - edit distance, and what counts as a typing mistake.
 */
#include "config.h"

#include "rutter/nearest.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/mem.h"
#include "rutter/str.h"

static bool same(char a, char b)
{
	return rt_char_lower(a) == rt_char_lower(b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* No name is longer, and the work grows with the square. */
#define COMPARED_MAX 512

size_t rt_edit_distance(const char *a, const char *b)
{
	size_t n = strlen(b) + 1, m = strlen(a) + 1;
	if (n > COMPARED_MAX || m > COMPARED_MAX)
		return n > m ? n : m;
	size_t *rows = rt_xcalloc(3 * n, sizeof(*rows));
	size_t *before = rows, *above = rows + n, *row = rows + 2 * n; /* of a up to i-2, i-1, i */
	for (size_t j = 0; j < n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t *oldest = before;
		before = above;
		above = row;
		row = oldest;
		row[0] = i;
		for (size_t j = 1; j < n; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	size_t result = row[n - 1];
	free(rows);
	return result;
}

/* One slip in a short word, two in a longer one, then one in five letters. */
static size_t most_slips(const char *wrong)
{
	size_t len = strlen(wrong);
	return len == 0 ? 0 : len < 4 ? 1 : len < 10 ? 2 : len / 5;
}

/* Can so few edits lead from one to the other? One changes the number of at most two letters by one
 * each, and to count letters costs much less than to look for the edits. */
static bool may_be_near(const char *a, const char *b, size_t edits)
{
	short more[256] = {0};
	size_t apart = 0;
	for (size_t i = 0; *a && *b && i < COMPARED_MAX; a++, b++, i++) {
		more[(unsigned char)rt_char_lower(*a)]++;
		more[(unsigned char)rt_char_lower(*b)]--;
	}
	/* What the longer one has left is not counted, and may be as many letters as edits. */
	if (strnlen(a, edits + 1) > edits || strnlen(b, edits + 1) > edits)
		return false;
	for (size_t i = 0; i < RT_ARRAY_LEN(more); i++)
		apart += (size_t)abs(more[i]);
	return apart <= 3 * edits;
}

void rt_nearest_offer(struct rt_nearest *n, const char *word)
{
	if (!may_be_near(word, n->wrong, n->word ? n->distance : most_slips(n->wrong)))
		return;
	size_t d = rt_edit_distance(word, n->wrong);
	if (n->word ? d >= n->distance : d > most_slips(n->wrong))
		return;
	n->word = word;
	n->distance = d;
}
