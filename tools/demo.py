"""bin/demo: a lived-in department on this machine, of the pack that --pack names (property if nothing is said).

`kefu demo` makes the data (and keeps it at the next start), `kefu serve` shows it; --check does both on a
free port, signs in as three people, opens fifteen pages and exits 0.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import build_assets
from tools.demo_check import CheckFailed, check
from tools.environment import ROOT

DEFAULT = "property"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--pack", help="property, general, telecom or decoration, each in a folder of its own"
    )
    parser.add_argument("--reset", action="store_true", help="begin again with fresh data")
    parser.add_argument(
        "--check", action="store_true", help="sign in as three people, open fifteen pages, exit"
    )
    given = parser.parse_args()
    try:
        build_assets.build_all()
    except build_assets.BuildFailed as error:
        sys.exit(str(error))
    os.environ.setdefault("KEFU_HOME", str(ROOT / "var" / _folder(given.pack)))
    os.environ.setdefault("KEFU_ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{given.host}")
    for channel in ("PHONE", "MAIL"):  # codes and confirmations to customers stand in the output
        os.environ.setdefault(f"KEFU_DELIVER_{channel}", "console")
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    kefu = [sys.executable, "-m", "kefu"]
    pack = ["--pack", given.pack] if given.pack else []
    made = subprocess.run(
        [*kefu, "demo", *pack, *(["--reset"] if given.reset else [])], cwd=ROOT, check=False
    )
    if made.returncode:
        sys.exit(made.returncode)
    if given.check:
        try:
            print(check(kefu, *_people(given.pack or DEFAULT)))
        except CheckFailed as error:
            sys.exit(str(error))
        return
    serve = [*kefu, "serve", "--host", given.host, "--port", str(given.port)]
    sys.exit(subprocess.run(serve, cwd=ROOT, check=False).returncode)


def _folder(pack: str | None) -> str:
    return f"demo-{pack}" if pack not in (None, DEFAULT) else "demo"


def _people(pack: str) -> tuple[list[str], str]:
    """Who looks around in a check of the pack, and the password of them all."""
    sys.path.insert(0, str(ROOT / "src"))
    from kefu.home.demo.casts import PASSWORD, cast

    return list(cast(pack).check), PASSWORD


if __name__ == "__main__":
    main()
