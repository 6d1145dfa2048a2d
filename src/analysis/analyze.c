/* SPDX-License-Identifier: Apache-2.0 */
/*
 * analyze.c - runs the passes of the analysis and answers where facts are and what is known.
 */
#include "config.h"

#include "rutter/analysis.h"

#include <string.h>

#include "private.h"
#include "rutter/mem.h"

#define LABEL_NAMESPACE_NAME "kubernetes.io/metadata.name"

static void broken_init(struct rt_analysis *an)
{
	const struct rt_input_problem *p;
	size_t n = rt_store_problems(an->store, &p);

	for (size_t i = 0; i < n; i++) {
		const struct rt_ref *r = &p[i].ref;
		if (p[i].duplicate || !r->group || !r->kind || !r->name)
			continue;
		const char *parts[] = {r->group, r->kind, r->ns ? r->ns : "", r->name};
		rt_map_set_parts(&an->priv->broken, RT_ARRAY_LEN(parts), parts, an);
	}
}

/* In the order in which facts build on each other: whole passes, and those over thousands of
 * objects in slices. */
static const struct pass {
	void (*whole)(struct rt_analysis *);
	bool (*slice)(struct rt_analysis *, size_t *);
} passes[] = {
    {.whole = broken_init},
    {.whole = rt_grants_init},
    {.whole = rt_services_init},
    {.slice = rt_slices_join},
    {.whole = rt_classes_init},
    {.whole = rt_gateways_init},
    {.whole = rt_listener_sets_init},
    {.whole = rt_conflicts_find},
    {.whole = rt_listeners_judge},
    {.whole = rt_gateways_judge},
    {.whole = rt_listener_sets_judge},
    {.whole = rt_policies_init},
    {.slice = rt_routes_attach},
    {.whole = rt_attached_open},
    {.slice = rt_backends_resolve},
    {.whole = rt_rivals_find},
    {.whole = rt_policies_reach},
    {.whole = rt_ingress_classes_init},
    {.slice = rt_ingresses_resolve},
};

void rt_slice_begin(struct rt_analysis *an, size_t at, enum rt_kind first, enum rt_kind last)
{
	struct rt_analysis_private *p = an->priv;
	const struct rt_obj *const *objs;
	size_t count = 0;

	if (at)
		return;
	for (int k = (int)first; k <= (int)last; k++)
		count += rt_store_list(an->store, (enum rt_kind)k, &objs);
	p->list = rt_arena_calloc(&an->arena, count, sizeof(*p->list));
	p->list_len = 0;
	for (int k = (int)first; k <= (int)last; k++) {
		size_t n = rt_store_list(an->store, (enum rt_kind)k, &objs);
		if (n)
			memcpy(p->list + p->list_len, objs, n * sizeof(*objs));
		p->list_len += n;
	}
}

size_t rt_slice_end(const struct rt_analysis *an, size_t at)
{
	size_t n = an->priv->list_len;

	return n - at > RT_SLICE ? at + RT_SLICE : n;
}

struct rt_analysis *rt_analysis_begin(const struct rt_store *s, const struct rt_analysis_opts *opts)
{
	struct rt_analysis *an = rt_xcalloc(1, sizeof(*an));

	rt_arena_init(&an->arena);
	an->store = s;
	an->opts = *opts;
	an->opts.features = rt_arena_strdup(&an->arena, opts->features);
	an->priv = rt_arena_new(&an->arena, struct rt_analysis_private);
	return an;
}

bool rt_analysis_step(struct rt_analysis *an)
{
	struct rt_analysis_private *p = an->priv;

	if (p->pass == RT_ARRAY_LEN(passes))
		return false;
	const struct pass *pass = &passes[p->pass];
	bool done = true;
	if (pass->whole)
		pass->whole(an);
	else
		done = pass->slice(an, &p->at);
	if (done) {
		p->pass++;
		p->at = 0;
	}
	return p->pass < RT_ARRAY_LEN(passes);
}

struct rt_analysis *rt_analyze(const struct rt_store *s, const struct rt_analysis_opts *opts)
{
	struct rt_analysis *an = rt_analysis_begin(s, opts);

	while (rt_analysis_step(an))
		continue;
	return an;
}

