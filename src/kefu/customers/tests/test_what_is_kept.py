"""What the archive keeps of a customer: by hand where nobody has to agree, by a rule once somebody has."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kefu.approvals import actions as approvals
from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.effects.models import StuckEffect
from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.customers import actions, archive, queries
from kefu.customers.models import Customer
from kefu.customers.openness import open_items
from kefu.customers.tests.general import AT, LATER, General, general
from kefu.customers.tests.people import known
from kefu.documents import actions as documents
from kefu.duties.models import Duty
from kefu.staff.actions import leave_company
from kefu.staff.rights import rulebook_of
from tests.cast import Cast, refuses

pytestmark = pytest.mark.db
ENQUIRY: dict[str, str] = {}
GRADE = {"sales": 1_000_000, "credit": "good", "reason": "一年"}
CREDIT = {
    "old_rating": "a",
    "new_rating": "aa",
    "limit": "80000",
    "reason": "按期付款",
    "effective_on": "2026-10-01",
}


@pytest.fixture
def here(cast: Cast) -> General:
    return general(cast)


def last(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("seq")


# --- by hand --------------------------------------------------------------------------------------------


def test_region_standing_and_who_looks_after_them_are_kept_by_hand(here: General) -> None:
    customer = here.customer()
    values = {"region": " 华北 ", "standing": "excellent", "specialist": here.one}

    customer = archive.change(customer, values, by=here.clerk, at=LATER)

    assert (customer.region, customer.standing) == ("华北", "excellent")
    assert (customer.specialist_id, customer.specialist_since) == (here.one.pk, LATER)
    event = last("customer.changed")
    assert sorted(event.data["fields"]) == ["region", "specialist", "standing"]
    assert event.data["to"] == {"specialist": here.one.pk, "standing": "excellent"}
    assert "华北" not in str(event.data)


def test_what_did_not_change_is_no_event(here: General) -> None:
    customer = here.customer()
    before = Event.objects.count()

    archive.change(customer, {"region": "", "standing": "ordinary", "credit_limit": ""}, by=here.clerk, at=AT)

    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"standing": "angry"}, "customer.standing"),
        ({"specialist": "0"}, "customer.specialist"),
        ({"specialist": "x"}, "customer.specialist"),
        ({"region": "北" * 81}, "line.too_long"),
        ({"credit_limit": "很多"}, "customer.credit_limit"),
        ({"credit_limit": "NaN"}, "customer.credit_limit"),
        ({"credit_limit": "-1"}, "customer.credit_limit"),
        ({"grade": "key"}, "customer.by_approval"),
        ({"credit": "aaa"}, "customer.by_approval"),
        ({"credit_limit": "500"}, "customer.by_approval"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    here: General, values: dict[str, str], code: str
) -> None:
    customer = here.customer()
    with refuses(code):
        archive.change(customer, {"region": "华北"} | values, by=here.clerk, at=AT)
    customer.refresh_from_db()
    assert customer.region == ""


def test_nobody_is_given_to_somebody_who_left(here: General) -> None:
    leave_company(here.one, by=SYSTEM, at=AT)
    with refuses("customer.specialist"):
        archive.change(here.customer(), {"specialist": here.one}, by=here.clerk, at=AT)


def test_a_grade_that_others_agree_to_is_not_changed_with_the_name(here: General) -> None:
    customer = here.customer(grade="ordinary")
    with refuses("customer.by_approval"):
        actions.change_customer(
            customer, name="何花", id_number="", grade="key", note="", by=here.clerk, at=AT
        )


def test_another_department_knows_nothing_of_them(cast: Cast, here: General) -> None:
    customer = here.customer()
    for act in (
        lambda: archive.change(customer, {"region": "华北"}, by=cast.agent, at=AT),
        lambda: archive.cancel(customer, by=cast.agent, at=AT),
        lambda: archive.reinstate(customer, by=cast.agent, at=AT),
    ):
        with refuses("customer.unknown"):
            act()


# --- by a rule ------------------------------------------------------------------------------------------


def test_an_approved_grade_reaches_the_customer(here: General) -> None:
    customer = here.customer()
    approval = here.agreed(here.ask("grade_change", {"customer": customer.ref, **GRADE}))

    customer.refresh_from_db()
    assert customer.grade == "key"
    assert last("customer.changed").data == {
        "fields": ["grade"],
        "to": {"grade": "key"},
        "because": ["approval", approval.pk],
    }


def test_a_grade_that_was_not_agreed_to_stays(here: General) -> None:
    customer = here.customer(grade="ordinary")
    approval = here.ask("grade_change", {"customer": customer.ref, **GRADE})
    approvals.approve(approval, by=here.supervisor, at=LATER)
    approvals.refuse(approval, by=here.manager, at=LATER, remark="再看一季")

    customer.refresh_from_db()
    assert customer.grade == "ordinary"


def test_an_approved_credit_reaches_the_customer_with_its_limit(here: General) -> None:
    customer = here.customer()
    analysis = documents.begin(
        "credit_analysis",
        department=here.department,
        by=here.credit,
        at=AT,
        values={"customer": customer.ref},
    )
    values = {"customer": customer.ref, "analysis": Ref("credit_analysis", str(analysis.pk)), **CREDIT}
    here.agreed(here.ask("credit_change", values, by="credit"))

    customer.refresh_from_db()
    assert (customer.credit, customer.credit_limit) == ("aa", Decimal("80000.00"))


def test_a_merged_customer_gets_it_as_the_one_that_goes_on(here: General) -> None:
    customer, other = here.customer(), here.customer("何花花")
    approval = here.ask("grade_change", {"customer": customer.ref, **GRADE})
    actions.merge(customer, into=other, by=SYSTEM, at=AT)
    here.agreed(approval)

    other.refresh_from_db()
    assert other.grade == "key"


def test_no_rule_reaches_the_customers_of_another_department(cast: Cast, here: General) -> None:
    foreign = known(cast)
    with refuses("form.unknown_record"):
        here.ask("grade_change", {"customer": str(foreign.pk), **GRADE})
    rulebook = rulebook_of(here.department, AT)
    opened = approvals.open_for(  # as a rule would, which nobody's rights bind
        "grade_change",
        department=here.department,
        rulebook=rulebook,
        applicant=here.clerk,
        by=here.clerk,
        at=AT,
        values={"customer": foreign.ref, **GRADE},
    )
    here.agreed(opened)

    foreign.refresh_from_db()
    assert foreign.grade == ""
    assert "another department" in StuckEffect.objects.get().error


# --- the end of the service -----------------------------------------------------------------------------


def cancellation(here: General, customer: Customer) -> dict[str, object]:
    return {"customer": customer.ref, "reason": "搬走"}


def test_a_cancellation_takes_effect_with_the_last_signature(here: General) -> None:
    customer = here.customer()
    approval = here.ask("customer_cancellation", cancellation(here, customer))
    assert approval.values["open_items"] == 0
    here.agreed(approval)

    customer.refresh_from_db()
    assert customer.cancelled_at == LATER
    assert last("customer.cancelled").data == {"because": ["approval", approval.pk]}
    assert queries.visible_customer(here.clerk, customer.number, LATER) == customer, "it stays readable"
    assert Duty.objects.get(kind="customer_closing").is_open, "closing it is what follows"


def test_what_is_open_is_counted_and_named(cast: Cast, here: General) -> None:
    customer = here.customer()
    case = cases.register(
        "enquiry",
        department=here.department,
        by=here.clerk,
        at=AT,
        subject="问",
        customer=customer,
        values=ENQUIRY,
    )
    draft = documents.begin(
        "member_card", department=here.department, by=here.one, at=AT, values={"customer": customer.ref}
    )
    assert set(open_items(customer)) == {case.number, draft.number}

    with refuses("flow.need"):
        here.ask("customer_cancellation", cancellation(here, customer))


def test_what_came_in_between_stops_the_last_signature_and_is_named(here: General) -> None:
    customer = here.customer()
    approval = here.ask("customer_cancellation", cancellation(here, customer))
    draft = documents.begin(
        "member_card", department=here.department, by=here.one, at=AT, values={"customer": customer.ref}
    )
    approval = approvals.approve(approval, by=here.supervisor, at=LATER)
    with pytest.raises(Refused) as refused:
        approvals.approve(approval, by=here.manager, at=LATER)

    assert refused.value.code == "customer.open_items"
    assert refused.value.facts["open"] == [draft.number]
    assert draft.number in refused.value.zh
    approval.refresh_from_db()
    customer.refresh_from_db()
    assert (approval.state, customer.cancelled_at) == ("asked", None)


def test_nobody_cancels_by_hand_what_others_agree_to(here: General) -> None:
    with refuses("customer.by_approval"):
        archive.cancel(here.customer(), by=here.manager, at=AT)


def test_a_cancelled_customer_takes_no_new_cases_until_taken_back(here: General) -> None:
    customer = here.customer()
    archive.cancel(customer, by=SYSTEM, at=AT)
    customer.refresh_from_db()

    def register() -> Case:
        return cases.register(
            "enquiry",
            department=here.department,
            by=here.clerk,
            at=LATER,
            subject="问",
            customer=customer,
            values=ENQUIRY,
        )

    with refuses("customer.cancelled"):
        register()
    customer = archive.reinstate(customer, by=here.clerk, at=LATER)
    assert customer.cancelled_at is None
    assert register().customer == customer


def test_a_merge_keeps_what_only_the_other_knew(here: General) -> None:
    one, other = here.customer(), here.customer("何花花")
    archive.change(one, {"region": "华北", "specialist": here.two}, by=here.clerk, at=AT)
    archive.change(other, {"region": "华东"}, by=here.clerk, at=AT)
    one.refresh_from_db()

    into = actions.merge(one, into=other, by=SYSTEM, at=LATER)

    into.refresh_from_db()
    assert (into.region, into.specialist_id, into.specialist_since) == ("华东", here.two.pk, AT)
