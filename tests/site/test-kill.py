# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program is killed in the middle of publishing and of going back: the site stays whole, and the work goes on."""

import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))

from sitekit import Kit
from tap import case, run

FOLDERS = 5
PAGES = 20


def write_tree(root, version, changed_folders):
    for folder in range(FOLDERS):
        os.makedirs(os.path.join(root, f"part-{folder}"), exist_ok=True)
        for page in range(PAGES):
            mark = version if folder in changed_folders else 0
            with open(os.path.join(root, f"part-{folder}", f"page-{page}.html"), "w") as file:
                file.write(f"page {folder} {page} version {mark} " + "x" * 300)
    with open(os.path.join(root, "index.html"), "w") as file:
        file.write(f"version {version}")


def read_tree(root):
    tree = {}
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                tree[os.path.relpath(path, root)] = file.read()
    return tree


def shown(kit, trees):
    """Which of the trees is served, every page of it; never a mixture."""
    pages = {path: kit.get(path)[2] for path in set().union(*trees)}
    for number, tree in enumerate(trees):
        if all(pages[path] == data for path, data in tree.items()):
            return number
    raise AssertionError("What is served is none of the versions")


def kill_after(kit, seconds, *arguments):
    """Whether it was still at work then."""
    process = subprocess.Popen(kit.command(*arguments), env=kit.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def start_until_some_arrived(kit, *arguments):
    """The program, when it has said that some of the files, and not all, have been sent."""
    process = subprocess.Popen(kit.command(*arguments), env=kit.environment, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        detail = json.loads(line).get("detail") or ""
        if " of " in detail and int(detail.split()[0].replace(",", "")) > 0:
            return process
    raise AssertionError("It was done before it could be stopped")


def resume_all(kit):
    operations = kit.run("operation", "list")
    for operation in operations:
        kit.run("operation", "resume", operation["id"])
    return len(operations)


class Context:
    pass


def setup():
    context = Context()
    context.kit = Kit()
    context.root = os.path.join(context.kit.folder, "site")
    context.site = context.kit.create_site("Killed")
    write_tree(context.root, 1, range(FOLDERS))
    context.old = read_tree(context.root)
    context.release = context.kit.run("publish", context.site, context.root)["release"]
    return context


def teardown(context):
    if context is not None:
        context.kit.close()


@case
def killed_while_publishing(context):
    kit = context.kit
    kit.restart("op=PutObject,delay=60;op=CopyObject,delay=60")
    version = 1
    killed = resumed = finished = 0
    delay = 0.15
    while finished < 1 and version < 9:
        version += 1
        write_tree(context.root, version, {version % FOLDERS, 0})
        new = read_tree(context.root)
        if kill_after(kit, delay, "publish", context.site, context.root):
            killed += 1
        else:
            finished += 1
        which = shown(kit, [context.old, new])
        count = resume_all(kit)
        resumed += count
        if count == 0 and which == 0:
            kit.run("publish", context.site, context.root)
        assert shown(kit, [context.old, new]) == 1, (version, which, count)
        assert kit.run("operation", "list") == [], "Something is left over"
        context.old = new
        delay *= 1.5
    print(f"# killed {killed} times, {resumed} taken up again", flush=True)
    assert killed >= 3 and resumed >= 1, (killed, resumed)


@case
def what_arrived_is_not_sent_again(context):
    kit = context.kit
    kit.restart("op=PutObject,delay=300")
    write_tree(context.root, 100, range(FOLDERS))
    process = start_until_some_arrived(kit, "publish", context.site, context.root)
    process.kill()
    process.wait()
    process.stdout.close()
    kit.restart()
    operation = kit.run("operation", "list")[0]
    result = kit.run("operation", "resume", operation["id"])
    print(f"# {result}", flush=True)
    assert result["kept"] > 0 and result["kept"] + result["sent"] == FOLDERS * PAGES + 1, result
    context.old = read_tree(context.root)
    assert shown(kit, [context.old]) == 0


@case
def stopped_by_hand(context):
    kit = context.kit
    kit.restart("op=PutObject,delay=300")
    write_tree(context.root, 200, range(FOLDERS))
    new = read_tree(context.root)
    process = start_until_some_arrived(kit, "publish", context.site, context.root)
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    assert process.wait(30) == 4, process.returncode
    process.stdout.close()
    assert shown(kit, [context.old, new]) == 0
    kit.restart()
    assert resume_all(kit) == 1
    assert shown(kit, [context.old, new]) == 1
    context.old = new


@case
def killed_while_going_back(context):
    kit = context.kit
    first = kit.run("release", "show", context.site, context.release)
    assert first["id"] == context.release
    kit.restart("op=CopyObject,delay=200;op=PutObject,delay=200;op=PutKey,delay=300")
    oldest = os.path.join(kit.folder, "oldest")
    write_tree(oldest, 1, range(FOLDERS))
    trees = [context.old, read_tree(oldest)]
    for delay in (0.15, 0.3, 0.6):
        kill_after(kit, delay, "release", "go-live", context.site, context.release)
        shown(kit, trees)
        resume_all(kit)
        shown(kit, trees)
    kit.run("release", "go-live", context.site, context.release)
    assert shown(kit, trees) == 1
    shutil.rmtree(oldest)


run(setup=setup, teardown=teardown)
