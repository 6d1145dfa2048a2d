/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem.h - allocation that cannot fail.
 * Running out of memory ends the program with a message (rt_die_hook may restore the terminal
 * first); sizes a peer controls are bounded before they reach these functions, so that end is not
 * reachable from input. Everything returned is owned by the caller and released with free().
 */
#ifndef RUTTER_MEM_H
#define RUTTER_MEM_H

#include <stdlib.h>

#include "rutter/fwd.h"

/* Called once, before the message, when the program must end. NULL is allowed. */
extern void (*rt_die_hook)(void);

RT_MALLOC void *rt_xmalloc(size_t size);
RT_MALLOC void *rt_xcalloc(size_t count, size_t size); /* overflow ends the program */
void *rt_xrealloc(void *p, size_t count, size_t size);
RT_MALLOC char *rt_xstrdup(const char *s);
RT_MALLOC char *rt_xstrndup(const char *s, size_t len);
RT_MALLOC char *rt_xprintf(const char *fmt, ...) RT_PRINTF(1, 2);

/* A broken invariant: message on stderr, abort(). Kept in release builds. */
RT_NORETURN void rt_bug(const char *file, int line, const char *what);
#define rt_assert(x) ((x) ? (void)0 : rt_bug(__FILE__, __LINE__, #x))

/* The clean-up attributes, with RT_AUTO_BUF of buf.h; for parsers and commands, not for object
 * lifetimes. */
void rt_auto_free(void *pp);
void rt_auto_close(int *fd);
#define RT_AUTO_FREE __attribute__((cleanup(rt_auto_free)))
#define RT_AUTO_CLOSE __attribute__((cleanup(rt_auto_close)))
#define rt_steal(pp)                                                                               \
	({                                                                                         \
		__typeof__(*(pp)) stolen_ = *(pp);                                                 \
		*(pp) = NULL;                                                                      \
		stolen_;                                                                           \
	})

#endif
