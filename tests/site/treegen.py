# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees as people have them, from a seed: odd names, depths, sizes, duplicates, links, litter; and what people do to them."""

import os
import random
import shutil
import unicodedata

NAMES = [
    "plain", "two words", "Größe", unicodedata.normalize("NFD", "Café"), "日本語", "🏮🎉", "plus+plus", "100%", "%41", "%2F", "a%20b",
    "hash#tag", "question?", "semi;colon", "at@sign", "comma,comma", "quote'quote", 'double"quote', "<angle>", "back\\slash",
    "tilde~tilde", "(round)", "[square]", "{curly}", "excl!", "star*", "amp&amp", "equals=", "caret^", "pipe|", "dollar$", "1.2.3",
    "UPPER", "-dash", "_under", "trailing.", " lead", "трава", "ß", "e\u0301e\u0301", "\u00e9\u00e9", "a:b", "`tick", "..hidden-not",
    "\u200bzero", "שלום", "constructor", "__proto__", "toString",
]
ENDINGS = [".html", ".html", ".html", ".txt", ".css", ".js", ".json", ".svg", ".png", ".jpg", ".webp", ".pdf", ".xml", ".woff2", ".mp3",
           ".unknown", ".tar.gz", ".HTML", ".JPG"]
LITTER = [".DS_Store", "Thumbs.db", "desktop.ini", "._photo.jpg"]
DIGITS = bytes.maketrans(b"0123456789", b"1234567890")
CARRIED = ".3f8a1c9e.js"


def is_carried(path):
    return path.endswith(CARRIED)


