#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading a cluster once: discovery in all its forms, lists, single questions, narrow rights."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (FakeApi, Fault, GATEWAY, OK, Probe, folder, no_violations, obj, route, service,  # noqa: E402
                     small_cluster, tap)

KINDS = ["EndpointSlice", "Gateway", "GatewayClass", "HTTPRoute", "Ingress", "Namespace", "Secret",
         "Service"]


def kinds_of(probe):
    return sorted({o[0] for o in probe.objects()} - {"CustomResourceDefinition"})


def read(api, d, *options):
    probe = Probe(api.kubeconfig(d), *options)
    tap.equal(probe.settle(), OK, "the cluster is read")
    return probe


def discovery_forms():
    for form in ("v2", "v2beta1", "reordered", "legacy"):
        tap.diag(f"discovery: {form}")
        with folder() as d, FakeApi(small_cluster()) as api:
            api.discovery = form
            with read(api, d) as probe:
                tap.equal(kinds_of(probe), KINDS, f"{form}: every kind is there")
                tap.equal(probe.names("Secret"), ["tls"], f"{form}: of Secrets those of the TLS type")
                tap.equal(probe.scope("TLSRoute")[0], "read", f"{form}: an empty kind is known")
            no_violations(api)


def discovery_faults():
    with folder() as d, FakeApi(small_cluster()) as api:
        api.stale.add(("metrics.k8s.io", "v1beta1"))
        with read(api, d) as probe:
            tap.equal(kinds_of(probe), KINDS, "a stale API group hurts no other")
            probe.send("ask object metrics.k8s.io PodMetrics shop x")
            probe.settle()
            tap.equal(probe.answer("object|metrics.k8s.io|PodMetrics|shop|x"), "failed",
                      "what it serves is unknown, not absent")
    for form in ("v2", "legacy"):
        with folder() as d, FakeApi(small_cluster()) as api:
            api.discovery = form
            api.broken.add((GATEWAY, "v1"))
            with read(api, d) as probe:
                state, why = probe.scope("GRPCRoute")
                tap.equal(state, "failed", f"{form}: a version that is down makes its kinds unknown")
                tap.ok(len(why) > 5, f"{form}: and says why")
                tap.equal(probe.names("Ingress"), ["web"], f"{form}: the rest is read")
    with folder() as d, FakeApi(small_cluster()) as api:
        api.discovery = "legacy"
        other = '{"kind":"APIResourceList","groupVersion":"other/v1","resources":[]}'
        api.faults.append(Fault(f"/apis/{GATEWAY}/v1$", status=200, body=other))
        with read(api, d) as probe:
            tap.equal(probe.scope("GRPCRoute")[0], "failed", "an answer about another group is none")
        tap.equal(len(api.paths(f"/apis/{GATEWAY}/v1$")), 1, "and is not asked for again")
    with folder() as d, FakeApi(small_cluster()) as api:
        api.absent.add(GATEWAY)
        with read(api, d) as probe:
            tap.equal(probe.scope("HTTPRoute")[0], "absent", "without CRDs the kinds are absent")
            tap.equal(probe.names("Ingress"), ["web"], "and the rest is read")
    with folder() as d, FakeApi(small_cluster()) as api:
        api.no_core = True
        with read(api, d) as probe:
            tap.equal(probe.scope("Service")[0], "absent", "404 on /api: no core kinds, no failure")
            tap.equal(probe.names("Gateway"), ["public"], "the groups are read")
    with folder() as d, FakeApi(small_cluster()) as api:
        for r in api.resources:
            if r.kind == "Ingress":
                r.versions = ["v9"]
        with read(api, d) as probe:
            state, why = probe.scope("Ingress")
            tap.equal(state, "failed", "a kind in other versions only is not absent")
            tap.has(why, "v9 only", "which versions are served is said")


def discovery_not_answered():
    for about, fault, word in (
            ("HTML 502", {"status": 502, "body": "<html><h1>Bad Gateway</h1>"}, "502"),
            ("a redirect", {"status": 302, "headers": [("Location", "https://login.example/?x=1")]},
             "redirects to https://login.example/"),
            ("a login page", {"status": 200, "body": "<html>log in</html>"}, "/api"),
            ("no answer", {"close": True}, "connection to the server")):
        with folder() as d, FakeApi(small_cluster()) as api:
            api.faults.append(Fault("/apis?$", **fault))
            with Probe(api.kubeconfig(d)) as probe:
                got = probe.settle()
                tap.ok(got != OK, f"{about}: nothing is read")
                tap.has(" ".join(got), word, f"{about}: the error says what answered")


