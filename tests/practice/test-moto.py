# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same calls to the practice cloud and to moto, an emulator that others wrote: same status, code and result.

Where they differ, DIFFERENCES says who is right, by Amazon's documentation; a difference that goes away must leave the list.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

import boto3  # noqa: E402
import names_calls  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from practice import Practice, expect  # noqa: E402
from tap import Skip, case, run  # noqa: E402

MB = 1024 * 1024
BUCKET = "compared"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
                     "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}]})

# Name of a call: the answer of the practice cloud, and why it is not moto's
DIFFERENCES = {
    "create with a nonsense region": ((400, "InvalidLocationConstraint"),
                                      "S3's list of errors has a code of its own for a region that does not exist"),
    "put policy": (204, "the API reference's example answers 204 No Content, and so does S3"),
    "public access block": ({"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True},
                            "since April 2023 every new bucket blocks public access"),
    "replace only, stale": ((412, "PreconditionFailed"), "If-Match on PutObject exists since November 2024; moto ignores it"),
    "replace only, nothing there": ((404, "NoSuchKey"), "the same"),
    "wrong checksum": ((400, "BadDigest"), "moto keeps checksums without checking them"),
    "copy if-match another": ((412, "PreconditionFailed"), "moto ignores x-amz-copy-source-if-match"),
    "complete in wrong order": ((400, "InvalidPartOrder"), "the order is wrong before a part is looked at"),
    "part of no upload": ((404, "NoSuchUpload"), "moto fails"),
    "delete 1001": ((400, "MalformedXML"), "the API reference: at most 1,000 keys"),
    "malformed policy": ((400, "MalformedPolicy"), "moto keeps any text"),
    "a bad name": ((400, "InvalidBucketName"), "bucket naming rules: no underscores"),
}


class Moto:
    def __init__(self):
        self.log = tempfile.NamedTemporaryFile(prefix="porchlight-moto-")
        self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
                                        stdout=self.log, stderr=self.log)
        while not (found := re.search(rb"Running on (http://127\.0\.0\.1:[1-9]\d*)", pathlib.Path(self.log.name).read_bytes())):
            if self.process.poll() is not None:
                self.process = None
                return
            time.sleep(0.05)
        self.endpoint = found[1].decode()

    def client(self, service, *, region="eu-central-1", **config):
        config.setdefault("retries", {"total_max_attempts": 1})
        return boto3.Session("AKIAEXAMPLE", "secret", region_name=region).client(
            service, endpoint_url=self.endpoint, config=Config(**config))

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


def setup():
    cloud = Practice()
    cloud.moto = Moto()
    return cloud


def teardown(cloud):
    cloud.moto.close()
    cloud.close()


def pick(answer, *names):
    return {name: answer.get(name) for name in names}


def listing(answer):
    return ([o["Key"] for o in answer.get("Contents", [])], [p["Prefix"] for p in answer.get("CommonPrefixes", [])],
            answer.get("IsTruncated"), answer.get("KeyCount"))


