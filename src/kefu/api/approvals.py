"""Approvals: what is asked for, and who agrees. Decisions are the moves `approved`, `refused` and `returned`; their
remark is the `reason`."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from kefu.api.once import OPENAPI, once
from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import ApprovalBrief, ApprovalOut, Given, approval_brief, approval_out
from kefu.api.tokens import caller
from kefu.api.works import Offered, Reveal, Revealed, offer_moves
from kefu.approvals import actions
from kefu.approvals.models import Approval
from kefu.approvals.queries import approvals_visible_to, asked_by, visible_approval, waiting_for

router = Router(tags=["approvals"])


class NewApproval(Given):
    """`values`: fields of the form. `reason` passes needs that a reason may pass."""

    kind: str
    values: dict[str, Any] = {}
    reason: str = ""


@router.get("", response=Page[ApprovalBrief], url_name="approvals_list")
def list_approvals(
    request: HttpRequest,
    cursor: Cursor = "",
    limit: Limit = 50,
    of: Literal["all", "waiting", "mine"] = "all",
) -> Any:
    """Newest first. `waiting`: for the caller's decision or completion. `mine`: what the caller asked for."""
    who = caller(request)
    rows = {"all": approvals_visible_to, "waiting": waiting_for, "mine": asked_by}[of](who.person, who.at)
    return page(rows, approval_brief, cursor=cursor, limit=limit)


@router.post("", response={201: ApprovalOut}, url_name="approvals_ask", openapi_extra=OPENAPI)
def ask(request: HttpRequest, new: NewApproval) -> Status[Any]:
    """Ask for something in the caller's own department."""
    who = caller(request)

    def do() -> ApprovalOut:
        approval = actions.ask(
            new.kind,
            department=who.person.department,
            by=who.person,
            at=who.at,
            values=new.values,
            reason=new.reason,
        )
        return approval_out(approval, who)

    return once(request, 201, do)


def _approval(request: HttpRequest, number: str) -> Approval:
    who = caller(request)
    return visible_approval(who.person, number, who.at)


@router.post("/{number}/reveal", response=Revealed, url_name="approvals_reveal")
def reveal(request: HttpRequest, number: str, asked: Reveal) -> Revealed:
    """One masked value in full, at most 30 an hour; who looked at what and why stays on record."""
    who, approval = caller(request), _approval(request, number)
    value = actions.reveal(approval, asked.field, reason=asked.reason, by=who.person, at=who.at)
    return Revealed(value=value)


offer_moves(router, "approvals", ApprovalOut, Offered(_approval, actions, approval_out), "approval")
