/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind_gateway.h - GatewayClass, Gateway, ListenerSet, ReferenceGrant, BackendTLSPolicy, and the
 * kinds of others that point at these.
 * Members carry the API's own names; see gateway-api §1.1 for the fields and §1.2 for defaults.
 */
#ifndef RUTTER_KIND_GATEWAY_H
#define RUTTER_KIND_GATEWAY_H

#include "rutter/model.h"

/* A reference as written; ns NULL where the field is absent (then: the holder's namespace). */
struct rt_object_ref {
	const char *group, *kind, *ns, *name;
};

struct rt_gateway_class {
	struct rt_obj obj;
	const char *controller_name, *description;
	const struct rt_object_ref *parameters_ref;
	rt_conditions conditions;
	bool has_supported_features;   /* status carries the list, even an empty one */
	rt_strings supported_features; /* names; strings and {name} objects alike */
};

struct rt_frontend_validation {
	RT_LIST(struct rt_object_ref) ca_certificate_refs; /* no defaults */
	const char *mode;                                  /* default AllowValidOnly */
};
struct rt_listener_tls {
	const char *mode;                               /* default Terminate */
	RT_LIST(struct rt_object_ref) certificate_refs; /* default ("", Secret) */
	struct rt_pairs options;
	const struct rt_frontend_validation *frontend_validation; /* before v1.4 */
};
struct rt_route_group_kind {
	const char *group, *kind; /* group default: Gateway API */
};
struct rt_route_namespaces {
	const char *from; /* NULL: the default */
	const struct rt_label_selector *selector;
};
struct rt_allowed_routes {
	const struct rt_route_namespaces *namespaces;
	RT_LIST(struct rt_route_group_kind) kinds;
};
struct rt_listener {
	const char *name, *hostname, *protocol;
	int64_t port;
	const struct rt_listener_tls *tls;
	const struct rt_allowed_routes *allowed_routes;
};
typedef RT_LIST(struct rt_listener) rt_listeners;

struct rt_listener_status {
	const char *name;
	RT_LIST(struct rt_route_group_kind) supported_kinds; /* v NULL: not reported */
	int64_t attached_routes;                             /* RT_INT_UNSET when absent */
	rt_conditions conditions;
};
typedef RT_LIST(struct rt_listener_status) rt_listener_statuses;

struct rt_address {
	const char *type; /* default IPAddress */
	const char *value;
};
struct rt_frontend_tls {
	const struct rt_frontend_validation *validation;
};
struct rt_frontend_port {
	int64_t port;
	const struct rt_frontend_tls *tls;
};
struct rt_gateway_frontend {
	const struct rt_frontend_tls *fallback; /* spec.tls.frontend.default */
	RT_LIST(struct rt_frontend_port) per_port;
};
struct rt_gateway_backend_tls {
	const struct rt_object_ref *client_certificate_ref; /* default ("", Secret) */
};
struct rt_gateway_tls {
	const struct rt_gateway_backend_tls *backend;
	const struct rt_gateway_frontend *frontend;
};
struct rt_infrastructure {
	struct rt_pairs labels, annotations;
	const struct rt_object_ref *parameters_ref;
};
struct rt_allowed_listeners {
	const struct rt_route_namespaces *namespaces; /* from: default None */
};

struct rt_gateway {
	struct rt_obj obj;
	const char *gateway_class_name, *default_scope;
	rt_listeners listeners;
	RT_LIST(struct rt_address) addresses;
	const struct rt_infrastructure *infrastructure;
	const struct rt_allowed_listeners *allowed_listeners;
	const struct rt_gateway_tls *tls;
	const struct rt_gateway_backend_tls *backend_tls; /* before v1.4: tls.backend */
	/* status */
	RT_LIST(struct rt_address) status_addresses;
	rt_conditions conditions;
	rt_listener_statuses status_listeners;
	int64_t attached_listener_sets; /* RT_INT_UNSET when absent */
};

struct rt_listener_set {
	struct rt_obj obj;
	const struct rt_object_ref *parent_ref; /* default (Gateway API, Gateway) */
	rt_listeners listeners;
	rt_conditions conditions;
	rt_listener_statuses status_listeners;
};

struct rt_grant_from {
	const char *group, *kind, *ns;
};
struct rt_grant_to {
	const char *group, *kind, *name; /* name NULL or "": every one */
};
struct rt_reference_grant {
	struct rt_obj obj;
	RT_LIST(struct rt_grant_from) from;
	RT_LIST(struct rt_grant_to) to;
};

struct rt_policy_target {
	const char *group, *kind, *name, *section_name;
};
struct rt_subject_alt_name {
	const char *type, *hostname, *uri;
};
struct rt_tls_validation {
	RT_LIST(struct rt_object_ref) ca_certificate_refs;
	const char *well_known_ca_certificates, *hostname;
	RT_LIST(struct rt_subject_alt_name) subject_alt_names;
};
struct rt_parent_ref {
	const char *group, *kind; /* default (Gateway API, Gateway) */
	const char *ns;           /* NULL: the holder's */
	const char *name, *section_name;
	int64_t port;
};
struct rt_policy_ancestor {
	struct rt_parent_ref ancestor_ref;
	const char *controller_name;
	rt_conditions conditions;
};
/* v1alpha2's singular targetRef and spec.tls are read into the same members. */
struct rt_backend_tls_policy {
	struct rt_obj obj;
	RT_LIST(struct rt_policy_target) target_refs;
	const struct rt_tls_validation *validation;
	RT_LIST(struct rt_policy_ancestor) ancestors;
};

/* Any other kind, by its metadata and by what kinds of many vendors have in common. They may shape
 * these members otherwise: what does not fit is absent. */
struct rt_other {
	struct rt_obj obj;
	const char *secret_name;         /* the Secret that a cert-manager Certificate becomes */
	struct rt_pairs template_labels; /* of the Pods that it makes: Rollout and the like */
	/* A policy attached to other objects: one target or several, and what controllers say. */
	const struct rt_policy_target *target_ref;
	RT_LIST(struct rt_policy_target) target_refs;
	RT_LIST(struct rt_policy_ancestor) ancestors;
};

#endif
