"""Everything that is done with cases. One verb, one function; each writes its events in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kefu.cases import rights
from kefu.cases.grading import keep_told
from kefu.cases.mentions import tell_mentioned
from kefu.cases.models import Attachment, Case, Link, Message, Reach
from kefu.core.db import insert, write
from kefu.core.errors import Refused
from kefu.core.files.models import StoredFile
from kefu.core.inputs import line
from kefu.core.ledger import By
from kefu.core.rulebook.model import Ref
from kefu.core.search.actions import add
from kefu.core.work import actions as work
from kefu.core.work import recording
from kefu.customers.archive import require_served
from kefu.customers.models import Asset, Customer, Site
from kefu.customers.revealing import reveal_in_form
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

LONGEST_SUBJECT = 200  # characters
LONGEST_MESSAGE = 20_000
LINK_KINDS = ("cause", "repeat", "same", "rework")


def register(
    kind: str,
    *,
    department: Department,
    by: By,
    at: datetime,
    subject: str,
    body: str = "",
    values: Mapping[str, object] | None = None,
    channel: str = "",
    customer: Customer | None = None,
    site: Site | None = None,
    asset: Asset | None = None,
    parent: Case | None = None,
    import_key: str | None = None,
    told: Mapping[str, object] | None = None,
) -> Case:
    """Register a case of `kind` in `department`, under the rulebook in force there at `at`.

    told: answers to questions of its grade that a move takes in later (`kefu.cases.grading`).
    Raises Refused line.*, message.too_long, work.unknown_kind, form.*, customer.cancelled; nothing is stored then.
    """
    # what customers write themselves, what follows from work and what is history is kept
    if isinstance(by, Person) and parent is None and import_key is None:
        require_served(customer)
    subject = line(subject, "主题 / subject", longest=LONGEST_SUBJECT)
    body = _text(body)
    rulebook = rulebook_of(department, at)
    if parent is None:  # a rule that opens a case of its own asks nobody
        work.require_opener(rulebook, kind, department.pk, by=by, at=at)
    with write():
        case = work.open_work(
            Case,
            kind,
            department=department,
            rulebook=rulebook,
            by=by,
            at=at,
            values=values or {},
            parent=parent,
            subject=subject,
            channel=channel,
            customer=customer,
            site=site,
            asset=asset,
            import_key=import_key,
        )
        if told:
            keep_told(case, told, by=by, at=at)
        if body:
            _say(case, body, by=by, at=at, public=True)
        _reach(case, at=at, by=by)
    return case


def move(
    case: Case,
    name: str,
    *,
    by: By,
    at: datetime,
    values: Mapping[str, object] | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Case:
    """Make a move of the flow; a department named by it sees the case from then on. Raises as `work.actions.move`."""
    with write():
        case = work.move(case, name, by=by, at=at, values=values, reason=reason, revision=revision)
        _reach(case, at=at, by=by)
        if case.owner_id is None and case.is_open and (first := recording.person_id(by)) is not None:
            case = work.assign(
                case, first, by=by, at=at
            )  # who deals with it first keeps it until it is passed on
        if reason.strip():  # the ledger says that there was one; its words stand here
            _say(case, _text(reason), by=by, at=at, public=False)
    return case


def add_message(
    case: Case, *, by: By, at: datetime, body: str, public: bool, revision: int | None = None
) -> Message:
    """Add what was said. Raises Refused message.empty, message.too_long, work.voided, work.changed."""
    body = _text(body)
    if not body.strip():
        raise Refused(
            "message.empty", zh="内容为空，没有可保存的文字。", en="The message is empty; nothing to save."
        )
    with write():
        case = recording.locked(case, revision=revision)
        recording.require_not_void(case)
        message = _say(case, body, by=by, at=at, public=public)
        recording.save(case, at=at)
        recording.note(case, "message_added", by=by, at=at, data={"message": message.pk, "public": public})
        tell_mentioned(message, case, by=by, at=at)
    return message


def attach(
    case: Case, file: StoredFile, *, by: By, at: datetime, message: Message | None = None
) -> Attachment:
    """Put a stored file on the case."""
    with write():
        case = recording.locked(case)
        recording.require_not_void(case)
        attachment = Attachment.objects.create(
            case=case, message=message, file=file, author_id=recording.person_id(by), at=at
        )
        recording.note(case, "file_added", by=by, at=at, data={"file": str(file.pk)})
    return attachment


def take(case: Case, *, by: Person, at: datetime) -> Case:
    """Become the owner of a case that has none. Raises Refused case.taken naming who was first, case.may_not."""
    with write():
        case = recording.locked(case)
        if case.owner_id is None:
            rights.require("take", by, case, at)
        if case.owner_id is not None and case.owner_id != by.pk:
            name = Person.objects.values_list("name", flat=True).get(pk=case.owner_id)
            raise Refused(
                "case.taken",
                zh=f"工单 {case.number} 已由 {name} 接手，请另选一单。",
                en=f"Case {case.number} was already taken by {name}; please choose another one.",
                number=case.number,
                owner=name,
            )
        return work.assign(case, by.pk, by=by, at=at)


def assign(case: Case, to: Person, *, by: By, at: datetime, revision: int | None = None) -> Case:
    """Give the case to `to`. Raises Refused case.not_visible_to when that person could not open it."""
    from kefu.cases.queries import cases_visible_to

    with write():
        case = recording.locked(case, revision=revision)
        if not to.is_active or not (
            to.department_id == case.department_id or cases_visible_to(to, at).filter(pk=case.pk).exists()
        ):
            raise Refused(
                "case.not_visible_to",
                zh=f"{to.name} 不能处理工单 {case.number}：不在受理部门，也未派发给其部门。",
                en=f"{to.name} cannot handle case {case.number}: it is not of their department nor sent to it.",
                number=case.number,
            )
        return work.assign(case, to.pk, by=by, at=at)


def void(case: Case, *, by: By, at: datetime, reason: str, revision: int | None = None) -> Case:
    """Declare the case registered by mistake. It stays readable; its clocks end. Raises Refused line.missing."""
    return work.void(case, by=by, at=at, reason=line(reason, "原因 / reason", longest=500), revision=revision)


def link(one: Case, other: Case, *, kind: str, by: By, at: datetime) -> Link:
    """Note that two cases belong together. The caller may see both. Linking twice changes nothing."""
    if kind not in LINK_KINDS or one.pk == other.pk:
        raise Refused(
            "case.link",
            zh="不能这样关联：请选择另一张工单和关联类型（原因、重复、同一故障、返修）。",
            en="Cannot link like this: choose another case and a kind (cause, repeat, same, rework).",
        )
    with write():
        made, fresh = Link.objects.get_or_create(one=one, other=other, kind=kind, defaults={"at": at})
        if fresh:
            recording.note(one, "linked", by=by, at=at, data={"other": other.pk, "kind": kind})
    return made


def name_customer(case: Case, customer: Customer | None, *, by: By, at: datetime) -> Case:
    """Say whose case it is; nobody, with None. Raises Refused work.voided, case.may_not, customer.cancelled."""
    require_served(customer)
    with write():
        case = recording.locked(case)
        recording.require_not_void(case)
        if isinstance(by, Person):
            rights.require("fill", by, case, at)
        case.customer = customer
        case.save(update_fields=["customer"])
        recording.save(case, at=at)
        recording.note(
            case, "customer_set", by=by, at=at, data={"customer": customer.pk if customer else None}
        )
    return case


def name_asset(case: Case, asset: Asset | None, *, by: By, at: datetime) -> Case:
    """Say which device it is about; none, with None. Raises Refused work.voided, case.may_not."""
    with write():
        case = recording.locked(case)
        recording.require_not_void(case)
        if isinstance(by, Person):
            rights.require("fill", by, case, at)
        case.asset = asset
        recording.save(case, at=at)
        recording.note(case, "asset_set", by=by, at=at, data={"asset": asset.pk if asset else None})
    return case


def reveal(case: Case, field: str, *, reason: str, by: Person, at: datetime) -> str:
    """One masked number of the case's form in full. Raises as `kefu.customers.revealing.reveal_in_form`."""
    return reveal_in_form(case, field, allowed=rights.may_reveal(by, case, at), reason=reason, by=by, at=at)


