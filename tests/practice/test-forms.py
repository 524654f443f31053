#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form, its mail and the counter of a whole site in the practice cloud: the same table of cases that the function
passes in Node.js (tests/functions), then what only a whole site shows: spam, mails that fail, many visitors at once."""

import base64
import concurrent.futures
import email
import email.policy
import http.client
import itertools
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time
import urllib.request

import psite
from practice import Practice, expect
from tap import Skip, case, run

FORM = "application/x-www-form-urlencoded"
SECRET = psite.FORM["ApiSecret"]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
# Sanitizers make everything slow
MANY = 400 if os.environ.get("PORCHLIGHT_SANITIZED") else 2000
PERSONAL = ["ada@example.org", "Ada Lovelace", "sealed envelope", "127.0.0.1", "10.77."]


def cases():
    program = shutil.which("node")
    if program is None:
        raise Skip("node is not there")
    output = subprocess.run([program, psite.SOURCE / "tests" / "functions" / "contact-cases.mjs"], stdout=subprocess.PIPE, check=True).stdout
    return json.loads(output)


def fields_of(item):
    return {name: [one["S"] for one in value["L"]] if "L" in value else value["S"] for name, value in item["fields"]["M"].items()}


class Site:
    """A site whose API is not slowed down, for everything that is not about that."""

    def __init__(self):
        self.cloud = Practice()
        self.cloudformation = self.cloud.client("cloudformation")
        self.dynamodb = self.cloud.client("dynamodb")
        self.visitors = itertools.count()
        template = psite.changed(["Resources", "ApiStage", "Properties", "DefaultRouteSettings"],
                                 {"ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 10000}, psite.load_template())
        _, self.outputs = psite.create(self.cloudformation, "porchlight-forms-abc123", template,
                                       Parameters=psite.parameters(**psite.FORM, VisitsEnabled="true", ThanksPath="/thanks/"))
        self.stack = "porchlight-forms-abc123"

    def new_visitor(self):
        number = next(self.visitors)
        return f"10.77.{number >> 8}.{number & 255}"

    def request(self, path, method="POST", body=b"", kind=FORM, visitor=None, direct=True, accept="text/html", host=None, **headers):
        """Directly is as the distribution asks the API, which lets a test choose the visitor."""
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=120)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or self.outputs["ApiHost" if direct else "DistributionHost"])
        if direct:
            connection.putheader("X-Porchlight-Secret", SECRET)
            connection.putheader("X-Forwarded-For", visitor or self.new_visitor())
        if kind:
            connection.putheader("Content-Type", kind)
        connection.putheader("Accept", accept)
        connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def send(self, request, **more):
        return self.request(request.get("path", "/_porchlight/contact"), request.get("method", "POST"), base64.b64decode(request["body"]),
                            request.get("type", FORM), accept=request.get("accept", "text/html,*/*;q=0.8"), **more)

    def messages(self):
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.outputs["Table"], KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "form#contact"}})
        return {item["id"]["S"]: item for page in pages for item in page["Items"]}

    def wait_state(self, receipt, state):
        """The state of a message's mail, once it is as wanted."""
        end = time.monotonic() + 120
        item = self.messages()[receipt]
        while True:
            item = self.dynamodb.get_item(TableName=self.outputs["Table"], Key={"pk": item["pk"], "sk": item["sk"]}, ConsistentRead=True)["Item"]
            mail = item.get("mail", {}).get("M", {})
            if mail.get("state", {}).get("S") == state:
                return mail
            assert time.monotonic() < end, (receipt, state, mail)
            time.sleep(0.05)

    def settle(self):
        """Waits until no mail is on its way any more, so that faults meet those that come."""
        end = time.monotonic() + 240
        while [item for item in self.messages().values() if not item["spam"]["BOOL"] and
               item.get("mail", {"M": {"state": {"S": "none"}}})["M"]["state"]["S"] not in ("mailed", "failed")]:
            assert time.monotonic() < end
            time.sleep(0.2)

    def mails(self):
        folder = pathlib.Path(self.cloud.state) / "outbox"
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in sorted(folder.glob("*.eml"))]

    def visits(self, visitor=None, method="POST", agent=BROWSER, query="", **more):
        status, headers, body = self.request("/_porchlight/visits" + query, method, visitor=visitor, kind=None, accept="*/*", User_Agent=agent, **more)
        expect(status, 200, body.decode())
        return json.loads(body)

    def logs(self):
        with sqlite3.connect(pathlib.Path(self.cloud.state) / "practice.db") as database:
            return [row[0] for row in database.execute("SELECT text FROM log_events")]

    def faults(self, spec=""):
        """From now on; everything that is kept stays, the port too."""
        self.settle()
        self.cloud.restart(faults=spec)


