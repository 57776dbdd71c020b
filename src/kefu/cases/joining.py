"""Cases that belong together: a duplicate merged into its main case, a part split off, a complaint raised again.

Customers are told nothing by any of it. A merge cannot be taken back; what it brought along can be split off again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from kefu.cases import actions, rights
from kefu.cases.models import Attachment, Case, Link, Message, Watch
from kefu.cases.queries import with_merged
from kefu.core.clocks.actions import refresh
from kefu.core.db import insert, write
from kefu.core.errors import Refused
from kefu.core.search.actions import add, hand_over
from kefu.core.work import actions as work
from kefu.core.work import registry
from kefu.core.work.recording import locked, note, require_not_void, save
from kefu.customers.models import Customer
from kefu.customers.queries import all_numbers
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of

MERGED = (
    "并入另一工单 / merged into another case"  # not its number: not everybody who reads it may see that one
)
ASKED_AGAIN = "asked_again"  # how the manuals' registers call the number of times something was raised


def merge(duplicate: Case, into: Case, *, by: Person, at: datetime, revision: int | None = None) -> Case:
    """Close `duplicate` into `into`: its promises end without being met or missed, what was said stands on both.

    Its open duties are withdrawn, and who watches it watches `into`. Raises Refused case.merge, .merge_customer,
    .merge_over, case.may_not, work.voided, work.changed.
    """
    with write():
        rows = {one.pk: locked(one) for one in sorted((duplicate, into), key=lambda one: one.pk)}
        duplicate, into = rows[duplicate.pk], rows[into.pk]
        for one in (duplicate, into):
            require_not_void(one)
        if not duplicate.is_open or not into.is_open:
            raise _wrong_merge(
                "case.merge_over",
                duplicate,
                into,
                "其中一张已办结；已办结后再次提出的，请关联为“重复”",
                "one of them is over; what is raised again afterwards is linked as a repeat",
            )
        if revision is not None and duplicate.revision != revision:
            locked(duplicate, revision=revision)  # refuses
        for one in (duplicate, into):
            rights.require("join", by, one, at)
        if duplicate.pk == into.pk:
            raise _wrong_merge(
                "case.merge", duplicate, into, "不能并入自己，请填写另一张工单的编号", "name another case"
            )
        if not _one_customer(duplicate.customer, into.customer):
            raise _wrong_merge(
                "case.merge_customer",
                duplicate,
                into,
                "两张工单不是同一客户；同一故障请用“关联”",
                "they are of different customers; link cases of one outage instead",
            )
        duplicate.voided_at, duplicate.merged_into = at, into
        duplicate.void_reason = MERGED
        save(duplicate, at=at)
        note(
            duplicate,
            "merged",
            by=by,
            at=at,
            name="voided",
            values={"voided": "true"},
            data={"other": into.pk},
        )
        refresh(duplicate, at=at)
        _withdraw_duties(duplicate, by=by, at=at)
        _follow(duplicate, into, at=at)
        hand_over(duplicate.ref, into.ref)
        save(into, at=at)
        note(into, "took_in", by=by, at=at, data={"other": duplicate.pk})
    return into


def split(
    case: Case,
    messages: Collection[int],
    *,
    kind: str,
    subject: str,
    by: Person,
    at: datetime,
) -> Case:
    """Register a case of `kind` for the same customer from some of what was said on `case` (ids of messages).

    The messages and their files are copied with their authors and times; fields of the same name are carried over, the
    first message is its content. Raises Refused case.split, case.may_not, and what `register` raises.
    """
    with write():
        case = locked(case)
        rights.require("join", by, case, at)
        chosen = list(
            Message.objects.filter(case__in=with_merged(case), pk__in=messages).order_by("at", "pk")
        )
        if not chosen or len(chosen) != len(set(messages)):
            raise Refused(
                "case.split",
                zh="请勾选要拆出的沟通记录（须在本工单上）。",
                en="Choose what was said on this case that shall start the new one.",
            )
        made = actions.register(
            kind,
            department=case.department,
            by=by,
            at=at,
            subject=subject,
            values=_carried(case, kind, chosen, at),
            channel=case.channel,
            customer=case.customer,
            site=case.site,
        )
        _copy(chosen, made)
        Link.objects.create(one=made, other=case, kind="split", at=at)
        note(made, "linked", by=by, at=at, data={"other": case.pk, "kind": "split"})
        note(case, "split_off", by=by, at=at, data={"other": made.pk, "messages": len(chosen)})
    return made


def raise_again(case: Case, earlier: Case, *, by: Person, at: datetime) -> Case:
    """Note that `case` raises `earlier` again 重复投诉. Where its form counts that, the count follows, and its grade.

    The caller may see both. Raises Refused case.may_not.
    """
    with write():
        rights.require("join", by, case, at)
        actions.link(case, earlier, kind="repeat", by=by, at=at)
        field = case.rule.form.fields.get(ASKED_AGAIN)
        if field is not None and field.type == "number":
            times = 1 + case.links_out.filter(kind="repeat").count()
            stored = case.values.get(ASKED_AGAIN)
            if stored is None or int(str(stored)) < times:
                case = work.set_values(case, {ASKED_AGAIN: str(times)}, by=by, at=at)
    return case


def _one_customer(one: Customer | None, other: Customer | None) -> bool:
    """The same one, one merged into the other, or nobody named on one side."""
    if one is None or other is None or one.pk == other.pk:
        return True
    return other.pk in all_numbers(one) or one.pk in all_numbers(other)


def _withdraw_duties(duplicate: Case, *, by: Person, at: datetime) -> None:
    for model in registry.models():
        if model.chapter == "duties":
            open_ = model._default_manager.filter(
                parent_kind=duplicate.noun, parent_id=duplicate.pk, closed_at=None, voided_at=None
            )
            for duty in open_.order_by("pk"):
                work.void(duty, by=by, at=at, reason=MERGED)


def _follow(duplicate: Case, into: Case, *, at: datetime) -> None:
    watching = set(into.watches.values_list("person_id", flat=True))
    for person in duplicate.watches.values_list("person_id", flat=True):
        if person not in watching:
            Watch.objects.create(case=into, person_id=person, at=at)


def _carried(case: Case, kind: str, chosen: Sequence[Message], at: datetime) -> dict[str, object]:
    """Texts and choices that the new kind's form has by the same name and type, its content from the first message."""
    rule = rulebook_of(case.department, at).kinds.get(kind)
    if rule is None:
        return {}  # `register` says so
    here, there = case.rule.form.fields, rule.form.fields
    carried: dict[str, object] = {
        name: value
        for name, value in case.values.items()
        if isinstance(value, str) and name in here and name in there and here[name].type == there[name].type
    }
    if "content" in there:
        carried["content"] = chosen[0].body
    return carried


def _copy(chosen: Sequence[Message], made: Case) -> None:
    files = list(Attachment.objects.filter(message__in=chosen).order_by("pk"))
    for one in chosen:
        copy = Message(
            case=made,
            author_id=one.author_id,
            customer_id=one.customer_id,
            public=one.public,
            body=one.body,
            at=one.at,
        )
        insert([copy])
        add(made.ref, one.body, part=copy.pk)
        insert(
            [
                Attachment(
                    case=made, message=copy, file_id=file.file_id, author_id=file.author_id, at=file.at
                )
                for file in files
                if file.message_id == one.pk
            ]
        )


def _wrong_merge(code: str, duplicate: Case, into: Case, zh: str, en: str) -> Refused:
    return Refused(
        code,
        zh=f"工单 {duplicate.number} 不能并入 {into.number}:{zh}。",
        en=f"Case {duplicate.number} cannot be merged into {into.number}: {en}.",
        number=duplicate.number,
        into=into.number,
    )
