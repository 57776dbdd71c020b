"""The append-only sequence of what happened: who, what, to which subject, when it occurred, when it was
recorded.

Not here: what an event means (the capability that declares it) nor whom it concerns today (their tables).
Start at `kinds.declare`, `actions.record`, then `queries`, `readers`, `verify`.
"""

from typing import TYPE_CHECKING, Any

from kefu.core.ledger.kinds import declare

if TYPE_CHECKING:
    from kefu.core.ledger.actions import SYSTEM, Actor, By, record

__all__ = ["SYSTEM", "Actor", "By", "declare", "record"]


def __getattr__(name: str) -> Any:
    """Django imports this package before models may be loaded, so what needs them comes when it is asked
    for."""
    if name not in __all__:
        raise AttributeError(name)
    from kefu.core.ledger import actions

    return getattr(actions, name)
