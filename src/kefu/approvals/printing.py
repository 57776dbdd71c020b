"""An approval on paper: what was asked for, and at its foot who signed, in the order of the chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from kefu.approvals.models import Approval, Decision
from kefu.approvals.shown import Signed as Shown
from kefu.approvals.shown import links_shown
from kefu.core.errors import in_language
from kefu.documents.composing import DATE, papers_of
from kefu.documents.papers import Paper, Signed

_VERDICTS: Final = {
    Decision.APPROVED: ("同意", "agreed"),
    Decision.REFUSED: ("不同意", "refused"),
    Decision.RETURNED: ("退回", "sent back"),
}


def paper_of(approval: Approval, *, lang: str, at: datetime) -> Paper:
    """Who has not signed yet can sign by hand."""
    (paper,) = papers_of([approval], lang=lang, at=at)
    signed = [_signed(approval, one, lang) for link in links_shown(approval, at, lang) for one in link.signed]
    return replace(paper, signatures=[*paper.signatures, *signed])


def _signed(approval: Approval, one: Shown, lang: str) -> Signed:
    if one.decision is None:
        return Signed(one.who, said=DATE.text(lang))
    verdict = in_language(lang, *_VERDICTS[one.decision.verdict])
    when = f"{approval.rulebook.calendar.local(one.decision.at):%Y-%m-%d %H:%M}"
    said = [verdict, *([one.decision.remark] if one.decision.remark else []), when]
    return Signed(one.who, one.decision.person.name, " · ".join(said))
