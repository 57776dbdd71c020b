"""Who gets which customer: whoever has the fewest for their ability, one customer after another. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Hand:
    """A specialist (id), how many customers they have, and what they can carry beside the others (1: as much)."""

    person: int
    load: int
    ability: Decimal = Decimal(1)


def propose(customers: Sequence[int], hands: Sequence[Hand]) -> dict[int, int]:
    """Customer -> person, in the order of `customers`. Each goes to whoever would have the least for their ability with
    it; of equals to the one who has fewer, then to the one named first. Who can carry nothing gets none.
    """
    able = [hand for hand in hands if hand.ability > 0]
    heap = [((hand.load + 1) / hand.ability, hand.load, place) for place, hand in enumerate(able)]
    heapq.heapify(heap)
    found: dict[int, int] = {}
    for customer in customers if heap else ():
        _, load, place = heap[0]
        found[customer] = able[place].person
        heapq.heapreplace(heap, ((load + 2) / able[place].ability, load + 1, place))
    return found
