"""Putting a backup into an empty installation."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kefu.core.backup import manifest, postgresql, sqlite
from kefu.core.errors import Refused
from kefu.core.ledger import queries
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import Verdict, verify


def restore(folder: Path) -> tuple[manifest.Manifest, Verdict]:
    """Check the backup whole, then load it; the database comes last and at once, so a restore cut off leaves the
    installation empty and can be run again. Returns what the restored ledger says of itself.

    Nothing else may run on the installation. Raises Refused backup.not_one, backup.damaged, backup.newer,
    backup.other_engine, backup.other_version, backup.not_empty before anything is changed.
    """
    made = manifest.read(folder)
    _require_empty()
    _require_fitting(made)
    home = Path(settings.KEFU_HOME)
    database = {sqlite.PART, *map(postgresql.part, made.tables)}
    for path in made.parts:
        if path not in database:
            manifest.copy(folder / path, home / path)
    if made.engine == "sqlite":
        sqlite.load(folder)
        call_command("migrate", interactive=False, verbosity=0)  # a backup of an older version grows up
    else:
        postgresql.load(folder, made.tables)
    return made, verify([made.head] if made.head.seq else [])


def _require_empty() -> None:
    if connection.vendor == "sqlite" and not sqlite.database().exists():
        return
    with connection.cursor() as cursor:
        has_ledger = Event._meta.db_table in connection.introspection.table_names(cursor)
    if has_ledger and queries.head()[0]:
        raise Refused(
            "backup.not_empty",
            zh="当前系统已有数据，不能恢复到这里。请指定空的数据库和 KEFU_HOME。",
            en="This installation holds data; nothing is restored over it. Name an empty database and KEFU_HOME.",
        )


def _require_fitting(made: manifest.Manifest) -> None:
    if made.engine != connection.vendor:
        raise Refused(
            "backup.other_engine",
            zh=f"该备份来自 {made.engine}，当前数据库是 {connection.vendor}；请用 KEFU_DATABASE 指定同类数据库。",
            en=f"The backup is of {made.engine}, this database is {connection.vendor}; name one of its kind in"
            " KEFU_DATABASE.",
        )
    known = {".".join(key) for key in MigrationLoader(None).graph.nodes}
    if unknown := sorted(set(made.migrations) - known):
        raise Refused(
            "backup.newer",
            zh=f"该备份由更新版本的 Kefu 制作（{unknown[0]}），请先升级。",
            en=f"The backup was made by a newer Kefu ({unknown[0]}); upgrade first.",
        )
    if made.tables and set(made.migrations) != known:
        raise Refused(
            "backup.other_version",
            zh="该备份由较早版本的 Kefu 制作；请安装那个版本恢复，再升级。",
            en="The backup was made by an older Kefu; restore it with that version, then upgrade.",
        )
