"""What stands around every page: the rail, the bar, the person's menu. Capabilities offer entries at start-up.

offer(Entry("staff:list", _("Staff"), place="rail", icon="users", order=40, shown=is_staff))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

# rail: the pages; bar: beside the search, icon and count; search: the form at the top, first entry wins; palette: a
# fragment of links that the palette asks for when it opens; person: the menu under one's name; language, theme: the
# two choices in it, shown to visitors as well
Place = Literal["rail", "bar", "search", "palette", "person", "language", "theme"]


def signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)  # an answer may be made before anybody looked who asks
    return user is not None and user.is_authenticated


@dataclass(frozen=True, slots=True)
class Entry:
    """A link, or a button that posts `values` and comes back (`post`).

    name: URL name. key: what leads there, such as "g q".
    shown: whether this visitor sees it (default: whoever is signed in). count: a number
    beside the title, such as unread notices. live: the words of `kefu.live` after whose change it is counted anew.
    """

    name: str
    title: str | Promise
    place: Place = "rail"
    icon: str = ""
    order: int = 50
    shown: Callable[[HttpRequest], bool] = signed_in
    count: Callable[[HttpRequest], int] | None = None
    live: str = ""
    key: str = ""
    post: bool = False
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as this page shows it; `current`: the page is this one or of the same app."""

    entry: Entry
    url: str
    current: bool
    count: int


_entries: list[Entry] = []


def offer(*entries: Entry) -> None:
    """Make entries known; offering an equal one again changes nothing."""
    _entries.extend(entry for entry in entries if entry not in _entries)


def shown(request: HttpRequest, place: Place) -> list[Shown]:
    """The entries of a place for this request, in order."""
    match = request.resolver_match
    here = match.view_name if match else ""
    siblings = {entry.name for entry in _entries}
    chosen = sorted(
        (entry for entry in _entries if entry.place == place and entry.shown(request)),
        key=lambda entry: entry.order,
    )
    return [
        Shown(
            entry,
            _address(entry.name),
            # a page below an entry (a case) lights the app's entry up, unless it is an entry itself
            here == entry.name or (here not in siblings and bool(here) and _app(here) == _app(entry.name)),
            entry.count(request) if entry.count else 0,
        )
        for entry in chosen
    ]


@cache
def _address(name: str) -> str:
    """Of a page that asks for no argument: the same for as long as the process lives."""
    return reverse(name)


def _app(name: str) -> str:
    return name.partition(":")[0]
