"""One thing done with many cases: looked at first, then done, each case in a transaction of its own.

Looking does the very same and takes it back, so a preview and the run say the same as long as nobody changes the case
between them. What became of each row is kept; a run that was killed goes on with the rows that have no outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from kefu.cases import actions, assigning, rights
from kefu.cases.models import BulkRow, BulkRun, Case
from kefu.cases.queries import cases_visible_to, unknown
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.rulebook.words import WAYS
from kefu.core.sheets import Progress, to_the_end
from kefu.core.work import actions as work
from kefu.staff.long_work import Result, Task, begin, long_work
from kefu.staff.models import Person

MOST = 1000  # cases at once
AT_ONCE = 50  # as many are done while the person waits
KEPT = timedelta(days=30)
WORK = "cases.bulk"

Given = Mapping[str, Any]
Do = Callable[[Case, Given, Person, datetime], object]


def prepare(
    verb: str, given: Given, cases: Sequence[int], *, by: Person, at: datetime, left_out: int = 0
) -> BulkRun:
    """Note what is to be done with which cases (ids, at most 1,000); nothing is looked at or done yet.

    given: to (id of a person) of assign; way of give_out; move, reason of move; field, level of grade; body of note
    and message. left_out: how many of the list are not among `cases`. Raises Refused bulk.verb, .none, .most, .given.
    """
    _require_possible(verb, given, cases)
    with write():
        BulkRun.objects.filter(person=by, made_at__lt=at - KEPT).delete()
        run = BulkRun.objects.create(
            person=by, verb=verb, given=dict(given), total=len(cases), left_out=left_out, made_at=at
        )
        BulkRow.objects.bulk_create([BulkRow(run=run, case_id=pk) for pk in cases], batch_size=200)
    return run


def own_run(person: Person, pk: int) -> BulkRun:
    """A run that the person has begun. Raises Refused bulk.unknown for every other."""
    run = BulkRun.objects.select_related("person").filter(person=person, pk=pk).first()
    if run is None:
        raise Refused("bulk.unknown", zh="没有这次批量操作。", en="There is no such bulk run.")
    return run


def look_now_or_later(run: BulkRun, *, at: datetime) -> None:
    """Look at a short run at once; a long one is looked at by a worker, with progress and a way to stop it."""
    if run.total <= AT_ONCE:
        look(run, at=at)
    else:
        _later(run, dry=True, at=at)


def start(run: BulkRun, *, at: datetime) -> None:
    """Do what was looked at, a long run by a worker. Raises Refused bulk.not_looked_at, bulk.over."""
    if run.looked_at is None:
        raise Refused(
            "bulk.not_looked_at",
            zh="还在逐单核对，请等核对完再开始。",
            en="The cases are still being looked at; start when that is done.",
        )
    if run.ended_at is not None and not run.rows.filter(outcome__isnull=True).exists():
        raise Refused("bulk.over", zh="这次批量操作已经做完。", en="This bulk run is done.")
    if run.total <= AT_ONCE:
        carry_out(run, at=at)
    else:
        _later(run, dry=False, at=at)


def look(run: BulkRun, *, at: datetime, progress: Progress = to_the_end) -> None:
    """Say of each row whether it will be done, and why not. Nothing is changed."""
    rows = list(run.rows.filter(ahead__isnull=True).order_by("pk"))
    for done, row in enumerate(rows):
        if not progress(done, len(rows)):
            return
        row.ahead = _tried(run, row, at)
        with write():
            row.save(update_fields=["ahead"])
    with write():
        run.looked_at = at
        run.save(update_fields=["looked_at"])


def carry_out(run: BulkRun, *, at: datetime, progress: Progress = to_the_end) -> None:
    """Do it, row by row; a row that is refused is left as it is and says why."""
    with write():
        run.started_at = run.started_at or at
        run.save(update_fields=["started_at"])
    rows = list(run.rows.filter(outcome__isnull=True).order_by("pk"))
    for done, row in enumerate(rows):
        if not progress(done, len(rows)):
            break
        with write():  # the deed and its outcome together: it happens once, whoever is killed when
            row = BulkRow.objects.select_for_update().get(pk=row.pk)
            if row.outcome is None:  # started twice: the other one did it
                row.outcome = _done(run, row, at)
                row.save(update_fields=["outcome"])
    with write():
        run.ended_at = at
        run.save(update_fields=["ended_at"])


def summary(run: BulkRun) -> dict[str, int]:
    """How many rows will be done and will not, were done, were refused, and wait."""
    found = dict.fromkeys(("will", "will_not", "done", "refused", "waiting"), 0)
    for ahead, outcome in run.rows.values_list("ahead", "outcome"):
        if ahead is not None:
            found["will_not" if ahead else "will"] += 1
        if outcome is None:
            found["waiting"] += 1
        else:
            found["refused" if outcome else "done"] += 1
    return found


def _later(run: BulkRun, *, dry: bool, at: datetime) -> None:
    with write():
        run.job = begin(WORK, {"run": run.pk, "dry": dry}, by=run.person, at=at)
        run.save(update_fields=["job"])


def _act(task: Task) -> Result:
    """A long run, as a worker does it."""
    run = own_run(task.by, task.arguments["run"])
    if task.arguments["dry"]:
        look(run, at=task.at, progress=task.progress)
    else:
        carry_out(run, at=task.at, progress=task.progress)
    return {"dry": task.arguments["dry"], "run": run.pk, **summary(run)}


class _Undone(Exception):
    """Takes back what looking did."""


def _tried(run: BulkRun, row: BulkRow, at: datetime) -> dict[str, str]:
    try:
        with write():
            found = _done(run, row, at)
            raise _Undone
    except _Undone:
        return found


def _done(run: BulkRun, row: BulkRow, at: datetime) -> dict[str, str]:
    """Do it with the row's case: {} when done, else the refusal."""
    try:
        with write():
            case = cases_visible_to(run.person, at).filter(pk=row.case_id).first()
            if case is None:
                raise unknown("")
            VERBS[run.verb](case, run.given, run.person, at)
    except Refused as refused:
        return {"code": refused.code, "zh": refused.zh, "en": refused.en}
    return {}


