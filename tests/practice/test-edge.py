#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge of the practice cloud: a site of our template, its pages, its form, its mail."""

import gzip
import http.client
import json
import time

import psite
from practice import Practice, expect
from tap import case, run

RELEASE = "20261120-101500-abcdef"
OLDER = "20261119-090000-zyxwvu"
PAGE = b"<!doctype html><title>Home</title><h1>Hello</h1>" + b"<p>Some text that can be made small.</p>" * 100
STYLE = b"body { color: #333 }\n" * 200
PICTURE = bytes(range(256)) * 20


class Site:
    def __init__(self):
        self.cloud = Practice()
        self.cloudformation = self.cloud.client("cloudformation")
        self.s3 = self.cloud.client("s3")
        description, outputs = psite.create(self.cloudformation, "porchlight-cafe-abc123", psite.load_template(),
                                            Parameters=psite.parameters(**psite.FORM))
        psite.verify(self.cloud)
        self.stack = description["StackId"]
        self.outputs = outputs
        self.host = outputs["DistributionHost"]
        self.bucket = outputs["Bucket"]
        self.store = self.cloud.client("cloudfront-keyvaluestore", endpoint=self.cloud.endpoint)

    def put(self, key, body, kind="text/html; charset=utf-8", **more):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=kind, **more)

    def point(self, value, key="live"):
        arn = self.outputs["StoreArn"]
        path = "/key-value-stores/" + arn.replace(":", "%3A").replace("/", "%2F")
        status, headers, _ = self.kvs("GET", path)
        expect(status, 200, "describing the store")
        status, _, body = self.kvs("PUT", path + "/keys/" + key.replace(":", "%3A"), json.dumps({"Value": value}).encode(), headers["ETag"])
        expect(status, 200, f"writing the pointer ({body})")

    def kvs(self, method, path, body=b"", etag=None):
        from botocore.crt.auth import CrtSigV4AsymAuth
        headers = {"Content-Type": "application/json"}
        if etag:
            headers["If-Match"] = etag
        return self.cloud.raw(method, path, body=body, headers=headers, service="cloudfront-keyvaluestore", region="*",
                              signer=CrtSigV4AsymAuth)

    def get(self, path, method="GET", body=None, host=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=60)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or self.host)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def post(self, body, kind="application/x-www-form-urlencoded", path="/_porchlight/contact", **headers):
        return self.get(path, "POST", body, Content_Type=kind, **headers)

    def messages(self):
        return self.cloud.client("dynamodb").query(
            TableName=self.outputs["Table"], KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "form#contact"}})["Items"]

    def mails(self):
        return [mail for mail in self.cloud.mails() if mail["From"] == "owner@example.org"]

    def wait_mails(self, number):
        end = time.monotonic() + 60
        while len(self.mails()) < number and time.monotonic() < end:
            time.sleep(0.02)
        return self.mails()


@case
def nothing_published(site):
    status, headers, body = site.get("/")
    expect(status, 503)
    assert b"Nothing here yet" in body
    expect(headers["content-type"], "text/html; charset=utf-8")
    expect(headers["x-cache"], "FunctionGeneratedResponse from cloudfront")


@case
def publish(site):
    site.put(f"releases/{RELEASE}/index.html", PAGE, CacheControl="public, max-age=0, s-maxage=31536000, must-revalidate")
    site.put(f"releases/{RELEASE}/about/index.html", b"<h1>About</h1>")
    site.put(f"releases/{RELEASE}/style.css", STYLE, "text/css; charset=utf-8", CacheControl="public, max-age=300")
    site.put(f"releases/{RELEASE}/picture.png", PICTURE, "image/png")
    site.put(f"releases/{RELEASE}/a b+c%25é.txt", b"odd name", "text/plain; charset=utf-8")
    site.put(f"releases/{RELEASE}/empty.txt", b"", "text/plain")
    site.put(f"releases/{OLDER}/photos/one.txt", b"older", "text/plain")
    site.put("system/404.html", b"<h1>Not here</h1>" + b"<p>lost</p>" * 200)
    site.put("system/thanks.html", b"<h1>Thank you</h1>")
    site.point(json.dumps({"": RELEASE, "photos": OLDER}))

    status, headers, body = site.get("/")
    expect((status, body), (200, PAGE))
    expect(headers["content-type"], "text/html; charset=utf-8")
    expect(headers["cache-control"], "public, max-age=0, s-maxage=31536000, must-revalidate")
    expect(headers["content-length"], str(len(PAGE)))
    assert headers["etag"].startswith('"') and "last-modified" in headers and headers["x-cache"] == "Miss from cloudfront"
    assert headers["via"].endswith("(CloudFront)") and "x-amz-cf-id" in headers


