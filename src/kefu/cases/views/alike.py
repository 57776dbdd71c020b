"""While a case is registered: was it said before?"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kefu.cases.similar import similar
from kefu.core.inputs import searchable
from kefu.customers.queries import customers_visible_to, sites_visible_to
from kefu.staff.asking import person_of
from kefu.web.instant import instant_of

SHORTEST = 4  # characters: fewer are alike to anything
Row = TypeVar("Row", bound=Model)


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """The fragment with cases of the last 30 days that are likely the same, or raised again by this one."""
    person, at = person_of(request), instant_of(request)
    given = {name: searchable(request.GET.get(name, "")) for name in ("kind", "subject", "body")}
    customer = _chosen(customers_visible_to(person, at), request.GET.get("customer", ""))
    site = _chosen(sites_visible_to(person, at), request.GET.get("site", ""))
    words = f"{given['subject']}\n{given['body']}".strip()[:2000]
    found = []
    if customer or site or len(words) >= SHORTEST:
        found = similar(
            person,
            at,
            kind=given["kind"][:60],
            department=person.department_id,
            customer=customer,
            site=site,
            words=words,
            around=at,
        )
    rows = [
        {"case": one.case, "why": one.why, "state": one.case.rule.flow.states[one.case.state].title}
        for one in found
    ]
    return render(request, "cases/_alike.html", {"rows": rows})


def _chosen(rows: QuerySet[Row], given: str) -> Row | None:
    """The row chosen in the form; "new" and what cannot be one are nobody."""
    return (
        rows.filter(pk=int(given)).first()
        if given.isascii() and given.isdecimal() and len(given) < 19
        else None
    )
