/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pods.c - Pods and workloads by label, and why a Pod is not ready.
 * Pods are indexed by namespace and label when the first question comes, so that thousands of
 * Services cost little and an analysis that asks none costs nothing.
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/buf.h"
#include "rutter/utf8.h"
#include "rutter/want.h"

/* ---------------------------------------------------------------- what was read */

bool rt_pods_known(const struct rt_analysis *an, const char *ns, const char *selector)
{
	struct rt_arena a = {0};
	const struct rt_want asked[] = {
	    {.type = RT_WANT_PODS, .ns = ns, .selector = selector},
	    {.type = RT_WANT_PODS, .ns = NULL, .selector = selector},
	    {.type = RT_WANT_PODS, .ns = ns, .selector = ""},
	};
	bool known = rt_store_known(an->store, "", "Pod", ns);

	for (size_t i = 0; i < RT_ARRAY_LEN(asked) && !known; i++) {
		enum rt_scope_state st =
		    rt_store_answer(an->store, rt_want_key(&a, &asked[i]), NULL);
		known = st == RT_SCOPE_READ || st == RT_SCOPE_ABSENT;
	}
	rt_arena_done(&a);
	return known;
}

const char *rt_labels_text(struct rt_arena *a, struct rt_pairs labels)
{
	const char *text = "";

	for (size_t i = 0; i < labels.len; i++)
		text = rt_arena_printf(
		    a, "%s%s%s=%s", text, i ? "," : "", labels.v[i].key, labels.v[i].value);
	return text;
}

/* ---------------------------------------------------------------- index */

struct pod_list {
	rt_pods v;
};

static void index_add(
    struct rt_analysis_private *p, struct rt_arena *a, const struct rt_obj *o, struct rt_pair l)
{
	const char *parts[] = {o->ns ? o->ns : "", l.key, l.value};
	struct pod_list *list = rt_map_get_parts(&p->pods_by_label, RT_ARRAY_LEN(parts), parts);

	if (!list) {
		list = rt_arena_new(a, struct pod_list);
		rt_map_set_parts(&p->pods_by_label, RT_ARRAY_LEN(parts), parts, list);
	}
	rt_vec_push(&list->v, a, (const struct rt_pod *)o);
}

static void index_build(const struct rt_analysis *an)
{
	struct rt_analysis_private *p = an->priv;
	const struct rt_obj *const *objs;

	if (p->pods_indexed)
		return;
	p->pods_indexed = true;
	size_t n = rt_store_list(an->store, RT_KIND_POD, &objs);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < objs[i]->labels.len; k++)
			index_add(p, &p->lazy, objs[i], objs[i]->labels.v[k]);
}

bool rt_labels_hold(struct rt_pairs want, struct rt_pairs have)
{
	for (size_t i = 0; i < want.len; i++)
		if (!rt_streq(rt_pairs_get(have, want.v[i].key), want.v[i].value))
			return false;
	return true;
}

/* The shortest of the lists that the selector's labels lead to. */
static const struct pod_list *shortest(
    const struct rt_analysis *an, const char *ns, struct rt_pairs labels)
{
	static const struct pod_list none = {0};
	const struct pod_list *best = NULL;

	for (size_t i = 0; i < labels.len; i++) {
		const char *parts[] = {ns, labels.v[i].key, labels.v[i].value};
		const struct pod_list *l =
		    rt_map_get_parts(&an->priv->pods_by_label, RT_ARRAY_LEN(parts), parts);
		if (!l)
			return &none;
		if (!best || l->v.len < best->v.len)
			best = l;
	}
	return best ? best : &none;
}

/* Of several labels; thousands of Services may ask for the same. */
static const rt_pods *pods_of_labels(
    const struct rt_analysis *an, const char *ns, struct rt_pairs labels)
{
	struct rt_analysis_private *p = an->priv;
	struct rt_arena scratch = {0};
	size_t n = 1 + 2 * labels.len;
	const char **question = rt_arena_calloc(&scratch, n, sizeof(*question));
	rt_pods *ret;

	question[0] = ns;
	for (size_t i = 0; i < labels.len; i++) {
		question[1 + 2 * i] = labels.v[i].key;
		question[2 + 2 * i] = labels.v[i].value;
	}
	ret = rt_map_get_parts(&p->pods_selected, n, question);
	if (!ret) {
		const struct pod_list *among = shortest(an, ns, labels);

		ret = rt_arena_new(&p->lazy, rt_pods);
		for (size_t i = 0; i < among->v.len; i++)
			if (rt_labels_hold(labels, among->v.v[i]->obj.labels))
				rt_vec_push(ret, &p->lazy, among->v.v[i]);
		rt_map_set_parts(&p->pods_selected, n, question, ret);
	}
	rt_arena_done(&scratch);
	return ret;
}

