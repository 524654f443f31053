# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""porchlight-cli as scripts use it, and a practice cloud that it serves.

    cloud = Cloud()                     # porchlight-cli practice serve, in a process of its own
    cli = Cli(cloud)                    # the cloud's keys in the environment, a data folder of its own
    site = cli.json("site", "create", "Name", "--template", "personal")[-1]
    cloud.get(site["address"])
"""

import ctypes
import hashlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "practice"))

from practice import Practice  # noqa: E402

PROGRAM = os.environ["PORCHLIGHT_CLI"]
LINE = re.compile(r"^[^\n:]+: [^\n]+\n$")


def end_with_parent():
    """A test that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Cloud(Practice):
    """A practice cloud served by porchlight-cli."""

    def __init__(self, state=None, port=0, faults="", delays="0"):
        super().__init__(state, port, faults, delays)

    def start(self, port=0, faults="", delays="0"):
        command = [PROGRAM, "practice", "serve", "--state", self.state, "--port", str(port), "--delays", str(delays)]
        command += ["--faults", faults] if faults else []
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=end_with_parent)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The practice cloud did not start ({self.process.wait()}).")
        self.info = json.loads(line)
        self.endpoint = self.info["endpoint"]
        self.port = urlsplit(self.endpoint).port
        self.key = self.info["accessKeyId"]
        self.secret = self.info["secretAccessKey"]
        self.region = self.info["region"]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(20)
        self.process.stdout.close()
        assert status == 0, f"practice serve ended with {status}"

    def request(self, method, address, path="/", body=None, headers=None):
        """One request to a site as a browser sends it; (status, headers, body)."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body=body, headers={"Host": parts.netloc, **(headers or {})})
        answer = connection.getresponse()
        result = answer.status, answer.headers, answer.read()
        connection.close()
        return result

    def get(self, address, path="/"):
        return self.request("GET", address, path)

    def post(self, address, fields, path="/_porchlight/contact", content_type="application/x-www-form-urlencoded", accept="application/json"):
        return self.request("POST", address, path, fields, {"Content-Type": content_type, "Accept": accept})

    def leftovers(self):
        """What is there of buckets, tables, stacks and so on, by name."""
        stacks = self.client("cloudformation").list_stacks()["StackSummaries"]
        return ([bucket["Name"] for bucket in self.client("s3").list_buckets()["Buckets"]]
                + self.client("dynamodb").list_tables()["TableNames"]
                + [stack["StackName"] for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"])


class Result:
    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err

    def __repr__(self):
        return f"porchlight-cli {' '.join(map(repr, self.arguments))} → {self.status}\n{self.out}\n{self.err}"

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self):
        return json.loads(self.out)


class Cli:
    """Runs porchlight-cli; without a cloud, with no keys in the environment."""

    def __init__(self, cloud=None, data=None, **environment):
        self.folder = tempfile.mkdtemp(prefix="porchlight-cli-")
        self.data = data or os.path.join(self.folder, "data")
        self.environment = dict(cloud.environment() if cloud else os.environ, PORCHLIGHT_DATA_DIR=self.data,
                                HOME=self.folder, XDG_DATA_HOME=os.path.join(self.folder, "share"),
                                XDG_CONFIG_HOME=os.path.join(self.folder, "config"), LC_ALL="C.UTF-8",
                                TZ="Europe/Berlin", **environment)
        self.environment.pop("AWS_MAX_ATTEMPTS", None)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *arguments, **keywords):
        return subprocess.Popen([PROGRAM, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, stdin=keywords.pop("stdin", subprocess.DEVNULL), **keywords)

    def run(self, *arguments, status=0, input=None, timeout=100, **environment):
        done = subprocess.run([PROGRAM, *arguments], env={**self.environment, **environment}, input=input, capture_output=True,
                              timeout=timeout, **({} if input is not None else {"stdin": subprocess.DEVNULL}))
        result = Result(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert status is None or result.status == status, f"not {status}, but {result!r}"
        return result

    def document(self, *arguments, **keywords):
        return self.run("--json", *arguments, **keywords).document

    def json(self, *arguments, **keywords):
        """The lines of long work; the last must say that it is done."""
        lines = self.run("--json", *arguments, **keywords).lines
        assert lines and lines[-1]["done"] is True and not any(line["done"] for line in lines[:-1]), lines
        return lines

    def fail(self, *arguments, status=1, has=(), **keywords):
        """Runs what must fail, with one line that says what, why and what to do."""
        result = self.run(*arguments, status=status, **keywords)
        assert LINE.match(result.err), f"not one line “what: why. what to do”: {result!r}"
        for text in [has] if isinstance(has, str) else has:
            assert text.lower() in result.err.lower(), f"no “{text}” in {result!r}"
        return result


def wait_until(function, seconds=30, pause=0.1):
    """What the function returns as soon as it is true."""
    end = time.monotonic() + seconds
    while True:
        value = function()
        if value or time.monotonic() > end:
            assert value, "it did not come to pass in time"
            return value
        time.sleep(pause)


def write_site(folder, pages=5, version="one", folders=("", "about", "photos/summer")):
    """A small site whose every file holds the version; returns its paths."""
    paths = []
    for name in folders:
        for number in range(pages):
            path = Path(folder, name, "index.html" if number == 0 else f"page-{number}.html")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"<!doctype html><html lang=en><title>{name} {number}</title><p>{version}\n")
            paths.append(str(path.relative_to(folder)))
    return paths


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read_line(process, seconds=20):
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    return process.stdout.readline() if ready else ""
