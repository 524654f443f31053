# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is put in, the answer is one clear line or page, nothing is lost, and the live site stays whole."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from cli import Cli, Cloud, LINE, PROGRAM, wait_until, write_site
from tap import Skip, case, run

PAGE = "<!doctype html><html lang=en><title>Page</title><p>whole\n"


def setup():
    world = SimpleNamespace(cloud=Cloud(), folder=tempfile.TemporaryDirectory(prefix="porchlight-bad-"))
    world.cli = Cli(world.cloud)
    world.root = Path(world.folder.name)
    world.good = new_folder(world, "good")
    world.site = world.cli.json("site", "create", "Good", "--from", str(world.good), "--form", "me@example.org")[-1]
    return world


def teardown(world):
    if world:
        world.cloud.close()
        world.cli.close()
        for path in world.root.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        world.folder.cleanup()


def new_folder(world, name, index=PAGE):
    folder = world.root / name
    folder.mkdir()
    if index:
        (folder / "index.html").write_text(index)
    return folder


def findings(world, folder, status=0):
    result = world.cli.run("--json", "check", str(folder), status=status)
    return {finding["rule"]: finding for finding in result.document["findings"]}


def live_site_is_whole(world):
    status, _, body = world.cloud.get(world.site["address"])
    assert (status, body) == (200, PAGE.encode()), (status, body)


def refused(world, folder, has):
    """Neither a new site nor a publish begins, both say why, and nothing is left to take up again."""
    for command in (["check", str(folder)], ["publish", "good", str(folder)], ["site", "create", "Bad", "--from", str(folder)]):
        world.cli.fail(*command, has=has)
    assert world.cli.document("operation", "list") == []
    assert [site["name"] for site in world.cli.document("site", "list")] == ["Good"]
    live_site_is_whole(world)


def without_right_to_read_all(*command):
    """root may read everything; so that a test run as root sees what a person sees."""
    if os.geteuid() != 0:
        return list(command)
    if not shutil.which("setpriv"):
        raise Skip("root reads everything, and there is no setpriv to drop that right")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]


@case
def an_empty_folder(world):
    refused(world, new_folder(world, "empty", index=None), has="publish")


@case
def a_folder_without_start_page(world):
    folder = new_folder(world, "no-index", index=None)
    (folder / "page.html").write_text(PAGE)
    (folder / "public").mkdir()
    (folder / "public/index.html").write_text(PAGE)
    refused(world, folder, has=["index.html", "public"])


@case
def no_folder_at_all(world):
    refused(world, world.root / "missing", has="can’t be")
    (world.root / "file.html").write_text(PAGE)
    refused(world, world.root / "file.html", has="neither a folder nor a ZIP")


@case
def an_unreadable_folder_or_file(world):
    closed, partly = new_folder(world, "closed"), new_folder(world, "partly")
    (partly / "secret.html").write_text(PAGE)
    (partly / "secret.html").chmod(0)
    closed.chmod(0)
    for folder in (closed, partly):
        command = without_right_to_read_all(PROGRAM, "publish", "good", str(folder))
        result = subprocess.run(command, env=world.cli.environment, capture_output=True, text=True)
        assert result.returncode == 1 and LINE.match(result.stderr) and "can’t be read" in result.stderr, result
    live_site_is_whole(world)
    assert world.cli.document("operation", "list") == []


@case
def names_with_signs_of_addresses(world):
    names = ["a#b.html", "c?d.html", "e%20f.html", "g h.html", "🌻.html", "ä+ö&=.html", "fo lder#1/index.html", "quo\"te'.html"]
    folder = new_folder(world, "names")
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<!doctype html><html lang=en><title>{len(name)}</title><p>{name}\n")
    site = world.cli.json("site", "create", "Names", "--from", str(folder))[-1]
    for name in names:
        status, _, body = world.cloud.get(site["address"], "/" + quote(name))
        assert (status, body) == (200, (folder / name).read_bytes()), (name, status, body)
    entries = world.cli.document("release", "show", "names", site["release"])["entries"]
    assert {entry["path"] for entry in entries} == {*names, "index.html"}
    world.cli.run("site", "delete", "names")


@case
def a_name_that_is_not_utf_8(world):
    folder = new_folder(world, "old-encoding")
    Path(os.fsdecode(os.fsencode(str(folder)) + b"/caf\xe9.html")).write_text(PAGE)
    refused(world, folder, has=["caf", "encoding", "rename"])


@case
def a_folder_whose_own_name_is_not_utf_8(world):
    folder = os.fsencode(str(world.root)) + b"/f\xfcr"
    os.mkdir(folder)
    Path(os.fsdecode(folder), "index.html").write_text(PAGE)
    result = subprocess.run([PROGRAM.encode(), b"publish", b"good", folder], env=world.cli.environment, capture_output=True)
    assert result.returncode == 0, result
    live_site_is_whole(world)


