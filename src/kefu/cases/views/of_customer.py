"""Cases of one customer: a fragment beside the customer, and a page of its own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kefu.cases.queries import cases_visible_to
from kefu.customers.queries import all_numbers, visible_customer
from kefu.staff.asking import person_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.remaining import read_promises

LATEST = 30


@require_GET
@login_required
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The latest cases that the person may see, of the customer and of those merged into it."""
    person, at = person_of(request), instant_of(request)
    customer = visible_customer(person, number, at)
    if customer is None:
        return unknown(request, LookupError(number))
    cases = cases_visible_to(person, at).filter(customer__in=all_numbers(customer))
    latest = list(cases.select_related("owner").order_by("-id")[: LATEST + 1])
    read_promises(latest)
    context = {
        "at": at,
        "customer": customer,
        "rows": [
            {"case": case, "kind": case.rule.title, "state": case.rule.flow.states[case.state].title}
            for case in latest[:LATEST]
        ],
        "more": len(latest) > LATEST,
    }
    part = bool(request.headers.get("HX-Request"))
    return render(request, "cases/_of_customer.html" if part else "cases/of_customer.html", context)
