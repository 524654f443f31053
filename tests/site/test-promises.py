# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What publishing promises beside being whole: it goes on elsewhere and on another day, never changes what was live, notices
damage on the way, and needs little memory."""

import glob
import http.client
import json
import os
import re
import shutil
import socket
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
MEGABYTE = 1000 * 1000


class Scene:
    """A practice cloud with a site, and computers that publish."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="porchlight-promises-")
        self.cloud = Practice()
        self.root = os.path.join(self.folder, "tree")
        self.write({"index.html": b"<h1>start</h1>", "same/one.html": b"one", "same/two.html": b"two", "other/page.html": b"page"})
        self.site = self.run("A", "site", "create", "Promises", "--from", self.root)

    def close(self):
        self.cloud.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, files, root=None):
        for name, data in files.items():
            path = Path(root or self.root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def pages(self, number, mark):
        return {f"pages/page-{page}.html": f"{mark} {page} ".encode() * 40 for page in range(number)}

    def start(self, computer, *arguments, **environment):
        own = {"PORCHLIGHT_DATA_DIR": os.path.join(self.folder, computer), "HOME": self.folder, "LC_ALL": "C.UTF-8"}
        return subprocess.Popen([PROGRAM, "--json", *arguments], env=self.cloud.environment(**own, **environment),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, process):
        out, err = process.communicate(timeout=200)
        if process.returncode != 0:
            return None, err
        try:
            return json.loads(out), err
        except ValueError:
            return json.loads(out.splitlines()[-1]), err

    def run(self, computer, *arguments, **environment):
        result, err = self.finish(self.start(computer, *arguments, **environment))
        assert result is not None, (arguments, err)
        return result

    def kill_at(self, spec, *arguments, computer="A", **environment):
        """Lets the fault hold the program, and kills it then."""
        self.cloud.change_faults(spec)
        process = self.start(computer, *arguments, **environment)
        assert self.cloud.wait_held(process), self.finish(process)
        process.kill()
        process.communicate()
        self.cloud.change_faults()

    def bodies(self):
        """ETags of files that arrived since the last time."""
        return {line.split(" ")[3] for line in self.cloud.take_trace()
                if line.startswith(("PutObject 200 ", "UploadPart 200 ")) and "/releases/" in line and line.split(" ")[2] != "0"}

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=60)
        connection.request("GET", "/" + quote(path.removesuffix("index.html")), headers={"Host": urlsplit(self.site["address"]).hostname})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return body if answer.status == 200 else None

    def assert_shows(self, root=None):
        for path in sorted(Path(root or self.root).rglob("*")):
            if path.is_file():
                name = str(path.relative_to(root or self.root))
                assert self.get(name) == path.read_bytes(), name


@case
def it_goes_on_on_another_network():
    """The cloud is out of reach in the middle, and comes back under another address."""
    scene = Scene()
    try:
        scene.write(scene.pages(40, "network"))
        scene.cloud.take_trace()
        scene.cloud.change_faults("op=PutObject,after=20,times=1000,cut=before")
        result, err = scene.finish(scene.start("A", "publish", "promises", scene.root))
        assert result is None and err, "it did not notice"
        arrived = scene.bodies()
        assert len(arrived) >= 20
        old = scene.cloud.port
        scene.cloud.stop()
        with socket.socket() as nobody:
            nobody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            nobody.bind(("127.0.0.1", old))
            nobody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            result, err = scene.finish(scene.start("A", "publish", "promises", scene.root))
            assert result is None and err
            scene.cloud.start()
        assert scene.cloud.port != old
        scene.site = scene.run("A", "site", "show", "promises")
        operations = scene.run("A", "operation", "list")
        result = scene.run("A", "operation", "resume", operations[0]["id"])
        assert result["kept"] >= len(arrived) and result["sent"] <= 40 - len(arrived), (result, len(arrived))
        assert not arrived & scene.bodies()
        scene.assert_shows()
    finally:
        scene.close()


