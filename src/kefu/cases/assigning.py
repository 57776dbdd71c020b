"""Giving cases out: the next one to who asks for it, or one to whom `choosing` picks, with the reason on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce

from kefu.cases import rights
from kefu.cases.choosing import Candidate, Choice, Way, choose
from kefu.cases.models import Capacity, Case, Reach
from kefu.cases.queries import open_cases
from kefu.core.db import one_at_a_time, write
from kefu.core.effects import organisation
from kefu.core.effects.registry import Cause
from kefu.core.errors import Refused, in_language
from kefu.core.ledger import By, record
from kefu.core.work import actions as work
from kefu.core.work.effects import given_by
from kefu.core.work.models import Work
from kefu.core.work.recording import locked, note
from kefu.customers.queries import all_numbers
from kefu.staff.models import Person
from kefu.staff.queries import heads, may

LOOKED_AT = 20  # cases from the top of the list: as many people may ask at the same moment
MOST_IN_HAND = 999

_WHY = {
    "in_turn": ("轮流分派：轮到此人", "in turn: theirs is next"),
    "least_loaded": ("在办最少", "has least in hand"),
    "first_contact": ("首问负责：上次接待该客户", "first contact: dealt with this customer last"),
    "next": ("领取下一单", "took the next one"),
    "nobody": ("无人可派，留在待领", "nobody could get it; it waits to be taken"),
}
_PASSED = {
    "away": ("不在岗", "not on duty"),
    "unskilled": ("不办此类", "not skilled in it"),
    "full": ("在办已满", "has enough in hand"),
}


def take_next(*, by: Person, at: datetime) -> Case:
    """Become the owner of the most urgent case that one may take: nearest promise first, as one's day is ranked.

    Raises Refused case.full, case.none_left.
    """
    capacity = Capacity.objects.filter(person=by).first()
    with write():
        one_at_a_time(f"cases of person {by.pk}")  # two tabs must not pass the limit together
        _require_room(by, capacity)
        for pk in _to_be_taken(by, capacity)[:LOOKED_AT]:
            case = locked(Case(pk=pk))
            if rights.may("take", by, case, at):  # somebody may have been quicker
                return work.assign(case, by.pk, by=by, at=at, because={"why": "next"})
    raise Refused(
        "case.none_left",
        zh="没有可领取的工单，现在都有人办理。",
        en="There is no case to take: each one has its owner.",
    )


def give(case: Case, people: Sequence[int], way: Way, *, by: By, at: datetime) -> tuple[Case, Choice]:
    """Give the case to one of `people` as `way` says; to nobody where all are away, unskilled or full.

    An owner who is among them keeps it. Why, and who was passed over, stands in the event.
    """
    with write():
        case = locked(case)
        one_at_a_time("cases given out")  # else two at once count the same load; after the row, as moves do
        choice = choose(candidates(case, people, at), way)
        because = {"why": choice.why, "passed_over": [list(one) for one in choice.passed_over]}
        if case.owner_id is not None and case.owner_id in people:
            return case, Choice(case.owner_id, choice.why, ())
        if choice.person is None:
            note(case, "not_given", by=by, at=at, data=because)
        else:
            case = work.assign(case, choice.person, by=by, at=at, because=because)
            Capacity.objects.update_or_create(person_id=choice.person, defaults={"given_at": at})
    return case, choice


def give_out(case: Case, way: Way, *, by: Person, at: datetime) -> Case:
    """Give it to one of those in its department who lead nobody.

    Raises Refused case.may_not, case.nobody_free naming why.
    """
    with write():
        rights.require("assign", by, case, at)
        case, choice = give(case, _hands_of(case, at), way, by=by, at=at)
        if choice.person is None:
            zh, en = (said(choice.passed_over, lang, _names(choice.passed_over)) for lang in ("zh", "en"))
            raise Refused(
                "case.nobody_free",
                zh=f"工单 {case.number} 现在无人可派：{zh or '部门内没有可派人员'}。",
                en=f"Nobody can get case {case.number} now: {en or 'there is nobody in the department'}.",
                number=case.number,
            )
    return case


@given_by("cases")
def give_asked(way: str, case: Work, people: Sequence[int], cause: Cause) -> int | None:
    """What a rule's `assign` with a `way` does. History that is read in keeps the owners it had."""
    if not isinstance(case, Case) or not cause.delivered or not case.is_open:
        return None
    before = case.owner_id
    _, choice = give(case, people, way, by=cause.by, at=cause.at)  # type: ignore[arg-type]  # checked at load
    return choice.person if choice.person != before else None


def set_capacity(
    person: Person, *, kinds: Iterable[str], most: int | None, by: Person, at: datetime
) -> Capacity:
    """Say which kinds of case a person is skilled in ([] for all) and how many open ones they may have at once.

    By posts that may reassign in the person's department, or its head. Raises Refused capacity.may_not, .most.
    """
    if not may_set_capacity(by, person.department_id, at):
        raise Refused(
            "capacity.may_not",
            zh=f"只有本部门有调派权的岗位可以设定 {person.name} 的派单范围。",
            en=f"Only posts of the department that may reassign say what {person.name} can be given.",
        )
    if most is not None and not 1 <= most <= MOST_IN_HAND:
        raise Refused(
            "capacity.most",
            zh=f"同时在办上限请填 1 到 {MOST_IN_HAND}，不限请留空。",
            en=f"Give a limit of 1 to {MOST_IN_HAND} cases, or none.",
        )
    with write():
        row, _ = Capacity.objects.update_or_create(
            person=person, defaults={"kinds": sorted(set(kinds)), "most": most}
        )
        told = {"kinds": row.kinds, "most": most}
        record("person.capacity_set", person.ref, by=by, at=at, department=person.department_id, data=told)
    return row


