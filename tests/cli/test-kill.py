# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kill at any moment of create, publish, undo or delete: visitors see the old site or the new one and never a mixture,
and `operation resume` goes on to the end.

The moments are requests to the cloud, before they arrive or after they were done, and times. They are the same at every
run; PORCHLIGHT_SEED=N takes others, PORCHLIGHT_KILLS=N more of them (1 is about half a minute)."""

import os
import random
import re
import socket
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from cli import Cli, Cloud, write_site
from tap import case, run

RANDOM = random.Random(int(os.environ.get("PORCHLIGHT_SEED", "1")))
KILLS = float(os.environ.get("PORCHLIGHT_KILLS", "1"))
REQUEST = re.compile(rb"^(GET|PUT|POST|HEAD|DELETE|PATCH) \S+ HTTP/1\.1\r\n", re.M)


class Gate:
    """Passes bytes on to the cloud, counts the requests among them, and kills whom it is told to at one of them."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock = threading.Lock()
        self.arm(None)
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, process, number=0, after=False):
        """Kills the process at its request of that number, before it arrives or after it was answered."""
        self.count, self.process, self.number, self.after = 0, process, number, after

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            kill_later = threading.Event()
            threading.Thread(target=self.pump, args=(client, server, kill_later), daemon=True).start()
            threading.Thread(target=self.answer, args=(server, client, kill_later), daemon=True).start()

    def is_the_one(self, data):
        with self.lock:
            before, self.count = self.count, self.count + len(REQUEST.findall(data))
            return self.process is not None and before < self.number <= self.count

    def pump(self, client, server, kill_later):
        try:
            while data := client.recv(65536):
                if self.is_the_one(data):
                    if not self.after:
                        self.process.kill()
                        break
                    kill_later.set()
                server.sendall(data)
        except OSError:
            pass
        close(server)

    def answer(self, server, client, kill_later):
        try:
            while data := server.recv(65536):
                if kill_later.is_set():
                    self.process.kill()
                    break
                client.sendall(data)
        except OSError:
            pass
        close(client)

    def close(self):
        self.listener.close()


def close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def setup():
    cloud = Cloud()
    gate = Gate(cloud.port)
    world = SimpleNamespace(cloud=cloud, gate=gate, cli=Cli(cloud), folder=tempfile.TemporaryDirectory(prefix="porchlight-kill-"))
    world.cli.environment["AWS_ENDPOINT_URL"] = gate.url
    world.old, world.new = (Path(world.folder.name, name) for name in ("old", "new"))
    # two folders stay as they are, one changes in a page, one altogether, pages come and go
    for folder, version in ((world.old, "old"), (world.new, "new")):
        write_site(folder, pages=4, version=version, folders=["", "changing"])
        write_site(folder, pages=4, version="same", folders=["same", "also/same"])
        write_site(folder, pages=2, version=version, folders=[f"only-{version}"])
        Path(folder, "same/page-1.html").write_text(f"<p>{version}\n")
    return world


def teardown(world):
    if world:
        world.gate.close()
        world.cloud.close()
        world.cli.close()
        world.folder.cleanup()


