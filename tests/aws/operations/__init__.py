# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios for the operations of one service each, run against a server: our client and boto3 look at the same things.

    from operations import scenario

    @scenario("acm", moto_lacks={"ResendValidationEmail"})
    def certificates(cloud):
        arn = cloud.ours("RequestCertificate", DomainName="example.org")["CertificateArn"]
        cloud.same("DescribeCertificate", CertificateArn=arn)

The file is found by its name, operations/<service>.py. Every operation of our tables must have succeeded in some scenario;
against moto, those in moto_lacks need not, and a scenario that comes to one of them ends there.
"""

import base64
import datetime
import functools
import json
import os
import urllib.request

import botocore.exceptions
import botocore.response

scenarios = []


class Lacking(Exception):
    """The server does not have the operation, as the scenario says."""


def scenario(service, *, moto_lacks=(), moto=True):
    """Registers a function of one argument, a Scene. With moto=False none of it is run against moto, which then must lack
    all operations in moto_lacks."""
    def register(function):
        function.service = service
        function.moto_lacks = set(moto_lacks)
        function.moto = moto
        scenarios.append(function)
        return function
    return register


def plain(value):
    """What boto3 takes and gives, as JSON: times are seconds since 1970, bytes are Base64."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, botocore.response.StreamingBody):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value


def known(value, members):
    """The members of a structure that our tables know, a value of a list or a map likewise."""
    if members == "recursive" or not isinstance(value, dict):
        return value
    shapes = {member["name"]: member for member in members or []}
    return {name: known_value(each, shapes[name]) for name, each in value.items() if name in shapes}


def known_value(value, shape):
    if shape["type"] == "structure":
        return known(value, shape.get("members"))
    if shape["type"] == "list" and isinstance(value, list):
        return [known_value(each, shape["item"]) for each in value]
    if shape["type"] == "map" and isinstance(value, dict):
        return {name: known_value(each, shape["item"]) for name, each in value.items()}
    return value


def without(value, names):
    if isinstance(value, dict):
        return {name: without(each, names) for name, each in value.items() if name not in names}
    if isinstance(value, list):
        return [without(each, names) for each in value]
    return value


def differences(ours, theirs, path="output"):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = []
        for name in sorted(set(ours) | set(theirs)):
            if name not in ours or name not in theirs:
                found.append(f"{path}.{name}: only {'boto3' if name not in ours else 'we'} see {theirs.get(name, ours.get(name))!r}")
            else:
                found += differences(ours[name], theirs[name], f"{path}.{name}")
        return found
    if isinstance(ours, list) and isinstance(theirs, list):
        found = [] if len(ours) == len(theirs) else [f"{path}: {len(ours)} elements, boto3 sees {len(theirs)}"]
        for number, (one, other) in enumerate(zip(ours, theirs)):
            found += differences(one, other, f"{path}[{number}]")
        return found
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)) and type(ours) is not bool:
        return [] if abs(ours - theirs) < 0.002 else [f"{path}: {ours!r}, boto3 sees {theirs!r}"]
    return [] if ours == theirs else [f"{path}: {ours!r}, boto3 sees {theirs!r}"]


