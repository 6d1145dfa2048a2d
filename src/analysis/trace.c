/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.c - one request against everything that lets traffic in: every Gateway and every Ingress
 * class that has a listener or rule for the host on that port, or the one that was asked for.
 */
#include "config.h"

#include "rutter/arena.h"
#include "rutter/vec.h"
#include "trace_int.h"

#define NEAR_ENTRIES 3

static void one_gateway(struct rt_tracer *t, const struct rt_trace_opts *opts, struct rt_trace *ret)
{
	const struct rt_gateway_fact *gw =
	    rt_gateway_fact_of(t->an, opts->gateway_ns, opts->gateway);
	if (!gw) {
		struct rt_ref ref = {RT_GROUP_GATEWAY, "Gateway", opts->gateway_ns, opts->gateway};
		rt_trace_absent(t, ref, ret);
		return;
	}
	struct rt_trace_result r = {0};
	rt_trace_gateway(t, gw, &r);
	rt_vec_push(&ret->results, t->a, r);
}

/* Nobody listens: the first reasons found say what came nearest. */
static void nobody(struct rt_tracer *t, const rt_trace_steps *reasons, struct rt_trace *ret)
{
	struct rt_trace_result r = {0};
	struct rt_trace_step *s = rt_step(t, &r, RT_HOP_ENTRY, RT_NO,
	    "no Gateway and no Ingress is for %s on port %d", t->req->host, t->req->connect);
	rt_step_mend(s, NULL, "Check the host and the port, or add a listener or rule for them");
	for (size_t i = 0; i < reasons->len && i < NEAR_ENTRIES; i++)
		rt_vec_push(&r.steps, t->a, reasons->v[i]);
	const struct rt_ingress_fact *ing = rt_trace_off_port(t);
	if (ing) {
		s = rt_step(t, &r, RT_HOP_NEAR_MISS, RT_UNKNOWN,
		    "%s has the host, but " RT_OFF_PORT, rt_obj_text(t->a, &ing->ingress->obj),
		    rt_scheme_name(t->req->scheme), t->req->connect);
		rt_step_object(s, &ing->ingress->obj);
	}
	rt_refuse(&r);
	rt_vec_push(&ret->results, t->a, r);
}

/* The step that ended a Gateway's try, as a near miss of the whole. */
static void keep_reason(struct rt_tracer *t, const struct rt_trace_result *r, rt_trace_steps *ret)
{
	for (size_t i = 0; i < r->steps.len; i++) {
		struct rt_trace_step s = r->steps.v[i];
		if (s.ok != RT_NO)
			continue;
		s.text = rt_arena_printf(t->a, "%s: %s", rt_ref_text(t->a, r->entry), s.text);
		s.hop = RT_HOP_NEAR_MISS;
		s.ok = RT_UNKNOWN;
		if (!s.finding)
			s.mend = NULL; /* what is said of the whole is enough */
		rt_vec_push(ret, t->a, s);
		return;
	}
}

static void all_gateways(struct rt_tracer *t, rt_trace_steps *reasons, struct rt_trace *ret)
{
	for (size_t i = 0; i < t->an->gateways.len; i++) {
		struct rt_trace_result r = {0};
		if (rt_trace_gateway(t, t->an->gateways.v[i], &r))
			rt_vec_push(&ret->results, t->a, r);
		else
			keep_reason(t, &r, reasons);
	}
}

void rt_trace_run(const struct rt_analysis *an, struct rt_arena *a, const struct rt_request *req,
    const struct rt_trace_opts *opts, struct rt_trace *ret)
{
	struct rt_tracer t = {.an = an, .a = a, .req = req};
	rt_trace_steps reasons = {0};
	*ret = (struct rt_trace){.request = *req};
	rt_view_init(&t.view, a, req);
	if (opts->gateway) {
		one_gateway(&t, opts, ret);
	} else if (opts->ingress) {
		rt_trace_ingresses(&t, opts, ret);
	} else {
		all_gateways(&t, &reasons, ret);
		rt_trace_ingresses(&t, opts, ret);
	}
	if (ret->results.len == 0)
		nobody(&t, &reasons, ret);
}

static bool served(const struct rt_trace_result *r)
{
	switch (r->outcome) {
	case RT_OUTCOME_REDIRECT:
		return true;
	case RT_OUTCOME_RESPOND:
		return r->status < 400;
	case RT_OUTCOME_FORWARD:
		for (size_t i = 0; i < r->backends.len; i++)
			if (r->backends.v[i].share > 0 && !r->backends.v[i].why)
				return true;
		return false;
	case RT_OUTCOME_REFUSE:
	case RT_OUTCOME_TLS_ERROR:
		break;
	}
	return false;
}

bool rt_trace_served(const struct rt_trace *t)
{
	for (size_t i = 0; i < t->results.len; i++)
		if (served(&t->results.v[i]))
			return true;
	return false;
}
