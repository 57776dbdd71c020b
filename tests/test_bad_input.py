"""What cannot be is answered: what is wrong and what to do, in both languages, by code. Nothing is half done.

One table for pages and one for the API. `{…}` stands for the number of a case or an id, see `places`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kefu.api.tests.calling import REPAIR, Program
from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import complaint, desk_of, page_of, repair
from kefu.core.ledger.models import Event
from kefu.customers import actions as customers
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
MEGABYTE = "长" * 350_000
CALL = {
    "kind": "repair",
    "subject": "水管滴水",
    "body": "水槽下面",
    "channel": "telephone",
    "new.surname": "王",
}
KNOWN = {**CALL, "caller": "13812345678"}
ACCEPT = {"move": "accepted", "accepted.fault": "dripping_tap", "accepted.size": "small"}
HTML = b"<html><script>alert(1)</script></html>"
BOOKKEEPING = ("jobs", "once", "sessions", "search")  # not what anybody would call done


@pytest.fixture
def places(cast: Cast) -> dict[str, object]:
    """Whatever the tables name: ours, taken by a colleague, and everything of another department."""
    at = timezone.now()
    theirs = actions.register("enquiry", department=cast.sales, by=cast.stranger, at=at, subject="外部询价")
    customer = customers.add_customer(cast.sales, kind="natural", name="外部客户", by=cast.stranger, at=at)
    taken = actions.take(repair(cast), by=cast.other_agent, at=at)
    returned = actions.move(
        complaint(cast),
        "returned",
        by=cast.engineering_supervisor,
        at=at,
        values={"return_reason": "非本部门"},
    )
    return {
        "ours": repair(cast).number,
        "taken": taken.number,
        "returned": returned.number,
        "theirs": theirs.number,
        "customer": customer.pk,
        "customer_number": customer.number,
        "sales": cast.sales.pk,
        "stranger": cast.stranger.pk,
    }


def rows() -> dict[str, int]:
    """How much there is of everything, the ledger included."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in BOOKKEEPING
    }


def put_in(value: Any, places: dict[str, object]) -> Any:
    if isinstance(value, dict):
        return {name: put_in(one, places) for name, one in value.items()}
    return value.format(**places) if isinstance(value, str) and "{" in value else value


