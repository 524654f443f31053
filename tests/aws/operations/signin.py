# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import sys
import time
import urllib.parse
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "cli"))

from browser import decide  # noqa: E402

from . import scenario  # noqa: E402
from proof import Key, VERIFIER, challenge  # noqa: E402

SAME_DEVICE = "arn:aws:signin:::devtools/same-device"
REDIRECT = "http://127.0.0.1:4711/oauth/callback"


def new_code(cloud):
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": SAME_DEVICE, "state": str(uuid.uuid4()), "code_challenge_method": "SHA-256",
        "scope": "openid", "redirect_uri": REDIRECT, "code_challenge": challenge()})
    location = decide(f"{cloud.cloud.endpoint}/v1/authorize?{query}", "allow").headers["location"]
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))["code"]


@scenario("signin", moto_lacks={"CreateOAuth2Token"}, moto=False)
def sessions(cloud):
    key = Key()
    url = cloud.cloud.endpoint + "/v1/token"

    def redeem(call):
        return call("CreateOAuth2Token", DPoP=key.proof(url), tokenInput={
            "clientId": SAME_DEVICE, "grantType": "authorization_code", "code": new_code(cloud), "codeVerifier": VERIFIER,
            "redirectUri": REDIRECT})["tokenOutput"]

    ours, theirs = redeem(cloud.ours), redeem(cloud.theirs)
    assert set(ours) == set(theirs) and ours["tokenType"] == theirs["tokenType"] == "aws_sigv4", (sorted(ours), sorted(theirs))
    assert set(ours["accessToken"]) == {"accessKeyId", "secretAccessKey", "sessionToken"}

    access = ours["accessToken"]
    found = cloud.ours("GetCallerIdentity", service="sts", settings={
        "AWS_ACCESS_KEY_ID": access["accessKeyId"], "AWS_SECRET_ACCESS_KEY": access["secretAccessKey"],
        "AWS_SESSION_TOKEN": access["sessionToken"]})
    assert found["Arn"].endswith(":user/practice"), found

    fresh = cloud.ours("CreateOAuth2Token", DPoP=key.proof(url), tokenInput={
        "clientId": SAME_DEVICE, "grantType": "refresh_token", "refreshToken": ours["refreshToken"]})["tokenOutput"]
    assert "idToken" not in fresh and fresh["refreshToken"] != ours["refreshToken"]

    used = {"clientId": SAME_DEVICE, "grantType": "refresh_token", "refreshToken": ours["refreshToken"]}
    cloud.refused("ValidationException", "CreateOAuth2Token", DPoP=key.proof(url), tokenInput=used)
    cloud.refused("ValidationException", "CreateOAuth2Token", DPoP=key.proof(url, iat=int(time.time()) - 3600), tokenInput=used)