class Calls:
    """The calls, in order; each gets the client and may keep things in self.kept."""

    def __init__(self, s3, sts):
        self.s3, self.sts, self.kept = s3, sts, {}

    def all(self):
        s3, kept = self.s3, self.kept
        put = lambda key, body=b"1", **k: s3.put_object(Bucket=BUCKET, Key=key, Body=body, **k)  # noqa: E731
        get = lambda key, **k: s3.get_object(Bucket=BUCKET, Key=key, **k)  # noqa: E731
        copy = lambda key, source, **k: s3.copy_object(Bucket=BUCKET, Key=key, CopySource=source, **k)  # noqa: E731
        ls = lambda **k: listing(s3.list_objects_v2(Bucket=BUCKET, **k))  # noqa: E731
        here = {"LocationConstraint": "eu-central-1"}

        yield "head bucket before", lambda: s3.head_bucket(Bucket=BUCKET)
        yield "create without a region", lambda: s3.create_bucket(Bucket=BUCKET)
        yield "create with another region", lambda: s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield "create with a nonsense region", lambda: s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "moon-1"})
        yield "create", lambda: s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=here)["ResponseMetadata"]["HTTPStatusCode"]
        yield "create again", lambda: s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=here)
        yield "location", lambda: s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"]
        yield "list buckets", lambda: [b["Name"] for b in s3.list_buckets()["Buckets"]]
        yield "policy before", lambda: s3.get_bucket_policy(Bucket=BUCKET)
        yield "put policy", lambda: s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)["ResponseMetadata"]["HTTPStatusCode"]
        yield "get policy", lambda: json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
        yield "delete policy", lambda: s3.delete_bucket_policy(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"]
        yield "lifecycle before", lambda: s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
        yield "tagging before", lambda: s3.get_bucket_tagging(Bucket=BUCKET)
        yield "put tagging", lambda: s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})["ResponseMetadata"]["HTTPStatusCode"]
        yield "get tagging", lambda: s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
        yield "versioning", lambda: s3.get_bucket_versioning(Bucket=BUCKET).get("Status")
        yield "public access block", lambda: s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]

        yield "put", lambda: put("a/1", b"hello", ContentType="text/plain", Metadata={"k": "v"}, CacheControl="no-store")["ETag"]
        yield "get", lambda: (lambda r: (r["Body"].read(), pick(r, "ETag", "ContentType", "Metadata", "CacheControl", "ContentLength")))(get("a/1"))
        yield "head", lambda: pick(s3.head_object(Bucket=BUCKET, Key="a/1"), "ETag", "ContentType", "Metadata", "ContentLength")
        yield "get nothing", lambda: get("nothing")
        yield "head nothing", lambda: s3.head_object(Bucket=BUCKET, Key="nothing")
        yield "get from no bucket", lambda: s3.get_object(Bucket="no-such-bucket-here", Key="x")
        yield "put empty", lambda: put("empty", b"")["ETag"]
        yield "get empty", lambda: (lambda r: (r["Body"].read(), r["ContentLength"]))(get("empty"))
        yield "range", lambda: (lambda r: (r["Body"].read(), r["ContentRange"]))(get("a/1", Range="bytes=1-2"))
        yield "range to the end", lambda: (lambda r: (r["Body"].read(), r["ContentRange"]))(get("a/1", Range="bytes=3-"))
        yield "range of the end", lambda: (lambda r: (r["Body"].read(), r["ContentRange"]))(get("a/1", Range="bytes=-2"))
        yield "range beyond", lambda: get("a/1", Range="bytes=50-60")
        yield "if-match", lambda: get("a/1", IfMatch='"5d41402abc4b2a76b9719d911017c592"')["ETag"]
        yield "if-match another", lambda: get("a/1", IfMatch='"other"')
        yield "if-none-match same", lambda: get("a/1", IfNoneMatch='"5d41402abc4b2a76b9719d911017c592"')
        yield "if-modified-since later", lambda: get("a/1", IfModifiedSince="Thu, 01 Dec 2033 16:00:00 GMT")
        yield "if-unmodified-since earlier", lambda: get("a/1", IfUnmodifiedSince="Thu, 01 Dec 1994 16:00:00 GMT")
        yield "create only, there", lambda: put("a/1", IfNoneMatch="*")
        yield "create only, new", lambda: put("a/new", IfNoneMatch="*")["ETag"]
        yield "replace only, same", lambda: put("a/new", b"2", IfMatch='"c4ca4238a0b923820dcc509a6f75849b"')["ETag"]
        yield "replace only, stale", lambda: put("a/new", b"3", IfMatch='"c4ca4238a0b923820dcc509a6f75849b"')
        yield "replace only, nothing there", lambda: put("never", b"3", IfMatch='"c4ca4238a0b923820dcc509a6f75849b"')
        yield "wrong checksum", lambda: put("bad", b"x", ChecksumSHA256="A" * 43 + "=")
        yield "strange keys", lambda: [put(k)["ETag"] for k in ("b c/ü", "b#?&+%", "😀", "b//c")]
        yield "copy", lambda: copy("copied", f"{BUCKET}/a/1")["CopyObjectResult"]["ETag"]
        yield "copied", lambda: pick(get("copied"), "ContentType", "Metadata", "ContentLength")
        yield "copy and replace", lambda: (copy("copied", f"{BUCKET}/a/1", MetadataDirective="REPLACE", ContentType="text/css"),
                                           pick(get("copied"), "ContentType", "Metadata"))[1]
        yield "copy onto itself", lambda: copy("copied", f"{BUCKET}/copied")
        yield "copy nothing", lambda: copy("copied", f"{BUCKET}/nothing")
        yield "copy if-match another", lambda: copy("copied2", f"{BUCKET}/a/1", CopySourceIfMatch='"other"')
        # what only one of them has kept
        yield "tidy", lambda: [s3.delete_object(Bucket=BUCKET, Key=k)["ResponseMetadata"]["HTTPStatusCode"] for k in ("bad", "never", "copied2")]
        yield "put again", lambda: put("a/new", b"2")["ETag"]
        yield "list", lambda: ls()
        yield "list with delimiter", lambda: ls(Delimiter="/")
        yield "list with prefix", lambda: ls(Prefix="a/")
        yield "list two", lambda: ls(MaxKeys=2)
        yield "list none", lambda: ls(MaxKeys=0)
        yield "list after", lambda: ls(StartAfter="b c/ü")
        yield "list no bucket", lambda: s3.list_objects_v2(Bucket="no-such-bucket-here")
        yield "list v1", lambda: listing(s3.list_objects(Bucket=BUCKET, Delimiter="/"))[:3]
        yield "tag an object", lambda: s3.put_object_tagging(Bucket=BUCKET, Key="a/1", Tagging={"TagSet": [{"Key": "t", "Value": "1"}]})["ResponseMetadata"]["HTTPStatusCode"]
        yield "tags of an object", lambda: s3.get_object_tagging(Bucket=BUCKET, Key="a/1")["TagSet"]

        def begin():
            kept["upload"] = s3.create_multipart_upload(Bucket=BUCKET, Key="parts", ContentType="text/x")["UploadId"]
            kept["where"] = {"Bucket": BUCKET, "Key": "parts", "UploadId": kept["upload"]}
            return True

        def part(number, body):
            etag = s3.upload_part(PartNumber=number, Body=body, **kept["where"])["ETag"]
            kept.setdefault("parts", {})[number] = etag
            return etag

        def complete(*numbers, etag=None):
            return s3.complete_multipart_upload(**kept["where"], MultipartUpload={
                "Parts": [{"PartNumber": n, "ETag": etag or kept["parts"][n]} for n in numbers]})["ETag"]

        yield "begin parts", begin
        yield "part 1", lambda: part(1, b"a" * 5 * MB)
        yield "part 2", lambda: part(2, b"b" * 100)
        yield "list parts", lambda: [(p["PartNumber"], p["Size"], p["ETag"]) for p in s3.list_parts(**kept["where"])["Parts"]]
        yield "list uploads", lambda: [u["Key"] for u in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]]
        yield "complete in wrong order", lambda: complete(2, 1)
        yield "complete with a wrong part", lambda: complete(1, etag='"0123456789abcdef0123456789abcdef"')
        yield "complete", lambda: complete(1, 2)
        yield "get parts", lambda: pick(get("parts"), "ContentLength", "ContentType", "ETag")
        yield "part of no upload", lambda: s3.upload_part(PartNumber=1, Body=b"", **kept["where"])
        yield "begin small parts", begin
        yield "small 1", lambda: part(1, b"a")
        yield "small 2", lambda: part(2, b"b")
        yield "complete small parts", lambda: complete(1, 2)
        yield "abort", lambda: s3.abort_multipart_upload(**kept["where"])["ResponseMetadata"]["HTTPStatusCode"]
        yield "abort again", lambda: s3.abort_multipart_upload(**kept["where"])["ResponseMetadata"]["HTTPStatusCode"]

        yield "delete", lambda: s3.delete_object(Bucket=BUCKET, Key="a/1")["ResponseMetadata"]["HTTPStatusCode"]
        yield "delete again", lambda: s3.delete_object(Bucket=BUCKET, Key="a/1")["ResponseMetadata"]["HTTPStatusCode"]
        yield "delete bucket, full", lambda: s3.delete_bucket(Bucket=BUCKET)
        yield "delete 1001", lambda: s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": str(i)} for i in range(1001)]})
        yield "delete all", lambda: sorted(d["Key"] for d in s3.delete_objects(
            Bucket=BUCKET, Delete={"Objects": [{"Key": o["Key"]} for o in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]})["Deleted"])
        yield "list empty", lambda: ls()
        yield "delete bucket", lambda: s3.delete_bucket(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"]
        yield "delete bucket again", lambda: s3.delete_bucket(Bucket=BUCKET)
        yield "malformed policy", lambda: (s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=here),
                                           s3.put_bucket_policy(Bucket=BUCKET, Policy="no json"))
        yield "a bad name", lambda: s3.create_bucket(Bucket="under_score", CreateBucketConfiguration=here)
        yield "caller identity", lambda: sorted(self.sts.get_caller_identity().keys())
        yield "session token", lambda: sorted(self.sts.get_session_token()["Credentials"].keys())


