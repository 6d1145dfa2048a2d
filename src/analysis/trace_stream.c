/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_stream.c - connections: TLSRoute by SNI, TCPRoute and UDPRoute by port alone
 * (gateway-api §9.4). Of several routes the oldest gets everything; broken backends are refused.
 */
#include "config.h"

#include "rutter/hostname.h"
#include "trace_int.h"

static enum rt_kind kind_for(const struct rt_listener_fact *l)
{
	if (l->protocol == RT_PROTOCOL_TLS)
		return RT_KIND_TLS_ROUTE;
	return l->protocol == RT_PROTOCOL_UDP ? RT_KIND_UDP_ROUTE : RT_KIND_TCP_ROUTE;
}

static bool takes(const struct rt_tracer *t, const struct rt_listener_fact *l,
    const struct rt_attachment *at, const char **ret_host)
{
	*ret_host = NULL;
	if (at->route->route->obj.kind != kind_for(l) || at->route->route->rules.len == 0)
		return false;
	if (l->protocol != RT_PROTOCOL_TLS)
		return true;
	return rt_attachment_host(at, t->req->sni ? t->req->sni : "", ret_host);
}

static bool better(const struct rt_pick *a, const struct rt_attachment *at, const char *host)
{
	if (!a->attachment)
		return true;
	int c = rt_hostname_route_cmp(host, a->hostname);
	if (c == 0)
		c = rt_obj_age_cmp(&at->route->route->obj, &a->attachment->route->route->obj);
	return c < 0;
}

static void say_losers(struct rt_tracer *t, const struct rt_listener_fact *l,
    const struct rt_pick *pick, struct rt_trace_result *r)
{
	size_t said = 0;
	for (size_t i = 0; i < l->attached.len && said < 3; i++) {
		const struct rt_attachment *at = l->attached.v[i];
		const char *host = NULL;
		if (at == pick->attachment || at->route->route->obj.kind != kind_for(l))
			continue;
		said++;
		const char *why = takes(t, l, at, &host)
				      ? "would take it too, but is younger or less specific"
				      : "is for other server names";
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_NEAR_MISS, RT_UNKNOWN, "%s %s",
		    rt_obj_text(t->a, &at->route->route->obj), why);
		rt_step_object(s, &at->route->route->obj);
	}
}

static bool any_live(const struct rt_trace_result *r)
{
	for (size_t i = 0; i < r->backends.len; i++)
		if (r->backends.v[i].share > 0 && !r->backends.v[i].why)
			return true;
	return false;
}

void rt_trace_stream(
    struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r)
{
	static const struct rt_route_match none;
	struct rt_pick pick = {.match = -1, .spec = &none};
	for (size_t i = 0; i < l->attached.len; i++) {
		const char *host = NULL;
		if (!takes(t, l, l->attached.v[i], &host) || !better(&pick, l->attached.v[i], host))
			continue;
		pick.attachment = l->attached.v[i];
		pick.hostname = host;
	}
	if (!pick.attachment) {
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_ROUTE, RT_NO,
		    "no %s on the listener takes the connection", rt_kind_info(kind_for(l))->kind);
		rt_step_object(s, l->owner);
		rt_step_mend(s, NULL, "Attach a route to the listener");
		say_losers(t, l, &pick, r);
		rt_refuse(r);
		return;
	}
	const struct rt_route *route = pick.attachment->route->route;
	struct rt_trace_step *s =
	    rt_step(t, r, RT_HOP_ROUTE, RT_YES, "%s%s%s", rt_obj_text(t->a, &route->obj),
		pick.hostname ? ", hostname " : "", pick.hostname ? pick.hostname : "");
	rt_step_object(s, &route->obj);
	say_losers(t, l, &pick, r);
	r->route = route;
	r->matched = true;
	r->match = -1;
	rt_trace_backends(t, l, &pick, NULL, r);
	r->outcome = RT_OUTCOME_FORWARD;
	if (!any_live(r))
		rt_refuse(r);
}
