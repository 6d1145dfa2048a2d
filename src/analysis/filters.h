/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filters.h - what the filters of a rule and of a backendRef do to a request (gateway-api §9.6).
 * Pure: filters and the request in, net changes out. Everything lives in the arena.
 */
#ifndef RT_ANALYSIS_FILTERS_H
#define RT_ANALYSIS_FILTERS_H

#include "match.h"

/* ---------------------------------------------------------------- net header changes */

/* Changes of one direction, composed in the order in which they run. */
struct rt_net_change {
	const char *name;
	bool removed;
	const char *set;            /* NULL: not set */
	RT_VEC(const char *) added; /* after set */
};
struct rt_net {
	struct rt_arena *arena;
	RT_VEC(struct rt_net_change) v; /* by first mention; names differ in more than case */
};
void rt_net_set(struct rt_net *n, const char *name, const char *value);
void rt_net_add(struct rt_net *n, const char *name, const char *value);
void rt_net_remove(struct rt_net *n, const char *name);
/* One modifier: set, add, remove. */
void rt_net_apply(struct rt_net *n, const struct rt_header_change *c);
struct rt_net rt_net_copy(const struct rt_net *n);
/* As the contract wants it: remove, then set, then add. */
struct rt_header_change rt_net_result(const struct rt_net *n);

/* ---------------------------------------------------------------- paths and redirects */

/* The path after a modifier; match is the path match that took the request. */
const char *rt_path_modify(struct rt_arena *a, const struct rt_path_modifier *m,
    const struct rt_path_match *match, const char *path);

struct rt_redirect_in {
	const struct rt_request *req;
	const struct rt_path_match *match;
	int listener_port;
	const char *path; /* as earlier filters left it */
};
const struct rt_trace_redirect *rt_redirect_of(
    struct rt_arena *a, const struct rt_redirect *r, const struct rt_redirect_in *in);

/* ---------------------------------------------------------------- CORS */

enum rt_cors_result {
	RT_CORS_NONE, /* no Origin: the filter has nothing to do */
	RT_CORS_ALLOWED,
	RT_CORS_REFUSED, /* the origin is not allowed: no headers, the request goes on */
};
bool rt_cors_preflight(const struct rt_view *v); /* OPTIONS with Origin and Request-Method */
bool rt_cors_origin_matches(const char *pattern, const char *origin);
/* Puts the headers of the answer into net. */
enum rt_cors_result rt_cors_apply(
    const struct rt_view *v, const struct rt_cors *cors, struct rt_net *net);

/* ---------------------------------------------------------------- a list of filters */

struct rt_effect {
	const char *host, *path; /* what the backend gets; NULL host: no HTTP */
	struct rt_net request, response;
	const struct rt_trace_redirect *redirect; /* a redirect ends the request */
	bool answered_cors;                       /* a preflight: the gateway answers */
	enum rt_cors_result cors;
	bool external_auth; /* a call-out decides */
};
/* Runs the list on *e, in order. listener_port is for redirects. */
void rt_filters_run(const struct rt_view *v, rt_filters filters, const struct rt_path_match *match,
    int listener_port, struct rt_effect *e);
double rt_mirror_percent(const struct rt_mirror *m);

#endif
