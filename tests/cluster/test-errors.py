#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a cluster cannot be read, and the exit status: one clear line that says what
failed and why, one that says what to do. The real program against servers that refuse, lie, expire and
hang up. Credentials are spelled PLANTED: none is in any output, in the log at level 10 or in a child's
arguments, and none travels over plain HTTP."""
import json
import os
import pty
import re
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, Fault, PATIENCE, RUTTER, folder, no_violations, obj, pki, small_cluster, tap  # noqa: E402
import terminal  # noqa: E402

V1 = "client.authentication.k8s.io/v1"


class Run:
    """One run of the program in a folder of its own; keeps what it wrote and its log."""

    def __init__(self, where, *args, env=None, command="snapshot", timeout=PATIENCE):
        self.log_file = os.path.join(where, "log")
        if os.path.exists(self.log_file):
            os.unlink(self.log_file)
        full = {"PATH": os.environ["PATH"], "HOME": where, "LC_ALL": "C.UTF-8", "DIR": where,
                **{k: v for k, v in os.environ.items() if "SAN_OPTIONS" in k}, **(env or {})}
        done = subprocess.run([RUTTER, command, "-v", "10", "--log-file", self.log_file, *args],
                              stdin=subprocess.DEVNULL, capture_output=True, env=full, timeout=timeout,
                              check=False)
        self.status, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()
        self.log = ""
        if os.path.exists(self.log_file):
            with open(self.log_file, encoding="utf-8") as f:
                self.log = f.read()

    def is_error(self, status, first, second, name):
        """Exit status, and the two lines as regular expressions; second None: no second line."""
        lines = self.err.splitlines()
        good = self.status == status and self.out == "" and bool(lines)
        good = good and re.match("rutter: " + first, lines[0]) is not None
        good = good and len(lines) == (1 if second is None else 2)
        good = good and (second is None or re.match("  " + second, lines[1]) is not None)
        if not tap.ok(good, name):
            tap.diag(f"exit status {self.status}, want {status}\n{self.err}\nwant: {first}\n{second}")
        self.is_clean(name)

    def is_clean(self, name):
        if "PLANTED" in self.out + self.err + self.log:
            tap.ok(False, f"{name}: a secret shows")
            tap.diag("\n".join(x for x in (self.out + self.err + self.log).splitlines() if "PLANTED" in x))


def exec_user(script, mode="Never", **more):
    return {"exec": {"apiVersion": V1, "command": "sh", "args": ["-c", script], "interactiveMode": mode,
                     **more}}


def token_script(token):
    doc = {"apiVersion": V1, "kind": "ExecCredential", "status": {"token": token}}
    return f"echo run >>$DIR/runs; echo '{json.dumps(doc)}'"


def runs(where):
    try:
        with open(os.path.join(where, "runs"), encoding="utf-8") as f:
            return len(f.readlines())
    except FileNotFoundError:
        return 0


class Raw(threading.Thread):
    """A server that says one thing whatever is asked."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer, self.socket = answer, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            with peer:
                try:
                    peer.recv(65536)
                    peer.sendall(self.answer)
                except OSError:
                    pass


# -- what the log keeps to itself ------------------------------------------------------------------

def test_cookies():
    with folder() as d, FakeApi(small_cluster()) as api:
        api.faults.append(Fault("/api$", status=503, body="busy",
                                headers=[("Set-Cookie", "session=PLANTED-cookie; Secure")]))
        run = Run(d, "--kubeconfig", api.kubeconfig(d), "-v", "9")
        tap.has(run.log, "Set-Cookie: <masked>", "that a cookie came is in the log")
        run.is_clean("what it holds is not")


def test_no_core():
    """The kernel gives what may not be dumped to root: that is how it shows from outside."""
    name = "a process that holds credentials leaves no core"
    with folder() as d, FakeApi(small_cluster()) as api:
        config = api.kubeconfig(d)
        user = {"user": 65534} if os.geteuid() == 0 else {}
        os.chmod(d, 0o755)
        os.chmod(config, 0o644)
        try:
            # pylint: disable-next=consider-using-with
            run = subprocess.Popen([RUTTER, "status", "--watch", "--kubeconfig", config],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **user)
        except PermissionError as e:
            tap.skip(str(e), name)
            return
        with run:
            if run.stdout.readline():  # it has asked the cluster by then
                tap.equal(os.stat(f"/proc/{run.pid}/environ").st_uid, 0, name)
            else:
                tap.skip("another user cannot run it here", name)
            run.terminate()
            run.stdout.read()


