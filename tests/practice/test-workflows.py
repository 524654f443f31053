#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the practice cloud itself can show of functions, metrics, builds, pipelines and workflows: that visits are counted,
that states take their time, that what is underway goes on after a kill, that rights count, and what it answers to what it lacks."""

import datetime
import http.client
import io
import json
import time
import zipfile

import botocore.exceptions

import psite
from practice import Practice, expect
from tap import case, run

CODE = "exports.handler = async () => 'old';"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": ["lambda", "states", "codebuild", "codepipeline"]}, "Action": "sts:AssumeRole"}]}


def template(account):
    trust = json.loads(json.dumps(TRUST))
    trust["Statement"][0]["Principal"]["Service"] = [f"{name}.amazonaws.com" for name in trust["Statement"][0]["Principal"]["Service"]]
    everything = [{"PolicyName": "main", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]
    person = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}]}
    little = [{"PolicyName": "main", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
        {"Effect": "Allow", "Action": "lambda:GetFunction*", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}}]}}]
    return {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": everything}},
            "Person": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": person, "Policies": little}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs22.x", "Handler": "index.handler",
                                                                         "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": {"ZipFile": CODE}}},
        },
        "Outputs": {name: {"Value": value} for name, value in {
            "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Person": {"Fn::GetAtt": ["Person", "Arn"]}, "Function": {"Ref": "Function"}}.items()},
    }


class Works:
    def __init__(self):
        self.cloud = Practice()
        account = self.cloud.client("sts").get_caller_identity()["Account"]
        _, self.outputs = psite.create(self.cloud.client("cloudformation"), "works", template(account))
        self.function, self.role = self.outputs["Function"], self.outputs["Role"]

    def machine(self, name, states):
        return self.cloud.client("stepfunctions").create_state_machine(
            name=name, roleArn=self.role, definition=json.dumps({"StartAt": "First", "States": states}))["stateMachineArn"]

    def refused(self, code, call, **parameters):
        try:
            call(**parameters)
        except botocore.exceptions.ClientError as error:
            expect(error.response["Error"]["Code"], code)
            return error.response["Error"]["Message"]
        raise AssertionError(f"not refused: {code}")

    def until(self, wanted, look):
        end = time.monotonic() + 90
        while True:
            seen = look()
            if wanted(seen):
                return seen
            assert time.monotonic() < end, seen
            time.sleep(0.05)


def archive(code):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as stream:
        stream.writestr("index.js", code)
    return data.getvalue()


@case
def visits_are_counted(works):
    cloudformation = works.cloud.client("cloudformation")
    _, outputs = psite.create(cloudformation, "porchlight-counted-abc123", psite.load_template(), Parameters=psite.parameters())
    distribution = outputs["DistributionId"]
    for _ in range(3):
        connection = http.client.HTTPConnection("127.0.0.1", works.cloud.port, timeout=60)
        connection.request("GET", "/", headers={"Host": outputs["DistributionHost"]})
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
        connection.close()
    # Nothing was published yet, so these are errors of the visitor's
    now = datetime.datetime.now(datetime.timezone.utc)

    def total(name, stat, space_dimensions):
        found = works.cloud.client("cloudwatch", region="us-east-1").get_metric_statistics(
            Namespace="AWS/CloudFront", MetricName=name, Dimensions=[{"Name": key, "Value": value} for key, value in space_dimensions], Period=86400,
            Statistics=[stat], StartTime=now - datetime.timedelta(days=2), EndTime=now + datetime.timedelta(hours=1))["Datapoints"]
        return [point[stat] for point in found]

    site = (("DistributionId", distribution), ("Region", "Global"))
    expect(total("Requests", "Sum", site), [3.0], "requests")
    expect(total("BytesDownloaded", "Sum", site), [3.0 * len(body)], "bytes")
    expect(total("4xxErrorRate", "Average", site), [100.0 if 400 <= status < 500 else 0.0], "errors")
    expect(total("5xxErrorRate", "Average", site), [100.0 if status >= 500 else 0.0], "errors of ours")
    listed = works.cloud.client("cloudwatch", region="us-east-1").list_metrics(Namespace="AWS/CloudFront", MetricName="FunctionInvocations")["Metrics"]
    router = {one["Name"]: one["Value"] for one in listed[0]["Dimensions"]}
    expect(total("FunctionInvocations", "Sum", tuple(router.items())), [3.0], "function")
    # Counted is counted, also when the practice cloud is closed at once
    works.cloud.stop()
    works.cloud.start(port=works.cloud.port)
    expect(total("Requests", "Sum", site), [3.0], "requests after a restart")


@case
def updates_of_functions_take_their_time(works):
    works.cloud.stop()
    works.cloud.start(port=works.cloud.port, delays="0.5")
    client = works.cloud.client("lambda")
    first = client.update_function_code(FunctionName=works.function, ZipFile=archive("exports.handler = async () => 'new';"))
    expect(first["LastUpdateStatus"], "InProgress")
    works.refused("ResourceConflictException", client.update_function_configuration, FunctionName=works.function, Timeout=9)
    client.get_waiter("function_updated").wait(FunctionName=works.function, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    expect(json.loads(client.invoke(FunctionName=works.function)["Payload"].read()), "new")
    works.cloud.stop()
    works.cloud.start(port=works.cloud.port)
    expect(json.loads(works.cloud.client("lambda").invoke(FunctionName=works.function)["Payload"].read()), "new", "after a restart")
    # The template's next code goes before what was uploaded
    cloudformation = works.cloud.client("cloudformation")
    account = works.cloud.client("sts").get_caller_identity()["Account"]
    changed = template(account)
    changed["Resources"]["Function"]["Properties"]["Code"]["ZipFile"] = "exports.handler = async () => 'stack';"
    cloudformation.update_stack(StackName="works", TemplateBody=json.dumps(changed), Capabilities=["CAPABILITY_IAM"])
    psite.wait(cloudformation, "works", "UPDATE_COMPLETE")
    expect(json.loads(works.cloud.client("lambda").invoke(FunctionName=works.function)["Payload"].read()), "stack")


@case
def what_is_underway_survives_a_kill(works):
    client = works.cloud.client("stepfunctions")
    machine = works.machine("porch-kill", {
        "First": {"Type": "Pass", "Result": {"kept": True}, "Next": "Pause"}, "Pause": {"Type": "Wait", "Seconds": 3, "Next": "Last"}, "Last": {"Type": "Succeed"}})
    arn = client.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    works.until(lambda events: events[-1]["type"] == "WaitStateEntered", lambda: client.get_execution_history(executionArn=arn)["events"])
    works.cloud.client("s3").create_bucket(Bucket="porch-kill", CreateBucketConfiguration={"LocationConstraint": works.cloud.region})
    works.cloud.client("s3").put_object(Bucket="porch-kill", Key="a.zip", Body=b"a")
    action = {"owner": "AWS", "version": "1"}
    works.cloud.client("codepipeline").create_pipeline(pipeline={
        "name": "porch-kill", "roleArn": works.role, "artifactStore": {"type": "S3", "location": "porch-kill"}, "stages": [
            {"name": "Source", "actions": [{"name": "S", "actionTypeId": {**action, "category": "Source", "provider": "S3"},
                                            "configuration": {"S3Bucket": "porch-kill", "S3ObjectKey": "a.zip"}, "outputArtifacts": [{"name": "a"}]}]},
            {"name": "Approve", "actions": [{"name": "A", "actionTypeId": {**action, "category": "Approval", "provider": "Manual"}}]}]})

    def approval():
        return works.cloud.client("codepipeline").get_pipeline_state(name="porch-kill")["stageStates"][1]["actionStates"][0].get("latestExecution", {})

    token = works.until(lambda seen: seen.get("status") == "InProgress", approval)["token"]
    works.cloud.kill()
    works.cloud.start(port=works.cloud.port)
    client = works.cloud.client("stepfunctions")
    done = works.until(lambda seen: seen["status"] != "RUNNING", lambda: client.describe_execution(executionArn=arn))
    expect((done["status"], done["output"]), ("SUCCEEDED", '{"kept":true}'))
    kinds = [event["type"] for event in client.get_execution_history(executionArn=arn)["events"]]
    expect(kinds.count("WaitStateEntered"), 1, "entered once")
    expect(approval()["token"], token, "the approval waits on")
    works.cloud.client("codepipeline").put_approval_result(pipelineName="porch-kill", stageName="Approve", actionName="A", token=token,
                                                           result={"summary": "", "status": "Approved"})
    works.until(lambda runs: runs[0]["status"] == "Succeeded",
                lambda: works.cloud.client("codepipeline").list_pipeline_executions(pipelineName="porch-kill")["pipelineExecutionSummaries"])


@case
def newer_runs_overtake(works):
    """In a pipeline that is not queued, only the newest of the runs that wait for a stage stays."""
    client = works.cloud.client("codepipeline")
    declaration = client.get_pipeline(name="porch-kill")["pipeline"]
    expect(declaration["executionMode"], "SUPERSEDED")
    ids = []
    for _ in range(3):
        ids.append(client.start_pipeline_execution(name="porch-kill")["pipelineExecutionId"])
        known = works.until(lambda runs: any(step["actionName"] == "S" and step["status"] == "Succeeded" for step in runs),
                            lambda: client.list_action_executions(pipelineName="porch-kill", filter={"pipelineExecutionId": ids[-1]})["actionExecutionDetails"])
        assert known
    works.until(lambda run: run["status"] == "Superseded",
                lambda: client.get_pipeline_execution(pipelineName="porch-kill", pipelineExecutionId=ids[1])["pipelineExecution"])
    states = {run["pipelineExecutionId"]: run["status"] for run in client.list_pipeline_executions(pipelineName="porch-kill")["pipelineExecutionSummaries"]}
    expect((states[ids[0]], states[ids[2]]), ("InProgress", "InProgress"))


@case
def rights_count(works):
    keys = works.cloud.client("sts").assume_role(RoleArn=works.outputs["Person"], RoleSessionName="person")["Credentials"]

    def client(name):
        import boto3
        return boto3.client(name, endpoint_url=works.cloud.endpoint, region_name=works.cloud.region, aws_access_key_id=keys["AccessKeyId"],
                            aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])

    client("logs").describe_log_groups()
    client("lambda").get_function(FunctionName=works.function)
    for name, call, code, parameters in (
            ("logs", "create_log_group", "AccessDeniedException", {"logGroupName": "/a"}),
            ("lambda", "invoke", "AccessDeniedException", {"FunctionName": works.function}),
            ("cloudwatch", "list_metrics", "AccessDenied", {}),
            ("codepipeline", "get_pipeline", "AccessDeniedException", {"name": "porch-kill"}),
            ("codebuild", "list_builds_for_project", "AccessDeniedException", {"projectName": "p"}),
            ("codeconnections", "list_connections", "AccessDeniedException", {}),
            ("stepfunctions", "list_state_machines", "AccessDeniedException", {})):
        message = works.refused(code, getattr(client(name), call), **parameters)
        assert "is not authorized to perform" in message, message


@case
def what_is_not_there_is_refused(works):
    for name, call, parameters in (("logs", "describe_queries", {}), ("lambda", "list_layers", {}), ("cloudwatch", "list_dashboards", {}),
                                   ("codepipeline", "list_webhooks", {}), ("codebuild", "list_fleets", {}), ("codeconnections", "list_hosts", {}),
                                   ("stepfunctions", "list_activities", {})):
        try:
            getattr(works.cloud.client(name), call)(**parameters)
            raise AssertionError(f"{name} has {call}")
        except botocore.exceptions.ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404), error.response
            assert error.response["Error"]["Code"].rsplit("#")[-1] in ("UnknownOperationException", "InvalidAction"), error.response


run(setup=Works, teardown=lambda works: works and works.cloud.close())
