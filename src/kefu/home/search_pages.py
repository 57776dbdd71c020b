"""The search page, and what it finds while one types: cases and customers that the person may see."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from kefu.cases.searching import PAGE, FoundCase, FoundCases, place_of, search_cases
from kefu.core.errors import Refused
from kefu.customers.models import Customer
from kefu.customers.queries import find_customers
from kefu.documents.addresses import by_number
from kefu.staff.asking import person_of
from kefu.staff.rights import scope
from kefu.web.filters import found as marked
from kefu.web.filters import moment, said
from kefu.web.instant import instant_of

AT_ONCE = 6  # of a kind, while one types
CUSTOMERS = 10  # on the page


@require_GET
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """`q`: number, words, names, filters; `after`: where the page before ended. Asked by htmx: the first few only."""
    person, at = person_of(request), instant_of(request)
    question = request.GET.get("q", "")
    typing = (
        request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    )
    after = place_of(request.GET.get("after", ""))
    refused: Refused | None = None
    found, customers = FoundCases([], [], None, ""), list[Customer]()
    try:
        seen = scope(person, at)
        found = search_cases(
            person, question, at=at, after=after, limit=AT_ONCE if typing else PAGE, seen=seen
        )
        if found.words and after is None:
            customers = find_customers(
                person, found.words, at=at, limit=AT_ONCE if typing else CUSTOMERS, seen=seen
            )
    except Refused as error:
        refused = error
    here, address = reverse("home:search"), by_number("cases:show")
    shown = {
        "at": at,
        "q": question,
        "found": found,
        "rows": [(address(one.case.number), _line(one)) for one in found.cases],
        "customers": customers,
        "refused": refused,
        "more": f"{here}?{urlencode({'q': question, 'after': str(found.after)})}" if found.after else "",
        "all": f"{here}?{urlencode({'q': question})}",
    }
    template = "home/_found_now.html" if typing else "home/search.html"
    return render(request, template, shown, status=422 if refused and not typing else 200)


def _line(one: FoundCase) -> SafeString:
    """What is said of a case that was found. Made here: twenty of them took a template as long as it took to find
    them."""
    case = one.case
    told = [moment(case.opened_at), said(case.rule.title), said(one.state)]
    if case.customer:
        told.append(case.customer.name)
    where = format_html('<span class="block">{}</span>', marked(one.said)) if one.said else ""
    return format_html(
        '<span class="figures">{}</span> {}<span class="hint block break-words">{}{}</span>',
        case.number,
        marked(one.subject),
        format_html_join(" · ", "{}", ((part,) for part in told)),
        where,
    )
