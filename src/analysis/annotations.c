/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotations.c - the table of annotation counterparts (controllers §5). A name that ends in '*'
 * stands for every key that begins so; the first row that fits counts.
 */
#include "config.h"

#include "annotations.h"

#include <string.h>

#define NGINX "nginx.ingress.kubernetes.io/"
#define FIELD RT_COUNTERPART_FIELD
#define POLICY RT_COUNTERPART_POLICY
#define NONE RT_COUNTERPART_NONE

static const struct {
	const char *key;
	enum rt_counterpart counterpart;
	const char *text;
} table[] = {
    {NGINX "rewrite-target", FIELD, "URLRewrite filter, unless the target has $N groups"},
    {NGINX "app-root", FIELD, "rule Exact / with a RequestRedirect"},
    {NGINX "use-regex", FIELD, "path match type RegularExpression"},
    {NGINX "ssl-redirect", FIELD, "HTTPRoute on the HTTP listener, RequestRedirect to https"},
    {NGINX "force-ssl-redirect", FIELD, "HTTPRoute on the HTTP listener, RequestRedirect to https"},
    {NGINX "permanent-redirect*", FIELD, "RequestRedirect filter"},
    {NGINX "temporal-redirect*", FIELD, "RequestRedirect filter"},
    {NGINX "from-to-www-redirect", FIELD, "second hostname with a RequestRedirect"},
    {NGINX "server-alias", FIELD, "hostnames"},
    {NGINX "canary-by-header-pattern", FIELD, "header match RegularExpression"},
    {NGINX "canary-by-header*", FIELD, "header match"},
    {NGINX "canary-by-cookie", FIELD, "header match on Cookie, with loss"},
    {NGINX "canary*", FIELD, "weights of backendRefs"},
    {NGINX "upstream-vhost", FIELD, "URLRewrite hostname"},
    {NGINX "x-forwarded-prefix", FIELD, "RequestHeaderModifier"},
    {NGINX "connection-proxy-header", FIELD, "RequestHeaderModifier"},
    {NGINX "custom-headers", FIELD, "ResponseHeaderModifier"},
    {NGINX "proxy-connect-timeout", FIELD, "timeouts, approximately"},
    {NGINX "proxy-send-timeout", FIELD, "timeouts, approximately"},
    {NGINX "proxy-read-timeout", FIELD, "timeouts, approximately"},
    {NGINX "proxy-next-upstream*", FIELD, "retry (extended)"},
    {NGINX "backend-protocol", FIELD, "BackendTLSPolicy, GRPCRoute or appProtocol of the Service"},
    {NGINX "proxy-ssl-*", FIELD, "BackendTLSPolicy"},
    {NGINX "ssl-passthrough", FIELD, "TLSRoute on a Passthrough listener"},
    {NGINX "auth-tls-*", FIELD, "client validation in spec.tls.frontend of the Gateway"},
    {NGINX "enable-cors", FIELD, "CORS filter"},
    {NGINX "cors-*", FIELD, "CORS filter"},
    {NGINX "auth-signin*", NONE, NULL},
    {NGINX "auth-snippet", NONE, NULL},
    {NGINX "auth-*", POLICY, "authentication policy, or the ExternalAuth filter (experimental)"},
    {NGINX "whitelist-source-range", POLICY, "access policy of the implementation"},
    {NGINX "denylist-source-range", POLICY, "access policy of the implementation"},
    {NGINX "limit-*", POLICY, "rate-limit policy of the implementation"},
    {NGINX "proxy-body-size", POLICY, "buffer policy of the implementation"},
    {NGINX "client-body-buffer-size", POLICY, "buffer policy of the implementation"},
    {NGINX "proxy-buffer*", POLICY, "buffer policy of the implementation"},
    {NGINX "proxy-request-buffering", POLICY, "buffer policy of the implementation"},
    {NGINX "affinity*", POLICY, "sessionPersistence (experimental)"},
    {NGINX "session-cookie-*", POLICY, "sessionPersistence (experimental)"},
    {NGINX "upstream-hash-by*", POLICY, "load-balancing policy of the implementation"},
    {NGINX "load-balance", POLICY, "load-balancing policy of the implementation"},
    {NGINX "service-upstream", NONE, NULL},
    {NGINX "mirror-target", FIELD, "RequestMirror filter; it takes a Service, not a URL"},
    {NGINX "default-backend", NONE, NULL},
    {NGINX "custom-http-errors", POLICY, "error policy of the implementation"},
    {NGINX "enable-access-log", POLICY, "telemetry policy of the implementation"},
    {NGINX "enable-opentelemetry", POLICY, "telemetry policy of the implementation"},
    {NGINX "configuration-snippet", NONE, NULL},
    {NGINX "server-snippet", NONE, NULL},
    {NGINX "stream-snippet", NONE, NULL},
    {NGINX "*modsecurity*", NONE, NULL},
    {"nginx.org/ssl-services", FIELD, "BackendTLSPolicy"},
    {"nginx.org/grpc-services", FIELD, "GRPCRoute"},
    {"nginx.org/rewrites", FIELD, "URLRewrite filter"},
    {"nginx.org/redirect-to-https", FIELD, "RequestRedirect to https"},
    {"nginx.org/path-regex", FIELD, "path match type RegularExpression"},
    {"nginx.org/proxy-set-headers", FIELD, "RequestHeaderModifier"},
    {"nginx.org/proxy-hide-headers", FIELD, "ResponseHeaderModifier"},
    {"nginx.org/listen-ports*", FIELD, "listeners of the Gateway"},
    {"nginx.org/hsts*", FIELD, "ResponseHeaderModifier"},
    {"nginx.org/limit-req-*", POLICY, "rate-limit policy of the implementation"},
    {"nginx.org/basic-auth-*", POLICY, "authentication policy of the implementation"},
    {"nginx.org/policies", POLICY, "policies of the implementation"},
    {"nginx.org/*-snippets", NONE, NULL},
    {"nginx.org/proxy-*-timeout", FIELD, "timeouts, approximately"},
    {"nginx.org/mergeable-ingress-type", FIELD, "several routes with one hostname"},
    {"nginx.org/websocket-services", FIELD, "nothing: WebSockets need no setting"},
    {"nginx.org/client-max-body-size", POLICY, "buffer policy of the implementation"},
    {"nginx.org/proxy-buffer*", POLICY, "buffer policy of the implementation"},
    {"nginx.org/lb-method", POLICY, "load-balancing policy of the implementation"},
    {"nginx.com/sticky-cookie-services", POLICY, "sessionPersistence (experimental)"},
    {"nginx.com/jwt-*", POLICY, "authentication policy of the implementation"},
    {"haproxy.org/path-rewrite", FIELD, "URLRewrite filter"},
    {"haproxy.org/request-redirect*", FIELD, "RequestRedirect filter"},
    {"haproxy.org/ssl-redirect*", FIELD, "RequestRedirect to https"},
    {"haproxy.org/set-host", FIELD, "URLRewrite hostname"},
    {"haproxy.org/request-set-header", FIELD, "RequestHeaderModifier"},
    {"haproxy.org/response-set-header", FIELD, "ResponseHeaderModifier"},
    {"haproxy.org/timeout-*", FIELD, "timeouts"},
    {"haproxy.org/server-ssl", FIELD, "BackendTLSPolicy"},
    {"haproxy.org/server-proto", FIELD, "appProtocol of the Service"},
    {"haproxy.org/allow-list", POLICY, "access policy of the implementation"},
    {"haproxy.org/deny-list", POLICY, "access policy of the implementation"},
    {"haproxy.org/rate-limit-*", POLICY, "rate-limit policy of the implementation"},
    {"haproxy.org/auth-*", POLICY, "authentication policy of the implementation"},
    {"haproxy.org/cookie-persistence", POLICY, "sessionPersistence (experimental)"},
    {"haproxy.org/*-snippet", NONE, NULL},
    {"haproxy.org/route-acl", NONE, NULL},
    {"haproxy-ingress.github.io/rewrite-target", FIELD, "URLRewrite filter"},
    {"haproxy-ingress.github.io/app-root", FIELD, "rule Exact / with a RequestRedirect"},
    {"haproxy-ingress.github.io/ssl-redirect*", FIELD, "RequestRedirect to https"},
    {"haproxy-ingress.github.io/redirect-to*", FIELD, "RequestRedirect filter"},
    {"haproxy-ingress.github.io/server-alias*", FIELD, "hostnames"},
    {"haproxy-ingress.github.io/blue-green-*", FIELD, "weights of backendRefs"},
    {"haproxy-ingress.github.io/timeout-*", FIELD, "timeouts"},
    {"haproxy-ingress.github.io/cors-*", FIELD, "CORS filter"},
    {"haproxy-ingress.github.io/backend-protocol", FIELD,
	"BackendTLSPolicy, GRPCRoute or appProtocol of the Service"},
    {"haproxy-ingress.github.io/secure-*", FIELD, "BackendTLSPolicy"},
    {"haproxy-ingress.github.io/ssl-passthrough*", FIELD, "TLSRoute on a Passthrough listener"},
    {"haproxy-ingress.github.io/auth-tls-*", FIELD,
	"client validation in spec.tls.frontend of the Gateway"},
    {"haproxy-ingress.github.io/auth-*", POLICY, "authentication policy of the implementation"},
    {"haproxy-ingress.github.io/limit-*", POLICY, "rate-limit policy of the implementation"},
    {"haproxy-ingress.github.io/affinity", POLICY, "sessionPersistence (experimental)"},
    {"haproxy-ingress.github.io/session-cookie-*", POLICY, "sessionPersistence (experimental)"},
    {"haproxy-ingress.github.io/config-*", NONE, NULL},
    {"ingress.kubernetes.io/force-ssl-redirect", FIELD, "RequestRedirect to https"},
    {"traefik.ingress.kubernetes.io/router.entrypoints", FIELD, "sectionName of the parentRef"},
    {"traefik.ingress.kubernetes.io/router.tls*", FIELD, "TLS of the listener"},
    {"traefik.ingress.kubernetes.io/router.middlewares", POLICY,
	"filters, or ExtensionRef to a "
	"Middleware"},
    {"traefik.ingress.kubernetes.io/router.priority", NONE, NULL},
    {"traefik.ingress.kubernetes.io/router.pathmatcher", FIELD, "type of the path match"},
    {"projectcontour.io/response-timeout", FIELD, "timeouts"},
    {"projectcontour.io/num-retries", FIELD, "retry (extended)"},
    {"projectcontour.io/retry-on", FIELD, "retry (extended)"},
    {"projectcontour.io/tls-*", FIELD, "TLS of the listener"},
    {"projectcontour.io/websocket-routes", FIELD, "nothing: WebSockets need no setting"},
    {"konghq.com/methods", FIELD, "method of the match"},
    {"konghq.com/headers.*", FIELD, "header match"},
    {"konghq.com/strip-path", FIELD, "URLRewrite filter"},
    {"konghq.com/rewrite", FIELD, "URLRewrite filter"},
    {"konghq.com/https-redirect-status-code", FIELD, "RequestRedirect to https"},
    {"konghq.com/*-timeout", FIELD, "timeouts"},
    {"konghq.com/retries", FIELD, "retry (extended)"},
    {"konghq.com/plugins", POLICY, "KongPlugin by ExtensionRef"},
    {"konghq.com/protocols", FIELD, "listeners that the route attaches to"},
    {"konghq.com/preserve-host", FIELD, "URLRewrite hostname"},
    {"konghq.com/regex-prefix", FIELD, "path match type RegularExpression"},
    {"konghq.com/tls-verify", FIELD, "BackendTLSPolicy"},
    {"alb.ingress.kubernetes.io/ssl-redirect", FIELD, "RequestRedirect to https"},
    {"alb.ingress.kubernetes.io/listen-ports", FIELD, "listeners of the Gateway"},
    {"alb.ingress.kubernetes.io/certificate-arn", FIELD, "TLS options of the listener"},
    {"alb.ingress.kubernetes.io/conditions.*", FIELD, "matches of the rule"},
    {"alb.ingress.kubernetes.io/actions.*", FIELD, "filters and backendRefs of the rule"},
    {"alb.ingress.kubernetes.io/group.*", FIELD, "routes attached to one Gateway"},
    {"alb.ingress.kubernetes.io/transforms.*", FIELD, "URLRewrite filter"},
    {"alb.ingress.kubernetes.io/use-regex-path-match", FIELD, "path match type RegularExpression"},
    {"alb.ingress.kubernetes.io/*", POLICY, "configuration objects of the controller"},
    {"kubernetes.io/ingress.allow-http", FIELD, "an HTTP listener, or none"},
    {"kubernetes.io/ingress.global-static-ip-name", FIELD, "addresses of the Gateway"},
    {"ingress.gcp.kubernetes.io/pre-shared-cert", FIELD, "TLS options of the listener"},
    {"networking.gke.io/managed-certificates", FIELD, "TLS options of the listener"},
    {"networking.gke.io/v1beta1.FrontendConfig", POLICY, "GCPGatewayPolicy"},
    {"alb.networking.azure.io/*", POLICY, "infrastructure of the Gateway"},
    {"appgw.ingress.kubernetes.io/backend-path-prefix", FIELD, "URLRewrite filter"},
    {"appgw.ingress.kubernetes.io/ssl-redirect", FIELD, "RequestRedirect to https"},
    {"appgw.ingress.kubernetes.io/backend-hostname", FIELD, "URLRewrite hostname"},
    {"appgw.ingress.kubernetes.io/request-timeout", FIELD, "timeouts"},
    {"appgw.ingress.kubernetes.io/*", POLICY, "policies of the implementation"},
    {"k8s.apisix.apache.org/use-regex", FIELD, "path match type RegularExpression"},
    {"k8s.apisix.apache.org/rewrite-target*", FIELD, "URLRewrite filter"},
    {"k8s.apisix.apache.org/http-to-https", FIELD, "RequestRedirect to https"},
    {"k8s.apisix.apache.org/enable-cors", FIELD, "CORS filter"},
    {"k8s.apisix.apache.org/*", POLICY, "plugins of the implementation"},
    {"ingress.cilium.io/tls-passthrough", FIELD, "TLSRoute on a Passthrough listener"},
    {"ingress.cilium.io/force-https", FIELD, "RequestRedirect to https"},
    {"ingress.cilium.io/request-timeout", FIELD, "timeouts"},
    {"ingress.cilium.io/*", POLICY, "infrastructure of the Gateway"},
    {"higress.io/*", POLICY, "plugins of the implementation"},
    {"route.openshift.io/termination", FIELD, "TLS of the listener, or a BackendTLSPolicy"},
    {"haproxy.router.openshift.io/timeout", FIELD, "timeouts"},
    {"haproxy.router.openshift.io/rewrite-target", FIELD, "URLRewrite filter"},
    {"haproxy.router.openshift.io/*", POLICY, "policies of the implementation"},
};

