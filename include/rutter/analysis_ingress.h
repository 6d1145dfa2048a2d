/* SPDX-License-Identifier: Apache-2.0 */
/*
 * analysis_ingress.h - facts about Ingress, controllers, Pods, data planes and network policies.
 * Ingress facts are part of the analysis; the rest is computed on demand into the caller's arena,
 * because Pods are many and few of them matter.
 */
#ifndef RUTTER_ANALYSIS_INGRESS_H
#define RUTTER_ANALYSIS_INGRESS_H

#include "rutter/analysis.h"
#include "rutter/controllers.h"

#define RT_ANNOTATION_INGRESS_CLASS "kubernetes.io/ingress.class"
#define RT_ANNOTATION_DEFAULT_CLASS "ingressclass.kubernetes.io/is-default-class"

struct rt_ingress_class_fact {
	const struct rt_ingress_class *ic;
	const struct rt_controller *controller; /* row, or NULL: not known */
	bool is_default;
	struct rt_ref_fact *parameters; /* NULL: none given */
	RT_VEC(struct rt_ingress_fact *) ingresses;
};

struct rt_ingress_class_fact *rt_ingress_class_fact_of(
    const struct rt_analysis *an, const char *name);

enum rt_ingress_backend_fault {
	RT_INGRESS_BACKEND_OK,
	RT_INGRESS_BACKEND_EMPTY,  /* neither service nor resource */
	RT_INGRESS_BACKEND_ABSENT, /* no such Service or resource */
	RT_INGRESS_BACKEND_PORT,   /* the Service lacks the port */
};
struct rt_ingress_backend_fact {
	struct rt_ingress_fact *ingress;
	int rule, path; /* -1, -1: spec.defaultBackend */
	const struct rt_ingress_backend *spec;
	struct rt_ref ref_to; /* the Service or resource */
	enum rt_tri ok;
	enum rt_ingress_backend_fault fault;
	const struct rt_obj *obj;
	struct rt_service_fact *service;
	const struct rt_service_port *port;
	bool by_annotation; /* ALB: port "use-annotation", the annotation decides */
};
/* spec.rules[0].http.paths[1].backend or spec.defaultBackend; in a. */
const char *rt_ingress_backend_field(struct rt_arena *a, const struct rt_ingress_backend_fact *b);

enum rt_class_source {
	RT_CLASS_BY_NONE,
	RT_CLASS_BY_FIELD,
	RT_CLASS_BY_ANNOTATION,
	RT_CLASS_BY_DEFAULT,    /* manifests: the default class will be filled in at creation */
	RT_CLASS_BY_CONTROLLER, /* unclassed, a running controller takes it */
};
struct rt_ingress_fact {
	const struct rt_ingress *ingress;
	const char *annotation; /* kubernetes.io/ingress.class or a controller's own; NULL */
	const char *annotation_key;
	struct rt_ingress_class_fact *by_field,
	    *by_annotation;        /* the classes they name, if there */
	enum rt_tri field_present; /* does the class named by the field exist? */
	bool conflict;             /* both set and they lead to different classes */
	/* Takes it by the annotation while the one of the field takes it, too; or NULL. */
	const struct rt_controller *second;
	/* The decision, by the order of the controller concerned (controllers §2). */
	enum rt_class_source source;
	struct rt_ingress_class_fact *class_fact; /* the class it is of, or NULL */
	const char *class_name;                 /* as the deciding field or annotation says; NULL */
	const struct rt_controller *controller; /* its row, or NULL */
	enum rt_tri claimed;                    /* does some controller take it? */
	RT_VEC(const struct rt_controller *)
	claimants; /* unclassed: running controllers taking it */
	RT_VEC(struct rt_ingress_backend_fact)
	backends;                           /* rules and paths in order, default last */
	RT_VEC(struct rt_ref_fact) secrets; /* spec.tls entries with a secretName; index = entry */
	bool certificates_elsewhere; /* a missing Secret is no fault here (controllers §5) */
	bool acme_solver;            /* cert-manager's temporary cm-acme-http-solver-* */
	bool canary;                 /* ingress-nginx canary */
};

