#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms that a real browser (headless Chromium) sends to a site of the practice cloud, and the pages that it gets."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import psite
from practice import Practice, expect
from tap import Skip, case, run

RELEASE = "20261120-101500-abcdef"
FUNCTIONS = psite.SOURCE / "tests" / "functions"
FORM = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Form</title>
<form method="post" action="/_porchlight/contact" accept-charset="utf-8">
<input name="name" aria-label="Name"><input name="email" aria-label="E-mail"><textarea name="message" aria-label="Message"></textarea>
<input name="_gotcha" tabindex="-1" aria-hidden="true"><input type="hidden" name="_elapsed"><button>Send</button></form>
<script>if (location.search === '?multipart') document.forms[0].enctype = 'multipart/form-data';
document.forms[0].addEventListener('submit', () => { document.forms[0]._elapsed.value = 60000; });</script>"""


# A page of the owner's, made for a service elsewhere
PAGE = """<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head><meta charset="utf-8"><title>اتصل بنا</title></head>
<body><main><h1>اتصل بنا</h1>
<form action="https://forms.example/f/abc123" method="POST" id="contact">
<label>الاسم <input name="name"></label> <label>البريد <input type="email" name="email"></label>
<label>الرسالة <textarea name="message"></textarea></label> <button type="submit">إرسال</button>
</form></main></body></html>"""


def made(*arguments, page=""):
    """What the app makes of a form."""
    ran = subprocess.run([os.environ["FORM_DRIVER"], *arguments], input=page.encode(), stdout=subprocess.PIPE, check=True)
    return ran.stdout.decode()


def validate(pages):
    """What html-validate says to pages; nothing is good."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        presets = [f"html-validate:{name}" for name in ("recommended", "document", "a11y", "standard")]
        (root / ".htmlvalidate.json").write_text(json.dumps({"root": True, "extends": presets}))
        for name, text in pages.items():
            (root / name).write_text(text, encoding="utf-8")
        program = pathlib.Path(os.environ["PORCHLIGHT_NODE_MODULES"]) / ".bin" / "html-validate"
        return subprocess.run([program, *pages], cwd=folder, capture_output=True, text=True).stdout


def check_tools():
    missing = [name for name in ("node", "chromium") if shutil.which(name) is None]
    if not missing and os.environ.get("PORCHLIGHT_NODE_MODULES"):
        return
    assert "CI" not in os.environ, "node, Chromium and the packages have to be there in CI"
    raise Skip(f"{missing or 'the npm packages (build-aux/node-modules)'} are not there")


def browse(*arguments):
    check_tools()
    with tempfile.TemporaryDirectory() as home:
        ran = subprocess.run(["node", FUNCTIONS / "browser.mjs", *arguments], env={**os.environ, "HOME": home}, stdout=subprocess.PIPE, text=True, timeout=250)
    expect(ran.returncode, 0)
    return {line["name"]: line for line in map(json.loads, ran.stdout.splitlines())}


class Site:
    def __init__(self):
        self.cloud = Practice()
        self.sites = {}

    def make(self, name, pages):
        """A site of its own, since one visitor may send only so many messages."""
        cloudformation = self.cloud.client("cloudformation")
        _, outputs = psite.create(cloudformation, f"porchlight-{name}-abc123", psite.load_template(), Parameters=psite.parameters(**psite.FORM))
        for path, (text, kind) in pages.items():
            self.cloud.client("s3").put_object(Bucket=outputs["Bucket"], Key=f"releases/{RELEASE}/{path}", Body=text, ContentType=kind)
        arn = outputs["StoreArn"]
        path = "/key-value-stores/" + arn.replace(":", "%3A").replace("/", "%2F")
        _, headers, _ = self.kvs("GET", path)
        expect(self.kvs("PUT", path + "/keys/live", json.dumps({"Value": json.dumps({"": RELEASE})}).encode(), headers["ETag"])[0], 200)
        self.sites[name] = outputs
        return f"http://{outputs['DistributionHost']}"

    def kvs(self, method, path, body=b"", etag=None):
        from botocore.crt.auth import CrtSigV4AsymAuth
        headers = {"Content-Type": "application/json", **({"If-Match": etag} if etag else {})}
        return self.cloud.raw(method, path, body=body, headers=headers, service="cloudfront-keyvaluestore", region="*", signer=CrtSigV4AsymAuth)

    def messages(self, name):
        items = self.cloud.client("dynamodb").query(
            TableName=self.sites[name]["Table"], KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "form#contact"}})["Items"]
        return {item["id"]["S"]: item for item in items}


def text_of(item):
    return item["fields"]["M"]["message"]["S"]


