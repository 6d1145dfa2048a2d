/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph.c - the stages of building, and how findings and their counts come to sit on nodes.
 */
#include "config.h"

#include "rutter/graph.h"

#include <stdlib.h>
#include <string.h>

#include "graph_int.h"
#include "rutter/mem.h"

const char *rt_node_state_name(enum rt_node_state s)
{
	static const char *const names[] = {
	    [RT_STATE_OK] = "ok",
	    [RT_STATE_INFO] = "info",
	    [RT_STATE_UNKNOWN] = "unknown",
	    [RT_STATE_WARNING] = "warning",
	    [RT_STATE_ERROR] = "error",
	};
	return names[s];
}

const char *rt_link_state_name(enum rt_link_state s)
{
	static const char *const names[] = {
	    [RT_LINK_FINE] = "fine",
	    [RT_LINK_UNKNOWN] = "unknown",
	    [RT_LINK_NOT_PERMITTED] = "not-permitted",
	    [RT_LINK_BROKEN] = "broken",
	};
	return names[s];
}

/* What a node shows of findings. */
static enum rt_node_state tally_state(const struct rt_tally *t)
{
	if (t->by_severity[RT_SEV_ERROR])
		return RT_STATE_ERROR;
	if (t->by_severity[RT_SEV_WARNING])
		return RT_STATE_WARNING;
	if (t->unknown)
		return RT_STATE_UNKNOWN;
	return t->by_severity[RT_SEV_INFO] ? RT_STATE_INFO : RT_STATE_OK;
}

enum rt_node_state rt_finding_state(const struct rt_finding *f)
{
	static const enum rt_node_state of[RT_SEV_COUNT] = {
	    [RT_SEV_ERROR] = RT_STATE_ERROR,
	    [RT_SEV_WARNING] = RT_STATE_WARNING,
	    [RT_SEV_INFO] = RT_STATE_INFO,
	};

	if (!f->certain)
		return RT_STATE_UNKNOWN;
	return of[rt_finding_info(f->code)->severity];
}

enum rt_node_state rt_node_worst(const struct rt_node *n)
{
	enum rt_node_state s = tally_state(&n->total);

	return n->state > s ? n->state : s;
}

/* ------------------------------------------------------------------ findings on nodes */

/* The index in "prefix[7]…", or -1. */
static int index_after(const char *field, const char *prefix)
{
	size_t len = strlen(prefix);
	if (!field || strncmp(field, prefix, len) != 0 || field[len] != '[')
		return -1;
	return (int)strtol(field + len + 1, NULL, 10);
}

static struct rt_node *part_of(const struct rt_node *whole, enum rt_node_type type, int part)
{
	for (size_t i = 0; i < whole->out.len; i++) {
		struct rt_node *n = whole->out.v[i]->to;
		if (n->type == type && n->part == part)
			return n;
	}
	return NULL;
}

/* A finding about a listener or a rule sits on that part of its object. */
static struct rt_node *seat_of(const struct rt_graph *g, const struct rt_finding *f)
{
	struct rt_node *whole = rt_graph_find(g, f->object);
	struct rt_node *part = NULL;
	if (!whole)
		return NULL;
	int listener = index_after(f->field, "spec.listeners");
	int rule = index_after(f->field, "spec.rules");
	if (listener >= 0)
		part = part_of(whole, RT_NODE_LISTENER, listener);
	else if (rule >= 0)
		part = part_of(whole, RT_NODE_RULE, rule);
	return part ? part : whole;
}

static void count_upwards(struct rt_node *n, const struct rt_finding *f, unsigned told)
{
	if (n->told == told)
		return;
	n->told = told;
	rt_tally_count(&n->total, f);
	for (size_t i = 0; i < n->in.len; i++)
		count_upwards(n->in.v[i]->from, f, told);
}

static bool seat_next(struct graph_builder *b)
{
	if (!b->findings || b->at == b->findings->len)
		return false;
	const struct rt_finding *f = b->findings->v[b->at++];
	struct rt_node *n = seat_of(b->g, f);
	if (n) {
		rt_vec_push(&n->findings, &b->g->arena, f);
		rt_tally_count(&n->own, f);
		count_upwards(n, f, ++b->g->marks);
	}
	return true;
}

