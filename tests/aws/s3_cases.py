# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every S3 server must do with our client, seen by boto3 as well."""

import hashlib
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from clouds import DRIVER, Gate, wait_for
from tap import Skip, case


@case
def bucket_made(cloud):
    cloud.good("make-bucket", cloud.bucket)
    s3 = cloud.client("s3")
    assert cloud.bucket in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert (s3.get_bucket_location(Bucket=cloud.bucket)["LocationConstraint"] or "us-east-1") == cloud.region


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
    if not cloud.copies:
        raise Skip("the server does not copy")
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
    if not cloud.heeds_conditions:
        raise Skip("the server does not heed conditions")
    cloud.good("put", cloud.bucket, "once", "1", "If-None-Match: *")
    answer = cloud.run("put", cloud.bucket, "once", "2", "If-None-Match: *")
    assert (answer["exit"], answer["status"]) == (1, 412), answer
    assert cloud.good("get", cloud.bucket, "once")["body"] == "1"
    if cloud.is_moto:
        return
    etag = cloud.good("head", cloud.bucket, "once")["etag"]
    cloud.good("put", cloud.bucket, "once", "3", f"If-Match: {etag}")
    cloud.refused("PreconditionFailed", "put", cloud.bucket, "once", "4", f"If-Match: {etag}")


def etag_of(data):
    """Of an object in parts, the MD5 of the MD5s of its parts: right only if each of them has arrived as it was."""
    if len(data) < 16 * 1024 * 1024:
        return f'"{hashlib.md5(data).hexdigest()}"'
    part = 8 * 1024 * 1024
    sums = [hashlib.md5(data[start:start + part]).digest() for start in range(0, len(data), part)]
    return f'"{hashlib.md5(b"".join(sums)).hexdigest()}-{len(sums)}"'


@case
def files_small_and_large(cloud):
    s3 = cloud.client("s3")
    for size in (0, 1, 600_000, 5_000_000, 21_000_000):
        data = hashlib.sha256(str(size).encode()).digest() * (size // 32 + 1)
        data = data[:size]
        path = cloud.path("file")
        with open(path, "wb") as stream:
            stream.write(data)
        ours = cloud.good("upload", cloud.bucket, f"files/{size}", path, "Content-Type: application/x-test")
        theirs = s3.get_object(Bucket=cloud.bucket, Key=f"files/{size}")
        joined = size < 16 * 1024 * 1024 or cloud.joins_parts
        assert theirs["Body"].read() == data or not joined, size
        assert theirs["ETag"] == ours["etag"] == etag_of(data), size
        assert theirs["ContentType"] == "application/x-test", size
        back = cloud.path("back")
        ours = cloud.good("download", cloud.bucket, f"files/{size}", back)
        assert ours["size"] == size
        with open(back, "rb") as stream:
            assert stream.read() == data or not joined, size


def is_late_part(head):
    number = re.match(r"PUT \S*[?&]partNumber=(\d+)", head)
    return number is not None and int(number[1]) > 3


def list_arrived(s3, bucket, key):
    """The parts of the upload of a key that have arrived, each with its ETag."""
    uploads = [upload for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []) if upload["Key"] == key]
    assert len(uploads) <= 1, uploads
    return {part["PartNumber"]: part["ETag"] for upload in uploads
            for part in s3.list_parts(Bucket=bucket, Key=key, UploadId=upload["UploadId"]).get("Parts", [])}


@case
def upload_killed_and_taken_up_again(cloud):
    if not cloud.lists_uploads:
        raise Skip("the server does not list uploads")
    s3 = cloud.client("s3")
    data = os.urandom(64 * 1024 * 1024)
    path = cloud.path("again")
    with open(path, "wb") as stream:
        stream.write(data)
    gate = Gate(cloud.endpoint, is_late_part)
    process = subprocess.Popen([DRIVER, "upload", cloud.bucket, "again", path], stdout=subprocess.DEVNULL,
                               env={**cloud.environment, "AWS_ENDPOINT_URL": gate.endpoint})
    try:
        wait_for("three parts", lambda: len(list_arrived(s3, cloud.bucket, "again")) == 3, process)
    finally:
        process.kill()
        process.wait()
        gate.close()
    assert sorted(list_arrived(s3, cloud.bucket, "again")) == [1, 2, 3]
    requests = cloud.good("upload", cloud.bucket, "again", path)["requests"]
    # Lists of uploads and of parts, then 8 parts, 3 of which have arrived, and the end
    assert requests == (11 - 3 if cloud.keeps_sums else 11), requests
    theirs = s3.get_object(Bucket=cloud.bucket, Key="again")
    assert theirs["Body"].read() == data
    assert not s3.list_multipart_uploads(Bucket=cloud.bucket).get("Uploads")


@case
def ranges(cloud):
    for key in ("ü +%.txt", "//x"):
        cloud.good("put", cloud.bucket, "ranges/" + key, "0123456789")
        for wanted, text in (("bytes=0-0", "0"), ("bytes=3-6", "3456"), ("bytes=8-", "89"), ("bytes=-3", "789")):
            answer = cloud.good("range", cloud.bucket, "ranges/" + key, wanted)
            assert answer["status"] == 206 and len(answer["body"]) == len(text), (wanted, answer)
            assert answer["body"] == text or not cloud.cuts_ranges, (wanted, answer)
        assert cloud.run("range", cloud.bucket, "ranges/" + key, "bytes=20-30")["status"] == 416


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
