/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.c - running another program without a shell.
 * Its end is told by SIGCHLD; what it wrote before is still in the pipes then, so nobody waits for
 * the end of a pipe that a grandchild may have inherited.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "loop_int.h"
#include "rutter/buf.h"
#include "rutter/mem.h"

#define STDOUT_MAX_DEFAULT (4u << 20)
#define STDERR_MAX_DEFAULT (8u << 10)
#define KILL_AFTER_MS 2000

/* Signals that the keyboard sends to the whole foreground group: the child's while it runs. */
static const int keyboard_signals[] = {SIGINT, SIGQUIT, SIGTSTP};
/* What a child starts with as any program does, whatever we do with them. */
static const int default_signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGPIPE, SIGCHLD, SIGTERM, SIGHUP,
    SIGTTIN, SIGTTOU, SIGWINCH, SIGCONT};

struct rt_child {
	struct rt_child *next;
	struct rt_loop *loop;
	pid_t pid;
	bool interactive;
	struct rt_fd out_watch, err_watch;
	int out_fd, err_fd; /* -1 when closed */
	struct rt_buf out, err;
	size_t err_max;
	struct rt_timer timer;
	bool timed_out, cancelled, out_too_long;
	struct sigaction keyboard[RT_ARRAY_LEN(keyboard_signals)];
	struct termios modes;
	bool has_modes;
	void (*on_stderr)(void *ctx, const char *bytes, size_t len);
	void (*on_done)(void *ctx, const struct rt_child_result *result);
	void *ctx;
};

static void send_signal(const struct rt_child *c, int signo)
{
	if (c->pid > 0)
		kill(c->interactive ? c->pid : -c->pid, signo);
}

static void close_pipe(struct rt_fd *watch, int *fd)
{
	rt_fd_stop(watch);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void on_kill_timer(void *ctx)
{
	send_signal(ctx, SIGKILL);
}

static void end_child(struct rt_child *c)
{
	send_signal(c, SIGTERM);
	rt_timer_start(c->loop, &c->timer, KILL_AFTER_MS, on_kill_timer, c);
}

static void on_timeout(void *ctx)
{
	struct rt_child *c = ctx;
	c->timed_out = true;
	end_child(c);
}

void rt_child_kill(struct rt_child *c)
{
	if (c->cancelled)
		return;
	c->cancelled = true;
	end_child(c);
}

static void take_out(struct rt_child *c, const char *bytes, size_t len)
{
	if (rt_buf_add(&c->out, bytes, len) || c->out_too_long)
		return;
	c->out_too_long = true;
	send_signal(c, SIGKILL);
}

static void take_err(struct rt_child *c, const char *bytes, size_t len)
{
	if (c->on_stderr)
		c->on_stderr(c->ctx, bytes, len);
	rt_buf_add(&c->err, bytes, len);
	if (c->err.len <= c->err_max)
		return;
	memmove(c->err.data, c->err.data + (c->err.len - c->err_max), c->err_max);
	c->err.len = c->err_max;
	c->err.data[c->err.len] = '\0';
}

/* Reads what is there; false at the end of the pipe. */
static bool drain(struct rt_child *c, int fd, void (*take)(struct rt_child *, const char *, size_t))
{
	char bytes[4096];
	bool open = true;
	/* Bounded: a flood on stderr must not keep the loop from its other work. */
	for (int rounds = 0; rounds < 64; rounds++) {
		ssize_t n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			take(c, bytes, (size_t)n);
		else if (n == 0 || errno != EAGAIN)
			open = false;
		if (n <= 0)
			break;
	}
	explicit_bzero(bytes, sizeof(bytes));
	return open;
}

static void on_out(void *ctx, int fd, unsigned events)
{
	struct rt_child *c = ctx;
	(void)events;
	if (!drain(c, fd, take_out))
		close_pipe(&c->out_watch, &c->out_fd);
}

static void on_err(void *ctx, int fd, unsigned events)
{
	struct rt_child *c = ctx;
	(void)events;
	if (!drain(c, fd, take_err))
		close_pipe(&c->err_watch, &c->err_fd);
}

/* --- the terminal while an interactive child has it ------------------------------------------ */

static void lend_terminal(struct rt_child *c)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	c->loop->lent++;
	for (size_t i = 0; i < RT_ARRAY_LEN(keyboard_signals); i++)
		sigaction(keyboard_signals[i], &ignore, &c->keyboard[i]);
	c->has_modes = tcgetattr(STDIN_FILENO, &c->modes) == 0;
}

