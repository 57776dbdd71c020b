"""What a case is found by: its number, its subject, the texts of its form, and what was said on it.

Never by personal data in its form: that is found through the customer, by those who may see the customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kefu.cases.models import Case, Message
from kefu.core.search.sources import Source, offer


def words(case: Case) -> str:
    fields = case.rule.form.fields
    texts = [
        value
        for name, value in case.values.items()
        if isinstance(value, str)
        and name in fields
        and fields[name].type == "text"
        and not fields[name].privacy
    ]
    return "\n".join([case.number, case.subject, *texts])


def said(cases: Sequence[int]) -> Iterable[tuple[int, int, str]]:
    return Message.objects.filter(case__in=cases).values_list("case_id", "pk", "body")


def make_findable() -> None:
    offer(Source(Case.noun, Case.objects.all, words, said))