def outcome(function):
    try:
        answer = function()
        return "accepted" if isinstance(answer, (dict, tuple)) and "ResponseMetadata" in str(answer) else answer
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]


def compare(cloud, ours, theirs, differences):
    if cloud.moto.process is None:
        raise Skip("moto's server does not start here")
    problems, count = [], 0
    for (name, ask), (_, ask_moto) in zip(ours.all(), theirs.all()):
        count += 1
        mine, other = outcome(ask), outcome(ask_moto)
        if name in differences:
            wanted, reason = differences[name]
            if mine != wanted or mine == other:
                problems.append(f"{name}: {mine!r} is not {wanted!r} ({reason}; moto: {other!r})")
        elif mine != other:
            problems.append(f"{name}: {mine!r}, moto: {other!r}")
    print(f"# {count} calls compared, {len(differences)} known differences", flush=True)
    assert not problems, "\n".join(["Unexplained differences", *problems])


@case
def the_same_calls_give_the_same_answers(cloud):
    compare(cloud, Calls(cloud.client("s3"), cloud.client("sts")), Calls(cloud.moto.client("s3"), cloud.moto.client("sts")), DIFFERENCES)


@case
def the_same_calls_about_names_give_the_same_answers(cloud):
    ours, theirs = (names_calls.NameCalls(*(server.client(service, region="us-east-1", parameter_validation=False) for service in ("route53", "route53domains", "acm")))
                    for server in (cloud, cloud.moto))
    compare(cloud, ours, theirs, names_calls.DIFFERENCES)


@case
def the_lists_of_differences_are_used(cloud):
    for calls, differences, least in ((Calls(None, None), DIFFERENCES, 60), (names_calls.NameCalls(None, None, None), names_calls.DIFFERENCES, 80)):
        names = [name for name, _ in calls.all()]
        expect(sorted(set(differences) - set(names)), [])
        expect(len(names) == len(set(names)) and len(names) > least, True)


run(setup=setup, teardown=teardown)
