#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check and explain as programs and people read them: formats, exit status, narrowing, overlays."""
import json
import os
import pathlib
import re
import subprocess
import sys
import xml.dom.minidom

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests/lib"))
import tap  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
RUTTER = os.environ["RUTTER"]
ENV = {"PATH": os.environ["PATH"], "RT_NOW": "2026-11-23T03:04:05Z", "LC_ALL": "C.UTF-8",
       **{k: v for k, v in os.environ.items() if "SAN_OPTIONS" in k}}
FAULTS = ["-f", "RT15/bad-no-grant.yaml", "-f", "GC17/bad-xlistenerset.yaml",
          "-f", "IN20/bad-annotation.yaml", "-f", "IC03/open-kind-not-in-input.yaml"]
MIXED = ["-f", "examples/3-protocols.yaml"]  # one warning, the rest is open


def run(*args, stdin=None):
    p = subprocess.run([RUTTER, *args], capture_output=True, text=True, input=stdin, env=ENV, cwd=HERE,
                       check=False)
    return p.returncode, p.stdout, p.stderr


def check(*args, **kw):
    return run("check", *args, **kw)


def as_json(*args):
    return json.loads(check("-o", "json", *args)[1])


def codes(doc):
    return [f["code"] for f in doc["findings"]]


# ------------------------------------------------------------------ for people

TEXT = """\
HTTPRoute shop/cart                                       RT15/bad-no-grant.yaml
  x RT15 RefNotPermitted  spec.rules[0].backendRefs[0].namespace
    HTTPRoute shop/cart may not use Service backend/cart: no ReferenceGrant in
    namespace backend; rule 0 of HTTPRoute shop/cart gets 500
    with    Service backend/cart
    fix     Apply the ReferenceGrant in namespace backend.
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata:
              name: httproute-shop-to-cart
              namespace: backend
            spec:
              from:
              - group: gateway.networking.k8s.io
                kind: HTTPRoute
                namespace: shop
              to:
              - group: ""
                kind: Service
                name: cart

1 error
"""


def text():
    status, out, _ = check("-f", "RT15/bad-no-grant.yaml", "--ascii")
    first = out.splitlines()[0]
    tap.ok(len(first) == 80 and re.search(r"  RT15/bad-no-grant\.yaml:\d+$", first),
           "the file and the line stand at the right")
    heading = r" +(RT15/bad-no-grant\.yaml)(:\d+)?"
    tap.equal(re.sub(heading, r"@\1", out), re.sub(heading, r"@\1", TEXT),
              "text that a person reads top-down")
    tap.equal(status, 1, "an error is exit status 1")
    wide = [line for line in check(*FAULTS)[1].splitlines() if len(line) > 80]
    tap.equal(wide, [], "80 columns")
    out = check(*FAULTS, "--ascii")[1]
    tap.ok(out.isascii(), "--ascii has nothing beyond ASCII")
    order = [out.find(c) for c in (" RT15 ", " GC17 ", " IN20 ")]
    tap.ok(-1 not in order and order == sorted(order), "worst first")
    tap.ok("\x1b" not in out and "\x1b[" in check(*FAULTS, "--color", "256")[1], "colour when asked for")
    status, out, _ = check("-f", "clean/application-alone.yaml", "--ascii")
    tap.equal((status, out), (0, "+ no findings\n"), "nothing wrong is one line")


def explain():
    status, out, _ = run("explain", "rt15")
    tap.ok(status == 0 and out.startswith("RT15 RefNotPermitted (error)\n"), "a code, in any case")
    out = run("explain", "RefNotPermitted")[1]
    tap.ok(all(f"\n{c} " in out for c in ("GW15", "LS05", "LS24", "RT15")), "a reason lists every entry")
    tap.ok(run("explain", "NotAccepted")[0] == 1, "what is neither code, reason nor kind: status 1")
    tap.ok("BackendNotFound" in run("explain", "httproutes")[1], "a kind by its plural")
    tap.ok(run("explain", "gtw")[1].startswith("Gateway\n"), "a kind by its short name")
    status, out, err = run("explain", "RT11")
    tap.ok(status == 1 and out == "" and "no such" in err, "a reserved code is not explained yet")


