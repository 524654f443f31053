#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in from the command line: in the browser, through an organization, with profiles; and again when it is over."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import browser  # noqa: E402
from browser import allow, code_on, fetch  # noqa: E402
from cli import Cli, Cloud  # noqa: E402
from tap import Skip, case, run  # noqa: E402

START_URL = "https://practice.awsapps.com/start"


class Attempt:
    """porchlight-cli account ... while somebody is in the browser."""

    def __init__(self, cli, *arguments, stdin=subprocess.DEVNULL):
        self.process = cli.start("--json", "account", *arguments, "--no-browser", stdin=stdin)
        self.said = ""
        for line in self.process.stdout:
            # Debug messages go there, too
            if line.startswith("{"):
                self.first = json.loads(line)
                break
            self.said += line

    @property
    def uri(self):
        return self.first["uri"]

    def end(self, input=None, status=0):
        out, err = self.process.communicate(input, timeout=100)
        assert self.process.returncode == status, (self.process.returncode, out, err)
        return json.loads(out.splitlines()[-1]) if status == 0 else err


class Scene:
    def __init__(self):
        self.cloud = Cloud()
        self.clis = []

    def cli(self, cloud=None, **environment):
        """A computer with a keyring and no keys, for which the practice cloud is all there is."""
        cli = Cli(None, AWS_ENDPOINT_URL=(cloud or self.cloud).endpoint, AWS_REGION="eu-central-1", **environment)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            cli.environment.pop(name, None)
        cli.environment.update(SECRET_BACKEND="file", SECRET_FILE_TEST_PATH=os.path.join(cli.folder, "keyring"),
                               SECRET_FILE_TEST_PASSWORD="test")
        self.clis.append(cli)
        return cli

    def signed_in(self):
        cli = self.cli()
        attempt = Attempt(cli, "sign-in", "--name", "Home")
        allow(attempt.uri)
        attempt.end()
        return cli

    def close(self):
        for cli in self.clis:
            cli.close()
        self.cloud.close()


def secrets_of(cli):
    """All that is secret in the keyring, as text."""
    return Path(cli.environment["SECRET_FILE_TEST_PATH"]).read_bytes()


@case
def the_browser_signs_in(scene):
    cli = scene.cli()
    attempt = Attempt(cli, "sign-in")
    assert attempt.first["state"] == "browser" and attempt.uri.startswith(scene.cloud.endpoint + "/v1/authorize?"), attempt.first
    page = allow(attempt.uri)
    assert page.status == 200 and "You are signed in" in page.text and "no-store" in page.headers["cache-control"], page.text
    account = attempt.end()
    number = scene.cloud.client("sts").get_caller_identity()["Account"]
    assert account["kind"] == "sign-in" and account["number"] == number and account["user"] == "practice", account
    assert [a["name"] for a in cli.document("account", "list")] == [account["name"]]
    made = cli.json("site", "create", "Signed In", "--template", "personal")[-1]
    assert scene.cloud.get(made["address"])[0] == 200
    for path in Path(cli.data).rglob("*"):
        assert not path.is_file() or b"refreshToken" not in path.read_bytes(), path


@case
def a_refusal_in_the_browser_is_told(scene):
    attempt = Attempt(scene.cli(), "sign-in")
    page = allow(attempt.uri, "deny")
    assert "not given permission" in page.text, page.text
    assert "refused" in attempt.end(status=1)


@case
def a_wrong_state_leaves_the_attempt_as_it_is(scene):
    attempt = Attempt(scene.cli(), "sign-in")
    answer = browser.decide(attempt.uri, "allow")
    callback = answer.headers["location"]
    assert fetch(callback.replace("state=", "state=x")).status == 400
    assert fetch(callback.split("/oauth")[0] + "/favicon.ico").status == 404
    assert fetch(callback.split("?")[0]).status == 400
    assert fetch(callback, headers={"Host": "evil.example"}).status == 404
    assert fetch(callback).status == 200
    attempt.end()


