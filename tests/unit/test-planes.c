/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-planes.c - where controllers run, what carries the traffic, what is asked of a cluster.
 */
#include "config.h"

#include <string.h>

#include "rutter/analysis_ingress.h"
#include "rutter/buf.h"
#include "rutter/wants.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

#define META(kind, ns, name, more)                                                                 \
	"---\napiVersion: v1\nkind: " kind "\nmetadata: {name: " name ", namespace: " ns more "}"  \
	"\n"
#define POD(ns, name, labels, ready)                                                               \
	META("Pod", ns, name, ", labels: {" labels "}")                                            \
	"status: {phase: Running, conditions: [{type: Ready, status: \"" ready "\"}]}\n"
#define GATEWAY(class, more)                                                                       \
	"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"                                \
	"metadata: {name: public, namespace: infra, uid: u-1}\n"                                   \
	"spec: {gatewayClassName: " class ", listeners: [{name: http, port: 80, protocol: "        \
					  "HTTP}]}\n" more
#define CLASS(controller)                                                                          \
	"---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"                      \
	"metadata: {name: c}\nspec: {controllerName: " controller "}\n"
#define SELECTS(labels) "spec: {type: LoadBalancer, selector: {" labels "}, ports: [{port: 80}]}\n"
#define STATUS_ADDRESS "status: {addresses: [{value: 203.0.113.7}]}\n"

static const struct {
	const char *name, *yaml;
	enum rt_located how;
	const char *service;
	int pods, ready;
} cases[] = {
    {"by owner",
	GATEWAY("c", "") CLASS("example.com/ctl") META("Service", "infra", "public-x",
	    ", ownerReferences: [{apiVersion: v1, kind: Gateway, name: public, uid: u-1}]")
	    SELECTS("app: x") POD("infra", "p", "app: x", "True"),
	RT_LOCATED_OWNER, "public-x", 1, 1},
    {"by the common label",
	GATEWAY("c", "") CLASS("example.com/ctl") META(
	    "Service", "infra", "lb", ", labels: {gateway.networking.k8s.io/gateway-name: public}")
	    SELECTS("app: x") POD("infra", "p", "app: x", "False"),
	RT_LOCATED_LABEL, "lb", 1, 0},
    {"the label in another namespace is not it",
	GATEWAY("c", "") CLASS("example.com/ctl") META("Service", "other", "lb",
	    ", labels: {gateway.networking.k8s.io/gateway-name: public}") SELECTS("app: x"),
	RT_LOCATED_NOT, NULL, 0, 0},
    {"Envoy Gateway, in its own namespace",
	GATEWAY("c", "") CLASS("gateway.envoyproxy.io/gatewayclass-controller")
	    META("Service", "envoy-gateway-system", "envoy-infra",
		", labels: {gateway.envoyproxy.io/owning-gateway-name: public, "
		"gateway.envoyproxy.io/owning-gateway-namespace: infra}") SELECTS("app: e")
		POD("envoy-gateway-system", "e-1", "app: e", "True")
		    POD("envoy-gateway-system", "e-2", "app: e", "False"),
	RT_LOCATED_VENDOR, "envoy-infra", 2, 1},
    {"Cilium, by name; the agents carry it",
	GATEWAY("c", "") CLASS("io.cilium/gateway-controller") META("Service", "infra",
	    "cilium-gateway-public", "") "spec: {ports: [{port: 80}]}\n" POD("kube-system", "e",
	    "k8s-app: cilium-envoy", "True"),
	RT_LOCATED_VENDOR, "cilium-gateway-public", 1, 1},
    {"Traefik, its own Pods and what selects them",
	GATEWAY("c", "") CLASS("traefik.io/gateway-controller")
	    META("Service", "traefik", "traefik", "") SELECTS("app.kubernetes.io/name: traefik")
		POD("traefik", "t", "app.kubernetes.io/name: traefik", "True"),
	RT_LOCATED_VENDOR, "traefik", 1, 1},
    {"by the reported address",
	GATEWAY("c", STATUS_ADDRESS) CLASS("example.com/ctl") META("Service", "edge", "lb", "")
	    SELECTS("app: x") "status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}\n",
	RT_LOCATED_ADDRESS, "lb", 0, 0},
    {"nothing there", GATEWAY("c", "") CLASS("example.com/ctl"), RT_LOCATED_NOT, NULL, 0, 0},
};

