/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h - one view of a store: facts, findings, graph and what else is to be asked, made in slices
 * so that a key never waits long. A view borrows the store's objects as they were when it was
 *begun.
 *
 *	struct rt_view *v = rt_view_begin(store, &opts);
 *	while (rt_view_step(v))
 *		;
 *	use(v->findings, v->graph);
 *	rt_view_free(v);
 */
#ifndef RUTTER_CLI_VIEW_H
#define RUTTER_CLI_VIEW_H

#include "rutter/findings.h"
#include "rutter/graph.h"
#include "rutter/wants.h"

struct rt_view {
	const struct rt_store *store;
	struct rt_analysis_opts opts;
	uint64_t version; /* of the store when the facts were computed */
	struct rt_analysis *an;
	struct rt_check *check;
	const struct rt_findings *findings; /* NULL until done */
	struct rt_graph *graph;
	struct rt_wanting *wanting;
	struct rt_arena arena; /* of wants */
	rt_wants wants;
};

struct rt_view *rt_view_begin(const struct rt_store *store, const struct rt_analysis_opts *opts);
bool rt_view_step(struct rt_view *v); /* false: done */
void rt_view_free(struct rt_view *v); /* NULL-safe */

#endif
