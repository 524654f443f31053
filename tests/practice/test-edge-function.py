#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped edge function against the table of tests/functions/edge-cases.json in JavaScriptCore, as the practice cloud
runs it: with a key value store, and with all keys in its own code. tests/functions/edge.test.mjs does it in Node and njs."""

import json
import re

import psite
from practice import Practice, expect
from tap import case, run

TABLE = json.loads((psite.SOURCE / "tests/functions/edge-cases.json").read_text(encoding="utf-8"))
UNTIL = 4102444800


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def live_of(item):
    value = item["store"] if "store" in item else {**TABLE["live"], **item.get("set", {})}
    return None if value is None else text_of(value)


def query_of(fields):
    parts = []
    for name, field in fields.items():
        for one in field.get("multiValue", [field]):
            parts.append(f"{name}={one['value']}" if one["value"] else name)
    return "&".join(parts)


def event_of(item):
    query = item.get("query", {})
    return json.dumps({
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "203.0.113.9"},
        "request": {
            "method": item.get("method", "GET"),
            "uri": item["ask"],
            "querystring": query,
            "rawQueryString": item.get("raw", query_of(query)),
            "headers": {"host": {"value": item["host"]}} if "host" in item else {},
            "cookies": item.get("cookies", {}),
        },
    }).encode()


class Edge:
    def __init__(self):
        self.cloud = Practice()
        self.cloudfront = self.cloud.client("cloudfront")
        template = json.loads(psite.load_template())
        resources = template["Resources"]
        resources["Router"]["Properties"]["FunctionConfig"]["KeyValueStoreAssociations"] = [
            {"KeyValueStoreARN": {"Fn::GetAtt": ["Store", "Arn"]}}]
        for name in ("Store", "Router"):
            resources[name].pop("Condition", None)
        self.code = resources["Router"]["Properties"]["FunctionCode"]
        assert isinstance(self.code, str)
        _, outputs = psite.create(self.cloud.client("cloudformation"), "edge", {
            "Resources": {"Store": resources["Store"], "Router": resources["Router"]},
            "Outputs": {"Store": {"Value": {"Fn::GetAtt": ["Store", "Arn"]}}, "Router": {"Value": {"Ref": "Router"}}},
        })
        self.name = outputs["Router"].rsplit("/", 1)[-1]
        self.store = "/key-value-stores/" + outputs["Store"].replace(":", "%3A").replace("/", "%2F")
        self.live = None
        keys = [{"Key": key, "Value": text_of(value)} for key, value in TABLE["keys"].items()]
        for start in range(0, len(keys), 50):
            self.update(Puts=keys[start:start + 50])

    def close(self):
        self.cloud.close()

    def kvs(self, method, path, body=b"", etag=None):
        from botocore.crt.auth import CrtSigV4AsymAuth
        headers = {"Content-Type": "application/json"}
        if etag:
            headers["If-Match"] = etag
        status, headers, body = self.cloud.raw(method, path, body=body, headers=headers, service="cloudfront-keyvaluestore",
                                               region="*", signer=CrtSigV4AsymAuth)
        expect(status, 200, f"{method} {path} ({body})")
        return headers

    def update(self, **changes):
        etag = self.kvs("GET", self.store)["ETag"]
        self.kvs("POST", self.store + "/keys", json.dumps(changes).encode(), etag)

    def set_live(self, text):
        if text == self.live:
            return
        if text is None:
            self.update(Deletes=[{"Key": "live"}])
        else:
            self.update(Puts=[{"Key": "live", "Value": text}])
        self.live = text

    def set_code(self, code):
        function = self.cloudfront.describe_function(Name=self.name)
        self.cloudfront.update_function(Name=self.name, IfMatch=function["ETag"], FunctionCode=code.encode("ascii"),
                                        FunctionConfig=function["FunctionSummary"]["FunctionConfig"])

    def ask(self, item):
        etag = self.cloudfront.describe_function(Name=self.name)["ETag"]
        result = self.cloudfront.test_function(Name=self.name, IfMatch=etag, Stage="DEVELOPMENT", EventObject=event_of(item))["TestResult"]
        expect(result["FunctionErrorMessage"], "", item["name"])
        return json.loads(result["FunctionOutput"])


def check_answer(item, answer):
    what = item["name"]
    headers = {name: header["value"] for name, header in answer["headers"].items()}
    expect(answer["statusCode"], item["status"], what)
    if "cookie" in item:
        cookie = answer["cookies"]["porchlight-draft"]
        age = re.fullmatch(r"Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=(\d+)", cookie["attributes"])
        expect(cookie["value"], item["cookie"], what)
        assert (int(age[1]) == 0) == (item["cookie"] == ""), what
    else:
        assert "cookies" not in answer, what
    if "location" in item:
        expect(headers["location"], item["location"], what)
        expect(headers["cache-control"], "no-store" if item.get("private") else "public, max-age=300", what)
    elif item.get("method") == "HEAD":
        assert "body" not in answer, what
    else:
        part = item.get("body", "no longer here" if item["status"] == 410 else "Nothing here yet")
        assert part in answer["body"]["data"], what


def check(item, output):
    if "uri" in item:
        expect(output["request"]["uri"], item["uri"], item["name"])
        expect(output["request"]["querystring"], item.get("query", {}), item["name"])
    else:
        check_answer(item, output["response"])


def by_live():
    groups = {}
    for item in TABLE["cases"]:
        groups.setdefault(live_of(item), []).append(item)
    return groups


@case
def with_a_store(edge):
    for live, items in by_live().items():
        edge.set_live(live)
        for item in items:
            check(item, edge.ask(item))


def embed(code, live, items):
    """The code with the keys that its cases can read; all of the table's would be more than a function may hold."""
    asked = json.dumps(items) + (live or "")
    keys = {key: text_of(value) for key, value in TABLE["keys"].items()
            if key.split(":")[1] in asked or key.startswith("to:draftsetab:")}
    if live is not None:
        keys["live"] = live
    text = "".join("\\" + sign if sign in "\\'" else sign for sign in json.dumps(keys, separators=(",", ":")))
    return code.replace("\nconst EMBEDDED=null;\n", f"\nconst EMBEDDED=JSON.parse('{text}');\n")


@case
def in_its_own_code(edge):
    for live, items in by_live().items():
        edge.set_code(embed(edge.code, live, items))
        for item in items:
            check(item, edge.ask(item))


run(setup=Edge, teardown=lambda edge: edge.close())
