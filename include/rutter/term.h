/* SPDX-License-Identifier: Apache-2.0 */
/*
 * term.h - the terminal as the UI sees it: keys in, frames out.
 * Two implementations: curses on a real terminal, and one in memory that tests feed with events
 * and whose last frame they read. A terminal owns itself; rt_term_close puts the screen back as it
 * was and frees it.
 */
#ifndef RUTTER_TERM_H
#define RUTTER_TERM_H

#include "rutter/canvas.h"
#include "rutter/err.h"

/*        id         name in key bindings */
#define RT_KEYS(X)                                                                                 \
	X(UP, "Up")                                                                                \
	X(DOWN, "Down")                                                                            \
	X(LEFT, "Left")                                                                            \
	X(RIGHT, "Right")                                                                          \
	X(SHIFT_LEFT, "S-Left")                                                                    \
	X(SHIFT_RIGHT, "S-Right")                                                                  \
	X(HOME, "Home")                                                                            \
	X(END, "End")                                                                              \
	X(PAGE_UP, "PgUp")                                                                         \
	X(PAGE_DOWN, "PgDn")                                                                       \
	X(INSERT, "Ins")                                                                           \
	X(DELETE, "Del")                                                                           \
	X(BACKSPACE, "Backspace")                                                                  \
	X(ENTER, "Enter")                                                                          \
	X(TAB, "Tab")                                                                              \
	X(SHIFT_TAB, "S-Tab")                                                                      \
	X(ESCAPE, "Esc")                                                                           \
	X(SPACE, "Space")

/* A key is a code point, a control character (RT_CTRL('d')), or one of these. */
#define RT_KEY_FIRST 0x110000
enum rt_key {
	RT_KEY_BASE = RT_KEY_FIRST - 1,
#define X(id, name) RT_KEY_##id,
	RT_KEYS(X)
#undef X
};
#define RT_CTRL(c) ((uint32_t)(c)&0x1f)

enum rt_mouse { RT_MOUSE_PRESS, RT_MOUSE_WHEEL_UP, RT_MOUSE_WHEEL_DOWN };

enum rt_event_type {
	RT_EVENT_KEY,
	RT_EVENT_MOUSE,
	RT_EVENT_RESIZE, /* the terminal has another size: ask for it */
};
struct rt_event {
	enum rt_event_type type;
	uint32_t key;
	enum rt_mouse mouse;
	int x, y;
};

struct rt_term;
struct rt_term_ops {
	void (*size)(struct rt_term *t, int *ret_w, int *ret_h);
	/* The next event that is already there; false when there is none. Never waits. */
	bool (*read)(struct rt_term *t, struct rt_event *ret);
	void (*present)(struct rt_term *t, const struct rt_grid *g, const struct rt_theme *theme);
	void (*suspend)(struct rt_term *t); /* gives the screen back; resume takes it again */
	void (*resume)(struct rt_term *t);
	void (*redraw)(struct rt_term *t); /* the next present draws every cell */
	void (*mouse)(struct rt_term *t, bool on);
	void (*copy)(struct rt_term *t, const char *text); /* to the clipboard, by OSC 52 */
	void (*close)(struct rt_term *t);
};
struct rt_term {
	const struct rt_term_ops *ops;
	enum rt_depth depth; /* what a theme is baked for */
	bool ascii;
};

/* What cli knows of the environment. */
struct rt_term_opts {
	const char *name; /* TERM */
	bool auto_depth;  /* else depth is what was asked for */
	enum rt_depth depth;
	bool colorterm_true; /* COLORTERM says that the terminal knows 24 bits */
	bool ascii;          /* asked for, or the locale is not UTF-8 */
	bool mouse;
};

/* Takes over the terminal on standard input and output. RT_USAGE when it is none, or cannot place
 * a cursor; the hint names rutter dump. */
RT_NODISCARD enum rt_status rt_term_curses(
    const struct rt_term_opts *opts, struct rt_term **ret, struct rt_error *err);

struct rt_term *rt_term_memory(int w, int h, enum rt_depth depth, bool ascii);
void rt_term_memory_feed(struct rt_term *t, const struct rt_event *event);
void rt_term_memory_resize(struct rt_term *t, int w, int h);
const struct rt_grid *rt_term_memory_grid(const struct rt_term *t);
const char *rt_term_memory_copied(const struct rt_term *t); /* "" when nothing was */

/* "j", "C-d", "S-Tab", "Enter" to a key and back. */
bool rt_key_parse(const char *name, uint32_t *ret);
void rt_key_name(uint32_t key, char out[16]);

/* "ncurses 6.4.20221231": the version that this runs with. */
const char *rt_term_library(void);

#endif
