/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controllers.c - the table of known controllers: who they are, where their Pods are, which
 * Ingresses they take. Values are the projects' defaults; charts and flags may change them, so
 * nothing found by this table alone is ever an error.
 */
#include "config.h"

#include "rutter/controllers.h"

#include <string.h>
#include <strings.h>

#define GATEWAY_NAME "gateway.networking.k8s.io/gateway-name"

static const struct rt_controller table[] = {
    {
	.id = "ingress-nginx",
	.title = "ingress-nginx",
	.ingress_names = "k8s.io/ingress-nginx",
	.namespaces = "ingress-nginx",
	.pods = "app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/component=controller",
	.shares_pods = true,
	.order = RT_CLASS_FIELD_FIRST,
	.path_style = RT_PATH_STRING,
	.unclassed = RT_UNCLASSED_BY_FLAG,
	.annotation_values = "nginx",
	.annotation_prefixes = "nginx.ingress.kubernetes.io/",
	.retired = true,
    },
    {
	.id = "nginx-ingress",
	.title = "NGINX Ingress Controller",
	.ingress_names = "nginx.org/ingress-controller",
	.namespaces = "nginx-ingress",
	.pods = "app.kubernetes.io/name=nginx-ingress | app=nginx-ingress",
	.shares_pods = true,
	.matches_class_name = true,
	.order = RT_CLASS_ANNOTATION_FIRST,
	.annotation_values = "nginx",
	.annotation_prefixes = "nginx.org/ nginx.com/",
    },
    {
	.id = "nginx-gateway-fabric",
	.title = "NGINX Gateway Fabric",
	.gateway_names = "gateway.nginx.org/nginx-gateway-controller",
	.namespaces = "nginx-gateway",
	.pods = "app.kubernetes.io/name=nginx-gateway-fabric",
	.owner_label = GATEWAY_NAME,
    },
    {
	.id = "traefik",
	.title = "Traefik",
	.gateway_names = "traefik.io/gateway-controller",
	.ingress_names = "traefik.io/ingress-controller",
	.namespaces = "traefik kube-system",
	.pods = "app.kubernetes.io/name=traefik",
	.shares_pods = true,
	.order = RT_CLASS_FIELD_FIRST,
	.path_style = RT_PATH_STRING,
	.unclassed = RT_UNCLASSED_TAKEN,
	.annotation_values = "traefik",
	.annotation_prefixes = "traefik.ingress.kubernetes.io/",
    },
    {
	.id = "haproxy-unified-gateway",
	.title = "HAProxy Unified Gateway",
	.gateway_names = "gate.haproxy.org/hug",
	.namespaces = "haproxy-unified-gateway",
	.pods = "app.kubernetes.io/name=haproxy-unified-gateway",
	.shares_pods = true,
    },
    {
	.id = "haproxy",
	.title = "HAProxy Kubernetes Ingress Controller",
	.gateway_names = "haproxy.org/gateway-controller",
	.ingress_names = "haproxy.org/ingress-controller haproxy.org/ingress-controller/*",
	.namespaces = "haproxy-controller",
	.pods = "app.kubernetes.io/name=kubernetes-ingress",
	.shares_pods = true,
	.order = RT_CLASS_FIELD_ONLY,
	.unclassed = RT_UNCLASSED_TAKEN,
	.annotation_prefixes = "haproxy.org/",
    },
    {
	.id = "haproxy-ingress",
	.title = "HAProxy Ingress",
	.gateway_names = "haproxy-ingress.github.io/controller",
	.ingress_names =
	    "haproxy-ingress.github.io/controller haproxy-ingress.github.io/controller/*",
	.namespaces = "ingress-controller",
	.pods = "app.kubernetes.io/name=haproxy-ingress",
	.shares_pods = true,
	.order = RT_CLASS_ANNOTATION_FIRST,
	.unclassed = RT_UNCLASSED_BY_FLAG,
	.annotation_values = "haproxy",
	.annotation_prefixes = "haproxy-ingress.github.io/ ingress.kubernetes.io/",
    },
    {
	.id = "contour",
	.title = "Contour",
	.gateway_names =
	    "projectcontour.io/gateway-controller projectcontour.io/projectcontour/contour",
	.ingress_names = "projectcontour.io/ingress-controller projectcontour.io/*",
	.namespaces = "projectcontour",
	.pods = "app=contour",
	.data_pods = "app=envoy",
	.owner_label = "projectcontour.io/owning-gateway-name",
	.matches_class_name = true,
	.order = RT_CLASS_ANNOTATION_FIRST,
	.unclassed = RT_UNCLASSED_TAKEN,
	.annotation_values = "contour",
	.class_annotation = "projectcontour.io/ingress.class",
	.annotation_prefixes = "projectcontour.io/ ingress.kubernetes.io/",
    },
    {
	.id = "envoy-gateway",
	.title = "Envoy Gateway",
	.gateway_names = "gateway.envoyproxy.io/gatewayclass-controller",
	.namespaces = "envoy-gateway-system",
	.pods = "control-plane=envoy-gateway",
	.data_pods = "app.kubernetes.io/name=envoy,app.kubernetes.io/component=proxy,"
		     "app.kubernetes.io/managed-by=envoy-gateway",
	.owner_label = "gateway.envoyproxy.io/owning-gateway-name",
	.owner_ns_label = "gateway.envoyproxy.io/owning-gateway-namespace",
	.no_endpoint_status = 500,
    },
    {
	.id = "istio",
	.title = "Istio",
	.gateway_names = "istio.io/gateway-controller istio.io/unmanaged-gateway "
			 "istio.io/mesh-controller istio.io/eastwest-controller "
			 "istio.io/agentgateway-controller",
	.ingress_names = "istio.io/ingress-controller",
	.namespaces = "istio-system",
	.pods = "app=istiod",
	.data_pods = "istio=ingressgateway",
	.owner_label = GATEWAY_NAME,
	.protocols = "HBONE", /* of waypoints */
	.order = RT_CLASS_ANNOTATION_FIRST,
	.path_style = RT_PATH_STARRED,
	.unclassed = RT_UNCLASSED_BY_FLAG,
	.annotation_values = "istio",
	.annotation_prefixes = "",
    },
    {
	.id = "cilium",
	.title = "Cilium",
	.gateway_names = "io.cilium/gateway-controller",
	.ingress_names = "cilium.io/ingress-controller",
	.namespaces = "kube-system",
	.pods = "io.cilium/app=operator | app.kubernetes.io/name=cilium-operator",
	.data_pods = "k8s-app=cilium-envoy | k8s-app=cilium",
	.owner_label = "io.cilium.gateway/owning-gateway",
	.shared_data_plane = true,
	.service_name = "cilium-gateway-%s",
	.order = RT_CLASS_EITHER,
	.annotation_values = "cilium",
	.annotation_prefixes = "ingress.cilium.io/",
    },
    {
	.id = "kong",
	.title = "Kong Ingress Controller",
	.gateway_names = "konghq.com/kic-gateway-controller",
	.ingress_names = "ingress-controllers.konghq.com/kong",
	.namespaces = "kong",
	.pods = "app=ingress-kong | app.kubernetes.io/component=app,app.kubernetes.io/name=kong",
	.data_pods = "app=proxy-kong | app.kubernetes.io/component=app,app.kubernetes.io/name=kong",
	.publish_annotation = "konghq.com/publish-service",
	.order = RT_CLASS_EITHER,
	.path_style = RT_PATH_TILDE,
	.unclassed = RT_UNCLASSED_BY_FLAG,
	.annotation_values = "kong",
	.annotation_prefixes = "konghq.com/ configuration.konghq.com/",
    },
    {
	.id = "kong-operator",
	.title = "Kong Operator",
	.gateway_names = "konghq.com/gateway-operator",
	.namespaces = "kong-system",
	.pods = "app.kubernetes.io/component=kgo",
	.owner_label = "gateway-operator.konghq.com/managed-by-name",
	.owner_ns_label = "gateway-operator.konghq.com/managed-by-namespace",
    },
    {
	.id = "aws-load-balancer-controller",
	.title = "AWS Load Balancer Controller",
	.gateway_names = "gateway.k8s.aws/alb gateway.k8s.aws/nlb",
	.ingress_names = "ingress.k8s.aws/alb",
	.namespaces = "kube-system",
	.pods = "app.kubernetes.io/name=aws-load-balancer-controller",
	.outside = true,
	.certificates_elsewhere = true,
	.listener_certificates_elsewhere = true, /* a LoadBalancerConfiguration, or by hostname */
	.order = RT_CLASS_EITHER,
	.path_style = RT_PATH_GLOB,
	.annotation_values = "alb",
	.annotation_prefixes = "alb.ingress.kubernetes.io/",
	.balancer_each = true,
	.group_annotation = "alb.ingress.kubernetes.io/group.name",
    },
    {
	.id = "gke-ingress",
	.title = "GKE Ingress",
	.outside = true,
	.certificates_elsewhere = true,
	.order = RT_CLASS_ANNOTATION_ONLY,
	.path_style = RT_PATH_GLOB,
	.unclassed = RT_UNCLASSED_TAKEN,
	.annotation_values = "gce gce-internal gce-regional-external gce-multi-cluster",
	.annotation_prefixes =
	    "ingress.gcp.kubernetes.io/ networking.gke.io/ kubernetes.io/ingress.",
	.balancer_each = true,
    },
    {
	.id = "gke-gateway",
	.title = "GKE Gateway",
	.gateway_names = "networking.gke.io/*",
	.outside = true,
    },
    {
	.id = "agic",
	.title = "Application Gateway Ingress Controller",
	.ingress_names = "azure/application-gateway",
	.namespaces = "default kube-system",
	.pods = "app=ingress-azure | app=ingress-appgw",
	.outside = true,
	.certificates_elsewhere = true,
	.order = RT_CLASS_EITHER,
	.annotation_values = "azure/application-gateway azure-application-gateway",
	.annotation_prefixes = "appgw.ingress.kubernetes.io/",
    },
    {
	.id = "alb-controller",
	.title = "Azure ALB Controller",
	.gateway_names = "alb.networking.azure.io/alb-controller",
	.ingress_names = "alb.networking.azure.io/alb-controller",
	.namespaces = "azure-alb-system kube-system",
	.pods = "app=alb-controller",
	.outside = true,
	.certificates_elsewhere = true,
	.order = RT_CLASS_FIELD_ONLY,
	.annotation_prefixes = "alb.networking.azure.io/",
    },
    {
	.id = "emissary",
	.title = "Emissary-ingress",
	.ingress_names = "getambassador.io/ingress-controller",
	.namespaces = "emissary ambassador",
	.pods = "app.kubernetes.io/name=emissary-ingress",
	.shares_pods = true,
	.order = RT_CLASS_EITHER,
	.annotation_values = "ambassador",
	.annotation_any_case = true,
	.annotation_prefixes = "getambassador.io/",
    },
    {
	.id = "kgateway",
	.title = "kgateway",
	.gateway_names = "kgateway.dev/kgateway agentgateway.dev/agentgateway "
			 "kgateway.dev/agentgateway",
	.namespaces = "kgateway-system",
	.pods = "kgateway=kgateway",
	.owner_label = GATEWAY_NAME,
    },
    {
	.id = "gloo-gateway",
	.title = "Gloo Gateway",
	.gateway_names = "solo.io/gloo-gateway solo.io/gloo-gateway-v2",
	.namespaces = "gloo-system",
	.pods = "gloo=gloo",
	.owner_label = GATEWAY_NAME,
	.service_name = "gloo-proxy-%s",
    },
    {
	.id = "linkerd",
	.title = "Linkerd",
	.gateway_names = "linkerd.io/policy-controller",
	.namespaces = "linkerd",
	.pods = "linkerd.io/control-plane-component=destination",
    },
    {
	.id = "higress",
	.title = "Higress",
	.gateway_names = "higress.io/gateway-controller",
	.ingress_names = "higress.io/higress-controller",
	.namespaces = "higress-system",
	.pods = "app=higress-controller,higress=higress-controller",
	.data_pods = "app=higress-gateway",
	.order = RT_CLASS_EITHER,
	.annotation_values = "higress",
	.annotation_prefixes = "higress.io/ nginx.ingress.kubernetes.io/",
    },
    {
	.id = "apisix",
	.title = "APISIX Ingress Controller",
	.gateway_names = "apisix.apache.org/apisix-ingress-controller",
	.ingress_names = "apisix.apache.org/apisix-ingress-controller",
	.namespaces = "ingress-apisix",
	.pods = "app.kubernetes.io/name=apisix-ingress-controller",
	.data_pods = "app.kubernetes.io/name=apisix",
	.order = RT_CLASS_EITHER,
	.annotation_values = "apisix",
	.annotation_prefixes = "k8s.apisix.apache.org/",
    },
    {
	.id = "openshift",
	.title = "OpenShift router",
	.gateway_names = "openshift.io/gateway-controller/v1",
	.ingress_names = "openshift.io/ingress-to-route",
	.parameters_namespace = "openshift-ingress-operator",
	.namespaces = "openshift-ingress-operator openshift-ingress",
	.pods = "name=ingress-operator",
	.data_pods = "ingresscontroller.operator.openshift.io/deployment-ingresscontroller",
	.owner_label = GATEWAY_NAME,
	.order = RT_CLASS_FIELD_ONLY,
	.unclassed = RT_UNCLASSED_TAKEN,
	.annotation_prefixes = "route.openshift.io/ haproxy.router.openshift.io/",
    },
    {
	.id = "f5-cis",
	.title = "F5 BIG-IP Controller",
	.ingress_names = "f5.com/cntr-ingress-svcs",
	.namespaces = "kube-system",
	.outside = true,
	.order = RT_CLASS_EITHER,
	.annotation_values = "f5",
	.annotation_prefixes = "virtual-server.f5.com/",
    },
    {
	.id = "vpc-lattice",
	.title = "AWS Gateway API Controller",
	.gateway_names = "application-networking.k8s.aws/gateway-api-controller",
	.namespaces = "aws-application-networking-system",
	.outside = true,
    },
};

