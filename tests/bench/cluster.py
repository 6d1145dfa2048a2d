# SPDX-License-Identifier: Apache-2.0
"""Rows about a live cluster: the generated teams on a real kube-apiserver, beside kubectl and curl.

The API server is found as the tests find it (see tests/lib/apiserver.py); without one the rows say so.
"""
import contextlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import apiserver  # noqa: E402

# What check reads of this cluster, as paths and as kubectl names.
LISTS = {
    "namespaces": "/api/v1/namespaces",
    "services": "/api/v1/services",
    "pods": "/api/v1/pods",
    "endpointslices": "/apis/discovery.k8s.io/v1beta1/endpointslices",
    "ingresses": "/apis/networking.k8s.io/v1/ingresses",
    "ingressclasses": "/apis/networking.k8s.io/v1/ingressclasses",
    "gatewayclasses.gateway.networking.k8s.io": "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
    "gateways.gateway.networking.k8s.io": "/apis/gateway.networking.k8s.io/v1/gateways",
    "httproutes.gateway.networking.k8s.io": "/apis/gateway.networking.k8s.io/v1/httproutes",
}


def objects_of(namespaces):
    made = subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--namespaces",
                           str(namespaces), "--format", "ndjson"], capture_output=True, check=True)
    objects = [json.loads(line) for line in made.stdout.splitlines()]
    for o in objects:  # what only a server may set
        for key in ("resourceVersion", "uid", "creationTimestamp", "generation"):
            o["metadata"].pop(key, None)
        if o["kind"] == "Service":  # addresses are the server's to give
            for key in ("clusterIP", "clusterIPs"):
                o["spec"].pop(key, None)
        if o["kind"] == "Secret":  # its payload is never read; a server wants some
            o["data"] = {"tls.crt": "YQ==", "tls.key": "YQ=="}
    return objects


def load(server, namespaces):
    objects = objects_of(namespaces)
    server.apply([o for o in objects if o["kind"] == "Namespace"])
    server.load([o for o in objects if o["kind"] != "Namespace"])


@contextlib.contextmanager
def loaded(namespaces):
    """A server that holds the generated cluster."""
    with tempfile.TemporaryDirectory() as folder, apiserver.ApiServer(folder) as server:
        # In a process of its own: what is measured later starts as a copy of this one, and would
        # count the objects as its own peak.
        loader = multiprocessing.get_context("fork").Process(target=load, args=(server, namespaces))
        loader.start()
        loader.join()
        if loader.exitcode != 0:
            raise RuntimeError("the cluster could not be loaded")
        yield server


def curl_command(server, folder):
    """One curl process that fetches every list in parallel and throws it away."""
    config = os.path.join(folder, "curl")
    with open(config, "w", encoding="utf-8") as f:
        for path in LISTS.values():
            f.write(f'url = "https://127.0.0.1:{server.port}{path}"\noutput = "/dev/null"\n')
        f.write(f'cacert = "{server.pki.ca}"\nheader = "Authorization: Bearer {server.tokens["admin"]}"\n')
        f.write("silent\ncompressed\nparallel\n")
    return ["curl", "--config", config]


def median(run, command, times):
    results = sorted((run(command) for _ in range(times)), key=lambda r: r.wall)
    return results[len(results) // 2]


def live_rows(run, result, rutter, quick):
    """check of a live cluster beside kubectl and curl"""
    if not apiserver.find():
        yield result("check of a live cluster", "no kube-apiserver found", "", None)
        return
    began = time.monotonic()
    with loaded(20 if quick else 200) as server, tempfile.TemporaryDirectory() as folder:
        config = server.kubeconfig("admin")
        yield result(f"(loading {20 if quick else 200} namespaces", f"{time.monotonic() - began:.0f} s)", "", None)
        check = [rutter, "check", "--fail-on", "never", "--kubeconfig", config]
        ours = median(run, check, 5)
        if ours.status != 0:
            raise RuntimeError(f"check: exit status {ours.status}")
        curl = median(run, curl_command(server, folder), 3)
        yield result("check of a live cluster: wall", f"{ours.wall:.2f} s", f"curl: {curl.wall:.2f} s", None)
        yield result("… against curl's", f"{ours.wall / curl.wall:.2f}", "0.3", ours.wall <= 0.3 * curl.wall)
        yield result("… peak memory", f"{ours.peak_kib / 1024:.0f} MiB", "64 MiB",
                     ours.peak_kib <= 64 * 1024)
        if shutil.which("kubectl"):
            kubectl = run(["kubectl", "--kubeconfig", config, "get", "-A", "-o", "json", ",".join(LISTS)])
            yield result("kubectl get of the same kinds", "", f"{kubectl.wall:.1f} s, "
                         f"{kubectl.peak_kib / 1024:.0f} MiB", None)
