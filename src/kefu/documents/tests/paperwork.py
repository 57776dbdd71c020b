"""A manual with forms of the test's own: a visit sheet that is signed and approved, and a plain note."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from kefu.core.rulebook import load_source
from kefu.core.versions.actions import pack_source, publish
from kefu.documents import actions
from kefu.documents.models import Document
from tests.cast import Cast, local

AT = local("2026-09-24 10:00")


def named(zh: str, en: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"title": {"zh": zh, "en": en}, "type": type_, **more}


def number(zh: str, en: str, **more: Any) -> dict[str, Any]:
    return named(zh, en, "number", **more)


VISIT: dict[str, Any] = {
    "title": {"zh": "上门回访单", "en": "visit sheet"},
    "by": "agent",
    "number": "VS{yyyymmdd}-{seq:4}",
    "flow": "visit_flow",
    "keep": "36 months",
    "copies": {"agent": "1", "manager": "2"},
    "layout": {"rows": [["customer_name", "telephone"], ["visited_on", "satisfied"], ["opinion"], ["parts"]]},
    "fields": {
        "customer_name": named("客户姓名", "customer", "text", required="true", prefill="origin.surname"),
        "telephone": named("电话", "telephone", "text", privacy="phone", prefill="origin.telephone"),
        "case_number": named("工单编号", "case", "text", prefill="origin.number"),
        "customer": named("客户", "customer", "record", of="customer", prefill="origin.customer"),
        "customer_phone": named(
            "客户电话", "customer's phone", "text", privacy="phone", prefill="customer.phone"
        ),
        "visited_on": named("回访日期", "visited on", "day", prefill="opened"),
        "visitor": named("回访人", "visitor", "record", of="person", prefill="author"),
        "satisfied": named(
            "满意度",
            "satisfied",
            "choice",
            required="true",
            options={"yes": {"zh": "满意", "en": "yes"}, "no": {"zh": "不满意", "en": "no"}},
        ),
        "opinion": named("客户意见", "opinion", "text"),
        "parts": named(
            "用料",
            "parts",
            "rows",
            fields={
                "thing": named("品名", "thing", "text"),
                "price": number("单价", "price"),
                "pieces": number("数量", "pieces"),
                "amount": number("金额", "amount", computed={"product": ["price", "pieces"]}),
            },
        ),
        "total": number("合计金额", "total", unit="元", computed={"sum": ["parts.amount"]}),
        "remark": named("退回意见", "remark", "text"),
        "customer_signature": named("客户签名", "customer's signature", "signature"),
        "signature": named("回访人签名", "visitor's signature", "signature"),
        "approval": named("主管签名", "supervisor's signature", "signature"),
    },
}
NOTE: dict[str, Any] = {
    "title": {"zh": "情况说明", "en": "note"},
    "by": "anyone",
    "fields": {"text": named("说明", "text", "text", required="true")},
}


def _move(zh: str, from_: str, to: str, by: str, *fill: str) -> dict[str, Any]:
    return {"title": {"zh": zh, "en": zh}, "from": from_, "to": to, "by": by, "fill": list(fill)}


FLOW = {
    "title": {"zh": "回访单流转", "en": "visit sheet"},
    "states": {
        "draft": {"title": {"zh": "草稿", "en": "draft"}},
        "signed": {"title": {"zh": "待批准", "en": "to be approved"}},
        "filed": {"title": {"zh": "已归档", "en": "filed"}},
    },
    "moves": {
        "signed": _move("签署", "draft", "signed", "author", "customer_signature", "signature"),
        "filed": _move("批准归档", "signed", "filed", "supervisor", "approval"),
        "sent_back": _move("退回", "signed", "draft", "supervisor", "remark"),
    },
}
REGISTERS: dict[str, Any] = {
    "visits": {
        "title": {"zh": "上门回访登记表", "en": "register of visits"},
        "of": "visit_sheet",
        "where": {"state": "filed"},
        "columns": ["number", "visited_on", "customer_name", "telephone", "visitor", "satisfied", "total"],
        "order": ["-opened"],
        "sum": ["total"],
    },
    "visit_results": {
        "title": {"zh": "回访结果统计", "en": "results of visits"},
        "of": "visit_sheet",
        "group": ["satisfied", "visitor"],
        "sum": ["total"],
    },
}
ANSWERS: dict[str, object] = {
    "customer_name": "王芳",
    "telephone": "13812345678",
    "satisfied": "yes",
    "opinion": "维修及时。",
    "parts": [
        {"thing": "水龙头", "price": "35", "pieces": "2"},
        {"thing": "生料带", "price": "2", "pieces": "1"},
    ],
}
SIGNED: dict[str, object] = {"customer_signature": "王芳", "signature": "陈静"}


def with_forms(cast: Cast, at: datetime = AT) -> None:
    """Publish the property manual with the forms and registers above."""
    source = json.loads(pack_source("property"))
    source.setdefault("forms", {}).update({"visit_sheet": VISIT, "plain_note": NOTE})
    source.setdefault("flows", {})["visit_flow"] = FLOW
    source.setdefault("registers", {}).update(REGISTERS)
    text = json.dumps(source, ensure_ascii=False)
    publish(load_source(text).source, by=cast.owner, at=at, in_force_from=at)


def sheet(cast: Cast, at: datetime = AT, **more: object) -> Document:
    """A visit sheet that the agent has begun."""
    department = cast.service_centre
    return actions.begin(
        "visit_sheet", department=department, by=cast.agent, at=at, values={**ANSWERS, **more}
    )


def signed(cast: Cast, at: datetime = AT, **more: object) -> Document:
    return actions.move(sheet(cast, at, **more), "signed", by=cast.agent, at=at, values=SIGNED)


def filed(cast: Cast, at: datetime = AT, **more: object) -> Document:
    document = signed(cast, at, **more)
    return actions.move(document, "filed", by=cast.supervisor, at=at, values={"approval": "赵敏"})


def a_signature() -> bytes:
    """What the pad sends: a PNG of a stroke."""
    made = io.BytesIO()
    picture = Image.new("RGBA", (400, 120))
    ImageDraw.Draw(picture).line([(20, 100), (120, 20), (200, 100), (380, 40)], fill="black", width=6)
    picture.save(made, "PNG")
    return made.getvalue()
