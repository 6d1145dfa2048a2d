/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop_int.h - the loop's own state, shared by its files.
 * Lists are intrusive and doubly linked; the heads below are borrowed from their users.
 */
#ifndef RUTTER_LOOP_INT_H
#define RUTTER_LOOP_INT_H

#include <poll.h>

#include "rutter/loop.h"

#define LOOP_SIGNALS_MAX 8

struct loop_signal {
	int signo; /* 0: free */
	rt_signal_fn fn;
	void *ctx;
};

struct rt_loop {
	int64_t now_ms;
	uint64_t turn;
	bool stop;
	struct rt_fd *fds;
	size_t fd_count;
	/* This turn's descriptors; an entry becomes NULL when it is stopped meanwhile. */
	struct pollfd *polled;
	struct rt_fd **polled_fd;
	size_t polled_cap, polled_len;
	struct rt_timer *timers;
	struct rt_job *jobs, *last_job;
	rt_turn_fn on_turn, on_awake;
	void *on_turn_ctx, *on_awake_ctx;
	int64_t slept_ms; /* in the machine's suspensions so far */
	struct rt_poller poller;
	bool has_poller, poller_has_more;
	/* signal.c */
	int signal_fd; /* -1 until the first signal is taken */
	struct rt_fd signal_watch;
	struct loop_signal signals[LOOP_SIGNALS_MAX];
	/* child.c */
	struct rt_child *children;
	unsigned lent; /* children that have the terminal now: the keyboard's signals are theirs */
};

void loop_signals_done(struct rt_loop *l);
void loop_children_done(struct rt_loop *l);

#endif
