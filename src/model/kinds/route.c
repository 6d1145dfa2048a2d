/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route.c - HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute: one struct, two shapes of match.
 */
#include "config.h"

#include "rutter/kind_route.h"

#include "../schema.h"

RT_PART(header, struct rt_header, {"name", RT_F_STR, AT(struct rt_header, name), .text = ""},
    {"value", RT_F_STR, AT(struct rt_header, value), .text = ""});
RT_PART(header_change, struct rt_header_change,
    {"set", RT_F_LIST, AT(struct rt_header_change, set), .sub = &header},
    {"add", RT_F_LIST, AT(struct rt_header_change, add), .sub = &header},
    {"remove", RT_F_STRS, AT(struct rt_header_change, remove)});
RT_PART(path_modifier, struct rt_path_modifier,
    {"type", RT_F_SYM, AT(struct rt_path_modifier, type), .text = ""},
    {"replaceFullPath", RT_F_STR, AT(struct rt_path_modifier, replace_full_path)},
    {"replacePrefixMatch", RT_F_STR, AT(struct rt_path_modifier, replace_prefix_match)});
RT_PART(redirect, struct rt_redirect, {"scheme", RT_F_SYM, AT(struct rt_redirect, scheme)},
    {"hostname", RT_F_STR, AT(struct rt_redirect, hostname)},
    {"path", RT_F_PTR, AT(struct rt_redirect, path), .sub = &path_modifier},
    {"port", RT_F_INT, AT(struct rt_redirect, port)},
    {"statusCode", RT_F_INT, AT(struct rt_redirect, status_code), .number = 302});
RT_PART(rewrite, struct rt_rewrite, {"hostname", RT_F_STR, AT(struct rt_rewrite, hostname)},
    {"path", RT_F_PTR, AT(struct rt_rewrite, path), .sub = &path_modifier});
RT_PART(fraction, struct rt_fraction, {"numerator", RT_F_INT, AT(struct rt_fraction, numerator)},
    {"denominator", RT_F_INT, AT(struct rt_fraction, denominator), .number = 100});
RT_PART(cors, struct rt_cors, {"allowOrigins", RT_F_STRS, AT(struct rt_cors, allow_origins)},
    {"allowMethods", RT_F_STRS, AT(struct rt_cors, allow_methods)},
    {"allowHeaders", RT_F_STRS, AT(struct rt_cors, allow_headers)},
    {"exposeHeaders", RT_F_STRS, AT(struct rt_cors, expose_headers)},
    {"allowCredentials", RT_F_FLAG, AT(struct rt_cors, allow_credentials)},
    {"maxAge", RT_F_INT, AT(struct rt_cors, max_age), .number = 5});

#define BACKEND_REF_MEMBERS                                                                        \
	{"group", RT_F_SYM, AT(struct rt_backend_ref, group), .text = ""},                         \
	    {"kind", RT_F_SYM, AT(struct rt_backend_ref, kind), .text = "Service"},                \
	    {"namespace", RT_F_SYM, AT(struct rt_backend_ref, ns)},                                \
	    {"name", RT_F_STR, AT(struct rt_backend_ref, name), .text = ""},                       \
	    {"port", RT_F_INT, AT(struct rt_backend_ref, port)},                                   \
	{                                                                                          \
		"weight", RT_F_INT, AT(struct rt_backend_ref, weight), .number = 1                 \
	}

/* A filter's own backendRef carries no filters, which also ends the recursion of the schema. */
RT_PART(plain_backend_ref, struct rt_backend_ref, BACKEND_REF_MEMBERS);
RT_PART(mirror, struct rt_mirror,
    {"backendRef", RT_F_STRUCT, AT(struct rt_mirror, backend_ref), .sub = &plain_backend_ref},
    {"percent", RT_F_INT, AT(struct rt_mirror, percent)},
    {"fraction", RT_F_PTR, AT(struct rt_mirror, fraction), .sub = &fraction});
RT_PART(external_auth, struct rt_external_auth,
    {"protocol", RT_F_SYM, AT(struct rt_external_auth, protocol)},
    {"backendRef", RT_F_STRUCT, AT(struct rt_external_auth, backend_ref),
	.sub = &plain_backend_ref});
