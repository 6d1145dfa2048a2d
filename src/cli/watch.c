/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.c - reads a cluster, follows it, and prints differences once changes have settled.
 */
#include "config.h"

#include "watch.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "live.h"
#include "rutter/map.h"
#include "rutter/utf8.h"

enum { SETTLE_MS = 300 };

struct watching {
	struct rt_cli *cli;
	const struct rt_watch_ops *ops;
	struct rt_loop *loop;
	struct rt_live live;
	struct rt_store *store;
	struct rt_timer settle;
	struct rt_arena arenas[2]; /* lines as they were, lines as they are */
	rt_watch_lines lines[2];
	unsigned now;           /* index of the current ones */
	struct rt_buf document; /* the last one printed */
	uint64_t version;       /* of the store that was judged */
	bool due, printed, stale;
	int signo;
};

static void on_due(void *ctx)
{
	((struct watching *)ctx)->due = true;
}

static void on_change(void *ctx)
{
	struct watching *w = ctx;
	if (!w->settle.loop && w->loop)
		rt_timer_start(w->loop, &w->settle, SETTLE_MS, on_due, w);
}

static void on_warning(void *ctx, const char *text)
{
	rt_cli_warn(((struct watching *)ctx)->cli, "the server warns: %s", text);
}

static const struct rt_cluster_ops cluster_ops = {
    .changed = on_change, .settled = on_change, .warning = on_warning};

static enum rt_terminal_use terminal_use(void *ctx)
{
	const struct watching *w = ctx;
	return w->cli->env->stdin_tty ? RT_TERMINAL_FREE : RT_TERMINAL_NONE;
}

static void show_plugin_line(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

static const struct rt_credentials_ops watched_plugin = {
    .terminal = terminal_use, .say = show_plugin_line};
static const struct rt_credentials_ops unwatched_plugin = {.terminal = terminal_use};

/* A plugin has a session of its own and does not get the keyboard's ^C: freeing the loop ends it.
 */
static void on_signal(void *ctx, int signo)
{
	struct watching *w = ctx;
	w->signo = signo;
	if (w->printed)
		return;
	rt_loop_free(w->loop);
	signal(signo, SIG_DFL);
	raise(signo);
}

/* ------------------------------------------------------------------ printing */

/* Changes are worth their time: output is written at once. False: nobody reads it any more. */
static bool flush_out(struct rt_cli *cli)
{
	fwrite(cli->out.data, 1, cli->out.len, stdout);
	rt_buf_clear(&cli->out);
	return fflush(stdout) == 0;
}

static void put_line(struct watching *w, char sign, const char *text)
{
	struct rt_buf time = {0};
	rt_time_write(&time, rt_env_clock(w->cli->env));
	rt_buf_printf(&w->cli->out, "%s %c ", rt_buf_str(&time), sign);
	rt_clean(&w->cli->out, text, w->cli->style.ascii);
	rt_buf_putc(&w->cli->out, '\n');
	rt_buf_done(&time);
}

/* Prints the lines of a that b has not. */
static void put_missing(
    struct watching *w, const rt_watch_lines *a, const rt_watch_lines *b, char sign)
{
	struct rt_map have = {0};
	for (size_t i = 0; i < b->len; i++)
		rt_map_set(&have, b->v[i].key, w);
	for (size_t i = 0; i < a->len; i++)
		if (!rt_map_get(&have, a->v[i].key))
			put_line(w, sign, a->v[i].text);
	rt_map_done(&have);
}

static void print_lines(struct watching *w)
{
	unsigned next = !w->now;
	rt_arena_reset(&w->arenas[next]);
	w->lines[next] = (rt_watch_lines){0};
	w->ops->lines(w->cli, w->store, &w->arenas[next], &w->lines[next]);
	if (w->printed) {
		put_missing(w, &w->lines[w->now], &w->lines[next], '-');
		put_missing(w, &w->lines[next], &w->lines[w->now], '+');
	} else {
		w->ops->report(w->cli, w->store);
	}
	w->now = next;
}

static void print_document(struct watching *w)
{
	struct rt_buf *out = &w->cli->out;
	w->ops->report(w->cli, w->store);
	bool same = w->printed && out->len == w->document.len &&
		    memcmp(rt_buf_str(out), rt_buf_str(&w->document), out->len) == 0;
	rt_buf_clear(&w->document);
	rt_buf_add(&w->document, out->data, out->len);
	if (same)
		rt_buf_clear(out);
}

static bool print_changes(struct watching *w)
{
	w->due = false;
	if (w->printed && w->version == rt_store_version(w->store))
		return true;
	/* What the change has uncovered is asked first; its answer is a change again. */
	if (rt_live_ask_wants(&w->live, w->store) && !rt_cluster_is_settled(w->live.cluster))
		return true;
	w->version = rt_store_version(w->store);
	if (w->ops->documents)
		print_document(w);
	else
		print_lines(w);
	w->printed = true;
	return flush_out(w->cli);
}

/* Silence must not be taken for peace. */
static void say_how_live(struct watching *w)
{
	struct rt_cluster_state st;
	rt_cluster_state(w->live.cluster, &st);
	if ((st.stale > 0) == w->stale)
		return;
	w->stale = st.stale > 0;
	if (w->stale)
		rt_cli_warn(w->cli, "changes of %u kinds do not arrive%s%s", st.stale,
		    st.err.msg[0] ? ": " : "", st.err.msg);
	else
		rt_cli_warn(w->cli, "changes arrive again");
}

/* ------------------------------------------------------------------ running */

static enum rt_status take_signals(struct watching *w, struct rt_error *err)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	enum rt_status st = RT_OK;
	for (size_t i = 0; i < RT_ARRAY_LEN(signals) && st == RT_OK; i++)
		st = rt_signal_start(w->loop, signals[i], on_signal, w, err);
	return st;
}

