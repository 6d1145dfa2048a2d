#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What every command has in common: hostile text stays text, a closed pipe ends it quietly, colours are for
terminals that want them, the exit status keeps the contract, and usage names the program as it was called."""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile

TOP = os.environ["TOP_SRCDIR"]
RUTTER = os.environ["RUTTER"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import tap  # noqa: E402

HOSTILE = os.path.join(TOP, "tests", "tui", "hostile.yaml")
# C0 but tab and line feed, DEL, C1, zero width, bidirectional controls, tags
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
                     "\U000e0000-\U000e007f\ufffe]")
EVERYWHERE = [
    (["dump"], ["tree", "wide", "json", "dot", "mermaid"]), (["routes"], ["table", "json", "csv"]),
    (["status"], ["table", "json"]), (["check"], ["text", "json", "sarif", "junit", "github"]),
    (["trace", "http://e\x1b[2Jvil.example/\u202e"], ["text", "json"]), (["snapshot"], [None])]


def run(*args, **more):
    done = subprocess.run([RUTTER, *args], stdin=subprocess.DEVNULL, capture_output=True, check=False, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def hostile():
    """ESC, OSC, C1, bidirectional controls and NUL in every displayed field."""
    for command, formats in EVERYWHERE:
        for form in formats:
            args = [*command, *(["-o", form] if form else []), "-f", HOSTILE]
            _, out, err = run(*args)
            text = out.replace("\r\n", "\n") if form == "csv" else out
            found = sorted({hex(ord(c)) for c in CONTROL.findall(text + err)})
            tap.ok(bool(out) or bool(err), f"{' '.join(command[:1])} {form}: there is text")
            tap.equal(found, [], f"{' '.join(command[:1])} {form}: nothing in it can steer a terminal")
    for words in (["dump", "--\x1b[2J"], ["\x1b]0;x\x07"], ["dump", "-f", "no\x1b[2Jfile"], ["explain", "\u202ex"],
                  ["dump", "--kubeconfig", "/no\x9bwhere"], ["dump", "Gateway/\x1b[1m", "--demo"]):
        _, out, err = run(*words)
        tap.equal(CONTROL.findall(out + err), [], f"an error about {words!r} is clean, too")


def closed_pipe():
    """EPIPE: whoever reads has seen enough."""
    for command in (["dump"], ["routes"], ["status"], ["check"], ["trace", "http://a.example/"], ["snapshot"],
                    ["help"]):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([RUTTER, *command, "--demo"], stdout=write, stderr=subprocess.PIPE, check=False)
        os.close(write)
        tap.equal(done.stderr, b"", f"{command[0]}: a closed pipe is no error to speak of")


def on_terminal(*args, **env):
    """What the program writes to a terminal."""
    pid, fd = pty.fork()
    if pid == 0:
        base = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLORTERM", "RUTTER_LOG")}
        os.execve(RUTTER, [RUTTER, *(args or ("check", "--demo"))], {**base, "TERM": "xterm-256color", **env})
    seen = b""
    while select.select([fd], [], [], 60)[0]:
        try:
            got = os.read(fd, 65536)
        except OSError:
            got = b""
        if not got:
            break
        seen += got
    os.kill(pid, signal.SIGKILL)  # ended by now, unless it waits for keys
    os.waitpid(pid, 0)
    os.close(fd)
    return seen


def colours():
    colour = re.compile(rb"\x1b\[[0-9;]*(3[0-7]|38|9[0-7])[0-9;:]*m")
    tap.ok(colour.search(on_terminal()), "a terminal gets colours")
    tap.ok(not colour.search(on_terminal(NO_COLOR="1")), "NO_COLOR: none")
    tap.ok(b"\x1b" not in on_terminal(TERM="dumb"), "TERM=dumb: no escape sequence")
    tap.ok(b"--log-file" in on_terminal("--demo", "-v", "6"), "the terminal UI wants a file for its log")
    tap.ok("\x1b" not in run("check", "--demo")[1], "a pipe gets none")
    tap.ok("\x1b[" in run("check", "--demo", "--color", "256")[1], "unless it is asked for")


def exit_status():
    rows = [
        (0, ["dump", "--demo"]), (1, ["dump", "Service/nobody", "--demo"]), (0, ["routes", "--demo"]),
        (0, ["status", "--demo"]), (1, ["check", "--demo"]), (0, ["check", "--demo", "--fail-on", "never"]),
        (0, ["snapshot", "--demo"]), (0, ["explain", "RT12"]), (1, ["explain", "RT99"]), (0, ["version"]),
        (0, ["help"]), (0, ["help", "check"]), (0, ["completion", "bash"]), (0, ["--help"]), (0, ["check", "-h"]),
        (2, ["--demo"]), (2, ["nonsense"]), (2, ["dump", "--nonsense"]), (2, ["dump", "-o", "nonsense", "--demo"]),
        (2, ["dump", "-f", "/nowhere"]), (2, ["dump", "--kubeconfig", "/nowhere"]), (2, ["trace", "--demo"]),
        (2, ["check", "--demo", "--fail-on", "sometimes"]), (2, ["compare", "--demo"]),
        (3, ["check", "-s", "http://127.0.0.1:1"]),
    ]
    for want, args in rows:
        status, out, err = run(*args)
        tap.equal(status, want, f"rutter {' '.join(args)} ends with {want}")
        if want >= 2:
            tap.ok(out == "" and err.startswith("rutter: ") and len(err.splitlines()) <= 2,
                   "and says why in a line, what to do in another")
    tap.equal(run("check", "--demo", "-o", "json", "--nonsense")[1], "", "with -o json errors leave stdout empty")


def names():
    with tempfile.TemporaryDirectory() as folder:
        for name, shown in (("rutter", "rutter"), ("kubectl-rutter", "kubectl rutter")):
            path = os.path.join(folder, name)
            os.symlink(RUTTER, path)
            text = subprocess.run([path, "help"], capture_output=True, text=True, check=False).stdout
            tap.has(text, f"Usage: {shown} ", f"called as {name}, usage says {shown}")


for case in (hostile, closed_pipe, colours, exit_status, names):
    tap.diag(case.__name__)
    case()
sys.exit(tap.done())
