"""What a case is found by: its number, its subject, the texts of its form, and what was said on it.

Never by personal data in its form: that is found through the customer, by those who may see the customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kefu.cases.models import Case, Message
from kefu.core.search.sources import Source, offer


def words(case: Case) -> str:
    return "\n".join([case.number, case.subject, *texts(case)])


def texts(case: Case) -> list[str]:
    """What was written into its form, without personal data, in the order of the form, which no database changes."""
    values = case.values
    return [
        text
        for name, field in case.rule.form.fields.items()
        if field.type == "text" and not field.privacy and isinstance(text := values.get(name), str)
    ]


def said(cases: Sequence[int]) -> Iterable[tuple[int, int, str]]:
    return Message.objects.filter(case__in=cases).values_list("case_id", "pk", "body")


def make_findable() -> None:
    offer(Source(Case.noun, Case.objects.all, words, said))
