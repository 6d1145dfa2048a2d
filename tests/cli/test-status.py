#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`rutter status` for people and for programs: the table is narrow and says the same as the JSON,
and the JSON keeps the contract to the member."""
import collections
import json
import os
import re
import subprocess
import sys

TOP = os.environ["TOP_SRCDIR"]
RUTTER = os.environ["RUTTER"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import tap  # noqa: E402

VERDICTS = os.path.join(TOP, "tests", "semantics", "verdicts.yaml")
REF = {"group": str, "kind": str, "namespace": (str, None), "name": str}
SHAPES = {
    "conditions": {
        "object": REF,
        "parent": ({**REF, "sectionName": (str, None), "port": (int, None)}, None),
        "listener": (str, None),
        "type": str,
        "expected": ({"status": str, "reason": (str, None), "message": (str, None)}, None),
        "reported": ({"status": str, "reason": (str, None), "message": (str, None),
                      "observedGeneration": (int, None), "stale": bool}, None),
        "verdict": (str, None),
    },
    "listeners": {
        "object": REF,
        "listener": str,
        "attachedRoutes": {"expected": (int, None), "reported": (int, None)},
        "supportedKinds": {"expected": ([{"group": str, "kind": str}], None),
                           "reported": ([{"group": str, "kind": str}], None)},
    },
    "gateways": {
        "object": REF,
        "attachedListenerSets": {"expected": (int, None), "reported": (int, None)},
    },
}
WORDS = "agree differ missing unexpected stale unknown".split()


def status(*args):
    p = subprocess.run([RUTTER, "status", *args], capture_output=True, text=True, check=False)
    return p.stdout if p.returncode == 0 else f"exit {p.returncode}: {p.stderr}"


def faults(value, shape, path):
    """Where VALUE is not of SHAPE; further members are allowed."""
    if isinstance(shape, tuple):
        if value is None:
            return [] if None in shape else [f"{path} is null"]
        return faults(value, shape[0], path)
    if isinstance(shape, list):
        return [f for i, v in enumerate(value) for f in faults(v, shape[0], f"{path}[{i}]")]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        return [f for k, s in shape.items()
                for f in ([f"{path}.{k} is left out"] if k not in value
                          else faults(value[k], s, f"{path}.{k}"))]
    return [] if type(value) is shape else [f"{path} is {value!r}"]


def contract(doc, what):
    tap.equal((doc["apiVersion"], doc["kind"]), ("rutter/v1", "StatusReport"), f"{what}: document")
    tap.ok("unread" in doc, f"{what}: what was not read is named")
    for member, shape in SHAPES.items():
        bad = faults(doc[member], [shape], member)
        tap.ok(doc[member] and not bad, f"{what}: {member} keep the contract")
        tap.diag("\n".join(bad[:5]))


def as_written():
    """Numbers and absences as the object has them."""
    doc = json.loads(status("-o", "json", "-f", VERDICTS))
    seen = {(c["object"]["name"], c["type"], c["listener"]): c["reported"] for c in doc["conditions"]}
    tap.equal(seen["g", "Programmed", None],
              {"status": "False", "reason": "AddressNotAssigned", "message": None,
               "observedGeneration": 3, "stale": False, "controllerName": None},
              "a condition is as it was reported")
    tap.equal(seen["old", "Accepted", None]["observedGeneration"], None, "no generation is null")
    tap.equal(seen["g", "Programmed", "http"], None, "what is not reported is null")


def text(args, what):
    doc, shown = json.loads(status("-o", "json", *args)), status(*args)
    lines = shown.splitlines()
    names = list(dict.fromkeys(
        f"{o['kind']} {o['namespace'] + '/' if o['namespace'] else ''}{o['name']}"
        for o in (c["object"] for c in doc["conditions"])))
    headings = [re.sub(r":.*", "", x) for x in lines[1:] if x[:1] not in ("", " ")]
    tap.equal(headings[:len(names)], names, f"{what}: every object has its heading, once")
    count = collections.Counter(c["verdict"] for c in doc["conditions"] if c["verdict"])
    tap.equal(lines[-1], ", ".join(f"{count[w]} {w}" for w in WORDS if count[w]),
              f"{what}: the last line counts the verdicts")
    rows = collections.Counter(x.split()[-1] for x in lines[:-1] if x.startswith("    "))
    tap.equal({w: rows[w] for w in count}, dict(count), f"{what}: every verdict has its row")
    tap.ok(not [x for x in lines if x != x.rstrip()], f"{what}: no blanks at the end")
    return lines


def main():
    contract(json.loads(status("-o", "json", "-f", VERDICTS)), "verdicts")
    contract(json.loads(status("-o", "json", "--demo")), "demo")
    as_written()
    lines = text(["--demo"], "demo")
    tap.equal([x for x in lines if len(x) > 80], [], "the demo fits into 80 columns")
    lines = text(["-f", VERDICTS], "verdicts")
    tap.ok("  listener http: 8 routes (1 reported); takes HTTPRoute, GRPCRoute" in lines,
           "a listener counts its routes beside the reported number")
    tap.ok("  at Gateway infra/g, section other" in lines, "a parent is named with its section")
    tap.equal(sum(x.strip() == "other.example/ctl reports, whose class it is not" for x in lines), 1,
              "who reports in another's place is named, once")
    tap.ok(any(x.split() == ["Accepted", "True", "Accepted", "same", "✔", "agree"] for x in lines),
           "what agrees is not repeated")
    redacted = status("-f", os.path.join(TOP, "tests", "findings", "LS06", "open-no-data.yaml"))
    tap.has(redacted, "Whether a listener is in service could not", "what is open is not called out of service")
    return tap.done()


sys.exit(main())
