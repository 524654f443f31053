#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worlds that functions find in the practice cloud: Node.js and the SDK, the edge, streams and their retries, mail."""

import base64
import email
import email.policy
import http.client
import json
import pathlib
import sqlite3
import time
import urllib.request

import psite
from practice import Practice, expect, refused
from tap import case, run

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def role(*statements):
    policies = [{"PolicyName": "main", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}] if statements else []
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, "Policies": policies}}


def function(code, role_name="Role", **more):
    return {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs24.x", "Handler": "index.handler", "Role": {"Fn::GetAtt": [role_name, "Arn"]},
                                                        "Code": {"ZipFile": code}, **more}}


def api(name="Function"):
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "test", "ProtocolType": "HTTP"}},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True}},
        "Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "ApiId": {"Ref": "Api"}, "IntegrationType": "AWS_PROXY", "IntegrationUri": {"Fn::GetAtt": [name, "Arn"]}, "PayloadFormatVersion": "2.0"}},
        "Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": "POST /eval", "Target": {"Fn::Sub": "integrations/${Integration}"}}},
        "Any": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": "ANY /items/{id}/{rest+}", "Target": {"Fn::Sub": "integrations/${Integration}"}}},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": name}, "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
            "SourceArn": {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"}}},
    }


TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {
    "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"}}}

# Evaluates what is sent: a test says in JavaScript what it wants to know
EVALUATE = """
exports.handler = async (event) => {
  if (!event.body || event.routeKey !== 'POST /eval')
    return event;
  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body;
  try {
    const value = await (async () => eval(text))();
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }) };
  } catch (error) {
    return { statusCode: 200, body: JSON.stringify({ name: error.name, message: error.message, code: error.code, details: error.Item }) };
  }
};
"""

STREAM = """
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
let calls = 0;
exports.handler = async (event) => {
  calls++;
  const failures = [];
  for (const record of event.Records) {
    const key = record.dynamodb.Keys.pk.S;
    console.log(`${calls} ${record.eventName} ${key} of ${event.Records.length}`);
    if (key === 'in#throw')
      throw new Error('poison');
    if (key === 'in#fail')
      failures.push({ itemIdentifier: record.dynamodb.SequenceNumber });
    else
      await client.send(new PutItemCommand({ TableName: process.env.OUT, Item: { pk: { S: 'out#' + key + '#' + record.eventName } } }));
  }
  return { batchItemFailures: failures };
};
"""


class Functions:
    def __init__(self):
        self.cloud = Practice()
        self.cf = self.cloud.client("cloudformation")
        self.dynamodb = self.cloud.client("dynamodb")
        template = {"Resources": {
            "Table": TABLE, "Role": role({"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], "Resource": {"Fn::GetAtt": ["Table", "Arn"]}},
                                         {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}),
            "Function": function(EVALUATE, Environment={"Variables": {"TABLE": {"Ref": "Table"}, "WORD": "grün"}}), **api()},
            "Outputs": {"Api": {"Value": {"Ref": "Api"}}, "Table": {"Value": {"Ref": "Table"}}, "Function": {"Value": {"Ref": "Function"}}}}
        _, self.outputs = psite.create(self.cf, "evaluator", template)

    def request(self, method, path, body=b"", host=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or f"{self.outputs['Api']}.execute-api.localhost:{self.cloud.port}")
        connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), content

    def evaluate(self, text):
        status, _, body = self.request("POST", "/eval", text.encode(), Content_Type="text/plain; charset=utf-8")
        assert status == 200, (status, body)
        return json.loads(body)

    def value(self, text):
        answer = self.evaluate(text)
        assert "value" in answer or answer == {}, (text, answer)
        return answer.get("value")

    def log(self, group):
        with sqlite3.connect(pathlib.Path(self.cloud.state) / "practice.db") as database:
            return [row[0] for row in database.execute("SELECT text FROM log_events WHERE log_group = ? ORDER BY id", (group,))]


