"""What must hold of every commit, one part after the other; prints the output of the parts that failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.environment import ENVIRONMENT, ROOT, say

LINES = 80  # of what a failed part prints
HOME = ROOT / ".cache" / "check"


def parts() -> dict[str, list[str]]:
    """The command of each part by the name under which it fails."""
    kefu = [sys.executable, "-m", "kefu"]
    packs = sorted(path.name for path in (ROOT / "rulebooks").glob("*/") if path.is_dir())
    examples = {f"rulebook examples: {pack}": [*kefu, "rulebook", "test", pack] for pack in packs}
    return {
        "format": [_tool("ruff"), "format", "--check", "."],
        "lint": [_tool("ruff"), "check", "."],
        "types": [_tool("mypy")],
        "types of the front end": [sys.executable, "build_assets.py", "--check"],
        "import ladder": [_tool("lint-imports"), "--no-logo"],
        "migrations": [*kefu, "makemigrations", "--check", "--dry-run"],
        "messages": [sys.executable, "-m", "tools.messages", "--check"],
        "Chinese punctuation": [sys.executable, "-m", "tools.punctuation"],
        **examples,
    }


def failures() -> list[str]:
    """Run every part and return the names of those that failed."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "KEFU_HOME": str(HOME), "KEFU_LANGUAGE": "en"}
    failed = []
    for name, command in parts().items():
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=variables,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        say(f"  {'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)")
        if done.returncode:
            failed.append(name)
            say("\n".join(done.stdout.rstrip().splitlines()[:LINES]))
    return failed


def _tool(name: str) -> str:
    return str(Path(ENVIRONMENT) / "bin" / name)


def main() -> None:
    failed = failures()
    sys.exit(f"bin/check failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
