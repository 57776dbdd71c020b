"""bin/demo: a lived-in property service centre on this machine.

`kefu demo` makes the data (and keeps it at the next start), `kefu serve` shows it; --check does both on a
free port, signs in as three people, opens ten pages and exits 0.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import django

import build_assets
from tools.demo_check import CheckFailed, check
from tools.environment import ROOT

POSTS = ("agent", "manager", "engineering_supervisor")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--reset", action="store_true", help="begin again with fresh data")
    parser.add_argument("--check", action="store_true", help="sign in as three people, open ten pages, exit")
    given = parser.parse_args()
    try:
        build_assets.build_all()
    except build_assets.BuildFailed as error:
        sys.exit(str(error))
    os.environ.setdefault("KEFU_HOME", str(ROOT / "var" / "demo"))
    os.environ.setdefault("KEFU_ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{given.host}")
    for channel in ("PHONE", "MAIL"):  # codes and confirmations to customers stand in the output
        os.environ.setdefault(f"KEFU_DELIVER_{channel}", "console")
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    kefu = [sys.executable, "-m", "kefu"]
    made = subprocess.run([*kefu, "demo", *(["--reset"] if given.reset else [])], cwd=ROOT, check=False)
    if made.returncode:
        sys.exit(made.returncode)
    if given.check:
        try:
            print(check(kefu, *_people()))
        except CheckFailed as error:
            sys.exit(str(error))
        return
    serve = [*kefu, "serve", "--host", given.host, "--port", str(given.port)]
    sys.exit(subprocess.run(serve, cwd=ROOT, check=False).returncode)


def _people() -> tuple[list[str], str]:
    """One person of each of three posts, and the password of them all, as the demo made them."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "kefu.config.settings"
    django.setup()
    from kefu.home.demo.people import PASSWORD, STAFF

    return [next(login for login, _, _, held in STAFF if held == post) for post in POSTS], PASSWORD


if __name__ == "__main__":
    main()
