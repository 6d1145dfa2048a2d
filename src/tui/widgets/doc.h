/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doc.h - lines of styled text, some of which lead somewhere, and the view that shows them.
 * A doc is built once from facts and owns its text; the view wraps, scrolls, searches and follows
 * it. Detail tabs, traces, help and mends are docs.
 *
 *	rt_doc_line(&d, 2);				a new line, continued two columns in
 *	rt_doc_put(&d, RT_ROLE_OK, "True");
 *	rt_doc_link(&d, rt_obj_ref(obj));		Enter on this line opens obj
 */
#ifndef RT_TUI_DOC_H
#define RT_TUI_DOC_H

#include "list.h"
#include "rutter/arena.h"
#include "rutter/canvas.h"
#include "rutter/model.h"
#include "rutter/regex.h"
#include "rutter/vec.h"

struct rt_doc_span {
	const char *text;
	uint16_t style;
};

struct rt_doc_line {
	size_t first, count;       /* spans */
	int indent;                /* of the rows that continue it */
	const struct rt_ref *link; /* NULL: leads nowhere */
	const char *copy;          /* what c copies on this line; NULL: its text */
	bool manifest;             /* copy is one: more than a line */
};

struct rt_doc {
	struct rt_arena arena;
	RT_VEC(struct rt_doc_span) spans;
	RT_VEC(struct rt_doc_line) lines;
};

void rt_doc_clear(struct rt_doc *d); /* empty, memory kept for the next text */
void rt_doc_done(struct rt_doc *d);
void rt_doc_line(struct rt_doc *d, int indent);
/* To the last line; the text is copied. NULL is "". */
void rt_doc_put(struct rt_doc *d, uint16_t style, const char *text);
void rt_doc_putf(struct rt_doc *d, uint16_t style, const char *fmt, ...) RT_PRINTF(3, 4);
void rt_doc_glyph(struct rt_doc *d, uint16_t style, enum rt_glyph g, bool ascii);
void rt_doc_pad(struct rt_doc *d, int column); /* blanks up to a column of the last line */
void rt_doc_link(struct rt_doc *d, struct rt_ref ref);
void rt_doc_copy(struct rt_doc *d, const char *text);
void rt_doc_copy_manifest(struct rt_doc *d, const char *text); /* its lines stay lines */
void rt_doc_line_text(const struct rt_doc *d, size_t line, struct rt_buf *out);
int rt_doc_width(const struct rt_doc *d); /* columns of its longest line */
/* Everything, for copying and files. */
void rt_doc_text(const struct rt_doc *d, struct rt_buf *out);

/* ---------------------------------------------------------------- the view */

struct rt_doc_row {
	uint32_t line;
	int from, to; /* columns of the line */
};

struct rt_docview {
	const struct rt_doc *doc;
	struct rt_list list; /* of lines; top is a row */
	RT_VEC(struct rt_doc_row) rows;
	size_t top; /* first row shown */
	int width, height;
	bool nowrap;
	int left; /* columns scrolled to the right, nowrap only */
	struct rt_regex *search;
};

void rt_docview_done(struct rt_docview *v);
/* Another text, or the same one changed. keep: stay at the line number. */
void rt_docview_set(struct rt_docview *v, const struct rt_doc *doc, bool keep);
void rt_docview_fit(struct rt_docview *v, int w, int h);
/* Draws; the cursor's line gets look (RT_LOOK_PLAIN: no cursor). */
void rt_docview_draw(const struct rt_docview *v, struct rt_canvas c, enum rt_look look);
bool rt_docview_action(struct rt_docview *v, enum rt_action a);
void rt_docview_scroll(struct rt_docview *v, int rows);
void rt_docview_click(struct rt_docview *v, int y); /* cursor to the row at y */
/* Searches for pattern from the cursor's line on; NULL or "" ends it. RT_USAGE: bad pattern;
 * RT_NOT_FOUND: no line matches. */
RT_NODISCARD enum rt_status rt_docview_search(
    struct rt_docview *v, const char *pattern, struct rt_error *err);
/* To the next (1) or previous (-1) line that matches; false when none does. */
bool rt_docview_next(struct rt_docview *v, int step);
/* "28/76": the last row shown, of how many; nothing when all of them are. */
void rt_docview_position(const struct rt_docview *v, struct rt_buf *out);
const struct rt_doc_line *rt_docview_line(const struct rt_docview *v); /* NULL when empty */

#endif
