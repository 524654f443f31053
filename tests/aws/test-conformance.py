# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every request of ours against AWS's own description of the service (botocore's models), and feeds every call
answers made from that description: all members there, none of the optional ones there, unknown ones added."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

from tap import case, run

try:
    import botocore.session
    import botocore.validate
except ImportError:
    print("1..0 # SKIP botocore is not there")
    sys.exit(0)

CALLS = os.environ["AWS_CALLS"]
SOURCE = os.path.join(os.environ["PORCHLIGHT_SOURCE"], "src", "aws")
SERVICES = {"sts": "sts", "s3": "s3", "cloudformation": "cloudformation", "cloudfront": "cloudfront",
            "keyvaluestore": "cloudfront-keyvaluestore", "dynamodb": "dynamodb"}
# What every request may have, whatever the operation
COMMON_HEADERS = {"host", "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-region-set", "x-amz-target",
                  "x-amz-security-token", "content-type", "content-length", "user-agent", "connection"}
TIME = "2026-01-02T03:04:05Z"


def local(tag):
    return tag.rsplit("}", 1)[-1]


# Requests

def check_query(operation, request):
    form = dict(urllib.parse.parse_qsl(request["body"].decode(), keep_blank_values=True))
    assert form.pop("Action") == operation.name
    assert form.pop("Version") == operation.service_model.api_version
    parameters = {}
    for name, value in form.items():
        put(parameters, operation.input_shape, name.split("."), value)
    validate(parameters, operation.input_shape)


def put(target, shape, path, value):
    """A form's dotted name into nested members."""
    assert path[0] in shape.members, f"{shape.name} has no {path[0]}"
    member = shape.members[path[0]]
    if member.type_name == "list":
        assert path[1] == "member", path
        items = target.setdefault(path[0], [])
        number = int(path[2])
        while len(items) < number:
            items.append({} if member.member.type_name == "structure" else None)
        if member.member.type_name == "structure":
            put(items[number - 1], member.member, path[3:], value)
        else:
            items[number - 1] = typed(member.member, value)
    else:
        assert len(path) == 1, path
        target[path[0]] = typed(member, value)


def typed(shape, text):
    if shape.type_name in ("integer", "long"):
        return int(text)
    if shape.type_name == "boolean":
        assert text in ("true", "false"), text
        return text == "true"
    return text


def validate(parameters, shape):
    report = botocore.validate.ParamValidator().validate(parameters, shape)
    assert not report.has_errors(), report.generate_report()
    check_values(parameters, shape)


def check_values(value, shape):
    """What botocore leaves to the service: enumerations and patterns."""
    if shape.type_name == "structure":
        for name, each in value.items():
            check_values(each, shape.members[name])
    elif shape.type_name == "list":
        for each in value:
            check_values(each, shape.member)
    elif shape.type_name == "string":
        if shape.enum:
            assert value in shape.enum, (shape.name, value)
        pattern = shape.metadata.get("pattern")
        if pattern and "\\p{" not in pattern:
            assert re.search(pattern, value), (shape.name, pattern, value)


def check_json(operation, request):
    metadata = operation.service_model.metadata
    assert request["headers"]["x-amz-target"] == f"{metadata['targetPrefix']}.{operation.name}"
    assert request["headers"]["content-type"] == f"application/x-amz-json-{metadata['jsonVersion']}"
    validate(json.loads(request["body"]), operation.input_shape)


def parse_xml(element, shape):
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        value = {}
        for child in element:
            assert local(child.tag) in names, f"{shape.name} has no {local(child.tag)}"
            name, member = names[local(child.tag)]
            if member.type_name == "list" and member.serialization.get("flattened"):
                value.setdefault(name, []).append(parse_xml(child, member.member))
            else:
                value[name] = parse_xml(child, member)
        return value
    if shape.type_name == "list":
        wanted = shape.member.serialization.get("name", "member")
        assert all(local(child.tag) == wanted for child in element)
        return [parse_xml(child, shape.member) for child in element]
    return typed(shape, element.text or "")


