# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test cases in plain Python that report in TAP: decorate functions with @case, end the file with run()."""

import sys
import traceback

_cases = []


class Skip(Exception):
    """Raised by a case that can't run here; the text says why."""


def case(function):
    _cases.append(function)
    return function


def run(*, setup=None, teardown=None):
    """Runs every case in the order of definition and exits; sys.argv[1:] may name cases to run alone."""
    wanted = sys.argv[1:]
    chosen = [c for c in _cases if not wanted or any(w in c.__name__ for w in wanted)]
    failures = 0
    print(f"1..{len(chosen)}", flush=True)
    context = None
    try:
        context = setup() if setup else None
    except Exception:
        traceback.print_exc()
        print("Bail out! The set-up failed.", flush=True)
        sys.exit(1)
    try:
        for number, function in enumerate(chosen, 1):
            name = function.__name__.replace("_", "-")
            try:
                function(context) if setup else function()
                print(f"ok {number} - {name}", flush=True)
            except Skip as reason:
                print(f"ok {number} - {name} # SKIP {reason}", flush=True)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                failures += 1
                for line in traceback.format_exc().splitlines():
                    print("# " + line, flush=True)
                print(f"not ok {number} - {name}", flush=True)
    finally:
        if teardown:
            teardown(context)
    sys.exit(1 if failures else 0)
