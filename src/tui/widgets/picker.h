/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picker.h - a box to choose one of many: type to narrow, Enter to take.
 */
#ifndef RT_TUI_PICKER_H
#define RT_TUI_PICKER_H

#include "input.h"
#include "list.h"

struct rt_picker_item {
	char *text, *note; /* owned; note may be NULL */
	bool marked;       /* the one in force */
};

enum rt_picker_result { RT_PICKER_OPEN, RT_PICKER_TAKEN, RT_PICKER_CLOSED };

struct rt_picker {
	const char *title;
	RT_VEC(struct rt_picker_item) items;
	RT_VEC(size_t) shown; /* indexes of items that the text leaves */
	struct rt_list list;  /* over shown */
	struct rt_input input;
};

void rt_picker_open(struct rt_picker *p, const char *title); /* empty */
void rt_picker_add(struct rt_picker *p, const char *text, const char *note, bool marked);
void rt_picker_done(struct rt_picker *p);
/* Starts with the marked one under the cursor. */
void rt_picker_ready(struct rt_picker *p);
enum rt_picker_result rt_picker_key(struct rt_picker *p, uint32_t key);
/* The item under the cursor, or NULL. */
const struct rt_picker_item *rt_picker_item(const struct rt_picker *p);
size_t rt_picker_index(const struct rt_picker *p); /* of that item; SIZE_MAX */
void rt_picker_draw(struct rt_picker *p, struct rt_canvas screen);

#endif
