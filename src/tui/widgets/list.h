/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.h - where the cursor is and which rows are to be seen, for lists of any length.
 * The list knows a count and a height, never the rows: whoever draws asks for the visible range
 * only. Rows are kept in view by rt_list_fit, called before drawing.
 */
#ifndef RT_TUI_LIST_H
#define RT_TUI_LIST_H

#include "rutter/action.h"
#include "rutter/fwd.h"

struct rt_list {
	size_t count, cursor, top;
	size_t height;
};

void rt_list_set_count(struct rt_list *l, size_t count); /* the cursor stays in range */
void rt_list_go(struct rt_list *l, size_t cursor);
/* Height may have changed: the cursor's row is in view, and no empty rows below the last. */
void rt_list_fit(struct rt_list *l, size_t height);
/* Up, down, pages, top and bottom; false when the action is none of these. */
bool rt_list_action(struct rt_list *l, enum rt_action a);
/* Scrolls without the cursor leaving the view (mouse wheel). */
void rt_list_scroll(struct rt_list *l, int rows);

#endif