/* ---------------------------------------------------------------- Pods */

typedef RT_VEC(const struct rt_pod *) rt_pods;
typedef RT_VEC(const struct rt_workload *) rt_workloads;

/* Pods of a namespace with these labels, of which there is at least one; sorted. RT_NO: they cannot
 * be told (unread). The list is the analysis's. */
enum rt_tri rt_pods_select(
    const struct rt_analysis *an, const char *ns, struct rt_pairs labels, rt_pods *ret);
/* Pod templates of the namespace's workloads with these labels. */
/* Are all the wanted labels there? */
bool rt_labels_hold(struct rt_pairs want, struct rt_pairs have);
void rt_workloads_select(const struct rt_analysis *an, const char *ns, struct rt_pairs labels,
    struct rt_arena *a, rt_workloads *ret);
/* The Service's Pods by its selector; no selector: none, RT_YES. */
enum rt_tri rt_service_pods(
    const struct rt_analysis *an, const struct rt_service *svc, rt_pods *ret);
/* Why a Pod is not ready, in a word or two: "CrashLoopBackOff", "readiness probe fails",
 * "Unschedulable", "Pending"; NULL when it is ready. Cleaned, in a. */
const char *rt_pod_trouble(struct rt_arena *a, const struct rt_pod *p);
int64_t rt_pod_restarts(const struct rt_pod *p);

/* ---------------------------------------------------------------- controllers and data planes */

struct rt_control_plane {
	const struct rt_controller *controller; /* NULL: unknown controller */
	bool outside;                           /* not expected in the cluster */
	enum rt_tri known;                      /* were the Pods read? RT_NO: nothing can be said */
	rt_pods pods;
	size_t ready;
};
/* For a GatewayClass controllerName or an IngressClass controller. The Pods are the analysis's. */
void rt_control_plane_of(
    const struct rt_analysis *an, const struct rt_controller *c, struct rt_control_plane *ret);

enum rt_located {
	RT_LOCATED_NOT,
	RT_LOCATED_OWNER,   /* ownerReferences hold the Gateway's uid */
	RT_LOCATED_LABEL,   /* gateway.networking.k8s.io/gateway-name */
	RT_LOCATED_VENDOR,  /* a label, name or annotation of the controller's row */
	RT_LOCATED_ADDRESS, /* the Service's address is the reported one */
};
struct rt_data_plane {
	enum rt_located how;
	bool outside;
	enum rt_tri known; /* RT_NO: Services or Pods unread */
	RT_VEC(const struct rt_service *) services;
	rt_pods pods;
	size_t ready;
	bool pods_known;
};
void rt_data_plane_of_gateway(const struct rt_analysis *an, const struct rt_gateway_fact *gw,
    struct rt_arena *a, struct rt_data_plane *ret);
void rt_data_plane_of_ingress(const struct rt_analysis *an, const struct rt_ingress_fact *ing,
    struct rt_arena *a, struct rt_data_plane *ret);

/* ---------------------------------------------------------------- NetworkPolicy (SV11) */

struct rt_netpol_verdict {
	enum rt_tri admitted; /* of the pods on the port: RT_NO when none of `from` reaches `to` */
	RT_VEC(const struct rt_network_policy *) policies; /* that select `to` for ingress */
};
struct rt_netpol_question {
	const rt_pods *from; /* a data plane */
	const struct rt_pod *to;
	const struct rt_service_port *port; /* of the Service in between: the target port counts */
};
/* May some Pod of `from` reach Pod `to`? */
void rt_netpol_admits(const struct rt_analysis *an, const struct rt_netpol_question *q,
    struct rt_arena *a, struct rt_netpol_verdict *ret);
/* The Pod port a Service port leads to; RT_INT_UNSET when a named targetPort is not found. */
int64_t rt_target_port(const struct rt_service_port *port, const struct rt_pod_spec *pod);

#endif
