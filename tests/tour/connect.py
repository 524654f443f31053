#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connects an account with its keys, which go into the keyring and nowhere else, and makes a site in it after a restart."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desktop import App  # noqa: E402
from tap import case, run  # noqa: E402
from web import browse  # noqa: E402


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-connect-"))
        self.cloud = subprocess.Popen([os.environ.get("PORCHLIGHT_CLI", "porchlight-cli"), "practice", "serve", "--state",
                                       str(self.folder / "cloud")], stdout=subprocess.PIPE)
        self.keys = json.loads(self.cloud.stdout.readline())
        os.environ["AWS_ENDPOINT_URL"] = self.keys["endpoint"]
        self.app = App(self.folder)

    def end(self):
        self.app.stop()
        self.cloud.terminate()
        self.cloud.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@case
def wrong_keys_are_refused(scene):
    app = scene.app
    app.press("button", "Connect Your AWS Account")
    app.press("list item", "Enter Keys", part=True)
    app.see("Kept in Your Keyring")
    app.enter("Access Key ID", scene.keys["accessKeyId"])
    app.enter("Secret Access Key", "x" * 40)
    app.press("button", "Next")
    app.see("secret", timeout=30)
    app.find("entry", "Secret Access Key")


@case
def the_right_keys_connect(scene):
    app = scene.app
    app.enter("Secret Access Key", scene.keys["secretAccessKey"])
    app.press("button", "Next")
    app.see("Is this the right account?", timeout=20)
    app.see("Frankfurt")
    app.press("button", "Next")
    app.press("button", "Add Account")
    app.see("No Sites Yet", timeout=20)


@case
def the_secret_is_in_the_keyring_and_nowhere_else(scene):
    secret = scene.keys["secretAccessKey"].encode()
    for path in (scene.folder / "data").rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path
    assert secret.decode() not in scene.app.log()
    home = pathlib.Path(os.environ["XDG_DATA_HOME"])
    assert list((home / "keyrings").iterdir()), "the keyring holds nothing"


@case
def a_site_is_made_after_a_restart(scene):
    app = scene.app
    app.stop()
    app.start()
    app.press("button", "New Site", part=True, timeout=20)
    app.press(None, "Business", part=True)
    app.press("button", "Next")
    app.enter("Name", "Real Account")
    app.press("button", "Next")
    app.enter("Your Mail Address", "me@real.example")
    app.press("button", "Next")
    app.see("What It Costs")
    app.press("button", "Create Site")
    app.press("button", "Open Site", timeout=90)
    app.wait(lambda: app.portal.opened, 10, "address that was opened")
    assert "Real Account" in browse(app.portal.opened[-1]).text


@case
def nothing_was_complained_about(scene):
    assert not scene.app.complaints(), "\n".join(scene.app.complaints())


run(setup=Scene, teardown=Scene.end)