@case
def security_headers(site):
    for path in ("/", "/nowhere.html", "/about"):
        _, headers, _ = site.get(path)
        for name, value in {"strict-transport-security": "max-age=31536000", "x-content-type-options": "nosniff",
                            "x-frame-options": "SAMEORIGIN", "x-xss-protection": "1; mode=block",
                            "referrer-policy": "strict-origin-when-cross-origin"}.items():
            expect(headers.get(name), value, f"{name} of {path}")


@case
def addresses(site):
    expect(site.get("/about/")[0::2], (200, b"<h1>About</h1>"))
    status, headers, _ = site.get("/about?from=mail&x=%20")
    expect((status, headers["location"]), (301, "/about/?from=mail&x=%20"))
    expect(site.get("/photos/one.txt")[0::2], (200, b"older"))
    expect(site.get("/a%20b%2Bc%2525%C3%A9.txt")[0::2], (200, b"odd name"))
    expect(site.get("/a%20b+c%2525%C3%A9.txt")[0::2], (200, b"odd name"))
    expect(site.get("/empty.txt")[0::2], (200, b""))
    expect(site.get("/style.css?v=2")[0], 200)


@case
def missing_page(site):
    status, headers, body = site.get("/nowhere.html")
    expect(status, 404)
    assert body.startswith(b"<h1>Not here</h1>")
    expect(headers["content-type"], "text/html; charset=utf-8")
    expect(headers["x-cache"], "Error from cloudfront")


@case
def head(site):
    status, headers, body = site.get("/", "HEAD")
    expect((status, body), (200, b""))
    expect(headers["content-length"], str(len(PAGE)))


@case
def compression(site):
    status, headers, body = site.get("/style.css", Accept_Encoding="gzip, deflate, br")
    expect((status, headers.get("content-encoding"), headers.get("vary")), (200, "gzip", "Accept-Encoding"))
    expect(gzip.decompress(body), STYLE)
    expect(headers["content-length"], str(len(body)))
    assert headers["etag"].startswith('W/"')
    expect(site.get("/nowhere.html", Accept_Encoding="gzip")[1].get("content-encoding"), "gzip", "the error page")
    for path, accepted in (("/picture.png", "gzip"), ("/about/", "gzip"), ("/style.css", "identity"), ("/style.css", "gzip;q=0")):
        expect(site.get(path, Accept_Encoding=accepted)[1].get("content-encoding"), None, f"{path} for {accepted}")


