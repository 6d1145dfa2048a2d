#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rights that the README asks for are enough, and none too many: a real kube-apiserver writes down
what was asked of it, and that is held against the README's ClusterRole and Role."""
import json
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import GATEWAY, RUTTER, folder, obj, tap  # noqa: E402
import apiserver  # noqa: E402

TOP = os.environ["TOP_SRCDIR"]
PATIENCE = 90


def readme_rules(block):
    """The rules of a role in the README; written in one style, so a pattern reads them."""
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as f:
        text = re.search(rf"<!-- {block} -->(.*?)<!-- end -->", f.read(), re.S).group(1)

    def words(inner):
        return [w.strip().strip('"') for w in inner.split(",")]
    rule = r"- apiGroups: \[(.*?)\]\n  resources: \[(.*?)\]\n  verbs: \[(.*?)\]"
    return [{"apiGroups": words(a), "resources": words(b), "verbs": words(c)}
            for a, b, c in re.findall(rule, text, re.S)]


def as_set(rules):
    return {(g, r, v) for rule in rules for g in rule["apiGroups"] for r in rule["resources"]
            for v in rule["verbs"]}


def cluster():
    """Objects that lead to every kind of question."""
    parent = {"name": "public", "namespace": "shop"}
    tls = {"certificateRefs": [{"name": "absent"}]}
    return [
        obj("GatewayClass", "eg", apiVersion=GATEWAY + "/v1",
            spec={"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"}),
        obj("Gateway", "public", "shop", apiVersion=GATEWAY + "/v1", spec={
            "gatewayClassName": "eg",
            "tls": {"frontend": {"default": {"validation": {"caCertificateRefs": [
                {"group": "", "kind": "ConfigMap", "name": "ca"}]}}}},
            "listeners": [{"name": "https", "port": 443, "protocol": "HTTPS", "tls": tls}]}),
        obj("HTTPRoute", "cart", "shop", apiVersion=GATEWAY + "/v1", spec={
            "parentRefs": [parent], "rules": [{"backendRefs": [{"name": "cart", "port": 80}]}]}),
        obj("Service", "cart", "shop", apiVersion="v1",
            spec={"ports": [{"port": 80}], "selector": {"app": "cart"}}),
        obj("ConfigMap", "ca", "shop", apiVersion="v1", data={"ca.crt": "no"}),
        obj("Pod", "cart-0", "shop", apiVersion="v1", meta={"labels": {"app": "cart"}},
            spec={"containers": [{"name": "main", "image": "none"}]}),
        obj("EndpointSlice", "cart-1", "shop", apiVersion="discovery.k8s.io/v1", addressType="IPv4",
            meta={"labels": {"kubernetes.io/service-name": "cart"}}, ports=[{"name": "", "port": 80}],
            endpoints=[{"addresses": ["10.0.0.1"], "targetRef": {
                "kind": "Pod", "namespace": "shop", "name": "cart-0"}}]),
    ]


POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [
    {"level": "Metadata", "users": ["dev"], "omitStages": ["RequestReceived"]}, {"level": "None"}]}

SCRIPT = """
wait text cart
type /Service shop/cart
key Enter
key y
wait idle
key e
wait idle
key l
wait idle
"""


def asked(path):
    """(group, resource, verb) of what the user dev asked for, and what of it was refused."""
    used, refused = set(), set()
    with open(path, encoding="utf-8") as f:
        for line in f:
            event = json.loads(line)
            ref = event.get("objectRef")
            if not ref:
                continue  # discovery
            resource = ref["resource"] + ("/" + ref["subresource"] if ref.get("subresource") else "")
            one = (ref.get("apiGroup", ""), resource, event["verb"])
            used.add(one)
            if event["responseStatus"]["code"] == 403:
                refused.add(one)
    return used, refused


def run(config, *command):
    return subprocess.run([RUTTER, *command, "--kubeconfig", config], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE, check=False)


def watch_once(config):
    """--watch until its report has come: by then the watches have been asked for."""
    with subprocess.Popen([RUTTER, "check", "--watch", "-o", "json", "--kubeconfig", config],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as p:
        tap.ok(p.stdout.readline().startswith(b"{"), "check --watch reports")
        p.send_signal(signal.SIGTERM)


def session(config, place):
    script = os.path.join(place, "session.script")
    with open(script, "w", encoding="utf-8") as f:
        f.write(SCRIPT)
    done = run(config, "--script", script)
    if not tap.equal(done.returncode, 0, "a session that opens texts, events and logs"):
        tap.diag(done.stderr)


def cluster_role(place):
    rules = readme_rules("rbac")
    policy = os.path.join(place, "policy")
    log = os.path.join(place, "audit")
    with open(policy, "w", encoding="utf-8") as f:
        json.dump(POLICY, f)
    flags = ["--audit-policy-file", policy, "--audit-log-path", log, "--audit-log-mode", "blocking"]
    with apiserver.ApiServer(os.path.join(place, "a"), flags=flags) as server:
        server.apply(cluster())
        server.role("rutter", "dev", rules)
        config = server.kubeconfig("dev")
        report = json.loads(run(config, "check", "-o", "json").stdout)
        tap.equal(report["unread"], [], "with the ClusterRole nothing stays unread")
        watch_once(config)
        session(config, place)
        # A log that is followed is written down when the server notices its end.
        deadline = time.monotonic() + PATIENCE
        used, refused = asked(log)
        while as_set(rules) - used and time.monotonic() < deadline:
            time.sleep(0.05)
            used, refused = asked(log)
    tap.equal(sorted(refused), [], "and nothing is refused")
    tap.equal(sorted(as_set(rules) - used), [], "every right it gives is used")


def role(place):
    rules = readme_rules("role")
    with apiserver.ApiServer(os.path.join(place, "b")) as server:
        server.apply(cluster())
        server.role("rutter", "dev", rules, ns="shop")
        config = server.kubeconfig("dev", namespace="shop")
        report = json.loads(run(config, "check", "-o", "json").stdout)
        unread = {(u["group"], u["kind"]) for u in report["unread"] if u["namespace"] == "shop"}
        tap.equal(sorted(unread), [], "with the Role everything of its namespace is read")
        tap.ok(report["unread"], "what lies outside is told as unread")


if not apiserver.find():
    tap.skip("no kube-apiserver and etcd found", "the README's rights on a real server")
else:
    with folder() as where:
        cluster_role(where)
        role(where)
sys.exit(tap.done())