def pages(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.html"))}


def seen(cloud, address, paths):
    """What visitors see of these paths; None where there is nothing."""
    found = {}
    for path in paths:
        status, _, body = cloud.get(address, "/" + path)
        assert status in (200, 404), (path, status, body[:200])
        found[path] = body if status == 200 else None
    return found


def whole(cloud, address, *folders):
    """Which of the folders visitors see, all of it and nothing else."""
    paths = sorted({path for folder in folders for path in pages(folder)})
    found = seen(cloud, address, paths)
    for folder in folders:
        if found == {path: pages(folder).get(path) for path in paths}:
            return folder
    raise AssertionError(f"a mixture: { {path: body and body[-10:] for path, body in found.items()} }")


def points(n_requests, wanted):
    """(request, after) pairs from the first to the last request."""
    every = [(number, after) for number in range(1, n_requests + 1) for after in (False, True)]
    count = min(len(every), max(1, round(wanted * KILLS)))
    return sorted(RANDOM.sample(every, count))


def kill_at(world, point, *arguments):
    """Begins a command and kills it there; its exit status is 0 if it was faster."""
    process = world.cli.start(*arguments)
    world.gate.arm(process, *point)
    _, err = process.communicate(timeout=60)
    world.gate.arm(None)
    assert process.returncode in (0, -9), (arguments, point, process.returncode, err)
    return process.returncode


def resume_all(cli):
    """Takes up what is left, as the text on the screen says."""
    operations = cli.document("operation", "list")
    assert len(operations) <= 1 and all(operation["canResume"] and operation["state"] == "stopped" for operation in operations), operations
    for operation in operations:
        cli.json("operation", "resume", operation["id"])
    assert cli.document("operation", "list") == []
    return bool(operations)


def report(begun, n_requests):
    print(f"# {begun} kills left work to take up again; undisturbed it takes {n_requests} requests", flush=True)
    assert begun, "no kill met the work"


def count_requests(world, *arguments):
    world.gate.arm(None)
    result = world.cli.json(*arguments)[-1]
    return result, world.gate.count


@case
def kills_while_a_site_is_made(world):
    _, count = count_requests(world, "site", "create", "Measure", "--from", str(world.old))
    world.cli.run("site", "delete", "measure")
    begun = 0
    for number, point in enumerate(points(count, 5)):
        name = f"Made {number}"
        kill_at(world, point, "site", "create", name, "--from", str(world.old))
        begun += resume_all(world.cli)
        sites = [site for site in world.cli.document("site", "list") if site["name"] == name]
        assert len(sites) <= 1, sites
        for site in sites:
            assert site["state"] == "live" and whole(world.cloud, site["address"], world.old), site
            world.cli.run("site", "delete", site["id"])
        assert world.cloud.leftovers() == [], point
    report(begun, count)


@case
def kills_while_publishing(world):
    site = world.cli.json("site", "create", "Site", "--from", str(world.old))[-1]
    world.site = site
    _, count = count_requests(world, "publish", "site", str(world.new))
    world.cli.run("publish", "site", str(world.old))
    begun = 0
    for point in points(count, 9):
        old = whole(world.cloud, site["address"], world.old, world.new)
        new = world.new if old == world.old else world.old
        status = kill_at(world, point, "publish", "site", str(new))
        now = whole(world.cloud, site["address"], world.old, world.new)
        assert now == new or status != 0, "it said that it was done"
        had_begun = resume_all(world.cli)
        begun += had_begun
        assert whole(world.cloud, site["address"], world.old, world.new) == (new if had_begun else now), point
    report(begun, count)


@case
def kills_at_any_time_while_publishing(world):
    site = world.site
    start = time.monotonic()
    world.cli.run("publish", "site", str(world.new), "--note", "again")
    world.cli.run("publish", "site", str(world.old), "--note", "again")
    length = (time.monotonic() - start) / 2
    for _ in range(max(1, round(4 * KILLS))):
        old = whole(world.cloud, site["address"], world.old, world.new)
        new = world.new if old == world.old else world.old
        process = world.cli.start("publish", "site", str(new))
        time.sleep(RANDOM.uniform(0, length))
        process.kill()
        process.communicate()
        now = whole(world.cloud, site["address"], world.old, world.new)
        expected = new if resume_all(world.cli) else now
        assert whole(world.cloud, site["address"], world.old, world.new) == expected


@case
def a_killed_publish_can_be_given_up_for_another(world):
    """Whoever does not resume but publishes again gets what was published last."""
    site = world.site
    world.cli.run("publish", "site", str(world.old))
    kill_at(world, (12, True), "publish", "site", str(world.new))
    world.cli.run("publish", "site", str(world.old))
    assert whole(world.cloud, site["address"], world.old, world.new) == world.old
    assert world.cli.document("operation", "list") == []
    world.cli.run("publish", "site", str(world.new))
    assert whole(world.cloud, site["address"], world.old, world.new) == world.new


@case
def kills_while_going_back(world):
    site = world.site
    releases = {world.old: world.cli.json("publish", "site", str(world.old))[-1]["release"],
                world.new: world.cli.json("publish", "site", str(world.new))[-1]["release"]}
    _, count = count_requests(world, "release", "go-live", "site", releases[world.old])
    for point in points(count, 5):
        old = whole(world.cloud, site["address"], world.old, world.new)
        new = world.new if old == world.old else world.old
        kill_at(world, point, "release", "go-live", "site", releases[new])
        now = whole(world.cloud, site["address"], world.old, world.new)
        expected = new if resume_all(world.cli) else now
        assert whole(world.cloud, site["address"], world.old, world.new) == expected, point


@case
def visitors_see_the_old_site_until_they_see_the_new_one(world):
    site, paths = world.site, sorted({*pages(world.old), *pages(world.new)})
    world.cli.run("publish", "site", str(world.old))
    process = world.cli.start("publish", "site", str(world.new))
    versions, differing = [], [path for path in paths if pages(world.old).get(path) != pages(world.new).get(path)]
    while process.poll() is None:
        path = RANDOM.choice(differing)
        status, _, body = world.cloud.get(site["address"], "/" + path)
        body = body if status == 200 else None
        assert body in (pages(world.old).get(path), pages(world.new).get(path)), (path, status)
        versions.append(body == pages(world.new).get(path))
    process.communicate()
    assert process.returncode == 0 and versions == sorted(versions), "new, then old again"
    assert whole(world.cloud, site["address"], world.old, world.new) == world.new


@case
def kills_while_a_site_is_deleted(world):
    _, count = count_requests(world, "site", "delete", "site")
    begun = 0
    for number, point in enumerate(points(count, 4)):
        name, saved = f"Gone {number}", Path(world.cli.folder, f"messages-{number}.json")
        site = world.cli.json("site", "create", name, "--template", "business", "--form", "me@example.org")[-1]
        assert world.cloud.post(site["address"], "message=precious")[0] == 200
        kill_at(world, point, "site", "delete", name, "--keep-messages", str(saved))
        if not resume_all(world.cli) and world.cli.document("site", "list"):
            world.cli.run("site", "delete", name, "--keep-messages", str(saved))
        else:
            begun += 1
        assert "precious" in saved.read_text()
        assert world.cli.document("site", "list") == [] and world.cloud.leftovers() == [], point
    report(begun, count)


@case
def kills_of_the_practice_cloud_itself(world):
    """Without a server the cloud lives in the process that is killed."""
    cli = Cli()
    cli.run("account", "add-practice")
    start = time.monotonic()
    cli.run("site", "create", "Here", "--from", str(world.old))
    length = time.monotonic() - start
    for number in range(max(1, round(2 * KILLS))):
        for command, folder in ((["publish", "here", str(world.new)], world.new), (["publish", "here", str(world.old)], world.old)):
            process = cli.start(*command)
            time.sleep(RANDOM.uniform(0.05, length))
            process.kill()
            process.communicate()
            resume_all(cli)
            cli.run(*command)
            address = cli.document("site", "show", "here")["address"]
            if number == 0:
                cloud = Cloud(state=os.path.join(cli.data, "practice"))
                assert urlsplit(address).port == cloud.port
                assert whole(cloud, address, world.old, world.new) == folder
                cloud.stop()
    process = cli.start("site", "create", "There", "--template", "personal")
    time.sleep(RANDOM.uniform(0.1, length))
    process.kill()
    process.communicate()
    resume_all(cli)
    for site in cli.document("site", "list"):
        assert site["state"] == "live", site
        cli.run("site", "delete", site["id"])
    cloud = Cloud(state=os.path.join(cli.data, "practice"))
    assert cloud.leftovers() == []
    cloud.close()
    cli.close()


run(setup=setup, teardown=teardown)
