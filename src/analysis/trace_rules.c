/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_rules.c - which rule of which route takes a request on a listener, and the near misses
 * (gateway-api §9.2, §9.3). Each match of each rule is one candidate; the winner is final.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/hostname.h"
#include "rutter/vec.h"
#include "trace_int.h"

#define NEAR_MAX 3

struct candidate {
	struct rt_pick pick;
	enum rt_tri hit;
	bool regex_path, regex;
};
typedef RT_VEC(struct candidate) candidates;

/* Of one route, the way it came nearest. Lower scores are nearer. */
struct near {
	const struct rt_route_fact *route;
	int score;
	unsigned close;
	int rule, match;
	const char *text; /* NULL: what miss says of spec; for SCORE_HOST the nearest hostname */
	const struct rt_route_match *spec;
	struct rt_miss miss;
	const char *finding;
};
typedef RT_VEC(struct near) nears;

enum { SCORE_LOST, SCORE_REFUSED, SCORE_ELSEWHERE, SCORE_PART, SCORE_HOST = 100 };

struct search {
	struct rt_tracer *t;
	const struct rt_listener_fact *l;
	struct rt_trace_result *r;
	candidates found;
	nears near;
	/* The first in precedence of the matches that look at something given more than once. */
	const char *repeated; /* "header x", "query parameter q"; NULL: none */
	struct rt_rank repeated_rank;
};

bool rt_attachment_host(const struct rt_attachment *at, const char *host, const char **ret)
{
	bool any = false;
	for (size_t i = 0; i < at->hostnames.len; i++) {
		const char *pattern = at->hostnames.v[i];
		if (!rt_hostname_matches(pattern, host))
			continue;
		if (!any || rt_hostname_route_cmp(pattern, *ret) < 0)
			*ret = pattern;
		any = true;
	}
	return any;
}

static bool kind_applies(const struct rt_tracer *t, enum rt_kind k)
{
	return k == RT_KIND_HTTP_ROUTE || (k == RT_KIND_GRPC_ROUTE && rt_view_is_grpc(&t->view));
}

static const struct rt_rule_fault *fault_of(const struct rt_route_fact *f, int rule)
{
	for (size_t i = 0; i < f->faults.len; i++)
		if (f->faults.v[i].rule == rule)
			return &f->faults.v[i];
	return NULL;
}

static const char *fault_finding(const struct rt_rule_fault *f)
{
	return f->reason == RT_REASON_UNSUPPORTED_VALUE ? "RT25" : "RT22";
}

static enum rt_tri try_match(
    struct rt_tracer *t, enum rt_kind kind, const struct rt_route_match *m, struct rt_miss *miss)
{
	return kind == RT_KIND_GRPC_ROUTE ? rt_match_grpc(&t->view, m, miss)
					  : rt_match_http(&t->view, m, miss);
}

/* ------------------------------------------------------------------ near misses */

static bool nearer(const struct near *a, const struct near *b)
{
	if (a->score != b->score)
		return a->score < b->score;
	return a->close > b->close;
}

/* One entry a route: its nearest. Routes come one after the other, except where again says that
 * one may have been met before. */
static void add_near(struct search *s, struct near n, bool again)
{
	size_t first = again || s->near.len == 0 ? 0 : s->near.len - 1;
	for (size_t i = first; i < s->near.len; i++) {
		if (s->near.v[i].route != n.route)
			continue;
		if (nearer(&n, &s->near.v[i]))
			s->near.v[i] = n;
		return;
	}
	rt_vec_push(&s->near, s->t->a, n);
}

static int near_cmp(const void *pa, const void *pb)
{
	const struct near *a = pa, *b = pb;
	if (nearer(a, b))
		return -1;
	if (nearer(b, a))
		return 1;
	int c = rt_obj_age_cmp(&a->route->route->obj, &b->route->route->obj);
	return c ? c : (int)a->route->route->obj.kind - (int)b->route->route->obj.kind;
}

