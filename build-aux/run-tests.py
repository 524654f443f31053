#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds and runs the tests and counts their cases; the work behind ./test.

Four parts: all tests of the build, the tests without windows once more with AddressSanitizer and UBSan, the fuzzers,
and the Flatpak. Meson runs all but the last; cases are counted from the TAP that each test printed.

Tests wait much, the compiler never: the other builds, and then the Flatpak, are made beside the tests of the first one, with
what these leave of the processors.
"""

import argparse
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Fibers switch stacks, and JavaScriptCore has its own handlers for faults
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "halt_on_error=1:abort_on_error=1:detect_stack_use_after_return=0:allow_user_segv_handler=1:log_path={home}/sanitizer",
    "UBSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:print_stacktrace=1:log_path={home}/sanitizer",
    "PORCHLIGHT_SANITIZED": "1",  # for tests that measure memory or time
}

TAP_CASE = re.compile(r"(?P<bad>not )?ok\b\s*\d*\s*(?:- )?(?P<name>[^#]*)(?:#\s*(?P<directive>\w+)\s*(?P<why>.*))?")

# As many lines of what a failed case said are shown with its name at the end
SAID_LINES = 12

PASSED, SKIPPED, FAILED = range(3)


class Tally:
    """Cases that passed, and the names of those that failed or were skipped."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_tap(self, test, output, outcome):
        """Counts the cases in a test's output. A test that broke outside of its cases is one failed case more, and
        one that tells no cases is a case itself."""
        before = self.passed, len(self.failed), len(self.skipped)
        said = []
        for line in output.splitlines():
            case = TAP_CASE.match(line)
            if line.startswith("#"):
                said.append(line)
            skipped_all = re.match(r"1\.\.0\s*# *skip\S*\s*(.*)", line, re.IGNORECASE)
            if skipped_all:
                self.skipped.append(f"{test}: {skipped_all[1]}")
            if not case:
                continue
            why, said = said[-SAID_LINES:], []
            name = f"{test}: {case['name'].strip()}"
            directive = (case["directive"] or "").upper()
            if directive.startswith("SKIP"):
                self.skipped.append(f"{name} ({case['why'].strip()})")
            elif case["bad"] and directive != "TODO":
                self.failed.append("\n".join([name, *why]))
            else:
                self.passed += 1
        told_none = before == (self.passed, len(self.failed), len(self.skipped))
        if outcome == FAILED and len(self.failed) == before[1]:
            self.failed.append("\n".join([f"{test}: did not finish", *said[-SAID_LINES:]]))
        elif outcome == SKIPPED and told_none:
            self.skipped.append(test)
        elif told_none:
            self.passed += 1

    def print(self):
        for name in self.skipped:
            print(f"skipped  {name}")
        for name in self.failed:
            print(f"FAILED   {name}")
        line = f"{self.passed} passed, {len(self.failed)} failed"
        print(line + (f", {len(self.skipped)} skipped" if self.skipped else ""), flush=True)


class Build:
    """A build directory whose tests are run by meson."""

    def __init__(self, label, build_options, environment=None, meson_options=()):
        self.label = label
        self.build_options = build_options
        self.environment = environment or {}
        self.meson_options = meson_options

    def make(self, targets=(), prefix=()):
        """Builds; returns whether that worked."""
        made = subprocess.run([*prefix, HERE / "build", *self.build_options, *targets], stdout=subprocess.PIPE, text=True)
        self.folder = made.stdout.strip() and Path(made.stdout.strip()) / self.build_folder
        return made.returncode == 0

    @staticmethod
    def with_callers(name, value):
        """Options of the person who looks for something, such as fast_unwind_on_malloc=0, come last and win."""
        return ":".join(filter(None, [value, os.environ.get(name)]))

    def print_reports(self, home):
        """What the sanitizers found. They write to files, since tests read what the programs print."""
        texts = [report.read_text(errors="replace") for report in sorted(Path(home).glob("sanitizer.*"))]
        found = [text for text in texts if "ERROR: " in text or "runtime error: " in text]
        for text in found:
            print(text, flush=True)
        return bool(found)

    @property
    def build_folder(self):
        return {"--sanitize": "sanitized", "--fuzz": "fuzz"}.get(self.build_options[0], "main")

    def introspect(self, what):
        output = subprocess.run(["meson", "introspect", what, self.folder], stdout=subprocess.PIPE, check=True)
        return json.loads(output.stdout)

    def run(self, names, tally, environment):
        log = self.folder / "meson-logs" / "testlog.json"
        log.unlink(missing_ok=True)
        ran = subprocess.run(
            ["meson", "test", "-C", self.folder, "--no-rebuild", "--print-errorlogs", *self.meson_options,
             f"--num-processes={len(os.sched_getaffinity(0)) + 1}", *names],     # one more, since many of them wait
            env=environment | {
                name: self.with_callers(name, value.format(home=environment["HOME"]))
                for name, value in self.environment.items()
            },
        )
        results = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        for result in results:
            result["name"] = result["name"].rpartition(" / ")[2]
        before = len(tally.failed)
        for result in results:
            outcome = {"OK": PASSED, "EXPECTEDFAIL": PASSED, "SKIP": SKIPPED}.get(result["result"], FAILED)
            tally.add_tap(result["name"] + self.label, result["stdout"] or "", outcome)
        for name in set(names) - {result["name"] for result in results}:
            tally.failed.append(f"{name}{self.label}: was not run")
        if (self.print_reports(environment["HOME"]) or ran.returncode) and len(tally.failed) == before:
            tally.failed.append(f"meson test{self.label}: failed")


