# SPDX-License-Identifier: Apache-2.0
"""Test Anything Protocol for the script tests.

    import tap
    tap.ok(x > 0, "x is positive")
    tap.equal(got, want, "the text")
    tap.skip("no tmux", "the real terminal")
    sys.exit(tap.done())

The plan comes last, from done(): a test that dies half way has no plan and fails. Tests find this
module with: sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests/lib")).
"""
import difflib
import sys

_run = 0
_failed = 0


def _line(text):
    return str(text).replace("\n", " ").replace("#", " ")


def ok(held, name):
    """One check; returns whether it held."""
    global _run, _failed
    _run += 1
    _failed += not held
    print(f"{'ok' if held else 'not ok'} {_run} - {_line(name)}", flush=True)
    return bool(held)


def diag(text):
    """A note for the reader of the log; may hold several lines."""
    for line in str(text).splitlines():
        print("# " + line, flush=True)


def equal(got, want, name):
    """Equality; shows the difference, line by line for text of several lines."""
    held = ok(got == want, name)
    if not held and isinstance(got, str) and isinstance(want, str) and "\n" in got + want:
        diag("\n".join(difflib.unified_diff(want.splitlines(), got.splitlines(),
                                            "want", "got", lineterm="")))
    elif not held:
        diag(f"got:  {got!r}\nwant: {want!r}")
    return held


def has(text, part, name):
    """PART occurs in TEXT."""
    held = ok(part in text, name)
    if not held:
        diag(f"missing: {part!r}\nin:\n{text}")
    return held


def skip(reason, name):
    """A check that cannot be made here."""
    global _run
    _run += 1
    print(f"ok {_run} - {_line(name)} # SKIP {_line(reason)}", flush=True)


def skip_all(reason):
    """Ends a test of which nothing can be run here."""
    print(f"1..0 # SKIP {_line(reason)}", flush=True)
    sys.exit(0)


def done():
    """Prints the plan; returns the exit status."""
    print(f"1..{_run}", flush=True)
    return 1 if _failed else 0
