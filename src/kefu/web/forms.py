"""How a form shows that an action refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language

from kefu.core.errors import Refused, in_language
from kefu.web.statuses import status_shown


class Form(forms.Form):
    """A form whose action may refuse; `c/form_errors.html` shows `refused`, `c/field.html` the fields."""

    refused: Refused | None = None


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: an empty post is wrong, not absent."""
    return request.POST if request.method == "POST" else None


@contextmanager
def refusing(form: Form) -> Iterator[None]:
    """Around the one action of a view: a refusal is kept on the form, which is then shown again as typed.

    A refusal that names several fields (`errors` of form.invalid) puts each sentence at its field.
    """
    try:
        yield
    except Refused as refused:
        form.refused = refused
        form.add_error(None, forms.ValidationError(_said(refused.zh, refused.en), code=refused.code))
        errors = refused.facts.get("errors")
        for error in errors if isinstance(errors, list) else ():
            if error["field"] in form.fields:
                form.add_error(error["field"], _said(error["zh"], error["en"]))


def shown(
    request: HttpRequest, template: str, form: Form, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a form: 200; 422 when what was typed is wrong, the refusal's own status when refused."""
    refused = form.refused
    status = status_shown(refused) if refused else 422 if form.is_bound and form.errors else 200
    response = render(request, template, {"form": form, **(context or {})}, status=status)
    if refused and (wait := refused.facts.get("retry_after")):
        response.headers["Retry-After"] = str(wait)
    return response


def _said(zh: str, en: str) -> str:
    return in_language(get_language() or "zh-hans", zh, en)
