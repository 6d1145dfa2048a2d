#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cases of the findings as data; prints TAP.

CODE/bad-*.yaml     an input that must give CODE, with certainty
CODE/good-*.yaml    a near miss: CODE must not arise
CODE/open-*.yaml    something needed was not read: CODE is open
CODE/open-none.txt  why no input leaves CODE open
suppression/ clean/ examples/  further inputs

Beside each X.yaml stands X.expect: every finding of that input, in the order of the report, one a
line, so that false alarms show. "?" marks an open one. Lines that are indented say more about the
finding above them:

    RT15 HTTPRoute shop/cart spec.rules[0].backendRefs[0].namespace
      says may not use Service backend/cart
      because TEXT        some because-line holds it
      related Service backend/cart
      manifest name: httproute-shop-to-cart
      line 12             of the source
    ? GW01 Gateway infra/public spec.gatewayClassName

A first line "args: …" is added to the command line; {dir} in it is the folder of the case.
Every input is judged again with its documents in reverse order.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RUTTER = os.environ.get("RUTTER", "./rutter")
NOW = "2026-11-23T03:04:05Z"
SEEDS = 100

count = 0
failed = 0


def report(held, name, *details):
    global count, failed
    count += 1
    if not held:
        failed += 1
    print("%s %d - %s" % ("ok" if held else "not ok", count, name))
    if not held:
        for text in details:
            for line in str(text).splitlines():
                print("# " + line)


def run(args, stdin=None):
    env = dict(os.environ, RT_NOW=NOW, NO_COLOR="1")
    return subprocess.run([RUTTER] + args, capture_output=True, text=True, input=stdin, env=env)


def check(args, stdin=None):
    p = run(["check", "-o", "json"] + args, stdin)
    told = [x for x in p.stderr.splitlines() if x and not x.startswith("rutter: not read: ")]
    if p.returncode not in (0, 1) or told:
        return None, "\n".join(told) or "exit status %d" % p.returncode
    return json.loads(p.stdout), None


def ref_text(r):
    if r["namespace"] is None:
        return "%s %s" % (r["kind"], r["name"])
    return "%s %s/%s" % (r["kind"], r["namespace"], r["name"])


def head(f):
    return "%s%s %s %s" % ("" if f["certain"] else "? ", f["code"], ref_text(f["object"]),
                           f["field"] or "-")


def read_expect(path):
    """(args, [(head, [(word, text)])])"""
    args, entries = [], []
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("args:"):
            args = line[5:].replace("{dir}", str(path.parent)).split()
        elif line[0] == " ":
            word, _, text = line.strip().partition(" ")
            entries[-1][1].append((word, text))
        else:
            entries.append((line.strip(), []))
    return args, entries


def detail_holds(f, word, text):
    if word == "says":
        return text in f["message"]
    if word == "because":
        return any(text in b for b in f["because"])
    if word == "related":
        return text in [ref_text(r) for r in f["related"]]
    if word == "manifest":
        return text in (f["fixManifest"] or "")
    if word == "fix":
        return text in f["fix"]
    if word == "line":
        return str(f["source"]["line"]) == text
    return False


def documents(path):
    return path.read_text().split("\n---\n")


def join(docs):
    return "\n---\n".join(docs)


def without_source(doc):
    for f in doc["findings"] + doc["mended"]:
        f["source"] = None
    return doc


def reversed_agrees(path, args, doc):
    docs = documents(path)
    first = [d for d in docs if "SnapshotInfo" in d]
    rest = [d for d in docs if "SnapshotInfo" not in d]
    again, err = check(["-f", "-"] + args, join(first + rest[::-1]))
    if err:
        return False
    if any(f["code"] in ("RD01", "RD03") for f in doc["findings"]):  # they name lines
        return sorted(map(head, again["findings"])) == sorted(map(head, doc["findings"]))
    return without_source(again) == without_source(doc)


def one_case(path):
    name = str(path.relative_to(HERE).with_suffix(""))
    expect = path.with_suffix(".expect")
    if not expect.exists():
        report(False, name, "there is no %s" % expect.name)
        return
    args, entries = read_expect(expect)
    doc, err = check(["-f", str(path)] + args)
    if err:
        report(False, name, err)
        return
    got = [head(f) for f in doc["findings"]]
    want = [h for h, _ in entries]
    if got != want:
        report(False, name, "want:", "\n".join(want) or "nothing", "got:",
               "\n".join("%s\n  says %s" % (head(f), f["message"]) for f in doc["findings"]) or
               "nothing")
        return
    wrong = ["%s: %s %s\n%s" % (h, w, t, json.dumps(f, indent=1))
             for (h, details), f in zip(entries, doc["findings"])
             for w, t in details if not detail_holds(f, w, t)]
    long = [f["message"] for f in doc["findings"] if len(f["message"]) > 160]
    if wrong or long:
        report(False, name, *(wrong + long))
        return
    code = path.parent.name
    if len(code) != 4:
        report(reversed_agrees(path, args, doc), name, "depends on the order of the documents")
        return
    mine = [f for f in doc["findings"] if f["code"] == code]
    if path.name.startswith("bad-") and not any(f["certain"] for f in mine):
        report(False, name, "no certain %s" % code)
    elif path.name.startswith("good-") and mine:
        report(False, name, "%s arises in a near miss" % code)
    elif path.name.startswith("open-") and not any(not f["certain"] for f in mine):
        report(False, name, "no open %s" % code)
    else:
        report(reversed_agrees(path, args, doc), name, "depends on the order of the documents")


def catalogue():
    """code -> does it say what must be known?"""
    codes = {}
    for line in run(["explain"]).stdout.splitlines():
        word = line.split()
        if len(word) == 3 and len(word[0]) == 4:
            codes[word[0]] = "\n  needs " in run(["explain", word[0]]).stdout
    return codes


def completeness():
    codes = catalogue()
    report(len(codes) > 100, "the catalogue is listed")
    for code, needs in sorted(codes.items()):
        folder = HERE / code
        lacks = [what for what in ("bad", "good") if not list(folder.glob(what + "-*.yaml"))]
        if needs and not list(folder.glob("open-*")):
            lacks.append("open")
        report(not lacks, "%s has its cases" % code, "lacks: " + ", ".join(lacks))
    for folder in sorted(p for p in HERE.iterdir() if len(p.name) == 4 and p.is_dir()):
        report(folder.name in codes, "%s is in the catalogue" % folder.name)


def shuffles():
    """All tutorial examples in one stream, in 100 orders."""
    docs = [d for p in sorted((HERE / "examples").glob("[0-9]*.yaml")) for d in documents(p)]
    want, err = check(["-f", "-"], join(docs))
    differs = [] if not err else ["-"]
    for seed in range(SEEDS):
        random.Random(seed).shuffle(docs)
        got, err = check(["-f", "-"], join(docs))
        if err or without_source(got) != without_source(want):
            differs.append(str(seed))
    report(not differs, "the order of objects does not matter (%d seeds)" % SEEDS,
           "seeds: " + " ".join(differs))


def main():
    only = sys.argv[1:]
    for path in sorted(HERE.glob("*/*.yaml")):
        if path.name.startswith("overlay-"):
            continue
        if not only or path.parent.name in only:
            one_case(path)
    if not only:
        completeness()
        shuffles()
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        sys.exit(main())
