# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the tables of the services and of all their operations against AWS's own description (botocore's models): every
member, its type, its place and its name on the wire, what is required, how answers go on, and where it all is sent."""

import json
import os
import subprocess
import sys

# Operations that are newer than the botocore that is installed
os.environ["AWS_DATA_PATH"] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")

from tap import Skip, case, run  # noqa: E402

try:
    import botocore.endpoint_provider
    import botocore.exceptions
    import botocore.loaders
    import botocore.session
except ImportError:
    print("1..0 # SKIP botocore is not there")
    sys.exit(0)

TABLES = json.loads(subprocess.run([os.environ["AWS_DRIVER"], "tables"], capture_output=True, text=True, check=True).stdout)
SERVICES = {service["id"]: service for service in TABLES["services"]}
SESSION = botocore.session.get_session()
LOADER = SESSION.get_component("data_loader")

# What no rules of botocore say: the parameter that is wanted, or that there are none at all
HOSTS = {"cloudfront-keyvaluestore": "cloudfront-kvs.global.api.aws", "signin": "eu-central-1.signin.aws.amazon.com"}
TYPES = {"long": "integer", "float": "double", "character": "string", "bigdecimal": "double"}
# Those of whose items only so many are asked for, which their functions count
COUNTED = {("dynamodb", "Query"), ("dynamodb", "Scan")}
# Flags of a member that models have too, and what they are called there
FLAGS = {"flattened": "flattened", "xmlAttribute": "xmlAttribute", "jsonvalue": "jsonvalue"}

def model(service):
    return SESSION.get_service_model(service)


def check_service(row):
    metadata = model(row["id"]).metadata
    assert row["protocol"] == metadata["protocol"], metadata["protocol"]
    assert row["apiVersion"] == metadata["apiVersion"], metadata["apiVersion"]
    assert row["signingName"] == metadata.get("signingName", metadata["endpointPrefix"]), metadata
    assert row["environment"] == metadata["serviceId"].upper().replace(" ", "_"), metadata["serviceId"]
    if metadata["protocol"] == "json":
        assert row["targetPrefix"] == metadata["targetPrefix"], metadata["targetPrefix"]
        assert row["jsonVersion"] == metadata["jsonVersion"], metadata["jsonVersion"]
    else:
        assert "targetPrefix" not in row and "jsonVersion" not in row
    assert resolve(row) == host(row), (host(row), resolve(row))


def host(row):
    return row["host"].replace("%s", row.get("region", "eu-central-1").replace("*", "us-east-1"))


def resolve(row):
    """The host that the rules of the service come to."""
    if row["id"] in HOSTS:
        return HOSTS[row["id"]]
    rules = LOADER.load_service_model(row["id"], "endpoint-rule-set-1")
    provider = botocore.endpoint_provider.EndpointProvider(rules, LOADER.load_data("partitions"))
    parameters = {"Region": row.get("region", "eu-central-1"), "UseFIPS": False, "UseDualStack": False}
    parameters = {name: value for name, value in parameters.items() if name in rules["parameters"]}
    return provider.resolve_endpoint(**parameters).url.removeprefix("https://")


def check_place(member, shape, path, payload, direction):
    place = shape.serialization.get("location", "body")
    if payload == member["name"]:
        place = "payload"
    if direction == "output" and place in ("uri", "querystring"):
        place = "body"
    assert member["place"] == place, f"{path} is in the {place}"


def get_wire_name(member):
    return member.get("wireName", member["name"])


def usual_time(protocol, place):
    if place == "header":
        return "rfc822"
    if place in ("querystring", "uri"):
        return "iso8601"
    return "unixTimestamp" if protocol in ("json", "rest-json") else "iso8601"


def is_item(shape):
    """DynamoDB's values hold themselves and are as they are on the wire, so tables may pass them on."""
    return getattr(shape, "value", shape).name == "AttributeValue"


