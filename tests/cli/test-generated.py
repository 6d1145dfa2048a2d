#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the program prints of its tables: manual page, completion scripts, candidates for kubectl."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ["TOP_SRCDIR"]
RUTTER = os.environ["RUTTER"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import tap  # noqa: E402


def output(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return result.stdout + result.stderr


def listed(text, heading, pattern):
    """The words that PATTERN finds in the part of a help text below a heading."""
    part = text.split(heading + "\n", 1)[1].split("\n\n", 1)[0]
    return re.findall(pattern, part, re.M)


def manual(help_text):
    page = output(RUTTER, "__man")
    for name in listed(help_text, "Commands:", r"^  (\w+)"):
        tap.ok(f'.It Cm "\\&{name}"' in page, f"the manual has the command {name}")
    options = re.findall(r"^ +(?:-\w, )?--([\w-]+)", help_text, re.M)
    absent = [o for o in options if "Fl \\-" + o.replace("-", "\\-") not in page]
    tap.equal(absent, [], f"the manual has all {len(options)} options of the help")
    tap.ok(len(options) > 20, "the help has options")
    if not shutil.which("mandoc"):
        tap.skip("no mandoc", "mandoc is content with the manual")
        return
    with tempfile.NamedTemporaryFile("w", suffix=".1", encoding="utf-8") as f:
        f.write(page)
        f.flush()
        tap.equal(output("mandoc", "-T", "lint", "-W", "warning", f.name), "",
                  "mandoc is content with the manual")


def examples(help_text):
    """Every example is a command line that the program takes: with --demo, and files of the demo."""
    page = output(RUTTER, "__man")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "manifests"))
        for name in ("ticket.json", "new.yaml", "manifests/demo.json"):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(output(RUTTER, "snapshot", "--demo"))
        for name in listed(help_text, "Commands:", r"^  (\w+)"):
            text = output(RUTTER, "help", name)
            tap.ok(max(map(len, text.splitlines())) <= 80, f"help {name} fits a terminal")
            if "\nDiagnostics:" in text:
                tap.equal("--output" in text, "Formats (-o)" in text, f"help {name} has -o if it has formats")
            shown = re.findall(r"^  # .*\n  (.*)", text, re.M)
            tap.ok(shown or name in ("version", "help"), f"help {name} has examples")
            for line in shown:
                tap.ok(line.replace("-", "\\-") in page, f"the manual has it: {line}")
                words = re.search(r"\brutter\b([^|>)]*)", line).group(1)
                if name in ("tui", "completion") or "--watch" in words:
                    continue
                source = "" if "-f" in words.split() else "--demo"
                done = subprocess.run(f"exec {RUTTER} {words} {source}", shell=True, cwd=folder, text=True,
                                      input="{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n",
                                      capture_output=True, check=False)
                tap.ok(done.returncode in (0, 1) and not done.stderr, f"and it works: {line}")


def scripts():
    for shell in ("bash", "zsh", "fish"):
        text = output(RUTTER, "completion", shell)
        tap.ok("__complete" in text, f"a completion script for {shell}")
        if shutil.which(shell):
            tap.equal(output(shell, "-n", input=text), "", f"{shell} can read it")
        else:
            tap.skip(f"no {shell}", f"{shell} can read it")


def bash_completion():
    """A line is completed by bash itself, with the script and the program that are to be tested."""
    if not shutil.which("bash"):
        tap.skip("no bash", "bash completes")
        return
    script = output(RUTTER, "completion", "bash") + """
        COMP_WORDS=(rutter vers); COMP_CWORD=1; _rutter; echo "${COMPREPLY[@]}"
        COMP_WORDS=(rutter version -o js); COMP_CWORD=3; _rutter; echo "${COMPREPLY[@]}"
    """
    path = os.path.dirname(RUTTER) + os.pathsep + os.environ["PATH"]
    tap.equal(output("bash", "-c", script, env={**os.environ, "PATH": path}), "version\njson\n",
              "bash completes a command and a value")


def kubectl_plugin():
    shim = os.path.join(TOP, "src", "cli", "kubectl_complete-rutter")
    path = os.path.dirname(RUTTER) + os.pathsep + os.environ["PATH"]
    text = output("sh", shim, "vers", env={**os.environ, "PATH": path})
    tap.ok(text.startswith("version\t"), "the shim for kubectl offers a command")
    tap.ok(re.search(r"^:\d+$", text.splitlines()[-1]), "and ends with a directive")


manual(output(RUTTER, "help"))
examples(output(RUTTER, "help"))
scripts()
bash_completion()
kubectl_plugin()
sys.exit(tap.done())
