"""The PostgreSQL backend: a statement waits 20 s for a lock, as a SQLite writer does, not for ever; and since a page
reads little, no plan is compiled for it and no further processes are started: at a million cases that alone took 7 ms
of every statement whose index has nothing to say."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

SETTINGS = "-c lock_timeout=20s -c jit=off -c max_parallel_workers_per_gather=0"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        given = params.get("options", "")
        params["options"] = f"{SETTINGS} {given}".strip()  # what the address says stands
        return params
