#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generates a cluster of many teams: the same arguments give the same bytes.

Each namespace has HTTPRoutes, Services with their EndpointSlices, Pods and Ingresses; the Gateways
stand in a namespace of their own. One route, Service and Ingress in a hundred is at fault (the
Service is absent, no endpoint is ready, the class does not exist), so that there is something to find.

    generate.py --namespaces 200                  the cluster of the budgets: 37,000 objects
    generate.py --objects 104000 --bytes 160e6    so many objects, Pods sized to reach the bytes
    generate.py --objects 1000 --format ndjson    one object a line instead of one List
"""
import argparse
import json
import sys

GATEWAY_API = "gateway.networking.k8s.io"
CREATED = "2026-01-15T08:30:00Z"


class Shape:
    """How much of everything."""

    def __init__(self, args):
        self.namespaces = args.namespaces
        self.routes, self.services = args.routes, args.services
        self.pods, self.ingresses, self.gateways = args.pods, args.ingresses, args.gateways
        self.pod_bytes = args.pod_bytes

    def per_namespace(self):
        return 1 + self.routes + 2 * self.services + self.pods + self.ingresses

    def fit_objects(self, wanted):
        """Sets the number of namespaces; returns how many Pods more make the number exact."""
        shared = 4 + 2 * self.gateways
        self.namespaces = max(1, (wanted - shared) // self.per_namespace())
        return wanted - shared - self.namespaces * self.per_namespace()


def uid(*words):
    """A UUID that depends on the words alone."""
    h = 0xcbf29ce484222325
    for byte in "/".join(map(str, words)).encode():
        h = (h ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    digits = f"{h:016x}{h * 0x9e3779b97f4a7c15 & 0xffffffffffffffff:016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def meta(kind, namespace, name, labels=None, generation=None, managers=()):
    m = {"name": name}
    if namespace:
        m["namespace"] = namespace
    m.update(uid=uid(kind, namespace, name), resourceVersion=str(100000 + len(name)),
             creationTimestamp=CREATED)
    if generation:
        m["generation"] = generation
    if labels:
        m["labels"] = labels
    if managers:
        m["managedFields"] = [managed(*manager) for manager in managers]
    return m


def managed(manager, operation, api_version, subresource, fields):
    entry = {"manager": manager, "operation": operation, "apiVersion": api_version, "time": CREATED,
             "fieldsType": "FieldsV1", "fieldsV1": fields}
    if subresource:
        entry["subresource"] = subresource
    return entry


def owned(*paths):
    """fieldsV1 for these dotted paths."""
    tree = {}
    for path in paths:
        node = tree
        for key in path.split("."):
            node = node.setdefault("f:" + key, {})
    return tree


def condition(kind, reason, generation=1):
    return {"type": kind, "status": "True", "reason": reason, "message": "",
            "observedGeneration": generation, "lastTransitionTime": CREATED}


def classes():
    yield {"apiVersion": GATEWAY_API + "/v1", "kind": "GatewayClass",
           "metadata": meta("GatewayClass", None, "envoy", generation=1),
           "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
           "status": {"conditions": [condition("Accepted", "Accepted")]}}
    yield {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
           "metadata": meta("IngressClass", None, "nginx", generation=1),
           "spec": {"controller": "k8s.io/ingress-nginx"}}
    yield namespace("infra")
    yield namespace("ingress-nginx")


def namespace(name):
    return {"apiVersion": "v1", "kind": "Namespace",
            "metadata": meta("Namespace", None, name, {"kubernetes.io/metadata.name": name}),
            "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}


def gateway(shape, g):
    name = f"public-{g:02}"
    attached = sum(1 for n in range(shape.namespaces) for r in range(shape.routes)
                   if (n * shape.routes + r) % shape.gateways == g)
    status = {"name": "https", "attachedRoutes": attached,
              "supportedKinds": [{"group": GATEWAY_API, "kind": "HTTPRoute"}],
              "conditions": [condition("Accepted", "Accepted"), condition("Programmed", "Programmed"),
                             condition("ResolvedRefs", "ResolvedRefs")]}
    yield {"apiVersion": GATEWAY_API + "/v1", "kind": "Gateway",
           "metadata": meta("Gateway", "infra", name, generation=1),
           "spec": {"gatewayClassName": "envoy", "listeners": [
               {"name": "https", "port": 443, "protocol": "HTTPS", "hostname": f"*.g{g:02}.example.com",
                "tls": {"mode": "Terminate", "certificateRefs": [
                    {"group": "", "kind": "Secret", "name": name + "-tls"}]},
                "allowedRoutes": {"namespaces": {"from": "All"}}}]},
           "status": {"addresses": [{"type": "IPAddress", "value": f"203.0.113.{g + 1}"}],
                      "conditions": [condition("Accepted", "Accepted"),
                                     condition("Programmed", "Programmed")],
                      "listeners": [status]}}
    yield {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
           "metadata": meta("Secret", "infra", name + "-tls")}


def route(shape, n, r):
    ns, g, number = f"team-{n:03}", (n * shape.routes + r) % shape.gateways, n * shape.routes + r
    service = "absent" if number % 100 == 7 else f"svc-{r % shape.services:02}"
    parent = {"group": GATEWAY_API, "kind": "Gateway", "namespace": "infra", "name": f"public-{g:02}",
              "sectionName": "https"}
    return {"apiVersion": GATEWAY_API + "/v1", "kind": "HTTPRoute",
            "metadata": meta("HTTPRoute", ns, f"route-{r:02}", {"app.kubernetes.io/part-of": ns}, 1, [
                ("kubectl-client-side-apply", "Update", GATEWAY_API + "/v1", None,
                 owned("spec.hostnames", "spec.parentRefs", "spec.rules"))]),
            "spec": {"parentRefs": [parent], "hostnames": [f"r{r:02}.{ns}.g{g:02}.example.com"],
                     "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": f"/{part}"}}],
                                "backendRefs": [{"group": "", "kind": "Service", "name": service,
                                                 "port": 8080, "weight": 1}]}
                               for part in ("api", "static")]},
            "status": {"parents": [{
                "parentRef": parent,
                "controllerName": "gateway.envoyproxy.io/gatewayclass-controller",
                "conditions": [condition("Accepted", "Accepted"),
                               condition("ResolvedRefs", "ResolvedRefs")]}]}}


def labels_of(s):
    return {"app": f"svc-{s:02}"}


def service(shape, n, s):
    ns, number = f"team-{n:03}", n * shape.services + s
    address = f"10.96.{number // 250 % 250}.{number % 250 + 1}"
    return {"apiVersion": "v1", "kind": "Service",
            "metadata": meta("Service", ns, f"svc-{s:02}", labels_of(s), managers=[
                ("kubectl-client-side-apply", "Update", "v1", None,
                 owned("spec.internalTrafficPolicy", "spec.ports", "spec.selector", "spec.type"))]),
            "spec": {"clusterIP": address, "clusterIPs": [address], "type": "ClusterIP",
                     "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"],
                     "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None",
                     "ports": [{"name": "http", "protocol": "TCP", "port": 8080, "targetPort": "http"}],
                     "selector": labels_of(s)},
            "status": {"loadBalancer": {}}}


def pods_of(shape, s):
    """The numbers of the Pods behind Service s."""
    return range(s, shape.pods, shape.services)


def pod_name(p, s):
    return f"svc-{s:02}-7c9f8d6b5-{uid('pod', p)[:5]}"


def pod_address(n, p):
    return f"10.{128 + n // 250}.{n % 250}.{p % 250 + 1}"


def slice_(shape, n, s):
    ns, number = f"team-{n:03}", n * shape.services + s
    ready = number % 100 != 13
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": meta("EndpointSlice", ns, f"svc-{s:02}-x{s:03}", {
                "kubernetes.io/service-name": f"svc-{s:02}",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}, 1),
            "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
            "endpoints": [{"addresses": [pod_address(n, p)], "nodeName": f"node-{p % 50:02}",
                           "conditions": {"ready": ready, "serving": ready, "terminating": False},
                           "targetRef": {"kind": "Pod", "namespace": ns, "name": pod_name(p, s),
                                         "uid": uid("Pod", ns, pod_name(p, s))}}
                          for p in pods_of(shape, s)]}


def ingress(shape, n, i):
    ns, number = f"team-{n:03}", n * shape.ingresses + i
    host = f"i{i:02}.{ns}.example.net"
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": meta("Ingress", ns, f"ing-{i:02}", generation=1, managers=[
                ("kubectl-client-side-apply", "Update", "networking.k8s.io/v1", None,
                 owned("spec.ingressClassName", "spec.rules"))]),
            "spec": {"ingressClassName": "nginks" if number % 100 == 3 else "nginx",
                     "rules": [{"host": host, "http": {"paths": [
                         {"path": "/", "pathType": "Prefix", "backend": {"service": {
                             "name": f"svc-{i % shape.services:02}", "port": {"number": 8080}}}}]}}]},
            "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.200"}]}}}


def pod(shape, n, p):
    ns, s = f"team-{n:03}", p % shape.services
    name = pod_name(p, s)
    variables = [{"name": f"SETTING_{v:03}", "value": uid("setting", v)} for v in range(shape.settings)]
    keys = {f'k:{{"name":"SETTING_{v:03}"}}': {".": {}, "f:name": {}, "f:value": {}}
            for v in range(shape.settings // 2)}
    fields = owned("metadata.generateName", "metadata.labels.app", "spec.dnsPolicy", "spec.restartPolicy")
    fields["f:spec"]["f:containers"] = {'k:{"name":"app"}': {
        ".": {}, "f:env": keys, "f:image": {}, "f:name": {}, "f:ports": {}, "f:resources": {}}}
    resources = {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": dict(meta("Pod", ns, name, labels_of(s), managers=[
                ("kube-controller-manager", "Update", "v1", None, fields),
                ("kubelet", "Update", "v1", "status",
                 owned("status.conditions", "status.containerStatuses", "status.phase", "status.podIP"))]),
                generateName=name[:-5], ownerReferences=[
                    {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name[:-6], "controller": True,
                     "blockOwnerDeletion": True, "uid": uid("ReplicaSet", ns, s)}]),
            "spec": {"nodeName": f"node-{p % 50:02}", "serviceAccountName": "default",
                     "restartPolicy": "Always", "dnsPolicy": "ClusterFirst",
                     "containers": [{"name": "app", "image": f"registry.example.com/{ns}/app:1.4.2",
                                     "env": variables, "resources": resources,
                                     "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
                                     "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}}}]},
            "status": {"phase": "Running", "podIP": pod_address(n, p), "hostIP": f"192.0.2.{p % 50 + 1}",
                       "startTime": CREATED, "qosClass": "Burstable",
                       "conditions": [{"type": t, "status": "True", "lastProbeTime": None,
                                       "lastTransitionTime": CREATED}
                                      for t in ("Initialized", "Ready", "ContainersReady", "PodScheduled")],
                       "containerStatuses": [{"name": "app", "ready": True, "restartCount": 0,
                                              "started": True, "image": f"registry.example.com/{ns}/app:1.4.2",
                                              "state": {"running": {"startedAt": CREATED}}}]}}


def write(obj):
    return json.dumps(obj, separators=(",", ":"))


def size_pods(shape):
    """Sets how many settings a Pod has, so that one is about shape.pod_bytes long."""
    shape.settings = 0
    bare = len(write(pod(shape, 0, 0)))
    shape.settings = 20
    each = (len(write(pod(shape, 0, 0))) - bare) / 20
    shape.settings = max(0, round((shape.pod_bytes - bare) / each))


def objects(shape, extra_pods=0):
    """Everything, in the order in which kubectl lists kinds."""
    teams = range(shape.namespaces)
    yield from classes()
    yield from (namespace(f"team-{n:03}") for n in teams)
    for g in range(shape.gateways):
        yield from gateway(shape, g)
    yield from (route(shape, n, r) for n in teams for r in range(shape.routes))
    yield from (ingress(shape, n, i) for n in teams for i in range(shape.ingresses))
    yield from (service(shape, n, s) for n in teams for s in range(shape.services))
    yield from (slice_(shape, n, s) for n in teams for s in range(shape.services))
    last = shape.namespaces - 1
    for n in teams:
        yield from (pod(shape, n, p) for p in range(shape.pods + (extra_pods if n == last else 0)))


def fit_bytes(shape, wanted):
    """Chooses the size of a Pod so that everything together is about so many bytes."""
    pods, count = shape.pods, shape.namespaces * shape.pods
    shape.pods, shape.settings = 0, 0
    rest = sum(len(write(o)) + 1 for o in objects(shape))
    shape.pods = pods
    # Without Pods the EndpointSlices were empty; each endpoint is as long as the first.
    endpoints = slice_(shape, 0, 0)["endpoints"]
    rest += count * (len(write(endpoints)) // max(1, len(endpoints)))
    shape.pod_bytes = (wanted - rest) / max(1, count)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--namespaces", type=int, default=200)
    parser.add_argument("--routes", type=int, default=25, help="HTTPRoutes in a namespace")
    parser.add_argument("--services", type=int, default=25, help="Services in a namespace")
    parser.add_argument("--pods", type=int, default=100, help="Pods in a namespace")
    parser.add_argument("--ingresses", type=int, default=10, help="Ingresses in a namespace")
    parser.add_argument("--gateways", type=int, default=20)
    parser.add_argument("--pod-bytes", type=int, default=8000, help="the length of a Pod")
    parser.add_argument("--objects", type=int, help="so many objects: sets --namespaces")
    parser.add_argument("--bytes", type=float, help="so many bytes: sets --pod-bytes")
    parser.add_argument("--format", choices=("list", "ndjson"), default="list")
    args = parser.parse_args()

    shape = Shape(args)
    extra = shape.fit_objects(args.objects) if args.objects else 0
    if args.bytes:
        fit_bytes(shape, args.bytes)
    size_pods(shape)
    out = sys.stdout.write
    if args.format == "list":
        out('{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":""},"items":[')
    for i, obj in enumerate(objects(shape, extra)):
        out(("\n" if args.format == "ndjson" else ",\n") if i else "")
        out(write(obj))
    out("]}\n" if args.format == "list" else "\n")


if __name__ == "__main__":
    main()
