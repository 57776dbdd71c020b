"""The stories of cases: what happened to each, as the rows and events that the actions would have left.

Clocks, steps and misses are what `replay` says of the events, by the same function as for live work. Left out are the
effects of steps beside the case itself (notices, escalations) and the duties that follow: nothing checks them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from archive.texts import RARE, SUBJECT, UTTERANCE, Texts, name_of, phone_of

MESSAGES = 3  # a case
DOCS = MESSAGES + 1
LOCAL = timedelta(hours=8)
START = datetime(2016, 11, 22, tzinfo=UTC)
DAYS = 3650
SHARE_OF_FEW, FEW = 0.4, 0.05  # 5 % of the customers own 40 % of the cases


@dataclass
class Plan:
    """What the stories are about: read once from the database that is being filled."""

    cases: int
    customers: int
    version: str
    centres: list[tuple[int, list[int]]]  # department, its agents
    small: tuple[int, list[int]]  # a department that 50 cases belong to
    engineering: tuple[int, list[int]]
    first_doc: int
    end: datetime


@dataclass
class Rows:
    """Rows by table, in the order of its columns; events as `storing.event` wants them."""

    cases: list[tuple] = field(default_factory=list)
    messages: list[tuple] = field(default_factory=list)
    docs: list[tuple] = field(default_factory=list)
    clocks: list[tuple] = field(default_factory=list)
    reaches: list[tuple] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)  # the last number given by prefix


class Teller:
    """Makes the stories of cases `first`..`last` - 1, counted from 0."""

    def __init__(self, plan: Plan) -> None:
        from kefu.core.versions import queries as versions

        self.plan, self.texts = plan, Texts()
        self.rules = {plan.version: versions.by_hash(plan.version)}
        self.kinds = self.rules[plan.version].kinds

    def tell(self, first: int, last: int) -> Rows:
        rows = Rows()
        for place in range(first, last):
            story = self._story(place, sweeping=False)
            if story.owes_steps():
                story = self._story(place, sweeping=True)
            story.store(rows)
        return rows

    def _story(self, place: int, *, sweeping: bool) -> _Story:
        """sweeping: look before every event whether a step of a clock fell due; most stories know of none."""
        plan, chance = self.plan, Random(place)
        every = max(1, plan.cases // 50)
        department, agents = plan.small if place % every == 7 else chance.choice(plan.centres)
        agent = chance.choice(agents)
        few = int(plan.customers * FEW)
        customer = (
            chance.randint(1, few)
            if chance.random() < SHARE_OF_FEW
            else chance.randint(few + 1, plan.customers)
        )
        kind = chance.choices(("enquiry", "repair", "complaint"), weights=(80, 12, 8))[0]
        at = (
            START
            + timedelta(days=place * DAYS // plan.cases, seconds=chance.randint(8 * 3600, 20 * 3600))
            - LOCAL
        )
        story = _Story(self, place + 1, kind, department, agent, customer, at, chance)
        story.sweeping = sweeping
        try:
            getattr(story, kind)()
        except _Today:
            story.pass_time(plan.end)
        return story


class _Today(Exception):
    """The story has come to the end of the plan: the case is as open as it is then."""


class _Story:
    def __init__(
        self,
        teller: Teller,
        pk: int,
        kind: str,
        department: int,
        agent: int,
        customer: int,
        at: datetime,
        chance: Random,
    ) -> None:
        self.teller, self.pk, self.kind, self.department = teller, pk, kind, department
        self.agent, self.customer, self.at, self.chance = agent, customer, at, chance
        self.opened_at = at
        self.rule = teller.kinds[kind]
        self.owner: int | None = None
        self.values: dict[str, object] = {}
        self.made: dict[str, datetime] = {}
        self.state = self.rule.flow.start
        self.events: list[tuple[datetime, str, str, str, dict[str, Any], str]] = []
        self.said: list[tuple[bool, str, datetime]] = []
        self.reach: int | None = None
        self.happened: list[Any] = []
        self.revision = 1
        self.sweeping = False
        self.states: Any = ()
        self.subject = teller.texts.sentence(chance, SUBJECT)[:60]
        if pk % 50_000 == 17:
            self.subject += RARE

    # --- the three courses ------------------------------------------------------------------------

    def enquiry(self) -> None:
        self.open({})
        if self.chance.random() < 0.15:
            self.move("taken", 5)
            self.move("asked_customer", 10)
            self.say(True)
            self.move("customer_answered", 90)
        late = self.chance.random() < 0.08
        after = self.chance.randint(3, 12) * 1440 if late else 60
        self.move("answered", after, {"answer": self.text()}, reasoned=self.chance.random() < 0.7)
        self.say_rest(but=1)
        self.move("closed", self.chance.randint(60, 2000), reasoned=len(self.said) < MESSAGES)
        self.say_rest()

    def repair(self) -> None:
        worker = self.chance.choice(self.teller.plan.engineering[1])
        fault = self.chance.choice(("dripping_tap", "lighting", "door_or_lock", "lift", "other_fault"))
        self.open(self.caller())
        self.move("accepted", 2, {"fault": fault, "size": "small"})
        slow = self.chance.random() < 0.08
        self.move("dispatched", 30 if slow else 2, {"worker": ("person", worker), "medium": "slip"})
        self.assign(worker)
        self.move("arrived", 20, by=worker)
        self.say_rest()
        self.move(
            "finished",
            self.chance.randint(30, 700),
            {"work_done": self.text(), "customer_signature": "王"},
            by=worker,
        )
        self.move("closed", self.chance.randint(300, 2000))

    def complaint(self) -> None:
        plan = self.teller.plan
        self.open(self.caller() | {"source": "centre"})
        filled = {
            "house_number": "3栋1201",
            "validity": "valid",
            "difficulty": "ordinary",
            "clarification": self.text(),
        }
        self.move("accepted", 4, filled)
        severity = self.chance.choices(("minor", "important", "major"), weights=(60, 37, 3))[0]
        self.move("graded", 2, {"cause": "service_insufficient", "severity": severity})
        handler = self.chance.choice(plan.engineering[1])
        self.move(
            "dispatched",
            5,
            {"handling_department": ("unit", plan.engineering[0]), "arrangement": self.text()},
        )
        self.assign(handler)
        self.reach = plan.engineering[0]
        self.tell("case.reached", {"department": self.reach})
        self.move("taken_on", 20, by=handler)
        late = self.chance.random() < 0.1
        self.move("customer_contacted", 4320 if late else 30, {"contact_note": self.text()}, by=handler)
        self.say_rest()
        self.move(
            "resolved", self.chance.randint(300, 8000), {"result": self.text(), "department_signature": "周"}
        )
        self.move("followed_up", 1500, {"follow_up_result": self.text()})
        self.move(
            "closed",
            200,
            {"centre_signature": "陈", "management_fault": "not_management", "diary": self.text()},
        )

    # --- their parts ------------------------------------------------------------------------------

    def wait(self, seconds: int) -> None:
        at = self.at + timedelta(seconds=seconds)
        if at > self.teller.plan.end:
            raise _Today
        self.at = at

    def text(self) -> str:
        return self.teller.texts.sentence(self.chance, UTTERANCE)[:400]

    def caller(self) -> dict[str, object]:
        phone = phone_of(self.customer).removeprefix("+86")
        return {"surname": name_of(self.customer), "telephone": phone, "content": self.text()}

    def open(self, values: dict[str, object]) -> None:
        self.values.update(values)
        self.tell("case.opened", self.told("opened", values), name=True)
        self.said.append((True, self.text(), self.at))

    def move(
        self,
        name: str,
        after: int,
        values: dict[str, object] | None = None,
        *,
        by: int = 0,
        reasoned: bool = False,
    ) -> None:
        """after: minutes at most since the event before. reasoned: with a reason, which is a message."""
        self.wait(self.chance.randint(after * 30, after * 60))
        self.pass_time(self.at)
        before, self.state = self.state, self.rule.flow.moves[name].to
        self.values.update(values or {})
        self.made[name] = self.at
        self.revision += 1
        data = {"from": before} | self.told(name, values or {})
        if reasoned and len(self.said) < MESSAGES:
            data["reasoned"] = True
            self.said.append((False, self.text(), self.at))
        self.tell("case.moved", data, by=by or self.agent, post="" if by else "agent", name=True)
        if self.owner is None:
            self.assign(self.agent)

    def assign(self, to: int) -> None:
        before, self.owner = self.owner, to
        self.revision += 1
        self.tell(
            "case.assigned", {"before": before} | self.told("set", {"owner": ("person", to)}), name=True
        )

    def say(self, public: bool) -> None:
        self.wait(self.chance.randint(20, 200))
        self.revision += 1
        self.said.append((public, self.text(), self.at))
        message = (self.pk - 1) * MESSAGES + len(self.said)
        self.tell("case.message_added", {"message": message, "public": public})

    def say_rest(self, *, but: int = 0) -> None:
        while len(self.said) < MESSAGES - but:
            self.say(self.chance.random() < 0.6)

    def told(self, name: str, values: dict[str, object]) -> dict[str, Any]:
        from kefu.core.clocks import facts_json
        from kefu.core.work.fields import fields_of
        from kefu.core.work.recording import for_ledger

        facts = facts_json.dump(for_ledger(fields_of(self.rule), _typed(values)))
        return {"name": name, "kind": self.kind, "state": self.state, "facts": facts}

    def tell(
        self, kind: str, data: dict[str, Any], *, by: int = 0, post: str = "", name: bool = False
    ) -> None:
        version = self.teller.plan.version
        self.events.append((self.at, f"person:{by or self.agent}", post, kind, data, version))
        if name:
            self.happen(self.at, data)

    def happen(self, at: datetime, data: dict[str, Any]) -> None:
        from kefu.core.clocks.facts_json import load
        from kefu.core.clocks.states import Happened

        facts = load(data.get("facts", {}))
        version = self.teller.plan.version
        self.happened.append(
            Happened(len(self.happened), at, data["name"], data.get("state"), facts, version)
        )

    def pass_time(self, until: datetime) -> None:
        """The steps of clocks that were due before the next event, as the sweep would have recorded them."""
        from kefu.core.clocks.replay import due_steps, replay

        if not self.sweeping:
            return
        tried: set[str] = set()
        moment = until - timedelta(microseconds=1)
        while due := [
            one
            for one in due_steps(replay(self.kind, self.happened, self.teller.rules, at=moment), moment)
            if one.name not in tried
        ]:
            step = due[0]
            tried.add(step.name)
            data = {
                "name": step.name,
                "clock": step.clock.clock,
                "run": step.clock.run,
                "step": step.index,
                "delivered": True,
            }
            self.events.append((step.at, "system", "", "clock.step", data, step.clock.version))
            self.happen(step.at, data)

    def owes_steps(self) -> bool:
        from kefu.core.clocks.replay import due_steps, replay

        end = self.teller.plan.end
        self.states = replay(self.kind, self.happened, self.teller.rules, at=end)
        return not self.sweeping and bool(due_steps(self.states, end))

    def store(self, rows: Rows) -> None:
        from kefu.core.clocks import facts_json
        from kefu.core.clocks.actions import columns_of, nearest_due
        from kefu.core.rulebook.model import Ref
        from kefu.core.search.text import fold

        if self.sweeping:
            self.owes_steps()
        plan, states = self.teller.plan, self.states
        work = SimpleNamespace(ref=Ref("case", str(self.pk)), pk=self.pk, department_id=self.department)
        for state in states:
            columns = columns_of(work, state, {})
            columns["unconfirmed"] = json.dumps(columns["unconfirmed"])
            rows.clocks.append(
                ("case", self.pk, state.clock, state.run, *(columns[name] for name in CLOCK_COLUMNS))
            )
            if state.missed_at is not None:
                data = {"clock": state.clock, "run": state.run}
                self.events.append((state.missed_at, "system", "", "clock.missed", data, state.version))
        number, grades = self.number(rows), self.rule.grades
        over = self.at if self.state in self.rule.flow.ends() else None
        rows.cases.append(
            (
                self.pk, number, self.kind, self.department, self.owner, self.agent, self.state,
                json.dumps(facts_json.dump(_typed(self.values)), ensure_ascii=False), False,
                json.dumps(facts_json.dump(self.made)), "", None, self.opened_at, self.at, over, None, "",
                nearest_due(states), plan.version, self.revision, self.subject, "telephone", self.customer,
                f"{grades.name}:{self.values[grades.name]}" if grades and self.values.get(grades.name) else None,
            )
        )  # fmt: skip
        first = (self.pk - 1) * MESSAGES
        for index, (public, body, at) in enumerate(self.said, start=1):
            rows.messages.append((first + index, self.pk, self.agent, None, public, body, at))
        if self.reach is not None:
            rows.reaches.append((self.pk, self.reach, self.at))
        doc = plan.customers + (self.pk - 1) * DOCS + 1
        rows.docs.append((doc, "case", self.pk, 0, fold("\n".join([number, *self.words()]))))
        for index, (_, body, _) in enumerate(self.said, start=1):
            rows.docs.append((doc + index, "case", self.pk, first + index, fold(body)))
        rows.events += (("case", self.pk, self.department, *event) for event in self.events)

    def number(self, rows: Rows) -> str:
        """As the kind's pattern says, counted by the day over all kinds together."""
        plan, place = self.teller.plan, self.pk - 1
        before = -(-(place * DAYS // plan.cases) * plan.cases // DAYS)  # cases of the days before
        prefix = self.rule.number.partition("{seq")[0].replace(
            "{yyyymmdd}", f"{self.opened_at + LOCAL:%Y%m%d}"
        )
        rows.numbers[prefix] = place - before + 1
        return f"{prefix}{place - before + 1:04d}"

    def words(self) -> list[str]:
        """What `cases.findable.words` says after the number."""
        fields = self.rule.form.fields.items()
        texts = [
            self.values[name]
            for name, one in fields
            if one.type == "text" and not one.privacy and name in self.values
        ]
        return [self.subject, *map(str, texts)]


CLOCK_COLUMNS = (
    "department",
    "version",
    "state",
    "started_at",
    "due_at",
    "ended_at",
    "missed_at",
    "next_at",
    "unconfirmed",
)


def _typed(values: dict[str, object]) -> dict[str, object]:
    from kefu.core.rulebook.model import Ref

    return {name: Ref(one[0], str(one[1])) if isinstance(one, tuple) else one for name, one in values.items()}