# ------------------------------------------------------------------ for programs

def contract():
    doc = as_json(*FAULTS)
    tap.equal((doc["apiVersion"], doc["kind"]), ("rutter/v1", "CheckReport"), "the head of the document")
    certain = [f for f in doc["findings"] if f["certain"]]
    tap.equal(doc["summary"], {
        "errors": sum(f["severity"] == "error" for f in certain),
        "warnings": sum(f["severity"] == "warning" for f in certain),
        "infos": sum(f["severity"] == "info" for f in certain),
        "unknown": len(doc["findings"]) - len(certain)}, "open ones count as unknown only")
    members = {"code", "name", "severity", "certain", "object", "field", "message", "because", "related",
               "fix", "fixManifest", "source"}
    tap.ok(all(members <= set(f) for f in doc["findings"]), "every member is there")
    tap.ok(all(set(f["object"]) == {"group", "kind", "namespace", "name"} for f in doc["findings"]),
           "objects are references")
    tap.equal(doc["unread"], [], "unread is there")
    tap.ok(all(len(f["message"]) <= 160 and not f["message"].endswith(".") for f in doc["findings"]),
           "messages are short and have no stop")
    where = [f["source"] for f in doc["findings"] if f["code"] == "RT15"][0]
    tap.equal(where["file"], "RT15/bad-no-grant.yaml", "the file")
    line = (HERE / where["file"]).read_text().splitlines()[where["line"] - 1]
    tap.ok("namespace: backend" in line, "the line of the field")
    unread = json.loads(check("-o", "json", "-f", "RD02/bad-forbidden.yaml")[1])["unread"]
    tap.equal([u["kind"] for u in unread], ["Namespace"], "what could not be read")


def sarif():
    doc = json.loads(check(*FAULTS, "-o", "sarif")[1])
    tap.equal(doc["version"], "2.1.0", "SARIF 2.1.0")
    result = doc["runs"][0]
    rules = [r["id"] for r in result["tool"]["driver"]["rules"]]
    tap.ok(len(rules) > 100 and len(set(rules)) == len(rules), "every code is a rule")
    tap.ok(all(rules[r["ruleIndex"]] == r["ruleId"] for r in result["results"]), "results point at them")
    levels = {(r["kind"], r["level"]) for r in result["results"]}
    tap.equal(sorted(levels), [("fail", "error"), ("fail", "note"), ("fail", "warning"), ("open", "none")],
              "levels; an open one is of kind open")
    place = result["results"][0]["locations"][0]["physicalLocation"]
    tap.ok(place["artifactLocation"]["uri"].endswith(".yaml") and place["region"]["startLine"] > 0,
           "with file and line")


def junit():
    doc = xml.dom.minidom.parseString(check(*FAULTS, "-o", "junit")[1])
    suite = doc.getElementsByTagName("testsuite")[0]
    cases = doc.getElementsByTagName("testcase")
    tap.equal(int(suite.getAttribute("tests")), len(cases), "a case a finding")
    tap.equal(int(suite.getAttribute("failures")), len(doc.getElementsByTagName("failure")), "failures")
    tap.equal(int(suite.getAttribute("skipped")), len(doc.getElementsByTagName("skipped")), "open: skipped")
    doc = xml.dom.minidom.parseString(check(*FAULTS, "-o", "junit", "--fail-on", "never")[1])
    tap.equal(len(doc.getElementsByTagName("failure")), 0, "--fail-on decides what fails")
    doc = xml.dom.minidom.parseString(check("-f", "clean/mesh.yaml", "-o", "junit")[1])
    tap.equal(len(doc.getElementsByTagName("testcase")), 1, "nothing wrong is one case that passes")


