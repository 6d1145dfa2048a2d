/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c - cursor and window of a list.
 */
#include "config.h"

#include "list.h"

static size_t minus(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

void rt_list_go(struct rt_list *l, size_t cursor)
{
	l->cursor = cursor < l->count ? cursor : minus(l->count, 1);
}

void rt_list_set_count(struct rt_list *l, size_t count)
{
	l->count = count;
	rt_list_go(l, l->cursor);
}

void rt_list_fit(struct rt_list *l, size_t height)
{
	l->height = height;
	if (l->cursor < l->top)
		l->top = l->cursor;
	if (height && l->cursor >= l->top + height)
		l->top = l->cursor - height + 1;
	if (l->top + height > l->count)
		l->top = minus(l->count, height);
}

static void move(struct rt_list *l, long rows)
{
	if (rows < 0)
		rt_list_go(l, minus(l->cursor, (size_t)-rows));
	else
		rt_list_go(l, l->cursor + (size_t)rows);
}

bool rt_list_action(struct rt_list *l, enum rt_action a)
{
	long page = l->height > 1 ? (long)l->height - 1 : 1;
	long half = l->height > 1 ? (long)l->height / 2 : 1;
	static const struct {
		enum rt_action action;
		int sign;
		enum { LINE, HALF, PAGE, ALL } unit;
	} moves[] = {
	    {RT_ACTION_UP, -1, LINE},
	    {RT_ACTION_DOWN, 1, LINE},
	    {RT_ACTION_HALF_UP, -1, HALF},
	    {RT_ACTION_HALF_DOWN, 1, HALF},
	    {RT_ACTION_PAGE_UP, -1, PAGE},
	    {RT_ACTION_PAGE_DOWN, 1, PAGE},
	    {RT_ACTION_TOP, -1, ALL},
	    {RT_ACTION_BOTTOM, 1, ALL},
	};
	const long units[] = {[LINE] = 1, [HALF] = half, [PAGE] = page, [ALL] = (long)l->count};

	for (size_t i = 0; i < RT_ARRAY_LEN(moves); i++) {
		if (moves[i].action == a) {
			move(l, moves[i].sign * units[moves[i].unit]);
			return true;
		}
	}
	return false;
}

void rt_list_scroll(struct rt_list *l, int rows)
{
	size_t last = minus(l->count, l->height);

	if (rows < 0)
		l->top = minus(l->top, (size_t)-rows);
	else
		l->top = l->top + (size_t)rows < last ? l->top + (size_t)rows : last;
	if (l->cursor < l->top)
		rt_list_go(l, l->top);
	else if (l->height && l->cursor >= l->top + l->height)
		rt_list_go(l, l->top + l->height - 1);
}
