# SPDX-License-Identifier: Apache-2.0
"""A real kube-apiserver with its etcd for tests, where the two programs are found.

They are looked for in $KUBEBUILDER_ASSETS and /usr/local/kubebuilder/bin, as envtest does.

    with ApiServer(folder) as server:
        server.apply(objects)
        run(["rutter", "check", "--kubeconfig", server.kubeconfig("admin")])

Users (by token and by client certificate): admin, may all; dev, may nothing until a role says so.
Objects are plain dictionaries; the Gateway API kinds get minimal CRDs with open schemas.
"""
import base64
import contextlib
import http.client
import json
import os
import queue
import socket
import ssl
import subprocess
import threading
import time

from pki import Pki

GATEWAY = "gateway.networking.k8s.io"
# kind, plural, namespaced, versions with the stored one first
GATEWAY_KINDS = [
    ("GatewayClass", "gatewayclasses", False, ["v1", "v1beta1"]),
    ("Gateway", "gateways", True, ["v1", "v1beta1"]),
    ("HTTPRoute", "httproutes", True, ["v1", "v1beta1"]),
    ("GRPCRoute", "grpcroutes", True, ["v1"]),
    ("TLSRoute", "tlsroutes", True, ["v1alpha2"]),
    ("TCPRoute", "tcproutes", True, ["v1alpha2"]),
    ("UDPRoute", "udproutes", True, ["v1alpha2"]),
    ("ReferenceGrant", "referencegrants", True, ["v1beta1"]),
    ("BackendTLSPolicy", "backendtlspolicies", True, ["v1"]),
    ("ListenerSet", "listenersets", True, ["v1"]),
]


def find():
    """The folder of the two programs, or None."""
    for folder in (os.environ.get("KUBEBUILDER_ASSETS"), "/usr/local/kubebuilder/bin"):
        if folder and all(os.access(os.path.join(folder, p), os.X_OK)
                          for p in ("etcd", "kube-apiserver")):
            return folder
    return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def crd(kind, plural, namespaced, versions, group=GATEWAY):
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    rows = [{"name": v, "served": True, "storage": i == 0, "schema": schema,
             "subresources": {"status": {}}} for i, v in enumerate(versions)]
    note = {"api-approved.kubernetes.io": "https://example.com/open-schema-for-tests",
            f"{GATEWAY}/bundle-version": "v1.4.0", f"{GATEWAY}/channel": "experimental"}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}", "annotations": note},
            "spec": {"group": group, "scope": "Namespaced" if namespaced else "Cluster",
                     "names": {"kind": kind, "plural": plural, "singular": kind.lower(),
                               "listKind": kind + "List"},
                     "versions": rows}}


