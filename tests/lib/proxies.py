# SPDX-License-Identifier: Apache-2.0
"""Small proxies for tests: HTTP CONNECT and SOCKS5. They note what they were asked for and go where
the map of names says, so that a host name which no resolver knows proves who resolved it."""
import base64
import selectors
import socket
import socketserver
import threading
import time


def relay(a, b):
    """Copies both ways until one side ends."""
    with selectors.DefaultSelector() as selector:
        selector.register(a, selectors.EVENT_READ, b)
        selector.register(b, selectors.EVENT_READ, a)
        while True:
            for key, _ in selector.select():
                data = key.fileobj.recv(65536)
                if not data:
                    return
                key.data.sendall(data)


class Proxy:
    """with HttpProxy({"kube.test": ("127.0.0.1", 1234)}) as proxy: proxy.url, proxy.asked"""

    scheme = ""

    def __init__(self, names=None, user=None):
        self.names, self.user, self.asked, self.heads = names or {}, user, [], []

    def __enter__(self):
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                try:
                    proxy.serve(self.request)
                except OSError:
                    pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        user = f"{self.user}@" if self.user else ""
        return f"{self.scheme}://{user}127.0.0.1:{self.server.server_address[1]}"

    def connect(self, host, port):
        self.asked.append((host, port))
        return socket.create_connection(self.names.get(host, (host, port)), timeout=10)


class Relay(Proxy):
    """Passes bytes on to one address; freeze() keeps its connections open and passes nothing on."""

    def __init__(self, port):
        super().__init__()
        self.target, self.epoch, self.deaf, self.count = port, 0, False, 0
        self.passing = threading.Lock()  # held while bytes go through

    @property
    def port(self):
        return self.server.server_address[1]

    def freeze(self):
        """Connections made so far fall silent, and new ones until thaw()."""
        with self.passing:  # nothing is on its way any more
            self.epoch, self.deaf = self.epoch + 1, True

    def thaw(self):
        self.deaf = False

    def serve(self, client):
        self.count += 1
        while self.deaf:
            time.sleep(0.02)
        epoch = self.epoch
        with socket.create_connection(("127.0.0.1", self.target), timeout=10) as server, \
                selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select(0.05):
                    with self.passing:
                        frozen = self.epoch != epoch
                        data = None if frozen else key.fileobj.recv(65536)
                        if data:
                            key.data.sendall(data)
                    if frozen:
                        time.sleep(0.05)
                    elif not data:
                        return


class HttpProxy(Proxy):
    scheme = "http"

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            got = client.recv(4096)
            if not got:
                return
            head += got
        text = head.decode("latin-1")
        self.heads.append(text)
        want = "Basic " + base64.b64encode((self.user or "").encode()).decode()
        if self.user and want not in text:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = text.split()[1].rpartition(":")
        with self.connect(host.strip("[]"), int(port)) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(client, server)


class SocksProxy(Proxy):
    scheme = "socks5"

    def serve(self, client):
        count = client.recv(2)[1]
        client.recv(count)
        client.sendall(b"\x05\x00")
        kind = client.recv(4)[3]
        if kind == 3:  # a name
            host = client.recv(client.recv(1)[0]).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6,
                                    client.recv(4 if kind == 1 else 16))
        port = int.from_bytes(client.recv(2), "big")
        with self.connect(host, port) as server:
            client.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            relay(client, server)
