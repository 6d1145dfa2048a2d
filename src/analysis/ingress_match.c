/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress_match.c - hosts and paths as the Ingress API defines them, and the groups of Ingresses
 * that one controller merges.
 */
#include "config.h"

#include "ingress_match.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/hostname.h"
#include "rutter/vec.h"

/* ------------------------------------------------------------------ groups */

/* Manifests seldom hold the IngressClass: a class that is merely not in them counts as there. */
enum rt_tri rt_ingress_claimed(const struct rt_analysis *an, const struct rt_ingress_fact *f)
{
	bool known = rt_store_known(an->store, RT_GROUP_NETWORKING, "IngressClass", NULL);
	if (f->claimed == RT_NO && f->class_name && !f->class_fact && !known)
		return RT_UNKNOWN;
	return f->claimed;
}

static const struct rt_controller *controller_of(const struct rt_ingress_fact *f, bool *ret_assumed)
{
	*ret_assumed = false;
	if (f->controller)
		return f->controller;
	if (f->class_fact)
		return NULL; /* its class names a controller that no row knows */
	if (f->class_name) {
		*ret_assumed = true;
		return rt_controller_of_annotation(f->class_name);
	}
	return f->claimants.len > 0 ? f->claimants.v[0] : NULL;
}

static bool same_group(
    const struct rt_ingress_group *g, const char *name, const struct rt_controller *c)
{
	if (!g->class_name || !name)
		return !g->class_name && !name && g->controller == c;
	return strcmp(g->class_name, name) == 0;
}

static int age_cmp(const void *pa, const void *pb)
{
	const struct rt_ingress_fact *const *a = pa, *const *b = pb;
	return rt_obj_age_cmp(&(*a)->ingress->obj, &(*b)->ingress->obj);
}

static int group_cmp(const void *pa, const void *pb)
{
	const struct rt_ingress_group *const *a = pa, *const *b = pb;
	const char *left = (*a)->class_name ? (*a)->class_name : "";
	const char *right = (*b)->class_name ? (*b)->class_name : "";
	int c = strcmp(left, right);
	if (c || !(*a)->controller || !(*b)->controller)
		return c ? c : ((*a)->controller != NULL) - ((*b)->controller != NULL);
	return strcmp((*a)->controller->id, (*b)->controller->id);
}

void rt_ingress_groups_of(const struct rt_analysis *an, struct rt_arena *a, rt_ingress_groups *ret)
{
	for (size_t i = 0; i < an->ingresses.len; i++) {
		const struct rt_ingress_fact *f = an->ingresses.v[i];
		bool assumed = false;
		const struct rt_controller *c = controller_of(f, &assumed);
		const char *name = f->class_fact ? f->class_fact->ic->obj.name : f->class_name;
		struct rt_ingress_group *g = NULL;
		for (size_t j = 0; j < ret->len && !g; j++)
			if (same_group(ret->v[j], name, c))
				g = ret->v[j];
		if (!g) {
			g = rt_arena_new(a, struct rt_ingress_group);
			g->class_name = name;
			g->controller = c;
			g->assumed = assumed;
			rt_vec_push(ret, a, g);
		}
		rt_vec_push(&g->members, a, f);
	}
	for (size_t i = 0; i < ret->len; i++)
		rt_vec_sort(&ret->v[i]->members, age_cmp);
	rt_vec_sort(ret, group_cmp);
}

bool rt_group_is_nginx(const struct rt_ingress_group *g)
{
	return rt_controller_is_nginx(g->controller);
}

/* ------------------------------------------------------------------ paths */

static enum rt_path_style style_of(const struct rt_controller *c)
{
	return c ? c->path_style : RT_PATH_UNKNOWN;
}

