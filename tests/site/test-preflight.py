# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check on a tree with every fault once and on a clean one; what is mended in the copy that is sent; what is blocked."""

import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(__file__))

from sitekit import Kit
from tap import case, run

HEAD = '<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>Bakery</title>\n<meta name="description" content="Bread">\n'
PAGE = HEAD + "</head>\n<body>\n{}\n</body>\n</html>\n"


class Drop:
    def __init__(self):
        self.kit = Kit()
        self.kit.environment["XDG_CACHE_HOME"] = os.path.join(self.kit.folder, "cache")
        self.count = 0
        self.site = None

    def tree(self, files):
        """A new folder with these files: text or bytes by path."""
        self.count += 1
        folder = os.path.join(self.kit.folder, f"tree-{self.count}")
        for path, data in files.items():
            whole = os.path.join(folder, path)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode())
        return folder

    def check(self, folder, *options):
        return self.kit.run("check", folder, *options, check=False)

    def ready_site(self):
        if self.site is None:
            self.site = self.kit.create_site("Preflight")
        return self.site

    def close(self):
        self.kit.close()


def exif(place):
    """A TIFF structure, with where the photo was taken or without."""
    directory = struct.pack("<HHHIHHHHII", 2 if place else 1, 0x112, 3, 1, 1, 0, 0x8825, 4, 1, 38) + struct.pack("<I", 0)
    gps = struct.pack("<HHHIIHHIII", 2, 2, 5, 3, 68, 4, 5, 3, 92, 0)
    return b"II*\0" + struct.pack("<I", 8) + directory + gps + struct.pack("<12I", 52, 1, 31, 1, 7, 1, 13, 1, 24, 1, 9, 1)


def jpeg(width=100, height=80, place=False, size=0):
    note = b"Exif\0\0" + exif(place)
    data = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(note) + 2) + note
    data += b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    return data + b"\x55" * max(0, size - len(data) - 2) + b"\xff\xd9"


def tar_gz(files):
    import tarfile
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path in files:
            info = tarfile.TarInfo(path)
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    return data.getvalue()


# Put together here, so that nobody takes this file for a leak
PRIVATE_KEY = "-----BEGIN PRIVATE" + " KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE" + " KEY-----\n"

LINES = [
    ("link.broken", '<a href="gone.html">a</a>'),
    ("link.broken", '<img src="gone.png" alt="b">'),
    ("link.anchor", '<a href="about/#nowhere">c</a>'),
    ("link.case", '<a href="Shop.html">d</a>'),
    ("link.local", '<a href="http://localhost:9999/admin/">e</a>'),
    ("link.disk", '<a href="file:///home/rosa/menu.pdf">f</a>'),
    ("link.disk", '<img src="C:\\Users\\Rosa\\cake.jpg" alt="g">'),
    ("link.unencrypted", '<script src="http://example.com/x.js"></script>'),
    ("picture.alt", '<img src="small.png">'),
    ("picture.oversized", '<img src="wide.jpg" width="200" alt="i">'),
    ("form.nowhere", '<form method="post" action="send.php"><input name="q"></form>'),
    ("link.disk", '<a href="\\\\server\\share\\price.pdf">k</a>'),
    ("form.mail", '<form method="post" action="mailto:rosa@example.org"></form>'),
    ("form.unencrypted", '<form method="post" action="http://example.com/f"></form>'),
    ("link.left-out", '<link rel="stylesheet" href="node_modules/x/x.css">'),
]

