# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures in all the forms in which they may come, made here from the published description, not by a client's code."""

import datetime
import hashlib
import hmac
import http.client
import os
import re
import sys
from urllib.parse import quote, unquote

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

from practice import Practice, expect, refused  # noqa: E402
from tap import Skip, case, run  # noqa: E402

EMPTY = hashlib.sha256(b"").hexdigest()


def setup():
    cloud = Practice()
    cloud.s3 = cloud.client("s3")
    cloud.s3.create_bucket(Bucket="signed", CreateBucketConfiguration={"LocationConstraint": cloud.region})
    return cloud


# The description, in Python

def encode(text):
    return quote(text, safe="-_.~")


def signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def canonical(method, path, query, headers, signed, payload, service):
    wire = quote(unquote(path), safe="/-_.~") if service == "s3" else quote(path, safe="/-_.~")
    pairs = sorted((encode(unquote(n)), encode(unquote(v))) for n, _, v in (p.partition("=") for p in query.split("&") if p))
    lines = []
    for name in signed:
        values = [re.sub(" +", " ", v.strip()) for n, v in headers if n.lower() == name]
        lines.append(f"{name}:{','.join(values)}\n")
    return "\n".join([method, wire, "&".join(f"{n}={v}" for n, v in pairs), "".join(lines), ";".join(signed), payload])


def sign(cloud, method, path, query="", headers=(), payload=EMPTY, service="s3", region=None, time=None):
    """The headers to send, and what chunks need."""
    region = region or cloud.region
    stamp = (time or datetime.datetime.now(datetime.timezone.utc)).strftime("%Y%m%dT%H%M%SZ")
    headers = [("Host", f"127.0.0.1:{cloud.port}"), ("X-Amz-Date", stamp), *headers]
    if service == "s3":
        headers.append(("X-Amz-Content-Sha256", payload))
    signed = sorted({n.lower() for n, _ in headers})
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = canonical(method, path, query, headers, signed, payload, service)
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(text.encode()).hexdigest()}"
    key = signing_key(cloud.secret, stamp[:8], region, service)
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    headers.append(("Authorization", f"AWS4-HMAC-SHA256 Credential={cloud.key}/{scope}, SignedHeaders={';'.join(signed)}, Signature={signature}"))
    return headers, (key, stamp, scope, signature)


