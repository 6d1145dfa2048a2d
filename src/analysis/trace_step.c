/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_step.c - writing the ladder: steps, outcomes, and their names.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/findings.h"
#include "rutter/vec.h"
#include "trace_int.h"

const char *rt_hop_name(enum rt_hop h)
{
	static const char *const names[] = {
	    [RT_HOP_ENTRY] = "entry",
	    [RT_HOP_LISTENER] = "listener",
	    [RT_HOP_TLS] = "tls",
	    [RT_HOP_ROUTE] = "route",
	    [RT_HOP_NEAR_MISS] = "near-miss",
	    [RT_HOP_FILTER] = "filter",
	    [RT_HOP_BACKEND] = "backend",
	    [RT_HOP_ENDPOINT] = "endpoint",
	    [RT_HOP_NOTE] = "note",
	};
	_Static_assert(RT_ARRAY_LEN(names) == RT_HOP_COUNT, "one name a hop");
	return names[h];
}

const char *rt_outcome_name(enum rt_outcome o)
{
	static const char *const names[] = {
	    [RT_OUTCOME_FORWARD] = "forward",
	    [RT_OUTCOME_REDIRECT] = "redirect",
	    [RT_OUTCOME_RESPOND] = "respond",
	    [RT_OUTCOME_REFUSE] = "refuse",
	    [RT_OUTCOME_TLS_ERROR] = "tls-error",
	};
	return names[o];
}

struct rt_trace_step *rt_step(struct rt_tracer *t, struct rt_trace_result *r, enum rt_hop hop,
    enum rt_tri ok, const char *fmt, ...)
{
	struct rt_trace_step s = {.hop = hop, .ok = ok};
	va_list ap;
	va_start(ap, fmt);
	s.text = rt_arena_vprintf(t->a, fmt, ap);
	va_end(ap);
	rt_vec_push(&r->steps, t->a, s);
	return &r->steps.v[r->steps.len - 1];
}

void rt_step_object(struct rt_trace_step *s, const struct rt_obj *o)
{
	if (o)
		s->object = rt_obj_ref(o);
}

void rt_step_mend(struct rt_trace_step *s, const char *finding, const char *mend)
{
	const struct rt_finding_info *info = finding ? rt_finding_by_code(finding) : NULL;
	s->finding = finding;
	s->mend = mend || !info ? mend : info->fix;
}

bool rt_respond(struct rt_trace_result *r, int status)
{
	r->outcome = RT_OUTCOME_RESPOND;
	r->status = status;
	return false;
}

bool rt_refuse(struct rt_trace_result *r)
{
	r->outcome = RT_OUTCOME_REFUSE;
	return false;
}

bool rt_tls_error(struct rt_trace_result *r)
{
	r->outcome = RT_OUTCOME_TLS_ERROR;
	return false;
}

void rt_depends(struct rt_tracer *t, struct rt_trace_result *r, const char *fmt, ...)
{
	struct rt_trace_step s = {.hop = RT_HOP_NOTE, .ok = RT_UNKNOWN};
	va_list ap;
	va_start(ap, fmt);
	s.text = rt_arena_vprintf(t->a, fmt, ap);
	va_end(ap);
	r->by_controller = true;
	for (size_t i = 0; i < r->steps.len; i++)
		if (r->steps.v[i].hop == RT_HOP_NOTE && strcmp(r->steps.v[i].text, s.text) == 0)
			return;
	rt_vec_push(&r->steps, t->a, s);
}

int rt_broken_status(const struct rt_tracer *t)
{
	return rt_view_is_grpc(&t->view) ? 503 : 500;
}

void rt_step_reported(struct rt_tracer *t, struct rt_trace_result *r, const struct rt_obj *o,
    rt_conditions conditions, const char *type)
{
	const struct rt_condition *c = rt_condition_find(conditions, type);
	if (!c || !rt_condition_is_bad(type, c->status))
		return;
	bool stale = c->observed_generation != 0 && c->observed_generation != o->generation;
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_NOTE, RT_UNKNOWN,
	    "%s reports %s=%s/%s%s%s%s", rt_obj_text(t->a, o), type, c->status ? c->status : "?",
	    c->reason ? c->reason : "?", c->message && c->message[0] ? ": " : "",
	    c->message ? c->message : "", stale ? " (for an older generation)" : "");
	rt_step_object(s, o);
}

void rt_trace_absent(struct rt_tracer *t, struct rt_ref ref, struct rt_trace *ret)
{
	struct rt_trace_result r = {.entry = ref};
	struct rt_trace_step *s =
	    rt_step(t, &r, RT_HOP_ENTRY, RT_NO, "%s does not exist", rt_ref_text(t->a, ref));
	rt_step_mend(s, NULL, "Name one that exists");
	rt_refuse(&r);
	rt_vec_push(&ret->results, t->a, r);
}
