/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes.h - the flat routing table: one row a host, match and listener (or class), Gateway API and
 * Ingress side by side, in order of precedence for each host; rules that never win say who wins.
 * Everything lives in the caller's arena and points at facts; it ends with whichever goes first.
 *
 *	struct rt_routes t;
 *	rt_routes_of(an, &arena, &t);
 *	for (size_t i = 0; i < t.rows.len; i++) use(&t.rows.v[i]);
 */
#ifndef RUTTER_ROUTES_H
#define RUTTER_ROUTES_H

#include "rutter/analysis_ingress.h"
#include "rutter/obj_pattern.h"

enum rt_row_state {
	RT_ROW_OK,
	RT_ROW_REDIRECT, /* answered by a redirect, no backend is asked */
	RT_ROW_PARTIAL,  /* a part of the share fails */
	RT_ROW_BROKEN,   /* all of it fails, or nobody serves it */
	RT_ROW_UNKNOWN,
	RT_ROW_SHADOWED, /* another row takes every request */
	RT_ROW_STATE_COUNT
};
const char *rt_row_state_name(enum rt_row_state s);

struct rt_row_backend {
	struct rt_ref ref;
	int64_t port, weight; /* RT_INT_UNSET: none */
	double share;
	const char *fault; /* why it cannot be used, in a word or two; NULL: it can */
	enum rt_tri ok;    /* will it answer, as far as is known */
	bool ready_known;
	size_t ready, total; /* endpoints */
};
/* What all matches of one rule share. */
struct rt_row_target {
	RT_VEC(struct rt_row_backend) backends;
	const char *redirect; /* what a RequestRedirect does, as text; NULL: none */
	enum rt_row_state state;
	const char *why; /* of a state that is not OK: one clause, or NULL */
};

struct rt_route_row {
	const char *host;             /* NULL: every host */
	const char *path, *path_type; /* NULL: connections have none; gRPC: service/method */
	const char *method;           /* NULL: any */
	const char *headers;          /* headers and query parameters as text; NULL: none */
	const struct rt_route_match *match_spec; /* NULL for Ingress and connections */
	struct rt_ref entry; /* the Gateway; the IngressClass, name NULL without one */
	const struct rt_listener_fact *listener; /* NULL for Ingress */
	const char *class_name;                  /* of an Ingress */
	const struct rt_obj *route;              /* the route or Ingress */
	const char *rule_name;
	int rule, match; /* -1: the default backend; connections have match -1 */
	const struct rt_row_target *target;
	enum rt_row_state state;
	const char *why;
	size_t shadowed_by; /* index of the row that wins, SIZE_MAX: none */
};

struct rt_routes {
	RT_VEC(struct rt_route_row) rows;
};

void rt_routes_of(const struct rt_analysis *an, struct rt_arena *a, struct rt_routes *ret);
/* The same in steps, for whoever has a screen to keep alive: begin, step until it says false (the
 * table is in *ret then), end. */
struct rt_routes_build;
struct rt_routes_build *rt_routes_begin(const struct rt_analysis *an, struct rt_arena *a);
bool rt_routes_step(struct rt_routes_build *b, struct rt_routes *ret);
void rt_routes_end(struct rt_routes_build *b); /* NULL-safe; at any time */
/* Is the row for this host: its pattern takes it, or is it. */
bool rt_row_takes_host(const struct rt_route_row *row, const char *host);
/* Does the row name such an object: entry, listener's owner, class, route or a backend? */
bool rt_row_names(const struct rt_route_row *row, const struct rt_obj_pattern *p);

#endif
