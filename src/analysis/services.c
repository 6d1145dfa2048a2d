/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services.c - Services with their EndpointSlices, and the endpoints of one Service port
 * (gateway-api §2.6): slices are joined by label, ports by name, twins of dual stack counted once.
 */
#include "config.h"

#include <string.h>

#include "private.h"

void rt_services_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_SERVICE, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_service_fact *s = rt_arena_new(&an->arena, struct rt_service_fact);
		s->service = (const struct rt_service *)objs[i];
		s->counts =
		    rt_arena_calloc(&an->arena, s->service->ports.len + 1, sizeof(*s->counts));
		rt_vec_push(&an->services, &an->arena, s);
	}
}

bool rt_slices_join(struct rt_analysis *an, size_t *at)
{
	rt_slice_begin(an, *at, RT_KIND_ENDPOINT_SLICE, RT_KIND_ENDPOINT_SLICE);
	for (size_t end = rt_slice_end(an, *at); *at < end; ++*at) {
		const struct rt_obj *o = an->priv->list[*at];
		const struct rt_endpoint_slice *e = (const struct rt_endpoint_slice *)o;
		struct rt_service_fact *s = rt_service_fact_of(an, o->ns, e->service);
		if (s)
			rt_vec_push(&s->slices, &an->arena, e);
	}
	return *at == an->priv->list_len;
}

/* ---------------------------------------------------------------- endpoints */

static bool same_name(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_protocol(const char *a, const char *b)
{
	return strcmp(a ? a : "TCP", b ? b : "TCP") == 0;
}

static const struct rt_slice_port *slice_port(
    const struct rt_endpoint_slice *e, const struct rt_service_port *port)
{
	for (size_t i = 0; i < e->ports.len; i++)
		if (same_name(e->ports.v[i].name, port->name) &&
		    same_protocol(e->ports.v[i].protocol, port->protocol))
			return &e->ports.v[i];
	return NULL;
}

/* Is there a slice of that address family? */
static bool has_family(const struct rt_service_fact *s, const char *type)
{
	for (size_t i = 0; i < s->slices.len; i++)
		if (rt_streq(s->slices.v[i]->address_type, type))
			return true;
	return false;
}

/* Dual stack writes each endpoint once per family; the family of the cluster IP speaks for both. */
static const char *twin_family(const struct rt_service_fact *s)
{
	const char *ip = s->service->cluster_ip;

	if (!has_family(s, "IPv4") || !has_family(s, "IPv6"))
		return NULL;
	return ip && strchr(ip, ':') ? "IPv4" : "IPv6";
}

/* The key of an endpoint across families: its target, or its address. */
static const char *endpoint_key(struct rt_arena *a, const struct rt_endpoint *e)
{
	if (e->target && e->target->name)
		return rt_arena_printf(a, "%s/%s/%s", e->target->kind ? e->target->kind : "",
		    e->target->ns ? e->target->ns : "", e->target->name);
	return e->addresses.len ? e->addresses.v[0] : "";
}

static void endpoint_add(
    struct rt_endpoints *ret, struct rt_arena *a, const struct rt_endpoint *e, int64_t port)
{
	struct rt_endpoint_view v = {
	    .endpoint = e,
	    .address = e->addresses.len ? e->addresses.v[0] : NULL,
	    .port = port,
	    .ready = rt_endpoint_ready(e),
	    .terminating = e->terminating == RT_FLAG_TRUE,
	};
	bool pod = e->target && rt_streq(e->target->kind, "Pod");

	v.serving = e->serving == RT_FLAG_UNSET ? v.ready : e->serving == RT_FLAG_TRUE;
	v.pod = pod ? e->target->name : NULL;
	ret->ready += v.ready;
	ret->draining += !v.ready && v.serving && v.terminating;
	rt_vec_push(&ret->v, a, v);
}

struct collect {
	const struct rt_service_port *port;
	const char *twin; /* slices of this family only add what the other lacks */
	struct rt_map seen;
	bool unmatched;
};

static void slice_add(struct collect *c, const struct rt_endpoint_slice *e, struct rt_arena *a,
    struct rt_endpoints *ret)
{
	const struct rt_slice_port *p = c->port ? slice_port(e, c->port) : NULL;

	if (c->port && !p) {
		c->unmatched = c->unmatched || e->endpoints.len > 0;
		return;
	}
	for (size_t i = 0; i < e->endpoints.len; i++) {
		const struct rt_endpoint *ep = &e->endpoints.v[i];
		/* An address may be in two slices while the controller moves it. */
		if (rt_map_set(&c->seen, endpoint_key(a, ep), ret))
			continue;
		endpoint_add(ret, a, ep, p ? p->port : RT_INT_UNSET);
	}
}

static int view_cmp(const void *a, const void *b)
{
	const struct rt_endpoint_view *x = a, *y = b;
	int c = (int)y->ready - (int)x->ready;

	if (!c)
		c = strcmp(x->pod ? x->pod : "", y->pod ? y->pod : "");
	if (!c)
		c = strcmp(x->address ? x->address : "", y->address ? y->address : "");
	return c ? c : (x->port > y->port) - (x->port < y->port);
}

static enum rt_tri endpoints_known(const struct rt_analysis *an, const struct rt_service_fact *s)
{
	if (rt_streq(s->service->type, "ExternalName"))
		return RT_NO;
	return rt_tri_of(
	    rt_store_known(an->store, RT_GROUP_DISCOVERY, "EndpointSlice", s->service->obj.ns));
}

void rt_endpoints_of(const struct rt_analysis *an, const struct rt_service_fact *svc,
    const struct rt_service_port *port, struct rt_arena *a, struct rt_endpoints *ret)
{
	struct collect c = {.port = port, .twin = twin_family(svc)};

	*ret = (struct rt_endpoints){.known = endpoints_known(an, svc)};
	for (int twins = 0; twins <= 1; twins++)
		for (size_t i = 0; i < svc->slices.len; i++) {
			const struct rt_endpoint_slice *e = svc->slices.v[i];
			if ((c.twin && rt_streq(e->address_type, c.twin)) == twins)
				slice_add(&c, e, a, ret);
		}
	if (ret->v.len)
		ret->known = RT_YES;
	ret->port_missing = c.unmatched && ret->v.len == 0;
	rt_vec_sort(&ret->v, view_cmp);
	rt_map_done(&c.seen);
}

bool rt_service_has_port(const struct rt_service *s, const char *name)
{
	for (size_t i = 0; i < s->ports.len; i++)
		if (rt_streq(s->ports.v[i].name, name))
			return true;
	return false;
}

const struct rt_endpoint_count *rt_endpoints_count(const struct rt_analysis *an,
    const struct rt_service_fact *svc, const struct rt_service_port *port)
{
	size_t at = port ? (size_t)(port - svc->service->ports.v) : svc->service->ports.len;
	struct rt_arena scratch = {0};
	struct rt_endpoint_count *n;
	struct rt_endpoints e;

	if (svc->counts[at])
		return svc->counts[at];
	rt_endpoints_of(an, svc, port, &scratch, &e);
	n = rt_arena_new(&an->priv->lazy, struct rt_endpoint_count);
	*n = (struct rt_endpoint_count){e.known, e.ready, e.draining, e.v.len, e.port_missing};
	rt_arena_done(&scratch);
	svc->counts[at] = n;
	return n;
}