static unsigned common_suffix(const char *a, const char *b)
{
	size_t i = strlen(a), j = strlen(b);
	unsigned n = 0;
	while (i > 0 && j > 0 && a[i - 1] == b[j - 1]) {
		i--;
		j--;
		n++;
	}
	return n;
}

static void near_by_host(struct search *s, const struct rt_attachment *at)
{
	const char *host = s->t->req->host, *nearest = NULL;
	unsigned close = 0;
	for (size_t i = 0; i < at->hostnames.len; i++) {
		const char *pattern = at->hostnames.v[i];
		unsigned c = pattern ? common_suffix(pattern, host) : 0;
		if (pattern && (!nearest || c > close)) {
			nearest = pattern;
			close = c;
		}
	}
	struct near n = {.route = at->route, .score = SCORE_HOST, .close = close, .rule = -1};
	n.text = nearest;
	add_near(s, n, false);
}

/* ------------------------------------------------------------------ candidates */

static void note_repeats(struct search *s, struct rt_rank rank, const struct rt_route_match *m)
{
	const char *what = rt_view_repeats(&s->t->view, m);
	if (!what || (s->repeated && rt_rank_cmp(&s->repeated_rank, &rank, NULL) <= 0))
		return;
	s->repeated = what;
	s->repeated_rank = rank;
}

static void try_rule(struct search *s, const struct rt_attachment *at, const char *host, int rule)
{
	const struct rt_route *route = at->route->route;
	const struct rt_route_match *m = NULL;
	size_t count = rt_rule_matches(&route->rules.v[rule], &m);
	const struct rt_rule_fault *fault = fault_of(at->route, rule);
	for (size_t i = 0; i < count; i++) {
		struct rt_miss miss;
		enum rt_tri hit = try_match(s->t, route->obj.kind, &m[i], &miss);
		struct near n = {.route = at->route, .rule = rule, .match = (int)i};
		if (hit != RT_NO || miss.part == RT_MISS_HEADER || miss.part == RT_MISS_QUERY)
			note_repeats(s, rt_rank_of(route, (size_t)rule, i, host), &m[i]);
		if (hit != RT_NO && fault) {
			n.score = SCORE_REFUSED;
			n.text = rt_arena_printf(
			    s->t->a, "would match, but the rule is not served: %s", fault->why);
			n.finding = fault_finding(fault);
			add_near(s, n, false);
			s->r->by_controller = true; /* dropped, or the last good one kept (§4.4) */
		} else if (hit == RT_NO) {
			n.score = SCORE_PART + (int)miss.count;
			n.close = miss.close;
			n.spec = &m[i];
			n.miss = miss;
			if (fault) {
				n.text = rt_arena_printf(
				    s->t->a, "the rule is not served: %s", fault->why);
				n.finding = fault_finding(fault);
			}
			add_near(s, n, false);
		} else {
			struct candidate c = {.hit = hit, .regex = miss.regex};
			c.regex_path =
			    m[i].path.type && strcmp(m[i].path.type, "RegularExpression") == 0;
			c.pick = (struct rt_pick){at, host, rule, (int)i, &m[i],
			    rt_rank_of(route, (size_t)rule, i, host)};
			rt_vec_push(&s->found, s->t->a, c);
		}
	}
}

static void collect(struct search *s)
{
	for (size_t i = 0; i < s->l->attached.len; i++) {
		const struct rt_attachment *at = s->l->attached.v[i];
		const char *host = NULL;
		enum rt_kind kind = at->route->route->obj.kind;
		if (kind != RT_KIND_HTTP_ROUTE && kind != RT_KIND_GRPC_ROUTE)
			continue;
		if (!rt_attachment_host(at, s->t->req->host, &host)) {
			near_by_host(s, at);
			continue;
		}
		if (!kind_applies(s->t, kind)) {
			add_near(s,
			    (struct near){.route = at->route,
				.score = SCORE_PART + 1,
				.text = "the request is not gRPC"},
			    false);
			continue;
		}
		for (size_t j = 0; j < at->route->route->rules.len; j++)
			try_rule(s, at, host, (int)j);
	}
}

