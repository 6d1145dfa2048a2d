#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real program on a real terminal (tmux): every pane, sizes, signals, colours, mouse."""
import os
import random
import re
import signal
import sys
import time

TOP = os.environ["TOP_SRCDIR"]
sys.path.insert(0, os.path.join(TOP, "tests/lib"))
import tap  # noqa: E402
import terminal  # noqa: E402

RUTTER = os.environ["RUTTER"]
READY = "? help"


def ready(screen):
    """The objects are there, not only the frame."""
    return READY in screen and "GatewayClass" in screen
CONFIG = os.path.join(os.environ["TOP_BUILDDIR"], "tests", "tmp", "ui-config")
ENV = {"HOME": os.environ["HOME"], "XDG_CONFIG_HOME": CONFIG, "RT_NOW": "2026-11-23T12:00:00Z"}


def demo(*flags, **options):
    """The demo cluster in the terminal UI."""
    env = dict(ENV, **options.pop("env", {}))
    return terminal.Terminal([RUTTER, "--demo", *flags], env=env, **options)


def shell(**options):
    """An interactive shell that starts the program, to see what is left of the terminal after it."""
    env = dict(ENV, PS1="shell-prompt ", **options.pop("env", {}))
    return terminal.Terminal(["bash", "--norc", "--noprofile", "-i"], env=env, **options)


def pid_of(t):
    """The program's process: the pane's, or its youngest child."""
    top = t.ask("pane_pid")
    with open(f"/proc/{top}/task/{top}/children", encoding="ascii") as f:
        children = f.read().split()
    return int(children[-1] if children else top)


def columns_hold(screen, width):
    """Right borders stand in the last column on every row between the head and the bottom line."""
    rows = screen.split("\n")[1:-2]
    return all(terminal_width(r) == width and r[-1] in "│┐┘┤" for r in rows if r)


def terminal_width(text):
    """Columns of a line as tmux shows it."""
    import unicodedata
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def test_panes():
    with demo(size=(120, 40)) as t:
        screen = t.wait(ready)
        tap.has(screen, "Topology", "starts on the topology")
        tap.ok(columns_hold(screen, 120), "120x40: borders stand")
        for key, want in (("2", "Routes"), ("3", "Findings"), ("4", "Controllers and data planes"), ("1", "Topology")):
            t.keys(key)
            t.wait(lambda s, want=want: f" {want} " in s.split("\n")[1])
            tap.ok(True, f"{key} shows {want}")
        for key, want in (("o", "expected"), ("r", "Referred to by"), ("y", "apiVersion:"), ("d", "runs as")):
            t.keys(key)
            t.wait(want)
            tap.ok(True, f"{key} shows a tab with {want}")
            t.keys("q")
        t.keys("?")
        tap.has(t.wait("q close"), "the flat routing table", "? shows the keys")
        t.keys("End")
        tap.has(t.wait(":quit"), ":namespace", "and the commands")
        t.keys("q")
        t.type("/HTTPRoute shop/cart\r")
        screen = t.wait(lambda s: "1/4" in s or "4/4" in s)
        tap.ok("shop/storefront" not in screen.split("Findings")[0], "/ leaves what it finds and the way to it")
        t.keys("Escape")
        t.wait("storefront")
        t.keys("t")
        t.wait("trace http")
        t.keys("C-u")
        t.type("https://shop.example.com/cart\r")
        tap.has(t.wait("GET https://shop.example.com/cart"), "Service shop/cart", "t traces a URL")
        t.type(":theme light\r")
        t.type(":ns shop\r")
        tap.has(t.wait("· shop"), "rutter", ":ns narrows")
        t.type(":q\r")
        tap.equal(t.wait_end(), 0, ":q ends the program")


def storm(dice):
    """Sizes that change faster than the program looks: what the terminal lost is drawn again."""
    with demo(size=(120, 40)) as t:
        t.wait(ready)
        for i in range(60):
            t.resize(dice.randint(20, 220), dice.randint(3, 70))
            if i % 3 == 0:
                t.keys(dice.choice(["j", "3", "2", "1", "4", "d", "y", "o", "z", "x", "Tab", "f", "Escape"]))
        t.resize(120, 40)
        t.type(":caught-up")  # what came before it has been seen when this is
        t.wait("caught-up")
        t.keys("Escape")
        t.wait(lambda screen: "? help" in screen and "caught-up" not in screen and columns_hold(screen, 120))
        left = t.settled()
        t.keys("C-l")
        tap.equal(left, t.settled(), "a storm of sizes leaves the screen whole")


