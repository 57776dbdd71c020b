"""Everything that is done with duties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.rulebook.model import Rulebook
from kefu.core.versions import queries as versions
from kefu.core.work import actions as work
from kefu.core.work import recording
from kefu.core.work.models import Work
from kefu.customers.revealing import reveal_in_form
from kefu.duties.known import known
from kefu.duties.models import Duty
from kefu.duties.queries import may_reveal
from kefu.staff.models import Department, Person
from kefu.staff.rights import posts_of

NOTHING: Mapping[str, object] = {}


def open_duty(
    kind: str,
    *,
    parent: Work,
    by: By,
    at: datetime,
    values: Mapping[str, object] | None = None,
    owner_id: int | None = None,
    post: str = "",
) -> Duty:
    """Open a duty of `kind` for `parent`, in its department, under the rulebook in force there at `at`."""
    return opened(
        kind,
        department=parent.department,
        rulebook=versions.in_force(parent.rulebook.name, at),
        by=by,
        at=at,
        values=values or {},
        owner_id=owner_id,
        parent=parent,
        post=post,
    )


def opened(
    kind: str,
    *,
    department: Department,
    rulebook: Rulebook,
    by: By,
    at: datetime,
    values: Mapping[str, object] = NOTHING,
    owner_id: int | None = None,
    parent: Work | None = None,
    told: Mapping[str, object] = NOTHING,
    draft: bool = True,
    **columns: Any,
) -> Duty:
    """Open a duty with what is on record filled in. The arguments are those of `work.open_work`; a draft is asked for
    what its form requires when it is done."""
    return work.open_work(
        Duty,
        kind,
        department=department,
        rulebook=rulebook,
        by=by,
        at=at,
        values=known(
            kind,
            rulebook,
            department=department,
            owner=owner_id,
            origin=parent.ref if parent else None,
            at=at,
            typed=values,
            told=told,
        ),
        parent=parent,
        owner_id=owner_id,
        told=told,
        draft=draft,
        **columns,
    )


def take(duty: Duty, *, by: Person, at: datetime) -> Duty:
    """Become the owner of a duty that nobody has taken. Raises Refused duty.taken naming who was first, duty.post
    for people who do not hold the post it belongs to."""
    with write():
        duty = recording.locked(duty)
        if duty.owner_id is not None and duty.owner_id != by.pk:
            name = Person.objects.values_list("name", flat=True).get(pk=duty.owner_id)
            raise Refused(
                "duty.taken",
                zh=f"任务 {duty.number} 已由 {name} 接手。",
                en=f"Duty {duty.number} was already taken by {name}.",
                number=duty.number,
                owner=name,
            )
        if duty.post and duty.post not in {held.post for held in posts_of(by, at)}:
            title = duty.rulebook.posts[duty.post].title
            raise Refused(
                "duty.post",
                zh=f"任务 {duty.number} 属于岗位「{title.zh}」，由该岗位人员领取。",
                en=f"Duty {duty.number} belongs to the post “{title.en}”; somebody in that post takes it.",
                number=duty.number,
                post=duty.post,
            )
        return work.assign(duty, by.pk, by=by, at=at)


def require_mine(duty: Duty, *, by: Person, at: datetime) -> Duty:
    """The duty as its owner has it; one that nobody has is taken. Raises Refused duty.not_yours, work.over, and as
    `take`."""
    recording.require_not_void(duty)
    if duty.closed_at is not None:
        raise Refused(
            "work.over",
            zh=f"任务 {duty.number} 已结束。",
            en=f"Duty {duty.number} is over.",
            number=duty.number,
        )
    if duty.owner_id is None:
        return take(duty, by=by, at=at)
    if duty.owner_id != by.pk:
        name = Person.objects.values_list("name", flat=True).get(pk=duty.owner_id)
        raise Refused(
            "duty.not_yours",
            zh=f"任务 {duty.number} 由 {name} 负责，请由其本人操作。",
            en=f"Duty {duty.number} is {name}'s; only they can do this.",
            number=duty.number,
            owner=name,
        )
    return duty


def move(
    duty: Duty,
    name: str,
    *,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Duty:
    """Make a move of the duty. Whoever may make it and finds it without an owner takes it with the move."""
    with write():
        if duty.owner_id is None:
            duty = take(duty, by=by, at=at)
            revision = duty.revision if revision is not None else None
        return work.move(duty, name, by=by, at=at, values=values, reason=reason, revision=revision)


def reveal(duty: Duty, field: str, *, reason: str, by: Person, at: datetime) -> str:
    """One masked number of the duty's form in full. Raises as `kefu.customers.revealing.reveal_in_form`."""
    return reveal_in_form(duty, field, allowed=may_reveal(by, duty, at), reason=reason, by=by, at=at)
