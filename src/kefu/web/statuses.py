"""The HTTP status of a refusal: one table for pages and the API."""

from __future__ import annotations

from kefu.core.errors import Refused

_CONFLICT = {
    "approval.decided",
    "approval.signed",
    "approval.signed_by_other",
    "case.taken",
    "document.corrected",
    "draft.changed",
    "draft.sent",
    "duty.taken",
    "work.changed",
}
# One may know that it is there, but not do this; what one may not see is `.unknown`.
_FORBIDDEN = {
    "approval.not_yet",
    "approval.not_yours",
    "capacity.may_not",
    "case.may_not",
    "day.not_yours",
    "document.elsewhere",
    "document.not_yours",
    "duty.may_not_hand_out",
    "duty.not_yours",
    "duty.post",
    "flow.post",
    "ledger.not_yours",
    "reveal.right",
    "staff.not_head",
    "staff.not_owner",
    "staff.not_yours",
    "system.not_yours",
    "task.not_below",
    "task.other_department",
    "token.read_only",
    "view.may_not",
    "work.opener",
}


def status_of(refused: Refused) -> int:
    """404, 409, 403 and 429 by its code (429 also when it says how long to wait); 422 for every other."""
    code = refused.code
    if code.endswith(".unknown"):
        return 404
    if code in _CONFLICT:
        return 409
    if code in _FORBIDDEN:
        return 403
    return 429 if code.endswith(".too_many") or "retry_after" in refused.facts else 422


def status_shown(refused: Refused | None) -> int:
    """The status of a page that shows a refusal at its form; 200 for none.

    422 where the API says 404: the page is there, what was typed into it names something unknown.
    """
    if refused is None:
        return 200
    status = status_of(refused)
    return 422 if status == 404 else status
