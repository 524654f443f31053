# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""porchlight-cli publish is killed at every single request, before it arrives and after it was done. What visitors see then,
on every path, is wholly the old site or wholly the new one; taken up again it comes to its end, and no bytes are sent that
had arrived.

PORCHLIGHT_CUTS=N tries every N-th request only."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import quote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "practice")]

from practice import Practice  # noqa: E402
from tap import Skip, case, run  # noqa: E402

PROGRAM = os.environ["PORCHLIGHT_CLI"]
EVERY = int(os.environ.get("PORCHLIGHT_CUTS", "1"))
LARGE = 16 * 1024 * 1024 + 1000  # goes in parts
MISSING = "/there/is/nothing.html"
REDIRECTS = "_redirects"
REDIRECTED = {"/was", "/moved/one.html", "/earlier"}

FIRST = {
    "index.html": b"<h1>first</h1>",
    "404.html": b"an own page",
    "pages/one.html": b"one",
    "pages/again.html": b"one",
    "pages/empty.txt": b"",
    "odd # ? % + & \U0001f3e0/\u00fc.html": b"odd",
}
OLD = FIRST | {
    "same/index.html": b"stays",
    "same/picture.txt": b"stays too",
    "changing/index.html": b"before",
    "changing/constant.html": b"is copied",
    "gone/index.html": b"will be gone",
    "assets/main.1a2b3c4d.js": b"old code",
    REDIRECTS: b"/was /pages/one.html\n/moved/* /pages/:splat 302\n",
}
NEW = {name: data for name, data in OLD.items() if name not in ("gone/index.html", "404.html", "assets/main.1a2b3c4d.js")} | {
    "index.html": b"<h1>second</h1>",
    "changing/index.html": b"after",
    "changing/new.html": b"after",
    "assets/main.5e6f7a8b.js": b"new code",
    "film.mp4": bytes(range(250)) * (LARGE // 250),
    REDIRECTS: b"/was /changing/new.html\n/earlier /pages/one.html 302\n",
}


def write_tree(root, tree):
    for name, data in tree.items():
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def paths_of(*trees):
    paths = {MISSING} | REDIRECTED
    for name in set().union(*trees):
        paths.add("/" + quote(name))
        if name.endswith("index.html"):
            paths.add("/" + quote(name[:-len("index.html")]))
            paths.add("/" + quote(name[:-len("/index.html")]))
    return sorted(paths)


def bodies(lines):
    """ETags of what arrived as the body of a file; they follow from the bytes."""
    found = {}
    for line in lines:
        operation, status, size, etag, address = line.split(" ", 4)
        if operation in ("PutObject", "UploadPart") and status == "200" and size != "0" and "/releases/" in address:
            found[etag] = f"{size} bytes to {address}"
    return found


class Lane:
    """A practice cloud, a computer of an owner, a site, and the two trees that it shows in turn."""

    def __init__(self, trees):
        self.folder = tempfile.mkdtemp(prefix="porchlight-cuts-")
        self.cloud = Practice()
        self.environment = self.cloud.environment(PORCHLIGHT_DATA_DIR=os.path.join(self.folder, "data"), HOME=self.folder,
                                                  LC_ALL="C.UTF-8")
        self.trees = trees
        self.roots = [os.path.join(self.folder, f"tree-{number}") for number in range(len(trees))]
        for root, tree in zip(self.roots, trees):
            write_tree(root, tree)
        self.paths = paths_of(*trees)
        self.cuts = self.taken_up = 0
        self.site = self.run("site", "create", "Cut", "--from", self.roots[0])

    def close(self):
        self.cloud.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *arguments):
        return subprocess.Popen([PROGRAM, "--json", *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (arguments, process.returncode, out[-500:], err)
        try:
            return json.loads(out)
        except ValueError:
            return json.loads(out.splitlines()[-1])

    def seen(self, cookie=""):
        """What visitors get on every path: status, headers that matter, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=60)
        pages = {}
        for path in self.paths:
            connection.request("GET", path, headers={"Host": urlsplit(self.site["address"]).netloc, "Cookie": cookie})
            answer = connection.getresponse()
            body = answer.read()
            headers = [answer.headers.get(name) for name in ("Content-Type", "Cache-Control", "Location")]
            # the page for what is missing lies under a key that all releases share
            pages[path] = (404,) if answer.status == 404 else (answer.status, headers, body)
        connection.close()
        return pages

    def check_bytes(self, pages, tree):
        for name, data in tree.items():
            if name == REDIRECTS:
                assert pages["/" + name][0] in (301, 404) and pages["/was"][0] == 301, (pages["/" + name], pages["/was"])
                continue
            status, _, body = pages["/" + quote(name)] if not name.endswith("index.html") else pages["/" + quote(name[:-10])]
            assert (status, body) == (200, data), (name, status)

    def shown(self, when):
        pages = self.seen()
        for number, known in enumerate(self.known):
            if pages == known:
                return number
        strange = [[path for path in self.paths if pages[path] != known[path]] for known in self.known]
        raise AssertionError(f"{when}: neither the old site nor the new one is served: {strange}")

    def learn(self, rounds):
        """Each release carries fingerprinted files of the one before; after a while both do."""
        self.known = [None] * len(self.trees)
        for number in rounds:
            self.run("publish", self.site["id"], self.roots[number])
            self.known[number] = self.seen()
            self.check_bytes(self.known[number], self.trees[number])

    def resume(self):
        operations = self.run("operation", "list")
        assert len(operations) <= 1, operations
        for operation in operations:
            self.run("operation", "resume", operation["id"])
        return bool(operations)

    def kill(self, number, when, to):
        """Kills a publish at a request; False if it had no such request."""
        name = f"killed at request {number}, {when}, on the way to {to}"
        self.cloud.take_trace()
        self.cloud.change_faults(f"at={number},hold={when}")
        process = self.start("publish", self.site["id"], self.roots[to])
        held = self.cloud.wait_held(process)
        process.kill()
        process.communicate()
        self.cloud.change_faults()
        arrived = bodies(self.cloud.take_trace())
        state = self.shown(name)
        if not held:
            assert process.returncode == 0 and state == to, (name, process.returncode, state)
            return False
        self.cuts += 1
        if self.resume():
            self.taken_up += 1
        elif state != to:
            self.run("publish", self.site["id"], self.roots[to])
        again = bodies(self.cloud.take_trace())
        twice = [what for etag, what in again.items() if etag in arrived]
        assert not twice, f"{name}: sent again though it had arrived: {twice}"
        assert self.shown(name) == to, name
        assert self.run("operation", "list") == [], name
        return True

    def kill_draft(self, number, when):
        """Kills the making of a draft at a request; False if it had no such request. Visitors see nothing of it."""
        name = f"a draft, killed at request {number}, {when}"
        self.cloud.take_trace()
        self.cloud.change_faults(f"at={number},hold={when}")
        process = self.start("publish", self.site["id"], self.roots[1], "--draft")
        held = self.cloud.wait_held(process)
        process.kill()
        process.communicate()
        self.cloud.change_faults()
        arrived = bodies(self.cloud.take_trace())
        assert self.shown(name) == 0, name
        if held:
            self.cuts += 1
            if self.resume():
                self.taken_up += 1
            else:
                self.run("publish", self.site["id"], self.roots[1], "--draft")
        again = bodies(self.cloud.take_trace())
        twice = [what for etag, what in again.items() if etag in arrived]
        assert not twice, f"{name}: sent again though it had arrived: {twice}"
        drafts = self.run("draft", "list", self.site["id"])
        assert len(drafts) == 1, (name, drafts)
        token = drafts[0]["draftLink"].split("=")[-1]
        assert self.seen(f"porchlight-draft={token}")["/"] == self.known[1]["/"], name
        assert self.shown(name) == 0 and self.run("operation", "list") == [], name
        self.run("draft", "remove", self.site["id"], drafts[0]["id"])
        return held

    def forget(self):
        """As if nothing had ever been published."""
        s3 = self.cloud.client("s3")
        store = self.cloud.client("cloudfront-keyvaluestore", endpoint=f"http://localhost:{self.cloud.port}")
        bucket = next(bucket["Name"] for bucket in s3.list_buckets()["Buckets"])
        for prefix in ("releases/", "manifests/"):
            for item in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
                s3.delete_object(Bucket=bucket, Key=item["Key"])
        arn = self.cloud.client("cloudfront").list_key_value_stores()["KeyValueStoreList"]["Items"][0]["ARN"]
        if any(item["Key"] == "live" for item in store.list_keys(KvsARN=arn)["Items"]):
            store.delete_key(KvsARN=arn, Key="live", IfMatch=store.describe_key_value_store(KvsARN=arn)["ETag"])


def side_by_side(functions):
    """Runs them in threads; the first error of any is raised."""
    errors = []

    def guarded(function):
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def kill_changes(when):
    lane = Lane([OLD, NEW])
    try:
        lane.learn([1, 0, 1, 0])
        number, more = 1, True
        while more:
            there = lane.kill(number, when, 1)
            back = lane.kill(number, when, 0)
            more = there or back
            number += EVERY
        print(f"# {lane.cuts} kills, {when} the request was done; {lane.taken_up} left work to take up again", flush=True)
        assert lane.cuts > 20 // EVERY and lane.taken_up > lane.cuts // 2
    finally:
        lane.close()


@case
def a_change_is_killed_at_every_request():
    side_by_side([lambda: kill_changes("before"), lambda: kill_changes("after")])


def kill_first(when):
    lane = Lane([FIRST, FIRST])
    try:
        lane.learn([0])
        lane.known = [lane.known[0]]
        lane.forget()
        lane.known.insert(0, lane.seen())
        assert {page[0] for page in lane.known[0].values()} == {503}, lane.known[0]
        number = 1
        while lane.kill(number, when, 1):
            lane.forget()
            number += EVERY
        print(f"# {lane.cuts} kills, {when} the request was done; {lane.taken_up} left work to take up again", flush=True)
        assert lane.cuts > 10 // EVERY
    finally:
        lane.close()


@case
def a_first_publish_is_killed_at_every_request():
    try:
        import awscrt.auth  # noqa: F401
    except ImportError:
        raise Skip("python3-awscrt is not installed, which empties the store")
    side_by_side([lambda: kill_first("before"), lambda: kill_first("after")])


def kill_drafts(when):
    lane = Lane([OLD, NEW])
    try:
        lane.learn([1, 0])
        number = 1
        while lane.kill_draft(number, when):
            number += EVERY
        print(f"# {lane.cuts} kills, {when} the request was done; {lane.taken_up} left work to take up again", flush=True)
        assert lane.cuts > 10 // EVERY and lane.taken_up > lane.cuts // 2
    finally:
        lane.close()


@case
def a_draft_is_killed_at_every_request():
    side_by_side([lambda: kill_drafts("before"), lambda: kill_drafts("after")])


run()
