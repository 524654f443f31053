#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form, its mail and the counter of a whole site in the practice cloud: the same table of cases that the function
passes in Node.js (tests/functions), then what only a whole site shows: spam, mails that fail, many visitors at once."""

import base64
import concurrent.futures
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

import psite
from practice import Practice, expect, refused
from tap import Skip, case, run

FORM = "application/x-www-form-urlencoded"
SECRET = psite.FORM["ApiSecret"]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
# Sanitizers make everything slow
MANY = 400 if os.environ.get("PORCHLIGHT_SANITIZED") else 2000
PERSONAL = ["ada@example.org", "Ada Lovelace", "sealed envelope", "127.0.0.1", "10.77."]


def answers_of_node():
    program = shutil.which("node")
    if program is None:
        raise Skip("node is not there")
    output = subprocess.run([program, psite.SOURCE / "tests" / "functions" / "answers.mjs"], stdout=subprocess.PIPE, check=True).stdout
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
        psite.verify(self.cloud)
        psite.leave_sandbox(self.cloud)
        self.put_words()

    def put_words(self):
        """What the app puts there: the built-in pages in other languages."""
        words = (psite.SOURCE / "data" / "pages" / "words.json").read_text(encoding="utf-8")
        self.put({"pk": {"S": "words"}, "sk": {"S": "1"}, "json": {"S": words}})

    def put(self, item):
        self.dynamodb.put_item(TableName=self.outputs["Table"], Item=item)

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

    def wait_state(self, receipt, state, member="state"):
        """The state of a message's mail, once it is as wanted and has the member."""
        end = time.monotonic() + 120
        item = self.messages()[receipt]
        while True:
            item = self.dynamodb.get_item(TableName=self.outputs["Table"], Key={"pk": item["pk"], "sk": item["sk"]}, ConsistentRead=True)["Item"]
            mail = item.get("mail", {}).get("M", {})
            if mail.get("state", {}).get("S") == state and member in mail:
                return mail
            assert time.monotonic() < end, (receipt, state, mail)
            time.sleep(0.05)

    def want_again(self, key):
        """What the app writes to have a message mailed again."""
        self.dynamodb.update_item(TableName=self.outputs["Table"], Key={"pk": {"S": "form#again"}, "sk": {"S": f"{time.time()}"}},
                                  UpdateExpression="SET #key = :key, expires = :expires", ExpressionAttributeNames={"#key": "key"},
                                  ExpressionAttributeValues={":key": {"S": key}, ":expires": {"N": str(int(time.time()) + 86400)}})

    def settle(self):
        """Waits until no mail is on its way any more, so that faults meet those that come."""
        end = time.monotonic() + 240
        while [item for item in self.messages().values() if not item["spam"]["BOOL"] and
               item.get("mail", {"M": {"state": {"S": "none"}}})["M"]["state"]["S"] not in ("mailed", "failed", "proven")]:
            assert time.monotonic() < end
            time.sleep(0.2)

    def mails(self):
        return self.cloud.mails()

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
def every_case_is_answered_and_stored_as_in_node(site):
    """The table of cases (tests/functions/contact-cases.mjs): the same answers, headers and items as in Node.js."""
    table = answers_of_node()
    before = set(site.messages())
    answers = [site.send(one["request"]) for one in table]
    items = site.messages()
    for one, (status, headers, body) in zip(table, answers, strict=True):
        title, wanted = one["title"], one["answer"]
        receipt = headers.get("x-porchlight-receipt")
        item = items.get(receipt)
        hidden = [(receipt, "$ID"), (item and item["received"]["S"], "$TIME")]

        def hide(text, hidden=hidden):
            for value, sign in hidden:
                text = text.replace(value or sign, sign)
            return text

        expect((status, hide(body.decode())), (wanted["statusCode"], wanted["body"]), title)
        expect({name: hide(headers.get(name, "")) for name in wanted["headers"]}, wanted["headers"], title)
        # the mail is the other function's work
        kept = item and {name: value for name, value in item.items() if name not in ("mail", "tries", "unreached")}
        expect(json.loads(hide(json.dumps(kept))), one["item"], title)
    expect(len(set(items) - before), sum(one["item"] is not None for one in table))
    # spam is kept, but not mailed
    site.settle()
    text = "".join(mail.get_body(("plain",)).get_content() for mail in site.mails())
    for receipt, item in site.messages().items():
        expect((item.get("mail", {"M": {"state": {"S": "none"}}})["M"]["state"]["S"], receipt in text),
               ("none", False) if item["spam"]["BOOL"] else ("mailed", True), receipt)
    print(f"# {len(table)} cases")


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
    status, _, body = site.request("/_porchlight/contact?receipt=0123456789ab", "GET", direct=False, Accept_Language="he-IL,en")
    assert (status, '<html lang="he" dir="auto">' in body.decode()) == (200, True), body
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
    """What the functions may and may not do, tried with other code under their roles."""
    template = json.loads(psite.load_template())
    code = ("const sdk = { ...require('@aws-sdk/client-dynamodb'), ...require('@aws-sdk/client-sesv2') };"
            "exports.handler = async ({ client, command, input }) => { try { await new sdk[client]({}).send(new sdk[command](input)); return 'done'; }"
            " catch (error) { return error.name; } };")
    for name in ("Contact", "Visits", "Notify"):
        template["Resources"][name]["Properties"]["Code"]["ZipFile"] = code
    _, outputs = psite.create(site.cloudformation, "porchlight-rights-abc123", json.dumps(template),
                              Parameters=psite.parameters(**psite.FORM, VisitsEnabled="true"))
    resources = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in site.cloudformation.list_stack_resources(
        StackName="porchlight-rights-abc123")["StackResourceSummaries"]}
    functions = site.cloud.client("lambda")

    def attempt(name, command, client="DynamoDBClient", **request):
        payload = {"client": client, "command": command + "Command", "input": request}
        return json.loads(functions.invoke(FunctionName=resources[name], Payload=json.dumps(payload))["Payload"].read())

    def touch(name, command, key):
        key = {"pk": {"S": key}, "sk": {"S": "x"}}
        return attempt(name, command, TableName=outputs["Table"], **{
            "GetItem": {"Key": key}, "DeleteItem": {"Key": key}, "PutItem": {"Item": key},
            "Query": {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": key["pk"]}},
            "UpdateItem": {"Key": key, "UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "b"}}}}[command])

    allowed = {"Contact": {("PutItem", "form#contact")} | {(command, key) for command in ("GetItem", "UpdateItem")
                                                           for key in ("throttle", "sent", "proof", "words")},
               "Visits": {(command, key) for command in ("PutItem", "Query", "UpdateItem") for key in ("seen", "visits")},
               "Notify": {("UpdateItem", "form#contact")}}
    for name, may in allowed.items():
        for command in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"):
            for key in ("form#contact", "form#again", "proof", "words", "throttle", "sent", "seen", "visits"):
                expect(touch(name, command, key), "done" if (command, key) in may else "AccessDeniedException", (name, command, key))
        mail = {"FromEmailAddress": "owner@example.org", "Destination": {"ToAddresses": ["owner@example.org"]},
                "Content": {"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}}}
        expect(attempt(name, "SendEmail", "SESv2Client", **mail), "done" if name == "Notify" else "AccessDeniedException", name)


@case
def a_poison_message_in_the_middle_of_a_batch(site):
    """Every other mail goes out, once; the one that never goes is given up, and goes when the app wants it."""
    site.faults("op=SendEmail,from=function,status=500,after=2,times=1;op=SendEmail,from=function,status=500,after=4,times=4")
    keys = [f"2026-11-20T10:00:0{number}.000Z#{number:012x}" for number in range(5)]
    # all in one write, so that the stream hands them over together
    site.dynamodb.batch_write_item(RequestItems={site.outputs["Table"]: [{"PutRequest": {"Item": {
        "pk": {"S": "form#contact"}, "sk": {"S": key}, "id": {"S": key[25:]}, "received": {"S": key[:24]}, "spam": {"BOOL": False},
        "fields": {"M": {"name": {"S": f"Batch {key[25:]}"}}}}}} for key in keys]})
    expect(site.wait_state(keys[2][25:], "failed", "givenUp")["error"]["S"], "InternalServiceErrorException: This fault was asked for.")
    for key in keys[:2] + keys[3:]:
        site.wait_state(key[25:], "mailed")
    text = "".join(mail.get_body(("plain",)).get_content() for mail in site.mails())
    expect([text.count(f"Batch {key[25:]}") for key in keys], [1, 1, 0, 1, 1])
    expect(site.messages()[keys[2][25:]]["tries"], {"N": "5"})
    site.faults()
    site.want_again(keys[2])
    site.wait_state(keys[2][25:], "mailed")
    expect(sum(f"Batch {keys[2][25:]}" in mail["Subject"] for mail in site.mails()), 1)


@case
def a_test_message_is_known_from_others(site):
    number = "0123456789abcdef" * 2
    for wants_mail, state in ((False, "proven"), (True, "mailed")):
        site.put({"pk": {"S": "proof"}, "sk": {"S": number}, "wantsMail": {"BOOL": wants_mail}})
        body = f"name=The+owner&message=A+test&_proof={number}".encode()
        status, headers, _ = site.request("/_porchlight/contact", body=body, direct=False)
        receipt = headers["x-porchlight-receipt"]
        site.wait_state(receipt, state)
        item = site.messages()[receipt]
        expect((status, item["proof"], item["unread"]), (303, {"S": number}, {"BOOL": False}))
        expect(sum(receipt in mail.get_body(("plain",)).get_content() for mail in site.mails()), int(wants_mail))
        kept = site.dynamodb.get_item(TableName=site.outputs["Table"], Key={"pk": {"S": "proof"}, "sk": {"S": number}})["Item"]
        expect(kept["key"], item["sk"])
    assert site.mails()[-1]["Subject"].startswith("Test: "), site.mails()[-1]["Subject"]
    # the number is used up
    _, headers, _ = site.request("/_porchlight/contact", body=body)
    assert "proof" not in site.messages()[headers["x-porchlight-receipt"]]
    site.wait_state(headers["x-porchlight-receipt"], "mailed")


@case
def the_sandbox_holds(site):
    """In a region of its own, which has left no sandbox; two owners, of whom one is slow to confirm."""
    cloudformation = site.cloud.client("cloudformation", region="eu-west-1")
    dynamodb, outputs = site.dynamodb, site.outputs
    _, site.outputs = psite.create(cloudformation, "porchlight-sandbox-abc123", psite.load_template(),
                                   Parameters=psite.parameters(**{**psite.FORM, "Owner": "owner@example.org,slow@example.org"}))
    site.dynamodb = site.cloud.client("dynamodb", region="eu-west-1")

    def send(name):
        return site.request("/_porchlight/contact", body=f"name={name}&message=x".encode())[1]["x-porchlight-receipt"]

    try:
        early = send("Early")
        mail = site.wait_state(early, "failed", "givenUp")
        assert mail["error"]["S"].startswith("MessageRejected: Email address is not verified"), mail
        psite.verify(site.cloud, "owner@example.org", "eu-west-1")
        half = send("Half")
        mail = site.wait_state(half, "mailed")
        assert mail["error"]["S"].startswith("Not to slow@example.org: MessageRejected: Email address is not verified"), mail
        psite.verify(site.cloud, "slow@example.org", "eu-west-1")
        for receipt in (early, half):
            site.want_again(site.messages()[receipt]["sk"]["S"])
            end = time.monotonic() + 60
            while "error" in site.messages()[receipt]["mail"]["M"] or site.messages()[receipt]["mail"]["M"]["state"]["S"] != "mailed":
                assert time.monotonic() < end, site.messages()[receipt]
                time.sleep(0.05)
        late = send("Late")
        site.wait_state(late, "mailed")
        texts = {receipt: [mail["To"] for mail in site.mails() if mail.get_body(("html",)) and receipt in mail.get_body(("plain",)).get_content()]
                 for receipt in (early, half, late)}
        both = "owner@example.org, slow@example.org"
        expect(texts, {early: [both], half: ["owner@example.org", "slow@example.org"], late: [both]})
    finally:
        site.dynamodb, site.outputs = dynamodb, outputs


@case
def a_mail_that_comes_back_is_told_and_its_address_suppressed(site):
    ses = site.cloud.client("sesv2")
    psite.verify(site.cloud, "bounce@example.org")
    content = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Text"}}}}
    before = len(site.mails())
    for _ in range(2):
        ses.send_email(FromEmailAddress="owner@example.org", Destination={"ToAddresses": ["bounce@example.org"]}, Content=content)
    (letter,) = site.mails()[before:]
    expect((letter["To"], letter["Subject"]), ("owner@example.org", "Delivery Status Notification (Failure)"))
    found = ses.get_suppressed_destination(EmailAddress="Bounce@example.org")["SuppressedDestination"]
    expect((found["EmailAddress"], found["Reason"]), ("bounce@example.org", "BOUNCE"))
    expect([one["EmailAddress"] for one in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]], ["bounce@example.org"])
    ses.delete_suppressed_destination(EmailAddress="bounce@example.org")
    expect(refused(ses.delete_suppressed_destination, EmailAddress="bounce@example.org")[:2], (404, "NotFoundException"))
    expect(refused(ses.get_suppressed_destination, EmailAddress="bounce@example.org")[:2], (404, "NotFoundException"))
    ses.put_suppressed_destination(EmailAddress="ada@example.org", Reason="COMPLAINT")
    ses.send_email(FromEmailAddress="owner@example.org", Destination={"ToAddresses": ["ada@example.org", "emil@example.org"]}, Content=content)
    expect([mail["To"] for mail in site.mails()[before + 1:]], ["emil@example.org"])
    ses.delete_suppressed_destination(EmailAddress="ada@example.org")
    expect(refused(ses.put_suppressed_destination, EmailAddress="nobody", Reason="BOUNCE")[0], 400)
    # the service's own address for it
    ses.send_email(FromEmailAddress="owner@example.org", Destination={"ToAddresses": ["bounce@simulator.amazonses.com"]}, Content=content)
    expect(site.mails()[-1]["Subject"], "Delivery Status Notification (Failure)")
    expect(ses.list_suppressed_destinations()["SuppressedDestinationSummaries"], [])


@case
def two_thousand_at_once(site):
    """All that get a receipt are stored, and nothing else is; the counter is exact."""
    before = set(site.messages())
    start = site.visits(method="GET")["visits"]

    def send(number):
        return site.request("/_porchlight/contact", body=f"name=Visitor+{number}&message=Number+{number}".encode(), accept="*/*")

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(MANY)))
        list(pool.map(lambda _: site.visits(), range(MANY)))
    receipts = [json.loads(body)["id"] for status, _, body in answers if status == 200]
    stored = set(site.messages()) - before
    expect((len(receipts), set(receipts) == stored), (MANY, True), "receipts")
    expect(site.visits(method="GET")["visits"] - start, MANY, "visits")


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
