#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The terminal UI on a cluster: what the head line says."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Fault, FakeApi, RUTTER, folder, small_cluster, tap  # noqa: E402
import terminal  # noqa: E402


def ui(config, *flags, size=(120, 30)):
    return terminal.Terminal([RUTTER, "--kubeconfig", config, *flags], size=size, env={"TZ": "UTC"})


def has(t, text, name):
    try:
        t.wait(text, 60)
        tap.ok(True, name)
    except terminal.Timeout as error:
        tap.ok(False, name)
        tap.diag(str(error))


def test_states():
    with folder() as d, FakeApi(small_cluster()) as api:
        config = api.kubeconfig(d)
        api.faults.append(Fault("/gatewayclasses", status=403))
        with ui(config) as t:
            has(t, "● live · 1 kind unread", "a kind that is refused")
            api.stop()
            has(t, "stale since ", "a server that goes")
            t.keys("j")
            has(t, "cannot reach the server", "and why")
        with ui(config, size=(80, 24)) as t:
            unread(t)


def unread(t):
    has(t, "✖ not read: cannot reach", "a server that is not there")
    has(t, "C-r tries again", "and what can be done")
    tap.ok("no problems" not in t.screen(), "of which nothing is claimed")


if terminal.available():
    tap.skip_all(terminal.available())
for case in (test_states,):
    case()
sys.exit(tap.done())
