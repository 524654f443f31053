# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the sources that no compiler makes: translations, Blueprint style, words, icons."""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tap import case, run

SOURCE = Path(os.environ["PORCHLIGHT_SOURCE"])
APP_ID = "io.github.porchlight_app.Porchlight"
BLUEPRINTS = sorted(SOURCE.glob("src/**/*.blp"))
TRANSLATED = re.compile(r"(?<![A-Za-z0-9_])(?:_|C_|N_|NC_|ngettext|g_dngettext)\s?\(\"")


@case
def every_file_with_strings_is_in_potfiles():
    listed = {line.strip() for line in (SOURCE / "po/POTFILES.in").read_text().splitlines()
              if line.strip() and not line.startswith("#")}
    found = {str(path.relative_to(SOURCE)) for pattern in ("src/**/*.c", "src/**/*.blp")
             for path in SOURCE.glob(pattern) if TRANSLATED.search(path.read_text())}
    assert not found - listed, f"not in po/POTFILES.in: {sorted(found - listed)}"
    gone = {name for name in listed if not (SOURCE / name).exists()}
    assert not gone, f"listed in po/POTFILES.in, but not there: {sorted(gone)}"


@case
def blueprints_are_formatted():
    assert BLUEPRINTS
    result = subprocess.run(["blueprint-compiler", "format", *map(str, BLUEPRINTS)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@case
def blueprints_use_double_quotes_and_real_punctuation():
    for path in BLUEPRINTS:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for text in re.findall(r'_\("((?:[^"\\]|\\.)*)"\)', line):
                assert "'" not in text and "..." not in text and '\\"' not in text, f"{path.name}:{number}: {text}"


@case
def no_word_of_the_trade_is_shown():
    words = re.compile(r"\b(bucket|stack|cloudformation|cloudfront|s3|lambda|dynamodb|iam|region|distribution|amazon)\b", re.I)
    brand = re.compile(r"\bAWS\b")
    for path in [*BLUEPRINTS, *SOURCE.glob("src/wizards/*.c"), *SOURCE.glob("src/app/*.c")]:
        for text in re.findall(r'(?<![A-Za-z])(?:_|C_|ngettext)\s?\((?:"[^"]*",\s*)?"((?:[^"\\]|\\.)*)"', path.read_text()):
            assert not words.search(text), f"{path.name}: {text}"
            allowed = path.name in ("porch-connect-page.blp", "porch-welcome-page.blp", "porch-window.blp")
            assert allowed or not brand.search(text), f"{path.name}: {text}"


@case
def icon_only_buttons_have_a_name():
    for path in BLUEPRINTS:
        text = path.read_text()
        for match in re.finditer(r"\b(?:Button|MenuButton|ToggleButton)\b[^{;]*\{", text):
            depth, end = 1, match.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            block = text[match.end():end]
            if "icon-name" in block and "label:" not in block:
                assert "tooltip-text" in block, f"{path.name}: {match.group(0)}"


@case
def icons_are_vector_drawings_of_the_right_size():
    sizes = {f"{APP_ID}.svg": "128", f"{APP_ID}-symbolic.svg": "16"}
    icons = [*SOURCE.glob("data/desktop/icons/*.svg"), *SOURCE.glob("src/app/icons/*.svg")]
    assert icons
    for path in icons:
        root = ElementTree.parse(path).getroot()
        assert root.tag.endswith("svg"), path
        assert not [e for e in root.iter() if e.tag.endswith("}image") or e.tag.endswith("}text")], path
        width = sizes.get(path.name, "16" if "symbolic" in path.name else None)
        assert width in (None, root.get("width")), f"{path.name} is {root.get('width')} wide"


@case
def symbolic_icons_in_use_exist():
    own = {path.stem for path in [*SOURCE.glob("data/desktop/icons/*.svg"), *SOURCE.glob("src/app/icons/*.svg")]}
    theme = {path.stem for path in Path("/usr/share/icons/Adwaita").rglob("*.svg")}
    used = {(name, path.name) for path in [*BLUEPRINTS, *SOURCE.glob("src/wizards/*.c"), *SOURCE.glob("src/app/*.c")]
            for name in re.findall(r'"([a-z][a-z0-9-]+-symbolic)"', path.read_text())}
    missing = {pair for pair in used if pair[0] not in own | theme and not pair[0].startswith("adw-")}
    assert not missing, missing


run()
