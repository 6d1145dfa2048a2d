/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_view.c - what the screen shows: the head line, and a view of the store made in slices
 * once changes have settled. The screen borrows a view until the next one is ready.
 */
#include "config.h"

#include "session.h"

#include <stdio.h>
#include <time.h>

#include "rutter/object_text.h"

enum { SETTLE_FIRST_MS = 30, SETTLE_MS = 250, SETTLE_MAX_MS = 3000 };
/* A cluster that never comes to rest may have this much of the time for making views: one part in
 * so many, beside what its changes cost themselves. */
enum { VIEW_SHARE = 8 };

/* The time on the clock of whoever looks: it does not have to count on while nothing happens. */
static void put_since(struct rt_buf *out, int64_t t, int64_t now)
{
	enum { DAY = 86400 };
	time_t seconds = (time_t)t;
	struct tm local;
	char text[32] = "";
	if (localtime_r(&seconds, &local))
		strftime(text, sizeof(text), now - t < DAY / 2 ? "%T" : "%b %e %R", &local);
	rt_buf_printf(out, "since %s", text);
}

static void put_trouble(
    const struct rt_session *s, struct rt_buf *out, const struct rt_cluster_state *st)
{
	if (st->stale > 0 && st->stale < st->kinds)
		rt_buf_printf(out, ", %u of %u kinds", st->stale, st->kinds);
	if (st->err.status != RT_OK)
		rt_buf_printf(out, "%s%s%s", out->len ? ": " : "",
		    (rt_session_wants_login(s) ? "L logs in: " : ""), st->err.msg);
	else
		rt_buf_puts(out, ": C-r asks at once");
}

static enum rt_feed feed_of(const struct rt_session *s, struct rt_buf *text)
{
	struct rt_cluster_state st = {0};
	rt_cluster_state(s->live.cluster, &st);
	if (st.stale > 0 && st.stale_since) {
		put_since(text, st.stale_since, rt_env_clock(s->cli->env));
		put_trouble(s, text, &st);
		return RT_FEED_STALE;
	}
	if (st.live)
		return RT_FEED_LIVE;
	if (!st.connected && st.err.status != RT_OK) {
		put_trouble(s, text, &st);
		return RT_FEED_UNREAD;
	}
	if (st.connected)
		rt_buf_printf(text, "%u of %u kinds", st.done, st.kinds);
	return RT_FEED_READING;
}

void rt_session_put_head(struct rt_session *s)
{
	struct rt_tui_head head = {
	    .name = rt_store_context(s->store), .feed = RT_FEED_STILL, .store = s->store};
	struct rt_buf text = RT_BUF_MAX(2000);
	if (s->live.cluster) {
		head.feed = feed_of(s, &text);
		if (s->live.config->endpoint.insecure)
			head.warning = "TLS NOT VERIFIED";
	}
	head.feed_text = text.len ? rt_buf_str(&text) : NULL;
	rt_tui_set_head(s->tui, &head);
	rt_buf_done(&text);
}

static void show(struct rt_session *s, struct rt_view *view)
{
	struct rt_world world = {0};
	if (view)
		world = (struct rt_world){
		    view->an, view->findings, view->graph, rt_env_clock(s->cli->env)};
	rt_tui_set_world(s->tui, &world);
	rt_view_free(s->shown);
	s->shown = view;
	if (view)
		rt_store_sweep(s->store, view->version);
}

static void begin_settling(struct rt_session *s);

static void drop_making(struct rt_session *s)
{
	rt_job_stop(&s->job);
	rt_view_free(s->making);
	s->making = NULL;
}

/* A job of the loop: one slice of the next view. */
static bool make_view(void *ctx, int64_t until_ms)
{
	struct rt_session *s = ctx;
	int64_t begun_ms = rt_loop_clock_ms(), now_ms = begun_ms;
	bool more;
	do { /* also when called with no time left: a job makes progress */
		more = rt_view_step(s->making);
		now_ms = rt_loop_clock_ms();
	} while (more && now_ms < until_ms);
	s->making_ms += now_ms - begun_ms;
	if (more)
		return true;
	struct rt_view *view = s->making;
	s->view_ms = s->making_ms;
	s->making = NULL;
	show(s, view);
	if (view->wants.len > 0 && rt_cluster_is_settled(s->live.cluster))
		rt_cluster_ask(s->live.cluster, view->wants.v, view->wants.len);
	if (s->changed)
		begin_settling(s);
	return false;
}

static void start_view(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->making)
		return; /* the one under way begins the next when it is done */
	s->changed = false;
	s->making_ms = 0;
	s->making =
	    rt_view_begin(s->store, &(struct rt_analysis_opts){.now = rt_env_clock(s->cli->env),
					.features = s->cli->opts.features});
	rt_job_start(s->loop, &s->job, make_view, s);
}

static void begin_settling(struct rt_session *s)
{
	if (s->settle.loop || s->making)
		return;
	int64_t wait_ms = s->view_ms * VIEW_SHARE;
	if (wait_ms > SETTLE_MAX_MS)
		wait_ms = SETTLE_MAX_MS;
	if (wait_ms < SETTLE_MS)
		wait_ms = SETTLE_MS;
	rt_timer_start(s->loop, &s->settle, s->shown ? wait_ms : SETTLE_FIRST_MS, start_view, s);
}

void rt_session_store_changed(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->shown && s->shown->version == rt_store_version(s->store) && !s->making) {
		rt_session_put_head(s);
		return;
	}
	s->changed = true;
	rt_session_put_head(s);
	begin_settling(s);
}

void rt_session_start_view(struct rt_session *s)
{
	s->changed = true;
	begin_settling(s);
}

void rt_session_drop_view(struct rt_session *s)
{
	rt_timer_stop(&s->settle);
	drop_making(s);
	if (s->tui)
		show(s, NULL);
}
