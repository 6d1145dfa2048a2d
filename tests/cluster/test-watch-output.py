#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--watch: the report, then a line or a document for every change, until a signal."""
import json
import os
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, RUTTER, folder, no_violations, route, small_cluster, tap  # noqa: E402

PATIENCE = 60


class Watching:
    """A running command, read until a text has come."""

    def __init__(self, api, place, *command):
        env = {**os.environ, "KUBECONFIG": api.kubeconfig(place)}
        self.run = subprocess.Popen([RUTTER, *command, "--watch"], stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, env=env)
        self.seen = ""

    def until(self, text):
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen and time.monotonic() < deadline:
            if select.select([self.run.stdout], [], [], 0.5)[0]:
                got = os.read(self.run.stdout.fileno(), 65536).decode()
                if not got:
                    break
                self.seen += got
        return text in self.seen

    def end(self, signo):
        self.run.send_signal(signo)
        status = self.run.wait(PATIENCE)
        self.run.stdout.close()
        self.run.stderr.close()
        return status


def check_lines():
    with folder() as place, FakeApi(small_cluster()) as api:
        w = Watching(api, place, "check")
        tap.ok(w.until("error"), "check: the report comes first")
        api.put(route("cart", backend="gone"))
        tap.ok(w.until("+ error RT12 HTTPRoute shop/cart"), "a new finding is a line with +")
        api.put(route("cart"))
        tap.ok(w.until("- error RT12 HTTPRoute shop/cart"), "a mended one a line with -")
        tap.equal(w.end(signal.SIGTERM), 128 + signal.SIGTERM, "a signal ends it")
        no_violations(api)


def status_documents():
    with folder() as place, FakeApi(small_cluster()) as api:
        w = Watching(api, place, "status", "-o", "json")
        tap.ok(w.until("}\n"), "status: a document")
        api.put(route("cart", gateway="nobody"))
        tap.ok(w.until("nobody"), "and another one after a change")
        documents = [json.loads(line) for line in w.seen.splitlines()]
        tap.ok(len(documents) >= 2 and all(d["kind"] == "StatusReport" for d in documents),
               "each a line of its own")
        w.end(signal.SIGINT)
        no_violations(api)


def files():
    got = subprocess.run([RUTTER, "check", "--demo", "--watch"], capture_output=True, text=True, check=False)
    tap.equal(got.returncode, 2, "what does not change cannot be watched")


check_lines()
status_documents()
files()
sys.exit(tap.done())
