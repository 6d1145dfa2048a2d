# SPDX-License-Identifier: Apache-2.0
"""Certificates for the tests, made with the openssl program when they are needed."""
import os
import shutil
import ssl
import subprocess


def available():
    return shutil.which("openssl") is not None


class Pki:
    """A CA with a server certificate in folder; more on demand. Attributes are paths."""

    def __init__(self, folder, names=("localhost",), addresses=("127.0.0.1", "::1"), days=2):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.ca, self.ca_key = self.authority("ca")
        self.cert, self.key = self.server("server", names, addresses, days=days)
        self.client_ca = self.ca

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args, text=None):
        subprocess.run(["openssl", *args], check=True, input=text, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)

    def new_key(self, name):
        key = self.path(name + ".key")
        self.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
        return key

    def authority(self, name):
        key, cert = self.new_key(name), self.path(name + ".crt")
        self.run("req", "-x509", "-new", "-key", key, "-out", cert, "-days", "30",
                 "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        return cert, key

    def sign(self, name, subject, extensions, days, ca=None):
        ca_cert, ca_key = ca or (self.ca, self.ca_key)
        key, cert = self.new_key(name), self.path(name + ".crt")
        request, ext = self.path(name + ".csr"), self.path(name + ".ext")
        with open(ext, "w", encoding="utf-8") as f:
            f.write("\n".join(extensions) + "\n")
        self.run("req", "-new", "-key", key, "-subj", subject, "-out", request)
        # A negative number of days makes a certificate that has expired.
        when = ["-days", str(days)]
        self.run("x509", "-req", "-in", request, "-CA", ca_cert, "-CAkey", ca_key,
                 "-CAcreateserial", "-out", cert, "-extfile", ext, *when)
        return cert, key

    def server(self, name, names=("localhost",), addresses=("127.0.0.1",), days=2, ca=None):
        san = ",".join([f"DNS:{n}" for n in names] + [f"IP:{a}" for a in addresses])
        return self.sign(name, f"/CN={name}", [f"subjectAltName={san}",
                                               "extendedKeyUsage=serverAuth"], days, ca)

    def client(self, user, groups=(), days=2, ca=None):
        subject = "".join(f"/O={g}" for g in groups) + f"/CN={user}"
        return self.sign("client-" + user, subject, ["extendedKeyUsage=clientAuth"], days, ca)

    def server_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        context.load_verify_locations(self.client_ca)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.set_alpn_protocols(["http/1.1"])
        return context
