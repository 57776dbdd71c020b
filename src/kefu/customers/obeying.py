"""What rules set of a customer, once whoever had to agree has agreed."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.core.effects.registry import Cause
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Ref
from kefu.core.work.effects import record_set_by
from kefu.core.work.models import Work
from kefu.customers import archive
from kefu.customers.models import Customer


@record_set_by("customer")
def set_of_customer(record: Ref, values: Mapping[str, object], work: Work, cause: Cause) -> None:
    """Raises as `archive.set_by_rule`; customer.unknown for one that is not there."""
    customer = Customer.objects.filter(pk=record.id).first() if record.id.isdecimal() else None
    if customer is None:
        raise Refused("customer.unknown", zh="没有这位客户。", en="There is no such customer.")
    archive.set_by_rule(customer, values, because=work, by=cause.by, at=cause.at)