class Tree:
    """A folder on the disk, and the files that visitors are to see of it."""

    def __init__(self, root, seed, *, unique=False, parts=False):
        self.root, self.random, self.unique = root, random.Random(f"porchlight {seed}"), unique
        self.files = {}
        self.links = {}  # links to files: where they lead
        self.has_linked_folder = False
        self.bytes = 0
        os.makedirs(root)
        self.write("index.html", self.page())
        for _ in range(self.random.randint(5, 45)):
            self.add_file(self.new_path())
        if self.random.random() < 0.5:
            self.write(self.free(".well-known/security.txt"), b"Contact: mailto:me@example.org\n")
        if self.random.random() < 0.4:
            self.write(self.free(f"assets/app{CARRIED}"), self.content(300))
        if self.random.random() < 0.4:
            for name in ("LICENSE", "docs/COPYING"):
                self.write(self.free(name), self.content(100))
        if self.random.random() < 0.3:
            self.write("case/Readme.html", self.page())
            self.write("case/readme.html", self.page())
        if self.random.random() < 0.3:
            self.write("deep/" + "/".join("abcdefghijklmnopqrst") + "/page.html", self.page())
            self.write("long/" + "n" * 250 + ".txt", self.content(10))
            self.write("long/" + "/".join(["ü" * 100] * 3) + "/page.html", self.page())
        if self.random.random() < 0.3:
            self.write("index.html.txt", self.content(10))
            self.write("folder.html/index.html", self.page())
            self.write("v1.2/index.html", self.page())
        if parts:
            base = 8 * 1024 * 1024
            size = 2 * base + self.random.choice([-1, 0, 1, base - 1, base + 1])
            self.write("large/film.mp4", self.random.randbytes(1024) * (size // 1024) + bytes(size % 1024))
        if not unique:
            self.add_links()
        self.add_litter()

    def content(self, most):
        size = self.random.choice([0, 1, most // 2, most, most]) if not self.unique else max(most, 8)
        return self.random.randbytes(size)

    def page(self):
        target = self.random.choice(sorted(self.files) or ["index.html"])
        return (f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Page {self.random.random()}</title>'
                f'<p>ä€😀 <!-- {target.encode("unicode_escape").decode()} -->').encode()

    def name(self, of_folder):
        name = self.random.choice(NAMES)
        if self.random.random() < 0.3:
            name += str(self.random.randint(0, 99))
        return name if of_folder else name + self.random.choice(ENDINGS)

    def new_path(self):
        folders = sorted({os.path.dirname(path) for path in self.files if ".well-known" not in path})
        while True:
            folder = self.random.choice(folders) if self.random.random() < 0.6 else ""
            for _ in range(self.random.choice([0, 0, 1, 1, 2, 4])):
                folder = os.path.join(folder, self.name(True))
            path = os.path.join(folder, self.name(False))
            if self.is_free(path) and len(path.encode()) < 900:
                return path

    def is_free(self, path):
        """Neither is it there, nor does a file lie where a folder would have to, nor the other way round."""
        full = os.path.join(self.root, path)
        if os.path.lexists(full):
            return False
        while (full := os.path.dirname(full)) != self.root:
            if os.path.lexists(full) and (os.path.islink(full) or not os.path.isdir(full)):
                return False
        return True

    def free(self, path):
        assert self.is_free(path), path
        return path

    def write(self, path, data):
        if os.path.lexists(os.path.join(self.root, path)) and path not in self.files:
            return
        os.makedirs(os.path.dirname(os.path.join(self.root, path)) or ".", exist_ok=True)
        with open(os.path.join(self.root, path), "wb") as file:
            file.write(data)
        self.files[path] = data

    def add_file(self, path):
        kind = self.random.random()
        if path.lower().endswith(".html"):
            data = self.page()
        elif kind < 0.2 and self.files and not self.unique:
            data = self.files[self.random.choice(sorted(self.files))]
        elif kind < 0.25:
            data = self.content(200000)
        else:
            data = self.content(self.random.choice([10, 1000, 20000]))
        self.write(path, data)

    def add_links(self):
        """Links inside are followed; those that lead out, nowhere or in circles are left out."""
        for number in range(self.random.choice([0, 1, 3])):
            target = self.random.choice(sorted(self.files))
            path = f"links/to file {number}" + os.path.splitext(target)[1]
            if os.path.splitext(target)[1] and self.is_free(path):
                os.makedirs(os.path.join(self.root, "links"), exist_ok=True)
                os.symlink(os.path.relpath(os.path.join(self.root, target), os.path.join(self.root, "links")),
                           os.path.join(self.root, path))
                self.links[path] = target
        if self.random.random() < 0.4:
            self.write("really/one.txt", self.content(50))
            self.write("really/two.txt", self.content(50))
            os.symlink("really", os.path.join(self.root, "linked folder"))
            self.has_linked_folder = True
        for name, target in (("out.txt", "/etc/hostname"), ("broken.html", "is/not/there.html"), ("circle", ".")):
            if self.random.random() < 0.3:
                os.symlink(target, os.path.join(self.root, name))

    def add_litter(self):
        for name in LITTER:
            if self.random.random() < 0.3:
                with open(os.path.join(self.root, name), "wb") as file:
                    file.write(b"litter")
        if self.random.random() < 0.2:
            os.makedirs(os.path.join(self.root, "node_modules/x"))
            with open(os.path.join(self.root, "node_modules/x/index.js"), "wb") as file:
                file.write(b"code")
        if self.random.random() < 0.2:
            os.makedirs(os.path.join(self.root, "empty folder/inside"))

    def served(self):
        """Path and bytes of all that is to be seen."""
        served = self.files | {path: self.files[target] for path, target in self.links.items() if target in self.files}
        if self.has_linked_folder:
            served |= {f"linked folder/{path.partition('/')[2]}": data for path, data in self.files.items() if path.startswith("really/")}
        return served

    def choices(self):
        linked = set(self.links.values())
        return [path for path in sorted(self.files) if path != "index.html" and path not in linked]

    def change(self):
        """What an owner does between two publishes, several times."""
        if self.unique:
            return self.replace_folders()
        steps = [self.edit, self.edit, self.edit_silently, self.touch, self.add, self.add, self.remove, self.rename, self.move_folder,
                 self.swap, self.copy]
        for _ in range(self.random.randint(1, 9)):
            self.random.choice(steps)()
        if self.random.random() < 0.3:
            self.edit_path("index.html")

    def edit_path(self, path):
        self.write(path, self.page() if path.lower().endswith(".html") else self.content(1000))

    def edit(self):
        self.edit_path(self.random.choice(sorted(self.files)))

    def edit_silently(self):
        """Another content of the same size, and the date put back."""
        path = self.random.choice(sorted(self.files))
        full = os.path.join(self.root, path)
        is_page = self.files[path].startswith(b"<!DOCTYPE html")
        data = self.files[path].translate(DIGITS if is_page else bytes((byte + 1) % 256 for byte in range(256)))
        before = os.stat(full)
        self.write(path, data)
        os.utime(full, ns=(before.st_atime_ns, before.st_mtime_ns))

    def touch(self):
        os.utime(os.path.join(self.root, self.random.choice(sorted(self.files))), (1, self.random.randint(1, 10 ** 9)))

    def add(self):
        self.add_file(self.new_path())

    def remove(self):
        if choices := self.choices():
            path = self.random.choice(choices)
            os.unlink(os.path.join(self.root, path))
            del self.files[path]

    def rename(self):
        if choices := self.choices():
            path, target = self.random.choice(choices), self.new_path()
            os.makedirs(os.path.dirname(os.path.join(self.root, target)), exist_ok=True)
            os.rename(os.path.join(self.root, path), os.path.join(self.root, target))
            self.files[target] = self.files.pop(path)

    def move_folder(self):
        folders = sorted({path.split("/")[0] for path in self.choices() if "/" in path and not path.startswith((".", "really"))}
                         - {path.split("/")[0] for path in self.links} - {path.split("/")[0] for path in self.links.values()})
        name = self.name(True)
        if folders and self.is_free(name):
            folder = self.random.choice(folders)
            if not os.path.islink(os.path.join(self.root, folder)):
                os.rename(os.path.join(self.root, folder), os.path.join(self.root, name))
                for path in [path for path in self.files if path.startswith(folder + "/")]:
                    self.files[name + path[len(folder):]] = self.files.pop(path)

    def swap(self):
        """Two files change places."""
        if len(choices := self.choices()) > 1:
            one, two = self.random.sample(choices, 2)
            first, second = self.files[one], self.files[two]
            self.write(one, second)
            self.write(two, first)

    def copy(self):
        source, target = self.random.choice(sorted(self.files)), self.new_path()
        os.makedirs(os.path.dirname(os.path.join(self.root, target)), exist_ok=True)
        shutil.copy2(os.path.join(self.root, source), os.path.join(self.root, target))
        self.files[target] = self.files[source]

    def replace_folders(self):
        """Every file at the top and of some folders gets another content, so that nothing needs to be copied."""
        folders = sorted({path.partition("/")[0] for path in self.files if "/" in path})
        chosen = set(self.random.sample(folders, self.random.randint(0, len(folders)))) | {""}
        for path in sorted(self.files):
            if (path.partition("/")[0] if "/" in path else "") in chosen:
                self.edit_path(path)
