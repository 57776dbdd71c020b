"""The environment of all templates: what each of them may call besides its own values (`GLOBALS`, `FILTERS`).

A capability that has something for templates of its own adds it in its `ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.template import defaultfilters
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import ChainableUndefined, Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from kefu.web import filters, remaining
from kefu.web.assets import asset, icon

PARTS = ("badge", "empty", "time_left")  # of c/parts.html
METHODS = frozenset(dir(dict))


class Pages(Environment):
    """Finds what Jinja2 finds, sooner: rows are dictionaries, of which each key would cost an exception."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj and attribute not in METHODS:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment(**options: Any) -> Environment:
    """As in Django's own templates a value that is missing is empty, however deep it is asked for."""
    made = Pages(**{**options, "undefined": ChainableUndefined})
    made.globals |= GLOBALS
    made.filters |= FILTERS
    parts = made.get_template("web/c/parts.html").module
    made.globals |= {name: getattr(parts, name) for name in PARTS}
    return made


def gettext(message: str, /, **values: Any) -> Markup:
    """`_("due %(at)s", at=…)`: a message is trusted HTML, its values are not; a percent sign is written twice."""
    language = translation.get_language()
    return _translated(language, message) % values if values else _plain(language, message)


@lru_cache(maxsize=10_000)
def _translated(language: str | None, message: str) -> Markup:
    return Markup(translation.gettext(message))  # noqa: S704  (messages are ours)


@lru_cache(maxsize=10_000)
def _plain(language: str | None, message: str) -> Markup:
    return _translated(language, message) % ()


def ngettext(one: str, many: str, n: int, /, **values: Any) -> Markup:
    """`%(n)s` stands for the number."""
    return Markup(translation.ngettext(one, many, n)) % {"n": n, **values}  # noqa: S704  (messages are ours)


def pgettext(context: str, message: str, /) -> Markup:
    return Markup(translation.pgettext(context, message))  # noqa: S704  (messages are ours)


def url(name: str, /, *parts: Any) -> str:
    return reverse(name, args=parts)


@pass_context
def with_query(context: Context, /, **changes: Any) -> str:
    """The page's own query with changes, for sort headers and pagers: `?{{ with_query(sort="due") }}`; ""
    or None takes a key away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return query.urlencode()


@pass_context
def due(context: Context, subject: Any, calendar: Any = None) -> str:
    """The badge of the time left, of a work or of a ClockState (then in its own unit, given the calendar)."""
    if not subject:
        return "—"
    left = (
        remaining.of_clock(subject, context["at"], calendar)
        if hasattr(subject, "started_at")
        else remaining.of_work(subject, context["at"])
    )
    if left is None:
        return "—"
    until = f"{timezone.localtime(left.due_at):%Y-%m-%d %H:%M}"
    return context.resolve("time_left")(left, until)


GLOBALS: dict[str, Callable[..., Any]] = {
    "_": gettext,
    "asset": asset,
    "due": due,
    "icon": icon,
    "ngettext": ngettext,
    "pgettext": pgettext,
    "url": url,
    "with_query": with_query,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "date": filters.date,
    "filesizeformat": defaultfilters.filesizeformat,
    "json_script": defaultfilters.json_script,
    "linebreaksbr": defaultfilters.linebreaksbr,
    "moment": filters.moment,
    "person_name": filters.person_name,
    "said": filters.said,
    "truncatechars": defaultfilters.truncatechars,
    "urlencode": defaultfilters.urlencode,
}
