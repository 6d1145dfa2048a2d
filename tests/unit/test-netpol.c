/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-netpol.c - NetworkPolicies between a data plane and a backend Pod.
 */
#include "config.h"

#include "rutter/analysis_ingress.h"
#include "rutter/buf.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

static const char pods[] =
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: infra, labels: {zone: edge}}\n"
    "---\n"
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    "---\n"
    "apiVersion: v1\nkind: Pod\nmetadata: {name: proxy, namespace: infra, labels: {app: envoy}}\n"
    "status: {podIP: 10.9.0.1}\n"
    "---\n"
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\n"
    "spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}\n"
    "---\n"
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
    "spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n"
    "---\n"
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    "metadata: {name: p, namespace: shop}\nspec: ";

static const struct {
	const char *name, *spec;
	enum rt_tri admitted;
	int policies;
} cases[] = {
    {"a policy for other Pods", "{podSelector: {matchLabels: {app: db}}}", RT_YES, 0},
    {"an egress policy", "{podSelector: {}, policyTypes: [Egress]}", RT_YES, 0},
    {"deny all", "{podSelector: {}, policyTypes: [Ingress]}", RT_NO, 1},
    {"deny all without types", "{podSelector: {}}", RT_NO, 1},
    {"a rule without from", "{podSelector: {}, ingress: [{}]}", RT_YES, 1},
    {"the namespace by label",
	"{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {zone: edge}}}]}]}",
	RT_YES, 1},
    {"the namespace by its name",
	"{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
	"{kubernetes.io/metadata.name: infra}}}]}]}",
	RT_YES, 1},
    {"Pods of its own namespace only",
	"{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: envoy}}}]}]}", RT_NO,
	1},
    {"both in one peer",
	"{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: "
	"{app: nginx}}}]}]}",
	RT_NO, 1},
    {"the port by number", "{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}", RT_YES, 1},
    {"the Service's port is not the Pod's", "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}",
	RT_NO, 1},
    {"the port by name", "{podSelector: {}, ingress: [{ports: [{port: http}]}]}", RT_YES, 1},
    {"a range", "{podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8080}]}]}", RT_YES, 1},
    {"below the range", "{podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8079}]}]}",
	RT_NO, 1},
    {"another protocol", "{podSelector: {}, ingress: [{ports: [{protocol: UDP, port: 8080}]}]}",
	RT_NO, 1},
    {"the Pod's address in a block",
	"{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/24}}]}]}", RT_UNKNOWN, 1},
    {"… but excepted",
	"{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16, except: "
	"[10.9.0.0/25]}}]}]}",
	RT_NO, 1},
    {"a wider block", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.8.0.0/15}}]}]}",
	RT_UNKNOWN, 1},
    {"a block that is none",
	"{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/99}}]}]}", RT_NO, 1},
};

static void test_case(size_t i)
{
	struct world w;
	struct rt_buf text = {0};
	struct rt_arena a = {0};
	struct rt_analysis_opts opts = {0};

	world_init(&w);
	rt_buf_printf(&text, "%s%s\n", pods, cases[i].spec);
	if (tap_ok(world_yaml(&w, rt_buf_str(&text)), "%s: read", cases[i].name)) {
		struct rt_analysis *an = rt_analyze(w.store, &opts);
		const struct rt_service_fact *s = rt_service_fact_of(an, "shop", "web");
		rt_pods from, to;
		struct rt_netpol_verdict v;
		struct rt_pair app = {"app", "envoy"};
		rt_pods_select(an, "infra", (struct rt_pairs){&app, 1}, &from);
		rt_service_pods(an, s->service, &to);
		tap_is_int((long long)(from.len + to.len), 2, "%s: the Pods", cases[i].name);
		struct rt_netpol_question q = {&from, to.v[0], &s->service->ports.v[0]};
		rt_netpol_admits(an, &q, &a, &v);
		tap_is_int(v.admitted, cases[i].admitted, "%s", cases[i].name);
		tap_is_int(
		    (long long)v.policies.len, cases[i].policies, "%s: policies", cases[i].name);
		rt_analysis_free(an);
	}
	rt_buf_done(&text);
	rt_arena_done(&a);
	world_done(&w);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(i);
	return tap_done();
}