static void take_terminal_back(struct rt_child *c)
{
	c->loop->lent--;
	for (size_t i = 0; i < RT_ARRAY_LEN(keyboard_signals); i++)
		sigaction(keyboard_signals[i], &c->keyboard[i], NULL);
	if (c->has_modes)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c->modes);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void free_child(struct rt_child *c)
{
	for (struct rt_child **at = &c->loop->children; *at; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			break;
		}
	rt_timer_stop(&c->timer);
	close_pipe(&c->out_watch, &c->out_fd);
	close_pipe(&c->err_watch, &c->err_fd);
	if (c->interactive)
		take_terminal_back(c);
	rt_buf_wipe(&c->out);
	rt_buf_wipe(&c->err);
	free(c);
}

static void finish(struct rt_child *c, int wait_status)
{
	c->pid = -1;
	if (c->out_fd >= 0)
		drain(c, c->out_fd, take_out);
	if (c->err_fd >= 0)
		drain(c, c->err_fd, take_err);
	struct rt_child_result r = {
	    .exit_code = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1,
	    .signo = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0,
	    .timed_out = c->timed_out,
	    .cancelled = c->cancelled,
	    .out_too_long = c->out_too_long,
	    .out = rt_buf_str(&c->out),
	    .out_len = c->out.len,
	    .err_tail = rt_buf_str(&c->err),
	    .err_len = c->err.len,
	};
	if (c->interactive) {
		take_terminal_back(c);
		c->interactive = false;
	}
	c->on_done(c->ctx, &r);
	free_child(c);
}

static void on_sigchld(void *ctx, int signo)
{
	struct rt_loop *l = ctx;
	(void)signo;
	/* One signal may stand for several ends, and a callback may start or end children: look
	 * again from the start after each. */
	for (struct rt_child *c = l->children; c;) {
		int wait_status;
		pid_t pid = c->pid > 0 ? waitpid(c->pid, &wait_status, WNOHANG) : 0;
		if (pid == c->pid) {
			finish(c, wait_status);
			c = l->children;
		} else {
			c = c->next;
		}
	}
}

void rt_child_abandon(struct rt_child *c)
{
	send_signal(c, SIGKILL);
	if (c->pid > 0)
		waitpid(c->pid, NULL, 0);
	free_child(c);
}

void loop_children_done(struct rt_loop *l)
{
	while (l->children)
		rt_child_abandon(l->children);
}

/* --- the start -------------------------------------------------------------------------------- */

static enum rt_status open_pipe(int ends[2], struct rt_error *err)
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return rt_fail(err, RT_IO, "cannot make a pipe: %s", strerror(errno));
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return RT_OK;
}

/* A session of its own has no terminal: a child that opens /dev/tty fails at once, where one in
 * the background of ours would be stopped by SIGTTIN or SIGTTOU and hang. */
static void set_attributes(posix_spawnattr_t *attr, bool own_session)
{
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t set;
	sigemptyset(&set);
	posix_spawnattr_setsigmask(attr, &set);
	for (size_t i = 0; i < RT_ARRAY_LEN(default_signals); i++)
		sigaddset(&set, default_signals[i]);
	posix_spawnattr_setsigdefault(attr, &set);
	if (own_session)
		flags |= POSIX_SPAWN_SETSID;
	posix_spawnattr_setflags(attr, flags);
}

