# SPDX-License-Identifier: Apache-2.0
"""A real terminal for tests and screenshots: the program in tmux, on a private socket.

    with Terminal(["rutter", "--demo"], size=(120, 40)) as t:
        t.wait("Topology")
        t.keys("j", "Enter")
        t.wait(lambda screen: "Conditions" in screen)
        t.resize(80, 24)
        print(t.screen())

Nothing sleeps for a fixed time: wait() polls for a condition, settled() until two looks agree.
"""
import os
import shutil
import subprocess
import tempfile
import time

CONFIG = """set -g default-terminal "{term}"
set -g status off
set -g remain-on-exit on
set -g history-limit 0
set -g focus-events off
set -sg escape-time 0
set -sg set-clipboard external
"""


def no_pty():
    """The reason why no program can have a terminal here, or None: a container may lack /dev/pts."""
    try:
        for fd in os.openpty():
            os.close(fd)
    except OSError as error:
        return f"no pseudo-terminal: {error.strerror}"
    return None


def available():
    """The reason why there is no terminal here, or None."""
    return no_pty() if shutil.which("tmux") else "no tmux"


class Timeout(AssertionError):
    """The screen never showed what was waited for; the message has what it did show."""


class Terminal:
    def __init__(self, command, size=(80, 24), env=None, term="tmux-256color", cwd=None, timeout=20):
        self.command, self.size, self.term, self.cwd = command, size, term, cwd
        self.env, self.timeout = env or {}, timeout

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="rutter-tmux-")
        config = os.path.join(self.folder, "tmux.conf")
        with open(config, "w", encoding="ascii") as f:
            f.write(CONFIG.format(term=self.term))
        environ = {k: v for k, v in os.environ.items() if k not in ("TMUX", "TMUX_PANE")}
        environ.update(LC_ALL="C.UTF-8")
        self.base = ["tmux", "-u", "-S", os.path.join(self.folder, "s"), "-f", config]
        # What the shell inherits comes through -e: the server's own environment is not the pane's.
        variables = [a for k, v in self.env.items() for a in ("-e", f"{k}={v}")]
        subprocess.run(self.base + ["new-session", "-d", "-x", str(self.size[0]), "-y", str(self.size[1])]
                       + variables + ["--"] + self.command, env=environ, cwd=self.cwd, check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(self.base + ["kill-server"], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def tmux(self, *arguments):
        """The output of a tmux command."""
        return subprocess.run(self.base + list(arguments), capture_output=True, check=True).stdout.decode()

    def keys(self, *names):
        """Presses keys by tmux's names: "j", "Enter", "C-d", "S-Tab" is "BTab"."""
        self.tmux("send-keys", *names)

    def type(self, text):
        """Types text, or any bytes (a mouse report, say), as it stands."""
        self.tmux("send-keys", "-l", text)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self):
        """What is on the screen, as text."""
        return self.tmux("capture-pane", "-p")

    def styled(self):
        """What is on the screen, with the escape sequences of its colours; blanks kept."""
        return self.tmux("capture-pane", "-e", "-p", "-N")

    def ask(self, variable):
        """A variable of tmux: "cursor_flag", "alternate_on", "pane_dead_status" …"""
        return self.tmux("display-message", "-p", "#{" + variable + "}").rstrip("\n")

    def ended(self):
        """The exit status of the program, -1 for a signal, or None while it runs."""
        if self.ask("pane_dead") != "1":
            return None
        status, signal = self.ask("pane_dead_status"), self.ask("pane_dead_signal")
        if status or signal:
            return int(status) if status else -1
        # tmux at times overlooks that a program has ended; then the kernel still knows how.
        try:
            with open(f"/proc/{self.ask('pane_pid')}/stat", encoding="utf-8") as f:
                fields = f.read().rsplit(")", 1)[1].split()
        except OSError:
            return None
        code = int(fields[-1])
        return None if fields[0] != "Z" else -1 if code & 127 else code >> 8

    def wait(self, condition, timeout=None):
        """Until the screen holds a text, or a function of it is true; returns the screen."""
        test = condition if callable(condition) else lambda screen: condition in screen
        return self.poll(lambda: (lambda s: s if test(s) else None)(self.screen()), condition, timeout)

    def wait_end(self, timeout=None):
        """Until the program has ended; returns its exit status."""
        return self.poll(self.ended, "the program to end", timeout)

    def settled(self):
        """Until two looks in a row show the same; returns the screen."""
        last = [None]

        def same():
            now = self.styled()
            last[0], before = now, last[0]
            return self.screen() if now == before else None
        return self.poll(same, "a screen that stands still", None, pause=0.08)

    def poll(self, look, what, timeout, pause=0.02):
        deadline = time.monotonic() + (timeout or self.timeout)
        while True:
            found = look()
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise Timeout(f"waited for {what!r}; the screen is\n{self.screen()}")
            time.sleep(pause)
