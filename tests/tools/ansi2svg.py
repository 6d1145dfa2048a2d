#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what `tmux capture-pane -e -p -N` prints as SVG.

    ansi2svg.py --columns 120 --rows 34 --title "the demo" <screen.ansi >screen.svg

The attributes of a cell carry over line ends, as in a terminal. Lines and blocks are drawn as paths,
so that they join at any zoom; text is placed by the cell and in runs of one style.
"""
import argparse
import re
import sys
import unicodedata
from collections import Counter, namedtuple
from xml.sax.saxutils import escape

FONT_SIZE = 14
CELL_WIDTH, CELL_HEIGHT = 8.43, 18  # the advance of DejaVu Sans Mono at this size
BASELINE = 13.5
PAD, BAR = 10, 26

BASE16 = ["#1d1f21", "#cc6666", "#8fb573", "#e0c46c", "#6f9fd8", "#b294bb", "#73b8af", "#c5c8c6",
          "#767a80", "#e88388", "#a8cc8c", "#f0dfaf", "#8fb8ee", "#d2a8ff", "#8fd3cb", "#ffffff"]

Style = namedtuple("Style", "fg bg bold dim italic underline reverse strike")
PLAIN = Style(None, None, False, False, False, False, False, False)
Cell = namedtuple("Cell", "text width style")

# Box drawing: strength (0 none, 1 light, 2 heavy, 3 double) of the arms up, right, down, left.
ARMS = {
    "─": "0101", "━": "0202", "│": "1010", "┃": "2020", "═": "0303", "║": "3030",
    "┌": "0110", "┐": "0011", "└": "1100", "┘": "1001", "├": "1110", "┤": "1011", "┬": "0111",
    "┴": "1101", "┼": "1111", "╭": "0110", "╮": "0011", "╰": "1100", "╯": "1001",
    "┏": "0220", "┓": "0022", "┗": "2200", "┛": "2002", "┣": "2220", "┫": "2022", "┳": "0222",
    "┻": "2202", "╋": "2222", "╔": "0330", "╗": "0033", "╚": "3300", "╝": "3003", "╠": "3330",
    "╣": "3033", "╦": "0333", "╩": "3303", "╬": "3333", "╴": "0001", "╵": "1000", "╶": "0100", "╷": "0010",
}
# Blocks: left, top, right, bottom as parts of the cell, and how much of it is inked.
BLOCKS = {"█": (0, 0, 1, 1, 1), "▀": (0, 0, 1, .5, 1), "▄": (0, .5, 1, 1, 1), "▌": (0, 0, .5, 1, 1),
          "▐": (.5, 0, 1, 1, 1), "░": (0, 0, 1, 1, .25), "▒": (0, 0, 1, 1, .5), "▓": (0, 0, 1, 1, .75)}
for _i in range(1, 8):
    BLOCKS[chr(0x2580 + _i)] = (0, 1 - _i / 8, 1, 1, 1)
    BLOCKS[chr(0x2590 - _i)] = (0, 0, _i / 8, 1, 1)


def color(index):
    """The colour of an index of the 256."""
    if index < 16:
        return BASE16[index]
    if index >= 232:
        return "#" + f"{8 + 10 * (index - 232):02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    index -= 16
    return f"#{levels[index // 36]:02x}{levels[index // 6 % 6]:02x}{levels[index % 6]:02x}"


def extended(numbers):
    """The colour that 38 or 48 introduces; takes its numbers away."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 5 and numbers:
        return color(numbers.pop(0))
    if kind == 2 and len(numbers) >= 3:
        return f"#{numbers.pop(0):02x}{numbers.pop(0):02x}{numbers.pop(0):02x}"
    return None


FLAGS = {1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underline": True},
         7: {"reverse": True}, 9: {"strike": True}, 22: {"bold": False, "dim": False},
         23: {"italic": False}, 24: {"underline": False}, 27: {"reverse": False}, 29: {"strike": False},
         39: {"fg": None}, 49: {"bg": None}}


