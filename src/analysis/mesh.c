/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh.c - routes whose parent is a Service (gateway-api §10): the port, by number or name, is all
 * there is to match, and of the route kinds on one port the most telling wins.
 */
#include "config.h"

#include <stdio.h>

#include "private.h"

static bool names_port(const struct rt_parent_ref *s, const struct rt_service_port *p)
{
	return rt_port_matches(s, p->port) && rt_section_matches(s, p->name);
}

void rt_mesh_parent_judge(struct rt_parent_fact *p)
{
	const struct rt_parent_ref *s = p->spec;

	p->accepted = p->present;
	p->stage = p->present == RT_YES ? RT_STAGE_ATTACHED : RT_STAGE_PARENT;
	p->reason = p->present == RT_YES ? RT_REASON_ACCEPTED : RT_REASON_NONE;
	if (!p->service || (s->port == RT_INT_UNSET && !s->section_name))
		return;
	const struct rt_service *svc = p->service->service;
	for (size_t i = 0; i < svc->ports.len; i++)
		if (names_port(s, &svc->ports.v[i]))
			return;
	rt_parent_reject(p, s->port == RT_INT_UNSET ? RT_STAGE_SECTION : RT_STAGE_PORT,
	    RT_REASON_NO_MATCHING_PARENT);
}

/* ---------------------------------------------------------------- route kinds on one port */

/* GRPCRoute before HTTPRoute before TLSRoute before TCPRoute; UDP is a world of its own: 0. */
static size_t rank(const struct rt_route_fact *r)
{
	static const enum rt_kind order[] = {RT_KIND_UDP_ROUTE, RT_KIND_TCP_ROUTE,
	    RT_KIND_TLS_ROUTE, RT_KIND_HTTP_ROUTE, RT_KIND_GRPC_ROUTE};
	size_t i = RT_ARRAY_LEN(order) - 1;

	while (i > 0 && order[i] != r->route->obj.kind)
		i--;
	return i;
}

/* A port of a Service, and whom routes for it are for: those of the Service's own namespace are for
 * everyone, those of another one for the clients there, so that the two never meet. */
struct key {
	char port[24];
	const char *parts[4];
};

static void key_init(struct key *k, const struct rt_parent_fact *p, int64_t port)
{
	snprintf(k->port, sizeof(k->port), "%lld", (long long)port);
	k->parts[0] = p->ref.ns;
	k->parts[1] = p->ref.name;
	k->parts[2] = k->port;
	k->parts[3] = p->route->route->obj.ns;
}

static bool outranks(const struct rt_route_fact *a, const struct rt_route_fact *b)
{
	return rank(a) > rank(b);
}

static bool takes_part(const struct rt_parent_fact *p)
{
	return p->kind == RT_PARENT_SERVICE && p->service && p->accepted == RT_YES &&
	       rank(p->route) > 0;
}

/* best: key -> the route of the highest rank there. */
static void claim_ports(struct rt_map *best, struct rt_parent_fact *p)
{
	const struct rt_service *svc = p->service->service;

	for (size_t i = 0; i < svc->ports.len; i++) {
		struct key k;
		if (!names_port(p->spec, &svc->ports.v[i]))
			continue;
		key_init(&k, p, svc->ports.v[i].port);
		const struct rt_route_fact *have = rt_map_get_parts(best, 4, k.parts);
		if (!have || outranks(p->route, have))
			rt_map_set_parts(best, 4, k.parts, p->route);
	}
}

/* One port that is left suffices. */
static void lose_ports(struct rt_map *best, struct rt_parent_fact *p)
{
	const struct rt_service *svc = p->service->service;
	const struct rt_route_fact *winner = NULL;

	for (size_t i = 0; i < svc->ports.len; i++) {
		struct key k;
		if (!names_port(p->spec, &svc->ports.v[i]))
			continue;
		key_init(&k, p, svc->ports.v[i].port);
		winner = rt_map_get_parts(best, 4, k.parts);
		if (!outranks(winner, p->route))
			return;
	}
	p->kind_rival = winner;
}

static void each_parent(struct rt_analysis *an, struct rt_map *best,
    void (*fn)(struct rt_map *best, struct rt_parent_fact *))
{
	for (size_t i = 0; i < an->routes.len; i++)
		for (size_t k = 0; k < an->routes.v[i]->parents.len; k++)
			if (takes_part(&an->routes.v[i]->parents.v[k]))
				fn(best, &an->routes.v[i]->parents.v[k]);
}

void rt_mesh_rivals_find(struct rt_analysis *an)
{
	struct rt_map best = {0};

	each_parent(an, &best, claim_ports);
	each_parent(an, &best, lose_ports);
	rt_map_done(&best);
}
