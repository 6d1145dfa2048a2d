/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controller.c - rules about the controllers behind GatewayClasses and IngressClasses: not there,
 * not ready, failing again and again (controllers §1).
 */
#include "config.h"

#include "../rules.h"

#include "rutter/map.h"

#define READY_GRACE_S 60
#define RESTART_WINDOW_S 600
#define MANY_RESTARTS 3

/* One controller with the classes that name it: GatewayClasses, or IngressClasses. */
struct served {
	const char *name;                       /* controllerName or controller */
	const struct rt_controller *row;        /* NULL: not in the table */
	const struct rt_class_fact *gc;         /* the first class of it */
	const struct rt_ingress_class_fact *ic; /* or the first IngressClass */
	rt_refs others;                         /* further classes */
	rt_refs users;                          /* Gateways or Ingresses of all of them */
};
typedef RT_VEC(struct served *) served_list;

static struct served *served_named(
    served_list *l, struct rt_map *names, struct rt_check *c, const char *name)
{
	struct served *s = rt_map_get(names, name ? name : "");

	if (s)
		return s;
	s = rt_arena_new(&c->work, struct served);
	s->name = name;
	rt_map_set(names, name ? name : "", s);
	rt_vec_push(l, &c->work, s);
	return s;
}

static served_list by_gateway_class(struct rt_check *c)
{
	served_list l = {0};
	struct rt_map names = {0};

	for (size_t i = 0; i < c->an->classes.len; i++) {
		const struct rt_class_fact *cf = c->an->classes.v[i];
		struct served *s = served_named(&l, &names, c, cf->gc->controller_name);

		if (s->gc) {
			rt_vec_push(&s->others, &c->work, rt_obj_ref(&cf->gc->obj));
		} else {
			s->gc = cf;
			s->row = cf->controller;
		}
		for (size_t k = 0; k < cf->gateways.len; k++)
			rt_vec_push(
			    &s->users, &c->work, rt_obj_ref(&cf->gateways.v[k]->gateway->obj));
	}
	rt_map_done(&names);
	return l;
}

static served_list by_ingress_class(struct rt_check *c)
{
	served_list l = {0};
	struct rt_map names = {0};

	for (size_t i = 0; i < c->an->ingress_classes.len; i++) {
		const struct rt_ingress_class_fact *cf = c->an->ingress_classes.v[i];
		struct served *s = served_named(&l, &names, c, cf->ic->controller);

		if (s->ic) {
			rt_vec_push(&s->others, &c->work, rt_obj_ref(&cf->ic->obj));
		} else {
			s->ic = cf;
			s->row = cf->controller;
		}
		for (size_t k = 0; k < cf->ingresses.len; k++)
			rt_vec_push(
			    &s->users, &c->work, rt_obj_ref(&cf->ingresses.v[k]->ingress->obj));
	}
	rt_map_done(&names);
	return l;
}

static const struct rt_obj *class_of(const struct served *s)
{
	return s->gc ? &s->gc->gc->obj : &s->ic->ic->obj;
}

static struct rt_finding *raise_served(
    struct rt_check *c, enum rt_code code, enum rt_tri holds, const struct served *s)
{
	struct rt_finding *f = rt_raise(
	    c, code, holds, class_of(s), s->gc ? "spec.controllerName" : "spec.controller");

	if (!f)
		return NULL;
	if (s->gc)
		rt_tie_class(f, s->gc->gc);
	if (s->row)
		rt_tie(f, RT_TIE_PODS, s->row->id);
	for (size_t i = 0; i < s->others.len; i++)
		rt_relate(f, s->others.v[i]);
	for (size_t i = 0; i < s->users.len; i++)
		rt_relate(f, s->users.v[i]);
	return f;
}

/* Is there a running world to look at? Manifests hold none, unless their Pods were printed from a
 * server. */
static bool pods_are_observed(const struct rt_check *c)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_POD, &v);

	if (rt_store_mode(c->store) != RT_STORE_FILES)
		return true;
	for (size_t i = 0; i < n; i++)
		if (((const struct rt_pod *)v[i])->has_status)
			return true;
	return false;
}

