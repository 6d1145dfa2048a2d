#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists and watches that are cut after every N-th byte, and a flood of changes: nothing is lost, nothing
spins, memory stays flat. RT_FLOOD_SECONDS makes the flood longer."""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Fault, Following, GONE, in_step, obj, service, tap, truth  # noqa: E402

SERVICE_WATCH = r"/services\?watch"


def torture():
    with Following([service("cart"), obj("Namespace", "shop")]) as (api, probe):
        for cut in [*range(0, 40), *range(40, 700, 23)]:
            # An event first: a watch that ends at once without one makes the client wait.
            api.put(service("cart", port=2000 + cut))
            probe.until(lambda: sorted(probe.objects()) == truth(api))
            api.faults = [Fault(SERVICE_WATCH, cut=cut, times=1)]
            api.control("end", "Service")
            api.put(service("cart", port=1000 + cut))
            if not probe.until(lambda: sorted(probe.objects()) == truth(api)):
                tap.ok(False, f"a watch cut after {cut} bytes recovers")
        in_step(api, probe, "a watch cut after any number of bytes recovers")
    with Following([service(f"s{i}") for i in range(5)]) as (api, probe):
        for cut in [*range(0, 30), *range(30, 900, 37)]:
            # An event first, to be sure that the watch is open when it is told to fail.
            api.put(service("s0", port=1000 + cut))
            probe.until(lambda: sorted(probe.objects()) == truth(api))
            api.faults = [Fault(r"/services\?limit", cut=cut, times=1)]
            api.control(("ERROR", GONE), "Service")
            api.put(service("s1", port=1000 + cut))
            if not probe.until(lambda: sorted(probe.objects()) == truth(api)):
                tap.ok(False, f"a list cut after {cut} bytes recovers")
        in_step(api, probe, "a list cut after any number of bytes recovers")
        cpu = int(probe.table("stats")["cpu_ms"])
        tap.ok(cpu < 20000, f"without a busy loop ({cpu} ms)")


def sanitized():
    with open(os.path.join(os.environ["TOP_BUILDDIR"], "tests/cluster/probe"), "rb") as f:
        return b"__asan_init" in f.read()


def flood(seconds=float(os.environ.get("RT_FLOOD_SECONDS", "20")), rate=500):
    with Following([service(f"s{i:03}") for i in range(200)]) as (api, probe):
        before = probe.table("stats")
        began, sent, middle = time.monotonic(), 0, None

        def change(i):
            kind = i % 10
            if kind == 0:
                api.put(service(f"extra{i % 100:03}"))
            elif kind == 5 and ("Service", "shop", f"extra{(i - 5) % 100:03}") in api.objects:
                api.delete("Service", "shop", f"extra{(i - 5) % 100:03}")
            else:
                api.put(service(f"s{i % 200:03}", port=i % 60000 + 1))
        while time.monotonic() - began < seconds:
            due = int((time.monotonic() - began) * rate)
            while sent < due:
                change(sent)
                sent += 1
            if middle is None and time.monotonic() - began > seconds / 2:
                middle = probe.table("stats")
            threading.Event().wait(0.01)
        in_step(api, probe, f"after {sent} changes the store is what a list would give")
        after = probe.table("stats")
        share = (int(after["cpu_ms"]) - int(before["cpu_ms"])) / (time.monotonic() - began) / 10
        tap.diag(f"{share:.1f} % of a core (make bench holds that against the budget)")
        grown = int(after["peak_kib"]) - int(middle["peak_kib"])
        if sanitized():
            tap.skip("AddressSanitizer keeps what is freed", "memory is flat")
        else:
            tap.ok(grown < 4096, f"memory is flat (grown by {grown} KiB in the second half)")


for case in (torture, flood):
    tap.diag(case.__name__)
    case()
sys.exit(tap.done())
