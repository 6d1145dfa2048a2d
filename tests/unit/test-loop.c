/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-loop.c - timers in order, descriptors, signals, jobs within their budget, and children that
 * succeed, fail, flood, hang and leave others behind.
 */
#include "config.h"

#include "rutter/loop.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "tests/lib/tap.h"

/* --- timers ---------------------------------------------------------------------------------- */

struct noted {
	struct rt_loop *loop;
	struct rt_timer timers[3];
	char order[16];
};

static void note(struct noted *n, char c)
{
	size_t len = strlen(n->order);
	if (len + 1 < sizeof(n->order))
		n->order[len] = c;
}

static void on_a(void *ctx)
{
	note(ctx, 'a');
}

static void on_b(void *ctx)
{
	struct noted *n = ctx;
	note(n, 'b');
	rt_timer_stop(&n->timers[2]); /* c must not fire */
}

static void on_c(void *ctx)
{
	note(ctx, 'c');
}

static void on_again(void *ctx)
{
	struct noted *n = ctx;
	note(n, 'x');
	if (strlen(n->order) < 3)
		rt_timer_start(n->loop, &n->timers[0], 0, on_again, n);
}

static void test_timers(void)
{
	struct noted n = {0};
	tap_is_int(rt_loop_new(&n.loop, NULL), RT_OK, "a loop is made");
	rt_timer_start(n.loop, &n.timers[2], 40, on_c, &n);
	rt_timer_start(n.loop, &n.timers[1], 20, on_b, &n);
	rt_timer_start(n.loop, &n.timers[0], 10, on_a, &n);
	rt_loop_run(n.loop);
	tap_is_str(n.order, "ab", "timers fire in order of time, a stopped one does not");
	tap_ok(!rt_loop_turn(n.loop, -1), "a loop with nothing left says so instead of sleeping");

	memset(n.order, 0, sizeof(n.order));
	rt_timer_start(n.loop, &n.timers[0], 0, on_again, &n);
	rt_loop_turn(n.loop, 100);
	tap_is_str(n.order, "x", "a timer started by its own callback waits for the next turn");
	rt_loop_run(n.loop);
	tap_is_str(n.order, "xxx", "and fires then");
	rt_timer_start(n.loop, &n.timers[0], 60000, on_a, &n);
	rt_loop_free(n.loop);
	tap_ok(n.timers[0].loop == NULL, "freeing the loop stops what is started");
}

/* --- descriptors ----------------------------------------------------------------------------- */

struct piped {
	struct rt_loop *loop;
	struct rt_fd watch, other;
	char got[8];
	bool hangup, other_ran;
};

static void on_pipe(void *ctx, int fd, unsigned events)
{
	struct piped *p = ctx;
	size_t len = strlen(p->got);
	if (events & RT_FD_READ) {
		if (read(fd, p->got + len, 1) != 1)
			rt_fd_stop(&p->watch);
	} else if (events & RT_FD_HANGUP) {
		p->hangup = true;
		rt_fd_stop(&p->watch);
	}
	rt_fd_stop(&p->other);
}

static void on_other(void *ctx, int fd, unsigned events)
{
	struct piped *p = ctx;
	(void)fd;
	(void)events;
	p->other_ran = true;
	rt_fd_stop(&p->watch);
}

static void test_fds(void)
{
	struct piped p = {0};
	int ends[2];
	if (rt_loop_new(&p.loop, NULL) != RT_OK || pipe(ends) != 0)
		exit(1);
	rt_fd_start(p.loop, &p.watch, ends[0], RT_FD_READ, on_pipe, &p);
	rt_loop_turn(p.loop, 0);
	tap_is_str(p.got, "", "nothing to read: not called");
	tap_ok(write(ends[1], "hi", 2) == 2, "two bytes");
	rt_loop_turn(p.loop, -1);
	rt_loop_turn(p.loop, -1);
	close(ends[1]);
	rt_loop_run(p.loop);
	tap_is_str(p.got, "hi", "readable descriptors are reported while they are readable");
	tap_ok(p.hangup, "and their end");
	close(ends[0]);

	memset(&p.got, 0, sizeof(p.got));
	if (pipe(ends) != 0 || write(ends[1], "ab", 2) != 2)
		exit(1);
	int twin = dup(ends[0]);
	rt_fd_start(p.loop, &p.watch, ends[0], RT_FD_READ, on_pipe, &p);
	rt_fd_start(p.loop, &p.other, twin, RT_FD_READ, on_other, &p);
	rt_loop_turn(p.loop, -1);
	tap_ok(p.other_ran != (p.got[0] != '\0'),
	    "one callback stops the other that was ready in the same turn");
	rt_loop_free(p.loop);
	close(ends[0]);
	close(ends[1]);
	close(twin);
}