/* ---------------------------------------------------------------- not there */

static enum rt_tri nobody(struct rt_check *c, const struct served *s)
{
	const struct rt_control_plane *plane;

	if (!s->users.len || !s->name || !pods_are_observed(c))
		return RT_NO;
	if (!s->row)
		return RT_UNKNOWN;
	plane = rt_plane_of(c, s->row);
	if (!s->row->pods || plane->outside)
		return RT_NO;
	if (s->ic && rt_traefik_may_serve(c, s->row))
		return RT_UNKNOWN;
	if (plane->known == RT_YES)
		return rt_tri_of(plane->pods.len == 0);
	return rt_pods_refused(c, NULL, s->row->pods) ? RT_UNKNOWN : RT_NO;
}

static const char *users_text(struct rt_check *c, const struct served *s)
{
	const char *name = class_of(s)->name;
	size_t n = s->users.len;

	if (s->gc)
		return rt_fmt(c, "Gateways of GatewayClass %s are not reconciled", name);
	return n == 1 ? rt_fmt(c, "%s is not served", rt_ref_name(c, s->users.v[0]))
		      : rt_fmt(c, "%zu Ingresses of class %s are not served", n, name);
}

static void not_found(struct rt_check *c, enum rt_code code, const struct served *s)
{
	struct rt_finding *f = raise_served(c, code, nobody(c, s), s);

	if (!f)
		return;
	if (f->certain)
		rt_say(f, "No running pod implements %s; %s", s->name, users_text(c, s));
	else
		rt_say(f, "Whether a running pod implements %s is not known%s", s->name,
		    !s->row ? "; rutter does not know this controller"
		    : s->ic && rt_traefik_may_serve(c, s->row)
			? ": Traefik runs and may take the class"
			: ": Pods could not be read");
}

void rt_check_GC04(struct rt_check *c)
{
	served_list l = by_gateway_class(c);

	for (size_t i = 0; i < l.len; i++)
		not_found(c, RT_F_GC04, l.v[i]);
}

void rt_check_IC02(struct rt_check *c)
{
	served_list l = by_ingress_class(c);

	for (size_t i = 0; i < l.len; i++)
		not_found(c, RT_F_IC02, l.v[i]);
}

/* ---------------------------------------------------------------- not ready */

static bool down_for_a_while(const struct rt_check *c, const struct rt_pod *p)
{
	const struct rt_condition *cond = rt_condition_find(p->conditions, "Ready");
	int64_t since =
	    cond && cond->last_transition != RT_TIME_UNSET ? cond->last_transition : p->obj.created;

	return since == RT_TIME_UNSET || c->in.now - since >= READY_GRACE_S;
}

static enum rt_tri all_down(struct rt_check *c, const struct served *s)
{
	const struct rt_control_plane *plane = s->row ? rt_plane_of(c, s->row) : NULL;

	if (!plane)
		return RT_NO;
	if (plane->known != RT_YES || !plane->pods.len || plane->ready)
		return RT_NO;
	for (size_t i = 0; i < plane->pods.len; i++)
		if (!down_for_a_while(c, plane->pods.v[i]))
			return RT_NO;
	return RT_YES;
}

/* The first pod with a reason. */
static const struct rt_pod *worst(struct rt_check *c, const rt_pods *pods, const char **ret_why)
{
	for (size_t i = 0; i < pods->len; i++) {
		*ret_why = rt_pod_trouble(&c->work, pods->v[i]);
		if (*ret_why)
			return pods->v[i];
	}
	*ret_why = "not ready";
	return pods->v[0];
}

static void not_ready(struct rt_check *c, enum rt_code code, const struct served *s)
{
	enum rt_tri holds = all_down(c, s);
	const struct rt_control_plane *plane;
	const struct rt_pod *pod;
	struct rt_finding *f;
	const char *why, *restarts = "";

	if (holds == RT_NO)
		return;
	plane = rt_plane_of(c, s->row);
	pod = worst(c, &plane->pods, &why);
	if (rt_pod_restarts(pod))
		restarts = rt_fmt(c, ", %lld restarts", (long long)rt_pod_restarts(pod));
	f = raise_served(c, code, holds, s);
	rt_say(f, "Controller of %s: 0 of %zu pods ready in %s (%s%s); %s", rt_name(c, class_of(s)),
	    plane->pods.len, pod->obj.ns, why, restarts,
	    s->gc ? "changes are not applied" : users_text(c, s));
	rt_advise(f, "Read the previous log and the events of %s", rt_name(c, &pod->obj));
	rt_relate_pods(f, &plane->pods);
}

