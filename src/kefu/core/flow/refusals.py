"""Why a move cannot be made, in both languages: what is wrong, by which clause, who could, what to do.

Every refusal carries the facts pages and programs need: the move, the clauses, and what its code is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Field, Flow, Move, Need, Test, Text, Who


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


def state(flow: Flow, move: Move, now: str) -> Refused:
    """flow.state: facts state (as it is), states (in which the move can be made)."""
    known = flow.states.get(now)
    is_now = known.title if known else Text(now, now)
    wanted = [flow.states[name].title for name in move.from_ if name in flow.states]
    return Refused(
        "flow.state",
        zh=f"现在是“{is_now.zh}”，不能“{move.title.zh}”；要在“{_zh(wanted)}”时才能办理{_clauses_zh(move.clauses)}。",
        en=f"it is “{is_now.en}” now, so “{move.title.en}” is not possible; that needs “{_en(wanted)}”"
        + _clauses_en(move.clauses),
        move=move.name,
        clauses=move.clauses,
        state=now,
        states=move.from_,
    )


def post(move: Move, whos: tuple[Who, ...], people: tuple[str, ...]) -> Refused:
    """flow.post: facts who (who-expressions in words), could (ids of those who can make the move now)."""
    named = [who_words(who) for who in whos]
    nobody = not named
    return Refused(
        "flow.post",
        zh=f"“{move.title.zh}”"
        + ("只由制度自动办理" if nobody else f"由{_zh(named)}办理")
        + f"{_clauses_zh(move.clauses)}。",
        en=f"“{move.title.en}” is made by "
        + ("the rulebook itself" if nobody else _en(named))
        + _clauses_en(move.clauses),
        move=move.name,
        clauses=move.clauses,
        who=tuple(named),
        could=people,
    )


def fill(move: Move, fields: tuple[str, ...], titles_of: Mapping[str, Field]) -> Refused:
    """flow.fill: facts fields (those still empty)."""
    titles = [_field(titles_of, field) for field in fields]
    return Refused(
        "flow.fill",
        zh=f"“{move.title.zh}”前要先填写：{_zh(titles)}{_clauses_zh(move.clauses)}。",
        en=f"“{move.title.en}” asks for: {_en(titles)}{_clauses_en(move.clauses)}",
        move=move.name,
        clauses=move.clauses,
        fields=fields,
    )


def need(move: Move, asked: Need, why: Test | None, titles_of: Mapping[str, Field]) -> Refused:
    """flow.need: facts need, why (the field that failed), clauses of the need and of the move."""
    return _need("flow.need", move, asked, why, titles_of, Text("", ""))


def reason(move: Move, asked: Need, why: Test | None, titles_of: Mapping[str, Field]) -> Refused:
    """flow.reason: a soft need does not hold; a written reason passes it and is shown to the leader."""
    more = Text(
        "；要继续请写明理由，理由会给上级看", "; to go on, write the reason, which the leader will see"
    )
    return _need("flow.reason", move, asked, why, titles_of, more)


def _need(
    code: str, move: Move, asked: Need, why: Test | None, titles_of: Mapping[str, Field], more: Text
) -> Refused:
    clauses = asked.clauses or move.clauses
    field = why.path if why is not None else ""
    title = _field(titles_of, field)
    says = asked.say or Text(f"“{title.zh}”不符合要求", f"“{title.en}” is not as it has to be")
    return Refused(
        code,
        zh=f"不能“{move.title.zh}”：{says.zh}{more.zh}{_clauses_zh(clauses)}。",
        en=f"“{move.title.en}” is not possible: {says.en}{more.en}{_clauses_en(clauses)}",
        move=move.name,
        clauses=clauses,
        need=asked.name,
        why=field,
    )


def who_words(who: Who) -> Text:
    """A who-expression in words; posts and fields by the name the rulebook gives them."""
    name = who.name.replace("_", " ")
    of = who_words(who.of) if who.of else Text("", "")
    match who.word:
        case "anyone":
            return Text("任何人", "anyone")
        case "leader of":
            return Text(f"{of.zh}的上级", f"the leader of {of.en}")
        case "team of":
            return Text(f"{of.zh}的下属", f"the team of {of.en}")
        case "line of":
            return Text(f"{of.zh}逐级至{name}", f"the line of {of.en} up to {name}")
        case "on duty":
            return Text(f"值班的{name}", f"{name} on duty")
    return Text(name, name)


def _field(titles_of: Mapping[str, Field], path: str) -> Text:
    field = titles_of.get(path.partition(".")[0])
    name = path.replace("_", " ") or "condition"
    return field.title if field else Text(name, name)


def _zh(texts: Iterable[Text]) -> str:
    return "、".join(text.zh for text in texts)


def _en(texts: Iterable[Text]) -> str:
    return ", ".join(text.en for text in texts)


def _clauses_zh(clauses: tuple[str, ...]) -> str:
    return f"（条款 {'、'.join(clauses)}）" if clauses else ""


def _clauses_en(clauses: tuple[str, ...]) -> str:
    return f" (clause {', '.join(clauses)})" if clauses else ""
