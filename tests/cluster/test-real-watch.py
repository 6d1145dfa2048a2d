#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Following a real kube-apiserver: changes, a restart in mid-watch, history that is gone, rights that
come and go."""
import json
import os
import sys
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import GATEWAY, OK, Probe, folder, tap  # noqa: E402
import apiserver  # noqa: E402
import pki  # noqa: E402

READ = ["get", "list", "watch"]


def service(name, port=80, ns="shop"):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": ns},
            "spec": {"ports": [{"port": port}], "selector": {"app": name}}}


def route(name, ns="shop"):
    return {"apiVersion": f"{GATEWAY}/v1", "kind": "HTTPRoute", "metadata": {"name": name, "namespace": ns},
            "spec": {"parentRefs": [{"name": "public", "namespace": "infra"}]}}


def secret(name, kind, ns="shop"):
    data = {"tls.crt": "AAAA", "tls.key": "UExBTlRFRA=="} if kind == "kubernetes.io/tls" else {}
    return {"apiVersion": "v1", "kind": "Secret", "type": kind, "data": data,
            "metadata": {"name": name, "namespace": ns}}


def live(probe, name):
    tap.ok(probe.until(lambda: probe.table("state")["live"] == "1"), name)


def truth(server, path):
    _, body = server.get(path)
    return sorted((o["metadata"]["name"], o["metadata"]["resourceVersion"]) for o in json.loads(body)["items"])


def in_step(server, probe, name):
    paths = {"Service": "/api/v1/services", "HTTPRoute": f"/apis/{GATEWAY}/v1/httproutes",
             "Secret": "/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls"}

    def held():
        have = [(o[0], *o[2:]) for o in probe.objects()]
        return all(sorted(o[1:] for o in have if o[0] == kind) == truth(server, path)
                   for kind, path in paths.items())
    tap.ok(probe.until(held), name)


def lists(server):
    """How often Services were listed so far, as the log of the probe tells: first and anew."""
    with open(server.path("probe.log"), encoding="utf-8") as f:
        gets = [line for line in f if "GET /api/v1/services?" in line and "watch=" not in line]
    return len(gets), sum("limit=500" in line for line in gets)


def follow(server, probe):
    tap.equal(probe.settle(), OK, "the cluster is read")
    live(probe, "every watch is open")
    tap.equal(probe.names("Secret"), ["tls"], "Secrets of the TLS type")
    server.apply([service("new"), route("new"), secret("tls2", "kubernetes.io/tls"), secret("o2", "Opaque")])
    server.delete(route("cart"))
    in_step(server, probe, "changes arrive")
    server.apply([service("new", 8080)])
    in_step(server, probe, "so do modified objects")
    tap.equal(lists(server), (1, 0), "without a new list")


def restart(server, probe):
    server.stop()
    tap.ok(probe.until(lambda: int(probe.table("state")["stale"]) > 10), "a server that goes: stale")
    server.start()
    server.apply([service("after")])
    live(probe, "one that comes back: live")
    in_step(server, probe, "and in step")
    tap.equal(probe.table("state")["err"], "", "no error is left")


def restart_with_rights(server):
    """A server that starts knows neither roles nor CRDs for a moment: who asks then is refused."""
    server.role("reader", "dev", [{"apiGroups": ["*"], "resources": ["*"], "verbs": READ}])
    with Probe(server.kubeconfig("dev"), "watch") as probe:
        tap.equal(probe.settle(), OK, "a user whose rights are a role's")
        live(probe, "every watch is open")
        server.stop()
        tap.ok(probe.until(lambda: int(probe.table("state")["stale"]) > 10), "a server that goes: stale")
        server.start()
        server.apply([service("again")])
        live(probe, "one that comes back: live")
        in_step(server, probe, "and in step")
        tap.ok(probe.until(lambda: {line.split(" ", 3)[2] for line in probe.send("scopes")} == {"read"}),
               "nothing is refused, nor absent")
    server.delete(service("again"))
    server.request("DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/reader")


def crds(server):
    name = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/grpcroutes.{GATEWAY}"
    with Probe(server.kubeconfig("admin"), "watch", "look=1000") as probe:
        tap.equal(probe.settle(), OK, "the cluster is read")
        live(probe, "every watch is open")
        server.request("DELETE", name)
        tap.ok(probe.until(lambda: probe.scope("GRPCRoute")[0] == "absent"), "a CRD that goes: absent")
        server.install_gateway_api()
        tap.ok(probe.until(lambda: probe.scope("GRPCRoute")[0] == "read"), "one that comes: read")
        live(probe, "and followed")


def compact(server):
    """Makes etcd forget every version but the last."""
    base = f"http://127.0.0.1:{server.etcd_port}/v3/kv/"

    def call(what, body):
        request = urllib.request.Request(base + what, json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    key = {"key": "Lw=="}  # "/"
    call("compaction", {"revision": call("range", key)["header"]["revision"], "physical": True})


def history_gone(server, probe):
    _, before = lists(server)
    server.stop()
    tap.ok(probe.until(lambda: int(probe.table("state")["stale"]) > 10), "a server that goes")
    with server.elsewhere():  # the probe must not catch up while these are written
        for i in range(120):
            server.apply([service("many", 1000 + i)])
        server.apply([service("later")])
        server.delete(service("after"))
    compact(server)
    server.start()
    live(probe, "a version that is gone: live again")
    in_step(server, probe, "and in step")
    tap.ok(lists(server)[1] > before, "by a new list")


def rights(server):
    read_all = [{"apiGroups": [""], "resources": ["services", "namespaces"], "verbs": READ}]
    server.role("narrow", "dev", read_all, ns="shop")
    with Probe(server.kubeconfig("dev", namespace="shop"), "watch") as probe:
        tap.equal(probe.settle(), OK, "rights in one namespace")
        tap.ok("cart" in probe.names("Service"), "its Services are there")
        tap.equal(probe.scope("Service", "shop")[0], "read", "known there")
        tap.equal(probe.scope("Service")[0], "forbidden", "and nowhere else")
        tap.equal(probe.scope("Ingress", "shop")[0], "forbidden", "what the role lacks is refused")
        server.apply([service("narrowed")])
        tap.ok(probe.until(lambda: "narrowed" in probe.names("Service")), "changes there are followed")
        server.role("wide", "dev", [{"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"],
                                     "verbs": READ}], ns="shop")
        probe.until(lambda: probe.send("refresh") is not None and probe.scope("Ingress", "shop")[0] == "read")
        tap.equal(probe.scope("Ingress", "shop")[0], "read", "a right that is given counts after a refresh")


def main():
    if not apiserver.find():
        tap.skip_all("no etcd and kube-apiserver in $KUBEBUILDER_ASSETS or /usr/local/kubebuilder/bin")
    if not pki.available():
        tap.skip_all("no openssl")
    with folder() as d, apiserver.ApiServer(os.path.join(d, "server")) as server:
        server.apply([service("cart"), route("cart"), secret("tls", "kubernetes.io/tls"),
                      secret("opaque", "Opaque")])
        with Probe(server.kubeconfig("admin"), "watch", f"log={server.path('probe.log')}") as probe:
            for case in (follow, restart, history_gone):
                tap.diag(case.__name__)
                case(server, probe)
        for case in (restart_with_rights, crds, rights):
            tap.diag(case.__name__)
            case(server)
    return tap.done()


sys.exit(main())