@case
def nobody_comes_in_time(scene):
    assert "too long" in Attempt(scene.cli(), "sign-in", "--wait", "1").end(status=1)


@case
def a_code_is_pasted(scene):
    cli = scene.cli()
    attempt = Attempt(cli, "sign-in", "--remote", stdin=subprocess.PIPE)
    assert attempt.first["state"] == "code" and "cross-device" in attempt.uri
    code = code_on(allow(attempt.uri))
    assert attempt.end("  " + code.rstrip("=") + " \n")["kind"] == "sign-in"
    attempt = Attempt(cli, "sign-in", "--remote", stdin=subprocess.PIPE)
    assert "not the code" in attempt.end(code + "\n", status=1), "the code of an earlier attempt was taken"


@case
def when_it_is_over_signing_in_again_goes_on(scene):
    cli = scene.signed_in()
    site = cli.json("site", "create", "Lasting", "--template", "personal")[-1]["id"]
    page = Path(cli.folder) / "pages" / "index.html"
    page.parent.mkdir()
    page.write_text("<!DOCTYPE html><html lang='en'><title>New</title><h1>New</h1></html>")
    assert fetch(scene.cloud.endpoint + "/v1/sessions/end", "POST").status == 200
    cli.fail("publish", site, str(page.parent), status=3, has="sign in")
    operation = next(o for o in cli.document("operation", "list") if o["kind"] == "publish")
    attempt = Attempt(cli, "renew", "Home")
    allow(attempt.uri)
    assert attempt.end()["name"] == "Home"
    cli.json("operation", "resume", operation["id"])
    address = cli.document("site", "show", site)["address"]
    assert b"<h1>New</h1>" in scene.cloud.get(address)[2]


@case
def signing_in_to_another_account_renews_nothing(scene):
    cli = scene.signed_in()
    before = secrets_of(cli)
    other = Cloud()
    try:
        cli.environment["AWS_ENDPOINT_URL"] = other.endpoint
        attempt = Attempt(cli, "renew", "Home")
        allow(attempt.uri)
        assert "another account" in attempt.end(status=1)
        assert secrets_of(cli) == before
    finally:
        other.close()


@case
def an_organization_signs_in(scene):
    cli = scene.cli()
    attempt = Attempt(cli, "sign-in-sso", START_URL + "/#/", "--role", "AdministratorAccess")
    assert attempt.uri.startswith(scene.cloud.endpoint + "/authorize?"), attempt.first
    allow(attempt.uri)
    account = attempt.end()
    assert account["kind"] == "sso" and account["role"] == "AdministratorAccess" and account["startUrl"] == START_URL, account
    made = cli.json("site", "create", "Organized", "--template", "personal")[-1]
    assert scene.cloud.get(made["address"])[0] == 200


@case
def a_device_is_confirmed(scene):
    cli = scene.cli()
    attempt = Attempt(cli, "sign-in-sso", START_URL, "--device", "--role", "ViewOnlyAccess")
    assert attempt.first["userCode"] in attempt.uri, attempt.first
    allow(attempt.uri)
    assert attempt.end()["role"] == "ViewOnlyAccess"
    cli.fail("site", "create", "Not Allowed", status=1, has="not allowed")
    attempt = Attempt(cli, "sign-in-sso", START_URL, "--device")
    allow(attempt.uri, "deny")
    assert "refused" in attempt.end(status=1)


@case
def several_accounts_ask_for_a_choice(scene):
    attempt = Attempt(scene.cli(), "sign-in-sso", START_URL)
    allow(attempt.uri)
    out, err = attempt.process.communicate(timeout=100)
    choices = json.loads(out.splitlines()[-1])["choices"]
    assert attempt.process.returncode == 1 and "--role" in err
    assert [c["role"] for c in choices] == ["AdministratorAccess", "ViewOnlyAccess"], choices


@case
def what_is_no_sign_in_page_is_told(scene):
    for text in ("", "hello", "ftp://a.b/start", "https://"):
        scene.cli().fail("account", "sign-in-sso", text, status=1, has="sign-in page")


