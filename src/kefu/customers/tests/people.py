"""Customers for the tests of this package."""

from __future__ import annotations

from datetime import timedelta

from kefu.customers.actions import add_customer
from kefu.customers.models import Customer
from tests.cast import FOUNDED, Cast

AT = FOUNDED + timedelta(days=10)


def known(cast: Cast, name: str = "何花", phone: str = "13812345678", **more: str) -> Customer:
    """A customer of the service centre, added by the agent."""
    return add_customer(
        cast.service_centre,
        kind="natural",
        name=name,
        contacts=[("phone", phone)],
        by=cast.agent,
        at=AT,
        **more,
    )