# What is wrong with whole files: rule, path, line
FILES = {
    "bare.html": ("<!doctype html>\n<html>\n<head></head>\n<body>x</body></html>", [("page.title", 3), ("page.language", 2), ("page.description", 3)]),
    "ask.html": (PAGE.format('<form><input name="from" type="email"><textarea name="text"></textarea></form>'), [("form.nowhere", 8)]),
    "photo.jpg": (jpeg(place=True), [("photo.location", None)]),
    "heavy.png": (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + struct.pack(">II", 100, 100) + b"\0" * 1100000, [("picture.heavy", None)]),
    ".env": ("PASSWORD=1", [("file.secret", None)]),
    ".git/HEAD": ("ref: x", [("file.history", None)]),
    "keys/server.key": (PRIVATE_KEY, [("file.secret", 1)]),
    "js/app.js": ("let a;\nlet key = 'sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc';", [("file.secret", 2)]),
    "index.html.bak": ("x", [("file.backup", None)]),
    "site.tar.gz": (tar_gz(["index.html", "shop.html"]), [("file.backup", None)]),
    "shop.db": (b"SQLite format 3\0" + b"\0" * 100, [("file.database", None)]),
    "all.sql": ("-- MySQL dump 10.13\n", [("file.database", None)]),
    ".DS_Store": ("x", [("file.litter", None)]),
    "Thumbs.db": ("x", [("file.litter", None)]),
    "node_modules/x/x.css": ("x", [("file.litter", None)]),
    "about/.index.html.swp": ("x", [("file.litter", None)]),
    "_headers": ("/*\n  X: y\n", [("file.other-host", None)]),
    ".htaccess": ("Deny from all", [("file.other-host", None)]),
    "README": ("x", []),
    "readme": ("x", [("name.case", None)]),
    ".profile": ("x", [("file.hidden", None)]),
}


def planted():
    text = PAGE.format("\n".join(line for _, line in LINES))
    files = {"index.html": text, "about/index.html": PAGE, "shop.html": PAGE, "small.png": b"\x89PNG",
             "wide.jpg": jpeg(1600, 900, size=200 * 1024)}
    wanted = {(rule, "index.html", text[:text.index(line)].count("\n") + 1) for rule, line in LINES}
    for path, (data, found) in FILES.items():
        files[path] = data
        shown = {".git/HEAD": ".git", "node_modules/x/x.css": "node_modules"}.get(path, path)
        wanted |= {(rule, shown, line) for rule, line in found}
    return files, wanted


@case
def every_fault_once(drop):
    files, wanted = planted()
    folder = drop.tree(files)
    with open(os.path.join(folder, "film.mp4"), "wb") as film:
        film.truncate(2_000_000_000)
    wanted.add(("file.large", "film.mp4", None))
    answer, result = drop.check(folder)
    found = {(f["rule"], f["path"], f["line"]) for f in answer["findings"]}
    assert found == wanted, (sorted(map(str, wanted - found)), sorted(map(str, found - wanted)))
    assert result.returncode == 1 and not answer["publishable"]
    for finding in answer["findings"]:
        assert finding["text"] and (finding["fix"] or finding["severity"] == "info"), finding
        assert "4eC39" not in finding["text"] and "MIIE" not in finding["text"], finding
        blocked = finding["rule"] in ("file.secret", "file.history", "file.backup", "file.database")
        assert (finding["severity"] == "error") == blocked and (finding["treatment"] == "confirm") == blocked, finding
    large = next(f for f in answer["findings"] if f["rule"] == "file.large")
    assert "1000 downloads" in large["text"] and "85 US dollars" in large["text"] and large["bytes"] == 2_000_000_000, large


@case
def no_start_page(drop):
    answer, result = drop.check(drop.tree({"about.html": PAGE}))
    assert result.returncode == 1 and [f["rule"] for f in answer["findings"]] == ["folder.no-start-page"], answer


@case
def a_clean_tree(drop):
    folder = drop.tree({
        "index.html": PAGE.format('<a href="about/#team">1</a><a href="/shop.html?x=1">2</a><img src="i.png" alt="i" width="100">'
                                  '<a href="/old">3</a><code>http://localhost:8080/ "http://localhost/about/"</code>'
                                  '<form method="post" action="/_porchlight/contact"><input name="text"></form>'),
        "about/index.html": PAGE.format('<p id="team"><a href="../">back</a>'), "shop.html": PAGE, "i.png": b"\x89PNG",
        "photo.jpg": jpeg(), "_redirects": "/old /about/ 301\n", "app.js": "// http://localhost:3000\nlet port = 'http://localhost:3000';",
        "style.css": "a { background: url(i.png) } /* url(http://localhost/i.png) */",
        "key.html": PAGE.format("<pre>-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----</pre> AKIAIOSFODNN7EXAMPLE"),
        "download.zip": b"PK\x05\x06" + b"\0" * 18,
    })
    answer, result = drop.check(folder)
    assert result.returncode == 0 and answer["findings"] == [], answer
    assert answer["files"] == 9, answer


ORIGIN = "http://localhost:10004/bakery"


