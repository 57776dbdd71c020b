"""A form is carried out once."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from kefu.core.errors import Refused
from kefu.documents.once import once
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def form(**fields: str) -> HttpRequest:
    return RequestFactory().post("/somewhere/", {"token": "t1", **fields})


def test_the_same_form_is_done_once_and_answered_twice(cast: Cast) -> None:
    done: list[str] = []

    def do() -> str:
        done.append("done")
        return f"/result/{len(done)}/"

    at = timezone.now()
    answers = [once(form(body="a"), by=cast.agent, at=at, do=do) for _ in range(2)]
    assert (answers, len(done)) == (["/result/1/", "/result/1/"], 1)

    once(form(body="b"), by=cast.agent, at=at, do=do)  # other words
    once(form(body="a"), by=cast.other_agent, at=at, do=do)  # another person
    once(RequestFactory().post("/somewhere/", {"body": "a"}), by=cast.agent, at=at, do=do)  # no token
    assert len(done) == 4


def test_a_refused_form_may_be_sent_again(cast: Cast) -> None:
    def refuse() -> str:
        raise Refused("x.y", zh="不行", en="no")

    with pytest.raises(Refused):
        once(form(), by=cast.agent, at=timezone.now(), do=refuse)

    assert once(form(), by=cast.agent, at=timezone.now(), do=lambda: "/done/") == "/done/"
