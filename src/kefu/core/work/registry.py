"""The concrete kinds of work: by chapter of the rulebook and by noun of the ledger."""

from __future__ import annotations

from kefu.core.rulebook.model import Chapter, Ref
from kefu.core.work.models import Work

_models: list[type[Work]] = []


def register(model: type[Work]) -> type[Work]:
    """Class decorator: make a model known to clocks, effects and reactions."""
    _models.append(model)
    return model


def models() -> tuple[type[Work], ...]:
    return tuple(_models)


def model_of(chapter: Chapter) -> type[Work]:
    return next(model for model in _models if model.chapter == chapter)


def model_named(noun: str) -> type[Work] | None:
    return next((model for model in _models if model.noun == noun), None)


def find(ref: Ref) -> Work | None:
    """The work that `ref` names, None when it is no work or not there."""
    model = model_named(ref.kind)
    return model._default_manager.filter(pk=ref.id).first() if model and ref.id.isdigit() else None