void rt_analysis_free(struct rt_analysis *an)
{
	if (!an)
		return;
	rt_map_done(&an->priv->grants);
	rt_map_done(&an->priv->broken);
	rt_map_done(&an->priv->secrets);
	rt_map_done(&an->priv->pods_by_label);
	rt_map_done(&an->priv->services_by);
	rt_arena_done(&an->priv->lazy);
	rt_arena_done(&an->arena);
	free(an);
}

/* ---------------------------------------------------------------- where a fact is */

static int name_cmp(const struct rt_obj *o, const char *ns, const char *name)
{
	int c = o->ns && ns ? strcmp(o->ns, ns) : 0;

	return c ? c : strcmp(o->name, name);
}

/* Facts stand in the order of the store's list: by namespace, name. */
#define FACT_FINDER(scope, fn, type, list, object)                                                 \
	scope struct type *fn(const struct rt_analysis *an, const char *ns, const char *name)      \
	{                                                                                          \
		size_t lo = 0, hi = an->list.len;                                                  \
		while (name && lo < hi) {                                                          \
			size_t mid = lo + (hi - lo) / 2;                                           \
			int c = name_cmp(&an->list.v[mid]->object->obj, ns, name);                 \
			if (c == 0)                                                                \
				return an->list.v[mid];                                            \
			if (c < 0)                                                                 \
				lo = mid + 1;                                                      \
			else                                                                       \
				hi = mid;                                                          \
		}                                                                                  \
		return NULL;                                                                       \
	}

FACT_FINDER(static, class_find, rt_class_fact, classes, gc)
FACT_FINDER(static, ingress_class_find, rt_ingress_class_fact, ingress_classes, ic)
FACT_FINDER(extern, rt_gateway_fact_of, rt_gateway_fact, gateways, gateway)
FACT_FINDER(extern, rt_listener_set_fact_of, rt_listener_set_fact, listener_sets, set)
FACT_FINDER(extern, rt_service_fact_of, rt_service_fact, services, service)
FACT_FINDER(extern, rt_ingress_fact_of, rt_ingress_fact, ingresses, ingress)

struct rt_class_fact *rt_class_fact_of(const struct rt_analysis *an, const char *name)
{
	return class_find(an, NULL, name);
}

struct rt_ingress_class_fact *rt_ingress_class_fact_of(
    const struct rt_analysis *an, const char *name)
{
	return ingress_class_find(an, NULL, name);
}

struct rt_route_fact *rt_route_fact_of(const struct rt_analysis *an, const struct rt_obj *route)
{
	size_t lo = 0, hi = an->routes.len;

