# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers to hold our client against, boto3's clients for them, and our client as a program.

    cloud = Moto(), Practice(), Radosgw() or Elsewhere(); choose() takes what the environment says
    cloud.good("put", bucket, key, "text")
    cloud.client("s3").get_object(Bucket=bucket, Key=key)
    cloud.stop()
"""

import glob
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from tap import Skip

try:
    import boto3
    import botocore.config
except ImportError:
    print("1..0 # SKIP boto3 is not there")
    sys.exit(0)

DRIVER = os.environ["AWS_DRIVER"]
ODD_KEYS = [
    "plain.html", "a b/c d.html", "plus+plus", "100%", "%41", "%2F", "ü/ö.html", "🏮 porch.html", "a//b", "//leading", "/leading",
    "trailing/", "a#b", "a?b=c&d", "semi;colon:at@comma,", "quote'\"<>&", "back\\slash", "~tilde_-.", "(!*)", "e\u0301 nfd",
    "1 + 1 = 2%",
]
DOTTED_KEYS = ["../up", "a/./b", "a/../b", ".", "..."]
KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "secret/+example"


def wait_for(what, state, process=None):
    """Waits until state() is true, and returns what it was. Meson's time limit of the test is the only one."""
    while not (value := state()):
        if process is not None and process.poll() is not None:
            raise AssertionError(f"{what}: the process ended with {process.returncode}")
        time.sleep(0.05)
    return value


def faked_clock(seconds):
    """The environment of a program whose clock is so much ahead."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not library or os.environ.get("PORCHLIGHT_SANITIZED"):
        raise Skip("faketime is not there, or does not go with sanitizers")
    return {"LD_PRELOAD": library[0], "FAKETIME": f"{seconds:+}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Cloud:
    is_moto = False
    keys = ODD_KEYS + DOTTED_KEYS
    keeps_sums = True  # of the parts of an upload, and tells them
    heeds_conditions = True  # If-Match and If-None-Match when writing
    lists_uploads = True  # that were begun
    joins_parts = True  # into one object that has them all
    loses_parts = False  # now and then, when several arrive at once
    copies = True
    cuts_ranges = True

    def __init__(self):
        self.process = None
        self.folder = tempfile.TemporaryDirectory(prefix="porchlight-test-")
        self.environment = dict(os.environ)
        self.account = None
        self.bucket = f"porch-test-{os.getpid()}"
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        for name in [name for name in self.environment if name.startswith("AWS_ENDPOINT_URL") or name == "AWS_PROFILE"]:
            del self.environment[name]
        self.environment["AWS_ENDPOINT_URL"] = self.endpoint
        self.environment.setdefault("AWS_REGION", "eu-central-1")
        self.region = self.environment["AWS_REGION"]

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def set_environment(self, key, secret, region):
        for name in [name for name in self.environment if name.startswith("AWS_")]:
            del self.environment[name]
        self.environment.update(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_REGION=region,
                                AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")

    def client(self, service, **settings):
        """boto3's client for a service."""
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=self.region,
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.environment.get("AWS_SESSION_TOKEN"),
            config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, **settings))

    def run(self, *arguments, **changes):
        """What our client says; its exit code is in "exit"."""
        done = subprocess.run([DRIVER, *arguments], capture_output=True, text=True, env={**self.environment, **changes})
        if done.returncode not in (0, 1):
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        answer = json.loads(done.stdout)
        answer["exit"] = done.returncode
        return answer

    def good(self, *arguments, **changes):
        answer = self.run(*arguments, **changes)
        for _ in range(4):
            if answer["exit"] == 0 or not self.loses_parts or answer["error"] != "InvalidPart":
                break
            answer = self.run(*arguments, **changes)
        assert answer["exit"] == 0, (arguments, answer)
        return answer

    def refused(self, error, *arguments, **changes):
        answer = self.run(*arguments, **changes)
        assert answer["exit"] == 1, (arguments, answer)
        assert answer["error"] == error, (arguments, answer)
        return answer

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.folder.cleanup()


class Elsewhere(Cloud):
    """A server that somebody else has started, with the credentials and the region of the environment."""

    def start(self):
        self.endpoint = os.environ["PORCHLIGHT_TEST_ENDPOINT"]


