/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c - diagnostics to a file.
 * One write per line, so that lines of several processes do not mix. Secrets are masked before the
 * text is escaped, since they are told to us as they are.
 */
#include "config.h"

#include "rutter/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/str.h"
#include "rutter/utf8.h"
#include "rutter/vec.h"

#define SECRET_MIN 6
/* A session of days is given a new token every few minutes: those long expired are let go. */
#define SECRETS_MAX 64
#define LINE_MAX_BYTES 16384
#define MASK "<masked>"

/* The one piece of state that is not passed: everything may log. */
static struct {
	int level;
	int fd;
	bool owned; /* fd was opened here */
	RT_VEC(char *) secrets;
} state = {.fd = STDERR_FILENO};

enum rt_status rt_log_open(const char *path, int level, struct rt_error *err)
{
	int fd = STDERR_FILENO;

	if (path) {
		fd = open(
		    path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0600);
		if (fd < 0)
			return rt_fail(err, RT_IO, "cannot open the log file %s: %s", path,
			    errno == ELOOP ? "it is a symbolic link" : strerror(errno));
	}
	if (state.owned)
		close(state.fd);
	state.fd = fd;
	state.owned = path != NULL;
	state.level = level;
	return RT_OK;
}

/* Out of the list, which keeps its order. */
static char *take_secret(size_t i)
{
	char *ret = state.secrets.v[i];

	state.secrets.len--;
	memmove(state.secrets.v + i, state.secrets.v + i + 1,
	    (state.secrets.len - i) * sizeof(*state.secrets.v));
	return ret;
}

static void forget_oldest(void)
{
	char *oldest = take_secret(0);

	rt_str_wipe(&oldest);
}

void rt_log_close(void)
{
	if (state.owned)
		close(state.fd);
	state.fd = STDERR_FILENO;
	state.owned = false;
	state.level = 0;
	while (state.secrets.len > 0)
		forget_oldest();
	rt_vec_free(&state.secrets);
}

bool rt_log_on(int level)
{
	return level > 0 && level <= state.level;
}

void rt_log_secret(const char *value)
{
	if (!value || strlen(value) < SECRET_MIN)
		return;
	char *kept = NULL;
	for (size_t i = 0; i < state.secrets.len && !kept; i++)
		if (strcmp(state.secrets.v[i], value) == 0)
			kept = take_secret(i);
	if (state.secrets.len == SECRETS_MAX)
		forget_oldest();
	rt_vec_push(&state.secrets, NULL, kept ? kept : rt_xstrdup(value));
}

/* Length of the longest secret that starts at s, 0 if none does. */
static size_t secret_at(const char *s)
{
	size_t longest = 0;

	for (size_t i = 0; i < state.secrets.len; i++) {
		size_t len = strlen(state.secrets.v[i]);

		if (len > longest && strncmp(s, state.secrets.v[i], len) == 0)
			longest = len;
	}
	return longest;
}

static void add_masked(struct rt_buf *out, const char *s)
{
	while (*s) {
		size_t len = secret_at(s);

		if (len > 0)
			rt_buf_puts(out, MASK);
		else
			rt_buf_putc(out, *s);
		s += len ? len : 1;
	}
}

static void add_escaped(struct rt_buf *out, const char *s, size_t len)
{
	while (len > 0) {
		uint32_t cp;
		size_t used = rt_utf8_decode(s, len, &cp);

		if (cp == 0xfffd && used == 1)
			rt_buf_printf(out, "\\x%02x", (unsigned char)*s);
		else if (cp == '\\')
			rt_buf_puts(out, "\\\\");
		else if (cp == '\n')
			rt_buf_puts(out, "\\n");
		else if (rt_cp_unsafe(cp))
			rt_buf_printf(out, "\\u{%x}", (unsigned)cp);
		else
			rt_buf_add(out, s, used);
		s += used;
		len -= used;
	}
}

static void add_time(struct rt_buf *out)
{
	struct timespec now;
	struct tm tm;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		rt_buf_printf(out, "%s.%03ldZ", text, now.tv_nsec / 1000000);
}

void rt_log(int level, const char *component, const char *fmt, ...)
{
	RT_AUTO_BUF struct rt_buf text = RT_BUF_SECRET;
	RT_AUTO_BUF struct rt_buf masked = {0};
	RT_AUTO_BUF struct rt_buf line = {0};
	int saved_errno = errno;
	va_list ap;

	if (!rt_log_on(level))
		return;
	va_start(ap, fmt);
	rt_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	add_masked(&masked, rt_buf_str(&text));
	if (text.data)
		explicit_bzero(text.data, text.len);
	add_time(&line);
	rt_buf_printf(&line, " %d %s: ", level, component);
	add_escaped(
	    &line, rt_buf_str(&masked), masked.len < LINE_MAX_BYTES ? masked.len : LINE_MAX_BYTES);
	if (masked.len > LINE_MAX_BYTES)
		rt_buf_puts(&line, "...");
	rt_buf_putc(&line, '\n');
	/* A log that cannot be written must not stop the program it describes. */
	if (write(state.fd, line.data, line.len) < 0)
		state.level = state.owned ? state.level : 0;
	errno = saved_errno;
}
