/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-exec-tty.c - exec plugins on a real terminal: they may ask and read, ^C is theirs, and
 * however they end, the terminal is as it was. The program under test is a child on a
 * pseudo-terminal; the parent is the person at the keys.
 */
#include "config.h"

#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "rutter/log.h"
#include "tests/lib/cred.h"
#include "tests/lib/tap.h"

#define NOW 1800000000
#define ANSWER(token)                                                                              \
	"printf '{apiVersion: " CRED_V1 ", kind: ExecCredential, status: {token: \"%s\"}}' " token

static bool echoes(void)
{
	struct termios modes;
	return tcgetattr(STDIN_FILENO, &modes) == 0 && (modes.c_lflag & ECHO);
}

static bool open_it(struct cred *c, const char *mode, const char *script)
{
	return cred_open(
	    c, &(struct cred_user){.script = script, .mode = mode, .terminal = RT_TERMINAL_FREE});
}

static void run(struct cred *c, const char *mode, const char *script)
{
	if (open_it(c, mode, script))
		cred_get(c, NOW);
}

static void on_signal(void *ctx, int signo)
{
	int *count = ctx;
	*count += signo == SIGINT;
}

static int program(void)
{
	struct cred c;
	int interrupts = 0;

	run(&c, "IfAvailable", "[ -t 0 ] && printf 'Password: ' >&2; read p; " ANSWER("\"$p\""));
	tap_is_str(cred_token(&c), "PLANTED-typed", "a plugin asks and reads: %s", c.err.msg);
	cred_close(&c);

	run(&c, "Always", "stty -echo; kill -9 $$");
	tap_is_int(c.status, RT_CREDENTIALS, "a plugin is killed: %s", c.err.msg);
	tap_ok(echoes(), "and the terminal echoes again");
	cred_close(&c);

	(void)open_it(&c, "Always", "stty -echo; echo waiting >&2; exec sleep 60");
	tap_is_int(rt_signal_start(c.loop, SIGINT, on_signal, &interrupts, NULL), RT_OK,
	    "the program takes ^C as a signal");
	cred_get(&c, NOW);
	tap_is_str(c.err.msg, "getting credentials: exec: executable sh was ended by signal 2",
	    "^C ends the plugin");
	tap_is_int(interrupts, 0, "and the plugin alone");
	tap_ok(echoes(), "and the terminal echoes again");
	cred_close(&c);

	run(&c, "Never", "[ -t 0 ] || " ANSWER("notty"));
	tap_is_str(cred_token(&c), "notty", "a plugin that never asks gets no terminal");
	cred_close(&c);

	run(&c, "Never", "stty -echo </dev/tty || " ANSWER("sealed"));
	tap_is_str(cred_token(&c), "sealed", "nor can it open it");
	tap_ok(echoes(), "and spoil it");
	cred_close(&c);
	rt_log_close();
	return tap_done();
}

/* Types answers when their prompts have appeared. */
static void person(int keys)
{
	static const struct {
		const char *prompt, *answer;
	} dialogue[] = {{"Password: ", "PLANTED-typed\n"}, {"waiting", "\003"}};
	char seen[8192];
	size_t len = 0, step = 0;
	ssize_t n;

	while ((n = read(keys, seen + len, sizeof(seen) - 1 - len)) > 0) {
		len += (size_t)n;
		seen[len] = '\0';
		if (step < RT_ARRAY_LEN(dialogue) && strstr(seen, dialogue[step].prompt)) {
			const char *answer = dialogue[step++].answer;
			if (write(keys, answer, strlen(answer)) < 0)
				perror("write");
			len = 0;
		}
		if (len > sizeof(seen) / 2)
			len = 0;
	}
}

int main(void)
{
	int keys = -1, status = 0, out = dup(STDOUT_FILENO);
	pid_t pid = forkpty(&keys, NULL, NULL, NULL);

	if (pid < 0) {
		tap_skip("no pseudo-terminal");
		return tap_done();
	}
	if (pid == 0) {
		dup2(out, STDOUT_FILENO); /* the test's output does not go through the terminal */
		return program();
	}
	person(keys);
	waitpid(pid, &status, 0);
	close(keys);
	close(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
