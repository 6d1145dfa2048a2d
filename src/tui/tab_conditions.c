/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tab_conditions.c - what a conformant controller should report, beside what is reported; what is
 * stale or contradicts the specification is marked. Kinds that the specification says nothing
 * about show what they report.
 */
#include "config.h"

#include <string.h>

#include "app.h"
#include "rutter/status.h"

#define EXPECTED_COLUMN 25
#define REPORTED_COLUMN 35
#define VERDICT_COLUMN 45

struct verdict_look {
	enum rt_role role;
	enum rt_glyph glyph;
};

static const struct verdict_look verdicts[RT_VERDICT_COUNT] = {
    [RT_VERDICT_NONE] = {RT_ROLE_DIM, RT_GLYPH_DOT},
    [RT_VERDICT_AGREE] = {RT_ROLE_OK, RT_GLYPH_OK},
    [RT_VERDICT_DIFFER] = {RT_ROLE_ERROR, RT_GLYPH_ERROR},
    [RT_VERDICT_MISSING] = {RT_ROLE_WARNING, RT_GLYPH_WARNING},
    [RT_VERDICT_UNEXPECTED] = {RT_ROLE_WARNING, RT_GLYPH_WARNING},
    [RT_VERDICT_STALE] = {RT_ROLE_WARNING, RT_GLYPH_STALE},
    [RT_VERDICT_UNKNOWN] = {RT_ROLE_UNKNOWN, RT_GLYPH_UNKNOWN},
};

/* Condition types of which True is the bad answer (gateway-api §11, polarity). */
static bool true_is_bad(const char *type)
{
	static const char *const types[] = {"Conflicted", "PartiallyInvalid",
	    "OverlappingTLSConfig", "InsecureFrontendValidationMode"};

	for (size_t i = 0; i < RT_ARRAY_LEN(types); i++)
		if (!strcmp(types[i], type))
			return true;
	return false;
}

static uint16_t status_role(const char *type, const char *status)
{
	bool bad = type && true_is_bad(type);

	if (!status || !strcmp(status, "Unknown"))
		return RT_ROLE_UNKNOWN;
	if (!strcmp(status, "True"))
		return bad ? RT_ROLE_WARNING : RT_ROLE_OK;
	return bad ? RT_ROLE_OK : RT_ROLE_ERROR;
}

/* ---------------------------------------------------------------- expected beside reported */

static void put_title(
    const struct rt_tab_in *in, struct rt_doc *d, const struct rt_condition_row *row)
{
	if (d->lines.len)
		rt_doc_line(d, 0);
	rt_doc_line(d, 2);
	if (row->listener) {
		rt_doc_putf(d, RT_ROLE_STRONG, "listener %s", row->listener);
	} else if (row->parent) {
		rt_doc_ref(d, row->parent);
		if (row->parent_section)
			rt_doc_putf(d, RT_ROLE_TEXT, " %s", row->parent_section);
		if (row->parent_port != RT_INT_UNSET)
			rt_doc_putf(d, RT_ROLE_TEXT, " :%lld", (long long)row->parent_port);
	} else {
		rt_doc_put(d, RT_ROLE_STRONG, row->obj->kind_name);
	}
	if (row->controller)
		rt_doc_putf(d, RT_ROLE_DIM, "  by %s", row->controller);
	if (in->narrow)
		return;
	rt_doc_line(d, 0);
	rt_doc_pad(d, EXPECTED_COLUMN);
	rt_doc_put(d, RT_ROLE_COLUMN, "expected");
	rt_doc_pad(d, REPORTED_COLUMN);
	rt_doc_put(d, RT_ROLE_COLUMN, "reported");
}

static bool same_place(const struct rt_condition_row *a, const struct rt_condition_row *b)
{
	if (!a || (a->parent != NULL) != (b->parent != NULL) ||
	    (a->listener != NULL) != (b->listener != NULL))
		return false;
	if (a->listener)
		return !strcmp(a->listener, b->listener);
	if (!a->parent)
		return true;
	return !rt_ref_cmp(a->parent, b->parent) && a->parent_port == b->parent_port &&
	       !strcmp(a->parent_section ? a->parent_section : "",
		   b->parent_section ? b->parent_section : "");
}

static void put_reasons(struct rt_doc *d, const struct rt_condition_row *row)
{
	const char *want = rt_reason_name(row->expected.reason);
	const char *got = row->reported ? row->reported->reason : NULL;

	if (!want && !got)
		return;
	rt_doc_line(d, 6);
	if (want && got && !strcmp(want, got))
		rt_doc_putf(d, RT_ROLE_DIM, "    %s", got);
	else if (want && got)
		rt_doc_putf(d, RT_ROLE_TEXT, "    expected %s, reported %s", want, got);
	else
		rt_doc_putf(
		    d, RT_ROLE_DIM, "    %s %s", want ? "expected" : "reported", want ? want : got);
}

static void put_message(struct rt_doc *d, const char *who, const char *text)
{
	if (!text || !*text)
		return;
	rt_doc_line(d, 6);
	rt_doc_putf(d, RT_ROLE_DIM, "    %s: %s", who, text);
}

