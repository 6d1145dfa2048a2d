/* SPDX-License-Identifier: Apache-2.0 */
/*
 * analysis.h - what the objects of a store mean: Gateway API attachment, resolution and validity.
 * A pure function of one store version. All facts live in one arena, point at each other and at
 * objects of the store, and come in a deterministic order (objects by namespace and name; the rest
 * in document order). Readers treat them as const. The store must not change while facts are used.
 *
 *	struct rt_analysis *an = rt_analyze(store, &(struct rt_analysis_opts){.now = now});
 *	for (size_t i = 0; i < an->routes.len; i++) use(an->routes.v[i]);
 *	rt_analysis_free(an);
 */
#ifndef RUTTER_ANALYSIS_H
#define RUTTER_ANALYSIS_H

#include "rutter/analysis_refs.h"
#include "rutter/features.h"
#include "rutter/store.h"

struct rt_analysis_opts {
	int64_t now;
	const char *features; /* --features "+A,-B", or NULL */
	/* `status` and `trace` judge a closed world: what manifests do not hold does not exist.
	 * `check` leaves it open. What a cluster refused stays unknown in both. */
	bool closed_world;
};

/* ---------------------------------------------------------------- classes, Gateways */

struct rt_class_fact {
	const struct rt_gateway_class *gc;
	const struct rt_controller *controller; /* row of the table, or NULL: not known */
	struct rt_features features;
	struct rt_ref_fact *parameters; /* NULL: none given */
	enum rt_tri accepted;           /* by parametersRef alone */
	RT_VEC(struct rt_gateway_fact *) gateways;
};

struct rt_gateway_fact {
	const struct rt_gateway *gateway;
	struct rt_class_fact *class_fact; /* NULL: class_present says why */
	enum rt_tri class_present;
	struct rt_features features;                 /* the class's, after --features */
	RT_VEC(struct rt_listener_fact *) listeners; /* its own, document order */
	RT_VEC(struct rt_listener_set_fact *) sets;  /* all that name it, by precedence */
	RT_VEC(struct rt_listener_fact *) merged;    /* own and of allowed sets, by precedence */
	struct rt_ref_fact *parameters;              /* infrastructure.parametersRef or NULL */
	struct rt_ref_fact *client_certificate;      /* tls.backend.clientCertificateRef or NULL */
	RT_VEC(struct rt_frontend_fact *) frontends; /* default first, then perPort */
	bool insecure_frontend;                      /* some mode is AllowInsecureFallback */
	int unsupported_address;                     /* index in spec.addresses, -1 none */
	bool merge_open; /* ListenerSets unread: a conflict may exist that is not seen */
	enum rt_tri accepted, programmed, resolved;
	enum rt_reason accepted_reason, programmed_reason, resolved_reason;
};

/* One frontend validation of spec.tls.frontend (§6.4). */
struct rt_frontend_fact {
	int64_t port;                                    /* RT_INT_UNSET: the default */
	const struct rt_frontend_validation *validation; /* NULL: none */
	RT_VEC(struct rt_ref_fact) cas;
	enum rt_tri resolved, any_valid; /* all refs good; at least one good */
	enum rt_reason reason;           /* of the first bad one */
};

struct rt_listener_set_fact {
	const struct rt_listener_set *set;
	struct rt_ref parent_ref;
	bool parent_kind_ok; /* (Gateway API, Gateway) */
	enum rt_tri parent_present;
	struct rt_gateway_fact *gateway; /* NULL unless present */
	enum rt_tri allowed;             /* by allowedListeners (§7.2) */
	RT_VEC(struct rt_listener_fact *) listeners;
	enum rt_tri accepted, programmed;
	enum rt_reason accepted_reason, programmed_reason;
};

/* ---------------------------------------------------------------- listeners (§6) */

enum rt_protocol {
	RT_PROTOCOL_HTTP,
	RT_PROTOCOL_HTTPS,
	RT_PROTOCOL_TLS,
	RT_PROTOCOL_TCP,
	RT_PROTOCOL_UDP,
	RT_PROTOCOL_OTHER,
};

struct rt_attachment {
	struct rt_route_fact *route;
	struct rt_listener_fact *listener;
	struct rt_parent_fact *parent; /* the first parentRef that leads here */
	/* The intersected patterns, in the order of the route's hostnames, without repeats; NULL is
	 * the unset pattern. Kinds without hostnames: one NULL. */
	RT_LIST(char *) hostnames;
};

