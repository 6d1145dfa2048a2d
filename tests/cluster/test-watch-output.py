#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--watch: the report, then a line or a document for every change, until a signal."""
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, PATIENCE, RUTTER, folder, no_violations, obj, route, small_cluster, tap  # noqa: E402


class Watching:
    """A running command, read until a text has come."""

    def __init__(self, api, place, *command):
        env = {**os.environ, "KUBECONFIG": api.kubeconfig(place)}
        self.errors = os.path.join(place, "errors")
        with open(self.errors, "wb") as f:
            self.run = subprocess.Popen([RUTTER, *command, "--watch"], stdout=subprocess.PIPE, stderr=f, env=env)
        self.seen = ""

    def said(self, text):
        """Waits until standard error holds the text."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with open(self.errors, encoding="utf-8") as f:
                if text in f.read():
                    return True
            time.sleep(0.05)
        return False

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


def silence():
    with folder() as place, FakeApi(small_cluster()) as api:
        w = Watching(api, place, "check")
        tap.ok(w.until("error"), "check: the report comes first")
        api.stop()
        tap.ok(w.said("kinds do not arrive: ") and w.said("connection refused"), "a server that goes is told")
        again = FakeApi(port=api.port)
        again.objects, again.rv, again.history = api.objects, api.rv, api.history
        again.put(route("cart", backend="gone"))
        with again:
            tap.ok(w.until("+ error RT12 HTTPRoute shop/cart"), "what happened meanwhile comes with its return")
            tap.ok(w.said("changes arrive again"), "which is told")
            w.end(signal.SIGTERM)
            no_violations(again)


def interrupted():
    with folder() as place, FakeApi([obj("Namespace", "shop")]) as api:
        hold = threading.Event()
        api.allow = lambda user, verb, plural, ns: hold.wait(PATIENCE) or True
        w = Watching(api, place, "check")
        api.wait_for(lambda: api.paths("/services"))
        tap.equal(w.end(signal.SIGINT), -signal.SIGINT, "^C while it reads ends it")
        hold.set()
        with open(w.errors, encoding="utf-8") as f:
            tap.equal(f.read(), "", "without a word")


def files():
    got = subprocess.run([RUTTER, "check", "--demo", "--watch"], capture_output=True, text=True, check=False)
    tap.equal(got.returncode, 2, "what does not change cannot be watched")


check_lines()
status_documents()
silence()
interrupted()
files()
sys.exit(tap.done())