static void test_data_plane(size_t i)
{
	struct world w;
	struct rt_arena a = {0};
	struct rt_analysis_opts opts = {0};
	struct rt_data_plane d;

	world_init(&w);
	if (tap_ok(world_yaml(&w, cases[i].yaml), "%s: read", cases[i].name)) {
		rt_store_set_mode(w.store, RT_STORE_SNAPSHOT);
		struct rt_analysis *an = rt_analyze(w.store, &opts);
		rt_data_plane_of_gateway(an, an->gateways.v[0], &a, &d);
		tap_is_int(d.how, cases[i].how, "%s: how", cases[i].name);
		tap_is_str(d.services.len ? d.services.v[0]->obj.name : NULL, cases[i].service,
		    "%s: Service", cases[i].name);
		tap_is_int((long long)d.pods.len, cases[i].pods, "%s: Pods", cases[i].name);
		tap_is_int((long long)d.ready, cases[i].ready, "%s: ready", cases[i].name);
		rt_analysis_free(an);
	}
	rt_arena_done(&a);
	world_done(&w);
}

static void test_control_plane(void)
{
	struct world w;
	struct rt_arena a = {0};
	struct rt_analysis_opts opts = {0};
	struct rt_control_plane p;
	struct rt_want asked = {.type = RT_WANT_PODS, .selector = "control-plane=envoy-gateway"};

	world_init(&w);
	world_yaml(&w, POD("x", "p", "control-plane: envoy-gateway", "True"));
	rt_store_set_mode(w.store, RT_STORE_CLUSTER);
	struct rt_analysis *an = rt_analyze(w.store, &opts);
	rt_control_plane_of(an, rt_controller_by_id("envoy-gateway"), &p);
	tap_is_int((long long)p.ready, 1, "a Pod that is there counts");
	tap_is_int(p.known, RT_YES, "and is known");
	rt_control_plane_of(an, rt_controller_by_id("contour"), &p);
	tap_is_int(p.known, RT_NO, "nobody asked for these");
	rt_control_plane_of(an, rt_controller_by_id("gke-ingress"), &p);
	tap_ok(p.outside, "one that is not in the cluster");
	rt_analysis_free(an);
	rt_store_remove(w.store, (struct rt_ref){"", "Pod", "x", "p"});
	rt_store_set_answer(w.store, rt_want_key(&a, &asked), RT_SCOPE_READ, NULL);
	an = rt_analyze(w.store, &opts);
	rt_control_plane_of(an, rt_controller_by_id("envoy-gateway"), &p);
	tap_is_int(p.known, RT_YES, "asked and answered");
	tap_is_int((long long)p.pods.len, 0, "there is none");
	rt_analysis_free(an);
	rt_arena_done(&a);
	world_done(&w);
}

/* ---------------------------------------------------------------- why a Pod is not ready */

static const struct {
	const char *status, *trouble;
} troubles[] = {
    {"{phase: Running, conditions: [{type: Ready, status: \"True\"}]}", NULL},
    {"{phase: Running, conditions: [{type: Ready, status: \"False\"}]}", "readiness probe fails"},
    {"{phase: Pending, conditions: [{type: PodScheduled, status: \"False\", reason: "
     "Unschedulable}]}",
	"Unschedulable"},
    {"{phase: Pending, containerStatuses: [{name: c, state: {waiting: {reason: "
     "ImagePullBackOff}}}]}",
	"ImagePullBackOff"},
    {"{phase: Pending, containerStatuses: [{name: c, state: {waiting: {reason: "
     "ContainerCreating}}}]}",
	"Pending"},
    {"{phase: Running, containerStatuses: [{name: c, restartCount: 3, state: {waiting: {reason: "
     "CrashLoopBackOff}}}]}",
	"CrashLoopBackOff"},
    {"{phase: Failed, reason: Evicted}", "Evicted"},
};

