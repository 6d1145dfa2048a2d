/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.c - field paths taken apart.
 */
#include "config.h"

#include "path.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/vec.h"

/* ['key'], ["key"] or [3]; NULL when it is none of them. */
static const char *take_bracket(struct rt_arena *a, const char *s, struct rt_step *ret)
{
	char quote = s[1];
	const char *end;
	char *number_end;

	if (quote == '\'' || quote == '"') {
		end = strchr(s + 2, quote);
		if (!end || end[1] != ']')
			return NULL;
		ret->key = rt_arena_strndup(a, s + 2, (size_t)(end - s - 2));
		return end + 2;
	}
	ret->key = NULL;
	ret->index = strtoul(s + 1, &number_end, 10);
	return number_end > s + 1 && *number_end == ']' ? number_end + 1 : NULL;
}

struct rt_steps rt_path_parse(struct rt_arena *a, const char *path)
{
	RT_VEC(struct rt_step) steps = {0};
	struct rt_step step = {0};

	while (path && *path) {
		if (*path == '[') {
			path = take_bracket(a, path, &step);
			if (!path)
				break;
		} else {
			size_t len;

			path += *path == '.';
			len = strcspn(path, ".[");
			step.key = rt_arena_strndup(a, path, len);
			path += len;
		}
		rt_vec_push(&steps, a, step);
	}
	return (struct rt_steps){steps.v, steps.len};
}