# -- no connection ----------------------------------------------------------------------------------

def test_no_connection():
    with folder() as d:
        with FakeApi(small_cluster()) as api:
            config = api.kubeconfig(d)
        # the server is gone now
        Run(d, "--kubeconfig", config).is_error(
            3, r"cannot reach the server 127\.0\.0\.1:\d+: connection refused",
            rf'is the cluster or the tunnel to it running\? .* context "fake" in {re.escape(config)}',
            "refused")
        Run(d, "--kubeconfig", config, "-s", "https://no-such-host.invalid:6443").is_error(
            3, r"cannot reach the server no-such-host\.invalid:6443: no such host", "check the network",
            "an unknown host name")
        Run(d, "--kubeconfig", config, "-s", "https://kube.invalid",
            env={"HTTPS_PROXY": "http://joe:PLANTED-proxy@127.0.0.1:1"}).is_error(
            3, r"cannot reach the server kube\.invalid:443 through proxy http://127\.0\.0\.1:1: connection "
            "refused", "check", "a proxy that refuses, its password unseen")
        Run(d, "--kubeconfig", config, "-s", "https://kube.invalid",
            env={"HTTPS_PROXY": "http://no-such-proxy.invalid:3128"}).is_error(
            3, r"cannot reach the server kube\.invalid:443: proxy http://no-such-proxy\.invalid:3128: no "
            "such host", "check the proxy-url or the HTTPS_PROXY variable", "a proxy that is not there")


def test_time():
    with folder() as d, FakeApi(small_cluster()) as api:
        api.faults.append(Fault("^/api", delay=30))
        Run(d, "--kubeconfig", api.kubeconfig(d), "--request-timeout", "1").is_error(
            3, r"cannot reach the server .*: timed out after 1 s waiting for (an answer|a connection)", "check the network",
            "--request-timeout ends a wait, and says in which phase")
        Run(d, "--kubeconfig", api.kubeconfig(d), "--request-timeout", "soon").is_error(
            2, "--request-timeout soon", "see: rutter help snapshot", "a time that is none is a mistake of usage")
        api.stopped = True


def test_protocol_mix():
    with folder() as d:
        raw = Raw(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
        Run(d, "-s", f"http://127.0.0.1:{raw.port}").is_error(
            3, "the server speaks HTTPS, the request was plain HTTP", "write .* https://",
            "http to a port that speaks https, as Go's servers put it")
        Run(d, "-s", f"https://127.0.0.1:{raw.port}").is_error(
            3, r"cannot reach the server .*: it speaks plain HTTP, not TLS", "if that is meant, .* http://",
            "https to a port that speaks http")
        raw = Raw(b"")
        Run(d, "-s", f"http://127.0.0.1:{raw.port}").is_error(
            3, r"connection to the server 127\.0\.0\.1:\d+ lost", "if it speaks TLS, write https://",
            "a server that hangs up")
        page = b"<html><title>Log in</title></html>"
        raw = Raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                  % (len(page), page))
        Run(d, "-s", f"http://127.0.0.1:{raw.port}").is_error(
            3, "the server's answer to /api is not JSON", "is this the address of an API server",
            "a login page")


def test_strange_answers():
    with folder() as d, FakeApi(small_cluster()) as api:
        config = api.kubeconfig(d)
        for code, body, first, second, name in (
                (502, "<html><h1>Bad\033[31m Gateway</h1>", "unexpected answer 502 of the server: .*Bad",
                 "is this the address", "an HTML page of a proxy, without its escape sequence"),
                (503, "upstream connect error", ".*503.*upstream connect error", ".*", "an overloaded proxy"),
                (418, {"kind": "Status", "status": "Failure", "code": 418, "reason": "Teapot",
                       "message": "short and stout"}, ".*short and stout", None, "a Status of any kind")):
            api.faults[:] = [Fault("^/api", status=code, body=body)]
            run = Run(d, "--kubeconfig", config)
            run.is_error(3, first, second, name)
            tap.ok("\033" not in run.err, "nothing raw reaches the terminal")
        api.faults[:] = [Fault("^/api", status=302, body="",
                               headers=[("Location", "https://elsewhere.example/login")])]
        Run(d, "--kubeconfig", config).is_error(
            3, "the server .* redirects to https://elsewhere.example/login, which is not followed",
            "a proxy or a login page answers", "a redirect")