struct rt_listener_fact {
	const struct rt_obj *owner;       /* the Gateway or ListenerSet that holds it */
	struct rt_gateway_fact *gateway;  /* NULL: a set without Gateway */
	struct rt_listener_set_fact *set; /* NULL: the Gateway's own */
	const struct rt_listener *spec;
	size_t index;
	enum rt_protocol protocol;
	bool terminates, passthrough;            /* TLS: HTTPS and TLS Terminate; TLS Passthrough */
	const struct rt_listener_status *status; /* the reported entry, or NULL */
	unsigned kinds;   /* RT_ROUTE_BIT of each allowed kind: supportedKinds (§4.1, §6.5) */
	int invalid_kind; /* index in allowedRoutes.kinds of the first invalid one, -1 none */

	enum rt_reason conflict; /* HostnameConflict, ProtocolConflict; NONE: no conflict */
	const struct rt_listener_fact
	    *conflict_with; /* the winner, or a fellow loser of one object */

	RT_VEC(struct rt_ref_fact) certificates; /* empty for Passthrough and plain protocols */
	const struct rt_frontend_fact *frontend; /* effective client validation, HTTPS only */
	const struct rt_listener_fact
	    *overlaps; /* another TLS listener of the port that overlaps */

	/* What a controller should say. RT_UNKNOWN: something could not be read; where the
	 * specification is silent the *_open flag is set and the tri is the likely answer. */
	enum rt_tri accepted, programmed, resolved;
	enum rt_reason accepted_reason, programmed_reason, resolved_reason;
	bool accepted_open, resolved_open;
	RT_VEC(struct rt_attachment *) attached; /* distinct routes, sorted by kind, ns, name */
	bool attached_open;                      /* the number may be higher: something is unread */
};
#define RT_ROUTE_BIT(kind) (1u << ((kind)-RT_KIND_HTTP_ROUTE))

/* ---------------------------------------------------------------- routes (§4) */

enum rt_parent_kind {
	RT_PARENT_GATEWAY,
	RT_PARENT_LISTENER_SET,
	RT_PARENT_SERVICE,        /* mesh */
	RT_PARENT_SERVICE_IMPORT, /* mesh */
	RT_PARENT_OTHER,
};
/* Where attachment ended; the order is that of the walk. */
enum rt_stage {
	RT_STAGE_PARENT,    /* no such object, or no parent at all */
	RT_STAGE_SECTION,   /* sectionName matches no listener: NoMatchingParent */
	RT_STAGE_PORT,      /* port matches none of those left: NoMatchingParent */
	RT_STAGE_KIND,      /* every candidate refuses the route kind: NotAllowedByListeners */
	RT_STAGE_NAMESPACE, /* … at least one for its namespace: NotAllowedByListeners */
	RT_STAGE_HOSTNAME,  /* NoMatchingListenerHostname */
	RT_STAGE_VALUE,     /* UnsupportedValue, IncompatibleFilters */
	RT_STAGE_ATTACHED,
};
struct rt_candidate {
	struct rt_listener_fact *listener; /* after sectionName and port */
	enum rt_stage failed;              /* KIND, NAMESPACE or HOSTNAME; ATTACHED: none */
	bool open;                         /* the namespace selector could not be decided */
};

struct rt_parent_fact {
	struct rt_route_fact *route;
	size_t index; /* in spec.parentRefs; SIZE_MAX: by useDefaultGateways */
	const struct rt_parent_ref *spec;
	enum rt_parent_kind kind;
	struct rt_ref ref;
	enum rt_tri present;
	struct rt_gateway_fact *gateway; /* the Gateway, or that of the set; NULL */
	struct rt_listener_set_fact *set;
	struct rt_service_fact *service;
	RT_VEC(struct rt_candidate) candidates; /* what sectionName and port leave */
	enum rt_tri accepted;                   /* RT_UNKNOWN: stage is the open one */
	enum rt_stage stage;
	enum rt_reason reason;
	const struct rt_route_parent_status *status; /* the matching entry, or NULL (§12.11) */
	/* Accepted, but an older route of the other HTTP kind claims a hostname on a listener: one
	 * of the two may be refused (§4.3). */
	const struct rt_route_fact *kind_rival;
};

