# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFront's control plane, and what a role may do, for resources that CloudFormation made."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

from practice import Practice, expect, refused  # noqa: E402
from tap import Skip, case, run  # noqa: E402

TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Store": {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": {"Fn::Sub": "${AWS::StackName}-store"}}},
        "Access": {"Type": "AWS::CloudFront::OriginAccessControl", "Properties": {"OriginAccessControlConfig": {
            "Name": {"Fn::Sub": "${AWS::StackName}-oac"}, "OriginAccessControlOriginType": "s3", "SigningBehavior": "always",
            "SigningProtocol": "sigv4"}}},
        "Front": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {
            "Enabled": True, "Comment": "for <tests> & more", "HttpVersion": "http2and3", "IPV6Enabled": True,
            "Origins": [{"Id": "site", "DomainName": {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]},
                         "OriginAccessControlId": {"Ref": "Access"}, "S3OriginConfig": {"OriginAccessIdentity": ""},
                         "OriginCustomHeaders": [{"HeaderName": "x-a", "HeaderValue": "1"}]}],
            "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https", "Compress": True,
                                     "AllowedMethods": ["GET", "HEAD", "OPTIONS"], "CachedMethods": ["GET", "HEAD"],
                                     "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
            "CustomErrorResponses": [{"ErrorCode": 404, "ResponseCode": 404, "ResponsePagePath": "/404.html", "ErrorCachingMinTTL": 10}]}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "sts:AssumeRole"}]},
            "Policies": [{"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/public/*"}},
                {"Effect": "Allow", "Action": "cloudfront-keyvaluestore:DescribeKeyValueStore", "Resource": {"Fn::GetAtt": ["Store", "Arn"]}}]}}]}},
    },
    "Outputs": {"Bucket": {"Value": {"Ref": "Bucket"}}, "Front": {"Value": {"Ref": "Front"}}, "Role": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}},
                "Store": {"Value": {"Fn::GetAtt": ["Store", "Arn"]}}, "Host": {"Value": {"Fn::GetAtt": ["Front", "DomainName"]}}},
}


