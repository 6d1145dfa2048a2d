/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_gateway.c - a request at one Gateway, from its class to the backends (gateway-api §9).
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "trace_int.h"

/* ------------------------------------------------------------------ the Gateway itself */

enum rt_tri rt_gateway_claimed(const struct rt_analysis *an, const struct rt_gateway_fact *gw)
{
	bool known = rt_store_known(an->store, RT_GROUP_GATEWAY, "GatewayClass", NULL);
	return gw->class_present == RT_NO && gw->gateway->gateway_class_name && !known
		   ? RT_UNKNOWN
		   : gw->class_present;
}

static bool entry(struct rt_tracer *t, const struct rt_gateway_fact *gw, struct rt_trace_result *r)
{
	const struct rt_obj *o = &gw->gateway->obj;
	const char *class_name = gw->gateway->gateway_class_name;
	struct rt_trace_step *s = NULL;
	enum rt_tri claimed = rt_gateway_claimed(t->an, gw);
	if (claimed == RT_NO) {
		s = rt_step(t, r, RT_HOP_ENTRY, RT_NO,
		    "%s: GatewayClass %s does not exist, nobody serves it", rt_obj_text(t->a, o),
		    class_name ? class_name : "(none)");
		rt_step_mend(s, "GW01", "Name an existing GatewayClass");
	} else if (gw->accepted == RT_NO) {
		const char *why = rt_reason_name(gw->accepted_reason);
		const struct rt_reason_info *info = rt_reason_info(gw->accepted_reason);
		s = rt_step(t, r, RT_HOP_ENTRY, RT_NO, "%s is not accepted%s%s",
		    rt_obj_text(t->a, o), why ? ": " : "", why ? why : "");
		bool parameters = gw->accepted_reason == RT_REASON_INVALID_PARAMETERS;
		rt_step_mend(s, parameters ? "GW10" : "GW02", info ? info->mend : NULL);
	} else {
		const char *address = gw->gateway->status_addresses.len
					  ? gw->gateway->status_addresses.v[0].value
					  : NULL;
		s = rt_step(t, r, RT_HOP_ENTRY, claimed, "%s of GatewayClass %s%s%s",
		    rt_obj_text(t->a, o), class_name ? class_name : "(none)", address ? " at " : "",
		    address ? address : "");
	}
	rt_step_object(s, o);
	if (s->ok == RT_NO)
		return rt_refuse(r);
	if (claimed == RT_UNKNOWN)
		rt_depends(
		    t, r, "whether a controller takes the class is not known from the input");
	if (gw->accepted == RT_UNKNOWN)
		rt_depends(t, r, "%s could not be judged in full", rt_obj_text(t->a, o));
	rt_step_reported(t, r, o, gw->gateway->conditions, RT_COND_ACCEPTED);
	rt_step_reported(t, r, o, gw->gateway->conditions, RT_COND_PROGRAMMED);
	return true;
}

/* ------------------------------------------------------------------ filters */

static void say_headers(
    struct rt_tracer *t, const char *what, const struct rt_net *net, struct rt_trace_result *r)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	struct rt_header_change c = rt_net_result(net);
	for (size_t i = 0; i < c.remove.len; i++)
		rt_buf_printf(&out, "%s-%s", out.len ? ", " : "", c.remove.v[i]);
	for (size_t i = 0; i < c.set.len; i++)
		rt_buf_printf(
		    &out, "%s%s: %s", out.len ? ", " : "", c.set.v[i].name, c.set.v[i].value);
	for (size_t i = 0; i < c.add.len; i++)
		rt_buf_printf(
		    &out, "%s+%s: %s", out.len ? ", " : "", c.add.v[i].name, c.add.v[i].value);
	if (out.len)
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "%s headers: %s", what, rt_buf_str(&out));
}

static void say_effect(struct rt_tracer *t, const struct rt_effect *e, struct rt_trace_result *r)
{
	if (strcmp(e->host, t->req->host) != 0)
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "host becomes %s", e->host);
	if (strcmp(e->path, t->req->path) != 0)
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "path becomes %s", e->path);
	say_headers(t, "request", &e->request, r);
	say_headers(t, "response", &e->response, r);
	if (e->cors == RT_CORS_REFUSED)
		rt_step(t, r, RT_HOP_FILTER, RT_NO, "origin %s is not allowed by the CORS filter",
		    rt_view_header(&t->view, "origin"));
	if (e->external_auth)
		rt_depends(t, r, "an external authorisation service may refuse the request");
}

/* An ExtensionRef is never skipped: unknown, the request fails; known, the vendor decides. */
static bool extensions(struct rt_tracer *t, const struct rt_pick *pick, struct rt_trace_result *r)
{
	const struct rt_route_fact *f = pick->attachment->route;
	for (size_t i = 0; i < f->extensions.len; i++) {
		const struct rt_extension_fact *x = &f->extensions.v[i];
		if (x->rule != pick->rule || x->ref >= 0)
			continue;
		if (x->present != RT_NO) {
			rt_depends(t, r, "filter %s is the vendor's", rt_ref_text(t->a, x->ref_to));
			continue;
		}
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_FILTER, RT_NO,
		    "filter %s does not exist: the request gets an error",
		    rt_ref_text(t->a, x->ref_to));
		rt_step_mend(s, "RT21", "Create it, or drop the filter");
		return rt_respond(r, rt_broken_status(t));
	}
	return true;
}

