"""One of everything: what the rows of the table are asked about, by subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from kefu.approvals.actions import ask
from kefu.approvals.models import Approval
from kefu.cases import actions, bulk
from kefu.cases.models import Case, Reminder, SavedView, Urge
from kefu.core.effects.models import StuckEffect
from kefu.core.files.actions import store
from kefu.core.ledger.actions import SYSTEM
from kefu.core.sheets.waiting import keep
from kefu.core.versions.models import RulebookVersion
from kefu.core.work.models import Escalation
from kefu.customers.actions import add_customer, add_site, move_in
from kefu.customers.assets import add_asset
from kefu.customers.models import Customer
from kefu.documents.actions import begin as begin_document
from kefu.duties.actions import open_duty
from kefu.duties.models import Duty
from kefu.home.wall import make_wall
from kefu.staff import actions as staff
from kefu.staff.long_work import begin
from kefu.staff.models import Department, Person
from tests.cast import Cast, present
from tests.permissions.who import PERMIT, SUBJECTS

NOT_THERE = 999_999
# what customers may register, and what not
OFFERED = {"own": "repair", "dispatched": "complaint", "other": "enquiry", "unknown": "hotline_call"}


@dataclass
class World:
    """`args[about][subject]`: what stands in the address; `values[subject]`: what stands in bodies."""

    people: dict[str, Person | None]
    args: dict[str, dict[str, tuple[Any, ...]]]
    values: dict[str, dict[str, Any]]


def make_world(cast: Cast) -> World:
    at = timezone.now() - timedelta(seconds=30)
    cases = _cases(cast, at)
    duties = _duties(cast, cases, at)
    units = dict(zip(SUBJECTS, (cast.service_centre, cast.engineering, cast.sales), strict=False))
    customers = {
        subject: add_customer(
            unit, kind="natural", name="王小明", contacts=[("phone", "13812345678")], by=SYSTEM, at=at
        )
        for subject, unit in units.items()
    }
    files = {subject: _file(case, at) for subject, case in cases.items()}
    stuck = StuckEffect.objects.create(
        key="step:case:1:x:1:0", subject_kind="case", subject_id="1", error="x", first_at=at, retry_at=at
    )
    packs = {"own": "property", "dispatched": "property", "other": "general", "unknown": "telecom"}
    kinds = {"property": "repair", "general": "enquiry", "telecom": "enquiry"}
    versions = {
        pack: RulebookVersion.objects.filter(pack=pack).values_list("pk", flat=True).first() for pack in kinds
    }
    colleagues = {"own": cast.other_agent, "dispatched": cast.worker, "other": cast.stranger}
    numbers = {subject: case.number for subject, case in cases.items()} | {"unknown": "TS19990101-0001"}
    missing = {"unknown": ("TS19990101-0001", "0" * 32)}
    permits = {s: one.number for s, one in _approvals(cast, at).items()} | {"unknown": "XD19990101-001"}
    args: dict[str, dict[str, tuple[Any, ...]]] = {
        "case": {subject: (number,) for subject, number in numbers.items()},
        "file": {s: (cases[s].number, files[s]) for s in cases} | missing,
        "sheet": {subject: (number, "register") for subject, number in numbers.items()},
        "duty_paper": {s: ("duty", duty.number) for s, duty in duties.items()}
        | {"unknown": ("duty", "HF19990101-1")},
        "duty": {s: (duty.number,) for s, duty in duties.items()} | {"unknown": ("HF19990101-001",)},
        "approval": {s: (number,) for s, number in permits.items()},
        "approval_signature": {s: (number, NOT_THERE) for s, number in permits.items()},
        "approval_file": {s: (number, "0" * 32) for s, number in permits.items()},
        **_papers(cast, cases, at),
        "customer": {s: (one.number,) for s, one in customers.items()} | {"unknown": (f"KH{NOT_THERE}",)},
        "contact": {s: (one.number, one.contact_points.get().pk) for s, one in customers.items()}
        | {"unknown": (f"KH{NOT_THERE}", NOT_THERE)},
        **_devices(customers, at),
        "occupancy": {s: (one.number, _occupancy(one, at)) for s, one in customers.items()}
        | {"unknown": (f"KH{NOT_THERE}", NOT_THERE)},
        "person": {s: (one.pk,) for s, one in colleagues.items()} | {"unknown": (NOT_THERE,)},
        "department": {s: (unit.pk,) for s, unit in units.items()} | {"unknown": (NOT_THERE,)},
        "effect": {subject: (stuck.pk if subject != "unknown" else NOT_THERE,) for subject in SUBJECTS},
        **_membership(cast, colleagues, units, at),
        **_desk(cast, cases, at),
        **_walls(cast, units, at),
        "link": dict.fromkeys(SUBJECTS, ("no-such-link",)),
        "offered": {subject: ("service_centre", kind) for subject, kind in OFFERED.items()},
        "offered_kind": {subject: (kind,) for subject, kind in OFFERED.items()},
        "session": _keys(cast, "sign_ins"),
        "token": _keys(cast, "tokens"),
        "escalation": _escalations(cast, cases, at),
        "long_work": _long_work(cast, at),
        "rulebook": {subject: (pack,) for subject, pack in packs.items()},
        "kind": {subject: (pack, kinds[pack]) for subject, pack in packs.items()},
        "version": {subject: (pack, versions[pack] or NOT_THERE) for subject, pack in packs.items()},
    }
    values = {
        subject: {
            "case": numbers[subject],
            "urge": args["urge"][subject][1],
            "colleague": colleagues.get(subject, cast.other_agent).pk,
            "contact": _contact(customers.get(subject)),
            "customer": customers[subject].number if subject in customers else f"KH{NOT_THERE}",
        }
        for subject in SUBJECTS
    }
    people = {name: getattr(cast, name, None) for name in ("agent", "supervisor", "manager", "worker")}
    people |= {"auditor": cast.auditor, "stranger": cast.stranger, "owner": cast.owner, "visitor": None}
    return World(people, args, values)


def _desk(cast: Cast, cases: dict[str, Case], at: Any) -> dict[str, dict[str, tuple[Any, ...]]]:
    """A supervision of each case, and of each of three colleagues a list, a reminder and a bulk run."""
    people = {"own": cast.agent, "dispatched": cast.worker, "other": cast.stranger}
    found: dict[str, dict[str, tuple[Any, ...]]] = {"urge": {}, "view": {}, "bulk": {}, "reminder": {}}
    for subject, person in people.items():
        case, later = cases[subject], at + timedelta(days=1)
        urge = Urge.objects.create(case=case, person=cast.owner, at=at, reason="请反馈", feedback_by=later)
        reminder = Reminder.objects.create(case=case, person=person, at=at, due_at=later)
        run = bulk.prepare("note", {"body": "x"}, [case.pk], by=person, at=at)
        bulk.look(run, at=at)
        found["urge"][subject] = (case.number, urge.pk)
        found["view"][subject] = (
            SavedView.objects.create(person=person, name="x", query="list=mine", at=at).pk,
        )
        found["bulk"][subject] = (run.pk,)
        found["reminder"][subject] = (case.number, reminder.pk)
    gone = ("TS19990101-0001", NOT_THERE)
    unknown = {"urge": gone, "reminder": gone, "view": (NOT_THERE,), "bulk": (NOT_THERE,)}
    return {name: {**rows, "unknown": unknown[name]} for name, rows in found.items()}


def _walls(cast: Cast, units: dict[str, Department], at: Any) -> dict[str, dict[str, tuple[Any, ...]]]:
    end = at + timedelta(days=1)
    made = {
        s: make_wall(name=s, department=one, expires_at=end, by=cast.owner, at=at) for s, one in units.items()
    }
    walls = {subject: (wall.pk,) for subject, (wall, _) in made.items()}
    keys = {subject: (key,) for subject, (_, key) in made.items()}
    return {"wall": walls | {"unknown": (NOT_THERE,)}, "wall_key": keys | {"unknown": ("no-such-key",)}}


def _cases(cast: Cast, at: Any) -> dict[str, Case]:
    caller = {"surname": "王", "telephone": "8000001"}
    own = _register("repair", cast.agent, cast.service_centre, at, caller | {"content": "龙头滴水"})
    sent = _register("complaint", cast.agent, cast.service_centre, at, caller | {"content": "电梯停运"})
    accepted = {
        "house_number": "3-1201",
        "validity": "valid",
        "difficulty": "ordinary",
        "clarification": "已致歉",
    }
    steps = {
        "accepted": accepted,
        "graded": {"cause": "service_faulty", "severity": "important"},
        "dispatched": {"handling_department": str(cast.engineering.pk), "arrangement": "今日查看"},
    }
    for name, values in steps.items():
        sent = actions.move(sent, name, by=cast.agent, at=at, values=values)
    other = _register("enquiry", cast.stranger, cast.sales, at, {})
    return {"own": own, "dispatched": sent, "other": other}


def _register(kind: str, by: Person, unit: Department, at: Any, values: dict[str, str]) -> Case:
    return actions.register(kind, department=unit, by=by, at=at, subject="询问", values=values)


def _duties(cast: Cast, cases: dict[str, Case], at: Any) -> dict[str, Duty]:
    def duty(**more: Any) -> Duty:
        return open_duty("repair_call", parent=cases["own"], by=SYSTEM, at=at, **more)

    found = {
        "own": duty(post="agent"),
        "dispatched": duty(owner_id=cast.worker.pk),
        "other": duty(post="agent"),
    }
    Duty.objects.filter(pk=found["other"].pk).update(department=cast.sales)
    return found


def _approvals(cast: Cast, at: Any) -> dict[str, Approval]:
    """A permit to take things out, asked for by the agent, the worker and somebody of sales."""
    people = {"own": cast.agent, "dispatched": cast.worker, "other": cast.stranger}
    asked = {
        subject: ask("take_out_permit", department=cast.service_centre, by=cast.agent, at=at, values=PERMIT)
        if subject == "other"  # in sales nobody could agree
        else ask("take_out_permit", department=one.department, by=one, at=at, values=PERMIT)
        for subject, one in people.items()
    }
    other = Approval.objects.filter(pk=asked["other"].pk)
    other.update(department=cast.sales, applicant=cast.stranger, author=cast.stranger, owner=None, turn=[])
    asked["other"].asked.all().delete()
    return asked


def _papers(cast: Cast, cases: dict[str, Case], at: Any) -> dict[str, dict[str, tuple[Any, ...]]]:
    """A suggestion begun by the agent, the worker and somebody of sales; its form; the register of what it is like."""
    people = {"own": cast.agent, "dispatched": cast.worker, "other": cast.stranger}
    values = {"basis": "customer_need", "analysis": "原因", "proposal": "建议"}
    made = {
        subject: begin_document("suggestion", department=one.department, by=one, at=at, values=values)
        for subject, one in people.items()
    }
    units = {"own": cast.service_centre, "dispatched": cast.engineering, "other": cast.sales}
    forms = {subject: (unit.pk, "suggestion") for subject, unit in units.items()}
    packs = {"own": "property", "dispatched": "property", "other": "general", "unknown": "telecom"}
    gone = ("JY19990101-001",)
    return {
        "document": {s: (one.number,) for s, one in made.items()} | {"unknown": gone},
        "signature": {s: (one.number, NOT_THERE) for s, one in made.items()}
        | {"unknown": (*gone, NOT_THERE)},
        "document_file": {s: (one.number, "0" * 32) for s, one in made.items()}
        | {"unknown": (*gone, "0" * 32)},
        "form": forms | {"unknown": (NOT_THERE, "suggestion")},
        "form_for": {s: (*forms[s], "case", cases[s].pk) for s in forms}
        | {"unknown": (NOT_THERE, "suggestion", "case", NOT_THERE)},
        "register": {s: (pack, "outbound_calls") for s, pack in packs.items()},
    }


def _keys(cast: Cast, what: str) -> dict[str, tuple[Any, ...]]:
    """A session or a token of the agent, the worker and the stranger."""
    people = {"own": cast.agent, "dispatched": cast.worker, "other": cast.stranger}
    at = timezone.now()
    for person in people.values():
        if what == "sign_ins":
            present(person, at)
        else:
            end = at + timedelta(days=1)
            staff.make_token(person, name="x", scopes=["read"], expires_at=end, by=person, at=at)
    return {s: (getattr(one, what).first().pk,) for s, one in people.items()} | {"unknown": (NOT_THERE,)}


def _long_work(cast: Cast, at: Any) -> dict[str, tuple[Any, ...]]:
    """An export that was stopped when its sheet was made."""
    people = {"own": cast.agent, "dispatched": cast.worker, "other": cast.stranger}
    made = {}
    for subject, person in people.items():
        job = begin("cases.export", {"asked": {"list": "all"}, "form": "csv"}, by=person, at=at)
        file = keep(lambda made: made.write(b"a"), at=at)
        job.result = {"rows": 1, "file": file, "file_name": "a.csv"}
        job.ended_at, job.ended_as = at, "cancelled"
        job.save()
        made[subject] = (job.pk,)
    return made | {"unknown": (NOT_THERE,)}


def _escalations(cast: Cast, cases: dict[str, Case], at: Any) -> dict[str, tuple[Any, ...]]:
    people = {"own": cast.supervisor, "dispatched": cast.worker, "other": cast.stranger}
    made = {
        subject: Escalation.objects.create(
            work_kind="case",
            work_id=cases[subject].pk,
            department=cases[subject].department,
            person=person,
            at=at,
        )
        for subject, person in people.items()
    }
    return {subject: (one.pk,) for subject, one in made.items()} | {"unknown": (NOT_THERE,)}


def _membership(
    cast: Cast, people: dict[str, Person], units: dict[str, Department], at: Any
) -> dict[str, dict[str, tuple[Any, ...]]]:
    """A held post, a team with its member, and a stand-in, for each of the colleagues."""
    found: dict[str, dict[str, tuple[Any, ...]]] = {
        "holding": {},
        "team": {},
        "membership": {},
        "stand_in": {},
    }
    for subject, person in people.items():
        team = staff.make_team(units[subject], name=subject, leader=None, by=SYSTEM, at=at)
        rows = {
            "holding": person.holdings.get(),
            "team": team,
            "membership": staff.join_team(person, team=team, by=SYSTEM, at=at),
            "stand_in": staff.set_stand_in(
                person, person=cast.engineering_supervisor, since=at, until=None, by=SYSTEM, at=at
            ),
        }
        for name, row in rows.items():
            found[name][subject] = (row.pk,)
    for name in found:
        found[name]["unknown"] = (NOT_THERE,)
    return found


def _file(case: Case, at: Any) -> str:
    stored = store(b"text", "a.txt", by=SYSTEM, at=at)
    actions.attach(case, stored, by=SYSTEM, at=at)
    return str(stored.pk)


def _devices(customers: dict[str, Customer], at: Any) -> dict[str, dict[str, tuple[Any, ...]]]:
    """One of each customer, on its page and by itself."""
    found: dict[str, dict[str, tuple[Any, ...]]] = {"asset": {}, "device": {}}
    for subject, one in customers.items():
        of = {"number": f"S{one.pk}", "name": "热水器", "customer": one}
        device = add_asset(one.department, **of, by=SYSTEM, at=at)
        found["asset"][subject], found["device"][subject] = (one.number, device.pk), (device.pk,)
    return {
        "asset": found["asset"] | {"unknown": (f"KH{NOT_THERE}", NOT_THERE)},
        "device": found["device"] | {"unknown": (NOT_THERE,)},
    }


def _occupancy(customer: Customer, at: Any) -> int:
    site = add_site(customer.department, community="云庭", room=str(customer.pk), by=SYSTEM, at=at)
    return move_in(customer, site=site, role="owner", by=SYSTEM, at=at).pk


def _contact(customer: Any) -> str:
    point = customer.contact_points.first() if customer else None
    return f"contact:{point.pk}" if point else "contact:1"
