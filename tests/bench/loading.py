# SPDX-License-Identifier: Apache-2.0
"""Rows about the terminal UI while a large cluster is read: the first frame, and keys all the while.

The cluster is the generated one without its Pods, on the fake API server in a process of its own,
which holds each list ready and sends it as fast as it is taken. What is typed is a letter that
nothing else on the screen has, in the command line: its time is that from the key to the letter.
"""
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

from screen import Screen, p99

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "fakeapi"))

LETTERS = ("Ω", "Ж", "Щ")  # a line of 40 never begins as the one before it: each is drawn
AFTER_LIVE_S = 3           # facts and findings are made after the last list


def objects_of(count):
    made = subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--objects", str(count),
                           "--pods", "25", "--format", "ndjson"], capture_output=True, check=True)
    return [o for o in map(json.loads, made.stdout.splitlines()) if o["kind"] != "Pod"]


def serve(objects, folder, ready, stop):
    from fakeapi import FakeApi  # pylint: disable=import-outside-toplevel
    with FakeApi(objects) as api:
        api.kubeconfig(folder)
        api.gzip_above = 1 << 40
        for res in api.resources:
            if res.kind != "Secret":
                group = f"apis/{res.group}" if res.group else "api"
                with urllib.request.urlopen(f"{api.url}/{group}/{res.versions[0]}/{res.plural}") as r:
                    api.canned[res.plural] = r.read()
        ready.set()
        stop.wait()


def type_while_loading(screen):
    """Milliseconds from each key to its letter, until the cluster is read and judged."""
    times, end = [], None
    os.write(screen.fd, b":")
    while end is None or time.monotonic() < end:
        if end is None and b"live" in screen.text:
            end = time.monotonic() + AFTER_LIVE_S
        letter, seen = LETTERS[len(times) % len(LETTERS)].encode(), b""
        began = time.monotonic()
        os.write(screen.fd, letter)
        while letter not in seen and time.monotonic() - began < 60:
            seen += screen.read(1)
        times.append((time.monotonic() - began) * 1000)
        if len(times) % 40 == 0:
            os.write(screen.fd, b"\x15")
        screen.drain(0.01)
    return times


def measure(rutter, folder):
    env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    began = time.monotonic()
    screen = Screen([rutter, "--kubeconfig", os.path.join(folder, "config")], env)
    try:
        screen.until(rb"rutter", 60)
        first = (time.monotonic() - began) * 1000
        times = type_while_loading(screen)
        return first, times, screen.cpu(), screen.memory()
    finally:
        screen.close()


def loading_rows(result, rutter, quick):
    """the terminal UI while a large cluster is read"""
    context = multiprocessing.get_context("fork")
    ready, stop = context.Event(), context.Event()
    # Without its Pods about 100,000.
    objects = objects_of(12900 if quick else 129000)
    with tempfile.TemporaryDirectory() as folder:
        server = context.Process(target=serve, args=(objects, folder, ready, stop))
        server.start()
        try:
            if not ready.wait(300):
                raise RuntimeError("the fake API server does not start")
            first, times, cpu, memory = measure(rutter, folder)
        finally:
            stop.set()
            server.join()
    yield result(f"first frame, {len(objects):,} objects on the server", f"{first:.0f} ms", "50 ms", first <= 50)
    slow = p99(times)
    yield result(f"… key to frame while they are read, 99th percentile of {len(times)}", f"{slow:.1f} ms",
                 "16 ms", slow <= 16)
    yield result("… all in all", f"{cpu:.1f} s of CPU, {memory / 1024:.0f} MiB", "", None)
