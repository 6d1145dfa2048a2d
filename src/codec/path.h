/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.h - field paths, as findings write them: items[3].spec.rules[0], metadata.labels['a.b/c'].
 */
#ifndef RUTTER_CODEC_PATH_H
#define RUTTER_CODEC_PATH_H

#include "rutter/fwd.h"

/* One step of a path: a member, or an element when key is NULL. */
struct rt_step {
	const char *key;
	size_t index;
};
struct rt_steps {
	const struct rt_step *v;
	size_t len;
};

/* Whatever cannot be read ends the path: the part before it still leads somewhere. In arena. */
struct rt_steps rt_path_parse(struct rt_arena *a, const char *path);

#endif
