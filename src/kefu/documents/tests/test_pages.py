"""Pages of documents and registers: filled in, refused with what was typed, signed, corrected, printed."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kefu.cases.tests.desk import complaint, desk_of, household, page_of, repair, token_in
from kefu.core.jobs.models import Job
from kefu.documents import actions
from kefu.documents.models import Document, Draft, Signature
from kefu.documents.signing import PREFIX
from kefu.documents.tests.paperwork import SIGNED, VISIT, a_signature, filed, named, sheet, with_forms
from tests.cast import Cast
from tests.printed import pages_of, text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def forms(cast: Cast) -> None:
    with_forms(cast, timezone.now() - timedelta(days=1))


def new(cast: Cast, kind: str = "visit_sheet", origin: str = "") -> str:
    return f"/documents/new/{cast.service_centre.pk}/{kind}/{origin}"


def typed(**more: str) -> dict[str, str]:
    return {
        "fill.customer_name": "王芳",
        "fill.satisfied": "yes",
        "fill.opinion": "维修及时。",
        "fill.parts.lines": "3",
        "fill.parts.0.thing": "水龙头",
        "fill.parts.0.price": "35",
        "fill.parts.0.pieces": "2",
        **more,
    }


def now(cast: Cast, **more: object) -> Document:
    return sheet(cast, timezone.now(), **more)


# --- choosing -------------------------------------------------------------------------------------------


def test_the_forms_one_may_fill_in_stand_in_one_list(cast: Cast) -> None:
    page = page_of(desk_of(cast.agent).get("/documents/"))
    assert new(cast) in page
    assert "上门回访单" in page
    assert "没有待办事项" in page

    found = page_of(desk_of(cast.agent).get("/documents/?q=回访单"))
    assert "上门回访单" in found
    assert "情况说明" not in found
    assert new(cast) not in page_of(desk_of(cast.manager).get("/documents/"))


def test_what_waits_for_somebody_stands_first(cast: Cast) -> None:
    document = actions.move(now(cast), "signed", by=cast.agent, at=timezone.now(), values=SIGNED)

    assert document.number in page_of(desk_of(cast.supervisor).get("/documents/"))
    assert document.number in page_of(desk_of(cast.agent).get("/documents/?tab=mine"))
    assert document.number not in page_of(desk_of(cast.stranger).get("/documents/?tab=all"))


# --- filling in -----------------------------------------------------------------------------------------


def test_a_form_for_a_case_shows_what_the_case_knows(cast: Cast) -> None:
    customer, _ = household(cast)
    case = repair(cast, customer=customer)

    page = page_of(desk_of(cast.agent).get(new(cast, origin=f"case/{case.pk}/")))

    assert f'value="{case.number}"' not in page  # a text field, which holds it between its tags
    assert f">{case.number}</textarea>" in page
    assert f'value="王芳 {customer.number}"' in page
    assert "138****5678" in page
    assert "13812345678" not in page


def test_what_the_page_knew_masked_is_kept_in_full(cast: Cast) -> None:
    case = repair(cast)
    given = typed(**{"fill.telephone": "138****5678", "do": "save"})

    answer = desk_of(cast.agent).post(new(cast, origin=f"case/{case.pk}/"), given)

    document = Document.objects.get()
    assert answer["Location"] == f"/documents/{document.number}/"
    assert document.values["telephone"] == "13812345678"
    assert (document.parent_kind, document.parent_id) == ("case", case.pk)


def test_it_is_begun_and_signed_at_once(cast: Cast) -> None:
    drawn = PREFIX + base64.b64encode(a_signature()).decode()
    given = typed(
        **{
            "do": "signed",
            "signed.customer_signature": "王芳",
            "signed.signature": "",
            "signed.signature.drawn": drawn,
        }
    )

    desk_of(cast.agent).post(new(cast), given)

    document = Document.objects.get()
    assert (document.state, document.values["signature"]) == ("signed", "陈静")
    page = page_of(desk_of(cast.supervisor).get(f"/documents/{document.number}/"))
    kept = Signature.objects.get(field="signature")
    address = f"/documents/{document.number}/signatures/{kept.pk}/"
    assert address in page
    answer = desk_of(cast.supervisor).get(address)
    assert (answer["Content-Type"], answer.content) == ("image/png", a_signature())
    assert desk_of(cast.stranger).get(address).status_code == 404


def test_a_refusal_comes_back_with_what_was_typed_and_nothing_is_kept(cast: Cast) -> None:
    answer = desk_of(cast.agent).post(new(cast), typed(**{"fill.total": "99", "do": "save"}))

    page = page_of(answer)
    assert answer.status_code == 422
    assert "填写的是 99，按其他栏目算出的是 70" in page
    assert "维修及时。" in page
    assert not Document.objects.exists()


def test_what_is_missing_is_said_at_its_field(cast: Cast) -> None:
    answer = desk_of(cast.agent).post(new(cast), typed(**{"fill.customer_name": "", "do": "signed"}))

    assert answer.status_code == 422
    assert "请填写：客户姓名" in page_of(answer)
    assert not Document.objects.exists(), "a form that is refused leaves nothing behind"


def test_a_customer_is_named_by_number_or_by_what_only_one_has(cast: Cast) -> None:
    customer, _ = household(cast)
    for text in (customer.number, f"王芳 {customer.number}", "王芳", "13812345678"):
        desk_of(cast.agent).post(new(cast), typed(**{"fill.customer": text, "do": "save"}))
        assert Document.objects.latest("pk").values["customer"] == customer.ref
        assert Document.objects.latest("pk").values["customer_phone"] == "138 1234 5678"

    answer = desk_of(cast.agent).post(new(cast), typed(**{"fill.customer": "KH999999", "do": "save"}))
    assert "没有找到「KH999999」" in page_of(answer)


def test_one_more_line_keeps_what_was_typed(cast: Cast) -> None:
    answer = desk_of(cast.agent).post(new(cast), typed(add_line="fill.parts"))

    assert 'name="fill.parts.3.thing"' in page_of(answer)
    assert "水龙头" in page_of(answer)
    assert not Document.objects.exists()


def test_the_same_form_sent_twice_is_one_document(cast: Cast) -> None:
    desk = desk_of(cast.agent)
    given = typed(do="save", token=token_in(page_of(desk.get(new(cast)))))
    first, second = desk.post(new(cast), given), desk.post(new(cast), given)

    assert first["Location"] == second["Location"]
    assert Document.objects.count() == 1


def test_a_draft_is_written_on_and_its_own_page_is_the_form(cast: Cast) -> None:
    document = now(cast)
    desk = desk_of(cast.agent)
    page = page_of(desk.get(f"/documents/{document.number}/"))
    assert 'name="fill.opinion"' in page
    assert 'name="fill.opinion"' not in page_of(
        desk_of(cast.supervisor).get(f"/documents/{document.number}/")
    )

    given = typed(**{"fill.opinion": "很满意", "do": "save", "revision": str(document.revision)})
    desk.post(f"/documents/{document.number}/write/", given)

    document.refresh_from_db()
    assert document.values["opinion"] == "很满意"
    late = desk.post(f"/documents/{document.number}/write/", given)
    assert late.status_code == 409
    assert "很满意" in page_of(late)


def test_a_form_that_is_not_ones_own_is_unknown(cast: Cast) -> None:
    for desk, path in (
        (cast.manager, new(cast)),
        (cast.agent, new(cast, "salaries")),
        (cast.stranger, new(cast)),
        (cast.agent, new(cast, origin="case/999/")),
        (cast.agent, new(cast, origin="person/1/")),
    ):
        assert desk_of(desk).get(path).status_code == 404
        assert desk_of(desk).post(path, typed()).status_code == 404


def test_a_file_of_a_field_is_kept_shown_and_printed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VISIT["fields"], "photos", named("现场照片", "photos", "file", many="true"))
    with_forms(cast, timezone.now())
    photo = SimpleUploadedFile("现场.png", a_signature(), "image/png")
    note = SimpleUploadedFile("说明.txt", "见照片".encode())

    desk_of(cast.agent).post(new(cast), {**typed(do="save"), "fill.photos": [photo, note]})

    document = Document.objects.get()
    desk_of(cast.agent).post(f"/documents/{document.number}/write/", {**typed(do="signed"), **_signed()})
    page = page_of(desk_of(cast.supervisor).get(f"/documents/{document.number}/"))
    photos: Any = document.values["photos"]
    assert f"/documents/{document.number}/files/{photos[0].id}/" in page
    assert "说明.txt" in page
    text = desk_of(cast.supervisor).get(f"/documents/{document.number}/files/{photos[1].id}/")
    assert text["Content-Disposition"].startswith("attachment")
    assert "说明.txt" in text_of(desk_of(cast.supervisor).get(f"/documents/{document.number}/paper/").content)


def _signed() -> dict[str, str]:
    return {f"signed.{name}": str(value) for name, value in SIGNED.items()}


# --- signing, correcting, printing ----------------------------------------------------------------------


def test_the_supervisor_signs_and_files_it(cast: Cast) -> None:
    document = actions.move(now(cast), "signed", by=cast.agent, at=timezone.now(), values=SIGNED)
    desk = desk_of(cast.supervisor)
    assert 'name="filed.approval.drawn"' in page_of(desk.get(f"/documents/{document.number}/"))

    desk.post(f"/documents/{document.number}/move/", {"move": "filed", "filed.approval": "赵敏"})

    document.refresh_from_db()
    assert document.state == "filed"
    barred = desk_of(cast.agent).post(f"/documents/{document.number}/move/", {"move": "filed"})
    assert barred.status_code in (403, 409, 422)


def test_a_signature_drawn_on_a_case_is_kept_and_printed_too(cast: Cast) -> None:
    case, desk = complaint(cast), desk_of(cast.engineering_supervisor)
    drawn = PREFIX + base64.b64encode(a_signature()).decode()
    desk.post(f"/cases/{case.number}/move/", {"move": "taken_on"})

    given = {"move": "resolved", "resolved.result": "已修好", "resolved.department_signature.drawn": drawn}
    desk.post(f"/cases/{case.number}/move/", given)

    kept = Signature.objects.get()
    assert (kept.work_kind, kept.work_id, kept.field) == ("case", case.pk, "department_signature")
    assert (kept.name, kept.post) == ("周涛", "engineering_supervisor")
    case.refresh_from_db()
    assert case.values["department_signature"] == "周涛"
    paper = desk.get(f"/documents/papers/case/{case.number}/")
    assert "周涛 · " in text_of(paper.content)
    assert desk_of(cast.stranger).get(f"/documents/papers/case/{case.number}/").status_code == 404
    assert desk.get(f"/documents/papers/person/{case.number}/").status_code == 404


def test_a_filed_document_is_corrected_by_a_version_beside_it(cast: Cast) -> None:
    old = filed(cast, timezone.now())
    desk = desk_of(cast.agent)

    desk.post(f"/documents/{old.number}/correct/", {"reason": "日期写错"})

    new_ = Document.objects.get(corrects=old)
    assert f"/documents/{new_.number}/" in page_of(desk.get(f"/documents/{old.number}/"))
    assert "日期写错" in page_of(desk.get(f"/documents/{new_.number}/"))
    assert desk.post(f"/documents/{old.number}/correct/", {"reason": "又错"}).status_code in (409, 422)


def test_a_draft_is_given_up(cast: Cast) -> None:
    document = now(cast)

    desk_of(cast.agent).post(f"/documents/{document.number}/discard/", {"reason": "客户取消"})

    assert "客户取消" in page_of(desk_of(cast.agent).get(f"/documents/{document.number}/"))


def test_documents_are_printed_one_in_copies_and_many_together(cast: Cast) -> None:
    one, other = now(cast), now(cast)
    desk = desk_of(cast.agent)

    assert len(pages_of(desk.get(f"/documents/{one.number}/paper/").content)) == 1
    assert len(pages_of(desk.get(f"/documents/{one.number}/paper/?copies=1").content)) == 3
    both = desk.get(f"/documents/papers/?n={one.number}&n={other.number}")
    assert [one.number in page for page in pages_of(both.content)] == [True, False]
    assert desk_of(cast.stranger).get(f"/documents/papers/?n={one.number}").status_code == 404
    assert desk.get("/documents/papers/").status_code == 404
    assert desk.get("/documents/papers/?" + "&".join(f"n={n}" for n in range(101))).status_code == 422


def test_the_empty_form_can_be_printed(cast: Cast) -> None:
    answer = desk_of(cast.agent).get(f"/documents/empty/{cast.service_centre.pk}/visit_sheet/")
    assert "□ 满意" in text_of(answer.content)


def test_what_is_typed_and_not_sent_is_kept_for_each_case_by_itself(cast: Cast) -> None:
    desk, case = desk_of(cast.agent), repair(cast)
    place = new(cast, origin=f"case/{case.pk}/")
    Draft.objects.create(
        person=cast.agent,
        place=place,
        forms={"write": {"fill.opinion": ["写到一半"]}},
        version="x",
        saved_at=timezone.now(),
    )

    kept = json.dumps("写到一半")[1:-1]  # as the page's script of data writes it
    assert kept in page_of(desk.get(place))
    assert kept not in page_of(desk.get(new(cast)))
    desk.post(place, typed(do="save", draft="x"))
    assert not Draft.objects.exists()


# --- registers ------------------------------------------------------------------------------------------


def test_registers_stand_in_a_list_and_open(cast: Cast) -> None:
    document = filed(cast, timezone.now())
    desk = desk_of(cast.manager)
    assert "/registers/property/visits/" in page_of(desk.get("/registers/"))
    assert "上门回访登记表" not in page_of(desk.get("/registers/?q=统计"))

    page = page_of(desk.get("/registers/property/visits/"))

    for said in (document.number, "138****5678", "合计金额", "72 元"):
        assert said in page
    assert "13812345678" not in page
    assert document.number not in page_of(
        desk.get("/registers/property/visits/?from=2020-01-01&to=2020-01-31")
    )
    assert "100.0%" in page_of(desk.get("/registers/property/visit_results/"))
    assert desk_of(cast.stranger).get("/registers/property/visits/").status_code == 404


def test_a_register_is_printed_and_exported(cast: Cast) -> None:
    document = filed(cast, timezone.now())
    desk = desk_of(cast.manager)

    assert document.number in text_of(desk.get("/registers/property/visits/paper/").content)
    answer = desk.post("/registers/property/visits/export/", {"from": "", "to": "", "department": ""})

    job = Job.objects.get(handler="documents.export_register")
    assert answer["Location"] == f"/long-work/{job.pk}/"
    assert desk_of(cast.stranger).post("/registers/property/visits/export/").status_code == 404


def test_the_story_of_a_paper_tells_what_changed_and_does_not_repeat_what_it_says(cast: Cast) -> None:
    document = sheet(cast, timezone.now() - timedelta(hours=2), visited_on="2026-09-22")
    document = actions.fill(document, {"visited_on": "2026-09-23"}, by=cast.agent, at=timezone.now())

    page = page_of(desk_of(cast.agent).get(f"/documents/{document.number}/"))
    story = page[page.index('id="story"') :]

    assert "回访日期：2026-09-22" in story, "it was so, and is no more"
    assert "回访日期：2026-09-23" in story
    assert "满意度" not in story
