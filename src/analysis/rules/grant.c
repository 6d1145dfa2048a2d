/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grant.c - rules about ReferenceGrants themselves (gateway-api §5.1).
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

static const char *grant_name(struct rt_check *c, const struct rt_grant_fact *g)
{
	return rt_name(c, &g->grant->obj);
}

static bool is_route_kind(const char *group, const char *kind)
{
	return rt_kind_is_route(rt_kind_of(group, kind));
}

/* Kinds of the API that refer to something under a grant. */
static bool is_referrer(const char *group, const char *kind)
{
	enum rt_kind k = rt_kind_of(group, kind);

	return rt_kind_is_route(k) || k == RT_KIND_GATEWAY || k == RT_KIND_LISTENER_SET;
}

/* ---------------------------------------------------------------- RG01 */

/* Could a reference exist that was not read? Kinds of vendors are never asked for. */
static enum rt_tri unused(const struct rt_check *c, const struct rt_reference_grant *g)
{
	enum rt_tri ret = g->from.len && g->to.len ? RT_YES : RT_NO;

	for (size_t i = 0; i < g->from.len; i++) {
		const struct rt_grant_from *f = &g->from.v[i];

		if (!is_referrer(f->group, f->kind))
			return RT_NO;
		if (!rt_analysis_known(c->an, f->group, f->kind, f->ns))
			ret = RT_UNKNOWN;
	}
	if (ret == RT_UNKNOWN && rt_store_mode(c->store) == RT_STORE_FILES)
		return RT_NO;
	return ret;
}

void rt_check_RG01(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->grants.len; i++) {
		const struct rt_grant_fact *g = c->an->grants.v[i];
		enum rt_tri holds = g->uses ? RT_NO : unused(c, g->grant);
		struct rt_finding *f = rt_raise(c, RT_F_RG01, holds, &g->grant->obj, "spec");

		if (!f)
			continue;
		rt_tie(f, RT_TIE_GRANT, grant_name(c, g));
		rt_say(f,
		    holds == RT_YES ? "%s admits no existing reference"
				    : "%s admits no reference that could be read",
		    grant_name(c, g));
	}
}

/* ---------------------------------------------------------------- RG02 */

static struct rt_finding *raise_entry(struct rt_check *c, enum rt_tri holds,
    const struct rt_grant_fact *g, const char *list, size_t i)
{
	struct rt_finding *f =
	    rt_raise(c, RT_F_RG02, holds, &g->grant->obj, "spec.%s[%zu]", list, i);

	if (f)
		rt_tie(f, RT_TIE_GRANT, grant_name(c, g));
	return f;
}

static void from_entry(struct rt_check *c, const struct rt_grant_fact *g, size_t i)
{
	const struct rt_grant_from *from = &g->grant->from.v[i];
	enum rt_tri holds = RT_YES;
	struct rt_finding *f;

	if (is_referrer(from->group, from->kind))
		return;
	if (!rt_group_is_known(from->group))
		holds = rt_tri_not(
		    rt_kind_served(c->an, &(struct rt_ref){from->group, from->kind, NULL, NULL}));
	f = raise_entry(c, holds, g, "from", i);
	if (!f)
		return;
	if (is_referrer(RT_GROUP_GATEWAY, from->kind))
		rt_say(f, "%s: from group \"%s\" matches no %s; its group is %s", grant_name(c, g),
		    from->group, from->kind, RT_GROUP_GATEWAY);
	else
		rt_say(f, "%s: from kind %s (group \"%s\") %s", grant_name(c, g), from->kind,
		    from->group,
		    holds == RT_YES ? "never refers to anything under a grant"
				    : "is not known to exist");
}

/* Does some from entry refer to this kind? Kinds of vendors may refer to anything. */
static bool is_target_of(const struct rt_grant_from *from, const struct rt_grant_to *to)
{
	bool core = *to->group == '\0';

	if (!is_referrer(from->group, from->kind))
		return !rt_group_is_known(from->group);
	if (is_route_kind(from->group, from->kind))
		return core ? strcmp(to->kind, "Service") == 0
			    : strcmp(to->group, "multicluster.x-k8s.io") == 0 ||
				  strcmp(to->group, RT_GROUP_GATEWAY_X) == 0 ||
				  !rt_group_is_known(to->group);
	if (core && strcmp(to->kind, "Secret") == 0)
		return true;
	if (strcmp(from->kind, "Gateway") != 0)
		return false;
	return core ? strcmp(to->kind, "ConfigMap") == 0 : !rt_group_is_known(to->group);
}

static void to_entry(struct rt_check *c, const struct rt_grant_fact *g, size_t i)
{
	const struct rt_grant_to *to = &g->grant->to.v[i];
	size_t referrers = 0;
	struct rt_finding *f;

	if (strcmp(to->group, "core") == 0 || strcmp(to->group, "v1") == 0) {
		f = raise_entry(c, RT_YES, g, "to", i);
		rt_say(f, "%s: group \"%s\" matches nothing; the core group is \"\"",
		    grant_name(c, g), to->group);
		return;
	}
	for (size_t k = 0; k < g->grant->from.len; k++) {
		const struct rt_grant_from *from = &g->grant->from.v[k];

		if (is_target_of(from, to))
			return;
		referrers += is_referrer(from->group, from->kind);
	}
	if (!referrers) /* that is what is wrong then */
		return;
	f = raise_entry(c, RT_YES, g, "to", i);
	rt_say(f, "%s: no kind under from ever refers to a %s%s%s%s", grant_name(c, g), to->kind,
	    *to->group ? " (" : "", to->group, *to->group ? ")" : "");
}

void rt_check_RG02(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->grants.len; i++) {
		const struct rt_grant_fact *g = c->an->grants.v[i];

		for (size_t k = 0; k < g->grant->from.len; k++)
			if (g->grant->from.v[k].group && g->grant->from.v[k].kind)
				from_entry(c, g, k);
		for (size_t k = 0; k < g->grant->to.len; k++)
			if (g->grant->to.v[k].group && g->grant->to.v[k].kind)
				to_entry(c, g, k);
	}
}

/* ---------------------------------------------------------------- RG03 */

void rt_check_RG03(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->grants.len; i++) {
		const struct rt_reference_grant *g = c->an->grants.v[i]->grant;
		const struct rt_grant_from *from = g->from.len ? &g->from.v[0] : NULL;

		for (size_t k = 0; k < g->to.len; k++) {
			const struct rt_grant_to *to = &g->to.v[k];
			struct rt_finding *f;

			if (!rt_streq(to->group, "") || !rt_streq(to->kind, "Secret") ||
			    (to->name && *to->name))
				continue;
			f = rt_raise(c, RT_F_RG03, RT_YES, &g->obj, "spec.to[%zu]", k);
			rt_say(f, "%s opens every Secret of namespace %s%s%s%s%s",
			    rt_name(c, &g->obj), g->obj.ns, from && from->kind ? " to " : "",
			    from && from->kind ? from->kind : "",
			    from && from->ns ? "s of namespace " : "",
			    from && from->ns ? from->ns : "");
		}
	}
}
