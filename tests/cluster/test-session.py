#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The terminal UI on a cluster: what the head line says, and what is asked for when it is opened."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Fault, FakeApi, PATIENCE, RUTTER, folder, obj, service, small_cluster, tap  # noqa: E402
import terminal  # noqa: E402


def ui(config, *flags, size=(120, 30)):
    return terminal.Terminal([RUTTER, "--kubeconfig", config, *flags], size=size, env={"TZ": "UTC"})


def has(t, text, name):
    try:
        t.wait(text, PATIENCE)
        tap.ok(True, name)
    except terminal.Timeout as error:
        tap.ok(False, name)
        tap.diag(str(error))


def command(t, text):
    t.type(":" + text)
    t.keys("Enter")


def test_texts():
    """YAML is the object as the server has it, not what rutter kept of it."""
    cart = service("cart", labels={"app": "cart"})
    cart["spec"]["sessionAffinity"] = "ClientIP"
    cart["metadata"]["managedFields"] = [{"manager": "kubectl", "operation": "Apply"}]
    objects = [cart if o["kind"] == "Service" else o for o in small_cluster()]
    with folder() as d, FakeApi(objects) as api, ui(api.kubeconfig(d)) as t:
        has(t, "● live", "live")
        command(t, "service shop/cart")
        t.keys("y")
        has(t, "sessionAffinity: ClientIP", "a member that rutter does not read")
        tap.ok("managedFields" not in t.screen(), "managedFields are left out")
        changed = service("cart", labels={"app": "cart"})
        changed["spec"]["sessionAffinity"] = "None"
        api.put(changed)
        has(t, "sessionAffinity: None", "the text follows the object")
        command(t, "secret shop/tls")
        t.keys("y")
        has(t, "name: tls", "a Secret")
        tap.ok("tls.key" not in t.screen(), "of which there is metadata only")


def test_start():
    """Until somebody presses a key the cursors stand on the first rows, whatever arrives before them."""
    with folder() as d, FakeApi(small_cluster()) as api:
        api.faults.append(Fault("^/apis/gateway.networking.k8s.io/.*", delay=1))
        with ui(api.kubeconfig(d)) as t:
            has(t, "Ingresses without a class", "what was read first")
            has(t, "● live", "the rest")
            has(t, "┌ GatewayClass example", "what comes to stand first is what the detail shows")


def stamped(*lines):
    return "".join(f"2026-11-28T08:00:0{i}.5Z {line}\n" for i, line in enumerate(lines))


def test_logs():
    """A followed log ends with its container, or with a connection; what comes next is asked for."""
    with folder() as d, FakeApi(small_cluster()) as api:
        api.logs[("shop", "cart-1")] = stamped("first light")
        with ui(api.kubeconfig(d)) as t:
            has(t, "● live", "live")
            starting = Fault("/log", status=400, body={
                "kind": "Status", "status": "Failure", "reason": "BadRequest", "code": 400,
                "message": 'container "c" in pod "cart-1" is waiting to start: ContainerCreating'})
            api.faults.append(starting)
            command(t, "service shop/cart")
            t.keys("l")
            has(t, "is waiting to start: ContainerCreating", "why there is no log yet")
            api.faults.remove(starting)
            has(t, "first light", "the log of a Service's Pod")
            tap.ok("waiting to start" not in t.screen(), "which has started")
            api.logs[("shop", "cart-1")] = stamped("first light", "second wind")
            has(t, "second wind", "goes on after its end")
            tap.equal(t.screen().count("first light"), 1, "no line comes twice")
            tap.ok("08:00:0" not in t.screen(), "its times are for the server alone")
            tap.ok(api.paths(r"/log\?timestamps=true&sinceTime=2026-11-28T08%3A00%3A00.5Z&follow=true"),
                   "by the time of the last line")
            api.faults.append(Fault("/log", close=True, times=2))
            api.logs[("shop", "cart-1")] = stamped("first light", "second wind", "third time")
            has(t, "third time", "and after a lost connection")
            api.delete("Pod", "shop", "cart-1")


def event(name, reason, last=None, made="2026-11-28T01:00:00Z"):
    return obj("Event", name, "shop", meta={"creationTimestamp": made}, type="Normal", reason=reason, message="so",
               involvedObject={"kind": "Service", "name": "cart", "namespace": "shop"}, lastTimestamp=last,
               eventTime=None, firstTimestamp=None)


def test_events():
    """The server lists events by name; they are shown by time, of whichever field has one."""
    events = [event("a", "Middle", "2026-11-28T02:00:00Z"), event("b", "Newest", "2026-11-28T03:00:00Z"),
              event("c", "Oldest")]
    with folder() as d, FakeApi(small_cluster() + events) as api, ui(api.kubeconfig(d)) as t:
        has(t, "● live", "live")
        command(t, "service shop/cart")
        t.keys("e")
        has(t, "Oldest", "events")
        screen = t.screen()
        places = [screen.find(word) for word in ("Newest", "Middle", "Oldest")]
        tap.equal(places, sorted(places), "the newest first")


def test_states():
    with folder() as d, FakeApi(small_cluster()) as api:
        config = api.kubeconfig(d)
        api.faults.append(Fault("/gatewayclasses", status=403))
        with ui(config) as t:
            has(t, "● live · 1 kind unread", "a kind that is refused")
            api.stop()
            has(t, "stale since ", "a server that goes")
            t.keys("j")
            has(t, "cannot reach the server", "and why")
        with ui(config, size=(80, 24)) as t:
            unread(t)


def unread(t):
    has(t, "✖ not read: cannot reach", "a server that is not there")
    has(t, "C-r tries again", "and what can be done")
    tap.ok("no problems" not in t.screen(), "of which nothing is claimed")


if terminal.available():
    tap.skip_all(terminal.available())
for case in (test_start, test_texts, test_states):
    case()
sys.exit(tap.done())
