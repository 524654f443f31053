#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connects an account while the keyring is locked: it is said before and after, works until the app ends, and keeps nothing."""

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

SERVICE = ("gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets", "--method")


def lock_keyring():
    """What happens when the screen is locked or the keyring has another password than the login."""
    alias = subprocess.run([*SERVICE, "org.freedesktop.Secret.Service.ReadAlias", "default"], check=True, capture_output=True, text=True).stdout
    path = alias.split("'")[1]
    assert path != "/", "there is no keyring to lock"
    subprocess.run([*SERVICE, "org.freedesktop.Secret.Service.Lock", f"['{path}']"], check=True, capture_output=True)
    locked = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", path, "--method",
                             "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Collection", "Locked"],
                            check=True, capture_output=True, text=True).stdout
    assert "true" in locked, locked


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-locked-"))
        self.cloud = subprocess.Popen([os.environ.get("PORCHLIGHT_CLI", "porchlight-cli"), "practice", "serve", "--state",
                                       str(self.folder / "cloud")], stdout=subprocess.PIPE)
        self.keys = json.loads(self.cloud.stdout.readline())
        os.environ["AWS_ENDPOINT_URL"] = self.keys["endpoint"]
        lock_keyring()
        self.app = App(self.folder)

    def end(self):
        self.app.stop()
        self.cloud.terminate()
        self.cloud.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@case
def it_is_said_before_anything_is_entered(scene):
    app = scene.app
    app.press("button", "Connect Your AWS Account")
    app.press("list item", "Enter Keys", part=True)
    app.see("The keyring is locked.", timeout=20)


@case
def the_account_works_until_the_app_ends(scene):
    app = scene.app
    app.enter("Access Key ID", scene.keys["accessKeyId"])
    app.enter("Secret Access Key", scene.keys["secretAccessKey"])
    app.press("button", "Next")
    app.see("Is this the right account?", timeout=20)
    app.press("button", "Next")
    app.press("button", "Add Account")
    app.see("The Sign-In Could Not Be Saved", timeout=120)
    app.press("button", "Continue")
    app.see("No Sites Yet")
    app.press("button", "New Site")
    app.see("Business", timeout=20)


@case
def nothing_is_kept(scene):
    secret = scene.keys["secretAccessKey"].encode()
    for path in (scene.folder / "data").rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path
    assert secret.decode() not in scene.app.log()


run(setup=Scene, teardown=Scene.end)
