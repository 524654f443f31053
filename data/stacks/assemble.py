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
  | (?P<name>[A-Za-z_$][\w$]*)
  | [\w$]+
  | \.\.\. | \?\.(?!\d) | =>
  | .
""", re.VERBOSE | re.DOTALL)
EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
PAIRS = {"(": ")", "[": "]", "{": "}"}
CONTROL = {"if", "for", "while", "switch", "with"}
# Words of the language, and what is there without being declared: neither gets another name
WORDS = set(
    "arguments async await break case catch class const continue debugger default delete do else enum eval export extends "
    "false finally for from function get if implements import in instanceof interface let new null of package private "
    "protected public return set static super switch this throw true try typeof undefined var void while with yield "
    "Array BigInt Boolean Buffer Date Error Infinity Intl JSON Map Math NaN Number Object Promise Proxy Reflect RegExp Set "
    "String Symbol TextDecoder TextEncoder URL URLSearchParams WeakMap clearTimeout console crypto decodeURIComponent "
    "encodeURIComponent exports fetch globalThis isFinite isNaN module parseFloat parseInt process require setTimeout "
    "structuredClone".split())
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$"


class Token:
    def __init__(self, text, gap, is_name=False, parts=None):
        self.text, self.gap, self.is_name, self.parts = text, gap, is_name, parts
        self.keeps = False  # names a member


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


def read_template(text):
    """The parts of a template literal: its words, which stay as they are, and the tokens of the code in it."""
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
            parts += [text[start:at], read_tokens(text[at + 2:end - 1])]
            at = start = end
        else:
            at += 2 if text[at] == "\\" else 1
    return [*parts, text[start:-1]]


def read_tokens(source):
    tokens = []
    at, gap = 0, ""
    while at < len(source):
        before = tokens[-1].text if tokens else ";"
        if source[at] == "`":
            end = end_of_template(source, at)
            tokens.append(Token("`", gap, parts=read_template(source[at:end])))
            at = end
        elif source[at] == "/" and source[at + 1] not in "/*" and (before[-1] in "(,=:[!&|?{;>" or before == "return"):
            match = EXPRESSION.match(source, at)
            tokens.append(Token(match.group(), gap))
            at = match.end()
        else:
            match = TOKEN.match(source, at)
            at = match.end()
            if match["gap"]:
                gap = match.group()
                continue
            tokens.append(Token(match.group(), gap, is_name=match["name"] is not None))
        gap = ""
    return tokens


def end_of_pair(tokens, at):
    depth = 0
    while True:
        depth += (tokens[at].text in PAIRS) - (tokens[at].text in PAIRS.values())
        if depth == 0:
            return at
        at += 1


def read_binding(tokens, at, names):
    """Notes what a name or a pattern binds; returns where it ends."""
    if tokens[at].text == "...":
        at += 1
    if tokens[at].is_name:
        names.add(tokens[at].text)
        return at + 1
    end = end_of_pair(tokens, at)
    read_bindings(tokens, at + 1, end, names)
    return end + 1


def read_bindings(tokens, at, end, names):
    """Notes what a list of parameters, elements, or members with or without other names binds."""
    while at < end:
        if tokens[at].text == ",":
            at += 1
            continue
        if tokens[at + 1].text == ":":
            at += 2
        at = skip_value(tokens, read_binding(tokens, at, names), end)


def skip_value(tokens, at, end):
    """Where what is bound to begins anew, or where all of it ends."""
    while at < end and tokens[at].text not in (",", ";", "of", "in"):
        at = end_of_pair(tokens, at) + 1 if tokens[at].text in PAIRS else at + 1
    return at


def find_declared(tokens):
    """The names that a file declares, wherever it does."""
    names = set()
    for at, token in enumerate(tokens):
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.parts:
            for part in token.parts:
                if isinstance(part, list):
                    names |= find_declared(part)
        elif token.text in ("const", "let", "var"):
            at += 1
            while True:
                end = next((i for i in range(at, len(tokens)) if tokens[i].text == ";"), len(tokens))
                at = skip_value(tokens, read_binding(tokens, at, names), end)
                if at >= len(tokens) or tokens[at].text != ",":
                    break
                at += 1
        elif token.text in ("function", "class") and tokens[at + 1].is_name:
            names.add(following)
        elif token.is_name and following == "=>":
            names.add(token.text)
        elif token.text == "(":
            end = end_of_pair(tokens, at)
            after = tokens[end + 1].text if end + 1 < len(tokens) else ""
            before = tokens[at - 1] if at > 0 else token
            if after == "=>" or (after == "{" and before.is_name and before.text not in CONTROL):
                read_bindings(tokens, at + 1, end, names)
    return names


def mark_members(tokens):
    """Marks what names a member of an object; returns the names that do so and stand for a value as well."""
    both = set()
    pairs = []
    for at, token in enumerate(tokens):
        before = tokens[at - 1].text if at > 0 else ""
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.parts:
            for part in token.parts:
                if isinstance(part, list):
                    both |= mark_members(part)
        if token.text in PAIRS:
            pairs.append(token.text)
        elif token.text in PAIRS.values():
            pairs.pop()
        elif token.is_name and before in (".", "?."):
            token.keeps = True
        elif token.is_name and pairs[-1:] == ["{"] and before in ("{", ","):
            if following == ":":
                token.keeps = True
            elif following in (",", "}", "=") or (
                    following == "(" and tokens[end_of_pair(tokens, at + 1) + 1].text == "{"):
                both.add(token.text)
    return both


def count_names(tokens, counts):
    for token in tokens:
        if token.parts:
            for part in token.parts:
                if isinstance(part, list):
                    count_names(part, counts)
        elif token.is_name and not token.keeps:
            counts[token.text] = counts.get(token.text, 0) + 1
    return counts


def choose_names(tokens):
    """Short names, the shortest for what is named most often. A name is the same everywhere in a file, so nothing can be
    hidden that was not hidden before."""
    both = mark_members(tokens)
    counts = count_names(tokens, {})
    declared = find_declared(tokens) - both - WORDS
    taken = (set(counts) - declared) | WORDS
    short = (first + second for first in ["", *LETTERS] for second in LETTERS)
    free = (name for name in short if name not in taken)
    wanted = sorted(declared, key=lambda name: (-counts.get(name, 0), name))
    return {name: chosen for name, chosen in zip(wanted, free, strict=False) if len(chosen) < len(name)}


def write_tokens(tokens, names, lines):
    text = []
    for at, token in enumerate(tokens):
        word = token.text if token.keeps or not token.is_name else names.get(token.text, token.text)
        if token.parts:
            word = "`" + "".join(part if isinstance(part, str) else "${" + write_tokens(part, names, False) + "}"
                                 for part in token.parts) + "`"
        before = text[-1] if text else ";"
        if lines and text and token.gap.endswith("\n") and before in (";", "}") and word not in (")", "}", "]"):
            text.append("\n")
        elif token.gap and (re.match(r"[\w$]{2}", before[-1] + word[0]) or before + word in ("++", "--")):
            text.append(" ")
        elif not lines and before == ";" and word == "}" and len(text) > 1 and text[-2] not in (")", ";"):
            text.pop()
        text.append(word)
    return "".join(text)


def squeeze(source):
    """JavaScript without comments and blanks, one line for each statement of the file. Wants semicolons."""
    return write_tokens(read_tokens(source), {}, True) + "\n"


def squeeze_file(path):
    """A file in one line, with short names for what it declares; names of members stay as they are."""
    tokens = read_tokens(path.read_text(encoding="utf-8"))
    return write_tokens(tokens, choose_names(tokens), False) + "\n"


def load_edge(functions):
    """The edge's function; its first line stays as the edge's documentation has it."""
    source = (functions / "edge.js").read_text(encoding="utf-8")
    if not source.startswith(IMPORT):
        raise ValueError("edge.js has to begin with its import")

    edge = IMPORT + squeeze(source[len(IMPORT):])
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
