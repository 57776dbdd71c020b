"""What people do of what comes round: duties carried out, in time, late or not at all, and customers tried to reach."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta

from kefu.core.errors import Refused
from kefu.customers.models import Customer
from kefu.duties import calls, giving, trying
from kefu.duties.models import Duty
from kefu.home.demo import papers
from kefu.home.demo.acting import in_hours, minutes, step, way, who_may
from kefu.home.demo.people import Household, Town
from kefu.home.demo.stories import Story, Tell

LEFT = timedelta(hours=40)  # what falls due later than this before the end may still be open then
IN_TIME, LATE = 0.74, 0.86  # shares; the rest is left, or done very late
PATIENCE = 3
TOLD = ("explain_delay", "repair_call", "special_follow_up")  # by the stories of the property centre
# Papers that somebody files before the duty is done.
PROOFS = {
    "profile_extract": "customer_profile",
    "second_call": "site_follow_up",
    "control_point_call": "site_follow_up",
    "construction_call": "site_follow_up",
    "after_completion": "site_follow_up",
    "site_patrol": "patrol_report",
    "site_progress_check": "site_progress",
}


def new_duties(town: Town, after: int) -> list[Duty]:
    """Duties opened since the one with id `after` that no story of their own takes care of."""
    found = Duty.objects.filter(pk__gt=after, closed_at=None, voided_at=None).order_by("pk")
    return list(found.exclude(kind__in=TOLD) if town.cast.pack == "property" else found)


def owed(duty: Duty, end: datetime) -> Tell:
    """Somebody carries the duty out. end: until when the demonstration is lived."""

    def story(town: Town, at: datetime) -> Story:
        due = duty.due_at or at + timedelta(days=3)
        luck = town.chance.random()
        if luck < IN_TIME:
            then = at + (due - at) * town.chance.uniform(0.2, 0.9)
        elif luck < LATE:
            then = due + minutes(town, 30, 900)
        elif due > end - LEFT:
            return
        else:
            then = due + minutes(town, 900, 3000)
        at = yield max(in_hours(town, duty.rule, then) - at, timedelta(minutes=1))
        home = _about(town, duty)
        if duty.rule.attempts is not None:
            answered = yield from _reached(town, duty, at)
            if answered is None:
                return
            at = answered
        for person in who_may(town, duty, "done", at)[:1] if duty.kind in PROOFS else ():
            site = {} if duty.each_kind in ("", "person", "customer") else {"site": duty.each_id}
            yield from papers.paper(PROOFS[duty.kind], duty.pk, by=person, of=duty, given=site)(town, at)
            at = yield minutes(town, 1, 5)
        for _ in range(PATIENCE):
            duty.refresh_from_db()
            for move in way(duty.flow, duty.state):
                if not step(town, duty, move, home=home, at=at):
                    break
                at = yield minutes(town, 1, 10)
            if not duty.is_open:
                return
            at = yield in_hours(town, duty.rule, at + minutes(town, 300, 1500)) - at

    return story


def _reached(town: Town, duty: Duty, at: datetime) -> Generator[timedelta, datetime, datetime | None]:
    """Tries until somebody answers, and when that was; None if nobody did, and then it is ended."""
    for person in who_may(town, duty, "done", at)[:1]:
        for _ in range(duty.rule.attempts.at_most if duty.rule.attempts else 0):
            found = "reached" if town.chance.random() < 0.6 else town.chance.choice(("no_answer", "busy"))
            try:
                made = trying.attempt(duty, channel="telephone", result=found, by=person, at=at)
            except Refused as refused:
                town.refused[f"attempt: {refused.en}"] += 1
                at = yield in_hours(town, duty.rule, at + minutes(town, 120, 400)) - at
                continue
            if made.result == "reached":
                return (yield minutes(town, 2, 8))
            again = trying.next_try_at(duty, made.at, at + timedelta(minutes=5))
            at = yield in_hours(town, duty.rule, again + minutes(town, 1, 90)) - at
        if trying.may_end_unreached(duty):
            step(town, duty, "not_reached", home=_about(town, duty), at=at)
    return None


def _about(town: Town, duty: Duty) -> Household:
    """The customer of the duty as a clerk writes them down; somebody where it is about nobody."""
    customer: Customer | None = calls.customers_of([duty]).get(duty.pk)
    return next((one for one in town.households if one.customer == customer), None) or town.household()


TASKS = (
    "核对国庆值班表并公布",
    "整理上季度客户满意度资料",
    "陪同客户到现场确认",
    "更新前台办事指南",
    "准备下周例会材料",
)


def given_task(town: Town, at: datetime) -> Story:
    """The manager gives somebody a task; who gets it carries it out like any duty."""
    task = town.chance.choice(TASKS)
    wanted = in_hours(town, town.rulebook.kinds["temporary_task"], at + minutes(town, 400, 3000))
    manager = town.posts["manager"][0]
    to = town.chance.choice(town.posts.get("agent", town.posts["supervisor"]))
    try:
        giving.give(
            "temporary_task", to=to, values={"task": task, "wanted_by": wanted.isoformat()}, by=manager, at=at
        )
    except Refused as refused:
        town.refused[f"temporary_task: {refused.en}"] += 1
    return
    yield  # a story, though nothing follows
