#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""DynamoDB of the practice cloud: what it does and refuses, and the same calls against moto."""

import time

from practice import Practice, expect, refused
from tap import Skip, case, run

TABLE = "messages"
SCHEMA = {
    "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
}


def key(pk, sk):
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def item(pk, sk, **more):
    return {**key(pk, sk), **more}


def put(pk, sk, **more):
    return ("put_item", {"TableName": TABLE, "Item": item(pk, sk, **more)})


def update(expression, values=None, names=None, pk="u", sk="1", **more):
    call = {"TableName": TABLE, "Key": key(pk, sk), "UpdateExpression": expression, **more}
    if values:
        call["ExpressionAttributeValues"] = values
    if names:
        call["ExpressionAttributeNames"] = names
    return ("update_item", call)


def get(pk, sk, **more):
    return ("get_item", {"TableName": TABLE, "Key": key(pk, sk), **more})


def query(condition, values, **more):
    return ("query", {"TableName": TABLE, "KeyConditionExpression": condition, "ExpressionAttributeValues": values, **more})


def scan(**more):
    return ("scan", {"TableName": TABLE, **more})


# What both are asked, one after another. The text says why the two may differ: "" = they must agree.
CALLS = [
    (put("a", "1", n={"N": "1"}, text={"S": "eins"}), ""),
    (put("a", "2", n={"N": "2"}, tags={"SS": ["x", "y"]}), ""),
    (put("a", "3", n={"N": "30"}, m={"M": {"deep": {"L": [{"S": "p"}, {"N": "7"}]}}}), ""),
    (put("a", "10", n={"N": "4"}, flag={"BOOL": True}, nothing={"NULL": True}, raw={"B": b"\x00\xff"}), ""),
    (put("b", "1", n={"N": "5"}), ""),
    (get("a", "1"), ""),
    (get("a", "none"), ""),
    (get("a", "3", ProjectionExpression="m.deep[1], n"), ""),
    (get("a", "3", ProjectionExpression="m.deep[0], m.deep[1]"), "moto keeps one of the two elements"),
    (get("a", "3", ProjectionExpression="#m.nowhere", ExpressionAttributeNames={"#m": "m"}), ""),
    (("get_item", {"TableName": TABLE, "Key": {"pk": {"S": "a"}}}), "moto has no sentence for it"),
    (("get_item", {"TableName": TABLE, "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}}), "moto finds nothing instead"),
    (("get_item", {"TableName": TABLE, "Key": {**key("a", "1"), "n": {"N": "1"}}}), ""),
    (("get_item", {"TableName": "nothere", "Key": key("a", "1")}), ""),
    (query("pk = :p", {":p": {"S": "a"}}), ""),
    (query("pk = :p", {":p": {"S": "a"}}, ScanIndexForward=False), ""),
    (query("pk = :p AND sk > :s", {":p": {"S": "a"}, ":s": {"S": "1"}}), ""),
    (query("pk = :p AND sk >= :s", {":p": {"S": "a"}, ":s": {"S": "2"}}), ""),
    (query("pk = :p AND sk < :s", {":p": {"S": "a"}, ":s": {"S": "2"}}), ""),
    (query("pk = :p AND sk BETWEEN :s AND :t", {":p": {"S": "a"}, ":s": {"S": "10"}, ":t": {"S": "2"}}), ""),
    (query("pk = :p AND begins_with(sk, :s)", {":p": {"S": "a"}, ":s": {"S": "1"}}), ""),
    (query("#p = :p", {":p": {"S": "a"}}, ExpressionAttributeNames={"#p": "pk"}, ProjectionExpression="n"), ""),
    (query("pk = :p", {":p": {"S": "a"}, ":n": {"N": "3"}}, FilterExpression="n > :n"), ""),
    (query("pk = :p", {":p": {"S": "a"}}, Limit=2), ""),
    (query("pk = :p", {":p": {"S": "a"}}, Limit=2, ExclusiveStartKey=key("a", "10")), "moto looks ahead, DynamoDB names the key whenever the limit is met"),
    (query("pk = :p", {":p": {"S": "a"}}, Limit=2, ExclusiveStartKey=key("a", "3"), ScanIndexForward=False), ""),
    (query("pk = :p", {":p": {"S": "a"}}, Select="COUNT"), ""),
    (query("pk = :p", {":p": {"S": "nobody"}}), ""),
    (query("sk = :s", {":s": {"S": "1"}}), ""),
    (query("pk > :p", {":p": {"S": "a"}}), ""),
    (query("pk = :p", {":q": {"S": "a"}}), "moto says it shorter; DynamoDB names the value"),
    (query("pk = :p OR sk = :p", {":p": {"S": "a"}}), "moto crashes"),
    (scan(), "sorted"),
    (scan(FilterExpression="attribute_exists(text)"), "moto takes reserved words in filters"),
    (scan(FilterExpression="attribute_exists(#t)", ExpressionAttributeNames={"#t": "text"}), "sorted"),
    (scan(FilterExpression="attribute_type(m, :t)", ExpressionAttributeValues={":t": {"S": "M"}}), "sorted"),
    (scan(FilterExpression="contains(tags, :t)", ExpressionAttributeValues={":t": {"S": "x"}}), "sorted"),
    (scan(FilterExpression="size(tags) = :n", ExpressionAttributeValues={":n": {"N": "2"}}), "moto takes no size of a set"),
    (scan(FilterExpression="n IN (:a, :b)", ExpressionAttributeValues={":a": {"N": "1.0"}, ":b": {"N": "5"}}), "sorted"),
    (scan(FilterExpression="NOT (n = :a OR n = :b) AND n <> :c",
          ExpressionAttributeValues={":a": {"N": "1"}, ":b": {"N": "2"}, ":c": {"N": "5"}}), "sorted"),
    (scan(FilterExpression="n BETWEEN :a AND :b", ExpressionAttributeValues={":a": {"N": "2"}, ":b": {"N": "30"}}), "sorted"),
    (("put_item", {**put("a", "1", n={"N": "9"})[1], "ConditionExpression": "attribute_not_exists(pk)"}), ""),
    (("put_item", {**put("a", "1", n={"N": "9"})[1], "ConditionExpression": "n = :one", "ExpressionAttributeValues": {":one": {"N": "1"}},
                   "ReturnValues": "ALL_OLD"}), ""),
    (("put_item", {**put("a", "1")[1], "ReturnValues": "ALL_NEW"}), ""),
    (("put_item", {"TableName": TABLE, "Item": {"pk": {"S": "a"}}}), ""),
    (("put_item", {"TableName": TABLE, "Item": {"pk": {"S": "a"}, "sk": {"N": "1"}}}), ""),
    (("put_item", {"TableName": TABLE, "Item": item("", "1")}), "moto has the sentence of before 2020"),
    (("put_item", {**put("a", "1", n={"N": "9"})[1], "ConditionExpression": "n = "}), "moto crashes"),
    (("put_item", {**put("a", "1", n={"N": "9"})[1], "ExpressionAttributeValues": {":x": {"S": "x"}}}), "moto does not mind unused values here"),
    (update("SET n = :n, created = if_not_exists(created, :t)", {":n": {"N": "1"}, ":t": {"S": "now"}}, ReturnValues="ALL_NEW"), ""),
    (update("SET n = n + :n", {":n": {"N": "2.5"}}, ReturnValues="UPDATED_NEW"), ""),
    (update("SET n = n - :n", {":n": {"N": "10"}}, ReturnValues="UPDATED_OLD"), ""),
    (update("ADD hits :one", {":one": {"N": "1"}}, ReturnValues="UPDATED_NEW"), ""),
    (update("ADD hits :one", {":one": {"N": "1"}}, ReturnValues="ALL_OLD"), ""),
    (update("ADD tags :t", {":t": {"SS": ["x", "y"]}}), ""),
    (update("ADD tags :t", {":t": {"SS": ["y", "z"]}}), ""),
    (update("DELETE tags :t", {":t": {"SS": ["x"]}}), ""),
    (get("u", "1"), "sets"),
    (update("SET l = :l", {":l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]}}), ""),
    (update("SET l = list_append(l, :l)", {":l": {"L": [{"S": "d"}]}}), ""),
    (update("SET l[0] = :x, l[9] = :x", {":x": {"S": "x"}}), ""),
    (update("REMOVE l[1], l[2]", ReturnValues="ALL_NEW"), "sets"),
    (update("SET m = :m", {":m": {"M": {}}}), ""),
    (update("SET m.a = :x, m.#b = :x", {":x": {"S": "x"}}, {"#b": "b.c"}), ""),
    (update("REMOVE m.a", ReturnValues="UPDATED_NEW"), "moto gives back the map that lost its member"),
    (get("u", "1", ProjectionExpression="m, l"), ""),
    (update("SET nowhere.a = :x", {":x": {"S": "x"}}), ""),
    (update("SET n = nothing_there", {}), ""),
    (update("SET n = l + :n", {":n": {"N": "2"}}), "moto words it differently"),
    (update("SET pk = :x", {":x": {"S": "x"}}), ""),
    (update("SET n = :x, n = :x", {":x": {"S": "x"}}), ""),
    (update("SET n = :x", {":y": {"S": "x"}}), ""),
    (update("SET n = :x SET m = :x", {":x": {"S": "x"}}, pk="v"), "moto takes a section twice"),
    (update("SET name = :x", {":x": {"S": "x"}}), ""),
    (update("SET #q = :x", {":x": {"S": "x"}}), ""),
    (update("SET n = :x", {":x": {"S": "x"}, ":y": {"S": "x"}}, pk="v"), "moto does not mind unused values"),
    (update("SET n = :x", {":x": {"S": "x"}}, {"#q": "q"}), ""),
    (update("FETCH n", {}), ""),
    (update("SET n = ", {}), ""),
    (update("", {}), ""),
    (update("ADD n :x", {":x": {"S": "x"}}), "moto sees it later and says less"),
    (update("SET n = :x", {":x": {"S": "changed"}}, ConditionExpression="attribute_exists(nothing)"), ""),
    (("delete_item", {"TableName": TABLE, "Key": key("u", "1"), "ConditionExpression": "hits = :n",
                      "ExpressionAttributeValues": {":n": {"N": "99"}}}), ""),
    (("delete_item", {"TableName": TABLE, "Key": key("b", "1"), "ReturnValues": "ALL_OLD"}), ""),
    (("delete_item", {"TableName": TABLE, "Key": key("b", "1"), "ReturnValues": "ALL_OLD"}), ""),
    (("batch_write_item", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item("c", str(n))}} for n in range(25)]}}), ""),
    (("batch_write_item", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item("d", str(n))}} for n in range(26)]}}), "moto takes 26"),
    (("batch_write_item", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item("d", "1")}}, {"DeleteRequest": {"Key": key("d", "1")}}]}}), "moto takes an item twice"),
    (("batch_write_item", {"RequestItems": {TABLE: [{"DeleteRequest": {"Key": key("c", str(n))}} for n in range(24)]}}), ""),
    (("batch_get_item", {"RequestItems": {TABLE: {"Keys": [key("c", "24"), key("c", "1")]}}}), ""),
    (("batch_get_item", {"RequestItems": {TABLE: {"Keys": [key("c", "24"), key("c", "24")]}}}), ""),
    (query("pk = :p", {":p": {"S": "c"}}), ""),
    (("describe_time_to_live", {"TableName": TABLE}), ""),
    (("update_time_to_live", {"TableName": TABLE, "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True}}), ""),
    (("describe_time_to_live", {"TableName": TABLE}), ""),
    (("list_tables", {}), ""),
    (("describe_table", {"TableName": "nothere"}), ""),
    (("create_table", SCHEMA), ""),
]


class Both:
    def __init__(self):
        self.cloud = Practice()
        self.ours = self.cloud.client("dynamodb")
        self.ours.create_table(**SCHEMA)
        self.moto = None
        try:
            from moto.server import ThreadedMotoServer
        except ImportError:
            return
        self.server = ThreadedMotoServer(port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.moto = self.cloud.client("dynamodb", endpoint=f"http://127.0.0.1:{port}")
        self.moto.create_table(**SCHEMA)

    def close(self):
        self.cloud.close()
        if self.moto:
            self.server.stop()


def ask(client, call):
    from botocore.exceptions import ClientError
    operation, arguments = call
    try:
        answer = getattr(client, operation)(**arguments)
    except ClientError as error:
        return {"error": (error.response["Error"]["Code"], error.response["Error"]["Message"])}
    answer.pop("ResponseMetadata")
    # moto gives these unasked
    for name in ("ConsumedCapacity", "ItemCollectionMetrics"):
        answer.pop(name, None)
    if answer.get("Attributes") == {}:
        del answer["Attributes"]
    return answer


def comparable(answer, how):
    if how == "sorted" and "Items" in answer:
        answer["Items"].sort(key=lambda one: (one["pk"]["S"], one["sk"]["S"]))
    if how in ("sets", "sorted"):
        def order(value):
            if isinstance(value, dict):
                return {name: sorted(inner) if name in ("SS", "NS") else order(inner) for name, inner in value.items()}
            return [order(inner) for inner in value] if isinstance(value, list) else value
        answer = order(answer)
    return answer


@case
def same_answers_as_moto(both):
    if both.moto is None:
        raise Skip("python3-moto is not installed")
    wrong = []
    for call, how in CALLS:
        ours, theirs = ask(both.ours, call), ask(both.moto, call)
        strict = how in ("", "sorted", "sets")
        if strict and comparable(ours, how) != comparable(theirs, how):
            wrong.append(f"{call}\n  ours: {ours}\n  moto: {theirs}")
        elif not strict and ours == theirs:
            wrong.append(f"{call}: no longer different ({how})")
        elif not strict and how != "moto crashes" and "error" in ours and "error" in theirs and ours["error"][0] != theirs["error"][0]:
            wrong.append(f"{call}: {ours['error'][0]} is not {theirs['error'][0]}")
    assert not wrong, f"{len(wrong)} of {len(CALLS)} differ:\n" + "\n".join(wrong)


@case
def error_sentences(both):
    """What DynamoDB itself says where moto is no help."""
    ours = both.ours
    ours.put_item(TableName=TABLE, Item=item("e", "1", n={"N": "1"}))
    for arguments, message in (
        ({"ConditionExpression": "n = "}, 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'),
        ({"ConditionExpression": "n ! n"}, 'Invalid ConditionExpression: Syntax error; token: "!", near: "n ! n"'),
        ({"ConditionExpression": "((n = n))"}, "Invalid ConditionExpression: The expression has redundant parentheses;"),
        ({"ConditionExpression": "status = n"}, "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"),
        ({"ConditionExpression": "foo(n)"}, "Invalid ConditionExpression: Invalid function name; function: foo"),
        ({"ConditionExpression": "n = :x", "ExpressionAttributeValues": {":y": {"N": "1"}}},
         "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x"),
        ({"ConditionExpression": "size(n, n) = n"},
         "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"),
        ({"ConditionExpression": "n BETWEEN :b AND :a", "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"N": "2"}}},
         "Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
         "lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"),
        ({"ExpressionAttributeValues": {":a": {"N": "1"}}}, "ExpressionAttributeValues can only be specified when using expressions"),
        ({"ConditionExpression": ""}, "Invalid ConditionExpression: The expression can not be empty;"),
    ):
        expect(refused(ours.put_item, TableName=TABLE, Item=item("e", "1"), **arguments), (400, "ValidationException", message))


@case
def numbers(both):
    table = {"1.0": "1", "-0": "0", "1E2": "100", "00012": "12", ".5": "0.5", "1e-5": "0.00001", "123.4500": "123.45",
             "12345678901234567890123456789012345678": "12345678901234567890123456789012345678", "-1.20e1": "-12"}
    for given, stored in table.items():
        both.ours.put_item(TableName=TABLE, Item=item("n", "1", n={"N": given}))
        expect(both.ours.get_item(TableName=TABLE, Key=key("n", "1"))["Item"]["n"], {"N": stored}, given)
    for given in ("", "abc", "1,5", "0x10", "1e999", "1" * 39, "--1", "1e", "NaN", "Infinity"):
        expect(refused(both.ours.put_item, TableName=TABLE, Item=item("n", "1", n={"N": given}))[1], "ValidationException", given)
    call = dict(TableName=TABLE, Key=key("n", "sum"), ReturnValues="ALL_NEW")
    for step, total in (("0.1", "0.1"), ("0.2", "0.3"), ("-1", "-0.7"), ("0.7", "0"), ("9999999999999999999999999999999999999", "9999999999999999999999999999999999999")):
        answer = both.ours.update_item(UpdateExpression="ADD amount :n", ExpressionAttributeValues={":n": {"N": step}}, **call)
        expect(answer["Attributes"]["amount"], {"N": total}, step)


@case
def number_keys_sort(both):
    both.ours.create_table(TableName="numbers", BillingMode="PAY_PER_REQUEST",
                           AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
                           KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}])
    values = ["-1e100", "-12.5", "-12", "-0.001", "0", "1e-100", "0.5", "2", "10", "10.01", "1e20", "9e125"]
    for value in values[::2] + values[1::2]:
        both.ours.put_item(TableName="numbers", Item={"pk": {"S": "p"}, "at": {"N": value}})
    answer = both.ours.query(TableName="numbers", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "p"}})
    expect([float(one["at"]["N"]) for one in answer["Items"]], [float(value) for value in values])
    answer = both.ours.query(TableName="numbers", KeyConditionExpression="pk = :p AND #a BETWEEN :l AND :h", ExpressionAttributeNames={"#a": "at"},
                             ExpressionAttributeValues={":p": {"S": "p"}, ":l": {"N": "-12"}, ":h": {"N": "2.0"}})
    expect(answer["Count"], 6)


@case
def pages_of_one_megabyte(both):
    for number in range(12):
        both.ours.put_item(TableName=TABLE, Item=item("big", f"{number:03}", text={"S": "x" * 200_000}))
    pages, start = [], {}
    while True:
        answer = both.ours.query(TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "big"}},
                                 ProjectionExpression="sk", **start)
        pages.append(answer["Count"])
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    expect(sum(pages), 12)
    assert len(pages) == 3 and max(pages) == 6, pages
    found = [one["sk"]["S"] for page in both.ours.get_paginator("scan").paginate(TableName=TABLE, FilterExpression="begins_with(sk, :s)",
             ExpressionAttributeValues={":s": {"S": "00"}}) for one in page["Items"]]
    expect(len([one for one in found if len(one) == 3]), 10)


