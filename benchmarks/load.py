"""What a day at the desk costs on an archive made by `make.py`: CPU of each request, answers under load, memory.

    python benchmarks/load.py DATABASE [seconds of load, 60]

`kefu serve` in a process of its own, asked over HTTP by people of the service centres. First one kind of request after
another, alone: CPU of the server and of the database (`/proc/PID/stat`, steps of 10 ms, over all requests of a kind).
Then twenty requests a second that come when they come (an open loop; 30 % write), the generator on the same machine:
how long each waited. Then the memory of everything, worker and database included (PSS).
Writes stay in the archive: a case for every registration.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from random import Random
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PORT, RATE, RUNS = 8393, 20, 60
TOKEN = "m" * 32  # of the cookie and of the form: what keeps other sites' forms away
LISTS = (
    "list=mine",
    "list=unassigned",
    "list=department",
    "list=department&sort=opened",
    "list=overdue",
    "list=all&sort=opened",
    "list=all&sort=changed&kind=repair",
    "list=department&kind=complaint&state=registered",
    "list=all&sort=opened&kind=complaint&grade=severity:important",
)
MIX = {"queue": 30, "case": 25, "search, common": 8, "search, rare": 7, "register": 15, "reassign": 15}


@dataclass(frozen=True)
class Asked:
    """A request: who asks for what, with the form that is sent."""

    path: str
    cookie: str
    form: dict[str, str] | None = None


def main(database: str, seconds: int) -> None:
    os.environ |= {
        "KEFU_DATABASE": database,
        "KEFU_HOME": str(ROOT / "var"),
        "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
    }
    os.environ.setdefault("KEFU_SECRET_KEY", "only-for-measuring-" + "0" * 32)
    import django

    django.setup()
    kinds = furnish()
    serve = [sys.executable, "-m", "kefu", "serve", "--no-worker", "--port", str(PORT)]
    work = [sys.executable, "-m", "kefu", "work"]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen(serve, env=surroundings)
    try:
        asyncio.run(listening())
        print(f"{database.partition(':')[0]}, {archive()}, load {os.getloadavg()[0]:.1f}")
        for name, ask in kinds.items():
            asyncio.run(alone(name, ask, server.pid))
        asyncio.run(together(kinds, seconds))
        worker = subprocess.Popen(work, env=surroundings)
        try:
            time.sleep(20)
            parts = {"web": [server.pid], "worker": [worker.pid], "database": backends()}
            sizes = {name: sum(map(pss, pids)) / 1024 for name, pids in parts.items()}
            each = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
            print(f"memory (PSS): {sum(sizes.values()):.0f} MiB: {each}")
        finally:
            worker.terminate()
            worker.wait()
    finally:
        server.terminate()
        server.wait()
    print(f"load {os.getloadavg()[0]:.1f}")


def archive() -> str:
    from kefu.cases.models import Case

    return f"{Case.objects.count():,} cases"


# --- who asks for what ------------------------------------------------------------------------------


def furnish() -> dict[str, Callable[[], Asked]]:
    """Each kind of request and what makes the next one."""
    from django.conf import settings
    from django.test import Client

    from kefu.cases.models import Case
    from kefu.customers.models import Customer
    from kefu.documents.once import new_token
    from kefu.staff.models import Department, Person
    from tests.cast import browse

    def cookie(person: Person) -> str:
        key = browse(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
        return f"{settings.SESSION_COOKIE_NAME}={key}; csrftoken={TOKEN}"

    chance = Random(7)
    centres = list(Department.objects.filter(code__startswith="centre_").order_by("id"))
    agents = {one.pk: list(Person.objects.filter(department=one, login__contains="agent")) for one in centres}
    leads = {one.pk: Person.objects.get(department=one, login__contains="supervisor") for one in centres}
    keys = {person.pk: cookie(person) for one in centres for person in (*agents[one.pk][:4], leads[one.pk])}
    owner = cookie(Person.objects.get(login="wangfang"))
    last = Case.objects.latest("pk").pk
    old = Case.objects.filter(pk__in=[chance.randint(1, last) for _ in range(3000)])
    seen = cycle([(one.number, one.department_id) for one in old if one.department_id in agents])
    held = Case.objects.filter(closed_at=None, voided_at=None, department__in=centres).exclude(owner=None)
    waiting = cycle(list(held.order_by("-pk").values_list("number", "department_id")[:20_000]))
    callers = cycle(
        [
            (one.pk, one.department_id, one.contact_points.all()[0].value)
            for one in Customer.objects.order_by("-pk").prefetch_related("contact_points")[:500]
        ]
    )
    lists, numbers = cycle(LISTS), count(1)

    def agent(department: int) -> str:
        return keys[chance.choice(agents[department][:4]).pk]

    def queue() -> Asked:
        return Asked(f"/cases/?{next(lists)}", agent(chance.choice(centres).pk))

    def case() -> Asked:
        number, department = next(seen)
        return Asked(f"/cases/{number}/", agent(department))

    def register() -> Asked:
        customer, department, phone = next(callers)
        form = {
            "kind": "repair",
            "caller": phone,
            "customer": str(customer),
            "subject": f"厨房漏水第{next(numbers)}次",
            "body": "水槽下面一直滴水，请尽快派人来看",
            "channel": "telephone",
            "token": new_token(),
        }
        return Asked("/cases/register/", agent(department), form)

    def reassign() -> Asked:
        number, department = next(waiting)
        to = agents[department][next(numbers) % len(agents[department])].pk
        return Asked(
            f"/cases/{number}/assign/", keys[leads[department].pk], {"to": str(to), "token": new_token()}
        )

    def search(word: str) -> Callable[[], Asked]:
        return lambda: Asked(f"/search/?{urlencode({'q': word})}", owner)

    return {
        "queue": queue,
        **{f"queue, {one}": lambda one=one: Asked(f"/cases/?{one}", agent(centres[0].pk)) for one in LISTS},
        "case": case,
        "search, common": search("退款"),
        "search, rare": search("燃气锅炉"),
        "register": register,
        "reassign": reassign,
    }


# --- asking -----------------------------------------------------------------------------------------


async def answer(asked: Asked) -> float:
    """Seconds until the whole answer was there. Anything but a page or a way on after a form is a mistake."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    head = f"Host: localhost\r\nConnection: close\r\nCookie: {asked.cookie}\r\n"
    if asked.form is None:
        writer.write(f"GET {asked.path} HTTP/1.1\r\n{head}\r\n".encode())
    else:
        body = urlencode({**asked.form, "csrfmiddlewaretoken": TOKEN}).encode()
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"POST {asked.path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    said = await reader.read()
    writer.close()
    wanted = b" 200 " if asked.form is None else b" 302 "
    assert wanted in said[:20], (asked, said[:3000].decode(errors="replace"))
    return time.perf_counter() - begun


