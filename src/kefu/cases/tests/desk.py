"""A case at hand, and forms as a browser would send them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.customers import actions as customers
from kefu.customers.models import Customer, Site
from kefu.staff.models import Person
from tests.cast import Cast, browse

SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def page_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def desk_of(person: Person) -> Client:
    """A browser of its own for this person."""
    return browse(Client(), person)


def household(cast: Cast) -> tuple[Customer, Site]:
    """A customer with a telephone and the place they live in."""
    at = timezone.now()
    customer = customers.add_customer(
        cast.service_centre,
        kind="natural",
        name="王芳",
        contacts=[("phone", "138 1234 5678")],
        by=cast.agent,
        at=at,
    )
    site = customers.add_site(
        cast.service_centre, community="云庭花园", building="3号楼", room="0301", by=cast.agent, at=at
    )
    customers.move_in(customer, site=site, role="owner", by=cast.agent, at=at)
    return customer, site


def repair(cast: Cast, subject: str = "水管滴水", **more: Any) -> Case:
    given: dict[str, Any] = {
        "values": SLIP,
        "by": cast.agent,
        "at": timezone.now() - timedelta(hours=1),
    } | more
    return actions.register("repair", department=cast.service_centre, subject=subject, **given)


def complaint(cast: Cast, **more: Any) -> Case:
    """Accepted, valid, graded, and sent to engineering."""
    at = timezone.now() - timedelta(hours=3)
    case = actions.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=at,
        subject="楼道灯不亮",
        values=SLIP,
        **more,
    )
    steps: list[tuple[str, dict[str, object]]] = [
        (
            "accepted",
            {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"},
        ),
        ("graded", {"cause": "service_faulty", "severity": "important"}),
        ("dispatched", {"handling_department": str(cast.engineering.pk), "arrangement": "今日查看"}),
    ]
    for name, values in steps:
        case = actions.move(case, name, by=cast.agent, at=at, values=values)
    return case


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]
