# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os

import boto3

from . import scenario

NAME = f"scene-role-{os.getpid()}"
TEMPLATE = json.dumps({
    "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "sts:AssumeRole"}]}}}},
    "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
})


@scenario("sts")
def identity(cloud):
    seen = cloud.same("GetCallerIdentity")
    assert set(seen) == {"UserId", "Account", "Arn"}, seen
    if not cloud.is_moto:
        cloud.refused("InvalidClientTokenId", "GetCallerIdentity", settings={"AWS_ACCESS_KEY_ID": "AKIANOBODYKNOWSTHIS0"})


@scenario("sts")
def role(cloud):
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName=NAME, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(StackName=NAME, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    try:
        arn = formation.describe_stacks(StackName=NAME)["Stacks"][0]["Outputs"][0]["OutputValue"]
        given = cloud.ours("AssumeRole", RoleArn=arn, RoleSessionName="porchlight", DurationSeconds=900)["Credentials"]
        assert given["AccessKeyId"].startswith("ASIA") and given["SessionToken"] and given["Expiration"] > 0, sorted(given)

        settings = {"AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
                    "AWS_SESSION_TOKEN": given["SessionToken"]}
        ours = cloud.ours("GetCallerIdentity", settings=settings)
        session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name="eu-central-1")
        theirs = session.client("sts", endpoint_url=cloud.cloud.endpoint).get_caller_identity()
        assert (ours["Arn"], ours["Account"], ours["UserId"]) == (theirs["Arn"], theirs["Account"], theirs["UserId"])
        assert ours["Arn"].endswith("/porchlight") and ":assumed-role/" in ours["Arn"], ours

        if not cloud.is_moto:
            cloud.both_refused("AccessDenied", "AssumeRole", RoleArn=arn + "x", RoleSessionName="porchlight")
            cloud.refused("ValidationError", "AssumeRole", RoleArn=arn, RoleSessionName="porchlight", DurationSeconds=60)
    finally:
        formation.delete_stack(StackName=NAME)
