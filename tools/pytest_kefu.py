"""The marks of the tests and what each needs; where CI=true, a test may not be skipped for want of it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tools.fresh_database import FreshDatabase

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KEFU_DATA") or ROOT.parent / "shared" / "data")
CHROMIUM = Path(os.environ.get("KEFU_CHROMIUM") or "/usr/bin/chromium")
STRICT = os.environ.get("CI", "").lower() == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long proofs too")


def pytest_configure() -> None:
    from django.conf import settings
    from django.db import connections

    # playwright's loop runs in the thread of the tests, which must not get a second connection for it
    vars(connections)["_connections"] = threading.local()
    entry: dict[str, Any] = settings.DATABASES["default"]
    if entry["ENGINE"] == "kefu.core.db.sqlite":  # a file, as in production: threads and processes share it
        entry.setdefault("TEST", {})["NAME"] = f"{os.environ['KEFU_HOME']}/test.sqlite3"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = set() if config.getoption("--long") else {"long"}
    if not os.environ.get("KEFU_DATABASE", "").startswith("postgresql:"):
        left_out.add("postgresql")
    config.hook.pytest_deselected(items=[item for item in items if left_out & _marks(item)])
    items[:] = [item for item in items if not left_out & _marks(item)]
    for item in items:
        if item.get_closest_marker("db") and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}


def pytest_runtest_setup(item: pytest.Item) -> None:
    lacking = None
    if item.get_closest_marker("data") and not DATA.is_dir():
        lacking = f"no real input at {DATA} (set KEFU_DATA)"
    if item.get_closest_marker("browser") and not CHROMIUM.exists():
        lacking = f"no Chromium at {CHROMIUM} (run bin/test, or set KEFU_CHROMIUM)"
    if lacking and STRICT:
        pytest.fail(lacking, pytrace=False)
    if lacking:
        pytest.skip(lacking)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if STRICT and report.skipped and any(item.get_closest_marker(name) for name in ("db", "browser", "data")):
        report.outcome = "failed"
        report.longrepr = f"skipped where CI=true: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = os.environ.get("KEFU_TEST_COUNTS")
    if counts:
        stats = terminalreporter.stats
        figures = {name: len(stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")}
        Path(counts).write_text(json.dumps(figures))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The migrated test database; pytest-django's own makes it only where a test has its mark `django_db`."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real input, read in place."""
    return DATA


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from tools.browser import LAUNCH

    # playwright's loop runs in this thread, which Django takes for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        yield opened
        opened.close()


@pytest.fixture
def site(fresh_database: FreshDatabase) -> Iterator[str]:
    """The address of a server over the test's own database, such as http://127.0.0.1:41234."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser window; the test fails when a page reported an error of its script or its policy."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(8000)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    # a refused request is what some tests are about; the rest is not
    errors = [error for error in errors if "Failed to load resource" not in error]
    if errors:
        pytest.fail("the page reported: " + "; ".join(errors), pytrace=False)
