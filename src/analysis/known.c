/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known.c - what is known: whether an object exists, whether a kind was read, what a namespace is
 * labelled with.
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/analysis.h"

#define LABEL_NAMESPACE_NAME "kubernetes.io/metadata.name"

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

bool rt_group_is_known(const char *group)
{
	static const char *const known[] = {RT_GROUP_NETWORKING, RT_GROUP_DISCOVERY,
	    RT_GROUP_GATEWAY, RT_GROUP_GATEWAY_X, "apiextensions.k8s.io",
	    "rbac.authorization.k8s.io", "storage.k8s.io"};

	/* The group of a CustomResourceDefinition has a dot: without one it is Kubernetes' own, or,
	 * like "core" and "v1", none at all. */
	if (!strchr(group, '.'))
		return true;
	for (size_t i = 0; i < RT_ARRAY_LEN(known); i++)
		if (strcmp(known[i], group) == 0)
			return true;
	return false;
}
