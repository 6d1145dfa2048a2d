/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match.h - does a match of an HTTPRoute or GRPCRoute take a request, and if not, where it fails.
 * RT_UNKNOWN: a regular expression decides, and its dialect is the implementation's: it matches a
 * part but not the whole, cannot be compiled here, or ran into a limit.
 *
 *	struct rt_view view;
 *	rt_view_init(&view, arena, request);
 *	struct rt_miss miss;
 *	if (rt_match_http(&view, match, &miss) == RT_NO) say(rt_miss_text(arena, &view, match,
 *&miss));
 */
#ifndef RT_ANALYSIS_MATCH_H
#define RT_ANALYSIS_MATCH_H

#include "rutter/trace.h"

/* A request made ready for comparing: query split and decoded, repeated headers joined. */
struct rt_view {
	const struct rt_request *req;
	struct rt_arena *arena;
	rt_headers headers;        /* names in lower case, each once */
	rt_headers params;         /* decoded, in order */
	const char *service, *rpc; /* the two parts of a gRPC path, or NULL */
};
void rt_view_init(struct rt_view *v, struct rt_arena *a, const struct rt_request *req);
const char *rt_view_header(const struct rt_view *v, const char *name); /* any case; NULL absent */
/* "header x", "query parameter q": one that the match names and the request has more than once,
 * values differing; NULL: none. In the view's arena. */
const char *rt_view_repeats(const struct rt_view *v, const struct rt_route_match *m);
/* May a GRPCRoute take it: grpc or grpcs, or a POST with a gRPC content type. */
bool rt_view_is_grpc(const struct rt_view *v);

enum rt_miss_part {
	RT_MISS_NONE,
	RT_MISS_PATH,
	RT_MISS_METHOD,
	RT_MISS_SERVICE,
	RT_MISS_RPC,
	RT_MISS_HEADER,
	RT_MISS_QUERY,
};
struct rt_miss {
	enum rt_miss_part part; /* the first that failed */
	size_t index;           /* of the header or parameter */
	unsigned count;         /* parts that failed; a near miss has one */
	unsigned close;         /* how near the path came: characters in common */
	bool regex;             /* a regular expression took part in the answer */
};

enum rt_tri rt_match_http(
    const struct rt_view *v, const struct rt_route_match *m, struct rt_miss *ret);
enum rt_tri rt_match_grpc(
    const struct rt_view *v, const struct rt_route_match *m, struct rt_miss *ret);
/* "path /v1 is not below /v2", "header version is \"one\", not \"two\"". */
const char *rt_miss_text(struct rt_arena *a, const struct rt_view *v,
    const struct rt_route_match *m, const struct rt_miss *miss);

/* PathPrefix as the API means it: by elements, a trailing slash of the value aside. */
bool rt_path_prefix(const char *prefix, const char *path);
/* Escapes decoded, slashes merged, dot segments gone, as some implementations do before they match.
 * NULL: a broken escape, or above the root; they answer 400. */
const char *rt_path_normalise(struct rt_arena *a, const char *path);
/* RE2 on the whole text, emulated: RT_UNKNOWN where dialects part. */
enum rt_tri rt_match_regex(const char *pattern, const char *text);

/* Shared by the two: both lists, all must hold. */
enum rt_tri rt_match_names(
    const struct rt_view *v, const struct rt_route_match *m, struct rt_miss *ret);
void rt_miss_add(struct rt_miss *miss, enum rt_miss_part part, size_t index);
/* The worse of two answers: NO before UNKNOWN before YES. */
enum rt_tri rt_tri_and(enum rt_tri a, enum rt_tri b);

#endif