def setup():
    cloud = Practice()
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName="fronted", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(StackName="fronted", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    cloud.outputs = {o["OutputKey"]: o["OutputValue"] for o in formation.describe_stacks(StackName="fronted")["Stacks"][0]["Outputs"]}
    cloud.front = cloud.client("cloudfront")
    cloud.s3 = cloud.client("s3")
    return cloud


@case
def get_distribution(cloud):
    answer = cloud.front.get_distribution(Id=cloud.outputs["Front"])
    distribution = answer["Distribution"]
    expect((distribution["Id"], distribution["Status"], distribution["DomainName"]), (cloud.outputs["Front"], "Deployed", cloud.outputs["Host"]))
    config = distribution["DistributionConfig"]
    expect((config["Comment"], config["Aliases"]["Quantity"], config["IsIPV6Enabled"], config["HttpVersion"], config["Enabled"]),
           ("for <tests> & more", 0, True, "http2and3", True))
    behavior = config["DefaultCacheBehavior"]
    expect(behavior["AllowedMethods"], {"Quantity": 3, "Items": ["GET", "HEAD", "OPTIONS"],
                                        "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]}})
    origin = config["Origins"]["Items"][0]
    expect((origin["CustomHeaders"]["Items"], origin["S3OriginConfig"]), ([{"HeaderName": "x-a", "HeaderValue": "1"}], {"OriginAccessIdentity": ""}))
    expect(config["CacheBehaviors"], {"Quantity": 0})
    expect(cloud.front.get_distribution_config(Id=cloud.outputs["Front"])["ETag"], answer["ETag"])


@case
def list_distributions(cloud):
    listed = cloud.front.list_distributions()["DistributionList"]
    expect((listed["Quantity"], listed["IsTruncated"], listed["Items"][0]["Id"]), (1, False, cloud.outputs["Front"]))


@case
def invalidations(cloud):
    batch = lambda paths, reference: {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": reference}  # noqa: E731
    front, where = cloud.front, {"DistributionId": cloud.outputs["Front"]}
    made = front.create_invalidation(InvalidationBatch=batch(["/*", "/a%20b?x=1"], "one"), **where)
    expect((made["ResponseMetadata"]["HTTPStatusCode"], made["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]), (201, ["/*", "/a%20b?x=1"]))
    got = front.get_invalidation(Id=made["Invalidation"]["Id"], **where)["Invalidation"]
    expect(got["Status"], "Completed")
    again = front.create_invalidation(InvalidationBatch=batch(["/*", "/a%20b?x=1"], "one"), **where)
    expect(again["Invalidation"]["Id"], made["Invalidation"]["Id"])
    expect(refused(front.create_invalidation, InvalidationBatch=batch(["/other"], "one"), **where)[:2], (400, "InvalidArgument"))
    for paths in (["no/slash"], ["/ok", "bad"], ["/a*b"], ["/with space"], ["/ü"], ["/~tilde"], [""]):
        expect(refused(front.create_invalidation, InvalidationBatch=batch(paths, "two"), **where)[:2], (400, "InvalidArgument"), str(paths))
    wrong = {"Paths": {"Quantity": 3, "Items": ["/a"]}, "CallerReference": "three"}
    expect(refused(front.create_invalidation, InvalidationBatch=wrong, **where)[:2], (400, "InconsistentQuantities"))
    front.create_invalidation(InvalidationBatch=batch(["/b"], "four"), **where)
    expect(len(front.list_invalidations(**where)["InvalidationList"]["Items"]), 2)
    expect(refused(front.get_invalidation, Id="INONE", **where)[:2], (404, "NoSuchInvalidation"))
    expect(refused(front.create_invalidation, DistributionId="ENONE", InvalidationBatch=batch(["/b"], "x"))[:2], (404, "NoSuchDistribution"))


@case
def deploying_takes_its_time(cloud):
    slow = Practice(delays="0.03")
    try:
        formation = slow.client("cloudformation")
        formation.create_stack(StackName="slow", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_IAM"])
        end = time.monotonic() + 60

        def states():
            return [each["Status"] for each in slow.client("cloudfront").list_distributions()["DistributionList"].get("Items", [])]

        while not (seen := states()):
            assert time.monotonic() < end
            time.sleep(0.05)
        expect(seen, ["InProgress"])
        slow.pass_time("4m")
        expect(states(), ["Deployed"])
    finally:
        slow.close()


@case
def only_what_is_switched_off_is_deleted(cloud):
    formation = cloud.client("cloudformation")

    def change(kind, enabled):
        template = json.loads(json.dumps(TEMPLATE))
        template["Resources"]["Front"]["Properties"]["DistributionConfig"]["Enabled"] = enabled
        getattr(formation, f"{kind}_stack")(StackName="unwanted", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
        formation.get_waiter(f"stack_{kind}_complete").wait(StackName="unwanted", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
        front = formation.describe_stack_resource(StackName="unwanted", LogicalResourceId="Front")["StackResourceDetail"]["PhysicalResourceId"]
        return front, cloud.front.get_distribution(Id=front)["ETag"]

    front, etag = change("create", True)
    expect(refused(cloud.front.delete_distribution, Id=front, IfMatch=etag)[:2], (409, "DistributionNotDisabled"))
    front, changed = change("update", False)
    expect(refused(cloud.front.delete_distribution, Id=front)[:2], (400, "InvalidIfMatchVersion"))
    expect(refused(cloud.front.delete_distribution, Id=front, IfMatch=etag)[:2], (412, "PreconditionFailed"))
    cloud.front.delete_distribution(Id=front, IfMatch=changed)
    expect(refused(cloud.front.delete_distribution, Id=front, IfMatch=changed)[:2], (404, "NoSuchDistribution"))
    formation.delete_stack(StackName="unwanted")
    formation.get_waiter("stack_delete_complete").wait(StackName="unwanted", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})


@case
def a_role_may_do_what_its_policy_says(cloud):
    s3, bucket = cloud.s3, cloud.outputs["Bucket"]
    s3.put_object(Bucket=bucket, Key="public/a", Body=b"a")
    s3.put_object(Bucket=bucket, Key="private/a", Body=b"a")
    assumed = cloud.client("sts").assume_role(RoleArn=cloud.outputs["Role"], RoleSessionName="reader", DurationSeconds=900)
    keys = assumed["Credentials"]
    mine = {"key": keys["AccessKeyId"], "secret": keys["SecretAccessKey"], "token": keys["SessionToken"]}
    expect(assumed["AssumedRoleUser"]["Arn"].split("/")[-1], "reader")
    expect(cloud.client("sts", **mine).get_caller_identity()["Arn"], assumed["AssumedRoleUser"]["Arn"])
    reader = cloud.client("s3", **mine)
    expect(reader.get_object(Bucket=bucket, Key="public/a")["Body"].read(), b"a")
    denied = (403, "AccessDenied")
    expect(refused(reader.get_object, Bucket=bucket, Key="private/a")[:2], denied)
    expect(refused(reader.put_object, Bucket=bucket, Key="public/b", Body=b"b" * 100_000)[:2], denied)
    expect(refused(reader.delete_object, Bucket=bucket, Key="public/a")[:2], denied)
    expect(refused(reader.list_objects_v2, Bucket=bucket)[:2], denied)
    # without the right to list, what is missing can't be told from what is forbidden
    expect(refused(reader.get_object, Bucket=bucket, Key="public/nothing")[:2], denied)
    expect(refused(reader.list_buckets)[:2], denied)
    expect(refused(cloud.client("cloudfront", **mine).list_distributions)[:2], denied)
    answer = reader.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "public/a"}]})
    expect([e["Code"] for e in answer["Errors"]], ["AccessDenied"])
    try:
        import awscrt  # noqa: F401
    except ImportError:
        raise Skip("python3-awscrt is not installed") from None
    kvs = cloud.client("cloudfront-keyvaluestore", endpoint=f"http://localhost:{cloud.port}", **mine)
    etag = kvs.describe_key_value_store(KvsARN=cloud.outputs["Store"])["ETag"]
    expect(refused(kvs.put_key, KvsARN=cloud.outputs["Store"], Key="k", Value="v", IfMatch=etag)[:2], (403, "AccessDeniedException"))


@case
def assuming_that_is_refused(cloud):
    sts = cloud.client("sts")
    account = cloud.outputs["Role"].split(":")[4]
    expect(refused(sts.assume_role, RoleArn=f"arn:aws:iam::{account}:role/nobody", RoleSessionName="xx")[:2], (403, "AccessDenied"))
    expect(refused(sts.assume_role, RoleArn="arn:aws:iam::000000000000:role/nobody", RoleSessionName="xx")[:2], (403, "AccessDenied"))
    expect(refused(sts.assume_role, RoleArn="arn:aws:s3:::not-a-role-at-all", RoleSessionName="xx")[:2], (400, "ValidationError"))
    expect(refused(sts.assume_role, RoleArn=cloud.outputs["Role"], RoleSessionName="no spaces")[:2], (400, "ValidationError"))
    expect(refused(sts.assume_role, RoleArn=cloud.outputs["Role"], RoleSessionName="xx", DurationSeconds=43200)[:2], (400, "ValidationError"))


@case
def the_public_by_policy(cloud):
    s3, bucket = cloud.s3, cloud.outputs["Bucket"]

    def fetch(key):
        try:
            return urllib.request.urlopen(f"{cloud.endpoint}/{bucket}/{key}").read()
        except urllib.error.HTTPError as error:
            return error.code

    expect(fetch("public/a"), 403)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                                                      "Resource": f"arn:aws:s3:::{bucket}/public/*"}]}
    expect(refused(s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps(policy))[:2], (403, "AccessDenied"))
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    expect(s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"], True)
    expect((fetch("public/a"), fetch("private/a")), (b"a", 403))


@case
def functions_want_to_know_their_version(cloud):
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName="versions", TemplateBody=json.dumps({"Resources": {"F": {"Type": "AWS::CloudFront::Function", "Properties": {
        "Name": "versions", "FunctionCode": "function handler(event) { return event.request; }",
        "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"}}}}}))
    formation.get_waiter("stack_create_complete").wait(StackName="versions", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    # Not published, so there is nothing live
    expect(refused(cloud.front.describe_function, Name="versions", Stage="LIVE")[:2], (404, "NoSuchFunctionExists"))
    expect(cloud.front.list_functions(Stage="LIVE")["FunctionList"]["Quantity"], 0)
    listed = cloud.front.list_functions()["FunctionList"]["Items"]
    expect([(each["Name"], each["Status"]) for each in listed], [("versions", "UNPUBLISHED")])
    for method, path in (("PUT", "/2020-05-31/function/versions"), ("POST", "/2020-05-31/function/versions/publish")):
        status, _, body = cloud.raw(method, path, service="cloudfront", region="us-east-1", body=b"<UpdateFunctionRequest/>")
        expect((status, b"<Code>InvalidIfMatchVersion</Code>" in body), (400, True), body)
    etag = cloud.front.describe_function(Name="versions")["ETag"]
    for code, config, expected in ((b"function (", {}, (400, "InvalidArgument")),
                                   (b"x", {"KeyValueStoreAssociations": {"Quantity": 1, "Items": [
                                       {"KeyValueStoreARN": "arn:aws:cloudfront::123456789012:key-value-store/0a1b2c3d-0000-1111-2222-333344445555"}]}},
                                    (404, "EntityNotFound"))):
        expect(refused(cloud.front.update_function, Name="versions", IfMatch=etag, FunctionCode=code,
                       FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0", **config})[:2], expected)
    expect(cloud.front.describe_function(Name="versions")["ETag"], etag)
    formation.delete_stack(StackName="versions")


run(setup=setup, teardown=lambda cloud: cloud.close())
