"""Promises with a due instant: replayed from the ledger (pure), and kept as rows so that they fall due.

Not here: what a clock is (`rulebook.model.Clock`), working time (`worktime`), what a step does (`effects`).
Start at `replay.replay`; then `actions.refresh` (rows), `sweep.sweep` (steps), `verify`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kefu.core.clocks.actions import refresh
    from kefu.core.clocks.sweep import carry_out, sweep

__all__ = ["carry_out", "refresh", "sweep"]


def __getattr__(name: str) -> Any:
    """Django imports this package before models may be loaded; what needs them comes when asked for."""
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{'actions' if name == 'refresh' else 'sweep'}"), name)
