/* SPDX-License-Identifier: Apache-2.0 */
/*
 * action.h - everything a key can do, in one table.
 * Key bindings, hint line, help screen, man page and README are made from it. A row says where its
 * keys count (a key may mean one thing in a list and another in a text) and what must be on offer
 * for the action to exist at all: what a source cannot do is neither bound nor shown.
 * Commands (":") have their own table below.
 */
#ifndef RUTTER_ACTION_H
#define RUTTER_ACTION_H

#include "rutter/fwd.h"

/* Where. */
enum rt_place {
	RT_IN_LIST = 1,      /* a tree or table */
	RT_IN_TREE = 2,      /* beside RT_IN_LIST */
	RT_IN_TABLE = 4,     /* beside RT_IN_LIST */
	RT_IN_TEXT = 8,      /* the detail, a trace, help */
	RT_IN_MENDABLE = 16, /* findings are at hand */
	RT_IN_LOGS = 32,     /* beside RT_IN_TEXT */
	RT_IN_TRACE = 64,    /* beside RT_IN_TEXT */
	RT_IN_DETAIL = 128,  /* beside RT_IN_TEXT: has tabs */
};
#define RT_EVERYWHERE 0xffffu

/* What the program around the UI offers. */
enum rt_offer {
	RT_OFFER_YAML = 1,
	RT_OFFER_EVENTS = 2,
	RT_OFFER_LOGS = 4,
	RT_OFFER_CONTEXTS = 8,
	RT_OFFER_RELOAD = 16,
	RT_OFFER_SUSPEND = 32,
	RT_OFFER_WRITE = 64, /* files can be written */
	RT_OFFER_LOGIN = 128,
};

/* In the order of every list of them: what the program is for comes first. */
enum rt_action_group {
	RT_ACTIONS_VIEWS,
	RT_ACTIONS_DETAIL,
	RT_ACTIONS_FIND,
	RT_ACTIONS_MOVE,
	RT_ACTIONS_OTHER,
	RT_ACTIONS_COUNT
};

/* The views that a key and a ":" command open: each is panes/NAME.c, which defines rt_NAME_pane.
 * The other two, the objects of a kind and a trace, are opened by what they show. */
/*  id, name, key, further names of the command, its argument, help */
#define RT_VIEWS(V, X)                                                                             \
	V(X, TOPOLOGY, topology, "1", "topo xray x", "",                                           \
	    "classes, Gateways, listeners, routes, Services as a tree")                            \
	V(X, ROUTES, routes, "2", "rt", "[HOST]", "the flat routing table")                        \
	V(X, FINDINGS, findings, "3", "check pulses pu popeye pop", "",                            \
	    "everything that is wrong, worst first")                                               \
	V(X, CONTROLLERS, controllers, "4", "ctl", "",                                             \
	    "the controllers behind the classes, and data planes")