	/* Routes of all kinds share one list: the kind orders first. */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct rt_obj *o = &an->routes.v[mid]->route->obj;
		int c = (int)o->kind - (int)route->kind;
		if (!c)
			c = name_cmp(o, route->ns, route->name);
		if (c == 0)
			return an->routes.v[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* The first object of the list whose namespace does not come before ns, or comes after it. */
static size_t namespace_bound(
    const struct rt_obj *const *objs, size_t n, const char *ns, bool after)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(objs[mid]->ns ? objs[mid]->ns : "", ns);
		if (c < 0 || (after && c == 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t rt_list_of_namespace(
    const struct rt_analysis *an, enum rt_kind k, const char *ns, const struct rt_obj *const **ret)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, k, &objs);
	size_t from = namespace_bound(objs, n, ns ? ns : "", false);

	*ret = n ? objs + from : objs;
	return namespace_bound(objs, n, ns ? ns : "", true) - from;
}

/* ---------------------------------------------------------------- what is known */

/* What manifests do not hold does not exist, once the world is closed. */
static bool is_closed(const struct rt_analysis *an)
{
	return an->opts.closed_world && rt_store_mode(an->store) == RT_STORE_FILES;
}

enum rt_tri rt_analysis_find(
    const struct rt_analysis *an, struct rt_ref ref, const struct rt_obj **ret)
{
	enum rt_tri present = rt_store_find(an->store, ref, ret);

	if (present != RT_UNKNOWN || !is_closed(an))
		return present;
	if (!ref.group || !ref.kind || !ref.name)
		return RT_NO;
	const char *parts[] = {ref.group, ref.kind, ref.ns ? ref.ns : "", ref.name};
	bool broken = rt_map_get_parts(&an->priv->broken, RT_ARRAY_LEN(parts), parts);
	return broken ? RT_UNKNOWN : RT_NO;
}

bool rt_analysis_known(
    const struct rt_analysis *an, const char *group, const char *kind, const char *ns)
{
	return is_closed(an) || rt_store_known(an->store, group, kind, ns);
}

/* The labels of a namespace as far as they are known; that with its name every one has. */
struct ns_labels {
	struct rt_pair name;
	struct rt_pairs labels;
	bool complete;
};

static enum rt_tri requirement_holds(
    const struct ns_labels *n, const struct rt_label_selector *one, const char *key)
{
	struct rt_pairs name = {&n->name, 1};

	if (key && strcmp(key, LABEL_NAMESPACE_NAME) == 0)
		return rt_tri_of(rt_label_selector_match(one, name));
	return n->complete ? rt_tri_of(rt_label_selector_match(one, n->labels)) : RT_UNKNOWN;
}

static enum rt_tri selector_holds(const struct ns_labels *n, const struct rt_label_selector *sel)
{
	enum rt_tri all = RT_YES;

	for (size_t i = 0; i < sel->match_labels.len; i++) {
		struct rt_label_selector one = {.match_labels = {sel->match_labels.v + i, 1}};
		all = rt_tri_and(all, requirement_holds(n, &one, sel->match_labels.v[i].key));
	}
	for (size_t i = 0; i < sel->match_expressions.len; i++) {
		struct rt_label_selector one = {0};
		one.match_expressions.v = sel->match_expressions.v + i;
		one.match_expressions.len = 1;
		all = rt_tri_and(all, requirement_holds(n, &one, sel->match_expressions.v[i].key));
	}
	return all;
}

enum rt_tri rt_namespace_matches(
    const struct rt_analysis *an, const struct rt_label_selector *sel, const char *ns)
{
	if (!sel || !ns)
		return RT_NO;
	const struct rt_obj *o = rt_store_get(an->store, RT_KIND_NAMESPACE, NULL, ns);
	struct ns_labels n = {.name = {LABEL_NAMESPACE_NAME, ns}};

	/* Manifests rarely hold every Namespace: one that is missing may have any labels. */
	n.complete = o || is_closed(an) ||
		     (rt_store_mode(an->store) != RT_STORE_FILES &&
			 rt_store_known(an->store, "", "Namespace", NULL));
	if (o)
		n.labels = o->labels;
	return selector_holds(&n, sel);
}

enum rt_tri rt_namespaces_admit(struct rt_analysis *an, const struct rt_route_namespaces *n,
    const char *fallback, const char *own_ns, const char *ns)
{
	const char *from = n && n->from ? n->from : fallback;

	if (strcmp(from, "All") == 0)
		return RT_YES;
	if (strcmp(from, "Same") == 0)
		return rt_tri_of(rt_streq(own_ns, ns));
	if (strcmp(from, "Selector") == 0)
		return rt_namespace_matches(an, n ? n->selector : NULL, ns);
	return RT_NO; /* None, and values the API does not have */
}

/* ---------------------------------------------------------------- small pieces */

static int time_cmp(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* An object without creationTimestamp has not been created yet: it counts as the youngest. */
int rt_obj_age_cmp(const struct rt_obj *a, const struct rt_obj *b)
{
	int64_t ta = a->created == RT_TIME_UNSET ? INT64_MAX : a->created;
	int64_t tb = b->created == RT_TIME_UNSET ? INT64_MAX : b->created;
	int c = time_cmp(ta, tb);

	if (!c && a->ns && b->ns)
		c = strcmp(a->ns, b->ns);
	return c ? c : strcmp(a->name, b->name);
}

bool rt_group_is_known(const char *group)
{
	static const char *const known[] = {"", "apps", "batch", "autoscaling", "policy",
	    RT_GROUP_NETWORKING, RT_GROUP_DISCOVERY, RT_GROUP_GATEWAY, RT_GROUP_GATEWAY_X,
	    "apiextensions.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"};

	for (size_t i = 0; i < RT_ARRAY_LEN(known); i++)
		if (strcmp(known[i], group) == 0)
			return true;
	return false;
}