@case
def forms_of_every_template(site):
    check_tools()
    pages = {}
    for template in ("business", "coming-soon", "personal"):
        for path in (psite.SOURCE / "data" / "templates" / template).rglob("*"):
            if path.suffix in (".html", ".css", ".svg"):
                name = str(path.relative_to(path.parents[len(path.relative_to(psite.SOURCE / "data" / "templates" / template).parts) - 1]))
                kind = {".html": "text/html; charset=utf-8", ".css": "text/css", ".svg": "image/svg+xml"}[path.suffix]
                text = path.read_text(encoding="utf-8").replace("{{form-path}}", "/_porchlight/contact").replace("{{name}}", "Test")
                pages[f"{template}/{name}"] = text.encode(), kind
                if template == "business" and name == "thanks/index.html":
                    pages[name] = text.encode(), kind
    address = site.make("templates", pages)
    results = browse("--templates", address)
    expect(set(results), {"business", "coming-soon", "personal"})
    items = site.messages("templates")
    for template, result in results.items():
        path, receipt = result["path"].split("?receipt=")
        expect((path, items[receipt]["page"]), ("/thanks/", {"S": f"/{template}/"}), template)
        expect(items[receipt]["fields"]["M"]["email"], {"S": "ada@example.org"}, template)
        expect(items[receipt]["spam"], {"BOOL": False}, template)
    expect(len(items), 3)


@case
def every_way_to_send_a_form(site):
    check_tools()
    results = browse(site.make("ways", {"form/index.html": (FORM.encode(), "text/html; charset=utf-8")}))
    items = site.messages("ways")

    def receipt(name):
        path, found = results[name]["path"].split("?receipt=")
        expect(path, "/_porchlight/contact", name)
        assert "Thank you, your message has arrived" in results[name]["text"] and found in results[name]["text"], results[name]
        return found

    for name, spam in (("plain", False), ("without script", False), ("honeypot", True), ("multipart", False)):
        item = items[receipt(name)]
        expect((text_of(item), item["spam"], item["page"]), (name, {"BOOL": spam}, {"S": "/form/"}))
        assert not any(field.startswith("_") for field in item["fields"]["M"]), item
    long = text_of(items[receipt("long")])
    expect((long.startswith("Zeile eins 👩‍👩‍👧‍👦\nשלום עולם، مرحبا بالعالم\n这是"), long.count("🐈"), "\r" in long), (True, 400, False))
    assert "The message is empty" in results["empty"]["text"] and "Back to the form" in results["empty"]["text"], results["empty"]
    answer = results["fetch"]["answer"]
    expect((answer["status"], answer["type"], text_of(items[answer["body"]["id"]])), (200, "application/json", "by fetch"))
    expect(len({receipt(name) for name in ("first", "resent", "reloaded")}), 1, "receipts of a form that was sent twice")
    expect(sorted(text_of(item)[:10] for item in items.values()),
           sorted(["plain", "without sc", "honeypot", "multipart", "Zeile eins", "by fetch", "twice"]))


@case
def forms_that_the_app_makes(site):
    check_tools()
    page = '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Form</title></head>\n<body>\n<main>\n<h1>Form</h1>\n{}</main>\n</body>\n</html>\n'
    texts = {"snippet": page.format(made("snippet")), "thanked": page.format(made("snippet", "/thanks/")), "connected": made("connect", page=PAGE)}
    expect(validate({f"{name}.html": text for name, text in texts.items() if name != "connected"}), "")
    address = site.make("made", {f"{name}/index.html": (text.encode(), "text/html; charset=utf-8") for name, text in texts.items()})
    words = (psite.SOURCE / "data" / "pages" / "words.json").read_text(encoding="utf-8")
    site.cloud.client("dynamodb").put_item(TableName=site.sites["made"]["Table"], Item={"pk": {"S": "words"}, "sk": {"S": "1"}, "json": {"S": words}})
    results = browse("--made", address)
    expect({name: result["found"] for name, result in results.items() if result.get("found")}, {})
    items = {text_of(item).split(" م")[0]: item for item in site.messages("made").values()}
    expect(set(items), {"snippet", "snippet, without script", "snippet, thanked", "connected", "connected, without script"})
    for text, item in items.items():
        expect((item["spam"], item["fields"]["M"]["email"], [name for name in item["fields"]["M"] if name.startswith("_")]),
               ({"BOOL": False} if "without" in text else item["spam"], {"S": "ada@example.org"}, []), text)
        receipt = item["id"]["S"]
        language = "en" if text.startswith("snippet") else "ar"
        expect(results[text]["path"], "/snippet/" if text == "snippet" else f"/_porchlight/contact?lang={language}&receipt={receipt}", text)
    assert items["snippet"]["id"]["S"] in results["snippet"]["said"] and results["snippet"]["left"] == "", results["snippet"]
    assert "message" in results["snippet, nothing filled in"]["invalid"], results["snippet, nothing filled in"]
    assert "شكرًا لك" in results["connected"]["text"], results["connected"]
    expect(results["right to left"]["direction"], "rtl")


@case
def axe_finds_nothing_in_the_pages_of_the_function(site):
    check_tools()
    made = subprocess.run(["node", FUNCTIONS / "pages.mjs"], stdout=subprocess.PIPE, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "pages.json"
        file.write_bytes(made)
        results = browse("--axe", str(file))
    assert len(results) > len(json.loads(made)) / 2, (len(results), len(json.loads(made)))
    expect({name: result["found"] for name, result in results.items() if result["found"]}, {})
    print(f"# {len(results)} pages")


run(setup=Site, teardown=lambda site: site.cloud.close())
