/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_ingress.c - a request at the Ingresses of each class: who takes it, TLS, and the backend.
 * What the Ingress API defines is told; what only the controller knows is said to depend on it.
 * ingress-nginx, whose rules are known, is in trace_nginx.c.
 */
#include "config.h"

#include "trace_ingress.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/hostname.h"
#include "rutter/vec.h"

#define NAMED_MAX 3

static bool refuse_unclaimed(
    struct rt_tracer *t, const struct rt_ingress_fact *f, struct rt_trace_result *r)
{
	const char *name = rt_obj_text(t->a, &f->ingress->obj);
	r->entry = rt_obj_ref(&f->ingress->obj);
	r->ingress = f;
	struct rt_trace_step *s =
	    f->class_name
		? rt_step(t, r, RT_HOP_ENTRY, RT_NO,
		      "%s: IngressClass %s does not exist, no controller takes it", name,
		      f->class_name)
		: rt_step(t, r, RT_HOP_ENTRY, RT_NO,
		      "%s names no class, and no controller takes Ingresses without one", name);
	rt_step_object(s, &f->ingress->obj);
	rt_step_mend(s, f->class_name ? "IN01" : "IN02", "Set spec.ingressClassName to a class");
	return rt_refuse(r);
}

/* ------------------------------------------------------------------ by the API */

static void say_pick(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_pick *p, struct rt_trace_result *r)
{
	const struct rt_ingress_path *path = rt_ingress_place_path(&p->place);
	const char *name = rt_obj_text(t->a, &p->place.ing->ingress->obj);
	struct rt_trace_step *s =
	    path ? rt_step(t, r, RT_HOP_ROUTE, RT_YES, "%s rule %d path %d: %s%s%s", name,
		       p->place.rule, p->place.path, rt_ingress_predicate_text(t->a, path),
		       p->host ? ", host " : ", every host", p->host ? p->host : "")
		 : rt_step(
		       t, r, RT_HOP_ROUTE, RT_YES, "no rule takes it: default backend of %s", name);
	rt_step_object(s, &p->place.ing->ingress->obj);
	rt_ingress_near(t, g,
	    &(struct rt_ingress_near_in){
		.winner = &p->place, .host = t->req->host, .path = t->req->path},
	    r);
	if (p->rival.ing)
		rt_depends(t, r,
		    "which of several Ingresses wins is the controller's; the oldest is usual");
	if (p->depends)
		rt_depends(t, r, "what %s means is the controller's",
		    rt_ingress_predicate_text(t->a, path));
	if (p->wider)
		rt_depends(t, r,
		    "a rule for less specific hosts would take it: some controllers go on "
		    "to it");
}

static bool has_prefix(const char *key, const char *prefixes)
{
	while (prefixes && *prefixes) {
		size_t len = strcspn(prefixes, " ");
		if (len > 0 && strncmp(key, prefixes, len) == 0)
			return true;
		prefixes += len + (prefixes[len] == ' ');
	}
	return false;
}

/* What the controller's own annotations do is not modelled: they are named. */
static void vendor_notes(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_fact *f, struct rt_trace_result *r)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	size_t count = 0;
	for (size_t i = 0; g->controller && i < f->ingress->obj.annotations.len; i++) {
		const char *key = f->ingress->obj.annotations.v[i].key;
		if (has_prefix(key, g->controller->annotation_prefixes) && count++ < NAMED_MAX)
			rt_buf_printf(&out, "%s%s", count > 1 ? ", " : "", key);
	}
	if (count > NAMED_MAX)
		rt_buf_printf(&out, " and %zu more", count - NAMED_MAX);
	if (count > 0)
		rt_depends(t, r, "annotation%s %s may change the answer", count == 1 ? "" : "s",
		    rt_buf_str(&out));
}

static bool same_place(const struct rt_ingress_pick *a, const struct rt_ingress_pick *b)
{
	return a->found == b->found && a->place.ing == b->place.ing &&
	       a->place.rule == b->place.rule && a->place.path == b->place.path;
}