static int spawn(pid_t *ret_pid, const struct rt_child_spec *spec, int out_fd, int err_fd)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	int rc = posix_spawn_file_actions_init(&fa);
	if (rc != 0)
		return rc;
	rc = posix_spawnattr_init(&attr);
	if (rc != 0) {
		posix_spawn_file_actions_destroy(&fa);
		return rc;
	}
	set_attributes(&attr, !spec->interactive);
	if (!spec->interactive) {
		posix_spawn_file_actions_addopen(&fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&fa, err_fd, STDERR_FILENO);
	}
	posix_spawn_file_actions_adddup2(&fa, out_fd, STDOUT_FILENO);
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
	/* Everything of ours is close-on-exec; this is for descriptors that we inherited. */
	posix_spawn_file_actions_addclosefrom_np(&fa, STDERR_FILENO + 1);
#endif
	/* posix_spawn takes the vectors without const and does not write to them. */
	union {
		const char *const *in;
		char *const *out;
	} argv = {.in = spec->argv}, envp = {.in = spec->envp};
	rc = posix_spawn(ret_pid, spec->path, &fa, &attr, argv.out, envp.out);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	return rc;
}

static enum rt_status spawn_failed(const char *path, int rc, struct rt_error *err)
{
	enum rt_status status = rc == ENOENT || rc == ENOTDIR ? RT_NOT_FOUND
				: rc == EACCES || rc == EPERM ? RT_FORBIDDEN
							      : RT_IO;
	return rt_fail(err, status, "cannot run %s: %s", path, strerror(rc));
}

static struct rt_child *new_child(struct rt_loop *l, const struct rt_child_spec *spec)
{
	struct rt_child *c = rt_xcalloc(1, sizeof(*c));
	c->loop = l;
	c->pid = -1;
	c->out_fd = c->err_fd = -1;
	c->out.secret = true; /* of a credential plugin it is one */
	c->out.max = spec->stdout_max ? spec->stdout_max : STDOUT_MAX_DEFAULT;
	c->err_max = spec->stderr_max ? spec->stderr_max : STDERR_MAX_DEFAULT;
	c->on_stderr = spec->on_stderr;
	c->on_done = spec->on_done;
	c->ctx = spec->ctx;
	c->next = l->children;
	l->children = c;
	return c;
}

/* Who started us may have left SIGCHLD ignored: then no child's end would be told. */
static enum rt_status take_ends(struct rt_loop *l, struct rt_error *err)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigaction(SIGCHLD, &plain, NULL);
	return rt_signal_start(l, SIGCHLD, on_sigchld, l, err);
}

enum rt_status rt_child_start(struct rt_loop *l, const struct rt_child_spec *spec,
    struct rt_child **ret, struct rt_error *err)
{
	int out[2] = {-1, -1}, errp[2] = {-1, -1};
	struct rt_child *c = new_child(l, spec);
	enum rt_status status = take_ends(l, err);
	if (status == RT_OK)
		status = open_pipe(out, err);
	if (status == RT_OK && !spec->interactive)
		status = open_pipe(errp, err);
	c->out_fd = out[0];
	c->err_fd = errp[0];
	if (status == RT_OK) {
		if (spec->interactive) {
			lend_terminal(c);
			c->interactive = true;
		}
		int rc = spawn(&c->pid, spec, out[1], errp[1]);
		if (rc != 0) {
			c->pid = -1;
			status = spawn_failed(spec->path, rc, err);
		}
	}
	if (out[1] >= 0)
		close(out[1]);
	if (errp[1] >= 0)
		close(errp[1]);
	if (status != RT_OK) {
		free_child(c);
		return status;
	}
	rt_fd_start(l, &c->out_watch, c->out_fd, RT_FD_READ, on_out, c);
	if (c->err_fd >= 0)
		rt_fd_start(l, &c->err_watch, c->err_fd, RT_FD_READ, on_err, c);
	if (spec->timeout_ms > 0)
		rt_timer_start(l, &c->timer, spec->timeout_ms, on_timeout, c);
	if (ret)
		*ret = c;
	return RT_OK;
}
