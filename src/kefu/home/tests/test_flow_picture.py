"""The picture of a flow: every state once, every move from each of its states, nothing over another."""

from __future__ import annotations

import pytest

from kefu.core.rulebook import load_pack
from kefu.core.rulebook.model import Flow
from kefu.home.flow_picture import HEIGHT, WIDTH, picture

FLOWS = [
    pytest.param(kind.flow, id=f"{pack}-{kind.name}")
    for pack in ("property", "servicedesk", "general")
    for kind in load_pack(pack).kinds.values()
]


@pytest.mark.parametrize("flow", FLOWS)
def test_every_state_and_every_move_is_drawn_inside_the_frame(flow: Flow) -> None:
    drawn = picture(flow)

    assert [box.state.name for box in drawn.boxes] == list(flow.states)
    assert len(drawn.arrows) == sum(len(move.from_) for move in flow.moves.values())
    for box in drawn.boxes:
        assert 0 <= box.x <= drawn.width - WIDTH
        assert 0 <= box.y <= drawn.height - HEIGHT
    for arrow in drawn.arrows:
        assert 8 <= arrow.x <= drawn.width - 8


@pytest.mark.parametrize("flow", FLOWS)
def test_no_number_stands_on_another(flow: Flow) -> None:
    places = [(arrow.x // 8, arrow.y // 8) for arrow in picture(flow).arrows]

    assert len(set(places)) == len(places)
