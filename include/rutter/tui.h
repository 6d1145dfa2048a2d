/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tui.h - the terminal UI, as the program around it drives it.
 * The UI knows no loop, no network and no environment: whoever owns those hands in a terminal, the
 * world and a set of functions (a NULL function is not on offer: its keys are not bound and not in
 * the help), calls it when something happened, and draws when a frame is wanted and due.
 *
 *	rt_tui_new(&opts, &ops, ctx, &tui);
 *	... input readable:	rt_tui_handle_input(tui)
 *	... objects analysed:	rt_tui_set_world(tui, &world)
 *	... every turn:		while there is time and rt_tui_has_work(tui): rt_tui_work(tui,
 *until)
 *	... at a turn's end:	if (rt_tui_wants_frame(tui) && the last frame is 33 ms old)
 *rt_tui_draw(tui)
 *	... rt_tui_next_ms says when to come back though nothing happens, -1: never
 *	rt_tui_free(tui);		the terminal is closed too
 *
 * The world is borrowed until the next rt_tui_set_world: facts, graph, findings and every object
 * they point at stay as they are until then.
 */
#ifndef RUTTER_TUI_H
#define RUTTER_TUI_H

#include "rutter/findings.h"
#include "rutter/graph.h"
#include "rutter/term.h"
#include "rutter/theme.h"

struct rt_tui;

/* ---------------------------------------------------------------- what is shown */

enum rt_feed {
	RT_FEED_STILL,   /* files, the demo: nothing will change */
	RT_FEED_READING, /* the first lists are under way */
	RT_FEED_UNREAD,  /* nothing could be read so far; feed_text says why */
	RT_FEED_LIVE,
	RT_FEED_STALE, /* was live; feed_text says since when and why */
};

struct rt_world {
	const struct rt_analysis *an;
	const struct rt_findings *findings;
	struct rt_graph *graph;
	int64_t now;
};

/* Any of them NULL: nothing read yet. Cursor, folds and tabs stay where they are. */
void rt_tui_set_world(struct rt_tui *t, const struct rt_world *w);
/* The head line: what is read from, how it is going, and the counts of the store so far. */
struct rt_tui_head {
	const char *name; /* the context, a file, "demo" */
	enum rt_feed feed;
	const char *feed_text; /* "12 of 17 kinds", "since 10:32:05, connection refused"; or NULL */
	const char *warning;   /* "TLS not verified"; or NULL */
	/* For the counts and what could not be read; NULL: none; read during the call only. */
	const struct rt_store *store;
};
void rt_tui_set_head(struct rt_tui *t, const struct rt_tui_head *head);
/* One line at the bottom until the next key. */
void rt_tui_say(struct rt_tui *t, bool failed, const char *fmt, ...) RT_PRINTF(3, 4);

/* ---------------------------------------------------------------- what is on offer */

enum rt_ask { RT_ASK_YAML, RT_ASK_EVENTS, RT_ASK_LOGS };
struct rt_question {
	enum rt_ask ask;
	unsigned ticket;          /* answers carry it */
	const struct rt_obj *obj; /* borrowed during the call; for logs the Pod */
	const char *container;    /* logs; NULL: the only one */
	bool previous;            /* logs of the run before */
};

struct rt_tui_ops {
	int64_t (*clock_ms)(void *ctx); /* monotonic; never NULL */
	void (*quit)(void *ctx);        /* never NULL */
	/* The object's text at once; NULL when it has none. Caller frees. */
	char *(*yaml)(void *ctx, const struct rt_obj *obj);
	/* Answers come by rt_tui_answer, at once or later; rt_tui_unask ends a running one. asks is
	 * told which of them there are. */
	void (*ask)(void *ctx, const struct rt_question *q);
	void (*unask)(void *ctx, unsigned ticket);
	unsigned asks; /* 1 << enum rt_ask of what ask answers */
	/* Names of contexts, NULL-ended, borrowed; *ret_current may be NULL. */
	const char *const *(*contexts)(void *ctx, const char **ret_current);
	void (*use_context)(void *ctx, const char *name);
	void (*reload)(void *ctx);
	void (*login)(void *ctx);   /* may suspend, and resume much later */
	void (*suspend)(void *ctx); /* calls rt_tui_suspend, stops, calls rt_tui_resume */
	/* Writes a file as a whole; RT_IO with the reason. */
	enum rt_status (*write)(
	    void *ctx, const char *path, const char *text, size_t len, struct rt_error *err);
};

/* More of an answer; done with it when last. err: it failed, so far when not last; text is not
 * looked at. */
void rt_tui_answer(struct rt_tui *t, unsigned ticket, const char *text, size_t len, bool last,
    const struct rt_error *err);

/* ---------------------------------------------------------------- running */

struct rt_tui_opts {
	struct rt_term *term;      /* owned by the UI from here on */
	const char *theme;         /* name or NULL for the default */
	const char *theme_dirs[2]; /* looked through in turn for NAME.yaml; NULL: none */
	bool mouse;
	const char *const *namespaces; /* shown alone; count 0: all */
	size_t namespace_count;
	const char *labels; /* a selector that lists start with, as -l has it; or NULL */
	const char *open;   /* KIND/NAME or KIND/NS/NAME to open on, or NULL */
	const char *trace;  /* [METHOD ]URL to open on, or NULL */
};

/* ops outlive the UI. RT_USAGE: no such theme. term is closed on failure too. */
RT_NODISCARD enum rt_status rt_tui_new(const struct rt_tui_opts *opts, const struct rt_tui_ops *ops,
    void *ctx, struct rt_tui **ret, struct rt_error *err);
void rt_tui_free(struct rt_tui *t); /* NULL-safe; closes the terminal */

void rt_tui_handle_input(struct rt_tui *t); /* takes every event that is there */
void rt_tui_resized(struct rt_tui *t);
void rt_tui_suspend(struct rt_tui *t); /* the screen goes back to the shell */
void rt_tui_resume(struct rt_tui *t);

bool rt_tui_has_work(const struct rt_tui *t);
void rt_tui_work(struct rt_tui *t, int64_t until_ms); /* against ops->clock_ms */
bool rt_tui_wants_frame(const struct rt_tui *t);
void rt_tui_draw(struct rt_tui *t);
int rt_tui_next_ms(const struct rt_tui *t);

/* ---------------------------------------------------------------- scripted sessions */

/*
 * A script is lines; # starts a comment:
 *	key NAME ...		type TEXT		mouse X,Y [wheel-up|wheel-down]
 *	resize WxH		wait idle		wait text TEXT
 *	expect TEXT		absent TEXT		dump [NAME]	styles [NAME]
 *	copied TEXT
 * Steps run when the UI is idle: no work, no frame wanted, no answer outstanding.
 */
struct rt_script;
RT_NODISCARD enum rt_status rt_script_new(
    const char *text, size_t len, const char *source, struct rt_script **ret, struct rt_error *err);
void rt_script_free(struct rt_script *s); /* NULL-safe */
enum rt_script_state { RT_SCRIPT_WAITS, RT_SCRIPT_GOES_ON, RT_SCRIPT_DONE, RT_SCRIPT_FAILED };
/* Does the next step, if idle. Dumps go to out. On failure err says which line and why. term is a
 * memory terminal. */
enum rt_script_state rt_script_step(struct rt_script *s, struct rt_tui *t, struct rt_term *term,
    bool idle, struct rt_buf *out, struct rt_error *err);

#endif
