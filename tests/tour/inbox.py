#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inbox through the real windows: messages that come while another page is open are told of, found again, answered, put
away together and taken back, printed, exported, held for spam with a reason, and their links lead nowhere without a question.
Messages that come while no window is there are told of as well, and shown when that is pressed.

inbox.py [CASE...] runs the cases; with PORCHLIGHT_PICTURES=FOLDER it leaves pictures there.
"""

import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App  # noqa: E402  (first: it ends what would make warnings fatal here)
from tap import case, run  # noqa: E402
from web import find_form, submit  # noqa: E402

APP_ID = "io.github.porchlight_app.Porchlight"

MESSAGES = [
    ("Emma Larsen", "emma@visitors.example", "Do you have rye bread on Saturdays?\n<b>I would take two</b> loaves."),
    ("Jörg Müller", "joerg@visitors.example", "Is this your shop: https://bücher.example/a?b=c&d=%3Cscript%3E?"),
    ("陳大文", "chan@visitors.example", "你好，星期六有黑麥麵包嗎？"),
    ("ליאת", "liat@visitors.example", "שלום, האם אתם פתוחים בשבת?"),
]


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-inbox-"))
        shots = os.environ.get("PORCHLIGHT_PICTURES")
        if shots:
            pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        self.cli("account", "add-practice")
        self.cli("site", "create", "Zither Club", "--template", "coming-soon")
        self.cli("site", "create", "Rosa’s Bakery", "--template", "business", "--form", "rosa@bakery.example")
        self.app = App(self.folder, shots)
        self.app.press("list item", "Rosa’s Bakery", part=True, timeout=40)
        self.app.press("button", "Open Site", timeout=40)
        self.app.wait(lambda: self.app.portal.opened, 10, "address that was opened")
        self.address = self.app.portal.opened.pop()

    def cli(self, *arguments):
        environment = dict(os.environ, PORCHLIGHT_DATA_DIR=str(self.folder / "data"))
        subprocess.run([os.environ.get("PORCHLIGHT_CLI", "porchlight-cli"), *arguments], env=environment, check=True, timeout=120,
                       stdout=subprocess.DEVNULL)

    def post(self, name, mail, text, **more):
        page, form = find_form(self.address)
        answer = submit(page, form, {"given_name": name, "name": name, "email": mail, "message": text, **more})
        assert answer.status == 200, f"{answer.status} {answer.text[:200]}"

    def environment(self):
        return dict(os.environ, PORCHLIGHT_DATA_DIR=str(self.folder / "data"), GDK_DEBUG="portals", LANGUAGE="en", LC_ALL="C.UTF-8")

    def post_without_app(self, messages):
        """The practice cloud runs for as long as visitors need it."""
        cloud = subprocess.Popen([os.environ.get("PORCHLIGHT_CLI", "porchlight-cli"), "practice", "serve"], env=self.environment(),
                                 stdout=subprocess.PIPE)
        try:
            port = urllib.parse.urlsplit(json.loads(cloud.stdout.readline())["endpoint"]).port
            host = urllib.parse.urlsplit(self.address).hostname
            self.address = f"http://{host}:{port}/"
            for message in messages:
                self.post(*message)
        finally:
            cloud.terminate()
            cloud.communicate()

    def start_with_the_desktop(self):
        """As the session does it at its beginning, with what the app asked for."""
        command = [os.environ.get("PORCHLIGHT", "porchlight"), *self.app.portal.background[0]["commandline"][1:]]
        with open(self.app.log_path, "ab") as log:
            self.app.process = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)

    def let_the_bus_start_the_app(self):
        """The file that is installed, with the program of this build."""
        self.app.process = None
        service = pathlib.Path(os.environ["GSETTINGS_SCHEMA_DIR"], APP_ID + ".service").read_text()
        line = next(line for line in service.splitlines() if line.startswith("Exec="))
        program = line.split("=", 1)[1].split()[0]
        own = self.folder / "start"
        names = ("PORCHLIGHT_DATA_DIR", "GDK_DEBUG", "LANGUAGE", "LC_ALL", "GSETTINGS_SCHEMA_DIR", "GSETTINGS_BACKEND", "DISPLAY")
        settings = "".join(f"export {name}={shlex.quote(self.environment()[name])}\n" for name in names)
        own.write_text(f"#!/bin/sh\n{settings}echo $$ > {self.folder}/pid\n"
                       f"exec {os.environ['PORCHLIGHT']} \"$@\" >> {self.app.log_path} 2>&1\n")
        own.chmod(0o755)
        folder = pathlib.Path(os.environ["XDG_DATA_HOME"], "dbus-1", "services")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / (APP_ID + ".service")).write_text(service.replace(program, str(own)))
        subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus",
                        "--method", "org.freedesktop.DBus.ReloadConfig"], check=True, stdout=subprocess.DEVNULL, timeout=30)

    def press_notification(self):
        app = self.app
        app.portal.press(next(iter(app.portal.shown)))
        app.root = app.wait(app._find_application, 60, "the app on the accessibility bus")
        app.wait(app._windows, 30, "a window")

    def end(self):
        pid = self.folder / "pid"
        if self.app.process:
            self.app.stop()
        elif pid.exists():
            os.kill(int(pid.read_text()), signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)


@case
def messages_are_told_of_while_another_page_is_open(scene):
    app = scene.app
    for message in MESSAGES:
        scene.post(*message)
    app.wait(lambda: app.portal.notifications, 40, "notification")
    assert any("Message" in title for title in app.portal.notifications), app.portal.notifications
    app.press("tab", "Messages", part=True)
    app.see("rye bread", timeout=20)
    app.find("list item", "ליאת", part=True, timeout=20)
    app.shot("inbox")


@case
def the_answer_quotes_what_was_asked(scene):
    app = scene.app
    app.click_on(app.find("list item", "Emma Larsen", part=True))
    app.see("I would take two")
    app.press("button", "Reply by Mail")
    app.wait(lambda: app.portal.opened, 10, "mail that was begun")
    mail = urllib.parse.urlsplit(app.portal.opened.pop())
    words = dict(urllib.parse.parse_qsl(mail.query))
    assert (mail.scheme, urllib.parse.unquote(mail.path)) == ("mailto", "emma@visitors.example"), mail
    assert "Emma Larsen wrote:\r\n\r\n> Do you have rye bread on Saturdays?\r\n> <b>I would" in words["body"], words


@case
def one_is_read_and_its_links_ask_first(scene):
    app = scene.app
    app.click_on(app.find("list item", "Jörg Müller", part=True))
    app.see("xn--bcher-kva.example")
    app.shot("inbox-links")
    app.portal.opened.clear()
    app.press("list item", "xn--bcher-kva.example", part=True)
    app.see("Open This Link?")
    app.shot("inbox-link")
    assert not app.portal.opened, "it opened before anybody agreed"
    app.press("button", "Open")
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    assert app.portal.opened.pop().startswith("https://xn--bcher-kva.example/a?b=c&d=%3Cscript%3E"), app.portal.opened


@case
def what_is_typed_is_found(scene):
    app = scene.app
    app.enter("Search messages", "MULL")
    app.gone("rye bread")
    app.find("list item", "Jörg Müller", part=True)
    app.shot("inbox-search")
    app.enter("Search messages", "nothing of the kind")
    app.see("No Results Found")
    app.shot("inbox-nothing")
    app.enter("Search messages", "")
    app.find("list item", "rye bread", part=True)


@case
def several_are_put_away_and_come_back(scene):
    app = scene.app
    app.press("toggle", "Select Messages")
    for name in ("Emma Larsen", "Jörg Müller"):
        app.click_on(app.find("list item", name, part=True))
    app.see("2 Selected")
    app.shot("inbox-selecting")
    bar = [node for node in app.nodes() if app.matches(node, "button", "Archive", False)]
    app.activate(bar[0])
    app.see("2 messages archived")
    app.gone("rye bread")
    app.gone("2 Selected")
    app.press("button", "Undo")
    app.find("list item", "rye bread", part=True)


@case
def the_keyboard_does_it_too(scene):
    app = scene.app
    app.dismiss_toasts()
    app.click_on(app.find("list item", "Emma Larsen", part=True))
    app.see("I would take two")
    app.key("ctrl+a")
    app.see("4 Messages Selected")
    app.key("Delete")
    app.see("4 messages deleted")
    app.press("button", "Undo")
    app.find("list item", "rye bread", part=True)


@case
def all_are_printed(scene):
    app = scene.app
    app.dismiss_toasts()
    app.click_on(app.find("list item", "Emma Larsen", part=True))
    app.key("ctrl+a")
    app.see("4 Messages Selected")
    app.key("ctrl+p")
    app.wait(lambda: app.portal.printed, 20, "paper")
    path = scene.folder / "printed.pdf"
    path.write_bytes(app.portal.printed.pop())
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, stdout=subprocess.PIPE, timeout=30).stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) == 4, text
    for (name, mail, _), page in zip(reversed(MESSAGES), pages):
        assert mail in page, page
    assert "<b>I would take two</b> loaves." in pages[-1], pages[-1]
    assert "שלום" in pages[0] and "1 of 4" in pages[0], pages[0]
    app.key("Escape")


@case
def all_are_exported_from_the_settings(scene):
    app = scene.app
    app.dismiss_toasts()
    app.press("tab", "Settings", part=True)
    app.portal.chosen = [scene.folder / "messages.json"]
    app.press("list item", "Export Messages…", part=True)
    app.see("4 messages exported", timeout=20)
    messages = json.loads((scene.folder / "messages.json").read_text())
    assert [message["fields"]["message"] for message in messages] == [text for _, _, text in MESSAGES], messages

    # What can't be written says so, and leaves what was there
    app.dismiss_toasts()
    app.portal.chosen = [pathlib.Path("/proc/messages.csv")]
    app.press("list item", "Export Messages…", part=True)
    app.see("could not be saved", timeout=20)
    app.dismiss_toasts()
    app.press("tab", "Messages", part=True)


@case
def spam_is_held_and_says_why(scene):
    app = scene.app
    app.dismiss_toasts()
    scene.post("Bot", "bot@spam.example", "Buy now", _gotcha="x")
    app.choose("Inbox", 3)
    app.find("list item", "Bot", part=True, timeout=20)
    app.click_on(app.find("list item", "Bot", part=True))
    app.see("a field was filled in that people don’t see")
    app.shot("inbox-spam")
    app.press("button", "Not Spam")
    app.see("Message is no longer spam")
    app.see("Nothing Here")
    app.choose("Spam", 0)
    app.find("list item", "Bot", part=True)


@case
def whoever_closes_the_window_is_told_if_the_desktop_allows_it(scene):
    app = scene.app
    app.press("tab", "Overview", part=True)
    app.key("ctrl+comma")
    app.portal.refuses_background = True
    app.press("switch", "Look for Messages When the Window Is Closed", part=True)
    app.see("Your system does not allow it")
    app.shot("inbox-background-refused")
    app.portal.refuses_background = False
    app.portal.background.clear()
    app.press("switch", "Look for Messages When the Window Is Closed", part=True)
    app.wait(lambda: app.portal.background, 10, "question to the desktop")
    wish = app.portal.background[0]
    assert wish["autostart"] and wish["commandline"] == ["porchlight", "--gapplication-service"], wish
    app.press("button", "Close", within=app.find("dialog"))
    app.gone("Sign-Ins Are Kept")

    # The site that was looked at last is another one than that of the next messages
    app.press("list item", "Zither Club", part=True)
    app.press("button", "Close")
    app.wait(lambda: not app.look("button"), 10, "end of the window")
    app.iterate(1)
    assert app.process.poll() is None, "the app ended with its window"
    app.stop()


@case
def messages_that_come_while_no_window_is_there_are_told_of(scene):
    app = scene.app
    scene.post_without_app([("Ida Berg", "ida@visitors.example", "First of two"),
                            ("Otto", "otto@visitors.example", "<a href='https://x.example'>Second</a> of two")])
    app.portal.shown.clear()
    app.portal.notifications.clear()
    app.portal.bodies.clear()
    scene.start_with_the_desktop()
    app.wait(lambda: app.portal.notifications, 60, "notification")
    assert app.portal.notifications == ["2 New Messages"], app.portal.notifications
    assert app.portal.bodies == ["Rosa’s Bakery: Otto, Ida Berg"], app.portal.bodies
    assert not app._windows(), "a window came by itself"
    scene.press_notification()
    app.see("Second</a> of two", timeout=20)
    assert not app.portal.shown, "it is still told of what is being read"
    app.shot("inbox-notified")
    app.stop()


@case
def one_that_is_pressed_later_starts_the_app(scene):
    app = scene.app
    scene.post_without_app([("Liv", "liv@visitors.example", "<b>Only</b> me")])
    scene.start_with_the_desktop()
    app.wait(lambda: app.portal.shown, 60, "notification")
    assert app.portal.notifications[-1] == "Message from Liv", app.portal.notifications
    assert app.portal.bodies[-1] == "‹b>Only‹/b> me", app.portal.bodies
    app.stop()
    scene.let_the_bus_start_the_app()
    scene.press_notification()
    app.see("<b>Only</b> me", timeout=40)


@case
def nothing_went_wrong_unseen(scene):
    complaints = scene.app.complaints()
    assert not complaints, "\n".join(complaints)


run(setup=Scene, teardown=Scene.end)
