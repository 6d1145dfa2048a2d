/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.c - the turn: one wait, then signals, descriptors, network, timers, jobs.
 * Linear lists throughout: a program has some tens of timers and descriptors, not thousands.
 */
#include "config.h"

#include "rutter/loop.h"

#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "loop_int.h"
#include "rutter/mem.h"

/* How long the machine was suspended since its start: what the monotonic clock does not count. */
static int64_t slept_ms(void)
{
	struct timespec boot, mono;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	return (int64_t)(boot.tv_sec - mono.tv_sec) * 1000 +
	       (boot.tv_nsec - mono.tv_nsec) / 1000000;
}

int64_t rt_loop_now_ms(const struct rt_loop *l)
{
	return l->now_ms;
}

enum rt_status rt_loop_new(struct rt_loop **ret, struct rt_error *err)
{
	(void)err;
	struct rt_loop *l = rt_xcalloc(1, sizeof(*l));
	l->signal_fd = -1;
	l->now_ms = rt_loop_clock_ms();
	*ret = l;
	return RT_OK;
}

void rt_loop_free(struct rt_loop *l)
{
	if (!l)
		return;
	loop_children_done(l);
	loop_signals_done(l);
	while (l->fds)
		rt_fd_stop(l->fds);
	while (l->timers)
		rt_timer_stop(l->timers);
	while (l->jobs)
		rt_job_stop(l->jobs);
	free(l->polled);
	free(l->polled_fd);
	free(l);
}

void rt_loop_stop(struct rt_loop *l)
{
	l->stop = true;
}

void rt_loop_on_turn(struct rt_loop *l, rt_turn_fn fn, void *ctx)
{
	l->on_turn = fn;
	l->on_turn_ctx = ctx;
}

void rt_loop_on_awake(struct rt_loop *l, rt_turn_fn fn, void *ctx)
{
	l->on_awake = fn;
	l->on_awake_ctx = ctx;
	l->slept_ms = slept_ms();
}

void rt_loop_set_poller(struct rt_loop *l, const struct rt_poller *p)
{
	l->has_poller = p != NULL;
	if (p)
		l->poller = *p;
}

/* --- descriptors ------------------------------------------------------------------------- */

static void gather_fds(struct rt_loop *l)
{
	if (l->polled_cap < l->fd_count) {
		l->polled_cap = l->fd_count + 8;
		l->polled = rt_xrealloc(l->polled, l->polled_cap, sizeof(*l->polled));
		l->polled_fd = rt_xrealloc(l->polled_fd, l->polled_cap, sizeof(struct rt_fd *));
	}
	size_t n = 0;
	for (struct rt_fd *f = l->fds; f; f = f->next, n++) {
		short events = (short)((f->events & RT_FD_READ ? POLLIN : 0) |
				       (f->events & RT_FD_WRITE ? POLLOUT : 0));
		l->polled[n] = (struct pollfd){.fd = f->fd, .events = events};
		l->polled_fd[n] = f;
	}
	l->polled_len = n;
}

static void dispatch_fd(struct rt_loop *l, size_t i)
{
	struct rt_fd *f = l->polled_fd[i];
	short revents = l->polled[i].revents;
	if (!f || !revents)
		return;
	l->polled[i].revents = 0;
	unsigned events = 0;
	if (revents & POLLIN)
		events |= RT_FD_READ;
	if (revents & POLLOUT)
		events |= RT_FD_WRITE;
	if (revents & (POLLHUP | POLLERR | POLLNVAL))
		events |= RT_FD_HANGUP;
	f->fn(f->ctx, f->fd, events);
}

static void dispatch_fds(struct rt_loop *l)
{
	/* Signals first: a SIGTERM must not wait behind a busy descriptor. */
	for (size_t i = 0; i < l->polled_len; i++)
		if (l->polled_fd[i] == &l->signal_watch)
			dispatch_fd(l, i);
	for (size_t i = 0; i < l->polled_len; i++)
		dispatch_fd(l, i);
	l->polled_len = 0;
}

/* --- timers --------------------------------------------------------------------------------- */