def matches(name, patterns):
    return not patterns or any(p.lower() in name.lower() or fnmatch.fnmatch(name, p) for p in patterns)


def private_environment(home):
    """What tests see: nothing of the person who runs them, neither files, nor screen, nor accounts."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"AWS_(?!CA_BUNDLE)|XDG_(?!DATA_DIRS)|(WAYLAND_)?DISPLAY$|DBUS_|G_MESSAGES_DEBUG", name)
    }
    runtime = Path(home, "run")
    runtime.mkdir(mode=0o700)
    environment |= {"HOME": home, "XDG_RUNTIME_DIR": str(runtime), "LC_ALL": "C.UTF-8"}
    return environment


class Parts:
    """What is run: the tests of each build after one another, and beside them what prepares the next."""

    def __init__(self, patterns, no_asan, tally, environment):
        self.patterns = patterns
        self.no_asan = no_asan
        self.tally = tally
        self.environment = environment
        self.main = Build("", ["--werror"])
        self.displayless = []

    def run(self):
        print("Building", flush=True)
        chosen = self.choose() if self.main.make() else None
        if chosen is None:
            self.tally.failed.append("build: warnings are errors here")
        with ThreadPoolExecutor(max_workers=1) as beside:     # one after the other, in this order
            later = [] if self.no_asan else [
                (label, build, names, beside.submit(build.make, targets, prefix=["nice", "-n", "10"]))
                for label, build, names, targets in (self.sanitized(), self.fuzzers())
                if names
            ]
            flatpak = beside.submit(self.run_flatpak) if matches("flatpak", self.patterns) else None
            if chosen:
                self.main.run(chosen, self.tally, self.environment)
            for label, build, names, made in later:
                print(f"With {label}", flush=True)
                if made.result():
                    build.run(names, self.tally, self.environment)
                else:
                    self.tally.failed.append(f"build ({label})")
            if flatpak:
                print("Flatpak", flush=True)
                ran = flatpak.result()
                print(ran.stdout, end="", flush=True)
                self.tally.add_tap("flatpak", ran.stdout, FAILED if ran.returncode else PASSED)

    def choose(self):
        """Returns the names of the tests that match, and remembers which of them need no window but something that is built:
        functions in JavaScript are the same with sanitizers."""
        chosen = [test for test in self.main.introspect("--tests") if matches(test["name"], self.patterns)]
        self.displayless = [test for test in chosen
                            if test["depends"] and any(suite.endswith("displayless") for suite in test["suite"])]
        return [test["name"] for test in chosen]

    def sanitized(self):
        """The build with AddressSanitizer and UBSan, of what the tests without windows need: the app itself is no part."""
        needed = {target for test in self.displayless for target in test["depends"]}
        targets = [
            os.path.relpath(target["filename"][0], self.main.folder)
            for target in (self.main.introspect("--targets") if needed else [])
            if target["id"] in needed or target["name"] == "porchlight-cli"
        ]
        build = Build(" (sanitized)", ["--sanitize"], SANITIZER_OPTIONS, ["--timeout-multiplier=2"])
        return "sanitizers", build, [test["name"] for test in self.displayless], targets

    def fuzzers(self):
        names = ["fuzz-" + source.stem.removeprefix("fuzz-") for source in HERE.parent.glob("tests/fuzz/fuzz-*.c")]
        names = [name for name in names if matches(name, self.patterns)]
        if names and not shutil.which("clang"):
            self.tally.skipped.append("fuzz: clang is not there")
            names = []
        return "fuzzers", Build("", ["--fuzz"]), names, []

    def run_flatpak(self):
        return subprocess.run([HERE / "test-flatpak"], env=self.environment, stdout=subprocess.PIPE, text=True)


def main():
    parser = argparse.ArgumentParser(prog="./test", description="Builds Porchlight and runs its tests.")
    parser.add_argument("--no-asan", action="store_true", help="leave out what runs with sanitizers: the second run and the fuzzers")
    parser.add_argument("pattern", nargs="*", help="run only the tests with this in their name")
    arguments = parser.parse_args()

    tally = Tally()
    home = tempfile.mkdtemp(prefix="porchlight-test-home-")
    try:
        environment = private_environment(home)
        Parts(arguments.pattern, arguments.no_asan, tally, environment).run()
    finally:
        shutil.rmtree(home, ignore_errors=True)

    print()
    if not tally.passed and not tally.failed and not tally.skipped:
        print("No test has a name like that.")
    tally.print()
    sys.exit(0 if tally.passed and not tally.failed else 1)


if __name__ == "__main__":
    main()
