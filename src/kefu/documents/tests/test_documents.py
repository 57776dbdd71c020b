"""A form is filled in, signed in order, filed, and never changed: a correction is a version beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.cases import actions as cases
from kefu.cases.models import Case, Reach
from kefu.cases.tests.desk import household
from kefu.core.errors import Refused
from kefu.core.files.queries import content
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.customers.models import Customer
from kefu.documents import actions
from kefu.documents.composing import empty_paper, papers_of
from kefu.documents.models import Document, Signature
from kefu.documents.parties import next_people
from kefu.documents.printing import pdf
from kefu.documents.queries import documents_visible_to, forms_for, visible_document
from kefu.documents.signing import signatures_of
from kefu.documents.tests.paperwork import ANSWERS, AT, SIGNED, a_signature, filed, sheet, signed, with_forms
from kefu.staff.models import Notice
from tests.cast import Cast, refuses
from tests.printed import pages_of, text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def forms(cast: Cast) -> None:
    with_forms(cast)


def repair(cast: Cast, customer: Customer | None = None) -> Case:
    slip = {"surname": "王芳", "telephone": "13812345678", "content": "厨房水管滴水"}
    return cases.register(
        "repair",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        subject="水管滴水",
        values=slip,
        customer=customer,
    )


def kinds_of(document: Document) -> list[str]:
    return list(
        Event.objects.filter(subject_id=str(document.pk), subject_kind="document").values_list(
            "kind", flat=True
        )
    )


# --- filling in -----------------------------------------------------------------------------------------


def test_a_form_is_begun_as_a_draft_with_what_follows_computed(cast: Cast) -> None:
    document = sheet(cast)

    assert (document.number, document.state, document.author) == ("VS20260924-0001", "draft", cast.agent)
    assert document.values["total"] == Decimal(72)
    parts: Any = document.values["parts"]
    assert [line["amount"] for line in parts] == [Decimal(70), Decimal(2)]
    assert kinds_of(document) == ["document.opened"]


def test_a_total_that_the_lines_do_not_make_is_refused_naming_both(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"80.*72"):
        sheet(cast, total="80")
    assert not Document.objects.exists()


def test_what_the_case_knows_is_not_typed_again(cast: Cast) -> None:
    case = repair(cast)

    document = actions.begin(
        "visit_sheet", department=cast.service_centre, by=cast.agent, at=AT, origin=case.ref, prefill=True
    )

    values = document.values
    assert (values["customer_name"], values["telephone"]) == ("王芳", "13812345678")
    assert (values["case_number"], values["visitor"]) == (case.number, Ref("person", str(cast.agent.pk)))
    assert str(values["visited_on"]) == "2026-09-24"
    assert (document.parent_kind, document.parent_id) == ("case", case.pk)


def test_the_customer_of_the_case_is_known_and_what_the_archive_knows_of_them(cast: Cast) -> None:
    customer, _ = household(cast)
    case = repair(cast, customer=customer)

    document = actions.begin(
        "visit_sheet", department=cast.service_centre, by=cast.agent, at=AT, origin=case.ref, prefill=True
    )

    assert document.values["customer"] == customer.ref
    assert document.values["customer_phone"] == "138 1234 5678"
    assert f"客户 王芳 {customer.number}" in text_of(pdf(papers_of([document], lang="zh", at=AT)))


def test_a_customer_named_by_hand_is_known_too(cast: Cast) -> None:
    customer, _ = household(cast)
    values = {"customer": str(customer.pk)}

    document = actions.begin(
        "visit_sheet", department=cast.service_centre, by=cast.agent, at=AT, values=values, prefill=True
    )

    assert document.values["customer_phone"] == "138 1234 5678"


def test_what_was_typed_goes_before_what_is_known(cast: Cast) -> None:
    document = actions.begin(
        "visit_sheet",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        origin=repair(cast).ref,
        prefill=True,
        values={"customer_name": "王芳之子"},
    )

    assert document.values["customer_name"] == "王芳之子"


def test_only_the_posts_that_the_form_names_fill_it_in(cast: Cast) -> None:
    with refuses("work.opener"):
        actions.begin("visit_sheet", department=cast.service_centre, by=cast.manager, at=AT, values=ANSWERS)
    assert "visit_sheet" in [one.kind.name for one in forms_for(cast.agent, AT)]
    assert "visit_sheet" not in [one.kind.name for one in forms_for(cast.manager, AT)]
    assert "plain_note" in [one.kind.name for one in forms_for(cast.manager, AT)]


def test_people_elsewhere_fill_in_forms_for_work_that_reached_them_and_for_no_other(cast: Cast) -> None:
    case, elsewhere = repair(cast), cast.engineering_supervisor

    def note() -> Document:
        return actions.begin(
            "plain_note", department=cast.service_centre, by=elsewhere, at=AT, origin=case.ref
        )

    with refuses("document.elsewhere"):
        note()
    assert cast.service_centre not in [one.department for one in forms_for(elsewhere, AT, case.ref)]

    Reach.objects.create(case=case, department=cast.engineering, at=AT)

    assert note().department == cast.service_centre
    assert forms_for(elsewhere, AT, case.ref)[0].department == cast.service_centre


def test_whom_a_rule_asks_for_a_paper_writes_and_files_it_and_not_whose_move_asked(cast: Cast) -> None:
    note = actions.open_for(
        "plain_note",
        department=cast.service_centre,
        rulebook=repair(cast).rulebook,
        owner=cast.supervisor,
        origin=None,
        values={},
        by=cast.agent,
        at=AT,
    )
    assert note.author == cast.supervisor
    with refuses("document.not_yours"):
        actions.fill(note, {"text": "已核实"}, by=cast.agent, at=AT)

    note = actions.fill(note, {"text": "已核实"}, by=cast.supervisor, at=AT)

    assert actions.move(note, "filed", by=cast.supervisor, at=AT).state == "filed"


def test_a_draft_may_be_incomplete_but_is_not_signed_so(cast: Cast) -> None:
    document = sheet(cast, satisfied="", customer_name="")

    with pytest.raises(Refused, match="Please fill in") as refused:
        actions.move(document, "signed", by=cast.agent, at=AT, values=SIGNED)
    assert refused.value.facts["fields"] == ["customer_name", "satisfied"]
    document.refresh_from_db()
    assert document.state == "draft"

    actions.fill(document, {"satisfied": "yes", "customer_name": "王芳"}, by=cast.agent, at=AT)
    assert actions.move(document, "signed", by=cast.agent, at=AT, values=SIGNED).state == "signed"


def test_nobody_writes_in_somebody_elses_draft(cast: Cast) -> None:
    with refuses("document.not_yours"):
        actions.fill(sheet(cast), {"opinion": "很好"}, by=cast.supervisor, at=AT)


def test_two_windows_do_not_overwrite_each_other(cast: Cast) -> None:
    document = sheet(cast)
    actions.fill(document, {"opinion": "第一窗口"}, by=cast.agent, at=AT, revision=1)

    with refuses("work.changed"):
        actions.fill(document, {"opinion": "第二窗口"}, by=cast.agent, at=AT, revision=1)


def test_a_draft_can_be_given_up_with_a_reason(cast: Cast) -> None:
    document = actions.discard(sheet(cast), reason="客户取消", by=cast.agent, at=AT)

    assert document.voided_at == AT
    with refuses("document.signed"):
        actions.discard(signed(cast), reason="写错", by=cast.agent, at=AT)


# --- signing --------------------------------------------------------------------------------------------


def test_it_is_signed_in_the_order_of_the_flow_and_then_filed(cast: Cast) -> None:
    document = filed(cast)

    assert (document.state, document.closed_at) == ("filed", AT)
    given = [(one.field, one.name, one.person, one.post) for one in signatures_of(document)]
    assert given == [
        ("customer_signature", "王芳", cast.agent, ""),
        ("signature", "陈静", cast.agent, "agent"),
        ("approval", "赵敏", cast.supervisor, "supervisor"),
    ]


def test_the_wrong_post_is_refused_naming_who_may(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.move(signed(cast), "filed", by=cast.other_agent, at=AT, values={"approval": "刘洋"})

    assert refused.value.code == "flow.post"
    assert refused.value.facts["could"] == (str(cast.supervisor.pk),)
    assert "主管" in refused.value.zh
    assert Signature.objects.filter(field="approval").count() == 0


def test_nobody_signs_before_their_turn(cast: Cast) -> None:
    with refuses("flow.state"):
        actions.move(sheet(cast), "filed", by=cast.supervisor, at=AT, values={"approval": "赵敏"})


def test_a_signature_is_needed(cast: Cast) -> None:
    with refuses("flow.fill"):
        actions.move(sheet(cast), "signed", by=cast.agent, at=AT, values={"signature": "陈静"})


def test_a_signature_is_drawn_and_stands_on_the_paper(cast: Cast) -> None:
    drawn = {"signature": a_signature(), "customer_signature": a_signature()}
    document = actions.move(
        sheet(cast), "signed", by=cast.agent, at=AT, values={"customer_signature": "王芳"}, drawn=drawn
    )

    kept = Signature.objects.select_related("picture").get(field="signature")
    assert kept.picture is not None
    assert document.values["signature"] == "陈静", "drawn without a name: whoever is signed in"
    assert content(kept.picture) == drawn["signature"]
    with_pictures = pdf(papers_of([document], lang="zh", at=AT))
    kept.picture.path.unlink()
    assert with_pictures != pdf(papers_of([document], lang="zh", at=AT)), "the stroke stood on the paper"


def test_what_is_no_picture_is_no_signature(cast: Cast) -> None:
    from kefu.documents.signing import PREFIX, read_drawn

    for text in ("", PREFIX, PREFIX + "%%%", PREFIX + "aGVsbG8=", "x" * 400_000):
        with refuses("signature.unreadable"):
            read_drawn(text)


def test_who_signs_next_is_told_and_sees_it(cast: Cast) -> None:
    document = sheet(cast)
    assert not Notice.objects.exists()

    document = actions.move(document, "signed", by=cast.agent, at=AT, values=SIGNED)

    assert next_people(document, AT) == [cast.supervisor.pk]
    notice = Notice.objects.get(kind="document.to_sign")
    assert (notice.person, notice.data["number"]) == (cast.supervisor, document.number)


def test_after_signing_nothing_changes(cast: Cast) -> None:
    document = signed(cast)

    with refuses("document.signed"):
        actions.fill(document, {"opinion": "改一改"}, by=cast.agent, at=AT)
    with refuses("document.signed"):
        values = {"approval": "赵敏", "opinion": "顺手改一改"}
        actions.move(document, "filed", by=cast.supervisor, at=AT, values=values)
    assert document.values["opinion"] == "维修及时。"


def test_what_is_sent_back_is_signed_anew(cast: Cast) -> None:
    document = actions.move(
        signed(cast), "sent_back", by=cast.supervisor, at=AT, values={"remark": "补写意见"}
    )

    assert (document.state, document.values.get("signature")) == ("draft", None)
    with refuses("flow.fill"):
        actions.move(document, "signed", by=cast.agent, at=AT)
    actions.fill(document, {"opinion": "已补写"}, by=cast.agent, at=AT)
    actions.move(document, "signed", by=cast.agent, at=AT, values=SIGNED)
    assert len(signatures_of(document)) == 4, "who signed before stays on record"


# --- correcting -----------------------------------------------------------------------------------------


def test_a_correction_is_a_version_of_its_own_beside_the_old(cast: Cast) -> None:
    old = filed(cast)

    new = actions.correct(old, reason="日期写错", by=cast.agent, at=AT)

    assert (new.corrects, new.edition, new.state, new.because) == (old, 2, "draft", "日期写错")
    assert old.correction == new
    assert new.values["opinion"] == "维修及时。"
    assert new.values["parts"] == old.values["parts"]
    assert "signature" not in new.values
    old.refresh_from_db()
    assert old.values["signature"] == "陈静"
    assert kinds_of(old)[-1] == "document.corrected"


def test_a_version_is_corrected_once_and_only_when_it_is_filed(cast: Cast) -> None:
    with refuses("document.open"):
        actions.correct(signed(cast), reason="写错", by=cast.agent, at=AT)
    old = filed(cast)
    newer = actions.correct(old, reason="写错", by=cast.agent, at=AT)
    with pytest.raises(Refused, match=newer.number):
        actions.correct(old, reason="又错", by=cast.agent, at=AT)


# --- who sees it ----------------------------------------------------------------------------------------


def test_documents_are_seen_by_their_people_their_department_and_nobody_else(cast: Cast) -> None:
    document = sheet(cast)

    for person in (cast.agent, cast.supervisor, cast.manager, cast.owner):
        assert visible_document(person, document.number, AT) == document
    for person in (cast.stranger, cast.worker):
        with refuses("document.unknown"):
            visible_document(person, document.number, AT)


def test_whom_it_names_sees_it(cast: Cast) -> None:
    document = sheet(cast, visitor=str(cast.worker.pk))

    assert list(documents_visible_to(cast.worker, AT)) == [document]


# --- on paper -------------------------------------------------------------------------------------------


def test_a_document_on_paper_says_everything_that_is_in_it(cast: Cast) -> None:
    said = text_of(pdf(papers_of([filed(cast)], lang="zh", at=AT)))

    for words in ("上门回访单", "云庭物业 客服中心", "编号 VS20260924-0001", "客户姓名王芳", "满意度 满意"):
        assert words in said
    for words in (
        "维修及时。",
        "1 水龙头 35 2 70",
        "合计",
        "72 元",
        "客户签名 王芳",
        "客服主管 · 2026-09-24 10:00",
    ):
        assert words in said
    assert "138****5678" in said


def test_its_copies_are_printed_one_by_one(cast: Cast) -> None:
    pages = pages_of(pdf(papers_of([filed(cast)], lang="zh", at=AT, copies=True)))

    assert [f"第 {k} 联（共 3 联）" in page for k, page in enumerate(pages, start=1)] == [True] * 3


def test_the_empty_form_is_printed_to_be_filled_in_by_hand(cast: Cast) -> None:
    form = next(one for one in forms_for(cast.agent, AT) if one.kind.name == "visit_sheet")
    rulebook = sheet(cast).rulebook

    said = text_of(pdf([empty_paper(rulebook, form.kind, form.department, "zh")]))

    for words in ("上门回访单", "□ 满意", "□ 不满意", "品名", "客户签名"):
        assert words in said


def test_a_hundred_works_are_read_as_often_as_two(cast: Cast) -> None:
    works = [sheet(cast) for _ in range(8)]
    papers_of(works, lang="zh", at=AT)
    with CaptureQueriesContext(connection) as few:
        papers_of(works[:2], lang="zh", at=AT)
    with CaptureQueriesContext(connection) as many:
        papers_of(works, lang="zh", at=AT)
    assert len(many) == len(few)