static struct rt_timer *due_timer(const struct rt_loop *l)
{
	struct rt_timer *first = NULL;
	for (struct rt_timer *t = l->timers; t; t = t->next)
		if (t->due_ms <= l->now_ms && t->turn != l->turn &&
		    (!first || t->due_ms < first->due_ms))
			first = t;
	return first;
}

static void run_timers(struct rt_loop *l)
{
	struct rt_timer *t;
	while ((t = due_timer(l)) != NULL) {
		struct rt_timer fired = *t;
		rt_timer_stop(t); /* before the call: its owner may be gone after it */
		fired.fn(fired.ctx);
	}
}

/* --- jobs ----------------------------------------------------------------------------------- */

/* Round robin; what does not get its turn within the budget is first in the next one. */
static void run_jobs(struct rt_loop *l, int64_t until)
{
	size_t count = 0;
	for (const struct rt_job *j = l->jobs; j; j = j->next)
		count++;
	while (count-- > 0 && l->jobs) {
		struct rt_job *j = l->jobs;
		struct rt_job taken = *j;
		rt_job_stop(j); /* before the call: its owner may be gone after it */
		if (taken.fn(taken.ctx, until))
			rt_job_start(l, j, taken.fn, taken.ctx);
		if (rt_loop_clock_ms() >= until)
			break;
	}
}

/* --- the turn ------------------------------------------------------------------------------- */

static bool is_busy(const struct rt_loop *l)
{
	size_t own = l->signal_watch.loop ? 1 : 0;
	return l->fd_count > own || l->timers || l->jobs || l->children ||
	       (l->has_poller && l->poller.busy(l->poller.ctx));
}

static int wait_ms(const struct rt_loop *l, int max_wait_ms)
{
	if (l->jobs || l->poller_has_more)
		return 0;
	int64_t next = max_wait_ms < 0 ? INT64_MAX : max_wait_ms;
	int64_t now = rt_loop_clock_ms();
	for (const struct rt_timer *t = l->timers; t; t = t->next) {
		int64_t left = t->due_ms > now ? t->due_ms - now : 0;
		if (left < next)
			next = left;
	}
	if (next == INT64_MAX)
		return -1;
	return next > INT_MAX ? INT_MAX : (int)next;
}

static void wait_for_events(struct rt_loop *l, int timeout_ms)
{
	gather_fds(l);
	if (l->has_poller)
		l->poller.wait(l->poller.ctx, l->polled, (unsigned)l->polled_len, timeout_ms);
	else if (poll(l->polled, l->polled_len, timeout_ms) < 0)
		for (size_t i = 0; i < l->polled_len; i++)
			l->polled[i].revents = 0; /* EINTR: nothing is known */
	l->now_ms = rt_loop_clock_ms();
}

/* Differences below this are the two clocks being read one after the other, or a short nap. */
#define SLEPT_MIN_MS 5000

static void notice_awakening(struct rt_loop *l)
{
	if (!l->on_awake)
		return;
	int64_t slept = slept_ms();
	bool long_enough = slept - l->slept_ms > SLEPT_MIN_MS;
	l->slept_ms = slept;
	if (long_enough)
		l->on_awake(l->on_awake_ctx);
}

bool rt_loop_turn(struct rt_loop *l, int max_wait_ms)
{
	if (!is_busy(l))
		return false;
	wait_for_events(l, wait_ms(l, max_wait_ms));
	l->turn++;
	notice_awakening(l);
	dispatch_fds(l);
	/* One budget for all that can wait: a key comes after it. */
	int64_t begun = rt_loop_clock_ms(), until = begun + RT_JOB_BUDGET_MS;
	if (l->has_poller)
		l->poller_has_more =
		    l->poller.run(l->poller.ctx, l->jobs ? begun + RT_JOB_BUDGET_MS / 2 : until);
	run_timers(l);
	run_jobs(l, until);
	if (l->on_turn)
		l->on_turn(l->on_turn_ctx);
	return true;
}

void rt_loop_run(struct rt_loop *l)
{
	l->stop = false;
	while (!l->stop && rt_loop_turn(l, -1))
		;
}
