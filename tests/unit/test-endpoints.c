/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-endpoints.c - endpoints of a Service port: names, conditions, twins of dual stack.
 */
#include "config.h"

#include "rutter/analysis.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

static const char yaml[] =
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata: {name: web, namespace: shop}\n"
    "spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80, targetPort: 8080},"
    " {name: admin, port: 81}, {name: dns, port: 53, protocol: UDP}]}\n"
    "---\n"
    "apiVersion: discovery.k8s.io/v1\n"
    "kind: EndpointSlice\n"
    "metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}\n"
    "addressType: IPv4\n"
    "ports: [{name: http, port: 8080}, {name: dns, port: 5353, protocol: UDP}]\n"
    "endpoints:\n"
    "- {addresses: [10.1.0.3], targetRef: {kind: Pod, name: c, namespace: shop}}\n"
    "- {addresses: [10.1.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: a, "
    "namespace: shop}}\n"
    "- {addresses: [10.1.0.2], conditions: {ready: false, serving: true, terminating: true},"
    " targetRef: {kind: Pod, name: b, namespace: shop}}\n"
    "- {addresses: [10.1.0.4], conditions: {ready: false}}\n"
    "---\n"
    "apiVersion: discovery.k8s.io/v1\n"
    "kind: EndpointSlice\n"
    "metadata: {name: web-2, namespace: shop, labels: {kubernetes.io/service-name: web}}\n"
    "addressType: IPv6\n"
    "ports: [{name: http, port: 8080}]\n"
    "endpoints:\n"
    "- {addresses: ['fd00::1'], conditions: {ready: true}, targetRef: {kind: Pod, name: a, "
    "namespace: shop}}\n"
    "- {addresses: ['fd00::9'], conditions: {ready: true}, targetRef: {kind: Pod, name: z, "
    "namespace: shop}}\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata: {name: plain, namespace: shop}\n"
    "spec: {ports: [{port: 80}]}\n"
    "---\n"
    "apiVersion: discovery.k8s.io/v1\n"
    "kind: EndpointSlice\n"
    "metadata: {name: plain-1, namespace: shop, labels: {kubernetes.io/service-name: plain}}\n"
    "addressType: IPv4\n"
    "ports: [{name: '', port: 80}]\n"
    "endpoints: [{addresses: [10.1.0.7], conditions: {ready: true}}]\n"
    "---\n"
    "apiVersion: discovery.k8s.io/v1\n"
    "kind: EndpointSlice\n"
    "metadata: {name: plain-2, namespace: shop, labels: {kubernetes.io/service-name: plain}}\n"
    "addressType: IPv4\n"
    "ports: [{name: '', port: 80}]\n"
    "endpoints: [{addresses: [10.1.0.7], conditions: {ready: true}}]\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata: {name: outside, namespace: shop}\n"
    "spec: {type: ExternalName, externalName: example.org}\n";

static void test_ports(const struct rt_analysis *an)
{
	struct rt_arena a = {0};
	struct rt_endpoints e;
	const struct rt_service_fact *web = rt_service_fact_of(an, "shop", "web");

	rt_endpoints_of(an, web, &web->service->ports.v[0], &a, &e);
	tap_is_int(e.known, RT_YES, "slices are known");
	tap_is_int((long long)e.v.len, 5, "dual-stack twins count once");
	tap_is_int((long long)e.ready, 3, "an absent ready means ready");
	tap_is_int((long long)e.draining, 1, "serving and terminating");
	tap_is_str(e.v.v[0].pod, "a", "ready ones first, by Pod");
	tap_is_str(e.v.v[0].address, "10.1.0.1", "the cluster IP's family speaks for both");
	tap_is_int(e.v.v[0].port, 8080, "the port of the slice");
	tap_is_str(e.v.v[1].pod, "c", "the second");
	tap_is_str(e.v.v[2].address, "fd00::9", "one that only the other family has");
	tap_ok(!e.v.v[3].ready && !e.v.v[4].ready, "then the others");
	rt_endpoints_of(an, web, &web->service->ports.v[1], &a, &e);
	tap_is_int((long long)e.v.len, 0, "no slice has the port name");
	tap_ok(e.port_missing, "though there are endpoints");
	rt_endpoints_of(an, web, &web->service->ports.v[2], &a, &e);
	tap_is_int((long long)e.v.len, 4, "UDP by its name and protocol");
	rt_endpoints_of(an, web, NULL, &a, &e);
	tap_is_int((long long)e.v.len, 5, "of no particular port");
	rt_arena_done(&a);
}

static void test_others(const struct rt_analysis *an)
{
	struct rt_arena a = {0};
	struct rt_endpoints e;
	const struct rt_service_fact *plain = rt_service_fact_of(an, "shop", "plain");
	const struct rt_service_fact *outside = rt_service_fact_of(an, "shop", "outside");

	rt_endpoints_of(an, plain, &plain->service->ports.v[0], &a, &e);
	tap_is_int((long long)e.v.len, 1, "an address in two slices counts once; unnamed is \"\"");
	rt_endpoints_of(an, outside, NULL, &a, &e);
	tap_is_int(e.known, RT_NO, "an ExternalName has no endpoints to know");
	rt_arena_done(&a);
}

int main(void)
{
	struct world w;
	struct rt_analysis_opts opts = {0};

	world_init(&w);
	tap_ok(world_yaml(&w, yaml), "read");
	struct rt_analysis *an = rt_analyze(w.store, &opts);
	test_ports(an);
	test_others(an);
	rt_analysis_free(an);
	world_done(&w);
	return tap_done();
}
