# SPDX-License-Identifier: Apache-2.0
"""Runs `rutter status -o json` on every case of this folder; README has the form of a case."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests/lib"))
import tap  # noqa: E402

HERE = os.path.join(os.environ["TOP_SRCDIR"], "tests/semantics")
ROW = re.compile(
    r"(?P<kind>\w+) (?P<name>\S+)"
    r"(?: @ (?P<pkind>\w+) (?P<parent>[^\s:]+)(?::(?P<port>\d+))?)?"
    r"(?: listener (?P<listener>\S+))?"
    r"(?: (?P<what>routes|sets|kinds)(?P<rest> .*)| (?P<type>[\w./]+) (?P<status>\S+)(?: (?P<reason>[\w*]+))?"
    r"(?: => (?P<verdict>\w+))?)$")


def run(path, arguments):
    argv = [os.environ["RUTTER"], "status", "-o", "json", "-f", path] + arguments
    p = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    if p.returncode:
        tap.diag(p.stderr)
        return None
    return json.loads(p.stdout)


def is_object(ref, kind, name):
    have = ref["name"] if ref["namespace"] is None else f"{ref['namespace']}/{ref['name']}"
    return ref["kind"] == kind and have == name


def same_parent(row, e):
    p = row["parent"]
    if e["parent"] is None or p is None:
        return e["parent"] is None and p is None
    name, section = e["parent"], None
    if name.count("/") == 2:
        name, section = name.rsplit("/", 1)
    return (is_object(p, e["pkind"], name) and p["sectionName"] == section
            and p["port"] == (int(e["port"]) if e["port"] else None))


def condition(doc, e):
    rows = [r for r in doc["conditions"]
            if is_object(r["object"], e["kind"], e["name"]) and same_parent(r, e)
            and r["listener"] == e["listener"] and r["type"] == e["type"]]
    if e["status"] == "none":
        return "none" if not rows else f"{len(rows)} rows"
    if len(rows) != 1:
        return f"{len(rows)} rows"
    x = rows[0]["expected"]
    got = "-" if x is None else x["status"]
    if x and x["reason"]:
        got += " " + (x["reason"] if e["reason"] != "*" else "*")
    elif x and e["reason"] == "*":
        got += " *"
    return got + (f" => {rows[0]['verdict'] or 'null'}" if e["verdict"] else "")


def wanted(e):
    text = e["status"] + (" " + e["reason"] if e["reason"] else "")
    return text + (f" => {e['verdict']}" if e["verdict"] else "")



def listener(doc, e):
    for r in doc["listeners"]:
        if is_object(r["object"], e["kind"], e["name"]) and r["listener"] == e["listener"]:
            kinds = r["supportedKinds"]["expected"]
            names = None if kinds is None else ",".join(k["kind"] for k in kinds)
            return {"routes": r["attachedRoutes"]["expected"], "kinds": names}
    return {}


def counts(doc, e):
    """Lines that speak of numbers and kinds: pairs of what and value."""
    words = (e["what"] + e["rest"]).split()
    want = dict(zip(words[::2], words[1::2]))
    if "sets" in want:
        got = {"sets": r["attachedListenerSets"]["expected"] for r in doc["gateways"]
               if is_object(r["object"], e["kind"], e["name"])}
    else:
        got = listener(doc, e)
    shown = {k: str(got.get(k)) if got.get(k) != "" else "none" for k in want}
    return shown, want


def expectation(doc, line, case):
    m = ROW.match(line)
    if not m:
        tap.ok(False, f"{case}: cannot be read: {line}")
        return
    e = m.groupdict()
    if e["what"]:
        got, want = counts(doc, e)
    else:
        got, want = condition(doc, e), wanted(e)
    tap.equal(got, want, f"{case}: {line}")


def case(name):
    path = os.path.join(HERE, name)
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    arguments = [w for x in lines if x.startswith("#!") for w in x[2:].split()]
    expected = [x[2:].strip() for x in lines if x.startswith("#=")]
    doc = run(path, arguments)
    if not tap.ok(doc is not None, f"{name}: status runs") or not tap.ok(expected, f"{name}: expects"):
        return
    for line in expected:
        expectation(doc, line, name[:-5])


def main():
    names = sorted(n for n in os.listdir(HERE) if n.endswith(".yaml"))
    tap.ok(len(names) >= 10, "there are cases")
    for name in names:
        case(name)
    return tap.done()


sys.exit(main())
