/* SPDX-License-Identifier: Apache-2.0 */
/*
 * readfile.c - kubeconfigs, certificates and tokens are small files, which may also be pipes
 * (`--kubeconfig <(…)`): read to the end, never past a bound.
 */
#include "config.h"

#include "readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/mem.h"

static enum rt_status fail_errno(struct rt_error *err, int code)
{
	if (code == ENOENT || code == ENOTDIR)
		return rt_fail(err, RT_NOT_FOUND, "no such file or directory");
	return rt_fail(err, RT_IO, "%s", strerror(code));
}

static enum rt_status read_all(int fd, size_t max, struct rt_buf *out, struct rt_error *err)
{
	char chunk[16384];
	enum rt_status status = RT_OK;
	size_t start = out->len;
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			status = fail_errno(err, errno);
		if (n <= 0)
			break;
		if (out->len - start + (size_t)n > max || !rt_buf_add(out, chunk, (size_t)n)) {
			status = rt_fail(err, RT_LIMIT, "larger than %zu bytes", max);
			break;
		}
	}
	explicit_bzero(chunk, sizeof(chunk));
	return status;
}

enum rt_status rt_kube_read_file(
    const char *path, size_t max, struct rt_buf *out, struct rt_error *err)
{
	RT_AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(err, errno);
	return read_all(fd, max, out, err);
}
