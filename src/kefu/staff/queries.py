"""Questions about staff. `at` is the instant asked about; what one may see depends on posts held then."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from kefu.core.db import count
from kefu.staff.models import ApiToken, Department, Notice, Person, SignIn, Team
from kefu.staff.notices import text_of
from kefu.staff.organisation import LiveOrganisation
from kefu.staff.rights import (
    HeldPost,
    Scope,
    department_scope,
    headed_by,
    heads,
    may,
    organisation,
    owns_organisation,
    posts_of,
    scope,
    sees,
)

__all__ = [
    "HeldPost",
    "LiveOrganisation",
    "Scope",
    "department_scope",
    "departments_visible_to",
    "headed_by",
    "heads",
    "leads_a_team",
    "may",
    "notices_of",
    "on_duty",
    "organisation",
    "owns_organisation",
    "posts_of",
    "reporting_line",
    "scope",
    "sees",
    "sessions_of",
    "staff_visible_to",
    "text_of",
    "tokens_of",
    "unread_notices",
]


def departments_visible_to(person: Person, at: datetime) -> models.QuerySet[Department]:
    """Departments whose staff the person sees: the own one and those in scope; all for the owner."""
    if not person.is_active:
        return Department.objects.none()
    if owns_organisation(person):
        return Department.objects.all()
    return Department.objects.filter(pk__in=department_scope(person, at) | {person.department_id})


def staff_visible_to(person: Person, at: datetime) -> models.QuerySet[Person]:
    """Colleagues in the departments the person sees, those who left included. Others are unknown to the
    person."""
    if not person.is_active:
        return Person.objects.none()
    return Person.objects.filter(department__in=departments_visible_to(person, at))


def on_duty(person: Person, at: datetime) -> bool:
    """Whether somebody is at work at `at`: here, signed in and not away. The roster will replace the
    answer."""
    return (
        person.joined_at <= at
        and (person.left_at is None or person.left_at > at)
        and person.away_since is None
        and SignIn.objects.open_at(at).filter(person=person).exists()
    )


def reporting_line(person: Person, at: datetime) -> list[list[Person]]:
    """The levels above a person, nearest first."""
    levels = LiveOrganisation(at, person.department_id).reporting_line(str(person.pk))
    people = Person.objects.in_bulk([int(one) for level in levels for one in level])
    return [[people[int(one)] for one in level] for level in levels]


def leads_a_team(person: Person) -> bool:
    return count(Team, "leader_id = %s", [person.pk]) > 0


def notices_of(person: Person) -> models.QuerySet[Notice]:
    """Newest first."""
    return Notice.objects.filter(person=person)


def unread_notices(person: Person) -> int:
    return count(Notice, "person_id = %s AND read_at IS NULL", [person.pk])


def sessions_of(person: Person, at: datetime) -> models.QuerySet[SignIn]:
    """The person's open sessions, the one used last first."""
    return SignIn.objects.open_at(at).filter(person=person).select_related("person").order_by("-last_seen_at")


def tokens_of(person: Person, at: datetime) -> models.QuerySet[ApiToken]:
    """The person's keys for programs that still work, newest first."""
    usable = ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=at)
    return usable.select_related("person").order_by("-made_at")
