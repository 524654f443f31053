# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures for sites of tests: photos of any size, with the place in them where they were taken."""

import struct

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, GLib  # noqa: E402

# Degrees, minutes and hundredths of seconds, as Exif keeps them: three fractions
LATITUDE = struct.pack("<6I", 52, 1, 31, 1, 4321, 100)
LONGITUDE = struct.pack("<6I", 13, 1, 24, 1, 1789, 100)


def photo(width, height, seed=1):
    """A JPEG that is as large as a photo: its grain does not compress away."""
    state = seed
    rows = bytearray()
    for number in range(width * height):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        rows += bytes(((number // width) * 255 // height, (state >> 16) & 0xFF, (number % width) * 255 // width))
    picture = GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(bytes(rows)), GdkPixbuf.Colorspace.RGB, False, 8, width, height, width * 3)
    return picture.save_to_bufferv("jpeg", ["quality"], ["90"])[1]


def with_place(jpeg):
    """The same picture, and in it where it was taken (Exif 2.32, 4.6.6: the GPS IFD)."""
    header = struct.pack("<2sHI", b"II", 42, 8)
    directory = struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0)
    places = 26 + 2 + 4 * 12 + 4
    gps = struct.pack("<H", 4)
    gps += struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<HHII", 2, 5, 3, places)
    gps += struct.pack("<HHI4s", 3, 2, 2, b"E\0\0\0") + struct.pack("<HHII", 4, 5, 3, places + len(LATITUDE))
    gps += struct.pack("<I", 0)
    exif = b"Exif\0\0" + header + directory + gps + LATITUDE + LONGITUDE
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def has_place(data):
    return LATITUDE in data or LONGITUDE in data


def size_of(data):
    loader = GdkPixbuf.PixbufLoader()
    loader.write(data)
    loader.close()
    picture = loader.get_pixbuf()
    return picture.get_width(), picture.get_height()
