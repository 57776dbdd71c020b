"""Choosing a kind, writing it down, and the confirmation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kefu.cases.models import Case
from kefu.core.errors import Refused
from kefu.core.ledger import Actor
from kefu.core.rulebook.model import Field
from kefu.customers.models import ContactPoint, Customer, Occupancy, Site
from kefu.documents import filling
from kefu.documents.asking import language
from kefu.documents.once import new_token, once
from kefu.portal import delivery, limits, links
from kefu.portal.actions import Sender, require_few, submit
from kefu.portal.forms import AT_FIELD, SubmitForm
from kefu.portal.guards import spend
from kefu.portal.promises import promises
from kefu.portal.queries import Offered, for_customers, offered
from kefu.portal.views.common import address_of, base_of, keep_at_field, portal_page
from kefu.portal.visits import Visitor, visitor_of
from kefu.web.forms import posted, refusing, shown
from kefu.web.instant import instant_of

FROM_HEAD = ("surname", "telephone", "house_number", "content")  # what the head of the form asks already
STAMP, TRAP = "shown", "website"


@dataclass(frozen=True, slots=True)
class Way:
    """How the form is shown: on the portal's own page, or inside another site's."""

    template: str
    done: str


PAGE = Way("portal/submit.html", "portal:done")


@portal_page("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Tiles of what one can report, by department where there are several."""
    at = instant_of(request)
    found = groupby(offered(at), key=lambda one: one.department)
    context = {
        "at": at,
        "departments": [(department, list(kinds)) for department, kinds in found],
        "visitor": visitor_of(request, at),
        "codes": delivery.channels(),
    }
    return render(request, "portal/home.html", context)


@portal_page("GET", "POST")
def new(request: HttpRequest, department: str, kind: str) -> HttpResponse:
    at = instant_of(request)
    found = (one for one in offered(at) if (one.department.code, one.kind.name) == (department, kind))
    what = next(found, None)
    if what is None:
        raise not_offered(kind)
    return form_page(request, what, visitor_of(request, at), PAGE, at)


@portal_page("GET")
def done(request: HttpRequest, link: str) -> HttpResponse:
    return done_page(request, link, "portal/done.html")


def not_offered(kind: str) -> Refused:
    return Refused(
        "portal.unknown",
        zh=f"这里不能提交「{kind[:60]}」这一类申请，请回首页选择。",
        en=f"“{kind[:60]}” cannot be sent in here; choose on the first page.",
        kind=kind[:60],
    )


def form_page(request: HttpRequest, what: Offered, visitor: Visitor, way: Way, at: datetime) -> HttpResponse:
    """The form of a kind; sent in, the confirmation. What was typed stays when something is refused."""
    sites = _sites(visitor, what, at)
    form = SubmitForm(posted(request), sites, **_known(visitor, what))
    if form.is_valid():
        with refusing(form):
            return redirect(_sent(request, what, form, sites, visitor, way, at))
        keep_at_field(form, AT_FIELD)
    asked = filling.asked(
        what.rulebook,
        _fields(what),
        _fields(what),
        prefix="new",
        values={},
        choices={},
        required=[name for name, field in what.kind.form.fields.items() if field.required],
        tried=posted(request),
        refused=form.refused,
    )
    context = {
        "at": at,
        "what": what,
        "asked": asked,
        "stamp": request.POST.get(STAMP) if form.is_bound and _is_fresh(form) else links.form_shown(at=at),
        "token": new_token(),
        "had_files": bool(request.FILES),
        "most_files": limits.MOST_FILES,
        "visitor": visitor,
    }
    return shown(request, way.template, form, context)


def done_page(request: HttpRequest, link: str, template: str) -> HttpResponse:
    """The number, and what is promised by when. Whoever has the link sees this much of the one case."""
    at = instant_of(request)
    case = Case.objects.select_related("department").get(pk=links.case_of(link, at=at))
    context = {
        "at": at,
        "case": case,
        "promises": promises(case, at, language()),
        "link": reverse("portal:open", args=[link]),
    }
    return render(request, template, context)


def _sent(
    request: HttpRequest,
    what: Offered,
    form: SubmitForm,
    sites: list[Site],
    visitor: Visitor,
    way: Way,
    at: datetime,
) -> str:
    """The address of the confirmation. A double click, a repetition by the network: one case."""
    links.require_filled_in(request.POST.get(STAMP, ""), trap=request.POST.get(TRAP, ""), at=at)
    given, files = form.cleaned_data, request.FILES.getlist("files")
    sender = Sender.read(given["name"], given["phone"], given["mail"])
    require_few(files)
    spend(
        {
            f"submit:{address_of(request)}": limits.SUBMIT_BY_ADDRESS,
            f"submit_phone:{sender.phone}": limits.SUBMIT_BY_PHONE,
        },
        at=at,
    )

    def do() -> str:
        case = submit(
            what,
            sender=sender,
            body=given["body"],
            place=given["place"],
            site=next((one for one in sites if str(one.pk) == given.get("site")), None),
            values=filling.given(_fields(what), _fields(what), request.POST, prefix="new", choices={}),
            files=files,
            visitor=visitor,
            base=base_of(request),
            at=at,
        )
        return reverse(way.done, args=[links.link_of(case.pk, at=at)])

    return once(request, by=Actor("visitor"), at=at, do=do)


def _fields(what: Offered) -> dict[str, Field]:
    """What the rulebook has customers asked, in its words to them: not what the head asks, nor what a move of
    theirs asks later."""
    later = {name for move in what.kind.flow.moves.values() if for_customers(move.by) for name in move.fill}
    return {
        name: replace(field, title=field.to_customer, clauses=())
        for name, field in what.kind.form.fields.items()
        if field.to_customer and name not in (*FROM_HEAD, *later)
    }


def _sites(visitor: Visitor, what: Offered, at: datetime) -> list[Site]:
    """Places of the customers whose contact the visitor proved."""
    held = Occupancy.objects.at(at).filter(customer__in=visitor.customers, site__department=what.department)
    return list(dict.fromkeys(one.site for one in held.select_related("site")))


def _known(visitor: Visitor, what: Offered) -> dict[str, str]:
    """Who has signed in need not write their name and number again."""
    if visitor.visit is None or not visitor.signed_in:
        return {}
    known = {"phone" if visitor.visit.channel == ContactPoint.PHONE else "mail": visitor.visit.contact}
    found = Customer.objects.filter(pk__in=visitor.customers, department=what.department, merged_into=None)
    names = list(found.values_list("name", flat=True)[:2])
    return known | ({"name": names[0]} if len(names) == 1 else {})


def _is_fresh(form: SubmitForm) -> bool:
    """Keep the time the form was first shown, unless that is what was refused."""
    return form.refused is None or form.refused.code != "portal.machine"
