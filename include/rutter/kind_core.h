/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind_core.h - Service, EndpointSlice, Namespace, Secret, ConfigMap, Pod, workloads, CRD,
 * snapshot.
 */
#ifndef RUTTER_KIND_CORE_H
#define RUTTER_KIND_CORE_H

#include "rutter/kind_ingress.h"

struct rt_service_port {
	const char *name;     /* NULL or "" for an unnamed one */
	const char *protocol; /* default TCP */
	const char *app_protocol;
	int64_t port, node_port;
	struct rt_int_or_string target_port; /* absent: same as port */
};
struct rt_service {
	struct rt_obj obj;
	const char *type; /* default ClusterIP */
	const char *cluster_ip, *external_name, *external_traffic_policy;
	rt_strings cluster_ips, external_ips;
	struct rt_pairs selector;
	RT_LIST(struct rt_service_port) ports;
	enum rt_flag publish_not_ready_addresses;
	rt_load_balancer load_balancer;
};

struct rt_endpoint_target {
	const char *kind, *ns, *name, *uid;
};
struct rt_endpoint {
	rt_strings addresses;
	enum rt_flag ready, serving, terminating; /* ready unset means ready */
	const struct rt_endpoint_target *target;
	const char *node_name, *hostname;
};
struct rt_slice_port {
	const char *name, *protocol,
	    *app_protocol; /* name "" or NULL: unnamed; protocol default TCP */
	int64_t port;
};
struct rt_endpoint_slice {
	struct rt_obj obj;
	const char *service; /* label kubernetes.io/service-name */
	const char *address_type;
	RT_LIST(struct rt_endpoint) endpoints;
	RT_LIST(struct rt_slice_port) ports;
};

struct rt_namespace {
	struct rt_obj obj; /* labels: kubernetes.io/metadata.name is added where it lacks */
};

/* Payload only where the input itself holds it (manifests); never from a cluster. */
struct rt_secret {
	struct rt_obj obj;
	const char *type;     /* NULL: not known (metadata only) */
	bool has_data;        /* the input carried data or stringData */
	bool tls_type_listed; /* came from the list of type kubernetes.io/tls */
	struct rt_pairs data; /* base64, only tls.crt, tls.key, ca.crt; wiped with the object */
	struct rt_pairs text; /* stringData, the same keys */
};
struct rt_config_map {
	struct rt_obj obj;
	bool has_data;
	struct rt_pairs data; /* only ca.crt and, for display, no others */
};

struct rt_container_port {
	const char *name, *protocol; /* protocol default TCP */
	int64_t port;
};
struct rt_container {
	const char *name, *image;
	RT_LIST(struct rt_container_port) ports;
};
struct rt_container_state {
	const char *reason, *message;
	int64_t exit_code, started_at, finished_at;
};
struct rt_container_status {
	const char *name;
	enum rt_flag ready;
	int64_t restart_count;
	const struct rt_container_state *running, *waiting, *terminated, *last_terminated;
};
struct rt_readiness_gate {
	const char *condition_type;
};
struct rt_pod_spec {
	RT_LIST(struct rt_container) containers, init_containers;
	enum rt_flag host_network;
	const char *node_name;
	RT_LIST(struct rt_readiness_gate) readiness_gates;
};
struct rt_pod {
	struct rt_obj obj;
	struct rt_pod_spec spec;
	bool has_status;
	const char *phase, *reason, *message, *pod_ip;
	rt_conditions conditions;
	RT_LIST(struct rt_container_status) container_statuses, init_container_statuses;
};
/* Pod template of a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job: labels and ports of the
 * Pods it makes. */
struct rt_workload {
	struct rt_obj obj;
	int64_t replicas; /* default 1; DaemonSet, Job: unset */
	struct rt_pairs template_labels;
	struct rt_pod_spec spec;
};

struct rt_crd_version {
	const char *name;
	enum rt_flag served, storage;
};
struct rt_crd {
	struct rt_obj obj;
	const char *crd_group, *crd_kind, *plural, *scope;
	RT_LIST(struct rt_crd_version) versions;
	rt_strings stored_versions;
};

struct rt_snapshot_kind {
	const char *group, *kind, *state, *why; /* state: read forbidden absent failed */
	rt_strings namespaces;                  /* v NULL: all */
	const char *versions;                   /* served, best first; NULL unknown */
};
struct rt_snapshot_answer { /* a by-name or by-selector question, see wants.h */
	const char *key, *state, *why;
};
struct rt_snapshot_problem { /* an object that could not be decoded */
	const char *group, *kind, *ns, *name, *field, *message;
};
struct rt_snapshot_info {
	struct rt_obj obj;
	const char *context, *time;
	const char *source; /* "files": what was read were manifests */
	RT_LIST(struct rt_snapshot_kind) kinds;
	RT_LIST(struct rt_snapshot_answer) answers;
	RT_LIST(struct rt_snapshot_problem) problems;
};

enum rt_tri rt_pod_ready(const struct rt_pod *p);    /* unknown without status */
bool rt_endpoint_ready(const struct rt_endpoint *e); /* nil counts as ready */

#endif
