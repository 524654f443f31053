# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows. What moto makes of them depends on its settings: it lets them begin and does not run them."""

import json
import time

from operations import scenario
from operations.codebuild import make_role
from operations.lambda_ import make


def make_machine(cloud, name, states, start="First", **more):
    role = make_role(cloud, name + "-role", "states")
    definition = json.dumps({"StartAt": start, "States": states, **more})
    return cloud.client("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]


def finished(cloud, machine, **parameters):
    arn = cloud.ours("StartExecution", stateMachineArn=machine, **parameters)["executionArn"]
    end = time.monotonic() + 120
    while True:
        run = cloud.ours("DescribeExecution", executionArn=arn)
        if run["status"] != "RUNNING":
            return run
        assert time.monotonic() < end, run
        time.sleep(0.02)


@scenario("stepfunctions")
def machines_and_runs(cloud):
    states = {"First": {"Type": "Wait", "Seconds": 600, "Next": "Last"}, "Last": {"Type": "Succeed"}}
    machine = make_machine(cloud, "porch-machine", states)
    known = cloud.same("DescribeStateMachine", stateMachineArn=machine)
    assert json.loads(known["definition"])["States"] == states and known["type"] == "STANDARD"
    run = cloud.ours("StartExecution", stateMachineArn=machine, name="run-1", input='{"live": "ü"}')["executionArn"]
    other = cloud.theirs("StartExecution", stateMachineArn=machine, name="run-2")["executionArn"]
    running = cloud.same("DescribeExecution", executionArn=run)
    assert (running["name"], json.loads(running["input"]), running["status"]) == ("run-1", {"live": "ü"}, "RUNNING"), running
    assert sorted(one["name"] for one in cloud.pages("ListExecutions", stateMachineArn=machine, maxResults=1)) == ["run-1", "run-2"]
    cloud.same("GetExecutionHistory", executionArn=run)
    cloud.ours("StopExecution", executionArn=run, error="Stopped", cause="no longer needed")
    assert cloud.same("DescribeExecution", executionArn=run)["status"] == "ABORTED"
    assert [one["name"] for one in cloud.same("ListExecutions", stateMachineArn=machine, statusFilter="RUNNING")["executions"]] == ["run-2"]
    cloud.both_refused("StateMachineDoesNotExist", "DescribeStateMachine", stateMachineArn=machine + "0", message=False)
    cloud.both_refused("ExecutionDoesNotExist", "DescribeExecution", executionArn=run + "0", message=False)
    cloud.both_refused("ExecutionAlreadyExists", "StartExecution", stateMachineArn=machine, name="run-1", input='{"live": "other"}', message=False)
    if not cloud.is_moto:
        kinds = [event["type"] for event in cloud.pages("GetExecutionHistory", executionArn=run, maxResults=1, includeExecutionData=True)]
        assert kinds == ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"], kinds
        cloud.both_refused("InvalidArn", "DescribeExecution", executionArn="arn:aws:s3:::bucket")
        cloud.both_refused("InvalidExecutionInput", "StartExecution", stateMachineArn=machine, input="{no json")
        cloud.client().stop_execution(executionArn=other)


@scenario("stepfunctions", moto=False)
def states_run(cloud):
    function = make(cloud, "porch-machine-function")
    states = {
        "First": {"Type": "Pass", "Parameters": {"n.$": "$.n", "list.$": "$.deep.list[1]", "who.$": "$$.Execution.Name"}, "ResultPath": "$.made", "Next": "Which"},
        "Which": {"Type": "Choice", "Default": "No", "Choices": [
            {"And": [{"Variable": "$.n", "NumericGreaterThan": 10}, {"Variable": "$.missing", "IsPresent": False}], "Next": "Call"},
            {"Not": {"Variable": "$.n", "NumericLessThanEquals": 5}, "Next": "Fails"}]},
        "No": {"Type": "Fail", "Error": "Porch.TooSmall", "Cause": "it is small"},
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": function, "Payload": {"n.$": "$.n"}},
                 "ResultSelector": {"double.$": "$.Payload.double"}, "ResultPath": "$.result", "Next": "Pause"},
        "Pause": {"Type": "Wait", "Seconds": 0, "Next": "Done"},
        "Fails": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": function, "Payload": {"n": 7, "fail": True}},
                  "Retry": [{"ErrorEquals": ["TypeError"], "MaxAttempts": 2, "IntervalSeconds": 1}],
                  "Catch": [{"ErrorEquals": ["Other"], "Next": "No"}, {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Done"}], "Next": "No"},
        "Done": {"Type": "Succeed"},
    }
    machine = make_machine(cloud, "porch-states", states)
    run = finished(cloud, machine, name="big", input=json.dumps({"n": 21, "deep": {"list": [1, "two"]}}))
    output = json.loads(run["output"])
    assert run["status"] == "SUCCEEDED" and output["made"] == {"n": 21, "list": "two", "who": "big"} and output["result"] == {"double": 42}, run
    events = cloud.same("GetExecutionHistory", executionArn=run["executionArn"])["events"]
    assert [event["type"] for event in events] == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited", "TaskStateEntered", "TaskScheduled",
        "TaskSucceeded", "TaskStateExited", "WaitStateEntered", "WaitStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"], events
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    run = finished(cloud, machine, input=json.dumps({"n": 1, "deep": {"list": [1, 2]}}))
    assert (run["status"], run["error"], run["cause"]) == ("FAILED", "Porch.TooSmall", "it is small"), run
    run = finished(cloud, machine, input=json.dumps({"n": 7, "deep": {"list": [1, 2]}}))
    assert run["status"] == "SUCCEEDED" and json.loads(run["output"])["error"]["Error"] == "TypeError", run
    kinds = [event["type"] for event in cloud.pages("GetExecutionHistory", executionArn=run["executionArn"])]
    assert kinds.count("TaskFailed") == 3, kinds
    run = finished(cloud, machine, input="{}")
    assert (run["status"], run["error"]) == ("FAILED", "States.ParameterPathFailure"), run
    for wrong, states in (("Map", {"First": {"Type": "Map", "Iterator": {}, "End": True}}),
                          ("functions", {"First": {"Type": "Pass", "Parameters": {"a.$": "States.UUID()"}, "End": True}}),
                          ("task", {"First": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}})):
        run = finished(cloud, make_machine(cloud, "porch-wrong-" + wrong, states))
        assert (run["status"], run["error"]) == ("FAILED", "States.Runtime"), (wrong, run)


