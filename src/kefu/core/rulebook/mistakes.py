"""What can be wrong with a rulebook, said once: a stable code and the sentence in both languages.

A mistake keeps a pack from loading; advice is listed and the pack loads all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Mark

LONGEST_QUOTE = 300
# code -> (zh, en); `{…}` are the facts given where the mistake is found.
MISTAKES: dict[str, tuple[str, str]] = {
    # the text of a file
    "yaml_syntax": ("不是合法的 YAML：{problem}", "is not YAML: {problem}"),
    "yaml_not_utf8": ("文件不是 UTF-8 编码", "the file is not UTF-8 text"),
    "yaml_too_large": ("文件超过 {limit} 字节", "the file is larger than {limit} bytes"),
    "yaml_too_many": ("文件内容超过 {limit} 个节点", "the file holds more than {limit} values"),
    "yaml_too_deep": ("嵌套超过 {limit} 层", "nested deeper than {limit} levels"),
    "yaml_anchor": ("不允许锚点（&{name}）", "anchors (&{name}) are not allowed: write the value out"),
    "yaml_alias": ("不允许别名（*{name}）", "aliases (*{name}) are not allowed: write the value out"),
    "yaml_tag": ("不允许标签（{tag}）", "tags ({tag}) are not allowed: every value is plain text"),
    "yaml_merge": ("不允许合并键（<<）", "merge keys (<<) are not allowed: write the keys out"),
    "yaml_key": ("键必须是一个词", "a key must be one word of text"),
    "yaml_documents": ("一个文件只能有一份文档", "one file holds one document"),
    "key_twice": ("键“{name}”出现了两次", "the key `{name}` is given twice"),
    # shapes
    "not_a_mapping": ("应为“键： 值”的映射", "must be a mapping of keys to values"),
    "not_a_text": ("应为一个文本值", "must be one value, not a list or a mapping"),
    "empty": ("值为空", "has no value"),
    "list_empty": ("列表为空", "the list is empty"),
    "key_unknown": ("未知的键“{name}”", "unknown key `{name}`"),
    "key_missing": ("缺少键“{name}”", "the key `{name}` is missing"),
    "chapter_unknown": ("未知的章“{name}”", "unknown chapter `{name}`"),
    "rule_twice": ("“{name}”已在 {other} 定义", "`{name}` is already given at {other}"),
    "name_form": (
        "名称“{name}”只能用小写字母、数字和下划线",
        "the name `{name}` must be lower-case letters, digits and underscores",
    ),
    # values
    "word_unknown": ("“{value}”不是允许的词", "`{value}` is not one of the allowed words"),
    "number_form": ("“{value}”不是数字", "`{value}` is not a number"),
    "whole_number_form": ("“{value}”不是正整数", "`{value}` is not a whole number above 0"),
    "day_form": ("“{value}”不是日期（应写作 YYYY-MM-DD）", "`{value}` is not a date (use YYYY-MM-DD)"),
    "moment_form": (
        "“{value}”不是本地时间（应写作 YYYY-MM-DDTHH：MM）",
        "`{value}` is not a local time (use YYYY-MM-DDTHH:MM)",
    ),
    "duration_form": ("“{value}”不是时长：{problem}", "`{value}` is not a duration: {problem}"),
    "instant_form": ("“{value}”不是时刻", "`{value}` is not an instant"),
    "recurrence_form": ("“{value}”不是周期", "`{value}` does not say when it comes round"),
    "recurrence_day": (
        "“{value}”里的日子不在这个周期内，或说不清是哪一天；每月最后一个星期五写作 month on friday on or before day 31",
        "`{value}` names a day that the period does not have, or more than one; "
        "the last Friday of a month is `month on friday on or before day 31`",
    ),
    "stage_length": (
        "“{value}”不能作一段回访的间隔；应为天数、月数或周期",
        "`{value}` cannot be the interval of a series: use days, months or a period",
    ),
    "computed_form": (
        "computed 只能有一个词，写作 {{sum: [字段]}}",
        "`computed` has exactly one word of the list and the fields it is worked out from",
    ),
    "keep_form": ("“{value}”不能作保存期限", "`{value}` cannot be how long something is kept"),
    "share_of_all": (
        "百分比缺少 where，总是全部",
        "a share needs `where`: without it, it is always all of them",
    ),
    "among_without_share": (
        "among 只与百分比连用；计数请写在 where 里",
        "`among` goes with a share such as `80%`; a plain number asks `where`",
    ),
    "path_form": ("“{value}”不是字段路径（最多两级）", "`{value}` is not a field path of at most two steps"),
    "event_form": ("“{value}”不是事件（应写作 工作.动作）", "`{value}` is not an event (use kind.move)"),
    "who_form": ("“{value}”不是人员表达式", "`{value}` does not say who"),
    "number_pattern": ("编号格式“{value}”无法识别", "the number pattern `{value}` is not understood"),
    "text_both_languages": (
        "需要中英文两种文字；含英文逗号的文字要加引号",
        "needs its text in both languages; a text with a comma stands in quotes",
    ),
    "hours_form": ("“{value}”不是每周工时：{problem}", "`{value}` is not weekly hours: {problem}"),
    "calendar_wrong": ("日历不成立：{problem}", "the calendar does not hold: {problem}"),
    # rules
    "matcher_empty": ("条件为空", "the matcher asks nothing"),
    "branch_open_end": (
        "最后一个分支不能带 when，否则可能无一成立",
        "the last branch must have no `when`, or no branch may hold",
    ),
    "branch_never": (
        "前面的分支总是成立，此分支永远到不了",
        "is never reached: a branch before it has no `when`",
    ),
    "count_without_bound": (
        "计数缺少 at_least、at_most 或 target",
        "a count needs a bound",
    ),
    "effect_one_word": ("每个动作只能有一个动词", "an effect has exactly one verb"),
    "effect_words": ("“{name}”只能与 {verb} 连用", "`{name}` goes with `{verb}` only"),
    "way_of_duty": (
        "“{name}”说的是怎样分派工单，任务属于岗位，由人领取；请去掉 way",
        "`{name}` says how cases are given out; a duty belongs to a post until somebody takes it: leave `way` out",
    ),
    "set_record": (
        "“{name}”不能设为“{value}”",
        "`{name}` cannot be set to `{value}`",
    ),
    "effect_unregistered": ("没有任何功能登记“{name}”", "no capability has registered `{name}`"),
    "expect_nothing": ("示例没有期望", "the example expects nothing"),
    "clause_missing": (
        "会拒绝、限时或派生工作的规则必须引用条款",
        "a rule that refuses, falls due or opens work must cite its clause",
    ),
    "options_missing": ("选择字段缺少选项", "a choice field needs its options"),
    "options_unwanted": ("只有选择字段可以有选项", "only a choice field has options"),
    "fields_missing": ("rows 字段缺少 fields", "a field of rows needs its fields"),
    "record_of_missing": ("record 字段缺少 of", "a record field must say what it is a record of"),
    "register_empty": ("台账没有栏目", "the register has neither columns nor groups"),
    # what comes round, chains
    "every_and_starts": (
        "任务或按周期、或因事件产生，不能两样都写",
        "a duty comes round or begins with an event, not both: give `every`, or `starts`",
    ),
    "plan_without_starts": (
        "系列从某个事件算起，缺少 starts",
        "a series counts from an event: `starts` is missing",
    ),
    "stage_endless": (
        "没有 times 的一段只能在最后，且须有 each 说明何时结束",
        "a stage without `times` is the last one, and ends when `each` no longer matches",
    ),
    "each_alone": (
        "each 须与 every 或 plan 连用",
        "`each` goes with `every` or `plan`: nothing says when there is one for each",
    ),
    "chain_empty": ("审批链没有人", "the chain has no link: nobody would have to agree"),
    "chain_anyone": (
        "审批人不能是任何人或客户",
        "a link names who agrees, neither anyone nor the customer",
    ),
    "chain_moves": (
        "审批的流程须有动作 approved 与 refused，由 links 办理",
        "the flow of an approval needs the moves `approved` and `refused`, both by `links`",
    ),
    # papers
    "layout_twice": ("版面中字段“{name}”出现了两次", "the layout names the field `{name}` twice"),
    "computed_type": (
        "字段“{name}”的类型是 {type}，不能用来计算（须为数字）",
        "the field `{name}` is of type {type}: only numbers are worked out from numbers",
    ),
    "computed_few": (
        "“{how}”需要 {number} 个字段",
        "`{how}` is worked out from {number} fields",
    ),
    "computed_cycle": ("字段“{name}”由自己算出", "the field `{name}` is worked out from itself"),
    "prefill_unknown": (
        "没有可预填的“{name}”",
        "there is no `{name}` that a new document could start with",
    ),
    # references
    "post_unknown": ("没有岗位“{name}”", "there is no post `{name}`"),
    "kind_unknown": ("没有工作种类“{name}”", "there is no kind `{name}`"),
    "form_unknown": ("没有表单“{name}”", "there is no form `{name}`"),
    "flow_unknown": ("没有流程“{name}”", "there is no flow `{name}`"),
    "flow_missing": ("工单“{name}”没有流程", "the case `{name}` has no flow"),
    "grades_unknown": ("没有等级表“{name}”", "there are no grades `{name}`"),
    "clause_unknown": ("没有条款“{name}”", "there is no clause `{name}`"),
    "state_unknown": ("流程中没有状态“{name}”", "the flow has no state `{name}`"),
    "move_unknown": ("流程中没有动作“{name}”", "the flow has no move `{name}`"),
    "field_unknown": ("“{kind}”没有字段“{name}”", "`{kind}` has no field `{name}`"),
    "option_unknown": ("字段“{field}”没有选项“{name}”", "the field `{field}` has no option `{name}`"),
    "hours_unknown": ("日历没有工时“{name}”", "the calendar has no hours `{name}`"),
    "anchor_unknown": ("“{kind}”没有时刻“{name}”", "`{kind}` has no instant `{name}`"),
    "operator_type": (
        "字段“{name}”的类型是 {type}，不能用 {operator}",
        "the field `{name}` is of type {type}: `{operator}` cannot be asked of it",
    ),
    "not_a_person": (
        "字段“{name}”不是人员或部门",
        "the field `{name}` holds neither a person nor a unit",
    ),
    "customer_here": (
        "客户（customer）只能写在工单及其动作的 by 里",
        "`customer` stands only in `by` of a case or of its moves",
    ),
    "word_twofold": (
        "“{name}”既是{first}又是{second}，含义不清",
        "`{name}` is both {first} and {second}: nothing is guessed, rename one",
    ),
    # sense
    "clock_never_stops": (
        "时限永远停不下来：“{name}”不可能在起点之后发生",
        "the clock can never stop: no stop is reachable after its start by `{name}`",
    ),
    "work_never_ends": (
        "流程“{name}”没有终点，工作永远办不完",
        "the flow `{name}` has no end: the work can never be finished",
    ),
    "number_shared": (
        "“{kind}”和“{other}”的编号都以“{letters}”开头，看编号分不出是哪一种",
        "the numbers of `{kind}` and `{other}` both begin with `{letters}`: nobody can tell them apart by it",
    ),
    "restart_without_reason": (
        "动作“{name}”会重新计时，必须填写约定时间和原因",
        "the move `{name}` restarts the clock: it must fill the agreed instant and a reason",
    ),
    "move_by_nobody": ("没有人可以执行此动作", "nobody may make this move"),
    "state_unreachable": ("从起点到不了状态“{name}”", "the state `{name}` cannot be reached from the start"),
    "slot_twice": (
        "与 {other} 争同一位置（{slot}），例如 {witness}",
        "competes with {other} for {slot}, for example when {witness}",
    ),
    "needs_contradict": (
        "这些条件互相矛盾，没有任何情况能全部满足",
        "the needs contradict each other: no record satisfies all of them",
    ),
    "reaction_cycle": (
        "联动无条件地互相触发：{cycle}",
        "reactions set each other off without a condition: {cycle}",
    ),
    "line_cycle": ("汇报线成环：{cycle}", "the reporting line runs in a circle: {cycle}"),
    # a pack over its parent
    "pack_unknown": ("找不到制度包“{name}”", "there is no pack `{name}`"),
    "pack_name": ("名称“{name}”与目录“{folder}”不符", "the name `{name}` differs from the folder `{folder}`"),
    "extends_twice": (
        "“{name}”自己也有上级；只允许一层",
        "`{name}` extends a pack itself: there is one level only",
    ),
    "removal_without_note": (
        "删除上级规则须写 {{is: none, note: 原因}}",
        "removing a rule of the parent is written {{is: none, note: why}}",
    ),
    "removal_of_nothing": ("上级没有“{name}”可删除", "the parent has no `{name}` to remove"),
    "override_without_clause": (
        "改写上级规则必须重新写明 clause",
        "a rule that overrides the parent's must restate its clause",
    ),
    "protected": ("“{name}”受上级保护，不得改动", "`{name}` is protected by the parent pack"),
}

ADVICE: dict[str, tuple[str, str]] = {
    "to_be_set": (
        "制度没有给出数值，时限不会运行",
        "the manual gives no number: nothing runs until it is set",
    ),
    "examples_missing": ("有边界的规则没有示例", "a rule with an edge has no example"),
    "clocks_alike": (
        "与“{other}”起止相同且可能同时成立",
        "starts and stops like `{other}` and both may run: two promises may be meant",
    ),
    "clause_unused": ("没有规则引用此条款", "no rule cites this clause"),
    "flow_unused": ("没有工作使用此流程", "no work uses this flow"),
    "form_unused": ("没有工作使用此表单", "no work uses this form"),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong at one place; `allowed` lists what would be right, where that is a list."""

    code: str
    mark: Mark
    zh: str
    en: str
    allowed: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        chinese = lang.startswith("zh")
        sentence = f"{self.mark}: {self.zh if chinese else self.en}"
        if self.allowed:
            sentence += (" 允许：" if chinese else " Allowed: ") + ", ".join(self.allowed)
        return sentence

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True, slots=True)
class Advice:
    """Something worth a look that keeps nothing from loading."""

    code: str
    mark: Mark
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.en}"


