# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to a live site with messages and back to nothing, as a script does it."""

import csv
import json
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

from cli import Cli, Cloud, LINE, read_line, sha256, wait_until, write_site
from tap import case, run

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
RELEASE = re.compile(r"^\d{8}-\d{6}-[a-z2-7]{6}$")


def setup():
    world = SimpleNamespace(cloud=Cloud(), folder=tempfile.TemporaryDirectory(prefix="porchlight-site-"))
    world.cli = Cli(world.cloud)
    world.root = Path(world.folder.name)
    write_site(world.root)
    return world


def teardown(world):
    if world:
        world.cloud.close()
        world.cli.close()
        world.folder.cleanup()


def served(world, site, path):
    status, headers, body = world.cloud.get(site["address"], path)
    assert status == 200, (path, status, body[:200])
    return body


@case
def first_line_of_the_practice_cloud(world):
    assert set(world.cloud.info) == {"endpoint", "accessKeyId", "secretAccessKey", "region", "nameServer"}
    assert re.match(r"^http://127\.0\.0\.1:\d+$", world.cloud.endpoint)


@case
def a_site_from_a_template(world):
    lines = world.cli.json("site", "create", "Anna Müller", "--template", "business", "--form", "anna@example.org")
    assert len(lines) > 3 and all(line["operation"] and line["kind"] == "create" for line in lines)
    assert [line["progress"] for line in lines] == sorted(line["progress"] for line in lines)
    world.business = lines[-1]
    assert world.business["name"] == "Anna Müller" and RELEASE.match(world.business["release"])
    assert b"Anna M\xc3\xbcller" in served(world, world.business, "/")
    assert b"/_porchlight/contact" in served(world, world.business, "/")


@case
def a_site_from_a_folder(world):
    world.site = world.cli.json("site", "create", "Garden", "--from", str(world.root))[-1]
    assert served(world, world.site, "/about/") == (world.root / "about/index.html").read_bytes()
    assert served(world, world.site, "/photos/summer/page-2.html") == (world.root / "photos/summer/page-2.html").read_bytes()


@case
def a_site_without_pages(world):
    site = world.cli.json("site", "create", "Empty")[-1]
    assert world.cloud.get(site["address"])[0] == 503
    shown = world.cli.document("site", "show", "empty")
    assert shown["state"] == "empty" and shown["liveRelease"] is None and shown["lastPublished"] is None
    world.cli.run("site", "delete", "empty")


@case
def sites_are_listed_and_shown(world):
    sites = world.cli.document("site", "list")
    assert [site["name"] for site in sites] == ["Anna Müller", "Garden"]
    for site in sites:
        assert site["id"] and site["address"].startswith("http://") and site["state"] == "live", site
        assert TIME.match(site["created"]) and TIME.match(site["lastPublished"]) and RELEASE.match(site["liveRelease"]), site
    for name in ("Garden", "garden", world.site["id"]):
        assert world.cli.document("site", "show", name)["id"] == world.site["id"]
    text = world.cli.run("site", "show", "Anna Müller").out
    assert world.business["address"] in text and "anna@example.org" in text
    assert "Garden" in world.cli.run("site", "list").out


@case
def the_environment_is_an_account(world):
    accounts = world.cli.document("account", "list")
    assert len(accounts) == 1 and accounts[0]["kind"] == "environment" and accounts[0]["id"], accounts
    assert world.cloud.secret not in json.dumps(accounts)


@case
def an_unchanged_publish_sends_nothing(world):
    result = world.cli.json("publish", "garden", str(world.root))[-1]
    for name in ("release", "sent", "copied", "shared", "removed", "bytesSent", "requests", "seconds"):
        assert name in result, result
    assert result["sent"] == 0 and result["bytesSent"] == 0 and result["copied"] == 0 and result["unchanged"], result
    assert result["requests"] <= 4, result
    assert "Nothing has changed" in world.cli.run("publish", "garden", str(world.root)).out


