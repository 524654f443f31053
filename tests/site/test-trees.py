# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees from a seeded generator are published, changed and undone with porchlight-cli, and compared byte by byte as visitors
get them.

PORCHLIGHT_SEED=N begins with another seed, PORCHLIGHT_TREES=N takes more or fewer of them."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from urllib.parse import quote, unquote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE), os.path.join(HERE, "..", "practice")]

from practice import Practice  # noqa: E402
from tap import case, run  # noqa: E402
from treegen import Tree, is_carried  # noqa: E402

PROGRAM = os.environ["PORCHLIGHT_CLI"]
FIRST_SEED = int(os.environ.get("PORCHLIGHT_SEED", "1"))
N_TREES = int(os.environ.get("PORCHLIGHT_TREES", "30"))
PARTS_EVERY = 10  # large files take their time


class Owner:
    """A computer with a site on a practice cloud of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="porchlight-trees-")
        self.cloud = Practice()
        self.environment = self.cloud.environment(PORCHLIGHT_DATA_DIR=os.path.join(self.folder, "data"), HOME=self.folder,
                                                  LC_ALL="C.UTF-8")
        self.site = self.run("site", "create", "Trees", "--template", "coming-soon")
        self.connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=60)
        self.n_trees = self.n_compared = 0
        self.seen = set()

    def close(self):
        self.connection.close()
        self.cloud.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments):
        done = subprocess.run([PROGRAM, "--json", *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=200)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout[-800:], done.stderr)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return json.loads(done.stdout.splitlines()[-1])

    def get(self, path):
        self.connection.request("GET", path, headers={"Host": urlsplit(self.site["address"]).netloc})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def compare(self, served, when):
        for path, data in served.items():
            address = "/" + quote(path)
            if path == "index.html" or path.endswith("/index.html"):
                assert self.get(address.removesuffix("index.html"))[::2] == (200, data), (when, path)
            status, headers, body = self.get(address)
            assert (status, body) == (200, data), (when, path, status, len(body), len(data))
            self.check_headers(path, headers, when)
            if "+" in path:
                assert self.get(address.replace("%2B", "+"))[::2] == (200, data), (when, path)
            self.n_compared += 1

        # What was there before and is no more: nothing, the way to where it went, or a file that open pages still need
        for path in sorted(self.seen - set(served)):
            status, headers, body = self.get("/" + quote(path))
            if status == 301 and headers["Location"] == "/" + quote(path) + "/":
                status, headers, body = self.get(headers["Location"])
            if status == 301:
                target = unquote(headers["Location"]).lstrip("/")
                assert target in served or target + "index.html" in served, (when, path, target)
            else:
                assert status == 404 or is_carried(path), (when, path, status, body[:100])
        self.seen |= set(served)

    @staticmethod
    def check_headers(path, headers, when):
        expected = {".html": "text/html; charset=utf-8", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".json": "application/json",
                    ".woff2": "font/woff2", ".pdf": "application/pdf"}
        ending = os.path.splitext(path)[1].lower()
        if ending in expected and headers["Content-Type"].split(";")[0] != expected[ending].split(";")[0]:
            raise AssertionError((when, path, headers["Content-Type"]))
        rule = headers["Cache-Control"]
        if is_carried(path):
            assert rule == "public, max-age=31536000, immutable", (when, path, rule)
        elif headers["Content-Type"].startswith("text/html"):
            assert rule == "public, max-age=0, s-maxage=31536000, must-revalidate", (when, path, rule)
        else:
            assert rule == "public, max-age=300, s-maxage=31536000", (when, path, rule)


def try_seed(owner, seed):
    root = os.path.join(owner.folder, f"tree-{seed}")
    tree = Tree(root, seed, parts=seed % PARTS_EVERY == 0)
    before = dict(tree.served())
    first = owner.run("publish", owner.site["id"], root)
    owner.compare(before, "published")
    tree.change()
    after = dict(tree.served())
    second = owner.run("publish", owner.site["id"], root)
    owner.compare(after, "changed")
    again = owner.run("publish", owner.site["id"], root, "--thorough")
    assert again["unchanged"] and again["sent"] == again["copied"] == 0, again
    if not second["unchanged"]:
        owner.run("release", "go-live", owner.site["id"], first["release"])
        owner.compare(before, "undone")
    owner.n_trees += 1
    owner.seen = set(before)
    shutil.rmtree(root)


def publish_seeds(owners, number, errors):
    owner = owners[number]
    for seed in range(FIRST_SEED + number, FIRST_SEED + N_TREES, len(owners)):
        if errors:
            return
        try:
            try_seed(owner, seed)
        except BaseException as error:
            errors.append((seed, error))


@case
def trees_are_published_changed_and_undone():
    owners = [Owner(), Owner()]
    errors = []
    try:
        threads = [threading.Thread(target=publish_seeds, args=(owners, number, errors)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"# {sum(owner.n_trees for owner in owners)} trees, {sum(owner.n_compared for owner in owners)} files compared", flush=True)
        if errors:
            seed, error = errors[0]
            raise AssertionError(f"PORCHLIGHT_SEED={seed}: {error!r}") from error
    finally:
        for owner in owners:
            owner.close()


run()