static void test_trouble(size_t i)
{
	struct world w;
	struct rt_arena a = {0};
	struct rt_buf text = {0};

	world_init(&w);
	rt_buf_printf(&text, "%sstatus: %s\n", META("Pod", "x", "p", ""), troubles[i].status);
	if (tap_ok(world_yaml(&w, rt_buf_str(&text)), "Pod %zu: read", i)) {
		const struct rt_obj *o = rt_store_get(w.store, RT_KIND_POD, "x", "p");
		tap_is_str(rt_pod_trouble(&a, (const struct rt_pod *)o), troubles[i].trouble,
		    "trouble of Pod %zu", i);
	}
	rt_buf_done(&text);
	rt_arena_done(&a);
	world_done(&w);
}

/* ---------------------------------------------------------------- wants */

static const char asking[] =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: public, namespace: infra}\n"
    "spec: {gatewayClassName: c, infrastructure: {parametersRef: {group: '', kind: ConfigMap, "
    "name: opts}}, "
    "listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: tls}, "
    "{name: foreign, namespace: certs}]}}]}\n" CLASS(
	"example.com/ctl") "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
			   "metadata: {name: r, namespace: infra}\n"
			   "spec: {parentRefs: [{name: public}], rules: [{filters: [{type: "
			   "ExtensionRef, extensionRef: "
			   "{group: example.com, kind: Auth, name: a}}], backendRefs: [{name: web, "
			   "port: 80}, "
			   "{group: example.com, kind: Pool, name: p}, {name: gone, port: "
			   "80}]}]}\n" META("Service", "infra", "web",
			       "") "spec: {selector: {app: web}, ports: [{port: "
				   "80}]}\n" META("Secret", "infra", "other", "");

static void test_wants(void)
{
	static const char *const want[] = {
	    "object||ConfigMap|infra|opts",
	    "object||Secret|infra|tls",
	    "object|example.com|Auth|infra|a",
	    "object|example.com|Pool|infra|p",
	    "pods|infra|app=web",
	    "pods|infra|gateway.networking.k8s.io/gateway-name=public",
	};
	struct world w;
	struct rt_arena a = {0};
	rt_wants wants;

	world_init(&w);
	world_yaml(&w, asking);
	rt_wants_collect(w.store, &a, &wants);
	tap_is_int((long long)wants.len, 0, "files cannot be asked");
	rt_store_set_mode(w.store, RT_STORE_CLUSTER);
	for (int k = 0; k < RT_KIND_POD; k++)
		if (k != RT_KIND_CONFIG_MAP)
			rt_store_set_scope(w.store,
			    (struct rt_scope){.group = rt_kind_info((enum rt_kind)k)->group,
				.kind = rt_kind_info((enum rt_kind)k)->kind,
				.state = RT_SCOPE_READ});
	rt_wants_collect(w.store, &a, &wants);
	for (size_t i = 0; i < wants.len; i++)
		tap_is_str(rt_want_key(&a, &wants.v[i]), i < RT_ARRAY_LEN(want) ? want[i] : NULL,
		    "want %zu", i);
	tap_is_int((long long)wants.len, RT_ARRAY_LEN(want), "wants");
	for (size_t i = 0; i < wants.len; i++)
		rt_store_set_answer(
		    w.store, rt_want_key(&a, &wants.v[i]), RT_SCOPE_FORBIDDEN, "403");
	rt_wants_collect(w.store, &a, &wants);
	tap_is_int((long long)wants.len, 0, "what has an answer is not asked again");
	rt_arena_done(&a);
	world_done(&w);
}

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		test_data_plane(i);
	test_control_plane();
	for (size_t i = 0; i < RT_ARRAY_LEN(troubles); i++)
		test_trouble(i);
	test_wants();
	return tap_done();
}
