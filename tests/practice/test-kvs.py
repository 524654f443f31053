# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The KeyValueStore: its control plane and, signed with SigV4A by awscrt, its data plane as boto3 uses it."""

import json
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

DRIVER = os.environ["AWS_DRIVER"]  # before all of AWS's variables are cleared

from practice import Practice, expect, refused  # noqa: E402
from tap import Skip, case, run  # noqa: E402

try:
    import awscrt.auth  # noqa: F401
    HAVE_CRT = True
except ImportError:
    HAVE_CRT = False


def setup():
    cloud = Practice()
    cloud.front = cloud.client("cloudfront")
    cloud.store = cloud.front.create_key_value_store(Name="the-store", Comment="for tests")
    cloud.arn = cloud.store["KeyValueStore"]["ARN"]
    # the SDK puts the account's number before the host, so it needs a name
    cloud.kvs = cloud.client("cloudfront-keyvaluestore", endpoint=f"http://localhost:{cloud.port}")
    return cloud


def data_plane(function):
    def checked(cloud):
        if not HAVE_CRT:
            raise Skip("python3-awscrt is not installed, which signs with SigV4A")
        function(cloud)
    checked.__name__ = function.__name__
    return case(checked)


def etag_of(cloud, arn=None):
    return cloud.kvs.describe_key_value_store(KvsARN=arn or cloud.arn)["ETag"]


@case
def control_plane(cloud):
    described = cloud.front.describe_key_value_store(Name="the-store")
    expect((described["KeyValueStore"]["Comment"], described["KeyValueStore"]["Status"]), ("for tests", "READY"))
    expect(described["ETag"], cloud.store["ETag"])
    expect(refused(cloud.front.create_key_value_store, Name="the-store")[:2], (409, "EntityAlreadyExists"))
    expect(refused(cloud.front.create_key_value_store, Name="no spaces")[:2], (400, "InvalidArgument"))
    expect(refused(cloud.front.describe_key_value_store, Name="nothing")[:2], (404, "EntityNotFound"))
    changed = cloud.front.update_key_value_store(Name="the-store", Comment="new", IfMatch=described["ETag"])
    expect(refused(cloud.front.update_key_value_store, Name="the-store", Comment="old", IfMatch=described["ETag"])[:2],
           (412, "PreconditionFailed"))
    expect(changed["KeyValueStore"]["Comment"], "new")
    other = cloud.front.create_key_value_store(Name="another")
    expect([s["Name"] for s in cloud.front.list_key_value_stores()["KeyValueStoreList"]["Items"]], ["another", "the-store"])
    expect(refused(cloud.front.delete_key_value_store, Name="another", IfMatch="wrong")[:2], (412, "PreconditionFailed"))
    cloud.front.delete_key_value_store(Name="another", IfMatch=other["ETag"])
    expect(refused(cloud.front.describe_key_value_store, Name="another")[:2], (404, "EntityNotFound"))


@data_plane
def keys(cloud):
    kvs, arn = cloud.kvs, cloud.arn
    described = kvs.describe_key_value_store(KvsARN=arn)
    expect((described["ItemCount"], described["TotalSizeInBytes"], described["Status"]), (0, 0, "READY"))
    put = kvs.put_key(KvsARN=arn, Key="live", Value='{"": "20260101-000000-abcdef"}', IfMatch=described["ETag"])
    expect((put["ItemCount"], put["TotalSizeInBytes"]), (1, 34))
    got = kvs.get_key(KvsARN=arn, Key="live")
    expect((got["Key"], got["Value"]), ("live", '{"": "20260101-000000-abcdef"}'))
    deleted = kvs.delete_key(KvsARN=arn, Key="live", IfMatch=put["ETag"])
    expect(deleted["ItemCount"], 0)
    expect(refused(kvs.get_key, KvsARN=arn, Key="live")[:2], (404, "ResourceNotFoundException"))
    expect(refused(kvs.delete_key, KvsARN=arn, Key="live", IfMatch=deleted["ETag"])[:2], (404, "ResourceNotFoundException"))


