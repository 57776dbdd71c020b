"""Lists by cursor: `items` and `next`, the key of the last row; stable while rows are added."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query, Schema

from kefu.core.errors import Refused
from kefu.core.search.lists import first_holding

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
LARGEST = 100


class Page(Schema, Generic[Item]):
    """`next`: the `cursor` of the following page, null on the last one."""

    items: list[Item]
    next: str | None


Cursor = Annotated[str, Query("", max_length=60, description="`next` of the page before")]
Limit = Annotated[int, Query(50, ge=1, le=LARGEST)]


def page(
    rows: QuerySet[Row], show: Callable[[Row], Item], *, cursor: str, limit: int, q: str = "", noun: str = ""
) -> dict[str, Any]:
    """The next rows after `cursor`, highest key first. One query; some more for those that hold every word of `q`.

    noun: what search calls the rows. Raises Refused cursor.invalid.
    """
    if cursor:
        rows = rows.filter(pk__lt=_key(cursor))
    rows, last = rows.order_by("-pk"), None
    if q:
        ids, last = first_holding(rows, q, noun, limit + 1)
        rows = rows.filter(pk__in=ids)
    found = list(rows[: limit + 1])
    if len(found) > limit:
        last = found[limit - 1].pk
    return {
        "items": [show(row) for row in found[:limit]],
        "next": _cursor(last) if last is not None else None,
    }


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(f"k{key}".encode()).decode().rstrip("=")


def _key(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if not text.startswith("k") or not text[1:].isdecimal() or len(text) > 19:
            raise ValueError(text)
        return int(text[1:])
    except (ValueError, binascii.Error):
        raise Refused(
            "cursor.invalid",
            zh="cursor 不是上一页给出的 next。",
            en="The cursor is not the `next` of an earlier page.",
        ) from None
