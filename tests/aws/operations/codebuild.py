# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects and builds. Builds of moto succeed without being run; those of the practice cloud fail and say why."""

import json
import time

from operations import scenario

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def make_role(cloud, name, service):
    """A role that a service may assume, made by a stack."""
    trust = json.loads(json.dumps(TRUST).replace("codebuild.", service + "."))
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=name, Capabilities=["CAPABILITY_IAM"], TemplateBody=json.dumps({
        "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [
            {"PolicyName": "main", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}}}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    return cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]


def make_project(cloud, name):
    role = make_role(cloud, name + "-role", "codebuild")
    cloud.client("codebuild").create_project(
        name=name, description="a ü", source={"type": "S3", "location": "bucket/source.zip", "buildspec": "version: 0.2"},
        artifacts={"type": "NO_ARTIFACTS"}, serviceRole=role,
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"})
    return name


@scenario("codebuild")
def projects(cloud):
    name = make_project(cloud, "porch-project")
    known = cloud.same("BatchGetProjects", names=[name, "porch-missing"] if not cloud.is_moto else [name])
    assert [one["name"] for one in known["projects"]] == [name] and known["projects"][0]["environment"]["image"] == "aws/codebuild/standard:7.0", known
    assert cloud.is_moto or known["projectsNotFound"] == ["porch-missing"]
    assert not cloud.pages("ListBuildsForProject", projectName=name)
    cloud.both_refused("ResourceNotFoundException", "StartBuild", projectName="porch-missing", message=False)
    cloud.both_refused("ResourceNotFoundException", "ListBuildsForProject", projectName="porch-missing", message=False)


@scenario("codebuild")
def builds(cloud):
    name = make_project(cloud, "porch-builds")
    first = cloud.ours("StartBuild", projectName=name, idempotencyToken="token-1", environmentVariablesOverride=[
        {"name": "SITE", "value": "a", "type": "PLAINTEXT"}])["build"]
    assert first["projectName"] == name and first["id"].startswith(name + ":") and (cloud.is_moto or first["buildNumber"] == 1), first
    if not cloud.is_moto:
        assert cloud.ours("StartBuild", projectName=name, idempotencyToken="token-1")["build"]["id"] == first["id"]
    second = cloud.theirs("StartBuild", projectName=name)["build"]
    listed = cloud.pages("ListBuildsForProject", projectName=name, sortOrder="DESCENDING")
    assert sorted(listed) == sorted([first["id"], second["id"]])
    assert cloud.is_moto or listed == [second["id"], first["id"]]
    stopped = cloud.ours("StopBuild", id=second["id"])["build"]
    assert stopped["id"] == second["id"]
    end = time.monotonic() + 120
    while not cloud.ours("BatchGetBuilds", ids=[first["id"]])["builds"][0].get("buildComplete") and not cloud.is_moto:
        assert time.monotonic() < end
        time.sleep(0.05)
    # moto goes on with each look
    known = cloud.ours("BatchGetBuilds", ids=[first["id"], second["id"]])["builds"]
    assert [one["id"] for one in known] == [first["id"], second["id"]]
    if cloud.is_moto:
        return
    cloud.same("BatchGetBuilds", ids=[first["id"], name + ":missing"])
    assert known[0]["buildStatus"] == "FAILED" and known[0]["currentPhase"] == "COMPLETED", known[0]
    phases = {phase["phaseType"]: phase for phase in known[0]["phases"]}
    assert phases["QUEUED"]["phaseStatus"] == "SUCCEEDED" and phases["PROVISIONING"]["phaseStatus"] == "FAILED", phases
    assert "does not run builds" in phases["PROVISIONING"]["contexts"][0]["message"]
    log = known[0]["logs"]
    while True:
        try:
            events = cloud.client("logs").get_log_events(logGroupName=log["groupName"], logStreamName=log["streamName"], startFromHead=True)["events"]
            break
        except cloud.client("logs").exceptions.ResourceNotFoundException:
            assert time.monotonic() < end
            time.sleep(0.05)
    assert "does not run builds" in events[0]["message"], events
    cloud.refused("ResourceNotFoundException", "StopBuild", id=name + ":missing")
