/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input_cluster.c - the objects of the cluster that the kubeconfig names, read once. Progress goes
 * to stderr while that is a terminal.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "live.h"

/* A want may uncover another: a class its controller's Pods, those their Service. More rounds than
 * there are such steps are a mistake of ours, not the cluster's. */
enum { MOST_ROUNDS = 5 };

struct reading {
	struct rt_cli *cli;
	struct rt_live live;
	int64_t shown_ms; /* when progress was last written */
	bool written;
};

static void show_progress(void *ctx)
{
	struct reading *r = ctx;
	struct rt_cluster_state st;
	int64_t now = rt_loop_clock_ms();
	enum { EVERY_MS = 100 };
	if (!r->cli->env->stderr_tty || !r->live.cluster || now - r->shown_ms < EVERY_MS)
		return;
	rt_cluster_state(r->live.cluster, &st);
	fprintf(stderr, "\r\033[Kreading: %u of %u kinds, %llu objects", st.done, st.kinds,
	    (unsigned long long)st.objects);
	fflush(stderr);
	r->shown_ms = now;
	r->written = true;
}

static void clear_progress(struct reading *r)
{
	if (r->written)
		fputs("\r\033[K", stderr);
	r->written = false;
}

static void show_warning(void *ctx, const char *text)
{
	struct reading *r = ctx;
	clear_progress(r);
	rt_cli_warn(r->cli, "the server warns: %s", text);
}

static const struct rt_cluster_ops reading_ops = {
    .changed = show_progress,
    .warning = show_warning,
};

/* Standard input is the plugin's, unless manifests come from there. */
static enum rt_terminal_use terminal_use(void *ctx)
{
	const struct reading *r = ctx;
	const struct rt_options *o = &r->cli->opts;
	for (size_t i = 0; i < o->overlays.len; i++)
		if (strcmp(o->overlays.v[i], "-") == 0)
			return RT_TERMINAL_NONE;
	return r->cli->env->stdin_tty ? RT_TERMINAL_FREE : RT_TERMINAL_NONE;
}

static void show_plugin_line(void *ctx, const char *line)
{
	clear_progress(ctx);
	fprintf(stderr, "%s\n", line);
}

/* A login code is shown as it comes to somebody who can read it; else an error has the plugin's
 * last words. */
static const struct rt_credentials_ops watched_plugin = {
    .terminal = terminal_use,
    .say = show_plugin_line,
};
static const struct rt_credentials_ops unwatched_plugin = {.terminal = terminal_use};

/* A plugin has a session of its own and does not get the keyboard's ^C: freeing the loop ends it.
 */
static void on_signal(void *ctx, int signo)
{
	struct reading *r = ctx;
	clear_progress(r);
	rt_loop_free(r->live.loop);
	signal(signo, SIG_DFL);
	raise(signo);
}

static enum rt_status take_signals(struct reading *r, struct rt_error *err)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	enum rt_status st = RT_OK;
	for (size_t i = 0; i < RT_ARRAY_LEN(signals) && st == RT_OK; i++)
		st = rt_signal_start(r->live.loop, signals[i], on_signal, r, err);
	return st;
}

static enum rt_status read_all(
    struct reading *r, const struct rt_store *store, struct rt_error *err)
{
	enum rt_status st = take_signals(r, err);
	if (st != RT_OK)
		return st;
	rt_cluster_start(r->live.cluster);
	st = rt_cluster_settle(r->live.cluster, err);
	for (int i = 0; st == RT_OK && i < MOST_ROUNDS; i++) {
		if (!rt_live_ask_wants(&r->live, store))
			break;
		st = rt_cluster_settle(r->live.cluster, err);
	}
	return st;
}

int rt_input_cluster(struct rt_cli *cli, struct rt_store **ret)
{
	struct rt_error err = {0};
	struct reading r = {.cli = cli};
	struct rt_store *s = rt_store_new(RT_STORE_CLUSTER);
	struct rt_live_params params = {
	    .store = s,
	    .ops = &reading_ops,
	    .credential_ops = cli->env->stderr_tty ? &watched_plugin : &unwatched_plugin,
	    .ctx = &r,
	};
	enum rt_status st = rt_live_open(cli, &params, &r.live, &err);
	for (size_t i = 0; st == RT_OK && i < r.live.config->warning_count; i++)
		rt_cli_warn(cli, "warning: %s", r.live.config->warnings[i]);
	if (st == RT_OK)
		st = read_all(&r, s, &err);
	clear_progress(&r);
	rt_live_close(&r.live);
	if (st == RT_OK) {
		*ret = s;
		return 0;
	}
	rt_store_free(s);
	return rt_cli_fail(cli, &err);
}