def _take(case: Case, given: Given, by: Person, at: datetime) -> object:
    return actions.take(case, by=by, at=at)


def _assign(case: Case, given: Given, by: Person, at: datetime) -> object:
    rights.require("assign", by, case, at)
    return actions.assign(case, Person.objects.get(pk=given["to"]), by=by, at=at)


def _give_out(case: Case, given: Given, by: Person, at: datetime) -> object:
    return assigning.give_out(case, given["way"], by=by, at=at)


def _move(case: Case, given: Given, by: Person, at: datetime) -> object:
    return actions.move(case, given["move"], by=by, at=at, reason=given.get("reason", ""))


def _grade(case: Case, given: Given, by: Person, at: datetime) -> object:
    rights.require("fill", by, case, at)
    return work.set_values(case, {given["field"]: given["level"]}, by=by, at=at)


def _note(case: Case, given: Given, by: Person, at: datetime) -> object:
    return actions.add_message(case, by=by, at=at, body=given["body"], public=False)


def _message(case: Case, given: Given, by: Person, at: datetime) -> object:
    return actions.add_message(case, by=by, at=at, body=given["body"], public=True)


VERBS: Mapping[str, Do] = {
    "take": _take,
    "assign": _assign,
    "give_out": _give_out,
    "move": _move,
    "grade": _grade,
    "note": _note,
    "message": _message,
}
_ASKS = {
    "take": (),
    "assign": ("to",),
    "give_out": ("way",),
    "move": ("move",),
    "grade": ("field", "level"),
    "note": ("body",),
    "message": ("body",),
}


def require_few(number: int) -> None:
    """Raises Refused bulk.most."""
    if number > MOST:
        raise Refused(
            "bulk.most",
            zh=f"一次最多 {MOST} 张工单，请缩小筛选范围。",
            en=f"At most {MOST} cases at once; filter for fewer.",
            most=MOST,
        )


def _require_possible(verb: str, given: Given, cases: Sequence[int]) -> None:
    if verb not in VERBS:
        raise Refused(
            "bulk.verb",
            zh=f"不能批量做「{verb[:20]}」；可用：{'、'.join(VERBS)}。",
            en=f"“{verb[:20]}” cannot be done in bulk; allowed: {', '.join(VERBS)}.",
        )
    if not cases:
        raise Refused("bulk.none", zh="请先勾选工单。", en="Choose some cases first.")
    require_few(len(cases))
    missing = [name for name in _ASKS[verb] if not given.get(name)]
    wrong = verb == "give_out" and given.get("way") not in WAYS
    wrong = wrong or (
        verb == "assign" and not Person.objects.filter(pk=int(given.get("to") or 0), left_at=None).exists()
    )
    if missing or wrong or len(str(given.get("body", ""))) > actions.LONGEST_MESSAGE:
        raise Refused(
            "bulk.given",
            zh="请把要做的事填写完整：转给谁、做哪一步、定为哪一级，或写明内容。",
            en="Say in full what to do: whom to give it to, which step, which grade, or the words.",
            missing=missing,
        )


long_work(WORK, gettext_lazy("Many cases at once"), "cases/bulk_result.html", _act)
