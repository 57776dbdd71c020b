"""The command `kefu`, as it is typed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

SRC = Path(__file__).resolve().parent.parent / "src"


@pytest.fixture
def kefu(tmp_path):
    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kefu", *words],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC), "KEFU_LANGUAGE": "en", **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_without_a_name_it_lists_every_command_with_its_purpose(kefu):
    done = kefu()

    names = {line.split()[0] for line in done.stderr.splitlines()[1:]}
    assert done.returncode == 0
    assert {"init", "serve", "work", "demo", "rulebook", "import"} <= names
    assert all(len(line.split()) > 2 for line in done.stderr.splitlines()[1:])


def test_an_unknown_name_is_refused_with_the_list(kefu):
    done = kefu("srve")

    assert done.returncode == 1
    assert "serve" in done.stderr
    assert done.stderr.splitlines()[-1] == "kefu: there is no command 'srve'"


def test_a_bad_variable_ends_in_one_sentence_with_its_name(kefu):
    done = kefu("serve", KEFU_TIME_ZONE="Mars")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("kefu: KEFU_TIME_ZONE: 'Mars' is not a time zone")


BEFORE_INIT = [
    ["work"],
    ["verify"],
    ["verify", "--clocks"],
    ["calendar"],
    ["calendar", "import", __file__],
    ["explain", "WX20260924-0001"],
    ["import", "staff", __file__],
    ["export", "cases", "cases.xlsx"],
    ["backup", "folder"],
    ["token", "wang"],
    ["rulebook", "publish", "property"],
    ["rulebook", "diff", "property"],
]


@pytest.mark.parametrize("words", BEFORE_INIT, ids=" ".join)
def test_before_init_a_command_says_so_in_one_sentence(kefu, words):
    done = kefu(*words)

    assert done.returncode == 1
    assert "run `kefu init`" in done.stderr.lower()
    assert done.stderr.count("\n") == 1


def test_the_database_of_an_earlier_version_is_not_touched(kefu):
    kefu("migrate", "ledger", "-v0")

    done = kefu("calendar", KEFU_LANGUAGE="zh-hans")

    assert done.returncode == 1
    assert done.stderr.startswith("kefu: 数据库还缺 ")


def test_help_needs_no_database(kefu):
    assert kefu("calendar", "--help").returncode == 0


def test_every_command_was_tried_before_init(kefu):
    names = {line.split()[0] for line in kefu().stderr.splitlines()[1:]}

    assert names - {"init", "demo", "restore", "serve", "simulate"} == {words[0] for words in BEFORE_INIT}


def test_serving_an_empty_database_opens_the_page_that_makes_the_organisation(server):
    page = until(lambda: first_page(server.port))

    assert 'name="owner_login"' in page


@pytest.mark.long
def test_a_killed_server_takes_its_worker_with_it(server):
    workers = until(lambda: children_of(server.process.pid))

    server.process.kill()
    server.process.wait()

    until(lambda: not any(runs(worker) for worker in workers))


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int


@pytest.fixture
def server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "kefu", "serve", "--port", str(port)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC)},
        stderr=subprocess.DEVNULL,
    )
    yield Server(process, port)
    process.terminate()
    process.wait()


def first_page(port: int) -> str | None:
    """The page of a new installation; None while the server is starting."""
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/start/")
    except ConnectionRefusedError:
        return None
    return connection.getresponse().read().decode()


def children_of(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def runs(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def until(holds, seconds: float = 30.0):
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found
