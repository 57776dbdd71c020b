"""What every test shares: settings, the engine (KEFU_DATABASE), the marks, real input and a browser."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "KEFU_HOME" not in os.environ:
    # xdist workers inherit the folder, so the process that made it is the one that removes it
    home = tempfile.mkdtemp(prefix="kefu-test-")
    os.environ["KEFU_HOME"] = home
    atexit.register(shutil.rmtree, home, ignore_errors=True)
os.environ.setdefault("KEFU_SECRET_KEY", "only-for-tests-" + "0" * 32)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.config.settings")

pytest_plugins = ["tools.pytest_kefu", "tools.fresh_database", "tests.cast", "tests.browsing"]