RT_PART(filter, struct rt_filter, {"type", RT_F_SYM, AT(struct rt_filter, type), .text = ""},
    {"requestHeaderModifier", RT_F_PTR, AT(struct rt_filter, request_headers),
	.sub = &header_change},
    {"responseHeaderModifier", RT_F_PTR, AT(struct rt_filter, response_headers),
	.sub = &header_change},
    {"requestMirror", RT_F_PTR, AT(struct rt_filter, mirror), .sub = &mirror},
    {"requestRedirect", RT_F_PTR, AT(struct rt_filter, redirect), .sub = &redirect},
    {"urlRewrite", RT_F_PTR, AT(struct rt_filter, rewrite), .sub = &rewrite},
    {"cors", RT_F_PTR, AT(struct rt_filter, cors), .sub = &cors},
    {"extensionRef", RT_F_PTR, AT(struct rt_filter, extension_ref), .sub = &rt_object_ref_schema},
    {"externalAuth", RT_F_PTR, AT(struct rt_filter, external_auth), .sub = &external_auth});
RT_PART(backend_ref, struct rt_backend_ref, BACKEND_REF_MEMBERS,
    {"filters", RT_F_LIST, AT(struct rt_backend_ref, filters), .sub = &filter});

RT_PART(path_match, struct rt_path_match,
    {"type", RT_F_SYM, AT(struct rt_path_match, type), .text = "PathPrefix"},
    {"value", RT_F_STR, AT(struct rt_path_match, value), .text = "/"});
RT_PART(name_match, struct rt_name_match,
    {"type", RT_F_SYM, AT(struct rt_name_match, type), .text = "Exact"},
    {"name", RT_F_STR, AT(struct rt_name_match, name), .text = ""},
    {"value", RT_F_STR, AT(struct rt_name_match, value), .text = ""});
RT_PART(grpc_method, struct rt_grpc_method,
    {"type", RT_F_SYM, AT(struct rt_grpc_method, type), .text = "Exact"},
    {"service", RT_F_STR, AT(struct rt_grpc_method, service)},
    {"method", RT_F_STR, AT(struct rt_grpc_method, method)});
RT_PART(http_match, struct rt_route_match,
    {"path", RT_F_STRUCT, AT(struct rt_route_match, path), .sub = &path_match},
    {"method", RT_F_SYM, AT(struct rt_route_match, method)},
    {"headers", RT_F_LIST, AT(struct rt_route_match, headers), .sub = &name_match},
    {"queryParams", RT_F_LIST, AT(struct rt_route_match, query_params), .sub = &name_match});
RT_PART(grpc_match, struct rt_route_match,
    {"method", RT_F_PTR, AT(struct rt_route_match, grpc), .sub = &grpc_method},
    {"headers", RT_F_LIST, AT(struct rt_route_match, headers), .sub = &name_match});

RT_PART(timeouts, struct rt_timeouts, {"request", RT_F_STR, AT(struct rt_timeouts, request)},
    {"backendRequest", RT_F_STR, AT(struct rt_timeouts, backend_request)});
RT_PART(retry, struct rt_retry, {"codes", RT_F_INTS, AT(struct rt_retry, codes)},
    {"attempts", RT_F_INT, AT(struct rt_retry, attempts)},
    {"backoff", RT_F_STR, AT(struct rt_retry, backoff)});
RT_PART(session, struct rt_session_persistence,
    {"sessionName", RT_F_STR, AT(struct rt_session_persistence, session_name)},
    {"type", RT_F_SYM, AT(struct rt_session_persistence, type), .text = "Cookie"});

#define RULE_MEMBERS                                                                               \
	{"name", RT_F_STR, AT(struct rt_rule, name)},                                              \
	    {"filters", RT_F_LIST, AT(struct rt_rule, filters), .sub = &filter},                   \
	    {"backendRefs", RT_F_LIST, AT(struct rt_rule, backend_refs), .sub = &backend_ref},     \
	    {"timeouts", RT_F_PTR, AT(struct rt_rule, timeouts), .sub = &timeouts},                \
	    {"retry", RT_F_PTR, AT(struct rt_rule, retry), .sub = &retry},                         \
	{                                                                                          \
		"sessionPersistence", RT_F_PTR, AT(struct rt_rule, session_persistence),           \
		    .sub = &session                                                                \
	}
