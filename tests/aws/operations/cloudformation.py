# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import time

from . import scenario

NAME = f"scene-stack-{os.getpid()}"


def template(**resources):
    return json.dumps({"Parameters": {"Note": {"Type": "String", "Default": "n"}}, "Resources": resources,
                       "Outputs": {"Note": {"Value": {"Ref": "Note"}}}})


BUCKET = {"Type": "AWS::S3::Bucket"}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {
    "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}}
CODE = "function handler(event) { var request = event.request; return request; }"


def until(cloud, waiter, name):
    cloud.client().get_waiter(waiter).wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})


def rest(cloud, name):
    """The status of a stack that nothing is done to any more."""
    while True:
        status = cloud.client().describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.2)


def change_set(cloud, **which):
    """The change set once the service is through with it."""
    while True:
        seen = cloud.same("DescribeChangeSet", **which)
        if not seen["Status"].startswith("CREATE_") or seen["Status"] == "CREATE_COMPLETE":
            return seen
        time.sleep(0.2)


@scenario("cloudformation")
def life(cloud):
    body = template(Bucket=BUCKET)
    made = cloud.ours("CreateStack", StackName=NAME, TemplateBody=body, Parameters=[{"ParameterKey": "Note", "ParameterValue": "a ü"}],
                      Tags=[{"Key": "application", "Value": "porchlight"}], Capabilities=["CAPABILITY_IAM"],
                      ClientRequestToken="token-1", OnFailure="ROLLBACK")
    until(cloud, "stack_create_complete", NAME)
    stack = cloud.same("DescribeStacks", StackName=NAME)["Stacks"][0]
    assert stack["StackId"] == made["StackId"] and stack["Outputs"] == [{"OutputKey": "Note", "OutputValue": "a ü"}], stack
    if not cloud.is_moto:
        assert [each["OperationId"] for each in stack["LastOperations"]] == [made["OperationId"]], (made, stack)
    cloud.same("DescribeStackEvents", StackName=NAME)
    resources = cloud.same("DescribeStackResources", StackName=NAME)["StackResources"]
    assert [each["LogicalResourceId"] for each in resources] == ["Bucket"], resources
    # boto3 parses the template
    assert json.loads(cloud.ours("GetTemplate", StackName=NAME, TemplateStage="Original")["TemplateBody"]) == json.loads(body)
    cloud.both_refused("AlreadyExistsException", "CreateStack", StackName=NAME, TemplateBody=body)

    cloud.ours("UpdateStack", StackName=NAME, UsePreviousTemplate=True, Parameters=[{"ParameterKey": "Note", "ParameterValue": "b"}],
               ClientRequestToken="token-2")
    until(cloud, "stack_update_complete", NAME)
    assert cloud.same("DescribeStacks", StackName=NAME)["Stacks"][0]["Outputs"][0]["OutputValue"] == "b"
    if not cloud.is_moto:
        # moto updates what does not change
        answer = cloud.both_refused("ValidationError", "UpdateStack", StackName=NAME, UsePreviousTemplate=True,
                                    Parameters=[{"ParameterKey": "Note", "UsePreviousValue": True}])
        assert answer["message"] == "No updates are to be performed.", answer

    cloud.ours("DeleteStack", StackName=NAME, ClientRequestToken="token-3")
    until(cloud, "stack_delete_complete", made["StackId"])
    cloud.both_refused("ValidationError", "DescribeStacks", StackName=NAME)


