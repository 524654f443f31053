#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long publishing takes beside `aws s3 sync` and rclone: side by side in one run, against one S3 server on this computer.

    build-aux/in-env python3 tests/bench/bench-publishing.py [--rounds N] [--json FILE] [--only PART…]

Parts, each with a server of its own:

small     5,000 files of 1 to 60 KB in 20 folders, on the sink: first, unchanged, rebuilt with all dates new and one page
          changed, 1 % changed, one page changed
large     50 files of 2 GB together, on the sink: first, unchanged
single    one file of 2 GB, on the sink: first
delay     the small files, on the sink with 30 ms in between: first, 1 % changed; without rclone's default, which takes minutes
radosgw   the small files, on Ceph's S3 server
practice  1,000 of the small files, on the practice cloud
endpoint  the small files, on --endpoint URL, with the keys of the environment; buckets are made there and stay

The sink (bench-sink.c) keeps everything in memory and looks at no signature, so that the programs are compared and not the
server's disk; it is the fairest measure of a program, and no measure of a service. radosgw checks signatures and writes to a
database (in memory here); its simple store can't copy objects inside it, so ours sends there what it would copy. It gets slower
the more it holds, so each program gets a new one. moto answers some 300 requests a second whoever asks, so all would look alike.
nginx with WebDAV can't list, which all three need.

Wall seconds, seconds of processor (user and system) and the most memory are those of the program alone, from wait4(). Requests,
and what vouches for the bodies (the hash that is signed, further sums), are what the sink saw; on other servers there are only
the requests that ours counts itself. All files are read once before, so that they come from memory for all alike. Medians of the
rounds. Other things that run here disturb the figures: look for a quiet time."""

import argparse
import datetime
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
SEED = 20260102
MEGABYTE = 1024 * 1024
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "secret/+example"


def program(name):
    """A program of this folder's build, else of PATH."""
    folder = os.environ.get("PORCHLIGHT_BENCH")
    return str(Path(folder, name)) if folder else shutil.which(name) or sys.exit(f"{name} is not in PATH: build-aux/in-env finds it")


# Trees