@case
def a_dry_run_changes_nothing(world):
    before = world.cli.document("site", "show", "garden")["liveRelease"]
    (world.root / "about/page-1.html").write_text("<!doctype html><html lang=en><title>New</title><p>two\n")
    lines = world.cli.json("publish", "garden", str(world.root), "--dry-run")
    assert lines[-1]["changed"] == 1 and lines[-1]["toSend"] == 1 and lines[-1]["dryRun"], lines
    assert lines[-1]["changes"] == [{"id": "about/page-1.html", "kind": "changed", "path": "about/page-1.html",
                                     "bytes": (world.root / "about/page-1.html").stat().st_size}]
    assert "about/page-1.html" in world.cli.run("publish", "garden", str(world.root), "--dry-run").out
    assert world.cli.document("site", "show", "garden")["liveRelease"] == before
    assert world.cli.document("operation", "list") == []


@case
def three_changed_files(world):
    for name in ("index.html", "about/page-1.html", "photos/summer/page-3.html"):
        (world.root / name).write_text(f"<!doctype html><html lang=en><title>New {name}</title><p>two\n")
    lines = world.cli.json("publish", "garden", str(world.root), "--note", "Three pages")
    result = lines[-1]
    assert result["sent"] == 3 and result["copied"] + result["shared"] == 12, result
    assert result["release"] != world.site["release"] and result["previous"] == world.site["release"], result
    assert any(line["step"] for line in lines)
    for path in sorted(world.root.rglob("*.html")):
        assert served(world, world.site, "/" + str(path.relative_to(world.root))) == path.read_bytes()
    world.second = result["release"]


@case
def releases(world):
    releases = world.cli.document("release", "list", "garden")
    assert [release["id"] for release in releases] == [world.second, world.site["release"]]
    assert [release["live"] for release in releases] == [True, False]
    newest = releases[0]
    assert newest["note"] == "Three pages" and newest["files"] == 15 and TIME.match(newest["date"]) and newest["changed"] == 3
    assert newest["bytes"] == sum(path.stat().st_size for path in world.root.rglob("*.html"))
    text = world.cli.run("release", "list", "garden").out
    assert "Three pages" in text and world.second in text
    shown = world.cli.document("release", "show", "garden", world.second)
    assert shown["id"] == world.second and len(shown["entries"]) == 15
    for entry in shown["entries"]:
        assert entry["sha256"] == sha256((world.root / entry["path"]).read_bytes()) and entry["type"].startswith("text/html")
    assert "photos/summer/page-3.html" in world.cli.run("release", "show", "garden", world.second).out


@case
def going_back_and_forth(world):
    line = world.cli.json("release", "go-live", "garden", world.site["release"])[-1]
    assert line["release"] == world.site["release"] and line["previous"] == world.second
    assert b"one" in served(world, world.site, "/") and b"one" in served(world, world.site, "/about/page-1.html")
    assert world.cli.document("site", "show", "garden")["liveRelease"] == world.site["release"]
    world.cli.run("release", "go-live", "garden", world.second)
    assert b"two" in served(world, world.site, "/")
    world.cli.fail("release", "remove", "garden", world.second, has="live")
    world.cli.fail("release", "go-live", "garden", "20200101-000000-aaaaaa", has="no release")
    removed = world.cli.document("release", "remove", "garden", world.site["release"])
    assert removed == {"id": world.site["release"], "removed": True}
    assert [release["id"] for release in world.cli.document("release", "list", "garden")] == [world.second]
    assert b"two" in served(world, world.site, "/") and b"one" in served(world, world.site, "/about/")


@case
def what_visitors_saw_is_kept(world):
    newest = world.cli.document("release", "list", "garden")[0]
    assert newest["receipt"]["state"] == "seen" and newest["receipt"]["pages"][0]["good"], newest
    assert newest["draft"] is None and newest["pageChanges"] == 3
    assert {page["title"] for page in newest["pages"]} == {"New index.html", "New about/page-1.html", "New photos/summer/page-3.html"}
    assert all(page["kind"] == "changed" for page in newest["pages"]), newest
    text = world.cli.run("release", "show", "garden", world.second).out
    assert "Visitors see this version" in text and "New about/page-1.html (about/page-1.html)" in text, text


