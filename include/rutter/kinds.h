/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kinds.h - the one table of kinds that rutter decodes.
 * Everything else about a kind is in its file in src/model/kinds: struct, schema (which members
 * are kept and how they decode). Short names are kubectl's. Versions: best first; the JSON is the
 * same under every one of them (no conversion webhooks), so one schema serves them all.
 */
#ifndef RUTTER_KINDS_H
#define RUTTER_KINDS_H

#include "rutter/fwd.h"

#define RT_GROUP_GATEWAY "gateway.networking.k8s.io"
#define RT_GROUP_GATEWAY_X "gateway.networking.x-k8s.io"
#define RT_GROUP_NETWORKING "networking.k8s.io"
#define RT_GROUP_DISCOVERY "discovery.k8s.io"

/*  enum, group, Kind, plural, short names, namespaced, versions */
#define RT_KINDS(X)                                                                                \
	X(GATEWAY_CLASS, RT_GROUP_GATEWAY, "GatewayClass", "gatewayclasses", "gc", false,          \
	    "v1 v1beta1 v1alpha2")                                                                 \
	X(GATEWAY, RT_GROUP_GATEWAY, "Gateway", "gateways", "gtw", true, "v1 v1beta1 v1alpha2")    \
	X(LISTENER_SET, RT_GROUP_GATEWAY, "ListenerSet", "listenersets", "lset", true, "v1")       \
	X(HTTP_ROUTE, RT_GROUP_GATEWAY, "HTTPRoute", "httproutes", "", true,                       \
	    "v1 v1beta1 v1alpha2")                                                                 \
	X(GRPC_ROUTE, RT_GROUP_GATEWAY, "GRPCRoute", "grpcroutes", "", true, "v1 v1alpha2")        \
	X(TLS_ROUTE, RT_GROUP_GATEWAY, "TLSRoute", "tlsroutes", "", true, "v1 v1alpha3 v1alpha2")  \
	X(TCP_ROUTE, RT_GROUP_GATEWAY, "TCPRoute", "tcproutes", "", true, "v1 v1alpha2")           \
	X(UDP_ROUTE, RT_GROUP_GATEWAY, "UDPRoute", "udproutes", "", true, "v1 v1alpha2")           \
	X(REFERENCE_GRANT, RT_GROUP_GATEWAY, "ReferenceGrant", "referencegrants", "refgrant",      \
	    true, "v1 v1beta1 v1alpha2")                                                           \
	X(BACKEND_TLS_POLICY, RT_GROUP_GATEWAY, "BackendTLSPolicy", "backendtlspolicies",          \
	    "btlspolicy", true, "v1 v1alpha3 v1alpha2")                                            \
	X(INGRESS_CLASS, RT_GROUP_NETWORKING, "IngressClass", "ingressclasses", "", false,         \
	    "v1 v1beta1")                                                                          \
	X(INGRESS, RT_GROUP_NETWORKING, "Ingress", "ingresses", "ing", true, "v1 v1beta1")         \
	X(NETWORK_POLICY, RT_GROUP_NETWORKING, "NetworkPolicy", "networkpolicies", "netpol", true, \
	    "v1")                                                                                  \
	X(SERVICE, "", "Service", "services", "svc", true, "v1")                                   \
	X(ENDPOINT_SLICE, RT_GROUP_DISCOVERY, "EndpointSlice", "endpointslices", "", true,         \
	    "v1 v1beta1")                                                                          \
	X(NAMESPACE, "", "Namespace", "namespaces", "ns", false, "v1")                             \
	X(SECRET, "", "Secret", "secrets", "", true, "v1")                                         \
	X(CONFIG_MAP, "", "ConfigMap", "configmaps", "cm", true, "v1")                             \
	X(POD, "", "Pod", "pods", "po", true, "v1")                                                \
	X(DEPLOYMENT, "apps", "Deployment", "deployments", "deploy", true, "v1")                   \
	X(STATEFUL_SET, "apps", "StatefulSet", "statefulsets", "sts", true, "v1")                  \
	X(DAEMON_SET, "apps", "DaemonSet", "daemonsets", "ds", true, "v1")                         \
	X(REPLICA_SET, "apps", "ReplicaSet", "replicasets", "rs", true, "v1")                      \
	X(JOB, "batch", "Job", "jobs", "", true, "v1")                                             \
	X(CRD, "apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions",    \
	    "crd", false, "v1")                                                                    \
	X(SNAPSHOT_INFO, "rutter", "SnapshotInfo", "snapshotinfos", "", false, "v1")

enum rt_kind {
#define X(id, group, kind, plural, shorts, namespaced, versions) RT_KIND_##id,
	RT_KINDS(X)
#undef X
	    RT_KIND_OTHER, /* any other kind: metadata only, group and kind in the object itself */
	RT_KIND_COUNT
};

struct rt_schema;

struct rt_kind_info {
	enum rt_kind id;
	const char *group, *kind, *plural, *shorts;
	bool namespaced;
	const char *versions; /* best first, separated by spaces */
};

const struct rt_kind_info *rt_kind_info(enum rt_kind k); /* static; also for RT_KIND_OTHER */
/* By identity: the version plays no part. Ingress of group "extensions" is networking's. */
enum rt_kind rt_kind_of(const char *group, const char *kind);
/* What a person types: kind, plural or short name, any case, with or without ".group" or
 * ".version.group". False when no decoded kind answers to it. */
bool rt_kind_parse(const char *text, enum rt_kind *ret);
bool rt_kind_is_route(enum rt_kind k);

#endif
