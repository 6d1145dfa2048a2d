/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind_ingress.h - IngressClass, Ingress, NetworkPolicy.
 * v1beta1 Ingress backends (serviceName, servicePort) are read into the same members.
 */
#ifndef RUTTER_KIND_INGRESS_H
#define RUTTER_KIND_INGRESS_H

#include "rutter/kind_gateway.h"

struct rt_class_parameters {
	const char *group, *kind, *name, *ns,
	    *scope; /* group "" when absent; scope default Cluster */
};
struct rt_ingress_class {
	struct rt_obj obj;
	const char *controller;
	const struct rt_class_parameters *parameters;
};

struct rt_service_port_ref {
	const char *name;
	int64_t number;
};
struct rt_ingress_service {
	const char *name;
	struct rt_service_port_ref port;
};
struct rt_ingress_backend {
	const struct rt_ingress_service *service;
	const struct rt_object_ref *resource; /* group "" when absent, no namespace */
	struct rt_ingress_service older;      /* v1beta1's serviceName and servicePort; service */
	struct rt_int_or_string older_port;   /* points here when they were given */
};
struct rt_ingress_path {
	const char *path, *path_type;
	struct rt_ingress_backend backend;
};
struct rt_ingress_rule {
	const char *host;
	RT_LIST(struct rt_ingress_path) paths; /* http.paths */
};
struct rt_ingress_tls {
	rt_strings hosts;
	const char *secret_name;
};
struct rt_lb_port {
	int64_t port;
	const char *protocol, *error;
};
struct rt_lb_ingress {
	const char *ip, *hostname;
	RT_LIST(struct rt_lb_port) ports;
};
typedef RT_LIST(struct rt_lb_ingress) rt_load_balancer;
struct rt_ingress {
	struct rt_obj obj;
	const char *ingress_class_name;
	const struct rt_ingress_backend *default_backend;
	RT_LIST(struct rt_ingress_rule) rules;
	RT_LIST(struct rt_ingress_tls) tls;
	rt_load_balancer load_balancer; /* status.loadBalancer.ingress */
};

struct rt_ip_block {
	const char *cidr;
	rt_strings except;
};
struct rt_netpol_peer {
	const struct rt_label_selector *pod_selector, *namespace_selector;
	const struct rt_ip_block *ip_block;
};
struct rt_netpol_port {
	const char *protocol; /* default TCP */
	struct rt_int_or_string port;
	int64_t end_port;
};
struct rt_netpol_ingress {
	RT_LIST(struct rt_netpol_peer) from;
	RT_LIST(struct rt_netpol_port) ports;
};
struct rt_network_policy {
	struct rt_obj obj;
	struct rt_label_selector pod_selector;
	rt_strings policy_types;
	RT_LIST(struct rt_netpol_ingress) ingress;
};

#endif
