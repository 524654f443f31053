#!/usr/bin/env python3
# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs in in all the ways there are, through the real windows; the test does what a person does in the browser.

accounts.py FOLDER leaves a picture of every screen in FOLDER. The other side is the practice cloud, served by
porchlight-cli as if it were somewhere else.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

PICTURES = None
if len(sys.argv) > 1 and "/" in sys.argv[1]:
    PICTURES = pathlib.Path(sys.argv.pop(1))
    PICTURES.mkdir(parents=True, exist_ok=True)

import boto3  # noqa: E402

from desktop import App  # noqa: E402
from tap import case, run  # noqa: E402
from web import Forms, browse, visit  # noqa: E402

CLI = os.environ.get("PORCHLIGHT_CLI", "porchlight-cli")
START_URL = "https://practice.awsapps.com/start"
FREE_PLAN = {"plan": "FREE", "planEnds": "2027-02-01T00:00:00Z", "credits": 87.5, "alias": "rosas-bakery", "name": "Rosa’s Bakery"}
MAY_ONLY_LOOK = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
    "sts:GetCallerIdentity", "iam:SimulatePrincipalPolicy", "iam:GetUser", "s3:GetObject", "s3:ListBucket"]}]}


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-accounts-"))
        state = self.folder / "cloud"
        state.mkdir()
        (state / "account.json").write_text(json.dumps(FREE_PLAN))
        self.cloud = subprocess.Popen([CLI, "practice", "serve", "--state", str(state)], stdout=subprocess.PIPE)
        self.keys = json.loads(self.cloud.stdout.readline())
        self.write_profiles()
        self.app = App(self.folder, PICTURES)

    def write_profiles(self):
        """What another tool would have left in the home folder."""
        os.environ["AWS_ENDPOINT_URL"] = self.keys["endpoint"]
        os.environ["TZ"] = "Europe/Berlin"
        aws = pathlib.Path(os.environ["HOME"]) / ".aws"
        aws.mkdir(exist_ok=True)
        (aws / "config").write_text("# made by hand\n[profile work]\nregion = eu-west-1\n\n[profile half]\nregion = eu-west-3\n")
        (aws / "credentials").write_text(f"[work]\naws_access_key_id = {self.keys['accessKeyId']}\n"
                                         f"aws_secret_access_key = {self.keys['secretAccessKey']}\n")

    def client(self, service):
        return boto3.client(service, region_name=self.keys["region"], endpoint_url=self.keys["endpoint"],
                            aws_access_key_id=self.keys["accessKeyId"], aws_secret_access_key=self.keys["secretAccessKey"])

    def end(self):
        self.app.stop()
        self.cloud.terminate()
        self.cloud.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What a person does in the browser

    def opened(self):
        """The address that the app wanted to be opened since the last time."""
        self.app.wait(lambda: self.app.portal.opened, 20, "address that was opened")
        return self.app.portal.opened.pop()

    def decide(self, address, decision="allow"):
        """Looks at the page and presses one of its two buttons; returns where that leads."""
        page = browse(address)
        assert page.status == 200, f"{page.status} {page.text[:300]}"
        form = next(f for f in Forms(page.text).forms if f["method"].lower() == "post")
        target = urllib.parse.urljoin(page.address, form["action"])
        fields = {**form["fields"], "decision": decision}
        answer = visit(target, "POST", urllib.parse.urlencode(fields),
                       {"Content-Type": "application/x-www-form-urlencoded", "Referer": page.address})
        if answer.status in (302, 303):
            return browse(urllib.parse.urljoin(target, answer.headers["location"]))
        return answer

    def end_sessions(self):
        assert visit(self.keys["endpoint"] + "/v1/sessions/end", "POST").status < 400

    def accounts(self):
        """What the app has written down."""
        result = subprocess.run([CLI, "--json", "account", "list"], stdout=subprocess.PIPE, check=True,
                                env=dict(os.environ, PORCHLIGHT_DATA_DIR=str(self.folder / "data")))
        return json.loads(result.stdout)


def query(address):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


