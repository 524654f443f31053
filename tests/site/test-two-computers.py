# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two computers of one owner work on one site at the same time: one is held at each of its requests in turn while the other
does something, and then goes on. Exactly one wins, the other says so and can go again, and what is served is always whole.

PORCHLIGHT_CUTS=N tries every N-th request only."""

import glob
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "practice")]

from practice import Practice, server_command  # noqa: E402
from tap import Skip, case, run  # noqa: E402

PROGRAM = os.environ["PORCHLIGHT_CLI"]
EVERY = int(os.environ.get("PORCHLIGHT_CUTS", "1"))
DAYS_AGO = 30
KEPT = 10


def tree(version):
    return {
        "index.html": f"<h1>{version}</h1>".encode(),
        "404.html": b"nothing",
        "same/index.html": b"stays",
        "same/two.html": b"stays too",
        "changing/index.html": f"page {version}".encode(),
        "changing/constant.html": b"is copied",
        f"only-{version}/index.html": b"own",
    }


def long_ago():
    """The environment of a program that believes to run a month ago."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not library or os.environ.get("PORCHLIGHT_SANITIZED"):
        raise Skip("faketime is not there, or does not go with sanitizers")
    return {"LD_PRELOAD": library[0], "FAKETIME": f"-{DAYS_AGO}d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Cloud(Practice):
    def start(self, port=0, faults="", delays="0", environment=()):
        self.process = subprocess.Popen(server_command(self.state, port, faults, delays), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env={**os.environ, **dict(environment)})
        self.info = json.loads(self.process.stdout.readline())
        self.endpoint = self.info["endpoint"]
        self.port = urlsplit(self.endpoint).port
        self.key, self.secret, self.region = (self.info[name] for name in ("accessKeyId", "secretAccessKey", "region"))


class Scene:
    """A practice cloud, the computers A and B, and the trees that they publish."""

    def __init__(self, folder=None, **environment):
        self.folder = folder or tempfile.mkdtemp(prefix="porchlight-two-")
        self.cloud = Cloud(state=os.path.join(self.folder, "cloud"))
        self.trees = {}
        self.n_cuts = 0

    def close(self):
        self.cloud.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def root(self, version):
        root = Path(self.folder, "trees", version)
        if version not in self.trees:
            self.trees[version] = tree(version)
            for name, data in self.trees[version].items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        return str(root)

    def start(self, computer, *arguments, **environment):
        own = {"PORCHLIGHT_DATA_DIR": os.path.join(self.folder, computer), "HOME": self.folder, "LC_ALL": "C.UTF-8"}
        return subprocess.Popen([PROGRAM, "--json", *arguments], env=self.cloud.environment(**own, **environment),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @staticmethod
    def finish(process):
        """Its last line, or None if it failed, and what it said then."""
        out, err = process.communicate(timeout=120)
        if process.returncode != 0:
            return None, err
        try:
            return json.loads(out), err
        except ValueError:
            return json.loads(out.splitlines()[-1]), err

    def run(self, computer, *arguments, **environment):
        result, err = self.finish(self.start(computer, *arguments, **environment))
        assert result is not None, (computer, arguments, err)
        return result

    def shown(self, when):
        """The version that is served, wholly."""
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=60)
        pages = {}
        for path in sorted(set().union(*self.trees.values())):
            address = "/" + quote(path.removesuffix("index.html"))
            connection.request("GET", address, headers={"Host": urlsplit(self.site["address"]).netloc})
            answer = connection.getresponse()
            body = answer.read()
            pages[path] = body if answer.status == 200 else None
        connection.close()
        found = [version for version, files in self.trees.items()
                 if all(pages[path] == files.get(path) for path in pages if path != "404.html")]
        assert len(found) == 1, (when, {path: page and page[:20] for path, page in pages.items()})
        return found[0]


@case
def one_of_two_publishes_wins():
    scene = Scene()
    try:
        scene.site = scene.run("A", "site", "create", "Two", "--from", scene.root("start"))
        scene.run("B", "site", "list")
        losses = wins = 0
        number, more = 1, True
        while more:
            base, ours, theirs = f"base-{number}", f"a-{number}", f"b-{number}"
            scene.run("A", "publish", "two", scene.root(base))
            scene.root(ours)
            scene.root(theirs)
            scene.cloud.change_faults(f"at={number},hold=before")
            process = scene.start("A", "publish", "two", scene.root(ours), "--patience", "1")
            more = scene.cloud.wait_held(process)
            second = scene.run("B", "publish", "two", scene.root(theirs))
            assert not more or scene.shown(number) in (theirs, ours)
            scene.cloud.change_faults()
            first, err = scene.finish(process)
            shown = scene.shown(number)
            if first is None:
                losses += 1
                assert shown == theirs, (number, shown, err)
                assert "went live meanwhile" in err, err
                again = scene.run("A", "publish", "two", scene.root(ours))
                assert scene.shown(number) == ours and again["sent"] <= 2, (number, again)
            else:
                wins += 1
                assert shown == (ours if first.get("previous") == second["release"] else theirs), (number, shown, first, second)
            assert scene.run("A", "operation", "list") == scene.run("B", "operation", "list") == []
            for version in (base, ours, theirs):
                del scene.trees[version]
            number += EVERY
        print(f"# held at {number - EVERY} requests: {losses} times the other was faster, {wins} times not", flush=True)
        assert losses > 5 // EVERY and wins > 2 // EVERY
    finally:
        scene.close()


def make_old_site():
    """More versions than are kept, all of them a month old: the next publish of A removes the oldest."""
    scene = Scene()
    past = long_ago()
    scene.cloud.restart(port=scene.cloud.port, environment=past)
    scene.site = scene.run("A", "site", "create", "Two", "--from", scene.root("v00"), **past)
    scene.releases = {}
    for number in range(1, KEPT + 4):
        version = f"v{number:02}"
        scene.releases[version] = scene.run("A", "publish", "two", scene.root(version), **past)["release"]
    scene.cloud.restart(port=scene.cloud.port)
    scene.run("B", "site", "list")
    scene.run("B", "release", "list", "two")
    scene.cloud.stop()
    for name in ("cloud", "A", "B"):
        shutil.copytree(os.path.join(scene.folder, name), os.path.join(scene.folder, "saved", name), symlinks=True)
    scene.root("new")
    scene.root("theirs")
    return scene


def restore(scene):
    for name in ("cloud", "A", "B"):
        shutil.rmtree(os.path.join(scene.folder, name))
        shutil.copytree(os.path.join(scene.folder, "saved", name), os.path.join(scene.folder, name), symlinks=True)
    scene.cloud.start(port=scene.cloud.port)


def hold_clean_up(number, scene, other):
    """A publishes and is held at a request of its clean-up, while B does something; A then goes on. False when A has no
    such request."""
    scene.cloud.change_faults(f"at={number},hold=before")
    process = scene.start("A", "publish", "two", scene.root("new"), "--patience", "1")
    held = scene.cloud.wait_held(process)
    if held:
        is_live = scene.shown(number) == "new"
        result, refusal = other()
        before = scene.shown((number, result, refusal))
        scene.cloud.change_faults()
        first, err = scene.finish(process)
        after = scene.shown((number, result, refusal, first, err))
        assert after == before or (after == "new" and not is_live), (number, is_live, before, after, refusal, err)
        assert first is not None or "went live meanwhile" in err, (number, err)
    else:
        scene.finish(process)
    return held


def hold_everywhere(scene, other, shown):
    number, held = 1, True
    outcomes = {}
    while held:
        restore(scene)
        held = hold_clean_up(number, scene, other)
        if held:
            version = scene.shown(number)
            outcomes[version] = outcomes.get(version, 0) + 1
            # What is live can still be published on
            scene.run("B", "publish", "two", scene.root("new"))
            assert scene.shown(number) == "new"
        scene.cloud.stop()
        number += EVERY
    print(f"# held at {number - EVERY} requests; shown in the end: {outcomes}", flush=True)
    assert outcomes.get(shown, 0) > 2 // EVERY, outcomes


@case
def a_clean_up_leaves_the_other_computer_alone():
    """B publishes, or goes back to the oldest version, which A is just removing."""
    scene = make_old_site()
    try:
        live = max(scene.releases)
        # ids of the same second are in no order
        oldest = min((name for name in scene.releases if name != live), key=scene.releases.get)
        hold_everywhere(scene, lambda: scene.finish(scene.start("B", "publish", "two", scene.root("theirs"))), "theirs")
        hold_everywhere(scene, lambda: scene.finish(scene.start("B", "release", "go-live", "two", scene.releases[oldest])), oldest)
        scene.cloud.start(port=scene.cloud.port)
    finally:
        scene.close()


run()
