"""Kinds of work, chains, forms and registers in plain words: one line each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kefu.core.errors import in_language
from kefu.core.rulebook.model import (
    Attempts,
    Computed,
    Each,
    Field,
    Form,
    Kind,
    Link,
    Register,
    Stage,
    Text,
)
from kefu.core.rulebook.wording import Wording
from kefu.core.rulebook.wording_of_time import recurrence_text
from kefu.core.worktime import Amount, Unit

_RECORDS: Final = {
    "person": Text("每位员工", "each member of staff"),
    "unit": Text("每个部门", "each unit"),
    "customer": Text("每位客户", "each customer"),
}
_COMPUTED: Final = {
    "sum": Text("合计", "the sum of"),
    "difference": Text("差额", "the difference of"),
    "product": Text("乘积", "the product of"),
    "count": Text("数量", "the number of"),
    "average": Text("平均", "the average of"),
    "share": Text("占比", "the share of"),
}


def kind_lines(words: Wording, kind: Kind) -> tuple[str, ...]:
    """Who it falls to, when it comes, for whom, who agrees, who gets the paper, what proves it."""
    return tuple(_kind(words, kind))


def _kind(words: Wording, kind: Kind) -> Iterator[str]:
    def say(zh: str, en: str) -> str:
        return in_language(words.lang, zh, en)

    if kind.when:
        said = words.matcher(kind.when)
        yield say(f"适用：{said}", f"Applies if {said}")
    for said in words.branches(kind.by, lambda whos: words.either(map(words.who, whos))):
        yield say(f"由：{said}", f"By: {said}")
    for event in kind.starts:
        said = words.event(event)
        yield say(f"由事件产生：{said}", f"Begins with {said}")
    if kind.every:
        said = recurrence_text(kind.every, words.lang)
        yield say(f"周期：{said}", f"Comes round: {said}")
    if kind.each:
        said = each_text(words, kind.each)
        yield say(f"{said}一份", f"One for {said}")
    for index, stage in enumerate(kind.plan):
        yield stage_text(words, stage, first=index == 0)
    if kind.attempts:
        yield attempts_text(words, kind.attempts)
    for said in words.branches(kind.chain, lambda links: chain_text(words, links)):
        yield say(f"审批：{said}", f"Agreed by: {said}")
    for who, number in kind.copies:
        said = words.who(who)
        yield say(f"报送：{said} {number} 份", f"Copies: {number} to {said}")
    for need in kind.needs:
        said = words.need(need)
        yield say(f"条件：{said}", f"Only if {said}")


def each_text(words: Wording, each: Each) -> str:
    known = _RECORDS.get(each.of)
    kind = words.rulebook.kinds.get(each.of)
    title = kind.title if kind else Text(each.of, each.of)
    named = (
        known.text(words.lang) if known else in_language(words.lang, f"每件{title.zh}", f"each {title.en}")
    )
    if each.where is None:
        return named
    where = Wording(words.rulebook, kind, words.lang).matcher(each.where)
    return in_language(words.lang, f"{named}（{where}）", f"{named} ({where})")


def stage_text(words: Wording, stage: Stage, *, first: bool) -> str:
    every = length_of_stage(stage.every, words.lang)
    times_zh = f"，共 {stage.times} 次" if stage.times else "，直至不再符合"
    times_en = f", {stage.times} times" if stage.times else ", for as long as it applies"
    head_zh, head_en = ("自事件起每", "From the event on every") if first else ("随后每", "then every")
    return in_language(words.lang, f"{head_zh} {every}{times_zh}", f"{head_en} {every}{times_en}")


def length_of_stage(every: Amount, lang: str) -> str:
    """`3 months` without what a duration says of nights and days off."""
    zh, en = ("个月", "months") if every.unit is Unit.MONTHS else ("天", "days")
    number = f"{every.number.normalize():f}"
    return in_language(lang, f"{number} {zh}", f"{number} {en.removesuffix('s') if number == '1' else en}")


def attempts_text(words: Wording, attempts: Attempts) -> str:
    zh, en = [f"最多联系 {attempts.at_most} 次"], [f"At most {attempts.at_most} tries"]
    if attempts.spacing:
        zh.append(f"间隔 {attempts.spacing.render('zh')}")
        en.append(f"{attempts.spacing.render('en')} apart")
    if attempts.inside:
        hours = words.rulebook.calendar.hours[attempts.inside]
        zh.append(f"限 {hours.render('zh')}")
        en.append(f"within {hours.render('en')}")
    return in_language(words.lang, "，".join(zh), ", ".join(en))


def chain_text(words: Wording, links: Iterable[Link]) -> str:
    """`甲 → 乙与丙`."""
    together = in_language(words.lang, "与", " and ")
    said = [together.join(map(words.who, link)) for link in links]
    return " → ".join(said) if said else in_language(words.lang, "无须审批", "nobody")


def form_lines(words: Wording, form: Form) -> tuple[str, ...]:
    """How long it is kept; nothing where the manual says nothing."""
    if form.keep is None:
        return ()
    if form.keep == "forever":
        return (in_language(words.lang, "保存期限：永久", "Kept for ever"),)
    length = length_of_stage(form.keep, words.lang)
    return (in_language(words.lang, f"保存期限：{length}", f"Kept for {length}"),)


def computed_text(computed: Computed, fields: Iterable[str], lang: str) -> str:
    """`合计：甲、乙`; fields: the titles, in their order."""
    how = _COMPUTED[computed.how]
    return in_language(lang, f"{how.zh}：{'、'.join(fields)}", f"{how.en} {', '.join(fields)}")


def path_title(path: str, *levels: dict[str, Field], lang: str) -> str:
    """The title at a path of fields: `items.amount` as 明细的金额."""
    first, _, second = path.partition(".")
    field = next((level[first] for level in levels if first in level), None)
    if field is None:
        return path
    title = field.title.text(lang)
    inner = field.fields.get(second)
    return (
        in_language(lang, f"{title}的{inner.title.text(lang)}", f"{inner.title.text(lang)} of {title}")
        if inner
        else title
    )


def register_lines(words: Wording, register: Register) -> tuple[str, ...]:
    """What it lists, which fields, in which order."""

    def say(zh: str, en: str) -> str:
        return in_language(words.lang, zh, en)

    kinds = words.rulebook.kinds
    first = Wording(words.rulebook, kinds.get(register.of[0]) if register.of else None, words.lang)
    named = [
        kinds[of].title.text(words.lang) if of in kinds else _RECORDS.get(of, Text(of, of)).text(words.lang)
        for of in register.of
    ]
    said = [say(f"内容：{'、'.join(named)}", f"Lists {', '.join(named)}")]
    if register.where:
        where = first.matcher(register.where)
        said.append(say(f"范围：{where}", f"Where {where}"))
    for paths, zh, en in (
        (register.columns, "栏目", "Columns"),
        (register.group, "分组", "By"),
        (register.sum, "合计", "Sums"),
        (register.order, "排序", "In the order of"),
    ):
        if paths:
            titles = [first.field(path.removeprefix("-")) for path in paths]
            said.append(say(f"{zh}：{'、'.join(titles)}", f"{en}: {', '.join(titles)}"))
    return tuple(said)