def pages():
    objects = [service(f"s{i:03}") for i in range(25)] + [route(f"r{i:03}") for i in range(25)]
    for about, setting in (("RV=0 refused", {"no_cache": True, "page": 10}),
                           ("a page token expires", {"no_cache": True, "page": 10, "expire_pages": 1}),
                           ("a page of no items", {"no_cache": True, "page": 10, "empty_page": True})):
        with folder() as d, FakeApi(objects) as api:
            for name, value in setting.items():
                setattr(api, name, value)
            with read(api, d) as probe:
                tap.equal(len(probe.names("Service")), 25, f"{about}: all built-in objects")
                tap.equal(len(probe.names("HTTPRoute")), 25, f"{about}: all custom objects")
            tap.ok(api.paths("services.*continue="), f"{about}: pages were followed")
            no_violations(api)


def pages_without_end():
    circle = {"kind": "ServiceList", "apiVersion": "v1", "items": [],
              "metadata": {"resourceVersion": "1", "continue": "again"}}
    for about, setting, fault, word in (
            ("the same token for ever", {}, Fault("/services", status=200, body=circle), "continue token again"),
            ("a second page that is always cut", {"no_cache": True, "page": 2},
             Fault("/services.*continue=", cut=10), "lost")):
        with folder() as d, FakeApi([service(f"s{i}") for i in range(5)]) as api:
            for name, value in setting.items():
                setattr(api, name, value)
            api.faults.append(fault)
            with read_some(api, d) as probe:
                state, why = probe.scope("Service")
                tap.equal(state, "failed", f"{about}: the list ends")
                tap.has(why, word, f"{about}: and says why")


def list_faults():
    objects = [service(f"s{i:03}") for i in range(20)] + [service("other", "infra")]
    cases = [
        ("410 at first", {"status": 410, "body": gone()}, 1, "read"),
        ("behind", {"status": 504, "body": too_large()}, 1, "read"),
        ("cut once", {"cut": 700}, 1, "read"),
        ("429 with Retry-After", {"status": 429, "body": "Too many requests\n",
                                  "headers": [("Retry-After", "1")]}, 1, "read"),
        ("500 once", {"status": 500, "body": "boom"}, 1, "read"),
        ("another list", {"status": 200, "body": {"kind": "PodList", "apiVersion": "v1", "metadata": {},
                                                  "items": []}}, 1, "read"),
        ("a Status with 200", {"status": 200, "body": gone()}, 1, "read"),
        ("404", {"status": 404, "body": "404 page not found\n"}, -1, "absent"),
        ("405", {"status": 405, "body": "no"}, -1, "failed"),
    ]
    for about, fault, times, want in cases:
        with folder() as d, FakeApi(objects) as api:
            headers = fault.pop("headers", None)
            api.faults.append(Fault("/services", times=times, **fault,
                                    **({"headers": headers} if headers else {})))
            with read_some(api, d) as probe:
                tap.equal(probe.scope("Service")[0], want, f"{about}: the state of the kind")
                tap.equal(len(probe.names("Service")), 21 if want == "read" else 0,
                          f"{about}: the objects")


def read_some(api, d):
    """Reads a cluster of which something is there, whatever becomes of single lists."""
    api.put(obj("Namespace", "shop"))
    return read(api, d)