def check_rest(operation, request):
    shape = operation.input_shape
    uri, _, fixed = operation.http["requestUri"].partition("?")
    fixed = {name for name, _ in urllib.parse.parse_qsl(fixed, keep_blank_values=True)}
    path, _, query = request["path"].partition("?")
    assert request["method"] == operation.http["method"]
    pattern = re.sub(r"\{\w+\\\+\}", "(.+)", re.sub(r"\{(\w+)\}", r"([^/]+)", re.escape(uri).replace("\\{", "{").replace("\\}", "}")))
    match = re.fullmatch(pattern, path)
    assert match, (pattern, path)
    values = dict(zip(re.findall(r"\{(\w+)\+?\}", uri), match.groups()))
    by_place = {}
    prefixes = {}
    body = None
    payload = shape.serialization.get("payload") if shape else None
    for name, member in (shape.members if shape else {}).items():
        place = member.serialization.get("location")
        if place == "headers":
            prefixes[member.serialization["name"].lower()] = name
        elif place:
            by_place[place, member.serialization.get("name", name).lower() if place == "header" else member.serialization.get("name", name)] = name, member
    parameters = {by_place["uri", name][0]: urllib.parse.unquote(value) for name, value in values.items()}
    for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
        if name in fixed:
            continue
        assert ("querystring", name) in by_place, f"{operation.name} has no ?{name}"
        member_name, member = by_place["querystring", name]
        parameters[member_name] = typed(member, value)
    assert fixed <= {name for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True)}
    for name, value in request["headers"].items():
        prefix = next((prefix for prefix in prefixes if name.startswith(prefix)), None)
        if ("header", name) in by_place:
            member_name, member = by_place["header", name]
            parameters[member_name] = typed(member, value)
        elif prefix:
            parameters.setdefault(prefixes[prefix], {})[name[len(prefix):]] = value
        elif name.startswith("x-amz-checksum-") and operation.http_checksum:
            assert re.fullmatch("x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256|type)", name), name
        else:
            assert name in COMMON_HEADERS, f"{operation.name} has no header {name}"
    body = shape.members[payload] if payload else shape
    if payload and body.type_name in ("blob", "string"):
        parameters[payload] = request["body"]
    elif request["body"]:
        if operation.service_model.metadata["protocol"] == "rest-json":
            parameters.update(json.loads(request["body"]))
        else:
            root = ElementTree.fromstring(request["body"])
            if payload:
                assert local(root.tag) == body.serialization.get("name", body.name), (root.tag, body.serialization)
            parsed = parse_xml(root, body)
            parameters.update({payload: parsed} if payload else parsed)
    parameters.pop("ContentLength", None)
    if shape:
        validate(parameters, shape)


def check_request(operation, request):
    protocol = operation.service_model.metadata["protocol"]
    {"query": check_query, "json": check_json}.get(protocol, check_rest)(operation, request)


# Answers

def example(shape, mode, depth=0):
    """A value of a shape; with "bare" only what must be there, with "extra" something nobody knows besides."""
    kind = shape.type_name
    if kind == "structure":
        names = [name for name in shape.members if mode != "bare" or name in shape.required_members]
        if depth > 6:
            names = []
        value = {name: example(shape.members[name], mode, depth + 1) for name in names}
        return {name: each for name, each in value.items() if each is not None}
    if kind == "list":
        return [] if depth > 6 else [example(shape.member, mode, depth + 1)]
    if kind == "map":
        return {} if depth > 6 else {"key": example(shape.value, mode, depth + 1)}
    if kind in ("integer", "long"):
        return 1
    if kind in ("float", "double"):
        return 1.5
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return TIME
    if kind == "blob":
        return "eA=="
    return shape.enum[0] if shape.enum else "text"


def to_xml(value, shape, name):
    if shape.type_name == "structure":
        inner = "".join(to_xml(each, shape.members[member], shape.members[member].serialization.get("name", member))
                        for member, each in value.items() if not shape.members[member].serialization.get("location"))
        return f"<{name}>{inner}<Unknown{name}><Deep>1</Deep></Unknown{name}></{name}>" if value.get("?") else f"<{name}>{inner}</{name}>"
    if shape.type_name == "list":
        if shape.serialization.get("flattened"):
            return "".join(to_xml(each, shape.member, name) for each in value)
        item = shape.member.serialization.get("name", "member")
        return f"<{name}>" + "".join(to_xml(each, shape.member, item) for each in value) + f"</{name}>"
    if shape.type_name == "map":
        return f"<{name}/>"
    if isinstance(value, bool):
        value = "true" if value else "false"
    return f"<{name}>{escape(str(value))}</{name}>"


