/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_listener.c - which listener of a Gateway takes a connection and a request: port, protocol,
 * SNI, Host, and the answer 421 to a request on the wrong connection (gateway-api §9.1).
 */
#include "config.h"

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/hostname.h"
#include "rutter/vec.h"
#include "trace_int.h"

#define OTHERS_SAID 3

typedef RT_VEC(const struct rt_listener_fact *) listeners;

static const char *host_or_all(const char *hostname)
{
	return hostname ? hostname : "every host";
}

const char *rt_listener_text(struct rt_arena *a, const struct rt_listener_fact *l)
{
	return rt_arena_printf(a, "listener %s%s%s (%lld %s, %s)", l->set ? l->owner->name : "",
	    l->set ? "/" : "", l->spec->name ? l->spec->name : "?", (long long)l->spec->port,
	    l->spec->protocol ? l->spec->protocol : "?", host_or_all(l->spec->hostname));
}

bool rt_listener_serves(const struct rt_listener_fact *l)
{
	return l->accepted != RT_NO && l->programmed != RT_NO;
}

static bool is_udp(const struct rt_tracer *t)
{
	return t->req->scheme == RT_SCHEME_UDP;
}

static bool by_name(enum rt_protocol p)
{
	return p == RT_PROTOCOL_HTTP || p == RT_PROTOCOL_HTTPS || p == RT_PROTOCOL_TLS;
}

static bool takes_name(const struct rt_listener_fact *l, const char *name)
{
	if (!by_name(l->protocol) || !l->spec->hostname)
		return true;
	return name && rt_hostname_matches(l->spec->hostname, name);
}

/* ------------------------------------------------------------------ the port */

static void say_ports(
    struct rt_tracer *t, const struct rt_gateway_fact *gw, struct rt_trace_result *r)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	for (size_t i = 0; i < gw->merged.len; i++) {
		const struct rt_listener_fact *l = gw->merged.v[i];
		bool again = false;
		for (size_t j = 0; j < i && !again; j++)
			again = gw->merged.v[j]->spec->port == l->spec->port;
		if (!again)
			rt_buf_printf(
			    &out, "%s%lld", out.len ? ", " : "", (long long)l->spec->port);
	}
	struct rt_trace_step *s =
	    rt_step(t, r, RT_HOP_LISTENER, RT_NO, "no listener on port %d%s%s", t->req->connect,
		out.len ? ", only on " : "", rt_buf_str(&out));
	rt_step_object(s, &gw->gateway->obj);
	rt_step_mend(s, NULL, "Add a listener on that port, or connect to one of the others");
	for (size_t i = 0; i < gw->sets.len; i++) {
		const struct rt_listener_set_fact *set = gw->sets.v[i];
		for (size_t j = 0; set->allowed == RT_NO && j < set->listeners.len; j++) {
			if (set->listeners.v[j]->spec->port != t->req->connect)
				continue;
			s = rt_step(t, r, RT_HOP_NEAR_MISS, RT_UNKNOWN,
			    "%s has one, but the Gateway does not allow that set",
			    rt_obj_text(t->a, &set->set->obj));
			rt_step_object(s, &set->set->obj);
			rt_step_mend(s, "LS12", "Let spec.allowedListeners admit its namespace");
			break;
		}
	}
}

/* Certificates of the listener or of its clients' CA: the handshake fails, not the connection. */
static const struct {
	enum rt_reason reason;
	const char *finding;
	bool tls;
} faults[] = {
    {RT_REASON_HOSTNAME_CONFLICT, "LS02", false},
    {RT_REASON_PROTOCOL_CONFLICT, "LS15", false},
    {RT_REASON_UNSUPPORTED_PROTOCOL, "LS17", false},
    {RT_REASON_UNSUPPORTED_VALUE, "LS21", false},
    {RT_REASON_INVALID_CERTIFICATE_REF, "LS04", true},
    {RT_REASON_REF_NOT_PERMITTED, "LS05", true},
    {RT_REASON_INVALID_CA_CERTIFICATE_REF, "LS22", true},
    {RT_REASON_NO_VALID_CA_CERTIFICATE, "LS22", true},
    {RT_REASON_INVALID_CA_CERTIFICATE_KIND, "LS23", true},
};

