#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What comes in from outside that is no manifest's: descriptors, locales, pipes, links; and hostile
text in every format that goes out."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

TOP = pathlib.Path(os.environ["TOP_SRCDIR"])
sys.path.insert(0, str(TOP / "tests" / "lib"))
import tap  # noqa: E402

RUTTER = os.environ["RUTTER"]
BROKEN = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: 1\n"
TYPO = TOP / "tests" / "findings" / "RT12" / "bad-typo.yaml"


def run(*arguments, env=None, **more):
    return subprocess.run([RUTTER, *arguments], capture_output=True, text=True, check=False, timeout=60,
                          env={**os.environ, **(env or {})}, **more)


def test_closed_descriptors(folder):
    manifest, log = folder / "broken.yaml", folder / "log"
    manifest.write_text(BROKEN, encoding="utf-8")
    subprocess.run(["sh", "-c", '"$@" >/dev/null 2>&-', "sh", RUTTER, "dump", "-v", "9", "--log-file",
                    str(log), "-f", str(manifest)], check=False, timeout=60)
    tap.ok("left out" not in log.read_text(encoding="utf-8"),
           "what is meant for a stderr that is closed goes into no file")


def test_decimal_comma(folder):
    if not shutil.which("localedef"):
        tap.skip("no localedef", "a locale with a decimal comma")
        return
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")],
                          capture_output=True, check=False)
    if not (folder / "de_DE.UTF-8" / "LC_NUMERIC").exists():
        tap.skip(made.stderr.decode(errors="replace").strip() or "no de_DE", "a locale with a comma")
        return
    env = {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"}
    split = folder / "split.yaml"
    split.write_text(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: a}\n"
        "spec:\n  parentRefs: [{name: g}]\n  rules: [{backendRefs: [{name: x, port: 1}, "
        "{name: y, port: 1}, {name: z, port: 1}]}]\n", encoding="utf-8")
    doc = run("routes", "-o", "json", "-f", str(split), env=env).stdout
    tap.equal(doc, run("routes", "-o", "json", "-f", str(split)).stdout, "numbers have no comma")
    json.loads(doc)
    real = folder / "real.yaml"
    real.write_text(BROKEN.replace("spec: 1", "spec: {ports: [{port: 1.5}]}"), encoding="utf-8")
    tap.has(run("check", "-f", str(real), env=env).stdout, "not a whole number",
            "1.5 is read to its end")


def test_pipe(folder):
    pipe = folder / "pipe.yaml"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", 'cat "$1" >"$2"', "sh", str(TYPO), str(pipe)]):
        out = run("check", "-f", str(pipe)).stdout
    tap.has(out, "RT12", "manifests come out of a pipe, which is not opened twice")


def test_links(folder):
    up = folder / "up"
    up.mkdir()
    shutil.copy(TYPO, up / "a.yaml")
    for name in ("b", "c", "d"):
        (up / name).symlink_to(".")
    (up / "e.yaml").symlink_to(TYPO)
    out = run("check", "-R", "-f", str(up))
    tap.has(out.stdout, "RT12", "links back up are not followed")
    tap.has(out.stdout, "e.yaml", "links to files are")


HOSTILE = 'a"b\\c]<img src=x>&amp;`#35;|\uffff\x1b[31m\u202e\n::error::x\r%0A,=1+1'


def test_formats(folder):
    manifest = folder / "hostile.json"
    manifest.write_text(json.dumps({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
        "metadata": {"name": HOSTILE, "namespace": "=" + HOSTILE},
        "spec": {"parentRefs": [{"name": HOSTILE}], "hostnames": ["=" + HOSTILE],
                 "rules": [{"matches": [{"path": {"type": "Exact", "value": HOSTILE}}],
                            "backendRefs": [{"name": HOSTILE, "port": 80}]}]}}), encoding="utf-8")
    for locale in ("C.UTF-8", "C"):
        for command, formats in (("check", "text json sarif junit github"), ("routes", "table json csv"),
                                 ("dump", "tree wide json dot mermaid"), ("status", "table json"),
                                 ("trace", "text json")):
            for form in formats.split():
                url = ["http://x/"] if command == "trace" else []
                out = subprocess.run([RUTTER, command, "-o", form, "-f", str(manifest), *url],
                                     capture_output=True, check=False, timeout=60,
                                     env={**os.environ, "LC_ALL": locale}).stdout
                text, name = out.decode("utf-8"), f"{command} -o {form} in {locale}"
                bad = [c for c in text if c != "\n" and (c < " " or "\x7f" <= c < "\xa0" or
                                                         c in "\u202e\uffff\ufffe")]
                bad = [c for c in bad if not (form == "csv" and c == "\r")]
                tap.ok(text and not bad, f"{name}: no character that does something")
                test_format(form, text, name)


def test_format(form, text, name):
    if form in ("json", "sarif"):
        tap.ok(json.loads(text), f"{name}: is JSON")
    elif form == "junit":
        tap.ok(xml.etree.ElementTree.fromstring(text) is not None, f"{name}: is XML")
    elif form == "github":
        tap.ok(all(line.startswith("::") for line in text.splitlines()), f"{name}: a command a line")
        tap.ok(not any("::error::x" in line[:12] for line in text.splitlines()), f"{name}: none foreign")
    elif form == "csv":
        import csv
        import io
        cells = [c for row in csv.reader(io.StringIO(text)) for c in row]
        tap.ok(not any(c[:1] in ("=", "+", "@") for c in cells), f"{name}: no formula")
    elif form == "mermaid":
        tap.ok("<img" not in text and "`" not in text, f"{name}: neither HTML nor Markdown")
    elif form == "dot":
        tap.ok('\\"b\\\\c]' in text, f"{name}: quotes and backslashes are kept and escaped")


def main():
    with tempfile.TemporaryDirectory(dir=os.environ["TOP_BUILDDIR"]) as name:
        folder = pathlib.Path(name)
        for case in (test_closed_descriptors, test_decimal_comma, test_pipe, test_links, test_formats):
            case(folder)
    return tap.done()


sys.exit(main())