def _say(case: Case, body: str, *, by: By, at: datetime, public: bool) -> Message:
    author, customer = recording.person_id(by), recording.customer_id(by)
    message = Message(case=case, author_id=author, customer_id=customer, public=public, body=body, at=at)
    insert([message])
    add(case.ref, body, part=message.pk)
    return message


def _reach(case: Case, *, by: By, at: datetime) -> None:
    """Departments named in the case's fields, other than its own, see it from now on."""
    named = {
        int(value.id)
        for value in case.values.values()
        if isinstance(value, Ref) and value.kind == "unit" and value.id.isdecimal()
    } - {case.department_id}
    if not named:
        return
    for department in named - set(case.reaches.values_list("department_id", flat=True)):
        if not Department.objects.filter(pk=department).exists():
            raise Refused(
                "department.unknown",
                zh="没有这个部门，请从列表中选择。",
                en="There is no such department; choose one from the list.",
            )
        Reach.objects.create(case=case, department_id=department, at=at)
        recording.note(case, "reached", by=by, at=at, data={"department": department})


def _text(body: str) -> str:
    if len(body) > LONGEST_MESSAGE:
        raise Refused(
            "message.too_long",
            zh=f"内容有 {len(body)} 字，最多 {LONGEST_MESSAGE} 字；较长内容请作为附件。",
            en=f"The text has {len(body)} characters, at most {LONGEST_MESSAGE}; attach longer texts as a file.",
            longest=LONGEST_MESSAGE,
        )
    return body.replace("\x00", "")
