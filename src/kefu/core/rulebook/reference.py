"""Prints the rulebook reference from the vocabulary: `python -m kefu.core.rulebook.reference > docs/…`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from kefu.core.rulebook import words
from kefu.core.rulebook.mistakes import ADVICE, MISTAKES

_PLACES = {
    "pack": "The header `pack.yaml`",
    "chapters": "Chapters",
    "post": "A post (`posts`)",
    "calendar": "A calendar (`calendar`)",
    "case": "A case (`cases`)",
    "duty": "A duty (`duties`)",
    "each": "`each` of a duty",
    "stage": "A stage of a `plan`",
    "attempts": "`attempts` of a duty",
    "approval": "An approval (`approvals`)",
    "clock": "A clock (`clocks` of a kind)",
    "step": "A step of a clock",
    "flow": "A flow (`flows`)",
    "state": "A state",
    "move": "A move",
    "need": "A need",
    "form": "A form (`forms`)",
    "layout": "`layout` of a form",
    "field": "A field",
    "grades": "Grades (`grades`)",
    "level": "A level",
    "reaction": "A reaction (`reactions`)",
    "register": "A register (`registers`)",
    "clause": "A clause (`clauses`)",
    "branch": "A branch (where ⑂ stands, a list of branches may stand for the value)",
    "effect": "An effect (`do`, `then`)",
    "count": "A count",
    "example": "An example",
}


def reference() -> str:
    """Return the page as Markdown; a test holds `docs/rulebook/reference.md` equal to it."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Rulebook reference"
    yield ""
    yield "Printed from `kefu.core.rulebook.words` by `python -m kefu.core.rulebook.reference`; do not edit."
    yield ""
    yield "A pack is a folder of YAML files: `pack.yaml` is its header, every other file holds chapters. All"
    yield "values are text until the vocabulary types them: no anchors, aliases, tags or second documents."
    yield ""
    yield "## A pack over its parent"
    yield ""
    yield "A pack `extends` one pack, which extends nothing. Mappings merge key by key; scalars, lists, branches and"
    yield "`examples` are replaced whole. A rule that is overridden restates its `clause`; `{is: none, note: why}`"
    yield "removes one; what the parent lists under `protected` stays. The child's first calendar is the department's."
    yield ""
    yield "`kefu rulebook check | test | diff | coverage | publish` work on the name of a shipped pack or on the path"
    yield "of any folder that holds one. A version is the SHA-256 of everything the merged rulebook says."
    yield ""
    yield "## Keys"
    for place, title in _PLACES.items():
        yield from _table(title, "key", words.KEYS[place])
    yield ""
    yield "## Values"
    yield from _table("Special values", "word", words.SPECIAL)
    yield from _table("Operators of a matcher", "operator", words.OPERATORS)
    yield ""
    yield "A matcher is a mapping of field to operand (all must hold) or a list of such mappings (any). A"
    yield "path is a field, a move (when it was last made), the name of the grades, or an end of a span:"
    yield "`leave.starts`, `leave.ends`."
    yield from _table("Who", "expression", words.WHO)
    yield from _table("Ways to assign", "way", words.WAYS)
    yield from _table("Holiday rules", "word", words.HOLIDAY_RULES)
    yield from _table("Words of `computed`", "word", words.COMPUTED)
    yield ""
    yield "### Duration"
    yield ""
    yield "`n minutes`, `n hours`, `n days`, `n months`, `n working hours`, `n working days`, `at_once`."
    yield ""
    yield "### Instant"
    yield ""
    yield "`[duration before|after] [start of|end of] anchor [at HH:MM]`; an anchor is a move, an instant"
    yield "field, `opened`, `done`, in steps `due`, or a period. `at 24:00` is the end of that day."
    yield ""
    yield "### Recurrence"
    yield ""
    yield "`PERIOD [on WEEKDAY | on day N | on last day | on WEEKDAY on or before day N] [at HH:MM]`: a weekday alone"
    yield "in a week, a day in a month or in the last month of a longer period. Without a day: the end of the period."
    yield "`month on friday` is refused: a month has four or five, and which is meant is not guessed. The first is"
    yield "`month on friday on or before day 7`, the last `month on friday on or before day 31`."
    yield ""
    for title, listed in (
        ("Periods", words.PERIODS),
        ("Scopes", words.SCOPES),
        ("Rights", words.RIGHTS),
        ("Field types", words.FIELD_TYPES),
        ("Keys of `expect`", words.EXPECT),
        ("Fields that all work has", words.WORK_FIELDS),
    ):
        yield f"{title}: {_words(listed)}."
        yield ""
    yield "## What is refused"
    yield from _table("Mistakes", "code", {code: en for code, (_, en) in MISTAKES.items()})
    yield from _table("Advice", "code", {code: en for code, (_, en) in ADVICE.items()})


def _table(title: str, head: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""
    yield f"| {head} | meaning |"
    yield "|---|---|"
    for name, text in rows.items():
        meaning = text.replace("|", "\\|")
        yield f"| `{name}` | {meaning} |"


def _words(listed: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in listed)


if __name__ == "__main__":
    sys.stdout.write(reference())
