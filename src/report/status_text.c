/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status_text.c - `status` for people: an object, its parents or listeners, and for each of them
 * what is expected beside what is reported, narrow enough for a terminal of 80 columns.
 */
#include "config.h"

#include "rutter/status_report.h"

#include <stdio.h>

#include "rutter/glyph.h"
#include "rutter/str.h"
#include "rutter/utf8.h"

/* How each verdict looks; the word stands beside the glyph. */
static const struct {
	enum rt_glyph glyph;
	enum rt_tone tone;
} looks[] = {
    [RT_VERDICT_NONE] = {RT_GLYPH_DOT, RT_TONE_DIM},
    [RT_VERDICT_AGREE] = {RT_GLYPH_OK, RT_TONE_OK},
    [RT_VERDICT_DIFFER] = {RT_GLYPH_ERROR, RT_TONE_ERROR},
    [RT_VERDICT_MISSING] = {RT_GLYPH_WARNING, RT_TONE_WARNING},
    [RT_VERDICT_UNEXPECTED] = {RT_GLYPH_WARNING, RT_TONE_WARNING},
    [RT_VERDICT_STALE] = {RT_GLYPH_STALE, RT_TONE_WARNING},
    [RT_VERDICT_UNKNOWN] = {RT_GLYPH_UNKNOWN, RT_TONE_UNKNOWN},
};
_Static_assert(RT_ARRAY_LEN(looks) == RT_VERDICT_COUNT, "every verdict has a look");

enum column { CONDITION, EXPECTED, REPORTED, VERDICT, COLUMNS };
enum { INDENT = 4, GAP = 2, VERDICT_WIDTH = 12, NARROWEST = 12 };

/* One report being written. */
struct writing {
	struct rt_buf *out;
	const struct rt_text_style *style;
	const struct rt_status_report *r;
	struct rt_arena a;
	size_t width[COLUMNS];
	bool reports;    /* something is reported at all */
	size_t listener; /* the next of r->listeners */
};

/* ---------------------------------------------------------------- cells */

static const char *state(struct writing *w, const char *status, const char *reason)
{
	if (!status)
		return "-";
	return reason ? rt_arena_printf(&w->a, "%s %s", status, reason) : status;
}

static const char *expected(struct writing *w, const struct rt_condition_row *row)
{
	return state(w, row->expected.status, rt_reason_name(row->expected.reason));
}

/* What agrees to the letter need not be read twice. */
static const char *reported(struct writing *w, const struct rt_condition_row *row)
{
	const struct rt_condition *c = row->reported;

	if (!c)
		return "-";
	const char *text = state(w, c->status, c->reason);
	return rt_streq(text, expected(w, row)) ? "same" : text;
}

static const char *verdict(struct writing *w, const struct rt_condition_row *row)
{
	const char *name = rt_verdict_name(row->verdict);

	return rt_arena_printf(&w->a, "%s %s",
	    rt_glyph_str(looks[row->verdict].glyph, w->style->ascii), name ? name : "open");
}

static void widen(struct writing *w, enum column c, const char *text)
{
	size_t width = rt_str_width(text);

	if (width > w->width[c])
		w->width[c] = width;
}

/* On a terminal long names of conditions give way first, then the wider of the two states. */
static void squeeze(struct writing *w)
{
	size_t *c = &w->width[CONDITION], *e = &w->width[EXPECTED], *r = &w->width[REPORTED];

	while (w->style->terminal &&
	       INDENT + *c + GAP + *e + GAP + *r + GAP + VERDICT_WIDTH > w->style->width) {
		size_t *widest = *c > NARROWEST ? c : *e > *r ? e : r;
		if (*widest <= NARROWEST)
			return;
		--*widest;
	}
}

static void columns_fit(struct writing *w)
{
	widen(w, CONDITION, "CONDITION");
	widen(w, EXPECTED, "EXPECTED");
	widen(w, REPORTED, "REPORTED");
	for (size_t i = 0; i < w->r->conditions.len; i++) {
		const struct rt_condition_row *row = &w->r->conditions.v[i];
		widen(w, CONDITION, row->type);
		widen(w, EXPECTED, expected(w, row));
		widen(w, REPORTED, reported(w, row));
	}
	if (w->reports)
		squeeze(w);
}

static void cell(struct writing *w, enum column c, enum rt_tone tone, const char *text, bool last)
{
	rt_tone_begin(w->out, w->style, tone);
	size_t used = rt_clean_cut(
	    w->out, text, w->width[c] ? w->width[c] : rt_str_width(text), w->style->ascii);
	if (tone != RT_TONE_PLAIN)
		rt_tone_end(w->out, w->style);
	if (last)
		rt_buf_putc(w->out, '\n');
	else
		rt_buf_pad(w->out, ' ', w->width[c] - used + GAP);
}