void rt_check_GC08(struct rt_check *c)
{
	served_list l = by_gateway_class(c);

	for (size_t i = 0; i < l.len; i++)
		not_ready(c, RT_F_GC08, l.v[i]);
}

void rt_check_IC04(struct rt_check *c)
{
	served_list l = by_ingress_class(c);

	for (size_t i = 0; i < l.len; i++)
		not_ready(c, RT_F_IC04, l.v[i]);
}

/* ---------------------------------------------------------------- failing again and again */

static const struct rt_container_state *crash(const struct rt_pod *p)
{
	for (size_t i = 0; i < p->container_statuses.len; i++) {
		const struct rt_container_state *w = p->container_statuses.v[i].waiting;

		if (w && rt_streq(w->reason, "CrashLoopBackOff"))
			return p->container_statuses.v[i].last_terminated
				   ? p->container_statuses.v[i].last_terminated
				   : w;
	}
	return NULL;
}

static bool is_recent(const struct rt_check *c, int64_t t)
{
	return t != RT_TIME_UNSET && c->in.now - t <= RESTART_WINDOW_S;
}

/* Restarts are counted; dated is only when this run and the one before it began. A container that
 * has fallen that often, and whose run before this one began within the window too, falls faster
 * than it can be watched. */
static bool falls_often(const struct rt_check *c, const struct rt_container_status *s)
{
	return s->restart_count >= MANY_RESTARTS && s->running && s->last_terminated &&
	       is_recent(c, s->running->started_at) && is_recent(c, s->last_terminated->started_at);
}

static bool restarts_often(const struct rt_check *c, const struct rt_pod *p)
{
	if (rt_pod_restarts(p) >= MANY_RESTARTS && is_recent(c, p->obj.created))
		return true;
	for (size_t i = 0; i < p->container_statuses.len; i++)
		if (falls_often(c, &p->container_statuses.v[i]))
			return true;
	return false;
}

static const char *why_it_fell(const struct rt_pod *p)
{
	for (size_t i = 0; i < p->container_statuses.len; i++) {
		const struct rt_container_status *s = &p->container_statuses.v[i];

		if (s->restart_count && s->last_terminated && s->last_terminated->reason)
			return s->last_terminated->reason;
	}
	return NULL;
}

static void crash_looping(struct rt_check *c, const struct served *s)
{
	const struct rt_control_plane *plane = s->row ? rt_plane_of(c, s->row) : NULL;

	if (!plane || plane->known != RT_YES || !plane->ready)
		return;
	for (size_t i = 0; i < plane->pods.len; i++) {
		const struct rt_pod *p = plane->pods.v[i];
		const struct rt_container_state *state = crash(p);
		const char *why = state && state->reason ? state->reason
				  : state                ? "CrashLoopBackOff"
							 : why_it_fell(p);
		struct rt_finding *f;

		if (!state && !restarts_often(c, p))
			continue;
		f = raise_served(c, RT_F_GC09, RT_YES, s);
		rt_say(f, "Controller pod %s restarted %lld times%s%s%s%s",
		    rt_path_name(c, &p->obj), (long long)rt_pod_restarts(p),
		    state                          ? ""
		    : is_recent(c, p->obj.created) ? " within 10 min"
						   : ", the last two within 10 min",
		    why ? " (" : "", why ? why : "", why ? ")" : "");
		rt_relate_obj(f, &p->obj);
		rt_group(f, "restarts");
	}
}

void rt_check_GC09(struct rt_check *c)
{
	served_list l = by_gateway_class(c);

	for (size_t i = 0; i < l.len; i++)
		crash_looping(c, l.v[i]);
}
