"""The flows that work has whose rulebook names none: of a duty, an approval and a document."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from kefu.core.rulebook.expressions import Branch, Matcher, Test, Who
from kefu.core.rulebook.model import Attempts, Chapter, Flow, Move, Need, State, Text

OWNER: Final = Who("field", "owner")
AUTHOR: Final = Who("field", "author")
LINKS: Final = Who("field", "links")


def _move(name: str, zh: str, en: str, from_: str, to: str, by: Who) -> Move:
    return Move(name=name, title=Text(zh, en), from_=(from_,), to=to, by=(Branch(None, (by,)),))


def _flow(name: str, title: Text, states: dict[str, Text], *moves: Move) -> Flow:
    return Flow(
        name=name,
        title=title,
        states={state: State(name=state, title=said) for state, said in states.items()},
        moves={move.name: move for move in moves},
    )


DUTY_FLOW: Final = _flow(
    "duty",
    Text("任务", "duty"),
    {"open": Text("待办", "open"), "done": Text("完成", "done")},
    _move("done", "完成", "done", "open", "done", OWNER),
)
# Who signs is told by the chain: `links` are the people whose turn it is.
APPROVAL_FLOW: Final = _flow(
    "approval",
    Text("审批", "approval"),
    {
        "asked": Text("审批中", "asked"),
        "returned": Text("退回补充", "returned"),
        "approved": Text("已同意", "approved"),
        "refused": Text("未同意", "refused"),
        "withdrawn": Text("已撤回", "withdrawn"),
    },
    _move("approved", "同意", "approve", "asked", "approved", LINKS),
    _move("refused", "不同意", "refuse", "asked", "refused", LINKS),
    _move("returned", "退回补充", "return", "asked", "returned", LINKS),
    _move("resubmitted", "重新提交", "resubmit", "returned", "asked", AUTHOR),
    replace(
        _move("withdrawn", "撤回", "withdraw", "asked", "withdrawn", AUTHOR), from_=("asked", "returned")
    ),
)
DOCUMENT_FLOW: Final = _flow(
    "document",
    Text("单据", "document"),
    {"draft": Text("草稿", "draft"), "filed": Text("已归档", "filed")},
    _move("filed", "归档", "file", "draft", "filed", AUTHOR),
)
DEFAULT: Final[dict[Chapter, Flow]] = {
    "cases": DUTY_FLOW,  # stands in while the case without a flow is refused
    "duties": DUTY_FLOW,
    "approvals": APPROVAL_FLOW,
    "forms": DOCUMENT_FLOW,
}


_TRIED: Final = "not_reached.tries"


def _tries(at_least: int) -> Matcher:
    return Matcher(((Test("tries", "at_least", Decimal(at_least)),),))


def asking_tries(flow: Flow, number: int) -> Flow:
    """The flow `with_attempts` of which `number` tries are needed."""
    move = flow.moves["not_reached"]
    needs = tuple(replace(need, that=_tries(number)) if need.name == _TRIED else need for need in move.needs)
    return replace(flow, moves={**flow.moves, move.name: replace(move, needs=needs)})


def with_attempts(flow: Flow, attempts: Attempts, clauses: tuple[str, ...]) -> Flow:
    """The flow with the move `not_reached` (made if it has none), which needs the tries."""
    states, moves = dict(flow.states), dict(flow.moves)
    if "not_reached" not in moves:
        states["not_reached"] = State(name="not_reached", title=Text("未联系上", "not reached"))
        moves["not_reached"] = _move(
            "not_reached", "未联系上", "not reached", flow.start, "not_reached", OWNER
        )
    tried = Need(
        name=_TRIED,
        title=moves["not_reached"].title,
        clauses=clauses,
        that=_tries(attempts.at_most),
        say=Text(
            f"联系满 {attempts.at_most} 次仍未联系上才能结束",
            f"it may end as not reached after {attempts.at_most} tries",
        ),
    )
    moves["not_reached"] = replace(moves["not_reached"], needs=(*moves["not_reached"].needs, tried))
    return replace(flow, states=states, moves=moves)
