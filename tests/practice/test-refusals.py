# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses, the practice cloud refuses, with AWS's status and code; also where emulators are lax."""

import base64
import datetime
import hashlib
import json
import os
import re
import sqlite3
import sys
import urllib.error
import urllib.request
import zlib

import botocore.auth
import botocore.awsrequest
import botocore.credentials

try:
    import botocore.crt.auth as crt_auth
except ImportError:
    crt_auth = None

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

from practice import Practice, expect, refused  # noqa: E402
from tap import case, run  # noqa: E402


def setup():
    cloud = Practice()
    cloud.s3 = cloud.client("s3")
    cloud.s3.create_bucket(Bucket="refusals", CreateBucketConfiguration={"LocationConstraint": cloud.region})
    cloud.s3.put_object(Bucket="refusals", Key="there", Body=b"there")
    return cloud


def code_of(body):
    found = re.search(rb"<Code>([^<]*)</Code>", body)
    return found.group(1).decode() if found else None


def raw(cloud, *arguments, **keywords):
    status, _, body = cloud.raw(*arguments, **keywords)
    return status, code_of(body)


def json_call(cloud, target, body=b"{}", **keywords):
    status, _, answer = cloud.raw("POST", "/", body=body, service="dynamodb",
                                  headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}, **keywords)
    return status, json.loads(answer)["__type"].split("#")[-1]


def query_call(cloud, body, **keywords):
    return raw(cloud, "POST", "/", body=body, service="sts", headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
               **keywords)


IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"


class Shifted:
    """Signs as a computer whose clock is wrong."""

    def __init__(self, seconds):
        shift = datetime.timedelta(seconds=seconds)
        real = datetime.datetime

        class Clock(real):
            @classmethod
            def utcnow(cls):
                return real.now(datetime.timezone.utc).replace(tzinfo=None) + shift

            @classmethod
            def now(cls, tz=None):
                return real.now(tz) + shift

        clock = type("module", (), {"datetime": Clock, "timezone": datetime.timezone})
        self.patches = [(module, name, value) for module, name, value in (
            (botocore.auth, "datetime", clock), (botocore.auth, "get_current_datetime", lambda **_: Clock.utcnow()),
            (crt_auth, "datetime", clock), (crt_auth, "get_current_datetime", lambda **_: Clock.utcnow())) if hasattr(module, name)]

    def __enter__(self):
        self.saved = [(module, name, getattr(module, name)) for module, name, _ in self.patches]
        for module, name, value in self.patches:
            setattr(module, name, value)

    def __exit__(self, *_):
        for module, name, value in self.saved:
            setattr(module, name, value)


# Who is asking

@case
def a_wrong_secret(cloud):
    expect(refused(cloud.client("s3", secret="wrong").list_buckets)[:2], (403, "SignatureDoesNotMatch"))
    expect(refused(cloud.client("sts", secret="wrong").get_caller_identity)[:2], (403, "SignatureDoesNotMatch"))
    expect(refused(cloud.client("cloudfront", secret="wrong").list_distributions)[:2], (403, "SignatureDoesNotMatch"))
    expect(json_call(cloud, "DynamoDB_20120810.ListTables", secret="wrong"), (400, "InvalidSignatureException"))


@case
def an_unknown_key(cloud):
    key = "AKIAAAAAAAAAAAAAAAAA"
    expect(refused(cloud.client("s3", key=key).list_buckets)[:2], (403, "InvalidAccessKeyId"))
    expect(refused(cloud.client("sts", key=key).get_caller_identity)[:2], (403, "InvalidClientTokenId"))
    expect(refused(cloud.client("cloudfront", key=key).list_distributions)[:2], (403, "InvalidClientTokenId"))
    expect(json_call(cloud, "DynamoDB_20120810.ListTables", key=key), (400, "UnrecognizedClientException"))