static void judge_node(struct rt_node *n)
{
	enum rt_node_state by_findings = tally_state(&n->own);
	if (by_findings > n->state)
		n->state = by_findings;
}

/* ------------------------------------------------------------------ building in steps */

struct rt_graph *rt_graph_begin(const struct rt_analysis *an, const struct rt_findings *findings)
{
	struct rt_graph *g = rt_xcalloc(1, sizeof(*g));
	g->builder = rt_xcalloc(1, sizeof(*g->builder));
	g->builder->g = g;
	g->builder->an = an;
	g->builder->findings = findings;
	return g;
}

static void end_building(struct rt_graph *g)
{
	if (g->builder)
		rt_vec_free(&g->builder->pending);
	free(g->builder);
	g->builder = NULL;
}

/* A little of the stage; false when the stage is over. */
static bool step_stage(struct graph_builder *b)
{
	switch (b->stage) {
	case GRAPH_HEADS:
		graph_heads(b);
		return false;
	case GRAPH_ATTACHED:
		return graph_attached(b);
	case GRAPH_PARENTS:
		return graph_parents(b);
	case GRAPH_INGRESSES:
		if (b->at == 0)
			graph_ingress_classes(b);
		return graph_ingresses(b);
	case GRAPH_FINDINGS:
		return seat_next(b);
	case GRAPH_DONE:
		break;
	}
	return false;
}

bool rt_graph_step(struct rt_graph *g)
{
	struct graph_builder *b = g->builder;
	if (!b)
		return false;
	if (step_stage(b))
		return true;
	b->stage++;
	b->at = b->route = 0;
	if (b->stage < GRAPH_DONE)
		return true;
	for (size_t i = 0; i < g->nodes.len; i++)
		judge_node(g->nodes.v[i]);
	end_building(g);
	return false;
}

struct rt_graph *rt_graph_build(const struct rt_analysis *an, const struct rt_findings *findings)
{
	struct rt_graph *g = rt_graph_begin(an, findings);
	while (rt_graph_step(g))
		continue;
	return g;
}

void rt_graph_free(struct rt_graph *g)
{
	if (!g)
		return;
	end_building(g);
	rt_map_done(&g->by_id);
	rt_vec_free(&g->nodes);
	rt_vec_free(&g->edges);
	rt_vec_free(&g->roots);
	rt_arena_done(&g->arena);
	free(g);
}

struct rt_node *rt_graph_find(const struct rt_graph *g, struct rt_ref ref)
{
	struct rt_arena a = {0};
	struct rt_node *n = rt_map_get(&g->by_id, graph_object_id(&a, ref));
	rt_arena_done(&a);
	return n;
}

/* ------------------------------------------------------------------ what is connected */

static void mark_up(struct rt_node *n, unsigned mark)
{
	for (size_t i = 0; i < n->in.len; i++) {
		struct rt_node *p = n->in.v[i]->from;
		if (p->mark != mark) {
			p->mark = mark;
			mark_up(p, mark);
		}
	}
}

static void mark_down(struct rt_node *n, unsigned mark)
{
	for (size_t i = 0; i < n->out.len; i++) {
		struct rt_node *c = n->out.v[i]->to;
		if (c->mark != mark) {
			c->mark = mark;
			mark_down(c, mark);
		}
	}
}

unsigned rt_graph_mark(struct rt_graph *g, struct rt_node *n, unsigned mark)
{
	if (mark == 0)
		mark = ++g->marks;
	n->mark = mark;
	mark_down(n, mark);
	mark_up(n, mark);
	return mark;
}

void rt_graph_recount(struct rt_graph *g, unsigned mark)
{
	for (size_t i = 0; i < g->nodes.len; i++)
		g->nodes.v[i]->total = (struct rt_tally){0};
	for (size_t i = 0; i < g->nodes.len; i++) {
		struct rt_node *n = g->nodes.v[i];
		for (size_t k = 0; n->mark == mark && k < n->findings.len; k++)
			count_upwards(n, n->findings.v[k], ++g->marks);
	}
}
