#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A snapshot of manifests says the same as the manifests, but for what Secrets hold."""
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(os.environ["TOP_SRCDIR"])
sys.path.insert(0, str(TOP / "tests" / "lib"))
import tap  # noqa: E402

COMMANDS = (["check", "--fail-on", "never"], ["status"], ["dump"], ["routes"],
            ["trace", "http://shop.example.com/"])


def call(*arguments, stdin=None):
    return subprocess.run([os.environ["RUTTER"], *arguments], capture_output=True, text=True,
                          check=False, input=stdin).stdout


def judged(command, *source, stdin=None):
    doc = json.loads(call(*command, "-o", "json", *source, stdin=stdin))
    for finding in doc.get("findings", []):
        finding["source"] = None
    return doc


def main():
    folder = TOP / "tests" / "findings"
    files = sorted(folder.glob("examples/[0-9]*.yaml")) + [
        folder / "RT15" / "bad-near-miss.yaml", folder / "RD01" / "bad-referred-to.yaml", folder / "RT12" / "bad-typo.yaml",
        folder / "GW03" / "bad-old.yaml", folder / "IN07" / "bad-none-ready.yaml"]
    for path in files:
        snapshot = call("snapshot", "-f", str(path))
        for command in COMMANDS:
            tap.equal(judged(command, "-f", "-", stdin=snapshot), judged(command, "-f", str(path)),
                      "%s: %s" % (path.name, command[0]))
    secret = folder / "LS06" / "bad-not-pem.yaml"
    doc = judged(COMMANDS[0], "-f", "-", stdin=call("snapshot", "-f", str(secret)))
    tap.ok("LS06" not in [f["code"] for f in doc["findings"]], "payloads left out are not missing")
    return tap.done()


sys.exit(main())
