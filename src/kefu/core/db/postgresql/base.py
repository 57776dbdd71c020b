"""The PostgreSQL backend: a statement waits 20 s for a lock, as a SQLite writer does, not for ever."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

LOCK_TIMEOUT = "20s"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        given = params.get("options", "")
        params["options"] = f"{given} -c lock_timeout={LOCK_TIMEOUT}".strip()
        return params
