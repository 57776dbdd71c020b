"""Rules in plain words, Chinese and English: what pages show of a manual and what a refusal says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from kefu.core.errors import in_language
from kefu.core.rulebook.expressions import (
    Branch,
    Count,
    Effect,
    Instant,
    Matcher,
    Share,
    Special,
    Test,
    Value,
    Who,
)
from kefu.core.rulebook.fields import step
from kefu.core.rulebook.model import Kind, Need, Rulebook, Step, Text
from kefu.core.rulebook.wording_of_time import recurrence_text
from kefu.core.worktime import Amount, Recurrence, Unit

_FIELDS: Final = {
    "owner": Text("负责人", "the owner"),
    "author": Text("登记人", "the author"),
    "department": Text("部门", "the department"),
    "origin": Text("来源工单", "the work it came from"),
    "state": Text("状态", "the state"),
    "kind": Text("种类", "the kind"),
    "number": Text("编号", "the number"),
    "opened": Text("登记", "opened"),
    "done": Text("办结", "done"),
    "period": Text("所属周期", "its period"),
    "planned": Text("计划时间", "the planned time"),
    "item": Text("第几次", "which one of the series"),
    "each": Text("对象", "the one it is for"),
    "tries": Text("联系次数", "the number of tries"),
    "links": Text("当前审批人", "whose turn it is to agree"),
    "post": Text("岗位", "the post"),
    "name": Text("姓名", "the name"),
    "phone": Text("电话", "the telephone"),
    "grade": Text("等级", "the grade"),
    "parent": Text("上级部门", "the unit above"),
    "region": Text("区域", "the region"),
    "credit": Text("信用等级", "the credit rating"),
    "credit_limit": Text("信用额度", "the credit limit"),
    "standing": Text("客户评价", "the standing"),
    "specialist": Text("客户专员", "the specialist"),
    "open_items": Text("未结事项数", "the open items"),
    "cancelled": Text("注销", "the cancellation"),
    "ordinary": Text("普通客户", "ordinary"),
    "excellent": Text("优秀客户", "excellent"),
    "dangerous": Text("危险客户", "dangerous"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "due": Text("到期", "due"),
    "set": Text("字段变更", "a field changed"),
    "starts": Text("开始", "start"),
    "ends": Text("结束", "end"),
}
_AUTHORS: Final = {
    "approvals": Text("申请人", "the applicant"),
    "forms": Text("填写人", "whoever fills it in"),
}
_PERIODS: Final = {
    "day": Text("当天", "the day"),
    "working day": Text("当个工作日", "the working day"),
    "week": Text("当周", "the week"),
    "month": Text("当月", "the month"),
    "quarter": Text("当季", "the quarter"),
    "half year": Text("半年", "the half year"),
    "year": Text("当年", "the year"),
}
_WAYS: Final = {
    "": ("", ""),
    "in_turn": ("（轮流）", " in turn"),
    "least_loaded": ("（在办最少者）", ", whoever has least in hand"),
    "first_contact": ("（首问负责）", ", whoever knows the customer"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for the rules of one kind of work in one language.

    kind: whose fields, states and moves are named; None where a rule stands alone (a post).
    """

    rulebook: Rulebook
    kind: Kind | None
    lang: str

    def _say(self, zh: str, en: str) -> str:
        return in_language(self.lang, zh, en)

    def either(self, words: Iterable[str]) -> str:
        return self._say("或", " or ").join(words)

    def _and(self, words: Iterable[str]) -> str:
        return self._say("、", ", ").join(words)

    def clauses(self, ids: Iterable[str]) -> str:
        """Clauses as people look them up: chapter, and the place among all clauses of the rulebook."""
        places = {name: place for place, name in enumerate(self.rulebook.clauses, start=1)}
        return self._and(
            self.rulebook.clauses[one].chapter.text(self.lang)
            + self._say(f"第 {places[one]} 条", f" no. {places[one]}")
            for one in ids
            if one in places
        )

    # --- names ----------------------------------------------------------------------------------------

    def field(self, path: str) -> str:
        """The title of a field; `leave.starts` as "请假的开始"."""
        first, _, second = path.partition(".")
        name = self._name(first)
        if not second:
            return name
        inner = self._name(second)
        return self._say(f"{name}的{inner}", f"{inner} of {name}")

    def _name(self, word: str) -> str:
        known = step(self.kind, word) if self.kind else None
        title = known.title if known and known.title else _FIELDS.get(word)
        if word == "author" and self.kind and self.kind.chapter in _AUTHORS:
            title = _AUTHORS[self.kind.chapter]
        return title.text(self.lang) if title else word.replace("_", " ")

    def value(self, path: str, value: str | Who) -> str:
        """An option, state or level by its title, a who-expression in words, anything else as written."""
        if isinstance(value, Who):
            return self.who(value)
        if self.kind is None:  # a record that no pack declares
            return self._post(value) if path == "post" else value
        title: Text | None = None
        if path == "state" and value in self.kind.flow.states:
            title = self.kind.flow.states[value].title
        elif self.kind.grades and path == self.kind.grades.name and value in self.kind.grades.levels:
            title = self.kind.grades.levels[value].title
        elif path in self.kind.form.fields:
            title = self.kind.form.fields[path].options.get(value)
        return title.text(self.lang) if title else value

    def _post(self, name: str) -> str:
        post = self.rulebook.posts.get(name)
        return post.title.text(self.lang) if post else name

    def _kind(self, name: str) -> str:
        kind = self.rulebook.kinds.get(name)
        return kind.title.text(self.lang) if kind else name

    def who(self, who: Who) -> str:
        inner = self.who(who.of) if who.of else ""
        match who.word:
            case "post":
                return self._post(who.name)
            case "on duty":
                return self._say(f"当班{self._post(who.name)}", f"{self._post(who.name)} on duty")
            case "field":
                return self.field(who.name)
            case "leader of":
                return self._say(f"{inner}的上级", f"the leader of {inner}")
            case "team of":
                return self._say(f"{inner}的下属", f"the direct reports of {inner}")
            case "line of":
                top = self._post(who.name)
                return self._say(f"{inner}的逐级上级直至{top}", f"each leader of {inner} up to {top}")
            case "customer":
                return self._say("客户", "the customer")
        return self._say("任何员工", "anyone")

    # --- conditions -----------------------------------------------------------------------------------

    def matcher(self, matcher: Matcher) -> str:
        alternatives = [
            self._say("，且", " and ").join(self.test(test) for test in tests) for tests in matcher.any_of
        ]
        return self._say("；或 ", "; or ").join(alternatives)

    def test(self, test: Test, *, holds: bool = True) -> str:
        """One condition as a statement; `holds=False` states its opposite."""
        if test.operator == "not":
            return self.test(cast("Test", test.operand), holds=not holds)
        if test.operator == "count":
            return self._count(cast("Count", test.operand), holds)
        name = self.field(test.path)
        zh, en = ("", "") if holds else ("不", "not ")
        match test.operator:
            case "any" | "none":
                filled = holds is (test.operator == "any")
                return self._say(
                    f"{name}{'已填写' if filled else '为空'}", f"{name} is {'filled' if filled else 'empty'}"
                )
            case "is":
                values = self.either(
                    self.value(test.path, one) for one in cast("tuple[str | Who, ...]", test.operand)
                )
                return self._say(f"{name}{zh}是{values}", f"{name} is {en}{values}")
            case "at_least" | "at_most":
                least = holds is (test.operator == "at_least")
                return f"{name} {self._bound(least=least, strictly=not holds)} {self._number(test.operand)}"
            case "same_as":
                other = self.field(str(test.operand))
                return self._say(f"{name}与{other}{zh}相同", f"{name} is {en}the same as {other}")
        hours = str(test.operand)
        shown = (
            self.rulebook.calendar.hours[hours].render(self.lang)
            if hours in self.rulebook.calendar.hours
            else hours
        )
        return self._say(f"{name}时间{zh}在 {shown} 内", f"{name} falls {en}within {shown}")

    def _bound(self, *, least: bool, strictly: bool) -> str:
        if least:
            return self._say("多于" if strictly else "不少于", "is more than" if strictly else "is at least")
        return self._say("少于" if strictly else "不多于", "is less than" if strictly else "is at most")

    def _number(self, operand: object) -> str:
        return self._say("（待定）", "(to be set)") if operand is Special.TO_BE_SET else str(operand)

    def _count(self, count: Count, holds: bool) -> str:
        kind = self.rulebook.kinds.get(count.of)
        inner = Wording(self.rulebook, kind, self.lang)
        named = self._kind(count.of)
        if count.where:
            where = inner.matcher(count.where)
            named = self._say(f"{named}（{where}）", f"{named} ({where})")
        if count.during:
            period = _PERIODS[count.during].text(self.lang)
            named = self._say(f"{period}的{named}", f"{named} in {period}")
        if count.same:
            fields = self._and(inner.field(path) for path in count.same)
            named = self._say(f"{named}涉及的不同{fields}", f"different {fields} of {named}")
        bounds = [
            f"{self._bound(least=least is holds, strictly=not holds)} {self._number(bound)}"
            for least, bound in ((True, count.at_least), (False, count.at_most))
            if bound is not None
        ]
        if count.among or any(isinstance(bound, Share) for bound in (count.at_least, count.at_most)):
            among = inner.matcher(count.among) if count.among else ""
            of = self._say(f"（{among}）" if among else "", f" of those where {among}" if among else "")
            number = self._say(f"占全部{self._kind(count.of)}{of}的比例", f"the share{of} that is ")
        else:
            number = self._say("的数量", "the number of ")
        text = self._say("且" if holds else "或", " and " if holds else " or ").join(bounds)
        return self._say(f"{named}{number}{text}", f"{number}{named} {text}")

    def need(self, need: Need) -> str:
        """What a need asks, with its condition and whether a reason passes it."""
        said = self.matcher(need.that)
        if need.when:
            when = self.matcher(need.when)
            said = self._say(f"如{when}，则须{said}", f"if {when}: {said}")
        return said + (
            self._say("（可写明原因后通过）", " (may be passed with a written reason)") if need.soft else ""
        )

    # --- time and effects -----------------------------------------------------------------------------

    def instant(self, instant: Instant) -> str:
        period = _PERIODS.get(instant.anchor)
        said = period.text(self.lang) if period else self.field(instant.anchor)
        if instant.edge:
            start = instant.edge == "start of"
            said = self._say(
                f"{said}{'开始' if start else '结束'}", f"the {'start' if start else 'end'} of {said}"
            )
        if instant.amount:
            length = instant.amount.render(self.lang)
            zh = "前" if instant.side == "before" else "后"
            said = self._say(f"{said}{zh} {length}", f"{length} {instant.side} {said}")
        if instant.end_of_day or instant.at:
            clock = "24:00" if instant.end_of_day else f"{instant.at:%H:%M}"
            said = self._say(f"{said}当天 {clock}", f"{said}, at {clock}")
        return said

    def due(self, value: Amount | Instant | Recurrence | Special) -> str:
        if isinstance(value, Recurrence):
            return recurrence_text(value, self.lang)
        if isinstance(value, Amount):
            meant = self.rulebook.calendar.at_once
            if value.unit is not Unit.AT_ONCE or meant is None:
                return value.render(self.lang)
            return f"{value.render(self.lang)} ({meant.render(self.lang)})"
        return self.instant(value) if isinstance(value, Instant) else self._say("待定", "to be set")

    def effect(self, effect: Effect) -> str:
        people = self.who(effect.for_) if effect.for_ else ""
        match effect.word:
            case "open":
                for_ = self._say(f"，交{people}", f" for {people}") if people else ""
                return self._say(
                    f"新建{self._kind(effect.target)}{for_}", f"open {self._kind(effect.target)}{for_}"
                )
            case "set":
                return self._and(self._set(name, value) for name, value in effect.with_.items())
            case "assign":
                zh, en = _WAYS[effect.way]
                return self._say(f"交由{people}负责{zh}", f"assign to {people}{en}")
            case "escalate":
                return self._say(f"上报{people}", f"escalate to {people}")
            case "notify":
                return self._say(f"通知{people}", f"notify {people}")
        moves = self.kind.flow.moves if self.kind else {}
        title = moves[effect.target].title.text(self.lang) if effect.target in moves else effect.target
        return self._say(f"自动{title}", f"make the move “{title}”")

    def _set(self, path: str, value: str) -> str:
        """One field, or with two steps a fact of the record that it names, perhaps copied from a field."""
        said = self.value(path, value)
        if "." in path:
            known = step(self.kind, value) if self.kind else None
            said = self.field(value) if known else self._name(value)
        return self._say(f"{self.field(path)}改为{said}", f"set {self.field(path)} to {said}")

    def step(self, step_: Step) -> str:
        effects = self._and(self.effect(effect) for effect in step_.do)
        if isinstance(step_.at, Decimal):
            percent = f"{(step_.at * 100).normalize():f}%"
            return self._say(
                f"用去时限的 {percent} 时：{effects}", f"when {percent} of the time is used: {effects}"
            )
        return self._say(f"{self.instant(step_.at)}时：{effects}", f"at {self.instant(step_.at)}: {effects}")

    # --- events and branches ---------------------------------------------------------------------------

    def event(self, event: str) -> str:
        """`repair.finished` as “报修”的“完工”."""
        name, _, moved = event.partition(".")
        kind = self.rulebook.kinds.get(name)
        happened = Wording(self.rulebook, kind, self.lang).field(moved)
        return self._say(f"“{self._kind(name)}”发生“{happened}”", f"“{happened}” of {self._kind(name)}")

    def branches(self, branches: Iterable[Branch[Value]], say: Callable[[Value], str]) -> list[str]:
        found: list[str] = []
        for branch in branches:
            said = say(branch.value)
            if branch.when:
                said = self._say(
                    f"如{self.matcher(branch.when)}：{said}", f"if {self.matcher(branch.when)}: {said}"
                )
            elif found:
                said = self._say(f"其他情况：{said}", f"otherwise: {said}")
            found.append(said)
        return found
