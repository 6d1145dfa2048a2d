# SPDX-License-Identifier: Apache-2.0
"""What the tests of this folder share: the fake API server, certificates, the probe.

    with folder() as d, FakeApi(objects()) as api, Probe(api.kubeconfig(d)) as probe:
        tap.equal(probe.settle(), OK, "everything is read")
        tap.ok("cart" in probe.names("Service"), "the Service is there")
"""
import atexit
import contextlib
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.environ["TOP_SRCDIR"]
BUILD = os.environ["TOP_BUILDDIR"]
for part in ("tests/lib", "tests/fakeapi"):
    sys.path.insert(0, os.path.join(TOP, part))

import tap  # noqa: E402
from fakeapi import FakeApi, Fault, GATEWAY  # noqa: E402, F401
import pki as pki_module  # noqa: E402

OK = "ok"
# What must come, comes: a wait may only be longer than the longest pause between two attempts of the
# program (30 s and by chance as much again) and than a busy machine needs.
PATIENCE = 180
RUTTER = os.environ.get("RUTTER", "rutter")


@contextlib.contextmanager
def folder():
    os.makedirs(os.path.join(BUILD, "tests/tmp"), exist_ok=True)
    path = tempfile.mkdtemp(dir=os.path.join(BUILD, "tests/tmp"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


_shared = []


def pki():
    """Certificates shared by the cases of one test, or None without openssl."""
    if not pki_module.available():
        return None
    if not _shared:
        os.makedirs(os.path.join(BUILD, "tests/tmp"), exist_ok=True)
        path = tempfile.mkdtemp(dir=os.path.join(BUILD, "tests/tmp"))
        atexit.register(shutil.rmtree, path, True)
        _shared.append(pki_module.Pki(path))
    return _shared[0]


def obj(kind, name, ns=None, **more):
    meta = {"name": name, **({"namespace": ns} if ns else {}), **more.pop("meta", {})}
    return {"kind": kind, "metadata": meta, **more}


def service(name, ns="shop", port=80, **meta):
    return obj("Service", name, ns, meta=meta, spec={"ports": [{"port": port}], "selector": {"app": name}})


def route(name, ns="shop", gateway="public", gateway_ns="infra", backend="cart"):
    return obj("HTTPRoute", name, ns, spec={
        "parentRefs": [{"name": gateway, "namespace": gateway_ns}],
        "rules": [{"backendRefs": [{"name": backend, "port": 80}]}]})


def small_cluster():
    """A cluster with one object of most kinds."""
    return [
        obj("Namespace", "shop"), obj("Namespace", "infra"),
        obj("GatewayClass", "example", spec={"controllerName": "example.com/controller"}),
        obj("Gateway", "public", "infra", spec={
            "gatewayClassName": "example",
            "listeners": [{"name": "http", "port": 80, "protocol": "HTTP",
                           "allowedRoutes": {"namespaces": {"from": "All"}}}]}),
        route("cart"), service("cart"),
        obj("EndpointSlice", "cart-1", "shop", addressType="IPv4",
            meta={"labels": {"kubernetes.io/service-name": "cart"}},
            endpoints=[{"addresses": ["10.0.0.1"], "conditions": {"ready": True}}],
            ports=[{"port": 8080}]),
        obj("Ingress", "web", "shop", spec={"defaultBackend": {"service": {
            "name": "cart", "port": {"number": 80}}}}),
        obj("Secret", "tls", "shop", type="kubernetes.io/tls", data={"tls.key": "UExBTlRFRA=="}),
        obj("Secret", "opaque", "shop", type="Opaque", data={"password": "UExBTlRFRA=="}),
        obj("ConfigMap", "ca", "shop", data={"ca.crt": "x"}),
        obj("Pod", "cart-1", "shop", meta={"labels": {"app": "cart"}}, spec={"containers": []},
            status={"phase": "Running"}),
        obj("Widget", "w", "shop"),
    ]


class Probe:
    """The cluster source alone (probe.c); commands as methods."""

    def __init__(self, kubeconfig, *options, env=None):
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "tests/cluster/probe"), kubeconfig, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})})
        self.pending, self.warnings = b"", b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the probe; its exit status. A crash or a leak is a failed check."""
        if self.process.returncode is not None:
            return self.process.returncode
        try:
            _, err = self.process.communicate(b"quit\n", timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, err = self.process.communicate()
            tap.ok(False, "the probe ends when it is told to")
        self.warnings = err
        if self.process.returncode < 0 or b"ERROR: " in err or b"runtime error" in err:
            tap.ok(False, f"the probe ends well, not with {self.process.returncode}")
            tap.diag(err.decode(errors="replace")[-4000:])
        return self.process.returncode

    def send(self, command, seconds=PATIENCE):
        """The answer's lines; None when there is none in time."""
        try:
            self.process.stdin.write(command.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not (self.pending.endswith(b"\n.\n") or self.pending == b".\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return None
                got = os.read(self.process.stdout.fileno(), 1 << 16)
                if not got:
                    return None
                self.pending += got
        lines, self.pending = self.pending.decode(errors="replace").splitlines()[:-1], b""
        return lines

    def settle(self, seconds=PATIENCE):
        """"ok", or (status, message, hint) of what went wrong."""
        lines = self.send("settle", seconds)
        if lines is None:
            return "no answer"
        return OK if lines[0] == "ok" else tuple(lines)

    def objects(self):
        return [tuple(line.split()) for line in self.send("objects")]

    def names(self, kind):
        return [o[2] for o in self.objects() if o[0] == kind]

    def scope(self, kind, ns="-"):
        """(state, why) of a kind in a namespace, or None."""
        for line in self.send("scopes"):
            k, n, state, why = line.split(" ", 3)
            if (k, n) == (kind, ns):
                return state, why
        return None

    def answer(self, key):
        for line in self.send("answers"):
            if line.startswith(key + " "):
                return line[len(key) + 1:].split(" ", 1)[0]
        return None

    def table(self, command):
        return {k: v for k, _, v in (line.partition(" ") for line in self.send(command))}

    def until(self, condition, seconds=PATIENCE):
        """Waits until condition() holds; the probe's own work goes on meanwhile."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.02)
        return bool(condition())


def no_violations(api):
    """Nothing but GET was sent, and Secrets were asked for as metadata only."""
    if not tap.equal(api.violations, [], "only GET, Secrets only as metadata"):
        tap.diag("\n".join(api.violations))


GONE = {"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410, "message": "too old"}


def truth(api):
    """What the store should hold of lists and watches: (kind, namespace, name, version)."""
    shown = {"EndpointSlice", "Gateway", "GatewayClass", "HTTPRoute", "Ingress", "Namespace", "Service"}
    with api.lock:
        rows = [(k, ns or "-", name, o["metadata"]["resourceVersion"])
                for (k, ns, name), o in api.objects.items()
                if k in shown or (k == "Secret" and o.get("type") == "kubernetes.io/tls")]
    return sorted(rows)


def in_step(api, probe, name, seconds=PATIENCE):
    """The store becomes what the server has."""
    held = probe.until(lambda: sorted(probe.objects()) == truth(api), seconds)
    tap.ok(held, name)
    if not held:
        have, want = set(probe.objects()), set(truth(api))
        tap.diag(f"not there: {sorted(want - have)[:5]}\nleft over: {sorted(have - want)[:5]}")


class Following:
    """A server, and a probe whose watches are all open."""

    def __init__(self, objects=None, *options, setup=None, user=None, watches=17):
        self.objects, self.options, self.watches = objects or small_cluster(), options, watches
        self.setup, self.user = setup, user

    def __enter__(self):
        self.folder = folder()
        self.dir = self.folder.__enter__()
        self.api = FakeApi(self.objects).__enter__()
        if self.setup:
            self.setup(self.api, self.dir)
        self.probe = Probe(self.api.kubeconfig(self.dir, self.user), "watch", *self.options)
        tap.equal(self.probe.settle(), OK, "the cluster is read")
        tap.ok(self.is_live(), "every watch is open")
        return self.api, self.probe

    def is_live(self):
        self.api.wait_for(lambda: sum(self.api.watches.values()) >= self.watches)
        return self.probe.until(lambda: self.probe.table("state")["live"] == "1")

    def __exit__(self, *_):
        self.probe.close()
        no_violations(self.api)
        self.api.stop()
        self.folder.__exit__(None, None, None)
