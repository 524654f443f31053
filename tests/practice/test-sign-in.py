#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice cloud's two ways to sign in refuse whatever AWS's would: a client of its own sends each thing once right and
then wrong in one place at a time."""

import base64
import json
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "aws"))

try:
    from proof import Key, VERIFIER, challenge  # noqa: E402
except ImportError:
    print("1..0 # SKIP python3-cryptography is not installed")
    sys.exit(0)

import boto3  # noqa: E402
from browser import code_on, decide, fetch  # noqa: E402
from practice import Practice, ClientError  # noqa: E402
from tap import case, run  # noqa: E402

SAME_DEVICE = "arn:aws:signin:::devtools/same-device"
CROSS_DEVICE = "arn:aws:signin:::devtools/cross-device"
REDIRECT = "http://127.0.0.1:4711/oauth/callback"
START_URL = "https://practice.awsapps.com/start"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class Cloud(Practice):
    @property
    def token_url(self):
        return self.endpoint + "/v1/token"

    def post(self, path, body, headers=None):
        page = fetch(self.endpoint + path, "POST", json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
        return page.status, json.loads(page.text or "{}"), page.headers

    def console_uri(self, **changes):
        parameters = {"response_type": "code", "client_id": SAME_DEVICE, "state": "the state", "code_challenge_method": "SHA-256",
                      "scope": "openid", "redirect_uri": REDIRECT, "code_challenge": challenge(), **changes}
        return self.endpoint + "/v1/authorize?" + urllib.parse.urlencode({k: v for k, v in parameters.items() if v is not None})

    def console_code(self, **changes):
        location = decide(self.console_uri(**changes), "allow").headers["location"]
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        assert location.startswith(changes.get("redirect_uri", REDIRECT) + "?") and query["state"] == "the state", location
        return query["code"]

    def redeem(self, key, code, proof=None, **changes):
        body = {"clientId": SAME_DEVICE, "grantType": "authorization_code", "code": code, "codeVerifier": VERIFIER,
                "redirectUri": REDIRECT, **changes}
        body = {k: v for k, v in body.items() if v is not None}
        return self.post("/v1/token", body, {"DPoP": proof or key.proof(self.token_url)})

    def refresh(self, key, token, **changes):
        body = {"clientId": SAME_DEVICE, "grantType": "refresh_token", "refreshToken": token, **changes}
        return self.post("/v1/token", body, {"DPoP": key.proof(self.token_url)})

    def register(self, **changes):
        return self.post("/client/register", {
            "clientName": "test", "clientType": "public", "scopes": ["sso:account:access"], "issuerUrl": START_URL,
            "grantTypes": ["authorization_code", "refresh_token"], "redirectUris": ["http://127.0.0.1/oauth/callback"], **changes})

    def sso_code(self, client, **changes):
        parameters = {"response_type": "code", "client_id": client["clientId"], "redirect_uri": REDIRECT, "state": "s",
                      "code_challenge_method": "S256", "scopes": "sso:account:access", "code_challenge": challenge(), **changes}
        answer = decide(self.endpoint + "/authorize?" + urllib.parse.urlencode(parameters), "allow")
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["location"]).query))["code"]

    def sso_token(self, client, **changes):
        return self.post("/token", {"clientId": client["clientId"], "clientSecret": client["clientSecret"], **changes})


def identity(cloud, access):
    session = boto3.Session(access["accessKeyId"], access["secretAccessKey"], access["sessionToken"], region_name="eu-central-1")
    return session.client("sts", endpoint_url=cloud.endpoint).get_caller_identity()


def assert_refused(answer, status, exception, code):
    assert answer[0] == status and answer[2]["x-amzn-errortype"] == exception and answer[1]["error"] == code, answer


@case
def a_code_becomes_credentials(cloud):
    key = Key()
    status, token, _ = cloud.redeem(key, cloud.console_code())
    assert status == 200 and token["tokenType"] == "aws_sigv4" and 0 < token["expiresIn"] <= 900, token
    claims = json.loads(base64.urlsafe_b64decode(token["idToken"].split(".")[1] + "=="))
    found = identity(cloud, token["accessToken"])
    assert found["Arn"] == claims["sub"]
    status, fresh, _ = cloud.refresh(key, token["refreshToken"])
    assert status == 200 and "idToken" not in fresh and fresh["refreshToken"] != token["refreshToken"], fresh
    assert identity(cloud, fresh["accessToken"])["Arn"] == found["Arn"]


@case
def the_page_takes_nothing_that_is_wrong(cloud):
    for changes in ({"response_type": "token"}, {"client_id": "arn:aws:signin:::devtools/other"}, {"code_challenge_method": "S256"},
                    {"scope": "openid profile"}, {"code_challenge": "short"}, {"state": None}, {"state": "s" * 129},
                    {"redirect_uri": "http://127.0.0.1/oauth/callback"}, {"redirect_uri": "http://localhost:4711/oauth/callback"},
                    {"redirect_uri": "http://127.0.0.1:4711/other"}, {"redirect_uri": REDIRECT + "?x=1"},
                    {"redirect_uri": "https://127.0.0.1:4711/oauth/callback"}, {"client_id": CROSS_DEVICE}):
        page = fetch(cloud.console_uri(**changes))
        assert page.status == 400 and "Invalid Request" in page.text, changes
        posted = fetch(cloud.endpoint + "/v1/authorize", "POST", urllib.parse.urlsplit(cloud.console_uri(**changes)).query
                       + "&decision=allow", {"Content-Type": "application/x-www-form-urlencoded"})
        assert posted.status == 400 and "location" not in posted.headers, changes


@case
def refusing_brings_no_code(cloud):
    location = decide(cloud.console_uri(), "deny").headers["location"]
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
    assert query["error"] == "access_denied" and query["state"] == "the state" and "code" not in query, query


@case
def a_code_serves_once_and_for_what_it_was_made(cloud):
    key = Key()
    code = cloud.console_code()
    assert cloud.redeem(key, code)[0] == 200
    assert_refused(cloud.redeem(key, code), 400, "ValidationException", "INVALID_REQUEST")
    assert_refused(cloud.redeem(key, "unknown"), 400, "ValidationException", "INVALID_REQUEST")
    for changes in ({"codeVerifier": VERIFIER[::-1]}, {"codeVerifier": None}, {"redirectUri": "http://127.0.0.1:4712/oauth/callback"},
                    {"redirectUri": None}, {"clientId": CROSS_DEVICE}, {"clientId": "x"}, {"grantType": "password"}):
        assert_refused(cloud.redeem(key, cloud.console_code(), **changes), 400, "ValidationException", "INVALID_REQUEST")


@case
def a_proof_has_to_be_right_in_every_part(cloud):
    key, other = Key(), Key()
    url = cloud.token_url
    used = key.proof(url)
    assert cloud.redeem(key, cloud.console_code(), used)[0] == 200
    wrong = {
        "none": "", "no JWS": "a.b", "used before": used, "of another method": key.proof(url, htm="GET"),
        "of another address": key.proof(cloud.endpoint + "/v1/tokens"), "of another server": key.proof(url.replace("127.0.0.1", "localhost")),
        "too old": key.proof(url, iat=int(time.time()) - 400), "from the future": key.proof(url, iat=int(time.time()) + 400),
        "without an id": key.proof(url, jti=""), "badly signed": key.proof(url, cut=True),
        "signed by another": key.proof(url, {"jwk": other.jwk}), "of another type": key.proof(url, {"typ": "JWT"}),
        "of another algorithm": key.proof(url, {"alg": "none"}), "of another curve": key.proof(url, {"jwk": {**key.jwk, "crv": "P-384"}}),
    }
    for what, proof in wrong.items():
        status, answer, headers = cloud.post("/v1/token", {
            "clientId": SAME_DEVICE, "grantType": "authorization_code", "code": cloud.console_code(), "codeVerifier": VERIFIER,
            "redirectUri": REDIRECT}, {"DPoP": proof} if proof else {})
        assert status == 400 and answer["error"] == "INVALID_REQUEST" and "DPoP" in answer["message"], (what, answer)
    assert_refused(cloud.redeem(key, cloud.console_code(), key.proof(url, {"jwk": {**key.jwk, "d": "AA"}})), 400,
                   "ValidationException", "INVALID_REQUEST")


@case
def a_refresh_token_rotates_and_belongs_to_its_key(cloud):
    key = Key()
    token = cloud.redeem(key, cloud.console_code())[1]["refreshToken"]
    assert_refused(cloud.refresh(Key(), token), 400, "ValidationException", "INVALID_REQUEST")
    assert_refused(cloud.refresh(key, token, clientId=CROSS_DEVICE), 400, "ValidationException", "INVALID_REQUEST")
    assert_refused(cloud.refresh(key, token, redirectUri=REDIRECT), 400, "ValidationException", "INVALID_REQUEST")
    status, fresh, _ = cloud.refresh(key, token)
    assert status == 200
    assert_refused(cloud.refresh(key, token), 400, "ValidationException", "INVALID_REQUEST")
    assert cloud.refresh(key, fresh["refreshToken"])[0] == 200


@case
def a_code_by_hand(cloud):
    page = cloud.endpoint + "/v1/sessions/confirmation"
    answer = decide(cloud.console_uri(client_id=CROSS_DEVICE, redirect_uri=page), "allow")
    text = base64.b64decode(code_on(fetch(answer.headers["location"]))).decode()
    fields = dict(pair.split("=", 1) for pair in text.split("&"))
    assert fields["state"] == "the state", fields
    assert cloud.redeem(Key(), fields["code"], clientId=CROSS_DEVICE, redirectUri=page)[0] == 200


@case
def sessions_end(cloud):
    key = Key()
    token = cloud.redeem(key, cloud.console_code())[1]
    fetch(cloud.endpoint + "/v1/sessions/end", "POST")
    try:
        identity(cloud, token["accessToken"])
        raise AssertionError("the session goes on")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ExpiredToken", error
    assert_refused(cloud.refresh(key, token["refreshToken"]), 401, "AccessDeniedException", "TOKEN_EXPIRED")


@case
def programs_register(cloud):
    status, client, _ = cloud.register()
    assert status == 200 and client["clientSecretExpiresAt"] > time.time() + 80 * 86400, client
    for changes, exception in (({"clientType": "confidential"}, "InvalidClientMetadataException"), ({"scopes": ["x"]}, "InvalidScopeException"),
                               ({"redirectUris": ["http://127.0.0.1:80/oauth/callback"]}, "InvalidRedirectUriException"),
                               ({"issuerUrl": "https://example.org/"}, "InvalidRequestException"),
                               ({"grantTypes": ["refresh_token"]}, "InvalidRequestException")):
        status, answer, headers = cloud.register(**changes)
        assert status == 400 and headers["x-amzn-errortype"] == exception and answer["error_description"], (changes, answer)


@case
def an_organization_takes_nothing_that_is_wrong(cloud):
    client = cloud.register()[1]
    code = cloud.sso_code(client)
    good = {"grantType": "authorization_code", "code": code, "codeVerifier": VERIFIER, "redirectUri": REDIRECT}
    status, token, _ = cloud.sso_token(client, **good)
    assert status == 200 and token["tokenType"] == "Bearer" and token["refreshToken"], token
    for changes in ({}, {"code": cloud.sso_code(client), "codeVerifier": VERIFIER + "x"},
                    {"code": cloud.sso_code(client), "redirectUri": REDIRECT.replace("4711", "4712")}):
        assert_refused(cloud.sso_token(client, **{**good, **changes}), 400, "InvalidGrantException", "invalid_grant")
    assert_refused(cloud.sso_token({**client, "clientSecret": "x"}, **good), 401, "InvalidClientException", "invalid_client")
    assert_refused(cloud.sso_token(client, grantType="password"), 400, "UnsupportedGrantTypeException", "unsupported_grant_type")

    refreshed = cloud.sso_token(client, grantType="refresh_token", refreshToken=token["refreshToken"])
    assert refreshed[0] == 200 and refreshed[1]["refreshToken"] != token["refreshToken"]
    assert_refused(cloud.sso_token(client, grantType="refresh_token", refreshToken=token["refreshToken"]), 400,
                   "InvalidGrantException", "invalid_grant")
    assert_refused(cloud.sso_token(cloud.register()[1], grantType="refresh_token", refreshToken=refreshed[1]["refreshToken"]), 400,
                   "InvalidGrantException", "invalid_grant")


@case
def devices_wait_their_turn(cloud):
    client = cloud.register(redirectUris=None, grantTypes=None, issuerUrl=None)[1]
    start = {"clientId": client["clientId"], "clientSecret": client["clientSecret"], "startUrl": START_URL}
    assert_refused(cloud.post("/device_authorization", {**start, "startUrl": "https://example.org"}), 400,
                   "InvalidRequestException", "invalid_request")
    status, device, _ = cloud.post("/device_authorization", start)
    assert status == 200 and device["userCode"] in device["verificationUriComplete"], device
    ask = {"grantType": DEVICE, "deviceCode": device["deviceCode"]}
    assert_refused(cloud.sso_token(client, **ask), 400, "AuthorizationPendingException", "authorization_pending")
    while (answer := cloud.sso_token(client, **ask))[1]["error"] != "slow_down":
        assert_refused(answer, 400, "AuthorizationPendingException", "authorization_pending")   # this computer is slow itself
    assert_refused(answer, 400, "SlowDownException", "slow_down")
    assert_refused(cloud.sso_token(client, grantType=DEVICE, deviceCode="x"), 400, "InvalidGrantException", "invalid_grant")
    assert decide(device["verificationUri"], "allow", user_code="WRNG-CODE").status == 400
    assert decide(device["verificationUri"], "allow", user_code=device["userCode"]).status == 200
    assert cloud.sso_token(client, **ask)[0] == 200
    assert_refused(cloud.sso_token(client, **ask), 400, "InvalidGrantException", "invalid_grant")
    _, device, _ = cloud.post("/device_authorization", start)
    decide(device["verificationUriComplete"], "deny")
    assert_refused(cloud.sso_token(client, grantType=DEVICE, deviceCode=device["deviceCode"]), 400, "AccessDeniedException", "access_denied")


@case
def the_portal_gives_what_a_role_may_do(cloud):
    client = cloud.register()[1]
    token = cloud.sso_token(client, grantType="authorization_code", code=cloud.sso_code(client), codeVerifier=VERIFIER,
                            redirectUri=REDIRECT)[1]["accessToken"]
    portal = boto3.client("sso", endpoint_url=cloud.endpoint, region_name="eu-central-1")
    account = portal.list_accounts(accessToken=token)["accountList"][0]["accountId"]
    pages = portal.get_paginator("list_account_roles").paginate(accessToken=token, accountId=account, PaginationConfig={"PageSize": 1})
    assert [role["roleName"] for page in pages for role in page["roleList"]] == ["AdministratorAccess", "ViewOnlyAccess"]
    given = portal.get_role_credentials(accessToken=token, accountId=account, roleName="ViewOnlyAccess")["roleCredentials"]
    assert given["expiration"] > time.time() * 1000
    session = boto3.Session(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"], region_name="eu-central-1")
    session.client("s3", endpoint_url=cloud.endpoint).list_buckets()
    try:
        session.client("s3", endpoint_url=cloud.endpoint).create_bucket(
            Bucket="not-for-viewers", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        raise AssertionError("a viewer makes buckets")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied", error
    for call, code in ((lambda: portal.get_role_credentials(accessToken=token, accountId=account, roleName="x"), "ResourceNotFoundException"),
                       (lambda: portal.list_account_roles(accessToken=token, accountId="123456789012"), "ForbiddenException"),
                       (lambda: portal.list_accounts(accessToken="x"), "UnauthorizedException")):
        try:
            call()
            raise AssertionError(code)
        except ClientError as error:
            assert error.response["Error"]["Code"] == code, error
    portal.logout(accessToken=token)
    try:
        portal.list_accounts(accessToken=token)
        raise AssertionError("the token goes on")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "UnauthorizedException", error


run(setup=Cloud, teardown=Cloud.close)
