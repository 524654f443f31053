# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site templates and the built-in pages: complete, bundled, self-contained, readable, with a form that works."""

import html.parser
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

from tap import Skip, case, run

SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE", pathlib.Path(__file__).parents[2]))
DATA = SOURCE / "data"
TEMPLATES = sorted(path.parent for path in (DATA / "templates").glob("*/template.json"))
UNPUBLISHED = {"template.json", "picture.png", "picture-dark.png"}
FORM = re.compile(r"[ \t]*<!-- porchlight:form -->.*?<!-- /porchlight:form -->\n?", re.S)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(html.parser.HTMLParser):
    """A page's elements, and whether each was closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.open = []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"attribute twice in {self.get_starttag_text()}"
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]} at {self.getpos()}"
        self.open.pop()

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def ids(self):
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), ids
        return set(ids)


def published(template):
    return {path.relative_to(template).as_posix(): path for path in sorted(template.rglob("*"))
            if path.is_file() and path.name not in UNPUBLISHED}


def filled(text, form=True):
    text = text if form else FORM.sub("", text)
    return text.replace("{{name}}", "Q &amp; A").replace("{{form-path}}", "/_porchlight/contact")


def pages(template, form=True):
    return {name: filled(path.read_text(encoding="utf-8"), form)
            for name, path in published(template).items() if name.endswith(".html")}


def every_page():
    for template in TEMPLATES:
        for name, text in pages(template).items():
            yield f"{template.name}/{name}", text
        for name, text in pages(template, form=False).items():
            yield f"{template.name}/{name} without form", text
    for path in sorted((DATA / "pages").glob("*.html")):
        yield f"pages/{path.name}", path.read_text(encoding="utf-8")
    if shutil.which("node"):
        made = subprocess.run(["node", SOURCE / "tests" / "functions" / "pages.mjs"], stdout=subprocess.PIPE, check=True).stdout
        for name, text in json.loads(made).items():
            yield f"form/{name}", text


@case
def there_are_three_with_their_description():
    found = {template.name: json.loads((template / "template.json").read_text(encoding="utf-8")) for template in TEMPLATES}
    assert set(found) == {"business", "personal", "coming-soon"}
    for name, info in found.items():
        assert set(info) == {"id", "order", "title", "description", "hasForm"} and info["id"] == name
        assert ("porchlight:form" in (DATA / "templates" / name / "index.html").read_text()) == info["hasForm"]
    assert sorted(info["order"] for info in found.values()) == [1, 2, 3]


@case
def every_file_is_bundled():
    listed = {element.text for element in ElementTree.parse(DATA / "data.gresource.xml").iter("file")}
    present = {path.relative_to(DATA).as_posix() for folder in ("templates", "pages", "policies")
               for path in (DATA / folder).rglob("*") if path.is_file()}
    assert listed - {"site.json"} == present, listed ^ present


@case
def each_has_its_pages_and_is_small():
    for template in TEMPLATES:
        files = published(template)
        assert {"index.html", "404.html", "thanks/index.html", "style.css", "favicon.svg"} <= set(files)
        size = sum(path.stat().st_size for path in files.values())
        assert size < 150_000, (template.name, size)
        print(f"# {template.name}: {len(files)} files, {size} bytes")


@case
def pictures_have_the_size_of_the_card():
    for template in TEMPLATES:
        for name in ("picture.png", "picture-dark.png"):
            head = (template / name).read_bytes()[:24]
            assert head[:8] == b"\x89PNG\r\n\x1a\n", (template.name, name)
            assert struct.unpack(">II", head[16:24]) == (960, 720), (template.name, name)
            assert (template / name).stat().st_size < 200_000


@case
def pages_are_well_formed_and_say_what_they_are():
    for name, text in every_page():
        page = Page(text)
        page.ids()
        assert text.startswith("<!DOCTYPE html>\n<html lang="), name
        assert len(page.all("title")) == 1 and len(page.all("h1")) == 1 and len(page.all("main")) == 1, name
        assert {"charset": "utf-8"} in page.all("meta"), name
        assert any(meta.get("name") == "viewport" for meta in page.all("meta")), name
        for image in page.all("svg"):
            described = image.get("role") == "img" and image.get("aria-label")
            assert described or image.get("aria-hidden") == "true", (name, image)


@case
def nothing_is_fetched_from_elsewhere():
    for template in TEMPLATES:
        for name, path in published(template).items():
            text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
            assert not re.search(r"https?:|@import|url\((?!#)", text), (template.name, name)
    for path in (DATA / "pages").glob("*.html"):
        assert not re.search(r"https?:|@import|url\(", path.read_text(encoding="utf-8")), path.name


@case
def links_lead_somewhere():
    for template in TEMPLATES:
        for form in (True, False):
            texts = pages(template, form)
            files = set(published(template))
            for name, text in texts.items():
                page = Page(text)
                for target in [item["href"] for tag in ("a", "link") for item in page.all(tag)]:
                    if target.startswith("tel:"):
                        continue
                    if target.startswith("#"):
                        assert target[1:] in page.ids(), (template.name, name, target, form)
                        continue
                    base = pathlib.PurePosixPath("/") / pathlib.PurePosixPath(name).parent
                    path = os.path.normpath(base / target).lstrip("/")
                    assert (path or "index.html") in files, (template.name, name, target)


@case
def not_found_pages_work_at_any_depth():
    for template in TEMPLATES:
        page = Page(pages(template)["404.html"])
        for item in page.all("link") + page.all("a"):
            assert item["href"].startswith("/"), (template.name, item)


@case
def forms_work_without_script_and_for_everybody():
    for template in TEMPLATES:
        page = Page(pages(template)["index.html"])
        (form,) = page.all("form")
        assert form == {"method": "post", "action": "/_porchlight/contact"}, form
        fields = page.all("input") + page.all("textarea")
        labelled = {label["for"] for label in page.all("label")}
        for field in fields:
            if field.get("type") != "hidden":
                assert field["id"] in labelled and field["name"], field
            if field["name"] not in ("_gotcha", "_lang", "_next", "message"):
                assert field.get("autocomplete") in ("name", "email") and "required" in field, field
        by_name = {field["name"]: field for field in fields}
        assert (by_name["_next"]["value"], by_name["_lang"]["value"]) == ("/thanks/", page.all("html")[0]["lang"])
        assert by_name["_gotcha"]["tabindex"] == "-1" and by_name["_gotcha"]["autocomplete"] == "off"
        assert by_name["email"]["type"] == "email"
        assert {"type": "submit", "class": "button"} in page.all("button")
        assert not page.all("script")


@case
def without_a_form_nothing_of_it_is_left():
    for template in TEMPLATES:
        text = (template / "index.html").read_text(encoding="utf-8")
        assert text.count("<!-- porchlight:form -->") == text.count("<!-- /porchlight:form -->") > 0
        page = Page(filled(text, form=False))
        assert not page.all("form") and not page.all("input") and not page.all("button")
        assert "_porchlight" not in filled(text, form=False)


@case
def placeholders_are_the_known_ones():
    for template in TEMPLATES:
        for name, path in published(template).items():
            found = set(re.findall(r"\{\{.*?\}\}", path.read_text(encoding="utf-8")))
            assert found <= {"{{name}}", "{{form-path}}"}, (name, found)
            assert not found or path.suffix == ".html", name


@case
def colours_can_be_read():
    def luminance(colour):
        parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= .04045 else ((part + .055) / 1.055) ** 2.4 for part in parts)
        return .2126 * red + .7152 * green + .0722 * blue

    def contrast(first, second):
        low, high = sorted((luminance(first), luminance(second)))
        return (high + .05) / (low + .05)

    backs = ("back", "raised", "band", "sky-top", "sky-bottom", "field-back")
    for template in TEMPLATES:
        blocks = re.findall(r":root \{(.*?)\}", (template / "style.css").read_text(encoding="utf-8"), re.S)
        light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
        for colours in (light, {**light, **dark}):
            pairs = [(front, back, 4.5) for front in ("text", "dim", "spot") for back in backs]
            pairs += [("accent", back, 4.5) for back in ("back", "raised", "band")]
            pairs += [("field", back, 3) for back in ("back", "raised", "sky-top", "field-back")]
            pairs.append(("on-accent", "accent", 4.5))
            for front, back, least in pairs:
                if front in colours and back in colours:
                    ratio = contrast(colours[front], colours[back])
                    assert ratio >= least, (template.name, front, back, round(ratio, 2))


@case
def html_validate_has_no_complaint():
    modules = os.environ.get("PORCHLIGHT_NODE_MODULES", "")
    program = shutil.which("html-validate", path=os.path.join(modules, ".bin") if modules else None)
    if program is None:
        assert "CI" not in os.environ, "html-validate is not there, and in CI it must be"
        raise Skip("html-validate is not there (build-aux/node-modules fetches it)")
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        presets = [f"html-validate:{name}" for name in ("recommended", "document", "a11y", "standard")]
        rules = {"require-sri": ["error", {"target": "crossorigin"}]}
        (root / ".htmlvalidate.json").write_text(json.dumps({"root": True, "extends": presets, "rules": rules}))
        files = []
        for number, (name, text) in enumerate(every_page()):
            files.append(root / f"{number}-{re.sub(r'[^a-z0-9]+', '-', name)}.html")
            files[-1].write_text(text, encoding="utf-8")
        result = subprocess.run([program, *files], cwd=folder, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
        print(f"# {len(files)} pages")


if __name__ == "__main__":
    run()