def export():
    """What Simply Static leaves of a small WordPress site when it was told the wrong address."""
    def page(body):
        return ("<!DOCTYPE html>\r\n<html lang='de-DE'>\r\n<head>\r\n<meta charset='UTF-8'>\r\n<title>Bäckerei</title>\r\n"
                "<meta name='description' content='Brot'>\r\n"
                f"<link rel='canonical' href='{ORIGIN}/'>\r\n"
                f"<link rel='stylesheet' id='theme-css' href='{ORIGIN}/wp-content/themes/t/style.css?ver=6.5' media='all' />\r\n"
                f"<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{ORIGIN}/feed/index.xml\">\r\n</head>\r\n<body>\r\n"
                f"{body}\r\n<script>var wp = {{\"home\":\"{ORIGIN.replace('/', chr(92) + '/')}\\/ueber-uns\\/\"}};</script>\r\n"
                "<!-- made by http://localhost:10004/bakery/ -->\r\n</body>\r\n</html>\r\n")

    upload = f"{ORIGIN}/wp-content/uploads/2024/05/brot"
    return {
        "index.html": page(f"<a href='{ORIGIN}/ueber-uns/#team'>Über uns</a> <p>Früher: {ORIGIN}/ueber-uns/</p>\r\n"
                           f"<img src='{upload}.jpg' srcset='{upload}.jpg 1024w, {upload}-300.jpg 300w' alt='Brot'>\r\n"
                           f"<p style=\"background-image:url({upload}.jpg)\"></p><p style='background:url(&quot;{upload}-300.jpg&quot;)'></p>\r\n"
                           "<a href='file:///Users/rosa/exported/kontakt/index.html'>Kontakt</a>"),
        "ueber-uns/index.html": page(f"<h2 id=team>Wir</h2><a href='{ORIGIN}'>Start</a><a href='{ORIGIN}/kontakt/'>Kontakt</a>"),
        "kontakt/index.html": page("<p>Post</p>"),
        "wp-content/themes/t/style.css": f"body {{ background: url('{upload}.jpg') }}\n",
        "wp-content/uploads/2024/05/brot.jpg": jpeg(),
        "wp-content/uploads/2024/05/brot-300.jpg": jpeg(300),
        "feed/index.xml": f"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><link>{ORIGIN}/</link><item><link>{ORIGIN}/kontakt/</link></item></channel></rss>",
        "sitemap.xml": f"<?xml version=\"1.0\"?><urlset><url><loc>{ORIGIN}/ueber-uns/</loc></url></urlset>",
    }


def mend(data):
    """The same by other means: each known address replaced, except where people read it."""
    text = data.decode()
    keep = {"<p>Früher: " + ORIGIN: "<p>Früher: \0", "made by " + ORIGIN: "made by \0"}
    for before, after in keep.items():
        text = text.replace(before, after)
    text = text.replace("file:///Users/rosa/exported/", "/").replace(ORIGIN.replace("/", "\\/"), "")
    text = re.sub(re.escape(ORIGIN) + r"(?=['\"])", "/", text).replace(ORIGIN, "").replace("\0", ORIGIN)
    return text.encode()