/* As with Gateway API (trace_rules.c): what is decoded before it is compared is open. */
static void path_notes(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_pick *p, struct rt_trace_result *r)
{
	const char *plain = rt_path_normalise(t->a, t->req->path);
	if (!plain) {
		rt_depends(t, r, "the path %s is malformed: the answer may be 400", t->req->path);
		return;
	}
	if (strcmp(plain, t->req->path) == 0)
		return;
	struct rt_ingress_pick other = rt_ingress_choose(g, t->req->host, plain);
	if (!same_place(p, &other))
		rt_depends(t, r,
		    "decoded and normalised the path is %s, which another rule takes: controllers "
		    "differ in that",
		    plain);
}

static bool names_host(const struct rt_ingress *ing, const char *host)
{
	for (size_t i = 0; i < ing->rules.len; i++)
		if (rt_hostname_matches_ingress(ing->rules.v[i].host, host))
			return true;
	return false;
}

/* Ingresses that share no load balancer are no rivals: which one is asked is the client's choice.
 */
static void balancer_notes(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_fact *f, struct rt_trace_result *r)
{
	const struct rt_controller *c = g->controller;
	const char *join = c ? c->group_annotation : NULL;
	if (!c || !c->balancer_each || (join && rt_pairs_get(f->ingress->obj.annotations, join)))
		return;
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *other = g->members.v[i]->ingress;
		if (g->members.v[i] == f || !names_host(other, t->req->host))
			continue;
		rt_depends(t, r,
		    "%s has a load balancer of its own, as %s has: the address connected to "
		    "decides",
		    rt_obj_text(t->a, &other->obj), rt_obj_text(t->a, &f->ingress->obj));
		return;
	}
}

static void by_api(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_pick *p, struct rt_trace_result *r)
{
	const struct rt_ingress_fact *f = NULL;
	size_t index = 0;
	if (t->req->scheme == RT_SCHEME_HTTPS || t->req->scheme == RT_SCHEME_GRPCS)
		rt_ingress_certificate(t, g, t->req->host, p->host, r);
	else if (rt_ingress_tls_for(g, t->req->host, p->host, &f, &index))
		rt_depends(t, r,
		    "the host has TLS: whether plain HTTP is sent to https is the controller's");
	path_notes(t, g, p, r);
	if (p->maybe)
		rt_depends(t, r, "%s goes first where the controller reads it so that it matches",
		    rt_ingress_predicate_text(t->a, p->maybe));
	if (!p->found) {
		rt_step(t, r, RT_HOP_ROUTE, RT_NO,
		    "no path for %s takes %s, and there is no default backend", t->req->host,
		    t->req->path);
		rt_ingress_near(t, g,
		    &(struct rt_ingress_near_in){.host = t->req->host, .path = t->req->path}, r);
		rt_depends(
		    t, r, "without a default backend the answer is the controller's; 404 is usual");
		rt_respond(r, 404);
		return;
	}
	say_pick(t, g, p, r);
	balancer_notes(t, g, p->place.ing, r);
	vendor_notes(t, g, p->place.ing, r);
	r->matched = true;
	r->rule = p->place.rule;
	r->match = p->place.path;
	struct rt_effect e = rt_ingress_effect(t);
	const struct rt_ingress_backend_fact *b = rt_ingress_place_backend(&p->place);
	if (b)
		rt_ingress_backend_add(
		    t, r, b, &(struct rt_ingress_sending){.share = 1, .weight = 1});
	if (b && b->by_annotation)
		rt_depends(t, r, "an annotation decides the backend");
	rt_ingress_forward(t, r, &e);
}

/* The Ingress that stands for a class where no path won: the oldest with a rule for the host. */
static const struct rt_ingress_fact *spokesman(const struct rt_ingress_group *g, const char *host)
{
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		for (size_t j = 0; j < ing->rules.len; j++) {
			const char *h = ing->rules.v[j].host;
			if (!h || !h[0] || rt_hostname_matches(h, host))
				return g->members.v[i];
		}
	}
	return g->members.v[0];
}

/* ------------------------------------------------------------------ every class */