def mistake(code: str, mark: Mark, *, allowed: Sequence[str] = (), **facts: object) -> Mistake:
    """Return the mistake `code` with its sentences filled in from `facts`."""
    zh, en = MISTAKES[code]
    shown = {name: short(str(value)) for name, value in facts.items()}
    return Mistake(code, mark, zh.format(**shown), en.format(**shown), tuple(allowed))


def short(text: str) -> str:
    """What a file says is quoted, but a sentence stays a sentence."""
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def advice(code: str, mark: Mark, **facts: object) -> Advice:
    """Return the advice `code` with its sentences filled in from `facts`."""
    zh, en = ADVICE[code]
    return Advice(code, mark, zh.format(**facts), en.format(**facts))


class Wrong(Exception):
    """Carries one mistake from the value where it was found to the entry that collects it."""

    def __init__(self, found: Mistake) -> None:
        super().__init__(str(found))
        self.mistake = found


def wrong(code: str, mark: Mark, *, allowed: Sequence[str] = (), **facts: object) -> Wrong:
    return Wrong(mistake(code, mark, allowed=allowed, **facts))


class RulebookRefused(Refused):
    """A pack that does not load; `mistakes` holds all of them, one line each in the message."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            "rulebook.refused",
            zh="\n".join(found.text("zh") for found in mistakes),
            en="\n".join(found.text("en") for found in mistakes),
        )
