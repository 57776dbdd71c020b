"""Drafts: what is typed survives a reload, a sign-out and a killed browser. One for each person and page.

Upkeep of one's own desk, not work: nothing of it stands on the ledger. Whoever asks only ever reaches their own.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from kefu.core.db import select, write
from kefu.core.db.queueing import one_at_a_time
from kefu.core.errors import Refused
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.documents.models import Draft
from kefu.staff.models import Person

KEPT = timedelta(days=90)
LONGEST = 100_000  # characters of one page's forms, as JSON
MOST = 300  # pages of one person; the oldest goes first
NEW = ""  # the version of a draft that is not there
Typed = Mapping[str, Mapping[str, list[str]]]  # form -> field -> values
_PLACE = re.compile(r"/[\w/.~-]{0,198}")


def draft_of(person: Person, place: str) -> Draft | None:
    return next(iter(select(Draft, "person_id = %s AND place = %s", [person.pk, place])), None)


def save(
    person: Person, place: str, changes: Mapping[str, object], *, version: str, at: datetime
) -> Draft | None:
    """Keep the forms that changed since `version`; None in place of a form's fields drops it. None: nothing is left.

    Saving what is there already changes nothing. Raises Refused draft.changed (facts `version`, `forms`) when
    another window saved or sent meanwhile, draft.too_long, draft.unreadable.
    """
    if not _PLACE.fullmatch(place):
        raise unreadable()
    typed = _read(changes)
    with write():
        _alone(person)
        draft = draft_of(person, place)
        before: Typed = draft.forms if draft else {}
        forms = {**before, **{name: fields for name, fields in typed.items() if fields is not None}}
        forms = {name: fields for name, fields in forms.items() if typed.get(name, fields) is not None}
        if forms == before:
            return draft
        if version != (draft.version if draft else NEW):
            raise Refused(
                "draft.changed",
                zh="您在另一个窗口中改过、发送或丢弃了这份草稿。请选择保留哪一份。",
                en="You changed, sent or discarded this draft in another window. Choose which one to keep.",
                version=draft.version if draft else NEW,
                forms=before,
            )
        if len(json.dumps(forms, ensure_ascii=False)) > LONGEST:
            raise Refused(
                "draft.too_long",
                zh=f"草稿超过 {LONGEST} 字，没有保存；较长内容请作为附件。",
                en=f"The draft is longer than {LONGEST} characters and was not saved; attach longer texts as a file.",
                longest=LONGEST,
            )
        return _store(person, place, draft, forms, at)


def require_unsent(person: Person, place: str, form: str, version: str) -> None:
    """Raises Refused draft.sent when the form was made from a draft (`version`) that is over: sent or discarded in
    another window. Sent again from the answer, which names no draft, it goes."""
    if version == NEW:
        return
    draft = draft_of(person, place)
    if draft is None or form not in draft.forms:
        raise Refused(
            "draft.sent",
            zh="这份草稿已在另一个窗口中发送或丢弃。请先看下面的记录；仍要发送，请再按一次。",
            en="This draft was sent or discarded in another window. Look at what is there; press again to send it.",
        )


def forget(person: Person, place: str, form: str | None = None) -> None:
    """The form was sent (or all of the page's): its draft is over. Call it in the transaction of the sending."""
    _alone(person)
    draft = draft_of(person, place)
    if draft is None:
        return
    forms = {name: fields for name, fields in draft.forms.items() if form is not None and name != form}
    _store(person, place, draft, forms, draft.saved_at)


def give_back(
    person: Person, place: str, form: str, fields: Mapping[str, list[str]], *, at: datetime
) -> None:
    """Put a form that was not sent after all into the draft, unless something else stands there already."""
    _alone(person)
    draft = draft_of(person, place)
    forms = {form: dict(fields)} | (draft.forms if draft else {})
    _store(person, place, draft, forms, at)


def _alone(person: Person) -> None:
    """Two windows of one person read and write in turn."""
    one_at_a_time(f"draft:{person.pk}")


def _store(person: Person, place: str, draft: Draft | None, forms: Typed, at: datetime) -> Draft | None:
    if not forms:
        Draft.objects.filter(person=person, place=place).delete()
        return None
    if draft is None:
        old = Draft.objects.filter(person=person).order_by("-saved_at").values("pk")[MOST - 1 :]
        Draft.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    draft = draft or Draft(person=person, place=place)
    draft.forms, draft.saved_at, draft.version = dict(forms), at, secrets.token_urlsafe(16)
    draft.save()
    return draft


def _read(changes: Mapping[str, object]) -> dict[str, dict[str, list[str]] | None]:
    """Forms as the browser sends them. Raises Refused draft.unreadable."""
    read: dict[str, dict[str, list[str]] | None] = {}
    for form, fields in changes.items():
        if fields is None:
            read[form] = None
            continue
        if not isinstance(fields, dict):
            raise unreadable()
        if not all(
            isinstance(typed, list) and all(isinstance(one, str) for one in typed)
            for typed in fields.values()
        ):
            raise unreadable()
        read[form] = {
            name: [one.replace("\x00", "").encode("utf-8", "replace").decode() for one in typed]
            for name, typed in fields.items()
        }
    return read


def unreadable() -> Refused:
    return Refused(
        "draft.unreadable",
        zh="草稿无法读取，没有保存。请刷新页面后重试。",
        en="The draft cannot be read and was not saved. Reload the page and try again.",
    )


@handler("documents.drafts", every=timedelta(days=1))
def drop_old(run: Run, at: datetime) -> None:
    """Drafts that nobody went on with for 90 days."""
    with write():
        Draft.objects.filter(saved_at__lt=at - KEPT).delete()
