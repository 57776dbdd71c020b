"""Who is meant at this instant, and whom an escalation reaches."""

from __future__ import annotations

import pytest

from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.model import Post, Ref, Text
from kefu.core.rulebook.who import CUSTOMER, Escalation, escalation, resolve

OWNER = Who("field", "owner")
LEADER = Who("leader of", of=OWNER)
TITLE = Text("岗位", "post")
POSTS = {
    "agent": Post(name="agent", title=TITLE),
    "leader": Post(name="leader", title=TITLE, stands_in=("deputy",)),
    "deputy": Post(name="deputy", title=TITLE),
    "boss": Post(name="boss", title=TITLE),
}


class Desk:
    """ann and bob (agents) report to lea, lea to max; dan stands in for lea's post; lea leads the unit yard."""

    up = {"ann": "lea", "bob": "lea", "dan": "lea", "lea": "max"}
    posts = {"ann": "agent", "bob": "agent", "lea": "leader", "dan": "deputy", "max": "boss"}

    def __init__(self, *on_duty: str) -> None:
        self.here = on_duty

    def holders(self, post: str) -> tuple[str, ...]:
        return tuple(person for person, held in self.posts.items() if held == post)

    def posts_held(self, person: str) -> tuple[str, ...]:
        return (self.posts[person],)

    def holds(self, person: str, post: str) -> bool:
        return self.posts[person] == post

    def leader_of(self, person: str) -> tuple[str, ...]:
        return (self.up[person],) if person in self.up else ()

    def leader_of_unit(self, unit: str) -> tuple[str, ...]:
        return ("lea",) if unit == "yard" else ()

    def team_of(self, person: str) -> tuple[str, ...]:
        return tuple(one for one, leader in self.up.items() if leader == person)

    def line_of(self, person: str, post: str) -> tuple[str, ...]:
        line: list[str] = []
        while person in self.up and post not in (self.posts[one] for one in line):
            person = self.up[person]
            line.append(person)
        return tuple(line)

    def members(self, unit: str) -> tuple[str, ...]:
        return ("ann", "bob") if unit == "yard" else ()

    def everyone(self) -> tuple[str, ...]:
        return tuple(self.posts)

    def on_duty(self, person: str) -> bool:
        return person in self.here


FACTS = {
    "owner": Ref("person", "ann"),
    "department": Ref("unit", "yard"),
    "customer": Ref("customer", "9"),
    "helpers": [Ref("person", "bob"), Ref("person", "ann")],
    "remark": "ann",
}


@pytest.mark.parametrize(
    ("who", "people"),
    [
        (Who("post", "agent"), ("ann", "bob")),
        (Who("post", "nobody"), ()),
        (Who("on duty", "agent"), ("bob",)),
        (OWNER, ("ann",)),
        (Who("field", "department"), ("ann", "bob")),
        (Who("field", "helpers"), ("bob", "ann")),
        (Who("field", "customer"), ()),
        (Who("field", "remark"), ()),
        (Who("field", "missing"), ()),
        (LEADER, ("lea",)),
        (Who("leader of", of=Who("field", "department")), ("lea",)),
        (Who("leader of", of=LEADER), ("max",)),
        (Who("leader of", of=Who("post", "agent")), ("lea",)),
        (Who("team of", of=LEADER), ("ann", "bob", "dan")),
        (Who("line of", "boss", OWNER), ("lea", "max")),
        (Who("line of", "leader", OWNER), ("lea",)),
        (Who("anyone"), ("ann", "bob", "lea", "dan", "max")),
        (Who("customer"), (CUSTOMER,)),
    ],
)
def test_a_who_expression_means_these_people(who, people):
    assert resolve(who, FACTS, Desk("bob")) == people


@pytest.mark.parametrize(
    ("here", "reached"),
    [
        (("lea", "max"), Escalation("lea", ())),
        (("dan", "max"), Escalation("dan", ("lea",))),
        (("max",), Escalation("max", ("lea",))),
        (("ann",), Escalation("lea", ("max",))),
        ((), Escalation("lea", ("max",))),
    ],
)
def test_an_escalation_reaches_a_holder_on_duty_a_stand_in_the_next_level_or_the_holder_anyway(here, reached):
    assert escalation(LEADER, FACTS, Desk(*here), POSTS) == reached


def test_past_the_top_of_the_line_the_top_is_told():
    assert escalation(LEADER, {"owner": Ref("person", "max")}, Desk("max"), POSTS) == Escalation(
        "max", (), True
    )
    assert escalation(LEADER, {}, Desk(), POSTS) == Escalation(None, (), True)
