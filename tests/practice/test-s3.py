# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 of the practice cloud as boto3 uses it."""

import base64
import hashlib
import os
import random
import sys
import zlib

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

from practice import Practice, expect, refused  # noqa: E402
from tap import Skip, case, run  # noqa: E402

MB = 1024 * 1024


def setup():
    cloud = Practice()
    cloud.s3 = cloud.client("s3")
    new_bucket(cloud, "first-bucket")
    return cloud


def new_bucket(cloud, name, region=None):
    client = cloud.client("s3", region=region) if region else cloud.s3
    region = region or cloud.region
    extra = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client.create_bucket(Bucket=name, **extra)
    return name


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


@case
def put_and_get_keep_everything(cloud):
    body = "Grüße\n".encode()
    put = cloud.s3.put_object(Bucket="first-bucket", Key="a.html", Body=body, ContentType="text/html; charset=utf-8",
                              CacheControl="public, max-age=0", ContentEncoding="identity", ContentDisposition="inline",
                              ContentLanguage="de", Expires="Thu, 01 Dec 2033 16:00:00 GMT", Metadata={"sha256": "abc", "two": "2 3"})
    expect(put["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
    got = cloud.s3.get_object(Bucket="first-bucket", Key="a.html")
    expect(got["Body"].read(), body)
    for name, value in {"ContentType": "text/html; charset=utf-8", "CacheControl": "public, max-age=0",
                        "ContentEncoding": "identity", "ContentDisposition": "inline", "ContentLanguage": "de",
                        "Metadata": {"sha256": "abc", "two": "2 3"}, "ContentLength": len(body),
                        "ETag": put["ETag"]}.items():
        expect(got[name], value, name)
    head = cloud.s3.head_object(Bucket="first-bucket", Key="a.html")
    expect({k: head[k] for k in ("ETag", "ContentLength", "ContentType", "Metadata")},
           {k: got[k] for k in ("ETag", "ContentLength", "ContentType", "Metadata")})


@case
def the_default_type_is_as_at_aws(cloud):
    cloud.s3.put_object(Bucket="first-bucket", Key="untyped", Body=b"x")
    expect(cloud.s3.head_object(Bucket="first-bucket", Key="untyped")["ContentType"], "binary/octet-stream")


@case
def an_empty_object(cloud):
    put = cloud.s3.put_object(Bucket="first-bucket", Key="empty", Body=b"")
    expect(put["ETag"], '"d41d8cd98f00b204e9800998ecf8427e"')
    got = cloud.s3.get_object(Bucket="first-bucket", Key="empty")
    expect((got["Body"].read(), got["ContentLength"]), (b"", 0))


@case
def strange_keys(cloud):
    keys = ["with space.txt", "a#b?c%d&e+f.html", "100%.txt", "%41.txt", "quote'\"<>.txt", "emoji-😀/ü/日本.txt", "//double//slash",
            "dots..and...more/.hidden", "trailing/", "tab\there", "back\\slash", "~tilde*star!(x)@:;,=$", "plus+plus", "a" * 1024]
    bucket = new_bucket(cloud, "strange-keys")
    for key in keys:
        cloud.s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in keys:
        expect(cloud.s3.get_object(Bucket=bucket, Key=key)["Body"].read(), key.encode(), repr(key))
    listed = [o["Key"] for o in cloud.s3.list_objects_v2(Bucket=bucket)["Contents"]]
    expect(listed, sorted(keys, key=lambda k: k.encode()))
    answer = cloud.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
    expect(sorted(d["Key"] for d in answer["Deleted"]), sorted(keys))
    expect(cloud.s3.list_objects_v2(Bucket=bucket)["KeyCount"], 0)


@case
def ranges(cloud):
    body = noise(100_000)
    cloud.s3.put_object(Bucket="first-bucket", Key="ranges", Body=body)
    for header, part, given in [("bytes=0-9", body[:10], "bytes 0-9/100000"), ("bytes=99990-", body[-10:], "bytes 99990-99999/100000"),
                                ("bytes=-10", body[-10:], "bytes 99990-99999/100000"), ("bytes=5-5", body[5:6], "bytes 5-5/100000"),
                                ("bytes=0-999999", body, "bytes 0-99999/100000"), ("bytes=-200000", body, "bytes 0-99999/100000")]:
        got = cloud.s3.get_object(Bucket="first-bucket", Key="ranges", Range=header)
        expect((got["Body"].read(), got["ContentRange"], got["ResponseMetadata"]["HTTPStatusCode"]), (part, given, 206), header)
    for header in ("bytes=9-5", "lines=1-2", "bytes=0-1,5-6"):
        got = cloud.s3.get_object(Bucket="first-bucket", Key="ranges", Range=header)
        expect((got["ResponseMetadata"]["HTTPStatusCode"], got["Body"].read()), (200, body), header)
    expect(refused(cloud.s3.get_object, Bucket="first-bucket", Key="ranges", Range="bytes=100000-")[:2], (416, "InvalidRange"))
    expect(cloud.s3.head_object(Bucket="first-bucket", Key="ranges", Range="bytes=0-9")["ContentLength"], 10)


@case
def conditions_of_reads(cloud):
    etag = cloud.s3.put_object(Bucket="first-bucket", Key="conditions", Body=b"1")["ETag"]
    modified = cloud.s3.head_object(Bucket="first-bucket", Key="conditions")["LastModified"]
    get = lambda **k: cloud.s3.get_object(Bucket="first-bucket", Key="conditions", **k)  # noqa: E731
    get(IfMatch=etag)
    get(IfNoneMatch='"other"')
    get(IfUnmodifiedSince=modified)
    expect(refused(get, IfMatch='"other"')[:2], (412, "PreconditionFailed"))
    expect(refused(get, IfNoneMatch=etag)[0], 304)
    expect(refused(get, IfModifiedSince=modified)[0], 304)
    expect(refused(get, IfUnmodifiedSince="Thu, 01 Jan 2015 00:00:00 GMT")[:2], (412, "PreconditionFailed"))
    # the ETag says more than the date
    get(IfMatch=etag, IfUnmodifiedSince="Thu, 01 Jan 2015 00:00:00 GMT")
    expect(refused(get, IfNoneMatch=etag, IfModifiedSince="Thu, 01 Jan 2015 00:00:00 GMT")[0], 304)


@case
def conditions_of_writes(cloud):
    put = lambda body, **k: cloud.s3.put_object(Bucket="first-bucket", Key="writes", Body=body, **k)  # noqa: E731
    first = put(b"1", IfNoneMatch="*")["ETag"]
    expect(refused(put, b"2", IfNoneMatch="*")[:2], (412, "PreconditionFailed"))
    second = put(b"2", IfMatch=first)["ETag"]
    expect(refused(put, b"3", IfMatch=first)[:2], (412, "PreconditionFailed"))
    expect(cloud.s3.get_object(Bucket="first-bucket", Key="writes")["Body"].read(), b"2")
    expect(refused(cloud.s3.put_object, Bucket="first-bucket", Key="never-there", Body=b"", IfMatch=second)[:2], (404, "NoSuchKey"))
    expect(refused(put, b"3", IfNoneMatch=first)[:2], (501, "NotImplemented"))


@case
def checksums_given_and_made(cloud):
    body = noise(70_000, 2)
    sums = {"ChecksumCRC32": base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode(),
            "ChecksumSHA1": base64.b64encode(hashlib.sha1(body).digest()).decode(),
            "ChecksumSHA256": base64.b64encode(hashlib.sha256(body).digest()).decode()}
    for name, value in sums.items():
        cloud.s3.put_object(Bucket="first-bucket", Key=name, Body=body, **{name: value})
        got = cloud.s3.get_object(Bucket="first-bucket", Key=name, ChecksumMode="ENABLED")
        expect((got[name], got["ChecksumType"]), (value, "FULL_OBJECT"))
    # the client computes this one itself (awscrt), and would notice a wrong one
    put = cloud.s3.put_object(Bucket="first-bucket", Key="CRC32C", Body=body, ChecksumAlgorithm="CRC32C")
    got = cloud.s3.get_object(Bucket="first-bucket", Key="CRC32C", ChecksumMode="ENABLED")
    expect(got["Body"].read(), body)
    expect(got["ChecksumCRC32C"], put["ChecksumCRC32C"])
    # known answers
    for name, value in {"ChecksumCRC32C": "4waSgw==", "ChecksumCRC64NVME": "rosUhgp5mIg="}.items():
        cloud.s3.put_object(Bucket="first-bucket", Key="check", Body=b"123456789", **{name: value})
    # none given: CRC64NVME, as S3 makes it
    status, headers, _ = cloud.raw("PUT", "/first-bucket/none-given", body=b"123456789")
    expect((status, headers["x-amz-checksum-crc64nvme"]), (200, "rosUhgp5mIg="))


@case
def copies(cloud):
    body = noise(30_000, 3)
    cloud.s3.put_object(Bucket="first-bucket", Key="von hier/ü.txt", Body=body, ContentType="text/plain", Metadata={"a": "1"})
    source = {"Bucket": "first-bucket", "Key": "von hier/ü.txt"}
    copy = cloud.s3.copy_object(Bucket="first-bucket", Key="to/there", CopySource=source)["CopyObjectResult"]
    expect(copy["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
    got = cloud.s3.get_object(Bucket="first-bucket", Key="to/there")
    expect((got["Body"].read(), got["ContentType"], got["Metadata"]), (body, "text/plain", {"a": "1"}))
    cloud.s3.copy_object(Bucket="first-bucket", Key="to/there2", CopySource=source, MetadataDirective="REPLACE",
                         ContentType="text/html", CacheControl="no-store")
    head = cloud.s3.head_object(Bucket="first-bucket", Key="to/there2")
    expect((head["ContentType"], head["CacheControl"], head["Metadata"]), ("text/html", "no-store", {}))
    # a copy lives without its source
    cloud.s3.delete_object(**source)
    expect(cloud.s3.get_object(Bucket="first-bucket", Key="to/there2")["Body"].read(), body)
    etag = copy["ETag"]
    cloud.s3.copy_object(Bucket="first-bucket", Key="conditional", CopySource="first-bucket/to/there", CopySourceIfMatch=etag)
    expect(refused(cloud.s3.copy_object, Bucket="first-bucket", Key="x", CopySource="first-bucket/to/there",
                   CopySourceIfMatch='"other"')[:2], (412, "PreconditionFailed"))
    expect(refused(cloud.s3.copy_object, Bucket="first-bucket", Key="x", CopySource="first-bucket/to/there",
                   CopySourceIfNoneMatch=etag)[:2], (412, "PreconditionFailed"))
    expect(refused(cloud.s3.copy_object, Bucket="first-bucket", Key="to/there", CopySource="first-bucket/to/there")[:2],
           (400, "InvalidRequest"))
    cloud.s3.copy_object(Bucket="first-bucket", Key="to/there", CopySource="first-bucket/to/there",
                         MetadataDirective="REPLACE", Metadata={"b": "2"})
    got = cloud.s3.get_object(Bucket="first-bucket", Key="to/there")
    expect((got["Metadata"], got["Body"].read()), ({"b": "2"}, body))
    expect(refused(cloud.s3.copy_object, Bucket="first-bucket", Key="x", CopySource="first-bucket/nothing")[:2], (404, "NoSuchKey"))


@case
def lists_by_prefix_and_delimiter(cloud):
    bucket = new_bucket(cloud, "lists")
    keys = ["a", "b/1", "b/2", "b/c/3", "b!x", "b0", "c/", "c/1", "z", "ä/1", "😀"]
    for key in keys:
        cloud.s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    listed = lambda **k: (lambda r: ([o["Key"] for o in r.get("Contents", [])],  # noqa: E731
                                     [p["Prefix"] for p in r.get("CommonPrefixes", [])]))(
                                         cloud.s3.list_objects_v2(Bucket=bucket, **k))
    expect(listed(Delimiter="/"), (["a", "b!x", "b0", "z", "😀"], ["b/", "c/", "ä/"]))
    expect(listed(Prefix="b/", Delimiter="/"), (["b/1", "b/2"], ["b/c/"]))
    expect(listed(Prefix="b"), (["b!x", "b/1", "b/2", "b/c/3", "b0"], []))
    expect(listed(StartAfter="b/2"), (["b/c/3", "b0", "c/", "c/1", "z", "ä/1", "😀"], []))
    expect(listed(Prefix="c/", Delimiter="/"), (["c/", "c/1"], []))
    expect(listed(MaxKeys=0), ([], []))
    for size in (1, 2, 3, 7):
        for lister in ("list_objects_v2", "list_objects"):
            found, prefixes = [], []
            for page in cloud.s3.get_paginator(lister).paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size}):
                expect(len(page.get("Contents", [])) + len(page.get("CommonPrefixes", [])) <= size, True)
                found += [o["Key"] for o in page.get("Contents", [])]
                prefixes += [p["Prefix"] for p in page.get("CommonPrefixes", [])]
            expect((found, prefixes), (["a", "b!x", "b0", "z", "😀"], ["b/", "c/", "ä/"]), f"{lister} by {size}")
    found = [o["Key"] for page in cloud.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2})
             for o in page["Contents"]]
    expect(found, sorted(keys, key=lambda k: k.encode()))
    versions = cloud.s3.list_object_versions(Bucket=bucket)["Versions"]
    expect([(v["Key"], v["VersionId"], v["IsLatest"]) for v in versions][0], ("a", "null", True))


