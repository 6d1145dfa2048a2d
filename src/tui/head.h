/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head.h - the line at the top: what is read from, how much of it, how it is going, what was found.
 * Taken from a store at a time and kept as plain values, so that a frame asks nobody.
 */
#ifndef RT_TUI_HEAD_H
#define RT_TUI_HEAD_H

#include "rutter/canvas.h"
#include "rutter/tui.h"

enum { RT_HEAD_GATEWAYS, RT_HEAD_INGRESSES, RT_HEAD_ROUTES, RT_HEAD_SERVICES, RT_HEAD_COUNTS };

struct rt_head {
	char *name, *feed_text, *warning;
	enum rt_feed feed;
	bool counted;
	struct {
		size_t n;
		bool loading; /* more may come */
	} counts[RT_HEAD_COUNTS];
	size_t unread; /* kinds of which nothing could be read */
	char *only; /* "shop,pay": the namespaces read, where all of them could not be; NULL: all */
};

void rt_head_set(struct rt_head *h, const struct rt_tui_head *head);
void rt_head_done(struct rt_head *h);
void rt_head_paint(const struct rt_tui *t, struct rt_canvas line);

#endif
