#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways into the publish sheet, and what is done in it: dropped, chosen and opened; fixed, confirmed, drafted. What
comes of it is asked of the site as a visitor.

publish.py [CASE...] runs the cases; with PORCHLIGHT_PICTURES=FOLDER it leaves pictures there.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App, Atspi, states  # noqa: E402  (first: it ends what would make warnings fatal here)
import pictures  # noqa: E402
from tap import case, run  # noqa: E402
from web import browse, visit  # noqa: E402

PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{0}</title><meta name=description content=\"{0}\"><h1>{0}</h1>{1}"


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-publish-"))
        shots = os.environ.get("PORCHLIGHT_PICTURES")
        if shots:
            pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        self.app = App(self.folder, shots)
        self.address = self.create("Harbour Choir", self.app)

    def create(self, name, app):
        app.wait(lambda: app.look("button", "Try It on This Computer") or app.look("button", "New Site", part=True), 30, "the first page")
        if app.look("button", "Try It on This Computer"):
            app.press("button", "Try It on This Computer")
        app.press("button", "New Site", part=True, timeout=20)
        app.press(None, "Personal", part=True)
        app.press("button", "Next")
        app.enter("Name", name)
        app.press("button", "Next")
        app.enter("Your Mail Address", "me@choir.example")
        app.press("button", "Next")
        app.press("button", "Create Site")
        app.see("Your Site Is Live", timeout=90)
        app.press("button", "Open Site", within=app.find("dialog"))
        app.wait(lambda: app.portal.opened, 10, "address that was opened")
        app.press("button", "Done")
        app.gone("Your Site Is Live")
        return app.portal.opened.pop()

    def end(self):
        self.app.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def site(self, name, **pages):
        """A folder with a start page and other pages."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "index.html").write_text(PAGE.format(name, pages.pop("body", "")))
        for page, body in pages.items():
            (folder / f"{page}.html").write_text(PAGE.format(page, body))
        return folder

    def choose(self, folder):
        """Lets the overview's button open the sheet for a folder."""
        self.calm()
        self.app.press("tab", "Overview", part=True)
        self.app.portal.chosen = [folder]
        self.app.press("button", "Choose Folder…", timeout=20)
        self.app.see("What Was Found", timeout=30)

    def calm(self):
        """Closes what an earlier case has left open."""
        while self.app.look("dialog"):
            self.app.key("Escape")
            self.app.iterate(0.3)

    def publish(self, text):
        """Presses Publish, and waits until visitors see `text` on the start page."""
        self.app.press("button", "Publish", timeout=20)
        self.app.wait(lambda: text in browse(self.address).text, 60, f"“{text}” on the site")
        self.app.gone("What Was Found")

    def cancel(self):
        self.app.press("button", "Cancel")
        self.app.gone("What Was Found")


