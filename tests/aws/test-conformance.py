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
# What botocore does not know yet: whole models, or additions to its own (service-2.sdk-extras.json)
MODELS = os.path.join(os.environ["PORCHLIGHT_SOURCE"], "tests", "aws", "models")
# The file of a service in src/aws, and what botocore calls it
SERVICES = {"account": "account", "acm": "acm", "budgets": "budgets", "cloudformation": "cloudformation", "cloudfront": "cloudfront",
            "cloudwatch": "cloudwatch", "codebuild": "codebuild", "codeconnections": "codeconnections", "codepipeline": "codepipeline",
            "cost-explorer": "ce", "dynamodb": "dynamodb", "free-tier": "freetier", "iam": "iam",
            "keyvaluestore": "cloudfront-keyvaluestore", "lambda": "lambda", "logs": "logs", "route53": "route53",
            "route53domains": "route53domains", "s3": "s3", "service-quotas": "service-quotas", "sesv2": "sesv2",
            "signin": "signin", "sso": "sso", "sso-oidc": "sso-oidc", "step-functions": "stepfunctions", "sts": "sts"}
# Headers of src/aws whose futures are not calls of a service
OTHERS = {"aws-checksum.h", "aws-client.h", "aws-client-private.h", "aws-credentials.h", "aws-lanes.h", "aws-operation.h", "aws-pages.h",
          "aws-soup.h", "aws-session.h", "aws-thread.h", "aws-turns.h"}
# Functions that only make an address
SEND_NOTHING = {"aws_s3_presign"}
# What every request may have, whatever the operation
COMMON_HEADERS = {"host", "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-region-set", "x-amz-target",
                  "x-amz-security-token", "content-type", "content-length", "user-agent", "connection"}
TIME = "2026-01-02T03:04:05Z"
EPOCH = 1767323045


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
    check_input(parameters, operation)


def put(target, shape, path, value):
    """A form's dotted name into nested members."""
    names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    name = path[0] if path[0] in shape.members else names.get(path[0])
    assert name, f"{shape.name} has no {path[0]}"
    member = shape.members[name]
    rest = path[1:]
    if member.type_name == "structure":
        put(target.setdefault(name, {}), member, rest, value)
    elif member.type_name == "list" and not rest:
        assert value == "", "only an empty list has no numbers"
        target[name] = []
    elif member.type_name == "list":
        if not member.serialization.get("flattened"):
            assert rest.pop(0) == member.member.serialization.get("name", "member"), path
        items = target.setdefault(name, [])
        number = int(rest.pop(0))
        assert number <= len(items) + 1, path
        if number > len(items):
            items.append({})
        put_item(items, number - 1, member.member, rest, value)
    elif member.type_name == "map":
        if not member.serialization.get("flattened"):
            assert rest.pop(0) == "entry", path
        put_entry(target.setdefault(name, {}), member, rest, value)
    else:
        assert not rest, path
        target[name] = typed(member, value)


def put_item(items, index, shape, path, value):
    if shape.type_name == "structure":
        put(items[index], shape, path, value)
    else:
        assert not path, path
        items[index] = typed(shape, value)


def put_entry(target, shape, path, value):
    """A map's keys and values come one after the other, with the same number."""
    number, part = path
    keys = target.setdefault("?keys", {})
    if part == shape.key.serialization.get("name", "key"):
        keys[number] = value
    else:
        assert part == shape.value.serialization.get("name", "value"), part
        target[keys[number]] = typed(shape.value, value)


def typed(shape, text, place=None):
    if shape.type_name in ("integer", "long"):
        return int(text)
    if shape.type_name in ("float", "double"):
        return float(text)
    if shape.type_name == "boolean":
        assert text in ("true", "false"), text
        return text == "true"
    if shape.type_name == "timestamp":
        kind = shape.serialization.get("timestampFormat", "rfc822" if place == "header" else "iso8601")
        pattern = {"iso8601": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "rfc822": r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT",
                   "unixTimestamp": r"\d+(\.\d+)?"}[kind]
        assert re.fullmatch(pattern, text), (kind, text)
    return text


def validate(parameters, shape, in_json=False):
    report = botocore.validate.ParamValidator().validate(parameters, shape)
    assert not report.has_errors(), report.generate_report()
    check_values(parameters, shape, in_json)


def check_input(parameters, operation, in_json=False):
    if operation.input_shape:
        validate(parameters, operation.input_shape, in_json)
    else:
        assert not parameters, parameters


