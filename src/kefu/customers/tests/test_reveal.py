from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.core import inputs, masks
from kefu.core.ledger.models import Event
from kefu.customers import queries
from kefu.customers.actions import reveal
from kefu.customers.models import Reveal
from kefu.customers.tests.people import AT, known
from kefu.staff.actions import add_person
from tests.cast import Cast, refuses


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0571-88886666", "057****6666"),
        ("010-65529988", "010****9988"),
        ("0571-88886666 转 12", "057****6666-***"),
        ("400-800-1234", "****34"),
        ("+1 650 253 0000", "+16****0000"),
    ],
)
def test_phone_numbers_are_masked(phone: str, shown: str) -> None:
    assert masks.mask_phone(inputs.phone(phone)) == shown


def test_other_values_are_masked() -> None:
    assert masks.mask_id_number("11010519491231002X") == "110***********002X"
    assert masks.mask_id_number("E12345678") == "*********"
    assert masks.mask_id_number("") == ""
    assert masks.mask_mail("wang.fang@example.com") == "w***@example.com"
    assert masks.mask_wechat("hehua_88") == "h***"


@pytest.mark.db
def test_a_full_value_is_shown_with_a_reason_and_on_record(cast: Cast) -> None:
    customer = known(cast, id_number="11010519491231002X")
    point = customer.contact_points.get()

    phone = reveal(customer, f"contact:{point.pk}", reason="回访 客户", by=cast.quality_manager, at=AT)
    number = reveal(customer, "id_number", reason="核对证件", by=cast.quality_manager, at=AT)

    assert (phone, number) == ("+8613812345678", "11010519491231002X")
    seen = Event.objects.filter(kind="customer.revealed").order_by("seq")
    assert [event.data["what"] for event in seen] == ["phone", "id_number"]
    assert "回访" not in str(list(seen.values()))
    assert list(Reveal.objects.order_by("id").values_list("reason", flat=True)) == ["回访 客户", "核对证件"]


@pytest.mark.db
def test_wrong_looks_are_refused_and_leave_no_trace_of_a_value(cast: Cast) -> None:
    customer = known(cast)
    newcomer = add_person(cast.service_centre, login="new", name="新人", by=cast.owner, at=AT)
    other = known(cast, name="何叶", phone="13912345678").contact_points.get()
    looking: dict[str, Any] = {"reason": "回访", "by": cast.quality_manager, "at": AT}

    for field in (
        "password",
        "contact:",
        "contact:x",
        "contact:999999",
        f"contact:{other.pk}",
        "contact:²",
        "1",
    ):
        with refuses("reveal.field"):
            reveal(customer, field, **looking)
    with refuses("line.missing"):
        reveal(customer, "id_number", **(looking | {"reason": " "}))
    with refuses("reveal.right"):
        reveal(customer, "id_number", **(looking | {"by": newcomer}))
    assert not Reveal.objects.exists()


@pytest.mark.db
def test_thirty_looks_an_hour_and_no_more(cast: Cast) -> None:
    customer = known(cast)
    looking: dict[str, Any] = {"reason": "回访", "by": cast.quality_manager}
    for minute in range(30):
        reveal(customer, "id_number", at=AT + timedelta(minutes=minute), **looking)

    with refuses("reveal.too_many"):
        reveal(customer, "id_number", at=AT + timedelta(minutes=59), **looking)

    assert queries.reveals_left(cast.owner, AT + timedelta(minutes=59)) == 30
    reveal(customer, "id_number", at=AT + timedelta(minutes=60), **looking)
