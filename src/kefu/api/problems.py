"""Every error as application/problem+json (RFC 9457) with the stable code of its refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Schema
from ninja.errors import ValidationError

from kefu.core.errors import Refused, in_language
from kefu.web.statuses import status_of

_TITLES = {
    400: ("请求格式有误", "The request cannot be read"),
    401: ("需要有效的令牌", "A valid token is needed"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    409: ("与他人的操作冲突", "In conflict with what somebody else did"),
    422: ("不能这样做", "This cannot be done"),
    429: ("请稍后再试", "Too many requests"),
}


class Problem(Schema):
    """`code` is stable; `detail` is in the language asked for, `zh` and `en` always come along."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    zh: str
    en: str
    errors: list[dict[str, Any]] = []
    facts: dict[str, Any] = {}


def problem(
    status: int,
    code: str,
    *,
    zh: str,
    en: str,
    errors: list[dict[str, Any]] | None = None,
    facts: Mapping[str, object] | None = None,
) -> HttpResponse:
    lang = translation.get_language() or "zh-hans"
    title = in_language(lang, *_TITLES.get(status, _TITLES[422]))
    body = {
        "type": f"urn:kefu:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": in_language(lang, zh, en),
        "zh": zh,
        "en": en,
        "errors": errors or [],
        "facts": dict(facts or {}),
    }
    content = json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder, default=str)
    return HttpResponse(content, content_type="application/problem+json; charset=utf-8", status=status)


def of_refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    facts = {name: value for name, value in refused.facts.items() if name != "errors"}
    errors = refused.facts.get("errors")
    response = problem(
        status_of(refused),
        refused.code,
        zh=refused.zh,
        en=refused.en,
        errors=errors if isinstance(errors, list) else None,
        facts=_plain(facts),
    )
    if wait := refused.facts.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


def of_body(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """A body or a parameter that is not as the schema says; each error names its place."""
    errors = [
        {
            "field": ".".join(str(part) for part in error.get("loc", ())),
            "code": str(error.get("type", "")),
            "en": str(error.get("msg", "")),
        }
        for error in wrong.errors
    ]
    places = ", ".join(error["field"] for error in errors)
    return problem(
        422,
        "request.invalid",
        zh=f"请求与接口说明不符：{places}",
        en=f"The request is not as the description of the API says: {places}",
        errors=errors,
    )


def of_status(request: HttpRequest, status: int, said: str) -> HttpResponse:
    """What the framework itself refuses: a body that is no JSON, a method that there is not."""
    return problem(
        status, "request.unreadable", zh=f"请求无法读取：{said}", en=f"The request cannot be read: {said}"
    )


def unsigned(request: HttpRequest) -> HttpResponse:
    response = problem(
        401,
        "token.needed",
        zh="请在 Authorization: Bearer 中给出有效、未过期的令牌。",
        en="Give a valid token that has not ended in Authorization: Bearer.",
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="kefu"'
    return response


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder, default=str))
