"""Rating a case: five marks, tags, words. The rulebook says in which states (`rating: true`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from kefu.cases.models import Case, Rating
from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Text
from kefu.core.work import recording

MARKS = range(1, 6)
LONGEST_WORDS = 1000  # characters
TAGS = {
    "prompt": Text("响应及时", "prompt"),
    "friendly": Text("态度好", "friendly"),
    "skilled": Text("处理专业", "skilled"),
    "clear": Text("说得清楚", "clear"),
    "slow": Text("太慢", "slow"),
    "unfriendly": Text("态度不好", "unfriendly"),
    "unsolved": Text("没有解决", "not solved"),
    "repeated": Text("反复说明", "had to repeat myself"),
}


def may_rate(case: Case) -> bool:
    """Whether the case stands where the rulebook lets its customer rate it."""
    return case.voided_at is None and case.flow.states[case.state].rating


def rate(
    case: Case, *, marks: int, tags: Iterable[str] = (), words: str = "", by: By, at: datetime
) -> Rating:
    """Keep the customer's rating. Raises Refused rating.not_now, rating.marks, rating.tags, line.too_long."""
    tags = list(dict.fromkeys(tags))
    words = inputs.paragraph(words, "评价 / words", longest=LONGEST_WORDS)
    if marks not in MARKS:
        raise Refused("rating.marks", zh="请选择一到五分。", en="Choose one to five marks.")
    if set(tags) - set(TAGS):
        raise Refused(
            "rating.tags",
            zh="没有这个标签，请从列表中选择。",
            en="There is no such tag; choose from the list.",
        )
    with write():
        case = recording.locked(case)
        if not may_rate(case):
            raise Refused(
                "rating.not_now",
                zh=f"{case.number} 还没有处理完，暂时不能评价。",
                en=f"{case.number} is not finished, so it cannot be rated yet.",
            )
        given = {"department_id": case.department_id, "marks": marks, "tags": tags, "words": words, "at": at}
        rating, _ = Rating.objects.update_or_create(case=case, defaults=given)
        recording.save(case, at=at)
        recording.note(case, "rated", by=by, at=at, data={"marks": marks, "tags": tags})
    return rating


def ratings_in_words(events: Sequence[Event], lang: str) -> dict[int, str]:
    """What was given each time, by number of the event `case.rated`; the customer's own words stand with the last."""
    told = {}
    for event in events:
        tags = [TAGS[tag].text(lang) for tag in event.data["tags"] if tag in TAGS]
        marks = event.data["marks"]
        told[event.seq] = " ".join(["★" * marks + "☆" * (max(MARKS) - marks), *tags])
    if events:
        words = Rating.objects.filter(case=int(events[-1].subject_id)).values_list("words", flat=True).first()
        told[events[-1].seq] += f" · {words}" if words else ""
    return told
