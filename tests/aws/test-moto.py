# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds our client against a server that we did not write (moto), and what it did against boto3's view of it.

With PORCHLIGHT_PRACTICE_SERVE, the same against the practice cloud that this program serves; with
PORCHLIGHT_TEST_ENDPOINT against any other, with the credentials and the region of the environment.
"""

import json
import os

import s3_cases  # noqa: F401
from clouds import choose
from tap import Skip, case, run

TEMPLATE = json.dumps({
    "Parameters": {"Note": {"Type": "String"}},
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
    "Outputs": {"Bucket": {"Value": {"Ref": "Bucket"}}},
})


@case
def identity(cloud):
    ours = cloud.good("identity")
    theirs = cloud.client("sts").get_caller_identity()
    assert ours["account"] == theirs["Account"] and ours["arn"] == theirs["Arn"]


@case
def dynamodb_items(cloud):
    dynamodb = cloud.client("dynamodb")
    table = f"porch-test-{os.getpid()}"
    dynamodb.create_table(TableName=table, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
                          KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
    dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    try:
        item = {"pk": {"S": "form#contact"}, "sk": {"S": "2026-01-01"}, "unread": {"BOOL": True}, "n": {"N": "12"},
                "fields": {"M": {"name": {"S": "Ännе 🏮 \"q\""}, "colours": {"L": [{"S": "a"}, {"S": "b"}]}}}}
        cloud.good("put-item", table, json.dumps(item))
        key = {"pk": item["pk"], "sk": item["sk"]}
        assert dynamodb.get_item(TableName=table, Key=key)["Item"] == item
        assert cloud.good("get-item", table, json.dumps(key))["item"] == item
        cloud.refused("ConditionalCheckFailedException", "put-item", table, json.dumps(item), "attribute_not_exists(pk)")
        changed = cloud.good("update-item", table, json.dumps(key), "SET unread = :no ADD n :one",
                             json.dumps({":no": {"BOOL": False}, ":one": {"N": "1"}}))["item"]
        assert changed == dynamodb.get_item(TableName=table, Key=key)["Item"]
        assert (changed["unread"], changed["n"]) == ({"BOOL": False}, {"N": "13"})
        for i in range(5):
            dynamodb.put_item(TableName=table, Item={"pk": {"S": "form#contact"}, "sk": {"S": f"2027-{i}"}})
        question = (table, "pk = :pk", json.dumps({":pk": {"S": "form#contact"}}))
        ours = cloud.good("query", *question)["items"]
        assert [each["sk"]["S"] for each in ours] == [f"2027-{i}" for i in (4, 3, 2, 1, 0)] + ["2026-01-01"]
        assert len(cloud.good("query", *question, "2")["items"]) == 2
        cloud.good("delete-item", table, json.dumps(key))
        assert "Item" not in dynamodb.get_item(TableName=table, Key=key)
        cloud.good("delete-item", table, json.dumps(key))
        answer = cloud.run("get-item", table, json.dumps(key))
        assert answer["exit"] == 1, answer
        cloud.good("batch", table, "60")
        ours = cloud.good("query", table, "pk = :pk", json.dumps({":pk": {"S": "batch"}}))["items"]
        assert len(ours) == 60
        cloud.good("batch", table, "-60")
        assert cloud.good("query", table, "pk = :pk", json.dumps({":pk": {"S": "batch"}}))["items"] == []
    finally:
        dynamodb.delete_table(TableName=table)
    cloud.refused("ResourceNotFoundException", "get-item", "no-such-table", json.dumps(key))


@case
def stacks(cloud):
    cloudformation = cloud.client("cloudformation")
    name = f"porch-test-{os.getpid()}"
    note = "a b ü" if cloud.is_moto else "a & b ü"  # moto writes it into XML as it is
    identifier = cloud.good("create-stack", name, TEMPLATE, f"Note={note}")["id"]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    theirs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    ours = cloud.good("describe-stack", name)
    assert theirs["StackId"] == ours["id"] == identifier
    assert theirs["StackStatus"] == ours["status"] == "CREATE_COMPLETE"
    assert theirs["Outputs"][0]["OutputValue"] == ours["output"]
    assert theirs["Parameters"] == [{"ParameterKey": "Note", "ParameterValue": note}]
    assert ours["tag"] == "porchlight"
    assert name in cloud.good("list-stacks")["stacks"]
    assert "CREATE_COMPLETE" in cloud.good("stack-events", name)["events"]
    assert json.loads(cloud.good("get-template", name)["template"]) == json.loads(TEMPLATE)
    cloud.refused("AlreadyExistsException", "create-stack", name, TEMPLATE, "Note=x")
    cloud.good("delete-stack", name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=identifier, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    cloud.refused("ValidationError", "describe-stack", name)


@case
def key_value_store(cloud):
    if cloud.is_moto:
        raise Skip("moto has no data plane of KeyValueStores")
    cloudformation = cloud.client("cloudformation")
    name = f"porch-store-{os.getpid()}"
    template = json.dumps({
        "Resources": {"Store": {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": name}}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Store", "Arn"]}}},
    })
    cloud.good("create-stack", name, template)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    arn = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]
    etags = set()
    for key, value in (("live", json.dumps({"": "20260101-000000-abcdef"})), ("a b/ü+%", "🏮"), ("live", "x" * 1000)):
        answer = cloud.good("kvs-put", arn, key, value)
        assert answer["value"] == value
        etags.add(answer["etag"])
    assert len(etags) == 3
    answer = cloud.run("kvs-put", arn, "live", "x" * 2000)
    assert answer["exit"] == 1 and answer["status"] in (400, 402), answer
    answer = cloud.run("kvs-put", arn + "0", "live", "x")
    assert answer["exit"] == 1, answer
    cloud.good("delete-stack", name)


@case
def wrong_secret(cloud):
    if cloud.is_moto:
        raise Skip("moto takes any signature")
    cloud.refused("SignatureDoesNotMatch", "identity", AWS_SECRET_ACCESS_KEY="another")
    cloud.refused("InvalidClientTokenId", "identity", AWS_ACCESS_KEY_ID="AKIANOBODYKNOWSTHIS0")


run(setup=choose, teardown=lambda cloud: cloud and cloud.stop())
