/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - tones, wrapping and aligned tables of text reports.
 */
#include "config.h"

#include "rutter/text.h"

#include <string.h>

#include "rutter/mem.h"
#include "rutter/utf8.h"
#include "rutter/vec.h"

/* Sixteen colours only: they are the ones the user's own palette defines. */
static const char *const tones[RT_TONE_COUNT] = {
    [RT_TONE_PLAIN] = "",
    [RT_TONE_OK] = "32",
    [RT_TONE_ERROR] = "1;31",
    [RT_TONE_WARNING] = "33",
    [RT_TONE_INFO] = "36",
    [RT_TONE_UNKNOWN] = "35",
    [RT_TONE_DIM] = "2",
    [RT_TONE_STRONG] = "1",
};

void rt_tone_begin(struct rt_buf *out, const struct rt_text_style *style, enum rt_tone tone)
{
	if (style->color != RT_COLOR_NEVER && tone != RT_TONE_PLAIN)
		rt_buf_printf(out, "\033[%sm", tones[tone]);
}

void rt_tone_end(struct rt_buf *out, const struct rt_text_style *style)
{
	if (style->color != RT_COLOR_NEVER)
		rt_buf_puts(out, "\033[0m");
}

void rt_tone_text(
    struct rt_buf *out, const struct rt_text_style *style, enum rt_tone tone, const char *text)
{
	if (tone == RT_TONE_PLAIN) {
		rt_clean(out, text, style->ascii);
		return;
	}
	rt_tone_begin(out, style, tone);
	rt_clean(out, text, style->ascii);
	rt_tone_end(out, style);
}

/* Columns of the len bytes at s. */
static size_t word_width(const char *s, size_t len)
{
	size_t cols = 0;
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += rt_utf8_decode(s + i, len - i, &cp);
		cols += (size_t)rt_cp_width(cp);
	}
	return cols;
}

void rt_text_wrap(
    struct rt_buf *out, const struct rt_text_style *style, unsigned indent, const char *text)
{
	struct rt_buf clean = {0};
	rt_clean(&clean, text, style->ascii);
	size_t col = indent;
	for (const char *p = rt_buf_str(&clean); *p;) {
		size_t len = strcspn(p, " ");
		size_t cols = word_width(p, len);
		if (col > indent && col + 1 + cols > style->width) {
			rt_buf_putc(out, '\n');
			rt_buf_pad(out, ' ', indent);
			col = indent;
		} else if (col > indent) {
			rt_buf_putc(out, ' ');
			col++;
		}
		rt_buf_add(out, p, len);
		col += cols;
		p += len + strspn(p + len, " ");
	}
	rt_buf_done(&clean);
}

/* ------------------------------------------------------------------ tables */

struct cell {
	char *text;
	enum rt_tone tone;
	size_t cols;
};

struct rt_table {
	size_t columns;
	RT_VEC(struct cell) cells;
};

struct rt_table *rt_table_new(size_t columns)
{
	struct rt_table *t = rt_xcalloc(1, sizeof(*t));
	t->columns = columns;
	return t;
}

void rt_table_cell(struct rt_table *t, enum rt_tone tone, const char *text)
{
	struct rt_buf clean = {0};
	rt_clean(&clean, text ? text : "", false);
	struct cell c = {rt_buf_take(&clean), tone, 0};
	c.cols = rt_str_width(c.text);
	rt_vec_push(&t->cells, NULL, c);
}

static void column_widths(const struct rt_table *t, size_t *width)
{
	for (size_t i = 0; i < t->cells.len; i++) {
		size_t c = i % t->columns;
		if (t->cells.v[i].cols > width[c])
			width[c] = t->cells.v[i].cols;
	}
}

#define GAP 2

size_t rt_table_width(const struct rt_table *t)
{
	size_t *width = rt_xcalloc(t->columns, sizeof(*width));
	size_t sum = (t->columns - 1) * GAP;
	column_widths(t, width);
	for (size_t c = 0; c < t->columns; c++)
		sum += width[c];
	free(width);
	return sum;
}

static void write_cell(struct rt_buf *out, const struct cell *c, size_t width, bool last,
    const struct rt_text_style *style)
{
	rt_tone_begin(out, style, c->tone);
	size_t used = rt_clean_cut(out, c->text, width, style->ascii);
	if (c->tone != RT_TONE_PLAIN)
		rt_tone_end(out, style);
	if (!last)
		rt_buf_pad(out, ' ', width - used + GAP);
}

void rt_table_write(struct rt_buf *out, const struct rt_table *t, const struct rt_text_style *style)
{
	size_t *width = rt_xcalloc(t->columns, sizeof(*width));
	column_widths(t, width);
	for (size_t i = 0; i < t->cells.len; i++) {
		size_t c = i % t->columns;
		bool last = c + 1 == t->columns;
		write_cell(out, &t->cells.v[i], width[c], last, style);
		if (last)
			rt_buf_putc(out, '\n');
	}
	free(width);
}

void rt_table_free(struct rt_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->cells.len; i++)
		free(t->cells.v[i].text);
	rt_vec_free(&t->cells);
	free(t);
}
