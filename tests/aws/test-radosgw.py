# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our S3 client against a server of others that checks every signature, presigned addresses and the clock: radosgw."""

import datetime
import hashlib
import os
import time
import urllib.error
import urllib.parse
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
import s3_cases  # noqa: F401
from clouds import KEY, SECRET, Radosgw, faked_clock
from tap import case, run

FOLDERS = ["a b/", "plus+/", "100%/", "%2F/", "ü/ö/", "🏮/", "//", "q?x=1&y=2/", "#/", "'\"<>&/"]


def http(method, address, body=None):
    """Status and body of what a program without any credentials gets."""
    request = urllib.request.Request(address, method=method, data=body)
    if body is not None:
        request.add_header("Content-Type", "")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@case
def what_the_server_lacks(cloud):
    """Seen with boto3, so that it is not our client that fails there."""
    s3 = cloud.client("s3")
    bucket = cloud.bucket + "-lacks"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="key", Body=b"1")
    s3.put_object(Bucket=bucket, Key="key", Body=b"0123456789", IfNoneMatch="*")
    assert not cloud.heeds_conditions and s3.get_object(Bucket=bucket, Key="key")["Body"].read() == b"0123456789"
    assert not cloud.cuts_ranges and s3.get_object(Bucket=bucket, Key="key", Range="bytes=3-6")["Body"].read() == b"0123"
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "key"})
    assert not cloud.copies and [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["key"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    parts = [{"PartNumber": i, "ETag": s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=i,
                                                      Body=bytes([i]) * 5 * 1024 * 1024)["ETag"]} for i in (1, 2)]
    assert not cloud.lists_uploads and not s3.list_multipart_uploads(Bucket=bucket).get("Uploads")
    assert not cloud.keeps_sums and not any(name.startswith("Checksum") for part in
                                            s3.list_parts(Bucket=bucket, Key="parts", UploadId=upload)["Parts"] for name in part)
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
    assert not cloud.joins_parts and s3.get_object(Bucket=bucket, Key="parts")["Body"].read(1) == b"\2"


@case
def lists_of_odd_folders(cloud):
    s3 = cloud.client("s3")
    bucket = cloud.bucket + "-folders"
    cloud.good("make-bucket", bucket)
    for folder in FOLDERS:
        for name in ("one", "two 2", "deeper/three"):
            cloud.good("put", bucket, folder + name, "text")
    for prefix in [*FOLDERS, "", "a", "%", "//o", "ü/", "nothing/"]:
        for delimiter in ("/", "e/", "ö", "+", " ", "%", "?x=1&"):
            ours = cloud.good("list", bucket, prefix, delimiter)
            theirs = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, Delimiter=delimiter)
            assert [item["key"] for item in ours["objects"]] == [item["Key"] for item in theirs.get("Contents", [])], (prefix, delimiter)
            assert ours["prefixes"] == [item["Prefix"] for item in theirs.get("CommonPrefixes", [])], (prefix, delimiter)


@case
def presigned_addresses(cloud):
    bucket = cloud.bucket + "-presigned"
    cloud.good("make-bucket", bucket)
    for key in cloud.keys:
        body = f"the content of {key}".encode()
        put = cloud.good("presign", "PUT", bucket, key, "600")["address"]
        assert SECRET not in put and urllib.parse.quote(SECRET, safe="") not in put
        assert http("PUT", put, body)[0] == 200, key
        get = cloud.good("presign", "GET", bucket, key, "600")["address"]
        assert http("GET", get) == (200, body), key
        assert http("GET", put)[0] == 403, key
        assert http("GET", get.replace("X-Amz-Expires=600", "X-Amz-Expires=601"))[0] == 403, key
        delete = cloud.good("presign", "DELETE", bucket, key, "604800")["address"]
        assert http("DELETE", delete)[0] == 204, key
        assert http("GET", get)[0] == 404, key


@case
def presigned_as_botocore_does(cloud):
    for key in cloud.keys:
        address = cloud.good("presign", "GET", "bucket.with.dots", key, "86400", AWS_SESSION_TOKEN="to/ken+=")["address"]
        bare, _, query = address.partition("?")
        parameters = dict(urllib.parse.parse_qsl(query))
        request = botocore.awsrequest.AWSRequest("GET", bare)
        request.context["timestamp"] = parameters["X-Amz-Date"]
        signer = botocore.auth.S3SigV4QueryAuth(botocore.credentials.Credentials(KEY, SECRET, "to/ken+="), "s3", cloud.region, 86400)
        signer._modify_request_before_signing(request)
        prepared = request.prepare()
        request.url, request.params = bare, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(prepared.url).query))
        signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        assert parameters["X-Amz-Signature"] == signature, key


@case
def presigned_too_long_ago(cloud):
    address = cloud.good("presign", "GET", cloud.bucket, "key", "1")["address"]
    begun = datetime.datetime.now()
    while datetime.datetime.now() - begun < datetime.timedelta(minutes=1):
        status, body = http("GET", address)
        if status == 403:
            break
        time.sleep(0.1)
    assert status == 403, (status, body)


@case
def checksums(cloud):
    s3 = cloud.client("s3")
    bucket = cloud.bucket + "-sums"
    cloud.good("make-bucket", bucket)
    cloud.refused("BadDigest", "put", bucket, "sum", "text", "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==")
    try:
        s3.head_object(Bucket=bucket, Key="sum")
        raise AssertionError("what was damaged was stored")
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "404"
    assert cloud.good("put", bucket, "sum", "text")["etag"] == f'"{hashlib.md5(b"text").hexdigest()}"'


@case
def strangers_refused(cloud):
    for arguments in (["list", cloud.bucket], ["get", cloud.bucket, "plain.html"], ["put", cloud.bucket, "a b+%ü", "x"],
                      ["delete", cloud.bucket, "plain.html"]):
        cloud.refused("SignatureDoesNotMatch", *arguments, AWS_SECRET_ACCESS_KEY="secret/+exampl")
        cloud.refused("InvalidAccessKeyId", *arguments, AWS_ACCESS_KEY_ID="AKIANOBODYKNOWSTHIS0")
    address = cloud.good("presign", "GET", cloud.bucket, "plain.html", "60", AWS_SECRET_ACCESS_KEY="another")["address"]
    assert http("GET", address)[0] == 403


@case
def clocks_that_differ(cloud):
    bucket = cloud.bucket + "-clocks"
    cloud.good("make-bucket", bucket)
    path = cloud.path("large")
    with open(path, "wb") as stream:
        stream.write(os.urandom(17 * 1024 * 1024))
    for seconds in (20 * 60, -20 * 60, 2 * 24 * 3600, -2 * 24 * 3600):
        clock = faked_clock(seconds)
        cloud.good("put", bucket, "a b/ü+%", str(seconds), **clock)
        assert cloud.good("get", bucket, "a b/ü+%", **clock)["body"] == str(seconds)
        assert cloud.good("upload", bucket, "large", path, **clock)["etag"].endswith('-3"'), seconds
        cloud.refused("SignatureDoesNotMatch", "list", bucket, AWS_SECRET_ACCESS_KEY="another", **clock)


run(setup=Radosgw, teardown=lambda cloud: cloud and cloud.stop())
