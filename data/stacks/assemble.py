#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the functions into the stack template: {"Porchlight::File": "a.js"} becomes that file's text, and
{"Porchlight::Squeezed": "contact.js"} the same without comments and needless blanks and with short names, since a
request takes so much only.

assemble.py TEMPLATE FUNCTIONS OUTPUT
assemble.py --edge FUNCTIONS            print the edge's function as it is shipped
"""

import json
import pathlib
import re
import sys

TEMPLATE_LIMIT = 51_200
EDGE_LIMIT = 10_240
EDGE_ROOM = 2_048  # for what a site without a store keeps in the function
IMPORT = "import cf from 'cloudfront';\n"

TOKEN = re.compile(r"""
    (?P<gap>(?:\s+|//[^\n]*|/\*.*?\*/)+)
  | '(?:\\.|[^'\\\n])*' | "(?:\\.|[^"\\\n])*"
  | [\w$]+
  | .
""", re.VERBOSE | re.DOTALL)
# What a file declares at its outermost level
DECLARATION = re.compile(r"^(?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
SHORT_NAMES = [f"${sign}" for sign in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"]
EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")


def end_of_template(source, at):
    """Where the template literal ends that begins at `at`; it may hold others."""
    depth = 0
    at += 1
    while depth > 0 or source[at] != "`":
        if source[at] == "\\":
            at += 1
        elif depth == 0 and source.startswith("${", at):
            depth = 1
            at += 1
        elif depth > 0 and source[at] in "{}":
            depth += 1 if source[at] == "{" else -1
        elif source[at] == "`":
            at = end_of_template(source, at) - 1
        at += 1
    return at + 1


def squeeze_template(text, names):
    """A template literal; the words in it stay as they are, the code in it is squeezed."""
    parts = []
    at = start = 1
    while at < len(text) - 1:
        if text.startswith("${", at):
            depth, end = 1, at + 2
            while depth > 0:
                if text[end] == "`":
                    end = end_of_template(text, end) - 1
                elif text[end] in "{}":
                    depth += 1 if text[end] == "{" else -1
                end += 1
            parts += [text[start:at], "${", squeeze(text[at + 2:end - 1], names).strip(), "}"]
            at = start = end
        else:
            at += 2 if text[at] == "\\" else 1
    return "`" + "".join(parts) + text[start:]


def squeeze(source, names):
    """JavaScript without comments and blanks, one line for each statement of the file. Wants semicolons.

    `names` has short names for others; what follows a dot or names a member of an object keeps its own."""
    tokens = []
    at, gap = 0, ""
    while at < len(source):
        before = tokens[-1] if tokens else ";"
        if source[at] == "`":
            end = end_of_template(source, at)
            token, at = squeeze_template(source[at:end], names), end
        elif source[at] == "/" and source[at + 1] not in "/*" and (before[-1] in "(,=:[!&|?{;>" or before == "return"):
            token = EXPRESSION.match(source, at).group()
            at += len(token)
        else:
            match = TOKEN.match(source, at)
            token, at = match.group(), match.end()
            if match["gap"]:
                gap = token
                continue
            if before != "." and not (before in ("{", ",") and source[at:at + 1] == ":"):
                token = names.get(token, token)
        if tokens and gap.endswith("\n") and before in (";", "}") and token not in (")", "}", "]"):
            tokens.append("\n")
        elif gap and (re.match(r"[\w$]{2}", before[-1] + token[0]) or before + token in ("++", "--")):
            tokens.append(" ")
        tokens.append(token)
        gap = ""
    return "".join(tokens) + "\n"


def squeeze_file(path):
    source = path.read_text(encoding="utf-8")
    return squeeze(source, dict(zip(DECLARATION.findall(source), SHORT_NAMES, strict=False)))


def load_edge(functions):
    """The edge's function; its first line stays as the edge's documentation has it."""
    source = (functions / "edge.js").read_text(encoding="utf-8")
    if not source.startswith(IMPORT):
        raise ValueError("edge.js has to begin with its import")

    edge = IMPORT + squeeze(source[len(IMPORT):], {})
    size = len(edge.encode("utf-8"))
    if size > EDGE_LIMIT - EDGE_ROOM:
        raise ValueError(f"edge.js has {size} bytes, {EDGE_LIMIT} less {EDGE_ROOM} are the limit")
    if edge.count("\nconst EMBEDDED=null;\n") != 1:
        raise ValueError("edge.js has no line to embed values in")

    return edge


def fill(value, functions):
    if isinstance(value, dict):
        if value == {"Porchlight::Squeezed": "edge.js"}:
            return load_edge(functions)
        if set(value) == {"Porchlight::File"}:
            return (functions / value["Porchlight::File"]).read_text(encoding="utf-8")
        if set(value) == {"Porchlight::Squeezed"}:
            return squeeze_file(functions / value["Porchlight::Squeezed"])
        return {key: fill(item, functions) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, functions) for item in value]
    return value


def assemble(template, functions):
    """The template as it is sent, in bytes; raises ValueError when a part is too large."""
    stack = fill(json.loads(template.read_text(encoding="utf-8")), functions)
    # read by those who change the template; the app has words of its own for each
    for parameter in stack["Parameters"].values():
        parameter.pop("Description", None)
    text = json.dumps(stack, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    if len(text) > TEMPLATE_LIMIT:
        raise ValueError(f"the template has {len(text)} bytes, a request takes {TEMPLATE_LIMIT}")

    return text


def main():
    try:
        if sys.argv[1] == "--edge":
            sys.stdout.write(load_edge(pathlib.Path(sys.argv[2])))
            return
        template, functions, output = map(pathlib.Path, sys.argv[1:])
        output.write_bytes(assemble(template, functions))
    except ValueError as error:
        sys.exit(f"assemble.py: {error}")


if __name__ == "__main__":
    main()
