/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.c - growable byte buffer with a hard maximum.
 * Invariant: when data is set, cap > len and data[len] is NUL.
 */
#include "config.h"

#include "rutter/buf.h"

#include <stdio.h>
#include <string.h>

#include "rutter/mem.h"

static char *move_secret(struct rt_buf *b, size_t cap)
{
	char *moved = rt_xmalloc(cap);

	if (b->data) {
		memcpy(moved, b->data, b->len + 1);
		explicit_bzero(b->data, b->cap);
		free(b->data);
	}
	return moved;
}

/* Back to empty; what it may hold and how it is to be handled stays. */
static void forget(struct rt_buf *b)
{
	*b = (struct rt_buf){.max = b->max, .secret = b->secret};
}

/* Makes room for extra bytes and the NUL; false (and full) when that is over the maximum. */
static bool reserve(struct rt_buf *b, size_t extra)
{
	size_t need, cap;

	if (b->max && (extra > b->max || b->len > b->max - extra)) {
		b->full = true;
		return false;
	}
	rt_assert(extra < SIZE_MAX / 4);
	need = b->len + extra + 1;
	if (need <= b->cap)
		return true;
	cap = b->cap ? b->cap * 2 : 64;
	if (cap < need)
		cap = need;
	b->data = b->secret ? move_secret(b, cap) : rt_xrealloc(b->data, cap, 1);
	b->cap = cap;
	return true;
}

bool rt_buf_add(struct rt_buf *b, const void *bytes, size_t len)
{
	if (!reserve(b, len))
		return false;
	if (len > 0)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
	return true;
}

bool rt_buf_puts(struct rt_buf *b, const char *s)
{
	return rt_buf_add(b, s, strlen(s));
}

bool rt_buf_putc(struct rt_buf *b, char c)
{
	return rt_buf_add(b, &c, 1);
}

bool rt_buf_printf(struct rt_buf *b, const char *fmt, ...)
{
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	ok = rt_buf_vprintf(b, fmt, ap);
	va_end(ap);
	return ok;
}

bool rt_buf_vprintf(struct rt_buf *b, const char *fmt, va_list ap)
{
	size_t room = b->cap > b->len ? b->cap - b->len : 0;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(room ? b->data + b->len : NULL, room, fmt, again);
	va_end(again);
	rt_assert(len >= 0);
	if (!reserve(b, (size_t)len)) {
		if (room)
			b->data[b->len] = '\0';
		return false;
	}
	if ((size_t)len >= room)
		vsnprintf(b->data + b->len, (size_t)len + 1, fmt, ap);
	b->len += (size_t)len;
	return true;
}

bool rt_buf_pad(struct rt_buf *b, char c, size_t count)
{
	if (!reserve(b, count))
		return false;
	memset(b->data + b->len, c, count);
	b->len += count;
	b->data[b->len] = '\0';
	return true;
}

void rt_buf_clear(struct rt_buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->data)
		b->data[0] = '\0';
}

void rt_buf_done(struct rt_buf *b)
{
	free(b->data);
	forget(b);
}

void rt_buf_wipe(struct rt_buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	rt_buf_done(b);
}

char *rt_buf_take(struct rt_buf *b)
{
	char *data = b->data ? b->data : rt_xstrdup("");

	forget(b);
	return data;
}

const char *rt_buf_str(const struct rt_buf *b)
{
	return b->data ? b->data : "";
}

void rt_auto_buf(struct rt_buf *b)
{
	rt_buf_done(b);
}
