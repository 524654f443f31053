#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site is made through the windows: what is asked and told before, the steps and the time that is left, and every way in
which it can fail, each with its cause, its remedy and its button. Closed in the middle, and the app killed in the middle.

hosting.py [CASE...] runs the cases; with PORCHLIGHT_PICTURES=FOLDER it leaves pictures there.
"""

import os
import pathlib
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "practice"))

from desktop import App, Atspi, states  # noqa: E402  (first: it ends what would make warnings fatal here)
from practice import Practice  # noqa: E402
from tap import case, run  # noqa: E402
from web import browse  # noqa: E402

PART = "AWS::CloudFront::Distribution"


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-hosting-"))
        shots = os.environ.get("PORCHLIGHT_PICTURES")
        if shots:
            pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        (self.folder / "data").mkdir()
        # the app finds the cloud of its own folder served already, so that there can be bad days
        self.cloud = Practice(str(self.folder / "data" / "practice"), delays="0.01")
        self.app = App(self.folder, shots)
        self.app.press("button", "Try It on This Computer")

    def end(self):
        self.app.stop()
        self.cloud.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask_for(self, name):
        """The assistant up to its review."""
        app = self.app
        app.press("button", "New Site", part=True, timeout=20)
        app.press(None, "Personal", part=True)
        app.press("button", "Next")
        app.wait(lambda: states(app.find("entry", "Name")).contains(Atspi.StateType.FOCUSED), 10, "place to type in")
        app.enter("Name", name)
        app.press("button", "Next")
        app.enter("Your Mail Address", "me@choir.example")
        app.press("button", "Next")
        app.find("button", "Create Site")

    def stacks(self):
        found = self.cloud.client("cloudformation").describe_stacks()["Stacks"]
        return [stack for stack in found if stack["StackStatus"] != "DELETE_COMPLETE"]


@case
def what_is_opened_or_dropped_without_a_site_begins_one(scene):
    app = scene.app
    folder = scene.folder / "my-pages"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><html lang=en><title>Mine</title><h1>Mine</h1>")
    for number, way in enumerate((lambda: app.open(folder), lambda: app.drop(folder, app.see("Pick a design")))):
        app.see("No Sites Yet", timeout=20)
        way()
        app.see("How would you like to start?", timeout=20)
        app.see("my-pages")
        if number == 0:
            app.shot("hosting-opened")
        app.key("Escape")
        app.gone("How would you like to start?")


@case
def the_review_tells_where_and_what_it_costs(scene):
    app = scene.app
    scene.ask_for("Harbour Choir")
    app.see("Most Visitors Are In")
    app.see("Files Are Kept In")
    # What an account may use is known later; that changes nothing for who lives nearby
    app.iterate(1)
    app.see("Frankfurt, Germany")
    app.see("Practice is free")
    app.see("0.06 US dollars")
    app.shot("hosting-review")


@case
def the_site_gets_made_step_by_step(scene):
    app = scene.app
    app.press("button", "Create Site")
    app.see("Setting up", timeout=20)
    app.shot("hosting-progress", narrow=False)
    app.see("Your Site Is Live", timeout=90)
    app.see("me@choir.example")
    app.shot("hosting-done")
    app.press("button", "Open Site", within=app.find("dialog"))
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    scene.address = app.portal.opened.pop()
    assert browse(scene.address).status == 200
    app.press("button", "Done")
    app.gone("Your Site Is Live")
    parameters = {item["ParameterKey"]: item["ParameterValue"] for item in scene.stacks()[0]["Parameters"]}
    assert parameters["PriceClass"] == "PriceClass_100", parameters


@case
def a_publish_that_nobody_sees_goes_back_by_itself(scene):
    app = scene.app
    folder = scene.folder / "my-pages"
    live = browse(scene.address).text
    scene.cloud.change_faults("op=Visit,status=500")
    app.portal.chosen = [folder]
    app.press("button", "Choose Folder…", timeout=20)
    app.press("button", "Publish", timeout=30)
    app.see("The new version does not show", timeout=60)
    app.shot("publish-taken-back")
    scene.cloud.change_faults("")
    assert browse(scene.address).text == live, "the page that nobody saw is live"
    app.press("button", "Try Again")
    app.wait(lambda: "<h1>Mine</h1>" in browse(scene.address).text, 60, "page at the second attempt")


def fails(scene, title, words, button, picture):
    app = scene.app
    app.see(title, timeout=60)
    app.see(words)
    app.see("Nothing is left that costs anything")
    app.find("button", button)
    app.shot(f"hosting-{picture}")
    # without a word of the provider
    assert not app.sees("CloudFront") and not app.sees("Distribution"), app.describe()


def try_again(scene, what):
    scene.cloud.change_faults(f"op={PART},fail={what}" if what else "")
    scene.app.press("button", "Try Again")


@case
def an_account_that_has_to_be_verified(scene):
    app = scene.app
    scene.cloud.change_faults(f"op={PART},fail=unverified")
    scene.ask_for("Bad Day")
    app.press("button", "Create Site")
    fails(scene, "The account is not verified", "looked at by a person", "Open Support Page", "unverified")
    app.press("button", "Open Support Page")
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    assert app.portal.opened.pop().startswith("https://console.aws.amazon.com/support/")
    app.press("button", "Show Details")
    app.see("must be verified before")
    app.key("Escape")
    app.gone("must be verified before")


@case
def a_limit_that_is_reached(scene):
    try_again(scene, "quota")
    fails(scene, "A limit of the account is reached", "may not hold more", "Try Again", "quota")


@case
def a_right_that_is_missing(scene):
    try_again(scene, "denied")
    fails(scene, "Not allowed", "missing right", "Try Again", "denied")


@case
def names_that_are_taken(scene):
    # once is nobody's trouble; again and again is told
    try_again(scene, "taken")
    fails(scene, "The name is taken", "another name will be chosen", "Try Again", "taken")


@case
def it_goes_on_when_nothing_is_in_the_way(scene):
    app = scene.app
    try_again(scene, None)
    app.see("Your Site Is Live", timeout=90)
    app.press("button", "Done")
    app.gone("Your Site Is Live")
    assert len([stack for stack in scene.stacks() if "bad-day" in stack["StackName"]]) == 1


@case
def closed_in_the_middle_and_killed_in_the_middle(scene):
    app = scene.app
    scene.cloud.change_faults("op=DescribeStackEvents,hold=before,times=1")
    scene.ask_for("Night Train")
    app.press("button", "Create Site")
    assert scene.cloud.wait_held(app.process)
    app.key("Escape")
    app.gone("You can close this window")
    app.see("Creating “Night Train”")
    app.shot("hosting-closed", narrow=False)
    app.stop(signal.SIGKILL)
    scene.cloud.change_faults("")
    app.start()
    app.press("list item", "Night Train", part=True, timeout=30)
    app.press("button", "Go On", timeout=30)
    app.find("button", "Open Site", timeout=90)
    assert len([stack for stack in scene.stacks() if "night-train" in stack["StackName"]]) == 1


@case
def nothing_was_complained_about(scene):
    assert not scene.app.complaints(), "\n".join(scene.app.complaints())


run(setup=Scene, teardown=Scene.end)
