/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h - how text reports look: colour, glyph set, width. Shared by dump, check, trace, status,
 * routes and explain, so that they look alike.
 * State is never colour alone: a glyph and a word stand beside it.
 *
 *	rt_tone_begin(out, style, RT_TONE_ERROR);
 *	rt_buf_puts(out, rt_glyph_str(RT_GLYPH_ERROR, style->ascii));
 *	rt_tone_end(out, style);
 */
#ifndef RUTTER_TEXT_H
#define RUTTER_TEXT_H

#include "rutter/buf.h"

enum rt_color { RT_COLOR_NEVER, RT_COLOR_16, RT_COLOR_256, RT_COLOR_TRUE };

struct rt_text_style {
	bool ascii;
	enum rt_color color;
	unsigned width; /* columns of the terminal; 80 where there is none */
	bool terminal;  /* somebody reads it there: nothing is wider; a pipe gets whole lines */
};

enum rt_tone {
	RT_TONE_PLAIN,
	RT_TONE_OK,
	RT_TONE_ERROR,
	RT_TONE_WARNING,
	RT_TONE_INFO,
	RT_TONE_UNKNOWN,
	RT_TONE_DIM,
	RT_TONE_STRONG,
	RT_TONE_COUNT
};

/* The escape sequence that starts or ends a tone; nothing without colour. */
void rt_tone_begin(struct rt_buf *out, const struct rt_text_style *style, enum rt_tone tone);
void rt_tone_end(struct rt_buf *out, const struct rt_text_style *style);
/* Cleans foreign text and appends it in a tone. */
void rt_tone_text(
    struct rt_buf *out, const struct rt_text_style *style, enum rt_tone tone, const char *text);

/* Cleans text and breaks it between words so that no line passes style->width; the first line
 * stands at column indent already, later ones are indented. A word that is too long stays whole. */
void rt_text_wrap(
    struct rt_buf *out, const struct rt_text_style *style, unsigned indent, const char *text);

/* Aligned columns: rows of cells, the last one as long as it is. Cells are cleaned. */
struct rt_table;
struct rt_table *rt_table_new(size_t columns);
void rt_table_cell(struct rt_table *t, enum rt_tone tone, const char *text); /* next cell, copied */
size_t rt_table_width(const struct rt_table *t); /* columns of the terminal that it needs */
void rt_table_write(
    struct rt_buf *out, const struct rt_table *t, const struct rt_text_style *style);
void rt_table_free(struct rt_table *t); /* NULL-safe */

#endif