class ApiServer:
    def __init__(self, folder, gateway=True, flags=()):
        self.folder, self.gateway, self.flags = folder, gateway, list(flags)
        self.binaries = find()
        self.port, self.etcd_port, self.peer_port = free_port(), free_port(), free_port()
        self.tokens = {"admin": "admin-token-123456", "dev": "dev-token-123456"}
        self.etcd = self.api = None
        self.resources, self.has_slices_v1 = {}, None

    # -- life -------------------------------------------------------------------------------------

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        self.pki = Pki(os.path.join(self.folder, "pki"))
        self.sa_key = self.pki.new_key("service-account")
        with open(self.path("tokens.csv"), "w", encoding="utf-8") as f:
            f.write(f'{self.tokens["admin"]},admin,1,"system:masters"\n{self.tokens["dev"]},dev,2,"devs"\n')
        try:
            self.start_etcd()
            self.start()
            if self.gateway:
                self.install_gateway_api()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        if self.etcd:
            self.etcd.kill()
            self.etcd.wait()

    def path(self, name):
        return os.path.join(self.folder, name)

    def spawn(self, name, *args):
        log = open(self.path(name + ".log"), "ab")  # pylint: disable=consider-using-with
        with log:
            return subprocess.Popen([os.path.join(self.binaries, name), *args], stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log)

    def start_etcd(self):
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.peer_port}"
        self.etcd = self.spawn("etcd", "--data-dir", self.path("etcd"), "--listen-client-urls", client,
                               "--advertise-client-urls", client, "--listen-peer-urls", peer,
                               "--initial-advertise-peer-urls", peer,
                               "--initial-cluster", f"default={peer}", "--unsafe-no-fsync")

    def start(self):
        """Starts the API server (again) and waits until it is ready."""
        self.api = self.spawn(
            "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{self.etcd_port}",
            "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1",
            "--secure-port", str(self.port), "--tls-cert-file", self.pki.cert,
            "--tls-private-key-file", self.pki.key, "--client-ca-file", self.pki.ca,
            "--token-auth-file", self.path("tokens.csv"), "--authorization-mode", "RBAC",
            "--service-cluster-ip-range", "10.96.0.0/16",
            "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-key-file", self.sa_key,
            "--service-account-signing-key-file", self.sa_key,
            "--disable-admission-plugins", "ServiceAccount", *self.flags)
        self.wait(lambda: self.get("/readyz")[0] == 200, "the API server")

    @contextlib.contextmanager
    def elsewhere(self):
        """The API server, stopped before, on another port meanwhile: no client of this one sees it."""
        kept, self.port = self.port, free_port()
        try:
            self.start()
            yield
        finally:
            self.stop()
            self.port = kept

    def stop(self):
        if self.api and self.api.poll() is None:
            self.api.kill()
            self.api.wait()

    def wait(self, condition, what, seconds=90):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.api.poll() is not None:
                break
            try:
                if condition():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        with open(self.path("kube-apiserver.log"), encoding="utf-8", errors="replace") as f:
            raise RuntimeError(f"{what} is not ready:\n{f.read()[-2000:]}")

    # -- requests ---------------------------------------------------------------------------------

    def request(self, method, path, body=None, kind="application/json"):
        context = ssl.create_default_context(cafile=self.pki.ca)
        conn = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=30)
        headers = {"Authorization": "Bearer " + self.tokens["admin"], "Content-Type": kind}
        try:
            conn.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = conn.getresponse()
            return answer.status, answer.read()
        finally:
            conn.close()

    def get(self, path):
        return self.request("GET", path)

    def resource_of(self, api_version, kind):
        if api_version not in self.resources:
            base = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
            code, body = self.get(base)
            if code != 200:
                raise RuntimeError(f"{base}: {code}")
            self.resources[api_version] = {r["kind"]: (base, r["name"], r["namespaced"])
                                           for r in json.loads(body)["resources"] if "/" not in r["name"]}
        return self.resources[api_version][kind]

    def adapt(self, obj):
        """EndpointSlices of v1 on a server that has them as v1beta1 only (before 1.21)."""
        if obj["kind"] != "EndpointSlice":
            return obj
        if self.has_slices_v1 is None:
            self.has_slices_v1 = self.get("/apis/discovery.k8s.io/v1")[0] == 200
        if self.has_slices_v1:
            return obj
        gone = ("nodeName", "zone", "hints", "deprecatedTopology")
        endpoints = [{k: v for k, v in e.items() if k not in gone} for e in obj.get("endpoints") or []]
        return {**obj, "apiVersion": "discovery.k8s.io/v1beta1", "endpoints": endpoints}

    def collection(self, obj):
        base, plural, namespaced = self.resource_of(obj["apiVersion"], obj["kind"])
        ns = obj["metadata"].get("namespace", "default")
        return f"{base}/namespaces/{ns}/{plural}" if namespaced else f"{base}/{plural}"

    def apply(self, objects):
        """Creates or replaces; a status is written too. Namespaces are made where they lack."""
        for obj in map(self.adapt, objects):
            ns = obj["metadata"].get("namespace")
            if ns:
                self.request("POST", "/api/v1/namespaces", {"metadata": {"name": ns}})
            path = self.collection(obj)
            code, body = self.request("POST", path, obj)
            if code == 409:
                one = f"{path}/{obj['metadata']['name']}"
                merge = "application/merge-patch+json"
                code, body = self.request("PATCH", one, {k: v for k, v in obj.items() if k != "status"},
                                          merge)
            if code not in (200, 201):
                raise RuntimeError(f"{path}: {code}: {body.decode(errors='replace')[:500]}")
            if obj.get("status"):
                self.request("PATCH", f"{path}/{obj['metadata']['name']}/status",
                             {"status": obj["status"]}, "application/merge-patch+json")

    def load(self, objects, workers=4):
        """Creates many new objects over a few lasting connections. Their namespaces must exist."""
        todo, errors = queue.SimpleQueue(), []
        for obj in map(self.adapt, objects):
            todo.put((self.collection(obj), json.dumps(obj)))
        threads = [threading.Thread(target=self.load_some, args=(todo, errors)) for _ in range(workers)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if errors:
            raise RuntimeError(errors[0])

    def load_some(self, todo, errors):
        context = ssl.create_default_context(cafile=self.pki.ca)
        conn = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=60)
        headers = {"Authorization": "Bearer " + self.tokens["admin"], "Content-Type": "application/json"}
        while not errors:
            try:
                path, body = todo.get_nowait()
            except queue.Empty:
                break
            conn.request("POST", path, body, headers)
            answer = conn.getresponse()
            text = answer.read()
            if answer.status not in (200, 201, 409):
                errors.append(f"{path}: {answer.status}: {text.decode(errors='replace')[:500]}")
        conn.close()

    def delete(self, obj):
        return self.request("DELETE", f"{self.collection(obj)}/{obj['metadata']['name']}")[0]

    def install_gateway_api(self):
        self.apply([crd(*row) for row in GATEWAY_KINDS])
        self.wait(lambda: all(self.get(f"/apis/{GATEWAY}/{versions[0]}/{plural}")[0] == 200
                              for _, plural, _, versions in GATEWAY_KINDS), "the Gateway API")

    def role(self, name, user, rules, ns=None):
        """Gives a user the rules: cluster-wide, or in one namespace."""
        kind = "Role" if ns else "ClusterRole"
        meta = {"name": name, **({"namespace": ns} if ns else {})}
        api = "rbac.authorization.k8s.io"
        self.apply([{"apiVersion": api + "/v1", "kind": kind, "metadata": meta, "rules": rules},
                    {"apiVersion": api + "/v1", "kind": kind + "Binding", "metadata": meta,
                     "roleRef": {"apiGroup": api, "kind": kind, "name": name},
                     "subjects": [{"apiGroup": api, "kind": "User", "name": user}]}])

    # -- kubeconfigs ------------------------------------------------------------------------------

    def kubeconfig(self, user, name=None, user_entry=None, cluster_entry=None, namespace=None):
        with open(self.pki.ca, "rb") as f:
            ca = base64.b64encode(f.read()).decode()
        cluster = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority-data": ca,
                   **(cluster_entry or {})}
        entry = user_entry if user_entry is not None else {"token": self.tokens[user]}
        context = {"cluster": "real", "user": user, **({"namespace": namespace} if namespace else {})}
        doc = {"apiVersion": "v1", "kind": "Config", "current-context": "real",
               "clusters": [{"name": "real", "cluster": cluster}],
               "users": [{"name": user, "user": entry}],
               "contexts": [{"name": "real", "context": context}]}
        path = self.path(name or f"kubeconfig-{user}")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(doc, f)
        os.chmod(path, 0o600)
        return path
