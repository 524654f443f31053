#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the app in the middle of its work: the next start offers to go on, and it works."""

import pathlib
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App  # noqa: E402
from tap import case, run  # noqa: E402
from web import browse, visit  # noqa: E402

PAGES = 8000


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-kill-"))
        self.app = App(self.folder)
        self.address = None

    def end(self):
        self.app.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_and_start(self):
        self.app.stop(signal.SIGKILL)
        self.app.start()

    def go_on(self):
        self.app.press("button", "Go On", timeout=20)


def large_folder(parent):
    folder = parent / "large"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Large</title><h1>Large</h1>")
    for number in range(PAGES):
        (folder / f"page-{number}.html").write_text(f"<!doctype html><title>{number}</title><p>{number}" + "x" * 2000)
    return folder


@case
def killed_while_the_site_is_made(scene):
    app = scene.app
    app.press("button", "Try It on This Computer")
    app.press("button", "New Site", part=True)
    app.press(None, "Personal", part=True)
    app.press("button", "Next")
    app.enter("Name", "Map Room")
    app.press("button", "Next")
    app.enter("Your Mail Address", "me@maps.example")
    app.press("button", "Next")
    app.press("button", "Create Site")
    app.see("Setting up")
    app.iterate(0.6)
    scene.kill_and_start()
    scene.go_on()
    app.press("button", "Open Site", timeout=90)
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    scene.address = app.portal.opened[-1]
    page = browse(scene.address)
    assert "Map Room" in page.text, f"{page.status} {page.text[:300]}"


@case
def killed_while_publishing(scene):
    app = scene.app
    before = browse(scene.address).text
    app.portal.chosen = [large_folder(scene.folder)]
    app.press("button", "Choose Folder…")
    app.press("button", "Publish", timeout=30)
    app.see(" MB of ", timeout=20)     # of the files are sent, and it is written down that there is something to go on with
    scene.kill_and_start()
    app.find("button", "Go On", timeout=20)
    assert browse(scene.address).text == before, "a half sent release went live"
    scene.go_on()
    app.wait(lambda: "Large" in browse(scene.address).text, 90, "the new release")
    for number in range(0, PAGES, 400):
        page = visit(f"{scene.address}page-{number}.html")
        assert page.status == 200 and f"<p>{number}x" in page.text, page.status


@case
def stopped_and_gone_on(scene):
    app = scene.app
    folder = scene.folder / "large"
    for number in range(PAGES):
        (folder / f"page-{number}.html").write_text(f"<!doctype html><title>{number}</title><p>second {number}" + "y" * 2000)
    app.press("button", "Publish Again", timeout=30)
    app.press("button", "Publish", timeout=30)
    app.press("button", "Stop", timeout=20)
    app.find("button", "Go On", timeout=20)
    assert "<p>0x" in visit(f"{scene.address}page-0.html").text
    scene.go_on()
    app.wait(lambda: "<p>second 0y" in visit(f"{scene.address}page-0.html").text, 90, "the second release")


@case
def killed_while_the_site_is_deleted(scene):
    app = scene.app
    app.press("tab", "Settings", part=True)
    app.dismiss_toasts()
    app.click("button", "Delete Site…")
    app.portal.chosen = [scene.folder / "messages.csv"]
    app.press("button", "Delete Site")
    app.see("Deleting", timeout=10)
    scene.kill_and_start()
    app.wait(lambda: app.look("button", "Go On") or app.sees("No Sites Yet"), 20, "a way to go on")
    if app.look("button", "Go On"):
        scene.go_on()
    app.see("No Sites Yet", timeout=60)
    assert visit(scene.address).status >= 400


@case
def nothing_was_complained_about(scene):
    assert not scene.app.complaints(), "\n".join(scene.app.complaints())


run(setup=Scene, teardown=Scene.end)
