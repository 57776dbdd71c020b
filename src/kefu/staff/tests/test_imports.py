from __future__ import annotations

import io

import pytest

from kefu.staff.actions import make_team
from kefu.staff.imports import import_staff
from kefu.staff.models import Person, TeamMember
from kefu.staff.organisation import LiveOrganisation
from tests.cast import FOUNDED, Cast

pytestmark = pytest.mark.db

STAFF = """登录名,姓名,部门代码,岗位,班组,电话,语言
new1,新一,service_centre,接待人员,一班,13812345678,中文
new2,新𠮷,engineering,repair_worker,,,en
chen,重名,service_centre,,,,
new3,新三,nowhere,,,,
new4,新四,service_centre,皇帝,,,
new5,新五,service_centre,,九班,,
new6,新六,service_centre,,,1380013800A,
"""


def test_staff_come_in_with_post_and_team_and_wrong_rows_leave_nobody(cast: Cast) -> None:
    team = make_team(cast.service_centre, name="一班", leader=None, by=cast.owner, at=FOUNDED)
    before = Person.objects.count()

    outcome = import_staff(io.BytesIO(STAFF.encode()), dry=False, by=cast.owner, at=FOUNDED)

    assert outcome.carried == 2
    assert [row.reason.code for row in outcome.refused] == [
        "login.taken",
        "department.unknown",
        "post.unknown",
        "team.unknown",
        "phone.letters",
    ]
    assert Person.objects.count() == before + 2
    first, second = Person.objects.order_by("-id")[:2][::-1]
    assert (second.name, second.language) == ("新𠮷", "en")
    assert TeamMember.objects.get(team=team).person == first
    assert str(first.pk) in LiveOrganisation(FOUNDED).holders("agent", cast.service_centre.pk)


def test_a_head_imports_into_the_own_department_only(cast: Cast) -> None:
    outcome = import_staff(io.BytesIO(STAFF.encode()), dry=True, by=cast.manager, at=FOUNDED)

    assert outcome.refused[0].reason.code == "team.unknown"  # the first row is the own department's
    assert outcome.refused[1].reason.code == "staff.not_head"