@case
def no_signature(cloud):
    expect(raw(cloud, "GET", "/refusals/there", sign=False), (403, "AccessDenied"))
    expect(raw(cloud, "PUT", "/refusals/new", body=b"x", sign=False), (403, "AccessDenied"))
    expect(raw(cloud, "GET", "/", sign=False), (403, "AccessDenied"))
    expect(query_call(cloud, IDENTITY, sign=False), (403, "MissingAuthenticationToken"))
    expect(json_call(cloud, "DynamoDB_20120810.ListTables", sign=False), (400, "MissingAuthenticationTokenException"))
    expect(raw(cloud, "GET", "/2020-05-31/distribution", sign=False), (403, "MissingAuthenticationToken"))
    expect(raw(cloud, "GET", "/refusals/there", sign=False, headers={"Authorization": "AWS AKIA:sig"}), (400, "InvalidRequest"))
    expect(raw(cloud, "GET", "/refusals/there", sign=False, headers={"Authorization": "AWS4-HMAC-SHA256 nonsense"}),
           (400, "AuthorizationHeaderMalformed"))
    expect(raw(cloud, "POST", "/", body=IDENTITY, sign=False, service="sts",
               headers={"Content-Type": "application/x-www-form-urlencoded",
                        "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/eu-central-1/sts/aws4_request"}), (400, "IncompleteSignature"))


@case
def a_wrong_clock(cloud):
    for seconds in (-16 * 60, 16 * 60):
        with Shifted(seconds):
            expect(raw(cloud, "GET", "/refusals/there"), (403, "RequestTimeTooSkewed"))
            expect(query_call(cloud, IDENTITY), (403, "SignatureDoesNotMatch"))
            expect(json_call(cloud, "DynamoDB_20120810.ListTables"), (400, "InvalidSignatureException"))
    # S3 is more patient than the others
    with Shifted(-10 * 60):
        expect(raw(cloud, "GET", "/refusals/there")[0], 200)
        expect(query_call(cloud, IDENTITY), (403, "SignatureDoesNotMatch"))


@case
def temporary_keys(cloud):
    session = cloud.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    keys = {"key": session["AccessKeyId"], "secret": session["SecretAccessKey"]}
    expect(cloud.client("s3", token=session["SessionToken"], **keys).list_buckets()["ResponseMetadata"]["HTTPStatusCode"], 200)
    expect(refused(cloud.client("s3", token="wrong", **keys).list_buckets)[:2], (400, "InvalidToken"))
    expect(refused(cloud.client("s3", **keys).list_buckets)[:2], (403, "InvalidAccessKeyId"))
    expect(refused(cloud.client("sts", token="wrong", **keys).get_caller_identity)[:2], (403, "InvalidClientTokenId"))
    # an hour passes
    with sqlite3.connect(os.path.join(cloud.state, "practice.db"), timeout=10) as db:
        db.execute("UPDATE sessions SET expires = expires - 3600000000")
    expect(refused(cloud.client("s3", token=session["SessionToken"], **keys).list_buckets)[:2], (400, "ExpiredToken"))
    expect(refused(cloud.client("sts", token=session["SessionToken"], **keys).get_caller_identity)[:2], (403, "ExpiredToken"))


@case
def headers_that_nobody_signed(cloud):
    def unsigned(request_headers):
        request = botocore.awsrequest.AWSRequest("PUT", f"{cloud.endpoint}/refusals/new", data=b"x",
                                                 headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
        botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(cloud.key, cloud.secret), "s3", cloud.region).add_auth(request)
        prepared = request.prepare()
        sent = urllib.request.Request(prepared.url, data=b"x", method="PUT", headers=dict(prepared.headers.items()) | request_headers)
        try:
            return urllib.request.urlopen(sent).status, None
        except urllib.error.HTTPError as error:
            return error.code, code_of(error.read())

    expect(unsigned({}), (200, None))
    expect(unsigned({"X-Amz-Meta-Smuggled": "1"}), (403, "AccessDenied"))


# Requests that do not exist

