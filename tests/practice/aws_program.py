# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `aws` program, unchanged, many times in one process: most of the time that it takes is for starting.

    program = AwsProgram(cloud.environment(AWS_REGION="us-east-1"))
    program("route53", "list-hosted-zones")          # what it prints, from JSON
    program.fails("route53", "get-hosted-zone", "--id", "Z0")    # what it says
    program.close()
"""

import importlib.util
import json
import os
import subprocess
import sys

from tap import Skip

LOOP = """
import contextlib, io, json, sys
from awscli.clidriver import create_clidriver
wire = sys.stdout
for line in sys.stdin:
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = create_clidriver().main(json.loads(line))
        except SystemExit as exit:
            code = exit.code
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    print(json.dumps([code, *texts]), file=wire, flush=True)
"""


class AwsProgram:
    def __init__(self, environment):
        if importlib.util.find_spec("awscli") is None:
            assert "CI" not in os.environ, "aws has to be there in CI"
            raise Skip("aws is not installed")
        self.covered = set()
        self.process = subprocess.Popen([sys.executable, "-c", LOOP], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, *arguments):
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"aws {' '.join(arguments)} ended"
        return json.loads(line)

    def __call__(self, service, operation, *arguments):
        code, out, err = self.run(service, operation, *arguments)
        if code:
            raise AssertionError(f"aws {service} {operation} {' '.join(arguments)}: {err or out}")
        self.covered.add((service, operation))
        return json.loads(out) if out.strip() else None

    def fails(self, *arguments):
        code, _, err = self.run(*arguments)
        if not code:
            raise AssertionError(f"aws {' '.join(arguments)} did not fail")
        return err

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)
