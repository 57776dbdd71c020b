"""Telling customers that there is something new: staff answered in public, wait for an answer, or have finished.

The ledger is read; nothing is sent with the change itself. The news of a minute are told together and once, to the
contact given with the case, without a word of what was said. What the customer has been there for since is no news.
Where the contact was written to three times today already, it is told when the day is over, all in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kefu.cases.models import Case
from kefu.core.db import one_at_a_time
from kefu.core.jobs.actions import put
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.actions import record
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import reader
from kefu.core.work.queries import events as events_of
from kefu.portal import delivery, limits
from kefu.portal.guards import spend, wait_for
from kefu.portal.models import Submission
from kefu.portal.queries import for_customers, states_waited_in
from kefu.portal.sending import contact_of, send

TELL, SEND_NEWS = "portal.tell", "portal.send_news"

Standing = Literal["finished", "turn", ""]
WORDS: dict[str, tuple[str, str]] = {
    "answered": ("有新的回复", "has a new answer"),
    "turn": ("等待您答复", "waits for your answer"),
    "finished": ("已处理完毕", "is finished"),
}


@dataclass(frozen=True, slots=True)
class News:
    """What happened up to the ledger's number `seq`: words of `WORDS`, in their order."""

    seq: int
    what: tuple[str, ...]


@reader("portal.news")
def notice(event: Event) -> None:
    """Have the sender of the case told in a minute, if this is news to them."""
    if (
        event.kind not in ("case.message_added", "case.moved")
        or not _by_desk(event)
        or not delivery.channels()
    ):
        return
    given = Submission.objects.select_related("case").filter(case=int(event.subject_id)).first()
    if given is not None and _is_news(event, given.case):
        _tell_later(
            given.case_id, event.seq, after=event.recorded_at, due_at=event.recorded_at + limits.QUIET
        )


@handler(TELL, once=True)
def tell(run: Run, at: datetime) -> str:
    """Decide what is told, count it, and have it sent: one transaction, so that it is decided once."""
    case, seq = int(str(run.arguments["case"])), int(str(run.arguments["seq"]))
    since = datetime.fromisoformat(str(run.arguments["since"]))
    contact = contact_of(Submission.objects.get(case=case))
    if contact is None:
        return "no way"
    one_at_a_time(contact.counted)  # what is told to one contact is decided and counted in turn
    given = Submission.objects.select_related("case").get(case=case)
    found = news_of(given.case, after=given.told_seq)
    if found is None or given.told_seq >= seq:
        return "known"
    if at > since + limits.NEWS_VALID:
        return "too late"
    if wait := wait_for(contact.counted, limits.UNASKED, at=at):
        _tell_later(case, seq, after=since, due_at=at + wait)
        return "enough today"
    spend({contact.counted: limits.UNASKED}, at=at)
    Submission.objects.filter(pk=given.pk).update(told_seq=found.seq)
    arguments = {"case": case, "seq": found.seq, "what": list(found.what)}
    put(SEND_NEWS, at=at, arguments=arguments, key=f"{SEND_NEWS}:{case}:{found.seq}")
    told = {"channel": contact.channel, "what": list(found.what)}
    record("portal.told", given.case.ref, by=SYSTEM, at=at, department=given.case.department_id, data=told)
    return "told"


@handler(SEND_NEWS)
def send_news(run: Run, at: datetime) -> None:
    given = Submission.objects.select_related("case").get(case=int(str(run.arguments["case"])))
    what = [WORDS[word] for word in WORDS if word in run.arguments["what"]]  # type: ignore[operator]  # a list
    zh = f"您的申请 {{number}} {'，'.join(zh for zh, _ in what)}。"
    en = f"your request {{number}} {' and '.join(en for _, en in what)}."
    send(given, zh, en, key=f"{SEND_NEWS}:{given.case_id}:{run.arguments['seq']}", at=at)


def news_of(case: Case, *, after: int) -> News | None:
    """What the desk did for the customer after the ledger's number `after`, and after the customer last did anything
    on the case: opening it by its link is enough. None for nothing, or nothing that still holds."""
    events = events_of(case)
    seen = max((one.seq for one in events if one.actor.startswith("customer:")), default=0)
    since, last, what = max(after, seen), "", set[str]()
    if case.voided_at is not None:
        return None
    for one in events:
        fresh = one.seq > since and _by_desk(one)
        if fresh and _is_answer(one):
            what.add("answered")
        if one.data.get("name"):
            now = _standing(case, str(one.data.get("state")))
            if fresh and now != last:
                what.add(now)
            last = now
    told = tuple(word for word in WORDS if word in what & {"answered", last})
    return News(events[-1].seq, told) if told else None


def _tell_later(case: int, seq: int, *, after: datetime, due_at: datetime) -> None:
    arguments = {"case": case, "seq": seq, "since": after.isoformat()}
    put(
        TELL,
        at=after,
        due_at=due_at,
        arguments=arguments,
        key=f"{TELL}:{case}:{seq}:{due_at.timestamp():.0f}",
    )


def _by_desk(event: Event) -> bool:
    """By staff or by a rule; history that was taken over tells nobody."""
    return event.actor == SYSTEM.actor_id or event.actor.startswith("person:")


def _is_news(event: Event, case: Case) -> bool:
    return _is_answer(event) or bool(event.data.get("name") and _standing(case, str(event.data.get("state"))))


def _is_answer(event: Event) -> bool:
    return event.kind == "case.message_added" and bool(event.data.get("public"))


def _standing(case: Case, state: str) -> Standing:
    """finished: over, or to be rated. turn: a promise stands still until the customer makes a move."""
    flow = case.flow
    if state in flow.ends() or (state in flow.states and flow.states[state].rating):
        return "finished"
    theirs = (move for move in flow.moves.values() if state in move.from_ and move.to != state)
    return "turn" if state in states_waited_in(case) and any(for_customers(one.by) for one in theirs) else ""
