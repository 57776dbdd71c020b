"""Phrases: texts to answer with, one's own or of one's department. Typed `/` in the composer, filled from the case.

Sharing with a department is on the ledger, as it concerns others; one's own are one's own affair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.utils import timezone

from kefu.cases.models import Case, Phrase
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.inputs import line
from kefu.core.ledger import record
from kefu.core.rulebook.model import Ref
from kefu.core.search.text import fold
from kefu.staff.models import Department, Person
from kefu.staff.rights import heads

MOST = 200  # of one person
LONGEST = 2000  # characters of one
FITTING = 4  # offered beside a case
COMMON = 0.2  # share of words that two texts have in common, below which it is chance
_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")

# What stands in braces, in either language, and what it becomes. The first name is offered in Chinese.
PLACES: Mapping[tuple[str, str], Callable[[Case, Person], str]] = {
    ("客户", "customer"): lambda case, _: case.customer.name if case.customer else "",
    ("编号", "number"): lambda case, _: case.number,
    ("时限", "due"): lambda case, _: (
        f"{timezone.localtime(case.due_at):%Y-%m-%d %H:%M}" if case.due_at else ""
    ),
    ("本人", "me"): lambda _, person: person.name,
}


def keep_phrase(
    name: str, body: str, *, by: Person, at: datetime, department: Department | None = None
) -> Phrase:
    """Keep a text under a name, for oneself or for a department that one heads.

    Raises Refused phrase.name_taken, phrase.most, phrase.may_not, phrase.body, line.*.
    """
    name, body = line(name, "名称 / name", longest=40), body.replace("\x00", "").strip()
    if not body or len(body) > LONGEST:
        raise Refused(
            "phrase.body",
            zh=f"常用语须有内容，最多 {LONGEST} 字。",
            en=f"A phrase needs a text, at most {LONGEST} characters.",
            longest=LONGEST,
        )
    if department is not None and not heads(by, department.pk, at):
        raise Refused(
            "phrase.may_not",
            zh="只有部门负责人可以为本部门添加常用语。",
            en="Only the head of a department keeps phrases for it.",
        )
    with write():
        own = Phrase.objects.filter(person=by)
        if own.filter(name=name).exists():
            raise Refused(
                "phrase.name_taken",
                zh=f"您已有名为「{name}」的常用语，请换一个名称。",
                en=f"You have a phrase named “{name}” already; choose another name.",
                name=name,
            )
        if own.count() >= MOST:
            raise Refused(
                "phrase.most",
                zh=f"最多保存 {MOST} 条常用语，请先删除不用的。",
                en=f"At most {MOST} phrases are kept; delete one first.",
                most=MOST,
            )
        phrase = Phrase.objects.create(person=by, department=department, name=name, body=body, at=at)
        _note(phrase, "shared", by=by, at=at)
    return phrase


def delete_phrase(phrase: Phrase, *, by: Person, at: datetime) -> None:
    with write():
        _note(phrase, "withdrawn", by=by, at=at)
        phrase.delete()


def phrases_visible_to(person: Person) -> QuerySet[Phrase]:
    """One's own, and those of one's department."""
    mine = Q(person=person) | Q(department=person.department_id)
    return Phrase.objects.filter(mine).select_related("person", "department")


def own_phrase(person: Person, pk: int) -> Phrase:
    """One's own, to be deleted. Raises Refused phrase.unknown for every other."""
    phrase = Phrase.objects.select_related("department").filter(person=person, pk=pk).first()
    if phrase is None:
        raise Refused("phrase.unknown", zh="没有这条常用语。", en="There is no such phrase.")
    return phrase


def matching(person: Person, typed: str, limit: int = 8) -> list[Phrase]:
    """Those whose name begins with what was typed, then those that hold it anywhere. One query."""
    wanted = fold(typed).strip()
    ranked = [(_rank(phrase, wanted), phrase) for phrase in phrases_visible_to(person)]
    return [phrase for rank, phrase in sorted(ranked, key=lambda one: one[0]) if rank < 3][:limit]


def fitting(case: Case, person: Person, limit: int = FITTING) -> list[Phrase]:
    """Those that fit the case, the best first: by its kind, its grade and the words of its subject. One query."""
    titles, words = _titles(case), _words(case.subject)
    ranked = [(_fit(phrase, titles, words), phrase) for phrase in phrases_visible_to(person)]
    return [phrase for fit, phrase in sorted(ranked, key=lambda one: -one[0]) if fit][:limit]


def filled(phrase: Phrase, case: Case, person: Person) -> str:
    """The text with what stands in braces taken from the case; what the case lacks stays to be filled in by hand."""
    text = phrase.body
    for names, say in PLACES.items():
        for name in names:
            if f"{{{name}}}" in text and (said := say(case, person)):
                text = text.replace(f"{{{name}}}", said)
    return text


def _titles(case: Case) -> list[tuple[float, Sequence[str]]]:
    """What it counts that a phrase is named after the case's kind, and after the grade if it has one: (weight, the
    title in both languages)."""
    grades = case.rule.grades
    level = grades.levels.get(str(case.fields.get(grades.name, ""))) if grades else None
    weighed = [(1.0, case.rule.title), *([(2.0, level.title)] if level else [])]
    return [(weight, (fold(title.zh), fold(title.en))) for weight, title in weighed]


def _fit(phrase: Phrase, titles: Sequence[tuple[float, Sequence[str]]], words: frozenset[str]) -> float:
    """The weight of each title in its name, half of it for one in its text alone, and four times the share of the
    words that it has in common with the subject: what says the trouble itself goes first."""
    name, text = fold(phrase.name), fold(phrase.body)
    fit = 0.0
    for weight, title in titles:
        if any(one in name for one in title):
            fit += weight
        elif any(one in text for one in title):
            fit += weight / 2
    named, all_ = _words(phrase.name), _words(f"{phrase.name}\n{phrase.body}")
    shared = max(_share(named & words, named), _share(all_ & words, words))
    return fit + (4 * shared if shared >= COMMON else 0)


def _words(text: str) -> frozenset[str]:
    """Latin words of three letters and more, and pairs of neighbouring characters of what is written without blanks."""
    runs = _RUN.findall(fold(text))
    latin = [run for run in runs if run.isascii() and len(run) > 2]
    return frozenset(latin + [one + two for run in runs if not run.isascii() for one, two in pairwise(run)])


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _rank(phrase: Phrase, wanted: str) -> int:
    name = fold(phrase.name)
    return 0 if name.startswith(wanted) else 1 if wanted in name else 2 if wanted in fold(phrase.body) else 3


def _note(phrase: Phrase, verb: str, *, by: Person, at: datetime) -> None:
    if phrase.department_id is not None:
        record(
            f"phrase.{verb}",
            Ref("phrase", str(phrase.pk)),
            by=by,
            at=at,
            department=phrase.department_id,
            data={"department": phrase.department_id},
        )
