"""What a person follows: watched, pinned, to be reminded of. Private, so nothing of it is on the ledger: it changes
nothing about the case, and nobody else is to see how somebody works.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from kefu.cases.models import Case, Pin, Reminder, Watch
from kefu.cases.queries import cases_visible_to, open_cases
from kefu.core.clocks.instants import step_at
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.inputs import line
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import reader
from kefu.core.rulebook.model import Step
from kefu.core.work.queries import clock_states
from kefu.staff.actions.notices import notify
from kefu.staff.models import Notice, Person
from kefu.staff.notices import declare_notice

MOST = 50  # pins, and reminders, of one person
# What people who watch a case are told of.
TOLD = frozenset(
    f"case.{verb}"
    for verb in (
        "moved",
        "assigned",
        "message_added",
        "file_added",
        "merged",
        "voided",
        "nudged",
        "supervised",
    )
)

declare_notice(
    "case.watched",
    zh="您关注的{kind_zh} {number} 有新进展",
    en="{kind_en} {number}, which you watch, has moved on",
)
declare_notice(
    "case.reminder", zh="您设的提醒：{kind_zh} {number}", en="You asked to be reminded of {kind_en} {number}"
)
declare_notice(
    "case.feedback_due",
    zh="{kind_zh} {number} 的督办反馈时间已到",
    en="{kind_en} {number}: the answer to a supervision is due",
)


def watch(case: Case, *, by: Person, at: datetime) -> None:
    """Be told what happens to the case. The caller may see it. Watching twice changes nothing."""
    with write():
        Watch.objects.get_or_create(case=case, person=by, defaults={"at": at})


def unwatch(case: Case, *, by: Person) -> None:
    with write():
        Watch.objects.filter(case=case, person=by).delete()


def pin(case: Case, *, by: Person, at: datetime) -> None:
    """Put the case on top of one's lists. Raises Refused pin.most."""
    with write():
        if Pin.objects.filter(person=by).exclude(case=case).count() >= MOST:
            raise _too_many("pin.most", "置顶", "pinned cases")
        Pin.objects.get_or_create(case=case, person=by, defaults={"at": at})


def unpin(case: Case, *, by: Person) -> None:
    with write():
        Pin.objects.filter(case=case, person=by).delete()


def remind(
    case: Case,
    *,
    by: Person,
    at: datetime,
    due_at: datetime | None = None,
    share: int | None = None,
    note: str = "",
) -> Reminder:
    """Be told at `due_at`, or when `share` percent of the nearest promise's time is used.

    Raises Refused reminder.past, .share, .no_promise, .most, line.too_long.
    """
    note = line(note, "备注 / note", longest=200, required=False)
    if share is not None:
        if not 1 <= share <= 100:
            raise Refused(
                "reminder.share", zh="请填写 1 到 100 的百分比。", en="Give a percentage from 1 to 100."
            )
        due_at = share_at(case, share, at)
        if due_at is None:
            raise Refused(
                "reminder.no_promise",
                zh=f"工单 {case.number} 现在没有正在计时的时限；请改填提醒时间。",
                en=f"No time limit of case {case.number} runs now; give a time instead.",
                number=case.number,
            )
    if due_at is None or due_at <= at:
        raise Refused(
            "reminder.past",
            zh="提醒时间须在现在之后；若选用时比例，说明该比例已过。",
            en="Be reminded at a time to come; of a share of the time, that share is used up already.",
        )
    with write():
        if Reminder.objects.filter(person=by).count() >= MOST:
            raise _too_many("reminder.most", "提醒", "reminders")
        return Reminder.objects.create(case=case, person=by, at=at, share=share, due_at=due_at, note=note)


def forget(reminder: Reminder) -> None:
    """Take one's reminder back."""
    with write():
        reminder.delete()


def share_at(case: Case, share: int, at: datetime) -> datetime | None:
    """When `share` percent of the nearest running promise is used, None while none runs."""
    running = [state for state in clock_states(case, at) if state.state == "running"]
    if not case.is_open or not running:
        return None
    state = min(running, key=lambda one: one.due_at)
    return step_at(
        Step(Decimal(share) / 100, ()),
        start=state.started_at,
        due_at=state.due_at,
        amount=state.amount,
        calendar=case.rulebook.calendar,
        pauses=tuple((since, until) for since, until in state.pauses if until is not None),
    )


def pinned(person: Person, at: datetime) -> list[Case]:
    """The open cases a person has pinned and may see, latest pin first."""
    cases = open_cases(cases_visible_to(person, at)).filter(pins__person=person)
    return list(cases.select_related("owner", "customer", "department").order_by("-pins__at")[:MOST])


@reader("cases.following")
def follow(event: Event) -> None:
    """Tell who watches, and bring reminders by share up to date. Whoever did it is not told; history tells nobody."""
    if event.subject_kind != Case.noun or event.actor.startswith("import"):
        return
    if event.kind in TOLD:
        watching = Watch.objects.filter(case_id=int(event.subject_id)).select_related("person")
        people = [one.person for one in watching if one.person.actor_id != event.actor]
        if people:
            case = Case.objects.get(pk=event.subject_id)
            _tell(people, "case.watched", case, at=event.occurred_at)
    if "name" in event.data:
        for reminder in Reminder.objects.filter(
            case_id=int(event.subject_id), share__isnull=False
        ).select_related("case"):
            due_at = share_at(reminder.case, reminder.share or 0, event.occurred_at)
            if reminder.due_at != due_at:
                reminder.due_at = due_at
                reminder.save(update_fields=["due_at"])


@handler("cases.reminders", every=timedelta(seconds=30))
def remind_due(run: Run, at: datetime) -> int:
    """Carry out the reminders that are due; returns how many. Each once: its row goes with its notice."""
    ids = list(Reminder.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)[:500])
    for count, pk in enumerate(ids, 1):
        with write():
            reminder = Reminder.objects.select_for_update().select_related(None).filter(pk=pk).first()
            if reminder is not None:
                _remind(reminder, at=at)
                reminder.delete()
            if count % 50 == 0:
                run.report(count, len(ids), at=at)
    return len(ids)


def _remind(reminder: Reminder, *, at: datetime) -> None:
    case, person = reminder.case, reminder.person
    if reminder.urge_id is None:
        _tell([person], "case.reminder", case, at=at)
    elif case.is_open:  # of a supervision, unanswered: its leader, and whoever has the case by now
        _tell([person, *([case.owner] if case.owner else [])], "case.feedback_due", case, at=at)


def _tell(people: Iterable[Person], kind: str, case: Case, *, at: datetime) -> None:
    """One unread notice of a kind about a case is enough. Who may not see the case any more is told nothing."""
    title = case.rule.title
    data = {"number": case.number, "kind_zh": title.zh, "kind_en": title.en}
    for person in people:
        known = Notice.objects.filter(
            person=person, read_at=None, kind=kind, subject_kind=case.noun, subject_id=str(case.pk)
        )
        if cases_visible_to(person, at).filter(pk=case.pk).exists() and not known.exists():
            notify(person, kind=kind, subject=case.ref, data=data, by=SYSTEM, at=at)


def _too_many(code: str, zh: str, en: str) -> Refused:
    return Refused(
        code,
        zh=f"最多 {MOST} 个{zh}，请先取消一些。",
        en=f"At most {MOST} {en}; take some away first.",
        most=MOST,
    )
