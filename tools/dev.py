"""bin/dev: the demo's data, served by Django's own server; code, templates and front end reload on change."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.environment import ROOT


def main() -> None:
    os.chdir(ROOT)
    os.environ.setdefault("KEFU_HOME", str(ROOT / "var" / "demo"))
    os.environ.setdefault("KEFU_DEBUG", "1")
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    os.environ["DJANGO_SETTINGS_MODULE"] = "kefu.config.settings"
    subprocess.run([sys.executable, "-m", "kefu", "demo"], check=True)
    building = subprocess.Popen([sys.executable, "build_assets.py", "--watch"])
    try:
        subprocess.run([sys.executable, "-m", "django", "runserver", *sys.argv[1:]], check=False)
    finally:
        building.terminate()


if __name__ == "__main__":
    main()
