"""An archive of ten years for measuring: cases, messages, customers, their events, clocks and search index.

    python benchmarks/make.py [--cases 1000000] [--database postgresql://…|sqlite:/tmp/bench/sqlite-1m/kefu.sqlite3]

Three messages a case, one customer for five cases, 5 % of the customers own 40 % of the cases. The rows are those that
the actions would have left, told by `archive.stories` and stored at once; three hundred open ones are registered
through the actions. `kefu verify --clocks --search` passes on what this makes, or no figure counts.
The database must be empty; a SQLite file is made together with its folder.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]

from archive.stories import START, Plan, Teller  # noqa: E402
from archive.texts import name_of, phone_of  # noqa: E402

CENTRES, AGENTS, WORKERS = 10, 18, 20
PART = 2000  # cases
LIVE = 300


def main(cases: int, database: str) -> None:
    begun = time.perf_counter()
    if database.startswith("sqlite:"):
        Path(database.removeprefix("sqlite:")).parent.mkdir(parents=True, exist_ok=True)
    os.environ["KEFU_DATABASE"] = database
    os.environ.setdefault("KEFU_HOME", str(ROOT / "var"))
    os.environ.setdefault("KEFU_SECRET_KEY", "only-for-measuring-" + "0" * 32)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kefu.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    plan = found(cases)
    say(begun, "migrated and founded")
    from archive.storing import Chain, Store

    store = Store()
    chain = Chain(store.vendor)
    with tellers(Teller(plan)) as pool:
        store.begin()
        add_customers(plan, store, chain)
        say(begun, f"{plan.customers:,} customers")
        add_cases(plan, pool, store, chain, begun)
    say(begun, f"{cases:,} cases, {chain.seq:,} events; now the indexes")
    store.end()
    say(begun, "indexes")
    mark_as_read(chain.seq)
    register_live(plan)
    say(begun, f"{LIVE} more through the actions")
    print(f"{size(database) / 1e9:.2f} GB, load {os.getloadavg()[0]:.1f}")


def say(begun: float, what: str) -> None:
    cpu = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{time.perf_counter() - begun:7.0f} s, {cpu:6.0f} s CPU here: {what}", flush=True)


def found(cases: int) -> Plan:
    """The organisation: ten service centres, engineering, and a small department that sees little."""
    from kefu.core.ledger.actions import SYSTEM
    from kefu.core.versions import queries as versions
    from kefu.staff.actions import NewDepartment, add_person, give_post
    from kefu.staff.actions import found as begin
    from kefu.staff.models import Department

    at = START - timedelta(days=30)
    begin(
        "云庭物业",
        zone="Asia/Shanghai",
        owner_login="wangfang",
        owner_name="王芳",
        departments=[
            *(NewDepartment(f"centre_{n}", f"第{n}客服中心", "property") for n in range(1, CENTRES + 1)),
            NewDepartment("engineering", "工程部"),
            NewDepartment("small", "档案室", "property"),
        ],
        by=SYSTEM,
        at=at,
    )
    units = {one.code: one for one in Department.objects.all()}

    def people(code: str, post: str, many: int) -> list[int]:
        made = []
        for number in range(many):
            login = f"{code}-{post}-{number}"
            person = add_person(
                units[code], login=login, name=name_of(10**6 + hash_of(login)), by=SYSTEM, at=at
            )
            give_post(person, post=post, department=units[code], by=SYSTEM, at=at)
            made.append(person.pk)
        return made

    centres = []
    for number in range(1, CENTRES + 1):
        code = f"centre_{number}"
        people(code, "manager", 1)
        people(code, "supervisor", 1)
        centres.append((units[code].pk, people(code, "agent", AGENTS)))
    engineering = (units["engineering"].pk, people("engineering", "repair_worker", WORKERS))
    small = (units["small"].pk, people("small", "agent", 1))
    return Plan(
        cases=cases,
        customers=max(20, cases // 5),
        version=versions.in_force("property", at + timedelta(days=1)).version,
        centres=centres,
        small=small,
        engineering=engineering,
        first_doc=0,
        end=datetime.now(UTC).replace(microsecond=0),
    )


def hash_of(text: str) -> int:
    return sum(ord(letter) * 31**place for place, letter in enumerate(text)) % 10**6


def add_customers(plan: Plan, store, chain) -> None:
    from archive.storing import event, ready

    from kefu.core.search.text import fold
    from kefu.customers.findable import last_four, spellings

    at = START - timedelta(days=1)
    for first in range(1, plan.customers + 1, 5000):
        rows: dict[str, list[tuple]] = {
            "customers_customer": [],
            "customers_contactpoint": [],
            "search_searchdoc": [],
        }
        events = []
        for pk in range(first, min(first + 5000, plan.customers + 1)):
            name, phone = name_of(pk), phone_of(pk)
            department = plan.centres[pk % CENTRES][0]
            rows["customers_customer"].append(
                (pk, "natural", name, "", "", "", "", "ordinary", "", department, at, at)
            )
            rows["customers_contactpoint"].append((pk, pk, "phone", phone, ""))
            words = " ".join([name, *spellings(name), last_four(phone)])
            rows["search_searchdoc"].append((pk, "customer", pk, 0, fold(words)))
            told = ("customer", pk, department, at, "system", "", "customer.added", {"what": "natural"}, "")
            events.append(event(store.vendor, *told))
        prepared = {table: ready(store.vendor, found) for table, found in rows.items()}
        store.write({**prepared, "ledger_event": chain.link(events)})


def add_cases(plan: Plan, pool, store, chain, begun: float) -> None:
    from archive.storing import batches, ready

    last: dict[str, int] = {}
    done = 0
    for numbers, rows in told(pool, [(*part, store.vendor) for part in batches(plan.cases, PART)]):
        store.write({**rows, "ledger_event": chain.link(rows["ledger_event"])})
        last.update(numbers)
        done += len(rows["cases_case"])
        if done % 100_000 == 0:
            say(begun, f"{done:,} cases")
    store.write({"work_counter": ready(store.vendor, last.items())})


@contextmanager
def tellers(teller: Teller) -> Iterator[Any]:
    """Two processes that tell stories. They have read what they need, and have no connection."""
    from django.db import connection

    global _teller
    _teller = teller
    connection.close()
    gc.disable()  # rows come and go by the million, none in circles
    with get_context("fork").Pool(2) as pool:
        yield pool


Told = tuple[dict[str, int], dict[str, list[Any]]]


def told(pool: Any, parts: Iterable[tuple[int, int, str]]) -> Iterator[Told]:
    """The rows of each part in order, told at most a few parts ahead."""
    waiting: list[Any] = []
    for part in parts:
        waiting.append(pool.apply_async(tell, part))
        if len(waiting) > 6:
            yield waiting.pop(0).get()
    for one in waiting:
        yield one.get()


def tell(first: int, last: int, vendor: str) -> Told:
    """The last number by prefix, and the rows by table, ready to be stored; events still to be chained."""
    from archive.storing import event, ready

    rows = _teller.tell(first, last)
    tables = {
        "cases_case": rows.cases,
        "cases_message": rows.messages,
        "cases_reach": rows.reaches,
        "clocks_clockrow": rows.clocks,
        "search_searchdoc": rows.docs,
    }
    made = {table: ready(vendor, found) for table, found in tables.items()}
    return rows.numbers, made | {"ledger_event": [event(vendor, *one) for one in rows.events]}


_teller: Teller


def mark_as_read(seq: int) -> None:
    """Who reads the ledger has read it: it is history."""
    from kefu.core.ledger import readers
    from kefu.core.ledger.models import Bookmark

    for name in readers.names():
        Bookmark.objects.update_or_create(name=name, defaults={"seq": seq})


def register_live(plan: Plan) -> None:
    """What is open today: registered through the actions within the last two days."""
    from kefu.cases import actions
    from kefu.customers.models import Customer
    from kefu.staff.models import Person

    people = {one.pk: one for one in Person.objects.select_related("department")}
    for number in range(LIVE):
        agents = plan.centres[number % CENTRES][1]
        agent = people[agents[number % len(agents)]]
        customer = Customer.objects.get(pk=number % plan.customers + 1)
        at = plan.end - timedelta(minutes=2 * (LIVE - number))
        case = actions.register(
            "enquiry",
            department=agent.department,
            by=agent,
            at=at,
            subject=f"咨询物业费{number}",
            body="请问物业费怎么交，漏水维修要多久",
            channel="telephone",
            customer=customer,
        )
        if number % 2:
            actions.move(case, "taken", by=agent, at=at + timedelta(minutes=1))


def size(database: str) -> int:
    from django.db import connection

    if database.startswith("sqlite:"):
        return os.path.getsize(database.removeprefix("sqlite:"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--database", default="sqlite:/tmp/bench/sqlite-1m/kefu.sqlite3")
    arguments = parser.parse_args()
    main(arguments.cases, arguments.database)
