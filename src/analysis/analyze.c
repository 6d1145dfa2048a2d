/* SPDX-License-Identifier: Apache-2.0 */
/*
 * analyze.c - runs the passes of the analysis.
 */
#include "config.h"

#include "rutter/analysis.h"

#include "private.h"
#include "rutter/mem.h"

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
    {.whole = rt_mesh_rivals_find},
    {.whole = rt_policies_reach},
    {.whole = rt_ingress_classes_init},
    {.slice = rt_ingresses_resolve},
};

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
	rt_map_done(&an->priv->pods_selected);
	rt_map_done(&an->priv->pods_in_table);
	rt_map_done(&an->priv->services_by);
	rt_arena_done(&an->priv->lazy);
	rt_arena_done(&an->arena);
	free(an);
}
