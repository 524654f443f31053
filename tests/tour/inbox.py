#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inbox through the real windows: messages that come while another page is open are told of, found again, put away
together and taken back, held for spam with a reason, and their links lead nowhere without a question.

inbox.py [CASE...] runs the cases; with PORCHLIGHT_PICTURES=FOLDER it leaves pictures there.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App  # noqa: E402  (first: it ends what would make warnings fatal here)
from tap import case, run  # noqa: E402
from web import find_form, submit  # noqa: E402

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
        self.cli("site", "create", "Rosa’s Bakery", "--template", "business", "--form", "rosa@bakery.example")
        self.app = App(self.folder, shots)
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

    def end(self):
        self.app.stop()
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
def nothing_went_wrong_unseen(scene):
    complaints = scene.app.complaints()
    assert not complaints, "\n".join(complaints)


run(setup=Scene, teardown=Scene.end)
