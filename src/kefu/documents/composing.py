"""A piece of work, or an empty form, as a sheet of paper: laid out as the rulebook says, with what is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kefu.core.files.models import StoredFile
from kefu.core.rulebook.model import Field, Kind, Ref, Rulebook, Text
from kefu.core.rulebook.wording import Wording
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import filling
from kefu.documents.models import Signature
from kefu.documents.papers import Cell, Column, Paper, Ruled, Signed, Table
from kefu.staff.models import Department
from kefu.staff.queries import organisation

WRITING = 1.8  # cm: three lines by hand
LEAST = 1.0  # cm: a text that was filled in by machine
EMPTY_LINES = 6  # of a table to be filled in by hand
MOST_PICTURES = 8  # on one paper; what is more is named
SHARES = {"text": 3.0, "record": 1.5, "choice": 1.3, "instant": 1.7, "day": 1.2, "span": 3.0}
DATE = Text("　　　　年　　月　　日", "Date:")
PAGE = Text("第 {n} 页 共 {m} 页", "Page {n} of {m}")
NUMBER, DAY, PRINTED, NO = (
    Text("编号", "No."),
    Text("日期", "Date"),
    Text("打印", "Printed"),
    Text("序号", "No."),
)
SUM, COPY = Text("合计", "Total"), Text("第 {k} 联（共 {m} 联）· {who}", "Copy {k} of {m} · {who}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a piece of work is printed, where it is not its whole form: the fields by name, cells that come before
    them, and who signs by hand at the foot. tall: fields with room to write."""

    title: str
    names: Sequence[str]
    head: Sequence[Ruled] = ()
    signatures: Sequence[str] = ()
    tall: Sequence[str] = ()


def papers_of(
    works: Sequence[Work], *, lang: str, at: datetime, chosen: Chosen | None = None, copies: bool = False
) -> list[Paper]:
    """The works as papers, in their order. copies: each as often as its rule says, told apart at the foot. At most
    seven queries, however many works."""
    read = _Read(works)
    return [_Filled(work, read, lang, chosen).paper(at, copies=copies) for work in works]


def empty_paper(rulebook: Rulebook, kind: Kind, department: Department, lang: str) -> Paper:
    """The form of a kind to be filled in by hand."""
    fields = fields_of(kind)
    form = _Empty(rulebook, kind, lang)
    return Paper(
        title=kind.form.title.text(lang),
        organisation=_organisation(department),
        number=f"{NUMBER.text(lang)} ____________",
        blocks=_blocks(kind, list(fields), form.cell, form.table),
        signatures=[
            Signed(one.title.text(lang), said=DATE.text(lang))
            for one in fields.values()
            if one.type == "signature"
        ],
        subtitle=f"{DAY.text(lang)} ____________",
        page=PAGE.text(lang),
        lang=lang[:2],
        landscape=kind.form.layout.page == "landscape",
    )