@case
def multipart(cloud):
    bucket, key = "first-bucket", "multipart.bin"
    parts = [noise(5 * MB, 4), noise(6 * MB, 5), noise(1234, 6)]
    upload = cloud.s3.create_multipart_upload(Bucket=bucket, Key=key, ContentType="application/x-test", Metadata={"m": "1"})["UploadId"]
    where = {"Bucket": bucket, "Key": key, "UploadId": upload}
    done = []
    for number, part in enumerate(parts, 1):
        answer = cloud.s3.upload_part(PartNumber=number, Body=part, **where)
        expect(answer["ETag"], f'"{hashlib.md5(part).hexdigest()}"')
        done.append({"PartNumber": number, "ETag": answer["ETag"]})
    listed = cloud.s3.list_parts(**where)
    expect([(p["PartNumber"], p["Size"]) for p in listed["Parts"]], [(1, 5 * MB), (2, 6 * MB), (3, 1234)])
    expect([u["Key"] for u in cloud.s3.list_multipart_uploads(Bucket=bucket)["Uploads"]], [key])
    result = cloud.s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **where)
    whole = hashlib.md5(b"".join(hashlib.md5(p).digest() for p in parts)).hexdigest()
    expect(result["ETag"], f'"{whole}-3"')
    got = cloud.s3.get_object(Bucket=bucket, Key=key)
    expect(got["Body"].read() == b"".join(parts), True)
    expect((got["ContentType"], got["Metadata"]), ("application/x-test", {"m": "1"}))
    across = cloud.s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={5 * MB - 3}-{5 * MB + 2}")["Body"].read()
    expect(across, parts[0][-3:] + parts[1][:3])
    second = cloud.s3.get_object(Bucket=bucket, Key=key, PartNumber=2)
    expect((second["PartsCount"], second["Body"].read() == parts[1]), (3, True))
    expect("Uploads" in cloud.s3.list_multipart_uploads(Bucket=bucket), False)
    expect(refused(cloud.s3.list_parts, **where)[:2], (404, "NoSuchUpload"))
    # a copy of it is one object, with an ETag of its bytes
    copy = cloud.s3.copy_object(Bucket=bucket, Key="multipart-copy", CopySource=f"{bucket}/{key}")["CopyObjectResult"]
    expect(copy["ETag"], f'"{hashlib.md5(b"".join(parts)).hexdigest()}"')


