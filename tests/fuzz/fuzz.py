# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a fuzzer: first on what is kept in the corpus, then for a while on what it makes of that.

fuzz.py PROGRAM CORPUS [SECONDS]; what makes it fail is printed in Base64. To keep a find, put it into the corpus.
Without SECONDS it is short and begins with the same seed each time: a test says the same of the same source twice. To look
for what nobody has seen yet, say how long.
"""

import base64
import os
import subprocess
import sys
import tempfile

from tap import case, run

program, corpus = sys.argv[1:3]
how_long = [f"-max_total_time={sys.argv[3]}"] if len(sys.argv) > 3 else ["-max_total_time=10", "-seed=1"]
del sys.argv[1:]

# A reader that takes seconds for a few kilobytes would stop a window
LIMITS = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=8192"]
ENVIRONMENT = {
    **os.environ,
    "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "G_MESSAGES_DEBUG": "",
}


def fuzz(*arguments):
    with tempfile.TemporaryDirectory(prefix="porchlight-fuzz-") as folder:
        made = os.path.join(folder, "made")
        os.mkdir(made)
        done = subprocess.run([program, *LIMITS, f"-artifact_prefix={folder}/find-", *arguments, *([made, corpus] if arguments else [])],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT, errors="replace", text=True)
        for name in sorted(name for name in os.listdir(folder) if name.startswith("find-")):
            with open(os.path.join(folder, name), "rb") as find:
                print(f"# {name}: {base64.b64encode(find.read()).decode()}", flush=True)
    if done.returncode:
        for line in done.stdout.splitlines()[-60:]:
            print("# " + line, flush=True)
    assert done.returncode == 0, f"exit {done.returncode}"
    return done.stdout


@case
def what_was_kept():
    files = os.listdir(corpus)
    assert files, "nothing is kept"
    fuzz("-runs=0")


@case
def what_comes_of_it():
    output = fuzz(*how_long, "-print_final_stats=1")
    for line in output.splitlines():
        if "number_of_executed_units" in line or "peak_rss_mb" in line:
            print("# " + line, flush=True)


run()
