#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dump as people read it: what is counted is what is shown, however it was narrowed; nothing that was
found is left out; 80 columns; ASCII."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests", "lib"))
import tap  # noqa: E402

GRANT = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, port: 80}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: typo, namespace: pay}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRuote, namespace: shop}]
  to: [{group: "", kind: Service}]
"""

NOBODY = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, port: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: cart-1, namespace: shop, labels: {kubernetes.io/service-name: cart}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1], conditions: {ready: false}}]
ports: [{port: 80}]
"""


def dump(*words, stdin="", **more):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "RT_NOW": "2026-11-23T12:00:00Z", **more}
    done = subprocess.run([os.environ["RUTTER"], "dump", *words], env=env, input=stdin,
                          capture_output=True, text=True, check=True)
    return done.stdout


def codes(text):
    """The findings that are told, in order."""
    return re.findall(r"(?m)^[ │├└─|`✖▲○?x!i-]*([A-Z]{2}\d\d) ", text)


def counted(text):
    """What the heading counts: errors, warnings, unknown."""
    heading = text.splitlines()[0]
    return [int(n) for word in ("error", "warning", "unknown")
            for n in (re.findall(rf"(\d+) {word}", heading) or [0])]


def main():
    text = dump("--demo")
    tap.equal(sorted(codes(text)), ["GW03", "IC07", "IN01", "LS04", "RT04", "RT14", "RT15", "SV02"],
              "the demo's eight faults are told")
    tap.equal(counted(text), [6, 2, 0], "and counted")
    roots = re.findall(r"(?m)^(\S) (?:GatewayClass|IngressClass)", text)
    tap.ok(text.index("does not exist  ✖1") < text.index("IngressClass nginx  k8s.io") and len(roots) == 4,
           "roots with errors stand before those with warnings")
    for words in (["-n", "payments"], ["-n", "analytics"], ["svc/cart"], ["ing", "tcproute"], ["gtw/internal"],
                  ["-n", "shop", "httproute/search"], ["-l", "app=cart"]):
        text = dump("--demo", *words)
        tap.equal(sum(counted(text)), len(codes(text)), f"dump {' '.join(words)}: what is counted is told")
        below = re.findall(r"(?m)^\S (?:Gateway|Ingress)Class.*?(?:  ✖(\d+))?(?:  ▲(\d+))?$", text)
        total = sum(int(n) for pair in below for n in pair if n)
        own = len(re.findall(r"(?m)^  [A-Z]{2}\d\d ", text))
        tap.equal(total + own, len(codes(text)), f"dump {' '.join(words)}: and so are the classes' counts")
    tap.equal(dump("--demo", "-n", "nope"), "Nothing to show.\n", "where nothing is left, that is said")
    tap.equal(dump("-f", "-"), "Nothing to show.\n", "where nothing was read, too")
    text = dump("-f", "-", stdin=GRANT)
    tap.ok("RG02" in codes(text), "a finding on what has no place in the tree stands beside it")
    tap.ok("? Gateway shop/public  not read" in text and "RT01" not in codes(text),
           "that a parent was not read is said once, by its own line")
    tap.ok("RG02" not in dump("-f", "-", "httproute/cart", stdin=GRANT), "unless something else is asked for")
    tap.has(dump("-f", "-", stdin=NOBODY), "✖ 100% :80 Service shop/cart  0/1 ready",
            "a Service behind which nothing is ready is no good link, whoever is told of it")
    bare = os.path.join(os.environ["TOP_SRCDIR"], "tests/findings/GC11/bad-absent.yaml")
    tap.equal(codes(dump("-f", bare)), ["GC11"], "that Gateway API is not installed is one line")
    for words in ([], ["-o", "wide"]):
        plain = dump("--demo", "--ascii", *words)
        tap.ok(plain.isascii() and not re.search(r"\w\?|\?\w| \? [a-z]", plain), f"ASCII loses nothing {words}")
        for columns in (80, 50):
            text = dump("--demo", *words, COLUMNS=str(columns))
            prose = [line for line in text.splitlines() if re.search(r"[│ ]   +\w+ \w+ \w", line)]
            tap.equal([line for line in prose if len(line) > columns], [], f"prose keeps to {columns} columns {words}")
    return tap.done()


sys.exit(main())
