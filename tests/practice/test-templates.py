#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates in the practice cloud: their functions, the table of types, and everything that AWS refuses."""

import copy
import json
import os
import pathlib
import random

from botocore.exceptions import ClientError

import psite
from practice import expect, refused
from psite import Cloud, changed, resources
from tap import Skip, case, run

TEMPLATE = psite.load_template()
BUCKET = {"Resources": {"Box": {"Type": "AWS::S3::Bucket"}}}
SCHEMAS = pathlib.Path(os.environ["PORCHLIGHT_SOURCE"]) / ".." / "shared" / "vectors" / "cfn-schemas"


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
        (changed(("Resources", "Publisher", "Properties", "RoleName"), "named", TEMPLATE), {"Parameters": psite.parameters()}, ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]")),
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
        template = changed(path, value, TEMPLATE)
        if len(str(value)) > 10240:  # the whole is to fit all the same
            template["Resources"]["Notify"]["Properties"]["Code"]["ZipFile"] = "exports.handler = async () => {};"
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
def validate(cloud):
    answer = cloud.cf.validate_template(TemplateBody=TEMPLATE)
    expect(answer["Capabilities"], ["CAPABILITY_IAM"])
    secret = next(each for each in answer["Parameters"] if each["ParameterKey"] == "ApiSecret")
    assert secret["NoEcho"] and secret["DefaultValue"] == "", secret
    expect(refused(cloud.cf.validate_template, TemplateBody="nonsense")[1], "ValidationError")
    status, _, body = cloud.cloud.raw("POST", "/", service="cloudformation", body=b"Action=DanceStack&Version=2010-05-15",
                                      headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 400 and b"InvalidAction" in body, body


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
    for number in range(60):
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
    assert all(results.get(name, 0) > 2 for name in ("ValidationError", "ROLLBACK_COMPLETE", "CREATE_COMPLETE")), results


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
