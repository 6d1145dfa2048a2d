#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON documents, member by member: every one that scripts may rely on is there, of its type, and
null where there is nothing; a second run, and the same objects in another order, give the same bytes."""
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests", "lib"))
import tap  # noqa: E402

NONE = type(None)
NUMBER = (int, float)
REF = {"group": str, "kind": str, "namespace": (str, NONE), "name": str}


def maybe(shape):
    return ("or null", shape)


PARENT = {**REF, "sectionName": (str, NONE), "port": (int, NONE)}
KIND = {"group": str, "kind": str}
HEADERS = {"set": [[str]], "add": [[str]], "remove": [str]}
FORWARDED = {"host": str, "path": str, "requestHeaders": HEADERS}
HEAD = {"apiVersion": "rutter/v1",
        "unread": [{"group": str, "kind": str, "namespace": (str, NONE), "why": str}]}
ROUTE = {**REF, "rule": int, "match": (int, NONE)}

STATUS = {**HEAD, "kind": "StatusReport",
          "conditions": [{"object": REF, "parent": maybe(PARENT), "listener": (str, NONE), "type": str,
                          "expected": maybe({"status": str, "reason": (str, NONE), "message": (str, NONE)}),
                          "reported": maybe({"status": str, "reason": (str, NONE), "message": (str, NONE),
                                             "observedGeneration": (int, NONE), "stale": bool}),
                          "verdict": (str, NONE)}],
          "listeners": [{"object": REF, "listener": str,
                         "attachedRoutes": {"expected": (int, NONE), "reported": (int, NONE)},
                         "supportedKinds": {"expected": maybe([KIND]), "reported": maybe([KIND])}}],
          "gateways": [{"object": REF,
                        "attachedListenerSets": {"expected": (int, NONE), "reported": (int, NONE)}}]}
BACKEND = {**REF, "port": (int, NONE), "weight": int, "share": NUMBER, "status": (int, NONE),
           "readyEndpoints": (int, NONE),
           "endpoints": maybe([{"address": str, "port": (int, NONE), "ready": bool, "pod": (str, NONE)}]),
           "tls": maybe({"mode": str, "sni": (str, NONE), "clientCertificate": maybe(REF)}),
           "forwarded": maybe(FORWARDED), "responseHeaders": maybe(HEADERS)}
TRACE = {**HEAD, "kind": "TraceReport",
         "request": {"scheme": str, "method": (str, NONE), "host": str, "port": int, "path": (str, NONE),
                     "query": (str, NONE), "headers": [[str]], "sni": (str, NONE)},
         "results": [{"entry": maybe(REF),
                      "listener": maybe({"name": str, "port": int, "protocol": str, "hostname": (str, NONE),
                                         "listenerSet": maybe(REF)}),
                      "route": maybe(ROUTE), "outcome": str, "status": (int, NONE),
                      "redirect": maybe({"scheme": str, "host": str, "port": (int, NONE), "path": str,
                                         "status": int, "location": str}),
                      "backends": [BACKEND], "forwarded": maybe(FORWARDED), "responseHeaders": maybe(HEADERS),
                      "mirrors": [{**REF, "port": (int, NONE), "percent": NUMBER}], "certainty": str,
                      "steps": [{"hop": str, "ok": (bool, NONE), "text": str}]}]}
CHECK = {**HEAD, "kind": "CheckReport",
         "summary": {"errors": int, "warnings": int, "infos": int, "unknown": int},
         "findings": [{"code": str, "name": str, "severity": str, "certain": bool, "object": REF,
                       "field": (str, NONE), "message": str, "because": [str], "related": [REF],
                       "fix": (str, NONE), "fixManifest": (str, NONE),
                       "source": maybe({"file": str, "line": int})}]}
GRAPH = {**HEAD, "kind": "Graph",
         "nodes": [{"id": str, "object": REF, "state": str, "summary": str}],
         "edges": [{"from": str, "to": str, "kind": str, "state": str, "field": (str, NONE)}]}
TABLE = {**HEAD, "kind": "RouteTable", "rows": [{}]}
VERSION = {**HEAD, "kind": "Version", "version": str}


def faults(value, shape, path):
    """Where VALUE is not of SHAPE."""
    if isinstance(shape, tuple) and shape and shape[0] == "or null":
        return [] if value is None else faults(value, shape[1], path)
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        return [f for key, inner in shape.items()
                for f in ([f"{path}.{key} is absent"] if key not in value
                          else faults(value[key], inner, f"{path}.{key}"))]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path} is no array"]
        return [f for i, one in enumerate(value) for f in faults(one, shape[0], f"{path}[{i}]")]
    if isinstance(shape, str):
        return [] if value == shape else [f"{path} is {value!r}, not {shape!r}"]
    types = shape if isinstance(shape, tuple) else (shape,)
    held = isinstance(value, types) and (bool in types or not isinstance(value, bool))
    return [] if held else [f"{path} is {value!r}"]


def run(*words):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "RT_NOW": "2026-11-23T12:00:00Z"}
    done = subprocess.run([os.environ["RUTTER"], *words, "-o", "json"], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    return done.stdout


def holds(shape, *words):
    text = run(*words)
    found = faults(json.loads(text or "null"), shape, "document")
    tap.equal(found[:10], [], f"{' '.join(words)}: every member, of its type")
    return text


COMMANDS = [(["status"], STATUS), (["check", "--fail-on", "never"], CHECK), (["dump"], GRAPH),
            (["routes"], TABLE), (["trace", "https://shop.example.com/cart"], TRACE),
            (["trace", "http://shop.example.com/"], TRACE), (["trace", "tcp://203.0.113.9:5432"], TRACE),
            (["trace", "tls://vault.internal.example.com:443"], TRACE),
            (["trace", "grpcs://api.example.com/shop.catalog.v1.Catalog/List"], TRACE),
            (["trace", "http://nobody.example.org/"], TRACE)]


def shuffled(folder):
    """The demo's objects in another order, as one List and as one file each."""
    env = {**os.environ, "RT_NOW": "2026-11-23T12:00:00Z"}
    text = subprocess.run([os.environ["RUTTER"], "snapshot", "--demo"], env=env, capture_output=True, text=True,
                          check=True).stdout
    doc = json.loads(text)
    paths = []
    for seed in (None, 1, 2):
        items = doc["items"][1:]
        if seed:
            random.Random(seed).shuffle(items)
        path = os.path.join(folder, f"{seed}.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump({**doc, "items": doc["items"][:1] + items}, f)
        paths.append(path)
    return paths


def main():
    for words, shape in COMMANDS:
        text = holds(shape, *words, "--demo")
        tap.equal(run(*words, "--demo"), text, f"{' '.join(words)}: twice the same")
    holds(VERSION, "version")
    data = os.path.join(os.environ["TOP_SRCDIR"], "tests")
    for part in ("semantics", "trace", "findings/clean", "findings/RD02"):
        folder = os.path.join(data, part)
        for words, shape in COMMANDS[:5]:
            holds(shape, *words, "-f", folder)
    doc = json.loads(holds(CHECK, "check", "-f", os.path.join(data, "findings/RD02/bad-forbidden.yaml")))
    tap.ok(doc["unread"], "what could not be read is in it")
    with tempfile.TemporaryDirectory() as folder:
        paths = shuffled(folder)
        for words, _ in COMMANDS:
            texts = {run(*words, "-f", path).replace(path, "FILE") for path in paths}
            if words[0] == "check":  # the line of an object is where it stands
                texts = {json.dumps([{**f, "source": None} for f in json.loads(t)["findings"]]) for t in texts}
            tap.equal(len(texts), 1, f"{' '.join(words)}: the order of the input is not the output's")
    return tap.done()


sys.exit(main())