def make_answer(operation, mode):
    """Status, headers and body."""
    shape = operation.output_shape
    protocol = operation.service_model.metadata["protocol"]
    value = example(shape, mode) if shape else {}
    headers = {"x-amz-request-id": "r"}
    members = shape.members if shape else {}
    for name in list(value):
        member = members[name]
        place = member.serialization.get("location")
        if place == "header":
            text = value.pop(name)
            text = "Fri, 02 Jan 2026 03:04:05 GMT" if member.type_name == "timestamp" else str(text).lower() if isinstance(text, bool) else str(text)
            if member.serialization["name"].lower() not in ("content-length", "content-encoding", "transfer-encoding"):
                headers[member.serialization["name"]] = text
        elif place:
            value.pop(name)
    unknown = "<SomethingNew><member>1</member></SomethingNew>" if mode == "extra" else ""
    if protocol in ("json", "rest-json"):
        if mode == "extra":
            value["SomethingNew"] = [{"a": None}]
        return headers, json.dumps(value, default=str)
    if protocol == "query":
        wrapper = shape.serialization.get("resultWrapper", operation.name + "Result") if shape else None
        inner = to_xml(value, shape, wrapper).replace(f"</{wrapper}>", unknown + f"</{wrapper}>") if shape else ""
        return headers, f"<{operation.name}Response>{inner}{unknown}<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation.name}Response>"
    payload = shape.serialization.get("payload") if shape else None
    if payload:
        member = members[payload]
        if member.type_name in ("blob", "string"):
            return headers, "body"
        name = member.serialization.get("name", payload)
        return headers, to_xml(value.get(payload, {}), member, name).replace(f"</{name}>", unknown + f"</{name}>") if payload in value or mode != "bare" else f"<{name}/>"
    xml_members = {name: each for name, each in value.items()}
    if not [name for name in members if not members[name].serialization.get("location")]:
        return headers, ""
    return headers, to_xml(xml_members, shape, operation.name + "Result").replace(f"</{operation.name}Result>", unknown + f"</{operation.name}Result>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        recorder = self.server.recorder
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = {"method": self.command, "path": self.path, "body": body,
                   "headers": {name.lower(): value for name, value in self.headers.items()}}
        with recorder.lock:
            headers, text = recorder.take(request)
        data = text.encode()
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

    def log_message(self, *arguments):
        pass


class Recorder:
    def __init__(self):
        self.lock = threading.Lock()
        self.session = botocore.session.get_session()
        self.models = {ours: self.session.get_service_model(theirs) for ours, theirs in SERVICES.items()}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.recorder = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment.update(AWS_ENDPOINT_URL=f"http://127.0.0.1:{self.server.server_port}", AWS_ACCESS_KEY_ID="AKIA",
                                AWS_SECRET_ACCESS_KEY="s", AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")
        self.calls = dict(line.split(" ", 1) for line in self.call().splitlines())

    def call(self, *arguments):
        done = subprocess.run([CALLS, *arguments], capture_output=True, text=True, timeout=60, env=self.environment)
        assert done.returncode == 0, (arguments, done.returncode, done.stderr)
        return done.stdout.strip()

    def take(self, request):
        """Which of the operations that the call may use fits the request; pages end after the first."""
        fits = []
        problems = []
        for operation in self.operations:
            try:
                check_request(operation, request)
                fits.append(operation)
            except (AssertionError, KeyError, ValueError, ElementTree.ParseError) as problem:
                problems.append(f"{operation.name}: {problem!r}")
        self.requests.append(request)
        if not fits:
            self.problems.append((request["method"], request["path"], problems))
            return {}, ""
        self.used.append(fits[0].name)
        return make_answer(fits[0], "bare" if self.used.count(fits[0].name) > 1 and self.mode != "bare" and fits[0].name != "UploadPart" else self.mode)

    def run(self, function, mode):
        self.mode = mode
        self.requests, self.used, self.problems = [], [], []
        service = function.split("_")[1]
        self.operations = [self.models[service].operation_model(name) for name in self.calls[function].split()]
        said = self.call(function)
        assert self.requests, function
        assert not self.problems, (function, self.problems)
        return said

    def stop(self):
        self.server.shutdown()


@case
def every_call_is_here(recorder):
    functions = set()
    for name in os.listdir(SOURCE):
        if name.endswith(".h") and name[4:-2] in SERVICES:
            with open(os.path.join(SOURCE, name), encoding="utf-8") as stream:
                functions |= set(re.findall(r"^DexFuture +\*(aws_\w+)", stream.read(), re.MULTILINE))
    assert functions == set(recorder.calls), functions ^ set(recorder.calls)


def add_case(function):
    def check(recorder):
        said = recorder.run(function, "full")
        assert said == "ok", said
        expected = set(recorder.calls[function].split())
        assert set(recorder.used) <= expected, (recorder.used, expected)
        said = recorder.run(function, "extra")
        assert said == "ok", said
        said = recorder.run(function, "bare")
        assert said == "ok" or said.startswith("AwsError "), said
    check.__name__ = function
    case(check)


for line in subprocess.run([CALLS], capture_output=True, text=True, check=True).stdout.splitlines():
    add_case(line.split()[0])

run(setup=Recorder, teardown=lambda recorder: recorder and recorder.stop())
