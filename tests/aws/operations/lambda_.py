# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that a stack has made: what they are, changing them, running them."""

import base64
import io
import json
import urllib.parse
import urllib.request
import zipfile

from operations import scenario

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
CODE = """exports.handler = async (event, context) => {
  console.log('got', event.n);
  if (event.fail)
    throw new TypeError('no ' + event.n);
  return { double: event.n * 2, word: process.env.WORD, id: context.awsRequestId };
};"""
LACKS = {"GetAccountSettings"}


def make(cloud, name, code=CODE):
    """Makes a function by a stack and returns its name."""
    template = {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "nodejs22.x", "Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": {"ZipFile": code},
                "Timeout": 5, "MemorySize": 256, "Environment": {"Variables": {"WORD": "grün"}}, "Tags": [{"Key": "application", "Value": "porchlight"}]}},
        },
        "Outputs": {"Function": {"Value": {"Ref": "Function"}}},
    }
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    return cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as stream:
        for name, text in files.items():
            stream.writestr(name.replace("_", "."), text)
    return data.getvalue()


def run(cloud, name, event, **more):
    answer = cloud.ours("Invoke", FunctionName=name, Payload=json.dumps(event).encode(), **more)
    return answer, json.loads(base64.b64decode(answer["Payload"]))


@scenario("lambda", moto_lacks=LACKS)
def settings(cloud):
    name = make(cloud, "porch-function-settings")
    known = cloud.same("GetFunctionConfiguration", FunctionName=name)
    assert (known["Runtime"], known["Timeout"], known["MemorySize"]) == ("nodejs22.x", 5, 256), known
    assert known["Environment"]["Variables"] == {"WORD": "grün"}
    assert cloud.ours("GetFunctionConfiguration", FunctionName=known["FunctionArn"])["FunctionName"] == name
    # Each answer has an address of its own
    whole = cloud.same("GetFunction", FunctionName=name, ignore={"Location"})
    assert whole["Configuration"]["CodeSha256"] == known["CodeSha256"]
    assert cloud.is_moto or whole["Tags"]["application"] == "porchlight"
    cloud.both_refused("ResourceNotFoundException", "GetFunction", FunctionName="porch-missing")
    cloud.ours("UpdateFunctionConfiguration", FunctionName=name, Timeout=7, Description="a ü", Environment={"Variables": {"AA": "1", "BB": "x y"}})
    changed = cloud.same("GetFunctionConfiguration", FunctionName=name)
    assert (changed["Timeout"], changed["Description"], changed["MemorySize"]) == (7, "a ü", 256), changed
    assert changed["Environment"]["Variables"] == {"AA": "1", "BB": "x y"}
    if not cloud.is_moto:
        assert changed["RevisionId"] != known["RevisionId"]
        cloud.both_refused("PreconditionFailedException", "UpdateFunctionConfiguration", FunctionName=name, Timeout=8, RevisionId=known["RevisionId"])
        cloud.both_refused("InvalidParameterValueException", "UpdateFunctionConfiguration", FunctionName=name, Timeout=901)
        cloud.both_refused("InvalidParameterValueException", "UpdateFunctionConfiguration", FunctionName=name, Environment={"Variables": {"AWS_REGION": "x"}})


@scenario("lambda", moto_lacks=LACKS)
def code(cloud):
    name = make(cloud, "porch-function-code")
    first = cloud.ours("GetFunctionConfiguration", FunctionName=name)
    data = archive(index_js="exports.handler = async () => 'new';")
    changed = cloud.ours("UpdateFunctionCode", FunctionName=name, ZipFile=data, Publish=False)
    assert changed["CodeSize"] == len(data) and changed["CodeSha256"] != first["CodeSha256"], changed
    cloud.same("GetFunctionConfiguration", FunctionName=name)
    if cloud.is_moto:
        return
    trial = cloud.ours("UpdateFunctionCode", FunctionName=name, ZipFile=archive(index_js="1"), DryRun=True)
    assert trial["CodeSha256"] != changed["CodeSha256"]
    assert cloud.ours("GetFunctionConfiguration", FunctionName=name)["CodeSha256"] == changed["CodeSha256"]
    cloud.both_refused("InvalidParameterValueException", "UpdateFunctionCode", FunctionName=name, ZipFile=b"this is no archive")
    # The address gives the archive to whoever has it, and only with its signature
    address = urllib.parse.urlsplit(cloud.ours("GetFunction", FunctionName=name)["Code"]["Location"])
    server = urllib.parse.urlsplit(cloud.cloud.endpoint)

    def fetch(query):
        request = urllib.request.Request(f"http://{server.netloc}{address.path}?{query}", headers={"Host": address.netloc})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    assert fetch(address.query) == data
    try:
        fetch(address.query[:-1] + ("0" if address.query[-1] != "0" else "1"))
        raise AssertionError("the code was given away")
    except urllib.error.HTTPError as error:
        assert error.code == 403


