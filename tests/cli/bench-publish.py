# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long publishing takes, beside `aws s3 sync`, on one practice cloud in the same run. Not a test: run it by hand on a
quiet computer and look at the table.

    meson compile -C build
    PORCHLIGHT_CLI=build/src/cli/porchlight-cli PYTHONPATH=tests python3 tests/cli/bench-publish.py [FILES [ROUNDS]]

Every number is the median of ROUNDS (3) rounds, each with a site and a bucket of its own. FILES (1,000) files of about
4 KB lie in 20 folders. The edge is asked for pages one after another over one kept connection.

Rows: a first publish, one in which nothing changed, one in which 1 % of the files changed, and one request to the edge.
The programs' own start is in their seconds. Requests are those that reach the cloud, counted on the wire; for
`aws s3 sync` too, although it only copies files: no release, no check, no way back."""

import http.client
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from cli import PROGRAM, Cli, Cloud

FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
EDGE_REQUESTS = 500
REQUEST = re.compile(rb"^(?:GET|PUT|POST|HEAD|DELETE) \S+ HTTP/1\.1\r\n", re.M)


class Counter:
    """Counts the requests of a program on their way to the cloud."""

    def __init__(self, port):
        self.target, self.count = port, 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, sink, counts):
        try:
            while data := source.recv(1 << 18):
                if counts:
                    self.count += len(REQUEST.findall(data))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def write_files(folder):
    words = random.Random(1)
    for number in range(FILES):
        path = Path(folder, *([] if number == 0 else [f"folder-{number % 20}"]), "index.html" if number == 0 else f"page-{number}.html")
        path.parent.mkdir(exist_ok=True)
        text = " ".join(words.choice(("light", "porch", "garden", "evening", "door", "lamp")) for _ in range(600))
        path.write_text(f"<!doctype html><html lang=en><title>Page {number}</title><p>{text}\n")


def change_files(folder, round_number):
    pages = sorted(Path(folder).rglob("page-*.html"))
    for path in pages[::100][:max(1, FILES // 100)]:
        path.write_text(path.read_text() + f"<p>Changed {round_number}\n")


def timed(command, environment):
    """(wall seconds, processor seconds) of a program that must work."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Bench:
    def __init__(self):
        self.cloud = Cloud()
        self.counter = Counter(self.cloud.port)
        self.rows = {}

    def measure(self, row, command, environment):
        """Once with the clock, straight to the cloud."""
        self.rows.setdefault(row, []).append(timed(command, environment))

    def count(self, row, command, environment):
        """Once on a second site or bucket, through the counter."""
        self.counter.count = 0
        timed(command, {**environment, "AWS_ENDPOINT_URL": self.counter.url})
        self.rows[row + " requests"] = self.counter.count

    def publishes(self, round_number, program, command, environment, folder, act):
        act(f"{program}, first", command, environment)
        act(f"{program}, unchanged", command, environment)
        change_files(folder, f"{program} {round_number} {act.__name__}")
        act(f"{program}, 1 % changed", command, environment)

    def edge(self, address):
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port)
        paths = [f"/folder-{number % 20}/page-{number}.html" for number in range(1, min(FILES, 200))]
        times = []
        for number in range(EDGE_REQUESTS):
            start = time.monotonic()
            connection.request("GET", paths[number % len(paths)], headers={"Host": urlsplit(address).netloc})
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - start)
            assert answer.status == 200
        connection.close()
        return times

    def round(self, round_number):
        folder = tempfile.mkdtemp(prefix="porchlight-bench-")
        cli = Cli(self.cloud)
        write_files(folder)
        for act in (self.measure, self.count) if round_number == 0 else (self.measure,):
            name = f"bench-{round_number}-{act.__name__}"
            site = cli.json("site", "create", name)[-1]
            self.publishes(round_number, "porchlight-cli publish", [PROGRAM, "publish", name, folder], cli.environment, folder, act)
            self.cloud.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": self.cloud.region})
            sync = ["aws", "s3", "sync", "--delete", "--only-show-errors", folder, f"s3://{name}"]
            # it decides by times of whole seconds
            time.sleep(1.1)
            self.publishes(round_number, "aws s3 sync", sync, self.cloud.environment(), folder, act)
            if act == self.measure:
                self.rows.setdefault("edge", []).extend(self.edge(site["address"]))
        cli.close()
        shutil.rmtree(folder)

    def report(self):
        print(f"{FILES} files, {ROUNDS} rounds, medians\n")
        print(f"{'':42} {'seconds':>8} {'CPU s':>8} {'requests':>9}")
        for row in [row for row in self.rows if row + " requests" in self.rows]:
            wall, processor = (statistics.median(values) for values in zip(*self.rows[row]))
            print(f"{row:42} {wall:8.2f} {processor:8.2f} {self.rows[row + ' requests']:9}")
        times = self.rows["edge"]
        print(f"\nedge: {len(times) / sum(times):.0f} requests a second, {statistics.mean(times) * 1000:.2f} ms on average, "
              f"{sorted(times)[int(len(times) * 0.99)] * 1000:.2f} ms for the slowest 1 %")


bench = Bench()
try:
    for number in range(ROUNDS):
        bench.round(number)
    bench.report()
finally:
    bench.cloud.close()
