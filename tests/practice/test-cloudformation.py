#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation of the practice cloud: our own template through its life, updates, deletion, rollback, kills."""

import copy
import json
import pathlib
import time

import psite
from aws_program import AwsProgram
from practice import expect, refused
from psite import Cloud, resources
from tap import case, run

TEMPLATE = psite.load_template()
BUCKET = {"Resources": {"Box": {"Type": "AWS::S3::Bucket"}}}


@case
def our_template(cloud):
    token = psite.token()
    description, outputs = cloud.create("porchlight-cafe-abc123", TEMPLATE, Parameters=psite.parameters(**psite.FORM), ClientRequestToken=token,
                                        Tags=[{"Key": "application", "Value": "porchlight"}, {"Key": "site", "Value": "site-1"}])
    cloud.stack = description["StackId"]
    expect(outputs["DistributionHost"], f"cafe-abc123.localhost:{cloud.cloud.port}")
    expect(outputs["SiteName"], "Café Morgenrot")
    assert outputs["StoreArn"].startswith("arn:aws:cloudfront::") and ":key-value-store/" in outputs["StoreArn"]
    assert outputs["ApiHost"].endswith(f".execute-api.{cloud.cloud.region}.amazonaws.com")
    values = {one["ParameterKey"]: one["ParameterValue"] for one in description["Parameters"]}
    expect((values["ApiSecret"], values["FormEnabled"], values["FormPath"]), ("****", "true", "/_porchlight/contact"))
    expect({tag["Key"]: tag["Value"] for tag in description["Tags"]}, {"application": "porchlight", "site": "site-1"})

    events = psite.events(cloud.cf, cloud.stack)
    expect([event["ResourceStatus"] for event in events if event["ResourceType"] == "AWS::CloudFormation::Stack"], ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
    expect({event.get("ClientRequestToken") for event in events}, {token})
    expect(psite.statuses(cloud.cf, cloud.stack, "Distribution"), ["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
    done = [event["LogicalResourceId"] for event in events if event["ResourceStatus"] == "CREATE_COMPLETE"]
    for first, second in (("Bucket", "Distribution"), ("Router", "Distribution"), ("Distribution", "BucketPolicy"), ("Table", "NotifyRole"),
                          ("NotifyRole", "Notify"), ("Notify", "NotifySource"), ("ApiIntegration", "ApiRoute")):
        assert done.index(first) < done.index(second), (first, second, done)
    expect(len(cloud.cf.describe_stack_resources(StackName=cloud.stack)["StackResources"]),
           len([one for one in json.loads(TEMPLATE)["Resources"].values() if one.get("Condition") != "HasVisits"]))
    expect(cloud.cf.get_template(StackName=cloud.stack)["TemplateBody"], json.loads(TEMPLATE))


@case
def what_was_made(cloud):
    outputs = psite.outputs(cloud.cf.describe_stacks(StackName=cloud.stack)["Stacks"][0])
    expect(cloud.s3.get_public_access_block(Bucket=outputs["Bucket"])["PublicAccessBlockConfiguration"]["BlockPublicPolicy"], True)
    policy = json.loads(cloud.s3.get_bucket_policy(Bucket=outputs["Bucket"])["Policy"])
    assert outputs["DistributionId"] in json.dumps(policy)
    distribution = cloud.cloud.client("cloudfront").get_distribution(Id=outputs["DistributionId"])["Distribution"]
    expect(distribution["DistributionConfig"]["Enabled"], True)
    expect([origin["Id"] for origin in distribution["DistributionConfig"]["Origins"]["Items"]], ["files", "api"])
    table = cloud.cloud.client("dynamodb").describe_table(TableName=outputs["Table"])["Table"]
    expect((table["TableStatus"], table["StreamSpecification"]["StreamViewType"]), ("ACTIVE", "NEW_IMAGE"))
    credentials = cloud.cloud.client("sts").assume_role(RoleArn=outputs["PublisherRole"], RoleSessionName="test")["Credentials"]
    role = cloud.cloud.client("dynamodb", key=credentials["AccessKeyId"], secret=credentials["SecretAccessKey"], token=credentials["SessionToken"])
    expect(refused(role.scan, TableName=outputs["Table"])[1], "AccessDeniedException")


@case
def no_update(cloud):
    for arguments in ({"TemplateBody": TEMPLATE, "Parameters": psite.parameters(**psite.FORM)},
                      {"UsePreviousTemplate": True, "Parameters": [{"ParameterKey": one["ParameterKey"], "UsePreviousValue": True}
                                                                   for one in psite.parameters(**psite.FORM)]}):
        expect(refused(cloud.cf.update_stack, StackName=cloud.stack, Capabilities=["CAPABILITY_IAM"], **arguments),
               (400, "ValidationError", "No updates are to be performed."))


@case
def update_in_place(cloud):
    given = {**psite.FORM, "Owner": "new@example.org"}
    cloud.cf.update_stack(StackName=cloud.stack, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"], Parameters=psite.parameters(**given))
    psite.wait(cloud.cf, cloud.stack, "UPDATE_COMPLETE")
    touched = {event["LogicalResourceId"] for event in psite.events(cloud.cf, cloud.stack) if event["ResourceStatus"] == "UPDATE_IN_PROGRESS"}
    expect(touched, {"porchlight-cafe-abc123", "Notify"})


@case
def form_off_and_on(cloud):
    cloud.cf.update_stack(StackName=cloud.stack, UsePreviousTemplate=True, Capabilities=["CAPABILITY_IAM"],
                          Parameters=psite.parameters(FormEnabled="false", KeepMessages="true"))
    description = psite.wait(cloud.cf, cloud.stack, "UPDATE_COMPLETE")
    assert "ApiHost" not in psite.outputs(description) and "Table" in psite.outputs(description)
    expect(len(cloud.cf.describe_stack_resources(StackName=cloud.stack)["StackResources"]),
           len([one for one in json.loads(TEMPLATE)["Resources"].values() if one.get("Condition") in (None, "HasStore", "HasTable")]))
    expect(psite.statuses(cloud.cf, cloud.stack, "Contact")[-2:], ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"])
    table = psite.outputs(description)["Table"]
    cloud.cf.update_stack(StackName=cloud.stack, UsePreviousTemplate=True, Capabilities=["CAPABILITY_IAM"], Parameters=psite.parameters(**psite.FORM))
    outputs = psite.outputs(psite.wait(cloud.cf, cloud.stack, "UPDATE_COMPLETE"))
    expect(outputs["Table"], table)
    assert "ApiHost" in outputs


@case
def tags_only(cloud):
    cloud.cf.update_stack(StackName=cloud.stack, UsePreviousTemplate=True, Capabilities=["CAPABILITY_IAM"], Parameters=psite.parameters(**psite.FORM),
                          Tags=[{"Key": "application", "Value": "porchlight"}])
    description = psite.wait(cloud.cf, cloud.stack, "UPDATE_COMPLETE")
    expect(description["Tags"], [{"Key": "application", "Value": "porchlight"}])


@case
def update_that_fails_is_taken_back(cloud):
    before = psite.outputs(cloud.cf.describe_stacks(StackName=cloud.stack)["Stacks"][0])
    template = json.loads(TEMPLATE)
    template["Resources"]["Extra"] = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}
    template["Resources"]["Store"]["Properties"]["Comment"] = "Changed"
    template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]["TargetOriginId"] = "nowhere"
    cloud.cf.update_stack(StackName=cloud.stack, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"], Parameters=psite.parameters(**psite.FORM))
    description = psite.wait(cloud.cf, cloud.stack, "UPDATE_ROLLBACK_COMPLETE")
    assert "One or more of your origins" in psite.reasons(cloud.cf, cloud.stack)[-1]
    expect(psite.outputs(description), before)
    expect(cloud.cf.get_template(StackName=cloud.stack)["TemplateBody"], json.loads(TEMPLATE))
    names = [one["LogicalResourceId"] for one in cloud.cf.describe_stack_resources(StackName=cloud.stack)["StackResources"]]
    assert "Extra" not in names, names
    expect(refused(cloud.cf.update_stack, StackName=cloud.stack, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"],
                   Parameters=psite.parameters(**psite.FORM))[2], "No updates are to be performed.")


@case
def replacement(cloud):
    template = resources(Log={"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/one"}})
    template["Outputs"] = {"Name": {"Value": {"Ref": "Log"}}}
    description, _ = cloud.create("replaced", template)
    template["Resources"]["Log"]["Properties"]["LogGroupName"] = "/two"
    cloud.cf.update_stack(StackName="replaced", TemplateBody=json.dumps(template))
    expect(psite.outputs(psite.wait(cloud.cf, description["StackId"], "UPDATE_COMPLETE"))["Name"], "/two")
    events = psite.events(cloud.cf, "replaced")
    assert any("requires the creation of a new physical resource" in event.get("ResourceStatusReason", "") for event in events)
    expect([event["PhysicalResourceId"] for event in events if event["ResourceStatus"] == "DELETE_COMPLETE"], ["/one"])
    template["Resources"]["Log"]["Properties"]["LogGroupName"] = "/three"
    template["Resources"]["Wrong"] = {"Type": "AWS::S3::BucketPolicy", "DependsOn": "Log", "Properties": {"Bucket": "no-such-bucket-anywhere", "PolicyDocument": {}}}
    cloud.cf.update_stack(StackName="replaced", TemplateBody=json.dumps(template))
    expect(psite.outputs(psite.wait(cloud.cf, description["StackId"], "UPDATE_ROLLBACK_COMPLETE"))["Name"], "/two")
    expect([one["PhysicalResourceId"] for one in cloud.cf.describe_stack_resources(StackName="replaced")["StackResources"]], ["/two"])


@case
def names_and_tokens(cloud):
    token = psite.token()
    first = cloud.start("twice", BUCKET, ClientRequestToken=token)
    expect(cloud.start("twice", BUCKET, ClientRequestToken=token), first)
    expect(refused(cloud.start, "twice", BUCKET)[1:], ("AlreadyExistsException", "Stack [twice] already exists"))
    expect(refused(cloud.start, "twice", BUCKET, ClientRequestToken=psite.token())[1], "AlreadyExistsException")
    psite.wait(cloud.cf, first, "CREATE_COMPLETE")
    name = cloud.cf.describe_stack_resource(StackName="twice", LogicalResourceId="Box")["StackResourceDetail"]["PhysicalResourceId"]
    assert name.startswith("twice-box-"), name
    cloud.cf.delete_stack(StackName="twice", ClientRequestToken=psite.token())
    psite.wait(cloud.cf, first, "DELETE_COMPLETE")
    expect(refused(cloud.cf.describe_stacks, StackName="twice")[1:], ("ValidationError", "Stack with id twice does not exist"))
    expect(cloud.cf.describe_stacks(StackName=first)["Stacks"][0]["StackStatus"], "DELETE_COMPLETE")
    assert first in [one["StackId"] for one in cloud.cf.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]]
    assert first not in [one["StackId"] for page in cloud.cf.get_paginator("describe_stacks").paginate() for one in page["Stacks"]]


@case
def pages(cloud):
    template = {"Resources": {f"Log{number}": {"Type": "AWS::Logs::LogGroup"} for number in range(45)}}
    description, _ = cloud.create("many", template)
    first = cloud.cf.describe_stack_events(StackName="many")
    expect(len(first["StackEvents"]), 100)
    assert "NextToken" in first
    events = psite.events(cloud.cf, "many")
    expect(len(events), 2 + 45 * 3)
    expect(len({event["EventId"] for event in events}), len(events))
    for number in range(25):
        cloud.start(f"page-{number}", resources(Log={"Type": "AWS::Logs::LogGroup"}))
    names = {one["StackName"] for page in cloud.cf.get_paginator("describe_stacks").paginate() for one in page["Stacks"]}
    assert {f"page-{number}" for number in range(25)} <= names, names


@case
def full_bucket(cloud):
    template = {"Resources": {"Box": {"Type": "AWS::S3::Bucket"}, "Log": {"Type": "AWS::Logs::LogGroup"}}, "Outputs": {"Box": {"Value": {"Ref": "Box"}}}}
    description, outputs = cloud.create("full", template)
    arn = description["StackId"]
    cloud.s3.put_object(Bucket=outputs["Box"], Key="file", Body=b"x")
    cloud.cf.delete_stack(StackName=arn)
    description = psite.wait(cloud.cf, arn, "DELETE_FAILED")
    expect(description["StackStatusReason"], "The following resource(s) failed to delete: [Box]. ")
    reason = psite.reasons(cloud.cf, arn)[0]
    assert reason.startswith('Resource handler returned message: "The bucket you tried to delete is not empty (Service: S3, Status Code: 409'), reason
    expect(psite.statuses(cloud.cf, arn, "Log")[-1], "DELETE_COMPLETE")
    assert refused(cloud.cf.update_stack, StackName=arn, TemplateBody=json.dumps(BUCKET))[2].endswith("is in DELETE_FAILED state and can not be updated.")
    cloud.s3.delete_object(Bucket=outputs["Box"], Key="file")
    cloud.cf.delete_stack(StackName=arn)
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    expect(refused(cloud.s3.list_objects_v2, Bucket=outputs["Box"])[1], "NoSuchBucket")


@case
def retain_on_request(cloud):
    description, outputs = cloud.create("kept", {**BUCKET, "Outputs": {"Box": {"Value": {"Ref": "Box"}}}})
    expect(refused(cloud.cf.delete_stack, StackName="kept", RetainResources=["Box"])[1], "ValidationError")
    cloud.s3.put_object(Bucket=outputs["Box"], Key="file", Body=b"x")
    cloud.cf.delete_stack(StackName="kept")
    psite.wait(cloud.cf, description["StackId"], "DELETE_FAILED")
    cloud.cf.delete_stack(StackName="kept", RetainResources=["Box"])
    psite.wait(cloud.cf, description["StackId"], "DELETE_COMPLETE")
    expect(cloud.s3.get_object(Bucket=outputs["Box"], Key="file")["Body"].read(), b"x")


@case
def protected(cloud):
    cloud.create("safe", BUCKET, EnableTerminationProtection=True)
    expect(refused(cloud.cf.delete_stack, StackName="safe")[2], "Stack [safe] cannot be deleted while TerminationProtection is enabled")
    cloud.cf.update_termination_protection(StackName="safe", EnableTerminationProtection=False)
    cloud.cf.delete_stack(StackName="safe")


@case
def failures_as_asked(cloud):
    wrong = resources(Good={"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/good"}},
                      Bad={"Type": "AWS::S3::Bucket", "DependsOn": "Good", "Properties": {"BucketName": "Not A Name"}})
    arn = cloud.start("stays", wrong, OnFailure="DO_NOTHING")
    psite.wait(cloud.cf, arn, "CREATE_FAILED")
    expect(psite.statuses(cloud.cf, arn, "Good")[-1], "CREATE_COMPLETE")
    cloud.cf.delete_stack(StackName=arn)
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    arn = cloud.start("goes", wrong, OnFailure="DELETE")
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    arn = cloud.start("back", wrong)
    description = psite.wait(cloud.cf, arn, "ROLLBACK_COMPLETE")
    expect([status for status in psite.statuses(cloud.cf, arn, "Good")], ["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"])
    assert "[Bad]" in next(event["ResourceStatusReason"] for event in psite.events(cloud.cf, arn) if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS")
    assert refused(cloud.cf.update_stack, StackName=arn, TemplateBody=json.dumps(BUCKET))[2].endswith("is in ROLLBACK_COMPLETE state and can not be updated.")
    expect(refused(cloud.start, "back", BUCKET)[1], "AlreadyExistsException")


@case
def change_sets(cloud):
    cloud.cf.create_change_set(StackName="by-set", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=json.dumps(BUCKET))
    expect(cloud.cf.describe_stacks(StackName="by-set")["Stacks"][0]["StackStatus"], "REVIEW_IN_PROGRESS")
    answer = cloud.cf.describe_change_set(StackName="by-set", ChangeSetName="first")
    expect((answer["Status"], answer["ExecutionStatus"]), ("CREATE_COMPLETE", "AVAILABLE"))
    expect([(one["ResourceChange"]["Action"], one["ResourceChange"]["LogicalResourceId"]) for one in answer["Changes"]], [("Add", "Box")])
    cloud.cf.execute_change_set(StackName="by-set", ChangeSetName="first")
    psite.wait(cloud.cf, "by-set", "CREATE_COMPLETE")
    expect(refused(cloud.cf.execute_change_set, StackName="by-set", ChangeSetName="first")[1], "InvalidChangeSetStatus")
    cloud.cf.create_change_set(StackName="by-set", ChangeSetName="none", TemplateBody=json.dumps(BUCKET))
    answer = cloud.cf.describe_change_set(StackName="by-set", ChangeSetName="none")
    expect(answer["Status"], "FAILED")
    assert "didn't contain changes" in answer["StatusReason"]
    more = copy.deepcopy(BUCKET)
    more["Resources"]["Box"]["Properties"] = {"BucketName": "another-name-for-the-box"}
    more["Resources"]["Log"] = {"Type": "AWS::Logs::LogGroup"}
    cloud.cf.create_change_set(StackName="by-set", ChangeSetName="more", TemplateBody=json.dumps(more))
    changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in cloud.cf.describe_change_set(StackName="by-set", ChangeSetName="more")["Changes"]}
    expect((changes["Box"]["Action"], changes["Box"]["Replacement"], changes["Log"]["Action"]), ("Modify", "True", "Add"))
    cloud.cf.delete_change_set(StackName="by-set", ChangeSetName="more")
    expect(refused(cloud.cf.describe_change_set, StackName="by-set", ChangeSetName="more")[:2], (404, "ChangeSetNotFound"))


@case
def killed_in_the_middle(cloud):
    """Killed again and again while it is made: each time it goes on, and nothing is made twice."""
    cloud.cloud.restart(port=cloud.cloud.port, delays="0.02")
    cloud.connect()
    arn = cloud.start("porchlight-killed-abc123", TEMPLATE, Parameters=psite.parameters(**psite.FORM))
    kills = 0
    while cloud.cf.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"] == "CREATE_IN_PROGRESS":
        time.sleep(0.1)
        cloud.cloud.kill()
        kills += 1
        cloud.cloud.start(port=cloud.cloud.port, delays="0.02")
        cloud.connect()
    assert kills > 1, kills
    psite.wait(cloud.cf, arn, "CREATE_COMPLETE")
    made = [event["LogicalResourceId"] for event in psite.events(cloud.cf, arn) if event["ResourceStatus"] == "CREATE_COMPLETE"]
    expect(sorted(made), sorted(set(made)))
    expect(len(made), 1 + len([one for one in json.loads(TEMPLATE)["Resources"].values() if one.get("Condition") != "HasVisits"]))
    buckets = [one["Name"] for one in cloud.s3.list_buckets()["Buckets"] if one["Name"].startswith("porchlight-killed")]
    expect(len(buckets), 1)

    cloud.cf.delete_stack(StackName=arn)
    while cloud.cf.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"] == "DELETE_IN_PROGRESS":
        time.sleep(0.1)
        cloud.cloud.kill()
        cloud.cloud.start(port=cloud.cloud.port, delays="0.01")
        cloud.connect()
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    cloud.cloud.restart(port=cloud.cloud.port)
    cloud.connect()


@case
def delete_keeps_bucket_and_table(cloud):
    outputs = psite.outputs(cloud.cf.describe_stacks(StackName=cloud.stack)["Stacks"][0])
    cloud.cf.delete_stack(StackName=cloud.stack)
    psite.wait(cloud.cf, cloud.stack, "DELETE_COMPLETE")
    expect(psite.statuses(cloud.cf, cloud.stack, "Bucket")[-1], "DELETE_SKIPPED")
    cloud.s3.head_bucket(Bucket=outputs["Bucket"])
    cloud.cloud.client("dynamodb").describe_table(TableName=outputs["Table"])
    expect(refused(cloud.cloud.client("cloudfront").get_distribution, Id=outputs["DistributionId"])[1], "NoSuchDistribution")
    expect(refused(cloud.cloud.client("cloudfront").describe_key_value_store, Name="porchlight-cafe-abc123-live")[1], "EntityNotFound")


@case
def deleted_while_it_is_made(cloud):
    cloud.cloud.restart(port=cloud.cloud.port, delays="0.02")
    cloud.connect()
    arn = cloud.start("porchlight-stopped-abc123", TEMPLATE, Parameters=psite.parameters(**psite.FORM))
    while not any(event["ResourceStatus"] == "CREATE_COMPLETE" for event in psite.events(cloud.cf, arn)):
        time.sleep(0.02)
    assert refused(cloud.cf.update_stack, StackName=arn, TemplateBody=TEMPLATE)[2].endswith("is in CREATE_IN_PROGRESS state and can not be updated.")
    cloud.cf.delete_stack(StackName=arn)
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    expect([one["Name"] for one in cloud.s3.list_buckets()["Buckets"] if one["Name"].startswith("porchlight-stopped")], [])


@case
def by_the_aws_program(cloud):
    """Its waiters look again only after half a minute, so they are asked when there is nothing to wait for any more."""
    path = pathlib.Path(cloud.cloud.state) / "template.json"
    path.write_text(TEMPLATE)
    aws = AwsProgram(cloud.cloud.environment())
    which = ("--stack-name", "porchlight-cli-abc123")
    arn = aws("cloudformation", "create-stack", *which, "--template-body", f"file://{path}", "--capabilities", "CAPABILITY_IAM",
              "--parameters", "ParameterKey=SiteId,ParameterValue=1", "ParameterKey=SiteName,ParameterValue=CLI")["StackId"]
    psite.wait(cloud.cf, arn, "CREATE_COMPLETE")
    aws("cloudformation", "wait", "stack-create-complete", *which)
    expect(aws("cloudformation", "describe-stack-events", *which)["StackEvents"][0]["ResourceStatus"], "CREATE_COMPLETE")
    aws("cloudformation", "delete-stack", *which)
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    aws("cloudformation", "wait", "stack-delete-complete", *which)
    aws.close()


run(setup=Cloud, teardown=Cloud.close)
