#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Following a cluster: changes, resumption, and everything a watch can break of."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (FakeApi, Fault, Following, GONE, OK, Probe, folder, in_step, no_violations,  # noqa: E402
                     obj, pki, route, service, small_cluster, tap)
from proxies import Relay  # noqa: E402

# than a watch is ended by its own silence (RT_LW_STALL_MS), whatever the machine does
SOONER = 120
BROKEN = {"kind": "Status", "status": "Failure", "reason": "InternalError", "code": 500, "message": "boom"}
SERVICE_WATCH = r"/services\?watch"


def changes():
    with Following() as (api, probe):
        api.put(service("new"))
        api.put(route("cart", backend="new"))
        api.delete("Ingress", "shop", "web")
        in_step(api, probe, "added, modified and deleted objects")
        tap.equal(probe.names("Ingress"), [], "a deleted one is gone")
        api.put(obj("Secret", "tls2", "shop", type="kubernetes.io/tls", data={"tls.key": "UExBTlRFRA=="}))
        in_step(api, probe, "Secrets are followed as metadata")
        before = probe.table("stats")
        time.sleep(1.0)  # the length of a silence is the point here
        after = probe.table("stats")
        tap.ok(int(after["turns"]) - int(before["turns"]) <= 5, "nothing wakes an idle program")


def frames():
    def one_byte(api, _dir):
        api.frame = 1
    with Following(setup=one_byte) as (api, probe):
        for i in range(5):
            api.put(service(f"s{i}"))
        in_step(api, probe, "events that come byte by byte")


def resumption():
    with Following() as (api, probe):
        api.control("bookmark", "Service")
        api.control("bookmark", "Gateway")
        rv = api.rv
        api.requests.clear()
        api.control("end", "Service")
        tap.ok(api.wait_for(lambda: api.paths(rf"{SERVICE_WATCH}.*resourceVersion={rv}&")),
               "a watch goes on from its last bookmark")
        tap.equal(api.paths(r"/services\?resource"), [], "without a new list")
        count = probe.table("stats")["changes"]
        api.put(service("later"))
        in_step(api, probe, "and brings what comes after")
        tap.ok(int(probe.table("stats")["changes"]) - int(count) <= 3, "once")


def watched_anew(api):
    """Whether Services were watched after their list."""
    asked = ["watch=" in path for path in api.paths(r"/services\?(watch|limit)")]
    return True in asked[asked.index(False):] if False in asked else False


def relists():
    cases = [
        ("ERROR 410 in the stream", lambda api: api.control(("ERROR", GONE), "Service")),
        ("an unknown event", lambda api: api.control(("REPLACED", service("x")), "Service")),
        ("410 for the next watch", lambda api: (api.compact(), api.control("end", "Service"))),
    ]
    for about, disturb in cases:
        with Following() as (api, probe):
            before = probe.table("stats")
            version = sorted(probe.objects())
            api.requests.clear()
            disturb(api)
            tap.ok(api.wait_for(lambda: api.paths(r"/services\?limit=500")), f"{about}: a new list")
            tap.ok(api.wait_for(lambda: watched_anew(api)), f"{about}: and a new watch")
            tap.equal(sorted(probe.objects()), version, f"{about}: nothing has changed")
            api.delete("Service", "shop", "cart")
            api.put(service("after"))
            in_step(api, probe, f"{about}: what comes after arrives")
            grown = int(probe.table("stats")["changes"]) - int(before["changes"])
            tap.ok(grown <= 8, f"{about}: the rest of the program is not disturbed ({grown})")
    with Following() as (api, probe):
        # While nobody watches, one object goes and one comes: only the list can tell.
        api.faults.append(Fault(SERVICE_WATCH, status=500, body=BROKEN, times=1))
        with api.changed:
            api.control("end", "Service")
            api.delete("Service", "shop", "cart")
            api.put(service("instead"))
            api.compact()
        in_step(api, probe, "a relist removes what went unseen")


def failures():
    cases = [
        ("cut", lambda api: api.control("cut", "Service")),
        ("ERROR 500", lambda api: api.control(("ERROR", BROKEN), "Service")),
        ("cut in the middle of an event", lambda api: (
            api.faults.append(Fault(SERVICE_WATCH, cut=200, times=1)), api.control("end", "Service"))),
        ("429 with Retry-After", lambda api: (
            api.faults.append(Fault(SERVICE_WATCH, status=429, body="later", times=1,
                                    headers=[("Retry-After", "1")])), api.control("end", "Service"))),
        ("HTML 502", lambda api: (api.faults.append(Fault(SERVICE_WATCH, status=502, body="<html>", times=1)),
                                  api.control("end", "Service"))),
        ("garbage", lambda api: (api.faults.append(Fault(SERVICE_WATCH, status=200, body="]]]]", times=1)),
                                 api.control("end", "Service"))),
    ]
    for about, disturb in cases:
        with Following() as (api, probe):
            disturb(api)
            api.put(service("after"))
            in_step(api, probe, f"{about}: the watch recovers")
    with Following() as (api, probe):
        api.requests.clear()
        api.faults.append(Fault(SERVICE_WATCH, status=200, body="", times=-1))
        api.control("end", "Service")
        api.wait_for(lambda: len(api.paths(SERVICE_WATCH)) >= 2)
        time.sleep(2.0)  # how often it asks in that time is the point here
        tap.ok(len(api.paths(SERVICE_WATCH)) <= 4, "a watch that ends at once is not asked in a circle")
        tap.ok(probe.until(lambda: probe.table("state")["stale"] == "1"), "its kind is stale")
        api.faults.clear()
        in_step(api, probe, "and comes back")


