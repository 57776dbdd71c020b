"""What is new to a person: never opened, or changed since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.reading import mark_read, unread_among
from kefu.cases.tests.desk import desk_of, page_of, repair
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_a_case_is_new_until_it_is_opened_and_again_when_something_happens(cast: Cast) -> None:
    at = timezone.now()
    case = repair(cast)
    assert unread_among([case], cast.agent) == {case.pk}

    mark_read(case, by=cast.agent, at=at)
    assert unread_among([case], cast.agent) == set()
    assert unread_among([case], cast.supervisor) == {case.pk}, "what one has read, another has not"

    actions.add_message(case, by=cast.supervisor, at=at + timedelta(minutes=1), body="业主来电", public=True)
    case.refresh_from_db()
    assert unread_among([case], cast.agent) == {case.pk}

    mark_read(case, by=cast.agent, at=at - timedelta(hours=1))
    mark_read(case, by=cast.agent, at=at + timedelta(minutes=2))
    mark_read(case, by=cast.agent, at=at)
    assert unread_among([case], cast.agent) == set(), "a mark never goes back"


def test_the_page_says_that_it_was_looked_at_and_the_list_shows_it(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)
    new = f'<tr class="unread" data-case="{case.number}">'
    assert new in page_of(desk.get("/cases/?list=unassigned"))

    desk.get(f"/cases/{case.number}/")
    assert new in page_of(desk.get("/cases/?list=unassigned")), "reading a page changes nothing"

    assert desk.post(f"/cases/{case.number}/seen/").status_code == 204
    assert new not in page_of(desk.get("/cases/?list=unassigned"))


def test_the_list_beside_a_case_and_the_case_beside_a_list_come_without_the_page_around(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)

    beside = page_of(desk.get("/cases/?list=unassigned", headers={"hx-request": "true", "hx-target": "list"}))
    assert 'id="list-of" data-query="list=unassigned"' in beside
    assert "<header class" not in beside

    work = page_of(desk.get(f"/cases/{case.number}/", headers={"hx-request": "true", "hx-target": "work"}))
    assert f'id="work" class="desk-work" tabindex="-1" data-number="{case.number}"' in work
    assert f"<title>{case.number}" in work
    assert "<html" not in work
