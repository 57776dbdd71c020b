"""Signatures: drawn or confirmed by name, kept beside the field that they fill, with who, as which post, when."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime

from kefu.core.db import insert
from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.rulebook.model import Move
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents.models import Signature
from kefu.documents.printing import drawable
from kefu.staff.models import Person
from kefu.staff.rights import posts_of

LARGEST = 200 * 1024  # bytes of a drawn signature
PREFIX = "data:image/png;base64,"
Drawn = Mapping[str, bytes]  # field -> PNG


def read_drawn(text: str) -> bytes:
    """The picture that a page or a program sends as a data URL. Raises Refused signature.unreadable."""
    try:
        picture = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        picture = b""
    if not picture or len(picture) > LARGEST or not drawable(picture):
        raise Refused(
            "signature.unreadable",
            zh="手写签名无法读取（应为不超过 200 kB 的 PNG），请清除后重签，或改用姓名确认。",
            en="The drawn signature cannot be read (a PNG of at most 200 kB); clear it and sign again, or by name.",
        )
    return picture


def drawn_in(posted: Mapping[str, str], prefix: str, names: Iterable[str]) -> dict[str, bytes]:
    """The signatures among the fields `names` that were drawn into a form. Raises Refused signature.unreadable."""
    sent = {name: posted.get(f"{prefix}.{name}.drawn", "") for name in names}
    return {name: read_drawn(text) for name, text in sent.items() if text}


def signed_fields(work: Work, move: str) -> list[str]:
    """The signatures that a move asks for."""
    rule, fields = work.flow.moves.get(move), fields_of(work.rule)
    return [name for name in _filled(rule) if name in fields and fields[name].type == "signature"]


def with_names(
    work: Work, move: str, values: Mapping[str, object], drawn: Drawn, by: Person
) -> dict[str, object]:
    """`values` with a name for each signature that was drawn without one: that of who is signed in."""
    unnamed = [name for name in signed_fields(work, move) if name in drawn and not values.get(name)]
    return {**values, **dict.fromkeys(unnamed, by.name)}


def keep(work: Work, fields: Iterable[str], drawn: Drawn, *, by: Person, at: datetime) -> None:
    """Put on record who signed `fields` of the work and how. Call it in the transaction of their move."""
    values, post = work.values, _post(work, by, at)
    for name in fields:
        signer = str(values.get(name) or "")
        if not signer:
            continue
        picture = drawn.get(name)
        file = store(picture, f"{work.number}-{name}.png", by=by, at=at) if picture else None
        insert(
            [
                Signature(
                    work_kind=work.noun,
                    work_id=work.pk,
                    field=name,
                    name=signer,
                    person=by,
                    # a customer who signs on somebody's screen does not sign as their post
                    post=post if signer == by.name else "",
                    at=at,
                    picture=file,
                )
            ]
        )


def signatures_of(work: Work) -> list[Signature]:
    """All of them in order, those that were given before it was sent back too."""
    found = Signature.objects.filter(work_kind=work.noun, work_id=work.pk)
    return list(found.select_related("person", "picture").order_by("pk"))


def _filled(move: Move | None) -> tuple[str, ...]:
    return move.fill if move is not None else ()


def _post(work: Work, by: Person, at: datetime) -> str:
    """The post somebody signs as: one held in the work's department, else any."""
    held = posts_of(by, at)
    here = [one for one in held if one.department.pk == work.department_id]
    return (here or held)[0].post if held else ""
