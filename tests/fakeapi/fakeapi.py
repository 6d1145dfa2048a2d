#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes API server for tests: honest by default, and by scenario one that lies.

As a library (what the tests do):

    with FakeApi(objects, tls=pki) as api:
        api.faults.append(Fault("/api/v1/services", cut=100, times=1))
        run(["rutter", "check", "--kubeconfig", api.kubeconfig(folder)])
        api.put(obj); api.delete("Service", "shop", "cart")
    assert not api.violations

As a program: fakeapi.py --objects list.json --ready-file F [--tls DIR] [--scenario S.json]; the ready
file gets the URL. Standard library only. Every request is logged; anything but GET, and any Secret
asked for other than as metadata, is a violation, which fails the run.
"""
import argparse
import base64
import copy
import gzip
import json
import os
import re
import select
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import typing
import urllib.parse
from http.server import BaseHTTPRequestHandler

GATEWAY = "gateway.networking.k8s.io"
# group, versions in the server's order, kind, plural, namespaced, custom resource
RESOURCES = [
    ("", ["v1"], "Namespace", "namespaces", False, False),
    ("", ["v1"], "Service", "services", True, False),
    ("", ["v1"], "Secret", "secrets", True, False),
    ("", ["v1"], "ConfigMap", "configmaps", True, False),
    ("", ["v1"], "Pod", "pods", True, False),
    ("", ["v1"], "Event", "events", True, False),
    ("networking.k8s.io", ["v1"], "Ingress", "ingresses", True, False),
    ("networking.k8s.io", ["v1"], "IngressClass", "ingressclasses", False, False),
    ("networking.k8s.io", ["v1"], "NetworkPolicy", "networkpolicies", True, False),
    ("discovery.k8s.io", ["v1"], "EndpointSlice", "endpointslices", True, False),
    ("apps", ["v1"], "Deployment", "deployments", True, False),
    ("apiextensions.k8s.io", ["v1"], "CustomResourceDefinition", "customresourcedefinitions",
     False, False),
    (GATEWAY, ["v1", "v1beta1"], "GatewayClass", "gatewayclasses", False, True),
    (GATEWAY, ["v1", "v1beta1"], "Gateway", "gateways", True, True),
    (GATEWAY, ["v1", "v1beta1"], "HTTPRoute", "httproutes", True, True),
    (GATEWAY, ["v1"], "GRPCRoute", "grpcroutes", True, True),
    (GATEWAY, ["v1beta1"], "ReferenceGrant", "referencegrants", True, True),
    (GATEWAY, ["v1alpha2"], "TCPRoute", "tcproutes", True, True),
    (GATEWAY, ["v1alpha2"], "TLSRoute", "tlsroutes", True, True),
    (GATEWAY, ["v1alpha2"], "UDPRoute", "udproutes", True, True),
    (GATEWAY, ["v1"], "BackendTLSPolicy", "backendtlspolicies", True, True),
    (GATEWAY, ["v1"], "ListenerSet", "listenersets", True, True),
    ("example.com", ["v1"], "Widget", "widgets", True, True),
]


class Resource:
    def __init__(self, row):
        self.group, self.versions, self.kind, self.plural, self.namespaced, self.custom = row

    def api_version(self, version):
        return f"{self.group}/{version}" if self.group else version


class Fault:
    """What goes wrong, where (a regular expression over path?query) and how often."""

    def __init__(self, where, times=-1, after=0, **what):
        self.where, self.times, self.after = re.compile(where), times, after
        self.what = what
        known = {"cut", "stall", "dribble", "status", "body", "headers", "length", "bad_gzip",
                 "bad_item", "whitespace", "many_headers", "close", "delay", "events", "reset"}
        assert set(what) <= known, set(what) - known

    def takes(self, path):
        if self.times == 0 or not self.where.search(path):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= self.times > 0
        return True


def status(code, reason, message, **more):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": code, **more}


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def only_metadata(obj):
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": obj.get("metadata", {})}


def selects(selector, labels):
    """Equality and set-based requirements, as far as tests use them."""
    for part in re.split(r",(?![^(]*\))", selector) if selector else []:
        m = re.match(r"^\s*(!?)([^\s=!]+)\s*(=|==|!=| in | notin )?\s*(.*)$", part)
        absent, key, op, value = m.groups()
        have = labels.get(key)
        values = [v.strip() for v in value.strip("() ").split(",")]
        if absent:
            good = have is None
        elif op is None:
            good = have is not None
        elif op.strip() in ("=", "==", "in"):
            good = have in values
        else:
            good = have not in values
        if not good:
            return False
    return True


class Change(typing.NamedTuple):
    rv: int
    event: str  # or CONTROL: an order to the open watches
    kind: str
    obj: object


class Writer:
    """The socket, with the fault of this answer in between."""

    def __init__(self, sock, fault):
        self.sock, self.sent = sock, 0
        self.what = fault.what if fault else {}

    def write(self, data):
        cut = self.what.get("cut")
        stall = self.what.get("stall")
        if cut is not None and self.sent + len(data) >= cut:
            self._send(data[:cut - self.sent])
            raise ConnectionAbortedError("cut")
        if stall is not None and self.sent + len(data) >= stall:
            self._send(data[:stall - self.sent])
            while True:  # until the client or the test hangs up
                time.sleep(0.05)
                if self.sock.fileno() < 0:
                    raise ConnectionAbortedError("stalled")
        self._send(data)
        return len(data)

    closed = False

    def _send(self, data):
        self.sent += len(data)
        if self.what.get("dribble"):
            for i in range(len(data)):
                self.sock.sendall(data[i:i + 1])
        elif data:
            self.sock.sendall(data)

    def flush(self):
        pass

    close = flush


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    @property
    def api(self):
        return self.server.api

    # -- answers ----------------------------------------------------------------------------------

    def answer(self, code, body, content_type="application/json", headers=()):
        fault = self.fault.what if self.fault else {}
        zipped = "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > self.api.gzip_above
        if zipped:
            body = gzip.compress(body, 1)
            if fault.get("bad_gzip"):
                body = body[:-8] + b"\0" * 8  # the checksum
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        for name, value in list(headers) + list(fault.get("headers", ())):
            self.send_header(name, value)
        for i in range(fault.get("many_headers", 0)):
            self.send_header(f"X-Header-{i}", "x" * 50)
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body) + fault.get("length", 0)))
        self.end_headers()
        self.wfile.write(body)
        for _ in range(fault.get("whitespace", 0)):
            self.wfile.write(b" " * 65536)
        if fault.get("length"):
            raise ConnectionAbortedError("wrong length")

    def refuse(self, code, reason, message, headers=(), **more):
        self.answer(code, compact(status(code, reason, message, **more)), headers=headers)

    # -- the request ------------------------------------------------------------------------------

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        prefix = self.api.prefix
        path = url.path[len(prefix):] if url.path.startswith(prefix) else url.path
        self.api.log(self)
        self.fault = next((f for f in self.api.faults if f.takes(self.path)), None)
        self.wfile = Writer(self.connection, self.fault)
        try:
            self.act(path)
        except (ConnectionError, ssl.SSLError, OSError):
            self.close_connection = True
            self.api.hang_up(self.connection)

    def act(self, path):
        what = self.fault.what if self.fault else {}
        if what.get("delay"):
            time.sleep(what["delay"])
        if what.get("close"):
            raise ConnectionAbortedError("closed")
        if "status" in what:
            body = what.get("body", "")
            body = compact(body) if isinstance(body, dict) else body.encode()
            kind = "application/json" if body[:1] == b"{" else "text/html"
            self.answer(what["status"], body, kind)
        elif not self.authenticate():
            self.refuse(401, "Unauthorized", "Unauthorized")
        elif path in ("/api", "/apis") or self.is_group_version(path):
            self.discovery(path)
        else:
            self.resource(path)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.not_get
        raise AttributeError(name)

    def not_get(self):
        self.api.violations.append(f"{self.command} {self.path}")
        self.fault = None
        self.refuse(405, "MethodNotAllowed", "GET only")

    def authenticate(self):
        api = self.api
        self.user = None
        bearer = self.headers.get("Authorization", "")
        if bearer.startswith("Bearer "):
            self.user = api.tokens.get(bearer[7:])
        elif bearer.startswith("Basic "):
            self.user = api.basic.get(base64.b64decode(bearer[6:]).decode())
        elif isinstance(self.connection, ssl.SSLSocket):
            cert = self.connection.getpeercert()
            if cert:
                names = dict(x[0] for x in cert["subject"])
                self.user = names.get("commonName")
        self.api.log_user(self.user)
        if self.user and self.headers.get("Impersonate-User"):
            self.user = self.headers["Impersonate-User"]
        return self.user is not None or not api.needs_user

    def allowed(self, verb, res, ns):
        rule = self.api.allow
        return rule is None or rule(self.user, verb, res.plural, ns)

    def forbid(self, verb, res, ns):
        scope = f'in the namespace "{ns}"' if ns else "at the cluster scope"
        name = f"{res.plural}.{res.group}" if res.group else res.plural
        self.refuse(403, "Forbidden", f'{name} is forbidden: User "{self.user}" cannot {verb} resource '
                    f'"{res.plural}" in API group "{res.group}" {scope}', details={"kind": res.plural})

    # -- discovery --------------------------------------------------------------------------------

    def is_group_version(self, path):
        return re.fullmatch(r"/api/[^/]+|/apis/[^/]+/[^/]+", path) is not None

    def discovery(self, path):
        api, mode = self.api, self.api.discovery
        if path == "/api" and api.no_core:
            self.refuse(404, "NotFound", "the server could not find the requested resource")
        elif path in ("/api", "/apis") and mode != "legacy":
            self.answer(200, compact(api.aggregated(path)), api.aggregated_type())
        elif path == "/api":
            self.answer(200, compact({"kind": "APIVersions", "versions": ["v1"]}))
        elif path == "/apis":
            self.answer(200, compact(api.group_list()))
        else:
            self.group_version(path)

    def group_version(self, path):
        parts = path.split("/")
        group, version = ("", parts[2]) if len(parts) == 3 else (parts[2], parts[3])
        if (group, version) in self.api.broken:
            self.answer(503, b"service unavailable\n", "text/plain")
            return
        found = [r for r in self.api.served() if r.group == group and version in r.versions]
        resources = [{"name": r.plural, "kind": r.kind, "namespaced": r.namespaced, "singularName": "",
                      "verbs": ["get", "list", "watch"]} for r in found]
        self.answer(200, compact({"kind": "APIResourceList", "apiVersion": "v1",
                                  "groupVersion": f"{group}/{version}" if group else version,
                                  "resources": resources}))

    # -- objects ----------------------------------------------------------------------------------

    def resource(self, path):
        m = re.fullmatch(r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>[^/]+)"
                         r"(?:/namespaces/(?P<ns>[^/]+))?/(?P<plural>[^/]+)"
                         r"(?:/(?P<name>[^/]+))?(?:/(?P<sub>[^/]+))?", path)
        parts = {k: urllib.parse.unquote(v) if v else v for k, v in m.groupdict().items()} if m else {}
        res = next((r for r in self.api.served() if m and r.group == (parts["group"] or "") and
                    r.plural == parts["plural"] and parts["version"] in r.versions), None)
        if not res and path.startswith("/api/v1/namespaces/") and path.count("/") == 4:
            res = next(r for r in self.api.served() if r.plural == "namespaces")
            parts = {"version": "v1", "ns": None, "name": path.rsplit("/", 1)[1], "sub": None}
        if not res:
            self.refuse(404, "NotFound", "the server could not find the requested resource")
            return
        self.version = parts["version"]
        self.check_secret(res, parts)
        verb = "get" if parts["name"] else "watch" if self.query.get("watch") else "list"
        if not self.allowed(verb, res, parts["ns"]):
            self.forbid(verb, res, parts["ns"])
        elif parts["sub"] == "log":
            self.log_of(parts)
        elif verb == "get":
            self.get(res, parts["ns"], parts["name"])
        elif verb == "watch":
            self.watch(res, parts["ns"])
        else:
            self.list(res, parts["ns"])

    def wants_metadata(self, form):
        return f"as={form};" in self.headers.get("Accept", "") + ";"

    def check_secret(self, res, parts):
        form = "PartialObjectMetadata" if parts["name"] or self.query.get("watch") \
            else "PartialObjectMetadataList"
        accept = self.headers.get("Accept", "")
        if res.kind == "Secret" and (not self.wants_metadata(form) or "," in accept):
            self.api.violations.append(f"Secret asked for as {accept!r}: {self.path}")

    def typed(self, obj, res):
        return {"kind": res.kind, "apiVersion": res.api_version(self.version),
                **{k: v for k, v in obj.items() if k not in ("kind", "apiVersion")}}

    def get(self, res, ns, name):
        obj = self.api.objects.get((res.kind, ns, name))
        if not obj:
            self.refuse(404, "NotFound", f'{res.plural} "{name}" not found',
                        details={"name": name, "kind": res.plural})
        elif self.wants_metadata("PartialObjectMetadata"):
            self.answer(200, compact(only_metadata(obj)), self.api.meta_type("PartialObjectMetadata"))
        else:
            self.answer(200, compact(self.typed(obj, res)))

    def log_of(self, parts):
        text = self.api.logs.get((parts["ns"], parts["name"]), "")  # with a time before each line
        if self.query.get("timestamps") != "true":
            text = re.sub(r"(?m)^\S+ ", "", text)
        self.answer(200, text.encode(), "text/plain")

    def matches(self, obj):
        fields = dict(p.split("=", 1) for p in self.query.get("fieldSelector", "").split(",") if p)
        if "type" in fields and obj.get("type", "Opaque") != fields["type"]:
            return False
        if fields.get("metadata.name", obj["metadata"]["name"]) != obj["metadata"]["name"]:
            return False
        return selects(self.query.get("labelSelector", ""), obj["metadata"].get("labels") or {})

    def list(self, res, ns):
        api, q = self.api, self.query
        if res.plural in api.canned and q.get("resourceVersion") == "0" and ns is None:
            self.answer(200, api.canned[res.plural])
            return
        if q.get("resourceVersion") == "0" and api.no_cache:
            self.refuse(400, "BadRequest", "resourceVersion=0 is not supported")
            return
        with api.lock:
            rv = api.rv
            found = {(n or "", name): o for (k, n, name), o in api.objects.items()
                     if k == res.kind and (ns is None or n == ns) and self.matches(o)}
            items = [copy.copy(found[key]) for key in sorted(found)]
        token, start = q.get("continue"), 0
        if token:
            if "resourceVersion" in q:
                api.violations.append(f"resourceVersion on a continued page: {self.path}")
            start, rv = (int(x) for x in base64.b64decode(token).decode().split(":"))
            if api.expire_pages > 0:
                api.expire_pages -= 1
                self.refuse(410, "Expired", "The provided continue parameter is too old",
                            metadata={"continue": token})
                return
        limit = 0 if q.get("resourceVersion") == "0" else int(q.get("limit", 0))
        limit = min(limit, api.page) if limit and api.page else limit
        meta = {"resourceVersion": str(rv)}
        if limit and start + limit < len(items):
            meta["continue"] = base64.b64encode(f"{start + limit}:{rv}".encode()).decode()
            meta["remainingItemCount"] = len(items) - start - limit
        page = items[start:start + limit] if limit else items[start:]
        if limit and not token and api.empty_page:  # legal: nothing yet, go on
            page, meta["continue"] = [], base64.b64encode(f"0:{rv}".encode()).decode()
        self.send_list(res, page, meta)

    def send_list(self, res, page, meta):
        api = self.api
        if self.wants_metadata("PartialObjectMetadataList"):
            doc = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
                   "metadata": meta, "items": [only_metadata(o) for o in page]}
            self.answer(200, compact(doc), api.meta_type("PartialObjectMetadataList"))
            return
        if res.custom:
            # Custom resources: items first and complete, the list's own metadata last.
            parts = [compact(self.typed(o, res)) for o in page]
            head = compact({"apiVersion": res.api_version(self.version), "items": []})[:-2]
            tail = b'],"kind":"' + res.kind.encode() + b'List","metadata":' + compact(meta) + b"}"
        else:
            parts = [compact({k: v for k, v in o.items() if k not in ("kind", "apiVersion")})
                     for o in page]
            head = compact({"kind": res.kind + "List", "apiVersion": res.api_version(self.version),
                            "metadata": meta, "items": []})[:-2]
            tail = b"]}"
        bad = (self.fault.what if self.fault else {}).get("bad_item")
        if bad is not None and bad[0] < len(parts):
            parts[bad[0]] = bad[1].encode()
        self.answer(200, head + b",".join(parts) + tail)

    # -- watches ----------------------------------------------------------------------------------

    def watch(self, res, ns):
        api = self.api
        since = self.query.get("resourceVersion", "0")
        if not since.isdigit() or int(since) < api.compacted:
            self.refuse(410, "Expired", f"too old resource version: {since} ({api.rv})")
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        deadline = time.monotonic() + min(float(self.query.get("timeoutSeconds", 60)), api.watch_limit)
        self.stream(res, ns, int(since), deadline)
        self.chunk(b"")

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def send_event(self, event, obj, res):
        if obj.get("kind") != "Status":
            meta = self.wants_metadata("PartialObjectMetadata")
            obj = only_metadata(obj) if meta else self.typed(obj, res)
        data = compact({"type": event, "object": obj}) + b"\n"
        step = self.api.frame or len(data)
        for i in range(0, len(data), step):
            self.chunk(data[i:i + step])

    def client_left(self):
        """Nothing more comes from a client that waits for an answer, but the end of its connection."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def stream(self, res, ns, since, deadline):
        """Sends events until told to end. The fault's own events come first."""
        api = self.api
        for event, obj in (self.fault.what.get("events", ()) if self.fault else ()):
            self.send_event(event, obj, res)
        with api.changed:
            # Places count from the first change ever. Orders to watches count from here on.
            live = api.dropped + len(api.history)
            at = next((i for i, e in enumerate(api.history, api.dropped) if e.rv > since), live)
        api.watching(res.kind, +1)
        try:
            while True:
                with api.changed:
                    batch, first = api.history[max(0, at - api.dropped):], max(at, api.dropped)
                    at = api.dropped + len(api.history)
                    if not batch:
                        if api.stopped or time.monotonic() >= deadline or self.client_left():
                            return
                        api.changed.wait(0.2)
                for i, e in enumerate(batch, first):
                    if e.event == "CONTROL":
                        if i >= live and e.kind in (None, res.kind) and not self.control(e.obj, res):
                            return
                    elif e.kind == res.kind and self.matches(e.obj) and \
                            (ns is None or e.obj["metadata"].get("namespace") == ns):
                        self.send_event(e.event, e.obj, res)
        finally:
            api.watching(res.kind, -1)

    def control(self, what, res):
        """A test's order to all open watches of a kind; False ends the watch."""
        if what == "end":
            return False
        if what == "cut":
            raise ConnectionAbortedError("cut")
        if what == "bookmark":
            self.send_event("BOOKMARK", {"metadata": {"resourceVersion": str(self.api.rv),
                                                      "creationTimestamp": None}}, res)
            return True
        self.send_event(what[0], what[1], res)
        return True


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, api, family):
        self.api, self.address_family = api, family
        super().__init__((api.host, api.port), Handler)

    def finish_request(self, request, client_address):
        if self.api.tls:
            request.settimeout(20)
            request = self.api.context.wrap_socket(request, server_side=True)
            request.settimeout(60)
        self.api.sockets.add(request)
        try:
            super().finish_request(request, client_address)
        finally:
            self.api.sockets.discard(request)
            request.close()

    def handle_error(self, request, client_address):
        pass


