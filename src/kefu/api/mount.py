"""The API as a whole: its routers, its errors, and parameters that nobody asked for refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from kefu import __version__
from kefu.api import approvals, cases, customers, desk, documents, duties, problems, records, search, staff
from kefu.api.tokens import Token
from kefu.core.errors import Refused

api = NinjaAPI(
    title="Kefu",
    version=__version__,
    description="Errors are application/problem+json with a stable `code`. Lists are read by `cursor`.",
    urls_namespace="api",
    auth=Token(),
    docs_url=None,
    openapi_url="/openapi.json",
)


def _strict(run: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse query parameters that the operation does not name: a misspelt filter must not mean "all"."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # ninja hands over the bound method
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }

    @wraps(run)
    def strict(request: HttpRequest, **values: Any) -> Any:
        unknown = sorted(set(request.GET) - known)
        if unknown and "Authorization" in request.headers:  # a visitor is told nothing: `run` answers 401
            wrong = [
                {"type": "extra_forbidden", "loc": ("query", name), "msg": "unknown"} for name in unknown
            ]
            return problems.of_body(request, ValidationError(wrong))
        return run(request, **values)

    return strict


api.add_decorator(_strict, mode="view")
api.add_router("", desk.router)  # before the cases: `next` is no number of one
api.add_router("/cases", cases.router)
api.add_router("/duties", duties.router)
api.add_router("/approvals", approvals.router)
api.add_router("/documents", documents.router)
api.add_router("/customers", customers.router)
api.add_router("/assets", customers.devices)
api.add_router("", search.router)
api.add_router("", staff.router)
api.add_router("", records.router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problems.of_refusal(request, error)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.of_body(request, error)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.of_status(request, error.status_code, str(error))


@api.exception_handler(AuthenticationError)
def unsigned(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.unsigned(request)