def rights_change():
    with Following() as (api, probe):
        api.allow = lambda user, verb, plural, ns: plural != "ingresses"
        api.control("end", "Ingress")
        tap.ok(probe.until(lambda: probe.table("state")["stale"] == "1"), "a list that is refused: stale")
        tap.has(probe.table("state")["err"], "forbidden", "and why")
        tap.equal(probe.scope("Ingress")[0], "read", "it may be a server that starts")
        api.allow = None
        api.put(obj("Ingress", "later", "shop", spec={}))
        in_step(api, probe, "a right that comes back is noticed")
        tap.equal(probe.table("state")["stale"], "0", "nothing is stale")
        api.allow = lambda user, verb, plural, ns: plural != "ingresses"
        api.control("end", "Ingress")
        tap.ok(probe.until(lambda: probe.scope("Ingress")[0] == "forbidden"), "a right that is taken away")
        tap.equal(probe.names("Ingress"), ["later", "web"], "what was read is kept")
        tap.equal(probe.table("state")["stale"], "0", "and is unknown, not stale")
        api.allow = None
        probe.send("refresh")
        tap.ok(probe.until(lambda: probe.scope("Ingress")[0] == "read"), "a refresh asks again")
        in_step(api, probe, "and is in step")


def rights_come():
    def without(api, _dir):
        api.allow = lambda user, verb, plural, ns: plural != "ingresses"
    with Following(None, "look=300", setup=without, watches=16) as (api, probe):
        tap.equal(probe.scope("Ingress")[0], "forbidden", "a right that was never there")
        api.allow = None
        in_step(api, probe, "is noticed when it is given")
        tap.equal(probe.scope("Ingress")[0], "read", "and the kind is read")


def tokens_rotate():
    with folder() as d:
        path = os.path.join(d, "token")

        def write(token):
            with open(path + ".new", "w", encoding="utf-8") as f:
                f.write(token + "\n")
            os.rename(path + ".new", path)

        write("first-token-1")

        def setup(api, _dir):
            api.tokens, api.needs_user = {"first-token-1": "dev"}, True
        scheme = pki()
        if not scheme:
            tap.skip("no openssl", "a token that rotates")
            return
        with FakeApi(small_cluster(), tls=scheme) as api:
            setup(api, d)
            with Probe(api.kubeconfig(d, {"tokenFile": path}), "watch") as probe:
                tap.equal(probe.settle(), OK, "a token file")
                write("second-token-2")
                api.tokens = {"second-token-2": "dev"}
                api.control("end")
                api.put(service("after"))
                in_step(api, probe, "a token that expires in mid-watch is read anew")
            no_violations(api)


def restarts():
    with folder() as d:
        api = FakeApi(small_cluster()).__enter__()
        with Probe(api.kubeconfig(d), "watch") as probe:
            tap.equal(probe.settle(), OK, "the cluster is read")
            api.stop()
            tap.ok(probe.until(lambda: int(probe.table("state")["stale"]) > 10), "a server that goes: stale")
            tap.has(probe.table("state")["err"], "connection refused", "and why")
            tap.equal(probe.names("Service"), ["cart"], "what was read stays")
            again = FakeApi(port=api.port)
            again.objects, again.rv, again.history = api.objects, api.rv, api.history
            again.put(service("after"))
            with again:
                in_step(again, probe, "a server that comes back: in step")
                tap.ok(probe.until(lambda: probe.table("state")["stale"] == "0"), "nothing is stale")
                tap.equal(probe.table("state")["err"], "", "no error is left")
    with folder() as d:
        late = FakeApi(small_cluster())
        late.__enter__()
        late.stop()
        with Probe(late.kubeconfig(d), "watch") as probe:
            tap.ok(probe.until(lambda: "refused" in probe.table("state")["err"]), "a server that is not there")
            again = FakeApi(port=late.port)
            again.objects, again.rv, again.history = late.objects, late.rv, late.history
            with again:
                in_step(again, probe, "is read when it comes")


