"""The same request arriving twice at the same time."""

from __future__ import annotations

import pytest

from kefu.api.tests.calling import REPAIR, Program
from kefu.cases.models import Case
from tests.cast import make_cast
from tools.at_once import at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


def test_of_four_equal_creates_at_once_one_is_done_and_all_are_answered_alike(
    fresh_database: FreshDatabase,
) -> None:
    program = Program(make_cast().agent)

    def create(number: int) -> tuple[int, str]:
        answer = program.post("/cases", REPAIR, Idempotency_Key="same")
        return answer.status, answer.json["number"]

    answers = at_once(4, create)

    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert Case.objects.count() == 1