# -- TLS --------------------------------------------------------------------------------------------

def test_tls(certs):
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        config = api.kubeconfig(d)
        run = Run(d, "--kubeconfig", config)
        tap.equal((run.status, run.err), (0, ""), "the right CA")
        other, _ = certs.authority("other")
        Run(d, "--kubeconfig", config, "--certificate-authority", other).is_error(
            3, "cannot reach the server .*: its certificate is signed by an unknown authority",
            rf"trusted is {re.escape(other)}", "the wrong CA, which is named")
        Run(d, "-s", api.url).is_error(
            3, "cannot reach the server .*: its certificate is signed by an unknown authority",
            "trusted is what this system trusts", "no CA: the system's")
        Run(d, "--kubeconfig", config, "--tls-server-name", "kube.internal").is_error(
            3, "cannot reach the server .*: its certificate is for DNS:localhost, .*, not kube.internal",
            "use a name that the certificate holds", "another name, and those it has")
        run = Run(d, "--kubeconfig", config, "--insecure-skip-tls-verify", "--tls-server-name", "kube.internal")
        tap.equal(run.status, 0, "insecure verifies nothing")


def test_expired_server(certs):
    kept = certs.cert, certs.key
    for days, word in ((-1, "has expired"),):
        certs.cert, certs.key = certs.server("expired", days=days)
        with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
            Run(d, "--kubeconfig", api.kubeconfig(d)).is_error(
                3, f"cannot reach the server .*: its certificate {word}", "renew .* clock",
                f"a certificate that {word}")
    certs.cert, certs.key = kept


# -- credentials --------------------------------------------------------------------------------------

def test_credentials(certs):
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.needs_user = True
        api.tokens = {"PLANTED-good": "dev"}
        Run(d, "--kubeconfig", api.kubeconfig(d)).is_error(
            3, "the server does not accept the credentials", 'user "tester": no credentials', "nobody")
        config = api.kubeconfig(d, user={"token": "PLANTED-bad"})
        Run(d, "--kubeconfig", config).is_error(
            3, "the server does not accept the credentials", 'user "tester": token$', "a wrong token")
        run = Run(d, "--kubeconfig", config, "--token", "PLANTED-good")
        tap.equal((run.status, run.err), (0, ""), "the right one, by flag")
        run.is_clean("a token by flag")
        config = api.kubeconfig(d, user={"username": "joe", "password": "PLANTED-pw"})
        Run(d, "--kubeconfig", config).is_error(
            3, "the server does not accept the credentials", 'user "tester": password of joe', "a wrong password")
        api.basic = {"joe:PLANTED-pw": "joe"}
        run = Run(d, "--kubeconfig", config, "--as", "eve", "--as-group", "g")
        tap.equal(run.status, 0, "the right one")
        run.is_clean("a password")
        sent = api.requests[-1]["headers"]
        tap.equal((sent.get("Impersonate-User"), sent.get("Impersonate-Group")), ("eve", "g"), "as somebody else")
        cert, key = certs.client("joe", days=-1)
        Run(d, "--kubeconfig", api.kubeconfig(d, user={"client-certificate": cert, "client-key": key})).is_error(
            3, ".*", '.*user "tester": client certificate of CN=joe, which expired on ',
            "an expired client certificate is told with its date")
        no_violations(api)


