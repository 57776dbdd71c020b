"""A published rulebook is frozen, holds from its date of effect, and never takes the ground from open work."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kefu.core.errors import Refused
from kefu.core.ledger.actions import Actor
from kefu.core.ledger.models import Event
from kefu.core.rulebook import RulebookRefused, load_source
from kefu.core.rulebook.model import Rulebook
from kefu.core.versions import actions, queries
from kefu.core.versions.models import RulebookVersion

pytestmark = pytest.mark.db

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def source(*, title: str = "通用") -> str:
    """The general pack under another title."""
    tree = json.loads(actions.pack_source("general"))
    tree["pack"]["title"]["zh"] = title
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def publish(text: str, *, from_: datetime, at: datetime | None = None) -> RulebookVersion:
    return actions.publish(
        text, by=Actor("person:7"), at=at or from_ - timedelta(days=1), in_force_from=from_
    )


@pytest.fixture
def open_work() -> Iterator[dict[tuple[str, str], int]]:
    """What open work there is, as the capability above would count it."""
    counted: dict[tuple[str, str], int] = {}

    def count(pack: str) -> Mapping[tuple[str, str], int]:
        return counted if pack == "general" else {}

    before = list(actions._open_work)
    actions.open_work_counted_by(count)
    yield counted
    actions._open_work[:] = before


def test_a_version_holds_from_its_date_of_effect_until_the_next_one() -> None:
    first = publish(source(), from_=MARCH)
    second = publish(source(title="通用二"), from_=JUNE)
    assert first.hash != second.hash  # premise

    assert queries.in_force("general", MARCH).version == first.hash
    assert queries.in_force("general", JUNE - timedelta(microseconds=1)).version == first.hash
    assert queries.in_force("general", JUNE).version == second.hash
    assert queries.by_hash(first.hash).title.zh == "通用"


def test_before_the_first_version_nothing_holds_and_the_answer_says_what_to_do() -> None:
    publish(source(), from_=MARCH)

    with pytest.raises(Refused) as refused:
        queries.in_force("general", MARCH - timedelta(seconds=1))

    assert refused.value.code == "rulebook.not_published"
    assert "kefu rulebook publish general" in refused.value.zh
    assert "kefu rulebook publish general" in refused.value.en


def test_a_stored_version_reads_back_as_the_same_rulebook() -> None:
    version = publish(source(), from_=MARCH)

    queries._by_hash.cache_clear()
    read = queries.by_hash(version.hash)

    assert read.version == version.hash
    assert read.source == version.source


def test_a_hash_nobody_published_is_unknown() -> None:
    with pytest.raises(KeyError):
        queries.by_hash("0" * 64)


def test_publishing_is_recorded_with_who_when_and_which() -> None:
    version = publish(source(), from_=MARCH)

    event = Event.objects.get(kind="rulebook.published", subject_id="general")
    assert (event.actor, event.rulebook_version) == ("person:7", version.hash)
    assert event.data == {"in_force_from": MARCH.isoformat(), "replaces": None}


def test_publishing_the_same_again_changes_nothing() -> None:
    first = publish(source(), from_=MARCH)
    again = publish(source(), from_=JUNE)

    assert again == first
    assert Event.objects.filter(kind="rulebook.published", subject_id="general").count() == 1


def test_a_date_of_effect_before_the_last_one_is_refused() -> None:
    publish(source(), from_=JUNE)

    with pytest.raises(Refused, match="choose a later day") as refused:
        publish(source(title="通用二"), from_=MARCH)

    assert refused.value.code == "rulebook.past"
    assert RulebookVersion.objects.filter(pack="general").count() == 1


def test_a_source_with_a_mistake_is_not_published() -> None:
    tree = json.loads(source())
    tree["cases"]["enquiry"]["colour"] = "red"

    with pytest.raises(RulebookRefused):
        publish(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), from_=MARCH)

    assert not RulebookVersion.objects.filter(pack="general").exists()


def test_a_source_that_contradicts_itself_is_not_published() -> None:
    tree = json.loads(source())
    tree["posts"]["agent"]["reports_to"] = "nobody_at_all"

    with pytest.raises(RulebookRefused, match="nobody_at_all"):
        publish(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), from_=MARCH)

    assert not RulebookVersion.objects.filter(pack="general").exists()


def enquiry(rulebook: Rulebook) -> tuple[str, str]:
    """A kind and a state of the pack that a version could drop: the last one work can stand in."""
    return "enquiry", list(rulebook.kinds["enquiry"].flow.states)[-1]


def test_a_version_that_drops_a_state_of_open_work_is_refused_with_the_count(
    open_work: dict[tuple[str, str], int],
) -> None:
    first = publish(source(), from_=MARCH)
    open_work[("enquiry", "waiting_elsewhere")] = 3
    open_work[("gone_kind", "open")] = 2
    open_work[enquiry(queries.by_hash(first.hash))] = 5

    with pytest.raises(Refused) as refused:
        publish(source(title="通用二"), from_=JUNE)

    assert refused.value.code == "rulebook.drops_used"
    assert refused.value.facts["count"] == 5  # the five in a state that stays are not among them
    assert refused.value.facts["places"] == "enquiry/waiting_elsewhere: 3, gone_kind/open: 2"
    assert RulebookVersion.objects.filter(pack="general").count() == 1


def test_a_version_that_says_where_the_work_of_a_dropped_state_goes_is_taken(
    open_work: dict[tuple[str, str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(source(), from_=MARCH)
    open_work[("enquiry", "waiting_elsewhere")] = 3

    def with_a_way(text: str) -> Rulebook:
        rulebook = load_source(text)
        kind = rulebook.kinds["enquiry"]
        flow = replace(kind.flow, moves_to={"waiting_elsewhere": kind.flow.start})
        return replace(rulebook, kinds={**rulebook.kinds, "enquiry": replace(kind, flow=flow)})

    monkeypatch.setattr(actions, "load_source", with_a_way)

    assert publish(source(title="通用二"), from_=JUNE).in_force_from == JUNE


def test_in_force_asks_one_query_and_a_known_version_none(django_assert_num_queries) -> None:
    version = publish(source(), from_=MARCH)
    queries.in_force("general", JUNE)

    with django_assert_num_queries(1):
        queries.in_force("general", JUNE)
    with django_assert_num_queries(0):
        queries.by_hash(version.hash)