@case
def conditions(site):
    _, headers, _ = site.get("/style.css")
    for condition in ({"If_None_Match": headers["etag"]}, {"If_None_Match": 'W/' + headers["etag"]}, {"If_None_Match": '"x", ' + headers["etag"]},
                      {"If_Modified_Since": headers["last-modified"]}):
        status, answer, body = site.get("/style.css", **condition)
        expect((status, body, answer.get("etag")), (304, b"", headers["etag"]), str(condition))
    expect(site.get("/style.css", If_None_Match='"other"')[0], 200)
    expect(site.get("/style.css", If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT")[0], 200)


@case
def ranges(site):
    size = len(PICTURE)
    for text, part in (("bytes=0-9", PICTURE[:10]), ("bytes=100-", PICTURE[100:]), ("bytes=-7", PICTURE[-7:]),
                       ("bytes=10-999999", PICTURE[10:])):
        status, headers, body = site.get("/picture.png", Range=text)
        expect((status, body), (206, part), text)
        first = size - len(part) if text != "bytes=0-9" else 0
        expect(headers["content-range"], f"bytes {first}-{first + len(part) - 1}/{size}")
    status, headers, _ = site.get("/picture.png", Range=f"bytes={size}-")
    expect((status, headers["content-range"]), (416, f"bytes */{size}"))
    for text in ("bytes=5-1", "lines=1-2", "bytes=x", "bytes=0-1,5-6"):
        expect(site.get("/picture.png", Range=text)[0], 200, text)
    expect(site.get("/picture.png", Range="bytes=0-3", If_Range='"other"')[0], 200)


@case
def methods(site):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        expect(site.get("/", method, b"")[0], 403, method)
    expect(site.get("/", "TRACE")[0], 405)


@case
def pointer_is_seen_at_once(site):
    site.put(f"releases/{OLDER}/index.html", b"the older one")
    for _ in range(5):
        site.point(json.dumps({"": OLDER}))
        expect(site.get("/")[2], b"the older one")
        site.point(json.dumps({"": RELEASE, "photos": OLDER}))
        expect(site.get("/")[2], PAGE)


@case
def bucket_stays_closed(site):
    status, _, body = site.cloud.raw("GET", f"/{site.bucket}/system/404.html", sign=False)
    expect(status, 403)
    policy = site.s3.get_bucket_policy(Bucket=site.bucket)["Policy"]
    site.s3.delete_bucket_policy(Bucket=site.bucket)
    expect(site.get("/style.css")[0], 403)
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy)
    expect(site.get("/style.css")[0], 200)


@case
def unknown_host(site):
    status, headers, body = site.get("/", host="nobody.localhost")
    expect(status, 404)
    assert b"There is no site at this address" in body


@case
def odd_requests(site):
    for path in ("/%", "/%zz", "/%c3%28.html", "/../../etc/passwd", "//evil.example/", "/?" + "a" * 6000, "/%00", "/index.html%3Fx",
                 "/releases/", "/system/../site.json", "/manifests/x.json"):
        status, headers, _ = site.get(path)
        assert status in (200, 301, 400, 403, 404), f"{path} gave {status}"
        if status == 301:
            assert not headers["location"].startswith("//"), headers["location"]
    expect(site.get("/site.json")[0], 404)


@case
def form_to_mail(site):
    status, headers, body = site.post(b"name=Zo%C3%AB&email=zoe%40example.com&message=Hello%0Athere&topics=a&topics=b",
                                      Accept="text/html", Referer=f"http://{site.host}/about/?private=1")
    expect(status, 303, body.decode())
    assert headers["location"].startswith("/_porchlight/contact?receipt="), headers["location"]
    status, _, page = site.get(headers["location"])
    expect((status, b"<h1>Thank you" in page, headers["x-porchlight-receipt"].encode() in page), (200, True, True))

    item, = site.messages()
    expect(item["fields"]["M"]["name"], {"S": "Zoë"})
    expect(item["fields"]["M"]["topics"], {"L": [{"S": "a"}, {"S": "b"}]})
    expect((item["state"], item["spam"], item["page"]), ({"S": "stored"}, {"BOOL": False}, {"S": "/about/"}))

    mail, = site.wait_mails(1)
    expect(mail["From"], "owner@example.org")
    expect(mail["To"], "owner@example.org")
    expect(mail["Reply-To"], "zoe@example.com")
    expect(mail["Subject"], "Café Morgenrot: message from Zoë")
    text = mail.get_body(("plain",)).get_content()
    assert "Zoë" in text and "Hello" in text, text
    assert "Zoë" in mail.get_body(("html",)).get_content()

    end = time.monotonic() + 60
    while "mail" not in site.messages()[0] or site.messages()[0]["mail"]["M"]["state"]["S"] != "mailed":
        assert time.monotonic() < end, site.messages()
        time.sleep(0.02)


@case
def form_as_json_and_refusals(site):
    status, headers, body = site.post(json.dumps({"name": "Ann", "message": "Hi"}).encode(), "application/json; charset=utf-8")
    expect(status, 200, body.decode())
    assert json.loads(body)["id"]
    expect(site.post(b"", Accept="text/html")[0], 422)
    expect(site.post(b"{", "application/json")[0], 400)
    expect(site.post(b"<a/>", "application/xml")[0], 415)
    expect(site.post(b"message=" + b"x" * 70000)[0], 413)
    expect(site.post(b"message=hello&_gotcha=1")[0], 200, "a honeypot")
    expect(site.get("/_porchlight/contact")[0], 303, "a GET without a receipt")
    site.wait_mails(2)
    time.sleep(0.2)
    expect(len(site.mails()), 2, "spam is not mailed: the number of mails")


@case
def form_needs_the_secret(site):
    status, _, body = site.get("/_porchlight/contact", "POST", b"message=hello", host=site.outputs["ApiHost"],
                               Content_Type="application/x-www-form-urlencoded")
    expect(status, 400, body.decode())
    assert b"not for direct use" in body


@case
def body_over_ten_megabytes(site):
    expect(site.post(b"x" * (10 * 1024 * 1024 + 1), "text/plain")[0], 413)
    expect(site.post(b"x" * (17 * 1024 * 1024), "text/plain")[0], 413)


@case
def a_kill_costs_no_message(site):
    """The mail goes after the restart. Killed in the very middle of mailing, nobody knows whether it went: the message says so."""
    site.post(b"message=last+words&name=Kim")
    site.cloud.kill()
    site.cloud.start(port=site.cloud.port)
    site.cloudformation = site.cloud.client("cloudformation")
    end = time.monotonic() + 60
    while True:
        (item,) = (item for item in site.messages() if item["fields"]["M"].get("name") == {"S": "Kim"})
        mail = item.get("mail", {"M": {"state": {"S": "none"}}})["M"]
        if mail["state"]["S"] == "mailed" or "givenUp" in mail:
            break
        assert time.monotonic() < end, item
        time.sleep(0.02)
    number = sum("Kim" in one["Subject"] for one in site.mails())
    assert number == 1 or (number == 0 and mail["error"]["S"].startswith("Interrupted")), (number, mail)
    expect(site.get("/")[2], PAGE, "the page after a restart")


@case
def drafts(site):
    """Cookies and fields of the query reach the function, and what it sets reaches the browser."""
    token = "abcdefghijklmnopqrstuvwxyz"
    site.point(json.dumps({"": OLDER, "?until": 4102444800}), "draft:" + token)
    site.put(f"releases/{OLDER}/index.html", b"<h1>Draft</h1>")
    status, headers, _ = site.get(f"/about/?x=1&porchlight-draft={token}&x=2")
    expect((status, headers["location"]), (302, "/about/?x=1&x=2"))
    assert headers["set-cookie"].startswith(f"porchlight-draft={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="), headers
    expect((headers["cache-control"], headers["x-robots-tag"], headers["referrer-policy"]), ("no-store", "noindex, nofollow", "no-referrer"))
    cookie = f"one=1; porchlight-draft={token}; two=\"2\"; one=3"
    expect(site.get("/", Cookie=cookie)[0::2], (200, b"<h1>Draft</h1>"))
    expect(site.get("/")[0::2], (200, PAGE))
    status, headers, body = site.get("/", Cookie="porchlight-draft=" + "z" * 26)
    expect(status, 410)
    assert headers["set-cookie"].startswith("porchlight-draft=; ") and headers["set-cookie"].endswith("Max-Age=0"), headers
    assert b"no longer here" in body
    status, headers, body = site.get("/robots.txt", Cookie=cookie)
    expect((status, body, headers["content-type"]), (200, b"User-agent: *\nDisallow: /\n", "text/plain"))


@case
def places_with_names_of_hosts(site):
    """There is no TLS here: the function's https addresses of sites that are here lead to this server's port."""
    name = site.host.split(":")[0]
    site.point(json.dumps({"": RELEASE, "photos": OLDER, "?host": name, "?to": "abcdefghij"}))
    site.point(f"301 https://{name}/about/?a#b", "to:abcdefghij:/here")
    site.point("302 https://elsewhere.example/about/", "to:abcdefghij:/there")
    expect(site.get("/here")[1]["location"], f"http://{name}:{site.cloud.port}/about/?a#b")
    expect(site.get("/there")[1]["location"], "https://elsewhere.example/about/")
    expect(site.get("/about")[1]["location"], "/about/")
    # the same name in other letters, and without a port
    for other in (site.host.upper(), name):
        expect(site.get("/", host=other)[0::2], (200, PAGE), other)
    site.point(json.dumps({"": RELEASE, "photos": OLDER, "?host": "www.example.org"}))
    status, headers, _ = site.get("/about?x=1")
    expect((status, headers["location"]), (301, "https://www.example.org/about?x=1"))
    site.point(json.dumps({"": RELEASE, "photos": OLDER}))


@case
def distribution_switched_off(site):
    template = json.loads(psite.load_template())
    template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["Enabled"] = False
    arn = site.cloudformation.update_stack(StackName=site.stack, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"],
                                           Parameters=psite.parameters(**psite.FORM))["StackId"]
    psite.wait(site.cloudformation, arn, "UPDATE_COMPLETE")
    status, _, body = site.get("/")
    expect(status, 403)
    assert b"switched off" in body


run(setup=Site, teardown=lambda site: site.cloud.close())
