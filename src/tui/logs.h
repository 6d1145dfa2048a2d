/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logs.h - whose logs belong to an object, and which lines of them are shown.
 * For a Pod its containers; for a Service its Pods; for a Gateway its data plane and controller;
 * for classes, routes and Ingresses the controllers that answer for them, of whose logs only the
 * lines that name the object are shown until all are asked for.
 */
#ifndef RT_TUI_LOGS_H
#define RT_TUI_LOGS_H

#include "pane.h"
#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/vec.h"
#include "widgets/doc.h"

struct rt_log_source {
	const char *ns, *pod, *container; /* container NULL: the only one */
	bool shared;                      /* a controller's: most lines are about something else */
};

struct rt_logs {
	struct rt_arena arena; /* of the sources' strings */
	RT_VEC(struct rt_log_source) sources;
	size_t chosen;
	bool previous, all_lines, still; /* still: does not follow the end */
	struct rt_buf text;
};

void rt_logs_done(struct rt_logs *l);
/* Another object: its sources; the first one is chosen. */
void rt_logs_find(struct rt_logs *l, const struct rt_tui *t, const struct rt_obj *obj);
/* What is being asked for; false when the object has no logs. */
bool rt_logs_source(const struct rt_logs *l, struct rt_log_source *ret);
void rt_logs_add(struct rt_logs *l, const char *text, size_t len); /* the oldest lines go */
/* The lines that are shown. name: of the object at hand. */
void rt_logs_build(const struct rt_logs *l, const char *name, struct rt_doc *d);
/* "following, lines that name cart, 1 of 3: ns/pod container". */
void rt_logs_title(const struct rt_logs *l, const char *name, struct rt_buf *out);

#endif
