/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logstream.c - lines of a log, each once.
 */
#include "config.h"

#include "rutter/logstream.h"

#include <stdio.h>
#include <string.h>

#include "rutter/timefmt.h"

#define LONGEST_LINE ((size_t)64 << 10)

struct stamp {
	int64_t seconds;
	long nanos;
};

/* Of "2026-11-28T08:00:00.5Z"; the fraction has as many digits as it needs. */
static bool stamp_parse(const char *text, struct stamp *ret)
{
	const char *dot = strchr(text, '.');
	ret->nanos = 0;
	for (int i = 0; dot && i < 9; i++) {
		bool digit = dot[1] >= '0' && dot[1] <= '9';
		ret->nanos = ret->nanos * 10 + (digit ? *++dot - '0' : 0);
	}
	return rt_time_parse(text, &ret->seconds);
}

static int stamp_compare(const char *a, const char *b)
{
	struct stamp x = {0}, y = {0};
	(void)stamp_parse(a, &x);
	(void)stamp_parse(b, &y);
	if (x.seconds != y.seconds)
		return x.seconds < y.seconds ? -1 : 1;
	return (x.nanos > y.nanos) - (x.nanos < y.nanos);
}

/* The line's time, when it begins with one. */
static bool split_time(const char *line, size_t len, char time[static 40], size_t *ret_skip)
{
	struct stamp s;
	const char *space = memchr(line, ' ', len);
	size_t n = space ? (size_t)(space - line) : len;
	if (n >= 40)
		return false;
	snprintf(time, 40, "%.*s", (int)n, line);
	*ret_skip = space ? n + 1 : n;
	return stamp_parse(time, &s);
}

static bool is_repetition(struct rt_log_stream *s, const char *time)
{
	if (!s->resumed || !s->since[0])
		return false;
	int order = stamp_compare(time, s->since);
	if (order < 0)
		return true;
	if (order == 0 && s->repeated < s->at_since) {
		s->repeated++;
		return true;
	}
	s->resumed = false;
	return false;
}

static void take_line(struct rt_log_stream *s, const char *line, size_t len, struct rt_buf *out)
{
	char time[40];
	size_t skip = 0;
	if (split_time(line, len, time, &skip)) {
		if (is_repetition(s, time))
			return;
		s->at_since = strcmp(time, s->since) == 0 ? s->at_since + 1 : 1;
		memcpy(s->since, time, sizeof(s->since));
	} else {
		skip = 0;
	}
	rt_buf_add(out, line + skip, len - skip);
	rt_buf_putc(out, '\n');
}

void rt_log_stream_feed(struct rt_log_stream *s, const char *bytes, size_t len, struct rt_buf *out)
{
	while (len > 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end ? (size_t)(end - bytes) : len;
		rt_buf_add(&s->line, bytes, n);
		if (end || s->line.len >= LONGEST_LINE) {
			take_line(s, rt_buf_str(&s->line), s->line.len, out);
			rt_buf_clear(&s->line);
		}
		n += end != NULL;
		bytes += n;
		len -= n;
	}
}

void rt_log_stream_cut(struct rt_log_stream *s)
{
	rt_buf_clear(&s->line);
	s->repeated = 0;
	s->resumed = true;
}

void rt_log_stream_done(struct rt_log_stream *s)
{
	rt_buf_done(&s->line);
}
