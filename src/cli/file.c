/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c - whole files read and written.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rutter/mem.h"
#include "session.h"

static enum rt_status failed(struct rt_error *err, const char *doing, const char *path)
{
	return rt_fail(err, RT_IO, "%s %s: %s", doing, path, strerror(errno));
}

enum rt_status rt_file_read(const char *path, struct rt_buf *out, struct rt_error *err)
{
	char chunk[8192];
	RT_AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(err, "reading", path);
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno != EINTR)
			return failed(err, "reading", path);
		if (n == 0)
			return RT_OK;
		if (n > 0)
			rt_buf_add(out, chunk, (size_t)n);
	}
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

enum rt_status rt_file_write(const char *path, const char *text, size_t len, struct rt_error *err)
{
	RT_AUTO_FREE char *neighbour = rt_xprintf("%s.XXXXXX", path);
	int fd = mkostemp(neighbour, O_CLOEXEC);
	if (fd < 0)
		return failed(err, "writing", path);
	bool ok = write_all(fd, text, len);
	ok = close(fd) == 0 && ok;
	if (ok && rename(neighbour, path) == 0)
		return RT_OK;
	enum rt_status st = failed(err, "writing", path);
	unlink(neighbour);
	return st;
}
