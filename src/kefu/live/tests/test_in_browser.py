"""What several people and several windows see of each other, in a real browser over the real server."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases import actions, outgoing
from kefu.cases.models import Case, Message
from kefu.cases.tests.desk import repair
from kefu.core.jobs import actions as jobs
from kefu.documents.models import Draft
from kefu.live.tests.serving import streaming_site  # noqa: F401  (a fixture)
from kefu.staff.actions import sign_out
from kefu.staff.models import Person, SignIn
from tests.browsing import let_in
from tests.cast import Cast, make_cast
from tests.composing import assert_composes_safely
from tools.browser import LAUNCH
from tools.pytest_kefu import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
Open = Callable[[Person], "Page"]


@pytest.fixture
def people(streaming_site: str) -> Cast:  # noqa: F811
    return make_cast()


@pytest.fixture
def open_as(browser: Browser, streaming_site: str, people: Cast) -> Iterator[Open]:  # noqa: F811
    """A browser of its own for a person, signed in."""
    contexts: list[BrowserContext] = []

    def opened(person: Person) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=streaming_site)
        context.set_default_timeout(15_000)
        context.set_default_navigation_timeout(30_000)  # the first page reads the rulebooks
        contexts.append(context)
        let_in(context, person, streaming_site)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def url(case: Case) -> str:
    return f"/cases/{case.number}/"


def say(case: Case, by: Person, body: str) -> None:
    actions.add_message(case, by=by, at=timezone.now(), body=body, public=False)


def saved(page: Page) -> None:
    page.wait_for_selector("#draft-state:not([hidden]) >> text=草稿已保存")


def choose(page: Page, mode: str) -> None:
    """Who reads what is written: public or internal."""
    page.click(f"label:has(#{mode})")


def in_sight(page: Page, selector: str) -> bool:
    top = (
        "one => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight }"
    )
    page.wait_for_timeout(300)
    return bool(page.locator(selector).evaluate(top))


def holds(page: Page, selector: str, text: str) -> None:
    """Waits until the field holds the text."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_value(text, timeout=8000)


def test_who_else_is_there_is_seen_before_one_types(open_as: Open, people: Cast) -> None:
    case = repair(people)
    agent, supervisor, stranger = (open_as(one) for one in (people.agent, people.supervisor, people.stranger))
    supervisor.goto(url(case))
    agent.goto(url(case))
    stranger.goto("/cases/?list=all")

    supervisor.wait_for_selector("text=陈静 正在查看")
    agent.wait_for_selector("text=赵敏 正在查看")
    agent.fill("#composer [name=body]", "已联系业主")
    supervisor.wait_for_selector("text=陈静 正在填写")

    supervisor.goto("/cases/?list=all")
    supervisor.wait_for_selector("#rows [data-faces]:visible")
    agent.close()
    supervisor.wait_for_selector("#rows [data-faces]", state="hidden")
    assert stranger.locator("[data-faces]").count() == 0


def test_what_others_add_is_told_and_nothing_moves_while_one_types(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    page.goto(url(case))
    page.fill("#composer [name=body]", "正在写")
    saved(page)  # by then the page stands as it will
    before = page.locator("#composer").bounding_box()
    entries = page.locator("#entries > li").count()

    say(case, people.supervisor, "已派王师傅")
    page.wait_for_selector("button:has-text('1 条新内容')")

    assert page.locator("#composer").bounding_box() == before
    assert page.locator("#entries > li").count() == entries
    page.click("button:has-text('1 条新内容')")
    page.wait_for_selector("#entries > li.fresh >> text=已派王师傅")
    assert page.input_value("#composer [name=body]") == "正在写"
    assert page.is_hidden("[data-news]")


def test_lists_and_the_bell_look_again_by_themselves(open_as: Open, people: Cast) -> None:
    supervisor, agent = open_as(people.supervisor), open_as(people.agent)
    supervisor.goto("/cases/?list=unassigned")
    agent.goto("/")

    case = repair(people)
    supervisor.wait_for_selector(f"#rows >> text={case.number}")
    agent.wait_for_selector(f"#day >> text={case.number}")
    assert "1" in supervisor.inner_text("#lists")

    actions.assign(case, people.agent, by=people.supervisor, at=timezone.now())
    supervisor.wait_for_selector(f"#rows >> text={case.number}", state="hidden")


def test_who_is_signed_out_elsewhere_is_told_and_keeps_what_was_typed(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    page.goto(url(case))
    page.fill("#composer [name=body]", "还没写完")
    saved(page)

    sign_out(SignIn.objects.get(person=people.agent), by=people.agent, at=timezone.now())

    page.wait_for_selector("[data-over]:visible")
    again = open_as(people.agent)
    again.goto(url(case))
    assert again.input_value("#composer [name=body]") == "还没写完"


def test_a_draft_survives_a_killed_browser(
    browser: Browser,
    streaming_site: str,  # noqa: F811
    people: Cast,
    tmp_path: Path,
) -> None:
    case = repair(people)
    profile = tmp_path / "profile"

    def started() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=LAUNCH, base_url=streaming_site, locale="zh-CN"
        )

    context = started()
    let_in(context, people.agent, streaming_site)
    page = context.new_page()
    page.goto(url(case))
    choose(page, "public")
    page.locator("#composer [name=body]").press_sequentially("已联系业主，今日上门")
    saved(page)
    for pid in processes_of(profile):
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)

    context = started()
    let_in(context, people.agent, streaming_site)
    page = context.new_page()
    page.goto(url(case))
    assert page.input_value("#composer [name=body]") == "已联系业主，今日上门"
    assert page.is_checked("#public")
    page.wait_for_selector("text=草稿已恢复")
    context.close()


