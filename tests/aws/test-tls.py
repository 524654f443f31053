# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint behind HTTPS whose certificate only a private authority vouches for, named as AWS's own tools do it."""

import datetime
import http.server
import ipaddress
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading

from tap import case, run

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
except ImportError:
    print("1..0 # SKIP python3-cryptography is not there")
    sys.exit(0)

DRIVER = os.environ["AWS_DRIVER"]
ANSWER = (b"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn>"
          b"<UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")


def certificate(name, key, issuer, issuer_key, authority):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
               .not_valid_after(now + datetime.timedelta(days=30))
               .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True))
    if not authority:
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    paths = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.paths.append((self.path, self.headers["Host"], self.headers["Authorization"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *arguments):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass


class Server:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="porchlight-test-")
        self.authority = self.write_certificates()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("server.pem"), self.path("server.key"))
        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as stream:
            stream.write(data)
        return self.path(name)

    def write_certificates(self):
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Private authority")])
        authority = certificate(authority_name, authority_key, authority_name, authority_key, True)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        leaf = certificate(name, key, authority_name, authority_key, False)
        self.write("server.pem", leaf.public_bytes(serialization.Encoding.PEM))
        self.write("server.key", key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                   serialization.NoEncryption()))
        return self.write("authority.pem", authority.public_bytes(serialization.Encoding.PEM))

    def run(self, config, credentials="[local]\naws_access_key_id = AKIA\naws_secret_access_key = s/+\n", **changes):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment.update(AWS_PROFILE="local", AWS_CONFIG_FILE=self.write("config", config.encode()),
                           AWS_SHARED_CREDENTIALS_FILE=self.write("credentials", credentials.encode()), **changes)
        done = subprocess.run([DRIVER, "identity"], capture_output=True, text=True, timeout=60, env=environment)
        return json.loads(done.stdout)

    def stop(self):
        self.server.shutdown()
        self.folder.cleanup()


@case
def authority_in_profile(server):
    answer = server.run(f"[profile local]\nregion = eu-west-1\nendpoint_url = https://127.0.0.1:{server.port}\nca_bundle = {server.authority}\n")
    assert answer.get("account") == "123456789012", answer
    path, host, authorization = Handler.paths[-1]
    assert (path, host) == ("/", f"127.0.0.1:{server.port}")
    assert "/eu-west-1/sts/aws4_request" in authorization


@case
def authority_in_environment(server):
    answer = server.run("[profile local]\nregion = eu-west-1\nservices = mine\n"
                        f"[services mine]\nsts =\n  endpoint_url = https://localhost:{server.port}/under\n",
                        AWS_CA_BUNDLE=server.authority)
    assert answer.get("account") == "123456789012", answer
    assert Handler.paths[-1][:2] == ("/under/", f"localhost:{server.port}")


@case
def everything_in_files_of_a_tool(server):
    """As AWS's own local emulator is set up: keys and region in the files of a profile, nothing in the environment."""
    config = f"[profile local]\nregion = ap-southeast-2\noutput = json\nendpoint_url = https://localhost:{server.port}\nca_bundle = {server.authority}\n"
    keys = "\ufeff[default]\naws_access_key_id = OTHER\n\n[local]\naws_access_key_id = test\naws_secret_access_key = test\naws_session_token = t/+=\n"
    answer = server.run(config, keys)
    assert answer.get("account") == "123456789012", answer
    assert "Credential=test/" in Handler.paths[-1][2] and "/ap-southeast-2/sts/aws4_request" in Handler.paths[-1][2]
    # Keys in the config file alone, and another way to write the same section
    answer = server.run(config.replace("[profile local]", "[profile  'local']  # mine") + "aws_access_key_id=inconfig\naws_secret_access_key=s\n", "")
    assert answer.get("account") == "123456789012", answer
    assert "Credential=inconfig/" in Handler.paths[-1][2]


@case
def authority_of_environment_counts(server):
    """The environment's authorities are taken before the profile's, also if they are the wrong ones."""
    config = f"[profile local]\nregion = eu-west-1\nendpoint_url = https://localhost:{server.port}\nca_bundle = "
    answer = server.run(config + "/nonexistent.pem\n", AWS_CA_BUNDLE=server.authority)
    assert answer.get("account") == "123456789012", answer
    before = len(Handler.paths)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Another Authority")])
    other = server.write("other.pem", certificate(name, key, name, key, True).public_bytes(serialization.Encoding.PEM))
    answer = server.run(config + server.authority + "\n", AWS_CA_BUNDLE=other)
    assert "account" not in answer and len(Handler.paths) == before, answer


@case
def authority_unknown(server):
    before = len(Handler.paths)
    answer = server.run("[profile local]\nregion = eu-west-1\n", AWS_ENDPOINT_URL=f"https://127.0.0.1:{server.port}")
    assert "account" not in answer and "ertificate" in answer["message"], answer
    assert len(Handler.paths) == before


@case
def environment_before_profile(server):
    answer = server.run(f"[profile local]\nregion = eu-west-1\nendpoint_url = https://127.0.0.1:1\nca_bundle = {server.authority}\n",
                        AWS_ENDPOINT_URL_STS=f"https://127.0.0.1:{server.port}")
    assert answer.get("account") == "123456789012", answer


@case
def configured_endpoints_ignored(server):
    # The region is none, so that nothing is looked up when the usual endpoint is taken
    answer = server.run("[profile local]\nregion = nowhere!\n"
                        f"endpoint_url = https://127.0.0.1:{server.port}\nignore_configured_endpoint_urls = true\nca_bundle = {server.authority}\n")
    assert "account" not in answer and "nowhere!” is not a region" in answer["message"], answer


@case
def keys_missing(server):
    answer = server.run("[profile local]\nregion = eu-west-1\n", credentials="")
    assert "no access keys" in answer["message"], answer


run(setup=Server, teardown=lambda server: server and server.stop())
