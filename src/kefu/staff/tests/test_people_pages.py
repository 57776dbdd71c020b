"""Pages of colleagues: who sees what, what a head does there, what is refused and how it is said."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.staff import actions
from kefu.staff.models import Department, OneTimeLink, Person, PostHolding, SignIn, StandIn, Team
from tests.cast import browse, give_password, present

pytestmark = pytest.mark.db


def desk_of(person):
    return browse(Client(), person)


def page_of(answer):
    return unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        ("/staff/", "在职", "At work here"),
        ("/staff/?left", "已离职", "Left"),
        ("/staff/{agent}/", "上级", "Reports to"),
        ("/staff/{agent}/change/", "保存", "Save"),
        ("/staff/{agent}/leave/", "立即结束的事项", "What ends at once"),
        ("/staff/add/", "新增员工", "Add a person"),
        ("/staff/import/", "下载模板", "Template"),
        ("/staff/departments/", "部门与班组", "Departments and teams"),
        ("/staff/departments/add/", "新建部门", "Add a department"),
        ("/staff/departments/{department}/change/", "上级部门", "Part of"),
    ],
)
def test_every_page_opens_for_the_owner_in_both_languages(cast, path, chinese, english):
    path = path.format(agent=cast.agent.pk, department=cast.service_centre.pk)

    for language, there in (("zh-hans", chinese), ("en", english)):
        Person.objects.filter(pk=cast.owner.pk).update(language=language)
        answer = desk_of(cast.owner).get(path)
        assert answer.status_code == 200
        assert there in page_of(answer)


def test_the_list_names_colleagues_with_their_posts_and_nobody_of_another_department(cast):
    present(cast.supervisor, timezone.now())
    page = page_of(desk_of(cast.agent).get("/staff/"))

    assert "赵敏" in page
    assert "客服主管" in page
    assert "胡杰" not in page
    assert "新增员工" not in page  # only a head adds
    assert desk_of(cast.agent).get(f"/staff/{cast.stranger.pk}/").status_code == 404
    assert "胡杰" in page_of(desk_of(cast.owner).get("/staff/?q=HU"))


def test_a_longer_list_asks_no_more_often(cast):
    desk = desk_of(cast.owner)
    desk.get("/staff/")
    with CaptureQueriesContext(connection) as short:
        desk.get("/staff/?q=陈静")
    with CaptureQueriesContext(connection) as long:
        desk.get(f"/staff/?department={cast.service_centre.pk}")

    assert len(long) == len(short) < 30


def test_somebody_new_is_added_gets_a_post_and_an_invitation_that_lets_them_in(cast, client):
    desk = desk_of(cast.manager)
    given = {"name": "方圆", "login": "fang", "department": cast.service_centre.pk, "language": "zh-hans"}

    added = desk.post("/staff/add/", given, follow=True)
    fang = Person.objects.get(login="fang")
    assert added.redirect_chain[-1][0] == f"/staff/{fang.pk}/"
    desk.post(f"/staff/{fang.pk}/posts/", {"post": f"{cast.service_centre.pk}:agent"})
    page = page_of(desk.post(f"/staff/{fang.pk}/link/"))

    assert PostHolding.objects.filter(person=fang, post="agent").exists()
    link = re.search(r"https?://[^/]+(/link/[^<]+)</p>", page)
    assert link
    assert client.get(link[1]).status_code == 200
    assert link[1] not in page_of(desk.get(f"/staff/{fang.pk}/"))  # shown only once


def test_a_login_that_is_taken_is_said_at_the_form_and_nothing_typed_is_lost(cast):
    given = {
        "name": "方圆𠮷",
        "login": "chen",
        "department": cast.service_centre.pk,
        "phone": "138 1234 5678",
        "language": "en",
    }

    answer = desk_of(cast.manager).post("/staff/add/", given)

    assert answer.status_code == 422
    assert "login.taken" in page_of(answer)
    assert 'value="方圆𠮷"' in page_of(answer)
    assert 'value="138 1234 5678"' in page_of(answer)
    assert not Person.objects.filter(name="方圆𠮷").exists()


def test_only_departments_one_heads_can_be_chosen(cast):
    desk = desk_of(cast.manager)
    given = {"name": "方圆", "login": "fang", "department": cast.sales.pk, "language": "en"}

    assert desk.post("/staff/add/", given).status_code == 422
    assert desk_of(cast.agent).post("/staff/add/", given).status_code == 403
    assert "staff.not_head" in page_of(desk_of(cast.agent).get("/staff/add/"))
    assert not Person.objects.filter(login="fang").exists()


def test_away_and_back_are_said_by_oneself_or_the_head_but_by_no_colleague(cast):
    path = f"/staff/{cast.agent.pk}"

    assert "staff.not_head" in page_of(desk_of(cast.other_agent).post(f"{path}/away/"))
    assert desk_of(cast.manager).post(f"{path}/away/").status_code == 302
    cast.agent.refresh_from_db()
    assert cast.agent.away_since is not None
    assert desk_of(cast.agent).post(f"{path}/back/").status_code == 302
    cast.agent.refresh_from_db()
    assert cast.agent.away_since is None


def test_a_stand_in_at_a_day_that_does_not_exist_is_refused_with_what_was_typed(cast):
    path, given = f"/staff/{cast.agent.pk}/stand-ins/", {"person": cast.other_agent.pk}

    answer = desk_of(cast.agent).post(path, given | {"since": "2026-02-30T08:00", "until": ""})

    assert answer.status_code == 422
    assert "instant.form" in page_of(answer)
    assert "2026-02-30T08:00" in page_of(answer)
    assert desk_of(cast.agent).post(path, given | {"since": "", "until": ""}).status_code == 302
    stand_in = StandIn.objects.get(absent=cast.agent)
    assert "刘洋" in page_of(desk_of(cast.agent).get(f"/staff/{cast.agent.pk}/"))
    assert desk_of(cast.manager).post(f"/staff/stand-ins/{stand_in.pk}/end/").status_code == 302
    assert not StandIn.objects.ahead(timezone.now()).exists()


def test_a_post_is_given_once_and_ended(cast):
    desk, path = desk_of(cast.manager), f"/staff/{cast.agent.pk}/posts/"
    holding = PostHolding.objects.get(person=cast.agent)

    again = desk.post(path, {"post": f"{cast.service_centre.pk}:agent"})
    unknown = desk.post(path, {"post": "x:king"})

    assert (again.status_code, unknown.status_code) == (422, 422)
    assert "post.held" in page_of(again)
    assert "post.unknown" in page_of(unknown)
    assert desk.post(f"/staff/posts/{holding.pk}/end/").status_code == 302
    assert "post.ended" in page_of(desk.post(f"/staff/posts/{holding.pk}/end/"))


def test_teams_are_made_joined_led_and_left(cast):
    desk = desk_of(cast.manager)
    desk.post(f"/staff/departments/{cast.service_centre.pk}/teams/", {"name": "早班", "leader": ""})
    team = Team.objects.get()
    twice = desk.post(f"/staff/departments/{cast.service_centre.pk}/teams/", {"name": "早班"})
    assert "team.name_taken" in page_of(twice)
    assert 'value="早班"' in page_of(twice)

    desk.post(f"/staff/{cast.agent.pk}/teams/", {"team": team.pk})
    desk.post(f"/staff/teams/{team.pk}/lead/", {"leader": cast.supervisor.pk})

    team.refresh_from_db()
    assert team.leader == cast.supervisor
    member = team.memberships.get()
    assert "早班" in page_of(desk_of(cast.agent).get(f"/staff/{cast.agent.pk}/"))
    assert desk_of(cast.agent).post(f"/staff/memberships/{member.pk}/end/").status_code == 403
    assert desk.post(f"/staff/memberships/{member.pk}/end/").status_code == 302


def test_a_head_ends_a_session_and_a_colleague_does_not_see_it(cast):
    session = present(cast.agent, timezone.now())
    SignIn.objects.filter(pk=session.pk).update(address="10.9.8.7")

    assert "10.9.8.7" not in page_of(desk_of(cast.other_agent).get(f"/staff/{cast.agent.pk}/"))
    assert "10.9.8.7" in page_of(desk_of(cast.manager).get(f"/staff/{cast.agent.pk}/"))
    assert desk_of(cast.manager).post(f"/staff/sessions/{session.pk}/end/").status_code == 302
    session.refresh_from_db()
    assert session.ended_at is not None


def test_who_leaves_is_shown_what_ends_first_and_then_cannot_come_back(cast):
    give_password(cast.agent)
    agent_desk, desk, path = desk_of(cast.agent), desk_of(cast.manager), f"/staff/{cast.agent.pk}/leave/"
    before = page_of(desk.get(path))
    assert "要转交的未完成工作" in before
    assert Person.objects.get(pk=cast.agent.pk).is_active  # premise: looking changes nothing

    assert desk.post(path).status_code == 302

    assert not Person.objects.get(pk=cast.agent.pk).is_active
    assert agent_desk.get("/staff/").status_code == 302  # to sign in
    assert "陈静" in page_of(desk.get("/staff/?left"))
    assert "staff.left" in page_of(desk.get(path))


def test_the_owner_cannot_leave_before_handing_over(cast):
    owner = desk_of(cast.owner)
    assert "organisation.owner_stays" in page_of(owner.post(f"/staff/{cast.owner.pk}/leave/"))

    owner.post(f"/staff/{cast.manager.pk}/owner/")

    cast.organisation.refresh_from_db()
    assert cast.organisation.owner == cast.manager
    assert "staff.not_owner" in page_of(owner.post(f"/staff/{cast.agent.pk}/auditor/"))


def test_a_lost_second_factor_is_switched_off_by_the_head(cast):
    Person.objects.filter(pk=cast.agent.pk).update(totp_secret="x" * 32)

    assert desk_of(cast.supervisor).post(f"/staff/{cast.agent.pk}/second-factor/").status_code == 403
    assert desk_of(cast.manager).post(f"/staff/{cast.agent.pk}/second-factor/").status_code == 302
    cast.agent.refresh_from_db()
    assert cast.agent.totp_secret == ""


def test_departments_are_added_and_moved_by_the_owner_alone(cast):
    owner = desk_of(cast.owner)
    given = {"name": "秩序部", "code": "order", "parent": cast.engineering.pk, "pack": ""}
    assert owner.post("/staff/departments/add/", given).status_code == 302
    added = Department.objects.get(code="order")
    assert added.parent == cast.engineering

    again = owner.post("/staff/departments/add/", given)
    circle = owner.post(
        f"/staff/departments/{cast.engineering.pk}/change/",
        {"name": "工程部", "parent": added.pk, "pack": ""},
    )

    assert "department.code_taken" in page_of(again)
    assert "department.circle" in page_of(circle)
    assert "staff.not_owner" in page_of(desk_of(cast.manager).get("/staff/departments/add/"))


def test_an_earlier_link_stops_working_when_a_new_one_is_made(cast):
    at = timezone.now() - timedelta(minutes=1)
    key = actions.issue_link(cast.agent, purpose="reset", by=cast.manager, at=at)
    desk_of(cast.manager).post(f"/staff/{cast.agent.pk}/link/")

    assert OneTimeLink.objects.filter(person=cast.agent, expires_at__gt=timezone.now()).count() == 1
    assert "link.not_valid" in page_of(Client().get(f"/link/{key}/"))
