# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds our client against a server that we did not write (moto), and what it did against boto3's view of it.

With PORCHLIGHT_PRACTICE_SERVE, the same against the practice cloud that this program serves; with
PORCHLIGHT_TEST_ENDPOINT against any other, with the credentials and the region of the environment.
"""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tap import Skip, case, run

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError:
    print("1..0 # SKIP boto3 is not there")
    sys.exit(0)

DRIVER = os.environ["AWS_DRIVER"]
ODD_KEYS = [
    "plain.html", "a b/c d.html", "plus+plus", "100%", "%41", "%2F", "ü/ö.html", "🏮 porch.html", "a//b", "//leading", "trailing/",
    "a#b", "a?b=c&d", "semi;colon:at@comma,", "quote'\"<>&", "back\\slash", "~tilde_-.", "(!*)", "e\u0301 nfd", "1 + 1 = 2%",
]
DOTTED_KEYS = ["../up", "a/./b", "a/../b", ".", "..."]
TEMPLATE = json.dumps({
    "Parameters": {"Note": {"Type": "String"}},
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
    "Outputs": {"Bucket": {"Value": {"Ref": "Bucket"}}},
})


class Cloud:
    """The server, a client of others for it, and ours."""

    def __init__(self):
        self.process = None
        self.folder = tempfile.TemporaryDirectory(prefix="porchlight-test-")
        self.environment = dict(os.environ)
        self.endpoint = os.environ.get("PORCHLIGHT_TEST_ENDPOINT")
        self.is_moto = False
        if os.environ.get("PORCHLIGHT_PRACTICE_SERVE"):
            self.start_practice()
        elif not self.endpoint:
            self.is_moto = True
            self.start_moto()
        for name in [name for name in self.environment if name.startswith("AWS_ENDPOINT_URL") or name == "AWS_PROFILE"]:
            del self.environment[name]
        self.environment["AWS_ENDPOINT_URL"] = self.endpoint
        self.environment.setdefault("AWS_REGION", "eu-central-1")
        self.region = self.environment["AWS_REGION"]
        self.account = None
        self.bucket = f"porch-test-{os.getpid()}"

    def set_environment(self, key, secret, region):
        for name in [name for name in self.environment if name.startswith("AWS_")]:
            del self.environment[name]
        self.environment.update(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_REGION=region,
                                AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")

    def start_practice(self):
        command = [os.environ["PORCHLIGHT_PRACTICE_SERVE"], os.path.join(self.folder.name, "state"), "0", "", "0"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = json.loads(self.process.stdout.readline())
        self.endpoint = line["endpoint"]
        self.set_environment(line["accessKeyId"], line["secretAccessKey"], line["region"])

    def start_moto(self):
        self.set_environment("AKIAIOSFODNN7EXAMPLE", "secret/+example", "eu-central-1")
        self.environment["MOTO_S3_DEFAULT_MAX_KEYS"] = "100"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{port}"
        self.log = open(os.path.join(self.folder.name, "moto.log"), "wb")
        self.process = subprocess.Popen(["moto_server", "-p", str(port), "-H", "127.0.0.1"],
                                        stdout=self.log, stderr=self.log, env=self.environment)
        for _ in range(600):
            try:
                urllib.request.urlopen(self.endpoint + "/moto-api/", timeout=5).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError("moto_server does not start")

    def client(self, service):
        """boto3's client for a service."""
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=self.region,
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.environment.get("AWS_SESSION_TOKEN"),
            config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}))

    def run(self, *arguments, **changes):
        """What our client says; its exit code is in "exit"."""
        done = subprocess.run([DRIVER, *arguments], capture_output=True, text=True, timeout=120,
                              env={**self.environment, **changes})
        if done.returncode not in (0, 1):
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        answer = json.loads(done.stdout)
        answer["exit"] = done.returncode
        return answer

    def good(self, *arguments, **changes):
        answer = self.run(*arguments, **changes)
        assert answer["exit"] == 0, (arguments, answer)
        return answer

    def refused(self, error, *arguments, **changes):
        answer = self.run(*arguments, **changes)
        assert answer["exit"] == 1, (arguments, answer)
        assert answer["error"] == error, (arguments, answer)
        return answer

    @property
    def keys(self):
        # libsoup's server, which the practice cloud stands on, takes dot segments out before it shows the path
        return ODD_KEYS + (DOTTED_KEYS if self.is_moto else [])

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
        self.folder.cleanup()


@case
def identity(cloud):
    ours = cloud.good("identity")
    theirs = cloud.client("sts").get_caller_identity()
    assert ours["account"] == theirs["Account"] and ours["arn"] == theirs["Arn"]


