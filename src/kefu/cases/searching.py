"""Finding cases: by number, by any words of what was written, narrowed by `状态:处理中 等级:重大 >2026-09-01`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kefu.cases.findable import texts
from kefu.cases.lists import grades_of, kinds_in_force
from kefu.cases.models import Case, Message
from kefu.cases.queries import cases_within, few_visible
from kefu.core.db import among, columns, follow, select
from kefu.core.errors import Refused
from kefu.core.inputs import searchable
from kefu.core.rulebook.model import Kind, Text
from kefu.core.search.queries import FEW, Place, find
from kefu.core.search.text import marked, pieces, snippet
from kefu.core.worktime import day_end, day_start
from kefu.staff.models import Person
from kefu.staff.rights import Scope, rulebook_of, scope

PAGE = 20
SHOWN = ("number", "subject", "kind", "state", "version", "opened_at")  # of a case that is found
LONGEST = 200  # characters of a question
Parts = list[tuple[str, bool]]

# What may stand before the colon, in both languages.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "state": ("状态", "state"),
    "grade": ("等级", "grade"),
    "kind": ("类型", "类别", "kind"),
    "owner": ("处理人", "负责人", "owner"),
}
ME = ("我", "me")
_DAY = re.compile(r"([<>])=?(\d{4}-\d{1,2}-\d{1,2})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart: words to be found, and what the case must be like besides. narrow: those of the filters
    that an index answers."""

    words: str
    filters: list[Q] = field(default_factory=list)
    narrow: list[Q] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case with what was found in it: parts of the subject, and of the text where it was found if that is
    another, each with whether it was asked for."""

    case: Case
    subject: Parts
    said: Parts

    @property
    def state(self) -> Text:
        return self.case.flow.states[self.case.state].title


@dataclass(frozen=True, slots=True)
class FoundCases:
    """exact: the cases with the number asked for. after: what to go on from, None at the end. latest_first: so many
    texts hold the words that nothing was weighed."""

    exact: list[Case]
    cases: list[FoundCase]
    after: Place | None
    words: str
    latest_first: bool = False


def search_cases(
    person: Person,
    question: str,
    *,
    at: datetime,
    after: Place | None = None,
    limit: int = PAGE,
    seen: Scope | None = None,
    whole: bool = False,
) -> FoundCases:
    """Cases that the person may see: those with the number asked for, then what fits best (`core.search.ranking`); what
    many texts hold, and what is only filtered, the latest first.

    seen: the scope of the person, where it was asked for already. whole: read more of a case than a line of the page
    shows. Raises Refused search.filter for one that means nothing.
    """
    asked = read(searchable(question)[:LONGEST], person, at)
    seen = seen or scope(person, at)
    within = cases_within(seen, person).filter(*asked.filters)
    words = asked.words.strip()
    if not words and not asked.filters:
        return FoundCases([], [], None, "")
    exact: list[Case] = []
    if after is None and any(letter.isdigit() for letter in words):
        exact = list(_read(within.filter(number__in={words, words.upper()}), whole))
    if not words:
        before = within.filter(pk__lt=after.doc) if after else within
        rows = list(_read(before, whole).order_by("-pk")[: limit + 1])
        listed = [FoundCase(case, [(case.subject, False)], []) for case in rows[:limit]]
        return FoundCases([], listed, Place(rows[limit - 1].pk) if len(rows) > limit else None, "")
    few = few_visible(seen, person)
    if few is None and asked.narrow:
        few = _few_left(asked.narrow)
    found = find(words, Case.noun, within, heading="subject", few=few, after=after, limit=limit)
    ids = [hit.record for hit in found.hits]
    rows = select(Case, among("id", ids), ids)
    follow(rows, "customer")
    cases = {case.pk: case for case in rows}
    parts = [hit.part for hit in found.hits if hit.part]
    said = dict(columns(Message, ("id", "body"), among("id", parts), parts))
    wanted = pieces(words)
    shown = [
        _found(cases[hit.record], said.get(hit.part, ""), wanted) for hit in found.hits if hit.record in cases
    ]
    return FoundCases(exact, shown, found.more, words, found.latest_first)


def place_of(text: str) -> Place | None:
    """Where the page before ended, None for the first. Raises Refused list.place."""
    try:
        return Place.read(text) if text else None
    except ValueError:
        raise Refused(
            "list.place",
            zh=f"地址中的「{text[:40]}」不是上一页结束的位置。",
            en=f"“{text[:40]}” in the address is not where a page ended.",
            given=text[:40],
        ) from None


def read(question: str, person: Person, at: datetime) -> Asked:
    """Take the filters out of a question. Raises Refused search.filter."""
    words: list[str] = []
    filters: list[Q] = []
    narrow: list[Q] = []
    kinds: dict[str, Kind] = {}
    for word in question.split():
        plain = unicodedata.normalize("NFKC", word)
        name, colon, value = plain.partition(":")
        named = next((key for key, names in FILTERS.items() if name.lower() in names), "") if colon else ""
        if day := _DAY.fullmatch(plain):
            narrow.append(_opened(day.group(1), day.group(2), person, at))
        elif named:
            kinds = kinds or kinds_in_force(at)
            kept = narrow if named in ("owner", "grade") else filters
            kept.append(_filter(named, value, word, kinds, person))
        else:
            words.append(word)
    return Asked(" ".join(words), [*filters, *narrow], narrow)


def _few_left(narrow: Sequence[Q]) -> list[int] | None:
    """The ids of the cases that these filters leave, if they are few: a common word would have to be followed from
    text to text for them."""
    ids = list(Case.objects.filter(*narrow).order_by().values_list("pk", flat=True)[: FEW + 1])
    return ids if len(ids) <= FEW else None


def _read(cases: QuerySet[Case], whole: bool) -> QuerySet[Case]:
    cases = cases.select_related("customer")
    return cases if whole else cases.only(*SHOWN, "fields", "customer__name")


def _found(case: Case, said: str, wanted: Sequence[str]) -> FoundCase:
    subject = marked(case.subject, wanted)
    if not said and not any(hit for _, hit in subject):  # then it stands in the form
        said = next((text for text in texts(case) if any(hit for _, hit in marked(text, wanted))), "")
    return FoundCase(case, subject, snippet(said, wanted) if said else [])


def _filter(name: str, value: str, word: str, kinds: Mapping[str, Kind], person: Person) -> Q:
    if name == "owner":
        if value.lower() in ME:
            return Q(owner=person)
        people = Person.objects.filter(name=value).values_list("pk", flat=True)
        return Q(owner__in=list(people))
    titles = _titles(name, kinds)
    found = [code for code, title in titles if value and value.lower() in _begun(code, title)]
    if not found:
        allowed = dict.fromkeys(title for _, title in titles)
        zh, en = "、".join(one.zh for one in allowed), ", ".join(one.en for one in allowed)
        raise Refused(
            "search.filter",
            zh=f"「{word[:40]}」没有对应的{FILTERS[name][0]}；可用：{zh}。",
            en=f"“{word[:40]}” is no {name}; there are: {en}.",
            given=word[:40],
        )
    return Q(**{f"{name}__in": found})


def _titles(name: str, kinds: Mapping[str, Kind]) -> list[tuple[str, Text]]:
    if name == "kind":
        return [(code, kind.title) for code, kind in kinds.items()]
    if name == "grade":
        return list(grades_of(kinds).items())
    return [(code, state.title) for kind in kinds.values() for code, state in kind.flow.states.items()]


def _begun(code: str, title: Text) -> set[str]:
    """What a value may be: the code, or the beginning of its title in either language."""
    starts = {text[:end].lower() for text in (title.zh, title.en) for end in range(1, len(text) + 1)}
    return {code, code.rpartition(":")[2], *starts}


def _opened(sign: str, day: str, person: Person, at: datetime) -> Q:
    """>2026-09-01: opened on that day or later; <2026-09-01: on that day or earlier."""
    try:
        wanted = date(*map(int, day.split("-")))
    except ValueError:
        raise Refused(
            "search.filter",
            zh=f"没有「{day}」这一天；请按 2026-09-01 的样子填写。",
            en=f"There is no day {day}; write it like 2026-09-01.",
            given=day,
        ) from None
    calendar = rulebook_of(person.department, at).calendar
    if sign == ">":
        return Q(opened_at__gte=day_start(calendar, wanted))
    return Q(opened_at__lt=day_end(calendar, wanted))
