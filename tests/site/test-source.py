# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people drop: archives of all kinds, honest and not, and the projects of programs that make sites."""

import io
import json
import os
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
import time
import zipfile

sys.path.insert(0, os.path.dirname(__file__))

from sitekit import Kit
from tap import Skip, case, run

PAGE = '<!DOCTYPE html><html lang="en"><head><title>T</title><meta name="description" content="d"></head><body>{}</body></html>'
MINUTE = 60


class Drop:
    """A folder to make things in, and the command that looks at them."""

    def __init__(self):
        self.kit = Kit()
        self.folder = os.path.join(self.kit.folder, "dropped")
        self.kit.environment["XDG_CACHE_HOME"] = os.path.join(self.kit.folder, "cache")
        os.mkdir(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def tree(self, name, files, age=0):
        """Writes files below a folder of that name; they were changed `age` minutes ago."""
        for path, text in files.items():
            whole = os.path.join(self.path(name), path)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w", encoding="utf-8") as file:
                file.write(text)
            os.utime(whole, (time.time() - age * MINUTE,) * 2)
        return self.path(name)

    def zip(self, name, files):
        with zipfile.ZipFile(self.path(name), "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                archive.writestr(path, data)
        return self.path(name)

    def check(self, path):
        answer, _ = self.kit.run("check", path, check=False)
        return answer

    def good(self, path):
        answer, result = self.kit.run("check", path, check=False)
        assert result.returncode == 0 and answer["publishable"], (answer, result.stderr)
        return answer

    def refused(self, path, words):
        _, result = self.kit.run("check", path, check=False)
        assert result.returncode == 1 and words in result.stderr, (result.returncode, result.stdout, result.stderr)
        assert not self.leftovers(), self.leftovers()

    def unpacked(self):
        return os.path.join(self.kit.folder, "cache", "porchlight", "unpacked")

    def leftovers(self):
        folder = self.unpacked()
        return [name for name in os.listdir(folder) if ".part-" in name] if os.path.isdir(folder) else []

    def close(self):
        self.kit.close()


def rules(answer):
    return {finding["rule"] for finding in answer["findings"]}


@case
def zip_with_an_extra_level(drop):
    path = drop.zip("level.zip", {"my site/": "", "my site/inner/index.html": PAGE.format("<a href='a/b.html'>x</a>"),
                                  "my site/inner/a/b.html": PAGE, "__MACOSX/my site/._inner": "x", "my site/.DS_Store": "x"})
    answer = drop.good(path)
    assert answer["files"] == 2 and answer["findings"] == [], answer
    assert answer["folder"].endswith("my site/inner"), answer
    with open(os.path.join(answer["folder"], "a", "b.html"), encoding="utf-8") as file:
        assert file.read() == PAGE


@case
def a_changed_archive_is_unpacked_anew(drop):
    first = drop.good(drop.zip("same.zip", {"index.html": PAGE}))
    again = drop.good(drop.path("same.zip"))
    assert again["folder"] == first["folder"]
    second = drop.good(drop.zip("same.zip", {"index.html": PAGE, "new.html": PAGE}))
    assert second["folder"] != first["folder"] and second["files"] == 2


@case
def names_in_other_alphabets(drop):
    """Flagged UTF-8, UTF-8 without the flag as macOS writes it, the alphabet of DOS, and the separators of Windows."""
    path = drop.path("names.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", PAGE)
        archive.writestr("über.html", PAGE)
        archive.writestr("XXXXX1.html", PAGE)
        archive.writestr("XXXX2.html", PAGE)
        archive.writestr("folderXback.html", PAGE)
    with open(path, "rb") as file:
        data = file.read()
    data = data.replace(b"XXXXX1", "größ1".encode()[:6] if len("größ1".encode()) == 6 else b"gr\xc3\xb6\xc3\x9f")
    data = data.replace(b"XXXX2", b"gr\x94\xe12").replace(b"folderXback", b"folder\\back")
    with open(path, "wb") as file:
        file.write(data)
    answer = drop.good(path)
    names = sorted(os.path.relpath(os.path.join(folder, name), answer["folder"])
                   for folder, _, files in os.walk(answer["folder"]) for name in files)
    assert names == sorted(["index.html", "über.html", "größ.html", "größ2.html" if "größ2.html" in names else "größ2.html",
                            "folder/back.html"]), names


@case
def tar_archives(drop):
    for ending, mode in ((".tar", "w"), (".tar.gz", "w:gz"), (".tgz", "w:gz"), (".tar.xz", "w:xz"), (".tar.bz2", "w:bz2")):
        with tarfile.open(drop.path("t" + ending), mode) as archive:
            for name in ("site/index.html", "site/a.html"):
                info = tarfile.TarInfo(name)
                info.size = len(PAGE)
                archive.addfile(info, io.BytesIO(PAGE.encode()))
        assert drop.good(drop.path("t" + ending))["files"] == 2, ending


@case
def names_that_lead_elsewhere(drop):
    outside = os.path.join(drop.kit.folder, "evil.html")
    for name in ("../evil.html", "a/../../../../evil.html", "/evil.html", outside, "C:/evil.html", "..\\evil.html", "a\nb.html"):
        drop.refused(drop.zip("slip.zip", {"index.html": PAGE, name: "x"}), "leads out of the archive")
    assert not os.path.exists(outside)


@case
def links_are_left_out(drop):
    path = drop.path("links.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", PAGE)
        link = zipfile.ZipInfo("etc")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
        archive.writestr("etc/passwd", "x")
    answer = drop.good(path)
    assert "archive.link" in rules(answer) and answer["files"] == 2, answer
    assert not os.path.islink(os.path.join(answer["folder"], "etc"))


@case
def archives_made_to_fill_disks(drop):
    path = drop.path("bomb.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", PAGE)
        with archive.open("zeros", "w", force_zip64=True) as member:
            for _ in range(400):
                member.write(bytes(1024 * 1024))
    drop.refused(path, "far more than a web site")


@case
def protected_archives(drop):
    if not shutil.which("zip"):
        raise Skip("zip is not installed")
    drop.tree("secret", {"index.html": PAGE})
    subprocess.run(["zip", "-q", "-r", "-P", "x", drop.path("secret.zip"), "."], cwd=drop.path("secret"), check=True)
    drop.refused(drop.path("secret.zip"), "protected by a password")


@case
def damaged_archives(drop):
    """Cut off anywhere, it is refused or gives only whole files; never a crash."""
    whole = drop.zip("whole.zip", {"index.html": PAGE, "a.html": PAGE * 20, "b.html": PAGE})
    with open(whole, "rb") as file:
        data = file.read()
    refused = 0
    for length in range(0, len(data), 29):
        with open(drop.path("cut.zip"), "wb") as file:
            file.write(data[:length])
        answer, result = drop.kit.run("check", drop.path("cut.zip"), check=False)
        assert result.returncode in (0, 1), (length, result.returncode, result.stderr)
        if result.returncode == 1:
            refused += 1
        else:
            for name in ("index.html", "a.html", "b.html"):
                with open(os.path.join(answer["folder"], name), encoding="utf-8") as file:
                    assert file.read() == (PAGE * 20 if name == "a.html" else PAGE), length
    assert refused > 5
    assert not drop.leftovers()
    broken = bytearray(data)
    position = data.index(b"a.html") + 6
    broken[position + 20] ^= 0xff
    with open(drop.path("broken.zip"), "wb") as file:
        file.write(broken)
    drop.refused(drop.path("broken.zip"), "damaged")
    with open(drop.path("no.zip"), "w", encoding="utf-8") as file:
        file.write("I am no archive")
    drop.refused(drop.path("no.zip"), "no archive")


@case
def twice_the_same_name(drop):
    path = drop.path("twice.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", PAGE)
        archive.writestr("aaaa.html", PAGE)
    with open(path, "rb") as file:
        data = file.read().replace(b"aaaa.html", b"index.htm")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", PAGE)
        archive.writestr("inDex.html", PAGE)
    with open(path, "rb") as file:
        data = file.read().replace(b"inDex.html", b"index.html")
    with open(path, "wb") as file:
        file.write(data)
    drop.refused(path, "twice")


@case
def neither_folder_nor_archive(drop):
    drop.tree("files", {"letter.txt": "x"})
    drop.refused(os.path.join(drop.path("files"), "letter.txt"), "neither a folder nor a ZIP")
    drop.refused(drop.path("missing"), "moved or removed")


def package(*names):
    return json.dumps({"scripts": {"build": "x"}, "devDependencies": {name: "1" for name in names}})


PROJECTS = {
    "Hugo": ({"hugo.toml": "", "content/a.md": ""}, "public"),
    "Hugo of old": ({"config.toml": "", "archetypes/default.md": ""}, "public"),
    "Jekyll": ({"_config.yml": "", "_posts/a.md": "", "index.html": "---\ntitle: x\n---\n"}, "_site"),
    "Eleventy": ({".eleventy.js": "", "index.njk": ""}, "_site"),
    "Eleventy by package": ({"package.json": package("@11ty/eleventy")}, "_site"),
    "Astro": ({"astro.config.mjs": "", "package.json": package("astro", "vite")}, "dist"),
    "Next.js": ({"next.config.js": "", "package.json": package("next", "react")}, "out"),
    "Vite": ({"vite.config.ts": "", "index.html": '<script src="/src/main.js"></script>', "package.json": package("vite")}, "dist"),
    "React": ({"package.json": package("react-scripts"), "public/index.html": "<div id=root>"}, "build"),
    "Vue": ({"vue.config.js": "", "package.json": package("@vue/cli-service")}, "dist"),
    "Angular": ({"angular.json": "{}", "package.json": package("@angular/core")}, "dist/my-app/browser"),
    "Docusaurus": ({"docusaurus.config.js": "", "docs/intro.md": ""}, "build"),
    "Gatsby": ({"gatsby-config.js": "", "package.json": package("gatsby")}, "public"),
    "MkDocs": ({"mkdocs.yml": "", "docs/index.md": ""}, "site"),
    "Sphinx": ({"conf.py": "", "index.rst": ""}, "_build/html"),
    "Sphinx in source": ({"source/conf.py": "", "Makefile": ""}, "build/html"),
    "Lektor": ({"my.lektorproject": ""}, "build"),
    "Publii": ({"input/db.sqlite": ""}, "output"),
    "SvelteKit": ({"svelte.config.js": "", "vite.config.js": "", "package.json": package("@sveltejs/kit", "vite")}, "build"),
}


def add_project(name, sources, output):
    def check(drop):
        folder = f"{name} [1] {{a}}*"
        path = drop.tree(folder, sources, age=10)
        drop.refused(path, "has not been made yet")
        drop.tree(folder, {f"{output}/index.html": PAGE, f"{output}/a.html": PAGE}, age=5)
        answer = drop.good(path)
        assert answer["folder"] == os.path.join(path, output), answer
        assert rules(answer) == {"project.found"} and answer["files"] == 2, answer
        drop.tree(folder, {next(iter(sources)): next(iter(sources.values())) + "\n"}, age=1)
        assert rules(drop.good(path)) == {"project.stale"}
    check.__name__ = "project_" + "".join(c if c.isalnum() else "_" for c in name).lower()
    case(check)


for project, (files, made) in PROJECTS.items():
    add_project(project, files, made)


@case
def a_finished_site_that_keeps_a_package_list(drop):
    path = drop.tree("plain", {"index.html": PAGE, "package.json": package("vite")})
    answer = drop.good(path)
    assert answer["folder"] == path, answer


@case
def an_archive_goes_online(drop):
    kit = drop.kit
    site = kit.create_site("Dropped")
    path = drop.zip("site.zip", {"site/index.html": PAGE.format("first"), "site/a/b.html": PAGE})
    assert kit.run("publish", site, path)["sent"] == 2
    assert b"first" in kit.get("")[2] and kit.get("a/b.html")[0] == 200
    assert kit.run("site", "show", site)["folder"].endswith("site.zip")
    drop.zip("site.zip", {"site/index.html": PAGE.format("second"), "site/a/b.html": PAGE})
    again = kit.run("publish", site, path)
    assert again["sent"] == 1 and b"second" in kit.get("")[2], again


if __name__ == "__main__":
    run(setup=Drop, teardown=lambda drop: drop and drop.close())
