#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact form through the real windows: a form of a page that was made for another service is found and connected, bad
addresses are refused, the app is killed while the form is set up and goes on, an address is confirmed, a test message is seen
to come back, and a visitor writes through the connected form.

form.py [CASE...] runs the cases; with PORCHLIGHT_PICTURES=FOLDER it leaves pictures there.
"""

import os
import pathlib
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App  # noqa: E402  (first: it ends what would make warnings fatal here)
from tap import case, run  # noqa: E402
from web import browse, find_form, submit, visit  # noqa: E402

PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Choir</title><meta name=description content=Choir>
<h1>Sing with Us</h1><form action="https://formspree.io/f/choir" method="POST" class="wpcf7-form" onsubmit="return send(this)">
<input type="hidden" name="_subject" value="Choir"><label>Your name <input name="name"></label>
<label>Your mail <input type="email" name="email"></label><label>Message <textarea name="message"></textarea></label>
<button>Send</button></form>"""


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-form-"))
        shots = os.environ.get("PORCHLIGHT_PICTURES")
        if shots:
            pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        self.app = App(self.folder, shots)
        self.address = self.create("Harbour Choir")
        self.pages = self.folder / "choir"
        self.pages.mkdir()
        (self.pages / "index.html").write_text(PAGE)
        (self.pages / "sing").mkdir()
        (self.pages / "sing" / "index.html").write_text("<!doctype html><html lang=en><title>Sing</title><p>When we sing")

    def create(self, name):
        app = self.app
        app.press("button", "Try It on This Computer")
        app.press("button", "New Site", part=True, timeout=20)
        app.press(None, "Personal", part=True)
        app.press("button", "Next")
        app.enter("Name", name)
        app.press("button", "Next")
        app.enter("Your Mail Address", "me@choir.example")
        while not app.look("button", "Create Site"):
            app.press("button", "Next")
            app.iterate(0.3)
        app.press("button", "Create Site")
        app.see("Your Site Is Live", timeout=90)
        app.press("button", "Done")
        app.gone("Your Site Is Live")
        return self.find_address()

    def find_address(self):
        """The practice cloud is inside of the app, and on another port after each start."""
        self.app.portal.opened.clear()
        self.app.press("button", "Open Site", timeout=30)
        self.app.wait(lambda: self.app.portal.opened, 10, "address that was opened")
        return self.app.portal.opened.pop()

    def end(self):
        self.app.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_and_start(self):
        self.app.stop(signal.SIGKILL)
        self.app.start()
        self.address = self.find_address()

    def publish(self, text):
        """Publishes the pages, and waits until visitors see `text` in the first."""
        app = self.app
        app.press("tab", "Overview", part=True)
        app.portal.chosen = [self.pages]
        app.press("button", "Choose Folder…", timeout=20)
        app.press("button", "Publish", timeout=30)
        app.wait(lambda: text in browse(self.address).text, 60, f"“{text}” on the site")
        app.gone("What Was Found")

    def calm(self):
        """Closes what is open, as with the keyboard."""
        for _ in range(4):
            if not self.app.look("dialog"):
                return
            self.app.key("Escape")
            self.app.iterate(0.5)
        raise AssertionError(f"a dialog does not close:\n{self.app.describe()}")

    def settings(self, row):
        self.calm()
        self.app.press("tab", "Settings", part=True)
        self.app.press("list item", row, part=True, timeout=20)