size_t rt_controllers(const struct rt_controller **ret)
{
	*ret = table;
	return RT_ARRAY_LEN(table);
}

/* How an entry of a list meets a word: not, by its prefix, exactly. */
enum fit { FIT_NOT, FIT_PREFIX, FIT_EXACT };

static enum fit entry_fit(const char *entry, size_t len, const char *word)
{
	if (strlen(word) == len && memcmp(entry, word, len) == 0)
		return FIT_EXACT;
	if (len && entry[len - 1] == '*' && strncmp(entry, word, len - 1) == 0)
		return FIT_PREFIX;
	return FIT_NOT;
}

static enum fit list_fit(const char *list, const char *word)
{
	enum fit best = FIT_NOT;

	while (list && word && *list) {
		size_t len = strcspn(list, " ");
		enum fit fit = len ? entry_fit(list, len, word) : FIT_NOT;
		if (fit > best)
			best = fit;
		list += len;
		list += strspn(list, " ");
	}
	return best;
}

bool rt_controller_lists(const char *list, const char *word)
{
	return list_fit(list, word) != FIT_NOT;
}

/* Exact names before prefixes: vendors name forks below another project's domain. */
static const struct rt_controller *find(const char *name, bool gateway)
{
	const struct rt_controller *found = NULL;
	enum fit best = FIT_NOT;

	for (size_t i = 0; name && i < RT_ARRAY_LEN(table); i++) {
		const char *names = gateway ? table[i].gateway_names : table[i].ingress_names;
		enum fit fit = list_fit(names, name);
		if (fit > best) {
			best = fit;
			found = &table[i];
		}
	}
	return found;
}

const struct rt_controller *rt_controller_of_gateway(const char *controller_name)
{
	return find(controller_name, true);
}

const struct rt_controller *rt_controller_of_ingress(const char *controller)
{
	return find(controller, false);
}

const struct rt_controller *rt_controller_of_annotation(const char *class_value)
{
	for (size_t i = 0; class_value && i < RT_ARRAY_LEN(table); i++)
		if (rt_controller_lists(table[i].annotation_values, class_value) ||
		    (table[i].annotation_any_case &&
			strcasecmp(table[i].annotation_values, class_value) == 0))
			return &table[i];
	return NULL;
}

const struct rt_controller *rt_controller_by_id(const char *id)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(table); i++)
		if (strcmp(table[i].id, id) == 0)
			return &table[i];
	return NULL;
}

int rt_no_endpoint_status(const struct rt_controller *c)
{
	return c && c->no_endpoint_status ? c->no_endpoint_status : 503;
}

bool rt_controller_is_nginx(const struct rt_controller *c)
{
	return c && strcmp(c->id, "ingress-nginx") == 0;
}
