/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress.c - IngressClass, Ingress and NetworkPolicy.
 */
#include "config.h"

#include "rutter/kind_ingress.h"

#include "../schema.h"

RT_PART(parameters, struct rt_class_parameters,
    {"apiGroup", RT_F_SYM, AT(struct rt_class_parameters, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_class_parameters, kind), .text = ""},
    {"name", RT_F_STR, AT(struct rt_class_parameters, name), .text = ""},
    {"namespace", RT_F_SYM, AT(struct rt_class_parameters, ns)},
    {"scope", RT_F_SYM, AT(struct rt_class_parameters, scope), .text = "Cluster"});
RT_PART(class_spec, struct rt_ingress_class,
    {"controller", RT_F_SYM, AT(struct rt_ingress_class, controller)},
    {"parameters", RT_F_PTR, AT(struct rt_ingress_class, parameters), .sub = &parameters});
RT_KIND(INGRESS_CLASS, struct rt_ingress_class, NULL, {"spec", RT_F_INLINE, .sub = &class_spec});

RT_PART(port_ref, struct rt_service_port_ref,
    {"name", RT_F_SYM, AT(struct rt_service_port_ref, name)},
    {"number", RT_F_INT, AT(struct rt_service_port_ref, number)});
RT_PART(service, struct rt_ingress_service,
    {"name", RT_F_STR, AT(struct rt_ingress_service, name), .text = ""},
    {"port", RT_F_STRUCT, AT(struct rt_ingress_service, port), .sub = &port_ref});
RT_PART(resource, struct rt_object_ref,
    {"apiGroup", RT_F_SYM, AT(struct rt_object_ref, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_object_ref, kind), .text = ""},
    {"name", RT_F_STR, AT(struct rt_object_ref, name), .text = ""});

/* extensions/v1beta1 and networking.k8s.io/v1beta1 wrote serviceName and servicePort. */
static void backend_finish(void *base)
{
	struct rt_ingress_backend *b = base;
	if (b->service || !b->older.name)
		return;
	b->older.port.number = b->older_port.number;
	b->older.port.name = b->older_port.text;
	b->service = &b->older;
}
static const struct rt_field backend_fields[] = {
    {"service", RT_F_PTR, AT(struct rt_ingress_backend, service), .sub = &service},
    {"resource", RT_F_PTR, AT(struct rt_ingress_backend, resource), .sub = &resource},
    {"serviceName", RT_F_STR, AT(struct rt_ingress_backend, older.name), .older = true},
    {"servicePort", RT_F_INT_OR_STRING, AT(struct rt_ingress_backend, older_port), .older = true},
};
static const struct rt_schema backend =
    RT_SCHEMA_BODY(struct rt_ingress_backend, backend, backend_finish);

RT_PART(path, struct rt_ingress_path, {"path", RT_F_STR, AT(struct rt_ingress_path, path)},
    {"pathType", RT_F_SYM, AT(struct rt_ingress_path, path_type)},
    {"backend", RT_F_STRUCT, AT(struct rt_ingress_path, backend), .sub = &backend});
RT_PART(http, struct rt_ingress_rule,
    {"paths", RT_F_LIST, AT(struct rt_ingress_rule, paths), .sub = &path});
RT_PART(rule, struct rt_ingress_rule, {"host", RT_F_STR, AT(struct rt_ingress_rule, host)},
    {"http", RT_F_INLINE, .sub = &http});
RT_PART(tls, struct rt_ingress_tls, {"hosts", RT_F_STRS, AT(struct rt_ingress_tls, hosts)},
    {"secretName", RT_F_STR, AT(struct rt_ingress_tls, secret_name)});

RT_PART(lb_port, struct rt_lb_port, {"port", RT_F_INT, AT(struct rt_lb_port, port)},
    {"protocol", RT_F_SYM, AT(struct rt_lb_port, protocol)},
    {"error", RT_F_STR, AT(struct rt_lb_port, error)});
RT_SHARED_PART(rt_lb_ingress_schema, struct rt_lb_ingress,
    {"ip", RT_F_SYM, AT(struct rt_lb_ingress, ip)},
    {"hostname", RT_F_SYM, AT(struct rt_lb_ingress, hostname)},
    {"ports", RT_F_LIST, AT(struct rt_lb_ingress, ports), .sub = &lb_port});

RT_PART(ingress_spec, struct rt_ingress,
    {"ingressClassName", RT_F_SYM, AT(struct rt_ingress, ingress_class_name)},
    {"defaultBackend", RT_F_PTR, AT(struct rt_ingress, default_backend), .sub = &backend},
    {"backend", RT_F_PTR, AT(struct rt_ingress, default_backend), .sub = &backend, .older = true},
    {"rules", RT_F_LIST, AT(struct rt_ingress, rules), .sub = &rule},
    {"tls", RT_F_LIST, AT(struct rt_ingress, tls), .sub = &tls});
RT_PART(lb_status, struct rt_ingress,
    {"ingress", RT_F_LIST, AT(struct rt_ingress, load_balancer), .sub = &rt_lb_ingress_schema});
RT_PART(ingress_status, struct rt_ingress, {"loadBalancer", RT_F_INLINE, .sub = &lb_status});
RT_KIND(INGRESS, struct rt_ingress, NULL, {"spec", RT_F_INLINE, .sub = &ingress_spec},
    {"status", RT_F_INLINE, .sub = &ingress_status});

RT_PART(ip_block, struct rt_ip_block, {"cidr", RT_F_STR, AT(struct rt_ip_block, cidr)},
    {"except", RT_F_STRS, AT(struct rt_ip_block, except)});
RT_PART(peer, struct rt_netpol_peer,
    {"podSelector", RT_F_PTR, AT(struct rt_netpol_peer, pod_selector),
	.sub = &rt_label_selector_schema},
    {"namespaceSelector", RT_F_PTR, AT(struct rt_netpol_peer, namespace_selector),
	.sub = &rt_label_selector_schema},
    {"ipBlock", RT_F_PTR, AT(struct rt_netpol_peer, ip_block), .sub = &ip_block});
RT_PART(netpol_port, struct rt_netpol_port,
    {"protocol", RT_F_SYM, AT(struct rt_netpol_port, protocol), .text = "TCP"},
    {"port", RT_F_INT_OR_STRING, AT(struct rt_netpol_port, port)},
    {"endPort", RT_F_INT, AT(struct rt_netpol_port, end_port)});
RT_PART(netpol_ingress, struct rt_netpol_ingress,
    {"from", RT_F_LIST, AT(struct rt_netpol_ingress, from), .sub = &peer},
    {"ports", RT_F_LIST, AT(struct rt_netpol_ingress, ports), .sub = &netpol_port});
RT_PART(netpol_spec, struct rt_network_policy,
    {"podSelector", RT_F_STRUCT, AT(struct rt_network_policy, pod_selector),
	.sub = &rt_label_selector_schema},
    {"policyTypes", RT_F_SYMS, AT(struct rt_network_policy, policy_types)},
    {"ingress", RT_F_LIST, AT(struct rt_network_policy, ingress), .sub = &netpol_ingress});
RT_KIND(NETWORK_POLICY, struct rt_network_policy, NULL, {"spec", RT_F_INLINE, .sub = &netpol_spec});
