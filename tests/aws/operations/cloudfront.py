# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import base64
import json
import os
import time
import urllib.request

from . import scenario
from .acm import issued

NAME = f"scene-front-{os.getpid()}"
CODE = "function handler(event) {{ return {{ statusCode: 200, headers: {{ 'x-answer': {{ value: '{}' }} }} }}; }}"


def stack(cloud, name, *, aliases=(), function=False):
    """Distributions are made by CloudFormation there. Returns the outputs."""
    config = {
        "Enabled": True, "Comment": "a scene", "Aliases": list(aliases),
        "Origins": [{"Id": "site", "DomainName": {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}, "S3OriginConfig": {"OriginAccessIdentity": ""},
                     "OriginAccessControlId": {"Ref": "Access"}}],
        "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all",
                                 "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
    }
    if aliases:
        config["ViewerCertificate"] = {"AcmCertificateArn": issued(cloud, "*." + aliases[0].partition(".")[2]),
                                       "SslSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Access": {"Type": "AWS::CloudFront::OriginAccessControl", "Properties": {"OriginAccessControlConfig": {
            "Name": name, "OriginAccessControlOriginType": "s3", "SigningBehavior": "always", "SigningProtocol": "sigv4"}}},
        "Front": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
    }
    if function:
        resources["Store"] = {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": name}}
        resources["Function"] = {"Type": "AWS::CloudFront::Function", "Properties": {
            "Name": name, "AutoPublish": True, "FunctionCode": CODE.format("one"), "FunctionConfig": {
                "Comment": "a scene", "Runtime": "cloudfront-js-2.0",
                "KeyValueStoreAssociations": [{"KeyValueStoreARN": {"Fn::GetAtt": ["Store", "Arn"]}}]}}}
        config["DefaultCacheBehavior"]["FunctionAssociations"] = [
            {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Function", "FunctionARN"]}}]
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({
        "Resources": resources,
        "Outputs": {"Id": {"Value": {"Ref": "Front"}}, "Host": {"Value": {"Fn::GetAtt": ["Front", "DomainName"]}}}}))
    formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    outputs = formation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return {each["OutputKey"]: each["OutputValue"] for each in outputs}


def distribution(cloud):
    if not cloud.is_moto:
        return stack(cloud, NAME)["Id"]
    return cloud.client().create_distribution(DistributionConfig={
        "CallerReference": NAME, "Comment": "a scene", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "site", "DomainName": "b.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all", "MinTTL": 0,
                                 "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}},
    })["Distribution"]["Id"]


@scenario("cloudfront")
def distributions(cloud):
    ident = distribution(cloud)
    # moto counts the times of its distributions anew in each answer, and deploys them by being asked
    ignore = ("LastModifiedTime", "Status") if cloud.is_moto else ()
    seen = cloud.same("GetDistribution", Id=ident, ignore=ignore)
    assert seen["ETag"] and seen["Distribution"]["Id"] == ident, seen
    config = seen["Distribution"]["DistributionConfig"]
    assert (config["Comment"], config["Enabled"], config["Origins"]["Items"][0]["Id"]) == ("a scene", True, "site"), config
    listed = {each["Id"]: each for each in cloud.pages("ListDistributions")}
    assert listed[ident]["Comment"] == "a scene" and listed[ident]["Origins"]["Items"][0]["Id"] == "site", listed[ident]
    cloud.same("ListDistributions", ignore=ignore)

    batch = {"Paths": {"Quantity": 2, "Items": ["/a%20b", "/c/*"]}, "CallerReference": "one"}
    made = cloud.ours("CreateInvalidation", DistributionId=ident, InvalidationBatch=batch)["Invalidation"]
    seen = cloud.same("GetInvalidation", DistributionId=ident, Id=made["Id"], ignore=("CreateTime",) if cloud.is_moto else ())
    assert seen["Invalidation"]["Id"] == made["Id"], seen
    cloud.both_refused("NoSuchDistribution", "GetDistribution", Id="E0000000000000")


FUNCTIONS = {"DescribeFunction", "GetFunction", "UpdateFunction", "PublishFunction", "TestFunction"}


def visit(cloud, host):
    """What the edge answers there."""
    port = cloud.cloud.endpoint.rsplit(":", 1)[1]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers["x-answer"]


@scenario("cloudfront", moto=False, moto_lacks=FUNCTIONS | {"DescribeKeyValueStore"})
def functions(cloud):
    name = NAME + "-run"
    outputs = stack(cloud, name, function=True)
    store = cloud.same("DescribeKeyValueStore", Name=name)["KeyValueStore"]
    assert (store["Name"], store["Status"]) == (name, "READY"), store
    assert visit(cloud, outputs["Host"]) == "one"

    seen = cloud.same("DescribeFunction", Name=name, Stage="DEVELOPMENT")
    config = seen["FunctionSummary"]["FunctionConfig"]
    assert config["KeyValueStoreAssociations"] == {"Quantity": 1, "Items": [{"KeyValueStoreARN": store["ARN"]}]}, config
    live = cloud.same("DescribeFunction", Name=name, Stage="LIVE")
    assert live["FunctionSummary"]["Status"] == "DEPLOYED" and live["ETag"] != seen["ETag"], live
    code = base64.b64decode(cloud.ours("GetFunction", Name=name, Stage="LIVE")["FunctionCode"]).decode()
    assert code == CODE.format("one") == cloud.client().get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()

    # The stage that is worked on changes; the edge does not, until it is published
    two = base64.b64encode(CODE.format("two").encode()).decode()
    changed = cloud.ours("UpdateFunction", Name=name, IfMatch=seen["ETag"], FunctionCode=two, FunctionConfig=config)
    assert changed["ETag"] != seen["ETag"] and changed["FunctionSummary"]["Status"] == "UNPUBLISHED", changed
    assert cloud.theirs("DescribeFunction", Name=name)["ETag"] == changed["ETag"]
    assert visit(cloud, outputs["Host"]) == "one"
    event = {"version": "1.0", "context": {"eventType": "viewer-request"}, "viewer": {"ip": "127.0.0.1"},
             "request": {"method": "GET", "uri": "/", "querystring": {}, "headers": {}, "cookies": {}}}
    tested = cloud.same("TestFunction", Name=name, IfMatch=changed["ETag"], Stage="DEVELOPMENT", EventObject=json.dumps(event).encode())
    output = json.loads(tested["TestResult"]["FunctionOutput"])
    assert output["response"]["headers"]["x-answer"]["value"] == "two", output
    published = cloud.ours("PublishFunction", Name=name, IfMatch=changed["ETag"])["FunctionSummary"]
    assert published["FunctionMetadata"]["Stage"] == "LIVE", published
    assert visit(cloud, outputs["Host"]) == "two"

    cloud.both_refused("PreconditionFailed", "PublishFunction", Name=name, IfMatch=seen["ETag"])
    answer = cloud.both_refused("PreconditionFailed", "UpdateFunction", Name=name, IfMatch=seen["ETag"], FunctionCode=b"x", FunctionConfig=config)
    assert answer["status"] == 412, answer
    etag = cloud.ours("DescribeFunction", Name=name)["ETag"]
    cloud.both_refused("FunctionSizeLimitExceeded", "UpdateFunction", Name=name, IfMatch=etag, FunctionCode=b" " * 10241, FunctionConfig=config)
    cloud.both_refused("NoSuchFunctionExists", "DescribeFunction", Name=name + "-missing")
    cloud.both_refused("EntityNotFound", "DescribeKeyValueStore", Name=name + "-missing")
    cloud.client("cloudformation").delete_stack(StackName=name)


@scenario("cloudfront", moto=False, moto_lacks={"ListDomainConflicts", "UpdateDomainAssociation"})
def domains(cloud):
    domain = f"www.scene-{os.getpid()}.example"
    old = stack(cloud, NAME + "-old", aliases=[domain])
    new = stack(cloud, NAME + "-new", aliases=[f"other.scene-{os.getpid()}.example"])
    conflicts = cloud.same("ListDomainConflicts", Domain=domain, DomainControlValidationResource={"DistributionId": new["Id"]})["DomainConflicts"]
    assert len(conflicts) == 1 and conflicts[0]["Domain"] == domain, conflicts
    hidden = conflicts[0]["ResourceId"]
    assert hidden.startswith("*") and old["Id"].endswith(hidden.lstrip("*")) and hidden != old["Id"], hidden

    etag = cloud.ours("GetDistribution", Id=new["Id"])["ETag"]
    cloud.both_refused("PreconditionFailed", "UpdateDomainAssociation", Domain=domain, TargetResource={"DistributionId": new["Id"]}, IfMatch="E0")
    moved = cloud.ours("UpdateDomainAssociation", Domain=domain, TargetResource={"DistributionId": new["Id"]}, IfMatch=etag)
    assert (moved["Domain"], moved["ResourceId"]) == (domain, new["Id"]) and moved["ETag"] != etag, moved
    for ident, has in ((old["Id"], False), (new["Id"], True)):
        aliases = cloud.same("GetDistribution", Id=ident)["Distribution"]["DistributionConfig"]["Aliases"]
        assert (domain in aliases.get("Items", [])) == has, (ident, aliases)
    assert not cloud.same("ListDomainConflicts", Domain=domain, DomainControlValidationResource={"DistributionId": new["Id"]}).get("DomainConflicts")
    cloud.both_refused("EntityNotFound", "UpdateDomainAssociation", Domain=f"nobody.scene-{os.getpid()}.example", TargetResource={"DistributionId": new["Id"]})
    for suffix in ("-old", "-new"):
        cloud.client("cloudformation").delete_stack(StackName=NAME + suffix)
    while any(each["Id"] in (old["Id"], new["Id"]) for each in cloud.pages("ListDistributions")):
        time.sleep(0.2)
