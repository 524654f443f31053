# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines and their runs. moto keeps pipelines and runs none."""

import json
import time

from operations import scenario
from operations.codebuild import make_project, make_role
from operations.stepfunctions import make_machine

LACKS = {"GetPipelineState", "ListPipelineExecutions", "GetPipelineExecution", "ListActionExecutions", "StartPipelineExecution", "StopPipelineExecution"}


def action(name, category, provider, namespace=None, **configuration):
    more = {"namespace": namespace} if namespace else {}
    return {"name": name, "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"}, "configuration": configuration, **more}


def make_pipeline(cloud, name, *stages, mode="QUEUED"):
    role = make_role(cloud, name + "-role", "codepipeline")
    cloud.client("codepipeline").create_pipeline(pipeline={
        "name": name, "roleArn": role, "artifactStore": {"type": "S3", "location": "porch-artifacts"}, "executionMode": mode, "pipelineType": "V2",
        "stages": [{"name": title, "actions": [{**each, **({"outputArtifacts": [{"name": "Source"}]} if number == 0 else {})} for each in actions]}
                   for number, (title, *actions) in enumerate(stages)]})
    return name


def bucket_with_source(cloud, name):
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": cloud.cloud.environment["AWS_REGION"]})
    return s3.put_object(Bucket=name, Key="site.zip", Body=b"zip")["ETag"].strip('"')


def source(bucket):
    return ("Source", action("Source", "Source", "S3", "source", S3Bucket=bucket, S3ObjectKey="site.zip"))


def wait(cloud, name, run, *statuses):
    end = time.monotonic() + 120
    while True:
        known = cloud.ours("GetPipelineExecution", pipelineName=name, pipelineExecutionId=run)["pipelineExecution"]
        if known["status"] in statuses:
            return known
        assert time.monotonic() < end, known
        time.sleep(0.05)


def wait_for_approval(cloud, name):
    end = time.monotonic() + 120
    while True:
        state = cloud.ours("GetPipelineState", name=name)["stageStates"][1]
        if state["actionStates"][0].get("latestExecution", {}).get("status") == "InProgress":
            return state["latestExecution"]["pipelineExecutionId"]
        assert time.monotonic() < end, state
        time.sleep(0.05)


@scenario("codepipeline", moto_lacks=LACKS)
def pipelines(cloud):
    bucket_with_source(cloud, "porch-pipeline-plain")
    name = make_pipeline(cloud, "porch-pipeline", source("porch-pipeline-plain"), ("Live", action("Approve", "Approval", "Manual")))
    known = cloud.same("GetPipeline", name=name)
    assert known["pipeline"]["name"] == name and [stage["name"] for stage in known["pipeline"]["stages"]] == ["Source", "Live"], known
    assert known["pipeline"]["stages"][0]["actions"][0]["configuration"] == {"S3Bucket": "porch-pipeline-plain", "S3ObjectKey": "site.zip"}
    assert known["metadata"]["pipelineArn"].endswith(":" + name) and known["pipeline"]["version"] == 1
    cloud.both_refused("PipelineNotFoundException", "GetPipeline", name="porch-missing")
    state = cloud.same("GetPipelineState", name=name)
    assert [stage["stageName"] for stage in state["stageStates"]] == ["Source", "Live"], state
    cloud.both_refused("PipelineNotFoundException", "StartPipelineExecution", name="porch-missing")
    cloud.both_refused("PipelineExecutionNotFoundException", "GetPipelineExecution", pipelineName=name, pipelineExecutionId="0a1b2c3d-0000-1111-2222-333344445555")