def test_config_errors():
    with folder() as d, FakeApi(small_cluster()) as api:
        config = api.kubeconfig(d, user={"auth-provider": {"name": "gcp", "config": {"access-token": "PLANTED"}}},
                                cluster={"server": "https://127.0.0.1:1"})
        Run(d, "--kubeconfig", config).is_error(2, ".*auth-provider \"gcp\" is not supported",
                                                ".*gke-gcloud-auth-plugin", "an auth-provider")
        config = api.kubeconfig(d)
        Run(d, "--kubeconfig", config, "--context", "fak").is_error(
            2, 'context "fak" does not exist', 'did you mean "fake"', "an unknown context")
        Run(d, "--kubeconfig", d + "/nowhere").is_error(
            2, "kubeconfig .*/nowhere: no such file or directory", None, "a missing file")
        Run(d).is_error(2, "no kubeconfig: .*/.kube/config not found", "set KUBECONFIG", "nothing configured")
        with open(config, "w", encoding="utf-8") as f:
            f.write("users:\n- name: u\n  user: {token: PLANTED-token\n")
        Run(d, "--kubeconfig", config).is_error(2, rf"kubeconfig {re.escape(config)}:\d+:\d+: ", None,
                                                "a broken file, with line and column")


def test_http_sends_nothing():
    with folder() as d, FakeApi(small_cluster()) as api:
        config = api.kubeconfig(d, user={"token": "PLANTED-token", **exec_user("touch $DIR/ran")})
        run = Run(d, "--kubeconfig", config, "--as", "eve")
        tap.equal(run.status, 0, "plain http works")
        tap.ok(all("Authorization" not in r["headers"] for r in api.requests), "without a credential")
        tap.ok(all(r["headers"].get("Impersonate-User") == "eve" for r in api.requests), "but as somebody")
        tap.ok(not os.path.exists(d + "/ran"), "no plugin runs")
        tap.ok("credentials are not sent" in run.err, "which is said")


# -- rights -----------------------------------------------------------------------------------------

def test_rights(certs):
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.tokens = {"PLANTED-good": "dev"}
        config = api.kubeconfig(d, user={"token": "PLANTED-good"})
        api.allow = lambda user, verb, plural, ns: False
        Run(d, "--kubeconfig", config).is_error(
            3, 'nothing of the cluster can be read: namespaces is forbidden: User "dev" cannot list resource '
            '"namespaces" in API group "" at the cluster scope', ".*kubectl auth can-i list namespaces",
            "no rights at all")
        api.allow = lambda user, verb, plural, ns: plural != "secrets"
        run = Run(d, "--kubeconfig", config)
        tap.equal(run.status, 0, "one list refused: the command goes on")
        states = {k["kind"]: k["state"] for k in json.loads(run.out)["items"][0]["kinds"]
                  if k.get("namespaces") is None}
        tap.equal((states.get("Secret"), states.get("Service")), ("forbidden", "read"), "and says so")


# -- plugins ------------------------------------------------------------------------------------------

def test_plugins(certs):
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.needs_user = True
        api.tokens = {"PLANTED-1": "dev"}
        run = Run(d, "--kubeconfig", api.kubeconfig(d, user=exec_user(token_script("PLANTED-1"))))
        tap.equal((run.status, run.err, runs(d)), (0, "", 1), "one run of the plugin for all requests")
        run.is_clean("a plugin's token")
        os.unlink(d + "/runs")
        config = api.kubeconfig(d, user=exec_user(token_script("PLANTED-no")))
        Run(d, "--kubeconfig", config).is_error(
            3, "the server does not accept the credentials", 'user "tester": token of the plugin sh',
            "a token that is refused")
        tap.equal(runs(d), 2, "after a refusal it runs once more, and no more")
        script = "n=$(cat $DIR/n 2>/dev/null || echo 0); echo $((n+1)) >$DIR/n; " \
            f"printf '{{\"apiVersion\":\"{V1}\",\"kind\":\"ExecCredential\",\"status\":{{\"token\":\"PLANTED-%s\"}}}}' $n"
        config = api.kubeconfig(d, user=exec_user(script))
        run = Run(d, "--kubeconfig", config)
        tap.equal((run.status, run.err), (0, ""), "a refused request is sent again with the new token")
        Run(d, "--kubeconfig", api.kubeconfig(d, user=exec_user("echo PLANTED; echo token is old >&2; exit 3"))
            ).is_error(3, "getting credentials: exec: executable sh failed with exit code 3",
                       "it said: token is old", "a plugin that fails, and its last words")
        missing = {"exec": {"apiVersion": V1, "command": "no-such-plugin", "interactiveMode": "Never",
                            "installHint": "Get it from\nthere."}}
        Run(d, "--kubeconfig", api.kubeconfig(d, user=missing)).is_error(
            3, "getting credentials: exec: executable no-such-plugin not found", "Get it from there.",
            "a plugin that is not there, and its hint")
        Run(d, "--kubeconfig", api.kubeconfig(d, user=exec_user(":", "Always"))).is_error(
            3, ".*exec plugin cannot support interactive mode: standard input is not a terminal", None,
            "a plugin that must ask, and nobody to answer")
        with open(d + "/kuberc", "w", encoding="utf-8") as f:
            f.write("apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
                    "credentialPluginPolicy: DenyAll\n")
        config = api.kubeconfig(d, user=exec_user(script))
        Run(d, "--kubeconfig", config, env={"KUBERC": d + "/kuberc"}).is_error(
            3, '.*plugin "sh" not allowed: policy set to "DenyAll"', "the policy is in .*/kuberc", "a policy")


