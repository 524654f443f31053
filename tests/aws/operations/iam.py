# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what. moto simulates no policies."""

import json
import urllib.parse

from operations import scenario

READER = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:List*"], "Resource": "arn:aws:s3:::porch-*"},
    {"Effect": "Allow", "Action": "cloudfront:CreateInvalidation", "Resource": "*",
     "Condition": {"StringEquals": {"aws:ResourceTag/application": "porchlight"}}},
    {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::porch-secret/*"}]}
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
LACKS = {"SimulatePrincipalPolicy", "SetSecurityTokenServicePreferences"}


def make_user(cloud, name):
    iam = cloud.client()
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    iam.put_user_policy(UserName=name, PolicyName="reader", PolicyDocument=json.dumps(READER))
    return arn


def make_role(cloud, stack):
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}},
                "Outputs": {"Role": {"Value": {"Ref": "Role"}}}}
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"][0]["OutputValue"]


@scenario("iam", moto_lacks=LACKS)
def people(cloud):
    arn = make_user(cloud, "porch-anna")
    user = cloud.same("GetUser", UserName="porch-anna")["User"]
    assert (user["UserName"], user["Arn"], user["Path"]) == ("porch-anna", arn, "/"), user
    cloud.both_refused("NoSuchEntity", "GetUser", UserName="porch-nobody")
    name = make_role(cloud, "porch-people")
    # boto3 takes the percent signs out of it
    role = cloud.same("GetRole", RoleName=name, ignore={"AssumeRolePolicyDocument"})["Role"]
    assert json.loads(urllib.parse.unquote(role["AssumeRolePolicyDocument"])) == TRUST, role
    assert role["Arn"].endswith(f":role/{name}"), role
    assert role["MaxSessionDuration"] == 3600
    cloud.both_refused("NoSuchEntity", "GetRole", RoleName="porch-nothing")


@scenario("iam", moto_lacks=LACKS)
def account(cloud):
    figures = cloud.same("GetAccountSummary")["SummaryMap"]
    assert figures["UsersQuota"] == 5000 and figures["Users"] >= 0, figures
    assert cloud.same("ListAccountAliases")["AccountAliases"] == []
    cloud.client().create_account_alias(AccountAlias="porch-bakery")
    assert cloud.same("ListAccountAliases")["AccountAliases"] == ["porch-bakery"]
    assert cloud.pages("ListAccountAliases") == ["porch-bakery"]
    cloud.client().delete_account_alias(AccountAlias="porch-bakery")


@scenario("iam", moto_lacks=LACKS)
def tokens(cloud):
    cloud.ours("SetSecurityTokenServicePreferences", GlobalEndpointTokenVersion="v2Token")
    assert cloud.same("GetAccountSummary")["SummaryMap"]["GlobalEndpointTokenVersion"] == 2
    cloud.both_refused("ValidationError", "SetSecurityTokenServicePreferences", GlobalEndpointTokenVersion="v3Token")
    cloud.ours("SetSecurityTokenServicePreferences", GlobalEndpointTokenVersion="v1Token")
    assert cloud.same("GetAccountSummary")["SummaryMap"]["GlobalEndpointTokenVersion"] == 1


def decisions(results):
    return {(each["EvalActionName"], each["EvalResourceName"]): each["EvalDecision"] for each in results}


@scenario("iam", moto_lacks=LACKS)
def simulation(cloud):
    arn = make_user(cloud, "porch-reader") if cloud.has("SimulatePrincipalPolicy") else "arn:aws:iam::123456789012:user/porch-reader"
    question = {"PolicySourceArn": arn, "ActionNames": ["s3:GetObject", "s3:PutObject"],
                "ResourceArns": ["arn:aws:s3:::porch-site/a", "arn:aws:s3:::porch-secret/a", "arn:aws:s3:::other/a"]}
    answer = cloud.same("SimulatePrincipalPolicy", **question)
    assert decisions(answer["EvaluationResults"]) == {
        ("s3:GetObject", "arn:aws:s3:::porch-site/a"): "allowed", ("s3:PutObject", "arn:aws:s3:::porch-site/a"): "implicitDeny",
        ("s3:GetObject", "arn:aws:s3:::porch-secret/a"): "explicitDeny", ("s3:PutObject", "arn:aws:s3:::porch-secret/a"): "implicitDeny",
        ("s3:GetObject", "arn:aws:s3:::other/a"): "implicitDeny", ("s3:PutObject", "arn:aws:s3:::other/a"): "implicitDeny"}, answer
    assert decisions(cloud.pages("SimulatePrincipalPolicy", MaxItems=1, **question)) == decisions(answer["EvaluationResults"])

    # A condition asks for a value: without it, it says so
    purge = {"PolicySourceArn": arn, "ActionNames": ["cloudfront:CreateInvalidation"]}
    bare = cloud.same("SimulatePrincipalPolicy", **purge)["EvaluationResults"][0]
    assert (bare["EvalDecision"], bare["MissingContextValues"]) == ("implicitDeny", ["aws:ResourceTag/application"]), bare
    tag = [{"ContextKeyName": "aws:ResourceTag/application", "ContextKeyValues": ["porchlight"], "ContextKeyType": "string"}]
    full = cloud.same("SimulatePrincipalPolicy", ContextEntries=tag, **purge)["EvaluationResults"][0]
    assert (full["EvalDecision"], full["MissingContextValues"]) == ("allowed", []), full

    cloud.both_refused("NoSuchEntity", "SimulatePrincipalPolicy", PolicySourceArn=arn + "-gone", ActionNames=["s3:GetObject"])
    account = arn.split(":")[4]
    cloud.both_refused("InvalidInput", "SimulatePrincipalPolicy", PolicySourceArn=f"arn:aws:iam::{account}:root", ActionNames=["s3:GetObject"])
