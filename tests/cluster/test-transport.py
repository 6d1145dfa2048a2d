#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The way to a server: TLS, proxies, faults of the transport. Each trap of libcurl has its case."""
import os
import socket
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, Fault, OK, Probe, RUTTER, folder, pki, service, small_cluster, tap  # noqa: E402
from proxies import HttpProxy, SocksProxy  # noqa: E402

PKI = pki()
SANITIZED = "san" in os.path.basename(os.environ["TOP_BUILDDIR"])
TOKEN = "planted-token-8d2f17"


def outcome(path, *options, env=None):
    """("ok",) or (status, message, hint)."""
    with Probe(path, *options, env=env) as probe:
        got = probe.settle()
    return (got,) if got == OK else got


def refused(path, status, *words, about, options=()):
    got = outcome(path, *options)
    tap.equal(got[0], status, f"{about}: status")
    for word in words:
        tap.has(" | ".join(got), word, f"{about}: says {word!r}")


def file_of(path):
    return {"certificate-authority": path}


def tls():
    if not PKI:
        tap.skip("no openssl", "TLS")
        return
    other_ca, _ = PKI.authority("other")
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        tap.equal(outcome(api.kubeconfig(d)), (OK,), "the right CA")
        refused(api.kubeconfig(d, cluster=file_of(other_ca)), "TLS failed", "unknown authority", other_ca,
                about="a wrong CA")
        tap.equal(outcome(api.kubeconfig(d, cluster={"insecure-skip-tls-verify": True})), (OK,),
                  "verification can be switched off")
    with folder() as d, FakeApi(small_cluster()) as api:
        refused(api.kubeconfig(d, cluster={"server": api.url.replace("http", "https")}), "TLS failed",
                "plain HTTP", "http://", about="https to an HTTP port")


class WithCert:
    """A Pki whose server certificate is another one."""

    def __init__(self, base, pair):
        self.__dict__.update(base.__dict__)
        self.cert, self.key = pair
        self.server_context = lambda: type(base).server_context(self)


def names_and_times():
    if not PKI:
        tap.skip("no openssl", "names and times")
        return
    named = WithCert(PKI, PKI.server("named", ["kube.internal"], []))
    with folder() as d, FakeApi(small_cluster(), tls=named) as api:
        refused(api.kubeconfig(d), "TLS failed", "not 127.0.0.1", "tls-server-name", about="a wrong name")
        path = api.kubeconfig(d, cluster={"tls-server-name": "kube.internal"})
        tap.equal(outcome(path), (OK,), "tls-server-name is the name to verify")
        tap.equal({r["headers"]["Host"] for r in api.requests}, {f"127.0.0.1:{api.port}"},
                  "and Host stays that of the URL")
    old = WithCert(PKI, PKI.server("old", ["localhost"], ["127.0.0.1"], days=-1))
    with folder() as d, FakeApi(small_cluster(), tls=old) as api:
        refused(api.kubeconfig(d), "TLS failed", "has expired", "clock", about="an expired certificate")


def system_folder(d, ca):
    """A folder of trusted CAs as OpenSSL and Debian's libcurl look for them."""
    path = os.path.join(d, "certs")
    os.makedirs(path)
    name = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", ca], capture_output=True, text=True,
                          check=True).stdout.strip()
    for file in (name + ".0", "ca-certificates.crt"):
        shutil.copy(ca, os.path.join(path, file))
    return path


def only_the_given_ca():
    """A CA given is the only one trusted: none of the system's, of CAPATH, beside it."""
    mount = ["unshare", "-rm", "sh", "-ec", 'mount --bind "$0" /etc/ssl/certs; exec "$@"']
    if not PKI or not shutil.which("unshare") or \
            subprocess.run([*mount, "/etc", "true"], stderr=subprocess.DEVNULL, check=False).returncode:
        tap.skip("no openssl" if not PKI else "no mount namespaces here", "a wrong CA with the right CA in CAPATH")
        return
    other_ca, _ = PKI.authority("capath-other")
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        command = [*mount, system_folder(d, PKI.ca), RUTTER, "snapshot", "--kubeconfig"]

        def status(ca):
            config = api.kubeconfig(d, cluster=file_of(ca))
            return subprocess.run([*command, config], capture_output=True, check=False).returncode
        tap.equal(status(""), 0, "without a CA the system's are trusted")
        tap.equal(status(other_ca), 3, "a wrong CA with the right CA in CAPATH fails")


