# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The person in the browser while something signs in: a plain one, and a real Chromium over its DevTools protocol.

    allow(uri)                          # presses Allow on the page at uri, and follows to where it leads
    with Chromium() as chromium:
        chromium.open(uri)
        chromium.press("allow")
        chromium.wait_for("You are signed in")
"""

import base64
import http.client
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tour"))

from web import Forms, Page  # noqa: E402


def fetch(address, method="GET", body=None, headers=None):
    """One request; redirects are not followed."""
    parts = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=30)
    path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    page = Page(address, answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return page


def decide(uri, decision, **fields):
    """What comes of a button on the page at uri; redirects are not followed."""
    page = fetch(uri)
    assert page.status == 200, (page.status, page.text)
    form = Forms(page.text).forms[0]
    assert form["method"].lower() == "post", form
    values = {**form["fields"], **fields, "decision": decision}
    return fetch(urllib.parse.urljoin(uri, form["action"]), "POST", urllib.parse.urlencode(values),
                 {"Content-Type": "application/x-www-form-urlencoded"})


def allow(uri, decision="allow", **fields):
    """The page to which the button leads."""
    answer = decide(uri, decision, **fields)
    return fetch(answer.headers["location"]) if answer.status == 302 else answer


def code_on(page):
    """What the confirmation page shows."""
    return re.search(r'<code id="code"[^>]*>([^<]+)</code>', page.text)[1]


class WebSocket:
    """As much of RFC 6455 as DevTools needs: text frames, none of them in pieces of ours."""

    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        assert b" 101 " in head.split(b"\r\n")[0], head

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("The browser hung up.")
        self.buffer += data

    def _take(self, size):
        while len(self.buffer) < size:
            self._receive()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def send(self, text):
        data = text.encode()
        mask = os.urandom(4)
        length = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        assert len(data) < 65536
        self.socket.sendall(b"\x81" + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        text = b""
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack("!H", self._take(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", self._take(8))[0]
            data = self._take(length)
            if first & 0x0F in (0, 1):
                text += data
                if first & 0x80:
                    return text.decode()

    def close(self):
        self.socket.close()


class Chromium:
    """A headless Chromium with a profile of its own."""

    PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="porchlight-chromium-")
        self.number = 0
        self.process = subprocess.Popen(
            [self.PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            match = re.search(r"DevTools listening on ws://([^/]+)/", line)
            if match:
                break
        else:
            raise RuntimeError("Chromium did not start.")
        pages = json.loads(fetch(f"http://{match[1]}/json/list").text)
        page = next(page for page in pages if page["type"] == "page")
        self.socket = WebSocket(page["webSocketDebuggerUrl"])
        self.call("Page.enable")

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.socket.close()
        self.process.terminate()
        self.process.stderr.close()
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_until(self, script):
        """The page may be on its way to another one, so that a question can get lost."""
        while True:
            try:
                value = self.evaluate(script)
            except AssertionError:
                value = None
            if value:
                return value
            try:
                self.evaluate("new Promise(done => setTimeout(done, 50))")
            except AssertionError:
                pass

    def open(self, uri):
        self.call("Page.navigate", url=uri)

    def press(self, identity):
        """A click as the mouse does it, on the element with that id."""
        place = self.wait_until(f"(() => {{ const e = document.getElementById({json.dumps(identity)}); if (!e) return null;"
                                " const r = e.getBoundingClientRect(); return r.width ? [r.x + r.width / 2, r.y + r.height / 2] : null; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def wait_for(self, text):
        return self.wait_until(f"document.body && document.body.innerText.includes({json.dumps(text)}) && document.location.href")
