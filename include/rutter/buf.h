/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h - growable byte buffer with a hard maximum.
 * Zero-initialise (no maximum) or RT_BUF_MAX(n). Past the maximum an append fails and nothing is
 * added; output code may ignore the result and test rt_buf.full once at the end.
 * Always NUL-terminated once something was appended. rt_buf_take moves the bytes to the caller.
 */
#ifndef RUTTER_BUF_H
#define RUTTER_BUF_H

#include <stdarg.h>

#include "rutter/fwd.h"

struct rt_buf {
	char *data;
	size_t len, cap;
	size_t max;  /* 0: none */
	bool full;   /* an append was refused */
	bool secret; /* nothing of it stays behind where it grows out of its memory */
};
#define RT_BUF_MAX(n) ((struct rt_buf){.max = (n)})
#define RT_BUF_SECRET ((struct rt_buf){.secret = true})

bool rt_buf_add(struct rt_buf *b, const void *bytes, size_t len);
bool rt_buf_puts(struct rt_buf *b, const char *s);
bool rt_buf_putc(struct rt_buf *b, char c);
bool rt_buf_printf(struct rt_buf *b, const char *fmt, ...) RT_PRINTF(2, 3);
bool rt_buf_vprintf(struct rt_buf *b, const char *fmt, va_list ap) RT_PRINTF(2, 0);
bool rt_buf_pad(struct rt_buf *b, char c, size_t count);
void rt_buf_clear(struct rt_buf *b); /* keeps the memory */
void rt_buf_done(struct rt_buf *b);
void rt_auto_buf(struct rt_buf *b);
#define RT_AUTO_BUF __attribute__((cleanup(rt_auto_buf))) /* as those of mem.h */
void rt_buf_wipe(struct rt_buf *b);                       /* for secrets: zeroes, then frees */
char *rt_buf_take(struct rt_buf *b);                      /* caller frees; never NULL */
const char *rt_buf_str(const struct rt_buf *b); /* "" when empty; borrowed until the next append */

#endif
