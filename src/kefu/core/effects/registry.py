"""Which function carries out which word of the vocabulary. Capabilities register theirs at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kefu.core.effects import organisation
from kefu.core.effects.organisation import Roll
from kefu.core.errors import Refused
from kefu.core.ledger.kinds import declare
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.model import Ref
from kefu.core.rulebook.who import Organisation

declare("effect.retried", zh="重试未完成的动作", en="stuck effect tried again")


class Actor(Protocol):
    """Who acts, as the ledger wants it."""

    @property
    def actor_id(self) -> str: ...

    @property
    def actor_post(self) -> str: ...


class Subject(Protocol):
    """What effects act on: a piece of work."""

    @property
    def ref(self) -> Ref: ...


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an effect is carried out, and when it counts as done.

    at: the instant of the step or move, also when it was noticed later. key: stable name of what asks for it
    ("step:case:17:response:1:0", "move:case:17:accepted:0"), for everything that must not happen twice.
    clauses: where the manual asks for it. delivered: False for history that is read in: nobody is told.
    roll: of the batch it belongs to, so that who is who is not read again for each cause.
    """

    by: Actor
    at: datetime
    key: str
    clauses: tuple[str, ...] = ()
    delivered: bool = True
    roll: Roll | None = None

    def organisation(self, department: int) -> Organisation:
        """Who is who for the department's work at the instant of the cause."""
        return (self.roll or organisation.roll(self.at)).at(self.at, department)


Carry = Callable[[Effect, Any, Cause], None]
Recipients = Callable[[Effect, Any, Cause], Iterable[int]]


@dataclass(frozen=True, slots=True)
class Registered:
    carry: Carry
    recipients: Recipients | None


_effects: dict[str, Registered] = {}


def effect(word: str, *, recipients: Recipients | None = None) -> Callable[[Carry], Carry]:
    """Register what carries out `word`: fn(effect, subject, cause), in the transaction of the cause.

    recipients: for an effect that only tells people (ids): after a stand-still they get one digest instead.
    """

    def register(carry: Carry) -> Carry:
        if _effects.setdefault(word, Registered(carry, recipients)).carry is not carry:
            raise ValueError(f"two functions carry out the effect {word!r}")
        return carry

    return register


def words() -> frozenset[str]:
    """The words some capability carries out; a rulebook with any other is refused."""
    return frozenset(_effects)


def registered(word: str) -> Registered:
    """Raises Refused `effect.unknown`."""
    try:
        return _effects[word]
    except KeyError:
        raise Refused(
            "effect.unknown",
            zh=f"没有模块执行动作「{word}」",
            en=f"no capability carries out the effect {word!r}",
            word=word,
        ) from None


def perform(effect: Effect, subject: Subject, cause: Cause) -> None:
    """Carry out one effect in the caller's transaction. Whatever it raises is the caller's to catch."""
    registered(effect.word).carry(effect, subject, cause)
