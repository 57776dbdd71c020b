"""The permission table holds, no address stands beside it, and a fault in any right turns it red."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from kefu.api.mount import api
from tests.cast import Cast
from tests.permissions.probing import Prober
from tests.permissions.table import TABLE
from tests.permissions.who import PEOPLE
from tests.permissions.world import make_world

pytestmark = pytest.mark.db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROWS = {row.key: row for row in TABLE}


@pytest.fixture
def prober(cast: Cast) -> Prober:
    return Prober(make_world(cast))


def addresses(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The name of every address there is."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern} has no name"
            yield f"{space}{pattern.name}"


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_everybody_as_the_table_says(prober: Prober, person: str) -> None:
    wrong = [line for row in TABLE for line in prober.wrong(row, [person])]

    assert not wrong, "\n" + "\n".join(wrong)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    there = set(addresses(get_resolver())) - {"api:api-root"}
    stated = {url for _, url in ROWS}

    assert not there - stated, "state in tests/permissions/table.py who may open these"
    assert not stated - there
    assert len(ROWS) == len(TABLE), "one row for one method of an address"


def test_every_operation_of_the_api_has_a_row() -> None:
    operations = {
        (method, f"api:{operation.url_name}")
        for _, router in api._routers
        for path in router.path_operations.values()
        for operation in path.operations
        for method in operation.methods
    }

    assert operations <= set(ROWS)


def test_a_method_without_a_row_is_not_served(prober: Prober) -> None:
    """Two operations of the API may share an address; its description is the same to every method."""
    known = {(method, prober.address(row)) for (method, _), row in ROWS.items()}
    served = [
        f"{method} {row.url}"
        for row in {row.url: row for row in TABLE if row.url != "api:openapi-json"}.values()
        for method in METHODS
        if (method, prober.address(row)) not in known and prober.status(row, method, "owner") != 405
    ]
    assert not served


# --- planted faults: each breaks one right, and the rows named must then differ from the table ------------------


def _true(*_: Any, **__: Any) -> bool:
    return True


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _all_rows(model: str) -> Callable[..., Any]:
    from django.apps import apps

    return lambda *_, **__: apps.get_model(model).objects.all()


def _own_cases_only(person: Any, at: Any) -> Any:
    """Forgets what reached a department and what its scope shows."""
    from kefu.cases.models import Case

    return Case.objects.filter(author=person)


def _somebody(key: str, at: Any, **_: Any) -> Any:
    from kefu.staff.models import SignIn

    return SignIn.objects.select_related("person").first()


def _anyone(self: Any, *_: Any) -> Iterator[Any]:
    return iter(())


FAULTS: dict[str, tuple[str, Any, tuple[tuple[str, str], ...]]] = {
    "everybody sees every case": (
        "kefu.cases.queries.cases_visible_to",
        _all_rows("cases.Case"),
        (("GET", "api:cases_case"), ("GET", "cases:show")),
    ),
    "what was dispatched is not seen": (
        "kefu.cases.queries.cases_visible_to",
        _own_cases_only,
        (("GET", "api:cases_case"), ("GET", "cases:show")),
    ),
    "everybody sees every duty": (
        "kefu.duties.queries.duties_visible_to",
        _all_rows("duties.Duty"),
        (("GET", "api:duties_duty"), ("GET", "duties:show")),
    ),
    "everybody sees every document": (
        "kefu.documents.queries.documents_visible_to",
        _all_rows("documents.Document"),
        (("GET", "api:documents_document"), ("GET", "documents:show")),
    ),
    "everybody sees every approval": (
        "kefu.approvals.queries.approvals_visible_to",
        _all_rows("approvals.Approval"),
        (("GET", "api:approvals_approval"), ("GET", "approvals:show")),
    ),
    "everybody sees every customer": (
        "kefu.customers.queries.customers_visible_to",
        _all_rows("customers.Customer"),
        (("GET", "api:customers_customer"),),
    ),
    "everybody sees every colleague": (
        "kefu.staff.queries.staff_visible_to",
        _all_rows("staff.Person"),
        (("GET", "api:staff_person"),),
    ),
    "everybody reads the ledger": (
        "kefu.home.records.reads_ledger",
        _true,
        (("GET", "api:records_ledger"), ("GET", "ledger:show")),
    ),
    "everybody runs the system": (
        "kefu.home.records.runs_system",
        _true,
        (("GET", "system:state"), ("POST", "system:retry")),
    ),
    "whoever sees a case may void and assign it": (
        "kefu.cases.rights.require",
        _nothing,
        (("POST", "api:cases_void"), ("POST", "cases:assign")),
    ),
    "every post makes every move": (
        "kefu.core.flow.moves._Asking.by_whom",
        _anyone,
        (("POST", "api:cases_move"), ("POST", "cases:move"), ("POST", "duties:move")),
    ),
    "any cookie is somebody's": (
        "kefu.staff.sessions.session_of",
        _somebody,
        (("GET", "cases:show"), ("GET", "home:my_day")),
    ),
    "customers see everybody's requests": (
        "kefu.portal.queries.cases_shown_to",
        _all_rows("cases.Case"),
        (("GET", "portal:request"), ("POST", "portal:reply"), ("POST", "portal:rate")),
    ),
    "every post reveals masked numbers": (
        "kefu.staff.rights.may",
        _true,
        (("POST", "api:customers_reveal"), ("GET", "system:state")),
    ),
}


def plant(monkeypatch: pytest.MonkeyPatch, path: str, fault: Any) -> None:
    """Replace a function wherever it was imported to."""
    holder, _, name = path.rpartition(".")
    if holder not in sys.modules:
        module, _, kind = holder.rpartition(".")
        monkeypatch.setattr(getattr(sys.modules[module], kind), name, fault)
        return
    real = getattr(sys.modules[holder], name)
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("kefu") and getattr(module, name, None) is real:
            monkeypatch.setattr(module, name, fault)


@pytest.mark.parametrize("named", FAULTS)
def test_a_fault_turns_the_table_red(prober: Prober, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    path, fault, keys = FAULTS[named]
    plant(monkeypatch, path, fault)

    for key in keys:
        assert prober.wrong(ROWS[key]), f"{named}: {key} answers as before"


def test_each_row_states_all_people_and_subjects() -> None:
    for row in TABLE:
        assert tuple(row.who) == PEOPLE
        assert all(len(line) == 4 and set(line) <= set("+?-S") for line in row.who.values()), row.url
