"""Whether the database is there and as this version of Kefu left it."""

from __future__ import annotations

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from kefu.core.errors import in_language


def is_empty() -> bool:
    """Whether the database can be opened and holds no table yet."""
    try:
        return not connections[DEFAULT_DB_ALIAS].introspection.table_names()
    except DatabaseError:
        return False


def not_ready() -> str | None:
    """What is wrong with the database and what to do, in the language of the installation; None when it is ready."""
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[-1]
        return _say(
            f"数据库打不开（{reason}）。新装的系统请先运行 kefu init，否则请检查 KEFU_DATABASE。",
            f"the database cannot be opened ({reason}). Run `kefu init` if this is new, else check KEFU_DATABASE.",
        )
    if not behind:
        return None
    return _say(
        f"数据库还缺 {behind} 次更新，请先运行 kefu init（已有的数据会保留）。",
        f"the database lacks {behind} migrations; run `kefu init` (what is there is kept).",
    )


def _say(zh: str, en: str) -> str:
    return in_language(settings.LANGUAGE_CODE, zh, en)