@case
def unknown_operations_and_services(cloud):
    expect(query_call(cloud, b"Action=GetFederationTokens&Version=2011-06-15"), (400, "InvalidAction"))
    expect(query_call(cloud, b"Action=GetCallerIdentity&Version=1999-01-01"), (400, "InvalidAction"))
    expect(query_call(cloud, b"Version=2011-06-15"), (400, "InvalidAction"))
    expect(json_call(cloud, "DynamoDB_20120810.MakeCoffee"), (400, "UnknownOperationException"))
    expect(raw(cloud, "PATCH", "/refusals/there"), (405, "MethodNotAllowed"))
    expect(raw(cloud, "POST", "/refusals/there"), (405, "MethodNotAllowed"))
    expect(raw(cloud, "GET", "/refusals", query="website="), (501, "NotImplemented"))
    expect(raw(cloud, "GET", "/2020-05-31/streaming-distribution", service="cloudfront"), (404, "UnknownOperationException"))
    status, headers, body = cloud.raw("GET", "/2015-03-31/nothing", service="nosuchservice")
    expect((status, headers["x-amzn-ErrorType"]), (404, "UnknownOperationException"))
    status, _, body = cloud.raw("POST", "/", body=b"{}", service="nosuchservice",
                                headers={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "No.Such"})
    expect((status, json.loads(body)["__type"].split("#")[-1]), (400, "UnknownOperationException"))
    status, _, body = cloud.raw("POST", "/", body=b"Action=Nothing", service="nosuchservice",
                                headers={"Content-Type": "application/x-www-form-urlencoded"})
    expect((status, code_of(body)), (400, "InvalidAction"))
    expect(raw(cloud, "GET", "/", service="sts", secret="wrong")[1], "SignatureDoesNotMatch")


# S3: where and what

@case
def another_regions_bucket(cloud):
    cloud.client("s3", region="eu-west-1").create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for method, path, query in (("GET", "/elsewhere", "list-type=2"), ("GET", "/elsewhere/key", ""), ("PUT", "/elsewhere/key", ""),
                                ("DELETE", "/elsewhere/key", ""), ("DELETE", "/elsewhere", ""), ("GET", "/elsewhere", "policy=")):
        status, headers, body = cloud.raw(method, path, query=query)
        expect((status, code_of(body), headers["x-amz-bucket-region"]), (301, "PermanentRedirect", "eu-west-1"), f"{method} {path}?{query}")
    expect(refused(cloud.s3.create_bucket, Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})[:2],
           (409, "BucketAlreadyOwnedByYou"))


@case
def bucket_names_and_places(cloud):
    for name in ("ab", "Upper-case", "under_score", "-begins", "ends-", "two..dots", "192.168.1.1", "a" * 64, "xn--puny"):
        status, _, body = cloud.raw("PUT", f"/{name}", body=b"<CreateBucketConfiguration><LocationConstraint>eu-central-1"
                                    b"</LocationConstraint></CreateBucketConfiguration>")
        expect((status, code_of(body)), (400, "InvalidBucketName"), name)
    expect(refused(cloud.s3.create_bucket, Bucket="a-good-name")[:2], (400, "IllegalLocationConstraintException"))
    expect(refused(cloud.s3.create_bucket, Bucket="a-good-name", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})[:2],
           (400, "IllegalLocationConstraintException"))
    expect(refused(cloud.s3.create_bucket, Bucket="a-good-name", CreateBucketConfiguration={"LocationConstraint": "mars-north-1"})[:2],
           (400, "InvalidLocationConstraint"))
    expect(refused(cloud.s3.list_objects_v2, Bucket="no-such-bucket")[:2], (404, "NoSuchBucket"))
    expect(refused(cloud.s3.put_object, Bucket="no-such-bucket", Key="k", Body=b"x" * 100_000)[:2], (404, "NoSuchBucket"))
    expect(refused(cloud.s3.delete_bucket, Bucket="refusals")[:2], (409, "BucketNotEmpty"))


