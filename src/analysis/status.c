/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.c - the conditions of every object, or of one, as the specification has them.
 */
#include "config.h"

#include "rutter/status.h"

#include "expect.h"

void rt_status_judge(const struct rt_analysis *an, struct rt_arena *a, struct rt_status_report *ret)
{
	struct rt_expecting e = {.an = an, .a = a, .out = ret};

	for (size_t i = 0; i < an->classes.len; i++)
		rt_expect_class(&e, an->classes.v[i]);
	for (size_t i = 0; i < an->gateways.len; i++)
		rt_expect_gateway(&e, an->gateways.v[i]);
	for (size_t i = 0; i < an->listener_sets.len; i++)
		rt_expect_listener_set(&e, an->listener_sets.v[i]);
	for (size_t i = 0; i < an->routes.len; i++)
		rt_expect_route(&e, an->routes.v[i]);
	for (size_t i = 0; i < an->policies.len; i++)
		rt_expect_policy(&e, an->policies.v[i]);
}

static const struct rt_policy_fact *policy_fact_of(
    const struct rt_analysis *an, const struct rt_obj *obj)
{
	for (size_t i = 0; i < an->policies.len; i++)
		if (&an->policies.v[i]->policy->obj == obj)
			return an->policies.v[i];
	return NULL;
}

void rt_status_judge_object(const struct rt_analysis *an, const struct rt_obj *obj,
    struct rt_arena *a, struct rt_status_report *ret)
{
	struct rt_expecting e = {.an = an, .a = a, .out = ret};
	const struct rt_class_fact *c =
	    obj->kind == RT_KIND_GATEWAY_CLASS ? rt_class_fact_of(an, obj->name) : NULL;
	const struct rt_gateway_fact *g =
	    obj->kind == RT_KIND_GATEWAY ? rt_gateway_fact_of(an, obj->ns, obj->name) : NULL;
	const struct rt_listener_set_fact *s = obj->kind == RT_KIND_LISTENER_SET
						   ? rt_listener_set_fact_of(an, obj->ns, obj->name)
						   : NULL;
	const struct rt_route_fact *r =
	    rt_kind_is_route(obj->kind) ? rt_route_fact_of(an, obj) : NULL;
	const struct rt_policy_fact *p =
	    obj->kind == RT_KIND_BACKEND_TLS_POLICY ? policy_fact_of(an, obj) : NULL;

	if (c)
		rt_expect_class(&e, c);
	if (g)
		rt_expect_gateway(&e, g);
	if (s)
		rt_expect_listener_set(&e, s);
	if (r)
		rt_expect_route(&e, r);
	if (p)
		rt_expect_policy(&e, p);
}
