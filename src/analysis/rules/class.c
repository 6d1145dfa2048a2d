/* SPDX-License-Identifier: Apache-2.0 */
/*
 * class.c - rules about GatewayClasses and the installation of the Gateway API. The controllers
 * behind the classes are in controller.c.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

static void relate_gateways(struct rt_finding *f, const struct rt_class_fact *cf)
{
	for (size_t i = 0; f && i < cf->gateways.len; i++)
		rt_relate_obj(f, &cf->gateways.v[i]->gateway->obj);
}

static const char *its_gateways(struct rt_check *c, const struct rt_class_fact *cf)
{
	size_t n = cf->gateways.len;

	if (n == 0)
		return "";
	if (n == 1)
		return rt_fmt(
		    c, "; %s is not served", rt_name(c, &cf->gateways.v[0]->gateway->obj));
	return rt_fmt(c, "; none of its %zu Gateways is served", n);
}

void rt_check_GC01(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->classes.len; i++) {
		const struct rt_class_fact *cf = c->an->classes.v[i];
		const struct rt_condition *cond =
		    rt_current_condition(&cf->gc->obj, cf->gc->conditions, RT_COND_ACCEPTED);
		struct rt_finding *f;

		if (!rt_condition_is(cond, "False"))
			continue;
		f = rt_raise(c, RT_F_GC01, RT_YES, &cf->gc->obj, "spec.controllerName");
		rt_tie_class(f, cf->gc);
		rt_echo(f, cond, cf->gc->controller_name);
		rt_say(f, "%s is not accepted %s%s", rt_name(c, &cf->gc->obj),
		    rt_quote_condition(c, cond), its_gateways(c, cf));
		relate_gateways(f, cf);
	}
}

/* ---------------------------------------------------------------- GC02 */

static bool pending(const struct rt_gateway_class *gc)
{
	const struct rt_condition *cond =
	    rt_current_condition(&gc->obj, gc->conditions, RT_COND_ACCEPTED);

	if (!rt_condition_find(gc->conditions, RT_COND_ACCEPTED))
		return true;
	return rt_condition_is(cond, "Unknown");
}

/* Is there somebody who should have answered? */
static enum rt_tri somebody_is_there(struct rt_check *c, const struct rt_class_fact *cf)
{
	const struct rt_control_plane *plane;

	if (!cf->controller)
		return RT_UNKNOWN;
	plane = rt_plane_of(c, cf->controller);
	if (plane->outside)
		return RT_YES;
	if (plane->known != RT_YES)
		return rt_pods_refused(c, NULL, cf->controller->pods) ? RT_UNKNOWN : RT_NO;
	return rt_tri_of(plane->ready > 0);
}

void rt_check_GC02(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->classes.len; i++) {
		const struct rt_class_fact *cf = c->an->classes.v[i];
		const struct rt_obj *obj = &cf->gc->obj;
		struct rt_finding *f;
		const char *age;

		if (!rt_observed(c, obj) || !pending(cf->gc) || !rt_settled(c, obj))
			continue;
		f = rt_raise(c, RT_F_GC02, somebody_is_there(c, cf), obj, "spec.controllerName");
		age = rt_ago(c, rt_last_change(c, obj));
		rt_tie_class(f, cf->gc);
		rt_say(f, "No controller has claimed %s (controllerName %s)%s%s", rt_name(c, obj),
		    cf->gc->controller_name ? cf->gc->controller_name : "", *age ? " for " : "",
		    age);
		if (f && !cf->controller)
			rt_because(f, "which pods run this controller is not known");
		relate_gateways(f, cf);
	}
}

/* ---------------------------------------------------------------- GC03 */

static void parameters(struct rt_check *c, const struct rt_class_fact *cf)
{
	const struct rt_ref_fact *p = cf->parameters;
	enum rt_tri holds = p ? rt_tri_not(p->ok) : RT_NO;
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	f = rt_raise(c, RT_F_GC03, holds, &cf->gc->obj, "spec.parametersRef");
	rt_tie_class(f, cf->gc);
	relate_gateways(f, cf);
	if (p->fault == RT_REF_SCOPE)
		rt_say(f, "%s names %s %s a namespace; the class is not accepted",
		    rt_name(c, &cf->gc->obj), rt_ref_name(c, p->ref),
		    p->ref.ns ? "with, although its kind has none," : "without");
	else
		rt_say(f, "%s names %s, which %s%s", rt_name(c, &cf->gc->obj),
		    rt_ref_name(c, p->ref), rt_missing(c, p->ref, holds),
		    holds == RT_YES ? "; the class is not accepted" : "");
}

