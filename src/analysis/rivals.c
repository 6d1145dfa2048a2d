/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rivals.c - HTTPRoutes and GRPCRoutes that claim one hostname on one listener (gateway-api §4.3).
 * Only the older may be accepted. Hostnames are indexed by themselves and by the wildcards above
 * them, so that thousands of routes on a listener stay cheap.
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/hostname.h"

/* The oldest route of one kind for each pattern, and for everything below each wildcard. */
struct claims {
	struct rt_map exact, below;
	struct rt_route_fact *oldest;
	struct rt_arena *arena;
};

static bool older(const struct rt_route_fact *a, const struct rt_route_fact *b)
{
	return !b || rt_obj_age_cmp(&a->route->obj, &b->route->obj) < 0;
}

static void claim(struct rt_map *m, const char *key, struct rt_route_fact *r)
{
	const struct rt_route_fact *have = rt_map_get(m, key);

	if (older(r, have))
		rt_map_set(m, key, r);
}

/* The next wildcard above a name: of a.b.c first *.b.c, then *.c. NULL at the end. */
static const char *next_above(struct rt_arena *a, const char **name)
{
	const char *dot = strchr(*name, '.');

	if (!dot)
		return NULL;
	*name = dot + 1;
	return rt_arena_printf(a, "*%s", dot);
}

static const char *past_star(const char *key)
{
	return rt_hostname_is_wildcard(key) ? key + 2 : key;
}

static void claims_add(struct claims *c, struct rt_attachment *at)
{
	if (older(at->route, c->oldest))
		c->oldest = at->route;
	for (size_t i = 0; i < at->hostnames.len; i++) {
		const char *key = rt_str_lowered(c->arena, at->hostnames.v[i]),
			   *rest = past_star(key);
		claim(&c->exact, key, at->route);
		for (const char *up; (up = next_above(c->arena, &rest));)
			claim(&c->below, up, at->route);
	}
}

static void keep_oldest(const struct rt_route_fact **best, const struct rt_route_fact *r)
{
	if (r && older(r, *best))
		*best = r;
}

static const struct rt_route_fact *oldest_meeting(const struct claims *c, const char *hostname)
{
	const struct rt_route_fact *best = rt_map_get(&c->exact, "");
	const char *key = rt_str_lowered(c->arena, hostname), *rest = past_star(key);

	if (!hostname)
		return c->oldest;
	keep_oldest(&best, rt_map_get(&c->exact, key));
	if (rt_hostname_is_wildcard(key))
		keep_oldest(&best, rt_map_get(&c->below, key));
	for (const char *up; (up = next_above(c->arena, &rest));)
		keep_oldest(&best, rt_map_get(&c->exact, up));
	return best;
}

static void rival_mark(const struct claims *others, struct rt_attachment *at)
{
	for (size_t i = 0; i < at->hostnames.len; i++) {
		const struct rt_route_fact *o = oldest_meeting(others, at->hostnames.v[i]);
		if (o && older(o, at->route) && !at->parent->kind_rival)
			at->parent->kind_rival = o;
	}
}

static void listener_rivals(struct rt_listener_fact *l, struct rt_arena *scratch)
{
	struct claims claims[2] = {{.arena = scratch}, {.arena = scratch}};

	for (size_t i = 0; i < l->attached.len; i++) {
		bool grpc = l->attached.v[i]->route->route->obj.kind == RT_KIND_GRPC_ROUTE;
		claims_add(&claims[grpc], l->attached.v[i]);
	}
	for (size_t i = 0; i < l->attached.len; i++) {
		bool grpc = l->attached.v[i]->route->route->obj.kind == RT_KIND_GRPC_ROUTE;
		if (claims[!grpc].oldest)
			rival_mark(&claims[!grpc], l->attached.v[i]);
	}
	for (int k = 0; k < 2; k++) {
		rt_map_done(&claims[k].exact);
		rt_map_done(&claims[k].below);
	}
}

/* Routes are attached in the order of their kinds: HTTPRoute first, GRPCRoute after. */
static bool has_both(const struct rt_listener_fact *l)
{
	if (!l->attached.len)
		return false;
	return l->attached.v[0]->route->route->obj.kind == RT_KIND_HTTP_ROUTE &&
	       l->attached.v[l->attached.len - 1]->route->route->obj.kind == RT_KIND_GRPC_ROUTE;
}

void rt_rivals_find(struct rt_analysis *an)
{
	struct rt_arena scratch = {0};

	for (size_t i = 0; i < an->listeners.len; i++) {
		if (!has_both(an->listeners.v[i]))
			continue;
		listener_rivals(an->listeners.v[i], &scratch);
		rt_arena_reset(&scratch);
	}
	rt_arena_done(&scratch);
}
