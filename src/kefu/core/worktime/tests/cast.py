"""The calendars the tests speak of."""

from datetime import UTC, datetime

from kefu.core.worktime import Calendar, parse_amount, parse_hours


def office(**changes: object) -> Calendar:
    """The property centre: Monday to Friday with a lunch break, China's holidays; a hotline round the
    clock.
    """
    fields: dict[str, object] = {
        "name": "property",
        "zone": "Asia/Shanghai",
        "hours": {
            "office_hours": parse_hours("mon-fri 08:30-12:00 13:30-18:00"),
            "hotline": parse_hours("every day 00:00-24:00"),
        },
        "at_once": parse_amount("10 minutes"),
    }
    return Calendar(**{**fields, **changes})  # type: ignore[arg-type]  # the fields are stated right above


def on_the_wall(calendar: Calendar, text: str) -> datetime:
    """The instant of "2026-09-24T16:00" in the calendar's zone, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.tz).astimezone(UTC)