@scenario("stepfunctions", moto=False)
def switching_a_site_live(cloud):
    """What the workflow of a pipeline does: the key "live" of a store, in JSONata."""
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName="porch-flip-store", TemplateBody=json.dumps({
        "Resources": {"Store": {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": "porch-flip"}}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Store", "Arn"]}}}}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="porch-flip-store", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    store = cloudformation.describe_stacks(StackName="porch-flip-store")["Stacks"][0]["Outputs"][0]["OutputValue"]
    kvs = "arn:aws:states:::aws-sdk:cloudfrontkeyvaluestore:"
    machine = make_machine(cloud, "porch-flip", {
        "Describe": {"Type": "Task", "Resource": kvs + "describeKeyValueStore", "Arguments": {"KvsARN": store},
                     "Output": {"etag": "{% $states.result.ETag %}", "live": "{% $states.input.live %}"}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Condition": "{% $exists($states.input.live) and $states.input.live != '' %}", "Next": "Put"}], "Default": "Nothing"},
        "Nothing": {"Type": "Fail", "Error": "Porch.Nothing"},
        "Put": {"Type": "Task", "Resource": kvs + "putKey", "End": True, "Assign": {"now": "{% 'd/' & $states.input.live %}"},
                "Arguments": {"KvsARN": store, "Key": "live", "Value": "{% $states.input.live %}", "IfMatch": "{% $states.input.etag %}"},
                "Output": "{% $states.result.ItemCount %}"}}, start="Describe", QueryLanguage="JSONata")
    run = finished(cloud, machine, input='{"live": "20260101-000000-abcdef"}')
    assert run["status"] == "SUCCEEDED" and json.loads(run["output"]) == 1, run
    reader = make_machine(cloud, "porch-flip-read", {"First": {"Type": "Task", "Resource": kvs + "getKey", "Arguments": {"KvsARN": store, "Key": "live"}, "End": True}},
                          QueryLanguage="JSONata")
    assert json.loads(finished(cloud, reader)["output"]) == {"Key": "live", "Value": "20260101-000000-abcdef"}
    assert finished(cloud, machine, input='{"live": ""}')["error"] == "Porch.Nothing"
    stale = make_machine(cloud, "porch-flip-stale", {"First": {"Type": "Task", "Resource": kvs + "putKey", "End": True,
                         "Arguments": {"KvsARN": store, "Key": "live", "Value": "x", "IfMatch": "KVOLD"}}}, QueryLanguage="JSONata")
    assert finished(cloud, stale)["error"] == "CloudFrontKeyValueStore.ConflictException"
    assert finished(cloud, machine, input="{}")["error"] == "States.QueryEvaluationError"
