# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later

from . import scenario
from .sso_oidc import new_token


@scenario("sso", moto_lacks={"ListAccounts", "ListAccountRoles", "GetRoleCredentials", "Logout"}, moto=False)
def portal(cloud):
    token = new_token(cloud)["accessToken"]
    account = cloud.same("ListAccounts", accessToken=token)["accountList"][0]["accountId"]
    cloud.same("ListAccountRoles", accessToken=token, accountId=account)
    assert len(cloud.pages("ListAccountRoles", accessToken=token, accountId=account, maxResults=1)) == 2

    given = cloud.ours("GetRoleCredentials", accessToken=token, accountId=account, roleName="AdministratorAccess")["roleCredentials"]
    theirs = cloud.theirs("GetRoleCredentials", accessToken=token, accountId=account, roleName="AdministratorAccess")["roleCredentials"]
    assert set(given) == set(theirs) and abs(given["expiration"] - theirs["expiration"]) < 60_000, (sorted(given), sorted(theirs))
    found = cloud.ours("GetCallerIdentity", service="sts", settings={
        "AWS_ACCESS_KEY_ID": given["accessKeyId"], "AWS_SECRET_ACCESS_KEY": given["secretAccessKey"], "AWS_SESSION_TOKEN": given["sessionToken"]})
    assert found["Account"] == account and "/AWSReservedSSO_AdministratorAccess_" in found["Arn"], found

    cloud.both_refused("ResourceNotFoundException", "GetRoleCredentials", accessToken=token, accountId=account, roleName="x")
    cloud.both_refused("UnauthorizedException", "ListAccounts", accessToken="x")
    cloud.both_refused("InvalidRequestException", "ListAccountRoles", accessToken=token, accountId=account, nextToken="x")
    cloud.ours("Logout", accessToken=token)
    cloud.both_refused("UnauthorizedException", "ListAccounts", accessToken=token)
