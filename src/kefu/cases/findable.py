"""What a case is found by: its number, its subject, the texts of its form, and what was said on it.

Never by personal data in its form: that is found through the customer, by those who may see the customer. A case that
was merged into another is found by its own words still; what was said on it finds the one that goes on and shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kefu.cases.models import Case, Message
from kefu.core.search.sources import Source, offer


def words(case: Case) -> str:
    return "\n".join([case.number, case.subject, *texts(case)])


def texts(case: Case) -> list[str]:
    """What was written into its form, without personal data, in the order of the form, which no database changes."""
    return [
        text  # stored as it is: see `facts_json`
        for name, field in case.rule.form.fields.items()
        if field.type == "text" and not field.privacy and isinstance(text := case.fields.get(name), str)
    ]


def said(cases: Sequence[int]) -> Iterable[tuple[int, int, str]]:
    """Of the cases that go on, with what was said on all that was merged into each."""
    shown_on = {
        pk: pk for pk in Case.objects.filter(pk__in=cases, merged_into=None).values_list("pk", flat=True)
    }
    last = list(shown_on)
    while merged := list(Case.objects.filter(merged_into__in=last).values_list("pk", "merged_into_id")):
        shown_on |= {pk: shown_on[into] for pk, into in merged if into}
        last = [pk for pk, _ in merged]
    messages = Message.objects.filter(case__in=list(shown_on)).values_list("case_id", "pk", "body")
    return ((shown_on[case], message, body) for case, message, body in messages)


def make_findable() -> None:
    offer(Source(Case.noun, Case.objects.all, words, said))
