"""What pages of a register cost with 100,000 papers: sorted by a form's own field, and the papers of one customer.

    KEFU_HOME=/tmp/registers .venv/bin/python benchmarks/registers.py [NUMBER]

Makes a database of its own in KEFU_HOME (once), with NUMBER (100,000) visit sheets of one department and 1,000
customers, and asks each question five times; the least counts.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.config.settings")
AT = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
NOW = AT + timedelta(days=100)


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from kefu.documents.models import Document
    from kefu.staff.models import Person

    call_command("migrate", verbosity=0)
    if not Person.objects.exists():
        make(int((sys.argv[1:] or ["100000"])[0]))
    print(f"{Document.objects.count():,} papers")
    ask()


def make(number: int) -> None:
    from kefu.core.clocks import facts_json
    from kefu.core.rulebook.model import Ref
    from kefu.customers.actions import add_customer
    from kefu.documents.models import Document
    from tests.every_form import make_office

    office = make_office("general", AT)
    customers = [
        add_customer(office.department, kind="natural", name=f"客户{n}", by=office.owner, at=AT)
        for n in range(1000)
    ]
    specialist = office.people["customer_specialist"]
    rows, named = [], []
    for n in range(number):
        at = AT + timedelta(seconds=n * 60 % 5_000_000)
        values = {
            "customer": Ref("customer", str(customers[n % 1000].pk)),
            "contacted_at": at,
            "channel": ("telephone", "sms", "visit")[n % 3],
            "company_rating": Decimal(n % 5 + 1),
            "satisfied": ("yes", "partly", "no")[n % 7 % 3],
            "result": "客户反映暖气不热，已转工程部处理。" * 3,
            "called_by": Ref("person", str(specialist.pk)),
        }
        rows.append(
            Document(
                number=f"HJ{at:%Y%m%d}-{n}",
                kind="customer_follow_up",
                department=office.department,
                author=specialist,
                owner=specialist,
                state="filed",
                fields=facts_json.dump(values),
                opened_at=at,
                changed_at=at,
                closed_at=at,
                version=office.rulebook.version,
            )
        )
        if len(rows) == 2000:
            named += Document.objects.bulk_create(rows)
            rows = []
    named += Document.objects.bulk_create(rows)
    if hasattr(Document, "named"):
        from kefu.documents.models import Named

        Named.objects.bulk_create(
            [
                Named(document=one, kind="customer", record_id=int(one.fields["customer"]["$ref"][1]))
                for one in named
            ],
            batch_size=2000,
        )


def ask() -> None:
    from kefu.core.work.registry import model_named
    from kefu.customers.models import Customer
    from kefu.customers.openness import about
    from kefu.documents.queries import documents_visible_to
    from kefu.documents.registers.finding import listed
    from kefu.documents.registers.reading import Narrowed, Reader
    from kefu.staff.models import Person

    person = Person.objects.get(login="wang")
    found = listed(person, "general", "customer_follow_ups", NOW)

    def reader(*order: str) -> Reader:
        return Reader(replace(found, register=replace(found.register, order=order)), person, NOW, Narrowed())

    def first_page(order: tuple[str, ...]) -> object:
        return reader(*order).page()

    for order in (("-opened",), ("-contacted_at",), ("company_rating", "-contacted_at"), ("customer",)):
        told("sorted by " + ", ".join(order), partial(first_page, order))
    after = reader("-contacted_at").page().after
    told("… and its second page", lambda: reader("-contacted_at").page(after))
    told("all lines", lambda: sum(1 for _ in reader("-contacted_at").lines()), times=1)
    customer, model = Customer.objects.all()[500], model_named("document")
    assert model is not None
    papers = documents_visible_to(person, NOW).filter(about(model, customer), voided_at=None).order_by("-pk")
    told("papers of a customer", lambda: list(papers[:9]))


def told(what: str, do: Callable[[], object], times: int = 5) -> None:
    least = min(timed(do) for _ in range(times))
    print(f"{what}: {least * 1000:,.0f} ms")


def timed(do: Callable[[], object]) -> float:
    before = time.process_time()
    do()
    return time.process_time() - before


if __name__ == "__main__":
    main()
