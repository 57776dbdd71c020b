"""Which work is about a customer, of every kind there is. What stands above the archive says how its own names one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from django.db.models import Q

from kefu.core.clocks import facts_json
from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.customers.models import Customer
from kefu.customers.queries import all_numbers
from kefu.customers.ruled import in_force
from kefu.documents.models import Document, Named
from kefu.staff.rights import Tree

About = Callable[[Collection[int]], Q]
_about: dict[str, About] = {}
MOST = 100
LATEST = datetime(9999, 1, 1, tzinfo=UTC)  # the rulebook published last knows how its forms name customers


def about_by(noun: str) -> Callable[[About], About]:
    """Register how work of a noun names its customers besides in its form: fn(ids of customers) -> Q."""

    def register(about: About) -> About:
        _about[noun] = about
        return about

    return register


def about(model: type[Work], customer: Customer) -> Q:
    """Work of `model` about the customer, or one merged into it, in its department, those above and those below."""
    ids, tree = all_numbers(customer), Tree()
    here = tree.with_descendants(customer.department_id)
    here |= {one.pk for one in tree.with_ancestors(customer.department_id)}
    if model is Document:  # what papers name is kept beside them
        naming = Named.objects.filter(kind="customer", record_id__in=ids)
        return Q(department__in=here, pk__in=naming.values("document"))
    named = _named(model, in_force(customer.department, LATEST), ids)
    found = _about[model.noun](ids) if model.noun in _about else Q(pk__in=[])
    return Q(department__in=here) & (found | named)


def open_items(customer: Customer, *, but: Work | None = None) -> list[str]:
    """Numbers of what is not finished yet, the oldest first, a hundred of each kind at most. but: this one is left
    out."""
    found: list[str] = []
    for model in registry.models():
        rows = model._default_manager.filter(about(model, customer), closed_at=None, voided_at=None)
        if but is not None and model.noun == but.noun:
            rows = rows.exclude(pk=but.pk)
        found += rows.order_by("pk").values_list("number", flat=True)[:MOST]
    return found


def _named(model: type[Work], rulebook: Rulebook | None, ids: Collection[int]) -> Q:
    """Kinds whose form has a field for a customer, and names one of these in it."""
    kinds: dict[str, list[str]] = {}
    for kind in rulebook.kinds.values() if rulebook else ():
        for name, field in kind.form.fields.items() if kind.chapter == model.chapter else ():
            if field.type == "record" and field.of == "customer" and not field.many:
                kinds.setdefault(name, []).append(kind.name)
    refs = facts_json.dump({str(pk): Ref("customer", str(pk)) for pk in ids}).values()
    found = Q(pk__in=[])
    for name, which in kinds.items():
        for ref in refs:
            found |= Q(kind__in=which, **{f"fields__{name}": ref})
    return found
