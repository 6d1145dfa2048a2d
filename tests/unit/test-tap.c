/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-tap.c - the test library itself: a failed check must be told, and told so that it helps.
 * Runs checks that fail in a child whose output is read back.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/tap.h"

static void run_in_child(int out)
{
	dup2(out, STDOUT_FILENO);
	tap_ok(true, "holds");
	tap_ok(false, "fails # 1\nand goes on");
	tap_is_int(3, 3, "three");
	tap_is_int(3, 4, "four");
	tap_is_str("a\nb", "a\nc", "text");
	tap_is_str(NULL, "x", "null");
	tap_is_str(NULL, NULL, "both null");
	tap_skip("no %s", "tool");
	_exit(tap_done());
}

/* Reads all of fd into buf and returns the child's exit status. */
static int collect(int fd, char *buf, size_t size)
{
	size_t len = 0;
	int status = 0;

	for (ssize_t n; (n = read(fd, buf + len, size - 1 - len)) > 0;)
		len += (size_t)n;
	buf[len] = '\0';
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
	static const char want[] = "ok 1 - holds\n"
				   "not ok 2 - fails   1 and goes on\n"
				   "ok 3 - three\n"
				   "not ok 4 - four\n"
				   "# got:  3\n"
				   "# want: 4\n"
				   "not ok 5 - text\n"
				   "# got (3 bytes):\n"
				   "# a\n"
				   "# b\n"
				   "# want (3 bytes):\n"
				   "# a\n"
				   "# c\n"
				   "# they part at byte 2, line 2: got \"b\", want \"c\"\n"
				   "not ok 6 - null\n"
				   "# got:  (null)\n"
				   "# want: x\n"
				   "ok 7 - both null\n"
				   "ok 8 # SKIP no tool\n"
				   "1..8\n";
	char got[4096];
	int fds[2];

	if (pipe(fds) != 0)
		return 99;
	if (fork() == 0)
		run_in_child(fds[1]);
	close(fds[1]);
	int status = collect(fds[0], got, sizeof(got));

	tap_is_int(status, 1, "failed checks give exit status 1");
	tap_is_str(got, want, "the protocol");
	return tap_done();
}
