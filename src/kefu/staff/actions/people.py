"""People join, change, are away, leave."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import F, Q

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.core.work import actions as work
from kefu.staff.actions import guard
from kefu.staff.models import (
    ApiToken,
    Department,
    OneTimeLink,
    Person,
    PostHolding,
    SignIn,
    StandIn,
    Team,
    TeamMember,
)
from kefu.staff.rights import owns_organisation


def canonical_login(login: str) -> str:
    """The spelling under which a login is kept and looked for."""
    return unicodedata.normalize("NFKC", inputs.searchable(login)).strip().lower()


def add_person(
    department: Department,
    *,
    login: str,
    name: str,
    phone: str = "",
    mail: str = "",
    language: str = "",
    by: By,
    at: datetime,
) -> Person:
    """Add somebody who works here from `at`; they cannot sign in before using an invitation (`issue_link`).

    Raises Refused staff.not_head, login.form, login.taken, phone.*, mail.*, line.*, language.unknown.
    """
    with write():
        guard.require_head(by, at, department.pk)
        person = new_person(
            department, login=login, name=name, phone=phone, mail=mail, language=language, at=at
        )
        record_added(person, by=by, at=at)
        return person


def new_person(
    department: Department,
    *,
    login: str,
    name: str,
    phone: str = "",
    mail: str = "",
    language: str = "",
    at: datetime,
) -> Person:
    """The row of a new person, for `add_person` and `found`, which record it."""
    canonical = canonical_login(login)
    if not re.fullmatch(r"[\w.@+-]{2,60}", canonical):
        raise Refused(
            "login.form",
            zh=f"登录名「{login[:60]}」应为 2 到 60 个字母、汉字、数字或 . @ + - _，不含空格。",
            en=f"The login “{login[:60]}” must be 2 to 60 letters, digits or . @ + - _ without blanks.",
        )
    if Person.objects.filter(login=canonical).exists():
        raise Refused(
            "login.taken",
            zh=f"登录名「{canonical}」已被使用（离职员工的登录名也不再分配）。",
            en=f"The login “{canonical}” is taken (those of people who left are not given again).",
        )
    return Person.objects.create(
        login=canonical,
        department=department,
        joined_at=at,
        password=make_password(None),
        **_details(name, phone, mail, language),
    )


def record_added(person: Person, *, by: By, at: datetime) -> None:
    record(
        "person.added",
        person.ref,
        by=by,
        at=at,
        department=person.department_id,
        data={"department": person.department_id},
    )


def change_person(
    person: Person, *, name: str, phone: str, mail: str, language: str, by: By, at: datetime
) -> Person:
    """Change somebody's details; one's own, or as head of the department. The ledger names the fields
    only."""
    with write():
        guard.require_self_or_head(by, at, person)
        details = _details(name, phone, mail, language)
        changed = [field for field, value in details.items() if getattr(person, field) != value]
        for field in changed:
            setattr(person, field, details[field])
        person.save(update_fields=changed)
        _record("person.changed", person, by=by, at=at, fields=changed)
        return person


def move_person(person: Person, *, to: Department, by: By, at: datetime) -> Person:
    """Move somebody to another department; posts and teams of the old one end. By a head of both."""
    with write():
        guard.require_here(person)
        guard.require_head(by, at, person.department_id)
        guard.require_head(by, at, to.pk)
        before = person.department_id
        _end(PostHolding.objects.filter(person=person, department_id=before), at)
        _end(TeamMember.objects.filter(person=person, team__department_id=before), at)
        Team.objects.filter(leader=person, department_id=before).update(leader=None)
        person.department = to
        person.save(update_fields=["department"])
        record(
            "person.moved",
            person.ref,
            by=by,
            at=at,
            department=to.pk,
            data={"from": before, "to": to.pk},
        )
        return person


def mark_away(person: Person, *, by: By, at: datetime) -> Person:
    """Say that somebody is away: nothing new is assigned to them. Twice is the same as once."""
    with write():
        guard.require_here(person)
        guard.require_self_or_head(by, at, person)
        if Person.objects.filter(pk=person.pk, away_since=None).update(away_since=at):
            _record("person.away", person, by=by, at=at)
        person.refresh_from_db(fields=["away_since"])
        return person


def mark_back(person: Person, *, by: By, at: datetime) -> Person:
    with write():
        guard.require_here(person)
        guard.require_self_or_head(by, at, person)
        if Person.objects.filter(pk=person.pk).exclude(away_since=None).update(away_since=None):
            _record("person.back", person, by=by, at=at)
        person.refresh_from_db(fields=["away_since"])
        return person


def leave_company(person: Person, *, by: By, at: datetime) -> Person:
    """End everything a person has here at once: posts, teams, stand-ins, sessions, tokens, links; open work
    goes back to where it can be taken. By the head of the department.

    Raises Refused staff.not_head, staff.left, organisation.owner_stays (hand the organisation over first).
    """
    with write():
        guard.require_here(person)
        guard.require_head(by, at, person.department_id)
        if owns_organisation(person):
            raise Refused(
                "organisation.owner_stays",
                zh="组织负责人不能直接离职，请先把组织移交给别人。",
                en="The owner of the organisation cannot leave; hand the organisation over first.",
            )
        work.hand_back(person, by=by, at=at)  # while the posts still say where it belongs
        posts = _end(PostHolding.objects.filter(person=person), at)
        _end(TeamMember.objects.filter(person=person), at)
        Team.objects.filter(leader=person).update(leader=None)
        _end(StandIn.objects.filter(Q(person=person) | Q(absent=person)), at)
        sessions = SignIn.objects.filter(person=person, ended_at=None).update(ended_at=at)
        tokens = ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
        OneTimeLink.objects.filter(person=person, used_at=None, expires_at__gt=at).update(expires_at=at)
        person.left_at, person.away_since, person.audits = at, None, False
        person.totp_secret, person.password = "", make_password(None)
        person.save(update_fields=["left_at", "away_since", "audits", "totp_secret", "password"])
        _record("person.left_company", person, by=by, at=at, posts=posts, sessions=sessions, tokens=tokens)
        return person


def name_auditor(person: Person, *, by: By, at: datetime) -> Person:
    """Let somebody read the whole ledger, and nothing else by that. By the owner."""
    return _audits(person, True, "person.auditor_named", by=by, at=at)


def end_auditor(person: Person, *, by: By, at: datetime) -> Person:
    return _audits(person, False, "person.auditor_ended", by=by, at=at)


def _audits(person: Person, audits: bool, kind: str, *, by: By, at: datetime) -> Person:
    with write():
        guard.require_owner(by)
        guard.require_here(person)
        if person.audits != audits:
            person.audits = audits
            person.save(update_fields=["audits"])
            _record(kind, person, by=by, at=at)
        return person


def _details(name: str, phone: str, mail: str, language: str) -> dict[str, str]:
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(
            "language.unknown",
            zh=f"没有语言「{language[:20]}」；可选：zh-hans、en。",
            en=f"There is no language “{language[:20]}”; choose zh-hans or en.",
        )
    return {
        "name": inputs.line(name, "姓名 / name", longest=80),
        "phone": inputs.phone(phone) if phone.strip() else "",
        "mail": inputs.mail(mail) if mail.strip() else "",
        "language": language,
    }


def _end(spans: object, at: datetime) -> int:
    """End what is true at `at`; what was to begin later never does (its span becomes empty)."""
    ended = spans.filter(since__lte=at).filter(Q(until=None) | Q(until__gt=at)).update(until=at)  # type: ignore[attr-defined]
    return ended + spans.filter(since__gt=at).update(until=F("since"))  # type: ignore[attr-defined]


def _record(kind: str, person: Person, *, by: By, at: datetime, **data: object) -> None:
    record(kind, person.ref, by=by, at=at, department=person.department_id, data=data)
