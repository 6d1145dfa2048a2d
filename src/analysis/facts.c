/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.c - where the fact of an object is, and the order of objects that passes rely on.
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/analysis.h"

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

/* ---------------------------------------------------------------- lists in slices and in order */

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

static int time_cmp(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* As "namespace/name" sorts: a dash in a namespace comes before the slash that ends another. */
static int path_cmp(const struct rt_obj *a, const struct rt_obj *b)
{
	size_t i = 0;

	if (!a->ns || !b->ns)
		return strcmp(a->name, b->name);
	while (a->ns[i] && a->ns[i] == b->ns[i])
		i++;
	if (a->ns[i] == b->ns[i])
		return strcmp(a->name, b->name);
	return (a->ns[i] ? a->ns[i] : '/') - (b->ns[i] ? b->ns[i] : '/');
}

/* An object without creationTimestamp has not been created yet: it counts as the youngest. */
int rt_obj_age_cmp(const struct rt_obj *a, const struct rt_obj *b)
{
	int64_t ta = a->created == RT_TIME_UNSET ? INT64_MAX : a->created;
	int64_t tb = b->created == RT_TIME_UNSET ? INT64_MAX : b->created;
	int c = time_cmp(ta, tb);

	return c ? c : path_cmp(a, b);
}
