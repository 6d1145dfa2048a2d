/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h - one thread, one wait: descriptors, timers, signals, children, jobs.
 *
 * Every struct below is embedded in the caller's own (zero-initialise it), is known to the loop
 * only between its start and its stop, and must outlive that time. Stopping twice, or stopping
 * what never started, is allowed, also from inside any callback. Callbacks run one at a time, on
 * the thread that turns the loop; none may turn the loop itself.
 * Order within a turn: signals, descriptors, the poller (network), timers, jobs, the turn's end.
 * So a key waits for one work budget at most, and what changed is drawn once, at the end.
 *
 *	struct rt_loop *loop;
 *	rt_loop_new(&loop, &err);
 *	rt_timer_start(loop, &t->timer, 250, on_tick, t);
 *	rt_loop_run(loop);			until rt_loop_stop
 */
#ifndef RUTTER_LOOP_H
#define RUTTER_LOOP_H

#include <signal.h>

#include "rutter/err.h"

struct rt_loop;
struct pollfd;

RT_NODISCARD enum rt_status rt_loop_new(struct rt_loop **ret, struct rt_error *err);
/* NULL-safe. What is still started is forgotten; running children are killed without a callback. */
void rt_loop_free(struct rt_loop *l);
/* Turns until rt_loop_stop, or until nothing is left that could ever wake it. */
void rt_loop_run(struct rt_loop *l);
void rt_loop_stop(struct rt_loop *l);
/* One turn; waits at most max_wait_ms (-1: as long as it takes). False when nothing is left. */
bool rt_loop_turn(struct rt_loop *l, int max_wait_ms);
/* Monotonic milliseconds, read once a turn; rt_loop_clock_ms reads the clock itself. */
int64_t rt_loop_now_ms(const struct rt_loop *l);
int64_t rt_loop_clock_ms(void);

/* --- descriptors ------------------------------------------------------------------------- */
enum {
	RT_FD_READ = 1,
	RT_FD_WRITE = 2,
	RT_FD_HANGUP = 4 /* reported only: error or other end gone */
};
typedef void (*rt_fd_fn)(void *ctx, int fd, unsigned events);
struct rt_fd {
	struct rt_loop *loop; /* NULL when stopped */
	struct rt_fd *next, *prev;
	int fd;
	unsigned events;
	rt_fd_fn fn;
	void *ctx;
};
void rt_fd_start(
    struct rt_loop *l, struct rt_fd *f, int fd, unsigned events, rt_fd_fn fn, void *ctx);
void rt_fd_stop(struct rt_fd *f); /* does not close */

/* --- timers: one shot, monotonic; starting again moves it ---------------------------------- */
typedef void (*rt_timer_fn)(void *ctx);
struct rt_timer {
	struct rt_loop *loop;
	struct rt_timer *next, *prev;
	int64_t due_ms;
	uint64_t turn; /* in which it was started: it waits for the next one */
	rt_timer_fn fn;
	void *ctx;
};
void rt_timer_start(
    struct rt_loop *l, struct rt_timer *t, int64_t delay_ms, rt_timer_fn fn, void *ctx);
void rt_timer_stop(struct rt_timer *t);

/* --- signals: blocked while started and read from a descriptor; one taker a signal ---------- */
typedef void (*rt_signal_fn)(void *ctx, int signo);
RT_NODISCARD enum rt_status rt_signal_start(
    struct rt_loop *l, int signo, rt_signal_fn fn, void *ctx, struct rt_error *err);

/* --- jobs: resumable work in slices --------------------------------------------------------- */
#define RT_JOB_BUDGET_MS 8 /* shared by all jobs of a turn */
/* Works until done (returns false: stopped) or until rt_loop_clock_ms() passes until_ms (true:
 * call again next turn, whatever was stopped meanwhile). May be called with little time left, and
 * must still make progress. */
typedef bool (*rt_job_fn)(void *ctx, int64_t until_ms);
struct rt_job {
	struct rt_loop *loop;
	struct rt_job *next, *prev;
	rt_job_fn fn;
	void *ctx;
};
void rt_job_start(struct rt_loop *l, struct rt_job *j, rt_job_fn fn, void *ctx);
void rt_job_stop(struct rt_job *j);

/* --- the end of a turn: the place to draw ---------------------------------------------------- */
typedef void (*rt_turn_fn)(void *ctx);
void rt_loop_on_turn(struct rt_loop *l, rt_turn_fn fn, void *ctx); /* fn NULL removes it */

/* The machine was suspended (the monotonic clock stood still): connections are dead, though nobody
 * said so. Told in the first turn after it. */
void rt_loop_on_awake(struct rt_loop *l, rt_turn_fn fn, void *ctx);

/* --- the poller: lets a library that brings its own wait (curl) be the wait ------------------ */
struct rt_poller {
	/* poll() with the library's own descriptors beside these; revents are filled in. */
	void (*wait)(void *ctx, struct pollfd *fds, unsigned count, int timeout_ms);
	/* Does what has become possible, for about until_ms. True: more is at hand, do not wait. */
	bool (*run)(void *ctx, int64_t until_ms);
	/* True while something is under way that may need the loop to turn. */
	bool (*busy)(void *ctx);
	void *ctx;
};
void rt_loop_set_poller(struct rt_loop *l, const struct rt_poller *p); /* copied; NULL removes */

/* --- children -------------------------------------------------------------------------------- */
struct rt_child;

struct rt_child_result {
	int exit_code;     /* 0-255, or -1 when a signal ended it */
	int signo;         /* that signal, or 0 */
	bool timed_out;    /* ended by us because of timeout_ms */
	bool cancelled;    /* ended by rt_child_kill */
	bool out_too_long; /* stdout passed stdout_max: the child was killed, out is cut */
	const char *out;   /* what it wrote to stdout; NUL-terminated, wiped after the callback */
	size_t out_len;
	const char *err_tail; /* the last bytes of stderr, raw; "" when stderr was inherited */
	size_t err_len;
};

struct rt_child_spec {
	const char *path;        /* the executable, resolved: no PATH search, no shell */
	const char *const *argv; /* NULL-terminated, argv[0] included */
	const char *const *envp; /* NULL-terminated; the whole environment */
	/* stdin and stderr are ours and the child stays in our process group; the keyboard's
	 * signals are for the child while it runs, and the terminal's modes are put back after.
	 * Otherwise: stdin is /dev/null, stderr is captured, and the child has a session of its
	 * own. */
	bool interactive;
	size_t stdout_max;  /* bytes, 0: 4 MiB */
	size_t stderr_max;  /* length of the tail that is kept, 0: 8 KiB */
	int64_t timeout_ms; /* 0: none */
	/* NULL or: stderr as it comes (a login code that the user must see now). */
	void (*on_stderr)(void *ctx, const char *bytes, size_t len);
	void (*on_done)(void *ctx, const struct rt_child_result *result); /* exactly once */
	void *ctx;
};

/* RT_NOT_FOUND: no such executable; RT_FORBIDDEN: not executable; RT_IO: anything else. The spec's
 * strings are needed during the call only. *ret belongs to the loop and is gone after on_done. */
RT_NODISCARD enum rt_status rt_child_start(struct rt_loop *l, const struct rt_child_spec *spec,
    struct rt_child **ret, struct rt_error *err);
/* SIGTERM now, SIGKILL two seconds later; on_done follows with cancelled set. */
void rt_child_kill(struct rt_child *c);
/* SIGKILL and no callback: for an owner that is going away. */
void rt_child_abandon(struct rt_child *c);

#endif
