"""A chain from the asking to the last signature: whose turn it is, who was quicker, who is asked instead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.approvals import actions
from kefu.approvals.keeping import refresh_all
from kefu.approvals.models import Approval, Decision
from kefu.approvals.queries import approvals_visible_to, waiting_for
from kefu.approvals.tests.desk import AT, STEPS, desk, turn
from kefu.core.clocks.sweep import sweep
from kefu.core.clocks.verify import differences
from kefu.core.errors import Refused
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.models import Event
from kefu.staff.actions import end_post, give_post, leave_company, set_stand_in
from kefu.staff.models import Notice, Person, PostHolding
from tests.cast import refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
LATER = AT + timedelta(hours=1)


def verbs(approval: Approval) -> list[str]:
    found = Event.objects.filter(subject_kind="approval", subject_id=str(approval.pk)).order_by("seq")
    return [event.data.get("name", event.kind) for event in found if event.kind != "notice.sent"]


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_a_small_refund_is_the_leaders_word():
    here = desk()
    approval = here.ask(500)
    assert turn(approval) == ["李强"]
    assert told(here.manager) == ["approvals.asked"]

    approval = actions.approve(approval, by=here.manager, at=LATER)

    assert (approval.state, approval.closed_at) == ("approved", LATER)
    assert told(here.clerk) == ["approvals.approved"]
    assert verbs(approval) == ["opened", "set", "approved"]


def test_a_large_one_goes_from_link_to_link_and_two_sign_together_in_any_order():
    here = desk()
    approval = here.ask(501)
    with refuses("approval.not_yet"):
        actions.approve(approval, by=here.director, at=LATER)

    approval = actions.approve(approval, by=here.manager, at=LATER)
    assert turn(approval) == ["沈洁", "钱敏"]
    approval = actions.approve(approval, by=here.auditor, at=LATER)
    assert turn(approval) == ["钱敏"]
    approval = actions.approve(approval, by=here.cashier, at=LATER)
    assert turn(approval) == ["顾青"]
    approval = actions.approve(approval, by=here.director, at=LATER, remark="同意")

    assert approval.state == "approved"
    assert list(Decision.objects.values_list("person__name", flat=True)) == ["李强", "沈洁", "钱敏", "顾青"]
    assert Decision.objects.last().remark == "同意"
    assert "同意" not in str([event.data for event in Event.objects.all()]), (
        "free text stays out of the ledger"
    )


def test_whoever_asks_does_not_agree_for_themselves_and_signs_once():
    here = desk("chain: [manager, director, leader of author]")
    approval = here.ask(by=here.manager)
    assert turn(approval) == ["顾青"], "the manager's own link passes to the next level"

    approval = actions.approve(approval, by=here.director, at=LATER)

    assert approval.state == "approved", "the director was named three times and signed once"


def test_a_chain_that_comes_back_to_whoever_asks_is_refused_when_it_is_asked():
    here = desk()
    with pytest.raises(Refused) as refused:
        here.ask(by=here.director)

    assert refused.value.code == "approval.to_oneself"
    assert "回到您自己" in refused.value.zh
    assert not Approval.objects.exists()


def test_two_approvers_at_once_one_wins_and_the_other_is_told_who():
    here = desk("chain: [clerk, director]")
    give_post(here.auditor, post="clerk", department=here.department, by=SYSTEM, at=AT)
    approval = here.ask(by=here.cashier)
    assert turn(approval) == ["沈洁", "陈静"]
    actions.approve(approval, by=here.clerk, at=LATER)

    with pytest.raises(Refused) as refused:
        actions.approve(approval, by=here.auditor, at=LATER)

    assert refused.value.code == "approval.signed_by_other"
    assert "陈静" in refused.value.zh
    assert "顾青" in refused.value.zh


def test_who_decides_changes_nothing_of_what_was_asked_for():
    here = desk()
    approval = here.ask()

    with refuses("approval.not_theirs"):
        actions.approve(approval, by=here.manager, at=LATER, values={"amount": "4000"})

    assert not Decision.objects.exists()


def test_a_long_remark_is_refused_and_an_unstorable_one_kept_without_its_nul():
    here = desk()
    with refuses("line.too_long"):
        actions.refuse(here.ask(), by=here.manager, at=LATER, remark="长" * 2001)

    actions.refuse(here.ask(), by=here.manager, at=LATER, remark="收据\x00不全")

    assert Decision.objects.get().remark == "收据不全"


def test_what_was_decided_is_decided():
    here = desk()
    approval = here.ask()
    actions.refuse(approval, by=here.manager, at=LATER, remark="收据不全")

    with pytest.raises(Refused) as refused:
        actions.approve(approval, by=here.manager, at=LATER)

    assert refused.value.code == "approval.decided"
    assert "李强" in refused.value.zh
    assert told(here.clerk) == ["approvals.refused"]


def test_a_no_and_a_return_want_a_reason_and_an_outsider_decides_nothing():
    here = desk()
    approval = here.ask()
    with refuses("approval.remark"):
        actions.refuse(approval, by=here.manager, at=LATER, remark=" ")
    with refuses("approval.not_yours"):
        actions.approve(approval, by=here.stranger, at=LATER)
    assert not Decision.objects.exists()


def test_what_came_back_is_completed_and_the_chain_begins_anew():
    here = desk()
    approval = here.ask(501)
    actions.approve(approval, by=here.manager, at=LATER)
    approval = actions.send_back(approval, by=here.auditor, at=LATER, remark="请附收据")
    assert (approval.state, approval.owner, turn(approval)) == ("returned", here.clerk, [])
    assert list(waiting_for(here.clerk, LATER)) == [approval]
    assert told(here.clerk) == ["approvals.returned"]

    approval = actions.resubmit(approval, by=here.clerk, at=LATER, values={"receipt": "kept"})

    assert (approval.state, approval.round, turn(approval)) == ("asked", 2, ["李强"])
    actions.approve(approval, by=here.manager, at=LATER)
    with refuses("approval.returned_before"):
        actions.send_back(approval, by=here.auditor, at=LATER, remark="再补")


def test_what_came_back_is_not_asked_again_where_nobody_can_agree():
    here = desk("chain: [director]")
    approval = actions.send_back(here.ask(), by=here.director, at=AT, remark="请附收据")
    end_post(PostHolding.objects.get(person=here.director), by=SYSTEM, at=LATER)

    with refuses("approval.nobody"):
        actions.resubmit(approval, by=here.clerk, at=LATER)

    approval.refresh_from_db()
    assert approval.state == "returned"


def test_who_saw_it_before_it_was_changed_reads_it_first():
    here = desk()
    approval = here.ask()
    seen = approval.revision
    actions.send_back(approval, by=here.manager, at=LATER, remark="金额不对")
    actions.resubmit(approval, by=here.clerk, at=LATER, values={"amount": "300"})

    with refuses("work.changed"):
        actions.approve(approval, by=here.manager, at=LATER, revision=seen)


def test_whoever_asked_may_ask_no_longer_and_nobody_else_may_say_so():
    here = desk()
    approval = here.ask()
    with refuses("flow.post"):
        actions.withdraw(approval, by=here.manager, at=LATER)

    approval = actions.withdraw(approval, by=here.clerk, at=LATER, reason="客户改主意")

    assert (approval.state, turn(approval)) == ("withdrawn", [])
    assert not waiting_for(here.manager, LATER).exists()


def test_an_approver_who_leaves_is_followed_by_who_comes_after():
    here = desk()
    approval = here.ask()
    leave_company(here.manager, by=SYSTEM, at=LATER)

    assert refresh_all(at=LATER) == 1

    assert turn(approval) == ["顾青"], "the leader is now the one above the post nobody holds"
    assert told(here.director)[-1] == "approvals.asked"
    assert refresh_all(at=LATER) == 0, "and nobody is told twice"
    assert told(here.director).count("approvals.asked") == 1


def test_what_a_leaver_asked_for_is_their_leaders_to_ask_for():
    here = desk()
    asked, returned = here.ask(), here.ask()
    actions.send_back(returned, by=here.manager, at=AT, remark="请附收据")
    leave_company(here.clerk, by=SYSTEM, at=LATER)

    refresh_all(at=LATER)

    asked.refresh_from_db()
    returned.refresh_from_db()
    assert [one.applicant for one in (asked, returned)] == [here.manager] * 2
    assert turn(asked) == ["顾青"], "who asks now does not agree for themselves"
    assert told(here.manager).count("approvals.handed_on") == 2
    assert list(waiting_for(here.manager, LATER)) == [returned]
    assert verbs(asked).count("set") == 3, "passed on, handed on, passed on"
    assert actions.withdraw(returned, by=here.manager, at=LATER).state == "withdrawn"
    assert actions.approve(asked, by=here.director, at=LATER).state == "approved"
    assert refresh_all(at=LATER) == 0
    assert not list(differences(at=LATER))


def test_somebody_whom_the_form_names_and_who_left_signs_nothing():
    here = desk("chain: [payee]")
    approval = here.ask(payee=str(here.auditor.pk))
    assert turn(approval) == ["沈洁"]
    leave_company(here.auditor, by=SYSTEM, at=LATER)
    refresh_all(at=LATER)

    assert turn(approval) == []
    assert told(here.clerk) == ["approvals.stuck"]


def test_who_stands_in_signs_while_somebody_is_away():
    here = desk("chain: [manager]")
    approval = here.ask()
    set_stand_in(here.manager, person=here.cashier, since=LATER, until=None, by=SYSTEM, at=LATER)
    refresh_all(at=LATER)
    assert turn(approval) == ["李强", "钱敏"]

    approval = actions.approve(approval, by=here.cashier, at=LATER)

    assert approval.state == "approved"
    assert Decision.objects.get().post == "manager"


def test_whoever_stands_in_and_asks_leaves_it_to_whom_they_stand_in_for():
    here = desk("chain: [director]")
    set_stand_in(here.director, person=here.cashier, since=AT, until=None, by=SYSTEM, at=AT)

    assert turn(here.ask(by=here.cashier)) == ["顾青"], "not the cashier, nor the cashier's own leader"


def test_a_post_that_nobody_holds_is_passed_on_and_the_top_one_refused():
    here = desk("chain: [auditor]")
    end_post(PostHolding.objects.get(person=here.auditor), by=SYSTEM, at=AT)
    assert turn(here.ask()) == ["李强"]

    for boss in (here.manager, here.director):
        end_post(PostHolding.objects.get(person=boss), by=SYSTEM, at=AT)
    with refuses("approval.nobody"):
        here.ask()


def test_a_chain_that_loses_everybody_tells_whoever_asked():
    here = desk("chain: [director]")
    approval = here.ask()
    end_post(PostHolding.objects.get(person=here.director), by=SYSTEM, at=LATER)
    refresh_all(at=LATER)

    assert turn(approval) == []
    assert told(here.clerk) == ["approvals.stuck"]


def test_what_needs_nobodys_word_is_agreed_to_at_once():
    here = desk("chain: [{when: {amount: {at_most: 100}}, is: none}, {is: [manager]}]")

    assert here.ask(100).state == "approved"
    assert here.ask(101).state == "asked"


def test_what_the_rule_is_not_about_needs_no_approval():
    here = desk("chain: [manager]", "when: {amount: {at_least: 50}}")

    with refuses("approval.not_needed"):
        here.ask(49)


NEED = "needs: [{that: {receipt: kept}, say: {zh: 没有收据, en: no receipt}}]"


def test_what_is_needed_is_asked_at_the_beginning_and_at_the_last_signature():
    here = desk("chain: [manager]", NEED)
    with refuses("flow.need"):
        here.ask(receipt="lost")
    approval = here.ask(receipt="kept")
    Approval.objects.filter(pk=approval.pk).update(fields=approval.fields | {"receipt": "lost"})

    with refuses("flow.need"):
        actions.approve(approval, by=here.manager, at=LATER)

    assert not Decision.objects.exists(), "the signature is not kept either"
    approval = actions.refuse(approval, by=here.manager, at=LATER, remark="收据遗失")
    assert approval.state == "refused", "a no asks no proof"


def test_a_soft_need_passes_with_a_reason():
    here = desk("chain: [manager]", NEED.replace("say:", "soft: true, say:"))
    with refuses("flow.reason"):
        here.ask(receipt="lost")

    approval = actions.ask(
        "refund",
        department=here.department,
        by=here.clerk,
        at=AT,
        values={"amount": "10", "reason": "重复扣款", "receipt": "lost"},
        reason="客户已签收据丢失说明",
    )
    with refuses("flow.reason"):
        actions.approve(approval, by=here.manager, at=LATER)
    assert actions.approve(approval, by=here.manager, at=LATER, remark="情况属实").state == "approved"


def test_who_may_not_ask_is_told_who_may():
    here = desk()
    with refuses("work.opener"):
        here.ask(by=here.auditor)


def test_its_clock_waits_while_it_lies_with_whoever_asked():
    here = desk()
    approval = here.ask()
    due = approval.due_at or AT
    actions.send_back(approval, by=here.manager, at=AT + timedelta(hours=1), remark="补收据")
    approval = actions.resubmit(approval, by=here.clerk, at=AT + timedelta(hours=2))

    assert approval.due_at == due + timedelta(hours=1)
    while sweep(at=AT + timedelta(days=3)).works:
        pass
    assert "work.escalated" in told(here.director), "the leader of whose turn it is answers for it"
    assert not list(differences(at=AT + timedelta(days=3)))


def test_only_those_it_concerns_see_it():
    here = desk(STEPS)
    approval = here.ask(501)

    for one in (here.clerk, here.manager, here.cashier, here.auditor, here.director):
        assert list(approvals_visible_to(one, AT)) == [approval]
    assert not approvals_visible_to(here.stranger, AT).exists()
    small = here.ask(10)
    assert small not in approvals_visible_to(here.cashier, AT)
