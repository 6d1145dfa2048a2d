/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.c - rows of expected and reported conditions, and the verdict on each.
 */
#include "config.h"

#include "rutter/status.h"

#include <string.h>

#include "expect.h"

static const char *const verdict_names[] = {
#define X(id, text) [RT_VERDICT_##id] = text,
    RT_VERDICTS(X)
#undef X
};

const char *rt_verdict_name(enum rt_verdict v)
{
	return verdict_names[v];
}

/* "Fall Back": Accepted keeps the generation of the last good spec on purpose (§4.4). */
static bool falls_back(const struct rt_obj *obj, rt_conditions all)
{
	const struct rt_condition *p = rt_condition_find(all, RT_COND_PARTIALLY_INVALID);

	return p && rt_streq(p->status, "True") && p->observed_generation >= obj->generation &&
	       p->message && strncmp(p->message, "Fall Back", 9) == 0;
}

/* Is the condition older than the object's spec (gateway-api §7.4)? all: the conditions beside it.
 */
static bool is_stale(const struct rt_obj *obj, const struct rt_condition *c, rt_conditions all)
{
	if (obj->generation <= 0 || c->observed_generation >= obj->generation)
		return false;
	return !(rt_streq(c->type, RT_COND_ACCEPTED) && falls_back(obj, all));
}

static bool reason_fits(const struct rt_expected *e, const char *reported)
{
	enum rt_reason r;

	if (e->reason == RT_REASON_NONE || e->also == RT_ANY_REASON)
		return true;
	if (!rt_reason_parse(reported, &r))
		return false;
	return r == e->reason || (e->also >> r & 1);
}

/* What the CRD writes where no controller has: nobody reports it (§7.3). */
static bool is_default(const struct rt_condition *c)
{
	return rt_streq(c->status, "Unknown") && rt_streq(c->reason, "Pending");
}

/* The order is that of the command-line contract. */
static enum rt_verdict judge(const struct rt_condition_row *row, const struct rt_verdict_in *in)
{
	if (in->is == RT_UNKNOWN && !in->open)
		return RT_VERDICT_UNKNOWN;
	if (row->stale)
		return RT_VERDICT_STALE;
	if (!row->expected.status)
		return row->reported && in->unwanted && !is_default(row->reported)
			   ? RT_VERDICT_UNEXPECTED
			   : RT_VERDICT_NONE;
	if (!row->reported)
		return RT_VERDICT_MISSING;
	if (!rt_streq(row->reported->status, row->expected.status) ||
	    !reason_fits(&row->expected, row->reported->reason))
		return RT_VERDICT_DIFFER;
	return RT_VERDICT_AGREE;
}

void rt_expect_subject(struct rt_expecting *e, const struct rt_obj *obj, rt_conditions reported)
{
	e->obj = obj;
	e->reported = reported;
	e->parent = NULL;
	e->parent_section = e->listener = e->controller = e->foreign = NULL;
	e->parent_port = RT_INT_UNSET;
	e->first = e->out->conditions.len;
	e->unwanted = false;
}

struct rt_ref rt_entry_ref(const struct rt_parent_ref *entry, const char *ns)
{
	return (struct rt_ref){
	    .group = entry->group ? entry->group : RT_GROUP_GATEWAY,
	    .kind = entry->kind ? entry->kind : "Gateway",
	    .ns = entry->ns && entry->ns[0] ? entry->ns : ns,
	    .name = entry->name ? entry->name : "",
	};
}

void rt_expect_entry(
    struct rt_expecting *e, const struct rt_parent_ref *entry, const char *controller)
{
	struct rt_ref *ref = rt_arena_new(e->a, struct rt_ref);

	*ref = rt_entry_ref(entry, e->obj->ns);
	e->parent = ref;
	e->parent_section = entry->section_name;
	e->parent_port = entry->port;
	e->controller = controller;
}

void rt_expect(struct rt_expecting *e, const char *type, struct rt_verdict_in in)
{
	bool says = !in.open && !in.unwanted && in.is != RT_UNKNOWN;
	struct rt_condition_row row = {
	    .obj = e->obj,
	    .parent = e->parent,
	    .parent_section = e->parent_section,
	    .parent_port = e->parent_port,
	    .listener = e->listener,
	    .type = type,
	    .reported = rt_condition_find(e->reported, type),
	    .controller = e->controller,
	    .foreign = e->foreign,
	};

	e->unwanted = e->unwanted || in.unwanted;
	row.expected.message = in.open ? in.open_why : in.message;
	if (says)
		row.expected = (struct rt_expected){
		    .status = in.is == RT_YES ? "True" : "False",
		    .reason = in.reason,
		    .also = in.also,
		    .message = in.message,
		};
	if (row.reported)
		row.stale = is_stale(e->obj, row.reported, e->reported);
	row.verdict = judge(&row, &in);
	rt_vec_push(&e->out->conditions, e->a, row);
}

void rt_expect_rest(struct rt_expecting *e)
{
	for (size_t i = 0; i < e->reported.len; i++) {
		const char *type = e->reported.v[i].type;
		bool shown = !type;
		for (size_t k = e->first; k < e->out->conditions.len && !shown; k++)
			shown = rt_streq(e->out->conditions.v[k].type, type);
		if (!shown)
			rt_expect(e, type,
			    (struct rt_verdict_in){
				.is = RT_YES, .open = true, .unwanted = e->unwanted});
	}
}