@case
def names_that_differ_only_in_case(world):
    folder = new_folder(world, "case")
    for name, text in (("Photo.txt", "one"), ("photo.txt", "two")):
        (folder / name).write_text(text)
    finding = next(finding for rule, finding in findings(world, folder).items() if "Photo.txt" in finding["text"])
    assert finding["severity"] == "warning" and finding["fix"], finding
    site = world.cli.json("site", "create", "Case", "--from", str(folder))[-1]
    assert world.cloud.get(site["address"], "/Photo.txt")[2] == b"one"
    assert world.cloud.get(site["address"], "/photo.txt")[2] == b"two"
    world.cli.run("site", "delete", "case")


@case
def a_link_out_of_the_folder(world):
    folder = new_folder(world, "links")
    (folder / "passwords.html").symlink_to("/etc/passwd")
    (folder / "all").symlink_to("/")
    (folder / "dead.html").symlink_to("nowhere")
    (folder / "loop").symlink_to(".")
    texts = " ".join(finding["text"] for finding in world.cli.document("check", str(folder))["findings"])
    for name in ("passwords.html", "all", "dead.html", "loop"):
        assert f"“{name}”" in texts, texts
    site = world.cli.json("site", "create", "Links", "--from", str(folder))[-1]
    assert [entry["path"] for entry in world.cli.document("release", "show", "links", site["release"])["entries"]] == ["index.html"]
    world.cli.run("site", "delete", "links")


@case
def empty_and_huge_files(world):
    folder = new_folder(world, "sizes")
    (folder / "empty.txt").write_bytes(b"")
    site = world.cli.json("site", "create", "Sizes", "--from", str(folder))[-1]
    assert world.cloud.get(site["address"], "/empty.txt")[::2] == (200, b"")
    with (folder / "film.mp4").open("wb") as file:
        file.truncate(3 * 1024 ** 3)
    result = world.cli.document("check", str(folder))
    assert result["bytes"] == 3 * 1024 ** 3 + len(PAGE) and any("film.mp4" in finding["text"] for finding in result["findings"])
    (folder / "film.mp4").unlink()
    world.cli.run("site", "delete", "sizes")


@case
def a_folder_that_changes_while_it_is_read(world):
    folder = new_folder(world, "changing")
    write_site(folder, pages=40, folders=["a", "b", "c", "d"])
    site = world.cli.json("site", "create", "Changing", "--from", str(folder))[-1]
    stop = threading.Event()

    def scribble():
        number = 0
        while not stop.is_set():
            number += 1
            for name in "abcd":
                (folder / name / f"page-{number % 39 + 1}.html").write_text("x" * (number % 500 + 1))
            time.sleep(0.002)

    thread = threading.Thread(target=scribble)
    thread.start()
    try:
        for _ in range(3):
            result = world.cli.run("publish", "changing", str(folder), status=None)
            assert result.status == 0 or result.status == 1 and LINE.match(result.err) and "changed" in result.err, result
            # what is live is what its manifest says, byte for byte
            release = world.cli.document("site", "show", "changing")["liveRelease"]
            for entry in world.cli.document("release", "show", "changing", release)["entries"][::20]:
                status, _, body = world.cloud.get(site["address"], "/" + entry["path"])
                assert status == 200 and len(body) == entry["bytes"], (entry, status, len(body))
    finally:
        stop.set()
        thread.join()
    world.cli.run("publish", "changing", str(folder))
    assert world.cli.document("operation", "list") == [], "a publish that worked takes the place of those that failed"
    world.cli.run("site", "delete", "changing")


@case
def a_port_that_is_taken(world):
    state = tempfile.mkdtemp(dir=world.root)
    world.cli.fail("practice", "serve", "--state", state, "--port", str(world.cloud.port), has=[str(world.cloud.port), "--port"])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        world.cli.fail("practice", "serve", "--state", state, "--port", str(listener.getsockname()[1]), has="taken")
    world.cli.fail("practice", "serve", "--state", world.cloud.state, has=["running already", world.cloud.endpoint])
    world.cli.fail("practice", "serve", "--port", "70000", status=2, has="port")
    world.cli.fail("practice", "serve", "--faults", "op=PutObject,status=ok", status=2, has="faults")
    world.cli.fail("practice", "serve", "--state", str(world.good / "index.html"), has="folder")


@case
def wrong_arguments(world):
    for words in ([], ["fly"], ["site"], ["site", "fly"], ["site", "show"], ["site", "show", "a", "b"], ["publish", "good"],
                  ["site", "create", "X", "--bogus"], ["site", "create", "X", "--from", "a", "--template", "personal"],
                  ["form", "enable", "good"], ["--account"], ["site", "delete", "good", "--keep-messages", "messages.txt"],
                  ["site", "show", os.fsdecode(b"\xff")]):
        world.cli.fail(*words, status=2)
    live_site_is_whole(world)


