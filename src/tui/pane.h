/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pane.h - one list, tree or text of the screen, and what the app asks of it.
 * A pane is made from the world and holds where its user is; it never draws by itself and never
 * mutates while drawing. Work that may take longer than a frame is done in slices by work().
 * Everything a pane hands out is borrowed until the world or what is shown changes.
 */
#ifndef RT_TUI_PANE_H
#define RT_TUI_PANE_H

#include "rutter/action.h"
#include "rutter/canvas.h"
#include "rutter/model.h"
#include "rutter/term.h"

struct rt_finding;
struct rt_node;
struct rt_pane;
struct rt_tui;

/* What the cursor is on. */
struct rt_target {
	struct rt_ref ref; /* name NULL: no object */
	const struct rt_node *node;
	const struct rt_finding *finding;
};

struct rt_pane_ops {
	const char *title;
	const char *empty; /* what a list without rows says when nothing is left out of it */
	unsigned place;    /* enum rt_place */
	int share;         /* percent of the width it takes where the detail stands beside it */
	size_t size;
	/* All but draw may be NULL. */
	void (*init)(struct rt_pane *p);
	void (*done)(struct rt_pane *p);
	/* The world, the filter, the namespaces or problems-only changed: start anew. */
	void (*reset)(struct rt_pane *p);
	/* The world is going: nothing of it may be drawn any more. A reset follows. */
	void (*drop)(struct rt_pane *p);
	/* Goes on until done (false) or the time is over (true). */
	bool (*work)(struct rt_pane *p, int64_t until_ms);
	void (*fit)(struct rt_pane *p, int w, int h); /* before every draw */
	void (*draw)(const struct rt_pane *p, struct rt_canvas c, bool focused);
	bool (*action)(struct rt_pane *p, enum rt_action a);
	bool (*target)(const struct rt_pane *p, struct rt_target *ret);
	/* A URL that the row at hand would serve; false when it has no host. */
	bool (*url)(const struct rt_pane *p, struct rt_buf *out);
	bool (*select)(struct rt_pane *p, const struct rt_ref *ref); /* false: not in this list */
	void (*mouse)(struct rt_pane *p, const struct rt_event *e);  /* x, y within the pane */
	/* More of the title, behind it. */
	void (*subtitle)(const struct rt_pane *p, struct rt_buf *out);
	/* "3/42" or the like for the border. */
	void (*position)(const struct rt_pane *p, struct rt_buf *out);
	/* What is shown, whole, as text or (by the file's suffix) JSON or CSV. */
	void (*write)(const struct rt_pane *p, struct rt_buf *out);
	bool (*search)(struct rt_pane *p, const char *pattern, struct rt_error *err);
};

struct rt_pane {
	const struct rt_pane_ops *ops;
	struct rt_tui *tui;
	bool stale; /* reset is due before it is shown or worked on */
	bool busy;  /* work has more to do */
};

struct rt_pane *rt_pane_new(const struct rt_pane_ops *ops, struct rt_tui *t);
void rt_pane_free(struct rt_pane *p); /* NULL-safe */
bool rt_pane_target(const struct rt_pane *p, struct rt_target *ret);
bool rt_pane_action(struct rt_pane *p, enum rt_action a);
/* Does reset and work as due; true while there is more. */
bool rt_pane_work(struct rt_pane *p, int64_t until_ms);

#define V(X, id, name, ...) extern const struct rt_pane_ops rt_##name##_pane;
RT_VIEWS(V, )
#undef V
extern const struct rt_pane_ops rt_objects_pane, rt_trace_pane;

#endif