@case
def buffers_and_text(functions):
    for text, wanted in (
        ("Buffer.from('grün').toString('hex')", "6772c3bc6e"),
        ("Buffer.from('Z3LDvG4=', 'base64').toString()", "grün"),
        ("Buffer.from('Z3LDvG4', 'base64url').toString('utf8')", "grün"),
        ("Buffer.from('6772c3bc6e', 'hex').toString('base64')", "Z3LDvG4="),
        ("Buffer.from([0, 255, 128]).toString('base64')", "AP+A"),
        ("Buffer.byteLength('grün')", 5),
        ("Buffer.from('é', 'latin1').length", 1),
        ("Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString()", "ab"),
        ("Buffer.from([0xff, 0x41, 0xe2, 0x82, 0x41]).toString()", "\ufffdA\ufffdA"),
        ("Buffer.from('\\u{1f600}').length", 4),
        ("new TextDecoder().decode(new TextEncoder().encode('smile \\u{1f600}'))", "smile \U0001f600"),
        ("JSON.stringify(Buffer.from('a'))", '{"type":"Buffer","data":[97]}'),
        ("Buffer.isBuffer(Buffer.from('a')) && Buffer.from('a') instanceof Uint8Array", True),
        ("new URLSearchParams('a=1&b=%C3%BC+x&a=2').getAll('a').join()", "1,2"),
        ("new URLSearchParams('b=%C3%BC+x').get('b')", "ü x"),
        ("new URLSearchParams({a: '1 2', b: 'ü&'}).toString()", "a=1+2&b=%C3%BC%26"),
        ("const u = new URL('../x?q=1#f', 'https://Example.org:443/a/b/c'); u.href", "https://example.org/a/x?q=1#f"),
        ("new URL('http://h:8080/p?a=b').searchParams.get('a')", "b"),
        ("atob(btoa('hello'))", "hello"),
        ("structuredClone({a: [1]}).a[0]", 1),
        ("process.env.WORD + process.env.AWS_REGION", "grün" + functions.cloud.region),
        ("[typeof fetch, typeof window, typeof require, typeof exports, typeof setTimeout].join()", "undefined,undefined,function,object,function"),
    ):
        expect(functions.value(text), wanted, text)


@case
def wrong_text_is_refused(functions):
    answer = functions.evaluate("new TextDecoder('utf-8', {fatal: true}).decode(new Uint8Array([0xc3, 0x28]))")
    expect((answer["name"], answer["code"]), ("TypeError", "ERR_ENCODING_INVALID_ENCODED_DATA"))
    expect(functions.evaluate("new URL('nonsense')")["code"], "ERR_INVALID_URL")
    expect(functions.evaluate("new TextDecoder('shift_jis')")["code"], "ERR_ENCODING_NOT_SUPPORTED")


@case
def crypto(functions):
    import hashlib
    import hmac
    for algorithm in ("md5", "sha1", "sha256", "sha512"):
        expect(functions.value(f"require('node:crypto').createHash('{algorithm}').update('grün').update('x').digest('hex')"),
               hashlib.new(algorithm, "grünx".encode()).hexdigest(), algorithm)
    expect(functions.value("require('crypto').createHmac('sha256', 'key').update('text').digest('base64')"),
           base64.b64encode(hmac.new(b"key", b"text", "sha256").digest()).decode())
    expect(functions.value("require('node:crypto').randomBytes(16).length"), 16)
    expect(functions.value("require('node:crypto').randomBytes(16).toString('hex') === require('node:crypto').randomBytes(16).toString('hex')"), False)
    assert len(functions.value("require('node:crypto').randomUUID()")) == 36
    expect(functions.value("require('node:crypto').timingSafeEqual(Buffer.from('ab'), Buffer.from('ab'))"), True)
    expect(functions.value("require('node:crypto').timingSafeEqual(Buffer.from('ab'), Buffer.from('ac'))"), False)
    expect(functions.evaluate("require('node:crypto').timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))")["code"], "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH")


@case
def missing_things(functions):
    answer = functions.evaluate("require('left-pad')")
    expect((answer["name"], answer["code"]), ("Error", "MODULE_NOT_FOUND"))
    assert answer["message"].startswith("Cannot find module 'left-pad'\nRequire stack:"), answer
    expect(functions.evaluate("require('node:@aws-sdk/client-dynamodb')")["code"], "MODULE_NOT_FOUND")
    expect(functions.evaluate("fetch('http://example.org')")["name"], "ReferenceError")
    expect(functions.evaluate("new (require('@aws-sdk/client-dynamodb').NoSuchCommand)({})")["name"], "TypeError")


