"""A nudge 催办 from anybody who waits for a case, and supervision 督办 by a leader, who asks for an answer by a time.

Both are on the ledger; their words stand in rows. The time is no promise to the customer, hence no clock of the
rulebook: when it passes without an answer, the leader and the owner are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kefu.cases import rights
from kefu.cases.models import Case, Reminder, Urge
from kefu.core.db import among, columns, write
from kefu.core.errors import Refused
from kefu.core.inputs import paragraph
from kefu.core.ledger import By
from kefu.core.work.recording import locked, note, person_id, require_not_void
from kefu.staff.actions.notices import notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice
from kefu.staff.organisation import LiveOrganisation

AGAIN = timedelta(minutes=30)  # between two nudges by one person about one case
LONGEST = 500  # characters

declare_notice(
    "case.nudged",
    zh="{kind_zh} {number} 被催办（第 {times} 次）",
    en="{kind_en} {number} was nudged (time {times})",
)
declare_notice(
    "case.supervised",
    zh="{kind_zh} {number} 已被督办，请在 {by} 前反馈",
    en="{kind_en} {number} is supervised; answer by {by}",
)
declare_notice(
    "case.answered",
    zh="{kind_zh} {number} 的督办已反馈",
    en="{kind_en} {number}: the supervision was answered",
)


def nudge(case: Case, *, by: By, at: datetime, reason: str) -> Urge:
    """Ask whoever has the case to hurry: the owner and their leader are told, the department's leader if it has none.

    The caller may see the case. Raises Refused case.over, nudge.too_many, nudge.reason, line.too_long.
    """
    with write():
        case = _open(case)
        person = person_id(by)
        last = case.urges.filter(person=person, feedback_by=None, at__gt=at - AGAIN).order_by("-at").first()
        if last is not None:
            wait = int((last.at + AGAIN - at).total_seconds() / 60) + 1
            raise Refused(
                "nudge.too_many",
                zh=f"工单 {case.number} 刚催办过，请 {wait} 分钟后再催。",
                en=f"Case {case.number} was nudged just now; wait {wait} minutes before the next time.",
                number=case.number,
                retry_after=wait * 60,
            )
        urge = Urge.objects.create(
            case=case, person_id=person, at=at, reason=_words(reason, "催办原因", "why")
        )
        times = case.urges.filter(feedback_by=None).count()
        note(case, "nudged", by=by, at=at, data={"urge": urge.pk, "times": times})
        _tell(_responsible(case, at), "case.nudged", case, {"times": times}, by=by, at=at)
    return urge


def supervise(case: Case, *, by: Person, at: datetime, reason: str, feedback_by: datetime) -> Urge:
    """Follow the case as a leader until it is done, and ask for an answer by `feedback_by`.

    Raises Refused case.may_not, case.over, supervision.past, nudge.reason, line.too_long.
    """
    with write():
        case = _open(case)
        rights.require("supervise", by, case, at)
        if feedback_by <= at:
            raise Refused(
                "supervision.past", zh="反馈时间须在现在之后。", en="Ask for the answer at a time to come."
            )
        urge = Urge.objects.create(
            case=case,
            person=by,
            at=at,
            reason=_words(reason, "督办要求", "what is asked"),
            feedback_by=feedback_by,
        )
        Reminder.objects.create(case=case, person=by, at=at, due_at=feedback_by, urge=urge)
        note(case, "supervised", by=by, at=at, data={"urge": urge.pk, "feedback_by": feedback_by.isoformat()})
        told = {"by": f"{case.rulebook.calendar.local(feedback_by):%Y-%m-%d %H:%M}"}
        _tell(_responsible(case, at), "case.supervised", case, told, by=by, at=at)
    return urge


def answer(urge: Urge, *, by: Person, at: datetime, words: str) -> Urge:
    """Answer a supervision, as owner or leader. Raises Refused supervision.answered, case.may_not, nudge.reason."""
    with write():
        case = _open(urge.case)
        urge = Urge.objects.select_for_update().get(pk=urge.pk)
        rights.require("answer", by, case, at)
        if urge.answered_at is not None or not urge.supervises:
            raise Refused(
                "supervision.answered",
                zh="这条督办已反馈；补充情况请写沟通记录。",
                en="This supervision was answered already; add a note to say more.",
            )
        urge.answer, urge.answered_by, urge.answered_at = _words(words, "反馈", "the answer"), by, at
        urge.save(update_fields=["answer", "answered_by", "answered_at"])
        urge.reminders.all().delete()
        note(case, "answered", by=by, at=at, data={"urge": urge.pk})
        if urge.person is not None:
            _tell([urge.person_id], "case.answered", case, {}, by=by, at=at)  # type: ignore[list-item]  # not null
    return urge


def supervision(case: Case, pk: int) -> Urge:
    """A supervision of the case. Raises Refused supervision.unknown."""
    found = case.urges.filter(pk=pk, feedback_by__isnull=False).first()
    if found is None:
        raise Refused("supervision.unknown", zh="没有这条督办。", en="There is no such supervision.")
    return found


def urges_of(case: Case) -> list[Urge]:
    """All of them with who and when, newest first."""
    return list(case.urges.select_related("person", "answered_by").order_by("-id"))


def urged(cases: Iterable[Case]) -> dict[int, tuple[int, int]]:
    """How often each case was nudged, and how many supervisions wait for an answer. One query; those without are left
    out."""
    ids = [case.pk for case in cases]
    found: dict[int, tuple[int, int]] = {}
    for pk, feedback_by, answered_at in columns(
        Urge, ("case_id", "feedback_by", "answered_at"), among("case_id", ids), ids
    ):
        nudges, waiting = found.get(pk, (0, 0))
        if feedback_by is None:
            found[pk] = nudges + 1, waiting
        elif answered_at is None:
            found[pk] = nudges, waiting + 1
    return found


def _open(case: Case) -> Case:
    case = locked(case)
    require_not_void(case)
    if not case.is_open:
        raise Refused(
            "case.over",
            zh=f"工单 {case.number} 已办结，无需催办或督办；未解决的请重新打开。",
            en=f"Case {case.number} is over; open it again if it is not solved.",
            number=case.number,
        )
    return case


def _responsible(case: Case, at: datetime) -> list[int]:
    """The owner and the next level up, else who leads the department."""
    if case.owner_id is None:
        return [
            int(one)
            for one in LiveOrganisation(at, case.department_id).leader_of_unit(str(case.department_id))
        ]
    leaders = LiveOrganisation(at, case.department_id).leader_of(str(case.owner_id))
    return [case.owner_id, *(int(one) for one in leaders)]


def _tell(
    people: Iterable[int], kind: str, case: Case, data: Mapping[str, object], *, by: By, at: datetime
) -> None:
    title = case.rule.title
    told = {"number": case.number, "kind_zh": title.zh, "kind_en": title.en, **data}
    for person in Person.objects.filter(pk__in=list(people)):
        if person.actor_id != by.actor_id:
            notify(person, kind=kind, subject=case.ref, data=told, by=by, at=at)


def _words(text: str, zh: str, en: str) -> str:
    text = paragraph(text, f"{zh} / {en}", longest=LONGEST)
    if not text:
        raise Refused("nudge.reason", zh=f"请写明{zh}。", en=f"Please write {en}.")
    return text