RT_PART(http_rule, struct rt_rule, RULE_MEMBERS,
    {"matches", RT_F_LIST, AT(struct rt_rule, matches), .sub = &http_match});
RT_PART(grpc_rule, struct rt_rule, RULE_MEMBERS,
    {"matches", RT_F_LIST, AT(struct rt_rule, matches), .sub = &grpc_match});
RT_PART(plain_rule, struct rt_rule, RULE_MEMBERS);

#define SPEC_MEMBERS                                                                               \
	{"parentRefs", RT_F_LIST, AT(struct rt_route, parent_refs), .sub = &rt_parent_ref_schema}, \
	{                                                                                          \
		"useDefaultGateways", RT_F_SYM, AT(struct rt_route, use_default_gateways)          \
	}
#define HOSTNAMES                                                                                  \
	{                                                                                          \
		"hostnames", RT_F_STRS, AT(struct rt_route, hostnames)                             \
	}
RT_PART(http_spec, struct rt_route, SPEC_MEMBERS, HOSTNAMES,
    {"rules", RT_F_LIST, AT(struct rt_route, rules), .sub = &http_rule});
RT_PART(grpc_spec, struct rt_route, SPEC_MEMBERS, HOSTNAMES,
    {"rules", RT_F_LIST, AT(struct rt_route, rules), .sub = &grpc_rule});
RT_PART(tls_spec, struct rt_route, SPEC_MEMBERS, HOSTNAMES,
    {"rules", RT_F_LIST, AT(struct rt_route, rules), .sub = &plain_rule});
RT_PART(port_spec, struct rt_route, SPEC_MEMBERS,
    {"rules", RT_F_LIST, AT(struct rt_route, rules), .sub = &plain_rule});

RT_PART(parent_status, struct rt_route_parent_status,
    {"parentRef", RT_F_STRUCT, AT(struct rt_route_parent_status, parent_ref),
	.sub = &rt_parent_ref_schema},
    {"controllerName", RT_F_SYM, AT(struct rt_route_parent_status, controller_name), .text = ""},
    {"conditions", RT_F_LIST, AT(struct rt_route_parent_status, conditions),
	.sub = &rt_condition_schema});
RT_PART(route_status, struct rt_route,
    {"parents", RT_F_LIST, AT(struct rt_route, parents), .sub = &parent_status});

/* The CRD defaults an HTTPRoute's absent rules to one rule that matches everything. */
static void http_route_finish(void *base)
{
	static const struct rt_route_match everything = {.path = {"PathPrefix", "/"}};
	static const struct rt_rule rule = {.matches = {&everything, 1}};
	struct rt_route *r = base;
	if (!r->rules.v) {
		r->rules.v = &rule;
		r->rules.len = 1;
	}
}

RT_KIND(HTTP_ROUTE, struct rt_route, http_route_finish, {"spec", RT_F_INLINE, .sub = &http_spec},
    {"status", RT_F_INLINE, .sub = &route_status});
RT_KIND(GRPC_ROUTE, struct rt_route, NULL, {"spec", RT_F_INLINE, .sub = &grpc_spec},
    {"status", RT_F_INLINE, .sub = &route_status});
RT_KIND(TLS_ROUTE, struct rt_route, NULL, {"spec", RT_F_INLINE, .sub = &tls_spec},
    {"status", RT_F_INLINE, .sub = &route_status});
RT_KIND(TCP_ROUTE, struct rt_route, NULL, {"spec", RT_F_INLINE, .sub = &port_spec},
    {"status", RT_F_INLINE, .sub = &route_status});
RT_KIND(UDP_ROUTE, struct rt_route, NULL, {"spec", RT_F_INLINE, .sub = &port_spec},
    {"status", RT_F_INLINE, .sub = &route_status});