static int candidate_cmp(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;
	return rt_rank_cmp(&a->pick.rank, &b->pick.rank, NULL);
}

/* Of an HTTPRoute and a GRPCRoute for one host only the older is accepted (§4.3): the candidates of
 * the other kind go. */
static void settle_kinds(struct search *s)
{
	const struct rt_obj *oldest[2] = {NULL, NULL};
	for (size_t i = 0; i < s->found.len; i++) {
		const struct rt_obj *o = s->found.v[i].pick.rank.route;
		const struct rt_obj **slot = &oldest[o->kind == RT_KIND_GRPC_ROUTE];
		if (!*slot || rt_obj_age_cmp(o, *slot) < 0)
			*slot = o;
	}
	if (!oldest[0] || !oldest[1])
		return;
	enum rt_kind keep =
	    rt_obj_age_cmp(oldest[0], oldest[1]) <= 0 ? RT_KIND_HTTP_ROUTE : RT_KIND_GRPC_ROUTE;
	rt_depends(s->t, s->r, "%s and %s claim the host together; only the older may be accepted",
	    rt_obj_text(s->t->a, oldest[0]), rt_obj_text(s->t->a, oldest[1]));
	size_t kept = 0;
	for (size_t i = 0; i < s->found.len; i++)
		if (s->found.v[i].pick.rank.route->kind == keep)
			s->found.v[kept++] = s->found.v[i];
	s->found.len = kept;
}

static bool same_host(const struct rt_rank *a, const struct rt_rank *b)
{
	return a->key[RT_RANK_HOST] == b->key[RT_RANK_HOST] &&
	       a->key[RT_RANK_HOST_EXACT] == b->key[RT_RANK_HOST_EXACT];
}

/* Where a regular expression could turn the answer, the answer is the controller's. */
static void judge_regex(struct search *s, const struct candidate *winner)
{
	for (size_t i = 0; i < s->found.len; i++) {
		const struct candidate *c = &s->found.v[i];
		bool rival = winner && same_host(&c->pick.rank, &winner->pick.rank);
		bool ahead = !winner || c < winner;
		if (c == winner ? c->regex
				: (c->hit == RT_UNKNOWN && ahead) || (rival && c->regex_path))
			rt_depends(s->t, s->r,
			    "rule %d of %s has a regular expression: dialect and precedence are "
			    "the "
			    "controller's",
			    c->pick.rule, rt_obj_text(s->t->a, c->pick.rank.route));
	}
}

static const struct candidate *choose(struct search *s)
{
	rt_vec_sort(&s->found, candidate_cmp);
	for (size_t i = 0; i < s->found.len; i++)
		if (s->found.v[i].hit == RT_YES)
			return &s->found.v[i];
	return NULL;
}

/* "/a/" is a longer value than "/a", and yet takes the same requests: which counts is open (§12).
 */
static void judge_slash(struct search *s, const struct candidate *winner)
{
	struct rt_rank w = winner->pick.rank;
	size_t len = rt_prefix_len(winner->pick.spec->path.value);
	for (size_t i = 0; i < s->found.len; i++) {
		const struct candidate *c = &s->found.v[i];
		struct rt_rank r = c->pick.rank;
		if (c == winner || c->hit != RT_YES || r.route->kind != RT_KIND_HTTP_ROUTE ||
		    r.key[RT_RANK_PATH_TYPE] != w.key[RT_RANK_PATH_TYPE] ||
		    r.key[RT_RANK_PATH] == w.key[RT_RANK_PATH] ||
		    rt_prefix_len(c->pick.spec->path.value) != len)
			continue;
		r.key[RT_RANK_PATH] = w.key[RT_RANK_PATH];
		if (rt_rank_cmp(&r, &w, NULL) < 0)
			rt_depends(s->t, s->r,
			    "rule %d of %s has the same prefix but for a slash at the end: whether "
			    "that makes it longer is not specified",
			    c->pick.rule, rt_obj_text(s->t->a, r.route));
	}
}