/* '*' any run, '?' one character; no backtracking beyond the last star. */
bool rt_path_glob(const char *pattern, const char *path)
{
	const char *star = NULL, *mark = NULL;
	while (*path) {
		if (*pattern == '*') {
			star = pattern++;
			mark = path;
		} else if (*pattern == '?' || *pattern == *path) {
			pattern++;
			path++;
		} else if (star) {
			pattern = star + 1;
			path = ++mark;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool starred(const char *value, const char *path)
{
	size_t n = strlen(value);
	bool star = n >= 2 && value[n - 1] == '*' && strchr("./", value[n - 2]);
	return star ? strncmp(value, path, n - 2) == 0 : strcmp(value, path) == 0;
}

/* Would some controller read the value so that it takes the path? */
static bool might_match(const char *value, const char *path)
{
	return strncmp(value, path, strlen(value)) == 0 || rt_path_glob(value, path) ||
	       starred(value, path) || rt_match_regex(value, path) != RT_NO;
}

static enum rt_tri specific_match(const char *value, enum rt_path_style style, const char *path)
{
	bool hit = false;
	switch (style) {
	case RT_PATH_UNKNOWN:
		hit = rt_path_prefix(value, path);
		break;
	case RT_PATH_STARRED:
		hit = starred(value, path);
		break;
	case RT_PATH_TILDE:
		if (strncmp(value, "/~", 2) == 0)
			return rt_match_regex(value + 2, path) == RT_NO ? RT_NO : RT_UNKNOWN;
		hit = strncmp(value, path, strlen(value)) == 0;
		break;
	case RT_PATH_STRING:
		hit = strncmp(value, path, strlen(value)) == 0;
		break;
	case RT_PATH_GLOB:
		hit = rt_path_glob(value, path);
		break;
	}
	return hit ? RT_YES : RT_NO;
}

static enum rt_tri path_match(
    const struct rt_ingress_path *p, enum rt_path_style style, const char *path)
{
	const char *type = rt_ingress_path_type(p), *value = rt_ingress_path_value(p);
	if (strcmp(type, "Exact") == 0)
		return strcmp(value, path) == 0 ? RT_YES : RT_NO;
	if (strcmp(type, "Prefix") == 0)
		return rt_path_prefix(value, path) ? RT_YES : RT_NO;
	return specific_match(value, style, path);
}

enum rt_tri rt_ingress_path_match(
    const struct rt_ingress_group *g, const struct rt_ingress_path *p, const char *path)
{
	return path_match(p, style_of(g->controller), path);
}

const struct rt_ingress_path *rt_ingress_place_path(const struct rt_ingress_place *p)
{
	return p->rule < 0 ? NULL : &p->ing->ingress->rules.v[p->rule].paths.v[p->path];
}

const struct rt_ingress_backend_fact *rt_ingress_place_backend(const struct rt_ingress_place *p)
{
	for (size_t i = 0; i < p->ing->backends.len; i++) {
		const struct rt_ingress_backend_fact *b = &p->ing->backends.v[i];
		if (b->rule == p->rule && (p->rule < 0 || b->path == p->path))
			return b;
	}
	return NULL;
}

/* ------------------------------------------------------------------ the choice */

/* How well a rule's host fits: 0 not at all, 1 every host, 2 wildcard, 3 the name itself. */
static int host_rank(const char *rule_host, const char *host)
{
	if (!rule_host || !rule_host[0])
		return 1;
	if (!rt_hostname_matches_ingress(rule_host, host))
		return 0;
	return rt_hostname_is_wildcard(rule_host) ? 2 : 3;
}

struct scan {
	const char *path;
	enum rt_path_style style;
	int rank; /* of the hosts looked at */
	struct rt_ingress_pick pick;
	const struct rt_ingress_path *maybe; /* of those that do not match the first in order */
};

static size_t value_len(const struct rt_ingress_path *p)
{
	const char *v = rt_ingress_path_value(p);
	size_t n = strlen(v);
	while (n > 1 && v[n - 1] == '/')
		n--;
	return n;
}

/* Longer first, of equal ones Exact; 0 where the API does not tell them apart. */
static int path_cmp(const struct rt_ingress_path *a, const struct rt_ingress_path *b)
{
	size_t la = value_len(a), lb = value_len(b);
	if (la != lb)
		return la > lb ? -1 : 1;
	int ea = strcmp(rt_ingress_path_type(a), "Exact") == 0;
	int eb = strcmp(rt_ingress_path_type(b), "Exact") == 0;
	return eb - ea;
}

static void consider(struct scan *s, struct rt_ingress_place place)
{
	const struct rt_ingress_path *p = rt_ingress_place_path(&place);
	enum rt_tri hit = path_match(p, s->style, s->path);
	bool specific = strcmp(rt_ingress_path_type(p), "ImplementationSpecific") == 0;
	if (hit == RT_NO) {
		if (specific && s->style == RT_PATH_UNKNOWN &&
		    (!s->maybe || path_cmp(p, s->maybe) < 0) &&
		    might_match(rt_ingress_path_value(p), s->path))
			s->maybe = p;
		return;
	}
	int c = s->pick.found ? path_cmp(p, rt_ingress_place_path(&s->pick.place)) : -1;
	if (c == 0 && place.ing != s->pick.place.ing && !s->pick.rival.ing && !place.ing->canary)
		s->pick.rival = place; /* members come oldest first: this one is younger */
	if (c >= 0)
		return;
	s->pick.found = true;
	s->pick.place = place;
	s->pick.rival.ing = NULL;
	s->pick.depends = hit == RT_UNKNOWN || specific;
	s->pick.host = place.ing->ingress->rules.v[place.rule].host;
}

static void scan_hosts(struct scan *s, const struct rt_ingress_group *g, const char *host)
{
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		for (size_t j = 0; j < ing->rules.len; j++) {
			if (host_rank(ing->rules.v[j].host, host) != s->rank)
				continue;
			s->pick.host_known = true;
			for (size_t k = 0; k < ing->rules.v[j].paths.len; k++)
				consider(
				    s, (struct rt_ingress_place){g->members.v[i], (int)j, (int)k});
		}
	}
}

static bool has_host(const struct rt_ingress *ing, const char *host)
{
	for (size_t i = 0; i < ing->rules.len; i++)
		if (host_rank(ing->rules.v[i].host, host) > 1)
			return true;
	return false;
}

/* The default backend of an Ingress with the host, else of any: the oldest. */
static bool default_backend(
    const struct rt_ingress_group *g, const char *host, struct rt_ingress_pick *pick)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < g->members.len; i++) {
			const struct rt_ingress_fact *f = g->members.v[i];
			if (!f->ingress->default_backend ||
			    (pass == 0 && !has_host(f->ingress, host)))
				continue;
			if (pick->found) {
				if (f != pick->place.ing && !pick->rival.ing)
					pick->rival = (struct rt_ingress_place){f, -1, -1};
				continue;
			}
			pick->found = pick->host_known = true;
			pick->place = (struct rt_ingress_place){f, -1, -1};
		}
	return pick->found;
}

struct rt_ingress_pick rt_ingress_choose(
    const struct rt_ingress_group *g, const char *host, const char *path)
{
	struct scan s = {.path = path, .style = style_of(g->controller)};
	struct rt_ingress_pick missed = {0};
	bool named = false;
	for (s.rank = 3; s.rank > 0; s.rank--) {
		s.pick = (struct rt_ingress_pick){0};
		if (!named)
			s.maybe = NULL;
		scan_hosts(&s, g, host);
		if (s.pick.found && named) {
			missed.wider = true; /* some controllers fall through to it, some do not */
			break;
		}
		if (s.pick.found) {
			if (s.maybe && path_cmp(s.maybe, rt_ingress_place_path(&s.pick.place)) < 0)
				s.pick.maybe = s.maybe;
			return s.pick;
		}
		if (s.pick.host_known && !named)
			named = missed.host_known = true;
	}
	missed.maybe = s.maybe;
	default_backend(g, host, &missed);
	return missed;
}
