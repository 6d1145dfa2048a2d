#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check --overlay: what an overlay introduces, mends and leaves, on the demo cluster."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests", "lib"))
import tap  # noqa: E402

GRANT = """
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: shop, namespace: payments}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service, name: payments}]
"""
LOST = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: new, namespace: shop}
spec:
  parentRefs: [{name: public, namespace: infra, sectionName: nope}]
  rules: [{backendRefs: [{name: cart, port: 80}]}]
"""


def check(*overlays):
    """Codes with objects that the demo has under these overlays, and the exit status."""
    args = []
    with tempfile.TemporaryDirectory() as folder:
        for i, text in enumerate(overlays):
            path = os.path.join(folder, f"{i}.yaml")
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            args += ["--overlay", path]
        run = subprocess.run([os.environ["RUTTER"], "check", "--demo", "-o", "json", *args],
                             capture_output=True, text=True, check=False)
    found = {(f["code"], f["object"]["name"]) for f in json.loads(run.stdout)["findings"]}
    return found, run.returncode


before, status = check()
tap.ok(("RT15", "cart") in before and status == 1, "the demo lacks a grant")
granted, status = check(GRANT)
tap.equal(sorted(before - granted), [("RT15", "cart")], "the grant mends just that")
tap.equal(sorted(granted - before), [], "and the status reported for it is not counted as new")
lost, _ = check(GRANT, LOST)
tap.equal(sorted(lost - granted), [("RT02", "new")], "a route that attaches nowhere is introduced")
sys.exit(tap.done())