# who, address, form, status, code, Chinese, English
PAGES: list[tuple[str, str, dict[str, Any], int, str, str, str]] = [
    ("agent", "register/", {**CALL, "subject": MEGABYTE}, 422, "line.too_long",
     "「主题」有 350000 个字，最多 200 个，请缩短", "“subject” has 350000 characters, at most 200"),
    ("agent", "register/", {**CALL, "subject": " "}, 422, "line.missing", "请填写「主题」", "fill in “subject”"),
    ("agent", "register/", {**CALL, "customer": "new", "name": "𠮷野", "caller": "1381234abcd"}, 422,
     "phone.letters", "中有字母或汉字，请只写数字", "contains letters; write digits only"),
    ("agent", "register/", {**KNOWN, "new.promised_at": "2026-02-30T10:00"}, 422, "form.invalid",
     "承诺完成时间：「2026-02-30T10:00」不是时间（例：", "promised completion: “2026-02-30T10:00” is not a time"),
    ("agent", "register/", {**CALL, "new.surname": ""}, 422, "form.missing", "请填写此项", "please fill this in"),
    ("agent", "register/", {**KNOWN, "customer": "{customer}"}, 422, "customer.unknown",
     "没有这个客户，请重新查找", "no such customer; search again"),
    ("agent", "register/", {**KNOWN, "kind": "salary"}, 422, "work.unknown_kind", "制度中没有「salary」", "no kind"),
    ("agent", "{ours}/fill/", {"fill.telephone": "138l2345678"}, 422, "form.invalid",
     "联系电话：电话「138l2345678」中有字母", "telephone: The phone number “138l2345678” contains letters"),
    ("agent", "{ours}/move/", {"move": "accepted", "accepted.size": "small"}, 422, "flow.fill",
     "前要先填写：", "asks for:"),
    ("agent", "{ours}/move/", {"move": "teleported"}, 422, "flow.unknown_move", "", ""),
    ("manager", "{ours}/move/", ACCEPT, 403, "flow.post", "由值班员或接待人员办理", "duty operator"),
    ("agent", "{returned}/move/", {"move": "dispatched", "dispatched.handling_department": "{sales}"}, 422,
     "form.invalid", "没有这一项，请从列表中选择", "no such entry; choose one from the list"),
    ("agent", "{taken}/take/", {}, 409, "case.taken", "刘洋", "刘洋"),
    ("supervisor", "{ours}/assign/", {"to": "{stranger}"}, 422, "case.not_visible_to", "", ""),
    ("supervisor", "{ours}/assign/", {"to": "999999"}, 422, "person.unknown", "", ""),
    ("agent", "{ours}/link/", {"other": "{theirs}", "kind": "same"}, 422, "case.unknown", "", ""),
    ("agent", "{ours}/customer/", {"customer": "{customer}"}, 422, "customer.unknown", "没有这个客户", "no such"),
    ("agent", "{ours}/message/", {"public": "0", "body": "请看照片", "files": HTML}, 422,
     "file.not_what_it_says", "", ""),
    ("agent", "{theirs}/message/", {"public": "0", "body": "看得到吗"}, 404, "", "", ""),
    ("agent", "{theirs}/take/", {}, 404, "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("who, address, form, status, code, zh, en", PAGES)
def test_a_page_says_what_is_wrong_and_keeps_what_was_typed(
    cast: Cast,
    places: dict[str, object],
    who: str,
    address: str,
    form: dict[str, Any],
    status: int,
    code: str,
    zh: str,
    en: str,
) -> None:
    person, typed = getattr(cast, who), put_in(form, places)
    desk = desk_of(person)
    before, told = rows(), []
    for language in ("zh-hans", "en"):
        person.language = language
        person.save()
        sent = {k: SimpleUploadedFile("现场.png", v) if isinstance(v, bytes) else v for k, v in typed.items()}
        answer = desk.post("/cases/" + address.format(**places), sent)
        assert answer.status_code == status
        told.append(page_of(answer))

    assert rows() == before
    for page, words in zip(told, (zh, en), strict=True):
        assert code in page
        assert words in page
        assert "外部" not in page
        for name in ("subject", "body", "caller", "fill.telephone", "other", "new.promised_at"):
            kept = typed.get(name)
            assert not kept or status == 404 or kept in page, name


# who, method, path, body, status, code
API: list[tuple[str, str, str, Any, int, str]] = [
    ("agent", "POST", "/cases", {**REPAIR, "subject": MEGABYTE}, 422, "line.too_long"),
    ("agent", "POST", "/cases", {**REPAIR, "values": {"promised_at": "2026-02-30 10:00"}}, 422, "form.invalid"),
    ("agent", "POST", "/cases", {**REPAIR, "values": {"telephone": "1381234abcd"}}, 422, "form.invalid"),
    ("agent", "POST", "/cases", {**REPAIR, "values": {"surname": "王"}}, 422, "form.missing"),
    ("agent", "POST", "/cases", {**REPAIR, "values": {"colour": "red"}}, 422, "form.invalid"),
    ("agent", "POST", "/cases", {**REPAIR, "owner": 1}, 422, "request.invalid"),
    ("agent", "POST", "/cases", {**REPAIR, "customer": "{customer_number}"}, 404, "customer.unknown"),
    ("agent", "POST", "/cases", {**REPAIR, "department": "sales"}, 422, "request.invalid"),
    ("agent", "GET", "/cases?sort=owner__password", None, 422, "request.invalid"),
    ("agent", "GET", "/cases?owner=owner__password", None, 422, "list.filter"),
    ("agent", "GET", "/cases/{theirs}", None, 404, "case.unknown"),
    ("agent", "POST", "/cases/{theirs}/messages", {"body": "看得到吗"}, 404, "case.unknown"),
    ("agent", "POST", "/cases/{ours}/links", {"other": "{theirs}", "kind": "same"}, 404, "case.unknown"),
    ("agent", "POST", "/cases/{ours}/customer", {"customer": "{customer_number}"}, 404, "customer.unknown"),
    ("agent", "POST", "/cases/{taken}/take", {}, 409, "case.taken"),
    ("manager", "POST", "/cases/{ours}/moves", {"move": "accepted"}, 403, "flow.post"),
    ("agent", "POST", "/cases/{ours}/moves", {"move": "accepted"}, 422, "flow.fill"),
    ("supervisor", "POST", "/cases/{ours}/assign", {"person": 999999}, 404, "person.unknown"),
]  # fmt: skip


@pytest.mark.parametrize("who, method, path, body, status, code", API)
def test_the_api_refuses_by_code_in_both_languages(
    cast: Cast,
    places: dict[str, object],
    who: str,
    method: str,
    path: str,
    body: Any,
    status: int,
    code: str,
) -> None:
    key = Program(getattr(cast, who))
    before, told = rows(), []
    for language in ("zh-hans", "en"):
        refused = key.ask(method, path.format(**places), put_in(body, places), Accept_Language=language)
        assert (refused.status, refused.code) == (status, code), refused.json
        told.append(refused.json["detail"])

    assert rows() == before
    assert told[0] != told[1]
    assert any("\u4e00" <= char <= "\u9fff" for char in told[0])
    assert "外部" not in json.dumps(told, ensure_ascii=False)


def test_a_list_is_not_sorted_by_what_it_does_not_show(cast: Cast) -> None:
    desk = desk_of(cast.owner)

    for address in ("/cases/?sort=owner__password", "/cases/?list=all&sort=-owner__password"):
        answer = desk.get(address)
        assert answer.status_code == 400, address
        assert "list.sort" in page_of(answer)


def test_the_same_create_sent_twice_makes_one(cast: Cast) -> None:
    key, desk = Program(cast.agent), desk_of(cast.agent)
    form = {**KNOWN, "token": "the-same", "customer": "new", "name": "𠮷野𰻞"}

    answers = [key.post("/cases", REPAIR, Idempotency_Key="一次".encode().hex()) for _ in range(2)]
    pages = [desk.post("/cases/register/", form) for _ in range(2)]

    assert answers[0].json["number"] == answers[1].json["number"]
    assert pages[0]["Location"] == pages[1]["Location"]
    assert Case.objects.count() == Event.objects.filter(kind="case.opened").count() == 2
    named = Case.objects.latest("id").customer
    assert named is not None
    assert named.name == "𠮷野𰻞"


def test_who_is_not_signed_in_changes_nothing(cast: Cast, places: dict[str, object]) -> None:
    before = rows()

    answer = Client().post("/cases/{ours}/take/".format(**places))

    assert answer.status_code == 302
    assert rows() == before