def check_value(ours, shape, path, context):
    """One value: a member, an element of a list or a value of a map."""
    kind = TYPES.get(shape.type_name, shape.type_name)
    if getattr(shape, "is_document_type", False) or ours["type"] == "document" and is_item(shape):
        kind = "document"
    assert ours["type"] == kind, f"{path} is a {shape.type_name}"
    for flag, name in FLAGS.items():
        assert (flag in ours["flags"]) == bool(shape.serialization.get(name)), f"{path}: {flag}"
    if kind == "timestamp":
        usual = usual_time(context["protocol"], ours["place"])
        theirs = shape.serialization.get("timestampFormat", usual).lower()
        assert ours.get("timestampFormat", usual).lower() == theirs, f"{path} is a time in {theirs}"
    if kind == "structure":
        assert ("union" in ours["flags"]) <= bool(getattr(shape, "is_tagged_union", False)), f"{path} is no union"
        check_members(ours["members"], shape, path, context)
    elif kind == "list":
        check_item_name(ours["item"], shape.member, "member", path, context, "flattened" in ours["flags"])
        check_value(ours["item"], shape.member, path + "[]", context)
    elif kind == "map":
        check_item_name(ours.get("key", {}), shape.key, "key", path, context, False)
        check_item_name(ours["item"], shape.value, "value", path, context, False)
        check_value(ours["item"], shape.value, path + "{}", context)


def check_item_name(ours, shape, usual, path, context, unimportant):
    if context["protocol"] in ("json", "rest-json") or unimportant:
        return
    wanted = shape.serialization.get("name", usual)
    assert ours.get("wireName", ours.get("name", usual)) == wanted, f"{path}: elements are called {wanted}"


def check_members(ours, shape, path, context, payload=None):
    if ours == "recursive":
        return
    for member in ours:
        name = f"{path}.{member['name']}"
        assert member["name"] in shape.members, f"{path} has no {member['name']}; it has {', '.join(shape.members)}"
        theirs = shape.members[member["name"]]
        check_place(member, theirs, name, payload, context["direction"])
        if member["place"] != "payload" or context["protocol"] == "rest-xml" and theirs.type_name == "structure":
            # The element of a payload without a name is called like its structure
            usual = theirs.name if member["place"] == "payload" else member["name"]
            wanted = theirs.serialization.get("name", usual)
            assert get_wire_name(member) == wanted, f"{name} is called {wanted}"
        if context["direction"] == "input":
            # We may ask for more than the service does
            assert ("required" in member["flags"]) >= (member["name"] in shape.required_members), f"{name} is required"
            assert ("idempotencyToken" in member["flags"]) <= bool(theirs.metadata.get("idempotencyToken")), f"{name} is no token"
        check_value(member, theirs, name, context)
    if context["direction"] == "input":
        missing = set(shape.required_members) - {member["name"] for member in ours}
        assert not missing, f"{path} must have {', '.join(missing)}"


def check_shape(operation, direction, theirs, protocol):
    ours = operation.get(direction)
    if theirs is None:
        assert not ours, f"{operation['name']} has no {direction}"
        return
    context = {"protocol": protocol, "direction": direction}
    check_members(ours or [], theirs, direction, context, theirs.serialization.get("payload"))


def split(text):
    return [part for part in (text or "").split(",") if part]


def find(members, path):
    """Whether a path of names is in a table, or as JMESPath says it."""
    for name in path.split("."):
        member = next((member for member in members or [] if member["name"] == name), None)
        if member is None:
            return None
        members = member.get("members")
    return member


def check_pages(operation):
    if "items" not in operation:
        assert not operation.get("token"), "a token, but no items"
        return
    for path in [operation["items"], *split(operation.get("token"))] + ([operation["more"]] if "more" in operation else []):
        assert find(operation["output"], path), f"the output has no {path}"
    for name in split(operation.get("inputToken", operation.get("token"))):
        assert find(operation["input"], name), f"the input has no {name}"
    assert find(operation["output"], operation["items"])["type"] == "list"


