#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The README's tables are the program's: each block between <!-- NAME --> and <!-- end --> is what
`rutter __readme NAME` prints. UPDATE=1 writes them instead of comparing."""
import os
import re
import subprocess
import sys

TOP = os.environ["TOP_SRCDIR"]
RUTTER = os.environ["RUTTER"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import tap  # noqa: E402

README = os.path.join(TOP, "README.md")


def printed(name):
    return subprocess.run([RUTTER, "__readme", name], capture_output=True, text=True, check=True).stdout


def main():
    with open(README, encoding="utf-8") as f:
        text = f.read()
    for name in ("commands", "keys", "findings"):
        block = re.compile(rf"(<!-- {name} -->\n)(.*?)(<!-- end -->)", re.S)
        found = block.search(text)
        tap.ok(found is not None, f"the README has a block {name}")
        if os.environ.get("UPDATE"):
            text = block.sub(lambda m, n=name: m.group(1) + printed(n) + m.group(3), text)
        elif found:
            tap.equal(found.group(2), printed(name), f"the README's {name} are the program's")
    if os.environ.get("UPDATE"):
        with open(README, "w", encoding="utf-8") as f:
            f.write(text)
    sys.exit(tap.done())


main()