static enum rt_reason dead_reason(const struct rt_listener_fact *l)
{
	if (l->resolved == RT_NO && l->conflict == RT_REASON_NONE)
		return l->resolved_reason;
	return l->accepted == RT_NO ? l->accepted_reason : l->programmed_reason;
}

static const char *dead_finding(enum rt_reason why)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(faults); i++)
		if (faults[i].reason == why)
			return faults[i].finding;
	return "LS01";
}

static bool dead_by_tls(const struct rt_listener_fact *l)
{
	enum rt_reason why = dead_reason(l);
	for (size_t i = 0; i < RT_ARRAY_LEN(faults); i++)
		if (faults[i].reason == why)
			return faults[i].tls;
	return false;
}

/* A listener that would take the name but is not served: why nobody answers, or, beside the one
 * that does (instead), a near miss. */
static void say_dead(struct rt_tracer *t, const struct rt_listener_fact *l,
    const struct rt_listener_fact *instead, struct rt_trace_result *r)
{
	enum rt_reason why = dead_reason(l);
	const struct rt_reason_info *info = rt_reason_info(why);
	const char *name = rt_reason_name(why), *but = "is not served";
	if (instead)
		but = rt_hostname_specificity(l->spec->hostname) >
			      rt_hostname_specificity(instead->spec->hostname)
			  ? "is more specific, but not served"
			  : "takes it too, but is not served";
	struct rt_trace_step *s = rt_step(t, r, instead ? RT_HOP_NEAR_MISS : RT_HOP_LISTENER,
	    instead ? RT_UNKNOWN : RT_NO, "%s %s: %s%s%s", rt_listener_text(t->a, l), but,
	    l->accepted == RT_NO ? "not accepted" : "not programmed", name ? ", " : "",
	    name ? name : "");
	rt_step_object(s, l->owner);
	rt_step_mend(s, dead_finding(why), info ? info->mend : NULL);
}

/* ------------------------------------------------------------------ protocol and name */

/* What a client that speaks this scheme can talk to. */
static bool speaks(enum rt_scheme s, enum rt_protocol p)
{
	switch (p) {
	case RT_PROTOCOL_HTTP:
		return rt_scheme_is_http(s) && !rt_scheme_is_tls(s);
	case RT_PROTOCOL_HTTPS:
	case RT_PROTOCOL_TLS:
		return rt_scheme_is_tls(s);
	case RT_PROTOCOL_TCP:
		return s != RT_SCHEME_UDP; /* bytes are bytes */
	case RT_PROTOCOL_UDP:
		return s == RT_SCHEME_UDP;
	case RT_PROTOCOL_OTHER:
		break;
	}
	return false;
}

/* The listeners of the port connected to. */
struct on_port {
	listeners all;
	listeners alive; /* are served */
	listeners able;  /* are served and speak the scheme */
	listeners dead;  /* speak it and would take the name, but are not served */
};

/* Bytes are bytes, but where others live on the port a dead TCP listener is not what HTTP or TLS
 * was meant for. */
static bool meant_for(const struct rt_tracer *t, const struct rt_listener_fact *l, bool alone)
{
	bool names = rt_scheme_is_http(t->req->scheme) || rt_scheme_is_tls(t->req->scheme);
	return alone || !names || by_name(l->protocol);
}

