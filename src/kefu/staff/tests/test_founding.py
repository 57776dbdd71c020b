from __future__ import annotations

from typing import Any

import pytest

from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.versions import queries as versions
from kefu.staff import queries
from kefu.staff.actions import (
    NewDepartment,
    add_department,
    change_department,
    change_owner,
    found,
    leave_company,
)
from kefu.staff.actions.links import find_link
from kefu.staff.models import Department, Organisation, Person
from tests.cast import FOUNDED, Cast, refuses

pytestmark = pytest.mark.db


def founding(**changed: object) -> dict[str, Any]:
    given: dict[str, Any] = {
        "zone": "Asia/Shanghai",
        "owner_login": "wang",
        "owner_name": "王芳",
        "departments": [NewDepartment("service_centre", "客服中心", "property")],
        "by": SYSTEM,
        "at": FOUNDED,
    }
    return given | changed


def test_founding_puts_the_pack_in_force_and_the_owner_at_its_top() -> None:
    made = found("云庭物业", **founding())

    assert versions.in_force("property", FOUNDED).name == "property"
    assert [held.post for held in queries.posts_of(made.owner, FOUNDED)] == ["company_leader"]
    assert queries.organisation() == made.organisation


def test_the_owner_gets_a_link_and_cannot_sign_in_without_using_it() -> None:
    made = found("云庭物业", **founding())

    assert find_link(made.link, at=FOUNDED).person == made.owner
    assert not made.owner.has_usable_password()


def test_a_second_organisation_is_refused(cast: Cast) -> None:
    with refuses("organisation.exists"):
        found("另一家", **founding(owner_login="other"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"zone": "Asia/Atlantis"}, "organisation.zone_unknown"),
        ({"zone": "../etc/passwd"}, "organisation.zone_unknown"),
        ({"departments": []}, "organisation.no_department"),
        ({"departments": [NewDepartment("客服", "客服中心", "property")]}, "department.code_form"),
        ({"departments": [NewDepartment("a", "甲"), NewDepartment("A", "乙")]}, "department.code_taken"),
        ({"departments": [NewDepartment("a", "甲", parent="nowhere")]}, "department.parent_unknown"),
        ({"departments": [NewDepartment("a", " \u200b ")]}, "line.missing"),
        ({"departments": [NewDepartment("a", "甲", "no_such_pack")]}, "rulebook.refused"),
        ({"owner_login": "wang fang"}, "login.form"),
    ],
)
def test_a_wrong_founding_is_refused_and_leaves_nothing(changed: dict[str, Any], code: str) -> None:
    with refuses(code):
        found("云庭物业", **founding(**changed))

    assert not Organisation.objects.exists()
    assert not Department.objects.exists()
    assert not Person.objects.exists()
    assert not Event.objects.exists()


def test_only_the_owner_changes_the_organisation(cast: Cast) -> None:
    with refuses("staff.not_owner"):
        add_department("legal", name="法务部", by=cast.manager, at=FOUNDED)
    with refuses("staff.not_owner"):
        change_owner(cast.organisation, to=cast.manager, by=cast.manager, at=FOUNDED)

    assert add_department("legal", name="法务部", by=cast.owner, at=FOUNDED).code == "legal"


def test_a_department_takes_only_a_pack_that_is_in_force(cast: Cast) -> None:
    with refuses("rulebook.not_published"):
        add_department("desk", name="服务台", pack="servicedesk", by=cast.owner, at=FOUNDED)


def test_a_department_cannot_stand_below_itself(cast: Cast) -> None:
    desk = add_department("desk", name="前台", parent=cast.service_centre, by=cast.owner, at=FOUNDED)

    with refuses("department.circle"):
        change_department(
            cast.service_centre, name="客服中心", pack="property", parent=desk, by=cast.owner, at=FOUNDED
        )


def test_the_owner_leaves_only_after_handing_over(cast: Cast) -> None:
    with refuses("organisation.owner_stays"):
        leave_company(cast.owner, by=cast.owner, at=FOUNDED)

    change_owner(cast.organisation, to=cast.manager, by=cast.owner, at=FOUNDED)
    leave_company(cast.owner, by=cast.manager, at=FOUNDED)

    assert not Person.objects.get(pk=cast.owner.pk).is_active
