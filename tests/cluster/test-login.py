#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Credential plugins and the terminal UI: one that asks runs before the screen opens; one that fails
unseen offers a login, which has the terminal to itself and gives it back; one that only talks is heard on
the screen and never smears it."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, PATIENCE, RUTTER, folder, no_violations, pki, small_cluster, tap  # noqa: E402
import terminal  # noqa: E402

V1 = "client.authentication.k8s.io/v1"
# Asks where it may; else says what is missing.
ASKS = """case $KUBERNETES_EXEC_INFO in
*'"interactive":true'*) printf 'One-time code: ' >&2; read code;;
*) echo 'session expired, log in again' >&2; exit 1;;
esac
printf '{apiVersion: %s, kind: ExecCredential, status: {token: "PLANTED-%%s"}}' $code""" % V1
TALKS = """echo "run" >>$DIR/runs
printf 'visit https://login.example and enter ABCD-1234\\n\\033[2J\\033]0;evil\\007' >&2
while ! [ -e $DIR/done ]; do sleep 0.05; done
printf '{apiVersion: %s, kind: ExecCredential, status: {token: "PLANTED-t"}}'""" % V1


def user(script, mode):
    return {"exec": {"apiVersion": V1, "command": "sh", "args": ["-c", script], "interactiveMode": mode}}


def start(config, d):
    return terminal.Terminal([RUTTER, "--kubeconfig", config], size=(120, 30), timeout=PATIENCE,
                             env={"DIR": d, "HOME": d, "RUTTER_LOG": d + "/log",
                                  **{k: v for k, v in os.environ.items() if "SAN_OPTIONS" in k}})


def test_login(certs):
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.needs_user, api.tokens = True, {"PLANTED-one": "dev"}
        with start(api.kubeconfig(d, user=user(ASKS, "IfAvailable")), d) as t:
            screen = t.wait("One-time code:")
            tap.ok("Topology" not in screen, "a plugin that asks runs before there is a screen")
            t.type("one\n")
            screen = t.wait(lambda s: "live" in s and "Topology" in s)
            tap.ok("One-time" not in screen, "then the screen opens")
            # the token is revoked, and nothing is left of the old connections
            api.tokens = {"PLANTED-two": "dev"}
            api.hang_up_all()
            t.wait("L logs in")
            tap.ok(True, "a plugin that fails unseen offers a login")
            t.keys("L")
            t.wait(lambda s: "One-time code:" in s and "Topology" not in s)
            t.type("qqtwo")  # keys of the UI, were they its own
            t.keys("BSpace", "BSpace", "BSpace", "BSpace", "BSpace")
            t.type("two\n")
            screen = t.wait(lambda s: "live" in s and "Topology" in s and "cart" in s)
            tap.ok("One-time" not in screen, "after it the screen is as it was")
            t.keys("C-c")
            tap.equal(t.wait_end(), 0, "and the program ends as usual")
        with open(d + "/log", encoding="utf-8") as f:
            tap.ok("PLANTED" not in f.read(), "no token is in the log")
        no_violations(api)


def test_talk(certs):
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.needs_user, api.tokens = True, {"PLANTED-t": "dev"}
        with start(api.kubeconfig(d, user=user(TALKS, "Never")), d) as t:
            screen = t.wait("ABCD-1234")
            tap.ok("Topology" in screen, "a plugin that only talks is heard on the screen")
            t.keys("?")
            t.wait("q close")
            tap.ok(True, "keys work while it waits")
            t.keys("Escape")
            with open(d + "/done", "w", encoding="utf-8"):
                pass
            t.wait(lambda s: "live" in s and "cart" in s)
            tap.ok(True, "and the lists come when it is done")
            t.keys("L")
            t.wait("nobody needs to log in")
            tap.ok(True, "there is nothing to log in to")
            t.keys("C-c")
            tap.equal(t.wait_end(), 0, "the end")


def main():
    why = terminal.available() or (None if pki() else "no openssl to make certificates with")
    if why:
        tap.skip(why, "logins on the terminal")
        return tap.done()
    test_login(pki())
    test_talk(pki())
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
