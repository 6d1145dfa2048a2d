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

#include "rutter/analysis_gateway.h"
#include "rutter/store.h"

struct rt_analysis_opts {
	int64_t now;
	const char *features; /* --features "+A,-B", or NULL */
	/* `status` and `trace` judge a closed world: what manifests do not hold does not exist.
	 * `check` leaves it open. What a cluster refused stays unknown in both. */
	bool closed_world;
};

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
	/* Where there is none: one of a controller that the parent's class is not of, or NULL. */
	const struct rt_route_parent_status *foreign;
	/* It would be accepted, but on every listener an older route of the other HTTP kind claims
	 * one of its hostnames (§4.3), or on every port of the Service a route of a kind that comes
	 * first there (§10); one of them. */
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
	RT_LIST(char *) hostnames; /* the distinct ones, as written; none for kinds without */
	RT_VEC(struct rt_parent_fact) parents;
	RT_VEC(struct rt_attachment *) attachments; /* each listener once */
	RT_VEC(struct rt_backend_fact) backends;    /* document order, all rules and filters */
	RT_VEC(struct rt_extension_fact) extensions;
	RT_VEC(struct rt_rule_fault) faults; /* bad rules; all rules bad: not accepted */
	bool rejected;                       /* every rule is bad: Accepted=False by value */
	bool gateway_bound;                  /* some parent is a Gateway or ListenerSet */
	enum rt_tri resolved;                /* ResolvedRefs, the same on every parent */
	enum rt_reason resolved_reason;
	bool resolved_open; /* the specification leaves it open: ExternalName, a policy unnoticed */
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
/* The same in slices of a few milliseconds: step until it says false; facts are complete only then.
 * The store may change in between as long as it keeps old objects (rt_store_keep_old): facts are
 * then of a moment between begin and end, and the next analysis mends what was mixed. */
struct rt_analysis *rt_analysis_begin(
    const struct rt_store *s, const struct rt_analysis_opts *opts);
bool rt_analysis_step(struct rt_analysis *an);
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
