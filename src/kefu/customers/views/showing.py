"""The page of one customer, and what is done there: each verb its own address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.approvals.queries import kinds_for
from kefu.core.db import write
from kefu.core.masks import mask_id_number
from kefu.core.rulebook.model import Kind
from kefu.customers import actions, archive, assets, queries
from kefu.customers.forms import AssetForm, ChangeForm, ContactForm, PlaceForm
from kefu.customers.masking import masked
from kefu.customers.models import Asset, ContactPoint, Customer, Occupancy, Site
from kefu.customers.openness import open_items
from kefu.customers.revealing import Look, look, may_reveal
from kefu.customers.ruled import Ruled, in_force, ruled, said
from kefu.customers.views.listing import rows_of
from kefu.documents.asking import language
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.forms import Form, posted, refusing, shown
from kefu.web.instant import instant_of

ID_NUMBER = "id_number"
Verb = Callable[[HttpRequest, Customer, Person, datetime], Form]


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """A merged number leads to the customer that goes on."""
    at = instant_of(request)
    customer = _seen(request, number, at)
    if customer.merged_into_id is not None:
        other = queries.surviving(customer)
        messages.info(
            request,
            _("%(old)s was merged into this customer.") % {"old": customer.number, "new": other.number},
        )
        return redirect("customers:show", number=other.number)
    return _page(request, customer, at)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: str) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    customer = _seen(request, number, at)
    found = ruled(in_force(customer.department, at))
    form = ChangeForm(customer, found, _colleagues(customer), language(), posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            with write():
                actions.change_customer(customer, **form.details(), by=person, at=at)
                archive.change(customer, form.kept(), by=person, at=at)
            messages.success(request, _("Saved."))
            return redirect("customers:show", number=number)
    context = {"customer": customer, "by_approval": by_approval(found, person, at)}
    return shown(request, "customers/change.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """GET: what is open and what follows, before the customer is cancelled; POST: cancel, or take back into service."""
    person, at = person_of(request), instant_of(request)
    customer = _seen(request, number, at)
    form = Form(posted(request))
    if request.method == "POST":
        with refusing(form):
            back = "back" in request.POST
            (archive.reinstate if back else archive.cancel)(customer, by=person, at=at)
            messages.success(request, _("Back in service.") if back else _("Cancelled."))
            return redirect("customers:show", number=number)
    found = ruled(in_force(customer.department, at))
    context = {
        "customer": customer,
        "left": open_items(customer),
        "asked": [one for one in by_approval(found, person, at) if "cancelled" in one.facts],
    }
    return shown(request, "customers/end.html", form, context)


@dataclass(frozen=True, slots=True)
class ByApproval:
    """An approval without which facts of a customer do not change; may: whether the person may ask for it."""

    kind: Kind
    facts: tuple[str, ...]
    may: bool


def by_approval(found: Mapping[str, Ruled], person: Person, at: datetime) -> list[ByApproval]:
    facts: dict[str, list[str]] = {}
    kinds = {}
    for name, ruled_ in found.items():
        for kind in ruled_.approvals:
            kinds[kind.name] = kind
            facts.setdefault(kind.name, []).append(name)
    rulebook = in_force(person.department, at) if kinds else None
    may = {one.name for one in kinds_for(person, rulebook, at)} if rulebook else set()
    return [ByApproval(kind, tuple(facts[name]), name in may) for name, kind in kinds.items()]


def _colleagues(customer: Customer) -> list[tuple[int, str]]:
    """Who may look after the customer: whoever works in its department, and who does now."""
    people = Person.objects.filter(
        Q(department=customer.department_id, left_at=None) | Q(pk=customer.specialist_id)
    )
    return list(people.order_by("name").values_list("pk", "name")[:500])


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """GET: look for the one that goes on (`into`) and see both; POST: merge."""
    person, at = person_of(request), instant_of(request)
    customer = _seen(request, number, at)
    form = Form(request.POST or None)
    asked = (request.POST if request.method == "POST" else request.GET).get("into", "").strip()
    into = queries.visible_customer(person, asked, at)
    if request.method == "POST":
        if into is None:
            raise Http404
        with refusing(form):
            actions.merge(customer, into=into, by=person, at=at)
            messages.success(request, _("Merged; both numbers lead here."))
            return redirect("customers:show", number=into.number)
    alike = [] if into else queries.find_customers(person, asked or customer.name, at=at, limit=10)
    context = {
        "at": at,
        "customer": customer,
        "into": into,
        "asked": asked,
        "alike": rows_of([one for one in alike if one.pk != customer.pk], at),
        "both": rows_of([customer, into], at) if into else [],
    }
    return shown(request, "customers/merge.html", form, context)


def verb(do: Verb) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view that does one thing to the customer and goes back; refused, the page shows the form as typed."""

    @require_POST
    @wraps(do)
    def view(request: HttpRequest, number: str) -> HttpResponse:
        person, at = person_of(request), instant_of(request)
        customer = _seen(request, number, at)
        form = do(request, customer, person, at)
        if form.errors:
            return _page(request, customer, at, tried=do.__name__, form=form)
        return redirect("customers:show", number=number)

    return view


