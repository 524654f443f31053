# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every operation of our tables against a server of others (moto), beside boto3; with PORCHLIGHT_PRACTICE_SERVE
against the practice cloud. The scenarios are in operations/, one file for each service."""

import os
import sys

# Operations that are newer than the botocore that is installed
os.environ["AWS_DATA_PATH"] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")

from clouds import choose  # noqa: E402  prints a skip if boto3 is not there
from operations import Lacking, Stage, load  # noqa: E402
from tap import Skip, case, run  # noqa: E402


def add_case(function):
    def check(stage):
        if stage.cloud.is_moto and not function.moto:
            raise Skip("moto has nothing of it")
        try:
            function(stage.scene(function))
        except Lacking as operation:
            print(f"# {function.service}: moto has no {operation}, so it ends there")
    check.__name__ = f"{function.service.replace('-', '_')}_{function.__name__}"
    case(check)


for each in load():
    add_case(each)


@case
def lists_of_what_moto_lacks_are_true(stage):
    if not stage.cloud.is_moto:
        raise Skip("this is not moto")
    wrong = []
    for function in load():
        for operation in sorted(function.moto_lacks):
            if (function.service, operation) not in stage.operations:
                wrong.append(f"{function.service} has no {operation} in our tables")
            elif not stage.lacks(function.service, operation):
                wrong.append(f"moto does answer {operation} of {function.service}")
    assert not wrong, "\n".join(wrong)


@case
def every_operation_is_covered(stage):
    lacking = {(function.service, operation) for function in load() for operation in function.moto_lacks} if stage.cloud.is_moto else set()
    for service, operation in sorted(stage.operations):
        state = "covered" if (service, operation) in stage.covered else "lacking" if (service, operation) in lacking else "missing"
        print(f"# {state} {service} {operation}")
    missing = set(stage.operations) - stage.covered - lacking
    assert not missing, f"{len(missing)} of {len(stage.operations)}: " + ", ".join(" ".join(pair) for pair in sorted(missing))


def start():
    return Stage(choose())


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    run(setup=start, teardown=lambda stage: stage and stage.stop())
