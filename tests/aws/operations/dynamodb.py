# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import os

from . import scenario

TABLE = f"scene-table-{os.getpid()}"
KEY = {"pk": {"S": "form#contact"}, "sk": {"S": "2026-01-01"}}
ITEM = {**KEY, "unread": {"BOOL": True}, "n": {"N": "12.50"}, "nothing": {"NULL": True}, "colours": {"SS": ["a", "b"]},
        "fields": {"M": {"name": {"S": "Änne 🏮 \"q\""}, "list": {"L": [{"S": "a"}, {"N": "-1"}]}}}}


def make_table(cloud):
    client = cloud.client()
    client.create_table(TableName=TABLE, BillingMode="PAY_PER_REQUEST",
                        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
                        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
    client.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})


@scenario("dynamodb")
def items(cloud):
    make_table(cloud)
    table = cloud.same("DescribeTable", TableName=TABLE)["Table"]
    assert (table["TableName"], table["TableStatus"]) == (TABLE, "ACTIVE"), table
    cloud.ours("PutItem", TableName=TABLE, Item=ITEM)
    assert cloud.same("GetItem", TableName=TABLE, Key=KEY, ConsistentRead=True)["Item"]["fields"] == ITEM["fields"]
    # moto says it in other words
    cloud.both_refused("ConditionalCheckFailedException", "PutItem", TableName=TABLE, Item=ITEM, ConditionExpression="attribute_not_exists(pk)")
    changed = cloud.ours("UpdateItem", TableName=TABLE, Key=KEY, UpdateExpression="SET #u = :no ADD n :one", ReturnValues="ALL_NEW",
                         ConditionExpression="attribute_exists(pk)", ExpressionAttributeNames={"#u": "unread"},
                         ExpressionAttributeValues={":no": {"BOOL": False}, ":one": {"N": "1"}})["Attributes"]
    assert changed == cloud.theirs("GetItem", TableName=TABLE, Key=KEY)["Item"], changed
    assert (changed["unread"], float(changed["n"]["N"])) == ({"BOOL": False}, 13.5), changed

    writes = [{"PutRequest": {"Item": {"pk": {"S": "many"}, "sk": {"S": f"{i:02}"}}}} for i in range(25)]
    left = cloud.ours("BatchWriteItem", RequestItems={TABLE: writes})
    assert not left.get("UnprocessedItems"), left
    question = {"TableName": TABLE, "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "many"}}}
    page = cloud.same("Query", **question, ScanIndexForward=False, Limit=10)
    assert [each["sk"]["S"] for each in page["Items"]] == [f"{i:02}" for i in range(24, 14, -1)], page
    page = cloud.same("Query", **question, ScanIndexForward=False, ExclusiveStartKey=page["LastEvaluatedKey"], FilterExpression="sk > :pk")
    assert page["Count"] == 0 and page["ScannedCount"] == 15, page
    found = cloud.same("Scan", TableName=TABLE, FilterExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "form#contact"}})
    assert len(found["Items"]) == 1 and found["ScannedCount"] == 26, found
    cloud.ours("DeleteItem", TableName=TABLE, Key=KEY)
    assert "Item" not in cloud.same("GetItem", TableName=TABLE, Key=KEY)
    cloud.both_refused("ResourceNotFoundException", "GetItem", TableName=TABLE + "-missing", Key=KEY, message=not cloud.is_moto)


@scenario("dynamodb")
def earlier_states(cloud):
    ignore = ("EarliestRestorableDateTime", "LatestRestorableDateTime")
    off = cloud.same("DescribeContinuousBackups", TableName=TABLE)["ContinuousBackupsDescription"]
    assert off["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED", off
    wish = {"PointInTimeRecoveryEnabled": True} if cloud.is_moto else {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7}
    on = cloud.ours("UpdateContinuousBackups", TableName=TABLE, PointInTimeRecoverySpecification=wish)["ContinuousBackupsDescription"]
    assert on["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED", on
    seen = cloud.same("DescribeContinuousBackups", TableName=TABLE, ignore=ignore)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert seen["EarliestRestorableDateTime"] <= seen["LatestRestorableDateTime"], seen
    if not cloud.is_moto:
        assert seen["RecoveryPeriodInDays"] == 7, seen
        cloud.refused("ValidationException", "UpdateContinuousBackups", TableName=TABLE,
                      PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 36})
    cloud.both_refused("TableNotFoundException", "DescribeContinuousBackups", TableName=TABLE + "-missing", message=not cloud.is_moto)
    cloud.ours("DeleteTable", TableName=TABLE)
