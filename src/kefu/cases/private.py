"""What stands in the form of a piece of work, in words, with telephone numbers masked where nobody has to call."""

from __future__ import annotations

from kefu.core.errors import Refused
from kefu.core.inputs import phone
from kefu.core.rulebook.model import Field
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.customers.masking import mask_phone
from kefu.documents import filling


def facts_in_words(work: Work, lang: str, *, full: bool) -> dict[str, str]:
    """The filled fields in words, by name; telephone numbers masked unless `full`."""
    fields, values = fields_of(work.rule), work.values
    names = filling.names_of(values.values())
    zone = work.rulebook.calendar.zone
    return {
        name: private(field, filling.in_words(field, values[name], lang=lang, zone=zone, names=names), full)
        for name, field in fields.items()
        if values.get(name) is not None
    }


def private(field: Field, text: str, full: bool) -> str:
    """A value as somebody may see it: a personal telephone number masked unless `full`."""
    if full or field.privacy != "personal":
        return text
    digits = sum(char.isdigit() for char in text)
    if digits < 7 or any(char.isalpha() for char in text):
        return text  # a surname, a house number
    try:
        return mask_phone(phone(text))
    except Refused:
        return f"****{text[-2:]}"