class Tree:
    def __init__(self, folder):
        self.folder, self.random = Path(folder), random.Random(SEED)
        self.generation = 0

    def path(self, number):
        return self.folder / ("index.html" if number == 0 else f"{number % 20:02}/{number:05}.{('html', 'html', 'css', 'js', 'svg')[number % 5]}")

    def make_small(self, count):
        self.count = count
        words = ["".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=self.random.randint(2, 9))) for _ in range(3000)]
        for number in range(count):
            size = self.random.randint(1024, 60 * 1024)
            text = f"<!doctype html><html lang=en><title>Page {number}</title><p>" + " ".join(self.random.choices(words, k=size // 6))
            self.path(number).parent.mkdir(parents=True, exist_ok=True)
            self.path(number).write_text(text[:size])
        return self

    def make_large(self, count, size):
        self.count = count
        block = self.random.randbytes(MEGABYTE)
        self.folder.mkdir()
        (self.folder / "index.html").write_text("<!doctype html><html lang=en><title>Videos</title><p>Videos")
        for number in range(count):
            with open(self.folder / f"{number:02}.mp4", "wb") as stream:
                for at in range(0, size // count, MEGABYTE):
                    stream.write(f"{number:08}{at:016}".encode() + block[24:][:size // count - at - 24])
        return self

    def change(self, numbers):
        self.generation += 1
        for number in numbers:
            path = self.path(number)
            path.write_text(path.read_text() + f"<p>Changed {self.generation}\n")

    def rebuild(self):
        """As a generator does: every file is written anew, and one is another one than before."""
        for number in range(self.count):
            path = self.path(number)
            path.write_bytes(path.read_bytes())
        self.change([self.count // 2])

    def change_some(self):
        self.change(range(1, self.count, 100))

    def change_one(self):
        self.change([self.count // 3 * 2])

    def warm(self):
        for path in self.folder.rglob("*"):
            if path.is_file():
                with open(path, "rb") as stream:
                    while stream.read(MEGABYTE):
                        pass

    def size(self):
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


# Servers

class Server:
    """A process that prints its address and ends with its input."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().strip()
        self.key, self.secret, self.region = KEY, SECRET, "us-east-1"

    def make_bucket(self, name):
        pass

    def counts(self):
        connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc)
        connection.request("GET", "/.requests")
        return json.loads(connection.getresponse().read())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Sink(Server):
    def __init__(self):
        super().__init__(program("bench-sink"))


class Delayed(Sink):
    def __init__(self, milliseconds):
        super().__init__()
        self.direct = self.endpoint
        self.relay = Server(program("bench-relay"), str(urlsplit(self.endpoint).port), str(milliseconds))
        self.endpoint = self.relay.endpoint

    def counts(self):
        self.endpoint, relayed = self.direct, self.endpoint
        counts = super().counts()
        self.endpoint = relayed
        return counts

    def stop(self):
        self.relay.stop()
        super().stop()


class Elsewhere(Server):
    """One that makes buckets with signed requests, and counts nothing."""

    def __init__(self, endpoint, key, secret, region):
        self.endpoint, self.key, self.secret, self.region = endpoint, key, secret, region

    def make_bucket(self, name):
        subprocess.run(["aws", "s3api", "create-bucket", "--bucket", name]
                       + ([] if self.region == "us-east-1" else ["--create-bucket-configuration", f"LocationConstraint={self.region}"]),
                       check=True, stdout=subprocess.DEVNULL, env=environment(self))

    def counts(self):
        return {"requests": None, "payload": ""}

    def stop(self):
        pass


class Radosgw(Elsewhere):
    def __init__(self):
        os.environ.setdefault("AWS_DRIVER", "")
        sys.path[:0] = [str(HERE.parent), str(HERE.parent / "aws")]
        import clouds
        # its database waits for the disk with every object, and what else uses the disk would be measured
        tempfile.tempdir, usual = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None, tempfile.tempdir
        try:
            self.cloud = clouds.Radosgw()
        finally:
            tempfile.tempdir = usual
        super().__init__(self.cloud.endpoint, clouds.KEY, clouds.SECRET, self.cloud.region)

    def stop(self):
        self.cloud.stop()


class Practice(Elsewhere):
    def __init__(self):
        self.state = tempfile.mkdtemp(prefix="porchlight-bench-cloud-")
        self.process = subprocess.Popen([shutil.which("porchlight-cli") or os.environ["PORCHLIGHT_CLI"], "practice", "serve", "--state", self.state],
                                        stdout=subprocess.PIPE, text=True)
        info = json.loads(self.process.stdout.readline())
        super().__init__(info["endpoint"], info["accessKeyId"], info["secretAccessKey"], info["region"])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.state)


# Programs

def environment(server, **more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_"))}
    return {**clean, "AWS_ACCESS_KEY_ID": server.key, "AWS_SECRET_ACCESS_KEY": server.secret, "AWS_REGION": server.region,
            "AWS_ENDPOINT_URL": server.endpoint, "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", **more}


class Aws:
    def __init__(self, name="aws s3 sync", settings=""):
        self.name, self.settings = name, settings

    def command(self, server, bucket, tree, state):
        config = Path(state, "config")
        config.write_text(f"[default]\ns3 =\n  addressing_style = path\n{self.settings}")
        return (["aws", "s3", "sync", "--delete", "--only-show-errors", str(tree.folder), f"s3://{bucket}"],
                environment(server, AWS_CONFIG_FILE=str(config)))


class Rclone:
    def __init__(self, name="rclone sync", *options):
        self.name, self.options = name, options

    def command(self, server, bucket, tree, state):
        return (["rclone", "sync", *self.options, str(tree.folder), f"bench:{bucket}"],
                environment(server, RCLONE_CONFIG=str(Path(state, "rclone.conf")), RCLONE_CONFIG_BENCH_TYPE="s3",
                            RCLONE_CONFIG_BENCH_PROVIDER="Other", RCLONE_CONFIG_BENCH_ENV_AUTH="true",
                            RCLONE_CONFIG_BENCH_ENDPOINT=server.endpoint, RCLONE_CONFIG_BENCH_REGION=server.region,
                            RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE="true", RCLONE_CONFIG_BENCH_ACL="bucket-owner-full-control"))


class Ours:
    name = "porchlight"

    def command(self, server, bucket, tree, state):
        return ([program("porchlight-bench"), "publish", "--endpoint", server.endpoint, "--bucket", bucket,
                 "--state", str(Path(state, "state")), str(tree.folder)], environment(server))


class OursWithout(Ours):
    """Nothing remembered between the runs."""
    name = "porchlight --no-state"

    def command(self, server, bucket, tree, state):
        command, variables = super().command(server, bucket, tree, state)
        at = command.index("--state")
        return [*command[:at], "--no-state", *command[at + 2:]], variables


AWS_TUNED = Aws("aws s3 sync, 64 at once", "  max_concurrent_requests = 64\n  max_queue_size = 10000\n")
RCLONE_TUNED = Rclone("rclone sync, 64 at once", "--transfers", "64", "--checkers", "64")
RCLONE_NO_HEAD = Rclone("rclone sync, 64 at once, no look after", "--transfers", "64", "--checkers", "64", "--s3-no-head")
RCLONE_SUMS = Rclone("rclone sync --checksum, 64 at once", "--transfers", "64", "--checkers", "64", "--checksum")
ALL = [Ours(), OursWithout(), Rclone(), RCLONE_TUNED, RCLONE_NO_HEAD, RCLONE_SUMS, Aws(), AWS_TUNED]
FEW = [Ours(), Rclone(), RCLONE_TUNED, RCLONE_NO_HEAD, AWS_TUNED]
LATE = [Ours(), RCLONE_TUNED, RCLONE_NO_HEAD, AWS_TUNED]


# Measuring

def measure(command, variables):
    """Wall seconds, processor seconds and the most memory in MB of a program that must work."""
    with tempfile.TemporaryFile() as output:
        began = time.monotonic()
        process = subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    result = {"wall": wall, "processor": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}
    if process.returncode != 0:
        result["failed"] = said.splitlines()[0][:200] if said else f"status {process.returncode}"
    elif said.startswith("{"):
        result["said"] = json.loads(said)
    return result


class Part:
    def __init__(self, name, what, make_server, tree, programs, acts, rounds):
        self.name, self.what, self.tree, self.acts, self.rounds = name, what, tree, acts, rounds
        self.programs, self.make_server, self.lines = programs, make_server, []

    def run(self, write):
        """By turns on one server; where a server gets slower the more it holds, each program gets a new one."""
        self.tree.warm()
        for number in range(self.rounds):
            if self.make_server == Radosgw:
                for each in self.programs:
                    self.run_on_server(number, [each], write)
            else:
                self.run_on_server(number, self.programs, write)

    def run_on_server(self, number, programs, write):
        server = self.make_server()
        states = {each.name: tempfile.mkdtemp(prefix="porchlight-bench-state-") for each in programs}
        try:
            for each in programs:
                server.make_bucket(self.bucket(number, each))
            for act, prepare in self.acts.items():
                if prepare:
                    # some compare dates of whole seconds
                    time.sleep(1.1)
                    prepare(self.tree)
                for each in programs:
                    server.counts()
                    command, variables = each.command(server, self.bucket(number, each), self.tree, states[each.name])
                    line = {"part": self.name, "act": act, "program": each.name, "round": number,
                            **measure(command, variables), **server.counts()}
                    self.lines.append(line)
                    write(json.dumps(line))
        finally:
            server.stop()
            for state in states.values():
                shutil.rmtree(state)

    def bucket(self, number, program_):
        return f"bench-{self.name}-{os.getpid()}-{number}-{self.programs.index(program_)}"

    def rows(self, act):
        for each in self.programs:
            lines = [line for line in self.lines if line["act"] == act and line["program"] == each.name]
            good = [line for line in lines if "failed" not in line]
            if good:
                middle = {key: statistics.median(line[key] for line in good) for key in ("wall", "processor", "memory")}
                yield each, {**good[-1], **middle}
            else:
                yield each, lines[-1]

    def table(self):
        files = sum(1 for path in self.tree.folder.rglob("*") if path.is_file())
        yield f"\n### {self.what} ({files} files, {self.tree.size() / MEGABYTE:.0f} MB)\n"
        for act in self.acts:
            rows = list(self.rows(act))
            peers = [row for each, row in rows if not isinstance(each, Ours) and "failed" not in row]
            best = min(peers, key=lambda row: row["wall"]) if peers else None
            yield f"| {act} | wall s | processor s | memory MB | requests | of the fastest peer: wall, processor | payload |"
            yield "|---|---|---|---|---|---|---|"
            for each, row in rows:
                if "failed" in row:
                    yield f"| {each.name} | failed: {row['failed']} | | | | | |"
                    continue
                ratio = f"{row['wall'] / best['wall']:.2f}, {row['processor'] / best['processor']:.2f}" if best else ""
                requests = row["requests"] if row["requests"] is not None else row.get("said", {}).get("requests", "")
                yield (f"| {each.name} | {row['wall']:.3f} | {row['processor']:.3f} | {row['memory']:.0f} | {requests} | {ratio} | {row['payload']} |")
            yield ""


FIRST = {"first": None}
ALL_ACTS = {**FIRST, "unchanged": None, "rebuilt, one page changed": Tree.rebuild, "1 % changed": Tree.change_some,
            "one page changed": Tree.change_one}


def made(tree, count):
    return tree if tree.folder.exists() else tree.make_small(count)


def make_parts(arguments, folder):
    small, few, large, single = (Tree(Path(folder, name)) for name in ("small", "few", "large", "single"))
    size, files = arguments.size * MEGABYTE, arguments.files
    rounds = arguments.rounds
    parts = {
        "small": lambda: Part("small", "Many small files, sink", Sink, made(small, files), ALL, ALL_ACTS, rounds),
        "large": lambda: Part("large", "Large files, sink", Sink, large.make_large(50, size), [Ours(), Rclone(), RCLONE_TUNED, Aws(), AWS_TUNED],
                              {**FIRST, "unchanged": None}, 1),
        "single": lambda: Part("single", "One large file, sink", Sink, single.make_large(1, size), [Ours(), Rclone(), Aws()], FIRST, 1),
        "delay": lambda: Part("delay", "30 ms to the sink", lambda: Delayed(30), made(small, files), LATE,
                              {**FIRST, "1 % changed": Tree.change_some}, 1),
        "radosgw": lambda: Part("radosgw", "Ceph's radosgw", Radosgw, made(small, files), FEW,
                                {**FIRST, "unchanged": None}, rounds),
        "practice": lambda: Part("practice", "Practice cloud", Practice, made(few, files // 5), FEW,
                                 {**FIRST, "unchanged": None, "1 % changed": Tree.change_some}, 1),
        "endpoint": lambda: Part("endpoint", arguments.endpoint, lambda: Elsewhere(arguments.endpoint, os.environ["AWS_ACCESS_KEY_ID"],
                                 os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_REGION", "us-east-1")),
                                 made(small, files), ALL, ALL_ACTS, rounds),
    }
    chosen = arguments.only or (["endpoint"] if arguments.endpoint else [name for name in parts if name != "endpoint"])
    return {name: parts[name] for name in chosen}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=5000, help="how many small files")
    parser.add_argument("--size", type=int, default=2048, help="of the large files together, in MB")
    parser.add_argument("--json", default=None, help="where to write each measurement as a line of JSON")
    parser.add_argument("--only", action="append", help="a part: small, large, single, delay, radosgw, practice or endpoint")
    parser.add_argument("--program", action="append", help="one of the programs, as it is called in the table")
    parser.add_argument("--endpoint", help="an S3 server that runs already")
    parser.add_argument("--folder", default=None, help="where trees are made, /tmp by default")
    arguments = parser.parse_args()

    for name in ("aws", "rclone"):
        if not shutil.which(name):
            sys.exit(f"{name} is not installed")

    folder = tempfile.mkdtemp(prefix="porchlight-bench-", dir=arguments.folder)
    log = open(arguments.json, "w", encoding="utf-8") if arguments.json else None
    print(f"{datetime.date.today()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
    try:
        for name, make in make_parts(arguments, folder).items():
            part = make()
            part.programs = [each for each in part.programs if not arguments.program or each.name in arguments.program]
            part.run(lambda line: print(line, file=log, flush=True) if log else None)
            print("\n".join(part.table()), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