def test_sizes():
    with demo(size=(80, 24)) as t:
        tap.ok(columns_hold(t.wait(ready), 80), "80x24: borders stand")
        t.resize(200, 60)
        screen = t.wait(lambda s: len(s.split("\n")[1]) == 200)
        tap.ok(columns_hold(t.settled(), 200), "200x60: borders stand")
        t.resize(50, 12)
        t.wait("rutter needs 60x16, this is 50x12")
        tap.ok(True, "too small: one line asks for room")
        t.resize(100, 30)
        screen = t.wait(ready)
        tap.ok(columns_hold(t.settled(), 100), "100x30: borders stand")
        t.keys("q")
        tap.equal(t.wait_end(), 0, "q in the first view ends the program")
    for seed in range(1, 4):
        storm(random.Random(seed))


def test_resized():
    """What a terminal shows after its size changed is its own affair: all is drawn anew."""
    for before, after in (((120, 40), (80, 24)), ((80, 24), (160, 48)), ((200, 60), (100, 30))):
        with demo(size=after) as fresh:
            fresh.wait(ready)
            want = fresh.settled()
        with demo(size=before) as t:
            t.wait(ready)
            t.settled()
            t.resize(*after)
            t.wait(lambda s, want=want: s == want)
            tap.ok(True, f"{before[0]}x{before[1]} to {after[0]}x{after[1]}: as if it had begun there")


def test_screen_restored():
    with shell() as t:
        t.wait("shell-prompt")
        t.type(f"echo before; {RUTTER} --demo\r")
        t.wait(ready)
        tap.equal(t.ask("alternate_on"), "1", "the UI is on the alternate screen")
        t.keys("C-z")
        screen = t.wait("Stopped")
        tap.ok(READY not in screen and "before" in screen, "C-z gives the screen back")
        tap.equal(t.ask("cursor_flag"), "1", "with its cursor")
        t.type("stty -a | grep -o ' icanon\\| echo '\r")
        tap.has(t.wait("icanon"), " echo", "and its modes")
        t.type("fg\r")
        tap.has(t.wait(ready), "Topology", "fg draws everything again")
        t.keys("j")
        t.wait("2/38")
        tap.ok(True, "and keys work")
        t.keys("q")
        t.wait(lambda s: READY not in s)
        tap.equal(t.ask("alternate_on"), "0", "quitting leaves the alternate screen")
        tap.has(t.screen(), "before", "and what was on the screen is there")


def test_signals():
    for name, signo in (("SIGTERM", signal.SIGTERM), ("SIGSEGV", signal.SIGSEGV), ("SIGABRT", signal.SIGABRT)):
        if name == "SIGSEGV" and os.environ.get("RT_SANITIZED"):
            continue
        with shell() as t:
            t.wait("shell-prompt")
            t.type(f"ulimit -c 0; echo before; {RUTTER} --demo; stty -a | grep -o ' icanon'\r")
            t.wait(ready)
            os.kill(pid_of(t), signo)
            screen = t.wait(" icanon")
            tap.ok("before" in screen and READY not in screen, f"{name} leaves the screen as it was")
            tap.equal(t.ask("alternate_on") + t.ask("cursor_flag"), "01", f"{name} leaves the alternate screen, cursor shown")
    with demo() as t:
        t.wait(ready)
        os.kill(pid_of(t), signal.SIGHUP)
        t.wait_end()
        tap.ok(True, "SIGHUP ends the program")


def sgr(styled):
    """Every parameter of the colours in a capture."""
    return {p for m in re.findall(r"\x1b\[([0-9;:]*)m", styled) for p in m.split(";")}


def test_colours():
    with demo(env={"NO_COLOR": "1"}) as t:
        t.wait(ready)
        tap.ok(not sgr(t.styled()) & {"38", "48", "31", "34"}, "NO_COLOR: bold and reverse alone")
    with demo("--color", "16") as t:
        t.wait(ready)
        used = sgr(t.styled())
        if not tap.ok("38" not in used and used & {"31", "91", "32", "92"}, "--color 16: no other colours"):
            tap.diag(sorted(used))
    with demo("--color", "truecolor") as t:
        t.wait(ready)
        tap.ok("\x1b[38;2;" in t.styled() or "38;2;" in t.styled(), "--color truecolor: 24 bits")
    with demo(env={"COLORTERM": "truecolor"}) as t:
        t.wait(ready)
        tap.ok("38;2;" in t.styled(), "COLORTERM=truecolor: 24 bits")
        t.keys("j", "End", "Home")
        t.wait("1/38")
        tap.ok(True, "and the terminal's own keys work with it")
    with demo("--theme", "light") as t:
        t.wait(ready)
        tap.ok("48;5;231" in t.styled(), "--theme light: a white background")


