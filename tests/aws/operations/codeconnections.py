# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections, which only a person can finish, on a page of the console. moto has nothing of the service."""

import re
import urllib.error
import urllib.parse
import urllib.request

from operations import scenario

LACKS = {"CreateConnection", "GetConnection", "ListConnections", "DeleteConnection"}


def console(cloud, form=None):
    server = urllib.parse.urlsplit(cloud.cloud.endpoint)
    request = urllib.request.Request(
        f"http://{server.netloc}/codesuite/settings/connections?region={cloud.cloud.environment['AWS_REGION']}",
        data=urllib.parse.urlencode(form).encode() if form else None, headers={"Host": f"console.localhost:{server.port}"})
    with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
        return answer.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


@scenario("codeconnections", moto_lacks=LACKS)
def connections(cloud):
    arn = cloud.ours("CreateConnection", ConnectionName="porch <a>", ProviderType="GitHub", Tags=[{"Key": "application", "Value": "porchlight"}])["ConnectionArn"]
    assert re.fullmatch(r"arn:aws:codeconnections:[\w-]+:\d{12}:connection/[0-9a-f-]{36}", arn), arn
    known = cloud.same("GetConnection", ConnectionArn=arn)["Connection"]
    assert (known["ConnectionName"], known["ProviderType"], known["ConnectionStatus"]) == ("porch <a>", "GitHub", "PENDING"), known
    other = cloud.client().create_connection(ConnectionName="other", ProviderType="GitLab")["ConnectionArn"]
    assert [one["ConnectionName"] for one in cloud.pages("ListConnections", MaxResults=1)] == ["porch <a>", "other"]
    assert [one["ConnectionArn"] for one in cloud.same("ListConnections", ProviderTypeFilter="GitLab")["Connections"]] == [other]

    # The button; nobody can press it who has not seen the page
    page = console(cloud)
    assert "porch &lt;a&gt;" in page and "<a>" not in page and page.count("<button") == 2, page
    form = dict(re.findall(r'name="(\w+)" value="([^"]+)"', page.split("<li>")[1]))
    for wrong in ({**form, "token": form["token"][::-1]}, {**form, "connection": "missing"}):
        try:
            console(cloud, wrong)
            raise AssertionError("it was connected")
        except urllib.error.HTTPError as error:
            assert error.code == 403
    assert cloud.ours("GetConnection", ConnectionArn=arn)["Connection"]["ConnectionStatus"] == "PENDING"
    try:
        console(cloud, form)
    except urllib.error.HTTPError as error:
        assert error.code == 303
    assert cloud.same("GetConnection", ConnectionArn=arn)["Connection"]["ConnectionStatus"] == "AVAILABLE"
    assert cloud.ours("GetConnection", ConnectionArn=other)["Connection"]["ConnectionStatus"] == "PENDING"
    assert console(cloud).count("<button") == 1

    cloud.ours("DeleteConnection", ConnectionArn=other)
    cloud.both_refused("ResourceNotFoundException", "GetConnection", ConnectionArn=other)
    cloud.both_refused("ResourceNotFoundException", "DeleteConnection", ConnectionArn=other)
    cloud.refused("ValidationException", "CreateConnection", ConnectionName="x" * 33, ProviderType="GitHub")
