/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.h - one line of text being typed, with the usual editing keys and a history.
 */
#ifndef RT_TUI_INPUT_H
#define RT_TUI_INPUT_H

#include "rutter/buf.h"
#include "rutter/canvas.h"
#include "rutter/vec.h"

#define RT_INPUT_MAX 8192
#define RT_INPUT_HISTORY 100

enum rt_input_result { RT_INPUT_IGNORED, RT_INPUT_MOVED, RT_INPUT_CHANGED };

struct rt_input {
	struct rt_buf text;
	size_t cursor; /* byte offset, at a character's start */
	bool offered;  /* nobody typed this: the first character replaces it, any other key keeps it
			*/
};

typedef RT_VEC(char *) rt_history; /* oldest first, each owned */

void rt_input_set(struct rt_input *in, const char *text); /* cursor at the end */
void rt_input_done(struct rt_input *in);
const char *rt_input_text(const struct rt_input *in);
enum rt_input_result rt_input_key(struct rt_input *in, uint32_t key);
/* Draws from x = 0, scrolled so that the cursor is seen, and places the cursor. */
void rt_input_draw(const struct rt_input *in, struct rt_canvas c);

void rt_history_add(rt_history *h, const char *text); /* moved to the end if it was there */
void rt_history_done(rt_history *h);

#endif