@case
def timers_and_promises(functions):
    expect(functions.value("const seen = []; await0 = null; new Promise((done) => { setTimeout(() => { seen.push('b'); done(seen.join('')); }, 20);"
                           " setTimeout(() => seen.push('a'), 5); })"), "ab")
    expect(functions.value("new Promise((done) => { const id = setTimeout(() => done('late'), 1); clearTimeout(id); setImmediate(() => done('now')); })"), "now")


@case
def database(functions):
    sdk = "const d = require('@aws-sdk/client-dynamodb'); const c = new d.DynamoDBClient({}); const T = process.env.TABLE; "
    functions.value(sdk + "c.send(new d.PutItemCommand({TableName: T, Item: {pk: {S: 'k'}, b: {B: Buffer.from('bytes')}, n: {N: '1.50'}}})).then(() => 1)")
    expect(functions.dynamodb.get_item(TableName=functions.outputs["Table"], Key={"pk": {"S": "k"}})["Item"], {"pk": {"S": "k"}, "b": {"B": b"bytes"}, "n": {"N": "1.5"}})
    expect(functions.value(sdk + "c.send(new d.GetItemCommand({TableName: T, Key: {pk: {S: 'k'}}})).then((a) => [Buffer.from(a.Item.b.B).toString(), a.$metadata.httpStatusCode])"), ["bytes", 200])
    answer = functions.evaluate(sdk + "c.send(new d.PutItemCommand({TableName: T, Item: {pk: {S: 'k'}}, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD'}))")
    expect((answer["name"], answer["message"]), ("ConditionalCheckFailedException", "The conditional request failed"))
    expect(answer["details"]["n"], {"N": "1.5"})
    answer = functions.evaluate(sdk + "c.send(new d.PutItemCommand({TableName: T, Item: {}}))")
    expect(answer["name"], "ValidationException")


@case
def role_is_honoured(functions):
    answer = functions.evaluate("const d = require('@aws-sdk/client-dynamodb'); new d.DynamoDBClient({}).send(new d.ScanCommand({TableName: process.env.TABLE}))")
    expect(answer["name"], "AccessDeniedException")
    assert "is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:" in answer["message"], answer
    answer = functions.evaluate("const d = require('@aws-sdk/client-dynamodb'); new d.DynamoDBClient({}).send(new d.GetItemCommand({TableName: 'other', Key: {pk: {S: 'x'}}}))")
    expect(answer["name"], "AccessDeniedException")


@case
def endless_loop(functions):
    start = time.monotonic()
    status, _, body = functions.request("POST", "/eval", b"while (true) {}", Content_Type="text/plain")
    expect((status, json.loads(body)), (500, {"message": "Internal Server Error"}))
    assert time.monotonic() - start < 60
    status, _, body = functions.request("POST", "/eval", b"new Promise(() => {})", Content_Type="text/plain")
    expect(status, 500)
    expect(functions.value("1 + 1"), 2, "the next call")


@case
def http_api_events(functions):
    status, headers, body = functions.request("PUT", "/items/7/a/b%20c?x=1&x=2&y=%20&z", b"\x00\xff", Content_Type="application/octet-stream",
                                              Cookie="a=1; b=2", X_Test="one", Accept="text/html")
    expect(status, 200)
    event = json.loads(body)
    expect((event["version"], event["routeKey"], event["rawPath"], event["rawQueryString"]), ("2.0", "ANY /items/{id}/{rest+}", "/items/7/a/b c", "x=1&x=2&y=%20&z"))
    expect(event["pathParameters"]["id"], "7")
    expect(event["queryStringParameters"], {"x": "1,2", "y": " ", "z": ""})
    expect(event["cookies"], ["a=1", "b=2"])
    expect((event["headers"]["x-test"], "cookie" in event["headers"]), ("one", False))
    expect((event["isBase64Encoded"], event["body"]), (True, "AP8="))
    expect((event["requestContext"]["http"]["method"], event["requestContext"]["stage"]), ("PUT", "$default"))
    for kind, encoded in (("text/plain", False), ("application/json; charset=utf-8", False), ("application/xml", False), ("application/x-www-form-urlencoded", True), ("image/png", True)):
        event = json.loads(functions.request("POST", "/items/1/x", b"hello", Content_Type=kind)[2])
        expect(event["isBase64Encoded"], encoded, kind)
    expect(functions.request("GET", "/nothing")[0], 404)
    expect(functions.request("GET", "/eval")[0], 404)
    expect(functions.request("GET", "/eval", host=f"nowhere000.execute-api.localhost")[0], 404)