@case
def limits(both):
    ours = both.ours
    expect(refused(ours.put_item, TableName=TABLE, Item=item("x", "1", text={"S": "x" * 410_000}))[1:],
           ("ValidationException", "Item size has exceeded the maximum allowed size"))
    ours.put_item(TableName=TABLE, Item=item("x", "1", text={"S": "x" * 400_000}))
    expect(refused(ours.update_item, TableName=TABLE, Key=key("x", "1"), UpdateExpression="SET more = :m",
                   ExpressionAttributeValues={":m": {"S": "x" * 20_000}})[1:],
           ("ValidationException", "Item size to update has exceeded the maximum allowed size"))
    expect(refused(ours.put_item, TableName=TABLE, Item=item("x" * 2049, "1"))[1], "ValidationException")
    expect(refused(ours.put_item, TableName=TABLE, Item=item("x", "1" * 1025))[1], "ValidationException")
    deep = {"S": "end"}
    for _ in range(40):
        deep = {"L": [deep]}
    expect(refused(ours.put_item, TableName=TABLE, Item=item("x", "1", deep=deep))[1], "ValidationException")
    for value in ({"SS": []}, {"SS": ["a", "a"]}, {"NS": ["1", "1.0"]}, {"NULL": False}):
        expect(refused(ours.put_item, TableName=TABLE, Item=item("x", "1", v=value))[1], "ValidationException", str(value))
    expect(refused(ours.query, TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "a"}}, IndexName="by-date")[1:],
           ("ValidationException", "The table does not have the specified index: by-date"))