/* Manifests carry no creationTimestamp: the cluster may decide otherwise than by name. */
static void judge_age(struct search *s, const struct candidate *winner)
{
	for (size_t i = 0; i < s->found.len; i++) {
		const struct candidate *c = &s->found.v[i];
		const struct rt_obj *a = winner->pick.rank.route, *b = c->pick.rank.route;
		enum rt_rank_field field;
		if (a == b || c->hit != RT_YES ||
		    (a->created != RT_TIME_UNSET && b->created != RT_TIME_UNSET))
			continue;
		rt_rank_cmp(&winner->pick.rank, &c->pick.rank, &field);
		if (field != RT_RANK_AGE && field != RT_RANK_NAME)
			continue;
		rt_depends(s->t, s->r,
		    "%s matches as well as %s; the older wins, and the input does not say when "
		    "they were created",
		    rt_obj_text(s->t->a, b), rt_obj_text(s->t->a, a));
		return;
	}
}

static void judge_rival(struct search *s, const struct candidate *winner)
{
	const struct rt_route_fact *rival = winner->pick.attachment->parent->kind_rival;
	if (rival)
		rt_depends(s->t, s->r,
		    "%s is older and claims the host too: of an HTTPRoute and a GRPCRoute only the "
		    "older may be accepted",
		    rt_obj_text(s->t->a, &rival->route->obj));
}

static bool same_pick(const struct candidate *a, const struct candidate *b)
{
	if (!a || !b)
		return a == b;
	return a->pick.attachment == b->pick.attachment && a->pick.rule == b->pick.rule &&
	       a->pick.match == b->pick.match;
}

/* Nothing is decoded or normalised here, which the API leaves open (§9.2): where that would lead
 * elsewhere, say so. */
static void judge_path(struct search *s, const struct candidate *winner)
{
	struct rt_tracer *t = s->t;
	const char *plain = rt_path_normalise(t->a, t->req->path);
	if (!plain) {
		rt_depends(
		    t, s->r, "the path %s is malformed: the answer may be 400", t->req->path);
		return;
	}
	if (strcmp(plain, t->req->path) == 0)
		return;
	struct rt_request req = *t->req;
	struct rt_tracer other = *t;
	struct rt_trace_result aside = {0};
	struct search again = {.t = &other, .l = s->l, .r = &aside};
	req.path = plain;
	other.req = &req;
	rt_view_init(&other.view, t->a, &req);
	collect(&again);
	const struct candidate *c = choose(&again);
	if (same_pick(c, winner))
		return;
	rt_depends(t, s->r,
	    "decoded and normalised the path is %s, which %s takes: gateways differ in that", plain,
	    c ? rt_arena_printf(
		    t->a, "rule %d of %s", c->pick.rule, rt_obj_text(t->a, c->pick.rank.route))
	      : "no rule");
}

static void judge_winner(struct search *s, const struct candidate *winner)
{
	if (s->repeated &&
	    (!winner || rt_rank_cmp(&s->repeated_rank, &winner->pick.rank, NULL) <= 0))
		rt_depends(s->t, s->r,
		    "%s is given more than once: whether the values are joined or the first counts "
		    "is the controller's",
		    s->repeated);
	judge_path(s, winner);
	if (!winner)
		return;
	judge_slash(s, winner);
	judge_age(s, winner);
	judge_rival(s, winner);
}

/* ------------------------------------------------------------------ routes that are not there */

static const struct {
	const char *text, *finding;
} stages[] = {
    [RT_STAGE_PARENT] = {"its parentRef finds no parent", "RT01"},
    [RT_STAGE_SECTION] = {"its sectionName names no listener", "RT02"},
    [RT_STAGE_PORT] = {"its parentRef port fits no listener", "RT03"},
    [RT_STAGE_KIND] = {"no listener allows its kind", "RT05"},
    [RT_STAGE_NAMESPACE] = {"no listener allows its namespace", "RT04"},
    [RT_STAGE_HOSTNAME] = {"its hostnames fit no listener", "RT06"},
    [RT_STAGE_VALUE] = {"its values are not accepted", "RT25"},
    [RT_STAGE_ATTACHED] = {"it is attached to other listeners", NULL},
};

