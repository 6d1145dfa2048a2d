/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service.c - Service, EndpointSlice, Namespace, Secret, ConfigMap.
 */
#include "config.h"

#include "rutter/kind_core.h"

#include "../schema.h"

RT_PART(service_port, struct rt_service_port, {"name", RT_F_SYM, AT(struct rt_service_port, name)},
    {"protocol", RT_F_SYM, AT(struct rt_service_port, protocol), .text = "TCP"},
    {"appProtocol", RT_F_SYM, AT(struct rt_service_port, app_protocol)},
    {"port", RT_F_INT, AT(struct rt_service_port, port)},
    {"nodePort", RT_F_INT, AT(struct rt_service_port, node_port)},
    {"targetPort", RT_F_INT_OR_STRING, AT(struct rt_service_port, target_port)});
RT_PART(service_spec, struct rt_service,
    {"type", RT_F_SYM, AT(struct rt_service, type), .text = "ClusterIP"},
    {"clusterIP", RT_F_STR, AT(struct rt_service, cluster_ip)},
    {"clusterIPs", RT_F_STRS, AT(struct rt_service, cluster_ips)},
    {"externalIPs", RT_F_STRS, AT(struct rt_service, external_ips)},
    {"externalName", RT_F_STR, AT(struct rt_service, external_name)},
    {"externalTrafficPolicy", RT_F_SYM, AT(struct rt_service, external_traffic_policy)},
    {"publishNotReadyAddresses", RT_F_FLAG, AT(struct rt_service, publish_not_ready_addresses)},
    {"selector", RT_F_PAIRS, AT(struct rt_service, selector)},
    {"ports", RT_F_LIST, AT(struct rt_service, ports), .sub = &service_port});
RT_PART(lb_status, struct rt_service,
    {"ingress", RT_F_LIST, AT(struct rt_service, load_balancer), .sub = &rt_lb_ingress_schema});
RT_PART(service_status, struct rt_service, {"loadBalancer", RT_F_INLINE, .sub = &lb_status});
RT_KIND(SERVICE, struct rt_service, NULL, {"spec", RT_F_INLINE, .sub = &service_spec},
    {"status", RT_F_INLINE, .sub = &service_status});

RT_PART(endpoint_conditions, struct rt_endpoint,
    {"ready", RT_F_FLAG, AT(struct rt_endpoint, ready)},
    {"serving", RT_F_FLAG, AT(struct rt_endpoint, serving)},
    {"terminating", RT_F_FLAG, AT(struct rt_endpoint, terminating)});
RT_PART(endpoint_target, struct rt_endpoint_target,
    {"kind", RT_F_SYM, AT(struct rt_endpoint_target, kind)},
    {"namespace", RT_F_SYM, AT(struct rt_endpoint_target, ns)},
    {"name", RT_F_STR, AT(struct rt_endpoint_target, name)},
    {"uid", RT_F_STR, AT(struct rt_endpoint_target, uid)});
RT_PART(endpoint, struct rt_endpoint, {"addresses", RT_F_STRS, AT(struct rt_endpoint, addresses)},
    {"conditions", RT_F_INLINE, .sub = &endpoint_conditions},
    {"targetRef", RT_F_PTR, AT(struct rt_endpoint, target), .sub = &endpoint_target},
    {"nodeName", RT_F_SYM, AT(struct rt_endpoint, node_name)},
    {"hostname", RT_F_STR, AT(struct rt_endpoint, hostname)});
RT_PART(slice_port, struct rt_slice_port, {"name", RT_F_SYM, AT(struct rt_slice_port, name)},
    {"protocol", RT_F_SYM, AT(struct rt_slice_port, protocol), .text = "TCP"},
    {"appProtocol", RT_F_SYM, AT(struct rt_slice_port, app_protocol)},
    {"port", RT_F_INT, AT(struct rt_slice_port, port)});
static void slice_finish(void *base)
{
	struct rt_endpoint_slice *s = base;
	s->service = rt_pairs_get(s->obj.labels, "kubernetes.io/service-name");
}
RT_KIND(ENDPOINT_SLICE, struct rt_endpoint_slice, slice_finish,
    {"addressType", RT_F_SYM, AT(struct rt_endpoint_slice, address_type)},
    {"endpoints", RT_F_LIST, AT(struct rt_endpoint_slice, endpoints), .sub = &endpoint},
    {"ports", RT_F_LIST, AT(struct rt_endpoint_slice, ports), .sub = &slice_port});

RT_KIND(NAMESPACE, struct rt_namespace, NULL);

/* Of a payload only what TLS needs is taken, and only from files: a cluster gives metadata. */
static void secret_finish(void *base)
{
	struct rt_secret *s = base;
	s->has_data = s->data.v || s->text.v;
}
RT_KIND(SECRET, struct rt_secret, secret_finish, {"type", RT_F_SYM, AT(struct rt_secret, type)},
    {"data", RT_F_PAIRS, AT(struct rt_secret, data), .only = "tls.crt tls.key ca.crt",
	.secret = true},
    {"stringData", RT_F_PAIRS, AT(struct rt_secret, text), .only = "tls.crt tls.key ca.crt",
	.secret = true});

static void config_map_finish(void *base)
{
	struct rt_config_map *c = base;
	c->has_data = c->data.v != NULL;
}
RT_KIND(CONFIG_MAP, struct rt_config_map, config_map_finish,
    {"data", RT_F_PAIRS, AT(struct rt_config_map, data), .only = "ca.crt"});
