"""A public answer goes out ten seconds after it was sent, and can be taken back until then.

Until it goes nothing has happened: it stands on the table of jobs, not on the ledger, and in no message. The worker
lets it go by the same actions, under the rights and the state of that moment; what cannot go then comes back as its
author's draft, with a notice. docs/decisions/0003-undo.md says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to, unknown
from kefu.core.db import select, write
from kefu.core.errors import Refused
from kefu.core.jobs import actions as jobs
from kefu.core.jobs.models import Job
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger import SYSTEM
from kefu.core.work import recording
from kefu.documents import drafts
from kefu.staff.actions.notices import notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice

HOLD = timedelta(seconds=10)
URGENT = timedelta(minutes=1)  # a promise due so soon is not made later by ten seconds
KEPT = timedelta(days=2)  # as long as a form that is sent again is known
FORM = "message"  # the draft's name of the composer

declare_notice(
    "case.answer_not_sent",
    zh="您对工单 {number} 的回复没有发出，已放回草稿：{zh}",
    en="Your answer on case {number} was not sent and is your draft again: {en}",
)


def answer(
    case: Case,
    *,
    by: Person,
    at: datetime,
    body: str,
    move: str = "",
    revision: int | None = None,
    token: str,
) -> Job | None:
    """Answer the customer in ten seconds, and then make `move` if one is named. None: it went at once, as a promise
    is due within the minute.

    Raises what the actions raise, now: nobody waits for a refusal. token: of the form; the same one waits once.
    """
    with write():
        recording.locked(case, revision=revision)
        let_go(case, by=by, at=at)
        said = {"case": case.pk, "person": by.pk, "body": body, "move": move}
        if case.due_at is not None and at <= case.due_at <= at + URGENT:
            _say(case, by, said, at=at)
            return None
        _try(case, by, said, at=at)
        key = f"{_keys(case, by)}{token}"
        return jobs.put("cases.answer", at=at, due_at=at + HOLD, key=key, arguments=said)


def waiting(case: Case, person: Person) -> list[Job]:
    """The person's answers on this case that have not gone yet, the next first; nobody else sees them."""
    where = "handler = 'cases.answer' AND ended_at IS NULL AND key LIKE %s ORDER BY due_at"
    return select(Job, where, [f"{_keys(case, person)}%"])


def let_go(case: Case, *, by: Person, at: datetime, revision: int | None = None) -> bool:
    """What the person does next on the case comes after what they said: send it now. Whether anything went.

    revision: the one the person saw. Raises Refused work.changed.
    """
    held = waiting(case, by)
    if held:
        with write():
            recording.locked(case, revision=revision)
            for job in held:
                if jobs.end_waiting(job, at=at, ended_as="done"):
                    _carry(job.arguments, at=at)
    return bool(held)


def take_back(case: Case, job: int, *, by: Person, at: datetime) -> None:
    """Undo: the answer becomes a draft again. Raises Refused case.answer_gone."""
    with write():
        held = next((one for one in waiting(case, by) if one.pk == job), None)
        if held is None or not jobs.end_waiting(held, at=at, ended_as="cancelled"):
            raise Refused(
                "case.answer_gone",
                zh="这条回复已经发出，不能撤回。如需更正，请再发一条。",
                en="This answer has gone out and cannot be taken back. To correct it, send another one.",
            )
        _give_back(by, case, held.arguments, at=at)


@handler("cases.answer", once=True)
def answer_due(run: Run, at: datetime) -> None:
    """Its text is not kept with the job once it is said."""
    run.held().update(arguments={})
    _carry(run.arguments, at=at)


@handler("cases.answers_gone", every=timedelta(days=1))
def drop_old(run: Run, at: datetime) -> None:
    """Jobs of answers that ended before yesterday; they hold nothing any more."""
    with write():
        Job.objects.filter(handler="cases.answer", ended_at__lt=at - KEPT).delete()


def _carry(said: Mapping[str, Any], *, at: datetime) -> None:
    case = Case.objects.get(pk=said["case"])
    person = Person.objects.select_related("department").get(pk=said["person"])
    try:
        with write():
            if not (person.is_active and cases_visible_to(person, at).filter(pk=case.pk).exists()):
                raise unknown(case.number)
            _say(case, person, said, at=at)
    except Refused as refused:
        _give_back(person, case, said, at=at)
        told = {"number": case.number, "zh": refused.zh, "en": refused.en}
        notify(person, kind="case.answer_not_sent", subject=case.ref, data=told, by=SYSTEM, at=at)


def _say(case: Case, person: Person, said: Mapping[str, Any], *, at: datetime) -> None:
    actions.add_message(case, by=person, at=at, body=said["body"], public=True)
    if said["move"]:
        actions.move(case, said["move"], by=person, at=at)


class _Tried(Exception):
    """It would go."""


def _try(case: Case, person: Person, said: Mapping[str, Any], *, at: datetime) -> None:
    """Do it and take it back: whatever would refuse it refuses it now."""
    try:
        with write():
            _say(case, person, said, at=at)
            raise _Tried
    except _Tried:
        return


def _give_back(person: Person, case: Case, said: Mapping[str, Any], *, at: datetime) -> None:
    typed = {"body": [said["body"]], "public": ["1"]} | ({"move": [said["move"]]} if said["move"] else {})
    drafts.give_back(person, reverse("cases:show", args=[case.number]), FORM, typed, at=at)


def _keys(case: Case, person: Person) -> str:
    return f"answer:{case.pk}:{person.pk}:"
