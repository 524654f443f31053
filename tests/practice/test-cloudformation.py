#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation of the practice cloud: our own template through its life, and everything that AWS refuses."""

import copy
import json
import os
import pathlib
import random
import time

from botocore.exceptions import ClientError

import psite
from practice import Practice, expect, refused
from tap import Skip, case, run

TEMPLATE = psite.load_template()
BUCKET = {"Resources": {"Box": {"Type": "AWS::S3::Bucket"}}}
SCHEMAS = pathlib.Path(os.environ["PORCHLIGHT_SOURCE"]) / ".." / "shared" / "vectors" / "cfn-schemas"


class Cloud:
    def __init__(self):
        self.cloud = Practice()
        self.connect()

    def connect(self):
        self.cf = self.cloud.client("cloudformation")
        self.s3 = self.cloud.client("s3")

    def close(self):
        self.cloud.close()

    def create(self, name, template, **options):
        return psite.create(self.cf, name, template, **options)

    def start(self, name, template, **options):
        options.setdefault("Capabilities", ["CAPABILITY_IAM"])
        text = template if isinstance(template, str) else json.dumps(template)
        return self.cf.create_stack(StackName=name, TemplateBody=text, **options)["StackId"]

    def refuse(self, template, **options):
        return refused(self.start, "refused", template, **options)

    def fail(self, name, template, **options):
        """Creates a stack that must fail: the first reason, after all was taken back."""
        arn = self.start(name, template, **options)
        psite.wait(self.cf, arn, "ROLLBACK_COMPLETE")
        left = [one for one in self.cf.describe_stack_resources(StackName=arn)["StackResources"] if one["ResourceStatus"] not in ("DELETE_COMPLETE",)]
        expect(left, [], "what the rollback left")
        reason = psite.reasons(self.cf, arn)[0]
        self.cf.delete_stack(StackName=arn)
        psite.wait(self.cf, arn, "DELETE_COMPLETE")
        return reason


def resources(**all_of_them):
    return {"Resources": all_of_them}


