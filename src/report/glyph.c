/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glyph.c - the two glyph sets.
 */
#include "config.h"

#include "rutter/glyph.h"

struct glyph {
	uint32_t cp[2]; /* Unicode, ASCII */
};

static const struct glyph glyphs[RT_GLYPH_COUNT] = {
#define X(id, unicode, ascii) [RT_GLYPH_##id] = {{(unicode), (ascii)}},
    RT_GLYPHS(X)
#undef X
};

uint32_t rt_glyph_cp(enum rt_glyph g, bool ascii)
{
	return glyphs[g].cp[ascii];
}

/* UTF-8 for the few ranges glyphs come from, so that the strings are constants of the compiler. */
#define U1(c)                                                                                      \
	((c) < 0x80 ? (char)(c) : (c) < 0x800 ? (char)(0xc0 | (c) >> 6) : (char)(0xe0 | (c) >> 12))
#define U2(c)                                                                                      \
	((c) < 0x80       ? 0                                                                      \
	    : (c) < 0x800 ? (char)(0x80 | ((c)&0x3f))                                              \
			  : (char)(0x80 | ((c) >> 6 & 0x3f)))
#define U3(c) ((c) < 0x800 ? 0 : (char)(0x80 | ((c)&0x3f)))

static const char texts[RT_GLYPH_COUNT][2][4] = {
#define X(id, unicode, ascii)                                                                      \
	[RT_GLYPH_##id] = {{U1(unicode), U2(unicode), U3(unicode)}, {(ascii)}},
    RT_GLYPHS(X)
#undef X
};

const char *rt_glyph_str(enum rt_glyph g, bool ascii)
{
	return texts[g][ascii];
}