def large(length):
    """A plugin that gives a token of so many bytes."""
    doc = f"{{\\\"apiVersion\\\":\\\"{V1}\\\",\\\"kind\\\":\\\"ExecCredential\\\",\\\"status\\\":{{\\\"token\\\":\\\"PLANTED"
    return exec_user(f"printf %s \"{doc}\"; head -c {length - 7} /dev/zero | tr '\\0' x; printf '\"}}}}'")


def test_large_identity(certs):
    """Large tokens travel; what is too large for the server, or for any request, is said."""
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.needs_user, api.tokens = True, {"PLANTED" + "x" * (40000 - 7): "dev"}
        run = Run(d, "--kubeconfig", api.kubeconfig(d, user=large(40000)))
        tap.equal((run.status, run.err), (0, ""), "a token of 40 KB")
        run.is_clean("a large token")
        Run(d, "--kubeconfig", api.kubeconfig(d, user=large(90000))).is_error(
            3, r"the request is too long for the server \(431", "user .* token of the plugin", "one that the server does not take")
        Run(d, "--kubeconfig", api.kubeconfig(d, user=large(1 << 20))).is_error(
            3, "the credentials are 10486.. bytes long", "a long token", "a 1 MiB token, which no request can carry")


def test_own_arguments(certs):
    """--token does not stay on our command line, nor does any secret reach the plugin's."""
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.faults.append(Fault("^/api", delay=30))
        config = api.kubeconfig(d)
        with subprocess.Popen([RUTTER, "snapshot", "--kubeconfig", config, "--token", "PLANTED-old",
                               "--token", "PLANTED-good"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as p:
            api.wait_for(lambda: api.requests)
            with open(f"/proc/{p.pid}/cmdline", "rb") as f:
                line = f.read()
            p.terminate()
        tap.ok(b"snapshot" in line and b"PLANTED" not in line, "typed tokens are gone from the command line")


def test_terminal(certs):
    """On a terminal a plugin may ask; ^C while it waits ends both."""
    if terminal.no_pty():
        tap.skip(terminal.no_pty(), "a plugin that asks")
        return
    with folder() as d, FakeApi(small_cluster(), tls=certs) as api:
        api.needs_user, api.tokens = True, {"PLANTED-typed": "dev"}
        script = f"printf 'Password: ' >&2; read p; printf '{{apiVersion: {V1}, kind: ExecCredential, " \
            "status: {token: \"%s\"}}' \"$p\""
        config = api.kubeconfig(d, user=exec_user(script, "IfAvailable"))
        status, text = on_terminal(config, {"Password: ": b"PLANTED-typed\n"})
        tap.equal(status, 0, "a plugin asks, a person answers, the command goes on")
        if status:
            tap.diag(text)
        script = "echo $$ >$DIR/pid; echo waiting >&2; exec sleep 60"
        config = api.kubeconfig(d, user=exec_user(script, "Never"))
        status, text = on_terminal(config, {"waiting": b"\003"}, env={"DIR": d})
        tap.equal(status, -2, "^C ends the program while a plugin runs unseen")
        with open(d + "/pid", encoding="utf-8") as f:
            pid = int(f.read())
        tap.ok(gone(pid), "and the plugin with it")


def gone(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def on_terminal(config, answers, env=None):
    """Runs snapshot on a pseudo-terminal, its output elsewhere; exit status and what was shown."""
    pid, keys = pty.fork()
    if pid == 0:
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.execvpe(RUTTER, [RUTTER, "snapshot", "--kubeconfig", config], {**os.environ, **(env or {})})
    seen = b""
    while True:
        try:
            got = os.read(keys, 4096)
        except OSError:
            break
        if not got:
            break
        seen += got
        for prompt in list(answers):
            if prompt.encode() in seen:
                os.write(keys, answers.pop(prompt))
    _, status = os.waitpid(pid, 0)
    os.close(keys)
    return os.waitstatus_to_exitcode(status), seen.decode(errors="replace")


CONTEXTS = """\
resize 200x40
expect HTTPRoute
type :service shop/cart
key Enter
expect selector
type :ctx broken
key Enter
expect cluster "broken": certificate-authority
absent selector
key C-o
expect fake
key Esc
type :ctx fake
key Enter
expect HTTPRoute
dump back
"""


def only_in(namespace, *cluster_wide):
    return lambda user, verb, plural, ns: ns == namespace or plural in cluster_wide


def test_narrow_rights():
    """Whatever a command prints with narrow rights, it says that it is not the whole truth."""
    with folder() as d, FakeApi(small_cluster()) as api:
        config = ("--kubeconfig", api.kubeconfig(d))
        for allow, args, said in (
                (lambda user, verb, plural, ns: plural != "secrets", (), "not read: Secret: forbidden\n"),
                (only_in("shop"), ("-n", "shop"),
                 "not read: Namespace, GatewayClass, IngressClass: forbidden\n"
                 "read in namespace shop alone: Secret, Service, EndpointSlice, BackendTLSPolicy and 10 more\n"),
                (only_in("nowhere", "gateways"), (),
                 "not read: Namespace, Secret, Service, EndpointSlice and 12 more: forbidden\n")):
            api.allow = allow
            for command in ("dump", "check", "status", "routes", "snapshot"):
                run = Run(d, *config, *args, command=command)
                tap.equal(run.err, re.sub("(?m)^(?=.)", "rutter: ", said), f"{command} says: {said}")


def test_context_switch():
    """A context that cannot be opened is said, and is no dead end."""
    with folder() as d, FakeApi(small_cluster()) as api:
        with open(api.kubeconfig(d), encoding="utf-8") as f:
            doc = json.load(f)
        doc["clusters"].append({"name": "broken", "cluster": {"server": "https://localhost:1",
                                                              "certificate-authority": "nowhere.pem"}})
        doc["contexts"].append({"name": "broken", "context": {"cluster": "broken", "user": "tester"}})
        config, script = os.path.join(d, "two"), os.path.join(d, "script")
        with open(config, "w", encoding="utf-8") as f:
            json.dump(doc, f)
        with open(script, "w", encoding="utf-8") as f:
            f.write(CONTEXTS)
        run = Run(d, "--kubeconfig", config, "--script", script, command="tui")
        if not tap.ok(run.status == 0 and "HTTPRoute shop/cart" in run.out,
                      "from a context that cannot be opened back to one that can"):
            tap.diag(run.out + run.err)


def test_version():
    done = subprocess.run([RUTTER, "version", "-o", "json"], capture_output=True, check=False)
    doc = json.loads(done.stdout)
    tap.equal((doc["kind"], sorted(doc["libraries"])), (
        "Version", ["curl", "http2", "jansson", "ncurses", "pcre2", "tls", "yaml", "zlib"]),
        "version names the libraries it runs with")


def main():
    test_version()
    test_cookies()
    test_no_core()
    test_no_connection()
    test_time()
    test_protocol_mix()
    test_strange_answers()
    test_config_errors()
    test_http_sends_nothing()
    test_context_switch()
    test_narrow_rights()
    certs = pki()
    if certs is None:
        tap.skip("no openssl to make certificates with", "TLS, credentials, rights and plugins")
        return tap.done()
    test_tls(certs)
    test_expired_server(certs)
    test_credentials(certs)
    test_rights(certs)
    test_plugins(certs)
    test_large_identity(certs)
    test_own_arguments(certs)
    test_terminal(certs)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
