#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a folder is looked at before it is published: hashing beside OpenSSL's own speed and beside sha256sum, and the
check of 5,000 pages (60 MB of HTML) with links, pictures and anchors.

    build-aux/in-env python3 tests/bench/bench-folder.py [--rounds N]

Hashing includes what belongs to it in the engine: opening and looking at each file twice, finding out its type and whether it
is UTF-8, on a thread for each processor. `openssl speed` only hashes one block in memory again and again, on one processor, so
its figure times the processors is what can't be reached. Files come from memory, since they are read once before. The best of
the rounds."""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEGABYTE = 1024 * 1024
BLOCK = 256 * 1024


def program(name):
    folder = os.environ.get("PORCHLIGHT_BENCH")
    return str(Path(folder, name)) if folder else shutil.which(name) or sys.exit(f"{name} is not in PATH: build-aux/in-env finds it")


def make_binary(folder, count, size, seed):
    generator = random.Random(seed)
    block = generator.randbytes(MEGABYTE)
    for number in range(count):
        path = Path(folder, f"{number % 20:02}", f"{number:05}.bin")
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as stream:
            for at in range(0, size, MEGABYTE):
                stream.write(f"{number:08}{at:016}".encode() + block[24:][:size - at - 24])
    Path(folder, "index.html").write_text("<!doctype html><html lang=en><title>Start</title><p>Start")


def make_pages(folder, count, size, seed):
    """Pages that link to each other, with nothing wrong in them."""
    generator = random.Random(seed)
    words = ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randint(2, 9))) for _ in range(3000)]

    def path(number):
        return "index.html" if number == 0 else f"{number % 20:02}/page-{number}.html"

    def piece():
        kind = generator.random()
        if kind < 0.15:
            return f'<a href="/{path(generator.randrange(count))}">{generator.choice(words)}</a>'
        if kind < 0.18:
            return f'<a href="/{path(generator.randrange(count))}#top">{generator.choice(words)}</a>'
        if kind < 0.21:
            return f'<img src="/pictures/{generator.randrange(20)}.svg" alt="{generator.choice(words)}" width="100" height="100">'
        return f'<p class="{generator.choice(words)}">{" ".join(generator.choices(words, k=20))}</p>'

    for number in range(count):
        pieces, length = [], 0
        while length < size - 500:
            pieces.append(piece())
            length += len(pieces[-1]) + 1
        target = Path(folder, path(number))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
                          f'<title>Page {number}</title><meta name="description" content="{generator.choice(words)}">'
                          '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head>'
                          f'<body id="top">\n<h1>Page {number}</h1>\n' + "\n".join(pieces) + "\n</body></html>\n")
    Path(folder, "style.css").write_text("body { margin: 0 }\n")
    Path(folder, "pictures").mkdir()
    for number in range(20):
        Path(folder, "pictures", f"{number}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"/>')


def timed(command, folder):
    """(wall seconds, processor seconds, what it printed)"""
    with tempfile.TemporaryFile() as output:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        output.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, output.read().decode()


def openssl_speed():
    """Bytes a second of one processor."""
    done = subprocess.run(["openssl", "speed", "-evp", "sha256", "-bytes", str(BLOCK), "-seconds", "1"],
                          capture_output=True, text=True, check=True)
    return float(re.search(r"(?im)^sha256\s+([\d.]+)k", done.stdout)[1]) * 1000


def row(name, size, wall, processor, speed):
    print(f"| {name} | {wall:.3f} | {processor:.3f} | {size / wall / 1e6:.0f} | {size / wall / speed:.2f} | {size / processor / speed:.2f} |", flush=True)


def best(rounds, command, folder):
    return min((timed(command, folder) for _ in range(rounds)), key=lambda result: result[0])


def hash_tree(title, folder, rounds, speed):
    size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    count = sum(1 for path in Path(folder).rglob("*") if path.is_file())
    print(f"\n{title}: {count} files, {size / MEGABYTE:.0f} MB\n\n"
          "| | wall s | processor s | MB/s | of openssl speed | of it, for each processor second |\n|---|---|---|---|---|---|")
    lines = [json.loads(timed([program("bench-folder"), folder], "/")[2]) for _ in range(rounds)]
    line = min(lines, key=lambda each: each["seconds"])
    row("ours, the folder alone", size, line["seconds"], line["processor"], speed)
    wall, processor, _ = best(rounds, [program("bench-folder"), folder], "/")
    row("ours, with the start of the program", size, wall, processor, speed)
    for name, command in (("sha256sum", "sha256sum"), ("openssl dgst", "openssl dgst -sha256")):
        for jobs in sorted({1, os.cpu_count()}):
            shell = f"find . -type f -print0 | xargs -0 -n 200 -P {jobs} {command}"
            wall, processor, _ = best(rounds, ["sh", "-c", shell], folder)
            row(f"{name}, {jobs} at once", size, wall, processor, speed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--size", type=int, default=1024, help="of the large files together, in MB")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="porchlight-bench-")

    try:
        speed = openssl_speed()
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; openssl speed -evp sha256 with blocks of {BLOCK // 1024} KB: "
              f"{speed / 1e6:.0f} MB/s")
        make_binary(f"{folder}/large", 20, arguments.size * MEGABYTE // 20, 1)
        make_binary(f"{folder}/small", arguments.pages, 30 * 1024, 2)
        make_pages(f"{folder}/pages", arguments.pages, 12 * 1024, 3)
        for name in ("large", "small", "pages"):
            hash_tree(name.capitalize(), f"{folder}/{name}", arguments.rounds, speed)
        lines = [json.loads(timed([program("bench-folder"), "--check", f"{folder}/pages"], "/")[2]) for _ in range(arguments.rounds)]
        line = min(lines, key=lambda each: each["seconds"])
        print(f"\nCheck of {line['files']} files, {line['bytes'] / 1e6:.0f} MB: {line['seconds']:.2f} s, {line['processor']:.2f} s of processor, "
              f"{line['findings']} findings")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
