"""Why somebody cannot decide or ask, in both languages: who signed, who can, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from kefu.approvals.models import Approval, Decision
from kefu.core.errors import Refused
from kefu.core.rulebook.chain import Slot
from kefu.core.rulebook.model import Kind, Rulebook, Text
from kefu.core.rulebook.wording import Wording
from kefu.staff.models import Person

_SAID = {
    Decision.APPROVED: ("同意", "approved"),
    Decision.REFUSED: ("不同意", "refused"),
    Decision.RETURNED: ("退回", "returned"),
}


def nobody(slot: Slot, rulebook: Rulebook, kind: Kind) -> Refused:
    """approval.to_oneself: the chain comes back to whoever asks. approval.nobody: a link that nobody holds."""
    zh, en = (Wording(rulebook, kind, lang).who(slot.who) for lang in ("zh", "en"))
    if slot.instead == "applicant" or slot.who.of is not None:
        return Refused(
            "approval.to_oneself",
            zh=f"「{kind.title.zh}」要由{zh}审批，而您之上没有人任职，审批链只能回到您自己。"
            "请由他人提出，或请制度管理员为此种情况写明审批人。",
            en=f"“{kind.title.en}” is to be approved by {en}, and nobody holds a post above yours: the chain could "
            "only come back to yourself. Let somebody else ask, or let the rulebook name who agrees in this case.",
            who=zh,
        )
    return Refused(
        "approval.nobody",
        zh=f"「{kind.title.zh}」要由{zh}审批，而这个岗位现在无人担任，上级岗位也空缺。请先安排人员。",
        en=f"“{kind.title.en}” is to be approved by {en}, but nobody holds that post or one above it now. "
        "Let the post be filled first.",
        who=zh,
    )


def not_needed(kind: Kind) -> Refused:
    return Refused(
        "approval.not_needed",
        zh=f"按制度，这种情况不需要「{kind.title.zh}」的审批，可以直接办理。",
        en=f"By the rulebook this needs no approval (“{kind.title.en}”); go ahead without it.",
    )


def over(approval: Approval, last: Decision | None) -> Refused:
    """approval.decided: facts by, at, verdict. approval.not_asked: it stands with whoever asked."""
    state = approval.flow.states[approval.state].title
    if last is None or (approval.is_open and last.verdict == Decision.APPROVED):
        return Refused(
            "approval.not_asked",
            zh=f"{approval.number} 现在是“{state.zh}”，不在审批中。",
            en=f"{approval.number} is “{state.en}” now and waits for no decision.",
        )
    zh, en = _SAID[last.verdict]
    return Refused(
        "approval.decided",
        zh=f"{approval.number} 已由{last.person.name}办理（{zh}），现在是“{state.zh}”，不需要您再审批。",
        en=f"{approval.number} was decided by {last.person.name} ({en}) and is “{state.en}” now; nothing more is "
        "asked of you.",
        by=last.person_id,
        at=last.at,
        verdict=last.verdict,
    )


def signed_before(approval: Approval, waits_for: Iterable[int]) -> Refused:
    names = _names(waits_for)
    return Refused(
        "approval.signed",
        zh=f"您已同意 {approval.number}，现在等 {names} 审批。",
        en=f"You agreed to {approval.number} already; it waits for {names} now.",
    )


def signed_by_other(approval: Approval, other: Decision, waits_for: Iterable[int]) -> Refused:
    """approval.signed_by_other: two could sign and one was quicker; facts by, at."""
    names = _names(waits_for)
    return Refused(
        "approval.signed_by_other",
        zh=f"{approval.number} 已由{other.person.name}签署同意，不需要您再签；现在等 {names} 审批。",
        en=f"{other.person.name} has signed {approval.number} already, so it needs no signature of yours; it waits "
        f"for {names} now.",
        by=other.person_id,
        at=other.at,
    )


def not_yet(approval: Approval, waits_for: Iterable[int]) -> Refused:
    names = _names(waits_for)
    return Refused(
        "approval.not_yet",
        zh=f"{approval.number} 还没轮到您：先由 {names} 审批。",
        en=f"It is not your turn with {approval.number} yet: {names} decides first.",
    )


def not_yours(approval: Approval, waits_for: Iterable[int]) -> Refused:
    names = _names(waits_for)
    return Refused(
        "approval.not_yours",
        zh=f"{approval.number} 不由您审批；现在等 {names} 审批。",
        en=f"{approval.number} is not for you to decide; it waits for {names} now.",
    )


def changed(approval: Approval) -> Refused:
    return Refused(
        "work.changed",
        zh=f"{approval.number} 在您打开之后被改过并重新提交。请刷新，看过新内容再决定。",
        en=f"{approval.number} was changed and submitted again since you opened it. Reload and read it before you "
        "decide.",
        number=approval.number,
        revision=approval.revision,
    )


def not_theirs(approval: Approval, fields: list[Text]) -> Refused:
    zh, en = "、".join(one.zh for one in fields), ", ".join(one.en for one in fields)
    return Refused(
        "approval.not_theirs",
        zh=f"「{zh}」是 {approval.number} 申请的内容，审批时不能改动；如有不符，请退回补充。",
        en=f"“{en}” is what {approval.number} asks for and stays as it is; send it back to have it changed.",
    )


def remark_missing() -> Refused:
    return Refused(
        "approval.remark",
        zh="请写明理由，申请人要知道为什么。",
        en="Please give the reason: whoever asked has to know why.",
        field="reason",
    )


def returned_before(approval: Approval) -> Refused:
    return Refused(
        "approval.returned_before",
        zh=f"您已退回过 {approval.number} 一次。请同意或不同意。",
        en=f"You sent {approval.number} back once before. Approve or refuse it now.",
    )


def _names(people: Iterable[int]) -> str:
    found = list(Person.objects.filter(pk__in=list(people)).order_by("pk").values_list("name", flat=True))
    return "、".join(found) or "—"
