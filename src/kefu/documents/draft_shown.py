"""`{{ drafts(place) }}`: keeps what is typed into the page's forms that say data-draft="NAME"."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context

from kefu.documents.drafts import NEW, draft_of
from kefu.staff.asking import person_of


@pass_context
def drafts(context: Context, place: str, shown: str = "") -> SafeString:
    """place: the path of the page by which it goes. shown: the form that this answer shows as it was sent."""
    person = person_of(context["request"])
    draft = draft_of(person, place)
    forms = {name: fields for name, fields in (draft.forms if draft else {}).items() if name != shown}
    given = {
        "place": place,
        "person": person.pk,
        "saved": f"{timezone.localtime(draft.saved_at):%H:%M}" if draft and forms else "",
        "kept": {"version": draft.version if draft else NEW, "forms": forms},
    }
    return mark_safe(render_to_string("documents/_draft.html", given))  # noqa: S308  (it escapes by itself)