def check_values(value, shape, in_json=False):
    """What botocore leaves to the service: enumerations, patterns, upper limits, and how times are written."""
    kind = shape.type_name
    if kind == "structure" and not getattr(shape, "is_document_type", False):
        for name, each in value.items():
            place = shape.members[name].serialization.get("location")
            check_values(each, shape.members[name], in_json and not place)
    elif kind == "list":
        for each in value:
            check_values(each, shape.member, in_json)
    elif kind == "map":
        for name, each in value.items():
            check_values(name, shape.key)
            check_values(each, shape.value, in_json)
    elif kind == "string":
        if shape.enum:
            assert value in shape.enum, (shape.name, value)
        pattern = shape.metadata.get("pattern")
        try:
            fits = not pattern or "\\p{" in pattern or re.search(pattern, value)
        except re.error:    # a pattern of another language
            fits = True
        assert fits, (shape.name, pattern, value)
    elif kind in ("integer", "long"):
        assert not isinstance(value, bool), (shape.name, value)
    elif kind == "timestamp" and in_json:
        assert isinstance(value, str) == (shape.serialization.get("timestampFormat") in ("iso8601", "rfc822")), (shape.name, value)
    if "max" in shape.metadata and kind in ("string", "list", "map", "integer", "long", "float", "double"):
        size = value if isinstance(value, (int, float)) else len(value)
        assert size <= shape.metadata["max"], (shape.name, shape.metadata["max"], value)


def check_json(operation, request):
    metadata = operation.service_model.metadata
    assert (request["method"], request["path"]) == ("POST", "/"), request["path"]
    assert request["headers"]["x-amz-target"] == f"{metadata['targetPrefix']}.{operation.name}"
    assert request["headers"]["content-type"] == f"application/x-amz-json-{metadata['jsonVersion']}"
    parameters = json.loads(request["body"])
    assert isinstance(parameters, dict)
    check_input(parameters, operation, in_json=True)


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
                assert name not in value, f"{name} is there twice"
                value[name] = parse_xml(child, member)
        return value
    if shape.type_name == "list":
        wanted = shape.member.serialization.get("name", "member")
        assert all(local(child.tag) == wanted for child in element)
        return [parse_xml(child, shape.member) for child in element]
    return typed(shape, element.text or "")


def places_of(shape):
    """Members that are not in the body: by place and name there; and the beginnings of header names."""
    by_place = {}
    prefixes = {}
    for name, member in (shape.members if shape else {}).items():
        place = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if place == "headers":
            prefixes[wire_name.lower()] = name
        elif place:
            by_place[place, wire_name.lower() if place == "header" else wire_name] = name, member
    return by_place, prefixes


def check_uri(operation, request, by_place):
    uri = operation.http["requestUri"].partition("?")[0]
    path = request["path"].partition("?")[0]
    pattern = re.sub(r"\{\w+\\\+\}", "(.+)", re.sub(r"\{(\w+)\}", r"([^/]+)", re.escape(uri).replace("\\{", "{").replace("\\}", "}")))
    match = re.fullmatch(pattern, path)
    assert match, (pattern, path)
    values = dict(zip(re.findall(r"\{(\w+)\+?\}", uri), match.groups()))
    return {by_place["uri", name][0]: typed(by_place["uri", name][1], urllib.parse.unquote(value)) for name, value in values.items()}


def check_search(operation, request, by_place):
    fixed = {name for name, _ in urllib.parse.parse_qsl(operation.http["requestUri"].partition("?")[2], keep_blank_values=True)}
    pairs = urllib.parse.parse_qsl(request["path"].partition("?")[2], keep_blank_values=True)
    parameters = {}
    for name, value in pairs:
        if name in fixed:
            continue
        assert ("querystring", name) in by_place, f"{operation.name} has no ?{name}"
        member_name, member = by_place["querystring", name]
        if member.type_name == "list":
            parameters.setdefault(member_name, []).append(typed(member.member, value))
        else:
            assert member_name not in parameters, f"{member_name} is there twice"
            parameters[member_name] = typed(member, value)
    assert fixed <= {name for name, _ in pairs}
    return parameters