@case
def every_form_is_stored_as_in_node(site):
    table = cases()
    for title, request, fields in table["stored"]:
        status, headers, body = site.send(request)
        script = request.get("accept") == "*/*" or request.get("type", "").startswith("application/json")
        expect(status, 200 if script else 303, f"{title}: {body[:300]}")
        item = site.messages()[headers["x-porchlight-receipt"]]
        expect(fields_of(item), fields, title)
        expect(sorted(one["S"] for one in item["order"]["L"]), sorted(fields), title)
        expect(item["spam"], {"BOOL": False}, title)
        if script:
            wanted = "Form submitted successfully" if request.get("path") == "/contact-handler" else "Thank you, your message has arrived."
            expect(json.loads(body), {"id": item["id"]["S"], "message": wanted}, title)
    print(f"# {len(table['stored'])} forms")


@case
def every_refusal_is_the_one_of_node(site):
    before = set(site.messages())
    for title, request, status, words in cases()["refused"]:
        for accept in ("text/html", "*/*"):
            answer = site.send({**request, "accept": accept})
            expect(answer[0], status, f"{title}: {answer[2][:300]}")
            assert words in answer[2].decode(), (title, answer[2])
            assert "x-porchlight-receipt" not in answer[1], title
    expect(set(site.messages()), before)


@case
def every_way_on_is_the_one_of_node(site):
    for title, target, location in cases()["next"]:
        body = "name=Ada" + ("" if target is None else "&_next=" + urllib.request.quote(target, safe=""))
        status, headers, _ = site.request("/_porchlight/contact", body=body.encode())
        expect((status, headers["location"]), (303, location.replace("$ID", headers["x-porchlight-receipt"])), title)


@case
def spam_is_marked_and_kept_but_not_mailed(site):
    sent = []
    for title, body, reasons, marked in cases()["spam"]:
        _, headers, _ = site.request("/_porchlight/contact", body=body.encode())
        item = site.messages()[headers["x-porchlight-receipt"]]
        expect(item["spam"], {"BOOL": marked[2] == "1"}, title)
        expect([one["S"] for one in item.get("why", {"L": []})["L"]], reasons, title)
        sent.append((headers["x-porchlight-receipt"], marked[2] == "1"))
    for receipt, spam in sent:
        if not spam:
            site.wait_state(receipt, "mailed")
    items = site.messages()
    assert all("mail" not in items[receipt] for receipt, spam in sent if spam)
    text = "".join(mail.get_body(("plain",)).get_content() for mail in site.mails())
    assert all((receipt in text) != spam for receipt, spam in sent)


@case
def a_form_that_is_sent_again_is_one_message(site):
    visitor = site.new_visitor()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: site.request("/_porchlight/contact", body=b"name=Ada&message=once", visitor=visitor), range(8)))
    receipts = {headers["x-porchlight-receipt"] for status, headers, _ in answers if status == 303}
    expect(len(receipts), 1)
    text = next(iter(receipts))
    site.wait_state(text, "mailed")
    expect(sum(fields_of(item) == {"name": "Ada", "message": "once"} for item in site.messages().values()), 1)


