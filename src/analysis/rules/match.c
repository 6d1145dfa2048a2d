/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match.c - rules about matches that compete: inside one route, and between routes of a listener
 * (gateway-api §9.2, §9.3).
 */
#include "config.h"

#include <string.h>

#include "../predicate.h"
#include "../rules.h"

struct place {
	const struct rt_route_fact *route;
	size_t rule, match;
};

static bool has_matches(enum rt_kind k)
{
	return k == RT_KIND_HTTP_ROUTE || k == RT_KIND_GRPC_ROUTE;
}

static struct rt_finding *raise_match(
    struct rt_check *c, enum rt_code code, enum rt_tri holds, const struct place *at)
{
	const struct rt_route *r = at->route->route;

	if (!has_matches(r->obj.kind))
		return rt_raise(c, code, holds, &r->obj, "spec.hostnames");
	if (at->match < r->rules.v[at->rule].matches.len)
		return rt_raise(
		    c, code, holds, &r->obj, "spec.rules[%zu].matches[%zu]", at->rule, at->match);
	return rt_raise(c, code, holds, &r->obj, "spec.rules[%zu].matches", at->rule);
}

static const struct rt_route_match *match_at(const struct place *at)
{
	const struct rt_route_match *m;

	rt_rule_matches(&at->route->route->rules.v[at->rule], &m);
	return &m[at->match];
}

static const char *match_text(struct rt_check *c, const struct place *at)
{
	return rt_predicate_text(&c->work, at->route->route->obj.kind, match_at(at));
}

/* "/api/" behind "/api": by characters it is the longer one (gateway-api §12, 8). */
static bool has_longer_path(const struct place *later, const struct place *earlier)
{
	const char *a = match_at(later)->path.value, *b = match_at(earlier)->path.value;

	return a && b && strlen(a) > strlen(b);
}

typedef void (*match_fn)(
    struct rt_check *c, struct place at, const char *predicate, struct rt_map *seen);

static void each_match(
    struct rt_check *c, const struct rt_route_fact *rf, match_fn fn, struct rt_map *seen)
{
	const struct rt_route *r = rf->route;

	for (size_t i = 0; i < r->rules.len; i++) {
		const struct rt_route_match *m;
		size_t n = rt_rule_matches(&r->rules.v[i], &m);

		for (size_t k = 0; k < n; k++)
			fn(c, (struct place){rf, i, k},
			    rt_predicate_key(&c->work, r->obj.kind, &m[k]), seen);
	}
}

/* ---------------------------------------------------------------- RT19: inside one route */

static void shadowed(
    struct rt_check *c, struct place at, const char *predicate, struct rt_map *seen)
{
	struct place *first = rt_map_get(seen, predicate);
	const struct rt_obj *route = &at.route->route->obj;
	struct rt_finding *f;

	if (!first) {
		first = rt_arena_new(&c->work, struct place);
		*first = at;
		rt_map_set(seen, predicate, first);
		return;
	}
	f = raise_match(c, RT_F_RT19, RT_YES, &at);
	rt_tie(f, RT_TIE_ROUTE, rt_name(c, route));
	rt_group(f, "%zu %zu", first->rule, first->match);
	if (first->rule == at.rule)
		rt_say(f,
		    "Match %zu of rule %zu of %s is never reached: match %zu is the same (%s)",
		    at.match, at.rule, rt_name(c, route), first->match, match_text(c, &at));
	else
		rt_say(f, "Rule %zu of %s is never reached: rule %zu has the same match (%s)",
		    at.rule, rt_name(c, route), first->rule, match_text(c, &at));
	if (has_longer_path(&at, first))
		rt_because(f, "where the slash at its end counts as a character it wins, and the "
			      "other is never reached");
}

void rt_check_RT19(struct rt_check *c)
{
	for (size_t end = rt_rule_slice(c, c->an->routes.len, RT_SOME); c->at < end; c->at++) {
		struct rt_map seen = {0};

		if (has_matches(c->an->routes.v[c->at]->route->obj.kind))
			each_match(c, c->an->routes.v[c->at], shadowed, &seen);
		rt_map_done(&seen);
	}
}

/* ---------------------------------------------------------------- RT20: between routes */

/* "cart.example.com PathPrefix /api", "PathPrefix / of any host" */
static const char *claimed(struct rt_check *c, const struct place *at, const char *host)
{
	if (!has_matches(at->route->route->obj.kind))
		return host ? host : "connections to any host";
	if (host)
		return rt_fmt(c, "%s %s", host, match_text(c, at));
	return rt_fmt(c, "%s of any host", match_text(c, at));
}

static void clash(
    struct rt_check *c, const struct place *win, const struct place *lose, const char *host)
{
	const struct rt_obj *w = &win->route->route->obj, *l = &lose->route->route->obj;
	bool by_age =
	    w->created != l->created && w->created != RT_TIME_UNSET && l->created != RT_TIME_UNSET;
	struct rt_finding *f = raise_match(c, RT_F_RT20, RT_YES, lose);
	const char *what = claimed(c, lose, host);