@case
def a_broken_start_page_goes_back(world):
    cloud = Cloud()
    cli = Cli(cloud)
    site = cli.json("site", "create", "Broken", "--from", str(world.root))[-1]
    page = world.root / "index.html"
    before = page.read_bytes()
    page.write_text("<!doctype html><html lang=en><title>Other</title><p>other\n")
    cloud.restart(port=cloud.port, faults="op=Visit,status=503")
    result = cli.run("--json", "publish", "broken", str(world.root), "--patience", "1", status=1)
    assert LINE.match(result.err) and "503" in result.err and "live again" in result.err, result
    watched = [line for line in result.lines if line["step"] == "watch"]
    assert watched and watched[0]["address"] == site["address"] and watched[-1]["problem"]["title"], result
    cloud.restart(port=cloud.port)
    assert cloud.get(site["address"])[2] == before
    newest = cli.document("release", "list", "broken")[0]
    assert newest["receipt"]["state"] == "went-back" and "503" in newest["receipt"]["reason"] and not newest["live"], newest
    # the next try sends nothing again
    line = cli.json("publish", "broken", str(world.root))[-1]
    assert line["sent"] == 0 and line["receipt"]["state"] == "seen", line
    assert cloud.get(site["address"])[2] == page.read_bytes()
    page.write_bytes(before)
    assert "Live: " + site["address"] in cli.run("publish", "broken", str(world.root)).out
    cloud.close()
    cli.close()


def opened(world, link):
    """What the browser of somebody shows who got the link."""
    path = link.split("/", 3)[3]
    status, headers, body = world.cloud.get(world.site["address"], "/" + path)
    if status != 302:
        return status, body
    cookie = headers["Set-Cookie"].split(";")[0]
    return world.cloud.request("GET", world.site["address"], "/", headers={"Cookie": cookie})[::2]


@case
def a_draft_has_a_secret_link(world):
    page = world.root / "index.html"
    before = page.read_bytes()
    page.write_text("<!doctype html><html lang=en><title>Soon</title><p>draft\n")
    line = world.cli.json("publish", "garden", str(world.root), "--draft=3", "--note", "To be looked at")[-1]
    assert TIME.match(line["until"]) and "receipt" not in line and line["sent"] == 1, line
    assert opened(world, line["draftLink"]) == (200, page.read_bytes())
    assert served(world, world.site, "/") == before
    draft, = world.cli.document("draft", "list", "garden")
    assert draft == {"id": line["draft"], "release": line["release"], "draftLink": line["draftLink"], "until": draft["until"], "over": False}
    assert line["draftLink"] in world.cli.run("draft", "list", "garden").out
    shown = world.cli.document("release", "show", "garden", line["release"])
    assert shown["draft"] == draft and not shown["live"], shown
    # another computer knows it, too
    other = Cli(world.cloud)
    assert other.document("draft", "list", "garden") == [draft]
    assert other.document("draft", "extend", "garden", draft["id"], "--days", "30")["until"] > draft["until"]
    other.close()
    world.cli.fail("draft", "extend", "garden", draft["id"], "--days", "31", status=2, has="31")
    world.cli.fail("publish", "garden", str(world.root), "--draft=0", status=2, has="0")
    world.cli.fail("draft", "remove", "garden", "00000000", has="no draft")
    text = world.cli.run("publish", "garden", str(world.root), "--draft").out
    assert "?porchlight-draft=" in text
    first, second = sorted(world.cli.document("draft", "list", "garden"), key=lambda draft: draft["release"] != line["release"])
    assert world.cli.document("draft", "remove", "garden", second["id"]) == {"id": second["id"], "removed": True}
    assert opened(world, second["draftLink"])[0] == 410
    # by the name of the draft as well as by that of its release
    world.cli.run("release", "go-live", "garden", first["id"])
    assert served(world, world.site, "/") == page.read_bytes() and opened(world, first["draftLink"])[0] == 410
    assert world.cli.document("draft", "list", "garden") == []
    assert "no drafts" in world.cli.run("draft", "list", "garden").out
    world.cli.run("release", "go-live", "garden", world.second)
    world.cli.run("release", "remove", "garden", first["release"])
    page.write_bytes(before)


