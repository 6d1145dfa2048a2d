#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws screenshots/ from real runs of the program.

    screenshots.py [--check] [NAME…]

Each screenshots/NAME.scene is played in tmux; what the terminal then shows is kept as NAME.ansi and
drawn as NAME.svg and, where rsvg-convert is installed, NAME.png. --check plays the scenes and
compares with the kept files instead (TAP): a picture that the program no longer shows is a failure.

A scene is lines "WORD rest", "#" begins a comment:

    title TEXT             what the picture shows, for those who cannot see it
    size 120x34
    run ARGUMENTS          of the program, e.g. --demo
    env NAME=VALUE
    wait TEXT              until the screen has it
    keys j j Enter         by tmux's names
    press KEY until TEXT   as often as it takes
    type TEXT
"""
import argparse
import difflib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(TOP, "tests", "lib")]
import ansi2svg  # noqa: E402
import tap  # noqa: E402
from terminal import Terminal, available  # noqa: E402

FOLDER = os.path.join(TOP, "screenshots")
# The clock of every picture, so that ages do not move.
NOW = "2026-11-23T12:00:00Z"


class Scene:
    """One .scene file."""

    def __init__(self, name):
        self.name, self.title, self.size, self.arguments = name, name, (120, 34), ["--demo"]
        self.env, self.steps = {"RT_NOW": NOW}, []
        with open(self.path("scene"), encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                self.read(number, line.strip())

    def path(self, suffix):
        return os.path.join(FOLDER, f"{self.name}.{suffix}")

    def read(self, number, line):
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            return
        if word == "title":
            self.title = rest
        elif word == "size":
            self.size = tuple(int(n) for n in rest.split("x"))
        elif word == "run":
            self.arguments = shlex.split(rest)
        elif word == "env":
            self.env.update([rest.split("=", 1)])
        elif word in ("wait", "keys", "type", "press"):
            self.steps.append((word, rest))
        else:
            sys.exit(f"{self.path('scene')}:{number}: unknown word {word}")

    @staticmethod
    def step(terminal, word, rest):
        if word == "wait":
            terminal.wait(rest)
        elif word == "press":
            key, _, text = rest.partition(" until ")
            for _ in range(100):
                if text in terminal.settled():
                    return
                terminal.keys(key)
            terminal.wait(text)
        else:
            terminal.keys(*rest.split()) if word == "keys" else terminal.type(rest)
            terminal.settled()

    def play(self):
        """The screen at the end of the scene, with its colours."""
        program = os.path.abspath(os.environ["RUTTER"])
        with tempfile.TemporaryDirectory() as config, \
                Terminal([program] + self.arguments, self.size,
                         {**self.env, "XDG_CONFIG_HOME": config}) as terminal:
            for word, rest in self.steps:
                self.step(terminal, word, rest)
            terminal.settled()
            return terminal.styled()

    def svg(self, screen):
        return ansi2svg.svg(screen, *self.size, title=self.title)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def read(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except FileNotFoundError:
        return ""


def draw(scene):
    screen = scene.play()
    write(scene.path("ansi"), screen)
    write(scene.path("svg"), scene.svg(screen))
    made = "ansi, svg"
    if shutil.which("rsvg-convert"):
        subprocess.run(["rsvg-convert", scene.path("svg"), "-o", scene.path("png")], check=True)
        made += ", png"
    else:
        print("rsvg-convert is not installed (librsvg2-bin): no PNG", file=sys.stderr)
    print(f"screenshots/{scene.name}: {made}")


def check(scene):
    screen = scene.play()
    if not tap.ok(screen == read(scene.path("ansi")), f"{scene.name}: the program shows what the picture shows"):
        tap.diag("\n".join(difflib.unified_diff(read(scene.path("ansi")).splitlines(), screen.splitlines(),
                                                "kept", "now", lineterm="")).replace("\x1b", "^["))
        tap.diag("make screenshots draws it anew")
    tap.ok(scene.svg(read(scene.path("ansi"))) == read(scene.path("svg")), f"{scene.name}: the SVG is up to date")
    tap.ok(os.path.exists(scene.path("png")), f"{scene.name}: there is a PNG")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    names = args.names or sorted(n[:-6] for n in os.listdir(FOLDER) if n.endswith(".scene"))
    if args.check and available():
        tap.skip_all(available())
    if available():
        sys.exit(available())
    for name in names:
        (check if args.check else draw)(Scene(name))
    return tap.done() if args.check else 0


if __name__ == "__main__":
    sys.exit(main())
