# SPDX-License-Identifier: Apache-2.0
"""Rows about the terminal UI while its cluster changes 500 times a second.

The cluster is the generated one, without its Pods, on the fake API server; both run in processes of
their own. The program has a real terminal (a pty). Keys are pressed all the while, and each is timed
until something is written.
"""
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time

from screen import Screen, p99

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "fakeapi"))

RATE = 500


def objects_of(namespaces):
    made = subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--namespaces",
                           str(namespaces), "--format", "ndjson"], capture_output=True, check=True)
    return [o for o in map(json.loads, made.stdout.splitlines()) if o["kind"] != "Pod"]


def serve(namespaces, folder, ready, flood, stop):
    """The server's process: a cluster, and changes of its Services and routes once told to."""
    from fakeapi import FakeApi  # pylint: disable=import-outside-toplevel
    objects = objects_of(namespaces)
    with FakeApi(objects) as api:
        api.kubeconfig(folder)
        ready.set()
        flood.wait()
        changed = [o for o in objects if o["kind"] in ("Service", "HTTPRoute")]
        began, sent = time.monotonic(), 0
        while not stop.is_set():
            while sent < (time.monotonic() - began) * RATE:
                api.put(changed[sent * 7 % len(changed)])
                sent += 1
                if len(api.history) > 5000:  # no watch is that far behind
                    api.forget_history(2500)
            time.sleep(0.005)
        with open(os.path.join(folder, "sent"), "w", encoding="utf-8") as f:
            f.write(str(sent / (time.monotonic() - began)))


def press_keys(screen, seconds):
    """Milliseconds from key to the first output, for keys that move the selection."""
    times, deadline, down = [], time.monotonic() + seconds, True
    while time.monotonic() < deadline:
        screen.drain(0.1)
        began = time.monotonic()
        os.write(screen.fd, b"j" if down else b"k")
        down = not down
        if screen.read(1.0):
            times.append((time.monotonic() - began) * 1000)
    return times


def measure(rutter, folder, flood, seconds):
    env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    screen = Screen([rutter, "--kubeconfig", os.path.join(folder, "config")], env)
    try:
        if not screen.until(rb"live", 120):
            raise RuntimeError("the screen does not say that it is live")
        screen.settle(60)
        idle = screen.cpu()
        screen.drain(3)
        idle = (screen.cpu() - idle) / 3
        flood.set()
        screen.drain(3)
        began, cpu, memory = time.monotonic(), screen.cpu(), screen.memory()
        keys = press_keys(screen, seconds)
        share = (screen.cpu() - cpu) / (time.monotonic() - began)
        return idle, share, keys, memory, screen.memory()
    finally:
        screen.close()


def flood_rows(result, rutter, quick):
    """the terminal UI under 500 changes a second"""
    seconds, namespaces = (10, 20) if quick else (300, 200)
    context = multiprocessing.get_context("fork")
    ready, flood, stop = context.Event(), context.Event(), context.Event()
    with tempfile.TemporaryDirectory() as folder:
        server = context.Process(target=serve, args=(namespaces, folder, ready, flood, stop))
        server.start()
        try:
            if not ready.wait(120):
                raise RuntimeError("the fake API server does not start")
            idle, share, keys, before, after = measure(rutter, folder, flood, seconds)
        finally:
            flood.set()
            stop.set()
            server.join()
        with open(os.path.join(folder, "sent"), encoding="utf-8") as f:
            rate = float(f.read())
    objects = len(objects_of(namespaces))
    yield result(f"idle with all watches open, {objects:,} objects", f"{idle * 100:.1f} % of a core", "", None)
    yield result(f"{rate:.0f} watch events a second for {seconds} s", f"{share * 100:.0f} % of a core",
                 "20 %", share < 0.2)
    slow = p99(keys)
    yield result("… key to output, 99th percentile", f"{slow:.1f} ms", "16 ms", slow <= 16)
    yield result("… memory before and after", f"{before / 1024:.0f} MiB, {after / 1024:.0f} MiB", "flat",
                 after <= before * 1.1 + 4096)