def client_certificates():
    if not PKI:
        tap.skip("no openssl", "client certificates")
        return
    cert, key = PKI.client("dev")
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        api.needs_user = True
        user = {"client-certificate": cert, "client-key": key}
        tap.equal(outcome(api.kubeconfig(d, user)), (OK,), "a client certificate is the user")
        refused(api.kubeconfig(d), "credentials refused", "Unauthorized", about="no credentials")
        refused(api.kubeconfig(d, {"token": "wrong"}), "credentials refused", "Unauthorized", "token",
                about="a wrong token")
    foreign_ca = PKI.authority("foreign")
    cert, key = PKI.client("stranger", ca=foreign_ca)
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        got = outcome(api.kubeconfig(d, {"client-certificate": cert, "client-key": key}))
        tap.ok(got[0] in ("credentials refused", "cluster unreachable"), "a client certificate of another CA")
        tap.has(" | ".join(got), "client certificate", "is named as the likely cause")


def addresses():
    with folder() as d, FakeApi(small_cluster(), prefix="/k8s/clusters/c-x") as api:
        tap.equal(outcome(api.kubeconfig(d)), (OK,), "a server below a path")
        tap.ok(all(p.startswith("/k8s/clusters/c-x/ap") for p in api.paths()), "every request has it")
    try:
        with folder() as d, FakeApi(small_cluster(), host="::1", tls=PKI) as api:
            tap.equal(outcome(api.kubeconfig(d)), (OK,), "an IPv6 address")
    except OSError as e:
        tap.skip(f"no IPv6: {e}", "an IPv6 address")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        with folder() as d:
            dead = FakeApi(port=s.getsockname()[1])
            refused(dead.kubeconfig(d), "cluster unreachable", "connection refused", "context \"fake\"",
                    about="nobody listens")
    with folder() as d:
        lost = FakeApi(host="no-such-host.invalid", port=6443)
        refused(lost.kubeconfig(d), "cluster unreachable", "no such host", about="a name nobody knows")


def proxies():
    real = {"kube.test": None}
    with folder() as d, FakeApi(small_cluster(), tls=WithCert(PKI, PKI.server("p", ["kube.test"], []))
                                if PKI else None) as api:
        real["kube.test"] = ("127.0.0.1", api.port)
        server = f"{'https' if PKI else 'http'}://kube.test:{api.port}"
        with SocksProxy(real) as proxy:
            path = api.kubeconfig(d, cluster={"server": server, "proxy-url": proxy.url})
            tap.equal(outcome(path), (OK,), "through a socks5 proxy")
            tap.equal({a[0] for a in proxy.asked}, {"kube.test"}, "which gets the name, not an address")
        if not PKI:
            tap.skip("no openssl", "CONNECT proxies")
            return
        with HttpProxy(real, user="u:proxy-secret") as proxy:
            log = os.path.join(d, "log")
            path = api.kubeconfig(d, cluster={"server": server, "proxy-url": proxy.url})
            tap.equal(outcome(path, f"log={log}"), (OK,), "through an http proxy with a password")
            tap.has(proxy.heads[0], f"CONNECT kube.test:{api.port} ", "by CONNECT")
            with open(log, encoding="utf-8") as f:
                tap.ok("proxy-secret" not in f.read(), "the password is in no log")
            bad = proxy.url.replace("proxy-secret", "wrong")
            path = api.kubeconfig(d, cluster={"server": server, "proxy-url": bad})
            refused(path, "cluster unreachable", "407", "127.0.0.1", about="a proxy that refuses")
        with HttpProxy(real) as proxy:
            env = {"HTTPS_PROXY": proxy.url}
            path = api.kubeconfig(d, cluster={"server": server})
            tap.equal(outcome(path, env=env), (OK,), "HTTPS_PROXY counts")
            tap.ok(proxy.asked, "and is used")
            count = len(proxy.asked)
            outcome(path, env={**env, "NO_PROXY": "kube.test"})
            tap.equal(len(proxy.asked), count, "NO_PROXY keeps it out")
        named = {"server": f"https://elsewhere.test:{api.port}", "tls-server-name": "kube.test"}
        for kind in (HttpProxy, SocksProxy):
            with kind({"elsewhere.test": ("127.0.0.1", api.port)}) as proxy:
                path = api.kubeconfig(d, cluster={**named, "proxy-url": proxy.url})
                tap.equal(outcome(path), (OK,), f"tls-server-name through {proxy.scheme}")
                tap.equal({a[0] for a in proxy.asked}, {"elsewhere.test"}, "which is asked for the real host")
    with folder() as d, FakeApi(small_cluster()) as api:
        cluster = {"proxy-url": "http://127.0.0.1:9"}
        refused(api.kubeconfig(d, cluster=cluster), "cluster unreachable", "127.0.0.1:9", about="a dead proxy")