@case
def settings_of_a_site(world):
    shown = world.cli.document("site", "show", "garden")
    assert shown["keptVersions"] == 10 and shown["singlePage"] is False, shown
    assert world.cloud.get(world.site["address"], "/no/page/")[0] == 404
    shown = world.cli.document("site", "set", "garden", "--single-page", "on", "--keep", "5")
    assert shown["keptVersions"] == 5 and shown["singlePage"] is True, shown
    assert served(world, world.site, "/no/page/") == served(world, world.site, "/")
    other = Cli(world.cloud)
    other.run("site", "list")
    assert other.document("site", "show", "garden")["keptVersions"] == 5
    other.close()
    world.cli.run("site", "set", "garden", "--single-page", "off", "--keep", "10")
    assert world.cloud.get(world.site["address"], "/no/page/")[0] == 404
    for arguments in ([], ["--keep", "1"], ["--keep", "101"], ["--single-page", "maybe"]):
        world.cli.fail("site", "set", "garden", *arguments, status=2)


@case
def a_message_arrives(world):
    assert world.cloud.open_mail_links("anna@example.org") == 1
    page = world.cloud.get(world.business["address"], "/_porchlight/contact?receipt=0123456789ab&lang=ar")[2]
    assert b'<html lang="ar" dir="auto">' in page, page
    fields = "name=Bob&email=bob%40example.org&message=Hello%0Athere&color=red&color=blue"
    status, _, body = world.cloud.post(world.business["address"], fields)
    assert status == 200, (status, body)
    world.cloud.post(world.business["address"], "name=Eve&email=eve%40example.org&message=Buy+%1B%5B31mnow")
    messages = wait_until(lambda: (found := world.cli.document("message", "list", "anna-muller")) and len(found) == 2 and found)
    world.eve, world.bob = (message["id"] for message in messages)
    for message in messages:
        assert message["unread"] and not message["spam"] and TIME.match(message["received"]), message
    shown = world.cli.document("message", "show", "anna-muller", world.bob)
    assert shown["fields"] == {"name": "Bob", "email": "bob@example.org", "message": "Hello\nthere", "color": ["red", "blue"]}
    text = world.cli.run("message", "show", "anna-muller", world.bob).out
    assert "Hello\nthere" in text and "bob@example.org" in text
    assert "\033" not in world.cli.run("message", "list", "anna-muller").out, "a visitor may not write to the terminal"
    assert json.loads(body)["id"] in (world.bob, world.eve)
    wait_until(lambda: world.cli.document("message", "show", "anna-muller", world.bob)["mailState"] == "sent")
    assert sum("message from" in mail["Subject"] for mail in world.cloud.mails()) == 2


@case
def messages_are_sorted_out(world):
    cli, site = world.cli, "anna-muller"
    assert cli.document("message", "mark-read", site, world.bob)["unread"] is False
    assert [message["id"] for message in cli.document("message", "list", site, "--unread")] == [world.eve]
    assert cli.document("site", "show", site)["unread"] == 1
    assert cli.document("message", "mark-read", site, world.bob, "--undo")["unread"] is True
    assert cli.document("message", "spam", site, world.eve)["spam"] is True
    assert cli.document("message", "archive", site, world.bob)["archived"] is True
    assert cli.document("message", "list", site) == []
    assert len(cli.document("message", "list", site, "--all")) == 2
    cli.run("message", "archive", site, world.bob, "--undo")
    assert [message["id"] for message in cli.document("message", "list", site)] == [world.bob]
    # another computer sees the same
    other = Cli(world.cloud)
    found = {message["id"]: message for message in other.document("message", "list", site, "--all")}
    assert found[world.eve]["spam"] and not found[world.bob]["archived"]
    other.close()


@case
def messages_are_exported(world):
    table, document = Path(world.cli.folder, "out.csv"), Path(world.cli.folder, "out.json")
    assert world.cli.document("message", "export", "anna-muller", str(table))["messages"] == 2
    world.cli.run("message", "export", "anna-muller", str(document))
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["Bob", "Eve"] and rows[0]["message"] == "Hello\nthere"
    assert {message["id"] for message in json.loads(document.read_text())} == {world.bob, world.eve}
    assert json.loads(document.read_text())[0]["fields"]["color"] == ["red", "blue"]
    world.cli.fail("message", "export", "anna-muller", "out.txt", has=".csv")
    world.cli.fail("message", "export", "anna-muller", "/nonexistent/out.csv", has="out.csv")