static bool route_names_host(const struct rt_route *route, const char *host)
{
	if (route->hostnames.len == 0)
		return true;
	for (size_t i = 0; i < route->hostnames.len; i++)
		if (rt_hostname_matches(route->hostnames.v[i], host))
			return true;
	return false;
}

/* Would some rule take the request? Paths first: no regular expression is run for nothing. */
static int would_match(struct rt_tracer *t, const struct rt_route *route)
{
	for (size_t i = 0; i < route->rules.len; i++) {
		const struct rt_route_match *m = NULL;
		size_t count = rt_rule_matches(&route->rules.v[i], &m);
		for (size_t j = 0; j < count; j++) {
			struct rt_miss miss;
			if (try_match(t, route->obj.kind, &m[j], &miss) == RT_YES)
				return (int)i;
		}
	}
	return -1;
}

static bool attached_here(const struct rt_route_fact *f, const struct rt_listener_fact *l)
{
	for (size_t i = 0; i < f->attachments.len; i++)
		if (f->attachments.v[i]->listener == l)
			return true;
	return false;
}

/* Routes that name this Gateway, would take the request, and are not on this listener. */
static void near_unattached(struct search *s)
{
	for (size_t i = 0; i < s->t->an->routes.len; i++) {
		const struct rt_route_fact *f = s->t->an->routes.v[i];
		const struct rt_parent_fact *parent = NULL;
		if (!kind_applies(s->t, f->route->obj.kind) || attached_here(f, s->l))
			continue;
		for (size_t j = 0; j < f->parents.len && !parent; j++)
			if (f->parents.v[j].gateway && f->parents.v[j].gateway == s->l->gateway)
				parent = &f->parents.v[j];
		if (!parent || !route_names_host(f->route, s->t->req->host))
			continue;
		int rule = would_match(s->t, f->route);
		if (rule < 0)
			continue;
		bool attached = parent->stage == RT_STAGE_ATTACHED;
		add_near(s,
		    (struct near){.route = f,
			.score = attached ? SCORE_ELSEWHERE : SCORE_REFUSED,
			.rule = rule,
			.text = rt_arena_printf(
			    s->t->a, "would match, but %s", stages[parent->stage].text),
			.finding = stages[parent->stage].finding},
		    false);
	}
}

/* ------------------------------------------------------------------ telling */

static void near_losers(struct search *s, const struct candidate *winner)
{
	for (size_t i = 0; i < s->found.len; i++) {
		const struct candidate *c = &s->found.v[i];
		enum rt_rank_field field;
		if (c == winner || c->pick.attachment->route == winner->pick.attachment->route)
			continue;
		if (c->hit == RT_UNKNOWN ||
		    rt_rank_cmp(&winner->pick.rank, &c->pick.rank, &field) > 0)
			continue;
		add_near(s,
		    (struct near){.route = c->pick.attachment->route,
			.score = SCORE_LOST,
			.rule = c->pick.rule,
			.match = c->pick.match,
			.text = rt_arena_printf(s->t->a, "matches too, but loses: the winner's %s",
			    rt_rank_field_text(field))},
		    true);
	}
}

static void say_near(struct search *s, const struct candidate *winner)
{
	rt_vec_sort(&s->near, near_cmp);
	size_t said = 0;
	for (size_t i = 0; i < s->near.len && said < NEAR_MAX; i++) {
		const struct near *n = &s->near.v[i];
		const struct rt_obj *o = &n->route->route->obj;
		if (winner && n->route == winner->pick.attachment->route)
			continue;
		if (n->score == SCORE_HOST && (winner || !n->text))
			continue;
		said++;
		struct rt_trace_step *st =
		    n->score == SCORE_HOST
			? rt_step(s->t, s->r, RT_HOP_NEAR_MISS, RT_UNKNOWN,
			      "%s: hostname is %s, not %s", rt_obj_text(s->t->a, o), n->text,
			      s->t->req->host)
			: rt_step(s->t, s->r, RT_HOP_NEAR_MISS, RT_UNKNOWN, "%s rule %d: %s",
			      rt_obj_text(s->t->a, o), n->rule,
			      n->text ? n->text
				      : rt_miss_text(s->t->a, &s->t->view, n->spec, &n->miss));
		rt_step_mend(st, n->finding, NULL);
		rt_step_object(st, o);
	}
}

