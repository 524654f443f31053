# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the app as a person would who can't see it: finds what is on the screen by role and accessible name."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

# The library that listens to the accessibility bus warns of things that are gone, which must not end the listener
os.environ.pop("G_DEBUG", None)

import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from portal import Portal  # noqa: E402

WIDE = (1020, 720)
NARROW = (360, 720)

# AT-SPI renamed some roles over the years
ROLES = {
    "button": {"push button", "button"},
    "toggle": {"toggle button", "check box", "switch"},
    "switch": {"toggle button", "switch", "check box"},
    "entry": {"text", "entry", "password text"},
    "tab": {"page tab", "radio button", "toggle button", "tab"},
}


class NotThere(AssertionError):
    """What was looked for did not appear in time."""


def states(node):
    return node.get_state_set()


def clean(text):
    """Without the marks that isolate directions, and with plain spaces."""
    return text.translate({0x2068: None, 0x2069: None, 0xA0: " ", 0x202F: " "})


def is_showing(node):
    return states(node).contains(Atspi.StateType.SHOWING)


class App:
    """One run of the app, with data folders of its own below `folder`."""

    def __init__(self, folder, pictures=None, arguments=()):
        self.folder = pathlib.Path(folder)
        self.pictures = pathlib.Path(pictures) if pictures else None
        self.number = 0
        self.checks_names = ()
        self.portal = Portal()
        self.process = None
        self.root = None
        self.window = None
        self.log_path = self.folder / "app.log"
        self.announced = []
        self.listener = Atspi.EventListener.new(lambda event: self.announced.append(clean(str(event.any_data))))
        self.listener.register("object:announcement")
        self.start(*arguments)

    # Running

    def start(self, *arguments):
        environment = dict(os.environ, PORCHLIGHT_DATA_DIR=str(self.folder / "data"), GDK_DEBUG="portals",
                           LANGUAGE="en", LC_ALL="C.UTF-8")
        command = [os.environ.get("PORCHLIGHT", "porchlight"), *arguments]
        if wrapper := os.environ.get("PORCHLIGHT_LAUNCH"):
            command = [*wrapper.split(), *arguments]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.root = self.wait(self._find_application, 30, "the app on the accessibility bus")
        self.wait(lambda: self._windows(), 30, "a window")

    def open(self, *paths):
        """Opens files with the app that runs, as the file manager does."""
        environment = dict(os.environ, PORCHLIGHT_DATA_DIR=str(self.folder / "data"), LANGUAGE="en", LC_ALL="C.UTF-8")
        subprocess.run([os.environ.get("PORCHLIGHT", "porchlight"), *map(str, paths)], env=environment, check=True, timeout=30)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.window = None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def complaints(self):
        """Warnings and criticals that the app wrote."""
        return [line for line in self.log().splitlines() if "CRITICAL **:" in line or "WARNING **:" in line]

    # Waiting

    def iterate(self, seconds=0.05):
        end = time.monotonic() + seconds
        context = GLib.MainContext.default()
        while True:
            while context.iteration(False):
                pass
            if time.monotonic() >= end:
                return
            time.sleep(0.01)

    def wait(self, condition, timeout=10, what="something"):
        end = time.monotonic() + timeout
        pause = 0.03
        while True:
            # The longer it takes, the rarer: answering costs the app what it could work with
            self.iterate(pause)
            pause = min(pause * 1.3, 0.25)
            try:
                if found := condition():
                    return found
            except GLib.Error:
                pass        # it went away while it was looked at
            if self.process and self.process.poll() is not None:
                raise NotThere(f"the app ended ({self.process.returncode}) before there was {what}\n{self.log()[-3000:]}")
            if time.monotonic() > end:
                raise NotThere(f"no {what} within {timeout} s; on the screen:\n{self.describe()}")

    # Looking

    def _find_application(self):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child and "porchlight" in (child.get_name() or "").lower():
                # What never changes about a thing is asked for once; anything else might be out of date
                child.set_cache_mask(Atspi.Cache.ROLE | Atspi.Cache.INTERFACES)
                return child
        return None

    def nodes(self, node=None):
        """Everything that shows, top down."""
        node = node or self.root
        for index in range(node.get_child_count()):
            try:
                child = node.get_child_at_index(index)
                if child is None or not is_showing(child):
                    continue
            except GLib.Error:
                continue
            yield child
            yield from self.nodes(child)

    def matches(self, node, role, name, part):
        if role and node.get_role_name() not in ROLES.get(role, {role}):
            return False
        if name is None:
            return True
        names = [clean(node.get_name() or "")]
        if node.get_role_name() == "list item":     # without a name of its own a row is called by what it says
            names += [self.text_of(child).strip() for child in self.nodes(node)]
        return any(name in own if part else name == own for own in names)

    def look(self, role, name=None, part=False, within=None):
        return next((n for n in self.nodes(within) if self.matches(n, role, name, part)), None)

    def find(self, role, name=None, part=False, within=None, timeout=10):
        return self.wait(lambda: self.look(role, name, part, within), timeout, f"{role or 'thing'} “{name}”")

    def see(self, text, timeout=10):
        """Waits until some name or text on the screen contains `text`."""
        return self.wait(lambda: next((n for n in self.nodes() if text in self.text_of(n)), None), timeout, f"text “{text}”")

    def sees(self, text):
        return any(text in self.text_of(n) for n in self.nodes())

    def told(self, text, timeout=10):
        """Waits until a toast says `text`. A screen reader is told it too, so it does not matter how short it is there."""
        said = self.wait(lambda: next((words for words in self.announced if text in words), None), timeout, f"toast “{text}”")
        self.announced.remove(said)

    def gone(self, text, timeout=10):
        self.wait(lambda: not self.sees(text), timeout, f"end of “{text}”")

    def text_of(self, node):
        try:
            text = node.get_name() or ""
            if node.get_role_name() in ("label", "text", "static", "entry"):
                own = Atspi.Text.get_text(node, 0, -1)
                text = f"{text} {own}" if text and own != text else own
        except GLib.Error:
            return ""
        return clean(text)

    def describe(self):
        lines = []

        def walk(node, depth):
            for index in range(node.get_child_count()):
                try:
                    child = node.get_child_at_index(index)
                    if child is None or not is_showing(child):
                        continue
                    text = self.text_of(child).strip()
                    if text:
                        lines.append("  " * depth + child.get_role_name() + ": " + text[:160])
                    walk(child, depth + (1 if text else 0))
                except GLib.Error:
                    continue

        try:
            if self.root:
                walk(self.root, 0)
        except GLib.Error:
            pass
        return "\n".join(lines)

    def nameless(self):
        """What can be used and shows, and has no name for those who don't see it."""
        controls = {"push button", "button", "toggle button", "check box", "switch", "radio button", "text", "entry", "password text",
                    "combo box", "link", "spin button", "slider", "progress bar", "image", "list item", "dialog"}
        found = []
        for node in self.nodes():
            try:
                if node.get_role_name() not in controls or (node.get_name() or "").strip():
                    continue
                if node.get_role_name() == "list item" and any(self.text_of(child).strip() for child in self.nodes(node)):
                    continue
                parent = node.get_parent()
                while not (parent.get_name() or "").strip() and parent.get_parent() is not None:
                    parent = parent.get_parent()
                found.append(f"{node.get_role_name()} in {parent.get_role_name()} “{clean(parent.get_name() or '')}”")
            except GLib.Error:
                continue        # it went away while it was looked at
        return found

    # Doing

    def press(self, role, name=None, part=False, within=None, timeout=10):
        """Activates what can be activated: a button, a row, a menu item."""
        end = time.monotonic() + timeout
        while True:
            node = self.find(role, name, part, within, timeout)
            self.wait(lambda: states(node).contains(Atspi.StateType.SENSITIVE), timeout, f"sensitive {role} “{name}”")
            if self.activate(node):
                self.iterate(0.1)
                return node
            if time.monotonic() > end:
                raise NotThere(f"{role} “{name}” can't be activated")

    def activate(self, node):
        action = node.get_action_iface()
        for index in range(Atspi.Action.get_n_actions(action) if action else 0):
            if Atspi.Action.get_action_name(action, index) in ("click", "activate", "toggle"):
                return Atspi.Action.do_action(action, index)
        return self.click_on(node)      # rows of lists have no action, a person would click

    def choose(self, button, number):
        """Opens the menu of a button, and activates an item: they have no names on the accessibility bus, so by its number."""
        self.press("toggle", button)
        items = self.wait(lambda: [n for n in self.nodes() if n.get_role_name() == "menu item"], 10, f"the menu of “{button}”")
        self.activate(items[number])
        self.iterate(0.2)

    def click(self, role, name=None, part=False):
        """A real click with the mouse."""
        return self.click_on(self.find(role, name, part))

    def dismiss_toasts(self):
        """Takes away what lies over the foot of the window."""
        while toast := self.look("button", "Dismiss"):
            self.activate(toast)
            self.iterate(0.5)

    def click_on(self, node):
        x, y = self.scroll_to(node)
        left, _, top, _ = self.shadow()
        self.run("xdotool", "mousemove", "--window", self.window_id(), str(left + x), str(top + y), "click", "1")
        self.iterate(0.2)
        return True

    @contextlib.contextmanager
    def drag(self, paths, node):
        """Drags files out of another window, and holds them over a thing; they are let go with drop() or cancelled with
        Escape. Gives a list of what the window that they come from says of it: accepted, refused, cancelled, ended."""
        source = subprocess.Popen([sys.executable, "-B", str(pathlib.Path(__file__).with_name("dragged.py")), *map(str, paths)],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = []
        # extend() adds each line as it comes
        listener = threading.Thread(target=said.extend, args=(map(str.strip, source.stdout),), daemon=True)
        listener.start()
        try:
            window = self.wait(lambda: self._search("--name", "Something to drag"), 20, "the window to drag from")[-1]
            self.run("xdotool", "windowmove", "--sync", window, "1120", "760")
            x, y = self.scroll_to(node)
            left, _, top, _ = self.shadow()
            self.run("xdotool", "mousemove", "--window", window, "100", "90", "mousedown", "1")
            for step in range(1, 6):      # a hand does not jump, and the drag begins only when it has moved
                self.run("xdotool", "mousemove_relative", "--", str(-8 * step), "-4")
                self.iterate(0.1)
            for way in (24, 6, 0):
                self.run("xdotool", "mousemove", "--window", self.window_id(), str(left + x + way), str(top + y + way))
                self.iterate(0.3)
            yield said
        finally:
            self.run("xdotool", "mouseup", "1")
            source.terminate()
            source.wait()
            listener.join()
            source.stdout.close()

    def drop(self, path, node):
        """Drags a file, or several, out of another window, and drops it on a thing."""
        def is_accepted():
            # A hand is never quite still
            self.run("xdotool", "mousemove_relative", "--", "1", "0")
            self.run("xdotool", "mousemove_relative", "--", "-1", "0")
            return said[-1:] == ["accepted"]

        with self.drag(path if isinstance(path, (list, tuple)) else [path], node) as said:
            self.wait(is_accepted, 20, "place to drop it")
            self.run("xdotool", "mouseup", "1")
            self.wait(lambda: "ended" in said, 20, "end of the drag")

    def clipboard(self):
        return self.run("xsel", "--clipboard", "--output")

    def scroll_to(self, node):
        """Turns the wheel until the middle of a thing is inside the window; returns the middle."""
        width, height = self.size()
        left, _, top, _ = self.shadow()
        last = None
        for _ in range(40):
            box = Atspi.Component.get_extents(node.get_component_iface(), Atspi.CoordType.WINDOW)
            x, y = box.x + box.width // 2, box.y + box.height // 2
            if 48 <= y <= height - 110 or y == last:      # the foot belongs to toasts; some things don't scroll
                break
            last = y
            self.run("xdotool", "mousemove", "--window", self.window_id(), str(left + x), str(top + height // 2),
                     "click", "4" if y < 48 else "5")
            self.iterate(0.15)
        return x, y

    def shadow(self):
        """Left, right, top and bottom of what the X window has around the contents; accessible extents leave it out."""
        extents = self.run("xprop", "-id", self.window_id(), "_GTK_FRAME_EXTENTS").partition("=")[2]
        return tuple(int(part) for part in extents.split(",")) if extents.strip() else (0, 0, 0, 0)

    def enter(self, name, text, role="entry"):
        """Replaces the text of an entry."""
        node = self.find(role, name)
        if not Atspi.EditableText.set_text_contents(node.get_editable_text_iface(), text):
            raise NotThere(f"“{name}” can't be edited")
        self.iterate(0.1)
        return node

    def key(self, *keys, held=False):
        """Presses keys. Those that are held are let go of first, mouse buttons too, unless `held`."""
        self.run("xdotool", "key", *([] if held else ["--clearmodifiers"]), *keys)
        self.iterate(0.2)

    def type(self, text):
        self.run("xdotool", "type", "--clearmodifiers", "--delay", "20", text)
        self.iterate(0.2)

    @staticmethod
    def run(*command):
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=30).stdout.decode().strip()

    # Pictures

    def _windows(self):
        return self._search("--class", "porchlight")

    @staticmethod
    def _search(*what):
        result = subprocess.run(["xdotool", "search", "--onlyvisible", *what], stdout=subprocess.PIPE, timeout=10)
        return result.stdout.decode().split()

    def window_id(self):
        if self.window is None:
            self.window = self.wait(lambda: self._windows(), 10, "a window")[-1]
        return self.window

    def resize(self, size):
        left, right, top, bottom = self.shadow()
        self.run("xdotool", "windowsize", self.window_id(), str(size[0] + left + right), str(size[1] + top + bottom))
        self.iterate(0.35)

    def size(self):
        """Width and height of the window without its shadow."""
        left, right, top, bottom = self.shadow()
        geometry = dict(line.split("=") for line in self.run("xdotool", "getwindowgeometry", "--shell", self.window_id()).splitlines())
        return int(geometry["WIDTH"]) - left - right, int(geometry["HEIGHT"]) - top - bottom

    def picture(self, path):
        left, _, top, _ = self.shadow()
        width, height = self.size()
        self.run("import", "-window", self.window_id(), "-crop", f"{width}x{height}+{left}+{top}", "+repage", str(path))

    def shot(self, name, narrow=True):
        """Pictures of what is on the screen: light, dark, and both again at 360 px."""
        if name in self.checks_names:
            # Not what is only passing by
            nameless = self.nameless() and (self.iterate(0.5) or self.nameless())
            assert not nameless, f"{name}: {nameless}"
        if self.pictures is None:
            return
        self.number += 1
        stem = f"{self.number:02d}-{name}"
        self.iterate(0.3)
        for size, word in ((WIDE, ""), (NARROW, "-narrow")):
            if word and not narrow:
                continue
            if word:
                self.resize(size)
            for dark in (False, True):
                self.portal.set_dark(dark)
                self.iterate(0.3)
                self.picture(self.pictures / f"{stem}{word}-{'dark' if dark else 'light'}.png")
        self.portal.set_dark(False)
        if narrow:
            self.resize(WIDE)
