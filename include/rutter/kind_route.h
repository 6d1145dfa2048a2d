/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind_route.h - HTTPRoute, GRPCRoute, TLSRoute, TCPRoute and UDPRoute in one struct.
 * Members that a kind does not have stay absent. An HTTPRoute without rules has the API's default
 * rule; a rule without matches keeps len 0 (rt_rule_matches gives what then applies).
 */
#ifndef RUTTER_KIND_ROUTE_H
#define RUTTER_KIND_ROUTE_H

#include "rutter/kind_gateway.h"

struct rt_header {
	const char *name, *value;
};
struct rt_header_change {
	RT_LIST(struct rt_header) set, add;
	rt_strings remove;
};
struct rt_path_modifier {
	const char *type, *replace_full_path, *replace_prefix_match;
};
struct rt_redirect {
	const char *scheme, *hostname;
	const struct rt_path_modifier *path;
	int64_t port, status_code; /* status_code default 302 */
};
struct rt_rewrite {
	const char *hostname;
	const struct rt_path_modifier *path;
};
struct rt_fraction {
	int64_t numerator, denominator; /* denominator default 100 */
};
struct rt_cors {
	rt_strings allow_origins, allow_methods, allow_headers, expose_headers;
	enum rt_flag allow_credentials;
	int64_t max_age; /* default 5 */
};

struct rt_filter;
typedef RT_LIST(struct rt_filter) rt_filters;
struct rt_backend_ref {
	const char *group, *kind; /* default ("", Service) */
	const char *ns, *name;
	int64_t port;
	int64_t weight; /* default 1 */
	rt_filters filters;
};
struct rt_mirror {
	struct rt_backend_ref backend_ref;
	int64_t percent;
	const struct rt_fraction *fraction;
};
struct rt_external_auth {
	const char *protocol;
	struct rt_backend_ref backend_ref;
};
struct rt_filter {
	const char *type;
	const struct rt_header_change *request_headers, *response_headers;
	const struct rt_mirror *mirror;
	const struct rt_redirect *redirect;
	const struct rt_rewrite *rewrite;
	const struct rt_cors *cors;
	const struct rt_object_ref *extension_ref;
	const struct rt_external_auth *external_auth;
};

struct rt_path_match {
	const char *type, *value; /* default PathPrefix, "/" */
};
struct rt_name_match {    /* headers and query parameters */
	const char *type; /* default Exact */
	const char *name, *value;
};
struct rt_grpc_method {
	const char *type; /* default Exact */
	const char *service, *method;
};
struct rt_route_match {
	struct rt_path_match path; /* HTTPRoute; defaults filled in */
	const char *method;        /* HTTPRoute */
	const struct rt_grpc_method *grpc;
	RT_LIST(struct rt_name_match) headers, query_params;
};
struct rt_timeouts {
	const char *request, *backend_request;
};
struct rt_retry {
	RT_LIST(int64_t) codes;
	int64_t attempts;
	const char *backoff;
};
struct rt_session_persistence {
	const char *session_name, *type;
};
struct rt_rule {
	const char *name;
	RT_LIST(struct rt_route_match) matches;
	rt_filters filters;
	RT_LIST(struct rt_backend_ref) backend_refs;
	const struct rt_timeouts *timeouts;
	const struct rt_retry *retry;
	const struct rt_session_persistence *session_persistence;
};
struct rt_route_parent_status {
	struct rt_parent_ref parent_ref;
	const char *controller_name;
	rt_conditions conditions;
};
struct rt_route {
	struct rt_obj obj; /* obj.kind tells which route kind */
	RT_LIST(struct rt_parent_ref) parent_refs;
	const char *use_default_gateways;
	rt_strings hostnames; /* HTTPRoute, GRPCRoute, TLSRoute */
	RT_LIST(struct rt_rule) rules;
	RT_LIST(struct rt_route_parent_status) parents; /* status */
};

bool rt_route_has_hostnames(enum rt_kind k); /* HTTPRoute, GRPCRoute, TLSRoute */
/* The matches that apply: the rule's own, or the one that matches everything (static). */
size_t rt_rule_matches(const struct rt_rule *rule, const struct rt_route_match **ret);

#endif