static void put_row(
    const struct rt_tab_in *in, struct rt_doc *d, const struct rt_condition_row *row)
{
	const struct verdict_look *look = &verdicts[row->verdict];
	const char *want = row->expected.status;
	const char *got = row->reported ? row->reported->status : NULL;

	rt_doc_line(d, 4);
	rt_doc_glyph(d, (uint16_t)look->role, look->glyph, in->ascii);
	rt_doc_putf(d, RT_ROLE_TEXT, " %s", row->type);
	if (in->narrow) { /* the columns have no room: a line of their own, in words */
		rt_doc_line(d, 6);
		rt_doc_put(d, RT_ROLE_DIM, "    expected ");
	} else {
		rt_doc_pad(d, EXPECTED_COLUMN);
	}
	rt_doc_put(d, want ? status_role(row->type, want) : RT_ROLE_DIM, want ? want : "-");
	if (in->narrow)
		rt_doc_put(d, RT_ROLE_DIM, ", reported ");
	else
		rt_doc_pad(d, REPORTED_COLUMN);
	rt_doc_put(d, got ? status_role(row->type, got) : RT_ROLE_DIM, got ? got : "-");
	if (row->verdict != RT_VERDICT_NONE && row->verdict != RT_VERDICT_AGREE) {
		rt_doc_pad(d, in->narrow ? 0 : VERDICT_COLUMN);
		rt_doc_put(d, (uint16_t)look->role, rt_verdict_name(row->verdict));
	}
	put_reasons(d, row);
	if (row->stale)
		put_message(d, "stale", "reported for an older generation of the spec");
	if (row->verdict != RT_VERDICT_AGREE)
		put_message(d, "expected", row->expected.message);
	if (row->reported)
		put_message(d, "reported", row->reported->message);
}

static const char *kinds_text(struct rt_doc *d, unsigned kinds)
{
	const char *text = "";

	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if (kinds & RT_ROUTE_BIT(k))
			text = rt_arena_printf(&d->arena, "%s%s%s", text, *text ? " " : "",
			    rt_kind_info((enum rt_kind)k)->kind);
	return *text ? text : "none";
}

static void put_count(struct rt_doc *d, const char *name, int64_t want, int64_t got)
{
	bool differ = want != RT_INT_UNSET && got != RT_INT_UNSET && want != got;

	if (want == RT_INT_UNSET && got == RT_INT_UNSET)
		return;
	rt_doc_line(d, 4);
	rt_doc_putf(d, RT_ROLE_TEXT, "  %s", name);
	rt_doc_pad(d, EXPECTED_COLUMN);
	if (want == RT_INT_UNSET)
		rt_doc_put(d, RT_ROLE_DIM, "-");
	else
		rt_doc_putf(d, RT_ROLE_TEXT, "%lld", (long long)want);
	rt_doc_pad(d, REPORTED_COLUMN);
	if (got == RT_INT_UNSET)
		rt_doc_put(d, RT_ROLE_DIM, "-");
	else
		rt_doc_putf(d, differ ? RT_ROLE_ERROR : RT_ROLE_TEXT, "%lld", (long long)got);
	if (differ) {
		rt_doc_pad(d, VERDICT_COLUMN);
		rt_doc_put(d, RT_ROLE_ERROR, "differ");
	}
}

static void put_listener_facts(struct rt_doc *d, const struct rt_status_report *r, const char *name)
{
	for (size_t i = 0; i < r->listeners.len; i++) {
		const struct rt_listener_row *row = &r->listeners.v[i];
		const struct rt_listener_fact *l = row->listener;
		if (strcmp(l->spec->name, name) != 0)
			continue;
		put_count(d, "attachedRoutes", row->attached_expected,
		    l->status ? l->status->attached_routes : RT_INT_UNSET);
		if (row->kinds_expected) {
			rt_doc_line(d, EXPECTED_COLUMN);
			rt_doc_put(d, RT_ROLE_TEXT, "  supportedKinds");
			rt_doc_pad(d, EXPECTED_COLUMN);
			rt_doc_put(d, RT_ROLE_TEXT, kinds_text(d, l->supported_kinds));
		}
	}
}

static void put_report(
    const struct rt_tab_in *in, struct rt_doc *d, const struct rt_status_report *r)
{
	const struct rt_condition_row *before = NULL;

	for (size_t i = 0; i < r->conditions.len; i++) {
		const struct rt_condition_row *row = &r->conditions.v[i];
		bool last = i + 1 == r->conditions.len || !same_place(row, &r->conditions.v[i + 1]);
		if (!same_place(before, row))
			put_title(in, d, row);
		put_row(in, d, row);
		if (row->listener && last)
			put_listener_facts(d, r, row->listener);
		before = row;
	}
}

/* ---------------------------------------------------------------- reported alone */

static void put_reported(struct rt_doc *d, rt_conditions c)
{
	for (size_t i = 0; i < c.len; i++) {
		rt_doc_line(d, 4);
		rt_doc_putf(d, RT_ROLE_TEXT, "  %s", c.v[i].type ? c.v[i].type : "");
		rt_doc_pad(d, EXPECTED_COLUMN + 2);
		rt_doc_put(d, status_role(c.v[i].type, c.v[i].status), c.v[i].status);
		if (c.v[i].reason)
			rt_doc_putf(d, RT_ROLE_TEXT, "  %s", c.v[i].reason);
		put_message(d, "reported", c.v[i].message);
	}
}

void rt_tab_conditions(const struct rt_tab_in *in, struct rt_doc *d)
{
	struct rt_status_report report = {0};

	if (in->obj) {
		rt_status_judge_object(in->tui->world.an, in->obj, &d->arena, &report);
		put_report(in, d, &report);
		if (in->obj->kind == RT_KIND_POD)
			put_reported(d, ((const struct rt_pod *)(const void *)in->obj)->conditions);
	}
	if (!d->lines.len) {
		rt_doc_line(d, 0);
		rt_doc_put(d, RT_ROLE_DIM, "objects of this kind have no conditions here");
	}
}