@case
def what_does_not_exist(world):
    world.cli.fail("site", "show", "nowhere", has="“nowhere”")
    world.cli.fail("publish", "nowhere", str(world.good), has="“nowhere”")
    world.cli.fail("--account", "nobody", "site", "list", has="“nobody”")
    world.cli.fail("account", "remove", "nobody", has="“nobody”")
    world.cli.fail("message", "show", "good", "000000000000", has="message")
    world.cli.fail("operation", "resume", "00000000", has="“00000000”")
    world.cli.fail("site", "create", "X", "--template", "castle", has="“castle”")
    world.cli.fail("release", "show", "good", "yesterday", has="“yesterday”")


@case
def names_and_addresses_that_can_not_be(world):
    world.cli.fail("site", "create", "   ", has="name")
    world.cli.fail("site", "create", "x" * 300, has="longer")
    world.cli.fail("site", "create", "two\nlines", has="one line")
    world.cli.fail("site", "create", "X", "--form", "not a mail", has="not a mail address")
    world.cli.fail("form", "enable", "good", "--to", "me@", has="me@")
    world.cli.fail("site", "create", "X", "--region", "mars", has="mars")
    assert len(world.cli.document("site", "list")) == 1


@case
def a_name_that_two_sites_have(world):
    first = world.cli.json("site", "create", "Twin")[-1]["id"]
    second = world.cli.json("site", "create", "Twin")[-1]["id"]
    world.cli.fail("site", "show", "Twin", has=[first, second])
    for site in (first, second):
        assert world.cli.document("site", "show", site)["id"] == site
        world.cli.run("site", "delete", site)


@case
def wrong_keys(world):
    for change, word in (({"AWS_SECRET_ACCESS_KEY": "x" * 40}, "secret"), ({"AWS_ACCESS_KEY_ID": "AKIA" + "X" * 16}, "key")):
        for command in (["site", "list"], ["publish", "good", str(world.good)], ["site", "create", "X"]):
            result = world.cli.fail(*command, status=3, has=word, **change)
            assert "x" * 40 not in result.err
    cli = Cli(AWS_ENDPOINT_URL=world.cloud.endpoint)
    cli.fail("site", "create", "X", status=3, has="account add-practice")
    cli.fail("account", "add-keys", input=b"hello", has="keys")
    cli.fail("account", "add-keys", input=b"", has="nothing")
    cli.fail("account", "add-keys", input=b"\xff\xfe\x00", has="text")
    cli.fail("account", "add-keys", "--csv", "/nonexistent.csv", has="/nonexistent.csv")
    result = cli.fail("account", "add-keys", input=f"{world.cloud.key}\n{'A' * 40}".encode(), status=None, has="secret")
    assert result.status in (1, 3) and "A" * 40 not in result.err
    assert cli.document("account", "list") == []
    cli.close()


