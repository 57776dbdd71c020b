"""A flow as a picture: states down the page, moves as numbered arrows. Pure; lengths are SVG user units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kefu.core.rulebook.model import Flow, Move, State

WIDTH, HEIGHT, STEP = 172, 34, 66  # of a state's box, and from one box to the next
LANE = 22  # between arcs that run beside the boxes


@dataclass(frozen=True, slots=True)
class Box:
    state: State
    x: int
    y: int
    start: bool
    end: bool
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def centre(self) -> int:
        return self.x + self.width // 2

    @property
    def middle(self) -> int:
        return self.y + HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """`path` is an SVG path; `x`, `y` where its number stands."""

    number: int
    move: Move
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    left: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    moves: tuple[tuple[int, Move], ...]


def picture(flow: Flow) -> Picture:
    """Forward moves to the next state go straight down; longer ones at the right, backward ones at the left."""
    order = {name: row for row, name in enumerate(flow.states)}
    numbered = tuple(enumerate(flow.moves.values(), start=1))
    edges = [
        (number, move, order[origin], order[move.to]) for number, move in numbered for origin in move.from_
    ]
    right = _lanes([(row, to) for *_, row, to in edges if to > row + 1])
    left = _lanes([(to, row) for *_, row, to in edges if to < row])
    margin = (max(left.values(), default=0) + 1) * LANE + 16
    boxes = tuple(
        Box(state, margin, 8 + row * STEP, row == 0, state.name in flow.ends())
        for row, state in enumerate(flow.states.values())
    )
    arrows = tuple(_arrows(edges, boxes, right, left))
    lanes = margin + WIDTH + (max(right.values(), default=0) + 2) * LANE + 30
    width = max([lanes, *(arrow.x + 16 for arrow in arrows)])  # many numbers may stand beside one state
    return Picture(width, 8 + len(boxes) * STEP, margin, boxes, arrows, numbered)


def _lanes(spans: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Which lane each span (first row, last row) gets: short ones nearest, overlapping ones apart."""
    lanes: dict[tuple[int, int], int] = {}
    for span in sorted(set(spans), key=lambda one: (one[1] - one[0], one)):
        taken = {lane for other, lane in lanes.items() if other[0] < span[1] and span[0] < other[1]}
        lanes[span] = next(lane for lane in range(1, len(spans) + 2) if lane not in taken)
    return lanes


def _arrows(
    edges: list[tuple[int, Move, int, int]],
    boxes: tuple[Box, ...],
    right: dict[tuple[int, int], int],
    left: dict[tuple[int, int], int],
) -> Iterator[Arrow]:
    shared: dict[tuple[int, int], int] = {}
    for number, move, row, to in edges:
        origin, target = boxes[row], boxes[to]
        place = shared[row, to] = shared.get((row, to), -1) + 1  # numbers of one arrow stand side by side
        edge_x = origin.x + WIDTH
        if row == to:
            y = origin.middle
            path = f"M{edge_x} {y - 8} C{edge_x + 20} {y - 14} {edge_x + 20} {y + 14} {edge_x} {y + 8}"
            yield Arrow(number, move, path, edge_x + 22 + 18 * place, y)
        elif to == row + 1:
            x = origin.centre
            path = f"M{x} {origin.y + HEIGHT} L{x} {target.y}"
            yield Arrow(number, move, path, x + 14 + 18 * place, origin.y + HEIGHT + (STEP - HEIGHT) // 2)
        elif to > row:
            x = edge_x + 8 + right[row, to] * LANE
            begin, end = origin.middle + 6, target.middle - 6
            path = (
                f"M{edge_x} {begin} Q{x} {begin} {x} {begin + 14} L{x} {end - 14} Q{x} {end} {edge_x} {end}"
            )
            yield Arrow(number, move, path, x, begin + 26 + 18 * place)
        else:
            x = origin.x - 8 - left[to, row] * LANE
            begin, end = origin.middle - 6, target.middle + 6
            path = f"M{origin.x} {begin} Q{x} {begin} {x} {begin - 14} L{x} {end + 14} Q{x} {end} {origin.x} {end}"
            yield Arrow(number, move, path, x, begin - 26 - 18 * place)
