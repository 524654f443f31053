# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long publishing takes on the practice cloud, beside `aws s3 sync` to the same cloud in the same run.

    PORCHLIGHT_CLI=build/src/cli/porchlight-cli PYTHONPATH=tests python3 tests/site/bench-publish.py [FILES]

Prints a table: first publish of 1,000 small files (1 to 60 KB), an unchanged one, after one page and after 1 % of
the files changed, and after all dates changed but no content. Requests are those that porchlight-cli counts; aws does not tell its own.
"""

import os
import random
import resource
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))

from sitekit import Kit

FOLDERS = 10


def make_tree(root, count, seed=1):
    random.seed(seed)
    paths = []
    for number in range(count):
        folder = os.path.join(root, f"part-{number % FOLDERS}")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"page-{number:05}.html")
        with open(path, "wb") as file:
            file.write(random.randbytes(random.randrange(1000, 60000)))
        paths.append(path)
    with open(os.path.join(root, "index.html"), "w") as file:
        file.write("<h1>start</h1>")
    return paths


def touch(paths):
    for path in paths:
        os.utime(path)


def change(paths):
    for path in paths:
        with open(path, "r+b") as file:
            file.write(random.randbytes(16))


def change_in_one_folder(paths):
    change([path for path in paths if f"part-0{os.sep}" in path][: len(paths) // 100])


def change_all_over(paths):
    change(random.sample(paths, len(paths) // 100))


def change_one(paths):
    change(paths[:1])


def timed(command, environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: {result.stdout} {result.stderr}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, result.stdout


def main():
    import json

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kit = Kit()
    try:
        root = os.path.join(kit.folder, "site")
        paths = make_tree(root, count)
        site = kit.create_site("Bench")
        keys = dict(kit.environment, AWS_ACCESS_KEY_ID=kit.cloud["accessKeyId"],
                    AWS_SECRET_ACCESS_KEY=kit.cloud["secretAccessKey"], AWS_DEFAULT_REGION=kit.cloud["region"],
                    AWS_ENDPOINT_URL=kit.cloud["endpoint"], AWS_PAGER="")
        subprocess.run(["aws", "s3", "mb", "s3://bench-beside"], env=keys, check=True, capture_output=True)
        sync = ["aws", "s3", "sync", "--delete", "--only-show-errors", root, "s3://bench-beside"]
        publish = kit.command("publish", site, root)

        print(f"{count} files of 1 to 60 KB in {FOLDERS} folders, {os.cpu_count()} processors; the cloud runs on the same computer")
        print(f"{'':24} {'porchlight-cli':>34}   {'aws s3 sync':>18}")
        print(f"{'':24} {'wall':>7} {'engine':>7} {'cpu':>7} {'requests':>9}   {'wall':>8} {'cpu':>8}")

        for title, step in (("first", None), ("unchanged", None), ("one page changed", change_one),
                            ("1 % changed, one folder", change_in_one_folder), ("1 % changed, all over", change_all_over),
                            ("only dates changed", touch)):
            if step is not None:
                step(paths)
            wall, processor, output = timed(publish, kit.environment)
            result = json.loads(output.strip().splitlines()[-1])
            other_wall, other_processor, _ = timed(sync, keys)
            print(f"{title:24} {wall:6.2f}s {result['seconds']:6.2f}s {processor:6.2f}s {result['requests']:9}   "
                  f"{other_wall:7.2f}s {other_processor:7.2f}s   sent {result['sent']}, copied {result['copied']}, "
                  f"shared {result['shared']}", flush=True)
    finally:
        kit.close()


main()
