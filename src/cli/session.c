/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c - one wait for keys, network and time; nothing blocks a key, nothing wakes an idle
 * program.
 */
#include "config.h"

#include "session.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "rutter/source.h"

enum { FRAME_MS = 33 };

/* ------------------------------------------------------------------ turns */

static void on_signal(void *ctx, int signo)
{
	struct rt_session *s = ctx;
	if (signo == SIGWINCH) {
		rt_tui_resized(s->tui);
	} else if (signo == SIGTSTP) {
		rt_session_suspend(s);
	} else {
		s->signo = signo;
		rt_session_quit(s);
	}
}

static void nothing(void *ctx)
{
	(void)ctx; /* the turn itself is what was wanted */
}

/* Works for what was asked, then draws if a frame is due. */
static void answer(struct rt_session *s)
{
	if (rt_tui_has_work(s->tui))
		rt_tui_work(s->tui, rt_loop_clock_ms() + RT_JOB_BUDGET_MS);
	int64_t now = rt_loop_clock_ms(), due = s->drawn_ms + FRAME_MS;
	bool early = rt_tui_wants_frame(s->tui) && now < due;
	if (early) {
		rt_timer_start(s->loop, &s->frame, due - now, nothing, s);
	} else if (rt_tui_wants_frame(s->tui)) {
		rt_tui_draw(s->tui);
		s->drawn_ms = rt_loop_clock_ms();
	}
	/* A frame that is not due yet has its timer: nothing to turn for until then. */
	int next = rt_tui_has_work(s->tui) ? 0 : early ? -1 : rt_tui_next_ms(s->tui);
	if (next >= 0)
		rt_timer_start(s->loop, &s->wake, next, nothing, s);
	else
		rt_timer_stop(&s->wake);
}

static void turn_ends(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->next_context)
		rt_session_switch_context(s);
	answer(s);
}

/* A key is answered now: before the turn's other work, whatever the changes do to the screen. */
static void on_input(void *ctx, int fd, unsigned events)
{
	struct rt_session *s = ctx;
	(void)fd;
	if (events & RT_FD_READ) {
		rt_tui_handle_input(s->tui);
		s->drawn_ms = 0;
		answer(s);
	}
	if (events & RT_FD_HANGUP) { /* the terminal is gone */
		s->signo = SIGHUP;
		rt_session_quit(s);
	}
}

void rt_session_take_keys(struct rt_session *s)
{
	rt_fd_start(s->loop, &s->input, STDIN_FILENO, RT_FD_READ, on_input, s);
}

void rt_session_leave_keys(struct rt_session *s)
{
	rt_fd_stop(&s->input);
}

static enum rt_status take_signals(struct rt_session *s, struct rt_error *err)
{
	static const int signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP};
	for (size_t i = 0; i < RT_ARRAY_LEN(signals); i++) {
		enum rt_status st = rt_signal_start(s->loop, signals[i], on_signal, s, err);
		if (st != RT_OK)
			return st;
	}
	return RT_OK;
}

/* ------------------------------------------------------------------ scripted sessions */

static bool idle(const struct rt_session *s)
{
	if (s->changed || s->making || s->settle.loop || s->asked || rt_tui_has_work(s->tui))
		return false;
	return !s->live.cluster || rt_cluster_is_settled(s->live.cluster);
}

static void run_script(struct rt_session *s)
{
	enum rt_script_state st = RT_SCRIPT_GOES_ON;
	enum { PATIENCE_MS = 20 };
	while (st != RT_SCRIPT_DONE && st != RT_SCRIPT_FAILED && !s->ended) {
		st = rt_script_step(
		    s->script, s->tui, s->term, idle(s), &s->cli->out, &s->script_err);
		turn_ends(s); /* a loop without descriptors has no turn to end */
		rt_loop_turn(s->loop, st == RT_SCRIPT_WAITS ? PATIENCE_MS : 0);
	}
}

/* ------------------------------------------------------------------ the whole */

static enum rt_status read_script(struct rt_session *s, const char *path, struct rt_error *err)
{
	struct rt_buf text = {0};
	enum rt_status st = rt_file_read(path, &text, err);
	if (st == RT_OK)
		st = rt_script_new(rt_buf_str(&text), text.len, path, &s->script, err);
	rt_buf_done(&text);
	return st;
}

static void run(struct rt_session *s)
{
	rt_session_start_source(s);
	rt_loop_on_turn(s->loop, turn_ends, s);
	if (s->script) {
		run_script(s);
		return;
	}
	rt_session_take_keys(s);
	rt_tui_draw(s->tui); /* something stands on the screen before anything is read */
	while (!s->ended)
		rt_loop_turn(s->loop, -1);
}

static void done(struct rt_session *s)
{
	rt_session_leave_keys(s);
	rt_timer_stop(&s->frame);
	rt_timer_stop(&s->wake);
	rt_session_close_source(s);
	rt_tui_free(s->tui);
	rt_script_free(s->script);
	rt_loop_free(s->loop);
	rt_line_finder_free(s->files);
	rt_arena_done(&s->context_names);
	free(s->next_context);
}

/* What has to be there before the loop turns. Exit status. */
static int prepare(struct rt_session *s, const char *open, struct rt_buf *messages)
{
	struct rt_error err = {0};
	int status = 0;
	enum rt_status st = RT_OK;
	if (!rt_session_reads_files(s)) {
		st = rt_session_open_cluster(s, NULL, &err);
		if (st == RT_OK)
			st = rt_session_log_in_first(s, &err);
	}
	if (st == RT_OK)
		st = rt_session_open_ui(s, open, &err);
	if (st == RT_OK && rt_session_reads_files(s))
		status = rt_session_read_files(s, messages);
	if (st == RT_OK && status == 0 && !s->script)
		st = take_signals(s, &err);
	if (st == RT_OK)
		return status;
	s->cli->held = messages;
	status = rt_cli_fail(s->cli, &err);
	s->cli->held = NULL;
	return status;
}

int rt_session_run(struct rt_cli *cli, const char *open, const char *script_path)
{
	struct rt_error err = {0};
	struct rt_session s = {.cli = cli};
	struct rt_buf messages = {0};
	int status = 0;
	enum rt_status st = rt_loop_new(&s.loop, &err);
	if (st == RT_OK && script_path)
		st = read_script(&s, script_path, &err);
	if (st == RT_OK)
		status = prepare(&s, open, &messages);
	if (st == RT_OK && status == 0)
		run(&s);
	done(&s);
	fputs(rt_buf_str(&messages), stderr);
	rt_buf_done(&messages);
	if (st == RT_OK && s.script_err.status != RT_OK) {
		err = s.script_err;
		st = err.status;
	}
	if (st != RT_OK)
		return rt_cli_fail(cli, &err);
	return s.signo ? 128 + s.signo : status;
}
