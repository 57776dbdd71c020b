"""Publishing knows where open work stands."""

from __future__ import annotations

import pytest

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.core.versions import actions as versions
from kefu.core.work.open_states import open_states
from tests.cast import Cast, local

pytestmark = pytest.mark.db
AT = local("2026-09-24 10:00")


def complain(cast: Cast) -> Case:
    return actions.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        subject="电梯停运",
        values={"surname": "王", "telephone": "8000001", "content": "电梯停运", "source": "company"},
    )


def test_open_work_is_counted_by_kind_and_state_and_void_work_is_not(cast: Cast) -> None:
    first, _ = complain(cast), complain(cast)
    state = first.state
    assert open_states("property")[("complaint", state)] == 2

    actions.void(first, by=cast.supervisor, at=AT, reason="重复登记")

    assert open_states("property")[("complaint", state)] == 1
    assert not open_states("general")


def test_publishing_asks_this_count(cast: Cast) -> None:
    assert versions._open_work == [open_states]
