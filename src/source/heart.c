/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heart.c - is the server still there? A dead path looks like a quiet cluster for a long time.
 * After some silence one small request is sent on the connection that the watches share; when it is
 * not answered soon, the connection is given up and everything is asked anew. The same after the
 * machine slept. (libcurl 7.88 cannot send an HTTP/2 PING.)
 */
#include "config.h"

#include "cluster_int.h"
#include "rutter/log.h"

static void on_beat_time(void *ctx);

static void wait_for_silence(struct rt_cluster *c, int64_t ms)
{
	rt_timer_start(c->loop, &c->heartbeat, ms, on_beat_time, c);
}

/* After a restart of the server, whoever comes first opens the way for all. */
void heart_felt(struct rt_cluster *c)
{
	for (struct reader *r = c->readers; r; r = r->next)
		reader_reached(r);
}

static void start_over(struct rt_cluster *c)
{
	rt_kube_reset(c->kube);
	for (struct reader *r = c->readers; r; r = r->next)
		reader_awake(r);
}

/* A callback of a request must not reset the client: this is a timer's. */
static void on_dead(void *ctx)
{
	struct rt_cluster *c = ctx;
	rt_log(4, "source", "no sign of life from the server");
	start_over(c);
	wait_for_silence(c, c->heartbeat_ms);
}

static bool on_body(void *ctx, const char *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	return true;
}

static void on_done(void *ctx, const struct rt_kube_result *r)
{
	struct rt_cluster *c = ctx;
	c->beat = NULL;
	if (r->failure == RT_KUBE_OK)
		heart_felt(c);
	/* Any answer is one; a server that refuses connections has told the watches already. */
	if (r->failure == RT_KUBE_TIMEOUT)
		rt_timer_start(c->loop, &c->heartbeat, 0, on_dead, c);
	else
		wait_for_silence(c, c->heartbeat_ms);
}

static const struct rt_kube_ops beat_ops = {.body = on_body, .done = on_done};

static void on_beat_time(void *ctx)
{
	struct rt_cluster *c = ctx;
	int64_t silent = rt_loop_clock_ms() - rt_kube_last_byte_ms(c->kube);
	if (silent < c->heartbeat_ms) {
		wait_for_silence(c, c->heartbeat_ms - silent);
		return;
	}
	int64_t limit = c->heartbeat_ms / 3;
	c->beat = rt_kube_get(
	    c->kube, &(struct rt_kube_request){.path = "/version",
			 .timeout_ms = limit < HEARTBEAT_ANSWER_MS ? limit : HEARTBEAT_ANSWER_MS,
			 .ops = &beat_ops,
			 .ctx = c});
}

static void on_awake(void *ctx)
{
	struct rt_cluster *c = ctx;
	rt_log(4, "source", "the machine slept");
	if (c->phase == PHASE_READING)
		start_over(c);
}

void heart_start(struct rt_cluster *c)
{
	if (!c->watch || c->heartbeat.loop || c->beat)
		return;
	rt_loop_on_awake(c->loop, on_awake, c);
	wait_for_silence(c, c->heartbeat_ms);
}

void heart_stop(struct rt_cluster *c)
{
	rt_timer_stop(&c->heartbeat);
	if (c->watch)
		rt_loop_on_awake(c->loop, NULL, NULL);
	if (c->beat)
		rt_kube_cancel(c->beat);
	c->beat = NULL;
}
