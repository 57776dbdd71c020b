"""Fields that follow from others: computed by the server, never contradicted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kefu.core.rulebook.model import Computed, Field, Text
from kefu.core.work.fields import read_values
from tests.cast import refuses

ZONE = "Asia/Shanghai"


def number(name: str, **more: object) -> Field:
    return Field(name=name, title=Text(name, name), type="number", **more)  # type: ignore[arg-type]


def computed(name: str, how: str, *of: str) -> Field:
    return number(name, computed=Computed(how, of))  # type: ignore[arg-type]


def form(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


LINES = Field(
    name="goods",
    title=Text("物品", "Goods"),
    type="rows",
    fields=form(
        Field(name="thing", title=Text("品名", "Thing"), type="text"),
        number("price"),
        number("pieces"),
        computed("amount", "product", "price", "pieces"),
    ),
)
BILL = form(
    LINES,
    number("discount"),
    computed("total", "sum", "goods.amount"),
    computed("due", "difference", "total", "discount"),
)
GOODS = [{"thing": "水龙头", "price": "35", "pieces": "2"}, {"thing": "生料带", "price": "2", "pieces": "1"}]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("sum", "12"),
        ("difference", "8"),
        ("product", "20"),
        ("count", "2"),
        ("average", "6"),
        ("share", "500"),
    ],
)
def test_each_function_of_the_list(how: str, expected: str) -> None:
    fields = form(number("one"), number("other"), computed("result", how, "one", "other"))

    assert read_values(fields, {"one": "10", "other": "2"}, zone=ZONE)["result"] == Decimal(expected)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("sum", "10"),
        ("difference", "10"),
        ("product", None),
        ("count", "1"),
        ("average", "10"),
        ("share", None),
    ],
)
def test_what_is_not_filled_in_adds_nothing_and_multiplies_to_nothing(how: str, expected: str | None) -> None:
    fields = form(number("one"), number("other"), computed("result", how, "one", "other"))

    found = read_values(fields, {"one": "10", "other": ""}, zone=ZONE).get("result")
    assert found == (Decimal(expected) if expected else None)


def test_a_share_of_nothing_is_empty_and_what_cannot_be_written_out_is_rounded() -> None:
    fields = form(number("one"), number("all"), computed("share", "share", "one", "all"))

    assert read_values(fields, {"one": "1", "all": "0"}, zone=ZONE).get("share") is None
    assert read_values(fields, {"one": "2", "all": "3"}, zone=ZONE)["share"] == Decimal("66.67")


def test_lines_are_computed_then_added_up_then_reduced() -> None:
    values = read_values(BILL, {"goods": GOODS, "discount": "2.5"}, zone=ZONE)

    assert [line["amount"] for line in values["goods"]] == [Decimal(70), Decimal(2)]  # type: ignore[attr-defined]
    assert (values["total"], values["due"]) == (Decimal(72), Decimal("69.5"))


def test_a_total_that_is_contradicted_is_refused_naming_both_numbers() -> None:
    with refuses("form.invalid"):
        read_values(BILL, {"goods": GOODS, "total": "80"}, zone=ZONE)
    with pytest.raises(Exception, match=r"total: it says 80, while the other fields make 72"):
        read_values(BILL, {"goods": GOODS, "total": "80"}, zone=ZONE)
    with pytest.raises(Exception, match=r"row 1, amount: it says 71, while the other fields make 70"):
        read_values(BILL, {"goods": [{**GOODS[0], "amount": "71"}]}, zone=ZONE)


def test_a_total_that_agrees_is_taken() -> None:
    assert read_values(BILL, {"goods": GOODS, "total": "72.00"}, zone=ZONE)["total"] == Decimal(72)


def test_it_follows_when_what_it_rests_on_changes_and_a_total_shown_before_is_no_contradiction() -> None:
    stored = read_values(BILL, {"goods": GOODS}, zone=ZONE)

    values = read_values(BILL, {"goods": GOODS[:1], "total": "72"}, zone=ZONE, stored=stored)
    assert (values["total"], values["due"]) == (Decimal(70), Decimal(70))
    assert "total" not in read_values(BILL, {"goods": GOODS}, zone=ZONE, stored=stored)


def test_a_column_may_rest_on_the_total_of_another() -> None:
    lines = Field(
        name="fees",
        title=Text("费用", "Fees"),
        type="rows",
        fields=form(number("paid"), computed("part", "share", "paid", "total")),
    )
    fields = form(lines, computed("total", "sum", "fees.paid"))

    values = read_values(fields, {"fees": [{"paid": "30"}, {"paid": "10"}]}, zone=ZONE)

    assert [line["part"] for line in values["fees"]] == [Decimal(75), Decimal(25)]  # type: ignore[attr-defined]