/* At most one '*', anywhere in the pattern; "*x*" asks for x somewhere. */
static bool fits(const char *pattern, const char *key)
{
	const char *star = strchr(pattern, '*');
	size_t head = star ? (size_t)(star - pattern) : strlen(pattern), len = strlen(key), tail;
	const char *second = star ? strchr(star + 1, '*') : NULL;

	if (!star)
		return strcmp(pattern, key) == 0;
	if (strncmp(pattern, key, head) != 0)
		return false;
	if (second) {
		size_t mid = (size_t)(second - star - 1);

		for (const char *p = key + head; strlen(p) >= mid; p++)
			if (strncmp(p, star + 1, mid) == 0)
				return true;
		return false;
	}
	tail = strlen(star + 1);
	return len >= head + tail && strcmp(key + len - tail, star + 1) == 0;
}

struct rt_annotation_info rt_annotation_info(const char *key)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(table); i++)
		if (fits(table[i].key, key))
			return (struct rt_annotation_info){table[i].counterpart, table[i].text};
	return (struct rt_annotation_info){RT_COUNTERPART_UNKNOWN, NULL};
}

bool rt_annotation_is_of(const struct rt_controller *row, const char *key, const char **ret_short)
{
	const char *p = row->annotation_prefixes ? row->annotation_prefixes : "";

	/* Of which class an Ingress is needs no counterpart. */
	if (strstr(key, "/ingress.class"))
		return false;
	for (; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (strncmp(p, key, len) == 0) {
			*ret_short = key + len;
			return true;
		}
		p += len;
	}
	return false;
}
