"""A backup made while people work restores to an equal ledger and equal files; a bad one changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import psycopg
import pytest
from django.db import connection

from kefu.cases.actions import attach, register
from kefu.core.backup import manifest
from kefu.core.backup.making import back_up, last_backup
from kefu.core.backup.restoring import restore
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.files.models import StoredFile
from kefu.core.ledger.models import Event as LedgerEvent
from tests.cast import FOUNDED, Cast, make_cast
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

AT = FOUNDED + timedelta(days=10)
EQUAL = "SELECT seq, hash FROM ledger_event WHERE seq <= %s ORDER BY seq"


@pytest.fixture
def cast(fresh_database: FreshDatabase, settings: Any, tmp_path: Path) -> Cast:
    settings.KEFU_HOME = tmp_path / "home"
    made = make_cast()
    take_in(made, 1)
    return made


def take_in(cast: Cast, number: int) -> None:
    """A case with a file, in one transaction."""
    with write():
        case = register(
            "enquiry", department=cast.service_centre, by=cast.agent, at=AT, subject=f"水管 {number}"
        )
        file = store(f"照片 {number}".encode(), f"{number}.txt", by=cast.agent, at=AT)
        attach(case, file, by=cast.agent, at=AT)


@contextmanager
def people_working(cast: Cast) -> Iterator[list[int]]:
    """Cases come in, one after another, until the block is left."""
    done: list[int] = []
    failed: list[BaseException] = []
    stop = Event()

    def work() -> None:
        try:
            while not stop.is_set():
                take_in(cast, len(done) + 2)
                done.append(len(done))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()
    assert not failed


def wait_for(done: list[int], count: int) -> None:
    while len(done) < count:
        sleep(0.01)


@pytest.fixture
def empty(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation in which nothing is yet."""
    home = tmp_path / "other"
    address = f"sqlite:{home / 'kefu.sqlite3'}"
    name = f"{fresh_database.name}_empty"
    if fresh_database.vendor == "postgresql":
        address = fresh_database.address.replace(f"/{fresh_database.name}", f"/{name}", 1)
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own tests do
            cursor.execute(f'CREATE DATABASE "{name}"')
    yield os.environ | {"KEFU_HOME": str(home), "KEFU_DATABASE": address}
    if fresh_database.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def kefu(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kefu", *words]
    python_path = str(Path(__file__).parents[1] / "src")
    return subprocess.run(
        command, env=environment | {"PYTHONPATH": python_path}, capture_output=True, text=True, check=False
    )


SHOW = """
import django, json; django.setup()
from kefu.core.files.models import StoredFile
from kefu.core.ledger.models import Event
from kefu.cases.models import Case
print(json.dumps({
    "ledger": list(Event.objects.order_by("seq").values_list("seq", "hash")),
    "files": {file.id: file.path.read_bytes().hex() for file in StoredFile.objects.all()},
    "cases": sorted(Case.objects.values_list("number", flat=True)),
}))
"""


def shown(environment: dict[str, str]) -> dict[str, Any]:
    """Ledger, files and cases of the installation, read by another process."""
    more = {
        "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
        "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment | more, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_a_backup_under_load_restores_to_an_equal_ledger_and_equal_files(
    cast: Cast, empty: dict[str, str], tmp_path: Path
) -> None:
    with people_working(cast) as done:
        wait_for(done, 3)
        made = back_up(tmp_path / "backup", at=AT)
        wait_for(done, len(done) + 3)

    restored = kefu(empty, "restore", str(tmp_path / "backup"))

    assert restored.returncode == 0, restored.stderr
    found = shown(empty)
    ledger = [list(row) for row in LedgerEvent.objects.order_by("seq").values_list("seq", "hash")]
    assert found["ledger"] == ledger[: made.head.seq]
    assert len(ledger) > made.head.seq  # premise: people went on
    assert found["ledger"][-1] == [made.head.seq, made.head.hash]
    assert len(found["files"]) == len(found["cases"]) >= 4
    mine = {
        file.id: file.path.read_bytes().hex() for file in StoredFile.objects.filter(pk__in=found["files"])
    }
    assert found["files"] == mine
    assert last_backup() == (AT, str(tmp_path / "backup"))


def test_work_goes_on_in_what_was_restored(cast: Cast, empty: dict[str, str], tmp_path: Path) -> None:
    back_up(tmp_path / "backup", at=AT)
    kefu(empty, "restore", str(tmp_path / "backup"))
    before = shown(empty)

    done = kefu(empty, "backup", str(tmp_path / "second"))  # reads all of it again

    assert done.returncode == 0, done.stderr
    assert manifest.read(tmp_path / "second").head == manifest.read(tmp_path / "backup").head
    assert shown(empty) == before
    added = kefu(empty, "import", "rooms", str(rooms(tmp_path)), "--department", "service_centre")
    assert added.returncode == 0, added.stderr
    assert len(shown(empty)["ledger"]) == len(before["ledger"]) + 1


def rooms(folder: Path) -> Path:
    path = folder / "rooms.csv"
    path.write_text("小区,楼栋,单元,房号\n云庭,9,1,901\n")
    return path


@pytest.mark.parametrize(
    "fault", ["flipped", "cut", "missing", "no_manifest", "rewritten_manifest", "outside"]
)
def test_a_bad_backup_is_refused_before_anything_changes(
    cast: Cast, empty: dict[str, str], tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "backup"
    made = back_up(folder, at=AT)
    parts = {
        "flipped": sorted(made.parts)[0],
        "cut": max(made.parts, key=lambda path: made.parts[path].size),
        "missing": next(path for path in made.parts if path.startswith("files/")),
    }
    told = spoil(folder, fault, parts.get(fault, manifest.NAME))

    refused = kefu(empty, "restore", str(folder))

    assert refused.returncode == 1
    assert told in refused.stderr
    assert not Path(empty["KEFU_HOME"], "files").exists()
    assert holds_nothing(empty["KEFU_DATABASE"])


def holds_nothing(address: str) -> bool:
    if address.startswith("sqlite:"):
        return not Path(address.removeprefix("sqlite:")).exists()
    with psycopg.connect(address) as asked:
        found = asked.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return found == (0,)


def spoil(folder: Path, fault: str, part: str) -> str:
    path = folder / part
    data = path.read_bytes()
    if fault == "flipped":
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    elif fault == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif fault in ("missing", "no_manifest"):
        path.unlink()
    elif fault == "rewritten_manifest":
        path.write_bytes(data.replace(b'"seq": ', b'"seq": 1'))
    else:
        shutil.copy(path, folder.parent / "evil")
        text = data.decode().rpartition("\n")[0].rpartition("\n")[0]
        changed = json.loads(text)
        changed["parts"]["../evil"] = {"size": 0, "sha256": ""}
        made = json.dumps(changed)
        path.write_text(f"{made}\n{hashlib.sha256(made.encode()).hexdigest()}\n")
        return "../evil"
    return part


def test_nothing_is_restored_over_an_installation_that_holds_data(cast: Cast, tmp_path: Path) -> None:
    back_up(tmp_path / "backup", at=AT)
    events = LedgerEvent.objects.count()

    with pytest.raises(Refused) as refused:
        restore(tmp_path / "backup")

    assert refused.value.code == "backup.not_empty"
    assert LedgerEvent.objects.count() == events


def test_a_backup_does_not_overwrite_what_is_there(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine").touch()

    with pytest.raises(Refused) as refused:
        back_up(tmp_path / "backup", at=AT)

    assert refused.value.code == "backup.target"
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["mine"]


def test_a_file_the_disk_has_lost_is_named_and_the_rest_is_backed_up(cast: Cast, tmp_path: Path) -> None:
    take_in(cast, 2)
    lost = StoredFile.objects.order_by("stored_at", "id")[0]
    lost.path.unlink()

    made = back_up(tmp_path / "backup", at=AT)

    assert made.lost == (lost.id,)
    assert sum(path.startswith("files/") for path in made.parts) == StoredFile.objects.count() - 1
