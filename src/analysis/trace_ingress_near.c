/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_ingress_near.c - the Ingresses of a class that came nearest to taking a request, each with
 * what it differs in, and those that lost to the winner.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/hostname.h"
#include "rutter/vec.h"
#include "trace_ingress.h"

#define NEAR_MAX 3
#define EQUAL_MAX 8

enum { SCORE_EQUAL, SCORE_LOST, SCORE_PATH, SCORE_HOST };

/* Of one Ingress, the way it came nearest. Lower scores are nearer. */
struct near {
	const struct rt_ingress_fact *ing;
	int score, rule;
	size_t close;
	const char *text;
};
typedef RT_VEC(struct near) nears;

struct search {
	struct rt_tracer *t;
	const struct rt_ingress_group *g;
	const struct rt_ingress_near_in *in;
};

static size_t common_prefix(const char *a, const char *b)
{
	size_t n = 0;
	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

static size_t common_suffix(const char *a, const char *b)
{
	size_t i = strlen(a), j = strlen(b), n = 0;
	while (i > 0 && j > 0 && a[--i] == b[--j])
		n++;
	return n;
}

static const char *host_of(const struct rt_ingress_place *p)
{
	const char *host = p->rule < 0 ? NULL : p->ing->ingress->rules.v[p->rule].host;
	return host && host[0] ? host : NULL;
}

/* In what the winner is ahead of a path that takes the request too. */
static const char *lost_text(const struct search *s, const struct rt_ingress_place *p)
{
	const struct rt_ingress_place *w = s->in->winner;
	const struct rt_ingress_path *a = rt_ingress_place_path(w), *b = rt_ingress_place_path(p);
	if (!a)
		return "matches too, but the default backend wins";
	if (!rt_hostname_equal(host_of(w), host_of(p)))
		return "matches too, but loses: the winner's host is more specific";
	size_t la = rt_prefix_len(rt_ingress_path_value(a));
	size_t lb = rt_prefix_len(rt_ingress_path_value(b));
	if (la != lb)
		return "matches too, but loses: the winner's path is longer";
	if (strcmp(rt_ingress_path_type(a), rt_ingress_path_type(b)) != 0)
		return "matches too, but loses: the winner's path type goes first";
	return "has the same path, but is younger";
}

static const char *path_text(const struct search *s, const struct rt_ingress_path *p)
{
	const char *type = rt_ingress_path_type(p), *value = rt_ingress_path_value(p);
	const char *what = s->in->expressions        ? "does not match the expression ^"
			   : !strcmp(type, "Exact")  ? "is not exactly "
			   : !strcmp(type, "Prefix") ? "is not below "
						     : "does not match ";
	return rt_arena_printf(s->t->a, "path %s %s%s", s->in->path, what, value);
}

static struct near of_path(const struct search *s, const struct rt_ingress_place *p)
{
	const struct rt_ingress_path *path = rt_ingress_place_path(p);
	const char *host = host_of(p), *asked = s->in->host;
	struct near n = {.ing = p->ing, .rule = p->rule};
	bool fits = rt_group_is_nginx(s->g) ? !host || rt_hostname_matches(host, asked)
					    : rt_hostname_matches_ingress(host, asked);
	if (!fits) {
		n.score = SCORE_HOST;
		n.close = common_suffix(host, asked);
		n.text = rt_arena_printf(s->t->a, "host is %s, not %s", host, s->t->req->host);
		return n;
	}
	enum rt_tri hit = s->in->expressions
			      ? rt_nginx_expression(rt_ingress_path_value(path), s->in->path)
			      : rt_ingress_path_match(s->g, path, s->in->path);
	if (hit == RT_YES && !s->in->winner) {
		n.score = SCORE_LOST;
		n.text = "would match, but another Ingress names the host more closely";
		return n;
	}
	if (hit == RT_NO || !s->in->winner) {
		n.score = SCORE_PATH;
		n.close = common_prefix(rt_ingress_path_value(path), s->in->path);
		n.text = path_text(s, path);
		return n;
	}
	const struct rt_ingress_path *w = rt_ingress_place_path(s->in->winner);
	bool equal =
	    w && rt_ingress_path_equal(path, w) && rt_hostname_equal(host, host_of(s->in->winner));
	n.score = equal ? SCORE_EQUAL : SCORE_LOST;
	n.text = lost_text(s, p);
	return n;
}

static bool nearer(const struct near *a, const struct near *b)
{
	return a->score != b->score ? a->score < b->score : a->close > b->close;
}

/* False: it has no rules. */
static bool nearest(const struct search *s, const struct rt_ingress_fact *f, struct near *ret)
{
	bool any = false;
	for (size_t i = 0; i < f->ingress->rules.len; i++)
		for (size_t j = 0; j < f->ingress->rules.v[i].paths.len; j++) {
			struct near n = of_path(s, &(struct rt_ingress_place){f, (int)i, (int)j});
			if (!any || nearer(&n, ret))
				*ret = n;
			any = true;
		}
	return any;
}

static int near_cmp(const void *pa, const void *pb)
{
	const struct near *a = pa, *b = pb;
	if (nearer(a, b))
		return -1;
	if (nearer(b, a))
		return 1;
	return rt_obj_age_cmp(&a->ing->ingress->obj, &b->ing->ingress->obj);
}

void rt_ingress_near(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_near_in *in, struct rt_trace_result *r)
{
	const struct search s = {t, g, in};
	nears list = {0};
	size_t said = 0, equal = 0;
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress_fact *f = g->members.v[i];
		struct near n;
		bool merges = f->canary || (in->winner && f == in->winner->ing);
		if (!merges && nearest(&s, f, &n))
			rt_vec_push(&list, t->a, n);
	}
	rt_vec_sort(&list, near_cmp);
	for (size_t i = 0; i < list.len; i++) {
		const struct near *n = &list.v[i];
		bool same = n->score == SCORE_EQUAL;
		size_t *count = same ? &equal : &said;
		if (*count == (same ? EQUAL_MAX : NEAR_MAX) ||
		    (in->winner && n->score == SCORE_HOST))
			continue;
		++*count;
		r->by_controller |= same; /* who wins is not the API's */
		const char *name = rt_obj_text(t->a, &n->ing->ingress->obj);
		struct rt_trace_step *st =
		    same ? rt_step(t, r, RT_HOP_NEAR_MISS, RT_UNKNOWN, "%s %s", name, n->text)
			 : rt_step(t, r, RT_HOP_NEAR_MISS, RT_UNKNOWN, "%s rule %d: %s", name,
			       n->rule, n->text);
		rt_step_object(st, &n->ing->ingress->obj);
		rt_step_mend(st, same ? "IN11" : NULL, NULL);
	}
}
