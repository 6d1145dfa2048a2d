/* SPDX-License-Identifier: Apache-2.0 */
/*
 * analysis_refs.h - facts about references: grants, named objects, backends, policies, Services.
 * All facts live in the arena of their rt_analysis and end with it (see analysis.h). Enum rt_tri
 * members answer "is it so?": RT_UNKNOWN where something needed could not be read.
 */
#ifndef RUTTER_ANALYSIS_REFS_H
#define RUTTER_ANALYSIS_REFS_H

#include "rutter/kind_core.h"
#include "rutter/kind_route.h"
#include "rutter/reasons.h"
#include "rutter/vec.h"

struct rt_analysis;
struct rt_gateway_fact;
struct rt_listener_fact;
struct rt_parent_fact;
struct rt_policy_fact;
struct rt_route_fact;
struct rt_ingress_fact;
struct rt_service_fact;

/* ---------------------------------------------------------------- ReferenceGrant (§5.1) */

struct rt_grant_fact {
	const struct rt_reference_grant *grant;
	size_t uses; /* references it admits that no other rule admits (RG01: 0) */
};

/* What came of asking for permission. */
/* A grant of the target's namespace in which all but one thing is right. */
struct rt_near_miss {
	const struct rt_grant_fact *grant;
	const char *lacks; /* "admits kind Gateway, not ListenerSet"; arena */
};

struct rt_permission {
	enum rt_tri granted;                     /* same namespace: RT_YES */
	bool crosses;                            /* the reference leaves its namespace */
	const struct rt_grant_fact *grant;       /* the first that admits it, or NULL */
	RT_VEC(struct rt_near_miss) near_misses; /* of a reference that no grant admits */
};

/* ---------------------------------------------------------------- references to named objects */

enum rt_ref_fault { /* the first step that fails, in the order they are walked (findings §3.1) */
	RT_REF_OK,
	RT_REF_KIND,    /* not a kind that may stand here */
	RT_REF_GRANT,   /* crosses namespaces without grant */
	RT_REF_ABSENT,  /* no such object */
	RT_REF_CONTENT, /* the object's content is unusable (no PEM, wrong key, no ca.crt) */
	RT_REF_SCOPE,   /* parametersRef: namespace missing or superfluous */
};
/* A certificateRef, caCertificateRef, clientCertificateRef, parametersRef, secretName, … */
struct rt_ref_fact {
	struct rt_ref ref; /* defaults and namespace filled in */
	size_t index;      /* in its list */
	enum rt_tri ok;    /* RT_NO: fault says why; RT_UNKNOWN: fault is the step that is open */
	enum rt_ref_fault fault;
	const char *why; /* RT_REF_CONTENT: "tls.crt is not PEM"; else NULL */
	struct rt_permission permission;
	const struct rt_obj *obj; /* when present */
	const struct rt_cert
	    *cert;            /* Secret of a certificateRef with readable content, else NULL */
	enum rt_tri tls_type; /* Secret: is its type kubernetes.io/tls? */
};

/* ---------------------------------------------------------------- Services and endpoints */

struct rt_ingress_backend_fact;
struct rt_endpoint_count;
struct rt_service_fact {
	const struct rt_service *service;
	RT_VEC(const struct rt_endpoint_slice *) slices;
	RT_VEC(struct rt_backend_fact *) backends; /* that name it, in order of the routes */
	RT_VEC(struct rt_ingress_backend_fact *) ingress_backends;
	RT_VEC(struct rt_policy_fact *) policies; /* BackendTLSPolicies that target it */
	bool routed; /* an attached route or a claimed Ingress leads here */
	/* By port, the last of no particular one; see rt_endpoints_count. */
	const struct rt_endpoint_count **counts;
};

struct rt_endpoint_view {
	const struct rt_endpoint *endpoint;
	const char *address; /* the first one */
	int64_t port;
	bool ready, serving, terminating;
	const char *pod; /* NULL when the target is no Pod */
};
/* Of one Service port, matched by port name over all slices; dual-stack twins count once. Ready
 * ones first, then by pod, address. */
struct rt_endpoints {
	enum rt_tri known; /* RT_NO: nothing can be said (EndpointSlices unread, ExternalName) */
	RT_VEC(struct rt_endpoint_view) v;
	size_t ready, draining; /* draining: serving && terminating, not ready */
	bool port_missing;      /* there are endpoints, but in no slice a port of that name */
};
/* port NULL: of no particular port (no port matching). */
void rt_endpoints_of(const struct rt_analysis *an, const struct rt_service_fact *svc,
    const struct rt_service_port *port, struct rt_arena *a, struct rt_endpoints *ret);
