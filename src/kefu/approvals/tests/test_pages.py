"""The pages of approvals as people use them: asking, the list, deciding, completing."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from kefu.approvals import actions
from kefu.approvals.models import Approval
from kefu.approvals.printing import paper_of
from kefu.approvals.tests.desk import STEPS, Desk, desk
from kefu.core.ledger.models import Event
from kefu.documents.signing import PREFIX
from kefu.documents.tests.paperwork import a_signature
from kefu.staff.models import Person
from tests.cast import browse

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def here() -> Desk:
    return desk(STEPS)


def let_in(person: Person) -> Client:
    client = browse(Client(), person)
    client.cookies["django_language"] = "zh-hans"
    return client


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content[:500]
    return str(answer.content.decode())


def ask(here: Desk, amount: int) -> Approval:
    return here.ask(amount, at=timezone.now() - timedelta(minutes=5))


def test_whoever_asks_is_shown_who_has_to_agree_and_what_to_fill_in(here: Desk):
    page = page_of(let_in(here.clerk), "/approvals/ask/?kind=refund")

    for word in (
        "退款须经审批",
        "如金额 不多于 500：申请人的上级",
        "申请人的上级 → 出纳与审核 → 总监",
        "new.amount",
        "收据",
    ):
        assert word in page


def test_what_can_be_asked_for_stands_by_theme_with_its_rule(here: Desk):
    page = page_of(let_in(here.clerk), "/approvals/ask/")

    assert (
        page.index("退款</h3>")
        < page.index('href="/approvals/ask/?kind=refund"')
        < page.index("退款须经审批")
    )
    assert "new.amount" not in page
    assert "kind=refund" not in page_of(let_in(here.auditor), "/approvals/ask/")


def test_files_and_a_drawn_signature_come_with_it_and_whoever_sees_it_opens_them(here: Desk):
    files = [ContentFile(b"one", "one.txt"), ContentFile(a_signature(), "two.png")]
    typed: dict[str, object] = {
        "kind": "refund",
        "new.amount": "400",
        "new.reason": "重复扣款",
        "new.items": "一件",  # a name that mappings have for something else
        "new.consent.drawn": PREFIX + b64encode(a_signature()).decode(),
        "new.picture": files,
    }
    clerk = let_in(here.clerk)
    nameless = clerk.post("/approvals/ask/", typed)
    assert nameless.status_code == 422
    assert "客户签字" in nameless.content.decode()
    assert not Approval.objects.exists()

    for file in files:
        file.seek(0)
    url = clerk.post("/approvals/ask/", typed | {"new.consent": "王芳"}).headers["Location"]

    manager = let_in(here.manager)
    opened = re.findall(rf'src="({url}[^"]+)"|href="({url}files/[^"]+)"', page_of(manager, url))
    addresses = {one or other for one, other in opened}
    assert len(addresses) == 3
    for address in addresses:
        assert manager.get(address).status_code == 200
        assert let_in(here.stranger).get(address).status_code == 404
    manager.post(url + "move/", {"move": "returned", "reason": "金额不符"})
    page = page_of(clerk, url)
    assert "one.txt" in page
    assert 'name="resubmitted.consent" value=""' in page, "what is asked anew is signed anew"
    clerk.post(url + "move/", {"move": "resubmitted", "resubmitted.amount": "300"})
    approval = Approval.objects.get()
    assert (approval.state, approval.values.get("consent")) == ("asked", None)
    assert "one.txt" in page_of(manager, url), "files stay"


def test_asking_opens_it_and_a_slip_brings_back_what_was_typed(here: Desk):
    clerk = let_in(here.clerk)
    typed = {"kind": "refund", "new.amount": "abc", "new.reason": "重复扣款"}
    wrong = clerk.post("/approvals/ask/", typed)
    assert wrong.status_code == 422
    assert "重复扣款" in wrong.content.decode()
    assert not Approval.objects.exists()

    done = clerk.post("/approvals/ask/", typed | {"new.amount": "400"})

    approval = Approval.objects.get()
    assert done.headers["Location"] == f"/approvals/{approval.number}/"


def test_who_decides_reads_what_is_asked_the_chain_the_rule_and_like_cases(here: Desk):
    for amount in (450, 9000):
        old = ask(here, amount)
        for person in (here.manager, here.cashier, here.auditor, here.director)[: 1 if amount == 450 else 4]:
            old = actions.approve(old, by=person, at=timezone.now())
    actions.refuse(ask(here, 600), by=here.manager, at=timezone.now(), remark="不符")
    approval = ask(here, 501)

    page = page_of(let_in(here.manager), f"/approvals/{approval.number}/")

    for word in (
        "501 元",
        "重复扣款",
        "李强",
        "沈洁",
        "顾青",
        "退款须经审批",
        "相似情况",
        "1 件同意",
        "1 件不同意",
    ):
        assert word in page, word
    assert "2 件同意" not in page, "nine thousand is no like case"
    assert 'value="approved" data-key="a"' in page
    assert 'value="refused"' in page


def test_who_decides_is_not_asked_for_what_was_to_be_brought_along():
    here = desk("chain: [manager]", "needs: [{that: {consent: any}, say: {zh: 须有客户签字, en: unsigned}}]")
    approval = here.ask(400, at=timezone.now() - timedelta(minutes=5), consent="王芳")

    assert 'name="approved.consent"' not in page_of(let_in(here.manager), f"/approvals/{approval.number}/")


def test_somebody_whose_turn_it_is_not_sees_no_buttons(here: Desk):
    approval = ask(here, 501)

    page = page_of(let_in(here.director), f"/approvals/{approval.number}/")

    assert 'value="approved"' not in page
    assert "撤回" not in page


def test_a_masked_number_is_shown_for_a_reason_and_the_look_is_on_record(here: Desk):
    approval = here.ask(501, at=timezone.now() - timedelta(minutes=5), telephone="13812345678")
    url, why = f"/approvals/{approval.number}/", {"field": "telephone", "reason": "核对"}
    assert "138****5678" in page_of(let_in(here.manager), url)

    for person in (here.clerk, here.manager):
        assert "13812345678" in let_in(person).post(url + "reveal/", why).content.decode()
        assert "13812345678" not in page_of(let_in(person), url), "on that answer alone"
    assert "13812345678" not in let_in(here.director).post(url + "reveal/", why).content.decode()

    told = Event.objects.filter(kind="approval.revealed").values_list("actor", "data__field")
    assert list(told) == [(f"person:{one.pk}", "telephone") for one in (here.clerk, here.manager)]


def test_a_return_without_a_remark_stays_on_the_page_and_with_one_goes_back(here: Desk):
    approval = ask(here, 400)
    manager, url = let_in(here.manager), f"/approvals/{approval.number}/"

    refused = manager.post(url + "move/", {"move": "returned", "revision": "1"})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    manager.post(
        url + "move/", {"move": "returned", "reason": "请附收据", "revision": str(approval.revision)}
    )

    page = page_of(let_in(here.clerk), url)
    assert "请附收据" in page
    assert 'name="resubmitted.receipt"' in page
    again = {"move": "resubmitted", "resubmitted.amount": "300", "resubmitted.receipt": "kept"}
    let_in(here.clerk).post(url + "move/", again | {"revision": str(Approval.objects.get().revision)})

    approval = Approval.objects.get()
    assert (approval.state, str(approval.values["amount"]), approval.values["receipt"]) == (
        "asked",
        "300",
        "kept",
    )
    assert "重复扣款" in str(approval.values["reason"]), "what was not sent stays"


def test_the_list_holds_what_waits_and_counts_it_in_the_menu(here: Desk):
    waits, mine = ask(here, 400), ask(here, 500)
    manager = let_in(here.manager)

    page = page_of(manager, "/approvals/")
    assert waits.number in page
    assert mine.number in page
    assert "400 元 · 重复扣款" in page
    page = page_of(let_in(here.director), "/approvals/")
    assert "没有等您审批的事项" in page
    assert waits.number in page_of(let_in(here.clerk), "/approvals/?list=mine")
    assert waits.number not in page_of(let_in(here.stranger), "/approvals/?list=all")


def test_what_one_may_not_see_is_unknown(here: Desk):
    approval = ask(here, 400)

    assert let_in(here.stranger).get(f"/approvals/{approval.number}/").status_code == 404
    assert (
        let_in(here.stranger).post(f"/approvals/{approval.number}/move/", {"move": "approved"}).status_code
        == 404
    )


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(
    here: Desk, django_assert_max_num_queries
):
    manager = let_in(here.manager)
    for _ in range(12):
        ask(here, 400)
    with django_assert_max_num_queries(26):
        page_of(manager, "/approvals/")


def test_it_prints_with_everybody_who_signed(here: Desk):
    approval = ask(here, 501)
    approval = actions.approve(approval, by=here.manager, at=timezone.now(), remark="情况属实")

    paper = paper_of(approval, lang="zh", at=timezone.now())
    assert [one.title for one in paper.signatures] == ["客户签字", "申请人的上级", "出纳", "审核", "总监"]
    assert paper.signatures[1].name == "李强"
    assert paper.signatures[1].said.startswith("同意 · 情况属实 · ")
    assert paper.signatures[2].name == ""
    printed = let_in(here.manager).get(f"/approvals/{approval.number}/paper/")
    assert printed.content.startswith(b"%PDF")