@case
def checksum_and_protocol(both):
    import zlib
    status, headers, body = both.cloud.raw("POST", "/", service="dynamodb", body=b'{"TableName":"messages"}',
                                           headers={"X-Amz-Target": "DynamoDB_20120810.DescribeTable", "Content-Type": "application/x-amz-json-1.0"})
    expect((status, headers["Content-Type"]), (200, "application/x-amz-json-1.0"))
    expect(headers["x-amz-crc32"], str(zlib.crc32(body)))
    for target, payload, code in (("DynamoDB_20120810.RestoreEverything", b"{}", b"UnknownOperationException"),
                                  ("DynamoDB_20120810.PutItem", b"{", b"SerializationException"),
                                  ("DynamoDB_20120810.PutItem", b'{"TableName":"messages","Item":{"pk":"a","sk":{"S":"1"}}}', b"SerializationException"),
                                  ("DynamoDB_20120810.PutItem", b'{"TableName":"messages","Item":{"pk":{"S":1},"sk":{"S":"1"}}}', b"SerializationException"),
                                  ("DynamoDB_20120810.PutItem", b'{"TableName":"messages","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"b":{"B":"%%%"}}}', b"SerializationException"),
                                  ("DynamoDB_20120810.PutItem", b'{"TableName":"messages","Item":[]}', b"Exception"),
                                  ("DynamoDB_20120810.Query", b'{}', b"ValidationException")):
        status, headers, body = both.cloud.raw("POST", "/", service="dynamodb", body=payload,
                                               headers={"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"})
        assert status == 400 and code in body, (target, payload, status, body)


