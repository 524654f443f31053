# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Visits a site as a browser would: fetches pages, fills in their forms, follows where they lead."""

import http.client
import http.cookies
import urllib.parse
from html.parser import HTMLParser


class Page:
    def __init__(self, address, status, headers, body):
        self.address = address
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Forms(HTMLParser):
    """The forms of a page, each with its action, method and the values that are filled in already."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "method": attributes.get("method", "get"), "fields": {}})
        elif tag in ("input", "textarea", "select") and self.forms and attributes.get("name"):
            self.forms[-1]["fields"][attributes["name"]] = attributes.get("value") or ""


def visit(address, method="GET", body=None, headers=None):
    """One request, to 127.0.0.1 whatever the name: names below localhost stay on this computer."""
    parts = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=20)
    path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
    connection.request(method, path, body, {"Host": parts.netloc, "Accept": "text/html", **(headers or {})})
    answer = connection.getresponse()
    page = Page(address, answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return page


def browse(address, cookies=None):
    """A page, with redirects followed. Cookies are kept in `cookies`, if that is a dictionary."""
    for _ in range(5):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        page = visit(address, headers=headers)
        if cookies is not None and "set-cookie" in page.headers:
            morsel = next(iter(http.cookies.SimpleCookie(page.headers["set-cookie"]).values()))
            if morsel.value and morsel["max-age"] != "0":
                cookies[morsel.key] = morsel.value
            else:
                cookies.pop(morsel.key, None)
        if page.status not in (301, 302, 303, 307, 308):
            return page
        address = urllib.parse.urljoin(address, page.headers["location"])
    raise AssertionError(f"{address} goes round in circles")


def links(page):
    class Links(HTMLParser):
        found = []

        def handle_starttag(self, tag, attributes):
            for name, value in attributes:
                if name in ("href", "src") and value and not value.startswith(("#", "mailto:", "tel:", "data:")):
                    self.found.append(urllib.parse.urljoin(page.address, value).split("#")[0])

    parser = Links()
    parser.found = []
    parser.feed(page.text)
    return parser.found


def find_form(address):
    """The page of a site with a form that is posted, and the form."""
    start = browse(address)
    for page in [start] + [browse(link) for link in dict.fromkeys(links(start)) if link.startswith(address.rstrip("/"))]:
        if "html" in page.headers.get("content-type", ""):
            for form in Forms(page.text).forms:
                if form["method"].lower() == "post":
                    return page, form
    raise AssertionError(f"{address} has no form")


def submit(page, form, values):
    """Sends a form as a browser does, and follows to the page that says thank you."""
    fields = {**form["fields"], **values}
    target = urllib.parse.urljoin(page.address, form["action"])
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(page.address))
    answer = visit(target, "POST", urllib.parse.urlencode(fields),
                   {"Content-Type": "application/x-www-form-urlencoded", "Referer": page.address, "Origin": origin})
    if answer.status != 303:
        return answer
    return browse(urllib.parse.urljoin(target, answer.headers["location"]))