static void say_winner(struct search *s, const struct candidate *w)
{
	const struct rt_route *route = w->pick.attachment->route->route;
	const char *name = route->rules.v[w->pick.rule].name;
	struct rt_trace_step *st = rt_step(s->t, s->r, RT_HOP_ROUTE, RT_YES,
	    "%s rule %d%s%s%s match %d: %s%s%s", rt_obj_text(s->t->a, &route->obj), w->pick.rule,
	    name ? " (" : "", name ? name : "", name ? ")" : "", w->pick.match,
	    rt_predicate_text(s->t->a, route->obj.kind, w->pick.spec),
	    w->pick.hostname ? ", hostname " : "", w->pick.hostname ? w->pick.hostname : "");
	rt_step_object(st, &route->obj);
	const struct rt_parent_fact *p = w->pick.attachment->parent;
	if (p && p->status) {
		rt_step_reported(s->t, s->r, &route->obj, p->status->conditions, RT_COND_ACCEPTED);
		rt_step_reported(
		    s->t, s->r, &route->obj, p->status->conditions, RT_COND_RESOLVED_REFS);
	}
}

/* Without isolation the routes of every matching listener of the port may apply together. */
static void judge_isolation(struct search *s, const struct candidate *winner)
{
	const struct rt_gateway_fact *gw = s->l->gateway;
	if (!gw || s->l->protocol != RT_PROTOCOL_HTTP ||
	    rt_features_on(&gw->features, RT_FEATURE_GatewayHTTPListenerIsolation))
		return;
	for (size_t i = 0; i < gw->merged.len; i++) {
		struct search other = {.t = s->t, .l = gw->merged.v[i], .r = s->r};
		if (other.l == s->l || other.l->spec->port != s->l->spec->port ||
		    other.l->protocol != RT_PROTOCOL_HTTP || !rt_listener_serves(other.l))
			continue;
		collect(&other);
		const struct candidate *c = choose(&other);
		if (!c || (winner && rt_rank_cmp(&winner->pick.rank, &c->pick.rank, NULL) <= 0))
			continue;
		rt_depends(s->t, s->r,
		    "%s on %s would take it: the class does not list listener isolation",
		    rt_obj_text(s->t->a, c->pick.rank.route), rt_listener_text(s->t->a, other.l));
	}
}

bool rt_trace_rule(struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r,
    struct rt_pick *ret)
{
	struct search s = {.t = t, .l = l, .r = r};
	collect(&s);
	settle_kinds(&s);
	const struct candidate *winner = choose(&s);
	if (winner) {
		say_winner(&s, winner);
		near_losers(&s, winner);
	} else {
		const char *routes = l->attached.len == 0 ? "no route is on the listener, none"
				     : l->attached.len == 1
					 ? "no rule of the route on the listener"
					 : "no rule of the routes on the listener";
		struct rt_trace_step *st = rt_step(t, r, RT_HOP_ROUTE, RT_NO, "%s takes %s", routes,
		    rt_request_text(t->a, t->req));
		rt_step_object(st, l->owner);
		rt_step_mend(st, NULL, "Add a rule for it, or mend the nearest route below");
	}
	judge_winner(&s, winner);
	judge_regex(&s, winner);
	judge_isolation(&s, winner);
	if (!winner)
		near_unattached(&s);
	say_near(&s, winner);
	if (l->attached_open)
		rt_depends(t, r, "more routes may be attached than could be read");
	if (!winner)
		return rt_respond(r, 404);
	*ret = winner->pick;
	r->route = winner->pick.attachment->route->route;
	r->matched = true;
	r->rule = winner->pick.rule;
	r->match = winner->pick.match;
	return true;
}