def test_themes():
    """Of the user's own folder; those of the program need none."""
    folder = os.path.join(CONFIG, "rutter", "themes")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "mine.yaml"), "w", encoding="ascii") as f:
        f.write("extends: light\nroles:\n  state.eror: {fg: red}\n  changed: {fg: purpel}\n")
    with demo("--theme", "mine") as t:
        tap.has(t.wait("and 1 more"), 'theme mine:3: no role called "state.eror"', "what is wrong in a theme is said")
        tap.ok("48;5;231" in t.styled(), "and the rest of it is used")
        t.type(":theme ")
        t.keys("Enter")
        tap.has(t.wait("solarized-light"), "mine", "the user's stand beside the program's")


def test_locale_and_term():
    with demo(env={"LC_ALL": "C", "LANG": "C"}) as t:
        screen = t.wait(ready)
        tap.ok(screen.isascii(), "LANG=C: nothing but ASCII")
    with demo("--ascii") as t:
        tap.ok(t.wait(ready).isascii(), "--ascii: nothing but ASCII")
    for command, want, name in (("TERM=dumb {} --demo", "rutter dump", "TERM=dumb: names rutter dump"),
                                ("{} --demo --theme nonesuch", "no theme called nonesuch", "an unknown theme is said to be one")):
        with shell() as t:
            t.wait("shell-prompt")
            t.type("clear; " + command.format(RUTTER) + "; echo status $?\r")
            tap.has(t.wait("status 2"), want, name)


def mouse(button, x, y):
    """A press as SGR mouse mode reports it."""
    return f"\x1b[<{button};{x + 1};{y + 1}M\x1b[<{button};{x + 1};{y + 1}m"


def test_mouse():
    with demo(size=(120, 40)) as t:
        t.wait(ready)
        tap.equal(t.ask("mouse_any_flag"), "0", "the mouse is the terminal's until asked for")
    with demo("--mouse", size=(120, 40), term="xterm-256color") as t:
        t.wait(ready)
        tap.equal(t.ask("mouse_any_flag"), "1", "--mouse takes it")
        t.type(mouse(0, 20, 5))
        t.wait("4/38")
        tap.ok(True, "a click selects the row")
        t.type(mouse(65, 20, 5))
        t.wait(lambda s: "gatewayclass" not in s.split("\n")[2])
        tap.ok(True, "the wheel scrolls")
        t.type(mouse(0, 78, 2))
        t.wait("expected")
        tap.ok(True, "a click on a tab shows it")
        t.type(":mouse\r")
        t.wait("mouse off")
        tap.equal(t.ask("mouse_any_flag"), "0", ":mouse gives it back")


def test_hostile():
    file = os.path.join(TOP, "tests/tui/hostile.yaml")
    raw = os.path.join(os.environ["TOP_BUILDDIR"], "tests", "tui-raw.log")
    command = f"exec script -qec '{RUTTER} -f {file}' '{raw}'"
    with terminal.Terminal(["bash", "-c", command], env=ENV) as t:
        screen = t.wait(ready)
        tap.ok(columns_hold(screen, 80), "hostile names: columns hold")
        for keys in ("2", "3", "1", "o", "q", "y", "q"):
            t.keys(keys)
            tap.ok(columns_hold(t.settled(), 80), f"and after {keys}")
        t.keys("q")
        t.wait_end()
    with open(raw, "rb") as f:
        bytes_ = f.read()
    os.unlink(raw)
    for evil, name in ((b"\x1b[31mred", "colour"), (b"\x1b]52;c;AAAA", "clipboard"), (b"\xc2\x9b2Jc1", "C1"),
                       ("\u202e".encode(), "bidi override"), (b"\x1b[5mb", "blink")):
        tap.ok(evil not in bytes_, f"the terminal is not sent the {name} of a name")


def switches(pid):
    """How often the process has waited so far."""
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(r"voluntary_ctxt_switches:\s+(\d+)", f.read()).group(1))


def test_idle():
    with demo() as t:
        t.wait(ready)
        t.settled()
        pid = pid_of(t)
        before = switches(pid)
        time.sleep(0.7)  # the length of time is what is tested
        tap.equal(switches(pid), before, "an idle program does not wake up")


def main():
    reason = terminal.available()
    if reason:
        tap.skip_all(reason)
    test_panes()
    test_sizes()
    test_resized()
    test_screen_restored()
    test_signals()
    test_colours()
    test_themes()
    test_locale_and_term()
    test_mouse()
    test_hostile()
    test_idle()
    return tap.done()


sys.exit(main())