static bool external_auth(
    struct rt_tracer *t, const struct rt_pick *pick, struct rt_trace_result *r)
{
	const struct rt_backend_fact *f = NULL;
	size_t count = rt_route_rule_backends(pick->attachment->route, pick->rule, &f);
	for (size_t i = 0; i < count; i++) {
		if (f[i].place != RT_PLACE_EXTERNAL_AUTH || f[i].ref >= 0 || f[i].ok != RT_NO)
			continue;
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_FILTER, RT_NO,
		    "external authorisation by %s cannot be asked: requests are refused",
		    rt_ref_text(t->a, f[i].ref_to));
		s->object = f[i].ref_to;
		r->by_controller = true;
		return rt_respond(r, 403);
	}
	return true;
}

static void say_policies(struct rt_tracer *t, const struct rt_rule *rule, struct rt_trace_result *r)
{
	const struct rt_timeouts *o = rule->timeouts;
	if (o && (o->request || o->backend_request))
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "time-outs:%s%s%s%s, then 504",
		    o->request ? " request " : "", o->request ? o->request : "",
		    o->backend_request ? " backendRequest " : "",
		    o->backend_request ? o->backend_request : "");
	if (rule->retry) {
		RT_AUTO_BUF struct rt_buf codes = {0};
		for (size_t i = 0; i < rule->retry->codes.len; i++)
			rt_buf_printf(&codes, " %lld", (long long)rule->retry->codes.v[i]);
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "retries: %s%s%s%s%s",
		    rule->retry->attempts == RT_INT_UNSET
			? "as the controller likes"
			: rt_arena_printf(t->a, "%lld", (long long)rule->retry->attempts),
		    codes.len ? " on" : "", rt_buf_str(&codes),
		    rule->retry->backoff ? ", at least every " : "",
		    rule->retry->backoff ? rule->retry->backoff : "");
	}
	if (rule->session_persistence)
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "sessions stick to a backend by %s",
		    rule->session_persistence->type ? rule->session_persistence->type : "Cookie");
}

static void redirect(struct rt_tracer *t, const struct rt_trace_redirect *to,
    const struct rt_effect *e, struct rt_trace_result *r)
{
	rt_step(t, r, RT_HOP_FILTER, RT_YES, "redirect %d to %s", to->status, to->location);
	r->outcome = RT_OUTCOME_REDIRECT;
	r->forwarded = NULL;
	r->redirect = to;
	r->response_headers = rt_net_result(&e->response);
}

static void preflight(struct rt_tracer *t, const struct rt_effect *e, struct rt_trace_result *r)
{
	rt_step(t, r, RT_HOP_FILTER, RT_YES, "the gateway answers the CORS preflight itself");
	if (e->cors == RT_CORS_REFUSED)
		rt_depends(t, r, "a refused preflight may get 403 instead");
	r->response_headers = rt_net_result(&e->response);
	rt_respond(r, 204);
}

/* Filters, then backends (trace_backends.c); pick's match is what path modifiers go by. */
static void forward(struct rt_tracer *t, const struct rt_listener_fact *l,
    const struct rt_pick *pick, struct rt_trace_result *r)
{
	const struct rt_rule *rule = &pick->attachment->route->route->rules.v[pick->rule];
	struct rt_effect e = {.host = t->req->host,
	    .path = t->req->path,
	    .request = {.arena = t->a},
	    .response = {.arena = t->a}};
	if (!extensions(t, pick, r) || !external_auth(t, pick, r))
		return;
	rt_filters_run(&t->view, rule->filters, &pick->spec->path, (int)l->spec->port, &e);
	if (e.answered_cors) {
		say_effect(t, &e, r);
		preflight(t, &e, r);
		return;
	}
	if (e.redirect) {
		redirect(t, e.redirect, &e, r);
		return;
	}
	say_effect(t, &e, r);
	say_policies(t, rule, r);
	rt_trace_backends(t, l, pick, &e, r);
	if (r->redirect)
		redirect(t, r->redirect, &e, r);
	else if (r->status)
		rt_respond(r, r->status);
	else
		rt_trace_settle(t, r);
}

bool rt_trace_gateway(
    struct rt_tracer *t, const struct rt_gateway_fact *gw, struct rt_trace_result *r)
{
	r->entry = rt_obj_ref(&gw->gateway->obj);
	bool served = entry(t, gw, r);
	struct rt_trace_result probe = {0};
	struct rt_listener_choice c = rt_trace_listener(t, gw, served ? r : &probe);
	if (!served || !c.listener)
		return c.relevant;
	if (!rt_trace_tls(t, c.listener, r))
		return true;
	struct rt_pick pick = {0};
	if (c.listener->protocol != RT_PROTOCOL_HTTP && c.listener->protocol != RT_PROTOCOL_HTTPS)
		rt_trace_stream(t, c.listener, r);
	else if (!t->req->path) {
		rt_step(t, r, RT_HOP_ROUTE, RT_NO, "the listener waits for HTTP, %s:// sends none",
		    rt_scheme_name(t->req->scheme));
		rt_refuse(r);
	} else if (rt_trace_rule(t, c.listener, r, &pick))
		forward(t, c.listener, &pick, r);
	return true;
}