/* What is wrong with one rule's values or filters (§4.4). */
struct rt_rule_fault {
	enum rt_reason reason; /* UnsupportedValue, IncompatibleFilters; NONE: no fixed reason */
	int rule;
	const char *field; /* path of the first offending field */
	const char *why;   /* one clause */
};

struct rt_route_fact {
	const struct rt_route *route;
	RT_VEC(struct rt_parent_fact) parents;
	RT_VEC(struct rt_attachment *) attachments; /* each listener once */
	RT_VEC(struct rt_backend_fact) backends;    /* document order, all rules and filters */
	RT_VEC(struct rt_extension_fact) extensions;
	RT_VEC(struct rt_rule_fault) faults; /* bad rules; all rules bad: not accepted */
	bool rejected;                       /* every rule is bad: Accepted=False by value */
	bool gateway_bound;                  /* some parent is a Gateway or ListenerSet */
	enum rt_tri resolved;                /* ResolvedRefs, the same on every parent */
	enum rt_reason resolved_reason;
	bool
	    resolved_open; /* the specification leaves it open: ExternalName, unusable TLS policy */
	const struct rt_backend_fact *culprit; /* the first bad (or open) reference, or NULL */
};
/* Index of the first backend fact of a rule; the rule's facts follow each other. */
size_t rt_route_rule_backends(
    const struct rt_route_fact *r, int rule, const struct rt_backend_fact **ret);

/* ---------------------------------------------------------------- everything */

struct rt_ingress_fact; /* analysis_ingress.h */
struct rt_analysis_private;

struct rt_analysis {
	const struct rt_store *store;
	struct rt_analysis_opts opts;
	struct rt_arena arena;
	RT_VEC(struct rt_class_fact *) classes;
	RT_VEC(struct rt_gateway_fact *) gateways;
	RT_VEC(struct rt_listener_set_fact *) listener_sets;
	RT_VEC(struct rt_listener_fact *) listeners; /* Gateways' own first, then the sets' */
	RT_VEC(struct rt_route_fact *) routes;       /* by kind (order of kinds.h), ns, name */
	RT_VEC(struct rt_grant_fact *) grants;
	RT_VEC(struct rt_policy_fact *) policies;
	RT_VEC(struct rt_service_fact *) services;
	RT_VEC(struct rt_ingress_class_fact *) ingress_classes;
	RT_VEC(struct rt_ingress_fact *) ingresses;
	struct rt_analysis_private *priv;
};

struct rt_analysis *rt_analyze(const struct rt_store *s, const struct rt_analysis_opts *opts);
void rt_analysis_free(struct rt_analysis *an); /* NULL-safe */

/* The fact of an object of the store; NULL when there is none. */
struct rt_class_fact *rt_class_fact_of(const struct rt_analysis *an, const char *name);
struct rt_gateway_fact *rt_gateway_fact_of(
    const struct rt_analysis *an, const char *ns, const char *name);
struct rt_listener_set_fact *rt_listener_set_fact_of(
    const struct rt_analysis *an, const char *ns, const char *name);
struct rt_route_fact *rt_route_fact_of(const struct rt_analysis *an, const struct rt_obj *route);
struct rt_service_fact *rt_service_fact_of(
    const struct rt_analysis *an, const char *ns, const char *name);
struct rt_ingress_fact *rt_ingress_fact_of(
    const struct rt_analysis *an, const char *ns, const char *name);

/* Presence under the world of opts: rt_store_find, closed where opts say so. */
enum rt_tri rt_analysis_find(
    const struct rt_analysis *an, struct rt_ref ref, const struct rt_obj **ret);
/* Can absence be concluded in this world? */
bool rt_analysis_known(
    const struct rt_analysis *an, const char *group, const char *kind, const char *ns);
/* A label selector against a Namespace's labels; kubernetes.io/metadata.name is always there. */
enum rt_tri rt_namespace_matches(
    const struct rt_analysis *an, const struct rt_label_selector *sel, const char *ns);
/* Older first: creationTimestamp, then namespace and name (§6.1, §8, §9.2). */
int rt_obj_age_cmp(const struct rt_obj *a, const struct rt_obj *b);

#endif
