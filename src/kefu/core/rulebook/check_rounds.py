"""What comes round, series, attempts and chains: keys that do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.core.rulebook.default_flows import LINKS
from kefu.core.rulebook.mistakes import Mistake, mistake
from kefu.core.rulebook.model import Kind, Rulebook


def rounds(rulebook: Rulebook) -> Iterator[Mistake]:
    for kind in rulebook.kinds.values():
        if kind.chapter == "duties":
            yield from _round(kind)
        elif kind.chapter == "approvals":
            yield from _chain(kind)


def _round(kind: Kind) -> Iterator[Mistake]:
    if kind.every and (kind.starts or kind.plan):
        yield mistake("every_and_starts", kind.mark)
    if kind.plan and not kind.starts:
        yield mistake("plan_without_starts", kind.mark)
    endless = [index for index, stage in enumerate(kind.plan) if stage.times is None]
    if endless and (endless != [len(kind.plan) - 1] or kind.each is None):
        yield mistake("stage_endless", kind.mark)
    if kind.each and not (kind.every or kind.plan):
        yield mistake("each_alone", kind.mark)
    if (
        kind.each
        and kind.each.of not in ("person", "unit")
        and any(who.word == "field" and who.name == "each" for branch in kind.by for who in branch.value)
    ):
        yield mistake("not_a_person", kind.mark, name="each")


def _chain(kind: Kind) -> Iterator[Mistake]:
    whos = [who for branch in kind.chain for link in branch.value for who in link]
    if any(who.word in ("anyone", "customer") for who in whos):
        yield mistake("chain_anyone", kind.mark)
    for name in ("approved", "refused"):
        move = kind.flow.moves.get(name)
        if move is None or any(branch.value != (LINKS,) for branch in move.by):
            yield mistake("chain_moves", kind.mark)
