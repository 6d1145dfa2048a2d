#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The drawing of captured screens: colours, attributes, widths, lines."""
import os
import sys
import xml.etree.ElementTree as xml

TOP = os.environ["TOP_SRCDIR"]
sys.path[:0] = [os.path.join(TOP, "tests", "tools"), os.path.join(TOP, "tests", "lib")]
import ansi2svg  # noqa: E402
import tap  # noqa: E402


def cells(text):
    return ansi2svg.parse(text)[0]


tap.equal([c.style.fg for c in cells("\x1b[31mr\x1b[38;5;208mo\x1b[38;2;1;2;3mx\x1b[39md")],
          ["#cc6666", "#ff8700", "#010203", None], "16, 256 and true colours, and back")
tap.equal(ansi2svg.parse("\x1b[1;4ma\nb\x1b[0mc\n")[1][0].style.bold, True, "attributes carry over line ends")
tap.equal(ansi2svg.parse("\x1b[1ma\x1b[m\nb\n")[1][0].style, ansi2svg.PLAIN, "and end with a reset")
tap.equal([(c.text, c.width) for c in cells("日e\u0301x")], [("日", 2), ("e\u0301", 1), ("x", 1)],
          "wide and combining characters")
tap.equal("".join(c.text for c in cells("a\x1b]8;;http://x\x1b\\b\x0ec\x1b(Bd")), "abcd",
          "other sequences are left out")

drawing = ansi2svg.svg("<a&b>\x1b[41m \x1b[0m│\x1b[7mx\x1b[0m\n", 10, 1, "a < b", fg="#111111", bg="#eeeeee")
root = xml.fromstring(drawing)
space = "{http://www.w3.org/2000/svg}"
texts = {t.text: t for t in root.iter(space + "text")}
tap.equal(root.find(space + "title").text, "a < b", "the title is text")
tap.ok("<a&b>" in texts, "what looks like markup stays text")
tap.equal(texts["x"].get("fill"), "#eeeeee", "reverse swaps the colours")
tap.ok(any(r.get("fill") == "#cc6666" for r in root.iter(space + "rect")), "a background is a rectangle")
tap.equal(len(list(root.iter(space + "path"))), 1, "a line is a path")
sys.exit(tap.done())