class _Read:
    """What the works name: people, departments, files, and who signed. Read once for all of them."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.values = {work.ref: work.values for work in works}
        self.places: dict[int, str] = {}
        self.names = filling.names_of(value for values in self.values.values() for value in values.values())
        ids = [ref.id for ref in self.names if ref.kind == "file"]
        self.pictures = (
            {
                Ref("file", file.pk): file.path
                for file in StoredFile.objects.filter(pk__in=ids)
                if file.is_picture
            }
            if ids
            else {}
        )
        self.signatures: dict[tuple[Ref, str], Signature] = {}
        for noun in {work.noun for work in works}:
            of = [work.pk for work in works if work.noun == noun]
            rows = (
                Signature.objects.filter(work_kind=noun, work_id__in=of)
                .select_related("picture")
                .order_by("pk")
            )
            self.signatures |= {(Ref(noun, str(one.work_id)), one.field): one for one in rows}

    def organisation(self, department: int) -> str:
        if department not in self.places:
            self.places |= {
                pk: _organisation(one) for pk, one in Department.objects.in_bulk([department]).items()
            }
        return self.places[department]


@dataclass(frozen=True)
class _Filled:
    """One piece of work in words."""

    work: Work
    read: _Read
    lang: str
    chosen: Chosen | None

    def paper(self, at: datetime, *, copies: bool) -> Paper:
        work, rule, lang = self.work, self.work.rule, self.lang
        calendar, chosen = work.rulebook.calendar, self.chosen
        names = list(chosen.names if chosen else fields_of(rule))
        blocks = _blocks(rule, names, self.cell, self.table)
        if chosen and chosen.head:
            blocks.insert(0, list(chosen.head))
        by_hand = [Signed(title, said=DATE.text(lang)) for title in (chosen.signatures if chosen else ())]
        return Paper(
            title=chosen.title if chosen else rule.form.title.text(lang),
            organisation=self.read.organisation(work.department_id),
            number=f"{NUMBER.text(lang)} {work.number}",
            blocks=_joined(blocks),
            signatures=[*self.signed(names), *by_hand],
            subtitle=f"{DAY.text(lang)} {calendar.local(work.opened_at):%Y-%m-%d}",
            foot=f"{PRINTED.text(lang)} {calendar.local(at):%Y-%m-%d %H:%M}",
            page=PAGE.text(lang),
            lang=lang[:2],
            landscape=rule.form.layout.page == "landscape",
            copies=_copies(work.rulebook, rule, lang) if copies else ("",),
        )

    @property
    def values(self) -> Mapping[str, object]:
        return self.read.values[self.work.ref]

    def words(self, field: Field, value: object) -> str:
        if value is None:
            return ""
        zone = self.work.rulebook.calendar.zone
        return filling.in_words(field, value, lang=self.lang, zone=zone, names=self.read.names)

    def cell(self, field: Field) -> Cell:
        value = self.values.get(field.name)
        several = value if isinstance(value, list) else [value]
        shown = [one for one in several if isinstance(one, Ref) and one in self.read.pictures][:MOST_PICTURES]
        if shown:
            value = [one for one in several if one not in shown]
        tall = self.chosen is not None and field.name in self.chosen.tall
        height = WRITING if tall else LEAST if field.type == "text" and not field.privacy else 0
        pictures = tuple(self.read.pictures[one] for one in shown)
        return Cell(field.title.text(self.lang), self.words(field, value), height, pictures)

    def table(self, field: Field) -> Table:
        value = self.values.get(field.name)
        rows = value if isinstance(value, list) else []
        columns = _columns(field)
        said = [
            [str(n), *(self.words(column, row.get(column.name)) for column in columns)]
            for n, row in enumerate(rows, start=1)
        ]
        return Table(
            _headings(columns, self.lang),
            said or _no_lines(columns, 1),
            self.sums(field, columns, rows),
            field.title.text(self.lang),
        )

    def sums(self, field: Field, columns: Sequence[Field], rows: Sequence[Mapping[str, object]]) -> list[str]:
        """Under the columns that the form adds up: the sum by which it was computed."""
        totals = {
            path.partition(".")[2]: one
            for one in fields_of(self.work.rule).values()
            if one.computed is not None and one.computed.how == "sum" and len(one.computed.of) == 1
            for path in one.computed.of
            if path.startswith(f"{field.name}.")
        }
        if not totals or not rows:
            return []
        found = [totals.get(column.name) for column in columns]
        return [
            SUM.text(self.lang),
            *(self.words(one, self.values.get(one.name)) if one else "" for one in found),
        ]

    def signed(self, names: Iterable[str]) -> list[Signed]:
        fields, calendar = fields_of(self.work.rule), self.work.rulebook.calendar
        found = []
        for field in (fields[name] for name in names if fields[name].type == "signature"):
            name = self.values.get(field.name)
            row = self.read.signatures.get((self.work.ref, field.name)) if name else None
            said = f"{calendar.local(row.at):%Y-%m-%d %H:%M}" if row else "" if name else DATE.text(self.lang)
            post = self.work.rulebook.posts.get(row.post) if row else None
            picture = row.picture.path if row and row.picture else None
            if row and picture:
                said = " · ".join([row.name, *([post.title.text(self.lang)] if post else []), said])
            elif post:
                said = f"{post.title.text(self.lang)} · {said}"
            found.append(Signed(field.title.text(self.lang), str(name or ""), said, picture))
        return found


@dataclass(frozen=True)
class _Empty:
    """A form with nothing in it: boxes to tick, room to write."""

    rulebook: Rulebook
    kind: Kind
    lang: str

    def cell(self, field: Field) -> Cell:
        value = ""
        if field.type == "choice":
            value = "　".join(f"□ {option.text(self.lang)}" for option in field.options.values())
        elif field.type == "number" and field.unit:
            value = f"　　　　{field.unit}"
        elif field.type in ("day", "instant"):
            value = DATE.text("zh") if self.lang.startswith("zh") else ""
        return Cell(
            field.title.text(self.lang), value, WRITING if field.type == "text" and not field.privacy else 0
        )

    def table(self, field: Field) -> Table:
        columns = _columns(field)
        return Table(
            _headings(columns, self.lang), _no_lines(columns, EMPTY_LINES), (), field.title.text(self.lang)
        )


def is_long(field: Field) -> bool:
    """Whether it takes the width of the page where the rulebook does not say."""
    if field.type == "choice":
        return field.many or sum(len(option.zh) + 3 for option in field.options.values()) > 24
    return field.type in ("file", "rows", "span") or (field.type == "text" and not field.privacy)


def rows_of(kind: Kind, names: Sequence[str]) -> list[tuple[str, ...]]:
    """The fields `names` as they stand on the paper, one or two to a row: as the layout says, then the others."""
    fields, left = fields_of(kind), dict.fromkeys(names)
    found: list[tuple[str, ...]] = []
    for row in kind.form.layout.rows:
        here = [name for name in row if name in left]
        for name in here:
            del left[name]
        found += [tuple(here[start : start + 2]) for start in range(0, len(here), 2)]
    pair: tuple[str, ...] = ()
    for name in left:
        if is_long(fields[name]):
            found += [pair] * bool(pair) + [(name,)]
            pair = ()
        elif pair:
            found.append((*pair, name))
            pair = ()
        else:
            pair = (name,)
    return found + [pair] * bool(pair)


def _blocks(
    kind: Kind, names: Sequence[str], cell: Callable[[Field], Cell], table: Callable[[Field], Table]
) -> list[Sequence[Ruled] | Table]:
    """Cells and tables in the order of the paper; who signs stands at its foot."""
    fields = fields_of(kind)
    found: list[Sequence[Ruled] | Table] = []
    for row in rows_of(kind, [name for name in names if fields[name].type != "signature"]):
        cells = [cell(fields[name]) for name in row if fields[name].type != "rows"]
        if cells:
            found.append([cells])
        found += [table(fields[name]) for name in row if fields[name].type == "rows"]
    return _joined(found)


def _joined(blocks: Sequence[Sequence[Ruled] | Table]) -> list[Sequence[Ruled] | Table]:
    """Rows of cells that follow one another as one block."""
    found: list[Sequence[Ruled] | Table] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Table) or last is None or isinstance(last, Table):
            found.append(block)
        else:
            found[-1] = [*last, *block]
    return found


def _columns(field: Field) -> list[Field]:
    return [column for column in field.fields.values() if column.type not in ("rows", "file")]


def _headings(columns: Sequence[Field], lang: str) -> list[Column]:
    def heading(column: Field) -> Column:
        unit = f"（{column.unit}）" if column.unit else ""
        return Column(column.title.text(lang) + unit, SHARES.get(column.type, 1.0), column.type == "number")

    return [Column(NO.text(lang), 0.6), *(heading(column) for column in columns)]


def _no_lines(columns: Sequence[Field], count: int) -> list[list[str]]:
    return [[""] * (len(columns) + 1) for _ in range(count)]


def _copies(rulebook: Rulebook, kind: Kind, lang: str) -> list[str]:
    """What each copy says of itself; one without a word where the rulebook asks for none."""
    wording = Wording(rulebook, kind, lang)
    whose = [wording.who(who) for who, number in kind.copies for _ in range(number)]
    return [COPY.text(lang).format(k=k, m=len(whose), who=who) for k, who in enumerate(whose, start=1)] or [
        ""
    ]


def _organisation(department: Department) -> str:
    found = organisation()
    return f"{found.name if found else ''} {department.name}".strip()
