/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_text.c - a trace as a ladder: a mark, the hop, what was compared with what; under a failing
 * hop its finding and mend; the outcome above it all.
 */
#include "config.h"

#include "rutter/trace_report.h"

#include <string.h>

#include "rutter/findings.h"

enum { HOP_COLUMNS = 10, INDENT = 4 + HOP_COLUMNS };

enum rt_glyph rt_trace_step_glyph(const struct rt_trace_step *s)
{
	if (s->hop == RT_HOP_NEAR_MISS || s->hop == RT_HOP_NOTE)
		return s->hop == RT_HOP_NOTE ? RT_GLYPH_UNKNOWN : RT_GLYPH_DOT;
	return s->ok == RT_YES ? RT_GLYPH_OK : s->ok == RT_NO ? RT_GLYPH_ERROR : RT_GLYPH_UNKNOWN;
}

enum rt_tone rt_trace_step_tone(const struct rt_trace_step *s)
{
	if (s->hop == RT_HOP_NEAR_MISS)
		return RT_TONE_DIM;
	return s->ok == RT_YES ? RT_TONE_OK : s->ok == RT_NO ? RT_TONE_ERROR : RT_TONE_UNKNOWN;
}

static void put_mend(
    struct rt_buf *out, const struct rt_trace_step *s, const struct rt_text_style *style)
{
	if (!s->finding && !s->mend)
		return;
	RT_AUTO_BUF struct rt_buf line = {0};
	const struct rt_finding_info *info = s->finding ? rt_finding_by_code(s->finding) : NULL;
	rt_buf_printf(&line, "%s%s%s%s%s", s->finding ? s->finding : "", info ? " " : "",
	    info ? info->name : "", s->finding && s->mend ? ": " : "", s->mend ? s->mend : "");
	rt_buf_pad(out, ' ', INDENT);
	rt_buf_printf(out, "%s ", rt_glyph_str(RT_GLYPH_ARROW, style->ascii));
	rt_text_wrap(out, style, INDENT + 2, rt_buf_str(&line));
	rt_buf_putc(out, '\n');
}

static void put_step(
    struct rt_buf *out, const struct rt_trace_step *s, const struct rt_text_style *style)
{
	enum rt_tone tone = rt_trace_step_tone(s);
	const char *hop = rt_hop_name(s->hop);
	rt_buf_puts(out, "  ");
	rt_tone_begin(out, style, tone);
	rt_buf_puts(out, rt_glyph_str(rt_trace_step_glyph(s), style->ascii));
	rt_tone_end(out, style);
	rt_buf_putc(out, ' ');
	rt_tone_text(out, style, RT_TONE_DIM, hop);
	rt_buf_pad(out, ' ', HOP_COLUMNS - strlen(hop));
	if (s->hop == RT_HOP_NEAR_MISS)
		rt_tone_begin(out, style, RT_TONE_DIM);
	rt_text_wrap(out, style, INDENT, s->text);
	if (s->hop == RT_HOP_NEAR_MISS)
		rt_tone_end(out, style);
	rt_buf_putc(out, '\n');
	put_mend(out, s, style);
}

static void put_backends(struct rt_buf *out, const struct rt_trace_result *r)
{
	const char *sep = " to ";
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_trace_backend *b = &r->backends.v[i];
		if (b->share <= 0)
			continue;
		rt_buf_printf(out, "%s%s %s%s%s", sep, b->ref.kind ? b->ref.kind : "backend",
		    b->ref.ns ? b->ref.ns : "", b->ref.ns ? "/" : "",
		    b->ref.name ? b->ref.name : "?");
		if (b->port != RT_INT_UNSET)
			rt_buf_printf(out, ":%lld", (long long)b->port);
		if (b->share < 1)
			rt_buf_printf(out, " %.4g %%", b->share * 100);
		if (b->status)
			rt_buf_printf(out, " (answers %d)", b->status);
		else if (b->redirect)
			rt_buf_printf(out, " (redirected %d)", b->redirect->status);
		else if (b->why)
			rt_buf_puts(out, " (fails)");
		sep = ", ";
	}
}

void rt_trace_outcome_text(struct rt_buf *out, const struct rt_trace_result *r)
{
	rt_buf_puts(out, rt_outcome_name(r->outcome));
	switch (r->outcome) {
	case RT_OUTCOME_FORWARD:
		put_backends(out, r);
		break;
	case RT_OUTCOME_REDIRECT:
		rt_buf_printf(out, " %d to %s", r->redirect->status, r->redirect->location);
		break;
	case RT_OUTCOME_RESPOND:
		rt_buf_printf(out, " %d", r->status);
		break;
	case RT_OUTCOME_REFUSE:
		rt_buf_puts(out, ": the connection is refused or dropped");
		break;
	case RT_OUTCOME_TLS_ERROR:
		rt_buf_puts(out, ": the TLS handshake fails");
		break;
	}
	if (r->by_controller)
		rt_buf_puts(out, " (depends on the controller)");
}

static enum rt_tone outcome_tone(const struct rt_trace_result *r)
{
	bool fine = r->outcome == RT_OUTCOME_FORWARD || r->outcome == RT_OUTCOME_REDIRECT ||
		    (r->outcome == RT_OUTCOME_RESPOND && r->status < 400);
	return fine ? RT_TONE_STRONG : RT_TONE_ERROR;
}

/* "Gateway infra/public: respond 503", the rungs below it. */
static void put_result(
    struct rt_buf *out, const struct rt_trace_result *r, const struct rt_text_style *style)
{
	RT_AUTO_BUF struct rt_buf head = {0};
	if (r->entry.name)
		rt_buf_printf(&head, "%s %s/%s: ", r->entry.kind, r->entry.ns ? r->entry.ns : "",
		    r->entry.name);
	rt_trace_outcome_text(&head, r);
	rt_buf_putc(out, '\n');
	rt_tone_begin(out, style, outcome_tone(r));
	rt_text_wrap(out, style, 2, rt_buf_str(&head));
	rt_tone_end(out, style);
	rt_buf_putc(out, '\n');
	for (size_t i = 0; i < r->steps.len; i++)
		put_step(out, &r->steps.v[i], style);
}

void rt_trace_text(struct rt_buf *out, const struct rt_trace *t, const struct rt_text_style *style)
{
	struct rt_arena a = {0};
	rt_tone_text(out, style, RT_TONE_STRONG, rt_request_text(&a, &t->request));
	rt_buf_putc(out, '\n');
	for (size_t i = 0; i < t->results.len; i++)
		put_result(out, &t->results.v[i], style);
	if (t->results.len == 0)
		rt_buf_puts(out, "Nothing to show.\n");
	rt_arena_done(&a);
}
