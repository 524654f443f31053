#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site from its beginning to its end, with a store and in accounts that have none: publishing, redirects, renamed pages,
drafts, undo. What visitors see is the same."""

import json
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

from cli import Cli, Cloud, wait_until
from tap import case, run

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def deny(*actions):
    return {"Version": "2012-10-17", "Statement": [ALL, {"Effect": "Deny", "Action": list(actions), "Resource": "*"}]}


def page(title, text):
    return f"<!doctype html><html lang=en><meta name=description content=x><title>{title}</title><h1>{title}</h1><p>{text}\n"


def setup():
    return SimpleNamespace(cloud=Cloud(), clients=[])


def teardown(world):
    if world:
        world.cloud.close()
        for client in world.clients:
            client.close()


def make_client(world, name, policy):
    cli = Cli(world.cloud)
    if policy:
        iam = world.cloud.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        cli.environment.update(AWS_ACCESS_KEY_ID=key["AccessKeyId"], AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"])
    world.clients.append(cli)
    return cli


class Journey:
    def __init__(self, world, name, policy=None):
        self.cloud = world.cloud
        self.cli = make_client(world, name, policy)
        self.name = name
        self.folder = tempfile.TemporaryDirectory(prefix="porchlight-site-")
        self.root = Path(self.folder.name)
        self.write("index.html", page("Home", "one"))
        self.write("about/index.html", page("About", "one"))
        self.address = self.cli.json("site", "create", name, "--from", str(self.root))[-1]["address"]

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def publish(self, *arguments):
        return self.cli.json("publish", self.name, str(self.root), *arguments)[-1]

    def see(self, path, cookie=None):
        """Status and place or text."""
        status, headers, body = self.cloud.request("GET", self.address, path, None, {"Cookie": cookie} if cookie else None)
        return status, headers["Location"] if 300 <= status < 400 else re.sub(r"(?s).*<p>", "", body.decode()).strip()

    def has_store(self):
        stacks = self.cloud.client("cloudformation").list_stack_resources
        names = [each["StackName"] for each in self.cloud.client("cloudformation").describe_stacks()["Stacks"]
                 if each["StackName"].startswith(f"porchlight-{self.name}-")]
        return any(each["ResourceType"] == "AWS::CloudFront::KeyValueStore" and not each["ResourceStatus"].startswith("DELETE")
                   for each in stacks(StackName=names[0])["StackResourceSummaries"])

    def go(self):
        assert self.see("/") == (200, "one") and self.see("/about") == (301, "/about/")
        first = next(each["id"] for each in self.cli.document("release", "list", self.name) if each["live"])

        # redirects from the file, and from a page that got another name
        self.write("_redirects", "/old /about/ 302\n/blog/*  /news/:splat\n")
        self.write("team/index.html", page("About", "one"))
        (self.root / "about/index.html").unlink()
        (self.root / "about").rmdir()
        self.write("index.html", page("Home", "two"))
        second = self.publish()["release"]
        assert self.see("/") == (200, "two")
        assert self.see("/old?a=b") == (302, "/about/?a=b")
        assert self.see("/blog/x/y") == (301, "/news/x/y")
        assert self.see("/about/") == (301, "/team/"), self.see("/about/")
        assert self.see("/_redirects/")[0] == 404

        # a draft beside it
        self.write("index.html", page("Home", "three"))
        self.write("_redirects", "/old /draft/\n")
        draft = self.publish("--draft", "5")
        link = draft["draftLink"]
        assert self.see("/") == (200, "two") and self.see("/old") == (302, "/about/")
        path = link[len(self.address) - 1:]
        status, headers, _ = self.cloud.get(self.address, path)
        assert status == 302 and headers["Location"] == "/", (status, headers.items())
        cookie = headers["Set-Cookie"].split(";")[0]
        assert self.see("/", cookie) == (200, "three") and self.see("/old", cookie) == (301, "/draft/")
        drafts = self.cli.document("draft", "list", self.name)
        assert [each["draftLink"] for each in drafts] == [link], drafts
        self.cli.run("draft", "remove", self.name, drafts[0]["id"])
        assert self.see("/", cookie)[0] == 410 and self.see("/") == (200, "two")

        # back to the first version, and forth again: its redirects come along
        self.cli.json("release", "go-live", self.name, first)
        assert self.see("/") == (200, "one") and self.see("/about/") == (200, "one")
        assert self.see("/old") == (301, "/old/")
        self.cli.json("release", "go-live", self.name, second)
        assert self.see("/") == (200, "two") and self.see("/old") == (302, "/about/")

        self.cli.json("site", "delete", self.name)
        wait_until(lambda: self.cloud.get(self.address)[0] in (403, 404))
        self.folder.cleanup()


@case
def with_a_store(world):
    journey = Journey(world, "garden")
    assert journey.has_store()
    journey.go()


@case
def where_no_store_may_be_made(world):
    journey = Journey(world, "orchard", deny("cloudfront:CreateKeyValueStore"))
    assert not journey.has_store()
    journey.go()


@case
def where_the_store_lets_nobody_in(world):
    journey = Journey(world, "meadow", deny("cloudfront-keyvaluestore:*"))
    assert not journey.has_store()
    journey.go()


@case
def where_no_role_may_be_made(world):
    journey = Journey(world, "forest", deny("iam:CreateRole"))
    assert not journey.has_store()
    journey.go()


@case
def another_computer_finds_it(world):
    """What the resources say is enough to go on."""
    first = Journey(world, "brook", deny("cloudfront:CreateKeyValueStore"))
    other = Cli(world.cloud)
    other.environment.update(AWS_ACCESS_KEY_ID=first.cli.environment["AWS_ACCESS_KEY_ID"],
                             AWS_SECRET_ACCESS_KEY=first.cli.environment["AWS_SECRET_ACCESS_KEY"])
    world.clients.append(other)
    assert [site["name"] for site in other.document("site", "list")] == ["brook"]
    first.write("index.html", page("Home", "from elsewhere"))
    other.json("publish", "brook", str(first.root))
    assert first.see("/") == (200, "from elsewhere")
    # the first one knows what is live by now
    first.write("index.html", page("Home", "from here"))
    first.publish()
    assert first.see("/") == (200, "from here")
    assert any("brook" in name for name in world.cloud.leftovers())
    first.cli.json("site", "delete", "brook")
    assert world.cloud.leftovers() == []
    first.folder.cleanup()


run(setup=setup, teardown=teardown)
