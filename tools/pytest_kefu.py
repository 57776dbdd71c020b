"""The marks of the tests, and what each of them needs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KEFU_DATA") or ROOT.parent / "shared" / "data")
STRICT = os.environ.get("CI", "").lower() == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long proofs too")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = (
        [] if config.getoption("--long") else [item for item in items if item.get_closest_marker("long")]
    )
    items[:] = [item for item in items if item not in left_out]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        if item.get_closest_marker("db") and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)
        if item.get_closest_marker("data") and not DATA.is_dir():
            _lack(item, f"real input is not at {DATA} (set KEFU_DATA)")


def _lack(item: pytest.Item, what: str) -> None:
    """A missing part skips the test here and fails it where CI=true, since there nobody would notice."""
    item.add_marker(pytest.mark.skip(reason=what))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]  # pytest's generator protocol
    outcome = yield
    report = outcome.get_result()
    if STRICT and report.skipped and any(item.get_closest_marker(name) for name in ("db", "browser", "data")):
        report.outcome = "failed"
        report.longrepr = f"skipped where CI=true: {call.excinfo.value if call.excinfo else report.longrepr}"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real input, read in place."""
    return DATA


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = os.environ.get("KEFU_TEST_COUNTS")
    if counts:
        stats = terminalreporter.stats
        figures = {name: len(stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")}
        Path(counts).write_text(json.dumps(figures))
