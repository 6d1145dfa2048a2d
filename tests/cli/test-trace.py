#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`rutter trace` and `rutter routes` against the contract: shapes, exit statuses, narrowing."""
import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios

TOP = os.environ["TOP_SRCDIR"]
RUTTER = os.environ["RUTTER"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import tap  # noqa: E402
import terminal  # noqa: E402

REF = {"group", "kind", "namespace", "name"}
CHANGE = {"set", "add", "remove"}
RESULT = {"entry", "listener", "route", "outcome", "status", "redirect", "backends", "forwarded",
          "responseHeaders", "mirrors", "certainty", "steps"}
BACKEND = REF | {"port", "weight", "share", "status", "readyEndpoints", "endpoints", "tls", "forwarded",
                 "responseHeaders"}
ROW = {"host", "path", "pathType", "method", "headers", "queryParams", "entry", "listener",
       "ingressClass", "route", "backends", "redirect", "state", "why", "shadowedBy"}
OUTCOMES = {"forward", "redirect", "respond", "refuse", "tls-error"}


def call(*arguments):
    return subprocess.run([RUTTER, *arguments], capture_output=True, text=True, check=False)


def document(*arguments):
    done = call(*arguments, "-o", "json")
    return json.loads(done.stdout), done.returncode


def file_of(name):
    return os.path.join(TOP, "tests", "trace", name)


def served(result):
    live = [b for b in result["backends"] if b["share"] > 0 and b["status"] is None]
    return (result["outcome"] == "redirect" or result["outcome"] == "forward" and bool(live)
            or result["outcome"] == "respond" and result["status"] < 400)


def faults_of(result):
    """What the contract promises of a result and this one does not keep."""
    if RESULT - set(result):
        yield f"left out: {RESULT - set(result)}"
    if result["outcome"] not in OUTCOMES or result["certainty"] not in ("spec", "controller"):
        yield f"{result['outcome']} {result['certainty']}"
    if (result["outcome"] == "redirect") != (result["redirect"] is not None):
        yield "redirect and outcome part"
    if (result["outcome"] == "respond") != (result["status"] is not None):
        yield "status and outcome part"
    if result["outcome"] == "forward" and not (result["forwarded"] or result["route"]["kind"][:3] in
                                               ("TLS", "TCP", "UDP")):
        yield "nothing is forwarded"
    if set(result["responseHeaders"]) != CHANGE:
        yield "responseHeaders"
    for backend in result["backends"]:
        if BACKEND - set(backend):
            yield f"left out of a backend: {BACKEND - set(backend)}"
        ready = [e for e in backend["endpoints"] if e["ready"]]
        if backend["readyEndpoints"] is not None and backend["readyEndpoints"] != len(ready):
            yield "readyEndpoints"
    if not result["steps"] or any({"hop", "ok", "text"} - set(s) for s in result["steps"]):
        yield "steps"
    if sum(b["share"] for b in result["backends"]) > 1.0001:
        yield "shares beyond the whole"


def shapes():
    """Requests to the demo cluster, one of each outcome."""
    urls = ["http://shop.example.com/cart", "https://shop.example.com/cart/pay", "grpcs://api.example.com/a.B/C",
            "tls://vault.internal.example.com:443", "tcp://x:5432", "https://shop.example.com:8443/",
            "http://nobody.example.org/", "https://partners.example.net/"]
    for url in urls:
        doc, status = document("trace", "--demo", url)
        wrong = [f for r in doc["results"] for f in faults_of(r)]
        tap.equal(wrong, [], f"{url} keeps the contract")
        tap.equal(status, 0 if any(map(served, doc["results"])) else 1, f"{url}: exit status")
        tap.equal((doc["apiVersion"], doc["kind"], doc["unread"]), ("rutter/v1", "TraceReport", []), url)
        tap.ok({"scheme", "method", "host", "port", "path", "query", "headers", "sni"} <= set(doc["request"]),
               f"{url}: the request is told")


def entries():
    doc, status = document("trace", "--demo", "http://nobody.example.invalid:81/")
    tap.equal([(r["entry"], r["outcome"]) for r in doc["results"]], [(None, "refuse")], "nobody listens")
    tap.equal(status, 1, "… exit status 1")
    doc, _ = document("trace", "--demo", "--gateway", "infra/public", "https://shop.example.com/")
    tap.equal([r["entry"]["name"] for r in doc["results"]], ["public"], "--gateway asks one alone")
    doc, _ = document("trace", "--demo", "--ingress", "shop/storefront", "https://shop.example.com/")
    tap.equal([r["entry"]["kind"] for r in doc["results"]], ["Ingress"], "--ingress asks its class alone")
    doc, _ = document("trace", "--demo", "-n", "infra", "https://shop.example.com/")
    tap.equal({r["entry"]["kind"] for r in doc["results"]}, {"Gateway"}, "-n narrows what is shown")
    doc, status = document("trace", "--demo", "--port", "8443", "--sni", "a.example.com",
                           "-H", "X-A: b", "PUT", "https://shop.example.com:444/p?q=1")
    request = doc["request"]
    tap.equal((request["method"], request["port"], request["sni"], request["query"], request["headers"]),
              ("PUT", 444, "a.example.com", "q=1", [["X-A", "b"]]), "the request as asked")


def usage():
    for arguments in (["trace", "--demo"], ["trace", "--demo", "GET", "http://x/", "more"],
                      ["trace", "--demo", "http://x/", "GET"], ["trace", "--demo", "nonsense"], ["trace", "--demo", "http://x:99999/"],
                      ["trace", "--demo", "--port", "0", "http://x/"],
                      ["trace", "--demo", "--gateway", "noslash", "http://x/"],
                      ["trace", "--demo", "-H", "nocolon", "http://x/"],
                      ["trace", "--demo", "--features", "+NoSuchThing", "http://x/"],
                      ["routes", "--demo", "bucket/x"], ["routes", "--demo", "svc/"],
                      ["check", "--demo", "svc/x"], ["status", "--demo", "svc/x"], ["version", "x"]):
        done = call(*arguments)
        tap.ok(done.returncode == 2 and done.stdout == "" and done.stderr.startswith("rutter: "),
               " ".join(arguments) + ": " + done.stderr.split("\n", 1)[0])


def hostile_text():
    """What a request or an object holds never reaches the terminal as it is."""
    done = call("trace", "-f", file_of("hostile.yaml"), "-H", "X: \u202eevil\u009b31m",
                "http://x.test/%1b[31m\u202e")
    bad = [c for c in done.stdout if ord(c) < 32 and c != "\n" or 0x7f <= ord(c) <= 0x9f or c == "\u202e"]
    tap.equal(bad, [], "no control character in the ladder")


def table():
    doc, status = document("routes", "--demo")
    rows = doc["rows"]
    tap.equal(status, 0, "routes: exit status 0")
    tap.equal([sorted(ROW - set(r)) for r in rows if ROW - set(r)], [], "no key is left out of a row")
    tap.ok(len(rows) > 10 and {r["route"]["kind"] for r in rows} >= {"HTTPRoute", "TLSRoute", "Ingress"},
           "Gateway API and Ingress side by side")
    read = list(csv.DictReader(io.StringIO(call("routes", "--demo", "-o", "csv").stdout)))
    tap.equal([(r["routeName"], r["state"].split(":")[0].split(" ")[0]) for r in read],
              [(r["route"]["name"], r["state"]) for r in rows], "CSV has the same rows")
    lines = call("routes", "--demo").stdout.splitlines()
    tap.equal(len(lines), len(rows) + 1, "the table too, below its heading")
    for words, check in (
            (["shop.example.com"], lambda r: r["host"] in ("shop.example.com", "*.example.com")),
            (["svc/cart"], lambda r: any(b["name"] == "cart" for b in r["backends"])),
            (["httproute/shop/cart"], lambda r: r["route"]["name"] == "cart"),
            (["gtw/public"], lambda r: r["entry"] and r["entry"]["name"] == "public"),
            (["-n", "payments"], lambda r: r["route"]["namespace"] == "payments")):
        some, _ = document("routes", "--demo", *words)
        tap.ok(some["rows"] and all(map(check, some["rows"])) and len(some["rows"]) < len(rows),
               f"routes {' '.join(words)}: {len(some['rows'])} rows")


def shadows():
    doc, _ = document("routes", "-f", file_of("gw-near-misses.yaml"))
    by = {r["route"]["name"]: r for r in doc["rows"]}
    tap.equal(by["young"]["state"], "shadowed", "an equal match of a younger route is shadowed")
    tap.equal((by["young"]["shadowedBy"] or {}).get("name"), "get", "… by the older one")
    tap.equal(by["get"]["shadowedBy"], None, "… which is not")
    doc, _ = document("routes", "-f", file_of("nginx-redirects.yaml"), "dup.test")
    tap.equal([(r["route"]["name"], r["state"]) for r in doc["rows"]],
              [("dup-old", "ok"), ("dup-new", "shadowed")], "of two Ingresses with one path the younger is shadowed")
    doc, _ = document("routes", "-f", file_of("nginx-09-alias-www-canary.yaml"), "c.test")
    tap.equal({r["shadowedBy"] for r in doc["rows"]}, {None}, "a canary shadows nothing and is not shadowed")


def order():
    """Rows of one host come in the order in which they are tried."""
    doc, _ = document("routes", "-f", file_of("gw-regex.yaml"), "x.test")
    types = [r["pathType"] for r in doc["rows"]]
    tap.equal(types, sorted(types, key=["Exact", "RegularExpression", "PathPrefix"].index),
              "exact, then expressions, then prefixes")


def on_terminal(columns, *arguments):
    """What the program writes to a terminal of so many columns; None where there is none."""
    if terminal.no_pty():
        return None
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.environ.pop("COLUMNS", None)
        os.execvpe(RUTTER, [RUTTER, *arguments, "--color", "never"], {**os.environ, "LC_ALL": "C.UTF-8"})
    out = b""
    while True:
        try:
            more = os.read(fd, 65536)
        except OSError:
            break
        if not more:
            break
        out += more
    os.close(fd)
    os.waitpid(pid, 0)
    return out.decode().replace("\r\n", "\n")


def narrow_table():
    """A table that does not fit becomes paragraphs, which hold the same; one that fits stays."""
    for columns in (60, 80, 120):
        text = on_terminal(columns, "routes", "--demo")
        if text is None:
            tap.skip(terminal.no_pty(), f"routes on {columns} columns")
            continue
        lines = text.splitlines()
        tap.equal([line for line in lines if len(line) > columns], [], f"nothing is wider than {columns} columns")
        tap.ok(text.count("shop.example.com\n") == 1 and "\n      shadowed" not in text,
               "a host is a heading once")
        tap.ok("\n  ✖ /cart/pay/* POST → payments/payments:8443" in text and "broken: payments: no" in text,
               "a row says what is asked, where it goes and what ails it")
    wide = on_terminal(300, "routes", "--demo")
    if wide is not None:
        tap.equal(wide, call("routes", "--demo").stdout, "a terminal that is wide enough gets the table")


def ingress_rows():
    """Canaries share, aliases are hosts, redirects need no backend, a filter that is missing breaks the rule."""
    doc, _ = document("routes", "-f", file_of("nginx-09-alias-www-canary.yaml"))
    by = {(r["host"], r["route"]["name"]): r for r in doc["rows"]}
    shares = [(b["name"], b["share"]) for b in by["c.test", "c"]["backends"]]
    tap.equal(shares, [("api", 0.8), ("new", 0.2)], "a path shows the share of its canary")
    tap.equal(by["c.test", "cc"]["canary"], "canary 20% header X-Canary", "a canary says which requests it gets")
    tap.equal([b["share"] for b in by["p.test", "pc"]["backends"]], [1], "by header alone it gets all of those")
    tap.equal((by["alone.test", "alone"]["state"], by["alone.test", "alone"]["why"]),
              ("broken", "no other Ingress has the path of the canary"), "alone it is not served")
    tap.ok(("alias.test", "al") in by and ("second.alias.test", "al") in by, "aliases have rows")
    doc, _ = document("routes", "-f", file_of("nginx-redirects.yaml"), "both.test")
    tap.equal([(r["redirect"], r["state"]) for r in doc["rows"]], [("302 https://t.test/", "redirect")],
              "a redirect by annotation")
    doc, _ = document("routes", "-f", file_of("gw-filters.yaml"))
    tap.equal([(r["state"], r["why"]) for r in doc["rows"] if r["path"] == "/ext"],
              [("broken", "filter Thing default/none does not exist")], "a missing filter breaks its rule")


def unread_policies():
    """What a cluster did not tell about TLS to its backends is said, not taken for plain."""
    gateway = "gateway.networking.k8s.io"
    kinds = [(gateway, "GatewayClass"), (gateway, "Gateway"), (gateway, "HTTPRoute"), ("", "Service")]

    def certainty(state):
        scopes = [{"group": g, "kind": k, "namespaces": None, "state": "read"} for g, k in kinds]
        scopes += [{"group": gateway, "kind": k, "namespaces": None, "state": "absent"}
                   for k in ("ListenerSet", "GRPCRoute", "ReferenceGrant")]
        scopes.append({"group": gateway, "kind": "BackendTLSPolicy", "namespaces": None, "state": state})
        listener = {"name": "http", "port": 80, "protocol": "HTTP"}
        items = [
            {"apiVersion": "rutter/v1", "kind": "SnapshotInfo", "metadata": {"name": "snapshot"},
             "context": "c", "kinds": scopes},
            {"apiVersion": gateway + "/v1", "kind": "GatewayClass", "metadata": {"name": "c"},
             "spec": {"controllerName": "example.com/c"}},
            {"apiVersion": gateway + "/v1", "kind": "Gateway", "metadata": {"name": "g", "namespace": "a"},
             "spec": {"gatewayClassName": "c", "listeners": [listener]}},
            {"apiVersion": gateway + "/v1", "kind": "HTTPRoute", "metadata": {"name": "r", "namespace": "a"},
             "spec": {"parentRefs": [{"name": "g"}], "rules": [{"backendRefs": [{"name": "s", "port": 80}]}]}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "a"},
             "spec": {"ports": [{"port": 80}]}}]
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        done = subprocess.run([RUTTER, "trace", "-f", "-", "-o", "json", "http://x.test/"], input=text,
                              capture_output=True, text=True, check=False)
        return json.loads(done.stdout)["results"][0]["certainty"]
    tap.equal(certainty("read"), "spec", "policies that were read: plain bytes for certain")
    tap.equal(certainty("forbidden"), "controller", "policies that were refused: not certain")


unread_policies()
shapes()
entries()
usage()
hostile_text()
table()
shadows()
order()
narrow_table()
ingress_rows()
sys.exit(tap.done())
