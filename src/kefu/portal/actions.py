"""What customers do. Everything goes through the actions of cases, with the customer as the one who acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils import translation

from kefu.cases import actions as cases
from kefu.cases.models import Case, Message
from kefu.cases.urging import nudge
from kefu.core import inputs
from kefu.core.clocks import facts_json
from kefu.core.clocks.models import ClockRow
from kefu.core.db import write
from kefu.core.effects.registry import Cause
from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.flow import Offer
from kefu.core.ledger import SYSTEM, Actor
from kefu.core.rulebook.model import Field, Move
from kefu.core.rulebook.who import CUSTOMER
from kefu.core.work.fields import fields_of
from kefu.core.work.people import tell
from kefu.core.work.queries import moves_offered
from kefu.core.work.recording import locked
from kefu.customers import actions as customers
from kefu.customers.models import ContactPoint, Customer, Site
from kefu.customers.queries import surviving
from kefu.portal import limits, sending
from kefu.portal.models import Submission
from kefu.portal.queries import Offered, states_waited_in
from kefu.portal.visits import Visitor, actor_of
from kefu.staff.notices import declare_notice

CHANNEL = "web"
WROTE = "case.customer_wrote"
declare_notice(WROTE, zh="客户对{kind_zh} {number} 有新留言", en="the customer wrote on {kind_en} {number}")
SHORT = 40  # characters of what was written that make the subject


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a case in, in one spelling; `mail` may be empty."""

    name: str
    phone: str
    mail: str

    @classmethod
    def read(cls, name: str, phone: str, mail: str) -> Sender:
        """Raises Refused line.*, phone.*, mail.*."""
        return cls(
            inputs.line(name, "称呼 / name", longest=120),
            inputs.phone(phone),
            inputs.mail(mail) if mail.strip() else "",
        )


def submit(
    what: Offered,
    *,
    sender: Sender,
    body: str,
    place: str,
    site: Site | None,
    values: Mapping[str, object],
    files: Sequence[UploadedFile],
    visitor: Visitor,
    base: str,
    at: datetime,
) -> Case:
    """Register a case for its customer, who is found by the phone or made. base: where links in messages lead,
    `https://kefu.example.org`.

    Raises what `cases.actions.register` and `store` raise; nothing is stored then.
    """
    body = required_text(body)
    place = inputs.line(place, "地点 / place", longest=200, required=False)
    with write():
        customer = _customer_of(what, sender, visitor, at=at)
        by = Actor(f"customer:{customer.pk}")
        fields = fields_of(what.kind)
        case = cases.register(
            what.kind.name,
            department=what.department,
            by=by,
            at=at,
            subject=_subject(body),
            body=body if site or not place or "house_number" in fields else f"{body}\n{place}",
            values=_completed(fields, values, sender, body, str(site) if site else place),
            channel=CHANNEL,
            customer=customer,
            site=site,
        )
        _attach(case, files, by=by, at=at)
        Submission.objects.create(
            case=case,
            phone=sender.phone,
            mail=sender.mail,
            base=base,
            language=translation.get_language() or "zh-hans",
            at=at,
        )
        sending.confirm(case, at=at)
    return case


def reply(case: Case, body: str, files: Sequence[UploadedFile], *, at: datetime) -> None:
    """Say something on the case. Where it waits for the customer, this is the answer it waits for.

    Raises Refused message.*, file.*, work.voided.
    """
    by = actor_of(case)
    with write():
        message = cases.add_message(case, by=by, at=at, body=required_text(body), public=True)
        _attach(case, files, by=by, at=at, message=message)
        _tell(case, by, at=at)
        answers = [one.move for one in moves_of(case, at) if not one.move.fill and one.move.to != case.state]
        if len(answers) == 1 and case.is_open and case.state in states_waited_in(case):
            cases.move(case, answers[0].name, by=by, at=at)


def move(case: Case, name: str, values: Mapping[str, object], *, at: datetime) -> Case:
    """Make a move that the rulebook gives to customers. What was written with it is said on the case too, so that the
    next one does not wipe it out. Raises Refused flow.*, form.*; not work.changed: what staff note meanwhile is no
    concern of theirs."""
    by = actor_of(case)
    with write():
        case = cases.move(case, name, by=by, at=at, values=values)
        said = "\n".join(str(value).strip() for value in values.values() if str(value or "").strip())
        if said:
            cases.add_message(case, by=by, at=at, body=said, public=True)
        _tell(case, by, at=at)
    return case


