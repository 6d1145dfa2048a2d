#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the program beside its peers on generated clusters and prints one table.

    run.py [--quick] [--only WORD] [--json FILE]

A row is a function in ROWS; it yields Result values. Nothing here passes or fails: the last column
says whether the budget holds. Peers that are not installed are named and left out.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
RUTTER = os.environ.get("RUTTER", "rutter")
WORK = os.path.join(os.environ.get("TOP_BUILDDIR", "."), "tests", "tmp", "bench")

# what was measured, the figure as text, what it is held against, and whether the budget holds
# (None: there is none)
Result = namedtuple("Result", "what figure beside holds")
Run = namedtuple("Run", "wall cpu peak_kib status output")


def run(command):
    """One run of a program: seconds of wall and CPU time, peak memory, exit status.

    The peak is never below this interpreter's own 15 MiB: the child was that before its exec.
    """
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, child.returncode,
                   out.read(1 << 16))


def best(command, times=3):
    """The run with the least CPU time of several: the others were disturbed."""
    return min((run(command) for _ in range(times)), key=lambda r: r.cpu)


def generated(*arguments):
    """A generated file, made once."""
    os.makedirs(WORK, exist_ok=True)
    path = os.path.join(WORK, "_".join(a.strip("-") for a in arguments) + ".json")
    if not os.path.exists(path):
        with open(path + ".tmp", "wb") as f:
            subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), *arguments], stdout=f,
                           check=True)
        os.rename(path + ".tmp", path)
    return path


def check(path, times=3):
    """`check -f` of a file; a run that reads nothing is no measurement."""
    result = best([RUTTER, "check", "--fail-on", "never", "-f", path], times)
    if result.status != 0:
        raise RuntimeError(f"check -f {path}: exit status {result.status}")
    return result


def mib(kib):
    return f"{kib / 1024:.0f} MiB"


def big_list(quick):
    """check -f of one large List"""
    objects = 20800 if quick else 104000
    path = generated("--objects", str(objects), "--pods", "60", "--bytes", str(objects * 1540))
    size = os.path.getsize(path) / 1e6
    ours = check(path)
    what = f"check -f of {objects:,} objects, {size:.0f} MB"
    yield Result(what + ": rate", f"{size / ours.cpu:.0f} MB/s, {ours.wall:.2f} s wall", "80 MB/s",
                 size / ours.cpu >= 80)
    yield Result(what + ": peak memory", mib(ours.peak_kib), "150 MiB" if not quick else "",
                 ours.peak_kib <= 150 * 1024 if not quick else None)
    if not shutil.which("jq"):
        yield Result(what + ": CPU", f"{ours.cpu:.2f} s", "jq is not installed", None)
        return
    jq = best(["jq", ".items|length", path], 1)
    yield Result(what + ": CPU", f"{ours.cpu:.2f} s", f"jq counts: {jq.cpu:.2f} s, {mib(jq.peak_kib)}", None)
    yield Result(what + ": CPU against jq's", f"{ours.cpu / jq.cpu:.2f}", "0.26", ours.cpu <= 0.26 * jq.cpu)