def processes_of(profile: Path) -> list[int]:
    """Those that this test started: their command names the profile's folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and str(profile).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue  # it ended meanwhile
    return found


def test_what_the_server_did_not_hear_is_kept_on_the_device(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    page.add_init_script("navigator.sendBeacon = () => false")
    page.goto(url(case))
    page.route("**/drafts/", lambda route: route.abort())
    page.fill("#composer [name=body]", "断网时写的")
    page.wait_for_selector("text=暂存在本机")
    assert not Draft.objects.exists()

    page.goto("/cases/")
    page.unroute("**/drafts/")
    page.goto(url(case))
    assert page.input_value("#composer [name=body]") == "断网时写的"
    saved(page)
    assert Draft.objects.get().forms["message"]["body"] == ["断网时写的"]


def test_sending_ends_the_draft(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    page.goto(url(case))
    choose(page, "internal")
    page.fill("#composer [name=body]", "内部记录一条")
    saved(page)
    page.press("#composer [name=body]", "Control+Enter")
    page.wait_for_selector("#entries >> text=内部记录一条")

    assert page.input_value("#composer [name=body]") == ""
    assert not Draft.objects.exists()
    page.reload()
    assert page.input_value("#composer [name=body]") == ""


def test_two_windows_of_one_draft_send_it_once(open_as: Open, people: Cast) -> None:
    case = repair(people)
    first = open_as(people.agent)
    first.goto(url(case))
    choose(first, "internal")
    first.fill("#composer [name=body]", "同一条记录")
    saved(first)
    second = first.context.new_page()
    second.goto(url(case))
    assert second.input_value("#composer [name=body]") == "同一条记录"

    first.click("#composer button.btn-primary")
    first.wait_for_selector("#entries >> text=同一条记录")
    second.click("#composer button.btn-primary")

    second.wait_for_selector("text=draft.sent")
    assert in_sight(second, "[role=alert]:has-text('draft.sent')")
    assert Message.objects.filter(case=case).count() == 1
    assert second.input_value("#composer [name=body]") == "同一条记录"


def test_two_windows_that_both_write_are_asked_which_to_keep(open_as: Open, people: Cast) -> None:
    case = repair(people)
    first = open_as(people.agent)
    first.goto(url(case))
    second = first.context.new_page()
    second.goto(url(case))
    first.fill("#composer [name=body]", "第一个窗口")
    saved(first)
    second.fill("#composer [name=body]", "第二个窗口")
    second.wait_for_selector("text=另一个窗口")
    assert Draft.objects.get().forms["message"]["body"] == ["第一个窗口"]

    second.click("[data-draft-keep]")
    saved(second)
    assert Draft.objects.get().forms["message"]["body"] == ["第二个窗口"]


def test_a_half_registered_case_is_still_there(open_as: Open, people: Cast) -> None:
    page = open_as(people.agent)
    page.goto("/cases/register/")
    page.fill("#subject", "厨房漏水")
    page.check("input[name=kind][value=complaint]")
    page.wait_for_selector("[name='new.house_number'], [name='new.surname']")
    page.fill("[name='new.surname']", "王")
    saved(page)
    time.sleep(1)

    page.goto("/cases/")
    page.goto("/cases/register/")
    holds(page, "[name='new.surname']", "王")
    assert page.input_value("#subject") == "厨房漏水"
    assert page.is_checked("input[name=kind][value=complaint]")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("[data-draft-discard]")
    holds(page, "#subject", "")
    assert not Draft.objects.exists()


def test_an_input_method_never_sends_what_is_being_composed(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    for address, fields in {
        url(case): ["#composer [name=body]", "#other", "[type=search][name=q] >> nth=0"],
        "/cases/register/": ["#phone", "#subject", "#body"],
    }.items():
        page.goto(address)
        for details in page.locator("details:not(.popup)").all():
            details.evaluate("one => one.open = true")
        for field in fields:
            assert_composes_safely(page, field)


def test_enter_alone_is_a_new_line_in_a_long_text(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    page.goto(url(case))
    page.type("#composer [name=body]", "第一行")
    page.press("#composer [name=body]", "Enter")
    page.type("#composer [name=body]", "第二行")

    assert page.input_value("#composer [name=body]") == "第一行\n第二行"
    assert re.search(r"/cases/WX\d+-\d+/$", page.url)
    assert not Message.objects.exists()


def test_an_answer_can_be_taken_back_and_when_it_goes_its_author_sees_it(open_as: Open, people: Cast) -> None:
    case = repair(people)
    page = open_as(people.agent)
    page.goto(url(case))
    choose(page, "public")
    page.fill("#composer [name=body]", "师傅今日上门")
    page.press("#composer [name=body]", "Control+Enter")
    page.wait_for_selector("#held >> text=秒后发出")
    page.click("#held button:has-text('撤回')")
    holds(page, "#composer [name=body]", "师傅今日上门")
    assert page.is_checked("#public")
    assert page.locator("#held form").count() == 0

    page.press("#composer [name=body]", "Control+Enter")
    page.wait_for_selector("#held >> text=秒后发出")
    for run in jobs.take(at=timezone.now() + outgoing.HOLD, worker="w", limit=5):
        jobs.carry_out(run, at=timezone.now())
    page.wait_for_selector("#entries >> text=师傅今日上门")
    assert page.locator("#held form").count() == 0
    assert page.is_hidden("[data-news]")
    assert Message.objects.filter(case=case).count() == 1