static enum rt_status start(struct watching *w, struct rt_error *err)
{
	enum rt_status st = rt_loop_new(&w->loop, err);
	if (st == RT_OK)
		st = take_signals(w, err);
	if (st != RT_OK)
		return st;
	w->store = rt_store_new(RT_STORE_CLUSTER);
	struct rt_live_params params = {
	    .store = w->store,
	    .loop = w->loop,
	    .watch = true,
	    .ops = &cluster_ops,
	    .credential_ops = w->cli->env->stderr_tty ? &watched_plugin : &unwatched_plugin,
	    .ctx = w,
	};
	st = rt_live_open(w->cli, &params, &w->live, err);
	if (st != RT_OK)
		return st;
	rt_cluster_start(w->live.cluster);
	st = rt_cluster_settle(w->live.cluster, err);
	if (st == RT_OK)
		rt_cli_say_unread(w->cli, w->store);
	return st;
}

int rt_watch(struct rt_cli *cli, const struct rt_watch_ops *ops)
{
	struct rt_error err = {0};
	struct watching w = {.cli = cli, .ops = ops};
	if (cli->opts.demo || cli->opts.filenames.len > 0 || cli->opts.overlays.len > 0)
		return rt_cli_usage(
		    cli, "--watch follows a cluster: not with -f, --demo or --overlay");
	enum rt_status st = start(&w, &err);
	bool read = true;
	w.due = true;
	while (st == RT_OK && read && !w.signo) {
		if (w.due)
			say_how_live(&w);
		if (w.due && rt_cluster_is_settled(w.live.cluster))
			read = print_changes(&w);
		rt_loop_turn(w.loop, -1);
	}
	rt_timer_stop(&w.settle);
	rt_live_close(&w.live);
	rt_store_free(w.store);
	rt_loop_free(w.loop);
	rt_arena_done(&w.arenas[0]);
	rt_arena_done(&w.arenas[1]);
	rt_buf_done(&w.document);
	if (st != RT_OK)
		return rt_cli_fail(cli, &err);
	return w.signo ? 128 + w.signo : 0;
}
