/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app.h - the state of the terminal UI, for the files that make it up.
 * app.c owns it; input.c turns events into actions, actions.c does them, commands.c reads ":",
 * screen.c lays out and draws, head.c the line at the top, detail*.c is the right-hand pane, panes/
 * are the views.
 */
#ifndef RT_TUI_APP_H
#define RT_TUI_APP_H

#include "detail.h"
#include "filter.h"
#include "head.h"
#include "pane.h"
#include "rutter/obj_pattern.h"
#include "rutter/routes.h"
#include "rutter/tui.h"
#include "widgets/doc.h"
#include "widgets/input.h"
#include "widgets/picker.h"

enum rt_view {
#define V(X, id, ...) RT_VIEW_##id,
	RT_VIEWS(V, )
#undef V
	    RT_VIEW_OBJECTS, /* all objects of one kind */
	RT_VIEW_TRACE,
	RT_VIEW_COUNT
};

enum rt_focus { RT_FOCUS_MAIN, RT_FOCUS_STRIP, RT_FOCUS_DETAIL, RT_FOCUS_COUNT };

enum rt_mode {
	RT_MODE_NORMAL,
	RT_MODE_PROMPT, /* a line is typed at the bottom */
	RT_MODE_PICKER,
	RT_MODE_BOX, /* help, mend: a text over the screen */
};

enum rt_prompt {
	RT_PROMPT_FILTER,
	RT_PROMPT_SEARCH,
	RT_PROMPT_COMMAND,
	RT_PROMPT_TRACE,
	RT_PROMPT_COUNT
};

enum rt_pick {
	RT_PICK_NAMESPACE,
	RT_PICK_CONTEXT,
	RT_PICK_THEME,
	RT_PICK_HISTORY,
	RT_PICK_CONTAINER
};

/* What the lists leave out. */
struct rt_shown {
	struct rt_row_filter *filter; /* NULL: none */
	bool problems;
	RT_VEC(char *) namespaces; /* empty: all */
};

/* A place to come back to. */
struct rt_stop {
	enum rt_view view;
	enum rt_kind kind; /* RT_VIEW_OBJECTS */
	char *key;         /* of the object, as rt_ref_key; NULL: none */
	enum rt_tab tab;
	bool drilled; /* left by opening something: q comes back here; else only [ and - do */
};

struct rt_rect {
	int x, y, w, h;
};

struct rt_tui {
	const struct rt_tui_ops *ops;
	void *ctx;
	unsigned offers; /* enum rt_offer bits */
	struct rt_term *term;
	struct rt_theme *theme;
	char *theme_name;   /* as it was asked for */
	char *theme_before; /* while others are looked at: the one to go back to */
	const char *theme_dirs[2];
	struct rt_grid grid;
	int w, h;
	bool dirty, suspended, quitting;
	bool mouse, no_header, full;
	bool touched; /* by somebody: cursors stay on their rows; until then on the first one */

	struct rt_world world;
	unsigned world_count; /* worlds so far */
	int64_t
	    hold_until; /* on the clock of ops: the screen stays as it is while lists are made */
	int64_t flash_until; /* on the clock of ops: changed rows stand out until then; 0: none */
	struct rt_map finding_index; /* object key to struct rt_finding_list * */
	struct rt_arena world_arena; /* what is made once for a world */
	struct rt_tally tally;       /* of the findings in the namespaces that are shown */
	struct rt_head head;
	struct rt_buf message;
	bool message_failed;

	struct rt_pane *panes[RT_VIEW_COUNT];
	struct rt_pane *strip; /* findings below the tree */
	struct rt_detail *detail;
	enum rt_view view;
	enum rt_focus focus;
	enum rt_kind kind;                    /* of RT_VIEW_OBJECTS */
	struct rt_rect rects[RT_FOCUS_COUNT]; /* with borders; w 0: not on screen */
	struct rt_shown shown;

	enum rt_mode mode;
	enum rt_prompt prompt;
	struct rt_input input;
	rt_history histories[RT_PROMPT_COUNT];
	size_t recall;      /* position in the history while recalling; its length: not */
	struct rt_buf hint; /* what it might become, or an error while typing */
	struct rt_picker picker;
	enum rt_pick pick;
	struct rt_doc box;
	struct rt_docview box_view;
	const char *box_title;
	char *box_copy; /* what c copies in the box; NULL: the line */

	RT_VEC(struct rt_stop) stops;
	size_t stop; /* index of where we are in stops */
	enum rt_view last_view;
	struct rt_obj_pattern wanted; /* to select once it is there; no name: nothing */
	struct rt_arena wanted_arena;
	char *wanted_trace; /* --trace likewise */
};