def days_ago(days):
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not library or os.environ.get("PORCHLIGHT_SANITIZED"):
        raise Skip("faketime is not there, or does not go with sanitizers")
    return {"LD_PRELOAD": library[0], "FAKETIME": f"-{days}d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@case
def it_goes_on_on_another_day():
    """The next day it goes on with the same release; after a week, when a clean-up may take it for left over, with another one,
    into which what had arrived is copied."""
    scene = Scene()
    try:
        for days in (1, 5, 8, 300):
            scene.write(scene.pages(40, f"{days} days"))
            scene.cloud.take_trace()
            scene.kill_at("op=PutObject,after=20,times=1000,hold=before", "publish", "promises", scene.root, **days_ago(days))
            arrived = scene.bodies()
            assert len(arrived) >= 20, len(arrived)
            operation = scene.run("A", "operation", "list")[0]
            result = scene.run("A", "operation", "resume", operation["id"])
            assert not arrived & scene.bodies(), days
            assert result["sent"] <= 40 - len(arrived), result
            assert (result["kept"] >= len(arrived)) if days < 6 else (result["copied"] >= len(arrived)), (days, result)
            scene.assert_shows()
    finally:
        scene.close()


@case
def what_was_live_is_never_changed():
    """A is killed when its release has just gone live; B publishes on top and shares folders of it; then A publishes something
    else. Nothing that B's release points at may change."""
    scene = Scene()
    try:
        scene.run("B", "site", "list")
        scene.write({"same/one.html": b"by A", "other/page.html": b"by A"})
        scene.kill_at("op=PutKey,hold=after", "publish", "promises", scene.root)
        other = os.path.join(scene.folder, "other")
        shutil.copytree(scene.root, other)
        scene.write({"index.html": b"<h1>by B</h1>"}, other)
        scene.run("B", "publish", "promises", other)
        scene.assert_shows(other)

        scene.write({"same/one.html": b"again by A", "same/new.html": b"new"})
        os.unlink(os.path.join(scene.root, "other/page.html"))
        scene.cloud.change_faults("op=PutKey,status=403")
        result, err = scene.finish(scene.start("A", "publish", "promises", scene.root))
        scene.cloud.change_faults()
        assert result is None, result
        scene.assert_shows(other)
        scene.run("A", "publish", "promises", scene.root)
        scene.assert_shows()
        release = scene.run("B", "release", "list", "promises")
        mine = next(item for item in release if not item["live"])
        scene.run("B", "release", "go-live", "promises", mine["id"])
        scene.assert_shows(other)
    finally:
        scene.close()


class Damage:
    """Passes bytes on, and damages the bodies in which it finds a mark."""

    def __init__(self, port, mark, times):
        self.target, self.mark, self.times, self.damaged = port, mark, times, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, target, there):
        try:
            while data := source.recv(65536):
                if there and self.mark in data and self.damaged < self.times:
                    self.damaged += 1
                    data = data.replace(self.mark, bytes(reversed(self.mark)), 1)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@case
def damage_on_the_way_is_noticed():
    """Of a small file, of one that goes in parts, and of the list of files."""
    scene = Scene()
    try:
        before = {name: scene.get(name) for name in ("index.html", "same/one.html")}
        for name, size, mark in (("pages/damaged.html", 400, b"a mark to be damaged"),
                                 ("large/damaged.mp4", 17 * MEGABYTE, b"another mark to find"),
                                 ("index.html", 100, b'"sha256"')):
            tree = os.path.join(scene.folder, "damaged")
            shutil.copytree(scene.root, tree)
            scene.write({name: b"x" * 100 + (mark if b'"' not in mark else b"") + b"y" * size}, tree)
            relay = Damage(scene.cloud.port, mark, 1000)
            result, err = scene.finish(scene.start("A", "publish", "promises", tree, AWS_ENDPOINT_URL=relay.url))
            assert relay.damaged > 0 and result is None, (name, relay.damaged, result)
            assert name in err or b'"' in mark, (name, err)
            assert {name: scene.get(name) for name in before} == before, name
            shutil.rmtree(tree)
    finally:
        scene.close()


def publish_measured(scene, *arguments):
    """The most memory that the program had, in bytes. It begins with what we have, which so must be little."""
    process = scene.start("A", *arguments)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert status == 0, (out[-300:], process.stderr.read())
    process.stdout.close()
    process.stderr.close()
    return usage.ru_maxrss * 1024


@case
def memory_stays_bounded():
    if os.environ.get("PORCHLIGHT_SANITIZED"):
        raise Skip("sanitizers need memory of their own")
    scene = Scene()
    try:
        small = publish_measured(scene, "publish", "promises", scene.root)
        with open(os.path.join(scene.root, "film.mp4"), "wb") as file:
            file.write(b"film")
            file.truncate(300 * MEGABYTE)
        one_large = publish_measured(scene, "publish", "promises", scene.root)
        os.unlink(os.path.join(scene.root, "film.mp4"))
        for number in range(100):
            scene.write({f"clips/{number}.mp4": number.to_bytes(2) * (MEGABYTE * 3 // 2)})
        many = publish_measured(scene, "publish", "promises", scene.root)
        print(f"# {small // MEGABYTE} MB for 4 small files, {one_large // MEGABYTE} MB for 300 MB in one, "
              f"{many // MEGABYTE} MB for 300 MB in 100", flush=True)
        assert one_large < 100 * MEGABYTE and many < 100 * MEGABYTE, (small, one_large, many)
    finally:
        scene.close()


run()