class Practice(Cloud):
    # libsoup's server, which it stands on, takes dot segments out before it shows the path
    keys = ODD_KEYS

    def start(self):
        command = [os.environ["PORCHLIGHT_PRACTICE_SERVE"], self.path("state"), "0", "", "0"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = json.loads(self.process.stdout.readline())
        self.endpoint = line["endpoint"]
        self.set_environment(line["accessKeyId"], line["secretAccessKey"], line["region"])


class Moto(Cloud):
    is_moto = True
    keeps_sums = False

    def start(self):
        if not shutil.which("moto_server"):
            print("1..0 # SKIP moto is not there")
            sys.exit(0)
        self.set_environment(KEY, SECRET, "eu-central-1")
        self.environment["MOTO_S3_DEFAULT_MAX_KEYS"] = "100"
        self.log = open(self.path("moto.log"), "wb")
        self.process = subprocess.Popen(["moto_server", "-p", "0", "-H", "127.0.0.1"],
                                        stdout=self.log, stderr=self.log, env=self.environment)
        self.endpoint = wait_for("moto_server", self.find_endpoint, self.process)

    def find_endpoint(self):
        """It says which port it was given once it listens there."""
        with open(self.path("moto.log"), encoding="utf-8", errors="replace") as log:
            found = re.search(r"Running on (http://127\.0\.0\.1:[1-9]\d*)", log.read())
        return found and found[1]

    def stop(self):
        super().stop()
        if hasattr(self, "log"):
            self.log.close()


class Radosgw(Cloud):
    """Ceph's S3 server without the rest of Ceph. It has one region without a name, which it calls us-east-1 too.

    What its simple store lacks is below; a case of test-radosgw.py sees that this is still so."""

    keeps_sums = False
    heeds_conditions = False
    lists_uploads = False
    joins_parts = False
    loses_parts = True
    copies = False
    cuts_ranges = False

    def start(self):
        if not shutil.which("radosgw") or not shutil.which("radosgw-admin"):
            print("1..0 # SKIP radosgw is not there")
            sys.exit(0)
        os.mkdir(self.path("data"))
        self.set_environment(KEY, SECRET, "us-east-1")
        options = ["--no-mon-config", "--conf", "/dev/null", "--rgw-backend-store=dbstore", "--rgw-config-store=dbstore",
                   f"--rgw-data={self.path('data')}", f"--dbstore-db-dir={self.path('data')}", f"--run-dir={self.path('data')}",
                   "--admin-socket=", f"--log-file={self.path('log')}", "--rgw-lc-debug-interval=-1"]
        subprocess.run(["radosgw-admin", *options, "user", "create", "--uid=ann", "--display-name=Ann",
                        f"--access-key={KEY}", f"--secret-key={SECRET}"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(["radosgw", "-f", *options, "--rgw-frontends=beast endpoint=127.0.0.1:0"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.endpoint = f"http://127.0.0.1:{wait_for('radosgw', self.find_port, self.process)}"

    def find_port(self):
        """It does not say which port it was given; the kernel knows which one the process listens on."""
        sockets = set()
        for descriptor in os.listdir(f"/proc/{self.process.pid}/fd"):
            try:
                sockets.add(os.readlink(f"/proc/{self.process.pid}/fd/{descriptor}"))
            except OSError:
                pass
        with open("/proc/net/tcp", encoding="ascii") as table:
            for row in (line.split() for line in list(table)[1:]):
                if row[3] == "0A" and f"socket:[{row[9]}]" in sockets:
                    return int(row[1].rpartition(":")[2], 16)
        return None


def choose():
    if os.environ.get("PORCHLIGHT_PRACTICE_SERVE"):
        return Practice()
    if os.environ.get("PORCHLIGHT_TEST_ENDPOINT"):
        return Elsewhere()
    return Moto()


class Gate:
    """Stands between a client and a server and holds back what it is told to: hold(head) gets the first lines of a
    request, and says whether it must not pass. What is held never reaches the server."""

    def __init__(self, endpoint, hold):
        host, _, port = endpoint.removeprefix("http://").partition(":")
        self.server = (host, int(port))
        self.hold = hold
        self.held = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    @staticmethod
    def read_head(stream):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            head += line
        return head

    @staticmethod
    def copy_back(upstream, connection):
        try:
            while data := upstream.recv(65536):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve(self, connection):
        stream = connection.makefile("rb")
        upstream = socket.create_connection(self.server)
        threading.Thread(target=self.copy_back, args=(upstream, connection), daemon=True).start()
        try:
            while head := self.read_head(stream):
                if self.hold(head.decode("latin-1")):
                    self.held.append(head)
                    while stream.read(65536):
                        pass
                    return
                upstream.sendall(head)
                length = re.search(rb"(?im)^content-length: *(\d+)", head)
                left = int(length[1]) if length else 0
                while left > 0 and (data := stream.read(min(left, 65536))):
                    upstream.sendall(data)
                    left -= len(data)
        except OSError:
            pass
        finally:
            upstream.close()
            connection.close()

    def close(self):
        self.listener.close()