static void titles(struct writing *w)
{
	rt_buf_pad(w->out, ' ', INDENT);
	cell(w, CONDITION, RT_TONE_STRONG, "CONDITION", false);
	cell(w, EXPECTED, RT_TONE_STRONG, "EXPECTED", !w->reports);
	if (!w->reports)
		return;
	cell(w, REPORTED, RT_TONE_STRONG, "REPORTED", false);
	cell(w, VERDICT, RT_TONE_STRONG, "VERDICT", true);
}

/* ---------------------------------------------------------------- headings */

static const char *number(struct writing *w, int64_t n)
{
	return n == RT_INT_UNSET ? "?" : rt_arena_printf(&w->a, "%lld", (long long)n);
}

/* "2 routes", and beside it what is reported, where that is another number. */
static const char *counted(struct writing *w, int64_t expect, int64_t have, const char *what)
{
	const char *text =
	    rt_arena_printf(&w->a, "%s %s%s", number(w, expect), what, expect == 1 ? "" : "s");

	if (have == RT_INT_UNSET || have == expect)
		return text;
	return rt_arena_printf(&w->a, "%s (%s reported)", text, number(w, have));
}

static const char *kinds(struct writing *w, unsigned bits)
{
	const char *text = "";

	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if (bits & RT_ROUTE_BIT(k))
			text = rt_arena_printf(&w->a, "%s%s%s", text, *text ? ", " : "",
			    rt_kind_info((enum rt_kind)k)->kind);
	return *text ? text : "no kind";
}

/* Rows of listeners come in the order of their conditions; those without conditions are passed, and
 * conditions of a listener that is gone have no row. */
static const struct rt_listener_row *listener_row(
    struct writing *w, const struct rt_condition_row *row)
{
	for (size_t i = w->listener; i < w->r->listeners.len; i++) {
		const struct rt_listener_row *l = &w->r->listeners.v[i];
		const char *name = l->listener->spec->name ? l->listener->spec->name : "";
		if (l->listener->owner != row->obj || !rt_streq(name, row->listener))
			continue;
		w->listener = i;
		return l;
	}
	return NULL;
}

static void listener_heading(struct writing *w, const struct rt_condition_row *row)
{
	const struct rt_listener_row *l = listener_row(w, row);

	rt_buf_puts(w->out, "  listener ");
	rt_tone_text(w->out, w->style, RT_TONE_PLAIN, row->listener);
	if (l && l->kinds_expected) {
		const struct rt_listener_status *st = l->listener->status;
		int64_t have = st ? st->attached_routes : RT_INT_UNSET;
		rt_tone_text(w->out, w->style, RT_TONE_DIM,
		    rt_arena_printf(&w->a, ": %s; takes %s",
			counted(w, l->attached_expected, have, "route"),
			kinds(w, l->listener->supported_kinds)));
	}
	rt_buf_putc(w->out, '\n');
}

static void parent_heading(struct writing *w, const struct rt_condition_row *row)
{
	const char *text = rt_arena_printf(&w->a, "  at %s", rt_ref_text(&w->a, *row->parent));

	if (row->parent_section)
		text = rt_arena_printf(&w->a, "%s, section %s", text, row->parent_section);
	if (row->parent_port != RT_INT_UNSET)
		text = rt_arena_printf(&w->a, "%s, port %lld", text, (long long)row->parent_port);
	rt_tone_text(w->out, w->style, RT_TONE_PLAIN, text);
	rt_buf_putc(w->out, '\n');
}

static void object_heading(struct writing *w, const struct rt_condition_row *row, bool first)
{
	if (!first)
		rt_buf_putc(w->out, '\n');
	rt_tone_text(w->out, w->style, RT_TONE_STRONG, rt_obj_text(&w->a, row->obj));
	for (size_t i = 0; row->obj->kind == RT_KIND_GATEWAY && i < w->r->gateways.len; i++) {
		const struct rt_gateway_row *g = &w->r->gateways.v[i];
		int64_t have = g->gateway->gateway->attached_listener_sets;
		if (&g->gateway->gateway->obj == row->obj && (g->sets_expected > 0 || have > 0))
			rt_tone_text(w->out, w->style, RT_TONE_DIM,
			    rt_arena_printf(
				&w->a, ": %s", counted(w, g->sets_expected, have, "ListenerSet")));
	}
	rt_buf_putc(w->out, '\n');
}

/* ---------------------------------------------------------------- conditions */

static enum rt_tone expected_tone(const struct rt_condition_row *row)
{
	if (!row->expected.status)
		return RT_TONE_DIM;
	bool bad = rt_condition_is_bad(row->type, row->expected.status);
	return bad ? RT_TONE_ERROR : RT_TONE_OK;
}

