"""Who visits: a browser by its cookie, what it proved, and as whom it acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kefu.cases.models import Case
from kefu.core.ledger import Actor
from kefu.customers.models import ContactPoint
from kefu.customers.queries import all_numbers, surviving
from kefu.portal.limits import VISIT
from kefu.portal.models import Visit
from kefu.staff.secrets import digest

COOKIE, PATH = "kefu_portal", "/portal/"


@dataclass(frozen=True, slots=True)
class Visitor:
    """customers: those whose contact this browser proved by a code. cases: opened one by one, by number and phone
    or by link."""

    visit: Visit | None = None
    customers: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()

    @property
    def signed_in(self) -> bool:
        return self.visit is not None and bool(self.visit.contact)


def visitor_of(request: HttpRequest, at: datetime) -> Visitor:
    """Whoever staff are signed in as in the same browser has nothing to do with it."""
    key = request.COOKIES.get(COOKIE, "")
    visit = (
        Visit.objects.filter(digest=digest(key), ended_at=None, started_at__gt=at - VISIT).first()
        if key
        else None
    )
    if visit is None:
        return Visitor()
    return Visitor(visit, customers_with(visit.channel, visit.contact), frozenset(visit.cases))


def customers_with(channel: str, contact: str) -> frozenset[int]:
    """Ids of the customers who have the contact, and of all that were merged with them."""
    if not contact:
        return frozenset()
    points = ContactPoint.objects.filter(kind=channel, value=contact).select_related("customer")
    return frozenset(number for point in points for number in all_numbers(surviving(point.customer)))


def actor_of(case: Case) -> Actor:
    """As whom the visitor acts on a case shown to them: its customer."""
    return Actor(f"customer:{case.customer_id or 'unnamed'}")


def remember(response: HttpResponse, key: str) -> None:
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(VISIT.total_seconds()),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