def digest(folder):
    sums = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                sums[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest(), os.stat(path).st_mtime_ns
    return sums


def publish_export(drop, path, files):
    answer, result = drop.check(path)
    local = [f for f in answer["findings"] if f["treatment"] == "local-links"]
    assert result.returncode == 0, result.stderr
    assert {(f["rule"], f["subject"]) for f in local} == {("link.local", "localhost:10004"), ("link.disk", "file:")}, answer["findings"]
    places = next(f for f in local if f["rule"] == "link.local")["places"]
    assert {"path": "index.html", "line": 7} in places and {"path": "sitemap.xml", "line": 1} in places, places
    assert {f["rule"] for f in answer["findings"]} == {"link.local", "link.disk"}, answer["findings"]

    answer, _ = drop.check(path, "--fix", "links")
    assert all(f["treated"] and f["severity"] == "info" for f in answer["findings"]) and len(answer["findings"]) == 2, answer["findings"]

    site = drop.ready_site()
    drop.kit.run("publish", site, path, "--fix", "links", "--patience", "0")
    for name, data in files.items():
        data = data if isinstance(data, bytes) else data.encode()
        status, _, body = drop.kit.get(name)
        assert status == 200 and body == (mend(data) if name.endswith(("html", "css", "xml")) else data), (name, status, body)
    assert drop.kit.get("ueber-uns/")[0] == 200


@case
def a_wordpress_export(drop):
    files = export()
    folder = drop.tree(files)
    before = digest(folder)
    publish_export(drop, folder, files)
    assert digest(folder) == before


@case
def a_wordpress_export_as_archive(drop):
    files = export()
    path = os.path.join(drop.kit.folder, "simply-static-1-1716000000.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr("simply-static-1-1716000000/" + name, data)
    with open(path, "rb") as file:
        before = file.read()
    publish_export(drop, path, files)
    with open(path, "rb") as file:
        assert file.read() == before


@case
def consent_is_remembered(drop):
    site = drop.ready_site()
    photo = jpeg(place=True)
    folder = drop.tree({"index.html": PAGE.format('<img src="a.jpg" alt="a">'), "a.jpg": photo})
    before = digest(folder)
    drop.kit.run("publish", site, folder, "--fix", "photos", "--patience", "0")
    sent = drop.kit.get("a.jpg")[2]
    assert len(sent) == len(photo) and sent != photo and struct.pack("<12I", 52, 1, 31, 1, 7, 1, 13, 1, 24, 1, 9, 1) not in sent
    again = drop.kit.run("publish", site, folder, "--patience", "0")
    assert again["unchanged"], again
    assert drop.kit.get("a.jpg")[2] == sent and digest(folder) == before


@case
def private_files_one_by_one(drop):
    site = drop.ready_site()
    folder = drop.tree({"index.html": PAGE, ".env": "A=1", "dump.sql": "-- MySQL dump\n", ".git/HEAD": "ref"})

    def refused(*options):
        _, result = drop.kit.run("publish", site, folder, "--patience", "0", *options, check=False)
        assert result.returncode == 1, (options, result.stdout)
        return result.stderr

    assert "more" in refused()
    assert "dump.sql" in refused("--confirm", ".env", "--leave-out", ".git")
    assert ".env" in refused("--confirm", "dump.sql", "--leave-out", ".git")
    drop.kit.run("publish", site, folder, "--patience", "0", "--confirm", "dump.sql", "--leave-out", ".env", "--leave-out", ".git")
    assert drop.kit.get("dump.sql")[2] == b"-- MySQL dump\n"
    assert drop.kit.get(".env")[0] == 404 and drop.kit.get(".git/HEAD")[0] == 404
    result = subprocess.run(drop.kit.command("publish", site, folder, "--fix", "everything"), env=drop.kit.environment, capture_output=True)
    assert result.returncode == 2, result


@case
def soup(drop):
    """What people have is read somehow, and nothing breaks."""
    page = HEAD + "</head><body>"
    folder = drop.tree({
        "index.html": page + "<a href=gone.html>x",
        "latin.html": (HEAD.replace("Bakery", "B\xe4ckerei") + "<meta charset=utf-8><body><a href='\xfc.html'>").encode("latin-1"),
        "utf16.html": ("\ufeff" + page + "<a href=no.html>").encode("utf-16-le"),
        "mixed.html": page.encode() + "é".encode() + b"\xe9<a href='caf\xe9.html'>",
        "deep.html": page + "<div>" * 100000 + "<a href='deepest.html'>x",
        "large.html": page + "<p><a href='/'>x</a> text text text text</p>\n" * 250000,
        "nul.html": page.encode() + b"\0\0<a href='\0x.html'>" + bytes(range(256)),
        "cut.html": page + "<a href='",
        "cut.css": "a { b: url('",
        "open.html": page + "<script>var a = 'http://localhost/x",
    })
    assert os.path.getsize(os.path.join(folder, "large.html")) > 10 * 1024 * 1024
    answer, result = drop.check(folder)
    assert result.returncode == 0, result.stderr
    broken = {f["subject"] for f in answer["findings"] if f["rule"] == "link.broken"}
    assert {"gone.html", "deepest.html", "no.html", "ü.html"} <= broken, broken
    assert not result.stderr, result.stderr


if __name__ == "__main__":
    run(setup=Drop, teardown=lambda drop: drop and drop.close())