@scenario("cloudformation", moto_lacks={"ValidateTemplate"})
def templates(cloud):
    """moto has it, but needs cfn-lint for it, which Debian has not."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}
    seen = cloud.same("ValidateTemplate", TemplateBody=template(Bucket=BUCKET, Role=role))
    assert seen["Capabilities"] == ["CAPABILITY_IAM"], seen
    cloud.both_refused("ValidationError", "ValidateTemplate", TemplateBody="{")


@scenario("cloudformation")
def change_sets(cloud):
    name = NAME + "-reviewed"
    made = cloud.ours("CreateChangeSet", StackName=name, TemplateBody=template(Bucket=BUCKET), ChangeSetName="first", ChangeSetType="CREATE",
                      ClientToken="token-1")
    assert cloud.same("DescribeStacks", StackName=name)["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    if not cloud.is_moto:
        again = cloud.ours("CreateChangeSet", StackName=name, TemplateBody=template(Bucket=BUCKET), ChangeSetName="first",
                           ChangeSetType="CREATE", ClientToken="token-1")
        assert again == made, again
        cloud.both_refused("AlreadyExistsException", "CreateChangeSet", StackName=name, TemplateBody=template(Bucket=BUCKET),
                           ChangeSetName="first", ChangeSetType="CREATE", ClientToken="token-2")
    seen = change_set(cloud, ChangeSetName=made["Id"])
    assert (seen["ExecutionStatus"], [each["ResourceChange"]["Action"] for each in seen["Changes"]]) == ("AVAILABLE", ["Add"]), seen
    cloud.ours("ExecuteChangeSet", ChangeSetName=made["Id"], ClientRequestToken="token-1")
    until(cloud, "stack_create_complete", name)

    named = dict(BUCKET, Properties={"BucketName": f"scene-{os.getpid()}"})
    cloud.ours("CreateChangeSet", StackName=name, TemplateBody=template(Bucket=named, Table=TABLE), ChangeSetName="second",
               ChangeSetType="UPDATE")
    seen = change_set(cloud, ChangeSetName="second", StackName=name)
    changes = {each["ResourceChange"]["LogicalResourceId"]: each["ResourceChange"] for each in seen["Changes"]}
    assert changes["Table"]["Action"] == "Add", changes
    assert changes["Bucket"]["Action"] == "Modify", changes
    if not cloud.is_moto:
        # moto does not find out what would be replaced
        assert changes["Bucket"]["Replacement"] == "True" and changes["Bucket"]["PhysicalResourceId"], changes
    cloud.ours("DeleteChangeSet", StackName=name, ChangeSetName="second")
    if not cloud.is_moto:
        cloud.both_refused("ChangeSetNotFound", "DescribeChangeSet", StackName=name, ChangeSetName="second")
        cloud.ours("CreateChangeSet", StackName=name, UsePreviousTemplate=True, ChangeSetName="nothing")
        seen = change_set(cloud, StackName=name, ChangeSetName="nothing")
        assert seen["Status"] == "FAILED" and "didn't contain changes" in seen["StatusReason"], seen
        cloud.both_refused("InvalidChangeSetStatus", "ExecuteChangeSet", StackName=name, ChangeSetName="nothing")

        many = {f"Log{i}": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"/scene/{os.getpid()}/{i}"}} for i in range(120)}
        cloud.ours("CreateChangeSet", StackName=name, TemplateBody=template(Bucket=BUCKET, **many), ChangeSetName="many")
        change_set(cloud, StackName=name, ChangeSetName="many")
        changes = cloud.pages("DescribeChangeSet", StackName=name, ChangeSetName="many")
        assert len(changes) == 120 and len({each["ResourceChange"]["LogicalResourceId"] for each in changes}) == 120, len(changes)
        assert len(cloud.theirs("DescribeChangeSet", StackName=name, ChangeSetName="many")["Changes"]) < 120

        # What was only reviewed goes away again
        cloud.ours("CreateChangeSet", StackName=name + "-never", TemplateBody=template(Bucket=BUCKET), ChangeSetName="a", ChangeSetType="CREATE")
        cloud.ours("DeleteStack", StackName=name + "-never")
        identifier = cloud.theirs("DescribeChangeSet", StackName=name, ChangeSetName="many")["StackId"]
        assert identifier
        while cloud.cloud.run("operation", "cloudformation", "DescribeStacks", json.dumps({"StackName": name + "-never"}))["exit"] == 0:
            time.sleep(0.2)
    cloud.ours("DeleteStack", StackName=name)


@scenario("cloudformation", moto_lacks={"DescribeEvents"})
def failures(cloud):
    cloud.check("DescribeEvents")
    name = NAME + "-failing"
    taken = f"scene-taken-{os.getpid()}"
    cloud.client("s3").create_bucket(Bucket=taken, CreateBucketConfiguration={"LocationConstraint": cloud.cloud.region})
    body = template(Table=TABLE, Bucket=dict(BUCKET, DependsOn="Table", Properties={"BucketName": taken}))
    made = cloud.ours("CreateStack", StackName=name, TemplateBody=body, ClientRequestToken="token-1")
    assert rest(cloud, name) == "ROLLBACK_COMPLETE"
    failed = cloud.same("DescribeEvents", OperationId=made["OperationId"], Filters={"FailedEvents": True})["OperationEvents"]
    assert [(each["LogicalResourceId"], each["EventType"], each["ResourceStatus"]) for each in failed] == [
        ("Bucket", "PROVISIONING_ERROR", "CREATE_FAILED")], failed
    assert "already own it" in failed[0]["ResourceStatusReason"] and failed[0]["ClientRequestToken"] == "token-1", failed
    events = cloud.same("DescribeEvents", StackName=name)["OperationEvents"]
    assert {each["OperationId"] for each in events} == {made["OperationId"]} and events[0]["OperationStatus"] == "FAILED", events
    cloud.ours("DeleteStack", StackName=name)
    until(cloud, "stack_delete_complete", made["StackId"])
    kinds = [each["OperationType"] for each in cloud.pages("DescribeEvents", StackName=made["StackId"])]
    assert kinds[0] == "DELETE_STACK" and kinds[-1] == "CREATE_STACK", kinds
    cloud.both_refused("ValidationError", "DescribeEvents", StackName=name)
    cloud.refused("ValidationError", "DescribeEvents")
    cloud.client("s3").delete_bucket(Bucket=taken)


@scenario("cloudformation", moto_lacks={"ContinueUpdateRollback"})
def stuck_on_the_way_back(cloud):
    """Something was changed by hand, so the stack can't be brought back to what it was."""
    cloud.check("ContinueUpdateRollback")
    name = NAME + "-stuck"
    front = cloud.client("cloudfront")
    store = front.create_key_value_store(Name=name)["KeyValueStore"]["ARN"]
    taken = f"scene-stuck-{os.getpid()}"
    cloud.client("s3").create_bucket(Bucket=taken, CreateBucketConfiguration={"LocationConstraint": cloud.cloud.region})

    def function(code, *stores):
        return {"Type": "AWS::CloudFront::Function", "Properties": {
            "Name": name, "AutoPublish": True, "FunctionCode": code,
            "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0", "KeyValueStoreAssociations": [{"KeyValueStoreARN": each} for each in stores]}}}

    cloud.ours("CreateStack", StackName=name, TemplateBody=template(Function=function(CODE, store)))
    until(cloud, "stack_create_complete", name)
    etag = front.describe_function(Name=name)["ETag"]
    etag = front.update_function(Name=name, IfMatch=etag, FunctionCode=CODE.encode(),
                                 FunctionConfig={"Comment": "by hand", "Runtime": "cloudfront-js-2.0"})["ETag"]
    front.publish_function(Name=name, IfMatch=etag)
    front.delete_key_value_store(Name=name, IfMatch=front.describe_key_value_store(Name=name)["ETag"])

    both_refused = cloud.both_refused("ValidationError", "ContinueUpdateRollback", StackName=name)
    assert "CREATE_COMPLETE" in both_refused["message"], both_refused
    body = template(Function=function(CODE + "\n"), Bucket=dict(BUCKET, DependsOn="Function", Properties={"BucketName": taken}))
    cloud.ours("UpdateStack", StackName=name, TemplateBody=body)
    assert rest(cloud, name) == "UPDATE_ROLLBACK_FAILED"
    cloud.both_refused("ValidationError", "UpdateStack", StackName=name, TemplateBody=body)
    cloud.ours("ContinueUpdateRollback", StackName=name, ClientRequestToken="again")
    assert rest(cloud, name) == "UPDATE_ROLLBACK_FAILED"
    cloud.refused("ValidationError", "ContinueUpdateRollback", StackName=name, ResourcesToSkip=["Nothing"])
    cloud.ours("ContinueUpdateRollback", StackName=name, ResourcesToSkip=["Function"])
    assert rest(cloud, name) == "UPDATE_ROLLBACK_COMPLETE"
    kinds = {each["OperationType"] for each in cloud.pages("DescribeEvents", StackName=name)}
    assert kinds == {"CREATE_STACK", "UPDATE_STACK", "CONTINUE_ROLLBACK"}, kinds
    cloud.ours("DeleteStack", StackName=name)
    cloud.client("s3").delete_bucket(Bucket=taken)
