/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reading.c - rules about what could not be read: objects, kinds, duplicates.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static struct rt_ref whole(struct rt_ref r)
{
	return (struct rt_ref){or_empty(r.group), or_empty(r.kind), r.ns, or_empty(r.name)};
}

static const char *place(struct rt_check *c, const struct rt_origin *o)
{
	if (!o->file)
		return "the cluster";
	return rt_fmt(
	    c, "%s line %u", strcmp(o->file, "-") == 0 ? "standard input" : o->file, o->line);
}

static const char *what(struct rt_check *c, const struct rt_input_problem *p)
{
	struct rt_ref ref = whole(p->ref);

	if (*ref.kind && *ref.name)
		return rt_ref_name(c, ref);
	return rt_fmt(c, "%s at %s", *ref.kind ? ref.kind : "Object", place(c, &p->origin));
}

/* Both places, in the evidence where the message has no room for them. */
static void given_twice(struct rt_check *c, struct rt_finding *f, const struct rt_input_problem *p)
{
	const char *places = rt_fmt(c, ": %s, %s", place(c, &p->other), place(c, &p->origin));
	bool short_enough = strlen(what(c, p)) + strlen(places) < 120;

	rt_say(f, "%s is given twice%s; the later counts", what(c, p), short_enough ? places : "");
	if (short_enough)
		return;
	rt_because(f, "first: %s", place(c, &p->other));
	rt_because(f, "again: %s", place(c, &p->origin));
}

static void problem(struct rt_check *c, const struct rt_input_problem *p)
{
	enum rt_code code = p->duplicate ? RT_F_RD03 : RT_F_RD01;
	struct rt_finding *f =
	    rt_raise_ref(c, code, RT_YES, whole(p->ref), p->duplicate ? NULL : p->field);

	f->origin = p->origin;
	if (p->duplicate)
		given_twice(c, f, p);
	else
		rt_say(f, "%s cannot be read: %s", what(c, p), or_empty(p->message));
}

static void problems(struct rt_check *c, bool duplicate)
{
	const struct rt_input_problem *v;
	size_t n = rt_store_problems(c->store, &v);

	for (size_t i = 0; i < n; i++)
		if (v[i].duplicate == duplicate)
			problem(c, &v[i]);
}

void rt_check_RD01(struct rt_check *c)
{
	problems(c, false);
}

void rt_check_RD03(struct rt_check *c)
{
	problems(c, true);
}

/* ---------------------------------------------------------------- RD02 */

/* What cannot be told without a kind. */
static const struct {
	enum rt_kind kind;
	const char *unknown;
} depends[] = {
    {RT_KIND_GATEWAY_CLASS, "who serves the Gateways is unknown"},
    {RT_KIND_GATEWAY, "parents of routes are unknown"},
    {RT_KIND_LISTENER_SET, "listeners may be missing"},
    {RT_KIND_HTTP_ROUTE, "routes are missing"},
    {RT_KIND_GRPC_ROUTE, "routes are missing"},
    {RT_KIND_TLS_ROUTE, "routes are missing"},
    {RT_KIND_TCP_ROUTE, "routes are missing"},
    {RT_KIND_UDP_ROUTE, "routes are missing"},
    {RT_KIND_REFERENCE_GRANT, "references across namespaces stay open"},
    {RT_KIND_BACKEND_TLS_POLICY, "TLS to backends is unknown"},
    {RT_KIND_INGRESS_CLASS, "who serves the Ingresses is unknown"},
    {RT_KIND_INGRESS, "Ingresses are missing"},
    {RT_KIND_NETWORK_POLICY, "policies between data plane and backends are unknown"},
    {RT_KIND_SERVICE, "backends are unknown"},
    {RT_KIND_ENDPOINT_SLICE, "readiness of backends is unknown"},
    {RT_KIND_NAMESPACE, "selectors on namespace labels stay open"},
    {RT_KIND_SECRET, "whether certificates exist is unknown"},
    {RT_KIND_POD, "controllers and data planes are unknown"},
};

static const char *unknown_without(const struct rt_scope *s)
{
	enum rt_kind k = rt_kind_of(s->group, s->kind);

	for (size_t i = 0; i < RT_ARRAY_LEN(depends); i++)
		if (depends[i].kind == k)
			return depends[i].unknown;
	return "what depends on them is unknown";
}

/* "Services", "Ingresses", "NetworkPolicies" */
static const char *many(struct rt_check *c, const char *kind)
{
	size_t len = strlen(kind);

	if (len && kind[len - 1] == 'y')
		return rt_fmt(c, "%.*sies", (int)(len - 1), kind);
	return rt_fmt(c, "%s%s", kind, len && kind[len - 1] == 's' ? "es" : "s");
}

static void kind_unreadable(struct rt_check *c, const struct rt_scope *s, size_t n)
{
	const struct rt_kind_info *info = rt_kind_info(rt_kind_of(s->group, s->kind));
	const char *plural = info->id == RT_KIND_OTHER ? s->kind : info->plural;
	struct rt_finding *f = rt_raise_ref(c, RT_F_RD02, RT_YES, rt_cluster_ref(c), NULL);
	const char *scope = "";

	if (info->namespaced)
		scope = !s->ns   ? " in any namespace"
			: n == 1 ? rt_fmt(c, " in namespace %s", s->ns)
				 : rt_fmt(c, " in %zu namespaces", n);
	rt_say(f, "%s cannot be listed%s (%s); %s", many(c, s->kind), scope,
	    s->state == RT_SCOPE_FORBIDDEN ? rt_fmt(c, "403, needs list %s", plural)
	    : s->why                       ? s->why
					   : "the request failed",
	    unknown_without(s));
	if (s->why)
		rt_because(f, "%s", s->why);
	if (s->state == RT_SCOPE_FORBIDDEN)
		rt_advise(f,
		    "Add to the role: {apiGroups: [\"%s\"], resources: [%s], verbs: [get, list, "
		    "watch]}",
		    s->group, plural);
	else
		rt_advise(f, "Try again; rutter -v --log-file FILE records each request");
}

/* Pods are not listed as a whole but asked for by label: refused each time, they are unreadable. */
static void pods_unreadable(struct rt_check *c)
{
	struct rt_scope pods = {.group = "", .kind = "Pod"};
	const struct rt_answer *v;
	size_t n = rt_store_answers(c->store, &v);
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (strncmp(v[i].key, "pods|", 5) != 0)
			continue;
		if (!rt_scope_in_vain(v[i].state))
			return;
		pods.state = v[i].state;
		pods.why = v[i].why;
		any = true;
	}
	if (any && rt_store_scope(c->store, "", "Pod", NULL, NULL) == RT_SCOPE_UNASKED)
		kind_unreadable(c, &pods, 1);
}

void rt_check_RD02(struct rt_check *c)
{
	struct rt_kind_scopes k = {0};

	if (rt_store_mode(c->store) == RT_STORE_FILES)
		return;
	while (rt_store_next_kind(c->store, &k))
		if (k.reach == RT_REACH_NOWHERE)
			kind_unreadable(c, k.v, k.len);
	pods_unreadable(c);
}
