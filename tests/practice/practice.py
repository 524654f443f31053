# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A practice cloud of its own for a test file, and clients that others wrote for it.

    cloud = Practice()
    s3 = cloud.client("s3")
    ...
    cloud.close()

Requests that no client would make are signed with botocore's signer: cloud.raw("PUT", "/bucket/key", ...).
"""

import email
import email.policy
import hashlib
import json
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import tempfile
import urllib.request
from urllib.parse import urlsplit

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.httpsession
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_program import AwsProgram

# No test may find the keys or settings of the person who runs it
for name in list(os.environ):
    if name.startswith("AWS_"):
        del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.devnull
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

_getaddrinfo = socket.getaddrinfo


def _resolve(host, *arguments, **keywords):
    """Browsers know that every name below .localhost is this computer; Python asks the system, which may not."""
    if isinstance(host, str) and host.endswith(".localhost"):
        host = "127.0.0.1"
    return _getaddrinfo(host, *arguments, **keywords)


socket.getaddrinfo = _resolve


def server_command(state, port=0, faults="", delays="0"):
    program = os.environ.get("PORCHLIGHT_PRACTICE_SERVE", "practice-serve")
    return [program, state, str(port), faults, str(delays)]


class Practice:
    def __init__(self, state=None, port=0, faults="", delays="0"):
        self.own_state = state is None
        self.state = state or tempfile.mkdtemp(prefix="porchlight-practice-")
        self.process = None
        self.programs = {}
        self.start(port, faults, delays)

    def start(self, port=0, faults="", delays="0"):
        self.process = subprocess.Popen(server_command(self.state, port, faults, delays),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise RuntimeError("The practice cloud did not start.")
        self.info = json.loads(line)
        self.endpoint = self.info["endpoint"]
        self.port = urlsplit(self.endpoint).port
        self.key = self.info["accessKeyId"]
        self.secret = self.info["secretAccessKey"]
        self.region = self.info["region"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        while "held" in (answer := json.loads(self.process.stdout.readline())):
            pass
        return answer

    def change_faults(self, spec=""):
        """Other faults while it runs: calls are counted from now on, and those that were held are cut."""
        answer = self.ask(f"faults {spec}")
        assert "error" not in answer, answer

    def take_trace(self):
        """A line for each AWS call since the last time: operation, status, bytes of the body, ETag, path and query."""
        return self.ask("trace")["trace"]

    def pass_time(self, time):
        """Certificates, changes, orders, domains and remembered answers become so much older: "90m", "72h", "180d"."""
        answer = self.ask(f"pass {time}")
        assert "error" not in answer, answer

    def wait_held(self, process):
        """Whether a call is held by a fault; if not, the process has ended."""
        while True:
            if select.select([self.process.stdout], [], [], 0.02)[0]:
                return json.loads(self.process.stdout.readline())["held"]
            if process.poll() is not None:
                return False

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def restart(self, **keywords):
        if self.process.poll() is None:
            self.stop()
        self.start(**keywords)

    def close(self):
        for program in self.programs.values():
            program.close()
        if self.process.poll() is None:
            self.stop()
        if self.own_state:
            shutil.rmtree(self.state, ignore_errors=True)

    def mails(self):
        """What is in the outbox, oldest first."""
        files = sorted(pathlib.Path(self.state, "outbox").glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def open_mail_links(self, address=""):
        """Says yes in every mail that asks whether an address is its owner's; how many."""
        asked = [mail for mail in self.mails() if "Email Address Verification" in mail["Subject"] and address in mail["To"]]
        for mail in asked:
            with urllib.request.urlopen(re.search(r"http://\S+", mail.get_content()).group(), timeout=30) as answer:
                expect(answer.status, 200, mail["To"])
        return len(asked)

    def session(self, key=None, secret=None, token=None, region=None):
        return boto3.Session(aws_access_key_id=key or self.key, aws_secret_access_key=secret or self.secret,
                             aws_session_token=token, region_name=region or self.region)

    def client(self, service, *, key=None, secret=None, token=None, region=None, endpoint=None, **config):
        config.setdefault("retries", {"total_max_attempts": 1})
        return self.session(key, secret, token, region).client(service, endpoint_url=endpoint or self.endpoint,
                                                               config=Config(**config))

    def environment(self, **more):
        """For the `aws` program."""
        environment = dict(os.environ, AWS_ACCESS_KEY_ID=self.key, AWS_SECRET_ACCESS_KEY=self.secret,
                           AWS_REGION=self.region, AWS_DEFAULT_REGION=self.region, AWS_ENDPOINT_URL=self.endpoint,
                           AWS_MAX_ATTEMPTS="1", AWS_PAGER="")
        environment.update(more)
        return environment

    def aws(self, *arguments, check=True, **more):
        """Runs the `aws` program, in a process that is kept for the next time with the same environment."""
        environment = self.environment(**more)
        key = tuple(sorted(environment.items()))
        if key not in self.programs:
            self.programs[key] = AwsProgram(environment)
        result = subprocess.CompletedProcess(arguments, *self.programs[key].run(*arguments))
        if check and result.returncode != 0:
            raise AssertionError(f"aws {' '.join(arguments)}: {result.stderr}")
        return result

    def raw(self, method, path, *, body=b"", headers=None, query="", service="s3", region=None, key=None, secret=None,
            token=None, sign=True, payload=None, host=None, signer=None):
        """Sends one request exactly as told and returns (status, headers, body)."""
        url = f"http://{host or '127.0.0.1'}:{self.port}{path}" + (f"?{query}" if query else "")
        request = botocore.awsrequest.AWSRequest(method=method, url=url, data=body, headers=dict(headers or {}))
        if sign:
            credentials = botocore.credentials.Credentials(key or self.key, secret or self.secret, token)
            if service == "s3":
                # the value of this header is what is signed
                request.headers["X-Amz-Content-SHA256"] = payload or hashlib.sha256(body).hexdigest()
                signer = signer or _GivenPayload
            else:
                signer = signer or botocore.auth.SigV4Auth
            signer(credentials, service, region or self.region).add_auth(request)
        prepared = request.prepare()
        answer = botocore.httpsession.URLLib3Session(timeout=60).send(prepared)
        return answer.status_code, answer.headers, answer.content


class _GivenPayload(botocore.auth.S3SigV4Auth):
    """Signs the payload hash that the header holds, right or wrong."""

    def payload(self, request):
        return request.headers["X-Amz-Content-SHA256"]

    def _modify_request_before_signing(self, request):
        given = request.headers["X-Amz-Content-SHA256"]
        super()._modify_request_before_signing(request)
        del request.headers["X-Amz-Content-SHA256"]
        request.headers["X-Amz-Content-SHA256"] = given

    def _should_sha256_sign_payload(self, request):
        return True


def refused(function, *arguments, **keywords):
    """Calls, and returns (status, code, message) of the error that must come."""
    try:
        answer = function(*arguments, **keywords)
    except ClientError as error:
        response = error.response
        return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"].get("Message", "")
    raise AssertionError(f"It was not refused: {answer}")


def expect(actual, wanted, what=""):
    if actual != wanted:
        raise AssertionError(f"{what or 'It'} is {actual!r}, not {wanted!r}")