@case
def a_message_is_deleted(world):
    assert world.cli.document("message", "delete", "anna-muller", world.eve) == {"id": world.eve, "deleted": True}
    world.cli.fail("message", "show", "anna-muller", world.eve, has="no such message")
    assert [message["id"] for message in world.cli.document("message", "list", "anna-muller", "--all")] == [world.bob]


@case
def the_form_is_switched(world):
    world.cli.fail("form", "snippet", "garden", has="no contact form")
    line = world.cli.json("form", "enable", "garden", "--to", "me@example.org")[-1]
    assert line["formEnabled"] is True and line["id"] == world.site["id"], line
    assert world.cloud.open_mail_links("me@example.org") == 1
    shown = world.cli.document("form", "show", "garden")
    assert shown["enabled"] and shown["mailTo"] == "me@example.org" and shown["proven"] is None and shown["mailReady"], shown
    assert shown["mails"] == [{"mail": "me@example.org", "state": "confirmed", "needed": True}], shown
    tested = world.cli.document("form", "test", "garden", "--mail")
    assert re.match("^[0-9a-f]{12}$", tested["receipt"]) and TIME.match(tested["proven"]), tested
    text = world.cli.run("form", "show", "garden").out
    assert "me@example.org: Confirmed" in text and "Last proven" in text, text
    assert world.cli.document("message", "list", "garden") == [], "a test message is removed"
    snippet = world.cli.document("form", "snippet", "garden")
    assert f'action="{snippet["path"]}"' in snippet["html"] and world.cli.run("form", "snippet", "garden").out == snippet["html"]
    assert world.cloud.post(world.site["address"], "message=Hi", snippet["path"])[0] == 200
    wait_until(lambda: len(world.cli.document("message", "list", "garden")) == 1)
    world.cli.fail("form", "enable", "garden", status=2, has="--to")
    world.cli.fail("form", "enable", "garden", "--path", "no path", has="no path")
    world.cli.fail("form", "enable", "garden", "--spam", "often", status=2, has="level")
    world.cli.fail("form", "snippet", "garden", "--fields", "shoe", status=2, has="field")
    assert world.cli.json("form", "disable", "garden")[-1]["formEnabled"] is False
    assert world.cloud.post(world.site["address"], "message=Hi", snippet["path"])[0] >= 400
    assert len(world.cli.document("message", "list", "garden")) == 1, "messages stay"


@case
def a_form_of_the_pages_is_connected(world):
    """And told of when it is another one afterwards, or when it takes the place of a page."""
    page = world.root / "write" / "index.html"
    text = '<!doctype html><html lang=en><title>Write</title>\n<form action="https://forms.example/1" method=post>{}</form>\n'
    page.parent.mkdir()
    page.write_text(text.format("<input name=email><textarea name=text></textarea>"))
    world.cli.json("form", "enable", "garden", "--to", "me@example.org", "--days", "30", "--spam", "high")
    found, = world.cli.document("form", "find", str(world.root))
    assert found["state"] == "elsewhere" and found["pages"] == ["write/index.html"] and found["line"] == 2, found
    world.cli.fail("form", "connect", "garden", "1", status=2, has="form find")
    assert world.cli.document("form", "connect", "garden", found["id"])["treatments"]["forms"] == [found["id"]]
    world.cli.json("publish", "garden", str(world.root))
    assert b'action="/_porchlight/contact"' in served(world, world.site, "/write/")
    assert world.cli.document("form", "find", "garden")[0]["state"] == "connected"

    def rules():
        result = world.cli.run("--json", "check", str(world.root), "--site", "garden", status=None).document
        return {one["rule"]: one for one in result["findings"] if one["rule"].startswith("form.")}

    assert set(rules()) == {"form.connected"}
    page.write_text(text.format("<input name=email><input name=phone><textarea name=text></textarea>"))
    lost = rules()["form.lost"]
    assert (lost["path"], lost["line"], lost["severity"]) == ("write/index.html", 2, "warning") and "Connect it again" in lost["fix"], lost
    world.cli.document("form", "connect", "garden", found["id"], "--undo")
    assert rules() == {}
    world.cli.json("form", "enable", "garden", "--path", "/write")
    assert rules()["form.path"]["path"] == "write/index.html"
    shown = world.cli.document("form", "show", "garden")
    assert (shown["path"], shown["days"], shown["spamLevel"]) == ("/write", 30, "high"), shown
    world.cli.json("form", "disable", "garden")
    assert rules() == {} and "takes no messages" in world.cli.run("form", "show", "garden").out
    page.unlink()
    page.parent.rmdir()
    newest = world.cli.document("release", "list", "garden")[0]["id"]
    world.cli.run("release", "go-live", "garden", world.second)
    world.cli.run("release", "remove", "garden", newest)


