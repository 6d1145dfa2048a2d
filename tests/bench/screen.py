# SPDX-License-Identifier: Apache-2.0
"""The program on a terminal (a pty), for rows that press keys and read what is drawn."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time


class Screen:
    """The program on a terminal of 120 by 40."""

    def __init__(self, command, env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execve(command[0], command, env)
            finally:
                os._exit(127)  # never back into the parent's code
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.text = b""

    def read(self, seconds):
        """What is written within the time; returns at the first bytes."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError:
            got = b""
        self.text = (self.text + got)[-200000:]
        return got

    def until(self, word, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if re.search(word, self.text):
                return True
            self.read(0.1)
        return False

    def drain(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.read(max(0.0, deadline - time.monotonic()))

    def settle(self, seconds):
        """Until it computes nothing for two seconds."""
        deadline, before = time.monotonic() + seconds, -1.0
        while time.monotonic() < deadline and self.cpu() > before:
            before = self.cpu()
            self.drain(2)

    def cpu(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        self.drain(0.5)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def p99(times):
    """The 99th percentile; no time at all is no good one."""
    return sorted(times)[min(len(times) - 1, len(times) * 99 // 100)] if times else float("inf")
