"""Search: one question over cases and customers, as the page asks it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema

from kefu.api.shown import CaseBrief, case_brief
from kefu.api.tokens import caller
from kefu.cases.searching import Parts, search_cases
from kefu.core.errors import Refused
from kefu.core.search.queries import Place
from kefu.customers.queries import find_customers

router = Router(tags=["search"])
CUSTOMERS = 10


class Part(Schema):
    """A piece of a text; `found`: it is what was asked for."""

    text: str
    found: bool


class CaseFound(Schema):
    """`said`: the text in which it was found, where that is not the subject."""

    case: CaseBrief
    subject: list[Part]
    said: list[Part]


class CustomerFound(Schema):
    number: str
    name: str


class Found(Schema):
    """`exact`: cases with the number asked for. `next`: the `cursor` of the following page, null on the last one."""

    exact: list[CaseBrief]
    customers: list[CustomerFound]
    cases: list[CaseFound]
    next: str | None


@router.get("/search", response=Found, url_name="search")
def search(
    request: HttpRequest,
    q: Annotated[
        str, Query("", max_length=200, description="words, numbers, names, and filters such as state:closed")
    ],
    cursor: Annotated[str, Query("", max_length=40, description="`next` of the page before")],
    limit: Annotated[int, Query(20, ge=1, le=50)],
) -> Found:
    """Cases by number and words, what fits best first, of what many texts hold the latest; on the first page customers
    by name, pinyin, number, phone."""
    who = caller(request)
    found = search_cases(who.person, q, at=who.at, after=_place(cursor), limit=limit, whole=True)
    customers = (
        find_customers(who.person, found.words, at=who.at, limit=CUSTOMERS)
        if found.words and not cursor
        else []
    )
    return Found(
        exact=[case_brief(case) for case in found.exact],
        customers=[CustomerFound(number=one.number, name=one.name) for one in customers],
        cases=[
            CaseFound(case=case_brief(one.case), subject=_parts(one.subject), said=_parts(one.said))
            for one in found.cases
        ],
        next=str(found.after) if found.after else None,
    )


def _parts(parts: Parts) -> list[Part]:
    return [Part(text=text, found=hit) for text, hit in parts]


def _place(cursor: str) -> Place | None:
    try:
        return Place.read(cursor) if cursor else None
    except ValueError:
        raise Refused(
            "cursor.invalid",
            zh="cursor 不是上一页给出的 next。",
            en="The cursor is not the `next` of an earlier page.",
        ) from None