@case
def wrong_checksums(cloud):
    put = lambda **k: refused(cloud.s3.put_object, Bucket="refusals", Key="wrong", Body=b"hello", **k)[:2]  # noqa: E731
    zeros = lambda n: base64.b64encode(bytes(n)).decode()  # noqa: E731
    for algorithm, size in (("CRC32", 4), ("CRC32C", 4), ("CRC64NVME", 8), ("SHA1", 20), ("SHA256", 32)):
        expect(put(**{"Checksum" + algorithm: zeros(size)}), (400, "BadDigest"), algorithm)
        expect(put(**{"Checksum" + algorithm: zeros(size - 1)}), (400, "InvalidRequest"), algorithm)
    md5 = lambda value: raw(cloud, "PUT", "/refusals/wrong", body=b"hello", headers={"Content-MD5": value})  # noqa: E731
    expect(md5(zeros(16)), (400, "BadDigest"))
    expect(md5("not base64 of 16 bytes"), (400, "InvalidDigest"))
    expect(raw(cloud, "PUT", "/refusals/wrong", body=b"hello", payload=hashlib.sha256(b"other").hexdigest()),
           (400, "XAmzContentSHA256Mismatch"))
    expect(raw(cloud, "PUT", "/refusals/wrong", body=b"hello", payload="nonsense"), (400, "InvalidArgument"))
    two = {"x-amz-checksum-crc32": zeros(4), "x-amz-checksum-sha1": zeros(20)}
    expect(raw(cloud, "PUT", "/refusals/wrong", body=b"hello", headers=two), (400, "InvalidRequest"))
    expect(raw(cloud, "PUT", "/refusals/wrong", body=b"hello", headers={"x-amz-sdk-checksum-algorithm": "CRC32"}), (400, "InvalidRequest"))
    expect(refused(cloud.s3.get_object, Bucket="refusals", Key="wrong")[:2], (404, "NoSuchKey"))
    upload = cloud.s3.create_multipart_upload(Bucket="refusals", Key="wrong")["UploadId"]
    expect(refused(cloud.s3.upload_part, Bucket="refusals", Key="wrong", UploadId=upload, PartNumber=1, Body=b"x",
                   ChecksumSHA256=zeros(32))[:2], (400, "BadDigest"))
    cloud.s3.abort_multipart_upload(Bucket="refusals", Key="wrong", UploadId=upload)


def chunked(cloud, body, headers, payload="STREAMING-UNSIGNED-PAYLOAD-TRAILER"):
    return raw(cloud, "PUT", "/refusals/chunked", body=body, payload=payload,
               headers={"Content-Encoding": "aws-chunked", **headers})


@case
def chunked_bodies(cloud):
    sum32 = base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
    good = {"x-amz-decoded-content-length": "5", "x-amz-trailer": "x-amz-checksum-crc32"}
    body = f"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:{sum32}\r\n\r\n".encode()
    expect(chunked(cloud, body, good), (200, None))
    got = cloud.s3.get_object(Bucket="refusals", Key="chunked", ChecksumMode="ENABLED")
    expect((got["Body"].read(), got["ChecksumCRC32"], got.get("ContentEncoding")), (b"hello", sum32, None))
    for pieces in (1, 2, 3):
        text = {1: "5\r\nhello\r\n", 2: "2\r\nhe\r\n3\r\nllo\r\n", 3: "1\r\nh\r\n3\r\nell\r\n1\r\no\r\n"}[pieces]
        expect(chunked(cloud, f"{text}0\r\nx-amz-checksum-crc32:{sum32}\r\n\r\n".encode(), good), (200, None))
    expect(chunked(cloud, body.replace(b"hello", b"jello"), good), (400, "BadDigest"))
    expect(chunked(cloud, body, {**good, "x-amz-decoded-content-length": "6"}), (400, "IncompleteBody"))
    expect(chunked(cloud, b"5\r\nhello\r\n0\r\n\r\n", good), (400, "MalformedTrailerError"))
    expect(chunked(cloud, b"5\r\nhel", good), (400, "IncompleteBody"))
    expect(chunked(cloud, b"zz\r\nhello\r\n0\r\n\r\n", good), (400, "IncompleteBody"))
    expect(chunked(cloud, body, {"x-amz-trailer": "x-amz-checksum-crc32"}), (411, "MissingContentLength"))
    expect(chunked(cloud, body, {**good, "x-amz-trailer": "x-amz-checksum-crc99"}), (400, "InvalidRequest"))
    # signed chunks with a signature that is none
    signed = b"5;chunk-signature=" + b"0" * 64 + b"\r\nhello\r\n0;chunk-signature=" + b"0" * 64 + b"\r\n\r\n"
    expect(chunked(cloud, signed, {"x-amz-decoded-content-length": "5"}, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), (403, "SignatureDoesNotMatch"))