def zip_of(folder, path):
    """As a person makes it: the folder itself is in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    return path


def over(app, tab):
    """Moves the pointer over a tab of the window, as a hand does."""
    x, y = app.scroll_to(app.find("tab", tab, part=True))
    left, _, top, _ = app.shadow()
    for way in (9, 3, 0):
        app.run("xdotool", "mousemove", "--window", app.window_id(), str(left + x + way), str(top + y + way))
        app.iterate(0.2)


# Ways in


@case
def a_folder_that_is_dragged_lights_the_page_up_and_escape_leaves_it(scene):
    app = scene.app
    folder = scene.site("dragged")
    with app.drag([folder], app.find("tab", "Overview", part=True)) as said:
        app.see("Drop to Publish")
        app.shot("drop-overlay", narrow=False)
        app.run("xdotool", "mousemove", "1400", "1050")
        app.gone("Drop to Publish")
        over(app, "Overview")
        app.see("Drop to Publish")
        app.key("Escape", held=True)
        app.wait(lambda: any(line.startswith("cancelled") for line in said), 10, "end of the drag by Escape")
        over(app, "History")
        app.gone("Drop to Publish")
    app.iterate(0.5)
    assert not app.sees("What Was Found"), "a drag that was given up opened the sheet"


@case
def a_folder_is_dropped_on_every_page(scene):
    app = scene.app
    folder = scene.site("dropped", second="<p>Second")
    for page in ("Messages", "History", "Settings", "Overview"):
        app.press("tab", page, part=True)
        app.drop(folder, app.find("tab", page, part=True))
        app.see("What Was Found", timeout=30)
        app.see("dropped")
        if page != "Overview":
            app.key("Escape")
            app.gone("What Was Found")
    scene.publish("dropped")
    assert "Second" in visit(scene.address + "second.html").text


@case
def a_zip_is_dropped(scene):
    app = scene.app
    folder = scene.site("zipped", inside="<p>In the ZIP")
    archive = zip_of(folder, scene.folder / "site.zip")
    app.drop(archive, app.find("tab", "Overview", part=True))
    app.see("site.zip", timeout=30)
    scene.publish("zipped")
    assert "In the ZIP" in visit(scene.address + "inside.html").text
    # What is remembered is the ZIP, not the place where it was unpacked
    app.press("button", "Publish Again", timeout=30)
    app.see("Nothing Has Changed", timeout=30)
    app.key("Escape")
    app.gone("Nothing Has Changed")


@case
def pages_without_their_folder_are_answered_with_the_folder(scene):
    app = scene.app
    folder = scene.site("loose", other="<p>Other")
    app.drop(sorted(folder.iterdir()), app.find("tab", "Overview", part=True))
    app.see("A Folder Is Needed")
    app.shot("drop-files")
    app.press("button", "Use the Folder “loose”")
    app.see("What Was Found", timeout=30)
    scene.cancel()


@case
def one_file_of_no_site_is_refused(scene):
    app = scene.app
    lonely = scene.folder / "letter.txt"
    lonely.write_text("Dear all")
    app.drop(lonely, app.find("tab", "Overview", part=True))
    app.see("A Folder Is Needed")
    assert app.look("button", "Use the Folder", part=True) is None
    app.key("Escape")
    app.gone("A Folder Is Needed")


@case
def something_on_a_server_is_refused_in_plain_words(scene):
    app = scene.app
    app.drop("sftp://server.example/home/choir/site", app.find("tab", "Overview", part=True))
    app.see("Not on This Computer")
    app.shot("drop-remote", narrow=False)
    app.key("Escape")
    app.gone("Not on This Computer")


@case
def a_zip_is_chosen_in_the_sheet(scene):
    app = scene.app
    scene.choose(scene.site("first-choice"))
    app.portal.chosen = [scene.folder / "site.zip"]
    app.choose("Change", 1)
    app.gone("first-choice", timeout=20)
    app.see("Nothing Has Changed")
    app.key("Escape")
    app.gone("Nothing Has Changed")


# What needs care


@case
def a_photo_is_sent_without_its_place(scene):
    app = scene.app
    folder = scene.site("photos", body="<img src=rehearsal.jpg alt=Rehearsal width=400>")
    original = pictures.with_place(pictures.photo(400, 300))
    (folder / "rehearsal.jpg").write_bytes(original)
    assert pictures.has_place(original)
    scene.choose(folder)
    switch = app.find("switch", "Remove the Place from 1 Photo")
    app.activate(switch)
    app.see("Done in the copies", timeout=30)
    app.shot("fixed-place")
    scene.publish("photos")
    sent = visit(scene.address + "rehearsal.jpg").body
    assert not pictures.has_place(sent), "the place went out"
    assert pictures.size_of(sent) == (400, 300)
    assert (folder / "rehearsal.jpg").read_bytes() == original, "a file of the owner was changed"


@case
def a_large_picture_is_sent_smaller(scene):
    app = scene.app
    folder = scene.site("large", body="<img src=stage.jpg alt=Stage width=500>")
    original = pictures.photo(2400, 1600)
    (folder / "stage.jpg").write_bytes(original)
    scene.choose(folder)
    app.activate(app.find("switch", "Send a Smaller Copy of 1 Picture"))
    app.see("less to load", timeout=60)
    app.shot("fixed-size")
    scene.publish("large")
    sent = visit(scene.address + "stage.jpg").body
    assert len(sent) < len(original) / 2, f"{len(sent)} of {len(original)} bytes"
    width, height = pictures.size_of(sent)
    assert 500 <= width < 2400 and abs(height * 3 - width * 2) <= 3, (width, height)
    assert (folder / "stage.jpg").read_bytes() == original, "a file of the owner was changed"


@case
def links_to_this_computer_are_repaired(scene):
    app = scene.app
    folder = scene.site("links", other="<p>Other")
    page = folder / "index.html"
    page.write_text(PAGE.format("links", f'<a href="{(folder / "other.html").as_uri()}">Other</a>'))
    before = page.read_bytes()
    scene.choose(folder)
    app.activate(app.find("switch", "Repair 1 Link to This Computer"))
    app.see("Done in the copies", timeout=30)
    scene.publish("links")
    sent = browse(scene.address).text
    assert "file:" not in sent and "other.html" in sent, sent
    assert page.read_bytes() == before, "a file of the owner was changed"


@case
def private_files_stay_here_unless_each_is_said_to_go(scene):
    app = scene.app
    folder = scene.site("private")
    (folder / "members.sql").write_text("-- MySQL dump 10.13\nCREATE TABLE `members` (`id` int);\nINSERT INTO `members` VALUES (1,'Ann');\n")
    (folder / ".env").write_text("DB_PASSWORD=hunter2\nSECRET_KEY=abcdef0123456789\n")
    scene.choose(folder)
    app.see("Left Out")
    app.shot("private")
    app.press("button", "Send “members.sql” Anyway…")
    app.see("everybody who knows or guesses its address")
    app.shot("private-ask")
    app.press("button", "Leave It Out")
    app.find("button", "Send “members.sql” Anyway…")
    app.press("button", "Send “members.sql” Anyway…")
    app.press("button", "Make It Public")
    app.find("button", "Leave Out “members.sql”", timeout=30)
    app.find("button", "Send “.env” Anyway…")
    scene.publish("private")
    assert "MySQL dump" in visit(scene.address + "members.sql").text
    assert "hunter2" not in visit(scene.address + ".env").text
    # It was said once; it can be taken back
    (folder / "index.html").write_text(PAGE.format("taken back", ""))
    app.press("button", "Publish Again", timeout=30)
    app.press("button", "Leave Out “members.sql”", timeout=30)
    app.find("button", "Send “members.sql” Anyway…", timeout=30)
    scene.publish("taken back")
    assert visit(scene.address + "members.sql").status == 404


@case
def many_findings_are_few_rows(scene):
    app = scene.app
    links = "".join(f'<p><a href="gone-{number}.html">{number}</a>\n' for number in range(200))
    folder = scene.site("many", body=links)
    for number in range(12):
        (folder / f"backup-{number}.sql").write_text(f"-- MySQL dump 10.13\nCREATE TABLE t{number} (id int);\n")
    scene.choose(folder)
    app.find("list item", "200 links lead nowhere", part=True)
    app.find("list item", "12 private files", part=True)
    app.shot("many")
    app.press("list item", "200 links lead nowhere", part=True)
    app.press("button", "Show All 200")
    app.see("Line 1")
    app.shot("many-all")
    app.enter("Search in this list", "gone-117", role="entry")
    app.wait(lambda: not app.sees("gone-12."), 10, "the search")
    app.see("gone-117.html")
    app.key("Escape")
    app.press("button", "Back", timeout=5) if app.look("button", "Back") else None
    app.see("What Was Found")
    scene.cancel()


@case
def what_stops_is_said_first(scene):
    app = scene.app
    folder = scene.folder / "no-start"
    folder.mkdir()
    (folder / "home.html").write_text(PAGE.format("Home", ""))
    scene.choose(folder)
    app.see("Fix This First")
    app.shot("no-start-page")
    assert not app.sees("What Will Change")
    assert not states(app.find("button", "Publish")).contains(Atspi.StateType.SENSITIVE), "it can be published"
    scene.cancel()


@case
def a_folder_that_cannot_be_read_is_said(scene):
    app = scene.app
    app.press("tab", "Overview", part=True)
    app.portal.chosen = [scene.folder / "is-not-there"]
    app.press("button", "Choose Folder…", timeout=20)
    app.find("button", "Choose a ZIP File…", timeout=20)
    app.shot("unreadable")
    app.key("Escape")
    app.gone("Choose a ZIP File…")


@case
def a_project_says_what_to_type(scene):
    app = scene.app
    project = scene.folder / "hugo-site"
    (project / "content").mkdir(parents=True)
    (project / "hugo.toml").write_text('baseURL = "https://choir.example/"\ntitle = "Choir"\n')
    app.press("tab", "Overview", part=True)
    app.portal.chosen = [project]
    app.press("button", "Choose Folder…", timeout=20)
    app.see("Command to Run in the Folder", timeout=20)
    app.shot("not-built")
    app.press("button", "Copy Command")
    app.wait(lambda: app.clipboard() == "hugo", 10, "command on the clipboard")
    scene.calm()        # the first Escape is for the toast
    app.gone("Command to Run in the Folder")


# Drafts


@case
def a_draft_is_seen_by_those_who_have_its_link(scene):
    app = scene.app
    folder = scene.site("plan-for-autumn")
    live = browse(scene.address).text
    scene.choose(folder)
    app.choose("Other Ways to Publish", 0)
    app.see("How Long the Link Works")
    app.shot("draft-ask")
    app.press("radio button", "A Day")
    app.press("button", "Publish Draft")
    app.see("The Draft Is Ready", timeout=60)
    app.shot("draft-ready")
    app.press("button", "Copy Link")
    app.wait(lambda: "porchlight-draft=" in app.clipboard(), 10, "secret link on the clipboard")
    link = app.clipboard()
    assert browse(scene.address).text == live, "a draft went live"
    answer = visit(link)
    assert answer.status == 302, answer.status
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert "plan-for-autumn" in visit(scene.address, headers={"Cookie": cookie}).text
    assert browse(scene.address).text == live
    app.press("button", "Close")
    app.gone("The Draft Is Ready")


# Opened from elsewhere


@case
def a_folder_is_opened_with_the_only_site(scene):
    app = scene.app
    scene.calm()
    app.open(scene.site("opened"))
    app.see("What Was Found", timeout=30)
    app.see("opened")
    scene.cancel()


@case
def with_several_sites_it_is_asked_which(scene):
    app = scene.app
    scene.calm()
    other = scene.create("Second Choir", app)
    folder = scene.site("for-the-second")
    app.open(folder)
    app.see("Which site is “for-the-second” for?", timeout=30)
    app.shot("which-site")
    app.press("list item", "Second Choir", part=True, within=app.find("dialog", "Publish To"))
    app.see("What Was Found", timeout=30)
    app.press("button", "Publish")
    app.wait(lambda: "for-the-second" in browse(other).text, 60, "the folder on the second site")


@case
def a_new_site_may_start_from_what_was_opened(scene):
    app = scene.app
    scene.calm()
    zip_of(scene.site("zipped-again"), scene.folder / "again.zip")
    app.open(scene.folder / "again.zip")
    app.see("Which site is", timeout=30)
    app.press("button", "New Site…")
    app.see("Starts with the ZIP file again.zip")
    app.shot("create-from-zip")
    app.press("button", "Next")
    app.enter("Name", "From a ZIP")
    app.press("button", "Next")
    app.enter("Your Mail Address", "me@choir.example")
    app.press("button", "Next")
    app.press("button", "Create Site")
    app.see("Your Site Is Live", timeout=90)
    app.press("button", "Open Site", within=app.find("dialog"))
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    assert "zipped-again" in browse(app.portal.opened.pop()).text
    app.press("button", "Done")


@case
def a_new_site_says_what_a_project_needs(scene):
    app = scene.app
    scene.calm()
    app.press("button", "New Site", part=True)
    app.see("How would you like to start?")
    app.drop(scene.folder / "hugo-site", app.find("button", "Choose a ZIP File…"))
    app.see("Command to Run in the Folder", timeout=20)
    app.shot("create-not-built")
    app.press("button", "Next")
    app.iterate(1)
    app.see("How would you like to start?")
    app.key("Escape")
    app.gone("How would you like to start?")


@case
def nothing_was_complained_about(scene):
    assert not scene.app.complaints(), "\n".join(scene.app.complaints())


run(setup=Scene, teardown=Scene.end)