@scenario("codepipeline", moto_lacks=LACKS, moto=False)
def runs(cloud):
    etag = bucket_with_source(cloud, "porch-pipeline-runs")
    machine = make_machine(cloud, "porch-pipeline-machine", {"First": {"Type": "Succeed"}})
    name = make_pipeline(cloud, "porch-runs", source("porch-pipeline-runs"), ("Approve", action("Approve", "Approval", "Manual")),
                         ("Live", action("Flip", "Invoke", "StepFunctions", "flip", StateMachineArn=machine, Input='{"live": "#{source.ETag}"}')))
    # It runs once by itself, as far as the approval
    first = wait_for_approval(cloud, name)
    assert cloud.same("GetPipelineExecution", pipelineName=name, pipelineExecutionId=first)["pipelineExecution"]["trigger"]["triggerType"] == "CreatePipeline"
    second = cloud.ours("StartPipelineExecution", name=name, clientRequestToken="token-1")["pipelineExecutionId"]
    assert cloud.ours("StartPipelineExecution", name=name, clientRequestToken="token-1")["pipelineExecutionId"] == second != first
    listed = cloud.pages("ListPipelineExecutions", pipelineName=name, maxResults=1)
    assert [run["pipelineExecutionId"] for run in listed] == [second, first] and listed[0]["trigger"]["triggerType"] == "StartPipelineExecution", listed
    token = cloud.client().get_pipeline_state(name=name)["stageStates"][1]["actionStates"][0]["latestExecution"]["token"]
    cloud.client().put_approval_result(pipelineName=name, stageName="Approve", actionName="Approve", token=token, result={"summary": "good", "status": "Approved"})
    done = wait(cloud, name, first, "Succeeded", "Failed")
    assert done["status"] == "Succeeded" and done["artifactRevisions"][0]["revisionId"] == etag, done
    steps = cloud.same("ListActionExecutions", pipelineName=name, filter={"pipelineExecutionId": first})["actionExecutionDetails"]
    assert [(step["stageName"], step["actionName"], step["status"]) for step in steps] == \
        [("Live", "Flip", "Succeeded"), ("Approve", "Approve", "Succeeded"), ("Source", "Source", "Succeeded")], steps
    execution = steps[0]["output"]["executionResult"]["externalExecutionId"]
    assert json.loads(cloud.client("stepfunctions").describe_execution(executionArn=execution)["input"]) == {"live": etag}
    # The next one waits where the first was, and is stopped there
    assert wait_for_approval(cloud, name) == second
    cloud.ours("StopPipelineExecution", pipelineName=name, pipelineExecutionId=second, abandon=True, reason="no longer needed")
    assert wait(cloud, name, second, "Stopped")["statusSummary"] == "no longer needed"
    assert cloud.ours("GetPipelineState", name=name)["stageStates"][1]["actionStates"][0]["latestExecution"]["status"] == "Abandoned"
    cloud.both_refused("PipelineExecutionNotStoppableException", "StopPipelineExecution", pipelineName=name, pipelineExecutionId=second)
    # A rejection is the end
    third = cloud.ours("StartPipelineExecution", name=name)["pipelineExecutionId"]
    assert wait_for_approval(cloud, name) == third
    token = cloud.client().get_pipeline_state(name=name)["stageStates"][1]["actionStates"][0]["latestExecution"]["token"]
    cloud.client().put_approval_result(pipelineName=name, stageName="Approve", actionName="Approve", token=token, result={"summary": "bad", "status": "Rejected"})
    assert wait(cloud, name, third, "Succeeded", "Failed")["status"] == "Failed"


@scenario("codepipeline", moto_lacks=LACKS, moto=False)
def what_cannot_be_run_says_so(cloud):
    bucket_with_source(cloud, "porch-pipeline-fails")
    connection = cloud.client("codeconnections").create_connection(ConnectionName="porch-pipeline", ProviderType="GitHub")["ConnectionArn"]
    project = make_project(cloud, "porch-pipeline-project")
    code = ("Source", action("Source", "Source", "CodeStarSourceConnection", ConnectionArn=connection, FullRepositoryId="a/b", BranchName="main"))
    live = ("Live", action("Approve", "Approval", "Manual"))
    for name, stages, failing, words in (
            ("pending", (code, live), 0, "connection is not available"),
            ("missing", (("Source", action("Source", "Source", "S3", S3Bucket="porch-pipeline-fails", S3ObjectKey="none.zip")), live), 0, "was not found"),
            ("build", (source("porch-pipeline-fails"), ("Build", action("Build", "Build", "CodeBuild", ProjectName=project))), 1, "does not run builds"),
            ("other", (source("porch-pipeline-fails"), ("Live", action("Deploy", "Deploy", "ECS", ClusterName="c"))), 1, "no actions of the provider ECS")):
        pipeline = make_pipeline(cloud, "porch-fails-" + name, *stages)
        run = cloud.ours("ListPipelineExecutions", pipelineName=pipeline)["pipelineExecutionSummaries"][0]["pipelineExecutionId"]
        assert wait(cloud, pipeline, run, "Succeeded", "Failed")["status"] == "Failed", name
        state = cloud.same("GetPipelineState", name=pipeline)["stageStates"][failing]
        assert state["latestExecution"] == {"pipelineExecutionId": run, "status": "Failed"}, state
        assert words in state["actionStates"][0]["latestExecution"]["errorDetails"]["message"], state
