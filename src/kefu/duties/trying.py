"""Tries to reach a customer: as often, as far apart and at such hours as the rule of the duty says."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from kefu.core import worktime
from kefu.core.clocks import facts_json
from kefu.core.clocks.actions import refresh
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.inputs import line
from kefu.core.rulebook.model import Text
from kefu.core.work import recording
from kefu.duties.actions import require_mine
from kefu.duties.models import Attempt, Duty
from kefu.staff.models import Person

CHANNELS: Final = {
    "telephone": Text("电话", "telephone"),
    "sms": Text("短信", "text message"),
    "wechat": Text("微信", "WeChat"),
    "mail": Text("邮件", "mail"),
    "visit": Text("上门", "visit"),
}
# The customer was spoken to; all others are tries in vain.
REACHED: Final = ("reached", "call_later")
RESULTS: Final = {
    "reached": Text("已联系上", "reached"),
    "call_later": Text("客户请稍后再联系", "asked to be called later"),
    "no_answer": Text("无人接听", "no answer"),
    "busy": Text("忙线", "busy"),
    "switched_off": Text("关机或停机", "switched off"),
    "wrong_number": Text("号码有误", "wrong number"),
    "declined": Text("客户拒绝", "declined"),
}
TRIES = "tries"
LONGEST_NOTE = 500


def attempt(duty: Duty, *, channel: str, result: str, note: str = "", by: Person, at: datetime) -> Attempt:
    """Write down a try. Whoever may do the duty, and finds it without an owner, takes it with the try.

    Raises Refused attempt.channel, .result, .note_missing, .too_soon, .quiet, .enough; duty.not_yours, work.over.
    """
    _known(channel, CHANNELS, "channel", "联系方式", "channel")
    _known(result, RESULTS, "result", "结果", "result")
    note = line(note, "说明 / note", longest=LONGEST_NOTE) if note.strip() else ""
    with write():
        duty = require_mine(recording.locked(duty), by=by, at=at)
        earlier = list(Attempt.objects.filter(duty=duty))
        _require_time(duty, earlier, at)
        made = Attempt.objects.create(duty=duty, by=by, at=at, channel=channel, result=result, note=note)
        told: dict[str, object] = {}
        if result not in REACHED:
            told[TRIES] = Decimal(in_vain(earlier) + 1)
            duty.fields = facts_json.dump(duty.values | told)
        recording.save(duty, at=at)
        recording.note(
            duty, "tried", by=by, at=at, name="set", values=told, data={"channel": channel, "result": result}
        )
        refresh(duty, at=at)
    return made


def in_vain(attempts: list[Attempt]) -> int:
    """How many of them reached nobody."""
    return sum(one.result not in REACHED for one in attempts)


def next_try_at(duty: Duty, last: datetime | None, at: datetime) -> datetime:
    """The earliest instant, not before `at`, at which the rule lets one try again. last: when one last tried."""
    rule, calendar = duty.rule.attempts, duty.rulebook.calendar
    if rule is None:
        return at
    earliest = at
    if last is not None and rule.spacing is not None:
        earliest = max(at, worktime.due(calendar, last, rule.spacing).at)
    return worktime.next_inside(calendar, rule.inside, earliest) if rule.inside else earliest


def last_try(duty: Duty) -> datetime | None:
    """When somebody was last tried to be reached for it."""
    return Attempt.objects.filter(duty=duty).order_by("-at").values_list("at", flat=True).first()


def may_end_unreached(duty: Duty) -> bool:
    """Whether the tries are enough to end it as not reached."""
    rule = duty.rule.attempts
    return rule is not None and Decimal(str(duty.values.get(TRIES, 0))) >= rule.at_most


def _require_time(duty: Duty, earlier: list[Attempt], at: datetime) -> None:
    rule = duty.rule.attempts
    if rule is None:
        return
    if in_vain(earlier) >= rule.at_most:
        raise Refused(
            "attempt.enough",
            zh=f"已联系 {rule.at_most} 次未果，不必再试；请以「未联系上」结束，记录即为凭证。",
            en=f"{rule.at_most} tries in vain are enough; end it as not reached, they are the evidence.",
            at_most=rule.at_most,
        )
    again = next_try_at(duty, earlier[-1].at if earlier else None, at)
    if again <= at:
        return
    when = f"{duty.rulebook.calendar.local(again):%m-%d %H:%M}"
    if rule.inside and not worktime.inside(duty.rulebook.calendar, rule.inside, at):
        hours = duty.rulebook.calendar.hours[rule.inside]
        raise Refused(
            "attempt.quiet",
            zh=f"现在不宜打扰客户（可联系时间：{hours.render('zh')}），请在 {when} 以后联系。",
            en=f"Customers are not disturbed now (hours: {hours.render('en')}); try from {when} on.",
            again=when,
        )
    raise Refused(
        "attempt.too_soon",
        zh=f"两次联系之间至少间隔 {rule.spacing and rule.spacing.render('zh')}，请在 {when} 以后再试。",
        en=f"Tries lie at least {rule.spacing and rule.spacing.render('en')} apart; try again from {when} on.",
        again=when,
    )


def _known(code: str, codes: dict[str, Text], what: str, zh: str, en: str) -> None:
    if code not in codes:
        raise Refused(
            f"attempt.{what}",
            zh=f"没有这种{zh}「{code[:40]}」；可选：{'、'.join(one.zh for one in codes.values())}",
            en=f"there is no {en} “{code[:40]}”; choose one of: {', '.join(codes)}",
        )
