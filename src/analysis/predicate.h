/* SPDX-License-Identifier: Apache-2.0 */
/*
 * predicate.h - what a match tests, as a key that can be compared, and which match goes first.
 * Two matches with equal keys take the same requests; of two that take one request, rt_rank_cmp
 * tells the winner (gateway-api §9.2, §9.3) and the point that decided. Used by the trace, the
 * routing table and the findings about shadowed and doubled rules.
 *
 *	const char *a = rt_predicate_key(arena, RT_KIND_HTTP_ROUTE, match);
 *	if (strcmp(a, rt_predicate_key(arena, RT_KIND_HTTP_ROUTE, other)) == 0) ...
 */
#ifndef RT_ANALYSIS_PREDICATE_H
#define RT_ANALYSIS_PREDICATE_H

#include "rutter/kind_ingress.h"
#include "rutter/kind_route.h"

/* Canonical: a prefix without trailing slashes, header names in lower case, headers and query
 * parameters sorted, of entries with an equivalent name the first only. In arena. */
const char *rt_predicate_key(
    struct rt_arena *a, enum rt_kind route_kind, const struct rt_route_match *m);
/* For people: "GET PathPrefix /api, header x-version=v2"; "any RPC" for an empty gRPC match. */
const char *rt_predicate_text(
    struct rt_arena *a, enum rt_kind route_kind, const struct rt_route_match *m);
/* The same without "PathPrefix" and friends where there is nothing else: for table cells. */
const char *rt_predicate_headers_text(struct rt_arena *a, const struct rt_route_match *m);

/* Characters of a prefix without the slashes at its end; NULL is "/". */
size_t rt_prefix_len(const char *value);
/* Entries that count: the first of each name (case-insensitive for headers). */
bool rt_match_name_counts(const struct rt_name_match *v, size_t i, bool ignore_case);

/* ------------------------------------------------------------------ precedence */

enum rt_rank_field {
	RT_RANK_HOST_EXACT, /* characters of a hostname without wildcard */
	RT_RANK_HOST,       /* characters of the hostname */
	RT_RANK_PATH_TYPE,  /* Exact, then RegularExpression, then PathPrefix; gRPC: 0 */
	RT_RANK_PATH,       /* characters of the path; gRPC: of the service */
	RT_RANK_METHOD,     /* has one; gRPC: characters of the method */
	RT_RANK_HEADERS,
	RT_RANK_QUERY,
	RT_RANK_KEYS,
	/* what decides between equal keys */
	RT_RANK_AGE = RT_RANK_KEYS,
	RT_RANK_NAME,
	RT_RANK_RULE,
	RT_RANK_MATCH,
	RT_RANK_EQUAL,
};

struct rt_rank {
	int64_t key[RT_RANK_KEYS]; /* larger goes first */
	const struct rt_obj *route;
	size_t rule, match;
};

/* host: the intersected hostname that takes the request, NULL for none. */
struct rt_rank rt_rank_of(
    const struct rt_route *route, size_t rule, size_t match, const char *host);
/* Below 0 when a goes first. ret_field (may be NULL): the first point that differs. */
int rt_rank_cmp(const struct rt_rank *a, const struct rt_rank *b, enum rt_rank_field *ret_field);
/* "hostname is more specific", "route is older", … after "the winner's". */
const char *rt_rank_field_text(enum rt_rank_field f);

/* ------------------------------------------------------------------ Ingress */

/* pathType as it acts: ImplementationSpecific where absent, "/" for an absent path. */
const char *rt_ingress_path_type(const struct rt_ingress_path *p);
const char *rt_ingress_path_value(const struct rt_ingress_path *p);
/* The same type and value, to the letter. */
bool rt_ingress_path_equal(const struct rt_ingress_path *a, const struct rt_ingress_path *b);
/* Equal for paths of which one makes the other useless (host and class left aside). In arena. */
const char *rt_ingress_predicate_key(struct rt_arena *a, const struct rt_ingress_path *p);
const char *rt_ingress_predicate_text(struct rt_arena *a, const struct rt_ingress_path *p);

/* ingress-nginx annotations by their short name; NULL when absent. */
const char *rt_nginx_annotation(const struct rt_ingress *ing, const char *name);
/* Does this path turn every location of its host into a case-insensitive prefix expression:
 * use-regex, or a rewrite-target that differs from it (controllers §4, 3)? */
bool rt_nginx_path_spreads(const struct rt_ingress *ing, const struct rt_ingress_path *p);

#endif
