"""Calling the API as somebody of the cast."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from kefu.staff.actions import make_token
from kefu.staff.models import Person

REPAIR = {
    "kind": "repair",
    "subject": "水龙头滴水",
    "values": {"surname": "孙", "telephone": "8000003", "content": "厨房龙头滴水"},
}


@dataclass
class Program:
    """A program with a token of `person`."""

    person: Person
    scopes: tuple[str, ...] = ("write",)
    client: Client = field(default_factory=Client)
    key: str = ""

    def __post_init__(self) -> None:
        at = timezone.now()
        _, self.key = make_token(
            self.person,
            name="test",
            scopes=self.scopes,
            expires_at=at + timedelta(days=1),
            by=self.person,
            at=at,
        )

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        given = {
            "Authorization": f"Bearer {self.key}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        content: dict[str, Any] = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        response = self.client.generic(method, f"/api/v1{path}", headers=given, **content)
        return Answer(response)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        return self.ask("POST", path, body, **headers)


@dataclass
class Answer:
    response: Any

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def json(self) -> Any:
        return json.loads(self.response.content)

    @property
    def code(self) -> str:
        """The stable code of a problem; checks what every problem has."""
        assert self.response.headers["Content-Type"].startswith("application/problem+json")
        said = self.json
        assert said["status"] == self.status
        assert said["zh"]
        assert said["en"]
        return said["code"]