enum rt_tri rt_pods_select(
    const struct rt_analysis *an, const char *ns, struct rt_pairs labels, rt_pods *ret)
{
	struct rt_arena scratch = {0};
	bool known = rt_pods_known(an, ns, rt_labels_text(&scratch, labels));

	rt_arena_done(&scratch);
	index_build(an);
	*ret = labels.len == 1 ? shortest(an, ns, labels)->v : *pods_of_labels(an, ns, labels);
	return rt_tri_of(known);
}

void rt_workloads_select(const struct rt_analysis *an, const char *ns, struct rt_pairs labels,
    struct rt_arena *a, rt_workloads *ret)
{
	static const enum rt_kind kinds[] = {RT_KIND_DEPLOYMENT, RT_KIND_STATEFUL_SET,
	    RT_KIND_DAEMON_SET, RT_KIND_REPLICA_SET, RT_KIND_JOB};

	*ret = (rt_workloads){0};
	for (size_t k = 0; k < RT_ARRAY_LEN(kinds); k++) {
		const struct rt_obj *const *objs;
		size_t n = rt_list_of_namespace(an, kinds[k], ns, &objs);
		for (size_t i = 0; i < n; i++) {
			const struct rt_workload *w = (const struct rt_workload *)objs[i];
			if (rt_labels_hold(labels, w->template_labels))
				rt_vec_push(ret, a, w);
		}
	}
}

enum rt_tri rt_service_pods(
    const struct rt_analysis *an, const struct rt_service *svc, rt_pods *ret)
{
	*ret = (rt_pods){0};
	if (svc->selector.len == 0 || rt_streq(svc->type, "ExternalName"))
		return RT_YES;
	return rt_pods_select(an, svc->obj.ns, svc->selector, ret);
}

/* ---------------------------------------------------------------- trouble */

int64_t rt_pod_restarts(const struct rt_pod *p)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->container_statuses.len; i++)
		if (p->container_statuses.v[i].restart_count > 0)
			sum += p->container_statuses.v[i].restart_count;
	return sum;
}

static bool is_state(const char *s)
{
	return s && s[0];
}

/* Why containers wait or ended; start-up containers come first, as they do. */
static const char *container_trouble(const struct rt_pod *p, bool init)
{
	size_t n = init ? p->init_container_statuses.len : p->container_statuses.len;

	for (size_t i = 0; i < n; i++) {
		const struct rt_container_status *c =
		    init ? &p->init_container_statuses.v[i] : &p->container_statuses.v[i];
		if (c->waiting && is_state(c->waiting->reason) &&
		    strcmp(c->waiting->reason, "ContainerCreating") != 0 &&
		    strcmp(c->waiting->reason, "PodInitializing") != 0)
			return c->waiting->reason;
		if (!init && c->terminated && is_state(c->terminated->reason))
			return c->terminated->reason;
	}
	return NULL;
}

static const char *condition_reason(const struct rt_pod *p, const char *type)
{
	const struct rt_condition *c = rt_condition_find(p->conditions, type);

	return c && rt_streq(c->status, "False") ? c->reason : NULL;
}

static const char *gate_trouble(struct rt_arena *a, const struct rt_pod *p)
{
	for (size_t i = 0; i < p->spec.readiness_gates.len; i++) {
		const char *gate = p->spec.readiness_gates.v[i].condition_type;
		const struct rt_condition *c = rt_condition_find(p->conditions, gate);
		if (!c || !rt_streq(c->status, "True"))
			return rt_arena_printf(a, "readiness gate %s", gate);
	}
	return NULL;
}

static const char *trouble(struct rt_arena *a, const struct rt_pod *p)
{
	const char *why = container_trouble(p, true);

	if (!why)
		why = container_trouble(p, false);
	if (!why)
		why = condition_reason(p, "PodScheduled");
	if (!why)
		why = p->reason;
	if (!why && rt_streq(p->phase, "Running"))
		why = gate_trouble(a, p);
	if (!why && rt_streq(p->phase, "Running"))
		why = "readiness probe fails";
	return why ? why : p->phase ? p->phase : "no status";
}

const char *rt_pod_trouble(struct rt_arena *a, const struct rt_pod *p)
{
	if (rt_pod_ready(p) == RT_YES)
		return NULL;
	const char *why = trouble(a, p);
	struct rt_buf b = {0};
	rt_clean(&b, why, false);
	const char *clean = rt_arena_strdup(a, rt_buf_str(&b));
	rt_buf_done(&b);
	return clean;
}
