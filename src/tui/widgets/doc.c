/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doc.c - building styled lines.
 */
#include "config.h"

#include "doc.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/utf8.h"

#define SPAN_MAX 16384 /* a frame draws what is seen from the start of its line */

void rt_doc_clear(struct rt_doc *d)
{
	rt_arena_reset(&d->arena);
	d->spans.len = d->lines.len = 0;
}

void rt_doc_done(struct rt_doc *d)
{
	rt_arena_done(&d->arena);
	rt_vec_free(&d->spans);
	rt_vec_free(&d->lines);
}

void rt_doc_line(struct rt_doc *d, int indent)
{
	struct rt_doc_line line = {.first = d->spans.len, .indent = indent};

	rt_vec_push(&d->lines, NULL, line);
}

static struct rt_doc_line *last(struct rt_doc *d)
{
	if (!d->lines.len)
		rt_doc_line(d, 0);
	return &d->lines.v[d->lines.len - 1];
}

static void add_span(struct rt_doc *d, uint16_t style, const char *text)
{
	struct rt_doc_span span = {.text = text, .style = style};

	if (!text || !*text)
		return;
	last(d)->count++;
	rt_vec_push(&d->spans, NULL, span);
}

void rt_doc_put(struct rt_doc *d, uint16_t style, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len <= SPAN_MAX) {
		add_span(d, style, rt_arena_strdup(&d->arena, text));
		return;
	}
	add_span(d, style, rt_arena_strndup(&d->arena, text, SPAN_MAX));
	rt_doc_putf(d, RT_ROLE_DIM, " ... %zu more bytes", len - SPAN_MAX);
}

void rt_doc_putf(struct rt_doc *d, uint16_t style, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_span(d, style, rt_arena_vprintf(&d->arena, fmt, ap));
	va_end(ap);
}

void rt_doc_glyph(struct rt_doc *d, uint16_t style, enum rt_glyph g, bool ascii)
{
	add_span(d, style, rt_glyph_str(g, ascii));
}

static int line_width(const struct rt_doc *d, const struct rt_doc_line *line)
{
	size_t width = 0;

	for (size_t i = 0; i < line->count; i++)
		width += rt_str_width(d->spans.v[line->first + i].text);
	return (int)width;
}

int rt_doc_width(const struct rt_doc *d)
{
	int widest = 0;

	for (size_t i = 0; i < d->lines.len; i++) {
		int width = line_width(d, &d->lines.v[i]);
		widest = width > widest ? width : widest;
	}
	return widest;
}

void rt_doc_pad(struct rt_doc *d, int column)
{
	int width = line_width(d, last(d));

	rt_doc_putf(d, RT_ROLE_TEXT, "%*s", column > width ? column - width : 1, "");
}

void rt_doc_link(struct rt_doc *d, struct rt_ref ref)
{
	struct rt_ref *copy = rt_arena_new(&d->arena, struct rt_ref);

	*copy = (struct rt_ref){
	    .group = rt_arena_strdup(&d->arena, ref.group),
	    .kind = rt_arena_strdup(&d->arena, ref.kind),
	    .ns = rt_arena_strdup(&d->arena, ref.ns),
	    .name = rt_arena_strdup(&d->arena, ref.name),
	};
	last(d)->link = copy;
}

void rt_doc_copy(struct rt_doc *d, const char *text)
{
	last(d)->copy = rt_arena_strdup(&d->arena, text);
}

void rt_doc_copy_manifest(struct rt_doc *d, const char *text)
{
	rt_doc_copy(d, text);
	last(d)->manifest = true;
}

void rt_doc_line_text(const struct rt_doc *d, size_t line, struct rt_buf *out)
{
	const struct rt_doc_line *l = &d->lines.v[line];

	for (size_t i = 0; i < l->count; i++)
		rt_buf_puts(out, d->spans.v[l->first + i].text);
}

void rt_doc_text(const struct rt_doc *d, struct rt_buf *out)
{
	for (size_t i = 0; i < d->lines.len; i++) {
		struct rt_buf line = {0};
		rt_doc_line_text(d, i, &line);
		rt_clean(out, rt_buf_str(&line), false);
		rt_buf_putc(out, '\n');
		rt_buf_done(&line);
	}
}
