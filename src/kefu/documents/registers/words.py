"""A register in words: its headings, and what stands in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kefu.core.rulebook.model import Field, Ref, Rulebook, Text
from kefu.core.rulebook.wording import Wording
from kefu.core.work.fields import fields_of
from kefu.documents import filling
from kefu.documents.registers.finding import Listed
from kefu.documents.registers.reading import Group
from kefu.documents.registers.sources import PERSON, Line

COUNT, SHARE, EMPTY = Text("数量", "Number"), Text("占比", "Share"), Text("（未填）", "(empty)")
SUM = Text("合计", "Sum of")


@dataclass(frozen=True)
class Words:
    """One register in one language. full: numbers of people as they are, for whom an approval allows it."""

    listed: Listed
    lang: str
    full: bool = False

    @property
    def rulebook(self) -> Rulebook:
        return self.listed.rulebook

    def heading(self, name: str) -> str:
        """The title of a column, by the first of the register's kinds that has it."""
        register = self.listed.register
        for kind in register.of:
            rule = self.rulebook.kinds.get(kind)
            if rule is None:
                return PERSON[name].text(self.lang) if name in PERSON else name
            known = fields_of(rule)
            if name in known or name in rule.flow.moves:
                return Wording(self.rulebook, rule, self.lang).field(name)
        first = self.rulebook.kinds[register.of[0]]
        return Wording(self.rulebook, first, self.lang).field(name)

    def headings(self, names: Sequence[str]) -> list[str]:
        return [self.heading(name) for name in names]

    def cells(self, lines: Sequence[Line], columns: Sequence[str]) -> list[list[str]]:
        """What stands in each line, "" where nothing does. A query for each kind of record that is named."""
        names = filling.names_of(line.facts.get(name) for line in lines for name in columns)
        return [[self.cell(line, name, names) for name in columns] for line in lines]

    def cell(self, line: Line, name: str, names: Mapping[Ref, str]) -> str:
        value = line.facts.get(name)
        if value is None or value == []:
            return ""
        rule = line.rulebook.kinds[line.kind] if line.rulebook and line.kind else None
        if rule is not None and name == "state":
            return (
                rule.flow.states[str(value)].title.text(self.lang) if str(value) in rule.flow.states else ""
            )
        if rule is not None and name == "kind":
            return rule.title.text(self.lang)
        if name == "post" and rule is None:
            posts = value if isinstance(value, list) else [value]
            return "、".join(self._post(str(one)) for one in posts)
        return self.value(line.fields.get(name), value, names)

    def value(self, field: Field | None, value: object, names: Mapping[Ref, str]) -> str:
        zone = self.rulebook.calendar.zone
        if self.full and field is not None:
            field = replace(field, privacy="")
        return filling.in_words(field, value, lang=self.lang, zone=zone, names=names)

    def _post(self, name: str) -> str:
        post = self.rulebook.posts.get(name)
        return post.title.text(self.lang) if post else name

    def groups(self, groups: Sequence[Group]) -> list[list[str]]:
        """The table of counts: what the groups have in common, number, share, sums; one query for the names."""
        register = self.listed.register
        names = filling.names_of(value for one in groups for value in one.values)
        return [
            [
                *self._of_group(one, names),
                str(one.count),
                f"{one.share}%",
                *(number_said(one.sums.get(name)) for name in register.sum),
            ]
            for one in groups
        ]

    def group_headings(self) -> list[str]:
        register = self.listed.register
        sums = [f"{SUM.text(self.lang)} {self.heading(name)}" for name in register.sum]
        return [*self.headings(register.group), COUNT.text(self.lang), SHARE.text(self.lang), *sums]

    def _of_group(self, group: Group, names: Mapping[Ref, str]) -> list[str]:
        register, one = self.listed.register, group.one
        facts = dict(zip(register.group, group.values, strict=True))
        return [
            self.cell(replace(one, facts=facts), name, names) or EMPTY.text(self.lang)
            for name in register.group
        ]


def number_said(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def is_personal(listed: Listed, name: str) -> bool:
    """Whether any of the register's kinds marks the column as personal: it leaves in a spreadsheet masked."""
    kinds = [listed.rulebook.kinds[one] for one in listed.register.of if one in listed.rulebook.kinds]
    fields = [fields_of(kind).get(name) for kind in kinds]
    return any(field is not None and (field.privacy or field.of == "customer") for field in fields)
