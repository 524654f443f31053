#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guided tour: walks the whole journey through the real windows and takes a picture of every screen.

tour.py FOLDER leaves numbered pictures in FOLDER, light and dark and at 360 px. Without a folder it takes none, and is
the end-to-end test. Every step is a test case; the exit status tells whether all of them passed.
"""

import csv
import pathlib
import shutil
import sys
import tempfile
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App, NotThere  # noqa: E402
from web import browse, find_form, submit, visit  # noqa: E402

STEPS = []

# Screens on which everything must have a name for those who don't see it
CHECKED = ("connect", "keys", "create-start", "create-review", "create-progress", "overview", "message", "publish-findings",
           "history-opened", "history-draft", "settings")


def step(function):
    STEPS.append(function)
    return function


class Journey:
    """What the steps hand on to each other."""

    def __init__(self, pictures):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-tour-"))
        self.app = App(self.folder, pictures)
        self.app.checks_names = CHECKED
        self.address = None

    @property
    def site_folder(self):
        return next((self.folder / "data" / "sites").iterdir())

    def end(self):
        self.app.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@step
def first_run_offers_two_ways(journey):
    app = journey.app
    app.find("button", "Try It on This Computer")
    app.find("button", "Connect Your AWS Account")
    app.shot("welcome")


@step
def connecting_an_account_explains_itself_and_checks(journey):
    app = journey.app
    app.press("button", "Connect Your AWS Account")
    app.find("button", "Sign In with AWS")
    app.shot("connect")
    app.press("list item", "I Have No Account Yet", part=True)
    app.see("Choose the free plan")
    app.shot("open-account")
    app.press("button", "Open the Sign-Up Page")
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    assert app.portal.opened.pop().startswith("https://"), "not a page for a browser"
    app.press("button", "Back")
    app.press("list item", "Enter Keys", part=True)
    app.find("entry", "Access Key ID")
    app.shot("keys")
    app.enter("Access Key ID", "not a key")
    app.enter("Secret Access Key", "nor a secret")
    app.press("button", "Next")
    app.see("AKIA")
    app.shot("keys-refused")
    app.key("Escape")
    app.key("Escape")
    app.gone("Sign In with AWS")
    app.find("button", "Try It on This Computer")


@step
def practice_starts_with_one_press(journey):
    app = journey.app
    app.click("button", "Try It on This Computer")
    app.see("No Sites Yet")
    app.shot("no-sites")


@step
def the_assistant_asks_plain_questions(journey):
    app = journey.app
    app.press("button", "New Site", part=True)
    app.see("Business", timeout=15)
    app.shot("create-start")
    app.press(None, "Business", part=True)
    app.press("button", "Next")
    app.enter("Name", "Rosa’s Bakery")
    app.shot("create-name")
    app.press("button", "Next")
    app.enter("Your Mail Address", "rosa@")
    app.shot("create-form")
    app.enter("Your Mail Address", "rosa@bakery.example")
    app.press("button", "Next")
    app.find("button", "Create Site")
    app.shot("create-review")


@step
def the_site_is_made_and_live(journey):
    app = journey.app
    app.press("button", "Create Site")
    app.shot("create-progress", narrow=False)
    app.see("Your Site Is Live", timeout=90)
    app.shot("create-done")
    app.press("button", "Open Site")
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    journey.address = app.portal.opened[-1]
    page = browse(journey.address)
    assert page.status == 200, page.status
    assert "Rosa’s Bakery" in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8", page.headers
    assert visit(journey.address + "nowhere/").status == 404


@step
def the_overview_shows_the_site(journey):
    app = journey.app
    app.press("button", "Close", timeout=5) if app.look("button", "Done") is None else app.press("button", "Done")
    app.gone("Your Site Is Live")
    app.see("Choose Folder…")
    app.shot("overview")


@step
def messages_say_how_they_fill(journey):
    app = journey.app
    app.press("tab", "Messages", part=True)
    app.see("No Messages Yet")
    app.shot("messages-empty")


@step
def the_mail_address_is_confirmed(journey):
    app = journey.app
    app.press("tab", "Settings", part=True)
    app.press("list item", "Practice Mail", part=True)
    app.press("list item", "Verification Request", part=True)
    app.portal.opened.clear()
    app.press("button", "Open the Link")
    app.wait(lambda: app.portal.opened, 10, "link that was opened")
    assert visit(app.portal.opened.pop()).status == 200
    app.key("Escape")
    app.key("Escape")
    app.gone("what they would have sent")


@step
def a_message_arrives_while_the_page_is_open(journey):
    app = journey.app
    app.press("tab", "Messages", part=True)
    page, form = find_form(journey.address)
    thanks = submit(page, form, {"given_name": "Emma", "family_name": "Larsen", "name": "Emma Larsen", "email": "emma@visitors.example",
                                 "message": "Do you have rye bread on Saturdays?\n<b>I would take two</b> loaves.",
                                 "topics": "Opening hours"})
    assert thanks.status == 200, f"{thanks.status} {thanks.text[:200]}"
    app.see("rye bread", timeout=20)
    app.shot("messages-arrived")
    app.press("list item", "rye bread", part=True)
    app.see("<b>I would take two</b>")
    app.see("emma@visitors.example")
    app.shot("message")


@step
def archiving_can_be_undone(journey):
    app = journey.app
    app.press("button", "Archive")
    app.told("Message archived")
    app.press("button", "Undo")
    app.find("list item", "rye bread", part=True)


@step
def practice_mail_shows_what_would_have_been_sent(journey):
    app = journey.app
    app.press("tab", "Settings", part=True)
    app.press("list item", "Practice Mail", part=True)
    app.find("list item", "Emma", part=True)
    app.shot("practice-mail")
    app.press("list item", "Emma", part=True)
    app.see("rosa@bakery.example")
    app.see("emma@visitors.example")
    app.shot("practice-mail-open")
    app.key("Escape")
    app.key("Escape")
    app.gone("what they would have sent")


@step
def a_change_is_published_and_taken_back(journey):
    app = journey.app
    before = browse(journey.address).text
    index = journey.site_folder / "index.html"
    index.write_text(index.read_text().replace("</h1>", " (open on Sundays)</h1>", 1))
    app.press("tab", "Overview", part=True)
    app.press("button", "Publish Again")
    app.see("What Will Change")
    app.shot("publish")
    app.enter("Note for the History", "Sundays")
    app.press("button", "Publish")
    app.find("button", "Undo", timeout=30)
    app.shot("published")
    assert "(open on Sundays)" in browse(journey.address).text
    app.press("button", "Undo")
    app.wait(lambda: browse(journey.address).text == before, 20, "page as it was before")


@step
def nothing_changed_is_said(journey):
    app = journey.app
    app.press("tab", "History", part=True)
    app.see("Sundays")
    app.press("button", "Make Live", part=True)
    app.wait(lambda: "(open on Sundays)" in browse(journey.address).text, 20, "page with the change")
    app.press("tab", "Overview", part=True)
    app.press("button", "Publish Again")
    app.see("Nothing Has Changed")
    app.shot("publish-unchanged")
    app.press("button", "Cancel")
    app.gone("Nothing Has Changed")


def open_version(app, name, text):
    """Opens a row of the history. A click on a list that just changes may be lost, then a person clicks again."""
    for _ in range(5):
        app.press("list item", name, part=True)
        try:
            return app.see(text, timeout=4)
        except NotThere:
            continue
    return app.see(text)


@step
def history_tells_what_changed(journey):
    app = journey.app
    app.press("tab", "History", part=True)
    open_version(app, "Sundays", "Changed · /")
    app.see("Seen by a Visitor")
    app.see("The start page")
    app.shot("history-opened")


@step
def going_back_in_the_history_can_be_undone(journey):
    app = journey.app
    now = browse(journey.address).text
    app.press("button", "Make Live", part=True)
    app.wait(lambda: browse(journey.address).text != now, 20, "page of the earlier version")
    app.press("button", "Undo", timeout=30)
    app.wait(lambda: browse(journey.address).text == now, 20, "page as it was")


@step
def a_draft_is_for_those_who_have_its_link(journey):
    app = journey.app
    (journey.site_folder / "cakes.html").write_text(
        "<!doctype html><html lang=en><title>Wedding Cakes</title><meta name=description content=Cakes><h1>Wedding Cakes</h1>")
    app.press("tab", "Overview", part=True)
    app.press("button", "Publish Again")
    app.see("What Will Change")
    app.enter("Note for the History", "Wedding season")
    app.choose("Other Ways to Publish", 0)
    app.press("button", "Publish Draft")
    app.press("button", "Close", timeout=60)
    app.press("tab", "History", part=True)
    app.see("Drafts")
    app.see("for everybody who has the link")
    app.shot("history-draft")
    app.press("button", "Copy Link: Wedding season")
    link = app.wait(lambda: journey.address in app.clipboard() and app.clipboard(), 10, "link in the clipboard")
    cookies = {}
    assert "Wedding Cakes" in browse(link.replace("/?", "/cakes.html?"), cookies).text
    assert cookies and "Wedding Cakes" in browse(journey.address + "cakes.html", cookies).text
    assert visit(journey.address + "cakes.html").status == 404

    app.portal.opened.clear()
    app.press("button", "Open: Wedding season")
    app.wait(lambda: link in app.portal.opened, 10, "address of the draft")
    app.press("tab", "Overview", part=True)
    app.press("button", "Open Site")
    app.wait(lambda: len(app.portal.opened) > 1, 10, "address of the live page")
    browse(app.portal.opened[-1], cookies)
    assert not cookies, "the browser would go on to show the draft"


@step
def a_draft_goes_live(journey):
    app = journey.app
    app.press("tab", "History", part=True)
    app.press("button", "Go Live", part=True)
    app.wait(lambda: visit(journey.address + "cakes.html").status == 200, 30, "page of the draft for everybody")
    app.gone("for everybody who has the link", timeout=30)
    open_version(app, "Wedding season", "New · /cakes.html")
    app.see("Wedding Cakes")


@step
def the_folder_is_watched_when_asked_to(journey):
    app = journey.app
    app.press("tab", "Settings", part=True)
    app.press("switch", "Watch the Folder")
    app.shot("settings-publishing")
    app.press("tab", "Overview", part=True)
    app.gone("changed since the last publish")
    index = journey.site_folder / "index.html"
    index.write_text(index.read_text().replace("</h1>", " (by bicycle)</h1>", 1))
    (journey.site_folder / "tarts.html").write_text("<!doctype html><html lang=en><title>Tarts</title><h1>Tarts</h1>")
    app.see("2 files changed since the last publish", timeout=20)
    app.see("1 new · 1 changed")
    app.shot("overview-changed")
    app.press("button", "Publish Again")
    app.see("What Will Change")
    app.press("button", "Publish")
    app.wait(lambda: "(by bicycle)" in browse(journey.address).text, 30, "page with the change")
    app.gone("changed since the last publish", timeout=30)

    folder = journey.site_folder
    away = folder.rename(journey.folder / "moved away")
    app.see("can’t be found", timeout=20)
    app.shot("overview-folder-gone")
    away.rename(folder)
    app.gone("can’t be found", timeout=20)


@step
def a_real_folder_is_checked_and_published(journey):
    app = journey.app
    folder = journey.folder / "Holiday & photos"
    shutil.copytree(journey.site_folder, folder)
    (folder / "prices #1 100%.html").write_text("<!doctype html><title>Prices</title><p>Rye bread: 4.20")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "elsewhere").symlink_to("/etc")
    (folder / "Menu.html").write_text("<!doctype html><title>Menu</title>")
    (folder / "menu.html").write_text("<!doctype html><title>menu</title>")
    app.portal.chosen = [folder]
    app.press("button", "Choose Folder…")
    app.see("Worth a Look")
    app.shot("publish-findings")
    app.press("button", "Publish")
    app.wait(lambda: "Rye bread: 4.20" in visit(journey.address + "prices%20%231%20100%25.html").text, 30, "page with an odd name")


@step
def an_empty_folder_is_refused_with_a_remedy(journey):
    app = journey.app
    folder = journey.folder / "empty"
    folder.mkdir()
    app.portal.chosen = [folder]
    app.press("button", "Choose Folder…")
    app.see("empty")
    app.shot("publish-empty")
    app.press("button", "Cancel")
    assert visit(journey.address).status == 200


@step
def history_lists_what_was_live(journey):
    app = journey.app
    app.press("tab", "History", part=True)
    app.see("Live")
    app.shot("history")


@step
def settings_and_saying_goodbye(journey):
    app = journey.app
    app.press("tab", "Settings", part=True)
    app.find("button", "Delete Site…")
    app.shot("settings")
    app.dismiss_toasts()
    app.click("button", "Delete Site…")
    app.see("can’t be undone")
    app.shot("delete")
    saved = journey.folder / "messages.csv"
    app.portal.chosen = [saved]
    app.press("button", "Delete Site")
    app.see("No Sites Yet", timeout=60)
    app.shot("deleted")
    rows = list(csv.reader(saved.open(encoding="utf-8-sig", newline="")))
    assert any("rye bread" in cell for row in rows for cell in row), rows
    assert visit(journey.address).status >= 400


@step
def nothing_went_wrong_unseen(journey):
    complaints = journey.app.complaints()
    assert not complaints, "\n".join(complaints)


def main():
    pictures = None
    if len(sys.argv) > 1:
        pictures = pathlib.Path(sys.argv[1])
        pictures.mkdir(parents=True, exist_ok=True)
        for old in pictures.glob("[0-9][0-9]-*.png"):
            old.unlink()

    print(f"1..{len(STEPS)}", flush=True)
    journey = Journey(pictures)
    failed = False
    try:
        for number, function in enumerate(STEPS, 1):
            name = function.__name__.replace("_", " ")
            if failed:
                print(f"not ok {number} - {name} # an earlier step failed", flush=True)
                continue
            try:
                function(journey)
                print(f"ok {number} - {name}", flush=True)
            except Exception:
                failed = True
                for line in (traceback.format_exc() + journey.app.log()[-2000:]).splitlines():
                    print("# " + line, flush=True)
                if pictures:
                    journey.app.picture(pictures / "99-failed.png")
                print(f"not ok {number} - {name}", flush=True)
    finally:
        journey.end()

    if pictures:
        print(f"# the pictures are in {pictures}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
