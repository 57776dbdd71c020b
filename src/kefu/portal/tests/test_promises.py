"""Promised times in plain words: by when, and why then."""

from __future__ import annotations

from datetime import datetime

import pytest

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.ledger import Actor
from kefu.portal.promises import promises
from tests.cast import Cast, local

pytestmark = pytest.mark.db
RESIDENT = Actor("customer:1")


def asked(cast: Cast, at: datetime) -> Case:
    return cases.register("enquiry", department=cast.service_centre, by=RESIDENT, at=at, subject="停车费")


def test_a_holiday_that_moves_the_time_is_named(cast: Cast) -> None:
    at = local("2026-09-24 16:00")

    (promise,) = promises(asked(cast, at), at, "zh-hans")

    assert (promise.what, promise.by, promise.standing) == ("答复您", "9 月 28 日（周一）16:00", "running")
    assert promise.why == (
        "只计算工作时间：周一至周五 08:30-12:00 13:30-18:00。",
        "9 月 25 日至 9 月 27 日中秋节放假，不计算在内。",
    )
    assert promise.doubt == ""


def test_the_same_in_english(cast: Cast) -> None:
    at = local("2026-09-24 16:00")

    (promise,) = promises(asked(cast, at), at, "en")

    assert (promise.what, promise.by) == ("answer you", "Mon 28 Sep, 16:00")
    assert promise.why[1] == "25 Sep to 27 Sep (Mid-autumn Festival) does not count."


def test_a_day_worked_in_exchange_is_named(cast: Cast) -> None:
    at = local("2026-09-19 10:00")  # a Saturday; the Sunday after is worked

    (promise,) = promises(asked(cast, at), at, "zh-hans")

    assert promise.by == "9 月 20 日（周日）18:00"
    assert "9 月 20 日补班，照常计算。" in promise.why


def test_a_year_whose_days_off_are_not_announced_is_said_so_and_another_year_named(cast: Cast) -> None:
    at = local("2031-12-31 17:00")

    (promise,) = promises(asked(cast, at), at, "zh-hans")

    assert promise.by.startswith("2032 年 1 月")
    assert "2032" in promise.doubt


def test_while_we_wait_for_the_customer_the_time_stands_still(cast: Cast) -> None:
    at = local("2026-09-21 09:00")
    case = cases.move(asked(cast, at), "taken", by=cast.agent, at=at)
    case = cases.move(case, "asked_customer", by=cast.agent, at=local("2026-09-21 10:00"))

    (promise,) = promises(case, local("2026-09-21 11:00"), "zh-hans")

    assert promise.standing == "paused"
    assert "等待您答复的时间不计算在内。" in promise.why


def test_late_is_said_plainly_and_kept_too(cast: Cast) -> None:
    at, late = local("2026-09-21 08:30"), local("2026-09-21 18:01")
    case = asked(cast, at)
    (promise,) = promises(case, late, "zh-hans")
    assert promise.standing == "late"

    case = cases.move(case, "answered", by=cast.agent, at=late, values={"answer": "每月 300 元"})
    (promise,) = promises(case, late, "zh-hans")
    assert promise.standing == "kept_late"


def test_promises_to_ourselves_are_not_shown(cast: Cast) -> None:
    at = local("2026-09-22 09:00")
    given = {"surname": "王", "telephone": "13812345678", "content": "水管", "fault": "burst_pipe"}
    case = cases.register(
        "repair", department=cast.service_centre, by=RESIDENT, at=at, subject="水管", values=given
    )
    case = cases.move(case, "accepted", by=cast.agent, at=at, values={"size": "small"})
    case = cases.move(
        case,
        "dispatched",
        by=cast.agent,
        at=at,
        values={"worker": str(cast.worker.pk), "medium": "radio"},
    )

    shown = [one.what for one in promises(case, at, "zh-hans")]

    # nearest first, what is kept last; and not: come or say so within half an hour
    assert shown == ["到达现场", "修好", "安排维修人员"]
