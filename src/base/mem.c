/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem.c - allocation that cannot fail, and the end of the program when it must.
 * Zero sizes are rounded up so that NULL never means "empty".
 */
#include "config.h"

#include "rutter/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void (*rt_die_hook)(void);

static void run_die_hook(void)
{
	void (*hook)(void) = rt_die_hook;

	/* Cleared first: a hook that fails must not come back here. */
	rt_die_hook = NULL;
	if (hook)
		hook();
}

RT_NORETURN static void die_of_memory(void)
{
	run_die_hook();
	fputs("rutter: out of memory\n", stderr);
	_exit(2);
}

void *rt_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		die_of_memory();
	return p;
}

void *rt_xcalloc(size_t count, size_t size)
{
	void *p;

	if (count == 0 || size == 0)
		count = size = 1;
	p = calloc(count, size);
	if (!p)
		die_of_memory();
	return p;
}

void *rt_xrealloc(void *p, size_t count, size_t size)
{
	size_t bytes;
	void *moved;

	if (__builtin_mul_overflow(count, size, &bytes))
		die_of_memory();
	moved = realloc(p, bytes ? bytes : 1);
	if (!moved)
		die_of_memory();
	return moved;
}

char *rt_xstrdup(const char *s)
{
	return rt_xstrndup(s, strlen(s));
}

char *rt_xstrndup(const char *s, size_t len)
{
	char *copy = rt_xmalloc(len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *rt_xprintf(const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0 || !text)
		die_of_memory();
	return text;
}

void rt_bug(const char *file, int line, const char *what)
{
	run_die_hook();
	fprintf(stderr, "rutter: bug at %s:%d: %s\n", file, line, what);
	abort();
}

void rt_auto_free(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	free(p);
}

void rt_auto_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