@case
def an_organization_signs_in_again(scene):
    cli = scene.cli()
    attempt = Attempt(cli, "sign-in-sso", START_URL, "--role", "AdministratorAccess", "--name", "Work")
    allow(attempt.uri)
    attempt.end()
    fetch(scene.cloud.endpoint + "/v1/sessions/end", "POST")
    cli.fail("--account", "Work", "site", "create", "Too Late", status=3, has="sign in")
    attempt = Attempt(cli, "renew", "Work")
    allow(attempt.uri)
    assert attempt.end()["role"] == "AdministratorAccess"
    cli.json("--account", "Work", "site", "create", "In Time")


def write_profile(cli, name, **keys):
    folder = Path(cli.folder) / ".aws"
    folder.mkdir(exist_ok=True)
    with (folder / "config").open("a") as file:
        file.write(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()))


@case
def profiles_are_added(scene):
    cli = scene.cli()
    cloud = scene.cloud
    write_profile(cli, "profile keys", aws_access_key_id=cloud.key, aws_secret_access_key=cloud.secret, region="eu-west-3")
    write_profile(cli, "profile mfa", role_arn="arn:aws:iam::123456789012:role/x", source_profile="keys", mfa_serial="arn:aws:iam::1:mfa/x")
    program = Path(cli.folder) / "program"
    program.write_text("#!/bin/sh\necho '" + json.dumps({"Version": 1, "AccessKeyId": cloud.key, "SecretAccessKey": cloud.secret}) + "'\n")
    program.chmod(0o700)
    write_profile(cli, "profile program", credential_process=str(program))
    environment = {"AWS_REGION": ""}
    added = cli.document("account", "add-profile", "keys", **environment)
    assert added["kind"] == "profile" and added["region"] == "eu-west-3" and added["profile"] == "keys", added
    assert cli.document("account", "add-profile", "program", "--region", "eu-west-1")["region"] == "eu-west-1"
    cli.fail("account", "add-profile", "mfa", has="code from a device")
    cli.fail("account", "add-profile", "nobody", has="no profile")
    cli.json("--account", added["name"], "site", "create", "By Profile")


