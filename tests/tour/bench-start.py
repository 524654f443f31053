#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the app takes from its start to its first frame, and the memory after it. Not a test: run it on a quiet computer.

    build-aux/in-env build-aux/with-desktop python3 tests/tour/bench-start.py [ROUNDS]

The first frame is there when the middle of the screen changes its colour. Memory is read two seconds later: RSS counts what is
shared with other programs in full, PSS its part of it. Once with an empty store, once with a practice account.
"""

import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

X = ctypes.CDLL("libX11.so.6")
X.XOpenDisplay.restype = X.XGetImage.restype = ctypes.c_void_p
X.XDefaultRootWindow.restype = X.XGetPixel.restype = ctypes.c_ulong
X.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
X.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong] + [ctypes.c_int] * 2 + [ctypes.c_uint] * 2 + [ctypes.c_ulong, ctypes.c_int]
X.XDestroyImage.argtypes = [ctypes.c_void_p]
X.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
X.XDisplayWidth.argtypes = X.XDisplayHeight.argtypes = [ctypes.c_void_p, ctypes.c_int]
Z_PIXMAP = 2


class Screen:
    def __init__(self):
        self.display = X.XOpenDisplay(None)
        self.root = X.XDefaultRootWindow(self.display)
        self.middle = X.XDisplayWidth(self.display, 0) // 2, X.XDisplayHeight(self.display, 0) // 2

    def colour(self):
        image = X.XGetImage(self.display, self.root, *self.middle, 1, 1, 0xFFFFFFFF, Z_PIXMAP)
        pixel = X.XGetPixel(image, 0, 0)
        X.XDestroyImage(image)
        return pixel


def start_once(screen, folder):
    environment = dict(os.environ, PORCHLIGHT_DATA_DIR=folder, LC_ALL="C.UTF-8")
    before = screen.colour()
    begun = time.monotonic()
    process = subprocess.Popen([os.environ.get("PORCHLIGHT", "porchlight")], env=environment)
    try:
        while screen.colour() == before:
            if time.monotonic() - begun > 30:
                sys.exit("no frame within 30 s")
            time.sleep(0.001)
        frame = time.monotonic() - begun
        time.sleep(2)
        with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as rollup:
            sizes = {line.split()[0]: int(line.split()[1]) for line in rollup if line.startswith(("Rss", "Pss:"))}
    finally:
        process.terminate()
        process.wait()
    while screen.colour() != before:
        time.sleep(0.05)
    return frame * 1000, sizes["Rss:"] / 1024, sizes["Pss:"] / 1024


def measure(name, screen, folder, rounds):
    values = list(zip(*[start_once(screen, folder) for _ in range(rounds)]))
    frame, rss, pss = (statistics.median(column) for column in values)
    print(f"{name:22} {frame:8.0f} ms   best {min(values[0]):.0f}   RSS {rss:.0f} MB   PSS {pss:.0f} MB", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    screen = Screen()
    folder = tempfile.mkdtemp(prefix="porchlight-bench-")
    try:
        print("start to first frame, median of", rounds)
        measure("empty", screen, folder, rounds)
        subprocess.run([os.environ.get("PORCHLIGHT_CLI", "porchlight-cli"), "account", "add-practice"], check=True,
                       env=dict(os.environ, PORCHLIGHT_DATA_DIR=folder), stdout=subprocess.DEVNULL)
        measure("with practice cloud", screen, folder, rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
