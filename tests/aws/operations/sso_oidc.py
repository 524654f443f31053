# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "cli"))

from browser import decide  # noqa: E402

from . import scenario  # noqa: E402
from proof import VERIFIER, challenge  # noqa: E402

START_URL = "https://practice.awsapps.com/start"
REDIRECT = "http://127.0.0.1:4711/oauth/callback"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
PROGRAM = {"clientName": "scene", "clientType": "public", "scopes": ["sso:account:access"], "issuerUrl": START_URL,
           "grantTypes": ["authorization_code", "refresh_token"], "redirectUris": ["http://127.0.0.1/oauth/callback"]}


def names(client):
    return {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}


def new_code(cloud, client):
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": client["clientId"], "redirect_uri": REDIRECT, "state": "s",
        "code_challenge_method": "S256", "scopes": "sso:account:access", "code_challenge": challenge()})
    location = decide(f"{cloud.cloud.endpoint}/authorize?{query}", "allow").headers["location"]
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))["code"]


def new_token(cloud):
    """For the portal, too."""
    client = cloud.ours("RegisterClient", service="sso-oidc", **PROGRAM)
    return cloud.ours("CreateToken", service="sso-oidc", **names(client), grantType="authorization_code", code=new_code(cloud, client),
                      codeVerifier=VERIFIER, redirectUri=REDIRECT)


@scenario("sso-oidc", moto_lacks={"RegisterClient", "StartDeviceAuthorization", "CreateToken"}, moto=False)
def browsers(cloud):
    client, other = cloud.ours("RegisterClient", **PROGRAM), cloud.theirs("RegisterClient", **PROGRAM)
    assert set(client) == set(other), (sorted(client), sorted(other))
    assert abs(client["clientSecretExpiresAt"] - time.time() - 90 * 86400) < 3600

    def redeem(call, who):
        return call("CreateToken", **names(who), grantType="authorization_code", code=new_code(cloud, who), codeVerifier=VERIFIER,
                    redirectUri=REDIRECT)

    ours, theirs = redeem(cloud.ours, client), redeem(cloud.theirs, other)
    assert set(ours) == set(theirs) and ours["tokenType"] == theirs["tokenType"] == "Bearer", (sorted(ours), sorted(theirs))
    assert cloud.ours("CreateToken", **names(client), grantType="refresh_token", refreshToken=ours["refreshToken"])["accessToken"]
    cloud.refused("InvalidGrantException", "CreateToken", **names(client), grantType="refresh_token", refreshToken=ours["refreshToken"])
    cloud.both_refused("InvalidClientException", "CreateToken", clientId="x", clientSecret="y", grantType="refresh_token", refreshToken="z",
                       message=False)


@scenario("sso-oidc", moto_lacks={"RegisterClient", "StartDeviceAuthorization", "CreateToken"}, moto=False)
def devices(cloud):
    client = cloud.ours("RegisterClient", clientName="scene", clientType="public", scopes=["sso:account:access"])
    device = cloud.ours("StartDeviceAuthorization", **names(client), startUrl=START_URL)
    other = cloud.theirs("StartDeviceAuthorization", **names(client), startUrl=START_URL)
    assert set(device) == set(other), (sorted(device), sorted(other))
    ask = {**names(client), "grantType": DEVICE, "deviceCode": device["deviceCode"]}
    cloud.refused("AuthorizationPendingException", "CreateToken", **ask)
    assert decide(device["verificationUriComplete"], "allow").status == 200
    assert cloud.ours("CreateToken", **ask)["accessToken"]
    decide(other["verificationUriComplete"], "deny")
    cloud.both_refused("AccessDeniedException", "CreateToken", **{**ask, "deviceCode": other["deviceCode"]}, message=False)
