"""How long after its commit an event is on other open screens, 200 of them, and what a screen costs.

    python benchmarks/live.py [screens] [seconds] [pages a second beside it]

`kefu serve` in a process of its own. 40 people of the service centre and 10 of a department that may see nothing hold
the screens (12 lists of 50 rows, 6 cases and 2 “my day” in every 20). Another process adds notes to cases, five a
second, and says when each was committed; a screen that shows it must be told. Beside, pages of cases are asked for.

In the same run, for comparison: a bare uvicorn application that holds as many streams and does nothing else.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from desks import ROOT, database

PEOPLE, STRANGERS, ROWS = 40, 10, 50
PORT, BARE_PORT = 8391, 8392


@dataclass
class Screen:
    """One stream and when it was told of which event number."""

    query: str
    cookie: str
    sees: bool
    told: dict[int, float] = field(default_factory=dict)
    messages: int = 0

    async def hold(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET /events/?{self.query} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n\r\n".encode()
        )
        status = await reader.readline()
        assert b"200" in status, status
        number = 0
        while line := await reader.readline():
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"event: changed"):
                self.told[number] = time.time()
                self.messages += 1


def main(screens: int = 200, seconds: int = 60, pages: int = 5) -> None:
    with database() as address:
        cases, sessions, strangers = furnish()
        server = subprocess.Popen(
            [sys.executable, "-m", "kefu", "serve", "--no-worker", "--port", str(PORT)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "KEFU_DATABASE": address},
        )
        bare = subprocess.Popen([sys.executable, __file__, "bare"])
        try:
            asyncio.run(measure(server.pid, bare.pid, cases, sessions, strangers, screens, seconds, pages))
        finally:
            for process in (server, bare):
                process.terminate()
                process.wait()


def furnish() -> tuple[list[Any], list[str], list[str]]:
    """Cases, and the session keys of people who see them and of people who do not."""
    from django.utils import timezone

    from kefu.cases.tests.desk import desk_of, repair
    from kefu.core.ledger.actions import SYSTEM
    from kefu.staff.actions import add_person, give_post
    from tests.cast import FOUNDED, make_cast

    people = make_cast()
    keys: dict[str, list[str]] = {"service_centre": [], "sales": []}
    for unit, count in (("service_centre", PEOPLE), ("sales", STRANGERS)):
        for number in range(count):
            department = getattr(people, unit)
            one = add_person(department, login=f"{unit}{number}", name=f"员工{number}", by=SYSTEM, at=FOUNDED)
            give_post(one, post="agent", department=department, by=SYSTEM, at=FOUNDED)
            keys[unit].append(desk_of(one).cookies["kefu_session"].value)
    cases = [repair(people, at=timezone.now()) for _ in range(ROWS)]
    return cases, keys["service_centre"], keys["sales"]


async def measure(
    server: int,
    bare: int,
    cases: list[Any],
    sessions: list[str],
    strangers: list[str],
    screens: int,
    seconds: int,
    pages: int,
) -> None:
    await listening(PORT)
    await listening(BARE_PORT)
    await page(cases[0].number, sessions[0])  # the rulebooks are read
    idle, idle_bare = pss(server), pss(bare)
    held = [screen(number, cases, sessions, strangers) for number in range(screens)]
    holding = [asyncio.create_task(one.hold(PORT)) for one in held]
    empty = [Screen("", "", False) for _ in range(screens)]
    holding += [asyncio.create_task(one.hold(BARE_PORT)) for one in empty]
    await asyncio.sleep(5)
    full, full_bare = pss(server), pss(bare)
    load, cpu = os.getloadavg()[0], processor(server)
    asking = asyncio.create_task(ask(cases, sessions, pages))
    commits = await asyncio.to_thread(write, cases, seconds)
    await asyncio.sleep(2)
    asking.cancel()
    spent = processor(server) - cpu
    for one in holding:
        one.cancel()
    report(held, commits)
    print(
        f"memory of a screen: {(full - idle) / screens:.0f} kB; "
        f"of a bare stream: {(full_bare - idle_bare) / screens:.0f} kB"
    )
    print(f"server: {idle / 1024:.0f} MiB before, {full / 1024:.0f} MiB with {screens} screens (PSS)")
    print(f"CPU of the server: {100 * spent / seconds:.0f} % of one core with {pages} pages a second beside")
    print(
        f"load {load:.1f} to {os.getloadavg()[0]:.1f}, database {os.environ['KEFU_DATABASE'].split(':')[0]}"
    )


def screen(number: int, cases: list[Any], sessions: list[str], strangers: list[str]) -> Screen:
    kind, blind = number % 20, number % 10 == 9
    keys = strangers if blind else sessions
    case = f"case:{cases[number % ROWS].pk}"
    rows = [f"case:{one.pk}" for one in cases]
    shows = ["cases", *rows] if kind < 12 else [case] if kind < 18 else ["cases", "duties"]
    asked = {"show": [*shows, "notices"], "looks": case if 12 <= kind < 18 else "", "screen": f"s{number}"}
    cookie = f"kefu_session={keys[number % len(keys)]}"
    return Screen(urlencode(asked, doseq=True), cookie, not blind and not 12 <= kind < 18)


def write(cases: list[Any], seconds: int) -> dict[int, float]:
    """Notes, five a second; the ledger's number of each by the instant of its commit. In a process of its own."""
    child = subprocess.run(
        [sys.executable, __file__, "write", str(seconds), *(str(one.pk) for one in cases)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        capture_output=True,
        check=True,
    )
    return {int(seq): at for seq, at in json.loads(child.stdout).items()}


def writing(seconds: int, keys: list[int]) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from kefu.cases import actions
    from kefu.cases.models import Case
    from kefu.core.ledger import queries as ledger
    from kefu.core.ledger.actions import SYSTEM

    commits, until, turn = {}, time.time() + seconds, 0
    while time.time() < until:
        case = Case.objects.get(pk=keys[turn % len(keys)])
        actions.add_message(case, by=SYSTEM, at=timezone.now(), body="已联系业主", public=False)
        commits[ledger.head()[0]] = time.time()
        turn += 1
        time.sleep(0.2)
    print(json.dumps(commits))


def report(held: list[Screen], commits: dict[int, float]) -> None:
    """A screen is told of an event by the first message whose number is not below the event's."""
    delays: list[float] = []
    missed = 0
    for one in held:
        if not one.sees:
            continue
        numbers = sorted(one.told)
        for seq, at in commits.items():
            found = next((number for number in numbers if number >= seq), None)
            if found is None:
                missed += 1
            else:
                delays.append(max(0.0, one.told[found] - at))
    delays.sort()
    at = lambda share: 1000 * delays[min(len(delays) - 1, int(share * len(delays)))]  # noqa: E731
    blind = sum(
        one.messages
        for one in held
        if "kefu_session" in one.cookie and not one.sees and "looks=&" in one.query
    )
    print(
        f"{len(commits)} events, {len(delays)} told to screens that show them, {missed} not told, {blind} to the blind"
    )
    print(
        f"commit to screen, ms: p50 {at(0.5):.0f}, p95 {at(0.95):.0f}, p99 {at(0.99):.0f}, "
        f"longest {at(1):.0f}, mean {1000 * statistics.mean(delays):.0f} (limit 1000)"
    )


async def ask(cases: list[Any], sessions: list[str], pages: int) -> None:
    turn = 0
    while pages:
        await asyncio.gather(
            page(cases[turn % ROWS].number, sessions[turn % PEOPLE]), asyncio.sleep(1 / pages)
        )
        turn += 1


async def page(number: str, key: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    headers = f"Host: localhost\r\nConnection: close\r\nCookie: kefu_session={key}\r\n\r\n"
    writer.write(f"GET /cases/{number}/ HTTP/1.1\r\n{headers}".encode())
    status = await reader.readline()
    assert b"200" in status, status
    await reader.read()
    writer.close()


async def listening(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError(f"nothing listens on {port}")


def pss(pid: int) -> int:
    """Proportional set size, kB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def processor(pid: int) -> float:
    """Seconds of CPU so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bare() -> None:
    import uvicorn

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b": \n\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

    uvicorn.run(
        application, port=BARE_PORT, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        bare()
    elif sys.argv[1:2] == ["write"]:
        writing(int(sys.argv[2]), [int(word) for word in sys.argv[3:]])
    else:
        main(*(int(word) for word in sys.argv[1:]))
