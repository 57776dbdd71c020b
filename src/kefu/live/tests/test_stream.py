"""The stream itself: asked as a server asks it, over a database that others commit to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.tests.desk import desk_of, repair
from kefu.core.ledger import queries as ledger
from kefu.live import stream as streams
from kefu.live.hub import MOST_STREAMS, Hub, hang_up
from kefu.staff.actions import leave_company, sign_out
from kefu.staff.models import Person, SignIn
from tests.cast import Cast, make_cast
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


@pytest.fixture
def people(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    hub = Hub()
    monkeypatch.setattr(streams, "hub", hub)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the steps act in the thread of the loop
    yield make_cast()
    hub._thread.submit(hang_up).result()
    hub._thread.shutdown()


class Screen:
    """One open page: what it was sent so far."""

    def __init__(
        self, cookie: str, *, since: int | None = None, last: int | None = None, **query: Any
    ) -> None:
        asked = urlencode(query | ({} if since is None else {"since": since}), doseq=True)
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())]
        if last is not None:
            headers.append((b"last-event-id", str(last).encode()))
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": "/events/",
            "query_string": asked.encode(),
            "headers": headers,
        }
        self.status, self.text, self.ended = 0, "", False
        self._left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self.ended = message["type"] == "http.response.body" and not message.get("more_body", False)

    def leave(self) -> None:
        self._left.set()

    def messages(self, event: str) -> list[Any]:
        return [
            json.loads(block.split("data: ", 1)[1])
            for block in self.text.split("\n\n")
            if f"event: {event}\n" in block
        ]


def cookie(person: Person) -> str:
    return desk_of(person).cookies[settings.SESSION_COOKIE_NAME].value


def watching(*screens: Screen, steps: Callable[..., Awaitable[None]]) -> None:
    """Open the screens, run the steps, close what is still open."""

    async def run() -> None:
        tasks = [
            asyncio.create_task(streams.application(one.scope, one.receive, one.send)) for one in screens
        ]
        await until(lambda: all(one.status for one in screens))
        try:
            await steps()
        finally:
            for one in screens:
                one.leave()
            await asyncio.wait_for(asyncio.gather(*tasks), 10)

    in_a_loop(run)


def in_a_loop(steps: Callable[[], Awaitable[None]]) -> None:
    """Run the steps in a thread of their own: in this one the loop of a browser may be running."""

    async def run() -> None:
        try:
            await steps()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    assert true()


def test_a_change_reaches_the_screens_that_show_it(people: Cast) -> None:
    case = repair(people)
    word = f"case:{case.pk}"
    seeing = Screen(cookie(people.supervisor), show=[word, "cases"])
    blind = Screen(cookie(people.stranger), show=[word, "cases"])

    async def steps() -> None:
        actions.add_message(case, by=people.agent, at=timezone.now(), body="已联系", public=False)
        await until(lambda: bool(seeing.messages("changed")))
        await asyncio.sleep(0.5)

    watching(seeing, blind, steps=steps)

    assert seeing.messages("changed") == [[word, "cases"]]
    assert f"id: {ledger.head()[0]}\n" in seeing.text
    assert blind.status == 200
    assert "event:" not in blind.text


def test_what_happened_while_the_stream_was_cut_is_told_when_it_is_back(people: Cast) -> None:
    case, before = repair(people), ledger.head()[0]
    actions.add_message(case, by=people.agent, at=timezone.now(), body="已联系", public=False)
    now, key = ledger.head()[0], cookie(people.supervisor)
    back = Screen(key, show="cases", since=now, last=before)
    page = Screen(key, show="cases", since=before)
    new = Screen(key, show="cases", since=now)

    async def steps() -> None:
        await until(lambda: bool(back.messages("changed") and page.messages("changed")))

    watching(back, page, new, steps=steps)

    assert back.messages("changed") == page.messages("changed") == [["cases"]]
    assert new.messages("changed") == []


@pytest.mark.parametrize("end", ["signs out", "leaves", "is idle"])
def test_a_stream_ends_with_its_session(people: Cast, end: str) -> None:
    screen = Screen(cookie(people.agent), show="cases")
    other = Screen(cookie(people.supervisor), show="cases")

    async def steps() -> None:
        sign_in, at = SignIn.objects.get(person=people.agent), timezone.now()
        if end == "signs out":
            sign_out(sign_in, by=people.agent, at=at)
        elif end == "leaves":
            leave_company(people.agent, by=people.owner, at=at)
        else:
            SignIn.objects.filter(pk=sign_in.pk).update(last_seen_at=people.organisation.founded_at)
        await until(lambda: screen.ended)

    watching(screen, other, steps=steps)

    assert screen.messages("over") == [None]
    assert other.messages("over") == []


def test_without_a_session_there_is_no_stream_and_no_second_try(people: Cast) -> None:
    screens = [Screen("", show="cases"), Screen("made-up", show="cases")]

    async def steps() -> None:
        await until(lambda: all(one.ended for one in screens))

    watching(*screens, steps=steps)

    assert [(one.status, one.text) for one in screens] == [(204, ""), (204, "")]


def test_one_session_holds_only_so_many_streams(people: Cast) -> None:
    key = cookie(people.agent)
    screens = [Screen(key, show="cases", screen=str(number)) for number in range(MOST_STREAMS + 1)]

    async def steps() -> None:
        pass

    watching(*screens, steps=steps)

    assert sorted(one.status for one in screens) == [200] * MOST_STREAMS + [204]


def test_two_people_at_one_case_see_each_other_and_see_each_other_go(people: Cast) -> None:
    case = repair(people)
    word = f"case:{case.pk}"
    first = Screen(cookie(people.agent), show=word, looks=word, screen="a")
    row = Screen(cookie(people.supervisor), show=word, screen="b")
    stranger = Screen(cookie(people.stranger), show=word, looks=word, screen="c")

    async def steps() -> None:
        await until(lambda: bool(row.messages("faces")))
        first.leave()
        await until(lambda: len(row.messages("faces")) == 2)

    watching(first, row, stranger, steps=steps)

    assert row.messages("faces") == [{word: [{"name": "陈静", "writing": False}]}, {word: []}]
    assert first.messages("faces") == stranger.messages("faces") == []


def test_who_goes_before_the_next_look_at_all_screens_is_seen_to_go(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kefu.live.hub.BEAT", 1.0)
    case = repair(people)
    word = f"case:{case.pk}"
    key = cookie(people.agent)
    row = Screen(cookie(people.supervisor), show=word, screen="b")

    async def steps() -> None:
        await until(lambda: bool(row.status))
        await asyncio.sleep(
            0.2
        )  # between two beats: the agent comes, a second screen is told, the agent goes
        first, late = (
            Screen(key, show=word, looks=word, screen="a"),
            Screen(cookie(people.manager), show=word, screen="c"),
        )
        tasks = []
        for one in (first, late):
            tasks.append(asyncio.create_task(streams.application(one.scope, one.receive, one.send)))
            await until(lambda one=one: bool(one.status))  # type: ignore[misc]
        first.leave()
        await until(
            lambda: late.messages("faces") == [{word: [{"name": "陈静", "writing": False}]}, {word: []}]
        )
        late.leave()
        await asyncio.gather(*tasks)

    watching(row, steps=steps)


def test_a_screen_that_goes_on_to_a_list_looks_at_the_case_no_more(people: Cast) -> None:
    case = repair(people)
    word, key = f"case:{case.pk}", cookie(people.agent)
    row = Screen(cookie(people.supervisor), show=word, screen="b")
    first = Screen(key, show=word, looks=word, screen="a")

    async def steps() -> None:
        await until(lambda: bool(row.messages("faces")))
        then = Screen(key, show=["cases", word], looks="", screen="a")
        task = asyncio.create_task(streams.application(then.scope, then.receive, then.send))
        await until(lambda: row.messages("faces")[-1:] == [{word: []}])
        then.leave()
        await task

    watching(row, first, steps=steps)


def test_every_answer_carries_the_policy(people: Cast) -> None:
    answers: list[Any] = []

    async def ask() -> None:
        async def send(message: Any) -> None:
            answers.append(message)

        screen = Screen("", show="cases")
        await streams.application({**screen.scope, "method": "POST"}, screen.receive, send)
        await streams.application(screen.scope, screen.receive, send)

    in_a_loop(ask)

    assert [message["status"] for message in answers if "status" in message] == [405, 204]
    for message in answers:
        if "headers" in message:
            assert dict(message["headers"])[b"content-security-policy"].startswith(b"default-src 'none'")
