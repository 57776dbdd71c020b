"""Makes .venv hold what a lock under requirements/ names; does nothing when it already does.

Runs on the machine's own python3 and needs nothing but pip: Debian refuses `pip install` outside an
environment and may lack ensurepip, so the environment is made without pip and filled by `pip --python`.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
NO_NETWORK = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ProxyError",
    "Max retries exceeded",
    "from versions: none",
)
# Everything run.lock pins, test.lock pins alike, so the larger one serves both.
LOCKS = {"run.lock": ("run.lock", "test.lock"), "test.lock": ("test.lock",)}


def main() -> None:
    if sys.version_info < (3, 11):  # an older python3 gets to see this file first
        sys.exit(f"Kefu needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache" / "environment").open("w") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        if not _runs():
            _make()
        if not any(
            _stamp(lock).exists() and _stamp(lock).read_text() == _digest(lock) for lock in LOCKS[sys.argv[1]]
        ):
            _install(sys.argv[1])


def _runs() -> bool:
    command = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"{ENVIRONMENT} cannot be made: {(made.stderr or made.stdout).strip().splitlines()[-1]}")


def _install(lock: str) -> None:
    say(f"Installing what requirements/{lock} names into .venv (once) …")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(PYTHON),
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    done = subprocess.run(
        [*pip, "--retries", "2", "--require-hashes", "-r", str(ROOT / "requirements" / lock)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        _stamp(lock).write_text(_digest(lock))
    elif "No module named pip" in done.stdout:
        sys.exit(f"{sys.executable} has no pip; install it (python3-pip) and run this again.")
    elif any(sign in done.stdout for sign in NO_NETWORK):
        sys.exit(
            "The package index cannot be reached; connect this machine to the network and run this again."
        )
    else:
        sys.exit(f"requirements/{lock} could not be installed:\n{done.stdout.strip()}")


def _stamp(lock: str) -> Path:
    return ENVIRONMENT / f"{lock}.sha256"


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / lock).read_bytes()).hexdigest()


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
