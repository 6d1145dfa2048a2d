#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Credentials and certificate authorities that are replaced under a running program: the token of a
Pod's service account, a client certificate in files or from a plugin, the CA of the cluster."""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, Fault, OK, Probe, folder, in_step, no_violations, pki, service, small_cluster, tap  # noqa: E402

PKI = pki()
WATCHES = 17
V1 = "client.authentication.k8s.io/v1"


def replace(path, text):
    """As tools do that rotate: the new file takes the old one's place in one step."""
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write(text)
    os.rename(path + ".new", path)


def content(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def copy(pair, d):
    for source, name in zip(pair, ("crt", "key")):
        replace(os.path.join(d, name), content(source))


def live(api, probe):
    api.wait_for(lambda: sum(api.watches.values()) >= WATCHES)
    tap.ok(probe.until(lambda: probe.table("state")["live"] == "1"), "every watch is open")


def recovers(api, probe, name):
    api.put(service(f"after-{api.rv}"))
    in_step(api, probe, name)
    tap.ok(probe.until(lambda: probe.table("state")["stale"] == "0"), "nothing is stale")


def project(d, token):
    """A folder as kubelet makes it: names are links through ..data, which is replaced in one step."""
    version = os.path.join(d, f"..{token}")
    os.makedirs(version)
    for name, text in (("token", token + "\n"), ("ca.crt", content(PKI.ca)), ("namespace", "shop\n")):
        replace(os.path.join(version, name), text)
        if not os.path.lexists(os.path.join(d, name)):
            os.symlink(os.path.join("..data", name), os.path.join(d, name))
    os.symlink(os.path.basename(version), os.path.join(d, "..data.new"))
    os.rename(os.path.join(d, "..data.new"), os.path.join(d, "..data"))


def in_cluster():
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        api.needs_user, api.tokens = True, {"first": "pod"}
        project(d, "first")
        env = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(api.port),
               "KUBECONFIG": "", "HOME": d}
        with Probe("-", "watch", f"pod={d}", env=env) as probe:
            tap.equal(probe.settle(), OK, "in-cluster: the Pod's service account")
            live(api, probe)
            project(d, "second")
            shutil.rmtree(os.path.join(d, "..first"))
            api.tokens = {"second": "pod"}
            api.control("end")
            recovers(api, probe, "its projected token is swapped while the program runs")
        no_violations(api)


def all_watches_as(api, probe, user, name):
    tap.ok(api.wait_for(lambda: api.users.count(user) >= WATCHES), name)
    recovers(api, probe, "nothing is lost")


def certificate_files():
    old, new = PKI.client("old"), PKI.client("new")
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        api.needs_user = True
        copy(old, d)
        user = {"client-certificate": os.path.join(d, "crt"), "client-key": os.path.join(d, "key")}
        with Probe(api.kubeconfig(d, user), "watch") as probe:
            tap.equal(probe.settle(), OK, "a client certificate in files")
            live(api, probe)
            tap.equal(set(api.users), {"old"}, "is the user")
            copy(new, d)
            api.control("end", "Service")  # any request looks at the files
            all_watches_as(api, probe, "new", "cert rotation drops connections: every watch is the new user's")
        no_violations(api)


def certificate_of_plugin():
    old, new = PKI.client("old2"), PKI.client("new2")
    script = f"""cat <<EOF
apiVersion: {V1}
kind: ExecCredential
status:
  clientCertificateData: |
$(sed 's/^/    /' $DIR/crt)
  clientKeyData: |
$(sed 's/^/    /' $DIR/key)
EOF"""
    with folder() as d, FakeApi(small_cluster(), tls=PKI) as api:
        api.needs_user = True
        copy(old, d)
        user = {"exec": {"apiVersion": V1, "command": "sh", "args": ["-c", script], "interactiveMode": "Never",
                         "env": [{"name": "DIR", "value": d}]}}
        with Probe(api.kubeconfig(d, user), "watch") as probe:
            tap.equal(probe.settle(), OK, "a client certificate of a plugin")
            live(api, probe)
            copy(new, d)
            api.faults.append(Fault(r"/services\?watch", status=401, body="", times=1))
            api.control("end", "Service")
            all_watches_as(api, probe, "new2", "is renewed after a 401, and drops connections")
        no_violations(api)


class Named:
    """A Pki whose CA and server certificate are others."""

    def __init__(self, base, name):
        self.__dict__.update(base.__dict__)
        authority = base.authority(name)
        self.ca = authority[0]
        self.cert, self.key = base.server(name + "-server", ca=authority)
        self.server_context = lambda: type(base).server_context(self)


def authority():
    with folder() as d:
        api = FakeApi(small_cluster(), tls=PKI).__enter__()
        ca = os.path.join(d, "ca")
        replace(ca, content(PKI.ca))
        with Probe(api.kubeconfig(d, cluster={"certificate-authority": ca}), "watch") as probe:
            tap.equal(probe.settle(), OK, "a CA in a file")
            live(api, probe)
            other = Named(PKI, "second-ca")
            api.stop()
            again = FakeApi(port=api.port, tls=other)
            again.objects, again.rv, again.history = api.objects, api.rv, api.history
            with again:
                tap.ok(probe.until(lambda: "unknown authority" in probe.table("state")["err"]),
                       "a server of another CA is not trusted")
                replace(ca, "")
                replace(ca, content(other.ca))
                recovers(again, probe, "until the file holds it: it is read anew")
                no_violations(again)


if not PKI:
    tap.skip_all("no openssl")
for case in (in_cluster, certificate_files, certificate_of_plugin, authority):
    tap.diag(case.__name__)
    case()
sys.exit(tap.done())
