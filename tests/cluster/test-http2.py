#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""HTTP/2: many streams on one connection, streams that are reset, a server that says GOAWAY, a path that
dies without a word. A front end (nghttpx) turns the fake server's HTTP/1.1 into it."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import FakeApi, Fault, OK, PATIENCE, Probe, folder, in_step, no_violations, pki, service, small_cluster, tap  # noqa: E402
from proxies import Relay  # noqa: E402

PKI = pki()
NGHTTPX = shutil.which("nghttpx", path=os.environ["PATH"] + ":/usr/sbin")


class Front:
    """nghttpx before an API; connections counts those that clients made."""

    def __init__(self, api, where):
        self.api, self.where = api, where
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def start(self):
        with open(os.path.join(self.where, "nghttpx.log"), "ab") as f:
            self.process = subprocess.Popen(
                [NGHTTPX, f"-f127.0.0.1,{self.port}", f"-b127.0.0.1,{self.api.port}", "--workers=1",
                 "--conf=/dev/null", "--errorlog-file=/dev/null", "--accesslog-file=/dev/null",
                 "--backend-connections-per-host=100", PKI.key, PKI.cert], stdout=f, stderr=f)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.02)

    def retire(self):
        """GOAWAY to every client, no new connections; ends when the last stream has."""
        self.process.send_signal(signal.SIGQUIT)

    def kubeconfig(self, d, port=None):
        return self.api.kubeconfig(d, cluster={"server": f"https://127.0.0.1:{port or self.port}",
                                               "certificate-authority": PKI.ca})


def lists():
    objects = small_cluster() + [service(f"s{i:04}") for i in range(1000)]
    with folder() as d, FakeApi(objects) as api, Front(api, d) as front:
        log = os.path.join(d, "log")
        with Probe(front.kubeconfig(d), f"log={log}") as probe:
            tap.equal(probe.settle(), OK, "lists are read")
            tap.equal(len(probe.names("Service")), 1001, "with all objects")
        with open(log, encoding="utf-8") as f:
            lines = [line for line in f if "net: GET" in line]
        tap.ok(lines and all("h2" in line for line in lines), "every request is HTTP/2")
        # The front resets the stream; libcurl 7.88 calls that a success.
        api.faults.append(Fault("/services", cut=3000))
        with Probe(front.kubeconfig(d)) as probe:
            probe.settle()
            tap.equal(probe.scope("Service")[0], "failed", "a stream that was reset is no complete list")
            tap.equal(probe.names("Ingress"), ["web"], "other streams are not hurt")
        api.faults.clear()
        with Probe(front.kubeconfig(d), "http1") as probe:
            tap.equal(probe.settle(), OK, "HTTP/1.1 can be asked for")
        no_violations(api)


def live(probe, name):
    tap.ok(probe.until(lambda: probe.table("state")["live"] == "1"), name)


def watches():
    with folder() as d, FakeApi(small_cluster()) as api, Front(api, d) as front:
        with Relay(front.port) as relay, Probe(front.kubeconfig(d, relay.port), "watch") as probe:
            tap.equal(probe.settle(), OK, "the cluster is read")
            live(probe, "every watch is open")
            tap.equal(relay.count, 1, "all on one connection")
            api.put(service("new"))
            in_step(api, probe, "changes arrive")
            before = probe.table("stats")
            time.sleep(1.0)  # the length of a silence is the point here
            after = probe.table("stats")
            tap.ok(int(after["turns"]) - int(before["turns"]) <= 5, "nothing wakes an idle program")
            api.control("end")
            api.put(service("newer"))
            in_step(api, probe, "watches that end go on")
            tap.equal(relay.count, 1, "on the same connection")
        with Front(api, d) as second, Relay(front.port) as relay, \
                Probe(front.kubeconfig(d, relay.port), "watch") as probe:
            probe.settle()
            live(probe, "every watch is open")
            relay.target = second.port  # a load balancer, say
            front.retire()
            api.put(service("during"))
            in_step(api, probe, "GOAWAY: the streams that are open go on")
            before = sum(api.watches.values())
            api.control("end")
            tap.equal(front.process.wait(PATIENCE), 0, "until they end, and the old server with them")
            tap.ok(api.wait_for(lambda: sum(api.watches.values()) >= before), "the next ones take a new connection")
            api.put(service("after"))
            in_step(api, probe, "which bring what comes after")
            tap.equal(probe.table("state")["stale"], "0", "GOAWAY is silent: nothing was stale")
        no_violations(api)


def dead_path():
    with folder() as d, FakeApi(small_cluster()) as api, Front(api, d) as front, Relay(front.port) as relay:
        with Probe(front.kubeconfig(d, relay.port), "watch", "heartbeat=1000") as probe:
            probe.settle()
            live(probe, "every watch is open")
            relay.freeze()
            relay.thaw()  # the old connection stays silent, new ones work
            api.put(service("unseen"))
            in_step(api, probe, "a connection that died without a word is noticed by its own silence", 120)
            tap.equal(relay.count, 2, "and one new one made")


if not NGHTTPX or not PKI:
    tap.skip_all("no nghttpx" if PKI else "no openssl")
for case in (lists, watches, dead_path):
    tap.diag(case.__name__)
    case()
sys.exit(tap.done())
