"""bin/test: the checks, then every test on SQLite, then those that touch the database on PostgreSQL.

The last line is pytest's own closing line, over all of it; a failed part of bin/check counts as one failed test.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic

from tools import browser, check, postgres
from tools.environment import ROOT, say
from tools.postgres import Missing

STRICT = os.environ.get("CI", "").lower() == "true"
NONE_FOUND = 5  # pytest's exit code
# Three workers on two cores: some test always waits for a browser or a server.
OPTIONS = ["-n", "3", "--durations", "10", "--durations-min", "5"]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database server is stopped
    began = monotonic()
    given = sys.argv[1:]
    whole = not any(Path(word.split("::")[0]).exists() for word in given)
    total: Counter[str] = Counter()
    missing: list[str] = []
    if whole:
        say("bin/check")
        for name in check.failures():
            total["failed"] += 1
            missing.append(f"bin/check failed: {name}")
    subprocess.run([sys.executable, "build_assets.py"], cwd=ROOT, check=True)
    variables = {}
    try:
        variables = browser.provide()
    except Missing as what:
        missing.append(f"no browser tests: {what}")
    # the last run of pytest is the larger one, so its closing line is what stands at the end
    total += run_on_postgresql(given, variables, missing)
    say("SQLite: every test")
    total += run_pytest(given, variables)
    for line in missing:
        say(line)
    parts = [f"{total[word]} {word}" for word in ("failed", "passed", "skipped") if total[word]]
    print(f" {', '.join(parts)} in {monotonic() - began:.2f}s ".center(80, "="), flush=True)
    sys.exit(1 if total["failed"] else 0)


def run_on_postgresql(given: list[str], variables: dict[str, str], missing: list[str]) -> Counter[str]:
    try:
        with postgres.server() as address:
            say("PostgreSQL: the tests that touch the database")
            return run_pytest(
                ["-m", "db", *given], {**variables, "KEFU_DATABASE": address}, none_found_is_fine=True
            )
    except Missing as what:
        missing.append(f"no tests on PostgreSQL: {what}")
        return Counter(failed=1) if STRICT else Counter(skipped=1)


def run_pytest(
    given: list[str], variables: dict[str, str], *, none_found_is_fine: bool = False
) -> Counter[str]:
    """Run pytest and return its figures; a run that broke off counts one failed."""
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *OPTIONS, *given],
            cwd=ROOT,
            env={**os.environ, **variables, "KEFU_TEST_COUNTS": str(counts)},
            check=False,
        )
        figures = Counter(json.loads(counts.read_text())) if counts.exists() else Counter()
    failed = figures["failed"] + figures["error"]
    fine = {0, NONE_FOUND} if none_found_is_fine else {0}
    broke_off = done.returncode not in fine and not failed
    return Counter(passed=figures["passed"], failed=failed + broke_off, skipped=figures["skipped"])


if __name__ == "__main__":
    main()
