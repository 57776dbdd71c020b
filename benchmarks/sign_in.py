"""Does a wrong sign-in tell whether the name exists? 200 tries with known names, 200 with unknown ones.

CPU time, because the machine is shared. Run: `.venv/bin/python benchmarks/sign_in.py` (about a minute).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRIES = 200


def main() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["KEFU_HOME"] = tempfile.mkdtemp(prefix="kefu-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "kefu.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from kefu.core.errors import Refused
    from kefu.staff.actions import sign_in
    from kefu.staff.models import Person
    from tests.cast import FOUNDED, give_password, make_cast

    call_command("migrate", verbosity=0)
    make_cast()
    known = [give_password(person).login for person in Person.objects.all()]
    unknown = [f"nobody{number}" for number in range(len(known))]
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(TRIES):
        at = FOUNDED + number * timedelta(minutes=61)  # failures of an hour ago are forgotten
        for kind, names in (("known", known), ("unknown", unknown)):
            started = time.process_time()
            try:
                sign_in(names[number % len(names)], "wrong-wrong-wrong", address="10.0.0.7", at=at)
            except Refused as refused:
                if refused.code != "sign_in.refused":
                    raise
            spent[kind].append((time.process_time() - started) * 1000)
    medians = {kind: statistics.median(values) for kind, values in spent.items()}
    for kind, values in spent.items():
        quartiles = statistics.quantiles(values, n=4)
        print(f"{kind:8} median {medians[kind]:6.1f} ms, quartiles {quartiles[0]:.1f} to {quartiles[2]:.1f}")
    print(f"difference of the medians {abs(medians['known'] - medians['unknown']):.2f} ms (limit 5)")


if __name__ == "__main__":
    main()
