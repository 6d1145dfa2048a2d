# SPDX-License-Identifier: Apache-2.0
"""The source tree as the lint rules see it: files, and C text without comments and strings."""
import functools
import os
import re
import subprocess

TOKEN = re.compile(r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""",
                   re.S)


# A tarball is also built in: its other folders hold what the build made.
FOLDERS = ("src", "include", "themes", "screenshots", "tests", ".ci")


class Tree:
    """The files of the project below TOP; a file is named by its path relative to TOP."""

    def __init__(self, top):
        self.top = os.path.abspath(top)

    def path(self, name):
        return os.path.join(self.top, name)

    @functools.lru_cache(maxsize=None)
    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    @functools.lru_cache(maxsize=None)
    def files(self):
        """What belongs to the project: what git tracks (or would), else every file of a tarball."""
        if os.path.exists(self.path(".git")):
            out = subprocess.run(["git", "-C", self.top, "ls-files", "-z", "--cached", "--others",
                                  "--exclude-standard"], capture_output=True, check=True).stdout
            names = out.decode().split("\0")
        else:
            names = [n for n in os.listdir(self.top) if n != "config.h"]
            names += [os.path.relpath(os.path.join(d, f), self.top) for folder in FOLDERS
                      for d, _, fs in os.walk(self.path(folder)) for f in fs]
        return sorted(n for n in set(names)
                      if n and os.path.isfile(self.path(n)) and not self.generated(n))

    def generated(self, name):
        """A tarball built in place holds C files that the build made; they say so."""
        return name.endswith(".c") and self.read(name).startswith("/* Generated ")

    def matching(self, pattern):
        """The files whose whole name matches the regular expression."""
        return [n for n in self.files() if re.fullmatch(pattern, n)]

    def c_files(self):
        return self.matching(r"(src|include|tests)/.*\.[ch]")

    @functools.lru_cache(maxsize=None)
    def code(self, name, strings=False):
        """C text with comments (and, unless wanted, strings) blanked; lines keep their numbers."""
        def blank(m):
            if strings and m.group("text"):
                return m.group()
            return re.sub(r"[^\n]", " ", m.group())
        return TOKEN.sub(blank, self.read(name))

    def includes(self, name):
        """(line, spelled, quoted) of each #include."""
        for number, line in enumerate(self.read(name).splitlines(), 1):
            m = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
            if m:
                yield number, m.group(1) or m.group(2), m.group(1) is not None

    def grep(self, names, pattern, strings=False):
        """Complaints "file:line: what was found" about each match of PATTERN in the code."""
        regex = re.compile(pattern)
        for name in names:
            for number, line in enumerate(self.code(name, strings).splitlines(), 1):
                for m in regex.finditer(line):
                    yield f"{name}:{number}: {m.group().strip()}"