static struct rt_ingress_group split(
    struct rt_tracer *t, const struct rt_ingress_group *g, bool claimed)
{
	struct rt_ingress_group out = {
	    .class_name = g->class_name, .controller = g->controller, .assumed = g->assumed};
	for (size_t i = 0; i < g->members.len; i++)
		if ((rt_ingress_claimed(t->an, g->members.v[i]) != RT_NO) == claimed)
			rt_vec_push(&out.members, t->a, g->members.v[i]);
	return out;
}

static void one_group(
    struct rt_tracer *t, const struct rt_ingress_group *whole, bool forced, struct rt_trace *ret)
{
	struct rt_ingress_group g = split(t, whole, true), dead = split(t, whole, false);
	struct rt_trace_result r = {0};
	struct rt_ingress_pick p = {0};
	if (g.members.len > 0 && rt_group_is_nginx(&g)) {
		if (rt_trace_nginx(t, &g, forced, &r))
			rt_vec_push(&ret->results, t->a, r);
	} else if (g.members.len > 0) {
		p = rt_ingress_choose(&g, t->req->host, t->req->path);
		if (p.host_known || forced) {
			rt_ingress_entry(
			    t, &g, p.found ? p.place.ing : spokesman(&g, t->req->host), &r);
			by_api(t, &g, &p, &r);
			rt_vec_push(&ret->results, t->a, r);
		}
	}
	if (dead.members.len == 0)
		return;
	p = rt_ingress_choose(&dead, t->req->host, t->req->path);
	if (!p.found)
		return;
	r = (struct rt_trace_result){0};
	refuse_unclaimed(t, p.place.ing, &r);
	rt_vec_push(&ret->results, t->a, r);
}

static bool on_port(const struct rt_request *req)
{
	if (!rt_scheme_is_http(req->scheme))
		return false;
	return req->connect == (rt_scheme_is_tls(req->scheme) ? 443 : 80);
}

const struct rt_ingress_fact *rt_trace_off_port(const struct rt_tracer *t)
{
	for (size_t i = 0; !on_port(t->req) && i < t->an->ingresses.len; i++) {
		const struct rt_ingress *ing = t->an->ingresses.v[i]->ingress;
		for (size_t j = 0; j < ing->rules.len; j++)
			if (rt_hostname_equal(ing->rules.v[j].host, t->req->host))
				return t->an->ingresses.v[i];
	}
	return NULL;
}

static void off_port(struct rt_tracer *t, const struct rt_ingress_fact *f, struct rt_trace *ret)
{
	struct rt_trace_result r = {.entry = rt_obj_ref(&f->ingress->obj), .ingress = f};
	rt_step(t, &r, RT_HOP_ENTRY, RT_NO, RT_OFF_PORT, rt_scheme_name(t->req->scheme),
	    t->req->connect);
	rt_depends(t, &r, "a controller may be set up to listen on other ports");
	rt_refuse(&r);
	rt_vec_push(&ret->results, t->a, r);
}

static bool holds(const struct rt_ingress_group *g, const struct rt_ingress_fact *f)
{
	for (size_t i = 0; i < g->members.len; i++)
		if (g->members.v[i] == f)
			return true;
	return false;
}

void rt_trace_ingresses(struct rt_tracer *t, const struct rt_trace_opts *opts, struct rt_trace *ret)
{
	rt_ingress_groups groups = {0};
	const struct rt_ingress_fact *only = NULL;
	if (opts->ingress) {
		only = rt_ingress_fact_of(t->an, opts->ingress_ns, opts->ingress);
		if (!only) {
			rt_trace_absent(t,
			    (struct rt_ref){
				RT_GROUP_NETWORKING, "Ingress", opts->ingress_ns, opts->ingress},
			    ret);
			return;
		}
		if (!on_port(t->req)) {
			off_port(t, only, ret);
			return;
		}
	}
	if (!on_port(t->req))
		return;
	rt_ingress_groups_of(t->an, t->a, &groups);
	for (size_t i = 0; i < groups.len; i++)
		if (!only || holds(groups.v[i], only))
			one_group(t, groups.v[i], only != NULL, ret);
}
