/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists.c - what the loop waits for: descriptors, timers and jobs, put into its lists and taken
 * out.
 */
#include "config.h"

#include <time.h>

#include "loop_int.h"

int64_t rt_loop_clock_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- descriptors ------------------------------------------------------------------------- */

void rt_fd_start(
    struct rt_loop *l, struct rt_fd *f, int fd, unsigned events, rt_fd_fn fn, void *ctx)
{
	rt_fd_stop(f);
	*f = (struct rt_fd){
	    .loop = l, .next = l->fds, .fd = fd, .events = events, .fn = fn, .ctx = ctx};
	if (l->fds)
		l->fds->prev = f;
	l->fds = f;
	l->fd_count++;
}

void rt_fd_stop(struct rt_fd *f)
{
	struct rt_loop *l = f->loop;
	if (!l)
		return;
	if (f->prev)
		f->prev->next = f->next;
	else
		l->fds = f->next;
	if (f->next)
		f->next->prev = f->prev;
	l->fd_count--;
	for (size_t i = 0; i < l->polled_len; i++)
		if (l->polled_fd[i] == f)
			l->polled_fd[i] = NULL;
	*f = (struct rt_fd){.fd = f->fd};
}

/* --- timers --------------------------------------------------------------------------------- */

void rt_timer_start(
    struct rt_loop *l, struct rt_timer *t, int64_t delay_ms, rt_timer_fn fn, void *ctx)
{
	rt_timer_stop(t);
	*t = (struct rt_timer){.loop = l,
	    .next = l->timers,
	    .due_ms = rt_loop_clock_ms() + (delay_ms > 0 ? delay_ms : 0),
	    .turn = l->turn,
	    .fn = fn,
	    .ctx = ctx};
	if (l->timers)
		l->timers->prev = t;
	l->timers = t;
}

void rt_timer_stop(struct rt_timer *t)
{
	struct rt_loop *l = t->loop;
	if (!l)
		return;
	if (t->prev)
		t->prev->next = t->next;
	else
		l->timers = t->next;
	if (t->next)
		t->next->prev = t->prev;
	*t = (struct rt_timer){0};
}

/* --- jobs ----------------------------------------------------------------------------------- */

void rt_job_start(struct rt_loop *l, struct rt_job *j, rt_job_fn fn, void *ctx)
{
	rt_job_stop(j);
	*j = (struct rt_job){.loop = l, .prev = l->last_job, .fn = fn, .ctx = ctx};
	if (l->last_job)
		l->last_job->next = j;
	else
		l->jobs = j;
	l->last_job = j;
}

void rt_job_stop(struct rt_job *j)
{
	struct rt_loop *l = j->loop;
	if (!l)
		return;
	if (j->prev)
		j->prev->next = j->next;
	else
		l->jobs = j->next;
	if (j->next)
		j->next->prev = j->prev;
	else
		l->last_job = j->prev;
	*j = (struct rt_job){0};
}
