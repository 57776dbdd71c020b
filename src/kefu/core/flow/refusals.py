"""Why a move cannot be made, in both languages: what is wrong, by which clause, who could, what to do.

Every refusal carries the facts pages and programs need: the move, the clauses, and what its code is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Test, Who
from kefu.core.rulebook.model import Flow, Kind, Move, Need, Rulebook, Text
from kefu.core.rulebook.wording import Wording


class Words(NamedTuple):
    """Names of posts, fields and conditions in both languages: those of one kind of work in one rulebook."""

    zh: Wording
    en: Wording

    @classmethod
    def of(cls, rulebook: Rulebook, kind: Kind) -> Words:
        return cls(Wording(rulebook, kind, "zh"), Wording(rulebook, kind, "en"))

    def who(self, who: Who) -> Text:
        return Text(self.zh.who(who), self.en.who(who))

    def field(self, path: str) -> Text:
        return Text(self.zh.field(path), self.en.field(path))

    def asks(self, test: Test) -> Text:
        return Text(self.zh.test(test), self.en.test(test))

    def cited(self, clauses: tuple[str, ...]) -> Text:
        """The clauses in brackets behind a sentence; nothing where none is cited."""
        zh, en = self.zh.clauses(clauses), self.en.clauses(clauses)
        return Text(f"（{zh}）", f" ({en})") if zh else Text("", "")


def unknown_move(flow: Flow, name: str) -> Refused:
    """flow.unknown_move: facts move, moves (all that there are)."""
    titles = [move.title for move in flow.moves.values()]
    return Refused(
        "flow.unknown_move",
        zh=f"流程没有“{name}”这个动作；有：{_zh(titles)}。",
        en=f"the flow has no move “{name}”; it has: {_en(titles)}",
        move=name,
        moves=tuple(flow.moves),
    )


def state(flow: Flow, move: Move, now: str, words: Words) -> Refused:
    """flow.state: facts state (as it is), states (in which the move can be made)."""
    known = flow.states.get(now)
    is_now = known.title if known else Text(now, now)
    wanted = [flow.states[name].title for name in move.from_ if name in flow.states]
    return Refused(
        "flow.state",
        zh=f"现在是“{is_now.zh}”，不能“{move.title.zh}”；要在“{_zh(wanted)}”时才能办理{words.cited(move.clauses).zh}。",
        en=f"it is “{is_now.en}” now, so “{move.title.en}” is not possible; that needs “{_en(wanted)}”"
        + words.cited(move.clauses).en,
        move=move.name,
        clauses=move.clauses,
        state=now,
        states=move.from_,
    )


def post(move: Move, whos: tuple[Who, ...], people: tuple[str, ...], words: Words) -> Refused:
    """flow.post: facts who (who-expressions in words), could (ids of those who can make the move now)."""
    named = tuple(words.who(who) for who in whos)
    zh = f"由{_or(named).zh}办理" if named else "只由制度自动办理"
    en = f"is for {_or(named).en}" if named else "is made by the rulebook itself"
    return Refused(
        "flow.post",
        zh=f"“{move.title.zh}”{zh}{words.cited(move.clauses).zh}。",
        en=f"“{move.title.en}” {en}{words.cited(move.clauses).en}",
        move=move.name,
        clauses=move.clauses,
        who=named,
        could=people,
    )


def fill(move: Move, fields: tuple[str, ...], words: Words) -> Refused:
    """flow.fill: facts fields (those still empty)."""
    titles = [words.field(field) for field in fields]
    return Refused(
        "flow.fill",
        zh=f"“{move.title.zh}”前要先填写：{_zh(titles)}{words.cited(move.clauses).zh}。",
        en=f"“{move.title.en}” asks for: {_en(titles)}{words.cited(move.clauses).en}",
        move=move.name,
        clauses=move.clauses,
        fields=fields,
    )


def need(move: Move, asked: Need, why: Test | None, words: Words) -> Refused:
    """flow.need: facts need, why (the field that failed), clauses of the need, else of the move."""
    return _need("flow.need", move, asked, why, words, Text("", ""))


def reason(move: Move, asked: Need, why: Test | None, words: Words) -> Refused:
    """flow.reason: a soft need does not hold; a written reason passes it and is shown to the leader."""
    more = Text(
        "；要继续请写明理由，理由会给上级看", "; to go on, write the reason, which the leader will see"
    )
    return _need("flow.reason", move, asked, why, words, more)


def _need(code: str, move: Move, asked: Need, why: Test | None, words: Words, more: Text) -> Refused:
    clauses = asked.clauses or move.clauses
    condition = words.asks(why) if why else Text("", "")
    needed = Text(f"条件：{condition.zh}", f"it needs that {condition.en}") if why else Text("", "")
    says = Text(f"{asked.say.zh}（{needed.zh}）", f"{asked.say.en} ({needed.en})") if asked.say else needed
    return Refused(
        code,
        zh=f"不能“{move.title.zh}”：{says.zh}{more.zh}{words.cited(clauses).zh}。",
        en=f"“{move.title.en}” is not possible: {says.en}{more.en}{words.cited(clauses).en}",
        move=move.name,
        clauses=clauses,
        need=asked.name,
        why=why.path if why else "",
    )


def _or(texts: tuple[Text, ...]) -> Text:
    return Text("或".join(text.zh for text in texts), " or ".join(text.en for text in texts))


def _zh(texts: Iterable[Text]) -> str:
    return "、".join(text.zh for text in texts)


def _en(texts: Iterable[Text]) -> str:
    return ", ".join(text.en for text in texts)
