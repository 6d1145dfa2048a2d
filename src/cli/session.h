/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - the terminal UI at work: joins the loop, the source of objects and the screen.
 */
#ifndef RUTTER_CLI_SESSION_H
#define RUTTER_CLI_SESSION_H

#include "live.h"
#include "rutter/tui.h"
#include "view.h"

struct rt_asked; /* a question of the UI that the cluster is answering; session_ask.c */

struct rt_session {
	struct rt_cli *cli;
	struct rt_loop *loop;
	struct rt_tui *tui;
	struct rt_tui_ops ops; /* borrowed by tui */
	struct rt_term *term;  /* owned by tui */
	struct rt_store *store;
	struct rt_live live;            /* cluster NULL: files or the demo */
	struct rt_line_finder *files;   /* for objects' texts, once asked for */
	struct rt_view *shown, *making; /* shown is what the UI borrows */
	int64_t making_ms, view_ms;     /* spent on making; what the last one took */
	bool changed;                   /* since making was begun */
	struct rt_timer settle, frame, wake;
	struct rt_job job;
	struct rt_fd input;
	int64_t drawn_ms;
	struct rt_asked *asked; /* list */
	const char **contexts;  /* names, NULL-ended, in context_names */
	struct rt_arena context_names;
	char *next_context; /* to switch to at the turn's end */
	bool ended;
	int signo; /* that ended it, 0: a key did */
	struct rt_script *script;
	struct rt_error script_err;
};

/* session_view.c */
void rt_session_put_head(struct rt_session *s);
void rt_session_store_changed(void *ctx);
void rt_session_start_view(struct rt_session *s); /* once changes have settled */
void rt_session_drop_view(struct rt_session *s);  /* the screen shows nothing */

/* session_login.c */
extern const struct rt_credentials_ops rt_session_plugin_ops;
bool rt_session_wants_login(const struct rt_session *s);
void rt_session_login(void *ctx);
/* A plugin that may ask runs before there is a screen. */
enum rt_status rt_session_log_in_first(struct rt_session *s, struct rt_error *err);

/* session_source.c */
bool rt_session_reads_files(const struct rt_session *s);
enum rt_status rt_session_open_cluster(
    struct rt_session *s, const char *context, struct rt_error *err);
int rt_session_read_files(struct rt_session *s, struct rt_buf *messages);
void rt_session_start_source(struct rt_session *s);
void rt_session_switch_context(struct rt_session *s);
void rt_session_close_source(struct rt_session *s);

/* session_ui.c */
enum rt_status rt_session_open_ui(struct rt_session *s, const char *open, struct rt_error *err);
void rt_session_quit(void *ctx);
void rt_session_suspend(void *ctx);

/* session.c */
void rt_session_take_keys(struct rt_session *s);
void rt_session_leave_keys(struct rt_session *s);

/* session_ask.c */
extern const unsigned rt_session_asks;
void rt_session_ask(void *ctx, const struct rt_question *q);
void rt_session_unask(void *ctx, unsigned ticket);
void rt_session_unask_all(struct rt_session *s);

/* file.c: whole files. Written to a neighbour first, mode 0600, then renamed. */
RT_NODISCARD enum rt_status rt_file_read(
    const char *path, struct rt_buf *out, struct rt_error *err);
RT_NODISCARD enum rt_status rt_file_write(
    const char *path, const char *text, size_t len, struct rt_error *err);

/* Runs until quit; returns the exit status. script NULL: on the terminal. */
int rt_session_run(struct rt_cli *cli, const char *open, const char *script_path);

#endif