class FakeApi:
    """See the top of the file. tls is a Pki (tests/lib/pki.py) or None for plain HTTP."""

    def __init__(self, objects=(), tls=None, host="127.0.0.1", port=0, prefix=""):
        self.tls, self.host, self.port, self.prefix = tls, host, port, prefix
        self.objects, self.history, self.rv, self.compacted = {}, [], 100, 0
        self.dropped = 0  # changes that are in history no more
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.requests, self.users, self.violations, self.faults = [], [], [], []
        self.tokens, self.basic, self.allow, self.needs_user = {}, {}, None, False
        self.discovery, self.broken, self.stale, self.absent = "v2", set(), set(), set()
        self.no_core, self.no_cache, self.page, self.expire_pages = False, False, 0, 0
        self.empty_page = False
        self.gzip_above, self.frame, self.watch_limit, self.stopped = 128 * 1024, 0, 600.0, False
        self.canned = {}  # plural -> the answer to its first list, where to write it anew is too slow
        self.meta_as, self.logs, self.sockets, self.watches = True, {}, set(), {}
        self.resources = [Resource(r) for r in RESOURCES]
        for o in objects:
            self.put(o)

    # -- life -------------------------------------------------------------------------------------

    def __enter__(self):
        if self.tls:
            self.context = self.tls.server_context()
        self.server = Server(self, socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        with self.changed:
            self.stopped = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()
        self.hang_up_all()

    def hang_up(self, sock):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        sock.close()

    def hang_up_all(self):
        for sock in list(self.sockets):
            self.hang_up(sock)

    @property
    def url(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{self.prefix}"

    def kubeconfig(self, folder, user=None, cluster=None, name="config", context=None):
        """Writes a kubeconfig and returns its path. user: members of the user entry."""
        entry = {"server": self.url, **(cluster or {})}
        if self.tls and not {"certificate-authority-data", "certificate-authority",
                             "insecure-skip-tls-verify"} & set(entry):
            with open(self.tls.ca, "rb") as f:
                entry["certificate-authority-data"] = base64.b64encode(f.read()).decode()
        doc = {"apiVersion": "v1", "kind": "Config", "current-context": "fake",
               "clusters": [{"name": "fake", "cluster": entry}],
               "users": [{"name": "tester", "user": user or {}}],
               "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "tester",
                                                         **(context or {})}}]}
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as f:
            json.dump(doc, f)
        os.chmod(path, 0o600)
        return path

    # -- the world --------------------------------------------------------------------------------

    def put(self, obj):
        """Adds or replaces an object; open watches are told."""
        obj = copy.deepcopy(obj)
        meta = obj.setdefault("metadata", {})
        res = next((r for r in self.resources if r.kind == obj["kind"]), None)
        if res and res.namespaced:
            meta.setdefault("namespace", "default")
        key = (obj["kind"], meta.get("namespace") if not res or res.namespaced else None, meta["name"])
        with self.changed:
            self.rv += 1
            meta["resourceVersion"] = str(self.rv)
            meta.setdefault("uid", f"uid-{self.rv}")
            event = "MODIFIED" if key in self.objects else "ADDED"
            self.objects[key] = obj
            self.note(event, obj["kind"], obj)

    def delete(self, kind, ns, name):
        with self.changed:
            self.rv += 1
            obj = copy.deepcopy(self.objects.pop((kind, ns, name)))
            obj["metadata"]["resourceVersion"] = str(self.rv)
            self.note("DELETED", kind, obj)

    def control(self, what, kind=None):
        """An order to the open watches: "end", "cut", "bookmark" or (event, object)."""
        with self.changed:
            self.note("CONTROL", kind, what)

    def note(self, event, kind, obj):
        self.history.append(Change(self.rv, event, kind, obj))
        self.changed.notify_all()

    def forget_history(self, count):
        """Drops the oldest changes; watches that are not yet past them miss them."""
        with self.changed:
            del self.history[:count]
            self.dropped += count

    def compact(self):
        """Forgets history: a watch from an older version gets 410."""
        with self.changed:
            self.rv += 1
            self.compacted = self.rv

    def watching(self, kind, step):
        with self.changed:
            self.watches[kind] = self.watches.get(kind, 0) + step
            self.changed.notify_all()

    def wait_for(self, condition, seconds=180):
        """Waits until condition() holds; False after the time."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self.changed.wait(min(left, 0.2))
        return True

    def log(self, handler):
        with self.changed:
            self.requests.append({"path": handler.path, "headers": dict(handler.headers.items()),
                                  "time": time.monotonic()})
            self.changed.notify_all()

    def log_user(self, user):
        """Who asked, as the credentials of each request tell; refused ones are None."""
        with self.changed:
            self.users.append(user)
            self.changed.notify_all()

    def paths(self, pattern=""):
        return [r["path"] for r in list(self.requests) if re.search(pattern, r["path"])]

    # -- discovery --------------------------------------------------------------------------------

    def served(self):
        return [r for r in self.resources if r.group not in self.absent and r.kind not in self.absent]

    def meta_type(self, form):
        return f"application/json;as={form};v=v1;g=meta.k8s.io" if self.meta_as else "application/json"

    def aggregated_type(self):
        version = "v2beta1" if self.discovery == "v2beta1" else "v2"
        if self.discovery == "reordered":
            return f"application/json; as=APIGroupDiscoveryList; charset=utf-8;V={version};" \
                   "g=apidiscovery.k8s.io"
        return f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"

    def groups(self, core):
        names = dict.fromkeys(r.group for r in self.served() if (r.group == "") == core)
        for name in names:
            versions = dict.fromkeys(v for r in self.served() if r.group == name for v in r.versions)
            yield name, list(versions)
        if not core:
            for group, version in sorted(self.broken | self.stale):
                if group not in names:
                    yield group, [version]

    def aggregated(self, path):
        items = []
        for name, versions in self.groups(path == "/api"):
            docs = []
            for v in versions:
                resources = [{"resource": r.plural, "singularResource": "",
                              "responseKind": {"group": name, "version": v, "kind": r.kind},
                              "scope": "Namespaced" if r.namespaced else "Cluster",
                              "verbs": ["get", "list", "watch"]}
                             for r in self.served() if r.group == name and v in r.versions]
                stale = (name, v) in self.stale | self.broken
                docs.append({"version": v, "freshness": "Stale" if stale else "Current",
                             "resources": [] if stale else resources})
            items.append({"metadata": {"name": name} if name else {}, "versions": docs})
        return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2",
                "metadata": {}, "items": items}

    def group_list(self):
        groups = [{"name": n, "versions": [{"groupVersion": f"{n}/{v}", "version": v} for v in vs]}
                  for n, vs in self.groups(False)]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def load(path):
    """Objects of a JSON file, or of any manifests by way of the program's own snapshot."""
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as f:
            doc = json.load(f)
    else:
        out = subprocess.run([os.environ.get("RUTTER", "rutter"), "snapshot", "-f", path],
                             stdout=subprocess.PIPE, check=True).stdout
        doc = json.loads(out)
    items = doc["items"] if isinstance(doc, dict) and "items" in doc else doc
    return [o for o in items if o.get("kind") != "SnapshotInfo"]


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--objects", action="append", default=[], help="manifests to serve")
    p.add_argument("--ready-file", required=True, help="gets the URL when the server listens")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--kubeconfig", help="folder to write a kubeconfig named config to")
    p.add_argument("--faults", help="JSON: a list of {where, times, …} as of class Fault")
    p.add_argument("--discovery", default="v2", choices=["v2", "v2beta1", "reordered", "legacy"])
    args = p.parse_args()
    objects = [o for path in args.objects for o in load(path)]
    api = FakeApi(objects, port=args.port)
    api.discovery = args.discovery
    if args.faults:
        with open(args.faults, encoding="utf-8") as f:
            api.faults = [Fault(**row) for row in json.load(f)]
    with api:
        if args.kubeconfig:
            api.kubeconfig(args.kubeconfig)
        with open(args.ready_file + ".new", "w", encoding="utf-8") as f:
            f.write(api.url + "\n")
        os.rename(args.ready_file + ".new", args.ready_file)
        try:
            sys.stdin.read()  # until the parent goes away
        except KeyboardInterrupt:
            pass
    for v in api.violations:
        print("violation:", v, file=sys.stderr)
    return 1 if api.violations else 0


if __name__ == "__main__":
    sys.exit(main())