@case
def multipart_checksums(cloud):
    bucket = "first-bucket"
    parts = [noise(5 * MB, 7), noise(777, 8)]
    plain = cloud.client("s3", request_checksum_calculation="when_required")
    for algorithm, kind in (("CRC32", "FULL_OBJECT"), ("CRC32", "COMPOSITE"), ("CRC32C", "FULL_OBJECT"), ("CRC64NVME", "FULL_OBJECT"),
                            ("SHA1", "COMPOSITE"), ("SHA256", "COMPOSITE")):
        key = f"sums-{algorithm}-{kind}"
        upload = cloud.s3.create_multipart_upload(Bucket=bucket, Key=key, ChecksumAlgorithm=algorithm, ChecksumType=kind)["UploadId"]
        where = {"Bucket": bucket, "Key": key, "UploadId": upload}
        done = []
        for number, part in enumerate(parts, 1):
            # this botocore can't compute CRC64NVME: without a checksum, the server does
            client, given = (plain, {}) if algorithm == "CRC64NVME" else (cloud.s3, {"ChecksumAlgorithm": algorithm})
            answer = client.upload_part(PartNumber=number, Body=part, **given, **where)
            done.append({"PartNumber": number, "ETag": answer["ETag"], "Checksum" + algorithm: answer["Checksum" + algorithm]})
        result = cloud.s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **where)
        expect(result["ChecksumType"], kind)
        value = result["Checksum" + algorithm]
        if kind == "COMPOSITE":
            raw = b"".join(base64.b64decode(d["Checksum" + algorithm]) for d in done)
            made = {"CRC32": lambda b: zlib.crc32(b).to_bytes(4, "big"), "SHA1": lambda b: hashlib.sha1(b).digest(),
                    "SHA256": lambda b: hashlib.sha256(b).digest()}[algorithm](raw)
            expect(value, base64.b64encode(made).decode() + "-2", key)
        else:
            # the same bytes in one put have the same CRC
            put = client.put_object(Bucket=bucket, Key=key + "-whole", Body=b"".join(parts), **given)
            expect(value, put["Checksum" + algorithm], key)
    expect(refused(cloud.s3.create_multipart_upload, Bucket=bucket, Key="x", ChecksumAlgorithm="SHA256", ChecksumType="FULL_OBJECT")[:2],
           (400, "InvalidRequest"))
    upload = cloud.s3.create_multipart_upload(Bucket=bucket, Key="x", ChecksumAlgorithm="SHA256")["UploadId"]
    where = {"Bucket": bucket, "Key": "x", "UploadId": upload}
    expect(refused(cloud.s3.upload_part, PartNumber=1, Body=b"", ChecksumAlgorithm="CRC32", **where)[:2], (400, "InvalidRequest"))
    expect(refused(plain.upload_part, PartNumber=1, Body=b"", **where)[:2], (400, "InvalidRequest"))
    etag = cloud.s3.upload_part(PartNumber=1, Body=b"", ChecksumAlgorithm="SHA256", **where)["ETag"]
    expect(refused(cloud.s3.complete_multipart_upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}, **where)[:2],
           (400, "InvalidRequest"))
    cloud.s3.abort_multipart_upload(**where)


