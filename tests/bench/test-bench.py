# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks still run, with a few files and on a server of this folder: nothing is measured here."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tap import Skip, case, run

HERE = Path(__file__).resolve().parent


def script(name, *arguments):
    done = subprocess.run([sys.executable, "-B", str(HERE / name), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@case
def publishing():
    for name in ("aws", "rclone"):
        if not shutil.which(name):
            raise Skip(f"{name} is not there")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as lines:
        table = script("bench-publishing.py", "--rounds", "1", "--files", "20", "--json", lines.name, "--only", "small",
                       "--program", "porchlight", "--program", "rclone sync", "--program", "aws s3 sync")
        measured = [json.loads(line) for line in lines]
    assert "failed" not in table, table
    assert len(measured) == 5 * 3 and table.count("\n| porchlight |") == 5, table
    said = {line["act"]: line["said"] for line in measured if line["program"] == "porchlight"}
    requests = {line["act"]: line["requests"] for line in measured if line["program"] == "porchlight"}
    for act, told in said.items():
        assert {"seconds", "sent", "copied", "shared", "bytesSent", "requests"} <= set(told), told
        assert told["requests"] == requests[act], (act, told, requests)
    assert said["first"]["sent"] == 20
    assert said["unchanged"]["sent"] == 0 and requests["unchanged"] <= 3
    assert said["rebuilt, one page changed"]["sent"] == 1 and said["one page changed"]["sent"] == 1


@case
def delay():
    if not shutil.which("aws") or not shutil.which("rclone"):
        raise Skip("aws or rclone is not there")
    table = script("bench-publishing.py", "--rounds", "1", "--files", "20", "--only", "delay", "--program", "porchlight")
    assert "failed" not in table and "| porchlight |" in table, table


@case
def folder():
    if not shutil.which("openssl"):
        raise Skip("openssl is not there")
    said = script("bench-folder.py", "--rounds", "1", "--pages", "40", "--size", "2")
    assert "Check of 61 files" in said and said.rstrip().endswith(" 0 findings"), said


@case
def refusals():
    """What a server or a person did wrong is said in words."""
    program = Path(os.environ["PORCHLIGHT_BENCH"], "porchlight-bench")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    clean.update(AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_EC2_METADATA_DISABLED="true")
    with tempfile.TemporaryDirectory() as site:
        Path(site, "a.txt").write_text("a")
        arguments = [str(program), "publish", "--endpoint", "http://127.0.0.1:1", "--bucket", "b", "--no-state"]
        for command, variables, expected in (
                ([*arguments, site], {}, "access keys"),
                ([*arguments, site], {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"}, "127.0.0.1"),
                ([*arguments, site + "/missing"], {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"}, "missing"),
                ([str(program), "publish"], {}, "--endpoint")):
            done = subprocess.run(command, capture_output=True, text=True, env={**clean, **variables})
            assert done.returncode != 0 and not done.stdout and expected in done.stderr, (command, done)


run()
