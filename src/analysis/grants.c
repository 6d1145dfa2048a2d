/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grants.c - ReferenceGrants: who may refer across namespaces (gateway-api §5.1).
 * from and to of one grant are independent lists; two grants never combine.
 */
#include "config.h"

#include "private.h"

void rt_grants_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_REFERENCE_GRANT, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_grant_fact *g = rt_arena_new(&an->arena, struct rt_grant_fact);
		g->grant = (const struct rt_reference_grant *)objs[i];
		rt_vec_push(&an->grants, &an->arena, g);
		const char *ns = objs[i]->ns ? objs[i]->ns : "";
		struct rt_grant_list *list = rt_map_get(&an->priv->grants, ns);
		if (!list) {
			list = rt_arena_new(&an->arena, struct rt_grant_list);
			rt_map_set(&an->priv->grants, ns, list);
		}
		rt_vec_push(&list->v, &an->arena, g);
	}
}

/* How far an entry is from admitting: each thing that differs is one bit. */
enum { NEAR_MISSES = 8 }; /* that are told of one reference */
enum { WRONG_GROUP = 1, WRONG_KIND = 2, WRONG_NS_OR_NAME = 4, WRONG_ALL = 7 };

static unsigned from_faults(const struct rt_grant_from *f, const struct rt_referrer *r)
{
	unsigned wrong = 0;

	wrong |= rt_streq(f->group, r->group) ? 0 : WRONG_GROUP;
	wrong |= rt_streq(f->kind, r->kind) ? 0 : WRONG_KIND;
	wrong |= rt_streq(f->ns, r->ns) ? 0 : WRONG_NS_OR_NAME;
	return wrong;
}

static unsigned to_faults(const struct rt_grant_to *t, const struct rt_ref *to)
{
	bool any_name = !t->name || !t->name[0];
	unsigned wrong = 0;

	wrong |= rt_streq(t->group, to->group) ? 0 : WRONG_GROUP;
	wrong |= rt_streq(t->kind, to->kind) ? 0 : WRONG_KIND;
	wrong |= any_name || rt_streq(t->name, to->name) ? 0 : WRONG_NS_OR_NAME;
	return wrong;
}

/* The best entries of one grant. */
struct closeness {
	unsigned from, to;
	const struct rt_grant_from *f;
	const struct rt_grant_to *t;
};

static int count(unsigned bits)
{
	return __builtin_popcount(bits);
}

static struct closeness closest(
    const struct rt_reference_grant *g, const struct rt_referrer *from, const struct rt_ref *to)
{
	struct closeness c = {.from = WRONG_ALL, .to = WRONG_ALL};

	for (size_t i = 0; i < g->from.len; i++) {
		unsigned wrong = from_faults(&g->from.v[i], from);
		if (!c.f || count(wrong) < count(c.from))
			c.from = wrong, c.f = &g->from.v[i];
	}
	for (size_t i = 0; i < g->to.len; i++) {
		unsigned wrong = to_faults(&g->to.v[i], to);
		if (!c.t || count(wrong) < count(c.to))
			c.to = wrong, c.t = &g->to.v[i];
	}
	return c;
}

static const char *shown(const char *s)
{
	return s && s[0] ? s : "\"\"";
}

/* What a near miss lacks, as the message says it. */
static const char *lacks_text(struct rt_arena *a, const struct closeness *c,
    const struct rt_referrer *from, const struct rt_ref *to)
{
	if (c->from & WRONG_KIND)
		return rt_arena_printf(a, "admits kind %s, not %s", shown(c->f->kind), from->kind);
	if (c->from & WRONG_GROUP)
		return rt_arena_printf(
		    a, "admits group %s, not %s", shown(c->f->group), shown(from->group));
	if (c->from & WRONG_NS_OR_NAME)
		return rt_arena_printf(
		    a, "admits namespace %s, not %s", shown(c->f->ns), shown(from->ns));
	if (c->to & WRONG_KIND)
		return rt_arena_printf(a, "opens kind %s, not %s", shown(c->t->kind), to->kind);
	if (c->to & WRONG_GROUP)
		return rt_arena_printf(
		    a, "opens group %s, not %s", shown(c->t->group), shown(to->group));
	return rt_arena_printf(
	    a, "opens %s %s, not %s", to->kind, shown(c->t->name), shown(to->name));
}

static void grants_scan(struct rt_analysis *an, const struct rt_grant_list *list,
    const struct rt_referrer *from, const struct rt_ref *to, struct rt_permission *p)
{
	for (size_t i = 0; i < list->v.len; i++) {
		struct rt_grant_fact *g = list->v.v[i];
		struct closeness c = closest(g->grant, from, to);
		int wrong = count(c.from) + count(c.to);
		if (wrong == 0) {
			g->uses++;
			if (!p->grant)
				p->grant = g;
		} else if (wrong == 1 && !p->grant && p->near_misses.len < NEAR_MISSES) {
			rt_vec_push(&p->near_misses, &an->arena,
			    ((struct rt_near_miss){g, lacks_text(&an->arena, &c, from, to)}));
		}
	}
	if (p->grant)
		p->near_misses.len = 0;
}

struct rt_permission rt_grant_ask(
    struct rt_analysis *an, const struct rt_referrer *from, const struct rt_ref *to)
{
	struct rt_permission p = {.granted = RT_YES};

	if (!to->ns || rt_streq(from->ns, to->ns))
		return p;
	p.crosses = true;
	if (from->features && !rt_features_on(from->features, RT_FEATURE_ReferenceGrant)) {
		p.granted = RT_NO; /* nobody looks at grants */
		return p;
	}
	const struct rt_grant_list *list = rt_map_get(&an->priv->grants, to->ns);
	if (list)
		grants_scan(an, list, from, to, &p);
	if (!p.grant)
		p.granted = rt_analysis_known(an, RT_GROUP_GATEWAY, "ReferenceGrant", to->ns)
				? RT_NO
				: RT_UNKNOWN;
	return p;
}
