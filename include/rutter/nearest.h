/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nearest.h - of many words the one that was probably meant.
 * Everything is borrowed. A word too far away to be a typing mistake is never offered back.
 *
 *	struct rt_nearest n = {.wrong = typed};
 *	for (...)
 *		rt_nearest_offer(&n, name);
 *	if (n.word)
 *		rt_error_hint(err, "did you mean %s?", n.word);
 */
#ifndef RUTTER_NEAREST_H
#define RUTTER_NEAREST_H

#include "rutter/fwd.h"

struct rt_nearest {
	const char *wrong;
	const char *word; /* the nearest so far, of equals the first; NULL: none is near enough */
	size_t distance;  /* of word */
};
void rt_nearest_offer(struct rt_nearest *n, const char *word);

/* Letters to change, add, drop or swap with the next until a is b; case does not count. Texts
 * longer than any name are as far apart as can be. */
size_t rt_edit_distance(const char *a, const char *b);

#endif