@case
def multipart_by_copies(cloud):
    bucket = "first-bucket"
    body = noise(11 * MB, 9)
    cloud.s3.put_object(Bucket=bucket, Key="source", Body=body)
    upload = cloud.s3.create_multipart_upload(Bucket=bucket, Key="assembled")["UploadId"]
    where = {"Bucket": bucket, "Key": "assembled", "UploadId": upload}
    done = []
    for number, (first, last) in enumerate([(0, 6 * MB - 1), (6 * MB, 11 * MB - 1)], 1):
        part = cloud.s3.upload_part_copy(PartNumber=number, CopySource=f"{bucket}/source", CopySourceRange=f"bytes={first}-{last}", **where)
        done.append({"PartNumber": number, "ETag": part["CopyPartResult"]["ETag"]})
    expect(refused(cloud.s3.upload_part_copy, PartNumber=3, CopySource=f"{bucket}/source", CopySourceRange="bytes=0-99999999", **where)[:2],
           (400, "InvalidArgument"))
    cloud.s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **where)
    expect(cloud.s3.get_object(Bucket=bucket, Key="assembled")["Body"].read() == body, True)


@case
def multipart_refusals(cloud):
    bucket, key = "first-bucket", "refused.bin"
    upload = cloud.s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    where = {"Bucket": bucket, "Key": key, "UploadId": upload}
    etags = [cloud.s3.upload_part(PartNumber=n, Body=b"small", **where)["ETag"] for n in (1, 2)]
    complete = lambda *parts: refused(cloud.s3.complete_multipart_upload, **where,  # noqa: E731
                                      MultipartUpload={"Parts": [{"PartNumber": n, "ETag": e} for n, e in parts]})[:2]
    expect(complete((1, etags[0]), (2, etags[1])), (400, "EntityTooSmall"))
    expect(complete((2, etags[1]), (1, etags[0])), (400, "InvalidPartOrder"))
    expect(complete((1, '"0123456789abcdef0123456789abcdef"')), (400, "InvalidPart"))
    expect(complete((7, etags[0])), (400, "InvalidPart"))
    expect(complete(), (400, "MalformedXML"))
    expect(refused(cloud.s3.upload_part, PartNumber=10001, Body=b"", **where)[:2], (400, "InvalidArgument"))
    cloud.s3.abort_multipart_upload(**where)
    expect(refused(cloud.s3.upload_part, PartNumber=1, Body=b"", **where)[:2], (404, "NoSuchUpload"))
    expect(refused(cloud.s3.abort_multipart_upload, **where)[:2], (404, "NoSuchUpload"))