def github():
    lines = check(*FAULTS, "-o", "github")[1].splitlines()
    tap.ok(all("%0AFix: " in line for line in lines), "only line ends and % are escaped in the text")
    pattern = r"::(error|warning|notice) file=[^,:]+,line=\d+,title=[A-Z]{2}\d\d [A-Za-z]+( \(unknown\))?::.+"
    tap.ok(lines and all(re.fullmatch(pattern, line) for line in lines), "a command a finding")
    tap.ok(lines[0].startswith("::error ") and any(x.startswith("::notice ") for x in lines), "by severity")


# ------------------------------------------------------------------ what is shown, and the exit status

def levels():
    tap.equal(check(*MIXED)[0], 0, "open errors never fail")
    tap.equal(check(*MIXED, "--fail-on", "warning")[0], 1, "--fail-on warning")
    tap.equal(check(*FAULTS, "--fail-on", "never")[0], 0, "--fail-on never")
    info = ["-f", "RG01/bad-unused.yaml"]
    tap.equal((check(*info)[0], check(*info, "--fail-on", "info")[0]), (0, 1), "--fail-on info")
    status, out, err = check(*info, "--fail-on", "loud")
    tap.ok(status == 2 and out == "" and "--fail-on" in err, "an unknown level is a mistake")


def narrowing():
    both = ["-f", "RT15/bad-no-grant.yaml", "-f", "GC17/bad-xlistenerset.yaml"]
    tap.equal(codes(as_json(*both, "-n", "shop")), ["RT15", "GC17"], "-n shows the namespace of the object")
    tap.equal(codes(as_json(*both, "-n", "backend")), ["RT15"], "or of a related one")
    tap.equal(codes(as_json(*both, "-n", "nowhere,backend")), ["RT15"], "several namespaces")
    tap.equal(check(*both, "-n", "nowhere")[0], 0, "what is not shown does not decide")
    tap.equal(as_json(*both, "-n", "nowhere")["summary"]["errors"], 0, "nor is it counted")
    labelled = ["-f", "SV01/bad-typo.yaml"]
    tap.equal(codes(as_json(*labelled, "-l", "app=nothing")), [], "-l shows objects with the labels")


def overlay():
    base = ["-f", "examples/1-one-application.yaml", "--overlay", "examples/2-canary.yaml"]
    doc = as_json(*base)
    tap.equal(sorted({(f["code"], f["change"]) for f in doc["findings"]}),
              [("IC07", "unchanged"), ("IN24", "unchanged"), ("RT12", "introduced"), ("RT24", "introduced")],
              "what an overlay introduces and leaves")
    tap.equal(check(*base)[0], 1, "what it introduces decides the exit status")
    doc = as_json("-f", "RT15/bad-no-grant.yaml", "--overlay", "RT15/good-granted.yaml")
    tap.equal(([f["code"] for f in doc["mended"]], doc["findings"]), (["RT15"], []), "what it mends")
    out = check("-f", "RT15/bad-no-grant.yaml", "--overlay", "RT15/good-granted.yaml", "--ascii")[1]
    tap.ok("Mended by the overlay: 1 error\n  x RT15 HTTPRoute shop/cart may not use" in out, "as text")
    # The manifest that a finding offers is what mends it.
    grant = as_json("-f", "RT15/bad-no-grant.yaml")["findings"][0]["fixManifest"]
    doc = as_json_of(["-f", "RT15/bad-no-grant.yaml", "--overlay", "-"], grant)
    tap.equal([f["code"] for f in doc["mended"]], ["RT15"], "the manifest that is offered mends the finding")


def as_json_of(args, stdin):
    return json.loads(check("-o", "json", *args, stdin=stdin)[1])


for part in (text, explain, contract, sarif, junit, github, levels, narrowing, overlay):
    part()
sys.exit(tap.done())