@verb
def add_contact(request: HttpRequest, customer: Customer, person: Person, at: datetime) -> Form:
    form = ContactForm(request.POST)
    if form.is_valid():
        with refusing(form):
            actions.add_contact(customer, **form.cleaned_data, by=person, at=at)
    return form


@verb
def move_in(request: HttpRequest, customer: Customer, person: Person, at: datetime) -> Form:
    """Into a place on record, or a new one; both or neither."""
    form = PlaceForm(request.POST)
    if form.is_valid():
        place = dict(form.cleaned_data)
        role = place.pop("role")
        sites = queries.sites_visible_to(person, at).filter(department=customer.department_id)
        site = sites.filter(**{part: text.strip() for part, text in place.items()}).first()
        with refusing(form), write():
            site = site or actions.add_site(customer.department, **place, by=person, at=at)
            actions.move_in(customer, site=site, role=role, by=person, at=at)
    return form


@verb
def add_asset(request: HttpRequest, customer: Customer, person: Person, at: datetime) -> Form:
    form = AssetForm(_places(customer, at), request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        place = int(given.pop("site") or 0)
        site = queries.sites_visible_to(person, at).filter(pk=place).first()
        with refusing(form):
            assets.add_asset(customer.department, **given, customer=customer, site=site, by=person, at=at)
    return form


@require_POST
def retire_asset(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One of the customer's own; a lift belongs to its building."""
    person, at = person_of(request), instant_of(request)
    customer = _seen(request, number, at)
    assets.retire(get_object_or_404(Asset, pk=pk, customer=customer, retired_at=None), by=person, at=at)
    return redirect("customers:show", number=number)


@require_POST
def remove_contact(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    point = get_object_or_404(ContactPoint, pk=pk, customer=_seen(request, number, at))
    actions.remove_contact(point, by=person, at=at)
    messages.success(request, _("Removed."))
    return redirect("customers:show", number=number)


@require_POST
def move_out(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    occupancy = get_object_or_404(Occupancy, pk=pk, customer=_seen(request, number, at))
    actions.move_out(occupancy, by=person, at=at)
    return redirect("customers:show", number=number)


@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """One masked value in full on this answer alone, on record with the reason."""
    person, at = person_of(request), instant_of(request)
    customer = _seen(request, number, at)
    looked = look(
        request, lambda field, reason: actions.reveal(customer, field, reason=reason, by=person, at=at)
    )
    form = Form()
    form.refused = looked.refused
    return _page(request, customer, at, form=form, looked=looked)


def _seen(request: HttpRequest, number: str, at: datetime) -> Customer:
    """By number; what the person may not see does not exist."""
    customer = queries.visible_customer(person_of(request), number, at)
    if customer is None:
        raise Http404
    return customer


def _places(customer: Customer, at: datetime) -> list[tuple[int, str]]:
    held = Occupancy.objects.at(at).filter(customer=customer).select_related("site")
    return [(one.site_id, str(one.site)) for one in held]


def _page(
    request: HttpRequest,
    customer: Customer,
    at: datetime,
    tried: str = "",
    form: Form | None = None,
    looked: Look | None = None,
) -> HttpResponse:
    """The whole page. tried: the form that was refused, `form`: as it was filled in."""
    person = person_of(request)
    points = [
        (point, f"contact:{point.pk}", masked(point)) for point in customer.contact_points.order_by("id")
    ]
    context = {
        "at": at,
        "customer": customer,
        "points": points,
        "id_number": mask_id_number(customer.id_number),
        "said": said(customer, in_force(customer.department, at)),
        "occupancies": Occupancy.objects.at(at).filter(customer=customer).select_related("site"),
        "before": Occupancy.objects.filter(customer=customer, until__lte=at).select_related("site"),
        "numbers": [f"KH{pk:06d}" for pk in queries.all_numbers(customer) if pk != customer.pk],
        "may_reveal": may_reveal(person, at),
        "reveal_url": reverse("customers:reveal", args=[customer.number]),
        "left": queries.reveals_left(person, at),
        "looked": looked,
        "tried": tried,
        "form": form,
        "contact_form": form if tried == "add_contact" else ContactForm(),
        "assets": list(assets.assets_of([customer.pk], at)),
        "asset_form": form if tried == "add_asset" else AssetForm(_places(customer, at)),
        "place_form": form if tried == "move_in" else PlaceForm(),
        "communities": Site.objects.filter(department=customer.department)
        .order_by("community")
        .values_list("community", flat=True)
        .distinct()[:50],
    }
    return shown(request, "customers/show.html", form or Form(), context)