def growth(quick):
    """time per object as the number of objects grows"""
    scales = (1000, 10000) if quick else (1000, 10000, 100000)
    base = best([RUTTER, "version"], 20).cpu
    each = {}
    for objects in scales:
        path = generated("--objects", str(objects), "--pods", "60", "--bytes", str(objects * 1540))
        # Short runs are disturbed most: the fewer objects, the more runs to take the best of.
        each[objects] = (check(path, max(3, 20000 // objects)).cpu - base) / objects * 1e6
        yield Result(f"check -f: CPU per object of {objects:,}", f"{each[objects]:.1f} µs", "", None)
    factor = max(each.values()) / min(each.values())
    yield Result("check -f: slowest against fastest of these", f"{factor:.2f}", "1.3", factor <= 1.3)


def start_up(quick):
    """a start of the program that reads nothing"""
    def median(command):
        return statistics.median(run(command).wall for _ in range(10 if quick else 40)) * 1000
    ours = median([RUTTER, "version"])
    if not shutil.which("curl"):
        yield Result("rutter version", f"{ours:.1f} ms", "curl is not installed", None)
        return
    curl = median(["curl", "--version"])
    yield Result("rutter version", f"{ours:.1f} ms", f"curl --version: {curl:.1f} ms", ours <= 1.5 * curl)


def binary(_quick):
    """the size of the program"""
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, "rutter")
        subprocess.run(["strip", "-o", stripped, RUTTER], check=True)
        size = os.path.getsize(stripped) / 1e6
    yield Result("stripped binary", f"{size:.2f} MB", "1.5 MB", size <= 1.5)


def live(quick):
    """check of a live cluster"""
    sys.path.insert(0, HERE)
    import cluster  # pylint: disable=import-outside-toplevel
    yield from cluster.live_rows(run, Result, RUTTER, quick)


def changing(quick):
    """the terminal UI while its cluster changes"""
    sys.path.insert(0, HERE)
    import flood  # pylint: disable=import-outside-toplevel
    yield from flood.flood_rows(Result, RUTTER, quick)


def loading(quick):
    """the terminal UI while a large cluster is read"""
    sys.path.insert(0, HERE)
    import loading as rows  # pylint: disable=import-outside-toplevel
    yield from rows.loading_rows(Result, RUTTER, quick)


def routing(_quick):
    """a trace among 5,000 routes, a routing table of 50,000 rows"""
    program = os.path.join(os.environ.get("TOP_BUILDDIR", "."), "tests", "bench", "bench-trace")
    figures = json.loads(subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout)
    yield Result("trace among 5,000 routes on 20 Gateways", f"{figures['trace_ms']:.2f} ms", "20 ms",
                 figures["trace_ms"] <= 20)
    yield Result(f"routing table of {figures['rows']:,} rows, built", f"{figures['table_ms']:.0f} ms", "", None)
    yield Result("a screen of it", f"{figures['screen_ms']:.2f} ms", "16 ms", figures["screen_ms"] <= 16)


def screen(quick):
    """from key to frame in the terminal UI, 100,000 objects"""
    program = os.path.join(os.environ.get("TOP_BUILDDIR", "."), "tests", "bench", "bench-tui")
    objects = 10000 if quick else 100000
    with tempfile.NamedTemporaryFile(suffix=".json") as f:
        subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--objects", str(objects),
                        "--pod-bytes", "300"], stdout=f, check=True)
        figures = json.loads(subprocess.run([program, f.name], stdout=subprocess.PIPE, check=True).stdout)
    yield Result("terminal UI, first frame", f"{figures['first_frame_ms']:.1f} ms", "50 ms",
                 figures["first_frame_ms"] <= 50)
    for name, what in (("topology", "tree"), ("routes", "routing table"), ("filter", "filter being typed")):
        p99 = figures[f"{name}_p99_ms"]
        yield Result(f"key to frame, {what}, {objects:,} objects, 99th percentile", f"{p99:.2f} ms", "16 ms", p99 <= 16)
    yield Result("routing table opened", f"{figures['routes_open_p99_ms']:.0f} ms", "", None)


def flood(quick):
    """500 changes a second"""
    seconds = 20 if quick else 300
    top = os.path.abspath(os.path.join(HERE, "..", ".."))
    env = {**os.environ, "TOP_SRCDIR": top, "RT_FLOOD_SECONDS": str(seconds)}
    env.setdefault("TOP_BUILDDIR", ".")
    done = subprocess.run([sys.executable, os.path.join(top, "tests", "cluster", "test-torture.py")], env=env,
                          capture_output=True, text=True, check=False)
    share = re.search(r"^# ([0-9.]+) % of a core", done.stdout, re.M)
    grown = re.search(r"grown by (-?[0-9]+) KiB", done.stdout)
    store = re.search(r"^(not )?ok [0-9]+ - (after [0-9]+ changes) the store is what a list would give",
                      done.stdout, re.M)
    if not share or not grown or not store:
        raise RuntimeError("tests/cluster/test-torture.py told nothing; is tests/cluster/probe built?")
    what = f"500 changes a second for {seconds} s"
    yield Result(what + ": CPU", f"{share.group(1)} %", "20 % of a core", float(share.group(1)) < 20)
    yield Result(what + ": memory grown in the second half", f"{grown.group(1)} KiB", "", None)
    yield Result(f"{store.group(2)}: the store", "another" if store.group(1) else "the same",
                 "a list made then", not store.group(1))


ROWS = [big_list, growth, start_up, routing, screen, binary, live, loading, flood, changing]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="smaller inputs, fewer repetitions")
    parser.add_argument("--only", default="", help="rows whose name contains this word")
    parser.add_argument("--json", help="write the results to this file too")
    args = parser.parse_args()

    print(f"{os.cpu_count()} cores; rutter built with {os.environ.get('BENCH_CFLAGS', '(unknown flags)')}\n")
    print("| what | rutter | budget or peer | within budget |\n|---|---|---|---|")
    results = []
    for row in ROWS:
        if args.only not in row.__name__:
            continue
        try:
            for result in row(args.quick):
                results.append(result._asdict())
                verdict = {True: "yes", False: "**no**", None: ""}[result.holds]
                print(f"| {result.what} | {result.figure} | {result.beside} | {verdict} |", flush=True)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            print(f"| {row.__doc__} | not measured: {error} | | |", flush=True)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump(results, f, indent=1)


if __name__ == "__main__":
    main()