def restyle(style, parameters):
    """The style after an SGR sequence."""
    numbers = [int(p or 0) for p in re.split("[;:]", parameters)]
    while numbers:
        n = numbers.pop(0)
        if n == 0:
            style = PLAIN
        elif n in FLAGS:
            style = style._replace(**FLAGS[n])
        elif n == 38:
            style = style._replace(fg=extended(numbers))
        elif n == 48:
            style = style._replace(bg=extended(numbers))
        elif 30 <= n <= 37 or 90 <= n <= 97:
            style = style._replace(fg=color(n - 30 if n < 90 else n - 82))
        elif 40 <= n <= 47 or 100 <= n <= 107:
            style = style._replace(bg=color(n - 40 if n < 100 else n - 92))
    return style


def width_of(char):
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[\[(][^A-Za-z]*[A-Za-z]"
                      r"|[\x0e\x0f\r]|\x1b.")


def parse(text):
    """The lines of the screen, each a list of cells."""
    lines, style = [], PLAIN
    for line in text.rstrip("\n").split("\n"):
        cells, at = [], 0
        while at < len(line):
            m = SEQUENCE.match(line, at)
            if m:
                style = restyle(style, m.group(1)) if m.group(1) is not None else style
                at = m.end()
                continue
            width = width_of(line[at])
            if width == 0 and cells:
                cells[-1] = cells[-1]._replace(text=cells[-1].text + line[at])
            elif width:
                cells.append(Cell(line[at], width, style))
            at += 1
        lines.append(cells)
    return lines


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Picture:
    """Collects the elements of one SVG."""

    def __init__(self, args):
        self.args, self.out = args, []
        self.left, self.top = PAD, PAD + BAR
        self.width = args.columns * CELL_WIDTH + 2 * PAD
        self.height = args.rows * CELL_HEIGHT + 2 * PAD + BAR

    def colors(self, style):
        fg, bg = style.fg or self.args.fg, style.bg or self.args.bg
        return (bg, fg) if style.reverse else (fg, bg)

    def add(self, element):
        self.out.append(element)

    def head(self):
        a = self.args
        self.add(f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(self.width)}" '
                 f'height="{number(self.height)}" viewBox="0 0 {number(self.width)} {number(self.height)}" '
                 f'role="img">')
        self.add(f"<title>{escape(a.title)}</title>")
        self.add(f'<rect width="100%" height="100%" rx="8" fill="{a.window}"/>')
        self.add('<g fill="#808080">' + "".join(f'<circle cx="{18 + 18 * i}" cy="17" r="5"/>' for i in range(3))
                 + "</g>")
        self.add(f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT_SIZE}" '
                 'xml:space="preserve">')
        self.add(f'<text x="{number(self.width / 2)}" y="21" text-anchor="middle" fill="#808080">'
                 f"{escape(a.title)}</text>")

    def background(self, cells, y):
        """One rectangle for each run of a background that is not the screen's."""
        x, runs = self.left, []
        for cell in cells:
            fill = self.colors(cell.style)[1]
            if runs and runs[-1][0] == fill:
                runs[-1][2] += cell.width * CELL_WIDTH
            else:
                runs.append([fill, x, cell.width * CELL_WIDTH])
            x += cell.width * CELL_WIDTH
        for fill, start, width in runs:
            if fill != self.args.window:
                self.add(f'<rect x="{number(start)}" y="{number(y)}" width="{number(width)}" '
                         f'height="{CELL_HEIGHT}" fill="{fill}"/>')

    def foreground(self, cells, y):
        """Runs of one style as text; lines, blocks and wide characters by the cell."""
        x, run, run_x = self.left, "", self.left
        style = PLAIN
        for cell in cells + [Cell("", 0, None)]:
            plain = len(cell.text) == 1 and cell.text.isascii()
            if run and (cell.style != style or not plain):
                self.text(run, run_x, y, style, len(run))
                run = ""
            if plain:
                if not run:
                    run_x, style = x, cell.style
                run += cell.text
            elif cell.text in ARMS:
                self.line(cell, x, y)
            elif cell.text in BLOCKS:
                self.block(cell, x, y)
            elif cell.text:
                self.text(cell.text, x, y, cell.style, cell.width)
            x += cell.width * CELL_WIDTH

    def text(self, text, x, y, style, cells):
        lead = len(text) - len(text.lstrip(" "))
        shown = text.strip(" ")
        if not shown and not (style.underline or style.strike):
            return
        if not (style.underline or style.strike):
            x, cells, text = x + lead * CELL_WIDTH, cells - (len(text) - len(shown)), shown
        extra = "".join((' font-weight="bold"' if style.bold else "", ' font-style="italic"' if style.italic else "",
                         ' opacity="0.6"' if style.dim else "",
                         ' text-decoration="underline"' if style.underline else "",
                         ' text-decoration="line-through"' if style.strike else ""))
        self.add(f'<text x="{number(x)}" y="{number(y + BASELINE)}" fill="{self.colors(style)[0]}"'
                 f' textLength="{number(cells * CELL_WIDTH)}"{extra}>{escape(text)}</text>')

    def line(self, cell, x, y):
        arms = [int(a) for a in ARMS[cell.text]]
        cx, cy, strength = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2, max(arms)
        ends = ((cx, y), (x + CELL_WIDTH, cy), (cx, y + CELL_HEIGHT), (x, cy))
        paths = []
        if cell.text in "╭╮╰╯":
            (sx, sy), (ex, ey) = (end for end, arm in zip(ends, arms) if arm)
            paths.append(f"M{number(sx)} {number(sy)}Q{number(cx)} {number(cy)} {number(ex)} {number(ey)}")
            ends = ()
        for shift in ((-1.5, 1.5) if strength == 3 else (0,)):
            for (ex, ey), arm in zip(ends, arms):
                if arm:
                    dx, dy = (shift, 0) if ex == cx else (0, shift)
                    paths.append(f"M{number(cx + dx)} {number(cy + dy)}L{number(ex + dx)} {number(ey + dy)}")
        opacity = ' opacity="0.6"' if cell.style.dim else ""
        self.add(f'<path d="{"".join(paths)}" stroke="{self.colors(cell.style)[0]}" '
                 f'fill="none" stroke-width="{2 if strength == 2 else 1}" stroke-linecap="square"{opacity}/>')

    def block(self, cell, x, y):
        left, top, right, bottom, ink = BLOCKS[cell.text]
        self.add(f'<rect x="{number(x + left * CELL_WIDTH)}" y="{number(y + top * CELL_HEIGHT)}" '
                 f'width="{number((right - left) * CELL_WIDTH)}" height="{number((bottom - top) * CELL_HEIGHT)}" '
                 f'fill="{self.colors(cell.style)[0]}" opacity="{ink}"/>')

    def draw(self, lines):
        self.head()
        for row, cells in enumerate(lines):
            self.background(cells, self.top + row * CELL_HEIGHT)
            self.foreground(cells, self.top + row * CELL_HEIGHT)
        self.add("</g>\n</svg>")
        return "\n".join(self.out) + "\n"


def background_of(lines):
    """The background that most cells have: the window takes it, so that a theme fills its frame."""
    cells = [cell for line in lines for cell in line if not cell.style.reverse]
    return Counter(cell.style.bg for cell in cells).most_common(1)[0][0] if cells else None


def svg(text, columns, rows, title="", fg="#d5d8df", bg="#16181d"):
    """The SVG of a captured screen. fg and bg are the terminal's own colours."""
    lines = parse(text)
    args = argparse.Namespace(columns=columns, rows=rows, title=title, fg=fg, bg=bg,
                              window=background_of(lines) or bg)
    return Picture(args).draw(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--columns", type=int, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--title", default="")
    parser.add_argument("--fg", default="#d5d8df", help="the terminal's own text colour")
    parser.add_argument("--bg", default="#16181d", help="the terminal's own background")
    args = parser.parse_args()
    sys.stdout.write(svg(sys.stdin.read(), args.columns, args.rows, args.title, args.fg, args.bg))


if __name__ == "__main__":
    main()