def may_set_capacity(person: Person, department: int, at: datetime) -> bool:
    """Heads of the department, and its own posts that may reassign."""
    return heads(person, department, at) or (
        person.department_id == department and may(person, "reassign", at)
    )


def loads(people: Sequence[int]) -> dict[int, int]:
    """How many open cases each has in hand; those without are left out. One query."""
    rows = open_cases(Case.objects.filter(owner__in=people)).order_by().values_list("owner")
    return dict(rows.annotate(number=Count("pk")))


def candidates(case: Case, people: Sequence[int], at: datetime) -> list[Candidate]:
    """What `choose` asks about each of them. Four queries, however many there are."""
    here = organisation.at(at, case.department_id)
    limits = {one.person_id: one for one in Capacity.objects.filter(person__in=people)}
    load = loads(people)
    dealt = _dealt(case, people)
    found = []
    for one in people:
        limit = limits.get(one)
        found.append(
            Candidate(
                one,
                on_duty=here.on_duty(str(one)),
                skilled=limit is None or not limit.kinds or case.kind in limit.kinds,
                load=load.get(one, 0),
                most=limit.most if limit else None,
                given_at=limit.given_at if limit else None,
                dealt_at=dealt.get(one),
            )
        )
    return found


def reason_of(data: Mapping[str, object], lang: str, names: Mapping[int, str]) -> str:
    """Why an owner was chosen, and who was passed over: what the timeline says. "" where a person decided."""
    why = _WHY.get(str(data.get("why")))
    if why is None:
        return ""
    passed = said(_pairs(data), lang, names)
    told = in_language(lang, *why)
    return told if not passed else told + in_language(lang, f"；未派：{passed}", f"; passed over: {passed}")


def said(passed: Iterable[tuple[int, str]], lang: str, names: Mapping[int, str]) -> str:
    """`刘洋（不在岗）、…`."""
    words = [
        in_language(
            lang, f"{names.get(one, one)}（{_PASSED[why][0]}）", f"{names.get(one, one)} ({_PASSED[why][1]})"
        )
        for one, why in passed
    ]
    return in_language(lang, "、", ", ").join(words)


def people_in(data: Mapping[str, object]) -> list[int]:
    """Ids of those whom the event's reason names."""
    return [one for one, _ in _pairs(data)]


def _pairs(data: Mapping[str, object]) -> list[tuple[int, str]]:
    listed = data.get("passed_over")
    return [(int(one), str(why)) for one, why in listed] if isinstance(listed, list) else []


def _names(passed: Iterable[tuple[int, str]]) -> dict[int, str]:
    ids = [one for one, _ in passed]
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def _require_room(person: Person, capacity: Capacity | None) -> None:
    most = capacity.most if capacity else None
    held = loads([person.pk]).get(person.pk, 0)
    if most is not None and held >= most:
        raise Refused(
            "case.full",
            zh=f"您在办 {held} 单，已到上限 {most} 单；请先办结或转出一单。",
            en=f"You have {held} cases in hand and may have {most}; finish or hand over one first.",
            held=held,
            most=most,
        )


def _to_be_taken(person: Person, capacity: Capacity | None) -> list[int]:
    reached = Reach.objects.filter(department=person.department_id).values("case_id")
    ours = Q(department=person.department_id) | Q(pk__in=reached)
    free = open_cases(Case.objects.filter(ours, owner=None))
    if capacity is not None and capacity.kinds:
        free = free.filter(kind__in=capacity.kinds)
    return list(
        free.order_by(F("due_at").asc(nulls_last=True), "pk").values_list("pk", flat=True)[:LOOKED_AT]
    )


def _dealt(case: Case, people: Sequence[int]) -> dict[int, datetime]:
    """When each dealt with the customer last: whoever registered this very case was asked first."""
    found: dict[int, datetime] = {}
    if case.customer is not None:
        earlier = Case.objects.filter(customer__in=all_numbers(case.customer)).exclude(pk=case.pk)
        handled = earlier.annotate(handler=Coalesce("owner_id", "author_id")).filter(handler__in=people)
        found = dict(handled.order_by().values_list("handler").annotate(last=Max("changed_at")))
    if case.author_id is not None and case.author_id in people:
        found[case.author_id] = max([case.opened_at, *found.values()])
    return found


def _hands_of(case: Case, at: datetime) -> list[int]:
    here = organisation.at(at, case.department_id)
    posts = case.rulebook.posts
    members = here.members(str(case.department_id))

    def leads(person: str) -> bool:
        return any("reassign" in posts[post].may for post in here.posts_held(person) if post in posts)

    return [int(one) for one in members if not leads(one)] or [int(one) for one in members]
