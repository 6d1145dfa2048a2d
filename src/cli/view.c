/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.c - facts, then findings rule by rule, then the graph, then what else is to be asked.
 */
#include "config.h"

#include "view.h"

#include "rutter/mem.h"

struct rt_view *rt_view_begin(const struct rt_store *store, const struct rt_analysis_opts *opts)
{
	struct rt_view *v = rt_xcalloc(1, sizeof(*v));
	v->store = store;
	v->opts = *opts;
	return v;
}

bool rt_view_step(struct rt_view *v)
{
	if (!v->an) {
		v->version = rt_store_version(v->store);
		v->an = rt_analysis_begin(v->store, &v->opts);
	}
	if (!v->check) {
		if (rt_analysis_step(v->an))
			return true;
		v->check = rt_check_new(&(struct rt_check_in){.an = v->an, .now = v->opts.now});
		return true;
	}
	if (!v->findings) {
		if (!rt_check_step(v->check))
			v->findings = rt_check_result(v->check);
		return true;
	}
	if (!v->graph)
		v->graph = rt_graph_begin(v->an, v->findings);
	if (rt_graph_step(v->graph))
		return true;
	if (!v->wanting) {
		v->wanting = rt_wants_begin(v->an, &v->arena, &v->wants);
		return true;
	}
	if (rt_wants_step(v->wanting))
		return true;
	rt_wants_free(v->wanting);
	v->wanting = NULL;
	return false;
}

void rt_view_free(struct rt_view *v)
{
	if (!v)
		return;
	rt_wants_free(v->wanting);
	rt_arena_done(&v->arena);
	rt_graph_free(v->graph);
	rt_check_free(v->check);
	rt_analysis_free(v->an);
	free(v);
}