/* How many they are: counted once, since thousands of routes may lead to one Service. */
struct rt_endpoint_count {
	enum rt_tri known;
	size_t ready, draining, total;
	bool port_missing;
};
const struct rt_endpoint_count *rt_endpoints_count(const struct rt_analysis *an,
    const struct rt_service_fact *svc, const struct rt_service_port *port);

/* ---------------------------------------------------------------- backendRefs (§5) */

enum rt_backend_place { RT_PLACE_BACKEND, RT_PLACE_MIRROR, RT_PLACE_EXTERNAL_AUTH };
enum rt_backend_fault { /* in the order they are walked */
	RT_BACKEND_OK,
	RT_BACKEND_KIND,         /* unknown (group, kind): InvalidKind */
	RT_BACKEND_GRANT,        /* RefNotPermitted */
	RT_BACKEND_ABSENT,       /* BackendNotFound */
	RT_BACKEND_NO_PORT,      /* port not given for a Service */
	RT_BACKEND_PORT,         /* the Service lacks that port */
	RT_BACKEND_PROTOCOL,     /* Service port protocol is not the route kind's */
	RT_BACKEND_APP_PROTOCOL, /* appProtocol needs a feature the class lacks */
};
struct rt_backend_fact {
	const struct rt_backend_ref *spec;
	struct rt_route_fact *route;
	enum rt_backend_place place;
	int rule;
	int ref;    /* index in backendRefs; -1 for a filter of the rule */
	int filter; /* index in the filters of the rule or of the backendRef; -1 for backendRefs */
	struct rt_ref ref_to;
	enum rt_tri ok; /* RT_NO: fault; RT_UNKNOWN: fault is the first open step */
	enum rt_backend_fault fault;
	enum rt_reason reason; /* of ResolvedRefs=False; RT_REASON_NONE: the reason is open */
	struct rt_permission permission;
	const struct rt_obj *obj;            /* when present */
	struct rt_service_fact *service;     /* when it is a present Service */
	bool external_name;                  /* implementations may refuse it (§5.6) */
	const struct rt_service_port *port;  /* when found */
	const struct rt_policy_fact *policy; /* the BackendTLSPolicy in force here, or NULL */
	enum rt_tri policy_known;            /* RT_NO: policies could not be read */
};
/* spec.rules[0].backendRefs[1], spec.rules[0].filters[2].requestMirror.backendRef, …; in a. */
const char *rt_backend_field(struct rt_arena *a, const struct rt_backend_fact *b);
/* weight / sum of the rule's weights; 0 when the sum is 0 or the place is not backendRefs. */
double rt_backend_share(const struct rt_backend_fact *b);

struct rt_extension_fact {     /* an ExtensionRef filter */
	int rule, ref, filter; /* as in rt_backend_fact */
	struct rt_ref ref_to;
	enum rt_tri present;
};

/* ---------------------------------------------------------------- BackendTLSPolicy (§8) */

struct rt_target_fact {
	const struct rt_policy_target *spec;
	struct rt_policy_fact *policy;
	size_t index;
	enum rt_tri present;                 /* the object and, when named, the port */
	bool section_missing;                /* the object is there, the port name is not */
	struct rt_service_fact *service;     /* when present */
	const struct rt_policy_fact *winner; /* an older policy with the same target, or NULL */
};
struct rt_ancestor_fact {
	const struct rt_gateway_fact *gateway;
	const struct rt_policy_ancestor *status; /* the matching entry, or NULL */
};
struct rt_policy_fact {
	const struct rt_backend_tls_policy *policy;
	RT_VEC(struct rt_target_fact) targets;
	RT_VEC(struct rt_ref_fact) cas;
	RT_VEC(struct rt_ancestor_fact) ancestors; /* Gateways that reach a target, sorted */
	enum rt_tri accepted, resolved;
	enum rt_reason accepted_reason, resolved_reason;
	enum rt_tri
	    usable; /* accepted, at least one CA or well-known ones: TLS can be originated */
};
/* The policy in force for a Service port: a sectionName beats none, then the oldest. */
const struct rt_policy_fact *rt_policy_for(
    const struct rt_service_fact *svc, const struct rt_service_port *port);

#endif