/* --- signals --------------------------------------------------------------------------------- */

static void on_signal(void *ctx, int signo)
{
	*(int *)ctx = signo;
}

static void test_signals(void)
{
	struct rt_loop *l;
	struct rt_timer guard = {0};
	int got = 0;
	if (rt_loop_new(&l, NULL) != RT_OK)
		exit(1);
	tap_is_int(rt_signal_start(l, SIGUSR1, on_signal, &got, NULL), RT_OK, "SIGUSR1 is taken");
	tap_ok(!rt_loop_turn(l, -1), "waiting for signals alone does not keep a loop alive");
	struct noted n = {0};
	rt_timer_start(l, &guard, 5000, on_a, &n);
	raise(SIGUSR1);
	rt_loop_turn(l, -1);
	tap_is_int(got, SIGUSR1, "it arrives as an event");
	rt_loop_free(l);
	sigset_t set;
	sigprocmask(SIG_BLOCK, NULL, &set);
	tap_ok(!sigismember(&set, SIGUSR1), "and is unblocked at the end");
}

/* --- jobs ------------------------------------------------------------------------------------ */

struct work {
	struct rt_job job;
	int slices, want;
	int64_t spin_ms;
};

static bool on_work(void *ctx, int64_t until_ms)
{
	struct work *w = ctx;
	int64_t end = w->spin_ms ? until_ms : 0;
	while (rt_loop_clock_ms() < end)
		;
	return ++w->slices < w->want;
}

static void test_jobs(void)
{
	struct rt_loop *l;
	struct work slow = {.want = 3, .spin_ms = 1}, quick = {.want = 2};
	if (rt_loop_new(&l, NULL) != RT_OK)
		exit(1);
	rt_job_start(l, &slow.job, on_work, &slow);
	rt_job_start(l, &quick.job, on_work, &quick);
	rt_loop_turn(l, -1);
	tap_is_int(slow.slices + quick.slices, 1, "what used up the budget was alone in that turn");
	rt_loop_turn(l, -1);
	tap_is_int(quick.slices, 1, "the other one is first in the next");
	rt_loop_run(l);
	tap_ok(slow.slices == 3 && quick.slices == 2, "both are called until they are done");
	rt_loop_free(l);
}

/* --- the poller ------------------------------------------------------------------------------ */

struct polled {
	int waits, runs;
};

static void poller_wait(void *ctx, struct pollfd *fds, unsigned count, int timeout_ms)
{
	struct polled *p = ctx;
	p->waits++;
	(void)poll(fds, count, timeout_ms);
}

static bool poller_run(void *ctx, int64_t until_ms)
{
	struct polled *p = ctx;
	(void)until_ms;
	return ++p->runs < 3;
}

static bool poller_busy(void *ctx)
{
	const struct polled *p = ctx;
	return p->runs < 3;
}

static void test_poller(void)
{
	struct rt_loop *l;
	struct polled p = {0};
	if (rt_loop_new(&l, NULL) != RT_OK)
		exit(1);
	rt_loop_set_poller(l, &(struct rt_poller){poller_wait, poller_run, poller_busy, &p});
	rt_loop_turn(l, 0);
	rt_loop_run(l); /* "more is at hand": must not wait for anything */
	tap_ok(p.waits == 3 && p.runs == 3, "the poller is the wait and runs each turn");
	rt_loop_free(l);
}

/* --- children -------------------------------------------------------------------------------- */

struct ended {
	struct rt_loop *loop;
	struct rt_child *child;
	struct rt_child_result result;
	char out[256], err[256];
	size_t streamed;
	int calls;
};

static void on_done(void *ctx, const struct rt_child_result *r)
{
	struct ended *e = ctx;
	e->result = *r;
	snprintf(e->out, sizeof(e->out), "%s", r->out);
	snprintf(e->err, sizeof(e->err), "%s", r->err_tail);
	e->calls++;
	e->child = NULL;
}

static void on_stderr(void *ctx, const char *bytes, size_t len)
{
	(void)bytes;
	((struct ended *)ctx)->streamed += len;
}

static const char *const child_env[] = {"GREETING=hello  there", "PATH=/usr/bin:/bin", NULL};