static void remark(struct writing *w, const char *text)
{
	unsigned indent = (unsigned)(INDENT + w->width[CONDITION] + GAP);

	rt_buf_pad(w->out, ' ', indent);
	rt_tone_begin(w->out, w->style, RT_TONE_DIM);
	rt_text_wrap(w->out, w->style, indent, text);
	rt_tone_end(w->out, w->style);
	rt_buf_putc(w->out, '\n');
}

static bool same_subject(const struct rt_condition_row *a, const struct rt_condition_row *b)
{
	return a && a->obj == b->obj && a->parent == b->parent &&
	       rt_streq(a->parent_section, b->parent_section) && a->parent_port == b->parent_port &&
	       rt_streq(a->listener, b->listener);
}

/* Why what is wrong is expected, or why nothing is. */
static const char *why(const struct rt_condition_row *row)
{
	const struct rt_expected *e = &row->expected;

	return e->status && !rt_condition_is_bad(row->type, e->status) ? NULL : e->message;
}

/* What the controller says of that which contradicts, or who speaks in its place; that once. */
static const char *says(struct writing *w, const struct rt_condition_row *row, bool first)
{
	const struct rt_condition *c = row->reported;

	if (row->verdict == RT_VERDICT_MISSING && row->foreign && first)
		return rt_arena_printf(&w->a, "%s reports, whose class it is not", row->foreign);

	if (!c || !c->message || !c->message[0] ||
	    (row->verdict != RT_VERDICT_DIFFER && row->verdict != RT_VERDICT_UNEXPECTED))
		return NULL;
	return rt_arena_printf(
	    &w->a, "%s says: %s", row->controller ? row->controller : "The status", c->message);
}

static void condition(
    struct writing *w, const struct rt_condition_row *row, const struct rt_condition_row *before)
{
	bool known = before && rt_streq(why(before), why(row)); /* the row above has said it */

	rt_buf_pad(w->out, ' ', INDENT);
	cell(w, CONDITION, RT_TONE_PLAIN, row->type, false);
	cell(w, EXPECTED, expected_tone(row), expected(w, row), !w->reports);
	if (w->reports) {
		const char *text = reported(w, row);
		bool dim = rt_streq(text, "same") || rt_streq(text, "-");
		cell(w, REPORTED, dim ? RT_TONE_DIM : RT_TONE_PLAIN, text, false);
		cell(w, VERDICT, looks[row->verdict].tone, verdict(w, row), true);
	}
	const char *said = says(w, row, !before);
	if (why(row) && !known)
		remark(w, why(row));
	if (said)
		remark(w, said);
}

static void conditions(struct writing *w)
{
	const struct rt_condition_row *before = NULL;

	titles(w);
	for (size_t i = 0; i < w->r->conditions.len; i++) {
		const struct rt_condition_row *row = &w->r->conditions.v[i];
		bool same = same_subject(before, row);
		if (!before || before->obj != row->obj)
			object_heading(w, row, !before);
		if (!same && row->listener)
			listener_heading(w, row);
		else if (!same && row->parent)
			parent_heading(w, row);
		condition(w, row, same ? before : NULL);
		before = row;
	}
}

/* ---------------------------------------------------------------- the report */

static bool any_reported(const struct rt_status_report *r)
{
	for (size_t i = 0; i < r->conditions.len; i++)
		if (r->conditions.v[i].reported)
			return true;
	return false;
}

static void summary(struct writing *w)
{
	size_t count[RT_VERDICT_COUNT] = {0};
	const char *sep = "";

	for (size_t i = 0; i < w->r->conditions.len; i++)
		count[w->r->conditions.v[i].verdict]++;
	rt_buf_putc(w->out, '\n');
	for (int v = RT_VERDICT_AGREE; v < RT_VERDICT_COUNT; v++) {
		if (!count[v])
			continue;
		char text[64];
		snprintf(
		    text, sizeof(text), "%zu %s", count[v], rt_verdict_name((enum rt_verdict)v));
		rt_buf_puts(w->out, sep);
		rt_tone_text(w->out, w->style, looks[v].tone, text);
		sep = ", ";
	}
	rt_buf_putc(w->out, '\n');
}

void rt_status_report_text(
    struct rt_buf *out, const struct rt_status_report *r, const struct rt_text_style *style)
{
	struct writing w = {.out = out, .style = style, .r = r, .reports = any_reported(r)};

	if (!r->conditions.len) {
		rt_buf_puts(out, "No object with conditions to show.\n");
		return;
	}
	columns_fit(&w);
	conditions(&w);
	if (w.reports)
		summary(&w);
	rt_arena_done(&w.a);
}
