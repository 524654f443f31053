# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where requests go, through which proxies, on how many connections; and that no secret is told to anybody on the way."""

import http.server
import json
import os
import re
import subprocess
import tempfile
import threading
import urllib.parse

from tap import case, run

DRIVER = os.environ["AWS_DRIVER"]
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//////////wEaCXVz+=="
REFRESH = "aorvJYubGpU6i91YnH7MfBrkY2ZoBsqY9jvNLzKH+refresh"
IDENTITY = ("<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn>"
            "<UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
MORE = "<ListBucketResult><IsTruncated>{more}</IsTruncated><NextContinuationToken>{number}</NextContinuationToken></ListBucketResult>"


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    """A service, and a proxy for all names: what it is asked is kept, and answered by what self.server.answer says."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.requests.append((self.requestline, dict(self.headers), body))
        status, headers, text = self.server.answer(self, body)
        data = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

    def do_CONNECT(self):
        with self.server.lock:
            self.server.requests.append((self.requestline, dict(self.headers), b""))
        self.send_error(502)

    def log_message(self, *arguments):
        pass


def identity(handler, body):
    return 200, {"x-amzn-RequestId": "r"}, IDENTITY


class Server:
    def __init__(self, answer=identity):
        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.http.lock = threading.Lock()
        self.http.requests = []
        self.http.connections = 0
        self.http.answer = answer
        self.endpoint = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,))
        self.thread.start()

    @property
    def requests(self):
        with self.http.lock:
            return list(self.http.requests)

    @property
    def connections(self):
        with self.http.lock:
            return self.http.connections

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


def driver(*arguments, config="", credentials="", **variables):
    """What the driver printed, and all that it said."""
    with tempfile.TemporaryDirectory(prefix="porchlight-test-") as folder:
        for name, text in (("config", config), ("credentials", credentials)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
                stream.write(text)
        environment = {name: value for name, value in os.environ.items()
                       if not re.match(r"AWS_|(https?|all|ftp|no)_proxy$", name, re.IGNORECASE)}
        environment.update(AWS_CONFIG_FILE=os.path.join(folder, "config"), AWS_REGION="eu-central-1",
                           AWS_SHARED_CREDENTIALS_FILE=os.path.join(folder, "credentials"))
        if not credentials:
            environment.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN)
        environment.update(variables)
        if any(name.endswith("_proxy") for name in variables):
            # The library that knows the proxies forgets some memory, which is only seen with whole call stacks
            environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":fast_unwind_on_malloc=0"
        done = subprocess.run([DRIVER, *arguments], capture_output=True, text=True, env=environment)
    assert done.returncode in (0, 1), (arguments, done.returncode, done.stderr[-2000:])
    return done


def answer_of(done):
    return json.loads(done.stdout.splitlines()[-1])


@case
def through_a_proxy():
    with Server() as proxy:
        answer = answer_of(driver("identity", AWS_ENDPOINT_URL="http://service.invalid/under", http_proxy=proxy.endpoint))
        assert answer.get("account") == "123456789012", answer
        [(line, headers, _)] = proxy.requests
        assert line == "POST http://service.invalid/under/ HTTP/1.1", line
        assert headers["Host"] == "service.invalid"


@case
def stored_through_a_proxy():
    with Server(lambda handler, body: (200, {"x-amz-request-id": "r", "ETag": '"e"'}, "")) as proxy:
        done = driver("put", "bucket", "a key", "text", AWS_ENDPOINT_URL="http://service.invalid/under", http_proxy=proxy.endpoint)
        assert done.returncode == 0, done.stdout
        [(line, headers, body)] = proxy.requests
        assert line == "PUT http://service.invalid/under/bucket/a%20key HTTP/1.1" and body == b"text", line
        assert headers["Host"] == "service.invalid"


@case
def not_through_a_proxy():
    with Server() as proxy, Server() as service:
        answer = answer_of(driver("identity", AWS_ENDPOINT_URL=service.endpoint, http_proxy=proxy.endpoint, no_proxy="127.0.0.1"))
        assert answer.get("account") == "123456789012", answer
        assert len(service.requests) == 1 and not proxy.requests


@case
def tunnel_tells_nothing():
    with Server() as proxy:
        done = driver("identity", AWS_ENDPOINT_URL="https://service.invalid", https_proxy=proxy.endpoint)
        assert done.returncode == 1 and "account" not in answer_of(done)
        assert proxy.requests
        for line, headers, _ in proxy.requests:
            assert line.startswith("CONNECT service.invalid:443 "), line
            assert not any(name.lower().startswith(("x-amz", "authorization")) for name in headers), headers


@case
def proxy_that_is_not_there():
    with Server() as proxy:
        endpoint = proxy.endpoint
    done = driver("identity", AWS_ENDPOINT_URL="http://service.invalid", http_proxy=endpoint)
    assert done.returncode == 1 and "account" not in answer_of(done)


@case
def proxy_that_wants_a_password():
    def ask(handler, body):
        return 407, {"Proxy-Authenticate": "Basic realm=\"office\""}, "<html>Proxy Authentication Required</html>"

    with Server(ask) as proxy:
        done = driver("identity", AWS_ENDPOINT_URL="http://service.invalid", http_proxy=proxy.endpoint)
        assert done.returncode == 1 and answer_of(done)["status"] in (0, 407), done.stdout
        assert not any("Proxy-Authorization" in headers for _, headers, _ in proxy.requests)


@case
def one_connection_for_all_pages():
    def pages(handler, body):
        number = int(urllib.parse.parse_qs(urllib.parse.urlsplit(handler.path).query).get("continuation-token", ["0"])[0]) + 1
        return 200, {}, MORE.format(more="true" if number < 20 else "false", number=number)

    with Server(pages) as service:
        done = driver("list", "bucket", AWS_ENDPOINT_URL=service.endpoint)
        assert done.returncode == 0, done.stdout
        assert (len(service.requests), service.connections) == (20, 1)
    with Server(pages) as proxy:
        done = driver("list", "bucket", AWS_ENDPOINT_URL="http://service.invalid", http_proxy=proxy.endpoint)
        assert done.returncode == 0, done.stdout
        assert (len(proxy.requests), proxy.connections) == (20, 1)


@case
def endpoints():
    """Of all ways to name one, the more specific counts, and the environment before the files."""
    nowhere = "http://127.0.0.1:1"
    profile = "[profile p]\nendpoint_url = {all}\nservices = mine\n{more}[services mine]\ns3 =\n  endpoint_url = {s3}\n"
    keys = f"[p]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {SECRET}\n"
    with Server() as service:
        here = service.endpoint
        cases = [
            # the call, the environment, the config file, the path that is asked for
            ("identity", {"AWS_ENDPOINT_URL": here}, None, "/"),
            ("identity", {"AWS_ENDPOINT_URL": here + "/a/b"}, None, "/a/b/"),
            ("identity", {"AWS_ENDPOINT_URL": here + "/a/b/"}, None, "/a/b/"),
            ("identity", {"AWS_ENDPOINT_URL": nowhere, "AWS_ENDPOINT_URL_STS": here}, None, "/"),
            ("put", {"AWS_ENDPOINT_URL": nowhere, "AWS_ENDPOINT_URL_S3": here}, None, "/bucket/a%20b"),
            ("put", {"AWS_ENDPOINT_URL": here + "/p/"}, None, "/p/bucket/a%20b"),
            ("put", {}, (nowhere, "", here), "/bucket/a%20b"),
            ("put", {}, (nowhere, "", here + "/under"), "/under/bucket/a%20b"),
            ("identity", {}, (here, "", nowhere), "/"),
            ("put", {"AWS_ENDPOINT_URL": here}, (nowhere, "", nowhere), "/bucket/a%20b"),
            ("put", {"AWS_ENDPOINT_URL_S3": here}, (nowhere, "", nowhere), "/bucket/a%20b"),
            ("identity", {"AWS_ENDPOINT_URL_S3": nowhere}, (here, "", nowhere), "/"),
            ("identity", {"AWS_ENDPOINT_URL": ""}, (here, "", nowhere), "/"),
            ("identity", {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"},
             (here, "ignore_configured_endpoint_urls = true\n", nowhere), "/"),
        ]
        for call, variables, files, path in cases:
            before = len(service.requests)
            arguments = ["put", "bucket", "a b", "text"] if call == "put" else ["identity"]
            if files is not None:
                variables = {**variables, "AWS_PROFILE": "p"}
            config = profile.format(all=files[0], more=files[1], s3=files[2]) if files else ""
            done = driver(*arguments, config=config, credentials=keys if files else "", **variables)
            assert done.returncode == 0, (variables, files, done.stdout)
            [(line, _, _)] = service.requests[before:]
            assert line.split(" ")[1] == path, (variables, files, line)


@case
def endpoints_ignored():
    """Then the usual address is asked; of a region that is none, so that nobody is."""
    with Server() as service:
        for variables in ({"AWS_ENDPOINT_URL": service.endpoint}, {"AWS_ENDPOINT_URL_STS": service.endpoint}):
            done = driver("identity", AWS_REGION="nowhere!", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true", **variables)
            assert "nowhere!" in answer_of(done)["message"], done.stdout
        assert not service.requests


@case
def keys_with_spaces_around_them():
    """As they come when they are pasted into a file or an environment."""
    with Server() as service:
        for id_, secret in ((" AKIDEXAMPLE ", f"{SECRET}\n"), ("AKIDEXAMPLE\r\n", f"\t{SECRET} ")):
            done = driver("identity", AWS_ENDPOINT_URL=service.endpoint, AWS_ACCESS_KEY_ID=id_, AWS_SECRET_ACCESS_KEY=secret)
            assert done.returncode == 0, done.stdout
            _, headers, _ = service.requests[-1]
            assert "Credential=AKIDEXAMPLE/" in headers["Authorization"], headers["Authorization"]


def echo(handler, body):
    """The worst that a server can do: it sends everything back that it got."""
    return 403, {"Content-Type": "text/html"}, f"<html>{dict(handler.headers)} {body.decode('utf-8', 'replace')}</html>"


def echo_as_error(handler, body):
    text = " ".join(handler.headers.values()).replace("&", "&amp;").replace("<", "&lt;")
    return 403, {"x-amzn-RequestId": "r"}, f"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>{text}</Message></Error></ErrorResponse>"


def echo_as_json(handler, body):
    return 400, {"x-amzn-RequestId": "r"}, json.dumps({"__type": "X", "message": " ".join(handler.headers.values())})


def broken(handler, body):
    return 200, {}, "<" + " ".join(handler.headers.values())


def busy(handler, body):
    return 503, {"Retry-After": "0"}, f"<html>{SECRET} {TOKEN}</html>"


CALLS = [
    ["identity"], ["put", "bucket", "key", "text"], ["get", "bucket", "key"], ["list", "bucket"], ["delete", "bucket", "key"],
    ["make-bucket", "bucket"], ["presign", "GET", "bucket", "key", "60"],
    ["get-item", "table", '{"pk": {"S": "a"}}'], ["describe-stack", "stack"],
    ["kvs-put", "arn:aws:cloudfront::123456789012:key-value-store/a", "key", "value"],
    ["operation", "sts", "AssumeRole", '{"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "s"}'],
    ["operation", "sso-oidc", "CreateToken", json.dumps({"clientId": "c", "clientSecret": SECRET, "grantType": "refresh_token",
                                                         "refreshToken": REFRESH})],
    ["operation", "sso", "GetRoleCredentials", json.dumps({"roleName": "r", "accountId": "123456789012", "accessToken": TOKEN})],
    ["operation", "sesv2", "GetAccount", "{}"], ["operation", "acm", "ListCertificates", "{}"],
]


def assert_silent(done, service, call):
    said = done.stderr + done.stdout
    hidden = [SECRET, TOKEN, REFRESH, urllib.parse.quote(SECRET, safe=""), urllib.parse.quote(REFRESH, safe="")]
    for _, headers, _ in service.requests:
        authorization = headers.get("Authorization") or headers.get("authorization") or ""
        hidden += re.findall(r"Signature=([0-9a-f]+)", authorization)
    if call[0] in ("presign", "get"):
        # What was asked for is printed: an address that holds the token, or what the server has for an object
        said = done.stderr
    for text in hidden:
        assert text not in said, (call, [line for line in said.splitlines() if text in line][:3])


@case
def no_secret_in_logs():
    for answer in (identity, echo, echo_as_json, broken, busy):
        with Server(answer) as service:
            for call in CALLS:
                done = driver(*call, AWS_ENDPOINT_URL=service.endpoint, G_MESSAGES_DEBUG="all", GIO_DEBUG="all", G_ENABLE_DEBUG="1",
                              SOUP_DEBUG="3", SOUP_LOGGER="body", G_DBUS_DEBUG="all", DEX_DEBUG="all")
                if answer is echo_as_json and call[0] != "presign":
                    # Whose sentence is shown, and it may have the signature, which is good for nothing else
                    assert not any(text in done.stderr + done.stdout for text in (SECRET, TOKEN)), call
                else:
                    assert_silent(done, service, call)


@case
def no_secret_in_errors():
    """Some services repeat what was signed in their sentence, the token included."""
    with Server(echo_as_error) as service:
        for call in CALLS:
            if call[0] == "presign":
                continue
            done = driver(*call, AWS_ENDPOINT_URL=service.endpoint)
            assert done.returncode == 1, (call, done.stdout)
            assert SECRET not in done.stdout and TOKEN not in done.stdout, (call, done.stdout)


@case
def no_secret_of_a_program():
    """What a credential_process prints stays between it and us, also if it is no good."""
    for text in (json.dumps({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": SECRET, "SessionToken": TOKEN}),
                 f"oops {SECRET} {TOKEN}", json.dumps({"Version": 2, "SecretAccessKey": SECRET})):
        with Server(busy) as service, tempfile.NamedTemporaryFile("w", suffix=".json") as printed:
            printed.write(text)
            printed.flush()
            done = driver("identity", config=f"[profile p]\ncredential_process = /bin/cat {printed.name}\n", credentials="[q]\n",
                          AWS_PROFILE="p", AWS_ENDPOINT_URL=service.endpoint, G_MESSAGES_DEBUG="all", GIO_DEBUG="all")
            assert done.returncode == 1, done.stdout
            assert_silent(done, service, ["identity"])


run()
