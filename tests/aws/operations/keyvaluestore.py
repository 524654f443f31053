# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import socket

import boto3

from . import plain, scenario

try:
    import awscrt.auth  # noqa: F401
except ImportError:
    awscrt = None

NAME = f"scene-store-{os.getpid()}"


_getaddrinfo = socket.getaddrinfo


def resolve(host, *arguments, **keywords):
    return _getaddrinfo("127.0.0.1" if isinstance(host, str) and host.endswith(".localhost") else host, *arguments, **keywords)


def compare(cloud, operation, **parameters):
    """boto3 puts the account's number before the host, so it needs a name; and awscrt, for SigV4A."""
    ours = cloud.ours(operation, **parameters)
    if awscrt is None:
        return ours
    environment = cloud.cloud.environment
    client = boto3.client("cloudfront-keyvaluestore", endpoint_url="http://localhost:" + cloud.cloud.endpoint.rsplit(":", 1)[1],
                          region_name="us-east-1", aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                          aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
    method = next(name for name, value in client.meta.method_to_api_mapping.items() if value == operation)
    socket.getaddrinfo = resolve
    try:
        theirs = plain(getattr(client, method)(**parameters))
    finally:
        socket.getaddrinfo = _getaddrinfo
    assert {name: value for name, value in ours.items() if not isinstance(value, float)} == \
           {name: value for name, value in theirs.items() if not isinstance(value, float)}, (ours, theirs)
    return ours


@scenario("cloudfront-keyvaluestore", moto=False,
          moto_lacks={"DescribeKeyValueStore", "ListKeys", "GetKey", "PutKey", "DeleteKey", "UpdateKeys"})
def keys(cloud):
    arn = cloud.client("cloudfront").create_key_value_store(Name=NAME)["KeyValueStore"]["ARN"]
    first = compare(cloud, "DescribeKeyValueStore", KvsARN=arn)
    assert (first["KvsARN"], first["ItemCount"], first["Status"]) == (arn, 0, "READY"), first

    value = json.dumps({"": "20260101-000000-abcdef", "ü": "🏮"})
    written = cloud.ours("PutKey", KvsARN=arn, Key="a b/ü+%", Value=value, IfMatch=first["ETag"])
    assert written["ETag"] != first["ETag"] and written["ItemCount"] == 1, written
    assert compare(cloud, "GetKey", KvsARN=arn, Key="a b/ü+%")["Value"] == value
    stale = cloud.refused("ConflictException", "PutKey", KvsARN=arn, Key="b", Value="c", IfMatch=first["ETag"])
    assert stale["status"] == 409, stale

    changed = cloud.ours("UpdateKeys", KvsARN=arn, IfMatch=written["ETag"], Deletes=[{"Key": "a b/ü+%"}],
                         Puts=[{"Key": f"key-{i:02}", "Value": str(i)} for i in range(30)])
    assert changed["ItemCount"] == 30, changed
    assert [each["Key"] for each in cloud.pages("ListKeys", KvsARN=arn)] == [f"key-{i:02}" for i in range(30)]
    assert len(compare(cloud, "ListKeys", KvsARN=arn, MaxResults=7)["Items"]) == 7
    gone = cloud.ours("DeleteKey", KvsARN=arn, Key="key-00", IfMatch=changed["ETag"])
    assert gone["ItemCount"] == 29 and cloud.ours("DescribeKeyValueStore", KvsARN=arn)["ETag"] == gone["ETag"], gone

    cloud.refused("ResourceNotFoundException", "GetKey", KvsARN=arn, Key="key-00")
    cloud.refused("ValidationException", "PutKey", KvsARN=arn, Key="k", Value="x" * 1025, IfMatch=gone["ETag"])
    cloud.refused("ResourceNotFoundException", "DescribeKeyValueStore", KvsARN=arn[:-1] + ("0" if arn[-1] != "0" else "1"))
    front = cloud.client("cloudfront")
    front.delete_key_value_store(Name=NAME, IfMatch=front.describe_key_value_store(Name=NAME)["ETag"])