async def alone(name: str, ask: Callable[[], Asked], server: int) -> None:
    for _ in range(5):
        await answer(ask())
    before = processor(server), await asyncio.to_thread(database_seconds)
    took = sorted([await answer(ask()) for _ in range(RUNS)])
    web = (processor(server) - before[0]) / RUNS * 1000
    database = (await asyncio.to_thread(database_seconds) - before[1]) / RUNS * 1000
    print(
        f"{name:62} CPU {web + database:6.1f} ms (web {web:5.1f}, database {database:5.1f})"
        f"   wall p50 {1000 * took[RUNS // 2]:6.1f} p95 {1000 * took[int(0.95 * RUNS)]:6.1f}",
        flush=True,
    )


async def together(kinds: dict[str, Callable[[], Asked]], seconds: int) -> None:
    chance = Random(11)
    took: dict[str, list[float]] = {name: [] for name in MIX}
    failed: list[str] = []

    async def one(name: str) -> None:
        try:
            took[name].append(await answer(kinds[name]()))
        except AssertionError as wrong:
            failed.append(str(wrong)[:300])

    asking, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        name = chance.choices(list(MIX), weights=list(MIX.values()))[0]
        asking.append(asyncio.create_task(one(name)))
        await asyncio.sleep(chance.expovariate(RATE))
    await asyncio.gather(*asking)
    print(f"{len(asking) / seconds:.1f} requests a second for {seconds} s, {len(failed)} failed {failed[:2]}")
    for name, times in took.items():
        times.sort()
        at = lambda share, times=times: 1000 * times[int(share * (len(times) - 1))]  # noqa: E731
        print(
            f"    {name:16} {len(times):4}   p50 {at(0.5):6.1f}   p95 {at(0.95):6.1f}   longest {at(1):6.1f} ms"
        )


async def listening() -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError(f"nothing listens on {PORT}")


# --- what it costs ----------------------------------------------------------------------------------


def backends() -> list[int]:
    """The processes of PostgreSQL, the first of all first; none on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = cursor.fetchone()[0]
    first = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    return [first, *children(first)]


def children(pid: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[1]) == pid:
            yield int(stat.parent.name)


def database_seconds() -> float:
    """CPU of all processes of PostgreSQL, with those that ended."""
    first, *others = backends() or [0]
    return sum(map(processor, others)) + processor(first, ended=True) if first else 0.0


def processor(pid: int, *, ended: bool = False) -> float:
    """Seconds of CPU so far; `ended`: with the children that are over."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if ended else 13])) / os.sysconf("SC_CLK_TCK")


def pss(pid: int) -> int:
    """Proportional set size, kB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    main(sys.argv[1], int((sys.argv[2:] or ["60"])[0]))