def changed(path, value, template=TEMPLATE):
    """The site's template with one thing changed; None takes it away."""
    root = json.loads(template)
    at = root
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return root


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
    expect(len(cloud.cf.describe_stack_resources(StackName=cloud.stack)["StackResources"]), len(json.loads(TEMPLATE)["Resources"]))
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
           len([one for one in json.loads(TEMPLATE)["Resources"].values() if one.get("Condition") != "HasForm"]))
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
def refused_before_anything(cloud):
    def error(template, **options):
        return cloud.refuse(template, **options)[1:]

    for template, options, wanted in (
        ("{", {}, ("ValidationError", "Template format error: JSON not well-formed.")),
        ("Resources:\n  Box:\n    Type: AWS::S3::Bucket\n", {}, ("ValidationError", "Template format error: JSON not well-formed.")),
        ("[]", {}, ("ValidationError", "Template format error: unsupported structure.")),
        ({}, {}, ("ValidationError", "Template format error: At least one Resources member must be defined.")),
        ({"Resources": {}}, {}, ("ValidationError", "Template format error: At least one Resources member must be defined.")),
        ({**BUCKET, "Resource": {}}, {}, ("ValidationError", "Invalid template property or properties [Resource]")),
        ({**BUCKET, "AWSTemplateFormatVersion": "2011-01-01"}, {}, ("ValidationError", "Template format error: Unsupported template format version")),
        (resources(Box={"Type": "AWS::S3::Bukket"}), {}, ("ValidationError", "Template format error: Unrecognized resource types: [AWS::S3::Bukket]")),
        (resources(Box={}), {}, ("ValidationError", "Template format error: [/Resources/Box] Every Resources object must contain a Type member.")),
        (resources(Box={"Type": "AWS::S3::Bucket", "Property": {}}), {}, ("ValidationError", "Invalid template resource property 'Property'")),
        (resources(Box={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": None}}), {}, ("ValidationError", "Template format error: [/Resources/Box/Properties/BucketName] 'null' values are not allowed in templates")),
        (resources(Box={"Type": "AWS::S3::Bucket", "DependsOn": "Other"}), {}, ("ValidationError", "Template format error: Unresolved resource dependencies [Other] in the Resources block of the template")),
        (resources(Box={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}}), {}, ("ValidationError", "Template format error: Unresolved resource dependencies [Name] in the Resources block of the template")),
        (resources(Box={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::GetAtt": ["Name", "Arn"]}}}), {}, ("ValidationError", "Template error: instance of Fn::GetAtt references undefined resource Name")),
        (resources(A={"Type": "AWS::S3::Bucket"}, B={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::GetAtt": ["A", "Colour"]}}}), {}, ("ValidationError", "Template error: resource A does not support attribute type Colour in Fn::GetAtt")),
        (resources(Box={"Type": "AWS::S3::Bucket", "Condition": "Never"}), {}, ("ValidationError", "Template format error: Unresolved condition dependency Never in the Resources block of the template")),
        (resources(Box={"Type": "AWS::S3::Bucket", "DeletionPolicy": "Keep"}), {}, ("ValidationError", "Template format error: Unrecognized DeletionPolicy Keep")),
        (resources(A={"Type": "AWS::S3::Bucket", "DependsOn": "B"}, B={"Type": "AWS::S3::Bucket", "DependsOn": "A"}), {}, ("ValidationError", "Circular dependency between resources: [A, B]")),
        (TEMPLATE, {"Parameters": []}, ("ValidationError", "Parameters: [SiteId, SiteName] must have values")),
        (TEMPLATE, {"Parameters": psite.parameters(Colour="red")}, ("ValidationError", "Parameters: [Colour] do not exist in the template")),
        (TEMPLATE, {"Parameters": psite.parameters(FormEnabled="yes")}, ("ValidationError", "Parameter 'FormEnabled' must be one of AllowedValues")),
        (TEMPLATE, {"Parameters": psite.parameters(FormPath="contact")}, ("ValidationError", "Parameter 'FormPath' must match pattern ")),
        (TEMPLATE, {"Parameters": psite.parameters(SiteName="")}, ("ValidationError", "Parameter 'SiteName' must contain at least 1 characters")),
        (TEMPLATE, {"Parameters": psite.parameters(SiteName="x" * 101)}, ("ValidationError", "Parameter 'SiteName' must contain at most 100 characters")),
        (TEMPLATE, {"Parameters": psite.parameters(), "Capabilities": []}, ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")),
        (changed(("Resources", "Publisher", "Properties", "RoleName"), "named"), {"Parameters": psite.parameters()}, ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]")),
        ("{" + " " * 51200 + "}", {}, ("ValidationError", "1 validation error detected")),
        (TEMPLATE, {"Parameters": psite.parameters(), "Tags": [{"Key": "aws:mine", "Value": "x"}]}, ("ValidationError", "aws: prefixed tag key names are not allowed for external use.")),
        (TEMPLATE, {"Parameters": psite.parameters(), "OnFailure": "DELETE", "DisableRollback": True}, ("ValidationError", "Only one of the parameters")),
    ):
        code, message = error(template, **options)
        assert code == wanted[0] and message.startswith(wanted[1]), f"{wanted} is wanted, {code}: {message} came"
    expect(refused(cloud.cf.describe_stacks, StackName="refused"), (400, "ValidationError", "Stack with id refused does not exist"))
    expect(refused(cloud.start, "1abc", TEMPLATE, Parameters=psite.parameters())[1], "ValidationError")
    expect(refused(cloud.cf.update_stack, StackName="nobody", TemplateBody=TEMPLATE)[1:], ("ValidationError", "Stack [nobody] does not exist"))
    expect(refused(cloud.cf.describe_stack_events, StackName="nobody")[1:], ("ValidationError", "Stack [nobody] does not exist"))
    cloud.cf.delete_stack(StackName="nobody")


@case
def properties_checked(cloud):
    distribution = ("Resources", "Distribution", "Properties", "DistributionConfig")
    for number, (path, value, wanted) in enumerate((
        (("Resources", "Bucket", "Properties", "BucketColour"), "red", "#: extraneous key [BucketColour] is not permitted"),
        (("Resources", "Bucket", "Properties", "WebsiteConfiguration"), {"IndexDocument": "index.html"}, "AWS has this property, the practice cloud has not"),
        (("Resources", "Bucket", "Properties", "LifecycleConfiguration"), {"Rules": [{"Id": "x"}]}, "#/LifecycleConfiguration/Rules/0: required key [Status] not found"),
        (("Resources", "Bucket", "Properties", "OwnershipControls"), [], "#/OwnershipControls: expected type: JSONObject, found: JSONArray"),
        (("Resources", "Table", "Properties", "BillingMode"), "FREE", "#/BillingMode: FREE is not a valid enum value"),
        (("Resources", "Table", "Properties", "KeySchema"), None, "#: required key [KeySchema] not found"),
        (("Resources", "Contact", "Properties", "Role"), None, "#: required key [Role] not found"),
        (("Resources", "Contact", "Properties", "Runtime"), "nodejs12.x", "Value nodejs12.x at 'runtime' failed to satisfy constraint"),
        (("Resources", "Contact", "Properties", "Runtime"), "java21", "ZipFile can only be used when Runtime is set to"),
        (("Resources", "Contact", "Properties", "ReservedConcurrentExecutions"), 5, "below its minimum value of [10]"),
        (("Resources", "Contact", "Properties", "Environment"), {"Variables": {"AWS_REGION": "x"}}, "Reserved keys used in this request: AWS_REGION"),
        (("Resources", "ContactRole", "Properties", "AssumeRolePolicyDocument", "Statement", 0, "Principal", "Service"), "ec2.amazonaws.com", "The role defined for the function cannot be assumed by Lambda."),
        (("Resources", "ContactLog", "Properties", "RetentionInDays"), 15, "#/RetentionInDays: 15 is not a valid enum value"),
        (("Resources", "Router", "Properties", "FunctionCode"), "x" * 10241, "The function size is too large"),
        (("Resources", "Router", "Properties", "FunctionCode"), "function handler(event) { return {", "The function code is not valid: SyntaxError"),
        (("Resources", "Router", "Properties", "FunctionCode"), "import fs from 'fs'; function handler(event) {}", "Cannot find module"),
        (("Resources", "Router", "Properties", "FunctionConfig", "Runtime"), "cloudfront-js-3.0", "#/FunctionConfig/Runtime: cloudfront-js-3.0 is not a valid enum value"),
        (("Resources", "Router", "Properties", "AutoPublish"), False, "must be published to the LIVE stage"),
        (("Resources", "Store", "Properties", "Name"), None, "#: required key [Name] not found"),
        ((*distribution, "Origins", 0, "S3OriginConfig"), None, "Exactly one of CustomOriginConfig, VpcOriginConfig and S3OriginConfig must be specified"),
        ((*distribution, "Origins", 0, "OriginAccessControlId"), "E00000000000AB", "The origin access control does not exist."),
        ((*distribution, "Origins", 0, "DomainName"), "example.org", "does not refer to a valid S3 bucket"),
        ((*distribution, "DefaultCacheBehavior", "TargetOriginId"), "nowhere", "One or more of your origins or origin groups do not exist."),
        ((*distribution, "DefaultCacheBehavior", "CachePolicyId"), "00000000-0000-0000-0000-000000000000", "The specified cache policy does not exist."),
        ((*distribution, "DefaultCacheBehavior", "CachePolicyId"), None, "The parameter ForwardedValues is required."),
        ((*distribution, "DefaultCacheBehavior", "AllowedMethods"), ["GET", "POST"], "The parameter AllowedMethods contains invalid elements"),
        ((*distribution, "DefaultCacheBehavior", "FunctionAssociations"), [{"EventType": "viewer-request", "FunctionARN": "arn:aws:cloudfront::1:function/none"}], "must reference a function that exists"),
        ((*distribution, "Aliases"), ["www.example.org"], "you must attach a trusted certificate"),
        ((*distribution, "CustomErrorResponses"), [{"ErrorCode": 404, "ResponsePagePath": "/404.html"}], "must specify both ResponsePagePath and ResponseCode"),
        ((*distribution, "CustomErrorResponses"), [{"ErrorCode": 418}], "The parameter ErrorCode is invalid"),
        (("Resources", "BucketPolicy", "Properties", "PolicyDocument", "Statement", 0, "Resource"), "arn:aws:s3:::another-bucket/*", "Policy has invalid resource"),
        (("Resources", "NotifyRole", "Properties", "Policies"), [], "Cannot access stream"),
        (("Resources", "NotifySource", "Properties", "FilterCriteria"), {"Filters": [{"Pattern": "{\"a\":1}"}]}, "Invalid filter pattern definition"),
        (("Resources", "NotifySource", "Properties", "StartingPosition"), None, "startingPosition"),
        (("Resources", "ApiRoute", "Properties", "RouteKey"), "SEND contact", "The provided route key is not formatted properly"),
        (("Resources", "ApiIntegration", "Properties", "PayloadFormatVersion"), None, "PayloadFormatVersion is a required parameter"),
        (("Resources", "ApiStage", "Properties", "ApiId"), "nowhere", "Invalid API identifier specified"),
    )):
        template = changed(path, value)
        try:
            reason = cloud.fail(f"wrong-{number}", template, Parameters=psite.parameters(**psite.FORM))
        except AssertionError as error:
            raise AssertionError(f"{'/'.join(map(str, path))}: {wanted!r} is wanted") from error
        assert wanted in reason, f"{'/'.join(map(str, path))}: {wanted!r} is wanted, {reason!r} came"


@case
def functions_of_templates(cloud):
    template = {
        "Parameters": {"Word": {"Type": "String", "Default": "b"}, "List": {"Type": "CommaDelimitedList", "Default": "x, y,z"}, "Number": {"Type": "Number", "Default": 7}},
        "Mappings": {"Map": {"b": {"value": "mapped"}}},
        "Conditions": {"Yes": {"Fn::Equals": [{"Ref": "Word"}, "b"]}, "No": {"Fn::Not": [{"Condition": "Yes"}]},
                       "Both": {"Fn::And": [{"Condition": "Yes"}, {"Fn::Or": [{"Condition": "No"}, {"Fn::Equals": [1, "1"]}]}]}},
        "Resources": {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::Sub": "/${AWS::StackName}/${Word}/${!Literal}"},
                                                                        "RetentionInDays": {"Ref": "Number"},
                                                                        "LogGroupClass": {"Fn::If": ["No", "INFREQUENT_ACCESS", {"Ref": "AWS::NoValue"}]}}},
                      "Never": {"Type": "AWS::S3::Bucket", "Condition": "No"}},
        "Outputs": {
            "Join": {"Value": {"Fn::Join": ["-", ["a", {"Ref": "Word"}, {"Fn::Select": [1, {"Ref": "List"}]}]]}},
            "Split": {"Value": {"Fn::Select": ["2", {"Fn::Split": ["/", "https://host.example/path"]}]}},
            "Map": {"Value": {"Fn::FindInMap": ["Map", {"Ref": "Word"}, "value"]}},
            "Base64": {"Value": {"Fn::Base64": "hello"}},
            "Sub": {"Value": {"Fn::Sub": ["${own} of ${Log.Arn} in ${AWS::Region}", {"own": {"Fn::If": ["Both", "both", "none"]}}]}},
            "Pseudo": {"Value": {"Fn::Sub": "${AWS::AccountId} ${AWS::Partition} ${AWS::URLSuffix} ${AWS::StackId}"}},
            "Hidden": {"Condition": "No", "Value": "x"},
        },
    }
    name = "functions"
    template["Resources"]["Log"]["Properties"]["LogGroupName"] = {"Fn::Sub": "/${AWS::StackName}/${Word}"}
    description, outputs = cloud.create(name, template)
    account = description["StackId"].split(":")[4]
    region = cloud.cloud.region
    expect(outputs["Join"], "a-b-y")
    expect(outputs["Split"], "host.example")
    expect(outputs["Map"], "mapped")
    expect(outputs["Base64"], "aGVsbG8=")
    expect(outputs["Sub"], f"both of arn:aws:logs:{region}:{account}:log-group:/functions/b:* in {region}")
    expect(outputs["Pseudo"], f"{account} aws amazonaws.com {description['StackId']}")
    assert "Hidden" not in outputs
    expect(len(cloud.cf.list_stack_resources(StackName=name)["StackResourceSummaries"]), 1)
    for value, message in (({"Fn::Select": [5, ["a"]]}, "Fn::Select cannot select nonexistent value at index 5"),
                           ({"Fn::FindInMap": ["Map", "none", "value"]}, "Unable to get mapping for Map::none::value"),
                           ({"Fn::Nonsense": "x"}, "Fn::Nonsense")):
        wrong = copy.deepcopy(template)
        wrong["Resources"]["Log"]["Properties"]["LogGroupName"] = value
        assert message in cloud.fail("wrong-function", wrong), message


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
    cloud.cloud.restart(port=cloud.cloud.port, delays="0.01")
    cloud.connect()
    arn = cloud.start("porchlight-killed-abc123", TEMPLATE, Parameters=psite.parameters(**psite.FORM))
    kills = 0
    while cloud.cf.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"] == "CREATE_IN_PROGRESS":
        time.sleep(0.1)
        cloud.cloud.kill()
        kills += 1
        cloud.cloud.start(port=cloud.cloud.port, delays="0.01")
        cloud.connect()
    assert kills > 3, kills
    psite.wait(cloud.cf, arn, "CREATE_COMPLETE")
    made = [event["LogicalResourceId"] for event in psite.events(cloud.cf, arn) if event["ResourceStatus"] == "CREATE_COMPLETE"]
    expect(sorted(made), sorted(set(made)))
    expect(len(made), 1 + len(json.loads(TEMPLATE)["Resources"]))
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
    cloud.cloud.restart(port=cloud.cloud.port, delays="0.002")
    cloud.connect()
    arn = cloud.start("porchlight-stopped-abc123", TEMPLATE, Parameters=psite.parameters(**psite.FORM))
    time.sleep(0.15)
    assert refused(cloud.cf.update_stack, StackName=arn, TemplateBody=TEMPLATE)[2].endswith("is in CREATE_IN_PROGRESS state and can not be updated.")
    cloud.cf.delete_stack(StackName=arn)
    psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    expect([one["Name"] for one in cloud.s3.list_buckets()["Buckets"] if one["Name"].startswith("porchlight-stopped")], [])


@case
def validate(cloud):
    answer = cloud.cf.validate_template(TemplateBody=TEMPLATE)
    expect(answer["Capabilities"], ["CAPABILITY_IAM"])
    assert {"ParameterKey": "ApiSecret", "DefaultValue": "", "NoEcho": True, "Description": "What the distribution tells the form's function to prove who calls"} in answer["Parameters"]
    expect(refused(cloud.cf.validate_template, TemplateBody="nonsense")[1], "ValidationError")
    status, _, body = cloud.cloud.raw("POST", "/", service="cloudformation", body=b"Action=DanceStack&Version=2010-05-15",
                                      headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 400 and b"InvalidAction" in body, body


@case
def by_the_aws_program(cloud):
    path = pathlib.Path(cloud.cloud.state) / "template.json"
    path.write_text(TEMPLATE)
    cloud.cloud.aws("cloudformation", "create-stack", "--stack-name", "porchlight-cli-abc123", "--template-body", f"file://{path}",
                    "--capabilities", "CAPABILITY_IAM", "--parameters", "ParameterKey=SiteId,ParameterValue=1", "ParameterKey=SiteName,ParameterValue=CLI")
    cloud.cloud.aws("cloudformation", "wait", "stack-create-complete", "--stack-name", "porchlight-cli-abc123")
    events = json.loads(cloud.cloud.aws("cloudformation", "describe-stack-events", "--stack-name", "porchlight-cli-abc123").stdout)
    expect(events["StackEvents"][0]["ResourceStatus"], "CREATE_COMPLETE")
    cloud.cloud.aws("cloudformation", "delete-stack", "--stack-name", "porchlight-cli-abc123")
    cloud.cloud.aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", "porchlight-cli-abc123")


@case
def spoiled_templates(cloud):
    """Our template with one place spoiled, many times: it is refused, rolled back or made, and the server lives."""
    chance = random.Random(11)
    values = ["", "x", "x" * 5000, 0, -1, 1.5, True, [], {}, ["x"], [[]], {"x": {}}, None, {"Ref": "Bucket"}, {"Ref": "AWS::NoValue"},
              {"Fn::If": ["HasForm", "a", {"Ref": "AWS::NoValue"}]}, {"Fn::GetAtt": "x"}, {"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": 5},
              {"Fn::Sub": "${Bucket"}, {"Fn::Join": ["", [{"Ref": "SiteId"}]]}, {"Fn::Split": ["", "a"]}, {"Fn::Select": [{}, []]}, {"Ref": 5}]

    def places(node, path=()):
        yield path
        if isinstance(node, (dict, list)):
            for name in node if isinstance(node, dict) else range(len(node)):
                yield from places(node[name], (*path, name))

    every = [path for path in places(json.loads(TEMPLATE)) if path]
    results = {}
    for number in range(250):
        path = chance.choice(every)
        template = json.loads(TEMPLATE)
        at = template
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = chance.choice(values)
        try:
            arn = cloud.start(f"spoiled-{number}", template, Parameters=psite.parameters(**psite.FORM))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code in ("ValidationError", "InsufficientCapabilitiesException"), (path, at[path[-1]], error)
            results[code] = results.get(code, 0) + 1
            continue
        state = psite.wait(cloud.cf, arn, "CREATE_COMPLETE", "ROLLBACK_COMPLETE")["StackStatus"]
        results[state] = results.get(state, 0) + 1
        cloud.cf.delete_stack(StackName=arn)
        psite.wait(cloud.cf, arn, "DELETE_COMPLETE")
    assert all(results.get(name, 0) > 10 for name in ("ValidationError", "ROLLBACK_COMPLETE", "CREATE_COMPLETE")), results


@case
def numbers_as_text(cloud):
    template = resources(Log={"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": 7, "RetentionInDays": "14"}},
                         Box={"Type": "AWS::S3::Bucket", "Properties": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": "true"}}})
    cloud.create("as-text", template)
    expect(refused(cloud.cf.update_stack, StackName="as-text", TemplateBody=json.dumps(template))[2], "No updates are to be performed.")
    template["Resources"]["Log"]["Properties"]["RetentionInDays"] = 14
    expect(refused(cloud.cf.update_stack, StackName="as-text", TemplateBody=json.dumps(template))[2], "No updates are to be performed.")


@case
def types_agree_with_the_schemas(cloud):
    """Every property that our table knows exists at AWS, and the same are required."""
    if not SCHEMAS.is_dir():
        raise Skip("the schemas of AWS are not there")
    ours = json.loads((pathlib.Path(os.environ["PORCHLIGHT_SOURCE"]) / "src/practice/resource-types.json").read_text())
    schemas = {json.loads(path.read_text()).get("typeName"): json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    checked = 0
    for kind, entry in ours.items():
        schema = schemas.get(kind)
        if schema is None:
            continue
        pairs = [(kind, entry, schema["properties"], schema.get("required", []))]
        for name, shape in entry.get("definitions", {}).items():
            definition = schema["definitions"][name]
            pairs.append((f"{kind} {name}", shape, definition["properties"], definition.get("required", [])))
        for name, shape, properties, required in pairs:
            known = set(shape["properties"]) | set(shape.get("later", []))
            assert known <= set(properties), (name, known - set(properties))
            expect(sorted(shape.get("required", [])), sorted(required), f"required of {name}")
            checked += len(known)
        read_only = {path.replace("/properties/", "", 1).replace("/", ".") for path in schema.get("readOnlyProperties", [])}
        assert set(entry["attributes"]) <= read_only | {"Id"}, (kind, set(entry["attributes"]) - read_only)
        create_only = {path.split("/")[2] for path in schema.get("createOnlyProperties", []) + schema.get("conditionalCreateOnlyProperties", [])}
        expect(set(entry.get("createOnly", [])), create_only & set(entry["properties"]), f"createOnly of {kind}")
    assert checked > 300, checked


run(setup=Cloud, teardown=Cloud.close)
