"""Who holds which post, who is in which team, who stands in for whom."""

from __future__ import annotations

from datetime import datetime

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.staff.actions import guard
from kefu.staff.models import Department, Person, PostHolding, StandIn, Team, TeamMember
from kefu.staff.rights import Tree


def give_post(person: Person, *, post: str, department: Department, by: By, at: datetime) -> PostHolding:
    """Give a post of the department's rulebook from `at` on. By a head of the department.

    Raises Refused post.unknown (naming those there are), post.held, staff.not_head, staff.left.
    """
    with write():
        guard.require_here(person)
        guard.require_head(by, at, department.pk)
        rulebook = Tree().rulebook_of(department.pk, at)
        posts = rulebook.posts if rulebook else {}
        if post not in posts:
            raise Refused(
                "post.unknown",
                zh=f"制度中没有岗位「{post[:40]}」；可用："
                f"{'、'.join(one.title.zh for one in posts.values())}。",
                en=f"The rulebook has no post “{post[:40]}”; it has: {', '.join(posts)}.",
                post=post[:60],
            )
        if PostHolding.objects.ahead(at).filter(person=person, department=department, post=post).exists():
            raise Refused(
                "post.held",
                zh=f"{person.name}已担任「{posts[post].title.zh}」。",
                en=f"{person.name} holds the post “{posts[post].title.en}” already.",
            )
        holding = PostHolding.objects.create(person=person, department=department, post=post, since=at)
        _record_post("person.given_post", holding, by=by, at=at)
        return holding


def end_post(holding: PostHolding, *, by: By, at: datetime) -> PostHolding:
    """End a held post at `at`. By a head of its department. Raises Refused post.ended."""
    with write():
        guard.require_head(by, at, holding.department_id)
        if not PostHolding.objects.at(at).filter(pk=holding.pk).update(until=at):
            raise _over("post.ended", "该任职已经结束。", "This post has ended already.")
        holding.refresh_from_db()
        _record_post("person.left_post", holding, by=by, at=at)
        return holding


def make_team(department: Department, *, name: str, leader: Person | None, by: By, at: datetime) -> Team:
    """Make a team. By a head of the department. Raises Refused team.name_taken."""
    with write():
        guard.require_head(by, at, department.pk)
        if leader is not None:
            guard.require_here(leader)
        name = inputs.line(name, "班组名称 / name", longest=120)
        if Team.objects.filter(department=department, name=name).exists():
            raise Refused(
                "team.name_taken",
                zh=f"本部门已有班组「{name}」。",
                en=f"The department has a team “{name}” already.",
            )
        team = Team.objects.create(department=department, name=name, leader=leader)
        _record_team("team.made", team, leader, by=by, at=at)
        return team


def lead_team(team: Team, *, leader: Person, by: By, at: datetime) -> Team:
    """Name another leader."""
    with write():
        guard.require_here(leader)
        guard.require_head(by, at, team.department_id)
        team.leader = leader
        team.save(update_fields=["leader"])
        _record_team("team.led", team, leader, by=by, at=at)
        return team


def join_team(person: Person, *, team: Team, by: By, at: datetime) -> TeamMember:
    """Put somebody into a team; one may be in several. Raises Refused team.in_it."""
    with write():
        guard.require_here(person)
        guard.require_head(by, at, team.department_id)
        if TeamMember.objects.ahead(at).filter(person=person, team=team).exists():
            raise _over("team.in_it", f"{person.name}已在该班组。", f"{person.name} is in this team already.")
        membership = TeamMember.objects.create(person=person, team=team, since=at)
        _record_team("team.joined", team, person, by=by, at=at)
        return membership


def leave_team(membership: TeamMember, *, by: By, at: datetime) -> TeamMember:
    """Raises Refused team.left_already."""
    with write():
        guard.require_head(by, at, membership.team.department_id)
        if not TeamMember.objects.at(at).filter(pk=membership.pk).update(until=at):
            raise _over("team.left_already", "已退出该班组。", "That membership has ended already.")
        membership.refresh_from_db()
        _record_team("team.left", membership.team, membership.person, by=by, at=at)
        return membership


def set_stand_in(
    absent: Person, *, person: Person, since: datetime, until: datetime | None, by: By, at: datetime
) -> StandIn:
    """Let `person` answer for `absent` from `since` to `until` (open-ended: None). By the absent one or a
    head.

    Raises Refused stand_in.self, stand_in.span.
    """
    with write():
        guard.require_here(absent)
        guard.require_here(person)
        guard.require_self_or_head(by, at, absent)
        if person.pk == absent.pk:
            raise _over("stand_in.self", "不能由本人代理本人。", "Nobody can stand in for themselves.")
        if until is not None and (until <= since or until <= at):
            raise _over(
                "stand_in.span",
                "代理的结束时间应晚于开始时间和现在。",
                "A stand-in must end after it begins and after now.",
            )
        stand_in = StandIn.objects.create(person=person, absent=absent, since=since, until=until)
        _record_stand_in("person.stood_in", stand_in, by=by, at=at)
        return stand_in


def end_stand_in(stand_in: StandIn, *, by: By, at: datetime) -> StandIn:
    """Raises Refused stand_in.ended."""
    with write():
        guard.require_self_or_head(by, at, stand_in.absent)
        found = StandIn.objects.ahead(at).filter(pk=stand_in.pk).first()
        if found is None:
            raise _over("stand_in.ended", "该代理已经结束。", "That stand-in has ended already.")
        found.until = max(at, found.since)
        found.save(update_fields=["until"])
        _record_stand_in("person.stand_in_ended", found, by=by, at=at)
        return found


def _over(code: str, zh: str, en: str) -> Refused:
    return Refused(code, zh=zh, en=en)


def _record_post(kind: str, holding: PostHolding, *, by: By, at: datetime) -> None:
    data = {"post": holding.post, "department": holding.department_id, "holding": holding.pk}
    record(kind, holding.person.ref, by=by, at=at, department=holding.department_id, data=data)


def _record_team(kind: str, team: Team, person: Person | None, *, by: By, at: datetime) -> None:
    data = {"person": person.pk if person else None}
    record(kind, team.ref, by=by, at=at, department=team.department_id, data=data)


def _record_stand_in(kind: str, stand_in: StandIn, *, by: By, at: datetime) -> None:
    data = {
        "person": stand_in.person_id,
        "since": stand_in.since.isoformat(),
        "until": stand_in.until.isoformat() if stand_in.until else None,
    }
    record(kind, stand_in.absent.ref, by=by, at=at, department=stand_in.absent.department_id, data=data)
