# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users with limits, and kinds of accounts, through boto3."""

import json
import pathlib

from botocore.exceptions import ClientError
from practice import Practice
from tap import case, run

READER = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject", "sts:*"], "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/secret/*"}]}
ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def refused(code, function, status=None, has="", **parameters):
    try:
        answer = function(**parameters)
    except ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == code, error.response
        assert status is None or error.response["ResponseMetadata"]["HTTPStatusCode"] == status, error.response
        assert has in got.get("Message", ""), error.response
        return
    raise AssertionError(f"not refused: {answer}")


def make(cloud, name, policy=READER):
    """A user with a policy of its own; returns a function that makes clients with its keys, and the key."""
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return (lambda service, **more: cloud.client(service, key=key["AccessKeyId"], secret=key["SecretAccessKey"], **more)), key


def play(cloud, **account):
    pathlib.Path(cloud.state, "account.json").write_text(json.dumps(account))


@case
def users(cloud):
    iam = cloud.client("iam")
    assert iam.get_user()["User"]["UserName"] == "practice"
    arn = iam.create_user(UserName="anna", Path="/people/")["User"]["Arn"]
    assert arn.endswith(":user/people/anna"), arn
    assert iam.get_user(UserName="anna")["User"]["Arn"] == arn
    refused("EntityAlreadyExists", iam.create_user, 409, UserName="anna")
    refused("EntityAlreadyExists", iam.create_user, 409, UserName="ANNA")
    refused("NoSuchEntity", iam.get_user, 404, UserName="otto")
    refused("ValidationError", iam.create_user, 400, UserName="a/b")
    refused("ValidationError", iam.create_user, 400, UserName="b", Path="people")
    assert [user["UserName"] for page in iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 1}) for user in page["Users"]] == ["practice", "anna"]
    iam.delete_user(UserName="anna")
    refused("NoSuchEntity", iam.delete_user, 404, UserName="anna")
    # the person must not be locked out
    refused("AccessDenied", iam.delete_user, 403, UserName="practice")


@case
def keys(cloud):
    iam = cloud.client("iam")
    client, key = make(cloud, "keys")
    assert client("sts").get_caller_identity()["Arn"].endswith(":user/keys")
    second = iam.create_access_key(UserName="keys")["AccessKey"]
    refused("LimitExceeded", iam.create_access_key, 409, UserName="keys")
    assert {each["AccessKeyId"] for each in iam.list_access_keys(UserName="keys")["AccessKeyMetadata"]} == {key["AccessKeyId"], second["AccessKeyId"]}
    iam.update_access_key(UserName="keys", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    refused("InvalidClientTokenId", client("sts").get_caller_identity, 403)
    iam.update_access_key(UserName="keys", AccessKeyId=key["AccessKeyId"], Status="Active")
    client("sts").get_caller_identity()
    iam.delete_access_key(UserName="keys", AccessKeyId=key["AccessKeyId"])
    refused("InvalidClientTokenId", client("sts").get_caller_identity, 403)
    refused("NoSuchEntity", iam.delete_access_key, 404, UserName="keys", AccessKeyId=key["AccessKeyId"])
    refused("DeleteConflict", iam.delete_user, 409, UserName="keys")
    iam.delete_access_key(UserName="keys", AccessKeyId=second["AccessKeyId"])
    refused("DeleteConflict", iam.delete_user, 409, UserName="keys", has="policies first")
    iam.delete_user_policy(UserName="keys", PolicyName="own")
    iam.delete_user(UserName="keys")


@case
def policies(cloud):
    iam = cloud.client("iam")
    iam.create_user(UserName="policies")
    refused("MalformedPolicyDocument", iam.put_user_policy, 400, UserName="policies", PolicyName="bad", PolicyDocument="{}")
    refused("MalformedPolicyDocument", iam.put_user_policy, 400, UserName="policies", PolicyName="bad", PolicyDocument="nonsense")
    long = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": [f"s3:Get{number:04}" for number in range(250)], "Resource": "*"}}
    refused("LimitExceeded", iam.put_user_policy, 409, UserName="policies", PolicyName="long", PolicyDocument=json.dumps(long))
    iam.put_user_policy(UserName="policies", PolicyName="own", PolicyDocument=json.dumps(READER))
    assert iam.get_user_policy(UserName="policies", PolicyName="own")["PolicyDocument"] == READER
    assert iam.list_user_policies(UserName="policies")["PolicyNames"] == ["own"]
    # White space does not count
    made = iam.create_policy(PolicyName="long", PolicyDocument=json.dumps(long, indent=20))["Policy"]
    refused("EntityAlreadyExists", iam.create_policy, 409, PolicyName="long", PolicyDocument=json.dumps(ALL))
    longer = {**long, "Statement": {**long["Statement"], "Action": long["Statement"]["Action"] * 3}}
    refused("LimitExceeded", iam.create_policy, 409, PolicyName="longer", PolicyDocument=json.dumps(longer))
    iam.attach_user_policy(UserName="policies", PolicyArn=made["Arn"])
    iam.attach_user_policy(UserName="policies", PolicyArn=made["Arn"])
    assert [each["PolicyArn"] for each in iam.list_attached_user_policies(UserName="policies")["AttachedPolicies"]] == [made["Arn"]]
    assert iam.get_policy(PolicyArn=made["Arn"])["Policy"]["AttachmentCount"] == 1
    refused("DeleteConflict", iam.delete_policy, 409, PolicyArn=made["Arn"])
    refused("NoSuchEntity", iam.attach_user_policy, 404, UserName="policies", PolicyArn=made["Arn"] + "-gone")
    iam.detach_user_policy(UserName="policies", PolicyArn=made["Arn"])
    refused("NoSuchEntity", iam.detach_user_policy, 404, UserName="policies", PolicyArn=made["Arn"])
    iam.delete_policy(PolicyArn=made["Arn"])
    assert iam.list_policies(Scope="Local")["Policies"] == []


@case
def limits(cloud):
    own = cloud.client("s3")
    own.create_bucket(Bucket="limits", CreateBucketConfiguration={"LocationConstraint": cloud.region})
    for name in ("a.txt", "secret/b.txt"):
        own.put_object(Bucket="limits", Key=name, Body=b"x")
    client, _ = make(cloud, "limits")
    s3 = client("s3")
    assert s3.get_object(Bucket="limits", Key="a.txt")["Body"].read() == b"x"
    refused("AccessDenied", s3.get_object, 403, Bucket="limits", Key="secret/b.txt")
    refused("AccessDenied", s3.put_object, 403, Bucket="limits", Key="a.txt", Body=b"y", has="s3:PutObject")
    refused("AccessDenied", s3.delete_bucket, 403, Bucket="limits")
    refused("AccessDeniedException", client("dynamodb").list_tables, 400, has="because no identity-based policy allows")
    refused("AccessDenied", client("cloudformation").describe_stacks, 403)
    refused("AccessDenied", client("iam").create_user, 403, UserName="more")
    # A change of the policy counts at once
    cloud.client("iam").put_user_policy(UserName="limits", PolicyName="own", PolicyDocument=json.dumps(ALL))
    s3.put_object(Bucket="limits", Key="a.txt", Body=b"y")


@case
def sessions_have_the_limits_of_their_user(cloud):
    client, _ = make(cloud, "sessions")
    session = client("sts").get_session_token()["Credentials"]
    keys = {"key": session["AccessKeyId"], "secret": session["SecretAccessKey"], "token": session["SessionToken"]}
    assert cloud.client("sts", **keys).get_caller_identity()["Arn"].endswith(":user/sessions")
    refused("AccessDenied", cloud.client("iam", **keys).list_users, 403)
    refused("AccessDenied", cloud.client("s3", **keys).list_buckets, 403)


@case
def stacks_are_made_with_the_rights_of_whoever_asked(cloud):
    template = json.dumps({"Resources": {"Files": {"Type": "AWS::S3::Bucket"}, "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/porch/log"}}}})
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["cloudformation:*", "s3:*"], "Resource": "*"}}
    client, _ = make(cloud, "builder", policy)
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName="builder", TemplateBody=template)
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName="builder", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    except Exception:
        pass
    reasons = [event.get("ResourceStatusReason", "") for event in cloudformation.describe_stack_events(StackName="builder")["StackEvents"]
               if event["ResourceStatus"] == "CREATE_FAILED"]
    assert any("logs:CreateLogGroup" in reason and "AccessDenied" in reason for reason in reasons), reasons
    cloudformation.delete_stack(StackName="builder")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="builder", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    # The account's own user has no limits
    own = cloud.client("cloudformation")
    own.create_stack(StackName="builder", TemplateBody=template)
    own.get_waiter("stack_create_complete").wait(StackName="builder", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    # Now it is the other one who may not take it away
    cloudformation.delete_stack(StackName="builder")
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName="builder", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    except Exception:
        pass
    assert own.describe_stacks(StackName="builder")["Stacks"][0]["StackStatus"] == "DELETE_FAILED"
    own.delete_stack(StackName="builder")
    own.get_waiter("stack_delete_complete").wait(StackName="builder", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})


@case
def one_region_only(cloud):
    try:
        play(cloud, homeRegion="eu-north-1")
        rule = "explicit deny in a service control policy"
        refused("AccessDenied", cloud.client("cloudformation", region="us-east-1").list_stacks, 403, has=rule)
        refused("AccessDenied", cloud.client("s3", region="eu-west-1").list_buckets, 403, has=rule)
        refused("AccessDeniedException", cloud.client("dynamodb", region="eu-west-1").list_tables, 400, has=rule)
        cloud.client("cloudformation", region="eu-north-1").list_stacks()
        cloud.client("cloudfront", region="us-east-1").list_distributions()
        cloud.client("sts", region="eu-west-1").get_caller_identity()
        results = cloud.client("iam").simulate_principal_policy(
            PolicySourceArn=cloud.client("iam").get_user()["User"]["Arn"], ActionNames=["dynamodb:Query"],
            ResourceArns=["arn:aws:dynamodb:eu-west-1:123456789012:table/t", "arn:aws:dynamodb:eu-north-1:123456789012:table/t"])["EvaluationResults"]
        assert [(each["EvalDecision"], each["OrganizationsDecisionDetail"]["AllowedByOrganizations"]) for each in results] == [("explicitDeny", False), ("allowed", True)], results
    finally:
        play(cloud)


@case
def billing_is_not_for_everybody(cloud):
    account = cloud.client("sts").get_caller_identity()["Account"]
    try:
        play(cloud, billingAccess=False)
        refused("AccessDeniedException", cloud.client("budgets", region="us-east-1").describe_budgets, 400, AccountId=account)
    finally:
        play(cloud)
    assert cloud.client("budgets", region="us-east-1").describe_budgets(AccountId=account)["Budgets"] == []


@case
def a_damaged_description_is_left_out(cloud):
    try:
        pathlib.Path(cloud.state, "account.json").write_text("{ not json")
        assert cloud.client("account", region="us-east-1").get_region_opt_status(RegionName="eu-west-1")["RegionOptStatus"] == "ENABLED_BY_DEFAULT"
    finally:
        play(cloud)


@case
def all_of_it_outlives_a_restart(cloud):
    make(cloud, "lasting")
    cloud.client("iam").create_account_alias(AccountAlias="porch-lasting")
    cloud.restart()
    assert cloud.client("iam").list_account_aliases()["AccountAliases"] == ["porch-lasting"]
    assert cloud.client("iam").list_user_policies(UserName="lasting")["PolicyNames"] == ["own"]


@case
def unknown_operations(cloud):
    for service, operation, parameters, code in (("iam", "list_groups", {}, "InvalidAction"), ("budgets", "describe_budget_actions_for_account", {"AccountId": "123456789012"}, "UnknownOperationException"),
                                                 ("ce", "get_tags", {"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}}, "UnknownOperationException"),
                                                 ("service-quotas", "list_services", {}, "UnknownOperationException"),
                                                 ("account", "get_contact_information", {}, "UnknownOperationException")):
        refused(code, getattr(cloud.client(service, region="us-east-1"), operation), **parameters)


if __name__ == "__main__":
    run(setup=Practice, teardown=lambda cloud: cloud and cloud.close())