@case
def odd_results(functions):
    template = {"Resources": {"Role": role(), **api()}, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}}
    for number, (code, status, body, header) in enumerate((
        ("exports.handler = async () => 'plain';", 200, b'"plain"', "application/json"),
        ("exports.handler = async () => ({ a: 1 });", 200, b'{"a":1}', "application/json"),
        ("exports.handler = () => ({ statusCode: 201, body: 'x' });", 201, b"x", "text/plain;charset=UTF-8"),
        ("exports.handler = async () => ({ statusCode: 200, body: 'AP8=', isBase64Encoded: true, headers: { 'Content-Type': 'image/x' } });", 200, b"\x00\xff", "image/x"),
        ("exports.handler = async () => ({ statusCode: 200, body: {} });", 500, None, None),
        ("exports.handler = async () => ({ statusCode: 9999 });", 500, None, None),
        ("exports.handler = async () => ({ statusCode: 200, headers: { 'x-a': 'b\\r\\nset-cookie: c' } });", 500, None, None),
        ("exports.handler = async () => { throw new Error('no'); };", 500, None, None),
        ("exports.handler = 5;", 500, None, None),
        ("exports.other = () => 1;", 500, None, None),
        ("this is no script", 500, None, None),
        ("exports.handler = async () => { nothing.here(); };", 500, None, None),
    )):
        template["Resources"]["Function"] = function(code)
        _, outputs = psite.create(functions.cf, f"odd-{number}", template)
        answer = functions.request("POST", "/eval", b"x", host=f"{outputs['Api']}.execute-api.localhost")
        expect(answer[0], status, code)
        if body is not None:
            expect((answer[2], answer[1]["Content-Type"]), (body, header), code)