@case
def garbage_expressions(both):
    """Whatever stands in an expression, the answer is an error of DynamoDB or a result."""
    import random
    chance = random.Random(7)
    pieces = ["SET", "REMOVE", "ADD", "DELETE", "a", "#a", ":v", "=", "<>", "<", ">=", "(", ")", "[", "]", "0", "12", ".", ",", "+", "-", "AND", "OR",
              "NOT", "BETWEEN", "IN", "size", "attribute_exists", "begins_with", "list_append", "if_not_exists", " ", "\n", "é", "'", "\x01", "!"]
    for _ in range(400):
        text = "".join(chance.choice(pieces) + chance.choice(["", " "]) for _ in range(chance.randint(1, 14)))
        for operation, member in (("update_item", "UpdateExpression"), ("update_item", "ConditionExpression"), ("scan", "FilterExpression"),
                                  ("scan", "ProjectionExpression"), ("query", "KeyConditionExpression")):
            arguments = {"TableName": TABLE, member: text, "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":v": {"N": "1"}}}
            if operation == "update_item":
                arguments["Key"] = key("g", "1")
            answer = ask(both.ours, (operation, arguments))
            if "error" in answer:
                assert answer["error"][0] in ("ValidationException", "ConditionalCheckFailedException"), (text, answer)


@case
def survives_a_restart(both):
    both.ours.put_item(TableName=TABLE, Item=item("keep", "1", n={"N": "42"}))
    both.cloud.kill()
    both.cloud.start(port=both.cloud.port)
    both.ours = both.cloud.client("dynamodb")
    expect(both.ours.get_item(TableName=TABLE, Key=key("keep", "1"))["Item"]["n"], {"N": "42"})


@case
def time_to_live(both):
    both.ours.create_table(**{**SCHEMA, "TableName": "short", "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}})
    description = both.ours.describe_table(TableName="short")["Table"]
    assert description["LatestStreamArn"].startswith(description["TableArn"] + "/stream/"), description
    both.ours.update_time_to_live(TableName="short", TimeToLiveSpecification={"AttributeName": "expires", "Enabled": True})
    expect(refused(both.ours.update_time_to_live, TableName="short", TimeToLiveSpecification={"AttributeName": "expires", "Enabled": True})[2],
           "TimeToLive is already enabled")
    both.ours.put_item(TableName="short", Item=item("t", "1", expires={"N": str(int(time.time()) - 10)}))
    expect("Item" in both.ours.get_item(TableName="short", Key=key("t", "1")), True, "deleted later, not at once; there")


@case
def another_region_has_other_tables(both):
    other = both.cloud.client("dynamodb", region="us-west-2")
    expect(other.list_tables()["TableNames"], [])
    expect(refused(other.describe_table, TableName=TABLE)[1], "ResourceNotFoundException")


@case
def delete_table(both):
    expect(both.ours.delete_table(TableName="short")["TableDescription"]["TableStatus"], "DELETING")
    expect(refused(both.ours.scan, TableName="short")[1:], ("ResourceNotFoundException", "Requested resource not found"))
    both.ours.create_table(**{**SCHEMA, "TableName": "short"})
    expect(both.ours.scan(TableName="short")["Items"], [])


run(setup=Both, teardown=Both.close)