@scenario("lambda", moto_lacks=LACKS)
def concurrency(cloud):
    name = make(cloud, "porch-function-concurrency")
    assert cloud.same("GetFunctionConcurrency", FunctionName=name).get("ReservedConcurrentExecutions") is None
    cloud.ours("PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=0)
    assert cloud.same("GetFunctionConcurrency", FunctionName=name).get("ReservedConcurrentExecutions") in (0, None)
    if not cloud.is_moto:
        cloud.both_refused("InvalidParameterValueException", "PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=1)
        cloud.refused("TooManyRequestsException", "Invoke", FunctionName=name)
        assert cloud.same("GetFunction", FunctionName=name, ignore={"Location"})["Concurrency"] == {"ReservedConcurrentExecutions": 0}
    cloud.ours("DeleteFunctionConcurrency", FunctionName=name)
    assert cloud.same("GetFunctionConcurrency", FunctionName=name).get("ReservedConcurrentExecutions") is None
    limit = cloud.same("GetAccountSettings")
    assert limit["AccountLimit"]["ConcurrentExecutions"] == limit["AccountLimit"]["UnreservedConcurrentExecutions"] == 10, limit
    assert limit["AccountUsage"]["FunctionCount"] >= 1


def run_on_moto(cloud):
    """Where it has no Docker, moto can be told to give back what a function is called with."""
    cloud.stage.configure_moto({"lambda": {"use_docker": False}})
    try:
        role = cloud.client("iam").create_role(RoleName="porch-function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        cloud.client().create_function(FunctionName="porch-function", Runtime="nodejs22.x", Role=role, Handler="index.handler",
                                       Code={"ZipFile": archive(index_js=CODE)})
        answer, value = run(cloud, "porch-function", {"n": 21})
        assert (answer["StatusCode"], value) == (200, {"n": 21}), answer
    finally:
        cloud.stage.configure_moto({"lambda": {"use_docker": True}})


@scenario("lambda", moto_lacks=LACKS)
def running(cloud):
    if cloud.is_moto:
        run_on_moto(cloud)
        return
    name = make(cloud, "porch-function-running")
    answer, value = run(cloud, name, {"n": 21}, LogType="Tail")
    assert (value["double"], value["word"], answer["StatusCode"]) == (42, "grün", 200), (answer, value)
    assert answer.get("FunctionError") is None and answer["ExecutedVersion"] == "$LATEST"
    log = base64.b64decode(answer["LogResult"]).decode()
    assert f"\t{value['id']}\tINFO\tgot 21\n" in log and f"START RequestId: {value['id']}" in log and "REPORT RequestId:" in log, log
    # What it threw is in the answer
    answer, value = run(cloud, name, {"n": 3, "fail": True})
    assert (answer["FunctionError"], value["errorType"], value["errorMessage"]) == ("Unhandled", "TypeError", "no 3"), (answer, value)
    theirs = cloud.client().invoke(FunctionName=name, Payload=b'{"n": 1}')
    assert json.loads(theirs["Payload"].read())["double"] == 2
    assert cloud.ours("Invoke", FunctionName=name, InvocationType="DryRun")["StatusCode"] == 204
    assert cloud.ours("Invoke", FunctionName=name, InvocationType="Event", Payload=b'{"n": 77}')["StatusCode"] == 202
    cloud.both_refused("InvalidRequestContentException", "Invoke", FunctionName=name, Payload=b"{no json")
    cloud.refused("ResourceNotFoundException", "Invoke", FunctionName="porch-missing")
    # New code runs at once, with a file beside it
    cloud.ours("UpdateFunctionCode", FunctionName=name, ZipFile=archive(
        index_js="const { twice } = require('./lib'); exports.handler = async (event) => twice(event.n);",
        lib_js="exports.twice = (n) => [n, require('./data.json').unit, n];", data_json='{"unit": "m"}'))
    assert run(cloud, name, {"n": 5})[1] == [5, "m", 5]
    cloud.ours("UpdateFunctionCode", FunctionName=name, ZipFile=archive(other_js="1"))
    answer, value = run(cloud, name, {})
    assert (answer["FunctionError"], value["errorType"]) == ("Unhandled", "Runtime.ImportModuleError"), (answer, value)
    cloud.ours("UpdateFunctionCode", FunctionName=name, ZipFile=archive(index_js="exports.handler = ("))
    answer, value = run(cloud, name, {})
    assert (answer["FunctionError"], value["errorType"]) == ("Unhandled", "Runtime.UserCodeSyntaxError"), (answer, value)
    cloud.ours("UpdateFunctionCode", FunctionName=name, ZipFile=archive(index_js="exports.other = 1;"))
    answer, value = run(cloud, name, {})
    assert (answer["FunctionError"], value["errorType"]) == ("Unhandled", "Runtime.HandlerNotFound"), (answer, value)