def check_headers(operation, request, by_place, prefixes):
    parameters = {}
    for name, value in request["headers"].items():
        prefix = next((prefix for prefix in prefixes if name.startswith(prefix)), None)
        if ("header", name) in by_place:
            member_name, member = by_place["header", name]
            parameters[member_name] = typed(member, value, "header")
        elif prefix:
            parameters.setdefault(prefixes[prefix], {})[name[len(prefix):]] = value
        elif name.startswith("x-amz-checksum-") and operation.http_checksum:
            assert re.fullmatch("x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256|type)", name), name
        else:
            assert name in COMMON_HEADERS, f"{operation.name} has no header {name}"
    return parameters


def check_xml_root(root, operation, payload, body):
    """The element around the input and its namespace."""
    serialization = operation.input_shape.serialization
    if payload:
        serialization = body.serialization
    assert local(root.tag) == serialization.get("name", payload or local(root.tag)), (root.tag, serialization)
    namespace = serialization.get("xmlNamespace", {})
    namespace = namespace.get("uri") if isinstance(namespace, dict) else namespace
    if namespace:
        assert root.tag.startswith("{" + namespace + "}"), (root.tag, namespace)


def check_rest(operation, request):
    shape = operation.input_shape
    in_json = operation.service_model.metadata["protocol"] == "rest-json"
    assert request["method"] == operation.http["method"]
    by_place, prefixes = places_of(shape)
    parameters = check_uri(operation, request, by_place)
    parameters.update(check_search(operation, request, by_place))
    parameters.update(check_headers(operation, request, by_place, prefixes))
    payload = shape.serialization.get("payload") if shape else None
    body = shape.members[payload] if payload else shape
    if payload and body.type_name in ("blob", "string"):
        if request["body"] or payload in shape.required_members:
            parameters[payload] = request["body"] if body.type_name == "blob" else request["body"].decode()
    elif request["body"]:
        assert shape, f"{operation.name} has no body"
        if in_json:
            parsed = json.loads(request["body"])
            assert request["headers"].get("content-type", "").startswith("application/"), "JSON says that it is JSON"
        else:
            root = ElementTree.fromstring(request["body"])
            check_xml_root(root, operation, payload, body)
            parsed = parse_xml(root, body)
        parameters.update({payload: parsed} if payload else parsed)
    parameters.pop("ContentLength", None)
    check_input(parameters, operation, in_json)


def check_request(operation, request):
    protocol = operation.service_model.metadata["protocol"]
    if operation.auth_type == "none":
        assert "authorization" not in request["headers"], f"{operation.name} is not signed"
    else:
        assert "authorization" in request["headers"], f"{operation.name} is signed"
    {"query": check_query, "json": check_json}.get(protocol, check_rest)(operation, request)


# Answers

def example(shape, mode, in_json, depth=0, seen=()):
    """A value of a shape; with "bare" only what must be there and nothing is said to be true, so that pages end."""
    kind = shape.type_name
    if kind == "structure":
        names = [name for name in shape.members if mode != "bare" or name in shape.required_members]
        if depth > 6 or shape.name in seen:
            names = []
        return {name: example(shape.members[name], mode, in_json and not shape.members[name].serialization.get("location"), depth + 1,
                              (*seen, shape.name)) for name in names}
    if kind == "list":
        return [] if depth > 6 or shape.member.name in seen else [example(shape.member, mode, in_json, depth + 1, seen)]
    if kind == "map":
        key = shape.key.enum[0] if shape.key.enum else "key"
        return {} if depth > 6 or shape.value.name in seen else {key: example(shape.value, mode, in_json, depth + 1, seen)}
    if kind in ("integer", "long"):
        return 1
    if kind in ("float", "double"):
        return 1.5
    if kind == "boolean":
        return mode != "bare"
    if kind == "timestamp":
        return EPOCH if in_json and shape.serialization.get("timestampFormat") not in ("iso8601", "rfc822") else TIME
    if kind == "blob":
        return "eA=="
    return shape.enum[0] if shape.enum else "text"


def to_xml(value, shape, name):
    if shape.type_name == "structure":
        inner = "".join(to_xml(each, shape.members[member], shape.members[member].serialization.get("name", member))
                        for member, each in value.items() if not shape.members[member].serialization.get("location"))
        return f"<{name}>{inner}</{name}>"
    if shape.type_name == "list":
        if shape.serialization.get("flattened"):
            return "".join(to_xml(each, shape.member, shape.member.serialization.get("name", name)) for each in value)
        item = shape.member.serialization.get("name", "member")
        return f"<{name}>" + "".join(to_xml(each, shape.member, item) for each in value) + f"</{name}>"
    if shape.type_name == "map":
        entry = name if shape.serialization.get("flattened") else "entry"
        inner = "".join(f"<{entry}>{to_xml(key, shape.key, shape.key.serialization.get('name', 'key'))}"
                        f"{to_xml(each, shape.value, shape.value.serialization.get('name', 'value'))}</{entry}>" for key, each in value.items())
        return inner if entry == name else f"<{name}>{inner}</{name}>"
    if isinstance(value, bool):
        value = "true" if value else "false"
    return f"<{name}>{escape(str(value))}</{name}>"


