/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflicts.c - which listeners of a Gateway and its ListenerSets get into each other's way
 * (gateway-api §6.1). Objects are taken in the order of precedence; each port remembers who is on
 * it, so that the whole is near-linear.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "private.h"

/* Listeners that behave alike on a port. */
enum class { HTTP, HTTPS, TLS_TERMINATE, TLS_PASSTHROUGH, TCP, UDP, CLASS_COUNT };

enum clash {
	NEVER,       /* distinct, whatever the hostnames */
	SAME_NAME,   /* the same protocol: HostnameConflict on equal hostnames */
	SHARED_NAME, /* protocols that get on, but not on one hostname: ProtocolConflict */
	ALWAYS,      /* ProtocolConflict */
	MIXED_MODES, /* SAME_NAME; without feature TLSRouteModeMixed on unequal hostnames, too */
};

/* Symmetric. HTTPS beside TLS is distinct by the letter as long as the hostnames differ. */
static const enum clash clashes[CLASS_COUNT][CLASS_COUNT] = {
    [HTTP] = {SAME_NAME, ALWAYS, ALWAYS, ALWAYS, ALWAYS, NEVER},
    [HTTPS] = {ALWAYS, SAME_NAME, SHARED_NAME, SHARED_NAME, ALWAYS, NEVER},
    [TLS_TERMINATE] = {ALWAYS, SHARED_NAME, SAME_NAME, MIXED_MODES, ALWAYS, NEVER},
    [TLS_PASSTHROUGH] = {ALWAYS, SHARED_NAME, MIXED_MODES, SAME_NAME, ALWAYS, NEVER},
    [TCP] = {ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS, NEVER},
    [UDP] = {NEVER, NEVER, NEVER, NEVER, NEVER, ALWAYS},
};

static bool class_of(const struct rt_listener_fact *l, enum class *ret)
{
	switch (l->protocol) {
	case RT_PROTOCOL_HTTP:
		*ret = HTTP;
		return true;
	case RT_PROTOCOL_HTTPS:
		*ret = HTTPS;
		return true;
	case RT_PROTOCOL_TLS:
		*ret = l->passthrough ? TLS_PASSTHROUGH : TLS_TERMINATE;
		return true;
	case RT_PROTOCOL_TCP:
		*ret = TCP;
		return true;
	case RT_PROTOCOL_UDP:
		*ret = UDP;
		return true;
	case RT_PROTOCOL_OTHER:
		break;
	}
	return false; /* never accepted, so never in the way */
}

/* The first two of some group, so that everyone in it can name someone else. */
struct pair {
	struct rt_listener_fact *first, *second;
};

static void pair_add(struct pair *p, struct rt_listener_fact *l)
{
	if (!p->first)
		p->first = l;
	else if (!p->second)
		p->second = l;
}

static struct rt_listener_fact *pair_other(const struct pair *p, const struct rt_listener_fact *l)
{
	return p->first == l ? p->second : p->first;
}

/* Who is on the ports: by (port, class), and by (port, class, hostname). */
struct ports {
	struct rt_map by_class, by_name;
	struct rt_arena *arena;
};

static void ports_done(struct ports *p)
{
	rt_map_done(&p->by_class);
	rt_map_done(&p->by_name);
}

static struct pair *slot(struct ports *p, int64_t port, enum class c, const char *name, bool create)
{
	char number[48];
	struct rt_map *m = name ? &p->by_name : &p->by_class;

	snprintf(number, sizeof(number), "%lld/%d", (long long)port, (int)c);
	const char *parts[] = {number, name ? name : ""};
	struct pair *found = rt_map_get_parts(m, RT_ARRAY_LEN(parts), parts);
	if (!found && create) {
		found = rt_arena_new(p->arena, struct pair);
		rt_map_set_parts(m, RT_ARRAY_LEN(parts), parts, found);
	}
	return found;
}

static const char *name_key(struct ports *p, const struct rt_listener_fact *l)
{
	return rt_str_lowered(p->arena, l->spec->hostname ? l->spec->hostname : "");
}

static void ports_add(struct ports *p, struct rt_listener_fact *l)
{
	enum class c;

	if (!class_of(l, &c))
		return;
	pair_add(slot(p, l->spec->port, c, NULL, true), l);
	pair_add(slot(p, l->spec->port, c, name_key(p, l), true), l);
}

struct clash_found {
	struct rt_listener_fact *with;
	enum rt_reason reason;
};

/* Does a clash of kind c show itself as one of kind looked_for? */
static bool shows_as(enum clash c, enum clash looked_for, const struct rt_listener_fact *l)
{
	if (c != MIXED_MODES)
		return c == looked_for;
	bool mixed = rt_features_on(&l->gateway->features, RT_FEATURE_TLSRouteModeMixed);
	return looked_for == SAME_NAME || (looked_for == ALWAYS && !mixed);
}

