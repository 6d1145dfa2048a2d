#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Findings of a live cluster: what is asked for by name and by selector decides, and a snapshot of the
cluster gives the same findings."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, GATEWAY, RUTTER, folder, no_violations, obj, route, tap  # noqa: E402

NOW = "2026-11-23T03:04:05Z"
OLD = {"creationTimestamp": "2026-11-20T00:00:00Z", "generation": 1}
CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"


def condition(kind, value="True"):
    return {"type": kind, "status": value, "reason": kind, "message": "", "observedGeneration": 1,
            "lastTransitionTime": "2026-11-20T00:00:00Z"}


def pod(name, ns, labels, ready=True):
    return obj("Pod", name, ns, meta={"labels": labels}, spec={"containers": [{"name": "main"}]},
               status={"phase": "Running", "conditions": [
                   {"type": "Ready", "status": "True" if ready else "False",
                    "lastTransitionTime": "2026-11-20T00:00:00Z"}]})


def service(name, ns="shop"):
    return obj("Service", name, ns, meta=dict(OLD),
               spec={"ports": [{"port": 80}], "selector": {"app": name}})


def slices(name, ready, ns="shop"):
    return obj("EndpointSlice", name + "-1", ns, meta={"labels": {"kubernetes.io/service-name": name}},
               addressType="IPv4", ports=[{"name": "", "port": 80}],
               endpoints=[{"addresses": ["10.0.0.1"], "conditions": {"ready": ready}}])


def live_route(name, backend, ns="shop", **more):
    r = route(name, ns, backend=backend)
    r["metadata"].update(OLD)
    r["spec"]["hostnames"] = [name + ".example.com"]
    r["spec"]["rules"][0].update(more)
    r["status"] = {"parents": [{
        "parentRef": {"group": GATEWAY, "kind": "Gateway", "name": "public", "namespace": "infra"},
        "controllerName": CONTROLLER,
        "conditions": [condition("Accepted")]}]}
    return r


def filtered(group, kind):
    return {"filters": [{"type": "ExtensionRef",
                         "extensionRef": {"group": group, "kind": kind, "name": "gone"}}]}


def cluster():
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP",
                  "allowedRoutes": {"namespaces": {"from": "All"}}}]
    for i, secret in enumerate(("web", "opaque", "gone")):
        listeners.append({"name": secret, "port": 8443 + i, "protocol": "HTTPS",
                          "tls": {"mode": "Terminate", "certificateRefs": [{"name": secret}]}})
    routes = [live_route("good", "good"), live_route("absent", "nowhere"),
              live_route("pods", "pods"), live_route("selector", "selector"),
              live_route("filter", "good", **filtered("example.com", "Widget")),
              live_route("kind", "good", **filtered("example.com", "Gadget"))]
    status = {"addresses": [{"type": "IPAddress", "value": "203.0.113.7"}],
              "conditions": [condition("Accepted"), condition("Programmed")],
              "listeners": [{"name": "http", "attachedRoutes": len(routes), "supportedKinds": [],
                             "conditions": [condition("Accepted"), condition("Programmed")]}]}
    return routes + [
        obj("Namespace", "shop"), obj("Namespace", "infra"), obj("Namespace", "envoy-gateway-system"),
        obj("GatewayClass", "eg", meta=dict(OLD), spec={"controllerName": CONTROLLER},
            status={"conditions": [condition("Accepted")]}),
        obj("Gateway", "public", "infra", meta=dict(OLD),
            spec={"gatewayClassName": "eg", "listeners": listeners}, status=status),
        obj("Secret", "web", "infra", type="kubernetes.io/tls", data={}),
        obj("Secret", "opaque", "infra", type="Opaque", data={}),
        service("good"), slices("good", True), service("pods"), slices("pods", False),
        pod("pods-1", "shop", {"app": "pods"}, ready=False),
        service("selector"), slices("selector", False), pod("other-1", "shop", {"app": "selectors"}),
        pod("envoy-gateway-1", "envoy-gateway-system", {"control-plane": "envoy-gateway"}),
    ]


WANT = """
SV02 Service shop/pods spec.selector
SV01 Service shop/selector spec.selector
LS04 Gateway infra/public spec.listeners[3].tls.certificateRefs[0]
RT12 HTTPRoute shop/absent spec.rules[0].backendRefs[0]
RT21 HTTPRoute shop/filter spec.rules[0].filters[0].extensionRef
RT21 HTTPRoute shop/kind spec.rules[0].filters[0].extensionRef
""".strip().splitlines()


def run(*args, stdin=None):
    env = dict(os.environ, RT_NOW=NOW)
    p = subprocess.run([RUTTER, *args], capture_output=True, text=True, input=stdin, env=env,
                       timeout=60, check=False)
    if p.returncode not in (0, 1):
        tap.diag(p.stderr)
    return p.stdout


def findings(*args, stdin=None):
    return json.loads(run("check", "-o", "json", *args, stdin=stdin) or '{"findings": []}')["findings"]


def heads(found):
    return [f"{'' if f['certain'] else '? '}{f['code']} {f['object']['kind']} "
            f"{f['object']['namespace'] or ''}/{f['object']['name']} {f['field'] or '-'}" for f in found]


def without_source(found):
    return [dict(f, source=None) for f in found]


def asked_for():
    with folder() as d, FakeApi(cluster()) as api:
        live = findings("--kubeconfig", api.kubeconfig(d))
        tap.equal("\n".join(heads(live)), "\n".join(WANT), "the findings of a live cluster")
        tap.ok(all(f["source"] is None for f in live), "what comes from a cluster has no source")
        snapshot = run("snapshot", "--kubeconfig", api.kubeconfig(d))
        again = findings("-f", "-", stdin=snapshot)
        tap.equal(json.dumps(without_source(again), indent=1), json.dumps(live, indent=1),
                  "a snapshot gives the same findings")
        no_violations(api)


def without(*plurals):
    """What is found where these may not be listed."""
    with folder() as d, FakeApi(cluster()) as api:
        api.allow = lambda user, verb, plural, ns: plural not in plurals
        return findings("--kubeconfig", api.kubeconfig(d))


def refused():
    found = without("services", "secrets")
    tap.equal([f["code"] for f in found if f["code"] == "RD02"], ["RD02", "RD02"],
              "what is refused is said once a kind")
    tap.equal([h for h in heads(found) if h.startswith(("RT12", "LS04", "SV"))], [],
              "and never turns into what is missing")
    tap.ok("? RT12 HTTPRoute shop/good spec.rules[0].backendRefs[0]" in heads(found),
           "a backend that could not be read is open")
    tap.ok("? LS04 Gateway infra/public spec.listeners[1].tls.certificateRefs[0]" in heads(found),
           "a certificate that could not be read is open")
    found = without("pods")
    tap.ok("? SV01 Service shop/pods spec.selector" in heads(found),
           "without Pods it is open why nothing is ready")
    tap.ok("RT17 HTTPRoute shop/pods spec.rules[0].backendRefs[0]" in heads(found),
           "that nothing is ready is certain")
    tap.equal([f["message"][:24] for f in found if f["code"] == "RD02"], ["Pods cannot be listed in"],
              "that Pods are refused is said once")
    tap.ok("? GC04 GatewayClass /eg spec.controllerName" in heads(found), "so is who controls")


asked_for()
refused()
sys.exit(tap.done())