@case
def no_connection(world):
    for command in (["site", "list"], ["publish", "good", str(world.good)]):
        world.cli.fail(*command, has="connection", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    live_site_is_whole(world)


@case
def something_else_answers(world):
    """The sign-in page of a hotel, for instance."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Hotel(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html><title>Welcome to the hotel</title>Please sign in</html>")

        do_GET = do_PUT = do_POST

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hotel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    world.cli.fail("site", "list", has="network", AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()


@case
def a_bad_day_of_the_service(world):
    """Throttling, lost connections and a stale pointer are overcome; what can't be overcome leaves the site as it is."""
    folder = new_folder(world, "bad-day")
    write_site(folder, pages=20, folders=["", "a"])
    faults = "op=PutObject,rate=0.2,seed=7,status=503;op=PutObject,rate=0.1,cut=after;op=PutKey,etag=stale,times=1"
    cloud = Cloud(faults=faults)
    cli = Cli(cloud)
    site = cli.json("site", "create", "Weather", "--from", str(folder))[-1]
    assert cloud.get(site["address"], "/a/page-3.html")[2] == (folder / "a/page-3.html").read_bytes()
    cloud.restart(port=cloud.port, faults="service=cloudfront-keyvaluestore,status=403")
    write_site(folder, pages=20, version="two", folders=["", "a"])
    cli.fail("publish", "weather", str(folder), status=None)
    assert b"one" in cloud.get(site["address"], "/a/page-3.html")[2]
    cloud.restart(port=cloud.port, faults="token=expired")
    cli.fail("publish", "weather", str(folder), status=3, has="expired")
    cloud.restart(port=cloud.port)
    assert b"one" in cloud.get(site["address"], "/")[2]
    cli.run("publish", "weather", str(folder))
    assert b"two" in cloud.get(site["address"], "/a/page-3.html")[2]
    assert cli.document("operation", "list") == []
    cloud.close()
    cli.close()


def on_a_tiny_disk(world, size, script):
    """Runs a shell script whose $DATA is on a disk of that size of its own."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        raise Skip("a tiny disk can be mounted only by root")
    mount = 'mount -t tmpfs -o size="$SIZE" none "$DATA" || exit 77; '
    data = Path(tempfile.mkdtemp(dir=world.root))
    environment = {**world.cli.environment, "DATA": str(data), "SIZE": size, "CLI": PROGRAM, "PORCHLIGHT_DATA_DIR": str(data)}
    result = subprocess.run(["unshare", "-m", "sh", "-c", mount + script], env=environment, capture_output=True, text=True)
    if result.returncode == 77 or "unshare failed" in result.stderr:
        raise Skip("this system does not allow mounts")
    return result


@case
def the_disk_is_full(world):
    result = on_a_tiny_disk(world, "2m", 'head -c 8m /dev/zero > "$DATA/filler" 2> /dev/null; "$CLI" site list')
    assert result.returncode == 1 and LINE.match(result.stderr) and "no room" in result.stderr, result
    # it fills up while messages are saved, which must not lose them
    status, _, answer = world.cloud.post(world.site["address"], "&".join(f"field-{name}={'x' * 9000}" for name in "abcdef"))
    assert status == 200, answer
    wait_until(lambda: len(world.cli.document("message", "list", "good")) == 1)
    result = on_a_tiny_disk(world, "16k", 'export PORCHLIGHT_DATA_DIR="$OLD"; "$CLI" site delete good --keep-messages "$DATA/m.json"'
                            .replace("$OLD", world.cli.data))
    assert result.returncode == 1 and LINE.match(result.stderr) and "no room" in result.stderr, result
    assert len(world.cli.document("message", "list", "good")) == 1
    live_site_is_whole(world)


@case
def the_output_can_not_be_written(world):
    if not os.path.exists("/dev/full"):
        raise Skip("there is no /dev/full")
    with open("/dev/full", "w") as full:
        result = subprocess.run([PROGRAM, "--json", "site", "list"], env=world.cli.environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 1 and LINE.match(result.stderr), result


@case
def form_posts_that_can_not_be(world):
    address = world.site["address"]
    form, plain = "application/x-www-form-urlencoded", "text/html,application/xhtml+xml"
    known = len(world.cli.document("message", "list", "good"))
    for body, kind, wanted in (("", form, 422), ("message=", form, 422), ("message=" + "x" * 70000, form, 413),
                               ("no parts", "multipart/form-data; boundary=x", 400), ("{", "application/json", 400), ("[1]", "application/json", 400),
                               ("message=hi", "text/plain", 415), ("hi", "application/pdf", 415)):
        for accept in (plain, "application/json"):
            status, headers, answer = world.cloud.post(address, body, content_type=kind, accept=accept)
            assert status == wanted, (body[:20], kind, accept, status, answer)
            wanted_type = "text/html" if accept == plain and kind != "application/json" else "application/json"
            assert headers["Content-Type"].startswith(wanted_type) and len(answer) > 20, (headers, answer)
    assert len(world.cli.document("message", "list", "good", "--all")) == known
    live_site_is_whole(world)


@case
def form_posts_that_can_be(world):
    address = world.site["address"]
    known = {message["id"] for message in world.cli.document("message", "list", "good", "--all")}
    # each with something of its own, since the same form sent again is the same message
    posts = (("message=gr%C3%BC%C3%9Fe&color=red&color=blue&way=1", "application/x-www-form-urlencoded; charset=UTF-8"),
             (json.dumps({"message": "grüße", "color": ["red", "blue"], "way": 2}), "application/json;charset=utf-8"),
             ("message=gr%FC%DFe&color=red&color=blue&way=3", "application/x-www-form-urlencoded;charset=iso-8859-1"))
    for body, kind in posts:
        status, _, answer = world.cloud.post(address, body.encode(), content_type=kind)
        assert status == 200, (status, answer)
    status, headers, _ = world.cloud.post(address, "message=hi&color=red&color=blue", accept="text/html")
    assert status == 303 and headers["Location"], (status, headers)
    found = wait_until(lambda: (all_of := [message for message in world.cli.document("message", "list", "good")
                                           if message["id"] not in known]) and len(all_of) == 4 and all_of)
    for message in found:
        assert message["fields"]["color"] == ["red", "blue"] and message["fields"]["message"] in ("grüße", "hi"), message


run(setup=setup, teardown=teardown)
