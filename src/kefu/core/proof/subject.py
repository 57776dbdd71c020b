"""The subject of an example: its `given` values typed by the fields they fill, and its `records` counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from kefu.core.errors import Refused
from kefu.core.proof.cast import Cast
from kefu.core.rulebook.expressions import Count, Matcher, Special, Test
from kefu.core.rulebook.fields import Askable, askable
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Example, Facts, Kind, Ref, Rulebook
from kefu.core.rulebook.scalars import local
from kefu.core.rulebook.who import CUSTOMER
from kefu.core.worktime import Calendar

_CHAPTER_RECORDS = {"cases": "case", "duties": "duty", "approvals": "approval", "forms": "document"}
ABOUT = ("by", "away")  # said of the people of the example, not of its subject


@dataclass(frozen=True)
class Subject:
    """What an example is about. `given`: names said; `facts`: those typed, with an owner if none is given."""

    example: Example
    rulebook: Rulebook
    kinds: tuple[Kind, ...]
    facts: Mapping[str, object] = field(init=False)

    def __post_init__(self) -> None:
        fields: dict[str, Askable] = {}
        for kind in self.kinds:
            fields = dict(askable(kind)) | fields
        given = {
            name: typed(value, fields.get(name.partition(".")[0]), self.calendar, name)
            for name, value in self.example.given.items()
            if name not in ABOUT
        }
        owner = {"owner": Ref("person", "owner")} if "owner" not in given else {}
        by = {"by": Ref("person", self.by)} if self.by else {}
        asks = any(kind.chapter == "approvals" for kind in self.kinds) and "author" not in given
        author = {"author": Ref("person", self.by or "author")} if asks else {}
        object.__setattr__(self, "facts", owner | by | author | given)

    @property
    def calendar(self) -> Calendar:
        return self.rulebook.calendar

    @property
    def by(self) -> str | None:
        """The person who makes the move: the holder of this post."""
        value = self.example.given.get("by")
        return str(value) if value is not None else None

    @property
    def people(self) -> Cast:
        """One person per post; whoever acts is a member of staff even without a post, if not the customer."""
        others = {self.by} - {None, CUSTOMER, *self.rulebook.posts}
        staff = tuple(one for one in others if one is not None)
        return Cast(self.rulebook.posts, self.away, staff)

    @property
    def away(self) -> frozenset[str]:
        value = self.example.given.get("away", [])
        return frozenset(
            [value] if isinstance(value, str) else map(str, value if isinstance(value, list) else [])
        )

    def gives(self, names: Iterable[str]) -> bool:
        """Whether any of these fields is given, were it as `none`."""
        return not self.example.given.keys().isdisjoint(names)

    def moment(self, text: str) -> datetime:
        """A local time as written, `24:00` allowed, as an aware UTC instant."""
        return moment(text, self.calendar)

    def count(self, count: Count, facts: Facts) -> int:
        """How many of the records match: a field that a record leaves out matches, no record means none.

        Equal records are as many distinct ones unless they give the field that has to differ.
        """
        found = 0
        for record in self.example.records:
            if not self._is_of(str(record["of"]), count.of):
                continue
            kind = self.rulebook.kinds.get(str(record["of"]))
            fields = dict(askable(kind)) if kind else {}
            values = {
                name: typed(value, fields.get(name), self.calendar, name)
                for name, value in record.items()
                if name not in ("of", "n")
            }
            where = _said(count.where, values)
            if (
                where is not None
                and not holds(where, values, calendar=self.calendar, records=self.count, outer=facts).ok
            ):
                continue
            differs = not any(name in values for name in count.same)
            found += int(str(record.get("n", 1))) if differs else 1
        return found

    def _is_of(self, record: str, counted: str) -> bool:
        """A record counts as its kind and as any work of its chapter."""
        kind = self.rulebook.kinds.get(record)
        return counted == record or (kind is not None and counted == _CHAPTER_RECORDS[kind.chapter])


def moment(text: str, calendar: Calendar) -> datetime:
    """A local time as written in an example, as an aware UTC instant."""
    return calendar.wall_at(local(text))


def _said(where: Matcher | None, values: Mapping[str, object]) -> Matcher | None:
    """`where` without the tests on fields that the record leaves out."""
    if where is None:
        return None
    return Matcher(
        tuple(
            tuple(test for test in tests if test.path.partition(".")[0] in values) for tests in where.any_of
        )
    )


def typed(value: object, fact: Askable | None, calendar: Calendar, name: str) -> object:
    """A written value as a fact of its field's type; a field no kind declares stays text.

    Raises Refused `example.value` for a value its field cannot hold.
    """
    if value == Special.NONE:
        return None
    if isinstance(value, list):
        return [typed(item, fact, calendar, name) for item in value]
    if isinstance(value, Mapping):
        inner = Askable("instant") if fact and fact.type == "span" else None
        span = {key: typed(item, inner, calendar, f"{name}.{key}") for key, item in value.items()}
        return (span.get("starts"), span.get("ends")) if inner else span
    text = str(value)
    try:
        match fact.type if fact else "text":
            case "number":
                return Decimal(text)
            case "instant":
                return moment(text, calendar)
            case "day":
                return date.fromisoformat(text)
            case "record":
                return Ref((fact.of if fact else "") or "person", text)
            case "choice":
                allowed = fact.options if fact else ()
                if allowed and text not in allowed:
                    raise _wrong(name, text, ", ".join(allowed))
    except (ValueError, ArithmeticError) as error:
        raise _wrong(name, text, fact.type if fact else "text") from error
    return text


def _wrong(name: str, value: str, allowed: str) -> Refused:
    return Refused(
        "example.value",
        zh=f"例子里的 {name} 不能是“{value}”；应为：{allowed}。",
        en=f"an example gives {name} as “{value}”, which the field cannot hold; it takes: {allowed}",
        name=name,
        value=value,
    )


def names_in(matcher: Matcher | None) -> set[str]:
    """The fields a matcher asks about, by first step; "count" where it counts."""
    return {name for tests in matcher.any_of for test in tests for name in _names(test)} if matcher else set()


def _names(test: Test) -> Iterable[str]:
    yield test.path.partition(".")[0]
    if isinstance(test.operand, Test):
        yield from _names(test.operand)