@data_plane
def the_etag_is_the_stores(cloud):
    kvs, arn = cloud.kvs, cloud.arn
    first = etag_of(cloud)
    second = kvs.put_key(KvsARN=arn, Key="a", Value="1", IfMatch=first)["ETag"]
    expect(second != first, True)
    for stale in (first, "nonsense", cloud.front.describe_key_value_store(Name="the-store")["ETag"]):
        expect(refused(kvs.put_key, KvsARN=arn, Key="b", Value="1", IfMatch=stale)[:2], (409, "ConflictException"))
        expect(refused(kvs.delete_key, KvsARN=arn, Key="a", IfMatch=stale)[:2], (409, "ConflictException"))
        expect(refused(kvs.update_keys, KvsARN=arn, Puts=[{"Key": "b", "Value": "1"}], IfMatch=stale)[:2], (409, "ConflictException"))
    expect(etag_of(cloud), second)
    kvs.delete_key(KvsARN=arn, Key="a", IfMatch=second)


@data_plane
def many_at_once_or_none(cloud):
    kvs, arn = cloud.kvs, cloud.arn
    etag = kvs.update_keys(KvsARN=arn, IfMatch=etag_of(cloud), Puts=[{"Key": f"k{i:02}", "Value": f"v{i}"} for i in range(50)])["ETag"]
    found, token, pages = [], {}, 0
    while True:
        page = kvs.list_keys(KvsARN=arn, MaxResults=20, **token)
        pages += 1
        found += [(i["Key"], i["Value"]) for i in page["Items"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    expect((pages, found), (3, [(f"k{i:02}", f"v{i}") for i in range(50)]))
    expect(len(kvs.list_keys(KvsARN=arn)["Items"]), 10)
    many = [{"Key": f"x{i}", "Value": ""} for i in range(51)]
    expect(refused(kvs.update_keys, KvsARN=arn, IfMatch=etag, Puts=many)[:2], (400, "ValidationException"))
    mixed = [{"Key": "good", "Value": "1"}, {"Key": "long", "Value": "x" * 1025}]
    expect(refused(kvs.update_keys, KvsARN=arn, IfMatch=etag, Puts=mixed)[:2], (400, "ValidationException"))
    expect(refused(kvs.get_key, KvsARN=arn, Key="good")[:2], (404, "ResourceNotFoundException"))
    answer = kvs.update_keys(KvsARN=arn, IfMatch=etag, Puts=[{"Key": "ü/😀 &", "Value": "x" * 1024}],
                             Deletes=[{"Key": f"k{i:02}"} for i in range(49)])
    expect(answer["ItemCount"], 2)
    expect(kvs.get_key(KvsARN=arn, Key="ü/😀 &")["Value"], "x" * 1024)


@data_plane
def limits(cloud):
    kvs, arn = cloud.kvs, cloud.arn
    etag = etag_of(cloud)
    expect(refused(kvs.put_key, KvsARN=arn, Key="k" * 513, Value="1", IfMatch=etag)[:2], (400, "ValidationException"))
    expect(refused(kvs.put_key, KvsARN=arn, Key="k", Value="v" * 1025, IfMatch=etag)[:2], (400, "ValidationException"))
    expect(refused(kvs.put_key, KvsARN=arn, Key="k", Value="ü" * 513, IfMatch=etag)[:2], (400, "ValidationException"))
    etag = kvs.put_key(KvsARN=arn, Key="k" * 512, Value="v" * 1024, IfMatch=etag)["ETag"]
    kvs.delete_key(KvsARN=arn, Key="k" * 512, IfMatch=etag)


@data_plane
def no_such_store(cloud):
    arn = cloud.arn[:-4] + "0000"
    expect(refused(cloud.kvs.describe_key_value_store, KvsARN=arn)[:2], (404, "ResourceNotFoundException"))


@data_plane
def keys_and_signatures_are_checked(cloud):
    endpoint = f"http://localhost:{cloud.port}"
    for wrong in ({"secret": "x" * 40}, {"key": "AKIAAAAAAAAAAAAAAAAA"}):
        client = cloud.client("cloudfront-keyvaluestore", endpoint=endpoint, **wrong)
        expect(refused(client.describe_key_value_store, KvsARN=cloud.arn)[:2], (403, "AccessDeniedException"))


@case
def sigv4_is_not_enough(cloud):
    from urllib.parse import quote
    status, headers, body = cloud.raw("GET", "/key-value-stores/" + quote(cloud.arn, safe=""), service="cloudfront-keyvaluestore")
    expect((status, headers["x-amzn-ErrorType"], json.loads(body)), (403, "AccessDeniedException", {"Message": "Authentication failed"}))
    status, headers, body = cloud.raw("GET", "/key-value-stores/" + quote(cloud.arn, safe=""), sign=False)
    expect((status, headers["x-amzn-ErrorType"]), (403, "AccessDeniedException"))


@data_plane
def temporary_keys_work(cloud):
    session = cloud.client("sts").get_session_token()["Credentials"]
    client = cloud.client("cloudfront-keyvaluestore", endpoint=f"http://localhost:{cloud.port}", key=session["AccessKeyId"],
                          secret=session["SecretAccessKey"], token=session["SessionToken"])
    client.describe_key_value_store(KvsARN=cloud.arn)
    client = cloud.client("cloudfront-keyvaluestore", endpoint=f"http://localhost:{cloud.port}", key=session["AccessKeyId"],
                          secret=session["SecretAccessKey"], token="made up")
    expect(refused(client.describe_key_value_store, KvsARN=cloud.arn)[:2], (403, "AccessDeniedException"))


@data_plane
def a_racing_writer_on_demand(cloud):
    other = Practice(state=cloud.state + "-faults", faults="op=PutKey,etag=stale,times=1")
    try:
        arn = other.client("cloudfront").create_key_value_store(Name="s")["KeyValueStore"]["ARN"]
        kvs = other.client("cloudfront-keyvaluestore", endpoint=f"http://localhost:{other.port}")
        etag = kvs.describe_key_value_store(KvsARN=arn)["ETag"]
        expect(refused(kvs.put_key, KvsARN=arn, Key="k", Value="v", IfMatch=etag)[:2], (409, "ConflictException"))
        kvs.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=etag)
    finally:
        other.own_state = True
        other.close()


# Our own client, which goes on where a store does not take its token, or another writer was faster

PUBLISHER = {
    "Resources": {
        "Store": {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": "published"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "sts:AssumeRole"}]},
            "Policies": [{"PolicyName": "publish", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "cloudfront-keyvaluestore:*", "Resource": {"Fn::GetAtt": ["Store", "Arn"]}}]}}]}}},
    "Outputs": {"Store": {"Value": {"Fn::GetAtt": ["Store", "Arn"]}}, "Role": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
}


