/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-log.c - log lines: levels, escaping, masked secrets, the file's mode.
 */
#include "config.h"

#include "rutter/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/mem.h"
#include "tests/lib/tap.h"

static char *path;

/* What was logged since, without the time stamps. */
static const char *logged(void)
{
	static char text[8192];
	char raw[8192];
	ssize_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *out = text;

	len = read(fd, raw, sizeof(raw) - 1);
	close(fd);
	raw[len > 0 ? len : 0] = '\0';
	for (char *line = raw; *line;) {
		char *end = strchr(line, '\n');
		char *from = strchr(line, ' ');

		if (!end || !from)
			return "malformed";
		memcpy(out, from + 1, (size_t)(end - from));
		out += end - from;
		line = end + 1;
	}
	*out = '\0';
	if (truncate(path, 0) != 0)
		return "cannot truncate";
	return text;
}

static void check_lines(void)
{
	rt_log(6, "net", "GET %s %d", "/api", 200);
	rt_log(7, "net", "too detailed");
	tap_is_str(logged(), "6 net: GET /api 200\n", "a level that is on, and one that is not");
	errno = ENOENT;
	rt_log(6, "net", "bad \x1b[31m\n\xff\xc2\x9b \xe2\x80\xae \\ \xc3\xa9");
	tap_is_int(errno, ENOENT, "errno survives");
	tap_is_str(logged(), "6 net: bad \\u{1b}[31m\\n\\xff\\u{9b} \\u{202e} \\\\ \xc3\xa9\n",
	    "control and bidi characters are escaped");
}

static void check_secrets(void)
{
	rt_log_secret("s3cr3t-token");
	rt_log_secret("s3cr3t-token-longer");
	rt_log_secret("short");
	rt_log_secret(NULL);
	rt_log(1, "auth", "Bearer s3cr3t-token, s3cr3t-token-longer; short");
	tap_is_str(logged(), "1 auth: Bearer <masked>, <masked>; short\n", "secrets are masked");
	for (int i = 0; i < 64; i++) {
		char token[32];
		snprintf(token, sizeof(token), "rotated-token-%02d", i);
		rt_log_secret(token);
		rt_log_secret("s3cr3t-token-longer");
	}
	rt_log(1, "auth", "s3cr3t-token-longer rotated-token-63 rotated-token-01 rotated-token-00");
	tap_is_str(logged(), "1 auth: <masked> <masked> <masked> rotated-token-00\n",
	    "of many the one that was told longest ago is forgotten");
}

int main(void)
{
	struct rt_error err;
	struct stat st;
	char missing[] = "/nonexistent-folder/log";
	path = tap_temporary("log");
	int fd = mkstemp(path);

	close(fd);
	unlink(path);
	tap_ok(!rt_log_on(1), "silent at first");
	tap_is_int(rt_log_open(missing, 6, &err), RT_IO, "a folder that is not there");
	tap_ok(strstr(err.msg, missing) != NULL, "is named");
	char *link = rt_xprintf("%s.link", path);
	tap_is_int(symlink(path, link), 0, "there is a link to a file");
	tap_is_int(rt_log_open(link, 6, &err), RT_IO, "which is not followed");
	tap_ok(strstr(err.msg, "it is a symbolic link") != NULL, "and that is said");
	unlink(link);
	free(link);
	tap_is_int(rt_log_open(path, 6, &err), RT_OK, "open");
	tap_ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
	check_lines();
	check_secrets();
	rt_log_close();
	rt_log(1, "x", "after the end");
	tap_is_str(logged(), "", "closed is silent");
	tap_ok(!rt_log_on(1), "and says so");
	unlink(path);
	free(path);
	return tap_done();
}
