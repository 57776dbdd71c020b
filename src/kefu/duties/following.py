"""What duties hear from the ledger: people who come back, records that change, customers who are cancelled."""

from __future__ import annotations

from kefu.core.ledger import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import reader
from kefu.core.work import registry
from kefu.customers.models import Customer
from kefu.duties import rounds, series
from kefu.duties.withdrawing import withdraw_of_customer
from kefu.staff.models import Person


@reader("duties.following")
def follow(event: Event) -> None:
    if event.kind == "person.back":
        person = Person.objects.filter(pk=event.subject_id).first()
        if person is not None and person.away_since is None:
            rounds.open_for(person, at=event.occurred_at)
    elif event.kind == "customer.cancelled":
        customer = Customer.objects.filter(pk=event.subject_id).first()
        if customer is not None:
            withdraw_of_customer(customer, by=SYSTEM, at=event.occurred_at)
    elif event.data.get("name") and registry.model_named(event.subject_kind) is not None:
        series.check(event.subject, at=event.occurred_at)