ROLE = json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {
    "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "sts:AssumeRole"}]}}}},
    "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}}})


@case
def a_profile_takes_on_a_role(scene):
    cli = scene.cli()
    formation = scene.cloud.client("cloudformation")
    formation.create_stack(StackName="role", TemplateBody=ROLE, Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(StackName="role", WaiterConfig={"Delay": 1})
    arn = formation.describe_stacks(StackName="role")["Stacks"][0]["Outputs"][0]["OutputValue"]
    write_profile(cli, "profile base", aws_access_key_id=scene.cloud.key, aws_secret_access_key=scene.cloud.secret)
    write_profile(cli, "profile role", role_arn=arn, source_profile="base", role_session_name="by-role", region="eu-central-1")
    write_profile(cli, "profile circle", role_arn=arn, source_profile="circle")
    added = cli.document("account", "add-profile", "role")
    assert added["user"] == "by-role", added
    cli.json("--account", added["name"], "site", "create", "By Role")
    cli.fail("account", "add-profile", "circle", status=3, has="keys")


def aws(cli, *arguments, **keywords):
    environment = {**cli.environment, "AWS_PAGER": "", "BROWSER": "/bin/true"}
    environment.pop("AWS_REGION")
    return subprocess.Popen(["aws", *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, **keywords)


def sso_login(cli, scene, profile, *options):
    """`aws sso login`, the client of others, against the stand-in"""
    process = aws(cli, "sso", "login", "--no-browser", "--profile", profile, *options)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.strip().startswith(scene.cloud.endpoint) and ("user_code=" in line or "authorize?" in line):
            allow(line.strip())
            break
    rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, "".join(lines) + rest


@case
def aws_itself_signs_in_and_the_profile_is_used(scene):
    cli = scene.cli()
    number = scene.cloud.client("sts").get_caller_identity()["Account"]
    write_profile(cli, "sso-session work", sso_start_url=START_URL, sso_region="eu-central-1", sso_registration_scopes="sso:account:access")
    write_profile(cli, "profile work", sso_session="work", sso_account_id=number, sso_role_name="AdministratorAccess", region="eu-central-1")
    cli.fail("account", "add-profile", "work", status=3, has="signed in")
    sso_login(cli, scene, "work")
    added = cli.document("account", "add-profile", "work")
    assert added["number"] == number
    cli.json("--account", added["name"], "site", "create", "Shared Session")
    process = aws(cli, "sts", "get-caller-identity", "--profile", "work")
    out = process.communicate(timeout=60)[0]
    assert process.returncode == 0 and "AdministratorAccess" in out, out


@case
def aws_itself_confirms_a_device(scene):
    cli = scene.cli()
    number = scene.cloud.client("sts").get_caller_identity()["Account"]
    write_profile(cli, "profile old", sso_start_url=START_URL, sso_region="eu-central-1", sso_account_id=number,
                  sso_role_name="ViewOnlyAccess", region="eu-central-1")
    sso_login(cli, scene, "old", "--use-device-code")
    assert cli.document("account", "add-profile", "old")["number"] == number


@case
def without_a_keyring_nothing_is_kept(scene):
    cli = scene.cli()
    for name in ("SECRET_BACKEND", "SECRET_FILE_TEST_PATH", "SECRET_FILE_TEST_PASSWORD"):
        cli.environment.pop(name)
    cli.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    attempt = Attempt(cli, "sign-in")
    allow(attempt.uri)
    assert "keyring" in attempt.end(status=1)
    assert cli.document("account", "list") == []


@case
def nothing_secret_is_said(scene):
    cli = scene.cli(G_MESSAGES_DEBUG="all")
    said = ""
    for arguments in (("sign-in", "--name", "A"), ("sign-in-sso", START_URL, "--role", "AdministratorAccess", "--name", "B"), ("renew", "A")):
        attempt = Attempt(cli, *arguments)
        allow(attempt.uri)
        out, err = attempt.process.communicate(timeout=100)
        assert attempt.process.returncode == 0, err
        said += attempt.said + json.dumps(attempt.first) + out + err
    said += repr(cli.run("--account", "A", "site", "list"))
    state = sqlite3.connect(f"file:{scene.cloud.state}/practice.db?mode=ro", uri=True)
    secrets = [row[0] for row in state.execute("SELECT id FROM sign_ins WHERE kind IN ('signin-refresh', 'sso-token', 'sso-refresh')")]
    secrets += [each for row in state.execute("SELECT secret, token FROM sessions") for each in row]
    secrets += [json.loads(row[0])["secret"] for row in state.execute("SELECT record FROM sign_ins WHERE kind = 'sso-client'")]
    assert len(secrets) > 10 and "porchlight-aws" in said, "there is nothing to look at"
    for secret in secrets:
        assert secret not in said, "a secret is in the log"
    for path in Path(cli.data).rglob("*"):
        assert not path.is_file() or not any(secret.encode() in path.read_bytes() for secret in secrets), path


@case
def chromium_signs_in(scene):
    if not browser.Chromium.PROGRAM:
        raise Skip("there is no chromium here")
    with browser.Chromium() as chromium:
        attempt = Attempt(scene.cli(), "sign-in")
        chromium.open(attempt.uri)
        chromium.press("allow")
        chromium.wait_for("You are signed in")
        assert attempt.end()["kind"] == "sign-in"
        attempt = Attempt(scene.cli(), "sign-in-sso", START_URL, "--role", "AdministratorAccess")
        chromium.open(attempt.uri)
        chromium.press("allow")
        chromium.wait_for("You are signed in")
        assert attempt.end()["kind"] == "sso"


run(setup=Scene, teardown=Scene.close)