@case
def bucket_made(cloud):
    cloud.good("make-bucket", cloud.bucket)
    s3 = cloud.client("s3")
    assert cloud.bucket in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket=cloud.bucket)["LocationConstraint"] == cloud.region


@case
def odd_keys_written_by_us_read_by_boto(cloud):
    s3 = cloud.client("s3")
    for key in cloud.keys:
        text = f"the content of {key}"
        ours = cloud.good("put", cloud.bucket, key, text, "Content-Type: text/html; charset=utf-8",
                          "Cache-Control: public, max-age=300", "x-amz-meta-note: n 1")
        theirs = s3.get_object(Bucket=cloud.bucket, Key=key)
        assert theirs["Body"].read().decode() == text, key
        assert theirs["ETag"] == ours["etag"] == f'"{hashlib.md5(text.encode()).hexdigest()}"', key
        assert theirs["ContentType"] == "text/html; charset=utf-8", key
        assert theirs["CacheControl"] == "public, max-age=300", key
        assert theirs["Metadata"] == {"note": "n 1"}, key


@case
def odd_keys_listed_alike(cloud):
    s3 = cloud.client("s3")
    ours = cloud.good("list", cloud.bucket)["objects"]
    theirs = [item for page in s3.get_paginator("list_objects_v2").paginate(Bucket=cloud.bucket) for item in page["Contents"]]
    assert [item["key"] for item in ours] == [item["Key"] for item in theirs]
    assert sorted(item["key"] for item in ours) == sorted(cloud.keys)
    assert [item["size"] for item in ours] == [item["Size"] for item in theirs]
    assert [item["etag"] for item in ours] == [item["ETag"] for item in theirs]


@case
def odd_keys_written_by_boto_read_by_us(cloud):
    s3 = cloud.client("s3")
    for key in cloud.keys:
        s3.put_object(Bucket=cloud.bucket, Key="theirs/" + key, Body=f"again {key}".encode(), ContentType="text/css",
                      CacheControl="no-cache", Metadata={"note": "n 2"})
        ours = cloud.good("get", cloud.bucket, "theirs/" + key)
        assert ours["body"] == f"again {key}", key
        assert (ours["contentType"], ours["cacheControl"], ours["meta"]) == ("text/css", "no-cache", "n 2"), key
        ours = cloud.good("head", cloud.bucket, "theirs/" + key)
        assert ours["size"] == len(f"again {key}".encode()), key


@case
def odd_keys_copied(cloud):
    s3 = cloud.client("s3")
    for key in cloud.keys:
        cloud.good("copy", cloud.bucket, "theirs/" + key, cloud.bucket, "copied/" + key)
        theirs = s3.get_object(Bucket=cloud.bucket, Key="copied/" + key)
        assert theirs["Body"].read().decode() == f"again {key}", key
        assert theirs["CacheControl"] == "no-cache", key
    cloud.good("copy", cloud.bucket, "theirs/plain.html", cloud.bucket, "changed", "Cache-Control: max-age=1", "Content-Type: text/plain")
    theirs = s3.head_object(Bucket=cloud.bucket, Key="changed")
    assert (theirs["CacheControl"], theirs["ContentType"]) == ("max-age=1", "text/plain")


@case
def prefix_and_delimiter(cloud):
    s3 = cloud.client("s3")
    ours = cloud.good("list", cloud.bucket, "theirs/a", "/")
    theirs = s3.list_objects_v2(Bucket=cloud.bucket, Prefix="theirs/a", Delimiter="/")
    assert [item["key"] for item in ours["objects"]] == [item["Key"] for item in theirs["Contents"]]
    assert ours["prefixes"] == [item["Prefix"] for item in theirs["CommonPrefixes"]]


@case
def deleted_by_us(cloud):
    gone = ["theirs/" + key for key in cloud.keys] + ["copied/" + key for key in cloud.keys] + ["changed", "never was there"]
    assert cloud.good("delete", cloud.bucket, *gone)["failures"] == []
    theirs = cloud.client("s3").list_objects_v2(Bucket=cloud.bucket)["Contents"]
    assert sorted(item["Key"] for item in theirs) == sorted(cloud.keys)


@case
def more_than_a_page(cloud):
    s3 = cloud.client("s3")
    number = 250 if cloud.is_moto else 1005
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: s3.put_object(Bucket=cloud.bucket, Key=f"many/{i:05}", Body=b""), range(number)))
    ours = cloud.good("list", cloud.bucket, "many/")["objects"]
    assert [item["key"] for item in ours] == [f"many/{i:05}" for i in range(number)]
    assert cloud.good("delete", cloud.bucket, *[item["key"] for item in ours])["failures"] == []
    assert cloud.good("list", cloud.bucket, "many/")["objects"] == []


