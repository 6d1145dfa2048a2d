#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mistakes on the command line: exit status 2, nothing on stdout, one line that says what is wrong and
one that says what to do. And the ways to name a kind and an object that are no mistake."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests", "lib"))
import tap  # noqa: E402

# words, what is said, what to do; {0}: nothing
MISTAKES = """
demo | unknown command "demo" | did you mean --demo?
chekc | unknown command "chekc" | did you mean check?
gtw | unknown command "gtw" | did you mean rutter dump gtw?
xyzzy | unknown command "xyzzy" | see: rutter help
help chekc | unknown command "chekc" | did you mean check?
--namespce x dump | unknown option --namespce | did you mean --namespace?
--xyzzy | unknown option --xyzzy | see: rutter help
dump -Z | unknown option -Z | see: rutter help dump
dump --overlay | --overlay needs PATH | see: rutter help dump
dump --demo=perhaps | --demo takes true or false, not "perhaps" | see: rutter help dump
check --port 80 | check takes no --port | see: rutter help check
check --demo --fail-on soon | --fail-on takes error, warning, info or never, not "soon" | see: rutter help check
dump --demo -o yaml | -o yaml: dump knows tree wide json dot mermaid | see: rutter help dump
snapshot --demo -o json | snapshot takes no --output | see: rutter help snapshot
version now | version takes no argument | see: rutter help version
dump --demo httprout/cart | "httprout" is no kind that rutter reads | did you mean HTTPRoute?
dump --demo svcs | "svcs" is no kind that rutter reads | did you mean svc?
dump --demo httproute/ | "httproute/" is not KIND/NAME or KIND/NAMESPACE/NAME | see: rutter help dump
dump --demo httproute/shop/ | "httproute/shop/" is not KIND/NAME or KIND/NAMESPACE/NAME | see: rutter help dump
dump --demo httproute//cart | "httproute//cart" is not KIND/NAME or KIND/NAMESPACE/NAME | see: rutter help dump
dump --demo svc/a/b/c | "svc/a/b/c" is not KIND/NAME or KIND/NAMESPACE/NAME | see: rutter help dump
routes --demo htproute/cart | "htproute" is no kind that rutter reads | did you mean HTTPRoute?
dump --demo gateways.networking.istio.io | "gateways.networking.istio.io" is no kind that rutter reads | it reads gatewayclasses
--demo --features cart | --features: "cart" has no sign | write +NAME or -NAME
snapshot --demo -l =x | -l =x: bad label selector | write it as kubectl -l takes it
dump --demo --features cart | --features: "cart" has no sign | write +NAME or -NAME
dump -f= | -f "": it takes a file, a directory or - | see: rutter help dump
dump --demo -l =x | -l =x: bad label selector | write it as kubectl -l takes it
dump --demo -f x.yaml | --demo and -f exclude each other | see: rutter help dump
dump --demo --color blue | --color blue: knows auto, never, 16, 256 and truecolor | see: rutter help dump
dump --demo -v high | -v high: a level is a number from 0 to 10 | see: rutter help dump
trace --demo | trace takes [METHOD] URL | see: rutter help trace
trace --demo GET PUT http://x | trace takes [METHOD] URL | see: rutter help trace
trace --demo ftp://x | scheme "ftp" is not known | use http, https, grpc, grpcs, tls, tcp or udp
trace --demo --port 0 http://x | --port 0: it takes a number from 1 to 65535 | see: rutter help trace
trace --demo --gateway public http://x | --gateway public: it takes NAMESPACE/NAME | see: rutter help trace
trace --demo --cert a/b/c https://x | --cert a/b/c: it takes NAMESPACE/NAME | see: rutter help trace
trace --demo --gateway a/b --ingress a/b http://x | --gateway and --ingress exclude each other | see: rutter help trace
check --demo --watch | --watch follows a cluster: not with -f, --demo or --overlay | see: rutter help check
completion | completion needs a shell: bash, zsh or fish | see: rutter help completion
completion tcsh | no completion for "tcsh": bash, zsh or fish | see: rutter help completion
"""

# What is asked for and is not there: exit status 1.
ABSENT = """
dump --demo httproute/nope | httproute/nope: no such object in the graph |
dump --demo svc/shop/nope | svc/shop/nope: no such object in the graph |
dump --demo -n infra svc/cart | svc/cart: no such object in the graph |
explain RT99 | explaining RT99: no such code, reason or kind | rutter explain without an argument lists
explain RefNotPermited | explaining RefNotPermited: no such code, reason or kind | did you mean RefNotPermitted?
"""