def take_headers(value, shape):
    """Moves what is not in the body out of it; the rest stays."""
    headers = {"x-amz-request-id": "r", "x-amzn-RequestId": "r"}
    for name in list(value):
        member = shape.members[name]
        place = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if place == "header":
            text = value.pop(name)
            text = "Fri, 02 Jan 2026 03:04:05 GMT" if member.type_name == "timestamp" else str(text).lower() if isinstance(text, bool) else str(text)
            if wire_name.lower() not in ("content-length", "content-encoding", "transfer-encoding"):
                headers[wire_name] = text
        elif place == "headers":
            headers.update({wire_name + key: each for key, each in value.pop(name).items()})
        elif place:
            value.pop(name)
    return headers


def with_unknown(xml, root, mode):
    unknown = "<SomethingNew><member>1</member></SomethingNew>" if mode == "extra" else ""
    return xml.replace(f"</{root}>", unknown + f"</{root}>")


def make_answer(operation, mode):
    """Headers and body."""
    shape = operation.output_shape
    protocol = operation.service_model.metadata["protocol"]
    in_json = protocol in ("json", "rest-json")
    value = example(shape, mode, in_json) if shape else {}
    headers = take_headers(value, shape)
    payload = shape.serialization.get("payload") if shape else None
    if payload and shape.members[payload].type_name in ("blob", "string"):
        return headers, "body"
    if in_json:
        value = value.get(payload, {}) if payload else value
        if mode == "extra":
            value["SomethingNew"] = [{"a": None}]
        return headers, json.dumps(value)
    if protocol == "query":
        wrapper = (shape.serialization.get("resultWrapper") or operation.name + "Result") if shape else None
        inner = with_unknown(to_xml(value, shape, wrapper), wrapper, mode) if shape else ""
        outer = operation.name + "Response"
        return headers, with_unknown(f"<{outer}>{inner}<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{outer}>", outer, mode)
    if payload:
        member = shape.members[payload]
        name = member.serialization.get("name", payload)
        return headers, with_unknown(to_xml(value.get(payload, {}), member, name), name, mode)
    if not shape or all(member.serialization.get("location") for member in shape.members.values()):
        return headers, ""
    name = operation.name + "Result"
    return headers, with_unknown(to_xml(value, shape, name), name, mode)


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


def service_of(function):
    """"cost-explorer" for aws_cost_explorer_get_cost."""
    fits = [service for service in SERVICES if function.startswith("aws_" + service.replace("-", "_") + "_")]
    assert fits, f"{function} is of no service"
    return max(fits, key=len)


class Recorder:
    def __init__(self):
        self.lock = threading.Lock()
        self.session = botocore.session.get_session()
        self.session.get_component("data_loader").search_paths.insert(0, MODELS)
        self.models = {}
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

    def get_model(self, service):
        if service not in self.models:
            self.models[service] = self.session.get_service_model(SERVICES[service])
        return self.models[service]

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
        model = self.get_model(service_of(function))
        self.operations = [model.operation_model(name) for name in self.calls[function].split()]
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
        if not name.endswith(".h") or name in OTHERS:
            continue
        with open(os.path.join(SOURCE, name), encoding="utf-8") as stream:
            here = set(re.findall(r"^DexFuture +\*(aws_\w+)", stream.read(), re.MULTILINE))
        assert not here or name[4:-2] in SERVICES, f"{name} has calls of a service that nobody compares"
        functions |= here
    assert functions - SEND_NOTHING == set(recorder.calls), (functions - SEND_NOTHING) ^ set(recorder.calls)


@case
def every_operation_is_called(recorder):
    """What has a table is used by some function, or nobody would compare it."""
    ids = {name: service for service, name in SERVICES.items()}
    tables = {(ids[service], name) for service, name in map(str.split, recorder.call("--operations").splitlines())}
    called = {(service_of(function), name) for function, names in recorder.calls.items() for name in names.split()}
    assert tables <= called, sorted(tables - called)


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
