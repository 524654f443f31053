#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the functions into the stack template: {"Porchlight::File": "edge.js"} becomes that file's text.

assemble.py TEMPLATE FUNCTIONS OUTPUT
"""

import json
import pathlib
import sys

TEMPLATE_LIMIT = 51_200
EDGE_LIMIT = 10_240


def fill(value, functions):
    if isinstance(value, dict):
        if set(value) == {"Porchlight::File"}:
            return (functions / value["Porchlight::File"]).read_text(encoding="utf-8")
        return {key: fill(item, functions) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, functions) for item in value]
    return value


def assemble(template, functions):
    """The template as it is sent, in bytes; raises ValueError when a part is too large."""
    edge = (functions / "edge.js").stat().st_size
    if edge > EDGE_LIMIT:
        raise ValueError(f"edge.js has {edge} bytes, the edge takes {EDGE_LIMIT}")

    stack = fill(json.loads(template.read_text(encoding="utf-8")), functions)
    text = json.dumps(stack, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    if len(text) > TEMPLATE_LIMIT:
        raise ValueError(f"the template has {len(text)} bytes, a request takes {TEMPLATE_LIMIT}")

    return text


def main():
    template, functions, output = map(pathlib.Path, sys.argv[1:])
    try:
        output.write_bytes(assemble(template, functions))
    except ValueError as error:
        sys.exit(f"assemble.py: {error}")


if __name__ == "__main__":
    main()