void rt_check_GC03(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->classes.len; i++)
		parameters(c, c->an->classes.v[i]);
}

/* ---------------------------------------------------------------- the installation */

static const char *bundle_version(const struct rt_check *c)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_CRD, &v);

	for (size_t i = 0; i < n; i++) {
		const char *version =
		    rt_pairs_get(v[i]->annotations, "gateway.networking.k8s.io/bundle-version");

		if (version)
			return version;
	}
	return NULL;
}

static bool has_gateway_objects(const struct rt_check *c)
{
	for (int k = RT_KIND_GATEWAY_CLASS; k <= RT_KIND_BACKEND_TLS_POLICY; k++)
		if (rt_store_count(c->store, (enum rt_kind)k))
			return true;
	return false;
}

static enum rt_scope_state gateway_scope(const struct rt_check *c, const char *kind)
{
	return rt_store_scope(c->store, RT_GROUP_GATEWAY, kind, NULL, NULL);
}

void rt_check_GC11(struct rt_check *c)
{
	enum rt_tri holds = RT_YES;
	struct rt_finding *f;

	if (rt_store_mode(c->store) == RT_STORE_FILES || has_gateway_objects(c))
		return;
	for (int k = RT_KIND_GATEWAY_CLASS; k <= RT_KIND_BACKEND_TLS_POLICY; k++) {
		enum rt_scope_state st = gateway_scope(c, rt_kind_info((enum rt_kind)k)->kind);

		if (st == RT_SCOPE_READ || st == RT_SCOPE_FORBIDDEN || st == RT_SCOPE_LOADING)
			return;
		if (st == RT_SCOPE_FAILED)
			holds = RT_UNKNOWN;
	}
	if (gateway_scope(c, "Gateway") == RT_SCOPE_UNASKED)
		return;
	f = rt_raise_ref(c, RT_F_GC11, holds, rt_cluster_ref(c), NULL);
	if (holds == RT_YES)
		rt_say(f, "Gateway API is not installed in this cluster; only Ingress is checked");
	else
		rt_say(f,
		    "Whether Gateway API is installed is not known: its group could not be read");
}

/* The kind of an overlaid object, when the cluster underneath serves it in no version. */
static enum rt_tri not_served(const struct rt_check *c, const struct rt_obj *obj)
{
	enum rt_scope_state st;

	if (!obj->origin.overlay || rt_store_mode(c->store) == RT_STORE_FILES ||
	    rt_store_served(c->store, obj->group, obj->kind_name))
		return RT_NO;
	st = rt_store_scope(c->store, obj->group, obj->kind_name, NULL, NULL);
	if (st == RT_SCOPE_ABSENT)
		return RT_YES;
	return st == RT_SCOPE_FAILED ? RT_UNKNOWN : RT_NO;
}

static void kind_not_served(struct rt_check *c, const struct rt_obj *const *v, size_t n)
{
	struct rt_finding *f = NULL;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		enum rt_tri holds = not_served(c, v[i]);

		if (holds == RT_NO)
			continue;
		if (!f)
			f = rt_raise(c, RT_F_GC12, holds, v[i], "kind");
		rt_tie(f, RT_TIE_OBJECT, rt_name(c, v[i]));
		rt_relate_obj(f, v[i]);
		count++;
	}
	if (f && f->certain)
		rt_say(f, "%s is not served by this cluster%s%s%s; %zu object%s cannot be applied",
		    f->object.kind, bundle_version(c) ? " (CRDs " : "",
		    bundle_version(c) ? bundle_version(c) : "", bundle_version(c) ? ")" : "", count,
		    count == 1 ? "" : "s");
	else
		rt_say(f,
		    "Whether this cluster serves %s is not known; %zu object%s may not be applied",
		    f ? f->object.kind : "", count, count == 1 ? "" : "s");
}

void rt_check_GC12(struct rt_check *c)
{
	for (int k = 0; k < RT_KIND_OTHER; k++) {
		const struct rt_obj *const *v;
		size_t n = rt_store_list(c->store, (enum rt_kind)k, &v);

		kind_not_served(c, v, n);
	}
}