static void find_on_port(
    struct rt_tracer *t, const struct rt_gateway_fact *gw, const char *name, struct on_port *ret)
{
	for (size_t i = 0; i < gw->merged.len; i++) {
		const struct rt_listener_fact *l = gw->merged.v[i];
		bool able = speaks(t->req->scheme, l->protocol);
		if (l->spec->port != t->req->connect ||
		    (l->protocol == RT_PROTOCOL_UDP) != is_udp(t))
			continue;
		rt_vec_push(&ret->all, t->a, l);
		if (rt_listener_serves(l)) {
			rt_vec_push(&ret->alive, t->a, l);
			if (able)
				rt_vec_push(&ret->able, t->a, l);
		} else if (able && takes_name(l, name)) {
			rt_vec_push(&ret->dead, t->a, l);
		}
	}
	size_t kept = 0;
	for (size_t i = 0; i < ret->dead.len; i++)
		if (meant_for(t, ret->dead.v[i], ret->alive.len == 0))
			ret->dead.v[kept++] = ret->dead.v[i];
	ret->dead.len = kept;
}

/* The most specific listener for the name; NULL when none takes it. */
static const struct rt_listener_fact *best(const listeners *v, const char *name, bool https_only)
{
	const struct rt_listener_fact *found = NULL;
	for (size_t i = 0; i < v->len; i++) {
		const struct rt_listener_fact *l = v->v[i];
		if ((https_only && l->protocol != RT_PROTOCOL_HTTPS) || !takes_name(l, name))
			continue;
		if (!found || rt_hostname_specificity(l->spec->hostname) >
				  rt_hostname_specificity(found->spec->hostname))
			found = l;
	}
	return found;
}

static void say_others(struct rt_tracer *t, const listeners *v, const struct rt_listener_fact *but,
    const char *name, struct rt_trace_result *r)
{
	for (size_t i = 0, said = 0; i < v->len && said < OTHERS_SAID; i++) {
		const struct rt_listener_fact *l = v->v[i];
		if (l == but)
			continue;
		said++;
		bool less = but && takes_name(l, name);
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_NEAR_MISS, RT_UNKNOWN, "%s %s",
		    rt_listener_text(t->a, l), less ? "is less specific" : "is for other hosts");
		rt_step_object(s, l->owner);
	}
}

/* ------------------------------------------------------------------ Host on a TLS connection */

static bool host_on_tls(struct rt_tracer *t, const struct rt_gateway_fact *gw, const listeners *v,
    const struct rt_listener_fact *l, struct rt_trace_result *r)
{
	const char *host = t->req->host;
	const struct rt_listener_fact *by_host = best(v, host, true);
	bool takes = takes_name(l, host);
	if (by_host == l)
		return true;
	if (!by_host) {
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_LISTENER, RT_NO,
		    "Host %s matches no HTTPS listener on port %d", host, t->req->connect);
		rt_step_object(s, l->owner);
		return rt_respond(r, 404);
	}
	if (rt_features_on(
		&gw->features, RT_FEATURE_GatewayHTTPSListenerDetectMisdirectedRequests)) {
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_LISTENER, RT_NO,
		    "the connection is of %s by its SNI, Host %s belongs to %s: misdirected",
		    rt_listener_text(t->a, l), host, rt_listener_text(t->a, by_host));
		rt_step_object(s, by_host->owner);
		rt_step_mend(s, "LS09", "Open a connection with that host as SNI");
		return rt_respond(r, 421);
	}
	rt_depends(t, r,
	    "Host %s belongs to %s, the connection to another: without detection of misdirected "
	    "requests it is up to the controller which routes apply",
	    host, rt_listener_text(t->a, by_host));
	return takes ? true : rt_respond(r, 404);
}

/* ------------------------------------------------------------------ the choice */

static struct rt_listener_choice none_speaks(
    struct rt_tracer *t, const listeners *v, struct rt_trace_result *r)
{
	const struct rt_listener_fact *l = v->v[0];
	bool tls = rt_scheme_is_tls(t->req->scheme);
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_LISTENER, RT_NO, "%s does not speak %s",
	    rt_listener_text(t->a, l), rt_scheme_name(t->req->scheme));
	rt_step_object(s, l->owner);
	struct rt_listener_choice c = {.relevant = takes_name(l, tls ? t->req->sni : t->req->host)};
	if (tls && l->protocol == RT_PROTOCOL_HTTP)
		rt_tls_error(r);
	else
		rt_refuse(r);
	return c;
}