@case
def presigned_urls(cloud):
    client = cloud.client("s3", signature_version="s3v4")
    url = lambda **k: client.generate_presigned_url("get_object", Params={"Bucket": "refusals", "Key": "there"}, **k)  # noqa: E731

    def fetch(address, method="GET", data=None):
        try:
            return urllib.request.urlopen(urllib.request.Request(address, method=method, data=data)).status, None
        except urllib.error.HTTPError as error:
            body = error.read()
            message = re.search(rb"<Message>([^<]*)", body)
            return error.code, code_of(body), message.group(1).decode() if message else ""

    good = url(ExpiresIn=60)
    expect(fetch(good), (200, None))
    expect(fetch(good.replace("/there?", "/other?"))[:2], (403, "SignatureDoesNotMatch"))
    expect(fetch(good.replace("X-Amz-Expires=60", "X-Amz-Expires=61"))[:2], (403, "SignatureDoesNotMatch"))
    expect(fetch(good + "&response-content-type=text/html")[:2], (403, "SignatureDoesNotMatch"))
    expect(fetch(good[:-1] + ("0" if good[-1] != "0" else "1"))[:2], (403, "SignatureDoesNotMatch"))
    expect(fetch(good, "PUT", b"x")[:2], (403, "SignatureDoesNotMatch"))
    expect(fetch(good.replace("X-Amz-Expires=60", "X-Amz-Expires=604801"))[:2], (400, "AuthorizationQueryParametersError"))
    expect(fetch(re.sub("&X-Amz-Expires=60", "", good))[:2], (400, "AuthorizationQueryParametersError"))
    expect(fetch(re.sub("X-Amz-Credential=[^&]*&", "", good))[:2], (400, "AuthorizationQueryParametersError"))
    with Shifted(-120):
        expired = url(ExpiresIn=60)
    expect(fetch(expired), (403, "AccessDenied", "Request has expired"))
    with Shifted(20 * 60):
        early = url(ExpiresIn=60)
    expect(fetch(early), (403, "AccessDenied", "Request is not yet valid"))
    # the old kind of signature is unknown to regions as young as this one
    expect(fetch(cloud.client("s3", signature_version="s3").generate_presigned_url(
        "get_object", Params={"Bucket": "refusals", "Key": "there"}))[:2], (400, "InvalidRequest"))


