"""bin/demo --check: serves the demo on a free port, signs in as three people and opens fifteen pages."""

from __future__ import annotations

import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar

PAGES = 15
ALWAYS = ("/", "/duties/", "/documents/", "/registers/", "/approvals/")  # the rest is what these link to
PATIENCE_SECONDS = 60.0
NOT_PAGES = re.compile(r"/(static|events|files|api)/|\.\w{2,4}$|sign.?out")


class CheckFailed(Exception):
    """Which page, and what it answered."""


def check(kefu: list[str], people: list[str], password: str) -> str:
    """Return one line about what was opened; raise CheckFailed at the first page that is not well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*kefu, "serve", "--port", str(port), "--no-worker"])
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/healthz", server)
        opened: set[str] = set()
        for count, login in enumerate(people, 1):
            visitor = Visitor(address)
            visitor.sign_in(login, password)
            share = PAGES * count // len(people)
            opened |= visitor.look_around(share - len(opened), seen=opened)
        if len(opened) < PAGES:
            raise CheckFailed(f"only {len(opened)} pages are linked from the first ones: {sorted(opened)}")
        return f"{len(people)} people signed in, {len(opened)} pages opened: {' '.join(sorted(opened))}"
    finally:
        server.terminate()
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise CheckFailed(f"{address} does not answer")


class Visitor:
    """One person's browser: keeps cookies, reads links and the form with a password in it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        return self._open(urllib.request.Request(self.address + path))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=30) as answer:
                page = Page(answer.geturl())
                page.feed(answer.read().decode())
                return page
        except urllib.error.HTTPError as error:
            raise CheckFailed(f"{request.full_url} answers {error.code}") from error

    def sign_in(self, login: str, password: str) -> None:
        page = self.get("/")
        if page.sign_in is None:
            raise CheckFailed(f"{page.address} has no form to sign in with")
        values = {name: value for name, (_kind, value) in page.sign_in.items()}
        for name, (kind, _value) in page.sign_in.items():
            values[name] = {"password": password, "text": login}.get(kind, values[name])
        sent = urllib.request.Request(page.address, urllib.parse.urlencode(values).encode())
        sent.add_header("Referer", page.address)
        if self._open(sent).sign_in is not None:
            raise CheckFailed(f"{login} cannot sign in")

    def look_around(self, number: int, *, seen: set[str]) -> set[str]:
        """Open `number` pages nobody has seen yet, following links from the first ones."""
        opened: set[str] = set()
        waiting = list(ALWAYS)
        known = set(waiting)
        while waiting and len(opened) < number:
            path = waiting.pop(0)
            page = self.get(path)
            if page.sign_in is not None:
                raise CheckFailed(f"{path} asks to sign in again")
            if path not in seen:
                opened.add(path)
            found = [link for link in page.links if link not in known]
            known.update(found)
            waiting.extend(found)
        return opened


class Page(HTMLParser):
    """The links inside the site, and the fields (name: kind, value) of the form that asks for a password."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.sign_in: dict[str, tuple[str, str]] | None = None
        self._fields: dict[str, tuple[str, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            self._fields[given["name"]] = (kind, given.get("value", ""))
            if kind == "password":
                self.sign_in = self._fields
        elif (
            tag == "a"
            and re.match(r"/[^/]|/$", given.get("href", ""))
            and not NOT_PAGES.search(given["href"])
        ):
            self.links.append(given["href"].split("#")[0])