def moves_of(case: Case, at: datetime) -> list[Offer]:
    """Moves that the customer may make now; one that changes nothing is not offered twice."""
    made = facts_json.load(case.made)
    changed = [at for name, at in made.items() if isinstance(at, datetime) and _leaves(case, name)]

    def said(move: Move) -> bool:
        last = made.get(move.name)
        return move.to == case.state and isinstance(last, datetime) and all(last > one for one in changed)

    return [one for one in moves_offered(case, CUSTOMER, at) if one.allowed and not said(one.move)]


def may_urge(case: Case) -> bool:
    """Whether a promise runs for which the customer has not urged since it began; with none running, once in all."""
    rows = ClockRow.objects.filter(work_kind=case.noun, work_id=case.pk, ended_at=None)
    begun = list(rows.exclude(state="paused").values_list("started_at", flat=True)) or [case.opened_at]
    urged = case.urges.filter(person=None).order_by("-at").values_list("at", flat=True).first()
    return case.is_open and (urged is None or any(one > urged for one in begun))


def urge(case: Case, *, at: datetime) -> None:
    """Have the owner and their leader reminded, once for every promise. Raises Refused portal.urged, nudge.too_many."""
    with write():
        case = locked(case)
        if not may_urge(case):
            raise Refused(
                "portal.urged",
                zh=f"{case.number} 已经催办过了，处理人和上级都已收到提醒。",
                en=f"{case.number} was urged already; whoever handles it and their leader were told.",
                number=case.number,
            )
        nudge(case, by=actor_of(case), at=at, reason="客户自助催办 / urged by the customer")


def required_text(body: str) -> str:
    """What the customer writes. Raises Refused message.empty, line.too_long."""
    text = inputs.paragraph(body, "内容 / text", longest=limits.LONGEST_TEXT)
    if not text:
        raise Refused("message.empty", zh="请写下要说的内容。", en="Please write what it is about.")
    return text


def require_few(files: Sequence[UploadedFile]) -> None:
    """Raises Refused portal.files."""
    if len(files) > limits.MOST_FILES:
        raise Refused(
            "portal.files",
            zh=f"一次最多 {limits.MOST_FILES} 个文件，现在有 {len(files)} 个；其余的可以稍后回复时补充。",
            en=f"At most {limits.MOST_FILES} files at once, these are {len(files)}; add the rest with a reply.",
        )


def _tell(case: Case, by: Actor, *, at: datetime) -> None:
    """Let whoever has the case know that its customer wrote or decided."""
    cause = Cause(by=by, at=at, key=f"{WROTE}:{case.pk}:{case.revision}")
    tell([case.owner_id] if case.owner_id else [], WROTE, case, {}, cause)


def _customer_of(what: Offered, sender: Sender, visitor: Visitor, *, at: datetime) -> Customer:
    """One in the department's archive with that phone, rather who has proved it and who has that name; else a new one.

    Nothing is added to somebody on record: whoever sends a form in has not proved to be that person.
    """
    points = ContactPoint.objects.filter(
        kind=ContactPoint.PHONE, value=sender.phone, customer__department=what.department
    )
    known = {surviving(point.customer) for point in points.select_related("customer")}
    if known:
        return min(known, key=lambda one: (one.pk not in visitor.customers, one.name != sender.name, one.pk))
    return customers.add_customer(
        what.department,
        kind=Customer.NATURAL,
        name=sender.name,
        contacts=[(ContactPoint.PHONE, sender.phone)],
        by=SYSTEM,
        at=at,
    )


def _completed(
    fields: Mapping[str, Field], values: Mapping[str, object], sender: Sender, body: str, place: str
) -> dict[str, object]:
    """The manuals' registers ask for these by these names; the customer wrote them once."""
    known = {
        "surname": sender.name,
        "telephone": inputs.phone_written(sender.phone),
        "house_number": place,
        "content": body,
    }
    return {name: text for name, text in known.items() if name in fields and text} | dict(values)


def _subject(body: str) -> str:
    first = inputs.line(body.strip().splitlines()[0], "内容 / text", longest=limits.LONGEST_TEXT)
    return first if len(first) <= SHORT else f"{first[: SHORT - 1]}…"


def _attach(
    case: Case, files: Sequence[UploadedFile], *, by: Actor, at: datetime, message: Message | None = None
) -> None:
    require_few(files)
    for file in files:
        stored = store(file.read(), file.name or "", by=by, at=at)
        cases.attach(case, stored, by=by, at=at, message=message)


def _leaves(case: Case, name: str) -> bool:
    """Whether the move goes to another state."""
    move = case.flow.moves.get(name)
    return move is None or any(state != move.to for state in move.from_)
