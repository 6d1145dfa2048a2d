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
	const char **contexts;  /* names, NULL-ended */
	char *next_context;     /* to switch to at the turn's end */
	bool ended;
	int signo; /* that ended it, 0: a key did */
	struct rt_script *script;
	struct rt_error script_err;
};

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
