"""An imported notice confirms its year for every calendar handed out from then on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.versions import actions, queries
from kefu.core.versions.models import CalendarNotice
from kefu.core.worktime import Calendar, NoticeDay, is_working_day
from tools.at_once import beside
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

AT = datetime(2026, 11, 5, tzinfo=UTC)
# Made up: no notice for that year exists.
NOTICE_2031 = """国务院办公厅关于2031年
部分节假日安排的通知
　　一、元旦：1月1日（周三）放假1天。
　　二、国庆节：10月1日（周三）至7日（周二）放假调休，共7天。9月28日（周日）上班。
"""
NATIONAL_DAY, SUNDAY_WORKED = date(2031, 10, 1), date(2031, 9, 28)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """A thread remembers what it last saw until it looks again; here each test begins a new installation."""
    yield
    queries._known.batch = ""


def published() -> Calendar:
    actions.publish(actions.pack_source("general"), by=SYSTEM, at=AT, in_force_from=AT)
    return queries.in_force("general", AT).calendar


def calendar() -> Calendar:
    return queries.in_force("general", AT).calendar


def test_a_year_without_notice_is_not_confirmed_and_with_it_is() -> None:
    assert not published().is_confirmed(2031)
    assert is_working_day(calendar(), NATIONAL_DAY)  # by the week alone
    assert not is_working_day(calendar(), SUNDAY_WORKED)

    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    assert calendar().is_confirmed(2031)
    assert not is_working_day(calendar(), NATIONAL_DAY)
    assert is_working_day(calendar(), SUNDAY_WORKED)


def test_every_calendar_of_a_published_version_knows_the_notice() -> None:
    published()
    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    rulebook = queries.in_force("general", AT)

    assert all(one.is_confirmed(2031) for one in rulebook.calendars.values())
    assert queries.by_hash(rulebook.version).calendar.is_confirmed(2031)


def test_a_later_notice_of_the_same_year_replaces_the_earlier_one_whole() -> None:
    published()
    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    actions.import_notice("10月1日（周三）放假1天。", 2031, by=SYSTEM, at=datetime(2026, 11, 6, tzinfo=UTC))

    assert not is_working_day(calendar(), NATIONAL_DAY)
    assert is_working_day(calendar(), date(2031, 10, 2))
    assert not is_working_day(calendar(), SUNDAY_WORKED)


def test_a_calendar_from_elsewhere_can_be_given_the_notices() -> None:
    bare = published()
    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    assert not bare.is_confirmed(2031)
    assert queries.with_notices(bare).is_confirmed(2031)


def test_a_notice_that_was_taken_back_is_not_known_when_another_gets_its_numbers() -> None:
    published()
    numbers: list[int] = []

    def fail_after_it() -> None:
        with write():
            actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)
            assert not is_working_day(calendar(), NATIONAL_DAY)
            numbers.extend(CalendarNotice.objects.order_by("pk").values_list("pk", flat=True))
            raise OSError("power")

    with pytest.raises(OSError, match="power"):
        fail_after_it()
    assert is_working_day(calendar(), NATIONAL_DAY)

    actions.import_notice("5月1日（周四）放假1天。", 2031, by=SYSTEM, at=AT)

    if connection.vendor == "sqlite":
        assert CalendarNotice.objects.get().pk == numbers[0]  # premise: numbers come again
    assert is_working_day(calendar(), NATIONAL_DAY)
    assert not is_working_day(calendar(), date(2031, 5, 1))


def test_of_two_notices_of_one_year_at_one_instant_the_later_holds() -> None:
    published()
    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    actions.import_notice("5月1日（周四）放假1天。", 2031, by=SYSTEM, at=AT)

    assert is_working_day(calendar(), NATIONAL_DAY)


def test_another_thread_knows_a_notice_when_it_is_committed_and_not_before(
    fresh_database: FreshDatabase,
) -> None:
    published()
    with ThreadPoolExecutor(1) as other, write():
        actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)
        assert calendar().is_confirmed(2031)
        assert not beside(other, calendar).result().is_confirmed(2031)

    with ThreadPoolExecutor(1) as other:
        assert beside(other, calendar).result().is_confirmed(2031)


def test_a_sentence_not_understood_is_quoted_and_nothing_is_stored() -> None:
    with pytest.raises(Refused) as refused:
        actions.import_notice(f"{NOTICE_2031}\n十月里大家看着办。", 2031, by=SYSTEM, at=AT)

    assert refused.value.code == "calendar.notice_not_understood"
    assert "十月里大家看着办" in refused.value.zh
    assert "十月里大家看着办" in refused.value.en
    assert not CalendarNotice.objects.exists()
    assert not Event.objects.filter(kind="calendar.notice_imported").exists()


def test_the_import_is_recorded_by_days_without_the_text() -> None:
    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    event = Event.objects.get(kind="calendar.notice_imported")
    assert event.subject_id == "2031"
    assert event.data["work"] == ["2031-09-28"]
    assert event.data["off"] == ["2031-01-01", *(f"2031-10-0{day}" for day in range(1, 8))]


# --- the command ----------------------------------------------------------------------------------


def kefu_calendar(*words: str) -> str:
    out = io.StringIO()
    call_command("calendar", *words, stdout=out)
    return out.getvalue()


def test_the_command_takes_a_file_and_says_day_by_day_what_it_read(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE_2031, encoding="utf-8")

    said = kefu_calendar("import", str(file))

    assert "2031-09-28  上班  国庆节" in said
    assert "2031-10-01  休息  国庆节" in said
    assert CalendarNotice.objects.filter(year=2031).count() == 9


def test_the_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("10月1日（周三）放假1天。"))

    kefu_calendar("import", "-", "--year", "2031")

    assert CalendarNotice.objects.get().day == NATIONAL_DAY


def test_the_command_asks_for_the_year_when_the_notice_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("10月1日（周三）放假1天。"))

    with pytest.raises(CommandError, match="--year"):
        kefu_calendar("import", "-")


def test_the_command_quotes_what_it_does_not_understand(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text("十月里大家看着办。", encoding="utf-8")

    with pytest.raises(CommandError, match=r"notice_not_understood.*十月里大家看着办"):
        kefu_calendar("import", str(file), "--year", "2031")

    assert not CalendarNotice.objects.exists()


@pytest.mark.parametrize("content", [None, "放假".encode("gb18030"), "国".encode() * 200_001])
def test_a_file_that_is_no_text_is_refused_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "notice.txt"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=r"notice\.txt"):
        kefu_calendar("import", str(file), "--year", "2031")


def test_without_a_verb_the_command_says_which_years_are_known() -> None:
    actions.import_notice(NOTICE_2031, 2031, by=SYSTEM, at=AT)

    said = kefu_calendar()

    assert "2026" in said
    assert "2027" not in said
    assert "2031" in said


def test_the_rows_read_back_as_the_days_of_the_notice() -> None:
    days = actions.import_notice("10月1日（周三）放假1天。", 2031, by=SYSTEM, at=AT)

    assert days == [NoticeDay(NATIONAL_DAY, True, "")]
    assert [(row.year, row.day, row.is_off, row.name) for row in CalendarNotice.objects.all()] == [
        (2031, NATIONAL_DAY, True, "")
    ]