@case
def signing_in_opens_the_browser(scene):
    app = scene.app
    app.press("button", "Connect Your AWS Account")
    app.find("list item", "Enter Keys", part=True)
    app.shot("ways")
    app.press("button", "Sign In with AWS")
    app.see("Continue in Your Browser")
    app.shot("browser")
    first = scene.opened()
    assert first.startswith(scene.keys["endpoint"] + "/v1/authorize?"), first
    asked = query(first)
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "SHA-256", asked
    assert urllib.parse.urlsplit(asked["redirect_uri"]).hostname == "127.0.0.1", asked
    app.press("button", "Copy Link")
    app.wait(lambda: app.clipboard() == first, 10, "the link on the clipboard")
    app.press("button", "Open Again")
    assert scene.opened() == first


@case
def going_back_ends_the_attempt(scene):
    app = scene.app
    app.press("button", "Open Again")
    redirect = query(scene.opened())["redirect_uri"]
    app.press("button", "Back")
    app.find("button", "Sign In with AWS")

    def is_closed():
        try:
            visit(redirect)
        except OSError:
            return True
        return False

    app.wait(is_closed, 10, "end of the listening")


@case
def a_refusal_in_the_browser_is_explained(scene):
    app = scene.app
    app.press("button", "Sign In with AWS")
    scene.decide(scene.opened(), "deny")
    app.see("refused")
    app.shot("refused")


@case
def without_a_browser_there_are_other_ways(scene):
    app = scene.app
    app.portal.no_browser = True
    app.press("button", "Try Again")
    app.see("No Web Browser Could Be Opened")
    app.shot("no-browser")
    app.portal.no_browser = False
    app.portal.opened.clear()


@case
def a_code_works_from_another_computer(scene):
    app = scene.app
    app.press("button", "Enter a Code Instead")
    app.see("Paste the Code")
    app.enter("Code", "not the code")
    app.press("button", "Sign In")
    app.see("This is not the code that the page shows")
    app.shot("code-refused")
    app.press("button", "Copy Link")
    app.wait(lambda: query(app.clipboard()).get("client_id", "").endswith("cross-device"), 10, "the link on the clipboard")
    page = scene.decide(app.clipboard())
    code = re.search(r'<code id="code"[^>]*>([^<]+)<', page.text)[1]
    app.enter("Code", f"  {code}\n")
    app.press("button", "Sign In")
    app.see("Is this the right account?", timeout=20)


@case
def whose_account_it_is_and_where_sites_will_live(scene):
    app = scene.app
    app.see("Rosa’s Bakery")
    app.see("Free Plan")
    app.see("87.50")
    app.see("Frankfurt")
    app.shot("account")


@case
def cancelling_leaves_nothing_behind(scene):
    app = scene.app
    app.press("button", "Cancel")
    app.find("button", "Try It on This Computer")
    assert scene.accounts() == [], scene.accounts()


@case
def signing_in_adds_the_account(scene):
    app = scene.app
    app.press("button", "Connect Your AWS Account")
    app.press("button", "Sign In with AWS")
    page = scene.decide(scene.opened())
    assert page.status == 200, page.status
    app.see("Is this the right account?", timeout=20)
    app.enter("Name of the Account Here", "The Bakery")
    app.press("button", "Next")
    app.see("Everything Is Allowed", timeout=20)
    app.shot("permissions")


@case
def the_policy_can_be_sent_to_somebody_else(scene):
    app = scene.app
    for role, position in (("owner", 0), ("editor", 1)):
        wanted = json.loads(subprocess.run([CLI, "policy", role], stdout=subprocess.PIPE, check=True).stdout)
        buttons = [n for n in app.nodes() if app.matches(n, "button", "Copy Policy", False)]
        app.activate(buttons[position])
        app.told("Policy copied to clipboard")
        app.wait(lambda: app.clipboard().startswith("{"), 10, "the policy on the clipboard")
        app.wait(lambda: json.loads(app.clipboard()) == wanted, 10, f"the policy of the {role} on the clipboard")
    app.dismiss_toasts()
    app.press("button", "Add Account")
    app.see("No Sites Yet", timeout=20)
    app.shot("added")
    assert [a["name"] for a in scene.accounts()] == ["The Bakery"], scene.accounts()


