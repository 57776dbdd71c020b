"""What a search costs: CPU of the web process and of the database together, page rendered.

    python benchmarks/search.py DATABASE [DATABASE…]      # made by make.py; addresses as for KEFU_DATABASE

Each question is asked through the whole stack (middleware, rights, rendering) by Django's own client, by three people:
the owner sees everything, an agent of one centre a tenth of the cases, the archivist fifty. The database's part is
read from the processes of PostgreSQL that serve the connection (`/proc/PID/stat`, in steps of 10 ms, so over the whole
run and not per request); on SQLite it is in the process. Beside it, in the same run: the question that systems without
an index ask, `LIKE '%word%'` over all texts, newest first.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
RUNS = 40
QUESTIONS = (
    ("common word, sees all", "wangfang", "退款"),
    ("rare four characters", "wangfang", "燃气锅炉"),
    ("common word, sees 50", "small-agent-0", "退款"),
    ("one character, common", "wangfang", "款"),
    ("one character, rare", "wangfang", "鼾"),
    ("common word, sees a tenth", "centre_3-agent-1", "退款"),
    ("two common words", "wangfang", "电梯 退款"),
    ("common and rare word", "wangfang", "电梯 井盖破损"),
    ("common word and filter", "wangfang", "退款 类型:投诉"),
    ("number of a case", "wangfang", "ZX20200102-0007"),
    ("initials", "wangfang", "zw"),
    ("name", "wangfang", "王伟"),
    ("nothing there", "wangfang", "龘龘龘龘"),
)


def measure() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from kefu.core.search.models import SearchDoc
    from kefu.staff.models import Person
    from tests.cast import browse

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    docs = SearchDoc.objects.order_by("-pk").values_list("pk", flat=True).first()
    print(f"{connection.vendor}, {docs:,} texts, load {os.getloadavg()[0]:.1f}")
    clients = {}
    for login in {login for _, login, _ in QUESTIONS}:
        clients[login] = browse(Client(headers={"host": "localhost"}), Person.objects.get(login=login))
    for what, login, question in QUESTIONS:

        def ask(client: Client = clients[login], question: str = question) -> int:
            answer = client.get("/search/", {"q": question})
            assert answer.status_code == 200
            return answer.content.count(b"<mark>")

        def typing(client: Client = clients[login], question: str = question) -> int:
            answer = client.get("/search/", {"q": question}, headers={"HX-Request": "true"})
            return answer.content.count(b"<mark>")

        report(what, ask, backend)
        report("    as one types", typing, backend)
    report("LIKE, common word", lambda: scan("退款"), backend)
    report("LIKE, rare word", lambda: scan("燃气锅炉"), backend, runs=3)


def scan(word: str) -> int:
    """A page of texts by reading them all from the newest on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM search_searchdoc WHERE text LIKE %s ORDER BY id DESC LIMIT 20", [f"%{word}%"]
        )
        return len(cursor.fetchall())


def report(what: str, ask: Callable[[], int], backend: int | None, *, runs: int = RUNS) -> None:
    marks = ask()
    ask()
    took, cpu = [], []
    before = spent(backend)
    for _ in range(runs):
        started, wall = time.process_time(), time.perf_counter()
        ask()
        cpu.append((time.process_time() - started) * 1e3)
        took.append((time.perf_counter() - wall) * 1e3)
    database = (spent(backend) - before) / runs * 1e3
    took.sort()
    print(
        f"{what:28} CPU {statistics.mean(cpu) + database:7.1f} ms (web {statistics.mean(cpu):5.1f}, least"
        f" {min(cpu):5.1f}, database {database:6.1f})   wall p50 {took[len(took) // 2]:7.1f}"
        f" p95 {took[int(0.95 * (len(took) - 1))]:7.1f}   marks {marks}",
        flush=True,
    )


def spent(backend: int | None) -> float:
    """CPU seconds of a process of the database."""
    if backend is None:
        return 0.0
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    if sys.argv[1] == "--in":
        measure()
    else:
        for one in sys.argv[1:]:
            surroundings = {
                "KEFU_SECRET_KEY": "only-for-measuring-" + "0" * 32,
                "KEFU_HOME": str(ROOT / "var"),
                **os.environ,
                "KEFU_DATABASE": one,
                "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
            }
            subprocess.run([sys.executable, __file__, "--in"], env=surroundings, check=True)
