"""What an approval brings about: effects of its last move, reactions, moves after it, and those that rules open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.approvals import actions
from kefu.approvals.keeping import refresh_all
from kefu.approvals.models import Approval, Decision
from kefu.approvals.shown import links_shown
from kefu.approvals.tests.desk import AT, Desk, desk, turn
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.readers import advance
from kefu.core.versions import queries as versions
from kefu.core.work import actions as work
from kefu.duties.models import Duty
from kefu.staff.actions import end_post, give_post
from kefu.staff.models import Notice, PostHolding
from tests.cast import refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
LATER = AT + timedelta(hours=1)
PAYOUT = """
duties:
  payout: {title: {zh: 付款, en: payout}, clause: money, by: cashier, starts: refund.approved}
"""
OWN_FLOW = """
flows:
  release:
    states:
      asked: {title: {zh: 审批中, en: asked}}
      approved: {title: {zh: 待放行, en: to be released}}
      refused: {title: {zh: 未同意, en: refused}}
      released: {title: {zh: 已放行, en: released}}
      returned: {title: {zh: 退回, en: returned}}
      withdrawn: {title: {zh: 已撤回, en: withdrawn}}
    moves:
      approved: {title: {zh: 同意, en: approve}, from: asked, to: approved, by: links, clause: money, fill: [receipt],
        then: [{set: {reason: checked}}]}
      refused: {title: {zh: 不同意, en: refuse}, from: asked, to: refused, by: links}
      returned: {title: {zh: 退回, en: return}, from: asked, to: returned, by: links}
      withdrawn: {title: {zh: 撤回, en: withdraw}, from: [asked, returned], to: withdrawn, by: author}
      released: {title: {zh: 放行, en: release}, from: approved, to: released, by: cashier, clause: money}
"""
ASKED_BY_A_RULE = """
duties:
  check: {title: {zh: 核对, en: check}, clause: money, by: clerk}
reactions:
  ask: {after: check.done, clause: money, do: [{open: refund, with: {amount: 90, reason: shortfall}}]}
"""


def follow() -> None:
    while advance("reactions"):
        pass


def test_what_follows_an_approval_follows_the_last_signature_and_no_other():
    here = desk("chain: [manager, director]", more=PAYOUT)
    approval = actions.approve(here.ask(), by=here.manager, at=LATER)
    follow()
    assert not Duty.objects.exists()

    actions.approve(approval, by=here.director, at=LATER)
    follow()

    assert Duty.objects.get().owner == here.cashier
    refused = here.ask()
    actions.refuse(refused, by=here.manager, at=LATER, remark="不符")
    follow()
    assert Duty.objects.count() == 1


def test_the_last_signature_fills_what_its_move_asks_for_and_the_flow_goes_on():
    here = desk("chain: [manager]", "flow: release", more=OWN_FLOW)
    approval = here.ask()
    with refuses("flow.fill"):
        actions.approve(approval, by=here.manager, at=LATER)
    assert not Decision.objects.exists()

    approval = actions.move(approval, "approved", by=here.manager, at=LATER, values={"receipt": "kept"})
    assert (approval.state, approval.is_open, approval.owner) == ("approved", True, here.clerk)
    assert approval.values["reason"] == "checked", "its effect was carried out"
    with refuses("approval.not_asked"):
        actions.approve(approval, by=here.manager, at=LATER)
    approval = actions.move(approval, "released", by=here.cashier, at=LATER)

    assert approval.state == "released"


def asked_by_a_rule(here: Desk) -> Approval:
    """What opens when the clerk has done a duty."""
    duty = work.open_work(
        Duty,
        "check",
        department=here.department,
        rulebook=versions.in_force("office", AT),
        by=here.clerk,
        at=AT,
        values={},
        owner_id=here.clerk.pk,
    )
    work.move(duty, "done", by=here.clerk, at=LATER)
    follow()
    return Approval.objects.get()


def test_a_rule_asks_for_whoever_has_the_work_it_comes_from():
    here = desk("chain: [leader of author]", more=ASKED_BY_A_RULE)
    approval = asked_by_a_rule(here)
    assert (approval.applicant, approval.author, turn(approval)) == (here.clerk, None, ["李强"])
    approval = actions.send_back(approval, by=here.manager, at=LATER, remark="写明原因")
    assert actions.resubmit(approval, by=here.clerk, at=LATER, values={"amount": "80"}).state == "asked"


def test_what_a_rule_asks_for_stands_open_until_somebody_holds_the_post_that_signs():
    here = desk("chain: [director]", more=ASKED_BY_A_RULE)
    end_post(PostHolding.objects.get(person=here.director), by=SYSTEM, at=AT)

    approval = asked_by_a_rule(here)
    assert (approval.state, turn(approval)) == ("asked", [])
    assert Notice.objects.filter(person=here.clerk, kind="approvals.stuck").exists()
    assert [one.names for link in links_shown(approval, LATER, "en") for one in link.signed] == [[]]

    give_post(here.manager, post="director", department=here.department, by=SYSTEM, at=LATER)
    refresh_all(at=LATER)
    assert turn(approval) == ["李强"]
