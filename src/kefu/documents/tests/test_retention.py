"""A paper stays as long as the rulebook says, and goes by a person's decision only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.cases.tests.desk import desk_of, page_of
from kefu.core.errors import Refused
from kefu.core.ledger.models import Event
from kefu.documents import actions, retention
from kefu.documents.models import Document, Signature
from kefu.documents.registers.finding import listed
from kefu.documents.registers.reading import Narrowed, Reader
from kefu.documents.tests.paperwork import AT, a_signature, filed, sheet, with_forms
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
KEPT_UNTIL = local("2029-09-24 10:00")  # 36 months
PAST = KEPT_UNTIL + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def forms(cast: Cast) -> None:
    with_forms(cast)


def test_within_its_retention_nobody_makes_away_with_a_paper(cast: Cast) -> None:
    document, draft = filed(cast), sheet(cast)
    note = actions.begin(
        "plain_note", department=cast.service_centre, by=cast.agent, at=AT, values={"text": "x"}
    )
    note = actions.move(note, "filed", by=cast.agent, at=AT)

    with pytest.raises(Refused, match="2029-09-24"):
        retention.destroy([document], reason="腾库", by=cast.owner, at=KEPT_UNTIL)
    for never in (draft, note):
        with refuses("document.kept"):
            retention.destroy([never], reason="腾库", by=cast.owner, at=PAST)
    with refuses("document.may_not_destroy"):
        retention.destroy([document], reason="腾库", by=cast.supervisor, at=PAST)
    assert not retention.past_keeping(cast.owner, KEPT_UNTIL).exists()
    assert not retention.past_keeping(cast.supervisor, PAST).exists()
    assert list(retention.past_keeping(cast.owner, PAST)) == [document]
    assert Document.objects.get(pk=document.pk).values["opinion"], "and it does not go by itself"


def test_what_is_past_it_loses_its_content_and_keeps_number_kind_and_dates(cast: Cast) -> None:
    document = sheet(cast)
    drawn, values = {"signature": a_signature()}, {"customer_signature": "王芳"}
    document = actions.move(document, "signed", by=cast.agent, at=AT, drawn=drawn, values=values)
    document = actions.move(document, "filed", by=cast.supervisor, at=AT, values={"approval": "赵敏"})
    before = Event.objects.filter(subject_kind="document", subject_id=str(document.pk)).count()

    retention.destroy([document], reason="保存期满", by=cast.owner, at=PAST)

    gone = Document.objects.get(pk=document.pk)
    assert (gone.values, gone.number, gone.kind) == ({}, document.number, "visit_sheet")
    assert (gone.opened_at, gone.closed_at, gone.destroyed_because) == (AT, AT, "保存期满")
    assert not Signature.objects.filter(work_kind="document", work_id=gone.pk).exists()
    events = Event.objects.filter(subject_kind="document", subject_id=str(document.pk)).order_by("seq")
    assert (events.count(), events.latest("seq").kind) == (before + 1, "document.destroyed")
    found = listed(cast.owner, "property", "visits", PAST)
    assert list(Reader(found, cast.owner, PAST, Narrowed()).lines()) == []
    for again in (
        lambda: retention.destroy([gone], reason="x", by=cast.owner, at=PAST),
        lambda: actions.correct(gone, reason="x", by=cast.agent, at=PAST),
    ):
        with refuses("document.destroyed"):
            again()
    owners = desk_of(cast.owner)
    assert "保存期满" in page_of(owners.get(f"/documents/{gone.number}/"))
    assert owners.get(f"/documents/{gone.number}/paper/").status_code == 422


def test_the_page_lists_what_is_past_and_asks_for_a_reason(cast: Cast) -> None:
    document = filed(cast)
    Document.objects.filter(pk=document.pk).update(closed_at=AT - timedelta(days=4000))
    owners = desk_of(cast.owner)

    assert "/documents/past/" in page_of(owners.get("/documents/"))
    assert document.number in page_of(owners.get("/documents/past/"))
    assert desk_of(cast.agent).get("/documents/past/").status_code == 404
    assert "line.missing" in page_of(owners.post("/documents/past/", {"n": document.number, "reason": ""}))
    assert "none_chosen" in page_of(owners.post("/documents/past/", {"reason": "期满"}))
    assert owners.post("/documents/past/", {"n": document.number, "reason": "期满"}).status_code == 302
    assert Document.objects.get(pk=document.pk).destroyed_at is not None
    assert document.number not in page_of(owners.get("/documents/past/"))