static enum rt_tri empty(const struct rt_check *c, enum rt_kind k)
{
	enum rt_scope_state st = gateway_scope(c, rt_kind_info(k)->kind);

	if (rt_store_count(c->store, k) || st == RT_SCOPE_ABSENT || st == RT_SCOPE_LOADING ||
	    st == RT_SCOPE_UNASKED)
		return RT_NO;
	return st == RT_SCOPE_READ ? RT_YES : RT_UNKNOWN;
}

void rt_check_GC14(struct rt_check *c)
{
	const char *version = bundle_version(c);
	enum rt_tri holds;
	struct rt_finding *f;

	if (rt_store_mode(c->store) == RT_STORE_FILES)
		return;
	holds = rt_tri_and(empty(c, RT_KIND_GATEWAY_CLASS), empty(c, RT_KIND_GATEWAY));
	f = rt_raise_ref(c, RT_F_GC14, holds, rt_cluster_ref(c), NULL);
	if (holds == RT_YES)
		rt_say(f,
		    "Gateway API%s%s is installed but there is no GatewayClass; no controller "
		    "offers "
		    "to serve Gateways",
		    version ? " " : "", version ? version : "");
	else
		rt_say(f,
		    "Whether any controller offers to serve Gateways is not known: GatewayClasses "
		    "could not be read");
}

/* ---------------------------------------------------------------- GC17 */

/* Versions that the newest release serves in neither channel (gateway-api §1). */
static const struct {
	const char *api_version, *kind, *since, *use;
} superseded[] = {
    {RT_GROUP_GATEWAY "/v1alpha2", "GatewayClass", "v0.8", "v1"},
    {RT_GROUP_GATEWAY "/v1alpha2", "Gateway", "v0.8", "v1"},
    {RT_GROUP_GATEWAY "/v1alpha2", "HTTPRoute", "v0.8", "v1"},
    {RT_GROUP_GATEWAY "/v1alpha2", "GRPCRoute", "v1.2", "v1"},
    {RT_GROUP_GATEWAY "/v1alpha2", "ReferenceGrant", "v1.2", "v1beta1"},
    {RT_GROUP_GATEWAY "/v1alpha2", "BackendTLSPolicy", "v1.1", "v1"},
    {RT_GROUP_GATEWAY "/v1alpha2", "BackendLBPolicy", "v1.3", "XBackendTrafficPolicy"},
    {RT_GROUP_GATEWAY_X "/v1alpha1", "XListenerSet", "v1.5",
	"ListenerSet of gateway.networking.k8s.io/v1"},
};

static void superseded_version(struct rt_check *c, const struct rt_obj *obj)
{
	const char *name = obj->api_version;
	struct rt_finding *f;

	if (!rt_unapplied(c, obj) || !name)
		return;
	if (obj->kind == RT_KIND_INGRESS && strcmp(name, RT_GROUP_NETWORKING "/v1") != 0) {
		f = rt_raise(c, RT_F_GC17, RT_YES, obj, "apiVersion");
		rt_say(f,
		    "%s is written as %s, which Kubernetes serves no more since v1.22; use %s/v1",
		    rt_name(c, obj), name, RT_GROUP_NETWORKING);
		rt_advise(f,
		    "Write networking.k8s.io/v1: backends take service.name and service.port, "
		    "paths need a pathType");
		return;
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(superseded); i++)
		if (strcmp(name, superseded[i].api_version) == 0 &&
		    strcmp(obj->kind_name, superseded[i].kind) == 0) {
			f = rt_raise(c, RT_F_GC17, RT_YES, obj, "apiVersion");
			rt_say(f,
			    "%s is written as %s, which Gateway API serves no more since %s; use "
			    "%s",
			    rt_name(c, obj), strrchr(name, '/') + 1, superseded[i].since,
			    superseded[i].use);
		}
}

void rt_check_GC17(struct rt_check *c)
{
	for (int k = 0; k < RT_KIND_COUNT; k++) {
		const struct rt_obj *const *v;
		size_t n = rt_store_list(c->store, (enum rt_kind)k, &v);

		if (k > RT_KIND_BACKEND_TLS_POLICY && k != RT_KIND_INGRESS && k != RT_KIND_OTHER)
			continue;
		for (size_t i = 0; i < n; i++)
			superseded_version(c, v[i]);
	}
}
