#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may read a real kube-apiserver, and what is said to those who may not: tokens, certificates,
impersonation, a wrong CA, a wrong name, plain HTTP, a server that is gone, rights in one namespace."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import RUTTER, folder, tap  # noqa: E402
import apiserver  # noqa: E402

READ = ["get", "list", "watch"]


def run(where, *args):
    done = subprocess.run([RUTTER, "snapshot", *args], stdin=subprocess.DEVNULL, capture_output=True,
                          env={"PATH": os.environ["PATH"], "HOME": where, "LC_ALL": "C.UTF-8"}, timeout=90,
                          check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def reads(where, name, *args):
    status, out, err = run(where, *args)
    if not tap.equal((status, err), (0, ""), name):
        return {}
    return json.loads(out)


def is_refused(where, status, first, second, name, *args):
    got, out, err = run(where, *args)
    lines = err.splitlines()
    good = got == status and not out and len(lines) == 2
    good = good and re.match("rutter: " + first, lines[0]) and re.match("  " + second, lines[1])
    if not tap.ok(good, name):
        tap.diag(f"exit status {got}, want {status}\n{err}\nwant: {first}\n{second}")


def test_identities(d, server, url, trust):
    admin = ("--kubeconfig", server.kubeconfig("admin"))
    reads(d, "a token", *admin)
    reads(d, "impersonation of a group", *admin, "--as", "someone", "--as-group", "system:masters")
    cert, key = server.pki.client("joe", groups=("system:masters",))
    reads(d, "a client certificate", "-s", url, *trust, "--client-certificate", cert, "--client-key", key)
    is_refused(d, 3, "the server does not accept the credentials", 'user "admin": token', "a wrong token",
               *admin, "--token", "wrong-token")
    is_refused(d, 3, "nothing of the cluster can be read: .* User \"nobody\" cannot list", ".*auth can-i",
               "impersonation of somebody without rights", *admin, "--as", "nobody")
    is_refused(d, 3, ".*system:anonymous", "the server sees an anonymous user", "nobody", "-s", url, *trust)
    cert, key = server.pki.client("old", groups=("system:masters",), days=-1)
    is_refused(d, 3, "the server does not accept the credentials",
               "client certificate of .*, which expired on 20", "an expired client certificate",
               "-s", url, *trust, "--client-certificate", cert, "--client-key", key)
    cert, key = server.pki.client("alien", ca=server.pki.authority("alien-ca"))
    is_refused(d, 3, "the server does not accept the credentials", "client certificate of CN=alien",
               "a client certificate of another CA",
               "-s", url, *trust, "--client-certificate", cert, "--client-key", key)


def test_tls(d, server, url):
    admin = ("--kubeconfig", server.kubeconfig("admin"))
    is_refused(d, 3, "cannot reach the server .* signed by an unknown authority", "trusted is ", "the wrong CA",
               *admin, "--certificate-authority", server.pki.path("alien-ca.crt"))
    is_refused(d, 3, "cannot reach the server .* is for DNS:localhost, .*, not kube.internal", "use a name",
               "the wrong name", *admin, "--tls-server-name", "kube.internal")
    reads(d, "another name that it has", *admin, "--tls-server-name", "localhost")
    is_refused(d, 3, "the server speaks HTTPS", "write .*https://", "plain http",
               "-s", url.replace("https", "http"))


def test_one_namespace(d, server):
    """Rights in one namespace: that one is read, the rest is unknown and says why."""
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart", "namespace": "shop"},
               "spec": {"ports": [{"port": 80}], "selector": {"app": "cart"}}}
    other = {**service, "metadata": {"name": "cart", "namespace": "pay"}}
    server.apply([service, other])
    server.role("reader", "dev", [{"apiGroups": [""], "resources": ["services"], "verbs": READ}], ns="shop")
    dev = ("--kubeconfig", server.kubeconfig("dev"))
    status, out, err = run(d, *dev, "-n", "shop")
    tap.equal(status, 0, "rights in one namespace are enough to be served")
    tap.ok("rutter: not read: " in err and "rutter: read in namespace shop alone: Service\n" in err,
           "and what is not read is said")
    items = json.loads(out or "{}").get("items", [{}])
    kept = {(o["kind"], o["metadata"]["namespace"], o["metadata"]["name"]) for o in items[1:]}
    tap.equal(kept, {("Service", "shop", "cart")}, "with what these rights show")
    states = {(k["kind"], tuple(k["namespaces"] or ())): k["state"] for k in items[0].get("kinds", ())}
    tap.equal((states.get(("Service", ("shop",))), states.get(("Ingress", ("shop",)))), ("read", "forbidden"),
              "and the rest told apart from absent")


def main():
    if not apiserver.find():
        tap.skip("no etcd and kube-apiserver in $KUBEBUILDER_ASSETS or /usr/local/kubebuilder/bin",
                 "access to a real API server")
        return tap.done()
    with folder() as d, apiserver.ApiServer(os.path.join(d, "server")) as server:
        url = f"https://127.0.0.1:{server.port}"
        test_identities(d, server, url, ("--certificate-authority", server.pki.ca))
        test_tls(d, server, url)
        test_one_namespace(d, server)
        server.stop()
        is_refused(d, 3, "cannot reach the server .*: connection refused", "is the cluster .* running",
                   "a server that is gone", "--kubeconfig", server.kubeconfig("admin"))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
