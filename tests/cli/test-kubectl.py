#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""As a plugin of a real kubectl: arguments and exit status pass through, help names kubectl, and
kubectl's own completion asks the shim."""
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ["TOP_SRCDIR"]
RUTTER = os.environ["RUTTER"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import tap  # noqa: E402


def kubectl(path, *args):
    env = {**os.environ, "PATH": path + os.pathsep + os.environ["PATH"]}
    done = subprocess.run(["kubectl", *args], capture_output=True, text=True, env=env, check=False)
    return done.returncode, done.stdout, done.stderr


def plugin(path):
    status, out, _ = kubectl(path, "rutter", "help")
    tap.ok(status == 0 and "Usage: kubectl rutter" in out, "help shows the words that start it")
    status, out, _ = kubectl(path, "rutter", "check", "--demo", "-o", "json")
    tap.ok(status == 1 and out.startswith("{"), "findings are exit status 1")
    status, out, _ = kubectl(path, "rutter", "explain", "RT15")
    tap.ok(status == 0 and out.startswith("RT15"), "arguments arrive")
    status, out, err = kubectl(path, "rutter", "dump", "--demo", "--nonsense")
    tap.ok(status == 2 and not out and err.startswith("kubectl rutter: "), "usage is exit status 2")
    _, out, _ = kubectl(path, "plugin", "list")
    tap.ok("kubectl-rutter" in out, "kubectl lists it")


def completion(path):
    status, out, _ = kubectl(path, "__complete", "rutter", "exp")
    if status != 0 or "explain" not in out:
        # kubectl asks plugins since 1.26
        version = kubectl(path, "version", "--client", "-o", "json")[1]
        minor = int("".join(c for c in version.split('"minor": "')[-1][:3] if c.isdigit()) or 0)
        if minor < 26:
            tap.skip("this kubectl asks no plugin to complete", "kubectl completes a command")
            return
    tap.ok(out.startswith("explain"), "kubectl completes a command")


if not shutil.which("kubectl"):
    tap.skip("no kubectl", "the plugin of a real kubectl")
else:
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(RUTTER, os.path.join(folder, "rutter"))
        os.symlink(RUTTER, os.path.join(folder, "kubectl-rutter"))
        shim = os.path.join(folder, "kubectl_complete-rutter")
        shutil.copy(os.path.join(TOP, "src", "cli", "kubectl_complete-rutter"), shim)
        os.chmod(shim, 0o755)
        plugin(folder)
        completion(folder)
sys.exit(tap.done())