	rt_tie(f, RT_TIE_ROUTE, rt_name(c, l));
	rt_relate_obj(f, w);
	rt_group(f, "%s", rt_name(c, w));
	if (by_age)
		rt_say(f, "%s never gets %s: %s is older and has the same match", rt_name(c, l),
		    what, rt_name(c, w));
	else if (w->created != RT_TIME_UNSET && l->created != RT_TIME_UNSET)
		rt_say(f, "%s never gets %s: %s is as old, sorts first and has the same match",
		    rt_name(c, l), what, rt_name(c, w));
	else {
		rt_say(f, "%s and %s both claim %s; only the older one gets it", rt_name(c, l),
		    rt_name(c, w), what);
		rt_because(f, "which one wins is open: there are no creation times");
	}
}

struct rivals {
	struct rt_check *c;
	struct rt_map seen; /* kind, host and predicate -> the first place */
	const char *host;
};

static void claim(struct rivals *rv, struct place at, const char *predicate)
{
	struct rt_check *c = rv->c;
	const char *key = rt_fmt(c, "%d\x1f%s\x1f%s", (int)at.route->route->obj.kind,
	    rv->host ? rv->host : "", predicate);
	struct place *first = rt_map_get(&rv->seen, key);

	if (first) {
		if (first->route != at.route)
			clash(c, first, &at, rv->host);
		return;
	}
	first = rt_arena_new(&c->work, struct place);
	*first = at;
	rt_map_set(&rv->seen, key, first);
}

static void claim_all(struct rivals *rv, const struct rt_attachment *at)
{
	const struct rt_route *r = at->route->route;

	if (!has_matches(r->obj.kind)) {
		claim(rv, (struct place){at->route, 0, 0}, "");
		return;
	}
	for (size_t i = 0; i < r->rules.len; i++) {
		const struct rt_route_match *m;
		size_t n = rt_rule_matches(&r->rules.v[i], &m);

		for (size_t k = 0; k < n; k++)
			claim(rv, (struct place){at->route, i, k},
			    rt_predicate_key(&rv->c->work, r->obj.kind, &m[k]));
	}
}

static int by_age(const void *a, const void *b)
{
	const struct rt_attachment *const *x = a, *const *y = b;
	const struct rt_obj *rx = &(*x)->route->route->obj, *ry = &(*y)->route->route->obj;
	int d = rt_obj_age_cmp(rx, ry);

	return d ? d : (int)rx->kind - (int)ry->kind;
}

void rt_check_RT20(struct rt_check *c)
{
	for (size_t end = rt_rule_slice(c, c->an->listeners.len, 1); c->at < end; c->at++) {
		const struct rt_listener_fact *l = c->an->listeners.v[c->at];
		RT_VEC(const struct rt_attachment *) order = {0};
		struct rivals rv = {.c = c};

		if (l->attached.len < 2)
			continue;
		for (size_t k = 0; k < l->attached.len; k++)
			if (rt_route_has_hostnames(l->attached.v[k]->route->route->obj.kind))
				rt_vec_push(&order, &c->work, l->attached.v[k]);
		rt_vec_sort(&order, by_age);
		for (size_t k = 0; k < order.len; k++)
			for (size_t h = 0; h < order.v[k]->hostnames.len; h++) {
				rv.host = order.v[k]->hostnames.v[h];
				claim_all(&rv, order.v[k]);
			}
		rt_map_done(&rv.seen);
	}
}

/* ---------------------------------------------------------------- RT24: every other host */

static const struct rt_route *named_on(const struct rt_listener_fact *l)
{
	for (size_t i = 0; i < l->attached.len; i++)
		if (l->attached.v[i]->route->route->hostnames.len)
			return l->attached.v[i]->route->route;
	return NULL;
}

void rt_check_RT24(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->listeners.len; i++) {
		const struct rt_listener_fact *l = c->an->listeners.v[i];
		const struct rt_route *named = l->spec->hostname ? NULL : named_on(l);

		for (size_t k = 0; named && k < l->attached.len; k++) {
			const struct rt_route *r = l->attached.v[k]->route->route;
			struct rt_finding *f;

			if (!has_matches(r->obj.kind) || r->hostnames.len)
				continue;
			f = rt_raise(c, RT_F_RT24, RT_YES, &r->obj, "spec.hostnames");
			rt_say(f,
			    "%s takes every host on listener %s of %s that no other route names",
			    rt_name(c, &r->obj), l->spec->name, rt_name(c, l->owner));
			rt_because(f, "%s names a host on listener %s", rt_name(c, &named->obj),
			    l->spec->name);
			rt_tie(f, RT_TIE_ROUTE, rt_name(c, &r->obj));
			rt_relate_obj(f, l->owner);
			rt_group(f, "catch-all");
		}
	}
}