def crds_come():
    def without(api, _dir):
        api.absent.add("HTTPRoute")
    with Following(None, "look=300", setup=without, watches=16) as (api, probe):
        tap.equal(probe.scope("HTTPRoute")[0], "absent", "a CRD that is not there: the kind is absent")
        api.absent.clear()
        in_step(api, probe, "a CRD that appears is noticed")
        api.put(route("new"))
        in_step(api, probe, "and its objects are followed")
        count = len(api.paths("/apis$"))
        tap.ok(api.wait_for(lambda: len(api.paths("/apis$")) > count + 2), "more looks")
        tap.equal(len(api.paths(r"/services\?resource")), 1, "disturb no other kind")
        api.absent.add("HTTPRoute")
        api.control("end", "HTTPRoute")
        tap.ok(probe.until(lambda: probe.scope("HTTPRoute")[0] == "absent"), "a CRD that goes: absent")
        tap.equal(probe.table("state")["stale"], "0", "and not stale")
        api.absent.clear()
        in_step(api, probe, "it may come back")
        for r in api.resources:
            if r.kind == "HTTPRoute":
                r.versions = ["v1beta1"]
        api.control("end", "HTTPRoute")
        api.put(route("old"))
        in_step(api, probe, "in another version, too")
        tap.ok(api.paths("v1beta1/httproutes"), "which is the one asked for")
    with folder() as d, FakeApi(small_cluster()) as api:
        without(api, d)
        with Probe(api.kubeconfig(d), "watch") as probe:
            tap.equal(probe.settle(), OK, "a cluster without HTTPRoutes")
            api.absent.clear()
            probe.send("refresh")
            in_step(api, probe, "a refresh finds the new kind at once")


def dead_path():
    with folder() as d, FakeApi(small_cluster()) as api, Relay(api.port) as relay:
        server = {"server": f"http://127.0.0.1:{relay.port}"}
        with Probe(api.kubeconfig(d, cluster=server), "watch", "heartbeat=1000") as probe:
            tap.equal(probe.settle(), OK, "the cluster is read")
            tap.ok(probe.until(lambda: probe.table("state")["live"] == "1"), "every watch is open")
            count = len(api.paths("^/version"))
            tap.ok(api.wait_for(lambda: len(api.paths("^/version")) > count), "silence is looked into")
            tap.equal(probe.table("state")["stale"], "0", "an answer is enough")
            relay.freeze()
            made = relay.count
            api.put(service("unseen"))
            tap.ok(probe.until(lambda: relay.count > made + 1, SOONER), "a path that died without a word is noticed")
            relay.thaw()
            in_step(api, probe, "and made anew")


def pods_and_objects():
    with Following() as (api, probe):
        probe.send("ask pods shop app=cart")
        probe.send("ask object - ConfigMap shop later")
        probe.send("ask object - ConfigMap shop ca")
        tap.equal(probe.settle(), OK, "questions are answered")
        tap.equal(probe.names("Pod"), ["cart-1"], "the Pods are there")
        tap.equal(probe.answer("object||ConfigMap|shop|later"), "absent", "an object that is not")
        tap.equal(probe.names("ConfigMap"), ["ca"], "one that is")
        api.put(obj("Pod", "cart-2", "shop", meta={"labels": {"app": "cart"}}, spec={"containers": []}))
        api.put(obj("Pod", "other", "shop", meta={"labels": {"app": "other"}}, spec={"containers": []}))
        api.delete("Pod", "shop", "cart-1")
        tap.ok(probe.until(lambda: probe.names("Pod") == ["cart-2"]), "Pods of the question are followed")
        api.put(obj("ConfigMap", "later", "shop", data={"ca.crt": "y"}))
        api.delete("ConfigMap", "shop", "ca")
        probe.send("refresh")
        tap.ok(probe.until(lambda: probe.answer("object||ConfigMap|shop|later") == "read"),
               "a refresh asks for single objects again")
        tap.ok(probe.until(lambda: probe.names("ConfigMap") == ["later"]), "both ways")


def mended():
    with Following() as (api, probe):
        api.put(obj("Service", "odd", "shop", spec={"ports": "none"}))
        tap.ok(probe.until(lambda: len(probe.send("problems")) == 1), "an object that cannot be decoded")
        api.put(obj("Service", "odd", "shop", spec={"ports": 7}))
        api.put(service("marker"))
        tap.ok(probe.until(lambda: "marker" in probe.names("Service")), "and cannot again")
        tap.equal(len(probe.send("problems")), 1, "is one problem")
        api.put(service("odd"))
        tap.ok(probe.until(lambda: probe.send("problems") == []), "and none once it can")
        huge = obj("Service", "huge", "shop", spec={"ports": [{"name": "x" * (9 << 20)}]})
        api.put(huge)
        api.put(huge)
        api.put(service("marker2"))
        tap.ok(probe.until(lambda: "marker2" in probe.names("Service")), "events that are too large")
        tap.equal(len(probe.send("problems")), 1, "are one problem, and stop nothing")


for case in (changes, frames, resumption, relists, failures, rights_change, rights_come, tokens_rotate, restarts,
             crds_come, dead_path, pods_and_objects, mended):
    tap.diag(case.__name__)
    case()
sys.exit(tap.done())
