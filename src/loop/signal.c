/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal.c - signals as events.
 * A taken signal is blocked and read from a signalfd, which closes the gap between checking a flag
 * and going to sleep that plain handlers leave.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "loop_int.h"

static struct loop_signal *find_signal(struct rt_loop *l, int signo)
{
	for (size_t i = 0; i < LOOP_SIGNALS_MAX; i++)
		if (l->signals[i].signo == signo)
			return &l->signals[i];
	return NULL;
}

static bool is_keyboard(int signo)
{
	return signo == SIGINT || signo == SIGQUIT || signo == SIGTSTP;
}

static void on_signal_fd(void *ctx, int fd, unsigned events)
{
	struct rt_loop *l = ctx;
	struct signalfd_siginfo info;
	(void)events;
	while (l->signal_fd >= 0 && read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		const struct loop_signal *s = find_signal(l, (int)info.ssi_signo);
		/* A blocked signal is queued even where it is ignored. */
		if (s && !(l->lent && is_keyboard((int)info.ssi_signo)))
			s->fn(s->ctx, (int)info.ssi_signo);
	}
}

/* Tells the descriptor which signals it carries now. */
static enum rt_status refresh(struct rt_loop *l, struct rt_error *err)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < LOOP_SIGNALS_MAX; i++)
		if (l->signals[i].signo)
			sigaddset(&set, l->signals[i].signo);
	int fd = signalfd(l->signal_fd, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return rt_fail(err, RT_IO, "cannot receive signals: %s", strerror(errno));
	if (l->signal_fd < 0) {
		l->signal_fd = fd;
		rt_fd_start(l, &l->signal_watch, fd, RT_FD_READ, on_signal_fd, l);
	}
	return RT_OK;
}

static void set_blocked(int signo, bool blocked)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, signo);
	sigprocmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &one, NULL);
}

static void stop(struct rt_loop *l, int signo)
{
	struct loop_signal *s = find_signal(l, signo);
	if (!s || signo == 0)
		return;
	*s = (struct loop_signal){0};
	if (l->signal_fd >= 0)
		(void)refresh(l, NULL);
	set_blocked(signo, false);
}

enum rt_status rt_signal_start(
    struct rt_loop *l, int signo, rt_signal_fn fn, void *ctx, struct rt_error *err)
{
	struct loop_signal *s = find_signal(l, signo);
	if (!s)
		s = find_signal(l, 0);
	if (!s)
		return rt_fail(err, RT_LIMIT, "too many signals to wait for");
	*s = (struct loop_signal){.signo = signo, .fn = fn, .ctx = ctx};
	set_blocked(signo, true);
	enum rt_status status = refresh(l, err);
	if (status != RT_OK)
		stop(l, signo);
	return status;
}

void loop_signals_done(struct rt_loop *l)
{
	for (size_t i = 0; i < LOOP_SIGNALS_MAX; i++)
		stop(l, l->signals[i].signo);
	rt_fd_stop(&l->signal_watch);
	if (l->signal_fd >= 0)
		close(l->signal_fd);
	l->signal_fd = -1;
}
