#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the source tree against every rule of rules.py."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(TOP, "tests", "lib")]
import rules  # noqa: E402
import tap  # noqa: E402
from tree import Tree  # noqa: E402

tree = Tree(TOP)
for rule in rules.RULES:
    try:
        complaints = list(rule(tree))
    except rules.Skip as skip:
        tap.skip(skip, rule.__doc__)
        continue
    if not tap.ok(not complaints, rule.__doc__):
        tap.diag("\n".join(complaints[:40]))
        if len(complaints) > 40:
            tap.diag(f"and {len(complaints) - 40} more")
sys.exit(tap.done())
