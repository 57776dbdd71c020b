"""Fields of a form that take several inputs: the two ends of a span, the lines of rows.

`NAME.starts` and `NAME.ends`; `NAME.lines` says how many lines were shown, `NAME.0.COLUMN` is a cell of the first.
"""

from __future__ import annotations

from django.http import QueryDict

from kefu.core.work.fields import MOST_LINES

ADD_LINE = "add_line"  # the button that asks for one more line of the field it names, and sends nothing
FIRST_LINES = 3


def wants_line(posted: QueryDict) -> bool:
    """Whether the form was only sent to get one more line: nothing is done then, it is shown again."""
    return ADD_LINE in posted


def ends_typed(posted: QueryDict, at: str) -> list[str]:
    return [posted.get(f"{at}.starts", ""), posted.get(f"{at}.ends", "")]


def span_sent(posted: QueryDict, at: str) -> str | None:
    """Both ends as `fields.read_value` wants them, "" for none; None when the form did not have the field."""
    if f"{at}.starts" not in posted and f"{at}.ends" not in posted:
        return None
    starts, ends = (end.strip().replace("/", "-") for end in ends_typed(posted, at))
    return f"{starts}/{ends}" if starts or ends else ""


def lines_sent(posted: QueryDict, at: str) -> int | None:
    """How many lines the form had; None when it did not have the field. One more than allowed is told apart."""
    number = posted.get(f"{at}.lines")
    if number is None:
        return None
    return (
        min(int(number), MOST_LINES + 1) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
    )


def lines_shown(posted: QueryDict | None, at: str, stored: int) -> int:
    """As many as were shown before, one more where it was asked for; at first what is on record and an empty one."""
    sent = lines_sent(posted, at) if posted is not None else None
    if posted is None or sent is None:
        return max(FIRST_LINES, stored + 1)
    return min(sent + (posted.get(ADD_LINE) == at), MOST_LINES)
