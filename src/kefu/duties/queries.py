"""Reading duties. `duties_visible_to` is the only question asked about who may see one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from kefu.core.errors import Refused
from kefu.customers import revealing
from kefu.duties.models import Duty
from kefu.staff.models import Person
from kefu.staff.rights import Tree, posts_of, scope


def duties_visible_to(person: Person, at: datetime) -> QuerySet[Duty]:
    """One's own duties, those of the posts one holds in a department, and all of the departments in one's scope."""
    found = scope(person, at)
    if found.company:
        return Duty.objects.all()
    mine = Q(owner__in=found.people) | Q(author__in=found.people) | Q(department__in=found.departments)
    return Duty.objects.filter(mine | _of_posts(person, at))


def visible_duty(person: Person, number: str, at: datetime) -> Duty:
    """The duty by number. Raises Refused duty.unknown, the same whether it does not exist or may not be seen."""
    duty = duties_visible_to(person, at).filter(number=number[:40]).first()
    if duty is None:
        raise Refused(
            "duty.unknown",
            zh=f"没有找到任务「{number[:40]}」，请核对编号。",
            en=f"There is no duty “{number[:40]}”; please check the number.",
            number=number[:40],
        )
    return duty


def may_reveal(person: Person, duty: Duty, at: datetime) -> bool:
    """Whoever has to do it looks at the numbers in it, and posts with the right to."""
    return open_duties_for(person, at).filter(pk=duty.pk).exists() or revealing.may_reveal(person, at)


def open_duties_for(person: Person, at: datetime) -> QuerySet[Duty]:
    """What the person has to do: own open duties, and those of the posts held that nobody has taken."""
    todo = Q(owner=person) | (Q(owner=None) & _of_posts(person, at))
    return Duty.objects.filter(todo, closed_at=None, voided_at=None)


def _of_posts(person: Person, at: datetime) -> Q:
    """What belongs to posts held; in a department without a rulebook they are those of the ones whose it goes by."""
    tree = Tree()
    mine = Q(pk__in=())
    for held in posts_of(person, at, tree):
        pack = tree.pack_of(held.department.pk)
        above = () if held.department.pack else (one.pk for one in tree.by_id.values() if one.pack == pack)
        mine |= Q(department__in=[held.department.pk, *above], post=held.post)
    return mine