@case
def deleting_many(cloud):
    def delete(count, headers=None, body=None):
        body = body or ("<Delete>" + "".join(f"<Object><Key>k{i}</Key></Object>" for i in range(count)) + "</Delete>").encode()
        if headers is None:
            headers = {"Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode()}
        return raw(cloud, "POST", "/refusals", query="delete=", body=body, headers={"Content-Type": "application/xml", **headers})

    expect(delete(1000), (200, None))
    expect(delete(1001), (400, "MalformedXML"))
    expect(delete(0), (400, "MalformedXML"))
    expect(delete(1, {}), (400, "InvalidRequest"))
    expect(delete(1, {"Content-MD5": base64.b64encode(bytes(16)).decode()}), (400, "BadDigest"))
    expect(delete(1, {"Content-MD5": "nonsense"}), (400, "InvalidDigest"))
    expect(delete(1, {"x-amz-checksum-crc32": base64.b64encode(bytes(4)).decode()}), (400, "BadDigest"))
    expect(delete(0, body=b"<Delete><Object>"), (400, "MalformedXML"))
    expect(delete(0, body=b"not xml"), (400, "MalformedXML"))
    expect(delete(0, body=b"<Delete><Object></Object></Delete>"), (400, "MalformedXML"))
    expect(refused(cloud.s3.delete_objects, Bucket="refusals", Delete={"Objects": [{"Key": str(i)} for i in range(1001)]})[:2],
           (400, "MalformedXML"))


@case
def malformed_bucket_policies(cloud):
    arn = "arn:aws:s3:::refusals"
    good = {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": arn + "/*"}

    def put(statement=None, **document):
        whole = {"Version": "2012-10-17", "Statement": [statement or good], **document}
        return refused(cloud.s3.put_bucket_policy, Bucket="refusals", Policy=json.dumps({k: v for k, v in whole.items() if v is not None}))[:2]

    malformed = (400, "MalformedPolicy")
    for change in ({"Effect": "Maybe"}, {"Effect": None}, {"Principal": None}, {"Principal": "someone"}, {"Principal": {}},
                   {"Principal": {"Service": "cloudfornt.amazonaws.com"}}, {"Principal": {"AWS": "me"}}, {"Action": None},
                   {"Action": "s3:GetObjects"}, {"Action": "GetObject"}, {"Resource": None}, {"Resource": "arn:aws:s3:::another/*"},
                   {"Resource": "refusals/*"}, {"Resource": arn}, {"Action": "s3:ListBucket"}, {"Extra": 1},
                   {"Condition": {"StringEqual": {"a": "b"}}}, {"Condition": "x"}):
        statement = {k: v for k, v in {**good, **change}.items() if v is not None}
        expect(put(statement), malformed, str(change))
    expect(put(Version="2013-01-01"), malformed)
    expect(put(Statement=None), malformed)
    expect(put(Statement=[]), malformed)
    expect(put(Statements=[]), malformed)
    for text in ("", "not json", "[]", '{"Version":'):
        expect(refused(cloud.s3.put_bucket_policy, Bucket="refusals", Policy=text)[:2], malformed, text)
    # public, while the block of public policies is on
    expect(put({**good, "Principal": "*"}), (403, "AccessDenied"))
    expect(refused(cloud.s3.get_bucket_policy, Bucket="refusals")[:2], (404, "NoSuchBucketPolicy"))
    cloud.s3.put_bucket_policy(Bucket="refusals", Policy=json.dumps({"Version": "2012-10-17", "Statement": good}))


@case
def what_a_bucket_does_not_have(cloud):
    put = lambda **k: refused(cloud.s3.put_object, Bucket="refusals", Key="x", Body=b"", **k)[:2]  # noqa: E731
    expect(put(ACL="public-read"), (400, "AccessControlListNotSupported"))
    expect(put(ServerSideEncryption="aws:kms"), (501, "NotImplemented"))
    expect(put(StorageClass="FAST"), (400, "InvalidStorageClass"))
    expect(put(Metadata={"long": "x" * 2100}), (400, "MetadataTooLarge"))
    expect(refused(cloud.s3.put_object, Bucket="refusals", Key="k" * 1025, Body=b"")[:2], (400, "KeyTooLongError"))
    expect(refused(cloud.s3.get_object, Bucket="refusals", Key="there", VersionId="abc")[:2], (400, "InvalidArgument"))
    expect(refused(cloud.s3.put_bucket_versioning, Bucket="refusals", VersioningConfiguration={"Status": "Enabled"})[:2], (501, "NotImplemented"))
    expect(raw(cloud, "GET", "/refusals", query="list-type=3"), (400, "InvalidArgument"))
    expect(raw(cloud, "GET", "/refusals", query="list-type=2&max-keys=many"), (400, "InvalidArgument"))
    expect(raw(cloud, "GET", "/refusals", query="list-type=2&encoding-type=rot13"), (400, "InvalidArgument"))
    expect(raw(cloud, "GET", "/refusals", query="list-type=2&continuation-token=made-up"), (400, "InvalidArgument"))
    expect(raw(cloud, "PUT", "/refusals", query="lifecycle=", body=b"<LifecycleConfiguration><Rule><Status>On</Status></Rule>"
               b"</LifecycleConfiguration>", headers={"Content-MD5": "wrong"}), (400, "InvalidDigest"))
    expect(raw(cloud, "GET", "/refusals/%FF%FE"), (400, "InvalidURI"))


# CloudFront

@case
def invalidations(cloud):
    front = cloud.client("cloudfront")
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": "1"}
    expect(refused(front.create_invalidation, DistributionId="ENOTHERE", InvalidationBatch=batch)[:2], (404, "NoSuchDistribution"))
    expect(refused(front.get_distribution, Id="ENOTHERE")[:2], (404, "NoSuchDistribution"))


run(setup=setup, teardown=lambda cloud: cloud.close())