@case
def a_site_is_made_with_it(scene):
    app = scene.app
    app.press("button", "New Site", part=True, timeout=20)
    app.press(None, "Business", part=True)
    app.press("button", "Next")
    app.enter("Name", "Rosa’s Bakery")
    app.press("button", "Next")
    app.enter("Your Mail Address", "rosa@bakery.example")
    app.press("button", "Next")
    app.press("button", "Create Site")
    app.press("button", "Open Site", timeout=90)
    scene.address = scene.opened()
    assert "Rosa’s Bakery" in browse(scene.address).text
    app.press("button", "Done")
    app.see("Choose Folder…")


@case
def an_ended_session_stops_the_work_and_signing_in_lets_it_go_on(scene):
    app = scene.app
    index = next((scene.folder / "data" / "sites").iterdir()) / "index.html"
    index.write_text(index.read_text().replace("</h1>", " (open on Sundays)</h1>", 1))
    app.press("button", "Publish Again")
    app.see("What Will Change")
    scene.end_sessions()
    app.press("button", "Publish")
    app.see("Your sign-in has ended", timeout=60)
    app.find("button", "Sign In Again…", timeout=60)
    app.shot("ended")
    assert "(open on Sundays)" not in browse(scene.address).text
    app.press("button", "Sign In Again")
    address = scene.opened()
    app.see("Continue in Your Browser")
    app.shot("sign-in-again")
    scene.decide(address)
    app.wait(lambda: not app.look("button", "Sign In Again"), 20, "end of the banner")
    app.wait(lambda: "(open on Sundays)" in browse(scene.address).text, 60, "the page with the change")


@case
def preferences_show_the_account(scene):
    app = scene.app
    app.dismiss_toasts()
    app.key("ctrl+comma")
    app.find("list item", "The Bakery", part=True)
    app.see("Kept in Your Keyring")
    app.shot("preferences")
    app.press("list item", "The Bakery", part=True)
    app.see("In the browser")
    app.see("In your keyring")
    app.see("Good Until")
    app.shot("account-details")
    app.click("entry", "Name")
    app.key("ctrl+a")
    app.type("Sunday Bakery")
    app.press("button", "Apply")
    app.wait(lambda: [a["name"] for a in scene.accounts()] == ["Sunday Bakery"], 10, "the new name")
    app.press("list item", "Permissions", part=True)
    app.see("Everything Is Allowed", timeout=20)
    app.press("button", "Back")
    app.press("button", "Back")
    app.find("list item", "Sunday Bakery", part=True)


@case
def a_second_account_comes_from_an_organization(scene):
    app = scene.app
    app.press("button", "Add Account…")
    app.press("list item", "My Organization Has a Sign-In Page", part=True)
    app.enter("Address of the Sign-In Page", "nonsense")
    app.press("button", "Sign In")
    app.see("not the address of a sign-in page")
    app.enter("Address of the Sign-In Page", START_URL)
    app.find("combo box", "Where the Organization Is", part=True)
    app.shot("organization")
    app.press("button", "Sign In")
    scene.decide(scene.opened())
    app.see("more than one account", timeout=20)
    app.find("list item", "ViewOnlyAccess", part=True)
    app.shot("choose")
    app.press("button", "Back")


@case
def a_device_code_works_too(scene):
    app = scene.app
    app.press("button", "Sign In")
    scene.opened()
    app.press("button", "Enter a Code Instead", timeout=20)
    app.see("Enter This Code", timeout=20)
    app.shot("device-code")
    app.press("button", "Copy Code")
    app.wait(lambda: 6 <= len(app.clipboard()) <= 12, 10, "the code on the clipboard")
    app.press("button", "Open the Sign-In Page")
    scene.decide(scene.opened())
    app.press("list item", "ViewOnlyAccess", part=True, timeout=30)
    app.see("Is this the right account?", timeout=20)


