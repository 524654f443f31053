# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real website of more than a thousand files is published, changed and taken back, and looked at as a visitor."""

import concurrent.futures
import glob
import hashlib
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(__file__))

from sitekit import Kit
from tap import Skip, case, run

PAGE = "public, max-age=0, s-maxage=31536000, must-revalidate"
REST = "public, max-age=300, s-maxage=31536000"
FEWEST = 1000

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "gif": "image/gif",
    "gz": "application/gzip",
}


def find_tree():
    """The documentation package with the most files that is a website: with a start page, and pages in the main."""
    best = None
    for start in glob.glob("/usr/share/doc/*/index.html") + glob.glob("/usr/share/doc/*/html/index.html") + \
            glob.glob("/usr/share/gtk-doc/html/*/index.html"):
        folder = os.path.dirname(os.path.realpath(start))
        count = sum(len(files) for _, _, files in os.walk(folder))
        if best is None or count > best[0]:
            best = (count, folder)
    return best[1] if best and best[0] >= FEWEST else None


def read_tree(root):
    tree = {}
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                tree[os.path.relpath(path, root)] = file.read()
    return tree


def type_of(path, data):
    expected = TYPES.get(path.rpartition(".")[2].lower())
    if expected and "charset" in expected:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return expected


def compare_one(kit, path, data):
    status, headers, body = kit.get(path)
    if status != 200:
        return f"{path}: {status}"
    if body != data:
        return f"{path}: {len(body)} bytes that differ from the {len(data)} that were published"
    expected = type_of(path, data)
    if expected and headers.get("content-type") != expected:
        return f"{path}: {headers.get('content-type')}, not {expected}"
    cache = PAGE if path.endswith(".html") else REST
    if headers.get("cache-control") != cache and "immutable" not in headers.get("cache-control", ""):
        return f"{path}: {headers.get('cache-control')}"
    return None


def compare(kit, tree):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        wrong = [problem for problem in pool.map(lambda item: compare_one(kit, *item), tree.items()) if problem]
    assert not wrong, f"{len(wrong)} of {len(tree)} differ: " + "; ".join(wrong[:5])


class Context:
    pass


def setup():
    context = Context()
    context.source = find_tree()
    if context.source is None:
        print("1..0 # SKIP No documentation package with over a thousand files is installed", flush=True)
        sys.exit(0)
    context.kit = Kit()
    context.root = os.path.join(context.kit.folder, "site")
    shutil.copytree(context.source, context.root, symlinks=False)
    context.site = context.kit.create_site("Manual")
    context.first = read_tree(context.root)
    print(f"# {context.source}: {len(context.first)} files, {sum(map(len, context.first.values()))} bytes", flush=True)
    return context


def teardown(context):
    if context is not None:
        context.kit.close()


@case
def check_says_what_is_left_out(context):
    result = context.kit.run("check", context.root)
    assert not [finding for finding in result["findings"] if finding["severity"] == "error"], result


@case
def first_publish(context):
    result = context.kit.run("publish", context.site, context.root, "--note", "First")
    distinct = len({hashlib.sha256(data).digest() for data in context.first.values()})
    context.first_release = result["release"]
    print(f"# {result}", flush=True)
    assert result["sent"] == distinct, (result, distinct)
    assert result["sent"] + result["copied"] == len(context.first), result
    assert result["bytesSent"] == sum({hashlib.sha256(d).digest(): len(d) for d in context.first.values()}.values())


@case
def every_page_and_asset_is_served(context):
    compare(context.kit, context.first)


@case
def start_page_and_missing_page(context):
    status, _, body = context.kit.get("")
    assert status == 200 and body == context.first["index.html"]
    status, headers, body = context.kit.get("no such page.html")
    assert status == 404 and headers["content-type"].startswith("text/html"), (status, headers)
    assert b"<h1>" in body


@case
def pages_are_not_sent_again_to_a_browser_that_has_them(context):
    _, headers, _ = context.kit.get("index.html")
    status, _, body = context.kit.get("index.html", {"If-None-Match": headers["etag"]})
    assert status == 304 and body == b"", status


@case
def unchanged_publish(context):
    result = context.kit.run("publish", context.site, context.root)
    print(f"# {result}", flush=True)
    assert result["sent"] == result["copied"] == result["bytesSent"] == 0, result
    assert result["release"] == context.first_release, result
    assert result["requests"] <= 3, result


@case
def three_changes(context):
    pages = sorted(path for path in context.first if path.endswith(".html") and path != "index.html")
    changed = [pages[0], pages[len(pages) // 2], "index.html"]
    for path in changed:
        with open(os.path.join(context.root, path), "ab") as file:
            file.write(b"<!-- changed -->\n")
    context.second = read_tree(context.root)
    result = context.kit.run("publish", context.site, context.root, "--note", "Three changes")
    context.second_release = result["release"]
    print(f"# {result}", flush=True)
    assert result["sent"] == 3, result
    assert result["copied"] + result["shared"] == len(context.first) - 3, result
    assert result["bytesSent"] == sum(len(context.second[path]) for path in changed), result
    compare(context.kit, context.second)


@case
def undo(context):
    context.kit.run("release", "go-live", context.site, context.first_release)
    compare(context.kit, context.first)
    releases = context.kit.run("release", "list", context.site)
    live = [release["id"] for release in releases if release["live"]]
    assert live == [context.first_release], releases


@case
def redo(context):
    context.kit.run("release", "go-live", context.site, context.second_release)
    compare(context.kit, context.second)


run(setup=setup, teardown=teardown)