class Scene:
    """A server, and the service that a scenario is about. Where `service` is not given to a call it is that one.

    cloud.is_moto says which server it is; cloud.has("Name") whether it has an operation; cloud.cloud is the server itself,
    with client(), environment, endpoint.
    """

    def __init__(self, stage, function):
        self.stage = stage
        self.cloud = stage.cloud
        self.is_moto = stage.cloud.is_moto
        self.service = function.service
        self.lacks = function.moto_lacks if self.is_moto else set()

    def has(self, operation):
        return operation not in self.lacks

    def check(self, operation):
        if not self.has(operation):
            raise Lacking(operation)

    def run(self, command, operation, service, settings, parameters):
        service = service or self.service
        if service == self.service:
            self.check(operation)
        answer = self.cloud.run(command, service, operation, json.dumps(plain(parameters)), **(settings or {}))
        if answer["exit"] == 0:
            self.stage.covered.add((service, operation))
        return answer

    def ours(self, operation, /, *, service=None, settings=None, **parameters):
        """Calls with our client and returns the output; `settings` are changes of its environment."""
        answer = self.run("operation", operation, service, settings, parameters)
        assert answer["exit"] == 0, (operation, parameters, answer)
        return answer["output"]

    def pages(self, operation, /, *, service=None, settings=None, **parameters):
        """All items of all pages."""
        answer = self.run("pages", operation, service, settings, parameters)
        assert answer["exit"] == 0, (operation, parameters, answer)
        return answer["items"]

    def refused(self, code, operation, /, *, service=None, settings=None, **parameters):
        """Calls with our client and expects that error; boto3 must see the same code and message. Returns the answer,
        with "error", "code", "status", "message"."""
        answer = self.run("operation", operation, service, settings, parameters)
        assert answer["exit"] == 1, (operation, parameters, answer)
        assert answer["error"] == code, (operation, parameters, answer)
        return answer

    def both_refused(self, code, operation, /, *, service=None, message=True, **parameters):
        """The same, and boto3 must see the same code and, unless told not to look, the same message."""
        answer = self.refused(code, operation, service=service, **parameters)
        try:
            theirs = self.theirs(operation, service=service, **parameters)
        except botocore.exceptions.ClientError as refusal:
            error = refusal.response["Error"]
            assert error["Code"].rsplit("#", 1)[-1] == code, (operation, refusal.response)
            if message and error.get("Message"):
                assert error["Message"] == answer["message"], (error["Message"], answer["message"])
            return answer
        raise AssertionError(f"boto3 was not refused: {theirs}")

    def client(self, service=None, region=None):
        """boto3's client."""
        return self.stage.client(service or self.service, region)

    def theirs(self, operation, /, *, service=None, **parameters):
        """Calls with boto3 and returns those members of the output that our tables know."""
        service = service or self.service
        if service == self.service:
            self.check(operation)
        client = self.client(service)
        method = next(name for name, value in client.meta.method_to_api_mapping.items() if value == operation)
        output = plain(getattr(client, method)(**parameters))
        return known(output, self.stage.operations.get((service, operation), {}).get("output"))

    def same(self, operation, /, *, service=None, ignore=(), sort=None, **parameters):
        """Calls with both and compares, but for members named in `ignore`, at any depth; returns what we see. `sort` is a
        function that gives a key for elements of the lists of the output, for servers that shuffle them."""
        ours = self.ours(operation, service=service, **parameters)
        theirs = self.theirs(operation, service=service, **parameters)
        one, other = without(ours, ignore), without(theirs, ignore)
        if sort:
            for output in (one, other):
                for name, value in output.items():
                    if isinstance(value, list):
                        output[name] = sorted(value, key=sort)
        found = differences(one, other)
        assert not found, "\n".join([operation, *found])
        return ours


class Stage:
    """A server, our tables, and what was covered."""

    def __init__(self, cloud):
        self.cloud = cloud
        tables = cloud.good("tables")
        self.services = {service["id"]: service for service in tables["services"]}
        self.operations = {(operation["service"], operation["name"]): operation for operation in tables["operations"]}
        self.covered = set()

    def configure_moto(self, settings):
        """Changes how moto works, as {"lambda": {"use_docker": False}}."""
        request = urllib.request.Request(self.cloud.endpoint + "/moto-api/config", data=json.dumps(settings).encode(),
                                         headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request).close()

    @functools.cache
    def client(self, service, region=None):
        import boto3
        import botocore.config
        environment = self.cloud.environment
        region = region or self.services[service].get("region") or self.cloud.region
        return boto3.client(
            service, endpoint_url=self.cloud.endpoint, region_name=region,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"], aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=environment.get("AWS_SESSION_TOKEN"),
            config=botocore.config.Config(inject_host_prefix=False, retries={"max_attempts": 2}, s3={"addressing_style": "path"}))

    def scene(self, function):
        return Scene(self, function)

    def lacks(self, service, operation):
        """Whether moto does not have an operation. It is asked for it with the least that the tables allow; what it writes
        into its log tells an operation that is not there from one that stumbles over its input."""
        shape = self.operations[service, operation]
        log = self.cloud.path("moto.log")
        begin = os.path.getsize(log)
        answer = self.cloud.run("operation", service, operation, json.dumps(example(shape.get("input"))))
        with open(log, encoding="utf-8", errors="replace") as stream:
            stream.seek(begin)
            said = stream.read()
        if answer["exit"] == 0:
            return False
        # It knows services by what requests are signed for; without a signature, or with SigV4A, it takes them for requests to S3
        unknown = shape["unsigned"] or self.services[service].get("region") == "*"
        # What it needs for some is not in Debian
        return (unknown or "NotImplementedError" in said or "Unable to find appropriate backend" in said or "ModuleNotFoundError" in said
                or answer["status"] == 404 and answer["error"] is None)

    def stop(self):
        self.cloud.stop()


def example(members):
    return {member["name"]: example_value(member) for member in members or [] if "required" in member["flags"]}


def example_value(shape):
    kind = shape["type"]
    if kind == "structure":
        members = shape.get("members")
        return {} if members == "recursive" else example(members)
    return {"list": [], "map": {}, "integer": 1, "double": 1, "boolean": True, "timestamp": 0, "blob": "eA=="}.get(kind, "example")


def load():
    """All scenarios there are, by service."""
    folder = os.path.dirname(__file__)
    import importlib
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") and name != "__init__.py":
            importlib.import_module("operations." + name[:-3])
    return scenarios
