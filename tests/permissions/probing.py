"""Asking one address as one person about one subject, and reading the answer as the table's sign."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from kefu.api.tests.calling import Program
from tests.cast import browse
from tests.permissions.who import PEOPLE, SUBJECTS, Row
from tests.permissions.world import World


class Prober:
    """Asks as each person; whatever an answer changed is taken back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.handler = ClientHandler(
            enforce_csrf_checks=False
        )  # one for all: it loads all that answers a request
        self.keys = {name: Program(person).key if person else "" for name, person in world.people.items()}
        self.cookies = {
            name: browse(Client(), person).cookies.output(header="", sep=";").strip() if person else ""
            for name, person in world.people.items()
        }

    def line(self, row: Row, person: str) -> str:
        """The four signs of a row for a person; a row about nothing is asked once."""
        if not row.about:
            return self.sign(row, person, "own") * len(SUBJECTS)
        return "".join(self.sign(row, person, subject) for subject in SUBJECTS)

    def wrong(self, row: Row, people: Sequence[str] = PEOPLE) -> list[str]:
        """What differs from the table."""
        lines = {person: self.line(row, person) for person in people}
        return [
            f"{row.method} {row.url}, {person}: the table says {row.who[person]}, it answers {line}"
            for person, line in lines.items()
            if line != row.who[person]
        ]

    def sign(self, row: Row, person: str, subject: str) -> str:
        address = self.address(row, subject)
        body = self._filled(row.by_subject.get(subject, row.body), subject)
        savepoint = transaction.savepoint()
        try:
            answer = self._ask(row, address, body, person)
        finally:
            transaction.savepoint_rollback(savepoint)
        return _sign(answer)

    def address(self, row: Row, subject: str = "own") -> str:
        return reverse(row.url, args=self.world.args[row.about][subject] if row.about else ())

    def status(self, row: Row, method: str, person: str) -> int:
        """What an address answers to any method at all."""
        savepoint = transaction.savepoint()
        try:
            headers = {"Authorization": f"Bearer {self.keys[person]}", "Cookie": self.cookies[person]}
            return self._client(headers).generic(method, self.address(row)).status_code
        finally:
            transaction.savepoint_rollback(savepoint)

    def _filled(self, body: dict[str, Any] | None, subject: str) -> dict[str, Any] | None:
        values = self.world.values[subject]
        known = {f"{{{name}}}": value for name, value in values.items()}
        return body and {
            name: known.get(value, value) if isinstance(value, str) else value for name, value in body.items()
        }

    def _ask(self, row: Row, address: str, body: dict[str, Any] | None, person: str) -> Any:
        sent = {
            name: SimpleUploadedFile("a.txt", value) if isinstance(value, bytes) else value
            for name, value in (body or {}).items()
        }
        if not row.url.startswith("api:"):
            client = self._client({"Cookie": self.cookies[person]})
            return client.get(address) if row.method == "GET" else client.post(address, sent)
        headers = {"Authorization": f"Bearer {self.keys[person]}"} if self.keys[person] else {}
        client = self._client(headers)
        if row.method == "GET":
            return client.get(address)
        if sent != (body or {}):
            return client.post(address, sent)
        return client.post(address, json.dumps(sent), content_type="application/json")

    def _client(self, headers: dict[str, str]) -> Client:
        """A new one for each question: signing out forgets."""
        client = Client(headers=headers)
        client.handler = self.handler
        return client


def _sign(answer: Any) -> str:
    status, where = answer.status_code, answer.headers.get("Location", "")
    if status == 401 or (status == 302 and where.startswith("/sign-in/")):
        return "S"
    if status == 404:
        return "?"
    if status == 403:
        return "-"
    return "+" if status < 500 and status not in (400, 405) else f"({status})"
