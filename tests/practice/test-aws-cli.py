# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `aws` program, unchanged, against the practice cloud."""

import json
import os
import random
import shutil
import sys
import time
import urllib.request

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

import psite  # noqa: E402
from practice import Practice, expect  # noqa: E402
from tap import Skip, case, run  # noqa: E402

MB = 1024 * 1024


def setup():
    cloud = Practice()
    cloud.work = os.path.join(cloud.state, "work")
    os.makedirs(os.path.join(cloud.work, "site", "images"))
    return cloud


def write(cloud, name, body):
    path = os.path.join(cloud.work, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(body)
    return path


def needs_aws(function):
    def checked(cloud):
        if not shutil.which("aws"):
            raise Skip("aws is not installed")
        function(cloud)
    checked.__name__ = function.__name__
    return case(checked)


def fails(cloud, *arguments, **more):
    result = cloud.aws(*arguments, check=False, **more)
    expect(result.returncode != 0, True, "Failure")
    return result.stderr


@needs_aws
def who_am_i(cloud):
    identity = json.loads(cloud.aws("sts", "get-caller-identity").stdout)
    expect((len(identity["Account"]), identity["Arn"].split(":")[5]), (12, "user/practice"))


@needs_aws
def make_a_bucket(cloud):
    cloud.aws("s3", "mb", "s3://cli-bucket")
    expect("cli-bucket" in cloud.aws("s3", "ls").stdout, True)
    expect(json.loads(cloud.aws("s3api", "get-bucket-location", "--bucket", "cli-bucket").stdout), {"LocationConstraint": "eu-central-1"})


@needs_aws
def copy_there_and_back(cloud):
    path = write(cloud, "one file.html", b"<h1>Hello</h1>")
    cloud.aws("s3", "cp", path, "s3://cli-bucket/one file.html", "--cache-control", "max-age=60")
    head = json.loads(cloud.aws("s3api", "head-object", "--bucket", "cli-bucket", "--key", "one file.html").stdout)
    expect((head["ContentType"], head["CacheControl"]), ("text/html", "max-age=60"))
    cloud.aws("s3", "cp", "s3://cli-bucket/one file.html", path + ".back")
    with open(path + ".back", "rb") as file:
        expect(file.read(), b"<h1>Hello</h1>")
    cloud.aws("s3", "mv", "s3://cli-bucket/one file.html", "s3://cli-bucket/moved.html")
    expect(cloud.aws("s3", "ls", "s3://cli-bucket").stdout.split()[-1], "moved.html")


@needs_aws
def sync_a_folder(cloud):
    files = {"index.html": b"<p>index", "images/a.png": bytes(5000), "images/ü ö.txt": "Ü".encode(), "deep/er/x.css": b"p{}", "empty": b""}
    for name, body in files.items():
        write(cloud, "site/" + name, body)
    site = os.path.join(cloud.work, "site")
    first = cloud.aws("s3", "sync", site, "s3://cli-bucket/site/")
    expect(first.stdout.count("upload:"), len(files))
    expect(cloud.aws("s3", "sync", site, "s3://cli-bucket/site/").stdout, "")
    listed = cloud.aws("s3", "ls", "--recursive", "s3://cli-bucket/site/").stdout
    expect(sorted(line[31:] for line in listed.splitlines()), sorted("site/" + name for name in files))
    os.unlink(os.path.join(site, "index.html"))
    write(cloud, "site/deep/er/x.css", b"p{color:red}")
    second = cloud.aws("s3", "sync", "--delete", site, "s3://cli-bucket/site/").stdout
    expect((second.count("upload:"), second.count("delete:")), (1, 1))
    back = os.path.join(cloud.work, "back")
    cloud.aws("s3", "sync", "s3://cli-bucket/site/", back)
    with open(os.path.join(back, "images", "ü ö.txt"), "rb") as file:
        expect(file.read(), "Ü".encode())
    expect(cloud.aws("s3", "ls", "s3://cli-bucket/site/").stdout.count("PRE"), 2)


@needs_aws
def twenty_megabytes_in_parts(cloud):
    body = random.Random(1).randbytes(20 * MB)
    path = write(cloud, "twenty.bin", body)
    cloud.aws("s3", "cp", path, "s3://cli-bucket/twenty.bin")
    head = json.loads(cloud.aws("s3api", "head-object", "--bucket", "cli-bucket", "--key", "twenty.bin").stdout)
    expect(head["ETag"].endswith('-3"'), True, head["ETag"])
    cloud.aws("s3", "cp", "s3://cli-bucket/twenty.bin", path + ".back")
    with open(path + ".back", "rb") as file:
        expect(file.read() == body, True)
    cloud.aws("s3", "cp", "s3://cli-bucket/twenty.bin", "s3://cli-bucket/twenty-copy.bin")
    expect(json.loads(cloud.aws("s3api", "list-multipart-uploads", "--bucket", "cli-bucket").stdout or "{}").get("Uploads"), None)


@needs_aws
def from_a_pipe(cloud):
    import subprocess
    result = subprocess.run(["aws", "s3", "cp", "-", "s3://cli-bucket/piped"], input=b"through a pipe", env=cloud.environment(),
                            capture_output=True, timeout=60)
    expect(result.returncode, 0, result.stderr)
    expect(cloud.aws("s3", "cp", "s3://cli-bucket/piped", "-").stdout, "through a pipe")


@needs_aws
def a_presigned_url(cloud):
    url = cloud.aws("s3", "presign", "s3://cli-bucket/piped", "--expires-in", "60").stdout.strip()
    expect(urllib.request.urlopen(url).read(), b"through a pipe")


@needs_aws
def remove_all(cloud):
    expect("BucketNotEmpty" in fails(cloud, "s3", "rb", "s3://cli-bucket"), True)
    expect(cloud.aws("s3", "rm", "--recursive", "s3://cli-bucket/site/").stdout.count("delete:"), 4)
    cloud.aws("s3", "rb", "--force", "s3://cli-bucket")
    expect("cli-bucket" in cloud.aws("s3", "ls").stdout, False)


@needs_aws
def a_wrong_secret(cloud):
    for command in (("s3", "ls"), ("sts", "get-caller-identity"), ("cloudfront", "list-distributions")):
        expect("SignatureDoesNotMatch" in fails(cloud, *command, AWS_SECRET_ACCESS_KEY="wrong"), True, command)
    expect("InvalidClientTokenId" in fails(cloud, "sts", "get-caller-identity", AWS_ACCESS_KEY_ID="AKIAAAAAAAAAAAAAAAAA"), True)


@needs_aws
def unknown_actions(cloud):
    cases = {("sts", "get-federation-token", "--name", "someone"): "InvalidAction",
             ("iam", "list-groups"): "InvalidAction",
             ("sqs", "list-queues"): "UnknownOperationException",
             ("cloudfront", "list-cache-policies"): "UnknownOperationException",
             ("s3api", "get-bucket-website", "--bucket", "x"): "NotImplemented",
             ("lambda", "list-layers"): "UnknownOperationException"}
    for command, code in cases.items():
        errors = fails(cloud, *command)
        expect(f"({code})" in errors, True, f"{command}: {errors}")


@needs_aws
def another_region(cloud):
    cloud.aws("s3", "mb", "s3://cli-ireland", "--region", "eu-west-1")
    path = write(cloud, "a.txt", b"a")
    # aws follows x-amz-bucket-region by itself
    cloud.aws("s3", "cp", path, "s3://cli-ireland/a.txt")
    expect(json.loads(cloud.aws("s3api", "get-bucket-location", "--bucket", "cli-ireland", "--region", "eu-west-1").stdout),
           {"LocationConstraint": "eu-west-1"})


def stack_status(cloud, name):
    return json.loads(cloud.aws("cloudformation", "describe-stacks", "--stack-name", name).stdout)["Stacks"][0]["StackStatus"]


def settle(cloud, name):
    """The program's own `wait` looks every 30 seconds only; it is asked when there is nothing to wait for any more."""
    for _ in range(600):
        if not stack_status(cloud, name).endswith("_IN_PROGRESS"):
            return
        time.sleep(0.2)


@needs_aws
def our_template_from_create_to_delete(cloud):
    path = write(cloud, "stack.json", psite.load_template().encode())
    given = [f"ParameterKey={p['ParameterKey']},ParameterValue={p['ParameterValue']}" for p in psite.parameters(**psite.FORM)]
    made = json.loads(cloud.aws("cloudformation", "create-stack", "--stack-name", "porchlight-cli-a1b2c3", "--template-body", f"file://{path}",
                                "--capabilities", "CAPABILITY_IAM", "--parameters", *given).stdout)
    settle(cloud, made["StackId"])
    cloud.aws("cloudformation", "wait", "stack-create-complete", "--stack-name", "porchlight-cli-a1b2c3")
    stack = json.loads(cloud.aws("cloudformation", "describe-stacks", "--stack-name", "porchlight-cli-a1b2c3").stdout)["Stacks"][0]
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}
    events = json.loads(cloud.aws("cloudformation", "describe-stack-events", "--stack-name", made["StackId"]).stdout)["StackEvents"]
    expect((events[0]["ResourceStatus"], events[-1]["ResourceStatus"]), ("CREATE_COMPLETE", "CREATE_IN_PROGRESS"))
    expect(len({e["LogicalResourceId"] for e in events}) > 15, True)

    table = outputs["Table"]
    key = {"pk": {"S": "form#contact"}, "sk": {"S": "2026-01-01T00:00:00.000Z#1"}}
    cloud.aws("dynamodb", "put-item", "--table-name", table, "--item", json.dumps(key | {"text": {"S": "Hello"}}))
    question = ["dynamodb", "query", "--table-name", table, "--key-condition-expression", "pk = :pk",
                "--expression-attribute-values", '{":pk": {"S": "form#contact"}}']
    expect([i["text"]["S"] for i in json.loads(cloud.aws(*question).stdout)["Items"]], ["Hello"])
    cloud.aws("dynamodb", "delete-item", "--table-name", table, "--key", json.dumps(key))
    expect(json.loads(cloud.aws(*question).stdout)["Count"], 0)

    cloud.aws("cloudformation", "delete-stack", "--stack-name", made["StackId"])
    settle(cloud, made["StackId"])
    cloud.aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", made["StackId"])
    expect("does not exist" in fails(cloud, "cloudformation", "describe-stacks", "--stack-name", "porchlight-cli-a1b2c3"), True)


