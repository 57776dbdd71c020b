"""What the property manual leaves to the company: duties that change by phase, chapters filled in later."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from kefu.cases import actions as cases
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.rulebook import load_pack, load_source, to_source
from kefu.core.versions import actions, queries
from tests.cast import Cast, local

pytestmark = [pytest.mark.db, pytest.mark.django_db]

SUMMER = datetime(2026, 6, 1, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)
THURSDAY = local("2026-09-24 15:00")


def changed(*, at: str, to: object) -> str:
    """The source of the property pack with the value at a path replaced, as the company would publish it."""
    source: dict[str, Any] = json.loads(to_source(load_pack("property")))
    *steps, last = at.split("/")
    place = source
    for step in steps:
        place = place[step]
    place[last] = to
    return to_source(load_source(json.dumps(source, ensure_ascii=False)))


def test_duties_of_a_post_change_from_their_date_of_effect_and_the_old_ones_are_kept() -> None:
    new_duties = "Also leads the handover to the new tenants' committee."
    actions.publish(to_source(load_pack("property")), by=SYSTEM, at=SUMMER, in_force_from=SUMMER)

    actions.publish(
        changed(at="posts/supervisor/profile", to=new_duties), by=SYSTEM, at=SUMMER, in_force_from=AUTUMN
    )

    before = queries.in_force("property", AUTUMN.replace(day=1, month=9))
    after = queries.in_force("property", AUTUMN)
    assert before.posts["supervisor"].profile == load_pack("property").posts["supervisor"].profile
    assert after.posts["supervisor"].profile == new_duties
    assert queries.by_hash(before.version).posts["supervisor"].profile != new_duties
    assert Event.objects.filter(kind="rulebook.published").count() == 2


def test_a_chapter_listed_but_not_printed_is_filled_in_by_the_company() -> None:
    statement = {"zh": "物品放行须有业主签字的放行条。", "en": "Goods leave with a pass signed by the owner."}
    actions.publish(to_source(load_pack("property")), by=SYSTEM, at=SUMMER, in_force_from=SUMMER)

    actions.publish(
        changed(at="clauses/organisation.chapters.goods/statement", to=statement),
        by=SYSTEM,
        at=SUMMER,
        in_force_from=AUTUMN,
    )

    clauses = queries.in_force("property", AUTUMN).clauses
    assert clauses["organisation.chapters.goods"].statement.en == statement["en"]
    empty = [
        clause for clause in load_pack("property").clauses if clause.startswith("organisation.chapters.")
    ]
    assert len(empty) == 6
    assert queries.in_force("property", SUMMER).clauses.keys() == clauses.keys()


@pytest.mark.parametrize("channel", ["letter", "visit", "phone"])
def test_a_complaint_keeps_the_channel_it_came_by(cast: Cast, channel: str) -> None:
    case = cases.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=THURSDAY,
        subject="路灯不亮",
        channel=channel,
        values={"surname": "钱", "telephone": "8000002", "content": "三号楼前路灯不亮"},
    )

    case.refresh_from_db()
    assert case.channel == channel