def check_paginator(operation):
    """What botocore knows of the pages of an operation."""
    try:
        pages = LOADER.load_service_model(operation["service"], "paginators-1")["pagination"].get(operation["name"])
    except botocore.exceptions.UnknownServiceError:
        pages = None
    if not pages or "result_key" not in pages:
        return
    listed = lambda value: value if isinstance(value, list) else [value]  # noqa: E731
    items = listed(pages["result_key"])
    # Without its token in the table an operation is one that is asked for one thing, not for pages
    tokens = [token.split(" || ")[0] for token in listed(pages["output_token"])]
    if "items" not in operation:
        known = [token for token in tokens if find(operation.get("output"), token)]
        assert not known or (operation["service"], operation["name"]) in COUNTED, f"it has pages: items {items}, token {tokens}"
        return
    assert operation["items"] in items, f"items are {items}"
    assert set(split(operation["token"])) == set(tokens), f"tokens are {tokens}"
    ours = split(operation.get("inputToken", operation["token"]))
    pairs = dict(zip(tokens, listed(pages["input_token"])))
    assert dict(zip(split(operation["token"]), ours)) == pairs, f"tokens become {pairs}"
    if "more_results" in pages:
        assert operation.get("more", pages["more_results"]) == pages["more_results"], pages["more_results"]


def check_operation(operation):
    service = model(operation["service"])
    protocol = service.metadata["protocol"]
    assert operation["name"] in service.operation_names, "there is no such operation"
    theirs = service.operation_model(operation["name"])
    assert operation.get("method", "POST") == theirs.http["method"], theirs.http
    assert operation.get("uri", "/") == theirs.http["requestUri"], theirs.http
    prefix = (theirs.endpoint or {}).get("hostPrefix", "")
    assert operation.get("hostPrefix", "") == prefix or operation["service"] in HOSTS, prefix
    unsigned = theirs.auth_type == "none" or list(theirs.auth or []) == ["smithy.api#noAuth"]
    assert operation["unsigned"] == unsigned, "it is" + (" not" if unsigned else "") + " signed"
    check_shape(operation, "input", theirs.input_shape, protocol)
    check_shape(operation, "output", theirs.output_shape, protocol)
    if protocol == "query" and theirs.output_shape:
        wanted = theirs.output_shape.serialization.get("resultWrapper", operation["name"] + "Result")
        assert operation.get("outputElement", operation["name"] + "Result") == wanted, wanted
    if protocol == "rest-xml" and theirs.input_shape and not theirs.input_shape.serialization.get("payload"):
        if any(not member.serialization.get("location") for member in theirs.input_shape.members.values()):
            wanted = theirs.input_shape.serialization["name"]
            assert operation.get("inputElement", operation["name"] + "Request") == wanted, wanted
            check_namespace(operation, theirs.input_shape)
    elif protocol == "rest-xml" and theirs.input_shape:
        payload = theirs.input_shape.serialization["payload"]
        shape = theirs.input_shape.members[payload]
        if find(operation.get("input"), payload) and shape.type_name == "structure":
            check_namespace(operation, shape)
    check_pages(operation)
    check_paginator(operation)


def check_namespace(operation, shape):
    wanted = shape.serialization.get("xmlNamespace", {})
    wanted = wanted.get("uri") if isinstance(wanted, dict) else wanted
    assert SERVICES[operation["service"]].get("xmlNamespace") == wanted, wanted


def add(name, check, argument):
    def test():
        check(argument)
    test.__name__ = name.replace("-", "_")
    case(test)


@case
def no_operation_twice():
    names = [(operation["service"], operation["name"]) for operation in TABLES["operations"]]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    if not names:
        raise Skip("there are no tables")


for each in TABLES["services"]:
    add(each["id"], check_service, each)
for each in TABLES["operations"]:
    add(f"{each['service']}_{each['name']}", check_operation, each)

run()
