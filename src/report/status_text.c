/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status_text.c - `status` as tables: conditions, then what listeners count and take.
 */
#include "config.h"

#include "rutter/status_report.h"

#include <stdio.h>

#include "rutter/glyph.h"

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

/* One report being written. */
struct writing {
	struct rt_buf *out;
	const struct rt_text_style *style;
	struct rt_arena a;
	struct rt_table *table;
	bool reports; /* something is reported at all */
};

static void cell(struct writing *w, enum rt_tone tone, const char *text)
{
	rt_table_cell(w->table, tone, text);
}

static void heading(struct writing *w, const char *const *titles, size_t count)
{
	w->table = rt_table_new(count);
	for (size_t i = 0; i < count; i++)
		cell(w, RT_TONE_STRONG, titles[i]);
}

static void finish(struct writing *w)
{
	rt_table_write(w->out, w->table, w->style, false);
	rt_table_free(w->table);
}

/* ---------------------------------------------------------------- conditions */

static const char *state(struct writing *w, const char *status, const char *reason)
{
	if (!status)
		return "-";
	return reason ? rt_arena_printf(&w->a, "%s %s", status, reason) : status;
}

/* What the condition is about, beside its object. */
static const char *place(struct writing *w, const struct rt_condition_row *row)
{
	if (row->listener)
		return rt_arena_printf(&w->a, "listener %s", row->listener);
	if (!row->parent)
		return "";
	const char *text = rt_ref_text(&w->a, *row->parent);
	if (row->parent_section)
		text = rt_arena_printf(&w->a, "%s %s", text, row->parent_section);
	if (row->parent_port != RT_INT_UNSET)
		text = rt_arena_printf(&w->a, "%s :%lld", text, (long long)row->parent_port);
	return text;
}

static enum rt_tone expected_tone(const struct rt_condition_row *row)
{
	if (!row->expected.status)
		return RT_TONE_DIM;
	bool bad = rt_condition_is_bad(row->type, row->expected.status);
	return bad ? RT_TONE_ERROR : RT_TONE_OK;
}

static void condition(struct writing *w, const struct rt_condition_row *row, bool first)
{
	const struct rt_condition *c = row->reported;
	enum rt_verdict v = row->verdict;

	cell(w, RT_TONE_PLAIN, first ? rt_obj_text(&w->a, row->obj) : "");
	cell(w, RT_TONE_PLAIN, place(w, row));
	cell(w, RT_TONE_PLAIN, row->type);
	cell(w, expected_tone(row),
	    state(w, row->expected.status, rt_reason_name(row->expected.reason)));
	if (w->reports) {
		cell(w, RT_TONE_PLAIN, c ? state(w, c->status, c->reason) : "-");
		cell(w, looks[v].tone,
		    rt_arena_printf(&w->a, "%s %s", rt_glyph_str(looks[v].glyph, w->style->ascii),
			rt_verdict_name(v) ? rt_verdict_name(v) : "open"));
	}
	bool tell =
	    row->expected.message &&
	    (v == RT_VERDICT_DIFFER || rt_condition_is_bad(row->type, row->expected.status));
	cell(w, RT_TONE_DIM, tell ? row->expected.message : "");
}

static void conditions(struct writing *w, const struct rt_status_report *r)
{
	static const char *const both[] = {
	    "OBJECT", "AT", "CONDITION", "EXPECTED", "REPORTED", "VERDICT", "WHY"};
	static const char *const alone[] = {"OBJECT", "AT", "CONDITION", "EXPECTED", "WHY"};
	const struct rt_obj *last = NULL;

	if (w->reports)
		heading(w, both, RT_ARRAY_LEN(both));
	else
		heading(w, alone, RT_ARRAY_LEN(alone));
	for (size_t i = 0; i < r->conditions.len; i++) {
		condition(w, &r->conditions.v[i], r->conditions.v[i].obj != last);
		last = r->conditions.v[i].obj;
	}
	finish(w);
}

/* ---------------------------------------------------------------- listeners */

static const char *number(struct writing *w, int64_t n)
{
	return n == RT_INT_UNSET ? "?" : rt_arena_printf(&w->a, "%lld", (long long)n);
}

static const char *kinds(struct writing *w, unsigned bits)
{
	const char *text = "";

	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if (bits & RT_ROUTE_BIT(k))
			text = rt_arena_printf(&w->a, "%s%s%s", text, *text ? "," : "",
			    rt_kind_info((enum rt_kind)k)->kind);
	return *text ? text : "none";
}

static void listener(struct writing *w, const struct rt_listener_row *row)
{
	const struct rt_listener_fact *l = row->listener;
	int64_t have = l->status ? l->status->attached_routes : RT_INT_UNSET;
	bool differs = have != RT_INT_UNSET && row->attached_expected != RT_INT_UNSET &&
		       have != row->attached_expected;

	cell(w, RT_TONE_PLAIN, rt_obj_text(&w->a, l->owner));
	cell(w, RT_TONE_PLAIN, l->spec->name ? l->spec->name : "");
	cell(w, RT_TONE_PLAIN, number(w, row->attached_expected));
	if (w->reports)
		cell(w, differs ? RT_TONE_ERROR : RT_TONE_PLAIN,
		    have == RT_INT_UNSET ? "-" : number(w, have));
	cell(w, RT_TONE_PLAIN, row->kinds_expected ? kinds(w, l->supported_kinds) : "?");
}

static void listeners(struct writing *w, const struct rt_status_report *r)
{
	static const char *const both[] = {"LISTENER OF", "NAME", "ROUTES", "REPORTED", "KINDS"};
	static const char *const alone[] = {"LISTENER OF", "NAME", "ROUTES", "KINDS"};

	if (!r->listeners.len)
		return;
	rt_buf_putc(w->out, '\n');
	if (w->reports)
		heading(w, both, RT_ARRAY_LEN(both));
	else
		heading(w, alone, RT_ARRAY_LEN(alone));
	for (size_t i = 0; i < r->listeners.len; i++)
		listener(w, &r->listeners.v[i]);
	finish(w);
}

/* ---------------------------------------------------------------- the report */

static bool any_reported(const struct rt_status_report *r)
{
	for (size_t i = 0; i < r->conditions.len; i++)
		if (r->conditions.v[i].reported)
			return true;
	return false;
}

static void summary(struct writing *w, const struct rt_status_report *r)
{
	size_t count[RT_VERDICT_COUNT] = {0};
	const char *sep = "";

	for (size_t i = 0; i < r->conditions.len; i++)
		count[r->conditions.v[i].verdict]++;
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
	struct writing w = {.out = out, .style = style, .reports = any_reported(r)};

	if (!r->conditions.len) {
		rt_buf_puts(out, "No object with conditions to show.\n");
		return;
	}
	conditions(&w, r);
	listeners(&w, r);
	if (w.reports)
		summary(&w, r);
	rt_arena_done(&w.a);
}
