/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glyph.h - every symbol that text and the terminal UI show, in Unicode and in ASCII.
 * Each is one column wide in both sets, so that a layout never depends on the set.
 */
#ifndef RUTTER_GLYPH_H
#define RUTTER_GLYPH_H

#include "rutter/fwd.h"

/*        id        unicode     ascii */
#define RT_GLYPHS(X)                                                                               \
	X(OK, 0x2714, '+')                                                                         \
	X(ERROR, 0x2716, 'x')                                                                      \
	X(WARNING, 0x25b2, '!')                                                                    \
	X(INFO, 0x25cb, 'i')                                                                       \
	X(UNKNOWN, '?', '?')                                                                       \
	X(STALE, 0x25f7, '~')                                                                      \
	X(DENIED, 0x2298, 'x')                                                                     \
	X(OPEN, 0x25be, 'v')                                                                       \
	X(CLOSED, 0x25b8, '>')                                                                     \
	X(LEAF, 0x25e6, '.')                                                                       \
	X(LIVE, 0x25cf, '*')                                                                       \
	X(DOT, 0x00b7, '-')                                                                        \
	X(ELLIPSIS, 0x2026, '~')                                                                   \
	X(ARROW, 0x2192, '>')                                                                      \
	X(BACK, 0x2190, '<')                                                                       \
	X(UP, 0x2191, '^')                                                                         \
	X(DOWN, 0x2193, 'v')                                                                       \
	X(HLINE, 0x2500, '-')                                                                      \
	X(VLINE, 0x2502, '|')                                                                      \
	X(TOP_LEFT, 0x250c, '+')                                                                   \
	X(TOP_RIGHT, 0x2510, '+')                                                                  \
	X(BOTTOM_LEFT, 0x2514, '+')                                                                \
	X(BOTTOM_RIGHT, 0x2518, '+')                                                               \
	X(JOIN_LEFT, 0x251c, '+')                                                                  \
	X(JOIN_RIGHT, 0x2524, '+')

enum rt_glyph {
#define X(id, unicode, ascii) RT_GLYPH_##id,
	RT_GLYPHS(X)
#undef X
	    RT_GLYPH_COUNT
};

uint32_t rt_glyph_cp(enum rt_glyph g, bool ascii);
/* The same as a string, for texts that are put together before they are drawn. */
const char *rt_glyph_str(enum rt_glyph g, bool ascii);

#endif