#define RT_VIEW_ACTION(X, id, name, key, more, argument, help)                                     \
	X(VIEW_##id, #name, key, RT_EVERYWHERE, 0, VIEWS, NULL, help)
#define RT_VIEW_COMMAND(X, id, name, key, more, argument, help)                                    \
	X(id, #name " " more, argument, 0, help)

/* The tabs of the detail: each is tab_NAME.c, which defines rt_tab_NAME; but the logs, whose
 * questions and answers are the detail's own, are in detail.c. */
/*  id, name, title, its action's name, key, what must be on offer, hint, help */
#define RT_TABS(V, X)                                                                              \
	V(X, SUMMARY, summary, "Summary", "describe", "d", 0, "describe", "the summary")           \
	V(X, CONDITIONS, conditions, "Conditions", "conditions", "o", 0, NULL,                     \
	    "conditions: what is reported beside what should be")                                  \
	V(X, RELATED, related, "Related", "related", "r", 0, NULL,                                 \
	    "what the object refers to and what refers to it")                                     \
	V(X, YAML, yaml, "YAML", "yaml", "y", RT_OFFER_YAML, "yaml", "the object as YAML")         \
	V(X, EVENTS, events, "Events", "events", "e", RT_OFFER_EVENTS, "events",                   \
	    "the object's events")                                                                 \
	V(X, LOGS, logs, "Logs", "logs", "l", RT_OFFER_LOGS, "logs",                               \
	    "logs of the controller or Pods behind the object")
#define RT_TAB_ACTION(X, id, name, title, action, key, needs, hint, help)                          \
	X(TAB_##id, action, key, RT_EVERYWHERE, needs, DETAIL, hint, help)

/*  id, name, keys, where, needs, group, hint (NULL: not on the hint line), help */
#define RT_ACTIONS(X)                                                                              \
	X(MEND, "mend", "g", RT_IN_MENDABLE, 0, DETAIL, "mend",                                    \
	    "of a finding: how to mend it, with a manifest where there is one")                    \
	X(TRACE, "trace", "t", RT_EVERYWHERE, 0, VIEWS, "trace",                                   \
	    "trace a request; starts with the URL of the row at hand")                             \
	X(FILTER, "filter", "/", RT_EVERYWHERE, 0, FIND, "filter",                                 \
	    "filter a list, search a text: regular expression, ! inverts, -l labels, -f fuzzy")    \
	X(COMMAND, "command", ":", RT_EVERYWHERE, 0, OTHER, "command",                             \
	    "type a command; Tab completes")                                                       \
	X(OPEN, "open", "Enter", RT_EVERYWHERE, 0, MOVE, "open", "open the row, follow the link")  \
	X(FOLD, "fold", "Space", RT_IN_TREE, 0, MOVE, "fold",                                      \
	    "of a tree: fold or unfold the branch")                                                \
	X(FOLD_ALL, "fold-all", "x", RT_IN_TREE, 0, MOVE, NULL,                                    \
	    "of a tree: fold or unfold everything")                                                \
	RT_TABS(RT_TAB_ACTION, X)                                                                  \
	X(PREVIOUS_LOGS, "previous-logs", "p", RT_IN_LOGS, RT_OFFER_LOGS, DETAIL, "previous",      \
	    "of a log: that of the container that ran before")                                     \
	X(AUTOSCROLL, "autoscroll", "s", RT_IN_LOGS, RT_OFFER_LOGS, DETAIL, "follow",              \
	    "of a log: follow its end")                                                            \
	X(CONTAINER, "container", "a", RT_IN_LOGS, RT_OFFER_LOGS, DETAIL, "container",             \
	    "of a log: choose the Pod and container")                                              \
	X(ONLY_OBJECT, "only-object", "m", RT_IN_LOGS, RT_OFFER_LOGS, DETAIL, "all lines",         \
	    "of a log: only lines that name the object, or all")                                   \
	X(METHOD, "method", "m", RT_IN_TRACE, 0, DETAIL, "method",                                 \
	    "of a trace: the next HTTP method")                                                    \
	X(HISTORY, "history", "a", RT_IN_TRACE, 0, DETAIL, "history",                              \
	    "of a trace: requests traced before")                                                  \
	X(WRAP, "wrap", "w", RT_IN_TEXT, 0, DETAIL, NULL,                                          \
	    "of a text: wrap long lines, or cut them")                                             \
	X(FULLSCREEN, "fullscreen", "f", RT_EVERYWHERE, 0, DETAIL, NULL,                           \
	    "give the pane the whole screen, or put it back")                                      \
	X(PROBLEMS, "problems", "z", RT_EVERYWHERE, 0, FIND, "problems",                           \
	    "problems only, or everything")                                                        \
	X(NEXT_MATCH, "next-match", "n", RT_IN_TEXT, 0, FIND, NULL, "of a search: the next match") \
	X(PREV_MATCH, "previous-match", "N", RT_IN_TEXT, 0, FIND, NULL,                            \
	    "of a search: the match before")                                                       \
	X(COPY, "copy", "c", RT_EVERYWHERE, 0, OTHER, NULL,                                        \
	    "copy the name, URL or mend to the clipboard (OSC 52)")                                \
	X(COPY_NAMESPACE, "copy-namespace", "n", RT_IN_LIST, 0, OTHER, NULL,                       \
	    "of a row: copy the namespace")                                                        \
	X(SORT_LEFT, "sort-left", "S-Left", RT_IN_TABLE, 0, FIND, NULL,                            \
	    "of a table: sort by the column to the left")                                          \
	X(SORT_RIGHT, "sort-right", "S-Right", RT_IN_TABLE, 0, FIND, NULL,                         \
	    "of a table: sort by the column to the right")                                         \
	X(SORT_REVERSE, "sort-reverse", "O", RT_IN_TABLE, 0, FIND, NULL,                           \
	    "of a table: turn the order round, then back to its own")                              \
	X(UP, "up", "k Up", RT_EVERYWHERE, 0, MOVE, NULL, "one line up")                           \
	X(DOWN, "down", "j Down", RT_EVERYWHERE, 0, MOVE, NULL, "one line down")                   \
	X(TOP, "top", "g Home", RT_EVERYWHERE, 0, MOVE, NULL, "to the first line")                 \
	X(BOTTOM, "bottom", "G End", RT_EVERYWHERE, 0, MOVE, NULL, "to the last line")             \
	X(HALF_DOWN, "half-page-down", "C-d", RT_EVERYWHERE, 0, MOVE, NULL, "half a page down")    \
	X(HALF_UP, "half-page-up", "C-u", RT_EVERYWHERE, 0, MOVE, NULL, "half a page up")          \
	X(PAGE_DOWN, "page-down", "C-f PgDn Space", RT_EVERYWHERE, 0, MOVE, NULL, "a page down")   \
	X(PAGE_UP, "page-up", "C-b PgUp", RT_EVERYWHERE, 0, MOVE, NULL, "a page up")               \
	X(LEFT, "left", "h Left", RT_EVERYWHERE, 0, MOVE, NULL,                                    \
	    "fold, or to the parent; the tab to the left")                                         \
	X(RIGHT, "right", "Right", RT_EVERYWHERE, 0, MOVE, NULL, "unfold; the tab to the right")   \
	X(NEXT_PANE, "next-pane", "Tab", RT_EVERYWHERE, 0, MOVE, NULL, "keys to the next pane")    \
	X(PREV_PANE, "previous-pane", "S-Tab", RT_EVERYWHERE, 0, MOVE, NULL,                       \
	    "keys to the previous pane")                                                           \
	RT_VIEWS(RT_VIEW_ACTION, X)                                                                \
	X(ALL_NAMESPACES, "all-namespaces", "0", RT_EVERYWHERE, 0, FIND, NULL,                     \
	    "show all namespaces")                                                                 \
	X(NAMESPACES, "namespaces", "C-n", RT_EVERYWHERE, 0, FIND, NULL, "choose a namespace")     \
	X(CONTEXTS, "contexts", "C-o", RT_EVERYWHERE, RT_OFFER_CONTEXTS, VIEWS, NULL,              \
	    "choose another context of the kubeconfig")                                            \
	X(THEMES, "themes", "C-t", RT_EVERYWHERE, 0, OTHER, NULL, "choose a theme")                \
	X(WARP, "warp", "w", RT_IN_LIST, 0, FIND, NULL, "of a row: show its namespace only")       \
	X(BACK_IN_TIME, "history-back", "[", RT_EVERYWHERE, 0, MOVE, NULL, "back in the history")  \
	X(FORWARD_IN_TIME, "history-forward", "]", RT_EVERYWHERE, 0, MOVE, NULL,                   \
	    "forward in the history")                                                              \
	X(LAST_VIEW, "last-view", "-", RT_EVERYWHERE, 0, MOVE, NULL, "the view before this one")   \
	X(HEADER, "header", "C-e", RT_EVERYWHERE, 0, OTHER, NULL, "show or hide the header line")  \
	X(RELOAD, "reload", "C-r", RT_EVERYWHERE, RT_OFFER_RELOAD, OTHER, NULL,                    \
	    "read the cluster again")                                                              \
	X(LOGIN, "login", "L", RT_EVERYWHERE, RT_OFFER_LOGIN, OTHER, NULL,                         \
	    "log in: give the terminal to the credential plugin")                                  \
	X(EXPORT, "export", "C-s", RT_EVERYWHERE, RT_OFFER_WRITE, OTHER, NULL,                     \
	    "write what is shown to a file")                                                       \
	X(REDRAW, "redraw", "C-l", RT_EVERYWHERE, 0, OTHER, NULL, "draw the screen again")         \
	X(SUSPEND, "suspend", "C-z", RT_EVERYWHERE, RT_OFFER_SUSPEND, OTHER, NULL,                 \
	    "suspend the program")                                                                 \
	X(ALIASES, "aliases", "C-a", RT_EVERYWHERE, 0, OTHER, NULL,                                \
	    "kinds and their short names, for :KIND")                                              \
	X(HELP, "help", "?", RT_EVERYWHERE, 0, OTHER, "help", "this help")                         \
	X(CANCEL, "cancel", "Esc", RT_EVERYWHERE, 0, MOVE, NULL,                                   \
	    "drop the filter, close, go back; never ends the program")                             \
	X(BACK, "back", "q", RT_EVERYWHERE, 0, MOVE, "back",                                       \
	    "back; where nothing was opened: quit")                                                \
	X(QUIT, "quit", "C-c", RT_EVERYWHERE, 0, OTHER, NULL, "quit")

enum rt_action {
#define X(id, name, keys, where, needs, group, hint, help) RT_ACTION_##id,
	RT_ACTIONS(X)
#undef X
	    RT_ACTION_COUNT,
	RT_ACTION_NONE = RT_ACTION_COUNT
};

struct rt_action_info {
	const char *name, *keys; /* keys: separated by spaces, the first one is shown */
	unsigned where, needs;   /* enum rt_place, enum rt_offer bits */
	enum rt_action_group group;
	const char *hint, *help;
};
extern const struct rt_action_info rt_actions[RT_ACTION_COUNT];
extern const char *const rt_action_group_names[RT_ACTIONS_COUNT];

/* What a key does at a place. A row bound to few places beats one bound everywhere. */
enum rt_action rt_action_find(uint32_t key, unsigned place, unsigned offers);
bool rt_action_offered(enum rt_action a, unsigned offers);

/*  id, names (first one is shown), argument, needs, help */
#define RT_TUI_COMMANDS(X)                                                                         \
	RT_VIEWS(RT_VIEW_COMMAND, X)                                                               \
	X(TRACE, "trace", "[METHOD] URL", 0, "what one request would meet")                        \
	X(NS, "namespace ns", "[NAME[,NAME]|all]", 0, "show these namespaces only")                \
	X(CTX, "context ctx", "[NAME]", RT_OFFER_CONTEXTS, "another context of the kubeconfig")    \
	X(THEME, "theme skin", "[NAME]", 0, "change the colours")                                  \
	X(EXPORT, "export", "FILE", RT_OFFER_WRITE, "write what is shown: .txt, .json, .yaml …")   \
	X(MOUSE, "mouse", "", 0, "mouse on or off; off leaves text selection to the terminal")     \
	X(ALIASES, "aliases alias a", "", 0, "kinds and their short names")                        \
	X(HELP, "help h ?", "", 0, "keys and commands")                                            \
	X(QUIT, "quit q q! qa exit", "", 0, "leave")

enum rt_tui_command {
#define X(id, names, argument, needs, help) RT_TUI_COMMAND_##id,
	RT_TUI_COMMANDS(X)
#undef X
	    RT_TUI_COMMAND_COUNT
};
struct rt_tui_command_info {
	const char *names, *argument;
	unsigned needs;
	const char *help;
};
extern const struct rt_tui_command_info rt_tui_commands[RT_TUI_COMMAND_COUNT];
/* By any of its names; RT_TUI_COMMAND_COUNT when none answers to it. */
enum rt_tui_command rt_tui_command_find(const char *name, size_t len, unsigned offers);

#endif