@case
def conditional_complete(cloud):
    bucket, key = "first-bucket", "complete-once"
    cloud.s3.put_object(Bucket=bucket, Key=key, Body=b"here")
    upload = cloud.s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    where = {"Bucket": bucket, "Key": key, "UploadId": upload}
    etag = cloud.s3.upload_part(PartNumber=1, Body=b"part", **where)["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    expect(refused(cloud.s3.complete_multipart_upload, MultipartUpload=parts, IfNoneMatch="*", **where)[:2], (412, "PreconditionFailed"))
    cloud.s3.complete_multipart_upload(MultipartUpload=parts, **where)


@case
def managed_transfers(cloud):
    from boto3.s3.transfer import TransferConfig
    path = os.path.join(cloud.state, "upload.bin")
    body = noise(20 * MB, 10)
    with open(path, "wb") as file:
        file.write(body)
    config = TransferConfig(multipart_threshold=8 * MB, multipart_chunksize=5 * MB)
    cloud.s3.upload_file(path, "first-bucket", "transfer.bin", Config=config)
    cloud.s3.download_file("first-bucket", "transfer.bin", path + ".back", Config=config)
    with open(path + ".back", "rb") as file:
        expect(file.read() == body, True)


@case
def deleting(cloud):
    cloud.s3.put_object(Bucket="first-bucket", Key="gone", Body=b"1")
    cloud.s3.delete_object(Bucket="first-bucket", Key="gone")
    cloud.s3.delete_object(Bucket="first-bucket", Key="gone")
    expect(refused(cloud.s3.get_object, Bucket="first-bucket", Key="gone")[:2], (404, "NoSuchKey"))
    expect(refused(cloud.s3.head_object, Bucket="first-bucket", Key="gone")[0], 404)
    quiet = cloud.s3.delete_objects(Bucket="first-bucket", Delete={"Objects": [{"Key": "never"}], "Quiet": True})
    expect("Deleted" in quiet, False)


@case
def buckets_and_regions(cloud):
    new_bucket(cloud, "in-ireland", "eu-west-1")
    new_bucket(cloud, "in-virginia", "us-east-1")
    ireland = cloud.client("s3", region="eu-west-1")
    expect(ireland.get_bucket_location(Bucket="in-ireland")["LocationConstraint"], "eu-west-1")
    expect(cloud.client("s3", region="us-east-1").get_bucket_location(Bucket="in-virginia")["LocationConstraint"], None)
    expect(ireland.head_bucket(Bucket="in-ireland")["BucketRegion"], "eu-west-1")
    # boto3 finds the way by x-amz-bucket-region
    cloud.s3.put_object(Bucket="in-ireland", Key="a", Body=b"1")
    expect(ireland.get_object(Bucket="in-ireland", Key="a")["Body"].read(), b"1")
    status, headers, body = cloud.raw("GET", "/in-ireland/a")
    expect((status, headers["x-amz-bucket-region"]), (301, "eu-west-1"))
    expect(b"<Code>PermanentRedirect</Code>" in body and b"<Endpoint>in-ireland.s3.eu-west-1." in body, True)
    status, headers, body = cloud.raw("HEAD", "/in-ireland")
    expect((status, headers["x-amz-bucket-region"], body), (301, "eu-west-1", b""))
    status, _, body = cloud.raw("GET", "/a", host="in-ireland.s3.eu-west-1.localhost")
    expect((status, b"<Code>AuthorizationHeaderMalformed</Code>" in body, b"<Region>eu-west-1</Region>" in body), (400, True, True))
    expect(cloud.raw("GET", "/a", host="in-ireland.s3.eu-west-1.localhost", region="eu-west-1")[2], b"1")
    expect("in-ireland" in [b["Name"] for b in cloud.s3.list_buckets()["Buckets"]], True)
    ireland.delete_object(Bucket="in-ireland", Key="a")
    ireland.delete_bucket(Bucket="in-ireland")
    expect(refused(ireland.head_bucket, Bucket="in-ireland")[0], 404)


@case
def virtual_hosts(cloud):
    client = cloud.client("s3", endpoint=f"http://localhost:{cloud.port}", s3={"addressing_style": "virtual"})
    client.put_object(Bucket="first-bucket", Key="virtual/host", Body=b"v")
    expect(client.get_object(Bucket="first-bucket", Key="virtual/host")["Body"].read(), b"v")
    expect(cloud.s3.get_object(Bucket="first-bucket", Key="virtual/host")["Body"].read(), b"v")


@case
def bucket_settings(cloud):
    import json
    s3, bucket = cloud.s3, new_bucket(cloud, "settings")
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    expect(set(block.values()), {True})
    expect(s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
    expect(s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
           ["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")
    expect("Status" in s3.get_bucket_versioning(Bucket=bucket), False)
    for missing, code in [(s3.get_bucket_policy, "NoSuchBucketPolicy"), (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
                          (s3.get_bucket_tagging, "NoSuchTagSet")]:
        expect(refused(missing, Bucket=bucket)[:2], (404, code))
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
              "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    expect(json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]), policy)
    s3.delete_bucket_policy(Bucket=bucket)
    rules = [{"ID": "uploads", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}}]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    expect(s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"], rules)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "site", "Value": "a & b"}]})
    expect(s3.get_bucket_tagging(Bucket=bucket)["TagSet"], [{"Key": "site", "Value": "a & b"}])
    s3.put_object(Bucket=bucket, Key="tagged", Body=b"", Tagging="a=1&b=2%203")
    expect(s3.get_object_tagging(Bucket=bucket, Key="tagged")["TagSet"], [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2 3"}])
    s3.put_object_tagging(Bucket=bucket, Key="tagged", Tagging={"TagSet": [{"Key": "c", "Value": "&="}]})
    expect(s3.get_object_tagging(Bucket=bucket, Key="tagged")["TagSet"], [{"Key": "c", "Value": "&="}])
    expect(refused(s3.delete_bucket, Bucket=bucket)[:2], (409, "BucketNotEmpty"))
    s3.delete_object(Bucket=bucket, Key="tagged")
    s3.delete_bucket(Bucket=bucket)


@case
def presigned_urls(cloud):
    from urllib.request import Request, urlopen
    client = cloud.client("s3", signature_version="s3v4")
    put = client.generate_presigned_url("put_object", Params={"Bucket": "first-bucket", "Key": "pre signed"}, ExpiresIn=60)
    expect(urlopen(Request(put, data=b"by url", method="PUT")).status, 200)
    get = client.generate_presigned_url("get_object", Params={"Bucket": "first-bucket", "Key": "pre signed",
                                                              "ResponseContentType": "text/x-other"}, ExpiresIn=60)
    answer = urlopen(get)
    expect((answer.read(), answer.headers["Content-Type"]), (b"by url", "text/x-other"))


@case
def big_bodies_do_not_sit_in_memory(cloud):
    with open(f"/proc/{cloud.process.pid}/maps") as file:
        if "libasan" in file.read():
            raise Skip("the address sanitizer keeps what was freed")

    def memory():
        with open(f"/proc/{cloud.process.pid}/status") as file:
            return max(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

    class Zeros:
        def __init__(self, size):
            self.size, self.at = size, 0

        def read(self, amount=-1):
            amount = self.size - self.at if amount is None or amount < 0 else min(amount, self.size - self.at)
            self.at += amount
            return bytes(amount)

        def seek(self, offset, whence=0):
            self.at = {0: 0, 1: self.at, 2: self.size}[whence] + offset
            return self.at

        def tell(self):
            return self.at

    before = memory()
    size = 300 * MB
    client = cloud.client("s3", request_checksum_calculation="when_required", s3={"payload_signing_enabled": False})
    client.put_object(Bucket="first-bucket", Key="big", Body=Zeros(size), ContentLength=size)
    expect(memory() - before < 60_000, True, "Growth by less than 60 MB")
    expect(client.head_object(Bucket="first-bucket", Key="big")["ContentLength"], size)
    body = client.get_object(Bucket="first-bucket", Key="big")["Body"]
    expect(sum(len(chunk) for chunk in body.iter_chunks(MB)), size)
    client.delete_object(Bucket="first-bucket", Key="big")


@case
def it_is_all_there_after_a_restart(cloud):
    cloud.s3.put_object(Bucket="first-bucket", Key="stays", Body=b"still here")
    endpoint, key = cloud.endpoint, cloud.key
    cloud.restart()
    expect((cloud.endpoint, cloud.key), (endpoint, key))
    expect(cloud.s3.get_object(Bucket="first-bucket", Key="stays")["Body"].read(), b"still here")


run(setup=setup, teardown=lambda cloud: cloud.close())