@case
def a_form_of_the_pages_is_found_and_connected(scene):
    app = scene.app
    scene.publish("formspree.io")
    scene.settings("Set Up the Form…")
    app.see("Sing with Us", timeout=20)
    app.see("Goes to formspree.io now")
    app.shot("form-which")
    app.press("button", "Copy Form")
    app.wait(lambda: 'method="post"' in app.clipboard(), 10, "the form in the clipboard")
    app.press("button", "Next")
    app.enter("Mail Address", "me@")
    app.press("button", "Next")
    app.see("“me@” is not a mail address.")
    app.shot("form-mail-refused")
    app.enter("Mail Address", "me@choir.example")
    app.press("button", "Add an Address")
    app.enter("Another Mail Address", "you@choir.example")
    app.press("button", "Next")
    app.see("Spam Filter")
    app.press("list item", "Address of the Form", part=True, within=app.find("dialog"))
    app.enter("Path on the Site", "/sing")
    app.see("Visitors could not open “sing/index.html” any more")
    app.shot("form-details")
    app.enter("Path on the Site", "/write")
    app.see("reach nobody until you publish once more")
    app.enter("Path on the Site", "/_porchlight/contact")


@case
def killed_while_it_is_set_up_it_goes_on(scene):
    app = scene.app
    app.press("button", "Apply")
    app.wait(lambda: app.sees("Changing the contact form") or app.sees("you@choir.example"), 20, "work that has begun")
    app.iterate(0.3)
    scene.kill_and_start()
    app.press("tab", "Overview", part=True)
    app.iterate(1)

    # A fast computer may have been through with it
    if app.look("button", "Go On"):
        app.press("button", "Go On")
    app.wait(lambda: not app.look("button", "Go On") and not app.look("button", "Stop"), 60, "the end of the work")
    app.see("A mail was sent there. Open the link in it.", timeout=20)
    scene.settings("Test the Form")
    app.see("me@choir.example", timeout=20)
    app.see("you@choir.example")
    app.see("Your Account Is New", timeout=20)
    app.shot("form-mail-waiting")
    scene.calm()


@case
def an_address_is_confirmed_and_a_test_message_comes_back(scene):
    app = scene.app
    scene.settings("Test the Form")
    app.press("button", "Send Test Message", timeout=20)
    app.see("Messages arrive here, but not by mail", timeout=60)
    app.shot("form-not-mailed")
    app.press("list item", "Practice Mail", part=True, within=app.find("dialog"))
    for row in [node for node in app.nodes(app.find("list", "Mails")) if node.get_role_name() == "list item"]:
        app.portal.opened.clear()
        app.activate(row)
        app.iterate(0.5)
        if app.look("button", "Open the Link"):
            app.press("button", "Open the Link")
            app.wait(lambda: app.portal.opened, 10, "link that was opened")
            visit(app.portal.opened.pop())
        app.press("button", "Back")
        app.iterate(0.3)
    app.key("Escape")
    app.gone("Open the link in it", timeout=30)
    app.press("button", "Send Test Message")
    app.see("The form works", timeout=60)
    app.shot("form-works")
    app.press("button", "Close", within=app.find("dialog"))
    app.press("tab", "Overview", part=True)
    app.see("Last proven")
    app.shot("form-overview")
    app.press("tab", "Messages", part=True)
    app.see("No Messages Yet")


@case
def a_visitor_writes_through_the_connected_form(scene):
    app = scene.app
    scene.publish("/_porchlight/contact")
    page, form = find_form(scene.address)
    assert (scene.pages / "index.html").read_text() == PAGE, "a file of the owner was changed"
    thanks = submit(page, form, {"name": "Emma Larsen", "email": "emma@visitors.example", "message": "May I sing along?"})
    assert thanks.status == 200, thanks.status
    app.press("tab", "Messages", part=True)
    app.see("Emma Larsen", timeout=60)

    # The form becomes another one
    (scene.pages / "index.html").write_text(PAGE.replace("<button>", '<input name="phone" aria-label="Telephone"><button>'))
    app.press("tab", "Overview", part=True)
    app.portal.chosen = [scene.pages]
    app.press("button", "Choose Folder…", timeout=20)
    app.see("1 form is not sent to your inbox any more", timeout=30)
    app.shot("form-lost")
    complaints = app.complaints()
    assert not complaints, "\n".join(complaints)


run(setup=Scene, teardown=Scene.end)