def compression():
    objects = [service(f"s{i:04}") for i in range(2000)]
    with folder() as d, FakeApi(objects) as api:
        api.gzip_above = 1000
        with Probe(api.kubeconfig(d)) as probe:
            probe.settle()
            tap.equal(len(probe.names("Service")), 2000, "compressed lists are read")
        tap.ok(all("gzip" in r["headers"].get("Accept-Encoding", "") for r in api.requests), "asked for")
        api.requests.clear()
        outcome(api.kubeconfig(d, cluster={"disable-compression": True}))
        tap.ok(not any("Accept-Encoding" in r["headers"] for r in api.requests), "disable-compression")
        api.faults.append(Fault("/services", bad_gzip=True))
        with Probe(api.kubeconfig(d)) as probe:
            probe.settle()
            tap.equal(probe.scope("Service")[0], "failed", "damaged compression: unknown")
            tap.has(probe.scope("Service")[1], "damaged", "and why")
    with folder() as d, FakeApi() as api:
        api.faults.append(Fault("/apis?$", status=200, body="{" + " " * (64 << 20)))
        with Probe(api.kubeconfig(d)) as probe:
            got = probe.settle()
            tap.has(" ".join(got), "longer than", "a body that grows beyond its limit when unpacked")
            peak = int(probe.table("stats")["peak_kib"]) // 1024
            tap.ok(peak < 400 if SANITIZED else peak < 80, f"costs no memory ({peak} MiB)")


def odd_answers():
    objects = small_cluster()
    cases = [
        ("10,000 headers", {"many_headers": 10000}, "failed", "too many headers"),
        ("a wrong length", {"length": 50}, "failed", "50 bytes remaining"),
        ("endless white space", {"length": 1 << 40, "whitespace": 3}, "failed", "lost"),
        ("one byte at a time", {"dribble": True}, "read", "-"),
        ("a redirect loop", {"status": 302, "headers": [("Location", "/api/v1/services")]}, "failed",
         "redirects"),
    ]
    for about, fault, state, word in cases:
        with folder() as d, FakeApi(objects) as api:
            api.faults.append(Fault("/services", **fault))
            with Probe(api.kubeconfig(d)) as probe:
                tap.equal(probe.settle(), OK, f"{about}: the rest is read")
                got = probe.scope("Service")
                tap.equal(got[0], state, f"{about}: the kind is {state}")
                tap.has(got[1], word, f"{about}: why")


def time_limits():
    for about, fault in (("no answer", {"stall": 0}), ("a head that stops", {"stall": 30}),
                         ("a body that stops", {"stall": 200})):
        with folder() as d, FakeApi(small_cluster()) as api:
            api.faults.append(Fault("/services", **fault))
            with Probe(api.kubeconfig(d), "timeout=700") as probe:
                tap.equal(probe.settle(), OK, f"{about}: the rest is read")
                tap.equal(probe.scope("Service")[0], "failed", f"{about}: unknown")
                tap.has(probe.scope("Service")[1], "timed out after 1 s", f"{about}: says how long")
            api.hang_up_all()
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        with socket.socket() as silent:  # accepts, and says nothing
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            server = f"https://127.0.0.1:{silent.getsockname()[1]}"
            got = outcome(api.kubeconfig(d, cluster={"server": server}), "timeout=700")
            tap.has(" ".join(got), "TLS handshake", "a server that is silent in the handshake")


def secrets_in_logs():
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        api.tokens[TOKEN] = "dev"
        api.needs_user = True
        log = os.path.join(d, "log")
        got = outcome(api.kubeconfig(d, {"token": TOKEN, "as": "boss", "as-groups": ["g1", "g2"]}),
                         f"log={log}")
        tap.equal(got, (OK,), "a token and impersonation")
        tap.equal({r["headers"].get("Impersonate-User") for r in api.requests}, {"boss"}, "are sent")
        with open(log, encoding="utf-8") as f:
            text = f.read()
        tap.has(text, "GET /api/v1/services", "requests are logged")
        tap.ok(TOKEN not in text, "the token is not")
        api.faults.append(Fault("/", headers=[("Warning", '299 - "this is old"'), ("Warning", '299 - "bad\\"q"')]))
        with Probe(api.kubeconfig(d, {"token": TOKEN})) as probe:
            probe.settle()
        tap.equal(sorted(probe.warnings.decode().splitlines()),
                  ['warning: bad"q', "warning: this is old"], "warnings of the server, each once")


for case in (tls, only_the_given_ca, names_and_times, client_certificates, addresses, proxies, compression, odd_answers,
             time_limits, secrets_in_logs):
    tap.diag(case.__name__)
    case()
sys.exit(tap.done())