static struct ended run_sh(const char *script, struct rt_child_spec spec)
{
	struct ended e = {0};
	struct rt_error err = {0};
	const char *const argv[] = {"sh", "-c", script, "sh", "a b", "", "\"'$x", NULL};
	if (rt_loop_new(&e.loop, &err) != RT_OK)
		exit(1);
	spec.path = "/bin/sh";
	spec.argv = argv;
	spec.envp = child_env;
	spec.on_done = on_done;
	spec.on_stderr = on_stderr;
	spec.ctx = &e;
	if (rt_child_start(e.loop, &spec, &e.child, &err) != RT_OK) {
		tap_ok(false, "%s", err.msg);
		exit(1);
	}
	rt_loop_run(e.loop);
	rt_loop_free(e.loop);
	e.loop = NULL;
	return e;
}

static void test_children(void)
{
	struct ended e =
	    run_sh("printf '%s|' \"$GREETING\" \"$@\"; exit 3", (struct rt_child_spec){0});
	tap_is_str(
	    e.out, "hello  there|a b||\"'$x|", "arguments and environment arrive byte by byte");
	tap_is_int(e.result.exit_code, 3, "the exit code is told");
	tap_is_int(e.calls, 1, "once");

	e = run_sh("readlink /proc/self/fd/0; ls /proc/self/fd | wc -l", (struct rt_child_spec){0});
	tap_is_str(e.out, "/dev/null\n4\n", "stdin is /dev/null and no descriptor of ours is open");

	e = run_sh("i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done",
	    (struct rt_child_spec){.stderr_max = 10});
	tap_is_str(e.err, "line 2999\n", "of stderr the tail is kept");
	tap_ok(e.streamed > 20000, "and all of it is streamed");

	e = run_sh("yes", (struct rt_child_spec){.stdout_max = 100000});
	tap_ok(e.result.out_too_long && e.result.out_len <= 100000 && e.result.signo == SIGKILL,
	    "too much output ends the child");

	signal(SIGCHLD, SIG_IGN);
	e = run_sh("exit 5", (struct rt_child_spec){.timeout_ms = 20000});
	tap_is_int(e.result.exit_code, 5, "the end is told also where SIGCHLD was ignored");

	int64_t begin = rt_loop_clock_ms();
	e = run_sh("exec sleep 60", (struct rt_child_spec){.timeout_ms = 50});
	tap_ok(e.result.timed_out && e.result.signo == SIGTERM, "a time limit ends the child");
	e = run_sh("sleep 60 & echo started", (struct rt_child_spec){0});
	tap_is_str(e.out, "started\n", "a grandchild that holds the pipe is not waited for");
	tap_ok(rt_loop_clock_ms() - begin < 20000, "none of this waited for a sleeper");
}

static void test_child_failures(void)
{
	struct ended e = {0};
	struct rt_error err = {0};
	const char *const argv[] = {"x", NULL};
	struct rt_child_spec spec = {
	    .argv = argv, .envp = child_env, .on_done = on_done, .ctx = &e};
	if (rt_loop_new(&e.loop, NULL) != RT_OK)
		exit(1);
	spec.path = "/nonexistent/x";
	tap_is_int(rt_child_start(e.loop, &spec, &e.child, &err), RT_NOT_FOUND, "no such program");
	tap_is_str(err.msg, "cannot run /nonexistent/x: No such file or directory", "is said so");
	spec.path = "/etc/passwd";
	tap_is_int(rt_child_start(e.loop, &spec, &e.child, NULL), RT_FORBIDDEN, "not executable");
	tap_is_int(e.calls, 0, "no callback for what never started");

	spec.path = "/bin/sleep";
	const char *const sleep_argv[] = {"sleep", "60", NULL};
	spec.argv = sleep_argv;
	tap_is_int(rt_child_start(e.loop, &spec, &e.child, NULL), RT_OK, "a sleeper starts");
	rt_child_kill(e.child);
	rt_loop_run(e.loop);
	tap_ok(e.calls == 1 && e.result.cancelled, "and is cancelled");
	tap_is_int(rt_child_start(e.loop, &spec, &e.child, NULL), RT_OK, "another one");
	rt_loop_free(e.loop);
	tap_is_int(e.calls, 1, "is ended without a callback when the loop is freed");
}

int main(void)
{
	test_timers();
	test_fds();
	test_signals();
	test_jobs();
	test_poller();
	test_children();
	test_child_failures();
	return tap_done();
}