def send(cloud, method, path, query="", headers=(), body=b""):
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=20)
    connection.putrequest(method, path + ("?" + query if query else ""), skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    connection.send(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    found = re.search(rb"<Code>([^<]*)", content)
    return answer.status, found.group(1).decode() if found else content


def ask(cloud, method, path, query="", headers=(), body=b"", **keywords):
    signed, _ = sign(cloud, method, path, query, headers, payload=hashlib.sha256(body).hexdigest(), **keywords)
    return send(cloud, method, path, query, signed, body)


@case
def the_description_is_understood(cloud):
    """The worked example of the S3 API Reference, so that what follows tests the server and not this file."""
    key = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3")
    scope, stamp = "20130524/us-east-1/s3/aws4_request", "20130524T000000Z"
    previous = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    for data, wanted in ((b"a" * 65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
                         (b"a" * 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
                         (b"", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")):
        previous = chunk_signature((key, stamp, scope, None), previous, data)
        expect(previous, wanted)


@case
def plain_requests(cloud):
    expect(ask(cloud, "PUT", "/signed/a", body=b"hello"), (200, b""))
    expect(ask(cloud, "GET", "/signed/a"), (200, b"hello"))


@case
def paths_as_they_come(cloud):
    expect(ask(cloud, "PUT", "/signed/a%20b/%C3%BC~%28%29!", body=b"1"), (200, b""))
    # the same key, written differently
    for path in ("/signed/a%20b/%c3%bc~()!", "/signed/a%20b/%C3%BC%7E()%21", "/%73igned/a%20b/%C3%BC~%28%29!"):
        expect(ask(cloud, "GET", path), (200, b"1"), path)
    expect(ask(cloud, "PUT", "/signed//double//", body=b"2"), (200, b""))
    expect(ask(cloud, "GET", "/signed//double//"), (200, b"2"))
    expect(ask(cloud, "GET", "/signed/double/"), (404, "NoSuchKey"))


@case
def queries_as_they_come(cloud):
    for query in ("list-type=2&prefix=a%20b&delimiter=%2F", "prefix=a%20b&list-type=2&delimiter=/", "delimiter=%2f&list-type=2&prefix=a%20b%2F",
                  "list-type=2&prefix=&prefix=", "location", "location=", "list-type=2&start-after=%2B&fetch-owner=true"):
        status, content = ask(cloud, "GET", "/signed", query)
        expect(status, 200, query)


@case
def headers_as_they_come(cloud):
    for headers in ([("X-Amz-Meta-Space", "  two   spaces  ")], [("x-amz-meta-lower", "1"), ("X-AMZ-META-UPPER", "2")],
                    [("X-Amz-Meta-Twice", "a"), ("X-Amz-Meta-Twice", "b")], [("X-Amz-Meta-Empty", "")], [("Content-Type", "text/plain;  charset=utf-8")]):
        expect(ask(cloud, "PUT", "/signed/headers", headers=headers, body=b"1"), (200, b""), str(headers))
    head = cloud.s3.head_object(Bucket="signed", Key="headers")
    expect(head["ContentType"].replace("  ", " "), "text/plain; charset=utf-8")
    ask(cloud, "PUT", "/signed/headers", headers=[("X-Amz-Meta-Twice", "a"), ("X-Amz-Meta-Twice", "b")])
    expect(cloud.s3.head_object(Bucket="signed", Key="headers")["Metadata"], {"twice": "a,b"})


@case
def the_rest_of_aws_encodes_paths_twice(cloud):
    expect(ask(cloud, "GET", "/2020-05-31/key-value-store/no%20such", service="cloudfront")[1], "EntityNotFound")
    signed, _ = sign(cloud, "GET", "/2020-05-31/key-value-store/no%20such", service="s3")
    expect(send(cloud, "GET", "/2020-05-31/key-value-store/no%20such", headers=[(n, v.replace("/s3/", "/cloudfront/")) for n, v in signed])[1],
           "SignatureDoesNotMatch")


@case
def a_scope_that_does_not_fit(cloud):
    now = datetime.datetime.now(datetime.timezone.utc)
    signed, _ = sign(cloud, "GET", "/signed/a")
    for old, new in ((now.strftime("%Y%m%d/"), "20200101/"), ("/eu-central-1/", "/eu-west-1/"), ("/s3/", "/sts/"), (cloud.key, "AKIA" + "A" * 16)):
        changed = [(n, v.replace(old, new) if n == "Authorization" else v) for n, v in signed]
        status, code = send(cloud, "GET", "/signed/a", headers=changed)
        expect((status, code in ("SignatureDoesNotMatch", "InvalidAccessKeyId")), (403, True), f"{old} to {new}: {code}")
    # an algorithm, header or field that is none
    for old, new in (("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5"), ("Signature=", "Sig="), ("SignedHeaders=", "Headers="), ("aws4_request", "aws5")):
        changed = [(n, v.replace(old, new) if n == "Authorization" else v) for n, v in signed]
        expect(send(cloud, "GET", "/signed/a", headers=changed)[0] in (400, 403), True, new)
    without_host = [(n, v.replace("host;", "") if n == "Authorization" else v) for n, v in signed]
    expect(send(cloud, "GET", "/signed/a", headers=without_host), (400, "AuthorizationHeaderMalformed"))
    without_date = [(n, v) for n, v in signed if n != "X-Amz-Date"]
    expect(send(cloud, "GET", "/signed/a", headers=without_date)[0] in (400, 403), True)
    without_hash = [(n, v) for n, v in signed if n != "X-Amz-Content-Sha256"]
    expect(send(cloud, "GET", "/signed/a", headers=without_hash), (400, "InvalidRequest"))


# Chunks

def chunk_signature(context, previous, data):
    key, stamp, scope, _ = context
    text = f"AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{scope}\n{previous}\n{EMPTY}\n{hashlib.sha256(data).hexdigest()}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def chunks(context, parts, trailer=None):
    previous, body = context[3], b""
    for data in [*parts, b""]:
        previous = chunk_signature(context, previous, data)
        body += f"{len(data):x};chunk-signature={previous}\r\n".encode() + data + (b"\r\n" if data or trailer is None else b"")
    if trailer is not None:
        key, stamp, scope, _ = context
        text = f"AWS4-HMAC-SHA256-TRAILER\n{stamp}\n{scope}\n{previous}\n{hashlib.sha256((trailer + chr(10)).encode()).hexdigest()}"
        body += f"{trailer}\r\nx-amz-trailer-signature:{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}\r\n\r\n".encode()
    return body


def put_chunks(cloud, parts, change=lambda body: body, trailer=None, length=None):
    payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
    headers = [("Content-Encoding", "aws-chunked"), ("X-Amz-Decoded-Content-Length", str(sum(map(len, parts)) if length is None else length))]
    if trailer:
        headers.append(("X-Amz-Trailer", trailer.split(":")[0]))
    signed, context = sign(cloud, "PUT", "/signed/chunks", headers=headers, payload=payload)
    return send(cloud, "PUT", "/signed/chunks", headers=signed, body=change(chunks(context, parts, trailer)))


@case
def signed_chunks(cloud):
    parts = [os.urandom(65536), os.urandom(8192), os.urandom(10)]
    expect(put_chunks(cloud, parts), (200, b""))
    expect(cloud.s3.get_object(Bucket="signed", Key="chunks")["Body"].read() == b"".join(parts), True)
    expect(put_chunks(cloud, []), (200, b""))
    expect(put_chunks(cloud, [b"x"]), (200, b""))
    flip = lambda at: lambda body: body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]  # noqa: E731
    expect(put_chunks(cloud, parts, flip(1000)), (403, "SignatureDoesNotMatch"))
    expect(put_chunks(cloud, parts, flip(70000)), (403, "SignatureDoesNotMatch"))
    expect(put_chunks(cloud, parts, flip(-20)), (403, "SignatureDoesNotMatch"))
    expect(put_chunks(cloud, [os.urandom(100), os.urandom(100)]), (403, "InvalidChunkSizeError"))
    expect(put_chunks(cloud, parts, lambda body: body[:-89]), (400, "IncompleteBody"))
    expect(put_chunks(cloud, parts, length=5), (400, "IncompleteBody"))
    # two whole chunks in another order
    expect(put_chunks(cloud, [parts[0], parts[0][::-1]], lambda b: b), (200, b""))


@case
def signed_trailers(cloud):
    import base64
    import zlib
    data = os.urandom(20000)
    trailer = "x-amz-checksum-crc32:" + base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    expect(put_chunks(cloud, [data], trailer=trailer), (200, b""))
    expect(cloud.s3.head_object(Bucket="signed", Key="chunks", ChecksumMode="ENABLED")["ChecksumCRC32"], trailer.split(":")[1])
    wrong = "x-amz-checksum-crc32:AAAAAA=="
    expect(put_chunks(cloud, [data], trailer=wrong), (400, "BadDigest"))
    expect(put_chunks(cloud, [data], lambda body: body.replace(trailer.encode(), wrong.encode()), trailer=trailer), (403, "SignatureDoesNotMatch"))
    expect(put_chunks(cloud, [data], lambda body: body[:body.index(b"x-amz-trailer-signature")] + b"\r\n", trailer=trailer),
           (403, "SignatureDoesNotMatch"))


@case
def a_signed_query_of_sts(cloud):
    import urllib.request
    url = cloud.client("sts").generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    expect(b"<Arn>" in urllib.request.urlopen(url).read(), True)


@case
def asymmetric_signatures_by_another_program(cloud):
    try:
        import awscrt.auth
        import awscrt.http
    except ImportError:
        raise Skip("python3-awscrt is not installed") from None

    def asymmetric(method, path, secret=None, change=None, region="*"):
        request = awscrt.http.HttpRequest(method, path)
        request.headers.add("Host", f"127.0.0.1:{cloud.port}")
        provider = awscrt.auth.AwsCredentialsProvider.new_static(cloud.key, secret or cloud.secret)
        config = awscrt.auth.AwsSigningConfig(
            algorithm=awscrt.auth.AwsSigningAlgorithm.V4_ASYMMETRIC, signature_type=awscrt.auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
            credentials_provider=provider, region=region, service="s3", use_double_uri_encode=False, should_normalize_uri_path=False,
            signed_body_value=EMPTY, signed_body_header_type=awscrt.auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256)
        signed = awscrt.auth.aws_sign_request(request, config).result()
        headers = list(signed.headers)
        return send(cloud, method, path, headers=change(headers) if change else headers)

    ask(cloud, "PUT", "/signed/v4a", body=b"asymmetric")
    for _ in range(20):
        expect(asymmetric("GET", "/signed/v4a"), (200, b"asymmetric"))
    expect(asymmetric("GET", "/signed/v4a", secret="wrong"), (403, "SignatureDoesNotMatch"))
    # other DER, no DER, nothing
    replace = lambda new: lambda headers: [(n, re.sub("Signature=.*", "Signature=" + new, v)) for n, v in headers]  # noqa: E731
    for new in ("3006020101020101", "00", "", "zz" * 70, "30" * 70, "3044" + "00" * 68):
        expect(asymmetric("GET", "/signed/v4a", change=replace(new)), (403, "SignatureDoesNotMatch"), new)
    # what was signed by SigV4 does not pass for it
    signed, _ = sign(cloud, "GET", "/signed/v4a")
    changed = [(n, v.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")) for n, v in signed]
    expect(send(cloud, "GET", "/signed/v4a", headers=changed)[0] in (400, 403), True)
    # another region's bucket is no matter to it
    cloud.client("s3", region="eu-west-1").create_bucket(Bucket="signed-west", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    expect(asymmetric("GET", "/signed-west/nothing"), (404, "NoSuchKey"))


@case
def nonsense_never_stops_the_server(cloud):
    import random
    import socket
    chance = random.Random(3)
    signed, _ = sign(cloud, "PUT", "/signed/a", headers=[("Content-Encoding", "aws-chunked"), ("X-Amz-Decoded-Content-Length", "5")],
                     payload="STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    good = ("PUT /signed/a?x=%20&y HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in signed) + "Content-Length: 20\r\n\r\n").encode() + b"5;chunk-signature=00"
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data))
            data[at:at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 4))
        with socket.create_connection(("127.0.0.1", cloud.port)) as client:
            client.sendall(bytes(data))
            client.shutdown(socket.SHUT_WR)
            client.settimeout(2)
            try:
                while client.recv(65536):
                    pass
            except OSError:
                pass
    expect(cloud.process.poll(), None)
    expect(refused(cloud.client("s3", secret="wrong").list_buckets)[1], "SignatureDoesNotMatch")
    expect(ask(cloud, "GET", "/signed/v4a")[0], 200)


run(setup=setup, teardown=lambda cloud: cloud.close())