FUNCTION = "function handler(event) { return { statusCode: 200, statusDescription: '%s' }; }"


@needs_aws
def a_change_set_and_a_function(cloud):
    template = write(cloud, "function.json", json.dumps({"Resources": {"Function": {"Type": "AWS::CloudFront::Function", "Properties": {
        "Name": "cli-edge", "AutoPublish": True, "FunctionCode": FUNCTION % "one",
        "FunctionConfig": {"Comment": "by aws", "Runtime": "cloudfront-js-2.0"}}}}}).encode())
    which = ["--stack-name", "cli-function", "--change-set-name", "first"]
    cloud.aws("cloudformation", "create-change-set", *which, "--change-set-type", "CREATE", "--template-body", f"file://{template}")
    described = ["cloudformation", "describe-change-set", *which]
    while (seen := json.loads(cloud.aws(*described).stdout))["Status"] != "CREATE_COMPLETE":
        time.sleep(0.2)
    expect([(each["ResourceChange"]["Action"], each["ResourceChange"]["ResourceType"]) for each in seen["Changes"]],
           [("Add", "AWS::CloudFront::Function")])
    expect(stack_status(cloud, "cli-function"), "REVIEW_IN_PROGRESS")
    cloud.aws("cloudformation", "execute-change-set", *which)
    settle(cloud, "cli-function")
    expect(stack_status(cloud, "cli-function"), "CREATE_COMPLETE")

    etag = json.loads(cloud.aws("cloudfront", "describe-function", "--name", "cli-edge").stdout)["ETag"]
    code = write(cloud, "two.js", (FUNCTION % "two").encode())
    changed = json.loads(cloud.aws("cloudfront", "update-function", "--name", "cli-edge", "--if-match", etag, "--function-code", f"fileb://{code}",
                                   "--function-config", "Comment=two,Runtime=cloudfront-js-2.0").stdout)
    expect("(PreconditionFailed)" in fails(cloud, "cloudfront", "publish-function", "--name", "cli-edge", "--if-match", etag), True)
    event = write(cloud, "event.json", json.dumps({"version": "1.0", "context": {}, "viewer": {}, "request": {"method": "GET", "uri": "/"}}).encode())
    tested = json.loads(cloud.aws("cloudfront", "test-function", "--name", "cli-edge", "--if-match", changed["ETag"],
                                  "--event-object", f"fileb://{event}").stdout)["TestResult"]
    expect(json.loads(tested["FunctionOutput"])["response"]["statusDescription"], "two")
    cloud.aws("cloudfront", "publish-function", "--name", "cli-edge", "--if-match", changed["ETag"])
    back = os.path.join(cloud.work, "back.js")
    cloud.aws("cloudfront", "get-function", "--name", "cli-edge", "--stage", "LIVE", back)
    with open(back, encoding="utf-8") as file:
        expect(file.read(), FUNCTION % "two")
    cloud.aws("cloudformation", "delete-stack", "--stack-name", "cli-function")


run(setup=setup, teardown=lambda cloud: cloud.close())