/* ---------------------------------------------------------------- app.c, nav.c */
struct rt_pane *rt_tui_main(struct rt_tui *t);
struct rt_pane *rt_tui_focused(struct rt_tui *t); /* NULL: the detail has the keys */
/* Another view; drilled: on the way into something, so that q comes back. */
void rt_tui_show(struct rt_tui *t, enum rt_view view, bool drilled);
void rt_tui_lists_changed(struct rt_tui *t); /* filter, namespaces, problems */
void rt_tui_follow(struct rt_tui *t);        /* detail shows what the cursor is on */
/* Puts the cursor of the main view on an object; false: it is not in there. */
bool rt_tui_select(struct rt_tui *t, const struct rt_ref *ref);
void rt_tui_stops_done(struct rt_tui *t);
/* Opens an object: in the tree where it is shown there, else in the detail alone. */
void rt_tui_open(struct rt_tui *t, const struct rt_ref *ref);
void rt_tui_trace(struct rt_tui *t, const char *request);
void rt_tui_history(struct rt_tui *t, int step);
bool rt_tui_is_drilled(const struct rt_tui *t); /* q and Esc go back from here */
bool rt_tui_finding_shown(const struct rt_tui *t, const struct rt_finding *f);
bool rt_tui_namespace_shown(const struct rt_tui *t, const char *ns);
/* Rows that changed with the world stand out for a moment. */
void rt_tui_flash(struct rt_tui *t);
bool rt_tui_is_flashing(const struct rt_tui *t);
bool rt_tui_is_busy(const struct rt_tui *t);
/* Findings on an object, worst first; *ret borrowed with the world. */
size_t rt_tui_findings_of(
    const struct rt_tui *t, const struct rt_ref *ref, const struct rt_finding *const **ret);
char *rt_ref_key(const struct rt_ref *ref); /* group/Kind/ns/name, caller frees */
bool rt_ref_of_key(const char *key, struct rt_arena *a, struct rt_ref *ret);
enum rt_status rt_tui_set_theme(struct rt_tui *t, const char *name, struct rt_error *err);

/* ---------------------------------------------------------------- the rest */
void rt_tui_key(struct rt_tui *t, uint32_t key); /* input.c */
void rt_tui_mouse(struct rt_tui *t, const struct rt_event *e);
void rt_tui_act(struct rt_tui *t, enum rt_action a); /* actions.c */
bool rt_tui_can_go_back(const struct rt_tui *t);     /* or does q quit? */
void rt_tui_prompt(struct rt_tui *t, enum rt_prompt p, const char *text);
/* The object that is meant; NULL: none, or several of that name. commands.c */
const struct rt_obj *rt_tui_find_object(const struct rt_tui *t, const struct rt_obj_pattern *p);
void rt_tui_say_not_found(struct rt_tui *t, const struct rt_obj_pattern *p);
void rt_tui_command(struct rt_tui *t, const char *line); /* commands.c */
/* Completes line in place of the last word, as far as is certain; "" in out: not at all. all gets
 * whatever it might become. */
void rt_tui_complete(
    const struct rt_tui *t, const char *line, struct rt_buf *out, struct rt_buf *all);
void rt_tui_layout(struct rt_tui *t); /* screen.c */
void rt_tui_paint(struct rt_tui *t);
unsigned rt_tui_place(const struct rt_tui *t);
void rt_tui_help(struct rt_tui *t);    /* help.c */
void rt_tui_aliases(struct rt_tui *t); /* kinds and their short names */
void rt_tui_mend(struct rt_tui *t, const struct rt_finding *f);
void rt_tui_pick(struct rt_tui *t, enum rt_pick what); /* picks.c */
void rt_tui_picked(struct rt_tui *t);
/* The cursor of the picker moved, or (closed) nothing was taken: a theme shows itself. */
void rt_tui_pick_looks(struct rt_tui *t, bool closed);
char *rt_theme_read(const char *const dirs[2], const char *name, size_t *ret_len); /* theme_dir.c */
void rt_theme_list(const char *const dirs[2], void (*fn)(void *ctx, const char *name), void *ctx);

/* A request that a node of the graph would serve; false when it has no host. urls.c */
bool rt_url_of_row(const struct rt_route_row *row, struct rt_buf *out);
bool rt_url_of_node(const struct rt_analysis *an, const struct rt_node *n, struct rt_buf *out);

/* state.c: how states and edges look */
/* "90% :80": weight and port; that all traffic goes one way need not be said. */
const char *rt_edge_text(const struct rt_edge *e);
uint16_t rt_state_role(enum rt_node_state s);
enum rt_glyph rt_state_glyph(enum rt_node_state s);

#endif