@case
def conditional_writes(cloud):
    cloud.good("put", cloud.bucket, "once", "1", "If-None-Match: *")
    answer = cloud.run("put", cloud.bucket, "once", "2", "If-None-Match: *")
    assert (answer["exit"], answer["status"]) == (1, 412), answer
    assert cloud.good("get", cloud.bucket, "once")["body"] == "1"
    if cloud.is_moto:
        return
    etag = cloud.good("head", cloud.bucket, "once")["etag"]
    cloud.good("put", cloud.bucket, "once", "3", f"If-Match: {etag}")
    cloud.refused("PreconditionFailed", "put", cloud.bucket, "once", "4", f"If-Match: {etag}")


@case
def files_small_and_large(cloud):
    s3 = cloud.client("s3")
    for size in (0, 1, 600_000, 5_000_000, 21_000_000):
        data = hashlib.sha256(str(size).encode()).digest() * (size // 32 + 1)
        data = data[:size]
        path = os.path.join(cloud.folder.name, "file")
        with open(path, "wb") as stream:
            stream.write(data)
        ours = cloud.good("upload", cloud.bucket, f"files/{size}", path, "Content-Type: application/x-test")
        theirs = s3.get_object(Bucket=cloud.bucket, Key=f"files/{size}")
        assert theirs["Body"].read() == data, size
        assert theirs["ETag"] == ours["etag"], size
        assert theirs["ContentType"] == "application/x-test", size
        back = os.path.join(cloud.folder.name, "back")
        ours = cloud.good("download", cloud.bucket, f"files/{size}", back)
        assert ours["size"] == size
        with open(back, "rb") as stream:
            assert stream.read() == data, size


@case
def upload_killed_and_taken_up_again(cloud):
    s3 = cloud.client("s3")
    data = os.urandom(64 * 1024 * 1024)
    path = os.path.join(cloud.folder.name, "again")
    with open(path, "wb") as stream:
        stream.write(data)
    process = subprocess.Popen([DRIVER, "upload", cloud.bucket, "again", path], env=cloud.environment, stdout=subprocess.DEVNULL)
    arrived = 0
    while arrived == 0 and process.poll() is None:
        for upload in s3.list_multipart_uploads(Bucket=cloud.bucket).get("Uploads", []):
            arrived = len(s3.list_parts(Bucket=cloud.bucket, Key="again", UploadId=upload["UploadId"]).get("Parts", []))
    # If it was faster than we are, there is nothing left to take over
    if process.poll() is not None:
        arrived = 0
    process.kill()
    process.wait()
    requests = cloud.good("upload", cloud.bucket, "again", path)["requests"]
    # Lists of uploads and of parts, 8 parts, the end; moto keeps no sums of parts, so there all are sent again
    assert requests <= (12 if cloud.is_moto else 11 - arrived), (arrived, requests)
    theirs = s3.get_object(Bucket=cloud.bucket, Key="again")
    assert theirs["Body"].read() == data
    assert not s3.list_multipart_uploads(Bucket=cloud.bucket).get("Uploads")


@case
def refusals_of_s3(cloud):
    cloud.refused("NoSuchKey", "get", cloud.bucket, "missing")
    answer = cloud.run("head", cloud.bucket, "missing")
    assert (answer["exit"], answer["status"]) == (1, 404), answer
    cloud.refused("NoSuchBucket", "list", cloud.bucket + "-missing")
    cloud.refused("BucketNotEmpty", "remove-bucket", cloud.bucket)
    cloud.refused("NoSuchKey", "copy", cloud.bucket, "missing", cloud.bucket, "there")


@case
def versions_gone(cloud):
    s3 = cloud.client("s3")
    if cloud.is_moto:
        s3.put_bucket_versioning(Bucket=cloud.bucket, VersioningConfiguration={"Status": "Enabled"})
        for i in range(3):
            cloud.good("put", cloud.bucket, "plain.html", f"version {i}")
        s3.delete_object(Bucket=cloud.bucket, Key="plain.html")
    answer = cloud.run("empty", cloud.bucket)
    if answer["exit"] and not cloud.is_moto:
        raise Skip(f"the server does not list versions: {answer['error']}")
    assert answer["exit"] == 0 and answer["failures"] == [], answer
    assert not s3.list_object_versions(Bucket=cloud.bucket).get("Versions")
    cloud.good("remove-bucket", cloud.bucket)
    assert cloud.bucket not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


@case
def dynamodb_items(cloud):
    dynamodb = cloud.client("dynamodb")
    table = f"porch-test-{os.getpid()}"
    dynamodb.create_table(TableName=table, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
                          KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
    dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
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
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
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
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=identifier, WaiterConfig={"Delay": 1})
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
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
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


run(setup=Cloud, teardown=lambda cloud: cloud and cloud.stop())