@case
def the_template_of_the_stack(world):
    own, deployed = world.cli.document("stack", "template"), world.cli.document("stack", "template", "garden")
    assert own["Resources"] and deployed["Resources"].keys() == own["Resources"].keys()


@case
def what_would_be_changed_is_told(world):
    """Nothing for a site that is as it was made; all in sentences for one that was made by an older template."""
    assert world.cli.document("stack", "changes", "garden") == {"id": world.cli.document("site", "show", "garden")["id"],
                                                                "sentences": [], "changes": []}
    assert "Everything is as it should be." in world.cli.run("stack", "changes", "garden").out
    cloudformation = world.cloud.client("cloudformation")
    stack = next(each["StackName"] for each in cloudformation.describe_stacks()["Stacks"] if "-garden-" in each["StackName"])
    older = world.cli.document("stack", "template", "garden")
    older["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["HttpVersion"] = "http2"
    del older["Resources"]["Publisher"]["Properties"]["Description"]
    cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps(older, ensure_ascii=False, separators=(",", ":")),
                                Capabilities=["CAPABILITY_IAM"], Parameters=[
                                    {"ParameterKey": name, "UsePreviousValue": True} for name in older["Parameters"]])
    wait_until(lambda: cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE")
    kept = cloudformation.list_change_sets(StackName=stack)["Summaries"]
    told = world.cli.document("stack", "changes", "garden")
    assert {(each["id"], each["action"], each["replaced"]) for each in told["changes"]} == {
        ("Distribution", "Modify", False), ("Publisher", "Modify", False)}, told
    assert [text for text in told["sentences"] if "reach the site" in text] and len(told["sentences"]) == 2, told
    assert cloudformation.list_change_sets(StackName=stack)["Summaries"] == kept, "nothing of it stays"


@case
def another_computer_finds_the_sites(world):
    other = Cli(world.cloud)
    assert [site["name"] for site in other.document("site", "list")] == ["Anna Müller", "Garden"]
    other.close()
    third = Cli(world.cloud)
    result = third.json("publish", "garden", str(world.root))[-1]
    assert result["unchanged"] and result["release"] == world.second, result
    third.close()


@case
def an_interrupt_stops_and_resume_goes_on(world):
    cloud = Cloud()
    cli = Cli(cloud)
    site = cli.json("site", "create", "Slow", "--from", str(world.root))[-1]
    folder = Path(cli.folder, "large")
    write_site(folder, pages=60, version="three", folders=["a", "b", "c", ""])
    # slow enough to be interrupted in any case
    cloud.restart(port=cloud.port, faults="op=PutObject,delay=1000")
    process = cli.start("--json", "publish", "slow", str(folder))
    while json.loads(line := read_line(process))["step"] != "send":
        assert line
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4, (process.returncode, out, err)
    assert LINE.match(err) and "porchlight-cli operation resume" in err, err
    assert json.loads(out.splitlines()[-1])["state"] == "stopped" and json.loads(out.splitlines()[-1])["done"] is False
    cloud.restart(port=cloud.port)
    assert cloud.get(site["address"], "/about/")[2] == (world.root / "about/index.html").read_bytes()
    operation, = cli.document("operation", "list")
    assert operation["kind"] == "publish" and operation["state"] == "stopped" and operation["canResume"] and operation["id"] in err
    assert operation["id"] in cli.run("operation", "list").out
    line = cli.json("operation", "resume", operation["id"])[-1]
    assert line["sent"] + line["kept"] + line["copied"] == 240, line
    assert b"three" in cloud.get(site["address"], "/a/page-7.html")[2]
    assert cli.document("operation", "list") == []
    cloud.close()
    cli.close()


@case
def deleting_saves_the_messages_and_leaves_nothing(world):
    saved = Path(world.cli.folder, "saved.json")
    line = world.cli.json("site", "delete", "anna-muller", "--keep-messages", str(saved))[-1]
    assert line["messages"] == 1 and line["id"] == world.business["id"], line
    assert json.loads(saved.read_text())[0]["id"] == world.bob
    assert "is deleted" in world.cli.run("site", "delete", "Garden", "--yes").out
    assert world.cli.document("site", "list") == []
    assert world.cloud.leftovers() == []
    world.cli.fail("site", "show", "garden", has="no site")


@case
def the_practice_account_of_this_computer(world):
    cli = Cli()
    account = cli.document("account", "add-practice", "--name", "Playground")
    assert account["id"] == "practice" and account["default"] and account["name"] == "Playground", account
    # without a server, the command runs the cloud itself
    site = cli.json("site", "create", "Alone", "--template", "personal")[-1]
    assert cli.document("site", "show", "alone")["state"] == "live"
    # with one, it attaches to it, and the site has the same address
    cloud = Cloud(state=os.path.join(cli.data, "practice"))
    assert b"Alone" in cloud.get(site["address"])[2]
    cli.run("--account", "Playground", "publish", "Alone", str(world.root))
    assert cloud.get(site["address"], "/about/")[0] == 200
    assert "Playground" in cli.run("account", "list").out
    cli.fail("account", "remove", "Playground", has="sites")
    cli.run("site", "delete", "alone")
    assert cloud.leftovers() == []
    assert cli.document("account", "remove", "practice")["removed"] is True
    cloud.close()
    cli.close()


@case
def an_account_by_its_keys(world):
    cli = Cli(AWS_ENDPOINT_URL=world.cloud.endpoint)
    cli.environment.update(SECRET_BACKEND="file", SECRET_FILE_TEST_PATH=os.path.join(cli.folder, "keyring"),
                           SECRET_FILE_TEST_PASSWORD="test")
    text = f"Access key ID,Secret access key\r\n{world.cloud.key},{world.cloud.secret}\r\n"
    result = cli.run("--json", "account", "add-keys", "--name", "Mine", input=text.encode())
    assert result.document["kind"] == "keys" and world.cloud.secret not in result.out + result.err
    Path(cli.folder, "keys.csv").write_text(text)
    cli.run("account", "add-keys", "--csv", os.path.join(cli.folder, "keys.csv"), "--region", "us-west-2")
    site = cli.json("site", "create", "Far", "--template", "coming-soon", "--region", "us-east-1")[-1]
    assert cli.document("site", "show", "far")["region"] == "us-east-1" and world.cloud.get(site["address"])[0] == 200
    cli.run("--account", "Mine", "site", "delete", "far")
    stored = b"".join(path.read_bytes() for path in Path(cli.data).rglob("*") if path.is_file())
    assert world.cloud.secret.encode() not in stored, "the secret belongs into the keyring only"
    cli.run("account", "remove", "Mine")
    assert cli.document("account", "list") == []
    cli.close()


@case
def help_lists_what_there_is(world):
    text = world.cli.run("--help").out
    for name in ("account add-practice", "site create NAME", "publish SITE PATH", "message export SITE FILE", "operation resume ID"):
        assert name in text, text
    for name in ("counter", "metrics"):
        assert f"  {name} " not in text, text
    assert "--keep-messages" in world.cli.run("site", "delete", "--help").out
    assert re.match(r"^porchlight-cli \d+\.\d+", world.cli.run("--version").out)


@case
def names_work_in_any_locale(world):
    result = subprocess.run([os.environ["PORCHLIGHT_CLI"], "site", "show", "Ünbekannt"], capture_output=True,
                            env={**world.cli.environment, "LC_ALL": "C"})
    assert result.returncode == 1 and "Ünbekannt".encode() in result.stderr, result


run(setup=setup, teardown=teardown)
