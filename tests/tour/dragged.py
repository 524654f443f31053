#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small window with files in it that can be dragged, as from a file manager: dragged.py PATH-OR-ADDRESS..."""

import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

TITLE = "Something to drag"


def say_action(drag, _property):
    print("accepted" if drag.get_selected_action() == Gdk.DragAction.COPY else "refused", flush=True)


def show(application, names):
    label = Gtk.Label(label="\n".join(names), width_request=160, height_request=120, wrap=True, max_width_chars=20)
    files = Gdk.FileList.new_from_list([Gio.File.new_for_commandline_arg(name) for name in names])
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY, content=Gdk.ContentProvider.new_for_value(files))
    label.add_controller(source)
    keys = Gtk.EventControllerKey()
    # A compositor ends a drag on Escape; without one its source has to
    keys.connect("key-pressed", lambda _keys, key, *_: key == Gdk.KEY_Escape and (source.drag_cancel() or True))
    window = Gtk.ApplicationWindow(application=application, title=TITLE, child=label)
    # How far the drag is, for whoever reads this program's output
    source.connect("drag-begin", lambda _source, drag: drag.connect("notify::selected-action", say_action))
    source.connect("drag-end", lambda *_: print("ended", flush=True))
    source.connect("drag-cancel", lambda _source, _drag, reason: print(f"cancelled {reason.value_nick}", flush=True))
    window.add_controller(keys)
    window.present()


if __name__ == "__main__":
    app = Gtk.Application(application_id="io.github.porchlight_app.Dragged", flags=Gio.ApplicationFlags.NON_UNIQUE)
    app.connect("activate", show, sys.argv[1:])
    app.run([])
