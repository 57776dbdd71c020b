"""`{% drafts place %}`: keeps what is typed into the page's forms that say data-draft="NAME"."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from kefu.documents.drafts import NEW, draft_of
from kefu.staff.asking import person_of

register = template.Library()


@register.inclusion_tag("documents/_draft.html", takes_context=True)
def drafts(context: Context, place: str, shown: str = "") -> dict[str, Any]:
    """place: the path of the page by which it goes. shown: the form that this answer shows as it was sent."""
    person = person_of(context["request"])
    draft = draft_of(person, place)
    forms = {name: fields for name, fields in (draft.forms if draft else {}).items() if name != shown}
    return {
        "place": place,
        "person": person.pk,
        "saved": f"{timezone.localtime(draft.saved_at):%H:%M}" if draft and forms else "",
        "kept": {"version": draft.version if draft else NEW, "forms": forms},
    }