static struct rt_listener_choice none_takes(
    struct rt_tracer *t, const struct on_port *on, const char *name, struct rt_trace_result *r)
{
	bool tls = rt_scheme_is_tls(t->req->scheme);
	const listeners *others = on->able.len > 0 ? &on->able : &on->all;
	struct rt_trace_step *s =
	    rt_step(t, r, RT_HOP_LISTENER, RT_NO, "no listener on port %d is for %s %s",
		t->req->connect, tls ? "SNI" : "host", name ? name : "(none)");
	rt_step_object(s, others->v[0]->owner);
	rt_step_mend(s, NULL, "Add a listener for the host, or widen the hostname of one");
	say_others(t, others, NULL, name, r);
	if (tls || on->able.len == 0)
		rt_refuse(r);
	else
		rt_respond(r, 404);
	return (struct rt_listener_choice){0};
}

/* Those that would take it are not served. */
static struct rt_listener_choice all_dead(
    struct rt_tracer *t, const struct on_port *on, struct rt_trace_result *r)
{
	bool tls = rt_scheme_is_tls(t->req->scheme), by_tls = false;
	for (size_t i = 0; i < on->dead.len; i++) {
		by_tls |= dead_by_tls(on->dead.v[i]);
		if (i < OTHERS_SAID)
			say_dead(t, on->dead.v[i], NULL, r);
	}
	if (tls && by_tls)
		rt_tls_error(r);
	else if (tls || on->able.len == 0)
		rt_refuse(r);
	else
		rt_respond(r, 404);
	return (struct rt_listener_choice){.relevant = true};
}

static void say_chosen(struct rt_tracer *t, const listeners *v, const struct rt_listener_fact *l,
    const char *name, struct rt_trace_result *r)
{
	bool named = by_name(l->protocol);
	struct rt_trace_step *s =
	    rt_step(t, r, RT_HOP_LISTENER, RT_YES, "%s takes %s%s%s", rt_listener_text(t->a, l),
		named ? (rt_scheme_is_tls(t->req->scheme) ? "SNI " : "host ") : "the connection",
		named ? (name ? name : "(none)") : "", v->len > 1 ? ", the most specific" : "");
	rt_step_object(s, l->owner);
	if (l->accepted == RT_UNKNOWN || l->programmed == RT_UNKNOWN)
		rt_depends(t, r, "whether %s is served could not be read in full",
		    rt_listener_text(t->a, l));
	if (l->status)
		rt_step_reported(t, r, l->owner, l->status->conditions, RT_COND_PROGRAMMED);
}

struct rt_listener_choice rt_trace_listener(
    struct rt_tracer *t, const struct rt_gateway_fact *gw, struct rt_trace_result *r)
{
	struct on_port on = {0};
	const char *name = rt_scheme_is_tls(t->req->scheme) ? t->req->sni : t->req->host;
	struct rt_listener_choice c = {.relevant = true};

	find_on_port(t, gw, name, &on);
	if (on.all.len == 0) {
		say_ports(t, gw, r);
		rt_refuse(r);
		return (struct rt_listener_choice){0};
	}
	c.listener = best(&on.able, name, false);
	if (!c.listener && on.dead.len > 0)
		return all_dead(t, &on, r);
	if (!c.listener && on.able.len == 0 && on.alive.len > 0)
		return none_speaks(t, &on.alive, r);
	if (!c.listener)
		return none_takes(t, &on, name, r);
	say_chosen(t, &on.able, c.listener, name, r);
	for (size_t i = 0; i < on.dead.len && i < OTHERS_SAID; i++)
		say_dead(t, on.dead.v[i], c.listener, r);
	r->listener = c.listener;
	if (c.listener->protocol == RT_PROTOCOL_HTTPS && t->req->path &&
	    !host_on_tls(t, gw, &on.able, c.listener, r))
		c.listener = NULL;
	return c;
}
