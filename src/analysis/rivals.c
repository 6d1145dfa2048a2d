/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rivals.c - HTTPRoutes and GRPCRoutes that claim one hostname on one listener (gateway-api §4.3).
 * Only the older is to be accepted. Hostnames are indexed by themselves and by the wildcards above
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

static const struct rt_route_fact *rival_of(
    const struct claims *others, const struct rt_attachment *at)
{
	const struct rt_route_fact *best = NULL;

	for (size_t i = 0; i < at->hostnames.len; i++)
		keep_oldest(&best, oldest_meeting(others, at->hostnames.v[i]));
	return best;
}

static int age_cmp(const void *a, const void *b)
{
	const struct rt_attachment *const *x = a, *const *y = b;
	int c = rt_obj_age_cmp(&(*x)->route->route->obj, &(*y)->route->route->obj);

	return c ? c : (int)(*x)->route->route->obj.kind - (int)(*y)->route->route->obj.kind;
}

/* Oldest first: a route that lost to an older one claims nothing against those younger than it. */
static void listener_rivals(struct rt_listener_fact *l, struct rt_arena *scratch)
{
	struct claims claims[2] = {{.arena = scratch}, {.arena = scratch}};
	RT_VEC(struct rt_attachment *) by_age = {0};

	for (size_t i = 0; i < l->attached.len; i++)
		rt_vec_push(&by_age, scratch, l->attached.v[i]);
	rt_vec_sort(&by_age, age_cmp);
	for (size_t i = 0; i < by_age.len; i++) {
		struct rt_attachment *at = by_age.v[i];
		bool grpc = at->route->route->obj.kind == RT_KIND_GRPC_ROUTE;
		at->rival = claims[!grpc].oldest ? rival_of(&claims[!grpc], at) : NULL;
		if (at->rival)
			l->ousted++;
		else
			claims_add(&claims[grpc], at);
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

static const struct rt_route_fact *rival_on(
    const struct rt_route_fact *r, const struct rt_listener_fact *l)
{
	for (size_t i = 0; i < r->attachments.len; i++)
		if (r->attachments.v[i]->listener == l)
			return r->attachments.v[i]->rival;
	return NULL;
}

/* One listener without rival suffices, as one listener suffices to be accepted at all (§4). */
static void parent_rival(struct rt_parent_fact *p)
{
	const struct rt_route_fact *first = NULL;

	for (size_t i = 0; p->accepted == RT_YES && i < p->candidates.len; i++) {
		const struct rt_candidate *c = &p->candidates.v[i];
		if (c->failed != RT_STAGE_ATTACHED || c->open)
			continue;
		const struct rt_route_fact *rival = rival_on(p->route, c->listener);
		if (!rival)
			return;
		first = first ? first : rival;
	}
	p->kind_rival = first;
}

void rt_rivals_find(struct rt_analysis *an)
{
	struct rt_arena scratch = {0};

	for (size_t i = 0; i < an->listeners.len; i++) {
		struct rt_listener_fact *l = an->listeners.v[i];
		if (!has_both(l))
			continue;
		listener_rivals(l, &scratch);
		for (size_t k = 0; l->ousted && k < l->attached.len; k++) {
			struct rt_route_fact *r = l->attached.v[k]->route;
			for (size_t m = 0; l->attached.v[k]->rival && m < r->parents.len; m++)
				parent_rival(&r->parents.v[m]);
		}
		rt_arena_reset(&scratch);
	}
	rt_arena_done(&scratch);
}
