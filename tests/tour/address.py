#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to an address, through the real windows: the free one is kept, a name stays where it is, a name moves, a name is
bought, and the free one comes back. Each is killed in the middle and goes on. What the owner does at the company where the
name was bought is done on its pages; what comes of it is asked of the site as a visitor.

address.py [CASE...] runs the cases; with PORCHLIGHT_PICTURES=FOLDER it leaves pictures there.
"""

import contextlib
import email
import email.policy
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "practice"))

from desktop import App, Atspi, GLib, states  # noqa: E402  (first: it ends what would make warnings fatal here)
from registrar import Registrar  # noqa: E402
from tap import case, run  # noqa: E402
from web import browse, visit  # noqa: E402


class Record:
    def __init__(self, kind, name, value):
        self.type = kind
        self.short_name, _, full = name.partition("\n(in full: ")
        self.name = full.rstrip(")") or name
        self.value = value
        self.copy_name = f"Copy “{self.short_name}”"

    def __eq__(self, other):
        return (self.type, self.name, self.value) == (other.type, other.name, other.value)

    def __repr__(self):
        return f"{self.name} {self.type} {self.value}"


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-address-"))
        shots = os.environ.get("PORCHLIGHT_PICTURES")
        if shots:
            pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        self.app = App(self.folder, shots)
        self.free = self.create("Harbour Choir")
        self.find_practice()

    def create(self, name):
        app = self.app
        app.press("button", "Try It on This Computer", timeout=30)
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
        app.press("button", "Open Site", within=app.find("dialog"))
        app.wait(lambda: app.portal.opened, 10, "address that was opened")
        app.press("button", "Done")
        app.gone("Your Site Is Live")
        return app.portal.opened.pop()

    def find_practice(self):
        """The practice cloud is inside of the app, and on another port after each start."""
        self.app.portal.opened.clear()
        self.app.press("button", "Open Site", timeout=30)
        self.app.wait(lambda: self.app.portal.opened, 10, "address that was opened")
        self.port = urllib.parse.urlsplit(self.app.portal.opened.pop()).port
        self.registrar = Registrar(f"http://127.0.0.1:{self.port}")

    def end(self):
        self.app.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_and_start(self):
        self.app.stop(signal.SIGKILL)
        self.app.start()
        self.find_practice()

    def at(self, name):
        return f"http://{name}:{self.port}/"

    def overview(self):
        """Closes what is open, and goes to the first page."""
        app = self.app

        def closed():
            if not app.look("dialog") and not app.look("button", "Back"):
                return True
            if app.look("dialog"):
                app.key("Escape")
            else:
                app.press("button", "Back")
            return False

        app.wait(closed, 30, "the first page")
        app.press("tab", "Overview", part=True)

    def address_page(self):
        self.overview()
        self.app.press("list item", "Address", part=True)
        self.app.see("Free Address")

    def change(self):
        """Opens the assistant, or what it has begun."""
        self.address_page()
        self.app.press("button", "Change Address…" if self.app.look("button", "Change Address…") else "Get an Own Address…")

    def have(self, name):
        app = self.app
        app.press("list item", "I Have an Address", part=True)
        app.enter("Internet Address", name)
        app.press("button", "Next")
        app.see("How to Go On", timeout=60)

    def mails(self, word):
        """The mails of the practice cloud that have a word in them."""
        paths = (self.folder / "data" / "practice" / "outbox").glob("*.eml")
        mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
        return [text for text in (mail.get_body().get_content() for mail in mails) if word in text]

    def pick(self, row, text):
        """Chooses from a long list, by typing what is wanted."""
        app = self.app

        def listed():
            scroll = app.look("scroll pane", within=app.look("combo box", row))
            return [app.text_of(n) for n in app.nodes(scroll) if n.get_role_name() == "label"] if scroll else []

        app.press("combo box", row)
        app.wait(lambda: len(listed()) > 2, 10, f"list of “{row}”")
        app.type(text)
        app.wait(lambda: listed() == [text], 10, f"“{text}” alone")
        app.key("Down")
        app.key("Return")
        app.wait(lambda: not listed() and app.look("label", text, within=app.look("combo box", row)), 10, f"“{text}” chosen")

    def texts(self):
        """What the list of things to enter says; nothing if there is none."""
        dialog = self.app.look("dialog")
        things = self.app.look("list", "What to Enter There", within=dialog)
        return [self.app.text_of(node).strip() for node in self.app.nodes(things) if node.get_role_name() == "label"] if things else []

    def wanted(self):
        """The records that are to be entered elsewhere, as the window shows them."""
        texts = self.texts()
        return [Record(*(texts[index + way] for way in (1, 3, 5))) for index, text in enumerate(texts[:-5])
                if text == "Type" and texts[index + 2] == "Name" and texts[index + 4] == "Value"]

    def servers(self):
        return [text for text in self.texts() if text.startswith("ns-")]

    def look_again(self):
        """Asks the open assistant to look now. It looks by itself as well, so it may have gone on before it is asked."""
        button = self.app.look("button", "Look Again", within=self.app.look("dialog"))
        with contextlib.suppress(GLib.Error):
            if button:
                self.app.activate(button)

    def enter(self, domain):
        """Does what the window says, as often as it says something else, until the address works."""
        app = self.app

        def entered():
            if app.sees("Your Address Works"):
                return True
            for record in self.wanted():
                # What is there instead is changed
                self.registrar.remove(domain, record.name, "A" if record.type == "ALIAS" else record.type)
                self.registrar.put(domain, record.name, record.type, record.value)
            self.look_again()
            app.iterate(0.5)
            return False

        app.wait(entered, 120, "an address that works")

    def agree(self):
        """Agrees to all that is replaced."""
        app = self.app
        for node in [n for n in app.nodes(app.find("dialog")) if n.get_role_name() in ("switch", "check box")]:
            if not states(node).contains(Atspi.StateType.CHECKED) and "Renew" not in (node.get_name() or ""):
                app.activate(node)
                app.iterate(0.1)

    def works(self, name, text="Harbour Choir"):
        page = browse(self.at(name))
        return page.status == 200 and text in page.text

    def done(self, name):
        """Waits until the window says that the address works, and visits it."""
        self.app.see("Your Address Works", timeout=60)
        assert self.works(name), browse(self.at(name)).text[:300]


# The free address


@case
def the_free_address_is_kept(scene):
    app = scene.app
    scene.address_page()
    app.shot("address-free")
    app.press("button", "Get an Own Address…")
    app.see("Where Will Visitors Find It?")
    app.shot("wizard-ways")
    app.press("list item", "Keep the Free Address", part=True)
    app.see("The Address Stays as It Is")
    app.shot("wizard-kept")
    app.press("button", "Done")
    assert "Harbour Choir" in browse(scene.free).text


@case
def what_is_typed_is_understood(scene):
    app = scene.app
    scene.change()
    app.press("list item", "I Have an Address", part=True)
    app.enter("Internet Address", "co.uk")
    app.press("button", "Next")
    app.wait(lambda: app.look("label", "", part=True) and "co.uk" in app.describe(), 10, "what is wrong")
    app.shot("name-wrong")
    app.enter("Internet Address", "https://www.bücher-café.localhost/start?x=1")
    app.see("Visitors find the site at www.bücher-café.localhost. bücher-café.localhost leads there.")
    app.shot("name-international")
    app.enter("Internet Address", "blog.choir.localhost")
    app.see("Visitors find the site at blog.choir.localhost.")
    app.key("Escape")


@case
def a_name_nobody_has_can_be_bought(scene):
    app = scene.app
    scene.change()
    scene.have("nobody-has-this.localhost")
    app.see("Buy It")
    app.shot("look-free")
    app.key("Escape")


# Buying


@case
def a_name_to_buy_is_searched_and_priced(scene):
    app = scene.app
    scene.change()
    app.press("list item", "Find a New Address", part=True)
    app.shot("shop-empty")
    app.enter("Name or Words", "harbour-choir")
    app.see("harbour-choir.localhost", timeout=30)
    app.shot("shop")
    app.press("button", "Next")
    app.find("entry", "First Name")
    app.shot("contact")
    app.press("button", "Next")
    app.see("is missing")
    app.see("Choose the country first.")
    app.shot("contact-wrong")
    scene.pick("Country", "United States")
    app.gone("Choose the country first.")
    scene.pick("State or Province", "New York")
    app.shot("contact-state")
    for name, text in (("First Name", "Ada"), ("Last Name", "Larsen"), ("Street and Number", "1 Quay Street"), ("Postal Code", "10038"),
                       ("City", "New York"), ("Phone", "+1 202 555 0123"), ("Mail Address", "ada@choir.example")):
        app.enter(name, text)
    app.press("button", "Next")
    app.see("What It Costs", timeout=30)
    app.shot("review-buy")


@case
def a_name_is_bought(scene):
    app = scene.app
    app.press("button", "Buy for", part=True)
    app.see("How Far It Is", timeout=30)
    app.shot("buy-progress", narrow=False)
    scene.kill_and_start()
    app.wait(lambda: scene.works("harbour-choir.localhost"), 90, "the address that was bought")


@case
def the_mail_of_the_registry_is_remembered_until_its_link_was_opened(scene):
    app = scene.app
    scene.overview()
    app.see("Confirm Your Mail Address", timeout=60)
    app.shot("overview-confirm")
    mails = scene.mails("harbour-choir.localhost")
    app.press("button", "Send Again")
    app.see("The mail was sent again", timeout=20)
    app.wait(lambda: len(scene.mails("harbour-choir.localhost")) == len(mails) + 1, 10, "another mail")
    link = re.search(rf"http://\S+:{scene.port}/\S*token=\S+", "".join(scene.mails("harbour-choir.localhost")))
    assert visit(link[0]).status == 200, link
    app.key("F5")
    app.gone("Confirm Your Mail Address", timeout=30)


# The name stays where it is


@case
def a_name_stays_where_it_is(scene):
    app = scene.app
    scene.registrar.own("choir.localhost")
    scene.change()
    scene.have("www.choir.localhost")
    app.shot("look-found")
    app.press("list item", "Leave It Where It Is", part=True)
    app.see("How It Is Done")
    app.shot("leave")
    app.press("button", "Next")
    app.see("What It Costs", timeout=30)
    app.shot("review-leave")
    app.press("button", "Set It Up")
    before = app.wait(scene.wanted, 60, "records to enter")
    app.shot("leave-records")
    scene.kill_and_start()
    scene.change()
    app.wait(lambda: scene.wanted() == before, 60, f"the same records as before the restart: {before}")
    app.press("button", before[0].copy_name, within=app.find("dialog"))
    app.wait(lambda: app.clipboard() == before[0].short_name, 10, "name on the clipboard")


@case
def what_was_entered_wrongly_is_said(scene):
    app = scene.app
    record = scene.wanted()[0]
    scene.registrar.put("choir.localhost", record.name, record.type, "wrong.example")
    scene.look_again()
    app.see("wrong.example", timeout=60)
    app.shot("leave-wrong")


@case
def it_goes_on_by_itself_when_all_is_entered(scene):
    app = scene.app
    scene.enter("choir.localhost")
    assert scene.works("www.choir.localhost") and scene.works("choir.localhost")
    app.shot("leave-done")
    app.press("button", "Done")
    scene.address_page()
    app.shot("address-own")
    scene.overview()
    app.see("https://www.choir.localhost")
    app.shot("overview-own")


# The name moves


@case
def a_name_moves(scene):
    app = scene.app
    scene.registrar.own("tailor.localhost")
    scene.change()
    scene.have("tailor.localhost")
    app.press("list item", "Move It into Your Account", part=True)
    app.see("Mail")
    app.shot("move")
    app.press("button", "Next")
    app.see("What It Costs", timeout=30)
    app.shot("review-move")
    scene.agree()
    app.press("button", "Set It Up")
    servers = app.wait(lambda: len(scene.servers()) == 4 and scene.servers(), 60, "four name servers")
    app.shot("move-servers")
    scene.kill_and_start()
    scene.change()
    app.wait(lambda: scene.servers() == servers, 60, "the same name servers as before the restart")
    scene.registrar.servers("tailor.localhost", servers)
    scene.look_again()
    scene.done("tailor.localhost")
    app.press("button", "Done")


# What goes wrong


@case
def what_is_in_the_way_is_said_before_anything_happens(scene):
    app = scene.app
    registrar = scene.registrar
    registrar.own("signed.localhost")
    registrar.sign("signed.localhost", True)
    registrar.put("signed.localhost", "signed.localhost", "CAA", '0 issue "letsencrypt.org"')
    scene.change()
    scene.have("signed.localhost")
    app.shot("look-problems")
    app.press("list item", "Move It into Your Account", part=True)
    app.see("First: Switch Signatures Off")
    app.shot("move-signed")
    app.press("button", "Next")
    app.see("The Domain Is Signed", timeout=30)
    app.see("The Domain Forbids the Certificate")
    app.shot("review-conflicts")
    scene.agree()
    assert not states(app.find("button", "Set It Up")).contains(Atspi.StateType.SENSITIVE), "a signed name could be moved"
    registrar.sign("signed.localhost", False)
    registrar.pass_time("2d")       # as long as others remember that it was signed
    app.press("button", "Look Again", within=app.find("dialog"))
    app.gone("The Domain Is Signed", timeout=60)
    app.key("Escape")


@case
def name_servers_that_nobody_knows_are_said(scene):
    app = scene.app
    scene.registrar.servers("signed.localhost", ["ns1.nobody.localhost", "ns2.nobody.localhost"])
    scene.change()
    scene.have("signed.localhost")
    app.shot("look-broken")
    app.key("Escape")


@case
def a_name_of_somebody_else_is_explained(scene):
    app = scene.app
    registrar = scene.registrar
    registrar.own("claimed.localhost")
    registrar.claim("www.claimed.localhost")
    scene.change()
    scene.have("www.claimed.localhost")
    app.press("list item", "Leave It Where It Is", part=True)
    app.press("button", "Next")
    app.see("What It Costs", timeout=30)
    app.press("button", "Set It Up")
    for record in app.wait(scene.wanted, 60, "records to enter"):
        registrar.put("claimed.localhost", record.name, record.type, record.value)
    scene.look_again()
    app.find("button", "Try Again", timeout=90)
    app.shot("failed-claimed")
    app.press("button", "Give Up")
    app.wait(lambda: not app.look("dialog"), 20, "end of the assistant")
    scene.overview()


# The free address comes back


@case
def the_free_address_comes_back(scene):
    app = scene.app
    scene.change()
    app.press("list item", "Keep the Free Address", part=True)
    app.see("What It Costs")
    app.shot("review-free")
    app.press("button", "Go Back to It")
    app.find("list", "Steps", within=app.find("dialog"), timeout=20)
    app.iterate(1)
    scene.kill_and_start()
    app.wait(lambda: scene.works(urllib.parse.urlsplit(scene.free).hostname), 60, "the free address")
    scene.overview()
    app.see("It can have one of its own", timeout=60)


@case
def nothing_was_complained_about(scene):
    assert not scene.app.complaints(), "\n".join(scene.app.complaints())


run(setup=Scene, teardown=Scene.end)
