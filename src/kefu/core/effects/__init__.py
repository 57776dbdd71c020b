"""Effects of the rulebook by their word, the ones that are stuck, and notices kept for a digest.

Not here: what an effect does (the capability that registers it), nor when (`clocks`, `work`, reactions).
Start at `registry.effect`, then `actions.perform` and `actions.attempt`.
"""

from typing import TYPE_CHECKING, Any

from kefu.core.effects.registry import Cause, effect, perform, words

if TYPE_CHECKING:
    from kefu.core.effects.actions import attempt

__all__ = ["Cause", "attempt", "effect", "perform", "words"]


def __getattr__(name: str) -> Any:
    """Django imports this package before models may be loaded; what needs them comes when asked for."""
    if name != "attempt":
        raise AttributeError(name)
    from kefu.core.effects import actions

    return actions.attempt
