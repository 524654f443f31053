#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small window with a file in it that can be dragged, as from a file manager: dragged.py FILE."""

import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

TITLE = "Something to drag"


def show(application, path):
    label = Gtk.Label(label=path, width_request=160, height_request=120)
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path)])
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY, content=Gdk.ContentProvider.new_for_value(files))
    label.add_controller(source)
    Gtk.ApplicationWindow(application=application, title=TITLE, child=label).present()


if __name__ == "__main__":
    app = Gtk.Application(application_id="io.github.porchlight_app.Dragged", flags=Gio.ApplicationFlags.NON_UNIQUE)
    app.connect("activate", show, sys.argv[1])
    app.run([])