def publisher(faults):
    """A practice cloud of its own with a store and the role that writes it; the store's ARN and the role's."""
    cloud = Practice(faults=faults)
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName="published", TemplateBody=json.dumps(PUBLISHER), Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(StackName="published", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    outputs = {each["OutputKey"]: each["OutputValue"] for each in formation.describe_stacks(StackName="published")["Stacks"][0]["Outputs"]}
    return cloud, outputs["Store"], outputs["Role"]


def put(cloud, *arguments, **more):
    """What our client says to the wish to write a key."""
    done = subprocess.run([DRIVER, "kvs-put", *arguments], env=cloud.environment(**more), capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout)


def session(cloud):
    given = cloud.client("sts").get_session_token()["Credentials"]
    return {"AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"], "AWS_SESSION_TOKEN": given["SessionToken"]}


@case
def tokens_of_version_1_are_not_taken(cloud):
    other, store, role = publisher("op=GetSessionToken,token=v1")
    try:
        old = session(other)
        # Good for everything else
        expect(other.client("sts", key=old["AWS_ACCESS_KEY_ID"], secret=old["AWS_SECRET_ACCESS_KEY"],
                            token=old["AWS_SESSION_TOKEN"]).get_caller_identity()["Account"], other.client("sts").get_caller_identity()["Account"])
        answer = put(other, store, "live", "one", **old)
        expect((answer.get("error"), answer.get("status"), answer.get("message")), ("AccessDeniedException", 403, "Authentication failed"))
        # The role's token is of version 2
        expect(put(other, store, "live", "two", role, **old).get("value"), "two")
        # The account can ask for better ones
        other.client("iam").set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
        expect(put(other, store, "live", "three", **session(other)).get("value"), "three")
        expect(put(other, store, "live", "four", **old).get("error"), "AccessDeniedException")
    finally:
        other.close()


@case
def no_way_when_the_role_has_old_tokens_too(cloud):
    other, store, role = publisher("op=GetSessionToken,token=v1;op=AssumeRole,token=v1")
    try:
        answer = put(other, store, "live", "one", role, **session(other))
        expect((answer.get("error"), answer.get("message")), ("AccessDeniedException", "Authentication failed"))
    finally:
        other.close()


@case
def another_writer_is_faster(cloud):
    other, store, role = publisher("op=PutKey,etag=stale,times=3")
    try:
        expect(put(other, store, "live", "one").get("value"), "one")
    finally:
        other.close()
    other, store, role = publisher("op=PutKey,etag=stale")
    try:
        answer = put(other, store, "live", "one")
        expect((answer.get("error"), answer.get("status")), ("ConflictException", 409))
    finally:
        other.close()


run(setup=setup, teardown=lambda cloud: cloud.close())
