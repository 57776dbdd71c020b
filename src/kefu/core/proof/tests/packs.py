"""A small pack for proof tests, with room for the examples of each rule."""

from __future__ import annotations

from kefu.core.rulebook import load_files
from kefu.core.rulebook.model import Rulebook

RULES = """
posts:
  clerk: {title: {zh: 文员, en: clerk}, reports_to: head, stands_in: [deputy], clause: line, examples: [POST]}
  deputy: {title: {zh: 副主管, en: deputy}, reports_to: head}
  fixer: {title: {zh: 维修工, en: fixer}, reports_to: foreman}
  foreman: {title: {zh: 工程主管, en: foreman}, reports_to: head, leads: engineering}
  head: {title: {zh: 主管, en: head}, stands_in: [deputy]}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-12:00 13:30-18:00}, holidays: china,
    working_day: 8 hours, at_once: 10 minutes}
clauses:
  line: {chapter: {zh: 一, en: one}, statement: {zh: 汇报, en: the line}, requirement: [R-1]}
  time: {chapter: {zh: 二, en: two}, statement: {zh: 时限, en: the time}, requirement: [R-2]}
  course: {chapter: {zh: 三, en: three}, statement: {zh: 流程, en: the course}, requirement: [R-3]}
cases:
  repair:
    title: {zh: 报修, en: repair}
    by: clerk
    grades: weight
    examples: [CASE]
    clocks:
      come: {title: {zh: 到场, en: come}, clause: time, starts: sent, stops: arrived, pauses: waiting,
        due: [{when: {fault: burst}, is: 2 hours}, {is: 8 working hours}], steps: [{at: due, do: [
        {escalate: leader of owner}, {set: {weight: heavy}}, {open: call}]}], examples: [CLOCK]}
duties:
  call: {title: {zh: 回访, en: call}, by: clerk, clause: time, starts: [repair.closed], due: 24 hours, form: call,
    needs: [{clause: time, that: {count: {of: repair, where: {state: closed}, at_least: 1}}}], examples: [DUTY]}
forms:
  repair:
    title: {zh: 报修单, en: repair slip}
    clause: course
    examples: [FORM]
    fields:
      fault: {title: {zh: 故障, en: fault}, type: choice, required: true,
        options: {burst: {zh: 爆管, en: burst}, drip: {zh: 滴水, en: drip}}}
      floor: {title: {zh: 楼层, en: floor}, type: number}
      remark: {title: {zh: 备注, en: remark}, type: text}
      unit: {title: {zh: 部门, en: unit}, type: record, of: unit}
  call: {title: {zh: 回访单, en: call sheet}, fields: {text: {title: {zh: 内容, en: text}, type: text}}}
grades:
  weight: {title: {zh: 轻重, en: weight}, of: repair, by: clerk, levels: {
    heavy: {title: {zh: 重, en: heavy}, clause: course, when: {fault: burst, floor: {at_least: 10}}},
    light: {title: {zh: 轻, en: light}, clause: course, when: {fault: drip}}}, examples: [GRADE]}
flows:
  repair:
    clause: course
    examples: [FLOW]
    states:
      open: {title: {zh: 待派, en: open}}
      out: {title: {zh: 已派, en: out}}
      waiting: {title: {zh: 等待, en: waiting}}
      there: {title: {zh: 已到, en: there}}
      closed: {title: {zh: 关闭, en: closed}}
    moves:
      sent: {title: {zh: 派工, en: send}, from: open, to: out, by: clerk, clause: course, fill: [remark],
        needs: [{clause: course, that: {floor: {at_most: 30}}}, {clause: course, soft: true, that: {count: {of: repair,
        where: {state: out}, at_most: 2}}}], then: [{assign: fixer}, {open: call}], examples: [MOVE]}
      asked: {title: {zh: 等客户, en: wait}, from: out, to: waiting, by: fixer}
      answered: {title: {zh: 客户答复, en: go on}, from: waiting, to: out, by: fixer}
      arrived: {title: {zh: 到场, en: arrive}, from: out, to: there, by: unit}
      closed: {title: {zh: 关闭, en: close}, from: there, to: closed, by: clerk}
reactions:
  told: {after: repair.closed, clause: course, when: {fault: burst}, do: [{notify: head}, {open: call}],
    examples: [REACTION]}
"""
PLACES = ("POST", "CASE", "CLOCK", "DUTY", "FORM", "GRADE", "FLOW", "MOVE", "REACTION")


def pack(**examples: str) -> Rulebook:
    """The pack with examples (YAML, without brackets) at the places named."""
    text = RULES
    for place in PLACES:
        given = examples.get(place.lower(), "")
        text = text.replace(f"examples: [{place}]", f"examples: [{given}]" if given else "note: bare")
    files = {"desk/pack.yaml": "name: desk\ntitle: {zh: 客服部, en: desk}\n", "desk/rules.yaml": text}
    return load_files("desk", {name: body.encode() for name, body in files.items()})
