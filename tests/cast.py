"""The one small cast of test people: a property organisation of three departments, and a foreign one.

`cast` makes it through the actions, in the transaction of the test. Nobody is signed in: a test says
`present(person, at)` for somebody at work, or `browse(client, person)` to open pages as somebody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from kefu.staff.models import Department, Organisation, Person, SignIn

SHANGHAI = ZoneInfo("Asia/Shanghai")
FOUNDED = datetime(2026, 8, 31, 9, 0, tzinfo=SHANGHAI)
PASSWORD = "桂花-开了-三百-朵"  # what everybody has who was given one by `give_password`


def local(text: str) -> datetime:
    """`2026-09-24 16:00` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Cast:
    organisation: Organisation
    service_centre: Department
    engineering: Department
    quality: Department
    sales: Department
    owner: Person  # company leader
    manager: Person  # of the service centre
    supervisor: Person
    agent: Person
    other_agent: Person
    engineering_supervisor: Person
    worker: Person
    quality_manager: Person
    auditor: Person  # reads the ledger, holds no post
    stranger: Person  # of the sales department, must see nothing


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_cast(at: datetime = FOUNDED) -> Cast:
    """Found the organisation at `at`. For tests that commit: within the fixture `fresh_database`."""
    from kefu.core.ledger.actions import SYSTEM
    from kefu.staff.actions import NewDepartment, add_person, found, give_post, name_auditor
    from kefu.staff.models import Department

    made = found(
        "云庭物业",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[
            NewDepartment("service_centre", "客服中心", "property"),
            NewDepartment("engineering", "工程部"),
            NewDepartment("quality", "质量管理部"),
            NewDepartment("sales", "销售部", "general"),
        ],
        by=SYSTEM,
        at=at,
    )
    units = {department.code: department for department in Department.objects.all()}

    def person(login: str, name: str, unit: str, post: str) -> Person:
        added = add_person(units[unit], login=login, name=name, by=SYSTEM, at=at)
        if post:
            give_post(added, post=post, department=units[unit], by=SYSTEM, at=at)
        return added

    return Cast(
        organisation=made.organisation,
        service_centre=units["service_centre"],
        engineering=units["engineering"],
        quality=units["quality"],
        sales=units["sales"],
        owner=made.owner,
        manager=person("li", "李强", "service_centre", "manager"),
        supervisor=person("zhao", "赵敏", "service_centre", "supervisor"),
        agent=person("chen", "陈静", "service_centre", "agent"),
        other_agent=person("liu", "刘洋", "service_centre", "agent"),
        engineering_supervisor=person("zhou", "周涛", "engineering", "engineering_supervisor"),
        worker=person("wu", "吴刚", "engineering", "repair_worker"),
        quality_manager=person("xu", "徐宁", "quality", "quality_manager"),
        auditor=name_auditor(person("sun", "孙梅", "quality", ""), by=SYSTEM, at=at),
        stranger=person("hu", "胡杰", "sales", "agent"),
    )


@contextmanager
def refuses(code: str) -> Iterator[None]:
    """The block is refused with this code and a sentence in both languages."""
    from kefu.core.errors import Refused

    with pytest.raises(Refused) as refused:
        yield
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en


def present(person: Person, at: datetime) -> SignIn:
    """Somebody at work at `at`: signed in a minute before, not away."""
    from kefu.staff.models import SignIn
    from kefu.staff.secrets import digest, new_key

    return SignIn.objects.create(
        person=person, digest=digest(new_key()), started_at=at - timedelta(minutes=1), last_seen_at=at
    )


def browse(client: Client, person: Person) -> Client:
    """Let a test client open pages as somebody."""
    from django.conf import settings
    from django.utils import timezone

    from kefu.staff.models import SignIn
    from kefu.staff.secrets import digest, new_key

    key, now = new_key(), timezone.now()
    SignIn.objects.create(person=person, digest=digest(key), started_at=now, last_seen_at=now)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def give_password(person: Person, password: str = PASSWORD) -> Person:
    person.set_password(password)
    person.save(update_fields=["password"])
    return person