@case
def what_can_not_be_checked_does_no_harm(scene):
    app = scene.app
    app.enter("Name of the Account Here", "Only Looking")
    app.press("button", "Next")
    app.see("This Could Not Be Checked", timeout=30)
    app.shot("permissions-unknown")
    app.press("button", "Check Again")
    app.find("button", "Check Again", timeout=30)
    app.see("This Could Not Be Checked")
    app.press("button", "Add Account")
    app.find("list item", "Only Looking", part=True)


@case
def a_profile_of_another_tool_is_used(scene):
    app = scene.app
    app.press("button", "Add Account…")
    app.press("list item", "Use an Existing Profile", part=True)
    app.find("list item", "work", part=True)
    app.shot("profiles")
    app.press("list item", "work", part=True)
    app.see("Is this the right account?", timeout=20)
    app.see("Ireland")
    app.enter("Name of the Account Here", "The Bakery")
    app.press("button", "Next")
    app.press("button", "Add Account", timeout=20)
    app.find("list item", "The Bakery", part=True)


@case
def a_key_file_is_dropped_and_one_of_its_users_chosen(scene):
    app = scene.app
    iam = scene.client("iam")
    iam.create_user(UserName="anna")
    iam.put_user_policy(UserName="anna", PolicyName="look", PolicyDocument=json.dumps(MAY_ONLY_LOOK))
    key = iam.create_access_key(UserName="anna")["AccessKey"]
    file = scene.folder / "accessKeys.csv"
    file.write_bytes(("\ufeffUser name,Access key ID,Secret access key\r\n"
                      f"practice,{scene.keys['accessKeyId']},{scene.keys['secretAccessKey']}\r\n"
                      f"anna,{key['AccessKeyId']},{key['SecretAccessKey']}\r\n").encode())
    app.press("button", "Add Account…")
    app.find("button", "Sign In with AWS")
    app.drop(file, app.find("list item", "Enter Keys", part=True))
    app.see("There are several in the file", timeout=20)
    app.key("space", "Down", "Return")      # the row has the focus
    app.see(key["AccessKeyId"])
    app.shot("keys-dropped")
    app.press("button", "Next")
    app.see("Is this the right account?", timeout=30)
    app.see("anna")


@case
def missing_rights_are_named(scene):
    app = scene.app
    app.enter("Name of the Account Here", "Anna")
    app.press("button", "Next")
    app.see("Something Is Not Allowed Yet", timeout=30)
    app.shot("permissions-missing")
    app.press("button", "Show Details")
    app.see("These rights are missing")
    app.see("cloudformation:CreateChangeSet")
    app.shot("permissions-details", narrow=False)
    app.press("button", "Close", within=app.find("alert"))
    app.press("button", "Add Account")
    app.find("list item", "Anna", part=True)


@case
def the_account_for_new_sites_is_chosen(scene):
    app = scene.app
    app.press("list item", "Anna", part=True)
    app.press("switch", "Use for New Sites", part=True)
    app.see("To change this, choose another account")
    app.press("button", "Back")
    app.shot("preferences-several")


@case
def an_account_is_removed_and_its_sites_stay_online(scene):
    app = scene.app
    app.press("list item", "Sunday Bakery", part=True)
    app.press("button", "Remove Account…")
    app.see("stays online")
    app.shot("remove", narrow=False)
    app.press("button", "Remove")
    app.wait(lambda: "Sunday Bakery" not in [a["name"] for a in scene.accounts()], 20, "end of the account")
    app.find("list item", "Anna", part=True)
    assert "Rosa’s Bakery" in browse(scene.address).text
    app.key("Escape")


@case
def no_secret_is_on_the_disk(scene):
    for path in [*(scene.folder / "data").rglob("*"), scene.app.log_path]:
        if path.is_file():
            assert scene.keys["secretAccessKey"].encode() not in path.read_bytes(), path


@case
def nothing_was_complained_about(scene):
    assert not scene.app.complaints(), "\n".join(scene.app.complaints())


run(setup=Scene, teardown=Scene.end)