/* Does l clash with someone else in p? Equal names of one protocol are looked for first: they are
 * the more telling reason. */
static bool ports_clash(struct ports *p, const struct rt_listener_fact *l, struct clash_found *ret)
{
	static const struct {
		enum clash kind;
		enum rt_reason reason;
	} order[] = {
	    {SAME_NAME, RT_REASON_HOSTNAME_CONFLICT},
	    {SHARED_NAME, RT_REASON_PROTOCOL_CONFLICT},
	    {ALWAYS, RT_REASON_PROTOCOL_CONFLICT},
	};
	enum class own;

	if (!class_of(l, &own))
		return false;
	const char *name = name_key(p, l);
	for (size_t i = 0; i < RT_ARRAY_LEN(order); i++)
		for (int c = 0; c < CLASS_COUNT; c++) {
			if (!shows_as(clashes[own][c], order[i].kind, l))
				continue;
			bool any = order[i].kind == ALWAYS;
			const struct pair *who =
			    slot(p, l->spec->port, (enum class)c, any ? NULL : name, false);
			ret->with = who ? pair_other(who, l) : NULL;
			ret->reason = order[i].reason;
			if (ret->with)
				return true;
		}
	return false;
}

static void lose(struct rt_listener_fact *l, const struct clash_found *c)
{
	l->conflict = c->reason;
	l->conflict_with = c->with;
}

/* One object's listeners: those that lose to an earlier object no longer count against their
 * siblings; among the siblings there is no winner. */
static void object_conflicts(struct ports *earlier, struct rt_listener_fact *const *v, size_t len)
{
	struct ports own = {.arena = earlier->arena};
	struct clash_found c;

	for (size_t i = 0; i < len; i++) {
		if (ports_clash(earlier, v[i], &c))
			lose(v[i], &c);
		else
			ports_add(&own, v[i]);
	}
	for (size_t i = 0; i < len; i++)
		if (!v[i]->conflict && ports_clash(&own, v[i], &c))
			lose(v[i], &c);
	for (size_t i = 0; i < len; i++)
		if (!v[i]->conflict || v[i]->conflict_with->owner == v[i]->owner)
			ports_add(earlier, v[i]);
	ports_done(&own);
}

/* ---------------------------------------------------------------- overlapping TLS (§6.1) */

/* OverlappingTLSConfig: unequal hostnames of one port that some host matches both. Wildcards nest,
 * so it suffices to look at the name itself, at each wildcard above it and at "unset". */
static void overlap_mark(struct ports *p, struct rt_listener_fact *l)
{
	static const enum class classes[] = {HTTPS, TLS_TERMINATE};
	const char *name = name_key(p, l);

	for (size_t k = 0; k < RT_ARRAY_LEN(classes); k++) {
		const char *dot = strchr(name[0] == '*' ? name + 2 : name, '.');
		const struct pair *who = NULL;
		for (; name[0] && !who && dot; dot = strchr(dot + 1, '.')) {
			const char *wild = rt_arena_printf(p->arena, "*%s", dot);
			who = slot(p, l->spec->port, classes[k], wild, false);
		}
		if (!who && name[0])
			who = slot(p, l->spec->port, classes[k], "", false);
		if (!who)
			continue;
		if (!l->overlaps)
			l->overlaps = who->first;
		if (!who->first->overlaps)
			who->first->overlaps = l;
	}
}

static void overlaps_find(struct rt_gateway_fact *g, struct rt_arena *scratch)
{
	struct ports p = {.arena = scratch};

	for (size_t i = 0; i < g->merged.len; i++)
		if (g->merged.v[i]->terminates && !g->merged.v[i]->conflict)
			ports_add(&p, g->merged.v[i]);
	for (size_t i = 0; i < g->merged.len; i++)
		if (g->merged.v[i]->terminates && !g->merged.v[i]->conflict)
			overlap_mark(&p, g->merged.v[i]);
	ports_done(&p);
}

void rt_conflicts_find(struct rt_analysis *an)
{
	struct rt_arena scratch = {0};

	for (size_t i = 0; i < an->gateways.len; i++) {
		struct rt_gateway_fact *g = an->gateways.v[i];
		struct ports taken = {.arena = &scratch};
		object_conflicts(&taken, g->listeners.v, g->listeners.len);
		for (size_t k = 0; k < g->sets.len; k++)
			if (rt_listener_set_admitted(g->sets.v[k]) == RT_YES)
				object_conflicts(
				    &taken, g->sets.v[k]->listeners.v, g->sets.v[k]->listeners.len);
		ports_done(&taken);
		overlaps_find(g, &scratch);
		rt_arena_reset(&scratch);
	}
	rt_arena_done(&scratch);
}