# Every way to name one object gives the same.
SAME = [
    ("httproute/shop/cart", "HTTPRoute/cart", "httproutes/cart", "httproute.gateway.networking.k8s.io/cart",
     "httproutes.v1.gateway.networking.k8s.io/cart", "HTTPROUTES.GATEWAY.NETWORKING.K8S.IO/shop/cart"),
    ("gtw", "gateway", "gateways", "Gateways.gateway.networking.k8s.io"),
    ("gc/istio", "gatewayclass/istio"),
    ("svc/payments", "service/payments/payments", "services/payments", "SVC/payments"),
    ("ing/blog", "ingress/blog", "ingresses.networking.k8s.io/shop/blog"),
]


NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: x}}"

# --help asks for help, whatever stands beside it.
HELP = ("dump --help", "dump -o json -h", "dump svc/cart -h", "--demo dump -h", "check --port 80 -h", "help dump -h")


def run(words):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "RT_NOW": "2026-11-23T12:00:00Z"}
    return subprocess.run([os.environ["RUTTER"], *words], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)


def lines(table):
    for line in table.strip().splitlines():
        words, says, hint = (part.strip() for part in line.split("|"))
        yield words, says, hint


def judge(words, says, hint, status):
    done = run(words.split())
    told = done.stderr.splitlines() + ["", ""]
    held = (done.returncode == status and done.stdout == "" and told[0].startswith("rutter: " + says)
            and told[1].startswith("  " + hint if hint else "") and len(told) <= 4)
    tap.ok(held, f"rutter {words}")
    if not held:
        tap.diag(f"exit status {done.returncode}\n{done.stdout}{done.stderr}")


def nothing_to_read(folder):
    """A check of the wrong folder must not look like a check without findings."""
    os.makedirs(f"{folder}/dir/sub")
    for path, text in (("dir/notes.txt", "hi"), ("dir/sub/ns.yaml", NAMESPACE), ("empty.yaml", "# nothing\n---\n"),
                       ("none.json", '{"apiVersion":"v1","kind":"List","items":[]}')):
        with open(f"{folder}/{path}", "w", encoding="utf-8") as file:
            file.write(text)
    endings = "no object in its *.yaml, *.yml and *.json"
    for words, says in ((f"-f {folder}/dir", f"{folder}/dir: {endings}; -R descends into subfolders"),
                        (f"-R -f {folder}/dir", None),
                        (f"-f {folder}/dir/sub", None),
                        (f"-f {folder}/empty.yaml", f"{folder}/empty.yaml: no object in it"),
                        (f"-f {folder}/none.json", f"{folder}/none.json: no object in it"),
                        (f"-f {folder}/dir/sub -f /dev/null", "/dev/null: no object in it"),
                        ("-f -", "standard input: no object in it"),
                        (f"-f {folder}/dir/sub --overlay {folder}/dir/sub", None),
                        ("--demo --fail-on never --overlay /dev/null", "/dev/null: no object in it")):
        done = run(["check", *words.split()])
        tap.equal(done.stderr, f"rutter: nothing read from {says}\n" if says else "",
                  f"check {words.replace(folder, '')}: {'says that it read nothing' if says else 'reads'}")
        tap.equal(done.returncode, 0, "which is no failure")


def main():
    for words, says, hint in lines(MISTAKES):
        judge(words, says, hint, 2)
    for words, says, hint in lines(ABSENT):
        judge(words, says, hint, 1)
    for words, status in (("routes --demo -n nope", 0), ("routes --demo nosuch.example.org", 0),
                          ("dump --demo -n nope", 0), ("trace --demo -n nope https://shop.example.com/cart", 1)):
        done = run(words.split())
        tap.ok(done.returncode == status and done.stdout.endswith("Nothing to show.\n"),
               f"rutter {words} has nothing to show, and says so")
    for words in HELP:
        done = run(words.split())
        tap.ok(done.returncode == 0 and done.stdout.startswith("Usage: rutter "), f"rutter {words}")
    for names in SAME:
        first, *others = ((run(["dump", "--demo", name]), name) for name in names)
        tap.ok(first[0].returncode == 0 and "─ " in first[0].stdout, f"dump {first[1]}")
        for done, name in others:
            tap.equal(done.stdout, first[0].stdout, f"dump {name} is the same")
    with tempfile.TemporaryDirectory() as folder:
        nothing_to_read(folder)
    return tap.done()


sys.exit(main())