@case
def a_visitor_who_sends_too_much_has_to_wait(site):
    visitor = site.new_visitor()
    answers = [site.request("/_porchlight/contact", body=f"n={n}".encode(), visitor=visitor) for n in range(25)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert len(refused) in (15, 5), [answer[0] for answer in answers]
    assert all(b"wait ten minutes" in body and headers["content-type"].startswith("text/html") and headers["retry-after"].isdigit()
               for _, headers, body in refused)
    # behind the distribution nobody can be somebody else
    spoofed = [site.request("/_porchlight/contact", body=f"n={n}".encode(), direct=False, X_Forwarded_For=f"203.0.113.{n}")[0] for n in range(25)]
    assert spoofed.count(429) in (15, 5), spoofed


@case
def the_secret_is_needed(site):
    for path, method in (("/_porchlight/contact", "POST"), ("/contact-handler", "POST"), ("/_porchlight/visits", "GET"), ("/_porchlight/visits", "POST")):
        status, _, body = site.request(path, method, b"a=b", direct=False, host=site.outputs["ApiHost"])
        expect((status, b"not for direct use" in body), (400, True), path)


@case
def all_ways_through_the_distribution(site):
    answer = site.request("/contact-handler", body=b'{"message":"Hi"}', kind="application/json", direct=False, accept="*/*")
    assert answer[0] in (200, 429), answer
    expect(site.request("/_porchlight/contact", "GET", direct=False)[0], 303)
    status, headers, body = site.request("/_porchlight/contact?receipt=0123456789ab&lang=de", "GET", direct=False)
    expect((status, headers["content-type"]), (200, "text/html; charset=utf-8"))
    assert "0123456789ab" in body.decode() and "Vielen Dank" in body.decode()
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        expect(site.request("/_porchlight/contact", method, direct=False)[0], 405, method)
        expect(site.request("/_porchlight/visits", method, direct=False)[0], 405, method)


@case
def visits_are_counted(site):
    start = site.visits(method="GET")["visits"]
    visitor = site.new_visitor()
    expect([site.visits(visitor)["visits"] - start for _ in range(3)], [1, 1, 1], "a visitor who reloads")
    expect(site.visits()["visits"] - start, 2)
    expect(site.visits(agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")["visits"] - start, 2)
    expect(site.visits(Sec_Fetch_Site="cross-site")["visits"] - start, 2)
    answer = site.visits(method="GET", query="?days")
    expect((answer["visits"] - start, answer["days"][max(answer["days"])]), (2, answer["today"]))
    _, headers, _ = site.request("/_porchlight/visits", "GET", kind=None, direct=False)
    expect((headers["content-type"], headers["cache-control"], "set-cookie" in headers), ("application/json", "private, max-age=60", False))


@case
def two_thousand_at_once(site):
    """All that get a receipt are stored, and nothing else is; the counter is exact."""
    before = set(site.messages())
    start = site.visits(method="GET")["visits"]

    def send(number):
        return site.request("/_porchlight/contact", body=f"name=Visitor+{number}&message=Number+{number}".encode(), accept="*/*")

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(MANY)))
        list(pool.map(lambda _: site.visits(), range(MANY // 4)))
    receipts = [json.loads(body)["id"] for status, _, body in answers if status == 200]
    stored = set(site.messages()) - before
    expect((len(receipts), set(receipts) == stored), (MANY, True), "receipts")
    expect(site.visits(method="GET")["visits"] - start, MANY // 4, "visits")


@case
def a_slow_api_says_so_and_stores_what_it_gives_receipts_for(site):
    _, outputs = psite.create(site.cloudformation, "porchlight-slow-abc123", psite.load_template(), Parameters=psite.parameters(**psite.FORM))
    quick = site.outputs
    site.outputs = outputs
    try:
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda n: site.request("/_porchlight/contact", body=f"n={n}".encode(), accept="*/*"), range(300)))
        seconds = time.monotonic() - began
        receipts = {json.loads(body)["id"] for status, _, body in answers if status == 200}
        expect({status for status, _, _ in answers} <= {200, 429}, True, "answers")
        expect(receipts, set(site.messages()), "receipts")
        # 50 at once and 25 a second
        assert len(receipts) <= 51 + 25 * seconds, (len(receipts), seconds)
        print(f"# {len(receipts)} of 300 in {seconds:.1f} seconds")
        site.settle()
    finally:
        site.outputs = quick


@case
def a_mail_that_fails_is_tried_again(site):
    site.faults("op=SendEmail,from=function,status=500,times=2")
    _, headers, _ = site.request("/_porchlight/contact", body=b"name=Ada+Lovelace&email=ada@example.org&message=again")
    site.wait_state(headers["x-porchlight-receipt"], "mailed")
    expect(site.messages()[headers["x-porchlight-receipt"]]["tries"], {"N": "3"})
    expect(sum("Ada Lovelace" in mail["Subject"] for mail in site.mails()), 1)
    site.faults()


@case
def a_mail_that_never_goes_is_given_up_and_the_others_go(site):
    _, headers, _ = site.request("/_porchlight/contact", body=b"name=Before&message=x")
    site.wait_state(headers["x-porchlight-receipt"], "mailed")
    site.faults("op=SendEmail,from=function,status=500,times=5")
    receipts = []
    for number in range(4):
        receipts.append(site.request("/_porchlight/contact", body=f"name=Batch+{number}&message=x".encode())[1]["x-porchlight-receipt"])
    end = time.monotonic() + 120
    while not all("mail" in item and (item["mail"]["M"]["state"]["S"] == "mailed" or "givenUp" in item["mail"]["M"])
                  for receipt, item in site.messages().items() if receipt in receipts):
        assert time.monotonic() < end, [site.messages()[receipt].get("mail") for receipt in receipts]
        time.sleep(0.05)
    site.faults()
    items = site.messages()
    mailed = [receipt for receipt in receipts if items[receipt]["mail"]["M"]["state"]["S"] == "mailed"]
    text = "".join(mail.get_body(("plain",)).get_content() for mail in site.mails())
    expect([text.count(receipt) for receipt in mailed], [1] * len(mailed), "mails")
    for receipt in set(receipts) - set(mailed):
        expect((items[receipt]["mail"]["M"]["state"]["S"], text.count(receipt)), ("failed", 0))
        assert items[receipt]["mail"]["M"]["error"]["S"].startswith("InternalServiceErrorException"), items[receipt]["mail"]


@case
def a_line_that_breaks_makes_no_second_mail(site):
    site.faults("op=SendEmail,from=function,cut=after,times=1")
    _, headers, _ = site.request("/_porchlight/contact", body=b"name=Broken+Line&message=x")
    mail = site.wait_state(headers["x-porchlight-receipt"], "failed")
    site.faults()
    expect(mail["givenUp"], {"BOOL": True})
    _, headers, _ = site.request("/_porchlight/contact", body=b"name=Next&message=x")
    site.wait_state(headers["x-porchlight-receipt"], "mailed")
    expect(sum("Broken Line" in one["Subject"] for one in site.mails()), 1)


@case
def a_table_that_fails_gives_no_receipt(site):
    site.faults("op=PutItem,from=function,status=500")
    before = set(site.messages())
    status, headers, body = site.request("/_porchlight/contact", body=b"name=Ada+Lovelace&message=sealed+envelope")
    site.faults()
    expect((status, "x-porchlight-receipt" in headers, b"was not saved" in body), (503, False, True))
    expect(set(site.messages()), before)


@case
def roles_reach_no_further(site):
    """What the functions may not do, tried with their own code changed."""
    template = json.loads(psite.load_template())
    for name, command in (("Contact", "new QueryCommand({ TableName: process.env.TABLE, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'form#contact' } } })"),
                          ("Visits", "new QueryCommand({ TableName: process.env.TABLE, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'form#contact' } } })"),
                          ("Visits", "new UpdateItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'form#contact' }, sk: { S: 'x' } }, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'b' } } })"),
                          ("Contact", "new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: 'visits' }, sk: { S: 'x' } } })"),
                          ("Contact", "new UpdateItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'form#contact' }, sk: { S: 'x' } }, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'b' } } })")):
        template["Resources"][name]["Properties"]["Code"]["ZipFile"] = (
            "const { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');"
            f"exports.handler = async () => {{ try {{ await new DynamoDBClient({{}}).send({command}); return 'done'; }} catch (error) {{ return error.name; }} }};")
        stack = f"porchlight-rights{name.lower()}-abc123"
        if not any(one["StackName"] == stack for one in site.cloudformation.list_stacks()["StackSummaries"]):
            _, outputs = psite.create(site.cloudformation, stack, json.dumps(template), Parameters=psite.parameters(**psite.FORM, VisitsEnabled="true"))
        else:
            site.cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"],
                                             Parameters=psite.parameters(**psite.FORM, VisitsEnabled="true"))
            psite.wait(site.cloudformation, stack, "UPDATE_COMPLETE")
        path = "/_porchlight/contact" if name == "Contact" else "/_porchlight/visits"
        host = psite.outputs(site.cloudformation.describe_stacks(StackName=stack)["Stacks"][0])["ApiHost"]
        expect(site.request(path, host=host)[2], b'"AccessDeniedException"', command)


@case
def the_sandbox_holds(site):
    """In a region of its own, since there too a sandbox has 200 mails a day."""
    cloudformation = site.cloud.client("cloudformation", region="eu-west-1")
    ses = site.cloud.client("sesv2", region="eu-west-1")
    dynamodb, outputs = site.dynamodb, site.outputs
    _, site.outputs = psite.create(cloudformation, "porchlight-sandbox-abc123", psite.load_template(), Parameters=psite.parameters(**psite.FORM))
    site.dynamodb = site.cloud.client("dynamodb", region="eu-west-1")
    try:
        ses.create_email_identity(EmailIdentity="owner@example.org")
        _, headers, _ = site.request("/_porchlight/contact", body=b"name=Too+Early&message=x")
        mail = site.wait_state(headers["x-porchlight-receipt"], "failed")
        assert mail["error"]["S"].startswith("MessageRejected: Email address is not verified"), mail
        (link,) = (link for mail in site.mails() if "Verification" in mail["Subject"] for link in re.findall(r"http://\S+", mail.get_content()))
        with urllib.request.urlopen(link, timeout=30) as answer:
            expect(answer.status, 200)
        _, headers, _ = site.request("/_porchlight/contact", body=b"name=In+Time&message=x")
        site.wait_state(headers["x-porchlight-receipt"], "mailed")
        expect(site.mails()[-1]["Subject"].endswith("message from In Time"), True)
    finally:
        site.dynamodb, site.outputs = dynamodb, outputs


@case
def nothing_of_a_visitor_is_in_a_log(site):
    lines = site.logs()
    assert len(lines) > 1000, len(lines)
    for line in lines:
        for word in PERSONAL:
            assert word not in line, line
    kinds = {re.sub(r"[0-9a-f-]{36}|\d+(\.\d+)?|\d{4}-\S+Z", "#", line).strip() for line in lines}
    print("# " + "\n# ".join(sorted(kinds)[:20]))
    secret = [line for line in lines if SECRET in line]
    expect(secret, [])


run(setup=Site, teardown=lambda site: site.cloud.close())