def gone():
    return {"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410, "message": "gone"}


def too_large():
    return {"kind": "Status", "status": "Failure", "reason": "Timeout", "code": 504,
            "message": "Timeout: Too large resource version: 99, current: 5",
            "details": {"causes": [{"reason": "ResourceVersionTooLarge"}], "retryAfterSeconds": 1}}


def bad_items():
    objects = [service(f"s{i:03}") for i in range(500)]
    with folder() as d, FakeApi(objects) as api:
        api.faults.append(Fault("/services", bad_item=(
            3, '{"metadata":{"name":"odd","namespace":"shop"},"spec":{"ports":"none"}}')))
        with read_some(api, d) as probe:
            tap.equal(len(probe.names("Service")), 499, "one object that cannot be decoded costs one")
            tap.equal(probe.scope("Service")[0], "read", "and not the list")
            tap.has("\n".join(probe.send("problems")), "Service shop odd spec.ports",
                    "which one and which field is recorded")
    with folder() as d, FakeApi(objects) as api:
        api.faults.append(Fault("/services", bad_item=(
            3, '{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"odd"}}')))
        with read_some(api, d) as probe:
            tap.equal(probe.names("Ingress"), [], "an object of another kind is not taken for one")
            tap.has("\n".join(probe.send("problems")), "Service", "but for a Service that is none")
    with folder() as d, FakeApi(objects) as api:
        api.faults.append(Fault("/services", bad_item=(3, '{"metadata":{"name":"cut}')))
        with read_some(api, d) as probe:
            tap.equal(len(probe.names("Service")), 3, "of broken JSON what came before stays")
            tap.equal(probe.scope("Service")[0], "failed", "and the kind is unknown")
            tap.has(probe.scope("Service")[1], "services", "the reason names the list")


def single_questions():
    for form in ("v2", "legacy"):
        with folder() as d, FakeApi(small_cluster()) as api:
            api.discovery = form
            with read(api, d) as probe:
                probe.send("ask object - ConfigMap shop ca")
                probe.send("ask object - ConfigMap shop none")
                probe.send("ask object - Secret shop opaque")
                probe.send("ask object example.com Widget shop w")
                probe.send("ask object example.com Gadget shop g")
                probe.send("ask pods shop app=cart")
                tap.equal(probe.settle(), OK, f"{form}: questions are answered")
                for key, want in (("object||ConfigMap|shop|ca", "read"),
                                  ("object||ConfigMap|shop|none", "absent"),
                                  ("object||Secret|shop|opaque", "read"),
                                  ("object|example.com|Widget|shop|w", "read"),
                                  ("object|example.com|Gadget|shop|g", "absent"),
                                  ("pods|shop|app=cart", "read")):
                    tap.equal(probe.answer(key), want, f"{form}: {key}")
                tap.equal(probe.names("Pod"), ["cart-1"], f"{form}: the Pod is in the store")
                tap.equal(probe.names("Widget"), ["w"], f"{form}: so is the foreign object")
            widget = [r for r in api.requests if "/widgets/" in r["path"]][0]
            tap.has(widget["headers"]["Accept"], "as=PartialObjectMetadata", f"{form}: as metadata")
            tap.equal(api.paths(r"/pods($|\?resource)"), [], f"{form}: Pods are never listed as a whole")
            no_violations(api)


def secrets_stay():
    with folder() as d, FakeApi(small_cluster()) as api:
        api.meta_as = False
        log = os.path.join(d, "log")
        with Probe(api.kubeconfig(d), f"log={log}") as probe:
            probe.settle()
            tap.equal(probe.names("Secret"), ["tls"], "a server that does not tell the form in its type")
        with open(log, encoding="utf-8") as f:
            tap.ok("UExBTlRFRA" not in f.read(), "no payload in the log")
        no_violations(api)
    with folder() as d, FakeApi(small_cluster()) as api:
        whole = {"kind": "SecretList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": [
            {"metadata": {"name": "tls", "namespace": "shop"}, "data": {"tls.key": "UExBTlRFRA=="}}]}
        api.faults.append(Fault("/secrets", status=200, body=whole))
        with read(api, d) as probe:
            tap.equal(probe.names("Secret"), [], "whole Secrets that nobody asked for are not taken")
            tap.has(probe.scope("Secret")[1], "whole objects", "and that is said")


def only_in(namespaces, cluster_wide=()):
    return lambda user, verb, plural, ns: ns in namespaces or plural in cluster_wide


def narrow_rights():
    objects = small_cluster() + [obj("Namespace", "dev"), service("a", "dev"), service("b", "secret"),
                                 route("x", "dev", gateway_ns="infra")]
    with folder() as d, FakeApi(objects) as api:
        api.allow = only_in(["dev", "infra"])
        path = api.kubeconfig(d, context={"namespace": "dev"})
        with Probe(path) as probe:
            tap.equal(probe.settle(), OK, "rights in two namespaces are enough")
            tap.equal(probe.names("Service"), ["a"], "the context's namespace is read")
            tap.equal(probe.names("Gateway"), ["public"], "and the one that its objects refer to")
            tap.equal(probe.scope("Service")[0], "forbidden", "all namespaces are refused")
            tap.equal(probe.scope("Service", "dev")[0], "read", "one is known")
            tap.has(probe.scope("Service")[1], 'cannot list resource "services"', "the right is named")
    with folder() as d, FakeApi(objects) as api:
        api.allow = only_in(["shop"])
        with Probe(api.kubeconfig(d), "ns=shop") as probe:
            tap.equal(probe.settle(), OK, "-n names where to read")
            tap.equal(probe.names("Service"), ["cart"], "and it is read")
    many = [obj("Namespace", f"n{i:03}") for i in range(80)] + [service("s", f"n{i:03}") for i in range(80)]
    with folder() as d, FakeApi(many) as api:
        api.allow = only_in([f"n{i:03}" for i in range(80)], ["namespaces"])
        with read(api, d) as probe:
            tap.equal(len(probe.names("Service")), 50, "of listed namespaces fifty are read")
    with folder() as d, FakeApi(objects) as api:
        api.allow = lambda user, verb, plural, ns: plural != "secrets"
        with read(api, d) as probe:
            tap.equal(probe.scope("Secret")[0], "forbidden", "Secrets alone are refused")
            tap.equal(kinds_of(probe), [k for k in KINDS if k != "Secret"], "all else is there")
    with folder() as d, FakeApi(objects) as api:
        api.allow = lambda user, verb, plural, ns: False
        with Probe(api.kubeconfig(d)) as probe:
            got = probe.settle()
            tap.equal(got[0], "forbidden", "without any right nothing can be read")
            tap.has(got[1], "nothing of the cluster can be read", "which is said")


for case in (discovery_forms, discovery_faults, discovery_not_answered, pages, pages_without_end, list_faults, bad_items,
             single_questions, secrets_stay, narrow_rights):
    case()
sys.exit(tap.done())
