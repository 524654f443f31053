# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of installed packages, made by many generators over decades, is published and compared through the edge: bytes,
types, encodings and cache rules.

PORCHLIGHT_TREES=N takes more or fewer of the trees."""

import http.client
import json
import mimetypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "practice")]

from practice import Practice  # noqa: E402
from tap import Skip, case, run  # noqa: E402

PROGRAM = os.environ["PORCHLIGHT_CLI"]
N_TREES = int(os.environ.get("PORCHLIGHT_TREES", "12"))
PLACES = ("/usr/share/doc", "/usr/share/gtk-doc/html", "/usr/share/help/C")
MOST_BYTES = 30 * 1000 * 1000
PAGE = "public, max-age=0, s-maxage=31536000, must-revalidate"
REST = "public, max-age=300, s-maxage=31536000"
ASSET = "public, max-age=31536000, immutable"

# What browsers need to be told, whatever a system knows
TYPES = {
    ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
    ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".gif": "image/gif", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon", ".pdf": "application/pdf", ".txt": "text/plain",
    ".xml": "application/xml", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
    ".eot": "application/vnd.ms-fontobject", ".map": "application/json", ".md": "text/markdown", ".gz": "application/gzip",
}


def find_trees():
    """Folders with a start page, no one inside another, the smaller ones of each kind first."""
    found = []
    for place in PLACES:
        for root, folders, files in os.walk(place):
            if "index.html" in files and not os.path.islink(os.path.join(root, "index.html")):
                paths = [os.path.join(base, name) for base, _, names in os.walk(root) for name in names]
                size = sum(os.lstat(path).st_size for path in paths)
                if len(paths) > 3 and size < MOST_BYTES:
                    found.append((len(paths), root))
                folders.clear()
    found.sort(reverse=True)
    return [root for _, root in found]


def expected_files(root):
    """What visitors are to see: files, and links that stay inside."""
    files = {}
    top = os.path.realpath(root)
    for base, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not os.path.islink(os.path.join(base, name))]
        for name in names:
            path = os.path.join(base, name)
            goal = os.path.realpath(path)
            if os.path.isfile(goal) and goal.startswith(top + "/") and not name.endswith("~"):
                files[os.path.relpath(path, root)] = Path(goal).read_bytes()
    return files


def is_utf8(data):
    try:
        data.decode()
        return True
    except UnicodeDecodeError:
        return False


class Site:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="porchlight-real-")
        self.cloud = Practice()
        self.environment = self.cloud.environment(PORCHLIGHT_DATA_DIR=os.path.join(self.folder, "data"), HOME=self.folder,
                                                  LC_ALL="C.UTF-8")
        self.site = self.run("site", "create", "Real", "--template", "coming-soon")[0]
        self.connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=60)
        self.types = {}

    def close(self):
        self.connection.close()
        self.cloud.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments):
        done = subprocess.run([PROGRAM, "--json", *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=300)
        if done.returncode != 0:
            return None, done.stderr
        try:
            return json.loads(done.stdout), ""
        except ValueError:
            return json.loads(done.stdout.splitlines()[-1]), ""

    def get(self, path):
        self.connection.request("GET", path, headers={"Host": urlsplit(self.site["address"]).netloc})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def compare(self, path, data):
        address = "/" + quote(path)
        if path.endswith("index.html") and os.path.basename(path) == "index.html":
            address = address.removesuffix("index.html")
        status, headers, body = self.get(address)
        if status == 301 and "." not in os.path.basename(path):
            return "without an ending"  # more of them than the pointer has room for, which was said
        assert status == 200 and body == data, (path, status, len(body), len(data))
        kind, _, charset = headers["Content-Type"].partition("; charset=")
        ending = os.path.splitext(path)[1].lower()
        wanted = TYPES.get(ending)
        assert wanted in (None, kind), (path, kind)
        if wanted is None and ending:
            guess = mimetypes.guess_type(path)[0]
            assert kind.startswith("text/") or guess in (None, kind) or kind != "application/octet-stream", (path, kind, guess)
        self.types[kind] = self.types.get(kind, 0) + 1
        if kind.startswith("text/"):
            assert (charset == "utf-8") == is_utf8(data), (path, kind, charset)
        else:
            assert not charset, (path, kind, charset)
        rule = headers["Cache-Control"]
        if kind in ("text/html", "application/xhtml+xml"):
            assert rule == PAGE, (path, rule)
        else:
            assert rule in (REST, ASSET), (path, rule)
        return "immutable" if rule == ASSET else "compared"


@case
def documentation_of_packages():
    trees = find_trees()
    if not trees:
        raise Skip("no package with a tree of pages is installed")
    site = Site()
    try:
        published, counts, refused = 0, {}, []
        for root in trees:
            if published >= N_TREES:
                break
            files = expected_files(root)
            result, err = site.run("publish", site.site["id"], root)
            if result is None:
                # what looks private needs its owner's word; nothing else may stand in the way
                assert "index.html" not in err and "key" in err.lower() or "private" in err.lower() or "backup" in err.lower(), (root, err)
                refused.append(os.path.basename(os.path.dirname(root)))
                continue
            for path, data in sorted(files.items()):
                what = site.compare(path, data)
                counts[what] = counts.get(what, 0) + 1
            published += 1
        print(f"# {published} trees of {len(trees)}: {counts}", flush=True)
        print(f"# types: {dict(sorted(site.types.items(), key=lambda item: -item[1]))}", flush=True)
        if refused:
            print(f"# stopped for what looks private: {refused}", flush=True)
        assert published >= min(len(trees), N_TREES) - len(refused) and counts.get("compared", 0) > 50
    finally:
        site.close()


run()
