/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ref.c - identity of objects, their labels and conditions.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/kind_core.h"
#include "rutter/kind_route.h"
#include "rutter/model.h"

struct rt_ref rt_obj_ref(const struct rt_obj *o)
{
	return (struct rt_ref){o->group, o->kind_name, o->ns, o->name};
}

static int text_cmp(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int rt_ref_cmp(const struct rt_ref *a, const struct rt_ref *b)
{
	int c = text_cmp(a->group, b->group);
	if (c == 0)
		c = text_cmp(a->kind, b->kind);
	if (c == 0)
		c = text_cmp(a->ns, b->ns);
	return c ? c : text_cmp(a->name, b->name);
}

const char *rt_ref_text(struct rt_arena *a, struct rt_ref r)
{
	if (!r.ns)
		return rt_arena_printf(a, "%s %s", r.kind, r.name);
	return rt_arena_printf(a, "%s %s/%s", r.kind, r.ns, r.name);
}

const char *rt_obj_text(struct rt_arena *a, const struct rt_obj *o)
{
	return rt_ref_text(a, rt_obj_ref(o));
}

const struct rt_condition *rt_condition_find(rt_conditions c, const char *type)
{
	for (size_t i = 0; i < c.len; i++)
		if (c.v[i].type && strcmp(c.v[i].type, type) == 0)
			return &c.v[i];
	return NULL;
}

static bool requirement_holds(const struct rt_requirement_spec *q, struct rt_pairs labels)
{
	const char *value = q->key ? rt_pairs_get(labels, q->key) : NULL;
	const char *op = q->op ? q->op : "";
	if (strcmp(op, "Exists") == 0)
		return value != NULL;
	if (strcmp(op, "DoesNotExist") == 0)
		return value == NULL;
	bool in = false;
	for (size_t i = 0; value && i < q->values.len; i++)
		in = in || strcmp(q->values.v[i], value) == 0;
	if (strcmp(op, "In") == 0)
		return in;
	/* NotIn matches where the key is absent; an operator that does not exist matches nothing.
	 */
	return strcmp(op, "NotIn") == 0 && !in;
}

bool rt_label_selector_match(const struct rt_label_selector *s, struct rt_pairs labels)
{
	for (size_t i = 0; i < s->match_labels.len; i++) {
		const char *value = rt_pairs_get(labels, s->match_labels.v[i].key);
		if (!value || strcmp(value, s->match_labels.v[i].value) != 0)
			return false;
	}
	for (size_t i = 0; i < s->match_expressions.len; i++)
		if (!requirement_holds(&s->match_expressions.v[i], labels))
			return false;
	return true;
}

bool rt_route_has_hostnames(enum rt_kind k)
{
	return k == RT_KIND_HTTP_ROUTE || k == RT_KIND_GRPC_ROUTE || k == RT_KIND_TLS_ROUTE;
}

size_t rt_rule_matches(const struct rt_rule *rule, const struct rt_route_match **ret)
{
	static const struct rt_route_match everything = {.path = {"PathPrefix", "/"}};
	if (rule->matches.len == 0) {
		*ret = &everything;
		return 1;
	}
	*ret = rule->matches.v;
	return rule->matches.len;
}

enum rt_tri rt_pod_ready(const struct rt_pod *p)
{
	if (!p->has_status)
		return RT_UNKNOWN;
	const struct rt_condition *c = rt_condition_find(p->conditions, "Ready");
	return c && c->status && strcmp(c->status, "True") == 0 ? RT_YES : RT_NO;
}

bool rt_endpoint_ready(const struct rt_endpoint *e)
{
	/* EndpointConditions.ready: consumers read an absent value as ready. */
	return e->ready != RT_FLAG_FALSE;
}