@case
def permission_is_needed(functions):
    template = {"Resources": {"Role": role(), "Function": function("exports.handler = async () => 'x';"), **api()}, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}}
    template["Resources"]["Permission"]["Properties"]["SourceArn"] = {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/*"}
    _, outputs = psite.create(functions.cf, "forbidden", template)
    expect(functions.request("POST", "/eval", b"x", host=f"{outputs['Api']}.execute-api.localhost")[0], 500)


@case
def stream_with_failures(functions):
    def mapping(**more):
        return {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]}, "FunctionName": {"Ref": "Reader"}, "StartingPosition": "TRIM_HORIZON", "BatchSize": 10,
            "FilterCriteria": {"Filters": [{"Pattern": json.dumps({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "in#"}]}}}})}]},
            "MaximumRetryAttempts": 2, "BisectBatchOnFunctionError": True, "FunctionResponseTypes": ["ReportBatchItemFailures"], **more}}
    stream = {"Effect": "Allow", "Action": ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"],
              "Resource": {"Fn::GetAtt": ["Table", "StreamArn"]}}
    template = {"Resources": {"Table": TABLE, "Role": role(stream, {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}),
                              "Reader": function(STREAM, Environment={"Variables": {"OUT": {"Ref": "Table"}}}), "Mapping": mapping()},
                "Outputs": {"Table": {"Value": {"Ref": "Table"}}, "Reader": {"Value": {"Ref": "Reader"}}}}
    _, outputs = psite.create(functions.cf, "streams", template)
    table = outputs["Table"]

    def done():
        return sorted(one["pk"]["S"] for one in functions.dynamodb.scan(TableName=table, FilterExpression="begins_with(pk, :o)",
                                                                        ExpressionAttributeValues={":o": {"S": "out#"}})["Items"])

    def wait(*wanted):
        end = time.monotonic() + 90
        while not set(wanted) <= set(done()):
            assert time.monotonic() < end, (wanted, done(), functions.log("/aws/lambda/" + outputs["Reader"]))
            time.sleep(0.05)

    # One batch with poison in the middle: what is before and after it arrives, in order
    functions.dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": {"pk": {"S": f"in#{name}"}}}} for name in ("a", "b", "throw", "c", "d")]})
    wait("out#in#a#INSERT", "out#in#b#INSERT", "out#in#c#INSERT", "out#in#d#INSERT")
    functions.dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": {"pk": {"S": f"in#{name}"}}}} for name in ("e", "fail", "f")]})
    functions.dynamodb.put_item(TableName=table, Item={"pk": {"S": "in#after"}})
    wait("out#in#e#INSERT", "out#in#f#INSERT", "out#in#after#INSERT")
    end = time.monotonic() + 60
    while sum("in#fail" in line for line in functions.log("/aws/lambda/" + outputs["Reader"])) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1)
    tries = [line for line in functions.log("/aws/lambda/" + outputs["Reader"]) if "in#fail" in line]
    # the first one and the two more that the mapping grants; halving a batch that it was in with others is none
    expect(3 <= len(tries) <= 6, True, f"tries of what fails ({tries})")

    functions.dynamodb.put_item(TableName=table, Item={"pk": {"S": "in#a"}, "x": {"S": "changed"}})
    functions.dynamodb.put_item(TableName=table, Item={"pk": {"S": "in#a"}, "x": {"S": "changed"}})
    functions.dynamodb.delete_item(TableName=table, Key={"pk": {"S": "in#b"}})
    functions.dynamodb.put_item(TableName=table, Item={"pk": {"S": "unseen"}})
    wait("out#in#a#MODIFY", "out#in#b#REMOVE")
    lines = functions.log("/aws/lambda/" + outputs["Reader"])
    expect(len([line for line in lines if "MODIFY in#a" in line]), 1, "writes that change nothing are no records; MODIFY")
    assert not any("unseen" in line for line in lines)


@case
def mail_over_the_wire(functions):
    ses = functions.cloud.client("sesv2")
    outbox = pathlib.Path(functions.cloud.state) / "outbox"
    mail = {"FromEmailAddress": "Zoë <owner@example.org>", "Destination": {"ToAddresses": ["a@example.org", "b@example.org"]},
            "Content": {"Simple": {"Subject": {"Data": "Grüße — " + "lang " * 40}, "Body": {"Text": {"Data": "Zeile\n.\nÜ"}}}}}
    expect(refused(ses.send_email, **mail)[1], "MessageRejected")
    expect(ses.create_email_identity(EmailIdentity="owner@example.org")["VerifiedForSendingStatus"], False)
    expect(refused(ses.create_email_identity, EmailIdentity="owner@example.org")[1], "AlreadyExistsException")
    expect(refused(ses.send_email, **mail)[1], "MessageRejected")
    for address in ("owner@example.org", "a@example.org", "b@example.org"):
        if address != "owner@example.org":
            ses.create_email_identity(EmailIdentity=address)
        link = email.message_from_bytes(max(outbox.glob("*.eml")).read_bytes(), policy=email.policy.default).get_content().split("\n\n")[-1].strip()
        with urllib.request.urlopen(link, timeout=30) as answer:
            expect(answer.status, 200)
        expect(ses.get_email_identity(EmailIdentity=address)["VerifiedForSendingStatus"], True)
        if address != "b@example.org":
            expect(refused(ses.send_email, **mail)[1], "MessageRejected", address)
    expect(refused(ses.get_email_identity, EmailIdentity="other@example.org")[:2], (404, "NotFoundException"))
    expect([one["IdentityName"] for one in ses.list_email_identities()["EmailIdentities"]], ["a@example.org", "b@example.org", "owner@example.org"])
    expect(ses.get_account()["SendingEnabled"], True)
    ses.send_email(**mail)
    path = max(outbox.glob("*.eml"))
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    expect((message["From"], message["To"]), ("Zoë <owner@example.org>", "a@example.org, b@example.org"))
    expect(message["Subject"].strip(), mail["Content"]["Simple"]["Subject"]["Data"].strip())
    expect(message.get_content().replace("\r\n", "\n"), "Zeile\n.\nÜ")
    assert message["Date"].datetime is not None and message["Message-ID"].startswith("<")
    assert all(len(line) < 1000 for line in path.read_bytes().split(b"\r\n"))
    for change in ({"FromEmailAddress": "nobody"}, {"FromEmailAddress": "a@b.example\r\nBcc: x@y.example"}, {"Destination": {"ToAddresses": []}},
                   {"Destination": {"ToAddresses": ["not an address"]}}, {"ReplyToAddresses": ["x@"]}, {"Destination": {"ToAddresses": [f"a{n}@example.org" for n in range(51)]}}):
        expect(refused(ses.send_email, **{**mail, **change})[:2], (400, "BadRequestException"), str(change))
    for address in ("owner@example.org", "a@example.org", "b@example.org"):
        ses.delete_email_identity(EmailIdentity=address)
    expect(refused(ses.delete_email_identity, EmailIdentity="owner@example.org")[1], "NotFoundException")


@case
def edge_function_results(functions):
    """What an edge function may return and what makes CloudFront answer 502 and 503."""
    store = {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": {"Fn::Sub": "${AWS::StackName}-store"}}}

    def site(name, code):
        template = json.loads(psite.load_template())
        template["Resources"]["Router"]["Properties"]["FunctionCode"] = code
        _, outputs = psite.create(functions.cf, f"porchlight-{name}-abc123", template, Parameters=psite.parameters())
        return outputs["DistributionHost"]

    head = "import cf from 'cloudfront';\nconst kvs = cf.kvs();\nasync function handler(event) { const request = event.request; "
    for number, (code, status, body) in enumerate((
        ("return { statusCode: 200, statusDescription: 'OK', headers: { 'x-a': { value: 'b' } }, body: 'text' }; }", 200, b"text"),
        ("return { statusCode: 200, body: { encoding: 'base64', data: 'AP8=' } }; }", 200, b"\x00\xff"),
        ("return { statusCode: 200, body: JSON.stringify([typeof eval, typeof Function, typeof WebAssembly, typeof fetch, typeof Intl, typeof setTimeout]) }; }",
         200, b'["undefined","undefined","undefined","undefined","undefined","undefined"]'),
        ("return { statusCode: 200, body: JSON.stringify([event.version, event.context.eventType, event.viewer.ip, request.method, request.uri, request.querystring, request.cookies]) }; }",
         200, b'["1.0","viewer-request","127.0.0.1","GET","/p%20q",{"a":{"value":"1","multiValue":[{"value":"1"},{"value":"2"}]},"b":{"value":"%20"}},{"c":{"value":"d"}}]'),
        ("return { statusCode: 200, body: JSON.stringify([await kvs.exists('x'), (await kvs.meta()).keyCount]) }; }", 200, b"[false,0]"),
        ("try { await kvs.get('x'); } catch (e) { return { statusCode: 200, body: e.name }; } }", 200, b"Error"),
        ("throw new Error('broken'); }", 503, None),
        ("nothing.here(); }", 503, None),
        ("while (true) {} }", 503, None),
        ("return new Promise(function () {}); }", 503, None),
        ("return 'text'; }", 502, None),
        ("return null; }", 502, None),
        ("}", 502, None),
        ("request.uri = 'no-slash'; return request; }", 502, None),
        ("request.method = 'POST'; return request; }", 502, None),
        ("request.headers.host = { value: 'other' }; return request; }", 502, None),
        ("request.headers['x-amz-cf-id'] = { value: 'x' }; return request; }", 502, None),
        ("return { statusCode: 99 }; }", 502, None),
        ("return { statusCode: 200, body: 5 }; }", 502, None),
        ("return { statusCode: 200, headers: { 'x-a': { value: 'b\\r\\nc' } } }; }", 502, None),
        ("return { statusCode: 200, body: 'x'.repeat(50000) }; }", 502, None),
    )):
        host = site(f"edge{number}", head + code)
        answer = functions.request("GET", "/p%20q?a=1&b=%20&a=2", host=host, Cookie="c=d")
        expect(answer[0], status, code)
        if body is not None:
            expect(answer[2], body, code)
        else:
            assert b"could not be satisfied" in answer[2], code


run(setup=Functions, teardown=lambda functions: functions.cloud.close())
